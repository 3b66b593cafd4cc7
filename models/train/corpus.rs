//! This is the corpus as the trainer sees it: `corpora/statements/statements.jsonl`, row by row, and `unlabelled.jsonl` beside it.

use clearplan::document::{Context, ContextRole, Kind, Statement};
use clearplan::model::{LABELS, Label};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::path::Path;

/// One labelled statement.
#[derive(Debug, Clone)]
pub struct Example {
    /// The row's id.
    pub id: String,
    /// Whole author styles lie in one split.
    pub split: Split,
    /// The author style.
    pub style: String,
    /// What rows of a contrast share.
    pub pair: Option<String>,
    /// The statement with what it inherits.
    pub statement: Statement,
    /// For each of [`LABELS`] whether it holds; `None` where it is not asked of this kind.
    pub labels: Vec<Option<bool>>,
    /// Bytes of the text that its labeller faulted.
    pub faults: Vec<std::ops::Range<usize>>,
}

/// What a row is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Split {
    /// The weights are fitted to it.
    Train,
    /// Stopping, combination and calibration are chosen on it.
    Dev,
    /// Nothing is chosen on it.
    Test,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    kind: Kind,
    style: String,
    split: Split,
    #[serde(default)]
    context: Vec<String>,
    text: String,
    verdict: String,
    #[serde(rename = "type")]
    wording: String,
    criteria: BTreeMap<String, String>,
    phrases: Vec<String>,
    pair: Option<String>,
}

/// A statement without labels.
#[derive(Deserialize)]
struct Unlabelled {
    kind: Kind,
    split: Split,
    #[serde(default)]
    context: Vec<String>,
    text: String,
}

/// Reads the corpus.
///
/// # Errors
/// What is wrong, with the line.
pub fn read(path: &Path) -> Result<Vec<Example>, String> {
    Ok(rows(path)?.into_iter().map(example).collect())
}

/// Reads the statements without labels of one split.
///
/// # Errors
/// What is wrong, with the line.
pub fn unlabelled(path: &Path, split: Split) -> Result<Vec<Statement>, String> {
    let rows: Vec<Unlabelled> = rows(path)?;
    Ok(rows
        .into_iter()
        .filter(|row| row.split == split)
        .map(|row| statement(row.kind, row.text, row.context))
        .collect())
}

/// Reads a file of JSON Lines.
///
/// # Errors
/// What is wrong, with the line.
pub fn rows<R: DeserializeOwned>(path: &Path) -> Result<Vec<R>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let row = |(i, line): (usize, &str)| {
        serde_json::from_str(line).map_err(|error| format!("{}, line {}: {error}", path.display(), i + 1))
    };
    text.lines().enumerate().map(row).collect()
}

/// A statement with the lead-ins that it inherits.
pub fn statement(kind: Kind, text: String, context: Vec<String>) -> Statement {
    let context = context.into_iter().map(|text| Context { role: ContextRole::LeadIn, text }).collect();
    Statement { context, ..Statement::new(kind, text) }
}

fn example(row: Row) -> Example {
    let labels = LABELS
        .iter()
        .map(|label| match label {
            Label::Verdict => Some(row.verdict == "good"),
            Label::Wording(wording) => Some(row.wording == wording.name()),
            // Achievable and relevant are not in the wording, and so not among the labels.
            Label::Criterion(criterion) => row.criteria.get(criterion.name()).map(|state| state == "met"),
        })
        .collect();
    let faults = row.phrases.iter().filter_map(|p| row.text.find(p.as_str()).map(|at| at..at + p.len())).collect();
    let statement = statement(row.kind, row.text, row.context);
    Example { id: row.id, split: row.split, style: row.style, pair: row.pair, statement, labels, faults }
}
