//! This is what is left over when structure and shared words have been asked: statements of two kinds without a link, which may belong
//! together though little or nothing in their words says so.

use super::meaning::AREA;
use super::structure::{Structure, add};
use super::terms::Terms;
use super::{By, Link, MOST_EVIDENCE, Pair, may_link, of_kind};
use crate::model::vectors::{self, Vectors};
use crate::review::Judged;
use std::collections::BTreeMap;

/// Statements of a kind that are left over, beyond which nothing is said of them; and links that are looked at for the order.
const MOST_REST: usize = 20;
/// What speaks for two that are left over has to come to this: topics of one area, and the same place in the order of their kinds.
const REST: f32 = 0.08;
const REST_AREA: f32 = 0.08;
const REST_ORDER: f32 = 0.2;
/// How near the vectors of two have to be, of which nothing else speaks for a link, as a cosine; wishes are in other words than what
/// leads towards them. Of the plans of `calibration` hardly any statement is left over: chosen on those of `fresh` and `plans`.
const NEAR: f32 = 0.12;
const NEAR_WISH: f32 = 0.05;
/// Statements by which one tells what all of a plan say.
const SAMPLE: usize = 32;

/// The links that were found.
type Links = BTreeMap<(usize, usize), Link>;

/// What a plan's statements are, to find which of them are left over.
pub(super) struct Left<'t> {
    pub chosen: &'t [(usize, &'t Judged)],
    pub terms: &'t Terms,
    pub structure: &'t Structure,
    /// The pairs of kinds that the plan's own structure links.
    pub structured: &'t [Pair],
    /// Statements that are an account of others, and never left over.
    pub account: &'t [bool],
}

