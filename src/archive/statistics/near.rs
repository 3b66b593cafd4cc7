//! This is wording that is nearly the same: families of wordings that differ in numbers or in a few words.
//!
//! Two wordings belong together where at least two of the four keys of [`Marks::bands`](crate::archive::wording::Marks)
//! are the same, and with what those belong to. All of it is done on sorted files, so that memory stays small whatever the size of the archive.

use super::families::{PLANS, RECORD};
use super::spill::{Rows, Spill, Spilled, long, row, short, tiny};
use crate::archive::run::RunError;
use crate::archive::wording::{BANDS, mix};
use serde::Serialize;
use std::iter::Peekable;
use std::path::{Path, PathBuf};

/// Families that are shown, and wordings of each.
const SHOWN: usize = 20;
const EXAMPLES: usize = 3;
/// How often the firsts of a wording are brought together.
const ROUNDS: usize = 3;
/// How many steps are gone from a wording to its family's first.
const STEPS: usize = 2;
/// Family, count, wording.
const WORDED: usize = 20;
/// Family, plan, team.
const PLACED: usize = 14;

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
    pub fn new(work: &Path) -> Self {
        Self { work: work.to_owned(), rows: Spill::new(work, "keys") }
    }

    /// Takes a wording that has not come before.
    pub fn add(&mut self, hash: u64, bands: [u32; BANDS]) -> Result<(), RunError> {
        for one in 0..BANDS {
            for other in one + 1..BANDS {
                let place = (one * BANDS + other) as u64;
                let key = mix(mix(place << 32 ^ u64::from(bands[one])) ^ u64::from(bands[other]));
                self.rows.add(row(&[&key.to_be_bytes(), &hash.to_be_bytes()]))?;
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
            firsts = further(&work, step, &firsts)?;
        }
        let (worded, placed) = members(&work, wordings, &firsts)?;
        drop(firsts);
        let (mut worded, mut placed) = (worded.rows()?.peekable(), placed.rows()?.peekable());
        let mut near = Near::default();
        let mut top: Vec<(NearFamily, Vec<u16>)> = Vec::new();
        while let Some(first) = worded.next().transpose()? {
            let (family, of_plans) = family(first, &mut worded, &mut placed)?;
            if family.wordings < 2 || family.plans < PLANS {
                continue;
            }
            near.families += 1;
            near.wordings += u64::from(family.wordings);
            near.statements += u64::from(family.statements);
            top.push((family, of_plans));
            if top.len() >= 4 * SHOWN {
                largest(&mut top);
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
    let keys = keys.finish()?;
    let mut pairs = Spill::once(work, "pairs");
    let mut first: Option<[u8; 16]> = None;
    let mut alone = true;
    for row_of_key in keys.rows()? {
        let member = row_of_key?;
        let Some(first) = first.filter(|first| first[..8] == member[..8]) else {
            (first, alone) = (Some(member), true);
            continue;
        };
        if std::mem::take(&mut alone) {
            pairs.add(row(&[&first[8..], &first[8..]]))?;
        }
        pairs.add(row(&[&member[8..], &first[8..]]))?;
    }
    drop(keys);
    let mut pairs: Spilled<16> = pairs.finish()?;
    // A wording with two firsts makes the greater of them go to the lesser (the small star of Kiveris and others,
    // *Connected Components in MapReduce and Beyond*, 2014).
    for round in 0..ROUNDS {
        let mut next = Spill::once(work, &format!("pairs{round}"));
        each(&pairs, |pair, least| match least {
            None => next.add(pair),
            Some(least) => next.add(row(&[&pair[8..], &least[8..]])),
        })?;
        pairs = next.finish()?;
    }
    let mut firsts = Spill::new(work, "firsts");
    each(&pairs, |pair, least| if least.is_none() { firsts.add(pair) } else { Ok(()) })?;
    firsts.finish()
}

/// Gives different pairs in order, each with the least one of the same wording where that is another.
fn each(
    pairs: &Spilled<16>,
    mut take: impl FnMut([u8; 16], Option<[u8; 16]>) -> Result<(), RunError>,
) -> Result<(), RunError> {
    let mut least: Option<[u8; 16]> = None;
    let mut last = None;
    for pair in pairs.rows()? {
        let pair = pair?;
        if last.replace(pair) == Some(pair) {
            continue;
        }
        let same = least.filter(|least| least[..8] == pair[..8]);
        take(pair, same)?;
        least = same.or(Some(pair));
    }
    Ok(())
}

/// From each wording's first to the first of that one.
fn further(work: &Path, step: usize, firsts: &Spilled<16>) -> Result<Spilled<16>, RunError> {
    let mut turned = Spill::new(work, "turned");
    for pair in firsts.rows()? {
        let pair = pair?;
        turned.add(row(&[&pair[8..], &pair[..8]]))?;
    }
    let turned: Spilled<16> = turned.finish()?;
    let mut next = Spill::new(work, &format!("firsts{step}"));
    let mut firsts = First::new(firsts)?;
    for pair in turned.rows()? {
        let pair = pair?;
        let first = firsts.of(long(&pair, 0))?.unwrap_or(long(&pair, 0));
        next.add(row(&[&pair[8..], &first.to_be_bytes()]))?;
    }
    next.finish()
}

/// The first of each wording, for wordings that are asked for in order.
struct First<'s>(Peekable<Rows<'s, 16>>);

impl<'s> First<'s> {
    fn new(firsts: &'s Spilled<16>) -> Result<Self, RunError> {
        Ok(Self(firsts.rows()?.peekable()))
    }

    fn of(&mut self, wording: u64) -> Result<Option<u64>, RunError> {
        loop {
            match self.0.peek() {
                Some(Ok(pair)) if long(pair, 0) == wording => return Ok(Some(long(pair, 8))),
                Some(Ok(pair)) if long(pair, 0) > wording => return Ok(None),
                _ => {
                    if self.0.next().transpose()?.is_none() {
                        return Ok(None);
                    }
                }
            }
        }
    }
}

/// The wordings of families, the commonest first (family, a number that is less the more statements there are, wording),
/// and where they stand (family, plan, team).
fn members(
    work: &Path,
    wordings: &Spilled<RECORD>,
    firsts: &Spilled<16>,
) -> Result<(Spilled<WORDED>, Spilled<PLACED>), RunError> {
    let (mut worded, mut placed) = (Spill::new(work, "worded"), Spill::once(work, "placed"));
    let mut firsts = First::new(firsts)?;
    let mut statements = wordings.rows()?.peekable();
    while let Some(mut statement) = statements.next().transpose()? {
        let wording = long(&statement, 0);
        let Some(first) = firsts.of(wording)? else { continue };
        let mut count = 0_u32;
        loop {
            count = count.saturating_add(1);
            placed.add(row(&[&first.to_be_bytes(), &statement[8..14]]))?;
            let same = statements.next_if(|next| next.as_ref().map_or(true, |next| long(next, 0) == wording));
            let Some(next) = same.transpose()? else { break };
            statement = next;
        }
        worded.add(row(&[&first.to_be_bytes(), &(u32::MAX - count).to_be_bytes(), &wording.to_be_bytes()]))?;
    }
    Ok((worded.finish()?, placed.finish()?))
}

/// The family that begins with this wording, and the teams of its plans.
fn family(
    first: [u8; WORDED],
    worded: &mut Peekable<Rows<WORDED>>,
    placed: &mut Peekable<Rows<PLACED>>,
) -> Result<(NearFamily, Vec<u16>), RunError> {
    let root = long(&first, 0);
    let (mut wordings, mut statements, mut examples) = (0_u32, 0_u32, Vec::new());
    let mut wording = Some(first);
    while let Some(row) = wording {
        let count = u32::MAX - short(&row, 8);
        wordings += 1;
        statements = statements.saturating_add(count);
        if examples.len() < EXAMPLES {
            examples.push(Example { statements: count, text: None, hash: long(&row, 12) });
        }
        wording = next_of(worded, root)?;
    }
    let mut of_plans = Vec::new();
    let mut last = None;
    while let Some(row) = next_of(placed, root)? {
        let plan = short(&row, 8);
        if last.replace(plan) != Some(plan) {
            of_plans.push(tiny(&row, 12));
        }
    }
    let plans = u32::try_from(of_plans.len()).unwrap_or(u32::MAX);
    Ok((NearFamily { plans, wordings, statements, team: None, plans_of_team: 0, examples, root }, of_plans))
}

/// The next row, if it is that family's.
fn next_of<const N: usize>(rows: &mut Peekable<Rows<N>>, family: u64) -> Result<Option<[u8; N]>, RunError> {
    rows.next_if(|row| row.as_ref().map_or(true, |row| long(row, 0) == family)).transpose()
}

fn largest(top: &mut Vec<(NearFamily, Vec<u16>)>) {
    top.sort_by(|(a, _), (b, _)| b.plans.cmp(&a.plans).then(a.root.cmp(&b.root)));
    top.truncate(SHOWN);
}
