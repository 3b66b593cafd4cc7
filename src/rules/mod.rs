//! This is the rule engine: named, sourced reasons as data, one TOML file a rule, and where they apply in a statement.

use crate::assess::Criterion;
use crate::document::Kind;
use crate::span::Span;
use serde::{Deserialize, Serialize};

/// A rule at a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule's id, its path: `provision/open-frequency`.
    pub rule: String,
    /// How bad.
    pub severity: Severity,
    /// The words, in the statement's text.
    pub span: Span,
    /// Why, in one sentence that names the words.
    pub message: String,
}

/// How bad a finding is (SARIF's levels, so that no table of translation is needed).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; the statement may be good all the same.
    Note,
    /// Weakens the statement.
    Warning,
    /// Makes the statement fail.
    Error,
}

/// One rule as people read it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rule {
    /// Its path without the ending: `provision/open-frequency`.
    pub id: String,
    /// What it faults, in a few words.
    pub summary: String,
    /// Why that matters.
    pub why: String,
    /// What to do about it.
    pub advice: String,
    /// The criterion that it bears on, if one.
    pub criterion: Option<Criterion>,
    /// How bad a finding of it is.
    pub severity: Severity,
    /// The kinds of statement that it judges.
    pub kinds: Vec<Kind>,
    /// Where the reason comes from.
    pub source: Source,
    /// Wording that it faults.
    pub bad: Vec<BadExample>,
    /// Wording that it leaves alone.
    pub good: Vec<GoodExample>,
}

/// Where a rule's reason comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// The law, judgment or guidance.
    pub title: String,
    /// Its address.
    pub url: String,
    /// The day it was read, `2026-11-23`.
    pub read: String,
}

/// Wording that a rule faults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BadExample {
    /// The statement, the faulted words marked «so».
    pub text: String,
    /// What to write instead.
    pub better: Option<String>,
}

/// Wording that a rule leaves alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GoodExample {
    /// The statement.
    pub text: String,
    /// Its kind, where the rule judges more than one.
    pub kind: Option<Kind>,
}

/// The text of one rule file, already read by the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleSource {
    /// The rule's id: the file's path in its folder, without the ending.
    pub id: String,
    /// The file's text.
    pub text: String,
}

/// Why a rule file could not be used.
#[derive(Debug, thiserror::Error)]
#[error("{id}: {message}")]
pub struct RuleError {
    /// The rule's id.
    pub id: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// Rules ready for matching.
#[derive(Debug, Default)]
pub struct RuleSet {
    rules: Vec<Rule>,
}

impl RuleSet {
    /// Every rule, ordered by id.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rule with that id.
    pub fn get(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }
}
