//! This is `clearplan classify`: statements in, judgements out, one JSON object a line, in the same order.
//!
//! Lines are read in windows, each judged in parallel and written before the next is read, so that memory stays
//! bounded and a program that writes one row and waits for its answer gets it.

use super::{Exit, Failure, Judging, lead_ins, output};
use clearplan::document::{Kind, Setting, Statement};
use clearplan::engine::Engine;
use clearplan::writers::json::JudgementJson;
use rayon::prelude::*;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;
use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

/// The longest line that is judged, in bytes: far beyond any statement, and a bound for memory.
const LONGEST: usize = 1 << 20;
/// The most bytes of lines that are held at once.
const WINDOW: usize = 4 << 20;
/// Fields that the answer has itself, or that the judgement used up; all others pass through.
const OWN: [&str; 13] = [
    "id",
    "kind",
    "text",
    "section",
    "context",
    "setting",
    "verdict",
    "probability",
    "confidence",
    "type",
    "criteria",
    "findings",
    "suggestion",
];

/// Judge statements: one JSON object a line in, one a line out, in the same order
///
/// Input: {"id": "1", "kind": "outcome" or "provision", "text": "…"}, with "section", "context" (a list of the lead-ins
/// that it inherits) and "setting" ("mainstream" or "special") if known; other fields are handed on. A line that cannot be judged is answered by {"line": n, "error":
/// "…"} in its place and the exit status is 3.
#[derive(Debug, clap::Args)]
pub struct Classify {
    /// The rows; - is standard input
    #[arg(default_value = "-", value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    judging: Judging,
}

impl Classify {
    /// Judges every line.
    pub fn run(self) -> Result<Exit, Failure> {
        let engine = self.judging.engine()?;
        let setting = self.judging.setting().unwrap_or_default();
        let name = output::name(&self.file);
        let unreadable = |error: io::Error| Failure::Input(output::unreadable(&name, &error));
        let input: Box<dyn Read + Send> = if self.file == Path::new("-") {
            Box::new(io::stdin())
        } else {
            Box::new(File::open(&self.file).map_err(unreadable)?)
        };
        let mut lines = Lines { reader: BufReader::with_capacity(1 << 20, input), read: 0 };
        let pool = self.judging.pool()?;
        let mut out = io::stdout().lock();
        let mut bad = false;
        loop {
            let window = lines.window().map_err(unreadable)?;
            if window.is_empty() {
                break;
            }
            let answers: Vec<Answer> =
                pool.install(|| window.par_iter().map(|line| answer(&engine, setting, line)).collect());
            bad |= answers.iter().any(|answer| answer.bad);
            let bytes: Vec<u8> = answers.into_iter().flat_map(|answer| answer.line.into_bytes()).collect();
            match out.write_all(&bytes).and_then(|()| out.flush()) {
                // Whoever asked has read enough.
                Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(Exit::Clean),
                result => output::settled(result, "standard output")?,
            }
        }
        Ok(if bad { Exit::Unreadable } else { Exit::Clean })
    }
}

/// One line of input.
struct Line {
    /// Counted from 1.
    number: usize,
    /// Without the line break; `None` where it is too long to hold.
    bytes: Option<Vec<u8>>,
}

struct Lines<R> {
    reader: BufReader<R>,
    read: usize,
}

impl<R: Read> Lines<R> {
    /// The lines that are there, at least one unless the input has ended.
    fn window(&mut self) -> io::Result<Vec<Line>> {
        let mut window = Vec::new();
        let mut held = 0;
        while let Some(line) = self.line()? {
            held += line.bytes.as_ref().map_or(0, Vec::len);
            window.push(line);
            // Reading on could wait for a writer who waits for us.
            if held >= WINDOW || !self.reader.buffer().contains(&b'\n') {
                break;
            }
        }
        Ok(window)
    }