impl Left<'_> {
    /// Adds the links of what is left over.
    pub fn links(&self, found: &mut Links) {
        let mut mean = None;
        for pair in Pair::ALL {
            if pair != Pair::AspirationOutcome {
                self.in_order(pair, found);
            }
            self.near(pair, &mut mean, found);
        }
    }

    /// Which statements have a link of a pair, and need none.
    fn linked(&self, pair: Pair, found: &Links) -> Vec<bool> {
        let mut linked = self.account.to_vec();
        for link in found.values().filter(|link| link.pair == pair) {
            (linked[link.from], linked[link.to]) = (true, true);
        }
        linked
    }

    /// True where two may be linked: not where rows or numbers show that something is left without.
    fn may_link(&self, pair: Pair, from: usize, to: usize) -> bool {
        let section = |node: usize| self.chosen[node].1.statement.section.as_str();
        let shown = self.structured.contains(&pair) && (self.structure.is_placed(from) || self.structure.is_placed(to));
        !shown && may_link(pair, section(from), section(to))
    }

    /// Links what is of topics of one area, or in the same place of an order that the plan keeps in its sections.
    fn in_order(&self, pair: Pair, found: &mut Links) {
        let (ones, others) = (of_kind(self.chosen, pair.kinds().0), of_kind(self.chosen, pair.kinds().1));
        // Where each stands among those of its kind, 0–1.
        let mut place = vec![0.0_f32; self.chosen.len()];
        for list in [&ones, &others] {
            list.iter().enumerate().for_each(|(at, node)| place[*node] = (at as f32 + 0.5) / list.len() as f32);
        }
        let own: Vec<(usize, usize)> =
            found.values().filter(|link| link.pair == pair).map(|l| (l.from, l.to)).collect();
        let ordered = own.len() >= 2 && keeps_order(&own[..own.len().min(MOST_REST)], &place);
        let mut linked = self.linked(pair, found);
        let left = |list: &[usize]| -> Vec<usize> { list.iter().copied().filter(|node| !linked[*node]).collect() };
        let (ones, others) = (left(&ones), left(&others));
        if ones.len() > MOST_REST || others.len() > MOST_REST {
            return;
        }
        let (terms, structure) = (self.terms, self.structure);
        let mut all: Vec<(f32, usize, usize)> = Vec::new();
        for &from in &ones {
            for &to in others.iter().filter(|to| self.may_link(pair, from, **to)) {
                let (a, b) = (terms.each[from].areas, terms.each[to].areas);
                let support = structure.support(from, to);
                let alike = terms.alike(from, to) + support;
                if !a.is_empty() && !b.is_empty() && !a.meet(b) && support <= 0.0 && alike <= AREA {
                    continue;
                }
                // Headings for one area of need, or words of one.
                let area = if a.meet(b) || support > 0.0 { REST_AREA } else { 0.0 };
                let order = if ordered { REST_ORDER * (1.0 - 3.0 * (place[from] - place[to]).abs()) } else { 0.0 };
                all.push((alike + area + order, from, to));
            }
        }
        all.retain(|(score, ..)| *score >= REST);
        self.link(pair, all, false, &mut linked, found);
    }

    /// Links what is still left over, and may be of one matter though no word says so: by the vectors of the words ([`Vectors`]),
    /// which are asked for few statements of a plan. An aspiration also to an outcome that is linked to another.
    fn near(&self, pair: Pair, mean: &mut Option<Vec<f32>>, found: &mut Links) {
        let shared = pair == Pair::AspirationOutcome;
        let mut linked = self.linked(pair, found);
        let (mut ones, mut others) = (of_kind(self.chosen, pair.kinds().0), of_kind(self.chosen, pair.kinds().1));
        ones.retain(|node| !linked[*node]);
        others.retain(|node| shared || !linked[*node]);
        if ones.is_empty() || others.is_empty() || ones.len() > MOST_REST || others.len() > MOST_REST {
            return;
        }
        let (from_vectors, to_vectors) = (self.vectors(&ones, mean), self.vectors(&others, mean));
        let enough = if shared { NEAR_WISH } else { NEAR };
        let mut all: Vec<(f32, usize, usize)> = Vec::new();
        for (&from, one) in ones.iter().zip(&from_vectors) {
            for (&to, other) in others.iter().zip(&to_vectors) {
                let near = vectors::dot(one, other);
                if near >= enough && self.may_link(pair, from, to) {
                    all.push((near, from, to));
                }
            }
        }
        self.link(pair, all, shared, &mut linked, found);
    }

    /// What statements say beside what all of the plan say; the mean of the plan is made when it is first asked for.
    fn vectors(&self, nodes: &[usize], mean: &mut Option<Vec<f32>>) -> Vec<Vec<f32>> {
        let mean = mean.get_or_insert_with(|| {
            let step = self.chosen.len().div_ceil(SAMPLE).max(1);
            vectors::mean(&(0..self.chosen.len()).step_by(step).map(|node| self.vector(node)).collect::<Vec<_>>())
        });
        let beside = |node: &usize| {
            let mut vector = self.vector(*node);
            vectors::beside(&mut vector, mean);
            vector
        };
        nodes.iter().map(beside).collect()
    }

    /// What a statement says.
    fn vector(&self, node: usize) -> Vec<f32> {
        let text = self.chosen[node].1.statement.text.to_lowercase();
        Vectors::builtin().of(self.terms.each[node].words(&text))
    }

    /// Links the likeliest first, each end once; where `shared`, the second end more than once.
    fn link(
        &self,
        pair: Pair,
        mut all: Vec<(f32, usize, usize)>,
        shared: bool,
        linked: &mut [bool],
        found: &mut Links,
    ) {
        all.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        for (_, from, to) in all {
            if !linked[from] && (shared || !linked[to]) {
                (linked[from], linked[to]) = (true, true);
                let evidence = self.terms.evidence(from, to, MOST_EVIDENCE);
                add(found, Link { from, to, pair, by: By::Rest, confidence: 0.5, evidence });
            }
        }
    }
}

/// True where most links do not cross: the plan keeps one order in its sections.
fn keeps_order(links: &[(usize, usize)], place: &[f32]) -> bool {
    let (mut with, mut against) = (0, 0);
    for (i, one) in links.iter().enumerate() {
        for other in &links[..i] {
            let turn = (place[one.0] - place[other.0]) * (place[one.1] - place[other.1]);
            with += usize::from(turn > 0.0);
            against += usize::from(turn < 0.0);
        }
    }
    with > 0 && with >= 4 * against
}
