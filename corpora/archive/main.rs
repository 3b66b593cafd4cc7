//! This is the generator of archives on the command line:
//! `cargo run --release --example archive -- --plans 1000 --out DIR`.

mod generator;

use arrow_array::{ArrayRef, RecordBatch, StringArray};
use generator::{Planned, Shape, docx};
use parquet::arrow::ArrowWriter;
use rayon::prelude::*;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// Plans that are made at a time.
const WINDOW: u64 = 256;
const USAGE: &str = "usage: archive --out DIR [--plans N] [--seed N] [--words N] [--teams N] [--plain SHARE] [--leaks SHARE] [--form jsonl|zst|docx|parquet] [--defects]";

fn main() -> ExitCode {
    match arguments().and_then(|arguments| arguments.write().map_err(|error| error.to_string())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}\n{USAGE}");
            ExitCode::from(2)
        }
    }
}

struct Arguments {
    out: PathBuf,
    plans: u64,
    form: String,
    defects: bool,
    shape: Shape,
}

fn arguments() -> Result<Arguments, String> {
    let mut made =
        Arguments { out: PathBuf::new(), plans: 100, form: "jsonl".into(), defects: false, shape: Shape::default() };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        if word == "--defects" {
            made.defects = true;
            continue;
        }
        let value = words.next().ok_or_else(|| format!("{word} needs a value"))?;
        let number = || value.parse::<u64>().map_err(|_| format!("{word}: {value} is no number"));
        let share = || value.parse::<f64>().map_err(|_| format!("{word}: {value} is no number"));
        match word.as_str() {
            "--out" => made.out = PathBuf::from(value),
            "--plans" => made.plans = number()?,
            "--seed" => made.shape.seed = number()?,
            "--words" => made.shape.words = number()? as usize,
            "--teams" => made.shape.teams = number()? as usize,
            "--plain" => made.shape.plain = share()?,
            "--leaks" => made.shape.leaks = share()?,
            "--form" => made.form = value,
            _ => return Err(format!("{word} is not known")),
        }
    }
    if made.out.as_os_str().is_empty() {
        return Err("--out is missing".into());
    }
    Ok(made)
}

impl Arguments {
    fn write(&self) -> Result<(), Box<dyn std::error::Error>> {
        std::fs::create_dir_all(&self.out)?;
        let mut truth = BufWriter::new(File::create(self.out.join("truth.jsonl"))?);
        let mut writer = Form::new(&self.form, &self.out)?;
        for from in (0..self.plans).step_by(WINDOW as usize) {
            let to = (from + WINDOW).min(self.plans);
            let plans: Vec<Planned> = (from..to).into_par_iter().map(|n| self.shape.plan(n)).collect();
            writer.write(&plans)?;
            for plan in &plans {
                writeln!(truth, "{}", plan.truth(&self.shape))?;
            }
        }
        writer.finish()?;
        if self.defects {
            defects(&self.out, &self.shape)?;
        }
        Ok(truth.flush()?)
    }
}

enum Form {
    Lines(BufWriter<File>),
    Zst(Box<zstd::stream::AutoFinishEncoder<'static, BufWriter<File>>>),
    Docx(PathBuf, BufWriter<File>),
    Parquet(Box<Option<ArrowWriter<File>>>, PathBuf),
}

impl Form {
    fn new(form: &str, out: &Path) -> Result<Self, Box<dyn std::error::Error>> {
        let file = |name: &str| File::create(out.join(name)).map(BufWriter::new);
        Ok(match form {
            "jsonl" => Self::Lines(file("plans.jsonl")?),
            "zst" => Self::Zst(Box::new(zstd::stream::Encoder::new(file("plans.jsonl.zst")?, 3)?.auto_finish())),
            "docx" => {
                let mut table = file("metadata.csv")?;
                writeln!(table, "id,team,author,area,setting,need,phase,status,date")?;
                Self::Docx(out.join("plans"), table)
            }
            "parquet" => Self::Parquet(Box::new(None), out.join("plans.parquet")),
            other => return Err(format!("--form {other} is not known").into()),
        })
    }

    fn write(&mut self, plans: &[Planned]) -> Result<(), Box<dyn std::error::Error>> {
        match self {
            Self::Lines(file) => write_lines(file, plans)?,
            Self::Zst(file) => write_lines(file.as_mut(), plans)?,
            Self::Docx(folder, table) => {
                for plan in plans {
                    let team = folder.join(&plan.metadata[0].1);
                    std::fs::create_dir_all(&team)?;
                    std::fs::write(team.join(format!("{}.docx", plan.id)), docx::write(plan))?;
                    let values: Vec<&str> = plan.metadata.iter().map(|(_, value)| value.as_str()).collect();
                    writeln!(table, "{},{}", plan.id, values.join(","))?;
                }
            }
            Self::Parquet(writer, path) => {
                let mut columns: Vec<(&str, ArrayRef)> = vec![
                    ("id", Arc::new(StringArray::from_iter_values(plans.iter().map(|plan| &plan.id)))),
                    ("text", Arc::new(StringArray::from_iter_values(plans.iter().map(Planned::text)))),
                ];
                for at in 0..8 {
                    let values = plans.iter().map(|plan| plan.metadata[at].1.as_str());
                    columns.push((plans[0].metadata[at].0, Arc::new(StringArray::from_iter_values(values))));
                }
                let batch = RecordBatch::try_from_iter(columns)?;
                if writer.is_none() {
                    **writer = Some(ArrowWriter::try_new(File::create(path)?, batch.schema(), None)?);
                }
                if let Some(writer) = writer.as_mut() {
                    writer.write(&batch)?;
                    writer.flush()?;
                }
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<(), Box<dyn std::error::Error>> {
        match self {
            Self::Lines(mut file) => file.flush()?,
            Self::Zst(mut file) => file.flush()?,
            Self::Docx(_, mut table) => table.flush()?,
            Self::Parquet(writer, _) => {
                if let Some(writer) = *writer {
                    writer.close()?;
                }
            }
        }
        Ok(())
    }
}

fn write_lines(file: &mut impl Write, plans: &[Planned]) -> std::io::Result<()> {
    let lines: Vec<String> = plans.par_iter().map(Planned::record).collect();
    lines.iter().try_for_each(|line| writeln!(file, "{line}"))
}

/// Files that are no plans, one of each sort.
fn defects(out: &Path, shape: &Shape) -> std::io::Result<()> {
    let folder = out.join("defects");
    std::fs::create_dir_all(&folder)?;
    let docx = docx::write(&shape.plan(0));
    std::fs::write(folder.join("empty.docx"), b"")?;
    std::fs::write(folder.join("cut.zip"), &docx[..docx.len() / 2])?;
    std::fs::write(folder.join("picture.docx"), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")?;
    std::fs::write(
        folder.join("records.jsonl"),
        b"{\"id\":\"cut\",\"text\":\"Sec\n{\"id\":\"bytes\",\"text\":\"\xff\"}\n[1]\n",
    )?;
    std::fs::write(folder.join("letter.txt"), b"Dear all,\n\nthank you for the cake.\n")
}
