//! This is the way into an archive: folders, packed archives and records, read one after the other in a fixed order.
//!
//! Nothing is unpacked to disk. Whatever an input is, it ends in plans or in a [`Rejected`]; none stops the others.

mod lines;
mod packed;
mod table;

pub(super) use table::record;

use super::input::{Body, Raw, Reason, Rejected};
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use walkdir::WalkDir;

/// The largest file that is read as one plan, in bytes. Pictures make a Word file large, not its words.
pub const LARGEST: u64 = 64 << 20;
/// The longest record, in bytes; a plan of 15,000 words has a hundred thousand.
pub const LONGEST: usize = 16 << 20;
/// How far an archive may unpack, as a multiple of its own size: records of much the same words come near 100.
pub const MOST: u64 = 250;
/// What may be unpacked before that is asked, in bytes.
const FREE: u64 = 64 << 20;

/// What reading gives.
#[derive(Debug)]
pub enum Event {
    /// An input.
    Input(Raw),
    /// Something that is none.
    Rejected(Rejected),
}

/// Where events go; a break ends the reading.
pub type Sink<'s> = dyn FnMut(Event) -> ControlFlow<()> + 's;

/// Reads every input, in the order named, folders sorted by name. `out` is the folder that is written to; it is not
/// read where it lies inside an input. `done` counts the bytes on disk that have been read, of those that [`size`] gives.
pub fn read(inputs: &[PathBuf], out: &Path, done: &Arc<AtomicU64>, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let out = std::fs::canonicalize(out).ok();
    let reading = Reading { out: out.as_deref(), done };
    for input in inputs {
        let shown = input.to_string_lossy().replace('\\', "/");
        let shown = shown.trim_end_matches('/');
        match std::fs::metadata(input) {
            Err(error) => sink(unreadable(shown, &error))?,
            // One folder's plans are called by their place in it, several folders' by the whole path.
            Ok(data) if data.is_dir() => folder(input, (inputs.len() > 1).then_some(shown), &reading, sink)?,
            Ok(_) => {
                let name = shown.rsplit('/').next().unwrap_or(shown);
                file(input, if inputs.len() > 1 { shown } else { name }, &reading, sink)?;
            }
        }
    }
    ControlFlow::Continue(())
}

/// The bytes on disk of all that [`read`] reads, as far as they can be told.
pub fn size(inputs: &[PathBuf], out: &Path) -> u64 {
    let out = std::fs::canonicalize(out).ok();
    let mut sum = 0;
    for root in inputs {
        for entry in entries(root, out.as_deref()).flatten().filter(|entry| entry.file_type().is_file()) {
            sum += entry.metadata().map_or(0, |data| data.len());
        }
    }
    sum
}

/// What stays the same while inputs are read.
struct Reading<'r> {
    /// The folder that is written to.
    out: Option<&'r Path>,
    done: &'r Arc<AtomicU64>,
}

/// What lies in a folder, or the file itself, sorted by name.
fn entries(root: &Path, out: Option<&Path>) -> impl Iterator<Item = walkdir::Result<walkdir::DirEntry>> {
    let is_out = move |path: &Path| out.is_some_and(|out| std::fs::canonicalize(path).is_ok_and(|path| path == out));
    WalkDir::new(root).follow_links(true).sort_by_file_name().into_iter().filter_entry(move |entry| {
        entry.depth() == 0
            || !(ignored(&entry.file_name().to_string_lossy()) || (entry.file_type().is_dir() && is_out(entry.path())))
    })
}

