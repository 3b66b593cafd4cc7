//! This is the encoder: a BERT that turns the tokens of a statement into vectors, in pure Rust.
//!
//! Weights are int8 with a scale an output ([`layout`] has the file format). With [`Precision::Int8`] each token's
//! activations are quantised with a range of their own, sums are exact integers, and all f32 work runs in one fixed
//! order ([`lanes`]): a statement's vectors are the same bits alone and in any batch, on any number of threads, with
//! any kernel and on any processor. Statements are never padded to each other's length.

// Lanes are counted, so that several arrays move in step and the compiler sees whole registers.
#![allow(clippy::needless_range_loop)]

mod attention;
mod config;
mod error;
mod forward;
pub mod kernels;
pub mod lanes;
pub mod layout;
pub mod packed;
mod quantise;
pub mod steps;
mod weights;

pub use config::{Config, POSITIONS};
pub use error::ModelError;
pub use kernels::Kernel;
pub(super) use quantise::Tensors;
pub use quantise::quantise;
pub use weights::Head;
pub(super) use weights::{Embeddings, Norm, place};

use super::tokens::Tokens;
use rayon::prelude::*;
use std::borrow::Cow;
use std::cell::RefCell;
use weights::Weights;

/// Most tokens that go through the layers together: enough to use each weight often while it is in the cache.
const CHUNK: usize = 256;

/// How the linear maps are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Precision {
    /// int8 weights and activations, i32 sums.
    #[default]
    Int8,
    /// The int8 weights as f32, f32 activations and sums: many times slower, for comparing with other programs.
    Exact,
}

/// The hidden states of one statement after the last layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Hidden {
    /// Tokens × width, row-major.
    pub values: Vec<f32>,
    /// Width of a token's vector.
    pub width: usize,
}

impl Hidden {
    /// One vector a token.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[f32]> {
        self.values.chunks_exact(self.width)
    }
}

/// A loaded network. Shared between threads by reference; all methods take `&self`.
pub struct Encoder {
    config: Config,
    weights: Weights,
    kernel: Kernel,
}

thread_local! {
    /// Buffers of a few MiB, kept so that they need not be mapped anew for each batch.
    static SCRATCH: RefCell<forward::Scratch> = RefCell::default();
}

impl Encoder {
    /// Loads `model.safetensors` (int8, see [`layout`]) and the `config.json` beside it.
    ///
    /// # Errors
    /// Names the tensor or key that is missing, damaged or of the wrong shape, and says what to do.
    pub fn new(file: impl Into<Cow<'static, [u8]>>, config: &[u8]) -> Result<Self, ModelError> {
        let config = Config::read(config)?;
        let weights = Weights::read(file.into(), &config)?;
        let kernel = Kernel::best();
        Ok(Self { config, weights, kernel })
    }

    /// The same network computed with a given kernel, for tests and benchmarks.
    #[must_use]
    pub fn with_kernel(self, kernel: Kernel) -> Self {
        Self { kernel, ..self }
    }

    /// Width of a token's vector.
    pub fn hidden(&self) -> usize {
        self.config.hidden
    }

    /// Layers of the network.
    pub fn layers(&self) -> usize {
        self.config.layers
    }

    /// Words that it knows; the tokenizer's numbers have to lie below.
    pub fn vocabulary(&self) -> usize {
        self.config.vocabulary
    }

    /// The head of this name (`heads.NAME.weight` in the file).
    pub fn head(&self, name: &str) -> Option<&Head> {
        self.weights.heads.get(name)
    }

    /// The vectors of each statement, computed on this thread.
    ///
    /// Tokens past the 256th (or past the model's positions) are left out, and a number outside the vocabulary counts
    /// as word 0: neither comes from [`super::tokens::Tokenizer`] with its own model.
    pub fn encode(&self, batch: &[Tokens], precision: Precision) -> Vec<Hidden> {
        let mut all = Vec::with_capacity(batch.len());
        for chunk in self.chunks(batch, CHUNK) {
            self.chunk(chunk, precision, |values| all.push(self.owned(values)));
        }
        all
    }

    /// The vectors of each statement, in order, computed on rayon's pool.
    pub fn encode_all(&self, batch: &[Tokens], precision: Precision) -> Vec<Hidden> {
        self.map_all(batch, precision, |_, values| self.owned(values))
    }

    /// What `then` makes of each statement's vectors (its place in the batch; tokens × hidden), in order, computed on
    /// rayon's pool. Unlike [`Encoder::encode_all`] it holds the vectors of a few statements at a time.
    pub fn map_all<T: Send>(
        &self,
        batch: &[Tokens],
        precision: Precision,
        then: impl Fn(usize, &[f32]) -> T + Sync,
    ) -> Vec<T> {
        // Smaller chunks where there is not enough for all threads. Their size changes no result.
        let tokens: usize = batch.iter().map(|statement| self.length(statement)).sum();
        let most = (tokens / rayon::current_num_threads().max(1)).clamp(CHUNK / 8, CHUNK);
        let mut first = 0;
        let mut chunks = Vec::new();
        for chunk in self.chunks(batch, most) {
            chunks.push((first, chunk));
            first += chunk.len();
        }
        let made: Vec<Vec<T>> = chunks
            .into_par_iter()
            .map(|(first, chunk)| {
                let mut made = Vec::with_capacity(chunk.len());
                self.chunk(chunk, precision, |values| made.push(then(first + made.len(), values)));
                made
            })
            .collect();
        made.into_iter().flatten().collect()
    }

    fn owned(&self, values: &[f32]) -> Hidden {
        Hidden { values: values.to_vec(), width: self.config.hidden }
    }

    /// Neighbours of together at most `most` tokens; a longer statement is alone.
    fn chunks<'b>(&self, batch: &'b [Tokens], most: usize) -> impl Iterator<Item = &'b [Tokens]> {
        let mut tokens = 0;
        // `chunk_by` sees each statement but the first as its second argument, once and in order.
        batch.chunk_by(move |before, after| {
            if tokens == 0 {
                tokens = self.length(before);
            }
            tokens += self.length(after);
            let together = tokens <= most;
            if !together {
                tokens = 0;
            }
            together
        })
    }

    /// Tokens of a statement that are computed.
    fn length(&self, statement: &Tokens) -> usize {
        statement.ids.len().min(self.config.longest())
    }

    fn chunk(&self, chunk: &[Tokens], precision: Precision, then: impl FnMut(&[f32])) {
        SCRATCH.with(|scratch| match scratch.try_borrow_mut() {
            Ok(mut scratch) => self.forward(chunk, precision, &mut scratch, then),
            // Only where `then` itself encodes on this thread.
            Err(_) => self.forward(chunk, precision, &mut forward::Scratch::default(), then),
        });
    }
}

#[cfg(test)]
mod tests;
