//! This is text that does not belong where it stands: provision among needs, an outcome or a need in section F, teaching in section
//! G, and what a form left behind.
//!
//! What a statement is, is told by its wording: who does what in it, whether it hopes, promises or describes. In doubt
//! nothing is said.

use super::adults::helps;
use super::check::{At, Found, Reading};
use super::child::{Names, is_named};
use super::glossary::Is;
use super::when;
use crate::document::{ContextRole, Kind};
use crate::facts::Value;
use crate::review::Judged;
use crate::span::Span;
use crate::words::Words;
use aho_corasick::AhoCorasick;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What a statement is by its words, whatever section it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Aspiration,
    Need,
    Outcome,
    Provision,
}

impl Sort {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Aspiration => ("an aspiration", "A"),
            Self::Need => ("a need", "B"),
            Self::Outcome => ("an outcome", "E"),
            Self::Provision => ("provision", "F"),
        }
    }
}

/// Statements that are, by their words, of another section's kind.
pub(super) fn wrong_section(reading: &Reading<'_>, found: &mut Vec<Found>) {
    for (number, (judged, words)) in reading.statements.iter().zip(&reading.words).enumerate() {
        let statement = &judged.statement;
        let section = statement.section.as_str();
        let own = match section {
            "B" | "C" | "D" => Sort::Need,
            "E" => Sort::Outcome,
            "F" | "G" | "H1" | "H2" => Sort::Provision,
            _ => continue,
        };
        let Some(sort) = sort(reading, number, judged, words).filter(|sort| *sort != own) else { continue };
        let (what, belongs) = sort.words();
        // Health and social care have needs and provision of their own.
        let belongs = match (sort, section) {
            (Sort::Need, "G") => "C",
            (Sort::Need, "H1" | "H2") => "D",
            (Sort::Provision, "C") => "G",
            (Sort::Provision, "D") => "H1 or H2",
            _ => belongs,
        };
        let at = Found::new().statement(reading, number);
        found.push(at.saying("what", what).saying("belongs", belongs).saying("section", section));
    }
}

/// What a statement is by its words; `None` where they leave doubt.
fn sort(reading: &Reading<'_>, number: usize, judged: &Judged, words: &Words<'_>) -> Option<Sort> {
    let statement = &judged.statement;
    // What completes a lead-in ("Sam will:", "Sam will be able to:") has no subject of its own.
    let led = statement.context.iter().any(|context| context.role == ContextRole::LeadIn);
    let cells = statement.context.iter().any(|context| context.role == ContextRole::Cell);
    let cues = Cues::of(reading, number, words);
    let promised = || {
        // Only facts tell how often and how long; they are read where nothing else decides.
        let all = reading.facts(number);
        let often =
            all.iter().any(|fact| matches!(fact.value, Value::Frequency { .. } | Value::Total { per: Some(_), .. }));
        let long =
            all.iter().any(|fact| matches!(fact.value, Value::Duration { .. } | Value::Total { minutes: Some(_), .. }));
        let ratio = all.iter().any(|fact| matches!(fact.value, Value::Group { .. }));
        let role = all.iter().any(|fact| matches!(fact.value, Value::Role { .. }));
        usize::from(often && long) + usize::from(ratio) + usize::from(role)
    };
    match statement.kind {
        Kind::Need | Kind::Other if matches!(statement.section.as_str(), "B" | "C" | "D") => {
            if cues.wish && cues.child {
                return Some(Sort::Aspiration);
            }
            if cues.child_acts && cues.measured && !cues.given {
                return Some(Sort::Outcome);
            }
            if cues.adult_will || cues.given {
                return Some(Sort::Provision);
            }
            if cues.child_will && !cues.difficulty {
                return Some(Sort::Outcome);
            }
            if cues.described {
                return None;
            }
            let promised = promised();
            (promised >= 3 || promised == 2 && !cues.difficulty).then_some(Sort::Provision)
        }
        Kind::Outcome => {
            if led {
                return None;
            }
            if cues.wish && !cues.child_will {
                return Some(Sort::Aspiration);
            }
            if cues.adult_will && !(cues.child_acts && cues.measured) || cues.given && !cues.measured {
                return Some(Sort::Provision);
            }
            if !cues.will && !cues.aim && !cues.measured && (cues.described || cues.difficulty && cues.mentioned) {
                return Some(Sort::Need);
            }
            (!cues.child_acts && !cues.measured && !cues.aim && !cells && promised() >= 3).then_some(Sort::Provision)
        }
        Kind::Provision => {
            if led {
                return None;
            }
            if cues.wish && cues.child && !cues.will {
                return Some(Sort::Aspiration);
            }
            if !cues.will
                && !cells
                && (cues.described || cues.difficulty && cues.mentioned)
                && !cues.helps
                && promised() == 0
            {
                return Some(Sort::Need);
            }
            (cues.child_acts && cues.measured && !cues.adult_will && !cues.given).then_some(Sort::Outcome)
        }
        _ => None,
    }
}

