//! Documents built in code: every heading form, table layout and lead-in that plans are known to have.

use super::{Framework, segment};
use crate::document::{
    Block, Cell, ContextRole, Document, Format, Kind, Paragraph, Place, Role, Row, Section, Setting, Statement, Table,
};
use proptest::prelude::*;

// ---- A compact builder.

fn p(text: &str) -> Block {
    Block::Paragraph(Paragraph { text: text.to_owned(), ..Paragraph::default() })
}

fn bold(text: &str) -> Block {
    Block::Paragraph(Paragraph { text: text.to_owned(), bold: true, ..Paragraph::default() })
}

fn h(level: u8, text: &str) -> Block {
    Block::Paragraph(Paragraph { text: text.to_owned(), role: Role::Heading(level), ..Paragraph::default() })
}

fn li(level: u8, text: &str) -> Block {
    let role = Role::Item { level, marker: "•".to_owned() };
    Block::Paragraph(Paragraph { text: text.to_owned(), role, ..Paragraph::default() })
}

fn cell(column: usize, columns: usize, rows: usize, blocks: Vec<Block>) -> Cell {
    Cell { blocks, column, columns, rows }
}

/// A table of plain text; `^` is a place that a cell above covers, `""` an empty cell, a lone cell fills its row.
fn table(rows: &[&[&str]]) -> Block {
    let wide = rows.iter().map(|r| r.len()).max().unwrap_or(1);
    let make = |(r, row): (usize, &&[&str])| {
        let cells = row.iter().enumerate().filter(|(_, text)| **text != "^").map(|(c, text)| {
            let below = rows[r + 1..].iter().take_while(|row| row.get(c) == Some(&"^")).count();
            let blocks = text.split("¶").map(p).collect();
            cell(c, if row.len() == 1 { wide } else { 1 }, below + 1, blocks)
        });
        Row { cells: cells.collect(), heading: false }
    };
    Block::Table(Table { rows: rows.iter().enumerate().map(make).collect() })
}

fn document(blocks: Vec<Block>) -> Document {
    fn number(blocks: &mut [Block], next: &mut usize) {
        for block in blocks {
            match block {
                Block::Paragraph(paragraph) => {
                    paragraph.place = Place { paragraph: *next, ..Place::default() };
                    *next += 1;
                }
                Block::Table(table) => {
                    table.rows.iter_mut().flat_map(|r| &mut r.cells).for_each(|c| number(&mut c.blocks, next));
                }
            }
        }
    }
    let mut document = Document::new("test", Format::Text);
    document.blocks = blocks;
    number(&mut document.blocks, &mut 0);
    document
}

fn cut(blocks: Vec<Block>) -> Vec<Section> {
    segment(&document(blocks), Framework::ehcp())
}

/// `F provision: text <- context | context` for every statement, in order.
fn shown(blocks: Vec<Block>) -> Vec<String> {
    cut(blocks).iter().flat_map(|s| &s.statements).map(show).collect()
}

fn show(s: &Statement) -> String {
    let kind = format!("{:?}", s.kind).to_lowercase();
    let context: Vec<&str> = s.context.iter().map(|c| c.text.as_str()).collect();
    let context = if context.is_empty() { String::new() } else { format!(" <- {}", context.join(" | ")) };
    format!("{} {kind}: {}{context}", s.section, s.text)
}

fn ids(blocks: Vec<Block>) -> Vec<String> {
    cut(blocks).into_iter().map(|s| s.section).collect()
}

const HELP: &str = "A teaching assistant will read with Sam for 10 minutes every day.";
const OUTCOME: &str = "By July 2027 Sam will read 50 words.";
const NEED: &str = "Sam finds it hard to read.";

// ---- Headings.

