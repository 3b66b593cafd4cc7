//! This is the reading of bounds around an amount: floors, ceilings, ranges and "about".

use super::scan::Scan;
use super::{Bound, Value};

/// Words before an amount, what they do to it; longer phrases first, so that "no more than" is not "more than".
const BEFORE: &[(&[&str], Bound)] = &[
    (&["up", "to", "a", "maximum", "of"], Bound::Ceiling),
    (&["a", "maximum", "of"], Bound::Ceiling),
    (&["maximum", "of"], Bound::Ceiling),
    (&["a", "max", "of"], Bound::Ceiling),
    (&["max", "of"], Bound::Ceiling),
    (&["a", "minimum", "of"], Bound::Floor),
    (&["minimum", "of"], Bound::Floor),
    (&["min", "of"], Bound::Floor),
    (&["a", "total", "of", "up", "to"], Bound::Ceiling),
    (&["no", "more", "than"], Bound::Ceiling),
    (&["not", "more", "than"], Bound::Ceiling),
    (&["no", "longer", "than"], Bound::Ceiling),
    (&["no", "greater", "than"], Bound::Ceiling),
    (&["not", "exceeding"], Bound::Ceiling),
    (&["not", "to", "exceed"], Bound::Ceiling),
    (&["no", "less", "than"], Bound::Floor),
    (&["not", "less", "than"], Bound::Floor),
    (&["no", "fewer", "than"], Bound::Floor),
    (&["not", "fewer", "than"], Bound::Floor),
    (&["at", "the", "very", "least"], Bound::Floor),
    (&["at", "least"], Bound::Floor),
    (&["at", "most"], Bound::Ceiling),
    (&["up", "to"], Bound::Ceiling),
    (&["fewer", "than"], Bound::Ceiling),
    (&["less", "than"], Bound::Ceiling),
    (&["lower", "than"], Bound::Ceiling),
    (&["more", "than"], Bound::Floor),
    (&["greater", "than"], Bound::Floor),
    (&["higher", "than"], Bound::Floor),
    (&["maximum"], Bound::Ceiling),
    (&["max"], Bound::Ceiling),
    (&["max", "."], Bound::Ceiling),
    (&["under"], Bound::Ceiling),
    (&["below"], Bound::Ceiling),
    (&["minimum"], Bound::Floor),
    (&["min"], Bound::Floor),
    (&["min", "."], Bound::Floor),
    (&["above"], Bound::Floor),
    (&["in", "the", "region", "of"], Bound::About),
    (&["approximately"], Bound::About),
    (&["approx"], Bound::About),
    (&["approx", "."], Bound::About),
    (&["roughly"], Bound::About),
    (&["around"], Bound::About),
    (&["about"], Bound::About),
    (&["circa"], Bound::About),
    (&["~"], Bound::About),
];

impl Scan<'_, '_> {
    /// The bound whose words end just before word `i`, and the first of them.
    pub(super) fn bound_before(&self, i: usize) -> Option<(Bound, usize)> {
        // Only these words end a bound; asking first spares the table for most numbers.
        if !matches!(
            self.back(i, 1),
            "of" | "than"
                | "exceeding"
                | "exceed"
                | "least"
                | "most"
                | "to"
                | "maximum"
                | "max"
                | "under"
                | "below"
                | "minimum"
                | "min"
                | "."
                | "above"
                | "approximately"
                | "approx"
                | "roughly"
                | "around"
                | "about"
                | "circa"
                | "~"
        ) {
            return None;
        }
        BEFORE.iter().find(|(words, _)| self.seq_before(i, words)).map(|&(words, bound)| (bound, i - words.len()))
    }

    /// The bound whose words begin at word `i`, just after an amount, and their end.
    pub(super) fn bound_after(&self, i: usize) -> Option<(Bound, usize)> {
        match (self.at(i), self.at(i + 1)) {
            ("or", "less" | "fewer" | "under" | "below") => Some((Bound::Ceiling, i + 2)),
            ("or", "more" | "above" | "over" | "longer" | "better" | "higher") if self.at(i + 2) != "often" => {
                Some((Bound::Floor, i + 2))
            }
            ("or", "so") | ("or", "thereabouts") => Some((Bound::About, i + 2)),
            ("at", "least") => Some((Bound::Floor, i + 2)),
            ("at", "most") => Some((Bound::Ceiling, i + 2)),
            ("+", _) if self.glued(i) => Some((Bound::Floor, i + 1)),
            ("minimum", _) => Some((Bound::Floor, i + 1)),
            ("maximum" | "max", _) => Some((Bound::Ceiling, i + 1)),
            ("approx" | "approximately", _) => Some((Bound::About, i + 1)),
            _ => None,
        }
    }

    /// The first word of an amount of help at `i` with its bound, and that bound; "in under four minutes" is a
    /// criterion, not a ceiling.
    fn bound_of_help(&self, i: usize) -> Option<(Bound, usize)> {
        let (bound, from) = self.bound_before(i)?;
        let criterion = matches!(self.at(from), "under" | "less" | "below" | "lower")
            && matches!(self.back(from, 1), "in" | "within");
        (!criterion).then_some((bound, from))
    }

    /// Notes what bounds the amount of help over the words `i..end`.
    pub(super) fn push_bound(&mut self, i: usize, end: usize, range: bool) {
        let joined = matches!(self.back(i, 1), "between" | "from");
        if range {
            let from = if joined { i - 1 } else { i };
            self.push(from, end, Value::Bound { bound: Bound::Range });
        }
        if let Some((bound, from)) = self.bound_of_help(i) {
            self.push(from, end, Value::Bound { bound });
        } else if let Some((bound, after)) = self.bound_after(end) {
            self.push(i, after, Value::Bound { bound });
        }
    }
}
