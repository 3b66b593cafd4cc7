//! This is what the words of two statements say of whether they belong together, where the plan's structure does not.

use super::structure::{Structure, add};
use super::terms::Terms;
use super::{By, Link, MOST_EVIDENCE, Pair, may_link};
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
const AREA: f32 = 0.02;
/// What it speaks for a link that both are linked to one statement of the third kind; and more for each such link that the plan's
/// structure gives.
const TRIANGLE: f32 = 0.08;
const TRIANGLE_STRUCTURE: f32 = 0.02;
/// How much more alike a statement has to be that the plan's structure has linked already.
const BESIDE_STRUCTURE: f32 = 0.12;

/// Statements of a kind that are left over, beyond which nothing is said of them; and links that are looked at for the order.
const MOST_REST: usize = 20;
/// What speaks for two that are left over has to come to this: topics of one area, and the same place in the order of their kinds.
const REST: f32 = 0.08;
const REST_AREA: f32 = 0.08;
const REST_ORDER: f32 = 0.2;

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
    structured: &[Pair],
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
    for pair in [Pair::NeedOutcome, Pair::NeedProvision, Pair::OutcomeProvision] {
        rest(pair, chosen, terms, structure, structured.contains(&pair), found);
    }
}

/// Links what is left over on both sides, where the topics are of one area or the plan keeps one order in its sections.
fn rest(
    pair: Pair,
    chosen: &[(usize, &Judged)],
    terms: &Terms,
    structure: &Structure,
    structured: bool,
    found: &mut BTreeMap<(usize, usize), Link>,
) {
    let section = |node: usize| chosen[node].1.statement.section.as_str();
    let of_kind = |kind| (0..chosen.len()).filter(move |node| chosen[*node].1.statement.kind == kind);
    let (ones, others): (Vec<usize>, Vec<usize>) =
        (of_kind(pair.kinds().0).collect(), of_kind(pair.kinds().1).collect());
    // Where each stands among those of its kind, 0–1.
    let mut place = vec![0.0_f32; chosen.len()];
    for list in [&ones, &others] {
        list.iter().enumerate().for_each(|(at, node)| place[*node] = (at as f32 + 0.5) / list.len() as f32);
    }
    let own: Vec<(usize, usize)> = found.values().filter(|link| link.pair == pair).map(|l| (l.from, l.to)).collect();
    let mut linked = vec![false; chosen.len()];
    own.iter().for_each(|&(from, to)| (linked[from], linked[to]) = (true, true));
    let ordered = own.len() >= 2 && keeps_order(&own[..own.len().min(MOST_REST)], &place);
    let left = |list: &[usize]| -> Vec<usize> { list.iter().copied().filter(|node| !linked[*node]).collect() };
    let (ones, others) = (left(&ones), left(&others));
    if ones.len() > MOST_REST || others.len() > MOST_REST {
        return;
    }
    let mut all: Vec<(f32, usize, usize)> = Vec::new();
    for &from in &ones {
        for &to in &others {
            // Where rows or numbers show that something is left without, it is.
            let shown = structured && (structure.is_placed(from) || structure.is_placed(to));
            if shown || !may_link(pair, section(from), section(to)) {
                continue;
            }
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
    all.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    for (_, from, to) in all {
        if !linked[from] && !linked[to] {
            (linked[from], linked[to]) = (true, true);
            let evidence = terms.evidence(from, to, MOST_EVIDENCE);
            add(found, Link { from, to, pair, by: By::Rest, confidence: 0.5, evidence });
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

/// The pairs of two kinds that share a term that is not too common, the best few of each statement.
fn candidates(
    pair: Pair,
    chosen: &[(usize, &Judged)],
    terms: &Terms,
    structure: &Structure,
    found: &BTreeMap<(usize, usize), Link>,
    out: &mut Vec<Candidate>,
) {
    let of_kind = |kind| (0..chosen.len()).filter(move |node| chosen[*node].1.statement.kind == kind);
    let (ones, others): (Vec<usize>, Vec<usize>) =
        (of_kind(pair.kinds().0).collect(), of_kind(pair.kinds().1).collect());
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
