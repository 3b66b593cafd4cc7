//! The backend of libtorch: the same verdicts as the embedded engine, from the same files. Needs the feature `rust-bert`.

use clearplan::document::{Context, ContextRole, Kind, Statement};
use clearplan::engine::Engine;
use clearplan::model::libtorch::{Network, device};
use clearplan::model::{Files, Model, Precision};

/// Statements of the styles that the weights were not fitted to.
fn statements() -> Vec<Statement> {
    let rows = include_str!("../corpora/statements/statements.jsonl").lines();
    let rows = rows.map(|line| serde_json::from_str::<serde_json::Value>(line).expect("each line is JSON"));
    rows.filter(|row| row["split"] == "test")
        .map(|row| {
            let kind = if row["kind"] == "outcome" { Kind::Outcome } else { Kind::Provision };
            let mut statement = Statement::new(kind, row["text"].as_str().expect("a text"));
            let context = row["context"].as_array().into_iter().flatten().filter_map(|text| text.as_str());
            statement.context =
                context.map(|text| Context { role: ContextRole::LeadIn, text: text.to_owned() }).collect();
            statement
        })
        .collect()
}

fn libtorch() -> Model {
    let network = Network::from_files(&Files::builtin(), device()).expect("the network loads");
    Model::new("libtorch", Files::builtin()).expect("the model loads").with_libtorch(network)
}

#[test]
fn logits_are_within_a_thousandth() {
    let statements = statements();
    let some: Vec<&Statement> = statements.iter().step_by(4).collect();
    assert!(some.len() > 150, "{}", some.len());
    let embedded = Model::new("exact", Files::builtin()).expect("it loads").with_precision(Precision::Exact);
    let mut largest = 0.0f32;
    for (a, b) in embedded.predict(&some).iter().zip(libtorch().predict(&some)) {
        largest = a.logits.iter().zip(b.logits).map(|(a, b)| (a - b).abs()).fold(largest, f32::max);
    }
    println!("largest difference of a logit over {} statements: {largest}", some.len());
    assert!(largest < 1e-3, "logits differ by {largest}");
}

#[test]
fn verdicts_agree_with_int8() {
    let statements = statements();
    let all: Vec<&Statement> = statements.iter().collect();
    let embedded = Engine::new().assess_all(&all);
    let libtorch = Engine::new().with_model(libtorch()).assess_all(&all);
    let verdict = |a: &Option<clearplan::Assessment>| a.as_ref().map(|a| a.verdict);
    let same = embedded.iter().zip(&libtorch).filter(|(a, b)| verdict(a) == verdict(b)).count();
    println!("{same} of {} verdicts agree", all.len());
    assert!(same as f64 >= 0.995 * all.len() as f64, "{same} of {} verdicts agree", all.len());
}
