//! This is the HTML report: one self-contained accessible page for a caseworker, with no script and nothing to fetch.
//!
//! The template (`report.html`) escapes everything that it is given; this file only cuts sentences at their findings.

use super::{page, words};
use crate::assess::{Assessment, Criterion};
use crate::document::{Kind, NoteKind};
use crate::plan::PlanFinding;
use crate::review::{Judged, Review, Score};
use crate::rules::{Finding, Rule};
use crate::span::Span;
use minijinja::value::Serde;
use serde::Serialize;
use std::collections::BTreeSet;

/// The reviews as one page. `rules` are those in force; the page explains the ones that were found.
///
/// # Errors
/// [`minijinja::Error`] where the template does not fit its data, which a test of this crate rules out.
pub fn write(reviews: &[Review], rules: &[Rule]) -> Result<String, minijinja::Error> {
    let found: BTreeSet<&str> = reviews
        .iter()
        .flat_map(|review| &review.sections)
        .flat_map(|section| &section.statements)
        .filter_map(|judged| judged.assessment.as_ref())
        .flat_map(|assessment| &assessment.findings)
        .map(|finding| finding.rule.as_str())
        .chain(reviews.iter().flat_map(|review| &review.whole.findings).map(|finding| finding.rule.as_str()))
        .collect();
    let report = Report {
        version: env!("CARGO_PKG_VERSION"),
        plans: reviews.iter().enumerate().map(|(i, review)| Plan::new(i + 1, review, rules)).collect(),
        rules: rules.iter().filter(|rule| found.contains(rule.id.as_str())).map(Help::new).collect(),
    };
    let environment = page::environment("report.html", include_str!("report.html"))?;
    environment.get_template("report.html")?.render(Serde(report))
}

#[derive(Serialize)]
struct Report<'r> {
    version: &'static str,
    plans: Vec<Plan<'r>>,
    rules: Vec<Help<'r>>,
}

#[derive(Serialize)]
struct Plan<'r> {
    anchor: String,
    name: &'r str,
    judged: usize,
    with_findings: usize,
    findings: String,
    score: Option<ScoreView<'r>>,
    section_scores: Vec<ScoreView<'r>>,
    whole_head: &'static str,
    whole: Vec<WholeView<'r>>,
    thread_head: &'static str,
    thread: Vec<ThreadView<'r>>,
    waived: Vec<WaivedView<'r>>,
    waived_head: &'static str,
    unread: Vec<NoteView<'r>>,
    notes: Vec<NoteView<'r>>,
    sections: Vec<SectionView<'r>>,
}

impl<'r> Plan<'r> {
    fn new(number: usize, review: &'r Review, rules: &[Rule]) -> Self {
        let anchor = format!("plan-{number}");
        let tally = words::Tally::of(review);
        let note = |kind: bool| {
            review
                .notes
                .iter()
                .filter(|note| (note.kind == NoteKind::NeedsOcr) == kind)
                .map(|note| NoteView { page: note.page, message: &note.message })
                .collect()
        };
        Self {
            name: &review.document,
            judged: tally.judged,
            with_findings: tally.statements,
            findings: tally.findings(),
            score: ScoreView::new("Whole plan".into(), &review.scores.plan),
            section_scores: review
                .scores
                .sections
                .iter()
                .filter_map(|s| ScoreView::new(words::section(&s.section), &s.score))
                .collect(),
            whole_head: words::WHOLE,
            whole: review.whole.findings.iter().map(|finding| WholeView::new(finding, rules)).collect(),
            thread_head: words::THREAD,
            thread: words::threads(&review.whole.thread).into_iter().map(ThreadView::new).collect(),
            waived: words::waived(review).into_iter().map(WaivedView::new).collect(),
            waived_head: words::WAIVED,
            unread: note(true),
            notes: note(false),
            sections: review
                .sections
                .iter()
                .enumerate()
                .filter_map(|(i, section)| {
                    let anchor = format!("{anchor}-part-{}", i + 1);
                    let statements: Vec<StatementView<'r>> = section
                        .statements
                        .iter()
                        .filter_map(|judged| StatementView::new(&anchor, judged, rules))
                        .collect();
                    let todo = statements.iter().filter(|s| !s.findings.is_empty()).count();
                    (!statements.is_empty()).then(|| SectionView {
                        title: words::title(&section.section, &section.heading),
                        todo,
                        good: statements.len() - todo,
                        anchor,
                        statements,
                    })
                })
                .collect(),
            anchor,
        }
    }
}

#[derive(Serialize)]
struct NoteView<'r> {
    page: Option<u32>,
    message: &'r str,
}

