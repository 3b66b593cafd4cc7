//! This is the recogniser of section headings: "Section F", "F - Special Educational Provision", "(A) Views", "Part 3",
//! "My Outcomes".

use super::framework::{Framework, SectionSpec, fold};

/// What the words of a heading say of the section that it opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Named<'f> {
    /// The section's id.
    pub section: &'f str,
    /// The second section that the heading names.
    pub second: Option<&'f str>,
    /// True where a letter or part number says so.
    pub lettered: bool,
    /// The section whose title stands after the letter, where it is the title of one.
    pub titled: Option<&'f str>,
}

/// Reads a line that is known to be the heading of a section.
pub(crate) fn named<'f>(framework: &'f Framework, heading: &str) -> Option<Named<'f>> {
    let id = |section: usize| framework.sections.get(section).map(|spec| spec.id.as_str());
    let found = opening(framework, heading, Look::Heading)?;
    let bare = without_outline(heading.trim()).unwrap_or(heading.trim()).trim_start_matches(['(', '[', '*']);
    let rest = match bare.split_once(|c: char| c.is_whitespace() || c == ':') {
        Some((word, rest)) if ["section", "sections", "part"].iter().any(|w| word.eq_ignore_ascii_case(w)) => rest,
        _ => bare,
    };
    let title = mark(framework, rest.trim_start(), false).map_or("", |(_, _, rest)| rest);
    let title = title.trim_start_matches(separator).trim_end_matches([')', ']', ' ']);
    let titled = found.lettered.then(|| framework.section_titles.get(&fold(title))).flatten();
    Some(Named {
        section: id(found.section)?,
        second: found.second.and_then(id),
        lettered: found.lettered,
        titled: titled.and_then(id),
    })
}

/// How a line stands out from running text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Look {
    /// Running text.
    Plain,
    /// A list item.
    Item,
    /// A line that fills a table row or is wholly bold.
    Strong,
    /// A heading by the source's own markup.
    Heading,
}

/// A section heading that was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Opening {
    /// Which section.
    pub section: usize,
    /// The second section that the heading names ("Sections E and F").
    pub second: Option<usize>,
    /// True where a letter or part number says so, not the title alone.
    pub lettered: bool,
    /// True for a letter with a number that is no section of its own ("B2").
    pub numbered: bool,
}

/// Longest line that is still taken for a heading, in bytes (H1's legal title has some 190).
const LONGEST: usize = 300;

/// The section that a line opens, if it is a section heading.
pub(super) fn opening(framework: &Framework, line: &str, look: Look) -> Option<Opening> {
    let line = line.trim();
    if line.len() > LONGEST || line.is_empty() {
        return None;
    }
    lettered(framework, line, look).or_else(|| titled(framework, line, look))
}

/// A heading with its letter, wherever it stands in the line's head.
fn lettered(framework: &Framework, line: &str, look: Look) -> Option<Opening> {
    let bare =
        line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '•' | '-' | '–' | '"' | '“' | '#'));
    let unnumbered = without_outline(bare);
    for head in [Some(bare), unnumbered].into_iter().flatten() {
        if let Some(opening) = worded(framework, head, look).or_else(|| single(framework, head, look)) {
            return Some(opening);
        }
    }
    None
}

/// The rest after an outline number such as "1." or "2.3".
fn without_outline(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    (rest.len() < line.len() && rest.starts_with(|c: char| c.is_whitespace() || c == ')'))
        .then(|| rest.trim_start_matches(|c: char| c.is_whitespace() || c == ')'))
}

