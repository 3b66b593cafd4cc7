//! This is a plan as a Word file, as small as Word allows: headings, paragraphs, list items.

use super::{Line, Planned};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;
const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;

/// The bytes of the file; the same plan gives the same.
pub fn write(plan: &Planned) -> Vec<u8> {
    let mut body = String::from(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>"#,
    );
    for (_, heading, lines) in &plan.sections {
        paragraph(&mut body, heading, true);
        for line in lines {
            match line {
                Line::Text(words) => paragraph(&mut body, words, false),
                Line::Item(words) => paragraph(&mut body, &format!("• {words}"), false),
            }
        }
    }
    body += "</w:body></w:document>";
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    for (name, text) in [("[Content_Types].xml", TYPES), ("_rels/.rels", RELATIONS), ("word/document.xml", &body)] {
        out.start_file(name, options).expect("a file in memory");
        out.write_all(text.as_bytes()).expect("a file in memory");
    }
    out.finish().expect("a file in memory").into_inner()
}

fn paragraph(out: &mut String, words: &str, bold: bool) {
    out.push_str(if bold {
        "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">"
    } else {
        "<w:p><w:r><w:t xml:space=\"preserve\">"
    });
    for c in words.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
    out.push_str("</w:t></w:r></w:p>");
}
