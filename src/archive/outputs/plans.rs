//! This is `plans.parquet`: a row for each plan, with its metadata, scores and counts.

use super::Shards;
use crate::archive::metadata::{Coded, Field, MISSING, NAMED, Names};
use crate::archive::plan::{CRITERIA, Plan, SECTIONS};
use crate::archive::run::{RunError, at};
use crate::archive::statistics::Statistics;
use crate::archive::store::shard::Shard;
use crate::archive::tables::{Columns, properties};
use arrow_array::builder::{BooleanBuilder, Date32Builder, Float64Builder};
use arrow_array::cast::AsArray;
use arrow_array::{Array, RecordBatch, StringArray};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::arrow::{ArrowWriter, ProjectionMask};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// Rows of a row group.
const ROWS: usize = 16_384;

/// A row.
pub(super) struct Row {
    pub plan: Plan,
    pub coded: Coded,
    /// The share of its words that are in wordings of other plans too.
    pub boilerplate: Option<f64>,
    /// The first plan with the same statements.
    pub duplicate_of: Option<String>,
}

/// Writes the table.
pub(super) fn write(
    out: &Path,
    shards: &Shards<'_>,
    statistics: &mut Statistics,
    mut coded: impl FnMut(&Plan) -> Result<(Coded, Vec<Option<String>>), RunError>,
) -> Result<(), RunError> {
    let part = out.join("plans.parquet.part");
    let mut held: Vec<(Row, Vec<Option<String>>)> = Vec::new();
    // The first of each set of copies, as it comes.
    let mut firsts: HashMap<u64, String> = HashMap::new();
    let mut writer: Option<ArrowWriter<File>> = None;
    let mut flush = |held: &mut Vec<(Row, Vec<Option<String>>)>| -> Result<(), RunError> {
        let batch = batch(held).map_err(|error| at(&part)(io::Error::other(error)))?;
        held.clear();
        if writer.is_none() {
            let file = File::create(&part).map_err(at(&part))?;
            let made = ArrowWriter::try_new(file, batch.schema(), Some(properties(&batch.schema())));
            writer = Some(made.map_err(|error| at(&part)(io::Error::other(error)))?);
        }
        let Some(writer) = &mut writer else { return Ok(()) };
        writer.write(&batch).and_then(|()| writer.flush()).map_err(|error| at(&part)(io::Error::other(error)))
    };
    let mut ordinal = 0;
    shards.each(|shard| {
        let marks = shard.marks().map_err(at(&part))?;
        let mut marks = marks.as_slice();
        let mut row = 0;
        // Read for the few shards that hold words to quote, once.
        let mut texts = None;
        for plan in shard.plans().map_err(at(&part))? {
            let (own, rest) = marks.split_at(marks.len().min(plan.statements as usize));
            marks = rest;
            if plan.quoted {
                for (at, words) in statistics.families.unquoted(own) {
                    *words = text(texts.get_or_insert_with(|| self::texts(&shard)), row + at);
                }
            }
            row += own.len();
            statistics.near_copies.name(ordinal, &plan.id);
            ordinal += 1;
            let (coded, names) = coded(&plan)?;
            let mut duplicate_of = None;
            if statistics.has_copies(&plan) {
                match firsts.entry(plan.twin) {
                    Entry::Occupied(first) => duplicate_of = Some(first.get().clone()),
                    Entry::Vacant(place) => drop(place.insert(plan.id.clone())),
                }
            }
            let made = Row { boilerplate: statistics.boilerplate_share(own), duplicate_of, plan, coded };
            held.push((made, names));
            if held.len() == ROWS {
                flush(&mut held)?;
            }
        }
        Ok(())
    })?;
    flush(&mut held)?;
    let place = out.join("plans.parquet");
    if let Some(mut writer) = writer {
        writer.finish().map_err(|error| at(&place)(io::Error::other(error)))?;
        writer.inner().sync_all().map_err(at(&place))?;
    }
    std::fs::rename(&part, &place).map_err(at(&place))
}

/// The words of a shard's statements, in the batches that they are read in; none where they cannot be read.
fn texts(shard: &Shard) -> Vec<StringArray> {
    let column = |batch: RecordBatch| Some(batch.column(0).as_string_opt::<i32>()?.clone());
    let table = bytes::Bytes::from(shard.statements.clone());
    let Ok(builder) = ParquetRecordBatchReaderBuilder::try_new(table) else { return Vec::new() };
    let only = ProjectionMask::columns(builder.parquet_schema(), ["text"]);
    let Ok(reader) = builder.with_projection(only).build() else { return Vec::new() };
    reader.map_while(|batch| batch.ok().and_then(column)).collect()
}

/// The words of a statement by its row; `None` where they were not kept.
fn text(texts: &[StringArray], mut row: usize) -> Option<String> {
    for batch in texts {
        if row < batch.len() {
            return (!batch.is_null(row)).then(|| batch.value(row).to_owned());
        }
        row -= batch.len();
    }
    None
}

