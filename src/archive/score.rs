//! This is the scoring of many plans at once: inputs in, rows out, pure.
//!
//! Nothing here reads a file or knows of any other batch, so that another engine can call it for its own rows. The
//! same inputs give the same rows on any number of threads.

use super::input::{Body, Input, Reason, Rejected};
use super::plan::{CRITERIA, FindingRow, JudgedRow, Plan, SECTIONS, ScoredPlan, StatementRow};
use super::privacy::{self, Hit};
use super::{hash, quantum, wording};
use crate::assess::{Confidence, State};
use crate::document::{Document, Kind, NoteKind, Setting};
use crate::engine::{Engine, Tally};
use crate::plan::PlanFinding;
use crate::readers;
use crate::review::{Judged, Review};
use crate::rules::Severity;
use crate::span::{CodePoints, Span};
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap};

/// Which words of the plans the outputs may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Quotes {
    /// Those of plans in which no personal data was found.
    #[default]
    Gated,
    /// Those of every plan, personal data masked.
    Redacted,
    /// None.
    None,
}

/// What scoring needs to know beside the engine.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Which words may be kept.
    pub quotes: Quotes,
    /// Where the children are educated, if nothing else says so.
    pub setting: Option<Setting>,
}

/// What comes out of a batch of inputs, in their order.
#[derive(Debug, Default)]
pub struct Scored {
    /// The plans.
    pub plans: Vec<ScoredPlan>,
    /// The inputs that are none.
    pub rejected: Vec<Rejected>,
    /// How many statements were judged, and by what.
    pub tally: Tally,
}

/// Scores a batch of inputs on rayon's pool. Pure; never fails: what cannot be read is in [`Scored::rejected`].
pub fn score(engine: &Engine, options: Options, inputs: &[Input]) -> Scored {
    let rules: HashMap<&str, u16> =
        engine.rules().rules().iter().zip(0..).map(|(rule, number)| (rule.id.as_str(), number)).collect();
    let parts = inputs.par_chunks(engine.together()).map(|part| score_together(engine, options, part, &rules));
    let mut out = Scored::default();
    for part in parts.collect::<Vec<Scored>>() {
        out.plans.extend(part.plans);
        out.rejected.extend(part.rejected);
        out.tally.add(part.tally);
    }
    out
}

/// Scores a few inputs at one go, from their bytes to their rows, so that few plans are in hand at a time: while one is read and
/// judged it is many times its bytes.
fn score_together(engine: &Engine, options: Options, inputs: &[Input], rules: &HashMap<&str, u16>) -> Scored {
    let found: Vec<Vec<Result<Document, Rejected>>> =
        inputs.par_iter().map(|input| documents(input, options)).collect();
    let read: Vec<&Document> = found.iter().flatten().filter_map(|one| one.as_ref().ok()).collect();
    let (reviews, tally) = engine.review_tallied(&read);
    let mut reviews = reviews.into_iter();
    let mut out = Scored { tally, ..Scored::default() };
    let all: Vec<_> = inputs
        .iter()
        .zip(found)
        .flat_map(|(input, found)| found.into_iter().map(move |one| (input, one)))
        .filter_map(|(input, one)| match one {
            Ok(document) => Some((input, Ok((document, reviews.next()?)))),
            Err(rejected) => Some((input, Err(rejected))),
        })
        .collect();
    debug_assert!(reviews.next().is_none(), "each document has its review");
    let rows = all
        .into_par_iter()
        .map(|(input, one)| one.and_then(|(document, review)| plan(&document, review, input, options, rules)));
    for one in rows.collect::<Vec<Result<ScoredPlan, Rejected>>>() {
        match one {
            Ok(plan) => out.plans.push(plan),
            Err(rejected) => out.rejected.push(rejected),
        }
    }
    out
}

