//! This is how RTF's rows, each with its own cell edges, become a table.

use crate::document::{Block, Cell, Row, Table};

/// Edges nearer than this are one, in twips (twentieths of a point).
const NEAR: i32 = 60;
/// No row of a plan has more cells.
const MOST_CELLS: usize = 300;

/// A table that is being read.
#[derive(Debug, Default)]
pub(super) struct Grid {
    /// Content of the open cell, and of the cells before it in the open row.
    open: Vec<Block>,
    cells: Vec<Vec<Block>>,
    /// What the row says of its cells.
    edges: Vec<Edge>,
    next: Edge,
    heading: bool,
    rows: Vec<RowDraft>,
}

/// One cell's right edge, and how it is merged.
#[derive(Debug, Clone, Copy, Default)]
struct Edge {
    right: i32,
    goes_on_left: bool,
    goes_on_above: bool,
}

#[derive(Debug)]
struct RowDraft {
    heading: bool,
    cells: Vec<(Vec<Block>, Edge)>,
}

impl Grid {
    /// Takes in a control word that is about tables, if it is.
    pub(super) fn word(&mut self, word: &str, value: Option<i32>) {
        match word {
            "trowd" => {
                self.edges.clear();
                (self.next, self.heading) = (Edge::default(), false);
            }
            "trhdr" => self.heading = true,
            "clmrg" => self.next.goes_on_left = true,
            "clvmrg" => self.next.goes_on_above = true,
            "cellx" if self.edges.len() < MOST_CELLS => {
                self.next.right = value.unwrap_or(0);
                self.edges.push(std::mem::take(&mut self.next));
            }
            _ => {}
        }
    }

    /// Adds to the open cell.
    pub(super) fn push(&mut self, blocks: Vec<Block>) {
        self.open.extend(blocks);
    }

    /// Ends the open cell.
    pub(super) fn end_cell(&mut self) {
        let cell = std::mem::take(&mut self.open);
        if self.cells.len() < MOST_CELLS {
            self.cells.push(cell);
        } else if let Some(last) = self.cells.last_mut() {
            last.extend(cell);
        }
    }

    /// Ends the open row.
    pub(super) fn end_row(&mut self) {
        if !self.open.is_empty() {
            self.end_cell();
        }
        let cells = std::mem::take(&mut self.cells);
        if cells.is_empty() {
            return;
        }
        let furthest = self.edges.last().map_or(0, |edge| edge.right);
        let missing = (1..)
            .map(|step: i32| Edge { right: furthest.saturating_add(step.saturating_mul(1000)), ..Edge::default() });
        let edges = self.edges.iter().copied().chain(missing);
        self.rows.push(RowDraft { heading: self.heading, cells: cells.into_iter().zip(edges).collect() });
    }

    /// The table so far, if there is one; the grid is empty then.
    pub(super) fn close(&mut self) -> Vec<Block> {
        if !self.cells.is_empty() || !self.open.is_empty() {
            self.end_row();
        }
        let rows = std::mem::take(&mut self.rows);
        if rows.is_empty() {
            return Vec::new();
        }
        let mut edges: Vec<i32> = rows.iter().flat_map(|row| &row.cells).map(|(_, edge)| edge.right).collect();
        edges.sort_unstable();
        edges.dedup_by(|b, a| b.saturating_sub(*a) <= NEAR);
        let column_after = |right: i32| edges.partition_point(|edge| edge.saturating_add(NEAR) < right) + 1;
        let mut table = Table::default();
        // For each column the row and place of the cell that stands lowest in it.
        let mut lowest: Vec<Option<(usize, usize)>> = vec![None; edges.len() + 1];
        for draft in rows {
            let mut row = Row { cells: Vec::new(), heading: draft.heading };
            let count = table.rows.len();
            let mut column = 0;
            for (blocks, edge) in draft.cells {
                let end = column_after(edge.right).max(column + 1);
                if edge.goes_on_left
                    && let Some(last) = row.cells.last_mut()
                {
                    last.columns += end - column;
                    last.blocks.extend(blocks);
                } else if edge.goes_on_above
                    && let Some((above, at)) = lowest.get(column).copied().flatten()
                    && let Some(cell) = table.rows.get_mut(above).and_then(|row| row.cells.get_mut(at))
                {
                    cell.rows = count + 1 - above;
                    cell.blocks.extend(blocks);
                } else {
                    if let Some(place) = lowest.get_mut(column) {
                        *place = Some((table.rows.len(), row.cells.len()));
                    }
                    row.cells.push(Cell { blocks, column, columns: end - column, rows: 1 });
                }
                column = end;
            }
            table.rows.push(row);
        }
        vec![Block::Table(table)]
    }
}
