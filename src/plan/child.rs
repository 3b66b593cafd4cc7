//! This is whether a plan is about the child on its cover: another first name, pronouns of the other sex, another school, age or
//! year group.
//!
//! Every check asks who may be meant. A pronoun belongs to the nearest person before it; a name that the plan brings in itself
//! ("his sister Amelia", "Mrs Potts", the authors of section K) is known; "reads at the level of a Year 1 pupil" gives no year group.

use super::adults::helps;
use super::check::{At, Found, Reading};
use super::cover::{Cover, Gender};
use super::glossary::Is;
use super::when;
use crate::fx::BuildFx;
use crate::review::Judged;
use crate::span::Span;
use crate::words::{WordKind, Words};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::LazyLock;

static NAMES: LazyLock<HashSet<&str, BuildFx>> = LazyLock::new(|| {
    let lines = include_str!("names.txt").lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).collect()
});

/// Names in small letters.
pub(super) type Names = HashSet<String, BuildFx>;

/// What the child is called, in small letters: by the cover, or where it does not say, whoever the plan is mostly about. A short form
/// that the plan uses counts as well. And all first names in the statements with these words.
pub(super) fn names_of(cover: &Cover, words: &[Words<'_>]) -> (Names, Vec<Named>) {
    let mut own: Names = cover.names.iter().map(|name| name.to_lowercase()).collect();
    let mut named: Vec<Named> = Vec::new();
    for (statement, words) in words.iter().enumerate() {
        names(words, |i, name, listed, strongly| {
            named.push(Named { statement, span: bare(words, i), name, listed, strongly });
        });
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for one in &named {
        *counts.entry(&one.name).or_default() += 1;
    }
    let all: usize = counts.values().sum();
    if own.is_empty() {
        let most = counts.iter().max_by_key(|(name, n)| (**n, std::cmp::Reverse(*name)));
        own.extend(most.filter(|(_, n)| **n >= 2 && **n * 10 >= all * 6).map(|(name, _)| (*name).to_owned()));
    }
    let more: Vec<String> = counts
        .iter()
        .filter(|(name, n)| {
            let short = |own: &String| {
                own.len() >= 3 && name.len() >= 3 && (own.starts_with(**name) || name.starts_with(own.as_str()))
            };
            own.iter().any(short) && **n > 1
        })
        .map(|(name, _)| (*name).to_owned())
        .collect();
    own.extend(more);
    (own, named)
}

/// How many places of one fault are shown.
const SHOWN: usize = 12;

/// A first name in a statement, as it is used there.
pub(crate) struct Named {
    /// The statement's number.
    pub statement: usize,
    span: Span,
    name: String,
    /// Known to be a first name.
    listed: bool,
    /// Used as only a child's is: "Thomas's needs", "Thomas finds it hard".
    strongly: bool,
}

/// First names in sections B–J that are neither the child's nor those of anybody whom the plan brings in.
pub(super) fn another_name(reading: &Reading<'_>, found: &mut Vec<Found>) {
    if reading.own.is_empty() {
        return;
    }
    let surnames: Names = reading.cover.surnames.iter().map(|name| name.to_lowercase()).collect();
    let known = introduced(reading);
    let mut by_name: BTreeMap<&str, Vec<&Named>> = BTreeMap::new();
    for named in &reading.named {
        let section = reading.statements.get(named.statement).map_or("", |judged| judged.statement.section.as_str());
        if section == "K" {
            continue;
        }
        if reading.own.contains(&named.name) || surnames.contains(&named.name) || known.contains(&named.name) {
            continue;
        }
        // Section A is the family's: whom it names may be anybody, unless they are what the plan is about.
        if matches!(section, "" | "A") && !named.strongly {
            continue;
        }
        by_name.entry(&named.name).or_default().push(named);
    }
    for (_, uses) in by_name {
        let Some(first) = uses.first() else { continue };
        let name = reading.statements.get(first.statement).map_or("", |judged| first.span.of(&judged.statement.text));
        let mut at = Found::new().saying("name", name).saying("child", child(reading));
        for named in uses.iter().take(SHOWN) {
            at = at.at(At::Statement(named.statement, named.span));
        }
        if let Some((paragraph, span)) = reading.cover.named {
            at = at.at(At::Paragraph(paragraph, span));
        }
        found.push(at.sure(first.strongly || first.listed));
    }
}

/// What the plan calls the child.
fn child(reading: &Reading<'_>) -> String {
    reading.cover.names.first().cloned().unwrap_or_else(|| "the child".into())
}

/// The word without "'s".
fn bare(words: &Words<'_>, i: usize) -> Span {
    let span = words.span(i, i + 1);
    let raw = words.raw(i);
    let cut = raw.strip_suffix("'s").or_else(|| raw.strip_suffix("’s")).map_or(0, |rest| raw.len() - rest.len());
    Span::new(span.start, span.end - cut)
}

/// Words of a child's doing that follow a name, and things of a child's that a name owns.
const DOES: &[&str] = &[
    "finds",
    "struggles",
    "sees",
    "never",
    "forgets",
    "counts",
    "knows",
    "reads",
    "writes",
    "leaves",
    "keeps",
    "holds",
    "loses",
    "misses",
    "guesses",
    "understands",
    "hits",
    "falls",
    "becomes",
    "feels",
    "enjoys",
    "cannot",
    "needs",
    "requires",
    "wants",
    "hopes",
    "likes",
    "dislikes",
    "loves",
    "hides",
    "avoids",
    "refuses",
    "speaks",
    "attends",
    "lives",
];
const HAS: &[&str] = &[
    "needs",
    "difficulties",
    "difficulty",
    "anxiety",
    "outcomes",
    "parents",
    "mum",
    "mother",
    "dad",
    "father",
    "speech",
    "attention",
    "progress",
    "views",
    "provision",
    "behaviour",
    "reading",
    "writing",
    "language",
    "understanding",
    "class",
    "teacher",
    "learning",
    "confidence",
    "family",
    "school",
    "plan",
    "communication",
    "timetable",
    "skills",
    "strengths",
    "desk",
    "hearing",
    "vision",
    "sleep",
    "diagnosis",
    "key",
    "teaching",
    "support",
    "name",
    "own",
    "bag",
    "ideas",
    "words",
    "targets",
];
/// What a child does in an outcome.
const ACTS: &[&str] = &[
    "follow",
    "carry",
    "say",
    "give",
    "make",
    "get",
    "keep",
    "hold",
    "finish",
    "understand",
    "wear",
    "draw",
    "type",
    "swim",
    "ride",
    "cook",
    "tell",
    "retell",
    "join",
    "name",
    "answer",
    "read",
    "blend",
    "spell",
    "write",
    "record",
    "put",
    "solve",
    "choose",
    "show",
    "come",
    "attend",
    "ask",
    "eat",
    "stay",
    "cut",
    "walk",
    "balance",
    "repeat",
    "check",
    "find",
    "travel",
    "catch",
    "complete",
    "greet",
    "pay",
    "plan",
    "go",
    "spend",
    "stop",
    "have",
    "learn",
    "receive",
    "begin",
    "play",
    "sit",
    "speak",
    "wait",
    "dress",
    "wash",
    "count",
    "identify",
    "explain",
    "describe",
    "listen",
    "recognise",
    "take",
    "use",
    "return",
    "calm",
];
/// What is done with a person.
const TO_PERSONS: &[&str] = &[
    "teach",
    "help",
    "helps",
    "support",
    "supports",
    "prompt",
    "remind",
    "encourage",
    "allow",
    "enable",
    "enables",
    "tell",
    "ask",
    "beside",
    "supporting",
    "helping",
    "teaching",
    "reminding",
    "prompting",
    "treat",
    "meet",
    "with",
    "see",
];
const VERBS: &[&str] = &[
    "will",
    "has",
    "is",
    "can",
    "does",
    "would",
    "was",
    "should",
    "must",
    "may",
    "uses",
    "knows",
    "says",
    "reads",
    "writes",
    "told",
    "asked",
    "said",
    "and",
    "had",
    "shows",
    "takes",
    "goes",
    "who",
    "often",
    "sometimes",
    "also",
    "now",
    "currently",
];
const BEFORE: &[&str] = &[
    "help",
    "helps",
    "support",
    "supports",
    "teach",
    "teaches",
    "for",
    "with",
    "to",
    "of",
    "allow",
    "enable",
    "enables",
    "give",
    "gives",
    "remind",
    "reminds",
    "prompt",
    "prompts",
    "show",
    "shows",
    "let",
    "ask",
    "asks",
    "tell",
    "tells",
    "supporting",
    "helping",
    "teaching",
    "enabling",
    "beside",
    "and",
    "by",
    "that",
    "when",
    "if",
    "so",
    "see",
    "giving",
    "encourage",
    "from",
    "asking",
    "meet",
    "meets",
    "because",
    "where",
    "before",
    "after",
    "while",
    "until",
    "gives",
    "on",
    "at",
];

/// Calls `found` for every word that is used as a first name: its place, the name in small letters, whether it is in the list of
/// names, and whether only a child's name is used so.
fn names(words: &Words<'_>, mut found: impl FnMut(usize, String, bool, bool)) {
    let capital = |i: usize| {
        words.list().get(i).is_some_and(|word| word.kind == WordKind::Letters)
            && words.raw(i).starts_with(char::is_uppercase)
    };
    for i in 0..words.len() {
        if !capital(i) || words.raw(i).len() < 2 {
            continue;
        }
        let lower = words.lower(i);
        let name = lower.strip_suffix("'s").unwrap_or(lower);
        let owns = name.len() < lower.len();
        let listed = NAMES.contains(name) && !is_common(name);
        let next = words.lower(i + 1);
        let before = i.checked_sub(1).map_or("", |at| words.lower(at));
        let starts = i == 0 || matches!(before, "." | ":" | "!" | "?" | "-" | "\"" | "(");
        // "Lego Therapy", "Wobblegate Primary", "Mrs Potts": part of a longer name of something else.
        let titled =
            matches!(before, "mr" | "mrs" | "ms" | "miss" | "mx" | "dr" | "prof" | "professor" | "st" | "saint")
                || before == "." && i >= 2 && matches!(words.lower(i - 2), "mr" | "mrs" | "ms" | "dr" | "st");
        let in_row = capital(i + 1) && !owns || i > 0 && !starts && capital(i - 1) && !words.raw(i - 1).ends_with('I');
        if titled || in_row && !listed || in_row && is_place(words.lower(i + 1)) {
            continue;
        }
        let plain = !is_common(name) && !words.raw(i).chars().nth(1).is_some_and(char::is_uppercase);
        let strongly = plain && {
            let verb = words.lower(i + 2);
            let acts = next == "will"
                && (ACTS.contains(&verb)
                    || verb == "be"
                        && matches!(words.lower(i + 3), "able" | "understood" | "asleep" | "taught" | "encouraged"));
            let is = next == "is"
                && matches!(
                    verb,
                    "able" | "prone" | "over" | "afraid" | "quickly" | "easily" | "often" | "anxious" | "unable"
                )
                || next == "has"
                    && matches!(
                        verb,
                        "difficulty" | "difficulties" | "autism" | "a" | "never" | "epilepsy" | "dyslexia" | "severe"
                    )
                || next == "does" && verb == "not"
                || next == "cannot" && verb != "be";
            if owns {
                !matches!(
                    next,
                    "syndrome"
                        | "disease"
                        | "service"
                        | "services"
                        | "team"
                        | "centre"
                        | "hospital"
                        | "day"
                        | "hospice"
                        | ""
                        | ","
                ) && !is_eponym(name)
                    && (HAS.contains(&next) || !starts)
            } else {
                let told = words.raw(i + 1).starts_with(char::is_lowercase)
                    && matches!(
                        before,
                        "teach" | "help" | "support" | "remind" | "encourage" | "prompt" | "tell" | "ask"
                    );
                let object = !starts
                    && !in_row
                    && TO_PERSONS.contains(&before)
                    && (told
                        || matches!(
                            next,
                            "to" | "with"
                                | "how"
                                | ","
                                | "."
                                | "and"
                                | "in"
                                | "on"
                                | "through"
                                | "about"
                                | "for"
                                | "when"
                                | "at"
                                | ""
                        ));
                let subject = DOES.contains(&next) || acts || is;
                object || subject && !(starts && is_noun(name, acts || next == "cannot"))
            }
        };
        let used = owns
            || VERBS.contains(&next)
            || DOES.contains(&next)
            || next.len() > 3 && next.ends_with('s') && words.raw(i + 1).starts_with(char::is_lowercase)
            || !starts && (BEFORE.contains(&before) || matches!(next, "," | "." | "'" | ""));
        if strongly || listed && used {
            found(i, name.to_owned(), listed, strongly);
        }
    }
}

/// What follows a name that is a place's: "Arthur Street", "Charlotte House".
fn is_place(next: &str) -> bool {
    matches!(
        next,
        "street"
            | "road"
            | "house"
            | "lane"
            | "avenue"
            | "court"
            | "park"
            | "school"
            | "primary"
            | "academy"
            | "college"
            | "hospital"
            | "centre"
            | "clinic"
            | "trust"
            | "ward"
            | "church"
            | "award"
            | "therapy"
            | "programme"
            | "scale"
            | "test"
    )
}

/// Capitalised words that stand where a name may: at the head of a sentence, or as a title of something.
fn is_common(word: &str) -> bool {
    const COMMON: &[&str] = &[
        "he",
        "she",
        "they",
        "it",
        "the",
        "this",
        "that",
        "these",
        "those",
        "we",
        "i",
        "you",
        "who",
        "everyone",
        "everybody",
        "nobody",
        "staff",
        "teacher",
        "teachers",
        "parents",
        "mum",
        "dad",
        "mother",
        "father",
        "child",
        "children",
        "pupil",
        "pupils",
        "student",
        "person",
        "school",
        "college",
        "nursery",
        "council",
        "authority",
        "section",
        "year",
        "key",
        "his",
        "her",
        "their",
        "its",
        "my",
        "our",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "english",
        "maths",
        "science",
        "reading",
        "writing",
        "speech",
        "language",
        "literacy",
        "numeracy",
        "autism",
        "makaton",
        "one",
        "what",
        "which",
        "somebody",
        "someone",
        "nothing",
        "no",
        "each",
        "every",
        "class",
        "reception",
        "senco",
        "elsa",
        "camhs",
        "home",
        "family",
        "grandma",
        "grandad",
        "nan",
        "granny",
        "aunt",
        "uncle",
        "therapist",
        "psychologist",
        "assistant",
        "there",
        "life",
        "learning",
        "young",
        "today",
        "god",
        "britain",
        "england",
        "french",
        "german",
        "spanish",
        "history",
        "geography",
        "music",
        "art",
        "drama",
        "computing",
        "pe",
        "re",
        "pshe",
        "braille",
        "makaton",
        "bsl",
        "signalong",
        "phonics",
        "numicon",
        "lego",
        "zones",
        "elklan",
        "christmas",
        "easter",
        "ramadan",
        "eid",
        "diwali",
        "polish",
        "urdu",
        "arabic",
        "wales",
        "london",
        "health",
        "care",
        "education",
        "service",
        "team",
        "adult",
        "adults",
        "people",
        "group",
        "ta",
        "lsa",
    ];
    COMMON.contains(&word)
}

/// Names of conditions and the like: "Down's syndrome", "Tourette's".
fn is_eponym(word: &str) -> bool {
    matches!(
        word,
        "down"
            | "asperger"
            | "tourette"
            | "crohn"
            | "parkinson"
            | "alzheimer"
            | "perthes"
            | "children"
            | "women"
            | "men"
            | "people"
            | "let"
            | "it"
            | "that"
            | "what"
            | "there"
            | "here"
            | "who"
            | "mildred"
            | "bede"
            | "mary"
            | "king"
            | "queen"
            | "grandma"
            | "teacher"
            | "today"
            | "council"
            | "authority"
            | "country"
            | "world"
            | "everyone"
            | "everybody"
            | "someone"
            | "nobody"
            | "year"
            | "term"
            | "parent"
            | "carer"
            | "governor"
            | "university"
            | "british"
    )
}

/// True for words that may begin a sentence with a capital and are no names by their ending, or by being what plans begin with.
fn is_noun(word: &str, many: bool) -> bool {
    ["ing", "ion", "ment", "ance", "ence", "ist", "ity", "ness", "ship", "ure", "ism", "cy", "hood"]
        .iter()
        .any(|end| word.ends_with(end))
        || many && word.ends_with('s') && !NAMES.contains(word)
        || matches!(
            word,
            "sleep"
                | "print"
                | "work"
                | "noise"
                | "change"
                | "memory"
                | "behaviour"
                | "vision"
                | "text"
                | "play"
                | "food"
                | "diet"
                | "weight"
                | "mood"
                | "anger"
                | "pain"
                | "number"
                | "money"
                | "sight"
                | "touch"
                | "speech"
                | "transport"
                | "travel"
                | "toilet"
                | "word"
                | "spoken"
                | "support"
                | "help"
                | "therapy"
                | "input"
                | "access"
                | "homework"
                | "break"
                | "lunch"
                | "swimming"
                | "nobody"
                | "somebody"
                | "neither"
                | "both"
                | "epilepsy"
                | "asthma"
                | "friendship"
                | "confidence"
                | "self"
                | "stress"
                | "anxiety"
                | "transition"
                | "time"
                | "space"
                | "progress"
                | "practice"
                | "advice"
                | "equipment"
                | "software"
                | "technology"
                | "pupil"
                | "mother"
                | "whoever"
                | "public"
                | "fear"
        )
}

/// First names that the plan itself brings in: relations and friends, people with titles, whoever is on the cover or in the list of
/// advice.
fn introduced(reading: &Reading<'_>) -> Names {
    let mut known = Names::default();
    let mut take = |words: &Words<'_>, from: usize, to: usize| {
        for i in from..to.min(words.len()) {
            let raw = words.raw(i);
            if raw.starts_with(char::is_uppercase) {
                let lower = words.lower(i);
                known.insert(lower.strip_suffix("'s").unwrap_or(lower).to_owned());
            }
        }
    };
    for (at, line) in reading.lines.all.iter().enumerate() {
        let section = line.section.and_then(|i| reading.sections.get(i)).map_or("", |section| section.section.as_str());
        // A heading may hold the other child's name, and so may a section's text: only the cover and K are lists of people.
        if at < reading.lines.cover || section == "K" {
            let words = Words::new(line.text);
            take(&words, 0, words.len());
        }
    }
    for (number, words) in reading.words.iter().enumerate() {
        for (i, known) in reading.glossary.statement(number).enumerate() {
            if known.is(Is::Relation) {
                let mut to = i + 1;
                // "sisters, Ana and Mia", "friend called Orla", "sister (Ana)".
                while to < i + 9
                    && (matches!(words.lower(to), "," | "and" | "(" | "called" | "named" | "is" | "are" | "-" | ":")
                        || words.raw(to).starts_with(char::is_uppercase))
                {
                    to += 1;
                }
                take(words, i + 1, to);
                // "Ana, his sister", "Orla is her friend".
                let before = i.saturating_sub(3);
                if (before..i).any(|at| matches!(words.lower(at), "his" | "her" | "their" | "my" | "a")) {
                    take(words, i.saturating_sub(4), i);
                }
            }
            if known.is(Is::Title) {
                take(words, i + 1, i + 4);
            }
        }
    }
    // What a relation's sentence begins with is the child all the same.
    known
}

/// A relation, a friend, or who else may have a name beside the child.
pub(super) fn is_relation(word: &str) -> bool {
    let word = word.strip_suffix("'s").unwrap_or(word);
    matches!(
        word.strip_suffix('s').unwrap_or(word),
        "sister"
            | "brother"
            | "mum"
            | "mother"
            | "dad"
            | "father"
            | "stepdad"
            | "stepmum"
            | "stepfather"
            | "stepmother"
            | "cousin"
            | "friend"
            | "aunt"
            | "uncle"
            | "auntie"
            | "grandma"
            | "grandad"
            | "grandmother"
            | "grandfather"
            | "nan"
            | "granny"
            | "grandparent"
            | "dog"
            | "cat"
            | "rabbit"
            | "pony"
            | "hamster"
            | "carer"
            | "parent"
            | "twin"
            | "sibling"
            | "son"
            | "daughter"
            | "partner"
            | "guardian"
            | "nephew"
            | "niece"
            | "pet"
            | "horse"
            | "teddy"
            | "hero"
            | "singer"
            | "footballer"
            | "author"
            | "character"
            | "band"
            | "neighbour"
            | "peer"
            | "godmother"
            | "childminder"
            | "stepsister"
            | "stepbrother"
    )
}

/// Pronouns of the other sex where nobody but the child can be meant.
pub(super) fn pronoun_changes(reading: &Reading<'_>, found: &mut Vec<Found>) {
    let Some(own) = gender(reading) else { return };
    let mut places: Vec<At> = Vec::new();
    let mut paragraph = usize::MAX;
    let mut last = Person::Child;
    for (number, (judged, words)) in reading.statements.iter().zip(&reading.words).enumerate() {
        // The person meant carries over from the sentence before, in one paragraph.
        if judged.statement.place.paragraph != paragraph {
            paragraph = judged.statement.place.paragraph;
            last = context_person(judged);
        }
        if judged.statement.section == "K" {
            continue;
        }
        let mut others = usize::from(last != Person::Child);
        let mut met = 0;
        for (i, known) in reading.glossary.statement(number).enumerate() {
            if known.is(Is::Stop) {
                others = usize::from(last != Person::Child);
            }
            if let Some(gender) = known.gender() {
                let lower = words.lower(i);
                // "A teacher will help her": of two people in a clause the pronoun is not the one who acts.
                let acted_on = others == 1 && is_object(words, i);
                // Nobody's parents and class but the child's are spoken of.
                let childs = matches!(lower, "his" | "her") && is_childs(words.lower(i + 1));
                if gender == own {
                    if last != Person::Other(Some(own)) {
                        last = Person::Child;
                    }
                } else if last == Person::Child || (acted_on || childs) && last == Person::Other(None) {
                    places.push(At::Statement(number, words.span(i, i + 1)));
                }
                continue;
            }
            if known.is(Is::Person)
                && let Some(person) = person(words, i, &reading.own)
            {
                // "The specialist dyslexia teacher" is one person.
                others += usize::from(person != Person::Child && (others == 0 || i > met + 2));
                met = i;
                last = person;
            }
        }
    }
    if places.is_empty() {
        return;
    }
    let (own, other) = match own {
        Gender::Male => ("he", "she"),
        Gender::Female => ("she", "he"),
    };
    // Many of them are no slip but another child's text, or somebody whom the check does not know: one finding either way.
    let mut at = Found::new().saying("own", own).saying("other", other).saying("count", places.len().to_string());
    for place in places.into_iter().take(SHOWN) {
        at = at.at(place);
    }
    found.push(at);
}

/// True for a pronoun that something is done to: "him", and "her" before no thing of hers.
fn is_object(words: &Words<'_>, i: usize) -> bool {
    match words.lower(i) {
        "him" => true,
        "her" => matches!(
            words.lower(i + 1),
            "" | "."
                | ","
                | ";"
                | ":"
                | ")"
                | "to"
                | "with"
                | "in"
                | "on"
                | "at"
                | "for"
                | "and"
                | "how"
                | "from"
                | "when"
                | "about"
                | "by"
                | "each"
                | "every"
                | "before"
                | "after"
                | "until"
                | "that"
                | "what"
                | "who"
                | "if"
                | "as"
                | "out"
                | "up"
                | "through"
                | "the"
                | "a"
                | "an"
                | "once"
                | "twice"
                | "daily"
                | "or"
                | "but"
                | "so"
                | "where"
                | "while"
                | "during"
                | "into"
        ),
        _ => false,
    }
}

fn is_childs(word: &str) -> bool {
    matches!(
        word,
        "parents"
            | "parent"
            | "mum"
            | "mother"
            | "dad"
            | "father"
            | "family"
            | "class"
            | "peers"
            | "classmates"
            | "teacher"
            | "teachers"
            | "friends"
            | "needs"
            | "difficulties"
            | "plan"
            | "outcomes"
            | "anxiety"
            | "speech"
            | "language"
            | "behaviour"
            | "learning"
            | "feelings"
            | "brother"
            | "sister"
            | "grandparents"
            | "school"
            | "fear"
            | "epilepsy"
            | "hearing"
            | "sight"
    )
}

/// Who was named last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Person {
    Child,
    /// Somebody else, of that sex where it is known.
    Other(Option<Gender>),
}

