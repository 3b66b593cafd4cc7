//! This is the writer into OpenDocument texts: findings as annotations at the very words, everything else byte for byte.
//!
//! An annotation may stand anywhere in the text of a paragraph, so nothing is cut: marks are put between the bytes and
//! taken out again without trace. In fields and content controls they go around; after a text box they stand on its host.

use super::container::{Changes, Container, WriteError, Written, escaped};
use super::docx::AUTHOR;
use super::remark::{self, Line};
use crate::document::Paragraph;
use crate::readers::markup::{Element, Markup, Token};
use crate::readers::odt::ODF;
use crate::review::Review;
use crate::rules::{Rule, Severity};
use crate::span::Span;
use std::collections::{BTreeMap, HashSet};

const CONTENT: &str = "content.xml";

/// The namespaces that an annotation needs, by the prefix that it uses.
const SPACES: [(&str, &str); 4] = [
    ("office", "urn:oasis:names:tc:opendocument:xmlns:office:1.0"),
    ("text", "urn:oasis:names:tc:opendocument:xmlns:text:1.0"),
    ("dc", "http://purl.org/dc/elements/1.1/"),
    ("meta", "urn:oasis:names:tc:opendocument:xmlns:meta:1.0"),
];

/// Writes what `review` says of the document in `bytes` into it: findings of at least `least`, on the day `date`, as
/// `2026-11-27`. What clearplan wrote into it before is not taken out: see [`remove`].
///
/// # Errors
/// [`WriteError`] where the file is damaged, is not the one that was reviewed, or holds no words.
pub fn annotate(
    bytes: &[u8],
    review: &Review,
    rules: &[Rule],
    date: &str,
    least: Severity,
) -> Result<Written, WriteError> {
    let (mut container, content) = open(bytes)?;
    let document = crate::readers::odt::read(&review.document, bytes)
        .map_err(|_| WriteError::Damaged("the text of the file cannot be read".into()))?;
    let paragraphs = document.paragraphs();
    let body = Body::read(&content).ok_or_else(|| WriteError::Damaged(format!("{CONTENT} is damaged")))?;
    let whole = |paragraph: &&Paragraph| body.ends(paragraph, Span::new(0, paragraph.text.len()));
    let head = paragraphs.iter().filter_map(whole).find(|ends| !ends.boxed).ok_or(WriteError::NothingToMark)?;

    let mut marks = Marks { body: &body, date, places: BTreeMap::new(), next: 0 };
    let mut unmarked = Vec::new();
    let remarks = remark::remarks(review, rules, least);
    let mut found = Vec::new();
    for remark in &remarks {
        let paragraph = paragraphs.get(remark.paragraph).filter(|p| remark.statement.of(&p.text) == remark.text);
        let paragraph = paragraph.ok_or(WriteError::OtherDocument)?;
        match body.ends(paragraph, remark.span) {
            Some(ends) => found.push((ends, remark, remark.span.of(&paragraph.text))),
            None => unmarked.push(remark.id),
        }
    }
    marks.put(head, &remark::summary(review, least, &unmarked, &[remark::AT_WORDS, remark::UNDO]));
    for (ends, remark, words) in &found {
        let mut lines = remark.lines.clone();
        if ends.boxed {
            lines.insert(1, Line::plain(format!("In the text box: “{words}”")));
        }
        marks.put(*ends, &lines);
    }
    let changes: Changes = [(CONTENT.to_owned(), Some(marks.written()))].into();
    let unmarked = unmarked.into_iter().map(str::to_owned).collect();
    Ok(Written { bytes: container.save(&changes)?, comments: found.len(), proposals: 0, unmarked })
}

