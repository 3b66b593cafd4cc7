//! The government's template, filled in cell by cell, gives back every statement with its section and kind.
//!
//! The template is not ours to distribute: it is looked for in `../shared/templates`, or where `CLEARPLAN_TEMPLATE` says.

mod marked;

use clearplan::document::Kind;
use clearplan::readers;
use clearplan::segment::{Framework, segment};
use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Rows of each need-area table.
const ROWS: usize = 10;

/// A statement in its place: section, kind, text.
type Row = (&'static str, Kind, String);

/// The template's name of an area, the section letters of its columns by placeholder, and what the statements are about.
struct Area {
    columns: &'static [(&'static str, &'static str)],
    strengths: &'static str,
    topic: &'static str,
}

const AREAS: [Area; 6] = [
    Area {
        columns: &[
            ("communication_interaction_need", "B"),
            ("communication_interaction_provision", "F"),
            ("communication_interaction_outcome", "E"),
        ],
        strengths: "communication_interaction_strengths",
        topic: "spoken instructions",
    },
    Area {
        columns: &[
            ("cognition_learning_need", "B"),
            ("cognition_learning_provision", "F"),
            ("cognition_learning_outcome", "E"),
        ],
        strengths: "cognition_learning_strengths",
        topic: "number facts",
    },
    Area {
        columns: &[("semh_need", "B"), ("semh_provision", "F"), ("semh_outcome", "E")],
        strengths: "semh_strengths",
        topic: "playground games",
    },
    Area {
        columns: &[
            ("sensory_physical_need", "B"),
            ("sensory_physical_provision", "F"),
            ("sensory_physical_outcome", "E"),
        ],
        strengths: "sensory_physical_strengths",
        topic: "the climbing frame",
    },
    Area {
        columns: &[("health_care_need", "C"), ("health_care_provision", "G"), ("health_care_outcome", "E")],
        strengths: "health_care_strengths",
        topic: "inhaler practice",
    },
    Area {
        columns: &[
            ("social_care_need", "D"),
            ("h1_provision", "H1"),
            ("h2_provision", "H2"),
            ("social_care_outcome", "E"),
        ],
        strengths: "social_care_strengths",
        topic: "weekend clubs",
    },
];

#[rustfmt::skip]
const NEEDS: [&str; ROWS] = [
    "Ines finds {} tiring and loses track after a few minutes.",
    "She has difficulty with {} when the room is noisy.",
    "Ines struggles to ask for help with {}.",
    "Changes to {} worry Ines for the rest of the day.",
    "Her pace in {} is well below that of her class.",
    "Ines does not yet see why {} matter to her friends.",
    "She becomes upset when {} go wrong.",
    "Ines cannot manage {} without an adult close by.",
    "She avoids {} after lunch.",
    "Ines's memory for {} is in the low range (4th centile).",
];

#[rustfmt::skip]
const PROVISION: [&str; ROWS] = [
    "A teaching assistant trained by the therapist will practise {} with Ines for 20 minutes, three times a week.",
    "Ines will have access to support with {} as and when required.",
    "Regular small group work on {}.",
    "30 minutes of {} each Tuesday and Thursday, 1:1, led by Mr Okafor (HLTA)",
    "Staff should be aware of her feelings about {}",
    "A picture board for {} will be kept on her desk in every lesson, and replaced each term.",
    "The specialist teacher will write a programme for {} by 30 September 2026 and train two teaching assistants in it for 2 hours.",
    "Consideration will be given to {}; advice will be sought where appropriate.",
    "Whenever Ines leaves {} in distress, her key worker will walk with her to the quiet room within five minutes.",
    "Up to 3 hours per week of help with {} (subject to staffing).",
];

#[rustfmt::skip]
const OUTCOMES: [&str; ROWS] = [
    "By July 2027 Ines will manage {} without adult prompting on 4 out of 5 occasions.",
    "Ines will improve her confidence with {}.",
    "To make progress in {}",
    "By the end of Key Stage 2, Ines will talk about {} with two friends for 10 minutes.",
    "Ines will feel better about {}.",
    "Within 12 months Ines will start {} by herself each morning, i.e. within two minutes of the bell.",
    "Ines will be able to choose her own {} by Year 6.",
    "For Ines to enjoy {} more",
    "Ines will name four things that help her with {} by the summer term of 2027.",
    "Ines will have developed her understanding of {}.",
];

/// The text that goes into each placeholder, and the statements that must come back for it.
fn filling() -> (BTreeMap<String, String>, Vec<Row>) {
    let mut texts = BTreeMap::new();
    let mut rows = Vec::new();
    for area in &AREAS {
        texts.insert(area.strengths.to_owned(), format!("Ines is proud of {} she did well in last year.", area.topic));
        for &(column, section) in area.columns {
            let (kind, statements) = match section {
                "B" | "C" | "D" => (Kind::Need, &NEEDS),
                "E" => (Kind::Outcome, &OUTCOMES),
                _ => (Kind::Provision, &PROVISION),
            };
            for (n, statement) in statements.iter().enumerate() {
                // H1 and H2 stand side by side: their texts must differ to show a mix-up.
                let topic = if section == "H2" { "holiday clubs" } else { area.topic };
                let mut cell = vec![statement.replace("{}", topic)];
                // The last cell of a column holds two statements.
                if n == ROWS - 1 {
                    cell.push(statements[0].replace("{}", &format!("{topic} at home")));
                }
                texts
                    .insert(format!("{column}_{}", n + 1), cell.iter().map(|s| ended(s)).collect::<Vec<_>>().join(" "));
                rows.extend(cell.iter().map(|s| (section, kind, ended(s))));
            }
        }
    }
    texts.insert("aspirations".into(), "I would like to be a baker.".into());
    texts.insert("interests".into(), "Ines likes trains and bread.".into());
    (texts, rows)
}

/// Two statements in one cell need a full stop between them.
fn ended(statement: &str) -> String {
    if statement.ends_with('.') { statement.to_owned() } else { format!("{statement}.") }
}

fn template() -> Option<Vec<u8>> {
    let path = std::env::var_os("CLEARPLAN_TEMPLATE").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/templates/dfe-template.docx"),
        PathBuf::from,
    );
    std::fs::read(path).ok()
}