fn context_person(judged: &Judged) -> Person {
    // "A teaching assistant will:" introduces what she does.
    let lead =
        judged.statement.context.iter().rev().find(|context| context.role == crate::document::ContextRole::LeadIn);
    match lead {
        Some(lead) => {
            let words = Words::new(&lead.text);
            (0..words.len())
                .rev()
                .find_map(|i| is_adult(words.lower(i)).then_some(Person::Other(None)))
                .unwrap_or(Person::Child)
        }
        None => Person::Child,
    }
}

/// The sex of a pronoun.
pub(super) fn pronoun(word: &str) -> Option<Gender> {
    match word {
        "he" | "him" | "his" | "himself" | "he's" | "he'll" => Some(Gender::Male),
        "she" | "her" | "hers" | "herself" | "she's" | "she'll" => Some(Gender::Female),
        _ => None,
    }
}

/// True where a word is what the child is called, or what is the child's.
pub(super) fn is_named(own: &Names, word: &str) -> bool {
    own.contains(word.strip_suffix("'s").unwrap_or(word))
}

/// True where [`person`] may find somebody who is not the child, whatever stands around the word.
pub(super) fn may_be_person(word: &str) -> bool {
    let bare = word.strip_suffix("'s").unwrap_or(word);
    by_word(word, &Names::default()).is_some() || NAMES.contains(bare)
}

