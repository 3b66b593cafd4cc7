//! This is what the model says of one statement, and at which words.

use super::{LABELS, Label, WORDINGS};
use crate::assess::Wording;
use crate::span::Span;
use crate::words::Words;

/// What the model says of one statement: logits (log-odds; above 0 means more likely than not), and what each of its words adds to them.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// One for each of [`LABELS`].
    pub logits: [f32; LABELS.len()],
    /// The statement's word pieces in order.
    pub pieces: Vec<Piece>,
}

/// A word piece of the statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// Where it stands in the statement's text.
    pub span: Span,
    /// How much it adds to each logit, less what the mean piece adds. (The heads are linear and read the mean of all pieces, so a
    /// logit is exactly the sum of its pieces' shares.)
    pub adds: [f32; LABELS.len()],
    /// Log-odds that it is one of the words that make the statement fail.
    pub fault: f32,
}

impl Prediction {
    /// The logit of a label; 0 for criteria that no wording can show.
    pub fn logit(&self, label: Label) -> f64 {
        LABELS.iter().position(|&known| known == label).map_or(0.0, |i| f64::from(self.logits[i]))
    }

    /// What the wording is, and the log-odds of that against the next likely.
    pub fn wording(&self) -> (Wording, f64) {
        let mut best = (Wording::Aim, f64::NEG_INFINITY);
        let mut next = f64::NEG_INFINITY;
        for i in WORDINGS {
            let logit = f64::from(self.logits[i]);
            if logit > best.1 {
                next = best.1;
                best = (if let Label::Wording(wording) = LABELS[i] { wording } else { best.0 }, logit);
            } else if logit > next {
                next = logit;
            }
        }
        (best.0, best.1 - next)
    }

    /// Log-odds of one type against the likeliest other.
    pub fn margin(&self, wording: Wording) -> f64 {
        let (best, margin) = self.wording();
        if best == wording {
            return margin;
        }
        self.logit(Label::Wording(wording)) - self.logit(Label::Wording(best))
    }

    /// The words that the model faults: the run with the largest sum of log-odds, at least one word.
    pub fn faulted(&self, words: &Words<'_>) -> Option<Span> {
        heaviest(words, &self.faults(words))
    }

    /// How much the model faults each word: the sum of the log-odds of its pieces.
    pub fn faults(&self, words: &Words<'_>) -> Vec<f32> {
        self.weights(words, |piece| piece.fault)
    }

    /// The words that speak most for a label.
    pub fn evidence(&self, words: &Words<'_>, label: Label) -> Option<Span> {
        let i = LABELS.iter().position(|&known| known == label)?;
        heaviest(words, &self.weights(words, |piece| piece.adds[i]))
    }

    /// What each word weighs by its pieces.
    fn weights(&self, words: &Words<'_>, weight: impl Fn(&Piece) -> f32) -> Vec<f32> {
        let mut weights = vec![0.0; words.len()];
        for piece in &self.pieces {
            let after = words.list().partition_point(|word| word.span.start <= piece.span.start);
            if let Some(of) = after.checked_sub(1).and_then(|i| weights.get_mut(i)) {
                *of += weight(piece);
            }
        }
        weights
    }
}

/// The run of words with the largest sum of their weights (Kadane's algorithm); where no weight is positive the word with the largest.
/// Marks at its ends are left out. `None` where there is no word.
fn heaviest(words: &Words<'_>, weights: &[f32]) -> Option<Span> {
    let mut best: Option<(f32, usize, usize)> = None;
    let mut sum = 0.0;
    let mut from = 0;
    for (i, weight) in weights.iter().enumerate() {
        if sum <= 0.0 {
            (sum, from) = (0.0, i);
        }
        sum += weight;
        if best.is_none_or(|(most, ..)| sum > most) {
            best = Some((sum, from, i + 1));
        }
    }
    let (_, mut from, mut to) = best?;
    let mark = |i: usize| words.list()[i].kind == crate::words::WordKind::Mark;
    while to > from + 1 && mark(to - 1) {
        to -= 1;
    }
    while to > from + 1 && mark(from) {
        from += 1;
    }
    Some(words.span(from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prediction(text: &str, faults: &[f32]) -> Prediction {
        let words = Words::new(text);
        let pieces = words.list().iter().zip(faults);
        let pieces = pieces.map(|(word, &fault)| Piece { span: word.span, adds: [0.0; LABELS.len()], fault }).collect();
        Prediction { logits: [0.0; LABELS.len()], pieces }
    }

    #[test]
    fn the_faulted_run_is_the_one_with_the_largest_sum() {
        let text = "Sam will have regular, (helpful) support daily";
        let p = prediction(text, &[-2.0, -2.0, 0.5, 2.0, -0.5, -0.1, 1.0, -0.1, 1.0, -3.0]);
        assert_eq!(p.faulted(&Words::new(text)).map(|span| span.of(text)), Some("have regular, (helpful) support"));
        let none = prediction("all fine here", &[-2.0, -1.0, -3.0]);
        assert_eq!(none.faulted(&Words::new("all fine here")).map(|span| span.of("all fine here")), Some("fine"));
        assert_eq!(prediction("", &[]).faulted(&Words::new("")), None);
    }

    #[test]
    fn the_type_is_the_likeliest() {
        let mut p = prediction("x", &[0.0]);
        p.logits[WORDINGS.start + 2] = 3.0;
        p.logits[WORDINGS.start + 4] = 1.0;
        assert_eq!(p.wording(), (Wording::Need, 2.0));
        assert!((p.margin(Wording::Activity) + 2.0).abs() < 1e-9);
        assert!((p.logit(Label::Criterion(crate::assess::Criterion::Relevant))).abs() < 1e-9);
    }
}
