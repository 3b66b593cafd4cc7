//! This is a labelled row: what a line says, and which lines are asked for.

use clap::Args;
use clearplan::assess::{Criterion, State, Wording};
use clearplan::document::{Kind, Setting};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// A labelled row.
#[derive(Debug)]
pub struct Row {
    pub id: Value,
    pub kind: Labelled,
    pub text: String,
    pub verdict: Label,
    pub labels: Labels,
    /// The faulted words.
    pub phrases: Vec<String>,
    /// The publisher.
    pub group: Option<String>,
    /// The author's style.
    pub style: Option<String>,
    pub split: Option<String>,
    pub section: Option<String>,
    pub setting: Option<Setting>,
    /// What it inherits.
    pub context: Vec<String>,
}

/// What a labeller said of a statement besides the verdict.
#[derive(Debug, Default)]
pub struct Labels {
    pub wording: Option<Wording>,
    pub criteria: BTreeMap<Criterion, State>,
    /// Types, criteria and states that are none of ours, and so are not measured.
    pub unknown: usize,
}

/// What the plan puts there.
#[derive(Deserialize, Serialize, Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
pub enum Labelled {
    Outcome,
    Provision,
}

impl Labelled {
    pub const ALL: [Self; 2] = [Self::Outcome, Self::Provision];

    pub fn kind(self) -> Kind {
        match self {
            Self::Outcome => Kind::Outcome,
            Self::Provision => Kind::Provision,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Outcome => "outcome",
            Self::Provision => "provision",
        }
    }
}

/// A labeller's verdict.
#[derive(Deserialize, Serialize, Debug, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Label {
    Good,
    Bad,
}

/// Which rows are measured.
#[derive(Debug, Args)]
pub struct Filter {
    /// Only rows of this split: train, dev or test; may be given several times
    #[arg(long, value_name = "SPLIT", value_delimiter = ',', value_parser = ["train", "dev", "test"])]
    split: Vec<String>,
    /// Only rows of this style; may be given several times
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    style: Vec<String>,
}

impl Filter {
    /// True for a row that is asked for; one that does not say its split or style is not, where one is named.
    pub fn takes(&self, row: &Row) -> bool {
        let in_list = |list: &[String], value: &Option<String>| {
            list.is_empty() || value.as_ref().is_some_and(|value| list.contains(value))
        };
        in_list(&self.split, &row.split) && in_list(&self.style, &row.style)
    }
}

/// The rows of a file, and what is wrong with the lines that are none: never a word of them. A row without an id is
/// called by its file's name and its line.
pub fn read(path: &Path, bytes: &[u8]) -> (Vec<Row>, Vec<String>) {
    let stem = path.file_stem().map_or_else(|| "row".to_owned(), |stem| stem.to_string_lossy().into_owned());
    let mut rows = Vec::new();
    let mut errors = Vec::new();
    for (number, line) in lines(bytes) {
        match serde_json::from_slice::<Line>(line) {
            Ok(line) => rows.push(line.row(&stem, number)),
            Err(_) => errors.push(format!(
                "line {number}: not a labelled row; it needs \"kind\" (outcome or provision), \"text\" and \"verdict\" \
                 (good or bad); \"context\" is a list of strings"
            )),
        }
    }
    (rows, errors)
}

/// The lines that hold anything, counted from 1.
pub fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let lines = bytes.split(|byte| *byte == b'\n').enumerate();
    lines.filter(|(_, line)| !line.trim_ascii().is_empty()).map(|(i, line)| (i + 1, line))
}

/// A row as it is written.
#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    id: Value,
    kind: Labelled,
    text: String,
    verdict: Label,
    #[serde(default, rename = "type")]
    wording: Value,
    #[serde(default)]
    criteria: Value,
    #[serde(default)]
    phrases: Option<Phrases>,
    #[serde(default)]
    group: Option<String>,
    /// Other people's data use these names for other things; then they say nothing here.
    #[serde(default, deserialize_with = "string")]
    style: Option<String>,
    #[serde(default, deserialize_with = "string")]
    split: Option<String>,
    #[serde(default)]
    section: Option<String>,
    #[serde(default, deserialize_with = "setting")]
    setting: Option<Setting>,
    #[serde(default)]
    context: Option<Vec<String>>,
}

impl Line {
    fn row(self, stem: &str, number: usize) -> Row {
        Row {
            id: if self.id.is_null() { format!("{stem}:{number}").into() } else { self.id },
            kind: self.kind,
            text: self.text,
            verdict: self.verdict,
            labels: Labels::new(&self.wording, &self.criteria),
            phrases: match self.phrases {
                None => Vec::new(),
                Some(Phrases::Many(phrases)) => phrases,
                Some(Phrases::One(phrase)) => vec![phrase],
            },
            group: self.group,
            style: self.style,
            split: self.split,
            section: self.section,
            setting: self.setting,
            context: self.context.unwrap_or_default(),
        }
    }
}

