//! This is the promise that what is written of a comparison is what was found, in every format.

use super::{html, json, remarks, text};
use crate::compare::{Class, Comparison, Way, compare};
use crate::engine::Engine;
use crate::readers;
use crate::writers::text::Options;

const ADVICE: &str = "\
Recommendations

Zoë should receive speech and language therapy on verbs for 45 minutes every week, 1:1, from a speech and language therapist.

A sloped desk should be used in all lessons.

A nurse should train two adults to use the inhaler before term begins.

Outcomes

By the end of Year 6 Zoë will be able to name 20 verbs in 4 out of 5 trials.
";

const PLAN: &str = "\
Section E: Outcomes

By the end of Year 6 Zoë will name 20 verbs in 4 out of 5 trials.

Section F: Provision

Zoë will have regular speech and language therapy on verbs from <b>staff</b>.

A sloped desk will be used in all lessons.

A piano teacher will teach her scales for 30 minutes every Monday.
";

fn sample() -> Comparison {
    let read = |name: &str, text: &str| readers::read(name, text.as_bytes()).expect("text").remove(0);
    let engine = Engine::new().without_model().without_suggestions();
    compare(&engine, &[read("salt.txt", ADVICE)], &read("plan.txt", PLAN), Way::Advice)
}

#[test]
fn each_statement_has_its_class() {
    let sample = sample();
    let classes: Vec<(Option<&str>, Class)> =
        sample.entries.iter().map(|e| (e.plan.as_ref().map(|plan| plan.id.as_str()), e.class)).collect();
    assert_eq!(
        classes,
        [
            (Some("E.1"), Class::Kept),
            (Some("F.1"), Class::Diluted),
            (Some("F.2"), Class::Kept),
            (Some("F.3"), Class::New),
            (None, Class::Dropped),
        ]
    );
    for entry in &sample.entries {
        for change in entry.lost.iter().chain(&entry.gained) {
            let text = |judged: &crate::review::Judged, e: crate::assess::Evidence| {
                !super::evidence_words(&judged.statement, e).is_empty()
            };
            assert!(change.was.is_none_or(|e| entry.source.as_ref().is_some_and(|(_, judged)| text(judged, e))));
            assert!(change.now.is_none_or(|e| entry.plan.as_ref().is_some_and(|judged| text(judged, e))));
        }
    }
}

#[test]
fn text_is_as_it_was_seen() {
    insta::assert_snapshot!(text::write(&sample(), Options { all: true, ..Options::default() }));
}

#[test]
fn the_page_escapes_and_marks() {
    let page = html::write(&sample()).expect("the template fits");
    assert!(page.contains("&lt;b&gt;") && !page.contains("<b>staff"), "escaped");
    assert!(page.contains("<mark class=\"lost\">regular</mark>"), "{page}");
    assert_eq!(page.matches("<article").count(), sample().entries.len());
    assert!(!page.contains("<script") && !page.contains("://"), "nothing to fetch");
}

#[test]
fn json_slices_are_the_words() {
    let value: serde_json::Value = serde_json::from_str(&json::write(&sample())).expect("JSON");
    let mut seen = 0;
    for entry in value["entries"].as_array().expect("entries") {
        for (key, side) in [("was", "source"), ("now", "plan")] {
            for change in entry["lost"].as_array().expect("a list") {
                let words = &change[key];
                if words.is_null() || !words["context"].is_null() {
                    continue;
                }
                let text: Vec<char> = entry[side]["text"].as_str().expect("a text").chars().collect();
                let at = |name: &str| words[name].as_u64().expect("a number") as usize;
                let slice: String = text[at("start")..at("end")].iter().collect();
                assert_eq!(words["text"], slice.as_str());
                seen += 1;
            }
        }
    }
    assert!(seen >= 4, "{seen}");
}

#[test]
fn remarks_stand_in_the_plan_and_what_was_dropped_in_the_summary() {
    let sample = sample();
    let remarks = remarks::remarks(&sample);
    assert_eq!(remarks.iter().map(|remark| remark.id).collect::<Vec<_>>(), ["F.1"]);
    let lines = remarks::summary(&sample, &["F.9"]);
    assert!(lines.iter().any(|line| line.text.starts_with("Dropped: ") && line.text.contains("inhaler")));
    assert!(lines.iter().any(|line| line.text.contains("F.9")));
}