#[test]
fn a_heading_of_any_look_opens_its_section() {
    for heading in [
        h(1, "Section F: Special educational provision"),
        bold("SECTION F"),
        p("F - Special Educational Provision"),
        p("Part 3"),
        h(2, "Special educational provision"),
    ] {
        assert_eq!(shown(vec![heading, p(HELP)]), [format!("F provision: {HELP}")]);
    }
}

#[test]
fn a_heading_in_the_first_cell_or_row_opens_its_section() {
    assert_eq!(
        shown(vec![table(&[&["Section F: Special educational provision"], &[HELP]])]),
        [format!("F provision: {HELP}")]
    );
    assert_eq!(
        shown(vec![table(&[&["Section F", HELP], &["Section G", "A nurse will visit every week."]])]),
        [format!("F provision: {HELP}"), "G provision: A nurse will visit every week.".to_owned()]
    );
}

#[test]
fn old_statements_count_in_parts() {
    let plan = vec![
        bold("PART 2: SPECIAL EDUCATIONAL NEEDS"),
        p(NEED),
        bold("PART 3: SPECIAL EDUCATIONAL PROVISION"),
        p(HELP),
        bold("PART 4: PLACEMENT"),
    ];
    assert_eq!(ids(plan), ["B", "F", "I"]);
}

#[test]
fn a_section_with_nothing_below_it_is_kept() {
    assert_eq!(ids(vec![h(1, "Section F"), p(HELP), h(1, "Section G"), p("None")]), ["F", "G"]);
}

#[test]
fn headings_within_sentences_open_nothing() {
    let said = "Please read this with the outcomes. See Section E for the outcomes.";
    let after = "Section E sets out what Sam should reach by then.";
    assert_eq!(ids(vec![h(1, "Section F"), p(HELP), p(said), p(after), p(HELP)]), ["F"]);
}

#[test]
fn numbered_parts_of_a_section_are_sub_headings() {
    let plan = vec![
        h(1, "Section B"),
        h(2, "B1 Communication and interaction"),
        p(NEED),
        h(2, "B2 Cognition and learning"),
        p(NEED),
    ];
    assert_eq!(ids(plan), ["B"]);
}

#[test]
fn bare_titles_open_sections_where_no_letters_do() {
    let plan = vec![
        p("What I find hard"),
        p(NEED),
        p("My Outcomes"),
        p(OUTCOME),
        p("Help with my health"),
        p("A nurse will visit every week."),
    ];
    assert_eq!(ids(plan), ["B", "E", "G"]);
}

#[test]
fn a_need_area_called_health_opens_nothing_in_a_lettered_plan() {
    let plan = vec![
        h(1, "Section B"),
        h(2, "Health"),
        p(NEED),
        h(1, "Section C"),
        p(NEED),
        h(1, "Section F"),
        h(2, "Health"),
        p(HELP),
    ];
    assert_eq!(ids(plan), ["B", "C", "F"]);
}

#[test]
fn help_below_its_own_title_is_provision_and_the_next_area_leads_back() {
    let plan = vec![
        h(1, "My Outcomes"),
        h(2, "Reading"),
        p(OUTCOME),
        h(3, "What support I will get"),
        li(0, HELP),
        h(2, "Writing"),
        li(0, "I will write my name by July 2027."),
        h(3, "What support I will get"),
        li(0, "Help with writing"),
    ];
    assert_eq!(ids(plan.clone()), ["E", "F", "E", "F"]);
    assert_eq!(shown(plan)[2], "E outcome: I will write my name by July 2027.");
}

#[test]
fn an_outcome_restated_under_f_is_an_outcome() {
    let plan = vec![h(1, "Section F"), h(2, "Outcome 1"), p(OUTCOME), h(2, "Provision"), p(HELP), h(1, "Section G")];
    assert_eq!(shown(plan), [format!("E outcome: {OUTCOME}"), format!("F provision: {HELP}")]);
}

