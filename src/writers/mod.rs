//! This is the way out: a [`Review`](crate::review::Review) becomes text, JSON, JSON Lines, SARIF or HTML.
