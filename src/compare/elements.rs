//! This is what a statement commits to, element by element, and what was lost or gained between two of them.
//!
//! Amounts are compared as amounts: "30 minutes twice a week" is "an hour a week" in other words, and half of it is a
//! loss. Everything else is there or not, by the same signals that the judgement stands on.

use super::Way;
use crate::assess::{Assessment, Criterion, Evidence, State};
use crate::document::{Kind, Statement};
use crate::facts::{self, Fact, Measure, Naming, Period, Value};
use crate::rules::{Reading, RuleSet};
use crate::signals::Signal;
use crate::span::Span;
use crate::words::{WordKind, Words};

/// One element that is not as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Which.
    pub element: Criterion,
    /// The words before, in the source statement or in what it inherits.
    pub was: Option<Evidence>,
    /// The words now, in the plan's statement or in what it inherits.
    pub now: Option<Evidence>,
}

/// What one statement commits to.
pub(super) struct Elements {
    kind: Kind,
    signals: Vec<(Criterion, Evidence)>,
    /// Words that fail at an element, as the rules see them.
    faults: Vec<(Criterion, Evidence)>,
    /// Times a week, minutes each time, minutes a week, children in the group.
    rate: Option<f64>,
    length: Option<f64>,
    weekly: Option<f64>,
    children: Option<f64>,
    /// Whether a length of time comes round ("45 minutes twice a week"), and whether anything does but events: "at every change" is
    /// how often as well, and of something else.
    timed: bool,
    regular: bool,
    /// How closely somebody is named: 0 nobody, 1 anybody, 2 a post, 3 with expertise.
    naming: u8,
    /// "up to".
    ceiling: Option<Evidence>,
    /// 2 will, 1 should or recommended, 0 may, where possible, access to.
    promise: u8,
    promised: Option<Evidence>,
    /// The sorts of measure of an outcome.
    measures: Vec<Measure>,
    /// What would count as met, as a share: 4 of 5 is 0.8.
    bar: Option<f64>,
    good: bool,
    sure: bool,
    /// Stems of the words that say what it is.
    content: Vec<String>,
    /// "support with", "work with Sam": words of help where its name should stand.
    hollow: Option<Evidence>,
    /// Names of programmes, and all words in small letters.
    names: Vec<(Vec<String>, Evidence)>,
    words: Vec<String>,
}

const SHOWN: &[(Criterion, &[Signal])] = &[
    (Criterion::Who, &[Signal::Role]),
    (Criterion::Frequency, &[Signal::Frequency]),
    (Criterion::Duration, &[Signal::Duration]),
    (Criterion::Group, &[Signal::Group]),
    (Criterion::Setting, &[Signal::Setting, Signal::Trigger]),
];

