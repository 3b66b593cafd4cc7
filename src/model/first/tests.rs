use super::*;
use crate::model::encoder::Kernel;
use crate::model::{Files, LABELS};
use proptest::prelude::*;

const WIDTH: usize = 64;

/// Trained weights as a file of f32.
fn trained(of: &[(&str, &[usize], Vec<f32>)]) -> Vec<u8> {
    let mut tensors = Tensors::default();
    of.iter().for_each(|(name, shape, values)| tensors.floats(name, shape.to_vec(), values));
    tensors.file().expect("values for each place")
}

/// A stage without layers, whose log-odds are ten times the mean of what words weigh.
fn weighing(weights: &[(&str, f32)], margin: Margin) -> FirstStage {
    let tokenizer = Files::builtin().tokenizer;
    let pieces = Pieces::read(&tokenizer).expect("the built-in vocabulary");
    let mut words = vec![0.0; 30_522 * WIDTH];
    for (word, weight) in weights {
        words[pieces.id(word).expect("a word of the vocabulary") as usize * WIDTH] = *weight;
    }
    // Two units, since one shows only what lies above 0.
    let mut hidden = vec![0.0; 2 * (2 * WIDTH + 2)];
    (hidden[0], hidden[2 * WIDTH + 2]) = (10.0, -10.0);
    let mut fault = vec![0.0; WIDTH];
    fault[0] = -1.0;
    // A label is what the words weigh: the first of all.
    let mut labels = vec![0.0; LABELS.len() * WIDTH];
    labels[0] = 1.0;
    let file = trained(&[
        ("words", &[30_522, WIDTH], words),
        ("hidden.weight", &[2, 2 * WIDTH + 2], hidden),
        ("hidden.bias", &[2], vec![0.0; 2]),
        ("out.weight", &[1, 2], vec![1.0, -1.0]),
        ("out.bias", &[1], vec![0.0]),
        ("heads.statement.weight", &[LABELS.len(), WIDTH], labels),
        ("heads.statement.bias", &[LABELS.len()], vec![0.5; LABELS.len()]),
        ("heads.word.weight", &[1, WIDTH], fault),
        ("heads.word.bias", &[1], vec![-1.0]),
    ]);
    let file = quantise(&file, &Margins { outcome: margin, provision: margin }).expect("all are f32");
    FirstStage::read(Cow::Owned(file), &tokenizer).expect("a whole stage")
}

/// It is always sure.
const ALWAYS: Margin = Margin { vague: 0.0, good: 0.0 };

fn foretell(first: &FirstStage, text: &str) -> Option<Foretold> {
    first.foretell(&Statement::new(Kind::Provision, text), &Words::new(text), 0.0)
}

fn decide(first: &FirstStage, text: &str) -> Option<f64> {
    foretell(first, text).map(|foretold| foretold.log_odds)
}

#[test]
fn it_decides_where_it_is_sure_and_nowhere_else() {
    let weights = [("weekly", 5.0), ("regular", -5.0), ("chair", -5.0)];
    let first = weighing(&weights, Margin { vague: -3.0, good: 3.0 });
    assert!(decide(&first, "Physiotherapy weekly").is_some_and(|log_odds| log_odds > 3.0));
    assert!(decide(&first, "Regular physiotherapy").is_some_and(|log_odds| log_odds < -3.0));
    assert_eq!(decide(&first, "Physiotherapy in water"), None);
    assert_eq!(decide(&weighing(&weights, Margin::NEVER), "Physiotherapy weekly"), None);
}

#[test]
fn it_shows_the_words_that_it_faults() {
    let first = weighing(&[("regular", -5.0), ("chair", -5.0)], ALWAYS);
    let text = "Physiotherapy in water: a regular chair, weekly";
    let words = Words::new(text);
    let foretold = foretell(&first, text).expect("it is always sure");
    assert_eq!(foretold.said.faulted(&words).map(|span| span.of(text)), Some("regular chair"));
    let nothing = foretell(&first, "").expect("it is always sure");
    assert_eq!(nothing.said.faulted(&Words::new("")), None);
}

