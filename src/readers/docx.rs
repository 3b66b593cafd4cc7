//! This is the reader for Word documents (.docx): one pass over each part, byte ranges kept.
//!
//! Tracked changes are read as accepted, and what Word does not show is not read: deleted and hidden text, prompts of
//! content controls, field instructions. Byte ranges are those of the main part (`word/document.xml`); paragraphs from
//! other parts (headers, footers, notes) have none. A heading with automatic numbering begins with its number, which has
//! no byte range.

mod comments;
mod fields;
mod numbering;
mod styles;
mod symbols;
mod walk;

use self::numbering::Numbering;
use self::styles::Styles;
use self::walk::{Notes, Story, walk};
use super::ReadError;
use super::flow::{Stop, flatten, number};
use super::markup::{Markup, Token};
use super::package::{Package, Part};
use crate::document::{Document, Format, Note, NoteKind, Role};
use std::collections::HashMap;

/// What errors call such a file.
const WHAT: &str = "Word document";

/// The namespaces that matter, transitional and strict, by their usual prefixes.
pub(crate) const WORD: &[(&str, &str)] = &[
    ("http://schemas.openxmlformats.org/wordprocessingml/2006/main", "w"),
    ("http://purl.oclc.org/ooxml/wordprocessingml/main", "w"),
    ("http://schemas.openxmlformats.org/markup-compatibility/2006", "mc"),
    ("http://schemas.openxmlformats.org/officeDocument/2006/math", "m"),
    ("http://purl.oclc.org/ooxml/officeDocument/math", "m"),
];

/// Reads a Word document.
///
/// # Errors
/// [`ReadError::Encrypted`], [`ReadError::TooMuch`], and [`ReadError::Damaged`] where nothing of the text can be
/// reached; a document that is damaged further on is read up to there, with a note.
pub(crate) fn read(name: &str, bytes: &[u8]) -> Result<Document, ReadError> {
    let mut package = Package::open(name, WHAT, bytes)?;
    let mut document = Document::new(name, Format::Docx);
    document.notes.extend(package.note());
    let main = main_part(&mut package, &mut document)?;
    let damaged = |why: String| ReadError::Damaged { name: name.to_owned(), what: WHAT, why };
    let part = package.part(&main)?.ok_or_else(|| damaged(format!("{main} is missing")))?;
    document.notes.extend(part.note);

    let mut others = Others::read(&mut package, &main, &mut document)?;
    let styles = others.part("styles")?.map(|part| Styles::read(&part)).unwrap_or_default();
    let mut numbering = others.part("numbering")?.map(|part| Numbering::read(&part)).unwrap_or_default();
    let asked = others.part("comments")?.unwrap_or_default();
    let mut notes = Notes::new();
    for kind in ["footnotes", "endnotes"] {
        if let Some(text) = others.part(kind)? {
            let story = walk(&text, &styles, &mut Numbering::default(), Notes::new());
            others.report(&story, kind);
            notes.extend(story.notes);
        }
    }

    let body = walk(&part.text, &styles, &mut numbering, notes);
    if let (Some(Stop::Damaged(at)), true) = (body.stopped, body.blocks.is_empty()) {
        return Err(damaged(format!("{main} cannot be read after byte {at}")));
    }
    others.report(&body, &main);
    let mut footers = Vec::new();
    for (header, id) in &body.furniture {
        let Some(path) = others.relations.by_id.get(id).cloned() else { continue };
        let Some(text) = others.at(&path)? else { continue };
        let story = walk(&text, &styles, &mut Numbering::default(), Notes::new());
        others.report(&story, &path);
        let blocks = flatten(story.blocks, &Role::Furniture);
        if *header { others.document.blocks.extend(blocks) } else { footers.extend(blocks) }
    }
    if body.blocks.is_empty() && body.pictures > 0 {
        document.notes.push(Note {
            kind: NoteKind::NeedsOcr,
            message: "The document holds pictures and no text; if they are scanned pages, run OCR first.".to_owned(),
            page: None,
        });
    }
    document.blocks.extend(body.blocks);
    document.blocks.extend(footers);
    number(&mut document.blocks, 0);
    let asked = comments::read(&asked, &part.text, &document.paragraphs());
    document.comments = asked;
    Ok(document)
}

/// The characters that a ticked and an empty check box show.
fn checkbox(checked: bool) -> &'static str {
    if checked { "☒" } else { "☐" }
}

/// The parts that stand beside the main part. Their damage is noted, never fatal.
struct Others<'p, 'b> {
    package: &'p mut Package<'b>,
    document: &'p mut Document,
    relations: Relations,
}

