//! This is the least that the law asks of a plan's form: every section there and labelled by its letter, an answer where there is
//! nothing to say, preparation for adulthood from Year 9 on, section J where a direct payment is named.

use super::check::{At, Found, Reading};
use super::lines::Line;
use crate::document::Kind;
use crate::segment::{Framework, named};
use crate::span::Span;
use aho_corasick::AhoCorasick;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::LazyLock;

/// Sections whose letter stands in a heading of their own, fewer than which a document is a part of a plan or no plan.
const WHOLE: usize = 6;

/// What the headings of a plan say.
struct Headings<'p> {
    /// Sections that a heading with their letter opens.
    lettered: BTreeSet<&'static str>,
    /// Headings that name two sections at once.
    double: Vec<(&'p Line<'p>, &'static str, &'static str)>,
    /// Headings whose letter is one section's and whose title is another's.
    off: Vec<(&'p Line<'p>, &'static str, &'static str)>,
    /// Sections that are there at all, by letter or title.
    any: BTreeSet<&'static str>,
}

impl<'p> Headings<'p> {
    fn of(reading: &'p Reading<'_>) -> Self {
        let ehcp = Framework::ehcp();
        let mut headings =
            Self { lettered: BTreeSet::new(), double: Vec::new(), off: Vec::new(), any: BTreeSet::new() };
        let mut seen: HashSet<&str> = HashSet::new();
        for line in reading.lines.all.iter().filter(|line| line.heading) {
            let Some(name) = named(ehcp, line.text) else { continue };
            headings.any.insert(name.section);
            if !name.lettered {
                continue;
            }
            headings.lettered.insert(name.section);
            headings.lettered.extend(name.second);
            let fresh = seen.insert(line.text);
            if let Some(second) = name.second.filter(|_| fresh) {
                headings.double.push((line, name.section, second));
            }
            if let Some(titled) = name.titled.filter(|titled| fresh && *titled != name.section && name.second.is_none())
            {
                // H1 and H2 are called much the same, and "Needs" may stand in C and D.
                let alike =
                    ehcp.are_of_a_group(titled, name.section) && ehcp.kind_of(titled) == ehcp.kind_of(name.section);
                let plain =
                    titled == "B" && line.text.len() < 24 && !line.text.to_ascii_lowercase().contains("special");
                if !alike && !plain {
                    headings.off.push((line, name.section, titled));
                }
            }
        }
        for section in reading.sections.iter().filter(|section| !section.section.is_empty()) {
            if let Some(id) = ehcp.sections().map(|(id, _)| id).find(|id| *id == section.section) {
                headings.any.insert(id);
            }
            // A heading of two cells ("A1 | History") is no line of the plan.
            if let Some(name) =
                named(ehcp, &section.heading).filter(|name| name.lettered && name.section == section.section)
            {
                headings.lettered.insert(name.section);
            }
        }
        headings
    }

    /// True where most of a plan's sections are there.
    fn is_whole(&self) -> bool {
        self.lettered.len() >= WHOLE
    }
}

fn at(line: &Line<'_>) -> At {
    At::Paragraph(line.paragraph, line.span)
}

/// "B", "B and F", "B, F and H1".
fn list(ids: &[&str]) -> String {
    match ids {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [head @ .., last] => format!("{} and {last}", head.join(", ")),
    }
}

/// Sections that no heading with their letter opens, in a plan that has most of them.
pub(super) fn section_missing(reading: &Reading<'_>, found: &mut Vec<Found>) {
    let headings = Headings::of(reading);
    if !headings.is_whole() {
        return;
    }
    let gone: Vec<&str> =
        Framework::ehcp().sections().map(|(id, _)| id).filter(|id| !headings.lettered.contains(id)).collect();
    if gone.is_empty() {
        return;
    }
    let sure = gone.iter().any(|id| matches!(*id, "B" | "E" | "F" | "I"));
    let plural = if gone.len() == 1 { "Section" } else { "Sections" };
    let are = if gone.len() == 1 { "has" } else { "have" };
    let found_at = Found::new().missing(format!("section {}", list(&gone))).sure(sure);
    found.push(found_at.saying("sections", format!("{plural} {}", list(&gone))).saying("have", are));
}

/// Sections that are not told apart: one heading for two, or titles with no letters at all.
pub(super) fn section_not_separate(reading: &Reading<'_>, found: &mut Vec<Found>) {
    let headings = Headings::of(reading);
    for (line, first, second) in &headings.double {
        let words = format!("sections {first} and {second} share a heading");
        found.push(Found::new().at(at(line)).saying("what", words));
    }
    if headings.lettered.len() < 3 && headings.any.len() >= 4 && reading.statements.len() >= 12 {
        let first = reading.lines.all.iter().find(|line| line.heading);
        let words = "the sections have titles and no letters";
        let plain = Found::new().saying("what", words).sure(false);
        found.push(first.into_iter().fold(plain, |found, line| found.at(at(line))));
    }
}

/// A heading whose letter belongs to another section than its title.
pub(super) fn heading_letter_off(reading: &Reading<'_>, found: &mut Vec<Found>) {
    for (line, letter, title) in Headings::of(reading).off {
        found.push(Found::new().at(at(line)).saying("letter", letter).saying("title", title));
    }
}

