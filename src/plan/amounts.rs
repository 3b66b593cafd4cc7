//! This is what amounts of help contradict: a total that its parts do not make, two figures for one thing, an amount with no
//! period, one slot for one child and for a group.

use super::check::{At, Found, Reading};
use super::sums::{Amount, adult_name, amounts};
use crate::facts;
use crate::span::Span;
use crate::words::Words;
use std::collections::{HashMap, HashSet};

/// Least and most minutes a week.
type Minutes = (f64, f64);

/// How many parts of a sum a finding points at.
const SHOWN: usize = 8;
/// How many totals, and how many amounts that point at others, are looked into: far more than any plan has, so that a hostile one
/// cannot make the work grow with the square of its length.
const MOST: usize = 60;

/// Statements with an amount of hours that says no period: "15 hours of support".
pub(super) fn amount_without_period(reading: &Reading<'_>, found: &mut Vec<Found>) {
    for amount in &reading.sums.amounts {
        let Some(minutes) = amount.bare else { continue };
        let Some(judged) = reading.statements.get(amount.statement) else { continue };
        let text = &judged.statement.text;
        // Half days, sessions and times of the clock are of one occasion.
        let words = amount.span.of(text);
        let hours = words.contains("hour") || words.contains("hr") || words.len() == text.len();
        if minutes < 120.0 || !hours || amount.total || amount.whole_day || !is_help(text, amount.span) || is_once(text)
        {
            continue;
        }
        found.push(Found::new().at(At::Statement(amount.statement, amount.span)));
    }
}

/// True where the sentence of an amount is about help by a person: "of support", "with a teaching assistant".
fn is_help(text: &str, span: Span) -> bool {
    let sentence = super::sums::sentence_of(text, span).unwrap_or(text).to_ascii_lowercase();
    [
        "support",
        "help",
        "assist",
        "1:1",
        "one-to-one",
        "adult",
        "tuition",
        "teach",
        "individual",
        "therap",
        "mentor",
        "coach",
    ]
    .iter()
    .any(|word| sentence.contains(word))
}

/// True for what is done once: training, a visit, a meeting, an assessment.
fn is_once(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    [
        "will train ",
        "to train ",
        "training session",
        "training for",
        "staff training",
        "training of",
        "an assessment",
        "workshop",
        "meeting",
        "once,",
        "one visit",
        "to write ",
        "initial",
        "block of",
        "course of",
        "over the year",
        "over the term",
        "inset",
    ]
    .iter()
    .any(|word| text.contains(word))
}

/// A total that a plan states.
struct Stated {
    at: At,
    minutes: Minutes,
    adult: Option<usize>,
    /// Number of the statement, where it is one.
    statement: Option<usize>,
    /// Index of the section.
    section: Option<usize>,
    table: Option<usize>,
    paragraph: usize,
}

