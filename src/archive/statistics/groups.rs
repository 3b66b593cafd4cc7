//! This is the comparison of groups: their means with intervals, how much of the spread lies between them, and what ranks
//! they could have by chance.

use super::math::{self, Interval};
use super::{CriterionShare, Families, Point, Tally, criteria};
use crate::archive::metadata::{Field, NAMED, Names};
use serde::Serialize;

/// A field of the metadata, with its groups.
#[derive(Debug, Clone, Serialize)]
pub struct FieldStatistics {
    /// Its name.
    pub field: &'static str,
    /// Groups that are large enough, the best mean first.
    pub groups: Vec<Group>,
    /// Groups that are too small to be shown.
    pub suppressed_groups: usize,
    /// Plans in them.
    pub suppressed_plans: u64,
    /// Plans without a value.
    pub missing: u64,
    /// How much of the spread of scores lies between groups.
    pub icc: Option<Icc>,
}

/// A group of plans.
#[derive(Debug, Clone, Serialize)]
pub struct Group {
    /// Its value of the field.
    pub name: String,
    /// Plans with a score.
    pub plans: usize,
    /// Mean score.
    pub mean: f64,
    /// Interval of the mean: 1.96 standard errors on either side.
    pub interval: Interval,
    /// Standard deviation of the scores.
    pub sd: f64,
    /// The ranks that the group holds in 95 % of resamples; 1 is the best.
    pub ranks: [usize; 2],
    /// Statements judged, and the share of them that are good.
    pub judged: u64,
    /// That share.
    pub good: f64,
    /// Each criterion.
    pub criteria: Vec<CriterionShare>,
    /// The share of its wordings that recur across plans; `None` where that is not counted.
    pub boilerplate: Option<f64>,
}

/// The intraclass correlation of scores: the share of their variance that lies between groups. One-way random effects
/// (Shrout and Fleiss, *Intraclass Correlations*, 1979, ICC(1,1)); the interval by Searle (1971), for groups of
/// unequal size with their effective size n₀ (Donner and Wells, *A Comparison of Confidence Interval Methods for the Intraclass
/// Correlation Coefficient*, 1986).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Icc {
    /// The estimate; below zero it is shown as zero.
    pub value: f64,
    /// Its interval.
    pub interval: Interval,
    /// Variance between groups.
    pub between: f64,
    /// Variance within groups.
    pub within: f64,
}

/// Resamples for the ranks.
const RESAMPLES: usize = 1_000;
/// From so many plans on a group's mean is drawn from the normal distribution, which it then follows closely.
const MANY: usize = 400;
const SEED: u64 = 20_261_127;
/// Fields with more groups than that have no ranks worth telling apart, and are cut to the largest.
const MOST: usize = 200;

pub(super) fn fields(
    points: &[Point],
    tallies: &[Vec<Tally>; NAMED],
    names: &Names,
    families: &Families,
    least: usize,
) -> Vec<FieldStatistics> {
    Field::ALL[..NAMED]
        .iter()
        .filter_map(|field| one(*field, points, &tallies[*field as usize], names, families, least))
        .collect()
}

fn one(
    field: Field,
    points: &[Point],
    tallies: &[Tally],
    names: &Names,
    families: &Families,
    least: usize,
) -> Option<FieldStatistics> {
    if names.count(field) == 0 {
        return None;
    }
    let mut scores: Vec<Vec<f64>> = vec![Vec::new(); names.count(field) + 1];
    for point in points.iter().filter(|point| !point.score.is_nan()) {
        scores[usize::from(point.coded.codes[field as usize])].push(f64::from(point.score));
    }
    let mut groups = Vec::new();
    let mut kept: Vec<(usize, Vec<f64>)> = Vec::new();
    let (mut suppressed_groups, mut suppressed_plans) = (0, 0);
    let missing = tallies.first().map_or(0, |tally| tally.plans);
    for (code, scores) in scores.into_iter().enumerate().skip(1) {
        let plans = tallies.get(code).map_or(0, |tally| tally.plans);
        if scores.len() < least {
            suppressed_groups += usize::from(plans > 0);
            suppressed_plans += plans;
        } else {
            kept.push((code, scores));
        }
    }
    // One small group alone could be told from the sum: the smallest of the others goes with it.
    if suppressed_groups == 1
        && kept.len() > 1
        && suppressed_plans > 0
        && let Some(at) = (0..kept.len()).min_by_key(|at| (kept[*at].1.len(), *at))
    {
        let (code, _) = kept.remove(at);
        suppressed_groups += 1;
        suppressed_plans += tallies.get(code).map_or(0, |tally| tally.plans);
    }
    kept.sort_by_key(|(code, scores)| (std::cmp::Reverse(scores.len()), *code));
    kept.truncate(MOST);
    let sets: Vec<&[f64]> = kept.iter().map(|(_, scores)| scores.as_slice()).collect();
    let ranks = ranks(&sets);
    for ((code, scores), ranks) in kept.iter().zip(ranks) {
        let number = u16::try_from(*code).unwrap_or(0);
        let (Some(name), Some(tally)) = (names.name(field, number), tallies.get(*code)) else { continue };
        let Some((mean, sd)) = math::mean_sd(scores.iter().copied()) else { continue };
        let half = math::Z * sd / (scores.len() as f64).sqrt();
        groups.push(Group {
            name: name.to_owned(),
            plans: scores.len(),
            mean,
            interval: Interval { low: (mean - half).max(0.0), high: (mean + half).min(100.0) },
            sd,
            ranks,
            judged: tally.judged,
            good: tally.good as f64 / tally.judged.max(1) as f64,
            criteria: criteria(tally),
            boilerplate: families.share_of_team(number).filter(|_| field == Field::Team),
        });
    }
    groups.sort_by(|a, b| b.mean.total_cmp(&a.mean).then_with(|| a.name.cmp(&b.name)));
    Some(FieldStatistics { field: field.name(), groups, suppressed_groups, suppressed_plans, missing, icc: icc(&sets) })
}

