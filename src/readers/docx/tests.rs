mod structure;

use super::*;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

const HEAD: &str = "<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main' \
                    xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'><w:body>";

pub(super) fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (path, text) in parts {
        writer.start_file(*path, SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A document with that body and those other parts of `word/`, related under their own names.
fn build(body: &str, others: &[(&str, &str)]) -> (Document, String) {
    let main = format!("{HEAD}{body}</w:body></w:document>");
    let related: String = others
        .iter()
        .map(|(kind, _)| {
            let type_of = kind.trim_end_matches(|c: char| c.is_ascii_digit());
            format!("<Relationship Id='r-{kind}' Type='http://x/relationships/{type_of}' Target='{kind}.xml'/>")
        })
        .collect();
    let relations = format!("<Relationships>{related}</Relationships>");
    let root = "<Relationships><Relationship Id='a' Type='http://x/officeDocument' Target='/word/document.xml'/>\
                </Relationships>";
    let paths: Vec<String> = others.iter().map(|(kind, _)| format!("word/{kind}.xml")).collect();
    let mut parts =
        vec![("_rels/.rels", root), ("word/document.xml", &main), ("word/_rels/document.xml.rels", &relations)];
    parts.extend(paths.iter().zip(others).map(|(path, (_, text))| (path.as_str(), *text)));
    let document = super::read("plan.docx", &package(&parts)).unwrap();
    check_runs(&document, &main);
    (document, main)
}

/// Runs are ordered and inside the text, and what stands behind each is its own text or an element or reference.
fn check_runs(document: &Document, main: &str) {
    for (i, paragraph) in document.paragraphs().into_iter().enumerate() {
        assert_eq!(paragraph.place.paragraph, i);
        let (mut text, mut source) = (0, 0);
        for run in &paragraph.runs {
            assert!(run.text.start >= text && run.text.end <= paragraph.text.len() && !run.text.is_empty());
            assert!(run.source.start >= source && run.source.end <= main.len());
            (text, source) = (run.text.end, run.source.end);
            let (piece, behind) = (run.text.of(&paragraph.text), run.source.of(main));
            let plain = quick_xml::escape::unescape(behind).is_ok_and(|plain| plain == piece);
            let element = behind.starts_with('<') && behind.ends_with('>') && piece.chars().count() == 1;
            let layout = piece == " " && behind.chars().all(char::is_whitespace);
            let letter = ('\u{f020}'..='\u{f0ff}').contains(&behind.chars().next().unwrap_or('a'));
            assert!(plain || element || layout || letter, "{piece:?} is not {behind:?}");
        }
    }
}

fn read(body: &str) -> Document {
    build(body, &[]).0
}

fn texts(document: &Document) -> Vec<&str> {
    document.paragraphs().iter().map(|paragraph| paragraph.text.as_str()).collect()
}

fn roles(document: &Document) -> Vec<Role> {
    document.paragraphs().iter().map(|paragraph| paragraph.role.clone()).collect()
}

fn p(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

#[test]
fn text_and_its_bytes() {
    let (document, main) = build(
        "<w:p><w:r><w:t>Sam &amp; Al</w:t><w:tab/><w:t xml:space='preserve'>e </w:t></w:r><w:proofErr/><w:r><w:t>x</w:t>\
         <w:br/><w:t>y</w:t><w:noBreakHyphen/><w:t>z&#8217;s</w:t><w:softHyphen/></w:r></w:p>",
        &[],
    );
    assert_eq!(texts(&document), ["Sam & Al\te x\ny\u{2011}z’s"]);
    let runs = &document.paragraphs()[0].runs;
    let behind: Vec<&str> = runs.iter().map(|run| run.source.of(&main)).collect();
    assert_eq!(
        behind,
        ["Sam ", "&amp;", " Al", "<w:tab/>", "e ", "x", "<w:br/>", "y", "<w:noBreakHyphen/>", "z", "&#8217;", "s"]
    );
}

#[test]
fn line_ends_in_the_markup_are_spaces() {
    assert_eq!(texts(&read("<w:p><w:r><w:t>\n  one\r\n  two  three\n</w:t></w:r></w:p>")), ["one two  three "]);
}

#[test]
fn a_page_break_before_the_text_is_no_line() {
    let body = "<w:p><w:r><w:br w:type='page'/><w:t>a</w:t><w:br w:type='textWrapping'/><w:t>b</w:t></w:r></w:p>";
    assert_eq!(texts(&read(body)), ["a\nb"]);
}

#[test]
fn any_prefix_and_strict_documents() {
    let main = "<x:document xmlns:x='http://purl.oclc.org/ooxml/wordprocessingml/main' xmlns:w='urn:other'><x:body>\
                <x:p><x:r><x:t>yes</x:t></x:r><w:r><w:t>no</w:t></w:r></x:p></x:body></x:document>";
    let document = super::read("a", &package(&[("word/document.xml", main)])).unwrap();
    assert_eq!(texts(&document), ["yes"]);
    assert_eq!(document.notes[0].kind, NoteKind::Guessed);
}

const STYLES: &str = "<w:styles><w:style w:type='paragraph' w:styleId='Heading1'><w:name w:val='heading 1'/></w:style>\
    <w:style w:type='paragraph' w:styleId='Sec'><w:name w:val='Section'/><w:basedOn w:val='Heading1'/><w:pPr><w:numPr>\
    <w:numId w:val='2'/></w:numPr></w:pPr></w:style>\
    <w:style w:type='paragraph' w:styleId='TOC1'><w:name w:val='toc 1'/></w:style>\
    <w:style w:type='paragraph' w:styleId='Loud'><w:rPr><w:b/></w:rPr></w:style>\
    <w:style w:type='paragraph' w:styleId='L2'><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr></w:style>\
    <w:style w:type='character' w:styleId='Strong'><w:rPr><w:b/></w:rPr></w:style>\
    <w:style w:type='character' w:styleId='Secret'><w:rPr><w:vanish/></w:rPr></w:style></w:styles>";

const NUMBERING: &str = "<w:numbering><w:abstractNum w:abstractNumId='0'><w:lvl w:ilvl='0'><w:start w:val='1'/>\
    <w:numFmt w:val='decimal'/><w:lvlText w:val='%1.'/></w:lvl><w:lvl w:ilvl='1'><w:start w:val='1'/><w:numFmt \
    w:val='lowerLetter'/><w:pStyle w:val='L2'/><w:lvlText w:val='%2)'/></w:lvl></w:abstractNum><w:abstractNum \
    w:abstractNumId='1'><w:lvl w:ilvl='0'><w:start w:val='1'/><w:numFmt w:val='upperLetter'/><w:lvlText \
    w:val='Section %1:'/></w:lvl></w:abstractNum><w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num><w:num \
    w:numId='2'><w:abstractNumId w:val='1'/></w:num></w:numbering>";

fn styled(style: &str, more: &str, text: &str) -> String {
    format!("<w:p><w:pPr><w:pStyle w:val='{style}'/>{more}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
}

#[test]
fn headings_by_style_outline_and_ancestor() {
    let body = [
        styled("Heading1", "", "One"),
        styled("No", "<w:outlineLvl w:val='2'/>", "Three"),
        styled("Heading1", "<w:outlineLvl w:val='9'/>", "Body"),
        styled("Sec", "", "Views"),
        styled("Sec", "", "Needs"),
        styled("Sec", "<w:numPr><w:numId w:val='0'/></w:numPr>", "Plain"),
    ];
    let (document, main) = build(&body.concat(), &[("styles", STYLES), ("numbering", NUMBERING)]);
    assert_eq!(texts(&document), ["One", "Three", "Body", "Section A: Views", "Section B: Needs", "Plain"]);
    let expected = [1, 3, 0, 1, 1, 1].map(|level| if level == 0 { Role::Body } else { Role::Heading(level) });
    assert_eq!(roles(&document), expected);
    let run = document.paragraphs()[3].runs[0];
    assert_eq!((run.text.start, run.source.of(&main)), ("Section A: ".len(), "Views"));
}

#[test]
fn lists_by_number_and_by_style() {
    let number = |level: u8| format!("<w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='1'/></w:numPr>");
    let body = [
        styled("", &number(0), "a"),
        styled("", &number(1), "b"),
        styled("L2", "", "c"),
        styled("", "", "between"),
        styled("", &number(0), "d"),
        styled("", "<w:numPr><w:numId w:val='77'/></w:numPr>", "none"),
    ];
    let (document, _) = build(&body.concat(), &[("styles", STYLES), ("numbering", NUMBERING)]);
    let item = |level, marker: &str| Role::Item { level, marker: marker.to_owned() };
    let expected = [item(0, "1."), item(1, "a)"), item(1, "b)"), Role::Body, item(0, "2."), Role::Body];
    assert_eq!(roles(&document), expected);
}

#[test]
fn text_boxes_follow_their_paragraph() {
    let inner = format!("<w:txbxContent>{}</w:txbxContent>", p("boxed"));
    let body = format!(
        "<w:p><w:r><w:t>be</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>\
         {inner}</w:drawing></mc:Choice><mc:Fallback><w:pict>{inner}</w:pict></mc:Fallback></mc:AlternateContent></w:r>\
         <w:r><w:t>fore</w:t></w:r></w:p>{}",
        p("after")
    );
    let document = read(&body);
    assert_eq!(texts(&document), ["before", "boxed", "after"]);
    assert!(!document.paragraphs()[1].bold);
    assert_eq!(texts(&read(&format!("<w:p><w:r><w:pict>{inner}</w:pict></w:r></w:p>"))), ["boxed"]);
}

#[test]
fn notes_follow_the_paragraph_that_refers_to_them() {
    let footnotes = format!(
        "<w:footnotes><w:footnote w:type='separator' w:id='0'>{}</w:footnote><w:footnote w:id='2'>{}</w:footnote>\
         <w:footnote w:id='3'>{}</w:footnote></w:footnotes>",
        p("line"),
        p("note"),
        p("unused")
    );
    let endnotes = format!("<w:endnotes><w:endnote w:id='2'>{}</w:endnote></w:endnotes>", p("end"));
    let body = format!(
        "<w:p><w:r><w:t>a</w:t><w:footnoteReference w:id='2'/><w:endnoteReference w:id='2'/></w:r></w:p>{}",
        "<w:p><w:r><w:t>b</w:t><w:footnoteReference w:id='2'/></w:r></w:p>"
    );
    let (document, _) = build(&body, &[("footnotes", &footnotes), ("endnotes", &endnotes)]);
    assert_eq!(texts(&document), ["a", "note", "end", "b"]);
    assert_eq!(roles(&document), [Role::Body, Role::Footnote, Role::Footnote, Role::Body]);
    assert!(document.paragraphs()[1].runs.is_empty());
}

#[test]
fn headers_and_footers_are_furniture() {
    let header = format!("<w:hdr><w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl></w:hdr>", p("head"));
    let footer = format!("<w:ftr>{}</w:ftr>", p("foot"));
    let body = p("a")
        + "<w:sectPr><w:footerReference r:id='r-footer1'/><w:headerReference r:id='r-header1'/><w:headerReference \
           r:id='r-header1'/></w:sectPr>";
    let (document, _) = build(&body, &[("header1", &header), ("footer1", &footer)]);
    assert_eq!(texts(&document), ["head", "a", "foot"]);
    assert_eq!(roles(&document), [Role::Furniture, Role::Body, Role::Furniture]);
    assert_eq!(document.blocks.len(), 3);
}

fn field(instruction: &str, result: &str) -> String {
    format!(
        "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>{instruction}</w:instrText></w:r><w:r><w:fldChar \
         w:fldCharType='separate'/></w:r>{result}<w:r><w:fldChar w:fldCharType='end'/></w:r>"
    )
}

#[test]
fn fields_show_their_result() {
    let run = "<w:r><w:t>2</w:t></w:r>";
    let nested = format!(
        "<w:r><w:fldChar w:fldCharType='begin'/></w:r>{}<w:r><w:t>hidden</w:t></w:r><w:r><w:fldChar \
         w:fldCharType='separate'/></w:r><w:r><w:t>shown</w:t></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r>",
        field("PAGE", run)
    );
    let body = format!(
        "<w:p>{}<w:r><w:t>x</w:t></w:r>{nested}<w:fldSimple w:instr='DATE'><w:r><w:t>now</w:t></w:r></w:fldSimple></w:p>",
        field("REF a", run)
    );
    assert_eq!(texts(&read(&body)), ["2xshownnow"]);
    let lost = "<w:p><w:r><w:fldChar w:fldCharType='begin'/><w:t>no</w:t></w:r></w:p>".to_owned() + &p("yes");
    assert_eq!(texts(&read(&lost)), ["yes"]);
}

#[test]
fn contents_lists_are_furniture() {
    let entry = "<w:r><w:t>Section F 3</w:t></w:r>";
    let body = format!(
        "<w:p><w:r><w:fldChar w:fldCharType='begin'/><w:instrText> TOC \\o </w:instrText><w:fldChar \
         w:fldCharType='separate'/></w:r>{entry}</w:p>{}<w:p><w:r><w:fldChar w:fldCharType='end'/></w:r>{}</w:p>{}\
         <w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj></w:sdtPr>\
         <w:sdtContent>{}</w:sdtContent></w:sdt>{}",
        p("Section G 4"),
        "<w:r><w:t>text</w:t></w:r>",
        styled("TOC1", "", "Section H 5"),
        p("Contents"),
        p("end")
    );
    let (document, _) = build(&body, &[("styles", STYLES)]);
    let furniture: Vec<bool> = roles(&document).iter().map(|role| *role == Role::Furniture).collect();
    assert_eq!(furniture, [true, true, false, true, true, false]);
}

#[test]
fn a_contents_field_without_end_stops_at_a_heading() {
    let body = "<w:p><w:r><w:fldChar w:fldCharType='begin'/><w:instrText>TOC</w:instrText><w:fldChar \
         w:fldCharType='separate'/><w:t>One 1</w:t></w:r></w:p>"
        .to_owned()
        + &styled("Heading1", "", "One")
        + &p("text");
    let (document, _) = build(&body, &[("styles", STYLES)]);
    assert_eq!(roles(&document), [Role::Furniture, Role::Heading(1), Role::Body]);
}

#[test]
fn wrappers_are_seen_through() {
    let body = "<w:p><w:hyperlink><w:r><w:t>a</w:t></w:r></w:hyperlink><w:smartTag><w:r><w:t>b</w:t></w:r></w:smartTag>\
        <w:customXml><w:r><w:t>c</w:t></w:r></w:customXml><w:unknown><w:r><w:t>d</w:t></w:r></w:unknown><m:oMath><m:r><m:t>e\
        </m:t></m:r></m:oMath><w:r><w:ruby><w:rt><w:r><w:t>no</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>f</w:t></w:r>\
        </w:rubyBase></w:ruby></w:r></w:p>";
    assert_eq!(texts(&read(body)), ["abcdef"]);
}

#[test]
fn hidden_text_is_left_out() {
    let run = |props: &str, text: &str| format!("<w:r><w:rPr>{props}</w:rPr><w:t>{text}</w:t></w:r>");
    let body = format!(
        "<w:p>{}{}{}</w:p>",
        run("<w:vanish/>", "no"),
        run("<w:vanish w:val='0'/>", "yes"),
        run("<w:rStyle w:val='Secret'/>", "no")
    );
    assert_eq!(texts(&build(&body, &[("styles", STYLES)]).0), ["yes"]);
}

#[test]
fn symbols_and_check_boxes_are_characters() {
    let body = "<w:p><w:r><w:sym w:font='Wingdings' w:char='F0FC'/><w:t>\u{f0b7}x</w:t></w:r><w:sdt><w:sdtPr><w14:checkbox>\
        <w14:checked w14:val='1'/></w14:checkbox></w:sdtPr><w:sdtContent><w:r><w:t>☒</w:t></w:r></w:sdtContent></w:sdt>\
        <w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:checkBox><w:default w:val='0'/><w:checked/></w:checkBox>\
        </w:ffData></w:fldChar></w:r><w:r><w:instrText>FORMCHECKBOX</w:instrText></w:r><w:r><w:fldChar \
        w:fldCharType='end'/></w:r></w:p>";
    let document = read(body);
    assert_eq!(texts(&document), ["✓•x☒☒"]);
}

#[test]
fn bold_by_run_and_by_style() {
    let run = |props: &str, text: &str| format!("<w:r><w:rPr>{props}</w:rPr><w:t>{text}</w:t></w:r>");
    let para = |style: &str, inner: String| format!("<w:p><w:pPr><w:pStyle w:val='{style}'/></w:pPr>{inner}</w:p>");
    let body = [
        para("", run("<w:b/>", "Section F") + &run("", ": ")),
        para("", run("<w:b/>", "Who") + &run("", ": the school")),
        para("Loud", run("", "all")),
        para("Loud", run("<w:b w:val='0'/>", "not")),
        para("", run("<w:rStyle w:val='Strong'/>", "strong")),
        para("Loud", run("<w:rStyle w:val='Strong'/>", "switched off")),
        para("", run("<w:b/>", "–")),
    ];
    let (document, _) = build(&body.concat(), &[("styles", STYLES)]);
    let bold: Vec<bool> = document.paragraphs().iter().map(|paragraph| paragraph.bold).collect();
    assert_eq!(bold, [true, false, true, false, true, false, false]);
}

#[test]
fn a_document_of_pictures_needs_ocr() {
    let document = read("<w:p><w:r><w:drawing/></w:r></w:p>");
    assert_eq!((document.blocks.len(), document.notes[0].kind), (0, NoteKind::NeedsOcr));
}

#[test]
fn other_main_parts_are_found() {
    let root = "<Relationships><Relationship Id='a' Type='http://x/officeDocument' Target='word/document2.xml'/></Relationships>";
    let main = format!("{HEAD}{}</w:body></w:document>", p("two"));
    let document = super::read("a", &package(&[("_rels/.rels", root), ("word/document2.xml", &main)])).unwrap();
    assert_eq!(texts(&document), ["two"]);
    assert_eq!(resolve("word", "../customXml/a.xml"), "customXml/a.xml");
    assert_eq!(resolve("word", "/word/b.xml"), "word/b.xml");
}
