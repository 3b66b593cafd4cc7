//! This is boilerplate: wordings that stand in the plans of several children.
//!
//! Each wording of six words and more is known by its hash without the child's name and pronouns. Hashes go to files by
//! their first bits; each file is then sorted by itself, so that memory stays small whatever the size of the archive.

use super::Tally;
use crate::archive::metadata::Names;
use crate::archive::run::{RunError, at};
use crate::archive::wording::Marks;
use serde::Serialize;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Plans that must share a wording for it to count.
pub const PLANS: u32 = 3;
/// Families that are shown.
const SHOWN: usize = 40;
const BUCKETS: usize = 64;
/// Hash, plan, team.
const RECORD: usize = 14;

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

    /// The shown families that a plan has statements of and whose words are not known yet, with the statement's place.
    pub(in crate::archive) fn unquoted<'f>(
        &'f mut self,
        marks: &'f [Marks],
    ) -> impl Iterator<Item = (usize, &'f mut Family)> {
        self.top.iter_mut().filter(|family| family.text.is_none()).filter_map(|family| {
            let at = marks.iter().position(|marks| marks.exact == family.hash)?;
            Some((at, family))
        })
    }

    pub(super) fn share_of_team(&self, team: u16) -> Option<f64> {
        self.teams.get(usize::from(team)).copied().flatten()
    }
}

pub(super) struct Spilled {
    folder: PathBuf,
    buckets: Vec<BufWriter<File>>,
}

impl Spilled {
    pub fn new(work: &Path) -> Result<Self, RunError> {
        let folder = work.join("wordings");
        std::fs::create_dir_all(&folder).map_err(at(&folder))?;
        let open = |bucket: usize| {
            let path = folder.join(format!("{bucket:02}"));
            Ok(BufWriter::with_capacity(1 << 16, File::create(&path).map_err(at(&path))?))
        };
        let buckets = (0..BUCKETS).map(open).collect::<Result<_, RunError>>()?;
        Ok(Self { folder, buckets })
    }

    pub fn add(&mut self, plan: u32, team: u16, marks: &[Marks]) -> Result<(), RunError> {
        for marks in marks.iter().filter(|marks| marks.exact != 0) {
            let mut record = [0; RECORD];
            record[..8].copy_from_slice(&marks.exact.to_le_bytes());
            record[8..12].copy_from_slice(&plan.to_le_bytes());
            record[12..].copy_from_slice(&team.to_le_bytes());
            let bucket = (marks.exact >> 58) as usize % BUCKETS;
            self.buckets[bucket].write_all(&record).map_err(at(&self.folder))?;
        }
        Ok(())
    }

    pub fn finish(self, names: &Names, teams: &[Tally], least: usize, of: u64) -> Result<Families, RunError> {
        let Self { folder, buckets } = self;
        for bucket in buckets {
            bucket.into_inner().map_err(|error| at(&folder)(error.into_error()))?;
        }
        let mut families = Families { of, ..Families::default() };
        let mut by_team = vec![0_u64; teams.len()];
        let mut top: Vec<(u32, u64, Vec<u16>)> = Vec::new();
        for bucket in 0..BUCKETS {
            let path = folder.join(format!("{bucket:02}"));
            let bytes = std::fs::read(&path).map_err(at(&path))?;
            let mut records: Vec<(u64, u32, u16)> = bytes.chunks_exact(RECORD).map(record).collect();
            drop(bytes);
            records.sort_unstable();
            for family in records.chunk_by(|a, b| a.0 == b.0) {
                families.distinct += 1;
                let mut of_plans: Vec<(u32, u16)> = family.iter().map(|(_, plan, team)| (*plan, *team)).collect();
                of_plans.dedup_by_key(|(plan, _)| *plan);
                let plans = u32::try_from(of_plans.len()).unwrap_or(u32::MAX);
                if plans < PLANS {
                    continue;
                }
                families.families += 1;
                families.statements += family.len() as u64;
                families.hashes.push(family[0].0);
                for (.., team) in family {
                    if let Some(count) = by_team.get_mut(usize::from(*team)) {
                        *count += 1;
                    }
                }
                top.push((plans, family[0].0, of_plans.into_iter().map(|(_, team)| team).collect()));
                if top.len() >= 4 * SHOWN {
                    largest(&mut top);
                }
            }
        }
        let _ = std::fs::remove_dir_all(&folder);
        families.hashes.sort_unstable();
        largest(&mut top);
        families.top = top.into_iter().map(|(plans, hash, of)| family(plans, hash, of, names, teams, least)).collect();
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

fn record(bytes: &[u8]) -> (u64, u32, u16) {
    let part = |range: std::ops::Range<usize>| &bytes[range];
    (
        part(0..8).try_into().map(u64::from_le_bytes).unwrap_or_default(),
        part(8..12).try_into().map(u32::from_le_bytes).unwrap_or_default(),
        part(12..14).try_into().map(u16::from_le_bytes).unwrap_or_default(),
    )
}

fn largest(top: &mut Vec<(u32, u64, Vec<u16>)>) {
    top.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    top.truncate(SHOWN);
}

fn family(plans: u32, hash: u64, mut of: Vec<u16>, names: &Names, teams: &[Tally], least: usize) -> Family {
    of.sort_unstable();
    let most = of
        .chunk_by(|a, b| a == b)
        .map(|same| (same[0], same.len()))
        .filter(|(team, _)| *team != 0 && teams.get(usize::from(*team)).is_some_and(|t| t.plans >= least as u64))
        .max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0)));
    Family {
        plans,
        team: most.and_then(|(team, _)| names.name(crate::archive::metadata::Field::Team, team).map(str::to_owned)),
        plans_of_team: most.map_or(0, |(_, count)| u32::try_from(count).unwrap_or(u32::MAX)),
        text: None,
        hash,
    }
}
