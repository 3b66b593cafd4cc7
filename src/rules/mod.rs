//! This is the rule engine: named, sourced reasons as data, one TOML file a rule, and where they apply in a statement.
//!
//! A rule's id is its path below this folder (`provision/open-frequency`). What it matches is a closed set: phrases in
//! the language of `pattern.rs`, exceptions, and conditions on what else the statement holds ([`Signal`]). Its
//! examples stand in the same file and are run as tests. A council's own rules are read in the same way.

mod index;
mod load;
mod pattern;
mod vocabulary;

pub use load::{RuleError, RuleSource, is_builtin};

use crate::assess::{Criterion, Wording};
use crate::document::{Kind, Statement};
use crate::facts::{self, Fact};
use crate::plan::Case;
use crate::signals::{Signal, Signals};
use crate::span::Span;
use crate::words::{WordKind, Words};
use index::Index;
use pattern::Pattern;
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;
use vocabulary::Vocabulary;

pub(crate) use index::Hits;
pub(crate) use pattern::Text;
pub(crate) use vocabulary::{is_number_word, up_to_twenty};

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

impl Severity {
    /// The name in files and sentences: `warning`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
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
    /// How bad it is in some circumstances; only for rules about whole plans.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<Case>,
    /// The kinds of statement that it is looked for in; none for a rule about whole plans.
    pub kinds: Vec<Kind>,
    /// The only frameworks whose plans it is looked for in; all where it is empty. Such a rule tells a writer something and
    /// changes no verdict, since those are trained on the plans of England.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub frameworks: Vec<String>,
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
    /// Applies only where the model judges a statement vague and no other rule says why, at the words that the model faults.
    model: bool,
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
    /// The rule that each phrase faults words for, if it does, and is not only a condition of one.
    owners: Vec<Option<u32>>,
    /// The words of all these phrases.
    vocabulary: Vocabulary,
    /// Where to look a word's phrases up: for outcomes, for provision, for kinds that no rule is for.
    indices: [Index; 3],
    signals: Vec<(Signal, usize)>,
    /// By the number of a word: whether it says nothing by itself, and whether it names no help.
    empty: Vec<Empty>,
}

/// What a word lacks.
#[derive(Debug, Clone, Copy, Default)]
struct Empty {
    stop: bool,
    generic: bool,
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

impl Rule {
    /// True for a rule about whole plans: its examples are small plans, not statements.
    pub fn is_of_plan(&self) -> bool {
        self.id.starts_with("plan/")
    }

    /// What a finding says, with `{words}` for the words.
    pub(crate) fn message(&self) -> &str {
        &self.matcher.message
    }
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

    /// True for a rule that stands for the model's own judgement and matches no words by itself.
    pub fn is_the_models(&self, id: &str) -> bool {
        self.get(id).is_some_and(|rule| rule.matcher.model)
    }

    /// The rule of that id, or the only one whose id ends in `/` and that name.
    pub fn called(&self, name: &str) -> Option<&Rule> {
        let ending = format!("/{name}");
        let mut ends = self.rules.iter().filter(|rule| rule.id.ends_with(&ending));
        self.get(name).or_else(|| ends.next().filter(|_| ends.next().is_none()))
    }

    /// True for a rule that speaks, or speaks also, where a statement is vague and no other says why.
    pub fn speaks_last(&self, id: &str) -> bool {
        self.get(id).is_some_and(|rule| rule.matcher.model || rule.matcher.fallback)
    }

    /// The rule of that id.
    pub fn get(&self, id: &str) -> Option<&Rule> {
        self.rules.binary_search_by(|rule| rule.id.as_str().cmp(id)).ok().map(|i| &self.rules[i])
    }

