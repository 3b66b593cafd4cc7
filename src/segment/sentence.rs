//! This is the sentence splitter: where one sentence of a plan ends and the next begins.
//!
//! Unicode's sentence bounds (UAX 29) are the base; on top stand the abbreviations of plans ("Dr. Jones", "Yr. 5",
//! "12.5 hrs. p.w."), initials, numbers that open an item ("1. First"), brackets, and sentences that open with a digit
//! ("30 minutes daily. 20 minutes weekly."), which Unicode keeps together. Text of ordinary letters takes a faster way
//! that gives the same bounds.

use crate::span::Span;
use crate::words::is_ordinary;
use unicode_segmentation::UnicodeSegmentation;

/// Abbreviations that always go on: a name, a number or the thing abbreviated follows.
const ALWAYS: &[&str] = &[
    "approx", "assoc", "capt", "cf", "dr", "e.g", "ed", "eg", "esp", "i.e", "ie", "incl", "messrs", "mr", "mrs", "ms",
    "mx", "nr", "prof", "rev", "revd", "sgt", "st", "viz", "vs",
];
/// Abbreviations that go on before a number.
const BEFORE_NUMBER: &[&str] = &[
    "app", "art", "ch", "edn", "ext", "fig", "gp", "no", "nos", "p", "para", "paras", "pg", "pp", "ref", "sect", "tel",
    "vol", "yr", "yrs",
];
/// Units and other abbreviations after which a number goes on ("20 mins. 3 times a week") and a capital does not.
const UNITS: &[&str] = &[
    "hr", "hrs", "max", "min", "mins", "p.a", "p.d", "p.m", "a.m", "p.w", "pw", "sec", "secs", "wk", "wks", "mon",
    "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun", "jan", "feb", "mar", "apr", "jun", "jul", "aug",
    "sep", "sept", "oct", "nov", "dec",
];
/// Words after which a single letter is a name ("Section B."), not an initial.
const LABELS: &[&str] = &[
    "section",
    "sections",
    "part",
    "appendix",
    "annex",
    "group",
    "class",
    "plan",
    "level",
    "tier",
    "stage",
    "band",
    "type",
    "column",
    "room",
    "vitamin",
    "hepatitis",
    "grade",
    "and",
    "or",
    "to",
    "point",
    "code",
    "year",
];
/// Words that open a sentence, and so end the one before it even after initials or a dotted abbreviation.
const STARTERS: &[&str] = &[
    "a", "access", "after", "all", "an", "and", "any", "as", "at", "because", "before", "both", "but", "by", "during",
    "each", "every", "for", "from", "he", "her", "his", "however", "i", "if", "in", "it", "its", "my", "no", "on",
    "once", "one", "our", "parents", "she", "some", "staff", "support", "teachers", "that", "the", "their", "there",
    "these", "they", "this", "those", "three", "to", "two", "use", "we", "when", "whenever", "where", "while", "with",
    "you", "your",
];

/// The sentences of `text`, trimmed of white space, in order. Never fails; text without a letter or digit gives none.
pub fn sentences(text: &str) -> Vec<Span> {
    if text.is_ascii() || text.chars().all(is_ordinary) { fast(text) } else { slow(text) }
}

fn fast(text: &str) -> Vec<Span> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| rest.iter().position(|b| matches!(b, b'.' | b'!' | b'?'))) {
        // The last of a run such as "?!" or "..." decides.
        let run = bytes.iter().skip(at + found).take_while(|b| matches!(b, b'.' | b'!' | b'?')).count();
        let stop = at + found + run.saturating_sub(1);
        match gap_after(text, stop) {
            Some(gap) => {
                if breaks(text, start, stop, gap) {
                    push(text, start, gap.start, &mut out);
                    start = gap.end;
                }
                at = gap.end.max(stop + 1);
            }
            None => at = stop + 1,
        }
    }
    push(text, start, text.len(), &mut out);
    out
}

