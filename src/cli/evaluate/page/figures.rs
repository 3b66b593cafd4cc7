//! This is the short tables: the figures of each kind.

use super::{Page, figure, interval, resampled};
use crate::cli::evaluate::blocks::By;
use crate::cli::evaluate::report::{KindReport, Report};
use crate::cli::metrics::{Chance, Class};

/// Every table that has rows, under its heading.
pub fn write(page: &mut Page, report: &Report) {
    let kinds = &report.kinds;
    verdicts(page, kinds);
    threshold(page, kinds);
    abstained(page, kinds);
    calibration(page, kinds);
    criteria(page, kinds);
    types(page, kinds);
    phrases(page, kinds);
    second(page, report);
}

fn verdicts(page: &mut Page, kinds: &[KindReport]) {
    page.heading("Verdicts");
    let mut rows = Vec::new();
    for of in kinds {
        for (class, Class { n, precision, recall, f1 }) in [("good", of.good), ("bad", of.bad)] {
            let kind = if class == "good" { of.kind.name() } else { "" };
            let figures = [figure(precision), figure(recall), figure(f1)];
            rows.push([vec![kind.to_owned(), class.to_owned(), n.to_string()], figures.to_vec()].concat());
        }
    }
    page.table(&["kind", "class", "n", "precision", "recall", "F1"], &rows);
    let rows: Vec<Vec<String>> = kinds
        .iter()
        .map(|of| {
            vec![
                of.kind.name().to_owned(),
                figure(of.macro_f1),
                interval(of.intervals.macro_f1),
                figure(of.auc),
                interval(of.intervals.auc),
                figure(of.calibration_error),
                chance(of.calibration_error_by_chance),
                figure(of.brier),
            ]
        })
        .collect();
    page.note(&resampled(kinds.iter().map(|of| (of.kind.name(), of.n, of.by, of.blocks))));
    page.table(
        &[
            "kind",
            "macro-F1",
            "95 % interval",
            "AUC",
            "95 % interval",
            "calibration error",
            "by chance alone",
            "Brier score",
        ],
        &rows,
    );
}

/// What so few rows would show if every probability were right: the mean, and what 95 % of draws stay below.
fn chance(of: Option<Chance>) -> String {
    of.map_or_else(|| figure(None), |of| format!("{}, up to {}", figure(Some(of.mean)), figure(Some(of.high))))
}

fn threshold(page: &mut Page, kinds: &[KindReport]) {
    let rows: Vec<Vec<String>> = kinds
        .iter()
        .filter_map(|of| {
            let crossed = of.threshold.as_ref()?;
            Some(vec![
                of.kind.name().to_owned(),
                figure(crossed.macro_f1_at_half),
                figure(crossed.macro_f1),
                format!("{:.3}–{:.3}", crossed.lowest, crossed.highest),
                format!("{} {}", crossed.folds, if of.by == By::Row { "parts" } else { of.by.name() }),
            ])
        })
        .collect();
    if rows.is_empty() {
        return;
    }
    page.heading("Threshold");
    page.note("Chosen by macro-F1 on all but one of those left out and applied to that one, each in turn.");
    page.table(&["kind", "macro-F1 at 0.5", "at the chosen", "chosen", "left out"], &rows);
}

fn abstained(page: &mut Page, kinds: &[KindReport]) {
    page.heading("Without the close calls");
    page.note("Statements whose probability is nearer to the threshold than the distance are left out.");
    let mut head = vec!["distance".to_owned()];
    for of in kinds {
        head.extend([format!("{}, coverage", of.kind.name()), "macro-F1".to_owned()]);
    }
    let Some(first) = kinds.first() else { return };
    let rows: Vec<Vec<String>> = first
        .abstain
        .iter()
        .enumerate()
        .map(|(i, point)| {
            let mut row = vec![format!("{:.2}", point.distance)];
            for point in kinds.iter().filter_map(|of| of.abstain.get(i)) {
                row.extend([figure(point.coverage), figure(point.macro_f1)]);
            }
            row
        })
        .collect();
    page.table(&head.iter().map(String::as_str).collect::<Vec<_>>(), &rows);
}

