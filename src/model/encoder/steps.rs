//! This is the steps of a layer that work token by token: linear maps, LayerNorm, embeddings.

use super::kernels::{Dots, MOST_ROWS, Work, side_by_side};
use super::lanes::{self, LANES, Scale};
use super::packed::{LINES, Line, Linear, PANEL};
use super::weights::Norm;

/// What follows a linear map.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    /// Nothing.
    Plain,
    /// GELU.
    Gelu,
}

/// `codes` and `scales` become those of `values`, row by row.
///
/// The codes lie as [`Dots`] reads them: in blocks of rows; in a block, by groups of [`side_by_side`] inputs; in a group, row
/// by row.
pub struct Quantise<'a> {
    /// Rows of `width`.
    pub values: &'a [f32],
    /// A multiple of sixteen.
    pub width: usize,
    /// As many as values.
    pub codes: &'a mut [u8],
    /// One a row.
    pub scales: &'a mut [Scale],
    /// Room for one row.
    pub row: &'a mut Vec<u8>,
}

impl Work for Quantise<'_> {
    #[inline(always)]
    fn run<D: Dots>(self, _: D) {
        let Self { mut values, width, mut codes, mut scales, row } = self;
        row.resize(width, 0);
        while !scales.is_empty() {
            let rows = block::<D>(scales.len());
            let (some_values, more_values) = values.split_at(rows * width);
            let (some_codes, more_codes) = codes.split_at_mut(rows * width);
            let (some_scales, more_scales) = scales.split_at_mut(rows);
            let rows_of_values = some_values.chunks_exact(width).zip(some_scales).enumerate();
            match side_by_side(rows) {
                4 => scatter::<4>(rows_of_values, row, rows, some_codes),
                _ => scatter::<64>(rows_of_values, row, rows, some_codes),
            }
            (values, codes, scales) = (more_values, more_codes, more_scales);
        }
    }
}

/// Codes of a block's rows, `G` of each row side by side.
#[inline(always)]
fn scatter<'v, const G: usize>(
    rows_of_values: impl Iterator<Item = (usize, (&'v [f32], &'v mut Scale))>,
    row: &mut [u8],
    rows: usize,
    codes: &mut [u8],
) {
    let groups = codes.as_chunks_mut::<G>().0;
    for (at, (values, scale)) in rows_of_values {
        *scale = lanes::quantise(values, row);
        for (group, some) in groups.chunks_exact_mut(rows).zip(row.as_chunks::<G>().0) {
            group[at] = *some;
        }
    }
}

/// Rows of the next block where so many are left: whole blocks first; the rest falls into few shapes, so that each is
/// compiled once.
#[inline(always)]
fn block<D: Dots>(left: usize) -> usize {
    match left {
        32.. if D::ROWS >= 32 => 32,
        16.. if D::ROWS >= 32 => 16,
        12.. if D::ROWS >= 12 => 12,
        6.. => 6,
        3.. => 3,
        2 => 2,
        _ => 1,
    }
}

/// A linear map of quantised rows.
pub struct Multiply<'a> {
    /// Rows of `linear.inputs()`, from [`Quantise`].
    pub codes: &'a [u8],
    /// One a row.
    pub scales: &'a [Scale],
    /// The map.
    pub linear: &'a Linear,
    /// What follows it.
    pub finish: Finish,
    /// Rows of `linear.outputs()`.
    pub out: &'a mut [f32],
}

/// The part of a map's vectors that belongs to a panel.
#[derive(Clone, Copy)]
struct Columns<'a> {
    at: usize,
    scales: &'a [f32; PANEL],
    bias: &'a [f32; PANEL],
    totals: &'a [i32; PANEL],
}

impl Work for Multiply<'_> {
    #[inline(always)]
    fn run<D: Dots>(self, dots: D) {
        match self.finish {
            Finish::Plain => self.finished::<D, false>(dots),
            Finish::Gelu => self.finished::<D, true>(dots),
        }
    }
}

impl Multiply<'_> {
    #[inline(always)]
    fn finished<D: Dots, const GELU: bool>(self, dots: D) {
        let (inputs, outputs) = (self.linear.inputs(), self.linear.outputs());
        let vectors = self.linear.scales.as_chunks().0.iter().zip(self.linear.bias.as_chunks().0);
        let vectors = vectors.zip(self.linear.totals.as_chunks().0).enumerate();
        let mut sums = [[0; PANEL]; MOST_ROWS];
        // Panels outside, rows inside: a panel stays in the first cache while all rows pass by.
        for (panel, (at, ((scales, bias), totals))) in self.linear.panels().zip(vectors) {
            let columns = Columns { at: at * PANEL, scales, bias, totals };
            let mut rest = (self.codes, self.scales, &mut *self.out);
            while !rest.1.is_empty() {
                let (codes, scales, out) = rest;
                let rows = block::<D>(scales.len());
                let (some_codes, codes) = codes.split_at(rows * inputs);
                match rows {
                    32 if D::ROWS >= 32 => tile::<D, 32>(dots, some_codes, panel, &mut sums),
                    16 if D::ROWS >= 32 => tile::<D, 16>(dots, some_codes, panel, &mut sums),
                    12 if D::ROWS >= 12 => tile::<D, 12>(dots, some_codes, panel, &mut sums),
                    6 => tile::<D, 6>(dots, some_codes, panel, &mut sums),
                    3 => tile::<D, 3>(dots, some_codes, panel, &mut sums),
                    2 => tile::<D, 2>(dots, some_codes, panel, &mut sums),
                    _ => tile::<D, 1>(dots, some_codes, panel, &mut sums),
                }
                let (some_scales, scales) = scales.split_at(rows);
                let (some_out, out) = out.split_at_mut(rows * outputs);
                for ((sums, scale), out) in sums.iter().zip(some_scales).zip(some_out.chunks_exact_mut(outputs)) {
                    let Some(out) = out.get_mut(columns.at..).and_then(|out| out.first_chunk_mut()) else { continue };
                    finish::<GELU>(sums, *scale, columns, out);
                }
                rest = (codes, scales, out);
            }
        }
    }
}