/// Totals that their parts do not make.
pub(super) fn total_that_does_not_add_up(reading: &Reading<'_>, found: &mut Vec<Found>) {
    let stated = stated(reading);
    if stated.is_empty() {
        return;
    }
    let tables: HashMap<usize, usize> =
        reading.lines.all.iter().filter_map(|line| Some((line.paragraph, line.cell?.0))).collect();
    let parts: Vec<&Amount> = reading.sums.amounts.iter().filter(|amount| !amount.total).collect();
    let paragraph = |amount: &Amount| reading.statements.get(amount.statement).map(|j| j.statement.place.paragraph);
    let section = |amount: &Amount| reading.statements.get(amount.statement).map(|j| j.statement.section.as_str());
    for total in stated.into_iter().take(MOST) {
        let of_section = total.section.and_then(|i| reading.sections.get(i)).map(|s| s.section.as_str());
        let here: Vec<&Amount> = parts.iter().copied().filter(|part| section(part) == of_section).collect();
        let own: Vec<&Amount> = here.iter().copied().filter(|part| Some(part.statement) == total.statement).collect();
        let same: Vec<&Amount> = here.iter().copied().filter(|part| part.adult == total.adult).collect();
        let table: Vec<&Amount> = match total.table {
            Some(table) => here
                .iter()
                .copied()
                .filter(|part| paragraph(part).and_then(|p| tables.get(&p)) == Some(&table))
                .collect(),
            None => Vec::new(),
        };
        // A total of one adult's time is made of that adult's amounts.
        let sets: Vec<Vec<&Amount>> = if total.adult.is_some() { vec![own, same] } else { vec![own, table, here] };
        let fits = |set: &[&Amount]| sum(set).is_some_and(|sum| agree(sum, total.minutes));
        let before = |set: &[&Amount]| {
            // The parts may be those since some heading: some number of the amounts just before.
            let mut last: Vec<&Amount> =
                set.iter().copied().filter(|part| paragraph(part).is_some_and(|p| p <= total.paragraph)).collect();
            last.reverse();
            let mut run = (0.0, 0.0);
            last.iter().map_while(|part| part.minutes).enumerate().any(|(i, (least, most))| {
                run = (run.0 + least, run.1 + most);
                i > 0 && agree(run, total.minutes)
            })
        };
        if sets.iter().any(|set| fits(set) || before(set)) {
            continue;
        }
        let Some(set) = sets.iter().find(|set| set.len() >= 2) else { continue };
        let Some(made) = sum(set).or_else(|| {
            // Parts with no weekly sum leave a lower bound.
            let least: f64 = set.iter().filter_map(|part| part.minutes).map(|(least, _)| least).sum();
            (least > total.minutes.1 * 1.01).then_some((least, f64::INFINITY))
        }) else {
            continue;
        };
        let mut at = Found::new().at(total.at);
        for part in set.iter().take(SHOWN) {
            at = at.at(At::Statement(part.statement, part.span));
        }
        found.push(at.saying("sum", hours(made)).saying("parts", set.len().to_string()));
    }
}

/// Every total that is stated, in a statement or in a line that is none.
fn stated(reading: &Reading<'_>) -> Vec<Stated> {
    let mut out = Vec::new();
    let cell: HashMap<usize, usize> =
        reading.lines.all.iter().filter_map(|line| Some((line.paragraph, line.cell?.0))).collect();
    let mut section_of = HashMap::new();
    for line in &reading.lines.all {
        if let Some(section) = line.section {
            section_of.entry(line.paragraph).or_insert(section);
        }
    }
    for amount in reading.sums.amounts.iter().filter(|amount| amount.total) {
        let Some(judged) = reading.statements.get(amount.statement) else { continue };
        let paragraph = judged.statement.place.paragraph;
        let Some(minutes) = amount.minutes.or(amount.bare.map(|minutes| (minutes, minutes))) else { continue };
        out.push(Stated {
            at: At::Statement(amount.statement, amount.span),
            minutes,
            adult: amount.adult,
            statement: Some(amount.statement),
            section: section_of.get(&paragraph).copied(),
            table: cell.get(&paragraph).copied(),
            paragraph,
        });
    }
    let known: HashSet<usize> = reading.statements.iter().map(|judged| judged.statement.place.paragraph).collect();
    let provision = |section: Option<usize>| {
        section
            .and_then(|i| reading.sections.get(i))
            .is_some_and(|s| matches!(s.section.as_str(), "F" | "G" | "H1" | "H2"))
    };
    for (i, line) in reading.lines.all.iter().enumerate() {
        if line.heading || known.contains(&line.paragraph) || line.text.len() > 300 || !provision(line.section) {
            continue;
        }
        let starts = line.text.get(..5).is_some_and(|head| head.eq_ignore_ascii_case("total"));
        if !starts && !line.text.to_ascii_lowercase().contains("total") {
            continue;
        }
        // The figure stands in the line, or in the next cells of its row.
        let row = line.cell.map(|(table, row, _)| (table, row));
        let lines = reading.lines.all.iter().skip(i).take(6);
        let mut beside = lines
            .enumerate()
            .take_while(|(n, other)| *n == 0 || row.is_some() && other.cell.map(|(table, row, _)| (table, row)) == row);
        let read = beside.find_map(|(_, other)| {
            let words = Words::new(other.text);
            let amount = amounts(other.text, &words, &facts::find(&words)).into_iter().next()?;
            let minutes = amount.minutes.or(amount.bare.map(|minutes| (minutes, minutes)))?;
            Some((At::Paragraph(other.paragraph, amount.span.shifted(other.span.start)), minutes))
        });
        if let Some((at, minutes)) = read {
            out.push(Stated {
                at,
                minutes,
                adult: super::sums::adult(line.text),
                statement: None,
                section: line.section,
                table: line.cell.map(|(table, ..)| table),
                paragraph: line.paragraph,
            });
        }
    }
    out
}

