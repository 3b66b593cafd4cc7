//! This is a small made-up plan with its review, for the writers' tests.

use crate::assess::{Assessment, Confidence, Criterion, CriterionState, Evidence, State, Verdict, Wording};
use crate::document::{Context, ContextRole, Format, Kind, Note, NoteKind, Place, Setting, Statement};
use crate::review::{Judged, Review, ReviewedSection, Score, Scores, SectionScore};
use crate::rules::{Finding, Rule, RuleSet, Severity};
use crate::span::Span;

/// A plan with a vague and a good statement of either kind, inherited words, wide characters, markup and a page that
/// could not be read.
pub fn review() -> Review {
    let wish = "I want to be a vet.";
    let vague = "Zoë 🦊 will have access to regular <b>support</b> & input from staff,\nas and when required, so that she can join in with her class and her friends at break and in lessons.";
    let hours = "An HLTA trained in Colourful Semantics will teach Zoë 1:1 for 20 minutes, three times a week.";
    let outcome = "Zoë will improve her confidence.";
    let good = "Zoë will ask for help with her symbol card, unprompted, on 4 of 5 occasions.";
    Review {
        document: "plans/Zoë's plan.docx".into(),
        format: Format::Docx,
        sections: vec![
            section("A", "Section A: my views", vec![judged("A.1", statement("A", Kind::Aspiration, wish, 3), None)]),
            section(
                "E",
                "Section E – Outcomes",
                vec![
                    judged("E.1", within(statement("E", Kind::Outcome, outcome, 12)), Some(vague_outcome(outcome))),
                    judged("E.2", within(statement("E", Kind::Outcome, good, 13)), Some(good_outcome(good))),
                ],
            ),
            section(
                "F",
                "Section F – Provision",
                vec![
                    judged("F.1", statement("F", Kind::Provision, vague, 20), Some(vague_provision(vague))),
                    judged("F.2", statement("F", Kind::Provision, hours, 21), Some(good_provision(hours))),
                ],
            ),
        ],
        scores: Scores {
            plan: score(52.5, "needs work", 4, 2, 1),
            sections: vec![
                SectionScore { section: "E".into(), score: score(55.0, "needs work", 2, 1, 0) },
                SectionScore { section: "F".into(), score: score(50.0, "needs work", 2, 1, 1) },
            ],
        },
        whole: Default::default(),
        notes: vec![Note {
            kind: NoteKind::NeedsOcr,
            message: "this page is a picture; run text recognition (OCR) on it and check the plan again".into(),
            page: Some(7),
        }],
    }
}

/// What judged it.
pub fn about() -> super::json::About {
    let model = super::json::AboutModel { name: "made-up".into(), hash: "0123456789abcdef".repeat(2) };
    super::json::About { version: "0.1.0", way: "full".into(), model: Some(model), rules: "built-in".into() }
}

/// The rules that the review's findings name, but one: the built-in ones.
pub fn rules() -> Vec<Rule> {
    RuleSet::builtin().rules().to_vec()
}

fn score(points: f64, grade: &str, judged: usize, good: usize, undecided: usize) -> Score {
    Score { score: Some(points), grade: Some(grade.into()), judged, good, undecided }
}

fn section(id: &str, heading: &str, statements: Vec<Judged>) -> ReviewedSection {
    ReviewedSection { section: id.into(), heading: heading.into(), statements }
}

fn judged(id: &str, statement: Statement, assessment: Option<Assessment>) -> Judged {
    Judged { id: id.into(), statement, assessment, waived: Vec::new() }
}

fn statement(section: &str, kind: Kind, text: &str, paragraph: usize) -> Statement {
    Statement {
        section: section.into(),
        place: Place { paragraph, page: (kind == Kind::Provision).then_some(4), line: None },
        setting: Setting::Mainstream,
        ..Statement::new(kind, text)
    }
}

fn within(mut statement: Statement) -> Statement {
    statement.context = vec![Context { role: ContextRole::LeadIn, text: "By July 2027 – the end of KS2:".into() }];
    statement
}

fn at(text: &str, words: &str) -> Span {
    let start = text.find(words).expect("the sample names its own words");
    Span::new(start, start + words.len())
}

fn finding(rule: &str, severity: Severity, span: Span, message: &str) -> Finding {
    Finding { rule: rule.into(), severity, span, message: message.into() }
}

