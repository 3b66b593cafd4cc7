//! This is `clearplan-train`: from the labelled corpus to the weights that are compiled into clearplan.

mod augment;
mod average;
mod combine;
mod corpus;
mod export;
mod figures;
mod first;
mod fit;
mod logistic;
mod pool;
mod published;
mod thread;

use clap::Parser;
use clearplan::document::Statement;
use clearplan::model::tokens::Tokenizer;
use corpus::Split;
use figures::Figures;
use rust_bert::Config;
use rust_bert::bert::BertConfig;
use std::path::PathBuf;
use std::process::ExitCode;
use tch::Device;

/// Statements whose logits are kept for comparing engines.
const PARITY: usize = 96;

/// Train clearplan's model
#[derive(Debug, Parser)]
#[command(max_term_width = 100)]
struct Arguments {
    /// Labelled statements
    #[arg(long, default_value = "corpora/statements/statements.jsonl")]
    corpus: PathBuf,
    /// Statements without labels, from which the first stage of the cascade learns and on which it is measured
    #[arg(long, default_value = "corpora/statements/unlabelled.jsonl")]
    unlabelled: PathBuf,
    /// Plans whose links are known
    #[arg(long, default_value = "corpora/thread/training.jsonl")]
    plans: PathBuf,
    /// Folder of the starting weights: model.safetensors, config.json, tokenizer.json
    #[arg(long, env = "CLEARPLAN_START")]
    start: PathBuf,
    /// Folder for what an interrupted run goes on from
    #[arg(long, default_value = "target/train")]
    work: PathBuf,
    /// Folder of the model that is made
    #[arg(long, default_value = "models/clearplan-minilm-7")]
    out: PathBuf,
    /// Every choice of chance follows from it
    #[arg(long, default_value_t = 20_261_127)]
    seed: u64,
    /// At most so many passes over the training rows
    #[arg(long, default_value_t = 6)]
    epochs: usize,
    /// Stop after so many passes without a gain on the held-out styles
    #[arg(long, default_value_t = 6)]
    patience: usize,
    /// Rows of a batch
    #[arg(long, default_value_t = 24)]
    rows: usize,
    /// Largest learning rate of the encoder
    #[arg(long, default_value_t = 1e-4)]
    rate: f64,
    /// Choose anew what is added for text of publishers, from labelled rows with a field `group`
    #[arg(long)]
    published: Option<PathBuf>,
    /// What is added for text of publishers
    #[arg(long, default_value = "models/train/published.toml")]
    moved: PathBuf,
    /// Take the network of the model in this folder as it is, and fit only what comes after it (with a `--work` of its own, for a first
    /// stage that lies there is taken as it is)
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["epochs", "patience", "rows", "rate", "layers"])]
    keep: Option<PathBuf>,
    /// Use only so many rows of each split, for a trial
    #[arg(long)]
    slice: Option<usize>,
    /// Layers of the starting weights to keep, from 0, separated by commas; all of them if not given
    #[arg(long, value_delimiter = ',')]
    layers: Vec<usize>,
    /// Threads of libtorch
    #[arg(long, default_value_t = 2)]
    threads: i32,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("clearplan-train: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), String> {
    tch::set_num_threads(arguments.threads);
    let device = Device::cuda_if_available();
    let mut examples = corpus::read(&arguments.corpus)?;
    if let Some(rows) = arguments.slice {
        examples = slice(examples, rows);
    }
    let course = match &arguments.keep {
        Some(folder) => export::kept(folder, &arguments.out)?,
        None => network(arguments, &examples, device)?,
    };
    // A plan has some thirty statements.
    let plans = arguments.slice.map_or(usize::MAX, |rows| (rows / 10).max(1));
    let threads = thread::fit((&arguments.plans, plans), &arguments.start, arguments.seed)?;
    export::write(&arguments.out.join("thread.safetensors"), &threads)?;
    let of = |split: Split| examples.iter().filter(move |example| example.split == split).collect::<Vec<_>>();
    let dev = of(Split::Dev);
    let model = export::embedded(&arguments.out)?;
    let mut combination = combine::fit(&model, &dev);
    combination.published = match &arguments.published {
        Some(rows) => Some(published::choose(&model, &combination, rows, &dev, &arguments.moved)?),
        None => published::read(&arguments.moved)?,
    };
    export::combination(&arguments.out, &combination)?;
    let mut left_out: Vec<_> = dev.iter().map(|example| example.statement.clone()).collect();
    left_out.extend(unlabelled(arguments, Split::Dev)?);
    let folders = (arguments.start.as_path(), arguments.work.as_path());
    let mut texts: Vec<_> = of(Split::Train).iter().map(|example| example.statement.clone()).collect();
    texts.extend(unlabelled(arguments, Split::Train)?);
    let first = first::fit(&model, &combination, (&texts, &left_out), folders, arguments.seed)?;
    export::write(&arguments.out.join("first.safetensors"), &first.file)?;
    let test = of(Split::Test);
    let shown: Vec<_> = test.iter().copied().step_by((test.len() / PARITY).max(1)).take(PARITY).collect();
    export::parity(&arguments.out, &shown)?;

    let figures = |examples: &[&corpus::Example]| {
        let statements: Vec<_> = examples.iter().map(|example| &example.statement).collect();
        let logits: Vec<_> = model.predict(&statements).into_iter().map(|said| said.logits.to_vec()).collect();
        Figures::of(examples, &logits)
    };
    let metrics = serde_json::json!({
        "plan": course.plan,
        "course": course.course,
        "best_epoch": course.best_epoch,
        "first_stage_on_styles_left_out": first.held,
        "network_alone": {
            "dev_int8": figures(&dev),
            "test_int8": figures(&test),
        },
    });
    fit::write_json(&arguments.out.join("metrics.json"), &metrics)?;
    println!("{} holds the model; `clearplan evaluate` measures it", arguments.out.display());
    Ok(())
}

