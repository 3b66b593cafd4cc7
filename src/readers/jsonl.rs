//! This is the reader of JSON Lines: one plan a line, as a text or as its sections.

use super::{ReadError, build::Builder, encoding, flow::number, text};
use crate::document::{Block, Document, Format, Note, NoteKind, Place, Role, Setting};
use serde_json::{Map, Value};

/// A longer line is no plan but a fault in whatever wrote it.
const LONGEST_LINE: usize = 16 << 20;

/// Reads every record. A line that is none becomes an empty document with a note that says why, so that the others
/// count.
pub(crate) fn read(name: &str, bytes: &[u8]) -> Result<Vec<Document>, ReadError> {
    let wide;
    let bytes = if encoding_rs::Encoding::for_bom(bytes).is_some() {
        wide = encoding::decode(bytes).text;
        wide.as_bytes()
    } else {
        bytes
    };
    let mut out = Vec::new();
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        let fallback = format!("{name}:{number}");
        out.push(match record(&fallback, number, line) {
            Ok(document) => document,
            Err(why) => {
                let mut document = Document::new(fallback, Format::Jsonl);
                document.notes.push(skipped(format!("Line {number} was left out: {why}.")));
                document
            }
        });
    }
    if out.is_empty() {
        return Err(ReadError::Empty { name: name.to_owned() });
    }
    Ok(out)
}

/// The plan on one line, or why there is none (without any words of it).
pub(crate) fn record(fallback: &str, number: u32, line: &[u8]) -> Result<Document, String> {
    if line.len() > LONGEST_LINE {
        return Err(format!("it is longer than {} MB", LONGEST_LINE >> 20));
    }
    let line =
        std::str::from_utf8(line).map_err(|error| format!("it is not UTF-8 at byte {}", error.valid_up_to() + 1))?;
    let value: Value = serde_json::from_str(line).map_err(|error| {
        // The library's own messages can quote the input.
        let what = match error.classify() {
            serde_json::error::Category::Eof => "it ends too early",
            serde_json::error::Category::Io
            | serde_json::error::Category::Data
            | serde_json::error::Category::Syntax => "it is not JSON",
        };
        format!("{what} (column {})", error.column())
    })?;
    let Value::Object(fields) = value else { return Err("it is not an object".to_owned()) };
    let name = match fields.get("id") {
        Some(Value::String(id)) if !id.trim().is_empty() => id.clone(),
        Some(Value::Number(id)) => id.to_string(),
        _ => fallback.to_owned(),
    };
    let mut document = Document::new(name, Format::Jsonl);
    match fields.get("setting").map(|setting| serde_json::from_value::<Setting>(setting.clone())) {
        Some(Ok(setting)) => document.setting = Some(setting),
        Some(Err(_)) if !fields.get("setting").is_some_and(Value::is_null) => document.notes.push(skipped(format!(
            "The field \"setting\" on line {number} is neither \"mainstream\" nor \"special\" and was left out."
        ))),
        _ => {}
    }
    match (fields.get("text"), fields.get("sections")) {
        (_, Some(Value::Object(sections))) => read_sections(sections, number, &mut document),
        (Some(Value::String(words)), None | Some(Value::Null)) => {
            take_in(words, &mut document, 0);
        }
        (_, Some(Value::Null) | None) => {
            return Err("it has no \"text\" that is a string, and no \"sections\"".to_owned());
        }
        (_, Some(_)) => return Err("its \"sections\" is not an object".to_owned()),
    }
    mark_lines(&mut document.blocks, number);
    Ok(document)
}

fn read_sections(sections: &Map<String, Value>, number: u32, document: &mut Document) {
    let mut next = 0;
    for (key, value) in sections {
        // A letter alone is named in full, so that it is found like any other heading.
        let short = key.trim().len() <= 3 && key.trim().chars().all(char::is_alphanumeric);
        let heading = if short { format!("Section {}", key.trim()) } else { key.clone() };
        let heading = one(&heading, Role::Heading(1));
        next += usize::from(heading.is_some());
        document.blocks.extend(heading);
        let entries = match value {
            Value::Array(entries) => entries.as_slice(),
            entry => std::slice::from_ref(entry),
        };
        let mut left_out = 0;
        for entry in entries {
            match entry {
                Value::String(words) => next = take_in(words, document, next),
                Value::Null => {}
                _ => left_out += 1,
            }
        }
        if left_out > 0 {
            let what = if left_out == 1 { "An entry" } else { "Entries" };
            document
                .notes
                .push(skipped(format!("{what} of \"sections\" on line {number} that is not a string was left out.")));
        }
    }
}

/// Adds a text, whose paragraphs are numbered from `next` on; gives the number after the last.
fn take_in(words: &str, document: &mut Document, next: usize) -> usize {
    let text::Asking { mut blocks, comments, notes } = text::asking(words, next, text::Ranges::Dropped);
    let next = number(&mut blocks, next);
    document.blocks.extend(blocks);
    document.comments.extend(comments);
    document.notes.extend(notes);
    next
}

fn one(words: &str, role: Role) -> Option<Block> {
    let mut builder = Builder::default();
    builder.push(words, false);
    builder.finish(role, Place::default()).map(Block::Paragraph)
}

fn mark_lines(blocks: &mut [Block], number: u32) {
    for block in blocks {
        match block {
            Block::Paragraph(paragraph) => paragraph.place.line = Some(number),
            Block::Table(table) => {
                for cell in table.rows.iter_mut().flat_map(|row| &mut row.cells) {
                    mark_lines(&mut cell.blocks, number);
                }
            }
        }
    }
}

fn skipped(message: String) -> Note {
    Note { kind: NoteKind::Skipped, message, page: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_sections_and_bad_lines() {
        let input = concat!(
            "\u{feff}{\"id\":\"p1\",\"text\":\"Robin will read.\",\"year\":2026}\r\n",
            "\n",
            "{\"id\":7,\"setting\":\"special\",\"sections\":{\"E\":\"Robin will swim.\",\"F\":[\"One.\",\"Two.\",3]}}\n",
            "{\"text\":\"No id\"}\n",
            "{\"id\":\"secret words\",\n",
            "[1]\n",
            "{\"id\":\"p9\",\"note\":\"secret\"}",
        );
        let all = read("a.jsonl", input.as_bytes()).expect("read");
        let names: Vec<&str> = all.iter().map(|document| document.name.as_str()).collect();
        assert_eq!(names, ["p1", "7", "a.jsonl:4", "a.jsonl:5", "a.jsonl:6", "a.jsonl:7"]);
        let words: Vec<&str> = all[1].paragraphs().iter().map(|paragraph| paragraph.text.as_str()).collect();
        assert_eq!(words, ["Section E", "Robin will swim.", "Section F", "One.", "Two."]);
        assert_eq!(all[1].setting, Some(Setting::Special));
        assert_eq!(all[1].paragraphs()[1].place.line, Some(3));
        assert_eq!(all[1].notes.len(), 1);
        for bad in &all[3..] {
            assert!(bad.blocks.is_empty() && bad.notes[0].kind == NoteKind::Skipped);
            assert!(!bad.notes[0].message.contains("secret"), "{}", bad.notes[0].message);
        }
    }

    #[test]
    fn broken_bytes_spoil_one_line_only() {
        let mut input = b"{\"text\":\"a\xff\"}\n".to_vec();
        input.extend(b"{\"text\":\"Robin will read.\"}\n");
        let all = read("a.jsonl", &input).expect("read");
        assert_eq!((all[0].notes.len(), all[1].blocks.len()), (1, 1));
        assert!(read("a.jsonl", b"\n \n").is_err());
    }
}
