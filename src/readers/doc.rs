//! This is the reader of Word 97–2003 files.

use super::guard::{self, Stopped};
use super::marker::marker;
use super::{ReadError, build::Builder, text};
use crate::document::{Block, Cell, Document, Format, Paragraph, Place, Role, Row, Table};
use std::time::Duration;

/// Larger files are not plans, even with pictures in them.
const MOST_BYTES: usize = 256 << 20;
/// Reading takes milliseconds; a file that takes this long never ends.
const LONGEST: Duration = Duration::from_secs(60);
/// Tables within tables.
const DEEPEST: usize = 20;

/// Reads a .doc file.
pub(crate) fn read(name: &str, bytes: &[u8]) -> Result<Document, ReadError> {
    let too_much = |why: String| ReadError::TooMuch { name: name.to_owned(), why };
    if bytes.len() > MOST_BYTES {
        return Err(too_much(format!("a Word file of more than {} MB", MOST_BYTES >> 20)));
    }
    let damaged =
        |why: &str| ReadError::Damaged { name: name.to_owned(), what: "Word 97–2003 file", why: why.to_owned() };
    let owned = bytes.to_vec();
    let opened = guard::run(LONGEST, move |_| rwml::Document::open(&owned).map(|document| blocks(&document.model())));
    let blocks = match opened {
        Ok(Ok(blocks)) => blocks,
        Ok(Err(rwml::Error::Encrypted { .. })) => return Err(ReadError::Encrypted { name: name.to_owned() }),
        Ok(Err(rwml::Error::UnsupportedVersion(_))) => {
            return Err(ReadError::Unsupported {
                name: name.to_owned(),
                what: "a document of Word 6 or 95",
                advice: "open it in Word or LibreOffice, save it as .docx and try again",
            });
        }
        Ok(Err(rwml::Error::NoText)) => Vec::new(),
        // The library's messages name parts of the file only, but that is not promised.
        Ok(Err(_)) => return Err(damaged("its parts do not fit together")),
        Err(Stopped::Late) => return Err(too_much(Stopped::Late.why().to_owned())),
        Err(stopped) => return Err(damaged(stopped.why())),
    };
    let mut document = Document::new(name, Format::Doc);
    document.blocks = blocks;
    Ok(document)
}

fn blocks(model: &rwml::DocModel) -> Vec<Block> {
    let mut out = Vec::new();
    for (index, block) in model.blocks.iter().enumerate() {
        let region = model.regions.iter().find(|region| (region.block_start..region.block_end).contains(&index));
        let role = match region.map(|region| region.kind) {
            Some(rwml::SourceRegionKind::HeaderFooter) => Some(Role::Furniture),
            Some(rwml::SourceRegionKind::Footnote | rwml::SourceRegionKind::Endnote) => Some(Role::Footnote),
            // Comments of whoever wrote or checked the plan are no part of it.
            Some(rwml::SourceRegionKind::Annotation) => continue,
            _ => None,
        };
        out.extend(block_of(block, role.as_ref(), 0));
    }
    out
}

fn block_of(block: &rwml::Block, role: Option<&Role>, depth: usize) -> Option<Block> {
    match block {
        rwml::Block::Paragraph(paragraph) => paragraph_of(paragraph, role).map(Block::Paragraph),
        rwml::Block::Table(table) if depth < DEEPEST => Some(Block::Table(table_of(table, role, depth + 1))),
        _ => None,
    }
}

fn paragraph_of(paragraph: &rwml::Paragraph, role: Option<&Role>) -> Option<Paragraph> {
    let mut builder = Builder::default();
    for run in paragraph.runs.iter().filter(|run| !run.props.hidden) {
        for c in run.text.chars() {
            match c {
                '\t' => builder.tab(),
                '\n' | '\u{b}' => builder.line_break(),
                c => builder.push(c.encode_utf8(&mut [0; 4]), run.props.bold),
            }
        }
    }
    let props = &paragraph.props;
    let own = match (&props.list, props.heading_level) {
        (_, Some(level)) => Role::Heading(level.clamp(1, 9)),
        (Some(list), None) => {
            let mark = if list.label.trim().is_empty() { "•" } else { list.label.trim() };
            let shown = marker(&format!("{mark} x")).map_or_else(|| mark.to_owned(), |found| found.text);
            Role::Item { level: list.level, marker: shown }
        }
        (None, None) => Role::Body,
    };
    builder.finish(role.cloned().unwrap_or(own), Place::default()).and_then(text::retyped)
}

