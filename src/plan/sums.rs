//! This is what the amounts of a plan come to: each made minutes a week, put together by the adult who gives the help.
//!
//! What a period is taken for, and which words name which adult, is data: `weeks.toml`. Ranges stay ranges, a ceiling ("up to")
//! promises nothing, and a floor ("at least") has no end. An amount that hangs on events or lessons has no weekly sum, and is
//! counted as such.

use super::check::Facts;
use crate::document::{ContextRole, Kind};
use crate::facts::{self, Bound, Fact, Period, Value};
use crate::review::Judged;
use crate::span::Span;
use crate::words::Words;
use aho_corasick::{AhoCorasick, MatchKind};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    period: Vec<PeriodSpec>,
    week: WeekSpec,
    adult: Vec<AdultSpec>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PeriodSpec {
    name: Period,
    in_a_week: f64,
    #[allow(dead_code)] // For readers of the file; a test asks that it is said.
    because: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WeekSpec {
    minutes: f64,
    #[allow(dead_code)] // As above.
    because: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AdultSpec {
    name: String,
    words: Vec<String>,
}

struct Weeks {
    periods: Vec<(Period, f64)>,
    week: f64,
    names: Vec<String>,
    adults: AhoCorasick,
    /// For each pattern: whose name it is, and whether it must be a whole word.
    of: Vec<(usize, bool)>,
}

static WEEKS: LazyLock<Weeks> = LazyLock::new(|| {
    // The file is part of the program and a test reads it.
    read(include_str!("weeks.toml")).unwrap_or_else(|error| panic!("built-in weeks: {error}"))
});

fn read(text: &str) -> Result<Weeks, String> {
    let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
    let words: Vec<(&str, usize)> =
        file.adult.iter().enumerate().flat_map(|(i, adult)| adult.words.iter().map(move |w| (w.as_str(), i))).collect();
    let adults = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostFirst)
        .build(words.iter().map(|(word, _)| word))
        .map_err(|error| error.to_string())?;
    Ok(Weeks {
        periods: file.period.iter().map(|period| (period.name, period.in_a_week)).collect(),
        week: file.week.minutes,
        // "ot" is a word of its own, "physio" also the beginning of one.
        of: words.iter().map(|(word, i)| (*i, word.len() <= 4)).collect(),
        names: file.adult.into_iter().map(|adult| adult.name).collect(),
        adults,
    })
}

/// How many of that period's units a week holds: 5 for a day, ½ for a fortnight. `None` where that hangs on a timetable or on
/// events.
pub(crate) fn in_a_week(per: Period) -> Option<f64> {
    WEEKS.periods.iter().find(|(period, _)| *period == per).map(|(_, n)| *n)
}

/// Minutes of a whole school week.
pub(crate) fn week() -> f64 {
    WEEKS.week
}

/// The adult that some words name, by its place in the list of adults.
pub(super) fn adult(text: &str) -> Option<usize> {
    let weeks = &*WEEKS;
    let letter = |at: Option<usize>| at.and_then(|at| text.as_bytes().get(at)).is_some_and(u8::is_ascii_alphanumeric);
    weeks.adults.find_iter(text).find_map(|found| {
        let (adult, whole) = *weeks.of.get(found.pattern().as_usize())?;
        let fits = !(letter(found.start().checked_sub(1)) || whole && letter(Some(found.end())));
        fits.then_some(adult)
    })
}

/// An amount of help in a statement.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Amount {
    /// Number of the statement.
    pub statement: usize,
    /// The words, in its text.
    pub span: Span,
    /// Minutes a week, the least and the most; the most is infinite for "at least". `None` where they cannot be told.
    pub minutes: Option<(f64, f64)>,
    /// Minutes of an amount with no period.
    pub bare: Option<f64>,
    /// Who gives the help, by its place in the list of adults.
    pub adult: Option<usize>,
    /// Children to each adult; 1 for 1:1. `None` where the plan does not say, or says "small group".
    pub children: Option<f64>,
    /// True for "full time", "all day".
    pub whole_day: bool,
    /// True where it is stated as the sum of others.
    pub total: bool,
}

