//! This is how an HTML table becomes a grid: cells that span rows and columns take their places as in a browser.

use super::walk::{Mood, Walk};
use crate::document::{Block, Cell, Row, Table};
use scraper::ElementRef;
use std::collections::HashMap;

/// No table of a plan is wider or spans further; more is an attack on memory.
const MOST_COLUMNS: usize = 200;
const MOST_ROWS_SPANNED: usize = 1000;

/// The table that `node` is.
pub(super) fn table(walk: &mut Walk, node: ElementRef<'_>, mood: Mood) -> Vec<Block> {
    let mut rows = Vec::new();
    let mut captions = Vec::new();
    collect(node, false, &mut rows, &mut captions);
    let mut out = Vec::new();
    for caption in captions {
        out.extend(walk.inside(caption, mood));
    }
    // Columns that a cell of an earlier row still covers, and for how many rows.
    let mut covered: HashMap<usize, usize> = HashMap::new();
    let mut table = Table::default();
    let count = rows.len();
    for (index, (row, in_head)) in rows.into_iter().enumerate() {
        let mut cells = Vec::new();
        let mut starting: Vec<(usize, usize)> = Vec::new();
        let mut column = 0;
        let mut all_headings = true;
        for child in row.children() {
            let Some(child) = ElementRef::wrap(child) else { continue };
            let element = child.value();
            if !matches!(element.name(), "td" | "th") || super::style::is_hidden(element) {
                continue;
            }
            while covered.contains_key(&column) {
                column += 1;
            }
            if column >= MOST_COLUMNS {
                break;
            }
            let columns = span(element.attr("colspan")).unwrap_or(1).clamp(1, MOST_COLUMNS - column);
            let down = match span(element.attr("rowspan")) {
                Some(0) => MOST_ROWS_SPANNED,
                Some(rows) => rows,
                None => 1,
            };
            let down = down.min(count - index);
            if down > 1 {
                starting.extend((column..column + columns).map(|column| (column, down)));
            }
            let heading = element.name() == "th";
            all_headings &= heading;
            let mood = Mood { bold: mood.bold || heading, ..mood };
            cells.push(Cell { blocks: walk.inside(child, mood), column, columns, rows: down });
            column += columns;
        }
        covered.retain(|_, left| {
            *left -= 1;
            *left > 0
        });
        covered.extend(starting.into_iter().map(|(column, down)| (column, down - 1)));
        if !cells.is_empty() {
            let heading = in_head || all_headings;
            table.rows.push(Row { cells, heading });
        }
    }
    let empty = table.rows.iter().flat_map(|row| &row.cells).all(|cell| cell.blocks.is_empty());
    if !empty {
        out.push(Block::Table(table));
    }
    out
}

type RowNode<'a> = (ElementRef<'a>, bool);

/// The rows of a table and its captions, without those of nested tables.
fn collect<'a>(node: ElementRef<'a>, in_head: bool, rows: &mut Vec<RowNode<'a>>, captions: &mut Vec<ElementRef<'a>>) {
    for child in node.children() {
        let Some(child) = ElementRef::wrap(child) else { continue };
        let element = child.value();
        if super::style::is_hidden(element) {
            continue;
        }
        match element.name() {
            "tr" => rows.push((child, in_head)),
            "thead" => collect(child, true, rows, captions),
            // The parser puts rows nowhere else, so that this goes down one step only.
            "tbody" | "tfoot" => collect(child, false, rows, captions),
            "caption" => captions.push(child),
            _ => {}
        }
    }
}

fn span(value: Option<&str>) -> Option<usize> {
    let digits = value?.trim();
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits.get(..end)?.parse::<usize>().ok().map(|span| span.min(MOST_ROWS_SPANNED))
}
