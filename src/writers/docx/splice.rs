//! This is the main part with something put in: marks between runs, runs cut where a mark stands inside them, words
//! struck. Everything else keeps its bytes, and what was put in says by itself how to take it out again.
//!
//! How a cut is undone is told by blanks at the end of the first tag that stands in it, where a reader of XML sees
//! nothing and a word processor that saves the file puts none: [`Undo`].

use super::body::{Body, Child, Cut, Kind, Run, Spot, Unit};
use crate::span::Span;
use std::collections::BTreeMap;

/// What stands around a mark that cuts a run, so that it can be taken out without trace: as many blanks as its number
/// says. A mark between runs has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Undo {
    /// A run was closed before it and opened again after it.
    Run = 1,
    /// A run and its text were.
    Text = 2,
    /// The same, and the text before it was told to keep its blanks.
    Preserved = 3,
}

/// What a text is told so that blanks at its ends are kept.
pub(super) const PRESERVE: &str = " xml:space=\"preserve\"";

/// The order of what stands at one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Order {
    /// Struck words end here.
    Strike,
    /// A comment ends here.
    End,
    /// New words.
    New,
    /// A comment on a place and no words.
    Point,
    /// A comment starts here.
    Start,
    /// Struck words start here.
    Struck,
}

/// How struck words are written.
pub(super) enum Strike<'s> {
    /// As `w:delText`, inside a tracked deletion.
    Tracked,
    /// With other properties of their runs.
    Styled(&'s dyn Fn(&str) -> String),
}

/// What is to be put in.
#[derive(Default)]
pub(super) struct Splice {
    places: BTreeMap<usize, (Cut, Vec<(Order, String)>)>,
    struck: Vec<Span>,
}

/// A change: those bytes become that text.
struct Change {
    span: Span,
    text: String,
}

impl Splice {
    /// Puts `mark` at a place.
    pub fn put(&mut self, spot: Spot, order: Order, mark: String) {
        let place = self.places.entry(spot.at).or_insert((spot.cut, Vec::new()));
        place.1.push((order, mark));
    }

    /// Strikes what lies between two places of one run. Stretches must come in order and not overlap.
    pub fn strike(&mut self, from: Spot, to: Spot) {
        self.struck.push(Span::new(from.at, to.at));
        for spot in [from, to] {
            self.places.entry(spot.at).or_insert((spot.cut, Vec::new()));
        }
    }

    /// The part with everything put in.
    pub fn apply(self, body: &Body<'_>, strike: &Strike<'_>) -> String {
        let Self { places, struck: mut dead } = self;
        dead.sort_unstable();
        let mut changes = Vec::new();
        let spots: Vec<usize> = places.keys().copied().collect();
        let white = |byte: usize| matches!(body.text.as_bytes().get(byte), Some(b' ' | b'\t' | b'\r' | b'\n'));
        let mut last = None;
        for (at, (cut, mut marks)) in places {
            marks.sort_by_key(|(order, _)| *order);
            let marks: String = marks.iter().map(|(_, mark)| mark.as_str()).collect();
            let here = Span::new(at, at);
            let (unit, child) = match cut {
                Cut::Edge => (None, None),
                Cut::Run(unit) => (Some(unit), None),
                Cut::Text(unit, child) => (Some(unit), Some(child)),
            };
            let run = unit.and_then(|unit| body.units.get(unit)).and_then(|unit| match unit {
                Unit::Run(run) => Some(run),
                Unit::Whole(_) => None,
            });
            let Some(run) = run else {
                changes.push(Change { span: here, text: marks });
                continue;
            };
            let (before, after) = (struck(&dead, at.saturating_sub(1)), struck(&dead, at));
            let mut undo = Undo::Run;
            let (mut close, mut open) = (format!("</{}>", body.tag("r")), opening(body, run, after, strike));
            if let Some((child, Kind::Text { open: tag, .. })) =
                child.and_then(|c| run.children.get(c)).map(|child| (child, &child.kind))
            {
                let keeps = tag.of(body.text).contains("xml:space");
                undo = Undo::Text;
                // Blanks at the edges of a text count only where it says so: at a cut they must.
                let first = last.replace(child.whole.start) != Some(child.whole.start);
                if !keeps && first && white(at - 1) {
                    undo = Undo::Preserved;
                    changes.push(Change { span: Span::new(tag.end - 1, tag.end - 1), text: PRESERVE.to_owned() });
                }
                let next = spots.get(spots.partition_point(|spot| *spot <= at)).filter(|next| **next < child.whole.end);
                let edges = white(at) || next.is_some_and(|next| white(next - 1));
                close.insert_str(0, &format!("</{}>", body.tag(name(strike, before))));
                let attributes = match keeps {
                    true => attributes(tag.of(body.text)),
                    false if edges => PRESERVE,
                    false => "",
                };
                open.push_str(&format!("<{}{attributes}>", body.tag(name(strike, after))));
            }
            changes.push(Change { span: here, text: format!("{close}{}{open}", coded(&marks, undo)) });
        }
        for span in dead {
            rewrite(span, body, strike, &mut changes);
        }
        written(body.text, changes)
    }
}

