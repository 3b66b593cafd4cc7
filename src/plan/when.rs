//! This is the reading of points in time as days: dates, year groups and key stages, so that two of them can be compared.

use crate::rules::up_to_twenty;
use crate::words::Words;
use jiff::civil::Date;

/// A point in time that a plan names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// A day, the last one where only a month, a term or a year is named.
    Day(Date),
    /// The end of a year group; 0 is Reception.
    Year(i32),
    /// The end of a key stage or phase, by its last year group.
    Stage(i32),
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The number of the month that a word names: "March", "Mar", "Sept".
fn month(word: &str) -> Option<i8> {
    let at = MONTHS.iter().position(|whole| word.starts_with(&whole[..3]))?;
    (word.len() == 3 || word == MONTHS[at] || word == "sept").then_some(at as i8 + 1)
}

fn number(word: &str) -> Option<i32> {
    (word.len() <= 4).then(|| word.parse().ok()).flatten()
}

fn year(word: &str) -> Option<i16> {
    number(word).filter(|n| (1900..2100).contains(n)).and_then(|n| n.try_into().ok())
}

/// The last day of that month.
fn last(year: i16, month: i8) -> Option<Date> {
    Date::new(year, month, 1).ok().map(|day| day.last_of_month())
}

/// The first date in these words, and one past its last word: "3 March 2017", "March 2017", "03/04/2017", "2017-04-03", "spring term
/// 2027", "July 3, 2027".
pub(super) fn date(words: &Words<'_>, from: usize) -> Option<(Date, usize, usize)> {
    (from..words.len()).find_map(|i| date_at(words, i).map(|(day, end)| (day, i, end)))
}

fn date_at(words: &Words<'_>, i: usize) -> Option<(Date, usize)> {
    let at = |n: usize| words.lower(i + n);
    // 31.03.2027 is one word.
    let points: Vec<&str> = at(0).split('.').collect();
    if let [d, m, y] = points[..] {
        return day(number(y)?, number(m)?, number(d)?).map(|day| (day, i + 1));
    }
    if let (Some(a), "/" | "-", Some(b), "/" | "-", Some(c)) =
        (number(at(0)), at(1), number(at(2)), at(3), number(at(4)))
    {
        let (y, d) = if a > 31 { (a, c) } else { (c, a) };
        return day(y, b, d).map(|day| (day, i + 5));
    }
    if let Some(d) = number(at(0)).filter(|d| (1..=31).contains(d)) {
        let mut n = 1;
        while matches!(at(n), "st" | "nd" | "rd" | "th" | "of" | "-") && n < 4 {
            n += 1;
        }
        let m = month(at(n))?;
        let y = n + 1 + usize::from(matches!(at(n + 1), "," | "." | "-"));
        return Date::new(year(at(y))?, m, d as i8).ok().map(|day| (day, i + y + 1));
    }
    if let Some(m) = month(at(0)) {
        let dot = usize::from(at(1) == "." || at(1) == ",");
        if let Some(y) = year(at(1 + dot)) {
            return last(y, m).map(|day| (day, i + 2 + dot));
        }
        // July 3, 2027
        let d = number(at(1)).filter(|d| (1..=31).contains(d))?;
        let y = (2..5).find_map(|n| year(at(n)).map(|y| (y, n)))?;
        return Date::new(y.0, m, d as i8).ok().map(|day| (day, i + y.1 + 1));
    }
    let m = match at(0) {
        "spring" | "easter" => 4,
        "summer" => 7,
        "autumn" | "christmas" => 12,
        _ => return None,
    };
    let n = (1..5).find(|&n| !matches!(at(n), "term" | "half" | "-" | "holidays" | "of" | "break"))?;
    last(year(at(n))?, m).map(|day| (day, i + n + 1))
}

fn day(y: i32, m: i32, d: i32) -> Option<Date> {
    let y = if y < 100 { y + 2000 } else { y };
    Date::new(y.try_into().ok()?, m.try_into().ok()?, d.try_into().ok()?).ok()
}

/// The year group that the words from `i` on name, and one past its last word: "Year 6", "Y6", "Reception".
pub(super) fn group(words: &Words<'_>, i: usize) -> Option<(i32, usize)> {
    match words.lower(i) {
        "year" | "yr" => {
            let at = i + 1 + usize::from(matches!(words.lower(i + 1), "." | "group" | ":"));
            let n = number(words.lower(at)).or_else(|| spelt(words.lower(at)))?;
            (1..=14).contains(&n).then_some((n, at + 1))
        }
        "y" if words.list().get(i + 1).is_some_and(|word| word.glued) => {
            let n = number(words.lower(i + 1)).filter(|n| (1..=14).contains(n))?;
            Some((n, i + 2))
        }
        "reception" => Some((0, i + 1)),
        "nursery" => Some((-1, i + 1)),
        _ => None,
    }
}

