//! What waivers must and must not do, on a plan of three sentences.

use super::*;
use crate::engine::Engine;
use crate::readers;
use crate::review::Review;
use crate::span::Span;

const PLAN: &str = "Section F\n\nSam will have regular help from staff.\n\nSam will have regular visits as needed.\n";
const TODAY: &str = "2026-11-27";
const OPEN: &str = "provision/open-frequency";

fn review() -> Review {
    let documents = readers::read("plans/plan.txt", PLAN.as_bytes()).expect("text");
    Engine::new().without_model().review(&documents[0])
}

fn found(review: &Review) -> Vec<(String, String, String)> {
    let judged = review.sections.iter().flat_map(|section| &section.statements);
    let each = judged.flat_map(|judged| {
        let findings = judged.assessment.iter().flat_map(|assessment| &assessment.findings);
        findings.map(move |f| (judged.id.clone(), f.rule.clone(), f.span.of(&judged.statement.text).to_owned()))
    });
    each.collect()
}

fn waived(review: &Review) -> Vec<(String, String, String)> {
    let judged = review.sections.iter().flat_map(|section| &section.statements);
    let each = judged.flat_map(|judged| {
        judged.waived.iter().map(move |waived| {
            let f = &waived.finding;
            (judged.id.clone(), f.rule.clone(), f.span.of(&judged.statement.text).to_owned())
        })
    });
    each.collect()
}

/// The review after a file of waivers, and the messages of its notes.
fn after(file: &str) -> (Review, Vec<String>) {
    let mut reviews = [review()];
    Waivers::from_toml("w.toml", file).expect("it loads").apply(&mut reviews, RuleSet::builtin(), TODAY);
    let [review] = reviews;
    let notes =
        review.notes.iter().filter(|note| note.kind == NoteKind::Waiver).map(|note| note.message.clone()).collect();
    (review, notes)
}

fn entry(rest: &str) -> String {
    format!(
        "[[waiver]]\nrule = \"open-frequency\"\nreason = \"The timetable says when\"\nowner = \"Ms Okafor\"\nexpires = 2027-03-31\n{rest}\n"
    )
}

#[test]
fn a_waived_finding_moves_and_nothing_else_changes() {
    let before = review();
    let (after, notes) = after(&entry("words = \"regular help\""));
    assert_eq!(notes, [""; 0]);
    assert_eq!(waived(&after), [("F.1".to_owned(), OPEN.to_owned(), "regular".to_owned())]);
    let mut left = found(&before);
    left.retain(|one| *one != waived(&after)[0]);
    assert_eq!(found(&after), left);
    assert_eq!(after.scores, before.scores);
    let verdicts = |review: &Review| -> Vec<_> {
        let judged = review.sections.iter().flat_map(|section| &section.statements);
        judged
            .map(|judged| judged.assessment.as_ref().map(|a| (a.verdict, a.probability, a.criteria.clone())))
            .collect()
    };
    assert_eq!(verdicts(&after), verdicts(&before), "the wording is what it was");
    let decision = &after.sections[0].statements[0].waived[0];
    assert_eq!(
        (decision.owner.as_deref(), decision.expires.as_deref(), decision.by),
        (Some("Ms Okafor"), Some("2027-03-31"), By::File)
    );
}

#[test]
fn a_place_is_words_a_statement_a_section_or_all_of_these() {
    let count = |rest: &str| waived(&after(&entry(rest)).0).len();
    let all = found(&review()).iter().filter(|one| one.1 == OPEN).count();
    assert!(all >= 3, "{:?}", found(&review()));
    assert_eq!(count("section = \"f\""), all);
    assert_eq!(count("words = \"REGULAR  visits\""), 1);
    assert_eq!(count(&format!("statement = \"{}\"", hash("Sam will have\nregular help from staff."))), 1);
    assert_eq!(count("section = \"F\"\nplan = \"plan.txt\"\nwords = \"regular help\""), 1);
    assert_eq!(count("section = \"F\"\nplan = \"other.txt\""), 0);
    assert_eq!(count("section = \"E\""), 0);
    assert_eq!(count("words = \"from staff\""), 0, "another finding of other words stays");
}

