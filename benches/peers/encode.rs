//! Our side of `benches/peers/compare.py`: encodes the same token ids as the others, on demand.
//!
//! `encode MODEL IDS VECTORS THREADS`: MODEL is a folder with an f32 `model.safetensors` and its `config.json`; IDS holds
//! the token ids of a statement on each line. Each line `go` on standard input encodes them all and answers with the
//! seconds that took; the mean-pooled vectors of the first round go to VECTORS as little-endian f32. Built with the feature
//! `rust-bert`, it encodes with that instead, in f32 on libtorch: a peer like the others.

#[cfg(not(feature = "rust-bert"))]
use clearplan::model::encoder::{Config, Encoder, Precision, quantise};
use clearplan::model::tokens::Tokens;
use std::error::Error;
use std::io::{BufRead, Write};
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, model, ids, vectors, threads] = arguments.as_slice() else {
        return Err("usage: encode MODEL IDS VECTORS THREADS".into());
    };
    let mut batch = Vec::new();
    for line in std::fs::read_to_string(ids)?.lines() {
        let ids = line.split(' ').map(str::parse).collect::<Result<Vec<u32>, _>>()?;
        batch.push(Tokens { types: vec![0; ids.len()], spans: vec![None; ids.len()], ids });
    }
    let encode = engine(model, threads.parse()?)?;
    let mut answers = std::io::stdout().lock();
    for (round, line) in std::io::stdin().lock().lines().enumerate() {
        line?;
        let start = Instant::now();
        let pooled = encode(&batch);
        let seconds = start.elapsed().as_secs_f64();
        if round == 0 {
            let bytes: Vec<u8> = pooled.iter().flatten().flat_map(|value| value.to_le_bytes()).collect();
            std::fs::write(vectors, bytes)?;
        }
        writeln!(answers, "{seconds}")?;
        answers.flush()?;
    }
    Ok(())
}

type Encode = Box<dyn Fn(&[Tokens]) -> Vec<Vec<f32>>>;

#[cfg(not(feature = "rust-bert"))]
fn engine(model: &str, threads: usize) -> Result<Encode, Box<dyn Error>> {
    let config = std::fs::read(format!("{model}/config.json"))?;
    let trained = std::fs::read(format!("{model}/model.safetensors"))?;
    let encoder = Encoder::new(quantise(&trained, &Config::read(&config)?)?, &config)?;
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global()?;
    Ok(Box::new(move |batch| encoder.map_all(batch, Precision::Int8, |_, values| mean(values, encoder.hidden()))))
}

#[cfg(feature = "rust-bert")]
fn engine(model: &str, threads: usize) -> Result<Encode, Box<dyn Error>> {
    use clearplan::model::libtorch::Network;
    use rust_bert::Config;
    tch::set_num_threads(i32::try_from(threads)?);
    let config = rust_bert::bert::BertConfig::from_file(format!("{model}/config.json"));
    let layers: Vec<usize> = (0..config.num_hidden_layers as usize).collect();
    let mut network = Network::new(&config, tch::Device::Cpu);
    network.load(std::path::Path::new(&format!("{model}/model.safetensors")), &layers)?;
    Ok(Box::new(move |batch| network.encode(batch).iter().map(|values| mean(values, network.width())).collect()))
}

fn mean(values: &[f32], width: usize) -> Vec<f32> {
    let mut mean = vec![0.0; width];
    for row in values.chunks_exact(width) {
        mean.iter_mut().zip(row).for_each(|(mean, value)| *mean += value);
    }
    let count = values.len() as f32 / width as f32;
    mean.iter_mut().for_each(|mean| *mean /= count);
    mean
}
