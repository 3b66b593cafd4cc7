//! This is Word's list numbering: which marker stands before a paragraph, as a reader of the page sees it.

use super::WORD;
use super::styles::{level, toggle};
use super::symbols::symbol;
use crate::readers::markup::{Element, Markup, Token};
use crate::readers::numeral::Numeral;
use std::collections::{HashMap, HashSet};

/// Levels of a list.
const LEVELS: usize = 9;
/// Bytes that a marker may have; real ones are under twenty.
const MAX_MARKER: usize = 80;

/// The lists of a document and how far each has counted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Numbering {
    lists: HashMap<i64, List>,
    patterns: HashMap<i64, Pattern>,
    /// Last number of each level, for each pattern: lists of one pattern go on counting together.
    counts: HashMap<i64, [Option<u32>; LEVELS]>,
    restarted: HashSet<(i64, usize)>,
}

/// A list (`w:num`).
#[derive(Debug, Clone, Default)]
struct List {
    pattern: i64,
    levels: HashMap<usize, Level>,
    starts: HashMap<usize, u32>,
}

/// A list pattern (`w:abstractNum`).
#[derive(Debug, Clone, Default)]
struct Pattern {
    levels: HashMap<usize, Level>,
    /// The numbering style whose pattern this one stands for.
    stands_for: Option<String>,
    /// The numbering style that this is the pattern of.
    is_style: Option<String>,
}

#[derive(Debug, Clone)]
struct Level {
    start: u32,
    numeral: Numeral,
    bullet: bool,
    text: String,
    font: String,
    restart: Option<usize>,
    legal: bool,
    style: Option<String>,
}

