//! This is a place in a text: half-open byte offsets that always lie on character boundaries.

use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Half-open byte range `start..end` of some text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The span `start..end`; an end before the start is taken as empty.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end: if end < start { start } else { end } }
    }

    /// Length in bytes.
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// True where nothing is covered.
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// True where the two share at least one byte.
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// True where `other` lies wholly inside.
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The smallest span that covers both.
    pub fn cover(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The same span in a text that stands `by` bytes further on.
    pub const fn shifted(self, by: usize) -> Self {
        Self { start: self.start + by, end: self.end + by }
    }

    /// The words at this span; empty where it does not fit `text`.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

impl From<Span> for Range<usize> {
    fn from(span: Span) -> Self {
        span.start..span.end
    }
}

/// Byte offsets of one text counted in Unicode code points, as every output format gives them.
///
/// Making one takes one pass; each look-up then costs a constant, so that a long statement with many findings stays
/// linear.
#[derive(Debug, Clone)]
pub struct CodePoints<'t> {
    text: &'t str,
    /// Code points that begin before byte `i * STEP`; empty for ASCII, where the two counts are one.
    marks: Vec<usize>,
}

const STEP: usize = 128;

impl<'t> CodePoints<'t> {
    /// Prepares `text`.
    pub fn new(text: &'t str) -> Self {
        let mut marks = Vec::new();
        if !text.is_ascii() {
            let mut before = 0;
            for chunk in text.as_bytes().chunks(STEP) {
                marks.push(before);
                before += starts(chunk);
            }
        }
        Self { text, marks }
    }

    /// How many code points begin before byte `at`; past the end, how many there are.
    pub fn at(&self, at: usize) -> usize {
        let at = at.min(self.text.len());
        let bytes = self.text.as_bytes();
        // The last mark may stand one step back where the text ends on a step.
        let step = (at / STEP).min(self.marks.len().saturating_sub(1));
        match self.marks.get(step) {
            None => at,
            Some(before) => before + bytes.get(step * STEP..at).map_or(0, starts),
        }
    }

    /// The same span in code points.
    pub fn span(&self, span: Span) -> Span {
        Span::new(self.at(span.start), self.at(span.end))
    }
}

/// How many code points begin in these bytes: all but UTF-8's continuation bytes.
fn starts(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_points_agree_with_counting() {
        let long = "naïve – 𝒮am 👩‍🏫 £5 ".repeat(40);
        for text in ["", "plain", "é", "a\u{301}b", &long, &long[..long.len() - 1]] {
            let points = CodePoints::new(text);
            for at in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
                assert_eq!(points.at(at), text[..at].chars().count(), "byte {at} of {} bytes", text.len());
            }
            assert_eq!(points.at(usize::MAX), text.chars().count());
        }
    }

    #[test]
    fn a_text_that_ends_on_a_step() {
        let text = "é".repeat(STEP);
        assert_eq!(CodePoints::new(&text).at(text.len()), STEP);
    }
}
