//! This is one plan scored: what is kept of it, and a row for each statement and finding.

use super::metadata::Given;
use super::privacy::Kind as Personal;
use super::wording::Marks;
use crate::assess::{Confidence, Criterion, State, Verdict, Wording};
use crate::document::Kind;
use crate::rules::Severity;
use serde::{Deserialize, Serialize};

/// Every criterion, in the order of the columns.
pub const CRITERIA: [Criterion; 12] = [
    Criterion::Specific,
    Criterion::Measurable,
    Criterion::Achievable,
    Criterion::Relevant,
    Criterion::TimeBound,
    Criterion::What,
    Criterion::Who,
    Criterion::Frequency,
    Criterion::Duration,
    Criterion::Group,
    Criterion::Setting,
    Criterion::Commitment,
];

/// Sections with a score of their own in `plans.parquet`.
pub const SECTIONS: [&str; 5] = ["E", "F", "G", "H1", "H2"];

/// What is kept of a plan: everything that the tables and statistics need, and no words of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// What the outputs call it.
    pub id: String,
    /// Where it came from.
    pub source: String,
    /// What its bytes were.
    pub format: String,
    /// The hash of its id and bytes, in hexadecimal.
    pub hash: String,
    /// Metadata of its record.
    pub given: Given,
    /// 0–100; `None` where nothing was judged.
    pub score: Option<f64>,
    /// The rubric's grade.
    pub grade: Option<String>,
    /// Scores of [`SECTIONS`].
    pub sections: [Option<f64>; SECTIONS.len()],
    /// Statements of all kinds.
    pub statements: u32,
    /// Words of them.
    pub words: u32,
    /// Judged outcomes, and of these the good ones.
    pub outcomes: [u32; 2],
    /// Judged provision, and of these the good ones.
    pub provision: [u32; 2],
    /// Judged statements that are close calls.
    pub undecided: u32,
    /// Statements that meet each of [`CRITERIA`].
    pub met: [u16; CRITERIA.len()],
    /// Statements that lack it.
    pub missing: [u16; CRITERIA.len()],
    /// Findings: errors, warnings, notes.
    pub findings: [u32; 3],
    /// Statements that each rule was found in, by the rule's place in the list of all.
    pub rules: Vec<(u16, u16)>,
    /// Findings about the plan as a whole: errors, warnings, notes.
    pub whole: [u32; 3],
    /// How many of them are of each rule, by the rule's place in the list of all.
    pub whole_rules: Vec<(u16, u16)>,
    /// Kinds of help with minutes a week, by [`super::quantum::names`].
    pub help: Vec<(u8, f32)>,
    /// Personal data: kind, paragraph, first and last character (counted in code points).
    pub personal: Vec<(Personal, u32, u32, u32)>,
    /// True where quotes are in the outputs.
    pub quoted: bool,
    /// Pages that are images.
    pub unread_pages: u32,
    /// A key that a plan with the same statements in the same order shares.
    pub twin: u64,
}

impl Plan {
    /// Statements judged.
    pub fn judged(&self) -> u32 {
        self.outcomes[0] + self.provision[0]
    }

    /// Of these, good.
    pub fn good(&self) -> u32 {
        self.outcomes[1] + self.provision[1]
    }

    /// The share of statements that meet a criterion, of those that could be told.
    pub fn share(&self, criterion: usize) -> Option<f64> {
        let (met, missing) = (f64::from(*self.met.get(criterion)?), f64::from(*self.missing.get(criterion)?));
        (met + missing > 0.0).then(|| met / (met + missing))
    }
}

/// A plan with its rows.
#[derive(Debug, Clone)]
pub struct ScoredPlan {
    /// What is kept of it.
    pub plan: Plan,
    /// A row for each statement.
    pub statements: Vec<StatementRow>,
    /// A row for each finding.
    pub findings: Vec<FindingRow>,
}

/// A row of `statements.parquet`.
#[derive(Debug, Clone)]
pub struct StatementRow {
    /// `F.3`.
    pub id: String,
    /// The section's id; empty before the first.
    pub section: String,
    /// What the plan puts here.
    pub kind: Kind,
    /// What is said of it; `None` for kinds that are not judged.
    pub judged: Option<JudgedRow>,
    /// Its words, where they may be kept; masked where they are to be.
    pub text: Option<String>,
    /// Ordinal of its paragraph in the document.
    pub paragraph: u32,
    /// Its place in the paragraph, in code points.
    pub start: u32,
    /// Its end.
    pub end: u32,
    /// Page, where the format has pages.
    pub page: Option<u32>,
    /// How many words it has.
    pub words: u16,
    /// What its wording is known by.
    pub marks: Marks,
}

/// The judgement in a row of `statements.parquet`.
#[derive(Debug, Clone, Copy)]
pub struct JudgedRow {
    /// The verdict.
    pub verdict: Verdict,
    /// Probability of the good verdict.
    pub probability: f32,
    /// Whether it is a close call.
    pub confidence: Confidence,
    /// What the wording really is.
    pub wording: Wording,
    /// By [`CRITERIA`]; `None` for those of the other kind.
    pub criteria: [Option<State>; CRITERIA.len()],
    /// Errors, warnings, notes.
    pub findings: [u16; 3],
}

/// A row of `findings.parquet`.
#[derive(Debug, Clone)]
pub struct FindingRow {
    /// The statement, by its place in the plan; `None` for a finding about the plan as a whole that stands at none.
    pub statement: Option<u32>,
    /// The rule, by its place in the list of all.
    pub rule: u16,
    /// How bad.
    pub severity: Severity,
    /// Its place in the statement, in code points; `None` where it stands at none.
    pub start: Option<u32>,
    /// Its end.
    pub end: Option<u32>,
    /// Its words, where they may be kept.
    pub quote: Option<String>,
}
