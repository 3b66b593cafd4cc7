//! This is how the int8 file becomes weights in memory: every tensor checked, linear weights packed, embeddings in place.

use super::config::Config;
use super::error::ModelError;
use super::layout::{self, Linears};
use super::packed::Linear;
use safetensors::{Dtype, SafeTensors};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

/// Everything that the network has learned.
pub(super) struct Weights {
    pub words: Embeddings,
    /// Position embeddings, row-major.
    pub places: Vec<f32>,
    /// Token type embeddings, row-major.
    pub types: Vec<f32>,
    pub norm: Norm,
    pub layers: Vec<Layer>,
    pub heads: BTreeMap<String, Head>,
}

pub(super) struct Layer {
    /// Query, key and value as one map with three times the outputs.
    pub query_key_value: Linear,
    pub output: Linear,
    pub attention_norm: Norm,
    pub up: Linear,
    pub down: Linear,
    pub output_norm: Norm,
}

/// Gain and shift of a LayerNorm.
pub struct Norm {
    pub gain: Vec<f32>,
    pub shift: Vec<f32>,
}

/// A linear map from the hidden state to the logits of some labels, in f32.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// Labels × hidden, row-major.
    pub weight: Vec<f32>,
    /// One a label.
    pub bias: Vec<f32>,
}

impl Head {
    /// Row `i` of the weight times a vector, in one fixed order; without the bias.
    pub fn product(&self, i: usize, vector: &[f32]) -> f32 {
        let row = self.weight.chunks_exact(vector.len().max(1)).nth(i).unwrap_or_default();
        let mut lanes = [0.0f32; 16];
        for (weights, values) in row.chunks(16).zip(vector.chunks(16)) {
            for ((lane, weight), value) in lanes.iter_mut().zip(weights).zip(values) {
                *lane += weight * value;
            }
        }
        lanes.iter().sum()
    }
}

/// Word embeddings: the codes stay where the file lies in memory.
pub(in crate::model) struct Embeddings {
    file: Cow<'static, [u8]>,
    codes: Range<usize>,
    scales: Vec<f32>,
}

impl Embeddings {
    /// Those whose codes stand at that [`place`] of a file, with a scale each.
    pub fn new(file: Cow<'static, [u8]>, codes: Range<usize>, scales: Vec<f32>) -> Self {
        Self { file, codes, scales }
    }

    /// How many there are.
    pub fn rows(&self) -> usize {
        self.scales.len()
    }

    /// The codes of one word and their scale. A number past the vocabulary gives row 0.
    pub fn row(&self, id: u32, hidden: usize) -> (&[u8], f32) {
        let at = usize::try_from(id).ok().filter(|at| *at < self.scales.len()).unwrap_or(0);
        let codes = self.file.get(self.codes.clone()).unwrap_or_default();
        let row = codes.get(at * hidden..(at + 1) * hidden).unwrap_or_default();
        (row, self.scales.get(at).copied().unwrap_or(0.0))
    }
}

/// Where a part of a file stands in it.
pub(in crate::model) fn place(file: &[u8], part: &[u8]) -> Range<usize> {
    let start = part.as_ptr().addr() - file.as_ptr().addr();
    start..start + part.len()
}

impl Weights {
    /// Reads the file; see [`layout`] for its format.
    pub fn read(file: Cow<'static, [u8]>, config: &Config) -> Result<Self, ModelError> {
        let tensors = SafeTensors::deserialize(&file).map_err(ModelError::file)?;
        let reader = Reader { tensors: &tensors, config };
        reader.check()?;
        let mut layers = Vec::with_capacity(config.layers);
        for layer in 0..config.layers {
            layers.push(reader.layer(layer)?);
        }
        let places = reader.floats(layout::PLACES)?;
        let types = reader.floats(layout::TYPES)?;
        let norm = reader.norm("embeddings.LayerNorm")?;
        let heads = reader.heads()?;
        let scales = reader.scales(layout::WORDS)?;
        let words = tensors.tensor(layout::WORDS).map_err(ModelError::file)?.data();
        let codes = place(&file, words);
        Ok(Self { words: Embeddings::new(file, codes, scales), places, types, norm, layers, heads })
    }
}

struct Reader<'f> {
    tensors: &'f SafeTensors<'f>,
    config: &'f Config,
}

