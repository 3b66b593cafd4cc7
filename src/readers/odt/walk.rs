//! This is the one pass over a part of an OpenDocument text: its elements open and close, and blocks come out.

mod lists;

use self::lists::List;
use super::ODF;
use super::styles::{Counts, Styles};
use crate::document::{Block, Role};
use crate::readers::flow::{Builder, Layout, Look, MAX_COLUMNS, Merge, Shape, Stop, flatten};
use crate::readers::markup::{Broken, Element, Markup, Token};
use crate::span::Span;
use std::borrow::Cow;
use std::collections::HashMap;

/// Spaces that one element may stand for.
const MAX_SPACES: usize = 100;

/// What one part holds.
#[derive(Default)]
pub(crate) struct Story {
    /// Its blocks in reading order.
    pub blocks: Vec<Block>,
    /// Page headers that it defines.
    pub headers: Vec<Block>,
    /// Page footers that it defines.
    pub footers: Vec<Block>,
    /// Pictures in it.
    pub pictures: usize,
    /// Where reading stopped, if not at the end.
    pub stopped: Option<Stop>,
}

/// Reads one part. Never fails: what cannot be read is said in [`Story::stopped`].
pub(crate) fn walk(text: &str, styles: &Styles) -> Story {
    let mut walker = Walker {
        styles,
        builder: Builder::new(),
        open: Vec::new(),
        look: Look::default(),
        hidden: false,
        lists: Vec::new(),
        counts: Vec::new(),
        by_id: HashMap::new(),
        by_style: HashMap::new(),
        outline: Counts::default(),
        indexes: 0,
        heading_rows: 0,
        story: Story::default(),
    };
    walker.walk(text);
    walker.finish_paragraph();
    Story { blocks: walker.builder.finish(), ..walker.story }
}

struct Walker<'s, 'a> {
    styles: &'s Styles,
    builder: Builder<Props>,
    open: Vec<Open<'a>>,
    look: Look,
    hidden: bool,
    lists: Vec<List<'a>>,
    /// Numbers reached, one entry for each list that counts by itself.
    counts: Vec<Counts>,
    by_id: HashMap<Cow<'a, str>, usize>,
    by_style: HashMap<Cow<'a, str>, usize>,
    outline: Counts,
    /// Open tables of contents and other indexes.
    indexes: usize,
    heading_rows: usize,
    story: Story,
}

/// What a paragraph is, known when it opens.
#[derive(Debug, Default)]
struct Props {
    heading: Option<u8>,
    item: Option<(u8, String)>,
}

