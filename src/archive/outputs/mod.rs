//! This is what a run leaves behind: tables, `summary.json`, `privacy.json`, `rejected.jsonl`, made of the shards.
//!
//! Each is written under a temporary name and renamed when it is whole. They depend on the shards and the metadata
//! alone, so that an interrupted run ends with the bytes of an undisturbed one.

mod complete;
mod csv;
mod joined;
mod personal;
mod plans;
mod summary;

pub(super) use plans::alone as plans_alone;

use super::hash::Content;
use super::metadata::table::{Table, Wrong};
use super::metadata::{Coded, Given, MISSING, Names};
use super::plan::Plan;
use super::report;
use super::run::{RunError, Settings, at};
use super::statistics::Gathered;
use super::store::manifest::Judge;
use super::store::shard::Shard;
use crate::engine::Engine;
use complete::Complete;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// What is written beside the tables, and how.
#[derive(Debug, Clone)]
pub struct Report {
    /// Groups of fewer plans are left out of every breakdown.
    pub min_group: usize,
    /// Also write the tables as CSV.
    pub csv: bool,
    /// Write nothing but `privacy.json` where personal data was found.
    pub strict: bool,
    /// How many plans to draw for moderation.
    pub sample: usize,
    /// What the draws begin with.
    pub seed: u64,
}

/// What the outputs are made of.
pub(super) struct Made<'r> {
    pub engine: &'r Engine,
    pub settings: &'r Settings,
    pub judge: &'r Judge,
    pub shards: &'r Path,
    pub work: &'r Path,
    pub order: &'r [Content],
    pub names: Names,
    pub table: Option<Table>,
    pub wrong: Vec<Wrong>,
    pub unused: Vec<u32>,
    pub rejected: &'r Path,
}

/// What was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::archive) struct Counts {
    pub plans: u64,
    pub personal: u64,
    pub rejected: u64,
    pub written: bool,
}

/// A file under its temporary name.
pub(super) struct Draft {
    place: PathBuf,
    part: PathBuf,
    file: BufWriter<File>,
}

impl Draft {
    pub fn new(folder: &Path, name: &str) -> Result<Self, RunError> {
        let place = folder.join(name);
        let part = folder.join(format!("{name}.part"));
        let file = File::create(&part).map_err(at(&part))?;
        Ok(Self { place, part, file: BufWriter::with_capacity(1 << 18, file) })
    }

    pub fn line(&mut self, line: &impl serde::Serialize) -> Result<(), RunError> {
        let bytes = serde_json::to_vec(line).map_err(io::Error::from).map_err(at(&self.part))?;
        self.write(&bytes)?;
        self.write(b"\n")
    }

    pub fn write(&mut self, bytes: &[u8]) -> Result<(), RunError> {
        self.file.write_all(bytes).map_err(at(&self.part))
    }

    /// Makes it durable and gives it its name.
    pub fn finish(self) -> Result<(), RunError> {
        let Self { place, part, file } = self;
        file.into_inner()
            .map_err(io::IntoInnerError::into_error)
            .and_then(|file| file.sync_all())
            .and_then(|()| std::fs::rename(&part, &place))
            .map_err(at(&place))
    }
}

/// Goes through the shards, in order.
struct Shards<'r> {
    folder: &'r Path,
    order: &'r [Content],
}

impl Shards<'_> {
    fn each(&self, mut with: impl FnMut(Shard) -> Result<(), RunError>) -> Result<(), RunError> {
        for key in self.order {
            let place = super::store::shard::path(self.folder, key);
            let shard = Shard::load(self.folder, key).map_err(|error| {
                // Without it the next run makes it anew.
                if error.kind() == io::ErrorKind::InvalidData {
                    let _ = std::fs::remove_file(&place);
                }
                at(&place)(error)
            })?;
            with(shard)?;
        }
        Ok(())
    }
}

