//! This is `clearplan rules`: the catalogue, and what a council needs to write rules of its own.

mod impact;
mod test;

use super::{Exit, Failure, House, TableFormat, output};
use clearplan::rules::Rule;

/// List the rules; test your own, and see what they would flag in an archive
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Rules {
    #[command(subcommand)]
    action: Option<Action>,
    /// How to print them; json gives every field
    #[arg(long, value_enum, default_value = "text")]
    format: TableFormat,
    #[command(flatten)]
    house: House,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Run the examples of your own rules: what is marked must be found, what is good must be left alone
    Test(test::Test),
    /// See what your own rules would flag in an archive: how much, how much of it is new, and some to look at
    Impact(impact::Impact),
}

impl Rules {
    /// Prints every rule in force, or does what was asked with those of a folder.
    pub fn run(self) -> Result<Exit, Failure> {
        match self.action {
            Some(Action::Test(test)) => return test.run(),
            Some(Action::Impact(impact)) => return impact.run(),
            None => {}
        }
        let engine = self.house.load()?.engine()?;
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
