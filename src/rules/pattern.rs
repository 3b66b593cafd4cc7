//! This is the phrase language of rules and lexicons: words, and a few ways to leave room between them.
//!
//! | written | matches |
//! |---|---|
//! | `access to` | those words, in any case, with or without hyphens between them |
//! | `improv*` | a word that begins so |
//! | `(as|when) needed` | either |
//! | `and?`, `(a|the)?` | that or nothing |
//! | `_`, `_{0,3}` | one word; none to three words, never across the end of a clause |
//! | `@adults` | a phrase of the lexicon `adults` |
//! | `<duration>` | a fact of that kind; `<number>` any number |
//! | `^`, `$` | the beginning, the end of the statement |
//! | `^ _{0,6} …`, `… _` | no more than six words before it; some word after it: neither is part of the match |
//!
//! Building can fail, matching cannot. Of several ways to match at one place the longest counts.

use super::vocabulary::{HYPHEN, UNKNOWN, Vocabulary, is_number};
use crate::facts::{Fact, Value};
use crate::words::{WordKind, Words};
use std::collections::{BTreeMap, BTreeSet};

/// A compiled phrase.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    nodes: Vec<Node>,
    /// `^ _{0,n}` at the head only says how early the phrase must begin: those words are no part of it.
    within: Option<usize>,
}

/// Named lists of phrases, each usable as `@name`, and the words of all phrases that were compiled with them.
#[derive(Debug, Default, Clone)]
pub(crate) struct Lexicons {
    lists: BTreeMap<String, Vec<Pattern>>,
    /// Words have numbers in it.
    pub vocabulary: Vocabulary,
}

#[derive(Debug, Clone)]
enum Node {
    /// A word, by its number in the vocabulary.
    Word(u32),
    Prefix(String),
    Gap {
        min: usize,
        max: usize,
    },
    Either(Vec<Vec<Node>>),
    /// One of these words, sorted: what an `Either` of plain words is.
    OneOf(Vec<u32>),
    Lexicon(Box<Lexicon>),
    Fact(FactKind),
    Start,
    End,
    Follows,
}

/// The phrases of a lexicon.
#[derive(Debug, Clone)]
struct Lexicon {
    patterns: Vec<Pattern>,
    /// Which of them begin with a word: its number and the phrase, sorted.
    index: Vec<(u32, u32)>,
    /// Which may begin with anything.
    open: Vec<u32>,
}

/// The kinds of fact that a phrase can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum FactKind {
    Number,
    Frequency,
    Duration,
    Total,
    Group,
    Role,
    Deadline,
    Measure,
    Bound,
    Trigger,
    Setting,
    Review,
    Clock,
    Course,
}

impl FactKind {
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "number" => Self::Number,
            "frequency" => Self::Frequency,
            "duration" => Self::Duration,
            "total" => Self::Total,
            "group" => Self::Group,
            "role" => Self::Role,
            "deadline" => Self::Deadline,
            "measure" => Self::Measure,
            "bound" => Self::Bound,
            "trigger" => Self::Trigger,
            "setting" => Self::Setting,
            "review" => Self::Review,
            "clock" => Self::Clock,
            "course" => Self::Course,
            _ => return None,
        })
    }

    /// How many there are.
    pub const COUNT: usize = Self::Course as usize + 1;

    /// The kind of a fact.
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Frequency { .. } => Self::Frequency,
            Value::Duration { .. } => Self::Duration,
            Value::Total { .. } => Self::Total,
            Value::Group { .. } => Self::Group,
            Value::Role { .. } => Self::Role,
            Value::Deadline => Self::Deadline,
            Value::Measure { .. } => Self::Measure,
            Value::Bound { .. } => Self::Bound,
            Value::Trigger => Self::Trigger,
            Value::Setting => Self::Setting,
            Value::Review => Self::Review,
            Value::Clock { .. } => Self::Clock,
            Value::Course { .. } => Self::Course,
        }
    }
}