/// The intraclass correlation; `None` for fewer than two groups or no spread.
pub(super) fn icc(groups: &[&[f64]]) -> Option<Icc> {
    let k = groups.len() as f64;
    let n: f64 = groups.iter().map(|group| group.len() as f64).sum();
    if groups.len() < 2 || n <= k {
        return None;
    }
    let grand = groups.iter().flat_map(|group| group.iter()).sum::<f64>() / n;
    let (mut between, mut within, mut squares) = (0.0, 0.0, 0.0);
    for group in groups {
        let size = group.len() as f64;
        let mean = group.iter().sum::<f64>() / size;
        between += size * (mean - grand).powi(2);
        within += group.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
        squares += size * size;
    }
    let (between, within) = (between / (k - 1.0), within / (n - k));
    if within <= 0.0 {
        return None;
    }
    let n0 = (n - squares / n) / (k - 1.0);
    let of = |ratio: f64| (ratio - 1.0) / (ratio + n0 - 1.0);
    let ratio = between / within;
    let low = of(ratio / math::f_quantile(0.975, k - 1.0, n - k));
    let high = of(ratio / math::f_quantile(0.025, k - 1.0, n - k));
    Some(Icc {
        value: of(ratio).max(0.0),
        interval: Interval { low: low.max(0.0), high: high.clamp(0.0, 1.0) },
        between: ((between - within) / n0).max(0.0),
        within,
    })
}

/// The ranks that each group's mean holds in 95 % of resamples of its plans (Efron and Tibshirani, *An Introduction to the
/// Bootstrap*, 1993; for league tables Goldstein and Spiegelhalter, 1996).
fn ranks(groups: &[&[f64]]) -> Vec<[usize; 2]> {
    let mut draws = fastrand::Rng::with_seed(SEED);
    let spread: Vec<(f64, f64)> =
        groups.iter().map(|group| math::mean_sd(group.iter().copied()).unwrap_or((0.0, 0.0))).collect();
    let mut held = vec![Vec::with_capacity(RESAMPLES); groups.len()];
    let mut means = vec![0.0; groups.len()];
    let mut order: Vec<usize> = (0..groups.len()).collect();
    for _ in 0..RESAMPLES {
        for (at, group) in groups.iter().enumerate() {
            let n = group.len();
            means[at] = if n > MANY {
                spread[at].0 + spread[at].1 / (n as f64).sqrt() * math::normal(&mut draws)
            } else {
                (0..n).map(|_| group[draws.usize(..n)]).sum::<f64>() / n.max(1) as f64
            };
        }
        order.sort_by(|a, b| means[*b].total_cmp(&means[*a]).then(a.cmp(b)));
        for (rank, at) in order.iter().enumerate() {
            held[*at].push(rank + 1);
        }
    }
    held.iter_mut()
        .map(|ranks| {
            ranks.sort_unstable();
            [ranks[RESAMPLES * 25 / 1_000], ranks[RESAMPLES * 975 / 1_000 - 1]]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn icc_by_hand() {
        // Shrout and Fleiss (1979), table 2: six targets rated by four judges; ICC(1,1) is 0.17.
        let rated: [&[f64]; 6] = [
            &[9.0, 2.0, 5.0, 8.0],
            &[6.0, 1.0, 3.0, 2.0],
            &[8.0, 4.0, 6.0, 8.0],
            &[7.0, 1.0, 2.0, 6.0],
            &[10.0, 5.0, 6.0, 9.0],
            &[6.0, 2.0, 4.0, 7.0],
        ];
        let icc = icc(&rated).expect("groups");
        assert!((icc.value - 0.17).abs() < 0.005, "{icc:?}");
        assert!(icc.interval.low == 0.0 && (icc.interval.high - 0.72).abs() < 0.01, "{icc:?}");
    }

    #[test]
    fn ranks_tell_noise_from_difference() {
        let group = |mean: f64| -> Vec<f64> { (0..50).map(|i| mean + f64::from(i % 7) - 3.0).collect() };
        let (best, one, other, worst) = (group(80.0), group(50.0), group(50.1), group(20.0));
        assert_eq!(ranks(&[&one, &best, &worst, &other]), [[2, 3], [1, 1], [4, 4], [2, 3]]);
    }
}
