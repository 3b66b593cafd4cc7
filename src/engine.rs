//! This is the engine: rules, facts and verdict put together, from a [`Document`] to its [`Review`].

use crate::assess::{Assessment, Criterion, Judge, Read, Weighed};
use crate::cache::{self, Cache};
use crate::document::{Document, Note, NoteKind, Section, Statement};
use crate::model::{Model, Prediction};
use crate::plan::{self, Whole};
use crate::review::{Judged, Review, ReviewedSection};
use crate::rubric::Rubric;
use crate::rules::{RuleError, RuleSet, RuleSource};
use crate::segment::{self, Framework};
use rayon::prelude::*;
use serde::Serialize;
use std::collections::HashMap;
use std::sync::Arc;

/// Everything that judging needs, ready for use from many threads.
#[derive(Default)]
pub struct Engine {
    /// `None` for the built-in ones.
    own: Option<RuleSet>,
    /// `None` for the built-in one.
    rubric: Option<Rubric>,
    /// `None` for that of England.
    framework: Option<&'static Framework>,
    model: Choice,
    cascade: bool,
    quiet: bool,
    apart: bool,
    cache: Option<Cache>,
}

/// How many statements were judged, and by what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Tally {
    /// All that are of a kind that is judged.
    pub judged: usize,
    /// Of these the ones that had been judged before: in the same call, or not long ago where the engine has a cache.
    pub repeated: usize,
    /// Decided by the first stage of the cascade.
    pub first: usize,
    /// Decided with the network.
    pub network: usize,
}

impl Tally {
    /// Adds what was judged in another call.
    pub fn add(&mut self, other: Self) {
        self.judged += other.judged;
        self.repeated += other.repeated;
        self.first += other.first;
        self.network += other.network;
    }
}

/// Assessments of statements, what was read of those that were judged now, and what judged them.
type Judgement = (Vec<Option<Assessment>>, Vec<Option<Read>>, Tally);

