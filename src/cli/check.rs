//! This is `clearplan check`: plans in, findings out.

use super::baseline::Baseline;
use super::waiving::Waived;
use super::{Exit, Failure, Judging, KindName, SeverityName, Waiving, output};
use clap::ValueEnum;
use clearplan::document::{Document, Kind, NoteKind};
use clearplan::engine::Engine;
use clearplan::plan::PlanPlace;
use clearplan::readers;
use clearplan::review::Review;
use clearplan::rules::Severity;
use clearplan::writers::{html, json, jsonl, sarif, text};
use rayon::prelude::*;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// Check plans: every weak outcome and unclear provision, with the reason and what to write
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  clearplan check plan.docx                               read it here
  clearplan check plan.docx --format html -o report.html  a page to read, print or send on
  clearplan check plan.docx --section F                   section F only
  clearplan check *.pdf --format jsonl -o all.jsonl       many plans, one statement a line

Exit status: 0 nothing to report, 1 findings at or above --fail-on, 2 wrong usage, 3 something could not be read \
(the rest is still done).")]
pub struct Check {
    /// The plans (.docx, .odt, .pdf, .html, .txt, .md, .jsonl …); - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What to print
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Write to this file instead of the screen
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Only these sections, as in F,G
    #[arg(long, value_delimiter = ',', value_name = "SECTIONS")]
    section: Vec<String>,
    /// Only statements of these kinds
    #[arg(long, value_enum, value_delimiter = ',')]
    kind: Vec<KindName>,
    /// Only findings at least this bad: an error makes a statement too vague to rely on, a warning weakens it, a note is
    /// worth knowing
    #[arg(long, value_enum, value_name = "SEVERITY", default_value = "note")]
    min_severity: SeverityName,
    /// Exit with status 1 where a finding is at least this bad
    #[arg(long, value_enum, value_name = "SEVERITY", default_value = "error")]
    fail_on: FailOn,
    /// Only findings that are not in this file, an earlier run's --format json
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// List good statements too (text format)
    #[arg(long)]
    all: bool,
    /// Show the golden thread too: which need, outcome and provision belong together (text format; json and html always do)
    #[arg(long)]
    thread: bool,
    /// When to print in colours
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    color: clap::ColorChoice,
    #[command(flatten)]
    waiving: Waiving,
    #[command(flatten)]
    judging: Judging,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, at the terminal
    Text,
    /// One object a plan
    Json,
    /// One statement a line
    Jsonl,
    /// SARIF 2.1.0
    Sarif,
    /// A page to read and print
    Html,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    Error,
    Warning,
    Note,
    Never,
}

impl FailOn {
    fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Note => Some(Severity::Note),
            Self::Never => None,
        }
    }
}

impl Check {
    /// Checks every file and writes one result for all.
    pub fn run(self) -> Result<Exit, Failure> {
        if self.files.iter().filter(|path| *path == Path::new("-")).count() > 1 {
            return Err(Failure::Usage("- (standard input) can be read only once; name it once".into()));
        }
        let engine = self.judging.engine()?;
        let waived = self.waiving.load()?;
        let mut baseline = self.baseline.as_deref().map(Baseline::load).transpose()?;
        let outcomes: Vec<Result<Vec<Review>, String>> = self
            .judging
            .pool()?
            .install(|| self.files.par_iter().map(|path| self.review(&engine, &waived, path)).collect());
        let mut reviews = Vec::new();
        let mut unread = false;
        for outcome in outcomes {
            match outcome {
                Ok(more) => reviews.extend(more),
                Err(message) => {
                    unread = true;
                    anstream::eprintln!("clearplan: {message}");
                }
            }
        }
        // What a page or a plan without text holds was not judged: that is never "clean".
        unread |= reviews
            .iter()
            .flat_map(|review| &review.notes)
            .any(|note| matches!(note.kind, NoteKind::NeedsOcr | NoteKind::Empty));
        waived.by_file(&mut reviews, engine.rules());
        for review in &mut reviews {
            self.select(review);
            if let Some(baseline) = &mut baseline {
                baseline.keep_new(review);
            }
        }
        self.write(&reviews, &engine)?;
        let worst = findings(&reviews).max();
        Ok(match self.fail_on.severity() {
            _ if unread => Exit::Unreadable,
            Some(limit) if worst >= Some(limit) => Exit::Findings,
            _ => Exit::Clean,
        })
    }

