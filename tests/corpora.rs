//! The labelled statements are as their README says: complete, balanced, no longer where good than where bad, no split
//! a copy of another, and none of them taken from the statements that are held out.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

const STATEMENTS: &str = include_str!("../corpora/statements/statements.jsonl");
const UNLABELLED: &str = include_str!("../corpora/statements/unlabelled.jsonl");
const PAGE: &str = include_str!("../corpora/statements/README.md");

/// At least so many rows.
const ROWS: usize = 4_000;
/// At least so many styles.
const STYLES: usize = 40;
/// At least so many rows stand in pairs.
const ROWS_IN_PAIRS: usize = 1_200;
/// Whole styles lie in one of these.
const SPLITS: &[&str] = &["train", "dev", "test"];

/// The most that one style may hold, of all rows.
const LARGEST_STYLE: f64 = 0.05;
/// The share of good rows of a kind in each style.
const GOOD: std::ops::RangeInclusive<f64> = 0.35..=0.65;
/// How well the number of words may tell good from bad, as an area under the ROC curve.
const LENGTH: std::ops::RangeInclusive<f64> = 0.40..=0.60;
/// Half of the good rows have at most so many words, half of the bad ones at least.
const MIDDLING: usize = 15;
/// How many words in a row two texts of different splits, or of the corpus and the held-out statements, may not share.
const GRAM: usize = 8;
/// How much of their runs of three words two texts of different splits may not share (Jaccard).
const LIKENESS: f64 = 0.6;

/// Fields that every row has, and those that it may have.
const REQUIRED: [&str; 10] =
    ["id", "kind", "style", "text", "verdict", "type", "criteria", "pair", "need_area", "phase"];
const OPTIONAL: [&str; 4] = ["section", "phrases", "split", "context"];
const OUTCOME: [&str; 5] = ["achievable", "measurable", "relevant", "specific", "time_bound"];
const PROVISION: [&str; 7] = ["commitment", "duration", "frequency", "group", "setting", "what", "who"];
const TYPES: [&str; 8] =
    ["outcome", "aspiration", "need", "provision", "activity", "adult_action", "aim", "boilerplate"];
const STATES: [&str; 4] = ["met", "missing", "undecidable", "not_needed"];

fn rows() -> Vec<Value> {
    read(STATEMENTS)
}

/// The labelled rows and those without labels.
fn all_rows() -> Vec<Value> {
    [rows(), read(UNLABELLED)].concat()
}

fn read(lines: &str) -> Vec<Value> {
    lines.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
}

fn text<'r>(row: &'r Value, field: &str) -> &'r str {
    row[field].as_str().unwrap_or_else(|| panic!("{}: {field} is no string", row["id"]))
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// The number of words, cut at white space.
fn length(row: &Value) -> usize {
    text(row, "text").split_whitespace().count()
}

/// What may not be like another part: the split, else the style.
fn part(row: &Value) -> &str {
    row["split"].as_str().unwrap_or_else(|| text(row, "style"))
}

#[test]
fn every_row_is_complete() {
    for row in rows() {
        let id = text(&row, "id");
        let found: Vec<&str> = row.as_object().expect("an object").keys().map(String::as_str).collect();
        for field in REQUIRED {
            assert!(found.contains(&field), "{id}: no {field}");
        }
        for field in &found {
            assert!(REQUIRED.contains(field) || OPTIONAL.contains(field), "{id}: {field}");
        }
        assert!(id.strip_prefix("st-").is_some_and(|rest| !rest.is_empty()), "{id}");
        let (sections, criteria): (&[&str], &[&str]) = match text(&row, "kind") {
            "outcome" => (&["E"], &OUTCOME),
            "provision" => (&["F", "G", "H1", "H2"], &PROVISION),
            kind => panic!("{id}: kind {kind}"),
        };
        // Outcomes also stand in the outcome column beside provision.
        let section = row.get("section").map(|_| text(&row, "section"));
        let fits = |section: &str| sections.contains(&section) || criteria.len() == OUTCOME.len();
        assert!(section.is_none_or(fits), "{id}: section");
        let mut named: Vec<&str> = row["criteria"].as_object().expect("criteria").keys().map(String::as_str).collect();
        named.sort_unstable();
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
        for phrase in strings(&row, "phrases") {
            assert!(!phrase.is_empty() && text(&row, "text").contains(phrase), "{id}: “{phrase}” is not in the text");
        }
        for words in strings(&row, "context") {
            assert!(!words.trim().is_empty(), "{id}: empty context");
        }
    }
}

