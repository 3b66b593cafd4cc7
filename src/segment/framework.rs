//! This is what a kind of plan calls its sections, read from one data file and made ready for look-ups.
//!
//! A sister plan (Welsh IDP, IEP, support plan) is one more file in `frameworks/`; nothing here knows its letters.

use super::law::Law;
use crate::document::Kind;
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, Anchored, Input, MatchKind, StartKind};
use serde::Deserialize;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// The sections, headings, columns and form texts of one kind of plan.
#[derive(Debug)]
pub struct Framework {
    /// Short name, the file's: `ehcp`.
    pub id: String,
    /// What people call the plan.
    pub title: String,
    /// What a reader of every review has to know of it: that it is no law yet, or which of its sections are assumed.
    pub status: Option<String>,
    /// What its law asks for, section by section.
    pub laws: Vec<Law>,
    pub(super) sections: Vec<SectionSpec>,
    pub(super) section_titles: Titles<usize>,
    pub(super) headings: Titles<Means>,
    pub(super) columns: Titles<Means>,
    pub(super) lines: Titles<Means>,
    pub(super) contents: Titles<()>,
    pub(super) ignored: Titles<()>,
    pub(super) nothing: Titles<()>,
    pub(super) fields: Titles<()>,
    pub(super) sources: Vec<String>,
    boilerplate_start: AhoCorasick,
    boilerplate_inside: AhoCorasick,
}

/// A data file that is not a framework.
#[derive(Debug, thiserror::Error)]
pub enum FrameworkError {
    /// Not TOML, or a field that no framework has.
    #[error("framework: {0}")]
    Toml(#[from] toml::de::Error),
    /// The texts of the form cannot be compiled.
    #[error("framework: boilerplate: {0}")]
    Boilerplate(#[from] aho_corasick::BuildError),
    /// It is like a framework that there is not.
    #[error("framework {framework}: is like {like}, which is none; name one of: {names}", names = Framework::NAMES.join(", "))]
    Like {
        /// The framework's id.
        framework: String,
        /// What it names.
        like: String,
    },
    /// What it says of its law is about a section that it has not.
    #[error(
        "framework {framework}: a [[law]] is about section {section}, which is none; name one of its [[section]] ids"
    )]
    Law {
        /// The framework's id.
        framework: String,
        /// What it names.
        section: String,
    },
    /// A meaning at a place where it does not belong.
    #[error("framework {framework}: no section has the id or kind that {wanted} needs; add the section")]
    Missing {
        /// The framework's id.
        framework: String,
        /// What was looked for.
        wanted: String,
    },
}

/// One section of the plan.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SectionSpec {
    pub id: String,
    pub kind: Kind,
    /// Sections of one group belong together: needs, outcomes and provision of education, of health, of social care.
    pub group: String,
    pub marks: Vec<String>,
    #[serde(default)]
    pub parts: Vec<String>,
    pub keywords: Vec<String>,
    pub titles: Vec<String>,
    /// True where the section says what sort of school the child goes to.
    #[serde(default)]
    pub names_setting: bool,
}

/// What a sub-heading, a column or a "label: words" line means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Means {
    Strengths,
    Strength,
    Aspirations,
    Aspiration,
    Needs,
    Need,
    Outcomes,
    Outcome,
    Provision,
    Other,
    Area,
    Ignored,
    Who,
    How,
    When,
    Row,
    Steps,
}

impl Means {
    /// The kind of the statements that stand below it, where it names one.
    pub fn kind(self) -> Option<Kind> {
        match self {
            Self::Needs | Self::Need => Some(Kind::Need),
            Self::Outcomes | Self::Outcome => Some(Kind::Outcome),
            Self::Provision => Some(Kind::Provision),
            Self::Aspirations | Self::Aspiration => Some(Kind::Aspiration),
            Self::Strengths | Self::Strength | Self::Steps => Some(Kind::Other),
            _ => None,
        }
    }

