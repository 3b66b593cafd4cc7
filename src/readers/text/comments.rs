//! This is what people ask of clearplan in the HTML comments of a text: `<!-- clearplan: ignore RULE because … -->`.
//!
//! Such a comment is cut out before the text is read, with the blanks or the line that it took up, so that everything else is
//! read as if it had never stood there. Comments that do not begin with our name stay in the text.
//!
//! On a line of its own it is about the paragraph that begins on the next line; within a paragraph or behind it, about the
//! statement that it stands in or behind. One that is not closed in its paragraph would swallow words of the plan, so it is
//! none.

use super::{is_end, lines};
use crate::document::{Block, Comment, Note, NoteKind, Paragraph, Run};
use crate::readers::asked::speaks;
use crate::span::Span;
use std::borrow::Cow;

const OPENS: &str = "<!--";
const CLOSES: &str = "-->";

/// A text without the comments that speak to us. Places in it are not those of the source.
pub(super) struct Clean<'t> {
    /// What is left.
    pub(super) text: Cow<'t, str>,
    /// What was taken out, in order.
    cuts: Vec<Cut>,
    asked: Vec<Asked>,
    /// The lines on which one begins that is not closed.
    unclosed: Vec<u32>,
}

/// A piece that was taken out.
struct Cut {
    /// Where, in what is left.
    at: usize,
    /// The line there, counted from 1.
    line: u32,
    /// Bytes of all cuts up to this one.
    bytes: usize,
    /// Ends of lines in all cuts up to this one.
    lines: u32,
}

struct Asked {
    text: String,
    /// Its line and bytes in the source.
    stands: (u32, Span),
    /// Where it stood, in what is left.
    at: usize,
    /// True where nothing else stood on its line.
    own: bool,
}

impl<'t> Clean<'t> {
    /// Takes the comments that speak to us out of `source`.
    pub(super) fn new(source: &'t str) -> Self {
        let mut clean = Self { text: Cow::Borrowed(source), cuts: Vec::new(), asked: Vec::new(), unclosed: Vec::new() };
        let (found, unclosed) = find(source);
        if found.is_empty() && unclosed.is_empty() {
            return clean;
        }
        let mut counter = Counter { source, at: 0, line: 1 };
        clean.unclosed = unclosed.into_iter().map(|at| counter.line(at)).collect();
        counter = Counter { source, at: 0, line: 1 };
        let mut text = String::with_capacity(source.len());
        let mut done = 0;
        // Comments with nothing but blanks between them go together.
        for group in found.chunk_by(|a, b| blank(Span::new(a.end, b.start).of(source))) {
            let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
            let (cut, own) = room(source, Span::new(first.start, last.end), done);
            text.push_str(Span::new(done, cut.start).of(source));
            done = cut.end;
            let before = clean.cuts.last().map_or((0, 0), |cut| (cut.bytes, cut.lines));
            let at = cut.start - before.0;
            let line = counter.line(cut.start);
            for comment in group {
                let words = Span::new(comment.start + OPENS.len(), comment.end - CLOSES.len()).of(source).trim();
                let stands = (counter.line(comment.start), *comment);
                clean.asked.push(Asked { text: words.to_owned(), stands, at, own });
            }
            let ends = counter.line(cut.end) - line;
            let line = line - before.1;
            clean.cuts.push(Cut { at, line, bytes: before.0 + cut.len(), lines: before.1 + ends });
        }
        text.push_str(source.get(done..).unwrap_or(""));
        clean.text = Cow::Owned(text);
        clean
    }

    /// True where something was taken out.
    pub(super) fn is_cut(&self) -> bool {
        !self.cuts.is_empty()
    }

    /// What is said of comments that are none.
    pub(super) fn notes(&self) -> Vec<Note> {
        let note = |line: &u32| Note {
            kind: NoteKind::Waiver,
            message: format!(
                "The comment in line {line} that speaks to clearplan is not closed in its paragraph, so that it was read as \
                 text; end it with {CLOSES}."
            ),
            page: None,
        };
        self.unclosed.iter().map(note).collect()
    }

    /// The comments with what they are about in `paragraphs`, which were read of what is left and are numbered.
    pub(super) fn comments(&self, paragraphs: &[&Paragraph]) -> Vec<Comment> {
        let lines = Lines { text: &self.text, paragraphs: paragraphs.iter().filter_map(|p| Reach::of(p)).collect() };
        let comment = |Asked { text, stands, at, own }: &Asked| {
            let places = if *own { lines.before(*at) } else { lines.within(*at).into_iter().collect() };
            Comment { text: text.clone(), author: String::new(), places, stands: Some(*stands) }
        };
        self.asked.iter().map(comment).collect()
    }