/// The plans in an input. A file in the form of JSON Lines holds one a line.
pub fn documents(input: &Input, options: Options) -> Vec<Result<Document, Rejected>> {
    let mut found = match &input.body {
        Body::Record(line) => match readers::record(&input.id, line) {
            Ok(document) => vec![document],
            Err(why) => return vec![Err(Rejected::new(&input.id, Reason::NotARecord, why))],
        },
        Body::File(bytes) => match readers::read(&input.source, bytes) {
            Ok(documents) => documents,
            Err(error) => return vec![Err(Rejected::unread(&input.source, &error))],
        },
    };
    if let [document] = found.as_mut_slice() {
        document.name.clone_from(&input.id);
    }
    for document in &mut found {
        document.setting = document.setting.or(input.educated).or(options.setting);
    }
    found.into_iter().map(Ok).collect()
}

fn plan(
    document: &Document,
    review: Review,
    input: &Input,
    options: Options,
    rules: &HashMap<&str, u16>,
) -> Result<ScoredPlan, Rejected> {
    let unread_pages = review.notes.iter().filter(|note| note.kind == NoteKind::NeedsOcr).count();
    let mut statements = review.sections.iter().flat_map(|section| &section.statements);
    if statements.all(|judged| judged.assessment.is_none()) {
        let reason = if unread_pages > 0 { Reason::Scanned } else { Reason::NothingFound };
        let why = review.notes.iter().find(|note| matches!(note.kind, NoteKind::NeedsOcr | NoteKind::Empty));
        let why = why.map_or(
            "No outcome or provision was found; check that this is the plan itself and that its sections are headed by \
             their letters.",
            |note| note.message.as_str(),
        );
        return Err(Rejected::new(&review.document, reason, why));
    }
    let paragraphs = document.paragraphs();
    let child = privacy::first_name(&paragraphs);
    let hits = privacy::find_beside(&paragraphs, child);
    let quoted = match options.quotes {
        Quotes::Gated => hits.is_empty(),
        Quotes::Redacted => true,
        Quotes::None => false,
    };
    // Where a wording is only compared, a name is taken out of it as well.
    let hidden = if hits.is_empty() { Vec::new() } else { privacy::everywhere(document, &hits) };
    let texts: HashMap<usize, &str> =
        paragraphs.iter().map(|paragraph| (paragraph.place.paragraph, paragraph.text.as_str())).collect();
    let places = |paragraph: usize| CodePoints::new(texts.get(&paragraph).copied().unwrap_or(""));

    let mut kept = Plan {
        id: review.document.clone(),
        source: input.source.clone(),
        format: format!("{:?}", review.format).to_lowercase(),
        hash: hash::hex(&input.hash),
        given: input.given.clone(),
        score: review.scores.plan.score,
        grade: review.scores.plan.grade.clone(),
        sections: std::array::from_fn(|i| {
            review.scores.sections.iter().find(|s| s.section == SECTIONS[i]).and_then(|s| s.score.score)
        }),
        personal: hits.iter().map(|hit| place(hit, &places(hit.paragraph))).collect(),
        quoted,
        unread_pages: u32::try_from(unread_pages).unwrap_or(u32::MAX),
        ..Plan::default()
    };
    let mut rows = Rows { rules, hidden: &hidden, child, quoted, plain: String::new(), counts: BTreeMap::new() };
    let mut statements = Vec::with_capacity(review.sections.iter().map(|s| s.statements.len()).sum());
    let mut findings = Vec::new();
    for judged in review.sections.into_iter().flat_map(|section| section.statements) {
        let ordinal = u32::try_from(statements.len()).unwrap_or(u32::MAX);
        statements.push(rows.statement(judged, ordinal, &places, &mut kept, &mut findings));
    }
    add_whole(review.whole.findings, rules, &statements, &mut kept, &mut findings);
    kept.statements = u32::try_from(statements.len()).unwrap_or(u32::MAX);
    kept.rules = rows.counts.into_iter().collect();
    kept.twin = statements.iter().fold(0, |all: u64, row: &StatementRow| {
        all.rotate_left(7).wrapping_add(row.marks.exact).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    });
    Ok(ScoredPlan { plan: kept, statements, findings })
}

