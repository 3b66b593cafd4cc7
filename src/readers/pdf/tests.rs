use super::*;
use crate::document::Table;
use std::path::Path;

fn fixture(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pdf").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn document(name: &str) -> Document {
    read(name, &fixture(name)).unwrap_or_else(|error| panic!("{error}"))
}

/// A PDF with one content stream a page, a Helvetica called /F and a grey picture called /I.
fn made(pages: &[&str]) -> Vec<u8> {
    let kids: Vec<String> = (0..pages.len()).map(|at| format!("{} 0 R", 5 + 2 * at)).collect();
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!("<</Type/Pages/Count {}/Kids[{}]>>", pages.len(), kids.join(" ")),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned(),
        "<</Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/Length 1>>stream\n\u{80}\nendstream".to_owned(),
    ];
    for (at, content) in pages.iter().enumerate() {
        objects.push(format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</Font<</F 3 0 R>>/XObject<</I 4 0 R>>>>/Contents {} 0 R>>",
            6 + 2 * at
        ));
        objects.push(format!("<</Length {}>>stream\n{content}\nendstream", content.len()));
    }
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n", at + 1).bytes());
        out.extend(object.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')));
        out.extend(b"\nendobj\n");
    }
    let start = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for place in places {
        out.extend(format!("{place:010} 00000 n \n").bytes());
    }
    out.extend(format!("trailer<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF", objects.len() + 1).bytes());
    out
}

fn texts(document: &Document) -> Vec<&str> {
    document
        .paragraphs()
        .into_iter()
        .filter(|paragraph| paragraph.role != Role::Furniture)
        .map(|p| p.text.as_str())
        .collect()
}

fn tables(document: &Document) -> Vec<&Table> {
    document
        .blocks
        .iter()
        .filter_map(|block| if let Block::Table(table) = block { Some(table) } else { None })
        .collect()
}

#[test]
fn a_ruled_table_goes_over_pages() {
    for name in ["table-untagged.pdf", "table-tagged.pdf"] {
        let document = document(name);
        let tables = tables(&document);
        assert_eq!(tables.len(), 1, "{name}");
        let shape: Vec<Vec<(usize, usize, usize)>> = tables[0]
            .rows
            .iter()
            .map(|row| row.cells.iter().map(|cell| (cell.column, cell.columns, cell.rows)).collect())
            .collect();
        let full = vec![(0, 1, 1), (1, 1, 1), (2, 1, 1), (3, 1, 1)];
        let merged = vec![(0, 1, 2), (1, 1, 1), (2, 1, 1), (3, 1, 1)];
        let expected = [
            vec![(0, 4, 1)],
            full.clone(),
            full.clone(),
            full.clone(),
            full.clone(),
            full,
            merged,
            vec![(1, 1, 1), (2, 1, 1), (3, 1, 1)],
        ];
        assert_eq!(shape, expected, "{name}");
        let texts = texts(&document);
        for whole in [
            "By the end of Key Stage 2 Robin will write five sentences about a picture, with capital letters and full stops in four of them.",
            "The class teacher will give Robin a word mat and a sentence frame in every English lesson and check his writing with him for five minutes at the end of the lesson.",
            "Teaching assistant, trained by the speech and language therapist",
            "Occupational therapist; teaching assistant",
            "The plan will be reviewed every twelve months.",
        ] {
            assert!(texts.contains(&whole), "{name}: {whole}");
        }
        assert!(document.notes.is_empty());
    }
}

#[test]
fn lists_headings_and_furniture() {
    let document = document("bullets-untagged.pdf");
    let item = |level, marker: &str| Role::Item { level, marker: marker.to_owned() };
    let found: Vec<(Role, bool, Option<u32>, &str)> = document
        .paragraphs()
        .into_iter()
        .filter(|paragraph| paragraph.role != Role::Furniture)
        .map(|p| (p.role.clone(), p.bold, p.place.page, p.text.as_str()))
        .collect();
    let expected = [
        (Role::Heading(1), true, "Section E: Outcomes"),
        (Role::Body, false, "By the end of Key Stage 2, Robin will be able to:"),
        (
            item(0, "•"),
            false,
            "follow a three-step instruction given to the whole class on four out of five occasions without the adult repeating it, and tell a partner what the second step was;",
        ),
        (item(0, "•"), false, "use a pencil grip for writing:"),
        (item(1, "o"), false, "for ten minutes at a time;"),
        (
            item(1, "o"),
            false,
            "in two lessons each day, with the writing slope that the occupational therapist supplied in the spring;",
        ),
        (item(0, "•"), false, "ask for help with the red card."),
        (Role::Body, true, "SECTION F"),
        (Role::Body, true, "Special educational provision"),
        (
            item(0, "1."),
            false,
            "A speech and language therapist will see Robin for 45 minutes every fortnight during term time and will set the programme that the school carries out between visits.",
        ),
        (item(0, "2."), false, "The school will carry out the programme daily for 15 minutes."),
    ];
    for (found, (role, bold, text)) in found.iter().zip(expected) {
        assert_eq!(*found, (role, bold, Some(1), text));
    }
    assert_eq!(found.len(), 19);
    assert_eq!(found[18].2, Some(2));
    let furniture = document.paragraphs().into_iter().filter(|paragraph| paragraph.role == Role::Furniture).count();
    assert_eq!(furniture, 4, "head and foot of both pages");
}

