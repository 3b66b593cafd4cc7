//! This is the reading of group sizes and ratios: "1:1", "individually", "in a group of no more than six", "in pairs".

use super::lexicon::{LEAD, NUM, PERSON, PREP, QUALIFIER, ROLE, ROLEMOD, SESSION};
use super::scan::Scan;
use super::{Bound, Value};

impl Scan<'_, '_> {
    /// "1:1", "one-to-one", "1-2-1", "2:1", "ratio of 1:3", "one adult to two pupils".
    pub(super) fn ratio(&mut self, i: usize) -> Option<usize> {
        let first = self.number(i).filter(|n| n.value.fract() == 0.0 && n.value >= 1.0)?;
        let (adults, children, end) =
            self.plain_ratio(i, first.end, first.value).or_else(|| self.ratio_of_people(first.end, first.value))?;
        let from = if self.seq_before(i, &["a", "ratio", "of"]) {
            i - 3
        } else if self.seq_before(i, &["ratio", "of"]) {
            i - 2
        } else {
            i
        };
        self.push(from, end, Value::Group { adults: Some(adults), children: Some(children), cap: false });
        self.claim(from, end);
        Some(end)
    }

    fn plain_ratio(&self, i: usize, at: usize, first: f64) -> Option<(f64, f64, usize)> {
        let small = |n: f64| (1.0..=30.0).contains(&n) && n.fract() == 0.0;
        // 1-2-1, 121
        if self.seq(i, &["1", "-", "2", "-", "1"]) {
            return Some((1.0, 1.0, i + 5));
        }
        let cued = self.back(i, 1) == "ratio" || self.back(i, 2) == "ratio";
        let (mid, second) = match self.at(at) {
            ":" => (":", at + 1),
            "-" if self.at(at + 1) == "to" => ("to", self.past_hyphen(at + 2)),
            "to" => ("to", at + 1),
            "-" => ("-", at + 1),
            _ => return None,
        };
        let other = self.number(second).filter(|n| small(n.value))?;
        // "1:15" may be a time; "1-2" and "2 to 4" are ranges; "from one to one" never occurs.
        let fits = match mid {
            ":" => small(first) && (self.at(second).len() == 1 || cued),
            "to" => {
                first == 1.0 && other.value == 1.0
                    || cued
                    || first > other.value && other.value == 1.0 && self.at(at) == "-"
            }
            _ => first == 1.0 && other.value == 1.0 && self.digits(i) || cued,
        };
        let time =
            self.any(other.end, &["am", "pm"]) || self.digits(i) && self.at(at) == ":" && self.any(other.end, &[":"]);
        (fits && !time).then_some((first, other.value, other.end))
    }

    /// "one adult to two pupils", "2 staff to 1 child", "one adult for every three children".
    fn ratio_of_people(&self, at: usize, adults: f64) -> Option<(f64, f64, usize)> {
        if adults > 12.0 {
            return None;
        }
        let mut noun = at;
        while noun < at + 3 && self.has(noun, ROLEMOD | QUALIFIER) && !self.has(noun, ROLE) {
            noun += 1;
        }
        if !self.has(noun, ROLE) || !self.any(noun + 1, &["to", "per", "for", "between"]) {
            return None;
        }
        let mut at = noun + 2;
        let children = if self.any(at, &["every", "each"]) && self.number(at + 1).is_some() {
            self.number(at + 1)?
        } else if self.any(noun + 1, &["per", "for"]) && self.has(at, PERSON) {
            super::numbers::Number { value: 1.0, end: at }
        } else {
            self.number(at).filter(|_| self.any(noun + 1, &["to", "between", "per"]))?
        };
        at = children.end;
        self.has(at, PERSON).then_some((adults, children.value, at + 1))
    }