impl Elements {
    /// Reads them. `advice` is true for an adviser's own words.
    pub fn of(rules: &RuleSet, statement: &Statement, assessment: Option<&Assessment>, advice: bool) -> Self {
        let reading = rules.read(statement);
        let mut signals = Vec::new();
        let mut faults = Vec::new();
        if statement.kind == Kind::Provision {
            for (criterion, list) in SHOWN {
                let shown = list.iter().flat_map(|&s| reading.signals.evidence(s));
                signals.extend(shown.filter(|e| !is_each_time(statement, *e)).map(|e| (*criterion, e)));
            }
            for finding in &reading.findings {
                let whole = finding.span.len() + 2 >= statement.text.trim_end().len();
                if let (Some(criterion), false) = (rules.get(&finding.rule).and_then(|rule| rule.criterion), whole) {
                    faults.push((criterion, Evidence { span: finding.span, context: None }));
                }
            }
        }
        // A real bus ride is a measure too, but one that is kept with the skill: what is lost beside it counts.
        if statement.kind == Kind::Outcome {
            let measures = [Signal::Measure, Signal::Independence, Signal::WeakMeasure];
            let shown = measures.into_iter().flat_map(|s| reading.signals.evidence(s));
            signals.extend(shown.map(|e| (Criterion::Measurable, e)));
        }
        for state in assessment.iter().flat_map(|a| &a.criteria).filter(|c| c.state == State::Met) {
            if matches!(state.criterion, Criterion::What | Criterion::Specific | Criterion::TimeBound) {
                signals.extend(state.evidence.first().map(|e| (state.criterion, *e)));
            }
        }
        let (promise, promised) = promise(rules, statement, &reading, advice);
        let ceiling = reading.signals.evidence(Signal::Ceiling).next();
        let mut elements = Self {
            kind: statement.kind,
            signals,
            faults,
            rate: None,
            length: None,
            weekly: None,
            children: None,
            timed: false,
            regular: false,
            naming: 0,
            ceiling,
            promise,
            promised,
            measures: Vec::new(),
            bar: None,
            good: assessment.is_some_and(|a| a.verdict.is_good()),
            sure: assessment.is_some_and(|a| (a.probability - 0.5).abs() > 0.3),
            content: content(rules, &reading),
            hollow: None,
            names: programmes(&reading.words),
            words: (0..reading.words.len()).map(|i| reading.words.lower(i).to_owned()).collect(),
        };
        elements.hollow = hollow(&reading.words, &elements.content);
        elements.add(&reading.words, &reading.facts);
        for context in &statement.context {
            let words = Words::new(&context.text);
            elements.add(&words, &facts::find(&words));
            elements.words.extend((0..words.len()).map(|i| words.lower(i).to_owned()));
        }
        if let (None, Some(rate), Some(length)) = (elements.weekly, elements.rate, elements.length) {
            elements.weekly = Some(rate * length);
        }
        elements
    }

    fn add(&mut self, words: &Words<'_>, facts: &[Fact]) {
        let most = |known: &mut Option<f64>, value: Option<f64>| {
            if let Some(value) = value {
                *known = Some(known.map_or(value, |known| known.max(value)));
            }
        };
        let comes_round = |per: Period| per != Period::Event;
        for fact in facts {
            match fact.value {
                Value::Frequency { per, .. } if comes_round(per) => {
                    self.regular = true;
                    self.timed |= facts.iter().any(|other| {
                        matches!(other.value, Value::Duration { .. }) && apart(words, fact.span, other.span) <= BESIDE
                    });
                }
                Value::Total { per: Some(per), .. } if comes_round(per) => {
                    self.regular = true;
                    self.timed = true;
                }
                _ => {}
            }
            if let Value::Measure { measure, .. } = fact.value
                && !self.measures.contains(&measure)
            {
                self.measures.push(measure);
            }
            match &fact.value {
                Value::Frequency { times, per } => {
                    most(&mut self.rate, week(*per).and_then(|week| times.map(|times| times * week)));
                }
                Value::Duration { minutes } => most(&mut self.length, Some(*minutes)),
                Value::Total { minutes, sessions, per: Some(per) } => {
                    most(&mut self.weekly, week(*per).and_then(|week| minutes.map(|minutes| minutes * week)));
                    most(&mut self.rate, week(*per).and_then(|week| sessions.map(|sessions| sessions * week)));
                }
                Value::Total { minutes: Some(minutes), sessions: Some(sessions), .. } if *sessions > 0.0 => {
                    most(&mut self.length, Some(minutes / sessions));
                }
                Value::Group { children: Some(children), .. } => most(&mut self.children, Some(*children)),
                Value::Role { naming, qualification } => {
                    let rank = match (naming, qualification) {
                        (Naming::Expert, _) | (Naming::Post, Some(_)) => 3,
                        (Naming::Post, None) => 2,
                        (Naming::Unnamed, _) => 1,
                    };
                    self.naming = self.naming.max(rank);
                }
                Value::Measure { measure: Measure::OutOf | Measure::Percent, .. } => {
                    most(&mut self.bar, share(words, fact.span));
                }
                _ => {}
            }
        }
    }

