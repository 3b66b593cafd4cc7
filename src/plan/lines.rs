//! This is a plan line by line with the section that each stands in: what checks read that ask for more than statements, such
//! as the cover page, headings, and answers like "None required".

use crate::document::{Block, Document, Paragraph, Role};
use crate::review::ReviewedSection;
use crate::span::Span;
use std::collections::HashMap;

/// A line of a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line<'p> {
    /// Its words, without white space at their ends.
    pub text: &'p str,
    /// Ordinal of its paragraph.
    pub paragraph: usize,
    /// Where it stands there.
    pub span: Span,
    /// Table, row and column that it stands in; a number for each table.
    pub cell: Option<(usize, usize, usize)>,
    /// Index of the section that it stands in; `None` before the first.
    pub section: Option<usize>,
    /// True where it is the heading of that section.
    pub heading: bool,
}

/// All lines of a plan that are no running heads or feet.
#[derive(Debug, Default)]
pub(crate) struct Lines<'p> {
    /// In reading order.
    pub all: Vec<Line<'p>>,
    /// How many of them stand before the first section.
    pub cover: usize,
}

/// Nesting beyond which tables are not looked into, as in segmentation.
const DEEPEST: usize = 24;

impl<'p> Lines<'p> {
    /// Reads a plan with the sections that it was cut into.
    pub fn of(document: &'p Document, sections: &'p [ReviewedSection]) -> Self {
        let mut lines = Self::default();
        let mut tables = 0;
        lines.walk(&document.blocks, None, 0, &mut tables);
        lines.place(sections);
        lines
    }

    fn walk(&mut self, blocks: &'p [Block], cell: Option<(usize, usize, usize)>, depth: usize, tables: &mut usize) {
        for block in blocks {
            match block {
                Block::Paragraph(paragraph) => self.paragraph(paragraph, cell),
                Block::Table(table) if depth < DEEPEST => {
                    *tables += 1;
                    let number = *tables;
                    for (r, row) in table.rows.iter().enumerate() {
                        for inner in &row.cells {
                            self.walk(&inner.blocks, Some((number, r, inner.column)), depth + 1, tables);
                        }
                    }
                }
                Block::Table(_) => {}
            }
        }
    }

    fn paragraph(&mut self, paragraph: &'p Paragraph, cell: Option<(usize, usize, usize)>) {
        if paragraph.role == Role::Furniture {
            return;
        }
        let mut at = 0;
        for piece in paragraph.text.split('\n') {
            let text = piece.trim();
            if !text.is_empty() {
                let start = at + (piece.len() - piece.trim_start().len());
                let span = Span::new(start, start + text.len());
                let paragraph = paragraph.place.paragraph;
                self.all.push(Line { text, paragraph, span, cell, section: None, heading: false });
            }
            at += piece.len() + 1;
        }
    }

    /// Says of each line which section it stands in: that of the statement in its paragraph, else that of the heading before it.
    fn place(&mut self, sections: &[ReviewedSection]) {
        let mut by_heading: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut by_paragraph: HashMap<usize, usize> = HashMap::new();
        for (i, section) in sections.iter().enumerate().filter(|(_, section)| !section.section.is_empty()) {
            by_heading.entry(section.heading.trim()).or_default().push(i);
            for judged in &section.statements {
                by_paragraph.entry(judged.statement.place.paragraph).or_insert(i);
            }
        }
        let mut left: HashMap<&str, usize> = HashMap::new();
        for line in self.all.iter().filter(|line| by_heading.contains_key(line.text)) {
            *left.entry(line.text).or_default() += 1;
        }
        let mut here = None;
        for line in &mut self.all {
            if let (Some(of), Some(left)) = (by_heading.get(line.text), left.get_mut(line.text)) {
                // The last of the lines with those words open the sections; any before them are a contents list.
                line.heading = *left <= of.len();
                if line.heading {
                    here = of.get(of.len() - *left).copied();
                }
                *left -= 1;
            }
            line.section = if line.heading { here } else { by_paragraph.get(&line.paragraph).copied().or(here) };
        }
        self.cover = self.all.iter().position(|line| line.section.is_some()).unwrap_or(self.all.len());
    }
}
