//! This is a suggestion in the making: words of the statement, fixed words and blanks, and how they read as a sentence.

use super::blank::Blank;
use crate::words::{WordKind, Words};

/// A piece of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    /// A word of the statement, by index.
    Word(usize),
    /// Fixed words of ours.
    Fixed(&'static str),
    /// Something to be decided.
    Blank(Blank),
}

/// A suggestion in the making.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Draft(pub Vec<Piece>);

impl Draft {
    /// Drops what cutting left behind: marks and small words that join nothing, brackets without their fellow.
    pub fn tidy(&mut self, words: &Words<'_>) {
        for (open, close) in [("(", ")"), ("\"", "\"")] {
            self.drop_unpaired(words, open, close);
        }
        let text = |piece: &Piece| lower(*piece, words).to_owned();
        let mut kept: Vec<Piece> = Vec::with_capacity(self.0.len());
        for &piece in &self.0 {
            let now = text(&piece);
            let before = kept.last().map(text).unwrap_or_default();
            // A mark or "and" before which nothing stands, and the second of two.
            if (is_joint(&now) || is_close(&now)) && (kept.is_empty() || before == "(") && !is_glued_pair(&now) {
                continue;
            }
            if is_mark(&now) || now == ")" {
                while kept.last().is_some_and(|&k| !follows(k, piece) && is_loose(&text(&k))) {
                    kept.pop();
                }
                if kept.is_empty() {
                    continue;
                }
            }
            let cut = kept.last().is_some_and(|&k| !follows(k, piece));
            let doubled = cut
                && matches!(now.as_str(), "and" | "or")
                && matches!(before.as_str(), "and" | "or" | "of" | "with" | "for" | "to" | "the" | "a");
            let article =
                cut && matches!(now.as_str(), "the" | "a" | "an") && matches!(before.as_str(), "the" | "a" | "an");
            if doubled || article {
                continue;
            }
            if matches!(piece, Piece::Blank(Blank::Role))
                && matches!(before.as_str(), "the" | "a" | "an" | "his" | "her" | "their")
            {
                kept.pop();
            }
            kept.push(piece);
        }
        let whole = matches!(kept.last(), Some(Piece::Word(i)) if i + 1 == words.len());
        while !whole && kept.last().is_some_and(|k| is_loose(&text(k)) || matches!(text(k).as_str(), ";" | ":" | "-")) {
            kept.pop();
        }
        self.0 = kept;
    }

    fn drop_unpaired(&mut self, words: &Words<'_>, open: &str, close: &str) {
        let count = |mark: &str| self.0.iter().filter(|p| lower(**p, words) == mark).count();
        let paired = if open == close { count(open) % 2 == 0 } else { count(open) == count(close) };
        if !paired {
            self.0.retain(|p| lower(*p, words) != open && lower(*p, words) != close);
        }
    }

    /// The draft as text; `blank` says how a blank is written.
    pub fn text(&self, words: &Words<'_>, blank: fn(Blank) -> &'static str) -> String {
        let mut out = String::with_capacity(words.text.len() + 64);
        let mut before: Option<Piece> = None;
        for &piece in &self.0 {
            let spaced = match (before, piece) {
                (None, _) | (_, Piece::Fixed("," | "." | ":")) => false,
                (Some(Piece::Word(a)), Piece::Word(b)) if a + 1 == b => !words.list().get(b).is_some_and(|w| w.glued),
                (_, Piece::Word(b)) if is_close(words.lower(b)) => false,
                (Some(Piece::Word(a)), _) => !matches!(words.lower(a), "(" | "£"),
                _ => true,
            };
            if spaced {
                out.push(' ');
            }
            match piece {
                Piece::Word(0) if before.is_some() && !keeps_capital(words) => {
                    push_first(&mut out, words.raw(0), false)
                }
                Piece::Word(i) if before.is_none() => push_first(&mut out, words.raw(i), starts_upper(words)),
                Piece::Word(i) => out.push_str(words.raw(i)),
                Piece::Fixed(text) if before.is_none() => push_first(&mut out, text, true),
                Piece::Fixed(text) => out.push_str(text),
                Piece::Blank(b) => out.push_str(blank(b)),
            }
            before = Some(piece);
        }
        out
    }
}

/// A piece in lower case; a blank and fixed words as their kind.
pub(super) fn lower<'w>(piece: Piece, words: &'w Words<'_>) -> &'w str {
    match piece {
        Piece::Word(i) => words.lower(i),
        Piece::Fixed(text) => text,
        Piece::Blank(_) => "[blank]",
    }
}

/// True for two words that stand together in the statement.
fn follows(before: Piece, now: Piece) -> bool {
    matches!((before, now), (Piece::Word(a), Piece::Word(b)) if a + 1 == b)
}

fn push_first(out: &mut String, word: &str, upper: bool) {
    let mut letters = word.chars();
    if let Some(first) = letters.next() {
        if upper { out.extend(first.to_uppercase()) } else { out.extend(first.to_lowercase()) }
    }
    out.push_str(letters.as_str());
}

fn starts_upper(words: &Words<'_>) -> bool {
    words.raw(0).chars().next().is_none_or(|c| c.is_uppercase() || !c.is_alphabetic())
}

/// True where the statement's first word is a name, an abbreviation or part of one, which keeps its capital in
/// mid-sentence.
fn keeps_capital(words: &Words<'_>) -> bool {
    let first = words.raw(0);
    let capital = |word: &str| word.chars().next().is_some_and(char::is_uppercase);
    let inner = first.chars().skip(1).any(char::is_uppercase) || first == "I";
    let acts = super::acts(words.lower(1))
        && !super::COMMON.contains(&words.lower(0))
        && !matches!(
            words.lower(0),
            "he" | "she"
                | "they"
                | "we"
                | "it"
                | "this"
                | "there"
                | "staff"
                | "adults"
                | "support"
                | "therapy"
                | "school"
                | "access"
        );
    let title = capital(words.raw(1)) && words.list().get(1).is_some_and(|w| w.kind == WordKind::Letters);
    inner || acts || title
}

fn is_joint(text: &str) -> bool {
    matches!(text, "and" | "or" | "but" | "then" | "to" | "of" | "that" | "-" | ":" | "/")
}

fn is_close(text: &str) -> bool {
    matches!(text, "," | "." | ";" | ":" | ")" | "!" | "?" | "%")
}

fn is_mark(text: &str) -> bool {
    matches!(text, "," | "." | ";" | "!" | "?")
}

/// "to" may begin an infinitive.
fn is_glued_pair(text: &str) -> bool {
    text == "to"
}

/// What may not stand before a mark or at the end.
fn is_loose(text: &str) -> bool {
    matches!(
        text,
        "," | "and"
            | "or"
            | "but"
            | "with"
            | "of"
            | "to"
            | "for"
            | "the"
            | "a"
            | "an"
            | "in"
            | "from"
            | "by"
            | "as"
            | "at"
            | "on"
            | "("
            | "-"
            | "/"
            | "&"
            | "his"
            | "her"
            | "their"
            | "its"
            | "is"
            | "are"
            | "be"
            | "will"
            | "being"
    )
}
