//! This is text that does not belong where it stands: provision among needs, an outcome or a need in section F, teaching in section
//! G, and what a form left behind.
//!
//! What a statement is, is told by its wording: who does what in it, whether it hopes, promises or describes. The judgement's own
//! word for outcomes and provision counts as well. In doubt nothing is said.

use super::check::{At, Found, Reading};
use crate::assess::Wording;
use crate::document::{ContextRole, Kind};
use crate::facts::{self, Value};
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
        let Some(sort) = sort(reading, judged, words).filter(|sort| *sort != own) else { continue };
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
fn sort(reading: &Reading<'_>, judged: &Judged, words: &Words<'_>) -> Option<Sort> {
    let statement = &judged.statement;
    // What completes a lead-in ("Sam will:", "Sam will be able to:") has no subject of its own.
    let led = statement.context.iter().any(|context| context.role == ContextRole::LeadIn);
    let cells = statement.context.iter().any(|context| context.role == ContextRole::Cell);
    let cues = Cues::of(reading, words);
    let promised = || {
        // Only facts tell how often and how long; they are read where nothing else decides.
        let all = facts::find(words);
        let often =
            all.iter().any(|fact| matches!(fact.value, Value::Frequency { .. } | Value::Total { per: Some(_), .. }));
        let long =
            all.iter().any(|fact| matches!(fact.value, Value::Duration { .. } | Value::Total { minutes: Some(_), .. }));
        let ratio = all.iter().any(|fact| matches!(fact.value, Value::Group { .. }));
        let role = all.iter().any(|fact| matches!(fact.value, Value::Role { .. }));
        usize::from(often && long) + usize::from(ratio) + usize::from(role)
    };
    let wording = judged.assessment.as_ref().map(|assessment| assessment.wording);
    match statement.kind {
        Kind::Need | Kind::Other if matches!(statement.section.as_str(), "B" | "C" | "D") => {
            if cues.wish && cues.child {
                return Some(Sort::Aspiration);
            }
            // "Support that works: …" and history are told in the past or the present.
            if cues.adult_will || cues.given {
                return Some(Sort::Provision);
            }
            if cues.child_will && !cues.difficulty {
                return Some(Sort::Outcome);
            }
            (!cues.child && !cues.difficulty && !cues.verb && promised() >= 2).then_some(Sort::Provision)
        }
        Kind::Outcome => {
            if led {
                return None;
            }
            if cues.wish && !cues.child_will || wording == Some(Wording::Aspiration) && cues.wish {
                return Some(Sort::Aspiration);
            }
            if cues.adult_will && !cues.child_will || cues.given && !cues.measured {
                return Some(Sort::Provision);
            }
            if cues.difficulty && cues.child && !cues.child_will && !cues.will && !cues.aim {
                return Some(Sort::Need);
            }
            (!cues.child_will && !cues.measured && !cues.aim && !cells && promised() >= 3).then_some(Sort::Provision)
        }
        Kind::Provision => {
            if led {
                return None;
            }
            if cues.wish && cues.child && !cues.will {
                return Some(Sort::Aspiration);
            }
            if cues.difficulty && cues.child && !cues.will && !cues.adult && !cues.must {
                return Some(Sort::Need);
            }
            let helped = cues.adult_will || cues.given;
            (cues.child_will && !helped && !cues.adult && (cues.able || cues.measured) && promised() < 2)
                .then_some(Sort::Outcome)
        }
        _ => None,
    }
}