/// A text being matched: its words and facts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text<'a> {
    pub words: &'a Words<'a>,
    pub facts: &'a [Fact],
    /// The numbers of the words.
    pub ids: &'a [u32],
}

impl Text<'_> {
    /// The number of word `i`; past the end that of no word.
    pub fn id(&self, i: usize) -> u32 {
        self.ids.get(i).copied().unwrap_or(UNKNOWN)
    }

    /// `i`, or the word after it where `i` is a hyphen inside a word: "half-termly" is "half termly".
    fn past_hyphen(&self, i: usize) -> usize {
        if self.id(i) == HYPHEN && self.words.list().get(i).is_some_and(|word| word.glued) { i + 1 } else { i }
    }
}

impl Lexicons {
    /// Adds a lexicon: one phrase a line, `#` begins a comment. Later lexicons may name earlier ones. An error tells the
    /// line.
    pub fn add(&mut self, name: &str, lines: &str) -> Result<(), (usize, String)> {
        let mut list = Vec::new();
        for (n, line) in lines.lines().enumerate() {
            let line = line.split('#').next().unwrap_or("").trim();
            if line.is_empty() {
                continue;
            }
            list.push(Pattern::new(line, self).map_err(|what| (n + 1, what))?);
        }
        self.lists.insert(name.to_owned(), list);
        Ok(())
    }
}

impl Pattern {
    /// Compiles a phrase.
    pub fn new(source: &str, lexicons: &mut Lexicons) -> Result<Self, String> {
        let mut chars: Vec<char> = source.to_lowercase().replace(['’', '‘'], "'").chars().collect();
        chars.push(' ');
        let mut at = 0;
        let mut nodes = sequence(&chars, &mut at, lexicons, 0).map_err(|e| format!("“{source}”: {e}"))?;
        if at < chars.len() {
            return Err(format!("“{source}”: unexpected ‘{}’", chars[at]));
        }
        if nodes.is_empty() {
            return Err("an empty phrase".to_owned());
        }
        let mut within = None;
        if let [Node::Start, Node::Gap { min: 0, max }, _, ..] = nodes[..] {
            within = Some(max);
            nodes.drain(..2);
        }
        // A word that only has to follow is no part of the phrase.
        if let (Some(Node::Gap { min: 1, max: 1 }), true) = (nodes.last(), nodes.len() > 1) {
            nodes.pop();
            nodes.push(Node::Follows);
        }
        Ok(Self { nodes, within })
    }

    /// The end of the longest match that begins at word `from`; never empty.
    pub fn at(&self, text: Text<'_>, from: usize) -> Option<usize> {
        if self.within.is_some_and(|max| from > max || (0..from).any(|i| text.words.ends_clause(i))) {
            return None;
        }
        let mut best = None;
        run(&self.nodes, text, from, &mut |end| {
            if end > from && best.is_none_or(|b| b < end) {
                best = Some(end);
            }
        });
        best
    }

    /// True where a match can begin only at the statement's first word.
    pub fn is_anchored(&self) -> bool {
        matches!(self.nodes.first(), Some(Node::Start))
    }

    /// The numbers of the words that can come second where a match begins with the word `head`; `None` where anything can, or
    /// nothing has to. Words of no number are among them as [`UNKNOWN`]; a hyphen between the two is not counted.
    pub fn seconds(&self, vocabulary: &Vocabulary, head: u32) -> Option<BTreeSet<u32>> {
        let mut out = BTreeSet::new();
        seconds(&Rest { nodes: &self.nodes, next: None }, vocabulary, head, &mut out).then_some(out)
    }

    /// The words that a match can begin with, or `None` where it can begin with anything.
    pub fn heads(&self) -> Option<Vec<Head>> {
        heads(&self.nodes)
    }
}

/// What a match can begin with.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Head {
    Word(u32),
    Prefix(String),
    /// Digits or a number word.
    Number,
    /// A fact of that kind.
    Fact(FactKind),
}