/// What the words of a statement show.
#[derive(Debug, Default)]
struct Cues {
    /// The child is the first subject.
    child: bool,
    /// The child is named, if only by "his".
    mentioned: bool,
    /// The child does or has something now: "Sam hides", "Her speech is".
    described: bool,
    /// "Sam will": the child is who acts.
    child_acts: bool,
    /// "Sam will read": what he does is no receiving, and no sitting somewhere.
    child_will: bool,
    /// "A teacher will teach".
    adult_will: bool,
    /// "Sam will receive", "will be supported".
    given: bool,
    /// Help is named: an adult who gives it, a session, a programme.
    helps: bool,
    will: bool,
    /// "would like", "when I grow up".
    wish: bool,
    /// "finds it hard", "cannot".
    difficulty: bool,
    /// "out of", "without help", a percentage, a deadline.
    measured: bool,
    /// "To improve …", "Improved …".
    aim: bool,
}

/// What follows "will" where a child is given something or is where others act.
const RECEIVES: &[&str] = &[
    "receive",
    "have",
    "get",
    "attend",
    "access",
    "benefit",
    "need",
    "require",
    "work",
    "sit",
    "spend",
    "see",
    "meet",
    "join",
    "take",
    "wear",
    "practise",
    "continue",
    "remain",
    "stay",
    "use",
    "go",
    "come",
    "participate",
    "engage",
    "leave",
    "start",
    "begin",
    "travel",
    "return",
    "swim",
    "rest",
    "follow",
    "also",
];

/// A word by which one may tell what a statement is, with what stands around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cue {
    /// "will", "must".
    Will,
    /// "To …" at the head.
    To,
    /// "Improved …" at the head.
    Better,
    /// "independently", "%".
    Alone,
    /// "out of".
    Out,
    /// "without help".
    Without,
    /// "on 4 of", "on her own".
    On,
    /// "in 4 out of".
    In,
    /// "by July".
    By,
    /// "Within …" at the head.
    Within,
    /// "would like".
    Would,
    /// "hopes to".
    Hopes,
    /// "I hope".
    Hope,
    /// "when I grow up".
    Grows,
    /// "ambition".
    Ambition,
    /// "when he is older".
    Older,
    /// "One day".
    One,
    /// "finds it hard".
    Finds,
    /// "struggles", "cannot": a difficulty whatever stands around it.
    Difficulty,
    /// "is not".
    Not,
    /// "at the level".
    Level,
    /// "hard to".
    Hard,
    /// "keeps him from".
    Keeps,
    /// "so slowly".
    So,
    /// "reads only".
    Reads,
    /// "over-sensitive".
    Over,
    /// "needs help".
    Needs,
}

