//! This is `clearplan rules`: the catalogue.

use super::{Exit, Failure, TableFormat, engine, output};
use clearplan::rules::Rule;
use std::path::PathBuf;

/// List the rules
#[derive(Debug, clap::Args)]
pub struct Rules {
    /// How to print them; json gives every field
    #[arg(long, value_enum, default_value = "text")]
    format: TableFormat,
    /// A folder of your own rules (.toml), on top of the built-in ones
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
}

impl Rules {
    /// Prints every rule in force.
    pub fn run(self) -> Result<Exit, Failure> {
        let engine = engine(self.rules.as_deref())?;
        let rules = engine.rules().rules();
        let page = match self.format {
            TableFormat::Text => text(rules),
            TableFormat::Markdown => markdown(rules),
            TableFormat::Json => {
                serde_json::to_string_pretty(rules)
                    .map_err(|error| Failure::Usage(format!("the rules could not be written as JSON ({error})")))?
                    + "\n"
            }
        };
        output::print(page.as_bytes())?;
        Ok(Exit::Clean)
    }
}

fn text(rules: &[Rule]) -> String {
    let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    let mut out = String::new();
    for rule in rules {
        out.push_str(&format!("{:width$}  {:7}  {}\n", rule.id, rule.severity.name(), rule.summary));
    }
    out.push_str(&format!("\n{} rules. More about one: clearplan explain ID\n", rules.len()));
    out
}

fn markdown(rules: &[Rule]) -> String {
    let mut out = String::from("| rule | severity | what it faults | source |\n|---|---|---|---|\n");
    for rule in rules {
        out.push_str(&format!(
            "| `{}` | {} | {} | [{}]({}) |\n",
            rule.id,
            rule.severity.name(),
            rule.summary.replace('|', "\\|"),
            rule.source.title.replace('|', "\\|"),
            rule.source.url
        ));
    }
    out
}
