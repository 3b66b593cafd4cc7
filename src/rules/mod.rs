//! This is the rule engine: named, sourced reasons as data, one TOML file a rule, and where they apply in a statement.
//!
//! A rule's id is its path below this folder (`provision/open-frequency`). What it matches is a closed set: phrases in
//! the language of `pattern.rs`, exceptions, and conditions on what else the statement holds ([`Signal`]). Its
//! examples stand in the same file and are run as tests. A council's own rules are read in the same way.

mod load;
mod pattern;

pub use load::{RuleError, RuleSource};

use crate::assess::{Criterion, Wording};
use crate::document::{Kind, Statement};
use crate::facts::{self, Fact};
use crate::signals::{Signal, Signals};
use crate::span::Span;
use crate::words::{WordKind, Words};
use pattern::{Head, Pattern, Text};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

/// A rule at a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule's id, its path: `provision/open-frequency`.
    pub rule: String,
    /// How bad.
    pub severity: Severity,
    /// The words, in the statement's text.
    pub span: Span,
    /// Why, in one sentence that names the words.
    pub message: String,
}

/// How bad a finding is (SARIF's levels, so that no table of translation is needed).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; the statement may be good all the same.
    Note,
    /// Weakens the statement.
    Warning,
    /// Makes the statement fail.
    Error,
}

/// One named reason, with where it comes from and its examples.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rule {
    /// Path below the rules folder, without extension.
    pub id: String,
    /// What is wrong, in half a sentence.
    pub summary: String,
    /// Why that fails the child.
    pub why: String,
    /// What to write instead.
    pub advice: String,
    /// The criterion that it bears on.
    pub criterion: Option<Criterion>,
    /// How bad, unless softened.
    pub severity: Severity,
    /// What the wording is, where the rule tells a wrong type.
    pub wording: Option<Wording>,
    /// The kinds of statement that it is looked for in.
    pub kinds: Vec<Kind>,
    /// Law or guidance.
    pub source: Source,
    /// Statements that it must find, with the faulted words between « and ».
    pub bad: Vec<Bad>,
    /// Statements that it must leave alone.
    pub good: Vec<Good>,
    /// Known misses; the test fails when one starts to pass.
    pub todo: Vec<Bad>,
    #[serde(skip)]
    matcher: Matcher,
}

/// Where a rule comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Statute, judgment or guidance, with its paragraph.
    pub title: String,
    /// Where it can be read.
    pub url: String,
    /// The day it was read, as `2026-11-23`.
    pub read: String,
}

/// A statement that a rule must find.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bad {
    /// The statement, the faulted words between « and ».
    pub text: String,
    /// How it could be written; judged good.
    #[serde(default)]
    pub better: Option<String>,
}

/// A statement that a rule must leave alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Good {
    /// The statement.
    pub text: String,
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Matcher {
    /// Byte-for-byte sources are kept elsewhere; two matchers are never compared by pattern.
    phrases: Vec<usize>,
    unless: Vec<usize>,
    /// Also applies where a statement is vague and no rule says why.
    fallback: bool,
    message: String,
    when: Condition,
    softer: Vec<(Option<Severity>, Condition)>,
}

/// What else a statement must hold, or must not.
#[derive(Debug, Clone, Default, PartialEq)]
struct Condition {
    has: Vec<Signal>,
    any: Vec<Signal>,
    lacks: Vec<Signal>,
    with: Vec<usize>,
    without: Vec<usize>,
}

/// Rules ready for matching.
#[derive(Debug)]
pub struct RuleSet {
    rules: Vec<Rule>,
    /// All phrases of all rules; matchers hold indices into it, so that a text is walked once.
    phrases: Vec<Pattern>,
    by_word: HashMap<String, Vec<u32>>,
    by_prefix: HashMap<[u8; 3], Vec<(String, u32)>>,
    anywhere: Vec<u32>,
    signals: Vec<(Signal, usize)>,
    stop: HashSet<String>,
    generic: HashSet<String>,
}

