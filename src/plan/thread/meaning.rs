//! This is what the words of two statements say of whether they belong together, where the plan's structure does not.

use super::structure::Structure;
use super::terms::{Terms, Weights};
use super::{By, Link, MOST_EVIDENCE, Pair, may_link, of_kind};
use crate::document::Kind;
use crate::review::Judged;
use std::collections::BTreeMap;

/// Statements of one kind that share a term, beyond which it is no longer looked up.
const COMMON: usize = 24;
/// Candidates of a statement that are weighed.
const WEIGHED: usize = 8;
/// Links of a statement by meaning, at most.
const KEPT: usize = 4;

// Chosen on the plans of `corpora/thread/calibration`.
/// How alike two statements have to be.
const THRESHOLD: f32 = 0.12;
/// What a link is beside the best of either end, at least, unless it is the best of one.
const BESIDE_BEST: f32 = 0.5;
/// What topics of the same area speak for a link, and topics of different ones against it.
pub(super) const AREA: f32 = 0.02;
/// What it speaks for a link that both are linked to one statement of the third kind; and more for each such link that the plan's
/// structure gives.
const TRIANGLE: f32 = 0.08;
const TRIANGLE_STRUCTURE: f32 = 0.02;
/// How much more alike a statement has to be that the plan's structure has linked already.
const BESIDE_STRUCTURE: f32 = 0.12;

/// A pair that may be linked.
#[derive(Clone, Copy)]
struct Candidate {
    pair: Pair,
    from: usize,
    to: usize,
    score: f32,
    /// Whether it is among the first that were selected.
    first: bool,
}

/// Adds the links that meaning gives.
pub(super) fn links(
    chosen: &[(usize, &Judged)],
    terms: &Terms,
    structure: &Structure,
    found: &mut BTreeMap<(usize, usize), Link>,
) {
    let mut all = Vec::new();
    for pair in Pair::ALL {
        candidates(pair, chosen, terms, structure, found, &mut all);
    }
    let first = select(&all, chosen.len());
    // What is linked already speaks for the third side of a triangle.
    let kind = |node: usize| chosen[node].1.statement.kind;
    let mut beside: Vec<Vec<(usize, f32)>> = vec![Vec::new(); chosen.len()];
    let mut join = |from: usize, to: usize, more: f32| {
        beside[from].push((to, more));
        beside[to].push((from, more));
    };
    found.values().for_each(|link| join(link.from, link.to, TRIANGLE_STRUCTURE));
    first.iter().for_each(|one| join(all[*one].from, all[*one].to, 0.0));
    beside.iter_mut().for_each(|list| list.truncate(COMMON));
    first.iter().for_each(|one| all[*one].first = true);
    // What the statement that is looked at has beside it, and how much each counts.
    let mut near: Vec<Option<f32>> = vec![None; chosen.len()];
    for same in all.chunk_by_mut(|one, other| (one.pair, one.from) == (other.pair, other.from)) {
        let from = same[0].from;
        let third = match same[0].pair {
            Pair::AspirationOutcome => None,
            Pair::NeedOutcome => Some(Kind::Provision),
            Pair::NeedProvision => Some(Kind::Outcome),
            Pair::OutcomeProvision => Some(Kind::Need),
        };
        for (middle, more) in beside[from].iter().filter(|(middle, _)| Some(kind(*middle)) == third) {
            near[*middle] = Some(near[*middle].map_or(*more, |known| known.max(*more)));
        }
        for one in same.iter_mut().filter(|one| !one.first) {
            let through = beside[one.to].iter().filter_map(|(middle, more)| Some(TRIANGLE + near[*middle]? + more));
            one.score += through.fold(0.0, f32::max);
        }
        beside[from].iter().for_each(|(middle, _)| near[*middle] = None);
    }
    // None of them is linked already: candidates are not.
    let links = select(&all, chosen.len()).into_iter().map(|one| {
        let Candidate { pair, from, to, score, .. } = all[one];
        let confidence = (f64::from(0.5 + (score - THRESHOLD) * 1.2).clamp(0.5, 0.9) * 100.0).round() / 100.0;
        let evidence = terms.evidence(from, to, MOST_EVIDENCE);
        ((from, to), Link { from, to, pair, by: By::Meaning, confidence, evidence })
    });
    found.append(&mut links.collect());
}

