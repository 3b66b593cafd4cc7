//! This is the part of Markdown that plans are written in: headings, bold words, pipe tables.

use super::Ranges;
use super::flow::{Line, paragraph};
use crate::document::{Block, Cell, Row, Table};

/// Whether marks such as `**` are to be read as Markdown.
pub(super) fn is_markdown(lines: &[Line<'_>]) -> bool {
    lines.iter().enumerate().any(|(at, line)| {
        heading(line.text).is_some()
            || has_pair(line.text, "**")
            || has_pair(line.text, "__")
            || lines
                .get(at + 1)
                .is_some_and(|next| !line.text.is_empty() && line.text.contains('|') && is_delimiter(next.text))
    })
}

/// Level and words of an ATX heading.
pub(super) fn heading(text: &str) -> Option<(u8, &str)> {
    let words = text.trim_start_matches('#');
    let level = u8::try_from(text.len() - words.len()).ok().filter(|level| (1..=6).contains(level))?;
    if !words.starts_with([' ', '\t']) {
        return None;
    }
    let words = words.trim_matches(|c: char| c.is_whitespace());
    let closed = words.trim_end_matches('#');
    let words = if closed.ends_with(' ') { closed.trim_end() } else { words };
    (!words.is_empty()).then_some((level, words))
}

/// Level of the heading that a line of `=` or `-` underlines.
pub(super) fn underline(text: &str) -> Option<u8> {
    if text.len() < 3 {
        None
    } else if text.bytes().all(|byte| byte == b'=') {
        Some(1)
    } else if text.bytes().all(|byte| byte == b'-') {
        Some(2)
    } else {
        None
    }
}

/// A thematic break.
pub(super) fn is_rule(text: &str) -> bool {
    let mut marks = text.bytes().filter(|byte| *byte != b' ');
    let Some(first) = marks.next() else { return false };
    matches!(first, b'-' | b'*' | b'_') && text.len() >= 3 && marks.all(|byte| byte == first)
}

/// A stretch of a line without its marks.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Piece<'t> {
    /// The visible characters.
    pub(super) text: &'t str,
    /// Byte of the line at which they begin.
    pub(super) start: usize,
    /// Between `**` or `__`.
    pub(super) bold: bool,
}

/// Takes the bold marks and backslashes out of a line.
pub(super) fn inline(text: &str) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let mut bold: Option<&str> = None;
    let (mut from, mut at) = (0, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let mark = ["**", "__"].into_iter().find(|mark| rest.starts_with(mark));
        let skipped = match (mark, bold) {
            (Some(mark), Some(open)) if mark == open => {
                out.push(Piece { text: &text[from..at], start: from, bold: true });
                bold = None;
                mark.len()
            }
            (Some(mark), None)
                if rest[mark.len()..].contains(mark) && !rest[mark.len()..].starts_with(char::is_whitespace) =>
            {
                out.push(Piece { text: &text[from..at], start: from, bold: false });
                bold = Some(mark);
                mark.len()
            }
            _ if rest.starts_with('\\') && rest.as_bytes().get(1).is_some_and(u8::is_ascii_punctuation) => {
                out.push(Piece { text: &text[from..at], start: from, bold: bold.is_some() });
                from = at + 1;
                at += 2;
                continue;
            }
            _ => {
                at += rest.chars().next().map_or(1, char::len_utf8);
                continue;
            }
        };
        at += skipped;
        from = at;
    }
    out.push(Piece { text: text.get(from..).unwrap_or(""), start: from, bold: bold.is_some() });
    out.retain(|piece| !piece.text.is_empty());
    out
}

/// A pipe table that begins with `first`, and how many lines it takes.
pub(super) fn table(first: &Line<'_>, after: &[Line<'_>], ranges: Ranges) -> Option<(Table, usize)> {
    let delimiter = after.first()?;
    if !first.text.contains('|') || !is_delimiter(delimiter.text) {
        return None;
    }
    let mut rows = vec![row(first, ranges, true)];
    let body = after.get(1..)?.iter().take_while(|line| line.text.contains('|'));
    rows.extend(body.map(|line| row(line, ranges, false)));
    let used = rows.len() + 1;
    Some((Table { rows }, used))
}

fn row(line: &Line<'_>, ranges: Ranges, heading: bool) -> Row {
    let inner = line.text.strip_prefix('|').unwrap_or(line.text);
    let skipped = line.text.len() - inner.len();
    let inner = inner.strip_suffix('|').filter(|rest| !rest.ends_with('\\')).unwrap_or(inner);
    let mut cells = Vec::new();
    let (mut from, mut escaped) = (0, false);
    for (at, c) in inner.char_indices().chain([(inner.len(), '|')]) {
        if c == '|' && !escaped {
            cells.push((from, &inner[from..at]));
            from = at + 1;
        }
        escaped = c == '\\' && !escaped;
    }
    let cells = cells.into_iter().enumerate().map(|(column, (from, words))| {
        let words_start = from + words.len() - words.trim_start().len();
        let words = words.trim();
        // A line of its own, so that two cells with the same words keep their own places.
        let mut place = *line;
        place.text = words;
        place.start = line.start + skipped + words_start;
        let mut blocks = Vec::new();
        for part in words.split("<br>").flat_map(|part| part.split("<br/>")) {
            blocks.extend(paragraph(part.trim(), &place, ranges, false).map(Block::Paragraph));
        }
        Cell { blocks, column, columns: 1, rows: 1 }
    });
    Row { cells: cells.collect(), heading }
}

/// The line of dashes under a table's heading row.
fn is_delimiter(text: &str) -> bool {
    text.contains('|')
        && text.contains("--")
        && text.bytes().all(|byte| matches!(byte, b'|' | b'-' | b':' | b' ' | b'\t'))
}

fn has_pair(text: &str, mark: &str) -> bool {
    text.split_once(mark).is_some_and(|(_, rest)| rest.contains(mark) && rest.starts_with(char::is_alphanumeric))
}