/// What the rules see in one statement.
#[derive(Debug, Clone)]
pub struct Reading<'s> {
    /// Its words.
    pub words: Words<'s>,
    /// Its own facts.
    pub facts: Vec<Fact>,
    /// What it holds, by itself or inherited.
    pub signals: Signals,
    /// Where the rules apply, ordered by place.
    pub findings: Vec<Finding>,
}

impl RuleSet {
    /// The built-in rules.
    pub fn builtin() -> &'static Self {
        static BUILTIN: OnceLock<RuleSet> = OnceLock::new();
        // The files are compiled in, and a test loads them: there is no input here that could fail.
        BUILTIN.get_or_init(|| load::builtin(&[]).unwrap_or_else(|error| panic!("built-in rules: {error}")))
    }

    /// The built-in rules and more: a council's own files. One with the id of a built-in rule replaces it.
    ///
    /// # Errors
    /// [`RuleError`] names the file and what is wrong in it.
    pub fn with(own: &[RuleSource]) -> Result<Self, RuleError> {
        load::builtin(own)
    }

    /// All rules, ordered by id.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rule of that id.
    pub fn get(&self, id: &str) -> Option<&Rule> {
        self.rules.binary_search_by(|rule| rule.id.as_str().cmp(id)).ok().map(|i| &self.rules[i])
    }

    /// Reads one statement: its facts, what it holds, and where the rules of its kind apply.
    pub fn read<'s>(&self, statement: &'s Statement) -> Reading<'s> {
        let words = Words::new(&statement.text);
        let facts = facts::find(&words);
        let hits = self.hits(Text { words: &words, facts: &facts });
        let signals = Signals::of(self, statement, &words, &facts, &hits);
        let findings = self.find(statement.kind, &words, &signals, &hits);
        Reading { words, facts, signals, findings }
    }

    /// The finding for a vague statement of which no other rule says why; it covers the whole text.
    pub(crate) fn fallback(&self, kind: Kind, text: &str) -> Option<Finding> {
        let rule = self.rules.iter().find(|rule| rule.matcher.fallback && rule.kinds.contains(&kind))?;
        let span = Span::new(0, text.len());
        let message = rule.matcher.message.replace("{words}", &quote(text));
        Some(Finding { rule: rule.id.clone(), severity: rule.severity, span, message })
    }

    /// Which phrases give a signal.
    pub(crate) fn signals(&self) -> &[(Signal, usize)] {
        &self.signals
    }

    /// True for words with no content of their own.
    pub(crate) fn is_stop(&self, word: &str) -> bool {
        self.stop.contains(word)
    }

    /// True for words of help that name nothing.
    pub(crate) fn is_generic(&self, word: &str) -> bool {
        self.generic.contains(word)
    }

    fn find(&self, kind: Kind, words: &Words<'_>, signals: &Signals, hits: &Hits) -> Vec<Finding> {
        let mut out = Vec::new();
        for rule in self.rules.iter().filter(|rule| rule.kinds.contains(&kind)) {
            let matcher = &rule.matcher;
            if !matcher.when.holds(signals, hits) {
                continue;
            }
            let mut spans: Vec<(usize, usize)> = matcher.phrases.iter().flat_map(|&p| hits.of(p)).collect();
            spans.retain(|&(from, to)| {
                !matcher.unless.iter().flat_map(|&u| hits.of(u)).any(|(a, b)| a < to && from < b)
            });
            if matcher.phrases.is_empty() {
                spans.push((0, words.len()));
            }
            if spans.is_empty() {
                continue;
            }
            let Some(severity) = matcher.severity(rule.severity, signals, hits) else { continue };
            // Of overlapping hits of one rule the longest stands.
            spans.sort_by_key(|&(from, to)| (from, usize::MAX - to));
            let mut last = 0;
            for (from, to) in spans {
                if from < last || from == to {
                    continue;
                }
                last = to;
                let span = words.span(from, trimmed(words, from, to));
                let message = matcher.message.replace("{words}", &quote(span.of(words.text)));
                out.push(Finding { rule: rule.id.clone(), severity, span, message });
            }
        }
        out.sort_by(|a, b| (a.span, &a.rule).cmp(&(b.span, &b.rule)));
        out
    }

    fn hits(&self, text: Text<'_>) -> Hits {
        let mut found = Vec::new();
        let words = text.words;
        let mut tried = Vec::new();
        for i in 0..words.len() {
            let word = words.lower(i);
            tried.clear();
            if let Some(list) = self.by_word.get(word) {
                tried.extend_from_slice(list);
            }
            if let Some(list) = word.as_bytes().first_chunk::<3>().and_then(|key| self.by_prefix.get(key)) {
                tried.extend(list.iter().filter(|(prefix, _)| word.starts_with(prefix.as_str())).map(|&(_, p)| p));
            }
            tried.extend_from_slice(&self.anywhere);
            tried.sort_unstable();
            tried.dedup();
            for &p in &tried {
                if let Some(end) = self.phrases[p as usize].at(text, i) {
                    found.push((p, i as u32, end as u32));
                }
            }
        }
        found.sort_unstable();
        Hits(found)
    }

    fn index(&mut self) {
        for (i, pattern) in self.phrases.iter().enumerate() {
            let i = i as u32;
            let Some(heads) = pattern.heads() else {
                self.anywhere.push(i);
                continue;
            };
            for head in heads {
                match head {
                    Head::Word(word) => self.by_word.entry(word).or_default().push(i),
                    Head::Prefix(prefix) => match prefix.as_bytes().first_chunk::<3>() {
                        Some(&key) => self.by_prefix.entry(key).or_default().push((prefix, i)),
                        None => self.anywhere.push(i),
                    },
                }
            }
        }
    }
}