/// The cue that a word in small letters may be.
pub(super) fn cue(word: &str) -> Option<Cue> {
    Some(match word {
        "will" | "shall" | "must" | "should" => Cue::Will,
        "to" => Cue::To,
        "improved" | "increased" | "improve" | "increase" | "develop" | "greater" | "better" => Cue::Better,
        "%" | "independently" | "unaided" | "unprompted" | "alone" => Cue::Alone,
        "out" => Cue::Out,
        "without" => Cue::Without,
        "on" => Cue::On,
        "in" => Cue::In,
        "by" => Cue::By,
        "within" => Cue::Within,
        "would" => Cue::Would,
        "wants" | "hopes" | "wishes" | "dreams" | "aspires" | "longs" => Cue::Hopes,
        "want" | "hope" | "wish" | "dream" => Cue::Hope,
        "grow" | "grows" => Cue::Grows,
        "ambition" => Cue::Ambition,
        "older" => Cue::Older,
        "one" => Cue::One,
        "finds" | "find" => Cue::Finds,
        "does" | "do" | "is" | "did" | "has" => Cue::Not,
        "level" => Cue::Level,
        "hard" => Cue::Hard,
        "keeps" => Cue::Keeps,
        "so" => Cue::So,
        "reads" | "writes" | "speaks" | "understands" => Cue::Reads,
        "over" => Cue::Over,
        "needs" => Cue::Needs,
        "struggles" | "struggle" | "cannot" | "can't" | "anxious" | "anxiety" | "difficulty" | "difficulties"
        | "disorder" | "impairment" | "delayed" | "diagnosis" | "dyslexia" | "autism" | "dyspraxia" | "centile"
        | "overwhelmed" | "distressed" | "unable" | "misses" | "loses" | "avoids" | "refuses" | "tires"
        | "over-sensitive" | "oversensitive" | "hypersensitive" | "delay" | "behind" | "muddles" | "muddled"
        | "worries" | "dysregulated" | "impulsive" | "limited" | "weak" | "unclear" | "rarely" | "seldom"
        | "forgets" | "mishears" | "misunderstands" | "poor" | "confuses" | "panics" | "withdraws" | "deficit"
        | "hyperactivity" | "epilepsy" | "palsy" | "stammers" | "tiring" | "fatigue" | "slow" | "doesn't" | "isn't"
        | "don't" | "hasn't" | "below" | "missing" | "guesses" | "leaves" | "afraid" | "painful" | "falls"
        | "prone" | "angry" | "absent" | "loss" | "weaker" | "frightens" | "frighten" | "dangerous" | "danger"
        | "confuse" | "frightened" | "troubles" | "affects" | "defeat" | "defeats" | "tired" | "seizures"
        | "unfairly" | "shouts" | "hits" | "never" | "missed" | "lost" | "torn" | "only" => Cue::Difficulty,
        _ => return None,
    })
}

impl Cues {
    fn of(reading: &Reading<'_>, number: usize, words: &Words<'_>) -> Self {
        let mut cues = Self::default();
        let mut subject = None;
        for (i, known) in reading.glossary.statement(number).enumerate() {
            let (child, helper) = (known.is(Is::Child), known.is(Is::Helper));
            if subject.is_none() && i < 14 && (child || helper) {
                subject = Some(child);
            }
            cues.mentioned |= child || known.is(Is::Childs);
            if helper && !known.is(Is::Building) || known.is(Is::Help) {
                // "without an adult", "tell an adult": she gives no help.
                let back = |n: usize| i.checked_sub(n).map_or("", |at| words.lower(at));
                cues.helps |= !matches!(back(2), "without" | "tell" | "from" | "by" | "other" | "to" | "not" | "than")
                    && !matches!(back(1), "without" | "no" | "to");
            }
            if let Some(cue) = known.cue {
                cues.look(cue, reading, words, i);
            }
        }
        cues.child = subject == Some(true);
        cues.described = !cues.will && describes(reading, words);
        cues
    }

