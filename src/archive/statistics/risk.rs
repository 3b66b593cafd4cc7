//! This is the list of plans to look at first: those that are surely vague, not those that are short.

use super::math;
use crate::archive::metadata::{Coded, Field, Names};
use crate::archive::plan::Plan;
use serde::Serialize;
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// How many plans are listed.
const LISTED: usize = 100;

/// A plan to look at.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Risk {
    /// The plan.
    pub plan: String,
    /// Its team.
    pub team: Option<String>,
    /// Its score.
    pub score: Option<f64>,
    /// Outcomes and provision judged.
    pub judged: u32,
    /// Of these, vague.
    pub vague: u32,
    /// The share that is vague at the least: the lower end of its interval (Wilson). Plans are listed by it, so that few statements
    /// do not make a plan the worst by chance.
    pub at_least: f64,
    /// Provision without an amount.
    pub without_frequency: u32,
    /// Pages that could not be read.
    pub unread_pages: u32,
}

#[derive(Default)]
pub(super) struct Worst(BTreeSet<Entry>);

struct Entry {
    risk: Risk,
    team: u16,
}

impl Entry {
    /// The least of a set is the one to look at first.
    fn key(&self) -> (i64, &str) {
        ((-self.risk.at_least * 1e9) as i64, &self.risk.plan)
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl Worst {
    pub fn add(&mut self, plan: &Plan, coded: Coded) {
        let (judged, good) = (plan.judged(), plan.good());
        let Some(interval) = math::wilson(f64::from(judged - good), f64::from(judged)) else { return };
        let full = self.0.len() >= LISTED;
        if full && self.0.last().is_some_and(|last| interval.low < last.risk.at_least) {
            return;
        }
        let risk = Risk {
            plan: plan.id.clone(),
            team: None,
            score: plan.score,
            judged,
            vague: judged - good,
            at_least: interval.low,
            without_frequency: u32::from(plan.missing[crate::assess::Criterion::Frequency as usize]),
            unread_pages: plan.unread_pages,
        };
        self.0.insert(Entry { risk, team: coded.codes[Field::Team as usize] });
        if self.0.len() > LISTED {
            self.0.pop_last();
        }
    }

    pub fn finish(self, names: &Names) -> Vec<Risk> {
        let named = |entry: Entry| Risk { team: names.name(Field::Team, entry.team).map(str::to_owned), ..entry.risk };
        self.0.into_iter().map(named).collect()
    }
}
