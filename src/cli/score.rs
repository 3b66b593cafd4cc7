//! This is `clearplan score`: an archive in, tables and statistics out.

use super::{Exit, Failure, Judging};
use clearplan::archive::metadata::path::PathPattern;
use clearplan::archive::outputs::Report;
use clearplan::archive::run::{Outcome, Progress, RunError, Settings, run};
use clearplan::archive::score::{Options, Quotes};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Score an archive: every plan in folders, archives and tables, and how consistent they are
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  clearplan score archive/ --out scores                            every plan in a folder
  clearplan score plans.jsonl.zst --metadata plans.csv --out scores   records, with a table of teams and dates
  clearplan score archive/ --path-pattern '{team}/{date}_{*}' --out scores

A run that was interrupted goes on with the same command. What could not be read is in rejected.jsonl.

Exit status: 0 done, 2 wrong usage, 3 nothing could be read, or the outputs not written, 4 personal data was found \
(--strict-privacy).")]
pub struct Score {
    /// Folders, plans (.docx, .pdf …), .zip, .tar(.gz|.zst), .jsonl(.gz|.zst), .parquet
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// The folder for the outputs
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// A table (.csv) with the plans' team, author, area, setting, need, phase, status and date, by id
    #[arg(long, value_name = "FILE")]
    metadata: Option<PathBuf>,
    /// How paths name the metadata, as in '{area}/{team}/{date}_{*}'
    #[arg(long, value_name = "PATTERN")]
    path_pattern: Option<String>,
    /// MiB of plans that are scored at a time: more needs more memory, and changes nothing else
    #[arg(long, value_name = "MIB", default_value = "32", value_parser = clap::value_parser!(u64).range(1..=4096))]
    window: u64,
    /// Leave all words of the plans out of the outputs
    #[arg(long, conflicts_with = "redact")]
    no_text: bool,
    /// Mask personal data in the outputs, and keep the other words of these plans
    #[arg(long)]
    redact: bool,
    /// Where personal data is found, write only where it stands and end with status 4
    #[arg(long)]
    strict_privacy: bool,
    /// Leave groups of fewer plans out of every breakdown
    #[arg(long, value_name = "N", default_value = "10", value_parser = clap::value_parser!(u32).range(1..))]
    min_group: u32,
    /// Also write the tables as CSV
    #[arg(long)]
    csv: bool,
    /// Draw so many plans for moderation, from each team and grade in proportion
    #[arg(long, value_name = "N", default_value = "0", value_parser = clap::value_parser!(u16).range(0..=1000))]
    sample: u16,
    /// What the drawing begins with: the same number draws the same plans
    #[arg(long, value_name = "N", default_value = "1")]
    seed: u64,
    #[command(flatten)]
    judging: Judging,
}

impl Score {
    /// Scores the archive.
    pub fn run(self) -> Result<Exit, Failure> {
        let engine = self.judging.engine()?.without_suggestions();
        let (model, rules) = self.judging.identity()?;
        let table = match &self.metadata {
            None => None,
            Some(path) => {
                let bytes = std::fs::read(path)
                    .map_err(|error| Failure::Usage(super::output::unreadable(&path.display().to_string(), &error)))?;
                Some((path.display().to_string(), bytes))
            }
        };
        let pattern = match &self.path_pattern {
            None => None,
            Some(text) => {
                let pattern = PathPattern::new(text).map_err(|why| Failure::Usage(format!("--path-pattern: {why}")))?;
                Some((text.clone(), pattern))
            }
        };
        let quotes = match (self.no_text, self.redact) {
            (true, _) => Quotes::None,
            (_, true) => Quotes::Redacted,
            _ => Quotes::Gated,
        };
        let settings = Settings {
            inputs: self.inputs.clone(),
            out: self.out.clone(),
            window: self.window << 20,
            options: Options { quotes, setting: self.judging.setting() },
            model,
            rules,
            table,
            pattern,
            report: Report {
                min_group: self.min_group as usize,
                csv: self.csv,
                strict: self.strict_privacy,
                sample: usize::from(self.sample),
                seed: self.seed,
            },
        };
        let mut teller = Teller::new();
        let outcome = self.judging.pool()?.install(|| run(&engine, &settings, &mut |progress| teller.tell(progress)));
        teller.end();
        let outcome = outcome.map_err(|error| match error {
            RunError::Io { path, error } => Failure::Unfinished { path: path.display().to_string(), error },
            other => Failure::Usage(other.to_string()),
        })?;
        self.say(&outcome, teller.since.elapsed());
        Ok(if self.strict_privacy && outcome.personal > 0 {
            Exit::Personal
        } else if outcome.plans == 0 {
            Exit::Unreadable
        } else {
            Exit::Clean
        })
    }