/// What a plan's amounts come to, for each adult role and ratio.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Sums {
    /// One entry for each adult and ratio, in order of first appearance.
    pub totals: Vec<Total>,
    /// Statements whose amount has no weekly sum: it hangs on lessons or events, or has no period.
    pub open: Vec<String>,
    #[serde(skip)]
    pub(crate) amounts: Vec<Amount>,
    /// Statements with one amount that is given both 1:1 and in a group, and the words that say so.
    #[serde(skip)]
    pub(crate) mixed: Vec<(usize, Span, Option<Span>)>,
}

/// Help by one adult in one ratio.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Total {
    /// Who: "teaching assistant"; "not named" where the plan names nobody.
    pub adult: String,
    /// Children to the adult, 1 for 1:1; `None` where it is not said.
    pub children: Option<f64>,
    /// Hours a week, at the least.
    pub hours: f64,
    /// Hours a week, at the most; `None` where there is no end ("at least").
    pub most: Option<f64>,
    /// The statements that it is made of.
    pub statements: Vec<String>,
}

/// The name of an adult.
pub(crate) fn adult_name(adult: Option<usize>) -> &'static str {
    adult.and_then(|i| WEEKS.names.get(i)).map_or("not named", String::as_str)
}

impl Sums {
    /// Puts the amounts of all provision together; `words` are those of the statements.
    pub(super) fn of(statements: &[&Judged], words: &[Words<'_>], facts: &Facts) -> Self {
        let mut sums = Self::default();
        for (number, (judged, words)) in statements.iter().zip(words).enumerate() {
            if judged.statement.kind == Kind::Provision {
                sums.add(number, judged, words, facts);
            }
        }
        for amount in &sums.amounts {
            let Some(judged) = statements.get(amount.statement) else { continue };
            let Some((least, most)) = amount.minutes else {
                if sums.open.last() != Some(&judged.id) {
                    sums.open.push(judged.id.clone());
                }
                continue;
            };
            // A total that the plan states is no part of itself.
            if amount.total {
                continue;
            }
            let name = adult_name(amount.adult);
            let known = sums.totals.iter_mut().find(|t| t.adult == name && t.children == amount.children);
            let (hours, most) = (least / 60.0, most.is_finite().then_some(most / 60.0));
            match known {
                Some(total) => {
                    total.hours += hours;
                    total.most = total.most.zip(most).map(|(a, b)| a + b);
                    if total.statements.last() != Some(&judged.id) {
                        total.statements.push(judged.id.clone());
                    }
                }
                None => sums.totals.push(Total {
                    adult: name.to_owned(),
                    children: amount.children,
                    hours,
                    most,
                    statements: vec![judged.id.clone()],
                }),
            }
        }
        for total in &mut sums.totals {
            total.hours = (total.hours * 100.0).round() / 100.0;
            total.most = total.most.map(|most| (most * 100.0).round() / 100.0);
        }
        sums
    }

    /// True for a statement that only sums up others.
    pub(super) fn is_total(&self, statement: usize) -> bool {
        let from = self.amounts.partition_point(|amount| amount.statement < statement);
        let own: &[Amount] = self.amounts.get(from..).unwrap_or(&[]);
        let mut own = own.iter().take_while(|amount| amount.statement == statement).peekable();
        own.peek().is_some() && own.all(|amount| amount.total)
    }

    fn add(&mut self, number: usize, judged: &Judged, words: &Words<'_>, facts: &Facts) {
        let text = &judged.statement.text;
        let cells =
            judged.statement.context.iter().filter(|c| matches!(c.role, ContextRole::Cell | ContextRole::Column));
        let inherited = || cells.clone().map(|cell| cell.text.as_str());
        // Most statements that are too vague to be added hold no figure at all.
        if !has_amount(text) && !inherited().any(has_amount) {
            return;
        }
        let own = facts.of(number, words);
        let mut amounts = amounts(text, words, own);
        if inherited().next().is_some() && amounts.iter().all(|amount| amount.minutes.is_none()) {
            let around = inherited().collect::<Vec<_>>().join("; ");
            let joined = format!("{text} ; {around}");
            let words = Words::new(&joined);
            let all = facts::find(&words);
            let found = self::amounts(&joined, &words, &all);
            if amounts.is_empty() || found.iter().any(|amount| amount.minutes.is_some()) {
                let whole = Span::new(0, text.len());
                let inside = |span: Span| if span.end <= text.len() { span } else { whole };
                let total = text.get(..5).is_some_and(|head| head.eq_ignore_ascii_case("total"));
                amounts =
                    found.into_iter().map(|a| Amount { span: inside(a.span), total: a.total || total, ..a }).collect();
            }
        }
        if amounts.is_empty() {
            return;
        }
        if let Some((first, second)) = mixed(text, own, inherited()) {
            self.mixed.push((number, first, second));
        }
        let near = adult(text).or_else(|| inherited().find_map(adult));
        let group = |facts: &[Fact]| {
            facts.iter().find_map(|fact| match fact.value {
                Value::Group { adults, children, .. } => {
                    Some(children.map(|c| (c / adults.unwrap_or(1.0).max(1.0)).max(1.0)))
                }
                _ => None,
            })
        };
        let children =
            group(own).or_else(|| inherited().find_map(|cell| group(&facts::find(&Words::new(cell))))).flatten();
        for amount in amounts {
            let adult = sentence_of(text, amount.span).and_then(adult).or(near);
            self.amounts.push(Amount { statement: number, adult, children, ..amount });
        }
    }
}

/// Where an amount is given 1:1 and in a group at once: in one sentence, or in a statement and in a cell of its row.
fn mixed<'c>(text: &str, own: &[Fact], cells: impl Iterator<Item = &'c str>) -> Option<(Span, Option<Span>)> {
    let ratio = |fact: &Fact| match fact.value {
        Value::Group { adults, children, .. } => {
            Some((fact.span, children == Some(1.0) && adults.is_none_or(|adults| adults <= 2.0)))
        }
        _ => None,
    };
    let ratios: Vec<(Span, bool)> = own.iter().filter_map(ratio).collect();
    let alone = ratios.iter().find(|(_, one)| *one).map(|(span, _)| *span);
    let group = ratios.iter().find(|(_, one)| !*one).map(|(span, _)| *span);
    if let (Some(a), Some(b)) = (alone, group) {
        let (first, second) = if a.start < b.start { (a, b) } else { (b, a) };
        let between = format!("{} ", text.get(first.end..second.start).unwrap_or(".")).to_ascii_lowercase();
        let joined =
            [" or ", " and ", " then ", ";", ". ", " followed", " before ", " after ", " until ", " moving ", " to "];
        return (!joined.iter().any(|word| between.contains(word))).then_some((first, Some(second)));
    }
    let [(span, one)] = ratios[..] else { return None };
    let mut beside = cells.flat_map(|cell| facts::find(&Words::new(cell))).filter_map(|fact| ratio(&fact));
    beside.next().is_some_and(|(_, other)| other != one).then_some((span, None))
}