/// The same on Unicode's own bounds, for text with characters that the fast way does not know.
fn slow(text: &str) -> Vec<Span> {
    // A sentence may open with a digit, which Unicode never allows before a small letter: those bounds are added.
    let mut bounds: Vec<usize> = text.split_sentence_bound_indices().map(|(at, _)| at).skip(1).collect();
    for (at, _) in text.match_indices(['.', '!', '?']) {
        if let Some(gap) = gap_after(text, at) {
            bounds.push(gap.end);
        }
    }
    bounds.sort_unstable();
    bounds.dedup();
    let mut out = Vec::new();
    let mut start = 0;
    for bound in bounds {
        let Some(before) = text.get(start..bound) else { continue };
        let head = before.trim_end();
        let closed = head.trim_end_matches(closer);
        let last = closed.chars().next_back();
        let end = match last {
            Some('.' | '!' | '?') => {
                let stop = start + closed.len() - 1;
                match gap_after(text, stop) {
                    Some(gap) if gap.end == bound && breaks(text, start, stop, gap) => gap.start,
                    _ => continue,
                }
            }
            // A terminator of another script: as Unicode has it.
            Some(c) if !c.is_ascii() && !is_ordinary(c) && !c.is_alphanumeric() => start + head.len(),
            _ => continue,
        };
        push(text, start, end, &mut out);
        start = bound;
    }
    push(text, start, text.len(), &mut out);
    out
}

fn push(text: &str, start: usize, end: usize, out: &mut Vec<Span>) {
    if let Some(piece) = text.get(start..end) {
        let lead = piece.len() - piece.trim_start().len();
        let piece = piece.trim();
        if piece.chars().any(char::is_alphanumeric) {
            out.push(Span::new(start + lead, start + lead + piece.len()));
        } else if let (false, Some(last)) = (piece.is_empty(), out.last_mut()) {
            last.end = start + lead + piece.len();
        }
    }
}

fn closer(c: char) -> bool {
    matches!(c, '"' | '\'' | ')' | ']' | '}' | '’' | '”' | '»')
}

/// The white space after the terminator at `stop` and its closing quotes and brackets; `None` where there is none.
fn gap_after(text: &str, stop: usize) -> Option<Span> {
    let rest = text.get(stop..)?;
    let marks = rest.len() - rest.trim_start_matches(['.', '!', '?']).len();
    let tail = rest.get(marks..)?;
    let closed = tail.trim_start_matches(closer);
    let closers = tail.len() - closed.len();
    let next = closed.trim_start();
    let space = closed.len() - next.len();
    let from = stop + marks + closers;
    (space > 0 && !next.is_empty()).then(|| Span::new(from, from + space))
}

/// True where the sentence that began at `start` ends with the terminator at `stop`, before `gap`.
fn breaks(text: &str, start: usize, stop: usize, gap: Span) -> bool {
    let (Some(before), Some(after)) = (text.get(start..stop), text.get(gap.end..)) else { return false };
    let next = after.chars().next().unwrap_or(' ');
    if matches!(next, ',' | '-' | ':' | ';' | '–' | '—' | '.' | '!' | '?') {
        return false;
    }
    let digit = next.is_ascii_digit();
    if !digit {
        let letter = after.chars().take(60).find(|c| c.is_alphabetic() || matches!(c, '.' | '!' | '?'));
        if letter.is_some_and(char::is_lowercase) && !opens_item(after) {
            return false;
        }
    }
    if open_bracket(text, start, stop, gap) {
        return false;
    }
    if text.as_bytes().get(stop) != Some(&b'.') || before.ends_with('.') {
        return true;
    }
    let word = before.rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '"' | '“' | '‘' | '/' | '[')).next();
    let word = word.unwrap_or("");
    let alone = before.trim().len() == word.len();
    if word.is_empty() {
        return true;
    }
    // "1." or "a." that stands alone opens an item.
    if alone && is_number_or_letter(word) {
        return false;
    }
    if word.len() > 7 {
        return true;
    }
    let lower = word.to_lowercase();
    if ALWAYS.contains(&lower.as_str()) {
        return false;
    }
    if digit {
        let few = word.len() <= 4 && word.bytes().all(|b| b.is_ascii_alphabetic());
        return !(BEFORE_NUMBER.contains(&lower.as_str()) || UNITS.contains(&lower.as_str()) || (few && alone));
    }
    if UNITS.contains(&lower.as_str()) || word.len() > 6 {
        return true;
    }
    let initials = word.split('.').all(|part| part.len() == 1 && part.bytes().all(|b| b.is_ascii_uppercase()));
    if initials && !starts_sentence(after) {
        // "Section B. Staff" ends; "T. Smith", "T.M. Jones" and "C.E. Primary School" go on.
        let label = before.get(..before.len() - word.len()).unwrap_or("").split_whitespace().next_back().unwrap_or("");
        let label = label.to_lowercase();
        return word.len() == 1 && LABELS.contains(&label.as_str());
    }
    true
}

/// True where "b. " or "ii) " opens the next item.
fn opens_item(after: &str) -> bool {
    let mark = after.split(char::is_whitespace).next().unwrap_or("");
    mark.strip_suffix(['.', ')']).is_some_and(is_number_or_letter)
}