fn folder(root: &Path, prefix: Option<&str>, reading: &Reading<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let named = |path: &Path| {
        let below = path.strip_prefix(root).unwrap_or(path);
        let parts: Vec<_> = below.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        prefix.map_or_else(|| parts.join("/"), |prefix| format!("{prefix}/{}", parts.join("/")))
    };
    for entry in entries(root, reading.out) {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) if entry.file_type().is_file() => file(entry.path(), &named(entry.path()), reading, sink)?,
            Ok(entry) => sink(not_a_file(&named(entry.path())))?,
            Err(error) => {
                let place = error.path().map_or_else(|| named(root), named);
                sink(match (error.loop_ancestor(), error.io_error()) {
                    (Some(_), _) => Event::Rejected(Rejected::new(
                        place,
                        Reason::Link,
                        "this link leads back to a folder around it; it was not followed",
                    )),
                    (None, Some(error)) => unreadable(&place, error),
                    (None, None) => unreadable(&place, &io::Error::other("it could not be listed")),
                })?;
            }
        }
    }
    ControlFlow::Continue(())
}

/// Files that systems and programs leave behind.
fn ignored(name: &str) -> bool {
    name.starts_with('.') || name.starts_with("~$") || matches!(name, "__MACOSX" | "Thumbs.db" | "desktop.ini")
}

/// Reads a file by what its name says that it holds.
fn file(path: &Path, name: &str, reading: &Reading<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let open = || -> io::Result<(File, Metadata)> {
        let data = std::fs::metadata(path)?;
        // A pipe or a device would keep us waiting for ever: it is not even opened.
        if !data.is_file() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        Ok((File::open(path)?, data))
    };
    let (file, before) = match open() {
        Ok(opened) => opened,
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => return sink(not_a_file(name)),
        Err(error) => return sink(unreadable(name, &error)),
    };
    let after = file.try_clone();
    let started = reading.done.load(Ordering::Relaxed);
    match Form::of(name) {
        Form::Zip => packed::zip(file, before.len(), name, sink)?,
        Form::Tar(packing) => {
            let budget = Budget { all: Arc::clone(reading.done), ..Budget::default() };
            match packing.unpack(budget.counted(file)) {
                Ok(reader) => packed::tar(reader, name, &budget, sink)?,
                Err(error) => sink(unreadable(name, &error))?,
            }
        }
        Form::Records(packing) => {
            let budget = Budget { all: Arc::clone(reading.done), ..Budget::default() };
            match packing.unpack(budget.counted(file)) {
                Ok(reader) => lines::read(reader, name, &budget, sink)?,
                Err(error) => sink(unreadable(name, &error))?,
            }
        }
        Form::Table => table::read(file, name, sink)?,
        Form::Plan => plan(file, before.len(), name, sink)?,
    }
    reading.done.store(started + before.len(), Ordering::Relaxed);
    // The bytes that were read are the ones that are judged; here the person is told that there are newer ones.
    let changed = after
        .and_then(|file| file.metadata())
        .is_ok_and(|after| after.len() != before.len() || after.modified().ok() != before.modified().ok());
    if changed {
        sink(Event::Rejected(Rejected::new(
            name,
            Reason::Changed,
            "the file changed while it was read; what was read is in the outputs: run again for the rest",
        )))?;
    }
    ControlFlow::Continue(())
}

