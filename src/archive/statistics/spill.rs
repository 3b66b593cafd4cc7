//! This is rows that are sorted without being held: pieces are sorted and put aside, and read back as one stream.
//!
//! A row is bytes that sort as what they stand for, so numbers are written with the highest byte first. However many rows
//! begin alike, no more is held than a piece of them.

use crate::archive::run::{RunError, at};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Bytes of rows that are held: what is no more than that needs no file.
const HELD: usize = 1 << 24;
/// Bytes that are read ahead, over all pieces.
const AHEAD: usize = 1 << 23;

/// Rows as they come.
pub(super) struct Spill<const N: usize> {
    put_aside: Spilled<N>,
    /// Rows that are held at most.
    room: usize,
    /// Of equal rows one will do.
    once: bool,
}

/// Rows to be read back, sorted; the file goes when it does.
pub(super) struct Spilled<const N: usize> {
    path: PathBuf,
    /// Where there is more than is held: pieces one after the other, each sorted.
    file: Option<File>,
    /// Where each of them ends, in bytes.
    ends: Vec<u64>,
    /// What is in no file, sorted.
    held: Vec<[u8; N]>,
}

impl<const N: usize> Spill<N> {
    /// Begins, in a file of that name in `work`.
    pub fn new(work: &Path, name: &str) -> Self {
        let put_aside = Spilled { path: work.join(name), file: None, ends: Vec::new(), held: Vec::new() };
        Self { put_aside, room: HELD / N, once: false }
    }

    /// The same, for rows of which one will do where several are equal: most of these are not kept.
    pub fn once(work: &Path, name: &str) -> Self {
        Self { once: true, ..Self::new(work, name) }
    }

    /// Takes a row.
    pub fn add(&mut self, row: [u8; N]) -> Result<(), RunError> {
        self.put_aside.held.push(row);
        if self.put_aside.held.len() >= self.room {
            self.sort();
            // Where most of them were equal there is room again, and no file is needed.
            if self.put_aside.held.len() > self.room / 2 {
                self.put_aside.write()?;
            }
        }
        Ok(())
    }

    /// No more rows come.
    pub fn finish(mut self) -> Result<Spilled<N>, RunError> {
        self.sort();
        if self.put_aside.file.is_some() {
            self.put_aside.write()?;
            self.put_aside.held = Vec::new();
        }
        Ok(self.put_aside)
    }

    fn sort(&mut self) {
        self.put_aside.held.sort_unstable();
        if self.once {
            self.put_aside.held.dedup();
        }
    }
}

impl<const N: usize> Spilled<N> {
    /// Writes what is held as a piece.
    fn write(&mut self) -> Result<(), RunError> {
        if self.file.is_none() {
            // What a killed run left there is written over.
            let file = File::options().read(true).write(true).create(true).truncate(true).open(&self.path);
            self.file = Some(file.map_err(at(&self.path))?);
        }
        let Some(mut file) = self.file.as_ref() else { return Ok(()) };
        file.write_all(self.held.as_flattened()).map_err(at(&self.path))?;
        self.ends.push(self.ends.last().unwrap_or(&0) + (self.held.len() * N) as u64);
        self.held.clear();
        Ok(())
    }

    /// All rows in order.
    pub fn rows(&self) -> Result<Rows<'_, N>, RunError> {
        let ahead = (AHEAD / N / self.ends.len().max(1)).max(64);
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let piece = |(start, end): (u64, &u64)| Piece { start, end: *end, rows: Vec::new(), next: 0 };
        let mut pieces: Vec<Piece<N>> = starts.zip(&self.ends).map(piece).collect();
        let mut least = BinaryHeap::with_capacity(pieces.len());
        for (number, piece) in pieces.iter_mut().enumerate() {
            if let Some(row) = self.next_of(piece, ahead)? {
                least.push(Reverse((row, number)));
            }
        }
        Ok(Rows { of: self, pieces, least, ahead, held: self.held.iter() })
    }

    fn next_of(&self, piece: &mut Piece<N>, ahead: usize) -> Result<Option<[u8; N]>, RunError> {
        if piece.next == piece.rows.len() {
            let Some(mut file) = self.file.as_ref() else { return Ok(None) };
            let rows = usize::try_from((piece.end - piece.start) / N as u64).unwrap_or(ahead).min(ahead);
            piece.rows.resize(rows, [0; N]);
            piece.next = 0;
            file.seek(SeekFrom::Start(piece.start))
                .and_then(|_| file.read_exact(piece.rows.as_flattened_mut()))
                .map_err(at(&self.path))?;
            piece.start += (rows * N) as u64;
        }
        let row = piece.rows.get(piece.next).copied();
        piece.next += 1;
        Ok(row)
    }
}

