//! This is the marked copy: a whole plan as one page, the faulted words marked where they stand and what is said of them
//! right below. For formats that cannot be written into, such as PDF.
//!
//! Layout of the original is not kept, its order is. The look is the report's.

use super::remark::{self, Line, Remark};
use super::{page, words};
use crate::document::{Block, Document, Paragraph, Role};
use crate::review::Review;
use crate::rules::{Rule, Severity};
use crate::span::Span;
use minijinja::value::Serde;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The plans as one page, each with its review. `rules` are those in force; findings below `least` are left out.
///
/// # Errors
/// [`minijinja::Error`] where the template does not fit its data, which a test of this crate rules out.
pub fn write(
    documents: &[Document],
    reviews: &[Review],
    rules: &[Rule],
    least: Severity,
) -> Result<String, minijinja::Error> {
    let plans = documents.iter().zip(reviews).enumerate();
    let data = Page {
        version: env!("CARGO_PKG_VERSION"),
        plans: plans.map(|(i, (document, review))| Plan::new(i + 1, document, review, rules, least)).collect(),
    };
    let environment = page::environment("marked.html", include_str!("marked.html"))?;
    environment.get_template("marked.html")?.render(Serde(data))
}

#[derive(Serialize)]
struct Page<'p> {
    version: &'static str,
    plans: Vec<Plan<'p>>,
}

#[derive(Serialize)]
struct Plan<'p> {
    name: &'p str,
    anchor: String,
    summary: Vec<String>,
    /// Names and anchors of the statements with remarks.
    contents: Vec<(&'p str, String)>,
    pieces: Vec<Piece<'p>>,
}

/// A step through the plan: markup of our own, words of the plan, what is said of them.
#[derive(Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
enum Piece<'p> {
    /// Tags, from a fixed list and with numbers in them only.
    Tags {
        tags: String,
    },
    Words {
        text: &'p str,
        class: &'static str,
    },
    /// A link from the last faulted word to what is said of it.
    Link {
        id: &'p str,
        anchor: String,
    },
    Remark {
        anchor: String,
        class: &'static str,
        head: String,
        /// Words, and the address that they end in.
        lines: Vec<(String, Option<String>)>,
    },
    Page {
        number: u32,
    },
}

impl<'p> Plan<'p> {
    fn new(number: usize, document: &'p Document, review: &'p Review, rules: &[Rule], least: Severity) -> Self {
        let anchor = format!("plan-{number}");
        let remarks = remark::remarks(review, rules, least);
        let mut contents = Vec::new();
        let mut writing =
            Writing { pieces: Vec::new(), by_paragraph: BTreeMap::new(), page: None, tables: 0, anchor: &anchor };
        let spans = spans(review, least);
        for remark in remarks {
            contents.push((remark.id, format!("{anchor}-{}", remark.id)));
            writing.by_paragraph.entry(remark.paragraph).or_default().remarks.push(remark);
        }
        for (paragraph, span, severity) in spans {
            writing.by_paragraph.entry(paragraph).or_default().marks.push((span, severity));
        }
        writing.blocks(&document.blocks);
        let pieces = writing.pieces;
        let how = [
            "The plan is shown as it was read, without its layout. [Blanks] show what is missing: nobody but you can fill them.",
        ];
        let summary = remark::summary(review, least, &[], &how).into_iter().skip(1).map(|line| line.text).collect();
        Self { name: &document.name, anchor, summary, contents, pieces }
    }
}

/// The faulted words by paragraph; findings about a whole statement point at none.
fn spans(review: &Review, least: Severity) -> Vec<(usize, Span, Severity)> {
    let mut spans = Vec::new();
    for judged in review.sections.iter().flat_map(|section| &section.statements) {
        let Some(assessment) = &judged.assessment else { continue };
        let statement = &judged.statement;
        for (number, finding) in words::numbered(&statement.text, &assessment.findings) {
            if number.is_some() && finding.severity >= least {
                let span = finding.span.shifted(statement.span.start);
                spans.push((statement.place.paragraph, span, finding.severity));
            }
        }
    }
    for finding in review.whole.findings.iter().filter(|finding| finding.severity >= least) {
        let words = finding.places.iter().filter(|place| !place.whole);
        spans.extend(words.map(|place| (place.paragraph, place.in_paragraph, finding.severity)));
    }
    spans
}

/// What is said in a paragraph.
#[derive(Default)]
struct Said<'p> {
    remarks: Vec<Remark<'p>>,
    marks: Vec<(Span, Severity)>,
}

struct Writing<'p, 'a> {
    pieces: Vec<Piece<'p>>,
    by_paragraph: BTreeMap<usize, Said<'p>>,
    page: Option<u32>,
    /// Tables around the current block: cells of one row may stand on two pages, so pages are told between tables.
    tables: usize,
    anchor: &'a str,
}

