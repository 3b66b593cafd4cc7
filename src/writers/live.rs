//! This is what the writers' page is told of a text or a plan: the JSON of `check`, and beside it what the page would
//! otherwise have to work out: the plain English, the blanks of the suggestion, and where the words stand in the text.
//!
//! Offsets beside `check` count UTF-16 code units, as browsers do; those inside it are the contract's.

use super::json::{About, JudgementJson, PlanJson, rounded};
use super::words;
use crate::assess::{Assessment, Criterion, State};
use crate::document::{Document, Statement};
use crate::review::{Judged, Review};
use crate::rubric::Rubric;
use crate::span::Span;
use serde::Serialize;
use std::collections::BTreeMap;

/// The plans of one input, judged by `engine`. `typed` is the text behind the only one of them, with its document, where a browser holds that
/// text and wants to mark it. Compact JSON.
pub fn plans(reviews: &[Review], engine: &About, rubric: &Rubric, typed: Option<(&str, &Document)>) -> String {
    let units = typed.map(|(text, document)| Units::new(text, document));
    let plans = reviews.iter().map(|review| Plan::new(review, engine, units.as_ref())).collect();
    let all = reviews.iter().flat_map(|review| &review.sections).flat_map(|section| &section.statements);
    let unfinished = all.filter_map(|judged| judged.assessment.as_ref()).any(Assessment::lacks_suggestion);
    json(&Page { plans, words: Words::new(rubric), unfinished })
}

/// One statement on its own, as a suggestion whose blanks are being filled.
pub fn statement(statement: &Statement, assessment: &Assessment) -> String {
    let judgement = JudgementJson::new(assessment, &statement.text, &statement.context);
    json(&One { judgement, told: Told::new(statement, assessment, None) })
}

fn json(value: &impl Serialize) -> String {
    // Strings, numbers and maps with string keys always serialise; null is the honest answer otherwise.
    serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned())
}

#[derive(Serialize)]
struct Page<'r> {
    plans: Vec<Plan<'r>>,
    words: Words<'r>,
    /// True where a suggestion was left out that would take long.
    unfinished: bool,
}

#[derive(Serialize)]
struct Plan<'r> {
    check: PlanJson<'r>,
    /// "3 errors and 1 warning".
    findings: String,
    judged: usize,
    with_findings: usize,
    /// The title of each section of `check`.
    titles: Vec<String>,
    /// By the id of each judged statement.
    told: BTreeMap<&'r str, Told<'r>>,
}

impl<'r> Plan<'r> {
    fn new(review: &'r Review, engine: &'r About, units: Option<&Units<'_>>) -> Self {
        let tally = words::Tally::of(review);
        let judged = review.sections.iter().flat_map(|section| &section.statements);
        let told = |judged: &'r Judged| {
            let told = Told::new(&judged.statement, judged.assessment.as_ref()?, units);
            Some((judged.id.as_str(), told))
        };
        Self {
            check: PlanJson::new(review, engine),
            findings: tally.findings(),
            judged: tally.judged,
            with_findings: tally.statements,
            titles: review.sections.iter().map(|section| words::title(&section.section, &section.heading)).collect(),
            told: judged.filter_map(told).collect(),
        }
    }
}

#[derive(Serialize)]
struct One<'r> {
    judgement: JudgementJson<'r>,
    told: Told<'r>,
}

/// What is said of a statement beside its judgement.
#[derive(Serialize)]
struct Told<'r> {
    /// "vague (close call), worded as an aim with no end point".
    verdict: String,
    good: bool,
    /// Percent: how likely the wording is good.
    likely: f64,
    place: String,
    /// "Introduced by" for each of its context.
    context: Vec<&'static str>,
    /// The number that a person sees of each finding; null where it is about the whole statement.
    numbers: Vec<Option<usize>>,
    /// The suggestion cut at its blanks, which are `true`.
    blanks: Vec<(bool, &'r str)>,
    /// Where the statement stands in the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<Span>,
    /// Where the words of each finding stand in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    marks: Vec<Span>,
}

impl<'r> Told<'r> {
    fn new(statement: &'r Statement, assessment: &'r Assessment, units: Option<&Units<'_>>) -> Self {
        let numbered = words::numbered(&statement.text, &assessment.findings);
        let number = |finding: &crate::rules::Finding| {
            numbered.iter().find(|(_, other)| std::ptr::eq(*other, finding)).and_then(|(number, _)| *number)
        };
        let at = units.and_then(|units| units.place(statement, None));
        let mark = |finding: &crate::rules::Finding| units?.place(statement, Some(finding.span)).or(at);
        Self {
            verdict: words::verdict(assessment, statement.kind),
            good: assessment.verdict.is_good(),
            likely: (rounded(assessment.probability) * 100.0).round(),
            place: words::place(statement.place),
            context: statement.context.iter().map(|context| words::context(context.role)).collect(),
            numbers: assessment.findings.iter().map(number).collect(),
            blanks: assessment.suggestion.as_deref().map(words::blanks).unwrap_or_default(),
            at,
            marks: assessment.findings.iter().filter_map(mark).collect(),
        }
    }
}

