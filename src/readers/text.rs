//! This is the reader of plain text and Markdown: lines become paragraphs.
//!
//! Nothing in a text file says where a paragraph ends, so that is judged by what people do: blank lines, list marks,
//! indentation, headings, and whether the next line's first word would have fitted on the line before it.

mod comments;
mod flow;
mod markdown;

use super::flow::number;
use super::marker::{Kind, marker};
use super::{ReadError, encoding};
use crate::document::{Block, Comment, Document, Format, Note, Paragraph, Role, paragraphs};
use comments::{Clean, each};
use flow::Line;
pub(super) use flow::{is_dot_leader, is_page_number};

/// Larger inputs are not plans.
const MOST_BYTES: usize = 64 << 20;

/// Reads a text file.
pub(crate) fn read(name: &str, bytes: &[u8]) -> Result<Document, ReadError> {
    if bytes.len() > MOST_BYTES {
        let why = format!("text of more than {} MB", MOST_BYTES >> 20);
        return Err(ReadError::TooMuch { name: name.to_owned(), why });
    }
    let decoded = encoding::decode(bytes);
    let mut document = Document::new(name, Format::Text);
    take_in(&mut document, &decoded.text);
    document.notes.extend(decoded.note);
    Ok(document)
}

/// Reads a text into an empty document.
pub(super) fn take_in(document: &mut Document, text: &str) {
    let Asking { blocks, comments, notes } = asking(text, 0, Ranges::Kept);
    document.blocks = blocks;
    document.comments = comments;
    document.notes.extend(notes);
}

/// Whether paragraphs carry the byte ranges and lines that they came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ranges {
    /// The text is the source.
    Kept,
    /// The text was taken out of something else, where its offsets mean nothing.
    Dropped,
}

/// What a text says, and what it asks of us.
pub(super) struct Asking {
    /// Its paragraphs and tables.
    pub(super) blocks: Vec<Block>,
    /// The comments that speak to us.
    pub(super) comments: Vec<Comment>,
    /// What is said of those that are none.
    pub(super) notes: Vec<Note>,
}

/// The paragraphs and tables of some text, numbered from `first` on, without the comments that speak to us.
pub(super) fn asking(text: &str, first: usize, ranges: Ranges) -> Asking {
    let clean = Clean::new(text);
    let mut blocks = blocks(&clean.text, if clean.is_cut() { Ranges::Kept } else { ranges });
    number(&mut blocks, first);
    let mut comments = Vec::new();
    if clean.is_cut() {
        comments = clean.comments(&paragraphs(&blocks));
        match ranges {
            Ranges::Kept => clean.restore(&mut blocks),
            Ranges::Dropped => {
                each(&mut blocks, &mut |paragraph| {
                    paragraph.runs.clear();
                    paragraph.place.line = None;
                });
                comments.iter_mut().for_each(|comment| comment.stands = None);
            }
        }
    }
    Asking { blocks, comments, notes: clean.notes() }
}

/// The paragraphs and tables of some text, all of which is words.
pub(super) fn blocks(text: &str, ranges: Ranges) -> Vec<Block> {
    let lines = lines(text);
    let markdown = markdown::is_markdown(&lines);
    flow::Flow::new(ranges, markdown, flow::width(&lines)).run(&lines)
}

/// A paragraph of a word processor, with what was typed by hand taken for what it looks like: a bullet, a page number,
/// a line of a contents list. Nothing where only a bullet stands there. Runs are not kept right.
pub(super) fn retyped(mut paragraph: Paragraph) -> Option<Paragraph> {
    if paragraph.role != Role::Body {
        return Some(paragraph);
    }
    if is_page_number(&paragraph.text) || is_dot_leader(&paragraph.text) {
        paragraph.role = Role::Furniture;
    } else if let Some(found) = marker(&paragraph.text).filter(|found| found.kind == Kind::Bullet) {
        paragraph.text.drain(..found.rest);
        paragraph.role = Role::Item { level: 0, marker: found.text };
    }
    (!paragraph.text.is_empty()).then_some(paragraph)
}

/// Cuts text into lines with their places; a form feed ends a line and stands alone.
fn lines(text: &str) -> Vec<Line<'_>> {
    let mut out = Vec::new();
    let mut number = 1_u32;
    let mut start = 0;
    for (at, c) in text.char_indices() {
        let end = match c {
            '\n' | '\u{c}' => at,
            // A carriage return alone ends a line too (old Macintosh); before a line feed it is part of that.
            '\r' if !text[at + 1..].starts_with('\n') => at,
            '\r' => continue,
            c if is_end(c) => at,
            _ => continue,
        };
        out.push(Line::new(&text[start..end], start, number));
        if c == '\u{c}' {
            out.push(Line::new(&text[at..=at], at, number));
        } else {
            number = number.saturating_add(1);
        }
        start = end + c.len_utf8();
    }
    out.push(Line::new(&text[start..], start, number));
    out
}

/// True for the characters that end a line.
fn is_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests;
