//! This is what the binary adds to the library: arguments, files, threads, the terminal and exit statuses.

pub mod annotate;
mod baseline;
mod check;
mod classify;
mod compare;
pub mod day;
mod evaluate;
mod explain;
mod house;
mod judging;
mod lsp;
mod metrics;
mod output;
mod rubric;
mod rules;
mod schema;
mod score;
mod serve;
mod waiving;

use house::House;
use judging::Judging;
use waiving::Waiving;

use clap::{CommandFactory, Parser, Subcommand, ValueEnum};
use clearplan::document::{Context, ContextRole, Kind};
use clearplan::rules::Severity;
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
    /// Write the findings into a copy of the plan: comments in Word and OpenDocument, a marked page for the rest
    Annotate(annotate::Annotate),
    /// Compare a plan with the advice, the draft or last year's plan: what was diluted, dropped or copied vague
    Compare(compare::Compare),
    /// Judge statements: one JSON object a line in, one a line out, in the same order
    Classify(classify::Classify),
    /// Score an archive: every plan in folders, archives and tables, and how consistent they are
    Score(score::Score),
    /// Rubrics: list them, grade plans by several, fit one to grades that people gave
    Rubric(rubric::Rubrics),
    /// List the rules
    Rules(rules::Rules),
    /// Explain a rule: what it faults, why, the law, what to write
    Explain(explain::Explain),
    /// Measure the judgement on labelled statements
    Evaluate(evaluate::Evaluate),
    /// Judge while you type: the language server for editors, over standard input and output
    Lsp(lsp::Lsp),
    /// The writers' page: type, paste or drop a plan in the browser, and see what is vague while you write
    Serve(serve::Serve),
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
            Command::Annotate(annotate) => annotate.run(),
            Command::Compare(compare) => compare.run(),
            Command::Classify(classify) => classify.run(),
            Command::Score(score) => score.run(),
            Command::Rubric(rubrics) => rubrics.run(),
            Command::Rules(rules) => rules.run(),
            Command::Explain(explain) => explain.run(),
            Command::Evaluate(evaluate) => evaluate.run(),
            Command::Lsp(lsp) => lsp.run(),
            Command::Serve(serve) => serve.run(),
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

/// What a row says that its statement inherits.
fn lead_ins(context: Vec<String>) -> Vec<Context> {
    context.into_iter().map(|text| Context { role: ContextRole::LeadIn, text }).collect()
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
    /// Personal data was found and --strict-privacy asked to stop there.
    Personal,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Clean => 0,
            Exit::Findings => 1,
            Exit::Usage => 2,
            Exit::Unreadable => 3,
            Exit::Personal => 4,
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
    /// A run over an archive came to no end.
    #[error(
        "{path}: {error}; what was scored is kept, and the same command will go on from there. Is the disk full, or may you not write there?"
    )]
    Unfinished {
        /// The file or folder.
        path: String,
        /// The system's reason.
        error: std::io::Error,
    },
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
            Failure::Input(_) | Failure::Output { .. } | Failure::Unfinished { .. } => Self::Unreadable,
        }
    }
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