/// The person whom word `i` names.
fn person(words: &Words<'_>, i: usize, names: &Names) -> Option<Person> {
    let lower = words.lower(i);
    by_word(lower, names).or_else(|| {
        let bare = lower.strip_suffix("'s").unwrap_or(lower);
        let named = words.raw(i).starts_with(char::is_uppercase) && NAMES.contains(bare);
        named.then_some(Person::Other(None))
    })
}

/// The person whom a word names however it is written.
fn by_word(lower: &str, names: &Names) -> Option<Person> {
    let bare = lower.strip_suffix("'s").unwrap_or(lower);
    if is_named(names, lower) {
        return Some(Person::Child);
    }
    // Of several people none is "she".
    if let Some(gender) = kin(bare) {
        return Some(Person::Other(gender));
    }
    match lower {
        "mrs" | "ms" | "miss" => Some(Person::Other(Some(Gender::Female))),
        "mr" => Some(Person::Other(Some(Gender::Male))),
        "dr" => Some(Person::Other(None)),
        _ => (!bare.ends_with('s') && is_adult(bare)).then_some(Person::Other(None)),
    }
}

/// A relation or other person who may be meant by "she" or "he", and their sex where it is told.
fn kin(word: &str) -> Option<Option<Gender>> {
    Some(match word {
        "mum" | "mummy" | "mother" | "sister" | "aunt" | "auntie" | "grandmother" | "grandma" | "nan" | "granny"
        | "stepmum" | "stepmother" | "woman" | "niece" => Some(Gender::Female),
        "dad" | "daddy" | "father" | "brother" | "uncle" | "grandfather" | "grandad" | "stepdad" | "stepfather"
        | "man" | "nephew" => Some(Gender::Male),
        "friend" | "cousin" | "carer" | "parent" | "sibling" | "twin" | "dog" | "cat" | "pony" | "horse" | "baby"
        | "character" | "singer" | "author" | "partner" | "neighbour" | "doll" | "teddy" | "peer" | "girl" | "boy" => {
            None
        }
        _ => return None,
    })
}

