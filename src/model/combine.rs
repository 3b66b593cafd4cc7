//! This is how rules and model are combined to one judgement: a few weights for each question, fitted on author styles that neither
//! has seen (`models/train/combine.rs`), and calibrated so that of the statements judged 0.8 about four in five are good.

use super::{LABELS, Label, Prediction};
use crate::assess::{Criterion, Wording};
use crate::document::Kind;
use crate::scoring::Weights;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The weights of `combination.toml`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Combination {
    /// Closer to 0.5 than this a verdict is undecided.
    pub undecided: f64,
    /// The verdict on outcomes, by [`verdict_features`].
    pub outcome: Weights,
    /// The verdict on provision.
    pub provision: Weights,
    /// Whether a criterion is met, by [`criterion_features`].
    pub criteria: BTreeMap<String, Weights>,
    /// What is added for text of publishers (`models/train/published.rs`); without it the weights hold for our own styles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<Published>,
}

/// Two numbers for each kind: a weight of the rules and a bias, on top of the others.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// For outcomes.
    pub outcome: Weights,
    /// For provision.
    pub provision: Weights,
}

/// Log-odds beyond this say no more: sure is sure.
const SURE: f64 = 8.0;

/// What the verdict is weighed from: log-odds by the rules, by the model, of the type and of the criteria that count most.
pub fn verdict_features(kind: Kind, rules: f64, prediction: &Prediction) -> Vec<(&'static str, f64)> {
    let own = if kind == Kind::Outcome { Wording::Outcome } else { Wording::Provision };
    let mut values =
        vec![("rules", rules), ("model", prediction.logit(Label::Verdict)), ("type", prediction.margin(own))];
    let criteria: &[Criterion] = match kind {
        Kind::Outcome => &[Criterion::Specific, Criterion::Measurable, Criterion::TimeBound],
        _ => &[Criterion::What, Criterion::Frequency, Criterion::Duration, Criterion::Commitment],
    };
    values.extend(criteria.iter().map(|&criterion| (criterion.name(), prediction.logit(Label::Criterion(criterion)))));
    for (_, value) in &mut values {
        *value = value.clamp(-SURE, SURE);
    }
    values
}

/// Pieces of evidence beyond this say no more.
const PLENTY: usize = 3;

/// What a criterion is weighed from: whether the rules find it met and how often more they find it than once, the model's
/// log-odds, and those of the verdict.
///
/// `shown` is how many pieces of evidence the rules have; 0 where they find it not met.
pub fn criterion_features(
    criterion: Criterion,
    shown: usize,
    prediction: &Prediction,
    verdict: f64,
) -> Vec<(&'static str, f64)> {
    vec![
        ("rules", f64::from(shown > 0)),
        ("more", shown.clamp(1, PLENTY) as f64 - 1.0),
        ("model", prediction.logit(Label::Criterion(criterion)).clamp(-SURE, SURE)),
        ("verdict", verdict.clamp(-SURE, SURE)),
    ]
}

impl Combination {
    /// The model by itself, as comparisons want it.
    pub fn model_alone() -> Self {
        let model = || Weights([("model".to_owned(), 1.0)].into());
        let criteria = LABELS.iter().filter_map(|label| match label {
            Label::Criterion(criterion) => Some((criterion.name().to_owned(), model())),
            Label::Verdict | Label::Wording(_) => None,
        });
        Self { undecided: 0.15, outcome: model(), provision: model(), criteria: criteria.collect(), published: None }
    }

    /// As `combination.toml` holds it.
    pub fn to_toml(&self) -> String {
        // Numbers under names: always TOML.
        toml::to_string(self).unwrap_or_default()
    }

    /// Log-odds that a statement is good, from log-odds by the rules alone and the model's prediction.
    pub fn verdict(&self, kind: Kind, rules: f64, prediction: &Prediction) -> f64 {
        let (weights, more) = match (kind, &self.published) {
            (Kind::Outcome, more) => (&self.outcome, more.as_ref().map(|more| &more.outcome)),
            (_, more) => (&self.provision, more.as_ref().map(|more| &more.provision)),
        };
        let values = verdict_features(kind, rules, prediction);
        weights.log_odds(&values) + more.map_or(0.0, |more| more.log_odds(&values))
    }

    /// True where a criterion is met, of which the rules have `shown` pieces of evidence; what they say where there are no
    /// weights for it.
    pub fn is_met(&self, criterion: Criterion, shown: usize, prediction: &Prediction, verdict: f64) -> bool {
        self.criteria.get(criterion.name()).map_or(shown > 0, |weights| {
            weights.log_odds(&criterion_features(criterion, shown, prediction, verdict)) > 0.0
        })
    }
}

impl Combination {
    /// Reads `combination.toml`.
    ///
    /// # Errors
    /// What is wrong in it.
    pub fn read(text: &str) -> Result<Self, super::ModelError> {
        toml::from_str(text).map_err(|error| super::ModelError::combination(error.message()))
    }
}
