//! This is `clearplan evaluate`: how well the judgement agrees with labelled statements.
//!
//! Tables of figures and ids; no statement's words are ever printed.

mod ablation;
mod blocks;
mod judged;
mod page;
mod report;
mod rows;
mod second;
mod word_count;

use super::{Exit, Failure, Judging, TableFormat, output};
use ablation::{Ablation, Way};
use clap::ValueEnum;
use report::Report;
use rows::{Filter, Row};
use second::Second;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Measure the judgement on labelled statements
///
/// Rows are those of classify with "verdict": "good" or "bad", and if known "type", "criteria" (an object of criterion
/// and state), "phrases" (a list of the faulted words), "group" (the publisher), "style" and "split".
#[derive(Debug, clap::Args)]
pub struct Evaluate {
    /// Labelled rows (.jsonl); - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// How to print the figures
    #[arg(long, value_enum, default_value = "text")]
    format: TableFormat,
    /// Print only these
    #[arg(long, value_enum)]
    show: Option<Show>,
    /// Labels of the same rows by somebody else (.jsonl with "id", "verdict", "type", "criteria"): how far you agree
    #[arg(long, value_name = "FILE")]
    second: Option<PathBuf>,
    /// One table instead: the ways of judging side by side, down to counting words
    #[arg(long, conflicts_with_all = ["show", "second"])]
    ablation: bool,
    #[command(flatten)]
    filter: Filter,
    #[command(flatten)]
    judging: Judging,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Show {
    /// The figures of each kind
    Figures,
    /// The same by style, by publisher and by rule
    Parts,
    /// Ids of the misjudged rows, with label and probability
    Errors,
}

impl Evaluate {
    /// Judges every row of every file and prints the figures of each file.
    pub fn run(self) -> Result<Exit, Failure> {
        let pool = self.judging.pool()?;
        let mut clean = true;
        let second = match &self.second {
            Some(path) => {
                let (second, errors) = Second::read(&read(path)?);
                clean &= errors.is_empty();
                tell(path, &errors);
                Some(second)
            }
            None => None,
        };
        let mut files: Vec<(String, Vec<Row>)> = Vec::new();
        for path in &self.files {
            let (mut rows, errors) = rows::read(path, &read(path)?);
            clean &= errors.is_empty();
            tell(path, &errors);
            rows.retain(|row| self.filter.takes(row));
            let unknown = rows.iter().filter(|row| row.labels.unknown > 0).count();
            if unknown > 0 {
                let what = "rows have a type, criterion or state that is none of ours; these are not measured";
                tell(path, &[format!("{unknown} {what}")]);
            }
            files.push((output::name(path), rows));
        }
        if clean && files.iter().all(|(_, rows)| rows.is_empty()) {
            return Err(Failure::Usage("no row is left to measure; check --split, --style and the files".into()));
        }
        let page = if self.ablation { self.ablation(&pool, files)? } else { self.figures(&pool, &files, second)? };
        output::print(page.as_bytes())?;
        Ok(if clean { Exit::Clean } else { Exit::Unreadable })
    }

    fn figures(
        &self,
        pool: &rayon::ThreadPool,
        files: &[(String, Vec<Row>)],
        second: Option<Second>,
    ) -> Result<String, Failure> {
        // No suggestion is measured.
        let engine = self.judging.engine()?.without_suggestions();
        let setting = self.judging.setting().unwrap_or_default();
        let reports: Vec<Report> = files
            .iter()
            .map(|(name, rows)| {
                Report::new(name.clone(), &judged::judge(pool, &engine, setting, rows), second.as_ref())
            })
            .collect();
        let (figures, parts) = (self.show != Some(Show::Parts), self.show != Some(Show::Figures));
        Ok(match (self.show, self.format) {
            (Some(Show::Errors), _) => page::errors(&reports),
            (_, TableFormat::Text) => page::tables(&reports, false, figures, parts),
            (_, TableFormat::Markdown) => page::tables(&reports, true, figures, parts),
            (_, TableFormat::Json) => json(&reports)?,
        })
    }

    fn ablation(&self, pool: &rayon::ThreadPool, files: Vec<(String, Vec<Row>)>) -> Result<String, Failure> {
        let ways = Way::all(&self.judging)?;
        let ablations: Vec<Ablation> =
            files.into_iter().map(|(name, rows)| Ablation::new(name, &ways, &self.judging, pool, &rows)).collect();
        Ok(match self.format {
            TableFormat::Text => page::ablations(&ablations, false),
            TableFormat::Markdown => page::ablations(&ablations, true),
            TableFormat::Json => json(&ablations)?,
        })
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    output::read(path).map_err(|error| Failure::Input(output::unreadable(&output::name(path), &error)))
}

fn tell(path: &Path, messages: &[String]) {
    let name = output::name(path);
    messages.iter().for_each(|message| anstream::eprintln!("clearplan: {name}: {message}"));
}

fn json(value: &impl Serialize) -> Result<String, Failure> {
    let page = serde_json::to_string_pretty(value)
        .map_err(|error| Failure::Usage(format!("the figures could not be written as JSON ({error})")))?;
    Ok(page + "\n")
}
