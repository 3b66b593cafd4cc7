//! The encoder alone: `cargo bench --bench encoder`. The weights are random, in the shape of all-MiniLM (384 wide, 12
//! heads), because speed does not depend on them. Each benchmark first asserts its answer.

use clearplan::model::encoder::kernels::Kernel;
use clearplan::model::encoder::lanes::Scale;
use clearplan::model::encoder::packed::Linear;
use clearplan::model::encoder::steps::{Finish, Multiply, Quantise};
use clearplan::model::encoder::{Config, Encoder, Hidden, Precision, quantise};
use clearplan::model::tokens::{Tokenizer, Tokens};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use safetensors::Dtype;
use safetensors::tensor::TensorView;
use std::collections::BTreeSet;
use std::hint::black_box;
use std::time::{Duration, Instant};

const STATEMENTS: &str = include_str!("../corpora/statements/statements.jsonl");
const HIDDEN: usize = 384;
const INTERMEDIATE: usize = 1536;

/// The labelled statements, as text.
fn texts() -> Vec<String> {
    let text = |line: &str| {
        let row: serde_json::Value = serde_json::from_str(line).expect("a row is JSON");
        row["text"].as_str().expect("a row has a text").to_owned()
    };
    STATEMENTS.lines().map(text).collect()
}

/// A WordPiece tokenizer that knows half of the statements' words whole and the rest in letters.
fn tokenizer() -> Tokenizer {
    let lower = texts().join(" ").to_lowercase();
    let letters: BTreeSet<char> = lower.chars().filter(|letter| !letter.is_whitespace()).collect();
    let words: BTreeSet<&str> = lower.split(|letter: char| !letter.is_alphanumeric()).collect();
    let mut vocab: Vec<String> = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"].map(str::to_owned).to_vec();
    vocab.extend(letters.iter().map(char::to_string));
    vocab.extend(letters.iter().map(|letter| format!("##{letter}")));
    vocab.extend(words.into_iter().filter(|word| word.chars().count() > 1).step_by(2).map(str::to_owned));
    let vocab: serde_json::Map<_, _> = vocab.into_iter().enumerate().map(|(id, word)| (word, id.into())).collect();
    let json = serde_json::json!({
        "version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "post_processor": null, "decoder": null,
        "normalizer": {
            "type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null,
            "lowercase": true
        },
        "pre_tokenizer": { "type": "BertPreTokenizer" },
        "model": {
            "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100, "vocab": vocab
        }
    });
    Tokenizer::new(json.to_string().as_bytes()).expect("a good tokenizer")
}

/// Numbers from −`most` to `most`, the same every time.
fn floats(count: usize, most: f32, seed: &mut u32) -> Vec<f32> {
    let mut next = || {
        *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((*seed >> 8) as f32 / (1 << 23) as f32 - 1.0) * most
    };
    (0..count).map(|_| next()).collect()
}

/// A random model in the shape of all-MiniLM.
fn encoder(layers: usize, vocabulary: usize) -> Encoder {
    let config = serde_json::json!({
        "hidden_size": HIDDEN, "num_attention_heads": 12, "intermediate_size": INTERMEDIATE,
        "num_hidden_layers": layers, "vocab_size": vocabulary, "max_position_embeddings": 256, "type_vocab_size": 2
    })
    .to_string();
    let config = config.as_bytes();
    let read = Config::read(config).expect("a good configuration");
    let mut seed = 1;
    let parts: Vec<(String, Vec<usize>, Vec<u8>)> = clearplan::model::encoder::layout::entries(&read)
        .into_iter()
        .map(|entry| {
            let around = if entry.name.ends_with("LayerNorm.weight") { 1.0 } else { 0.0 };
            let values = floats(entry.shape.iter().product(), 0.05, &mut seed);
            let bytes = values.into_iter().flat_map(|value| (value + around).to_le_bytes()).collect();
            (entry.name, entry.shape, bytes)
        })
        .collect();
    let views = parts
        .iter()
        .map(|(name, shape, data)| (name, TensorView::new(Dtype::F32, shape.clone(), data).expect("sizes that fit")));
    let trained = safetensors::serialize(views, None).expect("a good file");
    let file = quantise(&trained, &read).expect("good weights");
    Encoder::new(file, config).expect("a good model")
}

