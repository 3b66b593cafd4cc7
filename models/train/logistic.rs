//! This is logistic regression with a ridge penalty, by Newton's method; the penalty is chosen by leaving whole groups out.

/// What a regression is fitted to.
#[derive(Debug, Clone)]
pub struct Row<'g> {
    /// The values, the same number in each row.
    pub values: Vec<f64>,
    /// The label.
    pub label: bool,
    /// Rows of one group are left out together.
    pub group: &'g str,
}

/// Penalties to choose from.
const PENALTIES: [f64; 5] = [0.3, 1.0, 3.0, 10.0, 30.0];

/// The bias and a weight for each value, with the penalty under which left-out groups are foretold best.
pub fn fit_by_group(rows: &[Row]) -> (f64, Vec<f64>, f64) {
    let mut groups: Vec<&str> = rows.iter().map(|row| row.group).collect();
    groups.sort_unstable();
    groups.dedup();
    let loss = |penalty: f64| -> f64 {
        groups
            .iter()
            .map(|group| {
                let (held, rest): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| row.group == *group);
                let (bias, weights) = fit(&rest, penalty);
                held.iter().map(|row| deviance(sum(bias, &weights, &row.values), row.label)).sum::<f64>()
            })
            .sum()
    };
    let penalty = if groups.len() < 2 {
        1.0
    } else {
        PENALTIES.into_iter().min_by(|&a, &b| loss(a).total_cmp(&loss(b))).unwrap_or(1.0)
    };
    let (bias, weights) = fit(&rows.iter().collect::<Vec<_>>(), penalty);
    (bias, weights, penalty)
}

/// The log-odds of some values.
pub fn sum(bias: f64, weights: &[f64], values: &[f64]) -> f64 {
    bias + weights.iter().zip(values).map(|(w, v)| w * v).sum::<f64>()
}

/// What a forecast costs: minus the logarithm of the probability that it gave to what is so.
pub fn deviance(log_odds: f64, label: bool) -> f64 {
    let signed = if label { log_odds } else { -log_odds };
    (-signed).max(0.0) + (-signed.abs()).exp().ln_1p()
}

/// The bias and a weight for each value under that penalty, by Newton's method; the bias bears no penalty.
pub fn fit(rows: &[&Row], penalty: f64) -> (f64, Vec<f64>) {
    let n = rows.first().map_or(0, |row| row.values.len()) + 1;
    let mut weights = vec![0.0; n];
    for _ in 0..50 {
        let mut gradient: Vec<f64> =
            weights.iter().enumerate().map(|(i, w)| if i == 0 { 0.0 } else { penalty * w }).collect();
        let mut hessian = vec![vec![0.0; n]; n];
        for (i, row) in hessian.iter_mut().enumerate() {
            row[i] = if i == 0 { 1e-9 } else { penalty };
        }
        for row in rows {
            let x: Vec<f64> = std::iter::once(1.0).chain(row.values.iter().copied()).collect();
            let p = clearplan::scoring::logistic(x.iter().zip(&weights).map(|(x, w)| x * w).sum());
            let error = p - f64::from(row.label);
            for i in 0..n {
                gradient[i] += error * x[i];
                for j in 0..n {
                    hessian[i][j] += p * (1.0 - p) * x[i] * x[j];
                }
            }
        }
        let step = solve(hessian, gradient);
        weights.iter_mut().zip(&step).for_each(|(w, s)| *w -= s.clamp(-2.0, 2.0));
        if step.iter().all(|s| s.abs() < 1e-9) {
            break;
        }
    }
    (weights[0], weights[1..].to_vec())
}

/// Solves a x = b by Gaussian elimination with pivoting; `a` is positive definite here.
fn solve(mut a: Vec<Vec<f64>>, mut b: Vec<f64>) -> Vec<f64> {
    let n = b.len();
    for i in 0..n {
        let pivot = (i..n).max_by(|&p, &q| a[p][i].abs().total_cmp(&a[q][i].abs())).unwrap_or(i);
        a.swap(i, pivot);
        b.swap(i, pivot);
        let (done, below) = a.split_at_mut(i + 1);
        let pivot = &done[i];
        for (row, right) in below.iter_mut().zip(i + 1..) {
            let factor = row[i] / pivot[i];
            row.iter_mut().zip(pivot).skip(i).for_each(|(cell, above)| *cell -= factor * above);
            b[right] -= factor * b[i];
        }
    }
    for i in (0..n).rev() {
        for column in i + 1..n {
            b[i] -= a[i][column] * b[column];
        }
        b[i] /= a[i][i];
    }
    b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bias_alone_gives_the_share() {
        let rows: Vec<Row> = (0..40).map(|i| Row { values: vec![0.0], label: i % 4 == 0, group: "a" }).collect();
        let (bias, weights, _) = fit_by_group(&rows);
        assert!((bias - (0.25f64 / 0.75).ln()).abs() < 1e-6 && weights[0].abs() < 1e-9);
    }

    #[test]
    fn a_value_that_tells_gets_a_weight_and_noise_does_not() {
        let groups = ["a", "b", "c"];
        let rows: Vec<Row> = (0..300)
            .map(|i| {
                let told = if i % 2 == 0 { 1.0 } else { -1.0 };
                Row {
                    values: vec![told, f64::from((i * 7) % 5) - 2.0],
                    label: (i % 2 == 0) != (i % 11 == 0),
                    group: groups[i as usize % 3],
                }
            })
            .collect();
        let (_, weights, _) = fit_by_group(&rows);
        assert!(weights[0] > 1.5 && weights[1].abs() < 0.2, "{weights:?}");
    }

    #[test]
    fn two_unknowns_by_hand() {
        let x = solve(vec![vec![2.0, 1.0], vec![1.0, 3.0]], vec![5.0, 10.0]);
        assert!((x[0] - 1.0).abs() < 1e-12 && (x[1] - 3.0).abs() < 1e-12);
    }
}