    fn has(&self, criterion: Criterion) -> bool {
        self.signals.iter().any(|(c, _)| *c == criterion)
    }

    /// The words that show an element, the statement's own before inherited ones.
    fn shown(&self, criterion: Criterion) -> Option<Evidence> {
        let of = self.signals.iter().filter(|(c, _)| *c == criterion).map(|(_, e)| *e);
        // Of several the longest: "twice a week" rather than "week".
        of.max_by_key(|e| (e.context.is_none(), e.span.len(), usize::MAX - e.span.start))
    }

    /// The words that fail at it, else those that show it.
    fn weaker(&self, criterion: Criterion) -> Option<Evidence> {
        let fault = self.faults.iter().find(|(c, _)| *c == criterion).map(|(_, e)| *e);
        fault.or_else(|| self.shown(criterion))
    }
}

/// What is lost and what is gained from `was` to `now`.
pub(super) fn changes(was: &Elements, now: &Elements, way: Way) -> (Vec<Change>, Vec<Change>) {
    let mut both = Both { was, now, lost: Vec::new(), gained: Vec::new() };
    if now.kind == Kind::Outcome {
        both.measures();
        both.presence(Criterion::TimeBound);
        both.amount(Criterion::Measurable, was.bar, now.bar);
    } else {
        both.provision(way);
    }
    both.what();
    let order = |change: &Change| change.element;
    both.lost.sort_by_key(order);
    both.gained.sort_by_key(order);
    both.lost.dedup_by_key(|change| change.element);
    both.gained.dedup_by_key(|change| change.element);
    (both.lost, both.gained)
}

struct Both<'b> {
    was: &'b Elements,
    now: &'b Elements,
    lost: Vec<Change>,
    gained: Vec<Change>,
}