    fn review(&self, engine: &Engine, waived: &Waived, path: &Path) -> Result<Vec<Review>, String> {
        let name = output::name(path);
        let bytes = output::read(path).map_err(|error| output::unreadable(&name, &error))?;
        let documents = readers::read(&name, &bytes).map_err(|error| error.to_string())?;
        let judge = |mut document: Document| {
            document.setting = document.setting.or(self.judging.setting());
            let mut review = engine.review(&document);
            waived.by_comments(&mut review, &document, engine.rules());
            review
        };
        Ok(documents.into_par_iter().map(judge).collect())
    }

    /// Drops what was not asked for. Scores stay those of the whole plan.
    fn select(&self, review: &mut Review) {
        let least = Severity::from(self.min_severity);
        let kinds: Vec<Kind> = self.kind.iter().map(|kind| Kind::from(*kind)).collect();
        if !self.section.is_empty() {
            review.sections.retain(|s| self.section.iter().any(|id| id.trim().eq_ignore_ascii_case(&s.section)));
        }
        review.whole.findings.retain(|finding| finding.severity >= least);
        for section in &mut review.sections {
            section.statements.retain(|judged| kinds.is_empty() || kinds.contains(&judged.statement.kind));
            for judged in &mut section.statements {
                judged.waived.retain(|waived| waived.finding.severity >= least);
                if let Some(assessment) = &mut judged.assessment {
                    assessment.findings.retain(|finding| finding.severity >= least);
                }
            }
        }
        if !(self.section.is_empty() && kinds.is_empty()) {
            let left = review.sections.iter().flat_map(|section| &section.statements);
            let left: HashSet<&str> = left.map(|judged| judged.id.as_str()).collect();
            let stands = |place: &PlanPlace| place.statement.as_deref().is_some_and(|id| left.contains(id));
            review.whole.findings.retain(|finding| finding.places.iter().any(stands));
        }
    }

    fn write(&self, reviews: &[Review], engine: &Engine) -> Result<(), Failure> {
        let page = match self.format {
            Format::Text => {
                let screen = self.output.is_none();
                let colour = screen && output::coloured(self.color);
                let width = if screen { output::width() } else { text::Options::default().width };
                text::write(reviews, text::Options { width, all: self.all, thread: self.thread, colour })
            }
            Format::Json => json::write(reviews, &self.judging.about(engine)?, self.files.len() == 1),
            Format::Jsonl => jsonl::write(reviews),
            Format::Sarif => sarif::write(reviews, engine.rules().rules(), self.baseline.is_some()),
            Format::Html => html::write(reviews, engine.rules().rules()).map_err(|error| {
                Failure::Usage(format!("the report could not be made ({error}); please report this"))
            })?,
        };
        match &self.output {
            Some(path) => output::save(path, page.as_bytes()),
            None => output::print(page.as_bytes()),
        }
    }
}

fn findings(reviews: &[Review]) -> impl Iterator<Item = Severity> {
    let whole = reviews.iter().flat_map(|review| &review.whole.findings).map(|finding| finding.severity);
    let each = reviews
        .iter()
        .flat_map(|review| &review.sections)
        .flat_map(|section| &section.statements)
        .filter_map(|judged| judged.assessment.as_ref())
        .flat_map(|assessment| &assessment.findings)
        .map(|finding| finding.severity);
    each.chain(whole)
}
