//! This is `summary.json`: what the run was and what the archive comes to.

use super::{Counts, Draft, Made};
use crate::archive::run::RunError;
use crate::archive::statistics::Statistics;
use crate::archive::store::manifest::Judge;
use serde::Serialize;

/// The version of the format.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Summary<'s> {
    version: u32,
    clearplan: &'static str,
    judge: &'s Judge,
    min_group: usize,
    plans: u64,
    rejected: u64,
    plans_with_personal_data: u64,
    metadata_problems: u64,
    statistics: &'s Statistics,
}

pub(super) fn write(made: &Made<'_>, statistics: &Statistics, counts: &Counts, wrong: u64) -> Result<(), RunError> {
    let mut draft = Draft::new(&made.settings.out, "summary.json")?;
    let summary = Summary {
        version: VERSION,
        clearplan: env!("CARGO_PKG_VERSION"),
        judge: made.judge,
        min_group: made.settings.report.min_group,
        plans: counts.plans,
        rejected: counts.rejected,
        plans_with_personal_data: counts.personal,
        metadata_problems: wrong,
        statistics,
    };
    let text = serde_json::to_vec_pretty(&summary).unwrap_or_default();
    draft.write(&text)?;
    draft.write(b"\n")?;
    draft.finish()
}
