//! This is what to write instead: the writer's own words, the faulted ones cut or replaced, and a typed blank for what
//! is missing.

use crate::assess::CriterionState;
use crate::document::Statement;
use crate::rules::{Finding, RuleSet};
use crate::signals::Signals;
use crate::words::Words;

/// A suggestion for a vague statement.
pub fn suggest(
    _rules: &RuleSet,
    statement: &Statement,
    _words: &Words<'_>,
    _signals: &Signals,
    _findings: &[Finding],
    _criteria: &[CriterionState],
) -> String {
    statement.text.clone()
}
