//! This is the prose of sections A to D: sentences put together from lists of our own, so that few are the same.

use super::Line;
use super::bank::{Child, SOURCES};

const WHAT: &[&str] = &[
    "finds it hard to follow spoken instructions",
    "is slow to begin written work",
    "loses the thread of longer stories",
    "mixes up the order of events",
    "avoids reading aloud",
    "tires quickly when writing",
    "is upset by sudden noise",
    "needs time to find words",
    "holds a pencil awkwardly",
    "speaks in short phrases",
    "forgets what was said a moment ago",
    "is anxious before changes of routine",
    "has difficulty in judging distances",
    "struggles to keep friends",
    "leaves the room when work is hard",
    "asks the same question many times",
    "cannot yet tell the time",
    "recognises few written words",
    "counts on fingers",
    "is easily led by others",
    "gives up when corrected",
    "dislikes crowded corridors",
    "chews sleeves and cuffs",
    "rarely puts a hand up",
    "works best alone",
    "misreads other people’s faces",
    "copies from the board with effort",
    "cannot sit still on the carpet",
];
const WHEN: &[&str] = &[
    "in the mornings",
    "after lunch",
    "towards the end of the week",
    "in large groups",
    "when the room is busy",
    "at the start of a topic",
    "in unfamiliar places",
    "when tired",
    "with new adults",
    "in practical lessons",
    "during tests",
    "when plans change",
    "in the first weeks of a term",
    "on days with visitors",
    "when working against the clock",
    "in noisy spaces",
];
const WHY: &[&str] = &[
    "which staff put down to worry",
    "as the assessment in the spring showed",
    "although this has eased a little",
    "and this holds back progress in most subjects",
    "as parents also see at home",
    "which friends have noticed",
    "and it has been so since the early years",
    "although praise helps",
    "and rest makes a difference",
    "as was seen in two observations",
    "which the last review discussed at length",
    "and more so than a year ago",
    "as a checklist filled in by staff confirms",
    "though less so with a familiar adult",
];
const LIKES: &[&str] = &[
    "trains",
    "swimming",
    "baking",
    "drawing maps",
    "the sea",
    "drumming",
    "football",
    "old coins",
    "birds",
    "card games",
    "dancing",
    "building models",
    "comics",
    "gardening",
    "space",
    "insects",
    "bus timetables",
    "horses",
    "puzzles",
    "singing",
    "clay",
    "chess",
];
const HOPES: &[&str] = &[
    "work with animals",
    "live close to family",
    "have a job in a kitchen",
    "travel alone",
    "go to college",
    "have more friends",
    "learn to drive",
    "play in a band",
    "run a shop",
    "look after a garden",
    "be a mechanic",
    "help other children",
];

/// Paragraphs of so many words.
pub(super) fn section(letter: &str, wanted: usize, child: &Child, draws: &mut fastrand::Rng) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut count = 0;
    while count < wanted {
        let mut paragraph = String::new();
        for _ in 0..draws.usize(2..7) {
            let sentence = sentence(letter, child, draws);
            count += sentence.split(' ').count();
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph += &sentence;
        }
        lines.push(Line::Text(paragraph));
    }
    lines
}

fn sentence(letter: &str, child: &Child, draws: &mut fastrand::Rng) -> String {
    let pick = |list: &[&'static str], draws: &mut fastrand::Rng| list[draws.usize(..list.len())];
    let who = if draws.bool() { child.name.to_owned() } else { capital(child.he) };
    let plural = who == "They";
    let has = |one: &'static str, many: &'static str| if plural { many } else { one };
    // Who said it and where: plans give their sources, and hardly two sentences are the same for it.
    let source = format!("{}, paragraph {}", pick(SOURCES, draws), draws.u16(1..400));
    if letter == "A" {
        let (one, two, hope) = (pick(LIKES, draws), pick(LIKES, draws), pick(HOPES, draws));
        return match draws.u8(..3) {
            0 => {
                format!("{who} {} {one} and {two}, most of all {} ({source}).", has("likes", "like"), pick(WHEN, draws))
            }
            1 => format!("{who} would like to {hope} one day and to spend more time with {one} ({source})."),
            _ => format!(
                "{} family hope that {} will {hope}, and they enjoy {one} together {} ({source}).",
                capital(child.his),
                child.he,
                pick(WHEN, draws)
            ),
        };
    }
    let what = pick(WHAT, draws);
    let (verb, rest) = what.split_once(' ').unwrap_or((what, ""));
    let verb = if plural { many(verb) } else { verb.to_owned() };
    match draws.u8(..3) {
        0 => format!("{who} {verb} {rest} {}, {} ({source}).", pick(WHEN, draws), pick(WHY, draws)),
        1 => format!(
            "{}, {} {verb} {rest}, {} ({source}).",
            capital(pick(WHEN, draws)),
            if plural { "they" } else { child.name },
            pick(WHY, draws)
        ),
        _ => format!("{who} {verb} {rest}, {}, above all {} ({source}).", pick(WHY, draws), pick(WHEN, draws)),
    }
}

fn many(verb: &str) -> String {
    match verb {
        "is" => "are".to_owned(),
        "has" => "have".to_owned(),
        "cannot" | "rarely" => verb.to_owned(),
        verb => verb.strip_suffix('s').unwrap_or(verb).to_owned(),
    }
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