/// Adds the findings about the plan as a whole. Each stands at its first place; what it may quote is what is kept of the
/// statement there.
fn add_whole(
    whole: Vec<PlanFinding>,
    rules: &HashMap<&str, u16>,
    statements: &[StatementRow],
    plan: &mut Plan,
    findings: &mut Vec<FindingRow>,
) {
    if whole.is_empty() {
        return;
    }
    let ordinals: HashMap<&str, u32> = statements.iter().map(|row| row.id.as_str()).zip(0..).collect();
    let mut counts: BTreeMap<u16, u16> = BTreeMap::new();
    for finding in whole {
        let which = severity_index(finding.severity);
        plan.whole[which] = plan.whole[which].saturating_add(1);
        let rule = rules.get(finding.rule.as_str()).copied().unwrap_or(u16::MAX);
        let count = counts.entry(rule).or_default();
        *count = count.saturating_add(1);
        let at = finding.places.first().and_then(|place| {
            let statement = ordinals.get(place.statement.as_deref()?).copied()?;
            Some((statement, place.points))
        });
        let quote = at.and_then(|(statement, points)| {
            let text = statements.get(statement as usize)?.text.as_deref()?;
            Some(text.chars().skip(points.start).take(points.len()).collect())
        });
        findings.push(FindingRow {
            statement: at.map(|(statement, _)| statement),
            rule,
            severity: finding.severity,
            start: at.map(|(_, points)| short(points.start)),
            end: at.map(|(_, points)| short(points.end)),
            quote,
        });
    }
    plan.whole_rules = counts.into_iter().collect();
}

/// Errors, warnings, notes: the order of the counts.
fn severity_index(severity: Severity) -> usize {
    match severity {
        Severity::Error => 0,
        Severity::Warning => 1,
        Severity::Note => 2,
    }
}

fn place(hit: &Hit, points: &CodePoints<'_>) -> (privacy::Kind, u32, u32, u32) {
    let span = points.span(hit.span);
    (hit.kind, short(hit.paragraph), short(span.start), short(span.end))
}

/// Makes the rows of a plan's statements.
struct Rows<'p> {
    rules: &'p HashMap<&'p str, u16>,
    /// Personal data: paragraph and place.
    hidden: &'p [(usize, Span)],
    child: Option<&'p str>,
    quoted: bool,
    plain: String,
    /// Statements by rule.
    counts: BTreeMap<u16, u16>,
}

