//! This is where phrases are looked up: by the words, numbers and facts that they can begin with, so that a phrase is tried
//! only where it may stand.

use super::pattern::{FactKind, Head, Pattern, Text};
use super::vocabulary::{HYPHEN, UNKNOWN, Vocabulary, is_number};
use crate::fx::BuildFx;
use crate::words::WordKind;
use std::collections::HashMap;

/// A phrase with more words that can come second is looked up by its first alone.
const SECONDS: usize = 48;

/// The phrases that can match a kind of statement.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// By the number of the word that they can begin with, also where only its head is named.
    by_word: Vec<Vec<u32>>,
    /// By the numbers of that word and of the one that must come after it.
    by_pair: HashMap<(u32, u32), Vec<u32>, BuildFx>,
    /// By the first three bytes of a word of no number.
    by_prefix: HashMap<[u8; 3], Vec<(String, u32)>, BuildFx>,
    /// These begin with a number.
    numbers: Vec<u32>,
    /// These begin with a fact of that kind.
    by_fact: [Vec<u32>; FactKind::COUNT],
    /// These can begin with any word.
    anywhere: Vec<u32>,
    /// These begin with anything, but only at the statement's first word.
    first: Vec<u32>,
}

impl Index {
    /// The index of these phrases, whose words are in the vocabulary.
    pub fn new<'p>(vocabulary: &Vocabulary, phrases: impl Iterator<Item = (u32, &'p Pattern)>) -> Self {
        let mut index = Self { by_word: vec![Vec::new(); vocabulary.words().len()], ..Self::default() };
        for (phrase, pattern) in phrases {
            index.add(vocabulary, phrase, pattern);
            index.pair(vocabulary, phrase, pattern);
        }
        index
    }

    /// Moves the phrase just added from single words to pairs, where few words can come second.
    fn pair(&mut self, vocabulary: &Vocabulary, phrase: u32, pattern: &Pattern) {
        for (head, list) in (0..).zip(&mut self.by_word) {
            // What a hyphen begins is rare enough.
            if list.last() != Some(&phrase) || head == HYPHEN {
                continue;
            }
            let Some(seconds) = pattern.seconds(vocabulary, head).filter(|seconds| seconds.len() <= SECONDS) else {
                continue;
            };
            list.pop();
            for second in seconds {
                self.by_pair.entry((head, second)).or_default().push(phrase);
            }
        }
    }

    fn add(&mut self, vocabulary: &Vocabulary, phrase: u32, pattern: &Pattern) {
        let Some(heads) = pattern.heads() else {
            if pattern.is_anchored() {
                self.first.push(phrase)
            } else {
                self.anywhere.push(phrase)
            }
            return;
        };
        // Two branches may begin with the same word: once is enough.
        let add = |list: &mut Vec<u32>| {
            if list.last() != Some(&phrase) {
                list.push(phrase);
            }
        };
        for head in heads {
            match head {
                Head::Word(word) => add(&mut self.by_word[word as usize]),
                Head::Prefix(prefix) => match prefix.as_bytes().first_chunk::<3>() {
                    Some(&key) => {
                        let words = vocabulary.words().iter().zip(&mut self.by_word);
                        words.filter(|(word, _)| word.starts_with(&prefix)).for_each(|(_, list)| add(list));
                        self.by_prefix.entry(key).or_default().push((prefix, phrase));
                    }
                    None => add(&mut self.anywhere),
                },
                Head::Number => {
                    add(&mut self.numbers);
                    let words = self.by_word.iter_mut().zip(0..).filter(|(_, id)| is_number(*id));
                    words.for_each(|(list, _)| add(list));
                }
                Head::Fact(kind) => add(&mut self.by_fact[kind as usize]),
            }
        }
    }

    /// Where the phrases stand in a text; `phrases` are all that there are.
    pub fn hits(&self, phrases: &[Pattern], text: Text<'_>) -> Hits {
        let mut found = Vec::with_capacity(text.words.len());
        let mut try_at = |i: usize, p: u32| {
            if let Some(end) = phrases[p as usize].at(text, i) {
                found.push((p, i as u32, end as u32));
            }
        };
        for (i, (&id, word)) in text.ids.iter().zip(text.words.list()).enumerate() {
            self.by_word[id as usize].iter().for_each(|&p| try_at(i, p));
            if id != UNKNOWN {
                let next = text.id(i + 1);
                self.by_pair.get(&(id, next)).into_iter().flatten().for_each(|&p| try_at(i, p));
                if next == HYPHEN {
                    self.by_pair.get(&(id, text.id(i + 2))).into_iter().flatten().for_each(|&p| try_at(i, p));
                }
            }
            if id == UNKNOWN && word.kind == WordKind::Letters {
                let lower = text.words.lower(i);
                if let Some(list) = lower.as_bytes().first_chunk::<3>().and_then(|key| self.by_prefix.get(key)) {
                    list.iter().filter(|(prefix, _)| lower.starts_with(prefix)).for_each(|&(_, p)| try_at(i, p));
                }
            }
            if word.kind == WordKind::Digits {
                self.numbers.iter().for_each(|&p| try_at(i, p));
            }
            self.anywhere.iter().for_each(|&p| try_at(i, p));
        }
        if !text.ids.is_empty() {
            self.first.iter().for_each(|&p| try_at(0, p));
        }
        for fact in text.facts {
            let at = text.words.at(fact.span.start);
            self.by_fact[FactKind::of(&fact.value) as usize].iter().for_each(|&p| try_at(at, p));
        }
        Hits::new(found, phrases.len())
    }
}

/// Where phrases stand: (phrase, first word, end word), sorted.
pub(crate) struct Hits {
    pub(super) list: Vec<(u32, u32, u32)>,
    /// One bit a phrase: set where it stands anywhere. Most phrases that are asked for do not.
    any: Vec<u64>,
}

impl Hits {
    fn new(mut list: Vec<(u32, u32, u32)>, phrases: usize) -> Self {
        list.sort_unstable();
        // A phrase may have been tried twice at one word, by two of its heads.
        list.dedup();
        let mut any = vec![0; phrases.div_ceil(64)];
        for &(phrase, ..) in &list {
            any[phrase as usize / 64] |= 1 << (phrase % 64);
        }
        Self { list, any }
    }

    /// Every phrase that stands somewhere, as often as it does.
    pub(super) fn phrases(&self) -> impl Iterator<Item = usize> + '_ {
        self.list.iter().map(|(phrase, ..)| *phrase as usize)
    }

    /// Where a phrase stands: first word and end word.
    pub fn of(&self, phrase: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
        let from =
            if self.has(phrase) { self.list.partition_point(|h| (h.0 as usize) < phrase) } else { self.list.len() };
        self.list[from..].iter().take_while(move |h| h.0 as usize == phrase).map(|h| (h.1 as usize, h.2 as usize))
    }

    /// True where the phrase stands anywhere.
    pub(super) fn has(&self, phrase: usize) -> bool {
        self.any[phrase / 64] & (1 << (phrase % 64)) != 0
    }
}