/// Multiplications of int8 weights for so many tokens.
fn products(layers: usize, tokens: usize) -> u64 {
    (layers * tokens * (4 * HIDDEN * HIDDEN + 2 * HIDDEN * INTERMEDIATE)) as u64
}

fn tokens(batch: &[Tokens]) -> usize {
    batch.iter().map(|tokens| tokens.ids.len()).sum()
}

fn statement(length: usize) -> Tokens {
    let ids = (0..length).map(|at| (at * 37 % 1000) as u32).collect();
    Tokens { ids, types: vec![1; length], spans: vec![None; length] }
}

fn bits(all: &[Hidden]) -> Vec<u32> {
    all.iter().flat_map(|hidden| &hidden.values).map(|value| value.to_bits()).collect()
}

fn tokenising(criterion: &mut Criterion) {
    let (tokenizer, texts) = (tokenizer(), texts());
    for text in &texts {
        let tokens = tokenizer.encode("", text);
        assert_eq!(tokens.ids.len(), tokens.spans.len());
        assert!(!tokens.ids.contains(&1), "every letter is known");
        let first = tokens.spans.iter().flatten().next().expect("no statement is empty");
        assert_eq!(first.start, text.len() - text.trim_start().len());
    }
    let mut group = criterion.benchmark_group("tokenise");
    let bytes = texts.iter().map(|text| text.len() as u64).sum();
    group.throughput(Throughput::ElementsAndBytes { elements: texts.len() as u64, bytes });
    group.bench_function("statements", |bencher| {
        bencher.iter(|| texts.iter().map(|text| tokenizer.encode("", black_box(text)).ids.len()).sum::<usize>());
    });
    group.finish();
}

/// One linear map of 240 tokens, 384 → 1536 with GELU, by each kernel: elements are multiplications, bytes are weights.
fn kernels(criterion: &mut Criterion) {
    let rows = 240;
    let mut seed = 5;
    let codes: Vec<u8> = floats(HIDDEN * INTERMEDIATE, 127.0, &mut seed).iter().map(|code| *code as i8 as u8).collect();
    let scales = floats(INTERMEDIATE, 1e-3, &mut seed);
    let linear = Linear::pack(&[&codes], HIDDEN, scales, floats(INTERMEDIATE, 1.0, &mut seed));
    let values = floats(rows * HIDDEN, 2.0, &mut seed);
    let mut group = criterion.benchmark_group("linear map");
    let mut right: Option<Vec<f32>> = None;
    for kernel in Kernel::available() {
        let (mut codes, mut scales) = (vec![0; rows * HIDDEN], vec![Scale::default(); rows]);
        let (mut row, mut out) = (Vec::new(), vec![0.0; rows * INTERMEDIATE]);
        let mut multiply = || {
            let (codes, scales, row) = (&mut codes, &mut scales, &mut row);
            kernel.run(Quantise { values: &values, width: HIDDEN, codes, scales, row });
            kernel.run(Multiply { codes, scales, linear: &linear, finish: Finish::Gelu, out: &mut out });
            out.clone()
        };
        let made = multiply();
        assert!(right.get_or_insert_with(|| made.clone()) == &made, "{} gives other bits", kernel.name());
        let (elements, bytes) = ((rows * HIDDEN * INTERMEDIATE) as u64, (HIDDEN * INTERMEDIATE) as u64);
        group.throughput(Throughput::ElementsAndBytes { elements, bytes });
        group.bench_function(kernel.name(), |bencher| bencher.iter(&mut multiply));
        let steps = 10_000;
        if let Some(products) = kernel.ceiling(steps) {
            group.throughput(Throughput::Elements(products));
            group.bench_function(format!("ceiling of {}", kernel.name()), |bencher| {
                bencher.iter(|| kernel.ceiling(black_box(steps)));
            });
        }
    }
    group.finish();
}