    /// Reads one statement: its facts, what it holds, and where the rules of its kind apply.
    pub fn read<'s>(&self, statement: &'s Statement) -> Reading<'s> {
        let words = Words::new(&statement.text);
        let facts = facts::find(&words);
        let ids = self.vocabulary.ids(&words);
        let text = Text { words: &words, facts: &facts, ids: &ids };
        let hits = self.indices[slot(statement.kind)].hits(&self.phrases, text);
        let signals = Signals::of(self, statement, text, &hits);
        let findings = self.find(statement.kind, &words, &signals, &hits, |rule| rule.frameworks.is_empty());
        Reading { words, facts, signals, findings }
    }

    /// Where the rules that are for the plans of that framework alone apply, ordered by place.
    pub fn read_for(&self, framework: &str, statement: &Statement) -> Vec<Finding> {
        let is_its = |rule: &Rule| rule.frameworks.iter().any(|id| id == framework);
        if !self.rules.iter().any(|rule| is_its(rule) && rule.kinds.contains(&statement.kind)) {
            return Vec::new();
        }
        let words = Words::new(&statement.text);
        let facts = facts::find(&words);
        let ids = self.vocabulary.ids(&words);
        let text = Text { words: &words, facts: &facts, ids: &ids };
        let hits = self.indices[slot(statement.kind)].hits(&self.phrases, text);
        let signals = Signals::of(self, statement, text, &hits);
        self.find(statement.kind, &words, &signals, &hits, is_its)
    }

    /// The finding for a vague statement of which no other rule says why; it covers the whole text.
    pub(crate) fn fallback(&self, kind: Kind, text: &str) -> Option<Finding> {
        self.first(kind, Span::new(0, text.len()), text, |matcher| matcher.fallback)
    }

    /// The finding for words that the model faults in a vague statement of which no rule says why.
    pub(crate) fn attributed(&self, kind: Kind, span: Span, text: &str) -> Option<Finding> {
        self.first(kind, span, text, |matcher| matcher.model)
    }

    /// The finding of the first rule of that kind and sort, at a place that it did not find itself.
    fn first(&self, kind: Kind, span: Span, text: &str, is: impl Fn(&Matcher) -> bool) -> Option<Finding> {
        let rule = self.rules.iter().find(|rule| is(&rule.matcher) && rule.kinds.contains(&kind))?;
        let message = rule.matcher.message.replace("{words}", &quote(span.of(text)));
        Some(Finding { rule: rule.id.clone(), severity: rule.severity, span, message })
    }

    /// Which phrases give a signal.
    pub(crate) fn signals(&self) -> &[(Signal, usize)] {
        &self.signals
    }

    /// True for words with no content of their own.
    pub(crate) fn is_stop(&self, word: &str) -> bool {
        self.empty(self.vocabulary.id(word)).stop
    }

    /// True for words of help that name nothing.
    pub(crate) fn is_generic(&self, word: &str) -> bool {
        self.empty(self.vocabulary.id(word)).generic
    }

    /// True for the number of a word that says nothing in a statement of that kind.
    pub(crate) fn says_nothing(&self, id: u32, kind: Kind) -> bool {
        let empty = self.empty(id);
        empty.stop || (kind == Kind::Provision && empty.generic)
    }

    fn empty(&self, id: u32) -> Empty {
        self.empty.get(id as usize).copied().unwrap_or_default()
    }

    fn find(
        &self,
        kind: Kind,
        words: &Words<'_>,
        signals: &Signals,
        hits: &Hits,
        asked: impl Fn(&Rule) -> bool,
    ) -> Vec<Finding> {
        let mut out = Vec::new();
        let mut stands = vec![false; self.rules.len()];
        for phrase in hits.phrases() {
            if let Some(Some(rule)) = self.owners.get(phrase) {
                stands[*rule as usize] = true;
            }
        }
        for (rule, stands) in self.rules.iter().zip(stands) {
            let matcher = &rule.matcher;
            if !(stands || matcher.phrases.is_empty())
                || matcher.model
                || !asked(rule)
                || !rule.kinds.contains(&kind)
                || !matcher.when.holds(signals, hits)
            {
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

    /// Sorts every phrase into the indices of the kinds that ask for it, and notes whose it is.
    fn index(&mut self) {
        self.owners = vec![None; self.phrases.len()];
        for (rule, number) in self.rules.iter().zip(0..) {
            rule.matcher.phrases.iter().for_each(|&p| self.owners[p] = Some(number));
        }
        let mut asked = vec![[false; 3]; self.phrases.len()];
        for &(_, p) in &self.signals {
            asked[p] = [true; 3];
        }
        for rule in &self.rules {
            for p in rule.matcher.all_phrases() {
                rule.kinds.iter().for_each(|&kind| asked[p][slot(kind)] = true);
            }
        }
        for (at, index) in self.indices.iter_mut().enumerate() {
            let own = self.phrases.iter().enumerate().filter(|(p, _)| asked[*p][at]);
            *index = Index::new(&self.vocabulary, own.map(|(p, pattern)| (p as u32, pattern)));
        }
    }
}

/// Which of [`RuleSet::indices`] is for statements of that kind.
fn slot(kind: Kind) -> usize {
    match kind {
        Kind::Outcome => 0,
        Kind::Provision => 1,
        Kind::Aspiration | Kind::Need | Kind::Other => 2,
    }
}

impl Condition {
    fn holds(&self, signals: &Signals, hits: &Hits) -> bool {
        self.has.iter().all(|&s| signals.has(s))
            && (self.any.is_empty() || self.any.iter().any(|&s| signals.has(s)))
            && !self.lacks.iter().any(|&s| signals.has(s))
            && (self.with.is_empty() || self.with.iter().any(|&p| hits.has(p)))
            && !self.without.iter().any(|&p| hits.has(p))
    }
}

impl Matcher {
    /// Every phrase that the rule asks for.
    fn all_phrases(&self) -> impl Iterator<Item = usize> + '_ {
        let conditions = std::iter::once(&self.when).chain(self.softer.iter().map(|(_, condition)| condition));
        let asked = conditions.flat_map(|condition| condition.with.iter().chain(&condition.without));
        self.phrases.iter().chain(&self.unless).chain(asked).copied()
    }

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
pub(crate) fn quote(words: &str) -> String {
    let words: Vec<&str> = words.split_whitespace().collect();
    if words.len() <= 9 {
        return words.join(" ");
    }
    format!("{} … {}", words[..5].join(" "), words[words.len() - 2..].join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    /// The indices only save work: they find what trying every phrase at every word finds.
    #[test]
    fn indices_miss_nothing() {
        let set = RuleSet::builtin();
        let corpus = include_str!("../../corpora/statements/statements.jsonl");
        let mut compared = 0;
        for line in corpus.lines() {
            let row: serde_json::Value = serde_json::from_str(line).expect("the corpus is JSON Lines");
            let text = row["text"].as_str().expect("a statement has a text");
            let words = Words::new(text);
            let facts = facts::find(&words);
            let ids = set.vocabulary.ids(&words);
            let text = Text { words: &words, facts: &facts, ids: &ids };
            for kind in [Kind::Outcome, Kind::Provision, Kind::Need] {
                let rules = set.rules.iter().filter(|rule| rule.kinds.contains(&kind));
                let asked: HashSet<usize> =
                    rules.flat_map(|r| r.matcher.all_phrases()).chain(set.signals.iter().map(|&(_, p)| p)).collect();
                let mut all = Vec::new();
                for &p in &asked {
                    // A hyphen opens no phrase: it is a space to all of them.
                    all.extend(
                        (0..words.len())
                            .filter(|&i| words.lower(i) != "-")
                            .filter_map(|i| set.phrases[p].at(text, i).map(|end| (p as u32, i as u32, end as u32))),
                    );
                }
                all.sort_unstable();
                let mut indexed = set.indices[slot(kind)].hits(&set.phrases, text).list;
                indexed.retain(|&(_, i, _)| words.lower(i as usize) != "-");
                compared += all.len();
                assert!(indexed == all, "{}: {kind:?}", row["id"]);
            }
        }
        assert!(compared > 1000, "only {compared} matches in the corpus");
    }
}
