//! This is the reading of counts and closed lists that the child does: "asks six different questions", "both laces",
//! "sorts a circle, a cross, a square and a diamond".

use super::lexicon::{ACT, ADVERB, ERROR, LEAD, NUM, PERSON, PREP, ROLE, SESSION, SOFT, SPAN, TITLE, UNIT, WHEN};
use super::measure::{Governor, is_plural};
use super::scan::Scan;
use super::{Measure, Value};

impl Scan<'_, '_> {
    /// What governs the amount whose first word (with its bound) is `i`: the nearest verb before it, unless a preposition
    /// stands between.
    pub(super) fn governor(&self, i: usize) -> Governor {
        for n in 1..=8 {
            let Some(at) = i.checked_sub(n) else { break };
            if self.ends(at) || matches!(self.at(at), "," | ":" | "(" | ")") && n <= 2 {
                break;
            }
            if self.has(at, ACT)
                && !matches!(
                    self.at(at),
                    "place"
                        | "order"
                        | "change"
                        | "play"
                        | "text"
                        | "book"
                        | "work"
                        | "set"
                        | "time"
                        | "sound"
                        | "start"
                        | "step"
                        | "bus"
                        | "line"
                )
                || self.has(at, ACT)
                    && matches!(self.back(at, 1), "will" | "to" | "can" | "could" | "and" | "then" | "must" | "")
            {
                // "will be put" is done to the child; "when reading aloud to three adults" is a condition.
                let given = matches!(self.back(at, 1), "be" | "been" | "being")
                    || self.back_has(at, 1, WHEN)
                    || self.back_has(at, 2, WHEN);
                return if given { Governor::None } else { Governor::Act };
            }
            if matches!(self.at(at), "will" | "can" | "must" | "shall" | "should") {
                let verb = at + 1;
                return if n >= 2 && self.letters(verb) && !self.has(verb, SOFT | PREP) && self.at(verb) != "not" {
                    Governor::Unknown
                } else {
                    Governor::None
                };
            }
            if self.has(at, SOFT) {
                return Governor::None;
            }
            // "put on both shoes", "join in two games": the preposition belongs to the verb.
            if n == 1
                && matches!(self.at(at), "on" | "in" | "over")
                && matches!(
                    self.back(at, 1),
                    "put" | "puts" | "putting" | "join" | "joins" | "hand" | "hands" | "turn" | "switch" | "fill"
                )
            {
                return Governor::Act;
            }
            // "ask for all five snacks", "write a paragraph of at least five sentences"
            if n == 1
                && (self.at(at) == "for" && matches!(self.back(at, 1), "ask" | "asks" | "asking")
                    || self.at(at) == "of"
                        && matches!(
                            self.back(at, 1),
                            "paragraph"
                                | "text"
                                | "story"
                                | "list"
                                | "sentence"
                                | "piece"
                                | "string"
                                | "total"
                                | "letter"
                        ))
            {
                continue;
            }
            // A bound's own words ("at least") and the "to" of "up to" are no prepositions here: `i` stands before them.
            if self.has(at, PREP) && !matches!(self.at(at), "out" | "over" | "like")
                || matches!(self.at(at), "of" | "by")
            {
                return Governor::None;
            }
        }
        Governor::None
    }

