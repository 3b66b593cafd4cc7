//! This is a Word document's style sheet: what a style makes of a paragraph or run, its ancestors included.

use super::WORD;
use crate::readers::markup::{Element, Markup, Token};
use std::collections::HashMap;

/// Ancestors that are followed; real chains have five at most.
const MAX_CHAIN: usize = 32;

/// The style sheet.
#[derive(Debug, Default)]
pub(crate) struct Styles {
    styles: HashMap<String, Style>,
    default_paragraph: Style,
}

/// What a style says, its ancestors included.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Style {
    /// Heading level 1–9.
    pub heading: Option<u8>,
    /// Numbering that belongs to the style; 0 for none.
    pub number: Option<i64>,
    /// Level in that numbering, where the style says so.
    pub level: Option<u8>,
    /// Bold.
    pub bold: bool,
    /// Hidden text.
    pub hidden: bool,
    /// A line of a table of contents.
    pub contents: bool,
}

#[derive(Debug, Default)]
struct Raw {
    id: String,
    name: String,
    based_on: Option<String>,
    number: Option<i64>,
    level: Option<u8>,
    outline: Option<i64>,
    bold: Option<bool>,
    hidden: Option<bool>,
    paragraph: bool,
    default: bool,
}

impl Styles {
    /// Reads the style sheet; what is damaged in it is left out, since text stands without it.
    pub fn read(text: &str) -> Self {
        let mut raws: Vec<Raw> = Vec::new();
        let mut markup = Markup::new(text, WORD);
        let mut raw: Option<Raw> = None;
        // Names of the open elements inside a style.
        let mut open: Vec<&str> = Vec::new();
        while let Ok(Some(token)) = markup.next() {
            match token {
                Token::Open(element) if raw.is_none() && element.key() == ("w", "style") => {
                    raw = Some(Raw {
                        id: element.attr("styleId").unwrap_or_default().into_owned(),
                        paragraph: element.attr("type").is_none_or(|kind| kind == "paragraph"),
                        default: element.attr("default").is_some_and(|value| on(Some(&value))),
                        ..Raw::default()
                    });
                    open.clear();
                }
                Token::Open(_) if raw.is_none() => {}
                Token::Open(element) => {
                    if let Some(raw) = &mut raw {
                        raw.take(&open, &element);
                    }
                    open.push(if element.space == "w" { element.name } else { "" });
                }
                Token::Close if open.pop().is_none() => raws.extend(raw.take()),
                _ => {}
            }
        }
        Self::resolve(&raws)
    }

    /// What paragraph style `id` says, or the default style where none is named.
    pub fn paragraph(&self, id: Option<&str>) -> &Style {
        id.and_then(|id| self.styles.get(id)).unwrap_or(&self.default_paragraph)
    }

    /// What character style `id` says.
    pub fn character(&self, id: &str) -> Option<&Style> {
        self.styles.get(id)
    }

    fn resolve(raws: &[Raw]) -> Self {
        let by_id: HashMap<&str, &Raw> = raws.iter().map(|raw| (raw.id.as_str(), raw)).collect();
        let mut out = Self::default();
        for raw in raws {
            let chain: Vec<&Raw> =
                std::iter::successors(Some(raw), |raw| raw.based_on.as_deref().and_then(|id| by_id.get(id).copied()))
                    .take(MAX_CHAIN)
                    .collect();
            let style = Style {
                heading: chain.iter().find_map(|raw| raw.heading()).flatten(),
                number: chain.iter().find_map(|raw| raw.number),
                level: chain.iter().find_map(|raw| raw.level),
                bold: chain.iter().find_map(|raw| raw.bold).unwrap_or(false),
                hidden: chain.iter().find_map(|raw| raw.hidden).unwrap_or(false),
                contents: raw.contents(),
            };
            if raw.default && raw.paragraph {
                out.default_paragraph = style.clone();
            }
            out.styles.insert(raw.id.clone(), style);
        }
        out
    }
}

impl Raw {
    fn take(&mut self, open: &[&str], element: &Element<'_>) {
        if element.space != "w" {
            return;
        }
        match (open, element.name) {
            ([], "name") => self.name = element.attr("val").unwrap_or_default().into_owned(),
            ([], "basedOn") => self.based_on = element.attr("val").map(|id| id.into_owned()),
            (["pPr"], "outlineLvl") => self.outline = element.number("val"),
            (["pPr", "numPr"], "numId") => self.number = element.number("val"),
            (["pPr", "numPr"], "ilvl") => self.level = level(element),
            (["rPr"], "b") => self.bold = Some(toggle(element)),
            (["rPr"], "vanish") => self.hidden = Some(toggle(element)),
            _ => {}
        }
    }