/// An adult who helps.
fn is_adult(word: &str) -> bool {
    let word = word.strip_suffix('s').filter(|word| word.len() > 3).unwrap_or(word);
    helps(word)
        || matches!(
            word,
            "co-ordinator"
                | "manager"
                | "officer"
                | "head"
                | "ep"
                | "ot"
                | "salt"
                | "visitor"
                | "supervisor"
                | "lead"
                | "somebody"
                | "someone"
                | "person"
                | "member"
                | "orthoptist"
        )
}

/// She or he, as nearly all of the plan's pronouns say; `None` where they do not, or where there are few.
fn gender(reading: &Reading<'_>) -> Option<Gender> {
    let (mut he, mut she) = (0usize, 0usize);
    for known in reading.glossary.all() {
        he += usize::from(known.is(Is::Male));
        she += usize::from(known.is(Is::Female));
    }
    let all = he + she;
    if let Some((gender, _)) = reading.cover.gender {
        // The cover decides, unless the text is all of the other sex: then the cover is what is wrong.
        return (all > 0 || !reading.words.is_empty()).then_some(gender);
    }
    let most = he.max(she);
    (most >= 5 && most * 10 >= all * 7).then_some(if he > she { Gender::Male } else { Gender::Female })
}

/// "A … girl" of a boy, "their son" of a daughter.
pub(super) fn another_gender(reading: &Reading<'_>, found: &mut Vec<Found>) {
    let Some(own) = gender(reading) else { return };
    for (number, words) in reading.words.iter().enumerate() {
        for (i, known) in reading.glossary.statement(number).enumerate() {
            if !known.is(Is::Sex) {
                continue;
            }
            let Some((said, if_young)) = sex(words.lower(i)) else { continue };
            if if_young && !(i > 0 && words.lower(i - 1) == "young") {
                continue;
            }
            if said == own || !is_of_the_child(words, i, reading) {
                continue;
            }
            let at = Found::new().at(At::Statement(number, words.span(i, i + 1)));
            found.push(at.saying("child", child(reading)));
        }
    }
}

