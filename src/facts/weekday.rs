//! This is the reading of weekdays: "on Mondays and Thursdays", "Monday to Friday", "alternate Saturdays".

use super::frequency::Recurrence;
use super::lexicon::{EVENT, PART, PLURAL, WEEKDAY, WEEKDAYS};
use super::scan::Scan;
use super::{Period, Value};

impl Scan<'_, '_> {
    /// A list of weekdays: "Mondays, Wednesdays and Fridays", "Monday to Friday", "Tuesday mornings".
    pub(super) fn weekdays(&self, i: usize) -> Option<Recurrence> {
        if !self.has(i, WEEKDAY | WEEKDAYS) || self.has(i, WEEKDAY) && !self.capital(i) {
            return None;
        }
        let past_part = |i: usize| {
            if self.has(i, PART) && !self.has(i, EVENT) || self.any(i, &["lunchtime", "lunchtimes"]) {
                i + 1
            } else {
                i
            }
        };
        let mut end = past_part(i + 1);
        if matches!(self.at(end), "to" | "-") && self.has(end + 1, WEEKDAY) {
            let days = weekday_number(self.at(end + 1)) - weekday_number(self.at(i));
            return Recurrence::some(f64::from(days.rem_euclid(7) + 1), Period::Week, end + 2);
        }
        let mut count = 1.0;
        loop {
            let mut next = end;
            while self.any(next, &[",", "and", "&", "/", "+"]) && next < end + 2 {
                next += 1;
            }
            if next == end || !self.has(next, WEEKDAY | WEEKDAYS) {
                return Recurrence::some(count, Period::Week, end);
            }
            count += 1.0;
            end = past_part(next + 1);
        }
    }

    /// A standalone list of weekdays that recur: "on Mondays and Thursdays", "Monday to Friday", "on a Friday".
    pub(super) fn standalone_weekdays(&mut self, i: usize) -> Option<usize> {
        if self.claimed(i) {
            return None;
        }
        let found = self.weekdays(i)?;
        let recurs = self.has(i, WEEKDAYS)
            || self.has(found.end - 1, WEEKDAYS)
            || found.times > 1.0 && self.any(i + 1, &["to", "-"])
            || found.times > 1.0 && self.back(i, 1) == "on"
            || self.has(found.end - 1, PLURAL)
            || self.seq_before(i, &["on", "a"]);
        if !recurs {
            return None;
        }
        let from = if self.seq_before(i, &["on", "a"]) {
            i - 2
        } else if self.back(i, 1) == "on" {
            i - 1
        } else {
            i
        };
        let (times, per) =
            if self.any_back(i, &["alternate"]) { (found.times, Period::Fortnight) } else { (found.times, found.per) };
        self.push(from, found.end, Value::Frequency { times: Some(times), per });
        self.claim(from, found.end);
        Some(found.end)
    }
}

fn weekday_number(word: &str) -> i8 {
    match word.get(..2) {
        Some("mo") => 0,
        Some("tu") => 1,
        Some("we") => 2,
        Some("th") => 3,
        Some("fr") => 4,
        Some("sa") => 5,
        _ => 6,
    }
}