fn heads(nodes: &[Node]) -> Option<Vec<Head>> {
    let mut out = Vec::new();
    for node in nodes {
        match node {
            Node::Start => continue,
            Node::Word(word) => {
                out.push(Head::Word(*word));
                return Some(out);
            }
            Node::Prefix(prefix) => {
                out.push(Head::Prefix(prefix.clone()));
                return Some(out);
            }
            Node::Either(branches) => {
                let mut open = false;
                for branch in branches {
                    if branch.is_empty() {
                        open = true;
                    } else {
                        out.extend(heads(branch)?);
                    }
                }
                if !open {
                    return Some(out);
                }
            }
            Node::Lexicon(lexicon) => {
                for pattern in &lexicon.patterns {
                    out.extend(heads(&pattern.nodes)?);
                }
                return Some(out);
            }
            Node::OneOf(list) => {
                out.extend(list.iter().copied().map(Head::Word));
                return Some(out);
            }
            Node::Fact(FactKind::Number) => {
                out.push(Head::Number);
                return Some(out);
            }
            Node::Fact(kind) => {
                out.push(Head::Fact(*kind));
                return Some(out);
            }
            Node::Gap { .. } | Node::End | Node::Follows => return None,
        }
    }
    None
}

/// What of a phrase is still to come: nodes, and those after the bracket that they stand in.
struct Rest<'n> {
    nodes: &'n [Node],
    next: Option<&'n Rest<'n>>,
}

/// Adds the words that can come second, after the word `head`; false where that may be anything.
fn seconds(rest: &Rest<'_>, vocabulary: &Vocabulary, head: u32, out: &mut BTreeSet<u32>) -> bool {
    let Some((node, nodes)) = rest.nodes.split_first() else {
        // An empty match counts as none.
        return rest.next.is_none_or(|next| seconds(next, vocabulary, head, out));
    };
    let after = Rest { nodes, next: rest.next };
    let word = vocabulary.words().get(head as usize).map_or("", |word| &**word);
    match node {
        Node::Word(word) => *word != head || firsts(&after, vocabulary, out),
        Node::OneOf(list) => list.binary_search(&head).is_err() || firsts(&after, vocabulary, out),
        Node::Prefix(prefix) => !word.starts_with(prefix.as_str()) || firsts(&after, vocabulary, out),
        Node::Fact(FactKind::Number) => firsts(&after, vocabulary, out),
        Node::Either(branches) => {
            branches.iter().all(|branch| seconds(&Rest { nodes: branch, next: Some(&after) }, vocabulary, head, out))
        }
        Node::Lexicon(lexicon) => lexicon
            .patterns
            .iter()
            .all(|pattern| seconds(&Rest { nodes: &pattern.nodes, next: Some(&after) }, vocabulary, head, out)),
        Node::Start => seconds(&after, vocabulary, head, out),
        Node::Gap { .. } | Node::Fact(_) | Node::End | Node::Follows => false,
    }
}

/// Adds the words that can come first; false where that may be anything, or nothing has to come.
fn firsts(rest: &Rest<'_>, vocabulary: &Vocabulary, out: &mut BTreeSet<u32>) -> bool {
    let Some((node, nodes)) = rest.nodes.split_first() else {
        return rest.next.is_some_and(|next| firsts(next, vocabulary, out));
    };
    let after = Rest { nodes, next: rest.next };
    let mut like = |is: &dyn Fn(&str) -> bool| {
        out.insert(UNKNOWN);
        out.extend(vocabulary.words().iter().zip(0..).filter(|(word, _)| is(word)).map(|(_, id)| id));
        true
    };
    match node {
        Node::Word(word) => {
            out.insert(*word);
            true
        }
        Node::OneOf(list) => {
            out.extend(list);
            true
        }
        Node::Prefix(prefix) => like(&|word| word.starts_with(prefix.as_str())),
        Node::Fact(FactKind::Number) => {
            like(&|word| word.starts_with(|c: char| c.is_ascii_digit()) || super::is_number_word(word))
        }
        Node::Either(branches) => {
            branches.iter().all(|branch| firsts(&Rest { nodes: branch, next: Some(&after) }, vocabulary, out))
        }
        Node::Lexicon(lexicon) => lexicon
            .patterns
            .iter()
            .all(|pattern| firsts(&Rest { nodes: &pattern.nodes, next: Some(&after) }, vocabulary, out)),
        Node::Start | Node::Gap { .. } | Node::Fact(_) | Node::End | Node::Follows => false,
    }
}

