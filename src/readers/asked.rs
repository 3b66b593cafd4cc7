//! This is what comments of all formats have in common: how one speaks to clearplan, and which words it is anchored to.

use crate::document::Paragraph;
use crate::span::Span;

/// What a comment begins with that speaks to us.
const NAME: &str = "clearplan";

/// True where a comment speaks to us. Others are nobody's business here.
pub(super) fn speaks(comment: &str) -> bool {
    let first = comment.trim_start().split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    first.eq_ignore_ascii_case(NAME)
}

/// The bytes of the source that a comment is anchored to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Anchor {
    /// The words; of no length where it marks a place.
    pub(super) words: Span,
    /// The paragraph that it begins in.
    pub(super) around: Span,
}

/// The words behind an anchor: ordinals of paragraphs, and where in their texts. Where no word is, the place in the paragraph
/// around it.
pub(super) fn places(paragraphs: &[&Paragraph], Anchor { words: source, around }: Anchor) -> Vec<(usize, Span)> {
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
    let ends = |paragraph: &Paragraph| {
        let (first, last) = (paragraph.runs.first()?.source.start, paragraph.runs.last()?.source.end);
        (around.start <= first && last <= around.end).then(|| Span::new(first, last))
    };
    let find =
        |fits: &dyn Fn(Span) -> bool| paragraphs.iter().copied().find(|paragraph| ends(paragraph).is_some_and(fits));
    let within = |ends: Span| ends.start <= source.end && source.start <= ends.end;
    // The place is often behind the words, in a run of its own, and sometimes before the first.
    let near = find(&within)
        .or_else(|| paragraphs.iter().rev().copied().find(|p| ends(p).is_some_and(|ends| ends.end <= source.start)))
        .or_else(|| find(&|ends| source.end <= ends.start));
    let Some(paragraph) = near else { return Vec::new() };
    let before = paragraph.runs.iter().rev().find(|run| run.source.start < source.start);
    let at = before.map_or(0, |run| run.text.end);
    vec![(paragraph.place.paragraph, Span::new(at, at))]
}
