//! This is the reading of lengths of time: "20 minutes", "half an hour", "from 1.15 to 3.00", "all day", "for six weeks".

use super::lexicon::{ADVERB, LEAD, SESSION, SPAN, UNIT};
use super::numbers::four_digits;
use super::scan::Scan;
use super::{Period, Value};

/// Minutes of a school day: 32½ hours a week, the minimum that the Department for Education expects of schools
/// (*Length of the school week*, 2023), over five days.
pub const SCHOOL_DAY: f64 = 390.0;

/// A length of time in minutes; `high` is greater than `low` for a range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Length {
    /// Minutes, or the lower of two.
    pub low: f64,
    /// Minutes, or the higher of two.
    pub high: f64,
    /// One past the last word.
    pub end: usize,
}

impl Length {
    fn exact(minutes: f64, end: usize) -> Option<Self> {
        Some(Self { low: minutes, high: minutes, end })
    }

    /// True where two different lengths stand there.
    pub(super) fn is_range(self) -> bool {
        self.low != self.high
    }
}

impl Scan<'_, '_> {
    /// The length of time that begins at word `i`.
    pub(super) fn length(&self, i: usize) -> Option<Length> {
        if let Some(length) = self.fraction_of_hour(i).or_else(|| self.part_of_day(i)) {
            return Some(length);
        }
        if self.has(i, LEAD) {
            if super::measure::is_plural(self.back(i, 1)) {
                return None; // "20 words a minute"
            }
            let unit = self.past_size(i + 1);
            return if self.is_unit(unit) && !matches!(self.at(unit), "second" | "min") {
                let half = (self.at(unit) == "hour").then(|| self.and_part(unit + 1)).flatten();
                match half {
                    Some((part, end)) => Length::exact(60.0 * (1.0 + part), end),
                    None => Length::exact(self.tag(unit).value, unit + 1),
                }
            } else {
                None
            };
        }
        let amount = self.amount(i, self.back(i, 1) == "between")?;
        let unit = self.past_size(amount.end);
        if self.at(unit) == "day" || self.at(unit) == "days" {
            // "two full days", "six half-days": a plain "two days" says how many, not how long.
            let size = match self.back(unit, 1) {
                "full" | "whole" => SCHOOL_DAY,
                "-" if matches!(self.back(unit, 2), "full" | "whole") => SCHOOL_DAY,
                "half" => SCHOOL_DAY / 2.0,
                "-" if self.back(unit, 2) == "half" => SCHOOL_DAY / 2.0,
                _ => return None,
            };
            return (unit > amount.end).then_some(Length {
                low: amount.low * size,
                high: amount.high * size,
                end: unit + 1,
            });
        }
        if !self.is_unit(unit) {
            return None;
        }
        let size = self.tag(unit).value;
        let mut length = Length { low: amount.low * size, high: amount.high * size, end: unit + 1 };
        if size == 60.0 && !amount.is_range() {
            length = self.and_minutes(length);
        }
        if matches!(self.at(length.end), "to" | "-")
            && !amount.is_range()
            && let Some(second) = self.length(length.end + 1).filter(|l| l.low > length.low)
        {
            length.high = second.high;
            length.end = second.end;
        }
        Some(length)
    }

    /// True where word `i` is a unit of time and no other word: "h" only after digits ("2h"), "min" not before a number
    /// ("min 2 hours").
    fn is_unit(&self, i: usize) -> bool {
        self.has(i, UNIT) && (self.at(i) != "h" || self.glued(i)) && !(self.at(i) == "second" && self.back(i, 1) != "-")
    }

    /// Past a hyphen and words of size: "20-minute", "two whole hours", "10 consecutive minutes".
    fn past_size(&self, i: usize) -> usize {
        let mut at = self.past_hyphen(i);
        for _ in 0..2 {
            if self.any(
                at,
                &[
                    "full",
                    "whole",
                    "half",
                    "straight",
                    "consecutive",
                    "uninterrupted",
                    "further",
                    "additional",
                    "extra",
                    "continuous",
                    "timetabled",
                    "direct",
                    "school",
                    "single",
                    "solid",
                    "unbroken",
                    "more",
                    "clock",
                ],
            ) {
                at = self.past_hyphen(at + 1);
            }
        }
        at
    }

    /// "half an hour", "half-hour", "a quarter of an hour", "three-quarters of an hour".
    fn fraction_of_hour(&self, i: usize) -> Option<Length> {
        let from = if self.at(i) == "a" && self.any(i + 1, &["half", "quarter"]) { i + 1 } else { i };
        match self.at(from) {
            "half" | "½" => {
                let next = self.past_hyphen(from + 1);
                let next = if self.has(next, LEAD) { self.past_size(next + 1) } else { next };
                (matches!(self.at(next), "hour" | "hourly" | "hours" | "hr"))
                    .then(|| Length::exact(30.0, next + 1))
                    .flatten()
            }
            "quarter" if self.seq(from + 1, &["of", "an", "hour"]) => Length::exact(15.0, from + 4),
            "quarter" if self.at(self.past_hyphen(from + 1)) == "hour" => {
                Length::exact(15.0, self.past_hyphen(from + 1) + 1)
            }
            "three" => {
                let next = self.past_hyphen(from + 1);
                self.seq(next, &["quarters", "of", "an", "hour"]).then(|| Length::exact(45.0, next + 4)).flatten()
            }
            _ => None,
        }
    }

