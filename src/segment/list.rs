//! This is lists: what introduces them, and lists that run on within a paragraph ("a) …; b) …").

use crate::span::Span;

/// A list inside a paragraph: the words before it and its items.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Inline {
    /// What stands before the first item; may be empty.
    pub lead: Span,
    /// The items without their marks and the commas between them.
    pub items: Vec<Span>,
}

/// The list inside `line`, if it holds one of at least two items.
pub(super) fn inline(text: &str, line: Span) -> Option<Inline> {
    let words = line.of(text);
    // Most paragraphs hold no such list: one look for a mark or a colon settles it.
    if !words.bytes().any(|b| matches!(b, b')' | b':' | b'1' | 0xE2)) {
        return None;
    }
    marked(text, line).or_else(|| semicolons(text, line))
}

/// Items with marks that count: "a) … b) …", "(i) … (ii) …", "1. … 2. …", or typed bullets.
fn marked(text: &str, line: Span) -> Option<Inline> {
    let words = line.of(text);
    let mut marks: Vec<(usize, usize)> = Vec::new();
    let mut family: Option<Family> = None;
    let mut before = ' ';
    let mut start = 0;
    let mut last_mark = ' ';
    for token in words.split_inclusive(char::is_whitespace) {
        let bare = token.trim_end();
        if bare.len() < token.len() && bare.len() <= 5 && !bare.is_empty() {
            let found = Family::ALL.into_iter().find(|f| {
                family.is_none_or(|known| known == *f)
                    && f.nth(bare) == Some(marks.len())
                    && (f.safe() || matches!(last_mark, ' ' | ':' | ';' | '.' | ','))
            });
            if let Some(found) = found
                && (marks.is_empty() || family.is_some())
                && (before == ' ' || before.is_whitespace())
            {
                family = Some(found);
                marks.push((start, start + token.len()));
            }
        }
        before = token.chars().next_back().unwrap_or(' ');
        if let Some(c) = bare.chars().next_back() {
            last_mark = c;
        }
        start += token.len();
    }
    if marks.len() < 2 {
        return None;
    }
    let first = marks.first()?.0;
    let mut items = Vec::new();
    for (i, &(_, from)) in marks.iter().enumerate() {
        let to = marks.get(i + 1).map_or(words.len(), |next| next.0);
        items.push(item(text, Span::new(line.start + from, line.start + to), i + 1 == marks.len()));
    }
    items.retain(|item| !item.is_empty());
    let lead = super::line::trimmed(text, Span::new(line.start, line.start + first));
    (items.len() >= 2).then_some(Inline { lead, items })
}

/// How items are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    LetterBracket,
    RomanBracket,
    NumberBracket,
    NumberStop,
    Bullet,
}

impl Family {
    const ALL: [Self; 5] =
        [Self::LetterBracket, Self::RomanBracket, Self::NumberBracket, Self::NumberStop, Self::Bullet];

    /// Which item, counted from 0, the mark stands for.
    fn nth(self, mark: &str) -> Option<usize> {
        const ROMAN: [&str; 10] = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"];
        let bracket = || mark.strip_suffix(')').map(|core| core.trim_start_matches('('));
        let number = |core: &str| core.parse::<usize>().ok().filter(|n| *n > 0 && core.len() <= 2).map(|n| n - 1);
        match self {
            Self::LetterBracket => bracket().and_then(|core| match core.as_bytes() {
                [letter @ b'a'..=b'z'] => Some(usize::from(letter - b'a')),
                _ => None,
            }),
            Self::RomanBracket => bracket().and_then(|core| ROMAN.iter().position(|r| *r == core)),
            Self::NumberBracket => bracket().and_then(number),
            Self::NumberStop => mark.strip_suffix('.').and_then(number),
            // A bullet counts nothing; whichever it is, it is the next.
            Self::Bullet => None,
        }
    }

    /// True where the mark cannot be anything else in running text.
    fn safe(self) -> bool {
        matches!(self, Self::LetterBracket | Self::RomanBracket)
    }
}

/// "Sam will have: …; …; and …" with no marks.
fn semicolons(text: &str, line: Span) -> Option<Inline> {
    let words = line.of(text);
    let colon = words.find(':')?;
    let lead = words.get(..colon)?.trim_end();
    let tail = words.get(colon + 1..)?;
    if tail.matches(';').count() < 2 || tail.contains(". ") || lead.contains(". ") || !opens(lead) {
        return None;
    }
    let mut items = Vec::new();
    let mut at = line.start + colon + 1;
    let count = tail.split(';').count();
    for (i, piece) in tail.split(';').enumerate() {
        let span = item(text, Span::new(at, at + piece.len()), i + 1 == count);
        if span.of(text).split_whitespace().count() < 3 {
            return None;
        }
        items.push(span);
        at += piece.len() + 1;
    }
    Some(Inline { lead: Span::new(line.start, line.start + colon + 1), items })
}