    /// Forms that begin with a word: "individually", "a small group of 4", "in pairs", "groups of no more than six",
    /// "whole class", "max 4".
    pub(super) fn group(&mut self, i: usize) -> Option<usize> {
        let (from, end, children, cap) = match self.at(i) {
            "individually"
                if !self.any(i + 1, &["tailored", "adapted", "designed", "differentiated", "planned", "written"]) =>
            {
                (i, i + 1, Some(1.0), false)
            }
            "individual" => {
                let noun = (i + 1..i + 5).find(|&n| {
                    self.has(n, SESSION)
                        || self.any(
                            n,
                            &[
                                "basis",
                                "tuition",
                                "support",
                                "teaching",
                                "work",
                                "therapy",
                                "instruction",
                                "coaching",
                                "counselling",
                                "mentoring",
                                "tutoring",
                                "lessons",
                                "input",
                                "programme",
                            ],
                        )
                })?;
                // "individual education plan support": words between may be content, not another thing.
                if (i + 1..noun).any(|n| !self.letters(n) && self.at(n) != "-" && !self.digits(n) || self.has(n, PREP))
                {
                    return None;
                }
                (i, if noun == i + 1 { noun + 1 } else { i + 1 }, Some(1.0), false)
            }
            "pair" | "pairs" if matches!(self.back(i, 1), "in" | "a") && self.at(i + 1) != "of" => {
                let from = if self.seq_before(i, &["in", "a"]) { i - 2 } else { i - 1 };
                (from, i + 1, Some(2.0), false)
            }
            "partner" if self.seq_before(i, &["with", "a"]) => (i - 2, i + 1, Some(2.0), false),
            "with" if self.any(i + 1, &["one", "a", "another"]) && self.has_other(i + 2) => {
                return None; // read from the number, or below
            }
            "whole" if self.at(self.past_hyphen(i + 1)) == "class" => (i, self.past_hyphen(i + 1) + 1, None, false),
            "group" | "groups" | "grp" => return self.group_of(i),
            "class" if self.at(i + 1) == "of" => return self.group_of(i),
            "max" | "maximum" if self.back(i, 1) == "(" || self.back(i, 1) == "," => {
                // "(max 4)" after "group".
                let count = self.number(self.past_point(i + 1))?;
                let grouped = (1..6).any(|n| matches!(self.back(i, n), "group" | "groups"));
                if !grouped || !matches!(self.at(count.end), ")" | "," | "." | "") {
                    return None;
                }
                (i, count.end, Some(count.value), true)
            }
            "with" if self.seq(i + 1, &["another"]) && self.has(i + 2, PERSON) => (i, i + 3, Some(2.0), false),
            _ => return None,
        };
        self.push(from, end, Value::Group { adults: None, children, cap });
        self.claim(from, end);
        Some(end)
    }

    fn has_other(&self, i: usize) -> bool {
        self.at(i) == "other"
    }

    fn past_point(&self, i: usize) -> usize {
        if self.any(i, &[".", "of"]) { i + 1 } else { i }
    }

    fn group_of(&mut self, i: usize) -> Option<usize> {
        let mut from = i;
        while from > 0
            && self.any(
                from - 1,
                &[
                    "small",
                    "a",
                    "in",
                    "smaller",
                    "teaching",
                    "nurture",
                    "mixed",
                    "withdrawal",
                    "social",
                    "skills",
                    "peer",
                    "-",
                ],
            )
            && from + 5 > i
        {
            from -= 1;
        }
        if self.any(from, &["-", "skills"]) {
            from += 1;
        }
        let small = (from..i).any(|n| self.any(n, &["small", "smaller"]));
        let (children, cap, end) =
            self.group_count(i + 1).map_or((None, false, i + 1), |(n, cap, end)| (Some(n), cap, end));
        if children.is_none() && !small && !self.any(from, &["in"]) {
            return None;
        }
        if children.is_none() && self.any(i + 1, &["home", "leader", "chat"]) {
            return None;
        }
        self.push(from, end, Value::Group { adults: None, children, cap });
        self.claim(from, end);
        Some(end)
    }