/// The sentence around a span.
pub(super) fn sentence_of(text: &str, span: Span) -> Option<&str> {
    let start = text.get(..span.start)?.rfind(". ").map_or(0, |at| at + 2);
    let end = text.get(span.end..)?.find(". ").map_or(text.len(), |at| span.end + at);
    text.get(start..end)
}

/// True where a text may hold an amount of time: a digit, a number in words or a word for the whole day, and a unit.
fn has_amount(text: &str) -> bool {
    static UNITS: LazyLock<AhoCorasick> = LazyLock::new(|| {
        any_of([
            "minute",
            "mins",
            "min ",
            "min.",
            "hour",
            "hr",
            "full time",
            "full-time",
            "fulltime",
            "all day",
            "half a day",
            "half-day",
            "half day",
            "school day",
            "full day",
            "whole day",
            "all times",
            "day,",
            "each day",
            "throughout",
        ])
    });
    UNITS.is_match(text)
}

/// The amounts of time in a text, sentence by sentence.
pub(super) fn amounts(text: &str, words: &Words<'_>, facts: &[Fact]) -> Vec<Amount> {
    let mut out = Vec::new();
    let breaks: Vec<usize> = text.match_indices(". ").map(|(at, _)| at).collect();
    let sentence = |span: Span| breaks.partition_point(|at| *at < span.start);
    let courses = facts.iter().any(|fact| matches!(fact.value, Value::Course { .. }));
    let mut taken: Vec<usize> = Vec::new();
    let sums_up = may_be_total(text);
    for (i, fact) in facts.iter().enumerate() {
        let blank = Amount {
            statement: 0,
            span: fact.span,
            minutes: None,
            bare: None,
            adult: None,
            children: None,
            whole_day: false,
            total: sums_up && is_total(text, fact.span),
        };
        match &fact.value {
            Value::Total { minutes: Some(minutes), per: Some(per), .. } => {
                let a_week = in_a_week(*per).map(|n| minutes * n);
                out.push(bounded(Amount { minutes: a_week.map(|m| (m, m)), ..blank }, words, facts));
            }
            Value::Total { minutes: Some(minutes), per: None, .. } if !courses => {
                out.push(Amount { bare: Some(*minutes), ..blank });
            }
            Value::Duration { minutes } => {
                // The frequency of the same sentence that stands nearest and serves no other length.
                let here = sentence(fact.span);
                let often = facts
                    .iter()
                    .enumerate()
                    .filter(|(j, other)| {
                        !taken.contains(j)
                            && sentence(other.span) == here
                            && matches!(
                                other.value,
                                Value::Frequency { times: Some(_), .. }
                                    | Value::Total { sessions: Some(_), per: Some(_), .. }
                            )
                    })
                    .min_by_key(|(j, other)| {
                        let gap = if other.span.start >= fact.span.start {
                            other.span.start.saturating_sub(fact.span.end)
                        } else {
                            // What stands before belongs to a length before, if there is one.
                            fact.span.start.saturating_sub(other.span.end) + 12
                        };
                        (gap, *j)
                    });
                let whole_day = (*minutes - facts::SCHOOL_DAY).abs() < 1.0;
                match often {
                    Some((j, other)) => {
                        taken.push(j);
                        let (times, per) = match other.value {
                            Value::Frequency { times: Some(times), per } => (times, per),
                            Value::Total { sessions: Some(sessions), per: Some(per), .. } => (sessions, per),
                            _ => continue,
                        };
                        let a_week = in_a_week(per).map(|n| minutes * times * n);
                        let span = fact.span.cover(other.span);
                        // "2 hours" at every change is no length of each: it lacks a period.
                        let bare = (a_week.is_none() && *minutes >= 120.0 && !courses).then_some(*minutes);
                        let span = if bare.is_some() { fact.span } else { span };
                        let amount = Amount { minutes: a_week.map(|m| (m, m)), bare, span, whole_day, ..blank };
                        out.push(bounded(amount, words, facts));
                    }
                    None => out.push(Amount { bare: (!courses).then_some(*minutes), whole_day, ..blank }),
                }
            }
            _ => {}
        }
        if i > 200 {
            break; // No statement says so many; a hostile one must not make the work grow with its square.
        }
    }
    for amount in &mut out {
        // More than a week holds is a slip of the reading ("in 40 minutes of every day").
        if amount.minutes.is_some_and(|(least, _)| least > week() * 2.0) {
            amount.minutes = None;
        }
    }
    out
}

