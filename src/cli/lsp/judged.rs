//! This is an open text with what is said of it. What did not change is not judged again: the engine has a cache.

use super::place::Lines;
use clearplan::assess::Assessment;
use clearplan::document::{Setting, Statement};
use clearplan::engine::Engine;
use clearplan::readers;
use clearplan::segment::{Framework, segment};
use clearplan::span::Span;

/// An open text.
#[derive(Default)]
pub struct Text {
    pub lines: Lines,
    /// What was judged, in the order of the text.
    pub said: Vec<Said>,
}

/// A statement with what is said of it.
pub struct Said {
    pub assessment: Assessment,
    /// Its bytes in the text.
    pub whole: Span,
    /// The bytes of each finding, in the order of the findings.
    pub places: Vec<Span>,
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
        let assessments = engine.assess_all(&statements.iter().collect::<Vec<_>>());
        let paragraphs = document.paragraphs();
        self.said.clear();
        for (statement, assessment) in statements.into_iter().zip(assessments) {
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
        let anew_engine = Engine::new().without_model();
        let engine = Engine::new().without_model().with_cache(100);
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
            anew.judge(&anew_engine, None);
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
