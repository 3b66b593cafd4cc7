//! This is what the words of two statements say of whether they belong together, where the plan's structure does not.

use super::sense::Senses;
use super::structure::Structure;
use super::terms::{Terms, Weights};
use super::{By, Link, MOST_EVIDENCE, Pair, may_link, of_kind};
use crate::document::Kind;
use crate::review::Judged;
use std::collections::BTreeMap;

/// Statements of one kind that share a term, beyond which it is no longer looked up.
const COMMON: usize = 24;
/// Candidates of a statement that share a term with it, and that are nearest to it by the vectors of their words.
const SHARING: usize = 8;
const NEAREST: usize = 4;
/// Statements of the other kind, about the same place of their sections, among which the nearest are looked for.
const BESIDE: usize = 512;
/// Links of a statement by meaning, at most.
const KEPT: usize = 3;

// Chosen on `choosing.jsonl`, `calibration`, `plans` and `fresh` of `corpora/thread`, of which the vectors have seen none.
/// How much shared terms count beside vectors that are near: what these do not know is shared word for word, as the name of a programme.
const ALIKE: f32 = 0.7;
/// How much the place of both counts.
const SUPPORT: f32 = 10.0;
/// How much less it may be for the outcome that is nearest to a wish: what leads towards one is in quite other words.
const WISH: f32 = 0.1;
/// What it speaks for a link that the plan's structure links both to one statement of the third kind.
const TRIANGLE: f32 = 0.15;
/// What speaks for a link has to come to this.
const THRESHOLD: f32 = 0.26;
/// What may be said of any two statements of a plan, and how much of the rest a link is beside the best of both ends, at least, unless it is
/// the best of one.
const ANY: f32 = 0.15;
const BESIDE_BEST: f32 = 0.9;
/// How much surer a link is for what it has beyond the threshold.
const SURER: f32 = 0.3;

/// A pair that may be linked.
#[derive(Clone, Copy)]
struct Candidate {
    from: usize,
    to: usize,
    score: f32,
}

/// Adds the links that meaning gives.
pub(super) fn links(
    chosen: &[(usize, &Judged)],
    terms: &Terms,
    senses: &Senses,
    structure: &Structure,
    found: &mut BTreeMap<(usize, usize), Link>,
) {
    // What the structure links each statement to; of very many the first tell enough.
    let mut linked: Vec<Vec<usize>> = vec![Vec::new(); chosen.len()];
    for link in found.values() {
        for (one, other) in [(link.from, link.to), (link.to, link.from)] {
            if linked[one].len() < COMMON {
                linked[one].push(other);
            }
        }
    }
    let place = |from: usize, to: usize| {
        let through = linked[from].iter().any(|third| linked[to].contains(third));
        SUPPORT * structure.support(from, to) + if through { TRIANGLE } else { 0.0 }
    };
    for pair in Pair::ALL {
        let candidates = candidates(pair, chosen, terms, senses, &place, found);
        // None of them is linked already: candidates are not.
        for Candidate { from, to, score } in select(candidates, chosen.len()) {
            let confidence = (f64::from(0.5 + (score - THRESHOLD) * SURER).clamp(0.5, 0.9) * 100.0).round() / 100.0;
            let evidence = terms.evidence(from, to, MOST_EVIDENCE);
            found.insert((from, to), Link { from, to, pair, by: By::Meaning, confidence, evidence });
        }
    }
}

/// The pairs of two kinds that share a term that is not too common or are near, the best few of each statement; `place` is what
/// the plan's structure says of a pair.
fn candidates(
    pair: Pair,
    chosen: &[(usize, &Judged)],
    terms: &Terms,
    senses: &Senses,
    place: &impl Fn(usize, usize) -> f32,
    found: &BTreeMap<(usize, usize), Link>,
) -> Vec<Candidate> {
    let (ones, others) = (of_kind(chosen, pair.kinds().0), of_kind(chosen, pair.kinds().1));
    // Each pair as one number, by which they are sorted.
    let mut known: Vec<(u64, f32)> = Vec::new();
    let key = |from: usize, to: usize| (from as u64) << 32 | to as u64;
    let mut best = Best::new(terms, senses);
    for (at, &from) in ones.iter().enumerate() {
        best.of(from, pair.kinds().1, beside(at, &ones, &others), |to, alike| known.push((key(from, to), alike)));
    }
    for (at, &to) in others.iter().enumerate() {
        best.of(to, pair.kinds().0, beside(at, &others, &ones), |from, alike| known.push((key(from, to), alike)));
    }
    known.sort_unstable_by_key(|(key, _)| *key);
    known.dedup_by_key(|(key, _)| *key);
    let wish = if pair == Pair::AspirationOutcome { WISH } else { 0.0 };
    let known = known.into_iter().filter_map(|(key, alike)| {
        let (from, to) = ((key >> 32) as usize, key as u32 as usize);
        let sections = (&chosen[from].1.statement.section, &chosen[to].1.statement.section);
        let may = may_link(pair, sections.0, sections.1) && !found.contains_key(&(from, to));
        let score = senses.near(from, to) + ALIKE * alike + place(from, to);
        may.then_some(Candidate { from, to, score })
    });
    known.filter(|one| one.score >= THRESHOLD - wish).collect()
}

