//! This is how the vectors of the golden thread are trained: on plans whose links are known, so that statements that belong together
//! lie near each other, whatever words they are in.

use super::average::Average;
use super::export;
use super::fit::{AVERAGED, bar, slope};
use super::{augment::Random, corpus};
use clearplan::model::encoder::layout;
use clearplan::model::pieces::Pieces;
use clearplan::model::vectors::{Sense, WIDTH, quantise};
use clearplan::words::Words;
use serde::Deserialize;
use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use tch::nn::{self, OptimizerConfig, VarStore};
use tch::{Device, Kind, Reduction, Tensor};

/// Passes over the plans.
const EPOCHS: usize = 8;
/// Plans of a step.
const PLANS: usize = 4;
/// Largest step; of what a piece has beside its word vector, half of it.
const RATE: f64 = 4e-3;
/// Share of the numbers of word vectors, and of pieces, that are left out while training.
const DROPOUT: f64 = 0.2;
const PIECES_LEFT_OUT: f64 = 0.15;
/// The optimiser's group of what belongs to single pieces.
const OWN: usize = 1;
/// What a pair of a wish and an outcome counts beside others: there are few.
const WISHES: f64 = 2.0;
/// Smooth inverse frequency (Arora, Liang and Ma, *A simple but tough-to-beat baseline for sentence embeddings*, 2017), with which a
/// piece's weight begins: one of frequency `p` counts `a / (a + p)`. By Zipf's law `p` is the inverse of its rank, over some ten for a
/// vocabulary of this size, which is ordered from [`FIRST`] on; before that are signs and letters.
const RARE: f64 = 1e-3;
const ZIPF: f64 = 10.0;
const FIRST: i64 = 996;

/// A plan of `corpora/thread/training.jsonl`.
#[derive(Deserialize)]
struct Row {
    statements: BTreeMap<String, String>,
    links: HashSet<(String, String)>,
}

/// A plan as the training reads it.
struct Plan {
    /// The pieces of all statements, one after the other, and the statement of each.
    pieces: Tensor,
    of: Tensor,
    statements: i64,
    /// The pairs of statements that might be linked: the two, which pair of kinds they are, and 1 where they are linked.
    from: Tensor,
    to: Tensor,
    pair: Tensor,
    linked: Tensor,
    /// What each pair counts.
    counts: Tensor,
}

/// Which pair of kinds two sections are, where a thread may run from the one to the other.
fn pair(from: &str, to: &str) -> Option<i64> {
    let section = |key: &str| key.chars().next();
    match (section(from)?, section(to)?) {
        ('A', 'E') => Some(0),
        ('B' | 'C' | 'D', 'E') => Some(1),
        ('B', 'F') | ('C', 'F' | 'G') | ('D', 'F' | 'H') => Some(2),
        ('E', 'F' | 'G' | 'H') => Some(3),
        _ => None,
    }
}

impl Plan {
    fn of(row: &Row, vocabulary: &Pieces) -> Self {
        let (mut pieces, mut of) = (Vec::new(), Vec::new());
        for (statement, text) in (0..).zip(row.statements.values()) {
            let words = Words::new(text);
            for word in 0..words.len() {
                let sense = Sense::of(vocabulary, words.lower(word));
                pieces.extend(sense.pieces().map(i64::from));
            }
            of.resize(pieces.len(), statement);
        }
        let (mut from, mut to, mut pairs, mut linked) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (a, one) in (0_i64..).zip(row.statements.keys()) {
            for (b, other) in (0_i64..).zip(row.statements.keys()) {
                if let Some(pair) = pair(one, other) {
                    from.push(a);
                    to.push(b);
                    pairs.push(pair);
                    linked.push(f32::from(row.links.contains(&(one.clone(), other.clone()))));
                }
            }
        }
        let counts: Vec<f32> = pairs.iter().map(|pair| if *pair == 0 { WISHES as f32 } else { 1.0 }).collect();
        Self {
            counts: Tensor::from_slice(&counts),
            pieces: Tensor::from_slice(&pieces),
            of: Tensor::from_slice::<i64>(&of),
            statements: row.statements.len() as i64,
            from: Tensor::from_slice(&from),
            to: Tensor::from_slice(&to),
            pair: Tensor::from_slice(&pairs),
            linked: Tensor::from_slice(&linked),
        }
    }

    /// What each statement says, of the vectors of all pieces: their sum, of length 1.
    fn said(&self, vectors: &Tensor) -> Tensor {
        let nought = Tensor::zeros([self.statements, WIDTH as i64], (Kind::Float, Device::Cpu));
        normalised(&nought.index_add(0, &self.of, vectors))
    }
}

struct Network {
    store: VarStore,
    /// The word vectors of the starting weights, which stay as they are.
    words: Tensor,
    /// Maps them to fewer numbers; what a piece has beside that; the logarithm of what it weighs.
    map: Tensor,
    own: Tensor,
    weights: Tensor,
    /// From how near two statements are to log-odds that they are linked.
    scale: Tensor,
    bias: Tensor,
}