    /// True for columns whose cells are inherited by the statements of their row.
    pub fn is_context(self) -> bool {
        matches!(self, Self::Who | Self::How | Self::When | Self::Row)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: String,
    title: String,
    /// The framework whose headings, columns, lines and texts count too, after its own.
    #[serde(default)]
    like: Option<String>,
    #[serde(default)]
    status: Option<String>,
    section: Vec<SectionSpec>,
    #[serde(default)]
    law: Vec<Law>,
    #[serde(default)]
    heading: Vec<Group>,
    #[serde(default)]
    column: Vec<Group>,
    #[serde(default)]
    line: Vec<Group>,
    #[serde(default)]
    text: Texts,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    means: Means,
    titles: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Texts {
    contents: Vec<String>,
    ignored: Vec<String>,
    boilerplate_start: Vec<String>,
    boilerplate_inside: Vec<String>,
    nothing: Vec<String>,
    fields: Vec<String>,
    sources: Vec<String>,
}

impl Texts {
    fn extend(&mut self, more: Self) {
        self.contents.extend(more.contents);
        self.ignored.extend(more.ignored);
        self.boilerplate_start.extend(more.boilerplate_start);
        self.boilerplate_inside.extend(more.boilerplate_inside);
        self.nothing.extend(more.nothing);
        self.fields.extend(more.fields);
        self.sources.extend(more.sources);
    }
}

/// The files that are part of the program.
const FILES: [(&str, &str); 6] = [
    ("ehcp", include_str!("frameworks/ehcp.toml")),
    ("idp", include_str!("frameworks/idp.toml")),
    ("csp", include_str!("frameworks/csp.toml")),
    ("ni", include_str!("frameworks/ni.toml")),
    ("isp", include_str!("frameworks/isp.toml")),
    ("iep", include_str!("frameworks/iep.toml")),
];

static OTHERS: LazyLock<Vec<Framework>> = LazyLock::new(|| {
    // A test reads them.
    let read = |(_, text): &(&str, &str)| Framework::from_toml(text).unwrap_or_else(|error| panic!("built-in {error}"));
    FILES[1..].iter().map(read).collect()
});

static EHCP: LazyLock<Framework> = LazyLock::new(|| {
    // The file is part of the program and a test reads it.
    Framework::from_toml(include_str!("frameworks/ehcp.toml")).unwrap_or_else(|error| panic!("built-in {error}"))
});

impl Framework {
    /// Education, Health and Care plans of England, sections A–K.
    pub fn ehcp() -> &'static Self {
        &EHCP
    }

    /// The ids of the frameworks that are compiled in; the first is that of England.
    pub const NAMES: [&'static str; 6] = ["ehcp", "idp", "csp", "ni", "isp", "iep"];

    /// The framework of that id: `ehcp` (England), `idp` (Wales), `csp` (Scotland), `ni` (Northern Ireland), `isp`
    /// (England, proposed), `iep` (United States); `None` where there is none.
    pub fn named(id: &str) -> Option<&'static Self> {
        if id == EHCP.id { Some(&EHCP) } else { OTHERS.iter().find(|framework| framework.id == id) }
    }

    /// Reads a framework's data file.
    ///
    /// # Errors
    /// [`FrameworkError`] where it is not TOML, has unknown fields, or lacks a section for needs, outcomes or provision.
    pub fn from_toml(text: &str) -> Result<Self, FrameworkError> {
        let mut file: File = toml::from_str(text)?;
        if let Some(like) = file.like.take() {
            let Some((_, text)) = FILES.iter().find(|(id, _)| *id == like && *id != file.id) else {
                return Err(FrameworkError::Like { framework: file.id, like });
            };
            let base: File = toml::from_str(text)?;
            file.heading.extend(base.heading);
            file.column.extend(base.column);
            file.line.extend(base.line);
            file.text.extend(base.text);
        }
        for kind in [Kind::Need, Kind::Outcome, Kind::Provision] {
            if !file.section.iter().any(|s| s.kind == kind) {
                return Err(FrameworkError::Missing { framework: file.id, wanted: format!("{kind:?}") });
            }
        }
        let known = |id: &String| file.section.iter().any(|section| section.id == *id);
        if let Some(section) = file.law.iter().flat_map(|law| &law.sections).find(|id| !known(id)) {
            return Err(FrameworkError::Law { framework: file.id, section: section.clone() });
        }
        let groups = |groups: &[Group]| {
            Titles::new(groups.iter().flat_map(|g| g.titles.iter().map(move |title| (title.as_str(), g.means))))
        };
        let plain = |titles: &[String]| Titles::new(titles.iter().map(|title| (title.as_str(), ())));
        Ok(Self {
            section_titles: Titles::new(
                file.section.iter().enumerate().flat_map(|(i, s)| s.titles.iter().map(move |t| (t.as_str(), i))),
            ),
            headings: groups(&file.heading),
            columns: groups(&file.column),
            lines: groups(&file.line),
            contents: plain(&file.text.contents),
            ignored: plain(&file.text.ignored),
            nothing: plain(&file.text.nothing),
            fields: plain(&file.text.fields),
            boilerplate_start: AhoCorasickBuilder::new()
                .ascii_case_insensitive(true)
                .match_kind(MatchKind::LeftmostFirst)
                .start_kind(StartKind::Anchored)
                .build(&file.text.boilerplate_start)?,
            boilerplate_inside: AhoCorasickBuilder::new()
                .ascii_case_insensitive(true)
                .build(&file.text.boilerplate_inside)?,
            sources: file.text.sources,
            sections: file.section,
            status: file.status,
            laws: file.law,
            id: file.id,
            title: file.title,
        })
    }

    /// Its sections in the order of its file: id, and what stands in each.
    pub fn sections(&self) -> impl Iterator<Item = (&str, Kind)> {
        self.sections.iter().map(|section| (section.id.as_str(), section.kind))
    }

    /// What its law asks of a finding of that rule in that section, the most particular last.
    pub fn law<'f>(&'f self, section: &'f str, rule: &'f str) -> impl Iterator<Item = &'f Law> {
        self.laws.iter().filter(move |law| law.is_about(section, rule))
    }

    /// True where two sections are about the same: education, health, social care.
    pub(crate) fn are_of_a_group(&self, a: &str, b: &str) -> bool {
        let group = |id: &str| self.sections.iter().find(|section| section.id == id).map(|section| &section.group);
        group(a).is_some() && group(a) == group(b)
    }

    /// What a section holds.
    pub(crate) fn kind_of(&self, id: &str) -> Option<Kind> {
        self.sections().find(|(section, _)| *section == id).map(|(_, kind)| kind)
    }

    /// The section that holds `kind` beside the section `of`: G beside C, H1 beside D, else the first of that kind.
    pub(super) fn beside(&self, of: Option<usize>, kind: Kind) -> Option<usize> {
        let group = of.and_then(|i| self.sections.get(i)).map(|s| s.group.as_str());
        let of_kind = |s: &SectionSpec| s.kind == kind;
        self.sections
            .iter()
            .position(|s| of_kind(s) && Some(s.group.as_str()) == group)
            .or_else(|| self.sections.iter().position(of_kind))
    }

    /// True for an answer that says there is nothing: "None", "No health needs identified".
    pub(super) fn says_nothing(&self, text: &str) -> bool {
        text.len() <= 120
            && self.nothing.may_begin(text)
            && text.split_whitespace().count() <= 12
            && self.nothing.get(&fold(text)).is_some()
    }

    /// The same for a neighbouring cell, where "To be confirmed" is an answer, and a telling one.
    pub(super) fn is_no_answer(&self, text: &str) -> bool {
        self.says_nothing(text)
            && !text
                .trim_start()
                .get(..2)
                .is_some_and(|head| head.eq_ignore_ascii_case("to") || head.eq_ignore_ascii_case("tb"))
    }

    /// True where a text begins with words of the form.
    pub(super) fn begins_boilerplate(&self, text: &str) -> bool {
        self.boilerplate_start.find(Input::new(text).anchored(Anchored::Yes)).is_some()
    }

    /// True for a text that the form brought along, not the writer.
    pub(crate) fn is_boilerplate(&self, text: &str) -> bool {
        self.begins_boilerplate(text)
            || self.boilerplate_inside.is_match(text)
            || (text.starts_with('(') && text.ends_with(')') && text.matches('(').count() == 1)
            || (text.starts_with('[') && text.ends_with(']'))
    }
}

