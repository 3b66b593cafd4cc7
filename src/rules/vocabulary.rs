//! This is the vocabulary of a set of rules: each word that its phrases and lists name has a number, so that a word of a
//! text is looked up once and from then on compared by number.

use crate::fx::BuildFx;
use crate::words::Words;
use std::collections::HashMap;

/// A word that no phrase names.
pub(crate) const UNKNOWN: u32 = 0;
/// The hyphen, which phrases pass over.
pub(crate) const HYPHEN: u32 = 1;

const NUMBERS: [&str; 30] = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "seventy",
    "eighty",
    "ninety",
    "hundred",
    "half",
    "dozen",
];

/// True for number words, "one" to "ninety", "hundred", "half", "dozen".
pub(crate) fn is_number_word(word: &str) -> bool {
    NUMBERS.contains(&word)
}

/// The value of "one" to "twenty".
pub(crate) fn up_to_twenty(word: &str) -> Option<i32> {
    NUMBERS[..20].iter().position(|known| *known == word).map(|at| at as i32 + 1)
}

/// True for the number of a number word.
pub(crate) fn is_number(id: u32) -> bool {
    id > HYPHEN && id <= HYPHEN + NUMBERS.len() as u32
}

/// Words and their numbers.
#[derive(Debug, Clone)]
pub(crate) struct Vocabulary {
    ids: HashMap<Box<str>, u32, BuildFx>,
    words: Vec<Box<str>>,
}

impl Default for Vocabulary {
    fn default() -> Self {
        let mut vocabulary = Self { ids: HashMap::default(), words: vec!["".into()] };
        vocabulary.add("-");
        for word in NUMBERS {
            vocabulary.add(word);
        }
        vocabulary
    }
}

impl Vocabulary {
    /// The number of a word, which it now has if it had none.
    pub fn add(&mut self, word: &str) -> u32 {
        if let Some(&id) = self.ids.get(word) {
            return id;
        }
        let id = self.words.len() as u32;
        self.ids.insert(word.into(), id);
        self.words.push(word.into());
        id
    }

    /// The number of a lower-cased word, or [`UNKNOWN`].
    pub fn id(&self, word: &str) -> u32 {
        self.ids.get(word).copied().unwrap_or(UNKNOWN)
    }

    /// The numbers of a text's words.
    pub fn ids(&self, words: &Words<'_>) -> Vec<u32> {
        (0..words.len()).map(|i| self.id(words.lower(i))).collect()
    }

    /// Every word, in the order of the numbers; the first is no word.
    pub fn words(&self) -> &[Box<str>] {
        &self.words
    }
}