/// The sex that a word for a child says, and whether it is one only after "young".
pub(super) fn sex(word: &str) -> Option<(Gender, bool)> {
    match word {
        "boy" | "son" | "lad" | "grandson" => Some((Gender::Male, false)),
        "girl" | "daughter" | "granddaughter" => Some((Gender::Female, false)),
        "man" | "gentleman" => Some((Gender::Male, true)),
        "woman" | "lady" => Some((Gender::Female, true)),
        _ => None,
    }
}

/// True where "girl" is what somebody says of the child: "Sam is a … girl", "our son", and no name follows.
fn is_of_the_child(words: &Words<'_>, i: usize, reading: &Reading<'_>) -> bool {
    let mut at = i;
    while at > 0 && i - at < 8 {
        at -= 1;
        match words.lower(at) {
            "our" | "their" => {
                return !words.raw(i + 1).starts_with(char::is_uppercase)
                    && !matches!(words.lower(i + 1), "," | "called");
            }
            "is" | "was" => {
                let subject = at.checked_sub(1).map_or("", |at| words.lower(at));
                return reading.own.contains(subject) || matches!(subject, "he" | "she");
            }
            "a" | "an" | "and" | "," | "very" | "young" | "the" | "-" => {}
            word if word.len() > 2
                && !matches!(word, "with" | "for" | "other" | "another" | "older" | "younger" | "like" | "of") => {}
            _ => return false,
        }
    }
    false
}

