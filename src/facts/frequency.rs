//! This is the reading of how often: "three times a week", "half-termly", "every other Tuesday", "in all five lessons".

use super::lexicon::{
    ADVERB, EVENT, LEAD, MONTH, NOTEVENT, NUM, PART, PLURAL, PREP, SEASON, SESSION, SPAN, SUBJECT, UNIT, WEEKDAY,
    WEEKDAYS,
};
use super::scan::Scan;
use super::{Bound, Period, Value};

/// So many times in a period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Recurrence {
    /// Times; below one for "every three weeks".
    pub times: f64,
    /// The period.
    pub per: Period,
    /// One past the last word.
    pub end: usize,
}

impl Recurrence {
    pub(super) fn some(times: f64, per: Period, end: usize) -> Option<Self> {
        Some(Self { times, per, end })
    }
}

impl Scan<'_, '_> {
    /// The period that an amount just before word `i` is counted by: "a week", "per half term", "/wk", "each day", "weekly",
    /// "p.w.", "every Tuesday".
    pub(super) fn per(&self, i: usize) -> Option<Recurrence> {
        let i = if self.any(i, &["in", "during", "on", "over", "of", "at", "for", "throughout"])
            && self.any(i + 1, &["each", "every", "a", "any"])
        {
            // "once in every lesson"; but "for a week" and "in a lesson" are no rates.
            if self.at(i + 1) == "a" && !(self.at(i) == "in" && self.has(i + 2, SPAN)) {
                return None;
            }
            i + 1
        } else {
            i
        };
        match self.at(i) {
            "a" | "an" => {
                let half = if self.at(i + 1) == "half" { self.past_hyphen(i + 2) } else { i + 1 };
                let noun = self.past_period_kind(half);
                // "a day of", "a session with" name a thing; "three times a day" was asked from an amount.
                (self.has(noun, SPAN | PART)
                    || matches!(self.at(noun), "hour" | "lesson" | "session" | "visit")
                    || self.has(noun, WEEKDAY))
                .then(|| self.period_noun(i + 1))
                .flatten()
            }
            "per" | "every" | "each" | "/" => self.period_noun(i + 1),
            "any" => self.period_noun(i + 1).filter(|r| r.per != Period::Event),
            "pw" => Recurrence::some(1.0, Period::Week, i + 1),
            "p" => match (self.at(i + 1), self.at(i + 2)) {
                ("." | "/", "w" | "wk") => {
                    let end =
                        if self.at(i + 3) == "." && self.glued(i + 3) && !self.capital(i + 4) && i + 4 < self.len() {
                            i + 4
                        } else {
                            i + 3
                        };
                    Recurrence::some(1.0, Period::Week, end)
                }
                _ => None,
            },
            "-" => self.adverb(i + 1),
            _ => self.adverb(i),
        }
    }

    /// Like [`Self::per`], but with up to six words of content before it: "three sessions *of precision teaching* a week".
    pub(super) fn per_near(&self, i: usize) -> Option<(Recurrence, usize)> {
        let mut at = i;
        while at < i + 8 && !self.ends(at) && !matches!(self.at(at), "," | ":" | "(") {
            if let Some(per) = self.per(at).filter(|_| at == i || self.joins(at)) {
                return Some((per, at));
            }
            // Past a ratio ("1:1") but not past another amount.
            if self.has(at, NUM) {
                match (self.at(at + 1), self.has(at + 2, NUM)) {
                    (":" | "to" | "-", true) => at += 3,
                    _ => return None,
                }
                while self.any(at, &["-", "to", "one"]) {
                    at += 1;
                }
                continue;
            }
            if at > i && (self.has(at, WEEKDAYS) || self.any(at, &["when", "if", "until", "before"])) {
                return None;
            }
            at += 1;
        }
        None
    }

    /// At a distance only a clear rate counts: "a week", "each week", "weekly", not "a lesson", "a break", "of a day".
    fn joins(&self, i: usize) -> bool {
        match self.at(i) {
            "a" | "an" => {
                self.has(self.past_period_kind(i + 1), SPAN)
                    && !self.back_has(i, 1, PREP | NUM | PART)
                    && !self.any_back(i, &["once", "twice", "times", "time", "days", "day"])
            }
            "per" | "/" | "each" | "every" | "pw" | "p" => true,
            "in" | "during" | "on" | "over" | "of" | "at" | "for" | "throughout" | "any" | "-" => false,
            _ => true,
        }
    }

