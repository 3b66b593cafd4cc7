//! This is the reading of numbers: digits, words, fractions, and times of the clock.

use super::lexicon::{NUM, UNIT};
use super::scan::Scan;

/// A number and where it ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Number {
    /// Its value.
    pub value: f64,
    /// One past its last word.
    pub end: usize,
}

/// One number, or two with "to", "or" or a dash between them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Amount {
    /// The number, or the lower of the two.
    pub low: f64,
    /// The number, or the higher of the two.
    pub high: f64,
    /// One past the last word.
    pub end: usize,
}

impl Amount {
    /// True where two different numbers stand there.
    pub(super) fn is_range(self) -> bool {
        self.low != self.high
    }
}

impl Scan<'_, '_> {
    /// The number that begins at word `i`: "20", "1,200", "1½", "twenty-five", "two and a half", "a dozen", "a couple of".
    pub(super) fn number(&self, i: usize) -> Option<Number> {
        if !self.has(i, NUM) && self.at(i) != "a" {
            return None;
        }
        if self.digits(i) {
            return self.digit_number(i);
        }
        if let Some(value) = fraction_mark(self.at(i)) {
            return Some(Number { value, end: i + 1 });
        }
        match self.at(i) {
            "a" | "half" => return self.collective(i),
            "hundred" => return Some(Number { value: 100.0, end: i + 1 }),
            "dozen" | "couple" | "quarter" => return None,
            _ => {}
        }
        if !self.has(i, NUM) {
            return None;
        }
        let mut value = self.tag(i).value;
        let mut end = i + 1;
        if value >= 20.0 {
            let next = self.past_hyphen(end);
            if self.has(next, NUM) && self.letters(next) && (1.0..10.0).contains(&self.tag(next).value) {
                value += self.tag(next).value;
                end = next + 1;
            }
        }
        if self.at(end) == "hundred" && value < 10.0 {
            value *= 100.0;
            end += 1;
            let next = if self.at(end) == "and" { end + 1 } else { end };
            if self.letters(next)
                && self.has(next, NUM)
                && let Some(rest) = self.number(next).filter(|n| n.value < 100.0)
            {
                value += rest.value;
                end = rest.end;
            }
        }
        Some(self.and_a_half(Number { value, end }))
    }

    /// One number, or a range: "20-45", "two or three", "2 to 4"; "between 2 and 5" where `and` is true.
    pub(super) fn amount(&self, i: usize, and: bool) -> Option<Amount> {
        let first = self.number(i)?;
        let one = Amount { low: first.value, high: first.value, end: first.end };
        let joined = match self.at(first.end) {
            "-" | "to" | "or" => true,
            "and" => and,
            _ => false,
        };
        if !joined {
            return Some(one);
        }
        match self.number(first.end + 1) {
            Some(second) if second.value > first.value => {
                Some(Amount { low: first.value, high: second.value, end: second.end })
            }
            _ => Some(one),
        }
    }

    fn digit_number(&self, i: usize) -> Option<Number> {
        let value = plain(self.at(i))?;
        if self.glued(i + 1) && matches!(self.at(i + 1), "st" | "nd" | "rd" | "th") {
            return None;
        }
        if let Some(part) = fraction_mark(self.at(i + 1)) {
            return Some(Number { value: value + part, end: i + 2 });
        }
        // "1 1/2 hours" and "1/2 hour": only before a unit of time, else it is a score or a date.
        if let Some((part, end)) = self.slashed(i + 1).filter(|&(_, end)| self.has(end, UNIT)) {
            return Some(Number { value: value + part, end });
        }
        if let Some((part, end)) = self
            .slashed(i)
            .filter(|&(_, end)| self.has(end, UNIT) || self.seq(end, &["an", "hour"]) || self.seq(end, &["a", "day"]))
        {
            return Some(Number { value: part, end });
        }
        Some(self.and_a_half(Number { value, end: i + 1 }))
    }

    fn slashed(&self, i: usize) -> Option<(f64, usize)> {
        if self.at(i + 1) != "/" {
            return None;
        }
        let part = match (self.at(i), self.at(i + 2)) {
            ("1", "2") => 0.5,
            ("1", "4") => 0.25,
            ("3", "4") => 0.75,
            _ => return None,
        };
        Some((part, i + 3))
    }

