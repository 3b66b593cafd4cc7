//! This is the reading of scores and grades: "a standard score of 85", "grade 6", "under 4 on the 0 to 10 scale".

use super::Measure;
use super::lexicon::{ACT, LEAD, PREP, ROLE, UNIT};
use super::measure::Governor;
use super::scan::Scan;

impl Scan<'_, '_> {
    /// Scores that begin with a word: "a standard score of 85", "grade 6", "Stage 5", "level 3", "a reading age of 8",
    /// "the 25th percentile".
    pub(super) fn score(&mut self, i: usize) -> Option<usize> {
        if self.claimed(i) {
            return None;
        }
        let mut at = i + 1;
        match self.at(i) {
            "score" | "scores" | "scoring" => {
                while self.any(
                    at,
                    &[
                        "or", "of", "is", "a", "at", "above", "between", "within", "over", "in", "least", "the",
                        "range", ":",
                    ],
                ) && at < i + 5
                {
                    at += 1;
                }
                let number = self.amount(at, true)?;
                if self.second_of(at, number.end).is_some()
                    || self.has(self.past_hyphen(number.end), UNIT)
                    || self.at(number.end) == "%"
                    || !self.score_ends(number.end)
                {
                    return None;
                }
                let past = self.tells_need(i);
                let from = if self.any_back(
                    i,
                    &["standard", "standardised", "standardized", "scaled", "raw", "composite", "reading", "spelling"],
                ) {
                    i - 1
                } else {
                    i
                };
                self.push_measure(from, number.end, Measure::Score, past);
                Some(number.end)
            }
            "percentile" => {
                let from = (1..=3).find(|&n| i.checked_sub(n).is_some_and(|f| self.digits(f)))?;
                let weak = self.tells_need(i)
                    || matches!(self.back(i, from + 1), "at" | "the") && self.governor(i - from) != Governor::Act;
                self.push_measure(i - from, i + 1, Measure::Score, weak);
                Some(i + 1)
            }
            "gcse" if self.at(i + 1) == "grade" => None,
            "merit" | "distinction" | "pass" => {
                let named =
                    self.at(i) != "pass" || self.back(i, 1) == "a" && self.any(i + 1, &["in", "at", "grade", "mark"]);
                let reached = (1..=3).any(|n| self.back_has(i, n, ACT));
                if !named || !reached {
                    return None;
                }
                self.push_measure(i, i + 1, Measure::Score, false);
                Some(i + 1)
            }
            "age" => {
                // "a reading age of 8", "an age equivalent of 6:2"
                let reading = matches!(self.back(i, 1), "reading" | "spelling" | "developmental" | "comprehension");
                if !reading || self.at(i + 1) != "of" {
                    return None;
                }
                let number = self.number(i + 2)?;
                let weak = self.tells_need(i);
                self.push_measure(i - 1, number.end, Measure::Score, weak);
                Some(number.end)
            }
            _ => self.graded(i),
        }
    }

    /// "grade 6", "Stage 5 book", "level 3", "entry level 2", "step 4", "band 3".
    pub(super) fn graded(&mut self, i: usize) -> Option<usize> {
        if self.at(i) == "entry" {
            return None; // read at "level"
        }
        let number = self.amount(i + 1, false).filter(|n| n.low <= 20.0)?;
        let end = number.end;
        let mut from = i;
        if matches!(self.back(i, 1), "entry" | "gcse" | "reading" | "functional") {
            from -= 1;
        }
        let at_age = self.at(i) == "stage" && self.back(i, 1) == "key";
        let qualification = self.any(
            end,
            &[
                "trained",
                "qualified",
                "award",
                "training",
                "ta",
                "teaching",
                "lsa",
                "practitioner",
                "therapist",
                "qualification",
                "certificate",
                "diploma",
                "teacher",
                "tutor",
                "coach",
                "course",
                "spld",
                "assessor",
                "bsl",
                "or",
            ],
        ) && self.at(end) != "or"
            || self.has(end, ROLE)
            || matches!(
                self.back(from, 1),
                "gmfcs" | "macs" | "cfcs" | "makaton" | "pecs" | "elklan" | "bsl" | "key" | "wave" | "tier" | "teach"
            );
        let hyphened = self.at(end) == "-" && self.letters(end + 1);
        if at_age || qualification || hyphened || self.claimed(end - 1) {
            return None;
        }
        if self.at(i) == "grade" && matches!(self.back(i, 1), "by" | "of" | "in" | "from") {
            return None;
        }
        let book = if self.any(end, &["book", "books", "text", "texts", "words", "reader"]) { end + 1 } else { end };
        let reached = (1..=6)
            .map_while(|n| from.checked_sub(n))
            .take_while(|&at| !self.ends(at) && self.at(at) != ",")
            .any(|at| {
                self.has(at, ACT)
                    || self.any(at, &["achieved", "reached", "gained", "attained", "pass", "passed"])
                    || self.at(i) != "band" && self.any(at, &["at", "to"])
            });
        let need = self.tells_need(from);
        let weak = !reached || need || number.is_range();
        self.push_measure(from, book, Measure::Score, weak);
        Some(book)
    }

    /// "a 6 in GCSE maths", "an 8 at A level"
    pub(super) fn a_mark(&mut self, i: usize) -> Option<usize> {
        let number = self.number(i).filter(|n| self.digits(i) && n.value <= 10.0)?;
        let marked = self.back_has(i, 1, LEAD) && self.any(number.end, &["in", "at", "or"]) && self.back_has(i, 2, ACT);
        marked.then(|| {
            self.push_measure(i - 1, number.end, Measure::Score, false);
            number.end
        })
    }

    /// "under 4 on the 0 to 10 scale", "7 or more on his five-point scale"
    pub(super) fn on_a_scale(&mut self, i: usize) -> Option<usize> {
        let number = self.number(i)?;
        let (bound_end, bounded) = self.bound_after(number.end).map_or((number.end, false), |(_, end)| (end, true));
        let before = self.bound_before(i);
        if self.at(bound_end) != "on"
            || !(bounded || before.is_some() || self.governor(i) == Governor::Act || self.back(i, 1) == "of")
        {
            return None;
        }
        let scale = (bound_end + 1..bound_end + 9)
            .take_while(|&at| !self.ends(at) && self.at(at) != ",")
            .find(|&at| self.any(at, &["scale", "thermometer", "ladder", "scaling"]))?;
        let from = before.map_or(i, |(_, from)| from);
        self.push_measure(from, scale + 1, Measure::Score, false);
        Some(scale + 1)
    }

    pub(super) fn score_ends(&self, i: usize) -> bool {
        self.ends(i)
            || !self.letters(i)
            || self.has(i, PREP)
            || self.any(i, &["and", "or", "by", "when", "each", "points", "to", "correct", "marks"])
    }

    /// True where a word before `i` tells how things are now: "is currently working at Step 3".
    pub(super) fn tells_need(&self, i: usize) -> bool {
        (1..=8).map_while(|n| i.checked_sub(n)).take_while(|&at| !self.ends(at)).any(|at| {
            self.any(
                at,
                &[
                    "currently",
                    "is",
                    "was",
                    "were",
                    "scored",
                    "placed",
                    "fell",
                    "falls",
                    "baseline",
                    "present",
                    "presently",
                    "assessed",
                    "obtained",
                ],
            )
        })
    }
}
