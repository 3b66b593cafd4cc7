//! This is what can be wrong with the files of a model.

/// A model that does not load.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// `config.json` cannot be used.
    #[error("config.json of the model: {what}")]
    Config {
        /// What is wrong, and what to do.
        what: String,
    },
    /// The weights are no safetensors file at all.
    #[error("model.safetensors: {what}; copy the file again, or make it anew from the trained weights")]
    File {
        /// What the reader says.
        what: String,
    },
    /// A tensor is missing or is not what it should be.
    #[error("model.safetensors: tensor {name}: {what}")]
    Tensor {
        /// Its name in the file.
        name: String,
        /// What is wrong, and what to do.
        what: String,
    },
    /// `combination.toml` cannot be used.
    #[error("combination.toml of the model: {what}")]
    Combination {
        /// What is wrong, and what to do.
        what: String,
    },
    /// `first.safetensors` cannot be used.
    #[error("first.safetensors of the model: {what}; make the model anew with clearplan-train")]
    First {
        /// What is wrong.
        what: String,
    },
    /// `tokenizer.json` cannot be used.
    #[error("tokenizer.json of the model: {what}")]
    Tokenizer {
        /// What is wrong, and what to do.
        what: String,
    },
}

impl ModelError {
    pub(crate) fn config(what: impl Into<String>) -> Self {
        Self::Config { what: what.into() }
    }

    pub(crate) fn file(what: impl ToString) -> Self {
        Self::File { what: what.to_string() }
    }

    pub(crate) fn tensor(name: &str, what: impl Into<String>) -> Self {
        Self::Tensor { name: name.to_owned(), what: what.into() }
    }

    pub(crate) fn combination(what: impl Into<String>) -> Self {
        Self::Combination { what: what.into() }
    }

    pub(crate) fn first(what: impl Into<String>) -> Self {
        Self::First { what: what.into() }
    }

    pub(crate) fn tokenizer(what: impl Into<String>) -> Self {
        Self::Tokenizer { what: what.into() }
    }
}
