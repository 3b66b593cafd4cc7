//! This is what is missing in a thread: a need that nothing answers, an outcome that nothing works towards, provision for no need.

use super::{By, Link, Pair, Thread};
use crate::document::Kind;
use crate::plan::check::{Found, Reading};
use crate::words::WordKind;
use std::collections::BTreeMap;

/// A need that no provision answers.
pub(in crate::plan) fn need_without_provision(reading: &Reading<'_>, found: &mut Vec<Found>) {
    let thread = &reading.thread;
    orphans(reading, Pair::NeedProvision, Kind::Need, found, |node| {
        // What works towards the outcome of a need answers the need.
        through(thread, node, Pair::NeedOutcome, Pair::OutcomeProvision)
    });
}

/// A need that no outcome is about.
pub(in crate::plan) fn need_without_outcome(reading: &Reading<'_>, found: &mut Vec<Found>) {
    let thread = &reading.thread;
    orphans(reading, Pair::NeedOutcome, Kind::Need, found, |node| {
        thread.nodes[node].section != "B" || through(thread, node, Pair::NeedProvision, Pair::OutcomeProvision)
    });
}

/// An outcome that no provision works towards.
pub(in crate::plan) fn outcome_without_provision(reading: &Reading<'_>, found: &mut Vec<Found>) {
    let thread = &reading.thread;
    orphans(reading, Pair::OutcomeProvision, Kind::Outcome, found, |node| {
        through(thread, node, Pair::NeedOutcome, Pair::NeedProvision)
    });
}

/// Provision that no need calls for.
pub(in crate::plan) fn provision_without_need(reading: &Reading<'_>, found: &mut Vec<Found>) {
    let thread = &reading.thread;
    orphans(reading, Pair::NeedProvision, Kind::Provision, found, |node| {
        through(thread, node, Pair::OutcomeProvision, Pair::NeedOutcome)
    });
}

/// An aspiration that no outcome leads towards.
pub(in crate::plan) fn aspiration_without_outcome(reading: &Reading<'_>, found: &mut Vec<Found>) {
    orphans(reading, Pair::AspirationOutcome, Kind::Aspiration, found, |_| false);
}

/// Statements of a kind with no link of that pair, where the plan has both kinds.
fn orphans(reading: &Reading<'_>, pair: Pair, kind: Kind, found: &mut Vec<Found>, excused: impl Fn(usize) -> bool) {
    let thread = &reading.thread;
    let (from, to) = pair.kinds();
    let other = if kind == from { to } else { from };
    // An excerpt without the other section says nothing of what it holds.
    if thread.of_kind(other).next().is_none() {
        return;
    }
    let structured = |node: usize| thread.structured.contains(&pair) && thread.placed[node];
    for (node, own) in thread.of_kind(kind) {
        let linked = || thread.at(node, pair).any(|link| holds(thread, node, link));
        if thread.account[node] || linked() || excused(node) {
            continue;
        }
        let sure = thread.informative[node];
        let what = match other {
            Kind::Provision => "provision",
            Kind::Outcome => "an outcome",
            _ => "a need",
        };
        found
            .push(Found::new().statement(reading, own.statement).missing(what).structured(structured(node)).sure(sure));
    }
}

/// How sure a link by meaning is that holds whatever else its other end is linked to, and how much surer that other link has to be
/// to make a less sure one doubtful: an outcome that is nearly another need's own tells little of this one. Chosen on plans of
/// `corpora/thread`, as those of `meaning`.
const SURE: f64 = 0.7;
const RIVAL: f64 = 0.1;

/// True where a link of a statement is enough for it to be no orphan.
fn holds(thread: &Thread, node: usize, link: &Link) -> bool {
    link.by != By::Meaning
        || link.confidence >= SURE
        // Both are rounded to hundredths.
        || rival(thread, other_end(link, node), link) - link.confidence <= RIVAL + 1e-9
}

/// True where a statement is linked by way of another kind, to one that is linked to no other more surely.
fn through(thread: &Thread, node: usize, first: Pair, second: Pair) -> bool {
    thread.at(node, first).any(|link| {
        let middle = other_end(link, node);
        thread.at(middle, second).any(|link| link.confidence >= rival(thread, other_end(link, middle), link))
    })
}

fn other_end(link: &Link, node: usize) -> usize {
    if link.from == node { link.to } else { link.from }
}

/// How sure the surest other link of a statement is, of the same pair of kinds.
fn rival(thread: &Thread, node: usize, link: &Link) -> f64 {
    let others = thread.at(node, link.pair).filter(|other| (other.from, other.to) != (link.from, link.to));
    others.map(|other| other.confidence).fold(0.0, f64::max)
}

/// One provision, word for word, under several needs.
pub(in crate::plan) fn pasted_provision(reading: &Reading<'_>, found: &mut Vec<Found>) {
    let thread = &reading.thread;
    let mut same: BTreeMap<Vec<&str>, Vec<usize>> = BTreeMap::new();
    for (node, own) in thread.of_kind(Kind::Provision) {
        let words = &reading.words[own.statement];
        let all: Vec<&str> =
            (0..words.len()).filter(|i| words.list()[*i].kind != WordKind::Mark).map(|i| words.lower(i)).collect();
        if all.len() >= 5 {
            same.entry(all).or_default().push(node);
        }
    }
    for nodes in same.into_values().filter(|nodes| nodes.len() > 1) {
        let many = nodes.len().to_string();
        let mut one = Found::new().structured(thread.structured.contains(&Pair::NeedProvision)).saying("times", many);
        for node in nodes {
            one = one.statement(reading, thread.nodes[node].statement);
        }
        found.push(one);
    }
}