#[test]
fn what_waives_nothing_is_told() {
    for (file, said) in [
        (entry("section = \"F\"").replace("reason = \"The timetable says when\"\n", ""), "has no reason"),
        (entry("section = \"F\"").replace("\"The timetable says when\"", "\" \""), "has no reason"),
        (
            entry("section = \"F\"").replace("owner = \"Ms Okafor\"\nexpires = 2027-03-31\n", ""),
            "has no owner and no expires",
        ),
        (entry("section = \"F\"").replace("2027-03-31", "2026-11-26"), "has run out"),
        (entry("section = \"F\"").replace("2027-03-31", "\"2026-11-26\""), "has run out"),
        (entry("section = \"F\"").replace("open-frequency", "no-such-rule"), "no-such-rule, which there is not"),
        (entry("words = \"not in the plan\""), "fits nothing"),
    ] {
        let (after, notes) = after(&file);
        assert_eq!(found(&after), found(&review()), "{said}");
        assert_eq!(notes.len(), 1, "{notes:?}");
        assert!(notes[0].contains(said) && notes[0].contains("line 1 of w.toml"), "{notes:?}");
        assert!(!notes[0].contains("not in the plan"), "a note holds no words of a plan");
    }
    let (last, notes) = after(&entry("section = \"F\"").replace("2027-03-31", TODAY));
    assert!(notes.is_empty() && !waived(&last).is_empty(), "the last day still counts");
}

#[test]
fn a_file_that_is_none_is_told_by_line() {
    for (file, line, said) in [
        ("[[waiver]]\nrule = \"x\"\nreason = \"y\"\n", 1, "does not say where"),
        ("\n[[waiver]]\nrule = \"x\"\nwhy = \"y\"\n", 4, "why"),
        ("[[waiver]]\nrule = \"x\"\nsection = \"F\"\nexpires = \"soon\"\n", 1, "expires is no day"),
        ("rule = ", 1, ""),
    ] {
        let error = Waivers::from_toml("w.toml", file).expect_err(file);
        assert_eq!(error.line, line, "{error}");
        assert!(error.what.contains(said), "{error}");
    }
}

fn comment(text: &str, place: (usize, Span)) -> Comment {
    Comment { text: text.into(), author: "A. Writer".into(), places: vec![place], stands: None }
}

/// The review after one comment on these words of the plan's first sentence; no words: a place at its end.
fn commented(text: &str, words: &str) -> (Review, Vec<String>) {
    let mut review = review();
    let statement = &review.sections[0].statements[0].statement;
    let place = match words {
        "" => Span::new(statement.span.end, statement.span.end),
        words => {
            let at = statement.span.start + statement.text.find(words).expect("the words");
            Span::new(at, at + words.len())
        }
    };
    let comments = [comment(text, (statement.place.paragraph, place))];
    by_comments(&mut review, &comments, RuleSet::builtin(), TODAY);
    let notes = review.notes.iter().map(|note| note.message.clone()).collect();
    (review, notes)
}

#[test]
fn a_comment_waives_at_its_words() {
    for (text, words) in [
        ("clearplan: ignore open-frequency because the timetable says when", "regular"),
        ("Clearplan : Ignore provision/open-frequency because the timetable says when", "will have regular help"),
        ("clearplan ignore open-frequency until 2027-03-31, because: the timetable says when", "gul"),
        ("clearplan: ignore open-frequency – the timetable says when", ""),
    ] {
        let (review, notes) = commented(text, words);
        assert_eq!(notes, [""; 0], "{text}");
        assert_eq!(waived(&review), [("F.1".to_owned(), OPEN.to_owned(), "regular".to_owned())], "{text}");
        let decision = &review.sections[0].statements[0].waived[0];
        assert_eq!((decision.reason.as_str(), decision.by), ("the timetable says when", By::Comment), "{text}");
        assert_eq!(decision.owner.as_deref(), Some("A. Writer"));
    }
}

#[test]
fn a_comment_that_waives_nothing_is_told() {
    for (text, words, said) in [
        ("clearplan: ignore open-frequency", "regular", "gives no reason"),
        ("clearplan: ignore open-frequency because", "regular", "gives no reason"),
        ("clearplan: ignore open-frequency until 2026-01-31 because of the timetable", "regular", "has run out"),
        ("clearplan: ignore open-frequency until spring because of the timetable", "regular", "a day that is none"),
        ("clearplan: ignore open-frequency because of the timetable", "help", "finds nothing at its words"),
        ("clearplan: ignore nothing because of the timetable", "regular", "nothing, which there is not"),
        ("clearplan: ignore because of the timetable", "regular", "names no rule"),
        ("clearplan is wrong here", "regular", "asks for nothing that is known"),
    ] {
        let (after, notes) = commented(text, words);
        assert_eq!(found(&after), found(&review()), "{text}");
        assert_eq!(notes.len(), 1, "{text}: {notes:?}");
        assert!(notes[0].contains(said), "{text}: {notes:?}");
    }
}

/// The review of a text after what its comments ask.
fn asked(engine: &Engine, text: &str) -> Review {
    let document = readers::read_text("plan.md", text);
    let mut review = engine.review(&document);
    by_comments(&mut review, &document.comments, RuleSet::builtin(), TODAY);
    review
}

