//! This is an OpenDocument style sheet: what a style makes of a paragraph or span, and how lists count.

use super::ODF;
use crate::readers::markup::{Element, Markup, Token};
use crate::readers::numeral::Numeral;
use std::collections::HashMap;

/// Ancestors that are followed; real chains have five at most.
const MAX_CHAIN: usize = 32;
/// Levels of a list.
pub(crate) const LEVELS: usize = 10;
/// Bytes that a marker may have; real ones are under twenty.
const MAX_MARKER: usize = 80;

/// Numbers reached on each level of a list.
pub(crate) type Counts = [Option<u32>; LEVELS];

/// The named styles of a document and its own automatic ones.
#[derive(Debug, Default)]
pub(crate) struct Styles {
    paragraphs: HashMap<String, Style>,
    spans: HashMap<String, Style>,
    lists: HashMap<String, ListStyle>,
    outline: ListStyle,
}

#[derive(Debug, Default)]
struct Style {
    parent: Option<String>,
    list: Option<String>,
    bold: Option<bool>,
    hidden: Option<bool>,
}

/// The levels of a list, from the outermost.
#[derive(Debug, Default)]
pub(crate) struct ListStyle([Option<Level>; LEVELS]);

#[derive(Debug, Default, Clone)]
struct Level {
    bullet: Option<String>,
    numeral: Numeral,
    prefix: String,
    suffix: String,
    /// Levels that the marker shows, this one included.
    shown: usize,
    start: u32,
    /// The whole marker with `%1%` for numbers, where the file says it so.
    format: Option<String>,
}