/// Takes our annotations out of a document; `content.xml` is then the original's byte for byte if only [`annotate`] wrote
/// into it. `None` where there are none.
///
/// # Errors
/// [`WriteError::Damaged`] where the file is.
pub fn remove(bytes: &[u8]) -> Result<Option<Vec<u8>>, WriteError> {
    let (mut container, content) = open(bytes)?;
    let gone = ours(&content).ok_or_else(|| WriteError::Damaged(format!("{CONTENT} is damaged")))?;
    if gone.is_empty() {
        return Ok(None);
    }
    let mut text = String::with_capacity(content.len());
    let mut done = 0;
    for span in gone {
        text.push_str(Span::new(done, span.start).of(&content));
        done = span.end;
    }
    text.push_str(content.get(done..).unwrap_or(""));
    container.save(&[(CONTENT.to_owned(), Some(text))].into()).map(Some)
}

fn open(bytes: &[u8]) -> Result<(Container<'_>, String), WriteError> {
    let mut container = Container::open(bytes)?;
    let content = container.text(CONTENT)?.ok_or_else(|| WriteError::Damaged(format!("{CONTENT} is missing")))?;
    Ok((container, content))
}

/// The annotations by us and the marks where they end, in order; `None` where the markup is damaged.
fn ours(content: &str) -> Option<Vec<Span>> {
    let mut markup = Markup::new(content, ODF);
    let mut open: Vec<Element<'_>> = Vec::new();
    let mut names = HashSet::new();
    let mut found = Vec::new();
    let mut creator = String::new();
    loop {
        match markup.next().ok()? {
            Some(Token::Open(element)) => {
                if element.key() == ("office", "annotation") {
                    creator.clear();
                }
                open.push(element);
            }
            Some(Token::Text(words, _)) => {
                let by = open.iter().rev().take(2).map(|element| element.name).eq(["creator", "annotation"]);
                if by {
                    creator.push_str(words);
                }
            }
            Some(Token::Close) => {
                let element = open.pop()?;
                let name = || element.attr("name").map(|name| name.into_owned());
                let span = Span::new(element.span.start, markup.position());
                match element.key() {
                    ("office", "annotation") if creator == AUTHOR => {
                        names.extend(name());
                        found.push(span);
                    }
                    ("office", "annotation-end") if name().is_some_and(|name| names.contains(&name)) => {
                        found.push(span)
                    }
                    _ => {}
                }
            }
            Some(Token::Char(..)) => {}
            None => return Some(found),
        }
    }
}

/// Where an annotation begins and ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ends {
    start: usize,
    end: usize,
    /// The words are in a text box, and this is the place after it.
    boxed: bool,
}

/// The content taken apart.
struct Body<'t> {
    text: &'t str,
    /// Text of paragraphs and what is passed over as a whole, in order.
    units: Vec<(Span, Unit)>,
    names: HashSet<String>,
    declares: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Text,
    Whole,
    Box,
}

enum Open {
    /// Outside of paragraphs; `true` in a text box.
    Block(bool),
    /// In a paragraph.
    Inline,
    /// Within something that is passed over, which `Some` makes a unit.
    Deep(Option<Unit>),
}

impl<'t> Body<'t> {
    fn read(text: &'t str) -> Option<Self> {
        let mut body = Self { text, units: Vec::new(), names: HashSet::new(), declares: String::new() };
        let mut markup = Markup::new(text, ODF);
        let mut open: Vec<(Open, Span)> = Vec::new();
        loop {
            match markup.next().ok()? {
                Some(Token::Open(element)) => {
                    if open.is_empty() {
                        let root = element.span.of(text);
                        let binds = |prefix: &str, space: &str| {
                            ['"', '\''].iter().any(|q| root.contains(&format!("xmlns:{prefix}={q}{space}{q}")))
                        };
                        let lacks = SPACES.iter().filter(|(prefix, space)| !binds(prefix, space));
                        body.declares = lacks.map(|(prefix, space)| format!(" xmlns:{prefix}=\"{space}\"")).collect();
                    }
                    if element.space == "office" && element.name.starts_with("annotation") {
                        body.names.extend(element.attr("name").map(|name| name.into_owned()));
                    }
                    open.push((entered(open.last().map(|(open, _)| open), &element), element.span));
                }
                Some(Token::Close) => {
                    if let (Open::Deep(Some(unit)), tag) = open.pop()? {
                        body.units.push((Span::new(tag.start, markup.position()), unit));
                    }
                }
                Some(Token::Text(_, span) | Token::Char(_, span)) => {
                    if matches!(open.last(), Some((Open::Inline, _))) {
                        // Literal characters cannot be parted from the marks around them.
                        let literal = text.get(..span.start).is_some_and(|before| before.ends_with("<![CDATA["));
                        let around = Span::new(span.start.saturating_sub(9), span.end + 3);
                        body.units.push(if literal { (around, Unit::Whole) } else { (span, Unit::Text) });
                    }
                }
                None => return Some(body),
            }
        }
    }