/// A list of strings; none where the row has no such field.
fn strings<'r>(row: &'r Value, field: &str) -> Vec<&'r str> {
    let Some(list) = row.get(field) else { return Vec::new() };
    let list = list.as_array().unwrap_or_else(|| panic!("{}: {field} is no list", row["id"]));
    list.iter().map(|item| item.as_str().unwrap_or_else(|| panic!("{}: {field}", row["id"]))).collect()
}

#[test]
fn ids_and_texts_are_unique() {
    let (mut ids, mut texts) = (HashSet::new(), HashSet::new());
    for row in rows() {
        assert!(ids.insert(text(&row, "id").to_owned()), "{}: twice", row["id"]);
        let said = (words(text(&row, "text")), row["context"].to_string());
        assert!(texts.insert(said), "{}: the same words as another row", row["id"]);
    }
}

#[test]
fn there_is_enough_of_everything() {
    let rows = rows();
    assert!(rows.len() >= ROWS, "{} rows", rows.len());
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    rows.iter().for_each(|row| *sizes.entry(text(row, "style")).or_default() += 1);
    assert!(sizes.len() >= STYLES, "{} styles", sizes.len());
    for (style, size) in sizes {
        assert!(size as f64 <= LARGEST_STYLE * rows.len() as f64, "{style}: {size} of {} rows", rows.len());
    }
    let paired = rows.iter().filter(|row| row["pair"].is_string()).count();
    assert!(paired >= ROWS_IN_PAIRS, "{paired} rows in pairs");
}

#[test]
fn style_gives_no_verdict_away() {
    let mut counts: BTreeMap<(String, &str), (usize, usize)> = BTreeMap::new();
    let rows = rows();
    for row in &rows {
        let (good, all) = counts.entry((text(row, "style").to_owned(), text(row, "kind"))).or_default();
        *good += usize::from(text(row, "verdict") == "good");
        *all += 1;
    }
    for ((style, kind), (good, all)) in counts {
        let share = good as f64 / all as f64;
        assert!(GOOD.contains(&share), "{style}: {good} of {all} rows of {kind} are good");
    }
}

#[test]
fn a_style_lies_in_one_split() {
    let rows = rows();
    let mut splits: BTreeMap<&str, BTreeSet<Option<&str>>> = BTreeMap::new();
    for row in &rows {
        splits.entry(text(row, "style")).or_default().insert(row["split"].as_str());
    }
    for (style, of) in &splits {
        assert_eq!(of.len(), 1, "{style}: {of:?}");
    }
    let named: BTreeSet<&str> = splits.values().flatten().copied().flatten().collect();
    assert_eq!(named, SPLITS.iter().copied().collect(), "the splits");
    assert!(rows.iter().all(|row| row["split"].is_string()), "a row without a split");
}

#[test]
fn a_pair_holds_both_verdicts_of_one_kind_in_one_part() {
    let rows = rows();
    let mut pairs: BTreeMap<&str, Vec<(&str, &str, &str)>> = BTreeMap::new();
    for row in &rows {
        if let Some(pair) = row["pair"].as_str() {
            pairs.entry(pair).or_default().push((text(row, "kind"), text(row, "verdict"), part(row)));
        }
    }
    for (pair, rows) in pairs {
        assert!(rows.iter().all(|row| row.0 == rows[0].0), "{pair}: two kinds");
        assert!(rows.iter().any(|row| row.1 == "good") && rows.iter().any(|row| row.1 == "bad"), "{pair}: one verdict");
        assert!(rows.iter().all(|row| row.2 == rows[0].2), "{pair}: in two splits");
    }
}

#[test]
fn length_does_not_give_the_verdict_away() {
    let rows = rows();
    for kind in ["outcome", "provision"] {
        let lengths = |verdict: &str| -> Vec<usize> {
            let rows = rows.iter().filter(|row| text(row, "kind") == kind && text(row, "verdict") == verdict);
            rows.map(length).collect()
        };
        let auc = ranked(&lengths("good"), &lengths("bad"));
        assert!(LENGTH.contains(&auc), "{kind}: AUC of the number of words is {auc:.3}");
    }
    let half = |verdict: &str, fits: fn(usize) -> bool| {
        let rows: Vec<usize> = rows.iter().filter(|row| text(row, "verdict") == verdict).map(length).collect();
        let fit = rows.iter().filter(|words| fits(**words)).count();
        assert!(2 * fit >= rows.len(), "{verdict}: only {fit} of {} rows", rows.len());
    };
    half("good", |words| words <= MIDDLING);
    half("bad", |words| words >= MIDDLING);
}

