//! This is the judgement: facts and findings of one statement become criteria, a verdict and a probability.

use crate::cache::Cache;
use crate::document::{Kind, Statement};
use crate::facts::Fact;
use crate::model::first::Foretold;
use crate::model::{Combination, Label, Model, Prediction};
use crate::rules::{Finding, Reading, RuleSet, Severity};
use crate::scoring::{GOOD, Scoring, logistic};
use crate::signals::{Signal, Signals};
use crate::span::Span;
use crate::words::{Cut, Words};
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
    /// What to write instead; `None` where the verdict is good or no suggestions were asked for.
    pub suggestion: Option<String>,
}

impl Assessment {
    /// True where it is vague and nothing is suggested yet: it was judged by [`Judge::suggest`] turned off.
    pub fn lacks_suggestion(&self) -> bool {
        !self.verdict.is_good() && self.suggestion.is_none()
    }
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
    /// The name in files: `specific`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Smart => "smart",
            Self::Specific => "specific",
            Self::Vague => "vague",
        }
    }

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

impl Confidence {
    /// The name in files: `low`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Low => "low",
        }
    }
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

impl Wording {
    /// The name in files: `adult_action`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Outcome => "outcome",
            Self::Aspiration => "aspiration",
            Self::Need => "need",
            Self::Provision => "provision",
            Self::Activity => "activity",
            Self::AdultAction => "adult_action",
            Self::Aim => "aim",
            Self::Boilerplate => "boilerplate",
        }
    }
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
    /// The name in files: `time_bound`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Specific => "specific",
            Self::Measurable => "measurable",
            Self::Achievable => "achievable",
            Self::Relevant => "relevant",
            Self::TimeBound => "time_bound",
            Self::What => "what",
            Self::Who => "who",
            Self::Frequency => "frequency",
            Self::Duration => "duration",
            Self::Group => "group",
            Self::Setting => "setting",
            Self::Commitment => "commitment",
        }
    }

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

impl CriterionState {
    /// How many pieces of evidence show that it is met; 0 where it is not.
    pub fn shown(&self) -> usize {
        if self.state == State::Met { self.evidence.len() } else { 0 }
    }
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

impl State {
    /// The name in files: `not_needed`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Missing => "missing",
            Self::Undecidable => "undecidable",
            Self::NotNeeded => "not_needed",
        }
    }
}

/// Words that show a criterion: in the statement itself, or in what it inherits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// Span in the statement's text, or in the text of that context.
    pub span: Span,
    /// `None` for the statement itself, else the index into [`Statement::context`].
    pub context: Option<usize>,
}

/// What judges: rules, and the model unless rules alone are wanted.
#[derive(Clone, Copy)]
pub struct Judge<'e> {
    /// The rules in force.
    pub rules: &'e RuleSet,
    /// The model; `None` leaves the judgement to the rules and the weights of `scoring.toml`.
    pub model: Option<&'e Model>,
    /// Whether the model's first stage, if it has one, decides what it is sure of, so that the network is not asked.
    pub cascade: bool,
    /// Whether to say what to write instead, which takes longer than the judgement.
    pub suggest: bool,
    /// What remembers the drafts that were judged for suggestions.
    pub(crate) cache: Option<&'e Cache>,
}

/// Judges one statement by the rules alone; see [`Judge::assess`].
pub fn assess(rules: &RuleSet, statement: &Statement) -> Option<Assessment> {
    Judge { rules, model: None, cascade: false, suggest: true, cache: None }.assess(statement)
}

/// A statement as the rules read and weigh it, before the network is asked.
pub(crate) struct Weighed<'s> {
    reading: Reading<'s>,
    /// Log-odds that it is good, by the rules.
    rules: f64,
    /// What the first stage of a cascade says, where it decides.
    first: Option<Foretold>,
}

/// What judging has read of a statement, for whoever reads it again.
#[derive(Debug)]
pub(crate) struct Read {
    /// The words of its text.
    pub words: Cut,
    /// The facts in them.
    pub facts: Vec<Fact>,
}