impl Styles {
    /// Reads the styles at the head of a part, up to its text; automatic styles only where `automatic` says so. What is
    /// damaged is left out, since text stands without it.
    pub fn read(&mut self, text: &str, automatic: bool) {
        let mut markup = Markup::new(text, ODF);
        let mut style: Option<(bool, String, Style)> = None;
        let mut list: Option<(Option<String>, ListStyle)> = None;
        let mut open: Vec<(&'static str, &str)> = Vec::new();
        while let Ok(Some(token)) = markup.next() {
            match token {
                Token::Open(element) => {
                    let passed = match element.key() {
                        ("office", "body" | "master-styles") => return,
                        ("office", "automatic-styles") => !automatic,
                        ("style", "style") => {
                            let family = element.attr("family").unwrap_or_default();
                            if family == "paragraph" || family == "text" {
                                let name = element.attr("name").unwrap_or_default().into_owned();
                                let parent = element.attr("parent-style-name").map(|name| name.into_owned());
                                let list = element.attr("list-style-name").map(|name| name.into_owned());
                                style = Some((family == "text", name, Style { parent, list, ..Style::default() }));
                            }
                            false
                        }
                        ("style", "text-properties") => {
                            if let Some((_, _, style)) = &mut style {
                                style.bold = element.attr("font-weight").map(|weight| bold(&weight)).or(style.bold);
                                style.hidden = element.attr("display").map(|value| value == "none").or(style.hidden);
                            }
                            false
                        }
                        ("text", "list-style") => {
                            let name = element.attr("name").map(|name| name.into_owned());
                            list = Some((name, ListStyle::default()));
                            false
                        }
                        ("text", "outline-style") => {
                            list = Some((None, ListStyle::default()));
                            false
                        }
                        ("text", _) => {
                            if let Some((_, list)) = &mut list {
                                list.take(&element);
                            }
                            false
                        }
                        _ => false,
                    };
                    if passed {
                        if markup.skip().is_err() {
                            return;
                        }
                    } else {
                        open.push(element.key());
                    }
                }
                Token::Close => match open.pop() {
                    Some(("style", "style")) => {
                        if let Some((span, name, style)) = style.take() {
                            let styles = if span { &mut self.spans } else { &mut self.paragraphs };
                            styles.insert(name, style);
                        }
                    }
                    Some(("text", "list-style" | "outline-style")) => match list.take() {
                        Some((Some(name), list)) => drop(self.lists.insert(name, list)),
                        Some((None, list)) => self.outline = list,
                        None => {}
                    },
                    _ => {}
                },
                _ => {}
            }
        }
    }

    /// Whether paragraph style `name` is bold, and whether it is hidden.
    pub fn paragraph(&self, name: &str) -> (bool, bool) {
        let bold = chain(&self.paragraphs, name).find_map(|(_, style)| style.bold);
        let hidden = chain(&self.paragraphs, name).find_map(|(_, style)| style.hidden);
        (bold.unwrap_or(false), hidden.unwrap_or(false))
    }

    /// Whether span style `name` says that it is bold or not, hidden or not.
    pub fn span(&self, name: &str) -> (Option<bool>, Option<bool>) {
        let bold = chain(&self.spans, name).find_map(|(_, style)| style.bold);
        let hidden = chain(&self.spans, name).find_map(|(_, style)| style.hidden);
        (bold, hidden)
    }

    /// The list style that paragraph style `name` asks for.
    pub fn list_of(&self, name: &str) -> Option<&str> {
        chain(&self.paragraphs, name).find_map(|(_, style)| style.list.as_deref()).filter(|name| !name.is_empty())
    }

    /// True where paragraph style `name` is the document title's, or made from it.
    pub fn is_title(&self, name: &str) -> bool {
        name == "Title" || chain(&self.paragraphs, name).any(|(_, style)| style.parent.as_deref() == Some("Title"))
    }

    /// List style `name`.
    pub fn list(&self, name: &str) -> Option<&ListStyle> {
        self.lists.get(name)
    }

    /// How headings count.
    pub fn outline(&self) -> &ListStyle {
        &self.outline
    }
}

impl ListStyle {
    /// Counts one more paragraph at `level` (from `begin`, where that is given) and gives its marker; `None` where it
    /// has none.
    pub fn next(&self, counts: &mut Counts, level: usize, begin: Option<u32>) -> Option<String> {
        let this = self.0.get(level)?.as_ref()?;
        let number = begin.unwrap_or_else(|| counts[level].map_or(this.start, |n| n.saturating_add(1)));
        counts[level] = Some(number);
        for deeper in counts.iter_mut().skip(level + 1) {
            *deeper = None;
        }
        if let Some(bullet) = &this.bullet {
            return Some(bullet.clone());
        }
        let numeral = |i: usize| {
            self.0
                .get(i)
                .and_then(Option::as_ref)
                .map_or_else(String::new, |level| level.numeral.write(counts[i].unwrap_or(level.start)))
        };
        let marker = match &this.format {
            Some(format) => {
                let mut marker = format.clone();
                for i in 0..=level {
                    let sign = format!("%{}%", i + 1);
                    if marker.contains(&sign) {
                        marker = marker.replace(&sign, &numeral(i));
                    }
                }
                marker
            }
            None if this.numeral == Numeral::Nothing => format!("{}{}", this.prefix, this.suffix),
            None => {
                let from = (level + 1).saturating_sub(this.shown.max(1));
                let numbers: Vec<String> = (from..=level).map(numeral).filter(|number| !number.is_empty()).collect();
                format!("{}{}{}", this.prefix, numbers.join("."), this.suffix)
            }
        };
        Some(marker.trim().to_owned()).filter(|marker| !marker.is_empty() && marker.len() <= MAX_MARKER)
    }

