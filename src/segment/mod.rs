//! This is segmentation: a [`Document`] becomes [`Section`]s of [`Statement`](crate::document::Statement)s.
//!
//! What the sections of a kind of plan are called, and what each holds, is data: `frameworks/*.toml`.

use crate::document::{Document, Section};

/// The sections of a plan in reading order, each with its statements.
///
/// Pure and never fails: a document with no recognisable section yields one section with an empty id, whose statements
/// have [`Kind::Other`](crate::document::Kind::Other).
pub fn segment(_document: &Document) -> Vec<Section> {
    Vec::new()
}