    fn line(&mut self) -> io::Result<Option<Line>> {
        let mut bytes = Vec::new();
        if (&mut self.reader).take(LONGEST as u64 + 1).read_until(b'\n', &mut bytes)? == 0 {
            return Ok(None);
        }
        self.read += 1;
        let complete = bytes.last() == Some(&b'\n');
        if complete {
            bytes.pop();
        }
        let fits = bytes.len() <= LONGEST;
        if !complete && !fits {
            self.reader.skip_until(b'\n')?;
        }
        if self.read == 1 && bytes.starts_with(b"\xef\xbb\xbf") {
            bytes.drain(..3);
        }
        Ok(Some(Line { number: self.read, bytes: fits.then_some(bytes) }))
    }
}

struct Answer {
    line: String,
    bad: bool,
}

fn answer(engine: &Engine, setting: Setting, line: &Line) -> Answer {
    match judged(engine, setting, line) {
        Ok(line) => Answer { line, bad: false },
        Err(error) => {
            let number = line.number;
            let error = serde_json::Value::String(error);
            Answer { line: format!("{{\"line\":{number},\"error\":{error}}}\n"), bad: true }
        }
    }
}

/// The answer to a line, or what is wrong with it: never a word of the line itself.
fn judged(engine: &Engine, setting: Setting, line: &Line) -> Result<String, String> {
    let bytes = line.bytes.as_deref().ok_or("the line is longer than 1 MiB; give one statement a line")?;
    let line = std::str::from_utf8(bytes).map_err(|_| "the line is not UTF-8; save the file as UTF-8")?;
    if line.trim().is_empty() {
        return Err("the line is empty; leave empty lines out".into());
    }
    let row = Row::parse(line)?;
    let mut statement = Statement::new(row.kind, row.text);
    statement.section = row.section;
    statement.context = lead_ins(row.context);
    statement.setting = row.setting.unwrap_or(setting);
    let assessment = engine.assess(&statement).ok_or("this kind of statement is not judged")?;
    let judgement = JudgementJson::new(&assessment, &statement.text, &statement.context);
    let judgement = serde_json::to_string(&judgement).map_err(|_| "the judgement could not be written as JSON")?;
    let kind = if row.kind == Kind::Outcome { "outcome" } else { "provision" };
    // The judgement is an object: its fields go between ours and those that pass through.
    let fields = judgement.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or_default();
    let mut out = format!("{{\"id\":{},\"kind\":\"{kind}\",{fields}", row.id);
    for (key, value) in row.others {
        out.push(',');
        out.push_str(&serde_json::Value::String(key).to_string());
        out.push(':');
        out.push_str(value.get());
    }
    out.push_str("}\n");
    Ok(out)
}

/// A row that can be judged.
struct Row<'l> {
    /// As written.
    id: &'l str,
    kind: Kind,
    text: String,
    section: String,
    context: Vec<String>,
    setting: Option<Setting>,
    /// Fields that pass through, as written.
    others: Vec<(String, &'l RawValue)>,
}

impl<'l> Row<'l> {
    fn parse(line: &'l str) -> Result<Self, String> {
        let Fields(mut fields) = serde_json::from_str(line).map_err(|error| match error.classify() {
            // Only these messages are sure to hold no word of the line.
            Category::Syntax | Category::Eof => {
                format!("the line is not valid JSON from character {} on; write one JSON object a line", error.column())
            }
            Category::Data | Category::Io => {
                "the line is not a JSON object; write {\"id\": …, \"kind\": …, \"text\": …}".to_owned()
            }
        })?;
        // Of a key that occurs twice the last counts, as JSON readers have it.
        let mut seen = HashSet::new();
        let mut last: Vec<bool> = fields.iter().rev().map(|(key, _)| seen.insert(key.clone())).collect();
        last.reverse();
        let mut keep = last.into_iter();
        fields.retain(|_| keep.next().unwrap_or(true));

        let raw = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.get());
        let string = |name: &str| raw(name).and_then(|value| serde_json::from_str::<String>(value).ok());
        let absent = |name: &str| raw(name).is_none_or(|value| value == "null");

