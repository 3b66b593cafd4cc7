//! This is the drawing of plans for moderation: from each team and grade in proportion, the same for the same seed.

use crate::archive::hash::key;
use crate::archive::metadata::{Coded, Field, Names};
use crate::archive::plan::Plan;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The most plans that can be drawn.
pub const MOST: usize = 1_000;

/// A plan that was drawn.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sampled {
    /// The plan.
    pub plan: String,
    /// Its team.
    pub team: Option<String>,
    /// Its grade.
    pub grade: String,
    /// Its score.
    pub score: f64,
}

#[derive(Default)]
pub(super) struct Strata(BTreeMap<(u16, String), Stratum>);

#[derive(Default)]
struct Stratum {
    count: usize,
    ids: BTreeMap<String, f64>,
    /// Held to a bound by dropping the greatest keys.
    keys: BTreeSet<(u64, String)>,
}

impl Strata {
    pub fn add(&mut self, plan: &Plan, coded: Coded) {
        let (Some(score), Some(grade)) = (plan.score, &plan.grade) else { return };
        let stratum = self.0.entry((coded.codes[Field::Team as usize], grade.clone())).or_default();
        stratum.count += 1;
        // Whatever the seed, it is one of the bound's plans that is drawn: those with the least keys.
        stratum.keys.insert((key(&plan.id), plan.id.clone()));
        stratum.ids.insert(plan.id.clone(), score);
        if stratum.keys.len() > MOST
            && let Some((_, id)) = stratum.keys.pop_last()
        {
            stratum.ids.remove(&id);
        }
    }

    pub fn finish(self, names: &Names, wanted: usize, seed: u64) -> Vec<Sampled> {
        let total: usize = self.0.values().map(|stratum| stratum.count).sum();
        let wanted = wanted.min(total).min(MOST);
        if wanted == 0 {
            return Vec::new();
        }
        // The largest remainders get what is left (Hamilton's method).
        let exact = |stratum: &Stratum| wanted as f64 * stratum.count as f64 / total as f64;
        let mut shares: Vec<usize> = self.0.values().map(|stratum| exact(stratum).floor() as usize).collect();
        let mut order: Vec<(usize, f64)> = self.0.values().map(|stratum| exact(stratum).fract()).enumerate().collect();
        order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let left = wanted - shares.iter().sum::<usize>();
        order.iter().take(left).for_each(|(at, _)| shares[*at] += 1);
        let mut out = Vec::with_capacity(wanted);
        for (((team, grade), stratum), share) in self.0.into_iter().zip(shares) {
            let mut drawn: Vec<(u64, String, f64)> =
                stratum.ids.into_iter().map(|(id, score)| (key(&format!("{seed}/{id}")), id, score)).collect();
            drawn.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
            out.extend(drawn.into_iter().take(share).map(|(_, plan, score)| Sampled {
                plan,
                team: names.name(Field::Team, team).map(str::to_owned),
                grade: grade.clone(),
                score,
            }));
        }
        out
    }
}
