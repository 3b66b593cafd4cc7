//! This is which rows belong together: drawn together for an interval, and left out together when something is fitted.

use super::rows::Row;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// In how many parts rows are left out that belong to nothing.
const PARTS: usize = 10;

/// The blocks of a list of rows.
#[derive(Debug, Clone)]
pub struct Blocks {
    pub by: By,
    /// The block of each row, counted from 0.
    pub of: Vec<usize>,
    /// The part in which each row is left out: its block, or one of ten for rows that belong to nothing.
    pub folds: Vec<usize>,
}

/// What makes a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// The publisher, for rows that name one, else the style.
    Group,
    /// The author's style.
    Style,
    /// Each row by itself.
    Row,
}

impl By {
    /// What is drawn, in the plural.
    pub fn name(self) -> &'static str {
        match self {
            Self::Group => "groups",
            Self::Style => "styles",
            Self::Row => "rows",
        }
    }
}

impl Blocks {
    /// A row's block is its group, else its style, else itself.
    pub fn of(rows: &[&Row]) -> Self {
        let name = |row: &Row| row.group.clone().map(|g| (0, g)).or_else(|| row.style.clone().map(|s| (1, s)));
        let names: BTreeSet<_> = rows.iter().filter_map(|row| name(row)).collect();
        let numbers: BTreeMap<_, usize> = names.into_iter().zip(0..).collect();
        let by = match (rows.iter().any(|row| row.group.is_some()), numbers.is_empty()) {
            (true, _) => By::Group,
            (false, false) => By::Style,
            (false, true) => By::Row,
        };
        let (mut of, mut folds) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
        let mut alone = 0;
        for row in rows {
            let number = name(row).and_then(|name| numbers.get(&name).copied());
            of.push(number.unwrap_or(numbers.len() + alone));
            folds.push(number.unwrap_or(numbers.len() + alone % PARTS));
            alone += usize::from(number.is_none());
        }
        Self { by, of, folds }
    }

    /// How many blocks there are.
    pub fn count(&self) -> usize {
        self.of.iter().max().map_or(0, |most| most + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn blocks(names: &[&str]) -> Blocks {
        let lines: Vec<String> =
            names.iter().map(|name| format!(r#"{{"kind":"outcome","text":"a","verdict":"bad"{name}}}"#)).collect();
        let (rows, errors) = super::super::rows::read(Path::new("x"), lines.join("\n").as_bytes());
        assert!(errors.is_empty());
        Blocks::of(&rows.iter().collect::<Vec<_>>())
    }

    #[test]
    fn group_then_style_then_row() {
        let got =
            blocks(&[r#","group":"b""#, r#","group":"a","style":"s""#, r#","style":"a""#, "", r#","group":"b""#, ""]);
        assert_eq!((got.by, got.of.as_slice()), (By::Group, &[1, 0, 2, 3, 1, 4][..]));
        assert_eq!(blocks(&[r#","style":"s""#, r#","style":"s""#]).by, By::Style);
    }

    #[test]
    fn single_rows_are_left_out_in_ten_parts() {
        let got = blocks(&[""; 25]);
        assert_eq!((got.by, got.of.len(), got.of[24], got.folds[24]), (By::Row, 25, 24, 4));
        assert_eq!(got.folds.iter().max(), Some(&9));
        assert_eq!(blocks(&[]).by, By::Row);
    }
}
