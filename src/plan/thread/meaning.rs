//! This is what the words of two statements say of whether they belong together, where the plan's structure does not.

use super::structure::{Structure, add};
use super::terms::Terms;
use super::{By, Link, MOST_EVIDENCE, Pair, may_link, of_kind};
use crate::document::Kind;
use crate::fx::BuildFx;
use crate::review::Judged;
use std::collections::{BTreeMap, HashSet};

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
    first.iter().for_each(|one| join(one.from, one.to, 0.0));
    beside.iter_mut().for_each(|list| list.truncate(COMMON));
    let known: HashSet<(usize, usize), BuildFx> = first.iter().map(|one| (one.from, one.to)).collect();
    for one in &mut all {
        let third = match one.pair {
            Pair::AspirationOutcome => continue,
            Pair::NeedOutcome => Kind::Provision,
            Pair::NeedProvision => Kind::Outcome,
            Pair::OutcomeProvision => Kind::Need,
        };
        if known.contains(&(one.from, one.to)) {
            continue;
        }
        let through =
            beside[one.from].iter().filter(|(middle, _)| kind(*middle) == third).filter_map(|(middle, more)| {
                let other = beside[one.to].iter().find(|(node, _)| node == middle)?;
                Some(TRIANGLE + more + other.1)
            });
        one.score += through.fold(0.0, f32::max);
    }
    for Candidate { pair, from, to, score } in select(&all, chosen.len()) {
        let confidence = (f64::from(0.5 + (score - THRESHOLD) * 1.2).clamp(0.5, 0.9) * 100.0).round() / 100.0;
        let evidence = terms.evidence(from, to, MOST_EVIDENCE);
        add(found, Link { from, to, pair, by: By::Meaning, confidence, evidence });
    }
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
    let score = |from: usize, to: usize| {
        let sections = (&chosen[from].1.statement.section, &chosen[to].1.statement.section);
        if !may_link(pair, sections.0, sections.1) || found.contains_key(&(from, to)) {
            return 0.0;
        }
        let alike = terms.alike(from, to);
        if alike <= 0.0 {
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
    let mut known: Vec<(usize, usize)> = Vec::new();
    let mut best = Best::new(terms);
    for &from in &ones {
        known.extend(best.of(from, pair.kinds().1).iter().map(|to| (from, *to)));
    }
    for &to in &others {
        known.extend(best.of(to, pair.kinds().0).iter().map(|from| (*from, to)));
    }
    known.sort_unstable();
    known.dedup();
    let known = known.into_iter().map(|(from, to)| Candidate { pair, from, to, score: score(from, to) });
    out.extend(known.filter(|one| one.score > 0.0));
}

/// The candidates that are alike enough: the best of one of their ends, or not far from the best of both.
fn select(all: &[Candidate], nodes: usize) -> Vec<Candidate> {
    let mut out = Vec::new();
    for pair in Pair::ALL {
        let own = || all.iter().filter(move |one| one.pair == pair && one.score >= THRESHOLD);
        let mut best = vec![[0.0_f32; 2]; nodes];
        for one in own() {
            best[one.from][0] = best[one.from][0].max(one.score);
            best[one.to][1] = best[one.to][1].max(one.score);
        }
        let mut kept: Vec<Candidate> = own()
            .filter(|one| {
                let (a, b) = (best[one.from][0], best[one.to][1]);
                one.score >= a || one.score >= b || one.score >= BESIDE_BEST * a.max(b)
            })
            .copied()
            .collect();
        kept.sort_by(|a, b| b.score.total_cmp(&a.score).then((a.from, a.to).cmp(&(b.from, b.to))));
        let mut count = vec![0; nodes];
        for one in kept {
            // Whatever is the only link of one end is kept.
            if count[one.from] < KEPT || count[one.to] == 0 {
                count[one.from] += 1;
                count[one.to] += 1;
                out.push(one);
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
    found: Vec<usize>,
}

impl<'t> Best<'t> {
    fn new(terms: &'t Terms) -> Self {
        Self { terms, shared: vec![0.0; terms.each.len()], found: Vec::new() }
    }

    /// Of a kind, the best few, in no order.
    fn of(&mut self, node: usize, kind: Kind) -> &[usize] {
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
        &self.found
    }
}