    /// "at least six different kinds of question", "three full sentences", "200-word answer", "ten objects", "25 m".
    pub(super) fn count(&mut self, i: usize) -> Option<usize> {
        let number = self.amount(i, false)?;
        let end = number.end;
        if number.low <= 0.0
            || self.back_has(i, 1, TITLE)
            || matches!(self.back(i, 1), "£" | "$" | "€" | "no" | "#" | "any" | "every" | "each" | "another")
        {
            return None;
        }
        if number.high == 1.0
            && (self.any(end, &["of", "another", "to", "day", "or", "and", "time", "side"]) || !self.letters(end))
        {
            return None;
        }
        // "Clicker 8", "Unit 4", "Phase 5": the number belongs to a name.
        if self.digits(i)
            && i > 0
            && self.letters(i - 1)
            && (self.capital(i - 1) && !self.has(i - 1, ACT) || self.is_label(i - 1))
        {
            self.claim(i, end);
            return Some(end);
        }
        let hyphened = self.at(end) == "-" && self.letters(end + 1);
        let measured =
            self.any(end, &["m", "cm", "km", "kg", "ml", "metres", "metre", "miles", "mile", "lengths", "length"]);
        let noun = if hyphened {
            self.any(
                end + 1,
                &[
                    "word",
                    "step",
                    "sentence",
                    "page",
                    "piece",
                    "part",
                    "letter",
                    "digit",
                    "line",
                    "item",
                    "paragraph",
                    "figure",
                ],
            )
            .then(|| if self.letters(end + 2) && !self.has(end + 2, PREP) { end + 2 } else { end + 1 })?
        } else if measured {
            end
        } else {
            self.counted_noun(end, number.high)?
        };
        if self.has(noun, PERSON | ROLE | UNIT | SPAN | SESSION)
            && !self.any(noun, &["people", "friends", "children", "peers", "others", "adults", "classmates"])
            || self.has(noun, ERROR) && self.has(noun, SESSION)
        {
            return None;
        }
        let bound = self.bound_before(i);
        let from = bound.map_or(i, |(_, from)| from);
        let determined =
            matches!(self.back(from, 1), "the" | "his" | "her" | "their" | "these" | "those" | "all" | "its");
        let from = if matches!(self.back(from, 1), "all") {
            from - 1
        } else if determined && self.back(from, 2) == "all" {
            from - 2
        } else {
            from
        };
        let all = self.at(from) == "all";
        let governor = self.governor(from);
        let weak = match governor {
            Governor::Act => {
                hyphened && matches!(self.at(end + 1), "step") && self.at(noun) == "word" || number.is_range()
            }
            Governor::Unknown => true,
            Governor::None
                if self.opens_sentence(from) && !determined && number.high > 1.0 && !self.has(noun, PERSON | ROLE) =>
            {
                true
            }
            Governor::None => {
                return None;
            }
        };
        let measure = if all || determined && governor == Governor::Act { Measure::ClosedList } else { Measure::Count };
        self.push_measure(from, noun + 1, measure, weak);
        Some(noun + 1)
    }

    /// The plural noun that the number before word `i` counts, at most four words on: "full sentences", "different kinds".
    fn counted_noun(&self, i: usize, count: f64) -> Option<usize> {
        for at in i..i + 5 {
            if !self.letters(at) {
                return None;
            }
            if count != 1.0 && is_plural(self.at(at)) && !self.has(at, PREP | LEAD) {
                return Some(at);
            }
            if self.has(at, PREP | LEAD | NUM)
                || self
                    .any(at, &["and", "or", "to", "will", "is", "who", "that", "per", "each", "every", "times", "more"])
            {
                return None;
            }
            if count == 1.0
                && !self.any(
                    at,
                    &[
                        "new",
                        "full",
                        "whole",
                        "complete",
                        "single",
                        "different",
                        "short",
                        "further",
                        "non",
                        "verbal",
                        "late",
                    ],
                )
            {
                return Some(at);
            }
        }
        None
    }

    fn is_label(&self, i: usize) -> bool {
        self.tag(i).keys & super::lexicon::K_LABEL != 0
    }

    /// Numbers after labels are claimed before anybody counts them: "section 3", "Year 6", "GMFCS level 4", "£ 40", "page 12",
    /// "aged 11 to 14", "Years 5-6".
    pub(super) fn label(&mut self, i: usize) {
        let single = self.at(i).len() == 1 && self.letters(i);
        if single && !self.glued(i + 1) {
            return;
        }
        let mut at = i + 1;
        if self.any(at, &["stage", "level", ".", "no", "number"]) && self.at(i) != "£" {
            at += 1;
        }
        let Some(amount) = self.amount(at, true) else { return };
        // "section 3 hours", "term 20 minutes": time is read from the number.
        let end = amount.end;
        let timed = self.is_time(end)
            || self.is_time(self.past_hyphen(end))
            || self.at(end) == "x"
            || self.any(end, &["times", "/", "%", "per", "out"])
            || self.at(end) == ":";
        let slashed = self.at(end) == "/"
            && self.digits(end + 1)
            && self.any(i, &["year", "years", "y", "yr", "stage", "level", "phase", "class", "ks", "grade"]);
        let phase = matches!(self.at(i), "year" | "years" | "yr" | "y" | "ks" | "key" | "grade" | "grades")
            && self.at(end) != "/"
            && self.at(end) != "x";
        if timed && !slashed && !phase && !matches!(self.at(i), "£" | "$" | "€") {
            return;
        }
        if matches!(
            self.at(i),
            "day" | "week" | "term" | "book" | "set" | "box" | "form" | "target" | "number" | "item" | "size"
        ) && !self.digits(at)
        {
            return;
        }
        // A person noun after it is counted, not labelled: "in class 8 pupils".
        if self.has(end, PERSON) && !phase {
            return;
        }
        if matches!(self.at(i), "£" | "$" | "€")
            && let Some(per) = self.per(end)
        {
            // "£120 per week" says how much money, not how often.
            self.claim(end, per.end);
        }
        let end = if slashed { end + 2 } else { end };
        // A score reads its own number; everything else is a name.
        self.claim(at, end);
    }

