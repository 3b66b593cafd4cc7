//! This is what people ask of clearplan in the comments of a Word document: which ones, by whom, and at which words.
//!
//! Comments that do not begin with our name are nobody's business here and are not kept.

use super::WORD;
use crate::document::{Comment, Paragraph};
use crate::readers::markup::{Markup, Token};
use crate::span::Span;
use std::collections::BTreeMap;

/// What a comment begins with that speaks to us.
const NAME: &str = "clearplan";

/// The comments in `part` that speak to us, in its order. `main` is the text of the part that they stand in, `paragraphs`
/// what was read of it.
pub(super) fn read(part: &str, main: &str, paragraphs: &[&Paragraph]) -> Vec<Comment> {
    let asked = asked(part);
    if asked.is_empty() {
        return Vec::new();
    }
    let anchors = anchors(main);
    let one = |(id, text, author): (i64, String, String)| {
        let places = anchors.get(&id).map_or_else(Vec::new, |span| places(paragraphs, *span));
        Comment { text, author, places }
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
    let ours = |text: &str| {
        let first = text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        first.eq_ignore_ascii_case(NAME)
    };
    for (_, text, _) in &mut all {
        *text = text.trim().to_owned();
    }
    all.retain(|(_, text, _)| ours(text));
    all
}

/// Adds words to the last comment.
fn add(all: &mut [(i64, String, String)], words: &str) {
    if let Some((_, text, _)) = all.last_mut() {
        text.push_str(words);
    }
}

/// The bytes of the main part that each comment is anchored to; nothing but a place where it marks no words.
fn anchors(main: &str) -> BTreeMap<i64, Span> {
    let mut all: BTreeMap<i64, Span> = BTreeMap::new();
    let mut markup = Markup::new(main, WORD);
    while let Ok(Some(token)) = markup.next() {
        let Token::Open(element) = token else { continue };
        let ("w", Some(id)) = (element.space, element.number("id")) else { continue };
        let at = element.span;
        match element.name {
            "commentRangeStart" => drop(all.insert(id, Span::new(at.end, at.end))),
            "commentRangeEnd" => drop(all.entry(id).and_modify(|span| span.end = at.start.max(span.start))),
            "commentReference" => drop(all.entry(id).or_insert(Span::new(at.start, at.start))),
            _ => {}
        }
    }
    all
}

/// The words behind those bytes: paragraph and place. Where no word is, the place in the paragraph around it.
fn places(paragraphs: &[&Paragraph], source: Span) -> Vec<(usize, Span)> {
    let words = |paragraph: &&Paragraph| {
        let mut found: Option<Span> = None;
        for run in paragraph.runs.iter().filter(|run| run.source.overlaps(source)) {
            // Characters stand in the source as they are, or one element or reference stands for all of the run.
            let piece = if run.text.len() == run.source.len() {
                let start = run.source.start.max(source.start) - run.source.start;
                let end = run.source.end.min(source.end) - run.source.start;
                Span::new(start, end).shifted(run.text.start)
            } else {
                run.text
            };
            found = Some(found.map_or(piece, |before| before.cover(piece)));
        }
        found.map(|span| (paragraph.place.paragraph, span))
    };
    let found: Vec<(usize, Span)> = paragraphs.iter().filter_map(words).collect();
    if !found.is_empty() {
        return found;
    }
    let around = |paragraph: &&&Paragraph| {
        let (first, last) = (paragraph.runs.first(), paragraph.runs.last());
        first.zip(last).is_some_and(|(first, last)| first.source.start <= source.end && source.start <= last.source.end)
    };
    // The reference stands in a run of its own, right after the words.
    let near = paragraphs.iter().find(around).or_else(|| {
        let before = |paragraph: &&&Paragraph| paragraph.runs.last().is_some_and(|run| run.source.end <= source.start);
        paragraphs.iter().rev().find(before)
    });
    let Some(paragraph) = near else { return Vec::new() };
    let before = paragraph.runs.iter().rev().find(|run| run.source.start < source.start);
    let at = before.map_or(0, |run| run.text.end);
    vec![(paragraph.place.paragraph, Span::new(at, at))]
}
