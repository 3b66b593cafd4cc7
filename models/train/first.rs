//! This is how the first stage of the cascade is fitted: a small network learns to foretell the verdict of rules and encoder together,
//! on many texts made from the rows of `train`, and is trusted only as far as it foretells styles that neither was fitted to.

use super::augment::Random;
use super::average::Average;
use super::export;
use super::fit::{AVERAGED, bar, slope};
use super::pool;
use clearplan::document::{Kind, Statement};
use clearplan::engine::Engine;
use clearplan::model::encoder::layout;
use clearplan::model::first::{FirstStage, Input, Margin, Margins, beside, quantise};
use clearplan::model::pieces::Pieces;
use clearplan::model::{Combination, LABELS, Model};
use clearplan::scoring::{Scoring, logistic};
use rayon::prelude::*;
use safetensors::Dtype;
use safetensors::tensor::TensorView;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;
use tch::nn::{self, Module, OptimizerConfig, VarStore};
use tch::{Device, Kind as Number, Reduction, Tensor};

/// Width of a piece's vector.
const WIDTH: i64 = 128;
/// Convolutions.
const LAYERS: usize = 3;
/// Units of the head.
const HIDDEN: i64 = 64;
/// Share of the numbers that are left out while training.
const DROPOUT: f64 = 0.15;
/// Texts for each statement that differ in nothing that matters, and that are put together from two.
const DRESSED: usize = 2;
const MIXED: usize = 8;
/// Passes over the texts.
const EPOCHS: usize = 6;
/// Texts of a batch.
const ROWS: usize = 64;
/// Largest step.
const RATE: f64 = 2e-3;
/// What the encoder's other answers and the words that it faults count in the loss: to tell them too teaches what the verdict
/// rests on, and where the stage decides they stand for the encoder's.
const ANSWERS: f64 = 0.05;
/// The encoder's logits beyond this say no more.
const PLENTY: f32 = 8.0;
/// Texts that the encoder is given at once.
const AT_ONCE: usize = 4096;
/// Of all left-out statements so many may be decided against rules and encoder, for each kind: less than a half of what the cascade
/// promises, since other styles are other styles.
const AGAINST: f64 = 0.002;

/// A text as the stage sees it.
struct Row {
    kind: Kind,
    input: Input,
    beside: [f32; 2],
    /// Log-odds that it is good, by rules and encoder.
    wanted: f64,
    /// The encoder's logits.
    answers: Vec<f32>,
    /// For each piece log-odds that it is at fault, by the encoder; `None` before the text.
    faults: Vec<Option<f32>>,
}

/// What the choice of the margins came to, for the model's metrics.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Held {
    statements: usize,
    /// Share of left-out statements that the stage decides.
    decided: f64,
    /// Share of all left-out statements that it decides against rules and encoder.
    against: f64,
}

/// A left-out statement: log-odds by the stage, and whether rules and encoder find it good.
type LeftOut = (f64, bool);

impl Held {
    fn of(left_out: &[LeftOut], margin: Margin) -> Self {
        let decided = |&&(odds, _): &&LeftOut| margin.is_sure(odds);
        let against = left_out.iter().filter(decided).filter(|(odds, wanted)| (*odds > 0.0) != *wanted).count();
        let share = |count: usize| count as f64 / left_out.len().max(1) as f64;
        let decided = share(left_out.iter().filter(decided).count());
        Self { statements: left_out.len(), decided, against: share(against) }
    }
}

/// What a fit comes to: `first.safetensors`, and how it came out for each kind.
pub struct Fitted {
    /// The file.
    pub file: Vec<u8>,
    /// For each kind what its margins come to on the statements that were left out.
    pub held: BTreeMap<&'static str, Held>,
}