#[test]
fn columns_are_read_one_after_the_other() {
    let document = document("columns-untagged.pdf");
    let texts = texts(&document);
    assert_eq!(texts.len(), 8);
    assert!(texts[2].ends_with("He understands sentences with three information-carrying words."), "{}", texts[2]);
    assert!(texts[6].starts_with("His mother said that he sleeps well and eats most foods. She"), "{}", texts[6]);
}

#[test]
fn contents_are_furniture_and_passwords_are_told() {
    for name in ["contents-untagged.pdf", "restricted.pdf"] {
        let document = document(name);
        assert_eq!(
            texts(&document)[1..],
            ["Contents", "Section A: Views", "Robin wants to be a train driver."],
            "{name}"
        );
    }
    let error = read("locked.pdf", &fixture("locked.pdf")).expect_err("a password is needed");
    assert!(matches!(error, ReadError::Encrypted { .. }));
}

const SENTENCE: &str = "BT /F 12 Tf 60 700 Td (Robin will read a chapter book to the end by July.) Tj ET";
const SCAN: &str = "q 600 0 0 800 0 0 cm /I Do Q";

#[test]
fn pictures_of_pages_are_told_and_not_read() {
    let scanned = read("scan.pdf", &made(&[SCAN, SCAN, SENTENCE, SCAN])).expect("read");
    assert_eq!(texts(&scanned), ["Robin will read a chapter book to the end by July."]);
    let pages: Vec<(NoteKind, Option<u32>)> = scanned.notes.iter().map(|note| (note.kind, note.page)).collect();
    assert_eq!(pages, [(NoteKind::NeedsOcr, Some(1)), (NoteKind::NeedsOcr, Some(4))]);
    assert!(
        scanned.notes[0].message.contains("Pages 1–2") && scanned.notes[0].message.contains("ocrmypdf --skip-text")
    );
    let all = read("scan.pdf", &made(&[SCAN, ""])).expect("read");
    assert!(all.blocks.is_empty());
    assert!(all.notes[0].message.contains("Pages 1–2"), "{}", all.notes[0].message);
    let blank = read("blank.pdf", &made(&[SENTENCE, ""])).expect("read");
    assert!(blank.notes.is_empty());
}

#[test]
fn letters_without_meaning_are_told() {
    // A font without a character table often comes out shifted by 29 places.
    let shifted: String = "Robin will read a chapter book to the end by July. "
        .repeat(5)
        .bytes()
        .map(|byte| char::from(byte - 29).to_string())
        .collect();
    let shifted = shifted.replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)");
    let garbled = read("garbled.pdf", &made(&[&format!("BT /F 12 Tf 60 700 Td ({shifted}) Tj ET")])).expect("read");
    assert!(garbled.blocks.is_empty());
    assert_eq!(garbled.notes[0].kind, NoteKind::NeedsOcr);
}

#[test]
fn sideways_pages_and_watermarks() {
    let sideways = "BT /F 12 Tf 0 1 -1 0 100 60 Tm (Robin will read a chapter) Tj ET BT /F 12 Tf 0 1 -1 0 115 60 Tm (book to the end by July.) Tj ET";
    let clockwise = "BT /F 12 Tf 0 -1 1 0 500 740 Tm (Robin will read a chapter) Tj ET BT /F 12 Tf 0 -1 1 0 485 740 Tm (book to the end by July.) Tj ET";
    for page in [sideways, clockwise] {
        let document = read("sideways.pdf", &made(&[page])).expect("read");
        assert_eq!(texts(&document), ["Robin will read a chapter book to the end by July."]);
    }
    let marked = format!("{SENTENCE} BT /F 60 Tf 0.7 0.7 -0.7 0.7 100 200 Tm (DRAFT) Tj ET");
    let document = read("draft.pdf", &made(&[&marked])).expect("read");
    assert_eq!(document.paragraphs()[1].role, Role::Furniture);
    assert_eq!(texts(&document), ["Robin will read a chapter book to the end by July."]);
}

