//! This is what commands take that honour waivers: a file of them, and the day by which they run out.

use super::Failure;
use super::day::Day;
use super::output;
use clearplan::document::Document;
use clearplan::review::Review;
use clearplan::rules::RuleSet;
use clearplan::waivers::{self, Waivers};
use std::path::PathBuf;

/// A file of waivers, and the day.
#[derive(Debug, clap::Args)]
pub struct Waiving {
    /// A file of findings to leave, each with its reason, owner and last day (docs/rules.md tells the form)
    #[arg(long, value_name = "FILE")]
    waivers: Option<PathBuf>,
    #[command(flatten)]
    day: Day,
}

/// What is waived in a run.
pub struct Waived {
    file: Waivers,
    /// The day.
    pub today: String,
}

impl Waiving {
    /// Reads the file.
    ///
    /// # Errors
    /// [`Failure::Usage`] where it cannot be read or is not of the form: it steers the run.
    pub fn load(&self) -> Result<Waived, Failure> {
        let today = self.day.day()?;
        let Some(path) = &self.waivers else { return Ok(Waived { file: Waivers::default(), today }) };
        let name = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|error| Failure::Usage(output::unreadable(&name, &error)))?;
        let text = String::from_utf8(bytes)
            .map_err(|_| Failure::Usage(format!("{name}: this is not UTF-8; save the file as UTF-8 in your editor")))?;
        let file = Waivers::from_toml(&name, text.trim_start_matches('\u{feff}'))
            .map_err(|error| Failure::Usage(format!("{name}: {error}; docs/rules.md tells the form")))?;
        Ok(Waived { file, today })
    }

    /// The day as it is now, for what runs over midnight.
    ///
    /// # Errors
    /// As for [`Waiving::load`].
    pub fn day(&self) -> Result<String, Failure> {
        self.day.day()
    }
}

impl Waived {
    /// No file, on that day.
    #[cfg(test)]
    pub fn none(today: &str) -> Self {
        Self { file: Waivers::default(), today: today.to_owned() }
    }

    /// Does what the comments of a plan ask for.
    pub fn by_comments(&self, review: &mut Review, document: &Document, rules: &RuleSet) {
        waivers::by_comments(review, &document.comments, rules, &self.today);
    }

    /// Does what the comments of a plan ask for, and gives the ordinals of those that waive nothing with the reasons.
    pub fn refused(&self, review: &mut Review, document: &Document, rules: &RuleSet) -> Vec<(usize, String)> {
        waivers::refused(review, &document.comments, rules, &self.today)
    }

    /// Does what the file asks for.
    pub fn by_file(&self, reviews: &mut [Review], rules: &RuleSet) {
        self.file.apply(reviews, rules, &self.today);
    }
}
