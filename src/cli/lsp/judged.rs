//! This is an open text with what is said of it. What did not change is not judged again: the engine has a cache.

use super::place::Lines;
use crate::cli::waiving;
use clearplan::assess::Assessment;
use clearplan::document::Setting;
use clearplan::engine::Engine;
use clearplan::plan::PlanFinding;
use clearplan::readers;
use clearplan::span::Span;
use clearplan::waivers::Waived;

/// An open text.
#[derive(Default)]
pub struct Text {
    pub lines: Lines,
    /// What was judged, in the order of the text.
    pub said: Vec<Said>,
    /// What is wrong with the plan as a whole, each with the bytes where it stands first; what stands nowhere is told at the
    /// beginning.
    pub whole: Vec<(PlanFinding, Span)>,
    /// The bytes of comments that waive nothing, and why.
    pub refused: Vec<(Span, String)>,
    /// The bytes of all comments that speak to us.
    comments: Vec<Span>,
}

/// A statement with what is said of it.
pub struct Said {
    /// Its findings are those that are not waived.
    pub assessment: Assessment,
    /// Its bytes in the text.
    pub whole: Span,
    /// The bytes of each finding, in the order of the findings.
    pub places: Vec<Span>,
    /// What is waived, with its bytes.
    pub waived: Vec<(Waived, Span)>,
}

impl Text {
    /// Takes a new version; what is said of the old one stays until it is judged.
    pub fn set(&mut self, text: String) {
        self.lines = Lines::new(text);
    }

    /// Judges the text as it is, and sets aside what is waived. `name` is what a file of waivers calls it.
    pub fn judge(&mut self, engine: &Engine, setting: Option<Setting>, name: &str, waived: &waiving::Waived) {
        let mut document = readers::read_text(name, self.lines.text());
        document.setting = setting;
        let mut review = engine.review(&document);
        let refused = waived.refused(&mut review, &document, engine.rules());
        // What the file says of other plans fits nothing here, so the notes on it are for `check`.
        waived.by_file(std::slice::from_mut(&mut review), engine.rules());
        let stands = |comment: &clearplan::document::Comment| comment.stands.map(|(_, span)| span);
        self.comments = document.comments.iter().filter_map(stands).collect();
        let refused = refused.into_iter();
        self.refused =
            refused.filter_map(|(at, why)| Some((document.comments.get(at).and_then(stands)?, why))).collect();
        let paragraphs = document.paragraphs();
        let first = |finding: &PlanFinding| {
            let place = finding.places.first()?;
            paragraphs.get(place.paragraph)?.source(place.in_paragraph)
        };
        self.whole.clear();
        self.whole.extend(review.whole.findings.into_iter().map(|finding| {
            let place = first(&finding).unwrap_or(Span::new(0, 0));
            (finding, place)
        }));
        self.said.clear();
        for judged in review.sections.into_iter().flat_map(|section| section.statements) {
            let (statement, Some(assessment)) = (judged.statement, judged.assessment) else { continue };
            let Some(paragraph) = paragraphs.get(statement.place.paragraph) else { continue };
            let Some(whole) = paragraph.source(statement.span) else { continue };
            let place = |span: Span| paragraph.source(span.shifted(statement.span.start)).unwrap_or(whole);
            let places = assessment.findings.iter().map(|finding| place(finding.span)).collect();
            let waived = judged.waived.into_iter().map(|waived| (place(waived.finding.span), waived));
            let waived = waived.map(|(span, waived)| (waived, span)).collect();
            self.said.push(Said { assessment, whole, places, waived });
        }
    }

    /// What stands instead of a statement if it is reworded: the comments in it that speak to us are kept behind it, for a
    /// decision is nobody's to delete but its owner's.
    pub fn instead(&self, said: &Said, wording: &str) -> String {
        let mut out = wording.to_owned();
        for comment in self.comments.iter().filter(|comment| said.whole.contains(**comment)) {
            out.push(' ');
            out.push_str(comment.of(self.lines.text()));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_gives_what_judging_anew_gives() {
        let anew_engine = Engine::new().without_model();
        let engine = Engine::new().without_model().with_cache(100);
        let none = waiving::Waived::none("2026-11-27");
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
            text.judge(&engine, None, "text", &none);
            let mut anew = Text::default();
            anew.set(version.to_owned());
            anew.judge(&anew_engine, None, "text", &none);
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
