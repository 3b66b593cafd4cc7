//! This is `clearplan explain`: one rule in full.

use super::judging::FrameworkName;
use super::{Exit, Failure, House, output};
use clearplan::rules::{Rule, RuleSet};
use clearplan::segment::{Framework, Law};

/// Explain a rule: what it faults, why, the law, what to write
#[derive(Debug, clap::Args)]
pub struct Explain {
    /// The rule, as in provision/open-frequency (its last part will do)
    id: String,
    /// Say also what the law of that sort of plan asks for where the rule applies
    #[arg(long, value_enum)]
    framework: Option<FrameworkName>,
    #[command(flatten)]
    house: House,
}

impl Explain {
    /// Prints the rule, or what the id may have meant.
    pub fn run(self) -> Result<Exit, Failure> {
        let engine = self.house.load()?.engine()?;
        let rule = find(engine.rules(), &self.id)?;
        let mut page = page(rule);
        if let Some(name) = self.framework {
            page.push_str(&law(rule, name.framework()));
        }
        output::print(page.as_bytes())?;
        Ok(Exit::Clean)
    }
}

/// The rule with that id, or the only one whose id ends so.
fn find<'r>(rules: &'r RuleSet, id: &str) -> Result<&'r Rule, Failure> {
    if let Some(rule) = rules.called(id) {
        return Ok(rule);
    }
    let ending = format!("/{id}");
    let ends: Vec<&Rule> = rules.rules().iter().filter(|rule| rule.id.ends_with(&ending)).collect();
    let near = if ends.is_empty() { near(rules, id) } else { ends.iter().map(|rule| rule.id.clone()).collect() };
    let hint = match near.as_slice() {
        [] => "clearplan rules lists them".to_owned(),
        near => format!("did you mean {}?", near.join(" or ")),
    };
    Err(Failure::Usage(format!("there is no rule {id}; {hint}")))
}

/// At most three ids that look alike, the likest first.
fn near(rules: &RuleSet, id: &str) -> Vec<String> {
    let likeness = |rule: &Rule| {
        let last = rule.id.rsplit('/').next().unwrap_or(&rule.id);
        strsim::jaro_winkler(&rule.id, id).max(strsim::jaro_winkler(last, id))
    };
    let mut near: Vec<(f64, &str)> =
        rules.rules().iter().map(|rule| (likeness(rule), rule.id.as_str())).filter(|(like, _)| *like > 0.8).collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    near.into_iter().take(3).map(|(_, id)| id.to_owned()).collect()
}

fn page(rule: &Rule) -> String {
    let mut out = format!("{} ({})\n{}\n", rule.id, rule.severity.name(), rule.summary);
    let mut part = |title: &str, text: &str| {
        out.push_str(&format!("\n{title}\n"));
        // A small plan keeps its lines.
        let lines = text.trim().lines().flat_map(|line| match line.is_empty() {
            true => vec![String::new()],
            false => wrap(line, output::width().saturating_sub(2)),
        });
        for line in lines {
            out.push_str(format!("  {line}").trim_end());
            out.push('\n');
        }
    };
    part("Why", &rule.why);
    part("What to do", &rule.advice);
    for bad in &rule.bad {
        part("Instead of", &bad.text);
        if let Some(better) = &bad.better {
            part("write", better);
        }
    }
    for good in &rule.good {
        part("No fault", &good.text);
    }
    if !rule.frameworks.is_empty() {
        part("Only in plans of", &rule.frameworks.join(", "));
    }
    part("Source", &format!("{} (read {}) {}", rule.source.title, rule.source.read, rule.source.url));
    out
}

/// What the law of that kind of plan asks for in the sections that the rule is looked for in.
fn law(rule: &Rule, framework: &Framework) -> String {
    let mut out = format!("\n{}\n", framework.title);
    let mut add = |text: &str| {
        for line in wrap(text, output::width().saturating_sub(2)) {
            out.push_str(&format!("  {line}\n"));
        }
    };
    if let Some(status) = &framework.status {
        add(status);
    }
    let here = |law: &&Law| {
        let mut sections = framework.sections().filter(|(_, kind)| rule.kinds.contains(kind));
        sections.any(|(id, _)| law.is_about(id, &rule.id))
    };
    let mut said = false;
    for law in framework.laws.iter().filter(here) {
        let place = if law.sections.is_empty() { String::new() } else { format!("{}: ", law.sections.join(", ")) };
        let limit = law.at_most.map_or(String::new(), |limit| format!(" Here at most: {}.", limit.name()));
        add(&format!("{place}{}{limit} {} (read {}) {}", law.says, law.source.title, law.source.read, law.source.url));
        said = true;
    }
    if !said {
        add("Nothing beside the source above is recorded for it.");
    }
    out
}

/// Lines of at most `width` characters where words allow.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
