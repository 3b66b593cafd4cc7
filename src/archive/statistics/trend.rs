//! This is the trend by month: a control chart of mean scores, and the month at which they changed.

use super::Point;
use super::math;
use crate::archive::metadata::{MISSING, month};
use serde::Serialize;
use std::collections::BTreeMap;

/// The control chart.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trend {
    /// The mean of all dated plans: the chart's centre line.
    pub centre: f64,
    /// Standard deviation within months, pooled.
    pub sd: f64,
    /// The months, in order.
    pub months: Vec<Month>,
    /// The month from which scores are different, if chance does not explain it.
    pub change: Option<Change>,
    /// Months with too few plans to be shown.
    pub suppressed_months: usize,
}

/// A month.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Month {
    /// `2026-11`.
    pub month: String,
    /// Plans with a score.
    pub plans: usize,
    /// Their mean.
    pub mean: f64,
    /// Control limits: three standard errors on either side of the centre (Shewhart; Montgomery, *Introduction to Statistical
    /// Quality Control*, 6.3).
    pub limits: [f64; 2],
    /// True beyond the limits.
    pub beyond: bool,
    /// True in a run of eight or more months on one side of the centre (Western Electric's fourth rule).
    pub run: bool,
}

/// A change of the mean.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// The first month after it.
    pub month: String,
    /// Mean before.
    pub before: f64,
    /// Mean after.
    pub after: f64,
    /// How often chance alone gives as large a change somewhere.
    pub chance: f64,
}

/// Simulations of months without a change.
const SIMULATIONS: usize = 999;
const SEED: u64 = 20_261_127;

pub(super) fn trend(points: &[Point], least: usize) -> Option<Trend> {
    let mut months: BTreeMap<(i32, i32), (usize, f64, f64)> = BTreeMap::new();
    for point in points.iter().filter(|point| point.coded.day != MISSING && !point.score.is_nan()) {
        let score = f64::from(point.score);
        let (count, sum, squares) = months.entry(month(point.coded.day)).or_default();
        *count += 1;
        *sum += score;
        *squares += score * score;
    }
    let all = months.len();
    months.retain(|_, (count, ..)| *count >= least);
    let suppressed_months = all - months.len();
    if months.len() < 3 {
        return None;
    }
    let n: usize = months.values().map(|(count, ..)| count).sum();
    let centre = months.values().map(|(_, sum, _)| sum).sum::<f64>() / n as f64;
    let within: f64 = months.values().map(|(count, sum, squares)| (squares - sum * sum / *count as f64).max(0.0)).sum();
    let freedom = n.saturating_sub(months.len()).max(1);
    let sd = (within / freedom as f64).sqrt();
    let means: Vec<(f64, f64)> = months.values().map(|(count, sum, _)| (*count as f64, sum / *count as f64)).collect();
    let runs = runs(&means, centre);
    let name = |(year, month): &(i32, i32)| format!("{year:04}-{month:02}");
    let rows = months.keys().zip(&means).zip(runs).map(|((key, (count, mean)), run)| {
        let half = 3.0 * sd / count.sqrt();
        let limits = [(centre - half).max(0.0), (centre + half).min(100.0)];
        Month {
            month: name(key),
            plans: *count as usize,
            mean: *mean,
            limits,
            beyond: *mean < centre - half || *mean > centre + half,
            run,
        }
    });
    let keys: Vec<String> = months.keys().map(name).collect();
    let change =
        change(&means, sd).map(|(at, before, after, chance)| Change { month: keys[at].clone(), before, after, chance });
    Some(Trend { centre, sd, months: rows.collect(), change: change.filter(|c| c.chance <= 0.05), suppressed_months })
}

fn runs(means: &[(f64, f64)], centre: f64) -> Vec<bool> {
    let mut out = vec![false; means.len()];
    let mut from = 0;
    for at in 0..=means.len() {
        let goes_on = at < means.len() && (means[at].1 > centre) == (means[from].1 > centre);
        if !goes_on {
            if at - from >= 8 {
                out[from..at].fill(true);
            }
            from = at;
        }
    }
    out
}

/// The split of the months in two with the greatest difference in units of its standard error, and how often months
/// without a change show as great a one (Hinkley, *Inference about the change-point*, 1970; the null distribution by
/// simulation).
fn change(means: &[(f64, f64)], sd: f64) -> Option<(usize, f64, f64, f64)> {
    if sd <= 0.0 {
        return None;
    }
    let (at, z) = split(means.iter().copied(), sd)?;
    let mut draws = fastrand::Rng::with_seed(SEED);
    let mut as_great = 0;
    for _ in 0..SIMULATIONS {
        let drawn: Vec<(f64, f64)> =
            means.iter().map(|(count, _)| (*count, sd / count.sqrt() * math::normal(&mut draws))).collect();
        as_great += usize::from(split(drawn.into_iter(), sd).is_some_and(|(_, other)| other >= z));
    }
    let mean = |part: &[(f64, f64)]| {
        part.iter().map(|(n, mean)| n * mean).sum::<f64>() / part.iter().map(|(n, _)| n).sum::<f64>()
    };
    let chance = (as_great + 1) as f64 / (SIMULATIONS + 1) as f64;
    Some((at, mean(&means[..at]), mean(&means[at..]), chance))
}

fn split(means: impl Iterator<Item = (f64, f64)> + Clone, sd: f64) -> Option<(usize, f64)> {
    let (total, sum) = means.clone().fold((0.0, 0.0), |(n, s), (count, mean)| (n + count, s + count * mean));
    let (mut n, mut s) = (0.0, 0.0);
    let mut best: Option<(usize, f64)> = None;
    for (at, (count, mean)) in means.enumerate() {
        if at > 0 && n > 0.0 && total - n > 0.0 {
            let difference = (sum - s) / (total - n) - s / n;
            let z = difference.abs() / (sd * (1.0 / n + 1.0 / (total - n)).sqrt());
            if best.is_none_or(|(_, other)| z > other) {
                best = Some((at, z));
            }
        }
        n += count;
        s += count * mean;
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::metadata::{Coded, date};

    fn points(shift: f64) -> Vec<Point> {
        let mut draws = fastrand::Rng::with_seed(1);
        let mut points = Vec::new();
        for month in 0..24 {
            for _ in 0..40 {
                let day = date(&format!("{}-{:02}-10", 2024 + month / 12, month % 12 + 1)).expect("a date");
                let mean = if month >= 15 { 50.0 + shift } else { 50.0 };
                let score = (mean + 10.0 * math::normal(&mut draws)) as f32;
                points.push(Point { coded: Coded { day, ..Coded::default() }, score });
            }
        }
        points
    }

    #[test]
    fn a_change_is_found_and_none_is_not() {
        let found = trend(&points(8.0), 10).expect("months").change.expect("a change");
        assert_eq!(found.month, "2025-04");
        assert!(found.after - found.before > 6.0 && found.chance <= 0.01);
        assert_eq!(trend(&points(0.0), 10).expect("months").change, None);
        assert!(trend(&points(0.0), 50).is_none(), "every month is too small");
    }

    #[test]
    fn eight_on_one_side_are_a_run() {
        let means: Vec<(f64, f64)> = [1, 1, 1, 1, 1, 1, 1, 1, -1, 1].iter().map(|m| (10.0, f64::from(*m))).collect();
        let found = runs(&means, 0.0);
        assert_eq!(found, [[true; 8].as_slice(), &[false, false]].concat());
    }
}
