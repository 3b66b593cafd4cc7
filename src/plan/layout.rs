//! This is where the statements of a plan stand in its own structure: in which row of which table, under which sub-heading,
//! and with which number.

use super::thread::lexicon::{self, Areas};
use crate::document::{Block, Document, Paragraph, Role};
use crate::review::ReviewedSection;
use std::collections::HashSet;

/// Rows that a cell merged downwards is taken to stand in, at most.
const MOST_ROWS: usize = 32;
/// Words of the longest sub-heading.
const MOST_WORDS: usize = 12;

/// The place of every paragraph.
#[derive(Debug, Default)]
pub(crate) struct Layout {
    spots: Vec<Spot>,
    /// The sub-headings, in reading order.
    heads: Vec<Head>,
}

/// The place of a paragraph.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Spot {
    /// Table, first row and last row, where the row has more than one filled cell.
    pub row: Option<(u32, u32, u32)>,
    /// The table, whatever its rows.
    pub table: Option<u32>,
    /// Index of the sub-heading above it.
    pub head: Option<u32>,
    /// The number that a list gives it.
    pub item: Option<u32>,
}

/// A sub-heading that says what stands below it.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    /// Its words.
    pub text: String,
    /// Its level, where the source marks it as a heading.
    rank: Option<u8>,
    /// The areas of need that it names.
    pub areas: Areas,
    /// What two headings of the same words share.
    pub key: u64,
}

impl Layout {
    /// Looks through the plan once.
    pub fn of(document: &Document, sections: &[ReviewedSection]) -> Self {
        let statements = sections.iter().flat_map(|section| &section.statements);
        let said: HashSet<usize> = statements.map(|judged| judged.statement.place.paragraph).collect();
        let titles: HashSet<&str> = sections.iter().map(|section| section.heading.trim()).collect();
        let mut walk = Walk { said, titles, layout: Self::default(), head: None, tables: 0 };
        walk.blocks(&document.blocks, Spot::default());
        walk.layout
    }

    /// The place of a paragraph, by its ordinal.
    pub fn spot(&self, paragraph: usize) -> Spot {
        self.spots.get(paragraph).copied().unwrap_or_default()
    }

    /// The sub-heading of that index.
    pub fn head(&self, index: u32) -> Option<&Head> {
        self.heads.get(index as usize)
    }
}

struct Walk<'d> {
    said: HashSet<usize>,
    titles: HashSet<&'d str>,
    layout: Layout,
    head: Option<u32>,
    tables: u32,
}

impl Walk<'_> {
    fn blocks(&mut self, blocks: &[Block], spot: Spot) {
        for block in blocks {
            match block {
                Block::Paragraph(paragraph) => self.paragraph(paragraph, spot),
                Block::Table(table) => {
                    let number = self.tables;
                    self.tables += 1;
                    for (r, row) in table.rows.iter().enumerate() {
                        let filled = row.cells.iter().filter(|cell| !is_empty(&cell.blocks)).count();
                        for cell in &row.cells {
                            let last = r + cell.rows.clamp(1, MOST_ROWS) - 1;
                            let row = (filled > 1).then(|| (number, short(r), short(last)));
                            // A table inside a cell has rows of its own; where it has none, the outer row counts.
                            self.blocks(&cell.blocks, Spot { row: row.or(spot.row), table: Some(number), ..spot });
                        }
                    }
                }
            }
        }
    }

    fn paragraph(&mut self, paragraph: &Paragraph, spot: Spot) {
        let ordinal = paragraph.place.paragraph;
        let text = paragraph.text.trim();
        if !self.said.contains(&ordinal) && !matches!(paragraph.role, Role::Furniture | Role::Footnote) {
            self.heading(text, rank(paragraph));
        }
        let item = match &paragraph.role {
            Role::Item { marker, .. } => plain_number(marker),
            _ => plain_number(text.split_whitespace().next().unwrap_or("")),
        };
        if self.layout.spots.len() <= ordinal {
            self.layout.spots.resize(ordinal + 1, Spot::default());
        }
        if let Some(place) = self.layout.spots.get_mut(ordinal) {
            *place = Spot { head: self.head, item, ..spot };
        }
    }

    /// Takes a line that is no statement as a sub-heading, if it can be one.
    fn heading(&mut self, text: &str, rank: Option<u8>) {
        let first = text.split_whitespace().next().unwrap_or("").trim_end_matches(':');
        if self.titles.contains(text) || first.eq_ignore_ascii_case("section") {
            // A section ends what stands above it, unless it is a part of that ("Need 1", and below it "Section B").
            let over = self.head.and_then(|head| self.layout.head(head)).and_then(|head| head.rank);
            if rank.is_none() || over.is_none() || rank <= over {
                self.head = None;
            }
            return;
        }
        let count = text.split_whitespace().count();
        if count == 0 || count > MOST_WORDS || text.ends_with(['.', '!', '?', ',', ';']) {
            return;
        }
        let (areas, key) = lexicon::heading(text);
        // "Needs", "Provision", "By the end of Year 6" say nothing of what stands below.
        if key == 0 {
            return;
        }
        self.layout.heads.push(Head { text: text.to_owned(), rank, areas, key });
        self.head = Some(short(self.layout.heads.len() - 1));
    }
}

fn rank(paragraph: &Paragraph) -> Option<u8> {
    match paragraph.role {
        Role::Heading(level) => Some(level),
        _ => None,
    }
}

fn is_empty(blocks: &[Block]) -> bool {
    blocks.iter().all(|block| matches!(block, Block::Paragraph(paragraph) if paragraph.text.trim().is_empty()))
}

/// "3.", "(3)", "3)" is 3; "2.1" and "•" are no number.
fn plain_number(marker: &str) -> Option<u32> {
    let marked = marker.ends_with(['.', ')', ':']);
    let digits = marker.trim_matches(['(', ')', '.', ':', ' ']);
    let number = marked && (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    number.then(|| digits.parse().ok()).flatten()
}

fn short(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
