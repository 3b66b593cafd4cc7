//! This is the reading of what sets help off: "whenever the class moves room", "at each transition", "before lunch".

use super::Value;
use super::lexicon::{EVENT, FAILING, LEAD, PART, PREP, SESSION, UNIT};
use super::scan::Scan;

impl Scan<'_, '_> {
    /// A trigger that begins with the keyword at word `i`.
    pub(super) fn trigger(&mut self, i: usize) -> Option<usize> {
        let end = match self.at(i) {
            "as" if self.seq(i + 1, &["soon", "as"]) => self.event_clause(i + 3),
            "when" if self.back(i, 1) == "and" => None,
            "when" | "whenever" | "wherever" | "if" | "unless" => self.event_clause(i + 1),
            "once" if self.any(i + 1, &["he", "she", "they", "the", "his", "her"]) && !self.claimed(i) => {
                self.event_clause(i + 1)
            }
            "following" if matches!(self.back(i, 1), "the" | "a" | "his" | "her") => None,
            "before" | "after" | "at" | "on" | "upon" | "following" | "during" | "prior" | "for" | "in" | "between" => {
                self.event_phrase(i)
            }
            _ => None,
        }?;
        self.push(i, end, Value::Trigger);
        Some(end)
    }

    /// After "when": a clause of at least two words with no word that hands the decision to somebody or to the means.
    fn event_clause(&self, i: usize) -> Option<usize> {
        let end = (i..i + 14)
            .find(|&at| {
                self.ends(at)
                    || matches!(self.at(at), "," | ")" | "(" | ":")
                    || self.any(at, &["will", "should", "so"]) && at > i + 1
            })
            .unwrap_or(i + 14)
            .min(self.len());
        // "when a seizure will …": the main clause has begun; its subject was taken along, which does no harm.
        let asked = (i..end).any(|at| {
            self.at(at) == "need"
                && self.any(at + 1, &["it", "them", "him", "to", ".", "help", "support"])
                && at + 2 >= end
        });
        let hedged = asked
            || (i..end).any(|at| self.has(at, FAILING) && !(self.at(at) == "needs" && at > i + 1))
            || self.any(i, &["and", "as"]);
        (end > i + 1 && !hedged).then_some(end)
    }

    /// "at each transition", "on every staircase", "before lunch", "after each page of print", "at the start of the
    /// lesson", "on arrival", "during transitions".
    fn event_phrase(&self, i: usize) -> Option<usize> {
        let at = if self.at(i) == "prior" && self.at(i + 1) == "to" { i + 2 } else { i + 1 };
        if self.any(i, &["before", "after", "at", "for"]) && self.any(at, &["and", "&"]) {
            return None;
        }
        let word = self.at(i);
        // "at the start of each lesson", "at the end of the day"
        let start = if self.at(at) == "the" { at + 1 } else { at };
        if self.any(start, &["start", "end", "beginning", "close"])
            && self.at(start + 1) == "of"
            && matches!(word, "at" | "before" | "on" | "in")
        {
            let mut noun = start + 2;
            while self.any(
                noun,
                &["the", "each", "every", "his", "her", "their", "school", "a", "maths", "english", "all", "any"],
            ) && noun < start + 6
            {
                noun += 1;
            }
            let recurs =
                self.has(noun, SESSION | EVENT | PART) || self.any(noun, &["day", "school", "week", "task", "tasks"]);
            return (recurs && !self.has(noun, UNIT)).then_some(noun + 1);
        }
        if self.any(at, &["each", "every"]) {
            let noun = (at + 1..at + 6).find(|&n| {
                self.ends(n) || self.has(n, EVENT | SESSION | PART | UNIT) && !self.has(n + 1, EVENT | SESSION)
            })?;
            let inside = (at + 1..noun)
                .all(|n| self.letters(n) && !self.has(n, PREP | LEAD) || self.digits(n) || self.at(n) == "-");
            if self.ends(noun) || !inside {
                return None;
            }
            // "in every lesson", "at each session", "on every visit" say how often and where; an event sets off.
            let plain =
                matches!(word, "in" | "during" | "for" | "on") && !self.has(noun, EVENT) || self.any(noun, &["time"]);
            if plain || matches!(word, "for" | "in" | "between") && self.has(noun, SESSION) {
                return None;
            }
            let mut end = noun + 1;
            if self.at(end) == "of" {
                end = (end + 1..end + 4)
                    .take_while(|&n| self.letters(n) && !self.has(n, PREP | LEAD))
                    .last()
                    .map_or(end, |n| n + 1);
            }
            return Some(end);
        }
        match word {
            "before" | "after" | "prior" | "following" | "upon" => {
                let noun = (start..start + 4).find(|&n| {
                    self.has(n, EVENT | SESSION | PART) || self.ends(n) || self.digits(n) || self.has(n, PREP)
                });
                let seen = noun.filter(|&noun| {
                    self.has(noun, EVENT | SESSION | PART)
                        && !self.any(noun, &["step", "page", "entry", "stay", "one"])
                        && (start..noun).all(|n| self.letters(n))
                });
                if let Some(noun) = seen {
                    return Some(noun + 1);
                }
                // "before entering the hall", "after eating"
                (self.letters(start)
                    && self.at(start).ends_with("ing")
                    && self.at(start).len() > 4
                    && !self.any(start, &["being", "evening", "morning", "meeting", "spring"]))
                .then(|| {
                    (start + 1..start + 6)
                        .find(|&n| {
                            self.ends(n) || !self.letters(n) || self.any(n, &["and", "will", "he", "she", "they", "it"])
                        })
                        .unwrap_or(start + 6)
                        .min(self.len())
                })
            }
            "on" if self.any(
                start,
                &[
                    "arrival", "arriving", "entry", "waking", "entering", "leaving", "request", "transfer", "stairs",
                    "return",
                ],
            ) =>
            {
                (self.at(start) != "request").then_some(start + 1)
            }
            "at" | "during" | "for" | "in" | "between" => {
                let noun = (start..start + 4).find(|&n| {
                    self.any(
                        n,
                        &[
                            "transition",
                            "transitions",
                            "changeover",
                            "changeovers",
                            "transfers",
                            "trips",
                            "exams",
                            "tests",
                            "assessments",
                            "seizure",
                            "seizures",
                            "lessons",
                        ],
                    ) || !self.letters(n)
                        || self.has(n, PREP)
                })?;
                if !self.has(noun, EVENT) || self.at(noun) == "lessons" && word != "between" {
                    return None;
                }
                let end = if self.any(noun + 1, &["times", "time", "points"]) { noun + 2 } else { noun + 1 };
                (matches!(word, "at" | "during" | "between")
                    || self.any(noun, &["trips", "exams", "tests", "assessments"]))
                .then_some(end)
            }
            _ => None,
        }
    }
}
