//! This is the network of the first stage: word vectors, convolutions over three neighbouring pieces, a small head over their mean and
//! maximum and what the rules say for the verdict, and the model's own heads for the rest. The encoder's kernels compute it, with the
//! same promise: the same bits on any processor.
//!
//! # The format of `first.safetensors`
//! | tensor | type | shape |
//! |---|---|---|
//! | `words` | I8 | vocabulary × width |
//! | `layer.N.weight` | I8 | width × 3 width: the piece before, the piece, the piece after |
//! | `layer.N.bias` | F32 | width |
//! | `layer.N.norm.weight`, `layer.N.norm.bias` | F32 | width |
//! | `hidden.weight`, `hidden.bias` | F32 | hidden × (2 width + 2): mean, maximum, rules, kind; hidden |
//! | `out.weight`, `out.bias` | F32 | 1 × hidden, 1: the verdict |
//! | `heads.statement.weight`, `heads.statement.bias` | F32 | 19 × width, 19: the labels, of the mean |
//! | `heads.word.weight`, `heads.word.bias` | F32 | 1 × width, 1: of each piece whether it is at fault |
//! | `margins` | F32 | 2 × 2: for outcomes and for provision the log-odds up to which it is sure of `vague`, and from which on of the good verdict |
//!
//! Beside each I8 tensor stands `…_scale`, F32, one number a row, as in `model.safetensors`. Layers are numbered from 0; there may be
//! none.

use crate::model::encoder::kernels::{Dots, Work};
use crate::model::encoder::packed::Linear;
use crate::model::encoder::steps::{AddNorm, Finish, Multiply, Quantise};
use crate::model::encoder::{Embeddings, Head, Kernel, ModelError, Norm, lanes, layout, place};
use crate::model::{Heads, LABELS};
use safetensors::{Dtype, SafeTensors};
use std::borrow::Cow;

/// Added to the variance where rows are normalised.
pub(super) const EPSILON: f32 = 1e-5;
/// Numbers that the head reads beside mean and maximum.
pub(super) const BESIDE: usize = 2;
/// The widest that is read: far above it the kernels' sums would no longer hold.
const WIDEST: usize = 4096;

/// What the stage has learned, but for when it is sure.
pub(super) struct Network {
    words: Embeddings,
    width: usize,
    layers: Vec<Layer>,
    hidden: Head,
    out: Head,
    kernel: Kernel,
}

struct Layer {
    map: Linear,
    norm: Norm,
}

impl Network {
    /// Reads the network, and the heads that read its vectors, out of `first.safetensors`.
    ///
    /// # Errors
    /// Names the tensor that is missing, damaged or of the wrong shape.
    pub fn read(file: Cow<'static, [u8]>) -> Result<(Self, Heads), ModelError> {
        let tensors = open(&file)?;
        let &[vocabulary, width] = shape(&tensors, "words")?.as_slice() else {
            return Err(ModelError::first("tensor words is no table"));
        };
        if width == 0 || width % 64 != 0 || width > WIDEST || vocabulary == 0 {
            let what = format!("tensor words is {vocabulary} × {width}; the width is a multiple of 64 up to {WIDEST}");
            return Err(ModelError::first(what));
        }
        let (words, scales) = codes(&tensors, "words", &[vocabulary, width])?;
        let place = place(&file, words);
        let count = tensors.names().iter().filter(|name| is_map(name)).count();
        let layers: Result<Vec<Layer>, ModelError> = (0..count).map(|i| layer(&tensors, i, width)).collect();
        let layers = layers?;
        let &[hidden] = shape(&tensors, "hidden.bias")?.as_slice() else {
            return Err(ModelError::first("tensor hidden.bias is no list"));
        };
        let head = |name: &str, outputs: usize, inputs: usize| -> Result<Head, ModelError> {
            Ok(Head {
                weight: floats(&tensors, &format!("{name}.weight"), &[outputs, inputs])?,
                bias: floats(&tensors, &format!("{name}.bias"), &[outputs])?,
            })
        };
        let hidden = head("hidden", hidden, 2 * width + BESIDE)?;
        let out = head("out", 1, hidden.bias.len())?;
        let heads =
            Heads { statement: head("heads.statement", LABELS.len(), width)?, word: head("heads.word", 1, width)? };
        let words = Embeddings::new(file, place, scales);
        Ok((Self { words, width, layers, hidden, out, kernel: Kernel::best() }, heads))
    }

