//! This is XML as the docx and odt readers walk it: elements by known namespace, and every piece with its bytes.

use crate::span::Span;
use quick_xml::XmlVersion;
use quick_xml::events::attributes::Attributes;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use std::borrow::Cow;

/// Rebound prefixes that are remembered; more occur only in files made to harm.
const MAX_PREFIXES: usize = 64;

/// Elements within each other; real parts have fewer than two hundred.
const MAX_DEPTH: usize = 4_000;

/// Something in the markup. An empty element is given as an `Open` and a `Close`.
pub(crate) enum Token<'a> {
    /// An element begins.
    Open(Element<'a>),
    /// The element opened last ends.
    Close,
    /// Characters as written, with no references in them.
    Text(&'a str, Span),
    /// One character that stands behind a reference such as `&amp;`.
    Char(char, Span),
}

/// The opening tag of an element.
#[derive(Clone, Copy)]
pub(crate) struct Element<'a> {
    /// The usual prefix of its namespace, whatever prefix the file uses; empty for namespaces that are not known.
    pub space: &'static str,
    /// Its name without prefix.
    pub name: &'a str,
    /// The bytes of the tag.
    pub span: Span,
    tag: &'a str,
    name_len: usize,
}

/// Why the markup could not be read to its end.
pub(crate) struct Broken {
    /// Byte at which reading stopped.
    pub at: usize,
}

/// A walk through some markup.
pub(crate) struct Markup<'a> {
    text: &'a str,
    reader: Reader<&'a [u8]>,
    /// Length of the byte-order mark, which the reader would count in some builds only.
    base: usize,
    prefixes: Vec<(&'a str, &'static str)>,
    known: &'static [(&'static str, &'static str)],
    depth: usize,
}

impl<'a> Markup<'a> {
    /// A walk through `text`, in which `known` namespaces (address, usual prefix) are told apart.
    pub fn new(text: &'a str, known: &'static [(&'static str, &'static str)]) -> Self {
        let body = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = Reader::from_str(body);
        reader.config_mut().expand_empty_elements = true;
        Self { text, reader, base: text.len() - body.len(), prefixes: Vec::new(), known, depth: 0 }
    }

    /// The next token; `None` at the end.
    ///
    /// # Errors
    /// [`Broken`] where the markup is not well-formed, nests too deep or ends inside an element.
    pub fn next(&mut self) -> Result<Option<Token<'a>>, Broken> {
        loop {
            let start = self.position();
            let event = self.reader.read_event().map_err(|_| Broken { at: start })?;
            let span = Span::new(start, self.position());
            match event {
                Event::Start(tag) | Event::Empty(tag) => {
                    self.depth += 1;
                    if self.depth > MAX_DEPTH {
                        return Err(Broken { at: start });
                    }
                    let name_len = tag.name().as_ref().len();
                    return Ok(Some(Token::Open(self.element(&tag, name_len, span))));
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(Some(Token::Close));
                }
                Event::Text(_) => return Ok(Some(Token::Text(span.of(self.text), span))),
                Event::CData(_) => {
                    // `<![CDATA[` and `]]>` stand around the characters.
                    let inner = Span::new(span.start + 9, span.end.saturating_sub(3));
                    return Ok(Some(Token::Text(inner.of(self.text), inner)));
                }
                Event::GeneralRef(reference) => {
                    let named = match reference.clone().into_inner().as_ref() {
                        "amp" => Some('&'),
                        "lt" => Some('<'),
                        "gt" => Some('>'),
                        "quot" => Some('"'),
                        "apos" => Some('\''),
                        _ => reference.resolve_char_ref().ok().flatten().filter(|&c| c != '\0'),
                    };
                    return Ok(Some(Token::Char(named.unwrap_or(char::REPLACEMENT_CHARACTER), span)));
                }
                Event::Eof if self.depth > 0 => return Err(Broken { at: start }),
                Event::Eof => return Ok(None),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            }
        }
    }

    /// Passes over the rest of the element opened last.
    ///
    /// # Errors
    /// [`Broken`] as for [`next`](Self::next).
    pub fn skip(&mut self) -> Result<(), Broken> {
        let inside = self.depth;
        while self.depth >= inside {
            if self.next()?.is_none() {
                break;
            }
        }
        Ok(())
    }

    /// Byte at which the next token begins.
    pub fn position(&self) -> usize {
        self.reader.buffer_position() as usize + self.base
    }

    fn element(&mut self, tag: &BytesStart<'a>, name_len: usize, span: Span) -> Element<'a> {
        // The tag without its brackets, cut from the text so that it outlives the event.
        let inner = Span::new(span.start + 1, span.start + 1 + tag.len()).of(self.text);
        if inner.contains("xmlns") {
            self.declare(Attributes::new(inner, name_len));
        }
        let full = inner.get(..name_len).unwrap_or("");
        let (prefix, name) = full.split_once(':').unwrap_or(("", full));
        Element { space: self.space(prefix), name, span, tag: inner, name_len }
    }

    fn space(&self, prefix: &str) -> &'static str {
        if let Some(&(_, space)) = self.prefixes.iter().find(|(bound, _)| *bound == prefix) {
            return space;
        }
        // A prefix that was never bound is taken at its usual meaning: damaged files lose declarations.
        self.known.iter().find(|(_, usual)| *usual == prefix).map_or("", |&(_, usual)| usual)
    }

    /// Keeps the bindings that matter. A prefix bound twice keeps its last meaning, scopes apart: no real file binds a
    /// prefix to two namespaces that are read here.
    fn declare(&mut self, mut attributes: Attributes<'a>) {
        for attribute in attributes.with_checks(false).flatten() {
            let key: &'a str = attribute.key.into_inner();
            let prefix = match key.strip_prefix("xmlns") {
                Some("") => "",
                Some(rest) if rest.starts_with(':') => &rest[1..],
                _ => continue,
            };
            let address = attribute.value.as_ref();
            let space = self.known.iter().find(|(known, _)| *known == address).map_or("", |&(_, usual)| usual);
            let usual = self.known.iter().any(|(_, usual)| *usual == prefix);
            if let Some(bound) = self.prefixes.iter_mut().find(|(bound, _)| *bound == prefix) {
                bound.1 = space;
            } else if (usual || !space.is_empty()) && self.prefixes.len() < MAX_PREFIXES {
                self.prefixes.push((prefix, space));
            }
        }
    }
}

