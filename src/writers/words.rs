//! This is the plain English that the text and the HTML rendering share: what a caseworker reads for each term.

use crate::assess::{Assessment, Confidence, Criterion, State, Verdict, Wording};
use crate::document::{ContextRole, Kind, Place};
use crate::plan::thread::{Pair, Shared};
use crate::plan::{PlanPlace, Thread};
use crate::review::{Judged, Review};
use crate::rules::{Finding, Severity};

/// "1 error", "2 errors".
pub fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// The verdict in words, with the doubt where there is one and the real type where the wording is of another.
pub fn verdict(assessment: &Assessment, stands_as: Kind) -> String {
    let mut out = match assessment.verdict {
        Verdict::Smart => "SMART".to_owned(),
        Verdict::Specific => "specific".to_owned(),
        Verdict::Vague => match stands_as {
            Kind::Provision => "not specific enough".to_owned(),
            _ => "vague".to_owned(),
        },
    };
    if assessment.confidence == Confidence::Low {
        out.push_str(" (close call)");
    }
    if let Some(really) = other_type(assessment, stands_as) {
        out.push_str(", worded as ");
        out.push_str(really);
    }
    out
}

/// What the wording is, where that is not what the plan puts there.
fn other_type(assessment: &Assessment, stands_as: Kind) -> Option<&'static str> {
    match (assessment.wording, stands_as) {
        (Wording::Outcome, Kind::Outcome) | (Wording::Provision, Kind::Provision) => None,
        (Wording::Outcome, _) => Some("an outcome"),
        (Wording::Provision, _) => Some("provision"),
        (Wording::Aspiration, _) => Some("an aspiration"),
        (Wording::Need, _) => Some("a need"),
        (Wording::Activity, _) => Some("an activity"),
        (Wording::AdultAction, _) => Some("what an adult does"),
        (Wording::Aim, _) => Some("an aim with no end point"),
        (Wording::Boilerplate, _) => Some("what every plan says"),
    }
}

/// A criterion as a writer asks it.
pub fn criterion(criterion: Criterion) -> &'static str {
    match criterion {
        Criterion::Specific => "Specific",
        Criterion::Measurable => "Measurable",
        Criterion::Achievable => "Achievable",
        Criterion::Relevant => "Relevant",
        Criterion::TimeBound => "Time-bound",
        Criterion::What => "what",
        Criterion::Who => "who",
        Criterion::Frequency => "how often",
        Criterion::Duration => "how long",
        Criterion::Group => "group size",
        Criterion::Setting => "where or when",
        Criterion::Commitment => "a promise (“will”)",
    }
}

/// The mark of a state, and what it means.
pub fn state(state: State) -> (&'static str, &'static str) {
    match state {
        State::Met => ("✓", "there"),
        State::Missing => ("✗", "missing"),
        State::Undecidable => ("?", "cannot be told from the wording"),
        State::NotNeeded => ("–", "not needed here"),
    }
}

/// Where inherited words come from.
pub fn context(role: ContextRole) -> &'static str {
    match role {
        ContextRole::LeadIn => "Introduced by",
        ContextRole::Cell => "Same row",
        ContextRole::Column => "Column",
        ContextRole::Heading => "Under",
    }
}

/// Where a statement stands, as one would look it up; pages and lines before the paragraph's ordinal.
pub fn place(place: Place) -> String {
    match (place.page, place.line) {
        (Some(page), _) => format!("page {page}"),
        (None, Some(line)) => format!("line {line}"),
        (None, None) => format!("paragraph {}", place.paragraph + 1),
    }
}

/// "Section F", or what stands before any section.
pub fn section(id: &str) -> String {
    if id.is_empty() { "No section".to_owned() } else { format!("Section {id}") }
}

/// A section's title: the plan's heading, after the letter where the heading does not say it.
pub fn title(id: &str, heading: &str) -> String {
    let heading = heading.trim();
    let plain: String = heading.to_lowercase().chars().filter(|c| c.is_alphanumeric() || c.is_whitespace()).collect();
    let mut first = plain.split_whitespace().skip_while(|word| *word == "section");
    match (id.is_empty(), heading.is_empty()) {
        (_, true) => section(id),
        (true, false) => heading.to_owned(),
        (false, false) if first.next() == Some(id.to_lowercase().as_str()) => heading.to_owned(),
        (false, false) => format!("{}: {heading}", section(id)),
    }
}

