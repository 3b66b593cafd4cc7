//! This is what each word of a plan is by itself: its stem and how much it tells, and which checks have to look closer at it.
//!
//! A plan of 10,000 words has some 1,500 that differ. What a word is, is found once for all its places; a check then reads a flag
//! where it would compare the word with its lists again and again.

use super::child::{self, Names};
use super::cover::Gender;
use super::place::{self, Cue};
use super::thread::lexicon::{self, Meaning};
use crate::fx::BuildFx;
use crate::model::vectors::{Sense, Vectors};
use crate::words::Words;
use std::cell::RefCell;
use std::collections::HashMap;

/// What a word is by itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known {
    /// What it tells of what a statement is about.
    pub meaning: Meaning,
    /// Its pieces, by which statements are near each other.
    pub sense: Sense,
    /// What [`place`] reads of it.
    pub cue: Option<Cue>,
    flags: u16,
}

/// What a word may be.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Is {
    /// The child's name, or a word for any child that needs none: "he", "pupil".
    Child = 1,
    /// Another word for the child: "his", "him", "my".
    Childs = 2,
    /// Somebody who helps, or a service.
    Helper = 4,
    /// A helper's word that is a building's as well.
    Building = 8,
    /// A thing that is provided.
    Help = 16,
    /// "he", "him", "his".
    Male = 32,
    /// "she", "her".
    Female = 64,
    /// Somebody whom [`child::pronoun_changes`] may take a pronoun for.
    Person = 128,
    /// "sister", "friend".
    Relation = 256,
    /// "Mrs".
    Title = 512,
    /// "boy", "daughter": says a sex.
    Sex = 1024,
    /// The end of a sentence: ".".
    Stop = 2048,
}

/// Words of other plans that a thread remembers: plans share most of theirs.
const MOST_COMMON: usize = 1 << 15;

thread_local! {
    static COMMON: RefCell<HashMap<u64, Known, BuildFx>> = RefCell::default();
}

impl Known {
    /// True where the word is that.
    pub fn is(self, what: Is) -> bool {
        self.flags & what as u16 != 0
    }

    /// The sex of a pronoun.
    pub fn gender(self) -> Option<Gender> {
        match (self.is(Is::Male), self.is(Is::Female)) {
            (true, _) => Some(Gender::Male),
            (_, true) => Some(Gender::Female),
            _ => None,
        }
    }

    /// What a word with that hash is where the child is called `own`.
    fn new(hash: u64, word: &str, own: &Names) -> Self {
        let mut known = COMMON.with_borrow_mut(|common| {
            if common.len() >= MOST_COMMON {
                common.clear();
            }
            *common.entry(hash).or_insert_with(|| Self::of_any_plan(word))
        });
        if child::is_named(own, word) {
            known.flags |= Is::Child as u16 | Is::Person as u16;
        }
        known
    }

    /// What a word is whatever the child is called.
    fn of_any_plan(word: &str) -> Self {
        let own = &Names::default();
        let all = [
            (Is::Child, place::is_child(own, word)),
            (Is::Childs, matches!(word, "his" | "her" | "him" | "my")),
            (Is::Helper, place::is_helper(word)),
            (Is::Building, place::is_building(word)),
            (Is::Help, place::is_help(word)),
            (Is::Male, child::pronoun(word) == Some(Gender::Male)),
            (Is::Female, child::pronoun(word) == Some(Gender::Female)),
            (Is::Person, child::may_be_person(word)),
            (Is::Relation, child::is_relation(word)),
            (Is::Title, matches!(word, "mr" | "mrs" | "ms" | "miss" | "dr")),
            (Is::Sex, child::sex(word).is_some()),
            (Is::Stop, word == "."),
        ];
        let flags = all.iter().filter(|(_, is)| *is).fold(0, |flags, (what, _)| flags | *what as u16);
        Self { meaning: Meaning::of(word), sense: Vectors::builtin().sense(word), cue: place::cue(word), flags }
    }
}

/// The words of a plan.
pub(crate) struct Glossary {
    known: Vec<Known>,
    /// By hash, as in the lexicon.
    by_word: HashMap<u64, u32, BuildFx>,
    /// The words of all statements, one after the other.
    all: Vec<u32>,
    /// Where those of each statement begin, and where the last ends.
    starts: Vec<usize>,
}

impl Glossary {
    /// Of statements with these words, and a child who is called that.
    pub fn of(words: &[Words<'_>], own: &Names) -> Self {
        let count = words.iter().map(Words::len).sum();
        let mut glossary = Self {
            known: Vec::new(),
            by_word: HashMap::with_capacity_and_hasher(count / 4, BuildFx::default()),
            all: Vec::with_capacity(count),
            starts: Vec::with_capacity(words.len() + 1),
        };
        glossary.starts.push(0);
        for words in words {
            for i in 0..words.len() {
                let word = words.lower(i);
                let hash = lexicon::hash(word.as_bytes());
                let next = glossary.known.len() as u32;
                let number = *glossary.by_word.entry(hash).or_insert(next);
                if number == next {
                    glossary.known.push(Known::new(hash, word, own));
                }
                glossary.all.push(number);
            }
            glossary.starts.push(glossary.all.len());
        }
        glossary
    }

    /// What a word in small letters means, also where no statement holds it.
    pub fn meaning(&self, word: &str) -> Meaning {
        let number = self.by_word.get(&lexicon::hash(word.as_bytes()));
        number
            .and_then(|number| self.known.get(*number as usize))
            .map_or_else(|| Meaning::of(word), |known| known.meaning)
    }

    /// What the words of all statements are, in order.
    pub fn all(&self) -> impl Iterator<Item = Known> + '_ {
        self.all.iter().map(|word| self.known[*word as usize])
    }

    /// What the words of a statement are, in order.
    pub fn statement(&self, number: usize) -> impl ExactSizeIterator<Item = Known> + '_ {
        let range = match (self.starts.get(number), self.starts.get(number + 1)) {
            (Some(from), Some(to)) => *from..*to,
            _ => 0..0,
        };
        self.all[range].iter().map(|word| self.known[*word as usize])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_in_its_own_plan_only() {
        let words = [Words::new("Will will read. He and Iqra's friend read.")];
        let of = |names: &[&str]| {
            let own: Names = names.iter().map(|name| (*name).to_owned()).collect();
            Glossary::of(&words, &own).statement(0).collect::<Vec<_>>()
        };
        let (ours, theirs, nobodys) = (of(&["will"]), of(&["iqra"]), of(&[]));
        assert_eq!(ours.len(), words[0].len());
        assert!(ours[0].is(Is::Child) && !theirs[0].is(Is::Child) && !nobodys[0].is(Is::Child));
        let iqra = (0..words[0].len()).find(|i| words[0].lower(*i) == "iqra's").expect("she is there");
        assert!(theirs[iqra].is(Is::Child) && theirs[iqra].is(Is::Person) && !ours[iqra].is(Is::Child));
        assert!(ours[3].is(Is::Stop) && ours[4].is(Is::Male) && ours[4].is(Is::Child));
        assert_eq!(ours[1].cue, Some(Cue::Will), "in small letters the two are one word");
        assert_eq!(Glossary::of(&words, &Names::default()).statement(1).len(), 0);
    }
}