    /// Takes in what the cue at word `i` shows.
    fn look(&mut self, cue: Cue, reading: &Reading<'_>, words: &Words<'_>, i: usize) {
        let next = |n: usize| words.lower(i + n);
        let before = || i.checked_sub(1).map_or("", |at| words.lower(at));
        match cue {
            Cue::Will => {
                self.will = true;
                self.after_will(reading, words, i);
            }
            Cue::To | Cue::Better => self.aim |= i == 0,
            Cue::Alone => self.measured = true,
            Cue::Out => self.measured |= next(1) == "of",
            Cue::Within => self.measured |= i == 0,
            Cue::Without => {
                self.measured |= matches!(
                    next(1),
                    "help"
                        | "prompting"
                        | "adult"
                        | "support"
                        | "an"
                        | "being"
                        | "reminders"
                        | "prompts"
                        | "any"
                        | "a"
                        | "picture"
                );
            }
            Cue::On | Cue::In => {
                self.measured |= matches!(next(2), "of" | "out") && is_figure(next(1))
                    || cue == Cue::On && matches!(next(1), "his" | "her") && next(2) == "own";
            }
            Cue::By => {
                self.measured |= when::date(words, i + 1).is_some_and(|(_, from, _)| from <= i + 6)
                    || next(1) == "the" && matches!(next(2), "end" | "time" | "age")
                    || next(1) == "age";
            }
            Cue::Would => {
                self.wish |=
                    matches!(next(1), "like" | "love") || next(1) == "really" && matches!(next(2), "like" | "love");
            }
            Cue::Hopes => self.wish |= i < 8 && matches!(next(1), "to" | "a" | "that" | "of"),
            Cue::Hope => self.wish |= i < 4 && matches!(before(), "i" | "we" | "parents" | "they"),
            Cue::Grows => self.wish |= next(1) == "up",
            Cue::Ambition => self.wish = true,
            Cue::Older => self.wish |= i >= 2 && matches!(before(), "is" | "am"),
            Cue::One => self.wish |= next(1) == "day" && i < 3,
            Cue::Difficulty => self.difficulty = true,
            Cue::Finds => {
                self.difficulty |= (1..6).any(|n| {
                    matches!(
                        next(n),
                        "hard"
                            | "difficult"
                            | "challenging"
                            | "tricky"
                            | "harder"
                            | "overwhelming"
                            | "confusing"
                            | "stressful"
                    )
                });
            }
            Cue::Not => self.difficulty |= next(1) == "not",
            Cue::Level => self.difficulty |= matches!(next(1), "of" | "expected") || i > 1 && before() == "the",
            Cue::Hard => {
                self.difficulty |= matches!(next(1), "to" | "for" | "that") || matches!(before(), "so" | "very" | "is");
            }
            Cue::Keeps => self.difficulty |= next(2) == "from",
            Cue::So => self.difficulty |= matches!(next(1), "long" | "low" | "slowly"),
            Cue::Reads => {
                self.difficulty |= (1..6).any(|n| matches!(next(n), "level" | "only" | "fewer" | "slowly"));
            }
            Cue::Over => self.difficulty |= next(1) == "-" && next(2) == "sensitive",
            Cue::Needs => self.difficulty |= i > 0 && next(1) == "help",
        }
    }

    /// Who will do what: the nearest person before "will", and the verb after it.
    fn after_will(&mut self, reading: &Reading<'_>, words: &Words<'_>, i: usize) {
        let mut verb = i + 1;
        while matches!(
            words.lower(verb),
            "also" | "then" | "not" | "only" | "always" | "each" | "continue" | "," | "both" | "usually" | "still"
        ) && verb < i + 4
        {
            verb += 1;
        }
        // Back over the subject, not past a comma or another verb.
        let mut child = None;
        for n in 1..=8 {
            let Some(at) = i.checked_sub(n) else { break };
            let lower = words.lower(at);
            if matches!(lower, "," | "." | ":" | ";" | ")") && n > 1 {
                break;
            }
            if is_helper(lower) || is_help(lower) {
                child = Some(false);
                break;
            }
            if is_child(&reading.own, lower) {
                child = Some(true);
                // "Sam's teacher will" was met above, from behind; "Sam's desk will" is no child.
                if lower.ends_with("'s") {
                    child = None;
                }
                break;
            }
        }
        let done = words.lower(verb);
        match child {
            Some(true) => {
                let able = done == "be" && words.lower(verb + 1) == "able";
                let passive = done == "be" && !able && is_given(words.lower(verb + 1));
                if matches!(done, "receive" | "benefit" | "require" | "access")
                    || passive
                    || done == "have" && is_had(words, verb + 1)
                {
                    self.given = true;
                } else {
                    self.child_acts = true;
                    self.child_will |= able || !RECEIVES.contains(&done);
                }
            }
            Some(false) => self.adult_will = true,
            None => {}
        }
    }
}

