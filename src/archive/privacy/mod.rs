//! This is the anonymity gate: what should not stand in an anonymised plan, found and masked.
//!
//! It looks for numbers with check digits, for patterns, and for names by the words around them. It is a net with
//! holes: a plan in which nothing is found is not thereby anonymous. Values leave it as kind and place only.

mod names;
mod numbers;
mod patterns;

pub use names::first_name;

use crate::document::{Document, Paragraph};
use crate::span::Span;
use serde::{Deserialize, Serialize};

/// What sort of personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A person's name, told by a title or a label.
    Name,
    /// A date that is said to be of birth.
    BirthDate,
    /// An NHS number with the right check digit.
    NhsNumber,
    /// A unique pupil number with the right check letter.
    Upn,
    /// A postcode.
    Postcode,
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A house number and street.
    Address,
    /// A school by name, in a plan that also calls the child by a first name.
    School,
}

impl Kind {
    /// Every kind, in the order of the outputs.
    pub const ALL: [Self; 9] = [
        Self::Name,
        Self::BirthDate,
        Self::NhsNumber,
        Self::Upn,
        Self::Postcode,
        Self::Phone,
        Self::Email,
        Self::Address,
        Self::School,
    ];

    /// The name in files: `birth_date`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::BirthDate => "birth_date",
            Self::NhsNumber => "nhs_number",
            Self::Upn => "upn",
            Self::Postcode => "postcode",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Address => "address",
            Self::School => "school",
        }
    }
}

/// Personal data at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// Ordinal of the paragraph in the document.
    pub paragraph: usize,
    /// Where in the paragraph's text, in bytes.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
}

/// What is found in a plan, in reading order, no two overlapping.
pub fn find(document: &Document) -> Vec<Hit> {
    let paragraphs = document.paragraphs();
    let child = first_name(&paragraphs);
    find_beside(&paragraphs, child)
}

/// The same for the paragraphs of a plan that calls its child by that first name.
pub(super) fn find_beside(paragraphs: &[&Paragraph], child: Option<&str>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for paragraph in paragraphs {
        in_text(&paragraph.text, child.is_some(), |kind, span| {
            hits.push(Hit { paragraph: paragraph.place.paragraph, span, kind });
        });
    }
    hits.sort_by_key(|hit| (hit.paragraph, hit.span.start, std::cmp::Reverse(hit.span.end)));
    hits.dedup_by(|next, kept| next.paragraph == kept.paragraph && next.span.overlaps(kept.span));
    hits
}

/// What is found in one text; `named` where the plan calls the child by a first name.
pub fn in_text(text: &str, named: bool, mut hit: impl FnMut(Kind, Span)) {
    patterns::find(text, named, &mut hit);
    names::find(text, &mut hit);
}

