//! This is a shard: everything that came out of one batch of inputs, in one file that is either whole or not there.

use crate::archive::hash::{Content, hex};
use crate::archive::input::Rejected;
use crate::archive::plan::Plan;
use crate::archive::score::Scored;
use crate::archive::tables;
use crate::archive::wording::{BANDS, Marks};
use crate::rules::Rule;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

const MAGIC: &[u8; 8] = b"CLPSHRD1";
const PARTS: usize = 5;
const HEAD: usize = MAGIC.len() + PARTS * 8;

/// The parts of a shard, as bytes.
#[derive(Debug, Clone, Default)]
pub struct Shard {
    /// One row group of `statements.parquet`.
    pub statements: Vec<u8>,
    /// One row group of `findings.parquet`.
    pub findings: Vec<u8>,
    plans: Vec<u8>,
    marks: Vec<u8>,
    rejected: Vec<u8>,
}

impl Shard {
    /// The shard of what was scored.
    ///
    /// # Errors
    /// Where a table cannot be written, which the tests rule out.
    pub fn new(scored: &Scored, rules: &[Rule]) -> io::Result<Self> {
        let lines = |out: &mut Vec<u8>, line: serde_json::Result<Vec<u8>>| -> io::Result<()> {
            out.extend(line?);
            out.push(b'\n');
            Ok(())
        };
        let (mut plans, mut marks, mut rejected) = (Vec::new(), Vec::new(), Vec::new());
        for plan in &scored.plans {
            lines(&mut plans, serde_json::to_vec(&plan.plan))?;
            for row in &plan.statements {
                marks.extend(row.marks.exact.to_le_bytes());
                row.marks.bands.iter().for_each(|band| marks.extend(band.to_le_bytes()));
            }
        }
        for one in &scored.rejected {
            lines(&mut rejected, serde_json::to_vec(one))?;
        }
        let other = io::Error::other::<Box<dyn std::error::Error + Send + Sync>>;
        let table = |batch: Result<arrow_array::RecordBatch, arrow_schema::ArrowError>| -> io::Result<Vec<u8>> {
            tables::parquet(&batch.map_err(|e| other(e.into()))?).map_err(|e| other(e.into()))
        };
        Ok(Self {
            statements: table(tables::statements(&scored.plans))?,
            findings: table(tables::findings(&scored.plans, rules))?,
            plans: zstd::bulk::compress(&plans, 1)?,
            marks: zstd::bulk::compress(&marks, 1)?,
            rejected: zstd::bulk::compress(&rejected, 1)?,
        })
    }

    /// The plans in it.
    ///
    /// # Errors
    /// Where the shard is damaged.
    pub fn plans(&self) -> io::Result<Vec<Plan>> {
        rows(&self.plans)
    }

    /// The inputs that gave no plan.
    ///
    /// # Errors
    /// Where the shard is damaged.
    pub fn rejected(&self) -> io::Result<Vec<Rejected>> {
        rows(&self.rejected)
    }

    /// The marks of each statement, plan by plan.
    ///
    /// # Errors
    /// Where the shard is damaged.
    pub fn marks(&self) -> io::Result<Vec<Marks>> {
        let bytes = zstd::stream::decode_all(self.marks.as_slice())?;
        let number = |bytes: &[u8]| bytes.try_into().map(u32::from_le_bytes).unwrap_or_default();
        let all = bytes.chunks_exact(8 + BANDS * 4).map(|chunk| Marks {
            exact: chunk[..8].try_into().map(u64::from_le_bytes).unwrap_or_default(),
            bands: std::array::from_fn(|band| number(&chunk[8 + band * 4..12 + band * 4])),
        });
        Ok(all.collect())
    }

    /// Writes it under a temporary name, makes it durable, and gives it its own.
    ///
    /// # Errors
    /// The system's.
    pub fn save(&self, folder: &Path, key: &Content) -> io::Result<u64> {
        let parts = [&self.statements, &self.findings, &self.plans, &self.marks, &self.rejected];
        let mut bytes = Vec::with_capacity(HEAD + parts.iter().map(|part| part.len()).sum::<usize>() + 32);
        bytes.extend(MAGIC);
        parts.iter().for_each(|part| bytes.extend((part.len() as u64).to_le_bytes()));
        parts.iter().for_each(|part| bytes.extend_from_slice(part));
        let hash = blake3::hash(&bytes);
        bytes.extend(hash.as_bytes());
        let place = path(folder, key);
        let draft = place.with_extension("part");
        let mut file = File::create(&draft)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        std::fs::rename(&draft, &place)?;
        Ok(bytes.len() as u64)
    }

    /// Reads it back.
    ///
    /// # Errors
    /// Where it is not there, or not what was written.
    pub fn load(folder: &Path, key: &Content) -> io::Result<Self> {
        let bytes = std::fs::read(path(folder, key))?;
        let damaged = || io::Error::new(io::ErrorKind::InvalidData, "a shard is damaged");
        let (content, hash) =
            bytes.len().checked_sub(32).and_then(|at| bytes.split_at_checked(at)).ok_or_else(damaged)?;
        if !content.starts_with(MAGIC) || content.len() < HEAD || blake3::hash(content).as_bytes() != hash {
            return Err(damaged());
        }
        let mut at = HEAD;
        let mut parts = Vec::with_capacity(PARTS);
        for length in content[MAGIC.len()..HEAD].chunks_exact(8) {
            let length = length.try_into().map(u64::from_le_bytes).map_err(|_| damaged())?;
            let end = usize::try_from(length).ok().and_then(|length| at.checked_add(length)).ok_or_else(damaged)?;
            parts.push(content.get(at..end).ok_or_else(damaged)?.to_vec());
            at = end;
        }
        let mut parts = parts.into_iter();
        let mut next = || parts.next().unwrap_or_default();
        Ok(Self { statements: next(), findings: next(), plans: next(), marks: next(), rejected: next() })
    }
}

/// Where a shard lies.
pub fn path(folder: &Path, key: &Content) -> PathBuf {
    folder.join(hex(&key[..16])).with_extension("shard")
}

fn rows<T: serde::de::DeserializeOwned>(packed: &[u8]) -> io::Result<Vec<T>> {
    let bytes = zstd::stream::decode_all(packed)?;
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    Ok(lines.map(serde_json::from_slice).collect::<serde_json::Result<_>>()?)
}
