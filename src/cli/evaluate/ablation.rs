//! This is the ablation: the same rows judged in several ways, one line each.

use super::blocks::{Blocks, By};
use super::judged::{Judged, judge};
use super::rows::{Label, Labelled, Row};
use super::word_count;
use crate::cli::metrics::{Case, Intervals, Tally, auc, intervals};
use crate::cli::{Failure, Judging};
use clearplan::engine::Engine;
use serde::Serialize;

/// A way of judging.
pub struct Way {
    pub name: &'static str,
    pub engine: Engine,
}

impl Way {
    /// Every way that is compared. A new one is a line here.
    pub fn all(judging: &Judging) -> Result<Vec<Self>, Failure> {
        Ok(vec![
            Self { name: "rules and model", engine: judging.engine()?.without_suggestions() },
            Self { name: "model alone", engine: judging.model_alone()?.without_suggestions() },
            Self { name: "rules alone", engine: judging.rules_alone()?.without_suggestions() },
        ])
    }
}

/// The ways on the rows of a file.
#[derive(Serialize)]
pub struct Ablation {
    pub file: String,
    pub ways: Vec<WayReport>,
}

/// One way.
#[derive(Serialize)]
pub struct WayReport {
    pub way: String,
    pub kinds: Vec<WayKind>,
}

/// One way on one kind.
#[derive(Serialize)]
pub struct WayKind {
    pub kind: Labelled,
    pub n: usize,
    pub macro_f1: Option<f64>,
    pub auc: Option<f64>,
    pub intervals: Intervals,
    /// What was drawn for the intervals, and how many of them there are.
    pub by: By,
    pub blocks: usize,
}

impl Ablation {
    /// Judges the rows once in each way. The last line is what counting words would give.
    pub fn new(file: String, ways: &[Way], judging: &Judging, pool: &rayon::ThreadPool, rows: &[Row]) -> Self {
        let setting = judging.setting().unwrap_or_default();
        let mut reports: Vec<WayReport> = ways
            .iter()
            .map(|way| {
                let judged = judge(pool, &way.engine, setting, rows);
                WayReport::new(
                    way.name,
                    &judged,
                    |judged: &Judged<'_>| judged.row,
                    |of, _| of.iter().map(|judged| judged.case()).collect(),
                )
            })
            .collect();
        reports.push(WayReport::new(
            "word count only",
            rows,
            |row| row,
            |of, blocks| {
                let counted: Vec<(usize, bool)> =
                    of.iter().map(|row| (word_count::words(&row.text), row.verdict == Label::Good)).collect();
                word_count::judge(&counted, &blocks.folds)
            },
        ));
        Self { file, ways: reports }
    }
}

impl WayReport {
    fn new<T>(way: &str, items: &[T], row: impl Fn(&T) -> &Row, cases: impl Fn(&[&T], &Blocks) -> Vec<Case>) -> Self {
        let kinds = Labelled::ALL.into_iter().filter_map(|kind| {
            let of: Vec<&T> = items.iter().filter(|item| row(item).kind == kind).collect();
            let blocks = Blocks::of(&of.iter().map(|item| row(item)).collect::<Vec<_>>());
            let cases = cases(&of, &blocks);
            (!cases.is_empty()).then(|| WayKind {
                kind,
                n: cases.len(),
                macro_f1: Tally::of(&cases).macro_f1(),
                auc: auc(&cases),
                intervals: intervals(&cases, &blocks.of),
                by: blocks.by,
                blocks: blocks.count(),
            })
        });
        Self { way: way.to_owned(), kinds: kinds.collect() }
    }
}
