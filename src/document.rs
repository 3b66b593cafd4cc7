//! This is the plan as text: what a reader makes ([`Document`]) and what segmentation cuts it into
//! ([`Section`] and [`Statement`]).

use crate::span::Span;
use serde::{Deserialize, Serialize};

/// One plan as it was read: paragraphs and tables in reading order, and what could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Document {
    /// What to call it in output: the file name, or the record's id.
    pub name: String,
    /// What the bytes were.
    pub format: Format,
    /// Everything readable, in reading order.
    pub blocks: Vec<Block>,
    /// What a reader could not read, or had to guess. Never holds plan text.
    pub notes: Vec<Note>,
    /// Where the child is educated, if the input says so; it changes how strictly provision is read.
    pub setting: Option<Setting>,
    /// What people ask of this program in comments (Word, OpenDocument, text), in the order of the comments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<Comment>,
}

/// A comment in a document that speaks to this program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comment {
    /// What it says.
    pub text: String,
    /// Who wrote it, as the word processor has it.
    pub author: String,
    /// The words that it is about: ordinals of paragraphs, and where in their texts. Of no length where it marks a place and
    /// no words.
    pub places: Vec<(usize, Span)>,
    /// Where it stands itself, in a text: line and bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stands: Option<(u32, Span)>,
}

/// A file format, recognised by content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Word 2007 and later.
    Docx,
    /// OpenDocument text.
    Odt,
    /// PDF with a text layer.
    Pdf,
    /// A web page.
    Html,
    /// Plain text or Markdown.
    Text,
    /// One record of a JSON Lines file.
    Jsonl,
    /// Rich Text Format.
    Rtf,
    /// Word 97–2003.
    Doc,
}

/// A paragraph or a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// Running text.
    Paragraph(Paragraph),
    /// A grid of cells.
    Table(Table),
}

/// One paragraph: text without its list marker, what it is, and where it stood in the source.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Paragraph {
    /// The visible text; a line break inside the paragraph is `\n`, a tab is `\t`.
    pub text: String,
    /// What the source says that it is.
    pub role: Role,
    /// True where every visible letter is bold (real plans make headings so).
    pub bold: bool,
    /// Where it stood.
    pub place: Place,
    /// Pieces of `text` with their byte ranges in the source part (`document.xml`, `content.xml`, the decoded
    /// text), in order, not overlapping; empty where a format has no such ranges (PDF, legacy Word).
    pub runs: Vec<Run>,
}

/// What a paragraph is, by the source's own markup.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Running text.
    #[default]
    Body,
    /// A heading of level 1–9.
    Heading(u8),
    /// A list item.
    Item {
        /// Nesting depth, 0 for the outermost.
        level: u8,
        /// The marker as a reader of the page sees it: `•`, `1.`, `a)`.
        marker: String,
    },
    /// A footnote or endnote.
    Footnote,
    /// A page header or footer, page number, watermark: never a statement.
    Furniture,
}

/// Where a paragraph stood in its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Place {
    /// Ordinal of the paragraph in the document, counted from 0 through nested cells in reading order.
    pub paragraph: usize,
    /// Page, counted from 1, where the format has pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// Line of the source file, counted from 1, where the format has lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
}

/// A piece of a paragraph's text and the bytes of the source part that it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Run {
    /// Span in [`Paragraph::text`].
    pub text: Span,
    /// Byte range in the source part; longer than `text` where entities or several elements stand behind it.
    pub source: Span,
}

/// A table, rows from top to bottom.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Table {
    /// The rows.
    pub rows: Vec<Row>,
}

/// A table row.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Row {
    /// The cells that begin in this row, from left to right. A cell merged downwards stands only in its first row.
    pub cells: Vec<Cell>,
    /// True where the source marks the row as a heading row.
    pub heading: bool,
}

/// A table cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// Its content; tables may nest.
    pub blocks: Vec<Block>,
    /// Grid column it begins in, from 0.
    pub column: usize,
    /// Grid columns it covers, at least 1.
    pub columns: usize,
    /// Rows it covers, at least 1.
    pub rows: usize,
}

/// Something a reader must tell the person: never silently dropped, never plan text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// What sort of thing.
    pub kind: NoteKind,
    /// What, where and what to do, in one sentence.
    pub message: String,
    /// Page, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
}

/// The sorts of [`Note`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    /// A page is an image or its letters cannot be decoded: run OCR first.
    NeedsOcr,
    /// Part of the input could not be read and was left out.
    Skipped,
    /// Something was guessed: an encoding, a damaged archive member.
    Guessed,
    /// The document was read, but no section or statement was found in it.
    Empty,
    /// A waiver that waives nothing: it gives no reason, has run out, or fits no finding.
    Waiver,
}