/// Fits the stage to what rules and model say of `train` and of texts made from it, and chooses on `left_out` when it is sure. `start` is the
/// folder of the starting weights, whose word vectors it begins with; `work` keeps the trained weights, so that another run only
/// chooses the margins anew.
///
/// # Errors
/// What could not be read or written, or what libtorch says.
pub fn fit(
    model: &Model,
    combination: &Combination,
    (train, left_out): (&[Statement], &[Statement]),
    (start, work): (&Path, &Path),
    seed: u64,
) -> Result<Fitted, String> {
    let json = export::read(&start.join("tokenizer.json"))?;
    let pieces = Pieces::read(&json).map_err(|error| error.to_string())?;
    let told = |texts: &[Statement], what: &str| rows(model, combination, &pieces, texts, what);
    let kept = work.join("first.safetensors");
    let trained = match std::fs::read(&kept) {
        Ok(trained) => trained,
        Err(_) => {
            let mut random = Random::new(seed);
            let mut texts = train.to_vec();
            texts.extend(pool::dressed(train, DRESSED, &mut random));
            texts.extend(pool::mixed(train, MIXED, &mut random));
            let trained = trained(&told(&texts, "texts for the first stage"), start, seed)?;
            export::write(&kept, &trained)?;
            trained
        }
    };
    let file = |margins: &Margins| quantise(&trained, margins).map_err(|error| error.to_string());
    let stage = FirstStage::read(Cow::Owned(file(&Margins::NEVER)?), &json).map_err(|error| error.to_string())?;
    let mut held = BTreeMap::new();
    let left_out = told(left_out, "texts for its margins");
    let mut margin = |kind: Kind, name: &'static str| {
        let left_out: Vec<LeftOut> = (left_out.par_iter().filter(|row| row.kind == kind))
            .map(|row| (stage.run(&row.input.pieces, row.beside).0, row.wanted >= 0.0))
            .collect();
        let margin = choose(&left_out, (AGAINST * left_out.len() as f64) as usize);
        held.insert(name, Held::of(&left_out, margin));
        margin
    };
    let margins =
        Margins { outcome: margin(Kind::Outcome, "outcome"), provision: margin(Kind::Provision, "provision") };
    Ok(Fitted { file: file(&margins)?, held })
}

/// What rules and model say of texts.
fn rows(model: &Model, combination: &Combination, pieces: &Pieces, texts: &[Statement], what: &str) -> Vec<Row> {
    let engine = Engine::new().without_model();
    let bar = bar(texts.len(), what.to_owned());
    let mut rows = Vec::with_capacity(texts.len());
    for some in texts.chunks(AT_ONCE) {
        let said = model.predict(&some.iter().collect::<Vec<_>>());
        rows.par_extend(some.par_iter().zip(said).map(|(statement, said)| {
            let reading = engine.rules().read(statement);
            let rules = Scoring::builtin().of_reading(statement.kind, engine.rules(), &reading);
            let input = Input::of(pieces, statement, &reading.words);
            // A word's fault is shared by the pieces that it has here.
            let faults = said.faults(&reading.words);
            let mut shares = vec![0.0_f32; faults.len()];
            input.words.iter().flatten().for_each(|&at| shares[at] += 1.0);
            let share = |at: usize| (faults[at] / shares[at]).clamp(-PLENTY, PLENTY);
            Row {
                kind: statement.kind,
                faults: input.words.iter().map(|word| word.map(share)).collect(),
                input,
                beside: beside(statement.kind, rules),
                wanted: combination.verdict(statement.kind, rules, &said),
                answers: said.logits.map(|logit| logit.clamp(-PLENTY, PLENTY)).to_vec(),
            }
        }));
        bar.inc(some.len() as u64);
    }
    bar.finish_and_clear();
    rows
}

/// Log-odds up to which and from which on a stage may decide: as many statements as possible, with at most so many mistakes at both ends
/// together.
fn choose(left_out: &[LeftOut], most: usize) -> Margin {
    let (good, vague): (Vec<LeftOut>, Vec<LeftOut>) = left_out.iter().partition(|(odds, _)| *odds > 0.0);
    let good = end(good);
    let vague = end(vague.into_iter().map(|(odds, wanted)| (-odds, !wanted)).collect());
    let at = |end: &[(usize, f64)], mistakes: usize| end[mistakes.min(end.len() - 1)];
    let shared = (0..=most).map(|here| (at(&vague, here), at(&good, most - here)));
    // Of several that decide as many, the first.
    let best = shared.rev().max_by_key(|((one, _), (other, _))| one + other);
    best.map_or(Margin::NEVER, |((_, vague), (_, good))| Margin { vague: -vague as f32, good: good as f32 })
}

