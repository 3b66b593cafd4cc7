//! This is the reader of Rich Text Format.
//!
//! The crates for it were tried and lose what a plan needs: table cells run together, page headers and pictures come
//! out as text, Word's quotation marks (`\'92` in windows-1252) become control characters, and half of a surrogate
//! pair panics.

mod grid;
mod lex;
mod names;

use super::build::Builder;
use super::marker::marker;
use super::{ReadError, text};
use crate::document::{Block, Document, Format, Place, Role};
use encoding_rs::{Encoding, WINDOWS_1252};
use grid::Grid;
use lex::{Lexer, Token};
use names::{code_page, of_charset, target};
use std::collections::HashMap;

/// Larger files are not plans, even with pictures in them.
const MOST_BYTES: usize = 256 << 20;
/// Groups within groups; Word writes some tens.
const DEEPEST: usize = 4000;

/// Reads an RTF file.
pub(crate) fn read(name: &str, bytes: &[u8]) -> Result<Document, ReadError> {
    if bytes.len() > MOST_BYTES {
        let why = format!("RTF of more than {} MB", MOST_BYTES >> 20);
        return Err(ReadError::TooMuch { name: name.to_owned(), why });
    }
    let start = bytes.iter().position(|byte| *byte == b'{').unwrap_or(0);
    let mut reader = Reader::default();
    for token in Lexer::new(bytes.get(start..).unwrap_or(&[])) {
        if !reader.take(token) {
            let why = "its groups are nested too deeply".to_owned();
            return Err(ReadError::Damaged { name: name.to_owned(), what: "RTF file", why });
        }
    }
    let mut document = Document::new(name, Format::Rtf);
    document.blocks = reader.finish();
    Ok(document)
}

/// What a group is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Target {
    /// Text that is shown.
    #[default]
    Text,
    Skipped,
    Fonts,
    Styles,
    /// The list mark that the writing program shows.
    Mark,
    Furniture,
    Footnote,
}

/// What a group inherits and changes.
#[derive(Debug, Clone, Copy)]
struct State {
    target: Target,
    bold: bool,
    hidden: bool,
    font: i32,
    /// Characters that stand in for each `\u`.
    stand_ins: i32,
    style: i32,
    in_table: bool,
    list_level: u8,
    outline: Option<u8>,
    /// Tabs are filled with dots, as in contents lists.
    dots: bool,
}

impl Default for State {
    fn default() -> Self {
        Self {
            target: Target::Text,
            bold: false,
            hidden: false,
            font: -1,
            stand_ins: 1,
            style: -1,
            in_table: false,
            list_level: 0,
            outline: None,
            dots: false,
        }
    }
}

/// A paragraph that is being collected, for each stream of text.
#[derive(Debug, Default)]
struct Stream {
    open: Builder,
    blocks: Vec<Block>,
}

#[derive(Debug, Default)]
struct Reader {
    stack: Vec<State>,
    now: State,
    /// `\*` was read and its word comes next.
    optional: bool,
    body: Stream,
    aside: Stream,
    grid: Grid,
    mark: String,
    /// Bytes of the file's own encoding, and UTF-16 units, that wait for their followers.
    bytes: Vec<u8>,
    units: Vec<u16>,
    /// Stand-ins still to be passed over.
    passing: i32,
    encoding: Option<&'static Encoding>,
    fonts: HashMap<i32, u8>,
    styles: HashMap<i32, u8>,
    style_name: String,
    default_font: i32,
}

impl Reader {
    /// Takes in a token; false where the file must not be read on.
    fn take(&mut self, token: Token<'_>) -> bool {
        let letter = matches!(token, Token::Byte(_) | Token::Hex(_));
        if !letter {
            self.flush_bytes();
        }
        let stand_in = letter && self.passing > 0;
        if !stand_in && !matches!(token, Token::Word("u", _)) {
            self.flush_units();
        }
        match token {
            Token::Open => {
                self.passing = 0;
                self.stack.push(self.now);
                return self.stack.len() < DEEPEST;
            }
            Token::Close => {
                self.passing = 0;
                let ended = self.now.target;
                self.now = self.stack.pop().unwrap_or_default();
                if ended != self.now.target && matches!(ended, Target::Furniture | Target::Footnote) {
                    self.end_paragraph_as(ended);
                }
            }
            Token::Optional => self.optional = true,
            Token::Byte(byte) | Token::Hex(byte) => {
                if self.passing > 0 {
                    self.passing -= 1;
                } else if self.now.target == Target::Styles {
                    self.style_byte(byte);
                } else if self.is_shown() {
                    self.bytes.push(byte);
                }
            }
            Token::Symbol(symbol) => self.symbol(symbol),
            Token::Word(word, value) => self.word(word, value),
        }
        true
    }

