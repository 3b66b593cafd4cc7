//! This is how the judgement is moved towards text of publishers: two numbers for each kind, on top of weights that are fitted to our
//! own styles. Publishers call good what is sufficient, and write more plainly than the corpus does, so that on their text
//! the rules deserve more weight and the bar lies lower. The numbers are chosen by cross-validation grouped by publisher on rows
//! that lie outside the repository (`--published`), and kept in `models/train/published.toml`.

use super::corpus::Example;
use super::logistic::deviance;
use clearplan::document::{Kind, Statement};
use clearplan::engine::Engine;
use clearplan::model::first::clamped;
use clearplan::model::{Combination, Model, Published};
use clearplan::scoring::{Scoring, Weights};
use serde::Deserialize;
use std::path::Path;

/// Weights of the rules to choose from, in tenths.
const RULES: std::ops::RangeInclusive<i32> = 0..=6;
/// Biases to choose from, in tenths.
const BIASES: std::ops::RangeInclusive<i32> = -10..=20;
/// Share of the published rows in what is weighed; the rest are our own `dev` styles, so that these are not given up. Most of it,
/// since real plans are nearer to published text than to our styles: with one half, publishers that were left out were judged too
/// strictly (calibration error of outcomes 0.068; with this share 0.050).
const SHARE: f64 = 0.85;

#[derive(Deserialize)]
struct Row {
    kind: Kind,
    verdict: String,
    text: String,
    group: String,
}

/// What rules and model say of a row, and its label.
struct Said {
    kind: Kind,
    good: bool,
    group: String,
    rules: f64,
    log_odds: f64,
}