/// A school in the text that is not the one on the cover or in section I.
pub(super) fn another_school(reading: &Reading<'_>, found: &mut Vec<Found>) {
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut take = |text: &str| {
        let words = Words::new(text);
        for school in schools(&words) {
            known.extend(school.own);
        }
    };
    if let Some((school, _)) = &reading.cover.school {
        take(school);
        // The field may hold the name without the word "school".
        let words = Words::new(school);
        let bare = schools(&words).is_empty();
        if bare {
            known.extend((0..words.len()).map(|i| words.lower(i).to_owned()).filter(|word| !is_generic(word)));
        }
    }
    let cover = known.clone();
    let placed: Vec<_> =
        reading.lines.all.iter().filter(|line| is_in(reading, line.section, "I") && !line.heading).collect();
    for line in &placed {
        let words = Words::new(line.text);
        for school in schools(&words) {
            // Section I names the school; where it is another than the cover's, one of the two is wrong.
            let moves = moves(&line.text.to_ascii_lowercase());
            if !cover.is_empty() && !school.own.iter().any(|word| cover.contains(word)) && !moves {
                let mut at = Found::new().at(At::Paragraph(line.paragraph, school.span.shifted(line.span.start)));
                if let Some((_, (paragraph, span))) = reading.cover.school {
                    at = at.at(At::Paragraph(paragraph, span));
                }
                found.push(at.saying("school", reading.cover.school.as_ref().map_or("", |(name, _)| name.as_str())));
            }
            known.extend(school.own);
        }
    }
    if known.is_empty() {
        return;
    }
    let named = reading.cover.school.as_ref().map(|(name, _)| name.clone());
    let named = named.unwrap_or_else(|| placed.first().map_or(String::new(), |line| line.text.to_owned()));
    for (number, (judged, words)) in reading.statements.iter().zip(&reading.words).enumerate() {
        if matches!(judged.statement.section.as_str(), "" | "I" | "K") {
            continue;
        }
        for school in schools(words) {
            if school.own.iter().any(|word| known.contains(word)) || moves(&judged.statement.text.to_ascii_lowercase())
            {
                continue;
            }
            let at = Found::new().at(At::Statement(number, school.span));
            found.push(at.saying("school", named.as_str()));
        }
    }
}

