//! This is how evidence is weighed: what a statement holds and what is wrong with it become a probability.
//!
//! The weights stand in `scoring.toml` with the reason for each. They are few on purpose: rules and facts decide, the
//! weights only say what outweighs what.

use crate::document::Kind;
use crate::rules::{Finding, Reading, RuleSet, Severity};
use crate::signals::{Signal, Signals};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// From this probability on a statement is good.
pub const GOOD: f64 = 0.5;

/// The weights of `scoring.toml`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scoring {
    /// Closer to [`GOOD`] than this a verdict is undecided.
    pub undecided: f64,
    outcome: Weights,
    provision: Weights,
}

/// Weights of named values, and the `bias` that is added to their sum.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Weights(pub BTreeMap<String, f64>);

impl Weights {
    /// The weighted sum: log-odds. A value without a weight counts nothing.
    pub fn log_odds(&self, values: &[(&'static str, f64)]) -> f64 {
        let weight = |name: &str| self.0.get(name).copied().unwrap_or(0.0);
        weight("bias") + values.iter().map(|(name, value)| weight(name) * value).sum::<f64>()
    }
}

/// The logistic function: the probability of log-odds.
pub fn logistic(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// The evidence of one statement as named numbers; a feature that is absent is 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Features {
    kind: Kind,
    values: Vec<(&'static str, f64)>,
}

impl Scoring {
    /// The built-in weights.
    pub fn builtin() -> &'static Self {
        static BUILTIN: LazyLock<Scoring> = LazyLock::new(|| {
            // Compiled in and loaded by a test: no input here can fail.
            toml::from_str(include_str!("scoring.toml")).unwrap_or_else(|error| panic!("scoring.toml: {error}"))
        });
        &BUILTIN
    }

    /// Log-odds of the good verdict, by rules and facts alone, of a statement of that kind which those rules have read.
    pub fn of_reading(&self, kind: Kind, rules: &RuleSet, reading: &Reading<'_>) -> f64 {
        self.log_odds(&Features::of(kind, rules, &reading.signals, &reading.findings))
    }

    /// Log-odds of the good verdict by rules and facts alone.
    pub fn log_odds(&self, features: &Features) -> f64 {
        let weights = if features.kind == Kind::Outcome { &self.outcome } else { &self.provision };
        weights.log_odds(&features.values)
    }
}

impl Features {
    /// The features of a statement of that kind.
    pub fn of(kind: Kind, rules: &RuleSet, signals: &Signals, findings: &[Finding]) -> Self {
        let has = |signal: Signal| f64::from(signals.has(signal));
        let count = |severity: Severity, typed: bool| {
            let rules: std::collections::BTreeSet<&str> = findings
                .iter()
                .filter(|f| f.severity == severity)
                .filter(|f| rules.get(&f.rule).is_some_and(|r| r.wording.is_some()) == typed)
                .map(|f| f.rule.as_str())
                .collect();
            (rules.len() as f64).min(3.0)
        };
        let mut values = vec![
            ("wrong_type", count(Severity::Error, true).min(1.0)),
            ("error", count(Severity::Error, false)),
            ("warning", count(Severity::Warning, false) + count(Severity::Warning, true)),
            ("deadline", has(Signal::Deadline)),
        ];
        if kind == Kind::Outcome {
            values.extend([
                ("measure", has(Signal::Measure)),
                ("weak_measure", has(Signal::WeakMeasure)),
                ("independence", has(Signal::Independence)),
                ("observable", has(Signal::Observable)),
                ("able", has(Signal::Able)),
                ("real_life", has(Signal::RealLife)),
                ("scope", has(Signal::Scope)),
                ("dated_act", has(Signal::Deadline) * has(Signal::Observable) * has(Signal::Scope)),
                ("able_act", has(Signal::Able) * has(Signal::Observable) * has(Signal::Scope)),
            ]);
        } else {
            values.extend([
                ("quantified", has(Signal::Quantified)),
                ("frequency", has(Signal::Frequency)),
                ("duration", has(Signal::Duration)),
                ("expert", has(Signal::Expert)),
                ("role", has(Signal::Role)),
                ("group", has(Signal::Group)),
                ("setting", has(Signal::Setting)),
                ("trigger", has(Signal::Trigger)),
                ("named", has(Signal::Named)),
                ("equipment", has(Signal::Equipment)),
                ("training", has(Signal::Training)),
                ("fixed", has(Signal::Fixed)),
                ("manner", has(Signal::Manner)),
                (
                    "placed_equipment",
                    has(Signal::Equipment) * has(Signal::Setting).max(has(Signal::Frequency)).max(has(Signal::Fixed)),
                ),
                ("one_off", has(Signal::Deadline) * has(Signal::Role) * has(Signal::Named)),
                ("triggered", has(Signal::Trigger) * has(Signal::Named)),
                ("triggered_act", has(Signal::Trigger) * has(Signal::Role)),
            ]);
        }
        Self { kind, values }
    }

    /// Names and values, in a fixed order.
    pub fn values(&self) -> &[(&'static str, f64)] {
        &self.values
    }
}
