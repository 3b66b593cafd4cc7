//! This is `clearplan rules test`: the examples of a folder of rules, run as the built-in ones are.

use super::super::house::House;
use super::super::{Exit, Failure, output};
use clearplan::engine::Engine;
use clearplan::examples::{self, Example};
use clearplan::rules::{Rule, RuleSet, is_builtin};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Run the examples of your own rules: what is marked must be found, what is good must be left alone
#[derive(Debug, clap::Args)]
#[command(
    after_help = "[[bad]]   the words between « and » must be found, and no others; its better must be judged good
[[good]]  nothing may be found but a note
[[todo]]  a known miss: says so when it begins to pass

The examples of built-in rules run too where the folder has a list of words instead of theirs.

Exit status: 0 all pass, 1 some do not, 2 a file does not load."
)]
pub struct Test {
    /// The folder of rules
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

impl Test {
    /// Runs them and prints what did not pass.
    pub fn run(self) -> Result<Exit, Failure> {
        let loaded = House::folder(&self.folder).load()?;
        let engine = loaded.engine()?;
        let paths: BTreeSet<&str> = loaded.sources.iter().map(|source| source.path.as_str()).collect();
        let own = |rule: &Rule| paths.contains(format!("{}.toml", rule.id).as_str());
        // Built-in rules use that list of words.
        let lists = paths.iter().any(|path| path.ends_with(".txt") && is_builtin(path));
        let rules: Vec<&Rule> = engine.rules().rules().iter().filter(|rule| lists || own(rule)).collect();
        let examples: Vec<Example<'_>> = rules.iter().flat_map(|rule| examples::of(rule)).collect();
        let wrong: Vec<(&Example<'_>, String)> =
            examples.par_iter().filter_map(|example| Some((example, example.run(&engine).err()?))).collect();
        output::print(self.page(&engine, &rules, &examples, &wrong, own, loaded.has_rubric()).as_bytes())?;
        Ok(if wrong.is_empty() { Exit::Clean } else { Exit::Findings })
    }

    fn page(
        &self,
        engine: &Engine,
        rules: &[&Rule],
        examples: &[Example<'_>],
        wrong: &[(&Example<'_>, String)],
        own: impl Fn(&Rule) -> bool,
        rubric: bool,
    ) -> String {
        let mut out = String::new();
        for rule in rules {
            let total = examples.iter().filter(|example| example.rule.id == rule.id).count();
            let failed: Vec<_> = wrong.iter().filter(|(example, _)| example.rule.id == rule.id).collect();
            if failed.is_empty() && !own(rule) {
                continue;
            }
            let whose = match (own(rule), RuleSet::builtin().get(&rule.id)) {
                (true, Some(_)) => " (instead of the built-in rule)",
                (true, None) => "",
                (false, _) => " (built-in)",
            };
            out.push_str(&format!("{}{whose}: {} of {total} examples pass\n", rule.id, total - failed.len()));
            for (example, why) in failed {
                let place = match own(rule) {
                    true => self.folder.join(format!("{}.toml", rule.id)).display().to_string(),
                    false => rule.id.clone(),
                };
                let (sort, number) = (example.sort.name(), example.number);
                out.push_str(&format!("  {place}: {sort} {number}: {why}\n    {}\n", example.text));
            }
        }
        if rubric {
            let grades: Vec<&str> = engine.rubric().grades().iter().map(|grade| grade.name.as_str()).collect();
            out.push_str(&format!("rubric.toml: it loads, with the grades {}\n", grades.join(", ")));
        }
        let passed = match wrong.len() {
            0 => "all pass".to_owned(),
            1 => "1 does not pass".to_owned(),
            n => format!("{n} do not pass"),
        };
        out.push_str(&format!("{} examples in all: {passed}\n", examples.len()));
        out
    }
}
