//! This is the word layer: a statement cut into lower-cased words, numbers and marks, which facts and rules match on.
//!
//! Word bounds are Unicode's (UAX 29, `unicode-segmentation`), cut further where letters meet digits, so that
//! `20mins`, `20 mins`, `KS2` and `3x20` read the same however they are spaced.

use crate::span::Span;
use unicode_segmentation::UnicodeSegmentation;

/// What a [`Word`] is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WordKind {
    /// Letters, with inner apostrophes: `sam's`, `don't`.
    Letters,
    /// Digits, with inner points and commas: `20`, `1,200`, `0.5`.
    Digits,
    /// One mark: `-`, `:`, `%`, `£`, `½`. En and em dashes read as `-`, curly quotes as straight ones.
    Mark,
}

/// A word, a number or a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// Where it stands in the text.
    pub span: Span,
    /// What it is made of.
    pub kind: WordKind,
    /// True where no white space stands before it.
    pub glued: bool,
    lower: (u32, u32),
}

/// A text and its words.
#[derive(Debug, Clone)]
pub struct Words<'t> {
    /// The text as given.
    pub text: &'t str,
    lower: String,
    list: Vec<Word>,
}

/// The words of a text without the text, to be kept where that is moved.
#[derive(Debug)]
pub(crate) struct Cut {
    lower: String,
    list: Vec<Word>,
    /// Bytes of the text.
    of: usize,
}

impl<'t> Words<'t> {
    /// The words of a text that has been cut before.
    pub(crate) fn again(text: &'t str, cut: Cut) -> Self {
        debug_assert_eq!(text.len(), cut.of, "these are the words of another text");
        if text.len() == cut.of { Self { text, lower: cut.lower, list: cut.list } } else { Self::new(text) }
    }

    /// The words without the text.
    pub(crate) fn cut(self) -> Cut {
        Cut { lower: self.lower, list: self.list, of: self.text.len() }
    }

    /// Cuts `text` into words. Never fails; any text will do.
    pub fn new(text: &'t str) -> Self {
        if text.is_ascii() {
            return Self::ascii(text);
        }
        let mut words =
            Self { text, lower: String::with_capacity(text.len()), list: Vec::with_capacity(text.len() / 5) };
        if text.chars().all(is_ordinary) {
            words.pieces();
            return words;
        }
        let mut glued = false;
        for (start, piece) in text.split_word_bound_indices() {
            if piece.chars().all(char::is_whitespace) {
                glued = false;
                continue;
            }
            let mut rest = piece;
            let mut at = start;
            while let Some(first) = rest.chars().next() {
                let (kind, len) = head(rest, first);
                words.push(Span::new(at, at + len), kind, glued);
                glued = true;
                at += len;
                rest = &rest[len..];
            }
        }
        words
    }

    /// ASCII needs no table of Unicode's: its words end where the kind of character changes, and joining marks stand between
    /// two characters of a kind.
    fn ascii(text: &'t str) -> Self {
        let bytes = text.as_bytes();
        let class = |at: usize| bytes.get(at).map_or(Class::Space, |&byte| CLASSES[usize::from(byte)]);
        let mut list = Vec::with_capacity(text.len() / 4);
        let mut at = 0;
        let mut glued = false;
        while at < bytes.len() {
            let start = at;
            let first = class(at);
            at += 1;
            let kind = match first {
                Class::Space => {
                    glued = false;
                    continue;
                }
                Class::Mark => WordKind::Mark,
                Class::Letter | Class::Digit => {
                    loop {
                        while class(at) == first {
                            at += 1;
                        }
                        let joins = bytes.get(at).is_some_and(|&byte| match first {
                            Class::Digit => matches!(byte, b'.' | b','),
                            _ => byte == b'\'',
                        });
                        if !(joins && class(at + 1) == first) {
                            break;
                        }
                        at += 2;
                    }
                    if first == Class::Digit { WordKind::Digits } else { WordKind::Letters }
                }
            };
            list.push(Word { span: Span::new(start, at), kind, glued, lower: (start as u32, at as u32) });
            glued = true;
        }
        Self { text, lower: text.to_ascii_lowercase(), list }
    }

