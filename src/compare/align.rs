//! This is the pairing of statements of two documents by how alike they are.

/// Below this two statements are not taken for one.
const FLOOR: f64 = 0.20;
/// The same where the plan's statement is vague: little is left in it to be alike in.
const VAGUE: f64 = 0.09;
/// From this on a statement that is left over is a part of one that is paired already.
const PART: f64 = 0.55;
/// From this on a pair speaks for the documents belonging together.
const STRONG: f64 = 0.30;
/// The share of statements with a strong pair below which two documents do not belong together.
const RELATED: f64 = 0.15;

/// A statement before and the one that it became, by their places in the two lists.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pair {
    pub before: usize,
    pub after: usize,
    pub likeness: f64,
}

/// How alike each statement before is to each after.
pub(super) struct Table {
    rows: usize,
    columns: usize,
    cells: Vec<f64>,
}

impl Table {
    pub fn new(rows: usize, columns: usize, alike: impl Fn(usize, usize) -> f64) -> Self {
        let cells = (0..rows).flat_map(|i| (0..columns).map(move |j| (i, j))).map(|(i, j)| alike(i, j)).collect();
        Self { rows, columns, cells }
    }

    fn at(&self, i: usize, j: usize) -> f64 {
        self.cells.get(i * self.columns + j).copied().unwrap_or(0.0)
    }

    /// True where enough of the smaller side is found in the other.
    pub fn related(&self) -> bool {
        let least = self.rows.min(self.columns);
        let strong = self.one_to_one(STRONG).len();
        least > 0 && strong as f64 >= RELATED * least as f64
    }

    /// The pairs: one to one first, then what was split or joined. Ordered by place. `vague` tells of a statement after.
    pub fn pairs(&self, vague: impl Fn(usize) -> bool) -> Vec<Pair> {
        let mut pairs = self.one_to_one(FLOOR);
        let free = |pair: &Pair| pairs.iter().all(|p| p.before != pair.before && p.after != pair.after);
        let left: Vec<Pair> = self.one_to_one_of(VAGUE, |pair| vague(pair.after) && free(pair));
        pairs.extend(left);
        let (mut before, mut after) = (vec![false; self.rows], vec![false; self.columns]);
        for pair in &pairs {
            before[pair.before] = true;
            after[pair.after] = true;
        }
        for i in (0..self.rows).filter(|&i| !before[i]) {
            pairs.extend((0..self.columns).map(|j| self.pair(i, j)).filter(part).max_by(nearer));
        }
        for j in (0..self.columns).filter(|&j| !after[j]) {
            let free = pairs.iter().all(|pair| pair.after != j);
            pairs.extend((0..self.rows).map(|i| self.pair(i, j)).filter(|pair| free && part(pair)).max_by(nearer));
        }
        pairs.sort_by_key(|pair| (pair.before, pair.after));
        pairs
    }

    fn pair(&self, before: usize, after: usize) -> Pair {
        Pair { before, after, likeness: self.at(before, after) }
    }

    /// The most alike first, each statement once; among equals the earlier.
    fn one_to_one(&self, floor: f64) -> Vec<Pair> {
        self.one_to_one_of(floor, |_| true)
    }

    fn one_to_one_of(&self, floor: f64, asked: impl Fn(&Pair) -> bool) -> Vec<Pair> {
        let cells = (0..self.rows).flat_map(|i| (0..self.columns).map(move |j| (i, j)));
        let open = cells.map(|(i, j)| self.pair(i, j)).filter(|pair| pair.likeness >= floor && asked(pair));
        let mut open: Vec<Pair> = open.collect();
        open.sort_by(|a, b| {
            b.likeness.total_cmp(&a.likeness).then_with(|| (a.before, a.after).cmp(&(b.before, b.after)))
        });
        let (mut before, mut after) = (vec![false; self.rows], vec![false; self.columns]);
        open.retain(|pair| {
            let free = !before[pair.before] && !after[pair.after];
            before[pair.before] |= free;
            after[pair.after] |= free;
            free
        });
        open
    }
}

fn part(pair: &Pair) -> bool {
    pair.likeness >= PART
}

/// The nearer of two pairs; of equals the earlier.
fn nearer(a: &Pair, b: &Pair) -> std::cmp::Ordering {
    a.likeness.total_cmp(&b.likeness).then_with(|| (b.before, b.after).cmp(&(a.before, a.after)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&[f64]]) -> Table {
        Table::new(rows.len(), rows.first().map_or(0, |row| row.len()), |i, j| rows[i][j])
    }

    fn places(pairs: &[Pair]) -> Vec<(usize, usize)> {
        pairs.iter().map(|pair| (pair.before, pair.after)).collect()
    }

    #[test]
    fn the_most_alike_first_and_each_once() {
        let moved = table(&[&[0.1, 0.9], &[0.5, 0.4], &[0.45, 0.0]]);
        assert_eq!(places(&moved.pairs(|_| false)), [(0, 1), (1, 0)], "0.45 is no part");
    }

    #[test]
    fn what_is_vague_is_paired_with_what_is_left() {
        let list = table(&[&[0.9, 0.15], &[0.12, 0.15]]);
        assert_eq!(places(&list.pairs(|_| false)), [(0, 0)]);
        assert_eq!(places(&list.pairs(|after| after == 1)), [(0, 0), (1, 1)]);
    }

    #[test]
    fn what_was_joined_or_split_is_paired_again() {
        let joined = table(&[&[0.9], &[0.7]]);
        assert_eq!(places(&joined.pairs(|_| false)), [(0, 0), (1, 0)]);
        let split = table(&[&[0.9, 0.7]]);
        assert_eq!(places(&split.pairs(|_| false)), [(0, 0), (0, 1)]);
    }

    #[test]
    fn nothing_in_common_is_not_related() {
        assert!(!table(&[&[0.1, 0.2], &[0.0, 0.1]]).related());
        assert!(table(&[&[0.1, 0.8], &[0.0, 0.1]]).related());
        assert!(!table(&[]).related() && table(&[]).pairs(|_| false).is_empty());
    }
}