/// A finding about the plan as a whole.
#[derive(Serialize)]
struct WholeView<'r> {
    severity: &'static str,
    places: String,
    message: &'r str,
    /// The anchor of the rule's help; `None` for a rule that is not in force.
    rule: Option<String>,
    summary: Option<String>,
}

impl<'r> WholeView<'r> {
    fn new(finding: &'r PlanFinding, rules: &[Rule]) -> Self {
        let rule = rules.iter().find(|rule| rule.id == finding.rule);
        let places: Vec<String> = finding.places.iter().map(words::plan_place).collect();
        Self {
            severity: finding.severity.name(),
            places: places.join(", "),
            message: &finding.message,
            rule: rule.map(|rule| anchor(&rule.id)),
            summary: rule.map(|rule| rule.summary.clone()),
        }
    }
}

/// A row of the golden thread.
#[derive(Serialize)]
struct ThreadView<'r> {
    id: &'r str,
    text: &'r str,
    /// Cells for outcomes and for provision; `None` where the thread runs to no such thing.
    cells: [Option<Vec<LinkView<'r>>>; 2],
}

#[derive(Serialize)]
struct LinkView<'r> {
    id: &'r str,
    by: &'static str,
    percent: u8,
    shared: String,
}

impl<'r> ThreadView<'r> {
    fn new(row: words::ThreadRow<'r>) -> Self {
        let mut cells = [None, None];
        for (what, links) in row.links {
            let links = links.into_iter().map(|link| {
                let words::ThreadLink { id, by, percent, shared } = link;
                LinkView { id, by, percent, shared: shared.join(", ") }
            });
            cells[usize::from(what != "outcomes")] = Some(links.collect());
        }
        Self { id: row.id, text: row.text, cells }
    }
}

#[derive(Serialize)]
struct WaivedView<'r> {
    id: &'r str,
    words: String,
    rule: &'r str,
    reason: &'r str,
    by: String,
}

impl<'r> WaivedView<'r> {
    fn new(waived: words::WaivedLine<'r>) -> Self {
        let words::WaivedLine { id, rule, words, reason, by } = waived;
        Self { id, words, rule, reason, by }
    }
}

#[derive(Serialize)]
struct ScoreView<'r> {
    name: String,
    points: String,
    grade: Option<&'r str>,
    good: usize,
    judged: usize,
    undecided: usize,
}

impl<'r> ScoreView<'r> {
    fn new(name: String, score: &'r Score) -> Option<Self> {
        Some(Self {
            name,
            points: format!("{:.0}", score.score?),
            grade: score.grade.as_deref(),
            good: score.good,
            judged: score.judged,
            undecided: score.undecided,
        })
    }
}

#[derive(Serialize)]
struct SectionView<'r> {
    anchor: String,
    title: String,
    /// Statements with findings.
    todo: usize,
    /// Statements without.
    good: usize,
    statements: Vec<StatementView<'r>>,
}

#[derive(Serialize)]
struct StatementView<'r> {
    anchor: String,
    id: &'r str,
    place: String,
    kind: &'static str,
    good: bool,
    verdict: String,
    context: Vec<(&'static str, &'r str)>,
    pieces: Vec<Piece<'r>>,
    findings: Vec<FindingView<'r>>,
    criteria: Vec<Chip>,
    suggestion: Vec<(bool, &'r str)>,
}

impl<'r> StatementView<'r> {
    /// `None` for statements that are not judged.
    fn new(section: &str, judged: &'r Judged, rules: &[Rule]) -> Option<Self> {
        let assessment = judged.assessment.as_ref()?;
        let statement = &judged.statement;
        let findings = words::numbered(&statement.text, &assessment.findings);
        Some(Self {
            anchor: format!("{section}-{}", judged.id),
            id: &judged.id,
            place: words::place(statement.place),
            kind: statement.kind.name(),
            good: assessment.verdict.is_good(),
            verdict: words::verdict(assessment, statement.kind),
            context: statement.context.iter().map(|c| (words::context(c.role), c.text.as_str())).collect(),
            pieces: pieces(&statement.text, &findings),
            findings: findings.iter().map(|(number, finding)| FindingView::new(*number, finding, rules)).collect(),
            criteria: chips(assessment, statement.kind),
            suggestion: assessment.suggestion.as_deref().map(words::blanks).unwrap_or_default(),
        })
    }
}

#[derive(Serialize)]
struct FindingView<'r> {
    /// `None` where the finding is about the whole statement.
    number: Option<usize>,
    severity: &'static str,
    message: &'r str,
    /// The anchor of the rule's help; `None` for a rule that is not in force.
    rule: Option<String>,
    summary: Option<String>,
}