    /// Cuts a text of ordinary characters.
    fn pieces(&mut self) {
        let (mut at, mut rest, mut glued) = (0, self.text, false);
        while let Some(first) = rest.chars().next() {
            let len = if first.is_whitespace() {
                glued = false;
                first.len_utf8()
            } else {
                let (kind, len) = head(rest, first);
                self.push(Span::new(at, at + len), kind, glued);
                glued = true;
                len
            };
            at += len;
            rest = &rest[len..];
        }
    }

    fn push(&mut self, span: Span, kind: WordKind, glued: bool) {
        let from = self.lower.len();
        for c in span.of(self.text).chars() {
            match c {
                '’' | '‘' | 'ʼ' => self.lower.push('\''),
                '“' | '”' => self.lower.push('"'),
                '–' | '—' | '‐' | '‑' | '−' => self.lower.push('-'),
                '×' => self.lower.push('x'),
                c if c.is_ascii() => self.lower.push(c.to_ascii_lowercase()),
                c => self.lower.extend(c.to_lowercase()),
            }
        }
        let lower = (from as u32, self.lower.len() as u32);
        self.list.push(Word { span, kind, glued, lower });
    }

    /// The words in order.
    pub fn list(&self) -> &[Word] {
        &self.list
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// True where the text holds no word.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The lower-cased form of word `i`; empty past the end, so that looking ahead needs no check.
    pub fn lower(&self, i: usize) -> &str {
        self.list.get(i).map_or("", |w| &self.lower[w.lower.0 as usize..w.lower.1 as usize])
    }

    /// Word `i` as written; empty past the end.
    pub fn raw(&self, i: usize) -> &'t str {
        self.list.get(i).map_or("", |w| w.span.of(self.text))
    }

    /// The bytes that words `from..to` cover (`to` exclusive); empty where there are none.
    pub fn span(&self, from: usize, to: usize) -> Span {
        match (self.list.get(from), to.checked_sub(1).and_then(|last| self.list.get(last))) {
            (Some(a), Some(b)) if to > from => Span::new(a.span.start, b.span.end),
            _ => Span::new(0, 0),
        }
    }

    /// Index of the first word that begins at or after byte `at`.
    pub fn at(&self, at: usize) -> usize {
        self.list.partition_point(|w| w.span.start < at)
    }

    /// True where word `i` ends a sentence: `.`, `!`, `?` or `;`.
    pub fn ends_clause(&self, i: usize) -> bool {
        matches!(self.lower(i), "." | "!" | "?" | ";")
    }
}

/// What a byte of ASCII text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Space,
    Letter,
    Digit,
    Mark,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Mark; 256];
    let mut byte = 0;
    while byte < 128 {
        let b = byte as u8;
        classes[byte] = if b.is_ascii_alphabetic() {
            Class::Letter
        } else if b.is_ascii_digit() {
            Class::Digit
        } else if matches!(b, b' ' | 0x09..=0x0d) {
            Class::Space
        } else {
            Class::Mark
        };
        byte += 1;
    }
    classes
};

/// Characters of plain English typing: where words and sentences end among them needs no table of Unicode's.
pub(crate) fn is_ordinary(c: char) -> bool {
    c.is_ascii()
        || matches!(c, '’' | '‘' | '“' | '”' | '–' | '—' | '…' | '•' | '£' | '½' | '×' | '\u{a0}')
        || matches!(c, 'à'..='ö' | 'ø'..='ÿ' | 'À'..='Ö' | 'Ø'..='Þ')
}