    fn finish(mut self) -> Vec<Block> {
        self.flush_bytes();
        self.flush_units();
        self.end_paragraph_as(Target::Footnote);
        self.now = State::default();
        self.end_paragraph();
        self.body.blocks.extend(self.grid.close());
        self.body.blocks.append(&mut self.aside.blocks);
        self.body.blocks
    }

    fn is_shown(&self) -> bool {
        !self.now.hidden && !matches!(self.now.target, Target::Skipped | Target::Fonts | Target::Styles)
    }

    fn symbol(&mut self, symbol: u8) {
        if self.passing > 0 {
            self.passing -= 1;
            return;
        }
        match symbol {
            b'{' | b'}' | b'\\' => self.push(char::from(symbol).encode_utf8(&mut [0; 4])),
            b'~' => self.push(" "),
            b'_' => self.push("-"),
            b'\n' | b'\r' => self.end_paragraph(),
            _ => {}
        }
    }

    fn word(&mut self, word: &str, value: Option<i32>) {
        let optional = std::mem::take(&mut self.optional);
        if let Some(target) = target(word) {
            // Text boxes are optional groups with text in them.
            self.now.target = match (self.now.target, target) {
                (Target::Skipped | Target::Fonts | Target::Styles, _) => return,
                (Target::Furniture, Target::Footnote | Target::Text) => Target::Furniture,
                (before, Target::Text) => before,
                (_, target) => target,
            };
            if target == Target::Mark {
                self.mark.clear();
            }
            return;
        }
        if optional && !matches!(word, "shpinst" | "cs" | "ud") {
            self.now.target = Target::Skipped;
            return;
        }
        match self.now.target {
            Target::Skipped => return,
            Target::Fonts => return self.font_word(word, value),
            Target::Styles => return self.style_word(word, value),
            _ => {}
        }
        let on = value != Some(0);
        match word {
            "ansicpg" => self.encoding = value.and_then(code_page),
            "mac" => self.encoding = Some(encoding_rs::MACINTOSH),
            "deff" => self.default_font = value.unwrap_or(0),
            "f" => self.now.font = value.unwrap_or(-1),
            "b" => self.now.bold = on,
            "v" | "deleted" => self.now.hidden = on,
            "plain" => {
                (self.now.bold, self.now.hidden, self.now.font) = (false, false, -1);
            }
            "uc" => self.now.stand_ins = value.unwrap_or(1).clamp(0, 16),
            "u" => {
                if let Some(value) = value
                    && self.is_shown()
                {
                    // Written as a signed number of 16 bits.
                    self.units.push((value & 0xFFFF) as u16);
                }
                self.passing = self.now.stand_ins;
            }
            "par" | "sect" | "page" => self.end_paragraph(),
            "line" | "softline" | "lbr" => {
                if let Some(stream) = self.stream() {
                    stream.open.line_break();
                }
            }
            "tab" => {
                if self.now.target == Target::Mark {
                    self.mark.push('\t');
                } else if let Some(stream) = self.stream() {
                    stream.open.tab();
                }
            }
            "pard" => {
                self.now.in_table = false;
                (self.now.style, self.now.list_level, self.now.outline) = (-1, 0, None);
                self.now.dots = false;
            }
            "tldot" | "tlmdot" | "tlul" => self.now.dots = true,
            "intbl" => self.now.in_table = true,
            "s" => self.now.style = value.unwrap_or(-1),
            "ilvl" => self.now.list_level = value.and_then(|value| u8::try_from(value).ok()).unwrap_or(0),
            "outlinelevel" => {
                self.now.outline = value.and_then(|value| u8::try_from(value).ok()).filter(|level| *level < 9)
            }
            "cell" => {
                self.now.in_table = true;
                self.end_paragraph();
                self.grid.end_cell();
            }
            "nestcell" => self.end_paragraph(),
            "row" => {
                self.end_paragraph();
                self.grid.end_row();
            }
            "emdash" => self.push("—"),
            "endash" => self.push("–"),
            "bullet" => self.push("•"),
            "lquote" => self.push("‘"),
            "rquote" => self.push("’"),
            "ldblquote" => self.push("“"),
            "rdblquote" => self.push("”"),
            "enspace" | "emspace" | "qmspace" => self.push(" "),
            _ => self.grid.word(word, value),
        }
    }

