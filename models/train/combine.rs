//! This is how the combination of rules and model is fitted, on styles that neither has seen: few weights, so that a few hundred
//! rows suffice, with a penalty chosen by leaving whole styles out.

use super::corpus::Example;
use super::logistic::{self, Row};
use clearplan::assess::{Assessment, Criterion, CriterionState};
use clearplan::document::Kind;
use clearplan::engine::Engine;
use clearplan::model::{Combination, LABELS, Label, Model, Prediction, criterion_features, verdict_features};
use clearplan::scoring::{Scoring, Weights};
use std::collections::BTreeMap;

/// Closer to 0.5 than this a verdict is undecided.
const UNDECIDED: f64 = 0.15;

/// What rules and model say of an example.
struct Said<'e> {
    example: &'e Example,
    rules: f64,
    by_rules: Assessment,
    prediction: Prediction,
}

/// Fits the weights of every question.
pub fn fit(model: &Model, examples: &[&Example]) -> Combination {
    let engine = Engine::new().without_model().without_suggestions();
    let statements: Vec<_> = examples.iter().map(|example| &example.statement).collect();
    let said: Vec<Said> = examples
        .iter()
        .zip(model.predict(&statements))
        .filter_map(|(&example, prediction)| {
            let statement = &example.statement;
            let reading = engine.rules().read(statement);
            let rules = Scoring::builtin().of_reading(statement.kind, engine.rules(), &reading);
            Some(Said { example, rules, by_rules: engine.assess(statement)?, prediction })
        })
        .collect();
    let verdict = |kind: Kind| {
        let rows: Vec<_> = said.iter().filter(|said| said.example.statement.kind == kind).collect();
        weights(rows.iter().map(|said| (verdict_features(kind, said.rules, &said.prediction), said.example, 0)))
    };
    let mut combination = Combination {
        undecided: UNDECIDED,
        outcome: verdict(Kind::Outcome),
        provision: verdict(Kind::Provision),
        criteria: BTreeMap::new(),
        published: None,
    };
    for (i, label) in LABELS.iter().enumerate() {
        let Label::Criterion(criterion) = *label else { continue };
        let rows = said.iter().filter(|said| said.example.labels[i].is_some()).map(|said| {
            let log_odds = combination.verdict(said.example.statement.kind, said.rules, &said.prediction);
            (
                criterion_features(criterion, shown(&said.by_rules, criterion), &said.prediction, log_odds),
                said.example,
                i,
            )
        });
        let fitted = weights(rows);
        combination.criteria.insert(criterion.name().to_owned(), fitted);
    }
    combination
}

fn shown(assessment: &Assessment, criterion: Criterion) -> usize {
    assessment.criteria.iter().find(|state| state.criterion == criterion).map_or(0, CriterionState::shown)
}

fn weights<'e>(rows: impl Iterator<Item = (Vec<(&'static str, f64)>, &'e Example, usize)>) -> Weights {
    let mut names: Vec<&'static str> = Vec::new();
    let rows: Vec<Row> = rows
        .map(|(values, example, label)| {
            names = values.iter().map(|(name, _)| *name).collect();
            Row {
                values: values.iter().map(|(_, value)| *value).collect(),
                label: example.labels[label] == Some(true),
                group: &example.style,
            }
        })
        .collect();
    let (bias, fitted, _) = logistic::fit_by_group(&rows);
    // Four figures are enough, and read better in the file.
    let round = |value: f64| (value * 1e4).round() / 1e4;
    let named = names.into_iter().zip(fitted).map(|(name, weight)| (name.to_owned(), round(weight)));
    Weights(named.chain([("bias".to_owned(), round(bias))]).collect())
}