#[test]
fn a_long_numbered_heading_is_no_statement() {
    let long = "A2 SUMMARY the views, interests and aspirations of the CHILD and their parent, or of the YOUNG PERSON";
    let plan = vec![
        table(&[&["A1", "Summary of the history"], &["", "Sam was born at home."]]),
        table(&[&[long], &["Views"], &["Sam says that school is loud."]]),
    ];
    assert_eq!(shown(plan), ["A other: Sam was born at home.", "A other: Sam says that school is loud."]);
}

// ---- Contents lists and tables of sections.

const TITLES: [&str; 5] = [
    "Section A: Views",
    "Section B: Special educational needs",
    "Section E: Outcomes",
    "Section F: Special educational provision",
    "Section I: Placement",
];

fn body() -> Vec<Block> {
    vec![
        h(1, TITLES[0]),
        p("Sam wants to be a vet."),
        h(1, TITLES[1]),
        p(NEED),
        h(1, TITLES[2]),
        p(OUTCOME),
        h(1, TITLES[3]),
        p(HELP),
        h(1, TITLES[4]),
        p("Duck Lane is a school."),
    ]
}

#[test]
fn a_contents_list_opens_nothing() {
    for line in
        [|t: &str| p(t), |t: &str| p(&format!("{t} ........ 4")), |t: &str| p(&format!("{t}\t12")), |t: &str| li(0, t)]
    {
        let mut plan = vec![bold("Contents")];
        plan.extend(TITLES.iter().map(|t| line(t)));
        plan.push(p("This plan was written in May with everybody who knows Sam."));
        plan.extend(body());
        assert_eq!(ids(plan), ["", "A", "B", "E", "F", "I"]);
    }
}

#[test]
fn a_contents_list_without_its_title_opens_nothing() {
    let mut plan: Vec<Block> = TITLES.iter().map(|t| p(t)).collect();
    plan.extend(body());
    assert_eq!(ids(plan), ["A", "B", "E", "F", "I"]);
}

#[test]
fn a_table_of_what_each_section_must_include_opens_nothing() {
    let rows: Vec<Vec<&str>> = TITLES
        .iter()
        .map(|t| vec![t.split(':').next().unwrap_or(""), "All that the law asks for must stand here."])
        .collect();
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    let mut plan = vec![bold("What each section must include"), table(&rows)];
    plan.extend(body());
    assert_eq!(ids(plan), ["A", "B", "E", "F", "I"]);
}

#[test]
fn paragraphs_on_what_each_section_must_include_open_nothing() {
    let mut plan = vec![h(1, "What each section must include")];
    for title in TITLES {
        plan.extend([bold(title), p("All that the law asks for must stand here.")]);
    }
    plan.extend(body());
    let found = cut(plan);
    let opened: Vec<&str> = found.iter().map(|s| s.section.as_str()).filter(|s| !s.is_empty()).collect();
    assert_eq!(opened, ["A", "B", "E", "F", "I"]);
}

#[test]
fn a_plan_laid_out_as_one_table_of_sections_is_no_contents_list() {
    let plan = table(&[
        &["Section B", NEED],
        &["Section C", "Sam tires soon."],
        &["Section D", "Sam is alone a lot."],
        &["Section E", OUTCOME],
        &["Section F", HELP],
    ]);
    assert_eq!(ids(vec![plan]), ["B", "C", "D", "E", "F"]);
}

// ---- Tables.

const BFE: [&str; 3] = ["B – Special Educational Needs", "F – Special Educational Provision", "E – Outcomes"];

#[test]
fn the_government_tables_give_a_section_for_each_column() {
    let one = table(&[
        &["Special Educational Needs and Provision (B-F-E)¶Communication and interaction"],
        &["Strengths"],
        &["Sam speaks two languages."],
        &BFE,
        &[NEED, HELP, OUTCOME],
        &["Sam stammers.", "Therapy weekly¶Breaks daily", "Sam will speak."],
    ]);
    let sections = cut(vec![h(1, "Section A"), p("Sam wants to be a vet."), one.clone(), one]);
    let heads: Vec<(&str, usize)> = sections.iter().map(|s| (s.section.as_str(), s.statements.len())).collect();
    assert_eq!(heads, [("A", 1), ("B", 3), ("F", 3), ("E", 2), ("B", 3), ("F", 3), ("E", 2)]);
    let b: Vec<Kind> = sections[1].statements.iter().map(|s| s.kind).collect();
    assert_eq!(b, [Kind::Other, Kind::Need, Kind::Need]);
    assert_eq!(sections[2].heading, BFE[1]);
}