/// An element that is open, and what must be put back or finished when it closes.
enum Open<'a> {
    Other,
    /// Characters here are text. What looked otherwise before is put back.
    Inline {
        look: Look,
        hidden: bool,
    },
    Paragraph {
        look: Look,
        hidden: bool,
    },
    List,
    Item,
    Index,
    HeadingRows,
    Table,
    Row {
        heading: bool,
        owed: usize,
    },
    Cell(Shape),
    Aside {
        kind: Aside,
        look: Look,
        hidden: bool,
        lists: Vec<List<'a>>,
        heading_rows: usize,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Aside {
    TextBox,
    Note,
    Header,
    Footer,
}

impl<'a> Walker<'_, 'a> {
    fn walk(&mut self, text: &'a str) {
        let mut markup = Markup::new(text, ODF);
        loop {
            let stop = match markup.next() {
                Ok(Some(Token::Open(element))) => match self.enter(&element) {
                    Some(open) => {
                        self.open.push(open);
                        None
                    }
                    None => markup.skip().err(),
                },
                Ok(Some(Token::Close)) => {
                    self.leave();
                    None
                }
                Ok(Some(Token::Text(piece, span))) => {
                    if self.is_text() && !self.hidden {
                        self.builder.draft().add(piece, span, Layout::All, self.look);
                    }
                    None
                }
                Ok(Some(Token::Char(c, span))) => {
                    if self.is_text() {
                        self.put(c.encode_utf8(&mut [0; 4]), span);
                    }
                    None
                }
                Ok(None) => break,
                Err(broken) => Some(broken),
            };
            if let Some(Broken { at }) = stop {
                self.story.stopped = Some(Stop::Damaged(at));
                break;
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

    /// True where characters are text and not layout of the markup.
    fn is_text(&self) -> bool {
        matches!(self.open.last(), Some(Open::Inline { .. } | Open::Paragraph { .. }))
    }

    /// An element begins; `None` passes over it as a whole.
    fn enter(&mut self, element: &Element<'a>) -> Option<Open<'a>> {
        match element.key() {
            ("text", "p" | "h") => Some(self.paragraph(element)),
            ("text", "list") => Some(self.list(element)),
            ("text", "list-item" | "list-header") => {
                if let Some(list) = self.lists.last_mut() {
                    let begin = element.number("start-value").and_then(|n| u32::try_from(n).ok());
                    list.waits = (element.name == "list-item").then_some(begin);
                }
                Some(Open::Item)
            }
            ("text", "s") => {
                let spaces = " ".repeat(element.count("c", MAX_SPACES));
                self.element(&spaces, element)
            }
            ("text", "tab") => self.element("\t", element),
            ("text", "line-break") => self.element("\n", element),
            ("text", "note") => Some(self.aside(Aside::Note)),
            (
                "text",
                "table-of-content" | "illustration-index" | "table-index" | "object-index" | "user-index"
                | "alphabetical-index" | "bibliography",
            ) => {
                self.indexes += 1;
                Some(Open::Index)
            }
            ("text", "section") => element.attr("display").is_none_or(|value| value != "none").then_some(Open::Other),
            // Deleted under tracked changes, prompts, and what only a machine reads.
            (
                "text",
                "tracked-changes" | "note-citation" | "ruby-text" | "placeholder" | "hidden-text" | "hidden-paragraph"
                | "script",
            ) => None,
            ("text", name) if name.ends_with("-source") || name.ends_with("-decls") => None,
            ("office", "annotation" | "forms" | "scripts" | "styles" | "automatic-styles" | "font-face-decls") => None,
            ("svg", "title" | "desc") => None,
            ("loext", "content-control") => {
                let prompts = element.attr("showing-place-holder").is_some_and(|value| value == "true");
                (!prompts).then(|| self.inline(element))
            }
            ("text", _) => Some(self.inline(element)),
            ("draw", "image" | "object") => {
                self.story.pictures += 1;
                Some(Open::Other)
            }
            (
                "draw",
                "text-box" | "custom-shape" | "rect" | "circle" | "ellipse" | "line" | "connector" | "polyline"
                | "polygon" | "path" | "regular-polygon" | "measure" | "caption",
            ) => Some(self.aside(Aside::TextBox)),
            ("style", "header" | "header-left" | "header-first") => {
                self.is_shown(element).then(|| self.aside(Aside::Header))
            }
            ("style", "footer" | "footer-left" | "footer-first") => {
                self.is_shown(element).then(|| self.aside(Aside::Footer))
            }
            ("table", _) => self.table(element),
            _ => Some(Open::Other),
        }
    }

    fn is_shown(&self, element: &Element<'_>) -> bool {
        element.attr("display").is_none_or(|value| value != "false")
    }

    fn paragraph(&mut self, element: &Element<'a>) -> Open<'a> {
        self.finish_paragraph();
        let name = element.attr("style-name").unwrap_or_default();
        let before = Open::Paragraph { look: self.look, hidden: self.hidden };
        let (bold, hidden) = self.styles.paragraph(&name);
        self.look = Look { bold, contents: false };
        self.hidden = hidden;
        let mut props = Props::default();
        if element.name == "h" {
            props.heading = Some(element.count("outline-level", 9) as u8);
        } else if self.styles.is_title(&name) {
            props.heading = Some(1);
        }
        if self.lists.is_empty() {
            if let (Some(level), "h") = (props.heading, element.name) {
                let level = usize::from(level) - 1;
                let begin = element
                    .attr("restart-numbering")
                    .filter(|value| value == "true")
                    .map(|_| element.number("start-value").and_then(|n| u32::try_from(n).ok()).unwrap_or(1));
                if element.attr("is-list-header").is_none_or(|value| value != "true") {
                    let marker = self.styles.outline().next(&mut self.outline, level, begin);
                    props.item = marker.map(|marker| (level as u8, marker));
                }
            }
        } else {
            props.item = self.item(&name);
        }
        self.builder.draft().props = props;
        before
    }

    fn inline(&mut self, element: &Element<'a>) -> Open<'a> {
        if !self.is_text() {
            return Open::Other;
        }
        let before = Open::Inline { look: self.look, hidden: self.hidden };
        if element.name == "span" {
            let (bold, hidden) = self.styles.span(&element.attr("style-name").unwrap_or_default());
            self.look.bold = bold.unwrap_or(self.look.bold);
            self.hidden = hidden.unwrap_or(self.hidden);
        }
        before
    }

    fn table(&mut self, element: &Element<'a>) -> Option<Open<'a>> {
        match element.name {
            "table" => {
                self.finish_paragraph();
                Some(if self.builder.open_table() { Open::Table } else { Open::Other })
            }
            "table-header-rows" => {
                self.heading_rows += 1;
                Some(Open::HeadingRows)
            }
            "table-row" => {
                let heading = self.heading_rows > 0;
                Some(if self.builder.open_row() { Open::Row { heading, owed: 0 } } else { Open::Other })
            }
            "table-cell" => {
                let shape = Shape {
                    columns: element.count("number-columns-spanned", MAX_COLUMNS),
                    rows: element.count("number-rows-spanned", usize::MAX),
                    merge: Merge::None,
                };
                Some(if self.builder.open_cell() { Open::Cell(shape) } else { Open::Other })
            }
            "covered-table-cell" => {
                let mut columns = element.count("number-columns-repeated", MAX_COLUMNS);
                if let Some(Open::Row { owed, .. }) = self.open.last_mut() {
                    // Columns that the cell on the left covers were counted with it.
                    let paid = columns.min(*owed);
                    *owed -= paid;
                    columns -= paid;
                }
                self.builder.pass_columns(columns);
                None
            }
            _ => Some(Open::Other),
        }
    }

    fn aside(&mut self, kind: Aside) -> Open<'a> {
        if !self.builder.open_aside() {
            return Open::Other;
        }
        let (look, hidden, heading_rows) = (self.look, self.hidden, self.heading_rows);
        self.look = Look::default();
        self.hidden = false;
        self.heading_rows = 0;
        Open::Aside { kind, look, hidden, lists: std::mem::take(&mut self.lists), heading_rows }
    }

    fn leave(&mut self) {
        match self.open.pop() {
            Some(Open::Inline { look, hidden }) => (self.look, self.hidden) = (look, hidden),
            Some(Open::Paragraph { look, hidden }) => {
                self.finish_paragraph();
                (self.look, self.hidden) = (look, hidden);
            }
            Some(Open::List) => drop(self.lists.pop()),
            Some(Open::Item) => {
                if let Some(list) = self.lists.last_mut() {
                    list.waits = None;
                }
            }
            Some(Open::Index) => self.indexes = self.indexes.saturating_sub(1),
            Some(Open::HeadingRows) => self.heading_rows = self.heading_rows.saturating_sub(1),
            Some(Open::Table) => self.builder.close_table(),
            Some(Open::Row { heading, .. }) => self.builder.close_row(heading, true),
            Some(Open::Cell(shape)) => {
                self.finish_paragraph();
                self.builder.close_cell(Some(shape));
                if let Some(Open::Row { owed, .. }) = self.open.last_mut() {
                    *owed = shape.columns - 1;
                }
            }
            Some(Open::Aside { kind, look, hidden, lists, heading_rows }) => {
                self.finish_paragraph();
                let blocks = self.builder.close_aside();
                (self.look, self.hidden, self.lists, self.heading_rows) = (look, hidden, lists, heading_rows);
                match kind {
                    // A note or box on hidden words is hidden with them.
                    Aside::TextBox | Aside::Note if self.hidden => {}
                    Aside::TextBox => self.builder.put_after(blocks),
                    Aside::Note => self.builder.put_after(flatten(blocks, &Role::Footnote)),
                    Aside::Header => self.story.headers.extend(flatten(blocks, &Role::Furniture)),
                    Aside::Footer => self.story.footers.extend(flatten(blocks, &Role::Furniture)),
                }
            }
            Some(Open::Other) | None => {}
        }
    }

    /// Adds what an element stands for.
    fn element(&mut self, characters: &str, element: &Element<'_>) -> Option<Open<'a>> {
        if self.is_text() {
            self.put(characters, element.span);
        }
        Some(Open::Other)
    }

    fn put(&mut self, characters: &str, span: Span) {
        if !self.hidden {
            self.builder.draft().atom(characters, span, self.look);
        }
    }

    fn finish_paragraph(&mut self) {
        let generated = self.indexes > 0;
        self.builder.close_paragraph(|draft| {
            let item = draft.props.item.take();
            match (draft.props.heading, item) {
                _ if generated => Role::Furniture,
                (Some(level), item) => {
                    if let Some((_, marker)) = item {
                        draft.prefix(&format!("{marker} "));
                    }
                    Role::Heading(level)
                }
                (None, Some((level, marker))) => Role::Item { level, marker },
                (None, None) => Role::Body,
            }
        });
    }
}