/// Sections of needs, outcomes and provision with a heading and nothing below it, not even "none".
pub(super) fn section_empty(reading: &Reading<'_>, found: &mut Vec<Found>) {
    let ehcp = Framework::ehcp();
    let headings = Headings::of(reading);
    if !headings.is_whole() {
        return;
    }
    let mut full: BTreeSet<&str> = BTreeSet::new();
    for section in reading.sections.iter().filter(|section| !section.statements.is_empty()) {
        full.insert(&section.section);
    }
    let id = |line: &Line<'_>| line.section.and_then(|i| reading.sections.get(i)).map_or("", |s| s.section.as_str());
    // Cells below a column title belong to it, wherever the titles beside it lead.
    let mut below: BTreeMap<(usize, usize), bool> = BTreeMap::new();
    for line in &reading.lines.all {
        let tells = line.cell.is_some() || !line.heading && !full.contains(id(line));
        if !tells || ehcp.is_boilerplate(line.text) {
            continue;
        }
        if !line.heading {
            full.insert(id(line));
        }
        if let Some((table, _, column)) = line.cell {
            *below.entry((table, column)).or_default() |= !line.heading;
        }
    }
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for line in reading.lines.all.iter().filter(|line| line.heading) {
        let id = id(line);
        let asked = matches!(ehcp.kind_of(id), Some(Kind::Need | Kind::Outcome | Kind::Provision));
        let beside = line.cell.is_some_and(|(table, _, column)| below.get(&(table, column)).copied().unwrap_or(false));
        if asked && !full.contains(id) && !beside && told.insert(id) {
            let sure = matches!(id, "B" | "E" | "F");
            found.push(Found::new().at(at(line)).saying("section", id).missing("an answer, if only “none”").sure(sure));
        }
    }
}

/// Words of provision that prepares for adulthood.
const ADULTHOOD: &[&str] = &[
    "adulthood",
    "adult life",
    "employment",
    "employer",
    "employab",
    "work experience",
    "work placement",
    "workplace",
    "internship",
    "apprentice",
    "career",
    "job coach",
    "a job",
    "paid work",
    "paid job",
    "independent living",
    "live independently",
    "living independently",
    "independence skills",
    "life skills",
    "living skills",
    "travel train",
    "travel independently",
    "public transport",
    "public bus",
    "by bus",
    "housing",
    "own home",
    "tenancy",
    "volunteer",
    "voluntary work",
    "vocational",
    "further education",
    "post-16",
    "post 16",
    "university",
    "budget",
    "coins",
    "real shop",
    "local shop",
    "bank account",
    "cook a meal",
    "own meal",
    "job interview",
    "catch a bus",
    "supported living",
];

/// No preparation for adulthood in a plan for Year 9 or above.
pub(super) fn no_preparation_for_adulthood(reading: &Reading<'_>, found: &mut Vec<Found>) {
    let old = reading.cover.group().is_some_and(|group| group >= 9)
        || reading.cover.group().is_none() && reading.cover.years().is_some_and(|age| age >= 14);
    let mut provision = reading.statements.iter().filter(|judged| judged.statement.kind == Kind::Provision).peekable();
    if !old || provision.peek().is_none() {
        return;
    }
    let says = |text: &str| {
        let lower = text.to_ascii_lowercase();
        ADULTHOOD.iter().any(|word| lower.contains(word))
    };
    let heading = |line: &Line<'_>| line.text.len() < 80 && line.text.to_ascii_lowercase().contains("adulthood");
    if provision.any(|judged| says(&judged.statement.text)) || reading.lines.all.iter().any(heading) {
        return;
    }
    let place = reading.cover.year.map(|(_, place)| place).or(reading.cover.born.map(|(_, place)| place));
    let plain = Found::new().missing("provision that prepares for adulthood and independent living");
    found.push(place.into_iter().fold(plain, |found, (paragraph, span)| found.at(At::Paragraph(paragraph, span))));
}

/// A direct payment that section J does not answer for.
pub(super) fn direct_payment_without_section_j(reading: &Reading<'_>, found: &mut Vec<Found>) {
    static NAMED: LazyLock<AhoCorasick> = LazyLock::new(|| {
        let named = AhoCorasick::builder().ascii_case_insensitive(true).build(["direct payment"]);
        named.unwrap_or_else(|error| panic!("{error}"))
    });
    let id = |line: &Line<'_>| line.section.and_then(|i| reading.sections.get(i)).map_or("", |s| s.section.as_str());
    let negative = |text: &str| {
        [" not ", "no ", "none", "n/a", "not applicable", "declin", "without"]
            .iter()
            .any(|word| format!(" {text}").contains(word))
    };
    let (mut answer, mut purpose) = (false, false);
    let mut payments: Vec<(&Line<'_>, usize)> = Vec::new();
    let mut in_j: Option<(&Line<'_>, usize)> = None;
    for line in &reading.lines.all {
        let section = id(line);
        let names = NAMED.find(line.text).map(|found| found.start());
        if section != "J" && names.is_none() {
            continue;
        }
        let lower = line.text.to_ascii_lowercase();
        if section == "J" {
            if !line.heading && !negative(&lower) {
                answer = true;
                // "Arrangements for direct payments" is a label of the form.
                if let Some(at) = names.filter(|_| lower.ends_with('.') || lower.len() > 60) {
                    in_j = in_j.or(Some((line, at)));
                }
            }
            purpose |=
                !line.heading && (lower.contains("outcome") || lower.contains("need") || lower.contains("section f"));
        } else if let Some(at) = names
            && !line.heading
            && section != "K"
            && !negative(&lower)
        {
            payments.push((line, at));
        }
    }
    let place = |(line, at): (&Line<'_>, usize)| {
        let start = line.span.start + at;
        At::Paragraph(line.paragraph, Span::new(start, start + "direct payment".len()))
    };
    if let Some(first) = payments.first().filter(|_| !answer) {
        let missing = "section J with the needs and outcomes that the direct payment is to meet";
        found.push(Found::new().at(place(*first)).missing(missing));
    } else if let Some(line) = in_j.filter(|_| !purpose) {
        found.push(Found::new().at(place(line)).missing("the needs and outcomes that the direct payment is to meet"));
    }
}
