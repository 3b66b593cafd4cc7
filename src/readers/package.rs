//! This is the zip container of docx and odt, opened with limits, so that no file can exhaust memory.

use super::ReadError;
use crate::document::{Note, NoteKind};
use std::collections::HashMap;
use std::io::{Cursor, Read};
use zip::ZipArchive;
use zip::read::read_zipfile_from_stream;
use zip::result::ZipError;

/// Entries that a container may hold; a plan with pictures has about fifty.
const MAX_ENTRIES: usize = 20_000;
/// Bytes that one part may unpack to. The markup of a 300-page plan is about 10 MiB.
const MAX_PART: u64 = 64 << 20;
/// Bytes that all parts of one container together may unpack to.
const MAX_TOTAL: u64 = 128 << 20;
/// Expansion above which a part larger than [`RATIO_FROM`] is taken as a bomb; markup packs 10 to 40 times.
const MAX_RATIO: u64 = 200;
/// Part size in bytes from which the expansion counts.
const RATIO_FROM: u64 = 4 << 20;

/// An open container.
pub(crate) struct Package<'b> {
    name: String,
    what: &'static str,
    entries: Entries<'b>,
    total: u64,
}

enum Entries<'b> {
    /// By the directory at the end of the file.
    Listed(ZipArchive<Cursor<&'b [u8]>>),
    /// Found one after the other, where the end of the file is missing.
    Found(HashMap<String, Raw>),
}

/// The unpacked bytes of one entry.
struct Raw {
    bytes: Vec<u8>,
    /// Bytes that it takes in the container.
    packed: u64,
    /// It breaks off.
    broken: bool,
}

/// The text of one part.
pub(crate) struct Part {
    /// The markup; every byte stands where it stood in the unpacked part, unless that was UTF-16.
    pub text: String,
    /// What was wrong with it, if it could only be read in part or had to be mended.
    pub note: Option<Note>,
}

impl<'b> Package<'b> {
    /// Opens the container in `bytes`; errors call it a `what`.
    ///
    /// # Errors
    /// [`ReadError::Damaged`] where it is no readable zip file, [`ReadError::TooMuch`] where it has too many entries.
    pub fn open(name: &str, what: &'static str, bytes: &'b [u8]) -> Result<Self, ReadError> {
        let entries = match ZipArchive::new(Cursor::new(bytes)) {
            Ok(archive) if archive.len() > MAX_ENTRIES => {
                let why = format!("it holds {} entries, more than {MAX_ENTRIES}", archive.len());
                return Err(ReadError::TooMuch { name: name.to_owned(), why });
            }
            Ok(archive) => Entries::Listed(archive),
            Err(_) => Entries::Found(found(bytes)),
        };
        if matches!(&entries, Entries::Found(found) if found.is_empty()) {
            let why = "its zip directory cannot be read, so part of the file is probably missing".to_owned();
            return Err(ReadError::Damaged { name: name.to_owned(), what, why });
        }
        Ok(Self { name: name.to_owned(), what, entries, total: 0 })
    }

    /// What is wrong with the container as a whole, if it could be opened all the same.
    pub fn note(&self) -> Option<Note> {
        matches!(self.entries, Entries::Found(_)).then(|| Note {
            kind: NoteKind::Skipped,
            message: "The end of the file is missing: what could be found was read, and text may be missing; get the \
                      whole file and try again."
                .to_owned(),
            page: None,
        })
    }

    /// True where the container has an entry of that path.
    pub fn has(&self, path: &str) -> bool {
        match &self.entries {
            Entries::Listed(archive) => archive.index_for_name_raw(path.as_bytes()).is_some(),
            Entries::Found(found) => found.contains_key(path),
        }
    }

