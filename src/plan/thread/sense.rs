//! This is how near the statements of a plan are by the vectors of their words, beside what all of them are about.

use super::terms::FEW;
use crate::model::vectors::{Vectors, WIDTH, dot, normalise};
use crate::plan::glossary::Glossary;
use crate::review::Judged;

/// A vector of length 1 for each statement that may be linked; nought for one without words.
pub(super) struct Senses(Vec<f32>);

impl Senses {
    /// Those of the chosen statements.
    pub fn of(chosen: &[(usize, &Judged)], glossary: &Glossary) -> Self {
        let vectors = Vectors::builtin();
        let mut all = vec![0.0; chosen.len() * WIDTH];
        let mut mean: Vec<f32> = vectors.mean.iter().map(|value| FEW * value).collect();
        for ((number, _), own) in chosen.iter().zip(all.chunks_exact_mut(WIDTH)) {
            glossary.statement(*number).for_each(|word| vectors.add(word.sense, own));
            normalise(own);
            mean.iter_mut().zip(&*own).for_each(|(mean, value)| *mean += value);
        }
        mean.iter_mut().for_each(|value| *value /= chosen.len() as f32 + FEW);
        for own in all.chunks_exact_mut(WIDTH).filter(|own| own.iter().any(|value| *value != 0.0)) {
            own.iter_mut().zip(&mean).for_each(|(value, mean)| *value -= mean);
            normalise(own);
        }
        Self(all)
    }

    /// How near two statements are, −1 to 1.
    pub fn near(&self, one: usize, other: usize) -> f32 {
        dot(self.one(one), self.one(other))
    }

    fn one(&self, node: usize) -> &[f32] {
        &self.0[node * WIDTH..(node + 1) * WIDTH]
    }
}
