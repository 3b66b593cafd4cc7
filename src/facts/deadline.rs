//! This is the reading of deadlines: "by the end of Year 6", "within 12 months", "in the next 8 weeks", "July 2026".

use super::Value;
use super::lexicon::{LEAD, MONTH, NUM, PREP, SEASON, SESSION, SPAN, UNIT, WEEKDAY};
use super::scan::Scan;

impl Scan<'_, '_> {
    /// A deadline that begins with the keyword at word `i`; gives its end.
    pub(super) fn deadline(&mut self, i: usize) -> Option<usize> {
        let end = match self.at(i) {
            "by" => self.time_point(i + 1, true).or_else(|| self.by_when(i + 1)),
            "before" => self
                .time_point(i + 1, false)
                .filter(|_| {
                    !self.has(i + 1, WEEKDAY) && !self.any(i + 1, &["school", "college", "nursery", "education"])
                })
                .or_else(|| self.milestone(i + 1)),
            "prior" if self.at(i + 1) == "to" => self.time_point(i + 2, false),
            "until" | "till" => self.time_point(i + 1, true).or_else(|| self.milestone(i + 1)),
            "within" => self.span_ahead(i + 1, true),
            "over" | "during" | "across" | "for" => self.coming(i + 1),
            "in" => self.coming(i + 1).or_else(|| self.span_ahead(i + 1, false)).or_else(|| self.in_month(i)),
            "after" => self.after_span(i + 1),
            "at" | "on" => self.at_end_of(i + 1),
            "this" | "next" => self.this_term(i),
            "end" => self.bare_end(i),
            "due" | "deadline" | "ready" => {
                let mut at = i + 1;
                while self.any(at, &[":", "by", "on", "date", "for", "in", "-"]) && at < i + 3 {
                    at += 1;
                }
                self.time_point(at, true)
            }
            _ => None,
        }?;
        self.push(i, end, Value::Deadline);
        self.claim(i, end);
        Some(end)
    }

    /// A point in time that begins at word `i`. `loose` accepts weekdays and bare ages, which only "by" and "until" give.
    fn time_point(&self, i: usize, loose: bool) -> Option<usize> {
        let i = if self.any(i, &["around", "about", "approximately", "early", "late", "mid"]) {
            self.past_hyphen(i + 1)
        } else {
            i
        };
        if let Some(end) = self.date(i) {
            return Some(end);
        }
        if let Some(end) = self.phase(i, loose) {
            return Some(end);
        }
        if loose && self.has(i, WEEKDAY) && self.capital(i) {
            return Some(self.date(i + 1).unwrap_or(i + 1));
        }
        // "the end of …", "the start of …", "the time he …"
        let start = self.past_determiner(i);
        if self.any(
            start,
            &["end", "start", "beginning", "close", "middle", "finish", "completion", "conclusion", "last", "first"],
        ) && (self.at(start + 1) == "of" || self.any(start, &["end"]))
        {
            let inner = if self.at(start + 1) == "of" { start + 2 } else { start + 1 };
            return self.time_point(inner, true).or_else(|| self.stretch(inner));
        }
        if self.at(start) == "time" && start > i {
            return self.clause_end(start + 1);
        }
        self.stretch_point(start)
    }

    pub(super) fn past_determiner(&self, i: usize) -> usize {
        if self.any(i, &["the", "his", "her", "their", "this", "that", "my", "your", "our", "its", "next"])
            || self.has(i, LEAD)
        {
            i + 1
        } else {
            i
        }
    }

