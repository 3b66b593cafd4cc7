//! This is what waivers do to every output, in the binary: in Word and OpenDocument comments, in texts, and in a file.

mod marked;

use marked::container;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const TYPES: &str = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>";
const ROOT: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/></Relationships>";
const RELATIONS: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId7\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments\" Target=\"comments.xml\"/></Relationships>";
const SPACE: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

/// A plan with a comment on "regular", cut out of a split run, and one at the end of the second sentence.
fn plan(first: &str, second: &str) -> Vec<u8> {
    let main = format!(
        "<w:document xmlns:w=\"{SPACE}\"><w:body><w:p><w:r><w:t>Section F: Provision</w:t></w:r></w:p>\
         <w:p><w:r><w:t xml:space=\"preserve\">Sam &amp; his class will have </w:t></w:r><w:commentRangeStart w:id=\"3\"/><w:r><w:t>reg</w:t></w:r>\
         <w:r><w:t>ular</w:t></w:r><w:commentRangeEnd w:id=\"3\"/><w:r><w:commentReference w:id=\"3\"/></w:r>\
         <w:r><w:t xml:space=\"preserve\"> help from staff.</w:t></w:r></w:p>\
         <w:p><w:r><w:t>Sam will have regular visits.</w:t></w:r><w:r><w:commentReference w:id=\"4\"/></w:r></w:p></w:body></w:document>"
    );
    let comment = |id: usize, text: &str| {
        format!("<w:comment w:id=\"{id}\" w:author=\"Ms Okafor\"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:comment>")
    };
    let comments = format!(
        "<w:comments xmlns:w=\"{SPACE}\">{}{}{}</w:comments>",
        comment(3, first),
        comment(4, second),
        comment(5, "Is that right?")
    );
    container(&[
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", ROOT),
        ("word/document.xml", &main),
        ("word/_rels/document.xml.rels", RELATIONS),
        ("word/comments.xml", &comments),
    ])
}

const FIRST: &str = "clearplan: ignore open-frequency because the timetable says when";
const SECOND: &str = "Clearplan: ignore open-frequency until 2027-03-31 because the nurse decides";

struct Folder(PathBuf);

impl Folder {
    fn new(test: &str, plan: &[u8]) -> Self {
        let folder = Self(Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("waivers-{test}")));
        let _ = std::fs::remove_dir_all(&folder.0);
        std::fs::create_dir_all(&folder.0).expect("the folder can be made");
        std::fs::write(folder.0.join("plan.docx"), plan).expect("the file can be written");
        folder
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_clearplan"));
        command.args(arguments).args(["--model", "rules", "--date", "2026-11-27"]);
        command.current_dir(&self.0).output().expect("the binary starts")
    }

    fn check(&self, more: &[&str]) -> Output {
        self.run(&[&["check", "plan.docx"], more].concat())
    }
}

