//! This is a second opinion: generated plain documents must read the same here as in rwml.

use super::tests::package;
use crate::document::{Block, Role};

/// A small generator of pseudo-random numbers (xorshift), the same on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

const WORDS: [&str; 12] =
    ["Sam", "will", "read", "with", "Miss Obi", "at least", "R&amp;D", "“daily”", "½ hour", "3 x 20", "café", "naïve"];

fn words(dice: &mut Dice) -> String {
    let count = dice.roll(6) + 1;
    (0..count).map(|_| WORDS[dice.roll(WORDS.len() as u64) as usize]).collect::<Vec<_>>().join(" ")
}

fn run(dice: &mut Dice) -> String {
    let text = words(dice);
    let bold = ["", "<w:rPr><w:b/></w:rPr>", "<w:rPr><w:i/></w:rPr>"][dice.roll(3) as usize];
    let run = format!("<w:r>{bold}<w:t xml:space='preserve'>{text} </w:t></w:r>");
    match dice.roll(8) {
        0 => format!("<w:ins w:id='1' w:author='x'>{run}</w:ins>"),
        1 => format!("{run}<w:del w:id='2' w:author='x'><w:r><w:delText>gone</w:delText></w:r></w:del>"),
        2 => format!("<w:hyperlink w:anchor='a'>{run}</w:hyperlink>"),
        3 => format!("<w:sdt><w:sdtPr/><w:sdtContent>{run}</w:sdtContent></w:sdt>"),
        4 => format!("{run}<w:r><w:tab/><w:t>after</w:t></w:r>"),
        _ => run,
    }
}

fn paragraph(dice: &mut Dice) -> String {
    let props = match dice.roll(6) {
        0 => format!("<w:pPr><w:pStyle w:val='Heading{}'/></w:pPr>", dice.roll(3) + 1),
        1 | 2 => format!(
            "<w:pPr><w:numPr><w:ilvl w:val='{}'/><w:numId w:val='{}'/></w:numPr></w:pPr>",
            dice.roll(3),
            dice.roll(2) + 1
        ),
        _ => String::new(),
    };
    let runs: String = (0..=dice.roll(3)).map(|_| run(dice)).collect();
    format!("<w:p>{props}{runs}</w:p>")
}

fn table(dice: &mut Dice, depth: u32) -> String {
    let rows: String = (0..=dice.roll(4))
        .map(|_| {
            let cells = (0..=dice.roll(2))
                .map(|_| {
                    let inner = if depth < 2 && dice.roll(6) == 0 { table(dice, depth + 1) } else { String::new() };
                    let span = dice.roll(2) + 1;
                    format!("<w:tc><w:tcPr><w:gridSpan w:val='{span}'/></w:tcPr>{inner}{}</w:tc>", paragraph(dice))
                })
                .collect::<String>();
            format!("<w:tr>{cells}</w:tr>")
        })
        .collect();
    format!("<w:tbl><w:tblGrid/>{rows}</w:tbl>")
}

fn ours(blocks: &[Block], out: &mut Vec<String>) {
    for block in blocks {
        match block {
            Block::Paragraph(paragraph) => out.push(match &paragraph.role {
                Role::Heading(level) => format!("h{level} {}", paragraph.text),
                Role::Item { level, marker } => format!("i{level} {marker} {}", paragraph.text),
                _ => paragraph.text.clone(),
            }),
            Block::Table(table) => {
                for row in &table.rows {
                    out.push("row".to_owned());
                    for cell in &row.cells {
                        out.push(format!("cell {}x{}", cell.columns, cell.rows));
                        ours(&cell.blocks, out);
                    }
                }
            }
        }
    }
}

fn theirs(blocks: &[rwml::Block], out: &mut Vec<String>) {
    for block in blocks {
        match block {
            rwml::Block::Paragraph(paragraph) => {
                let text = paragraph.text();
                out.push(match (&paragraph.props.heading_level, &paragraph.props.list) {
                    (Some(level), _) => format!("h{level} {text}"),
                    (None, Some(list)) => format!("i{} {} {text}", list.level, list.label.trim()),
                    (None, None) => text,
                });
            }
            rwml::Block::Table(table) => {
                for row in &table.rows {
                    out.push("row".to_owned());
                    for cell in &row.cells {
                        out.push(format!("cell {}x{}", cell.col_span, cell.row_span));
                        theirs(&cell.blocks, out);
                    }
                }
            }
            _ => {}
        }
    }
}

#[test]
fn plain_documents_read_as_rwml_reads_them() {
    let types = "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'><Default Extension='rels' \
                 ContentType='application/vnd.openxmlformats-package.relationships+xml'/><Default Extension='xml' \
                 ContentType='application/xml'/><Override PartName='/word/document.xml' ContentType='application/\
                 vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'/></Types>";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relations = |inner: &str| {
        format!(
            "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>{inner}</Relationships>"
        )
    };
    let root = relations(&format!("<Relationship Id='a' Type='{office}/officeDocument' Target='word/document.xml'/>"));
    let main_relations = relations(&format!(
        "<Relationship Id='b' Type='{office}/styles' Target='styles.xml'/><Relationship Id='c' Type='{office}/numbering' \
         Target='numbering.xml'/>"
    ));
    let space = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'";
    let headings: String = (1..=3)
        .map(|n| format!("<w:style w:type='paragraph' w:styleId='Heading{n}'><w:name w:val='heading {n}'/></w:style>"))
        .collect();
    let styles = format!("<w:styles {space}>{headings}</w:styles>");
    let levels: String = [("decimal", "%1."), ("lowerLetter", "%1%2)"), ("lowerRoman", "(%3)")]
        .iter()
        .enumerate()
        .map(|(i, (format, text))| {
            format!(
                "<w:lvl w:ilvl='{i}'><w:start w:val='{}'/><w:numFmt w:val='{format}'/><w:lvlText w:val='{text}'/></w:lvl>",
                i + 1
            )
        })
        .collect();
    // Two patterns: rwml counts each list by itself, Word lets lists of one pattern go on together.
    let numbering = format!(
        "<w:numbering {space}><w:abstractNum w:abstractNumId='0'>{levels}</w:abstractNum><w:abstractNum \
         w:abstractNumId='1'>{levels}</w:abstractNum><w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num><w:num \
         w:numId='2'><w:abstractNumId w:val='1'/><w:lvlOverride w:ilvl='0'><w:startOverride w:val='4'/></w:lvlOverride>\
         </w:num></w:numbering>"
    );
    let mut dice = Dice(0x5EED);
    for case in 0..200 {
        let body: String = (0..dice.roll(12) + 1)
            .map(|_| if dice.roll(5) == 0 { table(&mut dice, 0) } else { paragraph(&mut dice) })
            .collect();
        let main = format!("<w:document {space}><w:body>{body}</w:body></w:document>");
        let bytes = package(&[
            ("[Content_Types].xml", types),
            ("_rels/.rels", &root),
            ("word/document.xml", &main),
            ("word/_rels/document.xml.rels", &main_relations),
            ("word/styles.xml", &styles),
            ("word/numbering.xml", &numbering),
        ]);
        let (mut here, mut there) = (Vec::new(), Vec::new());
        ours(&super::read("generated.docx", &bytes).unwrap().blocks, &mut here);
        theirs(&rwml::Document::open(&bytes).unwrap().model().blocks, &mut there);
        for (i, pair) in here.iter().zip(&there).enumerate() {
            assert_eq!(pair.0, pair.1, "case {case}, piece {i}: {:?}", here.get(i.saturating_sub(3)..i));
        }
        assert_eq!(here.len(), there.len(), "case {case}");
    }
}