/// True where a statement begins with the child, or with what is the child's, and a verb of the present that is no receiving: "Sam
/// hides", "Her speech is unclear".
fn describes(reading: &Reading<'_>, words: &Words<'_>) -> bool {
    let first = words.lower(0);
    let owner = matches!(first, "his" | "her" | "my") || first.ends_with("'s") && is_child(&reading.own, first);
    if !owner && !is_child(&reading.own, first) {
        return false;
    }
    let finite = |word: &str| {
        matches!(
            word,
            "is" | "are"
                | "has"
                | "have"
                | "cannot"
                | "does"
                | "do"
                | "can"
                | "takes"
                | "makes"
                | "remains"
                | "becomes"
                | "affects"
        )
    };
    let verb = if owner { (1..6).find(|at| finite(words.lower(*at))) } else { Some(1) };
    let Some(verb) = verb else { return false };
    let word = words.lower(verb);
    (is_present(word) || finite(word))
        && !matches!(
            word,
            "receives"
                | "uses"
                | "works"
                | "attends"
                | "accesses"
                | "benefits"
                | "needs"
                | "requires"
                | "sees"
                | "gets"
        )
        && !(matches!(word, "is" | "has")
            && matches!(
                words.lower(verb + 1),
                "supported" | "given" | "taught" | "provided" | "access" | "helped" | "to"
            ))
}

fn is_present(word: &str) -> bool {
    matches!(word, "is" | "are" | "has" | "cannot" | "does" | "can" | "never" | "often" | "rarely" | "knows")
        || word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("'s")
}

fn is_figure(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit()) || when::spelt(word).is_some()
}

fn is_given(word: &str) -> bool {
    matches!(
        word,
        "given"
            | "taught"
            | "seen"
            | "shown"
            | "met"
            | "supported"
            | "provided"
            | "offered"
            | "helped"
            | "encouraged"
            | "assessed"
            | "monitored"
            | "included"
            | "reminded"
            | "prompted"
            | "accompanied"
            | "supervised"
            | "assisted"
            | "allowed"
            | "placed"
            | "seated"
            | "referred"
    )
}

fn is_had(words: &Words<'_>, i: usize) -> bool {
    (i..i + 5).any(|at| {
        matches!(
            words.lower(at),
            "access"
                | "support"
                | "help"
                | "sessions"
                | "session"
                | "therapy"
                | "input"
                | "lessons"
                | "lesson"
                | "programme"
                | "hours"
                | "minutes"
                | "1"
                | "weekly"
                | "daily"
                | "laptop"
                | "timetable"
                | "equipment"
                | "tuition"
                | "teaching"
                | "desk"
                | "defenders"
                | "cushion"
                | "breaks"
        )
    })
}

/// The child, or a word for any; `own` is what the child is called.
pub(super) fn is_child(own: &Names, word: &str) -> bool {
    let bare = word.strip_suffix("'s").unwrap_or(word);
    matches!(bare, "he" | "she" | "i" | "they" | "pupil" | "child") || is_named(own, word)
}

/// Somebody who helps, or a service.
pub(super) fn is_helper(word: &str) -> bool {
    let word = word.strip_suffix("'s").unwrap_or(word);
    let word = word.strip_suffix('s').filter(|word| word.len() > 3).unwrap_or(word);
    helps(word)
        || matches!(
            word,
            "staff"
                | "school"
                | "college"
                | "service"
                | "team"
                | "council"
                | "authority"
                | "clinic"
                | "setting"
                | "nursery"
                | "orthotist"
                | "hospital"
                | "camh"
        )
}

/// "The school toilet", "school days": no help.
pub(super) fn is_building(word: &str) -> bool {
    matches!(
        word,
        "school"
            | "college"
            | "nursery"
            | "setting"
            | "hospital"
            | "clinic"
            | "school's"
            | "adult"
            | "adults"
            | "teachers"
    )
}

/// Things that are provided: they "will be" somewhere, used or given.
pub(super) fn is_help(word: &str) -> bool {
    let word = word.strip_suffix('s').filter(|word| word.len() > 3).unwrap_or(word);
    matches!(
        word,
        "programme"
            | "session"
            | "support"
            | "training"
            | "intervention"
            | "lesson"
            | "therapy"
            | "provision"
            | "timetable"
            | "equipment"
            | "group"
            | "plan"
            | "resource"
            | "laptop"
            | "curriculum"
            | "advice"
            | "transport"
            | "strategy"
            | "strategie"
            | "break"
            | "input"
            | "club"
    )
}

/// Provision in G, H1 or H2 that teaches or trains the child.
pub(super) fn educates_outside_f(reading: &Reading<'_>, found: &mut Vec<Found>) {
    for (number, (judged, words)) in reading.statements.iter().zip(&reading.words).enumerate() {
        let statement = &judged.statement;
        if statement.kind != Kind::Provision || !matches!(statement.section.as_str(), "G" | "H1" | "H2") {
            continue;
        }
        let taught = (0..words.len()).find_map(|i| teaches(words, i)).or_else(|| school_staff(words));
        let Some((from, to, sure)) = taught else { continue };
        let at = Found::new().at(At::Statement(number, words.span(from, to)));
        found.push(at.sure(sure).saying("section", statement.section.as_str()));
    }
}

