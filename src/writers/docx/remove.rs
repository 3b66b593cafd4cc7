//! This is the way back: our marks are taken out of the main part, and runs that were cut for them are whole again.
//!
//! Where no word processor has saved the file in between, the part that comes out is the original's, byte for byte. Where
//! one has, it has laid the markup out anew; then our marks and proposals go, and the words are the original's.

use super::AUTHOR;
use super::splice::PRESERVE;
use crate::readers::docx::WORD;
use crate::readers::markup::{Markup, Token};
use crate::span::Span;
use std::collections::HashSet;

/// An opening or closing tag.
struct Tag<'t> {
    /// Its bytes; empty for the end of an element that closes itself.
    span: Span,
    name: &'t str,
    word: bool,
    /// Index of the tag that opens or closes the same element.
    other: usize,
    opens: bool,
    /// The mark is ours.
    ours: bool,
    /// Index of the opening tag of the element around it.
    parent: Option<usize>,
}

/// The part without the comments of those numbers and without our tracked changes; `None` where its markup is damaged.
pub(super) fn without(text: &str, comments: &HashSet<i64>) -> Option<String> {
    let tags = tags(text, comments)?;
    let mut gone: Vec<Span> = Vec::new();
    let mut renamed: Vec<Span> = Vec::new();
    for (i, tag) in tags.iter().enumerate().filter(|(_, tag)| tag.opens && tag.ours) {
        let whole = Span::new(tag.span.start, tags.get(tag.other)?.span.end);
        match tag.name {
            "del" => {
                gone.extend([tag.span, tags.get(tag.other)?.span]);
                let texts = tags.get(i..tag.other)?.iter().filter(|tag| tag.word && tag.name == "delText");
                renamed.extend(texts.map(|tag| tag.span).filter(|span| !span.is_empty()));
            }
            "commentReference" => gone.push(reference(&tags, i).unwrap_or(whole)),
            _ => gone.push(whole),
        }
    }
    let groups = joined(gone);
    let mut out = Vec::with_capacity(groups.len());
    for group in groups {
        out.push(group);
        uncut(text, &tags, group, &mut out);
    }
    Some(rebuilt(text, out, &mut renamed))
}

fn tags<'t>(text: &'t str, comments: &HashSet<i64>) -> Option<Vec<Tag<'t>>> {
    let mut tags: Vec<Tag<'t>> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut markup = Markup::new(text, WORD);
    loop {
        match markup.next().ok()? {
            Some(Token::Open(element)) => {
                let word = element.space == "w";
                let ours = word
                    && match element.name {
                        "commentRangeStart" | "commentRangeEnd" | "commentReference" => {
                            element.number("id").is_some_and(|id| comments.contains(&id))
                        }
                        "ins" | "del" => element.attr("author").is_some_and(|author| author == AUTHOR),
                        _ => false,
                    };
                let (span, name, parent) = (element.span, element.name, open.last().copied());
                open.push(tags.len());
                tags.push(Tag { span, name, word, other: usize::MAX, opens: true, ours, parent });
            }
            Some(Token::Close) => {
                let opening = open.pop()?;
                let end = markup.position();
                let tag = tags.get(opening)?;
                let start = if tag.span.of(text).ends_with("/>") { end } else { text.get(..end)?.rfind("</")? };
                let (name, word, ours, parent) = (tag.name, tag.word, tag.ours, tag.parent);
                let index = tags.len();
                tags.get_mut(opening)?.other = index;
                tags.push(Tag { span: Span::new(start, end), name, word, other: opening, opens: false, ours, parent });
            }
            Some(Token::Text(..) | Token::Char(..)) => {}
            None => return Some(tags),
        }
    }
}

