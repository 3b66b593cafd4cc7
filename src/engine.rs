//! This is the engine: rules, facts and verdict put together, from a [`Document`] to its [`Review`].

use crate::assess::{self, Assessment};
use crate::document::{Document, Note, NoteKind, Statement};
use crate::review::{Judged, Review, ReviewedSection};
use crate::rubric::Rubric;
use crate::rules::{RuleError, RuleSet, RuleSource};
use crate::segment::{self, Framework};
use std::collections::HashMap;

/// Everything that judging needs, ready for use from many threads.
#[derive(Debug, Default)]
pub struct Engine {
    /// `None` for the built-in ones.
    own: Option<RuleSet>,
    /// `None` for the built-in one.
    rubric: Option<Rubric>,
}

impl Engine {
    /// The built-in rules, rubric and framework.
    pub fn new() -> Self {
        Self::default()
    }

    /// The built-in rules and a council's own; an id that occurs in both is the council's.
    ///
    /// # Errors
    /// [`RuleError`] for the first file that is not a rule.
    pub fn with_rules(sources: &[RuleSource]) -> Result<Self, RuleError> {
        Ok(Self { own: Some(RuleSet::with(sources)?), ..Self::default() })
    }

    /// The same engine with another rubric for its scores.
    #[must_use]
    pub fn with_rubric(self, rubric: Rubric) -> Self {
        Self { rubric: Some(rubric), ..self }
    }

    /// The rubric in force.
    pub fn rubric(&self) -> &Rubric {
        self.rubric.as_ref().unwrap_or_else(|| Rubric::builtin())
    }

    /// The rules in force.
    pub fn rules(&self) -> &RuleSet {
        match &self.own {
            Some(own) => own,
            None => RuleSet::builtin(),
        }
    }

    /// Judges one statement; `None` for kinds that are not judged. Pure; never fails.
    pub fn assess(&self, statement: &Statement) -> Option<Assessment> {
        assess::assess(self.rules(), statement)
    }

    /// Judges a plan: segments it, assesses each statement and scores them. Pure; never fails.
    pub fn review(&self, document: &Document) -> Review {
        let mut counts: HashMap<String, usize> = HashMap::new();
        let mut sections = Vec::new();
        for section in segment::segment(document, Framework::ehcp()) {
            let mut statements = Vec::with_capacity(section.statements.len());
            for statement in section.statements {
                let name = if section.section.is_empty() { "0" } else { section.section.as_str() };
                let count = counts.entry(name.to_owned()).or_default();
                *count += 1;
                let id = format!("{name}.{count}");
                let assessment = self.assess(&statement);
                statements.push(Judged { id, statement, assessment });
            }
            sections.push(ReviewedSection { section: section.section, heading: section.heading, statements });
        }
        let mut notes = document.notes.clone();
        let empty = sections.iter().all(|section| section.statements.is_empty());
        if empty && !notes.iter().any(|note| matches!(note.kind, NoteKind::Empty | NoteKind::NeedsOcr)) {
            notes.push(Note {
                kind: NoteKind::Empty,
                message: "No outcome or provision was found. Check that this is the plan itself and that its sections \
                          are headed by their letters."
                    .into(),
                page: None,
            });
        }
        let scores = self.rubric().scores(&sections);
        Review { document: document.name.clone(), format: document.format, sections, scores, notes }
    }
}