fn is_number_or_letter(word: &str) -> bool {
    (word.len() <= 2 && word.bytes().all(|b| b.is_ascii_digit()))
        || (word.len() == 1 && word.bytes().all(|b| b.is_ascii_alphabetic() && b != b'I'))
        || matches!(word, "i" | "ii" | "iii" | "iv" | "vi" | "vii")
}

fn starts_sentence(after: &str) -> bool {
    let word = after.split(|c: char| !c.is_alphabetic()).next().unwrap_or("");
    word.len() <= 9 && STARTERS.contains(&word.to_lowercase().as_str())
}

/// True where the sentence so far has opened a bracket that closes soon after: "(Ed. Psych.)".
fn open_bracket(text: &str, start: usize, stop: usize, gap: Span) -> bool {
    let (Some(before), Some(after)) = (text.get(start..gap.start), text.get(gap.end..)) else { return false };
    // Only the last stretch is looked at, so that the scan stays linear in long paragraphs.
    let from = floor(before, before.len().saturating_sub(240));
    let near = before.get(from..).unwrap_or("");
    let Some(open) = near.rfind('(') else { return false };
    if near.get(open..).is_some_and(|inside| inside.contains(')')) || start + from + open == start && stop == start {
        return false;
    }
    let window = after.get(..floor(after, 200)).unwrap_or("");
    match (window.find(')'), window.find('(')) {
        (Some(close), Some(again)) => close < again,
        (Some(_), None) => true,
        _ => false,
    }
}

