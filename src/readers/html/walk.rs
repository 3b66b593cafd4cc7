//! This is the walk through a page's elements in reading order.

use super::marks::{bullet, list_type, order_mark, word_mark};
use super::{style, table};
use crate::document::{Block, Place, Role};
use crate::readers::build::Builder;
use crate::readers::marker::{Kind, marker};
use crate::readers::text;
use scraper::node::Element;
use scraper::{ElementRef, Node};

/// Elements nested deeper than this are read as if they stood at this depth without their own markup.
const DEEPEST: usize = 256;

/// The blocks of a page.
pub(super) fn blocks(root: ElementRef<'_>) -> Vec<Block> {
    let mut walk = Walk::default();
    walk.children(root, Mood::default());
    walk.flush(Mood::default());
    walk.out
}

/// What an element inherits from those around it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Mood {
    /// Letters are bold.
    pub(super) bold: bool,
    /// Which part of the page this is.
    pub(super) part: Part,
    /// Lists around it.
    pub(super) lists: u8,
    /// Elements around it.
    pub(super) depth: usize,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Part {
    /// Running text.
    #[default]
    Body,
    /// A heading.
    Heading(u8),
    /// A footnote.
    Footnote,
    /// A menu, header or footer.
    Furniture,
}

/// The state of the walk.
#[derive(Debug, Default)]
pub(super) struct Walk {
    out: Vec<Block>,
    open: Builder,
    /// The list mark that waits for its item's first words.
    item: Option<(u8, String)>,
    /// Line breaks with nothing between them.
    breaks: usize,
    /// Where Word writes a list mark out, its characters.
    mark: Option<String>,
}

impl Walk {
    /// The blocks inside one element, apart from what is being collected.
    pub(super) fn inside(&mut self, node: ElementRef<'_>, mood: Mood) -> Vec<Block> {
        let outer = std::mem::take(self);
        self.children(node, mood);
        self.flush(mood);
        std::mem::replace(self, outer).out
    }

    fn children(&mut self, node: ElementRef<'_>, mood: Mood) {
        if mood.depth > DEEPEST {
            self.all_text(node, mood);
            return;
        }
        let mood = Mood { depth: mood.depth + 1, ..mood };
        for child in node.children() {
            match child.value() {
                Node::Text(words) => self.words(words, mood),
                Node::Element(element) => {
                    if let Some(child) = ElementRef::wrap(child) {
                        self.element(child, element, mood);
                    }
                }
                _ => {}
            }
        }
    }

    /// Everything below, without recursion.
    fn all_text(&mut self, node: ElementRef<'_>, mood: Mood) {
        for below in node.descendants() {
            if let Some(words) = below.value().as_text()
                && !below.parent().and_then(|parent| parent.value().as_element()).is_some_and(is_skipped)
            {
                self.words(words, mood);
            }
        }
    }

    fn words(&mut self, words: &str, mood: Mood) {
        if let Some(mark) = &mut self.mark {
            mark.push_str(words);
            return;
        }
        if !words.chars().all(char::is_whitespace) {
            if self.breaks >= 2 {
                self.flush(mood);
            } else if self.breaks == 1 {
                self.open.line_break();
            }
            self.breaks = 0;
        }
        self.open.push(words, mood.bold);
    }

