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
    pub bad: Vec<Bad>,
    /// Wording that it leaves alone.
    pub good: Vec<Good>,
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
pub struct Bad {
    /// The statement, the faulted words marked «so».
    pub text: String,
    /// What to write instead.
    pub better: Option<String>,
}

/// Wording that a rule leaves alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Good {
    /// The statement.
    pub text: String,
}

/// The text of one rule file, already read by the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleSource {
    /// Path below the rules folder with `/` between its parts: `provision/our-own.toml`, `lexicons/teams.txt`.
    pub path: String,
    /// The file's text.
    pub text: String,
}

/// Why a rule file could not be used.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {what}")]
pub struct RuleError {
    /// The file, as given in [`RuleSource::path`].
    pub path: String,
    /// What is wrong with it, and what to write instead.
    pub what: String,
}

/// Rules ready for matching.
#[derive(Debug, Default)]
pub struct RuleSet {
    rules: Vec<Rule>,
}

impl RuleSet {
    /// The built-in rules.
    pub fn builtin() -> &'static Self {
        static BUILTIN: std::sync::OnceLock<RuleSet> = std::sync::OnceLock::new();
        BUILTIN.get_or_init(Self::default)
    }

    /// The built-in rules and more: a council's own files. One with the id of a built-in rule replaces it.
    ///
    /// # Errors
    /// [`RuleError`] names the file and what is wrong in it.
    pub fn with(own: &[RuleSource]) -> Result<Self, RuleError> {
        match own.first() {
            None => Ok(Self::default()),
            Some(own) => Err(RuleError { path: own.path.clone(), what: "rule files cannot be read yet".into() }),
        }
    }

    /// Every rule, ordered by id.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rule with that id.
    pub fn get(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }
}