    /// The same network computed with a given kernel.
    #[cfg(test)]
    pub fn with_kernel(self, kernel: Kernel) -> Self {
        Self { kernel, ..self }
    }

    /// Pieces that it has vectors of.
    pub fn vocabulary(&self) -> usize {
        self.words.rows()
    }

    /// Width of a piece's vector.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Log-odds that a statement is good, of its pieces and of two numbers beside them; and the vectors of the pieces, pieces × width.
    pub fn run(&self, pieces: &[u32], beside: [f32; BESIDE]) -> (f32, Vec<f32>) {
        let width = self.width;
        let mut x = vec![0.0; pieces.len() * width];
        for (x, piece) in x.chunks_exact_mut(width).zip(pieces) {
            let (codes, scale) = self.words.row(*piece, width);
            x.iter_mut().zip(codes).for_each(|(x, code)| *x = f32::from(code.cast_signed()) * scale);
        }
        let mut scratch = Scratch::new(pieces.len(), width);
        for layer in &self.layers {
            self.layer(layer, &mut x, &mut scratch);
        }
        let mut log_odds = 0.0;
        self.kernel.run(Weigh { network: self, x: &x, beside, log_odds: &mut log_odds });
        (log_odds, x)
    }

    /// `x` becomes LayerNorm(x + GELU(map of each row with its neighbours)).
    fn layer(&self, layer: &Layer, x: &mut [f32], scratch: &mut Scratch) {
        let width = self.width;
        let Scratch { three, codes, scales, row, added } = scratch;
        for (at, three) in three.chunks_exact_mut(3 * width).enumerate() {
            for (from, to) in (0..3).map(|part| (at + part).checked_sub(1)).zip(three.chunks_exact_mut(width)) {
                match from.and_then(|from| x.get(from * width..(from + 1) * width)) {
                    Some(x) => to.copy_from_slice(x),
                    None => to.fill(0.0),
                }
            }
        }
        self.kernel.run(Quantise { values: three, width: 3 * width, codes, scales, row });
        self.kernel.run(Multiply { codes, scales, linear: &layer.map, finish: Finish::Gelu, out: added });
        self.kernel.run(AddNorm { x, added, norm: &layer.norm, epsilon: EPSILON });
    }
}

/// The verdict, after the last layer.
struct Weigh<'a> {
    network: &'a Network,
    /// Rows of the network's width.
    x: &'a [f32],
    beside: [f32; BESIDE],
    /// What it becomes.
    log_odds: &'a mut f32,
}

impl Work for Weigh<'_> {
    #[inline(always)]
    fn run<D: Dots>(self, _: D) {
        let Self { network: Network { width, hidden, out, .. }, x, beside, log_odds } = self;
        let mut pooled = vec![0.0; 2 * width + BESIDE];
        let (mean, rest) = pooled.split_at_mut(*width);
        let (most, rest) = rest.split_at_mut(*width);
        let share = 1.0 / (x.len() / width).max(1) as f32;
        for (at, x) in x.chunks_exact(*width).enumerate() {
            mean.iter_mut().zip(x).for_each(|(mean, x)| *mean += x * share);
            most.iter_mut().zip(x).for_each(|(most, x)| *most = if at == 0 { *x } else { lanes::larger(*most, *x) });
        }
        rest.copy_from_slice(&beside);
        let units = hidden.bias.iter().enumerate();
        let units: Vec<f32> = units.map(|(i, bias)| lanes::gelu(hidden.product(i, &pooled) + bias)).collect();
        *log_odds = out.product(0, &units) + out.bias[0];
    }
}

