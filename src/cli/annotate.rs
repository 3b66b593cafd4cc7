//! This is `clearplan annotate`: what is said of a plan, written into a copy of it.

use super::{Exit, Failure, Judging, SeverityName, Waiving, output};
use clap::ValueEnum;
use clearplan::document::{Document, Format, Note, NoteKind, Setting};
use clearplan::engine::Engine;
use clearplan::readers;
use clearplan::review::Review;
use clearplan::rules::Severity;
use clearplan::writers::docx::{self, Mode, Options, Party};
use clearplan::writers::{marked, odt};
use std::path::{Path, PathBuf};

/// Write the findings into a copy of the plan: comments in Word and OpenDocument, a marked page for the rest
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  clearplan annotate plan.docx                            comments at the words, in plan-annotated.docx
  clearplan annotate plan.docx --tracked-changes          each suggestion as a change to accept or reject
  clearplan annotate plan.docx --working-document --party parent
                                                          each suggestion in the tribunal's typographic key
  clearplan annotate plan.pdf                             a page with the whole plan, marked
  clearplan annotate plan-annotated.docx --remove         our comments and tracked changes taken out again

The plan itself is never changed. Comments that clearplan wrote into it before are replaced.")]
pub struct Annotate {
    /// The plan; - is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Write to this file; - is standard output [default: the plan's name with -annotated, or with -plain after --remove]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Take our comments and tracked changes out again
    #[arg(long, conflicts_with_all = ["tracked_changes", "working_document", "min_severity", "date", "waivers"])]
    remove: bool,
    /// Offer each suggestion as a tracked change instead of a comment (Word only)
    #[arg(long)]
    tracked_changes: bool,
    /// Show each suggestion in the tribunal's typographic key instead of a comment (Word only)
    #[arg(long, conflicts_with = "tracked_changes", requires = "party")]
    working_document: bool,
    /// Whose proposals a working document shows
    #[arg(long, value_enum, requires = "working_document")]
    party: Option<PartyName>,
    /// Only findings at least this bad
    #[arg(long, value_enum, value_name = "SEVERITY", default_value = "note")]
    min_severity: SeverityName,
    #[command(flatten)]
    waiving: Waiving,
    #[command(flatten)]
    judging: Judging,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum PartyName {
    /// Bold
    Parent,
    /// Italic
    Authority,
    /// Underlined
    Agreed,
}

impl Annotate {
    /// Writes the copy.
    pub fn run(self) -> Result<Exit, Failure> {
        let name = output::name(&self.file);
        if self.file == Path::new("-") && self.output.is_none() {
            return Err(Failure::Usage(
                "standard input has no name to go by; name the file to write with --output".into(),
            ));
        }
        let bytes = output::read(&self.file).map_err(|error| Failure::Input(output::unreadable(&name, &error)))?;
        let format = readers::detect(&bytes).map_err(|error| {
            // The library knows no name.
            Failure::Input(format!("{name}: {}", error.to_string().trim_start_matches("input: ")))
        })?;
        if self.remove {
            return self.taken_out(&name, &bytes, format);
        }
        if format != Format::Docx && (self.tracked_changes || self.working_document) {
            return Err(Failure::Usage(format!(
                "{name}: --tracked-changes and --working-document are for Word documents (.docx); save the plan as one"
            )));
        }
        let to = self.target(ending(format), "annotated")?;
        let waived = self.waiving.load()?;
        let engine = self.judging.engine()?;
        let options = Options { date: &waived.today, least: Severity::from(self.min_severity), mode: self.mode() };
        let setting = self.judging.setting();
        let waive = |reviews: &mut [Review], documents: &[Document]| {
            for (review, document) in reviews.iter_mut().zip(documents) {
                waived.by_comments(review, document, engine.rules());
            }
            waived.by_file(reviews, engine.rules());
        };
        let copy = self.judging.pool()?.install(|| Copy::of(&name, &bytes, &engine, setting, waive, options));
        let Copy { bytes, said, unmarked, notes, .. } = copy.map_err(Failure::Input)?;
        write(&to, &bytes)?;
        anstream::eprintln!("{}: {said}", shown(&to));
        if !unmarked.is_empty() {
            anstream::eprintln!(
                "{} stand where no mark can, and are named in the first comment: {}",
                unmarked.len(),
                unmarked.join(", ")
            );
        }
        let mut exit = Exit::Clean;
        for note in notes.iter().filter(|note| matches!(note.kind, NoteKind::NeedsOcr | NoteKind::Empty)) {
            anstream::eprintln!("clearplan: {name}: {}", note.message);
            exit = Exit::Unreadable;
        }
        Ok(exit)
    }

    fn taken_out(&self, name: &str, bytes: &[u8], format: Format) -> Result<Exit, Failure> {
        let to = self.target(ending(format), "plain")?;
        let own = taken_out(bytes, format).map_err(|error| Failure::Input(format!("{name}: {error}")))?;
        let Some(own) = own else {
            return Err(Failure::Input(format!(
                "{name}: there is nothing in it that clearplan wrote (working documents and pages cannot be undone)"
            )));
        };
        write(&to, &own)?;
        anstream::eprintln!("{}: what clearplan wrote was taken out", shown(&to));
        Ok(Exit::Clean)
    }

    fn mode(&self) -> Mode {
        match self.party {
            Some(PartyName::Parent) => Mode::Working(Party::Parent),
            Some(PartyName::Authority) => Mode::Working(Party::Authority),
            Some(PartyName::Agreed) => Mode::Working(Party::Agreed),
            None if self.tracked_changes => Mode::Tracked,
            None => Mode::Comments,
        }
    }