    /// "both laces", "all four strokes": as the object of an act. "all 24 consonant sounds" is read from the number.
    pub(super) fn all_of(&mut self, i: usize) -> Option<usize> {
        if self.at(i) != "both" || self.governor(i) != Governor::Act {
            return None;
        }
        let mut at = i + 1;
        if self.any(at, &["of", "his", "her", "their", "the"]) {
            at += 1;
        }
        if self.any(at, &["his", "her", "their", "the"]) {
            at += 1;
        }
        let noun = self.counted_noun(at, 2.0)?;
        if self.has(noun, PERSON | ROLE) {
            return None;
        }
        self.push_measure(i, noun + 1, Measure::ClosedList, false);
        Some(noun + 1)
    }

    /// Three or more named items, joined by commas and a last "and" or "or", that begin at word `i`. Open lists ("etc.",
    /// "such as", "e.g.") are none.
    pub(super) fn closed_list(&mut self, i: usize, weak: bool, strict: bool) -> Option<usize> {
        let mut at = i;
        let mut items = 0;
        let mut last = false;
        if self.has(i, PREP | NUM | UNIT)
            || self.any(i, &["to", "as"])
            || self.letters(i) && self.at(i).ends_with("ing")
        {
            return None;
        }
        let end = loop {
            let item = at;
            while at < item + 5
                && (self.letters(at) || self.digits(at) || self.any(at, &["-", "/", "\""]))
                && !self.any(at, &["and", "or", "&"])
                && !(last && at > item && (self.has(at, PREP) || self.any(at, &["by", "when", "so", "without", "to"])))
            {
                at += 1;
            }
            if at == item
                || self.any(
                    item,
                    &["then", "etc", "other", "so", "but", "which", "who", "he", "she", "they", "will", "staff"],
                )
            {
                return None;
            }
            items += 1;
            if last {
                break at;
            }
            match self.at(at) {
                "," => {
                    at += 1;
                    if self.any(at, &["and", "or", "&"]) {
                        last = true;
                        at += 1;
                    }
                }
                "and" | "or" | "&" if items >= 2 => {
                    last = true;
                    at += 1;
                }
                _ => return None,
            }
            // A verb, a preposition or a time begins another clause, not another item.
            let clause = self.has(at, ACT)
                && (strict || self.at(at).ends_with("ing"))
                && self.letters(at + 1)
                && !self.any(at + 1, &["and", "or"]);
            if self.has(at, PREP | NUM | UNIT | SOFT) || clause || self.at(at) == "to" {
                return None;
            }
            if items > 12 {
                return None;
            }
        };
        // The words that open the list ("such as") stand in its own sentence.
        let lead = (1..=4).find(|&n| self.back(i, n).is_empty()).unwrap_or(5) - 1;
        let open = (i - lead..end + 2).any(|at| self.any(at, &["etc", "etcetera", "e.g", "eg", "such", "like"]));
        let timed = (i..end)
            .any(|at| self.has(at, ADVERB | UNIT | SESSION) || self.names_person(at) || strict && self.has(at, PREP));
        if items < 3 || timed || open || self.at(end.saturating_sub(1)) == "so" {
            return None;
        }
        self.push(i, end, Value::Measure { measure: Measure::ClosedList, weak });
        Some(end)
    }
}