/// A score and its grade: "72, grade B".
pub fn grade(grade: &str) -> String {
    if grade.chars().count() == 1 { format!("grade {grade}") } else { grade.to_owned() }
}

/// A waived finding as people read of it.
pub struct WaivedLine<'r> {
    /// The statement.
    pub id: &'r str,
    /// The rule.
    pub rule: &'r str,
    /// The words, shortened.
    pub words: String,
    /// Why it is left.
    pub reason: &'r str,
    /// "Ms Okafor, until 2027-03-31, in a comment".
    pub by: String,
}

/// The waived findings of a review, in reading order.
pub fn waived(review: &Review) -> Vec<WaivedLine<'_>> {
    let judged = review.sections.iter().flat_map(|section| &section.statements);
    let each = judged.flat_map(|judged| judged.waived.iter().map(move |waived| (judged, waived)));
    each.map(|(judged, waived)| WaivedLine {
        id: &judged.id,
        rule: &waived.finding.rule,
        words: crate::rules::quote(waived.finding.span.of(&judged.statement.text)),
        reason: &waived.reason,
        by: waived.decided(),
    })
    .collect()
}

/// What lists of waived findings say first.
pub const WAIVED: &str = "Waived findings: they are left for the reason given and count no longer; verdicts and scores are those of \
                          the wording.";

/// What the list of findings about a plan as a whole is called.
pub const WHOLE: &str = "The plan as a whole";

/// What the view of links is called.
pub const THREAD: &str = "The golden thread: what belongs together, and by what one can tell";

/// Where a finding about a plan as a whole stands: its statement, or as one would look it up.
pub fn plan_place(at: &PlanPlace) -> String {
    let place = || Place { paragraph: at.paragraph, page: at.page, line: at.line };
    at.statement.clone().unwrap_or_else(|| self::place(place()))
}

/// A statement of the golden thread, with what it is linked to.
pub struct ThreadRow<'r> {
    /// `B.3`.
    pub id: &'r str,
    /// Its words.
    pub text: &'r str,
    /// By what they are for it: "outcomes", "provision".
    pub links: Vec<(&'static str, Vec<ThreadLink<'r>>)>,
}

/// A link of the golden thread.
pub struct ThreadLink<'r> {
    /// The other statement.
    pub id: &'r str,
    /// By what one can tell.
    pub by: &'static str,
    /// How sure it is.
    pub percent: u8,
    /// Words that both have.
    pub shared: Vec<&'r str>,
}

/// The golden thread from its first ends on: aspirations with their outcomes, needs with their outcomes and provision, outcomes
/// with their provision.
pub fn threads(thread: &Thread) -> Vec<ThreadRow<'_>> {
    let links = |node: usize, pair: Pair| -> Vec<ThreadLink<'_>> {
        let own = thread.at(node, pair).filter(|link| link.from == node);
        own.filter_map(|link| {
            let (one, other) = (thread.nodes.get(link.from)?, thread.nodes.get(link.to)?);
            // A reference to a number stands in the one or in the other.
            let shared = |shared: &Shared| match shared.from.is_empty() {
                true => shared.to.of(&other.text),
                false => shared.from.of(&one.text),
            };
            Some(ThreadLink {
                id: &other.id,
                by: link.by.words(),
                percent: (link.confidence * 100.0).round() as u8,
                shared: link.evidence.iter().map(shared).collect(),
            })
        })
        .collect()
    };
    let rows = thread.nodes.iter().enumerate().filter(|(_, node)| node.kind != Kind::Provision);
    rows.map(|(at, node)| ThreadRow {
        id: &node.id,
        text: &node.text,
        links: match node.kind {
            Kind::Aspiration => vec![("outcomes", links(at, Pair::AspirationOutcome))],
            Kind::Need => {
                vec![("outcomes", links(at, Pair::NeedOutcome)), ("provision", links(at, Pair::NeedProvision))]
            }
            _ => vec![("provision", links(at, Pair::OutcomeProvision))],
        },
    })
    .collect()
}