/// The template with its placeholders replaced; also how many were.
fn filled(template: &[u8], texts: &BTreeMap<String, String>) -> (Vec<u8>, usize) {
    let mut archive = ZipArchive::new(Cursor::new(template)).expect("the template is a zip file");
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut replaced = 0;
    for i in 0..archive.len() {
        let mut part = archive.by_index(i).expect("the part opens");
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).expect("the part reads");
        let name = part.name().expect("the part has a name").into_owned();
        if name == "word/document.xml" {
            let xml = String::from_utf8(bytes).expect("document.xml is UTF-8");
            let cells: Vec<String> = xml.split("</w:tc>").map(|cell| fill(cell, texts, &mut replaced)).collect();
            bytes = cells.join("</w:tc>").into_bytes();
        }
        out.start_file(name, options).expect("the part starts");
        out.write_all(&bytes).expect("the part is written");
    }
    (out.finish().expect("the file ends").into_inner(), replaced)
}

/// Markup that ends with a table cell: its placeholder, which Word has cut into several runs, replaced.
fn fill(markup: &str, texts: &BTreeMap<String, String>, replaced: &mut usize) -> String {
    let start = markup.rfind("<w:tc>").unwrap_or(markup.len());
    let (before, cell) = markup.split_at(start);
    // Before, text, after, text, after …: odd pieces are the texts of `w:t`.
    let mut pieces: Vec<String> = Vec::new();
    let mut rest = cell;
    while let Some(open) = ["<w:t>", "<w:t "].iter().filter_map(|tag| rest.find(tag)).min() {
        let text = open + rest[open..].find('>').expect("a tag ends") + 1;
        let close = text + rest[text..].find("</w:t>").expect("a text element ends");
        pieces.extend([rest[..text].to_owned(), rest[text..close].to_owned()]);
        rest = &rest[close..];
    }
    let whole: String = pieces.iter().skip(1).step_by(2).map(String::as_str).collect();
    let key: String = whole.trim_matches(|c: char| c.is_whitespace() || matches!(c, '{' | '}')).to_owned();
    let Some(text) = texts.get(&key) else { return markup.to_owned() };
    *replaced += 1;
    for (n, piece) in pieces.iter_mut().skip(1).step_by(2).enumerate() {
        *piece = if n == 0 { text.clone() } else { String::new() };
    }
    format!("{before}{}{rest}", pieces.concat())
}

#[test]
fn every_cell_comes_back() {
    let Some(template) = template() else {
        eprintln!("skipped: the government template is not in ../shared/templates");
        return;
    };
    let (texts, expected) = filling();
    let (plan, replaced) = filled(&template, &texts);
    assert_eq!(replaced, texts.len(), "not every placeholder was found in the template");

    let documents = readers::read("template.docx", &plan).expect("the filled template is readable");
    let sections: Vec<_> = documents.iter().flat_map(|document| segment(document, Framework::ehcp())).collect();
    let found: Vec<(&str, Kind, String)> = sections
        .iter()
        .flat_map(|section| &section.statements)
        .map(|s| (s.section.as_str(), s.kind, s.text.split_whitespace().collect::<Vec<_>>().join(" ")))
        .collect();

    let count = |list: &[(&str, Kind, String)], row: &(&str, Kind, String)| list.iter().filter(|r| *r == row).count();
    let mut wrong: Vec<String> = Vec::new();
    for row in expected.iter().filter(|row| count(&found, row) != 1) {
        let elsewhere: Vec<_> = found.iter().filter(|f| f.2 == row.2).collect();
        wrong.push(format!("{} times: {row:?}; with that text {elsewhere:?}", count(&found, row)));
    }
    for row in found.iter().filter(|row| matches!(row.1, Kind::Outcome | Kind::Provision)) {
        if count(&expected, row) == 0 {
            wrong.push(format!("too much: {row:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} wrong\n{}", wrong.len(), expected.len(), wrong.join("\n"));
}

#[test]
fn the_filled_template_is_annotated_and_comes_back() {
    let Some(template) = template() else {
        eprintln!("skipped: the government template is not in ../shared/templates");
        return;
    };
    let (plan, _) = filled(&template, &filling().0);
    // For other programs to look at: tests/others/annotated.sh.
    if let Some(path) = std::env::var_os("CLEARPLAN_FILLED") {
        std::fs::write(path, &plan).expect("it can be written there");
    }
    let review = clearplan::Engine::new().without_model().review(&marked::read(&plan));
    let written = marked::check(&plan, &review);
    assert!(written.comments > 50, "{} comments", written.comments);
}
