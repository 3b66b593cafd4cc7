//! This is the page taken apart: which words stand in which cell of which table, and in what order all of it is read.

use super::glyphs::{Page, Word};
use super::grid::{Grid, grids, gutters};
use super::lines::{Line, lines};

/// Something on a page, in reading order.
#[derive(Debug, Clone)]
pub(super) enum Item {
    Lines(Vec<Line>),
    Table(Ruled),
}

/// A ruled table with the content of its cells.
#[derive(Debug, Clone)]
pub(super) struct Ruled {
    pub(super) columns: Vec<f32>,
    pub(super) rows: Vec<Vec<RuledCell>>,
    pub(super) top: f32,
    pub(super) bottom: f32,
}

/// A cell of a [`Ruled`].
#[derive(Debug, Clone)]
pub(super) struct RuledCell {
    pub(super) items: Vec<Item>,
    pub(super) column: usize,
    pub(super) columns: usize,
    pub(super) rows: usize,
}

/// Boxes to tick are no tables, in points.
const SMALLEST: f32 = 24.0;
/// A page with more drawn boxes is a picture.
const MOST_GRIDS: usize = 200;

/// Where words are collected: the page itself, or a cell.
type Rows = Vec<Vec<Word>>;

/// The items of a page, counted from 1.
pub(super) fn items(page: &mut Page, number: u32) -> Vec<Item> {
    let whole = page.width * page.height;
    let extents: Vec<(f32, f32, f32)> =
        page.rows.iter().flatten().map(|word| (word.left, word.right, word.base - 0.3 * word.size)).collect();
    let missing = gutters(&page.horizontal, &page.vertical, &extents);
    page.vertical.extend(missing);
    let mut tables = grids(&page.horizontal, &page.vertical);
    tables.retain(|grid| {
        let (width, height) = (grid.area.right - grid.area.left, grid.area.bottom - grid.area.top);
        // A frame round the page is no table, nor is a box to tick.
        let single = grid.cells.len() == 1;
        !(single && (grid.area.size() > 0.5 * whole || (width < SMALLEST && height < SMALLEST)))
    });
    tables.truncate(MOST_GRIDS);
    let mut main: Rows = Vec::new();
    let mut inside: Vec<Vec<Rows>> = tables.iter().map(|grid| vec![Vec::new(); grid.cells.len()]).collect();
    for row in std::mem::take(&mut page.rows) {
        let mut before: Option<Option<(usize, usize)>> = None;
        for word in row {
            let (x, y) = ((word.left + word.right) / 2.0, word.base - 0.3 * word.size);
            let home = tables.iter().enumerate().find_map(|(table, grid)| grid.cell_at(x, y).map(|cell| (table, cell)));
            let rows = match home {
                Some((table, cell)) => inside.get_mut(table).and_then(|cells| cells.get_mut(cell)),
                None => Some(&mut main),
            };
            let Some(rows) = rows else { continue };
            match rows.last_mut() {
                Some(row)
                    if before == Some(home) || row.last().is_some_and(|last| (last.base - word.base).abs() < 0.01) =>
                {
                    row.push(word);
                }
                _ => rows.push(vec![word]),
            }
            before = Some(home);
        }
    }
    // Smallest first, so that a table is complete before the cell around it asks for it.
    let mut built: Vec<Vec<(f32, f32, Item)>> = vec![Vec::new(); tables.len()];
    let mut cells_of: Vec<Vec<Vec<(f32, f32, Item)>>> =
        tables.iter().map(|grid| vec![Vec::new(); grid.cells.len()]).collect();
    let mut top: Vec<(f32, f32, Item)> = Vec::new();
    for (index, grid) in tables.iter().enumerate() {
        let contents = std::mem::take(&mut inside[index]);
        let nested = std::mem::take(&mut cells_of[index]);
        built[index] = ruled(grid, contents, nested, number);
        let home = tables.iter().enumerate().skip(index + 1).find_map(|(outer, around)| {
            let area = &grid.area;
            let (one, other) = (
                around.cell_at(area.left + 1.0, area.top + 1.0)?,
                around.cell_at(area.right - 1.0, area.bottom - 1.0)?,
            );
            (one == other).then_some((outer, one))
        });
        let done = std::mem::take(&mut built[index]);
        match home.and_then(|(outer, cell)| cells_of.get_mut(outer)?.get_mut(cell)) {
            Some(cell) => cell.extend(done),
            None => top.extend(done),
        }
    }
    flow(main, top, number, None)
}

/// A grid with its content, or the lines in it where it is only a box around them.
fn ruled(grid: &Grid, contents: Vec<Rows>, nested: Vec<Vec<(f32, f32, Item)>>, page: u32) -> Vec<(f32, f32, Item)> {
    let mut rows: Vec<Vec<RuledCell>> = vec![Vec::new(); grid.rows.len().saturating_sub(1)];
    let mut any = false;
    for ((square, words), inner) in grid.cells.iter().zip(contents).zip(nested) {
        let left = words.iter().flatten().map(|word| word.left).fold(f32::INFINITY, f32::min);
        let padding = (left - square.area.left).clamp(0.0, 8.0);
        let items = flow(words, inner, page, Some(square.area.right - padding));
        any |= !items.is_empty();
        if grid.cells.len() == 1 {
            return items.into_iter().map(|item| (grid.area.top, grid.area.left, item)).collect();
        }
        if let Some(row) = rows.get_mut(square.row) {
            row.push(RuledCell { items, column: square.column, columns: square.columns, rows: square.rows });
        }
    }
    if !any {
        return Vec::new();
    }
    let table = Ruled { columns: grid.columns.clone(), rows, top: grid.area.top, bottom: grid.area.bottom };
    vec![(grid.area.top, grid.area.left, Item::Table(table))]
}

/// Words and tables of one region, from top to bottom.
fn flow(rows: Rows, mut tables: Vec<(f32, f32, Item)>, page: u32, edge: Option<f32>) -> Vec<Item> {
    tables.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut out = Vec::new();
    let mut open: Rows = Vec::new();
    let mut tables = tables.into_iter().peekable();
    for row in rows {
        let base = row.iter().map(|word| word.base - 0.3 * word.size).fold(0.0, f32::max);
        while tables.peek().is_some_and(|(top, ..)| *top <= base) {
            close(&mut open, page, edge, &mut out);
            out.extend(tables.next().map(|(.., item)| item));
        }
        open.push(row);
    }
    close(&mut open, page, edge, &mut out);
    out.extend(tables.map(|(.., item)| item));
    out
}

fn close(rows: &mut Rows, page: u32, edge: Option<f32>, out: &mut Vec<Item>) {
    if !rows.is_empty() {
        out.push(Item::Lines(lines(std::mem::take(rows), page, edge)));
    }
}
