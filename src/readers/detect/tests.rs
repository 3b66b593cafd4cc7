use super::*;
use std::io::Write;
use zip::write::SimpleFileOptions;

fn zipped(members: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        writer.start_file(*name, SimpleFileOptions::default()).expect("start");
        writer.write_all(content.as_bytes()).expect("write");
    }
    writer.finish().expect("finish").into_inner()
}

fn compound_with(name: &str) -> Vec<u8> {
    let mut bytes = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    bytes.resize(1024, 0);
    bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
    bytes.resize(2048, 0);
    bytes
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn formats_by_content() {
    let cases: Vec<(Vec<u8>, Format)> = vec![
        (zipped(&[("[Content_Types].xml", ""), ("word/document.xml", "")]), Format::Docx),
        (zipped(&[("word/document2.xml", "")]), Format::Docx),
        (zipped(&[("mimetype", "application/vnd.oasis.opendocument.text")]), Format::Odt),
        (zipped(&[("word/document.xml", "")])[..60].to_vec(), Format::Docx),
        (b"\n\n%PDF-1.7\n".to_vec(), Format::Pdf),
        (compound_with("WordDocument"), Format::Doc),
        (b"{\\rtf1 x}".to_vec(), Format::Rtf),
        (b"\xEF\xBB\xBF\n<!-- saved --> <!DOCTYPE HTML><p>x".to_vec(), Format::Html),
        (b"<?xml version='1.0'?><html xmlns='x'><p>x".to_vec(), Format::Html),
        (b"<p>Robin</p>".to_vec(), Format::Html),
        (wide("\u{feff}<html>"), Format::Html),
        (b"\n{\"id\":1,\"text\":\"x\"}\n{".to_vec(), Format::Jsonl),
        (b"{\"sections\":{}}".to_vec(), Format::Jsonl),
        (b"{\"id\":\"cut off\n{\"text\":\"x\"}".to_vec(), Format::Jsonl),
        (format!("{{\"text\":\"{}\"}}", "x".repeat(100_000)).into_bytes(), Format::Jsonl),
        (b"Section F\nRobin\x92s plan".to_vec(), Format::Text),
        (wide("Robin will read a book"), Format::Text),
        (b"# Plan".to_vec(), Format::Text),
        (b"<Name> will be able to".to_vec(), Format::Text),
        (b"Note: for parents\n\nRobin will read.".to_vec(), Format::Text),
        (b"{Name} will be able to".to_vec(), Format::Text),
    ];
    for (index, (bytes, format)) in cases.into_iter().enumerate() {
        match detect(&bytes) {
            Ok(found) => assert_eq!(found, format, "case {index}"),
            Err(error) => panic!("case {index}: {error}"),
        }
    }
}

#[test]
fn refusals_say_what_it_is() {
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (zipped(&[("xl/workbook.xml", "")]), "Excel"),
        (zipped(&[("ppt/presentation.xml", "")]), "PowerPoint"),
        (zipped(&[("mimetype", "application/vnd.oasis.opendocument.graphics")]), "drawing"),
        (zipped(&[("a/plan.docx", "")]), "unpack"),
        (compound_with("EncryptedPackage"), "remove the password"),
        (compound_with("__properties_version1.0"), "Outlook"),
        (compound_with("Workbook"), "Excel"),
        (b"\x89PNG\r\n\x1a\n".to_vec(), "ocrmypdf"),
        (b"From: a@example.org\nMIME-Version: 1.0\n\nx".to_vec(), "mail"),
        (b"{\n \"id\": 1\n}".to_vec(), "JSON Lines"),
        (b"[{\"id\":1}]".to_vec(), "JSON Lines"),
        (b"{\"id\":1}".to_vec(), "\"sections\""),
        (b"<?xml version='1.0'?><?mso-application progid='Word.Document'?><w/>".to_vec(), "Word XML"),
        (b"<?xml version='1.0'?><plan/>".to_vec(), "XML"),
        (vec![0; 500], "not a Word"),
        (Vec::new(), "empty"),
        (b" \n\t".to_vec(), "empty"),
    ];
    for (index, (bytes, said)) in cases.into_iter().enumerate() {
        match detect(&bytes) {
            Ok(format) => panic!("case {index}: {format:?}"),
            Err(error) => assert!(error.to_string().contains(said), "case {index}: {error}"),
        }
    }
}