impl<'a> Element<'a> {
    /// Namespace and name, to match on.
    pub fn key(&self) -> (&'static str, &'a str) {
        (self.space, self.name)
    }

    /// The value of the attribute whose name without prefix is `name`.
    pub fn attr(&self, name: &str) -> Option<Cow<'a, str>> {
        Attributes::new(self.tag, self.name_len)
            .with_checks(false)
            .map_while(Result::ok)
            .find(|attribute| attribute.key.local_name().into_inner() == name)
            .and_then(|attribute| attribute.normalized_value(XmlVersion::Explicit1_0).ok())
    }

    /// The value of that attribute as a whole number; `None` where it is absent or no number.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.attr(name)?.trim().parse().ok()
    }

    /// The value of that attribute as a count: at least 1, at most `most`; 1 where it is absent or no number.
    pub fn count(&self, name: &str, most: usize) -> usize {
        self.number(name).map_or(1, |n| usize::try_from(n).unwrap_or(1).clamp(1, most))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[(&str, &str)] = &[("urn:w", "w"), ("urn:strict", "w"), ("urn:m", "m")];

    fn walk(text: &str) -> (String, bool) {
        let mut markup = Markup::new(text, KNOWN);
        let mut out = String::new();
        loop {
            match markup.next() {
                Ok(Some(Token::Open(e))) => out.push_str(&format!("<{}|{}", e.space, e.name)),
                Ok(Some(Token::Close)) => out.push('>'),
                Ok(Some(Token::Text(piece, span))) => {
                    assert_eq!(span.of(text), piece);
                    out.push_str(piece);
                }
                Ok(Some(Token::Char(c, span))) => {
                    assert!(span.of(text).starts_with('&') && span.of(text).ends_with(';'));
                    out.push(c);
                }
                Ok(None) => return (out, true),
                Err(_) => return (out, false),
            }
        }
    }

    #[test]
    fn namespaces_are_told_apart_by_address() {
        let (out, whole) = walk("<x:p xmlns:x='urn:strict' xmlns:w='urn:other'><w:p/><y:p/><m:t/></x:p>");
        assert_eq!((out.as_str(), whole), ("<w|p<|p><|p><m|t>>", true));
        assert_eq!(walk("<p xmlns='urn:w'><t/></p>").0, "<w|p<w|t>>");
    }

    #[test]
    fn references_and_cdata_keep_their_bytes() {
        let (out, whole) = walk("\u{feff}<w:t>a &amp; b&#8217;s <![CDATA[<c>]]>&nope;</w:t>");
        assert_eq!((out.as_str(), whole), ("<w|ta & b’s <c>\u{fffd}>", true));
    }

    #[test]
    fn an_end_inside_an_element_is_broken() {
        assert_eq!(walk("<w:p><w:t>a"), ("<w|p<w|ta".to_owned(), false));
        assert!(!walk("<w:p></w:t>").1);
    }

    #[test]
    fn attributes_are_unescaped() {
        let mut markup = Markup::new("<w:a w:val='1 &lt; 2' n='-7' big='99999999999999999999'/>", KNOWN);
        let Ok(Some(Token::Open(element))) = markup.next() else { panic!("no element") };
        assert_eq!(element.attr("val").as_deref(), Some("1 < 2"));
        assert_eq!((element.number("n"), element.number("big"), element.number("no")), (Some(-7), None, None));
        assert_eq!((element.count("n", 9), element.count("val", 9)), (1, 1));
    }

    #[test]
    fn skip_ends_with_its_element() {
        let mut markup = Markup::new("<a><b><b>x</b><c/></b>y</a>", KNOWN);
        assert!(markup.next().is_ok() && markup.next().is_ok() && markup.skip().is_ok());
        assert!(matches!(markup.next(), Ok(Some(Token::Text("y", _)))));
    }
}
