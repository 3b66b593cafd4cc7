//! This is the archive: many plans scored, and how consistent they are.
//!
//! ```text
//! folders, archives, records ─ inputs ─▶ Input ─ score (pure) ─▶ ScoredPlan ─ tables ─▶ shards ─▶ the outputs
//!                                                                                └ statistics ─▶ report
//! ```
//! [`score::score`] is pure: rows in, rows out; [`batches`] is the same over Arrow, for another engine to call. Files are touched by [`inputs`],
//! [`store`] and [`run`] alone.

pub mod batches;
pub mod hash;
pub mod impact;
pub mod input;
pub mod inputs;
pub mod metadata;
pub mod outputs;
pub mod plan;
pub mod privacy;
pub mod quantum;
mod report;
pub mod run;
pub mod score;
pub mod statistics;
pub mod store;
pub mod tables;
pub mod wording;
