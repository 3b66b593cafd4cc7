//! This is how ruling lines become tables: lines that touch are one drawing, its crossings make a grid, and where a
//! line is missing between two squares they are one cell.

use super::glyphs::{Area, Rule};

/// A ruled table on one page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Grid {
    pub(super) area: Area,
    /// Column edges from left to right, one more than there are columns.
    pub(super) columns: Vec<f32>,
    /// Row edges from top to bottom, one more than there are rows.
    pub(super) rows: Vec<f32>,
    /// Cells in reading order.
    pub(super) cells: Vec<Square>,
    /// For each square of the grid, row by row, the cell that it is part of.
    owners: Vec<usize>,
}

impl Grid {
    /// The cell at a point.
    pub(super) fn cell_at(&self, x: f32, y: f32) -> Option<usize> {
        if !self.area.holds(x, y) {
            return None;
        }
        let column =
            self.columns.partition_point(|edge| *edge <= x).checked_sub(1)?.min(self.columns.len().checked_sub(2)?);
        let row = self.rows.partition_point(|edge| *edge <= y).checked_sub(1)?.min(self.rows.len().checked_sub(2)?);
        self.owners.get(row * (self.columns.len() - 1) + column).copied()
    }
}

/// A cell of a [`Grid`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Square {
    pub(super) area: Area,
    pub(super) row: usize,
    pub(super) column: usize,
    pub(super) rows: usize,
    pub(super) columns: usize,
}

/// Lines this close are one, in points.
const NEAR: f32 = 2.5;
/// Pieces of a line with gaps up to this are one line (dashes, borders drawn cell by cell).
const GAP: f32 = 4.0;
/// No page holds more than this; a drawing of thousands of lines is a picture.
const MOST_RULES: usize = 2000;
const MOST_EDGES: usize = 300;

/// The tables that some rules make, smallest first.
pub(super) fn grids(horizontal: &[Rule], vertical: &[Rule]) -> Vec<Grid> {
    let (horizontal, vertical) = (joined(horizontal), joined(vertical));
    if horizontal.len() > MOST_RULES || vertical.len() > MOST_RULES {
        return Vec::new();
    }
    let mut grids: Vec<Grid> = drawings(&horizontal, &vertical).into_iter().filter_map(|(h, v)| grid(h, v)).collect();
    grids.sort_by(|a, b| a.area.size().total_cmp(&b.area.size()));
    grids
}

/// The lines that are missing from tables which are only ruled between their rows: in the blank strips between columns.
///
/// `words` are the extents of all words: left, right, and the height at which they stand.
pub(super) fn gutters(horizontal: &[Rule], vertical: &[Rule], words: &[(f32, f32, f32)]) -> Vec<Rule> {
    const NARROWEST: f32 = 9.0;
    let mut rules = joined(horizontal);
    if rules.len() > MOST_RULES || vertical.len() > MOST_RULES {
        return Vec::new();
    }
    rules.retain(|rule| !vertical.iter().any(|down| touch(rule, down)));
    let mut out = Vec::new();
    while let Some(first) = rules.first().copied() {
        let same = |rule: &Rule| (rule.from - first.from).abs() <= NEAR && (rule.to - first.to).abs() <= NEAR;
        let table: Vec<f32> = rules.iter().filter(|rule| same(rule)).map(|rule| rule.at).collect();
        rules.retain(|rule| !same(rule));
        let (Some(top), Some(bottom)) = (table.first().copied(), table.last().copied()) else { break };
        // Two rules are the head and foot of anything.
        if table.len() < 3 {
            continue;
        }
        let inside: Vec<(f32, f32, f32)> = words
            .iter()
            .filter(|(left, right, at)| {
                *left >= first.from - NEAR && *right <= first.to + NEAR && top < *at && *at < bottom
            })
            .copied()
            .collect();
        for (from, to) in strips(&inside).into_iter().filter(|(from, to)| to - from >= NARROWEST) {
            // Most rows must have words on both sides, or the strip is chance.
            let rows = table.windows(2).filter(|edges| {
                let row = || inside.iter().filter(|(.., at)| edges[0] < *at && *at < edges[1]);
                row().any(|(_, right, _)| *right <= from) && row().any(|(left, ..)| *left >= to)
            });
            if rows.count() * 2 >= table.len() {
                out.push(Rule { at: (from + to) / 2.0, from: top, to: bottom });
            }
        }
    }
    out
}

/// The stretches, from left to right, in which no word stands.
fn strips(words: &[(f32, f32, f32)]) -> Vec<(f32, f32)> {
    let mut extents: Vec<(f32, f32)> = words.iter().map(|(left, right, _)| (*left, *right)).collect();
    extents.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut out = Vec::new();
    let mut reach: Option<f32> = None;
    for (left, right) in extents {
        if let Some(reach) = reach.filter(|reach| left > *reach) {
            out.push((reach, left));
        }
        reach = Some(reach.map_or(right, |reach| reach.max(right)));
    }
    out
}

