//! This is rows put aside: files by the first byte of a row, each small enough to be read back and sorted by itself.
//!
//! A row is bytes that sort as what they stand for, so numbers are written with the highest byte first, and begins with
//! a hash, so that the files are of one size.

use crate::archive::run::{RunError, at};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// How many files, at most.
pub(super) const BUCKETS: usize = 64;
/// Bytes of a bucket that are held: what is no more than that needs no file.
const HELD: usize = 1 << 15;

/// Rows as they come.
pub(super) struct Spill<const N: usize> {
    folder: PathBuf,
    buckets: Vec<Bucket>,
}

/// Rows to be read back; the files go when it does.
pub(super) struct Spilled<const N: usize> {
    folder: PathBuf,
    buckets: Vec<Bucket>,
}

/// Rows with the same first bits: those in its file, if it has one yet, and then those held.
#[derive(Default)]
struct Bucket {
    written: bool,
    held: Vec<u8>,
}

impl<const N: usize> Spill<N> {
    /// Begins, in a folder of that name in `work`.
    pub fn new(work: &Path, name: &str) -> Result<Self, RunError> {
        let folder = work.join(name);
        std::fs::create_dir_all(&folder).map_err(at(&folder))?;
        Ok(Self { folder, buckets: (0..BUCKETS).map(|_| Bucket::default()).collect() })
    }

    /// Takes a row.
    pub fn add(&mut self, row: &[u8; N]) -> Result<(), RunError> {
        let number = usize::from(row[0]) * BUCKETS / 256;
        let bucket = &mut self.buckets[number];
        bucket.held.extend_from_slice(row);
        if bucket.held.len() >= HELD {
            let path = place(&self.folder, number);
            // None stays open: there are many buckets. What a killed run left there is written over.
            let file = if bucket.written { File::options().append(true).open(&path) } else { File::create(&path) };
            file.and_then(|mut file| file.write_all(&bucket.held)).map_err(at(&path))?;
            bucket.written = true;
            bucket.held.clear();
        }
        Ok(())
    }

    /// No more rows come.
    pub fn finish(self) -> Spilled<N> {
        Spilled { folder: self.folder, buckets: self.buckets }
    }
}

impl<const N: usize> Spilled<N> {
    /// The rows of one of the [`BUCKETS`], sorted. Rows of a later one are greater.
    pub fn bucket(&self, number: usize) -> Result<Vec<[u8; N]>, RunError> {
        let bucket = &self.buckets[number];
        let mut rows: Vec<[u8; N]> = Vec::new();
        if bucket.written {
            let path = place(&self.folder, number);
            rows.extend(std::fs::read(&path).map_err(at(&path))?.as_chunks::<N>().0);
        }
        rows.extend(bucket.held.as_chunks::<N>().0);
        rows.sort_unstable();
        Ok(rows)
    }
}

impl<const N: usize> Drop for Spilled<N> {
    fn drop(&mut self) {
        // What cannot be taken away is written over by the next run.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn place(folder: &Path, bucket: usize) -> PathBuf {
    folder.join(format!("{bucket:02}"))
}

/// Bytes `from..` of a row as a number of eight bytes.
pub(super) fn long(row: &[u8], from: usize) -> u64 {
    row[from..from + 8].try_into().map(u64::from_be_bytes).unwrap_or_default()
}

/// Bytes `from..` of a row as a number of four bytes.
pub(super) fn short(row: &[u8], from: usize) -> u32 {
    row[from..from + 4].try_into().map(u32::from_be_bytes).unwrap_or_default()
}

/// Bytes `from..` of a row as a number of two bytes.
pub(super) fn tiny(row: &[u8], from: usize) -> u16 {
    row[from..from + 2].try_into().map(u16::from_be_bytes).unwrap_or_default()
}

/// A row of these parts, one after the other.
pub(super) fn row<const N: usize>(parts: &[&[u8]]) -> [u8; N] {
    let mut row = [0; N];
    let mut at = 0;
    for part in parts {
        row[at..at + part.len()].copy_from_slice(part);
        at += part.len();
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_sorted() {
        let work = folder();
        let mut spill = Spill::<12>::new(&work, "rows").expect("it can be written");
        let numbers: Vec<u64> = (0..300_000_u64).map(|n| n.wrapping_mul(0x9E37_79B9_7F4A_7C15)).collect();
        for n in &numbers {
            spill.add(&row(&[&n.to_be_bytes(), &7_u32.to_be_bytes()])).expect("it can be written");
        }
        let spilled = spill.finish();
        assert!(spilled.buckets.iter().all(|bucket| bucket.written && bucket.held.len() < HELD));
        let back: Vec<u64> = (0..BUCKETS)
            .flat_map(|bucket| spilled.bucket(bucket).expect("it can be read"))
            .map(|row| {
                assert_eq!(short(&row, 8), 7);
                long(&row, 0)
            })
            .collect();
        let mut sorted = numbers;
        sorted.sort_unstable();
        assert_eq!(back, sorted);
        drop(spilled);
        assert!(!work.join("rows").exists());
        let _ = std::fs::remove_dir_all(work);
    }

    fn folder() -> PathBuf {
        std::env::temp_dir().join(format!("clearplan-spill-{}", std::process::id()))
    }
}
