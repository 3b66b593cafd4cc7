//! This is a document under construction: paragraphs, tables and text boxes as markup opens and closes them.

use crate::document::{Block, Cell, Note, NoteKind, Paragraph, Place, Role, Row, Run, Table};
use crate::span::Span;
use std::collections::BTreeMap;
use std::mem;

/// Tables and text boxes within each other; deeper ones are read as part of the one around them.
const MAX_DEPTH: usize = 24;
/// Paragraphs and cells that one document may hold; a long plan has a few thousand.
const MAX_PIECES: usize = 400_000;
/// Columns that a cell may cover and that a row may have; Word allows 63.
pub(crate) const MAX_COLUMNS: usize = 1_000;

/// Builds the blocks of one story (body, header, note). `P` is what a format needs to know of an open paragraph.
pub(crate) struct Builder<P> {
    flow: Flow<P>,
    outer: Vec<Flow<P>>,
    pieces: usize,
}

/// A sequence of blocks: the body, a cell, a text box.
struct Flow<P> {
    blocks: Vec<Block>,
    draft: Option<Draft<P>>,
    table: Option<Grid>,
}

/// A paragraph under construction.
#[derive(Default)]
pub(crate) struct Draft<P> {
    /// Its text so far.
    pub text: String,
    /// What the format knows of it.
    pub props: P,
    runs: Vec<Run>,
    letters: usize,
    bold: usize,
    contents: usize,
    after: Vec<Block>,
}

/// Why a part was not read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The markup is damaged at that byte.
    Damaged(usize),
    /// The document holds more pieces than any plan.
    Full,
}

impl Stop {
    /// What to tell the person.
    pub fn note(self, part: &str) -> Note {
        let message = match self {
            Self::Damaged(at) => format!(
                "{part} is damaged after byte {at} and was read up to there; open the file in a word processor and save \
                 it again."
            ),
            Self::Full => format!(
                "{part} holds more than {MAX_PIECES} paragraphs and cells; the rest was not read; check where the file \
                 comes from."
            ),
        };
        Note { kind: NoteKind::Skipped, message, page: None }
    }
}

/// How a piece of text looks and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Look {
    /// It is bold.
    pub bold: bool,
    /// It belongs to a generated table of contents or index.
    pub contents: bool,
}

/// Which white space is only layout of the markup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Only stretches with a line end.
    Lines,
    /// Every stretch counts as one space.
    All,
}

/// The shape of a cell, known when it closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Grid columns that it covers.
    pub columns: usize,
    /// Rows that it covers, where the source counts them.
    pub rows: usize,
    /// How it goes together with its neighbours, where the source merges cell by cell.
    pub merge: Merge,
}

/// How a cell goes together with its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Merge {
    /// It stands alone.
    None,
    /// Cells below may continue it.
    Starts,
    /// It continues the cell above.
    Above,
    /// It continues the cell on its left.
    Left,
}

struct Grid {
    rows: Vec<Row>,
    row: Option<Vec<(Cell, Merge)>>,
    column: usize,
    /// Cells of the row above that the next row can continue: column → row, index.
    above: BTreeMap<usize, (usize, usize)>,
}

impl<P: Default> Builder<P> {
    /// An empty story.
    pub fn new() -> Self {
        Self { flow: Flow::new(), outer: Vec::new(), pieces: 0 }
    }

    /// True where the document has grown beyond [`MAX_PIECES`].
    pub fn full(&self) -> bool {
        self.pieces > MAX_PIECES
    }

    /// The open paragraph; one is opened where there is none.
    pub fn draft(&mut self) -> &mut Draft<P> {
        self.flow.draft.get_or_insert_with(Draft::default)
    }

    /// The open paragraph, if there is one.
    pub fn open(&self) -> Option<&Draft<P>> {
        self.flow.draft.as_ref()
    }

    /// Closes the open paragraph, if there is one, with the role that `role` finds for it. Paragraphs without visible
    /// characters leave no trace, but what hangs on them is kept.
    pub fn close_paragraph(&mut self, role: impl FnOnce(&mut Draft<P>) -> Role) {
        let Some(mut draft) = self.flow.draft.take() else { return };
        let role = role(&mut draft);
        self.pieces += 1;
        if !draft.text.chars().all(char::is_whitespace) {
            let bold = draft.bold > 0 && draft.bold == draft.letters;
            let Draft { text, runs, .. } = draft;
            let paragraph = Paragraph { text, role, bold, place: Place::default(), runs };
            self.flow.blocks.push(Block::Paragraph(paragraph));
        }
        self.flow.blocks.append(&mut draft.after);
    }

