//! These are the encoder's tests: against an independent reference in f64, and against itself in every other way.

use super::kernels::{Dots, Kernel, Work};
use super::lanes::Scale;
use super::packed::{LINES, Linear, PANEL};
use super::steps::{Finish, Multiply, Quantise};
use super::*;
use proptest::prelude::*;
use random::{Shape, batch, lengths, trained};
use safetensors::SafeTensors;

mod random;
mod reference;

fn encoder(shape: Shape, seed: u64) -> Encoder {
    let config = shape.config();
    let trained = trained(&shape, seed);
    let file =
        quantise(&trained, &Config::read(config.as_bytes()).expect("a good configuration")).expect("good weights");
    Encoder::new(file, config.as_bytes()).expect("a good model")
}

fn bits(all: &[Hidden]) -> Vec<Vec<u32>> {
    all.iter().map(|hidden| hidden.values.iter().map(|value| value.to_bits()).collect()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    #[test]
    fn every_kernel_gives_the_same_bits(shape in random::shapes(), seed: u64, lengths in lengths()) {
        let batch = batch(&shape, seed, &lengths);
        let portable = *Kernel::available().last().expect("portable is always there");
        let right = bits(&encoder(shape, seed).with_kernel(portable).encode(&batch, Precision::Int8));
        for kernel in Kernel::available() {
            let encoder = encoder(shape, seed).with_kernel(kernel);
            prop_assert_eq!(&bits(&encoder.encode(&batch, Precision::Int8)), &right, "{}", kernel.name());
        }
    }

    #[test]
    fn neighbours_order_and_threads_change_nothing(shape in random::shapes(), seed: u64, lengths in lengths()) {
        let encoder = encoder(shape, seed);
        let batch = batch(&shape, seed, &lengths);
        for precision in [Precision::Int8, Precision::Exact] {
            let together = bits(&encoder.encode(&batch, precision));
            let alone: Vec<_> =
                batch.iter().flat_map(|one| bits(&encoder.encode(std::slice::from_ref(one), precision))).collect();
            prop_assert_eq!(&alone, &together);
            let turned: Vec<Tokens> = batch.iter().rev().cloned().collect();
            let mut turned = bits(&encoder.encode(&turned, precision));
            turned.reverse();
            prop_assert_eq!(&turned, &together);
            for threads in [1, 3] {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
                prop_assert_eq!(&pool.install(|| bits(&encoder.encode_all(&batch, precision))), &together);
            }
            let places = encoder.map_all(&batch, precision, |at, values| (at, values.len()));
            let wanted: Vec<_> = together.iter().map(Vec::len).enumerate().collect();
            prop_assert_eq!(places, wanted);
        }
    }

    #[test]
    fn the_reference_in_f64_agrees(shape in random::shapes(), seed: u64, lengths in lengths()) {
        let config = Config::read(shape.config().as_bytes()).expect("a good configuration");
        let file = quantise(&trained(&shape, seed), &config).expect("good weights");
        let reference = reference::Reference::new(&file, &config);
        let encoder = encoder(shape, seed);
        let batch = batch(&shape, seed, &lengths);
        let exact = encoder.encode(&batch, Precision::Exact);
        let quick = encoder.encode(&batch, Precision::Int8);
        for (tokens, (exact, quick)) in batch.iter().zip(exact.iter().zip(&quick)) {
            let right = reference.encode(tokens);
            prop_assert_eq!(right.len(), exact.values.len());
            let off = right.iter().zip(&exact.values).map(|(a, b)| (a - f64::from(*b)).abs()).fold(0.0, f64::max);
            prop_assert!(off < 5e-5, "exact is off by {}", off);
            for (right, quick) in right.chunks(quick.width).zip(quick.rows()) {
                let cosine = reference::cosine(right, quick);
                prop_assert!(cosine > 0.998, "int8 has the cosine {}", cosine);
            }
        }
    }
}

/// Checks one tile against i64 sums.
struct Sums<'a> {
    codes: &'a [u8],
    linear: &'a Linear,
    right: &'a [i64],
}

impl Work for Sums<'_> {
    fn run<D: Dots>(self, dots: D) {
        self.rows::<D, 6>(dots);
        if D::ROWS >= 32 {
            self.rows::<D, 16>(dots);
            self.rows::<D, 32>(dots);
        }
    }
}

