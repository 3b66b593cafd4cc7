//! This is BERT in f64, written from its definition and sharing nothing with the encoder but the file format.

use super::super::config::Config;
use crate::model::tokens::Tokens;
use safetensors::{Dtype, SafeTensors};

type Matrix = Vec<Vec<f64>>;

pub struct Reference<'f> {
    file: SafeTensors<'f>,
    config: &'f Config,
}

/// A tensor of f32.
pub fn floats(file: &SafeTensors<'_>, name: &str) -> Vec<f32> {
    let view = file.tensor(name).expect("it is there");
    assert_eq!(view.dtype(), Dtype::F32, "{name}");
    view.data().chunks_exact(4).map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]])).collect()
}

/// Cosine of the angle between two vectors.
pub fn cosine(a: &[f64], b: &[f32]) -> f64 {
    let dot: f64 = a.iter().zip(b).map(|(a, b)| a * f64::from(*b)).sum();
    let length = |square: f64| square.sqrt();
    let (a, b): (f64, f64) = (a.iter().map(|a| a * a).sum(), b.iter().map(|b| f64::from(*b) * f64::from(*b)).sum());
    dot / (length(a) * length(b))
}

impl<'f> Reference<'f> {
    pub fn new(file: &'f [u8], config: &'f Config) -> Self {
        Self { file: SafeTensors::deserialize(file).expect("a good file"), config }
    }

    fn vector(&self, name: &str) -> Vec<f64> {
        floats(&self.file, name).into_iter().map(f64::from).collect()
    }

    fn matrix(&self, name: &str) -> Matrix {
        let view = self.file.tensor(name).expect("it is there");
        let columns = view.shape()[1];
        if view.dtype() == Dtype::F32 {
            return self.vector(name).chunks(columns).map(<[f64]>::to_vec).collect();
        }
        let scales = self.vector(&format!("{name}_scale"));
        let rows = view.data().chunks(columns).zip(scales);
        rows.map(|(row, scale)| row.iter().map(|code| f64::from(code.cast_signed()) * scale).collect()).collect()
    }

    fn linear(&self, x: &Matrix, name: &str) -> Matrix {
        let (weight, bias) = (self.matrix(&format!("{name}.weight")), self.vector(&format!("{name}.bias")));
        let dot = |x: &Vec<f64>, row: &Vec<f64>| x.iter().zip(row).map(|(x, w)| x * w).sum::<f64>();
        x.iter().map(|x| weight.iter().zip(&bias).map(|(row, bias)| dot(x, row) + bias).collect()).collect()
    }

    fn norm(&self, x: &Matrix, name: &str) -> Matrix {
        let (gain, shift) = (self.vector(&format!("{name}.weight")), self.vector(&format!("{name}.bias")));
        let row = |x: &Vec<f64>| {
            let mean = x.iter().sum::<f64>() / x.len() as f64;
            let variance = x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / x.len() as f64;
            let deviation = (variance + f64::from(self.config.epsilon)).sqrt();
            x.iter().zip(&gain).zip(&shift).map(|((x, gain), shift)| (x - mean) / deviation * gain + shift).collect()
        };
        x.iter().map(row).collect()
    }

    /// Tokens × hidden, row-major.
    pub fn encode(&self, tokens: &Tokens) -> Vec<f64> {
        let words = self.matrix("embeddings.word_embeddings.weight");
        let places = self.matrix("embeddings.position_embeddings.weight");
        let kinds = self.matrix("embeddings.token_type_embeddings.weight");
        let mut x: Matrix = Vec::new();
        for (place, (id, kind)) in tokens.ids.iter().zip(&tokens.types).enumerate() {
            let parts = (&words[*id as usize], &places[place], &kinds[usize::from(*kind)]);
            x.push((0..self.config.hidden).map(|at| parts.0[at] + parts.1[at] + parts.2[at]).collect());
        }
        x = self.norm(&x, "embeddings.LayerNorm");
        for layer in 0..self.config.layers {
            let name = |part: &str| format!("encoder.layer.{layer}.{part}");
            let [query, key, value] =
                ["query", "key", "value"].map(|part| self.linear(&x, &name(&format!("attention.self.{part}"))));
            let seen = self.linear(&self.attend(&query, &key, &value), &name("attention.output.dense"));
            x = self.norm(&sum(&x, &seen), &name("attention.output.LayerNorm"));
            let mut wide = self.linear(&x, &name("intermediate.dense"));
            wide.iter_mut().flatten().for_each(|x| *x *= 0.5 * (1.0 + erf(*x / 2_f64.sqrt())));
            let narrow = self.linear(&wide, &name("output.dense"));
            x = self.norm(&sum(&x, &narrow), &name("output.LayerNorm"));
        }
        x.concat()
    }

    fn attend(&self, query: &Matrix, key: &Matrix, value: &Matrix) -> Matrix {
        let width = self.config.hidden / self.config.heads;
        let mut out = vec![vec![0.0; self.config.hidden]; query.len()];
        for head in 0..self.config.heads {
            let part = head * width..(head + 1) * width;
            for (query, out) in query.iter().zip(&mut out) {
                let dot = |key: &Vec<f64>| {
                    query[part.clone()].iter().zip(&key[part.clone()]).map(|(q, k)| q * k).sum::<f64>()
                };
                let scores: Vec<f64> = key.iter().map(|key| (dot(key) / (width as f64).sqrt()).exp()).collect();
                let total: f64 = scores.iter().sum();
                for (score, value) in scores.iter().zip(value) {
                    for at in part.clone() {
                        out[at] += score / total * value[at];
                    }
                }
            }
        }
        out
    }
}

fn sum(a: &Matrix, b: &Matrix) -> Matrix {
    a.iter().zip(b).map(|(a, b)| a.iter().zip(b).map(|(a, b)| a + b).collect()).collect()
}

/// By its Taylor series; past 5 it is ±1 to twelve digits.
fn erf(x: f64) -> f64 {
    if x.abs() > 5.0 {
        return x.signum();
    }
    let (mut term, mut sum) = (x, x);
    for n in 1..120 {
        term *= -x * x / f64::from(n);
        sum += term / f64::from(2 * n + 1);
    }
    sum * std::f64::consts::FRAC_2_SQRT_PI
}
