//! This is the figures of a file.

use super::blocks::{Blocks, By};
use super::judged::Judged;
use super::rows::{Label, Labelled, Row};
use super::second::{Second, SecondReport};
use crate::cli::metrics::{
    Abstained, Bin, Case, Chance, Class, Classes, Crossed, Intervals, Tally, abstain, auc, bins, brier,
    calibration_error, calibration_error_by_chance, crossed, intervals, kappa, share,
};
use clearplan::assess::{Criterion, State, Wording};
use clearplan::rules::Severity;
use clearplan::scoring::GOOD;
use serde::Serialize;
use std::collections::BTreeMap;

/// The figures of a file.
#[derive(Serialize)]
pub struct Report {
    pub file: String,
    pub kinds: Vec<KindReport>,
    /// Against the labels of a second labeller.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub second: Option<SecondReport>,
    pub styles: Vec<PartReport>,
    pub groups: Vec<PartReport>,
    pub rules: Vec<RuleReport>,
    pub errors: Vec<Misjudged>,
}

/// The figures of a kind.
#[derive(Serialize)]
pub struct KindReport {
    pub kind: Labelled,
    pub n: usize,
    pub good: Class,
    pub bad: Class,
    pub macro_f1: Option<f64>,
    pub auc: Option<f64>,
    pub intervals: Intervals,
    /// What was drawn for the intervals and left out for the threshold, and how many of them there are.
    pub by: By,
    pub blocks: usize,
    pub calibration_error: Option<f64>,
    /// The same if every probability were right.
    pub calibration_error_by_chance: Option<Chance>,
    pub brier: Option<f64>,
    pub bins: Vec<Bin>,
    pub abstain: Vec<Abstained>,
    pub threshold: Option<Crossed>,
    pub criteria: Vec<CriterionReport>,
    /// `None` where no row says its type.
    pub types: Option<Classes<Wording>>,
    /// Good rows with a finding of severity error, and their share of the good rows.
    pub good_with_error: usize,
    pub good_with_error_share: Option<f64>,
    pub phrases: Coverage,
}

/// How well "met" is told from everything else.
#[derive(Serialize)]
pub struct CriterionReport {
    pub criterion: Criterion,
    /// Rows that say something of it.
    pub n: usize,
    pub met: Class,
    pub kappa: Option<f64>,
}

/// How many faulted phrases a finding overlaps.
#[derive(Serialize, Default)]
pub struct Coverage {
    /// Phrases that are named and stand in their text.
    pub named: usize,
    /// Of these, overlapped by a finding.
    pub overlapped: usize,
    pub share: Option<f64>,
    /// Phrases that are named and do not stand in their text; not counted above.
    pub absent: usize,
    /// Rows that name at least one phrase in their text.
    pub rows: usize,
    /// Of these, rows where a finding overlaps at least one.
    pub rows_overlapped: usize,
    pub rows_share: Option<f64>,
}

/// The figures of a style or a publisher.
#[derive(Serialize)]
pub struct PartReport {
    pub name: String,
    pub kind: Labelled,
    pub n: usize,
    pub right: usize,
    pub macro_f1: Option<f64>,
    pub auc: Option<f64>,
}

/// On how many rows a rule fires.
#[derive(Serialize)]
pub struct RuleReport {
    pub rule: String,
    pub bad: usize,
    pub good: usize,
    /// Share of the rows that it fires on that are labelled bad.
    pub precision: Option<f64>,
}

/// A row whose verdict is not its label.
#[derive(Serialize)]
pub struct Misjudged {
    pub id: serde_json::Value,
    pub kind: Labelled,
    pub label: Label,
    pub probability: f64,
}