impl Numbering {
    /// Reads the numbering part; what is damaged in it is left out, since text stands without it.
    pub fn read(text: &str) -> Self {
        let mut out = Self::default();
        let mut markup = Markup::new(text, WORD);
        let mut pattern: Option<(i64, Pattern)> = None;
        let mut list: Option<(i64, List)> = None;
        let mut open: Vec<(&'static str, &str)> = Vec::new();
        let mut at = 0;
        while let Ok(Some(token)) = markup.next() {
            match token {
                Token::Open(element) => {
                    match (element.key(), &mut pattern, &mut list) {
                        (("w", "abstractNum"), None, None) => {
                            pattern = element.number("abstractNumId").map(|id| (id, Pattern::default()));
                        }
                        (("w", "num"), None, None) => {
                            list = element.number("numId").map(|id| (id, List::default()));
                        }
                        (("w", "lvl" | "lvlOverride"), ..) => {
                            at = element.number("ilvl").map_or(0, |n| n.clamp(0, LEVELS as i64 - 1) as usize);
                            let levels = match (&mut pattern, &mut list) {
                                (Some((_, pattern)), _) => Some(&mut pattern.levels),
                                (None, Some((_, list))) => Some(&mut list.levels),
                                (None, None) => None,
                            };
                            if let Some(levels) = levels.filter(|_| element.name == "lvl") {
                                levels.insert(at, Level::default());
                            }
                        }
                        (_, Some((_, pattern)), _) => pattern.take(at, &element),
                        (_, None, Some((_, list))) => list.take(at, &element),
                        _ => {}
                    }
                    open.push(element.key());
                }
                Token::Close => match open.pop() {
                    Some(("w", "abstractNum")) => out.patterns.extend(pattern.take()),
                    Some(("w", "num")) => out.lists.extend(list.take()),
                    _ => {}
                },
                _ => {}
            }
        }
        out.link();
        out
    }

    /// Gives each list whose pattern stands for a numbering style the pattern of that style.
    fn link(&mut self) {
        let mut styles: HashMap<&str, i64> = HashMap::new();
        for (&id, pattern) in &self.patterns {
            if let Some(style) = pattern.is_style.as_deref() {
                // The smallest id, so that a file that names a style twice reads the same every time.
                styles.entry(style).and_modify(|known| *known = id.min(*known)).or_insert(id);
            }
        }
        for list in self.lists.values_mut() {
            let stands_for = self.patterns.get(&list.pattern).filter(|pattern| pattern.levels.is_empty());
            if let Some(&id) = stands_for.and_then(|pattern| styles.get(pattern.stands_for.as_deref()?)) {
                list.pattern = id;
            }
        }
    }

    /// The level that a style has in list `id`, where the list names its styles.
    pub fn level_of(&self, id: i64, style: &str) -> Option<u8> {
        let pattern = self.patterns.get(&self.lists.get(&id)?.pattern)?;
        let named = pattern.levels.iter().filter(|(_, level)| level.style.as_deref() == Some(style));
        named.filter_map(|(&at, _)| u8::try_from(at).ok()).min()
    }

    /// Counts one more paragraph of list `id` at `level` and gives its marker; `None` where it has none.
    pub fn next(&mut self, id: i64, level: u8) -> Option<String> {
        let at = usize::from(level).min(LEVELS - 1);
        let list = self.lists.get(&id)?;
        let pattern = self.patterns.get(&list.pattern)?;
        let look = |i: usize| list.levels.get(&i).or_else(|| pattern.levels.get(&i));
        let this = look(at)?;
        let counts = self.counts.entry(list.pattern).or_default();

        let begin = list.starts.get(&at).copied().filter(|_| self.restarted.insert((id, at)));
        let number = begin.unwrap_or_else(|| counts[at].map_or(this.start, |n| n.saturating_add(1)));
        counts[at] = Some(number);
        for (deeper, count) in counts.iter_mut().enumerate().skip(at + 1) {
            // A level begins anew after any level above it, unless it says after which, or that it never does.
            if look(deeper).and_then(|level| level.restart).is_none_or(|after| at < after) {
                *count = None;
            }
        }
        if this.bullet {
            return Some(this.bullet());
        }
        let mut out = String::new();
        let mut rest = this.text.as_str();
        while let Some(sign) = rest.find('%') {
            out.push_str(&rest[..sign]);
            rest = &rest[sign + 1..];
            let digit = rest.chars().next().and_then(|c| c.to_digit(10)).filter(|n| (1..=LEVELS as u32).contains(n));
            let Some(digit) = digit else {
                out.push('%');
                continue;
            };
            rest = &rest[1..];
            let shown = digit as usize - 1;
            if let Some(level) = look(shown) {
                let numeral = if this.legal { Numeral::Decimal } else { level.numeral };
                out.push_str(&numeral.write(counts[shown].unwrap_or(level.start)));
            }
            if out.len() > MAX_MARKER {
                return Some(out);
            }
        }
        out.push_str(rest);
        Some(out.trim().to_owned()).filter(|marker| !marker.is_empty() && marker.len() <= MAX_MARKER)
    }
}

impl List {
    fn take(&mut self, at: usize, element: &Element<'_>) {
        match element.key() {
            ("w", "abstractNumId") => self.pattern = element.number("val").unwrap_or(0),
            ("w", "startOverride") => {
                self.starts.insert(at, start(element));
            }
            _ => {
                if let Some(level) = self.levels.get_mut(&at) {
                    level.take(element);
                }
            }
        }
    }
}

impl Pattern {
    fn take(&mut self, at: usize, element: &Element<'_>) {
        match element.key() {
            ("w", "numStyleLink") => self.stands_for = element.attr("val").map(|id| id.into_owned()),
            ("w", "styleLink") => self.is_style = element.attr("val").map(|id| id.into_owned()),
            _ => {
                if let Some(level) = self.levels.get_mut(&at) {
                    level.take(element);
                }
            }
        }
    }
}

impl Default for Level {
    fn default() -> Self {
        Self {
            start: 0,
            numeral: Numeral::Decimal,
            bullet: false,
            text: String::new(),
            font: String::new(),
            restart: None,
            legal: false,
            style: None,
        }
    }
}

impl Level {
    fn take(&mut self, element: &Element<'_>) {
        if element.space != "w" {
            return;
        }
        let value = || element.attr("val").unwrap_or_default().into_owned();
        match element.name {
            "start" => self.start = start(element),
            "numFmt" => {
                let format = value();
                self.bullet = format == "bullet";
                self.numeral = match format.as_str() {
                    "lowerLetter" => Numeral::Letters,
                    "upperLetter" => Numeral::Capitals,
                    "lowerRoman" => Numeral::Roman,
                    "upperRoman" => Numeral::RomanCapitals,
                    "decimalZero" => Numeral::Padded,
                    "ordinal" => Numeral::Ordinal,
                    "none" => Numeral::Nothing,
                    _ => Numeral::Decimal,
                };
            }
            "lvlText" => self.text = value(),
            "lvlPicBulletId" => self.text = "•".to_owned(),
            "lvlRestart" => self.restart = level(element).map(usize::from),
            "isLgl" => self.legal = toggle(element),
            "pStyle" => self.style = Some(value()),
            "rFonts" => self.font = element.attr("ascii").or_else(|| element.attr("hAnsi")).unwrap_or_default().into(),
            _ => {}
        }
    }

