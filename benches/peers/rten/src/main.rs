//! rten's side of `benches/peers/compare.py`, in the same form as `encode.rs` beside it: `peer ONNX IDS VECTORS THREADS`.
//!
//! One worker a thread, each with a pool of its own and its own batches: sharing a pool is many times slower.

use rten::{Model, ModelOptions, RunOptions, ThreadPool, Value};
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;
use std::error::Error;
use std::io::{BufRead, Write};
use std::sync::Arc;
use std::time::Instant;

const BATCH: usize = 32;

fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, onnx, ids, vectors, threads] = arguments.as_slice() else {
        return Err("usage: clearplan-peer-rten ONNX IDS VECTORS THREADS".into());
    };
    let model = ModelOptions::with_all_ops().prepack_weights(true).load_file(onnx)?;
    let mut statements: Vec<(usize, Vec<i32>)> = Vec::new();
    for (place, line) in std::fs::read_to_string(ids)?.lines().enumerate() {
        statements.push((place, line.split(' ').map(str::parse).collect::<Result<_, _>>()?));
    }
    statements.sort_by_key(|(_, ids)| ids.len());
    let batches: Vec<&[(usize, Vec<i32>)]> = statements.chunks(BATCH).collect();
    let workers: usize = threads.parse()?;
    let pools: Vec<Arc<ThreadPool>> = (0..workers).map(|_| Arc::new(ThreadPool::with_num_threads(1))).collect();
    let mut answers = std::io::stdout().lock();
    for (round, line) in std::io::stdin().lock().lines().enumerate() {
        line?;
        let start = Instant::now();
        let made = std::thread::scope(|scope| {
            let handles: Vec<_> = pools
                .iter()
                .enumerate()
                .map(|(worker, pool)| {
                    let (batches, model) = (&batches, &model);
                    scope.spawn(move || -> Result<Vec<(usize, Vec<f32>)>, Box<dyn Error + Send + Sync>> {
                        let mut made = Vec::new();
                        for batch in batches.iter().skip(worker).step_by(workers) {
                            made.extend(run(model, pool, batch)?);
                        }
                        Ok(made)
                    })
                })
                .collect();
            handles.into_iter().map(|handle| handle.join().expect("a worker")).collect::<Result<Vec<_>, _>>()
        })?;
        let seconds = start.elapsed().as_secs_f64();
        if round == 0 {
            let mut made: Vec<(usize, Vec<f32>)> = made.into_iter().flatten().collect();
            made.sort_by_key(|(place, _)| *place);
            let bytes: Vec<u8> = made.iter().flat_map(|(_, row)| row).flat_map(|value| value.to_le_bytes()).collect();
            std::fs::write(vectors, bytes)?;
        }
        writeln!(answers, "{seconds}")?;
        answers.flush()?;
    }
    Ok(())
}

/// The pooled vectors of a batch, with their places.
fn run(
    model: &Model,
    pool: &Arc<ThreadPool>,
    batch: &[(usize, Vec<i32>)],
) -> Result<Vec<(usize, Vec<f32>)>, Box<dyn Error + Send + Sync>> {
    let longest = batch.iter().map(|(_, ids)| ids.len()).max().unwrap_or(0);
    let mut ids = NdTensor::<i32, 2>::zeros([batch.len(), longest]);
    let mut mask = NdTensor::<i32, 2>::zeros([batch.len(), longest]);
    for (row, (_, statement)) in batch.iter().enumerate() {
        for (column, id) in statement.iter().enumerate() {
            ids[[row, column]] = *id;
            mask[[row, column]] = 1;
        }
    }
    let options = RunOptions::default().with_thread_pool(Some(Arc::clone(pool)));
    let inputs = vec![(model.node_id("input_ids")?, ids.into()), (model.node_id("attention_mask")?, mask.into())];
    let [pooled]: [Value; 1] = model.run_n(inputs, [model.node_id("pooled")?], Some(options))?;
    let pooled: NdTensor<f32, 2> = pooled.try_into()?;
    let width = pooled.size(1);
    let values = pooled.to_vec();
    Ok(batch.iter().map(|(place, _)| *place).zip(values.chunks(width).map(<[f32]>::to_vec)).collect())
}
