//! This is the way out for a [`Comparison`]: text, JSON, a page with both sides next to each other, and remarks in the
//! plan itself. What all of them say is worded here.

pub mod html;
pub mod json;
pub mod remarks;
pub mod text;

use super::words;
use crate::assess::Evidence;
use crate::compare::{Change, Class, Comparison, Entry, Source, Way, element};
use crate::document::Statement;

/// What the side before is called, and the side after.
pub fn sides(way: Way) -> (&'static str, &'static str) {
    match way {
        Way::Advice => ("Advice", "Plan"),
        Way::Draft => ("Draft", "Final"),
        Way::Year => ("Last year", "This year"),
    }
}

/// A class in words, and what it means.
pub fn class(class: Class, way: Way) -> (&'static str, &'static str) {
    match (class, way) {
        (Class::Diluted, _) => ("diluted", "it is there, but says less than before"),
        (Class::Dropped, Way::Advice) => ("dropped", "the advice says it and the plan does not"),
        (Class::Dropped, _) => ("dropped", "it is no longer there"),
        (Class::CopiedVague, Way::Year) => ("still vague", "it was vague, and is as vague as it was"),
        (Class::CopiedVague, _) => ("copied vague", "it was vague, and was taken over as vague as it was"),
        (Class::New, Way::Advice) => ("new", "no advice that was given here says it"),
        (Class::New, _) => ("new", "it was not there before"),
        (Class::Sharpened, _) => ("sharpened", "it says more than before"),
        (Class::Kept, _) => ("kept", "it says as much as before"),
    }
}

/// "how often: “twice a week” is now “regular”".
pub fn lost(entry: &Entry, change: &Change) -> String {
    let name = element(change.element);
    match quoted(entry, change) {
        (Some(was), Some(now)) if was != now => format!("{name}: “{was}” is now “{now}”"),
        (Some(was), None) => format!("{name}: “{was}” is gone"),
        (Some(words), Some(_)) => format!("{name}: “{words}” says less here"),
        (None, Some(now)) => format!("{name}: it is now only “{now}”"),
        (None, None) => format!("{name}: it says less"),
    }
}

/// "who: “staff” is now “a teaching assistant”".
pub fn gained(entry: &Entry, change: &Change) -> String {
    let name = element(change.element);
    match quoted(entry, change) {
        (Some(was), Some(now)) if was != now => format!("{name}: “{was}” is now “{now}”"),
        (None, Some(now)) => format!("{name}: “{now}” was added"),
        (Some(was), None) => format!("{name}: “{was}” is gone"),
        (Some(words), Some(_)) => format!("{name}: “{words}” says more here"),
        (None, None) => format!("{name}: it says more"),
    }
}

fn quoted<'e>(entry: &'e Entry, change: &Change) -> (Option<&'e str>, Option<&'e str>) {
    let said = |statement: Option<&'e Statement>, evidence: Option<Evidence>| {
        let words = evidence_words(statement?, evidence?).trim();
        (!words.is_empty()).then_some(words)
    };
    let source = entry.source.as_ref().map(|(_, judged)| &judged.statement);
    let plan = entry.plan.as_ref().map(|judged| &judged.statement);
    (said(source, change.was), said(plan, change.now))
}

/// The words of a piece of evidence, in the statement or in what it inherits.
pub fn evidence_words(statement: &Statement, evidence: Evidence) -> &str {
    match evidence.context {
        None => evidence.span.of(&statement.text),
        Some(at) => statement.context.get(at).map_or("", |context| evidence.span.of(&context.text)),
    }
}

/// "ep.docx: 9 statements, 7 of them in the plan"; or that it does not belong here.
pub fn source(source: &Source, way: Way) -> String {
    let name = match way {
        Way::Advice => ("recommendation", "recommendations"),
        _ => ("outcome or provision", "outcomes and provision"),
    };
    let (_, after) = sides(way);
    let all = words::count(source.statements, name.0, name.1);
    if source.statements == 0 {
        format!(
            "{}: nothing in it could be compared: no outcome, provision or recommendation was found",
            source.document
        )
    } else if source.related {
        format!("{}: {all}, {} found again", source.document, source.found)
    } else {
        format!(
            "{}: does not seem to belong to this {}: hardly any of its {all} is found again",
            source.document,
            if way == Way::Advice { "plan" } else { "document" }
        ) + if after.is_empty() { "" } else { "; check that it is about the same child" }
    }
}

/// "4 diluted, 2 dropped, 10 kept"; classes that do not occur are left out.
pub fn counts(comparison: &Comparison) -> String {
    let counted = Class::ALL.iter().map(|&c| (c, comparison.count(c))).filter(|(_, n)| *n > 0);
    let parts: Vec<String> = counted.map(|(c, n)| format!("{n} {}", class(c, comparison.way).0)).collect();
    if parts.is_empty() { "nothing to compare".to_owned() } else { parts.join(", ") }
}

/// How many outcomes were carried forward with the same words, where that is asked.
pub fn carried(comparison: &Comparison) -> Option<String> {
    let ids: Vec<&str> = comparison.carried().filter_map(|e| e.plan.as_ref()).map(|j| j.id.as_str()).collect();
    (comparison.way == Way::Year && !ids.is_empty()).then(|| {
        let outcomes = words::count(ids.len(), "outcome was", "outcomes were");
        format!("{outcomes} carried forward with the same words: {}", ids.join(", "))
    })
}

#[cfg(test)]
mod tests;
