//! This is columns: which row of a table holds titles, what each column holds, and where its statements go.

use super::framework::{Means, fold};
use super::heading::{Look, opening};
use super::table::{full_cells, paragraphs, title};
use super::walk::{Walk, is_alone};
use crate::document::{Cell, Kind, Row, Table};

/// A column of a table with titles.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub from: usize,
    pub to: usize,
    pub title: String,
    pub holds: Holds,
}

impl Column {
    pub fn covers(&self, cell: &Cell) -> bool {
        cell.column >= self.from && cell.column < self.to
    }
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// The statements of a section.
    Section(usize),
    /// Something that its title names.
    Means(Means),
    Unknown,
}

/// Where the statements of a column go.
pub(super) struct Target {
    pub section: Option<usize>,
    pub out: Option<usize>,
    pub kind: Kind,
}

impl<'d> Walk<'d> {
    /// The columns that a row of titles names; `None` for any other row.
    pub(super) fn header(&self, row: &'d Row, r: usize, table: &'d Table) -> Option<Vec<Column>> {
        if full_cells(row).count() < 2 {
            return None;
        }
        let styled = row.heading || full_cells(row).all(|cell| paragraphs(cell).all(|p| p.bold));
        let mut columns = Vec::with_capacity(row.cells.len());
        let mut known = 0;
        let mut sections = 0;
        let mut kinds = 0;
        for cell in &row.cells {
            let title = title(cell);
            if title.len() > 300
                || (title.split_whitespace().count() > 14 && !title.starts_with(|c: char| c.is_ascii_uppercase()))
            {
                return None;
            }
            let holds = self.holds(&title);
            match holds {
                Holds::Section(_) => {
                    sections += 1;
                    known += 1;
                }
                Holds::Means(means) => {
                    known += 1;
                    kinds += usize::from(means.kind().is_some());
                }
                Holds::Unknown if title.ends_with('.') || title.split_whitespace().count() > 10 => return None,
                Holds::Unknown => {}
            }
            columns.push(Column { from: cell.column, to: cell.column + cell.columns.max(1), title, holds });
        }
        let full = full_cells(row).count();
        let digits = columns.iter().any(|c| c.title.bytes().any(|b| b.is_ascii_digit()));
        let judged = self.kind_here().is_some_and(|kind| kind != Kind::Other);
        let last = r + 1 >= table.rows.len();
        let fits = if sections >= 2 {
            true
        } else if last || (sections == 1 && full == 2 && !styled) {
            false
        } else if full == 2 {
            sections + kinds >= 1 && known == 2 && !digits && (r == 0 || styled)
                || styled && row.heading && known >= 1 && judged
        } else {
            kinds + sections >= 1 && known >= 2
                || styled && judged && (r == 0 || row.heading) && known >= 1
                || row.heading && judged
                || r == 0 && self.kind_here() == Some(Kind::Aspiration) && columns.iter().all(|c| c.title.len() < 60)
        };
        fits.then_some(columns)
    }

    fn holds(&self, title: &str) -> Holds {
        if let Some(found) = opening(self.framework, title, Look::Strong).filter(|o| o.lettered) {
            return Holds::Section(found.section);
        }
        if title.len() > 120 {
            return Holds::Unknown;
        }
        self.framework.columns.get(&fold(title)).map_or(Holds::Unknown, Holds::Means)
    }

    /// A row of titles under merged titles; its own titles go first.
    pub(super) fn second_header(&self, row: &'d Row, above: &[Column]) -> Option<Vec<Column>> {
        let cells: Vec<&Cell> = full_cells(row).collect();
        let all_titles = cells.len() >= 2
            && cells.iter().all(|cell| {
                let title = title(cell);
                title.split_whitespace().count() <= 8 && !title.ends_with('.') && is_alone(&cell.blocks)
            });
        let known = cells.iter().filter(|cell| self.holds(&title(cell)) != Holds::Unknown).count();
        let split = above.iter().any(|column| column.to - column.from > 1);
        if !all_titles || !split || known * 2 < cells.len() {
            return None;
        }
        let mut columns: Vec<Column> = Vec::new();
        for column in above {
            let below: Vec<&&Cell> = cells.iter().filter(|c| c.column >= column.from && c.column < column.to).collect();
            if below.is_empty() {
                columns.push(column.clone());
            }
            for cell in below {
                let title = title(cell);
                let holds = match self.holds(&title) {
                    // "What" under "Provision" is what the title above says.
                    Holds::Unknown => column.holds,
                    Holds::Means(means) if means.kind().is_some() => column.holds,
                    own => own,
                };
                let title = if holds == column.holds { format!("{}: {title}", column.title) } else { title };
                columns.push(Column { from: cell.column, to: cell.column + cell.columns.max(1), title, holds });
            }
        }
        Some(columns)
    }

