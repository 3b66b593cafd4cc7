//! This is what the writers owe their readers, tried on a made-up plan.

use super::{html, json, jsonl, sample, sarif, text};
use crate::document::Kind;
use serde_json::Value;

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("the writer makes JSON")
}

/// The code points `start..end` of a text.
fn slice(text: &str, object: &Value) -> String {
    let at = |key: &str| object[key].as_u64().expect("an offset") as usize;
    text.chars().skip(at("start")).take(at("end") - at("start")).collect()
}

#[test]
fn text_for_a_narrow_and_a_wide_terminal() {
    let reviews = [sample::review()];
    let options = text::Options { width: 72, all: false, thread: false, colour: false };
    insta::assert_snapshot!("text_72", text::write(&reviews, options));
    insta::assert_snapshot!("text_120_all", text::write(&reviews, text::Options { width: 120, all: true, ..options }));
}

#[test]
fn underlines_stand_under_their_words() {
    let out = text::write(&[sample::review()], text::Options { width: 60, all: false, thread: false, colour: false });
    let lines: Vec<&str> = out.lines().collect();
    let sentence = lines.iter().position(|line| line.contains("have access to regular")).expect("the sentence");
    let column = |line: &str, needle: &str| {
        let at = line.find(needle).expect("on this line");
        unicode_width::UnicodeWidthStr::width(&line[..at])
    };
    assert_eq!(column(lines[sentence + 1], "1^"), column(lines[sentence], "have access"));
    assert_eq!(column(lines[sentence + 2], "2^"), column(lines[sentence], "regular"));
    let end = unicode_width::UnicodeWidthStr::width(lines[sentence + 2]);
    assert_eq!(end, column(lines[sentence], "regular") + "regular".len());
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for width in [40, 57, 72, 100] {
        let out = text::write(&[sample::review()], text::Options { width, all: true, thread: false, colour: false });
        for line in out.lines() {
            assert!(unicode_width::UnicodeWidthStr::width(line) <= width, "{width}: {line}");
        }
    }
}

#[test]
fn colour_changes_nothing_but_colour() {
    let reviews = [sample::review()];
    let plain = text::write(&reviews, text::Options { width: 72, all: true, thread: false, colour: false });
    let coloured = text::write(&reviews, text::Options { width: 72, all: true, thread: false, colour: true });
    assert!(coloured.contains('\u{1b}') && !plain.contains('\u{1b}'));
    assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain);
}

#[test]
fn the_plan_cannot_steer_the_terminal() {
    let mut review = sample::review();
    review.document = "a\u{1b}[31mb.docx".into();
    review.sections[1].heading = "head\u{1b}]0;title\u{7}".into();
    review.sections[1].statements[0].statement.text = "Zo\u{9b}31m will \u{202e}improve\u{8} her confidence.".into();
    let out = text::write(&[review], text::Options::default());
    assert!(out.chars().all(|c| c == '\n' || !(c.is_control() || c == '\u{202e}')));
}

#[test]
fn json_of_one_plan() {
    insta::assert_snapshot!("json", json::write(&[sample::review()], &sample::about(), true));
}

#[test]
fn json_of_several_plans_is_a_list() {
    assert!(parsed(&json::write(&[sample::review()], &sample::about(), true)).is_object());
    assert_eq!(parsed(&json::write(&[sample::review()], &sample::about(), false)).as_array().map(Vec::len), Some(1));
    assert_eq!(json::write(&[], &sample::about(), true), "[]\n");
}

