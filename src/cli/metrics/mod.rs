//! This is the arithmetic of `evaluate`: how well judgements agree with labels, one figure a file.

mod abstain;
mod auc;
mod bootstrap;
mod calibration;
mod classes;
mod kappa;
mod threshold;
mod verdicts;

pub use abstain::{Abstained, abstain};
pub use auc::auc;
pub use bootstrap::{Interval, Intervals, RESAMPLES, intervals};
pub use calibration::{Bin, Chance, bins, brier, calibration_error, calibration_error_by_chance};
pub use classes::Classes;
pub use kappa::kappa;
pub use threshold::{Best, Crossed, best_threshold, crossed};
pub use verdicts::{Class, Tally};

/// One labelled statement and what was said of it.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// The label: true is good.
    pub good: bool,
    /// The verdict.
    pub said_good: bool,
    /// Probability of good, 0–1.
    pub probability: f64,
}

/// The share of a part, 0–1; `None` of nothing.
pub fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
pub(super) mod testing {
    use super::Case;

    /// Cases of a label and a probability, judged at 0.5.
    pub fn cases(list: &[(bool, f64)]) -> Vec<Case> {
        list.iter().map(|&(good, probability)| Case { good, said_good: probability >= 0.5, probability }).collect()
    }

    pub fn close(got: Option<f64>, want: f64) -> bool {
        got.is_some_and(|got| (got - want).abs() < 1e-12)
    }
}