    /// The text of the part at `path`; `None` where there is no such entry. A part that breaks off in the middle is
    /// given as far as it goes, with a note.
    ///
    /// # Errors
    /// [`ReadError::Encrypted`] where the entry is locked, [`ReadError::TooMuch`] beyond the limits,
    /// [`ReadError::Damaged`] where nothing of it can be unpacked.
    pub fn part(&mut self, path: &str) -> Result<Option<Part>, ReadError> {
        let damaged = || ReadError::Damaged {
            name: self.name.clone(),
            what: self.what,
            why: format!("{path} cannot be unpacked"),
        };
        let limit = MAX_PART.min(MAX_TOTAL.saturating_sub(self.total));
        let raw = match &mut self.entries {
            Entries::Found(found) => found.remove(path),
            Entries::Listed(archive) => {
                match archive.index_for_name_raw(path.as_bytes()).map(|i| archive.by_index(i)) {
                    None => None,
                    Some(Ok(file)) => Some(unpack(file.compressed_size(), file, limit)),
                    Some(Err(
                        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword,
                    )) => return Err(ReadError::Encrypted { name: self.name.clone() }),
                    Some(Err(_)) => return Err(damaged()),
                }
            }
        };
        let Some(Raw { bytes, packed, broken }) = raw else { return Ok(None) };
        let size = bytes.len() as u64;
        if size > limit || (size > RATIO_FROM && size / packed.max(1) > MAX_RATIO) {
            let why = format!(
                "{path} unpacks to more than {} MiB, or to more than {MAX_RATIO} times its packed size",
                MAX_PART >> 20
            );
            return Err(ReadError::TooMuch { name: self.name.clone(), why });
        }
        if broken && bytes.is_empty() {
            return Err(damaged());
        }
        self.total += size;
        let (text, mended) = decode(bytes);
        let note = if broken {
            Some(Note {
                kind: NoteKind::Skipped,
                message: format!(
                    "{path} is damaged: it was read as far as it could be unpacked, and text may be missing; open the \
                     file in a word processor and save it again."
                ),
                page: None,
            })
        } else {
            mended.then(|| Note {
                kind: NoteKind::Guessed,
                message: format!(
                    "{path} holds bytes that are no text; each was read as a question mark; open the file in a word \
                     processor and save it again."
                ),
                page: None,
            })
        };
        Ok(Some(Part { text, note }))
    }
}

fn unpack(packed: u64, file: impl Read, limit: u64) -> Raw {
    let mut bytes = Vec::new();
    // What was unpacked before an error stays in `bytes`.
    let broken = file.take(limit + 1).read_to_end(&mut bytes).is_err();
    Raw { bytes, packed, broken }
}

/// The markup parts of a container whose directory is missing, as far as the file goes.
fn found(mut bytes: &[u8]) -> HashMap<String, Raw> {
    let mut out = HashMap::new();
    let mut total = 0;
    for _ in 0..MAX_ENTRIES {
        let Ok(Some(file)) = read_zipfile_from_stream(&mut bytes) else { break };
        let path = file.name().map(|name| name.into_owned()).unwrap_or_default();
        if !path.ends_with(".xml") && !path.ends_with(".rels") {
            continue;
        }
        let raw = unpack(file.compressed_size(), file, MAX_PART.min(MAX_TOTAL - total));
        total += raw.bytes.len() as u64;
        if total > MAX_TOTAL {
            break;
        }
        out.entry(path).or_insert(raw);
    }
    out
}

