//! This is `report.html`: what a head of service reads, prints and attaches; one file, no script, nothing to fetch.
//!
//! The template escapes everything that it is given; this file works out where the marks of each chart stand.

mod charts;

use super::metadata::Field;
use super::outputs::Counts;
use super::privacy::Kind;
use super::statistics::{FieldStatistics, Statistics};
use super::store::manifest::Judge;
use crate::writers::page::environment;
use charts::{Bars, Control, Dots};
use minijinja::value::Serde;
use serde::Serialize;
use std::collections::BTreeMap;

/// What the report is made of.
pub(super) struct Parts<'r> {
    pub statistics: &'r Statistics,
    pub counts: &'r Counts,
    pub judge: &'r Judge,
    pub min_group: usize,
    pub metadata_problems: u64,
    pub personal: &'r BTreeMap<Kind, u64>,
}

/// The page.
///
/// # Errors
/// [`minijinja::Error`] where the template does not fit its data, which a test of this crate rules out.
pub(super) fn write(parts: &Parts<'_>) -> Result<String, minijinja::Error> {
    let statistics = parts.statistics;
    let page = Page {
        version: env!("CARGO_PKG_VERSION"),
        judge: parts.judge,
        min_group: parts.min_group,
        statistics,
        rejected: parts.counts.rejected,
        with_personal: parts.counts.personal,
        personal: parts.personal.iter().map(|(kind, count)| (kind.name().replace('_', " "), *count)).collect(),
        metadata_problems: parts.metadata_problems,
        scores: statistics.scores.as_ref().map(|scores| Bars::of_scores(&scores.bands)),
        outcomes: criteria(statistics, 0, 5),
        provision: criteria(statistics, 5, 12),
        fields: statistics.fields.iter().filter(|field| !field.groups.is_empty()).map(FieldView::new).collect(),
        trend: statistics.trend.as_ref().map(Control::new),
    };
    let mut environment = environment("report.html", include_str!("report.html"))?;
    environment.add_filter("thousands", thousands);
    environment.add_filter("one", |value: f64| format!("{value:.1}"));
    environment.add_filter("percent", |value: f64| format!("{:.0} %", value * 100.0));
    environment.get_template("report.html")?.render(Serde(page))
}

#[derive(Serialize)]
struct Page<'r> {
    version: &'static str,
    judge: &'r Judge,
    min_group: usize,
    statistics: &'r Statistics,
    rejected: u64,
    with_personal: u64,
    personal: Vec<(String, u64)>,
    metadata_problems: u64,
    scores: Option<Bars>,
    outcomes: Vec<Share>,
    provision: Vec<Share>,
    fields: Vec<FieldView<'r>>,
    trend: Option<Control>,
}

#[derive(Serialize)]
struct Share {
    name: &'static str,
    met: u64,
    of: u64,
    share: f64,
    /// Width of the bar out of 100.
    width: f64,
}

fn criteria(statistics: &Statistics, from: usize, to: usize) -> Vec<Share> {
    let named = |name: &str| match name {
        "specific" => "Specific",
        "measurable" => "Measurable",
        "achievable" => "Achievable",
        "relevant" => "Relevant",
        "time_bound" => "Says by when",
        "what" => "Says what the help is",
        "who" => "Says who gives it",
        "frequency" => "Says how often",
        "duration" => "Says how long",
        "group" => "Says the group size",
        "setting" => "Says where",
        _ => "Is a promise (“will”)",
    };
    let rows = statistics.criteria.get(from..to).unwrap_or_default().iter();
    rows.filter_map(|row| {
        let share = row.share?;
        let (name, of) = (named(row.criterion), row.met + row.missing);
        Some(Share { name, met: row.met, of, share, width: (share * 1_000.0).round() / 10.0 })
    })
    .collect()
}

#[derive(Serialize)]
struct FieldView<'r> {
    title: &'static str,
    /// What the correlation means, in words.
    spread: String,
    dots: Dots,
    #[serde(flatten)]
    field: &'r FieldStatistics,
}

impl<'r> FieldView<'r> {
    fn new(field: &'r FieldStatistics) -> Self {
        let title = match Field::called(field.field) {
            Some(Field::Team) => "Teams",
            Some(Field::Author) => "Authors",
            Some(Field::Area) => "Areas",
            Some(Field::Setting) => "Types of setting",
            Some(Field::Need) => "Primary needs",
            Some(Field::Phase) => "Age phases",
            _ => "Draft and final plans",
        };
        let spread = field.icc.map_or_else(
            || "There are too few groups to say how much of the spread lies between them.".to_owned(),
            |icc| {
                format!(
                    "{:.0} % of the spread of scores lies between groups (interval {:.0} to {:.0} %), the rest between the plans \
                     of one group.",
                    icc.value * 100.0,
                    icc.interval.low * 100.0,
                    icc.interval.high * 100.0
                )
            },
        );
        Self { title, spread, dots: Dots::new(&field.groups), field }
    }
}

/// A count with commas: 12,345.
fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_commas() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(thousands), ["0", "999", "1,000", "1,234,567"]);
    }
}
