//! This is what a fit leaves behind: a model's folder.

use super::corpus::Example;
use super::{Trained, fit};
use clearplan::model::encoder::{Config, quantise};
use clearplan::model::libtorch::Network;
use clearplan::model::{Combination, Files, Model, prefix};
use serde_json::json;
use std::fmt::Write as _;
use std::path::Path;
use tch::{Device, Kind, Tensor};

/// Writes int8 weights, configuration and tokenizer.
///
/// # Errors
/// What could not be read or written.
pub fn weights(trained: &Path, start: &Path, layers: usize, out: &Path) -> Result<(), String> {
    std::fs::create_dir_all(out).map_err(|error| format!("{}: {error}", out.display()))?;
    let mut config: serde_json::Value = serde_json::from_slice(&read(&start.join("config.json"))?)
        .map_err(|error| format!("{}: {error}", start.display()))?;
    if let Some(config) = config.as_object_mut() {
        config.insert("num_hidden_layers".into(), layers.into());
        // Where the starting weights lay on somebody's disk says nothing here.
        config.remove("_name_or_path");
    }
    fit::write_json(&out.join("config.json"), &config)?;
    let shape = Config::read(config.to_string().as_bytes()).map_err(|error| error.to_string())?;
    let int8 = quantise(&read(trained)?, &shape).map_err(|error| error.to_string())?;
    write(&out.join("model.safetensors"), &int8)?;
    write(&out.join("tokenizer.json"), &read(&start.join("tokenizer.json"))?)
}

/// Copies the network of a finished model; gives how it came to be.
///
/// # Errors
/// What could not be read or written.
pub fn kept(folder: &Path, out: &Path) -> Result<Trained, String> {
    for file in ["model.safetensors", "config.json", "tokenizer.json"] {
        write(&out.join(file), &read(&folder.join(file))?)?;
    }
    let metrics = folder.join("metrics.json");
    serde_json::from_slice(&read(&metrics)?).map_err(|error| format!("{}: {error}", metrics.display()))
}

/// The files of a folder, with a combination of which nothing depends and without a first stage: there may be none yet.
fn files(folder: &Path) -> Result<Files, String> {
    Files::read(|file| match file {
        "combination.toml" => Ok(Some(Combination::default().to_toml().into_bytes())),
        "first.safetensors" => Ok(None),
        file => read(&folder.join(file)).map(Some),
    })
}

/// Writes the weights of the combination.
///
/// # Errors
/// What could not be written.
pub fn combination(out: &Path, combination: &Combination) -> Result<(), String> {
    let text = combination.to_toml();
    let head = "# How rules and model are weighed, question by question; fitted by clearplan-train (models/train/combine.rs).\n";
    write(&out.join("combination.toml"), format!("{head}{text}").as_bytes())
}

/// Writes what libtorch computes with the committed weights, so that the embedded engine can be compared with it where there is no
/// libtorch: one JSON object a line with the statement and its logits.
///
/// # Errors
/// What could not be computed or written.
pub fn parity(out: &Path, examples: &[&Example]) -> Result<(), String> {
    let files = files(out)?;
    let network = Network::from_files(&files, Device::Cpu).map_err(|error| error.to_string())?;
    let model = Model::new("parity", files).map_err(|error| error.to_string())?.with_libtorch(network);
    let statements: Vec<_> = examples.iter().map(|example| &example.statement).collect();
    let mut lines = String::new();
    for (example, prediction) in examples.iter().zip(model.predict(&statements)) {
        let row = json!({
            "id": example.id,
            "input": [prefix(&example.statement), example.statement.text],
            "logits": prediction.logits.iter().map(|l| (f64::from(*l) * 1e5).round() / 1e5).collect::<Vec<f64>>(),
        });
        // Writing to a String cannot fail.
        let _ = writeln!(lines, "{row}");
    }
    write(&out.join("parity.jsonl"), lines.as_bytes())
}

/// The embedded model of a folder, its predictions not yet combined with anything.
///
/// # Errors
/// What is wrong with its files.
pub fn embedded(folder: &Path) -> Result<Model, String> {
    Model::new("trained", files(folder)?).map_err(|error| error.to_string())
}

/// The tensor of the starting weights whose name ends so, as f32.
///
/// # Errors
/// What could not be read, or that there is none.
pub fn tensor(start: &Path, ending: &str) -> Result<Tensor, String> {
    let path = start.join("model.safetensors");
    let file = Tensor::read_safetensors(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let found = file.into_iter().find(|(name, _)| name.ends_with(ending));
    found.map(|(_, tensor)| tensor.to_kind(Kind::Float)).ok_or_else(|| format!("{}: holds no {ending}", path.display()))
}

/// The bytes of a file.
pub fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Writes a file, and its folder where that is not there.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    std::fs::write(path, bytes).map_err(|error| format!("{}: {error}", path.display()))
}
