//! This is the reading of points in time: calendar dates, year groups, key stages, phases of education, ages.

use super::lexicon::{MONTH, ORDINAL, SEASON, UNIT};
use super::numbers::plain;
use super::scan::Scan;

impl Scan<'_, '_> {
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

    pub(super) fn is_counted(&self, i: usize) -> bool {
        self.has(i, UNIT)
    }

    pub(super) fn numeric_date(&self, i: usize) -> Option<usize> {
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
    pub(super) fn is_year(&self, i: usize) -> bool {
        self.digits(i) && self.at(i).len() == 4 && (self.at(i).starts_with("20") || self.at(i).starts_with("19"))
    }

    /// Past "2027", ", 2027", "2026/27" and "'27".
    pub(super) fn past_year(&self, i: usize) -> usize {
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

    pub(super) fn letters_or_two(&self, i: usize) -> bool {
        !self.at(i).contains('.')
    }

    pub(super) fn any_end(&self, i: usize) -> bool {
        self.ends(i) || self.any(i, &[",", ")", "will", "at", "in"])
    }

    pub(super) fn past_of(&self, i: usize) -> usize {
        if self.any(i, &["of", "the"]) { i + 1 } else { i }
    }
}