    /// "daily", "half-termly", "6-weekly" is read from the number.
    fn adverb(&self, i: usize) -> Option<Recurrence> {
        if self.at(i) == "half" {
            let next = self.past_hyphen(i + 1);
            return if matches!(self.at(next), "termly" | "yearly") {
                let (times, per) =
                    if self.at(next) == "termly" { (1.0, Period::HalfTerm) } else { (2.0, Period::Year) };
                Recurrence::some(times, per, next + 1)
            } else {
                None
            };
        }
        let tag = self.tag(i);
        if !self.has(i, ADVERB) || self.names_a_thing(i + 1) {
            return None;
        }
        tag.period.and_then(|per| Recurrence::some(tag.value, per, i + 1))
    }

    /// "daily living skills", "weekly timetable": the adverb only names the thing.
    fn names_a_thing(&self, i: usize) -> bool {
        self.any(
            i,
            &[
                "living",
                "life",
                "lives",
                "routine",
                "routines",
                "timetable",
                "planner",
                "diary",
                "needs",
                "news",
                "mile",
                "skills",
                "allowance",
                "shop",
                "tasks",
                "activities",
                "self",
                "structure",
                "expectations",
                "demands",
                "care",
            ],
        )
    }

    fn past_period_kind(&self, mut i: usize) -> usize {
        for _ in 0..2 {
            if self.any(
                i,
                &[
                    "school",
                    "college",
                    "teaching",
                    "working",
                    "calendar",
                    "academic",
                    "single",
                    "given",
                    "normal",
                    "term",
                    "timetabled",
                    "nursery",
                    "school's",
                ],
            ) && (self.at(i) != "term" || self.at(i + 1) == "time")
            {
                i = self.past_hyphen(i + 1);
            }
        }
        i
    }

    /// The period named at word `i`, after "per", "each", "a": "week", "other Tuesday", "three weeks", "maths lesson".
    fn period_noun(&self, i: usize) -> Option<Recurrence> {
        let mut i = i;
        let mut factor = 1.0;
        if self.any(i, &["other", "alternate", "second"]) {
            factor = 0.5;
            i += 1;
        }
        i = self.past_period_kind(i);
        if self.at(i) == "half" {
            let term = self.past_hyphen(i + 1);
            return matches!(self.at(term), "term" | "terms")
                .then(|| Recurrence::some(factor, Period::HalfTerm, term + 1))
                .flatten();
        }
        if let Some(days) = self.weekdays(i) {
            // "every Saturday morning"
            let end = if self.has(days.end, PART) { days.end + 1 } else { days.end };
            return if factor == 0.5 && days.times == 1.0 {
                Recurrence::some(1.0, Period::Fortnight, end)
            } else {
                Recurrence::some(days.times * factor, Period::Week, end)
            };
        }
        if let Some(count) = self.amount(i, false).filter(|n| n.low > 0.0) {
            let unit = self.past_hyphen(self.past_period_kind(count.end));
            let value = self.tag(unit).value;
            let period = self.tag(unit).period;
            return match period {
                _ if self.at(unit) == "half" && self.any(self.past_hyphen(unit + 1), &["terms", "term"]) => {
                    Recurrence::some(1.0 / count.low, Period::HalfTerm, self.past_hyphen(unit + 1) + 1)
                }
                _ if self.has(unit, UNIT) && value > 0.0 => {
                    Recurrence::some(60.0 / (value * count.low), Period::Hour, unit + 1)
                }
                Some(Period::Week) if count.low == 2.0 => Recurrence::some(1.0, Period::Fortnight, unit + 1),
                Some(period) if self.has(unit, SPAN | SESSION | PART) => {
                    Recurrence::some(1.0 / count.low, period, unit + 1)
                }
                _ => None,
            };
        }
        if self.has(i, SPAN) && !(self.at(i) == "year" && self.at(i + 1) == "group") {
            let period = self.tag(i).period?;
            return if factor == 0.5 && period == Period::Week {
                Recurrence::some(1.0, Period::Fortnight, i + 1)
            } else {
                Recurrence::some(factor, period, i + 1)
            };
        }
        if self.has(i, UNIT) {
            let period = self.tag(i).period;
            return match (self.at(i), period) {
                ("hour", Some(period)) => Recurrence::some(factor, period, i + 1),
                _ => None,
            };
        }
        if self.has(i, MONTH | SEASON) && self.capital(i) {
            // "each September and January", "every Easter"
            return Recurrence::some(factor, Period::Year, i + 1);
        }
        self.event_noun(i, factor)
    }

