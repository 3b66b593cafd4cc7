//! This is what a statement is about, as terms that can be shared: its words without their endings, the adults and
//! services under one name however they are abbreviated, the area of need, and the amounts.

use crate::document::{ContextRole, Statement};
use crate::facts::{self, Value};
use crate::rules::RuleSet;
use crate::words::{WordKind, Words, stem};
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

/// Terms with their weight before it is known how rare each is.
#[derive(Debug, Clone, Default)]
pub(super) struct Terms(BTreeMap<String, f64>);

/// How much a term of each sort counts.
const WORD: f64 = 1.0;
const EMPTY: f64 = 0.25;
const NAMED: f64 = 0.9;
const TOPIC: f64 = 0.6;
const AMOUNT: f64 = 0.35;

impl Terms {
    /// The terms of a statement and of the cells of its row.
    pub fn of(rules: &RuleSet, statement: &Statement) -> Self {
        let mut terms = Self::default();
        terms.read(rules, &statement.text);
        for context in statement.context.iter().filter(|context| context.role == ContextRole::Cell) {
            terms.read(rules, &context.text);
        }
        terms
    }

    fn read(&mut self, rules: &RuleSet, text: &str) {
        let words = Words::new(text);
        let facts = facts::find(&words);
        let mut i = 0;
        while i < words.len() {
            if let Some((end, name)) = SYNONYMS.at(&words, i) {
                self.add(format!("={name}"), NAMED);
                for topic in TOPICS.get(name).into_iter().flatten() {
                    self.add(format!("#{topic}"), TOPIC);
                }
                i = end;
                continue;
            }
            let lower = words.lower(i);
            if words.list()[i].kind == WordKind::Letters && lower.len() > 1 && !rules.is_stop(lower) {
                let stem = stem(lower);
                for topic in TOPICS.get(stem).into_iter().flatten() {
                    self.add(format!("#{topic}"), TOPIC);
                }
                let timed = facts.iter().any(|f| is_amount(&f.value) && f.span.contains(words.list()[i].span));
                let weight = if rules.is_generic(lower) || timed { EMPTY } else { WORD };
                self.add(stem.to_owned(), weight);
            }
            i += 1;
        }
        for fact in &facts {
            match fact.value {
                Value::Duration { minutes } => self.add(format!("~{minutes} minutes"), AMOUNT),
                Value::Frequency { times, per } => self.add(format!("~{times:?} {per:?}"), AMOUNT),
                Value::Total { minutes, sessions, per } => {
                    self.add(format!("~{minutes:?} {sessions:?} {per:?}"), AMOUNT);
                }
                Value::Group { children, .. } => self.add(format!("~{children:?} children"), AMOUNT),
                _ => {}
            }
        }
    }

    fn add(&mut self, term: String, weight: f64) {
        let known = self.0.entry(term).or_insert(0.0);
        *known = known.max(weight);
    }
}

fn is_amount(value: &Value) -> bool {
    matches!(
        value,
        Value::Duration { .. } | Value::Frequency { .. } | Value::Total { .. } | Value::Group { .. } | Value::Deadline
    )
}

/// How rare each term is among all statements: what few of them say tells which two belong together.
pub(super) struct Weights(HashMap<String, f64>);

impl Weights {
    pub fn of<'t>(all: impl Iterator<Item = &'t Terms>) -> Self {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        let mut n = 0usize;
        for terms in all {
            n += 1;
            for term in terms.0.keys() {
                *counts.entry(term).or_default() += 1;
            }
        }
        let rare = |count: usize| (1.0 + n as f64 / count as f64).ln();
        Self(counts.into_iter().map(|(term, count)| (term.to_owned(), rare(count))).collect())
    }

    /// How alike two statements are, 0–1: the cosine of their terms, and the share of the shorter that the longer holds.
    pub fn alike(&self, a: &Terms, b: &Terms) -> f64 {
        let weight = |term: &str, own: f64| own * self.0.get(term).copied().unwrap_or(0.0);
        let norm = |terms: &Terms| terms.0.iter().map(|(term, own)| weight(term, *own).powi(2)).sum::<f64>();
        let (na, nb) = (norm(a), norm(b));
        if na <= 0.0 || nb <= 0.0 {
            return 0.0;
        }
        let mut shared = 0.0;
        for (term, own) in &a.0 {
            if let Some(other) = b.0.get(term) {
                shared += weight(term, *own) * weight(term, *other);
            }
        }
        let cosine = shared / (na * nb).sqrt();
        let held = (shared / na.min(nb)).min(1.0);
        // The cosine alone fails where a long recommendation has become three words.
        0.6 * cosine + 0.4 * held
    }
}

/// True where two statements have the same words, but for dates that both have.
pub(super) fn same_words(a: &Statement, b: &Statement) -> bool {
    let list = |statement: &Statement| {
        let mut out = Vec::new();
        let mut dates = 0;
        let cells = statement.context.iter().filter(|context| context.role == ContextRole::Cell);
        for text in std::iter::once(&statement.text).chain(cells.map(|context| &context.text)) {
            let words = Words::new(text);
            let facts = facts::find(&words);
            let dated: Vec<_> = facts.iter().filter(|f| f.value == Value::Deadline).map(|f| f.span).collect();
            dates += dated.len();
            for i in 0..words.len() {
                let word = words.list()[i];
                if word.kind != WordKind::Mark && !dated.iter().any(|span| span.contains(word.span)) {
                    out.push(words.lower(i).to_owned());
                }
            }
        }
        (out, dates > 0)
    };
    list(a) == list(b)
}

/// Words that mean the same, under the first of them.
struct Synonyms(HashMap<String, Vec<(Vec<String>, String)>>);

impl Synonyms {
    /// The longest that begins at word `i`: one past its last word, and its name.
    fn at(&self, words: &Words<'_>, i: usize) -> Option<(usize, &str)> {
        let list = self.0.get(words.lower(i))?;
        let fits = |phrase: &[String]| phrase.iter().enumerate().all(|(n, word)| words.lower(i + n) == word);
        let best = list.iter().filter(|(phrase, _)| fits(phrase)).max_by_key(|(phrase, _)| phrase.len())?;
        Some((i + best.0.len(), &best.1))
    }
}

static SYNONYMS: LazyLock<Synonyms> = LazyLock::new(|| {
    let mut map: HashMap<String, Vec<(Vec<String>, String)>> = HashMap::new();
    for line in lines(include_str!("synonyms.txt")) {
        let phrases: Vec<&str> = line.split('|').map(str::trim).collect();
        let name = phrases.first().copied().unwrap_or_default();
        for phrase in &phrases {
            let words = Words::new(phrase);
            let list: Vec<String> = (0..words.len()).map(|i| words.lower(i).to_owned()).collect();
            if let Some(first) = list.first() {
                map.entry(first.clone()).or_default().push((list.clone(), name.to_owned()));
            }
        }
    }
    Synonyms(map)
});

/// The areas that a stem, or the name of a synonym, belongs to.
static TOPICS: LazyLock<HashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let mut map: HashMap<&str, Vec<&str>> = HashMap::new();
    for line in lines(include_str!("topics.txt")) {
        let Some((topic, words)) = line.split_once(':') else { continue };
        for word in words.split_whitespace() {
            // The name of a synonym stands in capitals.
            let key = if word.chars().all(|c| c.is_uppercase() || c == '_') { word } else { stem(word) };
            map.entry(key).or_default().push(topic.trim());
        }
    }
    map
});

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}
