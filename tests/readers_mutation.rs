//! Valid files of each format, changed in ways that keep most of their structure: no reader may panic, hang, or give a
//! document that contradicts itself.
//!
//! `CLEARPLAN_MUTATIONS` sets the number of cases for each reader (300 otherwise). The cases are the same on every run.

use clearplan::document::{Block, Document};
use clearplan::readers::read;
use std::path::Path;
use std::time::{Duration, Instant};

/// No case may take longer than this; most take less than a millisecond.
const LONGEST: Duration = Duration::from_secs(10);

#[test]
fn pdf() {
    let fixtures: Vec<Vec<u8>> =
        ["table-untagged.pdf", "table-tagged.pdf", "bullets-untagged.pdf", "columns-untagged.pdf", "restricted.pdf"]
            .map(|name| fixture(&format!("pdf/{name}")))
            .into();
    run("pdf", |random| {
        // Half of the cases have open content streams, half are as a program wrote them.
        if random.below(2) == 0 {
            return pdf_from_objects(random);
        }
        let whole: &Vec<u8> = random.pick(&fixtures);
        patched(whole, random)
    });
}

#[test]
fn html() {
    run("html", |random| {
        let mut page = random.pick(HTML).to_string();
        for _ in 0..=random.below(6) {
            page = mutated(&page, &["<", ">", "&", "=", "\"", " "], HTML_PIECES, random);
        }
        if random.below(8) == 0 {
            page = page.repeat(1 + random.below(20))
        }
        spoilt(page.into_bytes(), random)
    });
}

#[test]
fn text() {
    run("text", |random| {
        let mut plan = random.pick(TEXT).to_string();
        for _ in 0..=random.below(6) {
            plan = mutated(&plan, &["\n", " ", "|", "*"], TEXT_PIECES, random);
        }
        match random.below(6) {
            0 => plan.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            1 => plan.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(0x92)).collect(),
            _ => spoilt(plan.into_bytes(), random),
        }
    });
}

#[test]
fn jsonl() {
    run("jsonl", |random| {
        let mut records = JSONL.to_owned();
        for _ in 0..=random.below(4) {
            records = mutated(&records, &["\"", ",", ":", "{", "[", "\n"], JSON_PIECES, random);
        }
        spoilt(records.into_bytes(), random)
    });
}

#[test]
fn rtf() {
    let written = String::from_utf8_lossy(&fixture("bullets.rtf")).into_owned();
    run("rtf", |random| {
        let mut plan = if random.below(3) == 0 { written.clone() } else { RTF.to_owned() };
        for _ in 0..=random.below(6) {
            plan = mutated(&plan, &["\\", "{", "}", " "], RTF_PIECES, random);
        }
        spoilt(plan.into_bytes(), random)
    });
}

#[test]
fn doc() {
    let written = fixture("table.doc");
    run("doc", |random| {
        let mut bytes = written.clone();
        for _ in 0..=random.below(8) {
            // The first sector is the container's own.
            let at = 512 + random.below(bytes.len() - 512);
            bytes[at] = random.byte();
        }
        bytes
    });
}

/// Runs the cases of one reader and checks every answer.
fn run(name: &str, mut case: impl FnMut(&mut Random) -> Vec<u8>) {
    let cases: u64 = std::env::var("CLEARPLAN_MUTATIONS").ok().and_then(|count| count.parse().ok()).unwrap_or(300);
    let (mut read_at_all, mut fenced, mut slowest) = (0_u64, 0_u64, Duration::ZERO);
    let begun = Instant::now();
    for seed in 0..cases {
        let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ name.len() as u64);
        let bytes = case(&mut random);
        let started = Instant::now();
        let answer = read("case", &bytes);
        let taken = started.elapsed();
        slowest = slowest.max(taken);
        assert!(taken < LONGEST, "{name}, case {seed}: {taken:?}");
        match answer {
            Ok(documents) => {
                documents.iter().for_each(|document| check(document, name, seed));
                read_at_all += u64::from(documents.iter().any(|document| !document.blocks.is_empty()));
            }
            Err(error) => {
                let message = error.to_string();
                assert!(message.len() < 400, "{name}, case {seed}");
                // A panic of a library that was caught, and is an error like any other to whoever calls.
                fenced += u64::from(message.contains("a structure that it cannot handle"));
            }
        }
    }
    let all = begun.elapsed();
    println!("{name}: {cases} cases, {read_at_all} gave text, {fenced} caught, slowest {slowest:?}, all {all:?}");
    assert!(read_at_all * 2 >= cases, "{name}: only {read_at_all} of {cases} cases got past container and parser");
}