/// A plan's named metadata, in the order of [`Field::ALL`].
pub(super) fn named(coded: &Coded, names: &Names) -> Vec<Option<String>> {
    Field::ALL[..NAMED]
        .iter()
        .map(|field| names.name(*field, coded.codes[*field as usize]).map(str::to_owned))
        .collect()
}

/// The same columns for plans by themselves: what only the others tell of them is null.
pub(in crate::archive) fn alone(plans: impl Iterator<Item = Plan>) -> Result<RecordBatch, arrow_schema::ArrowError> {
    let mut names = Names::default();
    let rows: Vec<(Row, Vec<Option<String>>)> = plans
        .map(|plan| {
            let coded = names.code(&plan.given, |_, _| {});
            let named = named(&coded, &names);
            (Row { plan, coded, boilerplate: None, duplicate_of: None }, named)
        })
        .collect();
    batch(&rows)
}

fn batch(rows: &[(Row, Vec<Option<String>>)]) -> Result<RecordBatch, arrow_schema::ArrowError> {
    let plans = || rows.iter().map(|(row, _)| &row.plan);
    let numbers = |values: &mut dyn Iterator<Item = Option<f64>>| {
        let mut builder = Float64Builder::new();
        values.for_each(|value| builder.append_option(value));
        Arc::new(builder.finish())
    };
    let mut columns = Columns::new();
    columns.words("plan", plans().map(|plan| Some(plan.id.as_str())));
    columns.words("source", plans().map(|plan| Some(plan.source.as_str())));
    columns.names("format", plans().map(|plan| Some(plan.format.as_str())));
    columns.words("content_hash", plans().map(|plan| Some(plan.hash.as_str())));
    for field in &Field::ALL[..NAMED] {
        columns.names(field.name(), rows.iter().map(|(_, names)| names[*field as usize].as_deref()));
    }
    let mut dates = Date32Builder::new();
    rows.iter().for_each(|(row, _)| dates.append_option((row.coded.day != MISSING).then_some(row.coded.day)));
    columns.add("date", Arc::new(dates.finish()));
    columns.add("score", numbers(&mut plans().map(|plan| plan.score)));
    columns.names("grade", plans().map(|plan| plan.grade.as_deref()));
    for (at, section) in SECTIONS.iter().enumerate() {
        columns.add(format!("score_{}", section.to_lowercase()), numbers(&mut plans().map(|plan| plan.sections[at])));
    }
    let count = |columns: &mut Columns, name: &str, of: &dyn Fn(&Plan) -> u32| {
        columns.counts(name, plans().map(|plan| Some(of(plan))));
    };
    count(&mut columns, "statements", &|plan| plan.statements);
    count(&mut columns, "words", &|plan| plan.words);
    count(&mut columns, "judged", &Plan::judged);
    count(&mut columns, "good", &Plan::good);
    count(&mut columns, "undecided", &|plan| plan.undecided);
    count(&mut columns, "outcomes", &|plan| plan.outcomes[0]);
    count(&mut columns, "outcomes_good", &|plan| plan.outcomes[1]);
    count(&mut columns, "provision", &|plan| plan.provision[0]);
    count(&mut columns, "provision_good", &|plan| plan.provision[1]);
    count(&mut columns, "errors", &|plan| plan.findings[0]);
    count(&mut columns, "warnings", &|plan| plan.findings[1]);
    count(&mut columns, "notes", &|plan| plan.findings[2]);
    count(&mut columns, "whole_errors", &|plan| plan.whole[0]);
    count(&mut columns, "whole_warnings", &|plan| plan.whole[1]);
    count(&mut columns, "whole_notes", &|plan| plan.whole[2]);
    for (at, criterion) in CRITERIA.iter().enumerate() {
        columns.add(format!("share_{}", criterion.name()), numbers(&mut plans().map(|plan| plan.share(at))));
    }
    let hours = |plan: &Plan| -> Option<f64> {
        (!plan.help.is_empty()).then(|| plan.help.iter().map(|(_, minutes)| f64::from(*minutes)).sum::<f64>() / 60.0)
    };
    columns.add("hours_per_week", numbers(&mut plans().map(hours)));
    columns.add("boilerplate_share", numbers(&mut rows.iter().map(|(row, _)| row.boilerplate)));
    columns.words("duplicate_of", rows.iter().map(|(row, _)| row.duplicate_of.as_deref()));
    count(&mut columns, "personal_data", &|plan| u32::try_from(plan.personal.len()).unwrap_or(u32::MAX));
    let mut kept = BooleanBuilder::new();
    plans().for_each(|plan| kept.append_value(plan.quoted));
    columns.add("quotes_kept", Arc::new(kept.finish()));
    count(&mut columns, "unread_pages", &|plan| plan.unread_pages);
    columns.batch()
}
