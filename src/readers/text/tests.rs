use super::*;
use crate::span::Span;

fn paragraphs(text: &str) -> Vec<Paragraph> {
    let document = read("plan.txt", text.as_bytes()).expect("text is read");
    document.paragraphs().into_iter().cloned().collect()
}

fn texts(text: &str) -> Vec<String> {
    paragraphs(text).into_iter().map(|paragraph| paragraph.text).collect()
}

#[test]
fn broken_lines_join_and_headings_stand_alone() {
    let plan = "SECTION F\nSpecial educational provision\nA speech and language therapist will see Robin for 45 minutes every\nfortnight during term time and will set the programme that the school\ncarries out between visits.\nThe school will carry out the programme daily for 15 minutes.\n\nSection G: Health\nNone.";
    assert_eq!(
        texts(plan),
        [
            "SECTION F",
            "Special educational provision",
            "A speech and language therapist will see Robin for 45 minutes every fortnight during term time and will set the programme that the school carries out between visits.",
            "The school will carry out the programme daily for 15 minutes.",
            "Section G: Health",
            "None.",
        ]
    );
}

#[test]
fn unbroken_lines_are_paragraphs() {
    let long = "Robin will be taught in a group of no more than six pupils by a teacher who holds a qualification in teaching children with developmental language disorder.";
    assert_eq!(texts(&format!("{long}\n{long}\nMy Outcomes\n{long}")), [long, long, "My Outcomes", long]);
}

#[test]
fn list_items_have_marks_and_levels() {
    let plan = "By the end of Key Stage 2, Robin will be able to:\n- follow a three-step instruction given to the whole class on four\n  out of five occasions;\n- use a pencil grip\n    - for ten minutes\n    - in two lessons\n- ask for help.\n\n1. First\n2. Second\na) third\n(i) fourth";
    let found: Vec<(u8, String, String)> = paragraphs(plan)
        .into_iter()
        .filter_map(|paragraph| match paragraph.role {
            Role::Item { level, marker } => Some((level, marker, paragraph.text)),
            _ => None,
        })
        .collect();
    let expected = [
        (0, "-", "follow a three-step instruction given to the whole class on four out of five occasions;"),
        (0, "-", "use a pencil grip"),
        (1, "-", "for ten minutes"),
        (1, "-", "in two lessons"),
        (0, "-", "ask for help."),
        (0, "1.", "First"),
        (0, "2.", "Second"),
        (0, "a)", "third"),
        (0, "(i)", "fourth"),
    ];
    assert_eq!(found, expected.map(|(level, marker, text)| (level, marker.to_owned(), text.to_owned())));
}

#[test]
fn a_mark_may_stand_on_a_line_of_its_own() {
    let all = paragraphs("Robin will:\n\u{2022}\nread a book\n\u{2022}\nswim\n");
    let found: Vec<(bool, &str)> = all.iter().map(|p| (matches!(p.role, Role::Item { .. }), p.text.as_str())).collect();
    assert_eq!(found, [(false, "Robin will:"), (true, "read a book"), (true, "swim")]);
}

#[test]
fn a_number_in_a_sentence_is_no_mark() {
    let plan = "The adults have agreed that all of this is to be reached by the end of Key Stage\n2. The teacher will write it down in the book that goes home on each Friday and\nthe parents will sign it.";
    assert_eq!(texts(plan).len(), 1);
}

#[test]
fn markdown_headings_bold_and_tables() {
    let plan = "# Section E\n\nOutcomes\n========\n\n**Review**\n\nRobin will **read** it.\n\n| Outcome | By whom |\n|---|---|\n| Robin will read \\| write. | Teacher |\n| Robin will swim. | **Teacher** |\n";
    let document = read("plan.md", plan.as_bytes()).expect("read");
    let all = document.paragraphs();
    assert_eq!(all[0].role, Role::Heading(1));
    assert_eq!((all[1].role.clone(), all[1].text.as_str()), (Role::Heading(1), "Outcomes"));
    assert_eq!((all[2].bold, all[2].text.as_str()), (true, "Review"));
    assert_eq!((all[3].bold, all[3].text.as_str()), (false, "Robin will read it."));
    let Some(Block::Table(table)) = document.blocks.last() else { panic!("no table") };
    assert_eq!(table.rows.len(), 3);
    assert!(table.rows[0].heading && !table.rows[1].heading);
    assert_eq!(all[6].text, "Robin will read | write.");
    assert!(all[9].bold);
}

#[test]
fn furniture_is_told() {
    let all = paragraphs("Section A ............ 3\nPage 3 of 12\n\u{c}Robin will read.\n- 4 -\n");
    let roles: Vec<&Role> = all.iter().map(|paragraph| &paragraph.role).collect();
    assert_eq!(roles, [&Role::Furniture, &Role::Furniture, &Role::Body, &Role::Furniture]);
}

#[test]
fn runs_and_lines_point_at_the_source() {
    let plan = "Views\r\n\r\n  \u{2022}\tRobin likes   trains and boats and planes and also the long walk\r\n    by the river.\r\n";
    let all = paragraphs(plan);
    assert_eq!(all[1].text, "Robin likes trains and boats and planes and also the long walk by the river.");
    assert_eq!(all[1].place.line, Some(3));
    for run in &all[1].runs {
        assert_eq!(run.source.of(plan), run.text.of(&all[1].text));
    }
    let covered: usize = all[1].runs.iter().map(|run| run.text.len()).sum();
    assert_eq!(covered, all[1].text.len() - 2, "all but the two joined blanks");
    assert!(all[1].runs.windows(2).all(|pair| !pair[0].text.overlaps(pair[1].text)));
    assert_eq!(Span::new(0, 5).of(plan), "Views");
}

#[test]
fn encodings() {
    let plan = "Robin’s plan – “good”";
    let utf16: Vec<u8> = plan.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut marked = vec![0xFF, 0xFE];
    marked.extend(&utf16);
    let windows = b"Robin\x92s plan \x96 \x93good\x94";
    for (bytes, guessed) in [(plan.as_bytes(), false), (&utf16, false), (&marked, false), (windows, true)] {
        let document = read("plan.txt", bytes).expect("read");
        assert_eq!(document.paragraphs()[0].text, plan);
        assert_eq!(document.notes.len(), usize::from(guessed));
    }
}
