//! This is tables: which columns hold statements, which belong to their row's statements, and tables that are only a
//! layout of labels and text.
//!
//! Statements are grouped by column: one output section for each statement column of a table, in reading order.

use super::framework::{Means, fold};
use super::heading::{Look, opening};
use super::line::is_furniture;
use super::outline::{DEEPEST, address};
use super::walk::{MOST_INHERITED, Unit, Walk, is_alone};
use super::wording::has_time;
use crate::document::{Block, Cell, Context, ContextRole, Kind, Paragraph, Row, Table};

/// A column of a table with titles.
#[derive(Debug, Clone)]
struct Column {
    from: usize,
    to: usize,
    title: String,
    holds: Holds,
}

impl Column {
    fn covers(&self, cell: &Cell) -> bool {
        cell.column >= self.from && cell.column < self.to
    }
}

/// Rows of a merged cell beside which neighbours are looked for.
const TALLEST: usize = 60;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// The statements of a section.
    Section(usize),
    /// Something that its title names.
    Means(Means),
    Unknown,
}

/// Where the statements of a column go.
struct Target {
    section: Option<usize>,
    out: Option<usize>,
    kind: Kind,
}

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

    /// The columns that a row of titles names; `None` for any other row.
    fn header(&self, row: &'d Row, r: usize, table: &'d Table) -> Option<Vec<Column>> {
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
    fn second_header(&self, row: &'d Row, above: &[Column]) -> Option<Vec<Column>> {
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
    fn targets(&mut self, columns: &mut [Column], table: &'d Table, below: usize) -> Vec<Target> {
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
fn full_cells(row: &Row) -> impl Iterator<Item = &Cell> {
    row.cells
        .iter()
        .filter(|cell| cell.blocks.iter().any(|b| !matches!(b, Block::Paragraph(p) if p.text.trim().is_empty())))
}

/// True for a row of one cell across the whole table.
fn is_full_width(row: &Row, wide: usize) -> bool {
    row.cells.len() == 1 && row.cells.iter().all(|c| c.columns.max(1) >= wide && wide > 1)
}

fn paragraphs(cell: &Cell) -> impl Iterator<Item = &Paragraph> {
    cell.blocks.iter().filter_map(|b| match b {
        Block::Paragraph(p) if !p.text.trim().is_empty() => Some(p),
        _ => None,
    })
}

/// The title of a column: the cell's first line.
fn title(cell: &Cell) -> String {
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

fn words_in(table: &Table, below: usize, column: &Column) -> usize {
    let cells = table
        .rows
        .iter()
        .skip(below)
        .flat_map(|row| &row.cells)
        .filter(|c| c.column >= column.from && c.column < column.to);
    cells.flat_map(paragraphs).map(|p| p.text.split_whitespace().count()).sum()
}