    fn take(&mut self, element: &Element<'_>) {
        let bullet = match element.name {
            "list-level-style-number" | "outline-level-style" => None,
            "list-level-style-bullet" => Some(element.attr("bullet-char").unwrap_or_default().into_owned()),
            "list-level-style-image" => Some(String::new()),
            _ => return,
        };
        let Some(slot) = element.count("level", LEVELS).checked_sub(1).and_then(|i| self.0.get_mut(i)) else { return };
        let string = |name: &str| element.attr(name).unwrap_or_default().into_owned();
        let numeral = match element.attr("num-format").unwrap_or_default().as_ref() {
            "a" => Numeral::Letters,
            "A" => Numeral::Capitals,
            "i" => Numeral::Roman,
            "I" => Numeral::RomanCapitals,
            "" => Numeral::Nothing,
            format if format.starts_with('0') => Numeral::Padded,
            _ => Numeral::Decimal,
        };
        *slot = Some(Level {
            bullet: bullet.map(|mark| seen(&mark)),
            numeral,
            prefix: string("num-prefix"),
            suffix: string("num-suffix"),
            shown: element.count("display-levels", LEVELS),
            start: element.number("start-value").and_then(|n| u32::try_from(n).ok()).unwrap_or(1),
            format: element
                .attr("num-list-format")
                .map(|format| format.into_owned())
                .filter(|format| numeral != Numeral::Nothing && format.len() <= MAX_MARKER),
        });
    }
}

/// A bullet as a reader sees it: letters of symbol fonts, and pictures, are plain bullets.
fn seen(mark: &str) -> String {
    let mark: String = mark.trim().chars().take(4).collect();
    let plain = mark.is_empty() || mark.contains(|c| ('\u{e000}'..='\u{f8ff}').contains(&c));
    if plain { "•".to_owned() } else { mark }
}

fn bold(weight: &str) -> bool {
    weight == "bold" || weight.parse().is_ok_and(|weight: u32| weight >= 600)
}

/// A style and its ancestors.
fn chain<'s>(styles: &'s HashMap<String, Style>, name: &str) -> impl Iterator<Item = (&'s str, &'s Style)> {
    let first = styles.get_key_value(name);
    std::iter::successors(first, |(_, style)| styles.get_key_value(style.parent.as_deref()?))
        .take(MAX_CHAIN)
        .map(|(name, style)| (name.as_str(), style))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn styles(inner: &str) -> Styles {
        let mut styles = Styles::default();
        styles.read(&format!("<office:document-content>{inner}</office:document-content>"), true);
        styles
    }

    #[test]
    fn ancestors_hand_down() {
        let styles = styles(
            "<style:style style:name='P1' style:family='paragraph' style:parent-style-name='B'/>\
             <style:style style:name='B' style:family='paragraph' style:parent-style-name='P1' style:list-style-name='L'>\
             <style:text-properties fo:font-weight='700'/></style:style>\
             <style:style style:name='P1' style:family='text'><style:text-properties text:display='none'/></style:style>\
             <style:style style:name='T' style:family='paragraph' style:parent-style-name='Title'/>",
        );
        assert_eq!((styles.paragraph("P1"), styles.list_of("P1")), ((true, false), Some("L")));
        assert_eq!(styles.span("P1"), (None, Some(true)));
        assert!(styles.is_title("T") && styles.is_title("Title") && !styles.is_title("P1"));
    }

    #[test]
    fn lists_count() {
        let styles = styles(
            "<text:list-style style:name='L'><text:list-level-style-number text:level='1' style:num-format='1' \
             style:num-suffix='.'/><text:list-level-style-number text:level='2' style:num-format='a' \
             style:num-prefix='(' style:num-suffix=')'/><text:list-level-style-number text:level='3' style:num-format='i' \
             text:display-levels='3' text:start-value='4'/><text:list-level-style-bullet text:level='4' \
             text:bullet-char='\u{f0b7}'/><text:list-level-style-number text:level='5' style:num-format='I' \
             loext:num-list-format='%1%-%5%'/></text:list-style>",
        );
        let list = styles.list("L").unwrap();
        let mut counts = Counts::default();
        let mut next = |level| list.next(&mut counts, level, None).unwrap_or_default();
        assert_eq!([next(0), next(0), next(1), next(2)], ["1.", "2.", "(a)", "2.a.iv"]);
        assert_eq!([next(3), next(4), next(0), next(1), next(8)], ["•", "2-I", "3.", "(a)", ""]);
        assert_eq!(list.next(&mut counts, 0, Some(9)).as_deref(), Some("9."));
    }
}
