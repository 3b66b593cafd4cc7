//! This is what statements are about, as terms that can be shared: words without their endings, and topics; and how rare each is
//! in the plan.

use super::Shared;
use super::lexicon::{self, Areas, Meaning, Topic};
use super::reference::{self, Reference};
use crate::document::{ContextRole, Kind, Statement};
use crate::plan::glossary::Glossary;
use crate::review::Judged;
use crate::span::Span;
use crate::words::{WordKind, Words};

/// The terms of every statement that may be linked, weighted.
pub(super) struct Terms {
    pub each: Vec<Own>,
    /// The statements of each term and kind, in order, one list after the other.
    holders: Vec<u32>,
    /// Where the list of a term and a kind begins in `holders`: [`KINDS`] for each term, and the end of the last.
    starts: Vec<u32>,
    /// Whether evidence is asked for.
    shown: bool,
}

/// Kinds that a thread runs between.
const KINDS: usize = 4;

/// The terms of one statement.
#[derive(Default)]
pub(super) struct Own {
    /// By key.
    pub list: Vec<Term>,
    /// The square root of the sum of squared weights.
    pub norm: f32,
    /// The areas of its topics.
    pub areas: Areas,
    /// How many topics it has.
    pub topics: u32,
    /// Numbers that its words refer to.
    pub references: Vec<Reference>,
}

/// A term of a statement.
#[derive(Debug, Clone, Copy)]
pub(super) struct Term {
    /// What is the same in all statements that have it.
    key: u64,
    /// Its number among the terms of the plan, in the order of the keys.
    number: u32,
    pub weight: f32,
    /// Where it stands; empty where it is inherited.
    pub span: Span,
}

/// How much a topic counts beside a word, and what is inherited beside what is said.
const TOPIC: f32 = 2.2;
const INHERITED: f32 = 0.5;
/// What a term weighs in both, at least, to be shown as evidence.
const SHOWN: f32 = 0.5;
/// What a word weighs, at least, that tells something.
const TELLING: f32 = 0.25;
/// Statements that are thought to stand beside those of a plan: in a plan of two, what both say is not common.
const FEW: f32 = 4.0;

impl Terms {
    /// Reads all statements, each with its words; without evidence unless it is `shown`.
    pub fn of(chosen: &[(usize, &Judged)], words: &[Words<'_>], glossary: &Glossary, shown: bool) -> Self {
        let mut kinds: Vec<u64> = Vec::with_capacity(chosen.len());
        let mut each: Vec<Own> = Vec::with_capacity(chosen.len());
        for (number, judged) in chosen {
            kinds.push(slot(judged.statement.kind) as u64);
            each.push(Own::of(&judged.statement, *number, &words[*number], glossary));
        }
        // One sort gives the terms their numbers, how common each is, and who has it.
        let mut all: Vec<(u64, u64)> = Vec::with_capacity(each.iter().map(|own| own.list.len()).sum());
        for (node, own) in each.iter().enumerate() {
            let place = kinds[node] << 32 | node as u64;
            all.extend(own.list.iter().map(|term| (term.key, place)));
        }
        all.sort_unstable();
        let total = each.len() as f32;
        let mut next: Vec<usize> = vec![0; each.len()];
        let mut holders: Vec<u32> = Vec::with_capacity(all.len());
        let mut starts: Vec<u32> = Vec::new();
        for (number, same) in all.chunk_by(|one, other| one.0 == other.0).enumerate() {
            let count = same.len() as f32;
            // What a third of the plan says, as the child's name, tells nothing.
            let common = count * 3.0 > total && total > 12.0;
            let factor = if common { 0.15 } else { ((total + FEW) / count).ln() };
            let mut rest = same.iter().map(|(_, place)| *place).peekable();
            for kind in 0..KINDS as u64 {
                starts.push(holders.len() as u32);
                while let Some(place) = rest.next_if(|place| place >> 32 == kind) {
                    let node = place as u32;
                    holders.push(node);
                    // A statement's own list is in the order of the keys as well.
                    let own = node as usize;
                    let term = &mut each[own].list[next[own]];
                    next[own] += 1;
                    term.number = number as u32;
                    term.weight *= factor;
                }
            }
        }
        starts.push(holders.len() as u32);
        for own in &mut each {
            own.norm = own.list.iter().map(|term| term.weight * term.weight).sum::<f32>().sqrt();
        }
        Self { each, holders, starts, shown }
    }

    /// The statements of a kind that have a term, in order.
    pub fn holders(&self, term: Term, kind: Kind) -> &[u32] {
        let at = term.number as usize * KINDS + slot(kind);
        match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(from), Some(to)) => &self.holders[*from as usize..*to as usize],
            _ => &[],
        }
    }
}

fn slot(kind: Kind) -> usize {
    match kind {
        Kind::Aspiration => 0,
        Kind::Need => 1,
        Kind::Outcome => 2,
        Kind::Provision | Kind::Other => 3,
    }
}

impl Own {
    fn of(statement: &Statement, number: usize, words: &Words<'_>, glossary: &Glossary) -> Self {
        let mut own = Self::default();
        own.list.reserve(words.len() + words.len() / 2);
        own.read(words, glossary.statement(number).map(|known| known.meaning), true);
        for context in &statement.context {
            if matches!(context.role, ContextRole::Cell | ContextRole::LeadIn) {
                let words = Words::new(&context.text);
                own.read(&words, (0..words.len()).map(|i| glossary.meaning(words.lower(i))), false);
            }
        }
        // Of one term that stands several times the heaviest counts, where it stands first.
        own.list
            .sort_unstable_by(|a, b| a.key.cmp(&b.key).then(b.weight.total_cmp(&a.weight)).then(a.span.cmp(&b.span)));
        own.list.dedup_by_key(|term| term.key);
        own
    }

