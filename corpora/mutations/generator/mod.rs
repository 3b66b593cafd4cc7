//! This is a generator of plans without a fault as a whole, and of single faults in them.
//!
//! Plan `n` of a seed is always the same. See the folder's README for what the material is.

pub mod mutation;
mod render;

use fastrand::Rng;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What a statement of a generated plan is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// The wishes of section A.
    Hope,
    /// Who the child is.
    About,
    /// Sections B, C, D.
    Need,
    /// Section E.
    Outcome,
    /// Sections F, G, H1.
    Provision,
    /// The stated total of a teaching assistant's time.
    Total,
    /// The placement, budget and advice.
    Other,
}

/// A statement.
#[derive(Debug, Clone)]
pub struct Item {
    /// Number of the strand; of none for what belongs to no strand.
    pub strand: Option<usize>,
    /// Its area: `communication`.
    pub area: String,
    /// What it is.
    pub sort: Sort,
    /// Its words.
    pub text: String,
    /// The same as what, who, and how often, for tables.
    pub row: Option<[String; 3]>,
    /// The words of its deadline.
    pub deadline: Option<String>,
    /// The words of an amount that goes into the total.
    pub ta: Option<String>,
}

/// A section.
#[derive(Debug, Clone)]
pub struct Section {
    /// `F`.
    pub id: String,
    /// What its heading says; the layout decides how.
    pub letter: String,
    /// The title.
    pub title: String,
    /// What stands in it.
    pub items: Vec<Item>,
    /// What stands there where there is nothing.
    pub none: Option<String>,
}

/// A child.
#[derive(Debug, Clone)]
pub struct Child {
    pub first: &'static str,
    pub last: &'static str,
    pub girl: bool,
    pub born: (i32, u32, u32),
    pub year: i32,
    pub age: i32,
    pub school: String,
}

/// A plan.
#[derive(Debug, Clone)]
pub struct Plan {
    pub child: Child,
    /// Labels and values of the cover page.
    pub cover: Vec<(String, String)>,
    pub sections: Vec<Section>,
    /// How it is written down.
    pub layout: usize,
    /// The day of the plan.
    pub dated: (i32, u32, u32),
}

/// How many layouts there are.
pub const LAYOUTS: usize = 5;

struct Strand {
    area: String,
    lines: BTreeMap<String, Vec<String>>,
}

static STRANDS: LazyLock<Vec<Strand>> = LazyLock::new(|| {
    let mut strands: Vec<Strand> = Vec::new();
    for line in include_str!("../strands.txt").lines() {
        if let Some(head) = line.strip_prefix("@ ") {
            let area = head.split(' ').next().unwrap_or("").to_owned();
            strands.push(Strand { area, lines: BTreeMap::new() });
        } else if let Some((sort, text)) = line.split_once(": ").filter(|_| !line.starts_with('#')) {
            let strand = strands.last_mut().expect("a strand begins with @");
            strand.lines.entry(sort.to_owned()).or_default().push(text.to_owned());
        }
    }
    strands
});

const BOYS: [&str; 12] =
    ["Sam", "Ravi", "Oskar", "Tyrell", "Mateo", "Yusuf", "Callum", "Idris", "Leo", "Hamza", "Piotr", "Edmund"];
const GIRLS: [&str; 12] =
    ["Zofia", "Maisie", "Noor", "Ines", "Aoife", "Tamsin", "Esme", "Priya", "Lottie", "Amara", "Carys", "Ottilie"];
const LAST: [&str; 12] = [
    "Hollin",
    "Marlbank",
    "Tindle",
    "Larkwhistle",
    "Inkersall",
    "Penhale",
    "Ashdown",
    "Rookhope",
    "Silverdale",
    "Quarmby",
    "Thackthwaite",
    "Wray",
];
const PLACES: [&str; 10] = [
    "Wobblegate",
    "Duckpond Lane",
    "Sallowfield",
    "St Mildred's",
    "Marrow Vale",
    "Nether Wimble",
    "Elmfold",
    "Copperbeck",
    "Highgarth",
    "Thistledown",
];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// One of several.
fn one<'t, T>(rng: &mut Rng, of: &'t [T]) -> &'t T {
    &of[rng.usize(0..of.len())]
}

/// "3 March 2017".
pub fn day((year, month, day): (i32, u32, u32)) -> String {
    format!("{day} {} {year}", MONTHS[month as usize - 1])
}