    /// Begins a table; false where that is not possible here, and its cells belong to what is around it.
    pub fn open_table(&mut self) -> bool {
        let possible = self.flow.table.is_none() && self.outer.len() < MAX_DEPTH;
        if possible {
            self.flow.table = Some(Grid { rows: Vec::new(), row: None, column: 0, above: BTreeMap::new() });
        }
        possible
    }

    /// Begins a row; false where no table is open for it.
    pub fn open_row(&mut self) -> bool {
        match &mut self.flow.table {
            Some(grid) if grid.row.is_none() => {
                grid.row = Some(Vec::new());
                grid.column = 0;
                true
            }
            _ => false,
        }
    }

    /// Leaves out `columns` grid columns of the open row.
    pub fn pass_columns(&mut self, columns: usize) {
        if let Some(grid) = &mut self.flow.table {
            grid.column = (grid.column + columns).min(MAX_COLUMNS);
        }
    }

    /// Begins a cell; false where no row is open for it.
    pub fn open_cell(&mut self) -> bool {
        let possible = matches!(&self.flow.table, Some(Grid { row: Some(_), .. }));
        if possible {
            self.push_flow();
        }
        possible
    }

    /// Ends the cell opened last; `shape` of `None` drops it.
    pub fn close_cell(&mut self, shape: Option<Shape>) {
        let blocks = self.pop_flow();
        let (Some(grid), Some(shape)) = (&mut self.flow.table, shape) else { return };
        let Some(row) = &mut grid.row else { return };
        self.pieces += 1;
        let columns = shape.columns.clamp(1, MAX_COLUMNS);
        let column = grid.column;
        grid.column = (column + columns).min(MAX_COLUMNS);
        if let (Merge::Left, Some((left, _))) = (shape.merge, row.last_mut()) {
            left.columns += columns;
            left.blocks.extend(blocks);
            return;
        }
        row.push((Cell { blocks, column, columns, rows: shape.rows.max(1) }, shape.merge));
    }

    /// Ends the open row; a row that was deleted is not kept.
    pub fn close_row(&mut self, heading: bool, kept: bool) {
        let Some(grid) = &mut self.flow.table else { return };
        let Some(cells) = grid.row.take() else { return };
        if !kept {
            return;
        }
        let above = mem::take(&mut grid.above);
        let mut row = Row { cells: Vec::with_capacity(cells.len()), heading };
        for (cell, merge) in cells {
            let origin = above.get(&cell.column).copied().filter(|_| merge == Merge::Above);
            let started = origin.and_then(|(r, c)| grid.rows.get_mut(r)?.cells.get_mut(c));
            if let (Some(origin), Some(started)) = (origin, started) {
                started.rows += 1;
                // Word shows nothing of a continuing cell, but what stands there is not lost.
                started.blocks.extend(cell.blocks);
                grid.above.insert(started.column, origin);
            } else {
                if matches!(merge, Merge::Starts | Merge::Above) {
                    grid.above.insert(cell.column, (grid.rows.len(), row.cells.len()));
                }
                row.cells.push(cell);
            }
        }
        grid.rows.push(row);
    }

    /// Ends the open table. One without rows leaves no trace.
    pub fn close_table(&mut self) {
        let Some(Grid { mut rows, .. }) = self.flow.table.take() else { return };
        let count = rows.len();
        for (i, row) in rows.iter_mut().enumerate() {
            for cell in &mut row.cells {
                cell.rows = cell.rows.min(count - i);
            }
        }
        if count > 0 {
            self.flow.blocks.push(Block::Table(Table { rows }));
        }
    }

    /// Begins a text box or a note inside the open paragraph; false where they nest too deep.
    pub fn open_aside(&mut self) -> bool {
        let possible = self.outer.len() < MAX_DEPTH;
        if possible {
            self.push_flow();
        }
        possible
    }

    /// Ends the text box or note opened last, and gives its blocks.
    pub fn close_aside(&mut self) -> Vec<Block> {
        self.pop_flow()
    }

