//! This is `clearplan evaluate`: how well the judgement agrees with labelled statements.
//!
//! A table of figures and ids; no statement's words are ever printed.

use super::metrics::{Agreement, Case, share};
use super::{Exit, Failure, Judging, TableFormat, output};
use clap::ValueEnum;
use clearplan::assess::Assessment;
use clearplan::document::{Kind, Setting, Statement};
use clearplan::rules::Severity;
use clearplan::span::Span;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Measure the judgement on labelled statements
///
/// Rows are those of classify with "verdict": "good" or "bad", and if known "phrases" (a list of the faulted words)
/// and "group" (the publisher).
#[derive(Debug, clap::Args)]
pub struct Evaluate {
    /// Labelled rows (.jsonl); - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// How to print the figures
    #[arg(long, value_enum, default_value = "text")]
    format: TableFormat,
    /// Print these instead of the figures
    #[arg(long, value_enum)]
    show: Option<Show>,
    #[command(flatten)]
    judging: Judging,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Show {
    /// Ids of the misjudged rows, with label and probability
    Errors,
}

impl Evaluate {
    /// Judges every row of every file and prints the figures of each file.
    pub fn run(self) -> Result<Exit, Failure> {
        let engine = self.judging.engine()?;
        let pool = self.judging.pool()?;
        let mut reports = Vec::new();
        let mut bad_lines = 0;
        for path in &self.files {
            let name = output::name(path);
            let bytes = output::read(path).map_err(|error| Failure::Input(output::unreadable(&name, &error)))?;
            let (rows, errors) = rows(path, &bytes);
            errors.iter().for_each(|error| anstream::eprintln!("clearplan: {name}: {error}"));
            bad_lines += errors.len();
            let setting = self.judging.setting().unwrap_or_default();
            let judged: Vec<Judged> =
                pool.install(|| rows.into_par_iter().filter_map(|row| Judged::new(&engine, setting, row)).collect());
            reports.push(Report::new(name, &judged));
        }
        let page = match (self.show, self.format) {
            (Some(Show::Errors), _) => super::evaluate_page::errors(&reports),
            (None, TableFormat::Text) => super::evaluate_page::tables(&reports, false),
            (None, TableFormat::Markdown) => super::evaluate_page::tables(&reports, true),
            (None, TableFormat::Json) => {
                serde_json::to_string_pretty(&reports)
                    .map_err(|error| Failure::Usage(format!("the figures could not be written as JSON ({error})")))?
                    + "\n"
            }
        };
        output::print(page.as_bytes())?;
        Ok(if bad_lines > 0 { Exit::Unreadable } else { Exit::Clean })
    }
}

/// The rows of a file, and what is wrong with the lines that are none: never a word of them.
fn rows(path: &Path, bytes: &[u8]) -> (Vec<Row>, Vec<String>) {
    let stem = path.file_stem().map_or_else(|| "row".to_owned(), |stem| stem.to_string_lossy().into_owned());
    let mut rows = Vec::new();
    let mut errors = Vec::new();
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    for (i, line) in bytes.split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| !line.trim_ascii().is_empty()) {
        match serde_json::from_slice::<Row>(line) {
            Ok(mut row) => {
                if row.id.is_null() {
                    row.id = format!("{stem}:{}", i + 1).into();
                }
                rows.push(row);
            }
            Err(_) => errors.push(format!(
                "line {}: not a labelled row; it needs \"kind\" (outcome or provision), \"text\" and \"verdict\" (good or bad)",
                i + 1
            )),
        }
    }
    (rows, errors)
}

/// A labelled row.
#[derive(Deserialize)]
struct Row {
    #[serde(default)]
    id: serde_json::Value,
    kind: Labelled,
    text: String,
    verdict: Label,
    #[serde(default)]
    phrases: Option<Phrases>,
    #[serde(default)]
    group: Option<String>,
    #[serde(default)]
    section: Option<String>,
    /// Other people's data use this name for a country or a place; then it says nothing here.
    #[serde(default, deserialize_with = "lenient")]
    setting: Option<Setting>,
}

