//! This is `clearplan rules impact`: what a folder of rules would flag in an archive.

use super::super::house::House;
use super::super::judging::Way;
use super::super::score::Teller;
use super::super::{Exit, Failure, output};
use clap::ValueEnum;
use clearplan::archive::impact::{Change, Drawn, Effect, Impact as Measured, measure};
use clearplan::archive::input::{Input, Rejected};
use clearplan::archive::inputs::{self, Event};
use clearplan::archive::run::Progress;
use clearplan::archive::score::{Options, Quotes, documents};
use clearplan::document::{Document, Kind};
use clearplan::engine::Engine;
use clearplan::rules::{Rule, RuleSet, Severity};
use rayon::prelude::*;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};

/// The version of the JSON output; it changes when a consumer would have to change.
const VERSION: u32 = 1;
/// Bytes of plans that are read at a time.
const WINDOW: u64 = 16 << 20;

/// See what your own rules would flag in an archive: how much, how much of it is new, and some to look at
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  clearplan rules impact our-rules archive/                       every plan in a folder
  clearplan rules impact our-rules plans.jsonl.zst --no-text --format json

Words of plans in which personal data is found are left out. Statements that nothing flags are not shown to the model, so
that this is fast.

Exit status: 0 done, 2 wrong usage, 3 no plan could be read.")]
pub struct Impact {
    /// The folder of rules
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Folders, plans (.docx, .pdf …), .zip, .tar(.gz|.zst), .jsonl(.gz|.zst), .parquet
    #[arg(required = true, value_name = "ARCHIVE")]
    inputs: Vec<PathBuf>,
    /// How to print it
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Show so many statements of each rule
    #[arg(long, value_name = "N", default_value = "20", value_parser = clap::value_parser!(u16).range(0..=1000))]
    sample: u16,
    /// What the drawing of these begins with: the same number draws the same statements
    #[arg(long, value_name = "N", default_value = "1")]
    seed: u64,
    /// Leave all words of the plans out
    #[arg(long, conflicts_with = "redact")]
    no_text: bool,
    /// Mask personal data, and show the other words of these plans
    #[arg(long)]
    redact: bool,
    #[command(flatten)]
    way: Way,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

impl Impact {
    /// Reads the archive, measures and prints.
    pub fn run(self) -> Result<Exit, Failure> {
        let loaded = House::folder(&self.folder).load()?;
        let before = self.way.engine(Engine::new())?.without_suggestions();
        let after = self.way.engine(loaded.engine()?)?.without_suggestions();
        let rules: BTreeSet<String> =
            loaded.sources.iter().filter_map(|source| source.path.strip_suffix(".toml")).map(str::to_owned).collect();
        if rules.is_empty() && loaded.sources.is_empty() {
            return Err(Failure::Usage(format!(
                "{}: only a rubric, which flags nothing; add rules in outcome/ or provision/",
                self.folder.display()
            )));
        }
        let quotes = match (self.no_text, self.redact) {
            (true, _) => Quotes::None,
            (_, true) => Quotes::Redacted,
            _ => Quotes::Gated,
        };
        let sample = usize::from(self.sample);
        let change = Change { before: &before, after: &after, rules: &rules, quotes, seed: self.seed, sample };
        let options = Options { quotes, setting: self.way.setting() };
        let mut run = Run { change, options, seen: HashSet::new(), whole: Measured::default(), rejected: Vec::new() };
        self.way.pool()?.install(|| run.archive(&self.inputs));
        for one in run.rejected.iter().take(10) {
            anstream::eprintln!("clearplan: {}: {}", one.input, one.detail);
        }
        if run.rejected.len() > 10 {
            anstream::eprintln!("clearplan: and {} more that could not be read", run.rejected.len() - 10);
        }
        let page = Page::new(&run.whole, run.rejected.len(), &rules, after.rules());
        output::print(
            match self.format {
                Format::Text => page.text(&self.folder),
                Format::Json => {
                    serde_json::to_string_pretty(&page)
                        .map_err(|error| Failure::Usage(format!("it could not be written as JSON ({error})")))?
                        + "\n"
                }
            }
            .as_bytes(),
        )?;
        Ok(if run.whole.plans == 0 { Exit::Unreadable } else { Exit::Clean })
    }
}

/// An archive on its way.
struct Run<'e> {
    change: Change<'e>,
    options: Options,
    /// Ids of inputs by hash: of two with the same id the first counts, as in score.
    seen: HashSet<u64>,
    whole: Measured,
    rejected: Vec<Rejected>,
}

impl Run<'_> {
    /// Reads in one thread and measures with all.
    fn archive(&mut self, paths: &[PathBuf]) {
        let (sender, receiver) = sync_channel::<Vec<Event>>(1);
        std::thread::scope(|scope| {
            scope.spawn(move || {
                let (mut held, mut bytes) = (Vec::new(), 0);
                // Nothing is written: there is no folder to leave out.
                let _ = inputs::read(paths, Path::new(""), &Arc::default(), &mut |event| {
                    bytes += if let Event::Input(raw) = &event { raw.body.bytes().len() as u64 } else { 0 };
                    held.push(event);
                    if bytes < WINDOW {
                        return ControlFlow::Continue(());
                    }
                    bytes = 0;
                    match sender.send(std::mem::take(&mut held)) {
                        Ok(()) => ControlFlow::Continue(()),
                        Err(_) => ControlFlow::Break(()),
                    }
                });
                let _ = sender.send(held);
            });
            self.windows(receiver);
        });
    }

    fn windows(&mut self, receiver: Receiver<Vec<Event>>) {
        let mut teller = Teller::new();
        let mut progress = Progress::default();
        for events in receiver {
            let mut taken = Vec::new();
            for event in events {
                match event {
                    Event::Rejected(rejected) => self.rejected.push(rejected),
                    Event::Input(raw) => {
                        progress.bytes += raw.body.bytes().len() as u64;
                        let input = Input::new(raw);
                        if self.seen.insert(input.key()) {
                            taken.push(input);
                        }
                    }
                }
            }
            progress.inputs += taken.len() as u64;
            let read: Vec<_> = taken.par_iter().map(|input| documents(input, self.options)).collect();
            let mut plans: Vec<Document> = Vec::new();
            for one in read.into_iter().flatten() {
                match one {
                    Ok(document) => plans.push(document),
                    Err(rejected) => self.rejected.push(rejected),
                }
            }
            self.whole.join(measure(self.change, &plans), self.change.sample);
            progress.rejected = self.rejected.len() as u64;
            teller.tell(&progress);
        }
        teller.end();
    }
}