impl<'r> FindingView<'r> {
    fn new(number: Option<usize>, finding: &'r Finding, rules: &[Rule]) -> Self {
        let rule = rules.iter().find(|rule| rule.id == finding.rule);
        Self {
            number,
            severity: finding.severity.name(),
            message: &finding.message,
            rule: rule.map(|rule| anchor(&rule.id)),
            summary: rule.map(|rule| rule.summary.clone()),
        }
    }
}

#[derive(Serialize)]
struct Chip {
    /// S, M, A, R, T for an outcome.
    letter: Option<&'static str>,
    name: &'static str,
    mark: &'static str,
    state: &'static str,
    class: String,
}

fn chips(assessment: &Assessment, kind: Kind) -> Vec<Chip> {
    assessment
        .criteria
        .iter()
        .map(|c| {
            let (mark, state) = words::state(c.state);
            let letter = match c.criterion {
                Criterion::Specific => Some("S"),
                Criterion::Measurable => Some("M"),
                Criterion::Achievable => Some("A"),
                Criterion::Relevant => Some("R"),
                Criterion::TimeBound => Some("T"),
                _ => None,
            };
            Chip {
                letter: letter.filter(|_| kind == Kind::Outcome),
                name: words::criterion(c.criterion),
                mark,
                state,
                class: format!("{:?}", c.state).to_lowercase(),
            }
        })
        .collect()
}

/// A stretch of a sentence that the same findings cover.
#[derive(Debug, Serialize, PartialEq, Eq)]
struct Piece<'r> {
    text: &'r str,
    /// The worst severity that covers it; empty where none does.
    class: &'static str,
    /// Numbers of the findings that end with this piece.
    ends: Vec<usize>,
}

fn pieces<'r>(text: &'r str, findings: &[(Option<usize>, &Finding)]) -> Vec<Piece<'r>> {
    let marked: Vec<(usize, &Finding)> =
        findings.iter().filter_map(|(number, finding)| Some(((*number)?, *finding))).collect();
    let mut cuts: BTreeSet<usize> = marked.iter().flat_map(|(_, f)| [f.span.start, f.span.end]).collect();
    cuts.insert(0);
    cuts.insert(text.len());
    let cuts: Vec<usize> = cuts.into_iter().filter(|at| text.is_char_boundary(*at)).collect();
    cuts.windows(2)
        .filter_map(|pair| match pair {
            [from, to] => Some(Span::new(*from, *to)),
            _ => None,
        })
        .map(|span| {
            let over = || marked.iter().filter(move |(_, f)| f.span.contains(span));
            Piece {
                text: span.of(text),
                class: over().map(|(_, f)| f.severity).max().map_or("", crate::rules::Severity::name),
                ends: over().filter(|(_, f)| f.span.end == span.end).map(|(n, _)| *n).collect(),
            }
        })
        .collect()
}

/// What the page says of a rule.
#[derive(Serialize)]
struct Help<'r> {
    anchor: String,
    id: &'r str,
    summary: &'r str,
    why: &'r str,
    advice: &'r str,
    severity: &'static str,
    source: &'r str,
    /// Only web addresses become links.
    url: Option<&'r str>,
    read: &'r str,
    bad: Vec<Example<'r>>,
    good: Vec<&'r str>,
}

impl<'r> Help<'r> {
    fn new(rule: &'r Rule) -> Self {
        Self {
            anchor: anchor(&rule.id),
            id: &rule.id,
            summary: &rule.summary,
            why: &rule.why,
            advice: &rule.advice,
            severity: rule.severity.name(),
            source: &rule.source.title,
            url: Some(rule.source.url.as_str()).filter(|url| url.starts_with("https://") || url.starts_with("http://")),
            read: &rule.source.read,
            bad: rule
                .bad
                .iter()
                .map(|bad| Example { pieces: marked(&bad.text), better: bad.better.as_deref() })
                .collect(),
            good: rule.good.iter().map(|good| good.text.as_str()).collect(),
        }
    }
}

#[derive(Serialize)]
struct Example<'r> {
    /// `true` for the faulted words.
    pieces: Vec<(bool, &'r str)>,
    better: Option<&'r str>,
}

fn anchor(rule: &str) -> String {
    format!("rule-{}", rule.replace(|c: char| !c.is_ascii_alphanumeric(), "-"))
}

/// An example cut at its «marks».
fn marked(text: &str) -> Vec<(bool, &str)> {
    let mut out = Vec::new();
    let mut inside = false;
    for piece in text.split(['«', '»']) {
        if !piece.is_empty() {
            out.push((inside, piece));
        }
        inside = !inside;
    }
    out
}