/// Makes the outputs, unless they are there.
pub(super) fn make(mut made: Made<'_>) -> Result<Counts, RunError> {
    let out = &made.settings.out;
    let fingerprint = complete::fingerprint(&made)?;
    if let Some(complete) = Complete::load(made.work).filter(|complete| complete.holds(&fingerprint, out)) {
        return Ok(Counts { written: false, ..complete.counts() });
    }
    Complete::forget(made.work)?;
    let shards = Shards { folder: made.shards, order: made.order };
    let rules = made.engine.rules().rules();

    // First what is needed of all plans before any is written: groups, families, personal data.
    let mut gathered = Gathered::new(rules.len(), made.work)?;
    let mut personal = personal::File::new(out)?;
    let mut metadata = joined::Problems::new(out)?;
    for wrong in &made.wrong {
        metadata.of_table(wrong)?;
    }
    for line in &made.unused {
        metadata.unused(*line)?;
    }
    let mut rejected = Draft::new(out, "rejected.jsonl")?;
    let mut refused: u64 = 0;
    let read = std::fs::read(made.rejected).map_err(at(made.rejected))?;
    refused += read.iter().filter(|byte| **byte == b'\n').count() as u64;
    rejected.write(&read)?;
    drop(read);
    shards.each(|shard| {
        let marks = shard.marks().map_err(at(made.shards))?;
        let mut marks = marks.as_slice();
        for plan in shard.plans().map_err(at(made.shards))? {
            let (own, rest) = marks.split_at(marks.len().min(plan.statements as usize));
            marks = rest;
            let coded = coded(&plan, &mut made.names, made.table.as_mut(), made.settings, Some(&mut metadata))?;
            personal.plan(&plan)?;
            gathered.plan(&plan, coded, own)?;
        }
        for one in shard.rejected().map_err(at(made.shards))? {
            refused += 1;
            rejected.line(&one)?;
        }
        Ok(())
    })?;
    let kinds = personal.counts().clone();
    let found = personal.finish()?;
    rejected.finish()?;
    let counts = Counts { plans: gathered.plans(), personal: found, rejected: refused, written: true };
    if made.settings.report.strict && found > 0 {
        drop((metadata, gathered));
        let _ = std::fs::remove_file(out.join("metadata.jsonl.part"));
        for folder in ["wordings", "bands"] {
            let _ = std::fs::remove_dir_all(made.work.join(folder));
        }
        let _ = std::fs::remove_file(made.work.join("sketches"));
        complete::remove(out)?;
        return Ok(counts);
    }
    let wrong = metadata.finish()?;
    let mut statistics = gathered.finish(&made.names, rules, &made.settings.report)?;

    joined::tables(out, &shards)?;
    plans::write(out, &shards, &mut statistics, |plan| {
        let coded = coded(plan, &mut made.names, made.table.as_mut(), made.settings, None)?;
        Ok((coded, plans::named(&coded, &made.names)))
    })?;
    if made.settings.report.csv {
        csv::write(out)?;
    } else {
        csv::remove(out)?;
    }
    summary::write(&made, &statistics, &counts, wrong)?;
    let page = report::write(&report::Parts {
        statistics: &statistics,
        counts: &counts,
        judge: made.judge,
        min_group: made.settings.report.min_group,
        metadata_problems: wrong,
        personal: &kinds,
    });
    let page = page.map_err(|error| at(&out.join("report.html"))(io::Error::other(error)))?;
    let mut draft = Draft::new(out, "report.html")?;
    draft.write(page.as_bytes())?;
    draft.finish()?;
    Complete::save(made.work, out, &fingerprint, &counts)?;
    Ok(counts)
}

/// A plan's metadata by number: of the table, then of its record, then of its path.
fn coded(
    plan: &Plan,
    names: &mut Names,
    table: Option<&mut Table>,
    settings: &Settings,
    mut problems: Option<&mut joined::Problems>,
) -> Result<Coded, RunError> {
    let mut failed = Ok(());
    let mut tell = |field: super::metadata::Field, what| {
        if let Some(problems) = problems.as_deref_mut()
            && let Err(error) = problems.of_plan(&plan.id, field.name(), what)
        {
            failed = Err(error);
        }
    };
    let by_path = settings.pattern.as_ref().map_or_else(Given::default, |(_, pattern)| pattern.read(&plan.source));
    let own = names.code(&plan.given, &mut tell);
    let path = names.code(&by_path, &mut tell);
    failed?;
    let joined = table.map(|table| table.find(&plan.id));
    if joined == Some(None)
        && let Some(problems) = problems
    {
        problems.of_plan(&plan.id, "id", "the table has no row with this plan's id")?;
    }
    let coded = joined.flatten().unwrap_or_default().or(own).or(path);
    debug_assert!(coded.day == MISSING || coded.day > 0);
    Ok(coded)
}