/// The pairs of two kinds that share a term that is not too common, the best few of each statement.
fn candidates(
    pair: Pair,
    chosen: &[(usize, &Judged)],
    terms: &Terms,
    structure: &Structure,
    found: &BTreeMap<(usize, usize), Link>,
    out: &mut Vec<Candidate>,
) {
    let (ones, others) = (of_kind(chosen, pair.kinds().0), of_kind(chosen, pair.kinds().1));
    let mut linked = vec![false; chosen.len()];
    for link in found.values().filter(|link| link.pair == pair) {
        linked[link.from] = true;
        linked[link.to] = true;
    }
    let score = |from: usize, to: usize, alike: f32| {
        let sections = (&chosen[from].1.statement.section, &chosen[to].1.statement.section);
        if alike <= 0.0 || !may_link(pair, sections.0, sections.1) {
            return 0.0;
        }
        if linked[from] && linked[to] && found.contains_key(&(from, to)) {
            return 0.0;
        }
        let (a, b) = (terms.each[from].areas, terms.each[to].areas);
        let area = match (a.is_empty() || b.is_empty(), a.meet(b)) {
            (true, _) => 0.0,
            (false, true) => AREA,
            (false, false) => -AREA,
        };
        let beside = if linked[from] || linked[to] { BESIDE_STRUCTURE } else { 0.0 };
        alike + area + structure.support(from, to) - beside
    };
    // Each pair as one number, by which they are sorted.
    let mut known: Vec<(u64, f32)> = Vec::new();
    let key = |from: usize, to: usize| (from as u64) << 32 | to as u64;
    let mut best = Best::new(terms);
    for &from in &ones {
        best.of(from, pair.kinds().1, |to, alike| known.push((key(from, to), alike)));
    }
    for &to in &others {
        best.of(to, pair.kinds().0, |from, alike| known.push((key(from, to), alike)));
    }
    known.sort_unstable_by_key(|(key, _)| *key);
    known.dedup_by_key(|(key, _)| *key);
    let known = known.into_iter().map(|(key, alike)| {
        let (from, to) = ((key >> 32) as usize, key as u32 as usize);
        let score = score(from, to, alike);
        Candidate { pair, from, to, score, first: false }
    });
    out.extend(known.filter(|one| one.score > 0.0));
}

/// The candidates that are alike enough, by their places in `all`, where those of a pair of kinds follow each other: the best of
/// one of their ends, or not far from the best of both.
fn select(all: &[Candidate], nodes: usize) -> Vec<usize> {
    let mut out = Vec::new();
    let mut begin = 0;
    for own in all.chunk_by(|one, other| one.pair == other.pair) {
        let mut best = vec![[0.0_f32; 2]; nodes];
        for one in own {
            best[one.from][0] = best[one.from][0].max(one.score);
            best[one.to][1] = best[one.to][1].max(one.score);
        }
        let mut kept: Vec<(f32, usize)> = own
            .iter()
            .zip(begin..)
            .filter(|(one, _)| {
                let (a, b) = (best[one.from][0], best[one.to][1]);
                one.score >= THRESHOLD && (one.score >= a || one.score >= b || one.score >= BESIDE_BEST * a.max(b))
            })
            .map(|(one, at)| (one.score, at))
            .collect();
        begin += own.len();
        // Of two that are alike the same, the first in reading order.
        kept.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut count = vec![0; nodes];
        for (_, at) in kept {
            let one = &all[at];
            // Whatever is the only link of one end is kept.
            if count[one.from] < KEPT || count[one.to] == 0 {
                count[one.from] += 1;
                count[one.to] += 1;
                out.push(at);
            }
        }
    }
    out
}

/// Which statements of a kind share the heaviest terms with one.
struct Best<'t> {
    terms: &'t Terms,
    /// What each statement shares with the one that is looked at; all zero between two looks.
    shared: Vec<f32>,
    /// The weights of its terms.
    weights: Weights,
    found: Vec<usize>,
}

impl<'t> Best<'t> {
    fn new(terms: &'t Terms) -> Self {
        Self { terms, shared: vec![0.0; terms.each.len()], weights: terms.none(), found: Vec::new() }
    }

    /// Gives the best few of a kind, in no order, with how alike each is.
    fn of(&mut self, node: usize, kind: Kind, mut give: impl FnMut(usize, f32)) {
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
        if self.found.len() > WEIGHED {
            let shared = &self.shared;
            let order = |a: &usize, b: &usize| shared[*b].total_cmp(&shared[*a]).then(a.cmp(b));
            self.found.select_nth_unstable_by(WEIGHED - 1, order);
        }
        self.found.iter().for_each(|other| self.shared[*other] = 0.0);
        self.found.truncate(WEIGHED);
        if self.found.is_empty() {
            return;
        }
        let own = &self.terms.each[node];
        self.weights.set(own);
        for &other in &self.found {
            let alike = self.weights.alike(own, &self.terms.each[other]);
            debug_assert_eq!(alike, self.terms.alike(node, other), "two ways to the same likeness");
            give(other, alike);
        }
        self.weights.clear(own);
    }
}
