//! This is which tensors a model file holds: read by the reader and by the quantiser, so that the two agree.
//!
//! # The format of `model.safetensors`
//! Names are those of a Hugging Face BERT without prefix and pooler. Every matrix is row-major.
//!
//! | tensor | type | shape |
//! |---|---|---|
//! | `embeddings.word_embeddings.weight` | I8 | vocabulary × hidden |
//! | `embeddings.position_embeddings.weight` | F32 | at most the first 256 positions × hidden |
//! | `embeddings.token_type_embeddings.weight` | F32 | types × hidden |
//! | `embeddings.LayerNorm.{weight,bias}` | F32 | hidden |
//! | `encoder.layer.N.attention.self.{query,key,value}.weight` | I8 | hidden × hidden |
//! | `encoder.layer.N.attention.output.dense.weight` | I8 | hidden × hidden |
//! | `encoder.layer.N.intermediate.dense.weight` | I8 | intermediate × hidden |
//! | `encoder.layer.N.output.dense.weight` | I8 | hidden × intermediate |
//! | the `.bias` beside each linear weight | F32 | outputs |
//! | `encoder.layer.N.{attention.output,output}.LayerNorm.{weight,bias}` | F32 | hidden |
//! | `heads.NAME.{weight,bias}` | F32 | labels × hidden, labels |
//!
//! Beside each I8 tensor stands `….weight_scale`, F32, one number a row: a weight is its code times the scale of its row.
//! Codes run from −127 to 127; a row of zeros has the scale 0. `config.json` stands beside the file ([`Config`]).

use super::config::Config;

/// Word embeddings, the one matrix that is looked up and not multiplied.
pub const WORDS: &str = "embeddings.word_embeddings.weight";
/// Position embeddings.
pub const PLACES: &str = "embeddings.position_embeddings.weight";
/// Token type embeddings.
pub const TYPES: &str = "embeddings.token_type_embeddings.weight";
/// What a head's tensors begin with.
pub const HEADS: &str = "heads.";

/// The values of an F32 tensor's bytes.
pub fn values(bytes: &[u8]) -> Vec<f32> {
    bytes.as_chunks().0.iter().map(|four| f32::from_le_bytes(*four)).collect()
}

/// A tensor's name and shape.
pub struct Entry {
    /// Name in the int8 file.
    pub name: String,
    /// Rows and columns; one number for a vector.
    pub shape: Vec<usize>,
    /// True where the file stores codes with a scale a row.
    pub codes: bool,
}

/// Every tensor but the heads, in the order of the file. Scales are not listed: each entry with codes has one.
pub fn entries(config: &Config) -> Vec<Entry> {
    let hidden = config.hidden;
    let mut entries = vec![
        codes(WORDS, config.vocabulary, hidden),
        floats(PLACES, &[config.longest(), hidden]),
        floats(TYPES, &[config.types, hidden]),
    ];
    norm(&mut entries, "embeddings.LayerNorm", hidden);
    for layer in 0..config.layers {
        for part in Linears::of(layer) {
            let (outputs, inputs) = part.shape(config);
            entries.push(codes(&format!("{}.weight", part.name), outputs, inputs));
            entries.push(floats(&format!("{}.bias", part.name), &[outputs]));
        }
        norm(&mut entries, &format!("encoder.layer.{layer}.attention.output.LayerNorm"), hidden);
        norm(&mut entries, &format!("encoder.layer.{layer}.output.LayerNorm"), hidden);
    }
    entries
}

/// One linear map of a layer.
pub struct Linears {
    /// Name without `.weight`.
    pub name: String,
    wide_out: bool,
    wide_in: bool,
}

impl Linears {
    /// Query, key, value, attention output, up, down.
    pub fn of(layer: usize) -> [Self; 6] {
        let part = |name: &str, wide_out: bool, wide_in: bool| Self {
            name: format!("encoder.layer.{layer}.{name}"),
            wide_out,
            wide_in,
        };
        [
            part("attention.self.query", false, false),
            part("attention.self.key", false, false),
            part("attention.self.value", false, false),
            part("attention.output.dense", false, false),
            part("intermediate.dense", true, false),
            part("output.dense", false, true),
        ]
    }

    /// Outputs and inputs.
    pub fn shape(&self, config: &Config) -> (usize, usize) {
        let width = |wide: bool| if wide { config.intermediate } else { config.hidden };
        (width(self.wide_out), width(self.wide_in))
    }
}

fn codes(name: &str, rows: usize, columns: usize) -> Entry {
    Entry { name: name.to_owned(), shape: vec![rows, columns], codes: true }
}

fn floats(name: &str, shape: &[usize]) -> Entry {
    Entry { name: name.to_owned(), shape: shape.to_vec(), codes: false }
}

fn norm(entries: &mut Vec<Entry>, name: &str, width: usize) {
    entries.push(floats(&format!("{name}.weight"), &[width]));
    entries.push(floats(&format!("{name}.bias"), &[width]));
}
