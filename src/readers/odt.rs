//! This is the reader for OpenDocument texts (.odt): one pass over each part, byte ranges kept.
//!
//! Tracked changes are read as accepted; hidden text and prompts are not read. Byte ranges are those of `content.xml`;
//! headers, footers and notes have none. A heading with automatic numbering begins with its number, which has no byte
//! range.

mod comments;
mod styles;
mod walk;

use self::styles::Styles;
use self::walk::walk;
use super::ReadError;
use super::flow::{Stop, number};
use super::markup::{Markup, Token};
use super::package::Package;
use crate::document::{Document, Format, Note, NoteKind};

/// What errors call such a file.
const WHAT: &str = "OpenDocument text";

/// The namespaces that matter, by their usual prefixes.
pub(crate) const ODF: &[(&str, &str)] = &[
    ("urn:oasis:names:tc:opendocument:xmlns:text:1.0", "text"),
    ("urn:oasis:names:tc:opendocument:xmlns:table:1.0", "table"),
    ("urn:oasis:names:tc:opendocument:xmlns:style:1.0", "style"),
    ("urn:oasis:names:tc:opendocument:xmlns:office:1.0", "office"),
    ("urn:oasis:names:tc:opendocument:xmlns:drawing:1.0", "draw"),
    ("urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0", "svg"),
    ("urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0", "loext"),
];

/// Reads an OpenDocument text.
///
/// # Errors
/// [`ReadError::Encrypted`], [`ReadError::TooMuch`], and [`ReadError::Damaged`] where nothing of the text can be
/// reached; a document that is damaged further on is read up to there, with a note.
pub(crate) fn read(name: &str, bytes: &[u8]) -> Result<Document, ReadError> {
    let mut package = Package::open(name, WHAT, bytes)?;
    if is_encrypted(&mut package) {
        return Err(ReadError::Encrypted { name: name.to_owned() });
    }
    let mut document = Document::new(name, Format::Odt);
    document.notes.extend(package.note());
    let damaged = |why: String| ReadError::Damaged { name: name.to_owned(), what: WHAT, why };
    let part = package.part("content.xml")?.ok_or_else(|| damaged("content.xml is missing".to_owned()))?;
    document.notes.extend(part.note);

    let mut styles = Styles::default();
    let mut footers = Vec::new();
    match package.part("styles.xml") {
        Ok(Some(sheet)) => {
            document.notes.extend(sheet.note);
            styles.read(&sheet.text, false);
            let story = walk(&sheet.text, &styles);
            document.notes.extend(story.stopped.map(|stop| stop.note("styles.xml")));
            document.blocks.extend(story.headers);
            footers = story.footers;
        }
        Ok(None) => {}
        Err(_) => document.notes.push(Note {
            kind: NoteKind::Skipped,
            message: "styles.xml cannot be unpacked and was left out.".to_owned(),
            page: None,
        }),
    }
    styles.read(&part.text, true);

    let body = walk(&part.text, &styles);
    if let (Some(Stop::Damaged(at)), true) = (body.stopped, body.blocks.is_empty()) {
        return Err(damaged(format!("content.xml cannot be read after byte {at}")));
    }
    document.notes.extend(body.stopped.map(|stop| stop.note("content.xml")));
    if body.blocks.is_empty() && body.pictures > 0 {
        document.notes.push(Note {
            kind: NoteKind::NeedsOcr,
            message: "The document holds pictures and no text; if they are scanned pages, run OCR first.".to_owned(),
            page: None,
        });
    }
    document.blocks.extend(body.blocks);
    document.blocks.extend(footers);
    number(&mut document.blocks, 0);
    let asked = comments::read(&part.text, &document.paragraphs());
    document.comments = asked;
    Ok(document)
}

/// True where the manifest says that the text is locked with a password.
fn is_encrypted(package: &mut Package<'_>) -> bool {
    let Ok(Some(manifest)) = package.part("META-INF/manifest.xml") else { return false };
    let mut markup = Markup::new(&manifest.text, &[]);
    let mut text = false;
    while let Ok(Some(token)) = markup.next() {
        let Token::Open(element) = token else { continue };
        match element.name {
            // Newer files lock the whole package as one entry.
            "file-entry" => {
                let path = element.attr("full-path").unwrap_or_default();
                text = path == "content.xml" || path == "encrypted-package";
            }
            "encryption-data" if text => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests;
