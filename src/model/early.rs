//! This is the second stage of the cascade: a look at the verdict after the first [`EARLY`] layers of the network, where a head of
//! its own was trained to foretell the last. With what rules and first stage say it decides where it is sure, and the other layers
//! are not computed; how sure is chosen on author styles that the network has not seen (`models/train/early.rs`).

use super::first::clamped;
use crate::document::Kind;
use crate::rules::{Finding, Severity};
use crate::scoring::Weights;
use serde::{Deserialize, Serialize};

/// Layers before the look.
pub const EARLY: usize = 2;

/// The look for both kinds; a part of `combination.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Early {
    /// At outcomes.
    pub outcome: Look,
    /// At provision.
    pub provision: Look,
}

/// The look for one kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    /// Up to these log-odds it is sure that the statement is vague.
    pub vague: f64,
    /// From these on it is sure that it is good.
    pub good: f64,
    /// What the values of [`early_features`] count.
    pub weights: Weights,
}

/// What is known after the first layers: log-odds by the rules, by the first stage, and by the head.
pub fn early_features(rules: f64, first: f64, head: f64) -> [(&'static str, f64); 3] {
    [("rules", clamped(rules)), ("first", first), ("head", head)]
}

impl Early {
    /// The look for a kind.
    pub fn of(&self, kind: Kind) -> &Look {
        if kind == Kind::Outcome { &self.outcome } else { &self.provision }
    }
}

impl Look {
    /// Log-odds that the statement is good, where the look is sure of it.
    pub fn decide(&self, rules: f64, first: f64, head: f64, findings: &[Finding]) -> Option<f64> {
        let log_odds = self.weights.log_odds(&early_features(rules, first, head));
        is_sure(log_odds, self.vague, self.good, findings).then_some(log_odds)
    }
}

/// True where log-odds are sure of a verdict, and there are words to show for it.
pub(super) fn is_sure(log_odds: f64, vague: f64, good: f64, findings: &[Finding]) -> bool {
    log_odds >= good || (log_odds <= vague && findings.iter().any(|finding| finding.severity >= Severity::Warning))
}
