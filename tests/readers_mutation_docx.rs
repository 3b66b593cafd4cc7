//! Structure-aware mutations of valid docx and odt files: no reader may panic, hang, or give text out of place.
//!
//! `CLEARPLAN_MUTATIONS` sets the number of cases for each reader (300 if unset).

mod marked;

use clearplan::document::{Document, Format, NoteKind};
use clearplan::readers;
use clearplan::rules::RuleSet;
use clearplan::span::Span;
use clearplan::writers::{docx, odt};
use std::io::{Cursor, Write};
use std::panic::catch_unwind;
use std::time::{Duration, Instant};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// No case may take longer; a valid file of this size takes a fraction of a millisecond.
const LIMIT: Duration = Duration::from_secs(5);

#[test]
fn docx_survives_mutations() {
    survive(&[
        ("[Content_Types].xml", "<Types/>"),
        (
            "_rels/.rels",
            "<Relationships><Relationship Id='a' Type='http://x/officeDocument' Target='word/document.xml'/></Relationships>",
        ),
        ("word/_rels/document.xml.rels", include_str!("mutations/docx/relations.xml")),
        ("word/document.xml", include_str!("mutations/docx/document.xml")),
        ("word/styles.xml", include_str!("mutations/docx/styles.xml")),
        ("word/numbering.xml", include_str!("mutations/docx/numbering.xml")),
        ("word/footnotes.xml", include_str!("mutations/docx/footnotes.xml")),
        ("word/header1.xml", include_str!("mutations/docx/header.xml")),
    ]);
}

#[test]
fn odt_survives_mutations() {
    survive(&[
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        ("content.xml", include_str!("mutations/odt/content.xml")),
        ("styles.xml", include_str!("mutations/odt/styles.xml")),
        (
            "META-INF/manifest.xml",
            "<manifest:manifest><manifest:file-entry manifest:full-path='/'/></manifest:manifest>",
        ),
    ]);
}

