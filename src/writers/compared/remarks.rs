//! This is a comparison as remarks in the plan: at each statement that was diluted or copied vague, what was said before.

use super::super::remark::{Line, Remark};
use super::{carried, class, counts, gained, lost, sides, source};
use crate::compare::{Class, Comparison, Entry};
use crate::rules::Severity;
use crate::span::Span;

/// One remark for each statement of the plan that was diluted or copied vague, in its order.
pub fn remarks(comparison: &Comparison) -> Vec<Remark<'_>> {
    let mut out: Vec<Remark<'_>> = Vec::new();
    for entry in comparison.entries.iter().filter(|entry| entry.class.is_finding()) {
        let Some(plan) = &entry.plan else { continue };
        let statement = &plan.statement;
        let lines = lines(comparison, entry, &plan.id);
        // The words that say less, else the statement.
        let own = entry.lost.iter().filter_map(|change| change.now).filter(|now| now.context.is_none());
        let span = own.map(|now| now.span).reduce(Span::cover).unwrap_or(Span::new(0, statement.text.len()));
        let span = span.shifted(statement.span.start);
        match out.last_mut().filter(|remark| remark.id == plan.id) {
            // What two advisers recommended stands in one remark.
            Some(remark) => {
                remark.span = remark.span.cover(span);
                remark.lines.extend(lines);
            }
            None => out.push(Remark {
                id: &plan.id,
                text: &statement.text,
                paragraph: statement.place.paragraph,
                statement: statement.span,
                span,
                severity: if entry.class == Class::Diluted { Severity::Error } else { Severity::Warning },
                suggestion: None,
                lines,
            }),
        }
    }
    out
}

fn lines(comparison: &Comparison, entry: &Entry, id: &str) -> Vec<Line> {
    let (before, _) = sides(comparison.way);
    let (name, means) = class(entry.class, comparison.way);
    let mut lines = vec![Line::strong(format!("{id} · {name}: {means}"))];
    if let Some((at, judged)) = &entry.source {
        let document = comparison.sources.get(*at).map_or("", |source| source.document.as_str());
        lines.push(Line::plain(format!("{before} ({document}, {}): “{}”", judged.id, judged.statement.text)));
        lines.extend(judged.statement.context.iter().map(|context| Line::plain(format!("with: {}", context.text))));
    }
    lines.extend(entry.lost.iter().map(|change| Line::plain(format!("− {}", lost(entry, change)))));
    lines.extend(entry.gained.iter().map(|change| Line::plain(format!("+ {}", gained(entry, change)))));
    lines
}

/// What is said once, at the head of the plan: the counts, and what was dropped, which has no words there to stand at.
pub fn summary(comparison: &Comparison, unmarked: &[&str]) -> Vec<Line> {
    let (before, _) = sides(comparison.way);
    let mut lines = vec![
        Line::strong("What became of what was said before?"),
        Line::plain(format!("clearplan compared the documents, statement by statement: {}.", counts(comparison))),
    ];
    lines.extend(comparison.sources.iter().map(|one| Line::plain(format!("{}.", source(one, comparison.way)))));
    lines.extend(carried(comparison).map(|text| Line::plain(format!("{text}."))));
    let dropped = comparison.entries.iter().filter(|entry| entry.class == Class::Dropped);
    for (at, judged) in dropped.filter_map(|entry| entry.source.as_ref()) {
        let document = comparison.sources.get(*at).map_or("", |source| source.document.as_str());
        lines.push(Line::plain(format!("Dropped: {before} ({document}, {}): “{}”", judged.id, judged.statement.text)));
    }
    if !unmarked.is_empty() {
        lines.push(Line::plain(format!("Not marked, because they stand where no mark can: {}.", unmarked.join(", "))));
    }
    lines.push(Line::plain(
        "A statement can be left out or changed for good reasons; the Code of Practice asks that departures from advice be \
         explained (9.69). A program aligned the statements and is sometimes wrong: no decision about a child should rest \
         on it. clearplan annotate --remove takes all this out again.",
    ));
    lines
}
