//! This is the comparison as a page: both sides next to each other, the words that changed marked, nothing to fetch and
//! no script.

use super::super::{page, words};
use super::{carried, class, counts, gained, lost, sides, source};
use crate::compare::{Change, Class, Comparison, Entry};
use crate::review::Judged;
use crate::span::Span;
use minijinja::value::Serde;
use serde::Serialize;
use std::collections::BTreeSet;

/// The comparison as one page.
///
/// # Errors
/// [`minijinja::Error`] where the template does not fit its data, which a test of this crate rules out.
pub fn write(comparison: &Comparison) -> Result<String, minijinja::Error> {
    let environment = page::environment("compared.html", include_str!("compared.html"))?;
    environment.get_template("compared.html")?.render(Serde(PageView::new(comparison)))
}

#[derive(Serialize)]
struct PageView<'c> {
    version: &'static str,
    plan: &'c str,
    before: &'static str,
    after: &'static str,
    statements: usize,
    counts: Vec<Count>,
    said: String,
    sources: Vec<SourceView>,
    carried: Option<String>,
    notes: Vec<String>,
    entries: Vec<EntryView<'c>>,
}

#[derive(Serialize)]
struct Count {
    n: usize,
    name: &'static str,
    means: &'static str,
    class: &'static str,
    /// The first entry of the class.
    first: Option<String>,
}

#[derive(Serialize)]
struct SourceView {
    text: String,
    related: bool,
}

#[derive(Serialize)]
struct EntryView<'c> {
    anchor: String,
    class: &'static str,
    name: &'static str,
    title: String,
    unchanged: bool,
    source: Option<SideView<'c>>,
    plan: Option<SideView<'c>>,
    lost: Vec<String>,
    gained: Vec<String>,
}

#[derive(Serialize)]
struct SideView<'c> {
    place: String,
    document: &'c str,
    context: Vec<(&'static str, &'c str)>,
    /// Words, and `lost` or `gained` where they are marked.
    pieces: Vec<(&'c str, &'static str)>,
}

impl<'c> PageView<'c> {
    fn new(comparison: &'c Comparison) -> Self {
        let (before, after) = sides(comparison.way);
        let anchor = |i: usize| format!("entry-{}", i + 1);
        let counts_of = |of: Class| {
            let (name, means) = class(of, comparison.way);
            let first = comparison.entries.iter().position(|entry| entry.class == of).map(anchor);
            Count { n: comparison.count(of), name, means, class: of.name(), first }
        };
        let noted = comparison.sources.iter().flat_map(|one| one.notes.iter().map(|note| (&one.document, note)));
        Self {
            version: env!("CARGO_PKG_VERSION"),
            plan: &comparison.plan.document,
            before,
            after,
            statements: comparison.statements,
            counts: Class::ALL.iter().map(|of| counts_of(*of)).filter(|count| count.n > 0).collect(),
            said: counts(comparison),
            sources: comparison
                .sources
                .iter()
                .map(|one| SourceView { text: source(one, comparison.way), related: one.related })
                .collect(),
            carried: carried(comparison),
            notes: noted
                .chain(comparison.plan.notes.iter().map(|note| (&comparison.plan.document, note)))
                .map(|(document, note)| format!("{document}: {}", note.message))
                .collect(),
            entries: comparison
                .entries
                .iter()
                .enumerate()
                .map(|(i, entry)| EntryView::new(anchor(i), comparison, entry))
                .collect(),
        }
    }
}

impl<'c> EntryView<'c> {
    fn new(anchor: String, comparison: &'c Comparison, entry: &'c Entry) -> Self {
        let title = match (&entry.plan, &entry.source) {
            (Some(plan), _) => format!("{} ({})", plan.id, plan.statement.kind.name()),
            (None, Some((_, source))) => format!("{} ({})", source.id, source.statement.kind.name()),
            (None, None) => String::new(),
        };
        let document = |at: usize| comparison.sources.get(at).map_or("", |source| source.document.as_str());
        Self {
            anchor,
            class: entry.class.name(),
            name: class(entry.class, comparison.way).0,
            title,
            unchanged: entry.unchanged,
            source: entry.source.as_ref().map(|(at, judged)| SideView::new(document(*at), judged, entry, true)),
            plan: entry.plan.as_ref().map(|judged| SideView::new(&comparison.plan.document, judged, entry, false)),
            lost: entry.lost.iter().map(|change| lost(entry, change)).collect(),
            gained: entry.gained.iter().map(|change| gained(entry, change)).collect(),
        }
    }
}

impl<'c> SideView<'c> {
    fn new(document: &'c str, judged: &'c Judged, entry: &Entry, before: bool) -> Self {
        let statement = &judged.statement;
        let spans = |list: &[Change]| -> Vec<Span> {
            list.iter()
                .filter_map(|change| if before { change.was } else { change.now })
                .filter(|evidence| evidence.context.is_none())
                .map(|evidence| evidence.span)
                .collect()
        };
        Self {
            place: format!("{}, {}", judged.id, words::place(statement.place)),
            document,
            context: statement.context.iter().map(|c| (words::context(c.role), c.text.as_str())).collect(),
            pieces: pieces(&statement.text, &spans(&entry.lost), &spans(&entry.gained)),
        }
    }
}

/// The text cut where marks begin and end.
fn pieces<'t>(text: &'t str, lost: &[Span], gained: &[Span]) -> Vec<(&'t str, &'static str)> {
    let mut cuts: BTreeSet<usize> = lost.iter().chain(gained).flat_map(|span| [span.start, span.end]).collect();
    cuts.extend([0, text.len()]);
    let cuts: Vec<usize> = cuts.into_iter().filter(|at| text.is_char_boundary(*at)).collect();
    let pairs = cuts.iter().zip(cuts.iter().skip(1)).map(|(from, to)| Span::new(*from, *to));
    pairs
        .map(|span| {
            let inside = |list: &[Span]| list.iter().any(|marked| marked.contains(span));
            let mark = if inside(lost) {
                "lost"
            } else if inside(gained) {
                "gained"
            } else {
                ""
            };
            (span.of(text), mark)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_cut_the_text_and_leave_no_word_out() {
        let text = "Sam will have regular help.";
        let cut = pieces(text, &[Span::new(14, 21)], &[Span::new(4, 8)]);
        assert_eq!(cut, [("Sam ", ""), ("will", "gained"), (" have ", ""), ("regular", "lost"), (" help.", "")]);
        assert_eq!(pieces("", &[], &[]), []);
    }
}