/// Rules that continue each other as one.
fn joined(rules: &[Rule]) -> Vec<Rule> {
    let mut rules = rules.to_vec();
    rules.sort_by(|a, b| a.at.total_cmp(&b.at));
    let mut out: Vec<Rule> = Vec::new();
    let mut start = 0;
    while start < rules.len() {
        // One band of rules at nearly the same place.
        let at = rules[start].at;
        let end = start + rules[start..].iter().take_while(|rule| rule.at - at <= NEAR).count();
        let mut band = rules[start..end].to_vec();
        band.sort_by(|a, b| a.from.total_cmp(&b.from));
        let mut open: Option<Rule> = None;
        for rule in band {
            match &mut open {
                Some(last) if rule.from <= last.to + GAP => last.to = last.to.max(rule.to),
                _ => {
                    out.extend(open.replace(rule));
                }
            }
        }
        out.extend(open);
        start = end;
    }
    out
}

/// Groups of rules that touch each other.
fn drawings(horizontal: &[Rule], vertical: &[Rule]) -> Vec<(Vec<Rule>, Vec<Rule>)> {
    let mut group: Vec<usize> = (0..horizontal.len() + vertical.len()).collect();
    fn root(group: &mut [usize], mut at: usize) -> usize {
        while group[at] != at {
            group[at] = group[group[at]];
            at = group[at];
        }
        at
    }
    for (h, across) in horizontal.iter().enumerate() {
        for (v, down) in vertical.iter().enumerate() {
            if touch(across, down) {
                let (a, b) = (root(&mut group, h), root(&mut group, horizontal.len() + v));
                group[a] = b;
            }
        }
    }
    let mut out: std::collections::BTreeMap<usize, (Vec<Rule>, Vec<Rule>)> = std::collections::BTreeMap::new();
    for (at, rule) in horizontal.iter().enumerate() {
        out.entry(root(&mut group, at)).or_default().0.push(*rule);
    }
    for (at, rule) in vertical.iter().enumerate() {
        out.entry(root(&mut group, horizontal.len() + at)).or_default().1.push(*rule);
    }
    out.into_values().collect()
}

fn touch(across: &Rule, down: &Rule) -> bool {
    across.from - NEAR <= down.at
        && down.at <= across.to + NEAR
        && down.from - NEAR <= across.at
        && across.at <= down.to + NEAR
}

/// The grid of one drawing.
fn grid(mut horizontal: Vec<Rule>, mut vertical: Vec<Rule>) -> Option<Grid> {
    if vertical.is_empty() || horizontal.is_empty() {
        return None;
    }
    close_sides(&mut vertical, &horizontal);
    close_sides(&mut horizontal, &vertical);
    // Underlined words that happen to touch a border reach one vertical only.
    let reaching: Vec<Rule> = horizontal
        .iter()
        .filter(|rule| vertical.iter().filter(|down| touch(rule, down)).count() >= 2)
        .copied()
        .collect();
    let (xs, ys) = (edges(&vertical), edges(&reaching));
    if xs.len() < 2 || ys.len() < 2 || xs.len() > MOST_EDGES || ys.len() > MOST_EDGES {
        return None;
    }
    let (columns, rows) = (xs.len() - 1, ys.len() - 1);
    let mut owners = vec![usize::MAX; columns * rows];
    let mut cells = Vec::new();
    for row in 0..rows {
        for column in 0..columns {
            if owners[row * columns + column] != usize::MAX {
                continue;
            }
            let mut right = column;
            while right + 1 < columns
                && owners[row * columns + right + 1] == usize::MAX
                && !covers(&vertical, xs[right + 1], ys[row], ys[row + 1])
            {
                right += 1;
            }
            let mut down = row;
            while down + 1 < rows
                && (column..=right).all(|at| {
                    owners[(down + 1) * columns + at] == usize::MAX
                        && !covers(&reaching, ys[down + 1], xs[at], xs[at + 1])
                })
                && !(column..right).any(|at| covers(&vertical, xs[at + 1], ys[down + 1], ys[down + 2]))
            {
                down += 1;
            }
            for y in row..=down {
                for x in column..=right {
                    owners[y * columns + x] = cells.len();
                }
            }
            cells.push(Square {
                area: Area { left: xs[column], top: ys[row], right: xs[right + 1], bottom: ys[down + 1] },
                row,
                column,
                rows: down - row + 1,
                columns: right - column + 1,
            });
        }
    }
    let area = Area { left: xs[0], top: ys[0], right: xs[columns], bottom: ys[rows] };
    Some(Grid { area, columns: xs, rows: ys, cells, owners })
}

