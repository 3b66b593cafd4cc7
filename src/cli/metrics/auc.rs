//! This is the area under the ROC curve: how well the probability ranks.

use super::Case;

/// Share of pairs of a good and a bad statement that the probability ranks rightly, ties half; `None` where a class is
/// absent.
pub fn auc(cases: &[Case]) -> Option<f64> {
    let mut sorted: Vec<(f64, bool, usize)> = cases.iter().map(|case| (case.probability, case.good, 1)).collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    weighed(sorted.iter().copied())
}

/// The same over statements in rising order of their probability, each with its label and how often it counts.
pub(super) fn weighed(sorted: impl Iterator<Item = (f64, bool, usize)>) -> Option<f64> {
    // A good statement outranks the bad ones before its tie, and half of those in it. Counted in halves, to stay whole.
    let (mut halves, mut goods, mut bads) = (0, 0, 0);
    let (mut tie, mut tied_good, mut tied_bad) = (f64::NAN, 0, 0);
    for (probability, good, times) in sorted {
        if probability != tie {
            halves += tied_good * (2 * bads + tied_bad);
            (goods, bads) = (goods + tied_good, bads + tied_bad);
            (tie, tied_good, tied_bad) = (probability, 0, 0);
        }
        *(if good { &mut tied_good } else { &mut tied_bad }) += times;
    }
    halves += tied_good * (2 * bads + tied_bad);
    (goods, bads) = (goods + tied_good, bads + tied_bad);
    (goods > 0 && bads > 0).then(|| halves as f64 / (2 * goods * bads) as f64)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{cases, close};
    use super::*;

    #[test]
    fn by_hand() {
        // Of six pairs only (0.3, 0.6) is ranked wrongly.
        let list = cases(&[(true, 0.9), (true, 0.8), (true, 0.3), (false, 0.6), (false, 0.1)]);
        assert!(close(auc(&list), 5.0 / 6.0));
    }

    #[test]
    fn ties_count_half_and_one_class_alone_has_no_figure() {
        assert!(close(auc(&cases(&[(true, 0.5), (false, 0.5)])), 0.5));
        // Four pairs: two tied, (0.7, 0.2) and (0.7, 0.7)…: goods 0.2 and 0.7 against bads 0.2 and 0.7.
        assert!(close(auc(&cases(&[(true, 0.2), (true, 0.7), (false, 0.2), (false, 0.7)])), 2.0 / 4.0));
        assert_eq!(auc(&cases(&[(true, 0.9), (true, 0.1)])), None);
        assert_eq!(auc(&[]), None);
    }

    #[test]
    fn a_weight_is_a_repetition() {
        // The good 0.9 twice and the bad 0.8 three times: six pairs won, and three lost by the good 0.1.
        let sorted = [(0.1, true, 1), (0.8, false, 3), (0.9, true, 2)];
        assert!(close(weighed(sorted.into_iter()), 6.0 / 9.0));
        assert_eq!(weighed([(0.1, true, 0), (0.8, false, 3)].into_iter()), None);
    }
}