    /// The file to write: as asked, or beside the plan. A file that is there already may hold somebody's work, so it is
    /// written over only where it was named.
    fn target(&self, ending: &str, mark: &str) -> Result<PathBuf, Failure> {
        let Some(asked) = &self.output else {
            let stem = self.file.file_stem().unwrap_or_default().to_string_lossy();
            let stem = stem.strip_suffix("-annotated").unwrap_or(&stem);
            let path = self.file.with_file_name(format!("{stem}-{mark}.{ending}"));
            if path.exists() {
                return Err(Failure::Usage(format!(
                    "{} is there already and may hold somebody's work; name a file with --output",
                    path.display()
                )));
            }
            return Ok(path);
        };
        let same = |a: &Path, b: &Path| a.canonicalize().ok().zip(b.canonicalize().ok()).is_some_and(|(a, b)| a == b);
        if same(asked, &self.file) {
            return Err(Failure::Usage(format!("{} is the plan itself; name another file", asked.display())));
        }
        Ok(asked.clone())
    }
}

/// The copy of a plan with what is said of it, not yet written anywhere.
pub struct Copy {
    pub bytes: Vec<u8>,
    /// The ending of its name: docx, odt or html.
    pub ending: &'static str,
    /// What is in it, in half a sentence.
    said: String,
    /// Statements that could not be marked, by name.
    unmarked: Vec<String>,
    /// What could not be read.
    notes: Vec<Note>,
}

impl Copy {
    /// Of the plan in `bytes`, without what clearplan wrote into it before. `setting` holds where the plan does not say, and `waive` sets
    /// aside what is waived.
    /// The error says what is wrong with which file.
    pub fn of(
        name: &str,
        bytes: &[u8],
        engine: &Engine,
        setting: Option<Setting>,
        waive: impl FnOnce(&mut [Review], &[Document]),
        options: Options<'_>,
    ) -> Result<Self, String> {
        let wrong = |error: &dyn std::fmt::Display| format!("{name}: {error}");
        let format = readers::detect(bytes).map_err(|error| {
            // The library knows no name.
            wrong(&error.to_string().trim_start_matches("input: "))
        })?;
        let own = taken_out(bytes, format).map_err(|error| wrong(&error))?;
        let bytes = own.as_deref().unwrap_or(bytes);
        let mut documents = readers::read(name, bytes).map_err(|error| error.to_string())?;
        for document in &mut documents {
            document.setting = document.setting.or(setting);
        }
        let mut reviews: Vec<Review> = documents.iter().map(|document| engine.review(document)).collect();
        waive(&mut reviews, &documents);
        let notes = reviews.iter().flat_map(|review| review.notes.clone()).collect();
        let rules = engine.rules().rules();
        let (bytes, said, unmarked) = match (documents.as_slice(), reviews.as_slice()) {
            ([Document { format: Format::Docx, .. }], [review]) => {
                let done = docx::annotate(bytes, review, rules, options).map_err(|error| wrong(&error))?;
                let said = match options.mode {
                    Mode::Comments => count(done.comments, "statement has a comment", "statements have comments"),
                    Mode::Tracked | Mode::Working(_) => format!(
                        "{}, {}",
                        count(done.proposals, "suggestion is written in", "suggestions are written in"),
                        count(done.comments, "statement has a comment instead", "statements have comments instead")
                    ),
                };
                (done.bytes, said, done.unmarked)
            }
            ([Document { format: Format::Odt, .. }], [review]) => {
                let Options { date, least, .. } = options;
                let done = odt::annotate(bytes, review, rules, date, least).map_err(|error| wrong(&error))?;
                let said = count(done.comments, "statement has a comment", "statements have comments");
                (done.bytes, said, done.unmarked)
            }
            _ => {
                let page = marked::write(&documents, &reviews, rules, options.least).map_err(|error| {
                    format!("{name}: the marked page could not be made ({error}); please report this")
                })?;
                let said = "a copy with the faulted words marked, to read in a browser".to_owned();
                (page.into_bytes(), said, Vec::new())
            }
        };
        Ok(Self { bytes, ending: ending(format), said, unmarked, notes })
    }
}

/// The name of the copy of a plan of that name.
pub fn copied(name: &str, ending: &str) -> String {
    let stem = Path::new(name).file_stem().unwrap_or_default().to_string_lossy();
    format!("{}-annotated.{ending}", stem.strip_suffix("-annotated").unwrap_or(&stem))
}

/// The document without what clearplan wrote into it; `None` where that is nothing.
fn taken_out(bytes: &[u8], format: Format) -> Result<Option<Vec<u8>>, String> {
    match format {
        Format::Docx => docx::remove(bytes).map_err(|error| error.to_string()),
        Format::Odt => odt::remove(bytes).map_err(|error| error.to_string()),
        _ => Ok(None),
    }
}

/// The ending of what is written for a plan of that format.
fn ending(format: Format) -> &'static str {
    match format {
        Format::Docx => "docx",
        Format::Odt => "odt",
        _ => "html",
    }
}

fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

fn shown(path: &Path) -> String {
    if path == Path::new("-") { "standard output".to_owned() } else { path.display().to_string() }
}

fn write(to: &Path, bytes: &[u8]) -> Result<(), Failure> {
    if to == Path::new("-") { output::print(bytes) } else { output::save(to, bytes) }
}
