//! This is the model: a small trained network that judges a statement as a whole, beside the rules that explain it.
//!
//! A statement with what it inherits is cut into word pieces ([`tokens`]), the [`encoder`] makes a vector of each, and linear
//! heads read their mean: the verdict, the type, each criterion ([`LABELS`]). A further head says of each piece whether it is one
//! of the words at fault. [`Combination`] weighs that together with rules and facts. How it was trained is told in
//! `models/train/README.md`, how well it does and what it must not be used for in the model's card beside its weights.

/// Where a file of the model lies that is compiled in.
macro_rules! model {
    ($file:literal) => {
        concat!(env!("CARGO_MANIFEST_DIR"), "/models/clearplan-minilm-7/", $file)
    };
}

mod combine;
pub mod encoder;
pub mod first;
mod labels;
#[cfg(feature = "rust-bert")]
pub mod libtorch;
pub mod pieces;
mod prediction;
pub mod tokens;
pub mod vectors;

pub use combine::{Combination, Published, criterion_features, verdict_features};
pub use encoder::{ModelError, Precision};
pub use first::FirstStage;
pub use labels::{LABELS, Label, WORDINGS};
pub use prediction::{Piece, Prediction};

use crate::document::{Kind, Statement};
use crate::span::Span;
use encoder::{Encoder, Head};
use rayon::prelude::*;
use std::borrow::Cow;
use std::sync::LazyLock;
use tokens::{Tokenizer, Tokens};

/// The files of a model, as they lie in `models/<name>/`.
#[derive(Debug, Clone)]
pub struct Files {
    /// `model.safetensors`: int8 weights with their scales, and the heads.
    pub weights: Cow<'static, [u8]>,
    /// `config.json`: the shape of the network.
    pub config: Cow<'static, [u8]>,
    /// `tokenizer.json`: vocabulary and how words are cut.
    pub tokenizer: Cow<'static, [u8]>,
    /// `combination.toml`: how rules and model are weighed.
    pub combination: Cow<'static, str>,
    /// `first.safetensors`: the first stage of the cascade; a model may do without.
    pub first: Option<Cow<'static, [u8]>>,
}

/// A loaded model. Shared between threads by reference.
pub struct Model {
    name: String,
    tokenizer: Tokenizer,
    network: Network,
    heads: Heads,
    combination: Combination,
    first: Option<FirstStage>,
}

/// What makes a vector of each word piece.
enum Network {
    Embedded(Encoder, Precision),
    #[cfg(feature = "rust-bert")]
    Libtorch(std::sync::Mutex<libtorch::Network>),
}

struct Heads {
    statement: Head,
    word: Head,
}

/// What the model reads before the statement itself: what the plan puts in this place, and the words that it inherits.
pub fn prefix(statement: &Statement) -> String {
    let kind = match statement.kind {
        Kind::Outcome => "outcome",
        Kind::Provision => "provision",
        Kind::Aspiration | Kind::Need | Kind::Other => "other",
    };
    statement.context.iter().fold(kind.to_owned(), |prefix, context| format!("{prefix}: {}", context.text.trim()))
}

impl Files {
    /// The files of the model that is compiled in, `models/clearplan-minilm-7/`.
    pub fn builtin() -> Self {
        Self {
            weights: Cow::Borrowed(include_bytes!(model!("model.safetensors"))),
            config: Cow::Borrowed(include_bytes!(model!("config.json"))),
            tokenizer: Cow::Borrowed(include_bytes!(model!("tokenizer.json"))),
            combination: Cow::Borrowed(include_str!(model!("combination.toml"))),
            first: Some(Cow::Borrowed(include_bytes!(model!("first.safetensors")))),
        }
    }
}

impl Files {
    /// The files of a folder, each read by its name with `read`: the library itself opens none. `read` gives `None` for a file
    /// that is not there; only `first.safetensors` may be missing, and another is an error of `read` to give.
    ///
    /// # Errors
    /// The first that `read` gives.
    pub fn read<E>(read: impl Fn(&str) -> Result<Option<Vec<u8>>, E>) -> Result<Self, E> {
        // An empty file does not load, and says so.
        let needed = |name: &str| read(name).map(Option::unwrap_or_default);
        Ok(Self {
            weights: Cow::Owned(needed("model.safetensors")?),
            config: Cow::Owned(needed("config.json")?),
            tokenizer: Cow::Owned(needed("tokenizer.json")?),
            combination: Cow::Owned(String::from_utf8_lossy(&needed("combination.toml")?).into_owned()),
            first: read("first.safetensors")?.map(Cow::Owned),
        })
    }
}

impl Model {
    /// Name of the model that is compiled in.
    pub const BUILTIN: &str = "clearplan-minilm-7";

