//! This is what words mean by themselves: the word embeddings of the model that is compiled in, averaged over a text without asking
//! the network. Too coarse to judge by, and enough to say which of a few statements that share no word are about the same.

use super::Files;
use super::encoder::layout;
use super::pieces::Pieces;
use safetensors::SafeTensors;
use std::sync::LazyLock;

/// The word embeddings and the pieces that they are of.
pub(crate) struct Vectors {
    codes: &'static [u8],
    scales: Vec<f32>,
    pieces: Pieces,
}

/// Numbers of a vector.
pub(crate) const WIDTH: usize = 384;

/// The pieces of the vocabulary before this are signs and letters; from here on they are ordered by how common they are.
const FIRST: u32 = 996;
/// Smooth inverse frequency (Arora, Liang and Ma, *A simple but tough-to-beat baseline for sentence embeddings*, 2017): a piece
/// of frequency `p` counts `a / (a + p)`. By Zipf's law `p` is the inverse of its rank, over some ten for a vocabulary of this size.
const RARE: f32 = 1e-3;
const ZIPF: f32 = 10.0;

impl Vectors {
    /// Those of the model that is compiled in; without any where its files are not as expected, which a test sees to.
    pub fn builtin() -> &'static Self {
        static BUILTIN: LazyLock<Vectors> = LazyLock::new(|| {
            Vectors::read().unwrap_or(Vectors { codes: &[], scales: Vec::new(), pieces: Pieces::none() })
        });
        &BUILTIN
    }

    fn read() -> Option<Self> {
        let files = Files::builtin();
        let std::borrow::Cow::Borrowed(weights) = files.weights else { return None };
        let tensors = SafeTensors::deserialize(weights).ok()?;
        let codes = tensors.tensor(layout::WORDS).ok().filter(|tensor| tensor.shape().get(1) == Some(&WIDTH))?;
        let scales = layout::values(tensors.tensor(&format!("{}_scale", layout::WORDS)).ok()?.data());
        Some(Self { codes: codes.data(), scales, pieces: Pieces::read(&files.tokenizer).ok()? })
    }

    /// The sum of the vectors of some words in small letters, the rarer the heavier, of length 1; nought for none. A word that the
    /// vocabulary does not hold is read by its pieces.
    pub fn of<'w>(&self, words: impl Iterator<Item = &'w str>) -> Vec<f32> {
        let mut sum = vec![0.0; WIDTH];
        for word in words {
            self.pieces.each(word, |piece| self.add(piece, &mut sum));
        }
        normalise(&mut sum);
        sum
    }

    fn add(&self, piece: u32, sum: &mut [f32]) {
        let at = piece as usize;
        let (Some(codes), Some(scale)) = (self.codes.get(at * WIDTH..(at + 1) * WIDTH), self.scales.get(at)) else {
            return;
        };
        let rank = piece.saturating_sub(FIRST).max(1) as f32;
        let weight = scale * RARE / (RARE + 1.0 / (rank * ZIPF));
        sum.iter_mut().zip(codes).for_each(|(sum, code)| *sum += weight * f32::from(code.cast_signed()));
    }
}

/// The mean of vectors.
pub(crate) fn mean(vectors: &[Vec<f32>]) -> Vec<f32> {
    let mut mean = vec![0.0; WIDTH];
    for vector in vectors {
        mean.iter_mut().zip(vector).for_each(|(mean, value)| *mean += value / vectors.len() as f32);
    }
    mean
}

/// What a vector has beside a mean, of length 1: what all are about tells none from another.
pub(crate) fn beside(vector: &mut [f32], mean: &[f32]) {
    vector.iter_mut().zip(mean).for_each(|(value, mean)| *value -= mean);
    normalise(vector);
}

fn normalise(vector: &mut [f32]) {
    let length = dot(vector, vector).sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|value| *value /= length);
    }
}

/// The sum of the products.
pub(crate) fn dot(one: &[f32], other: &[f32]) -> f32 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(texts: [&str; 3]) -> f32 {
        let vectors = Vectors::builtin();
        let mut all: Vec<Vec<f32>> = texts.iter().map(|text| vectors.of(text.split(' '))).collect();
        let mean = mean(&all);
        all.iter_mut().for_each(|vector| beside(vector, &mean));
        dot(&all[0], &all[1]) - dot(&all[0], &all[2])
    }

    #[test]
    fn words_of_one_matter_are_nearer_than_those_of_two() {
        assert!(alike(["money and coins", "shopping with cash", "swimming in the pool"]) > 0.0);
        assert!(alike(["angry shouting", "loses her temper", "buttons and laces"]) > 0.0);
    }

    #[test]
    fn unknown_words_are_read_by_their_pieces() {
        let vectors = Vectors::builtin();
        let some = vectors.of(["hydrotherapist"].into_iter());
        assert!(some.iter().any(|value| *value != 0.0));
        assert!(vectors.of(["日", "9", ""].into_iter()).iter().all(|value| value.is_finite()));
        assert_eq!(vectors.of(std::iter::empty()), vec![0.0; WIDTH]);
    }
}