#[test]
fn a_comment_in_a_text_waives_in_its_statement_or_on_the_next_line() {
    const C: &str = "<!-- clearplan: ignore open-frequency until 2027-03-31 because the timetable says when -->";
    let engine = Engine::new().without_model();
    let two = "Sam will have regular help from staff. Sam will have regular visits from a nurse.";
    for (text, ids) in [
        (format!("Section F\n\n{C}\n{two}\n"), vec!["F.1", "F.2"]),
        (format!("Section F\n\n{} {C}\n", two), vec!["F.2"]),
        (format!("Section F\n\n{}\n", two.replace("staff. ", &format!("staff. {C} "))), vec!["F.1"]),
        (format!("Section F\n\n{}\n", two.replace("regular visits", &format!("regular {C} visits"))), vec!["F.2"]),
        (format!("Section F\n\n- {C} Sam will have regular help.\n- Sam will have regular visits.\n"), vec!["F.1"]),
        (format!("Section F\n\n{C}\n\n{two}\n"), vec![]),
    ] {
        let review = asked(&engine, &text);
        let found: Vec<(String, String)> = waived(&review).into_iter().map(|(id, _, words)| (id, words)).collect();
        let wanted: Vec<(String, String)> = ids.iter().map(|id| ((*id).to_owned(), "regular".to_owned())).collect();
        assert_eq!(found, wanted, "{text}");
        let notes: Vec<&str> = review.notes.iter().map(|note| note.message.as_str()).collect();
        if ids.is_empty() {
            assert!(
                notes.len() == 1 && notes[0].contains("in line 3 ") && notes[0].contains("finds nothing"),
                "{notes:?}"
            );
        } else {
            assert_eq!(notes, [""; 0], "{text}");
            let judged = review.sections.iter().flat_map(|section| &section.statements);
            let decision = judged.flat_map(|judged| &judged.waived).next().expect("it is waived");
            assert_eq!((decision.owner.as_deref(), decision.expires.as_deref()), (None, Some("2027-03-31")));
        }
    }
}

mod any {
    use super::*;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    const TEXT: &str = "# Section E\n\nSam will be more confident. Sam will improve his reading.\n\n# Section F\n\n\
                        Sam will have regular help from staff, as needed. Sam will have access to a quiet space.\n\n\
                        - Sam will have regular visits as appropriate.\n- Staff should try to help.\n\n\
                        | Who | What |\n|---|---|\n| A teacher | will give support where possible. |\n";
    static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::new().without_model().with_cache(100));

    /// What is said of each statement, without what may be waived.
    fn rest(review: &Review) -> Vec<(String, String, String)> {
        let judged = review.sections.iter().flat_map(|section| &section.statements);
        judged
            .map(|judged| {
                let assessment = judged.assessment.as_ref();
                let said = assessment.map(|a| (a.verdict, a.probability, a.criteria.clone(), a.suggestion.clone()));
                (judged.id.clone(), judged.statement.text.clone(), format!("{said:?}"))
            })
            .collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        /// Wherever a waiver stands and whatever it asks, the findings are those that there were: its rule's may have moved,
        /// all others stand.
        #[test]
        fn a_waiver_changes_no_other_finding(
            at in 0..=TEXT.len(),
            own in any::<bool>(),
            rule in proptest::sample::select(RuleSet::builtin().rules().iter().map(|rule| rule.id.clone()).collect::<Vec<_>>()),
            reason in proptest::sample::select(vec!["", "until 2026-01-01 because x", "because Sam will have regular help", "because x\nof y"]),
        ) {
            // Within a word it would be cut in two by any comment: words of plans are not.
            let starts = TEXT.match_indices('\n').map(|(at, _)| at + 1);
            let gaps: Vec<usize> = match own {
                true => [0].into_iter().chain(starts).collect(),
                false => TEXT.match_indices(' ').map(|(at, _)| at).collect(),
            };
            let at = gaps[at % gaps.len()];
            let comment = format!("<!-- clearplan: ignore {rule} {reason} -->");
            let comment = if own { format!("{comment}\n") } else { format!(" {comment}") };
            let (before, after) =
                (asked(&ENGINE, TEXT), asked(&ENGINE, &format!("{}{comment}{}", &TEXT[..at], &TEXT[at..])));
            prop_assert_eq!(rest(&after), rest(&before));
            prop_assert_eq!(&after.scores, &before.scores);
            let moved = waived(&after);
            prop_assert!(moved.iter().all(|one| one.1 == rule));
            let mut all = [found(&after), moved.clone()].concat();
            let mut wanted = found(&before);
            all.sort();
            wanted.sort();
            prop_assert_eq!(all, wanted);
            prop_assert_eq!(after.notes.len(), before.notes.len() + usize::from(moved.is_empty()));
            if reason.is_empty() || reason.contains("2026-01") {
                prop_assert!(moved.is_empty());
            }
        }
    }
}
