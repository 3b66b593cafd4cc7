//! This is how rules are read: TOML files with their lexicons become a [`RuleSet`].

use super::pattern::{Lexicons, Pattern};
use super::vocabulary::Vocabulary;
use super::{Bad, Condition, Empty, Good, Matcher, Rule, RuleSet, Severity, Source};
use crate::assess::{Criterion, Wording};
use crate::document::Kind;
use crate::plan::{self, Case};
use crate::segment::Framework;
use crate::signals::Signal;
use serde::Deserialize;
use std::collections::{BTreeMap, HashSet};
use toml::Spanned;

include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// True for the path of a built-in rule or lexicon file: one of one's own stands instead of it.
pub fn is_builtin(path: &str) -> bool {
    BUILTIN.iter().any(|(builtin, _)| *builtin == path)
}

/// The text of a rule or lexicon file that the caller has read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleSource {
    /// Path below the rules folder with `/` between its parts: `provision/our-own.toml`, `lexicons/teams.txt`.
    pub path: String,
    /// The file's text.
    pub text: String,
}

/// A rule or lexicon file that does not load.
#[derive(Debug, thiserror::Error)]
#[error("{path}{}: {what}", line.map_or(String::new(), |line| format!(", line {line}")))]
pub struct RuleError {
    /// The file, as given in [`RuleSource::path`].
    pub path: String,
    /// The line that is wrong, counted from 1, where it is one.
    pub line: Option<usize>,
    /// What is wrong with it, and what to write instead.
    pub what: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    summary: String,
    why: String,
    advice: String,
    message: String,
    severity: Severity,
    #[serde(default)]
    criterion: Option<Criterion>,
    #[serde(default)]
    wording: Option<Wording>,
    #[serde(default)]
    frameworks: Vec<String>,
    source: Source,
    #[serde(rename = "match")]
    matches: Option<Match>,
    #[serde(default)]
    softer: Vec<Match>,
    #[serde(default)]
    by: Vec<Case>,
    #[serde(default)]
    bad: Vec<Bad>,
    #[serde(default)]
    good: Vec<Good>,
    #[serde(default)]
    todo: Vec<Bad>,
}

/// `[match]` and, with a severity and without phrases, `[[softer]]`.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Match {
    phrases: Vec<Spanned<String>>,
    unless: Vec<Spanned<String>>,
    fallback: bool,
    model: bool,
    severity: Option<Soft>,
    has: Vec<Signal>,
    any: Vec<Signal>,
    lacks: Vec<Signal>,
    with: Vec<Spanned<String>>,
    without: Vec<Spanned<String>>,
}

/// What is wrong with a file, and from which byte on where that is known.
struct Wrong {
    at: Option<usize>,
    what: String,
}

impl From<String> for Wrong {
    fn from(what: String) -> Self {
        Self { at: None, what }
    }
}

