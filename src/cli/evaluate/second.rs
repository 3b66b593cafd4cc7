//! This is a second labeller: how far two people agree, and how far the engine agrees with either.

use super::judged::Judged;
use super::rows::{Label, Labelled, Labels, lines};
use crate::cli::metrics::kappa;
use clearplan::assess::{Criterion, State};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// What the second labeller said, by id.
#[derive(Debug)]
pub struct Second {
    rows: BTreeMap<String, (Option<Label>, Labels)>,
}

/// The agreement on rows that both have labelled.
#[derive(Serialize)]
pub struct SecondReport {
    /// Rows that the second labeller has seen.
    pub rows: usize,
    pub agreements: Vec<Agreement>,
}

/// Cohen's kappa of each two of the three, all over the same rows: those where first and second labeller both said
/// something.
#[derive(Serialize)]
pub struct Agreement {
    pub kind: Labelled,
    /// `verdict`, `type` or the name of a criterion, of which met against everything else is compared.
    pub label: String,
    pub n: usize,
    pub first_second: Option<f64>,
    pub engine_second: Option<f64>,
    pub engine_first: Option<f64>,
}

#[derive(Deserialize)]
struct Line {
    id: Value,
    #[serde(default)]
    verdict: Option<Label>,
    #[serde(default, rename = "type")]
    wording: Value,
    #[serde(default)]
    criteria: Value,
}

impl Second {
    /// Reads the rows, and says what is wrong with lines that are none: never a word of them.
    pub fn read(bytes: &[u8]) -> (Self, Vec<String>) {
        let mut rows = BTreeMap::new();
        let mut errors = Vec::new();
        for (number, line) in lines(bytes) {
            match serde_json::from_slice::<Line>(line) {
                Ok(line) if !line.id.is_null() => {
                    let labels = Labels::new(&line.wording, &line.criteria);
                    if labels.unknown > 0 {
                        errors.push(format!(
                            "line {number}: a type, criterion or state that is none of ours was left out"
                        ));
                    }
                    if rows.insert(line.id.to_string(), (line.verdict, labels)).is_some() {
                        errors.push(format!("line {number}: the same id as before; the later row counts"));
                    }
                }
                _ => errors.push(format!(
                    "line {number}: not a second label; it needs \"id\", with \"verdict\" (good or bad), \"type\" and \
                     \"criteria\" if known"
                )),
            }
        }
        (Self { rows }, errors)
    }
}

impl SecondReport {
    pub fn new(second: &Second, rows: &[Judged<'_>]) -> Self {
        let both: Vec<(&Judged<'_>, &(Option<Label>, Labels))> =
            rows.iter().filter_map(|row| Some((row, second.rows.get(&row.row.id.to_string())?))).collect();
        let mut agreements = Vec::new();
        for kind in Labelled::ALL {
            let of: Vec<_> = both.iter().filter(|(row, _)| row.row.kind == kind).collect();
            let verdicts = of.iter().filter_map(|(row, (verdict, _))| {
                let (first, engine) = (row.good(), row.assessment.verdict.is_good());
                Some([first, (*verdict)? == Label::Good, engine])
            });
            let types = of
                .iter()
                .filter_map(|(row, (_, l))| Some([row.row.labels.wording?, l.wording?, row.assessment.wording]));
            agreements.extend(Agreement::new(kind, "verdict", verdicts));
            agreements.extend(Agreement::new(kind, "type", types));
            for &criterion in Criterion::of(kind.kind()) {
                let met = of.iter().filter_map(|(row, (_, labels))| {
                    let first = row.row.labels.criteria.get(&criterion)?;
                    let second = labels.criteria.get(&criterion)?;
                    Some([*first, *second, row.state(criterion)?].map(|state| state == State::Met))
                });
                agreements.extend(Agreement::new(kind, criterion.name(), met));
            }
        }
        Self { rows: both.len(), agreements }
    }
}

impl Agreement {
    /// Of first, second and engine; `None` of nothing.
    fn new<T: Copy + PartialEq>(kind: Labelled, label: &str, said: impl Iterator<Item = [T; 3]>) -> Option<Self> {
        let said: Vec<[T; 3]> = said.collect();
        let pairs = |of: fn(&[T; 3]) -> (T, T)| said.iter().map(of).collect::<Vec<_>>();
        (!said.is_empty()).then(|| Self {
            kind,
            label: label.to_owned(),
            n: said.len(),
            first_second: kappa(&pairs(|&[first, second, _]| (first, second))),
            engine_second: kappa(&pairs(|&[_, second, engine]| (engine, second))),
            engine_first: kappa(&pairs(|&[first, _, engine]| (engine, first))),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_kappas_by_hand() {
        // First and second split on one of four: agreement ¾, chance ½ · ½ + ½ · ½ … of 2/4 and 1/4 yes: ½. The engine
        // says what the second says.
        let said = [[true, true, true], [true, false, false], [false, false, false], [false, false, false]];
        let Some(got) = Agreement::new(Labelled::Outcome, "verdict", said.into_iter()) else { panic!("four rows") };
        assert_eq!((got.n, got.first_second, got.engine_second), (4, Some(0.5), Some(1.0)));
        assert_eq!(got.engine_first, Some(0.5));
        assert!(Agreement::new::<bool>(Labelled::Outcome, "verdict", std::iter::empty()).is_none());
    }

    #[test]
    fn labels_are_joined_on_the_id_and_errors_hold_no_words() {
        let bytes = br#"{"id":"a","verdict":"good","type":"aim","criteria":{"what":"met"}}
{"id":7,"verdict":"bad"}
{"verdict":"good","text":"Secret"}
{"id":"b","verdict":"Secret"}
{"id":"a","type":"Secret"}"#;
        let (second, errors) = Second::read(bytes);
        assert_eq!(second.rows.keys().collect::<Vec<_>>(), ["\"a\"", "7"]);
        assert_eq!(errors.len(), 4);
        assert!(errors[0].starts_with("line 3:") && errors[1].starts_with("line 4:"));
        assert!(errors[2].starts_with("line 5:") && errors[3].starts_with("line 5:"));
        assert!(errors.iter().all(|error| !error.contains("Secret")));
    }
}
