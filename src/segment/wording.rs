//! This is the little that segmentation asks of the wording itself: wishes, strengths, deadlines, continuations.

use crate::document::Kind;
use aho_corasick::{AhoCorasick, AhoCorasickBuilder};
use std::sync::LazyLock;

/// True for a wish: "Sam would like", "Her parents hope", "When I am older".
pub(super) fn is_wish(text: &str) -> bool {
    has_words(&WISHES, text)
}

/// True where a line in a section of needs tells of a strength and of no difficulty.
pub(super) fn is_strength(text: &str) -> bool {
    has_words(&STRENGTHS, text) && !has_words(&DIFFICULTIES, text)
}

/// True where a heading or column title carries a time: "By the end of Year 6", "Outcomes (July 2027)", "Daily".
pub(super) fn has_time(text: &str) -> bool {
    if text.len() > 300 {
        return false;
    }
    let lower = text.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|w| !w.is_empty()).peekable();
    let mut before = "";
    while let Some(word) = words.next() {
        let next = words.peek().copied().unwrap_or("");
        let number = next.starts_with(|c: char| c.is_ascii_digit())
            || matches!(next, "one" | "two" | "three" | "four" | "five" | "six" | "twelve");
        let found = match word {
            "year" | "yr" | "age" | "aged" | "stage" | "within" | "grade" => number,
            "phase" => !before.is_empty() && matches!(next, "" | "of"),
            "end" => next == "of",
            "daily" | "weekly" | "fortnightly" | "termly" | "monthly" | "yearly" | "annually" | "half-termly" => {
                // "Weekly timetable" is a title; "Daily" and "20 minutes weekly" are amounts.
                (before.is_empty() && next.is_empty()) || lower.bytes().any(|b| b.is_ascii_digit())
            }
            "term" | "week" | "weeks" | "month" | "months" | "day" => {
                matches!(
                    before,
                    "per" | "a" | "each" | "every" | "this" | "next" | "summer" | "autumn" | "spring" | "school"
                ) || before.starts_with(|c: char| c.is_ascii_digit())
            }
            "january" | "february" | "march" | "april" | "may" | "june" | "july" | "august" | "september"
            | "october" | "november" | "december" | "easter" | "christmas" | "summer" | "autumn" | "spring" => {
                number || before == "by"
            }
            w if w.len() == 3 && w.starts_with("ks") => w.ends_with(|c: char| c.is_ascii_digit()),
            w if w.len() <= 3 && w.starts_with('y') && w.len() >= 2 => w.bytes().skip(1).all(|b| b.is_ascii_digit()),
            w if w.len() == 4 && w.starts_with("20") => w.bytes().all(|b| b.is_ascii_digit()),
            _ => false,
        };
        if found {
            return true;
        }
        before = word;
    }
    false
}

/// True where a sentence goes on about what the one before it said: "These sessions …", "The programme will …".
pub(super) fn continues(sentence: &str, kind: Kind) -> bool {
    if matches!(kind, Kind::Aspiration | Kind::Other) {
        return false;
    }
    let mut words = sentence.split(|c: char| c.is_whitespace() || c == ',').filter(|w| !w.is_empty());
    let (Some(first), Some(second)) = (words.next(), words.next()) else { return false };
    let verb = words.next().unwrap_or("");
    let noun = |word: &str| {
        matches!(
            word,
            "session"
                | "sessions"
                | "visit"
                | "visits"
                | "lesson"
                | "lessons"
                | "programme"
                | "programmes"
                | "training"
                | "therapy"
                | "focus"
                | "aim"
                | "work"
                | "group"
                | "intervention"
                | "interventions"
                | "input"
                | "support"
                | "plan"
                | "time"
                | "strategies"
                | "targets"
                | "activities"
                | "block"
        )
    };
    let will = |word: &str| {
        matches!(word, "will" | "should" | "is" | "are" | "must" | "may" | "can" | "includes" | "include" | "focuses")
    };
    match first {
        "This" | "These" | "Those" => true,
        "It" => second == "will",
        "They" => kind != Kind::Need,
        "Each" | "The" => noun(second) && (first == "Each" || will(verb)),
        "Sessions" | "Visits" | "Lessons" | "Session" => will(second),
        _ => false,
    }
}