#[test]
fn health_and_social_care_have_their_own_columns() {
    let health = table(&[
        &["C - Health care needs", "G – Health Care Provision", "E – Outcomes"],
        &["Sam tires.", "A nurse visits weekly.", "Sam will sleep."],
    ]);
    let social = table(&[
        &[
            "D – Social care needs",
            "H1 – Provision under section 2",
            "H2 - Other social care provision",
            "E – Outcomes",
        ],
        &["Sam is alone.", "Two hours a week.", "One night a month.", "Sam will go out."],
    ]);
    assert_eq!(ids(vec![health, social]), ["C", "G", "E", "D", "H1", "H2", "E"]);
}

#[test]
fn who_and_when_belong_to_their_row() {
    let plan = vec![
        h(1, "Section F"),
        table(&[
            &["Provision", "Provided by who and by when", "How often"],
            &["Reading with Sam", "Teaching assistant, from May", "10 minutes daily"],
            &["Writing", "", "N/A"],
        ]),
    ];
    assert_eq!(
        shown(plan),
        [
            "F provision: Reading with Sam <- Provided by who and by when: Teaching assistant, from May | How often: 10 minutes daily",
            "F provision: Writing"
        ]
    );
}

#[test]
fn by_when_belongs_to_the_outcome_and_by_whom_to_the_help() {
    let plan = vec![
        bold("Sections E and F"),
        table(&[
            &["Outcome", "By when", "Provision", "By whom"],
            &["Sam will read.", "July 2027", "Phonics daily", "Teacher"],
        ]),
    ];
    assert_eq!(
        shown(plan),
        ["E outcome: Sam will read. <- By when: July 2027", "F provision: Phonics daily <- By whom: Teacher"]
    );
}

#[test]
fn merged_cells_apply_to_all_their_rows() {
    let plan = vec![
        h(1, "Sections E and F"),
        table(&[
            &["Outcome", "Provision", "By whom", "Frequency"],
            &["Sam will read.", "Phonics", "Teacher", "Daily"],
            &["^", "Paired reading", "^", "Weekly"],
            &["Sam will write.", "Spelling", "TA", "Daily"],
        ]),
    ];
    assert_eq!(
        shown(plan),
        [
            "E outcome: Sam will read.",
            "E outcome: Sam will write.",
            "F provision: Phonics <- By whom: Teacher | Frequency: Daily",
            "F provision: Paired reading <- By whom: Teacher | Frequency: Weekly",
            "F provision: Spelling <- By whom: TA | Frequency: Daily"
        ]
    );
}

#[test]
fn a_deadline_in_a_column_title_is_inherited() {
    let plan = vec![
        h(1, "Section E"),
        table(&[
            &["Area of need", "Outcomes by the end of Key Stage 2", "Success criteria"],
            &["Learning", "Sam will read.", "50 words a minute"],
        ]),
    ];
    let sections = cut(plan);
    let roles: Vec<ContextRole> = sections[0].statements[0].context.iter().map(|c| c.role).collect();
    assert_eq!(roles, [ContextRole::Column, ContextRole::Cell]);
}

#[test]
fn numbered_outcome_columns_are_outcomes() {
    let plan = vec![
        h(1, "Section E"),
        table(&[&["Outcome 1", "Outcome 2", "Outcome 3"], &["Sam will read.", "Sam will write.", "Sam will count."]]),
    ];
    assert_eq!(shown(plan), ["E outcome: Sam will read.", "E outcome: Sam will write.", "E outcome: Sam will count."]);
}

