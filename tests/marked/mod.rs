//! What holds of every document that was written into, looked at with another parser than the writer's.
#![allow(dead_code)] // Each test binary uses its part.

use clearplan::assess::{Assessment, Confidence, Criterion, CriterionState, State, Verdict, Wording};
use clearplan::document::{Document, Format, Kind, Place, Statement};
use clearplan::review::{Judged, Review, ReviewedSection, Scores};
use clearplan::rules::{Finding, RuleSet, Severity};
use clearplan::span::Span;
use clearplan::writers::docx::{self, Mode, Options};
use clearplan::writers::{Written, remark};
use quick_xml::Reader;
use quick_xml::events::Event;
use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

pub const COMMENTS: Options<'_> = Options { date: "2026-11-27", least: Severity::Note, mode: Mode::Comments };

/// The parts of a container by path; of a damaged one what can be unpacked.
pub fn parts(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("a zip file");
    let mut parts = BTreeMap::new();
    for i in 0..archive.len() {
        let Ok(mut part) = archive.by_index(i) else { continue };
        let mut bytes = Vec::new();
        if part.read_to_end(&mut bytes).is_err() {
            bytes.extend(b" and no more");
        }
        parts.insert(part.name().expect("it has a name").into_owned(), bytes);
    }
    parts
}

/// A container with those parts.
pub fn container(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, text) in parts {
        writer.start_file(*path, SimpleFileOptions::default()).expect("it starts");
        writer.write_all(text.as_bytes()).expect("it is written");
    }
    writer.finish().expect("it ends").into_inner()
}

pub fn read(bytes: &[u8]) -> Document {
    clearplan::readers::read("plan", bytes).expect("it is readable").remove(0)
}

fn text_of(parts: &BTreeMap<String, Vec<u8>>, path: &str) -> String {
    String::from_utf8(parts.get(path).cloned().unwrap_or_default()).expect("UTF-8")
}

