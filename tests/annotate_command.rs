//! `clearplan annotate`, run as a person runs it.

mod marked;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const MAIN: &str = "<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'><w:body><w:p><w:r>\
    <w:t>Section F</w:t></w:r></w:p><w:p><w:r><w:t>Sam will have regular help.</w:t></w:r></w:p></w:body></w:document>";

/// A folder of this test's own, with a plan in Word and one in plain text.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("annotate-{test}"));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("the folder can be made");
        let root =
            "<Relationships><Relationship Id='a' Type='x/officeDocument' Target='word/document.xml'/></Relationships>";
        let plan = marked::container(&[
            ("[Content_Types].xml", "<Types/>"),
            ("_rels/.rels", root),
            ("word/document.xml", MAIN),
        ]);
        std::fs::write(path.join("plan.docx"), plan).expect("it can be written");
        std::fs::write(path.join("plan.txt"), "Section F\n\nSam will have regular help.\n").expect("it can be written");
        Self(path)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_clearplan"))
            .arg("annotate")
            .args(arguments)
            .args(if arguments.contains(&"--remove") { &[][..] } else { &["--model", "rules"] })
            .current_dir(&self.0)
            .env("SOURCE_DATE_EPOCH", "1767225600")
            .output()
            .expect("the binary starts")
    }

    fn part(&self, file: &str, path: &str) -> String {
        let bytes = std::fs::read(self.0.join(file)).expect("the file is there");
        String::from_utf8(marked::parts(&bytes).remove(path).expect("the part is there")).expect("UTF-8")
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_copy_beside_the_plan_and_the_way_back() {
    let folder = Folder::new("copy");
    let output = folder.run(&["plan.docx"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(said(&output), "plan-annotated.docx: 1 statement has a comment\n");
    let comments = folder.part("plan-annotated.docx", "word/comments.xml");
    assert!(
        comments.contains("w:author=\"clearplan\" w:date=\"2026-01-01T00:00:00Z\" w:initials=\"cp\""),
        "{comments}"
    );

    // Somebody may have worked in it.
    let again = folder.run(&["plan.docx"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(said(&again).contains("plan-annotated.docx is there already"), "{}", said(&again));

    // An annotated plan is annotated anew, not twice.
    let output = folder.run(&["plan-annotated.docx", "-o", "twice.docx", "--date", "2026-02-03"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let comments = folder.part("twice.docx", "word/comments.xml");
    assert_eq!(comments.matches("<w:comment ").count(), 2, "{comments}");
    assert!(comments.contains("2026-02-03T00:00:00Z") && !comments.contains("2026-01-01"), "{comments}");

    let output = folder.run(&["plan-annotated.docx", "--remove"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(folder.part("plan-plain.docx", "word/document.xml"), MAIN);
    let output = folder.run(&["plan.docx", "--remove", "-o", "x.docx"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(said(&output).contains("nothing in it that clearplan wrote"), "{}", said(&output));
}

#[test]
fn the_plan_itself_is_never_written_over() {
    let folder = Folder::new("itself");
    let before = std::fs::read(folder.0.join("plan.docx")).expect("it is there");
    let output = folder.run(&["plan.docx", "--output", "./plan.docx"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("is the plan itself"), "{}", said(&output));
    assert_eq!(std::fs::read(folder.0.join("plan.docx")).expect("it is there"), before);
}

#[test]
fn other_formats_become_a_marked_page() {
    let folder = Folder::new("page");
    let output = folder.run(&["plan.txt"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let page = std::fs::read_to_string(folder.0.join("plan-annotated.html")).expect("it is there");
    assert!(page.contains("Sam will have <mark class=\"error\">regular</mark>"), "{page}");
    let output = folder.run(&["plan.txt", "--tracked-changes", "-o", "x"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("are for Word documents"), "{}", said(&output));
}

#[test]
fn wrong_usage_says_what_to_do() {
    let folder = Folder::new("usage");
    for (arguments, expected) in [
        (&["plan.docx", "--working-document"][..], "--party"),
        (&["plan.docx", "--party", "parent"], "--working-document"),
        (&["plan.docx", "--date", "yesterday"], "a day looks like 2026-11-27"),
        (&["plan.docx", "--remove", "--tracked-changes"], "cannot be used with"),
        (&["-"], "name the file to write with --output"),
        (&["gone.docx"], "there is no such file"),
    ] {
        let output = folder.run(arguments);
        assert!(matches!(output.status.code(), Some(2 | 3)), "{arguments:?}");
        assert!(said(&output).contains(expected), "{arguments:?}: {}", said(&output));
    }
}

#[test]
fn a_working_document_and_tracked_changes() {
    let folder = Folder::new("modes");
    let output = folder.run(&["plan.docx", "--tracked-changes", "-o", "tracked.docx"]);
    assert!(said(&output).starts_with("tracked.docx: 1 suggestion is written in"), "{}", said(&output));
    assert!(folder.part("tracked.docx", "word/document.xml").contains("<w:ins w:id="));
    let output = folder.run(&["plan.docx", "--working-document", "--party", "authority", "-o", "working.docx"]);
    assert!(said(&output).starts_with("working.docx: 1 suggestion is written in"), "{}", said(&output));
    assert!(folder.part("working.docx", "word/document.xml").contains("<w:rPr><w:i/><w:strike/></w:rPr>"));
}
