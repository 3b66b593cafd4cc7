//! This is self-attention inside one statement, in f32: every token looks at every other, head by head.
//!
//! Queries stand side by side in the lanes, so that the softmax over the keys needs no sums across lanes, and keys need
//! no padding. What stands in the lanes past the last query is computed and never read.

use super::kernels::{Dots, Work};
use super::lanes::{self, LANES};

/// Rows that share what is loaded: keys while scoring, queries while gathering.
const ROWS: usize = 4;

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
    /// Queries of a block, input-major: width × lanes.
    queries: Vec<f32>,
    /// Scores of a block, key-major: keys (a multiple of [`ROWS`]) × lanes.
    scores: Vec<f32>,
}

impl Work for Attend<'_> {
    #[inline(always)]
    fn run<D: Dots>(self, _: D) {
        let Self { query_key_value, hidden, heads, out, scratch } = self;
        let tokens = out.len() / hidden;
        scratch.queries.resize(hidden / heads * 2 * LANES, 0.0);
        scratch.scores.resize(tokens.next_multiple_of(ROWS) * 2 * LANES, 0.0);
        for head in 0..heads {
            let head = Head { all: query_key_value, hidden, width: hidden / heads, at: head * (hidden / heads) };
            for from in (0..tokens).step_by(2 * LANES) {
                let out = &mut out[from * hidden..];
                match tokens - from > LANES {
                    true => head.block::<2>(from, scratch, out),
                    false => head.block::<1>(from, scratch, out),
                }
            }
        }
    }
}

/// Queries, keys and values of one head.
#[derive(Clone, Copy)]
struct Head<'a> {
    all: &'a [f32],
    hidden: usize,
    width: usize,
    /// Where its first input stands in a query, key or value.
    at: usize,
}

impl Head<'_> {
    /// What the queries from `from` on see, as many as fit into `V` groups of lanes.
    #[inline(always)]
    fn block<const V: usize>(self, from: usize, scratch: &mut Scratch, out: &mut [f32]) {
        let Self { all, hidden, width, at } = self;
        let queries = scratch.queries.as_chunks_mut::<LANES>().0.as_chunks_mut::<V>().0;
        let queries = &mut queries[..width];
        for (lane, row) in all.chunks_exact(3 * hidden).skip(from).take(V * LANES).enumerate() {
            for (queries, query) in queries.iter_mut().zip(&row[at..at + width]) {
                queries.as_flattened_mut()[lane] = *query;
            }
        }
        let scores = scratch.scores.as_chunks_mut::<LANES>().0.as_chunks_mut::<V>().0;
        let tokens = all.len() / (3 * hidden);
        for (first, scores) in (0..tokens).step_by(ROWS).zip(scores.as_chunks_mut::<ROWS>().0) {
            // The last rows repeat the last key, so that every step has the same shape.
            let key = |row: usize| &all[(first + row).min(tokens - 1) * 3 * hidden + hidden + at..][..width];
            *scores = score([key(0), key(1), key(2), key(3)], queries);
        }
        let scores = &mut scores[..tokens];
        let shares = soften(scores, 1.0 / (width as f32).sqrt());
        let values = &all[2 * hidden + at..];
        for (first, out) in (0..V * LANES).step_by(ROWS).zip(out.chunks_mut(ROWS * hidden)) {
            let mut shares = shares.as_flattened()[first..].iter();
            let shares = [(); ROWS].map(|()| shares.next().copied().unwrap_or_default());
            for input in (0..width).step_by(2 * LANES) {
                let (values, out) = (&values[input..], &mut out[at + input..]);
                match width - input > LANES {
                    true => gather::<V, 2>(scores, first, shares, values, hidden, out),
                    false => gather::<V, 1>(scores, first, shares, values, hidden, out),
                }
            }
        }
    }
}

/// Dot products of some keys with the queries in the lanes.
#[inline(always)]
fn score<const V: usize>(keys: [&[f32]; ROWS], queries: &[[[f32; LANES]; V]]) -> [[[f32; LANES]; V]; ROWS] {
    let [first, second, third, fourth] = keys;
    let mut sums = [[[0.0; LANES]; V]; ROWS];
    // Zipped, for without bounds to check the sums stay in registers.
    let keys = first.iter().zip(second).zip(third).zip(fourth);
    for (queries, (((first, second), third), fourth)) in queries.iter().zip(keys) {
        accumulate(&mut sums, [*first, *second, *third, *fourth], queries);
    }
    sums
}

/// Scores, times `scale`, become e to the power of their distance from the highest of their query. Gives the inverse of
/// their sum, for each query.
#[inline(always)]
fn soften<const V: usize>(scores: &mut [[[f32; LANES]; V]], scale: f32) -> [[f32; LANES]; V] {
    let mut most = [[f32::MIN; LANES]; V];
    for scores in scores.iter() {
        for group in 0..V {
            for lane in 0..LANES {
                most[group][lane] = lanes::larger(scores[group][lane], most[group][lane]);
            }
        }
    }
    let mut sums = [[0.0; LANES]; V];
    for scores in scores.iter_mut() {
        for group in 0..V {
            for lane in 0..LANES {
                let power = lanes::exp((scores[group][lane] - most[group][lane]) * scale);
                scores[group][lane] = power;
                sums[group][lane] += power;
            }
        }
    }
    for sum in sums.as_flattened_mut() {
        *sum = 1.0 / *sum;
    }
    sums
}

/// `W` groups of inputs of the values, summed with the scores as weights, for the queries from lane `first` on.
#[inline(always)]
fn gather<const V: usize, const W: usize>(
    scores: &[[[f32; LANES]; V]],
    first: usize,
    shares: [f32; ROWS],
    values: &[f32],
    hidden: usize,
    out: &mut [f32],
) {
    let mut sums = [[[0.0; LANES]; W]; ROWS];
    for (scores, values) in scores.iter().zip(values.chunks(3 * hidden)) {
        let weights = scores.as_flattened().get(first..).and_then(|scores| scores.first_chunk());
        let values = values.as_chunks().0.first_chunk();
        if let (Some(weights), Some(values)) = (weights, values) {
            accumulate(&mut sums, *weights, values);
        }
    }
    for ((out, sums), share) in out.chunks_mut(hidden).zip(&sums).zip(shares) {
        let Some(out) = out.as_chunks_mut::<LANES>().0.first_chunk_mut::<W>() else { continue };
        for group in 0..W {
            for lane in 0..LANES {
                out[group][lane] = sums[group][lane] * share;
            }
        }
    }
}

/// Adds each weight times the values to its sums.
#[inline(always)]
fn accumulate<const V: usize>(sums: &mut [[[f32; LANES]; V]; ROWS], weights: [f32; ROWS], values: &[[f32; LANES]; V]) {
    for row in 0..ROWS {
        for group in 0..V {
            for lane in 0..LANES {
                sums[row][group][lane] = weights[row].mul_add(values[group][lane], sums[row][group][lane]);
            }
        }
    }
}
