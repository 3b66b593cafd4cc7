//! This is how sure a figure is: percentile intervals of the bootstrap.
//!
//! Statements of one publisher or one author are alike, so that whole blocks of them are drawn, not single ones: an
//! interval over single statements would be too narrow (Efron and Tibshirani, *An Introduction to the Bootstrap*, 1993,
//! chapters 8 and 13). The draws are seeded: the same labels give the same interval on every run and machine.

use super::auc::weighed;
use super::{Case, Tally};
use serde::Serialize;

/// How many resamples are drawn.
pub const RESAMPLES: usize = 2_000;
/// Where the draws begin; any number would do.
pub(super) const SEED: u64 = 20_261_127;

/// A 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// 2.5 % of the resamples lie at or below.
    pub low: f64,
    /// 97.5 % of the resamples lie at or below.
    pub high: f64,
}

/// The intervals of one set of cases; `None` where there is only one block or most resamples have no such figure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Intervals {
    /// Of [`Tally::macro_f1`].
    pub macro_f1: Option<Interval>,
    /// Of [`super::auc`].
    pub auc: Option<Interval>,
}

/// Draws as many blocks as there are, with replacement, [`RESAMPLES`] times over. `blocks` names the block of each
/// case, counted from 0.
pub fn intervals(cases: &[Case], blocks: &[usize]) -> Intervals {
    let count = blocks.iter().max().map_or(0, |most| most + 1);
    let Some(most) = u32::try_from(count).ok().filter(|count| *count > 1) else {
        return Intervals { macro_f1: None, auc: None };
    };
    let mut sorted: Vec<(&Case, usize)> = cases.iter().zip(blocks.iter().copied()).collect();
    sorted.sort_by(|a, b| a.0.probability.total_cmp(&b.0.probability));
    let mut draws = fastrand::Rng::with_seed(SEED);
    let (mut f1s, mut aucs) = (Vec::with_capacity(RESAMPLES), Vec::with_capacity(RESAMPLES));
    let mut drawn = vec![0; count];
    for _ in 0..RESAMPLES {
        drawn.fill(0);
        for _ in 0..count {
            if let Some(times) = drawn.get_mut(draws.u32(..most) as usize) {
                *times += 1;
            }
        }
        let times = |block: usize| drawn.get(block).copied().unwrap_or(0);
        let mut tally = Tally::default();
        sorted.iter().for_each(|(case, block)| tally.add(case.good, case.said_good, times(*block)));
        f1s.extend(tally.macro_f1());
        aucs.extend(weighed(sorted.iter().map(|(case, block)| (case.probability, case.good, times(*block)))));
    }
    Intervals { macro_f1: percentiles(f1s), auc: percentiles(aucs) }
}

/// The 2.5th and the 97.5th percentile by nearest rank: of 2,000 figures the 50th and the 1,950th.
fn percentiles(mut figures: Vec<f64>) -> Option<Interval> {
    if figures.len() * 2 <= RESAMPLES {
        return None;
    }
    figures.sort_by(f64::total_cmp);
    let rank =
        |thousandths: usize| figures.get((figures.len() * thousandths).div_ceil(1_000).saturating_sub(1)).copied();
    Some(Interval { low: rank(25)?, high: rank(975)? })
}

#[cfg(test)]
mod tests {
    use super::super::testing::cases;
    use super::*;

    #[test]
    fn percentiles_by_hand() {
        let figures: Vec<f64> = (1..=2_000).rev().map(f64::from).collect();
        assert_eq!(percentiles(figures), Some(Interval { low: 50.0, high: 1_950.0 }));
        assert_eq!(percentiles(vec![0.5; 1_000]), None, "most resamples have no figure");
        assert_eq!(percentiles(vec![0.5; 1_001]), Some(Interval { low: 0.5, high: 0.5 }));
    }

    #[test]
    fn whole_blocks_are_drawn() {
        // One block is judged rightly, the other wrongly. Drawn two at a time they give 0, ½ or 1, each end in a quarter
        // of the resamples; single statements would hardly ever give all four right.
        let list = cases(&[(true, 0.9), (false, 0.1), (true, 0.1), (false, 0.9)]);
        let got = intervals(&list, &[0, 0, 1, 1]);
        assert_eq!(got.macro_f1, Some(Interval { low: 0.0, high: 1.0 }));
        assert_eq!(got.auc, Some(Interval { low: 0.0, high: 1.0 }));
        assert_eq!(got, intervals(&list, &[0, 0, 1, 1]), "the draws are seeded");
        assert_eq!(intervals(&list, &[0; 4]), Intervals { macro_f1: None, auc: None }, "one block says nothing");
    }

    #[test]
    fn as_wide_as_theory_says() {
        // 400 single statements, 90 % right in each class: macro-F1 is near accuracy, whose standard error is
        // √(0.9 · 0.1 / 400) = 0.015; 1.96 of it on each side.
        let list: Vec<(bool, f64)> =
            (0..400).map(|i| (i % 2 == 0, if (i % 2 == 0) == (i % 20 < 18) { 0.9 } else { 0.1 })).collect();
        let blocks: Vec<usize> = (0..400).collect();
        let Some(got) = intervals(&cases(&list), &blocks).macro_f1 else { panic!("an interval") };
        assert!((got.low - (0.9 - 0.0294)).abs() < 0.005 && (got.high - (0.9 + 0.0294)).abs() < 0.005, "{got:?}");
    }
}
