//! This is `clearplan compare`: what became in a plan of what was said before.

use super::day::Day;
use super::{Exit, Failure, Judging, output};
use clap::ValueEnum;
use clearplan::compare::{self, Comparison, Way};
use clearplan::document::{Document, Format as Read};
use clearplan::readers;
use clearplan::rules::Severity;
use clearplan::writers::compared::{html, json, remarks, text};
use clearplan::writers::docx::{self, Mode, Options};
use clearplan::writers::text::Options as Page;
use std::path::{Path, PathBuf};

/// Compare a plan with the advice, the draft or last year's plan: what was diluted, dropped or copied vague
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  clearplan compare ep.docx salt.pdf plan.docx            what the plan made of the advice
  clearplan compare draft.docx final.docx --as draft      what changed on the way to the final plan
  clearplan compare 2025.docx 2026.docx --as year         what was carried forward
  clearplan compare ep.docx plan.docx --format html -o compared.html
                                                          both sides next to each other, to read or print
  clearplan compare ep.docx plan.docx --format docx -o compared.docx
                                                          comments at the plan's words

Exit status: 0 nothing was lost, 1 something was diluted, dropped or copied vague, or a document does not belong to the \
plan, 2 wrong usage, 3 something could not be read.")]
pub struct Compare {
    /// The documents before, and last the plan; - is standard input
    #[arg(required = true, num_args = 2.., value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What the documents are to each other
    #[arg(long = "as", value_enum, value_name = "WAY", default_value = "advice")]
    way: WayName,
    /// What to write
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Write to this file instead of the screen
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// List what was kept or sharpened too (text format)
    #[arg(long)]
    all: bool,
    /// Exit with status 0 whatever was lost
    #[arg(long)]
    never_fail: bool,
    #[command(flatten)]
    day: Day,
    /// When to print in colours
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    color: clap::ColorChoice,
    #[command(flatten)]
    judging: Judging,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum WayName {
    /// Reports of professionals, and the plan that was made of them
    Advice,
    /// A draft, and what was made of it
    Draft,
    /// Last year's plan, and this year's
    Year,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, at the terminal
    Text,
    /// A page with both sides next to each other
    Html,
    /// For programs
    Json,
    /// A copy of the plan with comments at its words (the plan must be a .docx)
    Docx,
}

impl Compare {
    /// Compares and writes.
    pub fn run(self) -> Result<Exit, Failure> {
        let Some((plan, sources)) = self.files.split_last().filter(|(_, sources)| !sources.is_empty()) else {
            return Err(Failure::Usage("name at least two documents: those before, and last the plan".into()));
        };
        if self.files.iter().filter(|path| *path == Path::new("-")).count() > 1 {
            return Err(Failure::Usage("- (standard input) can be read only once; name it once".into()));
        }
        let date = self.day.day()?;
        let mut before = Vec::new();
        for path in sources {
            before.extend(read(path)?.1);
        }
        let (mut bytes, mut documents) = read(plan)?;
        if self.format == Format::Docx {
            self.takes_comments(plan, &documents)?;
            // What clearplan wrote into it before would stand beside what it writes now.
            let own = docx::remove(&bytes).map_err(|e| Failure::Input(format!("{}: {e}", output::name(plan))))?;
            if let Some(own) = own {
                bytes = own;
                let name = output::name(plan);
                documents = readers::read(&name, &bytes).map_err(|error| Failure::Input(error.to_string()))?;
            }
        }
        let [document] = documents.as_mut_slice() else {
            return Err(Failure::Usage(format!(
                "{}: holds {} plans; the last document has to be one plan",
                output::name(plan),
                documents.len()
            )));
        };
        document.setting = document.setting.or(self.judging.setting());
        let engine = self.judging.engine()?.without_suggestions();
        let way = match self.way {
            WayName::Advice => Way::Advice,
            WayName::Draft => Way::Draft,
            WayName::Year => Way::Year,
        };
        let comparison = self.judging.pool()?.install(|| compare::compare(&engine, &before, document, way));
        self.write(&comparison, &bytes, &date)?;
        Ok(self.exit(&comparison, plan))
    }

    fn takes_comments(&self, plan: &Path, documents: &[Document]) -> Result<(), Failure> {
        if self.output.is_none() {
            return Err(Failure::Usage("--format docx needs a file to write: name one with --output".into()));
        }
        if !documents.iter().all(|document| document.format == Read::Docx) {
            let name = output::name(plan);
            return Err(Failure::Usage(format!(
                "{name}: is no Word document (.docx), so there can be no comments in it; use --format html"
            )));
        }
        Ok(())
    }

    fn write(&self, comparison: &Comparison, plan: &[u8], date: &str) -> Result<(), Failure> {
        let bytes = match self.format {
            Format::Text => {
                let screen = self.output.is_none();
                let colour = screen && output::coloured(self.color);
                let width = if screen { output::width() } else { Page::default().width };
                text::write(comparison, Page { width, all: self.all, colour, ..Page::default() }).into_bytes()
            }
            Format::Json => json::write(comparison).into_bytes(),
            Format::Html => html::write(comparison)
                .map_err(|error| Failure::Usage(format!("the page could not be made ({error}); please report this")))?
                .into_bytes(),
            Format::Docx => {
                let options = Options { date, least: Severity::Note, mode: Mode::Comments };
                let name = &comparison.plan.document;
                let summary = |unmarked: &[&str]| remarks::summary(comparison, unmarked);
                let written = docx::put(plan, name, &remarks::remarks(comparison), summary, options)
                    .map_err(|error| Failure::Input(format!("{name}: {error}")))?;
                written.bytes
            }
        };
        match &self.output {
            Some(path) if path == Path::new("-") => output::print(&bytes),
            Some(path) => {
                let same =
                    |a: &Path, b: &Path| a.canonicalize().ok().zip(b.canonicalize().ok()).is_some_and(|(a, b)| a == b);
                if self.files.iter().any(|file| same(file, path)) {
                    return Err(Failure::Usage(format!(
                        "{} is one of the documents themselves; name another file",
                        path.display()
                    )));
                }
                output::save(path, &bytes)
            }
            None => output::print(&bytes),
        }
    }

    fn exit(&self, comparison: &Comparison, plan: &Path) -> Exit {
        let noted = comparison.sources.iter().flat_map(|source| &source.notes).chain(&comparison.plan.notes);
        let mut exit = Exit::Clean;
        if noted.clone().any(compare::is_unread) || comparison.is_empty() {
            exit = Exit::Unreadable;
        } else if !self.never_fail
            && (comparison.entries.iter().any(|entry| entry.class.is_finding())
                || comparison.sources.iter().any(|source| !source.related))
        {
            exit = Exit::Findings;
        }
        if comparison.statements == 0 {
            anstream::eprintln!(
                "clearplan: {}: no outcome or provision was found in it; check that it is the plan, named last",
                output::name(plan)
            );
        }
        for source in comparison.sources.iter().filter(|source| source.statements == 0) {
            anstream::eprintln!(
                "clearplan: {}: nothing in it could be compared; check that it is the right document",
                source.document
            );
        }
        exit
    }
}

fn read(path: &Path) -> Result<(Vec<u8>, Vec<Document>), Failure> {
    let name = output::name(path);
    let bytes = output::read(path).map_err(|error| Failure::Input(output::unreadable(&name, &error)))?;
    let documents = readers::read(&name, &bytes).map_err(|error| Failure::Input(error.to_string()))?;
    Ok((bytes, documents))
}
