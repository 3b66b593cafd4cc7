//! This is wording that is nearly the same: families of wordings that differ in numbers or in a few words.
//!
//! Two wordings belong together where at least two of the four keys of [`Marks::bands`](crate::archive::wording::Marks)
//! are the same, and with what those belong to. All of it is done on sorted files, so that memory stays small whatever the size of the archive.

use super::families::{PLANS, RECORD};
use super::spill::{BUCKETS, Spill, Spilled, long, row, short, tiny};
use crate::archive::run::RunError;
use crate::archive::wording::{BANDS, mix};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Families that are shown, and wordings of each.
const SHOWN: usize = 20;
const EXAMPLES: usize = 3;
/// How often the firsts of a wording are brought together.
const ROUNDS: usize = 3;
/// How many steps are gone from a wording to its family's first.
const STEPS: usize = 2;

/// Families of wordings that are nearly the same.
#[derive(Debug, Default, Serialize)]
pub struct Near {
    /// Families of two different wordings or more that stand in three plans or more.
    pub families: u64,
    /// Different wordings in them.
    pub wordings: u64,
    /// Statements with such a wording.
    pub statements: u64,
    /// Their share of the statements of six words and more.
    pub share: Option<f64>,
    /// Those in most plans.
    pub top: Vec<NearFamily>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NearFamily {
    /// Plans that it stands in.
    pub plans: u32,
    /// Different wordings.
    pub wordings: u32,
    /// Statements.
    pub statements: u32,
    /// The team with most of the plans.
    pub team: Option<String>,
    /// How many of the plans are that team's.
    pub plans_of_team: u32,
    /// Its commonest wordings.
    pub examples: Vec<Example>,
    #[serde(skip)]
    root: u64,
}

/// A wording of a family.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Example {
    /// Statements that have it.
    pub statements: u32,
    /// The words, as one plan has them; `None` where no quotes are kept.
    pub text: Option<String>,
    #[serde(skip)]
    hash: u64,
}

impl Near {
    /// The hashes of the examples, and where their words go.
    pub(super) fn quotes(&mut self) -> impl Iterator<Item = (u64, &mut Option<String>)> {
        self.top.iter_mut().flat_map(|family| &mut family.examples).map(|example| (example.hash, &mut example.text))
    }
}

/// Each wording under each pair of its keys.
pub(super) struct Keys {
    work: PathBuf,
    rows: Spill<16>,
}

impl Keys {
    pub fn new(work: &Path) -> Result<Self, RunError> {
        Ok(Self { work: work.to_owned(), rows: Spill::new(work, "keys")? })
    }

    /// Takes a wording that has not come before.
    pub fn add(&mut self, hash: u64, bands: [u32; BANDS]) -> Result<(), RunError> {
        for one in 0..BANDS {
            for other in one + 1..BANDS {
                let place = (one * BANDS + other) as u64;
                let key = mix(mix(place << 32 ^ u64::from(bands[one])) ^ u64::from(bands[other]));
                self.rows.add(&row(&[&key.to_be_bytes(), &hash.to_be_bytes()]))?;
            }
        }
        Ok(())
    }

    /// The families among `wordings`, of which so many statements are.
    pub fn finish(
        self,
        wordings: &Spilled<RECORD>,
        of: u64,
        team: impl Fn(Vec<u16>) -> (Option<String>, u32),
    ) -> Result<Near, RunError> {
        let Self { work, rows } = self;
        let mut firsts = firsts(&work, rows)?;
        for step in 0..STEPS {
            firsts = further(&work, step, firsts)?;
        }
        let members = members(&work, wordings, firsts)?;
        let mut near = Near::default();
        let mut top: Vec<(NearFamily, Vec<u16>)> = Vec::new();
        for bucket in 0..BUCKETS {
            for family in members.bucket(bucket)?.chunk_by(|a, b| a[..8] == b[..8]) {
                let Some((family, of_plans)) = family_of(family) else { continue };
                near.families += 1;
                near.wordings += u64::from(family.wordings);
                near.statements += u64::from(family.statements);
                top.push((family, of_plans));
                if top.len() >= 4 * SHOWN {
                    largest(&mut top);
                }
            }
        }
        largest(&mut top);
        near.top = top
            .into_iter()
            .map(|(family, of_plans)| {
                let (team, plans_of_team) = team(of_plans);
                NearFamily { team, plans_of_team, ..family }
            })
            .collect();
        near.share = (of > 0).then(|| near.statements as f64 / of as f64);
        Ok(near)
    }
}

