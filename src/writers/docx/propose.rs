//! This is a suggestion as a proposal in the plan's own sentence: words struck and words put in, tracked or in the
//! tribunal's typographic key.

use super::body::{Body, Kind, Side, Spot, Unit};
use super::splice::{Order, PRESERVE, Splice};
use super::{AUTHOR, Mode, Options, Party};
use crate::document::Paragraph;
use crate::readers::markup::{Markup, Token};
use crate::span::Span;
use crate::writers::container::escaped;
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// The changes that make a suggestion of a statement.
pub(super) struct Proposal {
    changes: Vec<Change>,
}

/// Stretches of single runs that are struck, and what comes after them.
struct Change {
    struck: Vec<(Spot, Spot)>,
    new: String,
    /// Where the new words go, and the unit whose looks they take.
    at: Spot,
    like: usize,
}

impl Proposal {
    /// What has to change at `statement` so that `suggestion` stands there; `None` where the words cannot be changed one
    /// by one: in text boxes, content controls, fields and changes that somebody else tracks.
    pub fn new(paragraph: &Paragraph, statement: Span, suggestion: &str, body: &Body<'_>) -> Option<Self> {
        let plain = paragraph.sources(statement).all(|source| is_plain(source, body));
        if !plain {
            return None;
        }
        let edits = edits(statement.of(&paragraph.text), suggestion);
        let changes = edits.into_iter().map(|(span, new)| change(paragraph, span.shifted(statement.start), new, body));
        let changes: Vec<Change> = changes.collect::<Option<_>>()?;
        (!changes.is_empty()).then_some(Self { changes })
    }

    /// Puts it in.
    pub fn put(self, body: &Body<'_>, splice: &mut Splice, options: Options<'_>, mut number: impl FnMut() -> i64) {
        let Body { prefix: w, declares, .. } = body;
        let tracked = options.mode == Mode::Tracked;
        let mut tag = |name: &str| {
            let (id, date) = (number(), escaped(options.date));
            format!("<{w}{name}{declares} {w}id=\"{id}\" {w}author=\"{AUTHOR}\" {w}date=\"{date}T00:00:00Z\">")
        };
        for change in self.changes {
            for (from, to) in change.struck {
                splice.strike(from, to);
                if tracked {
                    splice.put(from, Order::Struck, tag("del"));
                    splice.put(to, Order::Strike, format!("</{w}del>"));
                }
            }
            if change.new.is_empty() {
                continue;
            }
            let props = match body.units.get(change.like) {
                Some(Unit::Run(run)) => run.props.map_or("", |span| span.of(body.text)),
                _ => "",
            };
            let run = |props: &str| format!("<{w}r{declares}>{props}{}</{w}r>", text(&change.new, w));
            let mark = match options.mode {
                Mode::Working(party) => run(&formatted(props, w, &[look(party)])),
                _ => format!("{}{}</{w}ins>", tag("ins"), run(&formatted(props, w, &[]))),
            };
            splice.put(change.at, Order::New, mark);
        }
    }
}

/// True where the piece lies in the text of a run that is nobody's tracked change.
fn is_plain(source: Span, body: &Body<'_>) -> bool {
    let Some(Unit::Run(run)) = body.unit(source.start, Side::Start).and_then(|unit| body.units.get(unit)) else {
        return false;
    };
    let child = run.children.iter().find(|child| child.whole.contains(source));
    let plain = child.is_some_and(|child| matches!(child.kind, Kind::Text { plain: true, .. } | Kind::Character));
    plain && !run.tracked && body.spot(source.start, Side::Start).is_some_and(|spot| !spot.boxed)
}

