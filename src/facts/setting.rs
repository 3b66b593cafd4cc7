//! This is the reading of places: "in the sensory room", "at home", "in every lesson", "at lunchtime", "on the playground".

use super::Value;
use super::lexicon::{ACT, EVENT, LEAD, NUM, PART, PERSON, PLACE, PREP, ROLE, SESSION, SUBJECT, WHEN};
use super::scan::Scan;

impl Scan<'_, '_> {
    /// A place that begins with the preposition at word `i`.
    pub(super) fn setting(&mut self, i: usize) -> Option<usize> {
        let end = if self.at(i) == "where" { self.label_of_place(i)? } else { self.place_after(i)? };
        self.push(i, end, Value::Setting);
        Some(end)
    }

    /// "Where: care room", as forms have it.
    fn label_of_place(&self, i: usize) -> Option<usize> {
        if !self.opens_sentence(i) || self.at(i + 1) != ":" {
            return None;
        }
        let end = (i + 2..i + 8).take_while(|&at| self.letters(at) || self.digits(at)).last()? + 1;
        (!self.any(i + 2, &["to", "tbc", "as", "n"])).then_some(end)
    }

    fn place_after(&self, i: usize) -> Option<usize> {
        let word = self.at(i);
        let mut at = i + 1;
        if self.any(
            at,
            &[
                "the", "his", "her", "their", "a", "an", "my", "its", "this", "each", "every", "all", "any", "our",
                "both",
            ],
        ) {
            at += 1;
        }
        let determined = at > i + 1;
        let all = self.any(i + 1, &["all", "each", "every"]);
        let mut seen = 0;
        loop {
            if seen == 6 || self.ends(at) {
                return None;
            }
            let next_is_place = self.has(at + 1, PLACE) && !self.has(at + 1, PREP)
                || self.any(at + 1, &["lesson", "lessons", "room", "club", "time", "session"])
                || self.at(at + 1) == "-" && self.has(at + 2, PLACE);
            if (self.has(at, PLACE) || self.at(at) == "class") && !next_is_place && !self.claimed(at) {
                return self.place(i, at, word, determined);
            }
            if self.any(at, &["lesson", "lessons"])
                && matches!(word, "in" | "during" | "within" | "across" | "throughout")
            {
                return (determined || seen > 0 || all || self.at(at) == "lessons").then_some(at + 1);
            }
            if self
                .any(at, &["assembly", "assemblies", "mainstream", "provision", "workshops", "lectures", "tutorials"])
                && matches!(word, "in" | "during")
                && self.at(at) != "provision"
            {
                return Some(at + 1);
            }
            if self.any(
                at,
                &[
                    "lunchtime",
                    "lunchtimes",
                    "breaktime",
                    "breaktimes",
                    "playtime",
                    "playtimes",
                    "break",
                    "lunch",
                    "snack",
                    "mealtimes",
                    "registration",
                ],
            ) && !next_is_place
                && matches!(word, "at" | "during")
            {
                let end = if self.any(at + 1, &["time", "times", "club"]) { at + 2 } else { at + 1 };
                return Some(
                    if self.at(end) == "and"
                        && self.any(end + 1, &["lunch", "lunchtime", "snack", "lunchtimes", "break"])
                    {
                        end + 2
                    } else {
                        end
                    },
                );
            }
            if self.has(at, SUBJECT)
                && word == "in"
                && seen == 0
                && !determined
                && !self.any(
                    at,
                    &[
                        "food",
                        "taught",
                        "timetabled",
                        "core",
                        "whole",
                        "double",
                        "academic",
                        "physical",
                        "play",
                        "reading",
                        "writing",
                        "spelling",
                        "phonics",
                        "grammar",
                        "welsh",
                        "french",
                        "technology",
                        "curriculum",
                    ],
                )
                && let Some(end) = self.subjects(at)
            {
                return Some(end);
            }
            let inside = self.letters(at)
                && (!self.has(at, PREP | LEAD | ROLE) || self.has(at, ROLE) && self.has(at + 1, PLACE))
                || self.at(at) == "-";
            if !inside
                || self.any(
                    at,
                    &[
                        "and", "or", "will", "the", "his", "her", "order", "is", "to", "area", "who", "case", "time",
                        "which", "that", "where", "so",
                    ],
                )
                || self.has(at, PERSON | PART) && !next_is_place
                || self.has(at, NUM | WHEN)
            {
                return None;
            }
            at += 1;
            seen += 1;
        }
    }

