//! This is what statements are about, as terms that can be shared: words without their endings, and topics; and how rare each is
//! in the plan.

use super::Shared;
use super::lexicon::{self, Meaning, Topic};
use super::reference::{self, Reference};
use crate::document::{ContextRole, Kind, Statement};
use crate::fx::BuildFx;
use crate::plan::glossary::Glossary;
use crate::review::Judged;
use crate::span::Span;
use crate::words::{WordKind, Words};
use std::collections::HashMap;

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
    /// By number.
    pub list: Vec<Term>,
    /// The square root of the sum of squared weights.
    pub norm: f32,
    /// How many topics it has.
    pub topics: u32,
    /// Numbers that its words refer to.
    pub references: Vec<Reference>,
}

/// A term of a statement.
#[derive(Debug, Clone, Copy)]
pub(super) struct Term {
    /// Its number among the terms of the plan, in the order of where each is met first.
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
/// Statements that are thought to stand beside those of a plan: in a plan of two, what both say is not common.
pub(super) const FEW: f32 = 4.0;

impl Terms {
    /// Reads all statements, each with its words; without evidence unless it is `shown`.
    pub fn of(chosen: &[(usize, &Judged)], words: &[Words<'_>], glossary: &Glossary, shown: bool) -> Self {
        let mut numbers = Numbers::with_capacity_and_hasher(4 * chosen.len(), BuildFx::default());
        let kinds: Vec<usize> = chosen.iter().map(|(_, judged)| slot(judged.statement.kind)).collect();
        let mut each: Vec<Own> = Vec::with_capacity(chosen.len());
        for (number, judged) in chosen {
            each.push(Own::of(&judged.statement, *number, &words[*number], glossary, &mut numbers));
        }
        // How common each term is, by kind; from these counts where its holders of each kind begin.
        let terms = numbers.len();
        let mut starts: Vec<u32> = vec![0; terms * KINDS + 1];
        for (own, kind) in each.iter().zip(&kinds) {
            own.list.iter().for_each(|term| starts[term.number as usize * KINDS + kind + 1] += 1);
        }
        let total = each.len() as f32;
        let factors: Vec<f32> = starts[1..]
            .chunks_exact(KINDS)
            .map(|counts| {
                let count = counts.iter().sum::<u32>() as f32;
                // What a third of the plan says, as the child's name, tells nothing.
                let common = count * 3.0 > total && total > 12.0;
                if common { 0.15 } else { ((total + FEW) / count).ln() }
            })
            .collect();
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut holders: Vec<u32> = vec![0; starts.last().map_or(0, |end| *end as usize)];
        for ((node, own), kind) in each.iter_mut().enumerate().zip(&kinds) {
            for term in &mut own.list {
                let next = &mut next[term.number as usize * KINDS + kind];
                holders[*next as usize] = node as u32;
                *next += 1;
                term.weight *= factors[term.number as usize];
            }
        }
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

/// The numbers of the terms of a plan, by what is the same in all statements that have one.
type Numbers = HashMap<u64, u32, BuildFx>;

/// The number of a term, the next one where it is met first.
fn number(key: u64, numbers: &mut Numbers) -> u32 {
    let next = numbers.len() as u32;
    *numbers.entry(key).or_insert(next)
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
    fn of(statement: &Statement, number: usize, words: &Words<'_>, glossary: &Glossary, numbers: &mut Numbers) -> Self {
        let mut own = Self::default();
        own.list.reserve(words.len() + words.len() / 2);
        own.read(words, glossary.statement(number).map(|known| known.meaning), true, numbers);
        for context in &statement.context {
            if matches!(context.role, ContextRole::Cell | ContextRole::LeadIn) {
                let words = Words::new(&context.text);
                own.read(&words, (0..words.len()).map(|i| glossary.meaning(words.lower(i))), false, numbers);
            }
        }
        // Of one term that stands several times the heaviest counts, where it stands first.
        own.list.sort_unstable_by(|a, b| {
            a.number.cmp(&b.number).then(b.weight.total_cmp(&a.weight)).then(a.span.cmp(&b.span))
        });
        own.list.dedup_by_key(|term| term.number);
        own
    }

    fn read(&mut self, words: &Words<'_>, meanings: impl Iterator<Item = Meaning>, said: bool, numbers: &mut Numbers) {
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
            let number = number(meaning.stem, numbers);
            self.list.push(Term { number, weight: meaning.weight * scale, span: place(word.span) });
            self.topics(meaning.topics, place(word.span), scale, numbers);
            if let Some((first, span)) = before.filter(|(first, _)| first.opens) {
                let topics = lexicon::topics(lexicon::pair(first.stem, meaning.stem));
                self.topics(topics, place(span.cover(word.span)), scale, numbers);
            }
            before = Some((meaning, word.span));
        }
        let first = self.references.len();
        reference::references(words, &mut self.references);
        self.references[first..].iter_mut().for_each(|reference| reference.span = place(reference.span));
    }

    fn topics(&mut self, topics: &[Topic], span: Span, scale: f32, numbers: &mut Numbers) {
        for topic in topics {
            self.list.push(Term { number: number(*topic, numbers), weight: TOPIC * scale, span });
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
