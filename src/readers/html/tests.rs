use super::*;
use crate::document::{Block, Paragraph, Role, Table};

fn page(body: &str) -> Document {
    read(
        "plan.html",
        format!("<!DOCTYPE html><html><head><title>no</title></head><body>{body}</body></html>").as_bytes(),
    )
    .expect("read")
}

fn paragraphs(body: &str) -> Vec<Paragraph> {
    page(body).paragraphs().into_iter().cloned().collect()
}

fn texts(body: &str) -> Vec<String> {
    paragraphs(body).into_iter().map(|paragraph| paragraph.text).collect()
}

fn items(body: &str) -> Vec<String> {
    let show = |paragraph: Paragraph| match paragraph.role {
        Role::Item { level, marker } => format!("{level} {marker} {}", paragraph.text),
        _ => paragraph.text,
    };
    paragraphs(body).into_iter().map(show).collect()
}

fn first_table(body: &str) -> Table {
    let blocks = page(body).blocks;
    blocks
        .into_iter()
        .find_map(|block| if let Block::Table(table) = block { Some(table) } else { None })
        .expect("a table")
}

#[test]
fn paragraphs_headings_and_blanks() {
    let body = "<h2>Section&nbsp;F</h2> loose <b>text</b>\n<p>Robin&rsquo;s   plan<br>second line</p><p>&nbsp;</p><div>one<div>two</div>three</div>";
    assert_eq!(texts(body), ["Section F", "loose text", "Robin’s plan\nsecond line", "one", "two", "three"]);
    assert_eq!(paragraphs(body)[0].role, Role::Heading(2));
    assert_eq!(texts("one<br><br>two<br>three"), ["one", "two\nthree"]);
}

#[test]
fn bold_is_every_letter() {
    let all = paragraphs(
        "<p><strong>Section F</strong></p><p><b>Review:</b> termly</p><p style='font-weight:700'>E <span style='font-weight:normal'>x</span></p><p><span style='font-weight: bold'>A</span></p>",
    );
    assert_eq!(all.iter().map(|paragraph| paragraph.bold).collect::<Vec<_>>(), [true, false, false, true]);
}

#[test]
fn lists() {
    let body = "<ul><li>one<ul><li><p>inner</p><p>more</p></li></ul></li><li>two</li></ul><ol start=3 type=a><li>c<li value=5>e</ol><ol type=i reversed><li>x<li>y</ol>";
    assert_eq!(items(body), ["0 • one", "1 ◦ inner", "more", "0 • two", "0 c. c", "0 e. e", "0 ii. x", "0 i. y"]);
    assert_eq!(items("Robin will:<br>• read<br>• write"), ["Robin will:", "0 • read", "0 • write"]);
}

#[test]
fn tables_with_spans() {
    let table = first_table(
        "<table><caption>Needs</caption><thead><tr><th colspan=2>Outcome<th>Who</thead><tr><td rowspan=2>a<td>b<td>c<tr><td>d<td>e<table><tr><td>in</td></tr></table></table>",
    );
    let shape: Vec<Vec<(usize, usize, usize)>> = table
        .rows
        .iter()
        .map(|row| row.cells.iter().map(|cell| (cell.column, cell.columns, cell.rows)).collect())
        .collect();
    assert_eq!(shape, [vec![(0, 2, 1), (2, 1, 1)], vec![(0, 1, 2), (1, 1, 1), (2, 1, 1)], vec![(1, 1, 1), (2, 1, 1)]]);
    assert!(table.rows[0].heading && !table.rows[1].heading);
    assert!(matches!(table.rows[2].cells[1].blocks.as_slice(), [Block::Paragraph(_), Block::Table(_)]));
    assert_eq!(texts("<table><caption>Needs</caption><tr><td>a</table>"), ["Needs", "a"]);
}

#[test]
fn endless_spans_are_bounded() {
    let table = first_table("<table><tr><td colspan=99999999 rowspan=0>a<tr><td>b</table>");
    assert!(table.rows[0].cells[0].columns <= 200 && table.rows[0].cells[0].rows == 2);
}

#[test]
fn what_is_not_shown_is_not_read() {
    let body = "<script>x</script><style>y</style><p hidden>h</p><p style='display: none'>h</p><template>t</template><p><del>old</del><ins>new</ins></p><details><summary>More</summary>inside</details>";
    assert_eq!(texts(body), ["new", "More", "inside"]);
    let all = paragraphs(
        "<header><h1>Plan</h1><p>Council</p></header><nav>Menu</nav><main><header>Kept</header></main><footer>Page 1</footer>",
    );
    let furniture: Vec<bool> = all.iter().map(|paragraph| paragraph.role == Role::Furniture).collect();
    assert_eq!(furniture, [false, true, true, false, true]);
}

#[test]
fn word_saves_lists_as_paragraphs() {
    let body = "<p class=MsoNormal>Robin will:<o:p></o:p></p><p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp; </span></span></span><![endif]>read</p><p class=MsoListParagraph style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>a)<span>&nbsp;</span></span>write</p><!--[if gte mso 9]><p>no</p><![endif]--><p class=MsoFootnoteText>note</p>";
    assert_eq!(items(body), ["Robin will:", "0 • read", "1 a) write", "note"]);
    assert_eq!(paragraphs(body)[3].role, Role::Footnote);
}

#[test]
fn preformatted_text_is_read_as_text() {
    assert_eq!(items("<pre>Robin will:\n- read\n- write\n</pre>"), ["Robin will:", "0 - read", "0 - write"]);
}

#[test]
fn encodings_and_depth() {
    let latin = b"<html><head><meta charset=windows-1252></head><body><p>Robin\x92s</p></body></html>";
    let document = read("plan.html", latin).expect("read");
    assert_eq!((document.paragraphs()[0].text.as_str(), document.notes.len()), ("Robin’s", 0));
    let deep = format!("{}deep{}", "<div>".repeat(5000), "</div>".repeat(5000));
    assert_eq!(texts(&deep), ["deep"]);
    let tables = "<table><tr><td>".repeat(2000) + "in";
    assert_eq!(page(&tables).paragraphs().len(), 1);
}