/// What is printed.
#[derive(Serialize)]
struct Page<'r> {
    version: u32,
    plans: u64,
    rejected: usize,
    outcomes: u64,
    provision: u64,
    rules: Vec<Row<'r>>,
    others: Vec<Other<'r>>,
}

#[derive(Serialize)]
struct Row<'r> {
    rule: &'r str,
    change: &'static str,
    severity: Severity,
    summary: &'r str,
    /// Statements of its kind.
    of: u64,
    statements: u64,
    plans: u64,
    per_1000: f64,
    first: u64,
    statements_before: u64,
    fewer: u64,
    turned_vague: u64,
    turned_good: u64,
    sample: Vec<&'r Drawn>,
}

#[derive(Serialize)]
struct Other<'r> {
    rule: &'r str,
    more: u64,
    fewer: u64,
}

impl<'r> Page<'r> {
    fn new(whole: &'r Measured, rejected: usize, asked: &'r BTreeSet<String>, rules: &'r RuleSet) -> Self {
        let row = |rule: &'r Rule| {
            let of = if rule.kinds.contains(&Kind::Outcome) { whole.outcomes } else { whole.provision };
            Row::new(rule, of, whole.rules.get(&rule.id))
        };
        let others = |map: &'r BTreeMap<String, (u64, u64)>| {
            map.iter().map(|(rule, &(more, fewer))| Other { rule, more, fewer }).collect()
        };
        Self {
            version: VERSION,
            plans: whole.plans,
            rejected,
            outcomes: whole.outcomes,
            provision: whole.provision,
            rules: asked.iter().filter_map(|id| rules.get(id)).map(row).collect(),
            others: others(&whole.others),
        }
    }

    fn text(&self, folder: &Path) -> String {
        let mut out = format!(
            "{} against {} plans: {} outcomes and {} provision judged",
            folder.display(),
            self.plans,
            self.outcomes,
            self.provision
        );
        if self.rejected > 0 {
            out.push_str(&format!("; {} inputs could not be read", self.rejected));
        }
        out.push('\n');
        for row in &self.rules {
            out.push_str(&row.text());
        }
        if !self.others.is_empty() {
            out.push_str("\nOther rules (a list of words changed, or a rule above says why where none did)\n");
            for Other { rule, more, fewer } in &self.others {
                out.push_str(&format!("  {rule}: {more} statements more, {fewer} fewer\n"));
            }
        }
        out
    }
}

impl<'r> Row<'r> {
    fn new(rule: &'r Rule, of: u64, effect: Option<&'r Effect>) -> Self {
        let count = |of: fn(&Effect) -> u64| effect.map_or(0, of);
        let statements = count(|effect| effect.statements);
        let rate = if of == 0 { 0.0 } else { statements as f64 * 1000.0 / of as f64 };
        Self {
            rule: &rule.id,
            change: if RuleSet::builtin().get(&rule.id).is_some() { "changed" } else { "new" },
            severity: rule.severity,
            summary: &rule.summary,
            of,
            statements,
            plans: count(|effect| effect.plans),
            per_1000: (rate * 10.0).round() / 10.0,
            first: count(|effect| effect.first),
            statements_before: count(|effect| effect.before),
            fewer: count(|effect| effect.fewer),
            turned_vague: count(|effect| effect.turned_vague),
            turned_good: count(|effect| effect.turned_good),
            sample: effect.map(|effect| effect.drawn.values().collect()).unwrap_or_default(),
        }
    }

    fn text(&self) -> String {
        let mut out = format!("\n{} ({}, {}): {}\n", self.rule, self.change, self.severity.name(), self.summary);
        out.push_str(&format!(
            "  flags {} statements in {} plans: {:.1} of 1,000\n",
            self.statements, self.plans, self.per_1000
        ));
        out.push_str(&format!("  {} of them had no finding of any rule before\n", self.first));
        if self.change == "changed" {
            out.push_str(&format!(
                "  the built-in rule flags {}; {} of these no more\n",
                self.statements_before, self.fewer
            ));
        }
        out.push_str(&format!(
            "  verdicts: {} turn from good to vague, {} from vague to good\n",
            self.turned_vague, self.turned_good
        ));
        if !self.sample.is_empty() {
            out.push_str("  to look at:\n");
        }
        for Drawn { plan, statement, text } in &self.sample {
            let text = text.as_deref().map_or_else(
                || "(words left out)".to_owned(),
                |text| text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect(),
            );
            out.push_str(&format!("    {plan} {statement}: {text}\n"));
        }
        out
    }
}
