//! Comments in texts: what they are about, and that all else is read as if they were not there.

use crate::document::{Document, NoteKind, Paragraph};
use crate::readers::{read_text, text};
use proptest::prelude::*;

const C: &str = "<!-- clearplan: ignore x because y -->";

/// What each comment is about: the words, or the words before the place and a bar.
fn about(source: &str) -> Vec<Vec<String>> {
    let document = read_text("text", source);
    let paragraphs = document.paragraphs();
    let place = |(paragraph, span): &(usize, crate::span::Span)| {
        let text = &paragraphs[*paragraph].text;
        if span.is_empty() { format!("{}|", &text[..span.start]) } else { span.of(text).to_owned() }
    };
    document.comments.iter().map(|comment| comment.places.iter().map(place).collect()).collect()
}

fn plain(document: &Document) -> Vec<Paragraph> {
    document.paragraphs().into_iter().cloned().collect()
}

#[test]
fn a_comment_is_about_the_words_around_it_or_the_next_line() {
    for (source, words) in [
        ("Sam reads. <C>\n", vec!["Sam reads.|"]),
        ("Sam reads. <C> Sam swims.\n", vec!["Sam reads.|"]),
        ("Sam <C> reads.\n", vec!["Sam|"]),
        ("<C> Sam reads.\n", vec!["|"]),
        ("- <C> Sam reads.\n", vec!["|"]),
        ("<C> - Sam reads.\n", vec!["|"]),
        ("# F\n\nSam will **read** <C> it.\n", vec!["Sam will read|"]),
        ("# F\n\nSam will **read** <C>\n", vec!["Sam will read|"]),
        ("<C>\nSam reads.\n", vec!["Sam reads."]),
        ("   <C>  \r\n  - Sam reads. Sam swims.\r\n", vec!["Sam reads. Sam swims."]),
        ("Sam reads.\n<C>\nSam swims.\n", vec!["Sam swims."]),
        ("Sam reads.\n<C>\n\nSam swims.\n", vec!["Sam reads.|"]),
        ("Sam reads.\n<C>", vec!["Sam reads.|"]),
        ("Sam reads.\n\n<C>\n\nSam swims.\n", vec![]),
        ("| a | b |\n|---|---|\n| Sam reads. <C> | Sam swims. |\n", vec!["Sam reads.|"]),
        ("| a | b |\n|---|---|\n| <C> Sam reads. | Sam swims. |\n", vec!["|"]),
        ("| a | b | c |\n|---|---|---|\n| Sam reads. | <C> | Sam swims. |\n", vec![]),
        ("| a | b |\n|---|---|\n<C>\n| Sam reads. | Sam swims. |\n", vec!["Sam reads.", "Sam swims."]),
        (
            "A speech and language therapist will see Robin for 45 minutes every\n<C>\nfortnight during term time.\n",
            vec!["A speech and language therapist will see Robin for 45 minutes every |"],
        ),
        ("<C>", vec![]),
    ] {
        let source = source.replace("<C>", C);
        assert_eq!(about(&source), [words], "{source}");
        let without = source.replace(&format!("{C} "), "").replace(C, "");
        let texts = |text: &str| plain(&read_text("a", text)).into_iter().map(|p| (p.text, p.role)).collect::<Vec<_>>();
        if !source.contains(&format!("\n{C}\n")) {
            assert_eq!(texts(&source), texts(&without), "{source}");
        }
        assert!(texts(&source).iter().all(|(text, _)| !text.contains("clearplan")), "{source}");
    }
    let two = format!("{C}\n<!--\nClearplan: ignore z\nbecause w\n-->\nSam reads. {C}{C} Sam swims.\n");
    let whole = vec!["Sam reads. Sam swims.".to_owned()];
    let behind = vec!["Sam reads.|".to_owned()];
    assert_eq!(about(&two), [whole.clone(), whole, behind.clone(), behind]);
    let comments = read_text("a", &two).comments;
    assert_eq!(comments[1].text, "Clearplan: ignore z\nbecause w");
    let stands: Vec<(u32, &str)> =
        comments.iter().filter_map(|c| c.stands).map(|(n, span)| (n, span.of(&two))).collect();
    assert_eq!((stands[0], stands[1].0, stands[2], stands[3]), ((1, C), 2, (6, C), (6, C)));
}

#[test]
fn what_is_none_stays_in_the_text() {
    for (source, lines) in [
        ("<!-- clearplans: x --> Sam reads.", vec![]),
        ("<!-- to do --> Sam reads.", vec![]),
        ("clearplan: ignore x because y", vec![]),
        ("Sam reads. <!-- clearplan: ignore x", vec![1]),
        ("\nSam.\n<!-- clearplan: ignore x\n\nSam reads. -->", vec![3]),
        ("\r\n<!-- clearplan: a\r\n<!-- clearplan: ignore x because y -->\r\nSam reads.", vec![2]),
    ] {
        let document = read_text("text", source);
        let joined: String = plain(&document).iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join(" ");
        let mark = source.find("<!--").map_or("clearplan", |_| "<!--");
        assert!(joined.contains(mark), "{joined}");
        let notes: Vec<&str> = document.notes.iter().map(|note| note.message.as_str()).collect();
        assert_eq!(notes.len(), lines.len(), "{source}: {notes:?}");
        for (note, line) in document.notes.iter().zip(lines) {
            assert_eq!(note.kind, NoteKind::Waiver);
            assert!(note.message.contains(&format!("in line {line} ")), "{}", note.message);
        }
    }
}

