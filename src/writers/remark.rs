//! This is what a plan's own margin says of a statement, as lines of plain text: the comment in Word, the annotation in
//! OpenDocument, the note in a marked copy.

use super::words;
use crate::assess::{Assessment, State};
use crate::plan::PlanFinding;
use crate::review::{Judged, Review};
use crate::rules::{Rule, Severity};
use crate::span::Span;
use std::collections::{BTreeMap, BTreeSet};

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

/// The remarks of a review, one for each statement with a finding of at least `least` or one about the plan as a whole that
/// stands there first, in the order of the plan. `rules` are those in force: they name the law.
pub fn remarks<'r>(review: &'r Review, rules: &[Rule], least: Severity) -> Vec<Remark<'r>> {
    let mut whole: BTreeMap<&str, Vec<&PlanFinding>> = BTreeMap::new();
    for finding in review.whole.findings.iter().filter(|finding| finding.severity >= least) {
        if let Some(id) = stands_at(finding) {
            whole.entry(id).or_default().push(finding);
        }
    }
    let judged = review.sections.iter().flat_map(|section| &section.statements);
    judged
        .filter_map(|judged| {
            let of_plan = whole.get(judged.id.as_str()).map_or(&[][..], Vec::as_slice);
            remark(judged, of_plan, rules, least)
        })
        .collect()
}

/// The statement that a finding about the plan as a whole stands at first, if it is one.
fn stands_at(finding: &PlanFinding) -> Option<&str> {
    finding.places.first()?.statement.as_deref()
}