/// Reads a file, or a member of an archive, as one plan.
fn plan(reader: impl Read, size: u64, name: &str, sink: &mut Sink<'_>) -> ControlFlow<()> {
    if size > LARGEST {
        return sink(too_large(name, LARGEST));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    match reader.take(LARGEST + 1).read_to_end(&mut bytes) {
        Err(error) => sink(unreadable(name, &error)),
        Ok(_) if bytes.len() as u64 > LARGEST => sink(too_large(name, LARGEST)),
        Ok(_) => sink(Event::Input(Raw { source: name.to_owned(), line: None, body: Body::File(bytes) })),
    }
}

/// What a name says of a file.
enum Form {
    Zip,
    Tar(Packing),
    Records(Packing),
    Table,
    Plan,
}

#[derive(Clone, Copy)]
enum Packing {
    None,
    Gzip,
    Zstd,
}

impl Form {
    fn of(name: &str) -> Self {
        let name = name.to_lowercase();
        let (stem, packing) = if let Some(stem) = name.strip_suffix(".gz") {
            (stem, Packing::Gzip)
        } else if let Some(stem) = name.strip_suffix(".zst") {
            (stem, Packing::Zstd)
        } else {
            (name.as_str(), Packing::None)
        };
        let ends = |endings: &[&str]| endings.iter().any(|ending| stem.ends_with(ending));
        if name.ends_with(".zip") {
            Self::Zip
        } else if name.ends_with(".tgz") {
            Self::Tar(Packing::Gzip)
        } else if name.ends_with(".tzst") {
            Self::Tar(Packing::Zstd)
        } else if ends(&[".tar"]) {
            Self::Tar(packing)
        } else if ends(&[".jsonl", ".ndjson"]) {
            Self::Records(packing)
        } else if name.ends_with(".parquet") {
            Self::Table
        } else {
            Self::Plan
        }
    }

    /// True for what is not unpacked inside an archive.
    fn is_packed(&self) -> bool {
        matches!(self, Self::Zip | Self::Tar(_) | Self::Table)
    }
}

impl Packing {
    fn unpack<'r>(self, reader: impl Read + 'r) -> io::Result<Box<dyn Read + 'r>> {
        Ok(match self {
            Self::None => Box::new(reader),
            Self::Gzip => Box::new(flate2::read::MultiGzDecoder::new(io::BufReader::with_capacity(1 << 16, reader))),
            Self::Zstd => Box::new(zstd::stream::read::Decoder::new(reader)?),
        })
    }
}

/// How much an archive may unpack to.
#[derive(Default)]
struct Budget {
    /// Packed bytes read so far.
    packed: Arc<AtomicU64>,
    /// The same of everything that is read.
    all: Arc<AtomicU64>,
    unpacked: Arc<AtomicU64>,
}

impl Budget {
    fn counted<R: Read>(&self, reader: R) -> Counted<R> {
        Counted { reader, read: Arc::clone(&self.packed), all: Arc::clone(&self.all) }
    }

    /// Counts unpacked bytes; false where they are far too many.
    fn spend(&self, bytes: u64) -> bool {
        let out = self.unpacked.fetch_add(bytes, Ordering::Relaxed) + bytes;
        out <= FREE || out / self.packed.load(Ordering::Relaxed).max(1) <= MOST
    }

    fn exceeded(name: &str) -> Event {
        Event::Rejected(Rejected::new(
            name,
            Reason::TooLarge,
            format!("it unpacks to more than {MOST} times its size, as no plans do; the rest of it was not read"),
        ))
    }
}

struct Counted<R> {
    reader: R,
    read: Arc<AtomicU64>,
    all: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        self.all.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

fn unreadable(name: &str, error: &io::Error) -> Event {
    let (reason, why) = match error.kind() {
        io::ErrorKind::NotFound => (Reason::Unreadable, "there is no such file; check the name".to_owned()),
        io::ErrorKind::PermissionDenied => {
            (Reason::Unreadable, "it may not be read by you; check who may open it".to_owned())
        }
        io::ErrorKind::UnexpectedEof => {
            (Reason::Damaged, "it ends in the middle; copy it again. What stands before was read".to_owned())
        }
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::Other => {
            (Reason::Damaged, "it is damaged; copy it again. What stands before the damage was read".to_owned())
        }
        kind => (Reason::Unreadable, format!("the system says: {kind}")),
    };
    Event::Rejected(Rejected::new(name, reason, why))
}

fn too_large(name: &str, limit: u64) -> Event {
    Event::Rejected(Rejected::new(
        name,
        Reason::TooLarge,
        format!("it is larger than {} MiB, as no plan is; check what it is", limit >> 20),
    ))
}

fn not_a_file(name: &str) -> Event {
    Event::Rejected(Rejected::new(name, Reason::NotAFile, "it is a device, a pipe or a socket, not a file"))
}