/// In a section that mixes outcomes and help with no letters: true where the sentence tells what others do.
pub(super) fn is_help(sentence: &str) -> bool {
    let Some((before, after)) = sentence.split_once(" will ") else { return false };
    let given =
        ["receive ", "be supported", "be given", "be provided", "have access", "be offered", "get help", "get support"];
    if given.iter().any(|g| after.starts_with(g)) {
        return true;
    }
    let subject = before.rsplit(',').next().unwrap_or(before).trim();
    let mut backwards = subject.rsplit(' ');
    let last = backwards.next().unwrap_or("");
    let title = backwards.next().unwrap_or("").trim_end_matches('.');
    if matches!(title, "Mr" | "Mrs" | "Ms" | "Miss" | "Dr") {
        return true;
    }
    if last.starts_with(char::is_uppercase) {
        // A name or "I", unless the sentence begins with it.
        return matches!(
            last,
            "People"
                | "Staff"
                | "Adults"
                | "Teachers"
                | "Parents"
                | "Everybody"
                | "Everyone"
                | "Somebody"
                | "Someone"
                | "There"
                | "Sessions"
                | "School"
        );
    }
    !matches!(last, "he" | "she" | "they" | "we") && !is_child(subject)
}

fn is_child(subject: &str) -> bool {
    let lower = subject.to_lowercase();
    ["the child", "the young person", "the pupil", "the student"].iter().any(|c| lower.starts_with(c))
}

static WISHES: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    phrases(&[
        "want to",
        "wants to",
        "wants a",
        "want a",
        "want her",
        "want him",
        "want them",
        "want our",
        "want my",
        "we want",
        "i want",
        "they want",
        "parents want",
        "mum wants",
        "dad wants",
        "wanted to be",
        "hope",
        "hopes",
        "hoping",
        "hoped",
        "wish",
        "wishes",
        "dream",
        "dreams",
        "dreams",
        "aspires",
        "aspire",
        "aspiration",
        "aspirations",
        "ambition",
        "ambitions",
        "aims",
        "would like",
        "would love",
        "would really like",
        "grow up",
        "grows up",
        "grown up",
        "am older",
        "is older",
        "in the future",
        "one day",
        "i'd like",
        "i'd love",
        "is keen to become",
    ])
});
static STRENGTHS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    phrases(&[
        "enjoys",
        "enjoy",
        "loves",
        "love",
        "likes",
        "good at",
        "quick at",
        "excellent",
        "strength",
        "strengths",
        "confident",
        "kind",
        "keen",
        "talented",
        "skilled",
        "skilful",
        "able to",
        "high average",
        "above average",
        "well above",
        "fluent",
        "fluently",
        "well",
        "polite",
        "popular",
        "sociable",
        "friendly",
        "caring",
        "determined",
        "motivated",
        "strong",
        "age-appropriate",
        "age appropriate",
        "happy",
        "proud",
        "creative",
        "enthusiastic",
        "capable",
        "better than",
    ])
});
static DIFFICULTIES: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    phrases(&[
        "not",
        "cannot",
        "can't",
        "no",
        "difficult",
        "difficulty",
        "difficulties",
        "hard",
        "struggle",
        "struggles",
        "struggled",
        "but",
        "however",
        "although",
        "though",
        "only",
        "never",
        "rarely",
        "seldom",
        "needs",
        "need",
        "needed",
        "requires",
        "require",
        "anxious",
        "anxiety",
        "limited",
        "delay",
        "delayed",
        "below",
        "poor",
        "weak",
        "unable",
        "less",
        "avoids",
        "avoid",
        "refuses",
        "refuse",
        "upset",
        "distressed",
        "distress",
        "prefers",
        "because",
        "impaired",
        "impairment",
        "disorder",
        "finds",
        "becomes",
        "unless",
        "without",
        "overwhelmed",
        "too",
        "help",
        "support",
        "prompting",
        "prompts",
        "doesn't",
        "isn't",
        "lacks",
        "behind",
        "slow",
        "little",
        "reluctant",
        "tires",
        "loses",
        "risk",
        "worries",
        "worry",
        "challenging",
        "sometimes",
        "depends",
        "dependent",
        "relies",
    ])
});