/// One item without the commas and the "and" that join it to its neighbours; the last keeps its full stop.
fn item(text: &str, span: Span, last: bool) -> Span {
    let mut span = super::line::trimmed(text, span);
    if !last {
        loop {
            let words = span.of(text);
            let cut = ["; and", ", and", ";", ",", " and", " or"].iter().find_map(|tail| words.strip_suffix(tail));
            match cut {
                Some(shorter) if !shorter.trim().is_empty() => {
                    span = super::line::trimmed(text, Span::new(span.start, span.start + shorter.len()));
                }
                _ => break,
            }
        }
    }
    let words = span.of(text);
    for head in ["and ", "or "] {
        if let Some(rest) = words.strip_prefix(head) {
            span.start += words.len() - rest.len();
            break;
        }
    }
    span
}

/// True where the words need a list to be finished: "Sam will be able to", "The school will provide".
fn opens(lead: &str) -> bool {
    let last = lead.trim_end_matches(|c: char| !c.is_alphabetic()).rsplit(char::is_whitespace).next().unwrap_or("");
    matches!(
        last.to_ascii_lowercase().as_str(),
        "to" | "will"
            | "have"
            | "has"
            | "receive"
            | "include"
            | "includes"
            | "including"
            | "provide"
            | "provided"
            | "require"
            | "requires"
            | "need"
            | "needs"
            | "by"
            | "following"
            | "able"
            | "through"
            | "with"
            | "ensure"
            | "should"
            | "must"
            | "can"
            | "like"
            | "be"
            | "want"
            | "wants"
            | "that"
            | "cannot"
            | "in"
            | "for"
            | "of"
            | "when"
            | "on"
            | "at"
            | "using"
            | "finds"
            | "get"
            | "a"
            | "the"
    )
}

/// True where `sentence` introduces what follows: it ends in a colon, or it is unfinished before a list.
pub(super) fn is_lead(sentence: &str, before_list: bool) -> bool {
    let bare = sentence.trim_end();
    let words = bare.split_whitespace().count();
    if words < 2 && !bare.ends_with(':') {
        return false;
    }
    let colon = bare.trim_end_matches(['-', '–', '—', ' ']).ends_with(':');
    if colon {
        return true;
    }
    before_list && !bare.ends_with(['.', '!', '?', ';']) && (opens(bare) || bare.ends_with(['-', '–', '—', '…', ',']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Option<(&str, Vec<&str>)> {
        inline(text, Span::new(0, text.len()))
            .map(|list| (list.lead.of(text), list.items.iter().map(|i| i.of(text)).collect()))
    }

    #[test]
    fn lists_within_a_line() {
        for (text, lead, items) in [
            ("Sam will: a) read a book; b) write his name.", "Sam will:", &["read a book", "write his name."][..]),
            (
                "Sam will (i) read a book, (ii) write; and (iii) count to ten.",
                "Sam will",
                &["read a book", "write", "count to ten."],
            ),
            ("Sam will: 1. read a book; 2. write.", "Sam will:", &["read a book", "write."]),
            ("1. Sam reads. 2. Sam writes. 3. Sam counts.", "", &["Sam reads.", "Sam writes.", "Sam counts."]),
            ("Sam will: 1) read, 2) write", "Sam will:", &["read", "write"]),
            (
                "Sam will have: a laptop at home; a desk in class; and a chair that fits.",
                "Sam will have:",
                &["a laptop at home", "a desk in class", "a chair that fits."],
            ),
        ] {
            assert_eq!(cut(text), Some((lead, items.to_vec())), "{text}");
        }
    }

    #[test]
    fn no_lists() {
        for text in [
            "Sam reads; he writes; he counts.",
            "Sam (see a) reads.",
            "He is in Year 1. He has 2. That is all",
            "Sam has 1:1 help: daily.",
            "The colours are: red; blue; green.",
            "At 1) only.",
            "He has three things: a hat; a coat.",
        ] {
            assert_eq!(cut(text), None, "{text}");
        }
    }

    #[test]
    fn lead_ins() {
        for text in ["By the end of Key Stage 2, Sam will be able to:", "Sam will have :", "Sam will:-", "Support:"] {
            assert!(is_lead(text, false), "{text}");
        }
        assert!(is_lead("Sam will be able to", true));
        assert!(is_lead("Sam will …", true));
        for text in ["Sam will be able to read", "Sam reads.", "Movement breaks as needed"] {
            assert!(!is_lead(text, true), "{text}");
        }
        assert!(!is_lead("Sam will be able to", false));
    }
}