/// Words that teach or train a child, not staff; false where the help may be for health as well.
fn teaches(words: &Words<'_>, i: usize) -> Option<(usize, usize, bool)> {
    let next = |n: usize| words.lower(i + n);
    let staff = |from: usize| {
        (from..from + 6).any(|at| {
            matches!(
                words.lower(at),
                "staff"
                    | "assistants"
                    | "adults"
                    | "teachers"
                    | "parents"
                    | "family"
                    | "mum"
                    | "dad"
                    | "carers"
                    | "assistant"
                    | "lsa"
                    | "ta"
                    | "how"
            )
        })
    };
    match words.lower(i) {
        "teach" | "teaches" | "teaching"
            if next(1) != "assistant" && next(1) != "assistants" && next(1) != "staff" && !staff(i + 1) =>
        {
            Some((i, i + 1, true))
        }
        "taught" => Some((i, i + 1, true)),
        "literacy" | "numeracy" | "phonics" | "spelling" | "handwriting" | "maths" | "curriculum"
            if next(1) != "support" || next(2) != "assistant" =>
        {
            Some((i, i + 1, true))
        }
        "reading" | "writing"
            if matches!(next(1), "and" | "programme" | "intervention" | "sessions" | "skills" | ",") =>
        {
            Some((i, i + 1, true))
        }
        "english" | "lesson" | "lessons" => Some((i, i + 1, true)),
        "speech"
            if next(1) == "and"
                && next(2) == "language"
                && matches!(next(3), "therapy" | "programme" | "therapist" | "work" | "sessions") =>
        {
            Some((i, i + 4, false))
        }
        "social" if next(1) == "skills" => Some((i, i + 2, false)),
        "learn" | "learns"
            if i > 0
                && matches!(words.lower(i - 1), "to" | "will" | "him" | "her" | "and")
                && !staff(i.saturating_sub(4)) =>
        {
            Some((i, i + 1, false))
        }
        "occupational" if next(1) == "therapy" && matches!(next(2), "programme" | "session" | "sessions") => {
            Some((i, i + 3, false))
        }
        _ => None,
    }
}

/// "A teaching assistant will practise …": what people of a school do with a child is teaching unless it is care.
fn school_staff(words: &Words<'_>) -> Option<(usize, usize, bool)> {
    let care = (0..words.len()).any(|i| {
        matches!(
            words.lower(i),
            "medicine"
                | "medication"
                | "feed"
                | "feeds"
                | "tube"
                | "catheter"
                | "suction"
                | "insulin"
                | "hoist"
                | "transfer"
                | "transfers"
                | "stretch"
                | "stretches"
                | "exercises"
                | "toilet"
                | "splint"
                | "splints"
                | "inhaler"
                | "blood"
                | "hygiene"
                | "administer"
                | "pump"
                | "position"
                | "positioning"
                | "care"
                | "intimate"
                | "changing"
                | "seizure"
                | "seizures"
                | "oxygen"
                | "wheelchair"
                | "standing"
                | "physiotherapy"
                | "physiotherapist's"
                | "diary"
                | "train"
                | "training"
                | "drinks"
                | "meals"
        )
    });
    let staff = (0..words.len()).find_map(|i| match (words.lower(i), words.lower(i + 1)) {
        ("teaching", "assistant") => Some((i, i + 2)),
        ("teacher", _) => Some((i, i + 1)),
        _ => None,
    });
    let (from, to) = staff?;
    (!care).then_some((from, to, false))
}

static LEFT: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let lines = include_str!("placeholders.txt").lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    // A fixed list, which a test reads.
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(aho_corasick::MatchKind::LeftmostLongest)
        .build(lines)
        .unwrap_or_else(|error| panic!("placeholders: {error}"))
});

