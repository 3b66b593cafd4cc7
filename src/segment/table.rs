//! This is tables: which columns hold statements, which belong to their row's statements, and tables that are only a
//! layout of labels and text.
//!
//! Statements are grouped by column: one output section for each statement column of a table, in reading order.

use super::column::{Column, Holds, Target};
use super::framework::{Means, fold};
use super::heading::{Look, opening};
use super::line::is_furniture;
use super::outline::{DEEPEST, address};
use super::walk::{MOST_INHERITED, Unit, Walk, is_alone};
use super::wording::has_time;
use crate::document::{Block, Cell, Context, ContextRole, Kind, Paragraph, Row, Table};

/// Rows of a merged cell beside which neighbours are looked for.
const TALLEST: usize = 60;

impl<'d> Walk<'d> {
    /// One table that is more than a frame.
    pub(super) fn table(&mut self, table: &'d Table, depth: usize) {
        if depth > DEEPEST || self.outline.skips_table(table) {
            return;
        }
        for cell in table.rows.iter().flat_map(|row| &row.cells) {
            for block in &cell.blocks {
                if let Block::Paragraph(p) = block {
                    self.note_setting(&p.text);
                }
            }
        }
        let outside = (self.here.row.clone(), self.here.cell);
        let wide = table.rows.iter().flat_map(|r| &r.cells).map(|c| c.column + c.columns.max(1)).max().unwrap_or(1);
        let mut columns: Option<(Vec<Column>, Vec<Target>)> = None;
        // The cell that stands beside the row in each column: it may have begun further up.
        let mut beside: Vec<Option<(&'d Cell, usize)>> = Vec::new();
        let mut r = 0;
        while let Some(row) = table.rows.get(r) {
            if let Some((known, _)) = &columns
                && full_cells(row).count() > 1
                && row.cells.iter().all(|cell| known.iter().any(|c| c.covers(cell) && c.title == title(cell)))
            {
                // The titles again, at the top of a page.
                r += 1;
                continue;
            }
            if let Some(mut found) = self.header(row, r, table) {
                // A second row of titles below names the columns more closely.
                let mut used = 1;
                if let Some(second) = table.rows.get(r + 1).and_then(|below| self.second_header(below, &found)) {
                    found = second;
                    used = 2;
                }
                let targets = self.targets(&mut found, table, r + used);
                beside = vec![None; found.len()];
                columns = Some((found, targets));
                r += used;
                continue;
            }
            match &columns {
                Some((columns, targets)) if !is_full_width(row, wide) => {
                    for cell in &row.cells {
                        if let Some(i) = columns.iter().position(|c| c.covers(cell))
                            && let Some(slot) = beside.get_mut(i)
                        {
                            *slot = Some((cell, r + cell.rows.max(1)));
                        }
                    }
                    self.data_row(table, r, columns, targets, &beside, depth);
                }
                _ if full_cells(row).count() <= 1 => self.full_row(table, r, depth),
                _ => self.layout_row(row, depth),
            }
            r += 1;
        }
        (self.here.row, self.here.cell) = outside;
    }

    /// A row of data under column titles.
    fn data_row(
        &mut self,
        table: &'d Table,
        r: usize,
        columns: &[Column],
        targets: &[Target],
        beside: &[Option<(&'d Cell, usize)>],
        depth: usize,
    ) {
        let Some(row) = table.rows.get(r) else { return };
        let has = |kind: Kind| targets.iter().any(|t| t.out.is_some() && t.kind == kind);
        let (outcomes, provision) = (has(Kind::Outcome), has(Kind::Provision));
        for cell in &row.cells {
            let Some((column, target)) = columns.iter().zip(targets).find(|(c, _)| c.covers(cell)) else {
                continue;
            };
            if target.out.is_none() {
                continue;
            }
            let mut inherited = Vec::new();
            if has_time(&column.title) {
                inherited.push(Context { role: ContextRole::Column, text: column.title.clone() });
            }
            let lasts = r..r + cell.rows.max(1);
            for (other, first) in columns.iter().zip(beside) {
                let Holds::Means(means) = other.holds else { continue };
                let belongs = match means {
                    Means::Who | Means::How => {
                        target.kind == Kind::Provision || (target.kind == Kind::Outcome && !provision)
                    }
                    Means::When => target.kind == Kind::Outcome || (target.kind == Kind::Provision && !outcomes),
                    Means::Row => matches!(target.kind, Kind::Outcome | Kind::Provision),
                    _ => false,
                };
                if belongs {
                    inherited.extend(self.neighbours(table, &lasts, other, *first));
                }
            }
            inherited.truncate(MOST_INHERITED);
            let outside = self.here.clone();
            let mut row_context = outside.row.clone();
            row_context.extend(inherited);
            let column_kind = if matches!(column.holds, Holds::Means(Means::Other)) && target.kind == Kind::Aspiration {
                None
            } else {
                Some(target.kind)
            };
            // "Strengths" above the titles ends where the columns begin.
            if matches!(column.holds, Holds::Section(_) | Holds::Means(_)) && column.holds != Holds::Means(Means::Other)
            {
                self.here.mode = None;
            }
            self.here.section = target.section;
            self.here.target = target.out;
            self.here.column = column_kind;
            self.here.cell = true;
            self.here.row = row_context;
            let units = self.units(&cell.blocks, depth + 1);
            self.units_through(&units, units.len(), depth + 1);
            let used = self.here.clone();
            self.here = outside;
            self.here.mark_leads(&used);
        }
    }

    /// The cells of a context column beside rows `lasts`, each once; `first` may have begun above them.
    fn neighbours(
        &self,
        table: &'d Table,
        lasts: &std::ops::Range<usize>,
        column: &Column,
        first: Option<(&'d Cell, usize)>,
    ) -> Vec<Context> {
        let first = first.filter(|(_, end)| *end > lasts.start).map(|(cell, _)| cell);
        let below = table.rows.iter().take(lasts.end.min(lasts.start + TALLEST)).skip(lasts.start + 1);
        let cells = first.into_iter().chain(below.flat_map(|row| &row.cells).filter(|c| column.covers(c)));
        let mut out = Vec::new();
        for cell in cells {
            let text = cell_text(cell);
            let text = text.trim();
            let empty = text.is_empty()
                || text.ends_with(':')
                || !text.chars().any(char::is_alphanumeric)
                || self.framework.is_boilerplate(text)
                || self.framework.is_no_answer(text);
            if !empty {
                let title = column.title.trim_end_matches([':', '?', ' ']);
                let text = if title.is_empty() { text.to_owned() } else { format!("{title}: {text}") };
                out.push(Context { role: ContextRole::Cell, text });
            }
        }
        out
    }

    /// A row of one cell: a heading or text across the table.
    fn full_row(&mut self, table: &'d Table, r: usize, depth: usize) {
        // Text before the titles ("Strengths" above B | F | E) belongs to the first section that they name.
        if let Some((section, title, at)) = self.section_below(table, r)
            && self.begun != Some((address(table), at))
        {
            // A heading that stands right above has begun it already.
            let fresh = self.here.section == Some(section)
                && self.here.target.and_then(|t| self.out.get(t)).is_some_and(|s| s.statements.is_empty());
            if !fresh {
                self.begin(section, &title, 10);
            }
            self.begun = Some((address(table), at));
        }
        let mut units: Vec<Unit<'d>> = Vec::new();
        let mut own = 0;
        for (i, row) in table.rows.iter().skip(r).take(2).enumerate() {
            if full_cells(row).count() > 1 {
                break;
            }
            for cell in full_cells(row) {
                let alone = is_alone(&cell.blocks);
                units.extend(self.units(&cell.blocks, depth + 1).into_iter().map(|unit| match unit {
                    Unit::Paragraph(p, _) if alone => Unit::Paragraph(p, true),
                    other => other,
                }));
            }
            if i == 0 {
                own = units.len();
            }
        }
        self.units_through(&units, own, depth + 1);
    }

    /// The section of the first lettered column in the titles shortly below row `r`, its title and row.
    fn section_below(&self, table: &'d Table, r: usize) -> Option<(usize, String, usize)> {
        let own = table.rows.get(r).and_then(|row| full_cells(row).next()).map(title)?;
        let names_table = own.len() < 120 && self.framework.ignored.get(&fold(&own)).is_some();
        let reach = if names_table { 6 } else { 3 };
        let (at, row) =
            table.rows.iter().enumerate().skip(r).take(reach + 1).find(|(_, row)| full_cells(row).count() > 1)?;
        let columns = self.header(row, at, table)?;
        let mut sections = columns.iter().filter_map(|c| match c.holds {
            Holds::Section(section) => Some((section, c.title.clone(), at)),
            _ => None,
        });
        let first = sections.next()?;
        sections.next().map(|_| first)
    }

    /// A row of a layout table: a label and what it labels.
    fn layout_row(&mut self, row: &'d Row, depth: usize) {
        let cells: Vec<&'d Cell> = full_cells(row).collect();
        let Some((first, rest)) = cells.split_first() else { return };
        let label = cell_text(first);
        let label = label.trim();
        let short = label.split_whitespace().count() <= 14 && !label.ends_with('.') && is_alone(&first.blocks);
        if !short {
            return self.stream(&cells, depth);
        }
        let mark = label.len() <= 3 && rest.len() == 1;
        let title_beside = rest
            .first()
            .map(|cell| cell_text(cell))
            .filter(|t| mark && !t.ends_with('.') && t.split_whitespace().count() <= 20);
        let whole = title_beside.as_ref().map_or(label.to_owned(), |title| format!("{label} {}", title.trim()));
        if let Some(found) = opening(self.framework, &whole, Look::Strong).filter(|o| o.lettered && !self.here.cell)
            && !(found.numbered && self.here.section == Some(found.section))
        {
            self.begin(found.section, &whole, 10);
            if title_beside.is_none() {
                self.stream(rest, depth);
            }
            return;
        }
        let folded = fold(label);
        let judged = self.kind_here().is_some_and(|kind| kind != Kind::Other && kind != Kind::Aspiration);
        if judged && let Some(means) = self.framework.lines.get(&folded) {
            let value: Vec<String> = rest.iter().map(|cell| cell_text(cell)).collect();
            return self.attach(means, label, &value.join("; "));
        }
        if !judged && self.framework.fields.get(&folded).is_some() {
            return;
        }
        if is_furniture(label) || label.is_empty() {
            return self.stream(rest, depth);
        }
        if let Some(found) = opening(self.framework, label, Look::Strong).filter(|o| !o.lettered && !self.here.cell)
            && !self.outline.uses_letters()
        {
            self.begin(found.section, label, 10);
        } else {
            let means = self.framework.headings.get(&folded).unwrap_or(Means::Area);
            self.under(means, 25, label);
        }
        self.stream(rest, depth);
    }

    /// Cells read one after the other.
    fn stream(&mut self, cells: &[&'d Cell], depth: usize) {
        for cell in cells {
            let units = self.units(&cell.blocks, depth + 1);
            let inside = std::mem::replace(&mut self.here.cell, true);
            self.units_through(&units, units.len(), depth + 1);
            self.here.cell = inside;
        }
    }
}

/// The cells of a row that hold anything.
pub(super) fn full_cells(row: &Row) -> impl Iterator<Item = &Cell> {
    row.cells
        .iter()
        .filter(|cell| cell.blocks.iter().any(|b| !matches!(b, Block::Paragraph(p) if p.text.trim().is_empty())))
}

/// True for a row of one cell across the whole table.
fn is_full_width(row: &Row, wide: usize) -> bool {
    row.cells.len() == 1 && row.cells.iter().all(|c| c.columns.max(1) >= wide && wide > 1)
}

pub(super) fn paragraphs(cell: &Cell) -> impl Iterator<Item = &Paragraph> {
    cell.blocks.iter().filter_map(|b| match b {
        Block::Paragraph(p) if !p.text.trim().is_empty() => Some(p),
        _ => None,
    })
}

/// The title of a column: the cell's first line.
pub(super) fn title(cell: &Cell) -> String {
    let first = paragraphs(cell).next().map_or("", |p| p.text.as_str());
    first.trim().split('\n').next().unwrap_or("").trim().to_owned()
}

/// The text of a cell on one line.
fn cell_text(cell: &Cell) -> String {
    let mut out = String::new();
    for p in paragraphs(cell) {
        if !out.is_empty() {
            out.push_str(if out.ends_with(['.', ';', ',', ':', '!', '?']) { " " } else { "; " });
        }
        for (i, word) in p.text.split_whitespace().enumerate() {
            if i > 0 {
                out.push(' ');
            }
            out.push_str(word);
        }
    }
    out
}
