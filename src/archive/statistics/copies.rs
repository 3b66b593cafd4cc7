//! This is plans that are nearly copies: most of their statements are those of an earlier plan.
//!
//! The statements of a plan are hashed into [`BINS`] least values; plans that share a band of these are compared by all of
//! them. The share of equal values estimates the share of common statements (Broder 1997; Li, Owen and Zhang 2012).

use super::spill::{Spill, groups, row, short};
use crate::archive::run::{RunError, at};
use crate::archive::wording::{Marks, mix, sketch};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

const BINS: usize = 32;
const ROWS: usize = 4;
/// Of [`BINS`] values as many must be equal: about seven statements in ten are common.
const ALIKE: usize = 23;
/// A plan of fewer known statements is like others by chance.
const LEAST: usize = 8;
/// Pairs that are shown.
const SHOWN: usize = 40;
const SKETCH: usize = 4 * BINS;

/// Plans of which most statements are those of an earlier plan.
#[derive(Debug, Default, Serialize)]
pub struct NearCopies {
    /// How many.
    pub plans: u64,
    /// Those that have most in common.
    pub top: Vec<NearCopy>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NearCopy {
    /// The plan's id.
    pub plan: String,
    /// The earlier plan's.
    pub of: String,
    /// The share of all their statements that both have, estimated.
    pub share: f64,
    #[serde(skip)]
    ordinals: (u32, u32),
}

impl NearCopies {
    /// Gives the shown plans their ids, of which each comes with its place in the order of plans.
    pub(in crate::archive) fn name(&mut self, ordinal: u32, id: &str) {
        for copy in &mut self.top {
            if copy.ordinals.0 == ordinal {
                id.clone_into(&mut copy.plan);
            }
            if copy.ordinals.1 == ordinal {
                id.clone_into(&mut copy.of);
            }
        }
    }
}

/// Plans as they come.
pub(super) struct Sketches {
    bands: Spill<12>,
    place: PathBuf,
    file: BufWriter<File>,
}

impl Sketches {
    pub fn new(work: &Path) -> Result<Self, RunError> {
        let place = work.join("sketches");
        let file = BufWriter::new(File::create(&place).map_err(at(&place))?);
        Ok(Self { bands: Spill::new(work, "bands"), place, file })
    }

    /// Takes the next plan; `known` is false where it is a copy in all, which counts elsewhere.
    pub fn add(&mut self, plan: u32, known: bool, marks: &[Marks]) -> Result<(), RunError> {
        let hashes = || marks.iter().map(|marks| marks.exact).filter(|hash| *hash != 0);
        let mut bytes = [0; SKETCH];
        if known && hashes().count() >= LEAST {
            let values: [u64; BINS] = sketch(hashes().map(mix));
            for (band, rows) in values.chunks_exact(ROWS).enumerate() {
                let key = rows.iter().fold(band as u64, |key, value| mix(key ^ value));
                self.bands.add(row(&[&key.to_be_bytes(), &plan.to_be_bytes()]))?;
            }
            for (bytes, value) in bytes.as_chunks_mut::<4>().0.iter_mut().zip(values) {
                *bytes = ((mix(value) >> 32) as u32).to_be_bytes();
            }
        }
        self.file.write_all(&bytes).map_err(at(&self.place))
    }

    pub fn finish(self) -> Result<NearCopies, RunError> {
        let Self { bands, place, file } = self;
        file.into_inner().map_err(|error| at(&place)(error.into_error()))?;
        let bands = bands.finish()?;
        let mut file = File::open(&place).map_err(at(&place))?;
        let mut sketch = |plan: u32| -> Result<[u8; SKETCH], RunError> {
            let mut bytes = [0; SKETCH];
            file.seek(SeekFrom::Start(u64::from(plan) * SKETCH as u64))
                .and_then(|_| file.read_exact(&mut bytes))
                .map_err(at(&place))?;
            Ok(bytes)
        };
        // For a plan, the earlier one that is most like it, the earliest of equals.
        let mut found: BTreeMap<u32, (usize, u32)> = BTreeMap::new();
        for same in groups(bands.rows()?, 8) {
            let same = same?;
            let (Some(first), true) = (same.first(), same.len() > 1) else { continue };
            let first = short(first, 8);
            let own = sketch(first)?;
            for later in &same[1..] {
                let plan = short(later, 8);
                let equal = equal(&own, &sketch(plan)?);
                if equal >= ALIKE {
                    let best = found.entry(plan).or_insert((equal, first));
                    if (equal, best.1) > (best.0, first) {
                        *best = (equal, first);
                    }
                }
            }
        }
        drop(bands);
        let _ = std::fs::remove_file(&place);
        let plans = found.len() as u64;
        let mut top: Vec<(u32, (usize, u32))> = found.into_iter().collect();
        top.sort_by(|a, b| b.1.0.cmp(&a.1.0).then(a.0.cmp(&b.0)));
        top.truncate(SHOWN);
        let copy = |(plan, (equal, of)): (u32, (usize, u32))| NearCopy {
            plan: String::new(),
            of: String::new(),
            share: equal as f64 / BINS as f64,
            ordinals: (plan, of),
        };
        Ok(NearCopies { plans, top: top.into_iter().map(copy).collect() })
    }
}

fn equal(a: &[u8; SKETCH], b: &[u8; SKETCH]) -> usize {
    a.as_chunks::<4>().0.iter().zip(b.as_chunks::<4>().0).filter(|(a, b)| a == b).count()
}