/// Kind and byte length of the word at the head of `rest`, whose first character is `first`.
fn head(rest: &str, first: char) -> (WordKind, usize) {
    let run = |ok: fn(char) -> bool| {
        let mut len = 0;
        let mut chars = rest.char_indices().peekable();
        while let Some((i, c)) = chars.next() {
            // A joining mark counts only between two characters of the run.
            let joins = joiner(c, first) && chars.peek().is_some_and(|&(_, next)| ok(next));
            if !ok(c) && !joins {
                break;
            }
            len = i + c.len_utf8();
        }
        len
    };
    if first.is_ascii_digit() {
        (WordKind::Digits, run(|c| c.is_ascii_digit()))
    } else if is_letter(first) {
        (WordKind::Letters, run(is_letter))
    } else {
        (WordKind::Mark, first.len_utf8())
    }
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() || ('\u{300}'..='\u{36f}').contains(&c)
}

/// An apostrophe holds letters together; a point or comma holds digits together.
fn joiner(c: char, first: char) -> bool {
    if first.is_ascii_digit() { matches!(c, '.' | ',') } else { matches!(c, '\'' | '’' | '‘' | 'ʼ') }
}

/// A word without its ending, so that "reads", "reading" and "reader" meet. It need not be a word.
pub(crate) fn stem(word: &str) -> &str {
    let word = word.strip_suffix("'s").unwrap_or(word);
    let mut out = word;
    for ending in
        ["ations", "ation", "ments", "ment", "ings", "ing", "edly", "ers", "er", "ies", "ed", "es", "ly", "s", "e", "y"]
    {
        if let Some(rest) = out.strip_suffix(ending)
            && rest.chars().count() >= 4 - usize::from(ending == "s" || ending == "e" || ending == "y")
        {
            out = rest;
            break;
        }
    }
    // "plann" of "planning" is "plan".
    let mut ends = out.char_indices().rev();
    match (ends.next(), ends.next()) {
        (Some((at, a)), Some((_, b))) if a == b && out.len() > 3 && !"aeiouls".contains(a) => &out[..at],
        _ => out,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cut(text: &str) -> Vec<String> {
        let words = Words::new(text);
        (0..words.len()).map(|i| words.lower(i).to_owned()).collect()
    }

    /// Plain text takes a shorter way to the same words: a character at the end that it does not know makes it take the long one.
    fn shortcut(text: &str) {
        let longer = format!("{text} 中");
        let (short, long) = (Words::new(text), Words::new(&longer));
        let list = |words: &Words<'_>| -> Vec<(Span, WordKind, bool, String)> {
            (0..words.len())
                .map(|i| (words.list()[i].span, words.list()[i].kind, words.list()[i].glued, words.lower(i).to_owned()))
                .collect()
        };
        let mut expected = list(&long);
        expected.pop();
        assert_eq!(list(&short), expected, "{text:?}");
    }

    proptest! {
        #[test]
        fn the_shorter_way_cuts_alike(text in "[a-cA-C0-9'’‘.,:;_ \t\n-]{0,12}", more in "[ -~éÀ½£×“”–…•\u{a0}\r\n\u{b}’0-9]{0,16}") {
            shortcut(&text);
            shortcut(&(text + &more));
        }
    }

    #[test]
    fn words_outlive_a_borrow_of_their_text() {
        let text = "Sam’s 3x20mins – daily.".to_owned();
        let cut = Words::new(&text).cut();
        let moved = text;
        let (again, new) = (Words::again(&moved, cut), Words::new(&moved));
        assert_eq!((again.list(), again.raw(0)), (new.list(), "Sam’s"));
        assert!((0..new.len()).all(|i| again.lower(i) == new.lower(i)));
    }

    #[test]
    fn letters_and_digits_part() {
        assert_eq!(cut("3x20mins KS2 Y6"), ["3", "x", "20", "mins", "ks", "2", "y", "6"]);
    }

    #[test]
    fn numbers_and_apostrophes_hold() {
        assert_eq!(cut("Sam’s 1,200 at 0.5. Don't"), ["sam's", "1,200", "at", "0.5", ".", "don't"]);
    }

    #[test]
    fn marks_stand_alone() {
        assert_eq!(cut("1:1 half–termly 50%"), ["1", ":", "1", "half", "-", "termly", "50", "%"]);
    }
}