impl Wrong {
    fn in_file(self, path: &str, text: &str) -> RuleError {
        let before = self.at.and_then(|at| text.as_bytes().get(..at));
        let line = before.map(|before| before.iter().filter(|byte| **byte == b'\n').count() + 1);
        RuleError { path: path.to_owned(), line, what: self.what }
    }
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Soft {
    Off,
    Note,
    Warning,
}

/// The built-in lexicons and those among `own`.
fn lexicons(own: &[RuleSource]) -> Result<Lexicons, RuleError> {
    let mut lexicons = Lexicons::default();
    let own = own.iter().map(|source| (source.path.as_str(), source.text.as_str()));
    for (path, text) in BUILTIN.iter().copied().chain(own) {
        if let Some(name) = path.strip_prefix("lexicons/").and_then(|file| file.strip_suffix(".txt")) {
            lexicons.add(name, text).map_err(|(line, what)| RuleError {
                path: path.to_owned(),
                line: Some(line),
                what,
            })?;
        }
    }
    Ok(lexicons)
}

/// The words of a lexicon that is asked word by word.
fn single_words(own: &[RuleSource], name: &str) -> HashSet<String> {
    let path = format!("lexicons/{name}.txt");
    let builtin = BUILTIN.iter().find(|(p, _)| *p == path).map_or("", |(_, text)| text);
    let text = own.iter().find(|source| source.path == path).map_or(builtin, |source| &source.text);
    text.lines()
        .map(|line| line.split('#').next().unwrap_or("").trim().to_lowercase())
        .filter(|w| !w.is_empty())
        .collect()
}

/// The built-in rules with `own` beside or instead of them.
pub(super) fn builtin(own: &[RuleSource]) -> Result<RuleSet, RuleError> {
    let mut lexicons = lexicons(own)?;
    let mut files: BTreeMap<&str, &str> = BTreeMap::new();
    files.extend(BUILTIN.iter().copied().filter(|(path, _)| path.ends_with(".toml")));
    for source in own {
        match source.path.rsplit_once('.').map(|(_, extension)| extension) {
            Some("toml") => {
                files.insert(&source.path, &source.text);
            }
            Some("txt") if source.path.starts_with("lexicons/") => {}
            _ => {
                let what =
                    "a rules folder holds outcome/*.toml, provision/*.toml, plan/*.toml and lexicons/*.txt".to_owned();
                return Err(RuleError { path: source.path.clone(), line: None, what });
            }
        }
    }
    let mut set = RuleSet {
        rules: Vec::new(),
        phrases: Vec::new(),
        owners: Vec::new(),
        vocabulary: Vocabulary::default(),
        indices: Default::default(),
        signals: Vec::new(),
        empty: Vec::new(),
    };
    for (signal, name) in Signal::LEXICONS {
        let pattern = Pattern::new(&format!("@{name}"), &mut lexicons).map_err(|what| RuleError {
            path: format!("lexicons/{name}.txt"),
            line: None,
            what,
        })?;
        set.signals.push((signal, set.phrases.len()));
        set.phrases.push(pattern);
    }
    for (path, text) in files {
        let rule = rule(path, text, &mut lexicons, &mut set.phrases).map_err(|wrong| wrong.in_file(path, text))?;
        set.rules.push(rule);
    }
    set.rules.sort_by(|a, b| a.id.cmp(&b.id));
    let (stop, generic) = (single_words(own, "stop"), single_words(own, "generic"));
    set.vocabulary = lexicons.vocabulary;
    for word in stop.iter().chain(&generic) {
        set.vocabulary.add(word);
    }
    let empty = |word: &str| Empty { stop: stop.contains(word), generic: generic.contains(word) };
    set.empty = set.vocabulary.words().iter().map(|word| empty(word)).collect();
    set.index();
    Ok(set)
}

fn rule(path: &str, text: &str, lexicons: &mut Lexicons, phrases: &mut Vec<Pattern>) -> Result<Rule, Wrong> {
    let file: File = toml::from_str(text)
        .map_err(|e| Wrong { at: e.span().map(|span| span.start), what: e.message().trim_end().to_owned() })?;
    let id = path.strip_suffix(".toml").unwrap_or(path).to_owned();
    let kinds = match id.split_once('/').map(|(folder, _)| folder) {
        Some("outcome") => vec![Kind::Outcome],
        Some("provision") => vec![Kind::Provision],
        Some("plan") => Vec::new(),
        _ => return Err("a rule file stands in outcome/, provision/ or plan/; move it there".to_owned().into()),
    };
    if kinds.is_empty() && !plan::is_plan_rule(&id) {
        let known: Vec<&str> = plan::ids().collect();
        let what = format!("what a rule about whole plans looks for is built in; the file may be {}", known.join(", "));
        return Err(what.into());
    }
    if kinds.is_empty() && (file.matches.is_some() || !file.softer.is_empty()) {
        let what = "a rule about whole plans takes [[by]], not [match] and [[softer]]: what it looks for is built in";
        return Err(what.to_owned().into());
    }
    if !kinds.is_empty() && !file.by.is_empty() {
        return Err("[[by]] is for rules about whole plans; write [[softer]]".to_owned().into());
    }
    let matches = file.matches.unwrap_or_default();
    if file.bad.is_empty() || file.good.is_empty() {
        return Err("a rule needs at least one [[bad]] and one [[good]] example".to_owned().into());
    }
    if let Some(unknown) = file.frameworks.iter().find(|id| !Framework::NAMES.contains(&id.as_str())) {
        let what = format!("there is no framework {unknown}; name one of: {}", Framework::NAMES.join(", "));
        return Err(Wrong { at: text.find("frameworks"), what });
    }
    if !file.frameworks.is_empty() && (matches.fallback || matches.model || file.severity > Severity::Note) {
        let what =
            "a rule for some frameworks changes no verdict: its severity is note, and it is neither fallback nor model";
        return Err(Wrong { at: text.find("frameworks"), what: what.to_owned() });
    }
    let mut examples = file.bad.iter().chain(&file.todo);
    if let Some(bad) = examples.find(|bad| bad.text.matches('«').count() != bad.text.matches('»').count()) {
        let what = format!("the marks « and » do not pair in “{}”", bad.text);
        return Err(Wrong { at: text.find(&bad.text), what });
    }
    let mut add = |list: &[Spanned<String>]| -> Result<Vec<usize>, Wrong> {
        list.iter()
            .map(|source| {
                let wrong = |what| Wrong { at: Some(source.span().start), what };
                phrases.push(Pattern::new(source.get_ref(), lexicons).map_err(wrong)?);
                Ok(phrases.len() - 1)
            })
            .collect()
    };
    let matcher = Matcher {
        phrases: add(&matches.phrases)?,
        unless: add(&matches.unless)?,
        fallback: matches.fallback,
        model: matches.model,
        message: file.message,
        when: condition(&matches, &mut add)?,
        softer: file.softer.iter().map(|softer| soften(softer, &mut add)).collect::<Result<_, Wrong>>()?,
    };
    Ok(Rule {
        id,
        summary: file.summary,
        why: file.why,
        advice: file.advice,
        criterion: file.criterion,
        severity: file.severity,
        wording: file.wording,
        by: file.by,
        kinds,
        frameworks: file.frameworks,
        source: file.source,
        bad: file.bad,
        good: file.good,
        todo: file.todo,
        matcher,
    })
}

fn soften(
    softer: &Match,
    add: &mut impl FnMut(&[Spanned<String>]) -> Result<Vec<usize>, Wrong>,
) -> Result<(Option<Severity>, Condition), Wrong> {
    if !(softer.phrases.is_empty() && softer.unless.is_empty()) {
        return Err("[[softer]] takes conditions (has, any, lacks, with, without), not phrases".to_owned().into());
    }
    let severity = match softer.severity {
        Some(Soft::Off) => None,
        Some(Soft::Note) => Some(Severity::Note),
        Some(Soft::Warning) => Some(Severity::Warning),
        None => return Err("[[softer]] needs severity = \"off\", \"note\" or \"warning\"".to_owned().into()),
    };
    Ok((severity, condition(softer, add)?))
}

fn condition(
    when: &Match,
    add: &mut impl FnMut(&[Spanned<String>]) -> Result<Vec<usize>, Wrong>,
) -> Result<Condition, Wrong> {
    Ok(Condition {
        has: when.has.clone(),
        any: when.any.clone(),
        lacks: when.lacks.clone(),
        with: add(&when.with)?,
        without: add(&when.without)?,
    })
}