fn criteria(kind: Kind, states: &[(State, Vec<Evidence>)]) -> Vec<CriterionState> {
    Criterion::of(kind)
        .iter()
        .zip(states)
        .map(|(criterion, (state, evidence))| CriterionState {
            criterion: *criterion,
            state: *state,
            evidence: evidence.clone(),
        })
        .collect()
}

fn own(span: Span) -> Vec<Evidence> {
    vec![Evidence { span, context: None }]
}

fn deadline() -> Vec<Evidence> {
    vec![Evidence { span: at("By July 2027 – the end of KS2:", "the end of KS2"), context: Some(0) }]
}

fn vague_outcome(text: &str) -> Assessment {
    Assessment {
        verdict: Verdict::Vague,
        probability: 0.071_23,
        confidence: Confidence::Normal,
        wording: Wording::Aim,
        criteria: criteria(
            Kind::Outcome,
            &[
                (State::Missing, vec![]),
                (State::Missing, vec![]),
                (State::Undecidable, vec![]),
                (State::Undecidable, vec![]),
                (State::Met, deadline()),
            ],
        ),
        findings: vec![
            finding(
                "outcome/no-measure",
                Severity::Error,
                Span::new(0, text.len()),
                "Nothing says how anybody would see that this is met.",
            ),
            finding(
                "outcome/vague-verb",
                Severity::Error,
                at(text, "improve her confidence"),
                "“improve” names no skill: say what she will do.",
            ),
        ],
        suggestion: Some("Zoë will [what she will do] on [number] of [number] occasions.".into()),
    }
}

fn good_outcome(text: &str) -> Assessment {
    Assessment {
        verdict: Verdict::Smart,
        probability: 0.97,
        confidence: Confidence::Normal,
        wording: Wording::Outcome,
        criteria: criteria(
            Kind::Outcome,
            &[
                (State::Met, own(at(text, "ask for help with her symbol card"))),
                (State::Met, own(at(text, "4 of 5 occasions"))),
                (State::Undecidable, vec![]),
                (State::Undecidable, vec![]),
                (State::Met, deadline()),
            ],
        ),
        findings: vec![],
        suggestion: None,
    }
}

fn vague_provision(text: &str) -> Assessment {
    Assessment {
        verdict: Verdict::Vague,
        probability: 0.41,
        confidence: Confidence::Low,
        wording: Wording::Provision,
        criteria: criteria(
            Kind::Provision,
            &[
                (State::Missing, vec![]),
                (State::Missing, vec![]),
                (State::Missing, vec![]),
                (State::Missing, vec![]),
                (State::NotNeeded, vec![]),
                (State::Met, own(at(text, "in lessons"))),
                (State::Met, own(at(text, "will"))),
            ],
        ),
        findings: vec![
            finding(
                "provision/opportunity-only",
                Severity::Error,
                at(text, "have access to regular"),
                "“have access to” offers a chance, not help.",
            ),
            finding(
                "provision/open-frequency",
                Severity::Error,
                at(text, "regular"),
                "“regular” does not say how often.",
            ),
            finding(
                "council/own-rule",
                Severity::Warning,
                at(text, "staff"),
                "“staff” does not say who, nor what training they have.",
            ),
            finding(
                "provision/open-frequency",
                Severity::Note,
                at(text, "as and when required, so that she"),
                "“as and when required” does not say when.",
            ),
        ],
        suggestion: Some("[role and qualification] will give Zoë [named help] for [minutes] [times a week].".into()),
    }
}

fn good_provision(text: &str) -> Assessment {
    Assessment {
        verdict: Verdict::Specific,
        probability: 0.93,
        confidence: Confidence::Normal,
        wording: Wording::Provision,
        criteria: criteria(
            Kind::Provision,
            &[
                (State::Met, own(at(text, "Colourful Semantics"))),
                (State::Met, own(at(text, "An HLTA trained in Colourful Semantics"))),
                (State::Met, own(at(text, "three times a week"))),
                (State::Met, own(at(text, "20 minutes"))),
                (State::Met, own(at(text, "1:1"))),
                (State::NotNeeded, vec![]),
                (State::Met, own(at(text, "will"))),
            ],
        ),
        findings: vec![],
        suggestion: None,
    }
}
