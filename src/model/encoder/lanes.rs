//! This is the f32 arithmetic that must come out the same on every processor: plain operations in a fixed order.
//!
//! Each operation is one that IEEE 754 fixes to the last bit (`+ − × ÷ √`, fused multiply-add, comparison, conversion).
//! A multiply-add is fused where `mul_add` is written and nowhere else: Rust contracts none by itself, and `mul_add` gives
//! the same bits where the processor has no instruction for it, only slower. Sums run over sixteen lanes that are added
//! up as a fixed tree. The compiler may use registers of any width for the lanes; the result is the same. The functions are inlined into the kernels, so that
//! they are compiled once for each instruction set.

/// Lanes of a sum.
pub const LANES: usize = 16;

/// 1.5 × 2²³: adding it rounds to the nearest whole number, which then stands in the low bits.
const ROUND: f32 = 12_582_912.0;

/// The larger of two; `b` where `a` is not a number. One instruction, unlike `f32::max`.
#[inline(always)]
pub fn larger(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

#[inline(always)]
fn smaller(a: f32, b: f32) -> f32 {
    if a < b { a } else { b }
}

/// Adds up the lanes: 8 + 8, 4 + 4, 2 + 2, 1 + 1.
#[inline(always)]
fn tree(mut lanes: [f32; LANES], join: impl Fn(f32, f32) -> f32) -> f32 {
    let mut half = LANES / 2;
    while half > 0 {
        for lane in 0..half {
            lanes[lane] = join(lanes[lane], lanes[lane + half]);
        }
        half /= 2;
    }
    lanes[0]
}

/// The sum of `of` over all values. The length is a multiple of sixteen.
#[inline(always)]
pub fn sum(values: &[f32], of: impl Fn(f32) -> f32) -> f32 {
    let mut lanes = [0.0; LANES];
    for values in values.as_chunks::<LANES>().0 {
        for lane in 0..LANES {
            lanes[lane] += of(values[lane]);
        }
    }
    tree(lanes, |a, b| a + b)
}

/// The smallest and the largest value, 0 among them. The length is a multiple of sixteen.
#[inline(always)]
fn ends(values: &[f32]) -> (f32, f32) {
    let (mut low, mut high) = ([0.0; LANES], [0.0; LANES]);
    for values in values.as_chunks::<LANES>().0 {
        for lane in 0..LANES {
            low[lane] = smaller(values[lane], low[lane]);
            high[lane] = larger(values[lane], high[lane]);
        }
    }
    (tree(low, smaller), tree(high, larger))
}

/// e to the power of `x`, for `x` ≤ 0; relative error below 2 × 10⁻⁷ (Cephes' polynomial).
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    let x = larger(x, -87.0);
    let rounded = x.mul_add(std::f32::consts::LOG2_E, ROUND);
    let whole = rounded - ROUND;
    // ln 2 in two parts, the first so short that its product with a whole number is exact.
    let r = whole.mul_add(2.121_944_4e-4, whole.mul_add(-0.693_359_4, x));
    let mut p = 1.987_569_1e-4;
    for coefficient in [1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5] {
        p = f32::mul_add(p, r, coefficient);
    }
    p = p.mul_add(r * r, r) + 1.0;
    let power = (rounded.to_bits() << 23).wrapping_add(127 << 23);
    p * f32::from_bits(power)
}

/// Coefficients of P, highest first, in t = 2x²/25 − 1: x·P(t) differs from erf(x/√2) by at most 5 × 10⁻⁷ on [−5, 5].
/// Fitted by weighted least squares until the error was even (Lawson's method).
const ERF: [f32; 13] = [
    1.217_454_6e-3,
    -3.226_530_3e-3,
    3.445_599e-3,
    -5.371_15e-3,
    1.282_102e-2,
    -2.232_867_8e-2,
    3.280_434_8e-2,
    -4.653_730_6e-2,
    6.288_434_6e-2,
    -8.088_522e-2,
    1.030_410_5e-1,
    -1.405_925_6e-1,
    2.827_275_7e-1,
];

/// GELU with erf, x·Φ(x), as a polynomial, because that is the same everywhere. Absolute error below 2 × 10⁻⁶ up to
/// |x| = 5; past that a relative error below 5 × 10⁻⁷.
#[inline(always)]
pub fn gelu(x: f32) -> f32 {
    let c = smaller(larger(x, -5.0), 5.0);
    let t = (c * c).mul_add(0.08, -1.0);
    let mut p = ERF[0];
    for coefficient in &ERF[1..] {
        p = p.mul_add(t, *coefficient);
    }
    let half = 0.5 * x;
    half.mul_add(c * p, half)
}

