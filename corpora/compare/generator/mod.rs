//! This is the generator of advice and plans with planted edits: the same for the same seed.
//!
//! Both documents are put together from the lists beside this folder, each statement in one wording before and in
//! another after, with one edit of known class. What was planted is in [`Planted`]; nothing that compares reads it.

use clearplan::assess::Criterion;
use clearplan::compare::{Class, Way};
use fastrand::Rng;

/// A pair of documents with what was planted.
pub struct Pair {
    /// The document before.
    pub before: String,
    /// The plan.
    pub after: String,
    /// What was planted, one for each statement.
    pub planted: Vec<Planted>,
}

/// One edit.
#[derive(Debug, Clone)]
pub struct Planted {
    /// The words before; empty for what is new.
    pub before: String,
    /// The words in the plan; empty for what was dropped.
    pub after: String,
    /// What became of it.
    pub class: Class,
    /// The elements that were taken away.
    pub lost: Vec<Criterion>,
}

const PROVISION: &str = include_str!("../provision.txt");
const OUTCOMES: &str = include_str!("../outcomes.txt");
const VAGUE: &str = include_str!("../vague.txt");
const TELLING: &str = include_str!("../telling.txt");
const CHILDREN: &[(&str, &str, &str, &str)] = &[
    ("Amara", "she", "her", "her"),
    ("Bryn", "he", "his", "him"),
    ("Callum", "he", "his", "him"),
    ("Devika", "she", "her", "her"),
    ("Elin", "she", "her", "her"),
    ("Farid", "he", "his", "him"),
    ("Greta", "she", "her", "her"),
    ("Hamza", "he", "his", "him"),
];

fn rows(text: &'static str) -> Vec<Vec<&'static str>> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split('|').map(str::trim).collect()).collect()
}

/// Pair number `n` of a way. `half` picks which half of the lists the help is from: pairs of different halves share no
/// statement.
pub fn pair(seed: u64, way: Way, half: usize) -> Pair {
    let mut draws = Rng::with_seed(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (way as u64) << 7 ^ (half as u64) << 3);
    let child = CHILDREN[draws.usize(..CHILDREN.len())];
    let mut provision: Vec<Vec<&str>> = rows(PROVISION).into_iter().skip(half % 2).step_by(2).collect();
    let mut outcomes: Vec<Vec<&str>> = rows(OUTCOMES).into_iter().skip(half % 2).step_by(2).collect();
    let mut vague: Vec<Vec<&str>> = rows(VAGUE).into_iter().skip(half % 2).step_by(2).collect();
    draws.shuffle(&mut provision);
    draws.shuffle(&mut outcomes);
    draws.shuffle(&mut vague);
    let mut maker = Maker { draws, child, way };
    let mut planted: Vec<(bool, Planted)> = Vec::new();
    let count = maker.draws.usize(9..14).min(provision.len());
    for row in provision.iter().take(count) {
        planted.push((false, maker.provision(row)));
    }
    let count = maker.draws.usize(4..8).min(outcomes.len());
    for row in outcomes.iter().take(count) {
        planted.push((true, maker.outcome(row)));
    }
    let count = maker.draws.usize(2..4);
    for row in vague.iter().take(count) {
        planted.push((false, maker.vague(row)));
    }
    let before = maker.before(&planted);
    let after = maker.after(&planted);
    Pair { before, after, planted: planted.into_iter().map(|(_, planted)| planted).collect() }
}

/// The elements of one provision.
#[derive(Debug, Clone)]
struct Help {
    what: String,
    who: Option<String>,
    minutes: Option<String>,
    often: Option<String>,
    group: Option<String>,
    place: Option<String>,
    /// "will", "should", "may" …
    promise: &'static str,
    /// "where possible".
    way_out: &'static str,
}

struct Maker {
    draws: Rng,
    child: (&'static str, &'static str, &'static str, &'static str),
    way: Way,
}