    fn element(&mut self, node: ElementRef<'_>, element: &Element, mood: Mood) {
        if is_skipped(element) || style::is_hidden(element) {
            return;
        }
        let mood = Mood { bold: style::bold(element).unwrap_or(mood.bold), ..mood };
        let part = match (element.name(), style::word_part(element)) {
            _ if mood.part == Part::Furniture => Part::Furniture,
            ("nav", _) | (_, Some("header" | "footer")) => Part::Furniture,
            _ if style::is_page_margin(element) => Part::Furniture,
            ("header" | "footer", _) if !within(node, &["article", "section", "main", "blockquote"]) => Part::Furniture,
            ("aside", _) if style::has_class(element, "footnote") => Part::Footnote,
            (_, Some("footnote" | "endnote")) => Part::Footnote,
            _ if style::has_class(element, "MsoFootnoteText") || style::has_class(element, "MsoEndnoteText") => {
                Part::Footnote
            }
            _ if style::has_class(element, "MsoHeader") || style::has_class(element, "MsoFooter") => Part::Furniture,
            _ => mood.part,
        };
        let mood = Mood { part, ..mood };
        match element.name() {
            "br" => self.breaks += usize::from(!self.open.is_empty()),
            "hr" => self.flush(mood),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let level = element.name().as_bytes().get(1).map_or(1, |digit| digit - b'0');
                // A page's title often stands in its <header>: a heading is never mere furniture, except in a menu.
                let part = if within(node, &["nav"]) { Part::Furniture } else { Part::Heading(level) };
                self.block(node, Mood { part, ..mood }, mood);
            }
            "ul" | "ol" | "menu" | "dir" => self.list(node, element, mood),
            "li" => {
                self.flush(mood);
                self.item = Some((mood.lists.saturating_sub(1), "•".to_owned()));
                self.children(node, mood);
                self.flush(mood);
                self.item = None;
            }
            "table" => {
                self.flush(mood);
                let blocks = table::table(self, node, mood);
                self.out.extend(blocks);
            }
            "pre" | "xmp" | "listing" | "plaintext" => self.preformatted(node, mood),
            "dt" => self.block(node, Mood { bold: true, ..mood }, mood),
            "p" | "div" if style::word_list_level(element).is_some() => {
                let level = style::word_list_level(element).unwrap_or(0);
                self.flush(mood);
                self.item = Some((level, "•".to_owned()));
                self.children(node, mood);
                self.flush(mood);
                self.item = None;
            }
            "span" if style::is_word_list_mark(element) => {
                self.mark = Some(String::new());
                self.children(node, mood);
                let mark = self.mark.take().unwrap_or_default();
                if let Some((_, waiting)) = &mut self.item {
                    *waiting = word_mark(&mark);
                }
            }
            "span" if style::property(element, "mso-tab-count").is_some() => self.open.tab(),
            "td" | "th" | "tr" | "tbody" | "thead" | "tfoot" | "caption" => self.block(node, mood, mood),
            name if is_block(name) => self.block(node, mood, mood),
            _ => self.children(node, mood),
        }
    }

    /// An element that begins and ends a paragraph.
    fn block(&mut self, node: ElementRef<'_>, inner: Mood, outer: Mood) {
        self.flush(outer);
        self.children(node, inner);
        self.flush(inner);
    }

    fn list(&mut self, node: ElementRef<'_>, list: &Element, mood: Mood) {
        self.flush(mood);
        let waiting = self.item.take();
        let mood = Mood { lists: mood.lists.saturating_add(1), ..mood };
        let level = mood.lists - 1;
        let ordered = list.name() == "ol";
        let items = node.children().filter(|child| child.value().as_element().is_some_and(|e| e.name() == "li"));
        let backwards = list.attr("reversed").is_some();
        let start = list.attr("start").and_then(|start| start.trim().parse::<i64>().ok());
        let mut order = start.unwrap_or_else(|| if backwards { i64::try_from(items.count()).unwrap_or(1) } else { 1 });
        for child in node.children() {
            let Some(child) = ElementRef::wrap(child) else {
                if let Some(words) = child.value().as_text() {
                    self.words(words, mood);
                }
                continue;
            };
            let element = child.value();
            if element.name() != "li" || is_skipped(element) || style::is_hidden(element) {
                self.element(child, element, mood);
                continue;
            }
            self.flush(mood);
            if let Some(value) = element.attr("value").and_then(|value| value.trim().parse().ok()) {
                order = value;
            }
            let mark = if ordered { order_mark(order, list_type(element, list)) } else { bullet(level).to_owned() };
            self.item = Some((level, mark));
            let bold = style::bold(element).unwrap_or(mood.bold);
            self.children(child, Mood { bold, ..mood });
            self.flush(mood);
            self.item = None;
            order = order.saturating_add(if backwards { -1 } else { 1 });
        }
        self.flush(mood);
        self.item = waiting;
    }

    fn preformatted(&mut self, node: ElementRef<'_>, mood: Mood) {
        self.flush(mood);
        let mut words = String::new();
        for below in node.descendants() {
            match below.value() {
                Node::Text(text) => words.push_str(text),
                Node::Element(element) if element.name() == "br" => words.push('\n'),
                _ => {}
            }
        }
        self.out.extend(text::blocks(&words, text::Ranges::Dropped));
    }

    /// Ends the open paragraph.
    fn flush(&mut self, mood: Mood) {
        self.breaks = 0;
        if self.open.is_empty() {
            return;
        }
        let item = self.item.take();
        let role = match (mood.part, item) {
            (Part::Furniture, _) => Role::Furniture,
            (Part::Footnote, _) => Role::Footnote,
            (Part::Heading(level), _) => Role::Heading(level),
            (Part::Body, Some((level, marker))) => Role::Item { level, marker },
            (Part::Body, None) => Role::Body,
        };
        if role == Role::Body && self.open.text().contains('\n') && self.split_at_marks() {
            return;
        }
        self.out.extend(self.open.finish(role, Place::default()).map(Block::Paragraph));
    }

    /// Lines that begin with list marks are items, even where a page only breaks the line before them.
    fn split_at_marks(&mut self) -> bool {
        let lines = self.open.text().split('\n');
        let marks = lines.clone().filter(|line| marker(line).is_some()).count();
        if marks < 2 && !lines.clone().any(|line| marker(line).is_some_and(|found| found.kind == Kind::Bullet)) {
            return false;
        }
        let Some(whole) = self.open.finish(Role::Body, Place::default()) else { return true };
        for line in whole.text.split('\n') {
            let (role, words) = match marker(line) {
                Some(found) => (Role::Item { level: 0, marker: found.text }, line.get(found.rest..).unwrap_or("")),
                None => (Role::Body, line),
            };
            let mut builder = Builder::default();
            builder.push(words, whole.bold);
            self.out.extend(builder.finish(role, Place::default()).map(Block::Paragraph));
        }
        true
    }
}

/// Elements whose content is no part of the text.
fn is_skipped(element: &Element) -> bool {
    matches!(
        element.name(),
        "script"
            | "style"
            | "template"
            | "noscript"
            | "head"
            | "title"
            | "meta"
            | "link"
            | "svg"
            | "math"
            | "object"
            | "iframe"
            | "audio"
            | "video"
            | "canvas"
            | "select"
            | "datalist"
            | "del"
            | "button"
    )
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "div"
            | "dl"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "header"
            | "hgroup"
            | "html"
            | "legend"
            | "main"
            | "nav"
            | "p"
            | "section"
            | "search"
            | "summary"
            | "textarea"
    )
}

fn within(node: ElementRef<'_>, names: &[&str]) -> bool {
    node.ancestors()
        .take(DEEPEST)
        .any(|above| above.value().as_element().is_some_and(|element| names.contains(&element.name())))
}