#[test]
fn titles_may_have_a_row_of_instructions_or_of_narrower_titles() {
    let told = vec![
        h(1, "Section F"),
        table(&[
            &["Provision", "By whom"],
            &["Please describe the provision", "Please include the qualification"],
            &["Phonics daily", "Teacher"],
        ]),
    ];
    assert_eq!(shown(told), ["F provision: Phonics daily <- By whom: Teacher"]);
    let row = |cells: Vec<Cell>| Row { cells, heading: false };
    let one = |c, text: &str| cell(c, 1, 1, vec![p(text)]);
    let split = Table {
        rows: vec![
            row(vec![one(0, "Outcome"), cell(1, 3, 1, vec![p("Provision")])]),
            row(vec![one(0, ""), one(1, "What"), one(2, "Who"), one(3, "How often")]),
            row(vec![one(0, "Sam will read."), one(1, "Phonics"), one(2, "Teacher"), one(3, "Daily")]),
        ],
    };
    assert_eq!(
        shown(vec![h(1, "Section E"), Block::Table(split)]),
        ["E outcome: Sam will read.", "F provision: Phonics <- Who: Teacher | How often: Daily"]
    );
}

#[test]
fn repeated_title_rows_are_no_statements() {
    let plan = vec![
        h(1, "Section F"),
        table(&[
            &["Provision", "By whom"],
            &["Phonics daily", "Teacher"],
            &["Provision", "By whom"],
            &["Spelling daily", "TA"],
        ]),
    ];
    assert_eq!(shown(plan).len(), 2);
}

#[test]
fn labels_beside_text_are_a_layout() {
    let plan = vec![
        h(1, "Section F"),
        table(&[&["Outcome", OUTCOME], &["Provision", HELP], &["By whom", "Mrs Finch, HLTA"], &["Frequency", "Daily"]]),
    ];
    assert_eq!(
        shown(plan),
        [
            format!("E outcome: {OUTCOME}"),
            format!("F provision: {HELP} <- By whom: Mrs Finch, HLTA | Frequency: Daily")
        ]
    );
}

#[test]
fn a_cover_table_gives_nothing() {
    let plan = vec![
        table(&[&["Name", "Sam Finch"], &["Date of birth", "1 May 2017"], &["UPN", "X123"]]),
        h(1, "Section B"),
        p(NEED),
    ];
    assert_eq!(shown(plan), [format!("B need: {NEED}")]);
}

#[test]
fn nested_tables_are_read_in_their_section() {
    let inner = table(&[&["Day", "Session"], &["Monday", "Swimming, 30 minutes with a teacher"]]);
    let outer = Table {
        rows: vec![Row {
            cells: vec![cell(0, 1, 1, vec![p("Physical")]), cell(1, 1, 1, vec![p("Physiotherapy weekly."), inner])],
            heading: false,
        }],
    };
    let plan = vec![h(1, "Section F"), Block::Table(outer)];
    assert_eq!(
        shown(plan),
        ["F provision: Physiotherapy weekly.", "F provision: Swimming, 30 minutes with a teacher <- Day: Monday"]
    );
}

#[test]
fn columns_of_views_hold_no_provision() {
    let plan = vec![
        h(1, "Section A"),
        table(&[&["What people like about me", "How best to support me"], &["Funny and loyal", "Give me time."]]),
        h(1, "Section F"),
    ];
    assert!(cut(plan).iter().flat_map(|s| &s.statements).all(|s| s.section == "A" && s.kind == Kind::Other));
}

// ---- Lead-ins and inherited headings.

