//! This is the reading of what a number counts: time, sessions, days a week, a date, people, or the child's own doing.

use super::frequency::Recurrence;
use super::lexicon::{ADVERB, LEAD, NUM, PART, PERSON, PLURAL, PREP, SESSION, SPAN, UNIT};
use super::numbers::Amount;
use super::scan::Scan;
use super::time::{Length, SCHOOL_DAY};
use super::{Measure, Period, Value};

impl Scan<'_, '_> {
    /// Reads the number at word `i` in whatever pattern it heads; gives the end of what was claimed.
    pub(super) fn numeric(&mut self, i: usize) -> Option<usize> {
        if self.claimed(i) {
            return None;
        }
        if let Some(end) = self.label_before(i) {
            return Some(end);
        }
        self.bare_date(i)
            .or_else(|| self.clock_range(i))
            .or_else(|| self.clock_alone(i))
            .or_else(|| self.ratio(i))
            .or_else(|| self.out_of(i))
            .or_else(|| self.percent(i))
            .or_else(|| self.run_of(i))
            .or_else(|| self.multiplied(i))
            .or_else(|| self.sessions(i))
            .or_else(|| self.length_of_time(i))
            .or_else(|| self.times_per(i))
            .or_else(|| self.ordinal_weekly(i))
            .or_else(|| self.course(i))
            .or_else(|| self.people(i))
            .or_else(|| self.amount_of_doing(i))
    }

    /// A number that belongs to a name: "CELF-5", "BAS3", "WISC-5".
    fn label_before(&mut self, i: usize) -> Option<usize> {
        if !self.digits(i) || !self.glued(i) || i == 0 {
            return None;
        }
        let named = |at: usize| {
            self.letters(at) && self.words.raw(at).chars().all(char::is_uppercase) && self.words.raw(at).len() > 1
        };
        let label = named(i - 1) || self.back(i, 1) == "-" && self.glued(i - 1) && i >= 2 && named(i - 2);
        if label && !self.is_time(i + 1) && !self.is_time(i + 2) {
            self.claim(i, i + 1);
            return Some(i + 1);
        }
        None
    }

    fn clock_alone(&mut self, i: usize) -> Option<usize> {
        let marked = matches!(self.back(i, 1), "at" | "by" | "before" | "after" | "until" | "from" | "till");
        let (minutes, end) = self.clock(i, marked)?;
        self.push(i, end, Value::Clock { minutes });
        self.claim(i, end);
        Some(end)
    }

    /// "3 x 20 minutes weekly", "3x/week", "2 x weekly".
    fn multiplied(&mut self, i: usize) -> Option<usize> {
        let count = self.amount(i, false)?;
        if self.at(count.end) != "x" {
            return None;
        }
        let mut at = count.end + 1;
        if let Some(per) = self.per(at).filter(|_| self.number(at).is_none()) {
            return Some(self.push_frequency(i, count, per));
        }
        let length = self.length(at);
        if let Some(length) = length {
            self.push(at, length.end, Value::Duration { minutes: length.low });
            self.push_bound(at, length.end, length.is_range());
            self.claim(at, length.end);
            at = length.end;
        }
        at = self.past_session_noun(at);
        if length.is_none() && at == count.end + 1 {
            return None;
        }
        match self.per_near(at) {
            Some((per, _)) => Some(self.push_frequency(i, count, per)),
            None => {
                let minutes = length.map(|l| l.low * count.low);
                self.push(i, at, Value::Total { minutes, sessions: Some(count.low), per: self.over_period(at) });
                self.push_bound(i, at, count.is_range());
                self.claim(i, at);
                Some(at)
            }
        }
    }

    /// "x3 per week", "x 2 daily" after a length of time.
    pub(super) fn times_after(&mut self, i: usize) -> Option<usize> {
        if self.claimed(i) || self.back_has(i, 1, NUM) {
            return None;
        }
        let count = self.amount(i + 1, false)?;
        let at = if self.at(count.end) == "times" { count.end + 1 } else { count.end };
        let per = self.per(at)?;
        Some(self.push_frequency_from(i, i, count, per))
    }

