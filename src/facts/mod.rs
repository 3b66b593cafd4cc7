//! This is the fact layer: typed amounts in a statement, each with its place.
//!
//! A fact says what the words commit to ("three times a week", "by the end of Year 6"); it never judges. Rules and
//! the verdict stand on facts; the sums of a whole plan add them up.

use crate::span::Span;
use crate::words::Words;
use serde::Serialize;

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
    /// Group size or ratio: "1:1", "individually", "in a group of no more than six", "with one other pupil".
    Group {
        /// Adults, where a ratio says so.
        adults: Option<f64>,
        /// Children in the group.
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
}

/// A recurring span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
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
pub fn find(words: &Words<'_>) -> Vec<Fact> {
    let _ = words;
    Vec::new()
}
