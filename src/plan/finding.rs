//! This is a finding about a whole plan: a rule, how bad it is here, and the words that are its evidence.

use super::check::{At, Found, Reading};
use crate::document::Setting;
use crate::rules::{Rule, Severity, quote};
use crate::span::{CodePoints, Span};
use serde::{Deserialize, Serialize};

/// A rule about whole plans, found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlanFinding {
    /// The rule's id: `plan/need-without-provision`.
    pub rule: String,
    /// How bad it is here.
    pub severity: Severity,
    /// Why, in one sentence that names the words.
    pub message: String,
    /// The evidence, where the finding stands first; empty only where the fault is that something is nowhere.
    pub places: Vec<PlanPlace>,
    /// What would have to be there.
    pub missing: Option<String>,
}

/// Words of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlanPlace {
    /// The statement that they stand in, `B.3`; `None` for a paragraph that is no statement.
    pub statement: Option<String>,
    /// Its section's id; empty where it stands in none.
    pub section: String,
    /// Ordinal of the paragraph in the document.
    pub paragraph: usize,
    /// Page, counted from 1, where the format has pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// Line, counted from 1, where the format has lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Where they stand in the text of the statement, or of the paragraph where there is no statement.
    #[serde(skip)]
    pub span: Span,
    /// Where they stand in the text of the paragraph.
    #[serde(skip)]
    pub in_paragraph: Span,
    /// True where they are all words of a statement.
    #[serde(skip)]
    pub whole: bool,
    /// The same in code points.
    #[serde(flatten)]
    pub points: Span,
    /// The words.
    pub text: String,
}

/// How bad a rule is in some circumstances; of several, the first that holds counts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Ids of the sections that the finding stands in; any, where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub section: Vec<String>,
    /// Whether the plan's own structure would have shown what is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub structure: Option<bool>,
    /// Whether the evidence leaves little doubt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sure: Option<bool>,
    /// Where the child is educated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setting: Option<Setting>,
    /// How bad it is then.
    pub severity: Level,
}

/// A severity, or none at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The rule does not apply.
    #[default]
    Off,
    /// [`Severity::Note`].
    Note,
    /// [`Severity::Warning`].
    Warning,
    /// [`Severity::Error`].
    Error,
}

impl Level {
    fn severity(self) -> Option<Severity> {
        match self {
            Self::Off => None,
            Self::Note => Some(Severity::Note),
            Self::Warning => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
        }
    }
}

impl Case {
    fn holds(&self, section: &str, found: &Found, setting: Setting) -> bool {
        (self.section.is_empty() || self.section.iter().any(|id| id == section))
            && self.structure.is_none_or(|structure| structure == found.structured)
            && self.sure.is_none_or(|sure| sure == found.sure)
            && self.setting.is_none_or(|known| known == setting)
    }
}

impl PlanFinding {
    /// The finding; `None` where the rule does not apply in these circumstances.
    pub(super) fn new(rule: &Rule, found: Found, reading: &Reading<'_>) -> Option<Self> {
        let places: Vec<PlanPlace> = found.places.iter().filter_map(|at| PlanPlace::new(*at, reading)).collect();
        let section = places.first().map_or("", |place| place.section.as_str());
        let setting = reading.statements.first().map(|judged| judged.statement.setting).unwrap_or_default();
        let case = rule.by.iter().find(|case| case.holds(section, &found, setting));
        let severity = case.map_or(Some(rule.severity), |case| case.severity.severity())?;
        let words = places.first().map(|place| quote(&place.text)).unwrap_or_default();
        let mut message = rule.message().replace("{words}", &words);
        for (name, words) in &found.words {
            message = message.replace(&format!("{{{name}}}"), words);
        }
        Some(Self { rule: rule.id.clone(), severity, message, places, missing: found.missing })
    }

    /// Where it stands, to sort by: what stands nowhere comes last.
    pub(super) fn first(&self) -> (usize, Span) {
        self.places.first().map_or((usize::MAX, Span::new(0, 0)), |place| (place.paragraph, place.span))
    }
}

impl PlanPlace {
    fn new(at: At, reading: &Reading<'_>) -> Option<Self> {
        let (judged, place, text, span) = match at {
            At::Statement(number, span) => {
                let judged = *reading.statements.get(number)?;
                (Some(judged), judged.statement.place, judged.statement.text.as_str(), span)
            }
            At::Paragraph(ordinal, span) => {
                let paragraph = *reading.paragraphs.get(ordinal)?;
                (None, paragraph.place, paragraph.text.as_str(), span)
            }
        };
        let start = judged.map_or(0, |judged| judged.statement.span.start);
        Some(Self {
            statement: judged.map(|judged| judged.id.clone()),
            section: judged.map(|judged| judged.statement.section.clone()).unwrap_or_default(),
            paragraph: place.paragraph,
            page: place.page,
            line: place.line,
            span,
            in_paragraph: span.shifted(start),
            whole: judged.is_some() && span == Span::new(0, text.len()),
            points: CodePoints::new(text).span(span),
            text: span.of(text).to_owned(),
        })
    }
}