    /// "half a day", "a half-day", "a full day", "one whole school day".
    fn part_of_day(&self, i: usize) -> Option<Length> {
        let from = if self.has(i, LEAD) || self.at(i) == "one" { i + 1 } else { i };
        let size = match self.at(from) {
            "half" => SCHOOL_DAY / 2.0,
            "full" | "whole" if from > i => SCHOOL_DAY,
            "full" | "whole" if self.at(from + 1) == "-" => SCHOOL_DAY,
            _ => return None,
        };
        let next = self.past_hyphen(from + 1);
        let next = if self.at(next) == "a" { next + 1 } else { next };
        let next = if matches!(self.at(next), "school" | "college" | "nursery") { next + 1 } else { next };
        matches!(self.at(next), "day" | "days").then(|| Length::exact(size, next + 1)).flatten()
    }

    fn and_part(&self, i: usize) -> Option<(f64, usize)> {
        match (self.at(i), self.at(i + 1), self.at(i + 2)) {
            ("and", "a", "half") => Some((0.5, i + 3)),
            ("and", "a", "quarter") => Some((0.25, i + 3)),
            ("and", "three", "quarters") => Some((0.75, i + 3)),
            _ => None,
        }
    }

    /// "1 hour 20 minutes", "1 hr 20", "2h30", "one hour and ten minutes", "an hour and a half".
    fn and_minutes(&self, length: Length) -> Length {
        if let Some((part, end)) = self.and_part(length.end) {
            return Length { low: length.low + 60.0 * part, high: length.high + 60.0 * part, end };
        }
        let joined = matches!(self.at(length.end), "and" | ",");
        let from = if joined { length.end + 1 } else { length.end };
        let Some(minutes) = self.number(from).filter(|n| n.value > 0.0 && n.value < 60.0) else { return length };
        let unit = self.past_hyphen(minutes.end);
        let end = if self.has(unit, UNIT) && self.tag(unit).value == 1.0 {
            unit + 1
        } else if !joined
            && self.digits(from)
            && (self.ends(minutes.end)
                || self.has(minutes.end, ADVERB | LEAD)
                || self.glued(from)
                || self.any(minutes.end, &[",", ")", "per", "/", "of", "each", "every"]))
        {
            minutes.end
        } else {
            return length;
        };
        Length { low: length.low + minutes.value, high: length.high + minutes.value, end }
    }

    /// "from 1.15 to 3.00", "9am-3pm", "8:30 until 8:45": notes a duration and gives the end.
    pub(super) fn clock_range(&mut self, i: usize) -> Option<usize> {
        let (start, mid) = self
            .clock(i, true)
            .or_else(|| self.shared_hour(i))
            .or_else(|| self.hour_till(i))
            .or_else(|| self.railway(i).filter(|(_, mid)| self.railway(mid + 1).is_some()))?;
        if !matches!(self.at(mid), "to" | "-" | "until" | "till" | "and")
            || self.at(mid) == "and" && self.back(i, 1) != "between"
        {
            return None;
        }
        let (finish, end) = self
            .clock(mid + 1, true)
            .or_else(|| matches!(self.at(mid), "till" | "until").then(|| self.bare_hour(mid + 1)).flatten())
            .or_else(|| self.railway(mid + 1))?;
        let mut minutes = finish - start;
        if minutes <= 0.0 {
            minutes += 720.0;
        }
        let from = if matches!(self.back(i, 1), "from" | "between") { i - 1 } else { i };
        if minutes > 0.0 {
            self.push(from, end, Value::Duration { minutes });
        }
        self.push(i, mid, Value::Clock { minutes: start });
        self.claim(from, end);
        Some(end)
    }

    /// The "10" of "10 till 2".
    fn hour_till(&self, i: usize) -> Option<(f64, usize)> {
        self.bare_hour(i).filter(|_| matches!(self.at(i + 1), "till" | "until"))
    }

    /// The "1400" or the "1600" of "1400 to 1600"; years ("2026 to 2027") are none.
    fn railway(&self, i: usize) -> Option<(f64, usize)> {
        let (hour, minute) = four_digits(self.at(i)).filter(|(hour, _)| !matches!(*hour, "19" | "20"))?;
        let (hour, minute): (f64, f64) = (hour.parse().ok()?, minute.parse().ok()?);
        (hour < 24.0 && minute < 60.0 && minute % 5.0 == 0.0).then_some((hour * 60.0 + minute, i + 1))
    }

    fn bare_hour(&self, i: usize) -> Option<(f64, usize)> {
        let hour: f64 = self.digits(i).then(|| self.at(i).parse().ok()).flatten()?;
        ((1.0..=12.0).contains(&hour) && hour.fract() == 0.0).then_some((hour * 60.0, i + 1))
    }

