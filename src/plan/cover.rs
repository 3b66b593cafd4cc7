//! This is what the cover page says of the child and of the plan, and where it says so.

use super::lines::{Line, Lines};
use super::when;
use crate::span::Span;
use crate::words::Words;
use jiff::civil::Date;

/// Words of a paragraph.
pub(super) type Place = (usize, Span);

/// She or he, as the plan has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gender {
    /// "he", "boy", "son".
    Male,
    /// "she", "girl", "daughter".
    Female,
}

/// The facts of a cover page.
#[derive(Debug, Default)]
pub(crate) struct Cover {
    /// What the child is called: first names, with a name that is preferred.
    pub names: Vec<String>,
    /// Where the name stands.
    pub named: Option<Place>,
    /// Last names.
    pub surnames: Vec<String>,
    /// Born on.
    pub born: Option<(Date, Place)>,
    /// Years of age.
    pub age: Option<(i32, Place)>,
    /// Year group; 0 is Reception.
    pub year: Option<(i32, Place)>,
    /// Where the child is educated.
    pub school: Option<(String, Place)>,
    /// Sex or gender.
    pub gender: Option<(Gender, Place)>,
    /// The day of the plan, the last where it names several.
    pub dated: Option<(Date, Place)>,
    /// The day of the next review.
    pub review: Option<(Date, Place)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Name,
    Preferred,
    Born,
    Age,
    Year,
    School,
    Gender,
    Dated,
    Review,
    Other,
}

/// What a label on a cover page stands for. In small letters, without its colon.
const LABELS: &[(&str, Field)] = &[
    ("name", Field::Name),
    ("full name", Field::Name),
    ("child's name", Field::Name),
    ("child's full name", Field::Name),
    ("name of child", Field::Name),
    ("name of child or young person", Field::Name),
    ("name of young person", Field::Name),
    ("young person's name", Field::Name),
    ("pupil name", Field::Name),
    ("pupil", Field::Name),
    ("child", Field::Name),
    ("young person", Field::Name),
    ("student", Field::Name),
    ("preferred name", Field::Preferred),
    ("known as", Field::Preferred),
    ("likes to be called", Field::Preferred),
    ("date of birth", Field::Born),
    ("dob", Field::Born),
    ("d.o.b", Field::Born),
    ("born", Field::Born),
    ("age", Field::Age),
    ("year group", Field::Year),
    ("year", Field::Year),
    ("school year", Field::Year),
    ("nc year", Field::Year),
    ("nc year group", Field::Year),
    ("national curriculum year", Field::Year),
    ("school", Field::School),
    ("school name", Field::School),
    ("name of school", Field::School),
    ("current school", Field::School),
    ("education setting", Field::School),
    ("educational setting", Field::School),
    ("current setting", Field::School),
    ("setting", Field::School),
    ("placement", Field::School),
    ("college", Field::School),
    ("nursery", Field::School),
    ("school or setting", Field::School),
    ("sex", Field::Gender),
    ("gender", Field::Gender),
    ("date of final plan", Field::Dated),
    ("date of plan", Field::Dated),
    ("date of this plan", Field::Dated),
    ("date of ehc plan", Field::Dated),
    ("date of issue", Field::Dated),
    ("date issued", Field::Dated),
    ("date finalised", Field::Dated),
    ("date of amended final plan", Field::Dated),
    ("date of amended plan", Field::Dated),
    ("date of draft plan", Field::Dated),
    ("date of draft", Field::Dated),
    ("plan date", Field::Dated),
    ("plan issued", Field::Dated),
    ("issued", Field::Dated),
    ("finalised", Field::Dated),
    ("final plan", Field::Dated),
    ("final plan issued", Field::Dated),
    ("date", Field::Dated),
    ("review date", Field::Review),
    ("date of review", Field::Review),
    ("date of next review", Field::Review),
    ("next review", Field::Review),
    ("next review date", Field::Review),
    ("next annual review", Field::Review),
    ("annual review", Field::Review),
    ("annual review due", Field::Review),
    ("annual review date", Field::Review),
    ("next annual review due", Field::Review),
    ("date of next annual review", Field::Review),
    ("review due", Field::Review),
    ("review by", Field::Review),
    ("to be reviewed by", Field::Review),
];

