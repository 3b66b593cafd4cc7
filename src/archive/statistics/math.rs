//! This is the arithmetic of intervals: quantiles and distributions, each from a named source.

use serde::Serialize;

/// A 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

impl Interval {
    /// True where a value lies inside.
    pub fn holds(self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

/// The 97.5th percentile of the normal distribution.
pub const Z: f64 = 1.959_963_984_540_054;

/// Mean and standard deviation (n − 1); `None` of nothing, a deviation of 0 for one value.
pub fn mean_sd(values: impl Iterator<Item = f64> + Clone) -> Option<(f64, f64)> {
    let n = values.clone().count();
    if n == 0 {
        return None;
    }
    let mean = values.clone().sum::<f64>() / n as f64;
    let squares: f64 = values.map(|value| (value - mean).powi(2)).sum();
    Some((mean, if n > 1 { (squares / (n - 1) as f64).sqrt() } else { 0.0 }))
}

/// The value below which that share of sorted values lies, between neighbours in proportion (type 7 of Hyndman and Fan,
/// *Sample Quantiles in Statistical Packages*, 1996).
pub fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let at = share.clamp(0.0, 1.0) * last as f64;
    let (low, high) = (at.floor() as usize, at.ceil() as usize);
    Some(sorted[low] + (sorted[high] - sorted[low]) * (at - low as f64))
}

/// The interval of a share (Wilson, *Probable inference, the law of succession, and statistical inference*, 1927).
pub fn wilson(count: f64, of: f64) -> Option<Interval> {
    if of <= 0.0 {
        return None;
    }
    let (p, z2) = (count / of, Z * Z);
    let middle = p + z2 / (2.0 * of);
    let half = Z * (p * (1.0 - p) / of + z2 / (4.0 * of * of)).sqrt();
    let scale = 1.0 + z2 / of;
    Some(Interval { low: ((middle - half) / scale).max(0.0), high: ((middle + half) / scale).min(1.0) })
}

/// The probability that a normal value lies farther from its mean than `z` deviations, either side. The complementary
/// error function is Numerical Recipes' rational approximation (Press et al., 1992, 6.2), good to 1.2 × 10⁻⁷ of itself.
pub fn two_sided(z: f64) -> f64 {
    let x = z.abs() / std::f64::consts::SQRT_2;
    let t = 1.0 / (1.0 + 0.5 * x);
    let series = [
        0.170_872_77,
        -0.822_152_23,
        1.488_515_87,
        -1.135_203_98,
        0.278_868_07,
        -0.186_288_06,
        0.096_784_18,
        0.374_091_96,
        1.000_023_68,
    ];
    let sum = series.iter().fold(0.0, |sum, c| sum * t + c);
    t * (-x * x - 1.265_512_23 + t * sum).exp()
}

/// The quantile of the F distribution, by halving the interval in which its distribution function lies.
pub fn f_quantile(share: f64, d1: f64, d2: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    while f_below(high, d1, d2) < share && high < 1e9 {
        high *= 2.0;
    }
    for _ in 0..100 {
        let middle = (low + high) / 2.0;
        if f_below(middle, d1, d2) < share { low = middle } else { high = middle }
    }
    (low + high) / 2.0
}

fn f_below(x: f64, d1: f64, d2: f64) -> f64 {
    beta(d1 * x / (d1 * x + d2), d1 / 2.0, d2 / 2.0)
}

/// The regularised incomplete beta function, by its continued fraction (Press et al., *Numerical Recipes*, 1992, 6.4).
fn beta(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let front = (gamma_ln(a + b) - gamma_ln(a) - gamma_ln(b) + a * x.ln() + b * (1.0 - x).ln()).exp();
    if x < (a + 1.0) / (a + b + 2.0) {
        front * fraction(x, a, b) / a
    } else {
        1.0 - front * fraction(1.0 - x, b, a) / b
    }
}

fn fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let kept = |value: f64| if value.abs() < TINY { TINY } else { value };
    let (mut c, mut d) = (1.0, 1.0 / kept(1.0 - (a + b) * x / (a + 1.0)));
    let mut h = d;
    for m in 1..=10_000 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / kept(1.0 + even * d);
        c = kept(1.0 + even / c);
        h *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / kept(1.0 + odd * d);
        c = kept(1.0 + odd / c);
        h *= d * c;
        if (d * c - 1.0).abs() < 1e-14 {
            break;
        }
    }
    h
}

/// The logarithm of the gamma function (Lanczos, 1964, with the coefficients of *Numerical Recipes*, 6.1).
fn gamma_ln(x: f64) -> f64 {
    let series = [
        76.180_091_729_471_46,
        -86.505_320_329_416_77,
        24.014_098_240_830_91,
        -1.231_739_572_450_155,
        0.120_865_097_386_617_9e-2,
        -0.539_523_938_495_3e-5,
    ];
    let tmp = x + 5.5 - (x + 0.5) * (x + 5.5).ln();
    let sum = series.iter().zip(1..).fold(1.000_000_000_190_015, |sum, (c, i)| sum + c / (x + f64::from(i)));
    -tmp + (2.506_628_274_631_000_5 * sum / x).ln()
}

/// A normal value (Box and Muller, 1958).
pub fn normal(draws: &mut fastrand::Rng) -> f64 {
    let u = 1.0 - draws.f64();
    (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * draws.f64()).cos()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_from_tables() {
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-3 * b.abs().max(1e-3), "{a} {b}");
        // F tables (NIST/SEMATECH e-Handbook, 1.3.6.7.3): upper 5 % points.
        close(f_quantile(0.95, 5.0, 10.0), 3.326);
        close(f_quantile(0.95, 1.0, 1.0), 161.448);
        close(f_quantile(0.95, 10.0, 100.0), 1.927);
        close(two_sided(Z), 0.05);
        close(two_sided(3.0), 0.002_7);
        let interval = wilson(10.0, 100.0).expect("a share");
        close(interval.low, 0.0552);
        close(interval.high, 0.1744);
        assert_eq!(quantile(&[1.0, 2.0, 3.0, 4.0], 0.5), Some(2.5));
        assert_eq!(mean_sd([1.0, 3.0].into_iter()), Some((2.0, 2.0_f64.sqrt())));
    }
}
