//! This is the first stage of the cascade: a small network of its own, which takes tens of microseconds where the encoder takes
//! milliseconds. It foretells the verdict of rules and encoder together, and decides only where it is sure; how sure is chosen on
//! author styles that neither network was fitted to (`models/train/first.rs`). Where it decides, its guess of the encoder's other
//! answers stands for them.

mod network;

use super::encoder::{Tensors, layout};
use super::pieces::Pieces;
use super::tokens::{PREFIX, TEXT};
use super::{Heads, ModelError, Prediction};
use crate::document::{Kind, Statement};
use crate::span::Span;
use crate::words::Words;
use network::{BESIDE, Network, is_map};
pub(super) use network::{data, floats, open};
use safetensors::{Dtype, SafeTensors};
use std::borrow::Cow;

/// The stage for both kinds.
pub struct FirstStage {
    network: Network,
    heads: Heads,
    pieces: Pieces,
    margins: Margins,
}

/// From where on the stage is sure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Margins {
    /// At outcomes.
    pub outcome: Margin,
    /// At provision.
    pub provision: Margin,
}

/// From where on it is sure, for one kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Margin {
    /// Up to these log-odds it is sure that the statement is vague.
    pub vague: f32,
    /// From these on it is sure that it is good.
    pub good: f32,
}

impl Margin {
    /// It is never sure.
    pub const NEVER: Self = Self { vague: f32::NEG_INFINITY, good: f32::INFINITY };

    /// True where log-odds are sure of a verdict.
    pub fn is_sure(self, log_odds: f64) -> bool {
        log_odds.is_finite() && (log_odds >= f64::from(self.good) || log_odds <= f64::from(self.vague))
    }
}

impl Margins {
    /// It is never sure.
    pub const NEVER: Self = Self { outcome: Margin::NEVER, provision: Margin::NEVER };

    /// The margin for a kind.
    pub fn of(&self, kind: Kind) -> Margin {
        if kind == Kind::Outcome { self.outcome } else { self.provision }
    }
}

/// The rules' log-odds as other judgements weigh them: beyond this they say no more.
pub fn clamped(rules: f64) -> f64 {
    rules.clamp(-8.0, 8.0)
}

/// What the head reads beside the pieces: the rules' log-odds and the kind.
pub fn beside(kind: Kind, rules: f64) -> [f32; BESIDE] {
    [(clamped(rules) / 4.0) as f32, if kind == Kind::Outcome { 1.0 } else { -1.0 }]
}

/// A statement as the stage reads it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Input {
    /// The numbers of its pieces: what it is and inherits, `[SEP]`, its text. No more than the encoder reads.
    pub pieces: Vec<u32>,
    /// For each piece the word of the text that it is of; none for what stands before the text.
    pub words: Vec<Option<usize>>,
}

impl Input {
    /// Of an outcome, or of a provision, whose words have been cut.
    pub fn of(pieces: &Pieces, statement: &Statement, words: &Words<'_>) -> Self {
        let mut input =
            Self { pieces: Vec::with_capacity(2 * words.len() + 2), words: Vec::with_capacity(2 * words.len() + 2) };
        input.push(pieces.or_unknown(if statement.kind == Kind::Outcome { "outcome" } else { "provision" }), None);
        for context in &statement.context {
            input.read(pieces, &Words::new(&context.text), false, PREFIX);
        }
        input.push(pieces.or_unknown("[SEP]"), None);
        let most = input.pieces.len() + TEXT;
        input.read(pieces, words, true, most);
        input
    }

    /// Reads words, its own or inherited ones, until there are so many pieces.
    fn read(&mut self, pieces: &Pieces, words: &Words<'_>, own: bool, most: usize) {
        for at in 0..words.len() {
            if self.pieces.len() >= most {
                break;
            }
            pieces.word(words.lower(at), |piece| self.push(piece, own.then_some(at)));
        }
        self.pieces.truncate(most);
        self.words.truncate(most);
    }

    fn push(&mut self, piece: u32, word: Option<usize>) {
        self.pieces.push(piece);
        self.words.push(word);
    }
}

/// What the stage says of a statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Foretold {
    /// Log-odds that it is good.
    pub log_odds: f64,
    /// What it thinks that the encoder would say.
    pub said: Prediction,
}