/// An amount with what bounds it: "20–45 minutes", "at least", "up to".
fn bounded(mut amount: Amount, words: &Words<'_>, facts: &[Fact]) -> Amount {
    let Some((least, most)) = amount.minutes else { return amount };
    let (mut least, mut most) = (least, most);
    for fact in facts {
        let Value::Bound { bound } = fact.value else { continue };
        if !(fact.span.overlaps(amount.span)) {
            continue;
        }
        match bound {
            Bound::Range => {
                let mut figures = (0..words.len())
                    .filter(|&i| words.list().get(i).is_some_and(|word| fact.span.contains(word.span)))
                    .filter_map(|i| figure(words.lower(i)));
                if let (Some(a), Some(b)) = (figures.next(), figures.next())
                    && a > 0.0
                    && b > a
                {
                    most *= b / a;
                }
            }
            Bound::Floor => most = f64::INFINITY,
            Bound::Ceiling => least = 0.0,
            Bound::About => {}
        }
    }
    amount.minutes = Some((least, most));
    amount
}

fn figure(word: &str) -> Option<f64> {
    word.parse().ok().or_else(|| super::when::spelt(word).map(f64::from)).or(match word {
        "once" => Some(1.0),
        "twice" => Some(2.0),
        _ => None,
    })
}

/// Words before an amount that say that it is a total, and after it.
const BEFORE: [&str; 11] = [
    "total of",
    "total:",
    "total is",
    "totals",
    "totalling",
    "in total",
    "total ",
    "altogether",
    "in all,",
    "comes to",
    "adds up to",
];
const AFTER: [&str; 6] = ["in total", "altogether", "in all", "all told", "overall", "total"];

