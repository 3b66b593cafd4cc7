//! This is the fact layer: typed amounts in a statement, each with its place.
//!
//! A fact says what the words commit to ("three times a week", "by the end of Year 6"); it never judges. Rules and
//! the verdict stand on facts; the sums of a whole plan add them up.

mod amounts;
mod bound;
mod count;
mod dates;
mod deadline;
mod frequency;
mod group;
mod independence;
mod lexicon;
mod measure;
mod milestone;
mod numbers;
mod review;
mod role;
mod scan;
mod score;
mod setting;
mod time;
mod trigger;
mod weekday;

pub use time::SCHOOL_DAY;

use crate::span::Span;
use crate::words::Words;
use lexicon::*;
use scan::Scan;
use serde::{Deserialize, Serialize};

/// A typed amount and its place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fact {
    /// Where it stands in the statement.
    pub span: Span,
    /// What it is.
    pub value: Value,
}

/// What a fact says. Times are minutes, periods are [`Period`]s.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Value {
    /// How often: "three times a week", "daily", "every Tuesday", "in all five lessons", "each morning".
    Frequency {
        /// Times in each period, where a number is given or implied ("weekly" is 1).
        times: Option<f64>,
        /// The period.
        per: Period,
    },
    /// How long each time: "20 minutes", "half an hour", "from 1.15 to 3.00", "half a day".
    Duration {
        /// Minutes.
        minutes: f64,
    },
    /// An amount over a period or in all: "15 hours a week", "six half-day sessions", "12 sessions".
    Total {
        /// Minutes, where sessions have a length or hours are named.
        minutes: Option<f64>,
        /// Number of sessions, where that is what is counted.
        sessions: Option<f64>,
        /// The period, where there is one.
        per: Option<Period>,
    },
    /// For how long the help runs, or a state is kept: "for six weeks", "a 10-week block", "for a half term".
    Course {
        /// Weeks.
        weeks: f64,
    },
    /// Group size or ratio: "1:1", "individually", "in a group of no more than six", "with one other pupil".
    Group {
        /// Adults, where a ratio says so.
        adults: Option<f64>,
        /// Children in the group; `None` for "a small group", "whole class".
        children: Option<f64>,
        /// True where `children` is a cap ("up to 6 pupils", "no more than four").
        cap: bool,
    },
    /// Who: a role, with its qualification or training where one is named.
    Role {
        /// How closely the role is named.
        naming: Naming,
        /// The qualification, registration or training, where one is named.
        qualification: Option<Span>,
    },
    /// By when: dates, terms, year groups, key stages, phases, ages, spans of time.
    Deadline,
    /// How one would see that an outcome is met.
    Measure {
        /// What sort of criterion.
        measure: Measure,
        /// True where it may be only a condition, a topic or a routine: the judge should ask for more.
        weak: bool,
    },
    /// "at least", "a minimum of" / "up to", "no more than" before an amount of help / "20–45 minutes".
    Bound {
        /// Which.
        bound: Bound,
    },
    /// What sets the help off: "whenever the class moves room", "after each page of print".
    Trigger,
    /// Where: "in the sensory room", "at home", "in every lesson".
    Setting,
    /// When it is looked at again: "reviewed termly", "at the annual review".
    Review,
    /// A time of the clock: "at 10.30", "from 8.40", "0800".
    Clock {
        /// Minutes from midnight, as written: "at 2.15" without am or pm is 135.
        minutes: f64,
    },
}

/// A recurring span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// An hour.
    Hour,
    /// A lesson or session of the timetable.
    Lesson,
    /// A day, school day, morning, night.
    Day,
    /// A week, or a named weekday.
    Week,
    /// Two weeks.
    Fortnight,
    /// A month.
    Month,
    /// Half a term, about six weeks.
    HalfTerm,
    /// A term, about twelve weeks.
    Term,
    /// Three months.
    Quarter,
    /// A year, academic or calendar.
    Year,
    /// An event that recurs with no fixed period ("each time", "every staircase").
    Event,
}

