//! This is the archive as tables: rows become Arrow batches, and these Parquet.
//!
//! `docs/archive.md` documents the columns for those who read them. Columns of few values are dictionaries; a value
//! that is not there is null, never an empty string or a zero.

use super::plan::{CRITERIA, ScoredPlan};
use crate::assess::State;
use crate::rules::Rule;
use arrow_array::builder::{Float32Builder, StringBuilder, StringDictionaryBuilder, UInt16Builder, UInt32Builder};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use std::sync::Arc;

/// A column under construction, with its name.
pub(super) struct Columns {
    fields: Vec<Field>,
    arrays: Vec<ArrayRef>,
}

impl Columns {
    pub(super) fn new() -> Self {
        Self { fields: Vec::new(), arrays: Vec::new() }
    }

    pub(super) fn add(&mut self, name: impl Into<String>, array: ArrayRef) {
        self.fields.push(Field::new(name, array.data_type().clone(), true));
        self.arrays.push(array);
    }

    /// A column of few values.
    pub(super) fn names<'v>(&mut self, name: impl Into<String>, values: impl Iterator<Item = Option<&'v str>>) {
        let mut builder = StringDictionaryBuilder::<Int32Type>::new();
        values.for_each(|value| builder.append_option(value));
        self.add(name, Arc::new(builder.finish()));
    }

    /// A column of words.
    pub(super) fn words<'v>(&mut self, name: impl Into<String>, values: impl Iterator<Item = Option<&'v str>>) {
        let mut builder = StringBuilder::new();
        values.for_each(|value| builder.append_option(value));
        self.add(name, Arc::new(builder.finish()));
    }

    /// A column of counts.
    pub(super) fn counts(&mut self, name: impl Into<String>, values: impl Iterator<Item = Option<u32>>) {
        let mut builder = UInt32Builder::new();
        values.for_each(|value| builder.append_option(value));
        self.add(name, Arc::new(builder.finish()));
    }

    fn few(&mut self, name: impl Into<String>, values: impl Iterator<Item = Option<u16>>) {
        let mut builder = UInt16Builder::new();
        values.for_each(|value| builder.append_option(value));
        self.add(name, Arc::new(builder.finish()));
    }

    fn shares(&mut self, name: impl Into<String>, values: impl Iterator<Item = Option<f32>>) {
        let mut builder = Float32Builder::new();
        values.for_each(|value| builder.append_option(value));
        self.add(name, Arc::new(builder.finish()));
    }

    pub(super) fn batch(self) -> Result<RecordBatch, ArrowError> {
        RecordBatch::try_new(Arc::new(Schema::new(self.fields)), self.arrays)
    }
}

/// The rows of `statements.parquet`.
///
/// # Errors
/// [`ArrowError`] where columns do not fit, which a test of this crate rules out.
pub fn statements(plans: &[ScoredPlan]) -> Result<RecordBatch, ArrowError> {
    let rows =
        || plans.iter().flat_map(|plan| plan.statements.iter().zip(0_u32..).map(move |(row, at)| (plan, at, row)));
    let judged = || rows().map(|(_, _, row)| row.judged.as_ref());
    let mut columns = Columns::new();
    columns.names("plan", rows().map(|(plan, ..)| Some(plan.plan.id.as_str())));
    columns.counts("statement", rows().map(|(_, at, _)| Some(at)));
    columns.names("statement_id", rows().map(|(.., row)| Some(row.id.as_str())));
    columns.names("section", rows().map(|(.., row)| Some(row.section.as_str()).filter(|s| !s.is_empty())));
    columns.names("kind", rows().map(|(.., row)| Some(row.kind.name())));
    columns.names("verdict", judged().map(|row| row.map(|row| row.verdict.name())));
    columns.shares("probability", judged().map(|row| row.map(|row| row.probability)));
    columns.names("confidence", judged().map(|row| row.map(|row| row.confidence.name())));
    columns.names("type", judged().map(|row| row.map(|row| row.wording.name())));
    for (at, criterion) in CRITERIA.iter().enumerate() {
        columns.names(criterion.name(), judged().map(|row| row.and_then(|row| row.criteria[at]).map(State::name)));
    }
    for (at, name) in ["errors", "warnings", "notes"].into_iter().enumerate() {
        columns.few(name, judged().map(|row| row.map(|row| row.findings[at])));
    }
    columns.few("words", rows().map(|(.., row)| Some(row.words)));
    columns.counts("page", rows().map(|(.., row)| row.page));
    columns.counts("paragraph", rows().map(|(.., row)| Some(row.paragraph)));
    columns.counts("start", rows().map(|(.., row)| Some(row.start)));
    columns.counts("end", rows().map(|(.., row)| Some(row.end)));
    columns.words(TEXT, rows().map(|(.., row)| row.text.as_deref()));
    columns.batch()
}

/// The rows of `findings.parquet`.
///
/// # Errors
/// As [`statements`].
pub fn findings(plans: &[ScoredPlan], rules: &[Rule]) -> Result<RecordBatch, ArrowError> {
    let rows = || plans.iter().flat_map(|plan| plan.findings.iter().map(move |row| (plan, row)));
    let mut columns = Columns::new();
    columns.names("plan", rows().map(|(plan, _)| Some(plan.plan.id.as_str())));
    columns.counts("statement", rows().map(|(_, row)| row.statement));
    columns.names("rule", rows().map(|(_, row)| rules.get(usize::from(row.rule)).map(|rule| rule.id.as_str())));
    columns.names("severity", rows().map(|(_, row)| Some(row.severity.name())));
    columns.counts("start", rows().map(|(_, row)| row.start));
    columns.counts("end", rows().map(|(_, row)| row.end));
    columns.words(QUOTE, rows().map(|(_, row)| row.quote.as_deref()));
    columns.batch()
}

const TEXT: &str = "text";
const QUOTE: &str = "quote";

/// A batch as one Parquet row group. The same batch gives the same bytes.
///
/// # Errors
/// [`ParquetError`] where a batch cannot be written, which a test of this crate rules out.
pub fn parquet(batch: &RecordBatch) -> Result<Vec<u8>, ParquetError> {
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties(&batch.schema())))?;
    writer.write(batch)?;
    writer.into_inner()
}

/// How the tables are written: Zstandard at its fastest, least and greatest values where they are no words of a plan.
pub(super) fn properties(schema: &Schema) -> WriterProperties {
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1).unwrap_or_default()))
        .set_created_by("clearplan".to_owned())
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_offset_index_disabled(true);
    for field in schema.fields() {
        if *field.data_type() == DataType::Utf8 {
            let path = ColumnPath::from(field.name().as_str());
            properties = properties
                .set_column_statistics_enabled(path.clone(), EnabledStatistics::None)
                .set_column_dictionary_enabled(path, false);
        }
    }
    properties.build()
}