/// Text that a form or a template left behind.
pub(super) fn placeholder(reading: &Reading<'_>, found: &mut Vec<Found>) {
    let by_paragraph = || {
        let mut by_paragraph: HashMap<usize, Vec<usize>> = HashMap::new();
        for (number, judged) in reading.statements.iter().enumerate() {
            by_paragraph.entry(judged.statement.place.paragraph).or_default().push(number);
        }
        by_paragraph
    };
    // Most plans have none left.
    let mut known = None;
    for line in &reading.lines.all {
        let Some(span) = left_behind(line.text) else { continue };
        let span = span.shifted(line.span.start);
        let by_paragraph = known.get_or_insert_with(by_paragraph);
        let inside = by_paragraph.get(&line.paragraph).into_iter().flatten().find_map(|number| {
            let statement = &reading.statements.get(*number)?.statement;
            (statement.span.contains(span)).then(|| {
                At::Statement(*number, Span::new(span.start - statement.span.start, span.end - statement.span.start))
            })
        });
        let at = inside.unwrap_or(At::Paragraph(line.paragraph, span));
        let section = line.section.and_then(|i| reading.sections.get(i)).map_or("", |section| section.section.as_str());
        // In section I of a draft the place is to be left open.
        found.push(Found::new().at(at).sure(section != "I"));
    }
}

/// The first words of a line that were to be filled in.
fn left_behind(line: &str) -> Option<Span> {
    let bytes = line.as_bytes();
    let letter = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_alphanumeric);
    let listed = LEFT.find_iter(line).find_map(|found| {
        let words = line.get(found.start()..found.end())?;
        let head = !words.starts_with(|c: char| c.is_ascii_alphanumeric()) || !letter(found.start().checked_sub(1));
        let tail = !words.ends_with(|c: char| c.is_ascii_alphanumeric()) || !letter(Some(found.end()));
        // "[child" begins what a bracket ends.
        let open = words.starts_with(['[', '<']);
        if !head || !(tail || open) {
            return None;
        }
        let end = if open {
            line.get(found.end()..)?.find([']', '>']).map_or(found.end(), |at| found.end() + at + 1)
        } else {
            found.end()
        };
        // A label of the form ("Child's name: Sam") is filled in.
        let label = line.get(end..)?.trim_start().starts_with(':');
        (!(label || is_label(words) && line.len() < 30)).then(|| Span::new(found.start(), end))
    });
    let crossed = || {
        // XXX, xxxx, but no Roman numeral XX of a list.
        let at = bytes.windows(3).position(|three| three.iter().all(|byte| matches!(byte, b'X' | b'x')))?;
        let end = bytes.get(at..)?.iter().position(|byte| !matches!(byte, b'X' | b'x')).map_or(bytes.len(), |n| at + n);
        Some(Span::new(at, end)).filter(|_| !letter(at.checked_sub(1)) && !letter(Some(end)))
    };
    let lined = || {
        let at = line.contains('_').then(|| line.find("___"))??;
        let rest = line.get(at..)?;
        let end = rest.find(|c: char| c != '_').map_or(line.len(), |n| at + n);
        // A line to sign on belongs there.
        (!line.to_ascii_lowercase().contains("sign")).then(|| Span::new(at, end))
    };
    let asked = || line.contains('?').then(|| line.find("???"))?.map(|at| Span::new(at, at + 3));
    listed.or_else(crossed).or_else(lined).or_else(asked)
}

/// Words that also are a label on the cover page.
fn is_label(words: &str) -> bool {
    matches!(words.to_ascii_lowercase().as_str(), "child's name" | "name of child" | "pupil name" | "childs name")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_forms_leave_behind() {
        for (line, expected) in [
            ("[Name] will read a book.", Some("[Name]")),
            ("He/she will be able to read.", Some("He/she")),
            ("XXX will have 20 minutes.", Some("XXX")),
            ("Date: DD/MM/YYYY", Some("DD/MM/YYYY")),
            ("Hours: ____ a week", Some("____")),
            ("Delete as appropriate", Some("Delete as appropriate")),
            ("[insert name of school here] will", Some("[insert name of school here]")),
            ("Placement: TBC", Some("TBC")),
            ("Child's name: Sam", None),
            ("Child's name", None),
            ("Signed: ______", None),
            ("(A, B) He reads well.", None),
            ("He is on page XX of the book.", None),
            ("The tbcs of it", None),
        ] {
            assert_eq!(left_behind(line).map(|span| span.of(line)), expected, "{line}");
        }
    }
}