/// Labels of facts that are not asked for: what follows them is no value of the label before.
const OTHERS: &[&str] = &[
    "address",
    "ethnicity",
    "religion",
    "home language",
    "first language",
    "telephone",
    "email",
    "parents",
    "parent",
    "mother",
    "father",
    "carer",
    "upn",
    "nhs number",
    "local authority",
    "council",
    "plan co-ordinator",
    "gp",
    "relationship",
    "main contact",
    "social worker",
    "known to social care",
    "looked after",
    "status",
    "version",
    "headteacher",
    "senco",
    "case officer",
    "casework officer",
    "caseworker",
    "author",
    "postcode",
];

impl Cover {
    /// Reads the lines before the first section; day and review may also stand in the last section or after it.
    pub fn of(lines: &Lines<'_>) -> Self {
        let mut cover = Self::default();
        let (front, rest) = lines.all.split_at(lines.cover.min(lines.all.len()));
        cover.fields(front, false);
        cover.prose(front);
        cover.fields(rest, true);
        cover
    }

    /// "Label: value" in a line, several of them in a line, and a label whose value is the next cell or line.
    fn fields(&mut self, lines: &[Line<'_>], dates_only: bool) {
        let mut open: Option<Field> = None;
        for line in lines {
            if line.text.len() > if dates_only { 120 } else { 1500 } || dates_only && line.heading {
                continue;
            }
            let mut field = None;
            for piece in pieces(line.text) {
                let words = piece.of(line.text);
                let (label, value) = match words.split_once(':') {
                    Some((label, value)) if label.len() < 60 => (label, value.trim()),
                    _ if words.len() < 60 => (words, ""),
                    _ => ("", ""),
                };
                let known = field_of(label);
                let place = |value: &str| {
                    let start = line.span.start + piece.start + (value.as_ptr() as usize - words.as_ptr() as usize);
                    (line.paragraph, Span::new(start, start + value.len()))
                };
                match known {
                    Some(known) if value.is_empty() => field = Some(known),
                    Some(known) => {
                        self.set(known, value, place(value), dates_only);
                        field = None;
                    }
                    None => {
                        if let Some(known) = open.take() {
                            self.set(known, words, place(words), dates_only);
                        }
                        field = None;
                    }
                }
            }
            open = field;
        }
    }

    fn set(&mut self, field: Field, value: &str, place: Place, dates_only: bool) {
        let words = Words::new(value);
        let date = || when::date(&words, 0).map(|(day, ..)| (day, place));
        match field {
            // The day of a report in the list of advice is none of the plan.
            Field::Dated if dates_only && self.dated.is_some() => {}
            Field::Dated => {
                let day = date();
                if day.is_some_and(|(day, _)| self.dated.is_none_or(|(known, _)| known < day)) {
                    self.dated = day;
                }
            }
            Field::Review => self.review = self.review.or_else(date),
            _ if dates_only => {}
            Field::Name if self.names.is_empty() => self.name(value, place),
            Field::Preferred => {
                if let Some(name) = value.split_whitespace().next().filter(|name| is_name(name)) {
                    self.names.push(name.to_owned());
                }
            }
            Field::Born => self.born = self.born.or_else(date),
            Field::Age => {
                let years = |i| words.lower(i).parse().ok().or_else(|| when::spelt(words.lower(i)));
                self.age = self.age.or_else(|| years(0).filter(|n| (0..=26).contains(n)).map(|n| (n, place)));
            }
            Field::Year => {
                let bare = || words.lower(0).parse().ok().filter(|n| (1..=14).contains(n));
                let group = (0..words.len()).find_map(|i| when::group(&words, i)).map(|(year, _)| year);
                self.year = self.year.or_else(|| group.or_else(bare).map(|year| (year, place)));
            }
            Field::School if self.school.is_none() => self.school = Some((value.to_owned(), place)),
            Field::Gender => {
                let gender = match words.lower(0) {
                    "male" | "m" | "boy" | "he" => Some(Gender::Male),
                    "female" | "f" | "girl" | "she" => Some(Gender::Female),
                    _ => None,
                };
                self.gender = self.gender.or_else(|| gender.map(|gender| (gender, place)));
            }
            _ => {}
        }
    }

    fn name(&mut self, value: &str, place: Place) {
        let mut parts = value.split_whitespace().map(|part| part.trim_matches(|c: char| !c.is_alphanumeric()));
        let Some(first) = parts.next().filter(|name| is_name(name)) else { return };
        self.named = Some((place.0, Span::new(place.1.start, place.1.start + first.len())));
        self.names.insert(0, first.to_owned());
        self.surnames.extend(parts.filter(|name| is_name(name)).map(str::to_owned));
    }

    /// "Education, Health and Care Plan for Maisie Larkwhistle, age 17", "agreed on 9 October 2025", "Sam's plan".
    fn prose(&mut self, lines: &[Line<'_>]) {
        for line in lines.iter().filter(|line| line.text.len() < 300) {
            let words = Words::new(line.text);
            for i in 0..words.len() {
                let place = |from: usize, to: usize| (line.paragraph, words.span(from, to).shifted(line.span.start));
                match words.lower(i) {
                    "plan" if words.lower(i + 1) == "for" && self.names.is_empty() => {
                        let rest = line.text.get(words.span(i + 2, i + 3).start..).unwrap_or("");
                        let value = rest.split([',', ':', '(', '–']).next().unwrap_or("").trim();
                        let start = line.span.start + words.span(i + 2, i + 3).start;
                        self.name(value, (line.paragraph, Span::new(start, start + value.len())));
                    }
                    "plan" if i > 0 && self.names.is_empty() => {
                        let owner = words.raw(i - 1);
                        if let Some(name) = owner.strip_suffix("'s").or_else(|| owner.strip_suffix("’s"))
                            && is_name(name)
                        {
                            let at = place(i - 1, i);
                            self.named = Some((at.0, Span::new(at.1.start, at.1.start + name.len())));
                            self.names.push(name.to_owned());
                        }
                    }
                    "age" | "aged" if self.age.is_none() => {
                        let years = words.lower(i + 1).parse().ok().or_else(|| when::spelt(words.lower(i + 1)));
                        self.age = years.filter(|n| (0..=26).contains(n)).map(|n| (n, place(i + 1, i + 2)));
                    }
                    "agreed" | "issued" | "finalised" | "dated" if self.dated.is_none() => {
                        self.dated = when::date(&words, i)
                            .filter(|(_, from, _)| *from < i + 8)
                            .map(|(day, from, to)| (day, place(from, to)));
                    }
                    _ => {}
                }
                if self.year.is_none()
                    && let Some((year, end)) = when::group(&words, i).filter(|(year, _)| *year > 0)
                {
                    self.year = Some((year, place(i, end)));
                }
            }
        }
    }

    /// The year group on the day of the plan, as the cover gives it or by the date of birth.
    pub fn group(&self) -> Option<i32> {
        let by_birth = || Some(when::group_of(self.born?.0, self.dated?.0));
        self.year.map(|(year, _)| year).or_else(by_birth)
    }

    /// Years of age on the day of the plan.
    pub fn years(&self) -> Option<i32> {
        let by_birth = || Some(when::age(self.born?.0, self.dated?.0));
        by_birth().or(self.age.map(|(age, _)| age))
    }
}

/// True for a word with a capital that may be a name.
fn is_name(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase)
        && letters.all(|c| c.is_alphabetic() || matches!(c, '\'' | '’' | '-'))
}

fn field_of(label: &str) -> Option<Field> {
    let label = label.trim().trim_end_matches([':', '.', '-', '–']).trim();
    if label.is_empty() || label.len() > 50 {
        return None;
    }
    let label = label.to_lowercase().replace('’', "'");
    let known = LABELS.iter().find(|(known, _)| *known == label).map(|(_, field)| *field);
    known.or_else(|| OTHERS.contains(&label.as_str()).then_some(Field::Other))
}

/// A line cut where a label may begin: after ". ", "; ", " | " and tabs, where what follows has a colon.
fn pieces(line: &str) -> Vec<Span> {
    let mut out = Vec::new();
    let mut from = 0;
    let bytes = line.as_bytes();
    for (i, byte) in bytes.iter().enumerate() {
        let cut = match byte {
            b'\t' | b'|' => true,
            b'.' | b';' | b',' => bytes.get(i + 1) == Some(&b' '),
            _ => false,
        };
        if !cut || i < from {
            continue;
        }
        let rest = line.get(i + 1..).unwrap_or("");
        let label = rest.split_once(':').map_or(rest, |(label, _)| label);
        if matches!(byte, b'\t' | b'|') || field_of(label).is_some() {
            out.push(trimmed(line, from, i));
            from = i + 1;
        }
    }
    out.push(trimmed(line, from, line.len()));
    out.retain(|span| !span.is_empty());
    out
}

fn trimmed(line: &str, from: usize, to: usize) -> Span {
    let words = line.get(from..to).unwrap_or("");
    let start = from + (words.len() - words.trim_start().len());
    Span::new(start, start + words.trim().len())
}
