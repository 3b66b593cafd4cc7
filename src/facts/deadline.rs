//! This is the reading of deadlines: "by the end of Year 6", "within 12 months", "in the next 8 weeks", "July 2026".

use super::Value;
use super::lexicon::{LEAD, MONTH, NUM, ORDINAL, PREP, ROLEMOD, SEASON, SESSION, SPAN, UNIT, WEEKDAY};
use super::numbers::plain;
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

    fn past_determiner(&self, i: usize) -> usize {
        if self.any(i, &["the", "his", "her", "their", "this", "that", "my", "your", "our", "its", "next"])
            || self.has(i, LEAD)
        {
            i + 1
        } else {
            i
        }
    }

    /// Terms, reviews, birthdays, placements: "(the) summer term 2027", "next annual review", "16th birthday".
    fn stretch_point(&self, i: usize) -> Option<usize> {
        for at in i..i + 6 {
            if self.any(
                at,
                &[
                    "review",
                    "birthday",
                    "meeting",
                    "placement",
                    "term",
                    "half",
                    "holidays",
                    "holiday",
                    "transition",
                    "transfer",
                    "semester",
                    "sats",
                    "exams",
                    "gcses",
                    "interview",
                    "visit",
                    "trip",
                    "prom",
                    "marking",
                    "placement",
                    "christmas",
                ],
            ) {
                return match self.at(at) {
                    "half" => {
                        let term = self.past_hyphen(at + 1);
                        let end =
                            if self.digits(term + 1) && self.at(term + 1).len() == 1 { term + 2 } else { term + 1 };
                        (self.at(term) == "term").then(|| self.past_year(end))
                    }
                    "term" | "semester" => {
                        let end = if self.digits(at + 1) && self.at(at + 1).len() == 1 { at + 2 } else { at + 1 };
                        Some(self.past_year(end))
                    }
                    "marking" if self.at(at + 1) == "period" => Some(at + 2),
                    "marking" => None,
                    "transition" | "transfer" => {
                        // "his transition to secondary school"
                        let to = self
                            .any(at + 1, &["to", "into"])
                            .then(|| self.phase(self.past_determiner(at + 2), false))
                            .flatten();
                        to.or((at > i || self.back(i, 1) != "by").then_some(at + 1)).filter(|_| at > 0)
                    }
                    "meeting" | "visit" | "trip" if at == i => None,
                    _ => Some(self.past_year(at + 1)),
                };
            }
            if self.ends(at)
                || !(self.letters(at) || self.digits(at) || self.any(at, &["-", "'"]))
                || self.has(at, PREP) && at > i
                || self.any(at, &["and", "or", "will"])
            {
                return None;
            }
            let helps = self.has(at, ORDINAL | SEASON | MONTH | NUM | LEAD | ROLEMOD)
                || self.any(
                    at,
                    &[
                        "secondary",
                        "primary",
                        "college",
                        "school",
                        "next",
                        "annual",
                        "interim",
                        "year",
                        "end",
                        "of",
                        "st",
                        "nd",
                        "rd",
                        "th",
                        "six",
                        "month",
                        "spring",
                        "ehcp",
                        "ehc",
                        "plan",
                        "y",
                        "ks",
                        "stage",
                        "key",
                        "'",
                        "-",
                        "current",
                        "this",
                        "that",
                        "transition",
                        "work",
                        "following",
                        "same",
                        "statutory",
                        "early",
                        "first",
                        "class",
                        "residential",
                        "half",
                        "summer",
                        "phase",
                        "idp",
                        "iep",
                        "the",
                        "parents",
                        "mid",
                        "coming",
                    ],
                );
            if !helps {
                return None;
            }
        }
        None
    }

    /// What may end: "the placement", "the programme", "the session", "his final year", "the academic year".
    fn stretch(&self, i: usize) -> Option<usize> {
        let start = self.past_determiner(i);
        if matches!(self.at(i), "each" | "every") || self.any(i, &["every"]) {
            return None;
        }
        for at in start..start + 5 {
            if self.has(at, SPAN | SESSION | SEASON)
                || self.any(
                    at,
                    &[
                        "placement",
                        "programme",
                        "program",
                        "course",
                        "intervention",
                        "visit",
                        "shift",
                        "plan",
                        "block",
                        "school",
                        "college",
                        "nursery",
                        "primary",
                        "secondary",
                        "phase",
                        "project",
                        "apprenticeship",
                        "internship",
                        "unit",
                        "cycle",
                        "season",
                        "holidays",
                        "afternoon",
                        "schooling",
                        "education",
                        "stage",
                        "6",
                    ],
                )
            {
                let next_is_noun = self.has(at + 1, SPAN | SESSION)
                    || self.any(
                        at + 1,
                        &[
                            "placement",
                            "programme",
                            "course",
                            "school",
                            "block",
                            "plan",
                            "phase",
                            "education",
                            "stage",
                            "holidays",
                        ],
                    );
                if !next_is_noun {
                    let end = if self.digits(at + 1) && self.at(at + 1).len() <= 2 { at + 2 } else { at + 1 };
                    return Some(self.past_year(end));
                }
                continue;
            }
            if !(self.letters(at) || self.digits(at) || self.at(at) == "-")
                || self.has(at, PREP)
                || self.any(at, &["and", "or", "will"])
            {
                return None;
            }
        }
        None
    }

    /// "by the time he leaves school": to the end of the clause, at most nine words on.
    fn clause_end(&self, i: usize) -> Option<usize> {
        let end = (i..i + 10).find(|&at| self.ends(at) || self.any(at, &[",", ":", ")", "will", "-"]) && at > i + 1)?;
        // "by the time she leaves, Ana will": but not "by the time Ana will".
        (end > i + 1).then_some(end)
    }

    /// "by leaving school", "by when he moves to Year 2", "by which he is 16".
    fn by_when(&self, i: usize) -> Option<usize> {
        if self.any(i, &["leaving", "school"])
            && self.any(i + 1, &["school", "college", "reception", "nursery", "leaving"])
        {
            return Some(i + 2);
        }
        if self.seq(i, &["when"]) {
            return self.milestone(i + 1);
        }
        None
    }

    /// "she leaves Reception", "he moves to Year 2", "she is 16", "Ali turns 12".
    fn milestone(&self, i: usize) -> Option<usize> {
        if self.any(i, &["i'm", "he's", "she's"]) && self.digits(i + 1) {
            return Some(i + 2);
        }
        let verb = (i + 1..i + 4).find(|&at| {
            self.any(
                at,
                &[
                    "leaves",
                    "leave",
                    "moves",
                    "move",
                    "starts",
                    "start",
                    "turns",
                    "turn",
                    "transfers",
                    "transfer",
                    "finishes",
                    "finish",
                    "begins",
                    "enters",
                    "goes",
                    "reaches",
                    "joins",
                    "is",
                    "completes",
                    "moving",
                    "starting",
                    "leaving",
                ],
            )
        });
        let (verb, mut at) = match verb {
            Some(verb) if self.letters(i) && !self.has(i, PREP | LEAD) => (verb, verb + 1),
            _ if self.any(
                i,
                &["moving", "starting", "leaving", "transferring", "joining", "entering", "turning", "finishing"],
            ) =>
            {
                (i, i + 1)
            }
            _ => return None,
        };
        while self.any(at, &["to", "into", "up", "on", "in", "his", "her", "their", "the", "at"]) && at < verb + 4 {
            at += 1;
        }
        if matches!(self.at(verb), "is" | "turns" | "turn" | "turning" | "reaches") && self.digits(at) {
            return Some(at + 1);
        }
        self.phase(at, false)
    }

    /// A calendar date at word `i`: "16 July 2026", "July 16", "09/02/2026", "July", "Easter 2027", "2027", "autumn term".
    pub(super) fn date(&self, i: usize) -> Option<usize> {
        let i = if self.at(i) == "the" && (self.digits(i + 1) || self.has(i + 1, ORDINAL)) { i + 1 } else { i };
        if self.digits(i) {
            return self.numeric_date(i);
        }
        if self.has(i, MONTH) && self.capital(i) {
            let i = if self.at(i + 1) == "." && self.at(i).len() <= 4 && self.digits(i + 2) { i + 1 } else { i };
            if self.digits(i + 1) && self.at(i + 1).len() <= 2 && !self.is_counted(i + 2) {
                let mut end = i + 2;
                if self.any(end, &["st", "nd", "rd", "th"]) {
                    end += 1;
                }
                let comma = if self.at(end) == "," && self.is_year(end + 1) { end + 1 } else { end };
                return Some(self.past_year(comma));
            }
            return Some(self.past_year(i + 1));
        }
        if self.has(i, SEASON) {
            let end = i + 1;
            let end = if self.any(end, &["term", "half", "holidays", "holiday", "semester", "break", "time", "terms"]) {
                let half = if self.at(end) == "half" { self.past_hyphen(end + 1) } else { end };
                if self.any(half, &["term"]) || half == end { half + 1 } else { end }
            } else {
                end
            };
            let end =
                if self.digits(end) && self.at(end).len() == 1 && self.back(end, 1) == "term" { end + 1 } else { end };
            // "summer Y1"
            let year = if self.any(end, &["y", "year", "yr"]) { self.phase(end, false) } else { None };
            return Some(year.unwrap_or_else(|| self.past_year(end)));
        }
        None
    }

    fn is_counted(&self, i: usize) -> bool {
        self.has(i, UNIT)
    }

    fn numeric_date(&self, i: usize) -> Option<usize> {
        let word = self.at(i);
        if self.seq(i, &["1", "-", "2", "-", "1"]) {
            return None;
        }
        // 31.03.2027 is one word.
        let points = word.bytes().filter(|b| *b == b'.').count();
        if points == 2 {
            return Some(i + 1);
        }
        if self.any(i + 1, &["/", "-"])
            && self.glued(i + 1)
            && self.glued(i + 2)
            && self.digits(i + 2)
            && self.at(i + 3) == self.at(i + 1)
            && self.digits(i + 4)
            && self.glued(i + 4)
        {
            let parts = [word, self.at(i + 2), self.at(i + 4)].map(|w| plain(w).unwrap_or(0.0));
            let [a, b, c] = parts;
            let day_first = a <= 31.0 && b <= 12.0 || a <= 12.0 && b <= 31.0;
            let fits = a >= 1.0
                && b >= 1.0
                && c >= 1.0
                && (day_first && (c <= 99.0 || c >= 1900.0) || a >= 1900.0 && b <= 12.0 && c <= 31.0);
            return fits.then_some(i + 5);
        }
        if word.len() <= 2 {
            let mut month = i + 1;
            if self.any(month, &["st", "nd", "rd", "th"]) {
                month += 1;
            }
            if self.at(month) == "of" {
                month += 1;
            }
            month = self.past_hyphen(month);
            if self.has(month, MONTH) && self.capital(month) {
                let year = self.past_hyphen(month + 1);
                return Some(if self.is_year(year) { year + 1 } else { month + 1 });
            }
            return None;
        }
        self.is_year(i).then(|| self.past_year(i))
    }

    /// True where word `i` is a calendar year of our time, or a short one after an apostrophe.
    fn is_year(&self, i: usize) -> bool {
        self.digits(i) && self.at(i).len() == 4 && (self.at(i).starts_with("20") || self.at(i).starts_with("19"))
    }

    /// Past "2027", ", 2027", "2026/27" and "'27".
    fn past_year(&self, i: usize) -> usize {
        let at = if self.any(i, &[",", "of"]) && self.is_year(i + 1) { i + 1 } else { i };
        if !self.is_year(at) {
            return i;
        }
        if self.any(at + 1, &["/", "-"])
            && self.digits(at + 2)
            && self.glued(at + 2)
            && matches!(self.at(at + 2).len(), 2 | 4)
        {
            at + 3
        } else {
            at + 1
        }
    }

    /// Year groups, key stages, phases and ages: "Year 6", "Y6", "KS2", "Reception", "N2", "sixth form", "age 7".
    pub(super) fn phase(&self, i: usize, loose: bool) -> Option<usize> {
        let numbered = |at: usize| -> Option<usize> {
            let at = if self.at(at) == "." { at + 1 } else { at };
            let end = self.number(at).filter(|n| n.value >= 1.0 && n.value <= 14.0)?.end;
            Some(if self.any(end, &["/", "-"]) && self.digits(end + 1) && self.at(end + 1).len() <= 2 {
                end + 2
            } else {
                end
            })
        };
        let end = match self.at(i) {
            "year" | "yr" | "years" if self.letters(i) => {
                numbered(i + 1).map(|end| if self.any(end, &["review", "sats"]) { end + 1 } else { end })
            }
            "y" | "n" | "ks" | "p" if self.glued(i + 1) || self.at(i) == "ks" => numbered(i + 1),
            "key" if self.at(i + 1) == "stage" => numbered(i + 2),
            "grade" | "term" | "phase" | "week" if self.capital(i) || self.at(i) != "grade" => numbered(i + 1)
                .filter(|_| self.at(i) != "week" || self.back(i, 1) == "by" || self.back(i, 1) == "of")
                .map(|e| self.past_year(e)),
            "reception" | "nursery" | "kindergarten" | "preschool" | "eyfs" | "infants" | "juniors" => (!self.any(
                i + 1,
                &["staff", "nurse", "teacher", "practitioner", "worker", "class", "desk", "key", "manager", "officer"],
            ) || self
                .at(i + 1)
                == "class")
                .then_some(if self.any(i + 1, &["year", "class"]) { i + 2 } else { i + 1 }),
            "foundation" | "early" if self.any(i + 1, &["stage", "years"]) => Some(i + 2),
            "primary" | "secondary" | "high" | "sixth" | "infant" | "junior" | "middle" | "upper" | "lower"
            | "elementary" | "special" => {
                let end = self.past_hyphen(i + 1);
                self.any(end, &["school", "form", "phase", "education", "college", "schooling", "placement"])
                    .then_some(end + 1)
            }
            "school" | "college" | "university" | "education" => Some(i + 1).filter(|_| self.any_end(i + 1)),
            "age" | "aged" if self.number(self.past_of(i + 1)).is_some() => {
                let number = self.number(self.past_of(i + 1))?;
                (!self.any(number.end, &["to", "-", "and"])).then_some(number.end)
            }
            "the" if self.seq(i + 1, &["age", "of"]) => self.number(i + 3).map(|n| n.end),
            "the" => self.phase(i + 1, false).filter(|_| !self.any(i + 1, &["school", "college", "year", "nursery"])),
            "adulthood" => Some(i + 1),
            _ => None,
        };
        end.or_else(|| {
            // "By 16, Caitlin will": a bare age.
            let age = self.number(i).filter(|n| {
                loose && n.value >= 3.0 && n.value <= 25.0 && n.value.fract() == 0.0 && self.letters_or_two(i)
            })?;
            (self.ends(age.end) || self.any(age.end, &[",", ")"]))
                .then_some(age.end)
                .filter(|_| self.back(i, 1) == "by")
        })
    }

    fn letters_or_two(&self, i: usize) -> bool {
        !self.at(i).contains('.')
    }

    fn any_end(&self, i: usize) -> bool {
        self.ends(i) || self.any(i, &[",", ")", "will", "at", "in"])
    }

    fn past_of(&self, i: usize) -> usize {
        if self.any(i, &["of", "the"]) { i + 1 } else { i }
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