/// The share of pairs in which the good one is longer, ties half.
fn ranked(good: &[usize], bad: &[usize]) -> f64 {
    let (mut halves, mut bad) = (0, bad.to_vec());
    bad.sort_unstable();
    for length in good {
        halves += bad.partition_point(|other| other < length) + bad.partition_point(|other| other <= length);
    }
    halves as f64 / (2 * good.len() * bad.len()) as f64
}

#[test]
fn ranks_by_hand() {
    // 3 > 1, 3 > 2, 3 = 3; 2 > 1, 2 = 2, 2 < 3.
    assert!((ranked(&[3, 2], &[2, 3, 1]) - (2.5 + 1.5) / 6.0).abs() < 1e-12);
}

#[test]
fn the_page_counts_as_we_do() {
    let rows = rows();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for row in &rows {
        for field in ["section", "split", "type", "need_area", "phase"].iter().filter(|field| row.get(field).is_some())
        {
            *counts.entry(format!("{} {}", text(row, field), field)).or_default() += 1;
        }
    }
    let styles: BTreeSet<&str> = rows.iter().map(|row| text(row, "style")).collect();
    let unnamed: Vec<_> = styles.iter().filter(|style| !PAGE.contains(&format!("`{style}`"))).collect();
    assert!(unnamed.is_empty(), "README.md does not name {unnamed:?}");
    let paired: Vec<&str> = rows.iter().filter_map(|row| row["pair"].as_str()).collect();
    let pairs = paired.iter().collect::<HashSet<_>>().len();
    assert!(PAGE.contains(&format!("{} rows", rows.len())), "{} rows", rows.len());
    let line = format!("{pairs} pairs ({} rows)", paired.len());
    assert!(PAGE.contains(&line), "{line}");
    let table = PAGE.split("## Counts").nth(1).expect("a table of counts");
    for (what, count) in counts {
        let (value, field) = what.split_once(' ').expect("two words");
        let line = table.lines().find(|line| line.starts_with(&format!("| `{field}` |"))).expect(field);
        let said = format!("`{value}` {count}");
        let ends = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_digit());
        assert!(line.match_indices(&said).any(|(at, _)| ends(&line[at + said.len()..])), "README.md, {field}: {said}");
    }
}

/// Pairs of texts from different parts that are nearly the same: they share a run of `GRAM` words, or `LIKENESS` of
/// their runs of three. Numbers are those of the texts.
fn near(texts: &[(&str, &str)]) -> BTreeSet<(usize, usize)> {
    let words: Vec<Vec<String>> = texts.iter().map(|(_, text)| words(text)).collect();
    let shared = |size: usize| -> (HashMap<(usize, usize), usize>, Vec<usize>) {
        let grams: Vec<HashSet<&[String]>> = words.iter().map(|words| words.windows(size).collect()).collect();
        let mut seen: HashMap<&[String], Vec<usize>> = HashMap::new();
        let mut shared = HashMap::new();
        for (i, set) in grams.iter().enumerate() {
            for gram in set {
                let before = seen.entry(gram).or_default();
                for &j in before.iter().filter(|j| texts[**j].0 != texts[i].0) {
                    *shared.entry((j, i)).or_default() += 1;
                }
                before.push(i);
            }
        }
        (shared, grams.iter().map(HashSet::len).collect())
    };
    let (mut found, (threes, sizes)) = (shared(GRAM).0.into_keys().collect::<BTreeSet<_>>(), shared(3));
    for ((i, j), both) in threes {
        if both as f64 / (sizes[i] + sizes[j] - both) as f64 >= LIKENESS {
            found.insert((i, j));
        }
    }
    found
}

#[test]
fn no_split_is_a_copy_of_another() {
    let rows = all_rows();
    let texts: Vec<(&str, &str)> = rows.iter().map(|row| (part(row), text(row, "text"))).collect();
    let found: Vec<(&str, &str)> =
        near(&texts).into_iter().map(|(i, j)| (text(&rows[i], "id"), text(&rows[j], "id"))).collect();
    assert!(found.is_empty(), "{} pairs of rows are nearly the same: {found:?}", found.len());
}