impl Network {
    fn new(words: Tensor) -> Self {
        let store = VarStore::new(Device::Cpu);
        let root = store.root();
        let count = words.size()[0];
        // It begins with the directions in which word vectors differ most.
        let beside = &words - words.mean_dim([0i64].as_slice(), true, Kind::Float);
        let (_, directions) = beside.transpose(0, 1).matmul(&beside).linalg_eigh("L");
        let most = directions.size()[1] - WIDTH as i64;
        let rank = (Tensor::arange(count, (Kind::Float, Device::Cpu)) - FIRST).clamp_min(1.0) * ZIPF;
        let weights = -((rank.reciprocal() + RARE) / RARE).log();
        Self {
            map: root.var_copy("map", &directions.narrow(1, most, WIDTH as i64).contiguous()),
            own: root.set_group(OWN).zeros("own", &[count, WIDTH as i64]),
            weights: root.set_group(OWN).var_copy("weights", &weights),
            scale: root.var("scale", &[1], nn::Init::Const(5.0)),
            bias: root.var("bias", &[4], nn::Init::Const(-2.0)),
            words,
            store,
        }
    }

    /// Log-odds that the pairs of a plan are linked, with some of it left out.
    fn run(&self, plan: &Plan) -> Tensor {
        let words = Tensor::embedding(&self.words, &plan.pieces, -1, false, false).dropout(DROPOUT, true);
        let own = Tensor::embedding(&self.own, &plan.pieces, -1, false, false);
        let weights = self.weights.index_select(0, &plan.pieces).exp();
        let kept = weights.rand_like().ge(PIECES_LEFT_OUT).to_kind(Kind::Float);
        let vectors = (words.matmul(&self.map) + own) * (weights * kept).unsqueeze(-1);
        let said = plan.said(&vectors);
        let said = normalised(&(&said - said.mean_dim([0i64].as_slice(), true, Kind::Float)));
        let near = (said.index_select(0, &plan.from) * said.index_select(0, &plan.to)).sum_dim_intlist(
            -1i64,
            false,
            Kind::Float,
        );
        near * &self.scale + self.bias.index_select(0, &plan.pair)
    }

    /// The vectors of all pieces, with their weights.
    fn vectors(&self) -> Tensor {
        (self.words.matmul(&self.map) + &self.own) * self.weights.exp().unsqueeze(-1)
    }
}

fn normalised(rows: &Tensor) -> Tensor {
    rows / rows.norm_scalaropt_dim(2.0, [-1i64].as_slice(), true).clamp_min(1e-9)
}

/// Trains the vectors on the first so many plans of a file; gives `thread.safetensors`. `start` is the folder of the starting weights.
///
/// # Errors
/// What could not be read, or what libtorch says.
pub fn fit((plans, most): (&Path, usize), start: &Path, seed: u64) -> Result<Vec<u8>, String> {
    let vocabulary = Pieces::read(&export::read(&start.join("tokenizer.json"))?).map_err(|error| error.to_string())?;
    let plans: Vec<Plan> = corpus::rows(plans)?.iter().take(most).map(|row| Plan::of(row, &vocabulary)).collect();
    if plans.is_empty() {
        return Err("there are no plans to train the golden thread on".into());
    }
    tch::manual_seed(i64::try_from(seed >> 1).unwrap_or(1));
    let network = Network::new(export::tensor(start, layout::WORDS)?);
    let mut optimiser = nn::adamw(0.9, 0.999, 0.0).build(&network.store, RATE).map_err(|error| error.to_string())?;
    let mut random = Random::new(seed);
    let steps = plans.len().div_ceil(PLANS) * EPOCHS;
    let mut average = Average::new(&network.store, steps as f64 / EPOCHS as f64 * AVERAGED);
    let bar = bar(steps, "golden thread".into());
    let mut order: Vec<&Plan> = plans.iter().collect();
    let mut step = 0;
    for epoch in 1..=EPOCHS {
        random.shuffle(&mut order);
        let mut sum = 0.0;
        for some in order.chunks(PLANS) {
            let rate = RATE * slope(step as f64 / steps as f64, 0.0);
            optimiser.set_lr_group(0, rate);
            optimiser.set_lr_group(OWN, rate / 2.0);
            let losses = some.iter().map(|plan| {
                let log_odds = network.run(plan);
                log_odds.binary_cross_entropy_with_logits(&plan.linked, Some(&plan.counts), None, Reduction::Mean)
            });
            let loss: Tensor = losses.sum();
            sum += f64::try_from(&loss).map_err(|error| error.to_string())?;
            optimiser.backward_step(&loss);
            average.step(&network.store);
            step += 1;
            bar.inc(1);
        }
        println!("golden thread, epoch {epoch}: loss {:.4}", sum / plans.len().max(1) as f64);
    }
    bar.finish_and_clear();
    average.exchange(&network.store);
    let vectors = tch::no_grad(|| network.vectors());
    let said: Vec<Tensor> = plans.iter().map(|plan| plan.said(&vectors.index_select(0, &plan.pieces))).collect();
    let mean = Tensor::cat(&said, 0).mean_dim([0i64].as_slice(), false, Kind::Float);
    let numbers = |tensor: &Tensor| -> Result<Vec<f32>, String> {
        tensor.contiguous().view([-1]).try_into().map_err(|error: tch::TchError| error.to_string())
    };
    quantise(&numbers(&vectors)?, &numbers(&mean)?).map_err(|error| error.to_string())
}