    fn push_frequency(&mut self, i: usize, count: Amount, per: Recurrence) -> usize {
        self.push_frequency_from(i, i, count, per)
    }

    fn push_frequency_from(&mut self, from: usize, i: usize, count: Amount, per: Recurrence) -> usize {
        self.push(from, per.end, Value::Frequency { times: Some(count.low * per.times), per: per.per });
        self.push_bound(i, per.end, count.is_range());
        self.claim(from, per.end);
        per.end
    }

    fn past_session_noun(&self, i: usize) -> usize {
        let mut at = i;
        for _ in 0..4 {
            at = self.past_hyphen(at);
            if self.has(at, SESSION) {
                return at + 1;
            }
            if !self.letters(at) || self.has(at, PREP | LEAD | ADVERB) || self.any(at, &["per", "each", "every"]) {
                break;
            }
            at += 1;
        }
        i
    }

    /// "three 15-minute sessions a week", "six half-day sessions", "twelve weekly 50-minute CBT sessions", "12 sessions".
    fn sessions(&mut self, i: usize) -> Option<usize> {
        let count = self.amount(i, self.back(i, 1) == "between")?;
        let mut at = self.past_hyphen(count.end);
        let mut length: Option<(usize, Length)> = None;
        let mut inner: Option<Recurrence> = None;
        let mut words = 0;
        let noun = loop {
            if let Some(found) = self.length(at).filter(|_| length.is_none() && !self.has(at, LEAD)) {
                length = Some((at, found));
                at = self.past_hyphen(found.end);
                continue;
            }
            if let Some(found) =
                self.per(at).filter(|_| inner.is_none() && self.has(at, ADVERB) || self.at(at) == "half")
            {
                inner = Some(found);
                at = found.end;
                continue;
            }
            if self.has(at, SESSION) && !(self.has(at + 1, SESSION) && self.has(at + 1, PLURAL)) {
                break at;
            }
            if words == 5
                || !(self.letters(at) || self.at(at) == "-")
                || self.has(at, PREP | LEAD | UNIT | SPAN | NUM | PERSON)
                || self.any(at, &["per", "each", "every", "and", "or", "x", "more", "times"])
            {
                return None;
            }
            words += 1;
            at += 1;
        };
        // "one class" is a group of children and "two classes" are places; a lesson is counted only where it is help.
        if !self.has(noun, PLURAL) && count.low != 1.0 && length.is_none()
            || self.any(noun, &["class", "classes", "period", "periods", "assembly", "shift"]) && length.is_none()
        {
            return None;
        }
        let mut end = noun + 1;
        if let Some((from, length)) = length {
            self.push(from, length.end, Value::Duration { minutes: length.low });
            self.push_bound(from, length.end, length.is_range());
        }
        let near = if inner.is_none() { self.per_near(end) } else { None };
        if let Some((per, _)) = near {
            self.push(i, per.end, Value::Frequency { times: Some(count.low * per.times), per: per.per });
            self.push_bound(i, per.end, count.is_range());
            self.claim(i, end);
            let from = self.per_start(per.end);
            self.claim(from, per.end);
            return Some(end);
        }
        if let Some(inner) = inner {
            self.push(inner.end - 1, inner.end, Value::Frequency { times: Some(inner.times), per: inner.per });
        }
        if length.is_none() {
            // "20 minutes each": the length may follow.
            if self.at(end) == "of"
                && let Some(found) = self.length(end + 1)
            {
                length = Some((end + 1, found));
                self.push(end + 1, found.end, Value::Duration { minutes: found.low });
                self.push_bound(end + 1, found.end, found.is_range());
                end = found.end;
            }
        }
        let minutes = length.map(|(_, l)| l.low * count.low);
        let near = self.per_near(end).map(|(per, _)| per).filter(|_| inner.is_none());
        if let Some(per) = near {
            self.push_frequency(i, count, per);
        } else {
            self.push(i, end, Value::Total { minutes, sessions: Some(count.low), per: self.over_period(end) });
            self.push_bound(i, end, count.is_range());
        }
        self.claim(i, end);
        Some(end)
    }

