//! This is the note that the outputs are complete, and of what.

use super::{Counts, Made};
use crate::archive::hash::{content, hex};
use crate::archive::run::{RunError, at};
use serde::{Deserialize, Serialize};
use std::path::Path;

const NAME: &str = "complete.json";

/// Every file that a run may leave in its folder.
const FILES: [&str; 11] = [
    "statements.parquet",
    "findings.parquet",
    "plans.parquet",
    "statements.csv",
    "findings.csv",
    "plans.csv",
    "summary.json",
    "report.html",
    "metadata.jsonl",
    "privacy.json",
    "rejected.jsonl",
];

/// What is complete.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Complete {
    fingerprint: String,
    files: Vec<(String, u64)>,
    plans: u64,
    personal: u64,
    rejected: u64,
}

impl Complete {
    pub fn load(work: &Path) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(work.join(NAME)).ok()?).ok()
    }

    /// True where the outputs are those of this fingerprint and all there.
    pub fn holds(&self, fingerprint: &str, out: &Path) -> bool {
        let there =
            |(name, size): &(String, u64)| std::fs::metadata(out.join(name)).is_ok_and(|data| data.len() == *size);
        self.fingerprint == fingerprint && self.files.iter().all(there)
    }

    pub fn counts(&self) -> Counts {
        Counts { plans: self.plans, personal: self.personal, rejected: self.rejected, written: true }
    }

    pub fn forget(work: &Path) -> Result<(), RunError> {
        match std::fs::remove_file(work.join(NAME)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(at(&work.join(NAME))(error)),
            _ => Ok(()),
        }
    }

    pub fn save(work: &Path, out: &Path, fingerprint: &str, counts: &Counts) -> Result<(), RunError> {
        let size = |name: &str| Some((name.to_owned(), std::fs::metadata(out.join(name)).ok()?.len()));
        let complete = Self {
            fingerprint: fingerprint.to_owned(),
            files: FILES.iter().filter_map(|name| size(name)).collect(),
            plans: counts.plans,
            personal: counts.personal,
            rejected: counts.rejected,
        };
        let mut draft = super::Draft::new(work, NAME)?;
        draft.line(&complete)?;
        draft.finish()
    }
}

/// Takes away what quotes plans or speaks of them, where the run ends before it.
pub(super) fn remove(out: &Path) -> Result<(), RunError> {
    for name in FILES.iter().filter(|name| !matches!(**name, "privacy.json" | "rejected.jsonl")) {
        match std::fs::remove_file(out.join(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(at(&out.join(name))(error)),
            _ => {}
        }
    }
    Ok(())
}

/// A hash of everything that the outputs depend on.
pub(super) fn fingerprint(made: &Made<'_>) -> Result<String, RunError> {
    let judge = serde_json::to_vec(made.judge).unwrap_or_default();
    let settings = format!(
        "{:?} {:?} sources {}",
        made.settings.report,
        made.settings.pattern.as_ref().map(|(text, _)| text),
        env!("CLEARPLAN_SOURCES")
    );
    let table = made.settings.table.as_ref().map_or(&[][..], |(_, bytes)| bytes);
    let rejected = std::fs::read(made.rejected).map_err(at(made.rejected))?;
    let mut parts: Vec<&[u8]> = vec![&judge, settings.as_bytes(), table, &rejected];
    parts.extend(made.order.iter().map(|key| key.as_slice()));
    Ok(hex(&content(&parts)))
}