/// The last character boundary at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at.min(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cut(text: &str) -> Vec<&str> {
        sentences(text).into_iter().map(|span| span.of(text)).collect()
    }

    /// `|` marks every bound that is expected; what stands between is one sentence.
    #[test]
    fn bounds() {
        let cases = [
            // Plain.
            "Sam reads.|He writes.",
            "Sam reads!|He writes?|Yes.",
            "One sentence with no stop",
            "Sam reads.  |He writes.",
            "Sam reads.\u{a0}|He writes.",
            "Is it?|It is.",
            // Titles and names.
            "Dr. Jones will see Sam.",
            "Dr. Jones will see Sam.|Mr. Smith will not.",
            "Mr. and Mrs. Larkspur agree.|They hope so.",
            "Prof. Hall wrote it.",
            "He goes to St. Mary's.|He likes it.",
            "He goes to St. Mary's C.E. Primary School.",
            "He goes to St. Mary's C.E. Primary School, Yr. 5.|He walks.",
            "Rev. Green visits.|Ms. Hope too.",
            "The (Ed. Psych.) report is new.",
            "The Ed. Psych. report is new.",
            "Advice by T. Smith is kept.",
            "Advice by T.M. Jones is kept.",
            "Advice by H. J. Dunmallow.|He signed.",
            "Written by T.M.|She agreed.",
            "Dr T. Wren and Dr. O. Finch will meet.",
            "A. Nightingale-Poole will visit.",
            // Latin and the like.
            "Use aids, e.g. Makaton signs.|Use them daily.",
            "Use aids, i.e. Makaton signs.",
            "Use aids (e.g. Makaton signs).|Use them daily.",
            "Cards, boards, etc. are used.",
            "Cards, boards, etc.|Staff will use them.",
            "It is approx. Three hours long.",
            "It is approx. 3 hours long.",
            "All day incl. Lunch and play.",
            "All day incl. lunch and play.",
            "Beetles, esp. Stag beetles.",
            "See cf. Appendix two.",
            // Units.
            "He has 12.5 hrs. p.w. of help.",
            "He has 12.5 hrs. p.w.|The school pays.",
            "He has help for 30 mins.|This will be daily.",
            "He has help for 30 mins.|Staff will do it.",
            "20 mins. 3 times a week.",
            "A max. of six pupils.|A min. of two.",
            "At 9 a.m. Sam arrives late.".split_once(" Sam").map_or("", |_| "At 9 a.m.|Sam arrives late."),
            "At 9 a.m. and 3 p.m. he rests.",
            "One hour per wk. for six weeks.|Then none.",
            "One hour per wk.|Sam will go.",
            "10 secs. 5 times a day.",
            "He is in Yr. 5.|He is nine.",
            "He is in Yr. 5 now.",
            "He is in Year 5.|He is nine.",
            "By the end of Yr. 6 he will read.",
            "By 31 Jan. 2026, and again each Sept.|Sam will read.",
            "On Mon., Wed. and Fri., before lunch.",
            "Every Sat. in term time.",
            "Since Sept. 2024.|He is ill.",
            "4 words per min., and cannot be read.",
            "Two errors a min. on a test.",
            // Numbers.
            "No. 4 is next.",
            "He takes bus no. 14 to school.",
            "He said no.|He left.",
            "A score of 1.5 is low.|He tries.",
            "He has 1.5 hrs.|It helps.",
            "30 minutes of therapy weekly.|20 minutes of reading daily.",
            "It costs £5.50.|He pays.",
            "See para. 6.2 of the report.",
            "See p. 4 of the report.|It is new.",
            "Call tel. 0123 now.",
            "He reads at Level 2.|He writes.",
            "He will be 16 in 2026.|He is 15.",
            // Numbered items.
            "1. Read a book.|2. Write a line.|3. Count.",
            "a. Read a book.|b. Write a line.",
            "i. Read.|ii. Write.",
            "He finished in Year 6.|Sam will move.",
            "Sam is in group 2.|Staff will help.",
            // Letters as names.
            "This meets the needs in Section B.|Staff will help.",
            "See Appendix C.|Sam will go.",
            "Class A.|Sam will go.",
            "In P.E. he is slow.",
            "He changes for P.E.|He is slow.",
            "He holds A.M.B.D.A. or A.T.S. and more.",
            "A Level 3 T.A., trained in it, helps.",
            "He will take his G.C.S.E.s and go.",
            "The Senior S.E.N. Officer signed.",
            // Brackets and quotes.
            "Staff will help (see the report).|Sam will go.",
            "Staff will help.|(See Section B.)|Staff will go on.",
            "He has help (see Dr. Finch. It is new) daily.",
            "He said \"Stop!\" when it hurt.",
            "He said “Stop!” when it hurt.",
            "He said “Stop.”|Then he left.",
            "He said \"Stop.\"|Then he left.",
            "Will he? yes he will.",
            "Sam says “I like it.”|He does.",
            // Ellipses.
            "He waits... and goes.",
            "He waits…and goes.",
            "She will be more tolerant...|He will go.",
            "He waits.|... and goes.".split_once('|').map_or("", |_| "He waits. ... and goes."),
            // Codes and closers.
            "He is slow.|(A, PR) He is kind.",
            "He is slow (A, PR).|He is kind.",
            "www.school.org.uk is the page.|See it.",
            "He uses a Go.Talk device.",
            "Sam reads;|".trim_end_matches('|'),
            "Sam reads; he writes.",
            "Sam uses 1:1 help.|It works.",
            "The child's aid, etc., is new.",
            "Sam wears aids.|- They help.".split_once('|').map_or("", |_| "Sam wears aids. - They help."),
        ];
        assert!(cases.len() >= 80, "{}", cases.len());
        for case in cases {
            let text = case.replace('|', if case.contains(" |") || case.contains("\u{a0}|") { "" } else { " " });
            let expected: Vec<&str> = case.split('|').map(str::trim).filter(|s| !s.is_empty()).collect();
            assert_eq!(cut(&text), expected, "{text}");
        }
    }

    #[test]
    fn a_wrapped_line_is_no_bound() {
        assert_eq!(
            cut("Sam goes to St.\nMary's school\nevery day. He\nwalks."),
            ["Sam goes to St.\nMary's school\nevery day.", "He\nwalks."]
        );
    }

    #[test]
    fn other_scripts_keep_unicode_bounds() {
        assert_eq!(cut("山。川。 Dr. Ōno walks. He runs."), ["山。", "川。", "Dr. Ōno walks.", "He runs."]);
    }

    #[test]
    fn nothing_gives_nothing() {
        assert!(cut("").is_empty());
        assert!(cut(" .. \n").is_empty());
    }

    proptest! {
        #[test]
        fn both_ways_agree(text in "([A-Za-z]{1,6}|[0-9]{1,2}|Dr\\.|e\\.g\\.|hrs\\.|T\\.M\\.|’|“|”|[.!?]|[ \\n]|\\(|\\)|–|é|, |\\. |\\.\\) ){0,40}") {
            prop_assert_eq!(fast(&text), slow(&text), "{:?}", text);
        }

        #[test]
        fn in_bounds_ordered_and_complete(text in "\\PC{0,200}") {
            let mut last = 0;
            for span in sentences(&text) {
                prop_assert!(span.start >= last && span.end <= text.len() && !span.of(&text).is_empty());
                prop_assert!(!text[last..span.start].chars().any(char::is_alphanumeric));
                last = span.end;
            }
            prop_assert!(!text[last..].chars().any(char::is_alphanumeric));
        }
    }
}
