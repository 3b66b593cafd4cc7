//! This is the comparison of documents: what became, in a plan, of what the advice, the draft or last year's plan said.
//!
//! Vagueness is often born on the way from a report to the plan: "30 minutes twice a week" becomes "regular". Statements of
//! both sides are aligned by what they are about, moved and reworded ones too (`terms` reads what a statement is about,
//! `align` pairs), and each pair is compared element by element (`elements`): how often, how long, who, in what group,
//! where, whether it will happen, and what it is. Everything here is pure: the same documents give the same comparison.

mod align;
mod elements;
mod terms;

pub use elements::Change;

use crate::assess::{Assessment, Criterion};
use crate::document::{Document, Kind, Note, NoteKind, Statement};
use crate::engine::Engine;
use crate::facts::Value;
use crate::review::{Judged, Review};
use crate::words::Words;
use align::{Pair, Table};
use elements::Elements;
use serde::{Deserialize, Serialize};
use terms::Terms;

/// What the documents are to each other; it changes what counts as a loss and how it is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Reports of professionals, and the plan that was made of them. An adviser recommends: "should" is the most that
    /// an advice says, so that "will" in the plan is no gain.
    #[default]
    Advice,
    /// A draft, and what was made of it.
    Draft,
    /// Last year's plan and this year's: what was carried forward unchanged is shown.
    Year,
}

/// What became of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// It is in the plan, and says less there.
    Diluted,
    /// It is not in the plan.
    Dropped,
    /// It was vague, and is in the plan as vague as it was.
    CopiedVague,
    /// The plan says it, and nothing before did.
    New,
    /// It is in the plan, and says more there.
    Sharpened,
    /// It is in the plan and says as much.
    Kept,
}

impl Class {
    /// All of them, what most needs a look first.
    pub const ALL: [Self; 6] =
        [Self::Diluted, Self::Dropped, Self::CopiedVague, Self::New, Self::Sharpened, Self::Kept];

    /// The name in files: `copied_vague`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Diluted => "diluted",
            Self::Dropped => "dropped",
            Self::CopiedVague => "copied_vague",
            Self::New => "new",
            Self::Sharpened => "sharpened",
            Self::Kept => "kept",
        }
    }

    /// True for what a writer should look at before the plan goes out.
    pub fn is_finding(self) -> bool {
        matches!(self, Self::Diluted | Self::Dropped | Self::CopiedVague)
    }
}

/// What became of the statements of some documents in a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// What the documents are to each other.
    pub way: Way,
    /// The documents before, in the order given.
    pub sources: Vec<Source>,
    /// The plan, judged.
    pub plan: Review,
    /// Statements of the plan that were compared.
    pub statements: usize,
    /// What became of each statement: those of the plan in its order, then what was dropped, in the order of the sources.
    pub entries: Vec<Entry>,
}

/// One of the documents before.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// What to call it in output.
    pub document: String,
    /// Its statements that were compared: outcomes, provision, and sentences that recommend.
    pub statements: usize,
    /// Of these, found in the plan.
    pub found: usize,
    /// False where so little of it is in the plan, and that so loosely, that the two do not seem to belong together: then
    /// none of its statements is an entry.
    pub related: bool,
    /// What could not be read of it.
    pub notes: Vec<Note>,
}

/// A statement before and after; one of the two is missing where it was dropped or is new.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// What became of it.
    pub class: Class,
    /// The statement before, and the index of its document among [`Comparison::sources`].
    pub source: Option<(usize, Judged)>,
    /// The statement in the plan.
    pub plan: Option<Judged>,
    /// How alike the two are in what they are about, 0–1.
    pub likeness: f64,
    /// True where both have the same words, but for names of places in a list, spaces, marks and dates.
    pub unchanged: bool,
    /// What the plan no longer says, or says more weakly.
    pub lost: Vec<Change>,
    /// What only the plan says, or says more strongly.
    pub gained: Vec<Change>,
}

impl Comparison {
    /// How many statements are of that class.
    pub fn count(&self, class: Class) -> usize {
        self.entries.iter().filter(|entry| entry.class == class).count()
    }

    /// Outcomes that were carried forward with the same words.
    pub fn carried(&self) -> impl Iterator<Item = &Entry> {
        let outcome = |entry: &&Entry| entry.plan.as_ref().is_some_and(|judged| judged.statement.kind == Kind::Outcome);
        self.entries.iter().filter(|entry| entry.unchanged).filter(outcome)
    }

    /// True where the plan, or one of the other documents, holds nothing that could be compared.
    pub fn is_empty(&self) -> bool {
        self.statements == 0 || self.sources.iter().any(|source| source.statements == 0)
    }
}

