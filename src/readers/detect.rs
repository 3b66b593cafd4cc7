//! This is how a format is recognised: by what the bytes are, never by the file's name.

use super::{ReadError, encoding};
use crate::document::Format;
use aho_corasick::AhoCorasick;
use std::io::{Cursor, Read};

/// The format of some bytes, by content.
///
/// # Errors
/// [`ReadError::Unknown`] where they are none of the formats, [`ReadError::Unsupported`] where they are another known
/// one, [`ReadError::Encrypted`] and [`ReadError::Empty`] where that shows at once. The errors call the bytes "input".
pub fn detect(bytes: &[u8]) -> Result<Format, ReadError> {
    named("input", bytes)
}

/// [`detect`] with the input's display name in its errors.
pub(super) fn named(name: &str, bytes: &[u8]) -> Result<Format, ReadError> {
    sniff(bytes).map_err(|refusal| match refusal {
        Refusal::Empty => ReadError::Empty { name: name.to_owned() },
        Refusal::Unknown => ReadError::Unknown { name: name.to_owned() },
        Refusal::Encrypted => ReadError::Encrypted { name: name.to_owned() },
        Refusal::Other(what, advice) => ReadError::Unsupported { name: name.to_owned(), what, advice },
    })
}

enum Refusal {
    Empty,
    Unknown,
    Encrypted,
    Other(&'static str, &'static str),
}

const EXPORT: &str = "save the plan as .docx or PDF and try again";
const OCR: &str = "turn it into a PDF with a text layer first (ocrmypdf --image-dpi 300 IMAGE plan.pdf)";
const UNPACK: &str = "unpack it and give the plans inside";
const MAIL: &str = "save the attached plan and give that";

/// How far into a file its signature may stand, in bytes.
const HEAD: usize = 1024;

fn sniff(bytes: &[u8]) -> Result<Format, Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::Empty);
    }
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return archive(bytes);
    }
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
        return compound(bytes);
    }
    if head.windows(5).any(|window| window == b"%PDF-") {
        return Ok(Format::Pdf);
    }
    if let Some((_, what, advice)) = SIGNATURES.iter().find(|(signature, ..)| bytes.starts_with(signature)) {
        return Err(Refusal::Other(what, advice));
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        return Err(Refusal::Other("a photo or film", OCR));
    }
    textual(bytes)
}

/// Files that are told by their first bytes.
const SIGNATURES: &[(&[u8], &str, &str)] = &[
    (b"\x89PNG\r\n", "an image (PNG)", OCR),
    (b"\xFF\xD8\xFF", "an image (JPEG)", OCR),
    (b"GIF87a", "an image (GIF)", OCR),
    (b"GIF89a", "an image (GIF)", OCR),
    (b"II*\0", "an image (TIFF)", OCR),
    (b"MM\0*", "an image (TIFF)", OCR),
    (b"RIFF", "an image, sound or film", OCR),
    (b"8BPS", "an image (Photoshop)", OCR),
    (b"\x1F\x8B", "a gzip archive", UNPACK),
    (b"BZh", "a bzip2 archive", UNPACK),
    (b"\xFD7zXZ\0", "an xz archive", UNPACK),
    (b"\x28\xB5\x2F\xFD", "a zstd archive", UNPACK),
    (b"7z\xBC\xAF\x27\x1C", "a 7-Zip archive", UNPACK),
    (b"Rar!\x1A\x07", "a RAR archive", UNPACK),
    (b"%!PS", "a PostScript file", EXPORT),
    (b"\x7FELF", "a program", EXPORT),
    (b"MZ", "a program", EXPORT),
    (b"PAR1", "a Parquet table", "write its text out as JSON Lines first"),
    (b"SQLite format 3\0", "a database", "write its text out as JSON Lines first"),
    (b"\xFFWPC", "a WordPerfect document", EXPORT),
    (b"\xDB\xA5", "a document of Word 2", EXPORT),
    (b"\x31\xBE\0\0", "a document of Word for DOS or Windows Write", EXPORT),
];

