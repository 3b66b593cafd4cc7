//! Word documents that were written into: comments on the very words, nothing else changed, and the way back.

mod marked;

use clearplan::document::Document;
use clearplan::engine::Engine;
use clearplan::rules::{RuleSet, Severity};
use clearplan::span::Span;
use clearplan::writers::WriteError;
use clearplan::writers::docx::{self, AUTHOR, Mode, Options, Party};
use clearplan::writers::{odt, remark};
use marked::{COMMENTS, back, check, comments, container, flat, parts, ranges, read, review};
use proptest::prelude::*;
use std::path::Path;
use std::sync::LazyLock;

const MAIN: &str = include_str!("fixtures/hostile.xml");

const TYPES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\r\n<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/><Override PartName=\"/word/comments.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml\"/><Override PartName=\"/word/footnotes.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml\"/><Override PartName=\"/word/header1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml\"/></Types>";

const ROOT: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/></Relationships>";

const RELATIONS: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId7\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments\" Target=\"comments.xml\"/><Relationship Id=\"rId8\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes\" Target=\"footnotes.xml\"/><Relationship Id=\"rId9\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/header\" Target=\"header1.xml\"/></Relationships>";

const OTHERS: &str = "<w:comments xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:comment w:id=\"0\" w:author=\"Jo\" w:initials=\"J\"><w:p><w:r><w:t>Who is that?</w:t></w:r></w:p></w:comment></w:comments>";

const NOTES: &str = "<w:footnotes xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:footnote w:id=\"1\"><w:p><w:r><w:t>A note with regular words.</w:t></w:r></w:p></w:footnote></w:footnotes>";

const HEADER: &str = "<w:hdr xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:p><w:r><w:t>Confidential</w:t></w:r></w:p></w:hdr>";

fn package(main: &str) -> Vec<u8> {
    container(&[
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", ROOT),
        ("word/document.xml", main),
        ("word/_rels/document.xml.rels", RELATIONS),
        ("word/comments.xml", OTHERS),
        ("word/footnotes.xml", NOTES),
        ("word/header1.xml", HEADER),
    ])
}

static HOSTILE: LazyLock<Vec<u8>> = LazyLock::new(|| package(MAIN));

fn plans() -> Vec<(String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora/plans");
    let Ok(entries) = std::fs::read_dir(root) else { return Vec::new() };
    let files = entries.flatten().map(|entry| entry.path().join("plan.docx"));
    let mut plans: Vec<_> =
        files.filter_map(|file| Some((file.display().to_string(), std::fs::read(&file).ok()?))).collect();
    plans.sort();
    plans
}

fn engine() -> Engine {
    Engine::new().without_model()
}

#[test]
fn example_plans_are_annotated_and_come_back() {
    let plans = plans();
    if plans.is_empty() {
        eprintln!("skipped: no example plans in corpora/plans");
    }
    for (name, bytes) in plans {
        let review = engine().review(&read(&bytes));
        let written = check(&bytes, &review);
        assert!(written.comments > 5, "{name}: {} comments", written.comments);
    }
}

#[test]
fn a_hostile_document_is_annotated_and_comes_back() {
    let document = read(&HOSTILE);
    let review = engine().review(&document);
    let written = check(&HOSTILE, &review);
    assert!(written.comments >= 10, "{} comments", written.comments);
    let parts = parts(&written.bytes);
    let listed = String::from_utf8(parts["word/comments.xml"].clone()).expect("UTF-8");
    assert!(listed.contains(">Who is that?<"), "the comment of somebody else stays");
    let ours = comments(&listed, AUTHOR);
    let boxed: Vec<_> = ours.values().filter(|text| text.contains("In the text box: “")).collect();
    assert_eq!(boxed.len(), 1, "the box takes no comment, so its words are quoted: {boxed:?}");
    let first = ours.values().next().expect("a summary");
    assert!(first.starts_with("How clear is the plan?"), "{first}");
}