/// How many findings a review has, by severity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub errors: usize,
    pub warnings: usize,
    pub notes: usize,
    /// Statements with at least one finding.
    pub statements: usize,
    /// Statements judged.
    pub judged: usize,
}

impl Tally {
    pub fn of(review: &Review) -> Self {
        let mut tally = Self::default();
        for judged in review.sections.iter().flat_map(|section| &section.statements) {
            tally.add(judged);
        }
        tally
    }

    fn add(&mut self, judged: &Judged) {
        let Some(assessment) = &judged.assessment else { return };
        self.judged += 1;
        self.statements += usize::from(!assessment.findings.is_empty());
        for finding in &assessment.findings {
            match finding.severity {
                Severity::Error => self.errors += 1,
                Severity::Warning => self.warnings += 1,
                Severity::Note => self.notes += 1,
            }
        }
    }

    /// "3 errors, 1 warning and 2 notes"; "nothing to report" where there are none.
    pub fn findings(self) -> String {
        let parts: Vec<String> =
            [(self.errors, "error", "errors"), (self.warnings, "warning", "warnings"), (self.notes, "note", "notes")]
                .into_iter()
                .filter(|(n, ..)| *n > 0)
                .map(|(n, one, many)| count(n, one, many))
                .collect();
        match parts.as_slice() {
            [] => "nothing to report".to_owned(),
            [one] => one.clone(),
            [first @ .., last] => format!("{} and {last}", first.join(", ")),
        }
    }
}

/// The findings in the order and with the numbers that a person sees: those at words first, numbered by place; then,
/// with no number, those about the whole statement, since marking every word points at none.
pub fn numbered<'r>(text: &str, findings: &'r [Finding]) -> Vec<(Option<usize>, &'r Finding)> {
    let core = |text: &str| text.trim_matches(|c: char| !c.is_alphanumeric()).len();
    let whole = |finding: &&Finding| core(finding.span.of(text)) >= core(text);
    let at_words = findings.iter().filter(|finding| !whole(finding)).enumerate().map(|(i, f)| (Some(i + 1), f));
    at_words.chain(findings.iter().filter(whole).map(|finding| (None, finding))).collect()
}

/// A suggestion cut at its blanks: `[minutes]` and the like are `true`.
pub fn blanks(suggestion: &str) -> Vec<(bool, &str)> {
    let mut out = Vec::new();
    let mut rest = suggestion;
    while let Some(open) = rest.find('[') {
        let Some(len) = rest[open..].find(']').map(|at| at + 1) else { break };
        if open > 0 {
            out.push((false, &rest[..open]));
        }
        out.push((true, &rest[open..open + len]));
        rest = &rest[open + len..];
    }
    if !rest.is_empty() {
        out.push((false, rest));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_cut_out() {
        assert_eq!(
            blanks("[role] will help for [minutes]."),
            [(true, "[role]"), (false, " will help for "), (true, "[minutes]"), (false, ".")]
        );
        assert_eq!(blanks("open [bracket"), [(false, "open [bracket")]);
        assert!(blanks("").is_empty());
    }

    #[test]
    fn titles_name_the_letter_once() {
        assert_eq!(title("F", "SECTION F: Provision"), "SECTION F: Provision");
        assert_eq!(title("H1", "(H1) Social care"), "(H1) Social care");
        assert_eq!(title("E", "My outcomes"), "Section E: My outcomes");
        assert_eq!(title("A", "About me"), "Section A: About me");
        assert_eq!(title("F", ""), "Section F");
        assert_eq!(title("", ""), "No section");
    }

    #[test]
    fn findings_read_as_a_sentence() {
        let tally = |errors, warnings, notes| Tally { errors, warnings, notes, ..Tally::default() }.findings();
        assert_eq!(tally(0, 0, 0), "nothing to report");
        assert_eq!(tally(0, 1, 0), "1 warning");
        assert_eq!(tally(3, 1, 2), "3 errors, 1 warning and 2 notes");
    }
}
