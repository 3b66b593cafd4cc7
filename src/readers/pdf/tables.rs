//! This is how the pieces of a document are put together over its pages: paragraphs and table rows that a page break
//! cut in two.

use super::furniture::Sheet;
use super::paragraphs::{Draft, Habits, drafts};
use super::region::{Item, Ruled, RuledCell};
use crate::document::{Block, Cell, Row, Table};

/// A paragraph or table that may still go on on the next page.
#[derive(Debug, Clone)]
enum Piece {
    Paragraph(Draft),
    Table(TableDraft),
}

#[derive(Debug, Clone)]
struct TableDraft {
    columns: Vec<f32>,
    rows: Vec<RowDraft>,
    /// Page on which it ends so far, counted from 1.
    page: u32,
}

#[derive(Debug, Clone)]
struct RowDraft {
    cells: Vec<CellDraft>,
    heading: bool,
}

#[derive(Debug, Clone)]
struct CellDraft {
    pieces: Vec<Piece>,
    column: usize,
    columns: usize,
    rows: usize,
}

/// The blocks of a whole document.
pub(super) fn blocks(sheets: Vec<Sheet>, habits: &Habits) -> Vec<Block> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (index, sheet) in sheets.into_iter().enumerate() {
        let page = u32::try_from(index + 1).unwrap_or(u32::MAX);
        let furniture: Vec<Draft> =
            sheet.furniture.into_iter().map(|line| Draft { lines: vec![line], mark: None, furniture: true }).collect();
        // What goes on stands before this page's furniture.
        let mut first = true;
        let mut rest = Vec::new();
        for piece in pieces_of(sheet.items, page, habits) {
            if first && let Some(last) = pieces.iter_mut().rev().find(|piece| !piece.is_furniture()) {
                first = false;
                match last.join(piece, page, habits) {
                    None => continue,
                    Some(piece) => rest.push(piece),
                }
            } else {
                rest.push(piece);
            }
        }
        pieces.extend(furniture.into_iter().map(Piece::Paragraph));
        pieces.extend(rest);
    }
    pieces.into_iter().filter_map(|piece| piece.block(habits)).collect()
}

fn pieces_of(items: Vec<Item>, page: u32, habits: &Habits) -> Vec<Piece> {
    let mut out = Vec::new();
    for item in items {
        match item {
            Item::Lines(lines) => out.extend(drafts(lines, habits).into_iter().map(Piece::Paragraph)),
            Item::Table(table) => out.push(Piece::Table(table_draft(table, page, habits))),
        }
    }
    out
}

fn table_draft(table: Ruled, page: u32, habits: &Habits) -> TableDraft {
    let cell = |cell: RuledCell| CellDraft {
        pieces: pieces_of(cell.items, page, habits),
        column: cell.column,
        columns: cell.columns,
        rows: cell.rows,
    };
    let rows = table
        .rows
        .into_iter()
        .map(|row| RowDraft { cells: row.into_iter().map(cell).collect(), heading: false })
        .collect();
    TableDraft { columns: table.columns, rows, page }
}

impl Piece {
    fn is_furniture(&self) -> bool {
        matches!(self, Self::Paragraph(draft) if draft.furniture)
    }

    /// Takes in the first piece of the next page where it goes on this one; else hands it back.
    fn join(&mut self, next: Self, page: u32, habits: &Habits) -> Option<Self> {
        match (self, next) {
            (Self::Paragraph(draft), Self::Paragraph(next)) => {
                let follows = next.lines.first().is_some_and(|line| next.mark.is_none() && draft.goes_over(line));
                if follows {
                    draft.absorb(next);
                    return None;
                }
                Some(Self::Paragraph(next))
            }
            (Self::Table(table), Self::Table(next)) => {
                if table.page + 1 == page {
                    table.join(next, habits).map(Self::Table)
                } else {
                    Some(Self::Table(next))
                }
            }
            (_, next) => Some(next),
        }
    }

    fn block(self, habits: &Habits) -> Option<Block> {
        match self {
            Self::Paragraph(draft) => draft.block(habits),
            Self::Table(table) => Some(Block::Table(Table {
                rows: table
                    .rows
                    .into_iter()
                    .map(|row| Row {
                        heading: row.heading,
                        cells: row
                            .cells
                            .into_iter()
                            .map(|cell| Cell {
                                blocks: cell.pieces.into_iter().filter_map(|piece| piece.block(habits)).collect(),
                                column: cell.column,
                                columns: cell.columns.max(1),
                                rows: cell.rows.max(1),
                            })
                            .collect(),
                    })
                    .collect(),
            })),
        }
    }
}

impl TableDraft {
    /// Takes in a table from the top of the next page where its columns are this one's.
    fn join(&mut self, mut next: Self, habits: &Habits) -> Option<Self> {
        if !self.share_columns(&mut next) {
            return Some(next);
        }
        // Heading rows come again on each page.
        while let Some(row) = next.rows.first() {
            let words = row.words(habits);
            let again = self.rows.iter_mut().take(4).find(|row| row.cells.len() > 1 && row.words(habits) == words);
            match again {
                Some(first) if next.rows.len() > 1 || !words.is_empty() => first.heading = true,
                _ => break,
            }
            next.rows.remove(0);
        }
        self.page = next.page;
        let mut rows = next.rows.into_iter();
        if let Some(first) = rows.next() {
            match self.rows.len().checked_sub(1).filter(|last| self.goes_on(*last, &first)) {
                Some(last) => self.absorb(last, first),
                None => self.rows.push(first),
            }
        }
        self.rows.extend(rows);
        None
    }

