//! This is the threshold that the labels would choose, tried on statements that took no part in the choice.

use super::{Case, Tally};
use serde::Serialize;

/// What cross-validation gives.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Crossed {
    /// In how many parts the statements were left out.
    pub folds: usize,
    /// Macro-F1 of the verdicts that each part gets by the threshold chosen on the others, all parts together.
    pub macro_f1: Option<f64>,
    /// Macro-F1 where everything from 0.5 on is good.
    pub macro_f1_at_half: Option<f64>,
    /// The lowest threshold that was chosen.
    pub lowest: f64,
    /// The highest.
    pub highest: f64,
}

/// Leaves out one fold after the other; `None` where there are not two. `folds` names the fold of each case.
pub fn crossed(cases: &[Case], folds: &[usize]) -> Option<Crossed> {
    let mut names = folds.to_vec();
    names.sort_unstable();
    names.dedup();
    if names.len() < 2 {
        return None;
    }
    let mut sorted: Vec<(&Case, usize)> = cases.iter().zip(folds.iter().copied()).collect();
    sorted.sort_by(|a, b| a.0.probability.total_cmp(&b.0.probability));
    let (mut tally, mut half) = (Tally::default(), Tally::default());
    let (mut lowest, mut highest) = (f64::INFINITY, f64::NEG_INFINITY);
    for fold in &names {
        let others: Vec<(f64, bool)> =
            sorted.iter().filter(|(_, of)| of != fold).map(|(case, _)| (case.probability, case.good)).collect();
        let Best { threshold, .. } = best_threshold(&others);
        (lowest, highest) = (threshold.min(lowest), threshold.max(highest));
        for (case, _) in sorted.iter().filter(|(_, of)| of == fold) {
            tally.add(case.good, case.probability >= threshold, 1);
            half.add(case.good, case.probability >= 0.5, 1);
        }
    }
    Some(Crossed { folds: names.len(), macro_f1: tally.macro_f1(), macro_f1_at_half: half.macro_f1(), lowest, highest })
}

/// A threshold and what it gives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Best {
    /// From here on a statement is good.
    pub threshold: f64,
    /// Over the statements that it was chosen on; 0 of nothing.
    pub macro_f1: f64,
}

/// The threshold with the highest macro-F1 over probabilities in rising order with their labels. Tried are 0.5 and the
/// middle between any two neighbours; of equals the nearest to 0.5 is taken, then the lower.
pub fn best_threshold(sorted: &[(f64, bool)]) -> Best {
    let mut at_half = Tally::default();
    sorted.iter().for_each(|(probability, good)| at_half.add(*good, *probability >= 0.5, 1));
    let mut best = Best { threshold: 0.5, macro_f1: at_half.macro_f1().unwrap_or(0.0) };
    let (goods, bads) = (at_half.good().n, at_half.bad().n);
    let (mut good_below, mut bad_below) = (0, 0);
    for pair in sorted.windows(2) {
        let [(below, good), (above, _)] = pair else { continue };
        *(if *good { &mut good_below } else { &mut bad_below }) += 1;
        if below == above {
            continue;
        }
        let mut tally = Tally::default();
        tally.add(true, false, good_below);
        tally.add(false, false, bad_below);
        tally.add(true, true, goods - good_below);
        tally.add(false, true, bads - bad_below);
        let tried = Best { threshold: f64::midpoint(*below, *above), macro_f1: tally.macro_f1().unwrap_or(0.0) };
        let nearer = (tried.threshold - 0.5).abs() < (best.threshold - 0.5).abs();
        if tried.macro_f1 > best.macro_f1 || (tried.macro_f1 == best.macro_f1 && nearer) {
            best = tried;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::super::testing::{cases, close};
    use super::*;

    #[test]
    fn the_best_threshold_by_hand() {
        let two = |list: &[(f64, bool)]| best_threshold(list).threshold;
        // Only between 0.2 and 0.4 are all on their side.
        assert!(close(Some(two(&[(0.1, false), (0.2, false), (0.4, true), (0.9, true)])), 0.3));
        // 0.5 is as good as the middle, 0.45.
        assert!(close(Some(two(&[(0.2, false), (0.7, true)])), 0.5));
        // 0.15 and 0.8 get one F1 of 2/3 and one of 4/5 each, and 0.8 is nearer to 0.5, which gets 2/4 twice.
        assert!(close(Some(two(&[(0.1, false), (0.2, true), (0.7, false), (0.9, true)])), 0.8));
        assert!(close(Some(two(&[])), 0.5));
        let best = best_threshold(&[(0.1, false), (0.2, true), (0.7, false), (0.9, true)]);
        assert!(close(Some(best.macro_f1), (2.0 / 3.0 + 0.8) / 2.0));
    }

    #[test]
    fn each_fold_gets_the_threshold_of_the_others() {
        // Fold 0 alone would choose 0.3, fold 1 alone 0.7. By the other's threshold each has one of two wrong.
        let list = cases(&[(false, 0.2), (true, 0.4), (false, 0.6), (true, 0.8)]);
        let Some(got) = crossed(&list, &[0, 0, 1, 1]) else { panic!("two folds") };
        // At 0.7 the good 0.4 is called bad, at 0.3 the bad 0.6 is called good: one right and one wrong of each class.
        assert!(close(got.macro_f1, 0.5) && close(got.macro_f1_at_half, 0.5));
        assert!(close(Some(got.lowest), 0.3) && close(Some(got.highest), 0.7));
        assert_eq!(got.folds, 2);
        assert_eq!(crossed(&list, &[3; 4]), None);
    }

    #[test]
    fn a_shifted_scale_is_put_right() {
        // Everything good lies above 0.2: chosen on any others, the threshold of 0.15 holds for the rest as well.
        let list = cases(&[(false, 0.1), (true, 0.2), (false, 0.1), (true, 0.2), (false, 0.1), (true, 0.2)]);
        let Some(got) = crossed(&list, &[0, 0, 1, 1, 2, 2]) else { panic!("three folds") };
        assert!(close(got.macro_f1, 1.0));
        // At 0.5 all are bad: F1 of bad 6/9, of good 0.
        assert!(close(got.macro_f1_at_half, 1.0 / 3.0));
    }
}
