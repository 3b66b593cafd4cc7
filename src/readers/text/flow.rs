//! This is how lines of text join into paragraphs.

use super::{Ranges, markdown};
use crate::document::{Block, Paragraph, Place, Role};
use crate::readers::build::Builder;
use crate::readers::marker::{Kind, Marker, marker};

/// One line of the source.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'t> {
    /// Its characters without blanks at either end.
    pub(super) text: &'t str,
    /// Byte of the source at which `text` begins.
    pub(super) start: usize,
    /// Columns of blanks before it; a tab counts as four.
    pub(super) indent: usize,
    /// Line of the source, counted from 1.
    pub(super) number: u32,
    /// Length of `text` in characters, with the indent.
    pub(super) columns: usize,
    /// True where only a form feed stands here.
    pub(super) page_break: bool,
}

impl<'t> Line<'t> {
    /// The line `raw` that begins at byte `start` of the source.
    pub(super) fn new(raw: &'t str, start: usize, number: u32) -> Self {
        let text = raw.trim_start();
        let start = start + raw.len() - text.len();
        let indent = raw.chars().take_while(|c| c.is_whitespace()).map(|c| if c == '\t' { 4 } else { 1 }).sum();
        let text = text.trim_end();
        Self { text, start, indent, number, columns: indent + text.chars().count(), page_break: raw == "\u{c}" }
    }
}