/// Room for the rows of one statement.
struct Scratch {
    three: Vec<f32>,
    codes: Vec<u8>,
    scales: Vec<lanes::Scale>,
    row: Vec<u8>,
    added: Vec<f32>,
}

impl Scratch {
    fn new(rows: usize, width: usize) -> Self {
        Self {
            three: vec![0.0; rows * 3 * width],
            codes: vec![0; rows * 3 * width],
            scales: vec![lanes::Scale::default(); rows],
            row: Vec::new(),
            added: vec![0.0; rows * width],
        }
    }
}

/// True for the weights of a layer's map, and for no other tensor of it.
pub(super) fn is_map(name: &str) -> bool {
    name.strip_prefix("layer.").and_then(|rest| rest.strip_suffix(".weight")).is_some_and(|rest| !rest.contains('.'))
}

fn layer(tensors: &SafeTensors<'_>, i: usize, width: usize) -> Result<Layer, ModelError> {
    let (weights, scales) = codes(tensors, &format!("layer.{i}.weight"), &[width, 3 * width])?;
    let vector = |part: &str| floats(tensors, &format!("layer.{i}.{part}"), &[width]);
    Ok(Layer {
        map: Linear::pack(&[weights], 3 * width, scales, vector("bias")?),
        norm: Norm { gain: vector("norm.weight")?, shift: vector("norm.bias")? },
    })
}

/// The file as tensors.
pub(in crate::model) fn open(file: &[u8]) -> Result<SafeTensors<'_>, ModelError> {
    SafeTensors::deserialize(file).map_err(|error| ModelError::first(error.to_string()))
}

/// The shape of a tensor.
fn shape(tensors: &SafeTensors<'_>, name: &str) -> Result<Vec<usize>, ModelError> {
    let known = tensors.tensor(name).map(|view| view.shape().to_vec());
    known.map_err(|_| ModelError::first(format!("tensor {name} is missing")))
}

/// The codes of a tensor of that shape, and a scale for each row.
fn codes<'f>(tensors: &SafeTensors<'f>, name: &str, shape: &[usize; 2]) -> Result<(&'f [u8], Vec<f32>), ModelError> {
    let of_scales = format!("{name}_scale");
    let scales = floats(tensors, &of_scales, &shape[..1])?;
    match scales.iter().all(|scale| *scale >= 0.0) {
        true => Ok((data(tensors, name, Dtype::I8, shape)?, scales)),
        false => Err(ModelError::first(format!("tensor {of_scales} holds negative scales"))),
    }
}

/// The finite numbers of a tensor of that shape.
pub(in crate::model) fn floats(tensors: &SafeTensors<'_>, name: &str, shape: &[usize]) -> Result<Vec<f32>, ModelError> {
    let values = layout::values(data(tensors, name, Dtype::F32, shape)?);
    match values.iter().all(|value| value.is_finite()) {
        true => Ok(values),
        false => Err(ModelError::first(format!("tensor {name} holds values that are not finite"))),
    }
}

/// The bytes of a tensor of that type and shape.
pub(in crate::model) fn data<'f>(
    tensors: &SafeTensors<'f>,
    name: &str,
    dtype: Dtype,
    shape: &[usize],
) -> Result<&'f [u8], ModelError> {
    let view = tensors.tensor(name).map_err(|_| ModelError::first(format!("tensor {name} is missing")))?;
    if view.dtype() != dtype || view.shape() != shape {
        let is = format!("{:?} {:?}", view.dtype(), view.shape());
        return Err(ModelError::first(format!("tensor {name} is {is} instead of {dtype:?} {shape:?}")));
    }
    Ok(view.data())
}