/// "Section F", "SECTIONS E and F:", "Part 3 – Special educational provision".
fn worded(framework: &Framework, line: &str, look: Look) -> Option<Opening> {
    let line = line.trim_start_matches(['(', '[']);
    let (word, rest) = line.split_once(|c: char| c.is_whitespace() || c == ':')?;
    let part = match word.to_ascii_lowercase().as_str() {
        "section" | "sections" => false,
        "part" => true,
        _ => return None,
    };
    let (section, numbered, rest) = mark(framework, rest.trim_start(), part)?;
    let (second, rest) = more(framework, rest);
    let tail = rest.trim_start();
    let title = tail.trim_start_matches(separator);
    let separated = title.len() < tail.len() || tail.is_empty();
    if tail.chars().next().is_some_and(char::is_alphanumeric) && tail.len() == rest.len() {
        return None;
    }
    if is_page_number(title) {
        return None;
    }
    let spec = framework.sections.get(section)?;
    let keyword = names(spec, title);
    let fits = if part {
        // "Part 3" alone may count anything; a title has to agree.
        title.is_empty() || (keyword && !sentence_like(title)) || look == Look::Heading
    } else if separated {
        look >= Look::Strong || !title.ends_with('.') || title.len() < 90 || keyword
    } else {
        // "Section F sets out …" is running text; "Section F special educational provision" is not.
        let capital = title.starts_with(char::is_uppercase);
        !sentence_like(title) && (keyword || capital && look >= Look::Strong)
    };
    fits.then_some(Opening { section, second, lettered: true, numbered })
}

/// "F - Special Educational Provision", "(A) Views", "C1. Health needs", "A1", "H2".
fn single(framework: &Framework, line: &str, look: Look) -> Option<Opening> {
    let bracketed = line.starts_with(['(', '[']);
    let line = line.trim_start_matches(['(', '[']);
    // "2B.1", where the plan has such marks: no letter comes first, and nothing else looks like it.
    let digit_first = line.starts_with(|c: char| c.is_ascii_digit());
    if !digit_first && !line.starts_with(|c: char| c.is_ascii_uppercase()) {
        return None;
    }
    let (section, numbered, rest) = mark(framework, line, false)?;
    let digit = digit_first || line.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
    let tail = rest.trim_start();
    let title = tail.trim_start_matches(separator);
    let separated = title.len() < tail.len();
    let spaced = tail.len() < rest.len();
    if !(separated || digit && spaced) {
        // A letter alone is a heading only where it stands out.
        let alone = tail.is_empty() && look >= Look::Strong && (digit || look == Look::Heading || spec_short(line));
        return alone.then_some(Opening { section, second: None, lettered: true, numbered });
    }
    if bracketed && !tail.starts_with([')', ']']) || is_page_number(title) {
        return None;
    }
    let spec = framework.sections.get(section)?;
    let fits = match look {
        Look::Heading | Look::Strong => {
            title.is_empty()
                || names(spec, title)
                || (digit && !numbered)
                || (title.len() < 90 && !sentence_like(title) && look == Look::Heading)
        }
        Look::Plain => names_first(framework, section, title) && !sentence_like(title),
        Look::Item => false,
    };
    fits.then_some(Opening { section, second: None, lettered: true, numbered })
}

fn spec_short(line: &str) -> bool {
    line.trim().len() <= 2
}

/// A title with no letter: "My Outcomes", "What support I will get".
fn titled(framework: &Framework, line: &str, look: Look) -> Option<Opening> {
    if look == Look::Item
        || (look == Look::Plain && (line.len() > 90 || line.ends_with(['.', ',', ';'])))
        || line.len() > 160
    {
        return None;
    }
    let folded = fold(line);
    let section = framework.section_titles.get(&folded)?;
    let both = folded.contains("outcome") && (folded.contains("provision") || folded.contains("support"));
    let kind = framework.sections.get(section)?.kind;
    let second = both.then(|| framework.beside(Some(section), crate::document::Kind::Provision)).flatten();
    let second = second.filter(|_| kind == crate::document::Kind::Outcome);
    Some(Opening { section, second, lettered: false, numbered: false })
}

/// The section whose mark begins `text`, whether a number follows the letter ("B2"), and the rest.
fn mark<'t>(framework: &Framework, text: &'t str, part: bool) -> Option<(usize, bool, &'t str)> {
    if !part && let Some((section, rest)) = dotted(framework, text) {
        return Some((section, false, rest));
    }
    let token = text.find(|c: char| !c.is_ascii_alphanumeric()).map_or(text, |end| text.get(..end).unwrap_or(""));
    if token.is_empty() || token.len() > 3 {
        return None;
    }
    let rest = text.get(token.len()..).unwrap_or("");
    let find = |wanted: &str| {
        framework.sections.iter().position(|spec| {
            let marks = if part { &spec.parts } else { &spec.marks };
            marks.iter().any(|m| m.eq_ignore_ascii_case(wanted))
        })
    };
    if let Some(section) = find(token) {
        return Some((section, false, rest));
    }
    let letters = token.trim_end_matches(|c: char| c.is_ascii_digit());
    if letters.len() == token.len() || letters.is_empty() || part {
        return None;
    }
    find(letters).map(|section| (section, true, rest))
}