impl Sums<'_> {
    fn rows<D: Dots, const R: usize>(&self, dots: D) {
        let mut sums = [[0; PANEL]; R];
        for (at, panel) in self.linear.panels().enumerate() {
            dots.tile::<R>(&self.codes[..R * self.linear.inputs()], panel, &mut sums);
            let right = &self.right[at * PANEL..];
            for sums in sums {
                assert!(sums.iter().zip(right).all(|(sum, right)| i64::from(*sum) == *right), "{sums:?}");
            }
        }
    }
}

#[test]
fn the_largest_products_do_not_overflow_or_saturate() {
    for (inputs, weight) in [(64, -128_i8), (1536, -128), (1536, 127), (4096, 127), (16384, -128)] {
        let outputs = 2 * PANEL;
        let weights: Vec<u8> =
            (0..outputs * inputs).map(|at| if at / inputs % 3 == 2 { 1 } else { weight.cast_unsigned() }).collect();
        let linear = Linear::pack(&[&weights], inputs, vec![1.0; outputs], vec![0.0; outputs]);
        let right: Vec<i64> = weights
            .chunks(inputs)
            .map(|row| row.iter().map(|weight| i64::from(weight.cast_signed()) * 255).sum())
            .collect();
        let codes = vec![255; 32 * inputs];
        for kernel in Kernel::available() {
            kernel.run(Sums { codes: &codes, linear: &linear, right: &right });
        }
    }
    assert_eq!(LINES * 16, PANEL);
}

fn row_of(weights: &[u8], output: usize, inputs: usize) -> impl Iterator<Item = i8> {
    weights[output * inputs..][..inputs].iter().map(|code| code.cast_signed())
}

#[test]
fn a_linear_map_of_any_number_of_rows() {
    let (inputs, outputs) = (128, 192);
    let mut source = random::Source::new(7);
    let weights: Vec<u8> = (0..inputs * outputs).map(|_| source.below(255) as u8).collect();
    let (scales, bias) = (source.floats(outputs, 0.01), source.floats(outputs, 1.0));
    let linear = Linear::pack(&[&weights], inputs, scales.clone(), bias.clone());
    for rows in (0..30).chain(44..52) {
        let values = source.floats(rows * inputs, 3.0);
        for kernel in Kernel::available() {
            let mut codes = vec![0; rows * inputs];
            let mut row_scales = vec![Scale::default(); rows];
            let mut out = vec![f32::NAN; rows * outputs];
            let (row, to) = (&mut Vec::new(), &mut row_scales);
            kernel.run(Quantise { values: &values, width: inputs, codes: &mut codes, scales: to, row });
            let (scales_of_rows, finish) = (&row_scales, Finish::Plain);
            kernel.run(Multiply { codes: &codes, scales: scales_of_rows, linear: &linear, finish, out: &mut out });
            for (at, out) in out.iter().enumerate() {
                let (row, output) = (at / outputs, at % outputs);
                let sum: f64 = values[row * inputs..][..inputs]
                    .iter()
                    .zip(row_of(&weights, output, inputs))
                    .map(|(value, weight)| f64::from(*value) * f64::from(weight))
                    .sum();
                let right = sum * f64::from(scales[output]) + f64::from(bias[output]);
                // No code is further from its value than half a step.
                let total: f64 = row_of(&weights, output, inputs).map(|weight| f64::from(weight.unsigned_abs())).sum();
                let most = f64::from(row_scales[row].step) * 0.501 * total * f64::from(scales[output].abs()) + 1e-4;
                let off = (f64::from(*out) - right).abs();
                assert!(off < most, "{}: row {row} of {rows}, output {output} is off by {off}", kernel.name());
            }
        }
    }
}