/// What a zip archive holds.
fn archive(bytes: &[u8]) -> Result<Format, Refusal> {
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else {
        // The directory at the end is gone: the names also stand before each member.
        let holds = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
        return if holds(b"word/document") {
            Ok(Format::Docx)
        } else if holds(b"application/vnd.oasis.opendocument.text") {
            Ok(Format::Odt)
        } else {
            Err(Refusal::Other("a damaged zip archive", "copy or save the file again"))
        };
    };
    let mut mimetype = String::new();
    if let Ok(member) = archive.by_name("mimetype") {
        // A mimetype is a short line; more than that is not one.
        let _ = member.take(200).read_to_string(&mut mimetype);
    }
    if let Some(kind) = mimetype.trim().strip_prefix("application/vnd.oasis.opendocument.") {
        return match kind {
            "text" | "text-template" | "text-master" => Ok(Format::Odt),
            "spreadsheet" => Err(Refusal::Other("an OpenDocument spreadsheet", EXPORT)),
            "presentation" => Err(Refusal::Other("an OpenDocument presentation", EXPORT)),
            "graphics" => Err(Refusal::Other("an OpenDocument drawing", EXPORT)),
            _ => Err(Refusal::Other("an OpenDocument file that is not text", EXPORT)),
        };
    }
    if mimetype.trim() == "application/epub+zip" {
        return Err(Refusal::Other("an e-book", EXPORT));
    }
    let holds = |prefix: &str| archive.file_names_raw().any(|name| name.starts_with(prefix.as_bytes()));
    if holds("word/document") {
        Ok(Format::Docx)
    } else if holds("xl/") {
        Err(Refusal::Other("an Excel workbook", EXPORT))
    } else if holds("ppt/") {
        Err(Refusal::Other("a PowerPoint presentation", EXPORT))
    } else if holds("visio/") {
        Err(Refusal::Other("a Visio drawing", EXPORT))
    } else if holds("Index/Document.iwa") || holds("index.xml") || holds("Index.zip") {
        Err(Refusal::Other("an Apple Pages document", "export the plan as Word or PDF and try again"))
    } else {
        Err(Refusal::Other("a zip archive", UNPACK))
    }
}

/// What an OLE2 compound file holds, by the names in its directory.
fn compound(bytes: &[u8]) -> Result<Format, Refusal> {
    const NAMES: [&str; 7] = [
        "WordDocument",
        "EncryptedPackage",
        "EncryptionInfo",
        "Workbook",
        "PowerPoint Document",
        "__properties_version1.0",
        "VisioDocument",
    ];
    let patterns = NAMES.map(|name| name.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>());
    let Ok(finder) = AhoCorasick::new(patterns) else { return Err(Refusal::Unknown) };
    let mut found = [false; NAMES.len()];
    for hit in finder.find_overlapping_iter(bytes) {
        if let Some(seen) = found.get_mut(hit.pattern().as_usize()) {
            *seen = true;
        }
        if found.iter().all(|seen| *seen) {
            break;
        }
    }
    match found {
        // A mail may hold a Word file as an attachment, a Word file no mail.
        [.., true, _] => Err(Refusal::Other("an Outlook message", MAIL)),
        [_, true, ..] | [_, _, true, ..] => Err(Refusal::Encrypted),
        [true, ..] => Ok(Format::Doc),
        [_, _, _, true, ..] => Err(Refusal::Other("an Excel workbook", EXPORT)),
        [_, _, _, _, true, ..] => Err(Refusal::Other("a PowerPoint presentation", EXPORT)),
        [.., true] => Err(Refusal::Other("a Visio drawing", EXPORT)),
        _ => Err(Refusal::Other("an old Office or Works file", EXPORT)),
    }
}

