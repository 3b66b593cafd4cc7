//! This is what the model is asked about a statement: one number for each of these, in this order.

use crate::assess::{Criterion, Wording};
use crate::document::Kind;

/// One question that the model answers about a whole statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// Is it good: a smart outcome, a specific provision?
    Verdict,
    /// Is this what its wording really is? Exactly one of these holds.
    Wording(Wording),
    /// Is this criterion met by its words?
    Criterion(Criterion),
}

/// Every question, in the order of the rows of `heads.statement.weight`.
pub const LABELS: [Label; 19] = [
    Label::Verdict,
    Label::Wording(Wording::Outcome),
    Label::Wording(Wording::Aspiration),
    Label::Wording(Wording::Need),
    Label::Wording(Wording::Provision),
    Label::Wording(Wording::Activity),
    Label::Wording(Wording::AdultAction),
    Label::Wording(Wording::Aim),
    Label::Wording(Wording::Boilerplate),
    Label::Criterion(Criterion::Specific),
    Label::Criterion(Criterion::Measurable),
    Label::Criterion(Criterion::TimeBound),
    Label::Criterion(Criterion::What),
    Label::Criterion(Criterion::Who),
    Label::Criterion(Criterion::Frequency),
    Label::Criterion(Criterion::Duration),
    Label::Criterion(Criterion::Group),
    Label::Criterion(Criterion::Setting),
    Label::Criterion(Criterion::Commitment),
];

/// Rows of [`LABELS`] that tell the wording.
pub const WORDINGS: std::ops::Range<usize> = 1..9;

impl Label {
    /// True where the question is asked of that kind.
    pub fn is_asked(self, kind: Kind) -> bool {
        match self {
            Self::Verdict | Self::Wording(_) => matches!(kind, Kind::Outcome | Kind::Provision),
            Self::Criterion(criterion) => Criterion::of(kind).contains(&criterion),
        }
    }

    /// The name in tables and files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Verdict => "verdict",
            Self::Wording(wording) => wording.name(),
            Self::Criterion(criterion) => criterion.name(),
        }
    }
}