/// Where the child is educated: detail is asked more strictly in mainstream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Setting {
    /// A mainstream nursery, school or college.
    #[default]
    Mainstream,
    /// A special school or specialist college.
    Special,
}

/// A lettered part of a plan. One letter may recur: the government template has one table per need area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Section {
    /// The framework's id: `A`–`G`, `H1`, `H2`, `I`–`K`; empty for text before any section.
    pub section: String,
    /// The heading as the plan words it.
    pub heading: String,
    /// Its statements in reading order.
    pub statements: Vec<Statement>,
}

/// One thing the plan says: the unit that is judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// Its words: always a slice of one paragraph's text.
    pub text: String,
    /// What the plan puts here, by section or column.
    pub kind: Kind,
    /// The section's id.
    pub section: String,
    /// What it inherits from its surroundings, nearest last.
    pub context: Vec<Context>,
    /// The paragraph it stands in.
    pub place: Place,
    /// Its span in that paragraph's text.
    pub span: Span,
    /// Where the child is educated.
    pub setting: Setting,
}

/// What the plan puts in a place, by section or column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Section A: what the child hopes for.
    Aspiration,
    /// Sections B, C, D.
    Need,
    /// Section E, and the outcome column beside F, G, H.
    Outcome,
    /// Sections F, G, H1, H2.
    Provision,
    /// Anything else worth keeping: placements, advice lists, arrangements.
    Other,
}

impl Kind {
    /// The name in files and sentences: `outcome`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Aspiration => "aspiration",
            Self::Need => "need",
            Self::Outcome => "outcome",
            Self::Provision => "provision",
            Self::Other => "other",
        }
    }
}

/// Words that a statement inherits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Context {
    /// How they come to it.
    pub role: ContextRole,
    /// The words. For a cell with a heading this is the heading, a colon, and the cell's text.
    pub text: String,
}

/// How a statement comes to inherit words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContextRole {
    /// A sentence with a colon or an unfinished one that introduces a list.
    LeadIn,
    /// A neighbouring cell in the same row ("By whom", "Frequency", "By when").
    Cell,
    /// The heading of its own column, where that carries information ("Outcome by the end of Key Stage 2").
    Column,
    /// A sub-heading above it ("By the end of Year 6").
    Heading,
}

impl Statement {
    /// A statement that stands alone, as `classify` and the tests make it.
    pub fn new(kind: Kind, text: impl Into<String>) -> Self {
        let text = text.into();
        let span = Span::new(0, text.len());
        Self {
            text,
            kind,
            section: String::new(),
            context: Vec::new(),
            place: Place::default(),
            span,
            setting: Setting::default(),
        }
    }
}

impl Paragraph {
    /// The bytes of the source part behind the words at `span`, from the first to the last; `None` where none of them has
    /// a place there.
    pub fn source(&self, span: Span) -> Option<Span> {
        let mut pieces = self.sources(span);
        let first = pieces.next()?;
        Some(pieces.last().map_or(first, |last| first.cover(last)))
    }

    /// The same piece by piece: what lies between two pieces is no text.
    pub fn sources(&self, span: Span) -> impl Iterator<Item = Span> {
        let from = self.runs.partition_point(|run| run.text.end <= span.start);
        let runs = self.runs.iter().skip(from).take_while(move |run| !span.is_empty() && run.text.start < span.end);
        runs.map(move |run| {
            let text = Span::new(run.text.start.max(span.start), run.text.end.min(span.end));
            // Characters stand in the source as they are, or one element or reference stands for all of the run.
            if run.text.len() == run.source.len() {
                Span::new(text.start - run.text.start, text.end - run.text.start).shifted(run.source.start)
            } else {
                run.source
            }
        })
    }
}

impl Document {
    /// An empty document of that name and format.
    pub fn new(name: impl Into<String>, format: Format) -> Self {
        Self { name: name.into(), format, blocks: Vec::new(), notes: Vec::new(), setting: None, comments: Vec::new() }
    }

    /// Every paragraph in reading order, through nested tables.
    pub fn paragraphs(&self) -> Vec<&Paragraph> {
        paragraphs(&self.blocks)
    }
}

/// Every paragraph of some blocks in reading order, through nested tables.
pub fn paragraphs(blocks: &[Block]) -> Vec<&Paragraph> {
    fn walk<'d>(blocks: &'d [Block], out: &mut Vec<&'d Paragraph>) {
        for block in blocks {
            match block {
                Block::Paragraph(paragraph) => out.push(paragraph),
                Block::Table(table) => {
                    for cell in table.rows.iter().flat_map(|row| &row.cells) {
                        walk(&cell.blocks, out);
                    }
                }
            }
        }
    }
    let mut out = Vec::new();
    walk(blocks, &mut out);
    out
}
