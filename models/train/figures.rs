//! This is how well the network alone does on rows that it was not fitted to.

use super::corpus::Example;
use clearplan::document::Kind;
use clearplan::model::{LABELS, Label, WORDINGS};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The logits of a statement, one for each of [`LABELS`].
pub type Logits = Vec<f32>;

/// Figures from 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Rows.
    pub n: usize,
    /// Macro-F1 of the verdict on outcomes, at a logit of 0.
    pub outcome: f64,
    /// The same on provision.
    pub provision: f64,
    /// Mean F1 of “met” over the criteria.
    pub criteria: f64,
    /// F1 of “met” for each criterion.
    pub criterion: BTreeMap<String, f64>,
    /// Share of the rows with the right type.
    pub wording: f64,
}

impl Figures {
    /// Compares logits with labels.
    pub fn of(examples: &[&Example], logits: &[Logits]) -> Self {
        let rows = || examples.iter().zip(logits);
        let verdict = |kind: Kind| {
            let of = |good: bool| {
                f1(rows()
                    .filter(|(e, _)| e.statement.kind == kind)
                    .map(|(e, l)| ((l[0] > 0.0) == good, (e.labels[0] == Some(true)) == good)))
            };
            (of(true) + of(false)) / 2.0
        };
        let criterion: BTreeMap<String, f64> = (0..LABELS.len())
            .filter(|&i| matches!(LABELS[i], Label::Criterion(_)))
            .map(|i| {
                let f1 = f1(rows().filter_map(|(e, l)| e.labels[i].map(|label| (l[i] > 0.0, label))));
                (LABELS[i].name().to_owned(), f1)
            })
            .collect();
        let right = |(e, l): &(&&Example, &Logits)| {
            WORDINGS.clone().max_by(|&a, &b| l[a].total_cmp(&l[b])).is_some_and(|i| e.labels[i] == Some(true))
        };
        Self {
            n: examples.len(),
            outcome: verdict(Kind::Outcome),
            provision: verdict(Kind::Provision),
            criteria: criterion.values().sum::<f64>() / criterion.len() as f64,
            criterion,
            wording: rows().filter(right).count() as f64 / examples.len().max(1) as f64,
        }
    }

    /// The one figure by which epochs are compared.
    pub fn goal(&self) -> f64 {
        (self.outcome + self.provision) / 2.0 + self.criteria / 2.0 + self.wording / 4.0
    }
}

/// F1 of (said, labelled) pairs; 0 where nothing is right.
pub fn f1(pairs: impl Iterator<Item = (bool, bool)>) -> f64 {
    let (mut both, mut either) = (0usize, 0usize);
    for (said, labelled) in pairs {
        both += usize::from(said && labelled) * 2;
        either += usize::from(said) + usize::from(labelled);
    }
    if either == 0 { 0.0 } else { both as f64 / either as f64 }
}

#[cfg(test)]
mod tests {
    #[test]
    fn f1_by_hand() {
        // Two found, one missed, one wrongly said: precision 2/3, recall 2/3.
        let pairs = [(true, true), (true, true), (false, true), (true, false), (false, false)];
        assert!((super::f1(pairs.into_iter()) - 2.0 / 3.0).abs() < 1e-12);
        assert!(super::f1(std::iter::empty()).abs() < 1e-12);
    }
}