/// The section whose mark has a point in it ("2B.1") and begins `text`, and the rest.
fn dotted<'t>(framework: &Framework, text: &'t str) -> Option<(usize, &'t str)> {
    let after = |mark: &String| {
        let (head, rest) = text.split_at_checked(mark.len()).filter(|_| mark.contains('.'))?;
        let ends = !rest.starts_with(|c: char| c.is_ascii_alphanumeric());
        (ends && head.eq_ignore_ascii_case(mark)).then_some(rest)
    };
    framework.sections.iter().enumerate().find_map(|(i, spec)| Some((i, spec.marks.iter().find_map(after)?)))
}

/// Further marks: "E and F", "H1 and Section H2", "E/F".
fn more<'t>(framework: &Framework, text: &'t str) -> (Option<usize>, &'t str) {
    let mut second = None;
    let mut rest = text;
    loop {
        let head = rest.trim_start();
        let Some(joined) = ["and ", "& ", "/", ",", "+ ", "AND "].iter().find_map(|j| head.strip_prefix(j)) else {
            break;
        };
        let joined = joined.trim_start();
        let joined = ["Section ", "section ", "SECTION "].iter().find_map(|w| joined.strip_prefix(w)).unwrap_or(joined);
        match mark(framework, joined, false) {
            Some((section, _, tail)) if !tail.starts_with(char::is_alphanumeric) => {
                second = second.or(Some(section));
                rest = tail;
            }
            _ => break,
        }
    }
    (second, rest)
}

fn separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, ':' | ';' | '.' | '-' | '–' | '—' | ')' | ']' | '(' | '[' | '/' | '|' | '_')
}

fn is_page_number(title: &str) -> bool {
    !title.is_empty() && title.len() <= 4 && title.bytes().all(|b| b.is_ascii_digit())
}

fn names(spec: &SectionSpec, title: &str) -> bool {
    let folded = fold(title);
    spec.keywords.iter().any(|word| folded.contains(word.as_str()))
}

/// True where one of the section's own words stands among the first of the title.
fn names_first(framework: &Framework, section: usize, title: &str) -> bool {
    let Some(spec) = framework.sections.get(section) else { return false };
    let folded = fold(title);
    let head: usize = folded.char_indices().filter(|(_, c)| *c == ' ').map(|(i, _)| i).nth(5).unwrap_or(folded.len());
    folded.get(..head).is_some_and(|head| spec.keywords.iter().any(|word| head.contains(word.as_str())))
}

