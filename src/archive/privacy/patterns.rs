//! This is personal data that is told by its form: numbers, addresses, schools.

use super::{Kind, numbers};
use crate::span::Span;
use aho_corasick::AhoCorasick;
use regex::Regex;
use std::sync::LazyLock;

struct Patterns {
    number: Regex,
    upn: Regex,
    postcode: Regex,
    birth: Regex,
    email: Regex,
    address: Regex,
    school: Regex,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    // Fixed patterns, compiled by the tests.
    let new = |pattern: &str| Regex::new(pattern).unwrap_or_else(|error| panic!("{error}"));
    Patterns {
        number: new(r"(?-u:\+44[ -]?(?:\(0\))?|\b)[0-9](?:[ -]?[0-9]){8,11}(?-u:\b)"),
        upn: new(r"(?-u:\b)[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z](?-u:\b)"),
        postcode: new(r"(?-u:\b)([A-Z]{1,2})[0-9][A-Z0-9]? ?[0-9][ABD-HJLNP-UW-Z]{2}(?-u:\b)"),
        birth: new(
            r"(?:[Dd]ate [Oo]f [Bb]irth|(?-u:\b)(?:D\.?O\.?B|d\.?o\.?b)\.?|(?-u:\b)[Bb]orn(?: on)?)(?-u:[:\s])*([0-9]{1,2}(?:st|nd|rd|th)?(?: of)?[ /.-](?:[0-9]{1,2}|[A-Z][a-z]{2,8}\.?)[ /.-][0-9]{2,4})",
        ),
        email: new(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"),
        address: new(&format!(
            r"(?-u:\b)[0-9]{{1,4}}[A-Za-z]?,? (?:\p{{Lu}}[\p{{L}}'’-]+ ){{1,3}}(?:{STREET})(?-u:\b)"
        )),
        school: new(r"(?:\p{Lu}[\p{L}.'’-]+ ){1,5}(?:School|Academy|College|Nursery)(?-u:\b)"),
    }
});

/// What streets are called: without one no address can be there.
const STREET: &str = "Street|Road|Avenue|Lane|Close|Drive|Way|Court|Crescent|Gardens|Grove|Place|Terrace|Mews|Rd|Ave";
static STREETS: LazyLock<AhoCorasick> =
    LazyLock::new(|| AhoCorasick::new(STREET.split('|')).unwrap_or_else(|error| panic!("{error}")));

/// What one look at the digits of a text tells of the patterns that need not be tried.
#[derive(Debug, Default)]
struct Digits {
    /// The most digits in a run with no more than a space or hyphen between two of them.
    most: usize,
    /// A digit stands before a capital letter.
    before_capital: bool,
}

impl Digits {
    fn of(text: &str) -> Self {
        let mut found = Self::default();
        let (mut run, mut gap) = (0, false);
        let mut bytes = text.bytes().peekable();
        while let Some(byte) = bytes.next() {
            match byte {
                b'0'..=b'9' => {
                    run += 1;
                    gap = false;
                    found.most = found.most.max(run);
                    found.before_capital |= bytes.peek().is_some_and(u8::is_ascii_uppercase);
                }
                b' ' | b'-' if run > 0 && !gap => gap = true,
                _ => (run, gap) = (0, false),
            }
        }
        found
    }
}

pub(super) fn find(text: &str, named: bool, hit: &mut impl FnMut(Kind, Span)) {
    let all = &*PATTERNS;
    let digits = Digits::of(text);
    if digits.most >= 9 {
        for found in all.number.find_iter(text) {
            if let Some(kind) = number(found.as_str()) {
                hit(kind, found.range().into());
            }
        }
        for found in all.upn.find_iter(text).filter(|found| numbers::is_upn(found.as_str())) {
            hit(Kind::Upn, found.range().into());
        }
    }
    if digits.before_capital {
        for found in all.postcode.captures_iter(text) {
            if let (Some(whole), Some(area)) = (found.get(0), found.get(1))
                && AREAS.split(' ').any(|known| known == area.as_str())
            {
                hit(Kind::Postcode, whole.range().into());
            }
        }
    }
    if digits.most > 0 {
        for date in all.birth.captures_iter(text).filter_map(|found| found.get(1)) {
            hit(Kind::BirthDate, date.range().into());
        }
        if STREETS.is_match(text) {
            for found in all.address.find_iter(text) {
                hit(Kind::Address, found.range().into());
            }
        }
    }
    if text.contains('@') {
        all.email.find_iter(text).for_each(|found| hit(Kind::Email, found.range().into()));
    }
    if named && ["School", "Academy", "College", "Nursery"].iter().any(|word| text.contains(word)) {
        for found in all.school.find_iter(text) {
            let start = found.start() + generic(found.as_str());
            if start < found.end() {
                hit(Kind::School, Span::new(start, found.end()));
            }
        }
    }
}

/// What a run of digits is.
fn number(text: &str) -> Option<Kind> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_digit).map(|byte| byte - b'0').collect();
    let national = if text.starts_with('+') {
        digits.strip_prefix(&[4, 4]).map(|rest| rest.strip_prefix(&[0]).unwrap_or(rest))
    } else {
        digits.strip_prefix(&[0])
    };
    // Ofcom, *National Telephone Numbering Plan*: 1, 2, 3, 7, 8 and then eight or nine digits.
    if national.is_some_and(|rest| matches!(rest.len(), 9 | 10) && matches!(rest[0], 1 | 2 | 3 | 7 | 8))
        && (text.starts_with('+') || digits.len() == 11 || text.contains([' ', '-']))
    {
        return Some(Kind::Phone);
    }
    numbers::is_nhs(&digits).then_some(Kind::NhsNumber)
}

/// How many bytes of a school's name are words that any school could have; all of them where it has no name.
fn generic(name: &str) -> usize {
    let mut at = 0;
    for word in name.split_inclusive(' ') {
        if !GENERIC.contains(&word.trim_end()) {
            return at;
        }
        at += word.len();
    }
    at
}

const GENERIC: &[&str] = &[
    "School",
    "Academy",
    "College",
    "Nursery",
    "The",
    "A",
    "An",
    "This",
    "Her",
    "His",
    "Their",
    "My",
    "Our",
    "Primary",
    "Secondary",
    "Special",
    "Mainstream",
    "Infant",
    "Junior",
    "High",
    "Specialist",
    "Local",
    "Current",
    "In",
    "At",
    "From",
    "New",
    "Maintained",
    "Sixth",
    "Form",
    "Further",
    "Education",
    "Independent",
    "Whole",
    "After",
    "Before",
    "Every",
    "Each",
    "If",
    "When",
    "While",
    "Day",
    "Boarding",
    "Residential",
    "Community",
    "Middle",
    "Upper",
    "Lower",
    "Home",
    "To",
    "And",
];

/// The postcode areas (Royal Mail).
const AREAS: &str = "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE";
