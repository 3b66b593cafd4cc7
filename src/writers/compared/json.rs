//! This is the comparison for programs: `schemas/compare.schema.json` is its contract. Offsets count Unicode code points.

use super::evidence_words;
use crate::assess::{Criterion, Evidence, Verdict};
use crate::compare::{Change, Class, Comparison, Entry, Way};
use crate::document::{Kind, Note, Place, Statement};
use crate::review::Judged;
use crate::span::CodePoints;
use serde::Serialize;
use std::collections::BTreeMap;

/// The version of the format; it changes when a reader of it would have to.
pub const VERSION: u32 = 1;

/// The comparison as pretty-printed JSON with a final line break.
pub fn write(comparison: &Comparison) -> String {
    let json = ComparisonJson {
        version: VERSION,
        r#as: comparison.way,
        plan: DocumentJson {
            document: &comparison.plan.document,
            statements: comparison.statements,
            found: None,
            related: None,
            notes: &comparison.plan.notes,
        },
        sources: comparison
            .sources
            .iter()
            .map(|source| DocumentJson {
                document: &source.document,
                statements: source.statements,
                found: Some(source.found),
                related: Some(source.related),
                notes: &source.notes,
            })
            .collect(),
        counts: Class::ALL.iter().map(|class| (class.name(), comparison.count(*class))).collect(),
        entries: comparison.entries.iter().map(EntryJson::new).collect(),
    };
    // Strings, numbers and maps with string keys always serialise.
    let mut out = serde_json::to_string_pretty(&json).unwrap_or_else(|_| "{}".to_owned());
    out.push('\n');
    out
}

#[derive(Serialize)]
struct ComparisonJson<'c> {
    version: u32,
    r#as: Way,
    plan: DocumentJson<'c>,
    sources: Vec<DocumentJson<'c>>,
    counts: BTreeMap<&'static str, usize>,
    entries: Vec<EntryJson<'c>>,
}

#[derive(Serialize)]
struct DocumentJson<'c> {
    document: &'c str,
    statements: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    found: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    related: Option<bool>,
    notes: &'c [Note],
}

#[derive(Serialize)]
struct EntryJson<'c> {
    class: Class,
    source: Option<SideJson<'c>>,
    plan: Option<SideJson<'c>>,
    likeness: f64,
    unchanged: bool,
    lost: Vec<ChangeJson<'c>>,
    gained: Vec<ChangeJson<'c>>,
}

impl<'c> EntryJson<'c> {
    fn new(entry: &'c Entry) -> Self {
        let changes = |list: &'c [Change]| list.iter().map(|change| ChangeJson::new(entry, change)).collect();
        Self {
            class: entry.class,
            source: entry.source.as_ref().map(|(at, judged)| SideJson::new(Some(*at), judged)),
            plan: entry.plan.as_ref().map(|judged| SideJson::new(None, judged)),
            // Three places are what the number is good for.
            likeness: (entry.likeness * 1_000.0).round() / 1_000.0,
            unchanged: entry.unchanged,
            lost: changes(&entry.lost),
            gained: changes(&entry.gained),
        }
    }
}

#[derive(Serialize)]
struct SideJson<'c> {
    /// Index among `sources`.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<usize>,
    id: &'c str,
    kind: Kind,
    section: &'c str,
    text: &'c str,
    context: Vec<&'c str>,
    place: Place,
    verdict: Option<Verdict>,
}

impl<'c> SideJson<'c> {
    fn new(source: Option<usize>, judged: &'c Judged) -> Self {
        let statement = &judged.statement;
        Self {
            source,
            id: &judged.id,
            kind: statement.kind,
            section: &statement.section,
            text: &statement.text,
            context: statement.context.iter().map(|context| context.text.as_str()).collect(),
            place: statement.place,
            verdict: judged.assessment.as_ref().map(|assessment| assessment.verdict),
        }
    }
}

#[derive(Serialize)]
struct ChangeJson<'c> {
    element: Criterion,
    was: Option<WordsJson<'c>>,
    now: Option<WordsJson<'c>>,
}

impl<'c> ChangeJson<'c> {
    fn new(entry: &'c Entry, change: &Change) -> Self {
        let source = entry.source.as_ref().map(|(_, judged)| &judged.statement);
        let plan = entry.plan.as_ref().map(|judged| &judged.statement);
        let words = |statement: Option<&'c Statement>, evidence: Option<Evidence>| {
            statement.zip(evidence).map(|(statement, evidence)| WordsJson::new(statement, evidence))
        };
        Self { element: change.element, was: words(source, change.was), now: words(plan, change.now) }
    }
}

/// Words of a statement, or of the entry of its `context` with that index.
#[derive(Serialize)]
struct WordsJson<'c> {
    start: usize,
    end: usize,
    text: &'c str,
    context: Option<usize>,
}

impl<'c> WordsJson<'c> {
    fn new(statement: &'c Statement, evidence: Evidence) -> Self {
        let whole = match evidence.context {
            None => statement.text.as_str(),
            Some(at) => statement.context.get(at).map_or("", |context| context.text.as_str()),
        };
        let span = CodePoints::new(whole).span(evidence.span);
        Self { start: span.start, end: span.end, text: evidence_words(statement, evidence), context: evidence.context }
    }
}
