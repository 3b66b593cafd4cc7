//! This is the way out: a [`Review`](crate::review::Review) becomes text, JSON, JSON Lines, SARIF or HTML, or is
//! written into the plan itself.
//!
//! Every writer is pure: reviews in, text or bytes out. What a person reads (text, HTML) and what a program reads (JSON,
//! JSON Lines, SARIF) show the same findings.

pub mod compared;
mod container;
pub mod docx;
pub mod html;
pub mod json;
pub mod jsonl;
pub mod live;
pub mod marked;
pub mod odt;
pub(crate) mod page;
pub mod remark;
pub mod sarif;
pub mod text;
mod words;

pub use container::{WriteError, Written};

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