fn number(n: i32) -> &'static str {
    const WORDS: [&str; 21] = [
        "nought",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
    ];
    WORDS[n as usize]
}

impl Child {
    fn new(rng: &mut Rng, dated: (i32, u32, u32)) -> Self {
        let girl = rng.bool();
        let first = if girl { *one(rng, &GIRLS) } else { *one(rng, &BOYS) };
        let year = *one(rng, &[1, 2, 3, 4, 4, 5, 5, 6, 7, 8, 9, 10, 11, 12]);
        let begun = if dated.1 >= 9 { dated.0 } else { dated.0 - 1 };
        // A school year holds those born from September to August.
        let month = rng.u32(1..=12);
        let born = (begun - year - 5 + i32::from(month < 9), month, rng.u32(1..=28));
        let before = (dated.1, dated.2) < (born.1, born.2);
        let age = dated.0 - born.0 - i32::from(before);
        let place = *one(rng, &PLACES);
        let sort = match year {
            ..=6 => *one(rng, &["Primary School", "Church of England Primary School", "Academy"]),
            7..=11 => *one(rng, &["Academy", "High School", "School"]),
            _ => "College",
        };
        Self { first, last: *one(rng, &LAST), girl, born, year, age, school: format!("{place} {sort}") }
    }

    /// A text with the child in it.
    pub fn in_words(&self, text: &str) -> String {
        let of = |boy: &'static str, girl: &'static str| if self.girl { girl } else { boy };
        text.replace("{name}'s", &format!("{}'s", self.first))
            .replace("{name}", self.first)
            .replace("{himself}", of("himself", "herself"))
            .replace("{he}", of("he", "she"))
            .replace("{him}", of("him", "her"))
            .replace("{his}", of("his", "her"))
            .replace("{He}", of("He", "She"))
            .replace("{His}", of("His", "Her"))
            .replace("{boy}", of("boy", "girl"))
            .replace("{son}", of("son", "daughter"))
            .replace("{school}", &self.school)
            .replace("{age}", number(self.age))
            .replace("{Nyears}", &self.age.to_string())
            .replace("{year}", &self.year.to_string())
    }
}

/// Amounts of a teaching assistant's time: words and minutes a week.
const TA: [(&str, u32); 12] = [
    ("20 minutes every school day", 100),
    ("15 minutes a day", 75),
    ("30 minutes three times a week", 90),
    ("45 minutes twice a week", 90),
    ("2 hours a week", 120),
    ("3 hours a week", 180),
    ("25 minutes every Tuesday and Friday", 50),
    ("half an hour each day", 150),
    ("10 minutes every morning", 50),
    ("an hour on Mondays and Thursdays", 120),
    ("40 minutes four times a week", 160),
    ("4 hours each week", 240),
];
/// Others' time.
const OTHERS: [&str; 8] = [
    "45 minutes every fortnight",
    "30 minutes every week",
    "an hour a week",
    "40 minutes once a week",
    "50 minutes every Wednesday",
    "one hour twice a week",
    "30 minutes each fortnight",
    "2 hours a week",
];

/// "5 hours 50 minutes".
fn hours(minutes: u32) -> String {
    let (hours, rest) = (minutes / 60, minutes % 60);
    let hour = if hours == 1 { "1 hour".to_owned() } else { format!("{hours} hours") };
    match (hours, rest) {
        (0, rest) => format!("{rest} minutes"),
        (_, 0) => hour,
        (_, 30) => format!("{hours}.5 hours"),
        (_, rest) => format!("{hour} {rest} minutes"),
    }
}

fn deadline(rng: &mut Rng, child: &Child, dated: (i32, u32, u32)) -> String {
    let begun = if dated.1 >= 9 { dated.0 } else { dated.0 - 1 };
    let next = begun + 1;
    let all = match child.year {
        1..=2 => vec![
            format!("the end of Year {}", child.year + 1),
            format!("July {}", next + 1),
            "the end of Key Stage 1".into(),
        ],
        3..=5 => vec![
            format!("the end of Year {}", child.year),
            "the end of Key Stage 2".into(),
            "the end of Year 6".into(),
            format!("July {next}"),
            format!("the end of the summer term {next}"),
        ],
        6 => vec!["the end of Year 6".into(), format!("July {next}"), "the end of Key Stage 3".into()],
        7..=8 => vec![
            "the end of Key Stage 3".into(),
            format!("the end of Year {}", child.year),
            format!("July {next}"),
            "the end of Year 9".into(),
        ],
        9..=10 => vec![
            "the end of Key Stage 4".into(),
            format!("July {next}"),
            format!("the end of Year {}", child.year),
            "the end of Year 11".into(),
        ],
        11 => vec!["the end of Year 11".into(), format!("July {next}"), "the end of Year 12".into()],
        _ => vec![format!("July {next}"), format!("July {}", next + 1), "the end of Year 13".into()],
    };
    one(rng, &all).clone()
}

