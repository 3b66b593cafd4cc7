//! This is the comparison for a terminal: what most needs a look first, both sides below each other.

use super::super::text::{Options, Page, clean};
use super::super::words;
use super::{carried, class, counts, gained, lost, sides, source};
use crate::compare::{Class, Comparison, Entry};
use crate::review::Judged;
use anstyle::{AnsiColor, Style};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// The comparison; what was kept or sharpened is listed where `options.all`.
pub fn write(comparison: &Comparison, options: Options) -> String {
    let mut page = Page::new(options);
    let (_, after) = sides(comparison.way);
    let statements = words::count(comparison.statements, "outcome or provision", "outcomes and provision");
    page.wrapped("", "  ", BOLD, &clean(&format!("{after}: {}, {statements}", comparison.plan.document)));
    for one in &comparison.sources {
        page.wrapped("", "  ", Style::new(), &clean(&source(one, comparison.way)));
    }
    for class in Class::ALL {
        let quiet = matches!(class, Class::Kept | Class::Sharpened);
        let entries: Vec<&Entry> = comparison.entries.iter().filter(|entry| entry.class == class).collect();
        if !entries.is_empty() && (options.all || !quiet) {
            group(&mut page, comparison, class, &entries);
        }
    }
    let notes = comparison.sources.iter().flat_map(|source| source.notes.iter().map(|n| (&source.document, n)));
    for (document, note) in notes.chain(comparison.plan.notes.iter().map(|n| (&comparison.plan.document, n))) {
        page.line("");
        let at = note.page.map_or_else(String::new, |page| format!(", page {page}"));
        page.wrapped(&format!("Please note ({}{at}): ", clean(document)), "  ", Style::new(), &clean(&note.message));
    }
    page.line("");
    if let Some(carried) = carried(comparison) {
        page.wrapped("", "", Style::new(), &format!("{carried}."));
    }
    page.wrapped("", "", BOLD, &format!("{}: {}.", clean(&comparison.plan.document), counts(comparison)));
    page.out
}

fn group(page: &mut Page, comparison: &Comparison, of: Class, entries: &[&Entry]) {
    let style = match of {
        Class::Diluted | Class::Dropped => AnsiColor::Red.on_default().bold(),
        Class::CopiedVague => AnsiColor::Yellow.on_default().bold(),
        Class::New => AnsiColor::Cyan.on_default().bold(),
        Class::Sharpened | Class::Kept => AnsiColor::Green.on_default().bold(),
    };
    let (name, means) = class(of, comparison.way);
    page.line("");
    page.wrapped("", "", style, &format!("{} ({}): {means}", capital(name), entries.len()));
    for entry in entries {
        page.line("");
        one(page, comparison, entry);
    }
}

fn one(page: &mut Page, comparison: &Comparison, entry: &Entry) {
    let (before, after) = sides(comparison.way);
    let place = |judged: &Judged| format!("{}, {}", judged.id, words::place(judged.statement.place));
    let plan = entry.plan.as_ref().map(place);
    let source = entry.source.as_ref().map(|(at, judged)| {
        let name = comparison.sources.get(*at).map_or("", |source| source.document.as_str());
        format!("{name} {}", place(judged))
    });
    let head: Vec<String> = [plan, source].into_iter().flatten().collect();
    page.wrapped("  ", "  ", BOLD, &clean(&head.join(" ← ")));
    let width = before.len().max(after.len()) + 2;
    let mut side = |label: &str, judged: &Judged| {
        let lead = format!("    {:<width$}", format!("{label}:"));
        page.wrapped(&lead, &" ".repeat(4 + width), Style::new(), &clean(&judged.statement.text));
        for context in &judged.statement.context {
            let text = format!("{}: {}", words::context(context.role), clean(&context.text));
            page.wrapped(&" ".repeat(4 + width), &" ".repeat(4 + width), DIM, &text);
        }
    };
    match (&entry.source, &entry.plan) {
        (Some((_, source)), Some(plan)) if entry.unchanged => {
            side(before, source);
            if source.statement.text == plan.statement.text {
                page.wrapped("    ", "    ", DIM, &format!("{after}: the same words"));
            } else {
                side(after, plan);
            }
        }
        (source, plan) => {
            source.iter().for_each(|(_, judged)| side(before, judged));
            plan.iter().for_each(|judged| side(after, judged));
        }
    }
    for change in &entry.lost {
        page.wrapped("    − ", "      ", Style::new(), &clean(&lost(entry, change)));
    }
    for change in &entry.gained {
        page.wrapped("    + ", "      ", Style::new(), &clean(&gained(entry, change)));
    }
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