impl Report {
    pub fn new(file: String, rows: &[Judged<'_>], second: Option<&Second>) -> Self {
        let misjudged = rows.iter().filter(|row| row.good() != row.assessment.verdict.is_good());
        Self {
            file,
            kinds: Labelled::ALL.into_iter().filter_map(|kind| KindReport::new(kind, rows)).collect(),
            second: second.map(|second| SecondReport::new(second, rows)),
            styles: PartReport::all(rows, |row| row.style.as_deref()),
            groups: PartReport::all(rows, |row| row.group.as_deref()),
            rules: RuleReport::all(rows),
            errors: misjudged
                .map(|row| Misjudged {
                    id: row.row.id.clone(),
                    kind: row.row.kind,
                    label: row.row.verdict,
                    probability: row.assessment.probability,
                })
                .collect(),
        }
    }
}

impl KindReport {
    /// `None` where there is no row of the kind.
    fn new(kind: Labelled, rows: &[Judged<'_>]) -> Option<Self> {
        let rows: Vec<&Judged<'_>> = rows.iter().filter(|row| row.row.kind == kind).collect();
        if rows.is_empty() {
            return None;
        }
        let cases: Vec<Case> = rows.iter().map(|row| row.case()).collect();
        let blocks = Blocks::of(&rows.iter().map(|row| row.row).collect::<Vec<_>>());
        let tally = Tally::of(&cases);
        let bins = bins(&cases);
        let wordings: Vec<(Wording, Wording)> =
            rows.iter().filter_map(|row| Some((row.row.labels.wording?, row.assessment.wording))).collect();
        let failed =
            |row: &Judged<'_>| row.assessment.findings.iter().any(|finding| finding.severity == Severity::Error);
        let good_with_error = rows.iter().filter(|row| row.good() && failed(row)).count();
        Some(Self {
            kind,
            n: tally.n(),
            good: tally.good(),
            bad: tally.bad(),
            macro_f1: tally.macro_f1(),
            auc: auc(&cases),
            intervals: intervals(&cases, &blocks.of),
            by: blocks.by,
            blocks: blocks.count(),
            calibration_error: calibration_error(&bins),
            calibration_error_by_chance: calibration_error_by_chance(&cases),
            brier: brier(&cases),
            bins,
            abstain: abstain(&cases, GOOD),
            threshold: crossed(&cases, &blocks.folds),
            criteria: CriterionReport::all(kind, &rows),
            types: (!wordings.is_empty()).then(|| Classes::of(&wordings)),
            good_with_error,
            good_with_error_share: share(good_with_error, tally.good().n),
            phrases: Coverage::of(&rows),
        })
    }
}

impl CriterionReport {
    fn all(kind: Labelled, rows: &[&Judged<'_>]) -> Vec<Self> {
        let criteria = Criterion::of(kind.kind()).iter();
        criteria
            .filter_map(|&criterion| {
                let pairs: Vec<(bool, bool)> = rows
                    .iter()
                    .filter_map(|row| {
                        let label = *row.row.labels.criteria.get(&criterion)?;
                        Some((label == State::Met, row.state(criterion)? == State::Met))
                    })
                    .collect();
                let mut tally = Tally::default();
                pairs.iter().for_each(|&(label, said)| tally.add(label, said, 1));
                let report = Self { criterion, n: pairs.len(), met: tally.good(), kappa: kappa(&pairs) };
                (!pairs.is_empty()).then_some(report)
            })
            .collect()
    }
}

impl Coverage {
    fn of(rows: &[&Judged<'_>]) -> Self {
        let mut phrases = Self::default();
        for row in rows {
            let found = row.phrases();
            phrases.named += found.iter().flatten().count();
            phrases.overlapped += found.iter().flatten().filter(|covered| **covered).count();
            phrases.absent += found.iter().filter(|covered| covered.is_none()).count();
            phrases.rows += usize::from(found.iter().flatten().next().is_some());
            phrases.rows_overlapped += usize::from(found.contains(&Some(true)));
        }
        phrases.share = share(phrases.overlapped, phrases.named);
        phrases.rows_share = share(phrases.rows_overlapped, phrases.rows);
        phrases
    }
}

impl PartReport {
    /// One for each name and kind; rows without the name are in none.
    fn all<'r>(rows: &[Judged<'r>], name: impl Fn(&'r Row) -> Option<&'r str>) -> Vec<Self> {
        let mut parts: BTreeMap<(&str, Labelled), Vec<Case>> = BTreeMap::new();
        for row in rows {
            if let Some(name) = name(row.row) {
                parts.entry((name, row.row.kind)).or_default().push(row.case());
            }
        }
        parts
            .into_iter()
            .map(|((name, kind), cases)| {
                let tally = Tally::of(&cases);
                let (n, right) = (tally.n(), tally.right());
                Self { name: name.to_owned(), kind, n, right, macro_f1: tally.macro_f1(), auc: auc(&cases) }
            })
            .collect()
    }
}

impl RuleReport {
    fn all(rows: &[Judged<'_>]) -> Vec<Self> {
        let mut rules: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for row in rows {
            let mut fired: Vec<&str> = row.assessment.findings.iter().map(|finding| finding.rule.as_str()).collect();
            fired.sort_unstable();
            fired.dedup();
            for rule in fired {
                let (bad, good) = rules.entry(rule).or_default();
                *(if row.good() { good } else { bad }) += 1;
            }
        }
        rules
            .into_iter()
            .map(|(rule, (bad, good))| Self { rule: rule.to_owned(), bad, good, precision: share(bad, bad + good) })
            .collect()
    }
}