/// Where phrases stand: (phrase, first word, end word), sorted.
pub(crate) struct Hits(Vec<(u32, u32, u32)>);

impl Hits {
    pub fn of(&self, phrase: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
        let phrase = phrase as u32;
        let from = self.0.partition_point(|h| h.0 < phrase);
        self.0[from..].iter().take_while(move |h| h.0 == phrase).map(|h| (h.1 as usize, h.2 as usize))
    }
}

impl Condition {
    fn holds(&self, signals: &Signals, hits: &Hits) -> bool {
        self.has.iter().all(|&s| signals.has(s))
            && (self.any.is_empty() || self.any.iter().any(|&s| signals.has(s)))
            && !self.lacks.iter().any(|&s| signals.has(s))
            && (self.with.is_empty() || self.with.iter().any(|&p| hits.of(p).next().is_some()))
            && !self.without.iter().any(|&p| hits.of(p).next().is_some())
    }
}

impl Matcher {
    /// The severity here; `None` where the rule does not apply.
    fn severity(&self, default: Severity, signals: &Signals, hits: &Hits) -> Option<Severity> {
        let softer = self.softer.iter().find(|(_, condition)| condition.holds(signals, hits));
        softer.map_or(Some(default), |(severity, _)| *severity)
    }
}

/// Leaves closing marks out of `from..to`.
fn trimmed(words: &Words<'_>, from: usize, mut to: usize) -> usize {
    let mark = |i: usize| words.list().get(i).is_some_and(|w| w.kind == WordKind::Mark);
    while to > from + 1 && mark(to - 1) && !matches!(words.lower(to - 1), "%" | ")") {
        to -= 1;
    }
    to
}

/// The words as a message quotes them: on one line, shortened in the middle where long.
fn quote(words: &str) -> String {
    let words: Vec<&str> = words.split_whitespace().collect();
    if words.len() <= 9 {
        return words.join(" ");
    }
    format!("{} … {}", words[..5].join(" "), words[words.len() - 2..].join(" "))
}

/// True for number words, "one" to "ninety", "hundred", "half", "dozen".
pub(crate) fn is_number_word(word: &str) -> bool {
    matches!(
        word,
        "one"
            | "two"
            | "three"
            | "four"
            | "five"
            | "six"
            | "seven"
            | "eight"
            | "nine"
            | "ten"
            | "eleven"
            | "twelve"
            | "thirteen"
            | "fourteen"
            | "fifteen"
            | "sixteen"
            | "seventeen"
            | "eighteen"
            | "nineteen"
            | "twenty"
            | "thirty"
            | "forty"
            | "fifty"
            | "sixty"
            | "seventy"
            | "eighty"
            | "ninety"
            | "hundred"
            | "half"
            | "dozen"
    )
}
