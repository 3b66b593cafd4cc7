//! This is how a word becomes pieces of the model's vocabulary without the tokenizer: for what looks up words by the thousand.

use super::tokens::unaccented;
use crate::fx::BuildFx;
use serde::Deserialize;
use std::collections::HashMap;

/// The pieces of a vocabulary.
pub struct Pieces {
    ids: HashMap<Box<str>, u32, BuildFx>,
    /// Bytes of the longest.
    longest: usize,
}

/// A word of more letters is not read, as by the tokenizer.
const LONGEST_WORD: usize = 100;

#[derive(Deserialize)]
struct File {
    model: Vocabulary,
}

#[derive(Deserialize)]
struct Vocabulary {
    vocab: HashMap<Box<str>, u32, BuildFx>,
}

impl Pieces {
    /// The vocabulary of a `tokenizer.json`.
    ///
    /// # Errors
    /// Where it holds none.
    pub fn read(json: &[u8]) -> Result<Self, super::ModelError> {
        let file: File =
            serde_json::from_slice(json).map_err(|error| super::ModelError::tokenizer(error.to_string()))?;
        let ids = file.model.vocab;
        let longest = ids.keys().map(|piece| piece.len()).max().unwrap_or(0);
        Ok(Self { ids, longest })
    }

    /// One more than the largest number.
    pub fn end(&self) -> usize {
        self.ids.values().max().map_or(0, |largest| *largest as usize + 1)
    }

    /// The number of a piece that is in the vocabulary as it stands.
    pub fn id(&self, piece: &str) -> Option<u32> {
        self.ids.get(piece).copied()
    }

    /// The same, or that of `[UNK]`.
    pub fn or_unknown(&self, piece: &str) -> u32 {
        self.id(piece).or_else(|| self.id("[UNK]")).unwrap_or_default()
    }

    /// The numbers of the pieces of a word in small letters, as the vocabulary was made: marks are pieces of their own, inside a word or a
    /// number too, letters stand without accents, and what is in no piece is `[UNK]`.
    pub fn word(&self, word: &str, mut with: impl FnMut(u32)) {
        for part in word.split_inclusive(|c: char| !c.is_alphanumeric()) {
            let (part, mark) = match part.char_indices().next_back() {
                Some((last, mark)) if !mark.is_alphanumeric() => part.split_at(last),
                _ => (part, ""),
            };
            for part in [part, mark].into_iter().filter(|part| !part.is_empty()) {
                let part = unaccented(part);
                if !self.each(&part, &mut with) {
                    with(self.or_unknown(&part));
                }
            }
        }
    }

    /// The numbers of a word in small letters: its own, or of the longest piece that it begins with and the longest that goes on from
    /// there. False, and none given, where some letter is in no piece or the word is no word any more.
    fn each(&self, word: &str, mut with: impl FnMut(u32)) -> bool {
        if let Some(piece) = self.id(word) {
            with(piece);
            return true;
        }
        if word.chars().nth(LONGEST_WORD).is_some() {
            return false;
        }
        let mut from = 0;
        let mut found = Vec::new();
        while from < word.len() {
            let piece = (from + 1..=word.len().min(from + self.longest))
                .rev()
                .filter(|to| word.is_char_boundary(*to))
                .find_map(|to| {
                    let part = &word[from..to];
                    let known = if from == 0 { self.id(part) } else { self.id(format!("##{part}").as_str()) };
                    known.map(|piece| (to, piece))
                });
            let Some((to, piece)) = piece else { return false };
            found.push(piece);
            from = to;
        }
        found.into_iter().for_each(with);
        true
    }
}
