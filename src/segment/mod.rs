//! This is segmentation: a [`Document`] becomes [`Section`]s of [`Statement`](crate::document::Statement)s.
//!
//! What the sections of a kind of plan are called, and what each holds, is data: `frameworks/*.toml`, one
//! [`Framework`] each.
//!
//! 1. `outline` looks through the plan once: which letters it uses, which headings are a contents list.
//! 2. `walk` goes through it again, paragraph by paragraph, and `table` through its tables, column by column (`column`); `under` knows sub-headings; `heading`
//!    says which lines open a section, `line` and `wording` what a line is.
//! 3. `sentence` and `list` cut what is left into statements (`content`), which inherit lead-ins, columns, neighbouring cells and
//!    headings with a deadline.
//!
//! # What goes where
//! - A statement is one sentence or list item, with the sentences after it that only go on about it ("These sessions
//!   will …"). Its text is always a slice of one paragraph.
//! - One [`Section`] for each heading, and one for each statement column of a table, in reading order; a section whose
//!   heading stands right above the table takes its own column. A real heading with nothing below it gives a section
//!   with no statements; a line of a contents list gives none.
//! - Strengths among needs, arrangements for monitoring, and whatever in section A is no wish are
//!   [`Kind::Other`](crate::document::Kind::Other), and so is prose in I, J, K and before the first section.
//! - Columns such as "By whom" and "How often" are inherited by the provision of their row, "By when" by the outcome;
//!   where the table has only one of the two, by that.
//! - The child's setting is the document's, else what the placement section says: "mainstream", "special school".

mod column;
mod content;
mod framework;
mod heading;
mod law;
mod line;
mod list;
mod outline;
mod sentence;
mod table;
#[cfg(test)]
mod tests;
mod under;
mod walk;
mod wording;

pub use framework::{Framework, FrameworkError};
pub(crate) use heading::named;
pub use law::Law;
pub(crate) use law::limit;

use crate::document::{Document, Section};

/// The sections of a plan in reading order, each with its statements.
///
/// Pure and never fails: a document with no recognisable section yields one section with an empty id, whose statements
/// have [`Kind::Other`](crate::document::Kind::Other), or none where it holds no prose.
pub fn segment(document: &Document, framework: &Framework) -> Vec<Section> {
    walk::Walk::new(framework, document).run(document)
}
