//! This is the grammar's lexicon: what each word may be, from `lexicon.txt` and `roles.txt`, looked up once a word.

use super::{Naming, Period};
use crate::fx::BuildFx;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Set of word classes.
pub(super) type Classes = u64;

macro_rules! classes {
    ($($name:ident = $bit:expr, $word:literal;)*) => {
        $(pub(super) const $name: Classes = 1 << $bit;)*
        fn class(word: &str) -> Option<Classes> {
            match word { $($word => Some($name),)* _ => None }
        }
    };
}

classes! {
    NUM = 0, "num"; ORDINAL = 1, "ordinal"; LEAD = 2, "lead"; UNIT = 3, "unit"; SPAN = 4, "span"; ADVERB = 5, "adverb";
    WEEKDAY = 6, "weekday"; WEEKDAYS = 7, "weekdays"; MONTH = 8, "month"; SEASON = 9, "season"; PART = 10, "part";
    PLURAL = 11, "plural"; SESSION = 12, "session"; TRIAL = 13, "trialnoun"; PERSON = 14, "person"; TITLE = 15, "title";
    ROLEMOD = 16, "rolemod"; QUALIFIER = 17, "qualifier"; TOLERANT = 18, "tolerant"; ACT = 19, "act"; SOFT = 20, "soft";
    HELP = 21, "help"; SELF = 22, "self"; ERROR = 23, "error"; PLACE = 24, "place"; SUBJECT = 25, "subject";
    EVENT = 26, "event"; NOTEVENT = 27, "notevent"; PREP = 28, "preposition"; FAILING = 29, "failing"; WHEN = 30, "when";
    ROLE = 31, "role"; VERB = 32, "verb"; IRREGULAR = 33, "irregular";
}

/// What one word may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tag {
    /// Its classes.
    pub classes: Classes,
    /// Value of a number, minutes of a unit, days of a span, times of an adverb.
    pub value: f64,
    /// Period of a span, an adverb, a part of the day, a kind of session.
    pub period: Option<Period>,
    /// Index into [`Lexicon::roles`] of the role names that begin with it.
    pub roles: u32,
    /// Which patterns it opens.
    pub keys: u32,
}

impl Tag {
    /// The tag of a word that means nothing to the grammar.
    pub(super) const NONE: Self = Self { classes: 0, value: 0.0, period: None, roles: 0, keys: 0 };
}

macro_rules! keys {
    ($($name:ident = $bit:expr; $($word:literal)*;)*) => {
        $(pub(super) const $name: u32 = 1 << $bit;)*
        const KEYS: &[(&str, u32)] = &[$($(($word, $name)),*),*];
    };
}

// Words that begin, or hold together, a pattern of a family.
keys! {
    K_DEADLINE = 0; "by" "before" "until" "till" "within" "after" "at" "in" "over" "this" "next" "end" "due" "deadline" "during"
        "on" "for" "across" "ready" "prior";
    K_PLACE = 1; "in" "at" "on" "within" "across" "throughout" "inside" "from" "to" "around" "outside" "into" "where";
    K_LABEL = 2; "year" "y" "yr" "ks" "stage" "grade" "age" "aged" "ages" "section" "sections" "paragraph" "para" "page" "pages"
        "room" "appendix" "phase" "unit" "chapter" "stages" "grades" "years" "levels" "level" "tier" "wave" "part"
        "version" "edition" "gmfcs" "macs" "number" "outcome" "objective" "band" "topic"
        "pathway" "column" "question" "exercise" "£" "$" "€" "reg" "regulation" "step"
        "term" "week" "day" "n" "p" "key";
    K_EVERY = 3; "every" "each" "per" "/" "all" "both" "any" "p";
    K_ONCE = 4; "once" "twice" "thrice";
    K_WHOLE = 5; "half" "quarter" "three" "full" "whole" "fulltime" "all" "throughout" "across" "a" "an" "one" "entire";
    K_TIMES = 6; "x";
    K_GROUP = 7; "grp" "group" "groups" "pair" "pairs" "individually" "individual" "whole" "ratio" "class" "small" "partner" "max"
        "maximum" "up" "no" "alongside" "with";
    K_FREE = 8; "without" "no" "nobody" "own" "by" "for" "on" "with" "after" "nil" "zero" "error" "needing" "requiring"
        "only";
    K_SCORE = 9; "score" "scores" "scoring" "level" "stage" "percentile" "band" "grade" "gcse" "pass" "entry" "step" "age"
        "merit" "distinction";
    K_LIST = 10; ":" "including" "namely";
    K_REVIEW = 11; "reviewed" "review" "reviews" "reviewing" "evaluated" "monitored" "evaluate" "evaluates" "monitor" "monitors"
        "evaluation" "updated" "refreshed" "revisited" "monitoring";
    K_TRIGGER = 12; "when" "whenever" "if" "wherever" "once" "unless" "before" "after" "at" "on" "upon" "following" "during"
        "as" "prior" "for" "in" "ahead" "between";
    K_RUN = 13; "consecutive" "successive" "running" "straight" "row";
}