#[test]
fn a_lead_in_is_inherited_by_each_item_and_is_no_statement() {
    let plan = vec![
        h(1, "Section E"),
        p("By the end of Key Stage 2, Sam will be able to:"),
        li(0, "read 50 words"),
        li(0, "write his name"),
        p(OUTCOME),
    ];
    assert_eq!(
        shown(plan),
        [
            "E outcome: read 50 words <- By the end of Key Stage 2, Sam will be able to:".to_owned(),
            "E outcome: write his name <- By the end of Key Stage 2, Sam will be able to:".to_owned(),
            format!("E outcome: {OUTCOME}")
        ]
    );
}

#[test]
fn an_unfinished_sentence_before_items_leads_in() {
    let plan = vec![h(1, "Section E"), p("Sam is nine. By July 2027 he will"), li(0, "read 50 words")];
    assert_eq!(shown(plan)[1], "E outcome: read 50 words <- By July 2027 he will");
}

#[test]
fn nested_items_inherit_both_lead_ins() {
    let plan = vec![
        h(1, "Section F"),
        p("Sam will have:"),
        li(0, "help to make friends:"),
        li(1, "a club on Mondays"),
        li(0, "a laptop"),
    ];
    assert_eq!(
        shown(plan),
        [
            "F provision: a club on Mondays <- Sam will have: | help to make friends:",
            "F provision: a laptop <- Sam will have:"
        ]
    );
}

#[test]
fn a_list_within_a_paragraph_is_cut_into_items() {
    let plan =
        vec![h(1, "Section E"), p("By July 2027 Sam will: a) read 50 words; b) write his name; and c) count to ten.")];
    assert_eq!(
        shown(plan),
        [
            "E outcome: read 50 words <- By July 2027 Sam will:",
            "E outcome: write his name <- By July 2027 Sam will:",
            "E outcome: count to ten. <- By July 2027 Sam will:"
        ]
    );
}

#[test]
fn typed_bullets_in_a_cell_are_items() {
    let plan = vec![
        h(1, "Section E"),
        table(&[&["Outcome", "By when"], &["Sam will:\n- read 50 words\n- write his name", "July 2027"]]),
    ];
    assert_eq!(
        shown(plan),
        [
            "E outcome: read 50 words <- By when: July 2027 | Sam will:",
            "E outcome: write his name <- By when: July 2027 | Sam will:"
        ]
    );
}

#[test]
fn a_heading_with_a_deadline_is_inherited_until_the_next() {
    let plan = vec![
        h(1, "Section E"),
        h(2, "By the end of Year 6"),
        li(0, "Sam will read."),
        h(2, "Learning"),
        li(0, "Sam will write."),
    ];
    assert_eq!(shown(plan), ["E outcome: Sam will read. <- By the end of Year 6", "E outcome: Sam will write."]);
}

#[test]
fn a_by_when_line_is_inherited() {
    let plan = vec![
        h(1, "Section E"),
        p("Sam will read."),
        p("By when: July 2027"),
        p("Sam will write."),
        p("By when: July 2028"),
        h(1, "Section F"),
        p("Review date: May 2027"),
        p(HELP),
    ];
    assert_eq!(
        shown(plan),
        [
            "E outcome: Sam will read. <- By when: July 2027".to_owned(),
            "E outcome: Sam will write. <- By when: July 2028".to_owned(),
            format!("F provision: {HELP} <- Review date: May 2027")
        ]
    );
}

#[test]
fn a_label_before_an_outcome_is_taken_off() {
    let plan = vec![h(1, "Section E"), p("Outcome 1: By July 2027 Sam will read.")];
    assert_eq!(shown(plan), ["E outcome: By July 2027 Sam will read."]);
}

// ---- Sentences and what is no statement.

#[test]
fn a_sentence_that_goes_on_stays_with_the_one_before() {
    let text = "Sam will have therapy weekly. These sessions will last an hour. Staff will help.";
    assert_eq!(
        shown(vec![h(1, "Section F"), p(text)]),
        [
            "F provision: Sam will have therapy weekly. These sessions will last an hour.",
            "F provision: Staff will help."
        ]
    );
}

