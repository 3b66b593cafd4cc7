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

use crate::facts::{Fact, Value};
use crate::words::{WordKind, Words};
use std::collections::{BTreeMap, HashMap};

/// A compiled phrase.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    nodes: Vec<Node>,
    /// `^ _{0,n}` at the head only says how early the phrase must begin: those words are no part of it.
    within: Option<usize>,
}

/// Named lists of phrases, each usable as `@name`.
#[derive(Debug, Default, Clone)]
pub(crate) struct Lexicons(BTreeMap<String, Vec<Pattern>>);

#[derive(Debug, Clone)]
enum Node {
    Word(String),
    Prefix(String),
    Gap {
        min: usize,
        max: usize,
    },
    Either(Vec<Vec<Node>>),
    /// One of these words, sorted: what an `Either` of plain words is.
    OneOf(Vec<String>),
    Lexicon(Vec<Pattern>, HashMap<String, Vec<usize>>, Vec<usize>),
    Fact(FactKind),
    Start,
    End,
    Follows,
}

/// The kinds of fact that a phrase can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
            "course" => Self::Course,
            _ => return None,
        })
    }

    fn of(value: &Value) -> Self {
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
            Value::Course { .. } => Self::Course,
        }
    }
}

/// A text being matched: its words and facts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text<'a> {
    pub words: &'a Words<'a>,
    pub facts: &'a [Fact],
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
        self.0.insert(name.to_owned(), list);
        Ok(())
    }
}

impl Pattern {
    /// Compiles a phrase.
    pub fn new(source: &str, lexicons: &Lexicons) -> Result<Self, String> {
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

    /// The words that a match can begin with, or `None` where it can begin with anything.
    pub fn heads(&self) -> Option<Vec<Head>> {
        heads(&self.nodes)
    }
}

/// What a match can begin with.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Head {
    Word(String),
    Prefix(String),
    /// Digits or a number word.
    Number,
}

fn heads(nodes: &[Node]) -> Option<Vec<Head>> {
    let mut out = Vec::new();
    for node in nodes {
        match node {
            Node::Start => continue,
            Node::Word(word) => {
                out.push(Head::Word(word.clone()));
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
            Node::Lexicon(patterns, ..) => {
                for pattern in patterns {
                    out.extend(heads(&pattern.nodes)?);
                }
                return Some(out);
            }
            Node::OneOf(list) => {
                out.extend(list.iter().cloned().map(Head::Word));
                return Some(out);
            }
            Node::Fact(FactKind::Number) => {
                out.push(Head::Number);
                return Some(out);
            }
            Node::Gap { .. } | Node::Fact(_) | Node::End | Node::Follows => return None,
        }
    }
    None
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
            // A hyphen in the text is a space: "half-termly" is "half termly".
            let at = if words.lower(at) == "-" && word != "-" && words.list().get(at).is_some_and(|w| w.glued) {
                at + 1
            } else {
                at
            };
            if words.lower(at) == word {
                run(rest, text, at + 1, found);
            }
        }
        Node::OneOf(list) => {
            let glued = words.lower(at) == "-" && words.list().get(at).is_some_and(|w| w.glued);
            let at = if glued { at + 1 } else { at };
            let word = words.lower(at);
            if list.binary_search_by(|w| w.as_str().cmp(word)).is_ok() {
                run(rest, text, at + 1, found);
            }
        }
        Node::Prefix(prefix) => {
            let at = if words.lower(at) == "-" { at + 1 } else { at };
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
        Node::Lexicon(patterns, index, open) => {
            let listed = index.get(words.lower(at)).map_or(&[][..], Vec::as_slice);
            for &i in listed.iter().chain(open) {
                run(&patterns[i].nodes, text, at, &mut |end| run(rest, text, end, found));
            }
        }
        Node::Fact(FactKind::Number) => {
            if words.list().get(at).is_some_and(|w| w.kind == WordKind::Digits)
                || crate::rules::is_number_word(words.lower(at))
            {
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
fn sequence(chars: &[char], at: &mut usize, lexicons: &Lexicons, depth: usize) -> Result<Vec<Node>, String> {
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
                let patterns = lexicons.0.get(&name).ok_or_else(|| format!("no lexicon is called @{name}"))?;
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
                    nodes.push(Node::Word(c.to_string()));
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
                        .map(|part| Node::Word(part.to_owned()))
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
    let plain = |branch: &[Node]| matches!(branch, [Node::Word(word)] if word != "-");
    let (words, mut others): (Vec<_>, Vec<_>) = branches.into_iter().partition(|branch| plain(branch));
    let mut list: Vec<String> = words
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
    let mut index: HashMap<String, Vec<usize>> = HashMap::new();
    let mut open = Vec::new();
    for (i, pattern) in patterns.iter().enumerate() {
        match pattern.heads() {
            Some(heads) if heads.iter().all(|h| matches!(h, Head::Word(_))) => {
                for head in heads {
                    if let Head::Word(word) = head {
                        let list = index.entry(word).or_default();
                        if list.last() != Some(&i) {
                            list.push(i);
                        }
                    }
                }
            }
            _ => open.push(i),
        }
    }
    Node::Lexicon(patterns.to_vec(), index, open)
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
        let pattern = Pattern::new(pattern, &lexicons).unwrap();
        let words = Words::new(text);
        let facts = crate::facts::find(&words);
        let text = Text { words: &words, facts: &facts };
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
            let error = Pattern::new(pattern, &Lexicons::default()).unwrap_err();
            assert!(error.contains(message), "{pattern}: {error}");
        }
    }
}