/// Where the words of `hits` stand in a plan: the hits, and each further place of a name that was found.
pub fn everywhere(document: &Document, hits: &[Hit]) -> Vec<(usize, Span)> {
    let paragraphs = document.paragraphs();
    let text_of = |hit: &Hit| -> &str {
        let found: Option<&&Paragraph> = paragraphs.iter().find(|p| p.place.paragraph == hit.paragraph);
        found.map_or("", |paragraph| hit.span.of(&paragraph.text))
    };
    let mut out: Vec<(usize, Span)> = hits.iter().map(|hit| (hit.paragraph, hit.span)).collect();
    let mut words: Vec<&str> =
        hits.iter().filter(|hit| hit.kind == Kind::Name).flat_map(|hit| names::own_words(text_of(hit))).collect();
    words.sort_unstable();
    words.dedup();
    for paragraph in paragraphs.iter().filter(|_| !words.is_empty()) {
        for word in &words {
            let places = paragraph.text.match_indices(word).map(|(at, _)| Span::new(at, at + word.len()));
            out.extend(places.filter(|s| whole(&paragraph.text, *s)).map(|s| (paragraph.place.paragraph, s)));
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}

/// True where no letter or digit stands right before or after.
fn whole(text: &str, span: Span) -> bool {
    let before = text.get(..span.start).and_then(|t| t.chars().next_back());
    let after = text.get(span.end..).and_then(|t| t.chars().next());
    !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
}

/// The text with every letter and digit of the spans as `█`, so that the count of its characters stays.
pub fn mask(text: &str, spans: impl IntoIterator<Item = Span> + Clone) -> String {
    let hidden = |at: usize| spans.clone().into_iter().any(|span| span.start <= at && at < span.end);
    text.char_indices().map(|(at, c)| if c.is_alphanumeric() && hidden(at) { '█' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readers;

    fn found(text: &str) -> Vec<(Kind, String)> {
        let mut all = Vec::new();
        in_text(text, true, |kind, span| all.push((kind, span.of(text).to_owned())));
        all.sort();
        all
    }

    #[test]
    fn each_kind_and_its_near_misses() {
        let one = |text: &str, kind: Kind, words: &str| {
            assert_eq!(found(text), [(kind, words.to_owned())], "{text}");
        };
        one("NHS number 943 476 5919 on file", Kind::NhsNumber, "943 476 5919");
        one("DOB: 02/11/2015, Year 5", Kind::BirthDate, "02/11/2015");
        one("born on 2 November 2015 in Leeds", Kind::BirthDate, "2 November 2015");
        one("UPN J823432113001 was", Kind::Upn, "J823432113001");
        one("lives in LS6 2AB with", Kind::Postcode, "LS6 2AB");
        one("call 01632 960 123 after", Kind::Phone, "01632 960 123");
        one("or +44 7700 900123.", Kind::Phone, "+44 7700 900123");
        one("to a.b@example.org today", Kind::Email, "a.b@example.org");
        one("at 14 Elm Tree Road until", Kind::Address, "14 Elm Tree Road");
        one("seen by Dr. Hartley-Moss in", Kind::Name, "Hartley-Moss");
        one("Mother: Jane Larkspur", Kind::Name, "Jane Larkspur");
        one("his social worker, Tom Okafor, visits", Kind::Name, "Tom Okafor");
        one("goes to Nether Wimble Primary School by taxi", Kind::School, "Nether Wimble Primary School");
        for clean in [
            "NHS number 943 476 5918",
            "by 02/11/2027 he will read 60 words a minute",
            "J823432113002",
            "KS2 3 times, Y4 text, E12 books",
            "score 0123456780",
            "12 Steps to Reading",
            "Dr. and Mrs. are titles; Miss the bus",
            "The Primary School will. Special School staff",
            "Section F: Special Educational Provision",
            "Provision: Individual Literacy Support",
            "3 x 20 minutes, 1:1, in a group of 4",
        ] {
            assert_eq!(found(clean), [], "{clean}");
        }
    }

    #[test]
    fn a_school_is_personal_only_beside_a_first_name() {
        let named = "Section F\n\nSam will read.\n\nSam will write.\n\nSam attends Nether Wimble Primary School.\n";
        let plain = named.replace("Sam", "The child");
        let kinds = |text: &str| -> Vec<Kind> {
            let documents = readers::read("a.txt", text.as_bytes()).expect("text");
            find(&documents[0]).iter().map(|hit| hit.kind).collect()
        };
        assert_eq!(kinds(named), [Kind::School]);
        assert_eq!(kinds(&plain), []);
    }

    #[test]
    fn names_are_masked_wherever_they_stand() {
        let text = "Section F\n\nMrs Larkspur will help for 20 minutes daily.\n\nLarkspur time is on Mondays. Larkspurs grow.\n";
        let document = readers::read("a.txt", text.as_bytes()).expect("text").remove(0);
        let places = everywhere(&document, &find(&document));
        assert_eq!(places.len(), 2);
        let last = document.paragraphs().pop().expect("paragraphs").clone();
        let spans: Vec<Span> = places.iter().filter(|p| p.0 == last.place.paragraph).map(|p| p.1).collect();
        assert_eq!(mask(&last.text, spans), "████████ time is on Mondays. Larkspurs grow.");
    }
}
