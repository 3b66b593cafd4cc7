use super::*;
use crate::document::{Block, Cell, Paragraph, Table};

fn table(document: &Document) -> &Table {
    let found = document.blocks.iter().find_map(|block| match block {
        Block::Table(table) => Some(table),
        Block::Paragraph(_) => None,
    });
    found.expect("a table")
}

/// Rows as text: `column+columns×rows:text`, cells parted by bars.
fn grid(table: &Table) -> Vec<String> {
    let cell = |cell: &Cell| {
        let text: Vec<String> = cell
            .blocks
            .iter()
            .map(|block| match block {
                Block::Paragraph(Paragraph { text, .. }) => text.clone(),
                Block::Table(table) => format!("[{}]", grid(table).join("/")),
            })
            .collect();
        format!("{}+{}x{}:{}", cell.column, cell.columns, cell.rows, text.join(","))
    };
    table.rows.iter().map(|row| row.cells.iter().map(cell).collect::<Vec<_>>().join("|")).collect()
}

#[test]
fn tables_with_spans_merges_and_nesting() {
    let tc = |props: &str, inner: &str| format!("<w:tc><w:tcPr>{props}</w:tcPr>{inner}</w:tc>");
    let rows = [
        format!(
            "<w:tr><w:trPr><w:tblHeader/></w:trPr>{}{}</w:tr>",
            tc("<w:gridSpan w:val='2'/>", &p("AB")),
            tc("", &p("C"))
        ),
        format!(
            "<w:tr>{}{}{}</w:tr>",
            tc("<w:vMerge w:val='restart'/>", &p("m")),
            tc("", &p("1")),
            tc("", "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>in</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p/>")
        ),
        format!("<w:tr>{}{}{}</w:tr>", tc("<w:vMerge/>", "<w:p/>"), tc("", &p("2")), tc("", &p("3"))),
        format!(
            "<w:tr><w:trPr><w:gridBefore w:val='1'/></w:trPr>{}{}</w:tr>",
            tc("", &p("4")),
            tc("<w:vMerge/>", &p("5"))
        ),
    ];
    let document = read(&format!("<w:tbl>{}</w:tbl>", rows.concat()));
    let table = table(&document);
    assert_eq!(
        grid(table),
        ["0+2x1:AB|2+1x1:C", "0+1x2:m|1+1x1:1|2+1x1:[0+1x1:in]", "1+1x1:2|2+1x1:3", "1+1x1:4|2+1x1:5"]
    );
    assert_eq!(table.rows.iter().map(|row| row.heading).collect::<Vec<_>>(), [true, false, false, false]);
}

#[test]
fn cells_merged_to_the_left() {
    let document = read(&format!(
        "<w:tbl><w:tr><w:tc><w:tcPr><w:hMerge w:val='restart'/></w:tcPr>{}</w:tc><w:tc><w:tcPr><w:hMerge/></w:tcPr><w:p/>\
         </w:tc><w:tc>{}</w:tc></w:tr></w:tbl>",
        p("a"),
        p("b")
    ));
    assert_eq!(grid(table(&document)), ["0+2x1:a|2+1x1:b"]);
}

#[test]
fn content_controls_of_every_level() {
    let sdt = |props: &str, inner: &str| {
        format!("<w:sdt><w:sdtPr>{props}</w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>")
    };
    let prompt = "<w:showingPlcHdr/>";
    let row = format!("<w:tr>{}{}</w:tr>", sdt("", &format!("<w:tc>{}</w:tc>", p("cell"))), {
        sdt(prompt, &format!("<w:tc>{}</w:tc>", p("Click here")))
    });
    let body = [
        sdt("", &p("block")),
        sdt(prompt, &p("Click or tap")),
        format!(
            "<w:p>{}{}</w:p>",
            sdt("", "<w:r><w:t>inline</w:t></w:r>"),
            sdt(prompt, "<w:r><w:t>Choose an item.</w:t></w:r>")
        ),
        format!("<w:tbl>{}<w:tr><w:tc>{}</w:tc></w:tr></w:tbl>", sdt("", &row), p("x")),
        p("after"),
    ];
    let document = read(&body.concat());
    assert_eq!(texts(&document), ["block", "inline", "cell", "x", "after"]);
    assert_eq!(grid(table(&document)), ["0+1x1:cell|1+1x1:", "0+1x1:x"]);
}

