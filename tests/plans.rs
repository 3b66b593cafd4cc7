//! Every example plan, in every format that it exists in, gives the statements that are written down beside it, and the
//! same judgements of them.

use clearplan::assess::Assessment;
use clearplan::document::{Kind, Statement};
use clearplan::engine::Engine;
use clearplan::review::Judged;
use clearplan::segment::{Framework, segment};
use std::path::{Path, PathBuf};

/// A statement in the words of `expected.json`: section, kind, text, inherited texts.
type Row = (String, String, String, Vec<String>);

fn plans() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora/plans");
    let Ok(entries) = std::fs::read_dir(&root) else { return Vec::new() };
    let mut folders: Vec<PathBuf> =
        entries.flatten().map(|e| e.path()).filter(|p| p.join("expected.json").is_file()).collect();
    folders.sort();
    folders
}

/// The plan in each of its formats.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder lists");
    let mut files: Vec<PathBuf> =
        entries.flatten().map(|e| e.path()).filter(|p| p.file_stem().is_some_and(|s| s == "plan")).collect();
    files.sort();
    files
}

/// Folder and file: `prose/plan.pdf`.
fn name(file: &Path) -> String {
    let folder = file.parent().and_then(Path::file_name).unwrap_or_default();
    format!("{}/{}", folder.display(), file.file_name().unwrap_or_default().display())
}

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn expected(folder: &Path) -> Vec<Row> {
    let json = std::fs::read_to_string(folder.join("expected.json")).expect("expected.json reads");
    let value: serde_json::Value = serde_json::from_str(&json).expect("expected.json is JSON");
    let text = |v: &serde_json::Value| flat(v.as_str().expect("a string"));
    let rows = value["statements"].as_array().expect("statements");
    rows.iter()
        .map(|row| {
            let context = row["context"].as_array().expect("context").iter().map(text).collect();
            (text(&row["section"]), text(&row["kind"]), text(&row["text"]), context)
        })
        .collect()
}

fn found(path: &Path) -> Vec<Row> {
    let bytes = std::fs::read(path).expect("the plan reads");
    let documents = clearplan::readers::read("plan", &bytes).expect("the plan is readable");
    let row = |s: &Statement| {
        let kind = match s.kind {
            Kind::Aspiration => "aspiration",
            Kind::Need => "need",
            Kind::Outcome => "outcome",
            Kind::Provision => "provision",
            Kind::Other => "other",
        };
        let context = s.context.iter().map(|c| flat(&c.text)).collect();
        (s.section.clone(), kind.to_owned(), flat(&s.text), context)
    };
    let sections: Vec<_> = documents.iter().flat_map(|d| segment(d, Framework::ehcp())).collect();
    let statements = sections.iter().flat_map(|s| &s.statements);
    // What stands before the first section, and the facts in I, J and K, are kept as `other` but not written down.
    statements.filter(|s| !matches!(s.section.as_str(), "" | "I" | "J" | "K")).map(row).collect()
}

/// The same statement: of an inherited cell the file holds the words, the engine its title as well.
fn same(found: &Row, expected: &Row) -> bool {
    let context = found.3.len() == expected.3.len()
        && found.3.iter().zip(&expected.3).all(|(f, e)| f == e || f.ends_with(&format!(": {e}")));
    (&found.0, &found.1, &found.2) == (&expected.0, &expected.1, &expected.2) && context
}