fn check(document: &Document, name: &str, seed: u64) {
    fn cells(blocks: &[Block], at: &str) {
        for block in blocks {
            let Block::Table(table) = block else { continue };
            for (index, row) in table.rows.iter().enumerate() {
                let mut from = 0;
                for cell in &row.cells {
                    assert!(cell.columns >= 1 && cell.rows >= 1 && cell.column >= from, "{at}: row {index}");
                    from = cell.column + cell.columns;
                    cells(&cell.blocks, at);
                }
            }
        }
    }
    let at = format!("{name}, case {seed}");
    cells(&document.blocks, &at);
    for (index, paragraph) in document.paragraphs().into_iter().enumerate() {
        assert_eq!(paragraph.place.paragraph, index, "{at}");
        assert!(!paragraph.text.is_empty() && paragraph.text.trim() == paragraph.text, "{at}");
        let mut end = 0;
        for run in &paragraph.runs {
            assert!(run.text.start >= end && !run.text.of(&paragraph.text).is_empty(), "{at}: runs");
            end = run.text.end;
        }
    }
}

/// Small and the same everywhere (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).unwrap_or(0)
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }

    fn pick<'p, T>(&mut self, from: &'p [T]) -> &'p T {
        &from[self.below(from.len())]
    }
}

fn fixture(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// One change at a place where the format's own marks stand.
fn mutated(text: &str, marks: &[&str], pieces: &[&str], random: &mut Random) -> String {
    let mark = random.pick(marks);
    let places: Vec<usize> = text.match_indices(mark).map(|(at, _)| at).collect();
    if places.is_empty() {
        return text.to_owned();
    }
    let at = *random.pick(&places);
    let other = *random.pick(&places);
    let (from, to) = (at.min(other), at.max(other).min(at.min(other) + 400));
    let to = text.floor_char_boundary(to).max(from);
    match random.below(6) {
        // A piece more.
        0 | 1 => format!("{}{}{}", &text[..at], random.pick(pieces), &text[at..]),
        // A stretch less.
        2 => format!("{}{}", &text[..from], &text[to..]),
        // A stretch twice.
        3 => format!("{}{}{}", &text[..to], &text[from..to], &text[to..]),
        // A number changed.
        4 => numbered(text, random),
        // A mark changed.
        _ => format!("{}{}{}", &text[..at], random.pick(marks), &text[at + mark.len()..]),
    }
}

/// One number replaced by another.
fn numbered(text: &str, random: &mut Random) -> String {
    const NUMBERS: &[&str] = &[
        "0",
        "-1",
        "1",
        "2",
        "7",
        "255",
        "256",
        "65535",
        "65536",
        "99999",
        "2147483647",
        "-2147483648",
        "99999999999999999999",
        "0.00001",
        "1e30",
        ".",
        "-",
    ];
    let bytes = text.as_bytes();
    let starts: Vec<usize> = (0..bytes.len())
        .filter(|at| bytes[*at].is_ascii_digit() && (*at == 0 || !bytes[*at - 1].is_ascii_digit()))
        .collect();
    if starts.is_empty() {
        return text.to_owned();
    }
    let from = *random.pick(&starts);
    let to = from + bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    format!("{}{}{}", &text[..from], random.pick(NUMBERS), &text[to..])
}

/// Now and then a few bytes overwritten, or the end cut off.
fn spoilt(mut bytes: Vec<u8>, random: &mut Random) -> Vec<u8> {
    if random.below(6) == 0 && !bytes.is_empty() {
        let at = random.below(bytes.len());
        bytes[at] = random.byte();
    }
    if random.below(12) == 0 {
        bytes.truncate(bytes.len() / 2 + random.below(bytes.len() / 2 + 1));
    }
    bytes
}

/// A PDF whose objects were changed one by one, with a table of objects that fits them.
fn pdf_from_objects(random: &mut Random) -> Vec<u8> {
    let mut objects: Vec<String> = PDF.iter().map(|object| (*object).to_owned()).collect();
    for _ in 0..=random.below(5) {
        // Mostly what is on the pages, sometimes what holds them together.
        let at = if random.below(4) == 0 { random.below(objects.len()) } else { 4 + random.below(objects.len() - 4) };
        let changed = match random.below(4) {
            0 => numbered(&objects[at], random),
            1 => {
                let target = random.below(objects.len() + 2);
                mutated(&objects[at], &[" 0 R"], &[&format!(" 0 R {target}")], random)
            }
            _ => mutated(&objects[at], &["/", " ", "\n", "(", "["], PDF_PIECES, random),
        };
        objects[at] = changed;
    }
    let mut out = b"%PDF-1.5\n".to_vec();
    let mut places = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        places.push(out.len());
        // Streams say how long they are, as they do in whole files.
        let object = match object.split_once("stream\n") {
            Some((head, body)) if random.below(16) != 0 => {
                let length = body.strip_suffix("\nendstream").unwrap_or(body).len();
                format!("{}stream\n{body}", head.replace("LENGTH", &length.to_string()))
            }
            _ => object.replace("LENGTH", "9"),
        };
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", at + 1).bytes());
    }
    let start = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1).bytes());
    for place in &places {
        out.extend(format!("{place:010} 00000 n \n").bytes());
    }
    out.extend(format!("trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n", places.len() + 1).bytes());
    out
}