/// How many statements of one end may be decided with no mistake, with one, and so on, and from which log-odds on.
fn end(mut list: Vec<(f64, bool)>) -> Vec<(usize, f64)> {
    list.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut ends = Vec::new();
    let mut sure = (0, f64::INFINITY);
    for (at, (odds, right)) in list.into_iter().enumerate() {
        if !right {
            ends.push(sure);
        }
        sure = (at + 1, odds);
    }
    ends.push(sure);
    ends
}

/// The network while it learns; [`clearplan::model::first`] computes the same.
struct Network {
    store: VarStore,
    /// The word vectors of the starting weights, which stay as they are.
    words: Tensor,
    map: nn::Linear,
    norm: nn::LayerNorm,
    layers: Vec<(nn::Linear, nn::LayerNorm)>,
    hidden: nn::Linear,
    out: nn::Linear,
    /// The encoder's other answers: the labels, and of each piece whether it is at fault.
    labels: nn::Linear,
    word: nn::Linear,
}

impl Network {
    fn new(words: Tensor, device: Device) -> Self {
        let store = VarStore::new(device);
        let root = store.root();
        let norm = |path: nn::Path<'_>| nn::layer_norm(path, vec![WIDTH], nn::LayerNormConfig::default());
        let layers = (0..LAYERS).map(|i| &root / "layer" / i as i64);
        let heads = &root / "heads";
        Self {
            map: nn::linear(&root / "map", words.size()[1], WIDTH, nn::LinearConfig::default()),
            norm: norm(&root / "norm"),
            layers: layers
                .map(|at| (nn::linear(&at, 3 * WIDTH, WIDTH, nn::LinearConfig::default()), norm(&at / "norm")))
                .collect(),
            hidden: nn::linear(&root / "hidden", 2 * WIDTH + 2, HIDDEN, nn::LinearConfig::default()),
            out: nn::linear(&root / "out", HIDDEN, 1, nn::LinearConfig::default()),
            labels: nn::linear(&heads / "statement", WIDTH, LABELS.len() as i64, nn::LinearConfig::default()),
            word: nn::linear(&heads / "word", WIDTH, 1, nn::LinearConfig::default()),
            words: words.to_device(device),
            store,
        }
    }

    /// Log-odds that each statement of a batch is good, that each piece is at fault, and the labels' logits.
    /// With `train`, some numbers are left out.
    fn run(&self, batch: &Batch, train: bool) -> (Tensor, Tensor, Tensor) {
        let mask = batch.mask.unsqueeze(-1);
        let words = Tensor::embedding(&self.words, &batch.pieces, -1, false, false);
        let mut x = self.norm.forward(&self.map.forward(&words).dropout(DROPOUT, train)) * &mask;
        for (map, norm) in &self.layers {
            let nought = x.narrow(1, 0, 1).zeros_like();
            let all = x.size()[1] - 1;
            let before = Tensor::cat(&[&nought, &x.narrow(1, 0, all)], 1);
            let after = Tensor::cat(&[&x.narrow(1, 1, all), &nought], 1);
            let added = map.forward(&Tensor::cat(&[&before, &x, &after], -1)).gelu("none");
            x = norm.forward(&(x + added)) * &mask;
        }
        let mean =
            x.sum_dim_intlist(1i64, false, Number::Float) / batch.mask.sum_dim_intlist(1i64, true, Number::Float);
        let faults = self.word.forward(&x).squeeze_dim(-1);
        let labels = self.labels.forward(&mean);
        let most = (x + (&mask - 1.0) * 1e4).amax(1i64, false);
        let pooled = Tensor::cat(&[&mean, &most, &batch.beside], -1).dropout(DROPOUT, train);
        let hidden = self.hidden.forward(&pooled).gelu("none");
        (self.out.forward(&hidden).squeeze_dim(-1), faults, labels)
    }

