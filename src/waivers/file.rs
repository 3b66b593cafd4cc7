//! This is a file of waivers (TOML): which rule, where, why, who decided it, until when.

use super::{By, Decision, hash, named, note, take};
use crate::document::Note;
use crate::review::{Judged, Review};
use crate::rules::{Finding, RuleSet};
use crate::span::Span;
use serde::Deserialize;
use toml::Spanned;

/// The waivers of a file.
#[derive(Debug, Clone, Default)]
pub struct Waivers {
    /// What notes call the file.
    name: String,
    list: Vec<(usize, Entry)>,
}

/// A file of waivers that does not load.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct WaiverError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong with it, and what to write instead.
    pub what: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    waiver: Vec<Spanned<Entry>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// The rule's id, or its last part.
    rule: String,
    /// The file's name, without folders, or the record's id.
    #[serde(default)]
    plan: Option<String>,
    /// The section's letter.
    #[serde(default)]
    section: Option<String>,
    /// Words of the statement, as they stand there.
    #[serde(default)]
    words: Option<String>,
    /// The hash of the statement, as `check --format json` gives it.
    #[serde(default)]
    statement: Option<String>,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    owner: Option<String>,
    #[serde(default)]
    expires: Option<toml::Value>,
}

impl Waivers {
    /// Reads a file of waivers; `name` is what notes call it.
    ///
    /// # Errors
    /// [`WaiverError`] where it is not of the form that docs/rules.md tells. What is only missing in a waiver is a note.
    pub fn from_toml(name: &str, text: &str) -> Result<Self, WaiverError> {
        let line = |at: usize| text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
        let file: File = toml::from_str(text).map_err(|error| WaiverError {
            line: line(error.span().map_or(0, |span| span.start)),
            what: error.message().trim_end().to_owned(),
        })?;
        let mut list = Vec::new();
        for entry in file.waiver {
            let line = line(entry.span().start);
            let wrong = |what: &str| WaiverError { line, what: what.to_owned() };
            let mut entry = entry.into_inner();
            if entry.section.is_none() && entry.words.is_none() && entry.statement.is_none() {
                return Err(wrong("this waiver does not say where; give words, statement or section"));
            }
            if let Some(day) = &entry.expires {
                let day = match day {
                    toml::Value::String(day) => day.clone(),
                    day => day.to_string(),
                };
                let day: jiff::civil::Date =
                    day.parse().map_err(|_| wrong("expires is no day; a day looks like 2027-03-31"))?;
                entry.expires = Some(toml::Value::String(day.to_string()));
            }
            list.push((line, entry));
        }
        Ok(Self { name: name.to_owned(), list })
    }

    /// Waives what they name in these plans. `today`, as `2026-11-27`, is the day by which they run out. Notes on the waivers
    /// themselves stand with the first plan.
    pub fn apply(&self, reviews: &mut [Review], rules: &RuleSet, today: &str) {
        let mut notes: Vec<Note> = Vec::new();
        for (line, entry) in &self.list {
            if let Err(what) = entry.apply(reviews, rules, today) {
                notes.push(note(format!("The waiver in line {line} of {} {what}", self.name)));
            }
        }
        if let Some(review) = reviews.first_mut() {
            review.notes.extend(notes);
        }
    }
}

impl Entry {
    fn apply(&self, reviews: &mut [Review], rules: &RuleSet, today: &str) -> Result<(), String> {
        let rule = named(rules, &self.rule)?;
        let given =
            |field: &Option<String>| field.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        let expires = self.expires.as_ref().and_then(toml::Value::as_str).map(str::to_owned);
        let (reason, owner) = (given(&self.reason), given(&self.owner));
        let lacks: Vec<&str> =
            [("reason", reason.is_none()), ("owner", owner.is_none()), ("expires", expires.is_none())]
                .into_iter()
                .filter_map(|(name, lacks)| lacks.then_some(name))
                .collect();
        let (Some(reason), true) = (reason, lacks.is_empty()) else {
            return Err(format!("has no {}, so that what {rule} finds counts; add it", lacks.join(" and no ")));
        };
        if expires.as_deref().is_some_and(|day| day < today) {
            return Err(format!("has run out, so that what {rule} finds counts again; reword the plan or decide anew"));
        }
        let decision = Decision { reason, owner, expires, by: By::File };
        let mut waived = 0;
        for review in reviews.iter_mut().filter(|review| self.is_of(&review.document)) {
            for judged in review.sections.iter_mut().flat_map(|section| &mut section.statements) {
                let Some(places) = self.places(judged) else { continue };
                let at = |finding: &Finding| places.iter().any(|place| place.overlaps(finding.span));
                waived += take(judged, &rule, &decision, at);
            }
        }
        match waived {
            0 => Err(format!(
                "fits nothing that {rule} finds; the plan may have been reworded: delete it or check its words"
            )),
            _ => Ok(()),
        }
    }

    fn is_of(&self, document: &str) -> bool {
        let last = document.rsplit(['/', '\\']).next().unwrap_or(document);
        self.plan.as_deref().is_none_or(|plan| plan == document || plan == last)
    }

    /// The places in a statement that it is about; `None` for other statements.
    fn places(&self, judged: &Judged) -> Option<Vec<Span>> {
        let statement = &judged.statement;
        let here =
            self.section.as_deref().is_none_or(|section| section.trim().eq_ignore_ascii_case(&statement.section))
                && self
                    .statement
                    .as_deref()
                    .is_none_or(|wanted| wanted.trim().eq_ignore_ascii_case(&hash(&statement.text)));
        let whole = Span::new(0, statement.text.len());
        here.then(|| self.words.as_deref().map_or_else(|| vec![whole], |words| places(&statement.text, words)))
    }
}

/// Where words stand in a text, whatever their case, their quotes and the white space between them.
fn places(text: &str, words: &str) -> Vec<Span> {
    let fold = |c: char| match c {
        '’' | '‘' => '\'',
        '“' | '”' => '"',
        '–' | '—' => '-',
        c if c.is_whitespace() => ' ',
        c => c.to_lowercase().next().unwrap_or(c),
    };
    let wanted: Vec<char> = words.split_whitespace().collect::<Vec<_>>().join(" ").chars().map(fold).collect();
    let mut chars: Vec<(usize, char)> = text.char_indices().map(|(at, c)| (at, fold(c))).collect();
    chars.dedup_by(|later, before| later.1 == ' ' && before.1 == ' ');
    if wanted.is_empty() {
        return Vec::new();
    }
    (chars.windows(wanted.len()).enumerate())
        .filter(|(_, window)| window.iter().map(|(_, c)| c).eq(&wanted))
        .filter_map(|(i, window)| {
            let end = chars.get(i + wanted.len()).map_or(text.len(), |(at, _)| *at);
            Some(Span::new(window.first()?.0, end))
        })
        .collect()
}