/// Those of the others that stand about where one of a kind stands among its own.
fn beside<'o>(at: usize, own: &[usize], others: &'o [usize]) -> &'o [usize] {
    let middle = at * others.len() / own.len().max(1);
    let from = middle.saturating_sub(BESIDE / 2).min(others.len().saturating_sub(BESIDE));
    &others[from..others.len().min(from + BESIDE)]
}

/// The candidates that are the best of one of their ends, or not far from the best of both; the best first.
fn select(candidates: Vec<Candidate>, nodes: usize) -> Vec<Candidate> {
    let mut best = vec![[0.0_f32; 2]; nodes];
    for one in &candidates {
        best[one.from][0] = best[one.from][0].max(one.score);
        best[one.to][1] = best[one.to][1].max(one.score);
    }
    let mut kept = candidates;
    kept.retain(|one| {
        let (a, b) = (best[one.from][0], best[one.to][1]);
        one.score >= a
            || one.score >= THRESHOLD && (one.score >= b || one.score - ANY >= BESIDE_BEST * (a.max(b) - ANY))
    });
    // Of two that are alike the same, the first in reading order.
    kept.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut count = vec![0; nodes];
    // Whatever is the only link of one end is kept.
    kept.retain(|one| {
        let keep = count[one.from] < KEPT || count[one.to] == 0;
        count[one.from] += usize::from(keep);
        count[one.to] += usize::from(keep);
        keep
    });
    kept
}

/// Which statements of a kind share the heaviest terms with one, or are nearest to it.
struct Best<'t> {
    terms: &'t Terms,
    senses: &'t Senses,
    /// What each statement shares with the one that is looked at; all zero between two looks.
    shared: Vec<f32>,
    /// The weights of its terms.
    weights: Weights,
    found: Vec<usize>,
    near: Vec<(f32, usize)>,
}

impl<'t> Best<'t> {
    fn new(terms: &'t Terms, senses: &'t Senses) -> Self {
        let shared = vec![0.0; terms.each.len()];
        Self { terms, senses, shared, weights: terms.none(), found: Vec::new(), near: Vec::new() }
    }

    /// Gives the best few of a kind, in no order, with how alike each is by its terms; the nearest of those `beside` it.
    fn of(&mut self, node: usize, kind: Kind, beside: &[usize], mut give: impl FnMut(usize, f32)) {
        self.found.clear();
        for term in &self.terms.each[node].list {
            let holders = self.terms.holders(*term, kind);
            if holders.len() > COMMON {
                continue;
            }
            let weight = term.weight * term.weight + f32::MIN_POSITIVE;
            for &other in holders {
                let shared = &mut self.shared[other as usize];
                if *shared == 0.0 {
                    self.found.push(other as usize);
                }
                *shared += weight;
            }
        }
        let shared = &self.shared;
        most(&mut self.found, SHARING, |a, b| shared[*b].total_cmp(&shared[*a]).then(a.cmp(b)));
        self.near.clear();
        self.near.extend(beside.iter().map(|other| (self.senses.near(node, *other), *other)));
        most(&mut self.near, NEAREST, |a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let sharing = &self.found[..self.found.len().min(SHARING)];
        let near = self.near.iter().take(NEAREST).map(|(_, other)| *other).filter(|other| !sharing.contains(other));
        let own = &self.terms.each[node];
        self.weights.set(own);
        for other in sharing.iter().copied().chain(near) {
            let alike = self.weights.alike(own, &self.terms.each[other]);
            debug_assert_eq!(alike, self.terms.alike(node, other), "two ways to the same likeness");
            give(other, alike);
        }
        self.weights.clear(own);
        self.found.iter().for_each(|other| self.shared[*other] = 0.0);
    }
}

/// Puts the first few of an order before the rest.
fn most<T>(list: &mut [T], count: usize, order: impl FnMut(&T, &T) -> std::cmp::Ordering) {
    if list.len() > count {
        list.select_nth_unstable_by(count - 1, order);
    }
}
