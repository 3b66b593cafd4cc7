//! This is the integer dot product for each instruction set, and the choice between them at run time.
//!
//! Integer sums are exact, so that every kernel gives the same. The f32 work around them is plain Rust
//! ([`super::lanes`]), compiled once for each kernel by being inlined into it.

// The only unsafe code of the crate: calls into functions for instructions that the processor was asked about, and
// loads and stores of whole registers.
#![allow(unsafe_code)]

use super::packed::{LINES, Line, PANEL};

/// The most rows that any kernel multiplies at once.
pub const MOST_ROWS: usize = 12;

/// Dot products of codes.
pub trait Dots: Copy {
    /// Rows that it multiplies at once: as many as have room in its registers; 6 or 12.
    const ROWS: usize;

    /// `sums[r][o]` becomes the dot product of `rows[r]` (unsigned codes) with output `o` of the panel. Each row is four
    /// codes for every [`LINES`] lines of the panel; what one has more than the others is left out.
    fn tile<const R: usize>(self, rows: [&[[u8; 4]]; R], panel: &[[Line; LINES]], sums: &mut [[i32; PANEL]; R]);
}

/// Something to compute with a kernel. `run` has to be `#[inline(always)]`, and so has all that it calls in its loops.
pub trait Work {
    /// Does it.
    fn run<D: Dots>(self, dots: D);
}

/// An instruction set. The ones that this processor has come from [`Kernel::available`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kernel(Set);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Set {
    #[cfg(target_arch = "x86_64")]
    Avx512,
    #[cfg(target_arch = "x86_64")]
    AvxVnni,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    Portable,
}

impl Kernel {
    /// The kernels that this processor has, best first.
    pub fn available() -> Vec<Self> {
        #[cfg(target_arch = "x86_64")]
        let sets = [
            (Set::Avx512, x86::Avx512::new().is_some()),
            (Set::AvxVnni, x86::AvxVnni::new().is_some()),
            (Set::Avx2, x86::Avx2::new().is_some()),
            (Set::Portable, true),
        ];
        #[cfg(not(target_arch = "x86_64"))]
        let sets = [(Set::Portable, true)];
        sets.into_iter().filter(|(_, there)| *there).map(|(set, _)| Self(set)).collect()
    }

    /// The first of them.
    pub fn best() -> Self {
        Self::available().first().copied().unwrap_or(Self(Set::Portable))
    }

    /// Its name, for reports.
    pub fn name(self) -> &'static str {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Set::Avx512 => "avx512-vnni",
            #[cfg(target_arch = "x86_64")]
            Set::AvxVnni => "avx-vnni",
            #[cfg(target_arch = "x86_64")]
            Set::Avx2 => "avx2",
            Set::Portable => "portable",
        }
    }

    /// Does the work with this kernel.
    pub fn run(self, work: impl Work) {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Set::Avx512 if let Some(dots) = x86::Avx512::new() => dots.run(work),
            #[cfg(target_arch = "x86_64")]
            Set::AvxVnni if let Some(dots) = x86::AvxVnni::new() => dots.run(work),
            #[cfg(target_arch = "x86_64")]
            Set::Avx2 if let Some(dots) = x86::Avx2::new() => dots.run(work),
            _ => work.run(Portable),
        }
    }
}

#[derive(Clone, Copy)]
struct Portable;

impl Dots for Portable {
    const ROWS: usize = 6;