/// True for running text: it has a finite verb where a title has none.
fn sentence_like(title: &str) -> bool {
    title.split_whitespace().take(9).any(|word| {
        matches!(
            word.trim_matches(|c: char| !c.is_alphabetic()),
            "is" | "are"
                | "was"
                | "sets"
                | "should"
                | "shows"
                | "says"
                | "has"
                | "have"
                | "describes"
                | "contains"
                | "gives"
                | "lists"
                | "above"
                | "below"
                | "applies"
                | "includes"
                | "need"
                | "does"
                | "may"
                | "can"
                | "see"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(line: &str, look: Look) -> Option<&'static str> {
        let framework = Framework::ehcp();
        opening(framework, line, look).and_then(|o| framework.sections.get(o.section)).map(|s| s.id.as_str())
    }

    #[test]
    fn headings_open_sections() {
        for (line, look, section) in [
            ("Section F", Look::Plain, "F"),
            ("SECTION F:", Look::Plain, "F"),
            ("section f special educational provision", Look::Plain, "F"),
            ("Section F – Special Educational Provision", Look::Plain, "F"),
            ("SECTION  F : Special Educational Provison", Look::Strong, "F"),
            ("Section E ;- Outcomes", Look::Strong, "E"),
            ("Section F (continued)", Look::Plain, "F"),
            ("Section D. Social care needs", Look::Heading, "D"),
            ("Section G (Health provision)", Look::Heading, "G"),
            ("F - Special Educational Provision", Look::Plain, "F"),
            ("*Section B:", Look::Plain, "B"),
            ("1. Section A: The Views, Interests and Aspirations of Edmund and of His Parents", Look::Plain, "A"),
            ("(A) Views", Look::Plain, "A"),
            ("(A) The views, interests and aspirations of the child", Look::Plain, "A"),
            ("A1", Look::Strong, "A"),
            ("A1 Summary of the child's history", Look::Strong, "A"),
            ("A2 SUMMARY the views, interests and aspirations of the CHILD", Look::Heading, "A"),
            ("C1. Health needs related to SEN", Look::Strong, "C"),
            ("D1. Social care needs", Look::Plain, "D"),
            ("G) Health provision", Look::Strong, "G"),
            ("Section H1", Look::Plain, "H1"),
            ("Section H", Look::Plain, "H1"),
            ("Section H2: Other social care provision", Look::Plain, "H2"),
            (
                "H1: Social care provision under section 2 of the Chronically Sick and Disabled Persons Act 1970",
                Look::Heading,
                "H1",
            ),
            ("(H1) Social care provision - CSDPA", Look::Strong, "H1"),
            ("H2- other social care provision:", Look::Strong, "H2"),
            ("I. PLACEMENT", Look::Strong, "I"),
            ("I - Placement", Look::Heading, "I"),
            ("J/ Personal budget", Look::Strong, "J"),
            ("K: Advice & info", Look::Strong, "K"),
            ("Part 3", Look::Plain, "F"),
            ("Part 3: Special educational provision", Look::Plain, "F"),
            ("PART 2 – SPECIAL EDUCATIONAL NEEDS", Look::Plain, "B"),
            ("Sections E and F: My outcomes and the special educational provision to meet them", Look::Heading, "E"),
            (
                "Sections C (The child or young person’s health care needs which relate to their SEN) and G (Health Care Provision)",
                Look::Heading,
                "C",
            ),
            ("My Outcomes", Look::Plain, "E"),
            ("What support I will get", Look::Plain, "F"),
            ("Special educational provision required by Sam", Look::Plain, "F"),
            ("What I find hard", Look::Heading, "B"),
            ("My Story", Look::Heading, "A"),
            ("My health", Look::Heading, "C"),
            ("My life at home and in my community", Look::Heading, "D"),
            ("Help with my health", Look::Heading, "G"),
            ("Help from social care because I am under 18", Look::Heading, "H1"),
            ("Other help from social care", Look::Heading, "H2"),
            ("My college", Look::Heading, "I"),
            ("Money for my support", Look::Heading, "J"),
            ("Who helped to write this plan", Look::Heading, "K"),
        ] {
            assert_eq!(id(line, look), Some(section), "{line}");
        }
    }

    #[test]
    fn other_lines_do_not() {
        for (line, look) in [
            ("see Section F for the provision", Look::Plain),
            ("Section F sets out the provision that Sam needs.", Look::Plain),
            ("Section F should be read with the outcomes in Section E.", Look::Plain),
            ("Sectional interests differ", Look::Plain),
            ("Section 37", Look::Plain),
            ("Section B 4", Look::Plain),
            ("Part of the day is spent outside", Look::Plain),
            ("Part 3 of the programme is delivered weekly", Look::Plain),
            ("A. Mr. and Mrs. Larkspur, 3 Mar. 2025.", Look::Plain),
            ("A teaching assistant will help", Look::Plain),
            ("I like school - it is fun", Look::Plain),
            ("B12 injections every month", Look::Plain),
            ("A key adult", Look::Plain),
            ("F", Look::Plain),
            ("Outcomes are reviewed every year", Look::Plain),
            ("School", Look::Item),
            ("E.g. a visual timetable", Look::Plain),
        ] {
            assert_eq!(id(line, look), None, "{line}");
        }
    }

    #[test]
    fn two_sections_in_one_heading() {
        let framework = Framework::ehcp();
        let both = |line| opening(framework, line, Look::Heading).and_then(|o| o.second);
        assert_eq!(both("Sections E and F: outcomes and provision"), Some(5));
        assert_eq!(both("Section E/F"), Some(5));
        assert_eq!(both("Outcomes and provision"), Some(5));
        assert_eq!(both("Section E: Outcomes"), None);
    }
}
