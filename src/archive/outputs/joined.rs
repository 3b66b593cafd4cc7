//! This is the joining of shards to `statements.parquet` and `findings.parquet`: row groups are copied as they are.

use super::{Draft, Shards};
use crate::archive::metadata::table::Wrong;
use crate::archive::run::{RunError, at};
use crate::archive::tables::properties;
use parquet::arrow::{add_encoded_arrow_schema_to_metadata, parquet_to_arrow_schema};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::ParquetError;
use parquet::file::metadata::ParquetMetaDataReader;
use parquet::file::writer::SerializedFileWriter;
use serde::Serialize;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// Writes both tables.
pub(super) fn tables(out: &Path, shards: &Shards<'_>) -> Result<(), RunError> {
    let mut statements = Joined::new(out, "statements.parquet")?;
    let mut findings = Joined::new(out, "findings.parquet")?;
    shards.each(|shard| {
        statements.add(shard.statements)?;
        findings.add(shard.findings)
    })?;
    let empty = crate::archive::store::shard::Shard::new(&Default::default(), &[]).map_err(at(out))?;
    statements.finish(empty.statements)?;
    findings.finish(empty.findings)
}

struct Joined<'o> {
    out: &'o Path,
    name: &'static str,
    writer: Option<SerializedFileWriter<std::fs::File>>,
}

impl<'o> Joined<'o> {
    fn new(out: &'o Path, name: &'static str) -> Result<Self, RunError> {
        Ok(Self { out, name, writer: None })
    }

    fn part(&self) -> std::path::PathBuf {
        self.out.join(format!("{}.part", self.name))
    }

    fn failed(&self) -> impl Fn(ParquetError) -> RunError + use<> {
        let part = self.part();
        move |error| match error {
            // The system's own reason, where there is one: "no space left" helps, "External" does not.
            ParquetError::External(inner) => match inner.downcast::<io::Error>() {
                Ok(error) => at(&part)(*error),
                Err(inner) => at(&part)(io::Error::other(inner)),
            },
            other => at(&part)(io::Error::other(other)),
        }
    }

    fn add(&mut self, table: Vec<u8>) -> Result<(), RunError> {
        let table = bytes::Bytes::from(table);
        let failed = self.failed();
        let metadata = ParquetMetaDataReader::new().parse_and_finish(&table).map_err(&failed)?;
        if self.writer.is_none() {
            let file = metadata.file_metadata();
            let schema = parquet_to_arrow_schema(file.schema_descr(), file.key_value_metadata()).map_err(&failed)?;
            let mut properties = properties(&schema);
            add_encoded_arrow_schema_to_metadata(&schema, &mut properties);
            let part = self.part();
            let file_out = std::fs::File::create(&part).map_err(at(&part))?;
            let root = file.schema_descr().root_schema_ptr();
            self.writer = Some(SerializedFileWriter::new(file_out, root, Arc::new(properties)).map_err(&failed)?);
        }
        let Some(writer) = &mut self.writer else { return Ok(()) };
        for group in metadata.row_groups() {
            let mut into = writer.next_row_group().map_err(&failed)?;
            for column in group.columns() {
                let result = ColumnCloseResult {
                    bytes_written: column.compressed_size().unsigned_abs(),
                    rows_written: group.num_rows().unsigned_abs(),
                    metadata: column.clone(),
                    bloom_filter: None,
                    column_index: None,
                    offset_index: None,
                };
                into.append_column(&table, result).map_err(&failed)?;
            }
            into.close().map_err(&failed)?;
        }
        Ok(())
    }

    /// Ends the file; one without rows has its columns all the same.
    fn finish(mut self, empty: Vec<u8>) -> Result<(), RunError> {
        if self.writer.is_none() {
            self.add(empty)?;
        }
        let (failed, part, place) = (self.failed(), self.part(), self.out.join(self.name));
        if let Some(mut writer) = self.writer.take() {
            writer.finish().map_err(&failed)?;
            writer.inner().sync_all().map_err(at(&part))?;
        }
        std::fs::rename(&part, &place).map_err(at(&place))
    }
}

/// `metadata.jsonl`: what is wrong with the metadata, by plan or by line of the table. Values are not given.
pub(super) struct Problems {
    draft: Draft,
    count: u64,
}

#[derive(Serialize)]
struct Problem<'p> {
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<&'p str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    field: &'p str,
    problem: &'p str,
}

impl Problems {
    pub fn new(out: &Path) -> Result<Self, RunError> {
        Ok(Self { draft: Draft::new(out, "metadata.jsonl")?, count: 0 })
    }

    pub fn of_plan(&mut self, plan: &str, field: &str, problem: &str) -> Result<(), RunError> {
        self.count += 1;
        self.draft.line(&Problem { plan: Some(plan), line: None, field, problem })
    }

    pub fn of_table(&mut self, wrong: &Wrong) -> Result<(), RunError> {
        self.count += 1;
        self.draft.line(&Problem { plan: None, line: Some(wrong.line), field: wrong.field, problem: wrong.what })
    }

    pub fn unused(&mut self, line: u32) -> Result<(), RunError> {
        self.count += 1;
        let problem = "no plan of this id was among the inputs";
        self.draft.line(&Problem { plan: None, line: Some(line), field: "id", problem })
    }

    pub fn finish(self) -> Result<u64, RunError> {
        self.draft.finish()?;
        Ok(self.count)
    }
}