impl Both<'_> {
    fn lose(&mut self, element: Criterion) {
        let change = Change { element, was: self.was.shown(element), now: self.now.weaker(element) };
        self.lost.push(change);
    }

    fn gain(&mut self, element: Criterion) {
        let change = Change { element, was: self.was.weaker(element), now: self.now.shown(element) };
        self.gained.push(change);
    }

    fn presence(&mut self, element: Criterion) {
        match (self.was.has(element), self.now.has(element)) {
            (true, false) => self.lose(element),
            (false, true) => self.gain(element),
            _ => {}
        }
    }

    /// Of "alone on 3 of 4 attempts" one measure may be lost and the other kept.
    fn measures(&mut self) {
        let (was, now) = (self.was, self.now);
        let lacks = |a: &Elements, b: &Elements| a.measures.iter().any(|measure| !b.measures.contains(measure));
        if lacks(was, now) && now.measures.len() < was.measures.len() {
            self.lose(Criterion::Measurable);
        } else if lacks(now, was) && was.measures.len() < now.measures.len() {
            self.gain(Criterion::Measurable);
        }
    }

    /// More is better; a difference of less than a twentieth is rounding.
    fn amount(&mut self, element: Criterion, was: Option<f64>, now: Option<f64>) -> bool {
        let (Some(was), Some(now)) = (was, now) else { return false };
        if now < was * 0.95 {
            self.lose(element);
        } else if now > was * 1.05 {
            self.gain(element);
        }
        now < was * 0.95 || now > was * 1.05
    }

    fn provision(&mut self, way: Way) {
        let (was, now) = (self.was, self.now);
        self.presence(Criterion::Frequency);
        if was.timed && !now.regular {
            self.lose(Criterion::Frequency);
        }
        self.presence(Criterion::Duration);
        self.presence(Criterion::Group);
        self.presence(Criterion::Setting);
        // The same time in other sessions is the same help.
        let same_time = matches!((was.weekly, now.weekly), (Some(a), Some(b)) if (a - b).abs() <= 0.05 * a);
        if !same_time {
            let rate = self.amount(Criterion::Frequency, was.rate, now.rate);
            let length = self.amount(Criterion::Duration, was.length, now.length);
            let told = rate || length || self.lost.iter().any(|c| c.element == Criterion::Duration);
            if !told {
                self.amount(Criterion::Duration, was.weekly, now.weekly);
            }
        }
        // A larger group is less for the child.
        self.amount(Criterion::Group, was.children.map(|n| 1.0 / n), now.children.map(|n| 1.0 / n));
        if was.naming > now.naming && was.naming >= 2 {
            self.lose(Criterion::Who);
        } else if now.naming > was.naming && now.naming >= 2 {
            self.gain(Criterion::Who);
        }
        if let (None, Some(ceiling)) = (was.ceiling, now.ceiling) {
            let element = Criterion::Duration;
            self.lost.push(Change { element, was: was.shown(element), now: Some(ceiling) });
        }
        let element = Criterion::Commitment;
        let change = Change { element, was: was.promised, now: now.promised };
        if now.promise < was.promise {
            self.lost.push(change);
        } else if now.promise > was.promise && (way != Way::Advice || was.promise == 0) {
            self.gained.push(change);
        }
    }

    /// What the help or the skill is: a named programme that is gone, content that is no longer there; where nothing else
    /// tells two verdicts apart, it is this.
    fn what(&mut self) {
        let (was, now) = (self.was, self.now);
        let element = if now.kind == Kind::Outcome { Criterion::Specific } else { Criterion::What };
        let holds = |elements: &Elements, name: &[String]| {
            name.iter().all(|word| elements.words.iter().any(|w| crate::words::stem(w) == crate::words::stem(word)))
        };
        let gone = was.names.iter().find(|(name, _)| !holds(now, name) && now.names.is_empty());
        let named = now.names.iter().find(|(name, _)| !holds(was, name) && was.names.is_empty());
        let less = |a: &Elements, b: &Elements| b.content.len() < a.content.len();
        // Of the words that said what it is, hardly any is left.
        let left = was.content.iter().filter(|stem| now.content.contains(stem)).count();
        let emptied = was.has(Criterion::What)
            && !now.has(Criterion::What)
            && was.content.len() >= now.content.len() + 2
            && left * 2 < was.content.len();
        // "Support with language", with all its amounts.
        let hollow = now.hollow.filter(|_| was.hollow.is_none() && less(was, now));
        let firmed = was.hollow.filter(|_| now.hollow.is_none() && less(now, was));
        let flipped = self.lost.is_empty() && was.sure && now.sure && was.good && !now.good;
        // What an adviser may only recommend is no worse for that.
        let mended =
            self.gained.is_empty() && was.promise == now.promise && was.sure && now.sure && !was.good && now.good;
        let change = |was, now| Change { element, was, now };
        if let Some((_, evidence)) = gone {
            self.lost.push(change(Some(*evidence), hollow.or(now.weaker(element))));
        } else if hollow.is_some() || emptied || flipped {
            self.lost.push(change(was.shown(element), hollow.or(now.weaker(element))));
        }
        if let Some((_, evidence)) = named {
            self.gained.push(change(firmed.or(was.weaker(element)), Some(*evidence)));
        } else if firmed.is_some() || mended {
            self.gained.push(change(firmed.or(was.weaker(element)), now.shown(element)));
        }
    }
}

/// Words between a length of time and how often it comes round, at most: "45 minutes, 1:1, twice a week".
const BESIDE: usize = 8;

/// How many words stand between two places.
fn apart(words: &Words<'_>, one: Span, other: Span) -> usize {
    let (first, second) = if one.start <= other.start { (one, other) } else { (other, one) };
    words.at(second.start).saturating_sub(words.at(first.end))
}

/// "20 minutes each time" says how long, and neither how often nor when.
fn is_each_time(statement: &Statement, evidence: Evidence) -> bool {
    let text = match evidence.context {
        None => &statement.text,
        Some(at) => statement.context.get(at).map_or(&statement.text, |context| &context.text),
    };
    let words = evidence.span.of(text).to_lowercase();
    ["each ", "every ", "per ", "a "].iter().any(|head| words.starts_with(head))
        && [" time", " session", " occasion"].iter().any(|tail| words.ends_with(tail))
}