/// Every stretch of words of a paragraph that are faulted: at both edges, across runs, inside one.
fn everywhere(document: &Document) -> Vec<(usize, Span, Span)> {
    let mut faults = Vec::new();
    for (i, paragraph) in document.paragraphs().into_iter().enumerate() {
        let whole = Span::new(0, paragraph.text.len());
        let cuts: Vec<usize> = paragraph.text.char_indices().map(|(at, _)| at).chain([paragraph.text.len()]).collect();
        for (n, pair) in cuts.windows(6).enumerate().filter(|(n, _)| n % 3 == 0) {
            let words = Span::new(pair[0], pair[if n % 2 == 0 { 5 } else { 2 }]);
            if !words.of(&paragraph.text).trim().is_empty() {
                faults.push((i, whole, words));
            }
        }
    }
    faults
}

#[test]
fn words_anywhere_in_a_hostile_document() {
    let document = read(&HOSTILE);
    let faults = everywhere(&document);
    assert!(faults.len() > 150);
    // One at a time, so that each is cut out by itself; then all at once.
    for fault in &faults {
        let review = review(&document, &[*fault]);
        let rules = RuleSet::builtin().rules();
        let written = docx::annotate(&HOSTILE, &review, rules, COMMENTS).expect("it can be written into");
        let plain = docx::remove(&written.bytes).expect("it can be read").expect("something of ours");
        back(&parts(&plain), &parts(&HOSTILE));
    }
    let all = review(&document, &faults);
    let written = docx::annotate(&HOSTILE, &all, RuleSet::builtin().rules(), COMMENTS).expect("it can be written into");
    let plain = docx::remove(&written.bytes).expect("it can be read").expect("something of ours");
    back(&parts(&plain), &parts(&HOSTILE));
    // Header and footnote take no comments.
    let (header, note) = ("Confidential", "A note with regular words.");
    let paragraphs = document.paragraphs();
    let outside = faults.iter().filter(|(i, ..)| [header, note].contains(&paragraphs[*i].text.as_str())).count();
    assert!(outside > 0);
    assert_eq!(written.unmarked.len(), outside);
}