/// How closely a role is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Naming {
    /// "staff", "adults", "the setting", "the school", "professionals": nobody in particular.
    Unnamed,
    /// "key adult", "LSA", "teaching assistant", "teacher": a post with no expertise.
    Post,
    /// "speech and language therapist", "ELSA", "qualified teacher of the deaf", or a post with a qualification.
    Expert,
}

/// What sort of criterion a measure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// "4 out of 5 occasions", "on three of five days", "4/6 trials".
    OutOf,
    /// "80% accuracy", "attendance above 90%".
    Percent,
    /// "at least six different questions", "10 words".
    Count,
    /// "35 words per minute", "for 15 minutes".
    Rate,
    /// "a standardised score of 85", "Grade 6", "Stage 5 book".
    Score,
    /// "with no more than three errors".
    ErrorCeiling,
    /// "without adult prompting", "independently", "alone", "unaided".
    Independence,
    /// "all 24 consonant sounds", "circle, cross, square and diamond".
    ClosedList,
}

/// What a bound does to an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// "at least 10 hours", "a minimum of": lawful.
    Floor,
    /// "up to 10 hours", "no more than 30 minutes": promises nothing.
    Ceiling,
    /// "20–45 minutes", "between 2 and 5 hours", "two or three times".
    Range,
    /// "approximately", "about", "ten minutes or so".
    About,
}

/// Every fact in the text, ordered by place. Facts of different kinds may overlap ("15 hours a week" is one `Total`;
/// "30 minutes twice a week" is a `Duration` and a `Frequency`). Pure; never fails.
///
/// What the numbers mean: of a range, the lower one (the `Bound` beside it tells); of a group, the higher. A whole
/// school day ("all day", "full time") is [`SCHOOL_DAY`] minutes a day. "N hours a week" is a `Total`; "N minutes
/// weekly" and "N minutes every Friday" are a `Duration` and a `Frequency`.
pub fn find(words: &Words<'_>) -> Vec<Fact> {
    let mut scan = Scan::new(words);
    let mut passive = Vec::new();
    for i in 0..scan.len() {
        read(&mut scan, i, &mut passive);
    }
    let mut facts = scan.facts;
    facts.sort_by_key(|fact| (fact.span.start, fact.span.end, fact.value.order()));
    passive.sort();
    review::drop_inside(&mut facts, &passive);
    drop_inner_roles(&mut facts);
    facts.dedup();
    facts
}

/// Tries every pattern that word `i` may open. Each reads a bounded number of words, so the whole is linear.
fn read(scan: &mut Scan<'_, '_>, i: usize, passive: &mut Vec<Span>) {
    let tag = scan.tag(i);
    if tag.classes == 0 && tag.keys == 0 {
        return;
    }
    if tag.keys != 0 {
        keyed(scan, i, tag.keys, passive);
    }
    if tag.classes & NUM != 0 || matches!(scan.at(i), "a") {
        scan.numeric(i);
    }
    if tag.classes & (MONTH | SEASON) != 0 {
        scan.bare_date(i);
    }
    if tag.classes & ADVERB != 0 || scan.at(i) == "half" {
        scan.standalone_adverb(i);
    }
    if tag.classes & (WEEKDAY | WEEKDAYS) != 0 {
        scan.standalone_weekdays(i);
    }
    if tag.classes & SELF != 0 {
        scan.by_self(i);
    }
    if tag.classes & (ROLE | TITLE) != 0
        && !scan.inside_role(i)
        && let Some(end) = scan.role(i)
    {
        scan.role_until(end);
    }
    if tag.classes & PLACE != 0 {
        scan.bare_place(i);
    }
    if tag.classes & ACT != 0 {
        let object = if matches!(scan.at(i + 1), "the" | "a" | "an" | "his" | "her") { i + 2 } else { i + 1 };
        let named = matches!(
            scan.at(i).strip_suffix('s').unwrap_or(scan.at(i)),
            "name"
                | "label"
                | "identify"
                | "identifie"
                | "match"
                | "matche"
                | "sort"
                | "draw"
                | "spell"
                | "recognise"
                | "sign"
                | "say"
                | "list"
                | "copy"
                | "pack"
                | "count"
                | "write"
        );
        scan.closed_list(object, !named, true);
    }
}