impl Labels {
    /// From the fields `type` and `criteria`. Other people's data use these names too: what is none of ours is counted
    /// and else says nothing.
    pub fn new(wording: &Value, criteria: &Value) -> Self {
        let mut labels = Self { wording: known(wording), ..Self::default() };
        labels.unknown += usize::from(labels.wording.is_none() && !wording.is_null());
        match criteria {
            Value::Null => {}
            Value::Object(states) => {
                for (criterion, state) in states {
                    match (known(&Value::from(criterion.as_str())), known(state)) {
                        (Some(criterion), Some(state)) => {
                            labels.criteria.insert(criterion, state);
                        }
                        _ => labels.unknown += 1,
                    }
                }
            }
            _ => labels.unknown += 1,
        }
        labels
    }
}

fn known<'v, T: Deserialize<'v>>(value: &'v Value) -> Option<T> {
    T::deserialize(value).ok()
}

fn string<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Value::deserialize(deserializer)?.as_str().map(str::to_owned))
}

fn setting<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Setting>, D::Error> {
    Ok(known(&Value::deserialize(deserializer)?))
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Phrases {
    Many(Vec<String>),
    One(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(line: &str) -> Row {
        let (mut rows, errors) = read(Path::new("dev.jsonl"), line.as_bytes());
        assert!(errors.is_empty() && rows.len() == 1, "{line}");
        rows.remove(0)
    }

    #[test]
    fn lines_that_are_no_rows_are_named_without_their_words() {
        let bytes = b"{\"kind\":\"outcome\",\"text\":\"a\",\"verdict\":\"good\"}\nSecret\n\n{\"kind\":\"outcome\",\"text\":\"Secret\",\"verdict\":\"Secret\"}\n{\"kind\":\"outcome\",\"text\":\"a\",\"verdict\":\"good\",\"context\":\"Secret\"}";
        let (rows, errors) = read(Path::new("dev.jsonl"), bytes);
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].id, "dev:1");
        assert_eq!(errors.len(), 3);
        assert!(
            errors[0].starts_with("line 2:") && errors[1].starts_with("line 4:") && errors[2].starts_with("line 5:")
        );
        assert!(errors.iter().all(|error| !error.contains("Secret")));
    }

    #[test]
    fn labels_are_read_and_what_is_no_label_is_counted() {
        let row = one(
            r#"{"kind":"outcome","text":"a","verdict":"bad","type":"boilerplate","criteria":{"specific":"met","time_bound":"not_needed","what":"perhaps","grammar":"met"},"context":["By July:"],"style":7,"split":"dev","setting":"france"}"#,
        );
        assert_eq!(row.labels.wording, Some(Wording::Boilerplate));
        let known: Vec<_> = row.labels.criteria.iter().map(|(criterion, state)| (*criterion, *state)).collect();
        assert_eq!(known, [(Criterion::Specific, State::Met), (Criterion::TimeBound, State::NotNeeded)]);
        assert_eq!((row.labels.unknown, row.context.as_slice()), (2, &["By July:".to_owned()][..]));
        assert_eq!((row.style, row.split.as_deref(), row.setting), (None, Some("dev"), None));
        let other =
            one(r#"{"kind":"outcome","text":"a","verdict":"bad","type":3,"criteria":["specific"],"phrases":"b"}"#);
        assert_eq!((other.labels.unknown, other.labels.wording), (2, None));
        assert_eq!(other.phrases, ["b"]);
        let bare =
            one(r#"{"kind":"provision","text":"a","verdict":"good","type":null,"criteria":null,"context":null}"#);
        assert_eq!((bare.labels.unknown, bare.context.len()), (0, 0));
    }

    #[test]
    fn filters_take_what_they_name() {
        let row = one(r#"{"kind":"outcome","text":"a","verdict":"bad","style":"notes","split":"dev"}"#);
        let bare = one(r#"{"kind":"outcome","text":"a","verdict":"bad"}"#);
        let filter = |split: &[&str], style: &[&str]| Filter {
            split: split.iter().map(|s| (*s).to_owned()).collect(),
            style: style.iter().map(|s| (*s).to_owned()).collect(),
        };
        assert!(filter(&[], &[]).takes(&row) && filter(&[], &[]).takes(&bare));
        assert!(filter(&["test", "dev"], &["notes"]).takes(&row) && !filter(&["test"], &["notes"]).takes(&row));
        assert!(!filter(&["dev"], &["other"]).takes(&row));
        assert!(!filter(&["dev"], &[]).takes(&bare) && !filter(&[], &["notes"]).takes(&bare));
    }
}