/// `span` of the paragraph struck, `new` put in its place.
fn change(paragraph: &Paragraph, span: Span, new: String, body: &Body<'_>) -> Option<Change> {
    let mut struck: Vec<(Span, usize, usize)> = Vec::new();
    for source in paragraph.sources(span) {
        let unit = body.unit(source.start, Side::Start)?;
        let Some(Unit::Run(run)) = body.units.get(unit) else { return None };
        let child = run.children.iter().position(|child| child.whole.contains(source))?;
        match struck.last_mut() {
            // Neighbours in one run are one stretch.
            Some((last, of, end)) if *of == unit && child <= *end + 1 => {
                last.end = source.end;
                *end = child;
            }
            _ => struck.push((source, unit, child)),
        }
    }
    let (at, like) = match struck.last() {
        Some((source, unit, _)) => (body.spot(source.end, Side::End)?, *unit),
        // After the word before; at the start of a paragraph before the word after.
        None => match paragraph.source(Span::new(0, span.start)) {
            Some(before) => (body.spot(before.end, Side::End)?, body.unit(before.end, Side::End)?),
            None => {
                let after = paragraph.source(Span::new(span.start, paragraph.text.len()))?;
                (body.spot(after.start, Side::Start)?, body.unit(after.start, Side::Start)?)
            }
        },
    };
    let spots = struck
        .iter()
        .map(|(source, ..)| Some((body.spot(source.start, Side::Start)?, body.spot(source.end, Side::End)?)));
    Some(Change { struck: spots.collect::<Option<_>>()?, new, at, like })
}

/// Where two texts differ: stretches of the first and what stands there in the second. Stretches with at most one word
/// between them are one, for a sentence with single words kept is hard to read.
fn edits(old: &str, new: &str) -> Vec<(Span, String)> {
    let (a, b): (Vec<&str>, Vec<&str>) = (old.split_word_bounds().collect(), new.split_word_bounds().collect());
    // What lies between the pieces that both have.
    let ops = capture_diff_slices(Algorithm::Myers, &a, &b);
    let same = ops.iter().filter_map(|op| match op {
        DiffOp::Equal { .. } => Some((op.old_range(), op.new_range())),
        _ => None,
    });
    let mut hunks: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    let (mut x, mut y) = (0, 0);
    for (old, new) in same.chain([(a.len()..a.len(), b.len()..b.len())]) {
        let differs = x < old.start || y < new.start;
        let is_word = |token: &&&str| token.chars().any(char::is_alphanumeric);
        let kept = |from: usize| a.get(from..x).unwrap_or(&[]).iter().filter(is_word).count();
        match hunks.last_mut() {
            _ if !differs => {}
            Some((left, right)) if kept(left.end) <= 1 => (left.end, right.end) = (old.start, new.start),
            _ => hunks.push((x..old.start, y..new.start)),
        }
        (x, y) = (old.end, new.end);
    }
    let start = |tokens: &[&str], at: usize| tokens.iter().take(at).map(|token| token.len()).sum::<usize>();
    let edit = |(x, y): (Range<usize>, Range<usize>)| {
        (Span::new(start(&a, x.start), start(&a, x.end)), b.get(y).unwrap_or(&[]).concat())
    };
    hunks.into_iter().map(edit).collect()
}

/// Words as the children of a run.
fn text(words: &str, w: &str) -> String {
    let mut out = String::new();
    for piece in words.split_inclusive(['\n', '\t']) {
        let plain = piece.trim_end_matches(['\n', '\t']);
        if !plain.is_empty() {
            out.push_str(&format!("<{w}t{PRESERVE}>{}</{w}t>", escaped(plain)));
        }
        match piece.chars().last() {
            Some('\n') => out.push_str(&format!("<{w}br/>")),
            Some('\t') => out.push_str(&format!("<{w}tab/>")),
            _ => {}
        }
    }
    out
}

fn look(party: Party) -> (&'static str, &'static str) {
    match party {
        Party::Parent => ("b", ""),
        Party::Authority => ("i", ""),
        Party::Agreed => ("u", "single"),
    }
}

/// The properties of a run whose words are struck in a working document.
pub(super) fn struck(mode: Mode, props: &str, w: &str) -> String {
    match mode {
        Mode::Working(party) => formatted(props, w, &[look(party), ("strike", "")]),
        _ => props.to_owned(),
    }
}