impl<'p> Writing<'p, '_> {
    fn blocks(&mut self, blocks: &'p [Block]) {
        for block in blocks {
            match block {
                Block::Paragraph(paragraph) => self.paragraph(paragraph),
                Block::Table(table) => {
                    self.tables += 1;
                    self.tags("<div class=\"wide\"><table class=\"plan\"><tbody>\n");
                    for row in &table.rows {
                        self.tags("<tr>");
                        let name = if row.heading { "th" } else { "td" };
                        for cell in &row.cells {
                            self.tags(format!("<{name} colspan=\"{}\" rowspan=\"{}\">", cell.columns, cell.rows));
                            self.blocks(&cell.blocks);
                            self.tags(format!("</{name}>"));
                        }
                        self.tags("</tr>\n");
                    }
                    self.tags("</tbody></table></div>\n");
                    self.tables -= 1;
                }
            }
        }
    }

    fn paragraph(&mut self, paragraph: &'p Paragraph) {
        if self.tables == 0 && paragraph.place.page > self.page {
            self.page = paragraph.place.page;
            self.pieces.extend(self.page.map(|number| Piece::Page { number }));
        }
        let (open, close) = match &paragraph.role {
            Role::Body => ("<p>".to_owned(), "</p>\n".to_owned()),
            // The page and the plan have the first two levels.
            Role::Heading(level) => {
                let level = u16::from(*level).saturating_add(2).min(6);
                (format!("<h{level}>"), format!("</h{level}>\n"))
            }
            Role::Item { level, .. } => (format!("<p class=\"item item-{}\">", level.min(&4)), "</p>\n".to_owned()),
            Role::Footnote | Role::Furniture => ("<p class=\"dim\">".to_owned(), "</p>\n".to_owned()),
        };
        self.tags(open);
        if let Role::Item { marker, .. } = &paragraph.role
            && !marker.is_empty()
        {
            self.pieces.push(Piece::Words { text: marker, class: "" });
            self.pieces.push(Piece::Words { text: " ", class: "" });
        }
        let said = self.by_paragraph.remove(&paragraph.place.paragraph).unwrap_or_default();
        self.words(&paragraph.text, &said);
        self.tags(close);
        for remark in said.remarks {
            let part = |line: &Line| {
                let (words, link) = line.parts();
                (words.to_owned(), link.map(str::to_owned))
            };
            let mut lines = remark.lines.iter().map(part);
            self.pieces.push(Piece::Remark {
                anchor: format!("{}-{}", self.anchor, remark.id),
                class: remark.severity.name(),
                head: lines.next().unwrap_or_default().0,
                lines: lines.collect(),
            });
        }
    }

    fn words(&mut self, text: &'p str, said: &Said<'p>) {
        let mut cuts: BTreeSet<usize> = said.marks.iter().flat_map(|(span, _)| [span.start, span.end]).collect();
        cuts.extend(said.remarks.iter().map(|remark| remark.span.end));
        cuts.extend([0, text.len()]);
        let cuts: Vec<usize> = cuts.into_iter().filter(|at| text.is_char_boundary(*at)).collect();
        for pair in cuts.windows(2) {
            let &[from, to] = pair else { continue };
            let span = Span::new(from, to);
            let over = said.marks.iter().filter(|(mark, _)| mark.contains(span)).map(|(_, severity)| *severity);
            let class = over.max().map_or("", Severity::name);
            self.pieces.push(Piece::Words { text: span.of(text), class });
            for remark in said.remarks.iter().filter(|remark| remark.span.end == to) {
                let anchor = format!("{}-{}", self.anchor, remark.id);
                self.pieces.push(Piece::Link { id: remark.id, anchor });
            }
        }
    }

    fn tags(&mut self, tags: impl Into<String>) {
        self.pieces.push(Piece::Tags { tags: tags.into() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Engine;
    use crate::readers;

    const PLAN: &str = "Section F\n\nSam <b>will</b> have regular help & care from staff as appropriate. A nurse will weigh him.\n\n\
        - often and well\n\n| Provision | How often |\n|---|---|\n| Physiotherapy | as needed |\n";

    fn page() -> String {
        let documents = readers::read("a <plan>.txt", PLAN.as_bytes()).unwrap();
        let engine = Engine::new().without_model();
        let reviews: Vec<Review> = documents.iter().map(|document| engine.review(document)).collect();
        write(&documents, &reviews, engine.rules().rules(), Severity::Note).unwrap()
    }

    #[test]
    fn every_word_of_the_plan_is_there_and_faulted_ones_are_marked() {
        let page = page();
        let parsed = scraper::Html::parse_document(&page);
        let text: String = parsed.root_element().text().collect();
        for words in ["Sam <b>will</b> have ", " help & care from ", "A nurse will weigh him.", "Physiotherapy"] {
            assert!(text.contains(words), "{words}\n{page}");
        }
        assert!(page.contains("<mark class=\"error\">regular</mark>"), "{page}");
        assert!(!page.contains("<b>will</b>") && page.contains("a &lt;plan&gt;.txt"), "{page}");
        assert!(page.contains("<td colspan=\"1\" rowspan=\"1\"><p>"), "{page}");
    }

    #[test]
    fn every_link_leads_somewhere_and_nothing_is_loaded() {
        let page = page();
        let parsed = scraper::Html::parse_document(&page);
        let selector = |css: &str| scraper::Selector::parse(css).unwrap();
        let ids: Vec<&str> = parsed.select(&selector("[id]")).filter_map(|e| e.value().attr("id")).collect();
        let unique: BTreeSet<&&str> = ids.iter().collect();
        assert_eq!(unique.len(), ids.len(), "{ids:?}");
        let links: Vec<&str> = parsed.select(&selector("a")).filter_map(|e| e.value().attr("href")).collect();
        assert!(links.len() > 2);
        let laws: BTreeSet<&str> =
            crate::rules::RuleSet::builtin().rules().iter().map(|rule| rule.source.url.as_str()).collect();
        for link in &links {
            match link.strip_prefix('#') {
                Some(target) => assert!(ids.contains(&target), "{link}"),
                None => assert!(laws.contains(link), "{link} is no law or guidance of ours"),
            }
        }
        assert!(links.iter().any(|link| laws.contains(link)), "law and guidance can be clicked");
        assert_eq!(parsed.select(&selector("script, img, link, iframe")).count(), 0);
        assert!(page.contains("mark.error {"), "the report's style is found");
    }
}
