//! This is what the amounts of a plan come to.

use crate::review::Judged;
use serde::Serialize;

/// The amounts of a plan, put together.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Sums {}

impl Sums {
    /// Puts the amounts of all statements together.
    pub(super) fn of(_statements: &[&Judged]) -> Self {
        Self {}
    }
}
