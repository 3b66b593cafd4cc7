//! This is what is missing in a thread: a need that nothing answers, an outcome that nothing works towards, provision for no need.

use super::{Link, Pair, Thread};
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
    let mut linked = vec![false; thread.nodes.len()];
    for link in thread.links.iter().filter(|link| link.pair == pair) {
        linked[if kind == from { link.from } else { link.to }] = true;
    }
    let structured = |node: usize| thread.structured.contains(&pair) && thread.placed[node];
    for (node, own) in thread.of_kind(kind) {
        if linked[node] || excused(node) || thread.account[node] {
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

/// True where a statement is linked by way of another kind.
fn through(thread: &Thread, node: usize, first: Pair, second: Pair) -> bool {
    let end = |link: &Link| if link.from == node { link.to } else { link.from };
    thread.at(node, first).any(|link| link.confidence >= 0.6 && thread.at(end(link), second).next().is_some())
}

/// One provision, word for word, under several needs.
pub(in crate::plan) fn pasted_provision(reading: &Reading<'_>, found: &mut Vec<Found>) {
    let thread = &reading.thread;
    let mut same: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (node, own) in thread.of_kind(Kind::Provision) {
        let words = &reading.words[own.statement];
        let all: Vec<&str> =
            (0..words.len()).filter(|i| words.list()[*i].kind != WordKind::Mark).map(|i| words.lower(i)).collect();
        if all.len() >= 5 {
            same.entry(all.join(" ")).or_default().push(node);
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