/// A statement with what comparing needs.
struct Known {
    judged: Judged,
    /// What it is read as.
    kind: Kind,
    /// True where only its own wording tells what it is.
    guessed: bool,
    /// True where it recommends nothing, so that it is not missed where the plan does not have it.
    telling: bool,
    terms: Terms,
}

/// Compares documents with the plan that came of them. Pure; never fails.
pub fn compare(engine: &Engine, sources: &[Document], plan: &Document, way: Way) -> Comparison {
    let review = engine.review(plan);
    let before: Vec<Review> = sources.iter().map(|document| engine.review(document)).collect();
    let mut after: Vec<Known> = known(engine, &review, false);
    let mut lists: Vec<Vec<Known>> = before.iter().map(|review| known(engine, review, way == Way::Advice)).collect();
    let weights = terms::Weights::of(after.iter().chain(lists.iter().flatten()).map(|known| &known.terms));

    let mut comparison =
        Comparison { way, sources: Vec::new(), statements: after.len(), entries: Vec::new(), plan: review };
    let mut paired: Vec<Vec<(usize, Pair)>> = vec![Vec::new(); after.len()];
    let mut dropped: Vec<(usize, usize)> = Vec::new();
    for (at, (list, review)) in lists.iter().zip(&before).enumerate() {
        let table = Table::new(list.len(), after.len(), |i, j| alike(&weights, &list[i], &after[j]));
        let related = table.related();
        let vague = |j: usize| after[j].judged.assessment.as_ref().is_some_and(|a| !a.verdict.is_good());
        let pairs = if related { table.pairs(vague) } else { Vec::new() };
        let mut found = vec![false; list.len()];
        for pair in pairs {
            found[pair.before] = true;
            paired[pair.after].push((at, pair));
        }
        if related {
            dropped.extend((0..list.len()).filter(|&i| !found[i] && !list[i].telling).map(|i| (at, i)));
        }
        comparison.sources.push(Source {
            document: review.document.clone(),
            statements: list.iter().zip(&found).filter(|(known, found)| !known.telling || **found).count(),
            found: found.iter().filter(|found| **found).count(),
            related,
            notes: review.notes.clone(),
        });
    }
    judge(engine, &mut after, &mut lists, &paired);
    comparison.entries = entries(engine, way, &after, &lists, &paired, &dropped);
    // Where nothing belongs together, nothing is new either.
    if !comparison.sources.iter().any(|source| source.related) {
        comparison.entries.clear();
    }
    comparison
}

/// The statements of a review that are compared. Where `advice` is true, sentences that recommend are among them.
fn known(engine: &Engine, review: &Review, advice: bool) -> Vec<Known> {
    let all = review.sections.iter().flat_map(|section| &section.statements);
    all.filter_map(|judged| {
        let statement = &judged.statement;
        let (kind, guessed, telling) = match (statement.kind, recommended(statement)) {
            (kind @ (Kind::Outcome | Kind::Provision), _) => (kind, false, false),
            (_, Some(kind)) if advice => (kind, true, false),
            // A plan may have taken over a sentence that only tells; it is not missed where it has not.
            _ if advice => (Kind::Provision, true, true),
            _ => return None,
        };
        let terms = Terms::of(engine.rules(), statement);
        Some(Known { judged: judged.clone(), kind, guessed, telling, terms })
    })
    .collect()
}

/// What a sentence of a report recommends; `None` where it only tells.
fn recommended(statement: &Statement) -> Option<Kind> {
    let words = Words::new(&statement.text);
    let says = |phrase: &[&str]| {
        (0..words.len()).any(|i| phrase.iter().enumerate().all(|(n, word)| words.lower(i + n) == *word))
    };
    if says(&["able", "to"]) && (says(&["will"]) || says(&["should"])) {
        return Some(Kind::Outcome);
    }
    const RECOMMENDS: &[&[&str]] = &[
        &["should"],
        &["will"],
        &["must"],
        &["recommend"],
        &["recommends"],
        &["recommended"],
        &["recommendation"],
        &["suggest"],
        &["suggested"],
        &["advise"],
        &["advised"],
        &["requires"],
        &["require"],
        &["would", "benefit"],
        &["will", "need"],
        &["needs", "to", "have"],
        &["needs", "to", "be"],
        &["needs", "access"],
    ];
    let amounts = |value: &Value| matches!(value, Value::Total { per: Some(_), .. } | Value::Duration { .. });
    let facts = crate::facts::find(&words);
    let quantified = facts.iter().any(|f| amounts(&f.value))
        && facts.iter().any(|f| matches!(f.value, Value::Frequency { .. } | Value::Total { per: Some(_), .. }));
    (quantified || RECOMMENDS.iter().any(|phrase| says(phrase))).then_some(Kind::Provision)
}