#[test]
fn odd_input_is_no_panic() {
    let shape = Shape { hidden: 64, heads: 4, intermediate: 64, layers: 1 };
    let encoder = encoder(shape, 3);
    assert!(encoder.encode(&[], Precision::Int8).is_empty());
    assert!(encoder.encode_all(&[], Precision::Int8).is_empty());
    let none = Tokens::default();
    let wild = Tokens { ids: vec![u32::MAX, 5, 1 << 20], types: vec![255], spans: Vec::new() };
    let tame = Tokens { ids: vec![0, 5, 0], types: vec![1, 0, 0], spans: Vec::new() };
    let long = Tokens { ids: vec![7; 1000], types: vec![1; 1000], spans: Vec::new() };
    let cut = Tokens { ids: vec![7; POSITIONS], types: vec![1; POSITIONS], spans: Vec::new() };
    let all = encoder.encode(&[none.clone(), wild, tame, none, long, cut], Precision::Int8);
    assert_eq!(all.iter().map(|hidden| hidden.rows().len()).collect::<Vec<_>>(), [0, 3, 3, 0, POSITIONS, POSITIONS]);
    assert_eq!(all[1], all[2], "words and types that do not exist count as word 0 and the last type");
    assert_eq!(all[4], all[5]);
    let inside = encoder.map_all(&[Tokens { ids: vec![7], ..Tokens::default() }], Precision::Int8, |_, values| {
        let again = encoder.encode(&[Tokens { ids: vec![7], ..Tokens::default() }], Precision::Int8);
        again[0].values == values
    });
    assert_eq!(inside, [true], "encoding inside of encoding");
}

/// Type, shape and bytes of a tensor.
type Part = (safetensors::Dtype, Vec<usize>, Vec<u8>);

/// The good file with one tensor changed, or left out.
fn changed(name: &str, change: impl Fn(safetensors::Dtype, Vec<usize>, Vec<u8>) -> Option<Part>) -> Vec<u8> {
    let (_, file) = good();
    let tensors = SafeTensors::deserialize(&file).expect("a good file");
    let mut parts = Vec::new();
    for (key, view) in tensors.iter() {
        let (dtype, shape, data) = (view.dtype(), view.shape().to_vec(), view.data().to_vec());
        let part = if key == name { change(dtype, shape, data) } else { Some((dtype, shape, data)) };
        parts.extend(part.map(|part| (key.to_owned(), part)));
    }
    let views = parts.iter().map(|(key, (dtype, shape, data))| {
        (key.as_str(), safetensors::tensor::TensorView::new(*dtype, shape.clone(), data).expect("a good tensor"))
    });
    safetensors::serialize(views, None).expect("a good file")
}

fn good() -> (Shape, Vec<u8>) {
    let shape = Shape { hidden: 64, heads: 2, intermediate: 128, layers: 2 };
    let config = Config::read(shape.config().as_bytes()).expect("a good configuration");
    (shape, quantise(&trained(&shape, 1), &config).expect("good weights"))
}

fn error(file: Vec<u8>) -> String {
    let (shape, _) = good();
    Encoder::new(file, shape.config().as_bytes()).err().map_or_else(|| "no error".to_owned(), |error| error.to_string())
}

#[test]
fn a_damaged_file_is_an_error_that_names_the_tensor() {
    use safetensors::Dtype;
    assert_eq!(error(good().1), "no error");
    let query = "encoder.layer.1.attention.self.query.weight";
    let scale = "encoder.layer.1.attention.self.query.weight_scale";
    let missing = error(changed(query, |_, _, _| None));
    assert!(missing.contains(query) && missing.contains("missing"), "{missing}");
    let missing = error(changed(scale, |_, _, _| None));
    assert!(missing.contains(scale) && missing.contains("missing"), "{missing}");
    let dtype = error(changed(query, |_, shape, data| Some((Dtype::U8, shape, data))));
    assert!(dtype.contains(query) && dtype.contains("U8") && dtype.contains("I8"), "{dtype}");
    let shape = error(changed(query, |dtype, _, data| Some((dtype, vec![32, 128], data))));
    assert!(shape.contains(query) && shape.contains("[32, 128]") && shape.contains("[64, 64]"), "{shape}");
    let head = error(changed("heads.verdict.bias", |_, _, _| None));
    assert!(head.contains("heads.verdict.bias"), "{head}");
    for (name, value) in [
        ("embeddings.LayerNorm.bias", f32::NAN),
        ("embeddings.word_embeddings.weight_scale", f32::INFINITY),
        (scale, -1.0),
        ("heads.verdict.weight", f32::NAN),
    ] {
        let said = error(changed(name, |dtype, shape, mut data| {
            data[4..8].copy_from_slice(&value.to_le_bytes());
            Some((dtype, shape, data))
        }));
        assert!(said.contains(name) && said.contains("damaged"), "{said}");
    }
}