/// The numbers that were chosen before.
///
/// # Errors
/// What is wrong in the file; a missing file is none.
pub fn read(path: &Path) -> Result<Option<Published>, String> {
    match std::fs::read_to_string(path) {
        Ok(text) => toml::from_str(&text).map(Some).map_err(|error| format!("{}: {error}", path.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("{}: {error}", path.display())),
    }
}

/// Chooses the numbers anew from published rows, and prints how well they do on publishers that were left out of the choice.
///
/// # Errors
/// What is wrong with the rows, with the line.
pub fn choose(
    model: &Model,
    combination: &Combination,
    rows: &Path,
    own: &[&Example],
    path: &Path,
) -> Result<Published, String> {
    let text = std::fs::read_to_string(rows).map_err(|error| format!("{}: {error}", rows.display()))?;
    let mut published = Vec::new();
    for (i, line) in text.lines().enumerate() {
        let row: Row =
            serde_json::from_str(line).map_err(|error| format!("{}, line {}: {error}", rows.display(), i + 1))?;
        published.push((Statement::new(row.kind, row.text), row.verdict == "good", row.group));
    }
    let published: Vec<_> = published.iter().map(|(s, good, group)| (s, *good, group.as_str())).collect();
    let published = said(model, combination, &published);
    let own: Vec<_> = own.iter().map(|e| (&e.statement, e.labels[0] == Some(true), e.style.as_str())).collect();
    let own = said(model, combination, &own);
    let weights = |kind: Kind, name: &str| {
        let published: Vec<&Said> = published.iter().filter(|said| said.kind == kind).collect();
        let own: Vec<&Said> = own.iter().filter(|said| said.kind == kind).collect();
        let mut groups: Vec<&str> = published.iter().map(|said| said.group.as_str()).collect();
        groups.sort_unstable();
        groups.dedup();
        let mut left_out = Vec::new();
        for group in &groups {
            let (out, rest): (Vec<&Said>, Vec<&Said>) = published.iter().partition(|said| said.group == *group);
            let chosen = best(&rest, &own);
            left_out.extend(out.iter().map(|said| (moved(said, chosen), said.good)));
        }
        let chosen = best(&published, &own);
        let all = |rows: &[&Said]| macro_f1(&rows.iter().map(|s| (moved(s, chosen), s.good)).collect::<Vec<_>>());
        println!(
            "{name}: rules + {:.1}, bias {:+.1}; macro-F1 on publishers left out {:.3}, own dev styles {:.3} (unmoved {:.3})",
            chosen.0,
            chosen.1,
            macro_f1(&left_out),
            all(&own),
            macro_f1(&own.iter().map(|s| (s.log_odds, s.good)).collect::<Vec<_>>()),
        );
        Weights([("rules".to_owned(), chosen.0), ("bias".to_owned(), chosen.1)].into())
    };
    let published =
        Published { outcome: weights(Kind::Outcome, "outcomes"), provision: weights(Kind::Provision, "provision") };
    let text = toml::to_string(&published).map_err(|error| error.to_string())?;
    let head = "# What is added for text of publishers; written by `clearplan-train --published` (published.rs).\n";
    std::fs::write(path, format!("{head}{text}")).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(published)
}

fn said(model: &Model, combination: &Combination, rows: &[(&Statement, bool, &str)]) -> Vec<Said> {
    let engine = Engine::new().without_model();
    let statements: Vec<&Statement> = rows.iter().map(|(statement, ..)| *statement).collect();
    let rows = rows.iter().zip(model.predict(&statements));
    rows.map(|((statement, good, group), prediction)| {
        let reading = engine.rules().read(statement);
        let rules = Scoring::builtin().of_reading(statement.kind, engine.rules(), &reading);
        let log_odds = combination.verdict(statement.kind, rules, &prediction);
        Said { kind: statement.kind, good: *good, group: (*group).to_owned(), rules: clamped(rules), log_odds }
    })
    .collect()
}

fn moved(said: &Said, (rules, bias): (f64, f64)) -> f64 {
    said.log_odds + rules * said.rules + bias
}

/// The pair with the smallest mean loss, publishers and own styles weighed by [`SHARE`]; of equals the smallest move.
fn best(published: &[&Said], own: &[&Said]) -> (f64, f64) {
    let mean = |rows: &[&Said], pair: (f64, f64)| {
        rows.iter().map(|said| deviance(moved(said, pair), said.good)).sum::<f64>() / rows.len().max(1) as f64
    };
    let loss = |pair: (f64, f64)| SHARE * mean(published, pair) + (1.0 - SHARE) * mean(own, pair);
    RULES
        .flat_map(|rules| BIASES.map(move |bias| (f64::from(rules) / 10.0, f64::from(bias) / 10.0)))
        .min_by(|&a, &b| loss(a).total_cmp(&loss(b)).then((a.0 + a.1.abs()).total_cmp(&(b.0 + b.1.abs()))))
        .unwrap_or((0.0, 0.0))
}

/// Mean of F1 of both classes over pairs of log-odds and label.
fn macro_f1(pairs: &[(f64, bool)]) -> f64 {
    let f1 =
        |of: bool| super::figures::f1(pairs.iter().map(|(said, labelled)| ((*said >= 0.0) == of, *labelled == of)));
    (f1(true) + f1(false)) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(good: bool, rules: f64, log_odds: f64) -> Said {
        Said { kind: Kind::Outcome, good, group: "a".into(), rules, log_odds }
    }

    #[test]
    fn what_is_right_is_left_alone_and_a_bar_that_is_too_high_is_lowered() {
        let right = [row(true, 0.0, 1.0), row(true, 0.0, -0.4), row(false, 0.0, -1.0), row(false, 0.0, 0.4)];
        let right: Vec<&Said> = right.iter().collect();
        let (_, bias) = best(&right, &right);
        assert!(bias.abs() < 0.05, "{bias}");
        let strict = [row(true, 0.0, -0.5), row(true, 0.0, 0.5), row(false, 0.0, -1.5), row(true, 0.0, 0.2)];
        let (_, bias) = best(&strict.iter().collect::<Vec<_>>(), &right);
        assert!(bias > 0.2, "{bias}");
    }

    #[test]
    fn rules_that_tell_get_weight() {
        let rows = [row(true, 3.0, -0.5), row(false, -3.0, 0.5), row(true, 2.0, 0.1), row(false, -2.0, -0.1)];
        let rows: Vec<&Said> = rows.iter().collect();
        assert!(best(&rows, &rows).0 > 0.4);
    }
}
