//! This is the generator of synthetic archives: invented plans with planted truth, the same for the same seed.
//!
//! Plan `n` of a seed is the same however many there are, so that archives of any size are made in parallel and in
//! order. What was planted is in [`Truth`]; nothing that judges reads it.

mod bank;
pub mod docx;
mod leaks;
mod prose;

use bank::Bank;
use std::sync::LazyLock;

/// What an archive is to be like.
#[derive(Debug, Clone)]
pub struct Shape {
    /// Where the draws begin.
    pub seed: u64,
    /// Teams, with planted quality between 0.3 and 0.75.
    pub teams: usize,
    /// Words of a plan: drawn between half and one and a half times as many.
    pub words: usize,
    /// Months that the plans are spread over, from September 2023 on.
    pub months: usize,
    /// The month (counted from 0) from which quality is lower, and by how much.
    pub drift: Option<(usize, f64)>,
    /// The share of sentences in E to H that are their team's boilerplate.
    pub boilerplate: f64,
    /// The share of statements that are used as they stand; the others are varied.
    pub plain: f64,
    /// The share of plans with personal data.
    pub leaks: f64,
    /// The share of plans with a wrong value in their metadata.
    pub wrong: f64,
    /// The share of plans that are copies of the one before but for the name.
    pub copies: f64,
    /// The share of sentences in E to H that are one of three with other numbers and a word exchanged.
    pub near: f64,
    /// Of a copy's statements, the share that were written anew.
    pub edited: f64,
}

impl Default for Shape {
    fn default() -> Self {
        Self {
            seed: 1,
            teams: 8,
            words: 10_000,
            months: 36,
            drift: Some((24, 0.1)),
            boilerplate: 0.08,
            plain: 0.1,
            leaks: 0.03,
            wrong: 0.03,
            copies: 0.005,
            near: 0.0,
            edited: 0.0,
        }
    }
}

/// A plan with what was planted in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// `p0000017`.
    pub id: String,
    /// Metadata by name, as the record gives it.
    pub metadata: Vec<(&'static str, String)>,
    /// Sections: letter, title, paragraphs.
    pub sections: Vec<(&'static str, String, Vec<Line>)>,
    /// What was planted.
    pub truth: Truth,
    child: &'static str,
}

/// A paragraph.
#[derive(Debug, Clone, PartialEq)]
pub enum Line {
    /// Running text.
    Text(String),
    /// An item of a list.
    Item(String),
}

impl Line {
    /// Its words.
    pub fn words(&self) -> &str {
        match self {
            Self::Text(words) | Self::Item(words) => words,
        }
    }
}

/// What was planted in a plan.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Truth {
    /// The team's number.
    pub team: usize,
    /// The month's number.
    pub month: usize,
    /// The share of good statements that was aimed at.
    pub quality: f64,
    /// Sentences of boilerplate, as they stand in the plan.
    pub boilerplate: Vec<String>,
    /// Sentences that are nearly those of other plans, as they stand in the plan, by their family.
    pub near: Vec<(usize, String)>,
    /// Kinds of personal data.
    pub leaks: Vec<&'static str>,
    /// The field of the metadata that is wrong.
    pub wrong: Option<&'static str>,
    /// True for a copy of the plan before.
    pub copy: bool,
}

static BANK: LazyLock<Bank> = LazyLock::new(Bank::new);

impl Shape {
    /// The quality that a team's plans are drawn around.
    pub fn quality(&self, team: usize) -> f64 {
        0.3 + 0.45 * team as f64 / (self.teams.max(2) - 1) as f64
    }

