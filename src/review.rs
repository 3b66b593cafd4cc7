//! This is one plan judged: every statement with its assessment, and the scores.

use crate::assess::Assessment;
use crate::document::{Format, Note, Statement};
use crate::plan::Whole;
use crate::waivers::Waived;
use serde::Serialize;

/// One plan judged.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Review {
    /// The document's display name.
    pub document: String,
    /// What it was read from.
    pub format: Format,
    /// Sections in reading order.
    pub sections: Vec<ReviewedSection>,
    /// Scores of the plan and of each section id.
    pub scores: Scores,
    /// What is said of the plan as a whole.
    pub whole: Whole,
    /// What could not be read.
    pub notes: Vec<Note>,
}

/// One section judged.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReviewedSection {
    /// The framework's id, `F`; empty before the first section.
    pub section: String,
    /// The heading as the plan words it.
    pub heading: String,
    /// Its statements in reading order.
    pub statements: Vec<Judged>,
}

/// A statement and what is said of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Judged {
    /// What to call it in output: section id and ordinal among that id's statements in the plan, `F.3`; `0.3` where it
    /// stands in no section.
    pub id: String,
    /// The statement.
    pub statement: Statement,
    /// `None` for kinds that are not judged.
    pub assessment: Option<Assessment>,
    /// Findings that were waived, ordered by place; they are not among those of the assessment.
    pub waived: Vec<Waived>,
}

/// Scores by the rubric.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Scores {
    /// The whole plan.
    pub plan: Score,
    /// One entry for each section id that has judged statements, in order of first appearance.
    pub sections: Vec<SectionScore>,
}

/// A score and what it stands on.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Score {
    /// 0–100, `None` where nothing was judged: never zero for want of text.
    pub score: Option<f64>,
    /// The rubric's grade for that score.
    pub grade: Option<String>,
    /// Statements judged.
    pub judged: usize,
    /// Of these, good.
    pub good: usize,
    /// Of these, undecided, whichever way the verdict fell.
    pub undecided: usize,
}

/// The score of a section id, all its recurrences together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SectionScore {
    /// The section id.
    pub section: String,
    /// Its score.
    #[serde(flatten)]
    pub score: Score,
}
