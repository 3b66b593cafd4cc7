//! This is the long tables: by style, by publisher and by rule.

use super::{Page, figure};
use crate::cli::evaluate::report::{PartReport, Report};

/// Every table that has rows, under its heading.
pub fn write(page: &mut Page, report: &Report) {
    part(page, "By style", "style", &report.styles);
    part(page, "By group", "group", &report.groups);
    rules(page, report);
}

fn part(page: &mut Page, heading: &str, what: &str, parts: &[PartReport]) {
    if parts.is_empty() {
        return;
    }
    page.heading(heading);
    let rows: Vec<Vec<String>> = parts
        .iter()
        .map(|of| {
            vec![
                of.name.clone(),
                of.kind.name().to_owned(),
                of.n.to_string(),
                of.right.to_string(),
                figure(of.macro_f1),
                figure(of.auc),
            ]
        })
        .collect();
    page.table(&[what, "kind", "n", "right", "macro-F1", "AUC"], &rows);
}

fn rules(page: &mut Page, report: &Report) {
    if report.rules.is_empty() {
        return;
    }
    page.heading("By rule");
    let rows: Vec<Vec<String>> = report
        .rules
        .iter()
        .map(|of| vec![of.rule.clone(), of.bad.to_string(), of.good.to_string(), figure(of.precision)])
        .collect();
    page.table(&["rule", "fired on bad", "fired on good", "precision"], &rows);
}