    /// The team that writes most of a family of vague wording, and words of it.
    pub fn house_style(&self, team: usize) -> &'static str {
        bank::HOUSE[team % bank::HOUSE.len()].0
    }

    /// Plan number `n`.
    pub fn plan(&self, n: u64) -> Planned {
        let mut draws = self.draws(n, 0);
        let copy = n > 0 && draws.f64() < self.copies && self.draws(n - 1, 0).f64() >= self.copies;
        // A copy has the words of the plan before and metadata of its own.
        let mut plan = self.fresh(if copy { n - 1 } else { n }, if copy { n } else { 0 });
        plan.id = format!("p{n:07}");
        plan.truth.copy = copy;
        if copy && self.edited > 0.0 {
            self.edit(&mut plan, &mut self.draws(n, 3));
        }
        plan
    }

    /// Writes a share of the statements anew.
    fn edit(&self, plan: &mut Planned, draws: &mut fastrand::Rng) {
        let child = bank::Child::new(plan.child, draws);
        for (letter, _, lines) in &mut plan.sections {
            let stated = matches!(*letter, "E" | "F" | "G" | "H1" | "H2");
            for line in lines.iter_mut().filter(|_| stated) {
                if draws.f64() < self.edited {
                    *line = Line::Text(BANK.statement(*letter == "E", draws.bool(), 0.0, &child, draws));
                }
            }
        }
    }

    /// Neighbouring numbers would give draws that are alike: they are mixed first (SplitMix64's finaliser).
    fn draws(&self, n: u64, stream: u64) -> fastrand::Rng {
        let mut x = self.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add((n << 8) + stream);
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        fastrand::Rng::with_seed(x ^ (x >> 31))
    }

    /// The words of plan `n`, with the name of the child of `named` where that is another.
    fn fresh(&self, n: u64, named: u64) -> Planned {
        let mut draws = self.draws(n, 1);
        let team = draws.usize(..self.teams.max(1));
        let month = draws.usize(..self.months.max(1));
        let drift = self.drift.filter(|(from, _)| month >= *from).map_or(0.0, |(_, by)| by);
        let noise = 0.05 * (draws.f64() + draws.f64() + draws.f64() - 1.5);
        let quality = (self.quality(team) - drift + noise).clamp(0.02, 0.98);
        let mut truth = Truth { team, month, quality, ..Truth::default() };
        let name = {
            let own = BANK.name(&mut draws);
            if named == 0 { own } else { BANK.name(&mut self.draws(named, 2)) }
        };
        let child = bank::Child::new(name, &mut draws);
        let words = (self.words / 2 + draws.usize(..self.words.max(2))).max(60);
        let mut sections = Vec::new();
        let layout = draws.u8(..4);
        for (letter, title, share) in SECTIONS {
            let wanted = (words as f64 * share) as usize;
            let lines = match *letter {
                "E" | "F" | "G" | "H1" | "H2" => {
                    self.statements(letter, wanted, team, quality, &child, &mut truth, &mut draws)
                }
                _ => prose::section(letter, wanted, &child, &mut draws),
            };
            let heading = match layout {
                0 => format!("Section {letter}: {title}"),
                1 => format!("SECTION {letter} – {}", title.to_uppercase()),
                2 => format!("{letter}. {title}"),
                _ => format!("Section {letter} ({title})"),
            };
            sections.push((*letter, heading, lines));
        }
        if draws.f64() < self.leaks {
            leaks::plant(&mut sections, name, &mut truth, &mut draws);
        }
        let metadata = self.metadata(team, month, &mut truth, &mut draws);
        Planned { id: String::new(), metadata, sections, truth, child: name }
    }

    #[allow(clippy::too_many_arguments, reason = "one caller, in this file")]
    fn statements(
        &self,
        letter: &str,
        wanted: usize,
        team: usize,
        quality: f64,
        child: &bank::Child,
        truth: &mut Truth,
        draws: &mut fastrand::Rng,
    ) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut count = 0;
        while count < wanted {
            let drawn = draws.f64();
            let text = if drawn >= 1.0 - self.near {
                let (family, text) = BANK.near(self.seed, child, draws);
                truth.near.push((family, text.clone()));
                text
            } else if drawn < self.boilerplate {
                let text = BANK.boilerplate(self.seed, team, letter == "E", child, draws);
                truth.boilerplate.push(text.clone());
                text
            } else if letter != "E" && drawn < self.boilerplate + 0.06 {
                BANK.house(team, child, draws)
            } else {
                BANK.statement(letter == "E", draws.f64() < quality, self.plain, child, draws)
            };
            count += text.split(' ').count();
            let item = draws.bool();
            lines.push(if item { Line::Item(text) } else { Line::Text(text) });
        }
        lines
    }

    fn metadata(
        &self,
        team: usize,
        month: usize,
        truth: &mut Truth,
        draws: &mut fastrand::Rng,
    ) -> Vec<(&'static str, String)> {
        let (year, of_year) = (2023 + (month + 8) / 12, (month + 8) % 12 + 1);
        let mut all = vec![
            ("team", format!("Team {}", team + 1)),
            ("author", format!("A{:03}", team * 10 + draws.usize(..6))),
            ("area", ["North", "South", "East", "West"][draws.usize(..4)].to_owned()),
            ("setting", ["mainstream", "special", "college", "resourced"][draws.usize(..4)].to_owned()),
            ("need", ["asd", "slcn", "semh", "mld", "sld", "spld", "hi", "pd"][draws.usize(..8)].to_owned()),
            ("phase", ["early_years", "primary", "secondary", "post_16"][draws.usize(..4)].to_owned()),
            ("status", if draws.u8(..5) == 0 { "draft" } else { "final" }.to_owned()),
            ("date", format!("{year}-{of_year:02}-{:02}", draws.u8(1..29))),
        ];
        if draws.f64() < self.wrong {
            let (field, value) = [
                ("need", "primary"),
                ("date", "2024-02-31"),
                ("phase", "asd"),
                ("status", "yes"),
                ("date", "2003-05-17"),
                ("setting", "final"),
            ][draws.usize(..6)];
            all.iter_mut().filter(|(name, _)| *name == field).for_each(|(_, old)| *old = value.to_owned());
            truth.wrong = Some(field);
        }
        all
    }
}

