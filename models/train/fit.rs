//! This is the fit: batches, losses, the optimiser's schedule, stopping early on held-out styles, and going on after a stop.

use super::augment::{Random, augment};
use super::average::Average;
use super::corpus::{Example, Split};
use super::figures::Figures;
use clearplan::model::libtorch::{Batch, Network, Output};
use clearplan::model::tokens::{Tokenizer, Tokens};
use clearplan::model::{LABELS, Label, WORDINGS, prefix};
use indicatif::{ProgressBar, ProgressStyle};
use rust_bert::bert::BertConfig;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use tch::nn::OptimizerConfig;
use tch::{Device, Reduction, Tensor};

/// Half of the average of the weights is made in so many of the last epochs.
pub const AVERAGED: f64 = 0.35;

/// How to fit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Every choice of chance follows from it.
    pub seed: u64,
    /// At most so many passes over the training rows.
    pub epochs: usize,
    /// Stop after so many passes without a better figure on the held-out styles.
    pub patience: usize,
    /// Rows of a batch.
    pub rows: usize,
    /// Largest step of the encoder's weights; of the heads it is ten times that.
    pub rate: f64,
    /// Layers of the starting weights that are kept, from the first.
    pub layers: Vec<usize>,
}

/// What is known after an epoch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Epoch {
    /// Counted from 1.
    pub epoch: usize,
    /// Mean loss of the training rows while they were learned.
    pub loss: f64,
    /// Mean loss of the first tenth of the batches.
    pub loss_at_first: f64,
    /// Figures on the held-out styles.
    pub dev: Figures,
}

/// The course of a fit.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Course {
    /// Every epoch so far.
    pub epochs: Vec<Epoch>,
    /// Epochs before which the fit was taken up again: there the optimiser's averages and that of the weights start anew.
    pub resumed: Vec<usize>,
}

impl Course {
    /// The best epoch by the figure that stops the fit.
    pub fn best(&self) -> Option<&Epoch> {
        self.epochs.iter().max_by(|a, b| a.dev.goal().total_cmp(&b.dev.goal()).then(b.epoch.cmp(&a.epoch)))
    }
}

/// Fits a network to the training rows of the corpus; the weights of every epoch are kept in `work`, from where an interrupted
/// fit goes on.
///
/// # Errors
/// What could not be read or written.
pub fn fit(
    plan: &Plan,
    config: &BertConfig,
    start: &Path,
    work: &Path,
    examples: &[Example],
    tokenizer: &Tokenizer,
    device: Device,
) -> Result<Course, String> {
    let train: Vec<&Example> = examples.iter().filter(|example| example.split == Split::Train).collect();
    let dev: Vec<&Example> = examples.iter().filter(|example| example.split == Split::Dev).collect();
    let plain: Vec<Tokens> = dev.iter().map(|e| tokenizer.encode(&prefix(&e.statement), &e.statement.text)).collect();
    let mut course = resume(work, plan)?;
    let done = course.epochs.len();
    if done >= plan.epochs || stopped(&course, plan) {
        return Ok(course);
    }
    // Before the network is made: its heads begin with numbers by chance.
    tch::manual_seed(i64::try_from(plan.seed).unwrap_or(i64::MAX));
    let mut network = Network::new(config, device);
    if done == 0 {
        let absent = network.load(start, &plan.layers)?;
        if let Some(name) = absent.iter().find(|name| !name.starts_with("heads.")) {
            return Err(format!("{}: no weights for {name}; are these those of a BERT of this size?", start.display()));
        }
    } else {
        course.resumed.push(done + 1);
        network.load_own(&learned(work))?;
    }
    network.freeze("embeddings.word_embeddings.weight");
    let mut optimiser = tch::nn::adamw(0.9, 0.999, 0.01)
        .build(&network.store, plan.rate)
        .map_err(|error| format!("the optimiser: {error}"))?;
    let steps_of_epoch = units(&train).iter().map(Vec::len).sum::<usize>().div_ceil(plan.rows).max(1);
    let steps = (steps_of_epoch * plan.epochs) as f64;
    let mut step = (steps_of_epoch * done) as f64;
    let mut average = Average::new(&network.store, steps_of_epoch as f64 * AVERAGED);
    for epoch in done + 1..=plan.epochs {
        if stopped(&course, plan) {
            break;
        }
        let seed = plan.seed.wrapping_mul(1_000_003).wrapping_add(epoch as u64);
        let mut random = Random::new(seed);
        tch::manual_seed(i64::try_from(seed >> 1).unwrap_or(1));
        let batches = batches(&train, plan.rows, &mut random);
        let bar = bar(batches.len(), format!("epoch {epoch}/{}", plan.epochs));
        let (mut sum, mut first) = (0.0, 0.0);
        let early = batches.len().div_ceil(10);
        for (i, batch) in batches.iter().enumerate() {
            let rate = plan.rate * slope(step / steps, 0.05);
            optimiser.set_lr_group(0, rate);
            optimiser.set_lr_group(1, rate * 10.0);
            let rows: Vec<Row> = batch.iter().map(|example| Row::augmented(example, tokenizer, &mut random)).collect();
            let loss = loss(&network, &rows, device);
            let value = f64::try_from(&loss).map_err(|error| error.to_string())?;
            if !value.is_finite() {
                return Err(format!("epoch {epoch}, batch {}: the loss is no number; try a smaller --rate", i + 1));
            }
            optimiser.zero_grad();
            loss.backward();
            optimiser.clip_grad_norm(1.0);
            optimiser.step();
            average.step(&network.store);
            step += 1.0;
            sum += value;
            first += if i < early { value } else { 0.0 };
            bar.set_message(format!("loss {:.3}", sum / (i + 1) as f64));
            bar.inc(1);
        }
        bar.finish_and_clear();
        network.store.save(learned(work)).map_err(|error| format!("{}: {error}", work.display()))?;
        average.exchange(&network.store);
        let logits = network.logits(&plain);
        let epoch = Epoch {
            epoch,
            loss: sum / batches.len().max(1) as f64,
            loss_at_first: first / early.max(1) as f64,
            dev: Figures::of(&dev, &logits),
        };
        eprintln!(
            "epoch {}: loss {:.4}, held-out styles: outcomes {:.3}, provision {:.3}, criteria {:.3}, type {:.3}",
            epoch.epoch, epoch.loss, epoch.dev.outcome, epoch.dev.provision, epoch.dev.criteria, epoch.dev.wording
        );
        network.store.save(weights(work, epoch.epoch)).map_err(|error| format!("{}: {error}", work.display()))?;
        average.exchange(&network.store);
        course.epochs.push(epoch);
        write_json(&work.join("course.json"), &(plan, &course))?;
    }
    Ok(course)
}

