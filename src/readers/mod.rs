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