/// What the words of a statement show.
#[derive(Debug, Default)]
struct Cues {
    /// The child is the first subject.
    child: bool,
    /// "Sam will read": the child does something that is no receiving.
    child_will: bool,
    /// "Sam will be able to".
    able: bool,
    /// "A teacher will teach".
    adult_will: bool,
    /// "Sam will receive", "will be supported".
    given: bool,
    /// An adult is named.
    adult: bool,
    will: bool,
    must: bool,
    /// "would like", "when I grow up".
    wish: bool,
    /// "finds it hard", "cannot".
    difficulty: bool,
    /// "out of", "without help", a percentage, a deadline at the head.
    measured: bool,
    /// "To improve …", "Improved …".
    aim: bool,
    /// Any finite verb.
    verb: bool,
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

impl Cues {
    fn of(reading: &Reading<'_>, words: &Words<'_>) -> Self {
        let mut cues = Self::default();
        let mut subject = None;
        for i in 0..words.len() {
            let lower = words.lower(i);
            let next = words.lower(i + 1);
            if subject.is_none() && i < 14 {
                if is_child(reading, lower) {
                    subject = Some(true);
                } else if is_helper(lower) {
                    subject = Some(false);
                }
            }
            cues.adult |= is_helper(lower);
            match lower {
                "will" | "shall" | "must" | "should" => {
                    cues.must |= lower != "will";
                    cues.will = true;
                    cues.verb = true;
                    cues.after_will(reading, words, i);
                }
                "to" if i == 0 => cues.aim = true,
                "improved" | "increased" | "improve" | "increase" | "develop" | "greater" | "better" if i == 0 => {
                    cues.aim = true
                }
                "is" | "are" | "has" | "was" | "were" | "does" | "can" | "had" => cues.verb = true,
                "out" if next == "of" => cues.measured = true,
                "%" | "independently" | "unaided" | "unprompted" | "alone" => cues.measured = true,
                "without"
                    if matches!(
                        next,
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
                    ) =>
                {
                    cues.measured = true;
                }
                "on" if matches!(words.lower(i + 2), "of" | "out")
                    || next == "his" && words.lower(i + 2) == "own"
                    || next == "her" && words.lower(i + 2) == "own" =>
                {
                    cues.measured = true;
                }
                "by" if i == 0 || i > 0 && words.lower(i - 1) == "." => {
                    cues.measured |= matches!(
                        next,
                        "the"
                            | "july"
                            | "easter"
                            | "december"
                            | "april"
                            | "age"
                            | "summer"
                            | "spring"
                            | "autumn"
                            | "christmas"
                            | "end"
                            | "year"
                            | "march"
                            | "may"
                            | "june"
                            | "september"
                            | "january"
                            | "february"
                    );
                }
                "within" if i == 0 => cues.measured = true,
                _ => {}
            }
            cues.wish |= is_wish(words, i);
            cues.difficulty |= is_difficulty(words, i);
        }
        cues.child = subject == Some(true);
        cues
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
            if is_child(reading, lower) {
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
                let passive = done == "be" && words.lower(verb + 1) != "able" && is_participle(words.lower(verb + 1));
                if done == "be" && words.lower(verb + 1) == "able" {
                    self.able = true;
                    self.child_will = true;
                } else if matches!(done, "receive" | "benefit" | "require")
                    || passive
                    || done == "have" && is_had(words, verb + 1)
                {
                    self.given = true;
                } else if !RECEIVES.contains(&done) {
                    self.child_will = true;
                }
            }
            Some(false) => self.adult_will = true,
            None => {}
        }
    }
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
                | "programme"
                | "hours"
                | "minutes"
                | "1"
                | "weekly"
                | "daily"
        )
    })
}

fn is_participle(word: &str) -> bool {
    matches!(word, "given" | "taught" | "seen" | "shown" | "met" | "told" | "taken" | "read")
        || word.len() > 4 && word.ends_with("ed") && !matches!(word, "excited" | "interested" | "pleased" | "tired")
}

/// The child, or a word for any.
fn is_child(reading: &Reading<'_>, word: &str) -> bool {
    let bare = word.strip_suffix("'s").unwrap_or(word);
    matches!(bare, "he" | "she" | "i" | "they" | "pupil" | "child") || reading.own.contains(bare)
}

/// Somebody who helps, or a service.
fn is_helper(word: &str) -> bool {
    let word = word.strip_suffix("'s").unwrap_or(word);
    let word = word.strip_suffix('s').filter(|word| word.len() > 3).unwrap_or(word);
    matches!(
        word,
        "teacher"
            | "therapist"
            | "assistant"
            | "ta"
            | "lsa"
            | "senco"
            | "psychologist"
            | "nurse"
            | "doctor"
            | "paediatrician"
            | "adult"
            | "worker"
            | "mentor"
            | "coach"
            | "trainer"
            | "tutor"
            | "physiotherapist"
            | "dietitian"
            | "audiologist"
            | "counsellor"
            | "consultant"
            | "coordinator"
            | "practitioner"
            | "instructor"
            | "headteacher"
            | "elsa"
            | "hlta"
            | "staff"
            | "school"
            | "college"
            | "service"
            | "team"
            | "council"
            | "authority"
            | "clinic"
            | "driver"
            | "escort"
            | "specialist"
            | "setting"
            | "physio"
            | "nursery"
            | "keyworker"
            | "employer"
            | "orthotist"
            | "optician"
            | "hospital"
            | "gp"
            | "camh"
    )
}