impl<'f> Reader<'f> {
    /// All tensors are there, with their type and shape; later look-ups rely on it.
    fn check(&self) -> Result<(), ModelError> {
        for entry in layout::entries(self.config) {
            let (dtype, advice) = match entry.codes {
                true => (Dtype::I8, "quantise the trained weights first"),
                false => (Dtype::F32, "make the file anew from the trained weights"),
            };
            self.expect(&entry.name, dtype, &entry.shape, advice)?;
            if entry.codes {
                let rows = entry.shape.first().copied().unwrap_or(0);
                self.expect(
                    &format!("{}_scale", entry.name),
                    Dtype::F32,
                    &[rows],
                    "quantise the trained weights anew",
                )?;
            }
        }
        Ok(())
    }

    fn expect(&self, name: &str, dtype: Dtype, shape: &[usize], advice: &str) -> Result<(), ModelError> {
        let Ok(view) = self.tensors.tensor(name) else {
            return Err(ModelError::tensor(
                name,
                format!("missing; {advice}, and check num_hidden_layers in config.json"),
            ));
        };
        if view.dtype() != dtype {
            return Err(ModelError::tensor(name, format!("is {:?} and has to be {dtype:?}; {advice}", view.dtype())));
        }
        if view.shape() != shape {
            let what = format!("has the shape {:?}, where config.json makes it {shape:?}; {advice}", view.shape());
            return Err(ModelError::tensor(name, what));
        }
        Ok(())
    }

    fn data(&self, name: &str) -> Result<&'f [u8], ModelError> {
        self.tensors.tensor(name).map(|view| view.data()).map_err(|_| ModelError::tensor(name, "missing"))
    }

    fn floats(&self, name: &str) -> Result<Vec<f32>, ModelError> {
        let values = layout::values(self.data(name)?);
        match values.iter().all(|value| value.is_finite()) {
            true => Ok(values),
            false => Err(ModelError::tensor(name, "holds values that are not finite; the file is damaged")),
        }
    }

    fn scales(&self, name: &str) -> Result<Vec<f32>, ModelError> {
        let name = format!("{name}_scale");
        let scales = self.floats(&name)?;
        match scales.iter().all(|scale| *scale >= 0.0) {
            true => Ok(scales),
            false => Err(ModelError::tensor(&name, "holds negative scales; the file is damaged")),
        }
    }

    fn norm(&self, name: &str) -> Result<Norm, ModelError> {
        Ok(Norm { gain: self.floats(&format!("{name}.weight"))?, shift: self.floats(&format!("{name}.bias"))? })
    }

    fn layer(&self, layer: usize) -> Result<Layer, ModelError> {
        let [query, key, value, output, up, down] = Linears::of(layer);
        Ok(Layer {
            query_key_value: self.linear(&[query, key, value])?,
            output: self.linear(&[output])?,
            attention_norm: self.norm(&format!("encoder.layer.{layer}.attention.output.LayerNorm"))?,
            up: self.linear(&[up])?,
            down: self.linear(&[down])?,
            output_norm: self.norm(&format!("encoder.layer.{layer}.output.LayerNorm"))?,
        })
    }

    /// One map of several with the same inputs, their outputs one after the other.
    fn linear(&self, parts: &[Linears]) -> Result<Linear, ModelError> {
        let mut codes = Vec::with_capacity(parts.len());
        let (mut scales, mut bias, mut inputs) = (Vec::new(), Vec::new(), 0);
        for part in parts {
            let name = format!("{}.weight", part.name);
            codes.push(self.data(&name)?);
            scales.extend(self.scales(&name)?);
            bias.extend(self.floats(&format!("{}.bias", part.name))?);
            inputs = part.shape(self.config).1;
        }
        Ok(Linear::pack(&codes, inputs, scales, bias))
    }

    fn heads(&self) -> Result<BTreeMap<String, Head>, ModelError> {
        let mut heads = BTreeMap::new();
        for name in self.tensors.names() {
            let Some(head) = name.strip_prefix(layout::HEADS).and_then(|rest| rest.strip_suffix(".weight")) else {
                continue;
            };
            let shape = self.tensors.tensor(name).map_err(ModelError::file)?.shape().to_vec();
            let labels = shape.first().copied().unwrap_or(0);
            let advice = "make the file anew from the trained weights";
            self.expect(name, Dtype::F32, &[labels, self.config.hidden], advice)?;
            let bias = format!("{}{head}.bias", layout::HEADS);
            self.expect(&bias, Dtype::F32, &[labels], advice)?;
            heads.insert(head.to_owned(), Head { weight: self.floats(name)?, bias: self.floats(&bias)? });
        }
        Ok(heads)
    }
}
