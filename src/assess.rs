//! This is the judgement: facts and findings of one statement become criteria, a verdict and a probability.

use crate::document::{Kind, Statement};
use crate::rules::{Finding, Reading, RuleSet, Severity};
use crate::scoring::{Features, Scoring};
use crate::signals::{Signal, Signals};
use crate::span::Span;
use crate::words::Words;
use serde::{Deserialize, Serialize};

/// Everything said of one outcome or provision.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Assessment {
    /// The binary verdict.
    pub verdict: Verdict,
    /// Probability of the good verdict, 0–1.
    pub probability: f64,
    /// Low where the probability lies in the undecided band.
    pub confidence: Confidence,
    /// What the wording really is.
    pub wording: Wording,
    /// Criterion by criterion, always all of its kind, in the order of [`Criterion`].
    pub criteria: Vec<CriterionState>,
    /// What is wrong, at the words, ordered by place.
    pub findings: Vec<Finding>,
    /// What to write instead; `None` only where the verdict is good.
    pub suggestion: Option<String>,
}

/// The verdict on a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// An outcome that names a skill and how one would see that it is met.
    Smart,
    /// A provision that names the help with the elements its kind cannot do without.
    Specific,
    /// Neither.
    Vague,
}

impl Verdict {
    /// True for `smart` and `specific`.
    pub fn is_good(self) -> bool {
        self != Self::Vague
    }
}

/// How sure the engine is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Outside the undecided band.
    Normal,
    /// Inside it: shown to the writer as undecided.
    Low,
}

/// What a statement's wording really is, whatever section it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wording {
    /// A benefit or difference made to the child.
    Outcome,
    /// A wish.
    Aspiration,
    /// A difficulty.
    Need,
    /// Help that is given.
    Provision,
    /// Something done, with no change in the child.
    Activity,
    /// Something that an adult does.
    AdultAction,
    /// Something that could never be seen to be finished.
    Aim,
    /// What every plan says: statutory sentences, review arrangements, introductions.
    Boilerplate,
}

/// A criterion of an outcome (the first five) or of a provision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // The names are the guide's own words.
pub enum Criterion {
    Specific,
    Measurable,
    Achievable,
    Relevant,
    TimeBound,
    What,
    Who,
    Frequency,
    Duration,
    Group,
    Setting,
    Commitment,
}

impl Criterion {
    /// The criteria of a kind, in their order; none for kinds that are not judged.
    pub fn of(kind: Kind) -> &'static [Self] {
        use Criterion::*;
        match kind {
            Kind::Outcome => &[Specific, Measurable, Achievable, Relevant, TimeBound],
            Kind::Provision => &[What, Who, Frequency, Duration, Group, Setting, Commitment],
            Kind::Aspiration | Kind::Need | Kind::Other => &[],
        }
    }
}

/// One criterion with its evidence.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CriterionState {
    /// Which.
    pub criterion: Criterion,
    /// Whether it is met.
    pub state: State,
    /// The words that show it.
    pub evidence: Vec<Evidence>,
}

/// Whether a criterion is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Yes, by the evidence.
    Met,
    /// No.
    Missing,
    /// Wording alone cannot tell.
    Undecidable,
    /// This kind of provision does without it.
    NotNeeded,
}

/// Words that show a criterion: in the statement itself, or in what it inherits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// Span in the statement's text, or in the text of that context.
    pub span: Span,
    /// `None` for the statement itself, else the index into [`Statement::context`].
    pub context: Option<usize>,
}

/// Judges one statement; `None` for kinds that are not judged (aspirations, needs, other). Pure; never fails.
///
/// The rules and facts are the evidence; `scoring.toml` weighs them to a probability; the verdict is good from
/// [`Scoring::threshold`] on. An error stands only on a vague statement: where the rest of the statement outweighs
/// one, it is reported as a warning.
pub fn assess(rules: &RuleSet, statement: &Statement) -> Option<Assessment> {
    if Criterion::of(statement.kind).is_empty() {
        return None;
    }
    let Reading { words, facts, signals, mut findings } = rules.read(statement);
    let features = Features::of(statement.kind, rules, &signals, &findings);
    let scoring = Scoring::builtin();
    let probability = scoring.probability(&features);
    let good = probability >= scoring.threshold;
    if good {
        for finding in findings.iter_mut().filter(|f| f.severity == Severity::Error) {
            finding.severity = Severity::Warning;
        }
    } else if !findings.iter().any(|f| f.severity >= Severity::Warning) {
        // What was only worth a note is here what makes the statement vague.
        findings.iter_mut().for_each(|f| f.severity = Severity::Warning);
        if findings.is_empty() {
            findings.extend(rules.fallback(statement.kind, &statement.text));
        }
    }
    let wording = wording(statement.kind, rules, &findings);
    let criteria = criteria(statement, rules, &words, &signals, &findings, good);
    let verdict = match (good, statement.kind) {
        (false, _) => Verdict::Vague,
        (true, Kind::Outcome) => Verdict::Smart,
        (true, _) => Verdict::Specific,
    };
    let confidence =
        if (probability - scoring.threshold).abs() < scoring.undecided { Confidence::Low } else { Confidence::Normal };
    let suggestion = (!good).then(|| crate::suggest::suggest(rules, statement, &words, &facts, &findings));
    quieten(&mut findings, statement.text.trim_end().len());
    Some(Assessment { verdict, probability, confidence, wording, criteria, findings, suggestion })
}

