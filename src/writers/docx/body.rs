//! This is the markup of a Word document's main part as far as marks need it: which bytes are runs, which of them can be
//! cut, and what has to be passed over as a whole.
//!
//! The same walk over the same bytes as the reader's, so a place that the reader gives is found here.

use crate::readers::docx::WORD;
use crate::readers::markup::{Element, Markup, Token};
use crate::span::Span;
use std::collections::HashSet;

/// The main part taken apart.
pub(super) struct Body<'t> {
    pub text: &'t str,
    /// Runs, and what is no run but may hold some, in order.
    pub units: Vec<Unit>,
    /// Text boxes, in which Word takes no comments.
    boxes: Vec<Span>,
    /// Prefix of the Word namespace, as in `w:`.
    pub prefix: String,
    /// What a mark must declare by itself, because the root does not.
    pub declares: String,
    /// True for the strict variant of the format.
    pub strict: bool,
    /// Numbers that annotations have.
    pub ids: HashSet<i64>,
    /// Comment ranges that there are.
    pub ranges: usize,
}

/// A piece of a paragraph.
pub(super) enum Unit {
    Run(Run),
    /// An inline content control, an equation and the like: marks go around it.
    Whole(Span),
}

/// A run.
pub(super) struct Run {
    pub whole: Span,
    pub open: Span,
    /// `w:rPr`.
    pub props: Option<Span>,
    pub children: Vec<Child>,
    /// It stands in a tracked insertion or move.
    pub tracked: bool,
}

/// A child of a run other than its properties.
pub(super) struct Child {
    pub whole: Span,
    pub kind: Kind,
}

pub(super) enum Kind {
    /// Characters: the opening tag, what stands between the tags, and whether that may be cut.
    Text { open: Span, content: Span, plain: bool },
    /// An element that stands for characters.
    Character,
    /// Anything else; true where something stands within it.
    Other(bool),
}

/// Where a mark goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    pub at: usize,
    pub cut: Cut,
    /// The words are in a text box, and this is the place after it.
    pub boxed: bool,
}

/// What has to be cut there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// Nothing: it is between runs.
    Edge,
    /// A run, by its unit, between two children.
    Run(usize),
    /// A run, by its unit, inside the text of that child.
    Text(usize, usize),
}

/// Which end of some words is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Start,
    End,
}

enum Open {
    /// Outside of paragraphs.
    Block,
    /// In a paragraph, where runs are children.
    Inline {
        tracked: bool,
    },
    Run,
    Props,
    Child {
        text: bool,
    },
    /// Within something that is passed over; `true` where it becomes a unit.
    Deep {
        unit: bool,
        boxed: bool,
    },
}

impl<'t> Body<'t> {
    /// Takes the part apart; `None` where its markup is damaged.
    pub fn read(text: &'t str) -> Option<Self> {
        let mut body = Body {
            text,
            units: Vec::new(),
            boxes: Vec::new(),
            prefix: String::new(),
            declares: String::new(),
            strict: false,
            ids: HashSet::new(),
            ranges: 0,
        };
        let mut open: Vec<(Open, Span)> = Vec::new();
        let mut markup = Markup::new(text, WORD);
        loop {
            let before = markup.position();
            match markup.next().ok()? {
                Some(Token::Open(element)) => {
                    if open.is_empty() {
                        body.root(&element);
                    }
                    body.note(&element);
                    let next = body.enter(open.last().map(|(open, _)| open), &element);
                    open.push((next, element.span));
                }
                Some(Token::Close) => {
                    let (what, tag) = open.pop()?;
                    body.leave(&what, tag, before, markup.position());
                }
                Some(Token::Text(_, span)) => {
                    // A section of literal characters cannot be cut: `]]>` would be missing.
                    if text.get(..span.start).is_some_and(|before| before.ends_with("<![CDATA[")) {
                        body.solid();
                    }
                }
                Some(Token::Char(..)) => {}
                None => break,
            }
        }
        Some(body)
    }

    fn root(&mut self, element: &Element<'_>) {
        let tag = element.span.of(self.text);
        self.strict = tag.contains("http://purl.oclc.org/ooxml/wordprocessingml/main");
        let name = tag.trim_start_matches('<').split([' ', '>', '/', '\t', '\r', '\n']).next().unwrap_or_default();
        match name.split_once(':') {
            Some((prefix, _)) if tag.contains(&format!("xmlns:{prefix}=")) => self.prefix = format!("{prefix}:"),
            _ => {
                self.prefix = "w:".to_owned();
                self.declares = format!(" xmlns:w=\"{}\"", namespace(self.strict));
            }
        }
    }

    fn note(&mut self, element: &Element<'_>) {
        if element.space == "w" {
            self.ids.extend(element.number("id"));
            self.ranges += usize::from(element.name == "commentRangeStart");
        }
    }

