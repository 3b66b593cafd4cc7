//! This is judging by length alone: what every other way has to beat.
//!
//! Published good statements tend to be longer than bad ones. Whether long or short is good, and from how many words
//! on, is chosen on some rows and applied to others, so that a block of rows never helps to judge itself.

use crate::cli::metrics::{Best, Case, best_threshold};
use std::collections::BTreeSet;

/// The number of words of a text, cut at white space.
pub fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

/// Judges rows, each with its number of words and its label, leaving out one fold after the other. Where there is only
/// one fold nothing can be chosen: long is good, from ten words on. The "probability" only ranks.
pub fn judge(rows: &[(usize, bool)], folds: &[usize]) -> Vec<Case> {
    let case = |&(words, good): &(usize, bool), rule: Rule| {
        let probability = rank(words, rule.long_is_good);
        Case { good, said_good: probability >= rule.threshold, probability }
    };
    let names: BTreeSet<usize> = folds.iter().copied().collect();
    let unchosen = Rule { long_is_good: true, threshold: 0.5 };
    let mut cases: Vec<Case> = rows.iter().map(|row| case(row, unchosen)).collect();
    for name in names.iter().filter(|_| names.len() > 1) {
        let others: Vec<(usize, bool)> =
            rows.iter().zip(folds).filter(|(_, fold)| *fold != name).map(|(row, _)| *row).collect();
        let rule = Rule::choose(&others);
        for ((judged, row), _) in cases.iter_mut().zip(rows).zip(folds).filter(|(_, fold)| *fold == name) {
            *judged = case(row, rule);
        }
    }
    cases
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Rule {
    long_is_good: bool,
    /// On the scale of [`rank`].
    threshold: f64,
}

impl Rule {
    /// The direction and threshold with the highest macro-F1; long is good where both are equal.
    fn choose(rows: &[(usize, bool)]) -> Self {
        let best = |long_is_good: bool| {
            let mut sorted: Vec<(f64, bool)> =
                rows.iter().map(|&(words, good)| (rank(words, long_is_good), good)).collect();
            sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
            best_threshold(&sorted)
        };
        let (long, short): (Best, Best) = (best(true), best(false));
        let long_is_good = long.macro_f1 >= short.macro_f1;
        Self { long_is_good, threshold: if long_is_good { long.threshold } else { short.threshold } }
    }
}

/// A number from 0 to 1 that rises with the number of words, ½ at ten, or that falls.
fn rank(words: usize, long_is_good: bool) -> f64 {
    let rises = words as f64 / (words as f64 + 10.0);
    if long_is_good { rises } else { 1.0 - rises }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_choice_by_hand() {
        // Long is good from between 12 and 16 words on: halfway on the scale of 12/22 and 16/26.
        let rule = Rule::choose(&[(4, false), (12, false), (16, true), (30, true)]);
        assert!(rule.long_is_good && (rule.threshold - (12.0 / 22.0 + 16.0 / 26.0) / 2.0).abs() < 1e-12, "{rule:?}");
        let rule = Rule::choose(&[(4, true), (12, true), (16, false), (30, false)]);
        assert!(!rule.long_is_good && rank(12, false) > rule.threshold && rank(16, false) < rule.threshold, "{rule:?}");
    }

    #[test]
    fn a_fold_does_not_judge_itself() {
        // In fold 0 the good ones are longer, in fold 1 the bad ones: each is judged by the other, all wrongly.
        let rows = [(5, false), (30, true), (5, true), (30, false)];
        let cases = judge(&rows, &[0, 0, 1, 1]);
        assert!(cases.iter().all(|case| case.good != case.said_good), "{cases:?}");
        // Where the folds say the same all are judged rightly.
        let cases = judge(&[(5, true), (30, false), (7, true), (40, false)], &[0, 0, 1, 1]);
        assert!(cases.iter().all(|case| case.good == case.said_good), "{cases:?}");
    }

    #[test]
    fn nothing_to_choose_from() {
        let said: Vec<bool> = judge(&[(9, true), (10, true)], &[0; 2]).iter().map(|case| case.said_good).collect();
        assert_eq!(said, [false, true]);
        assert!(judge(&[], &[]).is_empty());
        assert!(judge(&[(0, true), (0, true)], &[0, 1]).iter().all(|case| case.probability.is_finite()));
        assert_eq!((words(" a  b\nc "), words("")), (3, 0));
    }
}