/// A PDF as a program wrote it, with numbers and names in its open objects changed to others of the same length.
fn patched(whole: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    let open = open_parts(&bytes);
    for _ in 0..=random.below(6) {
        let at = *random.pick(&open);
        let byte = bytes[at];
        bytes[at] = match byte {
            b'0'..=b'9' => b'0' + u8::try_from(random.below(10)).unwrap_or(0),
            b'A'..=b'Z' => b'A' + u8::try_from(random.below(26)).unwrap_or(0),
            b'a'..=b'z' => b'a' + u8::try_from(random.below(26)).unwrap_or(0),
            _ if random.below(4) == 0 => random.byte(),
            other => other,
        };
    }
    bytes
}

/// Places outside streams and before the table of objects.
fn open_parts(bytes: &[u8]) -> Vec<usize> {
    let find = |from: usize, needle: &[u8]| {
        bytes[from..].windows(needle.len()).position(|window| window == needle).map(|at| from + at)
    };
    let end = find(0, b"\nxref").unwrap_or(bytes.len());
    let mut out = Vec::new();
    let mut at = 0;
    while at < end {
        let stop = find(at, b"stream").unwrap_or(end).min(end);
        out.extend((at..stop).filter(|place| bytes[*place].is_ascii_alphanumeric()));
        at = find(stop, b"endstream").map_or(end, |stop| stop + 9);
    }
    out
}

const PDF: &[&str] = &[
    "<</Type/Catalog/Pages 2 0 R/MarkInfo<</Marked true>>/StructTreeRoot 11 0 R>>",
    "<</Type/Pages/Count 2/Kids[5 0 R 7 0 R]/MediaBox[0 0 595 842]>>",
    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    "<</Type/Font/Subtype/TrueType/BaseFont/ABCDEF+Arial-Bold/FirstChar 32/LastChar 122/Widths[278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500]/Encoding<</Type/Encoding/BaseEncoding/WinAnsiEncoding/Differences[39/quotesingle 96/grave]>>/ToUnicode 9 0 R/FontDescriptor 10 0 R>>",
    "<</Type/Page/Parent 2 0 R/Rotate 0/Resources<</Font<</F 3 0 R/B 4 0 R>>>>/Contents 6 0 R/StructParents 0>>",
    "<</Length LENGTH>>stream\nq 0.5 w 0 0 0 RG\n56 700 m 540 700 l S 56 660 m 540 660 l S 56 600 m 540 600 l S\n56 600 m 56 700 l S 300 600 m 300 700 l S 540 600 m 540 700 l S Q\nBT /B 14 Tf 60 760 Td (Section F: Special educational provision) Tj ET\nBT /B 11 Tf 1 0 0 1 60 680 Tm (Outcome) Tj 245 0 Td (By whom) Tj ET\nBT /F 11 Tf 60 645 Td 12.6 TL (Robin will read a chapter book to the end) Tj T* (and say what happened in it by July.) Tj ET\nBT /F 11 Tf 305 645 Td [(Cl)-20(ass)-278(tea)10(cher)] TJ ET\nBT /F 11 Tf 60 560 Td (\\225 for ten minutes at a time;) Tj 0 -14 Td (\\225 in two lessons each day.) Tj ET\nendstream",
    "<</Type/Page/Parent 2 0 R/Resources<</Font<</F 3 0 R/B 4 0 R>>/XObject<</X 8 0 R>>>>/Contents[12 0 R 6 0 R]>>",
    "<</Type/XObject/Subtype/Form/BBox[0 0 200 50]/Matrix[1 0 0 1 60 300]/Resources<</Font<</F 3 0 R>>/XObject<</X 8 0 R>>>>/Length LENGTH>>stream\nBT /F 10 Tf 0 10 Td (The plan will be reviewed every twelve months.) Tj ET\nendstream",
    "<</Length LENGTH>>stream\n/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n1 begincodespacerange <00> <FF> endcodespacerange\n2 beginbfrange <20> <7A> <0020> <80> <82> [<0041> <00420043> <D83DDE00>] endbfrange\n1 beginbfchar <95> <2022> endbfchar\nendcmap end end\nendstream",
    "<</Type/FontDescriptor/FontName/ABCDEF+Arial-Bold/Flags 262176/ItalicAngle 0/Ascent 905/Descent -212/CapHeight 716/StemV 138/FontBBox[-628 -376 2000 1018]/MissingWidth 278>>",
    "<</Type/StructTreeRoot/K[<</S/Document/P 11 0 R/K[<</S/H1/Pg 5 0 R/K 0>>]>>]/ParentTree<</Nums[0[11 0 R]]>>>>",
    "<</Length LENGTH>>stream\nq 1 0 0 1 0 0 cm /X Do Q\nBT /F 9 Tf 250 30 Td (Page 2 of 2) Tj ET\n0.9 g 56 400 300 40 re f 0 g 56 440 300 0.5 re f 56 400 300 0.5 re f 56 400 0.5 40 re f 356 400 0.5 40 re f\nBT /B 11 Tf 60 415 Td (A box with a border round it) Tj ET\nendstream",
];

