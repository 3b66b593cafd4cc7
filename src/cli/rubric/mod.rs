//! This is `clearplan rubric`: the rubrics that are compiled in, one review under any of them, and a fit to a council's
//! own grades.

mod apply;
mod fit;

use super::{Exit, Failure, output};
use clearplan::rubric::Rubric;
use std::path::Path;

/// Rubrics: list them, print one, grade plans by several, fit one to grades that people gave
#[derive(Debug, clap::Args)]
pub struct Rubrics {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// List the rubrics that are compiled in, with their grades
    List,
    /// Print the file of one, to begin your own with
    Show {
        /// Its name
        name: String,
    },
    /// Grade plans by one rubric or several
    Apply(apply::Apply),
    /// Fit the weights and grades of a rubric to grades that people gave
    Fit(fit::Fit),
}

impl Rubrics {
    /// Does what was asked.
    pub fn run(self) -> Result<Exit, Failure> {
        match self.what {
            What::List => {
                let mut page = String::new();
                for name in Rubric::NAMES {
                    let rubric = load(name)?;
                    let grades: Vec<&str> = rubric.grades().iter().map(|grade| grade.name.as_str()).collect();
                    page += &format!("{name:<20}{}\n", grades.join(" · "));
                }
                output::print(page.as_bytes())?;
                Ok(Exit::Clean)
            }
            What::Show { name } => {
                let file = Rubric::file(&name).ok_or_else(|| unknown(&name))?;
                output::print(file.as_bytes())?;
                Ok(Exit::Clean)
            }
            What::Apply(apply) => apply.run(),
            What::Fit(fit) => fit.run(),
        }
    }
}

/// A rubric by its name, or from a file.
pub fn load(name: &str) -> Result<Rubric, Failure> {
    if let Some(rubric) = Rubric::named(name) {
        return Ok(rubric);
    }
    let path = Path::new(name);
    if path.extension().is_none() && !path.exists() {
        return Err(unknown(name));
    }
    let text = std::fs::read_to_string(path).map_err(|error| Failure::Usage(output::unreadable(name, &error)))?;
    Rubric::from_toml(&text).map_err(|error| Failure::Usage(format!("{name}: {error}")))
}

fn unknown(name: &str) -> Failure {
    Failure::Usage(format!("there is no rubric called {name}; name a file, or one of: {}", Rubric::NAMES.join(", ")))
}
