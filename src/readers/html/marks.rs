//! This is what stands in front of list items when a browser shows them.

use super::style;
use crate::readers::numeral::Numeral;
use scraper::node::Element;

/// The bullet that browsers draw at a depth.
pub(super) fn bullet(level: u8) -> &'static str {
    match level {
        0 => "•",
        1 => "◦",
        _ => "▪",
    }
}

/// A list mark that Word wrote out, its symbol fonts turned into what they show.
pub(super) fn word_mark(mark: &str) -> String {
    match mark.trim_matches(|c: char| c.is_whitespace()) {
        "" | "·" | "\u{f0b7}" => "•".to_owned(),
        "o" => "◦".to_owned(),
        "§" => "▪".to_owned(),
        mark => mark.chars().take(12).collect(),
    }
}

/// How the items of a list are counted: `1`, `a`, `A`, `i` or `I`.
pub(super) fn list_type<'e>(item: &'e Element, list: &'e Element) -> &'e str {
    let styled = style::property(item, "list-style-type").or_else(|| style::property(list, "list-style-type"));
    match styled {
        Some("lower-alpha" | "lower-latin") => "a",
        Some("upper-alpha" | "upper-latin") => "A",
        Some("lower-roman") => "i",
        Some("upper-roman") => "I",
        Some("decimal") => "1",
        _ => item.attr("type").or_else(|| list.attr("type")).unwrap_or("1"),
    }
}

/// The mark of the item at a place in its list.
pub(super) fn order_mark(order: i64, kind: &str) -> String {
    let small = u32::try_from(order).ok().filter(|order| (1..=3999).contains(order));
    match (kind, small) {
        ("a", Some(order)) => format!("{}.", letters(order)),
        ("A", Some(order)) => format!("{}.", letters(order).to_uppercase()),
        ("i", Some(order)) => format!("{}.", Numeral::Roman.write(order)),
        ("I", Some(order)) => format!("{}.", Numeral::RomanCapitals.write(order)),
        _ => format!("{order}."),
    }
}

/// 1 is `a`, 27 is `aa`.
fn letters(mut order: u32) -> String {
    let mut out = Vec::new();
    while order > 0 {
        order -= 1;
        out.push(char::from(b'a' + u8::try_from(order % 26).unwrap_or(0)));
        order /= 26;
    }
    out.iter().rev().collect()
}