const OFTEN: &[(&str, &str)] = &[
    ("three times a week", "once a week"),
    ("every day", "twice a week"),
    ("twice a week", "fortnightly"),
    ("every week", "every half term"),
    ("four times a week", "twice a week"),
];
const MINUTES: &[(&str, &str)] = &[
    ("45 minutes", "20 minutes"),
    ("30 minutes", "15 minutes"),
    ("20 minutes", "10 minutes"),
    ("60 minutes", "30 minutes"),
];
const PLACES: &[&str] = &["in the library", "in the sensory room", "in a quiet room", "in the classroom", "at home"];

impl Maker {
    fn pick<'l>(&mut self, list: &[&'l str]) -> &'l str {
        list[self.draws.usize(..list.len())]
    }

    fn provision(&mut self, row: &[&str]) -> Planted {
        let often = OFTEN[self.draws.usize(..OFTEN.len())];
        let minutes = MINUTES[self.draws.usize(..MINUTES.len())];
        let group = [
            ("1:1", "in a group of four"),
            ("in a group of three", "in a group of eight"),
            ("individually", "in a small group"),
        ][self.draws.usize(..3)];
        let place = self.draws.bool().then(|| self.pick(PLACES).to_owned());
        let source_promise = if self.way == Way::Advice { "should" } else { "will" };
        let full = Help {
            what: row[0].to_owned(),
            who: Some(row[3].to_owned()),
            minutes: Some(minutes.0.to_owned()),
            often: Some(often.0.to_owned()),
            group: Some(group.0.to_owned()),
            place,
            promise: source_promise,
            way_out: "",
        };
        // The plan says the same, in its own words at times.
        let mut plan = full.clone();
        plan.promise = "will";
        if self.draws.bool() {
            plan.what = row[1].to_owned();
        }
        if self.draws.bool() {
            plan.who = Some(row[4].to_owned());
        }
        let mut source = full;
        let (mut class, mut lost) = (Class::Kept, Vec::new());
        match self.draws.u8(..100) {
            0..=19 => {}
            20..=31 => {
                class = Class::Sharpened;
                match self.draws.u8(..4) {
                    0 => {
                        source.often = Some(self.pick(&["regularly", "as required", "on a frequent basis"]).to_owned())
                    }
                    1 => source.minutes = None,
                    2 => source.who = Some(self.pick(&["staff", "adults", "the school"]).to_owned()),
                    _ => source.group = None,
                }
            }
            32..=41 => class = Class::Dropped,
            42..=51 => class = Class::New,
            _ => {
                class = Class::Diluted;
                let times = if self.draws.u8(..4) == 0 { 2 } else { 1 };
                while lost.len() < times {
                    let element = self.dilute(&mut plan, row, often.1, minutes.1, group.1);
                    if let Some(element) = element.filter(|element| !lost.contains(element)) {
                        lost.push(element);
                    }
                }
            }
        }
        let (before, after) = (self.sentence(&source, true), self.sentence(&plan, false));
        planted(before, after, class, lost)
    }

    /// Takes one element away, in part or in whole.
    fn dilute(&mut self, plan: &mut Help, row: &[&str], often: &str, minutes: &str, group: &str) -> Option<Criterion> {
        let three = self.draws.u8(..3);
        Some(match self.draws.u8(..7) {
            0 => {
                let open = self.pick(&["regularly", "as required", "as and when needed", "on a regular basis"]);
                plan.often = match three {
                    0 => Some(often.to_owned()),
                    1 => Some(open.to_owned()),
                    _ => None,
                };
                Criterion::Frequency
            }
            1 => {
                plan.minutes = match three {
                    0 => Some(minutes.to_owned()),
                    1 => plan.minutes.as_ref().map(|minutes| format!("up to {minutes}")),
                    _ => None,
                };
                Criterion::Duration
            }
            2 => {
                let anybody = self.pick(&["staff", "adults", "the school"]);
                plan.who = (three > 0).then(|| anybody.to_owned());
                Criterion::Who
            }
            3 => {
                plan.group = (three > 0).then(|| group.to_owned());
                Criterion::Group
            }
            4 => {
                plan.place.take()?;
                Criterion::Setting
            }
            5 => {
                if three == 0 {
                    plan.way_out = self.pick(&[", where possible", ", subject to staffing", ", when resources allow"]);
                } else {
                    plan.promise = self.pick(&["may", "could", "might"]);
                }
                Criterion::Commitment
            }
            _ => {
                let empty = self.pick(&["support with", "help with", "input for", "appropriate strategies for"]);
                plan.what = format!("{empty} {}", row[2]);
                Criterion::What
            }
        })
    }

    fn sentence(&mut self, help: &Help, before: bool) -> String {
        let name = self.child.0;
        let Help { what, promise, way_out, .. } = help;
        let what = what.replace(" his ", &format!(" {} ", self.child.2));
        let minutes = help.minutes.as_ref().map_or(String::new(), |minutes| format!(" for {minutes}"));
        let length = help.minutes.as_ref().map_or(String::new(), |minutes| format!(", {minutes} each time"));
        let often = help.often.as_ref().map_or(String::new(), |often| format!(" {often}"));
        let group = help.group.as_ref().map_or(String::new(), |group| format!(", {group},"));
        let group_end = help.group.as_ref().map_or(String::new(), |group| format!(", {group}"));
        let place = help.place.as_ref().map_or(String::new(), |place| format!(" {place}"));
        let from = help.who.as_ref().map_or(String::new(), |who| format!(" from {who}"));
        let led = help.who.as_ref().map_or(String::new(), |who| format!(", led by {who}"));
        let which = self.draws.u8(..3);
        let text = match (&help.who, which) {
            (Some(who), 0) => {
                format!("{} {promise} deliver {what} to {name}{group}{minutes}{often}{place}{way_out}.", capital(who))
            }
            (_, 1) => format!("{name} {promise} have {what}{often}{length}{group_end}{led}{place}{way_out}."),
            _ => format!("{name} {promise} receive {what}{from}{group}{minutes}{often}{place}{way_out}."),
        };
        let text = text.replace(",.", ".").replace(",,", ",");
        if before && self.way == Way::Advice && self.draws.u8(..4) == 0 {
            format!("I recommend that {}", small(&text))
        } else {
            text
        }
    }

    fn outcome(&mut self, row: &[&str]) -> Planted {
        let name = self.child.0;
        let when =
            self.pick(&["By the end of Year 6", "By July 2027", "By the end of Key Stage 3", "Within 12 months"]);
        let (skill, seen) = if self.draws.bool() { (row[0], row[3]) } else { (row[1], row[4]) };
        let own = |words: &str, child: &(&str, &str, &str, &str)| {
            words.replace(" his ", &format!(" {} ", child.2)).replace(" her ", &format!(" {} ", child.2))
        };
        let mut say = |when: &str, skill: &str, seen: &str| {
            let seen = if seen.is_empty() { String::new() } else { format!(" {seen}") };
            let text = match (when.is_empty(), self.draws.bool()) {
                (true, _) => format!("{name} will {skill}{seen}."),
                (false, true) => format!("{when}, {name} will {skill}{seen}."),
                (false, false) => format!("{name} will {skill}{seen} {}.", small(when)),
            };
            own(&text, &self.child)
        };
        let before = say(when, row[0], row[3]);
        let full = say(when, skill, seen);
        match self.draws.u8(..100) {
            0..=34 => planted(before, full, Class::Kept, vec![]),
            35..=46 => planted(before, full, Class::Dropped, vec![]),
            47..=58 => planted(before, full, Class::New, vec![]),
            59..=68 => planted(own(&format!("{name} will {}.", row[0]), &self.child), full, Class::Sharpened, vec![]),
            69..=79 => {
                let now = own(&format!("{when}, {name} will {skill}."), &self.child);
                planted(before, now, Class::Diluted, vec![Criterion::Measurable])
            }
            80..=89 => {
                let now = own(&format!("{name} will {skill} {seen}."), &self.child);
                planted(before, now, Class::Diluted, vec![Criterion::TimeBound])
            }
            _ => {
                let now = format!("{when}, {name} will make progress with {}.", row[2]);
                planted(before, now, Class::Diluted, vec![Criterion::Measurable])
            }
        }
    }

    fn vague(&mut self, row: &[&str]) -> Planted {
        let fill = |text: &str| self.fill(text);
        let (before, after) = (fill(row[0]), fill(row[1]));
        let before = if self.way == Way::Advice { before } else { after.clone() };
        planted(before, after, Class::CopiedVague, vec![])
    }

    fn fill(&self, text: &str) -> String {
        let (name, he, his, him) = self.child;
        text.replace("{}", name)
            .replace("{His}", &capital(his))
            .replace("{He}", &capital(he))
            .replace("{he}", he)
            .replace("{his}", his)
            .replace("{him}", him)
    }

    /// The document before: a report in prose, or a plan.
    fn before(&mut self, planted: &[(bool, Planted)]) -> String {
        let list: Vec<&(bool, Planted)> = planted.iter().filter(|(_, p)| !p.before.is_empty()).collect();
        if self.way != Way::Advice {
            let list = list.into_iter().map(|(outcome, planted)| (*outcome, planted.before.as_str())).collect();
            return self.plan(list);
        }
        let mut telling: Vec<&str> = rows(TELLING).into_iter().map(|row| row[0]).collect();
        self.draws.shuffle(&mut telling);
        let mut out =
            format!("Advice for the Education, Health and Care needs assessment of {}\n\nBackground\n\n", self.child.0);
        for text in telling.iter().take(6) {
            out += &format!("{}\n\n", self.fill(text));
        }
        out += "Recommended provision\n\n";
        for (_, planted) in list.iter().filter(|(outcome, _)| !outcome) {
            out += &format!("- {}\n", planted.before);
        }
        out += "\nOutcomes\n\n";
        for (_, planted) in list.iter().filter(|(outcome, _)| *outcome) {
            out += &format!("- {}\n", planted.before);
        }
        out
    }

    fn after(&mut self, planted: &[(bool, Planted)]) -> String {
        let list = planted.iter().filter(|(_, p)| !p.after.is_empty()).map(|(o, p)| (*o, p.after.as_str())).collect();
        self.plan(list)
    }

    /// A plan with its statements in an order of its own.
    fn plan(&mut self, mut list: Vec<(bool, &str)>) -> String {
        self.draws.shuffle(&mut list);
        let mut out = format!(
            "Section A: Views\n\n{} likes trains and drawing.\n\nSection B: Special educational needs\n\n",
            self.child.0
        );
        let need = self.fill("{} finds it hard to begin a piece of writing.");
        out += &format!("{need}\n\nSection E: Outcomes\n\n");
        for (_, text) in list.iter().filter(|(outcome, _)| *outcome) {
            out += &format!("- {text}\n");
        }
        out += "\nSection F: Special educational provision\n\n";
        for (_, text) in list.iter().filter(|(outcome, _)| !outcome) {
            out += &format!("- {text}\n");
        }
        out
    }
}

fn planted(before: String, after: String, class: Class, lost: Vec<Criterion>) -> Planted {
    let before = if class == Class::New { String::new() } else { before };
    let after = if class == Class::Dropped { String::new() } else { after };
    Planted { before, after, class, lost }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The sentence in mid-sentence: its first letter small where it is no name.
fn small(text: &str) -> String {
    let name = CHILDREN.iter().any(|(name, ..)| text.starts_with(name));
    let mut chars = text.chars();
    let Some(first) = chars.next().filter(|_| !name) else { return text.to_owned() };
    first.to_lowercase().chain(chars).collect()
}