/// Where the other parts are.
#[derive(Default)]
pub(crate) struct Relations {
    /// By the last segment of the relationship's type: `styles`, `numbering`.
    pub(crate) by_kind: HashMap<String, String>,
    by_id: HashMap<String, String>,
}

impl<'p, 'b> Others<'p, 'b> {
    fn read(package: &'p mut Package<'b>, main: &str, document: &'p mut Document) -> Result<Self, ReadError> {
        let (folder, file) = main.rsplit_once('/').unwrap_or(("", main));
        let path = if folder.is_empty() { format!("_rels/{file}.rels") } else { format!("{folder}/_rels/{file}.rels") };
        let mut others = Self { package, document, relations: Relations::default() };
        if let Some(text) = others.at(&path)? {
            others.relations = relations(&text, folder);
        } else {
            // A package without relations is damaged, but the usual names still lead to the parts.
            for kind in ["styles", "numbering", "footnotes", "endnotes"] {
                others.relations.by_kind.insert(kind.to_owned(), format!("{folder}/{kind}.xml"));
            }
        }
        Ok(others)
    }

    fn part(&mut self, kind: &str) -> Result<Option<String>, ReadError> {
        match self.relations.by_kind.get(kind).cloned() {
            Some(path) => self.at(&path),
            None => Ok(None),
        }
    }

    fn at(&mut self, path: &str) -> Result<Option<String>, ReadError> {
        match self.package.part(path) {
            Ok(Some(Part { text, note })) => {
                self.document.notes.extend(note);
                Ok(Some(text))
            }
            Ok(None) => Ok(None),
            Err(error @ ReadError::Encrypted { .. }) => Err(error),
            Err(_) => {
                self.document.notes.push(Note {
                    kind: NoteKind::Skipped,
                    message: format!("{path} cannot be unpacked and was left out."),
                    page: None,
                });
                Ok(None)
            }
        }
    }

    /// Notes what a part did not give.
    fn report(&mut self, story: &Story, part: &str) {
        self.document.notes.extend(story.stopped.map(|stop| stop.note(part)));
        if story.embedded > 0 {
            self.document.notes.push(Note {
                kind: NoteKind::Skipped,
                message: format!(
                    "{} other documents are embedded in {part} and were not read; open the file in Word and save it again.",
                    story.embedded
                ),
                page: None,
            });
        }
    }
}

/// The path of the main part, by the package's own word.
pub(crate) fn main_part(package: &mut Package<'_>, document: &mut Document) -> Result<String, ReadError> {
    let usual = "word/document.xml".to_owned();
    let found = match package.part("_rels/.rels") {
        Ok(part) => part.and_then(|part| relations(&part.text, "").by_kind.remove("officeDocument")),
        Err(error @ ReadError::Encrypted { .. }) => return Err(error),
        Err(_) => None,
    };
    let main = found.filter(|path| package.has(path)).unwrap_or(usual);
    if !package.has("_rels/.rels") {
        document.notes.push(Note {
            kind: NoteKind::Guessed,
            message: format!("The package does not say where its text is; {main} was read."),
            page: None,
        });
    }
    Ok(main)
}

/// Reads a relationship part whose targets are relative to `folder`.
pub(crate) fn relations(text: &str, folder: &str) -> Relations {
    let mut out = Relations::default();
    let mut markup = Markup::new(text, &[]);
    while let Ok(Some(token)) = markup.next() {
        let Token::Open(element) = token else { continue };
        let (Some(kind), Some(target)) = (element.attr("Type"), element.attr("Target")) else { continue };
        if element.name != "Relationship" || element.attr("TargetMode").is_some_and(|mode| mode == "External") {
            continue;
        }
        let path = resolve(folder, &target);
        let kind = kind.rsplit('/').next().unwrap_or_default();
        out.by_kind.entry(kind.to_owned()).or_insert_with(|| path.clone());
        if let Some(id) = element.attr("Id") {
            out.by_id.entry(id.into_owned()).or_insert(path);
        }
    }
    out
}

/// The path in the package that `target` means when it is said in `folder`.
fn resolve(folder: &str, target: &str) -> String {
    let base = if target.starts_with('/') { "" } else { folder };
    let mut segments: Vec<&str> = Vec::new();
    for segment in base.split('/').chain(target.split('/')) {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            other => segments.push(other),
        }
    }
    segments.join("/")
}

#[cfg(test)]
mod oracle;
#[cfg(test)]
mod tests;