    /// Blocks that stand after the open paragraph, or right here where none is open.
    pub fn put_after(&mut self, mut blocks: Vec<Block>) {
        match &mut self.flow.draft {
            Some(draft) => draft.after.append(&mut blocks),
            None => self.flow.blocks.append(&mut blocks),
        }
    }

    /// The finished blocks. Everything opened must have been closed.
    pub fn finish(self) -> Vec<Block> {
        self.flow.blocks
    }

    fn push_flow(&mut self) {
        self.outer.push(mem::replace(&mut self.flow, Flow::new()));
    }

    fn pop_flow(&mut self) -> Vec<Block> {
        let outer = self.outer.pop().unwrap_or_else(Flow::new);
        mem::replace(&mut self.flow, outer).blocks
    }
}

impl<P> Flow<P> {
    fn new() -> Self {
        Self { blocks: Vec::new(), draft: None, table: None }
    }
}

impl<P> Draft<P> {
    /// Adds characters that stand in the source as they are, except for white space that is `layout`.
    pub fn add(&mut self, piece: &str, source: Span, layout: Layout, look: Look) {
        let white = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r');
        let plain = match layout {
            Layout::Lines => !piece.contains(['\n', '\r']),
            Layout::All => false,
        };
        if plain {
            return self.verbatim(piece, source.start, look);
        }
        let mut from = 0;
        while from < piece.len() {
            let rest = &piece[from..];
            let is_white = rest.starts_with(white);
            let len = rest.find(|c| white(c) != is_white).unwrap_or(rest.len());
            let part = &rest[..len];
            let at = source.start + from;
            if !is_white || (layout == Layout::Lines && !part.contains(['\n', '\r'])) {
                self.verbatim(part, at, look);
            } else if !self.text.is_empty() && !self.text.ends_with(' ') {
                self.atom(" ", Span::new(at, at + len), look);
            }
            from += len;
        }
    }

    /// Adds characters for which a reference or an element stands in the source.
    pub fn atom(&mut self, characters: &str, source: Span, look: Look) {
        if characters.is_empty() {
            return;
        }
        self.count(characters, look);
        let start = self.text.len();
        self.text.push_str(characters);
        // Out of order only in broken markup (words inside a check box): such words have no place in the source.
        if self.runs.last().is_none_or(|last| last.source.end <= source.start) {
            self.runs.push(Run { text: Span::new(start, self.text.len()), source });
        }
    }

    /// Puts characters that have no source (a heading's number) before the text.
    pub fn prefix(&mut self, characters: &str) {
        self.text.insert_str(0, characters);
        for run in &mut self.runs {
            run.text = run.text.shifted(characters.len());
        }
    }

    /// True where all letters belong to a generated table of contents.
    pub fn is_contents(&self) -> bool {
        self.contents > 0 && self.contents == self.letters
    }

    fn verbatim(&mut self, piece: &str, at: usize, look: Look) {
        self.atom(piece, Span::new(at, at + piece.len()), look);
    }

    fn count(&mut self, characters: &str, look: Look) {
        let letters = characters.chars().filter(|c| c.is_alphanumeric()).count();
        self.letters += letters;
        self.bold += if look.bold { letters } else { 0 };
        self.contents += if look.contents { letters } else { 0 };
    }
}

/// All paragraphs of `blocks`, tables dissolved, in `role` and without source ranges: for headers, footers and notes,
/// which stand in parts of their own.
pub(crate) fn flatten(blocks: Vec<Block>, role: &Role) -> Vec<Block> {
    let mut out = Vec::new();
    for block in blocks {
        match block {
            Block::Paragraph(paragraph) => {
                out.push(Block::Paragraph(Paragraph { role: role.clone(), runs: Vec::new(), ..paragraph }));
            }
            Block::Table(table) => {
                for cell in table.rows.into_iter().flat_map(|row| row.cells) {
                    out.append(&mut flatten(cell.blocks, role));
                }
            }
        }
    }
    out
}

/// Gives every paragraph its ordinal, from `next` on, and returns the ordinal after the last.
pub(crate) fn number(blocks: &mut [Block], mut next: usize) -> usize {
    for block in blocks {
        match block {
            Block::Paragraph(paragraph) => {
                paragraph.place.paragraph = next;
                next += 1;
            }
            Block::Table(table) => {
                for cell in table.rows.iter_mut().flat_map(|row| &mut row.cells) {
                    next = number(&mut cell.blocks, next);
                }
            }
        }
    }
    next
}