    /// The "9" of "9-10am".
    fn shared_hour(&self, i: usize) -> Option<(f64, usize)> {
        if !self.digits(i) || !matches!(self.at(i + 1), "-" | "to") || !matches!(self.at(i + 3), "am" | "pm") {
            return None;
        }
        let hour: f64 = self.at(i).parse().ok().filter(|h| *h >= 1.0 && *h <= 12.0)?;
        let (end, _) = self.clock(i + 2, true)?;
        let hour = if hour == 12.0 { 0.0 } else { hour };
        let minutes = if self.at(i + 3) == "pm" && (hour + 12.0) * 60.0 < end { hour + 12.0 } else { hour };
        Some((minutes * 60.0, i + 1))
    }

    /// "all day", "throughout the school day", "full time", "the whole school day", "at all times": the length of a
    /// school day, every day.
    pub(super) fn whole_day(&mut self, i: usize) -> Option<usize> {
        let end = self.whole_day_end(i)?;
        self.push(i, end, Value::Duration { minutes: SCHOOL_DAY });
        self.push(i, end, Value::Frequency { times: Some(1.0), per: Period::Day });
        self.claim(i, end);
        Some(end)
    }

    fn whole_day_end(&self, i: usize) -> Option<usize> {
        let past = |i: usize| if self.any(i, &["the", "his", "her", "their"]) { i + 1 } else { i };
        let past_kind = |mut i: usize| {
            for _ in 0..2 {
                if self.any(
                    i,
                    &["whole", "entire", "full", "school", "college", "nursery", "working", "teaching", "timetabled"],
                ) {
                    i += 1;
                }
            }
            i
        };
        let (day, needs_kind) = match self.at(i) {
            "all" if self.at(i + 1) == "day" => {
                return Some(if self.seq(i + 2, &["every", "day"]) { i + 4 } else { i + 2 });
            }
            "all" if matches!(self.at(i + 1), "school" | "through") && self.at(past_kind(past(i + 2))) == "day" => {
                return Some(past_kind(past(i + 2)) + 1);
            }
            "all" if self.at(i + 1) == "times" && self.back(i, 1) == "at" => return Some(i + 2),
            "fulltime" => return Some(i + 1),
            "full" => {
                let next = self.past_hyphen(i + 1);
                return (self.at(next) == "time"
                    && !self.any(next + 1, &["education", "place", "placement", "job", "work"]))
                .then_some(next + 1);
            }
            "throughout" | "across" => (past(i + 1), false),
            "for" | "during" | "over" if self.any(past(i + 1), &["whole", "entire", "full"]) => (past(i + 1), true),
            "whole" | "entire" if self.any(i + 1, &["school", "day", "college", "nursery"]) => (i, true),
            _ => return None,
        };
        let end = past_kind(day);
        (self.at(end) == "day" && (!needs_kind || end > day)).then_some(end + 1)
    }

    /// "for six weeks", "over two terms", "a 10-week block": for how long the help runs.
    pub(super) fn course(&mut self, i: usize) -> Option<usize> {
        let amount = self.amount(i, false).or_else(|| {
            // "for a half term", "for a term".
            (self.has(i, LEAD) && self.back(i, 1) == "for").then_some(super::numbers::Amount {
                low: 1.0,
                high: 1.0,
                end: i + 1,
            })
        })?;
        let unit = self.past_size(amount.end);
        let half = self.back(unit, 1) == "half" || self.back(unit, 2) == "half" && self.back(unit, 1) == "-";
        if !self.has(unit, SPAN) || self.has(unit, UNIT) {
            return None;
        }
        let preposed = matches!(self.back(i, 1), "for" | "over" | "across" | "lasting" | "of" | "first" | "x");
        let hyphened = self.at(amount.end) == "-"
            || self.any(unit + 1, &["programme", "block", "course", "program", "cycle", "placement"]);
        let plain = matches!(self.at(unit), "week" | "weeks" | "wk" | "wks") && self.at(amount.end) != "-";
        if !(preposed || hyphened || plain && self.list_item(i, unit + 1)) || self.back(i, 1) == "of" && !hyphened {
            return None;
        }
        let days = self.tag(unit).value * if half { 0.5 } else { 1.0 };
        let per_week = if days < 7.0 { 5.0 } else { 7.0 };
        self.push(i, unit + 1, Value::Course { weeks: amount.low * days / per_week });
        self.claim(i, unit + 1);
        Some(unit + 1)
    }

    /// True where the words `from..to` stand between commas or ends.
    pub(super) fn list_item(&self, from: usize, to: usize) -> bool {
        let opens = self.opens_sentence(from) || matches!(self.back(from, 1), "," | ";" | ":" | "(" | "." | "-");
        opens && (self.ends(to) || matches!(self.at(to), "," | ")" | ":" | "-"))
    }

    /// True where a unit of time, or a span of time, or a session stands at `i`, so that a number before it counts time.
    pub(super) fn is_time(&self, i: usize) -> bool {
        self.has(i, UNIT | SPAN | SESSION | ADVERB)
    }
}