    /// The weights as `quantise` wants them: the vectors of words as they enter the first convolution.
    fn save(&self) -> Result<Vec<u8>, String> {
        let mut named = vec![("words".to_owned(), self.norm.forward(&self.map.forward(&self.words)))];
        let unused = |name: &str| ["map.", "norm."].iter().any(|start| name.starts_with(start));
        named.extend(self.store.variables().into_iter().filter(|(name, _)| !unused(name)));
        let mut bytes = Vec::with_capacity(named.len());
        for (_, tensor) in &named {
            let values: Vec<f32> =
                tensor.contiguous().view([-1]).try_into().map_err(|error: tch::TchError| error.to_string())?;
            bytes.push(values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>());
        }
        let views = named.iter().zip(&bytes).map(|((name, tensor), bytes)| {
            let shape = tensor.size().into_iter().map(|n| n as usize).collect();
            Ok((name, TensorView::new(Dtype::F32, shape, bytes)?))
        });
        let views: Result<Vec<_>, safetensors::SafeTensorError> = views.collect();
        views.and_then(|views| safetensors::serialize(views, None)).map_err(|error| error.to_string())
    }
}

/// Texts of about the same length.
struct Batch {
    pieces: Tensor,
    /// 1 where a piece stands and 0 where a row is filled up.
    mask: Tensor,
    beside: Tensor,
    wanted: Tensor,
    answers: Tensor,
    /// And where they are asked.
    faults: (Tensor, Tensor),
}

impl Batch {
    fn of(rows: &[&Row]) -> Self {
        let longest = rows.iter().map(|row| row.input.pieces.len()).max().unwrap_or_default();
        let table = |flat: Vec<f32>| Tensor::from_slice(&flat).view([rows.len() as i64, -1]);
        let filled = rows.iter().flat_map(|row| (0..longest).map(|i| row.input.pieces.get(i).copied().map(i64::from)));
        let filled: Vec<Option<i64>> = filled.collect();
        let pieces: Vec<i64> = filled.iter().map(|piece| piece.unwrap_or_default()).collect();
        let fault = |of: &dyn Fn(Option<f32>) -> f32| {
            let each = rows.iter().flat_map(|row| (0..longest).map(|i| row.faults.get(i).copied().flatten()));
            table(each.map(of).collect())
        };
        Self {
            pieces: Tensor::from_slice(&pieces).view([rows.len() as i64, -1]),
            mask: table(filled.iter().map(|piece| f32::from(piece.is_some())).collect()),
            beside: table(rows.iter().flat_map(|row| row.beside).collect()),
            wanted: Tensor::from_slice(&rows.iter().map(|row| logistic(row.wanted) as f32).collect::<Vec<f32>>()),
            faults: (fault(&|fault| fault.unwrap_or_default()), fault(&|fault| f32::from(fault.is_some()))),
            answers: table(rows.iter().flat_map(|row| row.answers.iter().copied()).collect()),
        }
    }
}

/// Trains the network; gives its weights as a file of f32.
fn trained(rows: &[Row], start: &Path, seed: u64) -> Result<Vec<u8>, String> {
    let words = export::tensor(start, layout::WORDS)?;
    tch::manual_seed(i64::try_from(seed >> 1).unwrap_or(1));
    let network = Network::new(words, Device::Cpu);
    let mut optimiser =
        nn::adamw(0.9, 0.999, 0.01).build(&network.store, RATE).map_err(|error| format!("the optimiser: {error}"))?;
    let mut random = Random::new(seed);
    let steps = (rows.len().div_ceil(ROWS) * EPOCHS) as f64;
    let mut step = 0.0;
    let mut average = Average::new(&network.store, steps / EPOCHS as f64 * AVERAGED);
    for epoch in 1..=EPOCHS {
        let batches = batches(rows, &mut random);
        let bar = bar(batches.len(), format!("first stage {epoch}/{EPOCHS}"));
        let mut sum = 0.0;
        for batch in &batches {
            optimiser.set_lr(RATE * slope(step / steps, 0.01));
            step += 1.0;
            let batch = Batch::of(batch);
            let (log_odds, faults, labels) = network.run(&batch, true);
            let (right, asked) = &batch.faults;
            let faults =
                ((faults - right).square() * asked).sum(Number::Float) / asked.sum(Number::Float).clamp_min(1.0);
            let loss = log_odds.binary_cross_entropy_with_logits::<Tensor>(&batch.wanted, None, None, Reduction::Mean)
                + labels.mse_loss(&batch.answers, Reduction::Mean) * ANSWERS
                + faults * ANSWERS;
            sum += f64::try_from(&loss).map_err(|error| error.to_string())?;
            optimiser.backward_step(&loss);
            average.step(&network.store);
            bar.inc(1);
        }
        bar.finish_and_clear();
        println!("first stage, epoch {epoch}: loss {:.4}", sum / batches.len().max(1) as f64);
    }
    average.exchange(&network.store);
    tch::no_grad(|| network.save())
}

