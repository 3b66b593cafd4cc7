//! This is how the words in one region of a page become lines in reading order, column after column.

use super::glyphs::Word;
use crate::readers::marker::marker;

/// Words that stand on one line of one column.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub(super) words: Vec<Word>,
    pub(super) base: f32,
    /// Size of its largest letters.
    pub(super) size: f32,
    /// The right edge that its column's text runs to.
    pub(super) edge: f32,
    /// Page, counted from 1.
    pub(super) page: u32,
    /// True in the page's own single column, outside tables.
    pub(super) main: bool,
}

impl Line {
    pub(super) fn left(&self) -> f32 {
        self.words.first().map_or(0.0, |word| word.left)
    }

    pub(super) fn right(&self) -> f32 {
        self.words.iter().map(|word| word.right).fold(0.0, f32::max)
    }

    /// True where every letter is bold.
    pub(super) fn bold(&self) -> bool {
        let mut lettered = self.words.iter().filter(|word| word.text.chars().any(char::is_alphabetic)).peekable();
        lettered.peek().is_some() && lettered.all(|word| word.bold)
    }

    /// Its words with single blanks; a wide gap is a tab.
    pub(super) fn text(&self) -> String {
        let mut out = String::new();
        let mut right = 0.0;
        for word in &self.words {
            if !out.is_empty() {
                out.push(if word.left - right > TAB * self.size { '\t' } else { ' ' });
            }
            out.push_str(&word.text);
            right = word.right;
        }
        out
    }
}

/// Gap that parts two columns, or two cells of an unruled row, in font sizes.
const TAB: f32 = 1.6;
/// The narrowest gutter between columns, in points.
const GUTTER: f32 = 8.0;
/// Columns are looked for over so many rows at most.
const FARTHEST: usize = 300;
/// Columns within columns; newspapers have more, plans do not.
const DEEPEST: usize = 4;

/// The lines of some rows of words (sorted from the top) in reading order. `edge` is how far text can run, where that
/// is known.
pub(super) fn lines(rows: Vec<Vec<Word>>, page: u32, edge: Option<f32>) -> Vec<Line> {
    let rows = rows.into_iter().map(|row| segments(row, page)).filter(|row| !row.is_empty()).collect();
    let mut out = Vec::new();
    order(rows, edge, 0, &mut out);
    out
}

fn order(rows: Vec<Vec<Line>>, edge: Option<f32>, depth: usize, out: &mut Vec<Line>) {
    let mut plain: Vec<Line> = Vec::new();
    let mut rows = rows.into_iter().peekable();
    let mut rest: Vec<Vec<Line>> = rows.by_ref().collect();
    let mut at = 0;
    while at < rest.len() {
        let found = if depth < DEEPEST { columns(&rest[at..]) } else { None };
        let Some((count, gutter)) = found else {
            plain.extend(whole(std::mem::take(&mut rest[at])));
            at += 1;
            continue;
        };
        close(&mut plain, edge, depth, out);
        let (mut left, mut right) = (Vec::new(), Vec::new());
        for row in &mut rest[at..at + count] {
            let (before, after) =
                std::mem::take(row).into_iter().partition::<Vec<Line>, _>(|line| line.left() < gutter);
            left.push(before);
            right.push(after);
        }
        for mut column in [left, right] {
            column.retain(|row| !row.is_empty());
            order(column, None, depth + 1, out);
        }
        at += count;
    }
    close(&mut plain, edge, depth, out);
}

/// Hands on lines of one column, with the edge that they share.
fn close(plain: &mut Vec<Line>, edge: Option<f32>, depth: usize, out: &mut Vec<Line>) {
    let edge = edge.unwrap_or_else(|| plain.iter().map(Line::right).fold(0.0, f32::max));
    for line in plain.iter_mut() {
        line.edge = edge;
        line.main = depth == 0;
    }
    out.append(plain);
}

/// Cuts a row where the gaps are wide.
fn segments(row: Vec<Word>, page: u32) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::new();
    for word in row {
        if let Some(line) = out.last_mut() {
            let gap = word.left - line.right();
            // A list mark or a short label stands well before its words.
            let label = line.words.len() == 1
                && line.words.first().is_some_and(|first| {
                    first.text.chars().count() <= 3 || marker(&format!("{} x", first.text)).is_some()
                });
            let widest = if label { 5.0 } else { TAB };
            if gap <= widest * line.size.max(word.size) {
                line.size = line.size.max(word.size);
                line.base = line.base.max(word.base);
                line.words.push(word);
                continue;
            }
        }
        let (base, size) = (word.base, word.size);
        out.push(Line { words: vec![word], base, size, edge: 0.0, page, main: false });
    }
    out
}

/// A row as one line.
fn whole(row: Vec<Line>) -> Option<Line> {
    let mut row = row.into_iter();
    let mut line = row.next()?;
    for other in row {
        line.size = line.size.max(other.size);
        line.base = line.base.max(other.base);
        line.words.extend(other.words);
    }
    Some(line)
}

/// Where columns of prose begin with the first of `rows`: for how many rows, and where the gutter is.
fn columns(rows: &[Vec<Line>]) -> Option<(usize, f32)> {
    let first = rows.first().filter(|row| row.len() >= 2)?;
    first.windows(2).take(6).find_map(|pair| run(rows, pair[0].right(), pair[1].left()))
}

/// How far a gutter runs down, if there is prose on both sides of it.
fn run(rows: &[Vec<Line>], mut from: f32, mut to: f32) -> Option<(usize, f32)> {
    let (mut left, mut right) = (Side::default(), Side::default());
    let mut count = 0;
    for row in rows.iter().take(FARTHEST) {
        let middle = (from + to) / 2.0;
        let before = row.iter().filter(|line| (line.left() + line.right()) / 2.0 < middle);
        let after = row.iter().filter(|line| (line.left() + line.right()) / 2.0 >= middle);
        let near = before.clone().map(Line::right).fold(from, f32::max);
        let far = after.clone().map(Line::left).fold(to, f32::min);
        if far - near < GUTTER {
            break;
        }
        (from, to) = (near, far);
        left.take(before);
        right.take(after);
        count += 1;
    }
    (left.is_prose() && right.is_prose()).then_some((count, (from + to) / 2.0))
}

#[derive(Default)]
struct Side {
    rows: usize,
    words: usize,
    widths: f32,
    extent: Option<(f32, f32)>,
}

impl Side {
    fn take<'l>(&mut self, lines: impl Iterator<Item = &'l Line>) {
        let mut any = false;
        for line in lines {
            any = true;
            self.words += line.words.len();
            self.widths += line.right() - line.left();
            let (low, high) = self.extent.unwrap_or((line.left(), line.right()));
            self.extent = Some((low.min(line.left()), high.max(line.right())));
        }
        self.rows += usize::from(any);
    }

    /// Names before values ("Date of birth:   1 May") are read across; full lines of several words are read down.
    fn is_prose(&self) -> bool {
        let width = self.extent.map_or(1.0, |(low, high)| (high - low).max(1.0));
        self.rows >= 3 && self.words >= 3 * self.rows && self.widths >= 0.55 * width * self.rows as f32
    }
}