/// The run around a reference, where it holds nothing else.
fn reference(tags: &[Tag<'_>], at: usize) -> Option<Span> {
    let parent = tags.get(at)?.parent?;
    let run = tags.get(parent).filter(|tag| tag.word && tag.name == "r")?;
    let children = tags.iter().take(run.other).skip(parent + 1).filter(|tag| tag.opens && tag.parent == Some(parent));
    let alone = children.filter(|tag| tag.name != "rPr").count() == 1;
    alone.then(|| Span::new(run.span.start, tags.get(run.other).map_or(run.span.end, |tag| tag.span.end)))
}

/// Spans in order, those that touch or overlap made one.
fn joined(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut out: Vec<Span> = Vec::new();
    for span in spans {
        match out.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => out.push(span),
        }
    }
    out
}

/// What was written around a group of marks to cut a run.
fn uncut(text: &str, tags: &[Tag<'_>], group: Span, out: &mut Vec<Span>) -> Option<()> {
    let first = group.of(text).find('>').and_then(|end| group.of(text).get(..end))?;
    let first = first.strip_suffix('/').unwrap_or(first);
    let blanks = first.len() - first.trim_end_matches(' ').len();
    if blanks == 0 || blanks > 3 {
        return None;
    }
    let is = |tag: &Tag<'_>, name: &str, opens: bool| tag.word && tag.name == name && tag.opens == opens;
    let is_text = |tag: &Tag<'_>, opens: bool| is(tag, "t", opens) || is(tag, "delText", opens);

    let next = tags.partition_point(|tag| tag.span.start < group.start);
    let mut before = next.checked_sub(1)?;
    let run = tags.get(before).filter(|tag| is(tag, "r", false) && tag.span.end == group.start)?;
    let mut start = run.span.start;
    let mut preserved = None;
    if blanks >= 2 {
        before -= 1;
        let close = tags.get(before).filter(|tag| is_text(tag, false) && tag.span.end == start)?;
        start = close.span.start;
        if blanks == 3 {
            let open = tags.get(close.other)?.span;
            let inside = Span::new(open.start, open.end - 1);
            let name = inside.of(text).strip_suffix(PRESERVE)?.len();
            preserved = Some(Span::new(open.start + name, inside.end));
        }
    }

    let mut after = tags.partition_point(|tag| tag.span.start < group.end);
    // The end of an element that closes itself has no bytes and stands at the same place.
    while tags.get(after).is_some_and(|tag| tag.span.is_empty()) {
        after += 1;
    }
    let run = tags.get(after).filter(|tag| is(tag, "r", true) && tag.span.start == group.end)?;
    let mut end = run.span.end;
    after += 1;
    if let Some(props) = tags.get(after).filter(|tag| is(tag, "rPr", true) && tag.span.start == end) {
        after = props.other + 1;
        end = tags.get(props.other)?.span.end;
    }
    if blanks >= 2 {
        end = tags.get(after).filter(|tag| is_text(tag, true) && tag.span.start == end)?.span.end;
    }
    out.extend([Span::new(start, group.start), Span::new(group.end, end)]);
    out.extend(preserved);
    Some(())
}

fn rebuilt(text: &str, gone: Vec<Span>, renamed: &mut [Span]) -> String {
    let gone = joined(gone);
    renamed.sort_unstable();
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for span in gone {
        copy(text, Span::new(done, span.start), renamed, &mut out);
        done = span.end;
    }
    copy(text, Span::new(done, text.len()), renamed, &mut out);
    out
}

/// Copies a stretch in which the renamed tags are called `t` again. A tag may be cut at its end, never in its name.
fn copy(text: &str, span: Span, renamed: &[Span], out: &mut String) {
    let mut done = span.start;
    let from = renamed.partition_point(|tag| tag.start < span.start);
    for tag in renamed.iter().skip(from).take_while(|tag| tag.start < span.end) {
        let Some(at) = tag.of(text).find("delText").map(|at| tag.start + at) else { continue };
        out.push_str(Span::new(done, at).of(text));
        out.push('t');
        done = at + "delText".len();
    }
    out.push_str(Span::new(done, span.end).of(text));
}
