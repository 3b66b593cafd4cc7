//! The pipeline stage by stage, in bytes a second: `cargo bench --bench pipeline`. Figures are in `README.md`.
//!
//! Each benchmark first asserts its answer, so that a fast wrong engine does not pass for progress.

use clearplan::document::{Document, Statement};
use clearplan::engine::Engine;
use clearplan::facts;
use clearplan::model::Model;
use clearplan::readers;
use clearplan::rules::{RuleSet, Severity};
use clearplan::segment::{Framework, segment};
use clearplan::words::Words;
use clearplan::writers::docx::{self, Mode, Options};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::collections::BTreeSet;
use std::hint::black_box;
use std::io::{Cursor, Write};

/// The example plans by format; `lettered` exists in five, legacy Word and RTF only as a reader's fixture.
const PLANS: [(&str, &[u8]); 5] = [
    ("docx", include_bytes!("../corpora/plans/lettered/plan.docx")),
    ("odt", include_bytes!("../corpora/plans/lettered/plan.odt")),
    ("pdf", include_bytes!("../corpora/plans/lettered/plan.pdf")),
    ("html", include_bytes!("../corpora/plans/lettered/plan.html")),
    ("txt", include_bytes!("../corpora/plans/lettered/plan.txt")),
];

/// What stands in the plan, for comparison with what is found.
const EXPECTED: &str = include_str!("../corpora/plans/lettered/expected.json");

fn read(bytes: &[u8]) -> Document {
    readers::read("plan", bytes).expect("the example plan is readable").swap_remove(0)
}

fn statements(document: &Document) -> Vec<Statement> {
    segment(document, Framework::ehcp()).into_iter().flat_map(|section| section.statements).collect()
}

/// Bytes of plan text, whatever the file around it weighs.
fn text_bytes(document: &Document) -> u64 {
    document.paragraphs().iter().map(|paragraph| paragraph.text.len() as u64).sum()
}

/// The outcomes and provision that are written down beside the plan.
fn expected() -> usize {
    let value: serde_json::Value = serde_json::from_str(EXPECTED).expect("expected.json is JSON");
    let rows = value["statements"].as_array().expect("a list of statements");
    rows.iter().filter(|row| matches!(row["kind"].as_str(), Some("outcome" | "provision"))).count()
}

fn judged(document: &Document) -> usize {
    Engine::new().review(document).scores.plan.judged
}

/// Every statement of the labelled corpus, as `classify` reads them.
fn corpus() -> Vec<Statement> {
    rows(|_| true)
}

/// The rows of the labelled corpus whose split is wanted.
fn rows(wanted: impl Fn(&str) -> bool) -> Vec<Statement> {
    let bytes = include_bytes!("../corpora/statements/statements.jsonl");
    let text = std::str::from_utf8(bytes).expect("the corpus is UTF-8");
    text.lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("a row is JSON"))
        .filter(|row| wanted(row["split"].as_str().unwrap_or_default()))
        .map(|row| {
            let kind = serde_json::from_value(row["kind"].clone()).expect("a row has a kind");
            Statement::new(kind, row["text"].as_str().expect("a row has a text"))
        })
        .collect()
}

fn bytes(statements: &[Statement]) -> Throughput {
    Throughput::Bytes(statements.iter().map(|statement| statement.text.len() as u64).sum())
}

/// File bytes: a zipped or laid-out format is mostly not text.
fn reading(c: &mut Criterion) {
    let mut group = c.benchmark_group("read");
    for (format, bytes) in PLANS {
        assert_eq!(judged(&read(bytes)), expected(), "{format}");
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function(format, |b| b.iter(|| read(black_box(bytes))));
    }
    group.finish();
}

fn segmenting(c: &mut Criterion) {
    let mut group = c.benchmark_group("segment");
    for (format, bytes) in PLANS.into_iter().filter(|(format, _)| matches!(*format, "docx" | "txt")) {
        let document = read(bytes);
        assert_eq!(judged(&document), expected(), "{format}");
        group.throughput(Throughput::Bytes(text_bytes(&document)));
        group.bench_function(format, |b| b.iter(|| segment(black_box(&document), Framework::ehcp())));
    }
    group.finish();
}

fn judging(c: &mut Criterion) {
    let corpus = corpus();
    assert_eq!(corpus.len(), include_str!("../corpora/statements/statements.jsonl").lines().count());
    let engine = Engine::new();
    assert!(corpus.iter().all(|statement| engine.assess(statement).is_some()), "every row is judged");

    let mut group = c.benchmark_group("facts");
    let found: usize = corpus.iter().map(|s| facts::find(&Words::new(&s.text)).len()).sum();
    assert!(found > corpus.len(), "{found} facts in {} statements", corpus.len());
    group.throughput(bytes(&corpus));
    group.bench_function("words", |b| {
        b.iter(|| corpus.iter().map(|s| Words::new(black_box(&s.text)).len()).sum::<usize>())
    });
    group.bench_function("find", |b| {
        b.iter(|| corpus.iter().map(|s| facts::find(&Words::new(black_box(&s.text))).len()).sum::<usize>());
    });
    group.finish();

    let mut group = c.benchmark_group("rules");
    let rules = RuleSet::builtin();
    let findings: usize = corpus.iter().map(|s| rules.read(s).findings.len()).sum();
    assert!(findings > corpus.len() / 2, "{findings} findings in {} statements", corpus.len());
    group.throughput(bytes(&corpus));
    group.bench_function("read", |b| {
        b.iter(|| corpus.iter().map(|s| rules.read(black_box(s)).findings.len()).sum::<usize>());
    });
    group.finish();

    let mut group = c.benchmark_group("assess");
    group.throughput(bytes(&corpus));
    group.bench_function("corpus", |b| {
        b.iter(|| corpus.iter().filter(|s| engine.assess(black_box(s)).is_some()).count());
    });
    group.finish();
}

