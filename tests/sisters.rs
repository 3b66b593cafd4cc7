//! This is the reading of plans of other frameworks: each example's statements stand where its law puts them, and are
//! judged like any other.

use clearplan::segment::Framework;
use clearplan::{Engine, Kind, Review, readers};

fn review(id: &str) -> Review {
    let path = format!("{}/corpora/sisters/{id}.txt", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let document = readers::read(id, &bytes).expect("text can be read").remove(0);
    let framework = Framework::named(id).expect("it is there");
    Engine::new().without_suggestions().with_framework(framework).review(&document)
}

/// Section, kind, whether it is good, and the first words of each statement that is judged or a need.
fn told(review: &Review) -> Vec<(String, Kind, Option<bool>, String)> {
    let statements = review.sections.iter().flat_map(|section| &section.statements);
    statements
        .filter(|judged| judged.statement.kind != Kind::Other)
        .map(|judged| {
            let statement = &judged.statement;
            let words: Vec<&str> = statement.text.split(' ').take(4).collect();
            let good = judged.assessment.as_ref().map(|assessment| assessment.verdict.is_good());
            (statement.section.clone(), statement.kind, good, words.join(" "))
        })
        .collect()
}

fn row(section: &str, kind: Kind, good: Option<bool>, words: &str) -> (String, Kind, Option<bool>, String) {
    (section.to_owned(), kind, good, words.to_owned())
}

#[test]
fn iep() {
    assert_eq!(
        told(&review("iep")),
        [
            row("levels", Kind::Need, None, "Rosa reads 38 words"),
            row("levels", Kind::Need, None, "Her specific learning disability"),
            row("goals", Kind::Outcome, Some(true), "By May 2027, given"),
            row("goals", Kind::Outcome, Some(false), "Rosa will improve her"),
            row("services", Kind::Provision, Some(true), "A special education teacher"),
            row("services", Kind::Provision, Some(false), "Rosa will receive speech"),
        ]
    );
}

#[test]
fn what_is_none_is_none() {
    assert!(Framework::named("unheard of").is_none());
    let wrong = "id = \"x\"\ntitle = \"X\"\nlike = \"y\"\nsection = []";
    assert!(Framework::from_toml(wrong).is_err_and(|error| error.to_string().contains("like y")));
}
