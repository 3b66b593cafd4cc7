//! This is scoring as another engine calls it: a batch of plans in, batches of what was found out.
//!
//! It is pure: no file, no clock, and the same batch gives the same batches on any number of threads. A distributed engine
//! cuts its table of plans as it likes; what only a whole archive tells (recurring wording, copies, groups) is not here.

use super::input::{Body, Input, Raw, Rejected};
use super::inputs::record;
use super::outputs::plans_alone;
use super::score::{Options, Scored, score};
use super::tables;
use crate::engine::Engine;
use arrow_array::RecordBatch;
use arrow_schema::ArrowError;

/// What is found in a batch of plans, in the columns that `docs/archive.md` documents.
#[derive(Debug, Clone)]
pub struct Batches {
    /// A row for each plan; `boilerplate_share` and `duplicate_of`, which ask for the other plans, are null.
    pub plans: RecordBatch,
    /// A row for each statement.
    pub statements: RecordBatch,
    /// A row for each finding.
    pub findings: RecordBatch,
    /// The rows that are no plans, and why; they are in no batch.
    pub rejected: Vec<Rejected>,
}

/// Scores a batch with the columns `id`, `text` and, as far as they are known, the metadata that `docs/archive.md` names.
///
/// ```
/// use arrow_array::{ArrayRef, RecordBatch, StringArray, cast::AsArray};
/// use clearplan::Engine;
/// use clearplan::archive::batches::score_batch;
/// use clearplan::archive::score::Options;
/// use std::sync::Arc;
///
/// let column = |values: [&str; 2]| -> ArrayRef { Arc::new(StringArray::from(values.to_vec())) };
/// let plans = RecordBatch::try_from_iter([
///     ("id", column(["one", "two"])),
///     ("text", column(["Section F\n\nSam will have regular help from staff.\n", "no plan"])),
///     ("team", column(["North", "South"])),
/// ])?;
/// let found = score_batch(&Engine::new().without_model(), Options::default(), &plans)?;
/// assert_eq!((found.plans.num_rows(), found.statements.num_rows()), (1, 1));
/// assert_eq!(found.plans.column_by_name("plan").expect("a column").as_string::<i32>().value(0), "one");
/// assert!(found.findings.num_rows() > 0);
/// assert_eq!(found.rejected[0].input, "two");
/// # Ok::<(), arrow_schema::ArrowError>(())
/// ```
///
/// # Errors
/// [`ArrowError::SchemaError`] where there is no column `text`.
pub fn score_batch(engine: &Engine, options: Options, plans: &RecordBatch) -> Result<Batches, ArrowError> {
    if plans.column_by_name("text").is_none() {
        let what = "the batch has no column text; name the column with the plans' words so";
        return Err(ArrowError::SchemaError(what.to_owned()));
    }
    let input = |row: usize| {
        let body = Body::Record(record(plans, row));
        Input::new(Raw { source: "batch".to_owned(), line: Some(row as u64 + 1), body })
    };
    let inputs: Vec<Input> = (0..plans.num_rows()).map(input).collect();
    let Scored { plans, rejected, .. } = score(engine, options, &inputs);
    Ok(Batches {
        statements: tables::statements(&plans)?,
        findings: tables::findings(&plans, engine.rules().rules())?,
        plans: plans_alone(plans.into_iter().map(|scored| scored.plan))?,
        rejected,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::cast::AsArray;
    use arrow_array::types::Float64Type;
    use arrow_array::{Array, ArrayRef, StringArray};
    use std::sync::Arc;

    fn batch(columns: &[(&str, &[&str])]) -> RecordBatch {
        let column = |values: &[&str]| -> ArrayRef { Arc::new(StringArray::from(values.to_vec())) };
        RecordBatch::try_from_iter(columns.iter().map(|(name, values)| (*name, column(values)))).expect("columns fit")
    }

    #[test]
    fn a_batch_is_scored_as_its_parts_are() {
        let texts = [
            "Section F\n\nSam will have regular help from staff.\n",
            "Section E\n\nBy July 2027 Zoe will read 20 words in a minute.\n\nSection F\n\nAccess to a quiet room.\n",
        ];
        let engine = Engine::new().without_model().without_suggestions();
        let whole = batch(&[("id", &["a", "b"]), ("text", &texts), ("need", &["asd", "none"])]);
        let all = score_batch(&engine, Options::default(), &whole).expect("it has a text");
        assert_eq!((all.plans.num_rows(), all.statements.num_rows(), all.rejected.len()), (2, 3, 0));
        assert!(all.findings.num_rows() > 2);
        let scores = |batches: &Batches| -> Vec<f64> {
            let column = batches.plans.column_by_name("score").expect("a column").clone();
            column.as_primitive::<Float64Type>().values().to_vec()
        };
        let parts: Vec<f64> = (0..2)
            .flat_map(|row| scores(&score_batch(&engine, Options::default(), &whole.slice(row, 1)).expect("a text")))
            .collect();
        assert_eq!(scores(&all), parts);
        let needs = all.plans.column_by_name("need").expect("a column");
        assert!(needs.is_valid(0) && needs.is_null(1), "what is no need is missing");
    }

    #[test]
    fn a_batch_without_words_is_refused() {
        let error = score_batch(&Engine::new().without_model(), Options::default(), &batch(&[("id", &["a"])]));
        assert!(error.unwrap_err().to_string().contains("no column text"));
    }
}