#[test]
fn it_gives_the_labels_too_and_the_words_that_speak_for_them() {
    let first = weighing(&[("weekly", 8.0), ("chair", -2.0)], ALWAYS);
    let text = "A chair, weekly";
    let words = Words::new(text);
    let said = foretell(&first, text).expect("it is always sure").said;
    // "provision", "[SEP]", "a", "chair", ",", "weekly": 6 over six pieces, and the bias.
    assert!((said.logits[0] - 1.5).abs() < 0.05, "{:?}", said.logits);
    assert!(said.logits[1..].iter().all(|logit| *logit == 0.5), "{:?}", said.logits);
    assert_eq!(said.evidence(&words, LABELS[0]).map(|span| span.of(text)), Some("weekly"));
}

#[test]
fn what_is_wrong_with_a_file_is_said() {
    let tokenizer = Files::builtin().tokenizer;
    let whole = Files::builtin().first.expect("the built-in model has a first stage").into_owned();
    let said = |file: Vec<u8>| FirstStage::read(Cow::Owned(file), &tokenizer).err().map(|error| error.to_string());
    assert_eq!(said(whole.clone()), None);
    let start = "first.safetensors of the model: ";
    assert!(said(whole[..whole.len() - 8].to_vec()).is_some_and(|said| said.starts_with(start)));
    let without = |tensors: &[(&str, &[usize], Vec<f32>)], margin| {
        said(quantise(&trained(tensors), &Margins { outcome: margin, provision: margin }).expect("all are f32"))
    };
    let crossed = Margin { vague: 1.0, good: -1.0 };
    assert!(without(&[], crossed).is_some_and(|said| said.contains("margins")));
    assert!(without(&[], Margin::NEVER).is_some_and(|said| said.contains("words")));
    let words: &[(&str, &[usize], Vec<f32>)] = &[("words", &[2, 64], vec![0.5; 128])];
    assert!(without(words, Margin::NEVER).is_some_and(|said| said.contains("tensor hidden.bias is missing")));
    let far = [words, &[("layer.1.weight", &[64, 192], vec![0.5; 64 * 192])]].concat();
    assert!(without(&far, Margin::NEVER).is_some_and(|said| said.contains("tensor layer.0.weight_scale is missing")));
    assert!(said(by_chance(1, 50)).is_some_and(|said| said.contains("it knows 50 pieces")));
    let diverged = trained(&[("words", &[2, 64], vec![f32::NAN; 128])]);
    assert!(quantise(&diverged, &Margins::NEVER).is_err_and(|error| error.to_string().contains("diverged")));
    assert!(without(&[("words", &[2, 60], vec![0.5; 120])], Margin::NEVER).is_some_and(|said| said.contains("64")));
}

/// Numbers about 0 that follow from a seed.
fn numbers(seed: u64, count: usize, size: f32) -> Vec<f32> {
    let mut random = fastrand::Rng::with_seed(seed);
    (0..count).map(|_| (random.f32() + random.f32() - 1.0) * size).collect()
}