    /// Brings two tables onto one set of columns, if they have the same outline and one has all edges of the other.
    fn share_columns(&mut self, next: &mut Self) -> bool {
        let near = |a: f32, b: f32| (a - b).abs() <= 6.0;
        let ends = |columns: &[f32]| Some((*columns.first()?, *columns.last()?));
        let (Some(one), Some(other)) = (ends(&self.columns), ends(&next.columns)) else { return false };
        if !near(one.0, other.0) || !near(one.1, other.1) {
            return false;
        }
        let within = |few: &[f32], many: &[f32]| few.iter().all(|edge| many.iter().any(|other| near(*edge, *other)));
        if within(&next.columns, &self.columns) {
            next.onto(&self.columns.clone());
            true
        } else if within(&self.columns, &next.columns) {
            self.onto(&next.columns.clone());
            true
        } else {
            false
        }
    }

    /// Renumbers the columns for a finer grid.
    fn onto(&mut self, columns: &[f32]) {
        let place = |edge: Option<&f32>| {
            let edge = edge.copied().unwrap_or(0.0);
            let distances = columns.iter().map(|other| (other - edge).abs());
            distances.enumerate().min_by(|a, b| a.1.total_cmp(&b.1)).map_or(0, |(at, _)| at)
        };
        let map: Vec<usize> = (0..self.columns.len()).map(|at| place(self.columns.get(at))).collect();
        for cell in self.rows.iter_mut().flat_map(|row| &mut row.cells) {
            let from = map.get(cell.column).copied().unwrap_or(cell.column);
            let to = map.get(cell.column + cell.columns).copied().unwrap_or(from + cell.columns);
            cell.column = from;
            cell.columns = to.saturating_sub(from).max(1);
        }
        self.columns = columns.to_vec();
    }

    /// The row and place in it of the cell that reaches down into row `last` at `column`.
    fn reaching(&self, last: usize, column: usize) -> Option<(usize, usize)> {
        self.rows.iter().enumerate().rev().find_map(|(row, draft)| {
            let at = draft.cells.iter().position(|cell| {
                (cell.column..cell.column + cell.columns).contains(&column) && row + cell.rows > last
            })?;
            Some((row, at))
        })
    }

    /// Whether the first row of the next page is the rest of this one's last row.
    fn goes_on(&self, last: usize, next: &RowDraft) -> bool {
        let mut score = 0_i32;
        for cell in &next.cells {
            let Some((row, at)) = self.reaching(last, cell.column) else { return false };
            let Some(before) = self.rows.get(row).and_then(|row| row.cells.get(at)) else { return false };
            if before.columns != cell.columns {
                return false;
            }
            score += match (before.pieces.last(), cell.pieces.first()) {
                (None, None) => 0,
                // A merged cell is empty from its second row on; else a new row seldom leaves out what every row has.
                (Some(_), None) => i32::from(before.rows == 1 && cell.rows == 1),
                (None, Some(_)) => -1,
                (Some(Piece::Paragraph(before)), Some(Piece::Paragraph(after))) => {
                    let follows = after.lines.first().is_some_and(|line| before.goes_over(line));
                    if after.mark.is_some() && before.mark.is_some() {
                        1
                    } else if follows && after.mark.is_none() {
                        // Roles and times often begin with a capital and end without a full stop.
                        if after.begins_small() { 3 } else { i32::from(before.is_long()) }
                    } else {
                        -2
                    }
                }
                _ => -1,
            };
        }
        score > 0
    }

    fn absorb(&mut self, last: usize, next: RowDraft) {
        for mut cell in next.cells {
            let Some((row, at)) = self.reaching(last, cell.column) else { continue };
            let Some(home) = self.rows.get_mut(row).and_then(|row| row.cells.get_mut(at)) else { continue };
            if let (Some(Piece::Paragraph(before)), Some(Piece::Paragraph(after))) =
                (home.pieces.last_mut(), cell.pieces.first())
                && after.mark.is_none()
                && after.lines.first().is_some_and(|line| before.goes_over(line))
            {
                before.absorb(after.clone());
                cell.pieces.remove(0);
            }
            home.pieces.extend(cell.pieces);
        }
    }
}

impl RowDraft {
    fn words(&self, habits: &Habits) -> Vec<(usize, String)> {
        let text = |piece: &Piece| match piece {
            Piece::Paragraph(draft) => draft.paragraph(habits).map_or_else(String::new, |paragraph| paragraph.text),
            Piece::Table(_) => "\u{0}".to_owned(),
        };
        self.cells
            .iter()
            .map(|cell| (cell.column, cell.pieces.iter().map(text).collect::<Vec<_>>().join("\n")))
            .collect()
    }
}