/// The ways of judging, on author styles that nothing was fitted to, in statements a second; one core and all side by side.
fn cascade(c: &mut Criterion) {
    let statements = rows(|split| split == "test");
    let all: Vec<&Statement> = statements.iter().collect();
    let quiet = || Engine::new().without_suggestions();
    let ways = [("rules", quiet().without_model()), ("cascade", quiet().with_cascade()), ("full", quiet())];
    let verdicts = |engine: &Engine| -> Vec<_> {
        engine.assess_all(&all).into_iter().map(|assessment| assessment.map(|assessment| assessment.verdict)).collect()
    };
    let (cascade, full) = (verdicts(&ways[1].1), verdicts(&ways[2].1));
    let same = cascade.iter().zip(&full).filter(|(one, other)| one == other).count();
    assert!(same * 1000 >= all.len() * 995, "{same} of {} verdicts are the same", all.len());
    let mut group = c.benchmark_group("ways of judging");
    group.throughput(Throughput::Elements(all.len() as u64));
    let first = Model::builtin().first().expect("the built-in model has a first stage");
    let words: Vec<Words<'_>> = statements.iter().map(|statement| Words::new(&statement.text)).collect();
    group.bench_function("first stage alone, 1 core", |b| {
        b.iter(|| {
            let each =
                all.iter().zip(&words).map(|(statement, words)| first.foretell(black_box(statement), words, 0.0));
            each.flatten().count()
        });
    });
    for threads in BTreeSet::from([1, rayon::current_num_threads()]) {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool of threads");
        for (name, engine) in &ways {
            group.bench_function(format!("{name}, {threads} cores"), |b| {
                b.iter(|| pool.install(|| engine.assess_all(black_box(&all)).len()));
            });
        }
    }
    group.finish();
}

fn whole(c: &mut Criterion) {
    let mut group = c.benchmark_group("whole plan");
    let engine = Engine::new();
    for (format, bytes) in PLANS {
        let document = read(bytes);
        assert_eq!(judged(&document), expected(), "{format}");
        assert!(statements(&document).len() >= expected(), "{format}");
        group.throughput(Throughput::Bytes(text_bytes(&document)));
        group.bench_function(format, |b| b.iter(|| engine.review(&read(black_box(bytes)))));
    }
    group.finish();
}

/// A Word document of 1,500 paragraphs with two faulted statements each.
fn long() -> Vec<u8> {
    let paragraph = |i| {
        format!("<w:p><w:r><w:t>Sam {i} will have regular help. Staff {i} will often read with him.</w:t></w:r></w:p>")
    };
    let paragraphs: String = (0..1500).map(paragraph).collect();
    let space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    let main = format!(
        "<w:document xmlns:w='{space}'><w:body><w:p><w:r><w:t>Section F</w:t></w:r></w:p>{paragraphs}</w:body></w:document>"
    );
    let root =
        "<Relationships><Relationship Id='a' Type='x/officeDocument' Target='word/document.xml'/></Relationships>";
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (path, text) in [("[Content_Types].xml", "<Types/>"), ("_rels/.rels", root), ("word/document.xml", &main)] {
        writer.start_file(path, zip::write::SimpleFileOptions::default()).expect("a part starts");
        writer.write_all(text.as_bytes()).expect("a part is written");
    }
    writer.finish().expect("the file ends").into_inner()
}

/// Comments into a long Word document, and out again; judging it is not part of it.
fn writing(c: &mut Criterion) {
    let bytes = long();
    let review = Engine::new().without_model().without_suggestions().review(&read(&bytes));
    let rules = RuleSet::builtin().rules();
    let options = Options { date: "2026-11-27", least: Severity::Note, mode: Mode::Comments };
    let write = |bytes: &[u8]| docx::annotate(bytes, &review, rules, options).expect("it can be written into");
    let written = write(&bytes);
    assert_eq!(written.comments, 3000);

    let mut group = c.benchmark_group("write");
    group.throughput(Throughput::Elements(3000));
    group.bench_function("comments", |b| b.iter(|| write(black_box(&bytes)).bytes.len()));
    group.bench_function("remove", |b| b.iter(|| docx::remove(black_box(&written.bytes)).expect("it can be read")));
    group.finish();
}

criterion_group!(pipeline, reading, segmenting, judging, cascade, whole, writing);
criterion_main!(pipeline);
