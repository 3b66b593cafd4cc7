//! This is the page of `evaluate`: its figures as aligned text or as Markdown tables.

use super::evaluate::{Label, Labelled, Report};
use super::metrics::Class;

/// The tables of every file.
pub fn tables(reports: &[Report], markdown: bool) -> String {
    let mut page = Page { out: String::new(), markdown };
    for report in reports {
        page.title(&report.file);
        page.verdicts(report);
        page.evidence(report);
        page.calibration(report);
        page.groups(report);
        page.rules(report);
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
        out.push_str(&format!("{id}\t{}\tlabelled {label}\tprobability {:.3}\n", kind(row.kind), row.probability));
    }
    out
}

fn kind(kind: Labelled) -> &'static str {
    match kind {
        Labelled::Outcome => "outcome",
        Labelled::Provision => "provision",
    }
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

    fn verdicts(&mut self, report: &Report) {
        let mut rows = Vec::new();
        for of in &report.kinds {
            let agreement = &of.agreement;
            for (name, class) in [("good", agreement.good), ("bad", agreement.bad)] {
                let Class { n, precision, recall, f1 } = class;
                let first = name == "good";
                let only = |text: String| if first { text } else { String::new() };
                rows.push(vec![
                    only(kind(of.kind).to_owned()),
                    name.to_owned(),
                    n.to_string(),
                    figure(precision),
                    figure(recall),
                    figure(f1),
                    only(figure(agreement.macro_f1)),
                    only(figure(agreement.auc)),
                    only(figure(agreement.calibration_error)),
                ]);
            }
        }
        self.table(&["kind", "class", "n", "precision", "recall", "F1", "macro-F1", "AUC", "calibration error"], &rows);
    }

    fn evidence(&mut self, report: &Report) {
        let rows: Vec<Vec<String>> = report
            .kinds
            .iter()
            .map(|of| {
                vec![
                    kind(of.kind).to_owned(),
                    format!("{} of {}", of.phrases.overlapped, of.phrases.named),
                    figure(of.phrases.share),
                    format!("{} of {}", of.phrases.rows_overlapped, of.phrases.rows),
                    figure(of.phrases.rows_share),
                    of.phrases.absent.to_string(),
                    format!("{} of {}", of.good_with_error, of.agreement.good.n),
                    figure(of.good_with_error_share),
                ]
            })
            .collect();
        self.table(
            &[
                "kind",
                "faulted phrases overlapped",
                "share",
                "rows overlapped",
                "share",
                "not in text",
                "good rows with an error",
                "share",
            ],
            &rows,
        );
    }

    fn calibration(&mut self, report: &Report) {
        let mut rows = Vec::new();
        for of in &report.kinds {
            for bin in &of.agreement.bins {
                rows.push(vec![
                    kind(of.kind).to_owned(),
                    format!("{:.1}–{:.1}", bin.from, bin.from + 0.1),
                    bin.n.to_string(),
                    figure(Some(bin.mean)),
                    figure(Some(bin.good)),
                ]);
            }
        }
        self.table(&["kind", "probability", "n", "mean", "share good"], &rows);
    }

    fn groups(&mut self, report: &Report) {
        let rows: Vec<Vec<String>> = report
            .groups
            .iter()
            .map(|of| {
                vec![
                    of.group.clone(),
                    kind(of.kind).to_owned(),
                    of.n.to_string(),
                    of.right.to_string(),
                    figure(of.macro_f1),
                    figure(of.auc),
                ]
            })
            .collect();
        self.table(&["group", "kind", "n", "right", "macro-F1", "AUC"], &rows);
    }

    fn rules(&mut self, report: &Report) {
        let rows: Vec<Vec<String>> = report
            .rules
            .iter()
            .map(|of| vec![of.rule.clone(), of.bad.to_string(), of.good.to_string(), figure(of.precision)])
            .collect();
        self.table(&["rule", "fired on bad", "fired on good", "precision"], &rows);
    }

    /// Nothing where there are no rows.
    fn table(&mut self, head: &[&str], rows: &[Vec<String>]) {
        if rows.is_empty() {
            return;
        }
        self.out.push('\n');
        let head: Vec<String> = head.iter().map(|name| (*name).to_owned()).collect();
        if self.markdown {
            let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
            self.out.push_str(&line(&head));
            self.out.push_str(&format!("|{}\n", "---|".repeat(head.len())));
            rows.iter().for_each(|row| self.out.push_str(&line(row)));
            return;
        }
        let width = |i: usize| {
            std::iter::once(&head).chain(rows).filter_map(|row| row.get(i)).map(|cell| cell.chars().count()).max()
        };
        for row in std::iter::once(&head).chain(rows) {
            let mut line = String::new();
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

/// Three places; a dash where there is no figure.
fn figure(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.3}"))
}