/// Draws the outermost lines of a table that has none at its sides: where the crossing lines run on past the last one.
fn close_sides(rules: &mut Vec<Rule>, crossing: &[Rule]) {
    const OPEN: f32 = 12.0;
    let low = crossing.iter().map(|rule| rule.from).fold(f32::INFINITY, f32::min);
    let high = crossing.iter().map(|rule| rule.to).fold(f32::NEG_INFINITY, f32::max);
    let first = crossing.iter().map(|rule| rule.at).fold(f32::INFINITY, f32::min);
    let last = crossing.iter().map(|rule| rule.at).fold(f32::NEG_INFINITY, f32::max);
    let least = rules.iter().map(|rule| rule.at).fold(f32::INFINITY, f32::min);
    let most = rules.iter().map(|rule| rule.at).fold(f32::NEG_INFINITY, f32::max);
    // One line that runs out is an ornament; all of them make an open side.
    let out = |end: fn(&Rule) -> f32, at: f32| crossing.iter().filter(|rule| (end(rule) - at).abs() <= NEAR).count();
    if least - low > OPEN && out(|rule| rule.from, low) * 2 >= crossing.len() {
        rules.push(Rule { at: low, from: first, to: last });
    }
    if high - most > OPEN && out(|rule| rule.to, high) * 2 >= crossing.len() {
        rules.push(Rule { at: high, from: first, to: last });
    }
}

/// Places of rules, those that are near as one.
fn edges(rules: &[Rule]) -> Vec<f32> {
    let mut places: Vec<f32> = rules.iter().map(|rule| rule.at).collect();
    places.sort_by(f32::total_cmp);
    // A double border is one edge: less than a letter fits between its lines.
    places.dedup_by(|b, a| *b - *a <= 2.0 * NEAR);
    places
}

/// True where a rule at `at` runs along most of `from..to`.
fn covers(rules: &[Rule], at: f32, from: f32, to: f32) -> bool {
    let middle = (from + to) / 2.0;
    rules.iter().any(|rule| {
        (rule.at - at).abs() <= 2.0 * NEAR
            && rule.from <= middle
            && middle <= rule.to
            && rule.to.min(to) - rule.from.max(from) >= 0.5 * (to - from)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(at: f32, from: f32, to: f32) -> Rule {
        Rule { at, from, to }
    }

    fn shape(grid: &Grid) -> Vec<(usize, usize, usize, usize)> {
        grid.cells.iter().map(|cell| (cell.row, cell.column, cell.rows, cell.columns)).collect()
    }

    #[test]
    fn merged_cells_have_no_line_between_them() {
        // A row across three columns, then a cell across two rows.
        let horizontal = [rule(0.0, 0.0, 90.0), rule(20.0, 0.0, 90.0), rule(40.0, 30.0, 90.0), rule(60.0, 0.0, 90.0)];
        let vertical = [rule(0.0, 0.0, 60.0), rule(30.0, 20.0, 60.0), rule(60.0, 20.0, 60.0), rule(90.0, 0.0, 60.0)];
        let grids = grids(&horizontal, &vertical);
        assert_eq!(grids.len(), 1);
        assert_eq!(
            shape(&grids[0]),
            [(0, 0, 1, 3), (1, 0, 2, 1), (1, 1, 1, 1), (1, 2, 1, 1), (2, 1, 1, 1), (2, 2, 1, 1)]
        );
    }

    #[test]
    fn dashes_double_borders_and_open_sides() {
        let mut horizontal = vec![rule(0.0, 0.0, 100.0), rule(2.0, 0.0, 100.0), rule(50.0, 0.0, 100.0)];
        horizontal.extend((0..20).map(|at| rule(25.0, at as f32 * 5.0, at as f32 * 5.0 + 2.0)));
        let grids = grids(&horizontal, &[rule(40.0, 0.0, 50.0)]);
        assert_eq!(shape(&grids[0]), [(0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1)]);
    }

    #[test]
    fn an_underline_is_no_table_and_two_tables_are_two() {
        assert!(grids(&[rule(10.0, 0.0, 50.0)], &[]).is_empty());
        let square = |x: f32| {
            ([rule(0.0, x, x + 50.0), rule(50.0, x, x + 50.0)], [rule(x, 0.0, 50.0), rule(x + 50.0, 0.0, 50.0)])
        };
        let ((h1, v1), (h2, v2)) = (square(0.0), square(100.0));
        assert_eq!(grids(&[h1, h2].concat(), &[v1, v2].concat()).len(), 2);
    }
}
