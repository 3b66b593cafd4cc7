//! This is the JSON rendering: reviews as `check --format json` prints them, and the row of `classify`.
//!
//! The formats are a contract (`schemas/check.schema.json`, `schemas/classify-result.schema.json`): offsets count
//! Unicode code points of the statement's text, and each `text` equals the slice that its offsets name.

use crate::assess::{Assessment, Confidence, Criterion, Evidence, State, Verdict, Wording};
use crate::document::{Context, ContextRole, Kind, Note, Place};
use crate::plan::thread::{By, Link, Node, Pair};
use crate::plan::{PlanFinding, Sums, Whole};
use crate::review::{Judged, Review, ReviewedSection, Scores};
use crate::rules::{Finding, Severity};
use crate::span::{CodePoints, Span};
use crate::waivers::{self, Waived};
use serde::Serialize;

/// The version of the `check` format; it changes when a consumer would have to change.
pub const VERSION: u32 = 3;

/// What judged: two runs in which all of this is the same judge alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct About {
    /// The program's version.
    pub version: &'static str,
    /// How it judged: `full`, `cascade` or `rules`.
    pub way: String,
    /// `None` where rules judged alone.
    pub model: Option<AboutModel>,
    /// Hash of the rules and the rubric, or `built-in`.
    pub rules: String,
}

/// The model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AboutModel {
    /// Its name.
    pub name: String,
    /// Hash of its files.
    pub hash: String,
}

/// Reviews, judged by `engine`, as pretty-printed JSON with a final line break: one object for one review where `single`,
/// else a list.
pub fn write(reviews: &[Review], engine: &About, single: bool) -> String {
    let plans: Vec<PlanJson<'_>> = reviews.iter().map(|review| PlanJson::new(review, engine)).collect();
    let mut out = match plans.as_slice() {
        [plan] if single => serde_json::to_string_pretty(plan),
        plans => serde_json::to_string_pretty(plans),
    }
    // Strings, numbers and maps with string keys always serialise; an empty list is the honest answer otherwise.
    .unwrap_or_else(|_| "[]".to_owned());
    out.push('\n');
    out
}

/// One plan.
#[derive(Debug, Serialize)]
pub(super) struct PlanJson<'r> {
    version: u32,
    engine: &'r About,
    document: &'r str,
    sections: Vec<SectionJson<'r>>,
    scores: &'r Scores,
    whole: WholeJson<'r>,
    notes: &'r [Note],
}

impl<'r> PlanJson<'r> {
    pub(super) fn new(review: &'r Review, engine: &'r About) -> Self {
        Self {
            version: VERSION,
            engine,
            document: &review.document,
            sections: review.sections.iter().map(SectionJson::new).collect(),
            scores: &review.scores,
            whole: WholeJson::new(&review.whole),
            notes: &review.notes,
        }
    }
}

/// What is said of the plan as a whole.
#[derive(Debug, Serialize)]
struct WholeJson<'r> {
    findings: &'r [PlanFinding],
    thread: ThreadJson<'r>,
    sums: &'r Sums,
}

impl<'r> WholeJson<'r> {
    fn new(whole: &'r Whole) -> Self {
        let Whole { findings, thread, sums } = whole;
        let links = thread.links.iter().filter_map(|link| LinkJson::new(link, &thread.nodes)).collect();
        let thread = ThreadJson { structured: &thread.structured, links };
        Self { findings, thread, sums }
    }
}

#[derive(Debug, Serialize)]
struct ThreadJson<'r> {
    structured: &'r [Pair],
    links: Vec<LinkJson<'r>>,
}

#[derive(Debug, Serialize)]
struct LinkJson<'r> {
    from: &'r str,
    to: &'r str,
    pair: Pair,
    by: By,
    confidence: f64,
    evidence: Vec<SharedJson<'r>>,
}

/// Words of the two ends; null where the one end has none, as for a reference to a number.
#[derive(Debug, Serialize)]
struct SharedJson<'r> {
    from: Option<Slice<'r>>,
    to: Option<Slice<'r>>,
}

impl<'r> LinkJson<'r> {
    fn new(link: &'r Link, nodes: &'r [Node]) -> Option<Self> {
        let (from, to) = (nodes.get(link.from)?, nodes.get(link.to)?);
        let slice = |text: &'r str, span: Span| (!span.is_empty()).then(|| Sliced::new(text).slice(span));
        let evidence = link.evidence.iter();
        Some(Self {
            from: &from.id,
            to: &to.id,
            pair: link.pair,
            by: link.by,
            confidence: link.confidence,
            evidence: evidence
                .map(|shared| SharedJson { from: slice(&from.text, shared.from), to: slice(&to.text, shared.to) })
                .collect(),
        })
    }
}

#[derive(Debug, Serialize)]
struct SectionJson<'r> {
    section: &'r str,
    heading: &'r str,
    statements: Vec<StatementJson<'r>>,
}

impl<'r> SectionJson<'r> {
    fn new(section: &'r ReviewedSection) -> Self {
        Self {
            section: &section.section,
            heading: &section.heading,
            statements: section.statements.iter().map(StatementJson::new).collect(),
        }
    }
}

