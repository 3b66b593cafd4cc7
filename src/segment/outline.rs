//! This is the first look at a whole plan: which letters it really uses, and which headings are only a contents list
//! or a table of what each section must include.

use super::framework::{Framework, fold};
use super::heading::{Look, Opening, opening};
use super::line::{is_furniture, lines};
use crate::document::{Block, Document, Kind, Paragraph, Role, Table};
use std::collections::{HashMap, HashSet};

/// What the first look found.
#[derive(Debug, Default)]
pub(super) struct Outline {
    /// Sections that a lettered heading opens somewhere outside contents lists.
    lettered: HashSet<usize>,
    /// Paragraphs and tables, by address, whose headings open nothing.
    skipped: HashSet<usize>,
    /// True where outcomes and help share the plan's parts with no letter to tell them apart.
    pub mixed: bool,
}

/// One heading or one stretch of other text, in reading order.
struct Event {
    address: usize,
    table: Option<usize>,
    what: What,
}

enum What {
    Heading(Opening),
    /// "Contents", "What each section must include".
    Contents,
    Text,
}

impl Outline {
    /// Looks through the document once.
    pub fn new(framework: &Framework, document: &Document) -> Self {
        let mut events = Vec::new();
        walk(framework, &document.blocks, None, 0, &mut events);
        let mut outline = Self::default();
        outline.skip_tables(&events);
        outline.skip_runs(&events);
        outline.skip_after_contents(&events);
        let kept =
            |e: &&Event| !outline.skipped.contains(&e.address) && e.table.is_none_or(|t| !outline.skipped.contains(&t));
        let openings =
            || events.iter().filter(kept).filter_map(|e| if let What::Heading(o) = e.what { Some(o) } else { None });
        let lettered: HashSet<usize> =
            openings().filter(|o| o.lettered).flat_map(|o| [Some(o.section), o.second]).flatten().collect();
        let kind = |section: usize| framework.sections.get(section).map(|s| s.kind);
        let judged = lettered.iter().any(|s| matches!(kind(*s), Some(Kind::Outcome | Kind::Provision)));
        let help = openings().filter(|o| !o.lettered && kind(o.section) == Some(Kind::Provision)).count();
        outline.mixed = !judged && help >= 2;
        outline.lettered = lettered;
        outline
    }

    /// True where a lettered heading opens that section.
    pub fn is_lettered(&self, section: usize) -> bool {
        self.lettered.contains(&section)
    }

    /// True where the plan marks its sections with letters at all.
    pub fn uses_letters(&self) -> bool {
        self.lettered.len() >= 3
    }

    pub fn skips(&self, paragraph: &Paragraph) -> bool {
        self.skipped.contains(&address(paragraph))
    }

    pub fn skips_table(&self, table: &Table) -> bool {
        self.skipped.contains(&address(table))
    }

    /// A table with a row for each section is a list of them where all these letters stand elsewhere too.
    fn skip_tables(&mut self, events: &[Event]) {
        let mut by_table: HashMap<usize, HashMap<usize, usize>> = HashMap::new();
        let mut all: HashMap<usize, usize> = HashMap::new();
        for event in events {
            if let What::Heading(o) = &event.what {
                *all.entry(o.section).or_default() += 1;
                if let Some(table) = event.table {
                    *by_table.entry(table).or_default().entry(o.section).or_default() += 1;
                }
            }
        }
        for (table, ids) in by_table {
            let elsewhere = ids.iter().filter(|(id, count)| all.get(id).is_some_and(|n| n > count)).count();
            if ids.len() >= 4 && elsewhere * 5 >= ids.len() * 4 {
                self.skipped.insert(table);
            }
        }
    }

    /// Headings with nothing between them are a contents list where each stands elsewhere too.
    fn skip_runs(&mut self, events: &[Event]) {
        let mut counts: HashMap<usize, usize> = HashMap::new();
        for event in events {
            if let What::Heading(o) = &event.what
                && event.table.is_none_or(|t| !self.skipped.contains(&t))
            {
                *counts.entry(o.section).or_default() += 1;
            }
        }
        let mut run: Vec<(usize, usize)> = Vec::new();
        let mut close = |run: &mut Vec<(usize, usize)>, skipped: &mut HashSet<usize>| {
            if run.len() >= 3 && run.iter().all(|(_, section)| counts.get(section).is_some_and(|n| *n > 1)) {
                for (address, section) in run.iter() {
                    skipped.insert(*address);
                    counts.entry(*section).and_modify(|n| *n -= 1);
                }
            }
            run.clear();
        };
        for event in events {
            match &event.what {
                What::Heading(o) if event.table.is_none() => {
                    if run.iter().any(|(_, section)| *section == o.section) {
                        close(&mut run, &mut self.skipped);
                    }
                    run.push((event.address, o.section));
                }
                _ => close(&mut run, &mut self.skipped),
            }
        }
        close(&mut run, &mut self.skipped);
    }