/// How far the judgement of a statement is before the network is asked.
enum Step<'s> {
    Done((Assessment, Read)),
    Open(Weighed<'s>),
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

    /// The same engine for plans of another framework.
    #[must_use]
    pub fn with_framework(self, framework: &'static Framework) -> Self {
        Self { framework: Some(framework), ..self }
    }

    /// The same engine with another model.
    #[must_use]
    pub fn with_model(self, model: Model) -> Self {
        Self { model: Choice::Own(Box::new(model)), ..self }.afresh()
    }

    /// The same engine judging by rules alone.
    #[must_use]
    pub fn without_model(self) -> Self {
        Self { model: Choice::None, ..self }.afresh()
    }

    /// The same engine as a cascade: the model's first stage decides what it is sure of, its encoder sees only the rest.
    ///
    /// Many times faster. Verdicts agree with the network's on at least 99.5 % of statements of unseen authors; where the
    /// first stage decides, type and criteria rest on what it thinks that the encoder would say. A model without a first stage
    /// judges as before.
    #[must_use]
    pub fn with_cascade(self) -> Self {
        Self { cascade: true, ..self }.afresh()
    }

    /// The same engine without what only a reader asks for: suggestions, which take longer than the judgement, and the words by
    /// which statements of a plan are linked.
    #[must_use]
    pub fn without_suggestions(self) -> Self {
        Self { quiet: true, ..self }.afresh()
    }

    /// The same engine without what is said of a plan as a whole: statement by statement only, for whoever needs no more, and to
    /// measure what the rest takes.
    #[must_use]
    pub fn without_whole(self) -> Self {
        Self { apart: true, ..self }
    }

    /// The same engine with a cache: so many statements (1–2 KiB each) are not judged again when [`Engine::assess_all`] or
    /// [`Engine::review`] meets them again. It changes no result.
    #[must_use]
    pub fn with_cache(self, statements: usize) -> Self {
        Self { cache: Some(Cache::new(statements)), ..self }
    }

    /// What was judged in another way is forgotten.
    fn afresh(self) -> Self {
        self.cache.iter().for_each(Cache::clear);
        self
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

    /// The framework in force.
    pub fn framework(&self) -> &'static Framework {
        self.framework.unwrap_or_else(|| Framework::ehcp())
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
        let mut assessment = self.judge().assess(statement)?;
        self.by_its_law(statement, &mut assessment);
        Some(assessment)
    }

    /// Judges many statements, in order, on rayon's pool; each as [`Engine::assess`] does.
    pub fn assess_all(&self, statements: &[&Statement]) -> Vec<Option<Assessment>> {
        self.assess_tallied(statements).0
    }

    /// The same, and what judged them.
    pub fn assess_tallied(&self, statements: &[&Statement]) -> (Vec<Option<Assessment>>, Tally) {
        let (assessments, _, tally) = self.assess_by(&self.judge(), statements);
        (assessments, tally)
    }

    /// The same; and of each that was judged now, not before, what was read of it.
    fn assess_by(&self, judge: &Judge<'_>, statements: &[&Statement]) -> Judgement {
        let mut tally = Tally::default();
        // What was judged for somebody who waited lacks its suggestion.
        let finished = |own: &Arc<Assessment>| !judge.suggest || !own.lacks_suggestion();
        let mut known: Vec<Option<Arc<Assessment>>> = vec![None; statements.len()];
        // Of several that are the same, the first is judged.
        let mut firsts: HashMap<Box<str>, usize> = HashMap::new();
        let mut same: Vec<(usize, usize)> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        for (at, statement) in statements.iter().enumerate() {
            if Criterion::of(statement.kind).is_empty() {
                continue;
            }
            tally.judged += 1;
            let key = cache::key(statement);
            if let Some(&first) = firsts.get(&key) {
                same.push((at, first));
            } else if let Some(assessment) = self.cache.as_ref().and_then(|cache| cache.get(&key)).filter(finished) {
                tally.repeated += 1;
                known[at] = Some(assessment);
            } else {
                firsts.insert(key, at);
                open.push(at);
            }
        }
        tally.repeated += same.len();
        // Nothing more is held of a statement that is decided.
        let steps: Vec<Step<'_>> = (open.par_iter())
            .map(|&at| {
                let weighed = judge.weigh(statements[at]);
                match judge.is_open(&weighed) {
                    true => Step::Open(weighed),
                    false => Step::Done(judge.assess_weighed(statements[at], weighed, None)),
                }
            })
            .collect();
        let mut said: Vec<Option<Prediction>> = vec![None; open.len()];
        if judge.model.is_some() {
            let (places, rest): (Vec<usize>, Vec<_>) = (steps.iter().zip(&open).enumerate())
                .filter_map(|(i, (step, &at))| match step {
                    Step::Open(weighed) => Some((i, (statements[at], weighed))),
                    Step::Done(_) => None,
                })
                .unzip();
            places.iter().zip(judge.said(&rest)).for_each(|(&i, what)| said[i] = Some(what));
            tally.network = places.len();
            tally.first = open.len() - places.len();
        }
        let judged: Vec<(Assessment, Read)> = (open.par_iter().zip(steps).zip(&said))
            .map(|((&at, step), said)| match step {
                Step::Done(done) => done,
                Step::Open(weighed) => judge.assess_weighed(statements[at], weighed, said.as_ref()),
            })
            .collect();
        let mut reads: Vec<Option<Read>> = (0..statements.len()).map(|_| None).collect();
        for (at, (assessment, read)) in open.into_iter().zip(judged) {
            known[at] = Some(Arc::new(assessment));
            reads[at] = Some(read);
        }
        for (at, first) in same {
            known[at] = known[first].clone();
        }
        if let Some(cache) = &self.cache {
            for (key, at) in firsts {
                if let Some(assessment) = &known[at] {
                    cache.put(key, Arc::clone(assessment));
                }
            }
        }
        let mut assessments: Vec<Option<Assessment>> =
            known.into_iter().map(|assessment| assessment.map(Arc::unwrap_or_clone)).collect();
        for (statement, assessment) in statements.iter().zip(&mut assessments) {
            if let Some(assessment) = assessment {
                self.by_its_law(statement, assessment);
            }
        }
        (assessments, reads, tally)
    }

    /// What the framework adds when the verdict is found: findings of rules for its plans alone, and how bad its law lets
    /// any finding be. What is remembered of a statement is without it, so that it holds in every section.
    fn by_its_law(&self, statement: &Statement, assessment: &mut Assessment) {
        let Some(framework) = self.framework else { return };
        let findings = &mut assessment.findings;
        let own = self.rules().read_for(&framework.id, statement);
        if !own.is_empty() {
            findings.extend(own);
            findings.sort_by(|a, b| (a.span, &a.rule).cmp(&(b.span, &b.rule)));
        }
        segment::limit(&framework.laws, &statement.section, !assessment.verdict.is_good(), findings);
    }

    fn judge(&self) -> Judge<'_> {
        Judge {
            rules: self.rules(),
            model: self.model(),
            cascade: self.cascade,
            suggest: !self.quiet,
            cache: self.cache.as_ref(),
        }
    }

    /// Judges a plan: segments it, assesses each statement and scores them. Pure; never fails.
    pub fn review(&self, document: &Document) -> Review {
        self.review_by(&self.judge(), document)
    }

    /// The same for somebody who waits: of statements that are vague and not in the cache, the suggestions are left out, which take
    /// most of the time. [`Engine::review`] gives them.
    pub fn review_soon(&self, document: &Document) -> Review {
        self.review_by(&Judge { suggest: false, ..self.judge() }, document)
    }

    fn review_by(&self, judge: &Judge<'_>, document: &Document) -> Review {
        let segmented = segment::segment(document, self.framework());
        let all: Vec<&Statement> = segmented.iter().flat_map(|section| &section.statements).collect();
        let (assessments, reads, _) = self.assess_by(judge, &all);
        let mut review = self.put_together(document, segmented, &mut assessments.into_iter());
        self.read_whole(document, &mut review, reads);
        review
    }

    /// Judges many plans, in order, on rayon's pool; each as [`Engine::review`] does. The model reads the statements
    /// of all of them together.
    pub fn review_all(&self, documents: &[Document]) -> Vec<Review> {
        self.review_tallied(&documents.iter().collect::<Vec<_>>()).0
    }

    /// The same, and what judged their statements.
    pub fn review_tallied(&self, documents: &[&Document]) -> (Vec<Review>, Tally) {
        let segmented: Vec<Vec<Section>> =
            documents.par_iter().map(|document| segment::segment(document, self.framework())).collect();
        let all: Vec<&Statement> = segmented.iter().flatten().flat_map(|section| &section.statements).collect();
        let (assessments, reads, tally) = self.assess_by(&self.judge(), &all);
        let (mut assessments, mut reads) = (assessments.into_iter(), reads.into_iter());
        let plans = documents.iter().zip(segmented).map(|(&document, sections)| {
            let review = self.put_together(document, sections, &mut assessments);
            let statements = review.sections.iter().map(|section| section.statements.len()).sum();
            (document, review, reads.by_ref().take(statements).collect::<Vec<_>>())
        });
        let plans: Vec<_> = plans.collect();
        let whole = plans.into_par_iter().map(|(document, mut review, reads)| {
            self.read_whole(document, &mut review, reads);
            review
        });
        (whole.collect(), tally)
    }

    /// Says what is to be said of the plan as a whole; `reads` are what judging read of each statement, where it did.
    fn read_whole(&self, document: &Document, review: &mut Review, reads: Vec<Option<Read>>) {
        if !self.apart {
            review.whole =
                plan::whole_of(document, &review.sections, reads, !self.quiet, self.framework(), self.rules());
        }
    }

    /// How many inputs are taken together where there are very many: so many that the network reads long batches; one by one
    /// where rules judge alone, which keeps what is in hand small.
    pub(crate) fn together(&self) -> usize {
        const FOR_THE_NETWORK: usize = 16;
        if self.model().is_some() { FOR_THE_NETWORK } else { 1 }
    }

    /// The review of a plan whose statements have been judged; takes as many assessments as it has statements.
    fn put_together(
        &self,
        document: &Document,
        segmented: Vec<Section>,
        assessments: &mut impl Iterator<Item = Option<Assessment>>,
    ) -> Review {
        let mut counts: HashMap<String, usize> = HashMap::new();
        let mut sections = Vec::new();
        for section in segmented {
            let mut statements = Vec::with_capacity(section.statements.len());
            for statement in section.statements {
                let id = name(&mut counts, &section.section);
                let assessment = assessments.next().flatten();
                statements.push(Judged { id, statement, assessment, waived: Vec::new() });
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
        if let Some(status) = &self.framework().status {
            notes.push(Note { kind: NoteKind::Guessed, message: status.clone(), page: None });
        }
        let scores = self.rubric().scores(&sections);
        let whole = Whole::default();
        Review { document: document.name.clone(), format: document.format, sections, scores, whole, notes }
    }
}

/// What to call the next statement of a section: see [`Judged::id`].
pub(crate) fn name(counts: &mut HashMap<String, usize>, section: &str) -> String {
    let name = if section.is_empty() { "0" } else { section };
    let count = counts.entry(name.to_owned()).or_default();
    *count += 1;
    format!("{name}.{count}")
}