/// How often in a school week a period comes round; an event has no rate.
fn week(per: Period) -> Option<f64> {
    // 39 weeks of a school year, in six halves of a term.
    Some(match per {
        Period::Hour | Period::Lesson => 25.0,
        Period::Day => 5.0,
        Period::Week => 1.0,
        Period::Fortnight => 0.5,
        Period::Month => 0.25,
        Period::HalfTerm => 6.0 / 39.0,
        Period::Term | Period::Quarter => 3.0 / 39.0,
        Period::Year => 1.0 / 39.0,
        Period::Event => return None,
    })
}

/// "4 out of 5" and "80%" as a share.
fn share(words: &Words<'_>, span: Span) -> Option<f64> {
    let numbers: Vec<f64> = (0..words.len())
        .filter(|&i| words.list()[i].kind == WordKind::Digits && span.contains(words.list()[i].span))
        .filter_map(|i| words.lower(i).parse().ok())
        .collect();
    match numbers.as_slice() {
        [percent] if *percent <= 100.0 && span.of(words.text).contains(['%', 'p']) => Some(percent / 100.0),
        [n, of, ..] if *of > 0.0 && n <= of => Some(n / of),
        _ => None,
    }
}

/// Whether the help will happen, and the words that say so.
fn promise(rules: &RuleSet, statement: &Statement, reading: &Reading<'_>, advice: bool) -> (u8, Option<Evidence>) {
    let words = &reading.words;
    let will = (0..words.len()).find(|&i| matches!(words.lower(i), "will" | "must" | "shall"));
    let will = will.map(|i| Evidence { span: words.span(i, i + 1), context: None });
    if statement.kind != Kind::Provision {
        return (2, will);
    }
    let hedges = |span: Span| {
        let said = span.of(&statement.text).to_lowercase();
        ["may", "might", "could", "consider", "explor", "possib", "hope", "try", "aim"].iter().any(|w| said.contains(w))
    };
    let weak = reading.findings.iter().filter_map(|finding| {
        let level = match finding.rule.as_str() {
            "provision/should" | "provision/need-not-provision" => 1,
            "provision/no-commitment" => u8::from(!hedges(finding.span)),
            _ if rules.get(&finding.rule)?.criterion == Some(Criterion::Commitment) => 0,
            _ => return None,
        };
        Some((level, Some(Evidence { span: finding.span, context: None })))
    });
    // What the rules let pass beside an amount is still no "will".
    let should = (0..words.len()).find(|&i| matches!(words.lower(i), "should" | "recommend" | "recommended"));
    let should = should.map(|i| (1, Some(Evidence { span: words.span(i, i + 1), context: None })));
    let least = weak.chain(should).min_by_key(|(level, evidence)| (*level, evidence.map(|e| e.span)));
    match least {
        // "It is recommended that she will": an adviser's frame around a promise.
        Some((1, _)) if advice && will.is_some() => (1, will),
        Some(found) => found,
        None => (2, will),
    }
}

/// Stems of the words that say what the help or the skill is: none of help in general, of amounts, of people and places,
/// and of recommending.
fn content(rules: &RuleSet, reading: &Reading<'_>) -> Vec<String> {
    const RECOMMENDS: &[&str] =
        &["benefit", "benefits", "recommend", "recommended", "needs", "requires", "consider", "suggest", "advise"];
    let words = &reading.words;
    let told = |span: Span| {
        let says = |value: &Value| !matches!(value, Value::Measure { .. } | Value::Total { .. });
        reading.facts.iter().any(|fact| says(&fact.value) && fact.span.contains(span))
    };
    let mut out: Vec<String> = (0..words.len())
        .filter(|&i| words.list()[i].kind == WordKind::Letters && words.lower(i).len() > 2)
        .filter(|&i| !rules.is_stop(words.lower(i)) && !rules.is_generic(words.lower(i)))
        .filter(|&i| !RECOMMENDS.contains(&words.lower(i)) && !told(words.list()[i].span))
        .map(|i| crate::words::stem(words.lower(i)).to_owned())
        .collect();
    out.sort();
    out.dedup();
    out
}