#[test]
fn statements_are_as_written_down() {
    let folders = plans();
    if folders.is_empty() {
        eprintln!("skipped: no example plans in corpora/plans");
        return;
    }
    let mut wrong = Vec::new();
    for folder in &folders {
        let expected = expected(folder);
        let files = files(folder);
        assert!(!files.is_empty(), "{}: no plan beside expected.json", folder.display());
        for file in files {
            let found = found(&file);
            let name = name(&file);
            let mut ids: Vec<&str> = expected.iter().chain(&found).map(|r| r.0.as_str()).collect();
            ids.sort_unstable();
            ids.dedup();
            // Tables are read column by column, the file is written row by row: within a section both keep the order.
            for id in ids {
                let want: Vec<&Row> = expected.iter().filter(|r| r.0 == id).collect();
                let have: Vec<&Row> = found.iter().filter(|r| r.0 == id).collect();
                for row in want.iter().filter(|w| !have.iter().any(|h| same(h, w))) {
                    wrong.push(format!("{name}: missing {row:?}"));
                }
                for row in have.iter().filter(|h| !want.iter().any(|w| same(h, w))) {
                    wrong.push(format!("{name}: too much {row:?}"));
                }
                if want.len() == have.len() && want.iter().zip(&have).any(|(w, h)| !same(h, w)) {
                    wrong.push(format!("{name}: section {id}: not in this order"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} differences\n{}", wrong.len(), wrong.join("\n"));
}

/// A statement and everything that is said of it, without anything that a format may change: white space, place, offsets.
fn judgement(judged: &Judged) -> Option<String> {
    let statement = &judged.statement;
    let Assessment { verdict, probability, confidence, wording, criteria, findings, suggestion } =
        judged.assessment.as_ref()?;
    let mut lines = vec![format!("{} {:?}: {}", statement.section, statement.kind, flat(&statement.text))];
    lines.extend(statement.context.iter().map(|c| format!("  {:?}: {}", c.role, flat(&c.text))));
    lines.push(format!("  {verdict:?} {probability:.6} {confidence:?} {wording:?}"));
    for criterion in criteria {
        let words = criterion.evidence.iter().map(|evidence| {
            let text = evidence.context.map_or(&statement.text, |i| &statement.context[i].text);
            format!("{:?} “{}”", evidence.context, flat(evidence.span.of(text)))
        });
        lines.push(format!("  {:?} {:?} {:?}", criterion.criterion, criterion.state, words.collect::<Vec<_>>()));
    }
    for finding in findings {
        let words = flat(finding.span.of(&statement.text));
        lines.push(format!("  {} {:?} “{words}” {}", finding.rule, finding.severity, flat(&finding.message)));
    }
    lines.push(format!("  {:?}", suggestion.as_deref().map(flat)));
    Some(lines.join("\n"))
}

/// The judgements of a plan, ordered by their words, and its scores.
fn judgements(file: &Path) -> (Vec<String>, String) {
    let bytes = std::fs::read(file).expect("the plan reads");
    let documents = clearplan::readers::read("plan", &bytes).expect("the plan is readable");
    let reviews: Vec<_> = documents.iter().map(|document| Engine::new().review(document)).collect();
    let sections = reviews.iter().flat_map(|review| &review.sections);
    let mut list: Vec<String> = sections.flat_map(|section| &section.statements).filter_map(judgement).collect();
    list.sort();
    // The order of sections follows the page: by id, it is the same for all.
    let mut scores: Vec<String> = reviews
        .iter()
        .flat_map(|review| review.scores.sections.iter().map(|s| format!("{}: {:?}", s.section, s.score)))
        .chain(reviews.iter().map(|review| format!("plan: {:?}", review.scores.plan)))
        .collect();
    scores.sort();
    (list, scores.join("\n"))
}

#[test]
fn judgements_are_the_same_in_every_format() {
    let mut wrong = Vec::new();
    let mut compared = 0;
    for folder in plans() {
        let files = files(&folder);
        let Some((first, others)) = files.split_first() else { continue };
        let (want, want_scores) = judgements(first);
        assert!(want.len() > 5, "{}: {} statements judged", name(first), want.len());
        for other in others {
            compared += 1;
            let (have, have_scores) = judgements(other);
            let (a, b) = (name(first), name(other));
            wrong.extend(want.iter().filter(|w| !have.contains(w)).map(|w| format!("in {a}, not in {b}:\n{w}")));
            wrong.extend(have.iter().filter(|h| !want.contains(h)).map(|h| format!("in {b}, not in {a}:\n{h}")));
            if want.len() != have.len() || want_scores != have_scores {
                wrong.push(format!(
                    "{a}: {} judged, scores\n{want_scores}\n{b}: {}\n{have_scores}",
                    want.len(),
                    have.len()
                ));
            }
        }
    }
    assert!(compared > 0, "no example plan exists in two formats");
    assert!(wrong.is_empty(), "{} differences\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_plan_as_a_whole_is_the_same_without_what_judging_has_read() {
    let engine = Engine::new().without_model();
    let quiet = Engine::new().without_model().without_suggestions();
    for file in plans().iter().flat_map(|folder| files(folder)) {
        let bytes = std::fs::read(&file).expect("the file can be read");
        let document = clearplan::readers::read(&name(&file), &bytes).expect("it is a plan").remove(0);
        let review = engine.review(&document);
        let alone = clearplan::plan::whole(&document, &review.sections, Framework::ehcp(), engine.rules());
        assert_eq!(alone, review.whole, "{}", name(&file));
        let ends = |whole: &clearplan::plan::Whole| {
            whole.thread.links.iter().map(|link| (link.from, link.to, link.by)).collect::<Vec<_>>()
        };
        let silent = quiet.review(&document).whole;
        assert_eq!((silent.findings.len(), ends(&silent)), (alone.findings.len(), ends(&alone)), "{}", name(&file));
    }
}