    /// After "Contents" or "What each section must include" each letter is only named, until one comes again.
    fn skip_after_contents(&mut self, events: &[Event]) {
        let mut last: HashMap<usize, usize> = HashMap::new();
        for (i, event) in events.iter().enumerate() {
            if let What::Heading(o) = &event.what {
                last.insert(o.section, i);
            }
        }
        let mut seen: Option<HashSet<usize>> = None;
        for (i, event) in events.iter().enumerate() {
            match &event.what {
                What::Contents => seen = Some(HashSet::new()),
                What::Heading(o) if !self.skipped.contains(&event.address) => {
                    let Some(known) = seen.as_mut() else { continue };
                    let again = last.get(&o.section).is_some_and(|l| *l > i);
                    if again && known.insert(o.section) {
                        self.skipped.insert(event.address);
                    } else {
                        seen = None;
                    }
                }
                _ => {}
            }
        }
    }
}

/// Addresses only tell objects of one run apart; nothing is ordered by them.
pub(super) fn address<T>(of: &T) -> usize {
    std::ptr::from_ref(of) as usize
}

/// Nesting beyond which tables are not looked into (real plans nest two or three deep).
pub(super) const DEEPEST: usize = 24;

fn walk(framework: &Framework, blocks: &[Block], table: Option<usize>, depth: usize, events: &mut Vec<Event>) {
    for block in blocks {
        match block {
            Block::Paragraph(paragraph) => events.extend(look_at(framework, paragraph, table, false)),
            Block::Table(inner) if depth < DEEPEST => {
                for row in &inner.rows {
                    let id = Some(address(inner));
                    let first = |cell: &crate::document::Cell| {
                        cell.blocks.iter().find_map(|b| match b {
                            Block::Paragraph(p) if !p.text.trim().is_empty() => look_at(framework, p, None, true)
                                .filter(|e| matches!(&e.what, What::Heading(o) if o.lettered)),
                            _ => None,
                        })
                    };
                    let heads: Vec<Event> =
                        if row.cells.len() > 1 { row.cells.iter().filter_map(first).collect() } else { Vec::new() };
                    if heads.len() >= 2 {
                        // A row of column titles names its sections for real.
                        events.push(Event { address: 0, table: id, what: What::Text });
                        for head in heads {
                            events.push(head);
                            events.push(Event { address: 0, table: id, what: What::Text });
                        }
                        continue;
                    }
                    for cell in &row.cells {
                        let alone = cell.blocks.len() == 1;
                        for inside in &cell.blocks {
                            match inside {
                                Block::Paragraph(p) => events.extend(look_at(framework, p, id, alone)),
                                Block::Table(_) => walk(framework, std::slice::from_ref(inside), id, depth + 1, events),
                            }
                        }
                    }
                }
            }
            Block::Table(_) => {}
        }
    }
}

fn look_at(framework: &Framework, paragraph: &Paragraph, table: Option<usize>, alone: bool) -> Option<Event> {
    if matches!(paragraph.role, Role::Furniture | Role::Footnote) {
        return None;
    }
    let span = *lines(head(&paragraph.text)).iter().find(|s| !s.of(&paragraph.text).trim().is_empty())?;
    let line = span.of(&paragraph.text).trim();
    let what = match opening(framework, line, look(paragraph, alone)) {
        Some(o) if !is_furniture(line) => What::Heading(o),
        _ if is_furniture(line) || framework.is_boilerplate(line) => return None,
        _ if line.len() < 80 && framework.contents.get(&fold(line)).is_some() => What::Contents,
        _ => What::Text,
    };
    Some(Event { address: address(paragraph), table, what })
}

/// The part of a paragraph in which a heading would stand.
fn head(text: &str) -> &str {
    text.get(..text.floor_char_boundary(400)).unwrap_or(text)
}

/// How a paragraph stands out; `alone` where it fills its table cell.
pub(super) fn look(paragraph: &Paragraph, alone: bool) -> Look {
    match paragraph.role {
        Role::Heading(_) => Look::Heading,
        _ if paragraph.bold || (alone && paragraph.text.len() <= 200 && !paragraph.text.trim_end().ends_with('.')) => {
            Look::Strong
        }
        Role::Item { .. } => Look::Item,
        _ => Look::Plain,
    }
}