/// A role name after its first word.
#[derive(Debug)]
pub(super) struct RoleName {
    rest: Vec<Box<str>>,
    /// How closely it names a role.
    pub class: RoleClass,
}

/// What a role name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RoleClass {
    /// A person in a role.
    Named(Naming),
    /// A therapy or service: an expert where it acts, otherwise a thing.
    Service,
    /// An organisation or group: unnamed, and only where it acts.
    Body,
}

/// Every word that the grammar knows.
#[derive(Debug)]
pub(super) struct Lexicon {
    tags: HashMap<Box<str>, Tag, BuildFx>,
    roles: Vec<Vec<RoleName>>,
}

/// The one lexicon, read from the files beside this module when it is first used.
pub(super) static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::parse(include_str!("lexicon.txt"), include_str!("roles.txt")));

impl Lexicon {
    /// What `word` (lower-cased) may be.
    pub(super) fn tag(&self, word: &str) -> Tag {
        self.tags.get(word).copied().unwrap_or(Tag::NONE)
    }

    /// The role names that begin with the word of this tag, longest first.
    pub(super) fn roles(&self, tag: Tag) -> &[RoleName] {
        self.roles.get(tag.roles as usize).map_or(&[], Vec::as_slice)
    }

    fn parse(words: &str, roles: &str) -> Self {
        let mut lexicon = Self { tags: HashMap::default(), roles: vec![Vec::new()] };
        for line in words.lines().filter(|l| !l.starts_with('#')) {
            let Some((head, list)) = line.split_once('|') else { continue };
            lexicon.words(head, list);
        }
        for &(word, key) in KEYS {
            lexicon.entry(word).keys |= key;
        }
        for line in roles.lines().filter(|l| !l.starts_with('#')) {
            if let Some((name, class)) = line.split_once('\t') {
                lexicon.role(name, class);
            }
        }
        for names in &mut lexicon.roles {
            names.sort_by_key(|n| std::cmp::Reverse(n.rest.len()));
        }
        lexicon
    }

    fn words(&mut self, head: &str, list: &str) {
        let mut classes = 0;
        let mut value = None;
        let mut period = None;
        for item in head.split_whitespace() {
            match item.split_at(1) {
                ("=", number) => value = number.parse().ok(),
                ("@", name) => period = period_named(name),
                _ => classes |= class(item).unwrap_or(0),
            }
        }
        for word in list.split_whitespace() {
            if classes & VERB == 0 {
                self.add(word, classes, value, period);
                continue;
            }
            for form in forms(word) {
                self.add(&form, classes & !VERB, value, period);
            }
        }
    }

    fn add(&mut self, word: &str, classes: Classes, value: Option<f64>, period: Option<Period>) {
        let tag = self.entry(word);
        tag.classes |= classes;
        tag.value = value.unwrap_or(tag.value);
        tag.period = period.or(tag.period);
    }

    fn entry(&mut self, word: &str) -> &mut Tag {
        self.tags.entry(word.into()).or_insert(Tag::NONE)
    }