    /// After "within": "12 months", "a year", "two terms", "the next 8 weeks", "Key Stage 2". After "in" only with an end
    /// that shows that nothing is counted: "in nine months".
    fn span_ahead(&self, i: usize, within: bool) -> Option<usize> {
        let mut at = i;
        while self.any(
            at,
            &[
                "the",
                "his",
                "her",
                "next",
                "first",
                "coming",
                "a",
                "an",
                "this",
                "about",
                "approximately",
                "around",
                "following",
                "another",
                "up",
                "to",
                "of",
                "maximum",
            ],
        ) && at < i + 4
        {
            at += 1;
        }
        let one = at > i
            && (self.has(at, SPAN)
                || self.at(at) == "half"
                || self.any(at, &["academic", "school", "calendar", "current"]));
        let number = self.amount(at, false);
        let mut noun = match number {
            Some(n) => n.end,
            None if one => at,
            None if within => return self.phase(i, false).or_else(|| self.stretch_point(at).filter(|_| at > i)),
            None => return None,
        };
        while self.any(
            noun,
            &["school", "academic", "calendar", "teaching", "full", "working", "-", "current", "whole", "half"],
        ) && noun < at + 5
        {
            noun += 1;
        }
        if !self.has(noun, SPAN) || self.has(noun, UNIT) {
            return None;
        }
        let long = !matches!(self.at(noun), "day" | "days") || within;
        if !long {
            return None;
        }
        let mut end = noun + 1;
        if self.any(end, &["time", "'"]) {
            end += 1;
        }
        if !within {
            // "three times in six weeks", "two days in a fortnight", "in one week out of four" count; they are no deadline.
            let counted = i >= 2
                && (self.back_has(i - 1, 1, NUM | SPAN | SESSION | UNIT)
                    || self.any(i - 2, &["once", "twice", "times", "occasions", "least"]));
            if counted
                || self.any(end, &["out", "in", "of", "for", "per", "with"])
                || number.is_none() && !(one && self.any(i, &["a", "the", "this"]))
            {
                return None;
            }
            if number.is_none()
                && self.at(i) == "a"
                && !(self.at(end) == "," || self.ends(end) || self.back(end, 1) == "time")
            {
                return None;
            }
            if number.is_none() && self.any(i, &["the"]) && !self.any(i + 1, &["next", "coming", "current"]) {
                return None;
            }
        }
        if self.any(end, &["of"]) {
            // "within six weeks of starting college"
            return Some(end);
        }
        Some(end)
    }

    /// After "over", "in", "during": "the next 8 weeks", "the coming year", "this term".
    fn coming(&self, i: usize) -> Option<usize> {
        let the = if self.any(i, &["the"]) { i + 1 } else { i };
        if !self.any(the, &["next", "coming", "following", "forthcoming", "this"]) {
            return None;
        }
        let at = the + 1;
        let number = self.amount(at, false);
        let mut noun = number.map_or(at, |n| n.end);
        while self.any(
            noun,
            &[
                "school", "academic", "calendar", "teaching", "full", "or", "two", "half", "-", "autumn", "spring",
                "summer", "whole",
            ],
        ) && noun < at + 5
        {
            noun += 1;
        }
        if !self.has(noun, SPAN)
            || self.has(noun, UNIT)
            || matches!(self.at(noun), "day" | "days" | "weekend") && number.is_none()
        {
            return None;
        }
        Some(self.past_year(noun + 1))
    }

    /// "after six weeks", "after two terms of therapy".
    fn after_span(&self, i: usize) -> Option<usize> {
        let number = self
            .number(i)
            .or_else(|| self.has(i, LEAD).then_some(super::numbers::Number { value: 1.0, end: i + 1 }))?;
        let noun = self.past_hyphen(number.end);
        (self.has(noun, SPAN) && !self.has(noun, UNIT) && !matches!(self.at(noun), "day" | "days")).then_some(noun + 1)
    }

    /// "at the end of Year 6": but "at the end of each lesson" and "at the end of the day" recur.
    fn at_end_of(&self, i: usize) -> Option<usize> {
        let at = if self.at(i) == "the" { i + 1 } else { i };
        if self.any(at, &["start", "beginning"]) && self.at(at + 1) == "of" {
            return self.phase(at + 2, false);
        }
        if self.at(at) != "end" || self.at(at + 1) != "of" {
            return None;
        }
        self.time_point(at + 2, false).or_else(|| {
            let end = self.stretch(at + 2)?;
            let last = end - 1;
            (!self.any(
                last,
                &["day", "session", "lesson", "week", "days", "class", "shift", "afternoon", "morning", "visit"],
            ))
            .then_some(end)
        })
    }