/// Letter, title, share of the words.
const SECTIONS: &[(&str, &str, f64)] = &[
    ("A", "Views, interests and aspirations", 0.10),
    ("B", "Special educational needs", 0.28),
    ("C", "Health needs", 0.05),
    ("D", "Social care needs", 0.05),
    ("E", "Outcomes", 0.18),
    ("F", "Special educational provision", 0.26),
    ("G", "Health provision", 0.03),
    ("H1", "Social care provision under the Chronically Sick and Disabled Persons Act 1970", 0.02),
    ("H2", "Other social care provision", 0.03),
];

impl Planned {
    /// What the child is called.
    #[allow(dead_code, reason = "the tests ask it")]
    pub fn name(&self) -> &'static str {
        self.child
    }

    /// The plan as one text.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for (_, heading, lines) in &self.sections {
            out.push_str(heading);
            out.push_str("\n\n");
            for line in lines {
                if let Line::Item(_) = line {
                    out.push_str("- ");
                }
                out.push_str(line.words());
                out.push_str(if matches!(line, Line::Item(_)) { "\n" } else { "\n\n" });
            }
            out.push('\n');
        }
        out
    }

    /// The plan as a record of JSON Lines, without the line break.
    pub fn record(&self) -> String {
        let mut fields = serde_json::Map::new();
        fields.insert("id".into(), self.id.clone().into());
        for (name, value) in &self.metadata {
            fields.insert((*name).to_owned(), value.clone().into());
        }
        fields.insert("text".into(), self.text().into());
        serde_json::Value::Object(fields).to_string()
    }

    /// What was planted, as a record of JSON Lines.
    pub fn truth(&self, shape: &Shape) -> String {
        let truth = &self.truth;
        serde_json::json!({
            "id": self.id, "team": truth.team + 1, "month": truth.month, "quality": (truth.quality * 1e4).round() / 1e4,
            "boilerplate": truth.boilerplate.len(), "leaks": truth.leaks, "wrong": truth.wrong, "copy": truth.copy,
            "house_style": shape.house_style(truth.team),
        })
        .to_string()
    }
}
