//! This is what the words of a plan are about: `lexicon.txt`, made ready for look-ups by the stems of words.

use crate::fx::{BuildFx, Fx};
use crate::words::{WordKind, Words, stem};
use std::collections::{HashMap, HashSet};
use std::hash::Hasher;
use std::sync::LazyLock;

/// Broad areas of need, as bits of [`AREAS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Areas(u16);

impl Areas {
    /// True where the two have an area in common.
    pub fn meet(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// True where there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Those of both.
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// The areas, and words by which headings name them.
const AREAS: [(&str, &[&str]); 8] = [
    ("communication", &["communication", "speech", "language", "interaction"]),
    ("learning", &["cognition", "cognitive", "literacy", "numeracy", "academic", "attainment", "maths", "reading"]),
    ("emotional", &["emotional", "mental", "semh", "behaviour", "wellbeing", "anxiety"]),
    ("sensory", &["sensory", "hearing", "vision", "visual"]),
    ("physical", &["physical", "motor", "mobility"]),
    (
        "independence",
        &["independence", "independent", "self-help", "self-care", "adulthood", "employment", "skills for life"],
    ),
    ("health", &["health", "medical"]),
    ("social", &["friendships", "community", "leisure", "family"]),
];

/// Words of headings that say nothing of what stands below.
const EMPTY: &[&str] = &[
    "section",
    "outcome",
    "need",
    "provision",
    "special",
    "educational",
    "education",
    "support",
    "strength",
    "help",
    "difficulty",
    "hard",
    "area",
    "health",
    "care",
    "social",
    "requir",
    "end",
    "year",
    "key",
    "stage",
    "long",
    "short",
    "target",
    "step",
    "summary",
    "description",
    "identified",
    "relat",
    "view",
    "aspiration",
    "interest",
    "what",
    "how",
    "continu",
    "table",
    "part",
    "number",
    "review",
    "arrangement",
    "monitor",
    "curriculum",
    "staff",
    "environment",
];

/// What a stem or a pair of stems is about: the key that statements about the same thing share; in another range than stems.
pub(crate) type Topic = u64;

/// What a word tells of what a statement is about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Meaning {
    /// What words of one stem share.
    pub stem: u64,
    /// How much it counts where it is of no topic: nothing, little, or fully.
    pub weight: f32,
    /// Topics that it is of.
    pub topics: &'static [Topic],
    /// True where it may be of a topic together with the word after it.
    pub opens: bool,
}

impl Meaning {
    /// That of a word in small letters.
    pub fn of(word: &str) -> Self {
        let stem = hash(stem(word).as_bytes());
        Self { stem, weight: weight(word), topics: topics(stem), opens: LEXICON.opens.contains(&stem) }
    }
}

struct Lexicon {
    topics: HashMap<u64, Vec<Topic>, BuildFx>,
    /// Stems that a pair begins with.
    opens: HashSet<u64, BuildFx>,
    stop: HashSet<u64, BuildFx>,
    generic: HashSet<u64, BuildFx>,
    empty: HashSet<u64, BuildFx>,
    areas: HashMap<u64, Areas, BuildFx>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let words = |text: &str| -> HashSet<u64, BuildFx> {
        let lines = text.lines().map(|line| line.split('#').next().unwrap_or("").trim());
        lines.filter(|word| !word.is_empty()).map(|word| hash(word.as_bytes())).collect()
    };
    let mut lexicon = Lexicon {
        topics: HashMap::default(),
        opens: HashSet::default(),
        stop: words(include_str!("../../rules/lexicons/stop.txt")),
        generic: words(include_str!("../../rules/lexicons/generic.txt")),
        empty: EMPTY.iter().map(|word| hash(stem(word).as_bytes())).collect(),
        areas: HashMap::default(),
    };
    for (at, (_, names)) in AREAS.iter().enumerate() {
        for name in *names {
            let key = hash(stem(name).as_bytes());
            let known = lexicon.areas.entry(key).or_default();
            *known = known.or(Areas(1 << at));
        }
    }
    for (_, topic, entries) in entries() {
        let topic = hash(topic.as_bytes()) ^ TOPIC;
        for entry in entries.split_whitespace() {
            let mut stems = entry.split(['_', '-']).map(|word| hash(stem(word).as_bytes()));
            let Some(first) = stems.next() else { continue };
            let key = stems.fold(first, |key, stem| {
                lexicon.opens.insert(first);
                pair(key, stem)
            });
            let list = lexicon.topics.entry(key).or_default();
            if !list.contains(&topic) {
                list.push(topic);
            }
        }
    }
    lexicon
});