    /// The words of the statement itself that tell something, in its text in small letters; not what a third of the plan says.
    pub fn words<'t>(&self, lower: &'t str) -> impl Iterator<Item = &'t str> {
        let own = self.list.iter().filter(|term| term.weight >= TELLING);
        let mut spans: Vec<Span> = own.map(|term| term.span).collect();
        spans.sort_unstable();
        spans.dedup();
        let words = spans.into_iter().filter_map(|span| lower.get(span.start..span.end));
        words.filter(|word| !word.is_empty() && !word.contains(char::is_whitespace))
    }

    fn read(&mut self, words: &Words<'_>, meanings: impl Iterator<Item = Meaning>, said: bool) {
        let scale = if said { 1.0 } else { INHERITED };
        let place = |span: Span| if said { span } else { Span::new(0, 0) };
        let mut before: Option<(Meaning, Span)> = None;
        for (i, (word, meaning)) in words.list().iter().zip(meanings).enumerate() {
            match word.kind {
                WordKind::Letters => {}
                WordKind::Digits => continue,
                WordKind::Mark => {
                    if matches!(words.lower(i), "." | ";" | ":" | "!" | "?") {
                        before = None;
                    }
                    continue;
                }
            }
            if meaning.weight == 0.0 {
                continue;
            }
            let key = meaning.stem;
            self.list.push(Term { key, number: 0, weight: meaning.weight * scale, span: place(word.span) });
            self.topics(meaning.topics, place(word.span), scale);
            if let Some((first, span)) = before.filter(|(first, _)| first.opens) {
                self.topics(lexicon::topics(lexicon::pair(first.stem, key)), place(span.cover(word.span)), scale);
            }
            before = Some((meaning, word.span));
        }
        let first = self.references.len();
        reference::references(words, &mut self.references);
        self.references[first..].iter_mut().for_each(|reference| reference.span = place(reference.span));
    }

    fn topics(&mut self, topics: &[Topic], span: Span, scale: f32) {
        for topic in topics {
            self.list.push(Term { key: topic.key, number: 0, weight: TOPIC * scale, span });
            self.areas = self.areas.or(topic.areas);
            self.topics += u32::from(scale == 1.0);
        }
    }
}

/// The weights of one statement's terms, each at the term's number, so that many others can be held against it.
pub(super) struct Weights(Vec<f32>);

impl Weights {
    /// Takes a statement's.
    pub fn set(&mut self, own: &Own) {
        own.list.iter().for_each(|term| self.0[term.number as usize] = term.weight);
    }

    /// Forgets them.
    pub fn clear(&mut self, own: &Own) {
        own.list.iter().for_each(|term| self.0[term.number as usize] = 0.0);
    }

    /// How alike another statement is to the one whose weights are held: the same as [`Terms::alike`].
    pub fn alike(&self, own: &Own, other: &Own) -> f32 {
        let shared = other.list.iter().map(|term| self.0[term.number as usize] * term.weight).sum();
        alike(own, other, shared)
    }
}

/// How alike two statements are of which the products of shared terms come to `shared`.
fn alike(a: &Own, b: &Own, shared: f32) -> f32 {
    if a.norm <= 0.0 || b.norm <= 0.0 {
        return 0.0;
    }
    let cosine = shared / (a.norm * b.norm);
    let least = a.norm.min(b.norm);
    let held = (shared / (least * least)).min(1.0);
    // The cosine alone fails where a long statement answers a short one.
    0.6 * cosine + 0.4 * held
}

impl Terms {
    /// No weights, for terms of this plan.
    pub fn none(&self) -> Weights {
        Weights(vec![0.0; self.starts.len() / KINDS])
    }

    /// How alike two statements are, 0–1: the cosine of their terms, and the share of the shorter that the longer holds.
    pub fn alike(&self, one: usize, other: usize) -> f32 {
        let mut shared = 0.0;
        self.meet(one, other, |x, y| shared += x.weight * y.weight);
        alike(&self.each[one], &self.each[other], shared)
    }

    /// Words that two statements share, the heaviest first.
    pub fn evidence(&self, one: usize, other: usize, most: usize) -> Vec<Shared> {
        if !self.shown {
            return Vec::new();
        }
        let mut all: Vec<(f32, Shared)> = Vec::new();
        self.meet(one, other, |x, y| {
            if !x.span.is_empty() && !y.span.is_empty() && x.weight.min(y.weight) >= SHOWN {
                all.push((x.weight * y.weight, Shared { from: x.span, to: y.span }));
            }
        });
        all.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1.from, a.1.to).cmp(&(b.1.from, b.1.to))));
        let mut out: Vec<Shared> = Vec::new();
        for (_, shared) in all {
            // A topic stands at the words that a shared word has shown already.
            if out.len() < most && !out.iter().any(|known| known.from.overlaps(shared.from)) {
                out.push(shared);
            }
        }
        out
    }

    fn meet(&self, one: usize, other: usize, mut with: impl FnMut(&Term, &Term)) {
        let (a, b) = (&self.each[one].list, &self.each[other].list);
        let (mut i, mut j) = (0, 0);
        while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
            match x.number.cmp(&y.number) {
                std::cmp::Ordering::Less => i += 1,
                std::cmp::Ordering::Greater => j += 1,
                std::cmp::Ordering::Equal => {
                    with(x, y);
                    i += 1;
                    j += 1;
                }
            }
        }
    }
}