    /// The model that is compiled in.
    pub fn builtin() -> &'static Self {
        static BUILTIN: LazyLock<Model> = LazyLock::new(|| {
            // Compiled in and loaded by a test: no input here can fail.
            Model::new(Model::BUILTIN, Files::builtin()).unwrap_or_else(|error| panic!("built-in model: {error}"))
        });
        &BUILTIN
    }

    /// Loads a model from its files.
    ///
    /// # Errors
    /// [`ModelError`] says which file is wrong, where, and what to do.
    pub fn new(name: impl Into<String>, files: Files) -> Result<Self, ModelError> {
        let combination = Combination::read(&files.combination)?;
        let Files { weights, config, tokenizer: json, first, .. } = files;
        // The tokenizer takes about as long as all the rest. No task of rayon's: one that waited here might take up another that
        // waits for this model.
        let (tokenizer, first, encoder) = std::thread::scope(|scope| {
            let tokenizer = scope.spawn(|| Tokenizer::new(&json));
            let first = first.map(|first| FirstStage::read(first, &json)).transpose();
            let encoder = Encoder::new(weights, &config);
            (tokenizer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), first, encoder)
        });
        let (encoder, tokenizer, first) = (encoder?, tokenizer?, first?);
        let heads = Heads::of(&encoder)?;
        Ok(Self {
            name: name.into(),
            tokenizer,
            network: Network::Embedded(encoder, Precision::Int8),
            heads,
            combination,
            first,
        })
    }

    /// The same model with the arithmetic of that precision.
    #[must_use]
    pub fn with_precision(self, precision: Precision) -> Self {
        let network = match self.network {
            Network::Embedded(encoder, _) => Network::Embedded(encoder, precision),
            #[cfg(feature = "rust-bert")]
            other => other,
        };
        Self { network, ..self }
    }

    /// The same model computed by libtorch.
    #[cfg(feature = "rust-bert")]
    #[must_use]
    pub fn with_libtorch(self, network: libtorch::Network) -> Self {
        Self { network: Network::Libtorch(std::sync::Mutex::new(network)), ..self }
    }

    /// Its name, as outputs give it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How rules and model are weighed.
    pub fn combination(&self) -> &Combination {
        &self.combination
    }

    /// The first stage of its cascade, where it has one.
    pub fn first(&self) -> Option<&FirstStage> {
        self.first.as_ref()
    }

    fn tokens(&self, statements: &[&Statement]) -> Vec<Tokens> {
        statements.par_iter().map(|s| self.tokenizer.encode(&prefix(s), &s.text)).collect()
    }

    /// What the model says of each statement, in order. What it says of one depends on no other.
    pub fn predict(&self, statements: &[&Statement]) -> Vec<Prediction> {
        let tokens = self.tokens(statements);
        match &self.network {
            Network::Embedded(encoder, precision) => encoder.map_all(&tokens, *precision, |i, values| {
                self.heads.read(&tokens[i].spans, values.chunks_exact(encoder.hidden()))
            }),
            #[cfg(feature = "rust-bert")]
            Network::Libtorch(network) => {
                // A poisoned lock means that another thread panicked inside libtorch; the weights are only read.
                let network = network.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                let hidden = network.encode(&tokens);
                let rows = tokens.iter().zip(&hidden);
                rows.map(|(tokens, values)| self.heads.read(&tokens.spans, values.chunks_exact(network.width())))
                    .collect()
            }
        }
    }
}

impl Heads {
    fn of(encoder: &Encoder) -> Result<Self, ModelError> {
        let head = |name: &str, rows: usize| -> Result<Head, ModelError> {
            let tensor = format!("heads.{name}.weight");
            let head = encoder.head(name).ok_or_else(|| {
                ModelError::tensor(&tensor, "is missing; this is no model that clearplan-train has made")
            })?;
            if head.bias.len() != rows {
                return Err(ModelError::tensor(
                    &tensor,
                    format!(
                        "has {} rows instead of {rows}; it was made for another version of clearplan",
                        head.bias.len()
                    ),
                ));
            }
            Ok(head.clone())
        };
        Ok(Self { statement: head("statement", LABELS.len())?, word: head("word", 1)? })
    }

    /// Reads the vectors of a statement's pieces; `spans` is where each stands in the text, none for what is not of it.
    fn read<'v>(&self, spans: &[Option<Span>], rows: impl ExactSizeIterator<Item = &'v [f32]>) -> Prediction {
        let n = rows.len().max(1) as f32;
        let mut logits: [f32; LABELS.len()] = std::array::from_fn(|i| self.statement.bias[i]);
        let mut pieces = Vec::with_capacity(rows.len());
        for (row, span) in rows.zip(spans) {
            let adds: [f32; LABELS.len()] = std::array::from_fn(|i| self.statement.product(i, row) / n);
            logits.iter_mut().zip(adds).for_each(|(logit, adds)| *logit += adds);
            if let Some(span) = *span {
                pieces.push(Piece { span, adds, fault: self.word.product(0, row) + self.word.bias[0] });
            }
        }
        let mean: [f32; LABELS.len()] = std::array::from_fn(|i| (logits[i] - self.statement.bias[i]) / n);
        for piece in &mut pieces {
            piece.adds.iter_mut().zip(mean).for_each(|(adds, mean)| *adds -= mean);
        }
        Prediction { logits, pieces }
    }
}
