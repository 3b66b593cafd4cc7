//! This is what the words of two statements say of whether they belong together, where the plan's structure does not.

use super::structure::{Structure, add};
use super::terms::Terms;
use super::{By, Link, MOST_EVIDENCE, Pair, may_link};
use crate::fx::BuildFx;
use crate::review::Judged;
use std::collections::{BTreeMap, HashMap};

/// Statements of one kind that share a term, beyond which it is no longer looked up.
const COMMON: usize = 24;
/// Candidates of a statement that are weighed.
const WEIGHED: usize = 8;
/// Links of a statement by meaning, at most.
const KEPT: usize = 4;
/// How alike two statements have to be. Calibrated on the plans of `corpora/thread/calibration`.
pub(super) const THRESHOLD: f32 = 0.14;
/// How much more so where the plan's structure has linked the statement already.
const BESIDE_STRUCTURE: f32 = 0.16;
/// What a link is beside the best of its statement, at least.
const BESIDE_BEST: f32 = 0.5;

/// Adds the links that meaning gives.
pub(super) fn links(
    chosen: &[(usize, &Judged)],
    terms: &Terms,
    structure: &Structure,
    found: &mut BTreeMap<(usize, usize), Link>,
) {
    let mut scores = vec![0.0_f32; chosen.len()];
    for pair in Pair::ALL {
        let of_kind =
            |kind| -> Vec<usize> { (0..chosen.len()).filter(|node| chosen[*node].1.statement.kind == kind).collect() };
        let (ones, others) = (of_kind(pair.kinds().0), of_kind(pair.kinds().1));
        let mut linked = vec![false; chosen.len()];
        for link in found.values().filter(|link| link.pair == pair) {
            linked[link.from] = true;
            linked[link.to] = true;
        }
        let fits =
            |from: usize, to: usize| may_link(pair, &chosen[from].1.statement.section, &chosen[to].1.statement.section);
        let score = |from: usize, to: usize| {
            let beside = if linked[from] || linked[to] { BESIDE_STRUCTURE } else { 0.0 };
            terms.alike(from, to) + structure.support(from, to) - beside
        };
        let mut more: Vec<(usize, usize, f32)> = Vec::new();
        let index = Index::of(&others, terms);
        for &from in &ones {
            let best = index.best(from, terms, &mut scores, |to| if fits(from, to) { score(from, to) } else { 0.0 });
            more.extend(best.into_iter().take(KEPT).map(|(to, score)| (from, to, score)));
        }
        let index = Index::of(&ones, terms);
        for &to in &others {
            let best = index.best(to, terms, &mut scores, |from| if fits(from, to) { score(from, to) } else { 0.0 });
            more.extend(best.into_iter().take(2).map(|(from, score)| (from, to, score)));
        }
        for (from, to, score) in more {
            let confidence = (f64::from(0.5 + (score - THRESHOLD) * 1.2).clamp(0.5, 0.9) * 100.0).round() / 100.0;
            let evidence = terms.evidence(from, to, MOST_EVIDENCE);
            add(found, Link { from, to, pair, by: By::Meaning, confidence, evidence });
        }
    }
}

/// Statements of a kind by their terms.
struct Index(HashMap<u64, Vec<usize>, BuildFx>);

impl Index {
    fn of(nodes: &[usize], terms: &Terms) -> Self {
        let mut index: HashMap<u64, Vec<usize>, BuildFx> = HashMap::default();
        for &node in nodes {
            for term in &terms.each[node].list {
                let list = index.entry(term.key).or_default();
                // One more than is looked up tells that there are too many.
                if list.len() <= COMMON {
                    list.push(node);
                }
            }
        }
        Self(index)
    }

    /// The statements that are alike enough, the most alike first. `scores` is all zero before and after.
    fn best(&self, node: usize, terms: &Terms, scores: &mut [f32], score: impl Fn(usize) -> f32) -> Vec<(usize, f32)> {
        let mut touched: Vec<usize> = Vec::new();
        for term in &terms.each[node].list {
            let Some(list) = self.0.get(&term.key).filter(|list| list.len() <= COMMON) else { continue };
            for &other in list {
                if scores[other] == 0.0 {
                    touched.push(other);
                }
                scores[other] += term.weight + f32::MIN_POSITIVE;
            }
        }
        touched.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]).then(a.cmp(b)));
        touched.iter().for_each(|other| scores[*other] = 0.0);
        touched.truncate(WEIGHED);
        let mut best: Vec<(usize, f32)> = touched.into_iter().map(|other| (other, score(other))).collect();
        best.retain(|(_, score)| *score >= THRESHOLD);
        best.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let least = best.first().map_or(0.0, |(_, score)| score * BESIDE_BEST);
        best.retain(|(_, score)| *score >= least);
        best
    }
}
