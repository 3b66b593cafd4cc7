//! This is the reading of criteria that need no number: "without adult prompting", "by himself", "no reminders", "with no
//! errors".

use super::lexicon::{ERROR, HELP, LEAD, PREP, ROLE};
use super::scan::Scan;
use super::{Bound, Measure};

impl Scan<'_, '_> {
    /// Forms that begin with a keyword: "without …", "no …", "by himself", "on her own", "nobody …", "with only one prompt".
    pub(super) fn free_of_help(&mut self, i: usize) -> Option<usize> {
        if self.claimed(i) {
            return None;
        }
        let (from, end, measure, weak) = match self.at(i) {
            "without" | "needing" | "requiring" => self.without(i)?,
            "no" if self.any(i + 1, &["one", "-"])
                && self.any(
                    i + 2,
                    &["one", "helping", "to", "prompting", "telling", "assisting", "with", "in", "coming", "reminding"],
                ) =>
            {
                let from = if self.back(i, 1) == "with" { i - 1 } else { i };
                (from, self.clause(i + 2), Measure::Independence, false)
            }
            "nobody" => {
                (if self.back(i, 1) == "with" { i - 1 } else { i }, self.clause(i + 1), Measure::Independence, false)
            }
            "no" | "nil" | "zero" => self.no_help(i)?,
            "by" | "for"
                if self.any(i + 1, &["himself", "herself", "themselves", "myself", "themself", "yourself"]) =>
            {
                (i, i + 2, Measure::Independence, self.at(i) == "for")
            }
            "on" if self.any(i + 1, &["his", "her", "their", "my", "its", "your"])
                && self.at(i + 2) == "own"
                && (self.ends(i + 3)
                    || !self.letters(i + 3)
                    || self.has(i + 3, PREP)
                    || self.any(i + 3, &["and", "by", "when", "so", "each", "every", "using", "to"])) =>
            {
                (i, i + 3, Measure::Independence, false)
            }
            "error" if self.at(self.past_hyphen(i + 1)) == "free" => {
                (i, self.past_hyphen(i + 1) + 1, Measure::ErrorCeiling, false)
            }
            "with" | "after" => self.with_few_prompts(i)?,
            _ => return None,
        };
        let weak = weak || self.negated(from);
        if weak && self.negated(from) {
            return None;
        }
        self.push_measure(from, end, measure, weak);
        Some(end)
    }

    /// "independently", "unaided", "alone".
    pub(super) fn by_self(&mut self, i: usize) -> Option<usize> {
        let compared = matches!(
            self.back(i, 1),
            "more" | "increasingly" | "as" | "less" | "most" | "greater" | "function" | "become"
        );
        let idle = self.at(i) == "alone"
            && (matches!(
                self.back(i, 1),
                "let" | "stand" | "left" | "leave" | "-" | "been" | "is" | "feel" | "feels" | "feeling" | "being"
            ) || self.at(i + 1) == "or");
        let noun = self.at(i) == "unsupported"
            && self.letters(i + 1)
            && !self.has(i + 1, PREP)
            && !self.any(i + 1, &["and", "by"]);
        if idle || noun || self.negated(i) {
            return None;
        }
        self.push_measure(i, i + 1, Measure::Independence, compared || self.at(i + 1) == "or");
        Some(i + 1)
    }

    fn without(&self, i: usize) -> Option<(usize, usize, Measure, bool)> {
        let bare = self.at(i) != "without";
        if bare && !matches!(self.back(i, 1), "without" | "not") {
            return None;
        }
        let from = i;
        let mut at = i + 1;
        while self.any(
            at,
            &[
                "needing",
                "requiring",
                "having",
                "any",
                "being",
                "the",
                "need",
                "for",
                "further",
                "additional",
                "extra",
                "a",
                "an",
                "his",
                "her",
                "their",
            ],
        ) && at < i + 6
        {
            at += 1;
        }
        for noun in at..at + 5 {
            if self.has(noun, HELP) {
                let mut end = noun + 1;
                while (self.has(end, HELP)
                    || self.any(end, &["or", "being", "from", "'s"]) && self.has(end + 1, HELP)
                    || self.seq(end, &["from", "an", "adult"])
                    || self.seq(end, &["from", "a"])
                    || self.any(end, &["asking", "first", "member", "of"])
                        && self.back_has(end, 1, HELP | PREP)
                        && self.at(end) != "of")
                    && end < noun + 8
                {
                    end += 1;
                }
                if self.seq(end, &["adult"]) {
                    end += 1
                }
                return Some((from, end, Measure::Independence, false));
            }
            if self.has(noun, ERROR) {
                return Some((from, noun + 1, Measure::ErrorCeiling, false));
            }
            let helped =
                (noun + 1..noun + 3).any(|n| self.any(n, &["frame", "frames", "help", "support", "prompt", "prompts"]));
            if noun == at && !helped && self.at(noun).ends_with("ing") && self.at(noun).len() > 4 {
                // "without phoning Mum", "without hitting": seen or not seen; "without feeling overwhelmed": felt.
                let felt = self.any(
                    noun,
                    &["feeling", "becoming", "being", "getting", "worrying", "having", "needing", "struggling"],
                );
                return Some((from, self.clause(noun + 1).min(noun + 4), Measure::ErrorCeiling, felt));
            }
            if !(self.letters(noun) || self.at(noun) == "-") || self.has(noun, PREP) && !self.any(noun, &["from", "of"])
            {
                return None;
            }
        }
        None
    }