    fn role(&mut self, name: &str, class: &str) {
        let class = match class {
            "expert" => RoleClass::Named(Naming::Expert),
            "post" => RoleClass::Named(Naming::Post),
            "service" => RoleClass::Service,
            "body" => RoleClass::Body,
            _ => RoleClass::Named(Naming::Unnamed),
        };
        let mut words = name.split_whitespace();
        let Some(first) = words.next() else { return };
        let rest: Vec<Box<str>> = words.map(Into::into).collect();
        let firsts = if rest.is_empty() { vec![first.to_owned(), plural(first)] } else { vec![first.to_owned()] };
        for first in firsts {
            let next = self.roles.len() as u32;
            let tag = self.entry(&first);
            tag.classes |= ROLE;
            if tag.roles == 0 {
                tag.roles = next;
                self.roles.push(Vec::new());
            }
            let at = self.tags.get(first.as_str()).map_or(0, |t| t.roles as usize);
            self.roles[at].push(RoleName { rest: rest.clone(), class });
        }
    }
}

impl RoleName {
    /// The words after the first.
    pub(super) fn rest(&self) -> &[Box<str>] {
        &self.rest
    }
}

/// True where `word` is `singular`, or its regular plural.
pub(super) fn same_noun(word: &str, singular: &str) -> bool {
    match word.strip_prefix(singular) {
        Some(rest) => matches!(rest, "" | "s" | "es"),
        None => singular.strip_suffix('y').is_some_and(|stem| word.strip_prefix(stem) == Some("ies")),
    }
}

fn plural(word: &str) -> String {
    match word.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ if word.ends_with(['s', 'x', 'z']) => format!("{word}es"),
        _ => format!("{word}s"),
    }
}

/// A verb's base form, -s form and -ing form.
fn forms(base: &str) -> [String; 4] {
    let third = match base.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ if base.ends_with(['s', 'x', 'z', 'o']) || base.ends_with("ch") || base.ends_with("sh") => {
            format!("{base}es")
        }
        _ => format!("{base}s"),
    };
    let stem = base.strip_suffix('e').filter(|s| !s.ends_with('e')).unwrap_or(base);
    let doubled = stem.chars().last().map_or_else(String::new, |last| format!("{stem}{last}ing"));
    [base.to_owned(), third, format!("{stem}ing"), doubled]
}

fn period_named(name: &str) -> Option<Period> {
    Some(match name {
        "hour" => Period::Hour,
        "lesson" => Period::Lesson,
        "day" => Period::Day,
        "week" => Period::Week,
        "fortnight" => Period::Fortnight,
        "month" => Period::Month,
        "halfterm" => Period::HalfTerm,
        "term" => Period::Term,
        "quarter" => Period::Quarter,
        "year" => Period::Year,
        "event" => Period::Event,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_files_is_understood() {
        for line in include_str!("lexicon.txt").lines().filter(|l| !l.starts_with('#') && !l.is_empty()) {
            let (head, list) = line.split_once('|').expect(line);
            assert!(list.split_whitespace().next().is_some(), "no words: {line}");
            for item in head.split_whitespace() {
                let known = match item.split_at(1) {
                    ("=", n) => n.parse::<f64>().is_ok(),
                    ("@", p) => period_named(p).is_some(),
                    _ => class(item).is_some(),
                };
                assert!(known, "{item} in {line}");
            }
        }
        for line in include_str!("roles.txt").lines().filter(|l| !l.starts_with('#') && !l.is_empty()) {
            let (name, class) = line.split_once('\t').expect(line);
            assert_eq!(name, name.trim().to_lowercase());
            assert!(matches!(class, "expert" | "post" | "unnamed" | "service" | "body"), "{line}");
        }
    }

    #[test]
    fn verbs_are_inflected() {
        for word in ["write", "writes", "writing", "carries", "putting", "matches", "spelling"] {
            assert_ne!(LEXICON.tag(word).classes & ACT, 0, "{word}");
        }
    }

    #[test]
    fn plurals_of_role_names_are_known() {
        assert!(same_noun("therapists", "therapist") && same_noun("coaches", "coach") && same_noun("tas", "ta"));
        assert!(!same_noun("teaching", "teach"));
        assert_ne!(LEXICON.tag("elsas").classes & ROLE, 0);
    }
}