    fn say(&self, outcome: &Outcome, took: Duration) {
        let out = self.out.display();
        let Outcome { plans, rejected, personal, written, progress } = outcome;
        anstream::eprintln!(
            "clearplan: {plans} plans scored ({} of {} inputs were scored before), {rejected} lines in rejected.jsonl, {:.1} s",
            progress.reused,
            progress.inputs,
            took.as_secs_f64()
        );
        let tally = progress.tally;
        if tally.judged > 0 {
            let share = |count: usize| 100.0 * count as f64 / tally.judged as f64;
            let network = if tally.network > 0 {
                format!(", {:.1} % by the network", share(tally.network))
            } else {
                String::new()
            };
            anstream::eprintln!(
                "clearplan: {} statements judged in this run, {:.1} % of them met before{network}; {:.0} different ones a second",
                tally.judged,
                share(tally.repeated),
                (tally.judged - tally.repeated) as f64 / took.as_secs_f64().max(1e-3)
            );
        }
        if *plans == 0 {
            anstream::eprintln!("clearplan: no plan could be read; see {out}/rejected.jsonl for the reasons");
        }
        if *personal > 0 {
            anstream::eprintln!("clearplan: personal data in {personal} plans; {out}/privacy.json tells where");
            if self.strict_privacy {
                anstream::eprintln!("clearplan: --strict-privacy: nothing else was written");
            }
        }
        if !written {
            anstream::eprintln!("clearplan: nothing had changed; {out} was left as it is");
        }
    }
}

/// The time that is left, if the rest is read as fast as what has been read; nothing where that cannot be told yet.
fn left([read, all]: [u64; 2], seconds: f64) -> String {
    if read == 0 || read >= all || seconds < 1.0 {
        return String::new();
    }
    let left = seconds * (all - read) as f64 / read as f64;
    let said = match left {
        0.0..90.0 => format!("{left:.0} s"),
        90.0..5_400.0 => format!("{:.0} min", left / 60.0),
        _ => format!("{:.1} h", left / 3_600.0),
    };
    format!(", about {said} left")
}

/// Tells how far the run is: a line that is drawn anew on a terminal, plain lines now and then elsewhere.
pub struct Teller {
    since: Instant,
    last: Instant,
    bar: Option<ProgressBar>,
}

/// How often a plain line is printed.
const PLAIN: Duration = Duration::from_secs(10);

impl Teller {
    pub fn new() -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::no_length();
            // A fixed template.
            if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {msg}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        });
        Self { since: Instant::now(), last: Instant::now(), bar }
    }

    pub fn tell(&mut self, progress: &Progress) {
        let seconds = self.since.elapsed().as_secs_f64().max(1e-3);
        let line = format!(
            "{} plans, {:.0} plans/s, {:.1} MB/s, {} scored before, {} rejected{}",
            progress.inputs,
            progress.inputs as f64 / seconds,
            progress.bytes as f64 / 1e6 / seconds,
            progress.reused,
            progress.rejected,
            left(progress.disk, seconds)
        );
        match &self.bar {
            Some(bar) => bar.set_message(line),
            None if self.last.elapsed() >= PLAIN => {
                self.last = Instant::now();
                anstream::eprintln!("clearplan: {line}");
            }
            None => {}
        }
    }

    pub fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_left() {
        assert_eq!(left([0, 10], 5.0), "");
        assert_eq!(left([10, 10], 5.0), "");
        assert_eq!(left([1, 10], 5.0), ", about 45 s left");
        assert_eq!(left([1, 101], 6.0), ", about 10 min left");
        assert_eq!(left([1, 1_001], 36.0), ", about 10.0 h left");
    }
}