fn out(output: &Output) -> String {
    assert!(output.status.code() < Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn json(output: &Output) -> Value {
    serde_json::from_str(&out(output)).expect("JSON")
}

fn statements(plan: &Value) -> Vec<Value> {
    let sections = plan["sections"].as_array().expect("sections").iter();
    sections.flat_map(|section| section["statements"].as_array().expect("statements").clone()).collect()
}

#[test]
fn comments_are_honoured_in_every_output() {
    let (with, without) = (Folder::new("with", &plan(FIRST, SECOND)), Folder::new("without", &plan("Hm.", "Hm.")));
    let (after, before) = (json(&with.check(&["--format", "json"])), json(&without.check(&["--format", "json"])));
    assert_eq!(after["scores"], before["scores"]);
    assert_eq!(after["notes"], Value::Array(vec![]), "nothing is wrong with the waivers");
    for (one, other) in statements(&after).iter().zip(statements(&before)) {
        for field in ["text", "verdict", "probability", "criteria", "suggestion", "hash"] {
            assert_eq!(one[field], other[field], "{field}");
        }
        let waived = one["waived"].as_array().expect("a list");
        assert_eq!(waived.len(), 1, "{one:#}");
        assert_eq!(
            (&waived[0]["rule"], &waived[0]["text"], &waived[0]["by"]),
            (&"provision/open-frequency".into(), &"regular".into(), &"comment".into())
        );
        let left =
            other["findings"].as_array().expect("a list").iter().filter(|f| f["rule"] != "provision/open-frequency");
        assert_eq!(one["findings"].as_array().expect("a list"), &left.cloned().collect::<Vec<_>>());
    }
    assert_eq!(
        (&statements(&after)[1]["waived"][0]["expires"], &statements(&after)[1]["waived"][0]["owner"]),
        (&"2027-03-31".into(), &"Ms Okafor".into())
    );
    let schema = include_str!("../schemas/check.schema.json");
    let validator = jsonschema::draft202012::new(&serde_json::from_str(schema).expect("JSON")).expect("a schema");
    assert!(validator.is_valid(&after) && validator.is_valid(&before));
    assert_eq!(
        (&after["engine"]["way"], &after["engine"]["model"], &after["engine"]["rules"]),
        (&"rules".into(), &Value::Null, &"built-in".into())
    );

    for format in ["text", "html"] {
        let page = out(&with.check(&["--format", format]));
        let page: Vec<&str> = page.split_whitespace().collect();
        let page = page.join(" ");
        for said in ["Waived findings", "the timetable says when", "the nurse decides", "until 2027-03-31"] {
            assert!(page.contains(said), "{said} in {format}\n{page}");
        }
    }
    let sarif = json(&with.check(&["--format", "sarif"]));
    let published = include_str!("schemas/sarif-schema-2.1.0.json").replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$");
    let validator = jsonschema::validator_for(&serde_json::from_str(&published).expect("JSON")).expect("a schema");
    assert!(validator.is_valid(&sarif));
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    let suppressed: Vec<&Value> = results.iter().filter(|r| r["suppressions"][0]["kind"] == "inSource").collect();
    assert_eq!(suppressed.len(), 2);
    assert_eq!(suppressed[0]["suppressions"][0]["justification"], "the timetable says when");
    assert!(results.iter().all(|result| result["suppressions"].is_array()), "all results say so once one does");

    let annotated = with.run(&["annotate", "plan.docx", "-o", "annotated.docx"]);
    assert_eq!(annotated.status.code(), Some(0), "{}", String::from_utf8_lossy(&annotated.stderr));
    let bytes = std::fs::read(with.0.join("annotated.docx")).expect("it was written");
    let listed = String::from_utf8(marked::parts(&bytes)["word/comments.xml"].clone()).expect("UTF-8");
    let ours = marked::comments(&listed, "clearplan");
    let summary = ours.values().next().expect("a summary");
    assert!(summary.contains("Waived findings") && summary.contains("the timetable says when"), "{summary}");
    assert!(!ours.values().skip(1).any(|text| text.contains("open-frequency")), "{ours:?}");
    assert!(listed.contains("Is that right?"), "comments of people stay");
}

#[test]
fn a_waived_finding_does_not_count_to_the_status() {
    let folder = Folder::new("status", &plan(FIRST, SECOND));
    let other = Folder::new("status-without", &plan("Hm.", "Hm."));
    let error = |folder: &Folder| {
        let json = json(&folder.check(&["--format", "json"]));
        let findings: Vec<Value> =
            statements(&json).iter().flat_map(|s| s["findings"].as_array().expect("a list").clone()).collect();
        let errors = findings.iter().any(|finding| finding["severity"] == "error");
        assert_eq!(folder.check(&[]).status.code(), Some(i32::from(errors)));
        errors
    };
    assert!(error(&other), "without waivers there is an error");
    assert!(!error(&folder), "and with them none");
}

#[test]
fn a_comment_that_waives_nothing_is_a_note() {
    let folder = Folder::new(
        "notes",
        &plan(
            "clearplan: ignore open-frequency",
            "clearplan: ignore open-frequency until 2026-11-26 because the nurse decides",
        ),
    );
    let notes = json(&folder.check(&["--format", "json"]))["notes"].clone();
    let kinds: Vec<&Value> = notes.as_array().expect("a list").iter().map(|note| &note["kind"]).collect();
    assert_eq!(kinds, ["waiver", "waiver"]);
    let page = out(&folder.check(&[]));
    assert!(page.contains("gives no reason") && page.contains("has run out"), "{page}");
    assert_eq!(folder.check(&[]).status.code(), Some(1));
}

#[test]
fn a_file_of_waivers_waives_by_words_section_and_hash() {
    let folder = Folder::new("file", &plan("Hm.", "Hm."));
    let hash = statements(&json(&folder.check(&["--format", "json"])))[1]["hash"].as_str().expect("a hash").to_owned();
    let entry = |place: &str| {
        format!(
            "[[waiver]]\nrule = \"open-frequency\"\n{place}\nreason = \"Agreed\"\nowner = \"Ms Okafor\"\nexpires = 2027-03-31\n"
        )
    };
    let waived = |place: &str| {
        std::fs::write(folder.0.join("w.toml"), entry(place)).expect("it is written");
        let plan = json(&folder.check(&["--format", "json", "--waivers", "w.toml"]));
        statements(&plan).iter().map(|s| s["waived"].as_array().expect("a list").len()).collect::<Vec<_>>()
    };
    assert_eq!(waived("words = \"regular HELP\""), [1, 0]);
    assert_eq!(waived(&format!("statement = \"{hash}\"")), [0, 1]);
    assert_eq!(waived("section = \"F\""), [1, 1]);
    assert_eq!(waived("section = \"F\"\nplan = \"other.docx\""), [0, 0]);
    std::fs::write(folder.0.join("w.toml"), entry("")).expect("it is written");
    let run = folder.check(&["--waivers", "w.toml"]);
    assert_eq!(run.status.code(), Some(2));
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(said.contains("w.toml: line 1: this waiver does not say where"), "{said}");
}

/// The same plan as an OpenDocument text: an annotation over "regular", in two spans, and one at the end of a sentence.
fn open_plan(first: &str, second: &str) -> Vec<u8> {
    let note = |name: &str, text: &str| {
        format!(
            "<office:annotation{name}><dc:creator>Ms Okafor</dc:creator><dc:date>2026-11-01T00:00:00</dc:date><text:p>{text}</text:p>\
             </office:annotation>"
        )
    };
    let content = format!(
        "<office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><office:body>\
         <office:text><text:h text:outline-level=\"1\">Section F: Provision</text:h><text:p>Sam &amp; his class will have \
         {}<text:span>reg</text:span>ular<office:annotation-end office:name=\"__7\"/> help from staff.</text:p>\
         <text:p>Sam will have regular visits.{}{}</text:p></office:text></office:body></office:document-content>",
        note(" office:name=\"__7\"", first),
        note("", second),
        note("", "Is that right?")
    );
    container(&[("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", &content)])
}

/// The findings that are left and the waived ones, statement by statement, and the notes.
fn said(folder: &Folder, file: &str) -> (Vec<(Value, Value)>, Value) {
    let plan = json(&folder.run(&["check", file, "--format", "json"]));
    let sides = statements(&plan).into_iter().map(|s| (s["findings"].clone(), s["waived"].clone()));
    (sides.collect(), plan["notes"].clone())
}

#[test]
fn annotations_of_an_opendocument_text_are_honoured_as_comments_in_word_are() {
    let folder = Folder::new("odt", &plan(FIRST, SECOND));
    std::fs::write(folder.0.join("plan.odt"), open_plan(FIRST, SECOND)).expect("it is written");
    let (sides, notes) = said(&folder, "plan.odt");
    assert_eq!(notes, Value::Array(vec![]));
    assert_eq!(sides, said(&folder, "plan.docx").0, "the same plan");
    assert!(sides.len() == 2 && sides.iter().all(|(_, waived)| waived[0]["owner"] == "Ms Okafor"), "{sides:?}");

    let annotated = folder.run(&["annotate", "plan.odt", "-o", "annotated.odt"]);
    assert_eq!(annotated.status.code(), Some(0), "{}", String::from_utf8_lossy(&annotated.stderr));
    let content = |name: &str| {
        let bytes = std::fs::read(folder.0.join(name)).expect("it was written");
        String::from_utf8(marked::parts(&bytes)["content.xml"].clone()).expect("UTF-8")
    };
    let written = content("annotated.odt");
    let ours: Vec<&str> = written
        .split("<office:annotation")
        .filter(|part| part.contains("<dc:creator>clearplan</dc:creator>"))
        .collect();
    assert!(ours[0].contains("Waived findings") && ours[0].contains("the timetable says when"), "{}", ours[0]);
    assert!(!ours.iter().skip(1).any(|note| note.contains("open-frequency")), "{ours:?}");
    // What was written does not speak to us, and what people wrote goes on to.
    assert_eq!(said(&folder, "annotated.odt"), (sides, notes));
    let mut remove = Command::new(env!("CARGO_BIN_EXE_clearplan"));
    remove.args(["annotate", "annotated.odt", "--remove", "-o", "undone.odt"]).current_dir(&folder.0);
    let undone = remove.output().expect("the binary starts");
    assert_eq!(undone.status.code(), Some(0), "{}", String::from_utf8_lossy(&undone.stderr));
    assert_eq!(content("undone.odt"), content("plan.odt"));
}

#[test]
fn comments_in_a_text_are_honoured_and_are_no_words_of_the_plan() {
    let folder = Folder::new("text", &plan(FIRST, SECOND));
    let text = |first: &str, second: &str| {
        format!(
            "# Section F: Provision\n\n{first}Sam & his class will have regular help from staff.\n\nSam will have regular \
             visits.{second}\n"
        )
    };
    std::fs::write(folder.0.join("plan.md"), text(&format!("<!-- {FIRST} -->\n"), &format!(" <!-- {SECOND} -->")))
        .expect("it is written");
    std::fs::write(folder.0.join("none.md"), text("", "")).expect("it is written");
    let ((sides, notes), (before, _)) = (said(&folder, "plan.md"), said(&folder, "none.md"));
    assert_eq!(notes, Value::Array(vec![]));
    let whole = |(findings, waived): &(Value, Value)| {
        let list = |value: &Value| value.as_array().expect("a list").clone();
        let ids = [list(findings), list(waived)].concat().iter().map(|f| f["rule"].to_string()).collect::<Vec<_>>();
        ids.into_iter().collect::<std::collections::BTreeSet<_>>()
    };
    for (after, before) in sides.iter().zip(&before) {
        assert_eq!(whole(after), whole(before));
        assert_eq!(after.1[0]["rule"], "provision/open-frequency");
        assert_eq!((&after.1[0]["by"], &after.1[0]["owner"]), (&"comment".into(), &Value::Null));
        assert_eq!(before.1, Value::Array(vec![]));
    }
    let page = out(&folder.run(&["check", "plan.md", "--format", "html"]));
    assert!(
        page.contains("the nurse decides") && !page.contains("clearplan: ignore"),
        "listed, and no words of the plan"
    );
    let marked = folder.run(&["annotate", "plan.md", "-o", "marked.html"]);
    assert_eq!(marked.status.code(), Some(0), "{}", String::from_utf8_lossy(&marked.stderr));
    let page = std::fs::read_to_string(folder.0.join("marked.html")).expect("it was written");
    assert!(page.contains("the timetable says when") && !page.contains("clearplan: ignore"), "{page}");

    std::fs::write(
        folder.0.join("bad.md"),
        text("<!-- clearplan: ignore open-frequency -->\n", " <!-- clearplan: ignore"),
    )
    .expect("it is written");
    let notes = said(&folder, "bad.md").1;
    let notes: Vec<&str> =
        notes.as_array().expect("a list").iter().filter_map(|note| note["message"].as_str()).collect();
    assert!(notes.iter().any(|note| note.contains("in line 3 ") && note.contains("gives no reason")), "{notes:?}");
    assert!(notes.iter().any(|note| note.contains("in line 6 ") && note.contains("not closed")), "{notes:?}");
}
