//! This is the pool of texts that the first stage learns from: statements with labels or without as they may stand in a plan, and what
//! comes of cutting them up and joining the parts of two. They need no labels, for rules and network say what each is worth (as in Tang
//! et al., *Distilling task-specific knowledge from BERT into simple neural networks*, 2019); many make little sense, which does no harm
//! there.

use super::augment::{Random, augment};
use super::corpus::statement;
use clearplan::document::{Kind, Statement};

/// Words that a part begins with.
const JOINTS: &[&str] = &[
    "after",
    "and",
    "as",
    "at",
    "before",
    "by",
    "can",
    "daily",
    "during",
    "each",
    "every",
    "for",
    "from",
    "has",
    "in",
    "including",
    "is",
    "on",
    "once",
    "so",
    "through",
    "to",
    "twice",
    "until",
    "using",
    "weekly",
    "when",
    "which",
    "who",
    "will",
    "with",
];

/// Marks that a part ends with.
const ENDS: &[char] = &[',', ';', ':', '.', '–', '—', '|', '/'];

/// Who advised it.
const ADVISERS: &[&str] = &[
    "SaLT",
    "EP",
    "OT",
    "physio",
    "paediatrician",
    "school",
    "nursery",
    "parent",
    "CAMHS",
    "specialist teacher",
    "annual review",
    "audiology",
    "social care",
    "ASD outreach",
    "health visitor",
];

/// What stands before a statement in a list.
const MARKS: &[&str] = &[
    "- ",
    "• ",
    "1. ",
    "a) ",
    "* ",
    "o ",
    "☐ ",
    "(ii) ",
    "E2 ",
    "F3: ",
    "Outcome 1: ",
    "Provision: ",
    "4.2 ",
    "Target 3 - ",
    "[x] ",
    "> ",
];

/// Where it happens.
const PLACES: &[&str] = &[
    "in maths",
    "in English lessons",
    "at lunchtime",
    "during circle time",
    "in the hall",
    "in class",
    "at home and at school",
    "in unstructured times",
    "in science",
    "at break",
    "on arrival",
    "in PE",
    "during independent work",
    "across the school day",
    "in whole-class teaching",
    "in group work",
];

/// So many texts for each statement that differ from it in what changes no judgement: names, numbers, a source, a bullet, a place.
pub fn dressed(rows: &[Statement], each: usize, random: &mut Random) -> Vec<Statement> {
    let mut made = Vec::with_capacity(rows.len() * each);
    for row in rows {
        for _ in 0..each {
            let (context, text, _) = augment(row, &[], random);
            made.push(statement(row.kind, dress(text, random), context));
        }
    }
    made
}

/// So many texts for each statement that are put together from parts of it and of others of its kind.
pub fn mixed(rows: &[Statement], each: usize, random: &mut Random) -> Vec<Statement> {
    let of = |kind: Kind| rows.iter().filter(|row| row.kind == kind).collect::<Vec<_>>();
    let (outcomes, provision) = (of(Kind::Outcome), of(Kind::Provision));
    let mut made = Vec::with_capacity(rows.len() * each);
    for row in rows {
        let kind = row.kind;
        let others = if kind == Kind::Outcome { &outcomes } else { &provision };
        for _ in 0..each {
            let (mut context, text, _) = augment(row, &[], random);
            let other = others[random.below(others.len())];
            let (_, more, _) = augment(other, &[], random);
            let (mut own, more) = (parts(&text), parts(&more));
            let (at, from) = (random.below(own.len()), random.below(more.len()));
            let mut of_kind = kind;
            match random.below(20) {
                // Something left out, exchanged, put in; the beginning of one with the end of another; both.
                0..=3 if own.len() > 1 => drop(own.remove(at)),
                4..=6 => own[at] = more[from],
                7..=9 => own.insert(at, more[from]),
                10..=16 => {
                    own.truncate(at + 1);
                    own.extend(&more[from..]);
                }
                17 => own.extend(&more),
                // In the other's place: under its heading; or as the other kind, and so is what has nothing to leave out.
                18 => context = other.context.iter().map(|context| context.text.clone()).collect(),
                _ => of_kind = if kind == Kind::Outcome { Kind::Provision } else { Kind::Outcome },
            }
            let text = own.join(" ");
            let text = if random.chance(0.5) { dress(text, random) } else { text };
            made.push(statement(of_kind, text, context));
        }
    }
    made
}