    /// "a session a week", "a 30-minute session every Friday" has no number of its own.
    pub(super) fn one_session(&mut self, i: usize) -> Option<usize> {
        let noun = (i + 1..i + 4).find(|&at| self.has(at, SESSION) || !self.letters(at) || self.has(at, PREP))?;
        if !self.has(noun, SESSION) || self.has(noun, PLURAL) {
            return None;
        }
        let per = self.per(noun + 1).filter(|_| self.any(noun + 1, &["a", "per", "/"]))?;
        Some(self.push_frequency(i, Amount { low: 1.0, high: 1.0, end: i + 1 }, per))
    }

    /// "p.w." with its amount further back: "30 mins, 1:1, p.w."
    pub(super) fn pw(&mut self, i: usize) -> Option<usize> {
        let per = self.per(i)?;
        self.push(i, per.end, Value::Frequency { times: Some(per.times), per: per.per });
        self.claim(i, per.end);
        Some(per.end)
    }

    /// First word of the period that ends before `end`, so that it is not read a second time.
    fn per_start(&self, end: usize) -> usize {
        (end.saturating_sub(5)..end).find(|&at| self.per(at).is_some_and(|p| p.end == end)).unwrap_or(end)
    }

    /// "over the autumn term", "across the school year", "over a year": the period of a total.
    fn over_period(&self, i: usize) -> Option<Period> {
        for at in i..i + 8 {
            if self.ends(at) {
                return None;
            }
            if self.any(at, &["over", "across", "during", "throughout", "in"])
                && self.any(at + 1, &["the", "a", "an", "each", "one", "every"])
            {
                for noun in at + 2..at + 5 {
                    if self.at(noun) == "half" && self.at(self.past_hyphen(noun + 1)) == "term" {
                        return Some(Period::HalfTerm);
                    }
                    if self.has(noun, SPAN) {
                        return self.tag(noun).period;
                    }
                    if !self.letters(noun) {
                        break;
                    }
                }
            }
        }
        None
    }

    /// "20 minutes", "half an hour daily", "15 hours a week"; notes a criterion too where the child does it "for 20 minutes"
    /// or "within two minutes".
    pub(super) fn length_of_time(&mut self, i: usize) -> Option<usize> {
        if self.claimed(i) {
            return None;
        }
        let length = self.length(i)?;
        let end = length.end;
        let cue = self.bound_before(i).map_or(i, |(_, from)| from);
        let before = self.back(cue, 1);
        // "aged 2 hours" never; "two hours old", "three minutes' walk" are no help.
        if matches!(self.at(end), "old" | "late" | "ago" | "away") {
            self.claim(i, end);
            return Some(end);
        }
        let criterion = matches!(before, "within" | "under")
            || before == "in" && !self.letters_per(end)
            || matches!(self.back(i, 1), "within" | "under") && self.back(i, 2) != "not";
        if criterion {
            let from = if matches!(before, "within" | "in" | "under") { cue - 1 } else { cue };
            self.push(from, end, Value::Measure { measure: Measure::Rate, weak: false });
            self.claim(from, end);
            return Some(end);
        }
        let per = self.per_near(end).filter(|&(per, at)| !matches!(per.per, Period::Hour | Period::Event) || at == end);
        let total_words =
            self.seq_before(i, &["a", "total", "of"]) || self.seq(end, &["in", "total"]) || self.seq(end, &["total"]);
        let rate = per.filter(|&(_, at)| {
            self.any(at, &["a", "an", "per", "/", "p", "pw", "in"])
                || (length.low > SCHOOL_DAY && self.at(at) != "every")
        });
        if let Some((per, at)) = rate {
            self.push(
                i,
                per.end,
                Value::Total { minutes: Some(length.low * per.times), sessions: None, per: Some(per.per) },
            );
            self.claim(i, end);
            self.claim(at, per.end);
        } else if total_words || length.low > SCHOOL_DAY {
            let from = if self.seq_before(i, &["a", "total", "of"]) { i - 3 } else { i };
            self.push(
                from,
                end,
                Value::Total { minutes: Some(length.low), sessions: None, per: self.over_period(end) },
            );
        } else {
            self.push(i, end, Value::Duration { minutes: length.low });
            // "wait five seconds", "walks 20 minutes"
            if matches!(
                before,
                "wait"
                    | "waits"
                    | "walk"
                    | "walks"
                    | "stay"
                    | "stays"
                    | "sit"
                    | "sits"
                    | "run"
                    | "runs"
                    | "stand"
                    | "stands"
                    | "sleep"
                    | "sleeps"
                    | "read"
                    | "reads"
                    | "cycle"
                    | "swim"
                    | "hold"
                    | "lasting"
            ) {
                self.push(
                    cue,
                    end,
                    Value::Measure { measure: Measure::Rate, weak: per.is_some() || before == "lasting" },
                );
            }
        }
        self.push_bound(i, rate.map_or(end, |(per, at)| if at == end { per.end } else { end }), length.is_range());
        if before == "for" || self.back(i, 1) == "for" {
            let from = if before == "for" { cue - 1 } else { i - 1 };
            let next = if self.at(end) == "," { end + 1 } else { end };
            let listed = self.any(next, &["once", "twice", "daily", "weekly"])
                || self.amount(next, false).is_some_and(|n| matches!(self.at(n.end), "times" | "x" | "days"));
            let routine = per.is_some_and(|(per, _)| per.per != Period::Event) || listed;
            self.push(from, end, Value::Measure { measure: Measure::Rate, weak: routine || rate.is_some() });
        }
        self.claim(i, end);
        Some(end)
    }