    fn and_a_half(&self, number: Number) -> Number {
        let Number { value, end } = number;
        if self.at(end) == "and" {
            let (part, words) = match (self.at(end + 1), self.at(end + 2)) {
                ("a", "half") => (0.5, 3),
                ("a", "quarter") => (0.25, 3),
                ("three", "quarters") => (0.75, 3),
                ("½", _) => (0.5, 2),
                _ => return number,
            };
            return Number { value: value + part, end: end + words };
        }
        number
    }

    /// "a dozen", "half a dozen", "a couple of", "a hundred".
    fn collective(&self, i: usize) -> Option<Number> {
        let number = |value, words| Some(Number { value, end: i + words });
        match (self.at(i), self.at(i + 1), self.at(i + 2)) {
            ("half", "a", "dozen") => number(6.0, 3),
            ("a", "dozen", _) => number(12.0, 2),
            ("a", "hundred", _) => number(100.0, 2),
            ("a", "couple" | "pair", "of") => number(2.0, 3),
            _ => None,
        }
    }

    /// The time of the clock that begins at word `i`, in minutes from midnight, and where it ends: "9am", "8.45", "3:15",
    /// "0800", "noon". A bare "8.45" needs a sign that it is no decimal: `marked` says that the words around give one.
    pub(super) fn clock(&self, i: usize, marked: bool) -> Option<(f64, usize)> {
        if matches!(self.at(i), "noon" | "midday") {
            return Some((720.0, i + 1));
        }
        if !self.digits(i) || (self.claimed(i)) {
            return None;
        }
        let word = self.at(i);
        // "0800" on a hospital's chart; "1930" may be a year or an amount.
        let hospital = four_digits(word).filter(|_| word.starts_with('0'));
        let (hour, minute, mut end, plain_hour) =
            if self.at(i + 1) == ":" && self.glued(i + 1) && self.glued(i + 2) && self.at(i + 2).len() == 2 {
                (word, self.at(i + 2), i + 3, false)
            } else if let Some((hour, minute)) = word.split_once('.').filter(|(_, m)| m.len() == 2) {
                (hour, minute, i + 1, false)
            } else if let Some((hour, minute)) = hospital {
                (hour, minute, i + 1, false)
            } else {
                (word, "00", i + 1, true)
            };
        let hour: f64 = plain(hour).filter(|h| h.fract() == 0.0 && *h < 24.0)?;
        let minute: f64 = plain(minute).filter(|m| *m < 60.0)?;
        let half = self.half_of_day(end);
        if let Some((_, after)) = half {
            end = after;
        } else if plain_hour || !(marked || hospital.is_some()) && self.at(i + 1) != ":" {
            return None;
        }
        if half.is_none() && self.has(end, UNIT) {
            return None;
        }
        let hour = match half {
            Some((true, _)) if hour < 12.0 => hour + 12.0,
            Some((false, _)) if hour == 12.0 => 0.0,
            _ => hour,
        };
        Some((hour * 60.0 + minute, end))
    }

    /// "am", "p.m.": true for the afternoon.
    fn half_of_day(&self, i: usize) -> Option<(bool, usize)> {
        match (self.at(i), self.at(i + 1), self.at(i + 2)) {
            ("am", _, _) => Some((false, i + 1)),
            ("pm", _, _) => Some((true, i + 1)),
            ("a", ".", "m") => Some((false, i + 3)),
            ("p", ".", "m") => Some((true, i + 3)),
            _ => None,
        }
    }
}

/// The hour and the minute of "0800", in which nothing divides them.
pub(super) fn four_digits(word: &str) -> Option<(&str, &str)> {
    (word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit())).then(|| word.split_at(2))
}

/// The value of digits with inner points and commas; `None` for dates like 31.03.2027.
pub(super) fn plain(word: &str) -> Option<f64> {
    if word.len() > 12 || word.bytes().filter(|b| *b == b'.').count() > 1 {
        return None;
    }
    if word.contains(',') { word.replace(',', "").parse().ok() } else { word.parse().ok() }
}

fn fraction_mark(word: &str) -> Option<f64> {
    Some(match word {
        "½" => 0.5,
        "¼" => 0.25,
        "¾" => 0.75,
        "⅓" => 1.0 / 3.0,
        "⅔" => 2.0 / 3.0,
        _ => return None,
    })
}
