//! This is the reader of PDF files that have a text layer: words and ruling lines become paragraphs and tables.
//!
//! The library below gives letters with their places and the lines that are drawn; what is made of them here is reading
//! order. Its own text and table output is not used: it reads unruled columns and ruled plan tables column by column.

mod furniture;
mod glyphs;
mod grid;
mod lines;
mod paragraphs;
mod region;
mod tables;

use super::guard::{self, Stopped};
use super::{ReadError, build::Builder};
use crate::document::{Block, Document, Format, Note, NoteKind, Place, Role};
use furniture::Sheet;
use glyphs::Page;
use lines::Line;
use paragraphs::Habits;
use pdf_oxide::document::PdfDocument;
use region::Item;
use std::time::{Duration, Instant};

/// Larger files are not plans.
const MOST_BYTES: usize = 256 << 20;
/// Pages beyond these are left out, with a note.
const MOST_PAGES: usize = 600;
/// A file is read for half of this, then what there is counts; after all of it, reading is given up.
const LONGEST: Duration = Duration::from_secs(120);

/// Reads a PDF.
pub(crate) fn read(name: &str, bytes: &[u8]) -> Result<Document, ReadError> {
    if bytes.len() > MOST_BYTES {
        let why = format!("a PDF of more than {} MB", MOST_BYTES >> 20);
        return Err(ReadError::TooMuch { name: name.to_owned(), why });
    }
    let owned = bytes.to_vec();
    let found = guard::run(LONGEST, move |stop| pages(owned, stop));
    let damaged = |why: &str| ReadError::Damaged { name: name.to_owned(), what: "PDF", why: why.to_owned() };
    let pages = match found {
        Ok(Ok(pages)) => pages,
        Ok(Err(Fault::Encrypted)) => return Err(ReadError::Encrypted { name: name.to_owned() }),
        Ok(Err(Fault::Broken)) => return Err(damaged("its objects do not fit together")),
        Ok(Err(Fault::NoPages)) => return Err(damaged("it has no pages")),
        Err(Stopped::Late) => {
            return Err(ReadError::TooMuch { name: name.to_owned(), why: Stopped::Late.why().to_owned() });
        }
        Err(stopped) => return Err(damaged(stopped.why())),
    };
    let mut document = Document::new(name, Format::Pdf);
    (document.blocks, document.notes) = pages;
    Ok(document)
}

enum Fault {
    Encrypted,
    Broken,
    NoPages,
}

type Found = (Vec<Block>, Vec<Note>);

/// What became of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Read,
    Blank,
    Image,
    Garbled,
    Broken,
    LeftOut,
}

fn pages(bytes: Vec<u8>, stop: Instant) -> Result<Found, Fault> {
    let encrypted = |error: &pdf_oxide::error::Error| matches!(error, pdf_oxide::error::Error::EncryptedPdf);
    let pdf = PdfDocument::from_bytes(bytes)
        .map_err(|error| if encrypted(&error) { Fault::Encrypted } else { Fault::Broken })?;
    // Files that only forbid printing or copying open with the empty password.
    if pdf.is_encrypted() && !pdf.is_authenticated() {
        return Err(Fault::Encrypted);
    }
    let count = pdf.page_count().map_err(|_| Fault::Broken)?;
    if count == 0 {
        return Err(Fault::NoPages);
    }
    let mut states = vec![State::LeftOut; count.min(1_000_000)];
    let mut sheets = Vec::new();
    let mut askew = Vec::new();
    for (index, state) in states.iter_mut().enumerate().take(MOST_PAGES) {
        if Instant::now() > stop {
            break;
        }
        let (found, mut page) = match glyphs::page(&pdf, index) {
            Ok(page) => judge(&pdf, index, page),
            Err(_) => (State::Broken, Page::default()),
        };
        *state = found;
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        let items = region::items(&mut page, number);
        askew.push(std::mem::take(&mut page.askew));
        sheets.push(Sheet { items, furniture: Vec::new(), height: page.height, width: page.width });
    }
    if !states.contains(&State::Read) {
        // A file in which nothing can be read is a picture of a plan, however its pages are made.
        for state in &mut states {
            if *state == State::Blank {
                *state = State::Image;
            }
        }
    }
    Ok((blocks(sheets, askew), notes(&states)))
}

/// Whether a page's letters can be read; the page is empty where not.
fn judge(pdf: &PdfDocument, index: usize, page: Page) -> (State, Page) {
    const FEW: usize = 16;
    if page.glyphs >= FEW {
        return if is_garbled(&page) { (State::Garbled, Page::default()) } else { (State::Read, page) };
    }
    // Few letters: a scan with a stamp, outlined letters, or simply a short last page.
    let whole = (page.width * page.height).max(1.0);
    let images = pdf.page_image_handles(index).unwrap_or_default();
    let drawn: f32 = images.iter().map(|image| (image.bbox.width * image.bbox.height).abs().min(whole)).sum();
    if drawn > 0.3 * whole || page.paths > 200 {
        return (State::Image, Page::default());
    }
    if page.glyphs == 0 { (State::Blank, page) } else { (State::Read, page) }
}