/// The text of some markup, and whether it had to be mended. Bytes that are not UTF-8 become question marks one by
/// one, so that every other byte keeps its place.
fn decode(bytes: Vec<u8>) -> (String, bool) {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        let encoding = if bytes[0] == 0xFF { encoding_rs::UTF_16LE } else { encoding_rs::UTF_16BE };
        let (text, mended) = encoding.decode_with_bom_removal(&bytes);
        return (text.into_owned(), mended);
    }
    let mut bytes = bytes;
    let mut mended = false;
    let mut from = 0;
    loop {
        match std::str::from_utf8(bytes.get(from..).unwrap_or_default()) {
            Ok(_) => break,
            Err(error) => {
                mended = true;
                let start = from + error.valid_up_to();
                let end = error.error_len().map_or(bytes.len(), |len| start + len);
                for byte in bytes.iter_mut().take(end).skip(start) {
                    *byte = b'?';
                }
                from = end;
            }
        }
    }
    // Every invalid byte was replaced above, so the fallback is never taken.
    let text = String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    (text, mended)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use zip::write::SimpleFileOptions;
    use zip::{CompressionMethod, ZipWriter};

    fn zipped(parts: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (path, bytes) in parts {
            writer.start_file(*path, SimpleFileOptions::default().compression_method(method)).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn a_bomb_is_refused() {
        let bytes = zipped(&[("word/document.xml", &vec![b' '; 8 << 20])], CompressionMethod::Deflated);
        let mut package = Package::open("bomb.docx", "zip", &bytes).unwrap();
        assert!(matches!(package.part("word/document.xml"), Err(ReadError::TooMuch { .. })));
    }

    #[test]
    fn the_limit_holds_without_compression() {
        let part = vec![b' '; (MAX_PART + 1) as usize];
        let bytes = zipped(&[("a.xml", &part)], CompressionMethod::Stored);
        let mut package = Package::open("large.docx", "zip", &bytes).unwrap();
        assert!(matches!(package.part("a.xml"), Err(ReadError::TooMuch { .. })));
    }

    #[test]
    fn too_many_entries_are_refused() {
        let names: Vec<String> = (0..=MAX_ENTRIES).map(|i| i.to_string()).collect();
        let parts: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
        let bytes = zipped(&parts, CompressionMethod::Stored);
        assert!(matches!(Package::open("many.docx", "zip", &bytes), Err(ReadError::TooMuch { .. })));
    }

    #[test]
    fn a_broken_stream_is_read_as_far_as_it_goes() {
        let text: String = (0..20_000).map(|i| format!("<p>{}</p>", i * 7919 % 10_007)).collect();
        let mut bytes = zipped(&[("a.xml", text.as_bytes())], CompressionMethod::Deflated);
        let middle = bytes.len() / 2;
        for byte in &mut bytes[middle..middle + 64] {
            *byte = 0xFF;
        }
        let part = Package::open("broken.docx", "zip", &bytes).unwrap().part("a.xml").unwrap().unwrap();
        assert_eq!(part.note.map(|note| note.kind), Some(NoteKind::Skipped));
        assert!(part.text.len() > 1000 && text.starts_with(&part.text[..1000]));
    }

    #[test]
    fn bytes_that_are_no_text_keep_the_others_in_place() {
        let (text, mended) = decode(b"<t>caf\xE9 \xE2\x82 end\xC3".to_vec());
        assert_eq!((text.as_str(), mended), ("<t>caf? ?? end?", true));
        assert_eq!(decode("<t>café</t>".into()), ("<t>café</t>".to_owned(), false));
    }

    #[test]
    fn utf_16_is_decoded() {
        let bytes = [0xFF, 0xFE].into_iter().chain("<t/>".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(decode(bytes), ("<t/>".to_owned(), false));
    }

    #[test]
    fn a_container_without_its_end_is_read_as_far_as_it_goes() {
        let text: String = (0..20_000).map(|i| format!("<p>{}</p>", i * 7919 % 10_007)).collect();
        let parts = [("a.xml", &b"<a/>"[..]), ("b.png", &b"x"[..]), ("c.xml", text.as_bytes())];
        let bytes = zipped(&parts, CompressionMethod::Deflated);
        let mut package = Package::open("cut.docx", "zip", &bytes[..bytes.len() / 2]).unwrap();
        assert!(package.note().is_some() && package.has("a.xml") && !package.has("b.png"));
        assert_eq!(package.part("a.xml").unwrap().unwrap().text, "<a/>");
        let cut = package.part("c.xml").unwrap().unwrap();
        assert!(cut.note.is_some() && cut.text.len() > 1000 && text.starts_with(&cut.text[..1000]));
        assert!(package.part("d.xml").unwrap().is_none());
    }

    #[test]
    fn what_is_no_zip_is_damaged() {
        assert!(matches!(Package::open("x.docx", "zip", b"PK\x03\x04 and no more"), Err(ReadError::Damaged { .. })));
    }
}