const TITLES: [(&str, &str); 12] = [
    ("A", "The views, interests and aspirations of the child and the family"),
    ("B", "Special educational needs"),
    ("C", "Health needs related to the special educational needs"),
    ("D", "Social care needs"),
    ("E", "Outcomes"),
    ("F", "Special educational provision"),
    ("G", "Health provision"),
    ("H1", "Social care provision under section 2 of the Chronically Sick and Disabled Persons Act 1970"),
    ("H2", "Other social care provision"),
    ("I", "Placement"),
    ("J", "Personal budget"),
    ("K", "Advice and information"),
];

/// Plan `n` of a seed.
pub fn plan(seed: u64, n: usize) -> Plan {
    let mut rng = Rng::with_seed(seed.wrapping_mul(0x9E37_79B9).wrapping_add(n as u64));
    let rng = &mut rng;
    let dated = (2025 + i32::from(rng.bool()), *one(rng, &[1, 2, 3, 5, 6, 10, 11]), rng.u32(1..=28));
    let child = Child::new(rng, dated);
    let layout = n % LAYOUTS;
    let mut sections: Vec<Section> = TITLES
        .iter()
        .map(|(id, title)| Section {
            id: (*id).into(),
            letter: (*id).into(),
            title: (*title).into(),
            items: Vec::new(),
            none: None,
        })
        .collect();
    let mut chosen = choose(rng, &child);
    chosen.sort_unstable();
    let (mut minutes, mut parts) = (0, 0);
    let mut put = |id: &str, item: Item| {
        let section = sections.iter_mut().find(|section| section.id == id).expect("a section of the plan");
        section.items.push(item);
    };
    let blank = |area: &str, strand, sort, text: String| Item {
        strand,
        area: area.into(),
        sort,
        text,
        row: None,
        deadline: None,
        ta: None,
    };
    let about = [
        "{name} is {Nyears} years old and is in Year {year} at {school}.",
        "{name} is a cheerful {boy} of {age} who is in Year {year} at {school}.",
        "{name} is {age} and is in Year {year}.",
    ];
    put("A", blank("", None, Sort::About, child.in_words(one::<&str>(rng, &about))));
    let likes = [
        "{He} is a kind {boy} who likes maps and swimming.",
        "{His} parents say that their {son} loves animals and drawing.",
        "{He} likes to be outside, and {he} is good at remembering songs.",
        "{name} enjoys cooking with {his} grandmother and is proud of {his} garden.",
    ];
    put("A", blank("", None, Sort::About, child.in_words(one::<&str>(rng, &likes))));
    for at in &chosen {
        let strand = &STRANDS[*at];
        let pick = |rng: &mut Rng, sort: &str| strand.lines.get(sort).map(|all| one(rng, all).clone());
        let (needs, provision) = match strand.area.as_str() {
            "health" => ("C", "G"),
            "social" => ("D", "H1"),
            _ => ("B", "F"),
        };
        if let Some(hope) = pick(rng, "hope") {
            put("A", blank(&strand.area, Some(*at), Sort::Hope, child.in_words(&hope)));
        }
        let need = pick(rng, "need").expect("a need");
        put(needs, blank(&strand.area, Some(*at), Sort::Need, child.in_words(&need)));
        let by = deadline(rng, &child, dated);
        let outcome = pick(rng, "outcome").expect("an outcome");
        let outcome = outcome.replace("{By}", &format!("By {by}")).replace("{by}", &format!("by {by}"));
        let mut item = blank(&strand.area, Some(*at), Sort::Outcome, child.in_words(&outcome));
        item.deadline = Some(by);
        put("E", item);
        let (ta, own) = *one(rng, &TA);
        let amount = *one(rng, &OTHERS);
        let row = pick(rng, "row").filter(|_| layout == 4);
        let text = match &row {
            Some(row) => row.clone(),
            None => pick(rng, "provision").expect("provision"),
        };
        let counted = text.contains("{ta}");
        let text = child.in_words(&text.replace("{ta}", ta).replace("{amount}", amount));
        let mut item = blank(&strand.area, Some(*at), Sort::Provision, text);
        if row.is_some() {
            let mut cells = item.text.split(" | ").map(str::to_owned);
            item.row = Some(std::array::from_fn(|_| cells.next().unwrap_or_default()));
            item.text = item.row.iter().flatten().cloned().collect::<Vec<_>>().join(", ");
        }
        if counted {
            item.ta = Some(ta.into());
            minutes += own;
            parts += 1;
        }
        put(provision, item);
    }
    let placed =
        format!("{}, a maintained mainstream {}", child.school, if child.year > 11 { "college" } else { "school" });
    let mut placement = vec![format!("{placed}.")];
    if parts >= 2 {
        let total = hours(minutes);
        let said = [
            format!("Altogether, {} will have {total} a week with a teaching assistant.", child.first),
            format!("This makes a total of {total} a week of teaching assistant time."),
            format!("Total teaching assistant time: {total} a week."),
        ];
        let text = if layout == 4 { format!("{total} a week") } else { one(rng, &said).clone() };
        put("F", blank("", None, Sort::Total, text));
        placement.push(format!(
            "{} will be taught there with the {total} a week of teaching assistant support that section F sets out.",
            child.first
        ));
    }
    for text in placement {
        put("I", blank("", None, Sort::Other, text));
    }
    let direct = chosen.iter().find(|at| STRANDS[**at].area == "social").filter(|_| rng.bool());
    match direct {
        Some(at) => {
            let text = format!("A direct payment will pay for {}'s short breaks.", child.first);
            put("H1", blank("social", Some(*at), Sort::Other, text));
            put("J", blank("", None, Sort::Other, "The direct payment is to meet the social care needs in section D and the outcome for them in section E.".into()));
        }
        None => put("J", blank("", None, Sort::Other, "A personal budget has not been requested.".into())),
    }
    let advice = [
        "Educational psychologist, Dr M. Sandling, 4 July",
        "Parents, 12 June",
        "Speech and language therapist, K. Birchwater, 30 June",
    ];
    for line in advice {
        put("K", blank("", None, Sort::Other, format!("{line} {}", dated.0 - 1)));
    }
    for section in &mut sections {
        if section.items.is_empty() {
            let nothing = match section.id.as_str() {
                "C" => "No health needs that relate to the special educational needs were identified.",
                "D" => "No social care needs identified.",
                _ => "None required.",
            };
            section.none = Some(nothing.into());
        }
    }
    let reviewed = (dated.0 + 1, dated.1, dated.2);
    let mut cover = vec![
        ("Name".to_owned(), format!("{} {}", child.first, child.last)),
        ("Date of birth".to_owned(), day(child.born)),
        ("Year group".to_owned(), format!("Year {}", child.year)),
        ("School".to_owned(), child.school.clone()),
        ("Date of plan".to_owned(), day(dated)),
        ("Review date".to_owned(), day(reviewed)),
    ];
    if n.is_multiple_of(2) {
        cover.insert(2, ("Sex".into(), if child.girl { "Female" } else { "Male" }.into()));
    }
    Plan { child, cover, sections, layout, dated }
}

/// Strands for a child: three or four areas of education, for the older ones adulthood, and for some health and social care.
fn choose(rng: &mut Rng, child: &Child) -> Vec<usize> {
    let of = |area: &str| -> Vec<usize> { (0..STRANDS.len()).filter(|at| STRANDS[*at].area == area).collect() };
    let mut chosen = Vec::new();
    let mut take = |rng: &mut Rng, area: &str, n: usize| {
        let mut all = of(area);
        rng.shuffle(&mut all);
        chosen.extend(all.into_iter().take(n));
    };
    for area in ["communication", "learning", "semh", "physical"] {
        let n = rng.usize(1..=3);
        take(rng, area, n);
    }
    if child.year >= 9 {
        let n = rng.usize(1..=2);
        take(rng, "adulthood", n);
    }
    for area in ["health", "social"] {
        if rng.u8(0..3) > 0 {
            take(rng, area, 1);
        }
    }
    chosen
}

impl Plan {
    /// A section by its id.
    pub fn section(&mut self, id: &str) -> Option<&mut Section> {
        self.sections.iter_mut().find(|section| section.id == id)
    }

    /// The name of its file and its bytes.
    pub fn file(&self) -> (&'static str, String) {
        render::file(self)
    }
}
