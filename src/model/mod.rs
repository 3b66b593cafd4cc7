//! This is the trained network: statements become tokens, and tokens become vectors.

#[doc(hidden)]
pub mod encoder;
#[doc(hidden)]
pub mod tokens;
