//! This is what to write instead: the writer's own words, the faulted ones cut or replaced, and a typed blank for what
//! is missing.
//!
//! A suggestion never invents: it is put together from words of the statement (and the child's name from its context), a
//! few fixed words of English that promise nothing by themselves, and [`Blank`]s. Several drafts are made, from the one that keeps most
//! of the writer's words to a bare frame; the first that is judged good with every blank sensibly filled is the
//! suggestion. So a writer who fills the blanks has a statement that passes.

mod blank;
mod draft;
mod edit;
mod outcome;
mod provision;

pub use blank::Blank;

use crate::assess::Judge;
use crate::document::{Kind, Statement};
use crate::facts::{Fact, Value};
use crate::rules::{Finding, Severity};
use crate::span::Span;
use crate::words::{WordKind, Words};
use draft::{Draft, Piece};

/// A suggestion for a vague statement: it differs from the text, and holds no digit, number word, role or programme
/// that the statement or its context does not hold.
pub fn suggest(
    judge: &Judge<'_>,
    statement: &Statement,
    words: &Words<'_>,
    facts: &[Fact],
    found: &[Finding],
) -> String {
    let source = Source { judge, statement, words, facts, found };
    let drafts = if statement.kind == Kind::Outcome { outcome::drafts(&source) } else { provision::drafts(&source) };
    let mut last = String::new();
    for draft in drafts {
        let shown = evenly_spaced(&draft.text(words, Blank::text));
        if shown == statement.text {
            continue;
        }
        if source.turns(&draft) {
            return shown;
        }
        last = shown;
    }
    last
}

/// One space where cutting left several.
fn evenly_spaced(text: &str) -> String {
    text.split(' ').filter(|piece| !piece.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A suggestion with every blank replaced by its example, as a test or a demonstration fills it.
pub fn fill(suggestion: &str) -> String {
    Blank::ALL.iter().fold(suggestion.to_owned(), |text, blank| text.replace(blank.text(), blank.example()))
}

/// What suggestions are made from.
struct Source<'s> {
    judge: &'s Judge<'s>,
    statement: &'s Statement,
    words: &'s Words<'s>,
    facts: &'s [Fact],
    found: &'s [Finding],
}

impl<'s> Source<'s> {
    /// True where the draft is judged good when its blanks are filled.
    fn turns(&self, draft: &Draft) -> bool {
        self.judge.is_good(&self.filled(draft))
    }

    /// The draft as a statement in the same surroundings, its blanks filled.
    fn filled(&self, draft: &Draft) -> Statement {
        let text = draft.text(self.words, Blank::example);
        Statement { context: self.statement.context.clone(), ..Statement::new(self.statement.kind, text) }
    }

    /// True where a finding that counts lies on these bytes.
    fn faulted(&self, span: Span) -> bool {
        self.grave().any(|f| f.span.start < span.end && span.start < f.span.end && !self.whole(f))
    }

    /// Findings that make or help to make the statement vague.
    fn grave(&self) -> impl Iterator<Item = &'s Finding> + use<'s> {
        // Nobody in particular is replaced even where that alone is only worth a note.
        self.found.iter().filter(|f| f.severity >= Severity::Warning || f.rule == "provision/unnamed-actor")
    }

    /// True for a finding about the whole statement, which faults no word in particular.
    fn whole(&self, finding: &Finding) -> bool {
        finding.span.len() >= self.words.text.trim_end_matches(['.', ' ']).len()
            && finding.span.start == 0
            && self.words.len() > 1
    }

    /// The first word of the bytes and the word after their last.
    fn range(&self, span: Span) -> (usize, usize) {
        (self.words.at(span.start), self.words.at(span.end))
    }

    /// The first fact that `wanted` picks, if no finding faults it, as words.
    fn fact(&self, wanted: impl Fn(&Value) -> bool) -> Option<(usize, usize)> {
        let fact = self.facts.iter().find(|f| wanted(&f.value) && !self.faulted(f.span))?;
        Some(self.range(fact.span)).filter(|(from, to)| from < to)
    }

    /// The child's name in the statement: a capitalised word before a modal verb, or after "for", "with", "help" and
    /// their like.
    fn name(&self) -> Option<usize> {
        let words = self.words;
        let role = |i: usize| {
            words.list().get(i).is_some_and(|w| {
                self.facts.iter().any(|f| matches!(f.value, Value::Role { .. }) && f.span.contains(w.span))
            })
        };
        (0..words.len()).find(|&i| {
            let raw = words.raw(i);
            let mut letters = raw.chars();
            let shape = letters.next().is_some_and(char::is_uppercase)
                && raw.len() >= 2
                && !["ing", "tion", "py"].iter().any(|end| raw.ends_with(end))
                && letters.all(|c| c.is_lowercase() || c == '\'' || c == '’')
                && !raw.contains(['\'', '’'])
                && words.list().get(i).is_some_and(|w| w.kind == WordKind::Letters);
            let modal = acts(words.lower(i + 1));
            let given = i > 0
                && matches!(
                    words.lower(i - 1),
                    "help" | "support" | "encourage" | "teach" | "for" | "enable" | "with" | "remind" | "give" | "let"
                );
            let numbered = words.list().get(i + 1).is_some_and(|w| w.kind == WordKind::Digits);
            let hyphen = numbered || words.lower(i + 1) == "-" || (i > 0 && words.lower(i - 1) == "-");
            shape && !hyphen && (modal || given) && !role(i) && !COMMON.contains(&words.lower(i))
        })
    }
}

/// Verbs that follow the name of whoever the sentence is about.
fn acts(word: &str) -> bool {
    matches!(
        word,
        "will"
            | "to"
            | "should"
            | "needs"
            | "requires"
            | "has"
            | "can"
            | "must"
            | "shall"
            | "is"
            | "would"
            | "wants"
            | "hopes"
            | "finds"
            | "struggles"
            | "may"
            | "might"
            | "could"
            | "attends"
            | "works"
            | "enjoys"
            | "gets"
    )
}

/// Words that stand before a modal verb, capitalised, and are no names.
const COMMON: &[&str] = &[
    "authority",
    "learners",
    "teacher",
    "service",
    "services",
    "what",
    "nothing",
    "somebody",
    "he",
    "it",
    "we",
    "access",
    "adult",
    "adults",
    "advice",
    "all",
    "any",
    "attendance",
    "behaviour",
    "being",
    "both",
    "breaks",
    "child",
    "communication",
    "council",
    "district",
    "each",
    "equipment",
    "everyone",
    "family",
    "friends",
    "help",
    "home",
    "input",
    "language",
    "learner",
    "lessons",
    "literacy",
    "maths",
    "mum",
    "dad",
    "nobody",
    "opportunities",
    "outcomes",
    "parents",
    "patient",
    "physiotherapy",
    "progress",
    "provision",
    "pupil",
    "pupils",
    "reading",
    "resources",
    "school",
    "sensory",
    "she",
    "sessions",
    "setting",
    "skills",
    "speech",
    "staff",
    "strategies",
    "support",
    "teachers",
    "that",
    "there",
    "they",
    "therapy",
    "this",
    "work",
    "writing",
    "year",
    "you",
];

/// One piece a word.
fn pieces(from: usize, to: usize) -> impl Iterator<Item = Piece> {
    (from..to).map(Piece::Word)
}