/// Fonts whose letters have no proper names come out as signs, or as letters shifted in the alphabet.
fn is_garbled(page: &Page) -> bool {
    if page.unreadable * 5 > page.glyphs {
        return true;
    }
    let (mut letters, mut vowels) = (0_usize, 0_usize);
    for c in page.rows.iter().flatten().flat_map(|word| word.text.chars()).filter(char::is_ascii_alphabetic) {
        letters += 1;
        vowels += usize::from(matches!(c.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y'));
    }
    // About 40 in 100 letters of English are vowels, and 45 of Welsh.
    let others = page.glyphs.saturating_sub(letters);
    letters >= 150 && (vowels * 100 < letters * 24 || vowels * 100 > letters * 62)
        || (page.glyphs > 200 && others * 10 > page.glyphs * 8)
}

fn blocks(mut sheets: Vec<Sheet>, askew: Vec<String>) -> Vec<Block> {
    furniture::take(&mut sheets);
    set_edges(&mut sheets);
    let mut all = Vec::new();
    for sheet in &sheets {
        all_lines(&sheet.items, &mut all);
    }
    let habits = Habits::of(all.into_iter());
    let mut blocks = tables::blocks(sheets, &habits);
    for (index, words) in askew.iter().enumerate() {
        let mut builder = Builder::default();
        builder.push(words, false);
        let page = u32::try_from(index + 1).ok();
        blocks.extend(builder.finish(Role::Furniture, Place { page, ..Place::default() }).map(Block::Paragraph));
    }
    blocks
}

/// How far the text of a page's single column runs: as far as two of its lines do, or as on other pages of that size.
fn set_edges(sheets: &mut [Sheet]) {
    let edge_of = |rights: &mut Vec<f32>| -> Option<f32> {
        rights.sort_by(|a, b| b.total_cmp(a));
        rights.windows(2).find(|pair| pair[0] - pair[1] < 14.0).map(|pair| pair[0]).or(rights.first().copied())
    };
    let rights_of = |sheet: &Sheet| -> Vec<f32> {
        let lines =
            sheet.items.iter().filter_map(|item| if let Item::Lines(lines) = item { Some(lines) } else { None });
        lines.flatten().filter(|line| line.main && line.words.len() >= 5).map(Line::right).collect()
    };
    let mut everywhere: Vec<(f32, Vec<f32>)> = Vec::new();
    for sheet in sheets.iter() {
        let rights = rights_of(sheet);
        let room = everywhere.len() < 50;
        match everywhere.iter_mut().find(|(width, _)| (width - sheet.width).abs() < 2.0) {
            Some((_, all)) => all.extend(rights),
            None if room => everywhere.push((sheet.width, rights)),
            None => {}
        }
    }
    let everywhere: Vec<(f32, f32)> =
        everywhere.into_iter().filter_map(|(width, mut rights)| Some((width, edge_of(&mut rights)?))).collect();
    for sheet in sheets {
        let mut rights = rights_of(sheet);
        let common = everywhere.iter().find(|(width, _)| (width - sheet.width).abs() < 2.0).map(|(_, edge)| *edge);
        let edge = if rights.len() >= 8 { edge_of(&mut rights) } else { common };
        let Some(edge) = edge else { continue };
        for item in &mut sheet.items {
            if let Item::Lines(lines) = item {
                for line in lines.iter_mut().filter(|line| line.main) {
                    line.edge = edge.max(line.right());
                }
            }
        }
    }
}

fn all_lines<'i>(items: &'i [Item], out: &mut Vec<&'i Line>) {
    for item in items {
        match item {
            Item::Lines(lines) => out.extend(lines),
            Item::Table(table) => {
                for cell in table.rows.iter().flatten() {
                    all_lines(&cell.items, out);
                }
            }
        }
    }
}

/// What must be told about pages, neighbours in one note.
fn notes(states: &[State]) -> Vec<Note> {
    let mut out = Vec::new();
    let mut from = 0;
    for group in states.chunk_by(|a, b| a == b) {
        let (first, last) = (from + 1, from + group.len());
        from = last;
        let (pages, is, has, its) = if first == last {
            (format!("Page {first}"), "is an image", "has", "its")
        } else {
            (format!("Pages {first}–{last}"), "are images", "have", "their")
        };
        let (kind, message) = match group.first() {
            Some(State::Image) => (
                NoteKind::NeedsOcr,
                format!(
                    "{pages} {is} without text and {} not read; run ocrmypdf --skip-text first.",
                    was(first == last)
                ),
            ),
            Some(State::Garbled) => (
                NoteKind::NeedsOcr,
                format!(
                    "{pages} {has} letters that cannot be decoded and {} not read; run ocrmypdf --force-ocr first.",
                    was(first == last)
                ),
            ),
            Some(State::Broken) => (
                NoteKind::Skipped,
                format!("{pages} {} not read because {its} content is damaged.", was(first == last)),
            ),
            Some(State::LeftOut) => (
                NoteKind::Skipped,
                format!("{pages} {} not read because the file is too long; split it.", was(first == last)),
            ),
            _ => continue,
        };
        out.push(Note { kind, message, page: u32::try_from(first).ok() });
    }
    out
}

fn was(one: bool) -> &'static str {
    if one { "was" } else { "were" }
}

#[cfg(test)]
mod tests;
