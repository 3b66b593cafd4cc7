//! This is what people ask of clearplan in the comments of a Word document: which ones, by whom, and at which words.
//!
//! Comments that do not begin with our name are nobody's business here and are not kept.

use super::WORD;
use crate::document::{Comment, Paragraph};
use crate::readers::asked::{Anchor, places, speaks};
use crate::readers::markup::{Markup, Token};
use crate::span::Span;
use std::collections::BTreeMap;

/// The comments in `part` that speak to us, in its order. `main` is the text of the part that they stand in, `paragraphs`
/// what was read of it.
pub(super) fn read(part: &str, main: &str, paragraphs: &[&Paragraph]) -> Vec<Comment> {
    let asked = asked(part);
    if asked.is_empty() {
        return Vec::new();
    }
    let anchors = anchors(main);
    let one = |(id, text, author): (i64, String, String)| {
        let places = anchors.get(&id).map_or_else(Vec::new, |anchor| places(paragraphs, *anchor));
        Comment { text, author, places, stands: None }
    };
    asked.into_iter().map(one).collect()
}

/// Number, text and author of the comments that begin with our name.
fn asked(part: &str) -> Vec<(i64, String, String)> {
    let mut all: Vec<(i64, String, String)> = Vec::new();
    let mut open: Vec<(&'static str, &str)> = Vec::new();
    let mut markup = Markup::new(part, WORD);
    // What is damaged further on is read up to there: a comment that is not read waives nothing.
    while let Ok(Some(token)) = markup.next() {
        match token {
            Token::Open(element) => {
                match element.key() {
                    ("w", "comment") => {
                        let author = element.attr("author").unwrap_or_default().into_owned();
                        all.push((element.number("id").unwrap_or(-1), String::new(), author));
                    }
                    ("w", "p" | "tab" | "br") => add(&mut all, " "),
                    _ => {}
                }
                open.push(element.key());
            }
            Token::Close => drop(open.pop()),
            Token::Text(piece, _) if open.last() == Some(&("w", "t")) => {
                add(&mut all, piece);
            }
            Token::Char(c, _) if open.last() == Some(&("w", "t")) => {
                add(&mut all, c.encode_utf8(&mut [0; 4]));
            }
            Token::Text(..) | Token::Char(..) => {}
        }
    }
    for (_, text, _) in &mut all {
        *text = text.trim().to_owned();
    }
    all.retain(|(_, text, _)| speaks(text));
    all
}

/// Adds words to the last comment.
fn add(all: &mut [(i64, String, String)], words: &str) {
    if let Some((_, text, _)) = all.last_mut() {
        text.push_str(words);
    }
}

/// The bytes of the main part that each comment is anchored to; nothing but a place where it marks no words.
fn anchors(main: &str) -> BTreeMap<i64, Anchor> {
    let mut all: BTreeMap<i64, Anchor> = BTreeMap::new();
    let mut markup = Markup::new(main, WORD);
    // Where open paragraphs begin, and the comments that are anchored in them.
    let mut open: Vec<Option<(usize, Vec<i64>)>> = Vec::new();
    while let Ok(Some(token)) = markup.next() {
        let element = match token {
            Token::Open(element) => element,
            Token::Close => {
                if let Some(Some((start, inside))) = open.pop() {
                    let around = Span::new(start, markup.position());
                    for id in inside {
                        if let Some(anchor) = all.get_mut(&id) {
                            anchor.around = around;
                        }
                    }
                }
                continue;
            }
            Token::Text(..) | Token::Char(..) => continue,
        };
        open.push((element.key() == ("w", "p")).then(|| (element.span.start, Vec::new())));
        let ("w", Some(id)) = (element.space, element.number("id")) else { continue };
        let at = element.span;
        let mut put = |at: usize| {
            if let Some((_, inside)) = open.iter_mut().rev().flatten().next() {
                inside.push(id);
            }
            Anchor { words: Span::new(at, at), around: Span::new(0, main.len()) }
        };
        match element.name {
            "commentRangeStart" => drop(all.insert(id, put(at.end))),
            "commentRangeEnd" => {
                all.entry(id).and_modify(|anchor| anchor.words.end = at.start.max(anchor.words.start));
            }
            "commentReference" => drop(all.entry(id).or_insert_with(|| put(at.start))),
            _ => {}
        }
    }
    all
}