    #[inline(always)]
    fn tile<const R: usize>(self, rows: [&[[u8; 4]]; R], panel: &[[Line; LINES]], sums: &mut [[i32; PANEL]; R]) {
        *sums = [[0; PANEL]; R];
        for (row, sums) in rows.iter().zip(sums) {
            for (codes, lines) in row.iter().zip(panel) {
                let codes = codes.map(i32::from);
                for (line, sums) in lines.iter().zip(sums.as_chunks_mut::<16>().0) {
                    for (weights, sum) in line.0.as_chunks::<4>().0.iter().zip(sums) {
                        for (code, weight) in codes.iter().zip(weights) {
                            *sum = sum.wrapping_add(code.wrapping_mul(i32::from(*weight)));
                        }
                    }
                }
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{Dots, LINES, Line, PANEL, Work};
    use std::arch::is_x86_feature_detected as has;
    use std::arch::x86_64::*;

    /// A type whose values exist only where the processor has some instructions, and the dot product that uses them.
    macro_rules! instruction_set {
        ($(#[$doc:meta])* $name:ident, $rows:literal, $tile:ident, $features:literal, $($feature:tt)+) => {
            $(#[$doc])*
            #[derive(Clone, Copy)]
            pub struct $name(());

            impl $name {
                pub fn new() -> Option<Self> {
                    ($(has!($feature))&&+).then_some(Self(()))
                }

                pub fn run(self, work: impl Work) {
                    #[target_feature(enable = $features)]
                    fn with_features<D: Dots>(dots: D, work: impl Work) {
                        work.run(dots);
                    }
                    // SAFETY: `self` was made by `new`, which asked the processor for these very features.
                    unsafe { with_features(self, work) }
                }
            }

            impl Dots for $name {
                const ROWS: usize = $rows;

                #[inline(always)]
                fn tile<const R: usize>(
                    self,
                    rows: [&[[u8; 4]]; R],
                    panel: &[[Line; LINES]],
                    sums: &mut [[i32; PANEL]; R],
                ) {
                    // SAFETY: `self` was made by `new`, which asked the processor for these very features.
                    unsafe { $tile(rows, panel, sums) }
                }
            }
        };
    }

    instruction_set!(
        /// AVX-512 with VNNI: sixteen outputs times four inputs in one instruction.
        Avx512, 12, tile_avx512, "fma,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni",
        "fma" "avx512f" "avx512bw" "avx512dq" "avx512vl" "avx512vnni"
    );
    instruction_set!(
        /// VNNI in registers of 256 bits, as desktop processors without AVX-512 have it.
        AvxVnni, 6, tile_avx_vnni, "avx2,fma,avxvnni", "avx2" "fma" "avxvnni"
    );
    instruction_set!(
        /// AVX2: codes widened to 16 bits, so that no sum saturates.
        Avx2, 6, tile_avx2, "avx2,fma", "avx2" "fma"
    );

    /// Steps that all rows and the panel have.
    #[inline(always)]
    fn steps<const R: usize>(rows: &[&[[u8; 4]]; R], panel: &[[Line; LINES]]) -> usize {
        rows.iter().fold(panel.len(), |steps, row| steps.min(row.len()))
    }

    #[target_feature(enable = "fma,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")]
    #[inline]
    fn tile_avx512<const R: usize>(rows: [&[[u8; 4]]; R], panel: &[[Line; LINES]], sums: &mut [[i32; PANEL]; R]) {
        let mut totals = [[_mm512_setzero_si512(); LINES]; R];
        for (step, lines) in panel.iter().enumerate().take(steps(&rows, panel)) {
            // SAFETY: a line is 64 bytes, aligned to 64.
            let lines = lines.each_ref().map(|line| unsafe { _mm512_load_si512(std::ptr::from_ref(line).cast()) });
            for (row, totals) in rows.iter().zip(&mut totals) {
                // SAFETY: `step` is below `steps`, which is at most the length of each row.
                let codes = _mm512_set1_epi32(i32::from_le_bytes(unsafe { *row.get_unchecked(step) }));
                for (total, line) in totals.iter_mut().zip(lines) {
                    *total = _mm512_dpbusd_epi32(*total, codes, line);
                }
            }
        }
        for (totals, sums) in totals.into_iter().zip(sums) {
            for (total, sums) in totals.into_iter().zip(sums.as_chunks_mut::<16>().0) {
                // SAFETY: sixteen numbers of 32 bits are the 512 that are stored.
                unsafe { _mm512_storeu_si512(sums.as_mut_ptr().cast(), total) };
            }
        }
    }

    #[target_feature(enable = "avx2,fma,avxvnni")]
    #[inline]
    fn tile_avx_vnni<const R: usize>(rows: [&[[u8; 4]]; R], panel: &[[Line; LINES]], sums: &mut [[i32; PANEL]; R]) {
        let steps = steps(&rows, panel);
        for line in 0..LINES {
            let mut totals = [[_mm256_setzero_si256(); 2]; R];
            for (step, lines) in panel.iter().enumerate().take(steps) {
                // SAFETY: a line is 64 bytes, aligned to 64: two halves of 32.
                let halves = lines[line].0.as_chunks::<32>().0;
                let halves = [0, 1].map(|half| unsafe { _mm256_load_si256(halves[half].as_ptr().cast()) });
                for (row, totals) in rows.iter().zip(&mut totals) {
                    // SAFETY: `step` is below `steps`, which is at most the length of each row.
                    let codes = _mm256_set1_epi32(i32::from_le_bytes(unsafe { *row.get_unchecked(step) }));
                    for (total, half) in totals.iter_mut().zip(halves) {
                        *total = _mm256_dpbusd_avx_epi32(*total, codes, half);
                    }
                }
            }
            for (totals, sums) in totals.into_iter().zip(sums.iter_mut()) {
                let eights = sums.as_chunks_mut::<8>().0;
                for (total, sums) in totals.into_iter().zip(&mut eights[2 * line..]) {
                    // SAFETY: eight numbers of 32 bits are the 256 that are stored.
                    unsafe { _mm256_storeu_si256(sums.as_mut_ptr().cast(), total) };
                }
            }
        }
    }

    /// Steps whose codes are widened at once: 6 rows × 128 × 8 bytes stay in the first cache beside the panel.
    const WIDENED: usize = 128;

    #[target_feature(enable = "avx2,fma")]
    #[inline]
    fn tile_avx2<const R: usize>(rows: [&[[u8; 4]]; R], panel: &[[Line; LINES]], sums: &mut [[i32; PANEL]; R]) {
        *sums = [[0; PANEL]; R];
        let mut wide = [[[0_i16; 4]; WIDENED]; R];
        for (at, panel) in panel.get(..steps(&rows, panel)).unwrap_or_default().chunks(WIDENED).enumerate() {
            for (row, wide) in rows.iter().zip(&mut wide) {
                for (codes, wide) in row.iter().skip(at * WIDENED).zip(wide) {
                    *wide = codes.map(i16::from);
                }
            }
            // Eight outputs at once: half a line.
            for (half, bytes) in (0..2 * LINES).map(|half| (half, half % 2 * 32)) {
                // Each output has two partial sums, side by side.
                let mut totals = [[_mm256_setzero_si256(); 2]; R];
                for (step, lines) in panel.iter().enumerate().take(WIDENED) {
                    let quarters = lines[half / 2].0.as_chunks::<16>().0;
                    // SAFETY: sixteen bytes are the 128 bits that are loaded.
                    let quarters = [0, 1].map(|quarter| unsafe {
                        _mm256_cvtepi8_epi16(_mm_load_si128(quarters[bytes / 16 + quarter].as_ptr().cast()))
                    });
                    for (wide, totals) in wide.iter().zip(&mut totals) {
                        // SAFETY: four codes of 16 bits are the 64 that are read.
                        let codes = _mm256_set1_epi64x(unsafe { wide[step].as_ptr().cast::<i64>().read_unaligned() });
                        for (total, quarter) in totals.iter_mut().zip(quarters) {
                            *total = _mm256_add_epi32(*total, _mm256_madd_epi16(codes, quarter));
                        }
                    }
                }
                for ([low, high], sums) in totals.into_iter().zip(sums.iter_mut()) {
                    let to = sums.as_chunks_mut::<8>().0[half].as_mut_ptr().cast();
                    let pairs = _mm256_permute4x64_epi64::<0b11_01_10_00>(_mm256_hadd_epi32(low, high));
                    // SAFETY: eight numbers of 32 bits are the 256 that are loaded and stored.
                    unsafe { _mm256_storeu_si256(to, _mm256_add_epi32(_mm256_loadu_si256(to), pairs)) };
                }
            }
        }
    }
}