/// The share of the largest step where that part of all steps is done: a straight line up while `rising`, then one down to nothing.
pub fn slope(part: f64, rising: f64) -> f64 {
    if part < rising { part / rising } else { ((1.0 - part) / (1.0 - rising)).max(0.0) }
}

/// Where the weights stand after the last epoch, from which a fit goes on.
fn learned(work: &Path) -> std::path::PathBuf {
    work.join("learned.safetensors")
}

/// Where the averaged weights of an epoch are kept.
pub fn weights(work: &Path, epoch: usize) -> std::path::PathBuf {
    work.join(format!("epoch-{epoch}.safetensors"))
}

/// One row of a batch.
struct Row<'e> {
    example: &'e Example,
    tokens: Tokens,
    /// For each token whether it is faulted; `None` for those that are not the statement's own.
    faulted: Vec<Option<bool>>,
}

impl<'e> Row<'e> {
    fn augmented(example: &'e Example, tokenizer: &Tokenizer, random: &mut Random) -> Self {
        let (context, text, faults) = augment(&example.statement, &example.faults, random);
        let mut statement = example.statement.clone();
        for (old, new) in statement.context.iter_mut().zip(context) {
            old.text = new;
        }
        statement.text = text;
        let tokens = tokenizer.encode(&prefix(&statement), &statement.text);
        Self { faulted: faulted(&tokens, &faults), example, tokens }
    }
}

fn faulted(tokens: &Tokens, faults: &[Range<usize>]) -> Vec<Option<bool>> {
    let inside = |span: clearplan::Span| faults.iter().any(|fault| span.start < fault.end && fault.start < span.end);
    tokens.spans.iter().map(|span| span.map(inside)).collect()
}

