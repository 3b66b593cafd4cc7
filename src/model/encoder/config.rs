//! This is the shape of the network, as `config.json` tells it.

use super::error::ModelError;
use serde::Deserialize;

/// Positions that the file carries; longer inputs are cut before they come here.
pub const POSITIONS: usize = 256;

/// The part of a Hugging Face BERT `config.json` that decides the arithmetic. Other keys are ignored.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Config {
    /// Width of a token's vector; a multiple of 64.
    #[serde(rename = "hidden_size")]
    pub hidden: usize,
    /// Encoder layers.
    #[serde(rename = "num_hidden_layers")]
    pub layers: usize,
    /// Attention heads; each is a multiple of 16 wide.
    #[serde(rename = "num_attention_heads")]
    pub heads: usize,
    /// Width between the two linear maps of a feed-forward block; a multiple of 64.
    #[serde(rename = "intermediate_size")]
    pub intermediate: usize,
    /// Rows of the word embeddings.
    #[serde(rename = "vocab_size")]
    pub vocabulary: usize,
    /// Rows of the position embeddings in the trained model; the int8 file keeps at most [`POSITIONS`].
    #[serde(rename = "max_position_embeddings")]
    pub positions: usize,
    /// Rows of the token type embeddings.
    #[serde(rename = "type_vocab_size")]
    pub types: usize,
    /// Added to the variance in LayerNorm.
    #[serde(default = "epsilon", rename = "layer_norm_eps")]
    pub epsilon: f32,
    /// Only `gelu` (with erf) is computed.
    #[serde(default = "gelu", rename = "hidden_act")]
    pub activation: String,
    /// Only `absolute` is computed.
    #[serde(default = "absolute", rename = "position_embedding_type")]
    pub position_kind: String,
}

fn epsilon() -> f32 {
    1e-12
}

fn gelu() -> String {
    "gelu".to_owned()
}

fn absolute() -> String {
    "absolute".to_owned()
}

impl Config {
    /// Reads and checks `config.json`.
    pub fn read(json: &[u8]) -> Result<Self, ModelError> {
        let config: Self = serde_json::from_slice(json)
            .map_err(|error| ModelError::config(format!("{error}; it should be the config.json of a BERT model")))?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), ModelError> {
        let wrong = |what: String| Err(ModelError::config(what));
        // The upper bounds keep every size far from overflow, and sums of products inside an i32.
        for (name, value, unit, most) in [
            ("hidden_size", self.hidden, 64, 4096),
            ("intermediate_size", self.intermediate, 64, 16384),
            ("num_hidden_layers", self.layers, 1, 48),
            ("num_attention_heads", self.heads, 1, 64),
            ("vocab_size", self.vocabulary, 1, 1 << 20),
            ("max_position_embeddings", self.positions, 1, 1 << 16),
            ("type_vocab_size", self.types, 1, 16),
        ] {
            if value == 0 || !value.is_multiple_of(unit) || value > most {
                return wrong(format!("{name} is {value}; it has to be a multiple of {unit} from {unit} to {most}"));
            }
        }
        if !self.hidden.is_multiple_of(self.heads) || !self.head_width().is_multiple_of(16) {
            return wrong(format!(
                "{} heads do not divide hidden_size {} into parts whose width is a multiple of 16",
                self.heads, self.hidden
            ));
        }
        if self.activation != "gelu" {
            return wrong(format!("hidden_act is {:?}; only \"gelu\" is computed", self.activation));
        }
        if self.position_kind != "absolute" {
            return wrong(format!(
                "position_embedding_type is {:?}; only \"absolute\" is computed",
                self.position_kind
            ));
        }
        if !(self.epsilon > 0.0 && self.epsilon < 1.0) {
            return wrong(format!("layer_norm_eps is {}; it has to lie between 0 and 1", self.epsilon));
        }
        Ok(())
    }

    /// Rows of the position embeddings in the int8 file: the longest input in tokens.
    pub fn longest(&self) -> usize {
        self.positions.min(POSITIONS)
    }

    /// Width of one attention head.
    pub fn head_width(&self) -> usize {
        self.hidden / self.heads
    }
}