    /// Whether the place noun at `noun`, after `word`, is a place here; its end.
    fn place(&self, i: usize, noun: usize, word: &str, determined: bool) -> Option<usize> {
        let name = self.at(noun);
        let bare = noun == i + 1;
        if self.any(noun + 1, &["stop", "stops", "driver", "pass", "timetable", "fare"]) {
            return None; // "draws the maps at the bus stops"
        }
        if self.at(noun + 1) == "-" && self.glued(noun + 1) && self.letters(noun + 2) {
            return None; // "a table-top task"
        }
        if name == "class" && self.letters(noun + 1) && self.capital(noun + 1) {
            return None; // "on the class Chromebook"
        }
        let fits = match name {
            "setting" | "provision" | "area" | "space" | "base" | "unit" | "centre" | "club" | "zone" | "placement"
            | "field" | "bus" | "taxi" | "stairs" | "lift" | "table" | "desk" | "gate" | "carpet" | "mat"
            | "corner" | "floor" | "office" | "street" | "community" | "town" => {
                determined
                    && !matches!(name, "setting" | "provision" | "placement")
                    && !(name == "area" && (noun == i + 2 || self.at(noun + 1) == "of"))
                    || bare && matches!(name, "town")
                    || !bare && !matches!(name, "setting" | "provision" | "placement" | "area" | "community")
            }
            "home" | "school" | "college" | "nursery" | "preschool" | "hospital" | "work" => {
                matches!(word, "at" | "in" | "within" | "around" | "inside" | "outside" | "across" | "throughout")
                    && !(name == "school"
                        && self.any(noun + 1, &["day", "year", "staff", "week", "nurse", "term", "hours", "age"]))
                    && !self.any(noun + 1, &["staff", "nurse", "worker", "manager", "day"])
            }
            "room" | "hall" | "class" | "classroom" => determined || !bare || word == "in",
            "shop" => true,
            _ => determined || !bare || matches!(word, "in" | "at"),
        };
        // "from school", "to the playground" tell of ways, not of places, except with a determiner after "to".
        let way = matches!(word, "to" | "from" | "into" | "outside");
        if !fits || way || self.any(noun + 1, &["staff", "nurse", "adult"]) || self.at(noun).is_empty() {
            return None;
        }
        let mut end = noun + 1;
        if name == "class" && self.at(end) == "of" {
            return None;
        }
        if self.has(noun, PLACE) && self.digits(end) && self.any(noun, &["room"]) {
            end += 1;
        }
        // "at home and school", "in class and on the playground"
        if self.any(end, &["and", "or"]) {
            let next = if self.any(end + 1, &["at", "in", "the", "his", "her"]) { end + 2 } else { end + 1 };
            if self.has(next, PLACE) && !self.any(end + 1, &["at", "in"]) {
                end = next + 1;
            }
        }
        Some(end)
    }

    /// "English, maths and science lessons".
    fn subjects(&self, i: usize) -> Option<usize> {
        let mut at = i;
        let mut items = 0;
        while self.has(at, SUBJECT) && items < 8 {
            at += 1;
            while self.has(at, SUBJECT) {
                at += 1;
            }
            items += 1;
            let next = if self.at(at) == "," && self.any(at + 1, &["and"]) { at + 2 } else { at + 1 };
            if !(self.any(at, &[",", "and", "or", "&"]) && self.has(next, SUBJECT)) {
                break;
            }
            at = next;
        }
        if self.has(at, SESSION) || self.at(at) == "lessons" {
            at += 1;
        }
        (at > i && !self.has(at, EVENT | SESSION)).then_some(at)
    }

    /// A place with no preposition, between commas or ends of a fragment: "…, 1:1, resource room".
    pub(super) fn bare_place(&mut self, i: usize) -> Option<usize> {
        if !self.any(
            i,
            &[
                "room",
                "hall",
                "playground",
                "library",
                "gym",
                "classroom",
                "pool",
                "unit",
                "base",
                "hub",
                "area",
                "class",
                "bay",
                "canteen",
                "clinic",
            ],
        ) {
            return None;
        }
        let mut from = i;
        while from > 0
            && from + 4 > i
            && (self.letters(from - 1) || self.at(from - 1) == "-")
            && !self.has(from - 1, PREP)
            && !self.any(from - 1, &["and", "or", "will", "to"])
        {
            from -= 1;
        }
        if !self.opens_sentence(from) && !matches!(self.back(from, 1), "," | ";" | "(" | "/" | "." | ":")
            || from == i && self.opens_sentence(i)
        {
            return None;
        }
        if (from..i).any(|n| self.has(n, WHEN | ACT) && !self.has(n, SUBJECT)) {
            return None; // "whenever the class moves room"
        }
        let end = if self.digits(i + 1) { i + 2 } else { i + 1 };
        if !(self.ends(end) || matches!(self.at(end), "," | ")" | ";" | "/"))
            || self.opens_sentence(from) && self.ends(end)
        {
            return None;
        }
        self.push(from, end, Value::Setting);
        Some(end)
    }
}