/// The sum of the losses: verdict, type, criteria, faulted words, and the order within contrasts.
fn loss(network: &Network, rows: &[Row], device: Device) -> Tensor {
    let tokens: Vec<&Tokens> = rows.iter().map(|row| &row.tokens).collect();
    let batch = Batch::new(&tokens, device);
    let Output { statement, word, .. } = network.run(&batch, true);
    let column = |i: usize| statement.select(1, i as i64);

    let target = |of: &dyn Fn(&Row, usize) -> f32, i: usize| -> Tensor {
        Tensor::from_slice(&rows.iter().map(|row| of(row, i)).collect::<Vec<f32>>()).to_device(device)
    };
    let value = |row: &Row, i: usize| f32::from(row.example.labels[i] == Some(true));
    let asked = |row: &Row, i: usize| f32::from(row.example.labels[i].is_some());
    let binary = |i: usize| {
        let asked = target(&asked, i);
        let each =
            column(i).binary_cross_entropy_with_logits::<Tensor>(&target(&value, i), None, None, Reduction::None);
        (each * &asked).sum(tch::Kind::Float) / asked.sum(tch::Kind::Float).clamp_min(1.0)
    };

    let criteria: Vec<usize> = (0..LABELS.len()).filter(|&i| matches!(LABELS[i], Label::Criterion(_))).collect();
    let criteria =
        criteria.iter().map(|&i| binary(i)).fold(Tensor::zeros([], (tch::Kind::Float, device)), |a, b| a + b)
            / criteria.len() as f64;

    let wording: Vec<i64> = rows
        .iter()
        .map(|row| WORDINGS.clone().position(|i| row.example.labels[i] == Some(true)).unwrap_or(0) as i64)
        .collect();
    let wordings = statement.narrow(1, WORDINGS.start as i64, WORDINGS.len() as i64);
    let wording = wordings.cross_entropy_for_logits(&Tensor::from_slice(&wording).to_device(device));

    let longest = batch.mask.size()[1] as usize;
    let flat = |of: &dyn Fn(Option<bool>) -> f32| -> Tensor {
        let flat: Vec<f32> = rows
            .iter()
            .flat_map(|row| (0..longest).map(|i| of(row.faulted.get(i).copied().flatten())).collect::<Vec<f32>>())
            .collect();
        Tensor::from_slice(&flat).view([rows.len() as i64, longest as i64]).to_device(device)
    };
    let own = flat(&|faulted| f32::from(faulted.is_some()));
    let each = word.binary_cross_entropy_with_logits::<Tensor>(
        &flat(&|faulted| f32::from(faulted == Some(true))),
        None,
        None,
        Reduction::None,
    );
    let faults = (each * &own).sum(tch::Kind::Float) / own.sum(tch::Kind::Float).clamp_min(1.0);

    // In a contrast the good row's logit should lie above the bad one's: softplus of the difference (as in RankNet).
    let mut better = Vec::new();
    let mut worse = Vec::new();
    let mut pairs: BTreeMap<&str, (Vec<i64>, Vec<i64>)> = BTreeMap::new();
    for (i, row) in rows.iter().enumerate() {
        if let Some(pair) = &row.example.pair {
            let (good, bad) = pairs.entry(pair).or_default();
            if row.example.labels[0] == Some(true) { good } else { bad }.push(i as i64);
        }
    }
    for (good, bad) in pairs.values() {
        for (g, b) in good.iter().flat_map(|g| bad.iter().map(move |b| (*g, *b))) {
            better.push(g);
            worse.push(b);
        }
    }
    let order = if better.is_empty() {
        Tensor::zeros([], (tch::Kind::Float, device))
    } else {
        let verdict = column(0);
        let difference = verdict.index_select(0, &Tensor::from_slice(&worse).to_device(device))
            - verdict.index_select(0, &Tensor::from_slice(&better).to_device(device));
        (difference + 1.0).softplus().mean(tch::Kind::Float)
    };
    binary(0) + wording * 0.5 + criteria + faults + order * 0.3
}

/// The rows of a contrast together, others alone.
fn units<'e>(examples: &[&'e Example]) -> Vec<Vec<&'e Example>> {
    let mut pairs: BTreeMap<(&str, &str), Vec<&Example>> = BTreeMap::new();
    let mut units = Vec::new();
    for example in examples {
        match &example.pair {
            Some(pair) => pairs.entry((&example.style, pair)).or_default().push(example),
            None => units.push(vec![*example]),
        }
    }
    units.extend(pairs.into_values());
    units
}

/// Batches in random order, each of rows of about the same length; a contrast is never torn apart.
fn batches<'e>(examples: &[&'e Example], rows: usize, random: &mut Random) -> Vec<Vec<&'e Example>> {
    let mut units = units(examples);
    random.shuffle(&mut units);
    let mut batches: Vec<Vec<&Example>> = Vec::new();
    for pool in units.chunks_mut(rows * 8) {
        pool.sort_by_key(|unit| unit.iter().map(|example| example.statement.text.len()).max());
        let mut batch: Vec<&Example> = Vec::new();
        for unit in pool.iter() {
            batch.extend(unit);
            if batch.len() >= rows {
                batches.push(std::mem::take(&mut batch));
            }
        }
        if !batch.is_empty() {
            batches.push(batch);
        }
    }
    random.shuffle(&mut batches);
    batches
}

fn stopped(course: &Course, plan: &Plan) -> bool {
    course.best().is_some_and(|best| course.epochs.len() >= best.epoch + plan.patience)
}

fn resume(work: &Path, plan: &Plan) -> Result<Course, String> {
    std::fs::create_dir_all(work).map_err(|error| format!("{}: {error}", work.display()))?;
    let Ok(text) = std::fs::read_to_string(work.join("course.json")) else { return Ok(Course::default()) };
    let (earlier, course): (Plan, Course) = serde_json::from_str(&text)
        .map_err(|error| format!("{}: {error}; remove it to start anew", work.join("course.json").display()))?;
    if earlier == *plan {
        return Ok(course);
    }
    Err(format!("{}: holds a fit with other settings; give another --work or remove it", work.display()))
}

/// A bar for so many steps of something.
pub fn bar(steps: usize, what: String) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix} {bar:30} {pos}/{len}  {msg}  {eta} left");
    let bar = ProgressBar::new(steps as u64).with_prefix(what);
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// Writes a value as indented JSON.
///
/// # Errors
/// What could not be written.
pub fn write_json(path: &Path, value: &impl Serialize) -> Result<(), String> {
    let text = serde_json::to_string_pretty(value).map_err(|error| format!("{}: {error}", path.display()))?;
    std::fs::write(path, text + "\n").map_err(|error| format!("{}: {error}", path.display()))
}