    fn letters_per(&self, i: usize) -> bool {
        matches!(self.at(i), "a" | "per" | "each" | "every" | "blocks" | "slots" | "sessions" | "chunks" | "bursts")
            || self.has(i, SESSION)
            || self.has(self.past_hyphen(i), SESSION)
    }

    /// "three times a week", "five days per week", "four mornings a week", "3 times weekly", "five times".
    fn times_per(&mut self, i: usize) -> Option<usize> {
        let count = self.amount(i, self.back(i, 1) == "between")?;
        let mut noun = count.end;
        while noun < count.end + 2
            && self.any(
                noun,
                &["school", "different", "separate", "half", "full", "set", "college", "nursery", "whole", "-"],
            )
        {
            noun += 1;
        }
        let counts = matches!(self.at(noun), "times" | "time" | "days" | "day" | "occasions" | "times/")
            || self.has(noun, PART) && self.has(noun, PLURAL);
        if !counts {
            // "two each month", "3 weekly", "one a day"
            let per = self.per(count.end).filter(|p| p.per != Period::Event && p.per != Period::Lesson)?;
            let direct = self.has(count.end, ADVERB | LEAD) || self.any(count.end, &["per", "each", "every", "/"]);
            if !direct || count.low.fract() != 0.0 || count.high > 60.0 {
                return None;
            }
            return Some(self.push_frequency(i, count, per));
        }
        let per = match self.per_near(noun + 1) {
            Some((per, at)) if at == noun + 1 || self.has(noun, PART) || self.at(noun) != "day" => Some((per, at)),
            _ => None,
        };
        let Some((per, at)) = per.filter(|&(per, _)| !(self.has(noun, SPAN) && per.per == Period::Day)) else {
            // "five times" alone is a count of doing; "on six afternoons" says how many.
            return None;
        };
        if at == noun + 1 {
            return Some(self.push_frequency(i, count, per));
        }
        self.push(i, per.end, Value::Frequency { times: Some(count.low * per.times), per: per.per });
        self.push_bound(i, noun + 1, count.is_range());
        self.claim(i, noun + 1);
        self.claim(at, per.end);
        Some(noun + 1)
    }

    /// "6-weekly", "six-weekly": once in so many weeks. "bi-weekly" is read as "fortnightly".
    fn ordinal_weekly(&mut self, i: usize) -> Option<usize> {
        let count = self.amount(i, false)?;
        if self.at(count.end) != "-" || !self.has(count.end + 1, ADVERB) || count.low < 1.0 {
            return None;
        }
        let per = self.tag(count.end + 1).period?;
        let end = count.end + 2;
        let (times, per) =
            if per == Period::Week && count.low == 2.0 { (1.0, Period::Fortnight) } else { (1.0 / count.low, per) };
        self.push(i, end, Value::Frequency { times: Some(times), per });
        self.claim(i, end);
        Some(end)
    }
}
