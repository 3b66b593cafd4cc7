//! This is house style: which group writes which vague wording more often than the others.

use super::Tally;
use super::math::{self, Interval};
use crate::archive::metadata::{Field, NAMED, Names};
use crate::rules::{Rule, Severity};
use serde::Serialize;

/// A rule over all plans.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RuleTotal {
    /// The rule's id.
    pub rule: String,
    /// What is wrong, in half a sentence.
    pub summary: String,
    /// Statements that it was found in.
    pub statements: u64,
    /// Of 1,000 judged.
    pub per_thousand: f64,
}

/// A rule about whole plans, over all of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WholeTotal {
    /// The rule's id.
    pub rule: String,
    /// What is wrong, in half a sentence.
    pub summary: String,
    /// Plans that it was found in.
    pub plans: u64,
    /// The share of all plans.
    pub share: f64,
    /// How often it was found in all.
    pub findings: u64,
}

/// A rule that a group breaks more often.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Style {
    /// The field of the metadata.
    pub field: &'static str,
    /// The group.
    pub group: String,
    /// The rule.
    pub rule: String,
    /// What is wrong, in half a sentence.
    pub summary: String,
    /// Statements of the group that it was found in.
    pub statements: u64,
    /// Of 1,000 judged.
    pub per_thousand: f64,
    /// The interval of that (Wilson).
    pub interval: Interval,
    /// Of 1,000 of all other groups.
    pub others: f64,
}

/// The share of false alarms that is accepted among all that is reported (Benjamini and Hochberg, *Controlling the False Discovery
/// Rate*, 1995).
const FALSE_ALARMS: f64 = 0.05;
/// A group's rate is a style only where it is this many times the others': a small difference in a large archive is
/// certain and means nothing.
const TIMES: f64 = 1.25;

pub(super) fn totals(all: &Tally, rules: &[Rule]) -> Vec<RuleTotal> {
    let mut totals: Vec<RuleTotal> = rules
        .iter()
        .zip(&all.rules)
        .filter(|(_, count)| **count > 0)
        .map(|(rule, count)| RuleTotal {
            rule: rule.id.clone(),
            summary: rule.summary.clone(),
            statements: *count,
            per_thousand: thousand(*count, all.judged),
        })
        .collect();
    totals.sort_by(|a, b| b.statements.cmp(&a.statements).then_with(|| a.rule.cmp(&b.rule)));
    totals
}

pub(super) fn whole(all: &Tally, rules: &[Rule]) -> Vec<WholeTotal> {
    let found = rules.iter().zip(&all.whole).filter(|(_, [plans, _])| *plans > 0);
    let mut totals: Vec<WholeTotal> = found
        .map(|(rule, [plans, findings])| WholeTotal {
            rule: rule.id.clone(),
            summary: rule.summary.clone(),
            plans: *plans,
            share: *plans as f64 / all.plans.max(1) as f64,
            findings: *findings,
        })
        .collect();
    totals.sort_by(|a, b| b.plans.cmp(&a.plans).then_with(|| a.rule.cmp(&b.rule)));
    totals
}

pub(super) fn styles(
    tallies: &[Vec<Tally>; NAMED],
    all: &Tally,
    names: &Names,
    rules: &[Rule],
    least: usize,
) -> Vec<Style> {
    let mut tests = Vec::new();
    for field in [Field::Team, Field::Author, Field::Area, Field::Setting] {
        for (code, tally) in tallies[field as usize].iter().enumerate().skip(1) {
            let Some(name) = names.name(field, u16::try_from(code).unwrap_or(0)) else { continue };
            if tally.plans < least as u64 || tally.judged == 0 || tally.judged >= all.judged {
                continue;
            }
            for (at, rule) in rules.iter().enumerate().filter(|(_, rule)| rule.severity >= Severity::Warning) {
                let (count, rest) = (tally.rules[at], all.rules[at] - tally.rules[at]);
                let (n, m) = (tally.judged as f64, (all.judged - tally.judged) as f64);
                let (p, q) = (count as f64 / n, rest as f64 / m);
                let pooled = all.rules[at] as f64 / all.judged as f64;
                let error = (pooled * (1.0 - pooled) * (1.0 / n + 1.0 / m)).sqrt();
                // Fewer than five either way are too few for the normal approximation.
                if count < 5 || error <= 0.0 {
                    continue;
                }
                let chance = math::two_sided((p - q) / error);
                if p > q
                    && let Some(interval) = math::wilson(count as f64, n)
                {
                    let style = Style {
                        field: field.name(),
                        group: name.to_owned(),
                        rule: rule.id.clone(),
                        summary: rule.summary.clone(),
                        statements: count,
                        per_thousand: 1_000.0 * p,
                        interval: Interval { low: 1_000.0 * interval.low, high: 1_000.0 * interval.high },
                        others: 1_000.0 * q,
                    };
                    tests.push((chance, style));
                } else {
                    tests.push((1.0, Style { rule: String::new(), ..blank(field) }));
                }
            }
        }
    }
    tests.sort_by(|a, b| a.0.total_cmp(&b.0));
    let count = tests.len() as f64;
    let passed =
        tests.iter().enumerate().rposition(|(at, (chance, _))| *chance <= FALSE_ALARMS * (at + 1) as f64 / count);
    let passed = passed.map_or(0, |at| at + 1);
    let mut styles: Vec<Style> = tests
        .into_iter()
        .take(passed)
        .map(|(_, style)| style)
        .filter(|style| !style.rule.is_empty() && style.per_thousand >= TIMES * style.others)
        .collect();
    styles.sort_by(|a, b| {
        let extra = |style: &Style| style.interval.low - style.others;
        extra(b).total_cmp(&extra(a)).then_with(|| (&a.group, &a.rule).cmp(&(&b.group, &b.rule)))
    });
    styles
}

fn blank(field: Field) -> Style {
    Style {
        field: field.name(),
        group: String::new(),
        rule: String::new(),
        summary: String::new(),
        statements: 0,
        per_thousand: 0.0,
        interval: Interval { low: 0.0, high: 0.0 },
        others: 0.0,
    }
}

fn thousand(count: u64, of: u64) -> f64 {
    1_000.0 * count as f64 / of.max(1) as f64
}