#[test]
fn tracked_changes_read_as_accepted() {
    let body =
        "<w:p><w:r><w:t xml:space='preserve'>keep </w:t></w:r><w:del><w:r><w:delText>old</w:delText><w:t>old</w:t>\
        </w:r></w:del><w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>gone</w:t></w:r></w:moveFrom>\
        <w:moveTo><w:r><w:t xml:space='preserve"
            .to_owned()
            + "'> here</w:t></w:r></w:moveTo></w:p>"
            + "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>joins </w:t></w:r></w:p>"
            + "<w:p><w:pPr><w:pStyle w:val='Heading1'/><w:pPrChange><w:pPr><w:pStyle w:val='Loud'/></w:pPr></w:pPrChange>\
           </w:pPr><w:r><w:t>the next</w:t></w:r></w:p>"
            + "<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p><w:r><w:t>deleted row</w:t></w:r></w:p></w:tc></w:tr><w:tr>\
           <w:trPr><w:ins/></w:trPr><w:tc><w:p><w:r><w:t>kept row</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";
    let (document, _) = build(&body, &[("styles", STYLES)]);
    assert_eq!(texts(&document), ["keep new here", "joins the next", "kept row"]);
    assert_eq!(roles(&document)[1], Role::Heading(1));
    assert_eq!(grid(table(&document)), ["0+1x1:kept row"]);
}

#[test]
fn a_deleted_end_before_a_table_ends_all_the_same() {
    let body = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>a</w:t></w:r></w:p><w:tbl><w:tr><w:tc>".to_owned()
        + &p("b")
        + "</w:tc></w:tr></w:tbl>";
    assert_eq!(texts(&read(&body)), ["a", "b"]);
}

#[test]
fn damage_in_the_middle_keeps_what_came_before() {
    let main = format!("{HEAD}{}<w:tbl><w:tr><w:tc>{}</w:p></w:x>", p("one"), p("two"));
    let document = super::super::read("a", &package(&[("word/document.xml", &main)])).unwrap();
    assert_eq!(texts(&document), ["one", "two"]);
    assert_eq!(grid(table(&document)), ["0+1x1:two"]);
    assert!(document.notes.iter().any(|note| note.kind == NoteKind::Skipped && !note.message.contains("two")));
    let nothing = super::super::read("a", &package(&[("word/document.xml", "<w:document><w:body>")]));
    assert!(matches!(nothing, Err(ReadError::Damaged { .. })));
    assert!(matches!(super::super::read("a", &package(&[("a", "b")])), Err(ReadError::Damaged { .. })));
}

#[test]
fn depth_and_size_are_bounded() {
    let deep = |open: &str, close: &str, n: usize| open.repeat(n) + &p("deep") + &close.repeat(n);
    let tables = read(&deep("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>", 300));
    assert_eq!(texts(&tables), ["deep"]);
    let boxes = read(&deep("<w:p><w:r><w:txbxContent>", "</w:txbxContent></w:r></w:p>", 300));
    assert_eq!(texts(&boxes), ["deep"]);
    let mut main = format!("{HEAD}{}", p("first"));
    main.push_str(&deep("<w:ins>", "</w:ins>", 100_000));
    let document = super::super::read("a", &package(&[("word/document.xml", &main)])).unwrap();
    assert_eq!((texts(&document), document.notes.len()), (vec!["first"], 2));
    let many = format!("<w:tbl><w:tr>{}</w:tr></w:tbl>", "<w:tc/>".repeat(400_010));
    assert_eq!(read(&(p("a") + &many)).notes.len(), 1);
}
