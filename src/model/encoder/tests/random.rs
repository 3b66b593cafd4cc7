//! This is small random models and input for the tests, the same for the same seed.

use super::super::config::POSITIONS;
use crate::model::tokens::Tokens;
use proptest::prelude::*;
use safetensors::Dtype;
use safetensors::tensor::TensorView;

/// Words of a random model.
pub const WORDS: usize = 97;
/// Labels of its head `verdict`.
pub const LABELS: usize = 3;

/// SplitMix64.
pub struct Source(u64);

impl Source {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.next() >> 33) as usize % end
    }

    /// Evenly from −`most` to `most`.
    pub fn floats(&mut self, count: usize, most: f32) -> Vec<f32> {
        (0..count).map(|_| ((self.next() >> 40) as f32 / (1_u32 << 23) as f32 - 1.0) * most).collect()
    }
}

#[derive(Debug, Clone, Copy)]
pub struct Shape {
    pub hidden: usize,
    pub heads: usize,
    pub intermediate: usize,
    pub layers: usize,
}

impl Shape {
    pub fn config(&self) -> String {
        format!(
            "{{\"hidden_size\":{},\"num_attention_heads\":{},\"intermediate_size\":{},\"num_hidden_layers\":{},\
             \"vocab_size\":{WORDS},\"max_position_embeddings\":300,\"type_vocab_size\":2,\"layer_norm_eps\":1e-12,\
             \"hidden_act\":\"gelu\",\"position_embedding_type\":\"absolute\",\"unknown\":[1]}}",
            self.hidden, self.heads, self.intermediate, self.layers
        )
    }
}

/// Shapes with heads of 16, 32, 48 and 64.
pub fn shapes() -> impl Strategy<Value = Shape> {
    let widths =
        prop_oneof![Just((64, 4)), Just((64, 2)), Just((64, 1)), Just((192, 4)), Just((128, 8)), Just((384, 12))];
    (widths, 1..=5_usize, 1..=3_usize).prop_map(|((hidden, heads), wide, layers)| Shape {
        hidden,
        heads,
        intermediate: 64 * wide,
        layers,
    })
}

/// Lengths of some statements: mostly short, some empty, some up to the longest.
pub fn lengths() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(prop_oneof![6 => 0..40_usize, 1 => 100..=POSITIONS], 1..8)
}

pub fn batch(_: &Shape, seed: u64, lengths: &[usize]) -> Vec<Tokens> {
    let mut source = Source::new(seed ^ 0x5555);
    let tokens = |length: &usize| {
        let ids: Vec<u32> = (0..*length).map(|_| source.below(WORDS) as u32).collect();
        let types = (0..*length).map(|at| u8::from(at > length / 3)).collect();
        Tokens { spans: vec![None; ids.len()], ids, types }
    };
    lengths.iter().map(tokens).collect()
}

/// A trained model as rust-bert writes it: f32, prefix `bert.`, more positions than are kept, a pooler.
pub fn trained(shape: &Shape, seed: u64) -> Vec<u8> {
    let mut source = Source::new(seed);
    let mut parts: Vec<(String, Vec<usize>, Vec<f32>)> = Vec::new();
    let mut add = |name: String, size: &[usize], most: f32, around: f32| {
        let values = source.floats(size.iter().product(), most).into_iter().map(|value| value + around).collect();
        parts.push((name, size.to_vec(), values));
    };
    let hidden = shape.hidden;
    let mut matrix = |name: &str, size: &[usize]| {
        let most = 2.0 / (size[size.len() - 1] as f32).sqrt();
        add(format!("bert.{name}.weight"), size, most, 0.0);
    };
    matrix("embeddings.word_embeddings", &[WORDS, hidden]);
    matrix("embeddings.position_embeddings", &[300, hidden]);
    matrix("embeddings.token_type_embeddings", &[2, hidden]);
    matrix("pooler.dense", &[hidden, hidden]);
    let mut norms = vec!["embeddings.LayerNorm".to_owned()];
    let mut biases = vec![("pooler.dense".to_owned(), hidden)];
    for layer in 0..shape.layers {
        let at = |name: &str| format!("encoder.layer.{layer}.{name}");
        for (name, outputs, inputs) in [
            ("attention.self.query", hidden, hidden),
            ("attention.self.key", hidden, hidden),
            ("attention.self.value", hidden, hidden),
            ("attention.output.dense", hidden, hidden),
            ("intermediate.dense", shape.intermediate, hidden),
            ("output.dense", hidden, shape.intermediate),
        ] {
            matrix(&at(name), &[outputs, inputs]);
            biases.push((at(name), outputs));
        }
        norms.extend([at("attention.output.LayerNorm"), at("output.LayerNorm")]);
    }
    for (name, width) in biases {
        add(format!("bert.{name}.bias"), &[width], 0.2, 0.0);
    }
    for name in norms {
        add(format!("bert.{name}.weight"), &[hidden], 0.3, 1.0);
        add(format!("bert.{name}.bias"), &[hidden], 0.2, 0.0);
    }
    add("heads.verdict.weight".to_owned(), &[LABELS, hidden], 0.5, 0.0);
    add("heads.verdict.bias".to_owned(), &[LABELS], 0.5, 0.0);
    let parts: Vec<_> = parts
        .into_iter()
        .map(|(name, size, values)| {
            (name, size, values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>())
        })
        .collect();
    let views = parts.iter().map(|(name, size, data)| {
        (name.as_str(), TensorView::new(Dtype::F32, size.clone(), data).expect("sizes that fit"))
    });
    safetensors::serialize(views, None).expect("a good file")
}