fn remark<'r>(judged: &'r Judged, of_plan: &[&PlanFinding], rules: &[Rule], least: Severity) -> Option<Remark<'r>> {
    let assessment = judged.assessment.as_ref();
    let statement = &judged.statement;
    let found = assessment.into_iter().flat_map(|assessment| &assessment.findings);
    let kept: Vec<_> = found.filter(|finding| finding.severity >= least).cloned().collect();
    let severities = kept.iter().map(|finding| finding.severity);
    let severity = severities.chain(of_plan.iter().map(|finding| finding.severity)).max()?;
    let numbered = words::numbered(&statement.text, &kept);
    let at_words = numbered.iter().filter(|(number, _)| number.is_some()).map(|(_, finding)| finding.span);
    let of_plan_at = of_plan.iter().filter_map(|finding| finding.places.first()).filter(|place| !place.whole);
    let span = at_words.chain(of_plan_at.map(|place| place.span)).reduce(Span::cover);
    let span = span.unwrap_or(Span::new(0, statement.text.len()));

    let kind = statement.kind.name();
    let head = match assessment {
        Some(assessment) => format!("{} · {kind}: {}", judged.id, words::verdict(assessment, statement.kind)),
        None => format!("{} · {kind}", judged.id),
    };
    let mut lines = vec![Line::strong(head)];
    for (number, finding) in &numbered {
        let mark = number.map_or("•".to_owned(), |n| format!("{n}."));
        let severity = finding.severity.name();
        lines.push(Line::plain(format!("{mark} {} ({severity}, {})", finding.message, finding.rule)));
    }
    lines.extend(of_plan.iter().map(|finding| Line::plain(format!("• {}", about_plan(finding)))));
    if !kept.is_empty() {
        lines.extend(assessment.and_then(missing).map(Line::plain));
    }
    let suggestion = assessment.and_then(|assessment| assessment.suggestion.as_deref());
    let suggestion = suggestion.filter(|text| !text.is_empty() && !kept.is_empty());
    lines.extend(suggestion.map(|text| Line::plain(format!("You could write: {text}"))));
    let mut told = BTreeSet::new();
    let of_statement = numbered.iter().map(|(_, finding)| &finding.rule);
    for id in of_statement.chain(of_plan.iter().map(|finding| &finding.rule)) {
        let Some(rule) = rules.iter().find(|rule| rule.id == *id) else { continue };
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

/// What a finding about the plan as a whole says, and where else it stands.
fn about_plan(finding: &PlanFinding) -> String {
    let also: Vec<String> = finding.places.iter().skip(1).map(words::plan_place).collect();
    let also = if also.is_empty() { String::new() } else { format!(" See also {}.", also.join(", ")) };
    format!("{}{also} (plan as a whole: {}, {})", finding.message, finding.severity.name(), finding.rule)
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

/// What is said once, at the head of a plan, with the findings of at least `least` about the plan as a whole that stand at no
/// statement. `unmarked` are the statements whose words cannot be marked where they
/// stand, `how` says what was done with the others and how to take it out again.
pub fn summary(review: &Review, least: Severity, unmarked: &[&str], how: &[&str]) -> Vec<Line> {
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
    for finding in review.whole.findings.iter().filter(|f| f.severity >= least && stands_at(f).is_none()) {
        let place = finding.places.first().map_or(String::new(), |place| format!("{}: ", words::plan_place(place)));
        lines.push(Line::plain(format!("{place}{}", about_plan(finding))));
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
    use crate::plan::PlanPlace;

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
        let lines = summary(&review, Severity::Note, &["F.1", "F.2"], &["How to take it out."]);
        let text: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        assert!(text.iter().any(|line| line.contains("F.1, F.2")) && text.contains(&"How to take it out."));
        assert!(
            text.iter()
                .any(|line| line.starts_with("Scores out of 100: Whole plan 53") || line.contains("Whole plan 52"))
        );
        assert!(text.iter().any(|line| line.starts_with("Please note: page 7: ")));
    }

    /// Another child's name at a statement of each kind, at the cover page, and a section that is not there.
    #[test]
    fn what_is_wrong_with_the_whole_plan_stands_at_its_words_or_in_the_summary() {
        let mut review = sample::review();
        let rules = sample::rules();
        let good = "Zoë will ask for help with her symbol card, unprompted, on 4 of 5 occasions.";
        let place = |statement: Option<&str>, paragraph: usize, span: Span, text: &str| PlanPlace {
            statement: statement.map(str::to_owned),
            section: String::new(),
            paragraph,
            page: None,
            line: None,
            span,
            in_paragraph: span,
            whole: text == good,
            points: span,
            text: text.to_owned(),
        };
        let finding = |rule: &str, severity: Severity, places: Vec<PlanPlace>| PlanFinding {
            rule: rule.to_owned(),
            severity,
            message: format!("{rule} says so."),
            places,
            missing: None,
        };
        review.whole.findings = vec![
            finding("plan/cover", Severity::Warning, vec![place(None, 1, Span::new(0, 3), "Ada")]),
            finding("plan/wish", Severity::Error, vec![place(Some("A.1"), 3, Span::new(0, 1), "I")]),
            finding(
                "plan/two",
                Severity::Warning,
                vec![
                    place(Some("E.2"), 13, Span::new(0, good.len()), good),
                    place(Some("F.2"), 21, Span::new(0, 2), "An"),
                ],
            ),
            finding("plan/nowhere", Severity::Note, Vec::new()),
        ];
        let all = remarks(&review, &rules, Severity::Warning);
        let of = |id: &str| all.iter().find(|remark| remark.id == id).expect("it is remarked on");
        let wish = of("A.1");
        assert_eq!((wish.severity, wish.span.len()), (Severity::Error, 1));
        assert_eq!(wish.lines[0].text, "A.1 · aspiration");
        assert!(wish.lines[1].text.contains("plan/wish says so."));
        let good_one = of("E.2");
        assert_eq!((good_one.span, good_one.suggestion), (good_one.statement, None), "{good_one:?}");
        assert!(good_one.lines.iter().any(|line| line.text.contains("See also F.2.")), "{good_one:?}");
        assert!(!good_one.lines.iter().any(|line| line.text.starts_with("Missing: ")), "{good_one:?}");
        let head = summary(&review, Severity::Warning, &[], &[]);
        let says = |what: &str| head.iter().any(|line| line.text.contains(what));
        assert!(says("plan/cover says so.") && !says("plan/nowhere") && !says("plan/wish"));
        assert!(summary(&review, Severity::Note, &[], &[]).iter().any(|line| line.text.contains("plan/nowhere")));
    }
}
