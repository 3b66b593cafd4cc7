//! This is what people ask of clearplan in the annotations of an OpenDocument text: which ones, by whom, and at which words.

use super::ODF;
use crate::document::{Comment, Paragraph};
use crate::readers::asked::{Anchor, places, speaks};
use crate::readers::markup::{Markup, Token};
use crate::span::Span;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The annotations in `content` that speak to us, in its order. `paragraphs` are what was read of it.
pub(super) fn read(content: &str, paragraphs: &[&Paragraph]) -> Vec<Comment> {
    let mut all = annotations(content);
    all.iter_mut().for_each(|one| one.text = one.text.trim().to_owned());
    all.retain(|one| speaks(&one.text));
    let comment = |Annotation { text, author, anchor }: Annotation| {
        let author = author.trim().to_owned();
        Comment { text, author, places: places(paragraphs, anchor), stands: None }
    };
    all.into_iter().map(comment).collect()
}

struct Annotation {
    text: String,
    author: String,
    anchor: Anchor,
}

/// What is open around the place that is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    /// A paragraph of the plan: where it begins, and how many annotations began before.
    Paragraph(usize, usize),
    /// Anything else of the plan.
    Other,
    Annotation,
    /// Its author.
    Creator,
    /// A paragraph in it, or a part of one: the characters are words.
    Words,
    /// Anything else in it.
    Within,
}

fn annotations(content: &str) -> Vec<Annotation> {
    let mut all: Vec<Annotation> = Vec::new();
    let mut named: BTreeMap<Cow<'_, str>, usize> = BTreeMap::new();
    let mut open: Vec<Open> = Vec::new();
    let mut markup = Markup::new(content, ODF);
    // What is damaged further on is read up to there: an annotation that is not read waives nothing.
    while let Ok(Some(token)) = markup.next() {
        match token {
            Token::Open(element) => {
                let around = open.last().copied().unwrap_or(Open::Other);
                let within = !matches!(around, Open::Paragraph(..) | Open::Other);
                open.push(match element.key() {
                    // What was deleted under tracked changes, with the annotations on it.
                    ("text", "tracked-changes") => {
                        if markup.skip().is_err() {
                            break;
                        }
                        continue;
                    }
                    ("text", "p" | "h") if within => {
                        add(&mut all, " ");
                        Open::Words
                    }
                    ("text", "p" | "h") => Open::Paragraph(element.span.start, all.len()),
                    ("text", "s" | "tab" | "line-break") if within => {
                        add(&mut all, " ");
                        Open::Within
                    }
                    ("text", _) if around == Open::Words => Open::Words,
                    ("office", "annotation") if !within => {
                        if let Some(name) = element.attr("name") {
                            named.insert(name, all.len());
                        }
                        let at = Span::new(element.span.start, element.span.start);
                        let anchor = Anchor { words: at, around: Span::new(0, content.len()) };
                        all.push(Annotation { text: String::new(), author: String::new(), anchor });
                        Open::Annotation
                    }
                    ("office", "annotation-end") if !within => {
                        let one = element.attr("name").and_then(|name| named.remove(&name));
                        if let Some(one) = one.and_then(|at| all.get_mut(at)) {
                            one.anchor.words.end = element.span.start.max(one.anchor.words.start);
                        }
                        Open::Other
                    }
                    (_, "creator") if around == Open::Annotation => Open::Creator,
                    _ if within => Open::Within,
                    _ => Open::Other,
                });
            }
            Token::Close => match open.pop() {
                // The words begin behind the annotation.
                Some(Open::Annotation) => {
                    if let Some(one) = all.last_mut() {
                        let at = markup.position();
                        one.anchor.words = Span::new(at, at);
                    }
                }
                Some(Open::Paragraph(start, from)) => {
                    let around = Span::new(start, markup.position());
                    // Those in a paragraph within this one, of a text box, have theirs.
                    let open = |one: &&mut Annotation| one.anchor.around == Span::new(0, content.len());
                    all.iter_mut().skip(from).filter(open).for_each(|one| one.anchor.around = around);
                }
                _ => {}
            },
            Token::Text(words, _) => match open.last() {
                Some(Open::Words) => add(&mut all, words),
                Some(Open::Creator) => {
                    if let Some(one) = all.last_mut() {
                        one.author.push_str(words);
                    }
                }
                _ => {}
            },
            Token::Char(c, _) => match open.last() {
                Some(Open::Words) => add(&mut all, c.encode_utf8(&mut [0; 4])),
                Some(Open::Creator) => {
                    if let Some(one) = all.last_mut() {
                        one.author.push(c);
                    }
                }
                _ => {}
            },
        }
    }
    all
}

/// Adds words to the last annotation.
fn add(all: &mut [Annotation], words: &str) {
    if let Some(one) = all.last_mut() {
        one.text.push_str(words);
    }
}
