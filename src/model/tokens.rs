//! This is how a statement becomes tokens: WordPiece as the model was trained with, and the place of each token.

use super::encoder::ModelError;
use crate::span::Span;
use std::borrow::Cow;
use std::sync::Arc;
use tokenizers::normalizers::BertNormalizer;
use tokenizers::{Encoding, NormalizedString, Normalizer};

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
        // Where its pieces stand is not asked, which is quicker.
        if let Ok(encoding) = self.inner.encode_fast(prefix, false) {
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

/// A word as the vocabulary spells it: letters without accents, and what has no other form as it stands.
pub fn unaccented(word: &str) -> Cow<'_, str> {
    if word.is_ascii() {
        return Cow::Borrowed(word);
    }
    let mut letters = NormalizedString::from(word);
    match BertNormalizer::new(false, false, Some(true), false).normalize(&mut letters) {
        Ok(()) => Cow::Owned(letters.get().to_owned()),
        Err(_) => Cow::Borrowed(word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A tokenizer.json as all-MiniLM has it, padding and truncation included, with few words.
    fn json() -> String {
        let words = "[PAD] [UNK] [CLS] [SEP] a e i o t s 5 sam will cafe read ##ing ##s ##e ##t £ , . ' 日 ᄒ ##ᅡ ##ᆫ";
        let vocab: Vec<String> = words.split(' ').enumerate().map(|(id, word)| format!("{word:?}:{id}")).collect();
        let special: Vec<String> = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
            .iter()
            .enumerate()
            .map(|(id, token)| {
                format!(
                    "{{\"id\":{id},\"special\":true,\"content\":\"{token}\",\"single_word\":false,\"lstrip\":false,\
                     \"rstrip\":false,\"normalized\":false}}"
                )
            })
            .collect();
        format!(
            "{{\"version\":\"1.0\",\
             \"truncation\":{{\"max_length\":4,\"strategy\":\"LongestFirst\",\"stride\":0,\"direction\":\"Right\"}},\
             \"padding\":{{\"strategy\":{{\"Fixed\":128}},\"direction\":\"Right\",\"pad_to_multiple_of\":null,\
             \"pad_id\":0,\"pad_type_id\":0,\"pad_token\":\"[PAD]\"}},\"added_tokens\":[{}],\
             \"normalizer\":{{\"type\":\"BertNormalizer\",\"clean_text\":true,\"handle_chinese_chars\":true,\
             \"strip_accents\":null,\"lowercase\":true}},\"pre_tokenizer\":{{\"type\":\"BertPreTokenizer\"}},\
             \"post_processor\":null,\"decoder\":null,\"model\":{{\"type\":\"WordPiece\",\"unk_token\":\"[UNK]\",\
             \"continuing_subword_prefix\":\"##\",\"max_input_chars_per_word\":100,\"vocab\":{{{}}}}}}}",
            special.join(","),
            vocab.join(",")
        )
    }

    fn tokenizer() -> Tokenizer {
        Tokenizer::new(json().as_bytes()).expect("a good tokenizer")
    }

    fn words<'t>(tokens: &Tokens, text: &'t str) -> Vec<&'t str> {
        tokens.spans.iter().flatten().map(|span| span.of(text)).collect()
    }

    #[test]
    fn a_statement_with_its_prefix() {
        let text = "Sam, reading: Café £ 5.";
        let tokens = tokenizer().encode("Sam will", text);
        assert_eq!(tokens.ids, [2, 11, 12, 3, 11, 20, 14, 15, 1, 13, 19, 10, 21, 3]);
        assert_eq!(tokens.types, [0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
        assert_eq!(words(&tokens, text), ["Sam", ",", "read", "ing", ":", "Café", "£", "5", "."]);
        assert_eq!(tokens.spans.iter().filter(|span| span.is_none()).count(), 5);
        assert_eq!(tokenizer().vocabulary(), 27);
    }

    #[test]
    fn nothing_and_too_much() {
        assert_eq!(tokenizer().encode("", "").ids, [2, 3, 3]);
        assert_eq!(tokenizer().encode("", " \u{0}\u{FFFD}\n").ids, [2, 3, 3]);
        let long = "sam ".repeat(1000);
        let tokens = tokenizer().encode(&long, &long);
        assert_eq!(tokens.ids.len(), 3 + PREFIX + TEXT);
        assert!(tokens.ids.len() <= super::super::encoder::POSITIONS);
        assert_eq!(tokenizer().encode("", &"x".repeat(100_000)).ids, [2, 3, 1, 3]);
    }

    #[test]
    fn a_tokenizer_without_its_special_tokens_is_an_error() {
        let without = json().replace("\"[UNK]\":1", "\"[UNKNOWN]\":1").replace("\"[UNK]\"", "\"[UNKNOWN]\"");
        let said = Tokenizer::new(without.as_bytes()).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(said.contains("[UNK]"), "{said}");
        let said = Tokenizer::new(b"{}").err().map(|error| error.to_string()).unwrap_or_default();
        assert!(said.contains("tokenizer.json"), "{said}");
    }

    proptest! {
        #[test]
        fn any_text_has_its_tokens_in_order_on_whole_characters(
            prefix in "\\PC{0,20}|[a-z ]{0,20}",
            text in prop_oneof![
                any::<String>(),
                "(sam|[a-zé£5 ,.]|\u{301}|\u{200D}|İ|ß|ﬁ|한|日本|👩‍🏫|\u{0}|\u{FFFD}|\r\n|\\[SEP\\]){0,60}",
            ],
        ) {
            let tokens = tokenizer().encode(&prefix, &text);
            prop_assert_eq!(tokens.ids.len(), tokens.types.len());
            prop_assert_eq!(tokens.ids.len(), tokens.spans.len());
            prop_assert!(tokens.ids.len() <= 3 + PREFIX + TEXT);
            prop_assert_eq!((tokens.ids.first(), tokens.ids.last()), (Some(&2), Some(&3)));
            prop_assert!(tokens.types.is_sorted());
            let mut before = Span::new(0, 0);
            for (span, kind) in tokens.spans.iter().zip(&tokens.types).filter_map(|(span, kind)| Some(((*span)?, kind))) {
                prop_assert_eq!(*kind, 1);
                prop_assert!(text.get(span.start..span.end).is_some(), "{:?}", span);
                prop_assert!(before.start <= span.start && before.end <= span.end, "{:?} after {:?}", span, before);
                before = span;
            }
        }
    }
}