#[test]
fn source_codes_are_cut_off() {
    let text = "Sam cannot read. (A, PR) He finds it hard to write (B).";
    assert_eq!(
        shown(vec![h(1, "Section B"), p(text), p("(A, PR)")]),
        ["B need: Sam cannot read.", "B need: He finds it hard to write"]
    );
}

#[test]
fn strengths_are_no_needs() {
    let plan =
        vec![h(1, "Section B"), p("Strengths"), li(0, "Sam draws."), p("Needs"), li(0, NEED), p("Sam enjoys maths.")];
    assert_eq!(
        shown(plan),
        ["B other: Sam draws.".to_owned(), format!("B need: {NEED}"), "B other: Sam enjoys maths.".to_owned()]
    );
}

#[test]
fn wishes_are_aspirations() {
    let plan = vec![
        h(1, "Section A"),
        p("Sam is eight. He would like to be a vet."),
        h(2, "Aspirations"),
        p("Sam: vet, or a farmer."),
    ];
    assert_eq!(
        shown(plan),
        ["A other: Sam is eight.", "A aspiration: He would like to be a vet.", "A aspiration: Sam: vet, or a farmer."]
    );
}

#[test]
fn form_texts_are_no_statements() {
    let furniture = Block::Paragraph(Paragraph {
        text: "Confidential draft of the plan.".into(),
        role: Role::Furniture,
        ..Paragraph::default()
    });
    let plan = vec![
        h(1, "Section F"),
        p("Please describe the provision in detail."),
        p("[Insert provision]"),
        p("Click or tap here to enter text."),
        p("Page 3 of 10"),
        p("3"),
        furniture,
        p("None"),
        p("N/A"),
        p("No health needs identified."),
        p("(list all provision)"),
        p("{{ provision_1 }}"),
        p("Signed on behalf of the council: A. Finch"),
    ];
    assert!(shown(plan).is_empty());
}

#[test]
fn text_before_any_section_is_kept_only_as_prose() {
    let plan = vec![
        h(1, "Plan for Sam"),
        p("Name: Sam Finch"),
        p("Hill Council"),
        p("This plan was written in May with everybody who knows Sam."),
        h(1, "Section B"),
        p(NEED),
    ];
    assert_eq!(
        shown(plan),
        [" other: This plan was written in May with everybody who knows Sam.".to_owned(), format!("B need: {NEED}")]
    );
}

#[test]
fn advice_lists_are_no_statements() {
    let plan = vec![
        h(1, "Section F"),
        p(HELP),
        h(1, "Section K"),
        li(0, "Parents, 3 May 2025"),
        table(&[&["Advice from", "Name", "Date"], &["School", "B. Longacre", "12 March 2025"]]),
    ];
    assert_eq!(shown(plan), [format!("F provision: {HELP}")]);
}

#[test]
fn the_letter_h_alone_is_h1() {
    assert_eq!(ids(vec![h(1, "Section H: Social care provision"), p("Two hours a week.")]), ["H1"]);
}

#[test]
fn the_placement_names_the_setting() {
    let plan = |place: &str| vec![h(1, "Section F"), p(HELP), h(1, "Section I"), p(place)];
    let setting = |place: &str| cut(plan(place))[0].statements[0].setting;
    assert_eq!(setting("Hill View, a maintained special school."), Setting::Special);
    assert_eq!(setting("Hill View, a mainstream school."), Setting::Mainstream);
    let mut given = document(plan("Hill View, a mainstream school."));
    given.setting = Some(Setting::Special);
    assert_eq!(segment(&given, Framework::ehcp())[0].statements[0].setting, Setting::Special);
}

#[test]
fn merged_outcomes_and_help_are_told_apart_by_their_wording() {
    let plan = vec![
        h(1, "Outcomes and provision"),
        p("By July 2027 Sam will catch the bus alone. A travel trainer will ride with him for two journeys a week."),
    ];
    assert_eq!(
        shown(plan),
        [
            "E outcome: By July 2027 Sam will catch the bus alone.",
            "F provision: A travel trainer will ride with him for two journeys a week."
        ]
    );
}

