//! This is the reading of Parquet tables: one plan a row, with `id`, `text` and metadata as columns.

use super::{Event, LONGEST, Sink, too_large};
use crate::archive::input::{Body, Raw, Reason, Rejected};
use crate::archive::metadata::{self, Field};
use crate::readers::guard;
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Int32Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::{Map, Value};
use std::fs::File;
use std::ops::ControlFlow;

/// Rows that are held at once: a row may be as long as a plan.
const ROWS: usize = 16;

/// Reads every row as a record.
pub(super) fn read(file: File, name: &str, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let damaged = |why: &str| Event::Rejected(Rejected::new(name, Reason::Damaged, why));
    // The library may panic on a damaged table.
    let opened = guard::quietly(|| {
        ParquetRecordBatchReaderBuilder::try_new(file).and_then(|builder| builder.with_batch_size(ROWS).build())
    });
    let Some(Ok(mut reader)) = opened else {
        return sink(damaged("it is no Parquet table, or a damaged one; write it again"));
    };
    let schema = arrow_array::RecordBatchReader::schema(&reader);
    if !schema.fields().iter().any(|field| field.name() == "text") {
        return sink(Event::Rejected(Rejected::new(
            name,
            Reason::NotARecord,
            "it has no column text; name the column with the plans' words so",
        )));
    }
    let mut number = 0;
    loop {
        match guard::quietly(|| reader.next()) {
            Some(None) => return ControlFlow::Continue(()),
            Some(Some(Ok(batch))) => {
                for row in 0..batch.num_rows() {
                    number += 1;
                    let record = record(&batch, row);
                    if record.len() > LONGEST {
                        sink(too_large(&format!("{name}:{number}"), LONGEST as u64))?;
                        continue;
                    }
                    let body = Body::Record(record);
                    sink(Event::Input(Raw { source: name.to_owned(), line: Some(number), body }))?;
                }
            }
            Some(Some(Err(_))) | None => {
                return sink(damaged("the table is damaged; write it again. The rows before the damage were read"));
            }
        }
    }
}

/// A row as a record of JSON Lines.
pub(in crate::archive) fn record(batch: &RecordBatch, row: usize) -> Vec<u8> {
    let mut out = Map::new();
    for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
        let name = field.name();
        let wanted = matches!(name.as_str(), "id" | "text") || Field::called(name).is_some();
        if let Some(value) = wanted.then(|| value(column.as_ref(), row)).flatten() {
            out.insert(name.clone(), value);
        }
    }
    serde_json::to_vec(&out).unwrap_or_default()
}

fn value(column: &dyn Array, row: usize) -> Option<Value> {
    if column.is_null(row) {
        return None;
    }
    if let Some(words) = column.as_string_opt::<i32>() {
        return Some(words.value(row).into());
    }
    if let Some(words) = column.as_string_opt::<i64>() {
        return Some(words.value(row).into());
    }
    if let Some(words) = column.as_string_view_opt() {
        return Some(words.value(row).into());
    }
    if let Some(dictionary) = column.as_any_dictionary_opt() {
        return value(dictionary.values().as_ref(), *dictionary.normalized_keys().get(row)?);
    }
    if let Some(numbers) = column.as_primitive_opt::<Int64Type>() {
        return Some(numbers.value(row).into());
    }
    if let Some(numbers) = column.as_primitive_opt::<Int32Type>() {
        return Some(numbers.value(row).into());
    }
    if let Some(days) = column.as_primitive_opt::<Date32Type>() {
        return Some(metadata::written(days.value(row)).into());
    }
    None
}