const PDF_PIECES: &[&str] = &[
    " 0",
    " -1",
    " 99999999999",
    " 1e9",
    " 0.0000001",
    "/F",
    "/X",
    "/Kids",
    "/Parent",
    " 1 0 R",
    " 8 0 R",
    " 99 0 R",
    "<<",
    ">>",
    "[",
    "]",
    "(",
    ")",
    " q",
    " Q",
    " Q Q Q",
    " BT",
    " ET",
    " Tj",
    " cm",
    " 1 0 0 1 1e20 0 cm",
    " 0 0 0 0 0 0 Tm",
    " 5000 Tf",
    " 0 Tf",
    " /X Do",
    " BI /W 9 /H 9 ID xxxx EI",
    " re f",
    " 1e6 1e6 l S",
    " [] 0 d",
    "/Filter/FlateDecode",
    "/Filter[/ASCIIHexDecode/LZWDecode]",
    "/Rotate 90",
    "/UserUnit 100",
    " true",
    " null",
    "%",
    "\\",
    "\u{e9}",
];

const HTML: &[&str] = &[
    "<!DOCTYPE html><html><head><meta charset=utf-8><title>x</title></head><body><h1>Section F</h1><p class=MsoNormal>Robin&rsquo;s <b>plan</b>&nbsp;</p><ul><li>one<ul><li>two</ul><li>three</ul><ol start=3 type=a><li value=5>four</ol><table><thead><tr><th colspan=2>Outcome<th>Who</thead><tbody><tr><td rowspan=2>Robin will read.<td>b<td>c<tr><td>d<td><table><tr><td>in</table></table></body></html>",
    "<html><body><p class=MsoListParagraph style='margin-left:36.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>\u{b7}<span>&nbsp; </span></span><![endif]>Robin will read.<o:p></o:p></p><!--[if gte mso 9]><xml></xml><![endif]--><div title=header>Head</div><pre>- a\n- b\n\nPage 1 of 2\n</pre><details open><summary>More</summary>text<br><br>more<br>\u{2022} x</details></body></html>",
];

const HTML_PIECES: &[&str] = &[
    "<table>",
    "</table>",
    "<tr>",
    "<td colspan=1000 rowspan=0>",
    "<td rowspan=65534>",
    "</p>",
    "<p hidden>",
    "<li>",
    "</ul>",
    "<ol reversed start=-9>",
    "<svg><desc>",
    "<math>",
    "<template>",
    "<plaintext>",
    "<textarea>",
    "<frameset>",
    "<select><option>",
    "<!--",
    "-->",
    "<![CDATA[",
    "&#0;",
    "&#x110000;",
    "&amp",
    "<b><i></b></i>",
    "<br><br>",
    "style='font-weight:'",
    "\u{0}",
    "\u{202e}",
    "<h9>",
    "<caption>",
    "<div><div><div>",
    "<nav>",
];