/// A small number in words.
pub(super) fn spelt(word: &str) -> Option<i32> {
    if word == "nought" { Some(0) } else { up_to_twenty(word) }
}

/// The point in time that these words name, and the words.
pub(super) fn when(words: &Words<'_>) -> Option<When> {
    if let Some((day, ..)) = date(words, 0) {
        return Some(When::Day(day));
    }
    for i in 0..words.len() {
        if let Some((year, _)) = group(words, i).filter(|(year, _)| *year >= 0) {
            return Some(When::Year(year));
        }
        let stage = |n: Option<i32>| n.and_then(|n| [2, 6, 9, 11, 13].get(usize::try_from(n - 1).ok()?).copied());
        let next = words.lower(i + 1);
        let after = words.lower(i + 1 + usize::from(next == "-"));
        let ends = match words.lower(i) {
            "ks" => stage(number(next)),
            "key" if next == "stage" => stage(number(words.lower(i + 2)).or_else(|| spelt(words.lower(i + 2)))),
            "foundation" if next == "stage" => Some(0),
            "early" if next == "years" => Some(0),
            "infant" if matches!(after, "school" | "phase") => Some(2),
            "primary" if matches!(after, "school" | "phase" | "education") => Some(6),
            "junior" if matches!(after, "school" | "phase") => Some(6),
            "secondary" if matches!(after, "school" | "phase" | "education") => Some(11),
            "sixth" if after == "form" => Some(13),
            _ => None,
        };
        if let Some(end) = ends {
            return Some(When::Stage(end));
        }
    }
    // "by September 2027" is read above; "by 2027" is its end.
    (0..words.len()).find_map(|i| year(words.lower(i))).and_then(|y| last(y, 12)).map(When::Day)
}

/// The calendar year in which the school year of that day began.
pub(super) fn school_year(day: Date) -> i32 {
    i32::from(day.year()) - i32::from(day.month() < 9)
}

/// The year group of a child born on a day, at another.
pub(super) fn group_of(born: Date, at: Date) -> i32 {
    school_year(at) - school_year(born) - 5
}

/// Completed years between two days.
pub(super) fn age(born: Date, at: Date) -> i32 {
    let before = (at.month(), at.day()) < (born.month(), born.day());
    i32::from(at.year()) - i32::from(born.year()) - i32::from(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> String {
        match when(&Words::new(text)) {
            Some(When::Day(day)) => day.to_string(),
            Some(When::Year(year)) => format!("Y{year}"),
            Some(When::Stage(year)) => format!("S{year}"),
            None => "-".into(),
        }
    }

    #[test]
    fn points_in_time() {
        for (text, expected) in [
            ("3 March 2017", "2017-03-03"),
            ("3rd of March 2017", "2017-03-03"),
            ("By July 2027", "2027-07-31"),
            ("by 16/07/2026", "2026-07-16"),
            ("2026-07-16", "2026-07-16"),
            ("by 31.03.2027", "2027-03-31"),
            ("July 3, 2027", "2027-07-03"),
            ("by the end of the spring term 2027", "2027-04-30"),
            ("By Easter 2027", "2027-04-30"),
            ("by the end of Year 6", "Y6"),
            ("end of Y10", "Y10"),
            ("by the end of Key Stage 2", "S6"),
            ("KS4", "S11"),
            ("by the time he leaves primary school", "S6"),
            ("by the end of Reception", "Y0"),
            ("by 2028", "2028-12-31"),
            ("within 12 months", "-"),
            ("31 February 2027", "2027-02-28"),
        ] {
            assert_eq!(said(text), expected, "{text}");
        }
    }

    #[test]
    fn year_groups_and_ages() {
        let day = |text: &str| -> Date { text.parse().expect("a day") };
        assert_eq!(group_of(day("2017-03-03"), day("2025-10-17")), 4);
        assert_eq!(group_of(day("2017-09-01"), day("2026-07-17")), 3);
        assert_eq!(group_of(day("2017-08-31"), day("2026-07-17")), 4);
        assert_eq!(age(day("2017-03-03"), day("2025-10-17")), 8);
        assert_eq!(age(day("2017-03-03"), day("2025-03-02")), 7);
    }
}