#[test]
fn a_document_without_sections_keeps_its_prose() {
    assert_eq!(shown(vec![p("Sam went to the sea with his class.")]), [" other: Sam went to the sea with his class."]);
    assert!(cut(vec![]).is_empty());
}

// ---- Properties.

fn texts() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "Section F",
        "Section E: Outcomes",
        "F - Special Educational Provision",
        "(A) Views",
        "Outcome",
        "Provision",
        "By whom",
        "By when: ",
        "Strengths",
        "Needs",
        "Sam will ",
        "be able to:",
        "read. ",
        "Dr. Finch ",
        "This will help. ",
        "a) read; b) write ",
        "1. ",
        "2. ",
        "- ",
        "• ",
        "\n",
        "\t",
        "(A, PR) ",
        "(",
        ")",
        ":",
        ";",
        "…",
        "’s ",
        "é",
        "山。",
        "\u{a0}",
        "\u{200b}",
        "None",
        "My Outcomes",
        "By the end of Year 6",
        "Contents",
        "....... 4",
        "What support I will get",
        "[",
        "]",
        "{{",
        "“",
        "12.5 hrs. p.w. ",
        "Part 3",
        "Sections E and F",
        "  ",
    ]);
    prop_oneof![4 => prop::collection::vec(pieces, 0..8).prop_map(|v| v.concat()), 1 => "\\PC{0,40}"]
}

fn blocks() -> impl Strategy<Value = Vec<Block>> {
    let role = prop_oneof![
        4 => Just(Role::Body),
        1 => (1u8..6).prop_map(Role::Heading),
        2 => (0u8..3).prop_map(|level| Role::Item { level, marker: "•".into() }),
        1 => Just(Role::Furniture),
    ];
    let paragraph = (texts(), role, any::<bool>())
        .prop_map(|(text, role, bold)| Block::Paragraph(Paragraph { text, role, bold, ..Paragraph::default() }));
    let block = paragraph.prop_recursive(3, 60, 12, |inner| {
        let cell = (prop::collection::vec(inner, 0..3), 0usize..4, 0usize..3, 0usize..4)
            .prop_map(|(blocks, column, columns, rows)| Cell { blocks, column, columns, rows });
        let row =
            (prop::collection::vec(cell, 0..4), any::<bool>()).prop_map(|(cells, heading)| Row { cells, heading });
        prop::collection::vec(row, 0..4).prop_map(|rows| Block::Table(Table { rows }))
    });
    prop::collection::vec(block, 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn statements_are_slices_of_their_paragraphs(blocks in blocks()) {
        let document = document(blocks);
        let sections = segment(&document, Framework::ehcp());
        let paragraphs = document.paragraphs();
        let mut last: std::collections::HashMap<usize, usize> = std::collections::HashMap::new();
        for statement in sections.iter().flat_map(|s| &s.statements) {
            let paragraph = paragraphs[statement.place.paragraph];
            prop_assert_eq!(paragraph.place, statement.place);
            prop_assert_eq!(paragraph.text.get(statement.span.start..statement.span.end), Some(statement.text.as_str()));
            prop_assert!(!statement.text.trim().is_empty());
            prop_assert_ne!(&paragraph.role, &Role::Furniture);
            // In order and not overlapping, paragraph by paragraph.
            let end = last.entry(statement.place.paragraph).or_default();
            prop_assert!(statement.span.start >= *end);
            *end = statement.span.end;
        }
        for section in &sections {
            prop_assert!(section.statements.iter().all(|s| s.section == section.section));
            prop_assert!(section.statements.windows(2).all(|w| w[0].place.paragraph <= w[1].place.paragraph));
        }
        prop_assert_eq!(&sections, &segment(&document, Framework::ehcp()));
    }
}