    /// "this term", "next summer", "this academic year".
    fn this_term(&self, i: usize) -> Option<usize> {
        if matches!(
            self.back(i, 1),
            "the" | "in" | "over" | "during" | "by" | "within" | "since" | "until" | "before" | "his" | "her"
        ) {
            return None;
        }
        let mut at = i + 1;
        while self.any(at, &["academic", "school", "half", "-", "calendar"]) && at < i + 4 {
            at += 1;
        }
        if self.has(at, SEASON) {
            return self.date(at);
        }
        (self.any(at, &["term", "year", "month", "semester"]) && !self.any(at + 1, &["group", "'"])).then_some(at + 1)
    }

    /// "End of Year 6:", "- end of N2" with no word of time before it.
    fn bare_end(&self, i: usize) -> Option<usize> {
        if matches!(self.back(i, 1), "the" | "since" | "from" | "each" | "every" | "at" | "by" | "until")
            || self.claimed(i)
        {
            return None;
        }
        let inner = if self.at(i + 1) == "of" { i + 2 } else { i + 1 };
        self.time_point(inner, false).filter(|_| self.at(i + 1) == "of" || self.phase(i + 1, false).is_some())
    }

    /// "in July 2027": a month with its year, where nothing tells of the past.
    fn in_month(&self, i: usize) -> Option<usize> {
        let end = self.date(i + 1)?;
        let dated = self.is_year(end - 1) && (self.has(i + 1, MONTH) || self.has(i + 1, SEASON));
        (dated && !self.tells_past(i)).then_some(end)
    }

    /// A date with no word of time before it: it is a deadline only at the end of a line, after a dash, a comma or a
    /// bracket, or before a colon, and where it is no reference. Any other date is claimed, so that no number of it counts.
    pub(super) fn bare_date(&mut self, i: usize) -> Option<usize> {
        if self.claimed(i) {
            return None;
        }
        let end = self.date(i)?;
        let dated = self.is_year(end - 1) || self.has(i, NUM) || self.back_is_short_year(end);
        // A bare year or a bare season says nothing of when.
        let alone = end == i + 1 && self.at(i).bytes().filter(|b| *b == b'.').count() != 2;
        if self.is_month_only(i, end) {
            return None;
        }
        if dated && !alone && self.closes(end) && self.opens(i) && !self.tells_past(i) {
            self.push(i, end, Value::Deadline);
        }
        self.claim(i, end);
        Some(end)
    }

    fn back_is_short_year(&self, end: usize) -> bool {
        self.back(end, 1).len() == 2 && self.back(end, 2) == "/"
    }

    fn is_month_only(&self, i: usize, end: usize) -> bool {
        end == i + 1 && (self.has(i, MONTH) || self.has(i, SEASON))
    }

    fn opens(&self, i: usize) -> bool {
        self.opens_sentence(i)
            || matches!(self.back(i, 1), "," | "-" | "(" | ":" | "." | ";")
            || self.back(i, 1) == "date"
            || self.letters(i - 1) && !self.has(i - 1, PREP)
    }

    fn closes(&self, i: usize) -> bool {
        self.ends(i) || self.any(i, &[",", ")", ":", "-"])
    }

    /// True where one of the eight words before `i` makes the date a reference: "report of", "assessed in", "since", "born".
    fn tells_past(&self, i: usize) -> bool {
        (1..=8).any(|n| {
            matches!(
                self.back(i, n),
                "report"
                    | "reports"
                    | "dated"
                    | "since"
                    | "from"
                    | "assessed"
                    | "assessment"
                    | "assessments"
                    | "scored"
                    | "born"
                    | "dob"
                    | "written"
                    | "seen"
                    | "advice"
                    | "letter"
                    | "updated"
                    | "started"
                    | "joined"
                    | "diagnosed"
                    | "budget"
                    | "was"
                    | "were"
                    | "had"
                    | "of"
                    | "reported"
                    | "diagnosis"
                    | "tested"
                    | "observed"
                    | "observation"
                    | "signed"
                    | "issued"
                    | "last"
                    | "tribunal"
                    | "v"
            ) && (n <= 3 || !matches!(self.back(i, n), "of" | "from" | "had" | "was" | "last"))
        })
    }
}