/// The plain English of the terms in `check`.
#[derive(Serialize)]
struct Words<'r> {
    criteria: BTreeMap<&'static str, &'static str>,
    /// The mark and what it means.
    states: BTreeMap<&'static str, (&'static str, &'static str)>,
    /// What the grade of each name means, from the best to the worst.
    grades: Vec<(&'r str, &'r str)>,
}

impl<'r> Words<'r> {
    fn new(rubric: &'r Rubric) -> Self {
        use crate::document::Kind;
        let criteria = Criterion::of(Kind::Outcome).iter().chain(Criterion::of(Kind::Provision));
        let states = [State::Met, State::Missing, State::Undecidable, State::NotNeeded];
        Self {
            criteria: criteria.map(|c| (c.name(), words::criterion(*c))).collect(),
            states: states.into_iter().map(|state| (state.name(), words::state(state))).collect(),
            grades: rubric.grades().iter().map(|grade| (grade.name.as_str(), grade.meaning.as_str())).collect(),
        }
    }
}

/// The bytes of a text counted in UTF-16 code units.
struct Units<'d> {
    paragraphs: Vec<&'d crate::document::Paragraph>,
    /// Code units before each byte; empty for ASCII, where the two counts are one.
    before: Vec<usize>,
}

impl<'d> Units<'d> {
    fn new(text: &str, document: &'d Document) -> Self {
        let mut before = Vec::new();
        if !text.is_ascii() {
            before.reserve(text.len() + 1);
            let mut units = 0;
            for c in text.chars() {
                before.extend(std::iter::repeat_n(units, c.len_utf8()));
                units += c.len_utf16();
            }
            before.push(units);
        }
        Self { paragraphs: document.paragraphs(), before }
    }

    /// Where a statement, or some of its words, stand in the text; `None` for words that are not there.
    fn place(&self, statement: &Statement, words: Option<Span>) -> Option<Span> {
        let span = words.map_or(statement.span, |words| words.shifted(statement.span.start));
        let bytes = self.paragraphs.get(statement.place.paragraph)?.source(span)?;
        let unit = |byte: usize| {
            if self.before.is_empty() { byte } else { self.before.get(byte).copied().unwrap_or_default() }
        };
        Some(Span::new(unit(bytes.start), unit(bytes.end)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Engine;
    use crate::readers;
    use serde_json::Value;

    const TEXT: &str = "# Section F\n\n🦊 Zoë will have regular help from staff.\r\n\r\n- A nurse weighs her *weekly*, for 10 minutes.\n";

    fn page(text: &str) -> Value {
        let document = readers::read_text("text", text);
        let review = Engine::new().without_model().review(&document);
        let about = super::super::sample::about();
        let page = plans(std::slice::from_ref(&review), &about, Rubric::builtin(), Some((text, &document)));
        let page: Value = serde_json::from_str(&page).expect("JSON");
        let check: Value = serde_json::from_str(&super::super::json::write(&[review], &about, true)).expect("JSON");
        assert_eq!(page["plans"][0]["check"], check, "what check prints");
        page
    }

    #[test]
    fn places_are_those_that_a_browser_counts() {
        let page = page(TEXT);
        let units: Vec<u16> = TEXT.encode_utf16().collect();
        let slice = |span: &Value| {
            let at = |key: &str| span[key].as_u64().and_then(|n| usize::try_from(n).ok()).expect("a number");
            String::from_utf16(&units[at("start")..at("end")]).expect("whole letters")
        };
        let told = &page["plans"][0]["told"]["F.1"];
        assert_eq!(slice(&told["at"]), "🦊 Zoë will have regular help from staff.");
        let statement = &page["plans"][0]["check"]["sections"][0]["statements"][0];
        let findings = statement["findings"].as_array().expect("a list");
        let marks = told["marks"].as_array().expect("a list");
        assert!(findings.len() >= 2 && marks.len() == findings.len());
        for (finding, mark) in findings.iter().zip(marks) {
            assert_eq!(finding["text"], slice(mark));
        }
        assert!(told["blanks"].as_array().is_some_and(|pieces| pieces.iter().any(|piece| piece[0] == true)));
        assert_eq!(page["plans"][0]["titles"][0], "Section F");
        assert_eq!(page["words"]["criteria"]["frequency"], "how often");
        assert_eq!(page["words"]["states"]["missing"][0], "✗");
    }

    #[test]
    fn a_text_with_nothing_to_judge_is_told_of_too() {
        let page = page("Good morning.");
        assert_eq!(
            (&page["plans"][0]["judged"], &page["plans"][0]["findings"]),
            (&0.into(), &"nothing to report".into())
        );
    }
}
