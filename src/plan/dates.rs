//! This is what the days of a plan contradict: deadlines that have passed or that lie beyond the child's phase of education,
//! outcomes of a phase that the child has left, a review that is missing or was due before the plan.

use super::check::{At, Found, Reading};
use super::when::{self, When};
use crate::assess::{Criterion, Evidence};
use crate::document::Kind;
use crate::review::Judged;
use crate::span::Span;
use crate::words::Words;
use jiff::civil::Date;
use std::collections::HashMap;

/// How many statements that share one deadline a finding points at.
const SHOWN: usize = 12;

/// What is wrong with a deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// It was before the day of the plan.
    Past,
    /// It belongs to a phase that the child has left.
    Left,
    /// It lies after the end of the phase.
    Beyond,
}

/// Deadlines of outcomes, and days in provision, that had passed when the plan was made.
pub(super) fn deadline_past(reading: &Reading<'_>, found: &mut Vec<Found>) {
    outcomes(reading, Fault::Past, found);
    let Some((dated, _)) = reading.cover.dated else { return };
    for (number, judged) in reading.statements.iter().enumerate() {
        let text = &judged.statement.text;
        if judged.statement.kind != Kind::Provision || !text.contains("20") {
            continue;
        }
        let words = Words::new(text);
        for i in 0..words.len() {
            if !matches!(words.lower(i), "by" | "until" | "till" | "before" | "from" | "starting") {
                continue;
            }
            // "from September 2024" may have begun before the plan; only what has ended is past.
            let ends = !matches!(words.lower(i), "from" | "starting");
            if let Some((day, from, to)) = when::date(&words, i + 1).filter(|(_, from, _)| *from <= i + 6)
                && ends
                && day < dated
            {
                let at = Found::new().at(At::Statement(number, words.span(i, to)));
                found.push(at.saying("day", words.span(from, to).of(text)).saying("plan", shown(dated)));
                break;
            }
        }
    }
}

/// Outcomes of a year group, key stage or phase that the child has left.
pub(super) fn outcome_of_left_phase(reading: &Reading<'_>, found: &mut Vec<Found>) {
    outcomes(reading, Fault::Left, found);
}

/// Outcomes with a deadline after the end of the child's phase of education.
pub(super) fn deadline_beyond_phase(reading: &Reading<'_>, found: &mut Vec<Found>) {
    outcomes(reading, Fault::Beyond, found);
}

fn outcomes(reading: &Reading<'_>, wanted: Fault, found: &mut Vec<Found>) {
    if reading.cover.dated.is_none() && reading.cover.group().is_none() {
        return;
    }
    let mut shared: HashMap<&str, usize> = HashMap::new();
    for (number, judged) in reading.statements.iter().enumerate() {
        if judged.statement.kind != Kind::Outcome {
            continue;
        }
        for evidence in deadlines(judged) {
            let text = match evidence.context {
                None => judged.statement.text.as_str(),
                Some(i) => judged.statement.context.get(i).map_or("", |context| context.text.as_str()),
            };
            let words = evidence.span.of(text);
            let Some(fault) = when::when(&Words::new(words)).and_then(|when| fault(reading, when)) else { continue };
            if fault != wanted {
                continue;
            }
            let span = match evidence.context {
                None => evidence.span,
                Some(_) => Span::new(0, judged.statement.text.len()),
            };
            let at = At::Statement(number, span);
            // A deadline that several outcomes inherit is one fault.
            if evidence.context.is_some()
                && let Some(known) = shared.get(words).and_then(|i| found.get_mut(*i))
            {
                if known.places.len() < SHOWN {
                    known.places.push(at);
                }
                break;
            }
            shared.insert(words, found.len());
            let plan = reading.cover.dated.map_or(String::new(), |(day, _)| shown(day));
            let group = reading.cover.group().map_or(String::new(), group_name);
            found.push(Found::new().at(at).saying("day", words).saying("plan", plan).saying("group", group));
            break;
        }
    }
}

/// Where an outcome says by when, in its own words or in what it inherits.
fn deadlines(judged: &Judged) -> impl Iterator<Item = Evidence> + '_ {
    let criteria = judged.assessment.iter().flat_map(|assessment| &assessment.criteria);
    criteria.filter(|state| state.criterion == Criterion::TimeBound).flat_map(|state| state.evidence.iter().copied())
}

fn fault(reading: &Reading<'_>, when: When) -> Option<Fault> {
    let cover = &reading.cover;
    let dated = cover.dated.map(|(day, _)| day);
    let group = cover.group();
    let ends = match when {
        When::Day(day) => {
            let dated = dated?;
            if day < dated {
                return Some(Fault::Past);
            }
            group? + when::school_year(day) - when::school_year(dated)
        }
        When::Year(year) | When::Stage(year) => {
            if year < group? {
                return Some(Fault::Left);
            }
            year
        }
    };
    (ends > last_of_phase(group?)).then_some(Fault::Beyond)
}

/// The last year group for which an outcome may be set: the end of the phase, or of the next one in a phase's last year.
fn last_of_phase(group: i32) -> i32 {
    match group {
        ..=0 => 2,
        1..=5 => 6,
        6 => 9,
        7..=10 => 11,
        11 => 14,
        _ => i32::MAX,
    }
}

fn group_name(group: i32) -> String {
    match group {
        ..=-1 => "nursery".into(),
        0 => "Reception".into(),
        year => format!("Year {year}"),
    }
}

/// "17 October 2025".
pub(super) fn shown(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

/// A review that was due before the plan was made.
pub(super) fn review_past(reading: &Reading<'_>, found: &mut Vec<Found>) {
    if let (Some((dated, _)), Some((review, (paragraph, span)))) = (reading.cover.dated, reading.cover.review)
        && review < dated
    {
        let at = Found::new().at(At::Paragraph(paragraph, span));
        found.push(at.saying("plan", shown(dated)));
    }
}

/// A plan with a day of its own that says nowhere when it is reviewed.
pub(super) fn no_review_date(reading: &Reading<'_>, found: &mut Vec<Found>) {
    let Some((_, (paragraph, span))) = reading.cover.dated else { return };
    if reading.cover.review.is_some() || reading.sections.len() < 4 {
        return;
    }
    let says = reading.lines.all.iter().any(|line| {
        let text = line.text;
        if !text.contains("eview") {
            return false;
        }
        let lower = text.to_ascii_lowercase();
        // "reviewed every term" is about the help; the plan's own review is annual, interim, or of the plan.
        let plan = [
            "annual review",
            "review of the plan",
            "review of this plan",
            "plan will be reviewed",
            "review date",
            "next review",
            "interim review",
            "review due",
        ];
        plan.iter().any(|word| lower.contains(word))
            && (lower.bytes().any(|byte| byte.is_ascii_digit()) || lower.contains("month") || lower.contains("year"))
    });
    if !says {
        found.push(Found::new().at(At::Paragraph(paragraph, span)).missing("the date of the next review"));
    }
}
