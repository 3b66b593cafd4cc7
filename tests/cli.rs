//! This is the command line, run as a person or a pipeline runs it.

use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A fictional plan: a weak and a good outcome, open and specific provision.
const PLAN: &str = "\
Section A: Views and aspirations

I would like to be a vet.

Section E: Outcomes

Zoë will improve her confidence.

By the end of Year 6, Zoë will ask for help with her symbol card, without adult prompting, on 4 out of 5 occasions.

Section F: Special educational provision

Zoë will have access to regular support from staff as and when required.

A teaching assistant trained in Colourful Semantics will teach Zoë 1:1 for 20 minutes, three times a week.
";

const GOOD: &str = "\
Section F: Special educational provision

A teaching assistant trained in Colourful Semantics will teach Zoë 1:1 for 20 minutes, three times a week, in the library.
";

/// A folder of this test's own with the two plans.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cli-{test}"));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("the folder can be made");
        let folder = Self(path);
        folder.write("plan.txt", PLAN);
        folder.write("good.txt", GOOD);
        folder
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.0.join(name), text).expect("the file can be written");
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.join(name)).expect("the file is there")
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.fed(arguments, b"")
    }

    fn fed(&self, arguments: &[&str], input: &[u8]) -> Output {
        let mut child = Command::new(env!("CARGO_BIN_EXE_clearplan"))
            .args(arguments)
            .current_dir(&self.0)
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR_FORCE")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut stdin = child.stdin.take().expect("its input is piped");
        let input = input.to_vec();
        let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
        let output = child.wait_with_output().expect("it ends");
        writer.join().expect("the writer ends");
        output
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

fn lines(output: &Output) -> Vec<Value> {
    out(output).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn check_reports_and_fails_on_errors() {
    let folder = Folder::new("reports");
    let run = folder.run(&["check", "plan.txt"]);
    assert_eq!(code(&run), Some(1), "{}", err(&run));
    let page = out(&run);
    for expected in ["Section E", "Section F", "as and when required", "^", "Write: ", "line "] {
        assert!(page.contains(expected), "{expected} in\n{page}");
    }
    assert!(!page.contains("symbol card"), "good statements are listed only with --all");
    assert!(out(&folder.run(&["check", "plan.txt", "--all"])).contains("symbol card"));
    assert!(!page.contains('\u{1b}'), "no colours into a pipe");
}

#[test]
fn check_fail_on_decides_the_status() {
    let folder = Folder::new("fail-on");
    assert_eq!(code(&folder.run(&["check", "plan.txt", "--fail-on", "never"])), Some(0));
    assert_eq!(code(&folder.run(&["check", "good.txt"])), Some(0));
    assert_eq!(code(&folder.run(&["check", "plan.txt", "--section", "A"])), Some(0));
    assert_eq!(code(&folder.run(&["check", "plan.txt", "--kind", "provision"])), Some(1));
}

#[test]
fn check_wrong_usage_is_two() {
    let folder = Folder::new("usage");
    for arguments in [
        &["check"][..],
        &["check", "plan.txt", "--format", "xml"],
        &["check", "plan.txt", "--threads", "0"],
        &["check", "-", "-"],
        &["check", "plan.txt", "--rules", "nowhere"],
        &["check", "plan.txt", "--rules", "."],
        &["check", "plan.txt", "--baseline", "plan.txt"],
        &["check", "plan.txt", "--baseline", "nowhere.json"],
        &["explain", "no-such-rule-at-all"],
        &["schema", "nothing"],
        &["nothing"],
    ] {
        let run = folder.run(arguments);
        assert_eq!(code(&run), Some(2), "{arguments:?}: {}", err(&run));
        assert!(!err(&run).is_empty() && run.stdout.is_empty(), "{arguments:?}");
    }
}

#[test]
fn check_does_the_rest_where_something_cannot_be_read() {
    let folder = Folder::new("unreadable");
    folder.write("image.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    folder.write("empty.txt", "");
    for (bad, hint) in [("nowhere.docx", "no such file"), ("image.png", "image.png"), (".", "folder")] {
        let run = folder.run(&["check", "plan.txt", bad, "good.txt"]);
        assert_eq!(code(&run), Some(3), "{bad}");
        assert!(err(&run).contains(hint), "{bad}: {}", err(&run));
        assert!(out(&run).contains("plan.txt") && out(&run).contains("good.txt"), "{bad}");
    }
    assert_eq!(code(&folder.run(&["check", "empty.txt"])), Some(3), "nothing judged is not clean");
    let alone = folder.run(&["check", "nowhere.docx", "--format", "json"]);
    assert_eq!((code(&alone), out(&alone).as_str()), (Some(3), "[]\n"));
}

#[test]
fn check_reads_standard_input() {
    let folder = Folder::new("stdin");
    let run = folder.fed(&["check", "-", "--format", "json"], PLAN.as_bytes());
    assert_eq!(code(&run), Some(1));
    assert_eq!(json(&run)["document"], "standard input");
}

#[test]
fn check_colours_only_when_asked_or_on_a_terminal() {
    let folder = Folder::new("colour");
    assert!(out(&folder.run(&["check", "plan.txt", "--color", "always"])).contains('\u{1b}'));
    assert!(!out(&folder.run(&["check", "plan.txt", "--color", "never"])).contains('\u{1b}'));
    let run = folder.run(&["check", "plan.txt", "--color", "always", "-o", "page.txt"]);
    assert!(out(&run).is_empty() && !folder.read("page.txt").contains('\u{1b}'));
}

#[test]
fn check_writes_every_format() {
    let folder = Folder::new("formats");
    let one = json(&folder.run(&["check", "plan.txt", "--format", "json"]));
    assert_eq!((&one["version"], &one["document"]), (&3.into(), &"plan.txt".into()));
    let two = json(&folder.run(&["check", "plan.txt", "good.txt", "--format", "json"]));
    assert_eq!(two.as_array().map(Vec::len), Some(2));
    let statements = lines(&folder.run(&["check", "plan.txt", "--format", "jsonl"]));
    assert!(statements.len() >= 5 && statements.iter().all(|line| line["document"] == "plan.txt"));
    let sarif = json(&folder.run(&["check", "plan.txt", "--format", "sarif"]));
    assert_eq!(sarif["version"], "2.1.0");
    assert!(sarif["runs"][0]["results"].as_array().is_some_and(|results| !results.is_empty()));
    let html = folder.run(&["check", "plan.txt", "--format", "html", "-o", "report.html"]);
    assert_eq!(code(&html), Some(1));
    assert!(folder.read("report.html").starts_with("<!DOCTYPE html>"));
    let nowhere = folder.run(&["check", "plan.txt", "-o", "nowhere/report.txt"]);
    assert_eq!(code(&nowhere), Some(3));
    assert!(err(&nowhere).contains("nowhere/report.txt"));
}

#[test]
fn check_is_the_same_for_any_number_of_threads() {
    let folder = Folder::new("threads");
    for format in ["text", "json", "jsonl", "sarif", "html"] {
        let run = |threads| {
            folder.run(&["check", "plan.txt", "good.txt", "plan.txt", "--format", format, "--threads", threads]).stdout
        };
        let one = run("1");
        assert!(!one.is_empty());
        for threads in ["2", "7"] {
            assert!(run(threads) == one, "{format} with {threads} threads");
        }
    }
}

#[test]
fn check_min_severity_leaves_lesser_findings_out() {
    let folder = Folder::new("severity");
    let severities = |arguments: &[&str]| -> Vec<Value> {
        let mut all = vec!["check", "plan.txt", "--format", "jsonl"];
        all.extend(arguments);
        let lines = lines(&folder.run(&all));
        lines
            .iter()
            .flat_map(|line| line["findings"].as_array().cloned().unwrap_or_default())
            .map(|finding| finding["severity"].clone())
            .collect()
    };
    let errors = severities(&["--min-severity", "error"]);
    assert!(!errors.is_empty() && errors.iter().all(|severity| severity == "error"));
    assert!(severities(&[]).len() >= errors.len());
}

#[test]
fn check_baseline_reports_only_what_is_new() {
    let folder = Folder::new("baseline");
    folder.run(&["check", "plan.txt", "--format", "json", "-o", "before.json"]);
    folder.run(&["check", "plan.txt", "--format", "jsonl", "-o", "before.jsonl"]);
    for saved in ["before.json", "before.jsonl"] {
        let same = folder.run(&["check", "plan.txt", "--baseline", saved]);
        assert_eq!(code(&same), Some(0), "{}", out(&same));
    }
    // The provision moves before the outcomes, its white space changes, and a new one joins it.
    let moved = PLAN
        .replace("regular support from", "regular  support from")
        .replace("Section E: Outcomes\n", "Section E: Outcomes\n\nZoë will develop her social skills.\n");
    folder.write("moved.txt", moved);
    let run = folder.run(&["check", "moved.txt", "--baseline", "before.json", "--format", "jsonl"]);
    assert_eq!(code(&run), Some(1));
    let texts: Vec<Value> = lines(&run).into_iter().map(|line| line["text"].clone()).collect();
    assert_eq!(texts, ["Zoë will develop her social skills."]);
    // A second copy of a known statement is new.
    folder.write(
        "twice.txt",
        PLAN.replace(
            "Zoë will improve her confidence.",
            "Zoë will improve her confidence.\n\nZoë will improve her confidence.",
        ),
    );
    let twice = folder.run(&["check", "twice.txt", "--baseline", "before.json", "--format", "jsonl"]);
    assert_eq!(lines(&twice).len(), 1);
}

#[test]
fn classify_keeps_the_contract() {
    let folder = Folder::new("classify");
    let rows = concat!(
        r#"{"id":"a","kind":"outcome","text":"Zoë will improve her confidence.","year":2024,"team":{"x":[1]}}"#,
        "\n",
        r#"{"id":7,"kind":"provision","text":"👩‍🏫 Zoë will have access to regular support.","setting":"special","section":"F"}"#,
        "\n",
    );
    let run = folder.fed(&["classify"], rows.as_bytes());
    assert_eq!(code(&run), Some(0), "{}", err(&run));
    let answers = lines(&run);
    let keys = |answer: &Value| answer.as_object().map(|o| o.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
    let contract = ["id", "kind", "verdict", "probability", "confidence", "type", "criteria", "findings", "suggestion"];
    assert_eq!(keys(&answers[1]), contract);
    assert_eq!(keys(&answers[0])[..9], contract);
    assert_eq!((&answers[0]["year"], &answers[0]["team"]), (&2024.into(), &serde_json::json!({"x": [1]})));
    assert_eq!((&answers[0]["id"], &answers[1]["id"]), (&"a".into(), &7.into()));
    assert_eq!((&answers[0]["verdict"], &answers[1]["verdict"]), (&"vague".into(), &"vague".into()));
    for (answer, row) in answers.iter().zip(rows.lines()) {
        let row: Value = serde_json::from_str(row).expect("JSON");
        let text: Vec<char> = row["text"].as_str().expect("text").chars().collect();
        let findings = answer["findings"].as_array().expect("findings");
        assert!(!findings.is_empty());
        for finding in findings {
            let at = |key: &str| finding[key].as_u64().expect("an offset") as usize;
            assert_eq!(finding["text"], text[at("start")..at("end")].iter().collect::<String>());
        }
    }
    folder.write("rows.jsonl", rows);
    assert_eq!(out(&folder.run(&["classify", "rows.jsonl"])), out(&run));
}

#[test]
fn classify_reads_what_a_row_inherits() {
    let folder = Folder::new("classify-context");
    let row = |context: &str| {
        format!(r#"{{"id":1,"kind":"outcome","text":"travel to school by bus on his own"{context}}}"#) + "\n"
    };
    let judged = |context: &str| lines(&folder.fed(&["classify"], row(context).as_bytes())).remove(0);
    let deadline = |answer: &Value| {
        answer["criteria"].as_array().expect("criteria").iter().find(|c| c["criterion"] == "time_bound").cloned()
    };
    let alone = deadline(&judged("")).expect("a state");
    assert_eq!(alone["state"], "missing");
    let answer = judged(r#","context":["Independence","By the end of Year 6, Zoë will:"]"#);
    let inherited = deadline(&answer).expect("a state");
    assert_eq!((&inherited["state"], &inherited["evidence"][0]["context"]), (&"met".into(), &1.into()));
    assert_eq!(inherited["evidence"][0]["text"], "By the end of Year 6");
    assert_eq!(answer.get("context"), None, "it is used up, as the text is");
    let wrong = judged(r#","context":"By the end of Year 6""#);
    assert!(wrong["error"].as_str().is_some_and(|e| e.contains("context") && !e.contains("Year")), "{wrong}");
}

#[test]
fn classify_answers_bad_lines_in_their_place() {
    let folder = Folder::new("bad-lines");
    let good = |id: usize| format!("{{\"id\":\"{id}\",\"kind\":\"outcome\",\"text\":\"Zoë will read.\"}}");
    let long = format!("{{\"id\":\"5\",\"kind\":\"outcome\",\"text\":\"{}\"}}", "Secret ".repeat(200_000));
    let mut input = format!("{}\nSecret\n{}\r\n\n{long}\n", good(1), good(3)).into_bytes();
    input.extend(b"{\"id\":\"Secret \xff\"}\n{\"id\":\"7\",\"kind\":\"Secret\",\"text\":\"Secret\"}\n");
    input.extend(good(8).as_bytes());
    let run = folder.fed(&["classify", "-"], &input);
    assert_eq!(code(&run), Some(3));
    let answers = lines(&run);
    assert_eq!(answers.len(), 8);
    for (i, answer) in answers.iter().enumerate() {
        if matches!(i + 1, 1 | 3 | 8) {
            assert_eq!(answer["id"], (i + 1).to_string());
        } else {
            assert_eq!(answer["line"], i + 1);
            assert_eq!(answer.as_object().map(serde_json::Map::len), Some(2));
        }
    }
    assert!(!out(&run).contains("Secret") && !err(&run).contains("Secret"));
}

#[test]
fn classify_is_the_same_for_any_number_of_threads() {
    let folder = Folder::new("classify-threads");
    let rows: String = (0..3_000)
        .map(|i| format!("{{\"id\":{i},\"kind\":\"provision\",\"text\":\"Support number {i} as required.\"}}\n"))
        .collect();
    let one = folder.fed(&["classify", "--threads", "1"], rows.as_bytes());
    assert_eq!(out(&one).lines().count(), 3_000);
    assert_eq!(
        lines(&one).iter().map(|answer| answer["id"].clone()).collect::<Vec<_>>(),
        (0..3_000).map(Value::from).collect::<Vec<_>>()
    );
    assert!(folder.fed(&["classify", "--threads", "5"], rows.as_bytes()).stdout == one.stdout);
}

#[test]
fn classify_answers_before_the_input_ends() {
    use std::io::{BufRead, BufReader};
    let mut child = Command::new(env!("CARGO_BIN_EXE_clearplan"))
        .arg("classify")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut stdin = child.stdin.take().expect("piped");
    let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
    for id in 1..=3 {
        writeln!(stdin, "{{\"id\":{id},\"kind\":\"outcome\",\"text\":\"Zoë will read.\"}}").expect("it reads");
        let mut answer = String::new();
        stdout.read_line(&mut answer).expect("it answers");
        assert!(answer.starts_with(&format!("{{\"id\":{id},")), "{answer}");
    }
    drop(stdin);
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn a_reader_that_leaves_early_is_no_error() {
    let rows = "{\"id\":1,\"kind\":\"outcome\",\"text\":\"Zoë will read.\"}\n".repeat(50_000);
    let mut child = Command::new(env!("CARGO_BIN_EXE_clearplan"))
        .arg("classify")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().expect("piped");
    // It may stop reading as soon as nobody reads its answers.
    let _ = stdin.write_all(rows.as_bytes());
    drop(stdin);
    let run = child.wait_with_output().expect("it ends");
    assert_eq!((code(&run), err(&run).as_str()), (Some(0), ""));
}

#[test]
fn rules_and_explain_tell_the_same() {
    let folder = Folder::new("rules");
    let rules = json(&folder.run(&["rules", "--format", "json"]));
    let rules = rules.as_array().expect("a list");
    assert!(rules.len() > 10);
    let (text, markdown) = (out(&folder.run(&["rules"])), out(&folder.run(&["rules", "--format", "markdown"])));
    for rule in rules {
        let id = rule["id"].as_str().expect("an id");
        assert!(text.contains(id) && markdown.contains(&format!("`{id}`")), "{id}");
        let run = folder.run(&["explain", id]);
        assert_eq!(code(&run), Some(0));
        let url = rule["source"]["url"].as_str().expect("an address");
        assert!(out(&run).starts_with(id) && out(&run).contains(url), "{id}");
    }
    let typo = folder.run(&["explain", "provision/open-frequencey"]);
    assert_eq!(code(&typo), Some(2));
    assert!(err(&typo).contains("did you mean provision/open-frequency"), "{}", err(&typo));
    assert!(out(&folder.run(&["explain", "open-frequency"])).starts_with("provision/open-frequency"));
}

#[test]
fn evaluate_prints_figures_and_no_words() {
    let folder = Folder::new("evaluate");
    let rows = [
        r#"{"id":"o1","kind":"outcome","text":"Zoë will improve her Secret confidence.","verdict":"bad","phrases":["improve"],"group":"one"}"#,
        r#"{"id":"o2","kind":"outcome","text":"By the end of Year 6, Zoë will ask for help with her symbol card, without adult prompting, on 4 out of 5 occasions.","verdict":"good","group":"one"}"#,
        r#"{"id":"o3","kind":"outcome","text":"Zoë will improve her Secret confidence.","verdict":"good","group":"two"}"#,
        r#"{"id":"p1","kind":"provision","text":"Regular support as required.","verdict":"bad","phrases":["as required","not there"]}"#,
    ];
    folder.write("rows.jsonl", rows.join("\n"));
    let run = folder.run(&["evaluate", "rows.jsonl", "--format", "json"]);
    assert_eq!(code(&run), Some(0), "{}", err(&run));
    let report = &json(&run)[0];
    let outcome = &report["kinds"][0];
    assert_eq!((&outcome["n"], &outcome["good"]["n"], &outcome["good"]["recall"]), (&3.into(), &2.into(), &0.5.into()));
    assert_eq!((&outcome["phrases"]["named"], &outcome["phrases"]["overlapped"]), (&1.into(), &1.into()));
    let provision = &report["kinds"][1]["phrases"];
    assert_eq!(
        (&provision["named"], &provision["overlapped"], &provision["absent"]),
        (&1.into(), &1.into(), &1.into())
    );
    assert_eq!(report["groups"].as_array().map(Vec::len), Some(2));
    for format in ["text", "markdown"] {
        let page = out(&folder.run(&["evaluate", "rows.jsonl", "--format", format]));
        assert!(page.contains("macro-F1") && page.contains("fired on bad") && !page.contains("Secret"), "{page}");
    }
    let errors = out(&folder.run(&["evaluate", "rows.jsonl", "--show", "errors"]));
    assert!(errors.starts_with("o3\toutcome\tlabelled good") && errors.lines().count() == 1, "{errors}");
    folder.write("bad.jsonl", "Secret\n");
    let bad = folder.run(&["evaluate", "bad.jsonl"]);
    assert_eq!(code(&bad), Some(3));
    assert!(err(&bad).contains("line 1") && !err(&bad).contains("Secret"));
    assert_eq!(code(&folder.run(&["evaluate", "nowhere.jsonl"])), Some(3));
}

/// Four rows in two styles and two splits, with every label.
const LABELLED: [&str; 4] = [
    r#"{"id":"a","kind":"outcome","text":"travel to school by bus on her own","context":["By the end of Year 6, Secret will:"],"verdict":"good","type":"outcome","criteria":{"specific":"met","time_bound":"met"},"style":"notes","split":"dev"}"#,
    r#"{"id":"b","kind":"outcome","text":"Secret will improve her confidence.","verdict":"bad","type":"aim","criteria":{"specific":"missing","time_bound":"missing"},"style":"notes","split":"dev"}"#,
    r#"{"id":"c","kind":"outcome","text":"Secret will be better at reading.","verdict":"bad","type":"aim","criteria":{"specific":"missing","time_bound":"missing"},"style":"report","split":"test"}"#,
    r#"{"id":"d","kind":"provision","text":"A teaching assistant trained in Colourful Semantics will teach Secret 1:1 for 20 minutes, three times a week.","verdict":"good","type":"provision","criteria":{"who":"met","setting":"not_needed"},"style":"report","split":"test"}"#,
];

#[test]
fn evaluate_measures_labels_and_a_second_labeller() {
    let folder = Folder::new("evaluate-labels");
    folder.write("rows.jsonl", LABELLED.join("\n"));
    let second = [
        r#"{"id":"a","verdict":"good","type":"outcome","criteria":{"specific":"met","time_bound":"missing"}}"#,
        r#"{"id":"b","verdict":"bad","type":"aspiration","criteria":{"specific":"met"}}"#,
        r#"{"id":"c","verdict":"good"}"#,
        r#"{"id":"z","verdict":"good"}"#,
    ];
    folder.write("second.jsonl", second.join("\n"));
    let run = folder.run(&["evaluate", "rows.jsonl", "--second", "second.jsonl", "--format", "json"]);
    assert_eq!(code(&run), Some(0), "{}", err(&run));
    let report = &json(&run)[0];
    let outcome = &report["kinds"][0];
    let criteria = outcome["criteria"].as_array().expect("criteria");
    let names: Vec<_> = criteria.iter().map(|c| (c["criterion"].clone(), c["n"].clone())).collect();
    assert_eq!(names, [("specific".into(), 3.into()), ("time_bound".into(), 3.into())]);
    // The deadline of the first row stands in its context alone.
    assert_eq!((&criteria[1]["met"]["recall"], &criteria[1]["kappa"]), (&1.0.into(), &1.0.into()));
    assert_eq!(
        (&outcome["by"], &outcome["blocks"], &outcome["threshold"]["folds"]),
        (&"style".into(), &2.into(), &2.into())
    );
    assert_eq!(outcome["types"]["n"], 3);
    let names: Vec<_> = report["styles"].as_array().expect("styles").iter().map(|s| s["name"].clone()).collect();
    assert_eq!(names, ["notes", "report", "report"]);
    assert_eq!(report["second"]["rows"], 3);
    let agreements = report["second"]["agreements"].as_array().expect("agreements");
    let found: Vec<_> = agreements.iter().map(|a| (a["label"].as_str().unwrap_or(""), a["n"].as_u64())).collect();
    assert_eq!(found, [("verdict", Some(3)), ("type", Some(2)), ("specific", Some(2)), ("time_bound", Some(1))]);
    // Of three verdicts two agree, where chance would give 1/3 · 2/3 + 2/3 · 1/3 = 4/9.
    let kappa = agreements[0]["first_second"].as_f64().expect("a figure");
    assert!((kappa - (2.0 / 3.0 - 4.0 / 9.0) / (1.0 - 4.0 / 9.0)).abs() < 1e-12, "{kappa}");
    for format in ["text", "markdown"] {
        let page = out(&folder.run(&["evaluate", "rows.jsonl", "--second", "second.jsonl", "--format", format]));
        for part in ["Brier", "95 % interval", "coverage", "time_bound", "macro-F1 of the", "engine–second", "By style"]
        {
            assert!(page.contains(part), "{format}: {part}");
        }
        assert!(!page.contains("Secret"), "{page}");
    }
    let figures = out(&folder.run(&["evaluate", "rows.jsonl", "--show", "figures"]));
    assert!(figures.contains("Brier") && !figures.contains("By style"), "{figures}");
    let parts = out(&folder.run(&["evaluate", "rows.jsonl", "--show", "parts"]));
    assert!(!parts.contains("Brier") && parts.contains("By style") && parts.contains("fired on bad"), "{parts}");
    folder.write("second.jsonl", "Secret\n");
    let bad = folder.run(&["evaluate", "rows.jsonl", "--second", "second.jsonl"]);
    assert!(code(&bad) == Some(3) && err(&bad).contains("line 1") && !err(&bad).contains("Secret"), "{}", err(&bad));
    assert_eq!(code(&folder.run(&["evaluate", "rows.jsonl", "--second", "nowhere.jsonl"])), Some(3));
}

#[test]
fn evaluate_filters_rows() {
    let folder = Folder::new("evaluate-filters");
    folder.write("rows.jsonl", LABELLED.join("\n"));
    let counts = |more: &[&str]| -> Vec<Option<u64>> {
        let run = folder.run(&[&["evaluate", "rows.jsonl", "--format", "json"], more].concat());
        let kinds = json(&run)[0]["kinds"].as_array().cloned().unwrap_or_default();
        kinds.iter().map(|kind| kind["n"].as_u64()).collect()
    };
    assert_eq!(counts(&[]), [Some(3), Some(1)]);
    assert_eq!(counts(&["--split", "dev"]), [Some(2)]);
    assert_eq!(counts(&["--split", "dev", "--split", "test"]), [Some(3), Some(1)]);
    assert_eq!(counts(&["--split", "dev,test", "--style", "report"]), [Some(1), Some(1)]);
    let none = folder.run(&["evaluate", "rows.jsonl", "--split", "train"]);
    assert!(code(&none) == Some(2) && err(&none).contains("--split"), "{}", err(&none));
    assert_eq!(code(&folder.run(&["evaluate", "rows.jsonl", "--split", "holdout"])), Some(2));
}

#[test]
fn evaluate_sets_the_ways_of_judging_side_by_side() {
    let folder = Folder::new("evaluate-ablation");
    folder.write("rows.jsonl", LABELLED.join("\n"));
    let run = folder.run(&["evaluate", "rows.jsonl", "--ablation", "--format", "json"]);
    assert_eq!(code(&run), Some(0), "{}", err(&run));
    let ways = json(&run)[0]["ways"].as_array().cloned().unwrap_or_default();
    let names: Vec<_> = ways.iter().map(|way| way["way"].clone()).collect();
    assert_eq!(names, ["rules and model", "model alone", "rules alone", "word count only"]);
    let figures = &json(&folder.run(&["evaluate", "rows.jsonl", "--format", "json"]))[0]["kinds"][0];
    for figure in ["n", "macro_f1", "auc", "intervals", "by", "blocks"] {
        assert_eq!(ways[0]["kinds"][0][figure], figures[figure], "{figure}: the first way is the engine");
    }
    for format in ["text", "markdown"] {
        let page = out(&folder.run(&["evaluate", "rows.jsonl", "--ablation", "--format", format]));
        assert!(page.contains("outcome, macro-F1") && page.contains("word count only"), "{page}");
        assert!(!page.contains("Secret"), "{page}");
    }
    assert_eq!(code(&folder.run(&["evaluate", "rows.jsonl", "--ablation", "--show", "errors"])), Some(2));
}

#[test]
fn completions_and_help() {
    let folder = Folder::new("help");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = folder.run(&["completions", shell]);
        assert!(code(&run) == Some(0) && out(&run).contains("clearplan"), "{shell}");
    }
    let help = folder.run(&["--help"]);
    assert_eq!(code(&help), Some(0));
    for command in ["check", "classify", "rules", "explain", "evaluate", "completions", "schema", "Exit status"] {
        assert!(out(&help).contains(command), "{command}");
    }
}
