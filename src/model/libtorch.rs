//! This is the network on libtorch: rust-bert's BERT with linear heads on its last hidden states. It is trained so, and
//! judges so with `--backend libtorch`, on a GPU where there is one.

use super::encoder::layout;
use super::encoder::{Config, ModelError};
use super::tokens::Tokens;
use super::{Files, LABELS};
use rust_bert::bert::{BertConfig, BertEmbeddings, BertModel};
use safetensors::SafeTensors;
use std::collections::HashMap;
use std::path::Path;
use tch::nn::{self, Module, VarStore};
use tch::{Device, Kind, Tensor};

/// Statements that go through the network together.
const ROWS: usize = 32;

/// Where libtorch computes: the first GPU, else the processor.
pub fn device() -> Device {
    Device::cuda_if_available()
}

/// Encoder and heads, with all weights in `store` under the names of [`layout`].
pub struct Network {
    /// Every weight.
    pub store: VarStore,
    bert: BertModel<BertEmbeddings>,
    statement: nn::Linear,
    word: nn::Linear,
    width: usize,
}

/// What the network says of a batch.
pub struct Output {
    /// `[rows, tokens, width]`: the last hidden states.
    pub hidden: Tensor,
    /// `[rows, LABELS]`: logits of the whole statements.
    pub statement: Tensor,
    /// `[rows, tokens]`: logits that a token is one of the faulted words.
    pub word: Tensor,
}

/// A padded batch.
pub struct Batch {
    ids: Tensor,
    types: Tensor,
    /// `[rows, tokens]`, 1 where a token stands and 0 where a row is filled up.
    pub mask: Tensor,
}

impl Batch {
    /// Rows of tokens, filled up to the longest with a mask.
    pub fn new(rows: &[&Tokens], device: Device) -> Self {
        let longest = rows.iter().map(|row| row.ids.len()).max().unwrap_or(0);
        let table = |of: &dyn Fn(&Tokens, usize) -> i64| {
            let fill = |row: &Tokens, i: usize| if i < row.ids.len() { of(row, i) } else { 0 };
            let flat: Vec<i64> = rows.iter().flat_map(|row| (0..longest).map(move |i| fill(row, i))).collect();
            Tensor::from_slice(&flat).view([rows.len() as i64, longest as i64]).to_device(device)
        };
        Self {
            ids: table(&|row, i| i64::from(row.ids[i])),
            types: table(&|row, i| i64::from(row.types[i])),
            mask: table(&|_, _| 1),
        }
    }
}

impl Network {
    /// A network of that configuration with weights that are not yet loaded. The heads are in group 1 of the store, so that
    /// they can learn faster than the encoder.
    pub fn new(config: &BertConfig, device: Device) -> Self {
        let store = VarStore::new(device);
        let root = store.root();
        let bert = BertModel::new_with_optional_pooler(&root, config, false);
        let heads = (&root / "heads").set_group(1);
        let small = || nn::LinearConfig { ws_init: nn::Init::Randn { mean: 0.0, stdev: 0.02 }, ..Default::default() };
        let statement = nn::linear(&heads / "statement", config.hidden_size, LABELS.len() as i64, small());
        let word = nn::linear(&heads / "word", config.hidden_size, 1, small());
        Self { store, bert, statement, word, width: config.hidden_size as usize }
    }

    /// The network of a model's int8 files, its weights turned back into f32.
    ///
    /// # Errors
    /// [`ModelError`] names the file or tensor that is wrong.
    pub fn from_files(files: &Files, device: Device) -> Result<Self, ModelError> {
        let shape = Config::read(&files.config)?;
        let config: BertConfig =
            serde_json::from_slice(&files.config).map_err(|error| ModelError::config(error.to_string()))?;
        let mut network = Self::new(&config, device);
        let file = SafeTensors::deserialize(&files.weights).map_err(ModelError::file)?;
        let mut weights = HashMap::new();
        let heads = file.names().into_iter().filter(|name| name.starts_with(layout::HEADS)).map(str::to_owned);
        let names = layout::entries(&shape).into_iter().map(|entry| entry.name).chain(heads);
        for name in names {
            let view = file.tensor(&name).map_err(|error| ModelError::tensor(&name, error.to_string()))?;
            let size: Vec<i64> = view.shape().iter().map(|&n| n as i64).collect();
            let scale = file.tensor(&format!("{name}_scale")).ok().map(|scale| layout::values(scale.data()));
            let values: Vec<f32> = match scale {
                Some(scale) => {
                    let columns = view.shape().last().copied().unwrap_or(1).max(1);
                    let rows = view.data().chunks_exact(columns).zip(scale);
                    rows.flat_map(|(row, scale)| row.iter().map(move |&code| f32::from(code.cast_signed()) * scale))
                        .collect()
                }
                None => layout::values(view.data()),
            };
            weights.insert(name, Tensor::from_slice(&values).view(size.as_slice()));
        }
        let absent = network.copy(&weights, &[]);
        match absent.first() {
            Some(name) => Err(ModelError::tensor(name, "is missing or of another shape")),
            None => Ok(network),
        }
    }

