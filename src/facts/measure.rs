//! This is the reading of criteria with numbers: "4 out of 5 occasions", "above 90%", "35 words per minute", "a grade 6".

use super::lexicon::{ACT, ERROR, LEAD, NUM, PERSON, PLURAL, PREP, ROLE, RoleClass, SESSION, SPAN, TRIAL, UNIT};
use super::scan::Scan;
use super::{Bound, Measure, Value};

impl Scan<'_, '_> {
    /// Notes a measure over the words `from..to`.
    pub(super) fn push_measure(&mut self, from: usize, to: usize, measure: Measure, weak: bool) {
        self.push(from, to, Value::Measure { measure, weak });
        self.claim(from, to);
    }

    /// "4 out of 5 occasions", "4/6 trials", "nine changes in every ten", "30 of the 40 red words", "three breaktimes of five".
    pub(super) fn out_of(&mut self, i: usize) -> Option<usize> {
        let first = self.amount(i, false)?;
        let (second, weak) = self.second_of(i, first.end)?;
        let (m, end) = second;
        if (first.high == 1.0 && self.at(first.end) == "of")
            || m < first.high
            || !(2.0..=200.0).contains(&m)
            || first.high.fract() != 0.0
        {
            return None;
        }
        // "one of the two TAs", "two of five adults" chooses people.
        if self.names_person(end) || self.has(end, PERSON) && !self.has(i + 1, PERSON) && self.at(i + 1) == "of" {
            return None;
        }
        let mut end = end;
        let noun = (end..end + 4).find(|&at| !self.letters(at) || self.has(at, PREP) || self.at(at).ends_with('s'));
        if let Some(noun) = noun.filter(|&at| {
            self.letters(at)
                && !self.has(at, PREP | LEAD | ACT)
                && self.at(at).ends_with('s')
                && !is_singular(self.at(at))
        }) && (end..noun).all(|at| {
            self.letters(at) && !self.has(at, PREP) && !self.any(at, &["by", "and", "or", "when", "who", "correct"])
        }) {
            end = noun + 1;
        }
        let from = self.bound_before(i).map_or(i, |(_, from)| from);
        self.push_measure(from, end, Measure::OutOf, weak);
        Some(end)
    }

    /// True where a role of a person stands at `i` ("school days" begins with a body, not a person).
    pub(super) fn names_person(&self, i: usize) -> bool {
        self.longest_role(i).is_some_and(|(_, class)| matches!(class, RoleClass::Named(_)))
    }

    pub(super) fn second_of(&self, i: usize, at: usize) -> Option<((f64, usize), bool)> {
        if self.at(at) == "/" && self.digits(i) {
            let second = self.number(at + 1).filter(|_| self.digits(at + 1))?;
            let label = (1..=2).any(|n| {
                matches!(
                    self.back(i, n),
                    "year"
                        | "years"
                        | "y"
                        | "yr"
                        | "level"
                        | "phase"
                        | "stage"
                        | "class"
                        | "grade"
                        | "by"
                        | "ks"
                        | "p"
                        | "tier"
                        | "on"
                        | "wave"
                )
            });
            let dated = self.at(second.end) == "/"
                || self.at(at + 1).starts_with('0')
                || self.at(i).starts_with('0')
                || self.at(i).len() > 3;
            let length = self.has(second.end, UNIT);
            return (!label && !dated && !length && self.glued(at + 1)).then_some(((second.value, second.end), false));
        }
        // The noun may stand between: "three lessons out of five", "five school days in ten".
        let mut noun = at;
        while noun < at + 4
            && self.letters(noun)
            && !self.has(noun, PREP | LEAD | NUM)
            && !self.any(noun, &["and", "or", "to", "out", "will", "by"])
        {
            noun += 1;
        }
        let between = noun > at;
        let past = |mut at: usize| {
            while self.any(
                at,
                &["first", "every", "the", "his", "her", "their", "each", "all", "any", "these", "those", "my"],
            ) && at < noun + 4
            {
                at += 1;
            }
            if self.seq(at, &["1", "st"]) { at + 2 } else { at }
        };
        match self.at(noun) {
            "out" if self.at(noun + 1) == "of" => {
                let second = self.number(past(noun + 2))?;
                Some(((second.value, second.end), false))
            }
            "of" if !between || self.has(noun - 1, SESSION | SPAN) || self.any(noun + 1, &["every", "the"]) => {
                let second = self.number(past(noun + 1))?;
                // "three sessions of ten minutes" is a length; "a group of two of four" never occurs.
                let counted = between
                    && self.has(noun - 1, SESSION)
                    && !self.any(noun + 1, &["every"])
                    && self.letters(second.end);
                (!self.has(self.past_hyphen(second.end), UNIT) && !counted)
                    .then_some(((second.value, second.end), false))
            }
            "in" => {
                let every = self.at(noun + 1) == "every";
                let second = self.number(past(noun + 1)).filter(|n| n.value >= 2.0)?;
                let timed = self.has(self.past_hyphen(second.end), UNIT | SPAN);
                let days = between && (self.has(noun - 1, SPAN | SESSION) || self.at(noun - 1).ends_with("times"));
                // "five days in ten", "9 in 10", "nine changes in every ten"; not "three words in two books".
                let bare = self.ends(second.end)
                    || !self.letters(second.end)
                    || self.has(second.end, PREP)
                    || self.any(second.end, &["and", "by", "with"]);
                let fits = every
                    || !between && !timed
                    || days && bare
                    || bare && second.value == 10.0
                    || bare && second.value == 5.0;
                (fits && !(timed && !every && !days))
                    .then_some(((second.value, second.end), !every && between && !days && second.value != 10.0))
            }
            _ => None,
        }
    }