    fn bullet(&self) -> String {
        let marker: String = self.text.trim().chars().take(4).map(|c| symbol(c, &self.font)).collect();
        if marker.is_empty() || marker.contains(char::REPLACEMENT_CHARACTER) { "•".to_owned() } else { marker }
    }
}

fn start(element: &Element<'_>) -> u32 {
    element.number("val").and_then(|n| u32::try_from(n).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lvl(at: u8, format: &str, text: &str, more: &str) -> String {
        format!(
            "<w:lvl w:ilvl='{at}'><w:start w:val='1'/><w:numFmt w:val='{format}'/>{more}<w:lvlText w:val='{text}'/></w:lvl>"
        )
    }

    fn numbering(levels: &[String], more: &str) -> Numbering {
        Numbering::read(&format!(
            "<w:numbering><w:abstractNum w:abstractNumId='0'>{}</w:abstractNum>\
             <w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num>{more}</w:numbering>",
            levels.concat()
        ))
    }

    fn count(numbering: &mut Numbering, items: &[(i64, u8)]) -> Vec<String> {
        items.iter().map(|&(id, level)| numbering.next(id, level).unwrap_or_default()).collect()
    }

    #[test]
    fn levels_count_and_begin_anew() {
        let mut n = numbering(
            &[lvl(0, "decimal", "%1.", ""), lvl(1, "lowerLetter", "%2)", ""), lvl(2, "lowerRoman", "%1.%2.%3", "")],
            "",
        );
        let seen = count(&mut n, &[(1, 0), (1, 1), (1, 1), (1, 2), (1, 0), (1, 1)]);
        assert_eq!(seen, ["1.", "a)", "b)", "1.b.i", "2.", "a)"]);
    }

    #[test]
    fn a_level_that_never_restarts_goes_on() {
        let mut n =
            numbering(&[lvl(0, "decimal", "%1", ""), lvl(1, "decimal", "%1.%2", "<w:lvlRestart w:val='0'/>")], "");
        assert_eq!(count(&mut n, &[(1, 0), (1, 1), (1, 0), (1, 1)]), ["1", "1.1", "2", "2.2"]);
    }

    #[test]
    fn lists_of_one_pattern_go_on_unless_told_to_start() {
        let more = "<w:num w:numId='2'><w:abstractNumId w:val='0'/></w:num><w:num w:numId='3'><w:abstractNumId w:val='0'/>\
                    <w:lvlOverride w:ilvl='0'><w:startOverride w:val='5'/></w:lvlOverride></w:num>";
        let mut n = numbering(&[lvl(0, "decimal", "%1.", "")], more);
        assert_eq!(count(&mut n, &[(1, 0), (2, 0), (3, 0), (3, 0), (9, 0)]), ["1.", "2.", "5.", "6.", ""]);
    }

    #[test]
    fn an_override_may_replace_a_level() {
        let more = format!(
            "<w:num w:numId='2'><w:abstractNumId w:val='0'/><w:lvlOverride w:ilvl='0'>{}</w:lvlOverride></w:num>",
            lvl(0, "upperRoman", "Part %1", "")
        );
        let mut n = numbering(&[lvl(0, "decimal", "%1.", "")], &more);
        assert_eq!(count(&mut n, &[(2, 0), (2, 0)]), ["Part I", "Part II"]);
    }

    #[test]
    fn bullets_come_as_seen() {
        let font = "<w:rPr><w:rFonts w:ascii='Symbol'/></w:rPr>";
        let mut n = numbering(&[lvl(0, "bullet", "\u{f0b7}", font), lvl(1, "bullet", "o", "")], "");
        assert_eq!(count(&mut n, &[(1, 0), (1, 1)]), ["•", "o"]);
    }

    #[test]
    fn legal_numbers_are_digits() {
        let mut n = numbering(&[lvl(0, "upperRoman", "%1", ""), lvl(1, "decimal", "%1.%2", "<w:isLgl/>")], "");
        assert_eq!(count(&mut n, &[(1, 0), (1, 1)]), ["I", "1.1"]);
    }

    #[test]
    fn a_numbering_style_lends_its_pattern() {
        let text = format!(
            "<w:numbering><w:abstractNum w:abstractNumId='4'><w:numStyleLink w:val='S'/></w:abstractNum>\
             <w:abstractNum w:abstractNumId='5'><w:styleLink w:val='S'/>{}</w:abstractNum>\
             <w:num w:numId='1'><w:abstractNumId w:val='4'/></w:num></w:numbering>",
            lvl(0, "decimal", "(%1)", "<w:pStyle w:val='MyList'/>")
        );
        let mut n = Numbering::read(&text);
        assert_eq!(n.next(1, 0).as_deref(), Some("(1)"));
        assert_eq!(n.level_of(1, "MyList"), Some(0));
    }
}
