//! This is the grammar's reading position: the words with their tags, what is claimed already, and the facts so far.

use super::lexicon::{Classes, LEXICON, Tag};
use super::{Fact, Value};
use crate::span::Span;
use crate::words::{WordKind, Words};

/// The words of a text, each with what it may be.
pub(super) struct Scan<'w, 't> {
    /// The words.
    pub words: &'w Words<'t>,
    /// The facts found so far, in no order.
    pub facts: Vec<Fact>,
    tags: Vec<Tag>,
    claimed: Vec<bool>,
    role_end: usize,
    /// Where the sentence of each word begins.
    starts: Vec<usize>,
    ends: Vec<bool>,
}

impl<'w, 't> Scan<'w, 't> {
    /// Looks every word up once.
    pub(super) fn new(words: &'w Words<'t>) -> Self {
        let lexicon = &*LEXICON;
        let tags = (0..words.len())
            .map(|i| match words.list().get(i).map(|w| w.kind) {
                Some(WordKind::Digits) => Tag { classes: super::lexicon::NUM, ..Tag::NONE },
                _ => lexicon.tag(words.lower(i)),
            })
            .collect();
        let mut scan = Self {
            words,
            facts: Vec::new(),
            tags,
            claimed: vec![false; words.len()],
            role_end: 0,
            starts: Vec::with_capacity(words.len()),
            ends: Vec::with_capacity(words.len()),
        };
        let mut start = 0;
        for i in 0..words.len() {
            scan.starts.push(start);
            let ends = scan.ends_sentence(i);
            scan.ends.push(ends);
            if ends {
                start = i + 1;
            }
        }
        scan
    }

    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.tags.len()
    }

    /// The tag of word `i`; past the end, of a word that means nothing.
    pub(super) fn tag(&self, i: usize) -> Tag {
        self.tags.get(i).copied().unwrap_or(Tag::NONE)
    }

    /// True where word `i` is of any of the classes.
    pub(super) fn has(&self, i: usize, classes: Classes) -> bool {
        self.tag(i).classes & classes != 0
    }

    /// The lower-cased word `i`; empty past the end.
    pub(super) fn at(&self, i: usize) -> &'w str {
        self.words.lower(i)
    }

    /// The word `n` before word `i` of the same sentence: nothing outside a sentence changes what stands in it.
    fn before(&self, i: usize, n: usize) -> Option<usize> {
        let start = self.starts.get(i).or(self.starts.last()).copied().unwrap_or(0);
        i.checked_sub(n).filter(|&at| at >= start)
    }

    /// True where word `i` is the first of its sentence.
    pub(super) fn opens_sentence(&self, i: usize) -> bool {
        self.starts.get(i).is_none_or(|&start| start == i)
    }

    /// The lower-cased word `n` before word `i`; empty before the start of the sentence.
    pub(super) fn back(&self, i: usize, n: usize) -> &'w str {
        self.before(i, n).map_or("", |i| self.words.lower(i))
    }

    /// True where the word `n` before word `i` is of any of the classes.
    pub(super) fn back_has(&self, i: usize, n: usize, classes: Classes) -> bool {
        self.before(i, n).is_some_and(|i| self.has(i, classes))
    }

    /// True where word `i` is one of `list`.
    pub(super) fn any(&self, i: usize, list: &[&str]) -> bool {
        list.contains(&self.at(i))
    }

    /// True where the word before word `i` is one of `list`.
    pub(super) fn any_back(&self, i: usize, list: &[&str]) -> bool {
        i > 0 && list.contains(&self.back(i, 1))
    }

    /// True where the words from `i` are those of `list`.
    pub(super) fn seq(&self, i: usize, list: &[&str]) -> bool {
        list.iter().enumerate().all(|(k, word)| self.at(i + k) == *word)
    }

    /// True where the words before `i` (exclusive) are those of `list`.
    pub(super) fn seq_before(&self, i: usize, list: &[&str]) -> bool {
        self.before(i, list.len()).is_some_and(|from| self.seq(from, list))
    }

    /// True where the word before word `i` is half of a hyphened word: "check-in".
    pub(super) fn back_glued(&self, i: usize) -> bool {
        i >= 2 && self.glued(i - 1) && self.at(i - 2) == "-"
    }

    /// What word `i` is made of.
    pub(super) fn kind(&self, i: usize) -> Option<WordKind> {
        self.words.list().get(i).map(|w| w.kind)
    }

    /// True where word `i` is made of letters.
    pub(super) fn letters(&self, i: usize) -> bool {
        self.kind(i) == Some(WordKind::Letters)
    }

    /// True where word `i` is made of digits.
    pub(super) fn digits(&self, i: usize) -> bool {
        self.kind(i) == Some(WordKind::Digits)
    }

    /// True where no white space stands before word `i`.
    pub(super) fn glued(&self, i: usize) -> bool {
        self.words.list().get(i).is_some_and(|w| w.glued)
    }

    /// True where word `i` begins with a capital as written.
    pub(super) fn capital(&self, i: usize) -> bool {
        self.words.raw(i).chars().next().is_some_and(char::is_uppercase)
    }

    /// True past the end and at a mark that ends a sentence; the point of an abbreviation ("mins.", "approx.") or of
    /// a single letter ("p.w.") does not.
    pub(super) fn ends(&self, i: usize) -> bool {
        self.ends.get(i).copied().unwrap_or(true)
    }

    fn ends_sentence(&self, i: usize) -> bool {
        if !self.words.ends_clause(i) {
            return false;
        }
        if self.at(i) != "." || !self.glued(i) {
            return true;
        }
        let before = i.checked_sub(1).map_or("", |i| self.words.lower(i));
        let abbreviation = before.len() == 1 && self.back_is_letters(i)
            || matches!(
                before,
                "min" | "mins" | "hr" | "hrs" | "wk" | "wks" | "approx" | "yr" | "max" | "dr" | "mrs" | "mr"
            );
        !(abbreviation && i + 1 < self.len() && !self.capital(i + 1))
    }

    fn back_is_letters(&self, i: usize) -> bool {
        i.checked_sub(1).is_some_and(|i| self.letters(i))
    }

    /// `i`, or the word after it where `i` is a hyphen or dash.
    pub(super) fn past_hyphen(&self, i: usize) -> usize {
        if self.at(i) == "-" { i + 1 } else { i }
    }

    /// True where word `i` already belongs to a fact that no other number pattern may take apart.
    pub(super) fn claimed(&self, i: usize) -> bool {
        self.claimed.get(i).copied().unwrap_or(false)
    }

    /// Takes the words `from..to`.
    pub(super) fn claim(&mut self, from: usize, to: usize) {
        let to = to.min(self.claimed.len());
        if let Some(words) = self.claimed.get_mut(from..to) {
            words.fill(true);
        }
    }

    /// True where word `i` lies in the role that was read last.
    pub(super) fn inside_role(&self, i: usize) -> bool {
        i < self.role_end
    }

    /// Notes that the words up to `end` belong to a role.
    pub(super) fn role_until(&mut self, end: usize) {
        self.role_end = end;
    }

    /// Notes a fact over the words `from..to`.
    pub(super) fn push(&mut self, from: usize, to: usize, value: Value) {
        let span = self.words.span(from, to);
        if !span.is_empty() {
            self.facts.push(Fact { span, value });
        }
    }

    /// The bytes of the words `from..to`.
    pub(super) fn span(&self, from: usize, to: usize) -> Span {
        self.words.span(from, to)
    }
}