/// The phrases made ready, with straight and curly apostrophes.
fn phrases(list: &[&str]) -> Option<AhoCorasick> {
    let curly = list.iter().filter(|phrase| phrase.contains('\'')).map(|phrase| phrase.replace('\'', "’"));
    let all = list.iter().map(|phrase| (*phrase).to_owned()).chain(curly);
    AhoCorasickBuilder::new().ascii_case_insensitive(true).build(all).ok()
}

/// True where `text` holds one of the phrases as whole words.
fn has_words(phrases: &LazyLock<Option<AhoCorasick>>, text: &str) -> bool {
    let bytes = text.as_bytes();
    let edge = |at: Option<&u8>| at.is_none_or(|b| !b.is_ascii_alphanumeric() && *b != b'\'');
    phrases.as_ref().is_some_and(|phrases| {
        phrases
            .find_overlapping_iter(text)
            .any(|found| edge(found.start().checked_sub(1).and_then(|i| bytes.get(i))) && edge(bytes.get(found.end())))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_in_headings() {
        for text in [
            "By the end of Year 6",
            "Outcomes by the end of Key Stage 2",
            "KS2",
            "Y6 targets",
            "E – Outcomes (by the end of Year 4)",
            "By July 2027",
            "Within 12 months",
            "Daily",
            "20 minutes a day",
            "Outcomes: next phase",
            "By age 16",
        ] {
            assert!(has_time(text), "{text}");
        }
        for text in [
            "Communication and interaction",
            "Outcomes",
            "Outcome 1",
            "You and your child",
            "I may need help",
            "Key stage",
            "Provision for the year ahead",
        ] {
            assert!(!has_time(text), "{text}");
        }
    }

    #[test]
    fn strengths_and_needs() {
        for text in [
            "Sam enjoys maths.",
            "Kofi is quick at mental maths and explains his ideas well aloud.",
            "His verbal reasoning is in the high average range.",
            "Sam reads well.",
        ] {
            assert!(is_strength(text), "{text}");
        }
        for text in [
            "Sam finds it hard to share.",
            "Sam enjoys maths but cannot read.",
            "His reading is at the 3rd centile.",
            "Sam has autism.",
            "Sam is not able to read.",
        ] {
            assert!(!is_strength(text), "{text}");
        }
    }

    #[test]
    fn wishes() {
        for text in ["I want to be a vet.", "Her parents hope that she will have friends.", "Sam would like to swim."] {
            assert!(is_wish(text), "{text}");
        }
        for text in
            ["I like it because people talk to me.", "We worry that he falls apart.", "She is hopeless at maths."]
        {
            assert!(!is_wish(text), "{text}");
        }
    }

    #[test]
    fn continuations() {
        for text in [
            "This will include a review.",
            "These sessions will be daily.",
            "It will be reviewed.",
            "They will be trained.",
            "Each session will last an hour.",
            "The programme will be reviewed.",
            "Sessions will be weekly.",
            "The focus will be on speech.",
        ] {
            assert!(continues(text, Kind::Provision), "{text}");
        }
        for text in ["The therapist will visit.", "Sam will read.", "The school will pay.", "Thistle is a plant."] {
            assert!(!continues(text, Kind::Provision), "{text}");
        }
        assert!(!continues("They hope so.", Kind::Other));
    }

    #[test]
    fn help_and_outcomes() {
        for text in [
            "To help me do this, a travel trainer from the council will ride with me.",
            "My phone will be set up at home.",
            "People will support me with this.",
            "Sam will receive help.",
        ] {
            assert!(is_help(text), "{text}");
        }
        for text in [
            "By Easter 2027 I will catch the bus.",
            "I will feel more confident.",
            "By July, Sam will read.",
            "I want to have a job.",
        ] {
            assert!(!is_help(text), "{text}");
        }
    }
}
