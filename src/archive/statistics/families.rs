//! This is boilerplate: wordings that stand in the plans of several children.
//!
//! Each wording of six words and more is known by its hash without the child's name and pronouns. Hashes are put aside and
//! read back sorted, so that memory stays small whatever the size of the archive.

use super::Tally;
use super::near::{Keys, Near};
use super::spill::{Spill, groups, long, row, short, tiny};
use crate::archive::metadata::{Field, Names};
use crate::archive::run::RunError;
use crate::archive::wording::{BANDS, Marks};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Plans that must share a wording for it to count.
pub const PLANS: u32 = 3;
/// Families that are shown.
const SHOWN: usize = 40;
/// Hash, plan, team, bands.
pub(super) const RECORD: usize = 14 + 4 * BANDS;

/// Wordings that recur.
#[derive(Debug, Default, Serialize)]
pub struct Families {
    /// Different wordings that stand in three plans or more.
    pub families: u64,
    /// Statements with such a wording.
    pub statements: u64,
    /// Statements with a wording of six words and more.
    pub of: u64,
    /// Different wordings among these.
    pub distinct: u64,
    /// The share of statements with a wording that recurs.
    pub share: Option<f64>,
    /// Those in most plans.
    pub top: Vec<Family>,
    /// Wordings that differ in numbers or a few words only.
    pub near: Near,
    /// By team, where it is large enough: the share of its statements.
    #[serde(skip)]
    teams: Vec<Option<f64>>,
    #[serde(skip)]
    hashes: Vec<u64>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Family {
    /// Plans that it stands in.
    pub plans: u32,
    /// The team with most of these, and how many.
    pub team: Option<String>,
    /// How many of the plans are that team's.
    pub plans_of_team: u32,
    /// The words, as one plan has them; `None` where no quotes are kept.
    pub text: Option<String>,
    #[serde(skip)]
    pub(in crate::archive) hash: u64,
}

impl Families {
    /// True for a wording that recurs.
    pub fn holds(&self, hash: u64) -> bool {
        self.hashes.binary_search(&hash).is_ok()
    }

    /// The shown wordings that a plan has statements of and whose words are not known yet, with the statement's place.
    pub(in crate::archive) fn unquoted<'f>(
        &'f mut self,
        marks: &'f [Marks],
    ) -> impl Iterator<Item = (usize, &'f mut Option<String>)> {
        let exact = self.top.iter_mut().map(|family| (family.hash, &mut family.text));
        exact.chain(self.near.quotes()).filter(|(_, text)| text.is_none()).filter_map(|(hash, text)| {
            let at = marks.iter().position(|marks| marks.exact == hash)?;
            Some((at, text))
        })
    }

    pub(super) fn share_of_team(&self, team: u16) -> Option<f64> {
        self.teams.get(usize::from(team)).copied().flatten()
    }
}

/// Statements as they come.
pub(super) struct Wordings {
    work: PathBuf,
    rows: Spill<RECORD>,
}

impl Wordings {
    pub fn new(work: &Path) -> Self {
        Self { work: work.to_owned(), rows: Spill::new(work, "wordings") }
    }

    pub fn add(&mut self, plan: u32, team: u16, marks: &[Marks]) -> Result<(), RunError> {
        for marks in marks.iter().filter(|marks| marks.exact != 0) {
            let mut bands = [0; 4 * BANDS];
            for (bytes, band) in bands.as_chunks_mut::<4>().0.iter_mut().zip(marks.bands) {
                *bytes = band.to_be_bytes();
            }
            self.rows.add(row(&[&marks.exact.to_be_bytes(), &plan.to_be_bytes(), &team.to_be_bytes(), &bands]))?;
        }
        Ok(())
    }

    pub fn finish(self, names: &Names, teams: &[Tally], least: usize, of: u64) -> Result<Families, RunError> {
        let rows = self.rows.finish()?;
        let mut families = Families { of, ..Families::default() };
        let mut by_team = vec![0_u64; teams.len()];
        let mut top: Vec<(u32, u64, Vec<u16>)> = Vec::new();
        let mut keys = Keys::new(&self.work);
        for family in groups(rows.rows()?, 8) {
            let family = family?;
            let hash = long(&family[0], 0);
            families.distinct += 1;
            keys.add(hash, std::array::from_fn(|band| short(&family[0], 14 + 4 * band)))?;
            let mut of_plans: Vec<(u32, u16)> = family.iter().map(|row| (short(row, 8), tiny(row, 12))).collect();
            of_plans.dedup_by_key(|(plan, _)| *plan);
            let plans = u32::try_from(of_plans.len()).unwrap_or(u32::MAX);
            if plans < PLANS {
                continue;
            }
            families.families += 1;
            families.statements += family.len() as u64;
            families.hashes.push(hash);
            for row in &family {
                if let Some(count) = by_team.get_mut(usize::from(tiny(row, 12))) {
                    *count += 1;
                }
            }
            top.push((plans, hash, of_plans.into_iter().map(|(_, team)| team).collect()));
            if top.len() >= 4 * SHOWN {
                largest(&mut top);
            }
        }
        families.near = keys.finish(&rows, of, |of_plans| team(of_plans, names, teams, least))?;
        families.hashes.sort_unstable();
        largest(&mut top);
        families.top = top
            .into_iter()
            .map(|(plans, hash, of_plans)| {
                let (team, plans_of_team) = team(of_plans, names, teams, least);
                Family { plans, team, plans_of_team, text: None, hash }
            })
            .collect();
        families.share = (of > 0).then(|| families.statements as f64 / of as f64);
        families.teams = teams
            .iter()
            .zip(by_team)
            .map(|(tally, count)| {
                (tally.plans >= least as u64 && tally.known > 0).then(|| count as f64 / tally.known as f64)
            })
            .collect();
        Ok(families)
    }
}

fn largest(top: &mut Vec<(u32, u64, Vec<u16>)>) {
    top.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    top.truncate(SHOWN);
}

/// Of the teams of some plans, the one with most of them that is large enough to be named, and how many.
fn team(mut of_plans: Vec<u16>, names: &Names, teams: &[Tally], least: usize) -> (Option<String>, u32) {
    of_plans.sort_unstable();
    let most = of_plans
        .chunk_by(|a, b| a == b)
        .map(|same| (same[0], same.len()))
        .filter(|(team, _)| *team != 0 && teams.get(usize::from(*team)).is_some_and(|t| t.plans >= least as u64))
        .max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0)));
    (
        most.and_then(|(team, _)| names.name(Field::Team, team).map(str::to_owned)),
        most.map_or(0, |(_, count)| u32::try_from(count).unwrap_or(u32::MAX)),
    )
}