fn calibration(page: &mut Page, kinds: &[KindReport]) {
    page.heading("Calibration");
    let mut rows = Vec::new();
    for of in kinds {
        for bin in &of.bins {
            rows.push(vec![
                of.kind.name().to_owned(),
                format!("{:.1}–{:.1}", bin.from, bin.from + 0.1),
                bin.n.to_string(),
                figure(Some(bin.mean)),
                figure(Some(bin.good)),
            ]);
        }
    }
    page.table(&["kind", "probability", "n", "mean", "share good"], &rows);
}

fn criteria(page: &mut Page, kinds: &[KindReport]) {
    let mut rows = Vec::new();
    for of in kinds {
        for criterion in &of.criteria {
            let Class { n, precision, recall, f1 } = criterion.met;
            rows.push(vec![
                of.kind.name().to_owned(),
                criterion.criterion.name().to_owned(),
                criterion.n.to_string(),
                n.to_string(),
                figure(precision),
                figure(recall),
                figure(f1),
                figure(criterion.kappa),
            ]);
        }
    }
    if !rows.is_empty() {
        page.heading("Criteria, met against all else");
        page.table(&["kind", "criterion", "n", "labelled met", "precision", "recall", "F1", "kappa"], &rows);
    }
}

fn types(page: &mut Page, kinds: &[KindReport]) {
    let labelled = || kinds.iter().filter_map(|of| Some((of.kind.name(), of.types.as_ref()?)));
    if labelled().next().is_none() {
        return;
    }
    page.heading("Types of wording");
    let rows: Vec<Vec<String>> = labelled()
        .map(|(kind, types)| vec![kind.to_owned(), types.n.to_string(), figure(types.accuracy), figure(types.macro_f1)])
        .collect();
    page.table(&["kind", "n", "accuracy", "macro-F1 of the labelled types"], &rows);
    let mut rows = Vec::new();
    for (kind, types) in labelled() {
        for (wording, Class { n, precision, recall, f1 }) in &types.classes {
            let first = vec![kind.to_owned(), wording.name().to_owned(), n.to_string()];
            rows.push([first, vec![figure(*precision), figure(*recall), figure(*f1)]].concat());
        }
    }
    if !page.markdown {
        page.note("");
    }
    page.table(&["kind", "type", "n", "precision", "recall", "F1"], &rows);
}

fn phrases(page: &mut Page, kinds: &[KindReport]) {
    page.heading("Words at fault");
    let rows: Vec<Vec<String>> = kinds
        .iter()
        .map(|of| {
            vec![
                of.kind.name().to_owned(),
                format!("{} of {}", of.phrases.overlapped, of.phrases.named),
                figure(of.phrases.share),
                format!("{} of {}", of.phrases.rows_overlapped, of.phrases.rows),
                figure(of.phrases.rows_share),
                of.phrases.absent.to_string(),
                format!("{} of {}", of.good_with_error, of.good.n),
                figure(of.good_with_error_share),
            ]
        })
        .collect();
    page.table(
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

fn second(page: &mut Page, report: &Report) {
    let Some(second) = &report.second else { return };
    page.heading("Second labeller");
    page.note(&format!(
        "Cohen's kappa over the rows that both labellers labelled; {} rows have a second label. Criteria: met against all \
         else.",
        second.rows
    ));
    let rows: Vec<Vec<String>> = second
        .agreements
        .iter()
        .map(|of| {
            vec![
                of.kind.name().to_owned(),
                of.label.clone(),
                of.n.to_string(),
                figure(of.first_second),
                figure(of.engine_second),
                figure(of.engine_first),
            ]
        })
        .collect();
    page.table(&["kind", "label", "n", "first–second", "engine–second", "engine–first"], &rows);
}
