//! This is `privacy.json`: where personal data stands, by plan, kind and place, and never what it is.

use super::Draft;
use crate::archive::plan::Plan;
use crate::archive::privacy::Kind;
use crate::archive::run::RunError;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// The file while it is written: plan after plan, then the sums.
pub(super) struct File {
    draft: Draft,
    plans: u64,
    found: u64,
    counts: BTreeMap<Kind, u64>,
}

#[derive(Serialize)]
struct OfPlan<'p> {
    plan: &'p str,
    quotes_kept: bool,
    found: Vec<Place>,
}

#[derive(Serialize)]
struct Place {
    kind: &'static str,
    paragraph: u32,
    start: u32,
    end: u32,
}

impl File {
    pub fn new(out: &Path) -> Result<Self, RunError> {
        let mut draft = Draft::new(out, "privacy.json")?;
        draft.write(b"{\"version\":1,\"plans\":[")?;
        Ok(Self { draft, plans: 0, found: 0, counts: BTreeMap::new() })
    }

    pub fn plan(&mut self, plan: &Plan) -> Result<(), RunError> {
        self.plans += 1;
        if plan.personal.is_empty() {
            return Ok(());
        }
        self.draft.write(if self.found > 0 { b",\n" } else { b"\n" })?;
        self.found += 1;
        let found = plan.personal.iter().map(|(kind, paragraph, start, end)| {
            *self.counts.entry(*kind).or_default() += 1;
            Place { kind: kind.name(), paragraph: *paragraph, start: *start, end: *end }
        });
        let line = OfPlan { plan: &plan.id, quotes_kept: plan.quoted, found: found.collect() };
        self.draft.write(&serde_json::to_vec(&line).unwrap_or_default())
    }

    /// How often each kind was found.
    pub fn counts(&self) -> &BTreeMap<Kind, u64> {
        &self.counts
    }

    /// Ends the file; gives how many plans have personal data in them.
    pub fn finish(mut self) -> Result<u64, RunError> {
        let counts: BTreeMap<&str, u64> =
            Kind::ALL.iter().map(|kind| (kind.name(), self.counts.get(kind).copied().unwrap_or(0))).collect();
        let counts = serde_json::to_string(&counts).unwrap_or_default();
        let end = format!(
            "\n],\"plans_read\":{},\"plans_with_personal_data\":{},\"counts\":{counts},\"note\":\"A plan in which nothing was found is not thereby anonymous.\"}}\n",
            self.plans, self.found
        );
        self.draft.write(end.as_bytes())?;
        self.draft.finish()?;
        Ok(self.found)
    }
}