impl FirstStage {
    /// What it says of a statement whose words have been cut and that the rules have weighed, where it is sure of the verdict.
    pub fn foretell(&self, statement: &Statement, words: &Words<'_>, rules: f64) -> Option<Foretold> {
        let input = Input::of(&self.pieces, statement, words);
        let (log_odds, vectors) = self.network.run(&input.pieces, beside(statement.kind, rules));
        let log_odds = f64::from(log_odds);
        if !self.margins.of(statement.kind).is_sure(log_odds) {
            return None;
        }
        let spans: Vec<Option<Span>> = input.words.iter().map(|at| at.map(|at| words.list()[at].span)).collect();
        Some(Foretold { log_odds, said: self.said(&spans, &vectors) })
    }

    /// Log-odds that a statement is good, of its pieces and of what stands [`beside`] them, sure or not; and what it thinks that the
    /// encoder would say, without the words.
    pub fn run(&self, pieces: &[u32], numbers: [f32; BESIDE]) -> (f64, Prediction) {
        let (log_odds, vectors) = self.network.run(pieces, numbers);
        (f64::from(log_odds), self.said(&vec![None; pieces.len()], &vectors))
    }

    /// What it reads in the vectors of pieces, each of which stands at its span in the text.
    fn said(&self, spans: &[Option<Span>], vectors: &[f32]) -> Prediction {
        self.heads.read(spans, vectors.chunks_exact(self.network.width()))
    }

    /// Reads `first.safetensors` and the vocabulary of the `tokenizer.json` beside it.
    ///
    /// # Errors
    /// Names the tensor that is missing or of the wrong shape.
    pub fn read(file: Cow<'static, [u8]>, tokenizer: &[u8]) -> Result<Self, ModelError> {
        let margins = {
            let tensors = open(&file)?;
            match layout::values(data(&tensors, "margins", Dtype::F32, &[2, 2])?)[..] {
                [a, b, c, d] if a <= 0.0 && b >= 0.0 && c <= 0.0 && d >= 0.0 => {
                    Margins { outcome: Margin { vague: a, good: b }, provision: Margin { vague: c, good: d } }
                }
                ref other => return Err(ModelError::first(format!("tensor margins holds {other:?}, which are none"))),
            }
        };
        let ((network, heads), pieces) = (Network::read(file)?, Pieces::read(tokenizer)?);
        if pieces.end() > network.vocabulary() {
            let what = format!("it knows {} pieces, and tokenizer.json has {}", network.vocabulary(), pieces.end());
            return Err(ModelError::first(what));
        }
        Ok(Self { network, heads, pieces, margins })
    }
}

/// Turns trained f32 weights, with the names of the format, into `first.safetensors`. The same input gives the same bytes.
///
/// # Errors
/// Where it is no safetensors file, or holds other numbers than finite F32.
pub fn quantise(trained: &[u8], margins: &Margins) -> Result<Vec<u8>, ModelError> {
    let trained = SafeTensors::deserialize(trained).map_err(|error| ModelError::first(error.to_string()))?;
    let mut names = trained.names();
    names.sort_unstable();
    let mut tensors = Tensors::default();
    for name in names {
        let view = trained.tensor(name).map_err(|error| ModelError::first(error.to_string()))?;
        if view.dtype() != Dtype::F32 {
            return Err(ModelError::first(format!("tensor {name} is stored as {:?}; save it as F32", view.dtype())));
        }
        let (shape, values) = (view.shape().to_vec(), layout::values(view.data()));
        if !values.iter().all(|value| value.is_finite()) {
            return Err(ModelError::first(format!("tensor {name} holds values that are not finite: it has diverged")));
        }
        if name == "words" || is_map(name) {
            tensors.codes(name, shape, &values);
        } else {
            tensors.floats(name, shape, &values);
        }
    }
    let Margins { outcome, provision } = margins;
    let margins = [outcome.vague, outcome.good, provision.vague, provision.good];
    tensors.floats("margins", vec![2, 2], &margins);
    tensors.file().map_err(|error| ModelError::first(error.to_string()))
}

#[cfg(test)]
mod tests;
