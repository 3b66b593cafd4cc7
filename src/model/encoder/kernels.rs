//! This is the integer dot product for each instruction set, and the choice between them at run time.
//!
//! Integer sums are exact, so that every kernel gives the same. The f32 work around them is plain Rust
//! ([`super::lanes`]), compiled once for each kernel by being inlined into it.

use super::packed::{LINES, Line, PANEL};

/// Rows that a kernel multiplies at once.
pub const ROWS: usize = 6;

/// Dot products of codes.
pub trait Dots: Copy {
    /// `sums[r][o]` becomes the dot product of `rows[r]` (unsigned codes) with output `o` of the panel. Each
    /// row is four codes for every [`LINES`] lines of the panel.
    fn tile<const R: usize>(self, rows: [&[[u8; 4]]; R], panel: &[[Line; LINES]], sums: &mut [[i32; PANEL]; R]);
}

/// Something to compute with a kernel. `run` has to be `#[inline(always)]`, and so has all that it calls in its loops.
pub trait Work {
    /// Does it.
    fn run<D: Dots>(self, dots: D);
}

/// An instruction set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kernel {
    /// Whatever the program was compiled for.
    Portable,
}

impl Kernel {
    /// The kernels that this processor has, best first.
    pub fn available() -> Vec<Self> {
        vec![Self::Portable]
    }

    /// The first of them.
    pub fn best() -> Self {
        Self::available().first().copied().unwrap_or(Self::Portable)
    }

    /// Does the work with this kernel.
    pub fn run(self, work: impl Work) {
        match self {
            Self::Portable => work.run(Portable),
        }
    }
}

#[derive(Clone, Copy)]
struct Portable;

impl Dots for Portable {
    #[inline(always)]
    fn tile<const R: usize>(self, rows: [&[[u8; 4]]; R], panel: &[[Line; LINES]], sums: &mut [[i32; PANEL]; R]) {
        *sums = [[0; PANEL]; R];
        for (row, sums) in rows.iter().zip(sums) {
            for (codes, lines) in row.iter().zip(panel) {
                let codes = codes.map(i16::from);
                for (line, sums) in lines.iter().zip(sums.as_chunks_mut::<16>().0) {
                    for lane in 0..16 {
                        let weight = |at: usize| i16::from(line.0[4 * lane + at]);
                        let product = |at: usize| i32::from(codes[at]).wrapping_mul(i32::from(weight(at)));
                        let two = product(0).wrapping_add(product(1));
                        sums[lane] = sums[lane].wrapping_add(two).wrapping_add(product(2).wrapping_add(product(3)));
                    }
                }
            }
        }
    }
}
