//! This is the page of `evaluate`: its figures as aligned text or as Markdown tables.

mod figures;
mod parts;

use super::ablation::Ablation;
use super::blocks::By;
use super::report::Report;
use super::rows::Label;
use crate::cli::metrics::{Interval, RESAMPLES};

/// The tables of every file: the figures of each kind, and the same by style, publisher and rule.
pub fn tables(reports: &[Report], markdown: bool, figures: bool, parts: bool) -> String {
    let mut page = Page { out: String::new(), markdown };
    for report in reports {
        page.title(&report.file);
        if figures {
            figures::write(&mut page, report);
        }
        if parts {
            parts::write(&mut page, report);
        }
    }
    page.out
}

/// The ways of judging side by side, one table a file.
pub fn ablations(ablations: &[Ablation], markdown: bool) -> String {
    let mut page = Page { out: String::new(), markdown };
    for ablation in ablations {
        page.title(&ablation.file);
        let Some(first) = ablation.ways.first() else { continue };
        let mut head = vec!["judged by".to_owned()];
        for of in &first.kinds {
            head.extend([format!("{}, macro-F1", of.kind.name()), "95 % interval".to_owned(), "AUC".to_owned()]);
        }
        let rows: Vec<Vec<String>> = ablation
            .ways
            .iter()
            .map(|way| {
                let mut row = vec![way.way.clone()];
                for of in &way.kinds {
                    row.extend([figure(of.macro_f1), interval(of.intervals.macro_f1), figure(of.auc)]);
                }
                row
            })
            .collect();
        let drawn = first.kinds.iter().map(|of| (of.kind.name(), of.n, of.by, of.blocks));
        page.note(&format!(
            "{} For the word count, threshold and direction are chosen on the other {}.",
            resampled(drawn),
            first.kinds.first().map_or("rows", |of| of.by.name())
        ));
        page.table(&head.iter().map(String::as_str).collect::<Vec<_>>(), &rows);
    }
    page.out
}

/// Ids of the misjudged rows, one a line, with kind, label and probability.
pub fn errors(reports: &[Report]) -> String {
    let mut out = String::new();
    for row in reports.iter().flat_map(|report| &report.errors) {
        let id = row.id.as_str().map_or_else(|| row.id.to_string(), str::to_owned);
        let label = match row.label {
            Label::Good => "good",
            Label::Bad => "bad",
        };
        let kind = row.kind.name();
        out.push_str(&format!("{id}\t{kind}\tlabelled {label}\tprobability {:.3}\n", row.probability));
    }
    out
}

/// How the intervals were made, from kind, rows, blocks and their number.
fn resampled(kinds: impl Iterator<Item = (&'static str, usize, By, usize)>) -> String {
    let drawn: Vec<String> = kinds
        .map(|(kind, n, by, count)| match by {
            By::Row => format!("{kind}: {n} single rows"),
            by => format!("{kind}: {n} rows in {count} {}", by.name()),
        })
        .collect();
    format!("Intervals: percentiles of {} resamples, whole blocks drawn ({}).", thousands(RESAMPLES), drawn.join("; "))
}

fn thousands(n: usize) -> String {
    if n < 1_000 { n.to_string() } else { format!("{},{:03}", n / 1_000, n % 1_000) }
}

/// Three places; a dash where there is no figure.
fn figure(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.3}"))
}

fn interval(interval: Option<Interval>) -> String {
    interval.map_or_else(|| "–".to_owned(), |Interval { low, high }| format!("{low:.3}–{high:.3}"))
}

struct Page {
    out: String,
    markdown: bool,
}

impl Page {
    fn title(&mut self, text: &str) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        let mark = if self.markdown { "## " } else { "" };
        self.out.push_str(&format!("{mark}{text}\n"));
    }

    fn heading(&mut self, text: &str) {
        self.out.push_str(&if self.markdown { format!("\n### {text}\n") } else { format!("\n{text}\n") });
    }

    fn note(&mut self, text: &str) {
        self.out.push_str(&if self.markdown { format!("\n{text}\n") } else { format!("{text}\n") });
    }

    /// Nothing where there are no rows.
    fn table(&mut self, head: &[&str], rows: &[Vec<String>]) {
        if rows.is_empty() {
            return;
        }
        let head: Vec<String> = head.iter().map(|name| (*name).to_owned()).collect();
        if self.markdown {
            let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
            self.out.push('\n');
            self.out.push_str(&line(&head));
            self.out.push_str(&format!("|{}\n", "---|".repeat(head.len())));
            rows.iter().for_each(|row| self.out.push_str(&line(row)));
            return;
        }
        let width = |i: usize| {
            std::iter::once(&head).chain(rows).filter_map(|row| row.get(i)).map(|cell| cell.chars().count()).max()
        };
        for row in std::iter::once(&head).chain(rows) {
            let mut line = "  ".to_owned();
            for (i, cell) in row.iter().enumerate() {
                let pad = width(i).unwrap_or(0).saturating_sub(cell.chars().count());
                line.push_str(cell);
                line.extend(std::iter::repeat_n(' ', pad + 2));
            }
            self.out.push_str(line.trim_end());
            self.out.push('\n');
        }
    }
}