    /// Gives what was read of the text the places that it has in the source.
    pub(super) fn restore(&self, blocks: &mut [Block]) {
        each(blocks, &mut |paragraph| {
            if let (Some(line), Some(start)) =
                (&mut paragraph.place.line, paragraph.runs.first().map(|r| r.source.start))
            {
                let before = self.cuts.partition_point(|cut| (cut.line, cut.at) <= (*line, start));
                *line += before.checked_sub(1).and_then(|i| self.cuts.get(i)).map_or(0, |cut| cut.lines);
            }
            let runs = std::mem::take(&mut paragraph.runs);
            paragraph.runs = runs.into_iter().flat_map(|run| self.restored(run)).collect();
        });
    }

    /// A run in the places of the source, in pieces where something stood in it.
    fn restored(&self, run: Run) -> Vec<Run> {
        let mut at = self.cuts.partition_point(|cut| cut.at <= run.source.start);
        let mut out = Vec::with_capacity(1);
        let (mut text, mut start) = (run.text.start, run.source.start);
        while start < run.source.end {
            let shift = at.checked_sub(1).and_then(|i| self.cuts.get(i)).map_or(0, |cut| cut.bytes);
            let end = self.cuts.get(at).map_or(run.source.end, |cut| cut.at.min(run.source.end));
            let piece = Span::new(text, text + end - start);
            out.push(Run { text: piece, source: Span::new(start, end).shifted(shift) });
            (text, start) = (piece.end, end);
            at += 1;
        }
        out
    }
}

/// Goes through all paragraphs.
pub(super) fn each(blocks: &mut [Block], change: &mut impl FnMut(&mut Paragraph)) {
    for block in blocks {
        match block {
            Block::Paragraph(paragraph) => change(paragraph),
            Block::Table(table) => {
                for cell in table.rows.iter_mut().flat_map(|row| &mut row.cells) {
                    each(&mut cell.blocks, change);
                }
            }
        }
    }
}

/// The comments that speak to us, and where those begin that are not closed.
fn find(source: &str) -> (Vec<Span>, Vec<usize>) {
    let (mut found, mut unclosed) = (Vec::new(), Vec::new());
    let mut opens = source.match_indices(OPENS).map(|(at, _)| at).peekable();
    while let Some(start) = opens.next() {
        let inner = start + OPENS.len();
        let until = opens.peek().copied().unwrap_or(source.len());
        let rest = source.get(inner..until).unwrap_or("");
        if !speaks(rest) {
            continue;
        }
        let closed = rest.find(CLOSES).filter(|close| {
            let inside = lines(rest.get(..*close).unwrap_or(""));
            // The first and the last line have the marks on them.
            inside.iter().skip(1).rev().skip(1).all(|line| !line.text.is_empty())
        });
        match closed {
            Some(close) => found.push(Span::new(start, inner + close + CLOSES.len())),
            None => unclosed.push(start),
        }
    }
    (found, unclosed)
}

/// What goes out of the text with the comments at `span`, none of it before `done`, and whether that is whole lines.
fn room(source: &str, span: Span, done: usize) -> (Span, bool) {
    let head = source.get(..span.start).unwrap_or("");
    let line = head.rfind(is_end).map_or(0, |at| at + head[at..].chars().next().map_or(1, char::len_utf8));
    let after = source.get(span.end..).unwrap_or("");
    let rest = after.get(..after.find(is_end).unwrap_or(after.len())).unwrap_or("");
    let blanks = rest.len() - rest.trim_start().len();
    let first = line >= done && blank(Span::new(line, span.start).of(source));
    if first && blank(rest) {
        let end = span.end + rest.len();
        let stop = source.get(end..).unwrap_or("");
        let ending = match stop.chars().next() {
            Some('\r') if stop.starts_with("\r\n") => 2,
            // A page ends here, whatever stands on the line.
            Some('\u{c}') | None => 0,
            Some(c) => c.len_utf8(),
        };
        return (Span::new(line, end + ending), true);
    }
    if first {
        return (Span::new(span.start, span.end + blanks), false);
    }
    // Of the blanks on both sides one side stays.
    let before = head.trim_end_matches(|c: char| c.is_whitespace() && !is_end(c)).len();
    let start = if blanks > 0 || rest.is_empty() { before.max(done) } else { span.start };
    (Span::new(start, span.end), false)
}