/// For each wording that has a neighbour, the least of these and itself: (wording, first).
fn firsts(work: &Path, keys: Spill<16>) -> Result<Spilled<16>, RunError> {
    let keys = keys.finish();
    let mut pairs = Spill::new(work, "pairs")?;
    for bucket in 0..BUCKETS {
        for same in keys.bucket(bucket)?.chunk_by(|a, b| a[..8] == b[..8]).filter(|same| same.len() > 1) {
            for member in same {
                pairs.add(&row(&[&member[8..], &same[0][8..]]))?;
            }
        }
    }
    drop(keys);
    let mut pairs: Spilled<16> = pairs.finish();
    // A wording with two firsts makes the greater of them go to the lesser (the small star of Kiveris and others,
    // *Connected Components in MapReduce and Beyond*, 2014).
    for round in 0..ROUNDS {
        let mut next = Spill::new(work, &format!("pairs{round}"))?;
        for bucket in 0..BUCKETS {
            for same in pairs.bucket(bucket)?.chunk_by(|a, b| a[..8] == b[..8]) {
                next.add(&same[0])?;
                for firsts in same.windows(2).filter(|firsts| firsts[0] != firsts[1]) {
                    next.add(&row(&[&firsts[1][8..], &same[0][8..]]))?;
                }
            }
        }
        pairs = next.finish();
    }
    let mut firsts = Spill::new(work, "firsts")?;
    for bucket in 0..BUCKETS {
        for same in pairs.bucket(bucket)?.chunk_by(|a, b| a[..8] == b[..8]) {
            firsts.add(&same[0])?;
        }
    }
    Ok(firsts.finish())
}

/// From each wording's first to the first of that one.
fn further(work: &Path, step: usize, firsts: Spilled<16>) -> Result<Spilled<16>, RunError> {
    let mut turned = Spill::new(work, "turned")?;
    for bucket in 0..BUCKETS {
        for pair in firsts.bucket(bucket)? {
            turned.add(&row(&[&pair[8..], &pair[..8]]))?;
        }
    }
    let turned: Spilled<16> = turned.finish();
    let mut next = Spill::new(work, &format!("firsts{step}"))?;
    for bucket in 0..BUCKETS {
        let known = firsts.bucket(bucket)?;
        for pair in turned.bucket(bucket)? {
            let at = known.partition_point(|known| known[..8] < pair[..8]);
            let first = known.get(at).filter(|known| known[..8] == pair[..8]).map_or(&pair[..8], |known| &known[8..]);
            next.add(&row(&[&pair[8..], first]))?;
        }
    }
    Ok(next.finish())
}

/// The statements of families: family, plan, wording, team.
fn members(work: &Path, wordings: &Spilled<RECORD>, firsts: Spilled<16>) -> Result<Spilled<22>, RunError> {
    let mut members = Spill::new(work, "members")?;
    for bucket in 0..BUCKETS {
        let firsts = firsts.bucket(bucket)?;
        let mut rest = firsts.as_slice();
        for same in wordings.bucket(bucket)?.chunk_by(|a, b| a[..8] == b[..8]) {
            rest = &rest[rest.partition_point(|first| first[..8] < same[0][..8])..];
            let Some(first) = rest.first().filter(|first| first[..8] == same[0][..8]) else { continue };
            for statement in same {
                members.add(&row(&[&first[8..], &statement[8..12], &statement[..8], &statement[12..14]]))?;
            }
        }
    }
    Ok(members.finish())
}

/// The family of these rows and the teams of its plans; `None` where it is too small to be one.
fn family_of(rows: &[[u8; 22]]) -> Option<(NearFamily, Vec<u16>)> {
    let mut hashes: Vec<u64> = rows.iter().map(|row| long(row, 12)).collect();
    hashes.sort_unstable();
    let mut counts: Vec<(u32, u64)> =
        hashes.chunk_by(|a, b| a == b).map(|same| (u32::try_from(same.len()).unwrap_or(u32::MAX), same[0])).collect();
    let of_plans: Vec<u16> =
        rows.chunk_by(|a, b| short(a, 8) == short(b, 8)).map(|statements| tiny(&statements[0], 20)).collect();
    let plans = u32::try_from(of_plans.len()).unwrap_or(u32::MAX);
    if counts.len() < 2 || plans < PLANS {
        return None;
    }
    counts.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let wordings = u32::try_from(counts.len()).unwrap_or(u32::MAX);
    let example = |&(statements, hash): &(u32, u64)| Example { statements, text: None, hash };
    Some((
        NearFamily {
            plans,
            wordings,
            statements: u32::try_from(rows.len()).unwrap_or(u32::MAX),
            team: None,
            plans_of_team: 0,
            examples: counts.iter().take(EXAMPLES).map(example).collect(),
            root: long(&rows[0], 0),
        },
        of_plans,
    ))
}

fn largest(top: &mut Vec<(NearFamily, Vec<u16>)>) {
    top.sort_by(|(a, _), (b, _)| b.plans.cmp(&a.plans).then(a.root.cmp(&b.root)));
    top.truncate(SHOWN);
}