impl Judge<'_> {
    /// Judges one statement; `None` for kinds that are not judged (aspirations, needs, other). Pure; never fails.
    ///
    /// Rules and facts are weighed by `scoring.toml`, that and the model's prediction by the model's `combination.toml`, to a
    /// probability; the verdict is good from one half on. An error stands only on a vague statement: where the rest of
    /// the statement outweighs one, it is reported as a warning. A vague statement of which no rule says why gets a finding at
    /// the words that the model faults.
    pub fn assess(&self, statement: &Statement) -> Option<Assessment> {
        if Criterion::of(statement.kind).is_empty() {
            return None;
        }
        let weighed = self.weigh(statement);
        let said = self.said(&[(statement, &weighed)]).pop();
        Some(self.assess_weighed(statement, weighed, said.as_ref()).0)
    }

    /// What can be said of a statement before the network is asked.
    pub(crate) fn weigh<'s>(&self, statement: &'s Statement) -> Weighed<'s> {
        let weighed = self.by_rules(statement);
        Weighed { first: self.foretold(statement, &weighed), ..weighed }
    }

    /// The same by the rules alone.
    fn by_rules<'s>(&self, statement: &'s Statement) -> Weighed<'s> {
        let reading = self.rules.read(statement);
        let rules = Scoring::builtin().of_reading(statement.kind, self.rules, &reading);
        Weighed { reading, rules, first: None }
    }

    /// What the first stage says, where it decides.
    fn foretold(&self, statement: &Statement, weighed: &Weighed<'_>) -> Option<Foretold> {
        let stage = self.model.filter(|_| self.cascade).and_then(Model::first)?;
        stage.foretell(statement, &weighed.reading.words, weighed.rules)
    }

    /// True where the network has to be asked.
    pub(crate) fn is_open(&self, weighed: &Weighed<'_>) -> bool {
        self.model.is_some() && weighed.first.is_none()
    }

    /// What the network says of each, in order; nothing where it need not be asked.
    pub(crate) fn said(&self, all: &[(&Statement, &Weighed<'_>)]) -> Vec<Prediction> {
        let Some(model) = self.model.filter(|_| all.iter().all(|(_, weighed)| self.is_open(weighed))) else {
            return Vec::new();
        };
        let statements: Vec<&Statement> = all.iter().map(|(statement, _)| *statement).collect();
        model.predict(&statements)
    }

    /// True where a draft is good, whatever there is to say about it.
    pub(crate) fn is_good(&self, draft: &Statement) -> bool {
        let weighed = self.by_rules(draft);
        // Where the rules alone are not content, neither network need be asked.
        if weighed.rules < 0.0 {
            return false;
        }
        let weighed = Weighed { first: self.foretold(draft, &weighed), ..weighed };
        let by_network = || self.log_odds(draft.kind, &weighed, self.said(&[(draft, &weighed)]).first()) >= 0.0;
        match self.cache.filter(|_| self.is_open(&weighed)) {
            Some(cache) => cache.is_good(draft, by_network),
            None => by_network(),
        }
    }

    /// Log-odds that a statement is good, by all that was asked.
    fn log_odds(&self, kind: Kind, weighed: &Weighed<'_>, said: Option<&Prediction>) -> f64 {
        match (&weighed.first, said, self.model) {
            (Some(first), ..) => first.log_odds,
            (None, Some(prediction), Some(model)) => model.combination().verdict(kind, weighed.rules, prediction),
            _ => weighed.rules,
        }
    }

    /// Judges a statement of a kind that is judged, with what the network said where it was asked; and what was read of it.
    pub(crate) fn assess_weighed(
        &self,
        statement: &Statement,
        weighed: Weighed<'_>,
        prediction: Option<&Prediction>,
    ) -> (Assessment, Read) {
        let log_odds = self.log_odds(statement.kind, &weighed, prediction);
        let Weighed { reading, first, .. } = weighed;
        let prediction = prediction.or(first.as_ref().map(|first| &first.said));
        let Reading { words, facts, signals, mut findings } = reading;
        let probability = logistic(log_odds);
        let good = probability >= GOOD;
        if good {
            for finding in findings.iter_mut().filter(|f| f.severity == Severity::Error) {
                finding.severity = Severity::Warning;
            }
        } else if !findings.iter().any(|f| f.severity >= Severity::Warning) {
            let faulted = prediction.and_then(|prediction| prediction.faulted(&words));
            let attributed = faulted.and_then(|at| self.rules.attributed(statement.kind, at, &statement.text));
            findings.extend(attributed);
            if !findings.iter().any(|f| f.severity >= Severity::Warning) {
                // What was only worth a note is here what makes the statement vague.
                findings.iter_mut().for_each(|f| f.severity = Severity::Warning);
            }
            if findings.is_empty() {
                findings.extend(self.rules.fallback(statement.kind, &statement.text));
            }
            findings.sort_by(|a, b| (a.span, &a.rule).cmp(&(b.span, &b.rule)));
        }
        let wording = wording(statement.kind, self.rules, &findings, good, prediction);
        let mut criteria = criteria(statement, self.rules, &words, &signals, &findings, good);
        if let (Some(model), Some(prediction)) = (self.model, prediction) {
            weigh(&mut criteria, model.combination(), prediction, log_odds, &words, statement.kind);
        }
        let verdict = match (good, statement.kind) {
            (false, _) => Verdict::Vague,
            (true, Kind::Outcome) => Verdict::Smart,
            (true, _) => Verdict::Specific,
        };
        let undecided = self.model.map_or(Scoring::builtin().undecided, |model| model.combination().undecided);
        let confidence = if (probability - GOOD).abs() < undecided { Confidence::Low } else { Confidence::Normal };
        let suggestion =
            (!good && self.suggest).then(|| crate::suggest::suggest(self, statement, &words, &facts, &findings));
        quieten(&mut findings, statement.text.trim_end().len());
        let assessment = Assessment { verdict, probability, confidence, wording, criteria, findings, suggestion };
        (assessment, Read { words: words.cut(), facts })
    }
}

/// Lets the model weigh in on each criterion that it knows. What is met shows its words: those of the facts, else those that
/// speak most for it.
fn weigh(
    criteria: &mut [CriterionState],
    combination: &Combination,
    prediction: &Prediction,
    verdict: f64,
    words: &Words<'_>,
    kind: Kind,
) {
    for criterion in criteria {
        let decides = match kind {
            Kind::Outcome => matches!(criterion.criterion, Criterion::Specific | Criterion::Measurable),
            _ => criterion.criterion == Criterion::What,
        };
        // A good verdict says itself that these are met.
        if verdict >= 0.0 && decides {
            continue;
        }
        let label = Label::Criterion(criterion.criterion);
        let was = criterion.state == State::Met;
        let is = combination.is_met(criterion.criterion, criterion.shown(), prediction, verdict);
        if is && !was {
            let span = prediction.evidence(words, label);
            criterion.evidence = span.map(|span| Evidence { span, context: None }).into_iter().collect();
            if !criterion.evidence.is_empty() {
                criterion.state = State::Met;
            }
        } else if was && !is {
            criterion.evidence.clear();
            criterion.state = State::Missing;
        }
    }
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

/// What the wording is: what is good is of the type of its kind; otherwise what the model says or, without one, the first
/// error that tells a type.
fn wording(kind: Kind, rules: &RuleSet, findings: &[Finding], good: bool, prediction: Option<&Prediction>) -> Wording {
    let own = if kind == Kind::Outcome { Wording::Outcome } else { Wording::Provision };
    if good {
        return own;
    }
    if let Some(prediction) = prediction {
        return prediction.wording().0;
    }
    let told = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .find_map(|finding| rules.get(&finding.rule).and_then(|rule| rule.wording));
    told.unwrap_or(own)
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
                        shown(&[Signal::Setting, Signal::Trigger, Signal::Situation]),
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