    /// "no reminders", "no adult in the room", "no hands-on help", "no accidents".
    fn no_help(&self, i: usize) -> Option<(usize, usize, Measure, bool)> {
        let from = if self.back(i, 1) == "with"
            || self.back(i, 1) == "needs"
            || self.back(i, 1) == "and" && self.back(i, 2) == "with"
        {
            i - 1
        } else {
            i
        };
        if self.any(i + 1, &["more", "less", "longer", "fewer", "later", "need", "one", "greater"]) {
            return None;
        }
        for noun in i + 1..i + 5 {
            // "no adult help": the last of the help words closes it.
            if self.has(noun, HELP) && !self.has(noun + 1, HELP) {
                return Some((from, noun + 1, Measure::Independence, false));
            }
            if self.has(noun, ERROR) {
                return Some((from, noun + 1, Measure::ErrorCeiling, false));
            }
            if !(self.letters(noun) || self.at(noun) == "-")
                || self.has(noun, PREP) && self.back(noun, 1) != "-" && self.at(noun + 1) != "help"
            {
                return None;
            }
        }
        None
    }

    /// "with only one verbal prompt", "after one reminder", "with a single prompt", "with no more than two prompts".
    fn with_few_prompts(&self, i: usize) -> Option<(usize, usize, Measure, bool)> {
        let mut at = i + 1;
        while self.any(
            at,
            &[
                "only", "just", "at", "most", "no", "more", "than", "up", "to", "fewer", "a", "maximum", "of", "not",
                "max",
            ],
        ) && at < i + 7
        {
            at += 1;
        }
        let end = if self.back(at, 1) == "a" && self.at(at) == "single" {
            at + 1
        } else {
            self.number(at).filter(|n| n.value <= 5.0)?.end
        };
        let noun = self.prompt_noun(end)?;
        Some((i, noun + 1, Measure::Independence, false))
    }

    fn prompt_noun(&self, i: usize) -> Option<usize> {
        let noun = (i..i + 4).find(|&at| {
            self.any(at, &["prompt", "prompts", "reminder", "reminders", "cue", "cues", "hint", "hints"])
        })?;
        (i..noun).all(|at| self.letters(at) && !self.has(at, PREP | LEAD)).then_some(noun)
    }

    /// "no more than one adult reminder", "fewer than two prompts": a ceiling on help, with no "with" before it.
    pub(super) fn few_prompts(&mut self, i: usize) -> Option<usize> {
        let (_, from) = self
            .bound_before(i)
            .filter(|(bound, _)| *bound == Bound::Ceiling)
            .or_else(|| (self.back(i, 1) == "only").then(|| (Bound::Ceiling, i - 1)))?;
        let number = self.number(i)?;
        let noun = self.prompt_noun(number.end)?;
        let from = if matches!(self.back(from, 1), "with" | "needing") { from - 1 } else { from };
        self.push_measure(from, noun + 1, Measure::Independence, false);
        Some(noun + 1)
    }

    /// The end of the phrase from word `i`: at a comma, a mark, "and", "by", "in" or four words on.
    fn clause(&self, i: usize) -> usize {
        (i..i + 5)
            .find(|&at| {
                self.ends(at)
                    || !self.letters(at) && self.at(at) != "-"
                    || self.any(at, &["and", "by", "so", "on", "for", "when", "during"])
            })
            .unwrap_or(i + 5)
            .min(self.len())
    }

    /// True where the words before `i` say that it cannot be done: "cannot dress without help", "finds it hard to play alone".
    fn negated(&self, i: usize) -> bool {
        (1..=12).map_while(|n| i.checked_sub(n)).take_while(|&at| !self.ends(at)).any(|at| {
            self.any(
                at,
                &[
                    "cannot",
                    "can't",
                    "unable",
                    "couldn't",
                    "won't",
                    "struggles",
                    "hard",
                    "difficult",
                    "difficulty",
                    "rarely",
                    "isn't",
                    "doesn't",
                    "hardly",
                ],
            ) || self.at(at) == "not" && !self.has(at, ROLE)
        })
    }
}
