//! This is the way of some statements through all layers.

use super::attention::{self, Attend};
use super::lanes::Scale;
use super::packed::Linear;
use super::steps::{AddNorm, Embed, Finish, Multiply, MultiplyExact, Quantise};
use super::weights::Layer;
use super::{Encoder, Precision};
use crate::model::tokens::Tokens;

/// Tokens that go through the feed-forward block together, so that its wide rows stay in the second cache.
const BLOCK: usize = 48;

/// Room to work in; grown as needed and used again.
#[derive(Default)]
pub struct Scratch {
    x: Vec<f32>,
    wide: Vec<f32>,
    seen: Vec<f32>,
    added: Vec<f32>,
    rows: Rows,
    attention: attention::Scratch,
}

/// Room for one linear map.
#[derive(Default)]
struct Rows {
    codes: Vec<u8>,
    scales: Vec<Scale>,
    row: Vec<u8>,
    weights: Vec<[f32; super::packed::PANEL]>,
}

impl Encoder {
    /// Takes the statements together through all layers and hands on the vectors of each, in order.
    pub(super) fn forward(
        &self,
        chunk: &[Tokens],
        precision: Precision,
        scratch: &mut Scratch,
        mut then: impl FnMut(&[f32]),
    ) {
        let hidden = self.config.hidden;
        let lengths: Vec<usize> = chunk.iter().map(|statement| self.length(statement)).collect();
        let tokens: usize = lengths.iter().sum();
        scratch.x.resize(tokens * hidden, 0.0);
        let mut rest = scratch.x.as_mut_slice();
        for (statement, length) in chunk.iter().zip(&lengths) {
            let (x, after) = rest.split_at_mut(length * hidden);
            self.embed(statement, x);
            rest = after;
        }
        for layer in &self.weights.layers {
            self.attend(layer, &lengths, precision, scratch);
            self.feed(layer, precision, scratch);
        }
        let mut rest = scratch.x.as_slice();
        for length in lengths {
            let (values, after) = rest.split_at(length * hidden);
            then(values);
            rest = after;
        }
    }

    /// The vectors of a statement's tokens before the first layer.
    fn embed(&self, tokens: &Tokens, x: &mut [f32]) {
        let hidden = self.config.hidden;
        let weights = &self.weights;
        let kinds = tokens.types.iter().copied().chain(std::iter::repeat(0));
        let tokens = tokens.ids.iter().zip(kinds).zip(weights.places.chunks_exact(hidden));
        for (x, ((id, kind), place)) in x.chunks_exact_mut(hidden).zip(tokens) {
            let kind = usize::from(kind).min(self.config.types - 1);
            self.kernel.run(Embed {
                x,
                word: weights.words.row(*id, hidden),
                place,
                kind: weights.types.get(kind * hidden..).unwrap_or_default(),
                norm: &weights.norm,
                epsilon: self.config.epsilon,
            });
        }
    }

    fn attend(&self, layer: &Layer, lengths: &[usize], precision: Precision, scratch: &mut Scratch) {
        let hidden = self.config.hidden;
        let Scratch { x, wide, seen, added, rows, attention } = scratch;
        let (wide, seen, added) = (room(wide, 3 * x.len()), room(seen, x.len()), room(added, x.len()));
        self.linear(x, &layer.query_key_value, Finish::Plain, precision, wide, rows);
        let (mut from, mut to) = (&*wide, &mut *seen);
        for length in lengths.iter().filter(|length| **length > 0) {
            let (query_key_value, wide) = from.split_at(length * 3 * hidden);
            let (out, seen) = to.split_at_mut(length * hidden);
            let heads = self.config.heads;
            self.kernel.run(Attend { query_key_value, hidden, heads, out, scratch: attention });
            (from, to) = (wide, seen);
        }
        self.linear(seen, &layer.output, Finish::Plain, precision, added, rows);
        let epsilon = self.config.epsilon;
        self.kernel.run(AddNorm { x, added, norm: &layer.attention_norm, epsilon });
    }

    fn feed(&self, layer: &Layer, precision: Precision, scratch: &mut Scratch) {
        let (hidden, epsilon) = (self.config.hidden, self.config.epsilon);
        let Scratch { x, wide, added, rows, .. } = scratch;
        for x in x.chunks_mut(BLOCK * hidden) {
            let (wide, added) = (room(wide, x.len() / hidden * self.config.intermediate), room(added, x.len()));
            self.linear(x, &layer.up, Finish::Gelu, precision, wide, rows);
            self.linear(wide, &layer.down, Finish::Plain, precision, added, rows);
            self.kernel.run(AddNorm { x, added, norm: &layer.output_norm, epsilon });
        }
    }

    fn linear(
        &self,
        values: &[f32],
        linear: &Linear,
        finish: Finish,
        precision: Precision,
        out: &mut [f32],
        rows: &mut Rows,
    ) {
        let width = linear.inputs();
        match precision {
            Precision::Int8 => {
                let Rows { codes, scales, row, .. } = rows;
                let (codes, scales) = (room(codes, values.len()), room(scales, values.len() / width));
                self.kernel.run(Quantise { values, width, codes, scales, row });
                self.kernel.run(Multiply { codes, scales, linear, finish, out });
            }
            Precision::Exact => {
                let weights = &mut rows.weights;
                self.kernel.run(MultiplyExact { values, linear, finish, out, weights });
            }
        }
    }
}

/// So many values to write to. They are not cleared: what is there from before is overwritten.
fn room<T: Copy + Default>(all: &mut Vec<T>, count: usize) -> &mut [T] {
    if all.len() < count {
        all.resize(count, T::default());
    }
    all.get_mut(..count).unwrap_or_default()
}