/// True where nothing but blanks stand there, on one line.
fn blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() && !is_end(c))
}

/// Counts lines up to places that are asked for in order.
struct Counter<'t> {
    source: &'t str,
    at: usize,
    line: u32,
}

impl Counter<'_> {
    fn line(&mut self, at: usize) -> u32 {
        let passed = self.source.get(self.at..at).unwrap_or("");
        let more = passed.char_indices().filter(|(i, c)| match c {
            // Of both, the line feed counts.
            '\r' => self.source.as_bytes().get(self.at + i + 1) != Some(&b'\n'),
            '\u{c}' => false,
            c => is_end(*c),
        });
        self.line = self.line.saturating_add(u32::try_from(more.count()).unwrap_or(u32::MAX));
        self.at = self.at.max(at);
        self.line
    }
}

/// A paragraph and the bytes that it reaches over.
struct Reach<'p> {
    paragraph: &'p Paragraph,
    start: usize,
    end: usize,
}

impl<'p> Reach<'p> {
    fn of(paragraph: &'p Paragraph) -> Option<Self> {
        let (first, last) = (paragraph.runs.first()?, paragraph.runs.last()?);
        Some(Self { paragraph, start: first.source.start, end: last.source.end })
    }

    /// The place in the text of the paragraph that is at, or next before, this byte.
    fn place(&self, at: usize) -> (usize, Span) {
        let run = self.paragraph.runs.iter().rev().find(|run| run.source.start <= at);
        let text = run.map_or(0, |run| run.text.start + (at - run.source.start).min(run.text.len()));
        (self.paragraph.place.paragraph, Span::new(text, text))
    }
}

/// The text by lines, with its paragraphs in order.
struct Lines<'p> {
    text: &'p str,
    paragraphs: Vec<Reach<'p>>,
}

impl Lines<'_> {
    /// What a comment is about whose line was taken out here, before the line that begins here now.
    fn before(&self, at: usize) -> Vec<(usize, Span)> {
        let next = self.paragraphs.partition_point(|reach| reach.end <= at);
        let line = self.line(at);
        match self.paragraphs.get(next) {
            // The paragraph goes on on the next line.
            Some(reach) if reach.start < at => return vec![reach.place(at)],
            Some(reach) if reach.start < line.end => {
                let begin = self.paragraphs.iter().skip(next).take_while(|reach| reach.start < line.end);
                let whole =
                    |reach: &Reach<'_>| (reach.paragraph.place.paragraph, Span::new(0, reach.paragraph.text.len()));
                return begin.map(whole).collect();
            }
            _ => {}
        }
        // No words follow: it stands behind those on the line above.
        let above = self.text.get(..at).unwrap_or("");
        let above = above.strip_suffix("\r\n").or_else(|| above.strip_suffix(is_end)).unwrap_or("");
        let line = self.line(above.len());
        let last = next.checked_sub(1).and_then(|i| self.paragraphs.get(i));
        last.filter(|reach| reach.end > line.start).map(|reach| reach.place(at)).into_iter().collect()
    }

    /// What a comment is about that stood here, with words beside it.
    fn within(&self, at: usize) -> Option<(usize, Span)> {
        let line = self.line(at);
        let next = self.paragraphs.partition_point(|reach| reach.end < at);
        let here = self.paragraphs.get(next);
        if let Some(reach) = here.filter(|reach| reach.start <= at) {
            return Some(reach.place(at));
        }
        // Marks may stand between, but no border of a cell.
        let beside = |gap: Span| gap.of(self.text).chars().all(|c| c.is_whitespace() || matches!(c, '*' | '_' | '\\'));
        let last = next.checked_sub(1).and_then(|i| self.paragraphs.get(i));
        if let Some(reach) = last.filter(|reach| reach.end > line.start && beside(Span::new(reach.end, at))) {
            return Some(reach.place(at));
        }
        // Before the first words of a line stands its mark.
        let first = blank(Span::new(line.start, at).of(self.text));
        let reach = here.filter(|reach| reach.start < line.end && (first || beside(Span::new(at, reach.start))))?;
        Some(reach.place(at))
    }

    /// The line around a place, without its end.
    fn line(&self, at: usize) -> Span {
        let (before, after) = (self.text.get(..at).unwrap_or(""), self.text.get(at..).unwrap_or(""));
        let start = before.rfind(is_end).map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
        Span::new(start, at + after.find(is_end).unwrap_or(after.len()))
    }
}

#[cfg(test)]
mod tests;