fn sum(parts: &[&Amount]) -> Option<Minutes> {
    let mut made = (0.0, 0.0);
    for part in parts {
        let (least, most) = part.minutes?;
        made = (made.0 + least, made.1 + most);
    }
    (parts.len() > 1).then_some(made)
}

/// True where two amounts can be the same: to one part in a hundred, or half a minute.
fn agree(a: Minutes, b: Minutes) -> bool {
    let slack = (a.0.max(b.0) * 0.01).max(0.5);
    a.0 <= b.1 + slack && b.0 <= a.1 + slack
}

/// "12 hours 30 minutes a week", "2–3 hours a week".
fn hours((least, most): Minutes) -> String {
    let one = |minutes: f64| {
        let minutes = minutes.round();
        let (hours, rest) = ((minutes / 60.0).floor(), minutes % 60.0);
        let plural = |n: f64, noun: &str| if n == 1.0 { format!("1 {noun}") } else { format!("{n} {noun}s") };
        match (hours, rest) {
            (0.0, rest) => plural(rest, "minute"),
            (hours, 0.0) => plural(hours, "hour"),
            (hours, rest) => format!("{} {}", plural(hours, "hour"), plural(rest, "minute")),
        }
    };
    if most.is_infinite() {
        format!("at least {} a week", one(least))
    } else if (most - least).abs() < 0.5 {
        format!("{} a week", one(least))
    } else {
        format!("{} to {} a week", one(least), one(most))
    }
}

/// Two figures for one thing: "15 hours" of an adult in one place and "full time" elsewhere, "the 12 hours" of what is nowhere 12.
pub(super) fn two_amounts(reading: &Reading<'_>, found: &mut Vec<Found>) {
    let amounts = &reading.sums.amounts;
    if amounts.is_empty() {
        return;
    }
    let mut told: HashSet<(usize, Span)> = HashSet::new();
    // Two of each adult are enough: one of them is in another statement.
    let mut whole: HashMap<usize, Vec<&Amount>> = HashMap::new();
    for amount in amounts.iter().filter(|amount| amount.whole_day && amount.minutes.is_some()) {
        let known = amount.adult.map(|adult| whole.entry(adult).or_default());
        known.filter(|known| known.len() < 2).into_iter().for_each(|known| known.push(amount));
    }
    for amount in amounts.iter().filter(|amount| !amount.whole_day) {
        let Some((_, most)) = amount.minutes.filter(|(least, _)| *least >= 150.0) else { continue };
        if most >= super::sums::week() * 0.9 || !headline(reading, amount) {
            continue;
        }
        let full = amount.adult.and_then(|adult| whole.get(&adult)).into_iter().flatten();
        if let Some(full) = full.into_iter().find(|full| full.statement != amount.statement) {
            told.insert((amount.statement, amount.span));
            let at = Found::new()
                .at(At::Statement(amount.statement, amount.span))
                .at(At::Statement(full.statement, full.span));
            found.push(at.saying("other", words_of(reading, full)));
        }
    }
    references(reading, &mut told, found);
}

fn words_of(reading: &Reading<'_>, amount: &Amount) -> String {
    reading.statements.get(amount.statement).map_or("", |judged| amount.span.of(&judged.statement.text)).to_owned()
}

/// True where an amount is all the help of an adult, not that for one lesson or activity: "15 hours a week of 1:1 support".
fn headline(reading: &Reading<'_>, amount: &Amount) -> bool {
    let Some(judged) = reading.statements.get(amount.statement) else { return false };
    let text = judged.statement.text.to_ascii_lowercase();
    let narrow = [
        "lesson",
        "english",
        "maths",
        "reading",
        "phonics",
        "lunch",
        "break",
        "session",
        "programme",
        "practis",
        "transition",
        "group",
        "swimming",
        "writing",
        "therapy",
        "handwriting",
    ];
    ["support", "help", "assistan", "adult"].iter().any(|word| text.contains(word))
        && !narrow.iter().any(|word| text.contains(word))
}

