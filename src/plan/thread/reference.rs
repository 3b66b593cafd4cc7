//! This is how a plan numbers its statements and refers to the numbers: "Outcome 2:", "E2", "to meet outcomes 1 and 3", "(B4)".

use crate::document::Kind;
use crate::span::Span;
use crate::words::{WordKind, Words};

/// A number that a plan gives to a statement, or by which it refers to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reference {
    /// What it numbers.
    pub kind: Kind,
    /// The section's letter, where that is how it is written.
    pub letter: Option<u8>,
    /// The number.
    pub number: u32,
    /// The words.
    pub span: Span,
}

/// Words that a number of a kind follows.
const LABELS: [(&str, Kind); 9] = [
    ("outcome", Kind::Outcome),
    ("outcomes", Kind::Outcome),
    ("obj", Kind::Outcome),
    ("objective", Kind::Outcome),
    ("objectives", Kind::Outcome),
    ("need", Kind::Need),
    ("needs", Kind::Need),
    ("provision", Kind::Provision),
    ("provisions", Kind::Provision),
];

/// The number that a label gives to what follows: "Outcome 2", "Need 3:", "E2.", "B.4".
pub(crate) fn label(text: &str) -> Option<(Kind, u32)> {
    // Most of what is asked about is a whole statement: its first letters say that it is none.
    let head = text.trim_start();
    let first = head.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(head.len());
    if first != 1 && !LABELS.iter().any(|(word, _)| word.eq_ignore_ascii_case(&head[..first])) {
        return None;
    }
    let words = Words::new(text);
    let mut found = Vec::new();
    let end = at(&words, 0, &mut found)?;
    // "Outcomes 1 and 2" is no label of either; after a label stands a mark, or nothing.
    let closes = end >= words.len() || matches!(words.lower(end), ":" | "." | ")" | "-" | "(");
    match found.as_slice() {
        [one] if closes => Some((one.kind, one.number)),
        _ => None,
    }
}

/// Every reference in a text.
pub(super) fn references(words: &Words<'_>, out: &mut Vec<Reference>) {
    let mut i = 0;
    while i < words.len() {
        i = at(words, i, out).unwrap_or(i + 1);
    }
}

/// A reference that begins at word `i`, with all its numbers; one past its last word.
fn at(words: &Words<'_>, i: usize, out: &mut Vec<Reference>) -> Option<usize> {
    let word = words.list().get(i)?;
    if word.kind != WordKind::Letters {
        return None;
    }
    let lower = words.lower(i);
    // Every word of a plan is asked.
    if lower.len() > 1 && !lower.starts_with(['o', 'n', 'p']) {
        return None;
    }
    let first = out.len();
    let (kind, letter) = match LABELS.iter().find(|(word, _)| *word == lower) {
        Some((_, kind)) => (*kind, None),
        None if lower.len() == 1 && word.span.of(words.text).starts_with(|c: char| c.is_ascii_uppercase()) => {
            let kind = match lower {
                "b" | "c" | "d" => Kind::Need,
                "e" => Kind::Outcome,
                "f" | "g" => Kind::Provision,
                _ => return None,
            };
            (kind, lower.bytes().next())
        }
        None => return None,
    };
    let mut next = i + 1;
    if letter.is_some() {
        // "E2", "E.2"
        if words.lower(next) == "." && words.list().get(next).is_some_and(|word| word.glued) {
            next += 1;
        }
        let digits = words.list().get(next).filter(|word| word.kind == WordKind::Digits && word.glued)?;
        let number = number(words.lower(next))?;
        out.push(Reference { kind, letter, number, span: word.span.cover(digits.span) });
        return Some(next + 1);
    }
    while matches!(words.lower(next), "no" | "number" | "numbers" | "nos" | "." | "#" | ":") && next < i + 3 {
        // "outcome: 2 hours" is no number of an outcome.
        if words.lower(next) == ":" && !matches!(words.lower(next + 2), "" | "," | "and" | ";" | "&") {
            return None;
        }
        next += 1;
    }
    while let Some(digits) = words.list().get(next).filter(|word| word.kind == WordKind::Digits) {
        let Some(number) = number(words.lower(next)) else { break };
        // "need 2 adults" counts adults; "needs 1:1 support" is a ratio.
        let after = words.lower(next + 1);
        let counts = kind == Kind::Need && words.list().get(next + 1).is_some_and(|w| w.kind == WordKind::Letters);
        if after == ":" && words.list().get(next + 2).is_some_and(|w| w.kind == WordKind::Digits)
            || after == "%"
            || counts && !matches!(after, "and" | "to" | "is" | "in")
        {
            break;
        }
        out.push(Reference { kind, letter: None, number, span: word.span.cover(digits.span) });
        next += 1;
        match (words.lower(next), words.list().get(next + 1).map(|word| word.kind)) {
            ("," | "and" | "&" | "/" | ";", Some(WordKind::Digits)) => next += 1,
            (",", _) if words.lower(next + 1) == "and" => next += 2,
            _ => break,
        }
    }
    (out.len() > first).then_some(next)
}

fn number(digits: &str) -> Option<u32> {
    (digits.len() <= 2).then(|| digits.parse().ok()).flatten().filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(Kind, u32)> {
        let mut out = Vec::new();
        references(&Words::new(text), &mut out);
        out.into_iter().map(|reference| (reference.kind, reference.number)).collect()
    }

    #[test]
    fn numbers_are_read() {
        assert_eq!(found("to meet outcomes 1, 3 and 4"), [(Kind::Outcome, 1), (Kind::Outcome, 3), (Kind::Outcome, 4)]);
        assert_eq!(found("Phonics daily (E2, B1)"), [(Kind::Outcome, 2), (Kind::Need, 1)]);
        assert_eq!(found("Sam needs 1:1 support for 2 hours"), []);
        assert_eq!(found("He will need 2 adults in KS2"), []);
        assert_eq!(found("vitamin b12 and Year 6"), []);
    }

    #[test]
    fn labels_are_read() {
        assert_eq!(label("Outcome 2: reading"), Some((Kind::Outcome, 2)));
        assert_eq!(label("E2."), Some((Kind::Outcome, 2)));
        assert_eq!(label("Outcomes 1 and 2"), None);
        assert_eq!(label("Outcome"), None);
    }
}
