//! The labelled statements are as their README says: complete, balanced, no longer where good than where bad, and none
//! of them taken from the statements that are held out.

use serde_json::Value;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

const STATEMENTS: &str = include_str!("../corpora/statements/statements.jsonl");
const PAGE: &str = include_str!("../corpora/statements/README.md");
/// How many words in a row two texts may not share.
const GRAM: usize = 8;

const OUTCOME: [&str; 5] = ["specific", "measurable", "achievable", "relevant", "time_bound"];
const PROVISION: [&str; 7] = ["what", "who", "frequency", "duration", "group", "setting", "commitment"];
const TYPES: [&str; 7] = ["outcome", "aspiration", "need", "provision", "activity", "adult_action", "aim"];
const STATES: [&str; 4] = ["met", "missing", "undecidable", "not_needed"];

fn rows() -> Vec<Value> {
    STATEMENTS.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
}

fn text<'r>(row: &'r Value, field: &str) -> &'r str {
    row[field].as_str().unwrap_or_else(|| panic!("{}: {field} is no string", row["id"]))
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

#[test]
fn every_row_is_complete() {
    let fields = [
        "id",
        "kind",
        "section",
        "style",
        "text",
        "verdict",
        "type",
        "criteria",
        "phrases",
        "pair",
        "need_area",
        "phase",
    ];
    for row in rows() {
        let id = text(&row, "id");
        let found: Vec<&str> = row.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(found, fields, "{id}");
        assert!(id.starts_with("st-a-") || id.starts_with("st-b-"), "{id}");
        let (sections, criteria): (&[&str], &[&str]) = match text(&row, "kind") {
            "outcome" => (&["E"], &OUTCOME),
            "provision" => (&["F", "G", "H1", "H2"], &PROVISION),
            kind => panic!("{id}: kind {kind}"),
        };
        let section = text(&row, "section");
        // Outcomes also stand in the outcome column beside provision.
        assert!(sections.contains(&section) || criteria.len() == OUTCOME.len(), "{id}: section {section}");
        let named: Vec<&str> = row["criteria"].as_object().expect("criteria").keys().map(String::as_str).collect();
        assert_eq!(named, criteria, "{id}");
        for (criterion, state) in row["criteria"].as_object().into_iter().flatten() {
            assert!(state.as_str().is_some_and(|state| STATES.contains(&state)), "{id}: {criterion}");
        }
        assert!(TYPES.contains(&text(&row, "type")), "{id}: type");
        let good = match text(&row, "verdict") {
            "good" => true,
            "bad" => false,
            verdict => panic!("{id}: verdict {verdict}"),
        };
        assert!(!good || text(&row, "type") == text(&row, "kind"), "{id}: good, and of another type");
        assert!(row["pair"].is_null() || row["pair"].is_string(), "{id}: pair");
        assert_eq!(text(&row, "text").trim(), text(&row, "text"), "{id}: white space around the text");
        let phrases = row["phrases"].as_array().expect("phrases");
        for phrase in phrases.iter().map(|p| p.as_str().expect("a string")) {
            assert!(!phrase.is_empty() && text(&row, "text").contains(phrase), "{id}: “{phrase}” is not in the text");
        }
    }
}

#[test]
fn ids_and_texts_are_unique() {
    let (mut ids, mut texts) = (HashSet::new(), HashSet::new());
    for row in rows() {
        assert!(ids.insert(text(&row, "id").to_owned()), "{}: twice", row["id"]);
        assert!(texts.insert(words(text(&row, "text"))), "{}: the same words as another row", row["id"]);
    }
}

#[test]
fn kinds_verdicts_and_styles_are_balanced() {
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut styles: BTreeMap<(String, String, String), usize> = BTreeMap::new();
    for row in rows() {
        let (kind, verdict) = (text(&row, "kind").to_owned(), text(&row, "verdict").to_owned());
        *styles.entry((text(&row, "style").to_owned(), kind.clone(), verdict.clone())).or_default() += 1;
        *counts.entry((kind, verdict)).or_default() += 1;
    }
    assert_eq!(counts.len(), 4);
    assert!(counts.values().all(|count| *count == 120), "{counts:?}");
    // 20 styles, each with both verdicts of both kinds: style gives no verdict away.
    assert_eq!(styles.len(), 80);
    assert!(styles.values().all(|count| *count == 6), "{styles:?}");
}

#[test]
fn a_pair_holds_both_verdicts_of_one_kind() {
    let mut pairs: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for row in rows() {
        if let Some(pair) = row["pair"].as_str() {
            let entry = (text(&row, "kind").to_owned(), text(&row, "verdict").to_owned());
            pairs.entry(pair.to_owned()).or_default().push(entry);
        }
    }
    assert!(pairs.len() > 180, "{}", pairs.len());
    for (pair, rows) in pairs {
        assert!(rows.iter().all(|row| row.0 == rows[0].0), "{pair}: two kinds");
        assert!(rows.iter().any(|row| row.1 == "good") && rows.iter().any(|row| row.1 == "bad"), "{pair}: one verdict");
    }
}

