//! This is a paragraph as it is being put together: blanks collapsed, invisible characters dropped, and the source
//! bytes of every piece remembered.

use crate::document::{Paragraph, Place, Role, Run};
use crate::span::Span;

/// Collects the visible text of one paragraph.
///
/// Every run of blanks becomes one space, so that the same words in two formats give the same text. A tab that stands
/// between words and a line break are kept as such when they are pushed by [`Self::tab`] and [`Self::line_break`].
#[derive(Debug, Default)]
pub(super) struct Builder {
    text: String,
    runs: Vec<Run>,
    letters: usize,
    bold_letters: usize,
    /// A blank that was seen and is written before the next visible character.
    pending: Option<char>,
}

impl Builder {
    /// Appends text of which no source bytes are known.
    pub(super) fn push(&mut self, text: &str, bold: bool) {
        for c in text.chars() {
            self.character(c, None, bold);
        }
    }

    /// Appends text that stands at byte `source` of the source part.
    pub(super) fn push_at(&mut self, text: &str, source: usize, bold: bool) {
        for (offset, c) in text.char_indices() {
            let start = source + offset;
            self.character(c, Some(Span::new(start, start + c.len_utf8())), bold);
        }
    }

    /// A line break inside the paragraph; blanks around it are dropped.
    pub(super) fn line_break(&mut self) {
        if !self.text.is_empty() {
            // Two breaks in a row stay one: the second finds the first pending.
            self.pending = Some('\n');
        }
    }

    /// A tab between words.
    pub(super) fn tab(&mut self) {
        if !self.text.is_empty() && self.pending != Some('\n') {
            self.pending = Some('\t');
        }
    }

    /// A space between words, where the source has none of its own.
    pub(super) fn space(&mut self) {
        if !self.text.is_empty() && self.pending.is_none() {
            self.pending = Some(' ');
        }
    }

    /// Takes back `c` where the text ends with it. Only for text of which no source bytes are known.
    pub(super) fn drop_last(&mut self, c: char) {
        if self.pending.is_none() && self.text.ends_with(c) {
            self.text.pop();
        }
    }

    /// True while nothing visible was pushed.
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The text so far.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The paragraph, leaving the builder empty; nothing where nothing visible was pushed.
    pub(super) fn finish(&mut self, role: Role, place: Place) -> Option<Paragraph> {
        let done = std::mem::take(self);
        if done.text.is_empty() {
            return None;
        }
        let bold = done.letters > 0 && done.bold_letters == done.letters;
        Some(Paragraph { text: done.text, role, bold, place, runs: done.runs })
    }

    fn character(&mut self, c: char, source: Option<Span>, bold: bool) {
        match c {
            // Soft hyphen, zero-width characters, byte-order mark, direction marks: nobody sees them.
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{202a}'..='\u{202e}' => {}
            c if c.is_whitespace() || c == '\u{1a}' => self.space(),
            c if c.is_control() => {}
            c => {
                if let Some(blank) = self.pending.take() {
                    self.text.push(blank);
                }
                let start = self.text.len();
                self.text.push(c);
                if let Some(source) = source {
                    self.run(Span::new(start, self.text.len()), source);
                }
                if c.is_alphabetic() {
                    self.letters += 1;
                    self.bold_letters += usize::from(bold);
                }
            }
        }
    }

    /// Adds to the last run where both sides go on from it; one blank for one blank goes on too.
    fn run(&mut self, text: Span, source: Span) {
        if let Some(last) = self.runs.last_mut() {
            let (gap, source_gap) = (text.start - last.text.end, source.start.checked_sub(last.source.end));
            if source_gap == Some(gap) {
                last.text.end = text.end;
                last.source.end = source.end;
                return;
            }
        }
        self.runs.push(Run { text, source });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_collapse_and_runs_say_where() {
        let source = "  Robin   will\u{a0}read.\u{ad} ";
        let mut builder = Builder::default();
        builder.push_at(source, 100, false);
        let paragraph = builder.finish(Role::Body, Place::default()).expect("text");
        assert_eq!(paragraph.text, "Robin will read.");
        for run in &paragraph.runs {
            let there = Span::new(run.source.start - 100, run.source.end - 100).of(source);
            assert_eq!(there.replace('\u{a0}', " "), run.text.of(&paragraph.text));
        }
        assert_eq!(paragraph.runs.len(), 3);
    }

    #[test]
    fn bold_is_every_letter() {
        let mut builder = Builder::default();
        builder.push("Section F", true);
        builder.push(": ", false);
        assert!(builder.finish(Role::Body, Place::default()).expect("text").bold);
        builder.push("Review:", true);
        builder.push(" termly", false);
        assert!(!builder.finish(Role::Body, Place::default()).expect("text").bold);
        assert!(builder.finish(Role::Body, Place::default()).is_none());
    }
}