    /// "maths lesson", "change of activity", "hallway transition", "time": up to three words before the noun.
    fn event_noun(&self, i: usize, factor: f64) -> Option<Recurrence> {
        for at in i..i + 5 {
            let next_is_noun = self.has(at + 1, SESSION | EVENT) && !self.has(at + 1, PREP | LEAD);
            if self.has(at, PART) && !next_is_noun {
                return Recurrence::some(factor, Period::Day, at + 1);
            }
            if self.has(at, SESSION) && !next_is_noun {
                return self.tag(at).period.and_then(|per| Recurrence::some(factor, per, at + 1));
            }
            if self.has(at, NOTEVENT) && !self.has(at, EVENT)
                || !self.letters(at) && self.at(at) != "-"
                || self.has(at, PREP | LEAD) && at > i
            {
                return None;
            }
            if self.has(at, EVENT)
                && !next_is_noun
                && !(self.has(at, SUBJECT) && self.letters(at + 1) && !self.has(at + 1, PREP))
            {
                return Recurrence::some(factor, Period::Event, at + 1);
            }
        }
        None
    }

    /// Standalone forms that begin with "every", "each", "all", "both", "per": notes a frequency.
    pub(super) fn every(&mut self, i: usize) -> Option<usize> {
        let from = if !self.back_glued(i)
            && matches!(self.back(i, 1), "in" | "at" | "on" | "during" | "for" | "across" | "throughout")
        {
            i - 1
        } else {
            i
        };
        let found = match self.at(i) {
            "every" | "each" if self.claimed(i) => None,
            "every" | "each" => self.period_noun(i + 1),
            "all" | "both" => self.all_lessons(i + 1),
            "per" if !self.claimed(i) => self.period_noun(i + 1).filter(|r| r.per != Period::Event),
            _ => None,
        }?;
        // "nine changes in every ten", "each of": the number is no period.
        self.push(from, found.end, Value::Frequency { times: Some(found.times), per: found.per });
        self.claim(from, found.end);
        Some(found.end)
    }

    /// After "all": "(of his) (five) (maths) lessons".
    fn all_lessons(&self, i: usize) -> Option<Recurrence> {
        let mut at = i;
        while self.any(at, &["of", "his", "her", "their", "the", "my", "your"]) && at < i + 2 {
            at += 1;
        }
        if let Some(count) = self.number(at) {
            at = count.end;
        }
        for _ in 0..6 {
            if self.has(at, SESSION) && self.has(at, PLURAL) && !self.has(at + 1, SESSION) {
                return Recurrence::some(
                    1.0,
                    if self.tag(at).period == Some(Period::Lesson) { Period::Lesson } else { Period::Event },
                    at + 1,
                );
            }
            let lists =
                self.at(at) == "," && self.has(at + 1, SUBJECT) || self.at(at) == "and" && self.has(at + 1, SUBJECT);
            if !lists
                && !(self.letters(at)
                    && (self.has(at, SUBJECT) || self.any(at, &["mainstream", "core", "taught", "timetabled", "gcse"])))
            {
                return None;
            }
            at += 1;
        }
        None
    }

    /// "once a week", "twice daily", "once or twice every half term".
    pub(super) fn once(&mut self, i: usize) -> Option<usize> {
        let times = match self.at(i) {
            "once" => 1.0,
            "twice" => 2.0,
            _ => 3.0,
        };
        let range = self.at(i + 1) == "or" && self.any(i + 2, &["twice", "thrice"]);
        let mut end = if range { i + 3 } else { i + 1 };
        if self.seq(end, &["in", "the"]) || self.seq(end, &["during", "the"]) {
            end += 1;
        }
        let per = self.per(end)?;
        self.push(i, per.end, Value::Frequency { times: Some(times * per.times), per: per.per });
        self.push_bound(i, per.end, false);
        if range {
            self.push(i, per.end, Value::Bound { bound: Bound::Range });
        }
        self.claim(i, per.end);
        Some(per.end)
    }

    /// A standalone adverb: "daily", "half-termly", "weekly", "pw" after a length of time is read there.
    pub(super) fn standalone_adverb(&mut self, i: usize) -> Option<usize> {
        if self.claimed(i) {
            return None;
        }
        let found = self.adverb(i)?;
        let from = if self.seq_before(i, &["on", "a"]) && self.at(found.end) == "basis" { i - 2 } else { i };
        let end = if from < i { found.end + 1 } else { found.end };
        self.push(from, end, Value::Frequency { times: Some(found.times), per: found.per });
        self.claim(from, end);
        Some(end)
    }
}
