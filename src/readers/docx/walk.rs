//! This is the one pass over a part of a Word document: its elements open and close, and blocks come out.

mod props;

use self::props::{Props, Run, role};
use super::fields::Fields;
use super::numbering::Numbering;
use super::styles::{Styles, toggle};
use super::symbols::symbol;
use super::{WORD, checkbox};
use crate::document::{Block, Role};
use crate::readers::flow::{Builder, Layout, Look, Merge, Shape, Stop, flatten};
use crate::readers::markup::{Broken, Element, Markup, Token};
use crate::span::Span;
use std::collections::HashMap;

/// Footnotes and endnotes by kind (`true` for endnotes) and id, each given out once.
pub(crate) type Notes = HashMap<(bool, i64), Vec<Block>>;

/// What one part holds.
pub(crate) struct Story {
    /// Its blocks in reading order.
    pub blocks: Vec<Block>,
    /// The notes that it defines.
    pub notes: Notes,
    /// Relationship ids of the headers and footers that it uses, each once, headers with `true`.
    pub furniture: Vec<(bool, String)>,
    /// Pictures in it.
    pub pictures: usize,
    /// Other files embedded in it as text.
    pub embedded: usize,
    /// Where reading stopped, if not at the end.
    pub stopped: Option<Stop>,
}

/// Reads one part. Never fails: what cannot be read is said in [`Story::stopped`].
pub(crate) fn walk(text: &str, styles: &Styles, numbering: &mut Numbering, notes: Notes) -> Story {
    let mut walker = Walker {
        styles,
        numbering,
        notes,
        builder: Builder::new(),
        open: Vec::new(),
        run: Run::default(),
        fields: Fields::default(),
        hidden: 0,
        contents: 0,
        story: Story {
            blocks: Vec::new(),
            notes: Notes::new(),
            furniture: Vec::new(),
            pictures: 0,
            embedded: 0,
            stopped: None,
        },
    };
    walker.walk(text);
    walker.finish_paragraph();
    Story { blocks: walker.builder.finish(), ..walker.story }
}

struct Walker<'s> {
    styles: &'s Styles,
    numbering: &'s mut Numbering,
    notes: Notes,
    builder: Builder<Props>,
    open: Vec<Open>,
    run: Run,
    fields: Fields,
    /// Open content controls that show only their prompt.
    hidden: usize,
    /// Open content controls that hold a table of contents.
    contents: usize,
    story: Story,
}

/// An element that is open, and what must be put back or finished when it closes.
enum Open {
    Other,
    Paragraph,
    ParagraphProps,
    NumberProps,
    MarkProps,
    Run(Box<Run>),
    RunProps,
    Text,
    Instruction,
    FieldChar { at: Span, begins: bool, checked: Option<bool> },
    SimpleField(usize),
    Table,
    Row { heading: bool, deleted: bool },
    RowProps,
    Cell { shape: Shape, deleted: bool },
    CellProps,
    TextBox { run: Box<Run>, fields: Fields },
    Note(Option<(bool, i64)>),
    Control { prompt: bool, contents: bool },
    ControlProps,
    Prompt,
    Alternate { taken: bool },
}