#[test]
fn the_rows_without_labels_are_as_the_page_says() {
    let (labelled, rows) = (rows(), read(UNLABELLED));
    let styles = |rows: &[Value]| rows.iter().map(|row| text(row, "style").to_owned()).collect::<HashSet<String>>();
    assert!(styles(&rows).is_disjoint(&styles(&labelled)), "a style of the labelled rows");
    let mut texts = HashSet::new();
    let mut of_style: HashMap<&str, HashSet<&str>> = HashMap::new();
    for row in &rows {
        let fields: Vec<&str> = row.as_object().expect("a row is an object").keys().map(String::as_str).collect();
        assert!(
            fields.iter().all(|field| ["id", "kind", "style", "split", "context", "text"].contains(field)),
            "{row}"
        );
        assert!(matches!(text(row, "kind"), "outcome" | "provision"), "{row}");
        assert!(row["context"].as_array().is_some_and(|context| context.iter().all(Value::is_string)), "{row}");
        assert!(texts.insert(text(row, "text")), "twice: {row}");
        of_style.entry(text(row, "style")).or_default().insert(text(row, "split"));
    }
    for &split in SPLITS {
        let styles = of_style.values().filter(|splits| splits.len() == 1 && splits.contains(split)).count();
        let rows = rows.iter().filter(|row| text(row, "split") == split).count();
        assert!(PAGE.contains(&format!("| {split} | {styles} | {rows} |")), "{split}: {styles} styles, {rows} rows");
    }
    assert_eq!(of_style.values().filter(|splits| splits.len() > 1).count(), 0, "a style in two splits");
}

#[test]
fn near_copies_are_told_from_others() {
    let texts = [
        ("train", "Sam will read the first 100 words aloud, without help, by July."),
        ("train", "Sam will read the first 100 words aloud, with no help, by July."),
        // Eight words of the first in a row, and little else.
        ("dev", "We hope: will read the first 100 words aloud, without fail or fuss or anything else at all."),
        // One word differs: 7 of 13 runs of three are shared, too few, and no run of eight.
        ("test", "Zoë will stay until the bell on four days of each week"),
        ("dev", "Zoë will stay until the bell on five days of each week"),
        // 4 of 6 runs of three.
        ("dev", "a b c d e f g"),
        ("test", "a b c d e f x"),
    ];
    // The first two lie in one split and may be alike.
    assert_eq!(near(&texts).into_iter().collect::<Vec<_>>(), [(0, 2), (5, 6)]);
}
/// Cohen's kappa of two labellings of the same rows.
fn kappa(pairs: &[(String, String)]) -> f64 {
    let n = pairs.len() as f64;
    let (mut first, mut second): (HashMap<&str, f64>, HashMap<&str, f64>) = Default::default();
    for (a, b) in pairs {
        *first.entry(a).or_default() += 1.0 / n;
        *second.entry(b).or_default() += 1.0 / n;
    }
    let agree = pairs.iter().filter(|(a, b)| a == b).count() as f64 / n;
    let chance: f64 = first.iter().map(|(label, share)| share * second.get(label).copied().unwrap_or(0.0)).sum();
    (agree - chance) / (1.0 - chance)
}

#[test]
fn kappa_by_hand() {
    // Two thirds agree; by chance 2/3 · 1/3 + 1/3 · 2/3 = 4/9 would.
    let pairs = [("a", "a"), ("a", "b"), ("b", "b")].map(|(a, b)| (a.to_owned(), b.to_owned()));
    assert!((kappa(&pairs) - (2.0 / 3.0 - 4.0 / 9.0) / (1.0 - 4.0 / 9.0)).abs() < 1e-12);
}

#[test]
fn the_page_tells_how_far_the_labellers_agree() {
    let rows = |lines: &str| -> BTreeMap<String, Value> {
        let rows = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("each line is JSON"));
        rows.map(|row| (text(&row, "id").to_owned(), row)).collect()
    };
    let first = rows(include_str!("../corpora/statements/first.jsonl"));
    let second = rows(include_str!("../corpora/statements/second.jsonl"));
    assert!(second.len() >= 400 && first.keys().eq(second.keys()), "{} rows labelled twice", second.len());
    for (kind, criteria) in [("outcome", &OUTCOME[..]), ("provision", &PROVISION)] {
        let both: Vec<(&Value, &Value)> =
            first.values().zip(second.values()).filter(|(_, row)| row["criteria"].get(criteria[1]).is_some()).collect();
        let asked = criteria.iter().filter(|c| !matches!(**c, "achievable" | "relevant"));
        for label in ["verdict", "type"].iter().chain(asked) {
            let of = |row: &Value| match row["criteria"].get(label) {
                Some(state) => (state == "met").to_string(),
                None => text(row, label).to_owned(),
            };
            let kappa = kappa(&both.iter().map(|(a, b)| (of(a), of(b))).collect::<Vec<_>>());
            let line = format!("| {kind} | `{label}` | {} | {kappa:.3} |", both.len());
            assert!(PAGE.contains(&line), "README.md: {line}");
        }
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
    let shared = shared(&all_rows(), &grams);
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
    let short = lengths.values().filter(|runs| **runs == 0).count();
    assert!(short * 50 < rows.len(), "{short} of {} rows are too short to be compared", rows.len());
}
