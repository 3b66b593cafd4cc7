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
        scratch.keys.resize(width * padded, 0.0);
        scratch.scores.resize(QUERIES * padded, 0.0);
        let Scratch { keys, scores } = scratch;
        for head in 0..heads {
            let query_at = head * width;
            let key_at = hidden + query_at;
            let value_at = hidden + key_at;
            for (token, row) in query_key_value.chunks_exact(3 * hidden).enumerate() {
                for (keys, key) in keys.chunks_exact_mut(padded).zip(&row[key_at..key_at + width]) {
                    keys[token] = *key;
                }
            }
            let values = &query_key_value[value_at..];
            let blocks = query_key_value.chunks(QUERIES * 3 * hidden).zip(out.chunks_mut(QUERIES * hidden));
            for (queries, out) in blocks {
                let count = out.len() / hidden;
                // The last block repeats its last query, so that every block has the same shape.
                let query = |at: usize| &queries[at.min(count - 1) * 3 * hidden + query_at..][..width];
                let queries = [query(0), query(1), query(2), query(3)];
                each_pair(padded, |from, pair| match pair {
                    true => score::<2>(queries, keys, padded, from, scale, scores),
                    false => score::<1>(queries, keys, padded, from, scale, scores),
                });
                let mut shares = [0.0; QUERIES];
                for (scores, share) in scores.chunks_exact_mut(padded).zip(&mut shares) {
                    *share = 1.0 / soften(scores, tokens);
                }
                each_pair(width, |from, pair| {
                    let (values, out) = (&values[from..], &mut out[query_at + from..]);
                    match pair {
                        true => gather::<2>(scores, padded, values, shares, hidden, out),
                        false => gather::<1>(scores, padded, values, shares, hidden, out),
                    }
                });
            }
        }
    }
}

/// Calls for each two groups of lanes below `end`, and for a single last one.
#[inline(always)]
fn each_pair(end: usize, mut call: impl FnMut(usize, bool)) {
    for from in (0..end).step_by(2 * LANES) {
        call(from, from + 2 * LANES <= end);
    }
}

/// Scaled dot products of some queries with `V` groups of keys.
#[inline(always)]
fn score<const V: usize>(
    queries: [&[f32]; QUERIES],
    keys: &[f32],
    padded: usize,
    from: usize,
    scale: f32,
    scores: &mut [f32],
) {
    let [first, second, third, fourth] = queries;
    let mut sums = [[[0.0; LANES]; V]; QUERIES];
    // Zipped, for without bounds to check the sums stay in registers.
    let queries = first.iter().zip(second).zip(third).zip(fourth);
    for (keys, (((first, second), third), fourth)) in keys.chunks_exact(padded).zip(queries) {
        let Some(keys) = groups::<V>(keys, from) else { continue };
        accumulate(&mut sums, [*first, *second, *third, *fourth], keys);
    }
    for (scores, sums) in scores.chunks_exact_mut(padded).zip(&sums) {
        for (score, sum) in scores[from..].iter_mut().zip(sums.as_flattened()) {
            *score = sum * scale;
        }
    }
}

/// `V` groups of inputs of the values, summed with the scores as weights.
#[inline(always)]
fn gather<const V: usize>(
    scores: &[f32],
    padded: usize,
    values: &[f32],
    shares: [f32; QUERIES],
    hidden: usize,
    out: &mut [f32],
) {
    let (first, rest) = scores.split_at(padded);
    let (second, rest) = rest.split_at(padded);
    let (third, fourth) = rest.split_at(padded);
    let mut sums = [[[0.0; LANES]; V]; QUERIES];
    let weights = first.iter().zip(second).zip(third).zip(fourth);
    for (values, (((first, second), third), fourth)) in values.chunks(3 * hidden).zip(weights) {
        let Some(values) = groups::<V>(values, 0) else { continue };
        accumulate(&mut sums, [*first, *second, *third, *fourth], values);
    }
    for ((out, sums), share) in out.chunks_mut(hidden).zip(&sums).zip(shares) {
        for (out, sum) in out.iter_mut().zip(sums.as_flattened()) {
            *out = sum * share;
        }
    }
}

#[inline(always)]
fn groups<const V: usize>(values: &[f32], from: usize) -> Option<&[[f32; LANES]; V]> {
    values.get(from..)?.as_chunks().0.first_chunk()
}

/// Adds each weight times the values to its sums.
#[inline(always)]
fn accumulate<const V: usize>(
    sums: &mut [[[f32; LANES]; V]; QUERIES],
    weights: [f32; QUERIES],
    values: &[[f32; LANES]; V],
) {
    for at in 0..QUERIES {
        for group in 0..V {
            for lane in 0..LANES {
                sums[at][group][lane] = weights[at].mul_add(values[group][lane], sums[at][group][lane]);
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