/// "support with", "appropriate strategies for", "will work with Sam": words of help where its name should stand.
fn hollow(words: &Words<'_>, content: &[String]) -> Option<Evidence> {
    const NOUNS: &[&str] = &[
        "support",
        "help",
        "input",
        "strategies",
        "intervention",
        "interventions",
        "assistance",
        "approaches",
        "resources",
        "provision",
        "guidance",
    ];
    let noun = |i: usize| {
        let after = matches!(words.lower(i + 1), "with" | "for" | "around" | "in" | "on" | "to");
        (NOUNS.contains(&words.lower(i)) && after).then_some(i + 2)
    };
    // "will support Sam, 1:1": whom, and nothing else that would say what it is.
    let whom = |i: usize| {
        let child = match words.lower(i) {
            "support" | "help" | "assist" | "see" => i + 1,
            "work" | "working" if words.lower(i + 1) == "with" => i + 2,
            _ => return None,
        };
        let called = words.raw(child).starts_with(char::is_uppercase);
        let ends = match words.lower(child + 1) {
            "" | "," | "." | ";" | "for" | "(" => true,
            "in" => {
                matches!(words.lower(child + 2), "a") && matches!(words.lower(child + 3), "group" | "pair" | "small")
            }
            next => next.starts_with(|c: char| c.is_ascii_digit()),
        };
        let name = words.lower(child);
        let alone =
            (child + 1..words.len()).all(|n| !content.iter().any(|stem| stem == crate::words::stem(words.lower(n))));
        ((called || matches!(name, "him" | "her" | "them")) && ends && alone).then_some(child + 1)
    };
    let (at, end) = (0..words.len()).find_map(|i| Some((i, noun(i).or_else(|| whom(i))?)))?;
    Some(Evidence { span: words.span(at, end), context: None })
}

/// Names of programmes: two or more words with capitals in mid-sentence ("Colourful Semantics") that are nobody's name
/// or post.
fn programmes(words: &Words<'_>) -> Vec<(Vec<String>, Evidence)> {
    const NONE: &[&str] = &[
        "year",
        "key",
        "stage",
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "section",
        "autumn",
        "spring",
        "summer",
        "term",
        "i",
        "ehc",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "school",
        "local",
        "authority",
        "nhs",
        "reception",
        "educational",
        "psychologist",
        "therapist",
        "speech",
        "language",
        "occupational",
        "teacher",
        "annual",
        "review",
        "english",
        "maths",
        "support",
        "assistant",
        "learning",
        "teaching",
        "higher",
        "level",
        "specialist",
    ];
    let capital = |i: usize| {
        let word = words.raw(i);
        word.chars().next().is_some_and(char::is_uppercase)
            && word.chars().count() > 2
            && word.chars().skip(1).all(|c| c.is_lowercase() || c == '-')
            && !NONE.contains(&words.lower(i))
    };
    let joins = |i: usize| matches!(words.lower(i), "of" | "and" | "the" | "for" | "to");
    let mut out = Vec::new();
    let mut i = 1;
    while i < words.len() {
        if !capital(i) || words.ends_clause(i - 1) {
            i += 1;
            continue;
        }
        let mut end = i + 1;
        while capital(end) || (joins(end) && capital(end + 1)) {
            end += 1;
        }
        if end - i >= 2 {
            let name: Vec<String> = (i..end).filter(|&n| !joins(n)).map(|n| words.lower(n).to_owned()).collect();
            if name.len() >= 2 {
                out.push((name, Evidence { span: words.span(i, end), context: None }));
            }
        }
        i = end;
    }
    out
}