/// Titles with what each stands for; `*` in a title matches any words, `#` any number.
#[derive(Debug)]
pub(super) struct Titles<T> {
    exact: HashMap<String, (usize, T)>,
    by_word: HashMap<String, Vec<(usize, String, T)>>,
    open: Vec<(usize, String, T)>,
    /// First words of all titles, so that most texts need not be folded.
    starts: HashSet<String>,
}

impl<T: Copy> Titles<T> {
    fn new<'a>(list: impl Iterator<Item = (&'a str, T)>) -> Self {
        let mut titles =
            Self { exact: HashMap::new(), by_word: HashMap::new(), open: Vec::new(), starts: HashSet::new() };
        for (order, (title, value)) in list.enumerate() {
            titles.starts.insert(first_word(title).to_owned());
            if !title.contains('*') {
                titles.exact.entry(title.to_owned()).or_insert((order, value));
            } else {
                let word = first_word(title);
                if word.contains('*') {
                    titles.open.push((order, title.to_owned(), value));
                } else {
                    titles.by_word.entry(word.to_owned()).or_default().push((order, title.to_owned(), value));
                }
            }
        }
        titles
    }

    /// False where the first word of a text, in whatever letters, begins no title. Owners are not looked at.
    pub fn may_begin(&self, text: &str) -> bool {
        let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
        let word = first_word(text.split(['\n', '\t', '.', ':', ';']).next().unwrap_or(text));
        !self.open.is_empty() || (word.len() <= 20 && self.starts.contains(&word.to_lowercase()))
    }

    /// What the first title that matches stands for. `folded` comes from [`fold`]; "my", "the", "Sam's" before it may
    /// be left out.
    pub fn get(&self, folded: &str) -> Option<T> {
        self.find(folded).or_else(|| without_owner(folded).and_then(|rest| self.find(rest)))
    }

    fn find(&self, folded: &str) -> Option<T> {
        let mut best = self.exact.get(folded).copied();
        let near = self.by_word.get(first_word(folded)).map_or(&[][..], Vec::as_slice);
        for (order, pattern, value) in near.iter().chain(&self.open) {
            if best.is_none_or(|(known, _)| *order < known) && glob(pattern, folded) {
                best = Some((*order, *value));
            }
        }
        best.map(|(_, value)| value)
    }
}

