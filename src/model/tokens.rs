//! This is how a statement becomes tokens: WordPiece as the model was trained with, and the place of each token.

use super::encoder::ModelError;
use crate::span::Span;
use std::sync::Arc;
use tokenizers::Encoding;

/// Most tokens of the prefix that are kept.
pub const PREFIX: usize = 64;
/// Most tokens of the text that are kept.
pub const TEXT: usize = 184;

/// A statement as the encoder reads it: `[CLS] prefix [SEP] text [SEP]`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tokens {
    /// Rows of the word embeddings.
    pub ids: Vec<u32>,
    /// 0 up to and with the first `[SEP]`, then 1. As many as ids.
    pub types: Vec<u8>,
    /// Where each token stands in the text, in bytes; none for the prefix and the special tokens. As many as ids.
    pub spans: Vec<Option<Span>>,
}

/// A loaded `tokenizer.json`. A clone shares it.
#[derive(Clone)]
pub struct Tokenizer {
    inner: Arc<tokenizers::Tokenizer>,
    begin: u32,
    separate: u32,
}

impl Tokenizer {
    /// Reads `tokenizer.json`; padding and truncation that it asks for are turned off.
    ///
    /// # Errors
    /// Where it is no tokenizer, or knows no `[CLS]`, `[SEP]` or `[UNK]`.
    pub fn new(json: &[u8]) -> Result<Self, ModelError> {
        let mut inner = tokenizers::Tokenizer::from_bytes(json).map_err(|error| {
            ModelError::tokenizer(format!("{error}; copy the tokenizer.json that belongs to the model"))
        })?;
        inner.with_padding(None);
        inner.with_truncation(None).map_err(|error| ModelError::tokenizer(error.to_string()))?;
        let id = |token: &str| {
            inner
                .token_to_id(token)
                .ok_or_else(|| ModelError::tokenizer(format!("knows no {token}; it should be that of a BERT model")))
        };
        let (begin, separate, _) = (id("[CLS]")?, id("[SEP]")?, id("[UNK]")?);
        Ok(Self { inner: Arc::new(inner), begin, separate })
    }

    /// One more than the largest number that it gives.
    pub fn vocabulary(&self) -> usize {
        let largest = self.inner.get_vocab(true).into_values().max().unwrap_or(0);
        usize::try_from(largest).map_or(usize::MAX, |largest| largest.saturating_add(1))
    }

    /// Tokens of `text` with what stands before it as `prefix`, cut to [`PREFIX`] and [`TEXT`] tokens.
    pub fn encode(&self, prefix: &str, text: &str) -> Tokens {
        let mut tokens = Tokens::default();
        tokens.push(self.begin, 0, None);
        if let Some(encoding) = self.pieces(prefix) {
            for id in encoding.get_ids().iter().take(PREFIX) {
                tokens.push(*id, 0, None);
            }
        }
        tokens.push(self.separate, 0, None);
        if let Some(encoding) = self.pieces(text) {
            for (id, (start, end)) in encoding.get_ids().iter().zip(encoding.get_offsets()).take(TEXT) {
                tokens.push(*id, 1, Some(Span::new(*start, *end)));
            }
        }
        tokens.push(self.separate, 1, None);
        tokens
    }

    /// A text without special tokens; nothing where the tokenizer gives up, which it does only without `[UNK]`.
    fn pieces(&self, text: &str) -> Option<Encoding> {
        self.inner.encode(text, false).ok()
    }
}

impl Tokens {
    fn push(&mut self, id: u32, kind: u8, span: Option<Span>) {
        self.ids.push(id);
        self.types.push(kind);
        self.spans.push(span);
    }
}