const TEXT: &[&str] = &[
    "SECTION F\nSpecial educational provision\nA speech and language therapist will see Robin for 45 minutes every\nfortnight during term time and will set the programme that the school\ncarries out between visits.\n\n- one\n  - two\n1. three\n(i) four\n\u{c}\nPage 3 of 12\nSection A ............ 3\n",
    "# Section E\n\nOutcomes\n========\n\n**Review** of __it__\n\n| Outcome | By whom |\n|---|:-:|\n| Robin will read \\| write. | **Teacher**<br>TA |\n\n* a\n+ b\n***\ntab\tbed\tcells\n\u{2022} Robin\u{2019}s plan \u{2013} \u{201c}good\u{201d}\n",
];

const TEXT_PIECES: &[&str] = &[
    "\n\n",
    "\r\n",
    "\r",
    "\u{c}",
    "\t",
    "    ",
    "- ",
    "\u{2022}",
    "\u{f0b7} ",
    "12. ",
    "(iv) ",
    "**",
    "__",
    "\\",
    "|",
    "|---|---|\n",
    "# ",
    "=====\n",
    "....... 7\n",
    "Section B\n",
    "\u{feff}",
    "\u{a0}",
    "\u{ad}",
    "\u{200b}",
    "\u{1f600}",
    "\u{301}",
    "\u{2028}",
    "wordwordwordwordwordwordwordwordwordwordwordwordwordwordwordword",
];

const JSONL: &str = "{\"id\":\"p1\",\"text\":\"Section E\\n\\nRobin will read a chapter book.\\n- one\\n- two\",\"year\":2026}\n{\"id\":7,\"setting\":\"special\",\"sections\":{\"E\":\"Robin will swim.\",\"F\":[\"One.\",\"Two\\u2019s.\"]}}\n{\"text\":\"No id\"}\n";

const JSON_PIECES: &[&str] = &[
    "\"",
    "\\",
    "\\u",
    "\\ud83d",
    "\\ud83d\\ude00",
    "{",
    "}",
    "[",
    "]",
    "[[[[[[[[",
    "null",
    "1e999",
    "-",
    ",",
    ":",
    "\"text\":",
    "\"sections\":",
    "\"setting\":",
    "\n",
    "\u{0}",
    "\u{feff}",
    "\"E\":{}",
];

const RTF: &str = "{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0\\fswiss\\fcharset0 Arial;}{\\f1\\fnil\\fcharset2 Symbol;}}{\\stylesheet{\\s0 Normal;}{\\s1\\b heading 1;}}{\\info{\\title no}}{\\header\\pard Council\\par}\\pard\\s1\\b Section F\\par\\pard\\plain Robin\\'92s plan\\emdash\\u8220?good\\u8221?\\~and \\line two{\\v hidden}\\par{\\listtext\\f1\\'b7\\tab}\\ilvl0 read{\\footnote Note}\\par\\trowd\\trhdr\\cellx2000\\clmrg\\cellx4000\\cellx6000\\pard\\intbl Outcome\\cell\\cell Who\\cell\\row\\trowd\\clvmgf\\cellx2000\\cellx4000\\cellx6000\\pard\\intbl a\\par a2\\cell b\\cell c\\cell\\row\\trowd\\clvmrg\\cellx2000\\cellx4000\\cellx6000\\pard\\intbl\\cell d\\cell e\\cell\\row\\pard after\\par}";

const RTF_PIECES: &[&str] = &[
    "{",
    "}",
    "\\",
    "\\*",
    "\\par",
    "\\pard",
    "\\cell",
    "\\row",
    "\\trowd",
    "\\cellx-5",
    "\\cellx2147483647",
    "\\clmrg",
    "\\clvmrg",
    "\\intbl",
    "\\u-10179?",
    "\\u99999",
    "\\uc0",
    "\\uc-1",
    "\\uc99999999",
    "\\bin5",
    "\\bin999999999",
    "\\'",
    "\\'zz",
    "\\'ff",
    "\\f1",
    "\\f-1",
    "\\fonttbl",
    "\\stylesheet",
    "\\header",
    "\\footnote",
    "\\listtext",
    "\\pict",
    "\\ansicpg932",
    "\\ansicpg0",
    "\\outlinelevel300",
    "\\ilvl-1",
    "\\s99999999999",
    "{\\field{\\fldinst x}{\\fldrslt y}}",
    "\u{0}",
    "\u{e9}",
];
