//! clearplan reads Education, Health and Care plans and says, at the very words, which outcomes are vague and which
//! provision is not specific.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod assess;
pub mod document;
pub mod engine;
pub mod facts;
pub mod readers;
pub mod review;
pub mod rubric;
pub mod rules;
pub mod scoring;
pub mod segment;
pub mod signals;
pub mod span;
pub mod suggest;
pub mod words;
pub mod writers;