/// A statement of a plan; the judged fields are absent for kinds that are not judged.
#[derive(Debug, Serialize)]
pub(crate) struct StatementJson<'r> {
    id: &'r str,
    kind: Kind,
    section: &'r str,
    text: &'r str,
    #[serde(flatten)]
    judgement: Option<JudgementJson<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    waived: Option<Vec<WaivedJson<'r>>>,
    hash: String,
    context: Vec<ContextJson<'r>>,
    place: Place,
}

impl<'r> StatementJson<'r> {
    pub(crate) fn new(judged: &'r Judged) -> Self {
        let statement = &judged.statement;
        Self {
            id: &judged.id,
            kind: statement.kind,
            section: &statement.section,
            text: &statement.text,
            judgement: judged
                .assessment
                .as_ref()
                .map(|assessment| JudgementJson::new(assessment, &statement.text, &statement.context)),
            waived: judged.assessment.as_ref().map(|_| {
                let own = Sliced::new(&statement.text);
                judged.waived.iter().map(|waived| WaivedJson::new(waived, &own)).collect()
            }),
            hash: waivers::hash(&statement.text),
            context: statement.context.iter().map(|c| ContextJson { role: c.role, text: &c.text }).collect(),
            place: statement.place,
        }
    }
}

/// What is said of one statement: the fields of a `classify` row from `verdict` on, in the contract's order.
#[derive(Debug, Serialize)]
pub struct JudgementJson<'r> {
    verdict: Verdict,
    probability: f64,
    confidence: Confidence,
    #[serde(rename = "type")]
    wording: Wording,
    criteria: Vec<CriterionJson<'r>>,
    findings: Vec<FindingJson<'r>>,
    suggestion: Option<&'r str>,
}

impl<'r> JudgementJson<'r> {
    /// The assessment of the statement that has this text and context.
    pub fn new(assessment: &'r Assessment, text: &'r str, context: &'r [Context]) -> Self {
        let own = Sliced::new(text);
        let inherited: Vec<Sliced<'r>> = context.iter().map(|c| Sliced::new(&c.text)).collect();
        Self {
            verdict: assessment.verdict,
            probability: rounded(assessment.probability),
            confidence: assessment.confidence,
            wording: assessment.wording,
            criteria: assessment
                .criteria
                .iter()
                .map(|c| CriterionJson {
                    criterion: c.criterion,
                    state: c.state,
                    evidence: c.evidence.iter().filter_map(|e| EvidenceJson::new(*e, &own, &inherited)).collect(),
                })
                .collect(),
            findings: assessment.findings.iter().map(|finding| FindingJson::new(finding, &own)).collect(),
            suggestion: assessment.suggestion.as_deref(),
        }
    }
}

/// Probabilities to four places: what is shown must not suggest more certainty, and must not differ by platform.
pub(crate) fn rounded(probability: f64) -> f64 {
    (probability * 1e4).round() / 1e4
}

#[derive(Debug, Serialize)]
struct CriterionJson<'r> {
    criterion: Criterion,
    state: State,
    evidence: Vec<EvidenceJson<'r>>,
}

#[derive(Debug, Serialize)]
struct EvidenceJson<'r> {
    #[serde(flatten)]
    slice: Slice<'r>,
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<usize>,
}

impl<'r> EvidenceJson<'r> {
    fn new(evidence: Evidence, own: &Sliced<'r>, inherited: &[Sliced<'r>]) -> Option<Self> {
        let slice = match evidence.context {
            None => own.slice(evidence.span),
            Some(index) => inherited.get(index)?.slice(evidence.span),
        };
        Some(Self { slice, context: evidence.context })
    }
}

#[derive(Debug, Serialize)]
struct FindingJson<'r> {
    rule: &'r str,
    severity: Severity,
    #[serde(flatten)]
    slice: Slice<'r>,
    message: &'r str,
}

impl<'r> FindingJson<'r> {
    fn new(finding: &'r Finding, own: &Sliced<'r>) -> Self {
        Self {
            rule: &finding.rule,
            severity: finding.severity,
            slice: own.slice(finding.span),
            message: &finding.message,
        }
    }
}

/// A finding that was waived, and the decision.
#[derive(Debug, Serialize)]
struct WaivedJson<'r> {
    #[serde(flatten)]
    finding: FindingJson<'r>,
    reason: &'r str,
    owner: Option<&'r str>,
    expires: Option<&'r str>,
    by: waivers::By,
}

impl<'r> WaivedJson<'r> {
    fn new(waived: &'r Waived, own: &Sliced<'r>) -> Self {
        Self {
            finding: FindingJson::new(&waived.finding, own),
            reason: &waived.reason,
            owner: waived.owner.as_deref(),
            expires: waived.expires.as_deref(),
            by: waived.by,
        }
    }
}

/// Words and their place in code points.
#[derive(Debug, Serialize)]
struct Slice<'r> {
    start: usize,
    end: usize,
    text: &'r str,
}

/// A text that slices are taken of.
struct Sliced<'r> {
    text: &'r str,
    points: CodePoints<'r>,
}

impl<'r> Sliced<'r> {
    fn new(text: &'r str) -> Self {
        Self { text, points: CodePoints::new(text) }
    }

    fn slice(&self, span: Span) -> Slice<'r> {
        let points = self.points.span(span);
        Slice { start: points.start, end: points.end, text: span.of(self.text) }
    }
}

#[derive(Debug, Serialize)]
struct ContextJson<'r> {
    role: ContextRole,
    text: &'r str,
}