/// "The 15 hours a week of support": an amount that points at another has to be one of the plan's.
fn references(reading: &Reading<'_>, told: &mut HashSet<(usize, Span)>, found: &mut Vec<Found>) {
    let parts: Vec<&Amount> = reading.sums.amounts.iter().filter(|amount| amount.minutes.is_some()).collect();
    let add = |a: Minutes, b: Minutes| (a.0 + b.0, a.1 + b.1);
    let mut by_adult: HashMap<Option<usize>, Minutes> = HashMap::new();
    let mut by_ratio: HashMap<(Option<usize>, Option<u64>), Minutes> = HashMap::new();
    let mut grand = (0.0, 0.0);
    for part in parts.iter().filter(|part| !part.total) {
        let Some(minutes) = part.minutes else { continue };
        let known = by_adult.entry(part.adult).or_insert((0.0, 0.0));
        *known = add(*known, minutes);
        let known = by_ratio.entry((part.adult, part.children.map(f64::to_bits))).or_insert((0.0, 0.0));
        *known = add(*known, minutes);
        grand = add(grand, minutes);
    }
    let mut looked = 0;
    for (number, judged) in reading.statements.iter().enumerate() {
        let text = &judged.statement.text;
        if !text.contains("hour") {
            continue;
        }
        let Some(words) = reading.words.get(number) else { continue };
        let mine = amounts(text, words, reading.facts(number));
        for amount in mine {
            let Some(minutes) = amount.minutes.or(amount.bare.map(|m| (m, m))).filter(|m| m.0 >= 60.0) else {
                continue;
            };
            if amount.total || !points_back(text, amount.span) || !told.insert((number, amount.span)) {
                continue;
            }
            looked += 1;
            if looked > MOST {
                return;
            }
            let adult = super::sums::adult(super::sums::sentence_of(text, amount.span).unwrap_or(text));
            let others: Vec<&&Amount> = parts
                .iter()
                .filter(|part| part.statement != number && (adult.is_none() || part.adult == adult))
                .collect();
            let one = others
                .iter()
                .any(|part| part.minutes.is_some_and(|m| agree(m, minutes)) || part.bare == Some(minutes.0));
            let of_adult = |of: Option<usize>| adult.is_none() || of == adult;
            let known = by_adult.iter().filter(|(of, _)| of_adult(**of)).any(|(_, m)| agree(*m, minutes))
                || by_ratio.iter().filter(|((of, _), _)| of_adult(*of)).any(|(_, m)| agree(*m, minutes))
                || adult.is_none() && agree(grand, minutes);
            if one || known || others.is_empty() {
                continue;
            }
            // What it most likely points at: the largest amount.
            let nearest =
                others.iter().max_by(|a, b| a.minutes.map_or(0.0, |m| m.0).total_cmp(&b.minutes.map_or(0.0, |m| m.0)));
            let Some(nearest) = nearest else { continue };
            let at =
                Found::new().at(At::Statement(number, amount.span)).at(At::Statement(nearest.statement, nearest.span));
            found.push(at.saying("other", words_of(reading, nearest)).saying("adult", adult_name(adult)));
        }
    }
}

/// True where the word before an amount points at one that is named elsewhere: "the", "these", "his".
fn points_back(text: &str, span: Span) -> bool {
    let before = text.get(..span.start).unwrap_or("").trim_end();
    let word = before.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or("");
    matches!(word.to_ascii_lowercase().as_str(), "the" | "these" | "those" | "his" | "her" | "their" | "this")
}

/// One amount of help that is given 1:1 and in a group.
pub(super) fn one_slot_two_ratios(reading: &Reading<'_>, found: &mut Vec<Found>) {
    for (statement, first, second) in &reading.sums.mixed {
        let at = Found::new().at(At::Statement(*statement, *first));
        found.push(second.iter().fold(at, |at, second| at.at(At::Statement(*statement, *second))));
    }
}
