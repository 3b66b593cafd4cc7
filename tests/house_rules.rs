//! This is a council's own folder of rules and rubric, as every command takes it.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What the example rules fault, and the built-in ones do not.
const PLAN: &str = "\
Section E: Outcomes

By July, Sam will be working at age-related expectations in reading.

Section F: Provision

The WCLT will work with Sam on two-word phrases for 30 minutes every week.

A teaching assistant trained in it will teach Bright Words 1:1 for 20 minutes, three times a week.
";

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/house-rules")
}

/// A folder of this test's own, with the plan and a copy of the example rules in `ours`.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let folder = Self(Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("house-{test}")));
        let _ = std::fs::remove_dir_all(&folder.0);
        copy(&example(), &folder.0.join("ours"));
        folder.write("plan.txt", PLAN);
        folder
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
        std::fs::write(path, text).expect("the file can be written");
    }

    fn edit(&self, name: &str, from: &str, to: &str) {
        let text = std::fs::read_to_string(self.0.join(name)).expect("the file is there");
        assert!(text.contains(from), "{name} has no {from}");
        self.write(name, text.replacen(from, to, 1));
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let command = &mut Command::new(env!("CARGO_BIN_EXE_clearplan"));
        command.args(arguments).current_dir(&self.0).output().expect("the binary starts")
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("the folder can be made");
    for entry in std::fs::read_dir(from).expect("it lists").flatten() {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() { copy(&entry.path(), &to) } else { drop(std::fs::copy(entry.path(), to)) }
    }
}

fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn valid(schema: &str, value: &Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas").join(schema);
    let schema = serde_json::from_slice(&std::fs::read(path).expect("the schema")).expect("JSON");
    let validator = jsonschema::draft202012::new(&schema).expect("the schema is one");
    let errors: Vec<String> = validator.iter_errors(value).map(|e| format!("{e} at {}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{value:#}");
}

#[test]
fn the_example_folder_passes_its_own_examples() {
    let run = Folder::new("passes").run(&["rules", "test", "ours"]);
    assert_eq!(code(&run), Some(0), "{}{}", out(&run), err(&run));
    let page = out(&run);
    for expected in
        ["outcome/expected-level: 3 of 3", "provision/team-by-letters: 3 of 3", "all pass", "back to the writer"]
    {
        assert!(page.contains(expected), "{expected} in\n{page}");
    }
}

#[test]
fn examples_that_do_not_pass_are_told_with_their_file() {
    let folder = Folder::new("fails");
    folder.edit("ours/outcome/expected-level.toml", "«meet the expected standard»", "«meet» the expected standard");
    folder.edit("ours/provision/old-programme.toml", "«BrightWords»", "«Bright Words»");
    let run = folder.run(&["rules", "test", "ours"]);
    assert_eq!(code(&run), Some(1), "{}", err(&run));
    let page = out(&run);
    for expected in [
        "expected-level.toml: bad 2: marked [\"meet\"], found [\"meet the expected standard\"]",
        "old-programme.toml: todo 1: it passes now: move it to [[bad]]",
        "2 do not pass",
    ] {
        assert!(page.contains(expected), "{expected} in\n{page}");
    }
}

#[test]
fn every_command_takes_the_folder() {
    let folder = Folder::new("alike");
    let ours = ["outcome/expected-level", "provision/team-by-letters", "provision/old-programme"];
    let check = out(&folder.run(&["check", "plan.txt", "--rules", "ours", "--model", "rules"]));
    let without = out(&folder.run(&["check", "plan.txt", "--model", "rules"]));
    let marked = folder.run(&["annotate", "plan.txt", "-o", "marked.html", "--rules", "ours", "--model", "rules"]);
    assert_eq!(code(&marked), Some(0), "{}", err(&marked));
    let marked = std::fs::read_to_string(folder.0.join("marked.html")).expect("the page");
    let catalogue = out(&folder.run(&["rules", "--rules", "ours"]));
    for rule in ours {
        // The page has the slash as a reference.
        let last = rule.rsplit('/').next().expect("a name");
        assert!(check.contains(rule) && marked.contains(last) && catalogue.contains(rule), "{rule}");
        assert!(!without.contains(rule));
        assert_eq!(code(&folder.run(&["explain", rule, "--rules", "ours"])), Some(0));
    }
    folder.write("rows.jsonl", r#"{"id":"1","kind":"provision","text":"The WCLT will come.","verdict":"bad"}"#);
    let row = out(&folder.run(&["classify", "rows.jsonl", "--rules", "ours", "--model", "rules"]));
    assert!(row.contains("provision/team-by-letters"), "{row}");
    let figures = folder.run(&["evaluate", "rows.jsonl", "--rules", "ours", "--model", "rules"]);
    assert_eq!(code(&figures), Some(0), "{}", err(&figures));
}

#[test]
fn the_rubric_is_the_folders_or_the_one_that_is_named() {
    let folder = Folder::new("rubric");
    let grade = |arguments: &[&str]| {
        let mut all = vec!["check", "plan.txt", "--model", "rules", "--format", "json"];
        all.extend(arguments);
        let run = folder.run(&all);
        assert!(code(&run) < Some(2), "{}", err(&run));
        json(&run)["scores"]["plan"]["grade"].as_str().expect("a grade").to_owned()
    };
    folder.write(
        "other.toml",
        std::fs::read_to_string(example().join("rubric.toml"))
            .unwrap()
            .replace("\"to be reworded\"", "\"middling\"")
            .replace("\"ready\"", "\"fine\"")
            .replace("\"back to the writer\"", "\"poor\""),
    );
    let names = ["ready", "to be reworded", "back to the writer"];
    assert!(names.contains(&grade(&["--rules", "ours"]).as_str()));
    assert!(!names.contains(&grade(&[]).as_str()));
    for arguments in [&["--rubric", "other.toml"][..], &["--rules", "ours", "--rubric", "other.toml"]] {
        assert!(["fine", "middling", "poor"].contains(&grade(arguments).as_str()));
    }
}

#[test]
fn what_does_not_load_is_told_by_file_and_line() {
    let folder = Folder::new("wrong");
    for (file, from, to, line, what) in [
        ("provision/old-programme.toml", "advice =", "advise =", 4, "unknown field `advise`"),
        ("provision/old-programme.toml", "\"bright words (pro", "\"bright words ((pro", 15, "bracket"),
        ("provision/old-programme.toml", "unless = [\"", "unless = [\"@nobody ", 16, "nobody"),
        ("provision/old-programme.toml", "severity = \"warning\"", "severity = \"bad\"", 6, "bad"),
        ("provision/old-programme.toml", "«Bright Words sessions»", "Bright Words sessions»", 19, "do not pair"),
        ("lexicons/teams.txt", "elsp", "(elsp", 3, "bracket"),
        ("rubric.toml", "good = 80", "good = eighty", 4, "eighty"),
    ] {
        let path = format!("ours/{file}");
        folder.edit(&path, from, to);
        for command in [
            &["check", "plan.txt", "--rules", "ours"][..],
            &["rules", "test", "ours"],
            &["score", ".", "--out", "s", "--rules", "ours"],
        ] {
            let run = folder.run(command);
            assert_eq!(code(&run), Some(2), "{command:?} {to}: {}", err(&run));
            let said = err(&run);
            assert!(
                said.contains(file) && said.contains(&format!("line {line}")) && said.contains(what),
                "{to}: {said}"
            );
            assert!(said.contains("docs/rules.md"), "{said}");
        }
        folder.edit(&path, to, from);
    }
    folder.write("ours/outcome/latin.toml", b"summary = \"caf\xe9\"\n");
    assert!(err(&folder.run(&["rules", "test", "ours"])).contains("line 1: this is not UTF-8"));
    folder.write("ours/outcome/latin.toml", b"");
    std::fs::remove_file(folder.0.join("ours/outcome/latin.toml")).expect("it goes");
    folder.write("ours/elsewhere/rule.toml", "summary = 1");
    assert_eq!(code(&folder.run(&["rules", "test", "ours"])), Some(2));
    assert!(err(&folder.run(&["rules", "test", "nowhere"])).contains("no such folder"));
}

#[test]
fn other_rules_or_another_rubric_score_an_archive_anew() {
    let folder = Folder::new("score");
    folder.write("archive/a.txt", PLAN);
    let score = |arguments: &[&str]| {
        let mut all = vec!["score", "archive", "--out", "scores", "--model", "rules"];
        all.extend(arguments);
        let run = folder.run(&all);
        assert_eq!(code(&run), Some(0), "{}", err(&run));
        err(&run)
    };
    assert!(score(&[]).contains("(0 of 1 inputs were scored before)"));
    assert!(score(&[]).contains("(1 of 1 inputs were scored before)"));
    assert!(score(&["--rules", "ours"]).contains("(0 of 1 inputs"));
    assert!(score(&["--rules", "ours"]).contains("(1 of 1 inputs"));
    folder.edit("ours/rubric.toml", "F = 60", "F = 90");
    assert!(score(&["--rules", "ours"]).contains("(0 of 1 inputs"), "a rubric of its own makes scores of its own");
    assert!(score(&["--rubric", "ours/rubric.toml"]).contains("(0 of 1 inputs"));
}

#[test]
fn impact_tells_what_would_be_flagged() {
    let folder = Folder::new("impact");
    folder.write("archive/a.txt", PLAN);
    folder
        .write("archive/b.txt", PLAN.replace("WCLT", "school") + "\nMrs Larkspur of the ELSP will come every week.\n");
    folder.write("archive/c.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    let run = folder.run(&["rules", "impact", "ours", "archive", "--model", "rules", "--format", "json"]);
    assert_eq!(code(&run), Some(0), "{}", err(&run));
    let impact = json(&run);
    valid("rules-impact.schema.json", &impact);
    assert_eq!(
        (&impact["plans"], &impact["rejected"], &impact["outcomes"], &impact["provision"]),
        (&2.into(), &1.into(), &2.into(), &5.into())
    );
    let rule = |id: &str| {
        impact["rules"].as_array().unwrap().iter().find(|rule| rule["rule"] == id).expect("the rule").clone()
    };
    let (level, team) = (rule("outcome/expected-level"), rule("provision/team-by-letters"));
    assert_eq!((&level["statements"], &level["plans"], &level["per_1000"]), (&2.into(), &2.into(), &1000.0.into()));
    assert_eq!((&team["statements"], &team["per_1000"]), (&2.into(), &400.0.into()));
    // One plan names a person: its words are left out, whichever of the two was drawn for the same words.
    let texts: Vec<&Value> = team["sample"].as_array().unwrap().iter().map(|one| &one["text"]).collect();
    assert!(texts.contains(&&Value::Null), "{texts:?}");
    assert!(!out(&run).contains("Larkspur"));
    assert!(
        texts.iter().any(|text| text.as_str().is_some_and(|text| text.starts_with("«The WCLT» will work"))),
        "{texts:?}"
    );
    let bare = folder.run(&["rules", "impact", "ours", "archive", "--model", "rules", "--no-text"]);
    let page = out(&bare);
    assert!(page.contains("flags 2 statements in 2 plans: 1000.0 of 1,000") && !page.contains('«'), "{page}");
    // The same for any number of threads.
    let one =
        folder.run(&["rules", "impact", "ours", "archive", "--model", "rules", "--format", "json", "--threads", "1"]);
    assert_eq!(out(&one), out(&run));
    assert_eq!(code(&folder.run(&["rules", "impact", "ours", "archive/c.png"])), Some(3));
}
