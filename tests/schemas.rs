//! This is the promise that what the program writes is what its published schemas say.

use jsonschema::Validator;
use serde_json::Value;
use std::io::Write;
use std::process::{Command, Stdio};

const PLAN: &str = "\
Section A: Views

I would like to be a vet.

Section B: Needs

Zoë finds it hard to share.

Section E: Outcomes

By the end of Key Stage 2, Zoë will:

- be more confident
- ask for help with her symbol card, without adult prompting, on 4 out of 5 occasions

Section F: Provision

Zoë will have access to regular 🦊 support from staff as and when required.

Section F: Provision

A teaching assistant trained in Colourful Semantics will teach Zoë 1:1 for 20 minutes, three times a week.
";

fn run(arguments: &[&str], input: &str) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_clearplan"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    child.stdin.take().expect("piped").write_all(input.as_bytes()).expect("it reads");
    String::from_utf8(child.wait_with_output().expect("it ends").stdout).expect("UTF-8")
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

/// As `clearplan schema NAME` prints it.
fn schema(name: &str) -> Validator {
    jsonschema::draft202012::new(&parsed(&run(&["schema", name], ""))).expect("the schema is one")
}

fn valid(validator: &Validator, value: &Value) {
    let errors: Vec<String> = validator.iter_errors(value).map(|e| format!("{e} at {}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{value:#}");
}

#[test]
fn check() {
    let check = schema("check");
    valid(&check, &parsed(&run(&["check", "-", "--format", "json"], PLAN)));
    valid(&check, &parsed(&run(&["check", "-", "--format", "json"], "")));
    let mut wrong = parsed(&run(&["check", "-", "--format", "json"], PLAN));
    wrong["version"] = 1.into();
    assert!(!check.is_valid(&wrong), "the schema names the version");
}

#[test]
fn classify() {
    let rows = [
        r#"{"id":"1","kind":"outcome","text":"Zoë will be more confident.","extra":[1]}"#,
        r#"{"id":2,"kind":"provision","text":"Support.","section":"F","setting":"special"}"#,
        r#"{"id":"3","kind":"provision","text":"Three 20-minute sessions a week, 1:1, with a speech and language therapist, working on two-word phrases."}"#,
        r#"{"id":"4","kind":"need","text":"x"}"#,
        r#"{"id":"5","kind":"outcome","text":" "}"#,
        r#"{"kind":"outcome","text":"x"}"#,
        r#"{"id":"7","kind":"outcome","text":"x","setting":"elsewhere"}"#,
        r#"{"id":"8","kind":"outcome","text":"travel to school by bus on his own","context":["By the end of Year 6, Sam will:"]}"#,
        r#"{"id":"9","kind":"outcome","text":"x","context":null}"#,
        r#"{"id":"10","kind":"outcome","text":"x","context":[]}"#,
        r#"{"id":"11","kind":"outcome","text":"x","context":"a string"}"#,
        r#"{"id":"12","kind":"outcome","text":"x","context":["a",1]}"#,
    ];
    let (row, result) = (schema("classify-row"), schema("classify-result"));
    let answers = run(&["classify"], &rows.join("\n"));
    assert_eq!(answers.lines().count(), rows.len());
    for (line, answer) in rows.iter().zip(answers.lines().map(parsed)) {
        valid(&result, &answer);
        // What the row schema allows is judged, and nothing else.
        assert_eq!(row.is_valid(&parsed(line)), answer.get("error").is_none(), "{line}");
    }
    assert!(!result.is_valid(&parsed(r#"{"id":"1","kind":"outcome","verdict":"specific"}"#)));
    // Every type of wording has its name in both formats that show one.
    use clearplan::assess::Wording::{Activity, AdultAction, Aim, Aspiration, Boilerplate, Need, Outcome, Provision};
    let check = parsed(&run(&["schema", "check"], ""));
    let names = check["$defs"]["type"]["enum"].as_array().expect("the types");
    for wording in [Outcome, Aspiration, Need, Provision, Activity, AdultAction, Aim, Boilerplate] {
        let mut answer = parsed(answers.lines().next().expect("an answer"));
        answer["type"] = serde_json::to_value(wording).expect("a name");
        valid(&result, &answer);
        assert!(names.contains(&answer["type"]), "{wording:?}");
    }
}

#[test]
fn rule() {
    let rules = parsed(&run(&["rules", "--format", "json"], ""));
    assert!(rules.as_array().is_some_and(|rules| !rules.is_empty()));
    valid(&schema("rule"), &rules);
}

#[test]
fn sarif() {
    // One pattern of the published schema (of `language`, which we do not use) has a stray bracket that strict regular
    // expressions refuse.
    let published = include_str!("schemas/sarif-schema-2.1.0.json").replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$");
    let validator = jsonschema::validator_for(&parsed(&published)).expect("the schema is one");
    let log = parsed(&run(&["check", "-", "--format", "sarif"], PLAN));
    assert!(log["runs"][0]["results"].as_array().is_some_and(|results| !results.is_empty()));
    valid(&validator, &log);
}