/// The tags that open a run again.
fn opening(body: &Body<'_>, run: &Run, dead: bool, strike: &Strike<'_>) -> String {
    let props = run.props.map_or("", |span| span.of(body.text));
    let props = match strike {
        Strike::Styled(styled) if dead => styled(props),
        _ => props.to_owned(),
    };
    format!("{}{props}", run.open.of(body.text))
}

/// What changes inside struck words where no cut writes it: names of texts, properties of a run struck from its start.
fn rewrite(span: Span, body: &Body<'_>, strike: &Strike<'_>, changes: &mut Vec<Change>) {
    let index = body.units.partition_point(|unit| unit.whole().end <= span.start);
    let Some(Unit::Run(run)) = body.units.get(index) else { return };
    match strike {
        Strike::Tracked => {
            for Child { whole, kind } in &run.children {
                let Kind::Text { open, content, .. } = kind else { continue };
                let name = open.start + 1 + body.prefix_in(*open);
                if span.contains(Span::new(whole.start, content.start + 1)) && !content.is_empty() {
                    changes.push(Change { span: Span::new(name, name + 1), text: "delText".to_owned() });
                }
                if span.contains(Span::new(content.end.saturating_sub(1), content.end)) && span.end >= whole.end {
                    let tag = whole.of(body.text).trim_end_matches('>').trim_end();
                    let close = Span::new(tag.len() - 1, tag.len()).shifted(whole.start);
                    changes.push(Change { span: close, text: "delText".to_owned() });
                }
            }
        }
        Strike::Styled(styled) => {
            if span.start == run.whole.start {
                let at = run.props.unwrap_or(Span::new(run.open.end, run.open.end));
                changes.push(Change { span: at, text: styled(at.of(body.text)) });
            }
        }
    }
}

impl Body<'_> {
    /// Bytes of the prefix with its colon in that tag.
    fn prefix_in(&self, tag: Span) -> usize {
        let name = tag.of(self.text).trim_start_matches('<');
        let end = name.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).unwrap_or(name.len());
        name.get(..end).and_then(|name| name.find(':')).map_or(0, |colon| colon + 1)
    }
}

fn name(strike: &Strike<'_>, dead: bool) -> &'static str {
    if dead && matches!(strike, Strike::Tracked) { "delText" } else { "t" }
}

/// What follows the name in an opening tag.
fn attributes(tag: &str) -> &str {
    let end = tag.len().saturating_sub(1);
    tag.find(char::is_whitespace).and_then(|at| tag.get(at..end)).unwrap_or("")
}

fn struck(spans: &[Span], byte: usize) -> bool {
    let index = spans.partition_point(|span| span.end <= byte);
    spans.get(index).is_some_and(|span| span.start <= byte)
}

/// The marks with the blanks that tell how to undo their cut.
fn coded(marks: &str, undo: Undo) -> String {
    let Some(close) = marks.find('>') else { return marks.to_owned() };
    let at = if marks.get(..close).is_some_and(|tag| tag.ends_with('/')) { close - 1 } else { close };
    let (before, after) = marks.split_at_checked(at).unwrap_or((marks, ""));
    format!("{before}{}{after}", " ".repeat(undo as usize))
}

fn written(text: &str, mut changes: Vec<Change>) -> String {
    changes.sort_by_key(|change| (change.span.start, change.span.end));
    let mut out = String::with_capacity(text.len() + changes.iter().map(|change| change.text.len()).sum::<usize>());
    let mut done = 0;
    for Change { span, text: new } in changes {
        if span.start < done {
            continue;
        }
        out.push_str(Span::new(done, span.start).of(text));
        out.push_str(&new);
        done = span.end;
    }
    out.push_str(text.get(done..).unwrap_or(""));
    out
}