fn is_in(reading: &Reading<'_>, section: Option<usize>, id: &str) -> bool {
    section.and_then(|i| reading.sections.get(i)).is_some_and(|section| section.section == id)
}

/// Words that tell of a change of school, or of another that is only visited.
fn moves(text: &str) -> bool {
    [
        "transfer",
        "transition",
        "previous",
        "former",
        "attended",
        "moved",
        "move to",
        "moves to",
        "will start",
        "visit",
        "until ",
        "from september",
        "secondary school",
        "next school",
        "sister",
        "brother",
        "cousin",
        "link",
        "swim",
        "pool",
        "after-school",
        "hydro",
        "in september",
        "will go to",
        "will move",
        "used to",
        "was at",
        "joined",
        "federation",
        "outreach",
        "base at",
        "clinic",
        "hub at",
        "would like to go",
        "wants to go",
        "leave",
    ]
    .iter()
    .any(|word| text.contains(word))
}

struct School {
    span: Span,
    /// The words that tell it from other schools, in small letters.
    own: Vec<String>,
}

/// Schools that are named: capitalised words up to "School", "Academy", "College", "Nursery".
fn schools(words: &Words<'_>) -> Vec<School> {
    let mut out = Vec::new();
    for i in 1..words.len() {
        if !matches!(words.raw(i), "School" | "Academy" | "College" | "Nursery" | "Preschool" | "Infants" | "Juniors") {
            continue;
        }
        if matches!(words.raw(i + 1), "School" | "Academy" | "College" | "Nursery") {
            continue;
        }
        let mut from = i;
        while from > 0 {
            let raw = words.raw(from - 1);
            let joins = matches!(words.lower(from - 1), "of" | "the" | "and" | "." | "&" | "-" | "'" | "c" | "e")
                && from >= 2
                && words.raw(from - 2).starts_with(char::is_uppercase);
            if !(raw.starts_with(char::is_uppercase) || joins) {
                break;
            }
            from -= 1;
        }
        let own: Vec<String> =
            (from..i).map(|at| words.lower(at)).filter(|word| !is_generic(word)).map(str::to_owned).collect();
        if !own.is_empty() {
            out.push(School { span: words.span(from, i + 1), own });
        }
    }
    out
}

/// Words of many schools' names, and words that only stand before one.
fn is_generic(word: &str) -> bool {
    word.len() < 3
        || matches!(
            word,
            "school"
                | "primary"
                | "secondary"
                | "academy"
                | "college"
                | "nursery"
                | "infant"
                | "junior"
                | "infants"
                | "juniors"
                | "high"
                | "middle"
                | "special"
                | "community"
                | "church"
                | "england"
                | "catholic"
                | "roman"
                | "voluntary"
                | "aided"
                | "controlled"
                | "sixth"
                | "form"
                | "the"
                | "and"
                | "mainstream"
                | "maintained"
                | "independent"
                | "free"
                | "upper"
                | "lower"
                | "grammar"
                | "comprehensive"
                | "saint"
                | "forest"
                | "sunday"
                | "play"
                | "art"
                | "after"
                | "section"
                | "at"
                | "in"
                | "for"
                | "each"
                | "every"
                | "year"
                | "home"
                | "local"
                | "his"
                | "her"
                | "their"
                | "this"
                | "all"
                | "new"
                | "foundation"
                | "stage"
                | "further"
                | "education"
                | "specialist"
                | "technology"
                | "city"
                | "national"
                | "state"
                | "day"
                | "boarding"
                | "residential"
                | "hospital"
                | "virtual"
                | "pre"
                | "named"
                | "placement"
                | "type"
                | "name"
                | "medical"
                | "music"
                | "drama"
                | "sports"
                | "when"
                | "from"
                | "both"
        )
}

/// An age that is not the cover's: "Sam is nine", "aged 9", "an eight-year-old".
pub(super) fn another_age(reading: &Reading<'_>, found: &mut Vec<Found>) {
    let cover = &reading.cover;
    let Some(years) = cover.years() else { return };
    if let (Some((age, (paragraph, span))), Some((born, _)), Some((dated, _))) = (cover.age, cover.born, cover.dated) {
        let by_birth = when::age(born, dated);
        if (by_birth - age).abs() > 1 {
            let at = Found::new().at(At::Paragraph(paragraph, span));
            found.push(at.saying("said", age.to_string()).saying("age", by_birth.to_string()));
        }
    }
    for (number, (judged, words)) in reading.statements.iter().zip(&reading.words).enumerate() {
        if judged.statement.section == "K" {
            continue;
        }
        for i in 0..words.len() {
            let Some((said, to)) = age_at(words, i, reading) else { continue };
            // Advice that was written before the last birthday is none of another child.
            let dated = cover.born.is_some() && cover.dated.is_some();
            let fits = said == years || said == years - 1 || !dated && (said - years).abs() <= 1;
            if !fits && (1..=25).contains(&said) {
                let at = Found::new().at(At::Statement(number, words.span(to - 1, to)));
                found.push(at.saying("said", said.to_string()).saying("age", years.to_string()));
                break;
            }
        }
    }
}

