//! This is what a check about a whole plan is given to read, and how it says what it found.

use super::child::{Named, Names};
use super::cover::Cover;
use super::glossary::Glossary;
use super::layout::Layout;
use super::lines::Lines;
use super::sums::Sums;
use super::thread::Thread;
use crate::assess::Read;
use crate::document::{Document, Paragraph};
use crate::facts::{self, Fact};
use crate::review::{Judged, ReviewedSection};
use crate::span::Span;
use crate::words::Words;
use std::cell::OnceCell;

/// A plan as checks read it. Statements are numbered in reading order.
pub(crate) struct Reading<'p> {
    /// Its sections, also those with no statement.
    pub sections: &'p [ReviewedSection],
    /// Every statement of all sections.
    pub statements: Vec<&'p Judged>,
    /// Their words.
    pub words: Vec<Words<'p>>,
    /// What is read from those words where something asks for it.
    facts: Facts,
    /// What each of those words is by itself.
    pub glossary: Glossary,
    /// Every line, also of the cover page, with the section that it stands in.
    pub lines: Lines<'p>,
    /// What the cover page says.
    pub cover: Cover,
    /// What the child is called, in small letters.
    pub own: Names,
    /// Every word of the statements that is used as a first name.
    pub named: Vec<Named>,
    /// Every paragraph, by its ordinal.
    pub paragraphs: Vec<&'p Paragraph>,
    /// What belongs together.
    pub thread: Thread,
    /// What the amounts come to.
    pub sums: Sums,
}

impl<'p> Reading<'p> {
    /// Reads a plan; `reads` are what has been read of its statements already, and `shown` asks for the evidence of each link.
    pub fn new(document: &'p Document, sections: &'p [ReviewedSection], reads: Vec<Option<Read>>, shown: bool) -> Self {
        let statements: Vec<&Judged> = sections.iter().flat_map(|section| &section.statements).collect();
        let paragraphs = document.paragraphs();
        let layout = Layout::of(document, sections);
        let mut reads = reads.into_iter();
        let mut words = Vec::with_capacity(statements.len());
        let mut facts = Facts(Vec::with_capacity(statements.len()));
        for judged in &statements {
            let text = &judged.statement.text;
            match reads.next().flatten() {
                Some(read) => {
                    words.push(Words::again(text, read.words));
                    facts.0.push(OnceCell::from(read.facts));
                }
                None => {
                    words.push(Words::new(text));
                    facts.0.push(OnceCell::new());
                }
            }
        }
        let lines = Lines::of(document, sections);
        let cover = Cover::of(&lines);
        let (own, named) = super::child::names_of(&cover, &words);
        let glossary = Glossary::of(&words, &own);
        let sums = Sums::of(&statements, &words, &facts);
        let thread = Thread::of(&statements, &words, &glossary, &paragraphs, &layout, &sums, shown);
        Self { sections, statements, words, facts, glossary, lines, cover, own, named, paragraphs, thread, sums }
    }
}

impl Reading<'_> {
    /// The facts of a statement.
    pub fn facts(&self, number: usize) -> &[Fact] {
        self.words.get(number).map_or(&[], |words| self.facts.of(number, words))
    }
}

/// The facts of statements, each read once and only where they are asked for.
pub(crate) struct Facts(Vec<OnceCell<Vec<Fact>>>);

impl Facts {
    /// Those of a statement with these words.
    pub fn of(&self, number: usize, words: &Words<'_>) -> &[Fact] {
        self.0.get(number).map_or(&[], |own| own.get_or_init(|| facts::find(words)))
    }
}

/// What a check found: where, and what its rule's message is to say of it.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(super) places: Vec<At>,
    pub(super) words: Vec<(&'static str, String)>,
    pub(super) missing: Option<String>,
    pub(super) structured: bool,
    pub(super) sure: bool,
}

/// A place in a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum At {
    /// In the text of a statement, by its number.
    Statement(usize, Span),
    /// In the text of a paragraph, by its ordinal: what stands in no statement.
    Paragraph(usize, Span),
}

impl Found {
    /// A fault with no place yet. Only what is nowhere in a plan stays without one.
    pub fn new() -> Self {
        Self { places: Vec::new(), words: Vec::new(), missing: None, structured: false, sure: true }
    }

    /// Evidence: the whole of a statement.
    #[must_use]
    pub fn statement(self, reading: &Reading<'_>, number: usize) -> Self {
        let length = reading.statements.get(number).map_or(0, |judged| judged.statement.text.len());
        self.at(At::Statement(number, Span::new(0, length)))
    }

    /// Evidence: words at a place. The first place is where the finding stands; `{words}` in the message are its words.
    #[must_use]
    pub fn at(mut self, at: At) -> Self {
        self.places.push(at);
        self
    }

    /// What the message says for `{name}`.
    #[must_use]
    pub fn saying(mut self, name: &'static str, words: impl Into<String>) -> Self {
        self.words.push((name, words.into()));
        self
    }

    /// What would have to be there: "provision in section F".
    #[must_use]
    pub fn missing(mut self, what: impl Into<String>) -> Self {
        self.missing = Some(what.into());
        self
    }

    /// Whether the plan's own structure (rows, numbers, headings) would have shown what was looked for.
    #[must_use]
    pub fn structured(mut self, structured: bool) -> Self {
        self.structured = structured;
        self
    }

    /// Whether the evidence leaves little doubt.
    #[must_use]
    pub fn sure(mut self, sure: bool) -> Self {
        self.sure = sure;
        self
    }
}
