//! This is one input of an archive as it was read: bytes with a name, or the reason why there are none.

use super::hash::{Content, content, key};
use super::metadata::{Given, Head};
use crate::document::Setting;
use crate::readers::ReadError;
use serde::{Deserialize, Serialize};

/// A file, a member of an archive, or a record, read whole.
#[derive(Debug, Clone)]
pub struct Input {
    /// What the outputs call the plan: a record's id, else the path below what was named.
    pub id: String,
    /// The file that it came from, with a member of an archive after `/`.
    pub source: String,
    /// What it is.
    pub body: Body,
    /// Metadata of a record.
    pub given: Given,
    /// Where the child is educated, if record, table, path or arguments say so.
    pub educated: Option<Setting>,
    /// The hash of its id and bytes.
    pub hash: Content,
}

/// An input as it comes from a file.
#[derive(Debug, Clone)]
pub struct Raw {
    /// The file, with a member of an archive after `/`.
    pub source: String,
    /// The line or row of a record, counted from 1.
    pub line: Option<u64>,
    /// Its bytes.
    pub body: Body,
}

/// The bytes of an input.
#[derive(Debug, Clone)]
pub enum Body {
    /// A file of any format that is read.
    File(Vec<u8>),
    /// A JSON object with a text or sections.
    Record(Vec<u8>),
}

impl Body {
    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::File(bytes) | Self::Record(bytes) => bytes,
        }
    }
}

impl Input {
    /// An input with what its own bytes say of it; a record's line is its name where it has no id.
    pub fn new(raw: Raw) -> Self {
        let Raw { source, line, body } = raw;
        let head = match &body {
            Body::Record(record) => Head::of(record),
            Body::File(_) => Head::default(),
        };
        let id = head.id.unwrap_or_else(|| match line {
            Some(line) => format!("{source}:{line}"),
            None => source.clone(),
        });
        let hash = content(&[id.as_bytes(), body.bytes()]);
        let educated = head.given.educated();
        Self { id, source, body, given: head.given, educated, hash }
    }

    /// Its id in eight bytes.
    pub fn key(&self) -> u64 {
        key(&self.id)
    }
}

/// An input that gives no scores, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejected {
    /// Where it stands: the path, with a member or a line.
    pub input: String,
    /// The sort of reason.
    pub reason: Reason,
    /// What is wrong and what to do, without any words of the plan.
    pub detail: String,
}

/// Why an input was rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The system gave an error.
    Unreadable,
    /// Not a format that is read.
    Unsupported,
    /// No bytes or only blanks.
    Empty,
    /// Protected by a password.
    Encrypted,
    /// The format is known but the file is damaged or cut short.
    Damaged,
    /// Larger than any plan, or it unpacks to far more than it is.
    TooLarge,
    /// Pages are images: they need OCR.
    Scanned,
    /// Neither outcomes nor provision were found.
    NothingFound,
    /// A line or row that is no record of a plan.
    NotARecord,
    /// A member's name that leads out of its archive.
    UnsafeName,
    /// A link that leads back to a folder around it, or a link in an archive.
    Link,
    /// Not a regular file.
    NotAFile,
    /// An earlier input has the same id.
    DuplicateId,
    /// The file changed while it was read; what was read is in the outputs.
    Changed,
}

impl Reason {
    /// The name in files: `too_large`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Unsupported => "unsupported",
            Self::Empty => "empty",
            Self::Encrypted => "encrypted",
            Self::Damaged => "damaged",
            Self::TooLarge => "too_large",
            Self::Scanned => "scanned",
            Self::NothingFound => "nothing_found",
            Self::NotARecord => "not_a_record",
            Self::UnsafeName => "unsafe_name",
            Self::Link => "link",
            Self::NotAFile => "not_a_file",
            Self::DuplicateId => "duplicate_id",
            Self::Changed => "changed",
        }
    }
}

impl Rejected {
    /// A rejection.
    pub fn new(input: impl Into<String>, reason: Reason, detail: impl Into<String>) -> Self {
        Self { input: input.into(), reason, detail: detail.into() }
    }

    /// The rejection of an input that no reader could read.
    pub fn unread(input: &str, error: &ReadError) -> Self {
        let reason = match error {
            ReadError::Unknown { .. } | ReadError::Unsupported { .. } => Reason::Unsupported,
            ReadError::Empty { .. } => Reason::Empty,
            ReadError::Encrypted { .. } => Reason::Encrypted,
            ReadError::Damaged { .. } => Reason::Damaged,
            ReadError::TooMuch { .. } => Reason::TooLarge,
        };
        let detail = error.to_string();
        let detail = detail.strip_prefix(input).and_then(|rest| rest.strip_prefix(": ")).unwrap_or(&detail);
        Self::new(input, reason, detail)
    }
}
