//! This is how trained f32 weights become the int8 file: symmetric, one scale a row, rounded to nearest.

use super::config::Config;
use super::error::ModelError;
use super::layout::{self, HEADS};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensorError, SafeTensors};

/// Turns an f32 safetensors file into the int8 file that [`super::Encoder`] reads.
///
/// `trained` holds a BERT with the names of Hugging Face or rust-bert, with or without the prefix `bert.`, and heads as
/// `heads.NAME.weight` and `heads.NAME.bias`. Position embeddings past the 256th and tensors that are not used (pooler,
/// `position_ids`) are left out. The same input gives the same bytes.
pub fn quantise(trained: &[u8], config: &Config) -> Result<Vec<u8>, ModelError> {
    let trained = SafeTensors::deserialize(trained).map_err(ModelError::file)?;
    let mut tensors = Tensors::default();
    for entry in layout::entries(config) {
        let mut values = floats(&trained, &entry.name)?;
        let wanted: usize = entry.shape.iter().product();
        if entry.name == layout::PLACES && values.len() == config.positions * config.hidden {
            values.truncate(wanted);
        }
        if values.len() != wanted {
            let what = format!("{} values, where config.json makes it {:?}", values.len(), entry.shape);
            return Err(ModelError::tensor(&entry.name, what));
        }
        if entry.codes {
            tensors.codes(&entry.name, entry.shape, &values);
        } else {
            tensors.floats(&entry.name, entry.shape, &values);
        }
    }
    let mut heads: Vec<&str> = trained.names().into_iter().filter(|name| name.starts_with(HEADS)).collect();
    heads.sort_unstable();
    for name in heads {
        let shape = trained.tensor(name).map_err(ModelError::file)?.shape().to_vec();
        tensors.floats(name, shape, &floats(&trained, name)?);
    }
    tensors.file().map_err(ModelError::file)
}

/// The tensors of a file that is written.
#[derive(Default)]
pub(in crate::model) struct Tensors(Vec<(String, Dtype, Vec<usize>, Vec<u8>)>);

impl Tensors {
    /// Adds values as they are.
    pub fn floats(&mut self, name: &str, shape: Vec<usize>, values: &[f32]) {
        self.0.push((name.to_owned(), Dtype::F32, shape, bytes(values)));
    }

    /// Adds values as codes, and the scales of their rows beside them.
    pub fn codes(&mut self, name: &str, shape: Vec<usize>, values: &[f32]) {
        let (codes, scales) = rows(values, shape.last().copied().unwrap_or(1));
        self.floats(&format!("{name}_scale"), vec![scales.len()], &scales);
        self.0.push((name.to_owned(), Dtype::I8, shape, codes));
    }

    /// The file. The same tensors give the same bytes.
    pub fn file(&self) -> Result<Vec<u8>, SafeTensorError> {
        let views = self
            .0
            .iter()
            .map(|(name, dtype, shape, data)| Ok((name.as_str(), TensorView::new(*dtype, shape.clone(), data)?)));
        safetensors::serialize(views.collect::<Result<Vec<_>, SafeTensorError>>()?, None)
    }
}

/// The values of a tensor, found under its name or with `bert.` before it.
fn floats(file: &SafeTensors<'_>, name: &str) -> Result<Vec<f32>, ModelError> {
    let view = file.tensor(name).or_else(|_| file.tensor(&format!("bert.{name}"))).map_err(|_| {
        ModelError::tensor(name, "missing, with and without the prefix \"bert.\"; is this a BERT model?")
    })?;
    if view.dtype() != Dtype::F32 {
        return Err(ModelError::tensor(name, format!("stored as {:?}; save the trained model as F32", view.dtype())));
    }
    let values = layout::values(view.data());
    match values.iter().all(|value| value.is_finite()) {
        true => Ok(values),
        false => Err(ModelError::tensor(name, "holds values that are not finite; the training has diverged")),
    }
}

/// Codes of all rows, and a scale for each.
fn rows(values: &[f32], columns: usize) -> (Vec<u8>, Vec<f32>) {
    let mut codes = Vec::with_capacity(values.len());
    let mut scales = Vec::with_capacity(values.len() / columns.max(1));
    for row in values.chunks_exact(columns.max(1)) {
        let most = row.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
        let scale = most / 127.0;
        scales.push(scale);
        // `as` saturates, so that a subnormal scale cannot make a code leave its range; −128 is never made.
        codes.extend(row.iter().map(|value| match scale > 0.0 {
            true => ((value / scale).round_ties_even().clamp(-127.0, 127.0) as i8).cast_unsigned(),
            false => 0,
        }));
    }
    (codes, scales)
}

fn bytes(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}