/// A stage of two layers by chance, as a file.
fn by_chance(seed: u64, vocabulary: usize) -> Vec<u8> {
    let mut at = seed;
    let mut some = |count: usize, size: f32| {
        at = at.wrapping_add(1);
        numbers(at, count, size)
    };
    let shift = |values: Vec<f32>| values.into_iter().map(|value| value + 1.0).collect::<Vec<f32>>();
    let square = [WIDTH, 3 * WIDTH];
    let file = trained(&[
        ("words", &[vocabulary, WIDTH], some(vocabulary * WIDTH, 1.0)),
        ("layer.0.weight", &square, some(WIDTH * 3 * WIDTH, 0.2)),
        ("layer.0.bias", &[WIDTH], some(WIDTH, 0.2)),
        ("layer.0.norm.weight", &[WIDTH], shift(some(WIDTH, 0.2))),
        ("layer.0.norm.bias", &[WIDTH], some(WIDTH, 0.2)),
        ("layer.1.weight", &square, some(WIDTH * 3 * WIDTH, 0.2)),
        ("layer.1.bias", &[WIDTH], some(WIDTH, 0.2)),
        ("layer.1.norm.weight", &[WIDTH], shift(some(WIDTH, 0.2))),
        ("layer.1.norm.bias", &[WIDTH], some(WIDTH, 0.2)),
        ("hidden.weight", &[32, 2 * WIDTH + 2], some(32 * (2 * WIDTH + 2), 0.2)),
        ("hidden.bias", &[32], some(32, 0.2)),
        ("out.weight", &[1, 32], some(32, 1.0)),
        ("out.bias", &[1], some(1, 1.0)),
        ("heads.statement.weight", &[LABELS.len(), WIDTH], some(LABELS.len() * WIDTH, 1.0)),
        ("heads.statement.bias", &[LABELS.len()], some(LABELS.len(), 1.0)),
        ("heads.word.weight", &[1, WIDTH], some(WIDTH, 1.0)),
        ("heads.word.bias", &[1], some(1, 1.0)),
    ]);
    quantise(&file, &Margins::NEVER).expect("all are f32")
}

/// The same network written down plainly in f64, from the file's own weights.
fn plainly(file: &[u8], pieces: &[u32], beside: [f32; 2]) -> Vec<f64> {
    let tensors = SafeTensors::deserialize(file).expect("a file");
    let values = |name: &str| -> Vec<f64> {
        let view = tensors.tensor(name).expect("it is there");
        if view.dtype() == Dtype::F32 {
            return layout::values(view.data()).into_iter().map(f64::from).collect();
        }
        let scales = layout::values(tensors.tensor(&format!("{name}_scale")).expect("it is there").data());
        let rows = view.data().chunks_exact(view.shape()[1]).zip(scales);
        rows.flat_map(|(row, scale)| row.iter().map(move |code| f64::from(code.cast_signed()) * f64::from(scale)))
            .collect()
    };
    // Which a test of its own holds against the normal distribution.
    let gelu = |x: f64| f64::from(crate::model::encoder::lanes::gelu(x as f32));
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let words = values("words");
    let mut x: Vec<Vec<f64>> = pieces.iter().map(|piece| words[*piece as usize * WIDTH..][..WIDTH].to_vec()).collect();
    for layer in 0..2 {
        let name = |part: &str| format!("layer.{layer}.{part}");
        let (weight, bias) = (values(&name("weight")), values(&name("bias")));
        let (gain, shift) = (values(&name("norm.weight")), values(&name("norm.bias")));
        let nought = vec![0.0; WIDTH];
        x = (0..x.len())
            .map(|at| {
                let before = at.checked_sub(1).map_or(&nought, |at| &x[at]);
                let three = [before.as_slice(), &x[at], x.get(at + 1).unwrap_or(&nought)].concat();
                let sums: Vec<f64> = (0..WIDTH)
                    .map(|i| x[at][i] + gelu(dot(&weight[i * 3 * WIDTH..][..3 * WIDTH], &three) + bias[i]))
                    .collect();
                let mean = sums.iter().sum::<f64>() / WIDTH as f64;
                let variance = sums.iter().map(|sum| (sum - mean).powi(2)).sum::<f64>() / WIDTH as f64;
                (0..WIDTH)
                    .map(|i| (sums[i] - mean) / (variance + f64::from(network::EPSILON)).sqrt() * gain[i] + shift[i])
                    .collect()
            })
            .collect();
    }
    let mean = (0..WIDTH).map(|i| x.iter().map(|x| x[i]).sum::<f64>() / x.len() as f64);
    let most = (0..WIDTH).map(|i| x.iter().map(|x| x[i]).fold(f64::NEG_INFINITY, f64::max));
    let pooled: Vec<f64> = mean.chain(most).chain(beside.map(f64::from)).collect();
    let (weight, bias) = (values("hidden.weight"), values("hidden.bias"));
    let hidden: Vec<f64> = bias
        .iter()
        .enumerate()
        .map(|(i, bias)| gelu(dot(&weight[i * pooled.len()..][..pooled.len()], &pooled) + bias))
        .collect();
    let verdict = dot(&values("out.weight"), &hidden) + values("out.bias")[0];
    std::iter::once(verdict).chain(x.into_iter().flatten()).collect()
}

