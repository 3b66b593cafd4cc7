//! This is how verdicts meet labels: precision, recall, F1 and their mean over both classes.

use super::{Case, share};
use serde::Serialize;

/// How often each label met each verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    good_as_good: usize,
    good_as_bad: usize,
    bad_as_good: usize,
    bad_as_bad: usize,
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

impl Tally {
    /// Over these cases.
    pub fn of<'c>(cases: impl IntoIterator<Item = &'c Case>) -> Self {
        let mut tally = Self::default();
        cases.into_iter().for_each(|case| tally.add(case.good, case.said_good, 1));
        tally
    }

    /// Counts a label and a verdict `times` over.
    pub fn add(&mut self, good: bool, said_good: bool, times: usize) {
        *match (good, said_good) {
            (true, true) => &mut self.good_as_good,
            (true, false) => &mut self.good_as_bad,
            (false, true) => &mut self.bad_as_good,
            (false, false) => &mut self.bad_as_bad,
        } += times;
    }

    /// How many.
    pub fn n(self) -> usize {
        self.right() + self.good_as_bad + self.bad_as_good
    }

    /// How many verdicts are the label.
    pub fn right(self) -> usize {
        self.good_as_good + self.bad_as_bad
    }

    /// The class good.
    pub fn good(self) -> Class {
        Class::new(self.good_as_good, self.good_as_good + self.good_as_bad, self.good_as_good + self.bad_as_good)
    }

    /// The class bad.
    pub fn bad(self) -> Class {
        Class::new(self.bad_as_bad, self.bad_as_bad + self.bad_as_good, self.bad_as_bad + self.good_as_bad)
    }

    /// Mean of the two classes' F1; of one alone where the other occurs neither in labels nor in verdicts; `None` of
    /// nothing.
    pub fn macro_f1(self) -> Option<f64> {
        match (self.good().f1, self.bad().f1) {
            (Some(a), Some(b)) => Some(f64::midpoint(a, b)),
            (one, other) => one.or(other),
        }
    }
}

impl Class {
    /// Of `n` in a class and `said` said to be in it, `right` are both.
    pub fn new(right: usize, n: usize, said: usize) -> Self {
        Self { n, precision: share(right, said), recall: share(right, n), f1: share(2 * right, n + said) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{cases, close};
    use super::*;

    #[test]
    fn by_hand() {
        // Good: 2 found, 1 missed. Bad: 1 found, 1 called good.
        let got = Tally::of(&cases(&[(true, 0.9), (true, 0.8), (true, 0.3), (false, 0.6), (false, 0.1)]));
        assert!(close(got.good().precision, 2.0 / 3.0) && close(got.good().recall, 2.0 / 3.0));
        assert!(close(got.bad().precision, 0.5) && close(got.bad().recall, 0.5));
        assert!(close(got.macro_f1(), (2.0 / 3.0 + 0.5) / 2.0));
        assert_eq!((got.n(), got.right(), got.good().n, got.bad().n), (5, 3, 3, 2));
    }

    #[test]
    fn absent_classes_have_no_figure() {
        let got = Tally::of(&cases(&[(true, 0.9), (true, 1.0)]));
        assert_eq!((got.bad().f1, got.bad().recall, got.bad().precision), (None, None, None));
        assert!(close(got.macro_f1(), 1.0));
        assert_eq!(Tally::default().macro_f1(), None);
    }
}
