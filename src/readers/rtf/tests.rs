use super::*;

fn plan(body: &str) -> Document {
    let head = r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\fnil\fcharset2 Symbol;}}{\colortbl;\red0\green0\blue0;}{\stylesheet{\s0 Normal;}{\s1\b heading 1;}}{\info{\title no}}";
    read("plan.rtf", format!("{head}{body}}}").as_bytes()).expect("read")
}

fn texts(body: &str) -> Vec<String> {
    plan(body).paragraphs().iter().map(|paragraph| paragraph.text.clone()).collect()
}

#[test]
fn text_signs_and_headings() {
    let body = "{\\header\\pard Council\\par}\\pard\\s1\\b Section F\\par\\pard\\plain Robin\\'92s plan\\emdash\\u8220?good\\u8221?\\~and\nlong\\line two{\\v hidden}{\\*\\bkmkstart x}\\par {\\b Review:} termly{\\footnote Note}\\par{\\field{\\*\\fldinst PAGE}{\\fldrslt shown}}\\par{\\pict 0102}";
    let document = plan(body);
    let all = document.paragraphs();
    let texts: Vec<&str> = all.iter().map(|paragraph| paragraph.text.as_str()).collect();
    assert_eq!(texts, ["Section F", "Robin’s plan—“good” andlong\ntwo", "Review: termly", "shown", "Council", "Note"]);
    assert_eq!(all[0].role, Role::Heading(1));
    assert!(all[0].bold && !all[2].bold);
    assert_eq!((all[4].role.clone(), all[5].role.clone()), (Role::Furniture, Role::Footnote));
}

#[test]
fn contents_lists_are_furniture() {
    let document = plan(r"\pard\tqr\tldot\tx9000 Section A\tab 3\par\pard Age:\tab 7\par");
    let roles: Vec<Role> = document.paragraphs().iter().map(|paragraph| paragraph.role.clone()).collect();
    assert_eq!(roles, [Role::Furniture, Role::Body]);
}

#[test]
fn lists() {
    let body = r"\pard{\listtext\f1\'b7\tab}\ilvl0 read\par{\listtext 1.\tab}\ilvl1 write\par\pard\bullet\tab swim\par";
    let found: Vec<Role> = plan(body).paragraphs().iter().map(|paragraph| paragraph.role.clone()).collect();
    let item = |level, marker: &str| Role::Item { level, marker: marker.to_owned() };
    assert_eq!(found, [item(0, "•"), item(1, "1."), item(0, "•")]);
    assert_eq!(texts(body), ["read", "write", "swim"]);
}

#[test]
fn tables_with_merged_cells() {
    let body = r"\pard before\par\trowd\trhdr\cellx2000\clmrg\cellx4000\cellx6000\pard\intbl Outcome\cell\cell Who\cell\row
        \trowd\clvmgf\cellx2000\cellx4000\cellx6000\pard\intbl a\par a2\cell b\cell c\cell\row
        \trowd\clvmrg\cellx2000\cellx4000\cellx6000\pard\intbl\cell d\cell e\cell\row\pard after\par";
    let document = plan(body);
    let Some(Block::Table(table)) = document.blocks.get(1) else { panic!("no table") };
    let shape: Vec<Vec<(usize, usize, usize)>> = table
        .rows
        .iter()
        .map(|row| row.cells.iter().map(|cell| (cell.column, cell.columns, cell.rows)).collect())
        .collect();
    assert_eq!(shape, [vec![(0, 2, 1), (2, 1, 1)], vec![(0, 1, 2), (1, 1, 1), (2, 1, 1)], vec![(1, 1, 1), (2, 1, 1)]]);
    assert!(table.rows[0].heading && !table.rows[1].heading);
    assert_eq!(texts(body), ["before", "Outcome", "Who", "a", "a2", "b", "c", "d", "e", "after"]);
}

#[test]
fn spoilt_files_are_read_as_far_as_they_go() {
    assert_eq!(texts(r"\pard lone \u-10179? half \'zz\bin99999 x"), ["lone \u{fffd} half zz"]);
    assert!(read("plan.rtf", &b"{".repeat(100_000)).is_err());
    assert!(read("plan.rtf", b"{\\rtf1 a}}}}} b").is_ok());
}