/// True where [`is_total`] may be true of some amount of a text: it holds one of the words that are looked for.
fn may_be_total(text: &str) -> bool {
    static WORDS: LazyLock<AhoCorasick> = LazyLock::new(|| any_of(BEFORE.into_iter().chain(AFTER)));
    WORDS.is_match(text)
}

/// Finds any of a fixed list of words, in small letters or capitals.
fn any_of(words: impl IntoIterator<Item = &'static str>) -> AhoCorasick {
    AhoCorasick::builder().ascii_case_insensitive(true).build(words).unwrap_or_else(|error| panic!("{error}"))
}

/// True where an amount is stated as the sum of others: "12 hours a week in total", "a total of 12 hours".
pub(super) fn is_total(text: &str, span: Span) -> bool {
    let start = text.get(..span.start).and_then(|before| before.rfind(". ")).map_or(0, |at| at + 2);
    let end = text.get(span.end..).and_then(|after| after.find(". ")).map_or(text.len(), |at| span.end + at);
    let near =
        |from: usize, to: usize| text.get(text.floor_char_boundary(from)..text.floor_char_boundary(to)).unwrap_or("");
    // In a total of "12 hours, 1:1, a week" the words stand round all of it.
    let before = near(start.max(span.start.saturating_sub(70)), span.start).to_ascii_lowercase();
    let after = near(span.end, end.min(span.end + 60)).to_ascii_lowercase();
    BEFORE.iter().any(|cue| before.contains(cue)) || AFTER.iter().any(|cue| after.contains(cue))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<(String, Option<(f64, f64)>)> {
        let words = Words::new(text);
        let found = amounts(text, &words, &facts::find(&words));
        found
            .into_iter()
            .map(|a| (a.span.of(text).to_owned(), a.minutes.map(|(a, b)| (a.round(), b.round()))))
            .collect()
    }

    #[test]
    fn the_file_says_why() {
        let file: File = toml::from_str(include_str!("weeks.toml")).expect("it reads");
        assert!(file.period.iter().all(|period| period.because.ends_with('.')) && file.week.because.ends_with('.'));
        assert_eq!(file.week.minutes, facts::SCHOOL_DAY * 5.0);
        assert_eq!(in_a_week(Period::Event), None);
    }

    #[test]
    fn amounts_of_a_week() {
        let one = |text: &str| said(text).first().and_then(|(_, minutes)| *minutes);
        for (text, expected) in [
            ("15 hours a week of teaching assistant time, 1:1.", Some((900.0, 900.0))),
            ("30 minutes of speech therapy every fortnight.", Some((15.0, 15.0))),
            ("Reading for 10 minutes daily.", Some((50.0, 50.0))),
            ("20 to 45 minutes a week of music therapy.", Some((20.0, 45.0))),
            ("Three sessions of 30 minutes each week.", Some((90.0, 90.0))),
            ("At least 10 hours a week of support.", Some((600.0, f64::INFINITY))),
            ("Up to 5 hours of support a week.", Some((0.0, 300.0))),
            ("A full-time teaching assistant.", Some((1950.0, 1950.0))),
            ("15 hours of support.", None),
            ("Five minutes in every lesson.", None),
        ] {
            assert_eq!(one(text), expected, "{text}");
        }
    }

    #[test]
    fn adults_by_their_names() {
        for (text, expected) in [
            ("A speech and language therapist will visit.", "speech and language therapist"),
            ("from a TA", "teaching assistant"),
            ("start at nine", "not named"),
            ("His LSA and the OT", "teaching assistant"),
        ] {
            assert_eq!(adult_name(adult(text)), expected, "{text}");
        }
    }

    #[test]
    fn totals_are_told_from_their_parts() {
        for (text, amount, expected) in [
            ("This makes 12 hours a week in total.", "12 hours a week", true),
            ("A total of 12 hours a week.", "12 hours a week", true),
            ("Total teaching assistant time: 12 hours a week", "12 hours a week", true),
            ("Sam will have 12 hours a week of help.", "12 hours a week", false),
        ] {
            let at = text.find(amount).expect("it is there");
            assert_eq!(is_total(text, Span::new(at, at + amount.len())), expected, "{text}");
        }
    }
}
