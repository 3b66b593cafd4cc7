//! This is metadata from a table: one row a plan, joined on its id.

use super::super::hash::key;
use super::{Coded, Field, Given, Names};
use std::collections::HashMap;
use std::io::Read;

/// Rows by the hash of their id, some forty bytes each.
#[derive(Debug, Default)]
pub struct Table {
    rows: HashMap<u64, Row>,
}

#[derive(Debug, Clone, Copy)]
struct Row {
    coded: Coded,
    line: u32,
    used: bool,
}

/// Something wrong in a table, by its line; the value is never given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The line of the table, counted from 1.
    pub line: u32,
    /// The field; `id` where it is the row itself.
    pub field: &'static str,
    /// What is wrong.
    pub what: &'static str,
}

impl Table {
    /// Reads a table with a head row that names `id` and fields of the metadata.
    ///
    /// # Errors
    /// What is wrong with the table as a whole.
    pub fn read(input: impl Read, names: &mut Names, wrong: &mut Vec<Wrong>) -> Result<Self, String> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(input);
        let unreadable = |error: csv::Error| match error.position() {
            Some(place) => format!("line {} is not a row of a table in UTF-8", place.line()),
            None => "it could not be read as a table in UTF-8".to_owned(),
        };
        let head = reader.headers().map_err(unreadable)?.clone();
        let plain = |name: &str| name.trim_start_matches('\u{feff}').trim().to_lowercase();
        let id = head.iter().position(|name| matches!(plain(name).as_str(), "id" | "plan" | "plan_id" | "file"));
        let id = id.ok_or("it has no column id; name the column with the plans' ids so")?;
        let fields: Vec<(usize, Field)> =
            head.iter().enumerate().filter_map(|(at, name)| Some((at, Field::called(&plain(name))?))).collect();
        if fields.is_empty() {
            return Err("none of its columns is a field of the metadata; name one team, date, need …".to_owned());
        }
        let mut table = Self::default();
        for record in reader.records() {
            let record = record.map_err(unreadable)?;
            let line = record.position().map_or(0, |place| u32::try_from(place.line()).unwrap_or(u32::MAX));
            let Some(id) = record.get(id).filter(|id| !id.is_empty()) else {
                wrong.push(Wrong { line, field: "id", what: "the row has no id" });
                continue;
            };
            let mut given = Given::default();
            for (at, field) in &fields {
                given.set(*field, record.get(*at).unwrap_or(""));
            }
            let coded = names.code(&given, |field, what| wrong.push(Wrong { line, field: field.name(), what }));
            match table.rows.entry(key(id)) {
                std::collections::hash_map::Entry::Occupied(_) => {
                    wrong.push(Wrong { line, field: "id", what: "an earlier row has the same id, and was taken" });
                }
                std::collections::hash_map::Entry::Vacant(place) => {
                    place.insert(Row { coded, line, used: false });
                }
            }
        }
        Ok(table)
    }

    /// The row of a plan: by its id, else by the name of its file without folders and ending.
    pub fn find(&mut self, id: &str) -> Option<Coded> {
        let file = id.rsplit('/').next().unwrap_or(id);
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        for name in [id, file, stem] {
            if let Some(row) = self.rows.get_mut(&key(name)) {
                row.used = true;
                return Some(row.coded);
            }
        }
        None
    }

    /// The lines of rows that no plan was found for.
    pub fn unused(&self) -> Vec<u32> {
        let mut lines: Vec<u32> = self.rows.values().filter(|row| !row.used).map(|row| row.line).collect();
        lines.sort_unstable();
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_joined_and_mistakes_named() {
        let csv = "\u{feff}ID,Team,Primary need,Date,Colour\np1,North,ASD,2025-01-31,red\np2,South,soup,31/02/2025,\n,x,,,\np1,West,,,\n";
        let (mut names, mut wrong) = (Names::default(), Vec::new());
        let mut table = Table::read(csv.as_bytes(), &mut names, &mut wrong).expect("a table");
        let one = table.find("folder/p1.docx").expect("by the file's name");
        assert_eq!(names.name(Field::Team, one.codes[0]), Some("North"));
        assert_eq!(names.name(Field::Need, one.codes[Field::Need as usize]), Some("asd"));
        let said: Vec<(u32, &str)> = wrong.iter().map(|w| (w.line, w.field)).collect();
        assert_eq!(said, [(3, "need"), (3, "date"), (4, "id"), (5, "id")]);
        assert_eq!(table.unused(), [3]);
        assert!(Table::read("a,b\n1,2\n".as_bytes(), &mut names, &mut wrong).is_err());
    }
}
