//! This is a fast hash for keys of our own: multiply and rotate (FxHash). One look-up is made for every word of an archive.

use std::hash::{BuildHasherDefault, Hasher};

/// The hash as it goes on.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Fx(u64);

/// What makes it.
pub(crate) type BuildFx = BuildHasherDefault<Fx>;

const FACTOR: u64 = 0x517c_c1b7_2722_0a95;

impl Fx {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(FACTOR);
    }
}

impl Hasher for Fx {
    fn write(&mut self, bytes: &[u8]) {
        let (chunks, rest) = bytes.as_chunks::<8>();
        chunks.iter().for_each(|chunk| self.add(u64::from_le_bytes(*chunk)));
        if !rest.is_empty() {
            let mut word = [0; 8];
            word[..rest.len()].copy_from_slice(rest);
            self.add(u64::from_le_bytes(word));
        }
    }

    fn write_u8(&mut self, byte: u8) {
        self.add(u64::from(byte));
    }

    fn write_u32(&mut self, number: u32) {
        self.add(u64::from(number));
    }

    fn finish(&self) -> u64 {
        // The table takes its bits from the top and the bottom; the product's bottom is weak.
        self.0 ^ (self.0 >> 32)
    }
}