    /// "80% accuracy", "92 per cent of his lessons". Weak where nothing says of what.
    pub(super) fn percent(&mut self, i: usize) -> Option<usize> {
        let amount = self.amount(i, true)?;
        let mut end = match (self.at(amount.end), self.at(amount.end + 1)) {
            ("%" | "percent", _) => amount.end + 1,
            ("per", "cent") => amount.end + 2,
            _ => return None,
        };
        self.claim(i, end);
        // Help in per cent: "25% extra time", "50% of a teaching assistant", "100% funding".
        if self.any(
            end,
            &[
                "extra",
                "additional",
                "timetable",
                "funding",
                "funded",
                "contribution",
                "reduced",
                "off",
                "discount",
                "more",
            ],
        ) {
            return Some(end);
        }
        let mut weak = true;
        if self.any(
            end,
            &[
                "accuracy",
                "accurate",
                "accurately",
                "correct",
                "correctly",
                "attendance",
                "success",
                "independence",
                "or",
            ],
        ) {
            weak = self.at(end) == "or";
            end += 1;
        } else if self.at(end) == "of" {
            weak = false;
        }
        if let Some((_, after)) =
            self.bound_after(end - usize::from(self.back(end, 1) == "or")).filter(|_| self.back(end, 1) == "or")
        {
            end = after;
        }
        let near = (1..=8).map_while(|n| i.checked_sub(n)).take_while(|&at| !self.ends(at));
        let mut from = i;
        for at in near {
            if self.any(
                at,
                &[
                    "attendance",
                    "accuracy",
                    "attends",
                    "attend",
                    "comprehension",
                    "intelligibility",
                    "punctuality",
                    "score",
                    "scores",
                    "scoring",
                ],
            ) {
                weak = false;
            }
        }
        if (end..end + 5).take_while(|&at| !self.ends(at)).any(|at| {
            self.any(at, &["trials", "occasions", "sessions", "opportunities", "attempts", "lessons", "probes", "days"])
        }) {
            weak = false;
        }
        if let Some((_, cue)) = self.bound_before(i) {
            from = cue;
        }
        // "80% across 3 sessions", "70% over ten trials"
        if self.any(end, &["across", "over", "in", "on"])
            && let Some(count) = self.number(end + 1)
            && let noun = if self.any(count.end, &["consecutive", "separate"]) { count.end + 1 } else { count.end }
            && (self.has(noun, TRIAL | SESSION) && self.has(noun, TRIAL | PLURAL))
        {
            weak = false;
            end = noun + 1;
        }
        self.push_measure(from, end, Measure::Percent, weak);
        Some(end)
    }

    /// The patterns that are left for a number: a rate, an error ceiling, a ceiling of prompts, a count.
    pub(super) fn amount_of_doing(&mut self, i: usize) -> Option<usize> {
        let end = self
            .rate(i)
            .or_else(|| self.on_a_scale(i))
            .or_else(|| self.a_mark(i))
            .or_else(|| self.few_errors(i))
            .or_else(|| self.few_prompts(i))
            .or_else(|| self.count(i));
        if end.is_none() {
            // A number that counts nothing here must not be read again from its second word.
            let number = self.number(i)?;
            if number.end > i + 1 {
                self.claim(i, number.end);
                return Some(number.end);
            }
        }
        end
    }

