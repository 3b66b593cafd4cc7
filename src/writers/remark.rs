//! This is what a plan's own margin says of a statement, as lines of plain text: the comment in Word, the annotation in
//! OpenDocument, the note in a marked copy.

use super::words;
use crate::assess::{Assessment, State};
use crate::review::{Judged, Review};
use crate::rules::{Rule, Severity};
use crate::span::Span;
use std::collections::BTreeSet;

/// What the first remark says of the others, where they stand at their words.
pub const AT_WORDS: &str =
    "Each comment stands at the words that it is about. [Blanks] show what is missing: nobody but you can fill them.";
/// What it says of the way back.
pub const UNDO: &str = "clearplan annotate --remove takes all this out again.";

/// What is said of one statement: all its points together, so that the margin is not crowded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark<'r> {
    /// The statement's name in output, as `F.3`.
    pub id: &'r str,
    /// The statement's words.
    pub text: &'r str,
    /// Ordinal of its paragraph in the document.
    pub paragraph: usize,
    /// The statement in the text of its paragraph.
    pub statement: Span,
    /// The words that the remark is about, in the text of the paragraph: from the first faulted word to the last, or the
    /// statement where no word in particular is faulted.
    pub span: Span,
    /// The gravest of its points.
    pub severity: Severity,
    /// What to write instead, where there is something.
    pub suggestion: Option<&'r str>,
    /// What it says.
    pub lines: Vec<Line>,
}

/// One paragraph of a remark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its words.
    pub text: String,
    /// True where they are to stand out.
    pub strong: bool,
    /// The address that its last words are, where they are one: a link to law or guidance.
    pub link: Option<String>,
}

impl Line {
    /// Words as they are.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), strong: false, link: None }
    }

    /// Words that stand out.
    pub fn strong(text: impl Into<String>) -> Self {
        Self { text: text.into(), strong: true, link: None }
    }

    /// Words that end in an address. What is none, in a rule of somebody's own, stays words.
    pub fn linked(before: &str, address: &str) -> Self {
        let web = address.starts_with("https://") || address.starts_with("http://");
        let plain = !address.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '"' | '\\'));
        let link = (web && plain).then(|| address.to_owned());
        Self { text: format!("{before}{address}"), strong: false, link }
    }

    /// The words before the link, and the link; all of them and nothing where there is none.
    pub fn parts(&self) -> (&str, Option<&str>) {
        match self.link.as_deref().and_then(|link| Some((self.text.strip_suffix(link)?, link))) {
            Some((before, link)) => (before, Some(link)),
            None => (&self.text, None),
        }
    }
}

/// The remarks of a review, one for each statement with a finding of at least `least`, in the order of the plan.
/// `rules` are those in force: they name the law.
pub fn remarks<'r>(review: &'r Review, rules: &[Rule], least: Severity) -> Vec<Remark<'r>> {
    let judged = review.sections.iter().flat_map(|section| &section.statements);
    judged.filter_map(|judged| remark(judged, rules, least)).collect()
}

fn remark<'r>(judged: &'r Judged, rules: &[Rule], least: Severity) -> Option<Remark<'r>> {
    let assessment = judged.assessment.as_ref()?;
    let statement = &judged.statement;
    let kept: Vec<_> = assessment.findings.iter().filter(|finding| finding.severity >= least).cloned().collect();
    let severity = kept.iter().map(|finding| finding.severity).max()?;
    let numbered = words::numbered(&statement.text, &kept);
    let at_words = numbered.iter().filter(|(number, _)| number.is_some()).map(|(_, finding)| finding.span);
    let span = at_words.reduce(Span::cover).unwrap_or(Span::new(0, statement.text.len()));

    let mut lines = vec![Line::strong(format!(
        "{} · {}: {}",
        judged.id,
        statement.kind.name(),
        words::verdict(assessment, statement.kind)
    ))];
    for (number, finding) in &numbered {
        let mark = number.map_or("•".to_owned(), |n| format!("{n}."));
        let severity = finding.severity.name();
        lines.push(Line::plain(format!("{mark} {} ({severity}, {})", finding.message, finding.rule)));
    }
    lines.extend(missing(assessment).map(Line::plain));
    let suggestion = assessment.suggestion.as_deref().filter(|text| !text.is_empty());
    lines.extend(suggestion.map(|text| Line::plain(format!("You could write: {text}"))));
    let mut told = BTreeSet::new();
    for (_, finding) in &numbered {
        let Some(rule) = rules.iter().find(|rule| rule.id == finding.rule) else { continue };
        if told.insert(&rule.source.title) {
            let before = format!("Law and guidance: {}, ", rule.source.title);
            lines.push(Line::linked(&before, &rule.source.url));
        }
    }
    let start = statement.span.start;
    let (id, text, paragraph) = (judged.id.as_str(), statement.text.as_str(), statement.place.paragraph);
    let (statement, span) = (statement.span, span.shifted(start));
    Some(Remark { id, text, paragraph, statement, span, severity, suggestion, lines })
}

