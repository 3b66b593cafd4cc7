//! This is judging by length alone: what every other way has to beat.
//!
//! Published good statements tend to be longer than bad ones. A logistic curve on the number of words and the threshold
//! on it are fitted on some rows and applied to others, so that a block of rows never helps to judge itself.

use crate::cli::metrics::{Case, best_threshold};
use std::collections::BTreeSet;

/// The number of words of a text, cut at white space.
pub fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

/// Judges rows, each with its number of words and its label, leaving out one fold after the other. Where there is only
/// one fold nothing can be fitted, and every row gets 0.5.
pub fn judge(rows: &[(usize, bool)], folds: &[usize]) -> Vec<Case> {
    let mut cases: Vec<Case> = rows.iter().map(|&(_, good)| Case { good, said_good: true, probability: 0.5 }).collect();
    let names: BTreeSet<usize> = folds.iter().copied().collect();
    if names.len() < 2 {
        return cases;
    }
    for name in names {
        let others: Vec<(usize, bool)> =
            rows.iter().zip(folds).filter(|(_, fold)| **fold != name).map(|(row, _)| *row).collect();
        let curve = Curve::fit(&others);
        let mut given: Vec<(f64, bool)> = others.iter().map(|&(words, good)| (curve.at(words), good)).collect();
        given.sort_by(|a, b| a.0.total_cmp(&b.0));
        let threshold = best_threshold(&given);
        for ((case, &(words, _)), _) in cases.iter_mut().zip(rows).zip(folds).filter(|(_, fold)| **fold == name) {
            case.probability = curve.at(words);
            case.said_good = case.probability >= threshold;
        }
    }
    cases
}

/// The probability of good by the number of words.
#[derive(Debug, Clone, Copy)]
struct Curve {
    bias: f64,
    /// For ten words.
    slope: f64,
}

impl Curve {
    /// The likeliest curve, by Newton's steps. A trace of a penalty keeps it finite where length separates all rows.
    fn fit(rows: &[(usize, bool)]) -> Self {
        const PENALTY: f64 = 1e-6;
        let mut curve = Self { bias: 0.0, slope: 0.0 };
        for _ in 0..25 {
            let (mut gradient, mut hessian) =
                ([-PENALTY * curve.bias, -PENALTY * curve.slope], [PENALTY, 0.0, PENALTY]);
            for &(words, good) in rows {
                let (x, p) = (tens(words), curve.at(words));
                let (error, weight) = (f64::from(u8::from(good)) - p, p * (1.0 - p));
                gradient = [gradient[0] + error, gradient[1] + error * x];
                hessian = [hessian[0] + weight, hessian[1] + weight * x, hessian[2] + weight * x * x];
            }
            let determinant = hessian[0] * hessian[2] - hessian[1] * hessian[1];
            if determinant <= f64::EPSILON {
                break;
            }
            curve.bias += (hessian[2] * gradient[0] - hessian[1] * gradient[1]) / determinant;
            curve.slope += (hessian[0] * gradient[1] - hessian[1] * gradient[0]) / determinant;
        }
        curve
    }

    fn at(self, words: usize) -> f64 {
        1.0 / (1.0 + (-(self.bias + self.slope * tens(words))).exp())
    }
}

fn tens(words: usize) -> f64 {
    words as f64 / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_by_hand() {
        // Of four rows with 10 words one is good, of four with 20 words three are: the likeliest curve goes through ¼ and
        // ¾, so that its slope is 2 ln 3 for ten words.
        let rows: Vec<(usize, bool)> = (0..4).flat_map(|i| [(10, i == 0), (20, i != 0)]).collect();
        let curve = Curve::fit(&rows);
        assert!((curve.at(10) - 0.25).abs() < 1e-5 && (curve.at(20) - 0.75).abs() < 1e-5, "{curve:?}");
        assert!((curve.slope - 2.0 * 3.0_f64.ln()).abs() < 1e-4, "{curve:?}");
    }

    #[test]
    fn whichever_is_longer() {
        for good_is_long in [true, false] {
            let rows: Vec<(usize, bool)> = (0..12).map(|i| (5 + 3 * i, (i >= 6) == good_is_long)).collect();
            let folds: Vec<usize> = (0..12).map(|i| i % 4).collect();
            let right = judge(&rows, &folds).iter().filter(|case| case.good == case.said_good).count();
            assert!(right >= 11, "{right} of 12");
        }
    }

    #[test]
    fn a_fold_does_not_judge_itself() {
        // In fold 0 the good ones are longer, in fold 1 the bad ones: each is judged by the other, all wrongly.
        let rows = [(10, false), (30, true), (10, true), (30, false)];
        let cases = judge(&rows, &[0, 0, 1, 1]);
        assert!(cases.iter().all(|case| case.good != case.said_good), "{cases:?}");
        assert!(judge(&rows, &[0; 4]).iter().all(|case| case.probability == 0.5));
        assert!(judge(&[], &[]).is_empty());
        assert!(judge(&[(0, true), (0, true)], &[0, 1]).iter().all(|case| case.probability.is_finite()));
    }
}
