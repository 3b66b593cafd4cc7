//! This is the judgement: facts and findings of one statement become criteria, a verdict and a probability.

use crate::document::{Kind, Statement};
use crate::rules::{Finding, RuleSet};
use crate::span::Span;
use serde::{Deserialize, Serialize};

/// Everything said of one outcome or provision.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Assessment {
    /// The binary verdict.
    pub verdict: Verdict,
    /// Probability of the good verdict, 0–1.
    pub probability: f64,
    /// Low where the probability lies in the undecided band.
    pub confidence: Confidence,
    /// What the wording really is.
    pub wording: Wording,
    /// Criterion by criterion, always all of its kind, in the order of [`Criterion`].
    pub criteria: Vec<CriterionState>,
    /// What is wrong, at the words, ordered by place.
    pub findings: Vec<Finding>,
    /// What to write instead; `None` only where the verdict is good.
    pub suggestion: Option<String>,
}

/// The verdict on a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// An outcome that names a skill and how one would see that it is met.
    Smart,
    /// A provision that names the help with the elements its kind cannot do without.
    Specific,
    /// Neither.
    Vague,
}

impl Verdict {
    /// True for `smart` and `specific`.
    pub fn is_good(self) -> bool {
        self != Self::Vague
    }
}

/// How sure the engine is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Outside the undecided band.
    Normal,
    /// Inside it: shown to the writer as undecided.
    Low,
}

/// What a statement's wording really is, whatever section it stands in (ANNOTATION.md, "Type first").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wording {
    /// A benefit or difference made to the child.
    Outcome,
    /// A wish.
    Aspiration,
    /// A difficulty.
    Need,
    /// Help that is given.
    Provision,
    /// Something done, with no change in the child.
    Activity,
    /// Something that an adult does.
    AdultAction,
    /// Something that could never be seen to be finished.
    Aim,
}

/// A criterion of an outcome (the first five) or of a provision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // The names are the guide's own words.
pub enum Criterion {
    Specific,
    Measurable,
    Achievable,
    Relevant,
    TimeBound,
    What,
    Who,
    Frequency,
    Duration,
    Group,
    Setting,
    Commitment,
}

impl Criterion {
    /// The criteria of a kind, in their order; none for kinds that are not judged.
    pub fn of(kind: Kind) -> &'static [Self] {
        use Criterion::*;
        match kind {
            Kind::Outcome => &[Specific, Measurable, Achievable, Relevant, TimeBound],
            Kind::Provision => &[What, Who, Frequency, Duration, Group, Setting, Commitment],
            Kind::Aspiration | Kind::Need | Kind::Other => &[],
        }
    }
}

/// One criterion with its evidence.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CriterionState {
    /// Which.
    pub criterion: Criterion,
    /// Whether it is met.
    pub state: State,
    /// The words that show it.
    pub evidence: Vec<Evidence>,
}

/// Whether a criterion is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Yes, by the evidence.
    Met,
    /// No.
    Missing,
    /// Wording alone cannot tell.
    Undecidable,
    /// This kind of provision does without it.
    NotNeeded,
}

/// Words that show a criterion: in the statement itself, or in what it inherits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// Span in the statement's text, or in the text of that context.
    pub span: Span,
    /// `None` for the statement itself, else the index into [`Statement::context`].
    pub context: Option<usize>,
}

/// Judges one statement; `None` for kinds that are not judged (aspirations, needs, other). Pure; never fails.
pub fn assess(rules: &RuleSet, statement: &Statement) -> Option<Assessment> {
    let _ = (rules, statement);
    None
}