    /// After "group": "of 4", "of no more than six pupils", "(max 4)", "of 3-5", "size 4".
    fn group_count(&self, i: usize) -> Option<(f64, bool, usize)> {
        let mut at = i;
        while at < i + 3 && self.any(at, &["of", "(", "size", ",", ":", "with", "session", "sessions", "work"]) {
            at += 1;
        }
        if at == i {
            return None;
        }
        let from = at;
        let number = (from..from + 6).find(|&n| self.number(n).is_some() || self.ends(n))?;
        // Only words of bounding may stand before the number.
        if (from..number).any(|n| {
            !self.any(
                n,
                &[
                    "up",
                    "to",
                    "no",
                    "more",
                    "than",
                    "not",
                    "a",
                    "maximum",
                    "max",
                    "of",
                    "at",
                    "most",
                    "between",
                    "about",
                    "around",
                    "fewer",
                    "less",
                    "approximately",
                    "the",
                    "same",
                    ".",
                    "least",
                    "minimum",
                ],
            )
        }) {
            return None;
        }
        let commaed = self.any(i, &[",", ":"]) || matches!(self.at(i), "with" | "session" | "sessions" | "work");
        at = number;
        let count = self.amount(at, true).filter(|c| c.low >= 1.0 && c.high <= 40.0 && c.low.fract() == 0.0)?;
        let bound = self.bound_before(at);
        let cap = count.is_range()
            || matches!(bound, Some((Bound::Ceiling, _)))
            || matches!(self.bound_after(count.end), Some((Bound::Ceiling, _)));
        let mut end = count.end;
        if let Some((Bound::Ceiling, after)) = self.bound_after(end) {
            end = after;
        }
        if self.at(end) == ")" && self.at(i) == "(" {
            end += 1;
        }
        let mut noun = end;
        while noun < end + 2 && self.any(noun, &["other", "selected", "familiar"]) {
            noun += 1;
        }
        if self.has(noun, PERSON) {
            let closed = self.any(i, &["("]) && self.at(noun + 1) == ")";
            return Some((count.high, cap, if closed { noun + 2 } else { noun + 1 }));
        }
        // "groups of ten objects" sorts things, and "group, 40 minutes" is a length.
        let thing = self.letters(end)
            && !self.has(end, PREP | LEAD | ROLE | ROLEMOD | QUALIFIER | NUM)
            && !self.any(
                end,
                &[
                    "and",
                    "who",
                    "where",
                    "led",
                    "to",
                    "each",
                    "every",
                    "per",
                    "once",
                    "twice",
                    "daily",
                    "weekly",
                    "will",
                    "run",
                    "taught",
                    "delivered",
                    "max",
                    "maximum",
                    "facilitated",
                    "so",
                    "when",
                    "is",
                ],
            );
        let things = thing
            || commaed && bound.is_none()
            || self.at(end) == "x"
            || self.is_time(end)
            || self.is_time(self.past_hyphen(end));
        (!things).then_some((count.high, cap, end))
    }

    /// "eight pupils", "two other children", "up to 6 pupils", "max 4 learners": the size of the group.
    pub(super) fn people(&mut self, i: usize) -> Option<usize> {
        let count = self.amount(i, self.back(i, 1) == "between")?;
        let mut noun = count.end;
        while noun < count.end + 3
            && (self.any(
                noun,
                &["other", "additional", "selected", "familiar", "chosen", "supportive", "different", "ks", "key"],
            ) || self.at(noun) == "-")
        {
            if self.has(noun, PERSON) && !self.has(noun + 1, PERSON) {
                break;
            }
            noun += 1;
        }
        if !self.has(noun, PERSON) || self.at(noun).ends_with('s') && self.any(noun + 1, &["'"]) {
            return None;
        }
        let bound = self.bound_before(i);
        let cap = count.is_range()
            || matches!(bound, Some((Bound::Ceiling, _)))
            || matches!(self.bound_after(noun + 1), Some((Bound::Ceiling, _)));
        let from = bound.map_or(i, |(_, from)| from);
        let others = self.any(count.end, &["other", "others"]);
        let from = if others && self.back(from, 1) == "with" { from - 1 } else { from };
        let end = noun + 1;
        let children = count.high + if others { 1.0 } else { 0.0 };
        if self.group_before(from) {
            return None;
        }
        self.push(from, end, Value::Group { adults: None, children: Some(children), cap });
        self.claim(i, end);
        Some(end)
    }

    pub(super) fn group_before(&self, i: usize) -> bool {
        matches!(self.back(i, 1), "of") && matches!(self.back(i, 2), "group" | "groups" | "class" | "classes")
    }
}
