//! This is what stands on every page and is no part of the plan: page headers, footers and numbers.

use super::lines::Line;
use super::region::{Item, Ruled};
use crate::readers::text::is_page_number;
use std::collections::HashMap;

/// How much of a page's height, at its top and at its bottom, furniture may take up.
const ZONE: f32 = 0.16;
/// Lines from the top or bottom that may be furniture.
const DEEPEST: usize = 5;
/// Furniture stands at the same height on each page, in points.
const SAME: f32 = 8.0;

/// One page's items and what was found to be furniture among them.
pub(super) struct Sheet {
    pub(super) items: Vec<Item>,
    pub(super) furniture: Vec<Line>,
    pub(super) height: f32,
    pub(super) width: f32,
}

/// Moves the furniture of all pages out of their items.
pub(super) fn take(sheets: &mut [Sheet]) {
    let mut seen: HashMap<String, Vec<(usize, f32)>> = HashMap::new();
    for (page, sheet) in sheets.iter().enumerate() {
        for item in &sheet.items {
            match item {
                Item::Lines(lines) => {
                    for line in lines.iter().filter(|line| in_zone(line.base, sheet.height)) {
                        seen.entry(key(&line.text())).or_default().push((page, line.base));
                    }
                }
                Item::Table(table) if in_zone(table.top, sheet.height) && in_zone(table.bottom, sheet.height) => {
                    seen.entry(key(&words(table))).or_default().push((page, table.top));
                }
                Item::Table(_) => {}
            }
        }
    }
    let pages = sheets.len();
    let needed = if pages <= 3 { 2 } else { 3 };
    for (page, sheet) in sheets.iter_mut().enumerate() {
        let repeated = |text: &str, at: f32| {
            let places = seen.get(&key(text)).map_or(&[][..], Vec::as_slice);
            // Many pages: those nearest to this one tell, and first pages often differ.
            places.iter().filter(|(other, place)| *other != page && (place - at).abs() <= SAME).take(needed).count() + 1
                >= needed
        };
        let height = sheet.height;
        let mut out = Vec::new();
        let mut kept = Vec::new();
        let count: usize =
            sheet.items.iter().map(|item| if let Item::Lines(lines) = item { lines.len() } else { 1 }).sum();
        let mut at = 0;
        for item in std::mem::take(&mut sheet.items) {
            match item {
                Item::Lines(lines) => {
                    let mut rest = Vec::new();
                    for line in lines {
                        let outer = at < DEEPEST || at + DEEPEST >= count;
                        at += 1;
                        let text = line.text();
                        let low = line.base > height * (1.0 - ZONE);
                        if outer
                            && in_zone(line.base, height)
                            && (is_page_number(&text) || (low && is_bare_number(&text)) || repeated(&text, line.base))
                        {
                            out.push(line);
                        } else {
                            rest.push(line);
                        }
                    }
                    if !rest.is_empty() {
                        kept.push(Item::Lines(rest));
                    }
                }
                Item::Table(table) => {
                    at += 1;
                    let zoned = in_zone(table.top, height) && in_zone(table.bottom, height);
                    if zoned && repeated(&words(&table), table.top) {
                        collect(&table, &mut out);
                    } else {
                        kept.push(Item::Table(table));
                    }
                }
            }
        }
        sheet.items = kept;
        sheet.furniture = out;
    }
}

fn in_zone(at: f32, height: f32) -> bool {
    at < height * ZONE || at > height * (1.0 - ZONE)
}

/// Text in which all numbers are alike.
fn key(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let c = if c.is_ascii_digit() { '#' } else { c };
        let again = c == '#' && out.ends_with('#');
        if !again && !c.is_whitespace() {
            out.push(c);
        }
    }
    out
}

fn is_bare_number(text: &str) -> bool {
    !text.is_empty() && text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn words(table: &Ruled) -> String {
    let mut lines = Vec::new();
    collect(table, &mut lines);
    lines.iter().map(Line::text).collect::<Vec<_>>().join(" ")
}

fn collect(table: &Ruled, out: &mut Vec<Line>) {
    for item in table.rows.iter().flatten().flat_map(|cell| &cell.items) {
        match item {
            Item::Lines(lines) => out.extend(lines.iter().cloned()),
            Item::Table(inner) => collect(inner, out),
        }
    }
}