    /// Copies the tensors of a safetensors file by name into the store; layer `i` is taken from `layers[i]` of the file.
    /// Gives the names of the store that the file does not hold.
    ///
    /// # Errors
    /// What libtorch says of the file.
    pub fn load(&mut self, path: &Path, layers: &[usize]) -> Result<Vec<String>, String> {
        let file = Tensor::read_safetensors(path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(self.copy(&file.into_iter().collect(), layers))
    }

    fn copy(&mut self, weights: &HashMap<String, Tensor>, layers: &[usize]) -> Vec<String> {
        let mut absent = Vec::new();
        tch::no_grad(|| {
            for (name, mut variable) in self.store.variables() {
                let renamed = name.strip_prefix("encoder.layer.").and_then(|rest| {
                    let (layer, rest) = rest.split_once('.')?;
                    let layer = layers.get(layer.parse::<usize>().ok()?)?;
                    Some(format!("encoder.layer.{layer}.{rest}"))
                });
                let Some(tensor) = weights.get(renamed.as_ref().unwrap_or(&name)) else {
                    absent.push(name);
                    continue;
                };
                // A model's file ends its positions at the longest input.
                if name == layout::PLACES && tensor.size()[0] < variable.size()[0] {
                    variable.narrow(0, 0, tensor.size()[0]).copy_(tensor);
                } else if tensor.size() == variable.size() {
                    variable.copy_(tensor);
                } else {
                    absent.push(name);
                }
            }
        });
        absent.sort();
        absent
    }

    /// Width of a token's vector.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Runs a batch; with `train`, dropout is on.
    pub fn run(&self, batch: &Batch, train: bool) -> Output {
        let output = self
            .bert
            .forward_t(Some(&batch.ids), Some(&batch.mask), Some(&batch.types), None, None, None, None, train)
            // Only the shapes of the arguments can be wrong, and `Batch` makes them.
            .expect("a batch with ids and mask");
        let hidden = output.hidden_state;
        let mask = batch.mask.to_kind(Kind::Float);
        let sum = (&hidden * mask.unsqueeze(-1)).sum_dim_intlist(1i64, false, Kind::Float);
        let mean = (sum / mask.sum_dim_intlist(1i64, true, Kind::Float)).dropout(0.1, train);
        Output { statement: self.statement.forward(&mean), word: self.word.forward(&hidden).squeeze_dim(-1), hidden }
    }

    /// The last hidden states of each statement, tokens × width, in order.
    pub fn encode(&self, statements: &[Tokens]) -> Vec<Vec<f32>> {
        self.map(statements, |output, row, tokens| output.hidden.get(row).narrow(0, 0, tokens))
    }

    /// The logits of each statement, one for each of [`LABELS`], in order.
    pub fn logits(&self, statements: &[Tokens]) -> Vec<Vec<f32>> {
        self.map(statements, |output, row, _| output.statement.get(row))
    }

    /// What `of` takes of each statement's output (its row in the batch, its number of tokens), as a flat list, in order.
    /// Statements of about the same length go through together.
    fn map(&self, statements: &[Tokens], of: impl Fn(&Output, i64, i64) -> Tensor) -> Vec<Vec<f32>> {
        let mut order: Vec<usize> = (0..statements.len()).collect();
        order.sort_by_key(|&i| statements[i].ids.len());
        let mut all = vec![Vec::new(); statements.len()];
        for chunk in order.chunks(ROWS) {
            let rows: Vec<&Tokens> = chunk.iter().map(|&i| &statements[i]).collect();
            let output = tch::no_grad(|| self.run(&Batch::new(&rows, self.store.device()), false));
            for (row, &i) in chunk.iter().enumerate() {
                let values = of(&output, row as i64, statements[i].ids.len() as i64).contiguous().view([-1]);
                // A flat list of floats is one.
                all[i] = Vec::<f32>::try_from(values).unwrap_or_default();
            }
        }
        all
    }

    /// Loads a file that [`Self::store`] has saved.
    ///
    /// # Errors
    /// What is missing or damaged.
    pub fn load_own(&mut self, path: &Path) -> Result<(), String> {
        self.store.load(path).map_err(|error| format!("{}: {error}", path.display()))
    }

    /// Leaves a weight as it is while the others learn.
    pub fn freeze(&self, name: &str) {
        if let Some(weight) = self.store.variables().get(name) {
            let _ = weight.set_requires_grad(false);
        }
    }
}
