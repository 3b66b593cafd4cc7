//! This is how much of a named help a statement promises: minutes a week, so that plans can be compared.

use crate::facts::{self, Value};
use crate::plan::in_a_week;
use crate::words::Words;
use aho_corasick::{AhoCorasick, MatchKind};
use std::sync::LazyLock;

/// Kinds of help that are compared, with the words that name them.
const HELP: &[(&str, &[&str])] = &[
    ("speech_and_language", &["speech and language", "speech therap", "salt ", "slt "]),
    ("occupational_therapy", &["occupational therap", " ot "]),
    ("physiotherapy", &["physiotherap", "physio "]),
    (
        "teaching_assistant",
        &["teaching assistant", "learning support assistant", "support assistant", " ta ", " lsa ", "key adult"],
    ),
    ("specialist_teacher", &["specialist teacher", "advisory teacher", "qualified teacher of"]),
    ("mentoring", &["mentor", "elsa ", "emotional literacy"]),
    ("counselling", &["counsell", "psychotherap"]),
    ("psychology", &["psycholog"]),
    ("literacy", &["phonics", "reading intervention", "literacy", "precision teaching"]),
    ("numeracy", &["numeracy", "maths intervention"]),
    ("social_skills", &["social skills", "lego", "friendship group", "turn-taking group"]),
];

static NAMED: LazyLock<(AhoCorasick, Vec<usize>)> = LazyLock::new(|| {
    let words = HELP.iter().flat_map(|(_, words)| words.iter());
    let of = HELP.iter().enumerate().flat_map(|(i, (_, words))| words.iter().map(move |_| i)).collect();
    let builder = AhoCorasick::builder().ascii_case_insensitive(true).match_kind(MatchKind::LeftmostFirst).build(words);
    (builder.unwrap_or_else(|error| panic!("{error}")), of)
});

/// Minutes of a school week of 32.5 hours: more of a help is a slip of the reading, not a promise.
pub const WEEK: f64 = 32.5 * 60.0;

/// Names of the kinds of help, in the order of [`promised`].
pub fn names() -> impl Iterator<Item = &'static str> {
    HELP.iter().map(|(name, _)| *name)
}

/// The first kind of help that a provision names, by its place in [`names`], and its minutes a week. `None` where it names
/// none, or its amount cannot be told.
pub fn promised(text: &str) -> Option<(usize, f64)> {
    let (words, of) = &*NAMED;
    let help = *of.get(words.find(text)?.pattern().as_usize())?;
    let minutes = minutes_a_week(text)?;
    (minutes > 0.0 && minutes <= WEEK).then_some((help, minutes))
}

/// Minutes a week in a statement's words, where length and frequency are both said; what a period is taken for stands in
/// `plan/weeks.toml`.
pub fn minutes_a_week(text: &str) -> Option<f64> {
    let facts = facts::find(&Words::new(text));
    let mut length = None;
    let mut often = None;
    for fact in &facts {
        match &fact.value {
            Value::Total { minutes: Some(minutes), per: Some(per), .. } => return Some(minutes * in_a_week(*per)?),
            Value::Duration { minutes } if length.is_none() => length = Some(*minutes),
            Value::Frequency { times: Some(times), per } if often.is_none() => often = Some(times * in_a_week(*per)?),
            _ => {}
        }
    }
    Some(length? * often?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_of_help() {
        let named = |text: &str| promised(text).map(|(help, minutes)| (HELP[help].0, minutes));
        for (text, expected) in [
            (
                "A speech and language therapist will see Sam for 30 minutes every fortnight.",
                Some(("speech_and_language", 15.0)),
            ),
            ("15 hours a week of teaching assistant time, 1:1.", Some(("teaching_assistant", 900.0))),
            ("Precision teaching for 10 minutes daily.", Some(("literacy", 50.0))),
            ("Regular support from a teaching assistant.", None),
            ("Swimming for 30 minutes every week.", None),
        ] {
            assert_eq!(named(text), expected, "{text}");
        }
    }
}