fn lenient<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Setting>, D::Error> {
    Ok(match serde_json::Value::deserialize(deserializer)?.as_str() {
        Some("mainstream") => Some(Setting::Mainstream),
        Some("special") => Some(Setting::Special),
        _ => None,
    })
}

#[derive(Deserialize, Serialize, Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
pub(super) enum Labelled {
    Outcome,
    Provision,
}

#[derive(Deserialize, Serialize, Debug, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Label {
    Good,
    Bad,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Phrases {
    Many(Vec<String>),
    One(String),
}

/// A row with its judgement.
struct Judged {
    row: Row,
    assessment: Assessment,
}

impl Judged {
    fn new(engine: &clearplan::engine::Engine, setting: Setting, row: Row) -> Option<Self> {
        let kind = match row.kind {
            Labelled::Outcome => Kind::Outcome,
            Labelled::Provision => Kind::Provision,
        };
        let mut statement = Statement::new(kind, row.text.clone());
        statement.section = row.section.clone().unwrap_or_default();
        statement.setting = row.setting.unwrap_or(setting);
        Some(Self { assessment: engine.assess(&statement)?, row })
    }

    fn good(&self) -> bool {
        self.row.verdict == Label::Good
    }

    fn case(&self) -> Case {
        Case {
            good: self.good(),
            said_good: self.assessment.verdict.is_good(),
            probability: self.assessment.probability,
        }
    }

    /// Every phrase that the row names and its text holds: whether a finding overlaps it.
    fn phrases(&self) -> Vec<Option<bool>> {
        let phrases = match &self.row.phrases {
            None => &[][..],
            Some(Phrases::Many(phrases)) => phrases,
            Some(Phrases::One(phrase)) => std::slice::from_ref(phrase),
        };
        phrases
            .iter()
            .map(|phrase| {
                let places = places(&self.row.text, phrase);
                let covered =
                    |place: &Span| self.assessment.findings.iter().any(|finding| finding.span.overlaps(*place));
                (!places.is_empty()).then(|| places.iter().any(covered))
            })
            .collect()
    }
}

/// Where a phrase stands, whatever its case and its quotes.
fn places(text: &str, phrase: &str) -> Vec<Span> {
    let fold = |c: char| match c {
        '’' | '‘' => '\'',
        '–' | '—' => '-',
        c => c.to_lowercase().next().unwrap_or(c),
    };
    let wanted: Vec<char> = phrase.trim().chars().map(fold).collect();
    let chars: Vec<(usize, char)> = text.char_indices().map(|(at, c)| (at, fold(c))).collect();
    if wanted.is_empty() {
        return Vec::new();
    }
    chars
        .windows(wanted.len())
        .enumerate()
        .filter(|(_, window)| window.iter().map(|(_, c)| c).eq(&wanted))
        .filter_map(|(i, window)| {
            let start = window.first()?.0;
            let end = chars.get(i + wanted.len()).map_or(text.len(), |(at, _)| *at);
            Some(Span::new(start, end))
        })
        .collect()
}

/// The figures of a file.
#[derive(Serialize)]
pub(super) struct Report {
    pub file: String,
    pub kinds: Vec<KindReport>,
    pub groups: Vec<GroupReport>,
    pub rules: Vec<RuleReport>,
    pub errors: Vec<Misjudged>,
}

/// The figures of a kind.
#[derive(Serialize)]
pub(super) struct KindReport {
    pub kind: Labelled,
    #[serde(flatten)]
    pub agreement: Agreement,
    /// Good rows with a finding of severity error, and their share of the good rows.
    pub good_with_error: usize,
    pub good_with_error_share: Option<f64>,
    pub phrases: Coverage,
}

