//! This is the bank of outcomes and provision: the train rows of `corpora/statements`, varied, and our own boilerplate.

use std::ops::Range;

/// Statements, by kind and verdict.
pub struct Bank {
    /// Outcome good, outcome bad, provision good, provision bad: text with `{}` for the child's name.
    rows: [Vec<String>; 4],
    names: Vec<&'static str>,
}

/// The child of a plan.
pub struct Child {
    pub name: &'static str,
    pub he: &'static str,
    pub his: &'static str,
}

impl Child {
    pub fn new(name: &'static str, draws: &mut fastrand::Rng) -> Self {
        let (he, his) = [("he", "his"), ("she", "her"), ("they", "their")][draws.usize(..3)];
        Self { name, he, his }
    }
}

const ROWS: &str = include_str!("../../statements/statements.jsonl");
const NAMES: &str = include_str!("../../../models/train/names.txt");

/// Wording that a team writes into many plans, and the rule that faults it.
pub const HOUSE: &[(&str, &[&str])] = &[
    ("provision/open-frequency", &["{} will have regular {h} in {s}.", "Frequent {h} will be given to {} in {s}."]),
    (
        "provision/opportunity-only",
        &["{} will have access to {h} in {s}.", "{} will have opportunities for {h} in {s}."],
    ),
    ("provision/should", &["{} should have {h} in {s}."]),
    (
        "provision/unnamed-actor",
        &[
            "Staff will give {} {h} in {s}, for 20 minutes every week.",
            "Adults will give {} {h} in {s}, for 15 minutes every day.",
        ],
    ),
];

const HELPS: &[&str] = &[
    "small-group phonics",
    "reading practice",
    "handwriting practice",
    "social stories",
    "movement breaks",
    "number games",
    "turn-taking games",
    "mentoring",
    "visual prompts",
    "sensory circuits",
    "colourful semantics",
    "pre-teaching of words",
    "check-ins",
    "homework help",
    "keyboard practice",
    "relaxation exercises",
    "drawing sessions",
    "spelling practice",
];
const SUBJECTS: &[&str] = &[
    "English",
    "maths",
    "science",
    "history",
    "geography",
    "music",
    "art",
    "PE",
    "design and technology",
    "computing",
    "drama",
    "assembly",
    "the dining hall",
    "the library",
    "form time",
    "the afternoon",
    "the morning",
    "group work",
    "registration",
    "cookery",
    "languages",
    "break time",
    "the playground",
    "independent work",
];
pub const SOURCES: &[&str] = &[
    "EP report",
    "SALT report",
    "OT report",
    "school report",
    "paediatric report",
    "physio report",
    "parents’ advice",
    "specialist teacher’s report",
    "annual review",
    "social care report",
    "CAMHS letter",
    "college report",
];

impl Bank {
    pub fn new() -> Self {
        let names: Vec<&'static str> = NAMES.lines().map(str::trim).filter(|name| !name.is_empty()).collect();
        let mut rows: [Vec<String>; 4] = Default::default();
        for line in ROWS.lines() {
            let row: serde_json::Value = serde_json::from_str(line).expect("a row of the corpus is JSON");
            let text = row["text"].as_str().unwrap_or_default();
            // Only what no personal data is in can have it planted; lead-ins are not carried over.
            let fits = row["split"] == "train"
                && row["context"].as_array().is_some_and(Vec::is_empty)
                && text.split(' ').count() >= 6
                && !text.contains('\n')
                && ![
                    "Mr", "Mrs", "Ms", "Miss", "Dr", "Prof", "School", "Academy", "College", "Road", "Lane", "Street",
                    "Nursery", "Sir",
                ]
                .iter()
                .any(|word| text.split(|c: char| !c.is_alphanumeric()).any(|w| w == *word))
                && !text.contains("mother")
                && !text.contains("father")
                && !text.contains("teacher,")
                && !text.contains("therapist,");
            if fits {
                let at = 2 * usize::from(row["kind"] == "provision") + usize::from(row["verdict"] == "bad");
                rows[at].push(slot(text, &names));
            }
        }
        assert!(rows.iter().all(|rows| rows.len() > 300), "the corpus has rows of every sort");
        Self { rows, names }
    }

