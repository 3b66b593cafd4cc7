//! This is the engine: rules, facts and verdict put together, from a [`Document`] to its [`Review`].

use crate::assess::{Assessment, Criterion, Judge};
use crate::document::{Document, Note, NoteKind, Statement};
use crate::model::{Model, Prediction};
use crate::review::{Judged, Review, ReviewedSection};
use crate::rubric::Rubric;
use crate::rules::{RuleError, RuleSet, RuleSource};
use crate::segment::{self, Framework};
use rayon::prelude::*;
use std::collections::HashMap;

/// Everything that judging needs, ready for use from many threads.
#[derive(Default)]
pub struct Engine {
    /// `None` for the built-in ones.
    own: Option<RuleSet>,
    /// `None` for the built-in one.
    rubric: Option<Rubric>,
    model: Choice,
    quiet: bool,
}

/// Which model helps the rules.
#[derive(Default)]
enum Choice {
    #[default]
    Builtin,
    Own(Box<Model>),
    None,
}

impl Engine {
    /// The built-in rules, model, rubric and framework.
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

    /// The same engine with another model.
    #[must_use]
    pub fn with_model(self, model: Model) -> Self {
        Self { model: Choice::Own(Box::new(model)), ..self }
    }

    /// The same engine judging by rules alone.
    #[must_use]
    pub fn without_model(self) -> Self {
        Self { model: Choice::None, ..self }
    }

    /// The same engine without suggestions, which take longer than the judgement.
    #[must_use]
    pub fn without_suggestions(self) -> Self {
        Self { quiet: true, ..self }
    }

    /// The model in force; `None` where rules judge alone.
    pub fn model(&self) -> Option<&Model> {
        match &self.model {
            Choice::Builtin => Some(Model::builtin()),
            Choice::Own(model) => Some(model),
            Choice::None => None,
        }
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
        self.judge().assess(statement)
    }

    /// Judges many statements, in order, on rayon's pool; each as [`Engine::assess`] does.
    pub fn assess_all(&self, statements: &[&Statement]) -> Vec<Option<Assessment>> {
        let judge = self.judge();
        let judged: Vec<usize> =
            (0..statements.len()).filter(|&i| !Criterion::of(statements[i].kind).is_empty()).collect();
        let mut predictions: Vec<Option<Prediction>> = vec![None; statements.len()];
        if let Some(model) = judge.model {
            let asked: Vec<&Statement> = judged.iter().map(|&i| statements[i]).collect();
            judged.iter().zip(model.predict(&asked)).for_each(|(&i, said)| predictions[i] = Some(said));
        }
        let pairs = statements.par_iter().zip(&predictions);
        pairs.map(|(statement, prediction)| judge.assess_predicted(statement, prediction.as_ref())).collect()
    }

    fn judge(&self) -> Judge<'_> {
        Judge { rules: self.rules(), model: self.model(), suggest: !self.quiet }
    }

    /// Judges a plan: segments it, assesses each statement and scores them. Pure; never fails.
    pub fn review(&self, document: &Document) -> Review {
        let mut counts: HashMap<String, usize> = HashMap::new();
        let mut sections = Vec::new();
        let segmented = segment::segment(document, Framework::ehcp());
        let all: Vec<&Statement> = segmented.iter().flat_map(|section| &section.statements).collect();
        let mut assessments = self.assess_all(&all).into_iter();
        for section in segmented {
            let mut statements = Vec::with_capacity(section.statements.len());
            for statement in section.statements {
                let name = if section.section.is_empty() { "0" } else { section.section.as_str() };
                let count = counts.entry(name.to_owned()).or_default();
                *count += 1;
                let id = format!("{name}.{count}");
                let assessment = assessments.next().flatten();
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
