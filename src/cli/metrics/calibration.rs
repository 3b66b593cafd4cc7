//! This is calibration: whether of the statements given 0.8 eight in ten are good.

use super::Case;
use super::bootstrap::{RESAMPLES, SEED};
use serde::Serialize;

/// A tenth of the probabilities.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bin {
    /// Lower bound of the probability.
    pub from: f64,
    /// How many fall in it.
    pub n: usize,
    /// Their mean probability.
    pub mean: f64,
    /// The share of them that are good.
    pub good: f64,
}

/// The ten bins of equal width that hold anything; a bin holds its lower bound, the last also 1.
pub fn bins(cases: &[Case]) -> Vec<Bin> {
    (0..10)
        .filter_map(|i| {
            let inside: Vec<&Case> =
                cases.iter().filter(|case| ((case.probability * 10.0) as usize).min(9) == i).collect();
            let n = inside.len();
            (n > 0).then(|| Bin {
                from: i as f64 / 10.0,
                n,
                mean: inside.iter().map(|case| case.probability).sum::<f64>() / n as f64,
                good: inside.iter().filter(|case| case.good).count() as f64 / n as f64,
            })
        })
        .collect()
}

/// The expected calibration error, 0–1: the distance in each bin between its mean probability and its share of good,
/// averaged over the bins, each weighted by how many fall in it. `None` of nothing.
///
/// This is equation 3 of Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks" (ICML 2017,
/// arXiv:1706.04599), with ten bins, for a judgement of two classes: over the probability of *good* from 0 to 1, where
/// the paper takes that of whichever class was said.
pub fn calibration_error(bins: &[Bin]) -> Option<f64> {
    let n: usize = bins.iter().map(|bin| bin.n).sum();
    (n > 0).then(|| bins.iter().map(|bin| bin.n as f64 * (bin.mean - bin.good).abs()).sum::<f64>() / n as f64)
}

/// What [`calibration_error`] comes to where the probabilities are exactly right, by chance alone: labels are drawn from them
/// [`RESAMPLES`] times, with a seed. Few rows make it large, so that an error says something only beside it. `None` of nothing.
pub fn calibration_error_by_chance(cases: &[Case]) -> Option<Chance> {
    let mut draws = fastrand::Rng::with_seed(SEED);
    let mut drawn = cases.to_vec();
    let mut errors: Vec<f64> = (0..RESAMPLES)
        .filter_map(|_| {
            drawn.iter_mut().for_each(|case| case.good = draws.f64() < case.probability);
            calibration_error(&bins(&drawn))
        })
        .collect();
    errors.sort_by(f64::total_cmp);
    let high = *errors.get(RESAMPLES * 95 / 100)?;
    Some(Chance { mean: errors.iter().sum::<f64>() / errors.len() as f64, high })
}

/// A figure as chance alone would have it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Chance {
    /// Its mean.
    pub mean: f64,
    /// 95 % of the draws lie below.
    pub high: f64,
}

/// The Brier score, 0–1: the mean square of the distance between the probability of good and the label, 1 or 0. `None`
/// of nothing.
///
/// Half of what Brier ("Verification of Forecasts Expressed in Terms of Probability", Monthly Weather Review 78, 1950)
/// sums over both classes, as is usual for two. 0.25 is what "0.5" said of everything gets.
pub fn brier(cases: &[Case]) -> Option<f64> {
    let square = |case: &Case| (case.probability - f64::from(u8::from(case.good))).powi(2);
    (!cases.is_empty()).then(|| cases.iter().map(square).sum::<f64>() / cases.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{cases, close};
    use super::*;

    #[test]
    fn by_hand() {
        let list = cases(&[(true, 0.9), (true, 0.8), (true, 0.3), (false, 0.6), (false, 0.1)]);
        assert!(close(calibration_error(&bins(&list)), (0.1 + 0.2 + 0.7 + 0.6 + 0.1) / 5.0));
        assert!(close(brier(&list), (0.01 + 0.04 + 0.49 + 0.36 + 0.01) / 5.0));
    }

    #[test]
    fn chance_shrinks_with_more_rows_and_vanishes_where_all_is_certain() {
        let some = cases(&[(true, 0.7), (false, 0.3), (true, 0.5), (false, 0.2)]);
        let more: Vec<Case> = some.iter().cycle().take(400).copied().collect();
        let (some, more) = (calibration_error_by_chance(&some), calibration_error_by_chance(&more));
        let (some, more) = (some.expect("four rows"), more.expect("four hundred rows"));
        assert!(some.mean > 0.2 && more.mean < 0.06 && more.mean < more.high, "{some:?} {more:?}");
        let certain = cases(&[(true, 1.0), (false, 0.0)]);
        assert_eq!(calibration_error_by_chance(&certain), Some(Chance { mean: 0.0, high: 0.0 }));
        assert_eq!(calibration_error_by_chance(&[]), None);
    }

    #[test]
    fn a_bin_is_one_mean() {
        // 0.82 and 0.88 share a bin: mean 0.85, half of them good; 0.25 stands alone.
        let list = cases(&[(true, 0.82), (false, 0.88), (false, 0.25)]);
        assert!(close(calibration_error(&bins(&list)), (2.0 * 0.35 + 0.25) / 3.0));
        let last = bins(&cases(&[(true, 0.9), (true, 1.0)]));
        assert_eq!(last.len(), 1, "a probability of one falls in the last bin");
        assert!(close(brier(&cases(&[(true, 0.5), (false, 0.5)])), 0.25));
        assert_eq!((calibration_error(&[]), brier(&[])), (None, None));
    }
}
