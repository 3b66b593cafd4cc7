//! This is the planting of personal data, all of it invented: numbers of test ranges, streets and people that there are not.

use super::{Line, Truth};

const SURNAMES: &[&str] =
    &["Larkspur", "Quillfeather", "Stonecrop", "Hawksmere", "Pimbley", "Okonjo", "Fennimore", "Dunmallow"];
const FIRST: &[&str] = &["Imogen", "Desmond", "Rosalind", "Tobias", "Winifred", "Cuthbert", "Petronella", "Ambrose"];
const STREETS: &[&str] = &["Elm Tree Road", "Mill Pond Lane", "Orchard Close", "Fairwater Avenue", "Old Quarry Drive"];
const PLACES: &[&str] = &["Nether Wimble", "Saltmarsh Green", "Upper Thistledown", "Little Hobbing"];
const AREAS: &[&str] = &["LS6", "M14", "NE3", "SW9", "B29", "YO24", "EX4"];

/// Plants one to three pieces into prose or statements.
pub(super) fn plant(
    sections: &mut [(&'static str, String, Vec<Line>)],
    child: &str,
    truth: &mut Truth,
    draws: &mut fastrand::Rng,
) {
    for _ in 0..draws.usize(1..4) {
        let (kind, text) = one(child, draws);
        // Two of a kind in one place could not be told apart.
        if truth.leaks.contains(&kind) {
            continue;
        }
        let section = draws.usize(..sections.len());
        let lines = &mut sections[section].2;
        let at = draws.usize(..lines.len() + 1);
        lines.insert(at, Line::Text(text));
        truth.leaks.push(kind);
    }
}

fn one(child: &str, draws: &mut fastrand::Rng) -> (&'static str, String) {
    let pick = |list: &[&'static str], draws: &mut fastrand::Rng| list[draws.usize(..list.len())];
    let (first, last) = (pick(FIRST, draws), pick(SURNAMES, draws));
    match draws.u8(..10) {
        0 => (
            "name",
            format!(
                "The plan was discussed with {} {last} at the meeting.",
                pick(&["Mr", "Mrs", "Ms", "Dr", "Miss"], draws)
            ),
        ),
        1 => ("name", format!("Social worker: {first} {last}.")),
        2 => (
            "birth_date",
            format!("Date of birth: {:02}/{:02}/{}.", draws.u8(1..29), draws.u8(1..13), draws.u16(2005..2021)),
        ),
        3 => (
            "birth_date",
            format!(
                "The child was born on {} {} {}.",
                draws.u8(1..29),
                pick(&["March", "July", "October"], draws),
                draws.u16(2005..2021)
            ),
        ),
        4 => ("nhs_number", format!("The NHS number on the letter is {}.", nhs(draws))),
        5 => ("upn", format!("UPN {}.", upn(draws))),
        6 => (
            "postcode",
            format!(
                "The family live in {} {}{}.",
                pick(AREAS, draws),
                draws.u8(1..10),
                pick(&["AB", "DJ", "QX", "TY"], draws)
            ),
        ),
        7 => ("phone", format!("The number to call is 01632 960{:03}.", draws.u16(..1000))),
        8 => ("email", format!("Write to {}.{}@example.org about it.", first.to_lowercase(), last.to_lowercase())),
        _ if draws.bool() => ("address", format!("The taxi calls at {} {}.", draws.u8(1..99), pick(STREETS, draws))),
        _ => ("school", format!("{child} will move to {} Primary School.", pick(PLACES, draws))),
    }
}

/// A number of the range that the NHS keeps for tests, with its check digit.
fn nhs(draws: &mut fastrand::Rng) -> String {
    loop {
        let digits: Vec<u32> = [9, 9, 9].into_iter().chain((0..6).map(|_| draws.u32(..10))).collect();
        let sum: u32 = digits.iter().zip((2..=10).rev()).map(|(digit, weight)| digit * weight).sum();
        let check = (11 - sum % 11) % 11;
        if check < 10 {
            let all: String = digits.iter().chain([&check]).map(u32::to_string).collect();
            return format!("{} {} {}", &all[..3], &all[3..6], &all[6..]);
        }
    }
}

/// A pupil number with its check letter.
fn upn(draws: &mut fastrand::Rng) -> String {
    let digits: Vec<usize> = (0..12).map(|_| draws.usize(..10)).collect();
    let sum: usize = digits.iter().zip(2..).map(|(digit, weight)| digit * weight).sum();
    let letter = "ABCDEFGHJKLMNPQRTUVWXYZ".as_bytes()[sum % 23] as char;
    format!("{letter}{}", digits.iter().map(usize::to_string).collect::<String>())
}