#[test]
fn a_cut_or_overwritten_file_is_an_error_or_loads() {
    let (shape, file) = good();
    for length in (0..file.len()).step_by(997).chain(0..64).chain(file.len() - 64..file.len()) {
        assert_ne!(error(file[..length].to_vec()), "no error", "{length} bytes of {}", file.len());
    }
    let mut source = random::Source::new(11);
    let tokens = batch(&shape, 1, &[5]);
    for _ in 0..300 {
        let mut file = file.clone();
        for _ in 0..=source.below(3) {
            let at = if source.below(2) == 0 { source.below(4000) } else { source.below(file.len()) };
            file[at] = source.below(256) as u8;
        }
        // Not a panic either way; what loads can be computed with.
        if let Ok(encoder) = Encoder::new(file, shape.config().as_bytes()) {
            assert_eq!(encoder.encode(&tokens, Precision::Int8)[0].rows().len(), 5);
        }
    }
}

#[test]
fn a_wrong_configuration_is_an_error_that_names_the_key() {
    let good = Shape { hidden: 64, heads: 2, intermediate: 128, layers: 2 }.config();
    assert!(Config::read(good.as_bytes()).is_ok());
    for (from, to, key) in [
        ("\"hidden_size\":64", "\"hidden_size\":65", "hidden_size"),
        ("\"hidden_size\":64", "\"hidden_size\":0", "hidden_size"),
        ("\"hidden_size\":64", "\"hidden_size\":18446744073709551552", "hidden_size"),
        ("\"hidden_size\":64,", "", "hidden_size"),
        ("\"num_attention_heads\":2", "\"num_attention_heads\":8", "8 heads"),
        ("\"num_attention_heads\":2", "\"num_attention_heads\":0", "num_attention_heads"),
        ("\"gelu\"", "\"relu\"", "hidden_act"),
        ("\"absolute\"", "\"relative_key\"", "position_embedding_type"),
        ("1e-12", "0.0", "layer_norm_eps"),
        ("{", "[", "config.json"),
    ] {
        let wrong = good.replacen(from, to, 1);
        assert_ne!(wrong, good, "{from}");
        let said = Config::read(wrong.as_bytes()).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(said.contains(key), "{to}: {said}");
    }
}

#[test]
fn quantising_keeps_every_weight_within_half_a_step() {
    let (shape, file) = good();
    let trained = trained(&shape, 1);
    let (trained, file) =
        (SafeTensors::deserialize(&trained).expect("good"), SafeTensors::deserialize(&file).expect("good"));
    let mut seen = 0;
    for (name, view) in file.iter().filter(|(_, view)| view.dtype() == safetensors::Dtype::I8) {
        let scales = reference::floats(&file, &format!("{name}_scale"));
        let values = reference::floats(&trained, &format!("bert.{name}"));
        let columns = view.shape()[1];
        for (at, (code, value)) in view.data().iter().zip(&values).enumerate() {
            let scale = scales[at / columns];
            assert!((f32::from(code.cast_signed()) * scale - value).abs() <= scale * 0.501, "{name} {at}");
            assert_ne!(code.cast_signed(), -128);
            seen += 1;
        }
    }
    assert!(seen > 10_000);
    assert_eq!(encoder(shape, 1).head("verdict").map(|head| head.bias.len()), Some(random::LABELS));
}

#[test]
fn the_vectors_of_a_fixed_model_are_these_bits() {
    // Written down once: another processor, compiler or optimisation level has to give the same.
    let shape = Shape { hidden: 128, heads: 4, intermediate: 256, layers: 2 };
    let tokens = batch(&shape, 5, &[13]);
    let hidden = &encoder(shape, 5).encode(&tokens, Precision::Int8)[0];
    let digest = hidden.values.iter().fold(0xCBF2_9CE4_8422_2325_u64, |hash, value| {
        (hash ^ u64::from(value.to_bits())).wrapping_mul(0x0100_0000_01B3)
    });
    assert_eq!(digest, 17_394_298_209_948_329_300, "{:?}", &hidden.values[..4]);
}