#[test]
fn length_does_not_give_the_verdict_away() {
    for kind in ["outcome", "provision"] {
        let lengths = |verdict: &str| -> Vec<usize> {
            let rows = rows();
            let rows = rows.iter().filter(|row| text(row, "kind") == kind && text(row, "verdict") == verdict);
            rows.map(|row| text(row, "text").split_whitespace().count()).collect()
        };
        let (good, bad) = (lengths("good"), lengths("bad"));
        let wins: f64 = good
            .iter()
            .flat_map(|g| {
                bad.iter().map(move |b| {
                    if g > b {
                        1.0
                    } else if g == b {
                        0.5
                    } else {
                        0.0
                    }
                })
            })
            .sum();
        let auc = wins / (good.len() * bad.len()) as f64;
        assert!((0.40..=0.60).contains(&auc), "{kind}: AUC of the number of words is {auc:.3}");
    }
}

#[test]
fn the_page_counts_as_we_do() {
    let rows = rows();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for row in &rows {
        for field in ["section", "type", "need_area", "phase"] {
            *counts.entry(format!("{} {}", text(row, field), field)).or_default() += 1;
        }
    }
    let pairs: HashSet<&str> = rows.iter().filter_map(|row| row["pair"].as_str()).collect();
    assert!(PAGE.contains(&format!("{} rows", rows.len())), "rows");
    assert!(PAGE.contains(&format!("{} pairs", pairs.len())), "{} pairs", pairs.len());
    let table = PAGE.split("## Counts").nth(1).expect("a table of counts");
    for (what, count) in counts {
        let (value, field) = what.split_once(' ').expect("two words");
        let line = table.lines().find(|line| line.starts_with(&format!("| `{field}` |"))).expect(field);
        assert!(line.contains(&format!("`{value}` {count}")), "README.md, {field}: `{value}` {count}");
    }
}

/// Every text with `GRAM` words or more in JSON Lines files below `folder`, as its runs of `GRAM` words; a shorter one
/// as all its words.
fn held_out(folder: &Path) -> HashSet<Vec<String>> {
    let mut grams = HashSet::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let files: Vec<PathBuf> = std::fs::read_dir(&folder).expect("it lists").flatten().map(|e| e.path()).collect();
        for path in files {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "jsonl") {
                let lines = std::fs::read_to_string(&path).expect("it reads");
                let rows = lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
                for row in rows {
                    grams.extend(runs(row["text"].as_str().unwrap_or_default()));
                }
            }
        }
    }
    grams
}

fn runs(text: &str) -> Vec<Vec<String>> {
    let words = words(text);
    match words.len() {
        // Too short to say that it was copied.
        0..4 => Vec::new(),
        4..GRAM => vec![words],
        _ => words.windows(GRAM).map(<[String]>::to_vec).collect(),
    }
}

/// Ids of the rows that share a run of words with `grams`.
fn shared(rows: &[Value], grams: &HashSet<Vec<String>>) -> Vec<String> {
    let near = |row: &&Value| runs(text(row, "text")).iter().any(|run| grams.contains(run));
    rows.iter().filter(near).map(|row| text(row, "id").to_owned()).collect()
}

#[test]
fn nothing_is_taken_from_the_held_out_statements() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/gold");
    if !folder.is_dir() {
        eprintln!("skipped: no held-out statements beside this repository");
        return;
    }
    let grams = held_out(&folder);
    assert!(grams.len() > 100, "only {} runs of words in the held-out statements", grams.len());
    let shared = shared(&rows(), &grams);
    assert!(
        shared.is_empty(),
        "{} rows share {GRAM} words in a row with held-out statements: {shared:?}",
        shared.len()
    );
}

#[test]
fn a_copy_is_noticed() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("held-out");
    std::fs::create_dir_all(&folder).expect("a folder");
    let rows = rows();
    let long = rows.iter().find(|row| words(text(row, "text")).len() > GRAM + 4).expect("a long one");
    let kept: Vec<String> = words(text(long, "text")).into_iter().skip(2).take(GRAM).collect();
    let copy = serde_json::json!({"id": "x", "text": format!("Well, {}!", kept.join("  ").to_uppercase())});
    std::fs::write(folder.join("rows.jsonl"), format!("{copy}\n")).expect("it writes");
    assert!(shared(&rows, &held_out(&folder)).contains(&text(long, "id").to_owned()));
    let other = serde_json::json!({"text": "the quick brown fox jumps over the lazy dog and then sleeps"});
    std::fs::write(folder.join("rows.jsonl"), format!("{other}\n")).expect("it writes");
    assert_eq!(shared(&rows, &held_out(&folder)), Vec::<String>::new());
    let lengths: HashMap<&str, usize> = rows.iter().map(|r| (text(r, "id"), runs(text(r, "text")).len())).collect();
    assert!(lengths.values().filter(|runs| **runs == 0).count() < 5, "most rows are long enough to be compared");
}