/// The age that the words from `i` on say the child is.
fn age_at(words: &Words<'_>, i: usize, reading: &Reading<'_>) -> Option<(i32, usize)> {
    let number = |at: usize| {
        let word = words.lower(at);
        word.parse::<i32>().ok().or_else(|| when::spelt(word)).filter(|n| (1..=25).contains(n))
    };
    let is_child = |at: usize| {
        let word = words.lower(at);
        matches!(word, "he" | "she" | "i") || reading.own.contains(word)
    };
    // "Sam is eight", "she is now 9 years old", "I am 17".
    if is_child(i) && matches!(words.lower(i + 1), "is" | "am") {
        let now = i + 2 + usize::from(matches!(words.lower(i + 2), "now" | "currently" | "aged" | "just" | "only"));
        if let Some(n) = number(now) {
            let after = words.lower(now + 1);
            let years = matches!(after, "year" | "years")
                && !matches!(words.lower(now + 2), "behind" | "below" | "ahead" | "younger");
            if years || matches!(after, "" | "." | "," | "and" | "old" | "-" | ")") {
                return Some((n, now + 1));
            }
        }
        // "is a cheerful boy of nine", "is an eight-year-old girl".
        for at in now..(now + 7).min(words.len()) {
            if matches!(words.lower(at), "boy" | "girl" | "child" | "pupil" | "student" | "man" | "woman" | "person")
                && words.lower(at + 1) == "of"
                && let Some(n) = number(at + 2)
                && !matches!(words.lower(at + 3), "half")
            {
                return Some((n, at + 3));
            }
            if let Some(n) =
                number(at).filter(|_| words.lower(at + 1) == "-" && matches!(words.lower(at + 2), "year" | "years"))
            {
                return Some((n, at + 1));
            }
            if let Some(n) = number(at).filter(|_| {
                matches!(words.lower(at + 1), "year" | "years") && matches!(words.lower(at + 2), "old" | "-")
            }) {
                return Some((n, at + 1));
            }
            if matches!(words.lower(at), "," | "." | "who" | "level" | "with") {
                break;
            }
        }
    }
    // "Sam, aged 9," "Sam (9)".
    if is_child(i) && matches!(words.lower(i + 1), "," | "(") {
        let at = i + 2 + usize::from(matches!(words.lower(i + 2), "aged" | "age" | "now"));
        if let Some(n) = number(at).filter(|_| matches!(words.lower(at + 1), "," | ")")) {
            return Some((n, at + 1));
        }
    }
    None
}

/// A year group that is not the cover's: "is in Year 5", "a Year 5 pupil".
pub(super) fn another_year(reading: &Reading<'_>, found: &mut Vec<Found>) {
    let cover = &reading.cover;
    let Some(group) = cover.group() else { return };
    if let (Some((year, (paragraph, span))), Some((born, _)), Some((dated, _))) = (cover.year, cover.born, cover.dated)
    {
        // A child may be taught a year above or below; more is a slip. In the holidays either year may be meant.
        let by_birth = when::group_of(born, dated);
        if (by_birth - year).abs() > 1 {
            let at = Found::new().at(At::Paragraph(paragraph, span));
            found.push(at.saying("said", year_name(year)).saying("year", year_name(by_birth)));
        }
    }
    for (number, (judged, words)) in reading.statements.iter().zip(&reading.words).enumerate() {
        if judged.statement.section == "K" {
            continue;
        }
        for i in 0..words.len() {
            let Some((said, to)) = when::group(words, i).filter(|(year, _)| *year >= 0) else { continue };
            if said == group || !is_own_year(words, i, to, reading) {
                continue;
            }
            let at = Found::new().at(At::Statement(number, words.span(i, to)));
            found.push(at.saying("said", year_name(said)).saying("year", year_name(group)));
        }
    }
}

fn year_name(year: i32) -> String {
    match year {
        ..=-1 => "nursery".into(),
        0 => "Reception".into(),
        year => format!("Year {year}"),
    }
}

/// True where a year group is the child's present one: "is in Year 5", "now in Year 5", "his Year 5 class", "is a Year 5 pupil".
fn is_own_year(words: &Words<'_>, i: usize, to: usize, reading: &Reading<'_>) -> bool {
    let back = |n: usize| i.checked_sub(n).map_or("", |at| words.lower(at));
    let is_child = |word: &str| matches!(word, "he" | "she" | "i") || reading.own.contains(word);
    let next = words.lower(to);
    let is = |word: &str| matches!(word, "is" | "am" | "attends" | "currently" | "now" | "who's");
    if matches!(back(1), "in" | "into") && is(back(2)) {
        return is_child(back(3)) || is_child(back(4)) || matches!(back(3), "who" | "is" | "am" | "and" | ",");
    }
    if matches!(back(1), "his" | "her" | "my")
        && matches!(next, "class" | "teacher" | "classroom" | "classmates" | "peers")
    {
        return true;
    }
    // "Sam is a Year 5 pupil", not "reads like a Year 1 pupil".
    matches!(next, "pupil" | "student" | "child" | "boy" | "girl")
        && matches!(back(1), "a" | "an")
        && back(2) == "is"
        && (is_child(back(3)) || i <= 3)
}