/// Leaves out what a graver finding at the same words has said already. Findings about the whole statement stay.
fn quieten(findings: &mut Vec<Finding>, end: usize) {
    let whole = |span: Span| span.start == 0 && span.end + 1 >= end;
    let all: Vec<(Span, Severity)> = findings.iter().map(|f| (f.span, f.severity)).collect();
    findings.retain(|f| {
        whole(f.span)
            || !all.iter().any(|&(span, severity)| severity > f.severity && span.contains(f.span) && !whole(span))
    });
}

/// What the wording is: the first error that tells a type, else the type of the kind.
fn wording(kind: Kind, rules: &RuleSet, findings: &[Finding]) -> Wording {
    let told = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .find_map(|finding| rules.get(&finding.rule).and_then(|rule| rule.wording));
    told.unwrap_or(if kind == Kind::Outcome { Wording::Outcome } else { Wording::Provision })
}

fn criteria(
    statement: &Statement,
    rules: &RuleSet,
    words: &Words<'_>,
    signals: &Signals,
    findings: &[Finding],
    good: bool,
) -> Vec<CriterionState> {
    let faulted = |criterion: Criterion, from: Severity| {
        findings.iter().any(|f| f.severity >= from && rules.get(&f.rule).and_then(|r| r.criterion) == Some(criterion))
    };
    let shown = |list: &[Signal]| -> Vec<Evidence> {
        let mut evidence: Vec<Evidence> = list.iter().flat_map(|&s| signals.evidence(s)).collect();
        evidence.sort_by_key(|e| (e.context, e.span.start, usize::MAX - e.span.end));
        evidence.dedup_by(|later, kept| later.context == kept.context && kept.span.contains(later.span));
        evidence
    };
    // A text without words shows nothing.
    let all = |s: &Words<'_>| -> Vec<Evidence> {
        let whole = Evidence { span: s.span(0, s.len()), context: None };
        if s.is_empty() { Vec::new() } else { vec![whole] }
    };
    let needs_no_amount = signals.has(Signal::Equipment) || signals.has(Signal::Fixed) || signals.has(Signal::Training);
    Criterion::of(statement.kind)
        .iter()
        .map(|&criterion| {
            let (evidence, state): (Vec<Evidence>, State) = match criterion {
                Criterion::Specific => {
                    let evidence = shown(&[Signal::Named]);
                    let failed = findings.iter().any(|f| f.severity == Severity::Error);
                    let met = good || (!failed && !faulted(criterion, Severity::Warning) && signals.has(Signal::Scope));
                    (
                        if evidence.is_empty() { all(words) } else { evidence },
                        if met { State::Met } else { State::Missing },
                    )
                }
                Criterion::Measurable => {
                    let mut evidence = shown(&[Signal::Measure, Signal::Independence, Signal::RealLife]);
                    let met = good || (!evidence.is_empty() && !faulted(criterion, Severity::Warning));
                    if good && evidence.is_empty() {
                        evidence = shown(&[Signal::Observable, Signal::Named]);
                    }
                    (
                        if evidence.is_empty() { all(words) } else { evidence },
                        if met { State::Met } else { State::Missing },
                    )
                }
                // Wording alone cannot tell; what bears on it is shown.
                Criterion::Achievable | Criterion::Relevant => (Vec::new(), State::Undecidable),
                Criterion::TimeBound => met(shown(&[Signal::Deadline]), State::Missing),
                Criterion::What => {
                    let evidence = shown(&[Signal::Named, Signal::Equipment, Signal::Training, Signal::Manner]);
                    let met = good || (!evidence.is_empty() && !faulted(criterion, Severity::Error));
                    (
                        if evidence.is_empty() { all(words) } else { evidence },
                        if met { State::Met } else { State::Missing },
                    )
                }
                Criterion::Who => {
                    met(shown(&[Signal::Role]), if needs_no_amount { State::NotNeeded } else { State::Missing })
                }
                Criterion::Frequency => met(
                    shown(&[Signal::Frequency]),
                    if needs_no_amount || signals.has(Signal::Trigger) { State::NotNeeded } else { State::Missing },
                ),
                Criterion::Duration => met(
                    shown(&[Signal::Duration]),
                    if needs_no_amount || signals.has(Signal::Trigger) { State::NotNeeded } else { State::Missing },
                ),
                Criterion::Group => {
                    met(shown(&[Signal::Group]), if needs_no_amount { State::NotNeeded } else { State::Missing })
                }
                Criterion::Setting => {
                    let bound = needs_no_amount || signals.has(Signal::Trigger);
                    met(
                        shown(&[Signal::Setting, Signal::Trigger]),
                        if bound { State::Missing } else { State::NotNeeded },
                    )
                }
                Criterion::Commitment => {
                    let missing = faulted(criterion, if good { Severity::Error } else { Severity::Warning });
                    let evidence: Vec<Evidence> = (0..words.len())
                        .filter(|&i| matches!(words.lower(i), "will" | "must" | "shall" | "is" | "are"))
                        .take(1)
                        .map(|i| Evidence { span: words.span(i, i + 1), context: None })
                        .collect();
                    // A verbless fragment ("30 minutes weekly, 1:1") is a promise as it stands.
                    (
                        if evidence.is_empty() { all(words) } else { evidence },
                        if missing { State::Missing } else { State::Met },
                    )
                }
            };
            let state = if state == State::Met && evidence.is_empty() { State::Missing } else { state };
            let evidence = if state == State::Met { evidence } else { Vec::new() };
            CriterionState { criterion, state, evidence }
        })
        .collect()
}

fn met(evidence: Vec<Evidence>, otherwise: State) -> (Vec<Evidence>, State) {
    let state = if evidence.is_empty() { otherwise } else { State::Met };
    (evidence, state)
}
