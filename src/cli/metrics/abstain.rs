//! This is the abstain curve: what is gained where the close calls are left to people.

use super::{Case, Tally, share};
use serde::Serialize;

/// One point of the curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Abstained {
    /// Statements nearer to the threshold than this are left out.
    pub distance: f64,
    /// How many are still judged.
    pub n: usize,
    /// Their share of all, 0–1.
    pub coverage: Option<f64>,
    /// Over those still judged.
    pub macro_f1: Option<f64>,
}

/// The curve for distances of 0, 0.05 … 0.4.
pub fn abstain(cases: &[Case], threshold: f64) -> Vec<Abstained> {
    (0..=8)
        .map(|step| {
            let distance = f64::from(step) / 20.0;
            // 0.6 − 0.5 is a hair less than 0.1.
            let far = |case: &&Case| (case.probability - threshold).abs() > distance - 1e-9;
            let tally = Tally::of(cases.iter().filter(far));
            Abstained { distance, n: tally.n(), coverage: share(tally.n(), cases.len()), macro_f1: tally.macro_f1() }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{cases, close};
    use super::*;

    #[test]
    fn by_hand() {
        let curve = abstain(&cases(&[(true, 0.95), (false, 0.1), (false, 0.6), (true, 0.45)]), 0.5);
        let distances: Vec<f64> = curve.iter().map(|point| point.distance).collect();
        assert_eq!(distances, [0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4]);
        // All four: one of each class right. 0.45 lies at 0.05 exactly and 0.6 at 0.1: they stay that long.
        assert!(close(curve[1].macro_f1, 0.5) && close(curve[1].coverage, 1.0));
        // Without 0.45: good 1 of 1 found among two said, bad 1 of 2 found; both F1 are 2/3.
        assert!(close(curve[2].macro_f1, 2.0 / 3.0) && close(curve[2].coverage, 0.75));
        assert!(close(curve[3].macro_f1, 1.0) && close(curve[3].coverage, 0.5));
        assert_eq!(curve[8].n, 2);
        assert_eq!((abstain(&[], 0.5)[0].coverage, abstain(&[], 0.5)[0].macro_f1), (None, None));
    }
}