    fn enter(&mut self, around: Option<&Open>, element: &Element<'_>) -> Open {
        let deep = |unit| Open::Deep { unit, boxed: element.key() == ("w", "txbxContent") };
        match around {
            None | Some(Open::Block) if element.key() == ("w", "p") => Open::Inline { tracked: false },
            None | Some(Open::Block) => Open::Block,
            Some(Open::Inline { tracked }) => match element.key() {
                ("w", "r") => {
                    let (open, whole) = (element.span, element.span);
                    self.units.push(Unit::Run(Run {
                        whole,
                        open,
                        props: None,
                        children: Vec::new(),
                        tracked: *tracked,
                    }));
                    Open::Run
                }
                ("w", "ins" | "moveTo") => Open::Inline { tracked: true },
                ("w", "hyperlink" | "smartTag" | "customXml" | "fldSimple" | "dir" | "bdo") => {
                    Open::Inline { tracked: *tracked }
                }
                // Nothing of these is visible.
                ("w", "pPr" | "del" | "moveFrom") => deep(false),
                _ => deep(true),
            },
            Some(Open::Run) => {
                let Some(Unit::Run(run)) = self.units.last_mut() else { return deep(false) };
                if element.key() == ("w", "rPr") && run.children.is_empty() {
                    return Open::Props;
                }
                let span = element.span;
                let kind = match element.key() {
                    ("w", "t") => Kind::Text { open: span, content: span, plain: true },
                    ("w", "tab" | "ptab" | "br" | "cr" | "noBreakHyphen" | "sym") => Kind::Character,
                    _ => Kind::Other(false),
                };
                let text = matches!(kind, Kind::Text { .. });
                run.children.push(Child { whole: span, kind });
                Open::Child { text }
            }
            Some(Open::Child { .. }) => {
                if let Some(Unit::Run(run)) = self.units.last_mut()
                    && let Some(child) = run.children.last_mut()
                {
                    child.kind = Kind::Other(true);
                }
                deep(false)
            }
            Some(Open::Props | Open::Deep { .. }) => deep(false),
        }
    }

    fn leave(&mut self, what: &Open, tag: Span, before: usize, after: usize) {
        let whole = Span::new(tag.start, after);
        match (what, self.units.last_mut()) {
            (Open::Run, Some(Unit::Run(run))) => run.whole = whole,
            (Open::Props, Some(Unit::Run(run))) => run.props = Some(whole),
            (Open::Child { text }, Some(Unit::Run(run))) => {
                let Some(child) = run.children.last_mut() else { return };
                child.whole = whole;
                if let (true, Kind::Text { content, .. }) = (text, &mut child.kind) {
                    *content = Span::new(tag.end, before);
                }
            }
            (Open::Deep { unit, boxed }, _) => {
                if *boxed {
                    self.boxes.push(whole);
                }
                if *unit {
                    self.units.push(Unit::Whole(whole));
                }
            }
            _ => {}
        }
    }

    fn solid(&mut self) {
        if let Some(Unit::Run(run)) = self.units.last_mut()
            && let Some(Child { kind: Kind::Text { plain, .. }, .. }) = run.children.last_mut()
        {
            *plain = false;
        }
    }

    /// The unit that holds the byte before (`End`) or after (`Start`) `at`.
    pub fn unit(&self, at: usize, side: Side) -> Option<usize> {
        let at = if side == Side::End { at.checked_sub(1)? } else { at };
        let index = self.units.partition_point(|unit| unit.whole().end <= at);
        (self.units.get(index)?.whole().start <= at).then_some(index)
    }

    /// Where a mark for words that start or end at byte `at` goes; `None` where no paragraph holds that byte.
    pub fn spot(&self, at: usize, side: Side) -> Option<Spot> {
        let index = self.unit(at, side)?;
        let unit = self.units.get(index)?;
        let inside = if side == Side::End { at - 1 } else { at };
        if self.boxes.iter().any(|span| span.start <= inside && inside < span.end) {
            return Some(Spot { at: unit.whole().end, cut: Cut::Edge, boxed: true });
        }
        let around = |span: Span| if side == Side::Start { span.start } else { span.end };
        let edge = |at| Some(Spot { at, cut: Cut::Edge, boxed: false });
        let Unit::Run(run) = unit else { return edge(around(unit.whole())) };
        let Some(place) = run.children.iter().position(|child| child.whole.start <= inside && inside < child.whole.end)
        else {
            return edge(around(run.whole));
        };
        let child = run.children.get(place)?;
        match child.kind {
            Kind::Other(true) => return edge(around(run.whole)),
            Kind::Text { content, plain: true, .. } if at > content.start && at < content.end => {
                return Some(Spot { at, cut: Cut::Text(index, place), boxed: false });
            }
            _ => {}
        }
        let outermost = if side == Side::Start { place == 0 } else { place + 1 == run.children.len() };
        if outermost {
            return edge(around(run.whole));
        }
        Some(Spot { at: around(child.whole), cut: Cut::Run(index), boxed: false })
    }

    /// An attribute `xmlns` and tag names for a mark.
    pub fn tag(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }
}

impl Unit {
    pub fn whole(&self) -> Span {
        match self {
            Self::Run(run) => run.whole,
            Self::Whole(span) => *span,
        }
    }
}

/// The address of the Word namespace.
pub(super) fn namespace(strict: bool) -> &'static str {
    if strict {
        "http://purl.oclc.org/ooxml/wordprocessingml/main"
    } else {
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    }
}
