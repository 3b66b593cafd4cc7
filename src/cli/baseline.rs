//! This is `--baseline`: what an earlier run has found already.

use super::{Failure, output};
use clearplan::review::Review;
use serde::Deserialize;
use std::collections::HashMap;
use std::path::Path;

/// Findings of an earlier run, counted by statement and rule: a statement that moved, or whose white space changed,
/// is still known; a second copy of it is new.
#[derive(Debug, Default)]
pub struct Baseline {
    known: HashMap<(String, String), usize>,
}

impl Baseline {
    /// Reads what `check --format json` or `--format jsonl` wrote.
    ///
    /// # Errors
    /// [`Failure::Usage`] where the file is neither: it steers the run, so a wrong one must not pass for an empty one.
    pub fn load(path: &Path) -> Result<Self, Failure> {
        let name = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|error| Failure::Usage(output::unreadable(&name, &error)))?;
        Self::parse(&bytes).ok_or_else(|| {
            Failure::Usage(format!(
                "{name}: not a saved run; make one with: clearplan check --format json -o {name} FILE"
            ))
        })
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let mut out = Self::default();
        if let Ok(saved) = serde_json::from_slice::<Saved>(bytes) {
            let plans = match saved {
                Saved::One(plan) => vec![plan],
                Saved::Many(plans) => plans,
            };
            for plan in plans {
                plan.sections.into_iter().flat_map(|s| s.statements).for_each(|s| out.add(s));
                plan.whole.findings.into_iter().for_each(|finding| out.add_whole(finding));
            }
            return Some(out);
        }
        for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()) {
            out.add(serde_json::from_slice(line).ok()?);
        }
        Some(out)
    }

    fn add(&mut self, statement: Statement) {
        for finding in statement.findings {
            *self.known.entry((key(&statement.text), finding.rule)).or_default() += 1;
        }
        statement.plan_findings.into_iter().for_each(|finding| self.add_whole(finding));
    }

    /// One about a plan as a whole is known by the words of its first place.
    fn add_whole(&mut self, finding: PlanFinding) {
        let text = finding.places.first().map_or_else(String::new, |place| key(&place.text));
        *self.known.entry((text, finding.rule)).or_default() += 1;
    }

    /// True where a finding is known as one more.
    fn takes(&mut self, text: &str, rule: &str) -> bool {
        match self.known.get_mut(&(text.to_owned(), rule.to_owned())) {
            Some(left) if *left > 0 => {
                *left -= 1;
                true
            }
            _ => false,
        }
    }

    /// Drops the findings that are known, each as often as it is, and the statements that have no other.
    pub fn keep_new(&mut self, review: &mut Review) {
        for section in &mut review.sections {
            section.statements.retain_mut(|judged| {
                let Some(assessment) = &mut judged.assessment else { return false };
                let text = key(&judged.statement.text);
                assessment.findings.retain(|finding| !self.takes(&text, &finding.rule));
                !(assessment.findings.is_empty() && judged.waived.is_empty())
            });
        }
        review.sections.retain(|section| !section.statements.is_empty());
        review.whole.findings.retain(|finding| {
            let text = finding.places.first().map_or_else(String::new, |place| key(&place.text));
            !self.takes(&text, &finding.rule)
        });
    }
}

fn key(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Saved {
    One(Plan),
    Many(Vec<Plan>),
}

#[derive(Deserialize)]
struct Plan {
    sections: Vec<Section>,
    /// Absent in what earlier versions saved.
    #[serde(default)]
    whole: Whole,
}

#[derive(Deserialize, Default)]
struct Whole {
    findings: Vec<PlanFinding>,
}

#[derive(Deserialize)]
struct PlanFinding {
    rule: String,
    places: Vec<Place>,
}

#[derive(Deserialize)]
struct Place {
    text: String,
}

#[derive(Deserialize)]
struct Section {
    statements: Vec<Statement>,
}

#[derive(Deserialize)]
struct Statement {
    text: String,
    /// Absent for statements that are not judged.
    #[serde(default)]
    findings: Vec<Finding>,
    /// In JSON Lines only.
    #[serde(default)]
    plan_findings: Vec<PlanFinding>,
}

#[derive(Deserialize)]
struct Finding {
    rule: String,
}
