//! This is the JSON Lines rendering: one statement a line, each with its document, for tables and pipelines.

use super::json::StatementJson;
use crate::plan::{PlanFinding, PlanPlace};
use crate::review::Review;
use serde::Serialize;

/// Every statement of the reviews, one JSON object a line, in reading order.
///
/// A line is the statement object of the JSON rendering after `document` and `heading`; a finding about the plan as a whole
/// is in `plan_findings` of the statement that it stands at.
pub fn write(reviews: &[Review]) -> String {
    let mut out = String::new();
    for review in reviews {
        for section in &review.sections {
            for judged in &section.statements {
                let stands = |place: &PlanPlace| place.statement.as_ref() == Some(&judged.id);
                let own = review.whole.findings.iter().filter(|finding| finding.places.first().is_some_and(stands));
                let line = Line {
                    document: &review.document,
                    heading: &section.heading,
                    statement: StatementJson::new(judged),
                    plan_findings: own.collect(),
                };
                // Strings, numbers and maps with string keys always serialise.
                if let Ok(line) = serde_json::to_string(&line) {
                    out.push_str(&line);
                    out.push('\n');
                }
            }
        }
    }
    out
}

#[derive(Debug, Serialize)]
struct Line<'r> {
    document: &'r str,
    heading: &'r str,
    #[serde(flatten)]
    statement: StatementJson<'r>,
    /// Findings about the plan as a whole that stand at this statement.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    plan_findings: Vec<&'r PlanFinding>,
}