    /// `Some(None)` where the style says that it is no heading.
    fn heading(&self) -> Option<Option<u8>> {
        if let Some(level) = self.outline {
            return Some(outline(level));
        }
        let name = if self.name.is_empty() { &self.id } else { &self.name };
        heading_name(name).map(Some)
    }

    fn contents(&self) -> bool {
        let name = if self.name.is_empty() { &self.id } else { &self.name };
        let lower = name.to_ascii_lowercase();
        lower.strip_prefix("toc").is_some_and(|rest| {
            let rest = rest.trim();
            rest == "heading" || (rest.len() == 1 && rest.bytes().all(|b| b.is_ascii_digit()))
        })
    }
}

/// The heading level that an outline level 0–8 means; 9 is running text.
pub(crate) fn outline(level: i64) -> Option<u8> {
    u8::try_from(level).ok().filter(|level| *level < 9).map(|level| level + 1)
}

/// True unless a switch such as `<w:b w:val="0"/>` is off.
pub(crate) fn toggle(element: &Element<'_>) -> bool {
    on(element.attr("val").as_deref())
}

/// A numbering level 0–8.
pub(crate) fn level(element: &Element<'_>) -> Option<u8> {
    element.number("val").map(|level| level.clamp(0, 8) as u8)
}

fn on(value: Option<&str>) -> bool {
    !matches!(value, Some("0" | "false" | "off"))
}

/// Word keeps the names of its own styles in English whatever the language.
fn heading_name(name: &str) -> Option<u8> {
    let lower = name.trim().to_ascii_lowercase();
    if lower == "title" {
        return Some(1);
    }
    let digit = lower.strip_prefix("heading")?.trim();
    digit.parse().ok().filter(|level| (1..=9).contains(level))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn styles(inner: &str) -> Styles {
        Styles::read(&format!("<w:styles>{inner}</w:styles>"))
    }

    #[test]
    fn ancestors_hand_down() {
        let styles = styles(
            "<w:style w:type='paragraph' w:styleId='a'><w:name w:val='Mine'/><w:basedOn w:val='b'/></w:style>\
             <w:style w:type='paragraph' w:styleId='b'><w:name w:val='heading 2'/><w:pPr><w:numPr><w:ilvl w:val='1'/>\
             <w:numId w:val='7'/></w:numPr></w:pPr><w:rPr><w:b/></w:rPr></w:style>\
             <w:style w:type='paragraph' w:styleId='c'><w:basedOn w:val='a'/><w:pPr><w:outlineLvl w:val='9'/></w:pPr>\
             <w:rPr><w:b w:val='0'/></w:rPr></w:style>",
        );
        let a = styles.paragraph(Some("a"));
        assert_eq!((a.heading, a.number, a.level, a.bold), (Some(2), Some(7), Some(1), true));
        let c = styles.paragraph(Some("c"));
        assert_eq!((c.heading, c.number, c.bold), (None, Some(7), false));
    }

    #[test]
    fn a_circle_of_ancestors_ends() {
        let styles = styles(
            "<w:style w:styleId='a'><w:basedOn w:val='b'/></w:style>\
             <w:style w:styleId='b'><w:basedOn w:val='a'/><w:rPr><w:vanish/></w:rPr></w:style>",
        );
        assert!(styles.paragraph(Some("a")).hidden);
    }

    #[test]
    fn contents_styles_and_defaults() {
        let styles = styles(
            "<w:style w:styleId='TOC1'><w:name w:val='toc 1'/></w:style>\
             <w:style w:styleId='TOCHeading'><w:name w:val='TOC Heading'/></w:style>\
             <w:style w:type='paragraph' w:default='1' w:styleId='N'><w:rPr><w:b/></w:rPr></w:style>\
             <w:style w:styleId='Heading1'/>",
        );
        assert!(styles.paragraph(Some("TOC1")).contents && styles.paragraph(Some("TOCHeading")).contents);
        assert!(styles.paragraph(None).bold);
        assert_eq!(styles.paragraph(Some("Heading1")).heading, Some(1));
    }
}