/// How codes turn back into values: (code − `zero`) × `step`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Scale {
    /// Distance of two neighbouring codes; 0 for a row of zeros.
    pub step: f32,
    /// The code of 0.
    pub zero: i32,
}

/// Codes of a row. The length is a multiple of sixteen.
///
/// The range from the smallest to the largest value, with 0 in it, is cut into 254 steps, and 0 is a code of its own.
/// After GELU nearly all of the range is positive, so that this is twice as fine as codes that are symmetric about 0.
#[inline(always)]
pub fn quantise(values: &[f32], codes: &mut [u8]) -> Scale {
    let (low, high) = ends(values);
    let range = high - low;
    let inverse = if range > 0.0 { 254.0 / range } else { 0.0 };
    let zero = ROUND - low * inverse;
    // `low` rounds to 0 at the least, by the same product as here, and `high` to 255 at the most, for want of one step.
    for (code, value) in codes.iter_mut().zip(values) {
        *code = (value * inverse + zero).to_bits() as u8;
    }
    Scale { step: range / 254.0, zero: i32::from(zero.to_bits() as u8) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// erf by its Taylor series in f64, exact enough below 6.
    fn erf(x: f64) -> f64 {
        let (mut term, mut sum) = (x, x);
        for n in 1..200_u32 {
            term *= -x * x / f64::from(n);
            sum += term / f64::from(2 * n + 1);
        }
        sum * std::f64::consts::FRAC_2_SQRT_PI
    }

    #[test]
    fn gelu_is_x_times_the_normal_distribution() {
        for step in -8000..=8000_i16 {
            let x = f32::from(step) / 1000.0;
            // The series cancels past 4.5; there Φ differs from 0 or 1 by 4 × 10⁻⁶ at the most.
            let (distribution, allowed) = match x.abs() < 4.5 {
                true => (0.5 * (1.0 + erf(f64::from(x) / 2_f64.sqrt())), 2e-6),
                false => (f64::from(u8::from(x > 0.0)), 2e-5),
            };
            let error = (f64::from(gelu(x)) - f64::from(x) * distribution).abs();
            assert!(error < allowed, "gelu({x}) is off by {error}");
        }
        assert_eq!(gelu(0.0), 0.0);
        assert!((gelu(1000.0) - 1000.0).abs() < 5e-4);
        assert!(gelu(-1000.0).abs() < 5e-4);
    }

    #[test]
    fn exp_is_exp() {
        for step in -8700..=0_i16 {
            let x = f32::from(step) / 100.0;
            let right = f64::from(x).exp();
            let error = (f64::from(exp(x)) - right).abs() / right;
            assert!(error < 2e-7, "exp({x}) is off by {error}");
        }
        assert!(exp(-1e30) < 1e-37);
    }

    #[test]
    fn codes_turn_back_into_their_values() {
        let values: Vec<f32> = (0..64_u8).map(|at| (f32::from(at) - 20.0) * 0.37).collect();
        let mut codes = vec![0; 64];
        let scale = quantise(&values, &mut codes);
        for (value, code) in values.iter().zip(&codes) {
            let back = (i32::from(*code) - scale.zero) as f32 * scale.step;
            assert!((back - value).abs() <= scale.step * 0.501, "{value} came back as {back}");
        }
        assert_eq!(codes.iter().min(), Some(&0), "the whole range of codes is used");
        assert!(codes.iter().max() >= Some(&254), "the whole range of codes is used");
        assert_eq!(quantise(&[0.0; 16], &mut codes[..16]), Scale { step: 0.0, zero: 0 });
        assert_eq!(codes[..16], [0; 16]);
    }

    #[test]
    fn codes_never_leave_their_range() {
        // Ends that fall between two codes, and every place of 0 between them.
        for step in 0..=5000_u16 {
            let low = -f32::from(step) / 2500.0;
            let mut values = [0.0; 16];
            (values[0], values[1]) = (low, low + 2.0);
            let mut codes = [0; 16];
            let scale = quantise(&values, &mut codes);
            for (value, code) in values.iter().zip(codes) {
                let back = (i32::from(code) - scale.zero) as f32 * scale.step;
                assert!((back - value).abs() <= scale.step * 0.501, "{value} of {values:?} came back as {back}");
            }
        }
    }
}