/// Things that are provided: they "will be" somewhere, used or given.
fn is_help(word: &str) -> bool {
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

fn is_wish(words: &Words<'_>, i: usize) -> bool {
    let next = |n: usize| words.lower(i + n);
    match words.lower(i) {
        "would" => next(1) == "like" || next(1) == "love" || next(1) == "really" && matches!(next(2), "like" | "love"),
        "wants" | "hopes" | "wishes" | "dreams" | "aspires" | "longs" => {
            i < 8 && matches!(next(1), "to" | "a" | "that" | "of")
        }
        "want" | "hope" | "wish" | "dream" => {
            i < 4 && i > 0 && matches!(words.lower(i - 1), "i" | "we" | "parents" | "they")
        }
        "grow" | "grows" => next(1) == "up",
        "ambition" => true,
        "older" => i >= 2 && matches!(words.lower(i - 1), "is" | "am"),
        "one" => next(1) == "day" && i < 3,
        _ => false,
    }
}

fn is_difficulty(words: &Words<'_>, i: usize) -> bool {
    let next = |n: usize| words.lower(i + n);
    match words.lower(i) {
        "finds" | "find" => (1..6).any(|n| {
            matches!(
                next(n),
                "hard" | "difficult" | "challenging" | "tricky" | "harder" | "overwhelming" | "confusing" | "stressful"
            )
        }),
        "struggles" | "struggle" | "cannot" | "can't" | "anxious" | "anxiety" | "difficulty" | "difficulties"
        | "disorder" | "impairment" | "delayed" | "diagnosis" | "dyslexia" | "autism" | "dyspraxia" | "centile"
        | "overwhelmed" | "distressed" | "unable" | "misses" | "loses" | "avoids" | "refuses" | "tires"
        | "over-sensitive" | "oversensitive" | "hypersensitive" | "delay" | "behind" | "muddles" | "muddled"
        | "worries" | "dysregulated" | "impulsive" | "limited" | "weak" | "unclear" | "rarely" | "seldom"
        | "forgets" | "mishears" | "misunderstands" | "poor" | "confuses" | "panics" | "withdraws" | "deficit"
        | "hyperactivity" | "epilepsy" | "palsy" | "stammers" | "tiring" | "fatigue" | "slow" => true,
        "does" | "do" | "is" | "did" | "has" => next(1) == "not",
        "doesn't" | "isn't" | "don't" | "hasn't" => true,
        "below" => true,
        "level" => matches!(next(1), "of" | "expected") || i > 1 && words.lower(i - 1) == "the",
        "hard" => next(1) == "to" || next(1) == "for",
        "reads" | "writes" | "speaks" | "understands" => {
            (1..6).any(|n| matches!(next(n), "level" | "only" | "fewer" | "slowly"))
        }
        "over" => next(1) == "-" && next(2) == "sensitive",
        "needs" => i > 0 && next(1) == "help",
        "only" => true,
        _ => false,
    }
}

/// Provision in G, H1 or H2 that teaches or trains the child.
pub(super) fn educates_outside_f(reading: &Reading<'_>, found: &mut Vec<Found>) {
    for (number, (judged, words)) in reading.statements.iter().zip(&reading.words).enumerate() {
        let statement = &judged.statement;
        if statement.kind != Kind::Provision || !matches!(statement.section.as_str(), "G" | "H1" | "H2") {
            continue;
        }
        let Some((from, to, sure)) = (0..words.len()).find_map(|i| teaches(words, i)) else { continue };
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
    let mut by_paragraph: HashMap<usize, Vec<usize>> = HashMap::new();
    for (number, judged) in reading.statements.iter().enumerate() {
        by_paragraph.entry(judged.statement.place.paragraph).or_default().push(number);
    }
    for line in &reading.lines.all {
        let Some(span) = left_behind(line.text) else { continue };
        let span = span.shifted(line.span.start);
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
        (!label && !(is_label(words) && line.len() < 30)).then(|| Span::new(found.start(), end))
    });
    let crossed = || {
        // XXX, xxxx, but no Roman numeral XX of a list.
        let at = bytes.windows(3).position(|three| three.iter().all(|byte| matches!(byte, b'X' | b'x')))?;
        let end = bytes.get(at..)?.iter().position(|byte| !matches!(byte, b'X' | b'x')).map_or(bytes.len(), |n| at + n);
        Some(Span::new(at, end)).filter(|_| !letter(at.checked_sub(1)) && !letter(Some(end)))
    };
    let lined = || {
        let at = line.find("___")?;
        let rest = line.get(at..)?;
        let end = rest.find(|c: char| c != '_').map_or(line.len(), |n| at + n);
        // A line to sign on belongs there.
        (!line.to_ascii_lowercase().contains("sign")).then(|| Span::new(at, end))
    };
    let asked = || line.find("???").map(|at| Span::new(at, at + 3));
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