/// The column at which lines were broken by whoever wrote the text; nothing where lines are whole paragraphs.
pub(super) fn width(lines: &[Line<'_>]) -> Option<usize> {
    // Only a line that is followed by another one at once can have been broken.
    let broken = lines.windows(2).filter(|pair| !pair[0].text.is_empty() && !pair[1].text.is_empty());
    let mut columns: Vec<usize> = broken.map(|pair| pair[0].columns).collect();
    columns.sort_unstable();
    // A few over-long lines (an address, a pasted table) do not make the rest unbroken.
    let index = columns.len().saturating_sub(1 + columns.len() / 50);
    let longest = columns.get(index).copied()?;
    (40..=132).contains(&longest).then_some(longest)
}

/// The state while lines are read.
pub(super) struct Flow {
    ranges: Ranges,
    markdown: bool,
    width: Option<usize>,
    blocks: Vec<Block>,
    open: Builder,
    role: Role,
    place: Place,
    /// The line that the open paragraph ends with so far.
    last: Option<Last>,
    /// Columns at which the marks of the open list stand, outermost first.
    levels: Vec<usize>,
    /// The last number of the open list.
    order: Option<u32>,
}

#[derive(Debug, Clone, Copy)]
struct Last {
    columns: usize,
    indent: usize,
    unfinished: bool,
    comma: bool,
    heading: bool,
    lines: usize,
}

impl Flow {
    /// Ready to read lines that were broken at `width`.
    pub(super) fn new(ranges: Ranges, markdown: bool, width: Option<usize>) -> Self {
        Self {
            ranges,
            markdown,
            width,
            blocks: Vec::new(),
            open: Builder::default(),
            role: Role::Body,
            place: Place::default(),
            last: None,
            levels: Vec::new(),
            order: None,
        }
    }

    /// The blocks of all lines.
    pub(super) fn run(mut self, lines: &[Line<'_>]) -> Vec<Block> {
        let mut at = 0;
        while let Some(line) = lines.get(at) {
            at += self.step(line, lines.get(at + 1..).unwrap_or(&[]));
        }
        self.close();
        self.blocks
    }

    /// Takes in a line, and says how many lines that used up.
    fn step(&mut self, line: &Line<'_>, after: &[Line<'_>]) -> usize {
        if line.page_break || line.text.is_empty() {
            self.close();
            return 1;
        }
        if is_page_number(line.text) {
            // A page break in the middle of a paragraph leaves it in two; that is for the eye of whoever judges it.
            self.close();
            self.single(line.text, line, Role::Furniture);
            return 1;
        }
        if let Some((table, used)) = markdown::table(line, after, self.ranges) {
            self.close();
            self.levels.clear();
            self.blocks.push(Block::Table(table));
            return used;
        }
        if self.markdown {
            if let Some((level, words)) = markdown::heading(line.text) {
                self.close();
                self.levels.clear();
                self.single(words, line, Role::Heading(level));
                return 1;
            }
            if markdown::is_rule(line.text) {
                self.close();
                return 1;
            }
            if self.last.is_none()
                && let Some(level) = after.first().and_then(|next| markdown::underline(next.text))
                && marker(line.text).is_none()
            {
                self.levels.clear();
                self.single(line.text, line, Role::Heading(level));
                return 2;
            }
        }
        if markdown::is_rule(line.text) || line.text.chars().all(|c| matches!(c, '_' | '=' | '-' | '─' | '━' | '═'))
        {
            self.close();
            return 1;
        }
        if let Some(found) = marker(line.text)
            && self.begins_item(&found, line)
        {
            self.close();
            self.item(&found, line);
            if is_dot_leader(line.text) {
                self.close();
            }
            return 1;
        }
        if !self.goes_on(line) {
            self.close();
        }
        self.append(line.text, line);
        if is_dot_leader(line.text) {
            self.close();
        }
        1
    }

    /// Whether a mark at the start of a line is one, or a word of the sentence above.
    fn begins_item(&self, found: &Marker, line: &Line<'_>) -> bool {
        let Some(last) = &self.last else { return true };
        match found.kind {
            Kind::Bullet => true,
            // "… for the whole week\n- and longer" is rare; "Stage\n2. The …" is not.
            Kind::Dash => {
                !(last.unfinished && !self.fits(last, found.text.chars().count()) && self.levels.is_empty())
                    || line.indent > last.indent
            }
            Kind::Number(order) => {
                order == 1
                    || self.order.is_some_and(|before| order == before.saturating_add(1))
                    || !last.unfinished
                    || self.fits(last, found.text.chars().count())
            }
        }
    }

    fn item(&mut self, found: &Marker, line: &Line<'_>) {
        while self.levels.last().is_some_and(|column| line.indent + 1 < *column) {
            self.levels.pop();
        }
        if self.levels.last().is_none_or(|column| line.indent > column + 1) {
            self.levels.push(line.indent);
        }
        let level = u8::try_from(self.levels.len().saturating_sub(1)).unwrap_or(u8::MAX);
        self.order = if let Kind::Number(order) = found.kind { Some(order) } else { None };
        self.role = Role::Item { level, marker: found.text.clone() };
        let words = line.text.get(found.rest..).unwrap_or("");
        self.place = self.place_of(line);
        self.append_at(words, line.start + found.rest, line);
    }

    /// Whether a line belongs to the paragraph that is open.
    fn goes_on(&self, line: &Line<'_>) -> bool {
        let Some(last) = &self.last else { return false };
        if self.open.is_empty() {
            // A list mark on a line of its own.
            return true;
        }
        let first_word = line.text.split_whitespace().next().unwrap_or("");
        // A heading stands alone, except where it was itself broken for want of room.
        let forced = self.width.is_some() && !self.fits(last, first_word.chars().count());
        if (last.heading && !(forced && last.unfinished)) || (is_heading(line.text) && !(last.comma && forced)) {
            return false;
        }
        let small = first_word.chars().next().is_some_and(char::is_lowercase);
        let in_item = matches!(self.role, Role::Item { .. });
        if !in_item && last.lines > 1 && line.indent > last.indent + 1 {
            return false;
        }
        if !in_item && last.lines == 1 && line.indent > last.indent + 8 {
            return false;
        }
        let Some(width) = self.width else {
            // Each line is a paragraph, but for a sentence that was broken by hand.
            return last.unfinished && small && last.columns > 20;
        };
        let needed = last.columns + 1 + first_word.chars().count();
        if needed > width {
            return true;
        }
        // People who break lines by hand stop a word or two early.
        if last.unfinished && (small || needed + width / 5 > width) {
            return small || needed + width / 8 > width;
        }
        false
    }

    fn fits(&self, last: &Last, columns: usize) -> bool {
        self.width.is_some_and(|width| last.columns + 1 + columns <= width)
    }

    fn append(&mut self, words: &str, line: &Line<'_>) {
        if self.last.is_none() {
            self.place = self.place_of(line);
            if line.indent == 0 {
                self.levels.clear();
                self.order = None;
            }
        }
        self.append_at(words, line.start, line);
    }

    fn append_at(&mut self, words: &str, start: usize, line: &Line<'_>) {
        self.open.space();
        self.push(words, start);
        let lines = self.last.map_or(0, |last| last.lines) + 1;
        self.last = Some(Last {
            columns: line.columns,
            indent: line.indent,
            unfinished: !ends_sentence(line.text),
            comma: line.text.ends_with([',', '-', '(']),
            heading: lines == 1 && is_heading(line.text),
            lines,
        });
    }

    fn push(&mut self, words: &str, start: usize) {
        let mut cells = words.split('\t');
        let mut offset = start;
        if let Some(first) = cells.next() {
            self.push_words(first, offset);
            offset += first.len() + 1;
        }
        for cell in cells {
            self.open.tab();
            self.push_words(cell, offset);
            offset += cell.len() + 1;
        }
    }

    fn push_words(&mut self, words: &str, start: usize) {
        if self.markdown {
            for piece in markdown::inline(words) {
                self.put(piece.text, start + piece.start, piece.bold);
            }
        } else {
            self.put(words, start, false);
        }
    }

    fn put(&mut self, words: &str, start: usize, bold: bool) {
        match self.ranges {
            Ranges::Kept => self.open.push_at(words, start, bold),
            Ranges::Dropped => self.open.push(words, bold),
        }
    }

    /// A paragraph that one line makes on its own; `words` is a part of the line.
    fn single(&mut self, words: &str, line: &Line<'_>, role: Role) {
        let offset = line.text.find(words).unwrap_or(0);
        self.role = role;
        self.place = self.place_of(line);
        self.push(words, line.start + offset);
        self.close();
    }

    fn place_of(&self, line: &Line<'_>) -> Place {
        let number = (self.ranges == Ranges::Kept).then_some(line.number);
        Place { line: number, ..Place::default() }
    }

    fn close(&mut self) {
        self.last = None;
        let mut role = std::mem::take(&mut self.role);
        // An entry of a contents list may be numbered, and may run over two lines.
        if is_dot_leader(self.open.text()) {
            role = Role::Furniture;
        }
        if let Some(paragraph) = self.open.finish(role, self.place) {
            self.blocks.push(Block::Paragraph(paragraph));
        }
    }
}

/// A line that is a heading by its look: it never joins its neighbours.
fn is_heading(text: &str) -> bool {
    if text.len() > 120 {
        return false;
    }
    let plain = text.trim_start_matches(['*', '#', '_', ' ']);
    let mut words = plain.split_whitespace();
    if let (Some(first), Some(second)) = (words.next(), words.next()) {
        let letter = second.trim_matches(|c: char| !c.is_alphanumeric());
        let lettered = letter.len() <= 2 && letter.starts_with(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit());
        // "Section F and …" in a sentence goes on in small letters.
        let goes_on = words.next().is_some_and(|word| word.starts_with(char::is_lowercase) && !second.ends_with(':'));
        if (first.eq_ignore_ascii_case("section") || first.eq_ignore_ascii_case("part")) && lettered && !goes_on {
            return !text.ends_with(['.', ',', ';']);
        }
    }
    let letters = plain.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 3 && !plain.chars().any(char::is_lowercase)
}

/// True where a text ends as sentences do.
pub(super) fn ends_sentence(text: &str) -> bool {
    let end = text
        .trim_end_matches(|c: char| matches!(c, '"' | '\'' | '”' | '’' | ')' | ']' | '*' | '_') || c.is_whitespace());
    end.ends_with(['.', '!', '?', ':', ';'])
}

/// "Page 3 of 12", "- 3 -", "3 | Page" and the like, and nothing else on the line.
pub(in crate::readers) fn is_page_number(text: &str) -> bool {
    if text.len() > 40 {
        return false;
    }
    let mut numbers = 0;
    let mut named = text.starts_with(['-', '–', '—']) && text.ends_with(['-', '–', '—']) && text.len() > 2;
    for token in text.split(|c: char| !c.is_alphanumeric()).filter(|token| !token.is_empty()) {
        if token.bytes().all(|byte| byte.is_ascii_digit()) && token.len() <= 4 {
            numbers += 1;
        } else if token.eq_ignore_ascii_case("page") || token.eq_ignore_ascii_case("pg") {
            named = true;
        } else if !token.eq_ignore_ascii_case("of") {
            return false;
        }
    }
    named && (1..=2).contains(&numbers)
}

/// A line of a contents page: words, a row of dots, a page number.
pub(in crate::readers) fn is_dot_leader(text: &str) -> bool {
    let end = text.trim_end_matches(|c: char| c.is_ascii_digit() || c.is_whitespace());
    if end.len() == text.len() {
        return false;
    }
    let words = end.trim_end_matches(|c: char| matches!(c, '.' | '…' | '_' | '·') || c.is_whitespace());
    let dots = end
        .get(words.len()..)
        .unwrap_or("")
        .chars()
        .map(|c| if c == '…' { 3 } else { usize::from(!c.is_whitespace()) });
    dots.sum::<usize>() >= 4
}

/// A paragraph, for cells.
pub(super) fn paragraph(words: &str, line: &Line<'_>, ranges: Ranges, bold: bool) -> Option<Paragraph> {
    let offset = line.text.find(words).unwrap_or(0);
    let mut builder = Builder::default();
    for piece in markdown::inline(words) {
        match ranges {
            Ranges::Kept => builder.push_at(piece.text, line.start + offset + piece.start, piece.bold || bold),
            Ranges::Dropped => builder.push(piece.text, piece.bold || bold),
        }
    }
    let number = (ranges == Ranges::Kept).then_some(line.number);
    builder.finish(Role::Body, Place { line: number, ..Place::default() })
}