/// A text cut before words that join and after marks; at least one part.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut from = 0;
    for (at, _) in text.match_indices(' ') {
        let next = text[at + 1..].split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
        let joint = JOINTS.binary_search(&next.to_lowercase().as_str()).is_ok();
        if (joint || text[..at].ends_with(ENDS)) && !text[from..at].trim().is_empty() {
            parts.push(text[from..at].trim());
            from = at + 1;
        }
    }
    parts.push(text[from..].trim());
    parts
}

/// What may stand around a statement in a plan: a source, a place, a bullet; or no full stop, or capitals throughout.
fn dress(mut text: String, random: &mut Random) -> String {
    if random.chance(0.35) {
        let source = source(random);
        text = match (random.chance(0.2), text.strip_suffix('.')) {
            (true, _) => format!("{source} {text}"),
            (false, Some(rest)) if random.chance(0.5) => format!("{rest} {source}."),
            _ => format!("{} {source}", text.trim_end()),
        };
    }
    if random.chance(0.15) {
        let place = PLACES[random.below(PLACES.len())];
        let comma = if random.chance(0.5) { "," } else { "" };
        text = match text.strip_suffix('.') {
            Some(rest) => format!("{rest}{comma} {place}."),
            None => format!("{text}{comma} {place}"),
        };
    }
    if random.chance(0.15) {
        text.insert_str(0, MARKS[random.below(MARKS.len())]);
    }
    if random.chance(0.1) && text.ends_with('.') {
        text.pop();
    }
    if random.chance(0.03) {
        text = text.to_uppercase();
    }
    text
}

/// Where a plan says that it has a statement from.
fn source(random: &mut Random) -> String {
    let who = ADVISERS[random.below(ADVISERS.len())];
    let number = 1 + random.below(30);
    match random.below(12) {
        0 => format!("({who})"),
        1 => format!("[{who} report]"),
        2 => format!("(source: {who})"),
        3 => format!("({who} advice, {}.{}.{})", 1 + random.below(28), 1 + random.below(12), 22 + random.below(6)),
        4 => format!("- {who} report, p. {number}"),
        5 => format!("(ref {number})"),
        6 => format!("as set out in the {who} report"),
        7 => format!("(see {who}, page {number}, para {})", 1 + random.below(60)),
        8 => format!("as advised by the {who}"),
        9 => format!("(Appendix {})", ["A", "B", "C", "D", "E"][random.below(5)]),
        10 => format!("[{number}]"),
        _ => format!("in line with the advice of the {who}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_where_something_else_begins() {
        assert!(JOINTS.is_sorted(), "they are searched");
        let text = "By July, Sam will read 60 words with one prompt, twice weekly.";
        let cut = ["By July,", "Sam", "will read 60 words", "with one prompt,", "twice", "weekly."];
        assert_eq!(parts(text), cut);
        assert_eq!(parts(text).join(" "), text);
        assert_eq!(parts(""), [""]);
        assert_eq!(parts(" , and"), [",", "and"]);
    }

    #[test]
    fn the_same_seed_makes_the_same_texts() {
        let rows = [
            Statement::new(Kind::Outcome, "By July, Sam will read 60 words."),
            Statement::new(Kind::Provision, "Regular support from a TA, as required."),
            Statement::new(Kind::Provision, "SaLT for 30 minutes each week, 1:1."),
        ];
        let made = |seed| {
            let mut random = Random::new(seed);
            let mut all = dressed(&rows, 20, &mut random);
            all.extend(mixed(&rows, 40, &mut random));
            all.into_iter().map(|statement| statement.text).collect::<Vec<_>>()
        };
        assert_eq!(made(1), made(1));
        assert_ne!(made(1), made(2));
        assert_eq!(made(1).len(), 180);
        assert!(made(1).iter().any(|text| text.contains("SaLT for 30") && text.contains("Regular support")));
    }
}