/// Dot products of a block of `R` rows.
#[inline(always)]
fn tile<D: Dots, const R: usize>(dots: D, codes: &[u8], panel: &[[Line; LINES]], sums: &mut [[i32; PANEL]; MOST_ROWS]) {
    if let Some(sums) = sums.first_chunk_mut::<R>() {
        dots.tile(codes, panel, sums);
    }
}

/// Sums of products become values.
#[inline(always)]
fn finish<const GELU: bool>(sums: &[i32; PANEL], scale: Scale, columns: Columns<'_>, out: &mut [f32; PANEL]) {
    for lane in 0..PANEL {
        let sum = sums[lane].wrapping_sub(scale.zero.wrapping_mul(columns.totals[lane])) as f32;
        let value = sum.mul_add(scale.step * columns.scales[lane], columns.bias[lane]);
        out[lane] = if GELU { lanes::gelu(value) } else { value };
    }
}

/// The same map of f32 rows, its weights turned back into f32. Slow; it is what other programs are compared with.
pub struct MultiplyExact<'a> {
    /// Rows of `linear.inputs()`.
    pub values: &'a [f32],
    /// The map.
    pub linear: &'a Linear,
    /// What follows it.
    pub finish: Finish,
    /// Rows of `linear.outputs()`.
    pub out: &'a mut [f32],
    /// The weights of one panel; grown as needed.
    pub weights: &'a mut Vec<[f32; PANEL]>,
}

impl Work for MultiplyExact<'_> {
    #[inline(always)]
    fn run<D: Dots>(self, _: D) {
        let (inputs, outputs) = (self.linear.inputs(), self.linear.outputs());
        self.weights.resize(inputs, [0.0; PANEL]);
        let vectors = self.linear.scales.as_chunks::<PANEL>().0.iter().zip(self.linear.bias.as_chunks::<PANEL>().0);
        for (at, (panel, (scales, bias))) in self.linear.panels().zip(vectors).enumerate() {
            for (lines, weights) in panel.iter().zip(self.weights.as_chunks_mut::<4>().0) {
                for lane in 0..PANEL {
                    for (input, weights) in weights.iter_mut().enumerate() {
                        weights[lane] = f32::from(lines[lane / 16].0[lane % 16 * 4 + input]) * scales[lane];
                    }
                }
            }
            for (values, out) in self.values.chunks_exact(inputs).zip(self.out.chunks_exact_mut(outputs)) {
                let mut sums = [0.0; PANEL];
                for (value, weights) in values.iter().zip(self.weights.iter()) {
                    for lane in 0..PANEL {
                        sums[lane] += value * weights[lane];
                    }
                }
                let Some(out) = out.get_mut(at * PANEL..).and_then(|out| out.first_chunk_mut::<PANEL>()) else {
                    continue;
                };
                for lane in 0..PANEL {
                    let value = sums[lane] + bias[lane];
                    out[lane] = if self.finish == Finish::Gelu { lanes::gelu(value) } else { value };
                }
            }
        }
    }
}

/// `x` becomes LayerNorm(x + added), row by row.
pub struct AddNorm<'a> {
    /// Rows as wide as the norm.
    pub x: &'a mut [f32],
    /// As many.
    pub added: &'a [f32],
    /// Gain and shift.
    pub norm: &'a Norm,
    /// Added to the variance.
    pub epsilon: f32,
}

impl Work for AddNorm<'_> {
    #[inline(always)]
    fn run<D: Dots>(self, _: D) {
        let width = self.norm.gain.len();
        for (x, added) in self.x.chunks_exact_mut(width).zip(self.added.chunks_exact(width)) {
            for (x, added) in x.iter_mut().zip(added) {
                *x += added;
            }
            normalise(x, self.norm, self.epsilon);
        }
    }
}

#[inline(always)]
fn normalise(x: &mut [f32], norm: &Norm, epsilon: f32) {
    let mean = lanes::sum(x, |x| x) / x.len() as f32;
    let variance = lanes::sum(x, |x| (x - mean) * (x - mean)) / x.len() as f32;
    let inverse = 1.0 / (variance + epsilon).sqrt();
    for ((x, gain), shift) in x.iter_mut().zip(&norm.gain).zip(&norm.shift) {
        *x = (*x - mean) * inverse * gain + shift;
    }
}

/// One token's embedding: word, position and type, normalised.
pub struct Embed<'a> {
    /// Becomes the embedding.
    pub x: &'a mut [f32],
    /// The word's codes and their scale.
    pub word: (&'a [u8], f32),
    /// The position's vector.
    pub place: &'a [f32],
    /// The type's vector.
    pub kind: &'a [f32],
    /// Gain and shift.
    pub norm: &'a Norm,
    /// Added to the variance.
    pub epsilon: f32,
}

impl Work for Embed<'_> {
    #[inline(always)]
    fn run<D: Dots>(self, _: D) {
        let (codes, scale) = self.word;
        for (((x, code), place), kind) in self.x.iter_mut().zip(codes).zip(self.place).zip(self.kind) {
            *x = f32::from(code.cast_signed()) * scale + kind + place;
        }
        debug_assert_eq!(self.x.len() % LANES, 0, "the width was checked with the configuration");
        normalise(self.x, self.norm, self.epsilon);
    }
}