/// Elements are statements, bytes are the codes of their tokens' embeddings.
fn lengths(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("encode, one core");
    for layers in [3, 6] {
        let encoder = encoder(layers, 1000);
        for length in [8, 16, 30, 64, 128, 251] {
            let batch = vec![statement(length); 256_usize.div_ceil(length)];
            let all = encoder.encode(&batch, Precision::Int8);
            let alone = encoder.encode(&batch[..1], Precision::Int8);
            assert!(all.iter().all(|hidden| bits(std::slice::from_ref(hidden)) == bits(&alone)));
            let bytes = (batch.len() * length * HIDDEN) as u64;
            group.throughput(Throughput::ElementsAndBytes { elements: batch.len() as u64, bytes });
            group.bench_function(format!("{layers} layers, {length} tokens"), |bencher| {
                bencher.iter(|| encoder.encode(black_box(&batch), Precision::Int8));
            });
        }
        let one = [statement(30)];
        group.throughput(Throughput::Elements(1));
        group.bench_function(format!("{layers} layers, 30 tokens, one alone"), |bencher| {
            bencher.iter(|| encoder.encode(black_box(&one), Precision::Int8));
        });
    }
    group.finish();
}

/// The labelled statements, by each kernel on one core and by the best on all.
fn statements(criterion: &mut Criterion) {
    let (tokenizer, texts) = (tokenizer(), texts());
    let batch: Vec<Tokens> = texts.iter().map(|text| tokenizer.encode("", text)).collect();
    let bytes = texts.iter().map(|text| text.len() as u64).sum();
    let mut group = criterion.benchmark_group("encode statements");
    group.throughput(Throughput::ElementsAndBytes { elements: batch.len() as u64, bytes });
    for layers in [3, 6] {
        let mut right: Option<Vec<u32>> = None;
        for kernel in Kernel::available() {
            let encoder = encoder(layers, tokenizer.vocabulary()).with_kernel(kernel);
            // Some are enough to see that the kernels agree: the portable one needs many seconds for all.
            let made = bits(&encoder.encode_all(&batch[..24], Precision::Int8));
            assert!(right.get_or_insert_with(|| made.clone()) == &made, "{} gives other bits", kernel.name());
            if kernel.ceiling(1).is_some() {
                group.bench_function(format!("{layers} layers, {}, one core", kernel.name()), |bencher| {
                    bencher.iter(|| encoder.encode(black_box(&batch), Precision::Int8));
                });
            }
        }
        let encoder = encoder(layers, tokenizer.vocabulary());
        group.bench_function(format!("{layers} layers, {} cores", rayon::current_num_threads()), |bencher| {
            bencher.iter(|| encoder.encode_all(black_box(&batch), Precision::Int8));
        });
        drop(encoder);
        for kernel in Kernel::available().into_iter().filter(|kernel| kernel.ceiling(1).is_some()) {
            let encoder = self::encoder(layers, tokenizer.vocabulary()).with_kernel(kernel);
            let share = 100.0 * of_ceiling(&encoder, kernel, &batch);
            println!("{layers} layers, {}: {share:.0} % of its int8 ceiling", kernel.name());
        }
    }
    group.finish();
}

/// Multiplications a second of the encoder on one core, as a part of what the kernel's registers can do in the same second:
/// the median of interleaved rounds.
fn of_ceiling(encoder: &Encoder, kernel: Kernel, batch: &[Tokens]) -> f64 {
    let rate = |products: u64, time: Duration| products as f64 / time.as_secs_f64();
    let mut parts: Vec<f64> = (0..15)
        .filter_map(|_| {
            let start = Instant::now();
            let products_done = kernel.ceiling(20_000_000)?;
            let ceiling = rate(products_done, start.elapsed());
            let start = Instant::now();
            black_box(encoder.encode(batch, Precision::Int8));
            Some(rate(products(encoder.layers(), tokens(batch)), start.elapsed()) / ceiling)
        })
        .collect();
    parts.sort_by(f64::total_cmp);
    parts.get(parts.len() / 2).copied().unwrap_or(f64::NAN)
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).measurement_time(Duration::from_secs(1)).warm_up_time(Duration::from_millis(300));
    targets = tokenising, kernels, lengths, statements
}
criterion_main!(benches);