/// How many faulted phrases a finding overlaps.
#[derive(Serialize, Default)]
pub(super) struct Coverage {
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

/// The figures of a publisher.
#[derive(Serialize)]
pub(super) struct GroupReport {
    pub group: String,
    pub kind: Labelled,
    pub n: usize,
    pub right: usize,
    pub macro_f1: Option<f64>,
    pub auc: Option<f64>,
}

/// On how many rows a rule fires.
#[derive(Serialize)]
pub(super) struct RuleReport {
    pub rule: String,
    pub bad: usize,
    pub good: usize,
    /// Share of the rows that it fires on that are labelled bad.
    pub precision: Option<f64>,
}

/// A row whose verdict is not its label.
#[derive(Serialize)]
pub(super) struct Misjudged {
    pub id: serde_json::Value,
    pub kind: Labelled,
    pub label: Label,
    pub probability: f64,
}

impl Report {
    fn new(file: String, rows: &[Judged]) -> Self {
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
        let mut groups: BTreeMap<(&str, Labelled), Vec<Case>> = BTreeMap::new();
        for row in rows {
            if let Some(group) = &row.row.group {
                groups.entry((group, row.row.kind)).or_default().push(row.case());
            }
        }
        Self {
            file,
            kinds: [Labelled::Outcome, Labelled::Provision]
                .into_iter()
                .filter_map(|kind| KindReport::new(kind, rows))
                .collect(),
            groups: groups.into_iter().map(|((group, kind), cases)| GroupReport::new(group, kind, &cases)).collect(),
            rules: rules
                .into_iter()
                .map(|(rule, (bad, good))| RuleReport {
                    rule: rule.to_owned(),
                    bad,
                    good,
                    precision: share(bad, bad + good),
                })
                .collect(),
            errors: rows
                .iter()
                .filter(|row| row.good() != row.assessment.verdict.is_good())
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

impl GroupReport {
    fn new(group: &str, kind: Labelled, cases: &[Case]) -> Self {
        let agreement = Agreement::of(cases);
        Self {
            group: group.to_owned(),
            kind,
            n: cases.len(),
            right: cases.iter().filter(|case| case.good == case.said_good).count(),
            macro_f1: agreement.macro_f1,
            auc: agreement.auc,
        }
    }
}

impl KindReport {
    fn new(kind: Labelled, rows: &[Judged]) -> Option<Self> {
        let rows: Vec<&Judged> = rows.iter().filter(|row| row.row.kind == kind).collect();
        if rows.is_empty() {
            return None;
        }
        let cases: Vec<Case> = rows.iter().map(|row| row.case()).collect();
        let mut phrases = Coverage::default();
        for row in &rows {
            let found = row.phrases();
            phrases.named += found.iter().flatten().count();
            phrases.overlapped += found.iter().flatten().filter(|covered| **covered).count();
            phrases.absent += found.iter().filter(|covered| covered.is_none()).count();
            phrases.rows += usize::from(found.iter().flatten().next().is_some());
            phrases.rows_overlapped += usize::from(found.contains(&Some(true)));
        }
        phrases.share = share(phrases.overlapped, phrases.named);
        phrases.rows_share = share(phrases.rows_overlapped, phrases.rows);
        let faulted = |row: &&&Judged| {
            row.good() && row.assessment.findings.iter().any(|finding| finding.severity == Severity::Error)
        };
        let good_with_error = rows.iter().filter(faulted).count();
        let agreement = Agreement::of(&cases);
        Some(Self {
            kind,
            good_with_error,
            good_with_error_share: share(good_with_error, agreement.good.n),
            agreement,
            phrases,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_found_whatever_their_case() {
        let text = "É Regular HELP – Sam’s regular help.";
        let words: Vec<&str> = places(text, "regular help").into_iter().map(|span| span.of(text)).collect();
        assert_eq!(words, ["Regular HELP", "regular help"]);
        assert_eq!(places(text, "sam's").len(), 1);
        assert!(places(text, "absent").is_empty() && places(text, " ").is_empty() && places("", "x").is_empty());
    }

    #[test]
    fn lines_that_are_no_rows_are_named_without_their_words() {
        let bytes = b"{\"kind\":\"outcome\",\"text\":\"a\",\"verdict\":\"good\"}\nSecret\n\n{\"kind\":\"outcome\",\"text\":\"Secret\",\"verdict\":\"Secret\"}\n";
        let (rows, errors) = rows(Path::new("dev.jsonl"), bytes);
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].id, "dev:1");
        assert_eq!(errors.len(), 2);
        assert!(errors[0].starts_with("line 2:") && errors[1].starts_with("line 4:"));
        assert!(errors.iter().all(|error| !error.contains("Secret")));
    }
}