/// "Missing: who, how often."
pub fn missing(assessment: &Assessment) -> Option<String> {
    let missing: Vec<&str> = assessment
        .criteria
        .iter()
        .filter(|c| c.state == State::Missing)
        .map(|c| words::criterion(c.criterion))
        .collect();
    (!missing.is_empty()).then(|| format!("Missing: {}.", missing.join(", ")))
}

/// What is said once, at the head of a plan. `unmarked` are the statements whose words cannot be marked where they
/// stand, `how` says what was done with the others and how to take it out again.
pub fn summary(review: &Review, unmarked: &[&str], how: &[&str]) -> Vec<Line> {
    let tally = words::Tally::of(review);
    let judged = words::count(tally.judged, "statement was", "statements were");
    let look = match tally.statements {
        0 => "none has anything to look at".to_owned(),
        1 => format!("1 has something to look at: {}", tally.findings()),
        n => format!("{n} have something to look at: {}", tally.findings()),
    };
    let mut lines = vec![
        Line::strong("How clear is the plan?"),
        Line::plain(format!("clearplan read the wording of outcomes and provision: {judged} judged; {look}.")),
    ];
    let score = |name: &str, score: &crate::review::Score| {
        let grade = score.grade.as_deref().map_or(String::new(), |g| format!(", {}", words::grade(g)));
        Some(format!("{name} {:.0}{grade}", score.score?))
    };
    let parts = review.scores.sections.iter().filter_map(|s| score(&words::section(&s.section), &s.score));
    let scores: Vec<String> = score("Whole plan", &review.scores.plan).into_iter().chain(parts).collect();
    if !scores.is_empty() {
        lines.push(Line::plain(format!("Scores out of 100: {}.", scores.join("; "))));
    }
    if !unmarked.is_empty() {
        lines.push(Line::plain(format!(
            "Not marked, because they stand where no mark can: {}. Find them with clearplan check.",
            unmarked.join(", ")
        )));
    }
    let waived = words::waived(review);
    if !waived.is_empty() {
        lines.push(Line::plain(words::WAIVED));
    }
    for one in waived {
        lines.push(Line::plain(format!("{} “{}” ({}): {} ({})", one.id, one.words, one.rule, one.reason, one.by)));
    }
    for note in &review.notes {
        let page = note.page.map_or(String::new(), |page| format!("page {page}: "));
        lines.push(Line::plain(format!("Please note: {page}{}", note.message)));
    }
    lines.extend(how.iter().map(|text| Line::plain(*text)));
    lines.push(Line::plain(
        "An error makes a statement too vague to rely on, a warning weakens it, a note is worth knowing. Only the wording \
         was judged, by a program that is sometimes wrong: no decision about a child should rest on it.",
    ));
    lines
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn one_remark_a_statement_from_its_first_faulted_word_to_its_last() {
        let review = sample::review();
        let rules = sample::rules();
        let remarks = remarks(&review, &rules, Severity::Note);
        assert!(remarks.len() >= 2);
        for remark in &remarks {
            let judged =
                review.sections.iter().flat_map(|s| &s.statements).find(|j| j.id == remark.id).expect("it is there");
            let findings = &judged.assessment.as_ref().expect("judged").findings;
            let points = remark.lines.iter().filter(|line| findings.iter().any(|f| line.text.contains(&f.message)));
            assert_eq!(points.count(), findings.len(), "{remark:?}");
            let covers = |f: &crate::rules::Finding| {
                remark.span.contains(f.span.shifted(judged.statement.span.start))
                    || words::numbered(&judged.statement.text, findings).iter().any(|(n, g)| n.is_none() && *g == f)
            };
            assert!(findings.iter().all(covers), "{remark:?}");
            assert!(remark.lines.iter().any(|line| line.text.starts_with("Law and guidance: ")), "{remark:?}");
        }
        let errors = super::remarks(&review, &rules, Severity::Error);
        assert!(!errors.is_empty() && errors.iter().all(|remark| remark.severity == Severity::Error));
    }

    #[test]
    fn the_summary_names_what_could_not_be_marked() {
        let review = sample::review();
        let lines = summary(&review, &["F.1", "F.2"], &["How to take it out."]);
        let text: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        assert!(text.iter().any(|line| line.contains("F.1, F.2")) && text.contains(&"How to take it out."));
        assert!(
            text.iter()
                .any(|line| line.starts_with("Scores out of 100: Whole plan 53") || line.contains("Whole plan 52"))
        );
        assert!(text.iter().any(|line| line.starts_with("Please note: page 7: ")));
    }
}