/// Tries `nodes` at word `at` and reports the end of every way to match.
fn run(nodes: &[Node], text: Text<'_>, at: usize, found: &mut dyn FnMut(usize)) {
    let Some((node, rest)) = nodes.split_first() else {
        found(at);
        return;
    };
    let words = text.words;
    match node {
        Node::Word(word) => {
            let at = if *word == HYPHEN { at } else { text.past_hyphen(at) };
            if text.id(at) == *word {
                run(rest, text, at + 1, found);
            }
        }
        Node::OneOf(list) => {
            let at = text.past_hyphen(at);
            if list.binary_search(&text.id(at)).is_ok() {
                run(rest, text, at + 1, found);
            }
        }
        Node::Prefix(prefix) => {
            let at = if text.id(at) == HYPHEN { at + 1 } else { at };
            if words.lower(at).starts_with(prefix.as_str()) {
                run(rest, text, at + 1, found);
            }
        }
        Node::Gap { min, max } => {
            for end in at..=at + *max {
                if end - at >= *min {
                    run(rest, text, end, found);
                }
                if end >= words.len() || words.ends_clause(end) {
                    break;
                }
            }
        }
        Node::Either(branches) => {
            for branch in branches {
                run(branch, text, at, &mut |end| run(rest, text, end, found));
            }
        }
        Node::Lexicon(lexicon) => {
            let id = text.id(at);
            let from = lexicon.index.partition_point(|(word, _)| *word < id);
            let listed = lexicon.index[from..].iter().take_while(|(word, _)| *word == id).map(|(_, phrase)| phrase);
            for &i in listed.chain(&lexicon.open) {
                run(&lexicon.patterns[i as usize].nodes, text, at, &mut |end| run(rest, text, end, found));
            }
        }
        Node::Fact(FactKind::Number) => {
            if words.list().get(at).is_some_and(|w| w.kind == WordKind::Digits) || is_number(text.id(at)) {
                run(rest, text, at + 1, found);
            }
        }
        Node::Fact(kind) => {
            if let Some(word) = words.list().get(at) {
                let here = text.facts.partition_point(|f| f.span.start < word.span.start);
                for fact in &text.facts[here..] {
                    if fact.span.start != word.span.start {
                        break;
                    }
                    if FactKind::of(&fact.value) == *kind {
                        run(rest, text, words.at(fact.span.end), found);
                    }
                }
            }
        }
        Node::Start => {
            if at == 0 {
                run(rest, text, at, found);
            }
        }
        Node::Follows => {
            if at < words.len() && !words.ends_clause(at) {
                run(rest, text, at, found);
            }
        }
        Node::End => {
            if (at..words.len()).all(|i| words.list()[i].kind == WordKind::Mark) {
                run(rest, text, at, found);
            }
        }
    }
}

