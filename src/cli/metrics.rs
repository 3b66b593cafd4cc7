//! This is the arithmetic of `evaluate`: how well judgements agree with labels.

use serde::Serialize;

/// One labelled statement and what was said of it.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// The label: true is good.
    pub good: bool,
    /// The verdict.
    pub said_good: bool,
    /// Probability of good.
    pub probability: f64,
}

/// Agreement on one kind of statement.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Agreement {
    /// How many were judged.
    pub n: usize,
    /// The class good.
    pub good: Class,
    /// The class bad.
    pub bad: Class,
    /// Mean of the two classes' F1.
    pub macro_f1: Option<f64>,
    /// Share of pairs of a good and a bad statement that the probability ranks rightly, ties half; `None` where a
    /// class is absent.
    pub auc: Option<f64>,
    /// Mean distance between probability and share of good, over ten equal bins weighted by their size.
    pub calibration_error: Option<f64>,
    /// The bins that hold anything.
    pub bins: Vec<Bin>,
}

/// Precision and recall of one class.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Class {
    /// How many have this label.
    pub n: usize,
    /// Of those said to be in the class, the share that are; `None` where none was said to be.
    pub precision: Option<f64>,
    /// Of those in the class, the share that were found; `None` where there is none.
    pub recall: Option<f64>,
    /// Harmonic mean of the two; `None` where the class occurs neither in labels nor in verdicts.
    pub f1: Option<f64>,
}

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

impl Agreement {
    /// Over these cases.
    pub fn of(cases: &[Case]) -> Self {
        let (good, bad) = (Class::of(cases, true), Class::of(cases, false));
        let bins = bins(cases);
        let macro_f1 = match (good.f1, bad.f1) {
            (Some(a), Some(b)) => Some(f64::midpoint(a, b)),
            (one, other) => one.or(other),
        };
        let n = cases.len();
        let calibration_error =
            (n > 0).then(|| bins.iter().map(|bin| bin.n as f64 * (bin.mean - bin.good).abs()).sum::<f64>() / n as f64);
        Self { n, good, bad, macro_f1, auc: auc(cases), calibration_error, bins }
    }
}

impl Class {
    fn of(cases: &[Case], class: bool) -> Self {
        let n = cases.iter().filter(|case| case.good == class).count();
        let said = cases.iter().filter(|case| case.said_good == class).count();
        let right = cases.iter().filter(|case| case.good == class && case.said_good == class).count();
        Self { n, precision: share(right, said), recall: share(right, n), f1: share(2 * right, n + said) }
    }
}

/// `None` of nothing.
pub fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// The rank sum (Mann–Whitney): sorted once, ties share their mean rank.
fn auc(cases: &[Case]) -> Option<f64> {
    let mut sorted: Vec<&Case> = cases.iter().collect();
    sorted.sort_by(|a, b| a.probability.total_cmp(&b.probability));
    let goods = sorted.iter().filter(|case| case.good).count();
    let bads = sorted.len() - goods;
    if goods == 0 || bads == 0 {
        return None;
    }
    let mut ranks = 0.0;
    let mut before = 0;
    for tie in sorted.chunk_by(|a, b| a.probability == b.probability) {
        let mean = before as f64 + (tie.len() + 1) as f64 / 2.0;
        ranks += mean * tie.iter().filter(|case| case.good).count() as f64;
        before += tie.len();
    }
    let least = (goods * (goods + 1)) as f64 / 2.0;
    Some((ranks - least) / (goods * bads) as f64)
}

fn bins(cases: &[Case]) -> Vec<Bin> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn cases(list: &[(bool, f64)]) -> Vec<Case> {
        list.iter().map(|&(good, probability)| Case { good, said_good: probability >= 0.5, probability }).collect()
    }

    fn close(got: Option<f64>, want: f64) -> bool {
        got.is_some_and(|got| (got - want).abs() < 1e-12)
    }

    #[test]
    fn by_hand() {
        // Good: 2 found, 1 missed. Bad: 1 found, 1 called good.
        let got = Agreement::of(&cases(&[(true, 0.9), (true, 0.8), (true, 0.3), (false, 0.6), (false, 0.1)]));
        assert!(close(got.good.precision, 2.0 / 3.0) && close(got.good.recall, 2.0 / 3.0));
        assert!(close(got.bad.precision, 0.5) && close(got.bad.recall, 0.5));
        assert!(close(got.macro_f1, (2.0 / 3.0 + 0.5) / 2.0));
        // Of six pairs only (0.3, 0.6) is ranked wrongly.
        assert!(close(got.auc, 5.0 / 6.0));
        assert!(close(got.calibration_error, (0.1 + 0.2 + 0.7 + 0.6 + 0.1) / 5.0));
    }

    #[test]
    fn ties_count_half_and_absent_classes_have_no_figure() {
        assert!(close(Agreement::of(&cases(&[(true, 0.5), (false, 0.5)])).auc, 0.5));
        let got = Agreement::of(&cases(&[(true, 0.9), (true, 1.0)]));
        assert_eq!((got.auc, got.bad.f1, got.bad.recall), (None, None, None));
        assert!(close(got.macro_f1, 1.0));
        assert_eq!(got.bins.len(), 1, "a probability of one falls in the last bin");
        let none = Agreement::of(&[]);
        assert_eq!((none.macro_f1, none.auc, none.calibration_error), (None, None, None));
    }
}
