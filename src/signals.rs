//! This is what a statement holds, for rules to ask and for the verdict to weigh: facts, its own and inherited ones,
//! and what is left of the wording when amounts, roles and empty words are taken away.

use crate::assess::Evidence;
use crate::document::{Kind, Statement};
use crate::facts::{self, Bound, Fact, Measure, Naming, Period, Value};
use crate::rules::{Hits, RuleSet, Text};
use crate::span::Span;
use crate::words::{WordKind, Words};
use serde::{Deserialize, Serialize};

/// Something that a statement holds, by itself or by what it inherits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// How often, or an amount over a period.
    Frequency,
    /// How long each time, or an amount of time.
    Duration,
    /// An amount over a period or in all.
    Total,
    /// How often and how long, or an amount that says both: "30 minutes twice a week", "15 hours a week".
    Quantified,
    /// A ratio or a group with its size.
    Group,
    /// A post or an expert.
    Role,
    /// A role with its expertise.
    Expert,
    /// Staff, adults, the setting: nobody in particular.
    Unnamed,
    /// By when.
    Deadline,
    /// A criterion by which one would see that an outcome is met.
    Measure,
    /// A number that may be only a condition or part of the topic.
    WeakMeasure,
    /// Without help.
    Independence,
    /// "at least".
    Floor,
    /// "up to".
    Ceiling,
    /// "20–45 minutes".
    Range,
    /// What sets the help off.
    Trigger,
    /// Where: a place that the grammar reads.
    Setting,
    /// Where or when in other words: a time of day, a lesson, a routine, a spot in the room.
    Situation,
    /// When it is looked at again.
    Review,
    /// Help or a skill that is named: words are left when the empty ones are taken away.
    Named,
    /// A thing: equipment, furniture, software, a medicine.
    Equipment,
    /// Somebody is trained.
    Training,
    /// A thing is fixed in its place or use: fitted, worn, installed, kept.
    Fixed,
    /// The child's own act that can be seen.
    Observable,
    /// "will be able to".
    Able,
    /// An act in real life that either happens or does not: a bus ride, a purchase, a night away.
    RealLife,
    /// The act has an object with some scope: three or more words of content.
    Scope,
    /// How exactly a task is done: "by seating her next to the window".
    Manner,
}

impl Signal {
    /// The signals that a lexicon of that name gives: `lexicons/equipment.txt` and so on.
    pub(crate) const LEXICONS: [(Self, &'static str); 13] = [
        (Self::Equipment, "equipment"),
        (Self::Training, "training"),
        (Self::Fixed, "fixed"),
        (Self::Observable, "observable"),
        (Self::Able, "able"),
        (Self::RealLife, "real-life"),
        (Self::Manner, "manner"),
        (Self::Independence, "independence"),
        (Self::Measure, "measure"),
        (Self::Deadline, "deadline"),
        (Self::Trigger, "trigger"),
        (Self::Situation, "situation"),
        (Self::Duration, "duration"),
    ];
}

/// The signals of one statement with their evidence.
#[derive(Debug, Clone, Default)]
pub struct Signals {
    bits: u64,
    evidence: Vec<(Signal, Evidence)>,
    /// Words of content that are left when facts, empty and function words are taken away.
    pub content: usize,
}

impl Signals {
    /// True where the statement or what it inherits holds it.
    pub fn has(&self, signal: Signal) -> bool {
        self.bits & (1 << signal as u64) != 0
    }

    /// The words that show it, in order of place, the statement's own first.
    pub fn evidence(&self, signal: Signal) -> impl Iterator<Item = Evidence> + '_ {
        self.evidence.iter().filter(move |(s, _)| *s == signal).map(|&(_, e)| e)
    }

    /// Reads the signals of a statement from its words, facts and phrases, and from the facts of its context.
    pub(crate) fn of(set: &RuleSet, statement: &Statement, text: Text<'_>, hits: &Hits) -> Self {
        let Text { words, facts, .. } = text;
        let mut signals = Self::default();
        signals.add_facts(statement.kind, words, facts, None);
        for (i, context) in statement.context.iter().enumerate() {
            let inherited = Words::new(&context.text);
            signals.add_facts(statement.kind, &inherited, &facts::find(&inherited), Some(i));
        }
        for &(signal, phrase) in set.signals() {
            for (from, to) in hits.of(phrase) {
                signals.set(signal, Evidence { span: words.span(from, to), context: None });
            }
        }
        signals.add_content(set, statement.kind, text);
        signals.derive();
        signals.evidence.sort_by_key(|(_, e)| (e.context, e.span));
        signals
    }

    fn set(&mut self, signal: Signal, evidence: Evidence) {
        self.bits |= 1 << signal as u64;
        self.evidence.push((signal, evidence));
    }

