//! This is the mark in front of a list item: a bullet, a number, a letter in brackets.

/// A mark at the start of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Marker {
    /// As a reader of the page sees it; all bullets drawn by symbol fonts are `•`.
    pub(super) text: String,
    /// Byte at which the item's words begin.
    pub(super) rest: usize,
    /// Which sort it is.
    pub(super) kind: Kind,
}

/// The sorts of [`Marker`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A drawn bullet, which is nothing but a mark wherever it stands.
    Bullet,
    /// A hyphen, dash, asterisk or letter o, which may also be something else.
    Dash,
    /// A number or letter with its place in the order, counted from 1.
    Number(u32),
}

/// The mark that `line` begins with, if any. The line must not begin with blanks.
pub(super) fn marker(line: &str) -> Option<Marker> {
    let first = line.chars().next()?;
    let after = first.len_utf8();
    if is_bullet(first) {
        let rest = line.get(after..)?;
        let blank = rest.len() - rest.trim_start().len();
        let text = if is_private(first) || matches!(first, '·' | '\u{95}') { '•' } else { first };
        return Some(Marker { text: text.to_string(), rest: after + blank, kind: Kind::Bullet });
    }
    let token_end = line.find(char::is_whitespace)?;
    let token = line.get(..token_end)?;
    let rest = token_end + line.get(token_end..)?.len() - line.get(token_end..)?.trim_start().len();
    if rest >= line.len() {
        return None;
    }
    if matches!(token, "-" | "–" | "—" | "*" | "+" | "o") {
        // The letter needs more room than a word has.
        if token == "o" && rest - token_end < 2 && !line.get(token_end..rest)?.contains(['\t', '\u{a0}']) {
            return None;
        }
        return Some(Marker { text: token.to_owned(), rest, kind: Kind::Dash });
    }
    let order = number(token)?;
    Some(Marker { text: token.to_owned(), rest, kind: Kind::Number(order) })
}

/// True for characters that are drawn as bullets and used for nothing else.
pub(super) fn is_bullet(c: char) -> bool {
    matches!(
        c,
        '•' | '●'
            | '○'
            | '◦'
            | '▪'
            | '■'
            | '□'
            | '▫'
            | '◆'
            | '◇'
            | '❖'
            | '➢'
            | '➤'
            | '►'
            | '▶'
            | '‣'
            | '⁃'
            | '∙'
            | '✓'
            | '✔'
            | '❑'
            | '❏'
            | '·'
            | '➔'
            | '→'
            | '⇒'
            | '☐'
            | '☑'
            | '☒'
            | '\u{95}'
    ) || is_private(c)
}

/// Characters of symbol fonts (Symbol, Wingdings) as Word and PDF makers write them.
fn is_private(c: char) -> bool {
    ('\u{f020}'..='\u{f0ff}').contains(&c)
}

/// The place in order of `1.`, `1)`, `(1)`, `1.2`, `a.`, `a)`, `(a)`, `iv)`, `(iv)`.
fn number(token: &str) -> Option<u32> {
    let (inner, closed) = if let Some(inner) = token.strip_prefix('(') {
        (inner.strip_suffix(')')?, true)
    } else if let Some(inner) = token.strip_suffix([')', '.']) {
        (inner, true)
    } else {
        (token, false)
    };
    if inner.is_empty() || inner.len() > 9 {
        return None;
    }
    if inner.bytes().all(|byte| byte.is_ascii_digit()) {
        // Years and room numbers are not the start of an item.
        return if closed && inner.len() <= 3 { inner.parse().ok() } else { None };
    }
    if inner.contains('.') && inner.split('.').all(|part| (1..=2).contains(&part.len()) && is_digits(part)) {
        return inner.rsplit('.').next()?.parse().ok();
    }
    if !closed {
        return None;
    }
    let mut letters = inner.chars();
    match (letters.next(), letters.next()) {
        (Some(c @ 'a'..='z'), None) if !matches!(c, 'i' | 'v' | 'x') => Some(u32::from(c) - u32::from('a') + 1),
        // A capital with a full stop is an initial or a section; with a bracket it may be either, so it is left alone.
        (Some('A'..='Z'), None) => None,
        _ => roman(inner),
    }
}

fn is_digits(part: &str) -> bool {
    part.bytes().all(|byte| byte.is_ascii_digit())
}

fn roman(text: &str) -> Option<u32> {
    const NUMERALS: [&str; 20] = [
        "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi", "xvii",
        "xviii", "xix", "xx",
    ];
    let found = NUMERALS.iter().position(|numeral| *numeral == text)?;
    u32::try_from(found + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_words_that_look_like_them() {
        for (line, text, words) in [
            ("• reads", "•", "reads"),
            ("\u{f0b7}reads", "•", "reads"),
            ("- reads", "-", "reads"),
            ("– reads", "–", "reads"),
            ("* reads", "*", "reads"),
            ("o  reads", "o", "reads"),
            ("1. reads", "1.", "reads"),
            ("12) reads", "12)", "reads"),
            ("(3) reads", "(3)", "reads"),
            ("1.2 reads", "1.2", "reads"),
            ("a) reads", "a)", "reads"),
            ("(b) reads", "(b)", "reads"),
            ("iv) reads", "iv)", "reads"),
            ("(i) reads", "(i)", "reads"),
        ] {
            let found = marker(line).unwrap_or_else(|| panic!("no mark in {line}"));
            assert_eq!((found.text.as_str(), &line[found.rest..]), (text, words), "{line}");
        }
        for line in [
            "reads",
            "-reads",
            "*Section B: needs",
            "2027. The",
            "A. Smith",
            "(A) Views",
            "o reads",
            "1:1 help",
            "1.5hours",
            "-",
            "i.e. this",
        ] {
            assert_eq!(marker(line), None, "{line}");
        }
    }
}