/// Parses up to a closing mark or the end.
fn sequence(chars: &[char], at: &mut usize, lexicons: &mut Lexicons, depth: usize) -> Result<Vec<Node>, String> {
    if depth > 8 {
        return Err("brackets nest too deeply".to_owned());
    }
    let mut nodes: Vec<Node> = Vec::new();
    while let Some(&c) = chars.get(*at) {
        match c {
            ' ' | '\t' => *at += 1,
            ')' | '|' => break,
            '(' => {
                *at += 1;
                let mut branches = Vec::new();
                loop {
                    branches.push(sequence(chars, at, lexicons, depth + 1)?);
                    match chars.get(*at) {
                        Some('|') => *at += 1,
                        Some(')') => {
                            *at += 1;
                            break;
                        }
                        _ => return Err("a bracket is not closed".to_owned()),
                    }
                }
                nodes.push(either(branches));
                optional(chars, at, &mut nodes);
            }
            '_' => {
                *at += 1;
                let (mut min, mut max) = (1, 1);
                if chars.get(*at) == Some(&'{') {
                    let inner = until(chars, at, '}')?;
                    let (low, high) = inner.split_once(',').ok_or("a gap is written _{0,3}")?;
                    min = low.trim().parse().map_err(|_| "a gap is written _{0,3}")?;
                    max = high.trim().parse().map_err(|_| "a gap is written _{0,3}")?;
                    if min > max || max > 12 || max == 0 {
                        return Err("a gap goes from few to at most 12 words".to_owned());
                    }
                }
                nodes.push(Node::Gap { min, max });
                optional(chars, at, &mut nodes);
            }
            '<' => {
                let name = until(chars, at, '>')?;
                let kind = FactKind::parse(&name).ok_or_else(|| format!("no fact is called <{name}>"))?;
                nodes.push(Node::Fact(kind));
                optional(chars, at, &mut nodes);
            }
            '@' => {
                *at += 1;
                let name = word(chars, at);
                let patterns = lexicons.lists.get(&name).ok_or_else(|| format!("no lexicon is called @{name}"))?;
                nodes.push(lexicon(patterns));
                optional(chars, at, &mut nodes);
            }
            '^' | '$' => {
                nodes.push(if c == '^' { Node::Start } else { Node::End });
                *at += 1;
            }
            _ => {
                let text = word(chars, at);
                if text.is_empty() || text == "-" {
                    // A mark of the text itself, such as % or £.
                    nodes.push(Node::Word(lexicons.vocabulary.add(c.encode_utf8(&mut [0; 4]))));
                    *at += usize::from(text.is_empty());
                } else if chars.get(*at) == Some(&'*') {
                    *at += 1;
                    nodes.push(Node::Prefix(text));
                } else {
                    // Cut as a text is cut, so that "3x" and "half-termly" find themselves.
                    let words = Words::new(&text);
                    let parts: Vec<Node> = (0..words.len())
                        .map(|i| words.lower(i))
                        .filter(|&part| part != "-")
                        .map(|part| Node::Word(lexicons.vocabulary.add(part)))
                        .collect();
                    if parts.len() == 1 { nodes.extend(parts) } else { nodes.push(Node::Either(vec![parts])) }
                }
                optional(chars, at, &mut nodes);
            }
        }
    }
    Ok(nodes)
}

/// Alternatives; the plain words among them are looked up rather than tried one by one.
fn either(branches: Vec<Vec<Node>>) -> Node {
    let plain = |branch: &[Node]| matches!(branch, [Node::Word(word)] if *word != HYPHEN);
    let (words, mut others): (Vec<_>, Vec<_>) = branches.into_iter().partition(|branch| plain(branch));
    let mut list: Vec<u32> = words
        .into_iter()
        .flatten()
        .filter_map(|node| if let Node::Word(word) = node { Some(word) } else { None })
        .collect();
    list.sort();
    list.dedup();
    match (list.is_empty(), others.is_empty()) {
        (false, true) => Node::OneOf(list),
        (true, _) => Node::Either(others),
        (false, false) => {
            others.insert(0, vec![Node::OneOf(list)]);
            Node::Either(others)
        }
    }
}