/// Batches in random order, each of rows of about the same length.
fn batches<'r>(rows: &'r [Row], random: &mut Random) -> Vec<Vec<&'r Row>> {
    let mut order: Vec<&Row> = rows.iter().collect();
    random.shuffle(&mut order);
    for some in order.chunks_mut(ROWS * 50) {
        some.sort_by_key(|row| row.input.pieces.len());
    }
    let mut batches: Vec<Vec<&Row>> = order.chunks(ROWS).map(<[&Row]>::to_vec).collect();
    random.shuffle(&mut batches);
    batches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stage_says_what_the_network_that_was_trained_says() {
        tch::manual_seed(1);
        let network = Network::new(Tensor::randn([64, 384], (Number::Float, Device::Cpu)) * 0.05, Device::Cpu);
        let row = |length: usize, rules: f64| Row {
            kind: Kind::Outcome,
            input: Input { pieces: (0..length as u32).map(|i| i * 7 % 64).collect(), words: vec![None; length] },
            beside: beside(Kind::Outcome, rules),
            wanted: 0.0,
            answers: vec![0.0; LABELS.len()],
            faults: vec![None; length],
        };
        let rows = [row(1, -9.0), row(5, 0.5), row(33, 3.0), row(64, 0.0)];
        let (log_odds, _, labels) = network.run(&Batch::of(&rows.iter().collect::<Vec<_>>()), false);
        let log_odds: Vec<f64> = log_odds.to_kind(Number::Double).try_into().expect("one for each row");
        let labels: Vec<Vec<f32>> = labels.try_into().expect("a list for each row");
        let file = quantise(&network.save().expect("its weights"), &Margins::NEVER).expect("they are finite");
        let stage = FirstStage::read(Cow::Owned(file), br#"{"model":{"vocab":{"[UNK]":0,"a":1}}}"#).expect("a stage");
        // The codes of weights and activations are off by up to half a step, in each layer anew.
        let most = 0.01 * LAYERS as f32;
        for ((row, libtorch), labels) in rows.iter().zip(log_odds).zip(labels) {
            let (own, said) = stage.run(&row.input.pieces, row.beside);
            assert!((own - libtorch).abs() < f64::from(most), "{own} instead of {libtorch}");
            for (own, libtorch) in said.logits.iter().zip(labels) {
                assert!((own - libtorch).abs() < most, "{own} instead of {libtorch}");
            }
        }
    }

    #[test]
    fn the_margins_let_through_as_many_mistakes_as_allowed() {
        // A hundred from −50 to 49; wrong at 45, 20, −10.
        let wrong = [45.0, 20.0, -10.0];
        let left_out: Vec<LeftOut> =
            (-50..50).map(f64::from).map(|odds| (odds, (odds > 0.0) != wrong.contains(&odds))).collect();
        assert_eq!(choose(&left_out, 0), Margin { vague: -11.0, good: 46.0 });
        // One more is worth 25 statements at the good end and 10 at the other.
        assert_eq!(choose(&left_out, 1), Margin { vague: -11.0, good: 21.0 });
        assert_eq!(choose(&left_out, 2), Margin { vague: -11.0, good: 1.0 });
        assert_eq!(choose(&left_out, 9), Margin { vague: 0.0, good: 1.0 });
        assert_eq!(choose(&[], 3), Margin::NEVER);
    }
}