#[test]
fn words_of_a_comment_are_the_faulted_ones() {
    let document = read(&HOSTILE);
    let wanted = [
        ("reg", true),
        ("regular access to help & support", true),
        ("<or", true),
        ("often\nwhen “needed”", true),
        ("non\u{2011}stop", true),
        ("some regular help", true),
        ("on, as and when required, in the next", true),
        ("therapist will visit regularly to", true),
        ("block control holds", true),
        ("with regular words and frequent places on", true),
        ("in a form, as", true),
        ("host of a box", true),
        ("cell with support", true),
        ("control: frequently", true),
        ("🦊 Zoë will often read", false),
        ("regular support", false),
        ("<regular>", false),
    ];
    for (words, exact) in wanted {
        let paragraphs = document.paragraphs();
        let found = paragraphs.iter().enumerate().find_map(|(i, p)| Some((i, p.text.find(words)?)));
        let (i, at) = found.unwrap_or_else(|| panic!("{words:?} stands nowhere"));
        let fault = (i, Span::new(0, paragraphs[i].text.len()), Span::new(at, at + words.len()));
        let review = review(&document, &[fault]);
        let written = docx::annotate(&HOSTILE, &review, RuleSet::builtin().rules(), COMMENTS).expect("written");
        let main = String::from_utf8(parts(&written.bytes)["word/document.xml"].clone()).expect("UTF-8");
        let marked: Vec<String> = ranges(&main).into_iter().skip(2).map(|(_, words)| words).collect();
        assert_eq!(marked.len(), 1, "{words:?}: {marked:?}");
        if exact {
            assert_eq!(flat(&marked[0]), flat(words));
        } else {
            assert!(flat(&marked[0]).contains(&flat(words).replace(" Zoë will often read", "")), "{marked:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn random_words_of_a_hostile_document(picks in prop::collection::vec((0_usize..1000, 0_usize..1000, 0_usize..1000), 1..40)) {
        let document = read(&HOSTILE);
        let faults = picked(&document, &picks);
        check_loosely(&HOSTILE, &document, &faults);
    }

    #[test]
    fn random_words_of_the_example_plans(plan in 0_usize..6, picks in prop::collection::vec((0_usize..1000, 0_usize..1000, 0_usize..1000), 1..60)) {
        static PLANS: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(plans);
        if let Some((_, bytes)) = PLANS.get(plan) {
            let document = read(bytes);
            let faults = picked(&document, &picks);
            check_loosely(bytes, &document, &faults);
        }
    }
}

/// Words at random: a paragraph, and where in it they start and end, in thousandths.
fn picked(document: &Document, picks: &[(usize, usize, usize)]) -> Vec<(usize, Span, Span)> {
    let paragraphs = document.paragraphs();
    let pick = |&(p, a, b): &(usize, usize, usize)| {
        let i = p * paragraphs.len() / 1000;
        let text = &paragraphs[i].text;
        let cut = |n: usize| (n * text.len() / 1000..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let (from, to) = (cut(a.min(b)), cut(a.max(b)));
        let words = Span::new(from, to);
        (!words.of(text).trim().is_empty()).then_some((i, Span::new(0, text.len()), words))
    };
    picks.iter().filter_map(pick).collect()
}

fn check_loosely(bytes: &[u8], document: &Document, faults: &[(usize, Span, Span)]) {
    let review = review(document, faults);
    for mode in [Mode::Comments, Mode::Tracked] {
        let options = Options { mode, ..COMMENTS };
        let written =
            docx::annotate(bytes, &review, RuleSet::builtin().rules(), options).expect("it can be written into");
        let after = parts(&written.bytes);
        ranges(&String::from_utf8(after["word/document.xml"].clone()).expect("UTF-8"));
        if mode == Mode::Comments {
            let texts = |document: &Document| document.paragraphs().iter().map(|p| p.text.clone()).collect::<Vec<_>>();
            assert_eq!(texts(&read(&written.bytes)), texts(document));
        }
        let plain = docx::remove(&written.bytes).expect("it can be read").expect("something of ours");
        back(&parts(&plain), &parts(bytes));
    }
}

#[test]
fn a_part_of_comments_is_made_where_there_is_none() {
    let bare = container(&[
        ("[Content_Types].xml", "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>"),
        ("_rels/.rels", ROOT),
        (
            "word/document.xml",
            "<x:document xmlns:x='http://schemas.openxmlformats.org/wordprocessingml/2006/main'><x:body><x:p><x:r><x:t>Sam will \
             have regular help.</x:t></x:r></x:p></x:body></x:document>",
        ),
    ]);
    let document = read(&bare);
    let whole = Span::new(0, document.paragraphs()[0].text.len());
    let written = check(&bare, &review(&document, &[(0, whole, Span::new(14, 21))]));
    let parts = parts(&written.bytes);
    let types = String::from_utf8(parts["[Content_Types].xml"].clone()).expect("UTF-8");
    assert!(types.contains("PartName=\"/word/comments.xml\""), "{types}");
    let relations = String::from_utf8(parts["word/_rels/document.xml.rels"].clone()).expect("UTF-8");
    assert!(relations.contains("Target=\"comments.xml\""), "{relations}");
    let main = String::from_utf8(parts["word/document.xml"].clone()).expect("UTF-8");
    assert!(main.contains("<x:commentRangeStart x:id=\"1\""), "{main}");
}

#[test]
fn suggestions_are_tracked_and_can_be_taken_back() {
    for (name, bytes) in plans().into_iter().chain([("hostile".to_owned(), HOSTILE.clone())]) {
        let document = read(&bytes);
        let review = engine().review(&document);
        let options = Options { mode: Mode::Tracked, ..COMMENTS };
        let written = docx::annotate(&bytes, &review, RuleSet::builtin().rules(), options).expect("written");
        assert!(written.proposals > 3, "{name}: {} proposals", written.proposals);
        // Read as accepted, each statement is its suggestion.
        let proposed = read(&written.bytes);
        assert_eq!(proposed.notes, document.notes, "{name}: the markup is whole");
        let accepted: Vec<String> = proposed.paragraphs().iter().map(|p| flat(&p.text)).collect();
        let judged = review.sections.iter().flat_map(|section| &section.statements);
        let suggested = judged.filter_map(|judged| judged.assessment.as_ref()?.suggestion.as_deref());
        let lost: Vec<&str> = suggested.filter(|text| !accepted.iter().any(|p| p.contains(&flat(text)))).collect();
        assert!(lost.len() <= written.comments, "{name}: not as suggested: {lost:#?}\n{accepted:#?}");
        let plain = docx::remove(&written.bytes).expect("it can be read").expect("something of ours");
        back(&parts(&plain), &parts(&bytes));
    }
}

#[test]
fn words_that_two_statements_share_are_proposed_once() {
    let document = read(&HOSTILE);
    let paragraphs = document.paragraphs();
    let i = paragraphs.iter().position(|p| p.text == "Merged cell with regular help.").expect("it is there");
    let fault = (i, Span::new(0, paragraphs[i].text.len()), Span::new(17, 24));
    let options = Options { mode: Mode::Tracked, ..COMMENTS };
    let review = review(&document, &[fault, fault]);
    let written = docx::annotate(&HOSTILE, &review, RuleSet::builtin().rules(), options).expect("written");
    assert_eq!((written.proposals, written.comments), (1, 1));
    let plain = docx::remove(&written.bytes).expect("it can be read").expect("something of ours");
    back(&parts(&plain), &parts(&HOSTILE));
}

#[test]
fn a_working_document_shows_who_proposes() {
    let main = "<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'><w:body><w:p><w:r><w:t>Sam \
                has</w:t></w:r><w:r><w:rPr><w:sz w:val='22'/></w:rPr><w:t xml:space='preserve'> regular help with his reading in \
                class.</w:t></w:r></w:p></w:body></w:document>";
    let bytes = package(main);
    let document = read(&bytes);
    let index = document.paragraphs().iter().position(|p| p.text.starts_with("Sam")).expect("it is there");
    let text = document.paragraphs()[index].text.clone();
    let mut review = review(&document, &[(index, Span::new(0, text.len()), Span::new(8, 15))]);
    let assessment = review.sections[0].statements[0].assessment.as_mut().expect("judged");
    assessment.suggestion = Some("Sam has daily help with his reading in class.".into());
    for (party, look) in
        [(Party::Parent, "<w:b/>"), (Party::Authority, "<w:i/>"), (Party::Agreed, "<w:u w:val=\"single\"/>")]
    {
        let options = Options { mode: Mode::Working(party), ..COMMENTS };
        let written = docx::annotate(&bytes, &review, RuleSet::builtin().rules(), options).expect("written");
        let main = String::from_utf8(parts(&written.bytes)["word/document.xml"].clone()).expect("UTF-8");
        let (before, after) = match party {
            Party::Agreed => (
                "<w:strike/><w:sz w:val='22'/><w:u w:val=\"single\"/>".to_owned(),
                "<w:sz w:val='22'/><w:u w:val=\"single\"/>".to_owned(),
            ),
            _ => (format!("{look}<w:strike/><w:sz w:val='22'/>"), format!("{look}<w:sz w:val='22'/>")),
        };
        let struck = format!("<w:rPr>{before}</w:rPr><w:t xml:space='preserve'>regular</w:t>");
        let added = format!("<w:rPr>{after}</w:rPr><w:t xml:space=\"preserve\">daily</w:t>");
        assert!(main.contains(&struck) && main.contains(&added), "{main}");
        assert!(main.contains("<w:rPr><w:sz w:val='22'/></w:rPr><w:t xml:space='preserve'> help with"), "{main}");
        assert!(!main.contains("w:del ") && !main.contains("w:ins "), "{main}");
    }
}

#[test]
fn what_a_word_processor_saved_again_loses_our_marks() {
    let document = read(&HOSTILE);
    let review = engine().review(&document);
    let written = check(&HOSTILE, &review);
    let mut parts = parts(&written.bytes);
    // Saving lays the markup out anew: the blanks that tell about cuts are gone.
    let main = String::from_utf8(parts["word/document.xml"].clone()).expect("UTF-8");
    let mut main = main.replace("   />", "/>").replace("  />", "/>").replace(" />", "/>");
    main = main.replace("\"  >", "\">").replace("\" >", "\">");
    parts.insert("word/document.xml".into(), main.into_bytes());
    let texts: Vec<(String, String)> =
        parts.into_iter().map(|(path, bytes)| (path, String::from_utf8(bytes).expect("UTF-8"))).collect();
    let saved = container(&texts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect::<Vec<_>>());
    let plain = docx::remove(&saved).expect("it can be read").expect("something of ours");
    let words = |document: &Document| document.paragraphs().iter().map(|p| p.text.clone()).collect::<Vec<_>>();
    assert_eq!(words(&read(&plain)), words(&document));
    assert!(!String::from_utf8_lossy(&marked::parts(&plain)["word/comments.xml"]).contains(AUTHOR));
}

#[test]
fn words_that_are_not_there_are_refused() {
    let document = read(&HOSTILE);
    let mut other = review(&document, &[(2, Span::new(0, 5), Span::new(0, 5))]);
    other.sections[0].statements[0].statement.text = "Other".into();
    let rules = RuleSet::builtin().rules();
    assert_eq!(docx::annotate(&HOSTILE, &other, rules, COMMENTS), Err(WriteError::OtherDocument));
    let empty = package("<w:document><w:body><w:p/></w:body></w:document>");
    let none = review(&document, &[]);
    assert_eq!(docx::annotate(&empty, &none, rules, COMMENTS), Err(WriteError::NothingToMark));
    assert!(matches!(
        docx::annotate(&HOSTILE[..HOSTILE.len() / 2], &none, rules, COMMENTS),
        Err(WriteError::Damaged(_))
    ));
    assert!(matches!(docx::remove(b"PK\x03\x04"), Err(WriteError::Damaged(_))));
}

#[test]
fn comments_beyond_what_word_opens_are_left_out() {
    let paragraphs: String = (0..1500)
        .map(|i| format!("<w:p><w:r><w:t>Sam {i} will have regular help from staff, and often more.</w:t></w:r></w:p>"))
        .collect();
    let space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    let bytes = package(&format!("<w:document xmlns:w='{space}'><w:body>{paragraphs}</w:body></w:document>"));
    let document = read(&bytes);
    let fault = |i: usize, from: &str| {
        let text = &document.paragraphs()[i].text;
        let at = text.find(from).expect("it is there");
        (i, Span::new(0, text.len()), Span::new(at, at + from.len()))
    };
    let body: Vec<usize> =
        (0..document.paragraphs().len()).filter(|i| document.paragraphs()[*i].text.starts_with("Sam")).collect();
    let two: Vec<_> = body.iter().flat_map(|i| [fault(*i, "regular"), fault(*i, "often")]).collect();
    assert_eq!(two.len(), 3000);
    let written = check(&bytes, &review(&document, &two));
    assert_eq!(written.comments, 3000);
    let many: Vec<_> = two.iter().cycle().take(docx::MOST + 500).copied().collect();
    let written =
        docx::annotate(&bytes, &review(&document, &many), RuleSet::builtin().rules(), COMMENTS).expect("written");
    assert_eq!(written.unmarked.len(), 501, "the summary needs one of them");
    assert!(written.comments < docx::MOST);
}

#[test]
fn lesser_findings_can_be_left_out() {
    let document = read(&HOSTILE);
    let review = engine().review(&document);
    let rules = RuleSet::builtin().rules();
    let count =
        |least| docx::annotate(&HOSTILE, &review, rules, Options { least, ..COMMENTS }).expect("written").comments;
    assert!(count(Severity::Error) < count(Severity::Note));
}

#[test]
fn opendocument_plans_are_annotated_and_come_back() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora/plans");
    let mut found = 0;
    for name in ["lettered", "outcomes-table"] {
        let Ok(bytes) = std::fs::read(root.join(name).join("plan.odt")) else {
            eprintln!("skipped: no {name}/plan.odt in corpora/plans");
            continue;
        };
        found += 1;
        let document = read(&bytes);
        let review = engine().review(&document);
        let rules = RuleSet::builtin().rules();
        let written = odt::annotate(&bytes, &review, rules, "2026-11-27", Severity::Note).expect("written");
        let remarks = remark::remarks(&review, rules, Severity::Note);
        assert_eq!((written.comments, written.unmarked.len()), (remarks.len(), 0));
        let after = parts(&written.bytes);
        let before = parts(&bytes);
        assert!(before.iter().all(|(path, bytes)| path == "content.xml" || after.get(path) == Some(bytes)));
        let content = String::from_utf8(after["content.xml"].clone()).expect("UTF-8");
        // The annotation stands before its words, and its end after them.
        for (n, remark) in remarks.iter().enumerate() {
            let name = format!("office:name=\"clearplan-{}\"", n + 2);
            let from = content.find(&format!("<office:annotation {name}>")).expect("it begins");
            let to = content.find(&format!("<office:annotation-end {name}/>")).expect("it ends");
            let range = &content[from..to];
            let mut words = String::new();
            let mut rest = range;
            // Annotations within the range are no words of it.
            while let Some((before, after)) = rest.split_once("<office:annotation ") {
                words.push_str(before);
                rest = after.split_once("</office:annotation>").map_or("", |(_, rest)| rest);
            }
            words.push_str(rest);
            let mut plain = String::new();
            for piece in words.split('<') {
                plain.push_str(piece.split_once('>').map_or(piece, |(_, text)| text));
            }
            let plain = quick_xml::escape::unescape(&plain).expect("text").into_owned();
            let wanted = remark.span.of(&document.paragraphs()[remark.paragraph].text);
            assert_eq!(flat(&plain).replace(' ', ""), flat(wanted).replace(' ', ""));
        }
        let texts = |document: &Document| document.paragraphs().iter().map(|p| p.text.clone()).collect::<Vec<_>>();
        assert_eq!(texts(&read(&written.bytes)), texts(&document));
        let plain = odt::remove(&written.bytes).expect("it can be read").expect("something of ours");
        back(&parts(&plain), &before);
        assert_eq!(odt::remove(&plain), Ok(None));
    }
    assert!(found == 2 || !root.exists());
}

#[test]
fn opendocument_boxes_fields_and_annotations_of_others() {
    let content = "<office:document-content xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0' \
        xmlns:text='urn:oasis:names:tc:opendocument:xmlns:text:1.0' xmlns:draw='urn:oasis:names:tc:opendocument:xmlns:drawing:1.0'>\
        <office:body><office:text><text:p>Plan</text:p><text:p>Sam will <text:span>have regu</text:span>lar help<text:s text:c='2'/>\
        on <text:date>some day</text:date>.<office:annotation office:name='clearplan-1'><dc:creator xmlns:dc='x'>Jo</dc:creator>\
        <text:p>Why?</text:p></office:annotation><draw:frame><draw:text-box><text:p>Boxed words, as needed.</text:p></draw:text-box>\
        </draw:frame></text:p></office:text></office:body></office:document-content>";
    let bytes = container(&[("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", content)]);
    let document = read(&bytes);
    let faults: Vec<_> = everywhere(&document);
    assert!(faults.len() > 10);
    let review = review(&document, &faults);
    let written =
        odt::annotate(&bytes, &review, RuleSet::builtin().rules(), "2026-11-27", Severity::Note).expect("written");
    let text = String::from_utf8(parts(&written.bytes)["content.xml"].clone()).expect("UTF-8");
    assert!(text.contains("xmlns:dc=\"http://purl.org/dc/elements/1.1/\""), "{text}");
    assert!(text.contains("<text:date>some day</text:date>"), "a field is left whole: {text}");
    assert!(text.contains("In the text box: “"), "{text}");
    assert!(read(&written.bytes).notes.is_empty(), "the markup is whole");
    let plain = odt::remove(&written.bytes).expect("it can be read").expect("something of ours");
    back(&parts(&plain), &parts(&bytes));
}
