//! This is the way in: bytes of any plan format become a [`Document`].
//!
//! The format is recognised by content, never by name. A half-readable plan is read, with
//! [`Note`](crate::document::Note)s; an unreadable one is an error that says what to do. Nothing here panics on any
//! input: code of others that might is run behind `guard`.

mod asked;
mod build;
mod detect;
mod doc;
pub(crate) mod docx;
mod encoding;
mod flow;
pub(crate) mod guard;
mod html;
mod jsonl;
mod marker;
pub(crate) mod markup;
mod numeral;
pub(crate) mod odt;
pub(crate) mod package;
mod pdf;
mod rtf;
mod text;

use crate::document::{Document, Format};
pub use detect::detect;

/// Reads one input: a plan, or a JSON Lines file with one plan a record (hence several documents).
///
/// `name` is used for display only.
///
/// # Errors
/// [`ReadError`] where nothing of the input can be read.
pub fn read(name: &str, bytes: &[u8]) -> Result<Vec<Document>, ReadError> {
    let mut documents = match detect::named(name, bytes)? {
        Format::Docx => vec![docx::read(name, bytes)?],
        Format::Odt => vec![odt::read(name, bytes)?],
        Format::Pdf => vec![pdf::read(name, bytes)?],
        Format::Html => vec![html::read(name, bytes)?],
        Format::Text => vec![text::read(name, bytes)?],
        Format::Jsonl => jsonl::read(name, bytes)?,
        Format::Rtf => vec![rtf::read(name, bytes)?],
        Format::Doc => vec![doc::read(name, bytes)?],
    };
    for document in &mut documents {
        flow::number(&mut document.blocks, 0);
    }
    Ok(documents)
}

/// Reads plain text or Markdown that is characters already, as an editor holds it. Places are those of `text`.
pub fn read_text(name: &str, text: &str) -> Document {
    let mut document = Document::new(name, Format::Text);
    text::take_in(&mut document, text);
    flow::number(&mut document.blocks, 0);
    document
}

/// Reads one record of a JSON Lines file: a plan as a text or as its sections. `name` is what it is called where the
/// record has no id.
///
/// # Errors
/// Why there is no plan in it, without any words of it.
pub fn record(name: &str, line: &[u8]) -> Result<Document, String> {
    let mut document = jsonl::record(name, 1, line)?;
    flow::number(&mut document.blocks, 0);
    Ok(document)
}

/// Why an input could not be read, and what to do about it. Messages hold no plan text.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// Not a format that clearplan reads.
    #[error(
        "{name}: not a Word, OpenDocument, PDF, HTML, text or JSON Lines file; save the plan as .docx or PDF and try again"
    )]
    Unknown {
        /// The input's display name.
        name: String,
    },
    /// A known format that is not read.
    #[error("{name}: this is {what}, which clearplan does not read; {advice}")]
    Unsupported {
        /// The input's display name.
        name: String,
        /// What it is: "an Excel workbook".
        what: &'static str,
        /// What to do.
        advice: &'static str,
    },
    /// No bytes, or nothing but blanks.
    #[error("{name}: the file is empty; check that it was saved or copied completely")]
    Empty {
        /// The input's display name.
        name: String,
    },
    /// Protected by a password.
    #[error("{name}: the file is protected by a password; open it, remove the password, save it and try again")]
    Encrypted {
        /// The input's display name.
        name: String,
    },
    /// The format is known but the file is damaged.
    #[error(
        "{name}: this {what} is damaged and cannot be read ({why}); open it in the program it came from, save it again, or save it as .docx or PDF"
    )]
    Damaged {
        /// The input's display name.
        name: String,
        /// What it is: "PDF".
        what: &'static str,
        /// What was found, without any words of the plan.
        why: String,
    },
    /// Larger than any plan, or not read within the time allowed.
    #[error("{name}: reading was given up ({why}); a plan is far smaller: check the file, or split it")]
    TooMuch {
        /// The input's display name.
        name: String,
        /// Which limit was met.
        why: String,
    },
}