fn alike(weights: &terms::Weights, before: &Known, after: &Known) -> f64 {
    let likeness = weights.alike(&before.terms, &after.terms);
    // An outcome is not what became of provision, whatever they share.
    let other = before.kind != after.kind;
    likeness
        * if !other {
            1.0
        } else if before.guessed {
            0.8
        } else {
            0.45
        }
}

/// Sees to it that each statement before is judged as what the plan takes it for.
fn judge(engine: &Engine, after: &mut [Known], lists: &mut [Vec<Known>], paired: &[Vec<(usize, Pair)>]) {
    for (known, pairs) in after.iter().zip(paired) {
        for (source, pair) in pairs {
            let before = &mut lists[*source][pair.before];
            if before.guessed {
                before.kind = known.kind;
            }
        }
    }
    let open = |known: &&mut Known| known.judged.assessment.is_none();
    let mut asked: Vec<&mut Known> = lists.iter_mut().flatten().filter(open).collect();
    for known in &mut asked {
        known.judged.statement.kind = known.kind;
    }
    let statements: Vec<&Statement> = asked.iter().map(|known| &known.judged.statement).collect();
    let assessments = engine.assess_all(&statements);
    for (known, assessment) in asked.iter_mut().zip(assessments) {
        known.judged.assessment = assessment;
    }
}

fn entries(
    engine: &Engine,
    way: Way,
    after: &[Known],
    lists: &[Vec<Known>],
    paired: &[Vec<(usize, Pair)>],
    dropped: &[(usize, usize)],
) -> Vec<Entry> {
    let mut entries = Vec::new();
    let alone = |class, source: Option<(usize, Judged)>, plan: Option<Judged>| Entry {
        class,
        source,
        plan,
        likeness: 0.0,
        unchanged: false,
        lost: Vec::new(),
        gained: Vec::new(),
    };
    for (known, pairs) in after.iter().zip(paired) {
        if pairs.is_empty() {
            entries.push(alone(Class::New, None, Some(known.judged.clone())));
        }
        for (at, pair) in pairs {
            let before = &lists[*at][pair.before];
            entries.push(entry(engine, way, *at, before, known, pair.likeness));
        }
    }
    for (at, i) in dropped {
        entries.push(alone(Class::Dropped, Some((*at, lists[*at][*i].judged.clone())), None));
    }
    entries
}

fn entry(engine: &Engine, way: Way, at: usize, before: &Known, after: &Known, likeness: f64) -> Entry {
    let unchanged = terms::same_words(&before.judged.statement, &after.judged.statement);
    let (mut lost, mut gained) = (Vec::new(), Vec::new());
    if !unchanged {
        let mut source = before.judged.statement.clone();
        source.kind = after.kind;
        let was = Elements::of(engine.rules(), &source, before.judged.assessment.as_ref(), way == Way::Advice);
        let now = Elements::of(engine.rules(), &after.judged.statement, after.judged.assessment.as_ref(), false);
        (lost, gained) = elements::changes(&was, &now, way);
    }
    let good = |assessment: &Option<Assessment>| assessment.as_ref().is_some_and(|a| a.verdict.is_good());
    let vague = !good(&before.judged.assessment) && !good(&after.judged.assessment);
    let class = match (lost.is_empty(), gained.is_empty()) {
        (false, _) => Class::Diluted,
        // "Should consider" made "will": what is as vague as it was is no better for the promise.
        (true, false) if vague && gained.iter().all(|change| change.element == Criterion::Commitment) => {
            Class::CopiedVague
        }
        (true, false) => Class::Sharpened,
        (true, true) if vague => Class::CopiedVague,
        (true, true) => Class::Kept,
    };
    Entry {
        class,
        source: Some((at, before.judged.clone())),
        plan: Some(after.judged.clone()),
        likeness,
        unchanged,
        lost,
        gained,
    }
}

/// True for a note that says that something could not be read.
pub fn is_unread(note: &Note) -> bool {
    matches!(note.kind, NoteKind::NeedsOcr | NoteKind::Empty)
}

/// The element as a writer asks it; the criterion's name is that of the formats.
pub fn element(criterion: Criterion) -> &'static str {
    match criterion {
        Criterion::Specific | Criterion::What => "what",
        Criterion::Measurable => "how one would see it",
        Criterion::TimeBound => "by when",
        Criterion::Who => "who",
        Criterion::Frequency => "how often",
        Criterion::Duration => "how long",
        Criterion::Group => "group size",
        Criterion::Setting => "where or when",
        Criterion::Commitment => "the promise",
        Criterion::Achievable | Criterion::Relevant => "",
    }
}
