use super::*;
use crate::document::{Block, Cell, Paragraph, Role, Table};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (path, text) in parts {
        writer.start_file(*path, SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn build(styles: &str, body: &str) -> (Document, String) {
    let content = format!(
        "<office:document-content><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:text>\
         {body}</office:text></office:body></office:document-content>"
    );
    let document = super::read("plan.odt", &package(&[("content.xml", &content)])).unwrap();
    check_runs(&document, &content);
    (document, content)
}

/// Runs are ordered and inside the text, and what stands behind each is its own text, white space or an element.
fn check_runs(document: &Document, content: &str) {
    for (i, paragraph) in document.paragraphs().into_iter().enumerate() {
        assert_eq!(paragraph.place.paragraph, i);
        let (mut text, mut source) = (0, 0);
        for run in &paragraph.runs {
            assert!(run.text.start >= text && run.text.end <= paragraph.text.len() && !run.text.is_empty());
            assert!(run.source.start >= source && run.source.end <= content.len());
            (text, source) = (run.text.end, run.source.end);
            let (piece, behind) = (run.text.of(&paragraph.text), run.source.of(content));
            let plain = quick_xml::escape::unescape(behind).is_ok_and(|plain| plain == piece);
            let element = behind.starts_with('<') && behind.ends_with('>') && piece.trim().is_empty();
            let layout = piece == " " && behind.chars().all(char::is_whitespace);
            assert!(plain || element || layout, "{piece:?} is not {behind:?}");
        }
    }
}

fn read(body: &str) -> Document {
    build("", body).0
}

fn texts(document: &Document) -> Vec<&str> {
    document.paragraphs().iter().map(|paragraph| paragraph.text.as_str()).collect()
}

fn roles(document: &Document) -> Vec<Role> {
    document.paragraphs().iter().map(|paragraph| paragraph.role.clone()).collect()
}

fn p(text: &str) -> String {
    format!("<text:p>{text}</text:p>")
}

fn item(level: u8, marker: &str) -> Role {
    Role::Item { level, marker: marker.to_owned() }
}

fn table(document: &Document) -> &Table {
    let found = document.blocks.iter().find_map(|block| match block {
        Block::Table(table) => Some(table),
        Block::Paragraph(_) => None,
    });
    found.expect("a table")
}

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
fn text_and_its_bytes() {
    let (document, content) = build(
        "",
        "<text:p>\n  Sam &amp;  <text:span>Al</text:span><text:tab/>x<text:s text:c='2'/>y<text:line-break/>\
         <text:soft-page-break/>z<text:a>!</text:a> <text:date>1 May</text:date></text:p>",
    );
    assert_eq!(texts(&document), ["Sam & Al\tx  y\nz! 1 May"]);
    let runs = &document.paragraphs()[0].runs;
    let behind: Vec<&str> = runs.iter().take(7).map(|run| run.source.of(&content)).collect();
    assert_eq!(behind, ["Sam", " ", "&amp;", "  ", "Al", "<text:tab/>", "x"]);
}

#[test]
fn headings_and_titles() {
    let (document, _) = build(
        "<style:style style:name='P1' style:family='paragraph' style:parent-style-name='Title'/>",
        "<text:p text:style-name='P1'>Plan</text:p><text:h text:outline-level='2'>Two</text:h><text:h>One</text:h>\
         <text:h text:outline-level='10'>Ten</text:h>",
    );
    assert_eq!(roles(&document), [Role::Heading(1), Role::Heading(2), Role::Heading(1), Role::Heading(9)]);
}

#[test]
fn numbered_headings_begin_with_their_number() {
    let styles = "<office:document-styles><office:styles><text:outline-style><text:outline-level-style text:level='1' \
                  style:num-format='A' style:num-prefix='Section '/><text:outline-level-style text:level='2' \
                  style:num-format='1' text:display-levels='2'/></text:outline-style></office:styles>\
                  </office:document-styles>";
    let content = "<office:document-content><office:body><office:text><text:h text:outline-level='1'>Views</text:h>\
                   <text:h text:outline-level='1'>Needs</text:h><text:h text:outline-level='2'>First</text:h>\
                   <text:h text:is-list-header='true'>Plain</text:h></office:text></office:body>\
                   </office:document-content>";
    let document = super::read("a", &package(&[("styles.xml", styles), ("content.xml", content)])).unwrap();
    assert_eq!(texts(&document), ["Section A Views", "Section B Needs", "B.1 First", "Plain"]);
    check_runs(&document, content);
}

const LISTS: &str = "<text:list-style style:name='N'><text:list-level-style-number text:level='1' style:num-format='1' \
                     style:num-suffix='.'/><text:list-level-style-number text:level='2' style:num-format='a' \
                     style:num-suffix=')'/></text:list-style><text:list-style style:name='B'>\
                     <text:list-level-style-bullet text:level='1' text:bullet-char='–'/></text:list-style>\
                     <style:style style:name='PL' style:family='paragraph' style:list-style-name='B'/>";

fn list(attributes: &str, items: &[String]) -> String {
    let items: String = items.iter().map(|item| format!("<text:list-item>{item}</text:list-item>")).collect();
    format!("<text:list {attributes}>{items}</text:list>")
}

#[test]
fn lists_count_nest_and_go_on() {
    let inner = list("", &[p("b"), p("c")]);
    let body = [
        list("text:style-name='N' xml:id='l1'", &[p("a") + &p("more") + &inner, p("d") + &list("", &[p("e")])]),
        list("text:style-name='B'", &[p("f")]),
        list("text:style-name='N' text:continue-list='l1'", &[p("g")]),
        list("text:style-name='N' text:continue-numbering='true'", &[list("", &[p("h")]), p("i")]),
        list("text:style-name='N'", &[p("j")]),
        list("", &["<text:p text:style-name='PL'>k</text:p>".to_owned()]),
        "<text:list text:style-name='N'><text:list-header><text:p>l</text:p></text:list-header><text:list-item \
         text:start-value='7'><text:p>m</text:p></text:list-item></text:list>"
            .to_owned(),
    ];
    let (document, _) = build(LISTS, &body.concat());
    let expected = [
        item(0, "1."),
        Role::Body,
        item(1, "a)"),
        item(1, "b)"),
        item(0, "2."),
        item(1, "a)"),
        item(0, "–"),
        item(0, "3."),
        item(1, "a)"),
        item(0, "4."),
        item(0, "1."),
        item(0, "–"),
        Role::Body,
        item(0, "7."),
    ];
    assert_eq!(roles(&document), expected);
}

#[test]
fn tables_with_spans_and_nesting() {
    let document = read(
        &("<table:table><table:table-column/><table:table-header-rows><table:table-row><table:table-cell \
           table:number-columns-spanned='2'>"
            .to_owned()
            + &p("AB")
            + "</table:table-cell><table:covered-table-cell/><table:table-cell>"
            + &p("C")
            + "</table:table-cell></table:table-row></table:table-header-rows><table:table-row><table:table-cell \
               table:number-rows-spanned='2' table:number-columns-spanned='2'>"
            + &p("m")
            + "</table:table-cell><table:covered-table-cell/><table:table-cell><table:table><table:table-row>\
               <table:table-cell>"
            + &p("in")
            + "</table:table-cell></table:table-row></table:table></table:table-cell></table:table-row><table:table-row>\
               <table:covered-table-cell table:number-columns-repeated='2'><text:p>covered</text:p>\
               </table:covered-table-cell><table:table-cell table:number-rows-spanned='99999999'>"
            + &p("x")
            + "</table:table-cell></table:table-row></table:table>"),
    );
    let table = table(&document);
    assert_eq!(grid(table), ["0+2x1:AB|2+1x1:C", "0+2x2:m|2+1x1:[0+1x1:in]", "2+1x1:x"]);
    assert_eq!(table.rows.iter().map(|row| row.heading).collect::<Vec<_>>(), [true, false, false]);
}

#[test]
fn tracked_changes_read_as_accepted() {
    let document = read(
        "<text:tracked-changes><text:changed-region><text:deletion><office:change-info/><text:p>old</text:p>\
         </text:deletion></text:changed-region></text:tracked-changes><text:p>keep<text:change text:change-id='a'/> \
         <text:change-start/>new<text:change-end/><office:annotation><text:p>comment</text:p></office:annotation></text:p>",
    );
    assert_eq!(texts(&document), ["keep new"]);
}

#[test]
fn notes_and_text_boxes_follow_their_paragraph() {
    let note = "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>note</text:p></text:note-body>\
                </text:note>";
    let frame =
        "<draw:frame><draw:text-box><text:p>boxed</text:p></draw:text-box><svg:title>no</svg:title></draw:frame>";
    let body = format!(
        "<text:p>be{note}{frame}fore</text:p><draw:frame><draw:text-box><text:p>page</text:p></draw:text-box></draw:frame>\
         <text:p>after<draw:custom-shape><text:p>shape</text:p></draw:custom-shape></text:p>"
    );
    let document = read(&body);
    assert_eq!(texts(&document), ["before", "note", "boxed", "page", "after", "shape"]);
    assert_eq!(roles(&document)[1], Role::Footnote);
    assert!(document.paragraphs()[1].runs.is_empty() && !document.paragraphs()[2].runs.is_empty());
}

#[test]
fn bold_and_hidden_by_automatic_styles() {
    let styles = "<style:style style:name='T1' style:family='text'><style:text-properties fo:font-weight='bold'/>\
                  </style:style><style:style style:name='T2' style:family='text'><style:text-properties \
                  fo:font-weight='normal'/></style:style><style:style style:name='H' style:family='text'>\
                  <style:text-properties text:display='none'/></style:style><style:style style:name='P1' \
                  style:family='paragraph'><style:text-properties fo:font-weight='bold'/></style:style>";
    let span = |style: &str, text: &str| format!("<text:span text:style-name='{style}'>{text}</text:span>");
    let body = [
        p(&(span("T1", "Section F") + ":")),
        p(&(span("T1", "Who") + ": all")),
        format!("<text:p text:style-name='P1'>all{}</text:p>", span("H", "hidden")),
        format!("<text:p text:style-name='P1'>{}</text:p>", span("T2", "not")),
        p(&span("H", "hidden")),
    ];
    let (document, _) = build(styles, &body.concat());
    assert_eq!(texts(&document), ["Section F:", "Who: all", "all", "not"]);
    let bold: Vec<bool> = document.paragraphs().iter().map(|paragraph| paragraph.bold).collect();
    assert_eq!(bold, [true, false, true, false]);
}

#[test]
fn contents_lists_headers_and_footers_are_furniture() {
    let styles = "<office:document-styles><office:automatic-styles/><office:master-styles><style:master-page><style:header>\
                  <text:p>head</text:p></style:header><style:header-left style:display='false'><text:p>no</text:p>\
                  </style:header-left><style:footer><text:p>Page <text:page-number>1</text:page-number></text:p>\
                  </style:footer></style:master-page></office:master-styles></office:document-styles>";
    let content = "<office:document-content><office:body><office:text><text:table-of-content>\
                   <text:table-of-content-source><text:index-title-template>Contents</text:index-title-template>\
                   </text:table-of-content-source><text:index-body><text:index-title><text:p>Contents</text:p>\
                   </text:index-title><text:p>Section F 3</text:p></text:index-body></text:table-of-content><text:p>a\
                   </text:p></office:text></office:body></office:document-content>";
    let document = super::read("a", &package(&[("styles.xml", styles), ("content.xml", content)])).unwrap();
    assert_eq!(texts(&document), ["head", "Contents", "Section F 3", "a", "Page 1"]);
    let furniture: Vec<bool> = roles(&document).iter().map(|role| *role == Role::Furniture).collect();
    assert_eq!(furniture, [true, true, true, false, true]);
}

#[test]
fn prompts_sections_and_controls() {
    let document = read(
        "<text:section text:display='none'><text:p>no</text:p></text:section><text:section><text:p>yes \
         <text:placeholder>&lt;name&gt;</text:placeholder><loext:content-control>☒</loext:content-control>\
         <loext:content-control loext:showing-place-holder='true'>Choose</loext:content-control></text:p></text:section>",
    );
    assert_eq!(texts(&document), ["yes ☒"]);
}

#[test]
fn locked_files_are_told() {
    let manifest = |path: &str| {
        format!(
            "<manifest:manifest><manifest:file-entry manifest:full-path='{path}'><manifest:encryption-data/>\
             </manifest:file-entry></manifest:manifest>"
        )
    };
    for (path, locked) in [("content.xml", true), ("encrypted-package", true), ("Pictures/a.png", false)] {
        let bytes = package(&[
            ("META-INF/manifest.xml", &manifest(path)),
            ("content.xml", "<office:text><text:p>a</text:p></office:text>"),
        ]);
        let read = super::read("a.odt", &bytes);
        assert_eq!(matches!(read, Err(ReadError::Encrypted { .. })), locked, "{path}");
    }
}

#[test]
fn damage_depth_and_size_are_bounded() {
    let content =
        "<office:text><text:p>one</text:p><table:table><table:table-row><table:table-cell><text:p>two</office>";
    let document = super::read("a", &package(&[("content.xml", content)])).unwrap();
    assert_eq!(texts(&document), ["one", "two"]);
    assert_eq!(document.notes[0].kind, NoteKind::Skipped);
    assert!(matches!(super::read("a", &package(&[("content.xml", "<a>")])), Err(ReadError::Damaged { .. })));
    assert!(matches!(super::read("a", &package(&[])), Err(ReadError::Damaged { .. })));
    let (open, close) =
        ("<table:table><table:table-row><table:table-cell>", "</table:table-cell></table:table-row></table:table>");
    assert_eq!(texts(&read(&(open.repeat(300) + &p("deep") + &close.repeat(300)))), ["deep"]);
    let lists = "<text:list><text:list-item>".repeat(300) + &p("deep") + &"</text:list-item></text:list>".repeat(300);
    assert_eq!(texts(&read(&lists)), ["deep"]);
    let spaces = read("<text:p>a<text:s text:c='99999999999'/>b</text:p>");
    assert!(spaces.paragraphs()[0].text.len() < 200);
}

/// What each annotation is about: the words, or the words before the place and a bar.
fn about(document: &Document) -> Vec<Vec<String>> {
    let paragraphs = document.paragraphs();
    let place = |(paragraph, span): &(usize, crate::span::Span)| {
        let text = &paragraphs[*paragraph].text;
        if span.is_empty() { format!("{}|", &text[..span.start]) } else { span.of(text).to_owned() }
    };
    document.comments.iter().map(|comment| comment.places.iter().map(place).collect()).collect()
}

#[test]
fn annotations_that_speak_to_us_are_kept_with_their_words() {
    let note = |name: &str, words: &str| {
        format!(
            "<office:annotation{name}><dc:creator>Ms O&amp;K</dc:creator><dc:date>2026-11-27T00:00:00</dc:date>\
             <text:p>{words}</text:p></office:annotation>"
        )
    };
    let ours = |name: &str| note(name, "Clearplan: <text:span>ignore</text:span><text:s/>x</text:p><text:p>because y");
    let body = [
        // A range, over a reference and a part of a span.
        format!(
            "<text:p>Sam {}&amp; Al<text:span> will<office:annotation-end office:name='a'/> read</text:span>.</text:p>",
            ours(" office:name='a'")
        ),
        // A range over two paragraphs.
        format!(
            "<text:p>One {}two</text:p><text:p>three<office:annotation-end office:name='b'/> four</text:p>",
            ours(" office:name='b'")
        ),
        // Places: at the beginning, in the middle, at the end, and where there are no words.
        format!("<text:p>{}Begins</text:p>", ours("")),
        format!("<text:p>In the{} middle</text:p>", ours("")),
        format!("<text:p>Ends{}</text:p>", ours("")),
        format!("<text:p>{}</text:p>", ours("")),
        // In a text box, in a list, of others, deleted.
        format!(
            "<text:p>Host<draw:frame><draw:text-box><text:p>{}box</text:p></draw:text-box></draw:frame></text:p>",
            ours("")
        ),
        format!("<text:list><text:list-item><text:p>{}item</text:p></text:list-item></text:list>", ours("")),
        format!("<text:p>{}Other</text:p>", note("", "Is that right, clearplan?")),
    ]
    .concat();
    let body = format!(
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>{}gone</text:p></text:deletion></text:changed-region></text:tracked-changes>{body}",
        ours("")
    );
    let document = read(&body);
    let expected = [
        vec!["& Al will"],
        vec!["two", "three"],
        vec!["|"],
        vec!["In the|"],
        vec!["Ends|"],
        vec![],
        vec!["|"],
        vec!["|"],
    ];
    assert_eq!(about(&document), expected);
    let paragraphs = document.paragraphs();
    let at = |i: usize| paragraphs[document.comments[i].places[0].0].text.as_str();
    assert_eq!((at(2), at(6), at(7)), ("Begins", "box", "item"));
    let words: Vec<&str> = document.comments[0].text.split_whitespace().collect();
    assert_eq!(words.join(" "), "Clearplan: ignore x because y");
    assert!(document.comments.iter().all(|comment| comment.author == "Ms O&K"));
    assert!(texts(&document).iter().all(|text| !text.to_lowercase().contains("clearplan")));
}

#[test]
fn spoilt_annotations_waive_nothing_and_stop_nothing() {
    for body in [
        "<text:p>Sam<office:annotation><text:p>clearplan: x",
        "<text:p>Sam<office:annotation/><office:annotation-end/><office:annotation-end office:name='q'/></text:p>",
        "<office:annotation><office:annotation><text:p>clearplan x</text:p></office:annotation></office:annotation><text:p>Sam</text:p>",
        "<text:p>Sam<office:annotation-end office:name='a'/><office:annotation office:name='a'><text:p>clearplan</text:p></office:annotation></text:p>",
    ] {
        let content = format!(
            "<office:document-content><office:body><office:text>{body}</office:text></office:body></office:document-content>"
        );
        let document = super::read("plan.odt", &package(&[("content.xml", &content)])).unwrap();
        assert_eq!(texts(&document), ["Sam"], "{body}");
    }
}