fn survive(parts: &[(&str, &str)]) {
    let cases = std::env::var("CLEARPLAN_MUTATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(300);
    let trees: Vec<Node> = parts.iter().map(|(_, text)| Node::parse(text)).collect();
    let whole = zipped(parts.iter().map(|(path, text)| (*path, text.as_bytes())));
    let document = &readers::read("valid", &whole).expect("the valid file is read")[0];
    assert!(document.notes.is_empty() && document.paragraphs().len() > 20, "{:?}", document.notes);

    let (mut past, mut partly, mut refused, mut slowest) = (0, 0, 0, Duration::ZERO);
    let mut written = 0_u64;
    for case in 0..cases {
        let bytes = mutate(parts, &trees, &mut Dice::new(case));
        let start = Instant::now();
        let outcome = catch_unwind(|| readers::read("mutated", &bytes));
        let took = start.elapsed();
        assert!(took < LIMIT, "case {case} took {took:?}");
        slowest = slowest.max(took);
        match outcome {
            Err(_) => panic!("case {case} panicked"),
            Ok(Err(_)) => refused += 1,
            Ok(Ok(documents)) => {
                documents.iter().for_each(|document| check(document, case));
                written += u64::from(written_and_back(&bytes, &documents[0], case));
                let damaged = documents[0].notes.iter().any(|note| note.kind == NoteKind::Skipped);
                *(if damaged { &mut partly } else { &mut past }) += 1;
            }
        }
    }
    println!(
        "{cases} cases: {past} past container and parser, {partly} read in part, {refused} refused, {written} written into and back; \
         slowest {:.1} ms",
        slowest.as_secs_f64() * 1000.0
    );
    assert!(past * 2 >= cases, "only {past} of {cases} got past container and parser");
    assert!(written * 2 >= cases, "only {written} of {cases} could be written into");
}

/// Marks the first word of each paragraph and takes the marks out again; false where the file is too damaged for that.
fn written_and_back(bytes: &[u8], document: &Document, case: u64) -> bool {
    let first = |text: &str| Span::new(0, text.find(' ').filter(|at| *at > 0).unwrap_or(text.len()));
    let paragraphs = document.paragraphs();
    let faults: Vec<_> =
        paragraphs.iter().enumerate().map(|(i, p)| (i, Span::new(0, p.text.len()), first(&p.text))).collect();
    let review = marked::review(document, &faults);
    let rules = RuleSet::builtin().rules();
    let written = if document.format == Format::Docx {
        docx::annotate(bytes, &review, rules, marked::COMMENTS)
    } else {
        odt::annotate(bytes, &review, rules, marked::COMMENTS.date, marked::COMMENTS.least)
    };
    let Ok(written) = written else { return false };
    let plain =
        if document.format == Format::Docx { docx::remove(&written.bytes) } else { odt::remove(&written.bytes) };
    let plain = plain.expect("what was written can be read").unwrap_or_else(|| panic!("case {case}: nothing of ours"));
    marked::back(&marked::parts(&plain), &marked::parts(bytes));
    true
}

/// What holds of every document, however mutated its source.
fn check(document: &Document, case: u64) {
    for (i, paragraph) in document.paragraphs().into_iter().enumerate() {
        assert_eq!(paragraph.place.paragraph, i, "case {case}");
        assert!(!paragraph.text.trim().is_empty(), "case {case}");
        let (mut text, mut source) = (0, 0);
        for run in &paragraph.runs {
            assert!(run.text.start >= text && run.source.start >= source, "case {case}: runs out of order");
            assert!(paragraph.text.get(run.text.start..run.text.end).is_some_and(|s| !s.is_empty()), "case {case}");
            (text, source) = (run.text.end, run.source.end);
        }
    }
}

/// A small generator of pseudo-random numbers (xorshift), the same on every machine.
struct Dice(u64);

impl Dice {
    fn new(case: u64) -> Self {
        let mut dice = Self((case + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        dice.roll(2);
        dice
    }

    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % sides.max(1)
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.roll(list.len())]
    }
}

/// An element with its children, or characters (an empty name).
#[derive(Clone, Default)]
struct Node {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Node>,
}

impl Node {
    /// Parses our own fixtures: elements, attributes in single or double quotes, text; no comments.
    fn parse(xml: &str) -> Self {
        let mut open = vec![Self::default()];
        let mut rest = xml;
        while let Some(at) = rest.find('<') {
            if at > 0 {
                open.last_mut().unwrap().children.push(Self { text: rest[..at].to_owned(), ..Self::default() });
            }
            let end = rest.find('>').expect("a closing bracket");
            let tag = &rest[at + 1..end];
            rest = &rest[end + 1..];
            if tag.starts_with('/') {
                let node = open.pop().unwrap();
                open.last_mut().expect("balanced tags").children.push(node);
                continue;
            }
            let (inner, empty) = tag.strip_suffix('/').map_or((tag, false), |inner| (inner, true));
            let (name, mut list) = inner.split_once(' ').unwrap_or((inner, ""));
            let mut node = Self { name: name.to_owned(), ..Self::default() };
            while let Some((key, value)) = list.split_once('=') {
                let quote = value.chars().next().expect("a quote");
                let close = value[1..].find(quote).expect("a closing quote") + 1;
                node.attributes.push((key.trim().to_owned(), value[1..close].to_owned()));
                list = &value[close + 1..];
            }
            if empty {
                open.last_mut().unwrap().children.push(node);
            } else {
                open.push(node);
            }
        }
        open.pop().unwrap()
    }

    fn write(&self, out: &mut String) {
        if self.name.is_empty() {
            out.push_str(&self.text);
            self.children.iter().for_each(|child| child.write(out));
            return;
        }
        out.push('<');
        out.push_str(&self.name);
        for (key, value) in &self.attributes {
            out.push_str(&format!(" {key}='{value}'"));
        }
        out.push('>');
        self.children.iter().for_each(|child| child.write(out));
        out.push_str("</");
        out.push_str(&self.name);
        out.push('>');
    }

    fn count(&self) -> usize {
        1 + self.children.iter().map(Self::count).sum::<usize>()
    }

    /// The node with ordinal `at` in reading order, this one being 0.
    fn nth(&mut self, at: usize) -> Option<&mut Self> {
        if at == 0 {
            return Some(self);
        }
        let mut left = at - 1;
        for child in &mut self.children {
            let count = child.count();
            if left < count {
                return child.nth(left);
            }
            left -= count;
        }
        None
    }
}

const VALUES: [&str; 16] = [
    "",
    "0",
    "1",
    "-1",
    "9",
    "10",
    "63",
    "99999",
    "4294967295",
    "9223372036854775808",
    "restart",
    "continue",
    "begin",
    "end",
    "separate",
    "none",
];
const TEXTS: [&str; 8] = ["", " ", "\n", "é", "&#0;", "&#x10FFFF;", "&nope;", "\u{202e}\u{f0b7}\u{0301}"];

fn mutate(parts: &[(&str, &str)], trees: &[Node], dice: &mut Dice) -> Vec<u8> {
    let mut texts: Vec<String> = parts.iter().map(|(_, text)| (*text).to_owned()).collect();
    for _ in 0..=dice.roll(2) {
        // Half of all mutations hit the part with the plan's words, which is the largest.
        let largest = (0..parts.len()).max_by_key(|&i| parts[i].1.len()).unwrap();
        let part = if dice.roll(2) == 0 { largest } else { dice.roll(parts.len()) };
        if !parts[part].1.starts_with('<') {
            continue;
        }
        let mut tree = trees[part].clone();
        for _ in 0..=dice.roll(8) {
            mutate_tree(&mut tree, dice);
        }
        texts[part].clear();
        tree.write(&mut texts[part]);
    }
    // One file in sixteen is damaged in its markup, one in sixteen in its container.
    if dice.roll(16) == 0 {
        let text = dice.roll(texts.len());
        let text = &mut texts[text];
        let at = (0..=dice.roll(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        text.truncate(at);
    }
    let mut bytes = zipped(parts.iter().zip(&texts).map(|((path, _), text)| (*path, text.as_bytes())));
    if dice.roll(16) == 0 {
        match dice.roll(3) {
            0 => bytes.truncate(dice.roll(bytes.len())),
            _ => {
                for _ in 0..=dice.roll(4) {
                    let at = dice.roll(bytes.len());
                    bytes[at] = dice.roll(256) as u8;
                }
            }
        }
    }
    bytes
}

fn mutate_tree(tree: &mut Node, dice: &mut Dice) {
    let count = tree.count();
    // A file may grow, but not without end.
    let grows = count < 20_000;
    let other = tree.nth(dice.roll(count)).cloned().unwrap_or_default();
    let Some(node) = tree.nth(dice.roll(count)) else { return };
    let children = node.children.len();
    match dice.roll(12) {
        0 if children > 0 => {
            node.children.remove(dice.roll(children));
        }
        1 if children > 0 && grows => {
            let child = dice.pick(&node.children).clone();
            for _ in 0..*dice.pick(&[1, 1, 1, 2, 30]) {
                node.children.push(child.clone());
            }
        }
        2 if children > 1 => node.children.swap(dice.roll(children), dice.roll(children)),
        3 | 4 if !node.attributes.is_empty() => {
            let at = dice.roll(node.attributes.len());
            node.attributes[at].1 = (*dice.pick(&VALUES)).to_owned();
        }
        5 if !node.attributes.is_empty() => {
            node.attributes.remove(dice.roll(node.attributes.len()));
        }
        6 if !other.name.is_empty() && !node.name.is_empty() => node.name = other.name,
        7 if !other.name.is_empty() => node.attributes.extend(other.attributes),
        8 if grows => node.children.insert(dice.roll(children + 1), other),
        9 if !other.name.is_empty() && grows => {
            let shell = Node { children: Vec::new(), ..other };
            for _ in 0..*dice.pick(&[1, 1, 2, 40, 400]) {
                let inner = std::mem::replace(node, shell.clone());
                node.children.push(inner);
            }
        }
        10 if node.name.is_empty() => node.text = (*dice.pick(&TEXTS)).to_owned(),
        11 if node.name.is_empty() && !node.text.contains('&') => {
            let keep = dice.roll(node.text.chars().count() + 1);
            node.text = node.text.chars().take(keep).collect();
        }
        _ => {}
    }
}

fn zipped<'a>(parts: impl Iterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in parts {
        writer.start_file(path, SimpleFileOptions::default().compression_method(CompressionMethod::Stored)).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}