impl Walker<'_> {
    fn walk(&mut self, text: &str) {
        let mut markup = Markup::new(text, WORD);
        loop {
            match markup.next() {
                Ok(Some(Token::Open(element))) => {
                    if let Err(Broken { at }) = self.enter(&element, &mut markup) {
                        self.story.stopped = Some(Stop::Damaged(at));
                        break;
                    }
                }
                Ok(Some(Token::Close)) => self.leave(),
                Ok(Some(Token::Text(piece, span))) => match self.open.last() {
                    Some(Open::Text) => self.text(piece, span),
                    Some(Open::Instruction) => self.fields.instruct(piece),
                    _ => {}
                },
                Ok(Some(Token::Char(c, span))) => {
                    if matches!(self.open.last(), Some(Open::Text)) {
                        self.character(c, span);
                    }
                }
                Ok(None) => break,
                Err(Broken { at }) => {
                    self.story.stopped = Some(Stop::Damaged(at));
                    break;
                }
            }
            if self.builder.full() {
                self.story.stopped = Some(Stop::Full);
                break;
            }
        }
        while !self.open.is_empty() {
            self.leave();
        }
    }

    /// An element begins: what it is goes onto the stack, or it is passed over as a whole.
    fn enter(&mut self, element: &Element<'_>, markup: &mut Markup<'_>) -> Result<(), Broken> {
        let open = match self.open.last_mut() {
            Some(Open::ParagraphProps | Open::NumberProps | Open::MarkProps) => self.paragraph_property(element),
            Some(Open::RunProps) => self.run_property(element),
            Some(Open::RowProps | Open::CellProps) => self.table_property(element),
            Some(Open::ControlProps) => self.control_property(element),
            Some(Open::Alternate { taken }) => {
                let first = !std::mem::replace(taken, true);
                first.then_some(Open::Other)
            }
            _ => self.content(element),
        };
        match open {
            Some(open) => self.open.push(open),
            None => markup.skip()?,
        }
        Ok(())
    }

    fn content(&mut self, element: &Element<'_>) -> Option<Open> {
        match element.key() {
            ("w", "p") => {
                self.builder.draft().props = Props::default();
                Some(Open::Paragraph)
            }
            ("w", "pPr") => matches!(self.open.last(), Some(Open::Paragraph)).then_some(Open::ParagraphProps),
            ("w" | "m", "r") => Some(Open::Run(Box::new(std::mem::take(&mut self.run)))),
            ("w", "rPr") => {
                Some(if matches!(self.open.last(), Some(Open::Run(_))) { Open::RunProps } else { Open::Other })
            }
            ("w" | "m", "t") => Some(Open::Text),
            ("w", "tab" | "ptab") => self.element("\t", element),
            ("w", "br") if element.attr("type").is_some_and(|kind| kind != "textWrapping") => {
                // A page or column break before the text is no line of it.
                let first = self.builder.draft().text.is_empty();
                if first { Some(Open::Other) } else { self.element("\n", element) }
            }
            ("w", "br" | "cr") => self.element("\n", element),
            ("w", "noBreakHyphen") => self.element("\u{2011}", element),
            ("w", "sym") => {
                let code = element.attr("char").and_then(|hex| u32::from_str_radix(&hex, 16).ok());
                let c = symbol(code.and_then(char::from_u32)?, &element.attr("font").unwrap_or_default());
                self.element(c.encode_utf8(&mut [0; 4]), element)
            }
            ("w", "tbl") => {
                self.finish_paragraph();
                Some(if self.builder.open_table() { Open::Table } else { Open::Other })
            }
            ("w", "tr") => {
                self.finish_paragraph();
                Some(if self.builder.open_row() { Open::Row { heading: false, deleted: false } } else { Open::Other })
            }
            ("w", "tc") => {
                self.finish_paragraph();
                let shape = Shape { columns: 1, rows: 1, merge: Merge::None };
                Some(if self.builder.open_cell() { Open::Cell { shape, deleted: false } } else { Open::Other })
            }
            ("w", "trPr") => Some(Open::RowProps),
            ("w", "tcPr") => Some(Open::CellProps),
            ("w", "txbxContent") => Some(if self.builder.open_aside() {
                let run = Box::new(std::mem::take(&mut self.run));
                Open::TextBox { run, fields: std::mem::take(&mut self.fields) }
            } else {
                Open::Other
            }),
            ("w", "sdt") => Some(Open::Control { prompt: false, contents: false }),
            ("w", "sdtPr") => Some(Open::ControlProps),
            ("w", "sdtContent") => Some(if matches!(self.open.last(), Some(Open::Control { prompt: true, .. })) {
                self.hidden += 1;
                Open::Prompt
            } else {
                Open::Other
            }),
            ("w", "fldChar") => {
                let kind = element.attr("fldCharType");
                match kind.as_deref() {
                    Some("separate") => self.fields.separate(),
                    Some("end") => self.fields.end(),
                    _ => {}
                }
                let begins = kind.as_deref() == Some("begin");
                Some(Open::FieldChar { at: element.span, begins, checked: None })
            }
            ("w", "checkBox") => {
                self.check(|checked| *checked = Some(checked.unwrap_or(false)));
                Some(Open::Other)
            }
            ("w", "default" | "checked") => {
                let on = toggle(element);
                // Only a check box has been given a value by `checkBox`.
                self.check(|checked| *checked = checked.map(|_| on));
                Some(Open::Other)
            }
            ("w", "instrText") => Some(Open::Instruction),
            ("w", "fldSimple") => {
                let before = self.fields.depth();
                self.fields.begin();
                self.fields.instruct(&element.attr("instr").unwrap_or_default());
                self.fields.separate();
                Some(Open::SimpleField(before))
            }
            ("w", "footnoteReference" | "endnoteReference") => {
                let endnote = element.name == "endnoteReference";
                if let Some(blocks) = element.number("id").and_then(|id| self.notes.remove(&(endnote, id))) {
                    self.builder.put_after(blocks);
                }
                Some(Open::Other)
            }
            ("w", "footnote" | "endnote") => {
                let separator = element.attr("type").is_some_and(|kind| kind != "normal");
                let key = element.number("id").map(|id| (element.name == "endnote", id)).filter(|_| !separator);
                Some(if self.builder.open_aside() { Open::Note(key) } else { Open::Other })
            }
            ("w", "headerReference" | "footerReference") => {
                let reference = (element.name == "headerReference", element.attr("id")?.into_owned());
                // A file may have a section for every page; beyond this many headers they only repeat.
                if self.story.furniture.len() < 100 && !self.story.furniture.contains(&reference) {
                    self.story.furniture.push(reference);
                }
                Some(Open::Other)
            }
            ("mc", "AlternateContent") => Some(Open::Alternate { taken: false }),
            ("w", "altChunk" | "subDoc") => {
                self.story.embedded += 1;
                Some(Open::Other)
            }
            ("w", "drawing" | "pict" | "object") => {
                self.story.pictures += 1;
                Some(Open::Other)
            }
            // Deleted or moved away under tracked changes, former properties, and the reading of ruby characters.
            ("w", "del" | "moveFrom" | "rt" | "pPrChange" | "rPrChange" | "tblPrChange" | "sectPrChange") => None,
            _ => Some(Open::Other),
        }
    }

    fn leave(&mut self) {
        match self.open.pop() {
            Some(Open::Paragraph) => {
                self.fields.end_paragraph();
                if !self.builder.open().is_some_and(|draft| draft.props.joins) {
                    self.finish_paragraph();
                }
            }
            Some(Open::Run(outer)) => self.run = *outer,
            Some(Open::FieldChar { at, begins, checked }) => {
                if let Some(checked) = checked {
                    self.put(checkbox(checked), at);
                }
                if begins {
                    self.fields.begin();
                }
            }
            Some(Open::SimpleField(before)) => self.fields.end_down_to(before),
            Some(Open::Table) => self.builder.close_table(),
            Some(Open::Row { heading, deleted }) => self.builder.close_row(heading, !deleted),
            Some(Open::Cell { shape, deleted }) => {
                self.finish_paragraph();
                self.builder.close_cell((!deleted).then_some(shape));
            }
            Some(Open::TextBox { run, fields }) => {
                self.finish_paragraph();
                let blocks = self.builder.close_aside();
                self.builder.put_after(blocks);
                self.run = *run;
                self.fields = fields;
            }
            Some(Open::Note(key)) => {
                self.finish_paragraph();
                let blocks = flatten(self.builder.close_aside(), &Role::Footnote);
                if let Some(key) = key {
                    self.story.notes.entry(key).or_insert(blocks);
                }
            }
            Some(Open::Control { contents: true, .. }) => self.contents = self.contents.saturating_sub(1),
            Some(Open::Prompt) => self.hidden = self.hidden.saturating_sub(1),
            _ => {}
        }
    }

    /// Changes the check box of the field character around the current element.
    fn check(&mut self, change: impl FnOnce(&mut Option<bool>)) {
        let around = self.open.iter_mut().rev().take(4).find_map(|open| match open {
            Open::FieldChar { checked, .. } => Some(checked),
            _ => None,
        });
        if let Some(checked) = around {
            change(checked);
        }
    }

    fn text(&mut self, piece: &str, span: Span) {
        let Some(look) = self.look() else { return };
        // Letters of symbol fonts stand for what they look like.
        if piece.contains(|c| ('\u{f020}'..='\u{f0ff}').contains(&c)) {
            for (i, c) in piece.char_indices() {
                let at = Span::new(span.start + i, span.start + i + c.len_utf8());
                let seen = symbol(c, &self.run.font);
                self.builder.draft().atom(seen.encode_utf8(&mut [0; 4]), at, look);
            }
            return;
        }
        self.builder.draft().add(piece, span, Layout::Lines, look);
    }

    fn character(&mut self, c: char, span: Span) {
        self.put(c.encode_utf8(&mut [0; 4]), span);
    }

    /// Adds what an element stands for.
    fn element(&mut self, characters: &str, element: &Element<'_>) -> Option<Open> {
        if matches!(self.open.last(), Some(Open::Run(_))) {
            self.put(characters, element.span);
        }
        Some(Open::Other)
    }

    fn put(&mut self, characters: &str, span: Span) {
        if let Some(look) = self.look() {
            self.builder.draft().atom(characters, span, look);
        }
    }

    /// How characters look here; `None` where they are not to be seen.
    fn look(&mut self) -> Option<Look> {
        if self.hidden > 0 || self.fields.instructing > 0 {
            return None;
        }
        let (bold, hidden) = match self.run.look {
            Some(look) => look,
            None => {
                let paragraph = self.styles.paragraph(self.builder.draft().props.style.as_deref());
                let character = self.run.style.as_deref().and_then(|id| self.styles.character(id));
                // Bold is a switch: a bold character style in a bold paragraph style turns it off.
                let bold = paragraph.bold != character.is_some_and(|style| style.bold);
                let hidden = paragraph.hidden || character.is_some_and(|style| style.hidden);
                let look = (self.run.bold.unwrap_or(bold), self.run.hidden.unwrap_or(hidden));
                self.run.look = Some(look);
                look
            }
        };
        (!hidden).then_some(Look { bold, contents: self.contents > 0 || self.fields.contents > 0 })
    }

    fn finish_paragraph(&mut self) {
        let (styles, numbering, fields) = (self.styles, &mut *self.numbering, &mut self.fields);
        let generated = self.contents > 0;
        self.builder.close_paragraph(|draft| role(draft, styles, numbering, fields, generated));
    }
}
