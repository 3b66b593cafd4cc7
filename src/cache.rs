//! This is the cache of judged statements: plans repeat each other, and what was judged once need not be judged again.

use crate::assess::Assessment;
use crate::document::Statement;
use quick_cache::sync::Cache as Bounded;
use std::fmt::Write as _;
use std::sync::Arc;

/// Everything about a statement that its assessment depends on, as one string: two with the same key are judged alike.
pub(crate) fn key(statement: &Statement) -> Box<str> {
    let Statement { text, kind, context, setting, section: _, place: _, span: _ } = statement;
    let mut key = String::with_capacity(text.len() + 64);
    // With the length before each, no text can pass for the end of another. Writing to a String cannot fail.
    let _ = write!(key, "{kind:?} {setting:?} {}", context.len());
    for context in context {
        let _ = write!(key, " {:?} {} {}", context.role, context.text.len(), context.text);
    }
    key.push_str(text);
    key.into_boxed_str()
}

/// Assessments of a bounded number of statements; those that are asked for most stay. Shared between threads.
pub(crate) struct Cache {
    judged: Bounded<Box<str>, Arc<Assessment>>,
    /// Drafts of suggestions, and whether each is good. They come to a few frames that many statements share, above all the
    /// same statement while it is typed.
    drafts: Bounded<Box<str>, bool>,
}

impl Cache {
    /// For so many statements, each of 1–2 KiB, and as many drafts of some 200 bytes.
    pub fn new(statements: usize) -> Self {
        Self { judged: Bounded::new(statements), drafts: Bounded::new(statements) }
    }

    /// Forgets all.
    pub fn clear(&self) {
        self.judged.clear();
        self.drafts.clear();
    }

    pub fn get(&self, key: &str) -> Option<Arc<Assessment>> {
        self.judged.get(key)
    }

    pub fn put(&self, key: Box<str>, assessment: Arc<Assessment>) {
        self.judged.insert(key, assessment);
    }

    /// Whether a draft is good, by `judge` where that is not known.
    pub fn is_good(&self, draft: &Statement, judge: impl FnOnce() -> bool) -> bool {
        let key = key(draft);
        self.drafts.get(&key).unwrap_or_else(|| {
            let good = judge();
            self.drafts.insert(key, good);
            good
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Context, ContextRole, Kind};

    #[test]
    fn what_is_judged_differently_has_another_key() {
        let plain = Statement::new(Kind::Provision, "weekly, 1:1");
        let outcome = Statement::new(Kind::Outcome, "weekly, 1:1");
        let lead_in = |text: &str, rest: &str| Statement {
            context: vec![Context { role: ContextRole::LeadIn, text: text.into() }],
            ..Statement::new(Kind::Provision, rest)
        };
        let all = [
            plain.clone(),
            outcome,
            lead_in("weekly,", " 1:1"),
            lead_in("weekly", ", 1:1"),
            lead_in("", "weekly, 1:1"),
        ];
        let keys: std::collections::BTreeSet<Box<str>> = all.iter().map(key).collect();
        assert_eq!(keys.len(), all.len(), "{keys:?}");
        let elsewhere = Statement { section: "G".into(), ..plain.clone() };
        assert_eq!(key(&elsewhere), key(&plain), "the section says nothing that the kind does not");
    }
}