/// Keeps the keys of topics apart from those of words.
const TOPIC: u64 = 0x5bd1_e995_9d1b_54a5;

/// Area, topic and words of every line.
fn entries() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let lines = include_str!("lexicon.txt").lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).filter_map(|line| {
        let (head, words) = line.split_once(':')?;
        let (area, topic) = head.split_once(' ')?;
        Some((area, topic, words))
    })
}

/// The key of some bytes: the same on every machine.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    let mut state = Fx::default();
    state.write(bytes);
    state.finish()
}

/// The key of two stems that follow each other.
pub(super) fn pair(first: u64, second: u64) -> u64 {
    first.rotate_left(23) ^ second.wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// What a stem, or a pair of them, is about.
pub(super) fn topics(key: u64) -> &'static [Topic] {
    LEXICON.topics.get(&key).map_or(&[], Vec::as_slice)
}

/// How much a word of no topic counts: nothing, little, or fully.
fn weight(word: &str) -> f32 {
    let key = hash(word.as_bytes());
    if word.len() < 2 || LEXICON.stop.contains(&key) {
        0.0
    } else if LEXICON.generic.contains(&key) {
        0.2
    } else {
        1.0
    }
}

/// The areas that a heading names, and what it shares with a heading of the same words; 0 where it says nothing of what stands
/// below.
pub(crate) fn heading(text: &str) -> (Areas, u64) {
    let words = Words::new(text);
    let mut areas = Areas::default();
    let mut keys: Vec<u64> = Vec::new();
    let mut number = false;
    for (i, word) in words.list().iter().enumerate() {
        let lower = words.lower(i);
        match word.kind {
            WordKind::Digits => number = true,
            WordKind::Letters if weight(lower) > 0.0 || lower == "need" => {
                let key = hash(stem(lower).as_bytes());
                areas = areas.or(LEXICON.areas.get(&key).copied().unwrap_or_default());
                if !LEXICON.empty.contains(&key) && weight(lower) == 1.0 {
                    keys.push(key);
                }
            }
            _ => {}
        }
    }
    // "Health needs" is a section's title; "Health" alone names no area within one.
    if keys.is_empty() {
        let labelled = number && super::reference::label(text).is_some();
        return (Areas::default(), if labelled { hash(text.trim().to_lowercase().as_bytes()) } else { 0 });
    }
    keys.sort_unstable();
    keys.dedup();
    (areas, keys.into_iter().fold(1, pair).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_has_a_known_area_and_words_with_content() {
        for (area, topic, entries) in entries() {
            assert!(AREAS.iter().any(|(name, _)| *name == area), "{area} {topic}");
            for entry in entries.split_whitespace() {
                let parts: Vec<&str> = entry.split(['_', '-']).collect();
                assert!(parts.len() <= 2, "{topic}: {entry} has more than two words");
                for word in parts {
                    assert!(
                        weight(word) > 0.0,
                        "{topic}: {entry}: “{word}” is passed over, so that the pair is never met"
                    );
                }
            }
        }
    }

    #[test]
    fn headings_name_areas() {
        let (sensory, _) = heading("Sensory and/or physical needs");
        assert!(sensory.meet(heading("Physical and sensory").0));
        assert!(!sensory.meet(heading("Communication and interaction").0));
        assert_eq!(heading("Special educational needs").1, 0);
        assert_eq!(heading("By the end of Year 6").1, 0);
        assert_ne!(heading("Outcome 2").1, 0);
    }
}
