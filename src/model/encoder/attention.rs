//! This is self-attention inside one statement, in f32: every token looks at every other, head by head.

use super::kernels::{Dots, Work};
use super::lanes::{self, LANES};

/// Queries that are worked on at once.
const QUERIES: usize = 4;

/// Attention of one statement.
pub struct Attend<'a> {
    /// For each token its query, key and value, `hidden` wide each.
    pub query_key_value: &'a [f32],
    /// Width of a token.
    pub hidden: usize,
    /// Heads; `hidden / heads` is a multiple of sixteen.
    pub heads: usize,
    /// For each token what it has seen, `hidden` wide.
    pub out: &'a mut [f32],
    /// Grown as needed.
    pub scratch: &'a mut Scratch,
}

/// Room to work in.
#[derive(Default)]
pub struct Scratch {
    /// Keys of a head, input-major: width × padded tokens.
    keys: Vec<f32>,
    /// Scores of some queries: queries × padded tokens.
    scores: Vec<f32>,
}

impl Work for Attend<'_> {
    #[inline(always)]
    fn run<D: Dots>(self, _: D) {
        let Self { query_key_value, hidden, heads, out, scratch } = self;
        let width = hidden / heads;
        let tokens = out.len() / hidden;
        // Padded to whole lanes: what stands there is never read as a score.
        let padded = tokens.next_multiple_of(LANES);
        let scale = 1.0 / (width as f32).sqrt();
        scratch.keys.clear();
        scratch.keys.resize(width * padded, 0.0);
        scratch.scores.resize(QUERIES * padded, 0.0);
        for head in 0..heads {
            let query_at = head * width;
            let key_at = hidden + query_at;
            let value_at = hidden + key_at;
            for (token, row) in query_key_value.chunks_exact(3 * hidden).enumerate() {
                let to = scratch.keys.iter_mut().skip(token).step_by(padded);
                for (to, key) in to.zip(&row[key_at..key_at + width]) {
                    *to = *key;
                }
            }
            let rows = query_key_value.chunks(QUERIES * 3 * hidden).zip(out.chunks_mut(QUERIES * hidden));
            for (queries, out) in rows {
                let count = out.len() / hidden;
                // The last block repeats its last query, so that every block has the same shape.
                let query = |at: usize| &queries[at.min(count - 1) * 3 * hidden + query_at..][..width];
                score([query(0), query(1), query(2), query(3)], &scratch.keys, padded, scale, &mut scratch.scores);
                let mut sums = [0.0; QUERIES];
                for (scores, sum) in scratch.scores.chunks_exact_mut(padded).zip(&mut sums) {
                    *sum = soften(scores, tokens);
                }
                let (scores, values) = (&scratch.scores, &query_key_value[value_at..]);
                for from in (0..width).step_by(LANES) {
                    let seen = gather(scores, padded, &values[from..], 3 * hidden, tokens);
                    for ((out, seen), sum) in out.chunks_exact_mut(hidden).zip(seen).zip(sums) {
                        for (out, seen) in out[query_at + from..][..LANES].iter_mut().zip(seen) {
                            *out = seen * (1.0 / sum);
                        }
                    }
                }
            }
        }
    }
}

/// Scaled dot products of some queries with all keys.
#[inline(always)]
fn score(queries: [&[f32]; QUERIES], keys: &[f32], padded: usize, scale: f32, scores: &mut [f32]) {
    for from in (0..padded).step_by(LANES) {
        let mut sums = [[0.0; LANES]; QUERIES];
        for (input, keys) in keys.chunks_exact(padded).enumerate() {
            let Some(keys) = keys[from..].first_chunk::<LANES>() else { continue };
            for (sums, query) in sums.iter_mut().zip(queries) {
                let query = query[input];
                for lane in 0..LANES {
                    sums[lane] += query * keys[lane];
                }
            }
        }
        for (scores, sums) in scores.chunks_exact_mut(padded).zip(sums) {
            for (score, sum) in scores[from..][..LANES].iter_mut().zip(sums) {
                *score = sum * scale;
            }
        }
    }
}

/// Scores become e to the power of their distance from the highest; past `tokens` they become 0. Gives their sum.
#[inline(always)]
fn soften(scores: &mut [f32], tokens: usize) -> f32 {
    scores[tokens..].fill(f32::MIN);
    let most = lanes::largest(scores, f32::MIN, |score| score);
    for score in scores.iter_mut() {
        *score = lanes::exp(*score - most);
    }
    scores[tokens..].fill(0.0);
    lanes::sum(scores, |score| score)
}

/// Sixteen inputs of the values, summed with the scores as weights.
#[inline(always)]
fn gather(scores: &[f32], padded: usize, values: &[f32], stride: usize, tokens: usize) -> [[f32; LANES]; QUERIES] {
    let mut sums = [[0.0; LANES]; QUERIES];
    for (token, values) in values.chunks(stride).enumerate().take(tokens) {
        let Some(values) = values.first_chunk::<LANES>() else { continue };
        for (at, sums) in sums.iter_mut().enumerate() {
            let weight = scores[at * padded + token];
            for lane in 0..LANES {
                sums[lane] += weight * values[lane];
            }
        }
    }
    sums
}