    fn ends(&self, paragraph: &Paragraph, span: Span) -> Option<Ends> {
        let source = paragraph.source(span)?;
        let (first, what) = self.unit(source.start)?;
        let (last, _) = self.unit(source.end.checked_sub(1)?)?;
        Some(match what {
            Unit::Box => Ends { start: first.end, end: first.end, boxed: true },
            _ => Ends {
                start: if what == Unit::Text { source.start } else { first.start },
                end: if self.unit(source.end - 1)?.1 == Unit::Text { source.end } else { last.end },
                boxed: false,
            },
        })
    }

    fn unit(&self, byte: usize) -> Option<(Span, Unit)> {
        let index = self.units.partition_point(|(span, _)| span.end <= byte);
        self.units.get(index).copied().filter(|(span, _)| span.start <= byte)
    }
}

fn entered(around: Option<&Open>, element: &Element<'_>) -> Open {
    match (around, element.key()) {
        // No comment can stand in a box that is no word's neighbour.
        (None | Some(Open::Block(false)), ("text", "p" | "h")) => Open::Inline,
        (Some(Open::Block(true)), ("text", "p" | "h")) => Open::Deep(None),
        (None, key) => Open::Block(key.0 == "draw"),
        (Some(Open::Block(boxed)), key) => Open::Block(*boxed || key.0 == "draw"),
        (Some(Open::Inline), ("text", "span" | "a" | "meta")) => Open::Inline,
        (Some(Open::Inline), ("draw", _)) => Open::Deep(Some(Unit::Box)),
        (Some(Open::Inline), _) => Open::Deep(Some(Unit::Whole)),
        (Some(Open::Deep(_)), _) => Open::Deep(None),
    }
}

struct Marks<'m> {
    body: &'m Body<'m>,
    date: &'m str,
    /// What stands at a byte: ends before starts.
    places: BTreeMap<usize, [String; 2]>,
    next: usize,
}

impl Marks<'_> {
    fn put(&mut self, ends: Ends, lines: &[Line]) {
        let name = loop {
            self.next += 1;
            let name = format!("clearplan-{}", self.next);
            if !self.body.names.contains(&name) {
                break name;
            }
        };
        let declares = &self.body.declares;
        let paragraphs: String = lines.iter().map(|line| format!("<text:p>{}</text:p>", escaped(&line.text))).collect();
        let start = format!(
            "<office:annotation{declares} office:name=\"{name}\"><dc:creator>{AUTHOR}</dc:creator><dc:date>{}T00:00:00\
             </dc:date><meta:creator-initials>cp</meta:creator-initials>{paragraphs}</office:annotation>",
            escaped(self.date)
        );
        let end = format!("<office:annotation-end{declares} office:name=\"{name}\"/>");
        let mut add = |at: usize, order: usize, mark: &str| {
            if let Some(place) = self.places.entry(at).or_default().get_mut(order) {
                place.push_str(mark);
            }
        };
        if ends.start == ends.end {
            add(ends.start, 1, &start);
            add(ends.start, 1, &end);
        } else {
            add(ends.start, 1, &start);
            add(ends.end, 0, &end);
        }
    }

    fn written(self) -> String {
        let mut out = String::with_capacity(self.body.text.len());
        let mut done = 0;
        for (at, [ends, starts]) in self.places {
            out.push_str(Span::new(done, at).of(self.body.text));
            out.push_str(&ends);
            out.push_str(&starts);
            done = at;
        }
        out.push_str(self.body.text.get(done..).unwrap_or(""));
        out
    }
}
