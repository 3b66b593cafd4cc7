//! The model that is compiled in: it computes what libtorch computes, whatever stands beside a statement, and says what is
//! wrong with files that are no model.

use clearplan::document::{Context, ContextRole, Kind, Statement};
use clearplan::model::{Files, LABELS, Label, Model, ModelError, Precision, prefix};
use std::borrow::Cow;

const PARITY: &str = include_str!("../models/clearplan-minilm-7/parity.jsonl");

/// A statement, and the logits that libtorch gave with the committed weights as f32.
struct Row {
    id: String,
    statement: Statement,
    logits: Vec<f64>,
}

fn rows() -> Vec<Row> {
    PARITY
        .lines()
        .map(|line| {
            let row: serde_json::Value = serde_json::from_str(line).expect("each line is JSON");
            let input = |i: usize| row["input"][i].as_str().expect("an input").to_owned();
            let (kind, context) = match input(0).split_once(": ") {
                Some((kind, context)) => (kind.to_owned(), Some(context.to_owned())),
                None => (input(0), None),
            };
            let kind = if kind == "outcome" { Kind::Outcome } else { Kind::Provision };
            let mut statement = Statement::new(kind, input(1));
            // Several contexts and one that says the same read alike.
            statement.context = context.into_iter().map(|text| Context { role: ContextRole::LeadIn, text }).collect();
            assert_eq!(prefix(&statement), input(0));
            let logits = row["logits"].as_array().expect("logits").iter().map(|l| l.as_f64().expect("a number"));
            Row { id: row["id"].as_str().expect("an id").to_owned(), statement, logits: logits.collect() }
        })
        .collect()
}

fn largest_difference(a: &[f32], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (f64::from(*a) - b).abs()).fold(0.0, f64::max)
}

#[test]
fn logits_are_those_of_libtorch() {
    let rows = rows();
    assert!(rows.len() >= 64, "{} rows", rows.len());
    assert!(rows.iter().any(|row| !row.statement.context.is_empty()), "none inherits anything");
    let model = Model::new("parity", Files::builtin()).expect("it loads").with_precision(Precision::Exact);
    let statements: Vec<&Statement> = rows.iter().map(|row| &row.statement).collect();
    for (row, said) in rows.iter().zip(model.predict(&statements)) {
        let difference = largest_difference(&said.logits, &row.logits);
        assert!(difference < 1e-3, "{}: logits differ by {difference}", row.id);
    }
}

#[test]
fn int8_says_nearly_the_same() {
    let rows = rows();
    let statements: Vec<&Statement> = rows.iter().map(|row| &row.statement).collect();
    let verdict = LABELS.iter().position(|label| *label == Label::Verdict).expect("a verdict");
    let said = Model::builtin().predict(&statements);
    let other =
        rows.iter().zip(&said).filter(|(row, said)| (said.logits[verdict] > 0.0) != (row.logits[verdict] > 0.0));
    let other: Vec<&str> = other.map(|(row, _)| row.id.as_str()).collect();
    assert!(other.len() <= 1, "other verdicts than in f32: {other:?}");
    let mean = rows.iter().zip(&said).map(|(row, said)| largest_difference(&said.logits, &row.logits)).sum::<f64>();
    assert!(mean / (rows.len() as f64) < 0.3, "the mean of the largest differences is {}", mean / rows.len() as f64);
}

#[test]
fn what_stands_beside_a_statement_changes_nothing() {
    let rows = rows();
    let statements: Vec<&Statement> = rows.iter().map(|row| &row.statement).collect();
    let together = Model::builtin().predict(&statements);
    for (i, statement) in statements.iter().enumerate().step_by(7) {
        assert!(Model::builtin().predict(&[statement])[0] == together[i], "{}: another answer alone", rows[i].id);
    }
    let backwards: Vec<&Statement> = statements.iter().copied().rev().collect();
    let mut backwards = Model::builtin().predict(&backwards);
    backwards.reverse();
    assert!(backwards == together, "another answer in another order");
}

#[test]
fn a_logit_is_the_sum_of_what_the_words_add() {
    let row = &rows()[0];
    let said = &Model::builtin().predict(&[&row.statement])[0];
    for piece in &said.pieces {
        assert!(row.statement.text.get(piece.span.start..piece.span.end).is_some_and(|words| !words.is_empty()));
    }
    assert!(!said.pieces.is_empty() && said.pieces.iter().all(|piece| piece.fault.is_finite()));
}

#[test]
fn files_that_are_no_model_are_told() {
    let broken = |files: Files| Model::new("broken", files).err().map(|error: ModelError| error.to_string());
    let files = Files::builtin;
    let cut = Files { weights: Cow::Owned(files().weights[..1000].to_vec()), ..files() };
    assert!(broken(cut).expect("cut short").starts_with("model.safetensors: "));
    let config = Files { config: Cow::Borrowed(b"{}"), ..files() };
    assert!(broken(config).expect("no config").starts_with("config.json of the model: "));
    let tokenizer = Files { tokenizer: Cow::Borrowed(b"[]"), ..files() };
    assert!(broken(tokenizer).expect("no tokenizer").starts_with("tokenizer.json of the model: "));
    let combination = Files { combination: Cow::Borrowed("undecided = 'x'"), ..files() };
    assert!(broken(combination).expect("no combination").starts_with("combination.toml of the model: "));
}
