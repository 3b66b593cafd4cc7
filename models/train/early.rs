//! This is how the second stage of the cascade is fitted, on styles that the network has not seen: what rules, first stage and the
//! head after the first layers count, and when that is sure.

use super::corpus::Example;
use super::first::{Fitted, Held, margins};
use super::logistic::{self, Row};
use clearplan::document::Kind;
use clearplan::engine::Engine;
use clearplan::model::{Combination, Early, Look, Model, Said, early_features};
use clearplan::rules::Severity;
use clearplan::scoring::{Features, Scoring, Weights, logistic as probability};
use std::collections::BTreeMap;
use std::sync::Mutex;

/// The penalty on the weights: there are three.
const PENALTY: f64 = 1.0;
/// Of all left-out statements so many may be decided against rules and network, for each kind, beside those of the first stage.
const AGAINST: f64 = 0.0015;

/// A statement as the look sees it.
struct Seen<'e> {
    row: Row<'e>,
    /// Whether a rule has words to show, should it be vague.
    shown: bool,
    /// Whether the first stage leaves it open.
    open: bool,
}

/// Fits the look for both kinds to examples, with whose log-odds `first.left_out` begins. `None` for a network without an early head.
pub fn fit(
    model: &Model,
    combination: &Combination,
    examples: &[&Example],
    first: &Fitted,
) -> Option<(Early, BTreeMap<&'static str, Held>)> {
    let engine = Engine::new().without_model();
    let statements: Vec<_> = examples.iter().map(|example| &example.statement).collect();
    let heads = Mutex::new(vec![None; examples.len()]);
    let said = model.predict_unless(&statements, |at, head| {
        heads.lock().unwrap_or_else(std::sync::PoisonError::into_inner)[at] = Some(head);
        None
    });
    let heads: Vec<f64> = heads.into_inner().ok()?.into_iter().collect::<Option<_>>()?;
    let mut rows: BTreeMap<Kind, Vec<Seen>> = BTreeMap::new();
    for (((example, said), head), log_odds) in examples.iter().zip(said).zip(heads).zip(&first.left_out) {
        let Said::All(said) = said else { continue };
        let statement = &example.statement;
        let reading = engine.rules().read(statement);
        let features = Features::of(statement.kind, engine.rules(), &reading.signals, &reading.findings);
        let rules = Scoring::builtin().log_odds(&features);
        let values = early_features(rules, *log_odds, head).map(|(_, value)| value).to_vec();
        let label = combination.verdict(statement.kind, rules, &said) >= 0.0;
        let shown = reading.findings.iter().any(|finding| finding.severity >= Severity::Warning);
        let row = Row { values, label, group: &example.style };
        let stage = first.stage.of(statement.kind);
        let open = *log_odds < f64::from(stage.good) && !(*log_odds <= f64::from(stage.vague) && shown);
        rows.entry(statement.kind).or_default().push(Seen { row, shown, open });
    }
    let mut held = BTreeMap::new();
    let mut look = |kind: Kind, name: &'static str| {
        let rows = rows.remove(&kind).unwrap_or_default();
        let foretold: Vec<(f64, bool, bool)> = rows
            .iter()
            .filter(|seen| seen.open)
            .map(|seen| {
                let others = |row: &&Row| row.group != seen.row.group;
                let rest: Vec<&Row> = rows.iter().map(|seen| &seen.row).filter(others).collect();
                // A fit for each statement instead of each style: a few hundred rows of three values.
                let (bias, weights) = logistic::fit(&rest, PENALTY);
                (logistic::sum(bias, &weights, &seen.row.values), seen.row.label, seen.shown)
            })
            .collect();
        let (vague, good) = margins(&foretold, AGAINST * rows.len() as f64 / 2.0, likely);
        held.insert(name, Held::of(&foretold, vague, good));
        let (bias, weights) = logistic::fit(&rows.iter().map(|seen| &seen.row).collect::<Vec<_>>(), PENALTY);
        let names = early_features(0.0, 0.0, 0.0).map(|(name, _)| name);
        let named = names.into_iter().zip(weights).chain([("bias", bias)]);
        Look { vague, good, weights: Weights(named.map(|(name, weight)| (name.to_owned(), weight)).collect()) }
    };
    let early = Early { outcome: look(Kind::Outcome, "outcome"), provision: look(Kind::Provision, "provision") };
    Some((early, held))
}

/// What a decision counts, made or not: how likely it is wrong. A few hundred rows show a handful of mistakes, and one of them more or
/// less would move the margins far; the log-odds, which are calibrated on left-out styles, say what must be wrong.
fn likely(odds: f64, _: bool) -> f64 {
    probability(-odds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_margins_leave_out_what_would_be_wrong() {
        let foretold: Vec<(f64, bool, bool)> =
            (-8..=8).map(|odds| (f64::from(odds), odds > 0, odds % 2 == 0)).collect();
        let (vague, good) = margins(&foretold, 0.05, likely);
        // Wrong beyond 3: 0.047 + 0.018 + … is too much; beyond 4 about 0.028.
        assert!((good - 4.0).abs() < 1e-9, "{good}");
        // Of the others only the even ones have words to show: 0.018 + 0.0025 + …, and 0.119 more at -2.
        assert!((vague + 4.0).abs() < 1e-9, "{vague}");
        assert_eq!(margins(&[], 0.05, likely), (f64::NEG_INFINITY, f64::INFINITY));
    }
}
