//! This is `clearplan rubric fit`: grades that people gave, joined to the scores of their plans, become a rubric.

use super::super::{Exit, Failure, Judging, output};
use clearplan::readers;
use clearplan::rubric::fit::{self, Fitted, Graded};
use rayon::prelude::*;
use std::path::{Path, PathBuf};

/// Fit the weights and grades of a rubric to grades that people gave
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The table is a CSV with the columns plan (a file, from the table's folder) and grade, one plan a row:
  plan,grade
  2024/0117.docx,good
  2024/0118.docx,requires improvement

At least 50 graded plans are needed. The rubric is for check, score and annotate with --rubric, and for rubric apply."
)]
pub struct Fit {
    /// The table of grades (.csv)
    #[arg(value_name = "HUMAN-GRADES.csv")]
    table: PathBuf,
    /// The grades from the best to the worst, as in good,fair,poor [default: grades that are numbers, the highest first]
    #[arg(long, value_delimiter = ',', value_name = "GRADES")]
    scale: Vec<String>,
    /// Write the rubric to this file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    judging: Judging,
}

impl Fit {
    /// Judges the plans, fits, and reports.
    pub fn run(self) -> Result<Exit, Failure> {
        let rows = rows(&self.table)?;
        let names = scale(&self.scale, &rows)?;
        let engine = self.judging.engine()?.without_suggestions();
        let folder = self.table.parent().unwrap_or(Path::new(""));
        let judged: Vec<Result<Graded, String>> = self.judging.pool()?.install(|| {
            rows.par_iter()
                .map(|row| {
                    let path = folder.join(&row.plan);
                    let name = output::name(&path);
                    let bytes = output::read(&path).map_err(|error| output::unreadable(&name, &error))?;
                    let documents = readers::read(&name, &bytes).map_err(|error| error.to_string())?;
                    let [document] = documents.as_slice() else {
                        return Err(format!("{name}: holds {} plans; a row is about one", documents.len()));
                    };
                    let scores = engine.review(document).scores.sections;
                    let sections = scores.into_iter().filter_map(|s| Some((s.section, s.score.score?))).collect();
                    Ok(Graded { sections, grade: row.grade(&names) })
                })
                .collect()
        });
        let mut plans = Vec::new();
        let mut exit = Exit::Clean;
        for plan in judged {
            match plan {
                Ok(plan) => plans.push(plan),
                Err(message) => {
                    anstream::eprintln!("clearplan: {message}");
                    exit = Exit::Unreadable;
                }
            }
        }
        let fitted = fit::fit(&plans, &names)
            .map_err(|refusal| Failure::Usage(format!("{}: {refusal}", self.table.display())))?;
        output::print(report(&fitted, &names).as_bytes())?;
        if let Some(path) = &self.output {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            output::save(path, fitted.to_toml(&stem, &names).as_bytes())?;
            anstream::eprintln!("{}: the rubric was written", path.display());
        }
        Ok(exit)
    }
}

struct Row {
    plan: String,
    grade: String,
}

impl Row {
    fn grade(&self, names: &[String]) -> usize {
        // `scale` has seen to it that each is there.
        names.iter().position(|name| name.eq_ignore_ascii_case(&self.grade)).unwrap_or(names.len() - 1)
    }
}

fn rows(path: &Path) -> Result<Vec<Row>, Failure> {
    let name = output::name(path);
    let wrong = |what: String| Failure::Usage(format!("{name}: {what}"));
    let bytes = output::read(path).map_err(|error| Failure::Input(output::unreadable(&name, &error)))?;
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes.as_slice());
    let head = reader.headers().map_err(|error| wrong(format!("is no CSV table ({error})")))?.clone();
    let column = |wanted: &str| {
        let found = head.iter().position(|title| title.trim_start_matches('\u{feff}').eq_ignore_ascii_case(wanted));
        found.ok_or_else(|| wrong(format!("has no column “{wanted}”; its first line has to be: plan,grade")))
    };
    let (plan, grade) = (column("plan")?, column("grade")?);
    let mut rows = Vec::new();
    for (at, record) in reader.records().enumerate() {
        let record = record.map_err(|error| wrong(format!("row {}: {error}", at + 1)))?;
        let cell = |at: usize| record.get(at).unwrap_or_default().to_owned();
        let row = Row { plan: cell(plan), grade: cell(grade) };
        if row.plan.is_empty() || row.grade.is_empty() {
            return Err(wrong(format!("row {}: plan and grade have to be filled", at + 1)));
        }
        rows.push(row);
    }
    Ok(rows)
}

/// The names of the grades, best first.
fn scale(asked: &[String], rows: &[Row]) -> Result<Vec<String>, Failure> {
    let mut names: Vec<String> = Vec::new();
    if asked.is_empty() {
        let mut numbers: Vec<f64> = Vec::new();
        for row in rows {
            let number = row.grade.parse::<f64>().ok().filter(|number| number.is_finite()).ok_or_else(|| {
                Failure::Usage(format!(
                    "“{}” is no number: say what the grades are, from the best to the worst, with --scale",
                    row.grade
                ))
            })?;
            if !numbers.contains(&number) {
                numbers.push(number);
                names.push(row.grade.clone());
            }
        }
        names.sort_by(|a, b| b.parse().unwrap_or(0.0_f64).total_cmp(&a.parse().unwrap_or(0.0)));
    } else {
        names.extend(asked.iter().map(|name| name.trim().to_owned()));
        if let Some(row) = rows.iter().find(|row| !names.iter().any(|name| name.eq_ignore_ascii_case(&row.grade))) {
            return Err(Failure::Usage(format!("“{}” is in the table and not in --scale", row.grade)));
        }
        if names.iter().enumerate().any(|(i, name)| name.is_empty() || names[..i].contains(name)) {
            return Err(Failure::Usage("--scale names each grade once".into()));
        }
    }
    if names.len() > 20 {
        return Err(Failure::Usage(format!("{} different grades are too many to fit; put them in bands", names.len())));
    }
    Ok(names)
}

fn report(fitted: &Fitted, names: &[String]) -> String {
    let mut out = format!("Fitted to {} graded plans.\n\n", fitted.plans);
    let kappa = |kappa: Option<f64>| kappa.map_or("unknown".to_owned(), |kappa| format!("{kappa:.2}"));
    let interval = fitted.interval.map_or(String::new(), |(low, high)| format!(", 95% interval {low:.2} to {high:.2}"));
    out += &format!(
        "Agreement on plans that were not fitted (five folds): quadratic weighted kappa {}{interval}.\nWith the built-in weights: {}.\n\nWeights\n",
        kappa(fitted.kappa),
        kappa(fitted.builtin)
    );
    for (id, weight) in &fitted.weights {
        let name = if id.is_empty() { "no section".to_owned() } else { format!("Section {id}") };
        out += &format!("  {name:<12}{weight:>5.1}\n");
    }
    out += "\nGrades          from   plans   given it again\n";
    for ((name, cut), (given, said)) in names.iter().zip(&fitted.cuts).zip(&fitted.grades) {
        out += &format!("  {name:<14}{cut:>5.0}{given:>8}{said:>8}\n");
    }
    out += "\nWhere not to trust it\n";
    for doubt in &fitted.doubts {
        out += &format!("  • {doubt}\n");
    }
    out
}