/// Words between the marks of each comment, by number: what is visible there.
pub fn ranges(main: &str) -> BTreeMap<i64, String> {
    let mut reader = Reader::from_str(main);
    let mut open: BTreeMap<i64, String> = BTreeMap::new();
    let mut done = BTreeMap::new();
    let mut references = Vec::new();
    let mut path: Vec<String> = Vec::new();
    loop {
        let event = reader.read_event().expect("the part is well-formed");
        let (tag, empty) = match &event {
            Event::Start(tag) => (Some(tag), false),
            Event::Empty(tag) => (Some(tag), true),
            _ => (None, false),
        };
        if let Some(tag) = tag {
            let name = tag.local_name().as_ref().to_owned();
            let id = || {
                let ids = tag.attributes().flatten().filter(|a| a.key.local_name().as_ref() == "id");
                ids.filter_map(|a| a.value.parse::<i64>().ok()).next().expect("a number")
            };
            match name.as_str() {
                "commentRangeStart" => assert!(open.insert(id(), String::new()).is_none(), "a range starts twice"),
                "commentRangeEnd" => {
                    let id = id();
                    let words = open.remove(&id).expect("a range ends that was begun");
                    assert!(done.insert(id, words).is_none(), "a range ends twice");
                }
                "commentReference" => references.push(id()),
                "tab" if path.last().is_some_and(|name| name == "r") => add(&mut open, "\t"),
                "br" | "cr" if path.last().is_some_and(|name| name == "r") => add(&mut open, "\n"),
                "noBreakHyphen" => add(&mut open, "\u{2011}"),
                _ => {}
            }
            if !empty {
                path.push(name);
            }
        }
        let hidden = path.iter().any(|name| {
            matches!(name.as_str(), "del" | "moveFrom" | "Fallback" | "txbxContent" | "pPr" | "rPr" | "instrText")
        });
        let text = path.last().is_some_and(|name| name == "t") && !hidden;
        match event {
            Event::End(_) => drop(path.pop()),
            Event::Text(piece) if text => add(&mut open, &piece.into_inner()),
            Event::CData(piece) if text => add(&mut open, &piece.into_inner()),
            Event::GeneralRef(name) if text => {
                let name = name.into_inner();
                let plain = quick_xml::escape::unescape(&format!("&{name};")).expect("a reference").into_owned();
                add(&mut open, &plain);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(open.is_empty(), "ranges without an end: {:?}", open.keys());
    references.sort_unstable();
    let numbers: Vec<i64> = done.keys().copied().collect();
    assert_eq!(references, numbers, "every range has one reference");
    done
}

fn add(open: &mut BTreeMap<i64, String>, words: &str) {
    open.values_mut().for_each(|text| text.push_str(words));
}

/// Numbers of the comments by `author`, with their words.
pub fn comments(part: &str, author: &str) -> BTreeMap<i64, String> {
    let mut found = BTreeMap::new();
    for piece in part.split(":comment ").skip(1) {
        let value = |name: &str| piece.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next());
        let text = piece.split("preserve\">").skip(1).filter_map(|rest| rest.split('<').next()).collect::<Vec<_>>();
        if value("author") == Some(author) {
            found.insert(value("id").expect("a number").parse().expect("a number"), text.join("\n"));
        }
    }
    found
}

/// Annotates and checks all that must hold; gives back what was written.
pub fn check(bytes: &[u8], review: &Review) -> Written {
    let rules = RuleSet::builtin().rules();
    let written = docx::annotate(bytes, review, rules, COMMENTS).expect("it can be written into");
    let again = docx::annotate(bytes, review, rules, COMMENTS).expect("it can be written into");
    assert_eq!(written, again, "the same input gives the same bytes");
    let (before, after) = (parts(bytes), parts(&written.bytes));
    let changed: Vec<&String> = after.keys().filter(|path| before.get(*path) != after.get(*path)).collect();
    let expected = ["[Content_Types].xml", "document.xml", "comments.xml", "document.xml.rels"];
    assert!(changed.iter().all(|path| expected.iter().any(|end| path.ends_with(end))), "{changed:?}");
    assert!(before.keys().all(|path| after.contains_key(path)), "no part is lost");

    let main = text_of(&after, "word/document.xml");
    let listed = text_of(&after, "word/comments.xml");
    let ours = comments(&listed, "clearplan");
    let ranges = ranges(&main);
    let document = read(bytes);
    let paragraphs = document.paragraphs();
    let remarks = remark::remarks(review, rules, Severity::Note);
    assert_eq!(ours.len(), written.comments + 1, "one for each statement, and the summary");
    assert_eq!(written.comments + written.unmarked.len(), remarks.len());
    let mut exact = 0;
    for remark in remarks.iter().filter(|remark| !written.unmarked.iter().any(|id| id == remark.id)) {
        let head = format!("{} · ", remark.id);
        let (id, said) = ours.iter().find(|(_, said)| said.starts_with(&head)).expect("every remark is a comment");
        let wanted = remark.span.of(&paragraphs[remark.paragraph].text);
        let marked = flat(&ranges[id]);
        if said.contains("In the text box: ") {
            assert!(marked.is_empty(), "a comment on a text box has no words of its own");
        } else {
            assert!(marked.contains(&flat(wanted)), "{marked:?} lacks {wanted:?}");
            exact += usize::from(marked == flat(wanted));
        }
    }
    // Only controls, equations and their like widen a range, and a text box has none.
    assert!(exact * 5 >= written.comments * 4, "{exact} of {} comments are on their very words", written.comments);

    let annotated = read(&written.bytes);
    let texts = |document: &Document| document.paragraphs().iter().map(|p| p.text.clone()).collect::<Vec<_>>();
    assert_eq!(texts(&annotated), texts(&document), "the words are the same");
    let plain = docx::remove(&written.bytes).expect("it can be read").expect("there is something of ours");
    back(&parts(&plain), &before);
    assert_eq!(docx::remove(&plain), Ok(None), "nothing of ours is left");
    written
}

/// Every part is as it was.
pub fn back(now: &BTreeMap<String, Vec<u8>>, before: &BTreeMap<String, Vec<u8>>) {
    for (path, bytes) in before {
        let now = now.get(path).unwrap_or_else(|| panic!("{path} is gone"));
        if now != bytes {
            let at = now.iter().zip(bytes).take_while(|(a, b)| a == b).count();
            let near = |bytes: &[u8]| {
                let part = bytes.get(at.saturating_sub(160)..(at + 160).min(bytes.len())).unwrap_or_default();
                String::from_utf8_lossy(part).into_owned()
            };
            panic!("{path} differs at byte {at}:\n{}\nwas\n{}", near(now), near(bytes));
        }
    }
    assert_eq!(now.len(), before.len(), "no part more");
}

/// Spaces as a reader of the page sees them.
pub fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A review that finds fault with those words: paragraph, statement in it, words in the statement.
pub fn review(document: &Document, faults: &[(usize, Span, Span)]) -> Review {
    let paragraphs = document.paragraphs();
    let statements = faults.iter().enumerate().map(|(i, (paragraph, statement, words))| {
        let text = statement.of(&paragraphs[*paragraph].text);
        let finding = Finding {
            rule: "provision/open-frequency".into(),
            severity: Severity::Error,
            span: *words,
            message: format!("“{}” does not say how often.", words.of(text)),
        };
        let mut judged = Statement::new(Kind::Provision, text);
        judged.place = Place { paragraph: *paragraph, ..Place::default() };
        judged.span = *statement;
        let criteria = Criterion::of(Kind::Provision)
            .iter()
            .map(|c| CriterionState { criterion: *c, state: State::Missing, evidence: vec![] })
            .collect();
        Judged {
            id: format!("F.{}", i + 1),
            statement: judged,
            waived: Vec::new(),
            assessment: Some(Assessment {
                verdict: Verdict::Vague,
                probability: 0.1,
                confidence: Confidence::Normal,
                wording: Wording::Provision,
                criteria,
                findings: vec![finding],
                suggestion: Some("[role and qualification] will give help & <care> for [minutes].".into()),
            }),
        }
    });
    Review {
        document: "plan".into(),
        format: Format::Docx,
        sections: vec![ReviewedSection { section: "F".into(), heading: "F".into(), statements: statements.collect() }],
        scores: Scores::default(),
        whole: Default::default(),
        notes: vec![],
    }
}