#[test]
fn words_from_letters() {
    let spaced = "BT /F 12 Tf 60 700 Td [(Robin)-300(will)-300(r)20(ead)] TJ ET BT /F 12 Tf 60 650 Td (Bold) Tj ET BT /F 12 Tf 60.3 650 Td (Bold) Tj ET BT /F 12 Tf 60 600 Td (on the 5) Tj /F 7 Tf 5 Ts (th) Tj 0 Ts /F 12 Tf ( of July) Tj ET";
    let document = read("words.pdf", &made(&[spaced])).expect("read");
    assert_eq!(texts(&document), ["Robin will read", "Bold", "on the 5th of July"], "and poor man's bold is one word");
}

#[test]
fn borders_drawn_as_thin_boxes_make_a_table() {
    let mut page = String::new();
    for y in [500, 550, 600] {
        page += &format!("60 {y} 400 0.5 re f ");
    }
    for x in [60, 260, 460] {
        page += &format!("{x} 500 0.5 100 re f ");
    }
    for (x, y, words) in [(64, 580, "Outcome"), (264, 580, "Who"), (64, 530, "Robin will swim."), (264, 530, "Coach")] {
        page += &format!("BT /F 12 Tf {x} {y} Td ({words}) Tj ET ");
    }
    let document = read("boxes.pdf", &made(&[&page])).expect("read");
    assert_eq!(tables(&document).len(), 1);
    assert_eq!(texts(&document), ["Outcome", "Who", "Robin will swim.", "Coach"]);
}

#[test]
fn drawn_dots_are_list_marks() {
    let dot = |y: i32| format!("45 {y} m 49 {y} l 49 {} 45 {} 45 {} c h f ", y + 4, y + 4, y + 2);
    let page = format!(
        "{}{}BT /F 12 Tf 60 700 Td (regular input as required, and as it was) Tj 0 -14 Td (help to make friends) Tj ET",
        dot(702),
        dot(688)
    );
    let document = read("dots.pdf", &made(&[&page])).expect("read");
    assert_eq!(texts(&document), ["regular input as required, and as it was", "help to make friends"]);
    let item = Role::Item { level: 0, marker: "•".to_owned() };
    assert!(document.paragraphs().iter().all(|paragraph| paragraph.role == item));
}

#[test]
fn rows_ruled_apart_make_a_table_without_upright_lines() {
    let mut page = String::new();
    for y in [500, 550, 600, 650] {
        page += &format!("60 {y} m 460 {y} l S ");
    }
    for (x, y, words) in [
        (64, 630, "Outcome"),
        (264, 630, "Who"),
        (64, 585, "Robin will read a long book"),
        (64, 570, "to the end by July."),
        (264, 585, "A teacher who was"),
        (264, 570, "trained for it"),
        (64, 530, "Robin will swim."),
        (264, 530, "Coach"),
    ] {
        page += &format!("BT /F 12 Tf {x} {y} Td ({words}) Tj ET ");
    }
    let document = read("rows.pdf", &made(&[&page])).expect("read");
    assert_eq!(tables(&document).len(), 1);
    let expected = [
        "Outcome",
        "Who",
        "Robin will read a long book to the end by July.",
        "A teacher who was trained for it",
        "Robin will swim.",
        "Coach",
    ];
    assert_eq!(texts(&document), expected);
    // Rules between paragraphs make none.
    let mut page = String::new();
    for y in [500, 550, 600, 650] {
        page += &format!(
            "60 {y} m 460 {y} l S BT /F 12 Tf 64 {} Td (Robin will read a long book to the end by July.) Tj ET ",
            y + 20
        );
    }
    assert!(tables(&read("rules.pdf", &made(&[&page])).expect("read")).is_empty());
}

#[test]
fn spoilt_files_are_errors() {
    for bytes in [&b"%PDF-1.4\n"[..], b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>"] {
        assert!(matches!(read("spoilt.pdf", bytes), Err(ReadError::Damaged { .. })));
    }
    // Cut off before the table of objects.
    let whole = made(&[SENTENCE]);
    let cut = &whole[..whole.len() - 120];
    assert_eq!(texts(&read("cut.pdf", cut).expect("rebuilt")), ["Robin will read a chapter book to the end by July."]);
}