    /// "35 words per minute", "95 wcpm", "90 words correct per minute", "ten words in two minutes", "two games a week".
    fn rate(&mut self, i: usize) -> Option<usize> {
        let number = self.amount(i, false)?;
        let from = self.bound_before(i).map_or(i, |(_, from)| from);
        if self.any(number.end, &["wpm", "wcpm", "cwpm", "wcm", "mph", "bpm"]) {
            self.push_measure(from, number.end + 1, Measure::Rate, false);
            return Some(number.end + 1);
        }
        let mut noun = number.end;
        while noun < number.end + 4
            && self.letters(noun)
            && !self.has(noun, PREP | LEAD | NUM | UNIT)
            && !self.any(noun, &["per", "each", "every", "and", "or", "to"])
        {
            noun += 1;
        }
        if noun == number.end {
            return None;
        }
        if self.any(noun, &["per", "a", "an", "each", "every", "/"])
            && (self.has(noun + 1, UNIT | SPAN)
                || self.any(noun + 1, &["lesson", "half", "page", "session", "text", "test"]))
        {
            let unit = if self.at(noun + 1) == "half" { self.past_hyphen(noun + 2) } else { noun + 1 };
            if self.has(noun - 1, ERROR)
                || self.at(noun + 1) == "page"
                || (number.end..noun).any(|at| self.has(at, PERSON | ROLE))
            {
                return None;
            }
            let per_minute = self.has(unit, UNIT);
            if self.at(unit) == "second" && self.at(noun) != "per" {
                return None;
            }
            let weak = !per_minute && self.governor(from) != Governor::Act;
            self.push_measure(from, unit + 1, Measure::Rate, weak);
            return Some(unit + 1);
        }
        if matches!(self.at(noun), "in" | "within") {
            let at = noun + 1;
            let at = if self.any(at, &["under", "about"]) { at + 1 } else { at };
            if let Some(length) = self.length(at) {
                self.push_measure(from, length.end, Measure::Rate, false);
                return Some(length.end);
            }
        }
        None
    }

    /// "no more than three errors", "fewer than 3 errors a page", "no accidents" is read from "no".
    fn few_errors(&mut self, i: usize) -> Option<usize> {
        let number = self.amount(i, false)?;
        let (_, from) = self
            .bound_before(i)
            .filter(|(bound, _)| *bound == Bound::Ceiling)
            .or_else(|| (self.back(i, 1) == "only").then(|| (Bound::Ceiling, i - 1)))?;
        let mut noun = number.end;
        while noun < number.end + 4 && self.letters(noun) && !self.has(noun, ERROR | PREP) {
            noun += 1;
        }
        if self.has(noun, ERROR) && self.has(noun + 1, ERROR) {
            noun += 1;
        }
        if !self.has(noun, ERROR) {
            return None;
        }
        let mut end = noun + 1;
        if let Some(per) = self.per(end) {
            end = per.end;
        } else if self.any(end, &["a", "per", "in", "each"])
            && self.any(end + 1, &["page", "paragraph", "text", "sentence", "test", "passage", "piece", "sheet"])
        {
            end += 2;
        } else if self.seq(end, &["in", "a"]) || self.seq(end, &["in", "each"]) {
            end += 3;
        }
        self.push_measure(from, end.min(self.len()), Measure::ErrorCeiling, false);
        Some(end)
    }

    /// "five consecutive school days", "seven days running", "three lessons in a row".
    pub(super) fn run_of(&mut self, i: usize) -> Option<usize> {
        let number = self.amount(i, false).filter(|n| n.low > 1.0)?;
        let mut at = number.end;
        let mut first = false;
        if self.any(at, &["consecutive", "successive", "straight", "separate", "different", "out"]) {
            first = self.at(at) != "different" && self.at(at) != "separate" || self.has(at + 1, TRIAL);
            at += 1;
        }
        let noun = (at..at + 3).find(|&n| {
            self.has(n, SPAN | SESSION | super::lexicon::PART | TRIAL) && !self.has(n + 1, SPAN | SESSION)
        })?;
        if (at..noun).any(|n| !self.letters(n) || self.has(n, PREP | LEAD)) {
            return None;
        }
        let end = if first {
            noun + 1
        } else if self.at(noun + 1) == "running" || self.any(noun + 1, &["consecutively", "successively"]) {
            noun + 2
        } else if self.seq(noun + 1, &["in", "a", "row"]) {
            noun + 4
        } else {
            return None;
        };
        self.push_measure(i, end, Measure::Count, false);
        Some(end)
    }
}

/// What governs an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Governor {
    /// A verb of the child's own visible act, or of a result.
    Act,
    /// "will" with a verb that the lexicon does not know.
    Unknown,
    /// A verb of receiving or of change, a preposition, or nothing.
    None,
}

fn is_singular(word: &str) -> bool {
    word.ends_with("ss")
        || word.ends_with("'s")
        || matches!(
            word,
            "is" | "was"
                | "has"
                | "his"
                | "its"
                | "as"
                | "this"
                | "us"
                | "bus"
                | "plus"
                | "focus"
                | "across"
                | "class"
                | "less"
                | "towards"
                | "does"
                | "always"
                | "thus"
                | "yes"
                | "virus"
                | "afterwards"
                | "unless"
                | "maths"
        )
}

/// True where `word` looks like a plural noun.
pub(super) fn is_plural(word: &str) -> bool {
    word.len() > 2 && word.ends_with('s') && !is_singular(word)
        || matches!(
            word,
            "people"
                | "children"
                | "men"
                | "women"
                | "feet"
                | "teeth"
                | "metres"
                | "food"
                | "m"
                | "cm"
                | "km"
                | "kg"
                | "ml"
                | "dice"
                | "questions"
        )
}
