//! This is a labelled row with what an engine says of it.

use super::rows::{Label, Row};
use crate::cli::lead_ins;
use crate::cli::metrics::Case;
use clearplan::assess::{Assessment, Criterion, State};
use clearplan::document::{Setting, Statement};
use clearplan::engine::Engine;
use clearplan::span::Span;

/// A row with its judgement.
pub struct Judged<'r> {
    pub row: &'r Row,
    pub assessment: Assessment,
}

/// Judges every row once, in parallel, in the same order.
pub fn judge<'r>(pool: &rayon::ThreadPool, engine: &Engine, setting: Setting, rows: &'r [Row]) -> Vec<Judged<'r>> {
    let statements: Vec<Statement> = rows.iter().map(|row| statement(row, setting)).collect();
    let assessments = pool.install(|| engine.assess_all(&statements.iter().collect::<Vec<_>>()));
    rows.iter().zip(assessments).filter_map(|(row, a)| Some(Judged { row, assessment: a? })).collect()
}

fn statement(row: &Row, setting: Setting) -> Statement {
    let mut statement = Statement::new(row.kind.kind(), row.text.clone());
    statement.section = row.section.clone().unwrap_or_default();
    statement.setting = row.setting.unwrap_or(setting);
    statement.context = lead_ins(row.context.clone());
    statement
}

impl Judged<'_> {
    /// The label.
    pub fn good(&self) -> bool {
        self.row.verdict == Label::Good
    }

    /// What the engine says of a criterion.
    pub fn state(&self, criterion: Criterion) -> Option<State> {
        self.assessment.criteria.iter().find(|state| state.criterion == criterion).map(|state| state.state)
    }

    pub fn case(&self) -> Case {
        Case {
            good: self.good(),
            said_good: self.assessment.verdict.is_good(),
            probability: self.assessment.probability,
        }
    }

    /// Every phrase that the row names: whether a finding overlaps it; `None` where the text does not hold it.
    pub fn phrases(&self) -> Vec<Option<bool>> {
        let covered = |place: &Span| self.assessment.findings.iter().any(|finding| finding.span.overlaps(*place));
        let phrases = self.row.phrases.iter().map(|phrase| places(&self.row.text, phrase));
        phrases.map(|places| (!places.is_empty()).then(|| places.iter().any(covered))).collect()
    }
}

/// Where a phrase stands, whatever its case and its quotes.
fn places(text: &str, phrase: &str) -> Vec<Span> {
    let fold = |c: char| match c {
        '’' | '‘' => '\'',
        '–' | '—' => '-',
        c => c.to_lowercase().next().unwrap_or(c),
    };
    let wanted: Vec<char> = phrase.trim().chars().map(fold).collect();
    let chars: Vec<(usize, char)> = text.char_indices().map(|(at, c)| (at, fold(c))).collect();
    if wanted.is_empty() {
        return Vec::new();
    }
    chars
        .windows(wanted.len())
        .enumerate()
        .filter(|(_, window)| window.iter().map(|(_, c)| c).eq(&wanted))
        .filter_map(|(i, window)| {
            let start = window.first()?.0;
            let end = chars.get(i + wanted.len()).map_or(text.len(), |(at, _)| *at);
            Some(Span::new(start, end))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_found_whatever_their_case() {
        let text = "É Regular HELP – Sam’s regular help.";
        let words: Vec<&str> = places(text, "regular help").into_iter().map(|span| span.of(text)).collect();
        assert_eq!(words, ["Regular HELP", "regular help"]);
        assert_eq!(places(text, "sam's").len(), 1);
        assert!(places(text, "absent").is_empty() && places(text, " ").is_empty() && places("", "x").is_empty());
    }
}