proptest! {
    #[test]
    fn every_kernel_gives_the_same_bits_and_what_the_formula_says(
        seed in 0..1000_u64,
        pieces in proptest::collection::vec(0..50_u32, 1..70),
        rules in -9.0..9.0_f64,
    ) {
        let file = by_chance(seed, 50);
        let beside = beside(Kind::Provision, rules);
        let network = || Network::read(Cow::Owned(file.clone())).expect("a whole stage").0;
        let all = |(log_odds, vectors): (f32, Vec<f32>)| std::iter::once(log_odds).chain(vectors).collect::<Vec<f32>>();
        let bits = |values: &[f32]| values.iter().map(|value| value.to_bits()).collect::<Vec<u32>>();
        let right = all(network().run(&pieces, beside));
        for kernel in Kernel::available() {
            let other = all(network().with_kernel(kernel).run(&pieces, beside));
            prop_assert_eq!(bits(&right), bits(&other), "{}", kernel.name());
        }
        let plain = plainly(&file, &pieces, beside);
        prop_assert_eq!(right.len(), plain.len());
        for (right, plain) in right.iter().zip(plain) {
            // The codes of activations are off by half a step each, and there are thousands.
            prop_assert!((f64::from(*right) - plain).abs() < 0.1, "{} is {}", right, plain);
        }
    }

    #[test]
    fn any_text_has_pieces(text in "\\PC{0,80}", context in "\\PC{0,30}") {
        let pieces = Pieces::read(&Files::builtin().tokenizer).expect("the built-in vocabulary");
        let mut statement = Statement::new(Kind::Outcome, text.clone());
        statement.context = vec![crate::document::Context { role: crate::document::ContextRole::LeadIn, text: context }];
        let words = Words::new(&text);
        let input = Input::of(&pieces, &statement, &words);
        prop_assert!(input.pieces.iter().all(|piece| *piece < 30_522));
        prop_assert!(input.pieces.len() <= PREFIX + 1 + TEXT && input.pieces.len() >= 2);
        prop_assert_eq!(input.pieces.len(), input.words.len());
        prop_assert!(input.words.iter().flatten().is_sorted() && input.words.iter().flatten().all(|at| *at < words.len()));
    }
}

#[test]
fn a_word_without_end_is_one_unknown_piece() {
    let pieces = Pieces::read(&Files::builtin().tokenizer).expect("the built-in vocabulary");
    let text = format!("{} daily", "ab".repeat(500_000));
    let input = Input::of(&pieces, &Statement::new(Kind::Outcome, text.clone()), &Words::new(&text));
    let unknown = pieces.id("[UNK]").expect("it is there");
    assert_eq!(input.pieces[2..], [unknown, pieces.id("daily").expect("a word of the vocabulary")]);
}

/// But where letters or signs of money meet digits, where words are cut.
#[test]
fn pieces_are_those_of_the_tokenizer() {
    let json = Files::builtin().tokenizer;
    let pieces = Pieces::read(&json).expect("the built-in vocabulary");
    let tokenizer = crate::model::tokens::Tokenizer::new(&json).expect("the built-in tokenizer");
    for text in [
        "Sam's LSA will read with him 1:1, 20 mins daily (9.30 a.m.)!",
        "SaLT: 3 x 30-minute sessions/term; hydrotherapist 1,200 – “as required”",
        "☐ Phonics… 80% of the time, y/n",
        "Zoë and José visit the café with Siân (naïve, Łukasz, Ångström)",
    ] {
        let statement = Statement::new(Kind::Outcome, text);
        let own = Input::of(&pieces, &statement, &Words::new(text)).pieces;
        let theirs = tokenizer.encode("outcome", &text.replace(['“', '”'], "\"").replace('–', "-"));
        assert_eq!(own, theirs.ids[1..theirs.ids.len() - 1], "{text}");
    }
}