fn keyed(scan: &mut Scan<'_, '_>, i: usize, keys: u32, passive: &mut Vec<Span>) {
    // "check-in", "drop-in": half of a word opens nothing.
    let keys = if scan.glued(i) && scan.back(i, 1) == "-" { keys & !(K_DEADLINE | K_TRIGGER | K_PLACE) } else { keys };
    if keys & K_SCORE != 0 {
        scan.score(i);
    }
    let dated = keys & K_DEADLINE != 0 && !scan.claimed(i) && scan.deadline(i).is_some();
    if keys & K_LABEL != 0 {
        scan.label(i);
    }
    if keys & K_GROUP != 0 && !scan.claimed(i) {
        scan.group(i);
    }
    if keys & K_REVIEW != 0 {
        scan.review(i, passive);
    }
    if keys & K_TRIGGER != 0 && !dated {
        scan.trigger(i);
    }
    if keys & K_PLACE != 0 {
        scan.setting(i);
    }
    if keys & K_FREE != 0 {
        scan.free_of_help(i);
    }
    if keys & K_WHOLE != 0
        && !scan.claimed(i)
        && scan.whole_day(i).is_none()
        && (scan.has(i, LEAD) || matches!(scan.at(i), "half" | "quarter" | "full" | "whole"))
    {
        scan.length_of_time(i).or_else(|| scan.course(i)).or_else(|| scan.one_session(i));
    }
    if keys & K_EVERY != 0 {
        scan.every(i).or_else(|| scan.all_of(i));
        if scan.at(i) == "p" && !scan.claimed(i) {
            scan.pw(i);
        }
    }
    if keys & K_ONCE != 0 && !scan.claimed(i) {
        scan.once(i);
    }
    if keys & K_TIMES != 0 {
        scan.times_after(i);
    }
    if keys & K_LIST != 0 {
        // Before a colon the act must stand ("name four shapes: …"), else the list may be of topics.
        let acted = scan.at(i) == ":"
            && (1..=10).map_while(|n| i.checked_sub(n)).take_while(|&at| !scan.ends(at)).any(|at| scan.has(at, ACT));
        scan.closed_list(i + 1, !acted, false);
    }
}

/// "without an adult", "no adult in the room": the adult there is part of the criterion, not somebody who helps. "The LSA,
/// trained each term": that is how often she is trained, not how often she helps.
fn drop_inner_roles(facts: &mut Vec<Fact>) {
    let mut alone = Vec::new();
    let mut trained = Vec::new();
    for fact in facts.iter() {
        match fact.value {
            Value::Measure { measure: Measure::Independence, .. } => alone.push(fact.span),
            Value::Role { qualification: Some(words), .. } => trained.push(words),
            _ => {}
        }
    }
    trained.sort();
    facts.retain(|fact| match fact.value {
        Value::Role { .. } => !review::inside(&alone, fact.span),
        Value::Frequency { .. } | Value::Measure { .. } => !review::inside(&trained, fact.span),
        _ => true,
    });
}

impl Value {
    /// The order of facts that cover the same words.
    fn order(&self) -> u8 {
        match self {
            Self::Frequency { .. } => 0,
            Self::Duration { .. } => 1,
            Self::Total { .. } => 2,
            Self::Course { .. } => 3,
            Self::Group { .. } => 4,
            Self::Role { .. } => 5,
            Self::Deadline => 6,
            Self::Measure { .. } => 7,
            Self::Bound { .. } => 8,
            Self::Trigger => 9,
            Self::Setting => 10,
            Self::Review => 11,
            Self::Clock { .. } => 12,
        }
    }
}
