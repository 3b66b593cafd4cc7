//! This is the integer dot product for each instruction set, and the choice between them at run time.
//!
//! Integer sums are exact, so that every kernel gives the same. The f32 work around them is plain Rust
//! ([`super::lanes`]), compiled once for each kernel by being inlined into it.

// The only unsafe code of the crate: calls into functions for instructions that the processor was asked about, and
// loads and stores of whole registers.
#![allow(unsafe_code)]

use super::packed::{LINES, Line, PANEL};

/// The most rows that any kernel multiplies at once.
pub const MOST_ROWS: usize = 32;

/// Codes of a row that lie side by side in a block of so many rows: four where a register holds one input of four for each
/// output, 64 where a tile holds them row by row.
pub const fn side_by_side(rows: usize) -> usize {
    if rows < 16 { 4 } else { 64 }
}

/// Dot products of codes.
pub trait Dots: Copy {
    /// Rows that it multiplies at once: as many as have room in its registers; 6, 12 or 32.
    const ROWS: usize;

    /// `sums[r][o]` becomes the dot product of row `r` with output `o` of the panel, for at most [`Dots::ROWS`] rows: 32, 16,
    /// 12, 6, 3, 2 or 1. `codes` holds for each of the panel's groups of inputs [`side_by_side`] codes of each row; four
    /// for every [`LINES`] lines.
    fn tile<const R: usize>(self, codes: &[u8], panel: &[[Line; LINES]], sums: &mut [[i32; PANEL]; R]);
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
    #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
    Amx,
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
            #[cfg(target_os = "linux")]
            (Set::Amx, amx::Amx::new().is_some()),
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
            #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
            Set::Amx => "amx",
            #[cfg(target_arch = "x86_64")]
            Set::Avx512 => "avx512-vnni",
            #[cfg(target_arch = "x86_64")]
            Set::AvxVnni => "avx-vnni",
            #[cfg(target_arch = "x86_64")]
            Set::Avx2 => "avx2",
            Set::Portable => "portable",
        }
    }

    /// The most that the processor can do with this kernel's instructions: `steps` rounds of them on registers alone, as
    /// many in a round as there are sums in a tile. Gives the multiplications done; none where nothing sets a limit.
    #[inline(never)]
    pub fn ceiling(self, steps: u64) -> Option<u64> {
        match self.0 {
            #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
            Set::Amx => amx::Amx::new().map(|dots| dots.ceiling(steps)),
            #[cfg(target_arch = "x86_64")]
            Set::Avx512 => x86::Avx512::new().map(|dots| dots.ceiling(steps)),
            #[cfg(target_arch = "x86_64")]
            Set::AvxVnni => x86::AvxVnni::new().map(|dots| dots.ceiling(steps)),
            #[cfg(target_arch = "x86_64")]
            Set::Avx2 => x86::Avx2::new().map(|dots| dots.ceiling(steps)),
            Set::Portable => None,
        }
    }

    /// Does the work with this kernel.
    pub fn run(self, work: impl Work) {
        match self.0 {
            #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
            Set::Amx if let Some(dots) = amx::Amx::new() => dots.run(work),
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

/// Products in f32, the one multiplication that is fast everywhere, and still exact: see [`EXACT`].
#[derive(Clone, Copy)]
struct Portable;

/// Groups of four inputs whose products are summed in f32: 512 × 255 × 128 lies below 2²⁴, up to which f32 holds every
/// whole number.
const EXACT: usize = 128;

impl Dots for Portable {
    const ROWS: usize = 12;

    #[inline(always)]
    fn tile<const R: usize>(self, codes: &[u8], panel: &[[Line; LINES]], sums: &mut [[i32; PANEL]; R]) {
        *sums = [[0; PANEL]; R];
        let codes = codes.as_chunks::<4>().0.as_chunks::<R>().0;
        for (codes, panel) in codes.chunks(EXACT).zip(panel.chunks(EXACT)) {
            let mut parts = [[0.0; PANEL]; R];
            for (codes, lines) in codes.iter().zip(panel) {
                let mut weights = [[0.0; PANEL]; 4];
                for (at, four) in lines.iter().flat_map(|line| line.0.as_chunks::<4>().0).enumerate() {
                    for input in 0..4 {
                        weights[input][at] = f32::from(four[input]);
                    }
                }
                for (four, parts) in codes.iter().zip(&mut parts) {
                    add_products(parts, four.map(f32::from), weights.each_ref().map(<[f32; PANEL]>::as_slice));
                }
            }
            for (sums, parts) in sums.iter_mut().zip(&parts) {
                for (sum, part) in sums.iter_mut().zip(parts) {
                    *sum = sum.wrapping_add(*part as i32);
                }
            }
        }
    }
}

/// Adds the products of four codes with their weights to the sums.
///
/// Slices, and not inlined: where the compiler sees the length, it unrolls the loop and no longer sees the vectors.
#[inline(never)]
fn add_products(sums: &mut [f32], codes: [f32; 4], weights: [&[f32]; 4]) {
    let [first, second, third, fourth] = weights;
    let weights = first.iter().zip(second).zip(third).zip(fourth);
    for (sum, (((first, second), third), fourth)) in sums.iter_mut().zip(weights) {
        *sum += (codes[0] * first + codes[1] * second) + (codes[2] * third + codes[3] * fourth);
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{Dots, LINES, Line, PANEL, Work};
    use std::arch::is_x86_feature_detected as has;
    use std::arch::x86_64::*;
    use std::hint::black_box;

    /// A type whose values exist only where the processor has some instructions, and the dot product that uses them.
    macro_rules! instruction_set {
        ($(#[$doc:meta])* $name:ident, $rows:literal, $tile:ident, $ceiling:ident, $features:literal, $($feature:tt)+) => {
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

            impl $name {
                pub fn ceiling(self, steps: u64) -> u64 {
                    // SAFETY: `self` was made by `new`, which asked the processor for these very features.
                    unsafe { $ceiling(steps) }
                }
            }

            impl Dots for $name {
                const ROWS: usize = $rows;

                #[inline(always)]
                fn tile<const R: usize>(self, codes: &[u8], panel: &[[Line; LINES]], sums: &mut [[i32; PANEL]; R]) {
                    // SAFETY: `self` was made by `new`, which asked the processor for these very features.
                    unsafe { $tile(codes.as_chunks().0.as_chunks().0, panel, sums) }
                }
            }
        };
    }

    instruction_set!(
        /// AVX-512 with VNNI: sixteen outputs times four inputs in one instruction.
        Avx512, 12, tile_avx512, ceiling_avx512, "fma,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni",
        "fma" "avx512f" "avx512bw" "avx512dq" "avx512vl" "avx512vnni"
    );
    instruction_set!(
        /// VNNI in registers of 256 bits, as desktop processors without AVX-512 have it.
        AvxVnni, 6, tile_avx_vnni, ceiling_avx_vnni, "avx2,fma,avxvnni", "avx2" "fma" "avxvnni"
    );
    instruction_set!(
        /// AVX2: codes widened to 16 bits, so that no sum saturates.
        Avx2, 6, tile_avx2, ceiling_avx2, "avx2,fma", "avx2" "fma"
    );

    #[target_feature(enable = "fma,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")]
    #[inline]
    fn tile_avx512<const R: usize>(codes: &[[[u8; 4]; R]], panel: &[[Line; LINES]], sums: &mut [[i32; PANEL]; R]) {
        let mut totals = [[_mm512_setzero_si512(); LINES]; R];
        for (codes, lines) in codes.iter().zip(panel) {
            // SAFETY: a line is 64 bytes, aligned to 64.
            let lines = lines.each_ref().map(|line| unsafe { _mm512_load_si512(std::ptr::from_ref(line).cast()) });
            for (four, totals) in codes.iter().zip(&mut totals) {
                let four = _mm512_set1_epi32(i32::from_le_bytes(*four));
                for (total, line) in totals.iter_mut().zip(lines) {
                    *total = _mm512_dpbusd_epi32(*total, four, line);
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
    fn tile_avx_vnni<const R: usize>(codes: &[[[u8; 4]; R]], panel: &[[Line; LINES]], sums: &mut [[i32; PANEL]; R]) {
        for line in 0..LINES {
            let mut totals = [[_mm256_setzero_si256(); 2]; R];
            for (codes, lines) in codes.iter().zip(panel) {
                let halves = lines[line].0.as_chunks::<32>().0;
                // SAFETY: a line is 64 bytes, aligned to 64: two halves of 32.
                let halves = [0, 1].map(|half| unsafe { _mm256_load_si256(halves[half].as_ptr().cast()) });
                for (four, totals) in codes.iter().zip(&mut totals) {
                    let four = _mm256_set1_epi32(i32::from_le_bytes(*four));
                    for (total, half) in totals.iter_mut().zip(halves) {
                        *total = _mm256_dpbusd_avx_epi32(*total, four, half);
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

    /// Groups of four inputs whose codes are widened at once: 6 rows × 128 × 8 bytes stay in the first cache.
    const WIDENED: usize = 128;

    #[target_feature(enable = "avx2,fma")]
    #[inline]
    fn tile_avx2<const R: usize>(codes: &[[[u8; 4]; R]], panel: &[[Line; LINES]], sums: &mut [[i32; PANEL]; R]) {
        *sums = [[0; PANEL]; R];
        let mut wide = [[[0_i16; 4]; R]; WIDENED];
        for (codes, panel) in codes.chunks(WIDENED).zip(panel.chunks(WIDENED)) {
            for (codes, wide) in
                codes.as_flattened().as_flattened().iter().zip(wide.as_flattened_mut().as_flattened_mut())
            {
                *wide = i16::from(*codes);
            }
            // Eight outputs at once: half a line.
            for half in 0..2 * LINES {
                // Each output has two partial sums, side by side.
                let mut totals = [[_mm256_setzero_si256(); 2]; R];
                for (wide, lines) in wide.iter().zip(panel) {
                    let quarters = lines[half / 2].0.as_chunks::<16>().0;
                    // SAFETY: sixteen bytes are the 128 bits that are loaded.
                    let quarters = [0, 1].map(|quarter| unsafe {
                        _mm256_cvtepi8_epi16(_mm_load_si128(quarters[half % 2 * 2 + quarter].as_ptr().cast()))
                    });
                    for (four, totals) in wide.iter().zip(&mut totals) {
                        // SAFETY: four codes of 16 bits are the 64 that are read.
                        let four = _mm256_set1_epi64x(unsafe { four.as_ptr().cast::<i64>().read_unaligned() });
                        for (total, quarter) in totals.iter_mut().zip(quarters) {
                            *total = _mm256_add_epi32(*total, _mm256_madd_epi16(four, quarter));
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

    /// One round of independent sums; `$add` adds to one of them.
    macro_rules! ceiling {
        ($name:ident, $features:literal, $sums:literal, $products:literal, $zero:ident, $set:ident, $add:expr) => {
            #[target_feature(enable = $features)]
            fn $name(steps: u64) -> u64 {
                let (codes, weights) = ($set(black_box(1)), $set(black_box(1)));
                let mut sums = [$zero(); $sums];
                for _ in 0..steps {
                    for sum in &mut sums {
                        *sum = $add(*sum, codes, weights);
                    }
                }
                black_box(sums);
                steps * $sums * $products
            }
        };
    }

    ceiling!(
        ceiling_avx512,
        "fma,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni",
        24,
        64,
        _mm512_setzero_si512,
        _mm512_set1_epi32,
        |sum, codes, weights| _mm512_dpbusd_epi32(sum, codes, weights)
    );
    ceiling!(
        ceiling_avx_vnni,
        "avx2,fma,avxvnni",
        12,
        32,
        _mm256_setzero_si256,
        _mm256_set1_epi32,
        |sum, codes, weights| _mm256_dpbusd_avx_epi32(sum, codes, weights)
    );
    // The product has to change with the sum, or it would be computed once: the sum is one of its factors.
    ceiling!(ceiling_avx2, "avx2,fma", 12, 16, _mm256_setzero_si256, _mm256_set1_epi32, |sum, codes, weights| {
        _mm256_add_epi32(_mm256_madd_epi16(sum, codes), weights)
    });
}

/// Matrix tiles, of which the server processors of some makers have eight: sixteen rows times sixteen outputs in one instruction.
///
/// Rust has no stable functions for them yet, so these are the instructions themselves. What is left over after blocks of
/// sixteen rows goes through AVX-512.
#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
mod amx {
    use super::x86::Avx512;
    use super::{Dots, LINES, Line, PANEL, Work};
    use std::arch::asm;
    use std::arch::x86_64::{__cpuid, __cpuid_count};
    use std::hint::black_box;
    use std::sync::LazyLock;

    /// Exists only where processor and system have tiles.
    #[derive(Clone, Copy)]
    pub struct Amx(Avx512);

    /// `ldtilecfg`'s table: palette 1, and eight tiles of sixteen rows of 64 bytes.
    #[repr(C, align(64))]
    struct Shapes([u8; 64]);

    const SHAPES: Shapes = {
        let mut shapes = [0; 64];
        shapes[0] = 1;
        let mut tile = 0;
        while tile < 8 {
            shapes[16 + 2 * tile] = 64;
            shapes[48 + tile] = 16;
            tile += 1;
        }
        Shapes(shapes)
    };

    impl Amx {
        pub fn new() -> Option<Self> {
            static THERE: LazyLock<bool> = LazyLock::new(|| has_tiles() && is_let());
            let avx512 = Avx512::new()?;
            THERE.then_some(Self(avx512))
        }

        pub fn run(self, work: impl Work) {
            /// Frees the tiles also where the work panics: while they are in use, the system has to save them.
            struct Tiles;
            impl Drop for Tiles {
                fn drop(&mut self) {
                    // SAFETY: `tilerelease` only clears the tiles, and `Amx::new` found them to be there.
                    unsafe { asm!("tilerelease", options(nomem, nostack, preserves_flags)) };
                }
            }
            /// Work with tiles, where AVX-512 would do it with its registers.
            struct With<W>(Amx, W);
            impl<W: Work> Work for With<W> {
                #[inline(always)]
                fn run<D: Dots>(self, _: D) {
                    self.1.run(self.0);
                }
            }
            let _tiles = Tiles;
            // SAFETY: `self` was made by `new`, which asked processor and system for tiles; the table is one that the
            // instruction accepts.
            unsafe { asm!("ldtilecfg [{}]", in(reg) &SHAPES, options(readonly, nostack, preserves_flags)) };
            self.0.run(With(self, work));
        }

        pub fn ceiling(self, steps: u64) -> u64 {
            struct Ceiling(u64);
            impl Work for Ceiling {
                #[inline(always)]
                fn run<D: Dots>(self, _: D) {
                    for _ in 0..self.0 {
                        // SAFETY: `Amx::run` has set the tiles up.
                        unsafe {
                            asm!(
                                "tdpbusd tmm0, tmm4, tmm6", "tdpbusd tmm1, tmm4, tmm7",
                                "tdpbusd tmm2, tmm5, tmm6", "tdpbusd tmm3, tmm5, tmm7",
                                options(nomem, nostack, preserves_flags),
                                out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
                            );
                        }
                    }
                }
            }
            self.run(Ceiling(black_box(steps)));
            steps * 4 * 16 * 16 * 64
        }
    }

    impl Dots for Amx {
        const ROWS: usize = 32;

        #[inline(always)]
        fn tile<const R: usize>(self, codes: &[u8], panel: &[[Line; LINES]], sums: &mut [[i32; PANEL]; R]) {
            match R {
                32 => two_by_two(codes, panel, sums.as_flattened_mut()),
                16 => one_by_two(codes, panel, sums.as_flattened_mut()),
                _ => self.0.tile(codes, panel, sums),
            }
        }
    }

    /// 32 rows times a panel. Called only inside [`Amx::run`].
    #[inline(always)]
    fn two_by_two(codes: &[u8], panel: &[[Line; LINES]], sums: &mut [i32]) {
        let slabs = panel.len() / 16;
        assert!(slabs > 0 && codes.len() == slabs * 32 * 64 && sums.len() == 32 * PANEL, "a whole block");
        // SAFETY: `Amx::run` has set up tiles of 16 × 64 bytes. Each round reads 32 × 64 codes and 16 groups of two lines, and
        // both are there `slabs` times; what is stored is 32 rows of 32 sums, 128 bytes apart.
        unsafe {
            asm!(
                "tilezero tmm0", "tilezero tmm1", "tilezero tmm2", "tilezero tmm3",
                "2:",
                "tileloadd tmm4, [{codes} + {row}]",
                "tileloadd tmm6, [{lines} + {wide}]",
                "tileloadd tmm7, [{lines} + {wide} + 64]",
                "tdpbusd tmm0, tmm4, tmm6",
                "tileloadd tmm5, [{codes} + {row} + 1024]",
                "tdpbusd tmm1, tmm4, tmm7",
                "tdpbusd tmm2, tmm5, tmm6",
                "tdpbusd tmm3, tmm5, tmm7",
                "add {codes}, 2048",
                "add {lines}, 2048",
                "dec {slabs}",
                "jnz 2b",
                "tilestored [{sums} + {wide}], tmm0",
                "tilestored [{sums} + {wide} + 64], tmm1",
                "tilestored [{sums} + {wide} + 2048], tmm2",
                "tilestored [{sums} + {wide} + 2112], tmm3",
                codes = inout(reg) codes.as_ptr() => _,
                lines = inout(reg) panel.as_ptr() => _,
                slabs = inout(reg) slabs => _,
                sums = in(reg) sums.as_mut_ptr(),
                row = in(reg) 64_usize,
                wide = in(reg) 128_usize,
                options(nostack),
                out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
                out("tmm4") _, out("tmm5") _, out("tmm6") _, out("tmm7") _,
            );
        }
    }

    /// Sixteen rows times a panel. Called only inside [`Amx::run`].
    #[inline(always)]
    fn one_by_two(codes: &[u8], panel: &[[Line; LINES]], sums: &mut [i32]) {
        let slabs = panel.len() / 16;
        assert!(slabs > 0 && codes.len() == slabs * 16 * 64 && sums.len() == 16 * PANEL, "a whole block");
        // SAFETY: as in `two_by_two`, with half of the rows.
        unsafe {
            asm!(
                "tilezero tmm0", "tilezero tmm1",
                "2:",
                "tileloadd tmm4, [{codes} + {row}]",
                "tileloadd tmm6, [{lines} + {wide}]",
                "tdpbusd tmm0, tmm4, tmm6",
                "tileloadd tmm7, [{lines} + {wide} + 64]",
                "tdpbusd tmm1, tmm4, tmm7",
                "add {codes}, 1024",
                "add {lines}, 2048",
                "dec {slabs}",
                "jnz 2b",
                "tilestored [{sums} + {wide}], tmm0",
                "tilestored [{sums} + {wide} + 64], tmm1",
                codes = inout(reg) codes.as_ptr() => _,
                lines = inout(reg) panel.as_ptr() => _,
                slabs = inout(reg) slabs => _,
                sums = in(reg) sums.as_mut_ptr(),
                row = in(reg) 64_usize,
                wide = in(reg) 128_usize,
                options(nostack),
                out("tmm0") _, out("tmm1") _, out("tmm4") _, out("tmm6") _, out("tmm7") _,
            );
        }
    }

    /// Whether the processor has tiles of bytes, in the shape that [`SHAPES`] asks for.
    fn has_tiles() -> bool {
        const TILES_AND_INT8: u32 = 1 << 24 | 1 << 25;
        let leaves = __cpuid(0).eax;
        if leaves < 0x1d || __cpuid_count(7, 0).edx & TILES_AND_INT8 != TILES_AND_INT8 {
            return false;
        }
        // Palette 1: bytes a row in the upper half of ebx's lower part, tiles above it, rows in ecx.
        let palette = __cpuid_count(0x1d, 1);
        palette.ebx & 0xffff >= 64 && palette.ebx >> 16 >= 8 && palette.ecx & 0xffff >= 16
    }

    /// Whether the system lets this process use them; it wants to be asked, once for all threads.
    fn is_let() -> bool {
        const ARCH_PRCTL: usize = 158;
        const ARCH_REQ_XCOMP_PERM: usize = 0x1023;
        const TILE_DATA: usize = 18;
        let answer: isize;
        // SAFETY: the call takes two numbers and touches no memory of ours; a kernel that does not know it says so.
        unsafe {
            asm!(
                "syscall",
                inlateout("rax") ARCH_PRCTL => answer,
                in("rdi") ARCH_REQ_XCOMP_PERM,
                in("rsi") TILE_DATA,
                lateout("rcx") _,
                lateout("r11") _,
                options(nostack),
            );
        }
        answer == 0
    }
}
