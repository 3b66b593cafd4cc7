//! This is `clearplan rubric apply`: one review, graded by any rubric.

use super::super::{Exit, Failure, Judging, output};
use super::load;
use clearplan::document::NoteKind;
use clearplan::readers;
use clearplan::rubric::Rubric;
use std::path::PathBuf;

/// Grade plans by one rubric or several
#[derive(Debug, clap::Args)]
pub struct Apply {
    /// The plans
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// A rubric's name or file; may be given several times [default: every rubric that is compiled in]
    #[arg(long, value_name = "NAME|FILE")]
    by: Vec<String>,
    #[command(flatten)]
    judging: Judging,
}

impl Apply {
    /// Grades and prints.
    pub fn run(self) -> Result<Exit, Failure> {
        let names: Vec<String> =
            if self.by.is_empty() { Rubric::NAMES.map(str::to_owned).to_vec() } else { self.by.clone() };
        let rubrics: Vec<(String, Rubric)> =
            names.iter().map(|name| Ok((name.clone(), load(name)?))).collect::<Result<_, Failure>>()?;
        let engine = self.judging.engine()?.without_suggestions();
        let pool = self.judging.pool()?;
        let (mut page, mut exit) = (String::new(), Exit::Clean);
        for path in &self.files {
            let name = output::name(path);
            let documents = output::read(path)
                .map_err(|error| output::unreadable(&name, &error))
                .and_then(|bytes| readers::read(&name, &bytes).map_err(|error| error.to_string()));
            let documents = match documents {
                Ok(documents) => documents,
                Err(message) => {
                    anstream::eprintln!("clearplan: {message}");
                    exit = Exit::Unreadable;
                    continue;
                }
            };
            for review in pool.install(|| engine.review_all(&documents)) {
                page += &format!("{}\n", review.document);
                for (name, rubric) in &rubrics {
                    let score = rubric.scores(&review.sections).plan;
                    let said = match (score.score, score.grade) {
                        (Some(score), Some(grade)) => format!("{grade} ({score:.0} of 100)"),
                        _ => "nothing was judged".to_owned(),
                    };
                    page += &format!("  {name:<20}{said}\n");
                    for answer in rubric.answers(&review.sections) {
                        let (mark, count) = match answer.yes {
                            Some(true) => ("yes", format!(" ({} of {})", answer.met, answer.of)),
                            Some(false) => ("no ", format!(" ({} of {})", answer.met, answer.of)),
                            None => ("–  ", String::new()),
                        };
                        page += &format!("    {mark} {}{count}\n", answer.question);
                    }
                    for item in rubric.undecidable() {
                        page += &format!("    ?   {} Not decidable from wording: {}\n", item.question, item.why);
                    }
                }
                if review.notes.iter().any(|note| matches!(note.kind, NoteKind::NeedsOcr | NoteKind::Empty)) {
                    anstream::eprintln!("clearplan: {}: part of it, or all, could not be read", review.document);
                    exit = Exit::Unreadable;
                }
            }
        }
        output::print(page.as_bytes())?;
        Ok(exit)
    }
}