impl Rows<'_> {
    fn statement<'t>(
        &mut self,
        judged: Judged,
        ordinal: u32,
        places: &impl Fn(usize) -> CodePoints<'t>,
        plan: &mut Plan,
        findings: &mut Vec<FindingRow>,
    ) -> StatementRow {
        let Judged { id, statement, assessment, .. } = judged;
        let paragraph = statement.place.paragraph;
        let first = self.hidden.partition_point(|(at, _)| *at < paragraph);
        let here = self.hidden[first..].iter().take_while(|(at, _)| *at == paragraph).map(|(_, span)| *span);
        let hidden: Vec<Span> = here
            .filter(|span| span.overlaps(statement.span))
            .map(|span| {
                let start = span.start.saturating_sub(statement.span.start);
                Span::new(start, span.end.saturating_sub(statement.span.start))
            })
            .collect();
        // Masking changes bytes, not characters: places stay what they are in the words as they were.
        let original = statement.text;
        let masked = (!hidden.is_empty()).then(|| privacy::mask(&original, hidden.iter().copied()));
        let text = masked.as_deref().unwrap_or(&original);
        let marks = wording::marks(text, self.child, &mut self.plain);
        let words = text.split_whitespace().count();
        plan.words = plan.words.saturating_add(short(words));
        let row = assessment.map(|assessment| {
            let good = assessment.verdict.is_good();
            let tally = if statement.kind == Kind::Outcome { &mut plan.outcomes } else { &mut plan.provision };
            tally[0] += 1;
            tally[1] += u32::from(good);
            plan.undecided += u32::from(assessment.confidence == Confidence::Low);
            let mut criteria = [None; CRITERIA.len()];
            for state in &assessment.criteria {
                let at = state.criterion as usize;
                criteria[at] = Some(state.state);
                match state.state {
                    State::Met => plan.met[at] = plan.met[at].saturating_add(1),
                    State::Missing => plan.missing[at] = plan.missing[at].saturating_add(1),
                    State::Undecidable | State::NotNeeded => {}
                }
            }
            let said = |criterion: usize| criteria[criterion] == Some(State::Met);
            if statement.kind == Kind::Provision
                && said(crate::assess::Criterion::Frequency as usize)
                && let Some((help, minutes)) = quantum::promised(text)
            {
                plan.help.push((u8::try_from(help).unwrap_or(u8::MAX), minutes as f32));
            }
            let points = CodePoints::new(&original);
            let mut counts = [0_u16; 3];
            let mut seen: Vec<u16> = Vec::new();
            for finding in &assessment.findings {
                let which = severity_index(finding.severity);
                counts[which] = counts[which].saturating_add(1);
                plan.findings[which] = plan.findings[which].saturating_add(1);
                let rule = self.rules.get(finding.rule.as_str()).copied().unwrap_or(u16::MAX);
                if !seen.contains(&rule) {
                    seen.push(rule);
                    let count = self.counts.entry(rule).or_default();
                    *count = count.saturating_add(1);
                }
                let span = points.span(finding.span);
                let quote = self.quoted.then(|| text.chars().skip(span.start).take(span.len()).collect());
                findings.push(FindingRow {
                    statement: Some(ordinal),
                    rule,
                    severity: finding.severity,
                    start: Some(short(span.start)),
                    end: Some(short(span.end)),
                    quote,
                });
            }
            JudgedRow {
                verdict: assessment.verdict,
                probability: ((assessment.probability * 1e4).round() / 1e4) as f32,
                confidence: assessment.confidence,
                wording: assessment.wording,
                criteria,
                findings: counts,
            }
        });
        let span = places(paragraph).span(statement.span);
        StatementRow {
            id,
            section: statement.section,
            kind: statement.kind,
            judged: row,
            text: self.quoted.then(|| masked.unwrap_or(original)),
            paragraph: short(paragraph),
            start: short(span.start),
            end: short(span.end),
            page: statement.place.page,
            words: u16::try_from(words).unwrap_or(u16::MAX),
            marks,
        }
    }
}

fn short(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::input::Raw;

    #[test]
    fn what_is_rejected_stands_in_the_order_of_the_inputs() {
        let record = |id: &str, text: &str| format!(r#"{{"id": "{id}", "text": "{text}"}}"#).into_bytes();
        let bodies = [
            record("empty", "Nothing is said here."),
            b"no record".to_vec(),
            record("plan", r"Section F\n\nSam will have regular help from staff.\n"),
            record("void", ""),
        ];
        let raw = |body: Vec<u8>| Raw { source: "plans.jsonl".into(), line: None, body: Body::Record(body) };
        let inputs: Vec<Input> = bodies.into_iter().map(raw).map(Input::new).collect();
        let engine = Engine::new().without_model().without_suggestions();
        let scored = score(&engine, Options::default(), &inputs);
        assert_eq!(scored.plans.iter().map(|plan| plan.plan.id.as_str()).collect::<Vec<_>>(), ["plan"]);
        let rejected: Vec<&str> = scored.rejected.iter().map(|rejected| rejected.input.as_str()).collect();
        assert_eq!(rejected.len(), 3, "{:?}", scored.rejected);
        assert_eq!((rejected[0], rejected[2]), ("empty", "void"));
    }
}
