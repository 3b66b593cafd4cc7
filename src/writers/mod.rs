//! This is the way out: a [`Review`](crate::review::Review) becomes text, JSON, JSON Lines, SARIF or HTML.
//!
//! Every writer is pure: reviews in, one string out. What a person reads (text, HTML) and what a program reads (JSON,
//! JSON Lines, SARIF) show the same findings.

pub mod html;
pub mod json;
pub mod jsonl;
pub mod sarif;
pub mod text;
mod words;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