    pub fn name(&self, draws: &mut fastrand::Rng) -> &'static str {
        self.names[draws.usize(..self.names.len())]
    }

    /// A statement, varied but for that share.
    pub fn statement(&self, outcome: bool, good: bool, plain: f64, child: &Child, draws: &mut fastrand::Rng) -> String {
        let rows = &self.rows[2 * usize::from(!outcome) + usize::from(!good)];
        let mut text = rows[draws.usize(..rows.len())].replace("{}", child.name);
        if draws.f64() >= plain {
            text = renumber(&text, draws);
            let end = text.trim_end_matches(['.', ' ', ';']).len();
            text.truncate(end);
            let subject = SUBJECTS[draws.usize(..SUBJECTS.len())];
            let source = SOURCES[draws.usize(..SOURCES.len())];
            text += &match draws.u8(..3) {
                0 => format!(", in {subject} (see the {source}, paragraph {})", draws.u16(1..160)),
                1 => format!(" (see the {source}, page {}, on {subject})", draws.u16(1..40)),
                _ => format!(", also in {subject}; {source}, line {}", draws.u16(1..400)),
            };
            text.push('.');
        }
        text
    }

    /// Wording of a team's own.
    pub fn house(&self, team: usize, child: &Child, draws: &mut fastrand::Rng) -> String {
        let own = HOUSE[team % HOUSE.len()].1;
        let text = own[draws.usize(..own.len())];
        let (help, more) = (HELPS[draws.usize(..HELPS.len())], HELPS[draws.usize(..HELPS.len())]);
        let (subject, other) = (SUBJECTS[draws.usize(..SUBJECTS.len())], SUBJECTS[draws.usize(..SUBJECTS.len())]);
        text.replace("{}", child.name)
            .replace("{h}", &format!("{help} and {more}"))
            .replace("{s}", &format!("{subject} and {other}"))
    }

    /// One of three sentences that are written again with other amounts and another day; and which.
    pub fn near(&self, seed: u64, child: &Child, draws: &mut fastrand::Rng) -> (usize, String) {
        let which = draws.usize(..3);
        let mut own = fastrand::Rng::with_seed(seed ^ 0x4EA2 ^ (which as u64) << 4);
        let mut pick = |list: &[&'static str]| list[own.usize(..list.len())];
        let (help, subject, other) = (pick(HELPS), pick(SUBJECTS), pick(SUBJECTS));
        let day = ["Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays"][draws.usize(..5)];
        let (times, minutes) = (draws.u32(2..9), draws.u32(10..60));
        let Child { name, he, his } = child;
        let text = match which {
            0 => format!(
                "{name} will work on {help} in {subject} for {minutes} minutes, {times} times a week and on {day} as well, with the adult who keeps {his} folder for {other}."
            ),
            1 => format!(
                "On {day} {he} will bring {his} work from {subject} to {minutes} minutes of {help}, and a note about it will go into {his} folder for {other} after {times} weeks."
            ),
            _ => format!(
                "After {times} weeks of {help} for {minutes} minutes on {day} the teachers of {subject} and of {other} will meet and write down what {name} can now do alone."
            ),
        };
        (which, text)
    }

    /// One of a team's six pasted sentences.
    pub fn boilerplate(
        &self,
        seed: u64,
        team: usize,
        outcome: bool,
        child: &Child,
        draws: &mut fastrand::Rng,
    ) -> String {
        let which = draws.u64(..6);
        let mut own = fastrand::Rng::with_seed(seed ^ 0xB01 ^ (team as u64) << 20 ^ which << 4 ^ u64::from(outcome));
        let pick = |list: &[&'static str], own: &mut fastrand::Rng| list[own.usize(..list.len())];
        let (help, subject) = (pick(HELPS, &mut own), pick(SUBJECTS, &mut own));
        let (more, other) = (pick(HELPS, &mut own), pick(SUBJECTS, &mut own));
        let Child { name, he, his } = child;
        if outcome {
            let aim =
                ["make progress", "grow in confidence", "become more independent", "engage better"][own.usize(..4)];
            format!(
                "{name} will {aim} in {subject} and in {other} so that {he} can take a full part in {help} with {his} friends."
            )
        } else {
            let who = ["All staff who work with", "The adults around", "Every teacher of"][own.usize(..3)];
            format!(
                "{who} {name} will be aware of {his} needs in {subject} and will adapt {help} and {more} so that {he} can join in {other}."
            )
        }
    }
}

/// The text with `{}` for each of the names.
fn slot(text: &str, names: &[&str]) -> String {
    let mut out = String::new();
    let mut word = 0;
    let ends: Vec<usize> =
        text.char_indices().filter(|(_, c)| !c.is_alphabetic()).map(|(at, _)| at).chain([text.len()]).collect();
    for end in ends {
        let piece: Range<usize> = word..end;
        let found = &text[piece];
        out.push_str(if names.contains(&found) { "{}" } else { found });
        if let Some(c) = text[end..].chars().next() {
            out.push(c);
            word = end + c.len_utf8();
        }
    }
    out
}

/// Other amounts in place of those of five to sixty, which are minutes and scores.
fn renumber(text: &str, draws: &mut fastrand::Rng) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    for at in 0..words.len() {
        let before = at.checked_sub(1).map(|before| words[before].to_lowercase()).unwrap_or_default();
        let fixed = matches!(
            before.as_str(),
            "year" | "y" | "ks" | "stage" | "level" | "age" | "aged" | "of" | "section" | "by"
        );
        if let Ok(number) = words[at].parse::<u32>()
            && (5..=60).contains(&number)
            && !fixed
        {
            words[at] = (number + draws.u32(..6)).to_string();
        }
    }
    words.join(" ")
}