impl<const N: usize> Drop for Spilled<N> {
    fn drop(&mut self) {
        // What cannot be taken away is written over by the next run.
        if self.file.take().is_some() {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// A part of the file that is sorted by itself, and how far it was read.
struct Piece<const N: usize> {
    start: u64,
    end: u64,
    rows: Vec<[u8; N]>,
    next: usize,
}

/// The rows of all pieces, in order.
pub(super) struct Rows<'s, const N: usize> {
    of: &'s Spilled<N>,
    pieces: Vec<Piece<N>>,
    /// The next row of each piece.
    least: BinaryHeap<Reverse<([u8; N], usize)>>,
    ahead: usize,
    held: std::slice::Iter<'s, [u8; N]>,
}

impl<const N: usize> Iterator for Rows<'_, N> {
    type Item = Result<[u8; N], RunError>;

    fn next(&mut self) -> Option<Self::Item> {
        // Either all are held, or none.
        let Some(mut least) = self.least.peek_mut() else { return self.held.next().copied().map(Ok) };
        let Reverse((row, number)) = *least;
        match self.of.next_of(&mut self.pieces[number], self.ahead) {
            Ok(Some(next)) => *least = Reverse((next, number)),
            Ok(None) => drop(PeekMut::pop(least)),
            Err(error) => return Some(Err(error)),
        }
        Some(Ok(row))
    }
}

/// Rows of which the first `prefix` bytes are the same, one group after the other.
pub(super) fn groups<const N: usize>(
    rows: impl Iterator<Item = Result<[u8; N], RunError>>,
    prefix: usize,
) -> impl Iterator<Item = Result<Vec<[u8; N]>, RunError>> {
    let mut rows = rows.peekable();
    std::iter::from_fn(move || {
        let mut group: Vec<[u8; N]> = Vec::new();
        loop {
            match rows.next_if(|row| match (row, group.first()) {
                (Ok(row), Some(first)) => row[..prefix] == first[..prefix],
                _ => true,
            }) {
                Some(Ok(row)) => group.push(row),
                Some(Err(error)) => return Some(Err(error)),
                None => return (!group.is_empty()).then_some(Ok(group)),
            }
        }
    })
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
        let work = folder("sorted");
        let mut spill = Spill::<12>::new(&work, "rows");
        spill.room = 1_000;
        // Half of them begin alike, as those of a family that holds much of an archive do.
        let mut numbers: Vec<u64> =
            (0..30_500_u64).map(|n| if n % 2 == 0 { n % 100 } else { n.wrapping_mul(0x9E37_79B9_7F4A_7C15) }).collect();
        for n in &numbers {
            spill.add(row(&[&n.to_be_bytes(), &7_u32.to_be_bytes()])).expect("it can be written");
        }
        let spilled = spill.finish().expect("it can be written");
        assert_eq!((spilled.ends.len(), spilled.held.len()), (31, 0));
        numbers.sort_unstable();
        // Twice, and both at once: a reader moves no other.
        let (once, again) = (spilled.rows().expect("it can be read"), spilled.rows().expect("it can be read"));
        let mut count = 0;
        for ((row, again), number) in once.zip(again).zip(&numbers) {
            let row = row.expect("it can be read");
            assert_eq!((long(&row, 0), short(&row, 8)), (*number, 7));
            assert_eq!(row, again.expect("it can be read"));
            count += 1;
        }
        assert_eq!(count, numbers.len());
        drop(spilled);
        assert!(!work.join("rows").exists());
        let _ = std::fs::remove_dir_all(work);
    }

    #[test]
    fn rows_that_are_equal_need_no_file() {
        let work = folder("once");
        let mut spill = Spill::<12>::once(&work, "rows");
        spill.room = 1_000;
        for n in 0..30_000_u64 {
            spill.add(row(&[&(n % 10).to_be_bytes(), &[0; 4]])).expect("nothing is written");
        }
        let spilled = spill.finish().expect("nothing is written");
        assert!(spilled.file.is_none() && spilled.held.len() == 10);
        let back: Vec<u64> =
            spilled.rows().expect("all are held").map(|row| long(&row.expect("all are held"), 0)).collect();
        assert_eq!(back, (0..10).collect::<Vec<_>>());
        let _ = std::fs::remove_dir_all(work);
    }

    #[test]
    fn a_group_is_the_rows_that_begin_alike() {
        let rows = [[1, 1], [1, 2], [2, 0], [3, 0], [3, 1]];
        let back: Vec<usize> =
            groups(rows.into_iter().map(Ok), 1).map(|group| group.expect("they are there").len()).collect();
        assert_eq!(back, [2, 1, 2]);
        let failed = || Err(at(Path::new("rows"))(std::io::ErrorKind::Other.into()));
        let mut with_error = groups([Ok([1, 1]), failed()].into_iter(), 1);
        assert!(with_error.next().is_some_and(|group| group.is_err()));
    }

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("clearplan-spill-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a temporary folder can be made");
        folder
    }
}
