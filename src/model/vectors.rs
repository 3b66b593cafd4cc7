//! This is what words say of which statements of a plan belong together: a vector of each word piece, trained on plans whose links are
//! known (`models/train/thread.rs`). A statement is the sum of its pieces; no network is asked.
//!
//! `thread.safetensors` holds `words`, I8, vocabulary × [`WIDTH`], with `words_scale`, F32, one number a piece; what a piece weighs is
//! in its length; and `mean`, F32, [`WIDTH`], of what statements say in general, each of length 1. The pieces are those of the built-in
//! model's `tokenizer.json`.

use super::encoder::{ModelError, Tensors};
use super::pieces::Pieces;
use super::{Files, first};
use safetensors::Dtype;
use std::sync::LazyLock;

/// Numbers of a vector.
pub const WIDTH: usize = 64;

/// Pieces of a word that are read: longer ones are rare, and begin with what tells most.
const PIECES: usize = 6;

/// The vectors of pieces.
pub(crate) struct Vectors {
    codes: &'static [u8],
    scales: Vec<f32>,
    /// What statements say in general.
    pub mean: Vec<f32>,
    pieces: Pieces,
}

/// The pieces of a word by which its statement is near others.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sense {
    pieces: [u16; PIECES],
    count: u8,
}

impl Sense {
    /// Of a word in small letters.
    pub fn of(vocabulary: &Pieces, word: &str) -> Self {
        let mut sense = Self::default();
        vocabulary.word(word, |piece| {
            if let (Some(at), Ok(piece)) = (sense.pieces.get_mut(usize::from(sense.count)), u16::try_from(piece)) {
                *at = piece;
                sense.count += 1;
            }
        });
        sense
    }

    /// Their numbers, in order.
    pub fn pieces(&self) -> impl Iterator<Item = u16> + '_ {
        self.pieces.iter().take(usize::from(self.count)).copied()
    }
}

/// Turns trained vectors, piece after piece, and the mean of what statements say into `thread.safetensors`. The same input gives the same
/// bytes.
///
/// # Errors
/// Where they are no whole rows, or not finite: the training has diverged.
pub fn quantise(vectors: &[f32], mean: &[f32]) -> Result<Vec<u8>, ModelError> {
    let wrong = |what: &str| ModelError::tensor("words of thread.safetensors", what);
    if !vectors.len().is_multiple_of(WIDTH) || mean.len() != WIDTH {
        return Err(wrong("are no whole rows"));
    }
    if !vectors.iter().chain(mean).all(|value| value.is_finite()) {
        return Err(wrong("are not finite: the training has diverged"));
    }
    let mut tensors = Tensors::default();
    tensors.codes("words", vec![vectors.len() / WIDTH, WIDTH], vectors);
    tensors.floats("mean", vec![WIDTH], mean);
    tensors.file().map_err(|error| wrong(&error.to_string()))
}

impl Vectors {
    /// Those that are compiled in.
    pub fn builtin() -> &'static Self {
        static BUILTIN: LazyLock<Vectors> = LazyLock::new(|| {
            // Compiled in and loaded by a test: no input here can fail.
            Vectors::read().unwrap_or_else(|error| panic!("built-in vectors, thread.safetensors: {error}"))
        });
        &BUILTIN
    }

    fn read() -> Result<Self, ModelError> {
        let file = include_bytes!(model!("thread.safetensors"));
        let tensors = first::open(file)?;
        let pieces = Pieces::read(&Files::builtin().tokenizer)?;
        let codes = first::data(&tensors, "words", Dtype::I8, &[pieces.end(), WIDTH])?;
        let scales = first::floats(&tensors, "words_scale", &[pieces.end()])?;
        let mean = first::floats(&tensors, "mean", &[WIDTH])?;
        Ok(Self { codes, scales, mean, pieces })
    }

    /// The pieces of a word in small letters.
    pub fn sense(&self, word: &str) -> Sense {
        Sense::of(&self.pieces, word)
    }

    /// Adds a word to what is said.
    pub fn add(&self, word: Sense, said: &mut [f32]) {
        for at in word.pieces().map(usize::from) {
            let (codes, scale) = (&self.codes[at * WIDTH..(at + 1) * WIDTH], self.scales[at]);
            said.iter_mut().zip(codes).for_each(|(said, code)| *said += scale * f32::from(code.cast_signed()));
        }
    }
}

/// Makes a vector one of length 1; nought stays.
pub(crate) fn normalise(vector: &mut [f32]) {
    let length = dot(vector, vector).sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|value| *value /= length);
    }
}

/// The sum of the products.
pub(crate) fn dot(one: &[f32], other: &[f32]) -> f32 {
    let mut lanes = [0.0; 16];
    for (one, other) in one.as_chunks::<16>().0.iter().zip(other.as_chunks::<16>().0) {
        for i in 0..16 {
            lanes[i] += one[i] * other[i];
        }
    }
    lanes.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<f32> {
        let mut said = vec![0.0; WIDTH];
        text.split(' ').for_each(|word| Vectors::builtin().add(Vectors::builtin().sense(word), &mut said));
        normalise(&mut said);
        said
    }

    #[test]
    fn words_of_one_matter_are_nearer_than_those_of_two() {
        let nearer = |one: &str, near: &str, far: &str| dot(&said(one), &said(near)) > dot(&said(one), &said(far));
        assert!(nearer("money and coins", "shopping with cash", "swimming in the pool"));
        assert!(nearer("angry shouting", "loses her temper", "buttons and laces"));
    }

    #[test]
    fn unknown_words_are_read_by_their_pieces() {
        assert!(said("hydrotherapist").iter().any(|value| *value != 0.0));
        assert!(said("日 9 sam's café").iter().all(|value| value.is_finite()));
        assert_eq!(said(""), vec![0.0; WIDTH]);
        let sense = Vectors::builtin().sense(&"ab".repeat(40));
        assert_eq!(usize::from(sense.count), PIECES);
    }
}