fn table_of(table: &rwml::Table, role: Option<&Role>, depth: usize) -> Table {
    let mut out = Table::default();
    // For each column, rows that a cell from above still covers.
    let mut covered: Vec<usize> = Vec::new();
    for (index, row) in table.rows.iter().enumerate() {
        let mut cells = Vec::new();
        let mut column = 0;
        let mut starting = Vec::new();
        for cell in &row.cells {
            while covered.get(column).is_some_and(|rows| *rows > 0) {
                column += 1;
            }
            let columns = usize::from(cell.col_span.max(1));
            let rows = usize::from(cell.row_span.max(1)).min(table.rows.len() - index);
            let blocks = cell.blocks.iter().filter_map(|block| block_of(block, role, depth)).collect();
            cells.push(Cell { blocks, column, columns, rows });
            starting.push((column, columns, rows));
            column += columns;
        }
        for rows in &mut covered {
            *rows = rows.saturating_sub(1);
        }
        for (column, columns, rows) in starting {
            if covered.len() < column + columns {
                covered.resize(column + columns, 0);
            }
            if let Some(places) = covered.get_mut(column..column + columns) {
                places.fill(rows - 1);
            }
        }
        out.rows.push(Row { cells, heading: index < table.header_rows });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merged_cells_keep_their_columns() {
        let cell = |words: &str, rows, columns| {
            let run = rwml::Run { text: words.to_owned(), ..rwml::Run::default() };
            let paragraph = rwml::Paragraph { runs: vec![run], ..rwml::Paragraph::default() };
            rwml::Cell {
                blocks: vec![rwml::Block::Paragraph(paragraph)],
                row_span: rows,
                col_span: columns,
                ..rwml::Cell::default()
            }
        };
        let rows = vec![
            rwml::Row { cells: vec![cell("a", 2, 1), cell("b", 1, 2)] },
            rwml::Row { cells: vec![cell("c", 1, 1), cell("d", 1, 1)] },
        ];
        let table = table_of(&rwml::Table { rows, header_rows: 1, ..rwml::Table::default() }, None, 0);
        let shape: Vec<Vec<(usize, usize, usize)>> = table
            .rows
            .iter()
            .map(|row| row.cells.iter().map(|cell| (cell.column, cell.columns, cell.rows)).collect())
            .collect();
        assert_eq!(shape, [vec![(0, 1, 2), (1, 2, 1)], vec![(1, 1, 1), (2, 1, 1)]]);
        assert!(table.rows[0].heading && !table.rows[1].heading);
    }

    #[test]
    fn a_file_as_word_processors_save_it() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/table.doc");
        let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let document = read("table.doc", &bytes).expect("read");
        let texts: Vec<&str> = document.paragraphs().iter().map(|paragraph| paragraph.text.as_str()).collect();
        assert!(texts.contains(&"Teaching assistant, trained by the speech and language therapist"));
        let tables =
            document.blocks.iter().filter(|block| matches!(block, Block::Table(table) if table.rows.len() == 8));
        assert_eq!(tables.count(), 1);
        let furniture = document.paragraphs().into_iter().filter(|paragraph| paragraph.role == Role::Furniture);
        assert_eq!(furniture.count(), 2, "page header and footer");
    }

    #[test]
    fn a_spoilt_file_is_an_error() {
        let error = read("plan.doc", &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0]).expect_err("damaged");
        assert!(matches!(error, ReadError::Damaged { .. }));
    }
}
