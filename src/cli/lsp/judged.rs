//! This is an open text with what is said of it. What did not change is not judged again.

use super::place::Lines;
use clearplan::assess::Assessment;
use clearplan::document::{Setting, Statement};
use clearplan::engine::Engine;
use clearplan::readers;
use clearplan::segment::{Framework, segment};
use clearplan::span::Span;
use std::collections::HashMap;

/// An open text.
#[derive(Default)]
pub struct Text {
    pub lines: Lines,
    /// What was judged, in the order of the text.
    pub said: Vec<Said>,
    known: HashMap<Key, Option<Assessment>>,
}

/// A statement with what is said of it.
pub struct Said {
    pub assessment: Assessment,
    /// Its bytes in the text.
    pub whole: Span,
    /// The bytes of each finding, in the order of the findings.
    pub places: Vec<Span>,
}

/// All that a judgement depends on. The place of a statement is no part of it.
#[derive(PartialEq, Eq, Hash)]
struct Key(String);

impl Key {
    fn of(statement: &Statement) -> Self {
        let mut key = format!("{:?}\u{0}{:?}\u{0}{}", statement.kind, statement.setting, statement.text);
        for context in &statement.context {
            key.push_str(&format!("\u{0}{:?}\u{0}{}", context.role, context.text));
        }
        Self(key)
    }
}

impl Text {
    /// Takes a new version; what is said of the old one stays until it is judged.
    pub fn set(&mut self, text: String) {
        self.lines = Lines::new(text);
    }

    /// Judges the text as it is.
    pub fn judge(&mut self, engine: &Engine, setting: Option<Setting>) {
        let mut document = readers::read_text("text", self.lines.text());
        document.setting = setting;
        let sections = segment(&document, Framework::ehcp());
        let statements: Vec<Statement> = sections.into_iter().flat_map(|section| section.statements).collect();
        let mut before = std::mem::take(&mut self.known);
        let keys: Vec<Key> = statements.iter().map(Key::of).collect();
        let new: Vec<usize> =
            (0..keys.len()).filter(|&i| keys.get(i).is_some_and(|k| !before.contains_key(k))).collect();
        let asked: Vec<&Statement> = new.iter().filter_map(|&i| statements.get(i)).collect();
        let mut judged = new.into_iter().zip(engine.assess_all(&asked)).collect::<HashMap<_, _>>();
        let paragraphs = document.paragraphs();
        self.said.clear();
        for (i, (statement, key)) in statements.into_iter().zip(keys).enumerate() {
            let found = judged.remove(&i).or_else(|| before.remove(&key)).or_else(|| self.known.get(&key).cloned());
            let assessment = found.flatten();
            self.known.insert(key, assessment.clone());
            let Some(assessment) = assessment else { continue };
            let Some(paragraph) = paragraphs.get(statement.place.paragraph) else { continue };
            let Some(whole) = paragraph.source(statement.span) else { continue };
            let place = |span: Span| paragraph.source(span.shifted(statement.span.start)).unwrap_or(whole);
            let places = assessment.findings.iter().map(|finding| place(finding.span)).collect();
            self.said.push(Said { assessment, whole, places });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_gives_what_judging_anew_gives() {
        let engine = Engine::new().without_model();
        let versions = [
            "Section F\n\nSam will have regular help.\n\n- often\n- often\n",
            "Section F\n\nSam will have regular help from staff.\n\n- often\n- often\n",
            "Section E\n\nSam will have regular help from staff.\n\n- often\n- often\n",
            "",
            "Section F\r\n\r\nZoë 🦊 will have regular help.\r\n",
        ];
        let mut text = Text::default();
        for version in versions {
            text.set(version.to_owned());
            text.judge(&engine, None);
            let mut anew = Text::default();
            anew.set(version.to_owned());
            anew.judge(&engine, None);
            let view = |text: &Text| -> Vec<_> {
                text.said.iter().map(|s| (s.whole, s.places.clone(), s.assessment.clone())).collect()
            };
            assert_eq!(view(&text), view(&anew));
            for said in &text.said {
                for (finding, place) in said.assessment.findings.iter().zip(&said.places) {
                    assert_eq!(place.of(version), finding.span.of(said.whole.of(version)));
                }
            }
        }
        assert!(!text.said.is_empty());
    }
}