    fn font_word(&mut self, word: &str, value: Option<i32>) {
        match (word, value) {
            ("f", Some(font)) => self.now.font = font,
            ("fcharset", Some(charset)) if self.fonts.len() < 10_000 => {
                self.fonts.insert(self.now.font, u8::try_from(charset).unwrap_or(0));
            }
            _ => {}
        }
    }

    fn style_word(&mut self, word: &str, value: Option<i32>) {
        if word == "s" {
            self.now.style = value.unwrap_or(-1);
            self.style_name.clear();
        }
    }

    /// Style names end with a semicolon; those of headings are the same in every language's file.
    fn style_byte(&mut self, byte: u8) {
        if byte != b';' {
            if self.style_name.len() < 100 {
                self.style_name.push(char::from(byte));
            }
            return;
        }
        let name = std::mem::take(&mut self.style_name).trim().to_lowercase();
        let level = name
            .strip_prefix("heading ")
            .and_then(|level| level.parse::<u8>().ok())
            .filter(|level| (1..=9).contains(level));
        let level = if name == "title" { Some(1) } else { level };
        if let Some(level) = level {
            self.styles.insert(self.now.style, level);
        }
    }

    fn flush_bytes(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.bytes);
        let font = if self.now.font < 0 { self.default_font } else { self.now.font };
        let charset = self.fonts.get(&font).copied();
        if charset == Some(2) {
            // Symbol fonts have signs of their own, which are list marks in plans.
            let signs: String = bytes.iter().filter_map(|byte| char::from_u32(0xF000 + u32::from(*byte))).collect();
            self.push(&signs);
            return;
        }
        let encoding = charset.and_then(of_charset).or(self.encoding).unwrap_or(WINDOWS_1252);
        let (text, _) = encoding.decode_without_bom_handling(&bytes);
        self.push(&text);
    }

    fn flush_units(&mut self) {
        if !self.units.is_empty() {
            let text = String::from_utf16_lossy(&std::mem::take(&mut self.units));
            self.push(&text);
        }
    }

    fn push(&mut self, words: &str) {
        if !self.is_shown() {
            return;
        }
        if self.now.target == Target::Mark {
            if self.mark.len() < 64 {
                self.mark.push_str(words);
            }
            return;
        }
        let bold = self.now.bold;
        if let Some(stream) = self.stream() {
            stream.open.push(words, bold);
        }
    }

    fn stream(&mut self) -> Option<&mut Stream> {
        match self.now.target {
            Target::Text => Some(&mut self.body),
            Target::Furniture | Target::Footnote => Some(&mut self.aside),
            _ => None,
        }
    }

    fn end_paragraph(&mut self) {
        let target = self.now.target;
        if matches!(target, Target::Furniture | Target::Footnote) {
            self.end_paragraph_as(target);
            return;
        }
        if target != Target::Text {
            return;
        }
        let mark = std::mem::take(&mut self.mark);
        let mark = mark.trim_matches(|c: char| c.is_whitespace());
        let level = self.now.outline.map(|level| level + 1).or_else(|| self.styles.get(&self.now.style).copied());
        let numbered = self
            .body
            .open
            .text()
            .rsplit_once('\t')
            .is_some_and(|(_, end)| end.bytes().all(|byte| byte.is_ascii_digit()));
        let role = if self.now.dots && numbered {
            Role::Furniture
        } else if let Some(level) = level {
            Role::Heading(level)
        } else if mark.is_empty() {
            Role::Body
        } else {
            Role::Item { level: self.now.list_level, marker: shown_mark(mark) }
        };
        let blocks = paragraph(&mut self.body.open, role);
        if self.now.in_table {
            self.grid.push(blocks);
        } else if !blocks.is_empty() {
            self.body.blocks.extend(self.grid.close());
            self.body.blocks.extend(blocks);
        }
    }

    fn end_paragraph_as(&mut self, target: Target) {
        let role = if target == Target::Furniture { Role::Furniture } else { Role::Footnote };
        let done = self.aside.open.finish(role, Place::default());
        self.aside.blocks.extend(done.map(Block::Paragraph));
    }
}

/// The paragraph, with a list mark that was typed by hand taken off.
fn paragraph(open: &mut Builder, role: Role) -> Vec<Block> {
    open.finish(role, Place::default()).and_then(text::retyped).map(Block::Paragraph).into_iter().collect()
}

fn shown_mark(mark: &str) -> String {
    match marker(&format!("{mark} x")) {
        Some(found) => found.text,
        None => mark.to_owned(),
    }
}

#[cfg(test)]
mod tests;
