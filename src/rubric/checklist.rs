//! This is a rubric's checklist: questions about the whole plan, each answered yes or no from its statements.

use super::{RubricError, error};
use crate::assess::{Assessment, Criterion, State};
use crate::document::Kind;
use crate::review::ReviewedSection;
use serde::Deserialize;

/// A question, and what makes its answer yes.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// As a reader of the checklist sees it.
    pub question: String,
    /// Which statements it is about.
    pub kind: Kind,
    /// Only those of these sections; all where it is empty.
    #[serde(default)]
    pub sections: Vec<String>,
    /// What they have to meet: a criterion, or the verdict where there is none.
    #[serde(default)]
    pub criterion: Option<Criterion>,
    /// The share of them, above 0 and at most 1, that has to.
    pub at_least: f64,
}

/// A question of a published instrument that no wording answers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Undecidable {
    /// What it asks.
    pub question: String,
    /// Why it is left to people.
    pub why: String,
}

impl Undecidable {
    pub(super) fn validate(&self, at: usize) -> Result<(), RubricError> {
        for (field, text) in [("question", &self.question), ("why", &self.why)] {
            if text.trim().is_empty() {
                return Err(error(
                    format!("undecidable[{at}].{field}"),
                    "say what is asked, and why no wording answers it",
                ));
            }
        }
        Ok(())
    }
}

/// The answer to a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer<'r> {
    /// The question.
    pub question: &'r str,
    /// `None` where no statement bears on it.
    pub yes: Option<bool>,
    /// Statements that bear on it.
    pub of: usize,
    /// Of these, how many meet it.
    pub met: usize,
}

impl Item {
    pub(super) fn validate(&self, at: usize) -> Result<(), RubricError> {
        let place = |field: &str| format!("items[{at}].{field}");
        if self.question.trim().is_empty() {
            return Err(error(place("question"), "an item needs a question"));
        }
        if !(self.at_least > 0.0 && self.at_least <= 1.0) {
            return Err(error(place("at_least"), "a share is above 0 and at most 1"));
        }
        let known = Criterion::of(self.kind);
        if known.is_empty() {
            return Err(error(place("kind"), "only outcomes and provision are judged"));
        }
        if self.criterion.is_some_and(|criterion| !known.contains(&criterion)) {
            return Err(error(place("criterion"), "statements of that kind have no such criterion"));
        }
        Ok(())
    }

    pub(super) fn answer(&self, sections: &[ReviewedSection]) -> Answer<'_> {
        let asked = |section: &&ReviewedSection| {
            self.sections.is_empty() || self.sections.iter().any(|id| id.eq_ignore_ascii_case(&section.section))
        };
        let (mut of, mut met) = (0, 0);
        for judged in sections.iter().filter(asked).flat_map(|section| &section.statements) {
            let assessment = judged.assessment.as_ref().filter(|_| judged.statement.kind == self.kind);
            if let Some(meets) = assessment.and_then(|assessment| self.meets(assessment)) {
                of += 1;
                met += usize::from(meets);
            }
        }
        // Nine of ten statements are nine tenths, whatever floating point makes of it.
        let yes = (of > 0).then_some(met as f64 + 1e-9 >= self.at_least * of as f64);
        Answer { question: &self.question, yes, of, met }
    }

    /// `None` where the statement does not bear on the question: it needs no such thing, or wording cannot tell.
    fn meets(&self, assessment: &Assessment) -> Option<bool> {
        let Some(criterion) = self.criterion else { return Some(assessment.verdict.is_good()) };
        match assessment.criteria.iter().find(|c| c.criterion == criterion)?.state {
            State::Met => Some(true),
            State::Missing => Some(false),
            State::Undecidable | State::NotNeeded => None,
        }
    }
}
