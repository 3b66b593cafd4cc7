//! This is the reader of web pages, and of what Word and mail programs save as such.

mod marks;
mod style;
mod table;
mod walk;

use super::{ReadError, encoding};
use crate::document::{Document, Format};
use scraper::Html;

/// Larger inputs are not plans.
const MOST_BYTES: usize = 64 << 20;

/// Reads an HTML file.
pub(crate) fn read(name: &str, bytes: &[u8]) -> Result<Document, ReadError> {
    if bytes.len() > MOST_BYTES {
        let why = format!("a page of more than {} MB", MOST_BYTES >> 20);
        return Err(ReadError::TooMuch { name: name.to_owned(), why });
    }
    let mut document = Document::new(name, Format::Html);
    let text = match declared(bytes) {
        Some(encoding) => encoding.decode(bytes).0.into_owned(),
        None => {
            let decoded = encoding::decode(bytes);
            document.notes.extend(decoded.note);
            decoded.text
        }
    };
    let page = Html::parse_document(&text);
    document.blocks = walk::blocks(page.root_element());
    Ok(document)
}

/// The encoding that the page names in its head; a byte-order mark or valid UTF-8 counts for more.
fn declared(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    if encoding_rs::Encoding::for_bom(bytes).is_some() || std::str::from_utf8(bytes).is_ok() {
        return None;
    }
    let head = bytes.get(..4096).unwrap_or(bytes).to_ascii_lowercase();
    let at = head.windows(8).position(|window| window == b"charset=")?;
    let label = head.get(at + 8..)?;
    let label: Vec<u8> = label
        .iter()
        .copied()
        .skip_while(|byte| matches!(byte, b'"' | b'\'' | b' '))
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':'))
        .collect();
    let encoding = encoding_rs::Encoding::for_label(&label)?;
    // Bytes that could be read as a label are no UTF-16.
    let wide = encoding == encoding_rs::UTF_16LE || encoding == encoding_rs::UTF_16BE;
    (!wide && encoding != encoding_rs::UTF_8).then_some(encoding)
}

#[cfg(test)]
mod tests;