        let id = raw("id").filter(|id| id.starts_with(['"', '-']) || id.starts_with(|c: char| c.is_ascii_digit()));
        let id =
            id.ok_or("\"id\" is missing or neither a string nor a number; give each row one, to match the answers by")?;
        let kind = match string("kind").as_deref() {
            Some("outcome") => Kind::Outcome,
            Some("provision") => Kind::Provision,
            _ => return Err("\"kind\" must be \"outcome\" or \"provision\"".into()),
        };
        let text = string("text").ok_or("\"text\" is missing or not a string; give the statement's words")?;
        if text.trim().is_empty() {
            return Err("\"text\" is empty; leave rows with no words out".into());
        }
        let section = match string("section") {
            Some(section) => section,
            None if absent("section") => String::new(),
            None => return Err("\"section\" must be a string such as \"F\"; or leave it out".into()),
        };
        let context = match raw("context").map(serde_json::from_str::<Option<Vec<String>>>) {
            Some(Ok(list)) => list.unwrap_or_default(),
            None => Vec::new(),
            Some(Err(_)) => {
                return Err(
                    "\"context\" must be a list of strings, the lead-ins that are inherited; or leave it out".into()
                );
            }
        };
        // Other people's data use this name for a country or a place: then it is theirs, and passes through.
        let setting = match string("setting").as_deref() {
            Some("mainstream") => Some(Setting::Mainstream),
            Some("special") => Some(Setting::Special),
            _ => None,
        };
        fields.retain(|(key, _)| !OWN.contains(&key.as_str()) || (key == "setting" && setting.is_none()));
        Ok(Self { id, kind, text, section, context, setting, others: fields })
    }
}

/// An object's fields in order, values as written.
struct Fields<'l>(Vec<(String, &'l RawValue)>);

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Fields<'de>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a JSON object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_pass_through_as_written() {
        let row = Row::parse(
            r#"{"n":1.50e3,"id":"a\u00e9","kind":"outcome","text":"x","big":123456789012345678901234567890,"verdict":"good"}"#,
        )
        .unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(row.id, r#""a\u00e9""#);
        let others: Vec<_> = row.others.iter().map(|(key, value)| (key.as_str(), value.get())).collect();
        assert_eq!(others, [("n", "1.50e3"), ("big", "123456789012345678901234567890")]);
    }

    #[test]
    fn the_last_of_two_keys_counts() {
        let row = Row::parse(r#"{"id":1,"id":2,"kind":"outcome","text":"a","text":"b","x":1,"x":2}"#)
            .unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((row.id, row.text.as_str(), row.others.len()), ("2", "b", 1));
    }

    #[test]
    fn errors_hold_no_word_of_the_line() {
        for line in [
            "Secret",
            "\"Secret\"",
            "[\"Secret\"]",
            r#"{"Secret"}"#,
            r#"{"id":{"Secret":1},"kind":"outcome","text":"Secret"}"#,
            r#"{"id":"Secret","kind":"Secret","text":"Secret"}"#,
            r#"{"id":"Secret","kind":"outcome","text":["Secret"]}"#,
            r#"{"id":"Secret","kind":"outcome","text":"Secret \ud800"}"#,
            r#"{"id":"Secret","kind":"outcome","text":"Secret","section":["Secret"]}"#,
            r#"{"id":"Secret","kind":"outcome","text":"x","context":"Secret"}"#,
            r#"{"id":"Secret","kind":"outcome","text":"x","context":["Secret",1]}"#,
        ] {
            match Row::parse(line) {
                Ok(_) => panic!("{line} was taken"),
                Err(error) => assert!(!error.contains("Secret"), "{error}"),
            }
        }
    }

    #[test]
    fn lines_of_any_size_are_bounded() {
        let long = "x".repeat(3 * LONGEST);
        let edge = "y".repeat(LONGEST);
        let text = format!("a\r\n{long}\n{edge}\n\nlast");
        let mut lines = Lines { reader: BufReader::with_capacity(64, text.as_bytes()), read: 0 };
        let mut got = Vec::new();
        loop {
            let window = lines.window().unwrap_or_else(|error| panic!("{error}"));
            if window.is_empty() {
                break;
            }
            got.extend(window.into_iter().map(|line| (line.number, line.bytes.map(|bytes| bytes.len()))));
        }
        assert_eq!(got, [(1, Some(2)), (2, None), (3, Some(LONGEST)), (4, Some(0)), (5, Some(4))]);
    }
}