fn first_word(text: &str) -> &str {
    // "class*room" must be found from "classroom": a word with a wildcard is looked for everywhere.
    text.split_once(' ').map_or(text, |(word, _)| word).trim_end_matches([',', ':'])
}

/// The rest after "my", "the", "Sam's" and the like.
fn without_owner(folded: &str) -> Option<&str> {
    let (word, rest) = folded.split_once(' ')?;
    let owner = matches!(word, "my" | "our" | "the" | "his" | "her" | "their" | "your" | "a")
        || word.ends_with("'s")
        || word.ends_with("s'");
    if !owner {
        return None;
    }
    // "the child's views", "my child's needs".
    Some(rest.split_once(' ').filter(|(word, _)| word.ends_with("'s")).map_or(rest, |(_, rest)| rest))
}

/// True where `text` is `pattern`, whose `*` stand for any text.
fn glob(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(mut rest) = pieces.next().and_then(|head| text.strip_prefix(head)) else { return false };
    let mut pieces = pieces.peekable();
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() {
            return rest.ends_with(piece);
        }
        match rest.find(piece) {
            Some(at) => rest = rest.get(at + piece.len()..).unwrap_or(""),
            None => return false,
        }
    }
    rest.is_empty()
}

/// A title made comparable: small letters, straight quotes, plain hyphens, `and` for `&`, single spaces, `#` for
/// numbers, no marks at either end.
pub(super) fn fold(title: &str) -> String {
    let title = title.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '*' | '•' | ':' | ';' | '.' | '-' | '–' | '—' | '_' | '"' | '“' | '”' | '?')
    });
    let mut out = String::with_capacity(title.len());
    let mut space = false;
    let mut number = false;
    for c in title.chars() {
        if c.is_whitespace() {
            space = true;
            continue;
        }
        let starts = out.is_empty() || space;
        if space && !out.is_empty() {
            out.push(' ');
        }
        if !c.is_ascii_digit() {
            number = false;
        }
        match c {
            '’' | '‘' | 'ʼ' => out.push('\''),
            '–' | '—' | '‐' | '‑' => out.push('-'),
            '&' => out.push_str("and"),
            c if c.is_ascii_digit() && (starts || number) => {
                if !number || starts {
                    out.push('#');
                }
                number = true;
            }
            c if c.is_ascii() => out.push(c.to_ascii_lowercase()),
            c => out.extend(c.to_lowercase()),
        }
        space = false;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_framework_reads() {
        let ehcp = Framework::ehcp();
        let ids: Vec<&str> = ehcp.sections.iter().map(|s| s.id.as_str()).collect();
        assert_eq!(ids, ["A", "B", "C", "D", "E", "F", "G", "H1", "H2", "I", "J", "K"]);
    }

    #[test]
    fn every_framework_reads_and_has_its_name() {
        for id in Framework::NAMES {
            let framework = Framework::named(id).unwrap_or_else(|| panic!("{id}"));
            assert_eq!(framework.id, id);
            let ids: HashSet<&str> = framework.sections().map(|(id, _)| id).collect();
            assert_eq!(ids.len(), framework.sections.len(), "{id}: a section id stands twice");
        }
        assert_eq!(FILES.map(|(id, _)| id), Framework::NAMES);
    }

    #[test]
    fn a_law_is_about_a_section_that_there_is() {
        let (_, text) = FILES[3];
        assert!(text.contains("sections = [\"3\"]"));
        let error = Framework::from_toml(&text.replacen("sections = [\"3\"]", "sections = [\"9\"]", 1));
        assert!(error.is_err_and(|error| error.to_string().contains("section 9")));
    }

    #[test]
    fn unknown_fields_are_refused() {
        assert!(Framework::from_toml("id = 'x'\ntitle = 'x'\ncolour = 'red'").is_err());
    }

    #[test]
    fn titles_fold() {
        assert_eq!(fold(" *My  Outcomes: "), "my outcomes");
        assert_eq!(fold("Outcome 12"), "outcome #");
        assert_eq!(fold("Sam’s views & wishes –"), "sam's views and wishes");
    }

    #[test]
    fn globs_match() {
        for (pattern, text, expected) in [
            ("outcomes for *", "outcomes for sam", true),
            ("what * finds hard", "what sam finds hard", true),
            ("what * finds hard", "what sam finds hard now", false),
            ("*by whom*", "provided by whom and when", true),
            ("date*", "update", false),
            ("*outcomes", "the outcomes", true),
        ] {
            assert_eq!(glob(pattern, text), expected, "{pattern} / {text}");
        }
    }

    #[test]
    fn owners_are_left_out() {
        let titles = &Framework::ehcp().section_titles;
        for title in ["my outcomes", "outcomes", "sam's outcomes", "the child's outcomes", "our outcomes"] {
            assert_eq!(titles.get(title), Some(4), "{title}");
        }
        assert_eq!(titles.get("outcomes are good"), None);
    }

    #[test]
    fn boilerplate_is_known() {
        let ehcp = Framework::ehcp();
        for text in [
            "Please describe the child's needs.",
            "[Insert name]",
            "Name: Click or tap here to enter text.",
            "(list ALL needs)",
        ] {
            assert!(ehcp.is_boilerplate(text), "{text}");
        }
        for text in
            ["Signed English will be used daily.", "Sam will please himself.", "(A) and (B)", "Staff will describe it."]
        {
            assert!(!ehcp.is_boilerplate(text), "{text}");
        }
    }
}