/// How a network came to be, as `metrics.json` has it.
#[derive(Debug, serde::Deserialize)]
struct Trained {
    plan: fit::Plan,
    course: fit::Course,
    best_epoch: usize,
}

/// Trains the network and writes its files.
fn network(arguments: &Arguments, examples: &[corpus::Example], device: Device) -> Result<Trained, String> {
    let json = export::read(&arguments.start.join("tokenizer.json"))?;
    let tokenizer = Tokenizer::new(&json).map_err(|error| error.to_string())?;
    let mut config = BertConfig::from_file(arguments.start.join("config.json"));
    let layers: Vec<usize> = match arguments.layers.as_slice() {
        [] => (0..config.num_hidden_layers as usize).collect(),
        some => some.to_vec(),
    };
    config.num_hidden_layers = layers.len() as i64;
    let plan = fit::Plan {
        seed: arguments.seed,
        epochs: arguments.epochs,
        patience: arguments.patience,
        rows: arguments.rows,
        rate: arguments.rate,
        layers,
    };
    let start = arguments.start.join("model.safetensors");
    let course = fit::fit(&plan, &config, &start, &arguments.work, examples, &tokenizer, device)?;
    let best = course.best().ok_or("no epoch was done")?;
    println!("epoch {} is the best on the held-out styles", best.epoch);

    let trained = fit::weights(&arguments.work, best.epoch);
    export::weights(&trained, &arguments.start, plan.layers.len(), &arguments.out)?;
    Ok(Trained { best_epoch: best.epoch, plan, course })
}

/// The statements without labels of one split; as few as the rows, for a trial.
fn unlabelled(arguments: &Arguments, split: Split) -> Result<Vec<Statement>, String> {
    let mut statements = corpus::unlabelled(&arguments.unlabelled, split)?;
    statements.truncate(arguments.slice.unwrap_or(usize::MAX));
    Ok(statements)
}

/// The first rows of each split, so that every split is there.
fn slice(examples: Vec<corpus::Example>, rows: usize) -> Vec<corpus::Example> {
    let mut taken = [0; 3];
    let mut keep = |example: &corpus::Example| {
        let taken = &mut taken[example.split as usize];
        *taken += 1;
        *taken <= rows
    };
    examples.into_iter().filter(|example| keep(example)).collect()
}