/// Properties in the order that the format asks for, as far as it matters to those that are added here.
const PROPERTIES: &[&str] = &[
    "rStyle",
    "rFonts",
    "b",
    "bCs",
    "i",
    "iCs",
    "caps",
    "smallCaps",
    "strike",
    "dstrike",
    "outline",
    "shadow",
    "emboss",
    "imprint",
    "noProof",
    "snapToGrid",
    "vanish",
    "webHidden",
    "color",
    "spacing",
    "w",
    "kern",
    "position",
    "sz",
    "szCs",
    "highlight",
    "u",
    "effect",
    "bdr",
    "shd",
    "fitText",
    "vertAlign",
];

/// `w:rPr` with more properties, each a name and a value, and without the record of how it was before a tracked change.
fn formatted(props: &str, w: &str, more: &[(&str, &str)]) -> String {
    let rank = |name: &str| PROPERTIES.iter().position(|known| *known == name).unwrap_or(PROPERTIES.len());
    let mut list = children(props);
    list.retain(|(name, _)| *name != "rPrChange" && !more.iter().any(|(other, _)| other == name));
    let mut list: Vec<(usize, String)> = list.into_iter().map(|(name, text)| (rank(name), text.to_owned())).collect();
    for (name, value) in more {
        let value = if value.is_empty() { String::new() } else { format!(" {w}val=\"{value}\"") };
        let at = list.iter().position(|(other, _)| *other > rank(name)).unwrap_or(list.len());
        list.insert(at, (rank(name), format!("<{w}{name}{value}/>")));
    }
    if list.is_empty() {
        return String::new();
    }
    let inner: String = list.into_iter().map(|(_, text)| text).collect();
    format!("<{w}rPr>{inner}</{w}rPr>")
}

/// The children of one element: local name and markup.
fn children(element: &str) -> Vec<(&str, &str)> {
    let mut markup = Markup::new(element, &[]);
    let mut found: Vec<(&str, Span)> = Vec::new();
    let mut depth = 0_usize;
    while let Ok(Some(token)) = markup.next() {
        match token {
            Token::Open(child) => {
                if depth == 1 {
                    found.push((child.name, child.span));
                }
                depth += 1;
            }
            Token::Close => {
                depth = depth.saturating_sub(1);
                if let (1, Some((_, span))) = (depth, found.last_mut()) {
                    span.end = markup.position();
                }
            }
            Token::Text(..) | Token::Char(..) => {}
        }
    }
    found.into_iter().map(|(name, span)| (name, span.of(element))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_make_the_new_text() {
        let pairs = [
            ("Sam will have regular help.", "Sam will have help from [role] for [minutes]."),
            ("", "a"),
            ("a", ""),
            ("one two three", "one two three"),
            (
                "Typed in a form, as appropriate.",
                "[role] will deliver typed in a form [individually or in a group of how many] for [minutes] [times a week].",
            ),
            ("Access to support, as needed", "[role] will give support"),
        ];
        for (old, new) in pairs {
            let mut out = String::new();
            let mut done = 0;
            for (span, words) in edits(old, new) {
                out.push_str(&old[done..span.start]);
                out.push_str(&words);
                done = span.end;
            }
            out.push_str(&old[done..]);
            assert_eq!(out, new);
        }
        assert!(edits("same", "same").is_empty());
    }

    #[test]
    fn properties_stand_in_their_order_once() {
        let props = "<w:rPr><w:rStyle w:val=\"S\"/><w:b w:val=\"0\"/><w:sz w:val=\"22\"/><w:rPrChange><w:rPr/></w:rPrChange></w:rPr>";
        let bold = "<w:rPr><w:rStyle w:val=\"S\"/><w:b/><w:strike/><w:sz w:val=\"22\"/></w:rPr>";
        assert_eq!(formatted(props, "w:", &[("b", ""), ("strike", "")]), bold);
        assert_eq!(formatted("", "w:", &[("u", "single")]), "<w:rPr><w:u w:val=\"single\"/></w:rPr>");
        assert_eq!(formatted("<w:rPr/>", "w:", &[]), "");
    }
}