/// Which of the formats that are text this is.
fn textual(bytes: &[u8]) -> Result<Format, Refusal> {
    // Enough to tell by; a character cut in two at the end is cut off.
    const SAMPLE: usize = 64 * 1024;
    let sample = encoding::sample(bytes, SAMPLE);
    let start = sample.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if start.is_empty() {
        return if bytes.len() > SAMPLE { Err(Refusal::Unknown) } else { Err(Refusal::Empty) };
    }
    if start.starts_with("{\\rtf") {
        return Ok(Format::Rtf);
    }
    if !encoding::is_readable(&sample) {
        return Err(Refusal::Unknown);
    }
    if let Some(line) = start.lines().next()
        && line.starts_with(['{', '['])
        && let Some(answer) = json(line, start.len() == line.len() && bytes.len() > SAMPLE)
    {
        return answer;
    }
    if starts_with_ignoring_case(start, "<?xml") {
        let early = start.get(..start.floor_char_boundary(2000)).unwrap_or(start);
        if early.contains("office:document") {
            return Err(Refusal::Other("a flat OpenDocument file", "save the plan as .odt or .docx and try again"));
        }
        if early.contains("Word.Document") || early.contains("wordml") || early.contains("/package/2006/xmlPackage") {
            return Err(Refusal::Other("a Word XML document", EXPORT));
        }
        if !early.to_ascii_lowercase().contains("<html") {
            return Err(Refusal::Other("an XML file", EXPORT));
        }
        return Ok(Format::Html);
    }
    if is_html(start) {
        return Ok(Format::Html);
    }
    if is_mail(start) {
        return Err(Refusal::Other("a mail or a saved web archive", MAIL));
    }
    Ok(Format::Text)
}

/// Whether a first line that opens a bracket is a record of JSON Lines, other JSON, or neither.
fn json(line: &str, cut: bool) -> Option<Result<Format, Refusal>> {
    const LINES: &str = "give JSON Lines, one object with \"text\" or \"sections\" a line (jq -c can write that)";
    match serde_json::from_str::<serde_json::Value>(line) {
        Ok(serde_json::Value::Object(fields)) => {
            let known = ["text", "sections"].iter().any(|field| fields.contains_key(*field));
            Some(if known {
                Ok(Format::Jsonl)
            } else {
                Err(Refusal::Other("JSON without a \"text\" or \"sections\" field", LINES))
            })
        }
        Ok(serde_json::Value::Array(_)) => Some(Err(Refusal::Other("a JSON list", LINES))),
        Ok(_) => None,
        // One record longer than the sample.
        Err(_) if cut && line.starts_with("{\"") => Some(Ok(Format::Jsonl)),
        Err(error) if error.is_eof() && matches!(line.trim(), "{" | "[") => {
            Some(Err(Refusal::Other("JSON spread over several lines", LINES)))
        }
        // A first record that was spoilt must not turn a whole archive into prose.
        Err(_) if line.starts_with("{\"") => Some(Ok(Format::Jsonl)),
        Err(_) => None,
    }
}

fn is_html(start: &str) -> bool {
    let mut rest = start;
    // Comments may stand before the first element; there are never many.
    for _ in 0..20 {
        match rest.strip_prefix("<!--") {
            Some(comment) => match comment.find("-->") {
                Some(end) => rest = comment.get(end + 3..).unwrap_or("").trim_start(),
                None => return false,
            },
            None => break,
        }
    }
    const OPENERS: &[&str] = &[
        "<!doctype html",
        "<html",
        "<head",
        "<body",
        "<title",
        "<meta",
        "<style",
        "<script",
        "<div",
        "<p",
        "<h1",
        "<h2",
        "<h3",
        "<table",
        "<ul",
        "<ol",
        "<main",
        "<article",
        "<section",
        "<span",
        "<font",
    ];
    OPENERS.iter().any(|opener| {
        starts_with_ignoring_case(rest, opener)
            && rest.as_bytes().get(opener.len()).is_none_or(|next| !next.is_ascii_alphanumeric())
    })
}

fn is_mail(start: &str) -> bool {
    const FIELDS: &[&str] =
        &["received:", "return-path:", "mime-version:", "message-id:", "x-mozilla", "delivered-to:"];
    let mut fields = start.lines().take(40).take_while(|line| !line.is_empty());
    let first_is_field =
        start.lines().next().and_then(|line| line.split_once(':')).is_some_and(|(field, _)| !field.contains(' '));
    first_is_field && fields.any(|line| FIELDS.iter().any(|field| starts_with_ignoring_case(line, field)))
}

fn starts_with_ignoring_case(text: &str, prefix: &str) -> bool {
    text.as_bytes().get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
}

#[cfg(test)]
mod tests;