    /// Where each column's statements go, and output sections for those that begin one.
    pub(super) fn targets(&mut self, columns: &mut [Column], table: &'d Table, below: usize) -> Vec<Target> {
        let here = self.kind_here();
        let in_views = here == Some(Kind::Aspiration) || here == Some(Kind::Other);
        for column in columns.iter_mut() {
            // In the section of views every column tells of the child, whatever help it speaks of.
            let tells = match column.holds {
                Holds::Means(means) => !means.is_context() && means != Means::Ignored,
                Holds::Unknown => true,
                Holds::Section(_) => false,
            };
            if in_views && tells {
                column.holds = Holds::Means(Means::Other);
            }
        }
        let holds_statements = |c: &Column| match c.holds {
            Holds::Section(_) => true,
            Holds::Means(m) => m.kind().is_some() || m == Means::Other,
            Holds::Unknown => false,
        };
        if !columns.iter().any(holds_statements) {
            // No title says which column holds the statements: the one with the most words does.
            let longest = (0..columns.len())
                .filter(|i| {
                    columns
                        .get(*i)
                        .is_some_and(|c| !matches!(c.holds, Holds::Means(m) if m.is_context() || m == Means::Ignored))
                })
                .max_by_key(|i| (columns.get(*i).map_or(0, |c| words_in(table, below, c)), usize::MAX - i));
            if let Some(column) = longest.and_then(|i| columns.get_mut(i)) {
                column.holds = Holds::Means(Means::Other);
            }
        }
        let count = columns.iter().filter(|c| holds_statements(c)).count();
        let current = self.here.section;
        let mut targets = Vec::with_capacity(columns.len());
        let mut taken = false;
        for column in columns.iter() {
            let (section, kind) = match column.holds {
                Holds::Section(section) => {
                    (Some(section), self.framework.sections.get(section).map_or(Kind::Other, |s| s.kind))
                }
                Holds::Means(Means::Other) => (current, here.unwrap_or(Kind::Other)),
                Holds::Means(Means::Strength) => (
                    if here == Some(Kind::Need) { current } else { self.framework.beside(current, Kind::Need) },
                    Kind::Other,
                ),
                Holds::Means(Means::Steps) => (self.framework.beside(current, Kind::Outcome), Kind::Other),
                Holds::Means(means) => match means.kind() {
                    Some(kind) if here == Some(kind) => (current, kind),
                    Some(kind) => (self.framework.beside(current, kind), kind),
                    None => (None, Kind::Other),
                },
                Holds::Unknown => (None, Kind::Other),
            };
            if !holds_statements(column) {
                targets.push(Target { section: None, out: None, kind });
                continue;
            }
            // The section whose heading stands above takes its own column, unless it has statements already.
            let shared = column.holds == Holds::Means(Means::Other);
            let reusable = section == current
                && (!taken || shared)
                && self.here.target.is_some_and(|t| {
                    count == 1
                        || shared
                        || self.out.get(t).is_some_and(|s| s.statements.iter().all(|s| s.kind == Kind::Other))
                });
            let out =
                if reusable && !matches!(column.holds, Holds::Section(_) if count > 1 && self.here.target.is_none()) {
                    taken = true;
                    self.here.target
                } else {
                    section.map(|s| self.push(s, column.title.clone()))
                };
            targets.push(Target { section, out, kind });
        }
        targets
    }
}

fn words_in(table: &Table, below: usize, column: &Column) -> usize {
    let cells = table
        .rows
        .iter()
        .skip(below)
        .flat_map(|row| &row.cells)
        .filter(|c| c.column >= column.from && c.column < column.to);
    cells.flat_map(paragraphs).map(|p| p.text.split_whitespace().count()).sum()
}
