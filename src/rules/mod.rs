//! This is the rule engine: named, sourced reasons as data, one TOML file a rule, and where they apply in a statement.

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

/// Rules ready for matching.
#[derive(Debug)]
pub struct RuleSet {}