    fn add_facts(&mut self, kind: Kind, words: &Words<'_>, facts: &[Fact], context: Option<usize>) {
        for fact in facts {
            // An amount of help is no measure of an outcome, and a provision has no measure.
            if kind == Kind::Provision && matches!(fact.value, Value::Measure { .. }) {
                continue;
            }
            if kind == Kind::Outcome && fact.value == Value::Deadline && lasts(words, fact.span) {
                continue;
            }
            let evidence = Evidence { span: fact.span, context };
            for &signal in signals_of(&fact.value) {
                self.set(signal, evidence);
            }
        }
    }

    fn add_content(&mut self, set: &RuleSet, kind: Kind, text: Text<'_>) {
        let Text { words, facts, ids } = text;
        let covered = |span: Span| facts.iter().any(|f| blanks(&f.value) && f.span.contains(span));
        let mut run: Option<Span> = None;
        for (i, (word, &id)) in words.list().iter().zip(ids).enumerate() {
            let empty =
                word.kind != WordKind::Letters || set.says_nothing(id, kind) || covered(word.span) || is_name(words, i);
            if !empty {
                self.content += 1;
                run = Some(run.map_or(word.span, |r| r.cover(word.span)));
            }
        }
        if let Some(span) = run {
            self.set(Signal::Named, Evidence { span, context: None });
        }
        if self.content >= 3 {
            self.bits |= 1 << Signal::Scope as u64;
        }
    }

    fn derive(&mut self) {
        let both = self.has(Signal::Frequency) && self.has(Signal::Duration);
        let per = self.has(Signal::Total);
        if both || per {
            self.bits |= 1 << Signal::Quantified as u64;
        }
    }
}

fn signals_of(value: &Value) -> &'static [Signal] {
    match value {
        // "In all five lessons" says how long as well: the lesson.
        Value::Frequency { per: Period::Lesson, times: Some(_) } => &[Signal::Frequency, Signal::Duration],
        Value::Frequency { .. } => &[Signal::Frequency],
        Value::Duration { .. } => &[Signal::Duration],
        Value::Total { per: Some(_), .. } => &[Signal::Total, Signal::Frequency, Signal::Duration],
        Value::Total { minutes: Some(_), sessions: Some(_), .. } => {
            &[Signal::Total, Signal::Frequency, Signal::Duration]
        }
        Value::Total { sessions: Some(_), .. } => &[Signal::Frequency],
        Value::Total { .. } => &[Signal::Duration],
        Value::Group { children: None, adults: None, .. } => &[],
        Value::Group { .. } => &[Signal::Group],
        Value::Role { naming: Naming::Expert, .. } => &[Signal::Role, Signal::Expert],
        Value::Role { naming: Naming::Post, qualification: Some(_) } => &[Signal::Role, Signal::Expert],
        Value::Role { naming: Naming::Post, .. } => &[Signal::Role],
        Value::Role { naming: Naming::Unnamed, .. } => &[Signal::Unnamed],
        Value::Deadline => &[Signal::Deadline],
        Value::Measure { measure: Measure::Independence, .. } => &[Signal::Independence],
        Value::Measure { weak: true, .. } => &[Signal::WeakMeasure],
        Value::Measure { .. } => &[Signal::Measure],
        Value::Bound { bound: Bound::Floor } => &[Signal::Floor],
        Value::Bound { bound: Bound::Ceiling } => &[Signal::Ceiling],
        Value::Bound { bound: Bound::Range } => &[Signal::Range],
        Value::Bound { .. } | Value::Course { .. } => &[],
        Value::Trigger => &[Signal::Trigger],
        Value::Setting => &[Signal::Setting],
        Value::Review => &[Signal::Review],
        Value::Clock { .. } => &[],
    }
}

/// "Until July" says how long something goes on, not by when it is reached.
fn lasts(words: &Words<'_>, span: Span) -> bool {
    let first = words.at(span.start);
    matches!(words.lower(first), "until" | "till")
        || first.checked_sub(1).is_some_and(|before| matches!(words.lower(before), "until" | "till"))
}

/// Facts whose words say how much, who, where or when, and so never what.
fn blanks(value: &Value) -> bool {
    // An amount over a period may hold what it is an amount of: "three sessions of Lego therapy per week".
    !matches!(value, Value::Measure { .. } | Value::Review | Value::Frequency { .. } | Value::Total { .. })
}

/// A capitalised word in mid-sentence that is no known word is a name: it says who, not what. A name that is followed by
/// another capitalised word may be a programme ("Lego Therapy"), and stays content.
fn is_name(words: &Words<'_>, i: usize) -> bool {
    let capital = |i: usize| words.raw(i).chars().next().is_some_and(char::is_uppercase);
    i == 0
        && capital(0)
        && matches!(words.lower(1), "will" | "to" | "should" | "needs" | "requires" | "has" | "can" | "must")
}
