//! This is a place in a text as editors count it: lines, and characters in one of three encodings.

use clearplan::span::Span;
use lsp_types::{InitializeParams, Position, PositionEncodingKind, Range};

/// What a character of a position is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// A byte.
    Utf8,
    /// Half a wide letter counts one: what every editor can.
    Utf16,
    /// A code point.
    Utf32,
}

impl Encoding {
    /// The one to use with this editor: bytes if it offers them, for they need no counting.
    pub fn of(params: &InitializeParams) -> Self {
        let offered = params.capabilities.general.as_ref().and_then(|general| general.position_encodings.as_ref());
        let has = |kind: PositionEncodingKind| offered.is_some_and(|list| list.contains(&kind));
        if has(PositionEncodingKind::UTF8) {
            Self::Utf8
        } else if has(PositionEncodingKind::UTF16) || !has(PositionEncodingKind::UTF32) {
            Self::Utf16
        } else {
            Self::Utf32
        }
    }

    /// Its name in the protocol.
    pub fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    fn len(self, c: char) -> usize {
        match self {
            Self::Utf8 => c.len_utf8(),
            Self::Utf16 => c.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

/// A text and where its lines begin.
#[derive(Debug, Default)]
pub struct Lines {
    text: String,
    starts: Vec<usize>,
}

impl Lines {
    /// Looks for the lines of a text. They end with a line feed, a carriage return, or both.
    pub fn new(text: String) -> Self {
        let bytes = text.as_bytes();
        let ends = (0..bytes.len()).filter(|&at| match bytes.get(at) {
            Some(b'\n') => true,
            Some(b'\r') => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        });
        let starts = std::iter::once(0).chain(ends.map(|at| at + 1)).collect();
        Self { text, starts }
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The position of a byte.
    pub fn position(&self, byte: usize, encoding: Encoding) -> Position {
        let line = self.starts.partition_point(|start| *start <= byte).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or(0);
        let before = self.text.get(start..byte).unwrap_or("");
        let character: usize = before.chars().map(|c| encoding.len(c)).sum();
        Position { line: count(line), character: count(character) }
    }

    /// The range of some bytes.
    pub fn range(&self, span: Span, encoding: Encoding) -> Range {
        Range { start: self.position(span.start, encoding), end: self.position(span.end, encoding) }
    }

    /// The byte of a position; past the end of a line its end, as the protocol asks.
    pub fn byte(&self, position: Position, encoding: Encoding) -> usize {
        let line = usize::try_from(position.line).unwrap_or(usize::MAX);
        let Some(&start) = self.starts.get(line) else { return self.text.len() };
        let end = line.checked_add(1).and_then(|next| self.starts.get(next)).copied().unwrap_or(self.text.len());
        let words = self.text.get(start..end).unwrap_or("").trim_end_matches(['\r', '\n']);
        let mut left = usize::try_from(position.character).unwrap_or(usize::MAX);
        for (at, c) in words.char_indices() {
            let len = encoding.len(c);
            if left < len {
                return start + at;
            }
            left -= len;
        }
        start + words.len()
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Zoë 🦊 will\r\nread\rand e\u{301}crire\n\nend";

    #[test]
    fn positions_and_bytes_agree_in_every_encoding() {
        let lines = Lines::new(TEXT.to_owned());
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            for (at, c) in TEXT.char_indices().chain([(TEXT.len(), ' ')]) {
                // Within a line end there is no position.
                if c == '\n' && TEXT[..at].ends_with('\r') {
                    continue;
                }
                assert_eq!(lines.byte(lines.position(at, encoding), encoding), at, "{encoding:?} byte {at}");
            }
        }
    }

    #[test]
    fn a_fox_is_two_halves_in_utf_16() {
        let lines = Lines::new(TEXT.to_owned());
        let will = TEXT.find("will").unwrap();
        let at = |encoding| lines.position(will, encoding).character;
        assert_eq!((at(Encoding::Utf8), at(Encoding::Utf16), at(Encoding::Utf32)), (10, 7, 6));
        assert_eq!(lines.position(TEXT.find("and").unwrap(), Encoding::Utf16), Position { line: 2, character: 0 });
        // Half a fox is no place; neither is anything past an end.
        assert_eq!(lines.byte(Position { line: 0, character: 5 }, Encoding::Utf16), 5);
        assert_eq!(lines.byte(Position { line: 0, character: 900 }, Encoding::Utf16), TEXT.find('\r').unwrap());
        assert_eq!(lines.byte(Position { line: 900, character: 0 }, Encoding::Utf16), TEXT.len());
        assert_eq!(Lines::new(String::new()).byte(Position { line: 0, character: 3 }, Encoding::Utf8), 0);
    }
}
