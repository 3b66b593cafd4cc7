//! This is the way in: bytes of any plan format become a [`Document`].
//!
//! The format is recognised by content, never by name. A half-readable plan is read, with [`Note`](crate::document::Note)s; an unreadable
//! one is an error that says what to do. Nothing here panics on any input.

use crate::document::{Document, Format};

mod docx;
mod flow;
mod markup;
mod numeral;
mod odt;
mod package;

/// Reads one input: a plan, or a JSON Lines file with one plan a record (hence several documents).
///
/// `name` is used for display only.
///
/// # Errors
/// [`ReadError`] where nothing of the input can be read.
pub fn read(name: &str, bytes: &[u8]) -> Result<Vec<Document>, ReadError> {
    match detect(bytes)? {
        _ => Err(ReadError::Unknown { name: name.to_owned() }),
    }
}

/// The format of some bytes, by content.
///
/// # Errors
/// [`ReadError::Unknown`] where they are none of the formats, [`ReadError::Encrypted`] and others where that shows at once.
pub fn detect(_bytes: &[u8]) -> Result<Format, ReadError> {
    Ok(Format::Text)
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
    /// The file is locked with a password.
    #[error("{name}: locked with a password; open it, save a copy without a password and try again")]
    Encrypted {
        /// The input's display name.
        name: String,
    },
    /// The format is clear, but nothing of the text can be reached.
    #[error("{name}: damaged: {what}; open it in a word processor, save it again and try again")]
    Damaged {
        /// The input's display name.
        name: String,
        /// Which part, and what is wrong with it.
        what: String,
    },
    /// Larger than any plan, or built to exhaust memory.
    #[error("{name}: too large: {what}; a plan is never so large: check where the file comes from")]
    TooLarge {
        /// The input's display name.
        name: String,
        /// What is too large, and the limit.
        what: String,
    },
}
