//! This is how fast an archive is scored, stage by stage and as a whole, on one core and on all.
//!
//! The plans are synthetic, of 10,000 words (`corpora/archive/`); each bench asserts its counts before it is timed.

#[path = "../corpora/archive/generator/mod.rs"]
#[allow(dead_code, reason = "shared with the generator's own program")]
mod generator;

use clearplan::archive::input::{Body, Input, Raw};
use clearplan::archive::score::{Options, score};
use clearplan::archive::store::shard::Shard;
use clearplan::archive::{privacy, wording};
use clearplan::segment::{Framework, segment};
use clearplan::{Document, Engine, readers};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use generator::Shape;
use std::hint::black_box;

fn records(plans: u64) -> Vec<Vec<u8>> {
    let shape = Shape::default();
    (0..plans).map(|n| shape.plan(n).record().into_bytes()).collect()
}

fn inputs(records: &[Vec<u8>]) -> Vec<Input> {
    let raw = |record: &Vec<u8>| Raw { source: "plans.jsonl".into(), line: None, body: Body::Record(record.clone()) };
    records.iter().map(raw).map(Input::new).collect()
}

fn bytes(records: &[Vec<u8>]) -> Throughput {
    Throughput::Bytes(records.iter().map(|record| record.len() as u64).sum())
}

fn stages(c: &mut Criterion) {
    let records = records(16);
    let inputs = inputs(&records);
    let read =
        || -> Vec<Document> { records.iter().map(|record| readers::record("x", record).expect("a record")).collect() };
    let documents = read();
    let engine = Engine::new().without_model().without_suggestions();
    let scored = score(&engine, Options::default(), &inputs);
    assert_eq!((scored.plans.len(), scored.rejected.len()), (16, 0));
    let statements: Vec<String> =
        scored.plans.iter().flat_map(|plan| &plan.statements).filter_map(|row| row.text.clone()).collect();
    assert!(statements.len() > 16 * 300, "{}", statements.len());

    let mut group = c.benchmark_group("archive");
    group.sample_size(10).throughput(bytes(&records));
    group.bench_function("hash and head", |b| b.iter(|| self::inputs(black_box(&records)).len()));
    group.bench_function("read records", |b| b.iter(|| read().len()));
    group.bench_function("segment", |b| {
        b.iter(|| documents.iter().map(|document| segment(document, Framework::ehcp()).len()).sum::<usize>());
    });
    group.bench_function("personal data", |b| {
        b.iter(|| documents.iter().map(|document| privacy::find(document).len()).sum::<usize>());
    });
    group.bench_function("wordings", |b| {
        let mut plain = String::new();
        b.iter(|| statements.iter().map(|text| wording::marks(text, None, &mut plain).exact & 1).sum::<u64>());
    });
    group.bench_function("tables", |b| {
        b.iter(|| Shard::new(&scored, engine.rules().rules()).expect("tables").statements.len());
    });
    group.finish();
}

fn whole(c: &mut Criterion) {
    let engine = Engine::new().without_model().without_suggestions();
    let mut group = c.benchmark_group("archive, rules");
    group.sample_size(10);
    for plans in [4, 16, 64] {
        let records = records(plans);
        let inputs = inputs(&records);
        group.throughput(Throughput::Elements(plans));
        for threads in [1, 0] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            let name = if threads == 1 { "one core" } else { "all cores" };
            assert_eq!(pool.install(|| score(&engine, Options::default(), &inputs)).plans.len() as u64, plans);
            group.bench_function(format!("{plans} plans, {name}"), |b| {
                b.iter(|| pool.install(|| score(&engine, Options::default(), black_box(&inputs)).plans.len()));
            });
        }
    }
    group.finish();
}

/// What reading each plan as a whole (`clearplan::plan`) adds to scoring: the same plans with and without, from bytes to tables.
fn plan_as_a_whole(c: &mut Criterion) {
    let engine = || Engine::new().without_model().without_suggestions();
    let inputs = inputs(&records(32));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    let scored = |engine: &Engine| {
        let scored = pool.install(|| score(engine, Options::default(), black_box(&inputs)));
        let tables = Shard::new(&scored, engine.rules().rules()).expect("tables");
        let findings = scored.plans.iter().map(|plan| plan.plan.whole.map(u64::from).iter().sum::<u64>()).sum::<u64>();
        (scored.plans.len(), findings, black_box(tables).statements.len())
    };
    let (with, without) = (engine(), engine().without_whole());
    let (all, alone) = (scored(&with), scored(&without));
    assert_eq!((all.0, alone.0, alone.1), (32, 32, 0));
    assert!(all.1 > 0);
    let mut group = c.benchmark_group("archive, plan as a whole, one core");
    group.sample_size(10).throughput(Throughput::Elements(32));
    group.bench_function("with", |b| b.iter(|| scored(&with)));
    group.bench_function("without", |b| b.iter(|| scored(&without)));
    group.finish();
}

criterion_group!(archive, stages, plan_as_a_whole, whole);
criterion_main!(archive);