fn lexicon(patterns: &[Pattern]) -> Node {
    let mut index = Vec::new();
    let mut open = Vec::new();
    for (i, pattern) in (0..).zip(patterns) {
        match pattern.heads() {
            Some(heads) if heads.iter().all(|h| matches!(h, Head::Word(_))) => {
                index.extend(
                    heads.iter().filter_map(|head| if let Head::Word(word) = head { Some((*word, i)) } else { None }),
                );
            }
            _ => open.push(i),
        }
    }
    index.sort_unstable();
    index.dedup();
    Node::Lexicon(Box::new(Lexicon { patterns: patterns.to_vec(), index, open }))
}

fn optional(chars: &[char], at: &mut usize, nodes: &mut Vec<Node>) {
    if chars.get(*at) == Some(&'?') {
        *at += 1;
        if let Some(node) = nodes.pop() {
            nodes.push(Node::Either(vec![vec![node], Vec::new()]));
        }
    }
}

fn word(chars: &[char], at: &mut usize) -> String {
    let start = *at;
    while chars.get(*at).is_some_and(|c| c.is_alphanumeric() || matches!(c, '\'' | '-')) {
        *at += 1;
    }
    chars[start..*at].iter().collect()
}

fn until(chars: &[char], at: &mut usize, close: char) -> Result<String, String> {
    let start = *at + 1;
    let len = chars[start..].iter().position(|&c| c == close).ok_or_else(|| format!("‘{close}’ is missing"))?;
    *at = start + len + 1;
    Ok(chars[start..start + len].iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn longest(pattern: &str, text: &str) -> Option<String> {
        let mut lexicons = Lexicons::default();
        lexicons.add("adults", "staff\nkey adult\nthe school # nobody").unwrap();
        let pattern = Pattern::new(pattern, &mut lexicons).unwrap();
        let words = Words::new(text);
        let facts = crate::facts::find(&words);
        let ids = lexicons.vocabulary.ids(&words);
        let text = Text { words: &words, facts: &facts, ids: &ids };
        (0..words.len()).find_map(|i| pattern.at(text, i).map(|end| words.span(i, end).of(words.text).to_owned()))
    }

    #[test]
    fn forms() {
        for (pattern, text, found) in [
            ("access to", "Have Access  to toys", Some("Access  to")),
            ("improv*", "It improves.", Some("improves")),
            ("(as|when) (and when)? needed", "help as and when needed", Some("as and when needed")),
            ("(as|when) (and when)? needed", "help when needed", Some("when needed")),
            ("up to _{0,2} hours", "up to ten whole hours", Some("up to ten whole hours")),
            ("up to _{0,2} hours", "up to. Then hours", None),
            ("half-termly", "a half termly check", Some("half termly")),
            ("half termly", "a half-termly check", Some("half-termly")),
            ("^ wants", "Sam wants", None),
            ("^ _ wants", "Sam wants", Some("Sam wants")),
            ("^ _{0,3} wants to", "By May Sam wants to", Some("wants to")),
            ("^ _{0,1} wants to", "By May Sam wants to", None),
            ("wants _", "Sam wants sweets", Some("wants")),
            ("wants _", "what Sam wants.", None),
            ("@adults will", "The key adult will", Some("key adult will")),
            ("etc $", "pens etc.", Some("etc")),
            ("£ <number>", "of £20", Some("£20")),
            ("<number> (-|to) <number>", "20–45 minutes", Some("20–45")),
            ("<number> (-|to) <number>", "six 60-minute sessions", None),
        ] {
            assert_eq!(longest(pattern, text).as_deref(), found, "{pattern} in {text}");
        }
    }

    #[test]
    fn mistakes_are_named() {
        for (pattern, message) in [
            ("(a|b", "not closed"),
            ("@nowhere", "no lexicon"),
            ("<colour>", "no fact"),
            ("_{3,1}", "a gap goes"),
            ("a ) b", "unexpected"),
            (" ", "an empty"),
        ] {
            let error = Pattern::new(pattern, &mut Lexicons::default()).unwrap_err();
            assert!(error.contains(message), "{pattern}: {error}");
        }
    }
}
