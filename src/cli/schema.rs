//! This is `clearplan schema`: the JSON Schemas of our formats, as they are in the repository.

use super::{Exit, Failure, output};
use clap::ValueEnum;

/// Print the JSON Schema of a format
#[derive(Debug, clap::Args)]
pub struct Schema {
    /// The format
    #[arg(value_enum)]
    name: Name,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Name {
    /// A row that classify reads
    ClassifyRow,
    /// A row that classify writes
    ClassifyResult,
    /// What check --format json writes
    Check,
    /// What compare --format json writes
    Compare,
    /// What rules --format json writes
    Rule,
    /// What rules impact --format json writes
    RulesImpact,
    /// summary.json of score
    ScoreSummary,
    /// privacy.json of score
    ScorePrivacy,
    /// A line of rejected.jsonl of score
    ScoreRejected,
    /// A line of metadata.jsonl of score
    ScoreMetadata,
    /// A line of the manifest that score keeps
    ScoreManifest,
}

impl Schema {
    /// Prints the schema.
    pub fn run(self) -> Result<Exit, Failure> {
        let text = match self.name {
            Name::ClassifyRow => include_str!("../../schemas/classify-row.schema.json"),
            Name::ClassifyResult => include_str!("../../schemas/classify-result.schema.json"),
            Name::Check => include_str!("../../schemas/check.schema.json"),
            Name::Compare => include_str!("../../schemas/compare.schema.json"),
            Name::Rule => include_str!("../../schemas/rule.schema.json"),
            Name::RulesImpact => include_str!("../../schemas/rules-impact.schema.json"),
            Name::ScoreSummary => include_str!("../../schemas/score-summary.schema.json"),
            Name::ScorePrivacy => include_str!("../../schemas/score-privacy.schema.json"),
            Name::ScoreRejected => include_str!("../../schemas/score-rejected.schema.json"),
            Name::ScoreMetadata => include_str!("../../schemas/score-metadata.schema.json"),
            Name::ScoreManifest => include_str!("../../schemas/score-manifest.schema.json"),
        };
        output::print(text.as_bytes())?;
        Ok(Exit::Clean)
    }
}
