//! This is the tables as CSV: for spreadsheets, with cells that one would take for formulas made harmless.

use super::Draft;
use crate::archive::metadata;
use crate::archive::run::{RunError, at};
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float32Type, Float64Type, Int32Type, UInt16Type, UInt32Type};
use arrow_array::{Array, RecordBatch};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs::File;
use std::io;
use std::path::Path;

const TABLES: [&str; 3] = ["plans", "statements", "findings"];

/// Writes each table as CSV, in UTF-8 with the mark by which spreadsheets know it.
pub(super) fn write(out: &Path) -> Result<(), RunError> {
    for table in TABLES {
        let from = out.join(format!("{table}.parquet"));
        let wrong = |error: parquet::errors::ParquetError| at(&from)(io::Error::other(error));
        let file = File::open(&from).map_err(at(&from))?;
        let reader =
            ParquetRecordBatchReaderBuilder::try_new(file).and_then(|builder| builder.build()).map_err(wrong)?;
        let mut draft = Draft::new(out, &format!("{table}.csv"))?;
        draft.write("\u{feff}".as_bytes())?;
        let schema = arrow_array::RecordBatchReader::schema(&reader);
        let mut lines = ::csv::WriterBuilder::new().from_writer(Vec::new());
        let flush = |lines: &mut ::csv::Writer<Vec<u8>>, draft: &mut Draft| -> Result<(), RunError> {
            let full = std::mem::replace(lines, ::csv::WriterBuilder::new().from_writer(Vec::new()));
            let bytes = full.into_inner().map_err(|error| at(&from)(io::Error::other(error.to_string())))?;
            draft.write(&bytes)
        };
        let failed = |error: ::csv::Error| at(&from)(io::Error::other(error));
        lines.write_record(schema.fields().iter().map(|field| field.name())).map_err(failed)?;
        for batch in reader {
            let batch = batch.map_err(|error| at(&from)(io::Error::other(error)))?;
            for row in 0..batch.num_rows() {
                lines.write_record(cells(&batch, row)).map_err(failed)?;
            }
            flush(&mut lines, &mut draft)?;
        }
        flush(&mut lines, &mut draft)?;
        draft.finish()?;
    }
    Ok(())
}

/// Takes away what an earlier run wrote.
pub(super) fn remove(out: &Path) -> Result<(), RunError> {
    for table in TABLES {
        let path = out.join(format!("{table}.csv"));
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(at(&path)(error)),
            _ => {}
        }
    }
    Ok(())
}

fn cells(batch: &RecordBatch, row: usize) -> impl Iterator<Item = String> {
    batch.columns().iter().map(move |column| cell(column.as_ref(), row))
}

fn cell(column: &dyn Array, row: usize) -> String {
    if column.is_null(row) {
        return String::new();
    }
    if let Some(words) = column.as_string_opt::<i32>() {
        return harmless(words.value(row));
    }
    if let Some(dictionary) = column.as_dictionary_opt::<Int32Type>() {
        return dictionary.key(row).map_or_else(String::new, |key| cell(dictionary.values().as_ref(), key));
    }
    if let Some(numbers) = column.as_primitive_opt::<UInt32Type>() {
        return numbers.value(row).to_string();
    }
    if let Some(numbers) = column.as_primitive_opt::<UInt16Type>() {
        return numbers.value(row).to_string();
    }
    if let Some(numbers) = column.as_primitive_opt::<Float32Type>() {
        return numbers.value(row).to_string();
    }
    if let Some(numbers) = column.as_primitive_opt::<Float64Type>() {
        return numbers.value(row).to_string();
    }
    if let Some(days) = column.as_primitive_opt::<Date32Type>() {
        return metadata::written(days.value(row));
    }
    column.as_boolean_opt().map_or_else(String::new, |flags| flags.value(row).to_string())
}

/// A cell that no spreadsheet takes for a formula: what begins like one gets an apostrophe before it (OWASP, *CSV
/// Injection*).
fn harmless(words: &str) -> String {
    let begins = words
        .trim_start_matches([' ', '\u{a0}'])
        .starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if begins { format!("'{words}") } else { words.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_made_harmless() {
        for (cell, shown) in [
            ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
            ("+1", "'+1"),
            ("-2", "'-2"),
            (" @x", "' @x"),
            ("\tx", "'\tx"),
            ("plain = words", "plain = words"),
        ] {
            assert_eq!(harmless(cell), shown);
        }
    }
}