#[test]
fn json_is_valid_by_our_schema() {
    let schema = parsed(include_str!("../../schemas/check.schema.json"));
    let validator = jsonschema::draft202012::new(&schema).expect("the schema is one");
    for text in [
        json::write(&[sample::review()], &sample::about(), true),
        json::write(&[sample::review(), sample::review()], &sample::about(), false),
    ] {
        let errors: Vec<String> = validator.iter_errors(&parsed(&text)).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
    let mut wrong = parsed(&json::write(&[sample::review()], &sample::about(), true));
    wrong["sections"][1]["statements"][0]["suggestion"] = Value::Null;
    assert!(!validator.is_valid(&wrong), "a vague statement has a suggestion");
}

#[test]
fn offsets_count_code_points_and_equal_their_text() {
    let mut slices = 0;
    for line in jsonl::write(&[sample::review()]).lines() {
        let statement = parsed(line);
        let text = statement["text"].as_str().expect("text");
        for finding in statement["findings"].as_array().into_iter().flatten() {
            assert_eq!(finding["text"], slice(text, finding));
            slices += 1;
        }
        for criterion in statement["criteria"].as_array().into_iter().flatten() {
            for evidence in criterion["evidence"].as_array().into_iter().flatten() {
                let of = match evidence.get("context").and_then(Value::as_u64) {
                    Some(i) => statement["context"][i as usize]["text"].as_str().expect("context"),
                    None => text,
                };
                assert_eq!(evidence["text"], slice(of, evidence));
                slices += 1;
            }
        }
    }
    assert_eq!(slices, 6 + 12, "every finding and every piece of evidence was looked at");
}

#[test]
fn json_lines_name_their_document() {
    let out = jsonl::write(&[sample::review()]);
    assert_eq!(out.lines().count(), 5);
    for line in out.lines().map(parsed) {
        assert_eq!(line["document"], "plans/Zoë's plan.docx");
        assert!(line["heading"].is_string() && line["section"].is_string() && line["id"].is_string());
    }
    assert!(parsed(out.lines().next().expect("a line")).get("verdict").is_none(), "an aspiration is not judged");
}

#[test]
fn sarif_is_valid_by_the_official_schema() {
    // One pattern of the published schema (of `language`, which we do not use) has a stray bracket that strict regular
    // expressions refuse.
    let published = include_str!("../../tests/schemas/sarif-schema-2.1.0.json");
    let schema = parsed(&published.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$"));
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    for (reviews, new) in [(vec![], false), (vec![sample::review()], false), (vec![recurring(); 2], true)] {
        let log = parsed(&sarif::write(&reviews, &sample::rules(), new));
        let errors: Vec<String> =
            validator.iter_errors(&log).map(|e| format!("{e} at {}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
    assert!(!validator.is_valid(&parsed(r#"{"version": "2.1.0", "runs": [{}]}"#)), "the schema does refuse");
}

/// A plan in which a section recurs, as in the government template.
fn recurring() -> crate::review::Review {
    let mut review = sample::review();
    let again = review.sections.clone();
    review.sections.extend(again);
    review
}

#[test]
fn sarif_places_are_the_words() {
    let log = parsed(&sarif::write(&[sample::review(), sample::review()], &sample::rules(), false));
    let run = &log["runs"][0];
    let results = run["results"].as_array().expect("results");
    assert_eq!(results.len(), 12);
    for result in results {
        let related = &result["relatedLocations"][0]["physicalLocation"];
        let artifact = &run["artifacts"][related["artifactLocation"]["index"].as_u64().expect("an index") as usize];
        let text = artifact["contents"]["text"].as_str().expect("the statements");
        let region = &related["region"];
        let at = |key: &str| region[key].as_u64().expect("an offset") as usize;
        let words: String = text.chars().skip(at("charOffset")).take(at("charLength")).collect();
        assert_eq!(region["snippet"]["text"], words);
        let own = &result["locations"][0];
        assert_eq!(own["physicalLocation"]["artifactLocation"]["uri"], "plans/Zo%C3%AB%27s%20plan.docx");
        let logical = own["logicalLocations"][0]["index"].as_u64().expect("an index") as usize;
        assert_eq!(run["logicalLocations"][logical]["name"], result["properties"]["statement"]);
        if let Some(index) = result["ruleIndex"].as_u64() {
            assert_eq!(run["tool"]["driver"]["rules"][index as usize]["id"], result["ruleId"]);
        } else {
            assert_eq!(result["ruleId"], "council/own-rule");
        }
    }
    assert_eq!(run["invocations"][0]["executionSuccessful"], false, "a page could not be read");
}

#[test]
fn sarif_fingerprints_stay_when_text_moves() {
    let prints = |review| {
        let log = parsed(&sarif::write(&[review], &sample::rules(), false));
        let results = log["runs"][0]["results"].as_array().cloned().unwrap_or_default();
        results.iter().map(|r| r["partialFingerprints"].to_string()).collect::<std::collections::BTreeSet<_>>()
    };
    let mut moved = sample::review();
    moved.sections.swap(1, 2);
    moved.sections[1].statements[0].statement.place.paragraph += 40;
    assert_eq!(prints(moved), prints(sample::review()));
    assert_eq!(prints(sample::review()).len(), 6, "each finding has its own");
}

#[test]
fn html_escapes_and_loads_nothing() {
    let mut review = sample::review();
    review.document = "<script>alert(1)</script>.docx".into();
    review.sections[1].heading = "\"><img src=x onerror=alert(1)>".into();
    let mut rules = sample::rules();
    rules.iter_mut().for_each(|rule| rule.source.url = "javascript:alert(1)".into());
    let page = html::write(&[review], &rules).expect("the template fits");
    for never in ["<script", "<img", "javascript:", "<b>support", "<link", "@import", "url("] {
        assert!(!page.contains(never), "{never}");
    }
    assert!(page.contains("&lt;b&gt;support&lt;"), "the plan's own characters are shown");
}

#[test]
fn html_links_lead_somewhere_and_ids_are_unique() {
    let page = html::write(&[sample::review(), sample::review()], &sample::rules()).expect("the template fits");
    let values = |key: &str| -> Vec<String> {
        page.split(&format!(" {key}=\"")).skip(1).filter_map(|rest| rest.split('"').next().map(str::to_owned)).collect()
    };
    let ids = values("id");
    let unique: std::collections::HashSet<&String> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len());
    for key in ["href", "aria-labelledby"] {
        for target in values(key).iter().filter_map(|v| if key == "href" { v.strip_prefix('#') } else { Some(v) }) {
            assert!(unique.contains(&target.to_owned()), "{key} {target}");
        }
    }
}

#[test]
fn html_says_what_the_text_says() {
    let review = sample::review();
    let page = html::write(std::slice::from_ref(&review), &sample::rules()).expect("the template fits");
    for judged in review.sections.iter().flat_map(|section| &section.statements) {
        assert_eq!(page.contains(&format!("-{}\"", judged.id)), judged.statement.kind != Kind::Aspiration);
        for finding in judged.assessment.iter().flat_map(|assessment| &assessment.findings) {
            assert!(page.contains(&finding.message), "{}", finding.rule);
        }
    }
    assert!(page.contains("Part of this plan could not be read"));
    assert!(page.contains(r#"<span class="blank">[minutes]</span>"#));
}
