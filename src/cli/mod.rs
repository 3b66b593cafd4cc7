//! This is what the binary adds to the library: arguments, files, threads, the terminal and exit statuses.

mod baseline;
mod check;
mod classify;
mod evaluate;
mod explain;
mod metrics;
mod output;
mod rules;
mod schema;

use clap::{CommandFactory, Parser, Subcommand, ValueEnum};
use clearplan::document::{Context, ContextRole, Kind, Setting};
use clearplan::engine::Engine;
use clearplan::rules::{RuleSource, Severity};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Reads Education, Health and Care plans and says, at the very words, which outcomes are vague and which provision
/// is not specific. Everything stays on this machine.
#[derive(Debug, Parser)]
#[command(name = "clearplan", version, max_term_width = 100)]
#[command(
    after_help = "Exit status: 0 nothing to report, 1 findings at or above --fail-on, 2 wrong usage, 3 something \
                        could not be read (the rest is still done)."
)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check plans: every weak outcome and unclear provision, with the reason and what to write
    Check(check::Check),
    /// Judge statements: one JSON object a line in, one a line out, in the same order
    Classify(classify::Classify),
    /// List the rules
    Rules(rules::Rules),
    /// Explain a rule: what it faults, why, the law, what to write
    Explain(explain::Explain),
    /// Measure the judgement on labelled statements
    Evaluate(evaluate::Evaluate),
    /// Print the completions of a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the JSON Schema of a format
    Schema(schema::Schema),
}

impl Arguments {
    /// Does what was asked.
    ///
    /// # Errors
    /// [`Failure`] where nothing useful could be done; a part that failed is reported by itself and in the exit status.
    pub fn run(self) -> Result<Exit, Failure> {
        match self.command {
            Command::Check(check) => check.run(),
            Command::Classify(classify) => classify.run(),
            Command::Rules(rules) => rules.run(),
            Command::Explain(explain) => explain.run(),
            Command::Evaluate(evaluate) => evaluate.run(),
            Command::Schema(schema) => schema.run(),
            Command::Completions { shell } => {
                let mut script = Vec::new();
                clap_complete::generate(shell, &mut Self::command(), "clearplan", &mut script);
                output::print(&script)?;
                Ok(Exit::Clean)
            }
        }
    }
}

/// What every judging command takes.
#[derive(Debug, clap::Args)]
struct Judging {
    /// A folder of your own rules (.toml) and lexicons (.txt), on top of the built-in ones
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// How many threads judge [default: the machine's cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Where the child is educated, if the input does not say
    #[arg(long, value_enum)]
    setting: Option<SettingName>,
}

impl Judging {
    fn engine(&self) -> Result<Engine, Failure> {
        engine(self.rules.as_deref())
    }

    /// A pool of its own, so that `--threads` holds for all that runs in it.
    fn pool(&self) -> Result<rayon::ThreadPool, Failure> {
        rayon::ThreadPoolBuilder::new()
            .num_threads(usize::from(self.threads.unwrap_or(0)))
            .build()
            .map_err(|error| Failure::Usage(format!("could not start the threads ({error}); try --threads 1")))
    }

    fn setting(&self) -> Option<Setting> {
        self.setting.map(|setting| match setting {
            SettingName::Mainstream => Setting::Mainstream,
            SettingName::Special => Setting::Special,
        })
    }
}

/// What a row says that its statement inherits.
fn lead_ins(context: Vec<String>) -> Vec<Context> {
    context.into_iter().map(|text| Context { role: ContextRole::LeadIn, text }).collect()
}

/// The built-in engine, or with the rules of a folder.
fn engine(folder: Option<&Path>) -> Result<Engine, Failure> {
    let Some(folder) = folder else { return Ok(Engine::new()) };
    let mut sources = Vec::new();
    read_rules(folder, folder, 0, &mut sources)?;
    if !sources.iter().any(|source| source.path.ends_with(".toml")) {
        return Err(Failure::Usage(format!(
            "{}: no rule (.toml) in this folder; name the folder that holds them",
            folder.display()
        )));
    }
    // Folders list their files in any order.
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    Engine::with_rules(&sources).map_err(|error| Failure::Usage(format!("{}: {error}", folder.display())))
}

fn read_rules(root: &Path, folder: &Path, depth: usize, sources: &mut Vec<RuleSource>) -> Result<(), Failure> {
    let failed = |path: &Path, error: std::io::Error| {
        Failure::Usage(format!("{}: the rules could not be read ({error})", path.display()))
    };
    for entry in std::fs::read_dir(folder).map_err(|error| failed(folder, error))? {
        let path = entry.map_err(|error| failed(folder, error))?.path();
        // A link that leads back up must not go on for ever.
        if path.is_dir() && depth < 8 {
            read_rules(root, &path, depth + 1, sources)?;
        } else if path.extension().is_some_and(|ending| ending == "toml" || ending == "txt") {
            let text = std::fs::read_to_string(&path).map_err(|error| failed(&path, error))?;
            let below = path.strip_prefix(root).unwrap_or(&path);
            let parts: Vec<_> = below.components().map(|part| part.as_os_str().to_string_lossy()).collect();
            sources.push(RuleSource { path: parts.join("/"), text });
        }
    }
    Ok(())
}

/// How the process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Nothing to report.
    Clean,
    /// Findings at or above `--fail-on`.
    Findings,
    /// The arguments, the rules or the baseline are wrong.
    Usage,
    /// Something could not be read or written; the rest was done.
    Unreadable,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Clean => 0,
            Exit::Findings => 1,
            Exit::Usage => 2,
            Exit::Unreadable => 3,
        })
    }
}

/// Why nothing useful could be done. Messages say what, where and what to do, and hold no plan text.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The arguments, or a file that they name to steer the run, are wrong.
    #[error("{0}")]
    Usage(String),
    /// An input could not be read.
    #[error("{0}")]
    Input(String),
    /// The result could not be written.
    #[error("the result could not be written to {to} ({error}); is the disk full or the folder missing?")]
    Output {
        /// The file, or "standard output".
        to: String,
        /// The system's reason.
        error: std::io::Error,
    },
}

impl From<&Failure> for Exit {
    fn from(failure: &Failure) -> Self {
        match failure {
            Failure::Usage(_) => Self::Usage,
            Failure::Input(_) | Failure::Output { .. } => Self::Unreadable,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SettingName {
    Mainstream,
    Special,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SeverityName {
    Error,
    Warning,
    Note,
}

impl From<SeverityName> for Severity {
    fn from(name: SeverityName) -> Self {
        match name {
            SeverityName::Error => Self::Error,
            SeverityName::Warning => Self::Warning,
            SeverityName::Note => Self::Note,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum KindName {
    Aspiration,
    Need,
    Outcome,
    Provision,
    Other,
}

impl From<KindName> for Kind {
    fn from(name: KindName) -> Self {
        match name {
            KindName::Aspiration => Self::Aspiration,
            KindName::Need => Self::Need,
            KindName::Outcome => Self::Outcome,
            KindName::Provision => Self::Provision,
            KindName::Other => Self::Other,
        }
    }
}

/// How a table is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TableFormat {
    Text,
    Json,
    Markdown,
}