#[test]
fn records_carry_comments_by_the_paragraphs_of_the_plan() {
    let record = format!(r##"{{"sections": {{"E": ["Sam swims.", "{C}\nSam reads."], "F": "Sam walks. {C}"}}}}"##);
    let record = record.replace('\n', "\\n");
    let document = crate::readers::record("r", record.as_bytes()).expect("a record");
    let paragraphs = document.paragraphs();
    let words: Vec<&str> = paragraphs.iter().map(|p| p.text.as_str()).collect();
    assert_eq!(words, ["Section E", "Sam swims.", "Sam reads.", "Section F", "Sam walks."]);
    let places: Vec<usize> = document.comments.iter().flat_map(|c| &c.places).map(|place| place.0).collect();
    assert_eq!(places, [2, 4]);
    assert!(paragraphs.iter().all(|p| p.runs.is_empty() && p.place.line == Some(1)), "{paragraphs:?}");
}

/// A text with lists, a table, broken lines, wide letters and all ends of lines.
const PLAN: &str = "# Section F\r\n\nZoë 🦊 will have **regular** help from staff. Sam reads.\n- Sam will   swim\n    - often\n\n\
                    | Who | What |\n|---|---|\n| A teacher | will help, \\| often. |\n\n\u{c}Page 3 of 12\rViews\u{2028}\u{a0}Sam\tlikes \
                    trains.\nA therapist will see Robin for forty-five minutes every fortnight during\nterm time and will \
                    set the programme.\n";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Where nothing stands but blanks, a comment leaves no trace; elsewhere, none but where words are cut or joined.
    #[test]
    fn all_else_is_as_if_it_were_not_there(at in 0..=PLAN.len(), own in any::<bool>(), ends in "(|\\n|\\r\\n)") {
        let at = PLAN.floor_char_boundary(at);
        let starts: Vec<usize> = [0].into_iter().chain(PLAN.match_indices('\n').map(|(i, _)| i + 1)).collect();
        let line = starts[starts.partition_point(|start| *start <= at) - 1];
        // Not within the blanks at the beginning of a line: those behind the comment go with it.
        let words = line + PLAN[line..].len() - PLAN[line..].trim_start_matches(' ').len();
        let at = if own { line } else { at.max(words) };
        let comment = if own { format!("  {C}{}", if ends.is_empty() { "\n" } else { &ends }) } else { C.to_owned() };
        let source = format!("{}{comment}{}", &PLAN[..at], &PLAN[at..]);
        let (after, before) = (read_text("a", &source), read_text("a", PLAN));
        let view = |document: &Document| -> Vec<_> {
            plain(document).into_iter().map(|p| (p.text, p.role, p.bold, p.place.paragraph)).collect()
        };
        prop_assert_eq!(view(&after), view(&before));
        prop_assert_eq!(after.comments.len(), 1);
        let own_lines = u32::try_from(comment.matches('\n').count()).unwrap();
        for (one, other) in after.paragraphs().iter().zip(before.paragraphs()) {
            let mut end = 0;
            for run in &one.runs {
                let there = run.source.of(&source).replace(char::is_whitespace, " ");
                prop_assert_eq!(there, run.text.of(&one.text).replace(char::is_whitespace, " "));
                prop_assert!(run.source.start >= end);
                end = run.source.end;
            }
            let covered = |p: &Paragraph| p.runs.iter().map(|run| run.text.len()).sum::<usize>();
            prop_assert!(covered(one) >= covered(other).saturating_sub(1));
            let moved = other.runs.first().map_or(0, |run| if run.source.start >= at { own_lines } else { 0 });
            prop_assert_eq!(one.place.line, other.place.line.map(|line| line + moved));
        }
    }

    #[test]
    fn nothing_panics(pieces in proptest::collection::vec(
        proptest::sample::select(vec!["<!--", "-->", "clearplan", ": ignore x ", "\n", "\r", "\r\n", "\u{c}", "\u{2028}", " ", "é🦊", "|", "|--|", "- ", "#", "**"]),
        0..40,
    )) {
        let source = pieces.concat();
        let document = read_text("a", &source);
        for paragraph in document.paragraphs() {
            for run in &paragraph.runs {
                let there = run.source.of(&source).replace(char::is_whitespace, " ");
                prop_assert_eq!(there, run.text.of(&paragraph.text).replace(char::is_whitespace, " "));
            }
        }
        for (paragraph, span) in document.comments.iter().flat_map(|comment| &comment.places) {
            prop_assert!(document.paragraphs()[*paragraph].text.get(span.start..span.end).is_some());
        }
        let _ = text::blocks(&source, text::Ranges::Dropped);
    }
}
