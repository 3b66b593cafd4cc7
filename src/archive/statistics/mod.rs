//! This is the consistency of an archive: how the wording differs between groups, over time, and what is pasted.
//!
//! [`Gathered`] takes plan after plan and keeps some forty bytes of each; [`Statistics`] is what comes of it. The
//! formulas and their sources stand at each file; `docs/archive.md` tells them in plain words. All draws are seeded.

mod copies;
mod families;
mod groups;
pub mod math;
mod near;
mod quantum;
mod risk;
mod sample;
mod spill;
mod styles;
mod trend;

pub use copies::{NearCopies, NearCopy};
pub use families::{Families, Family};
pub use groups::{FieldStatistics, Group, Icc};
pub use near::{Example, Near, NearFamily};
pub use quantum::Quantum;
pub use risk::Risk;
pub use sample::Sampled;
pub use styles::{Style, WholeTotal};
pub use trend::{Month, Trend};

use super::metadata::{Coded, Field, NAMED, Names};
use super::outputs::Report;
use super::plan::{CRITERIA, Plan};
use super::run::RunError;
use super::wording::Marks;
use crate::rules::Rule;
use serde::Serialize;
use std::collections::HashSet;
use std::path::Path;

/// What is kept of each plan while all are gathered: twenty-four bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    pub coded: Coded,
    /// 0–100; not a number where nothing was judged.
    pub score: f32,
}

/// Sums of a group of plans.
#[derive(Debug, Clone)]
pub(super) struct Tally {
    pub plans: u64,
    pub judged: u64,
    pub good: u64,
    pub undecided: u64,
    /// Statements that each rule was found in.
    pub rules: Vec<u64>,
    /// Of each rule about whole plans: plans that it was found in, and how often.
    pub whole: Vec<[u64; 2]>,
    pub met: [u64; CRITERIA.len()],
    pub missing: [u64; CRITERIA.len()],
    /// Statements whose wording is long enough to be known again.
    pub known: u64,
}

impl Tally {
    fn new(rules: usize) -> Self {
        Self {
            plans: 0,
            judged: 0,
            good: 0,
            undecided: 0,
            rules: vec![0; rules],
            whole: vec![[0; 2]; rules],
            met: [0; CRITERIA.len()],
            missing: [0; CRITERIA.len()],
            known: 0,
        }
    }

    fn add(&mut self, plan: &Plan, known: u64) {
        self.plans += 1;
        self.judged += u64::from(plan.judged());
        self.good += u64::from(plan.good());
        self.undecided += u64::from(plan.undecided);
        for (rule, count) in &plan.rules {
            if let Some(sum) = self.rules.get_mut(usize::from(*rule)) {
                *sum += u64::from(*count);
            }
        }
        for (rule, count) in &plan.whole_rules {
            if let Some([plans, findings]) = self.whole.get_mut(usize::from(*rule)) {
                *plans += 1;
                *findings += u64::from(*count);
            }
        }
        for at in 0..CRITERIA.len() {
            self.met[at] += u64::from(plan.met[at]);
            self.missing[at] += u64::from(plan.missing[at]);
        }
        self.known += known;
    }
}

/// Plans as they are gathered.
pub struct Gathered {
    points: Vec<Point>,
    /// By field and the number of its value; 0 holds the plans without one.
    tallies: [Vec<Tally>; NAMED],
    all: Tally,
    rules: usize,
    help: quantum::Help,
    twins: HashSet<u64>,
    doubled: HashSet<u64>,
    doubles: u64,
    families: families::Wordings,
    sketches: copies::Sketches,
    risks: risk::Worst,
    samples: sample::Strata,
}

/// Statements that a plan must have for another with the same ones to be its copy.
const TWIN: u32 = 5;

impl Gathered {
    /// Begins; `work` is a folder for what does not fit in memory.
    ///
    /// # Errors
    /// [`RunError`] where that cannot be written.
    pub fn new(rules: usize, work: &Path) -> Result<Self, RunError> {
        Ok(Self {
            points: Vec::new(),
            tallies: Default::default(),
            all: Tally::new(rules),
            rules,
            help: quantum::Help::default(),
            twins: HashSet::new(),
            doubled: HashSet::new(),
            doubles: 0,
            families: families::Wordings::new(work),
            sketches: copies::Sketches::new(work)?,
            risks: risk::Worst::default(),
            samples: sample::Strata::default(),
        })
    }

    /// Takes the next plan, with its metadata and the marks of its statements.
    ///
    /// # Errors
    /// [`RunError`] where the disk is full.
    pub fn plan(&mut self, plan: &Plan, coded: Coded, marks: &[Marks]) -> Result<(), RunError> {
        let ordinal = u32::try_from(self.points.len()).unwrap_or(u32::MAX);
        let known = marks.iter().filter(|marks| marks.exact != 0).count() as u64;
        self.points.push(Point { coded, score: plan.score.map_or(f32::NAN, |score| score as f32) });
        self.all.add(plan, known);
        for (field, tallies) in self.tallies.iter_mut().enumerate() {
            let code = usize::from(coded.codes[field]);
            while tallies.len() <= code {
                tallies.push(Tally::new(self.rules));
            }
            tallies[code].add(plan, known);
        }
        self.help.add(plan, coded);
        self.risks.add(plan, coded);
        self.samples.add(plan, coded);
        let first = plan.statements < TWIN || self.twins.insert(plan.twin);
        self.sketches.add(ordinal, first, marks)?;
        if first {
            // A copied plan makes no wording a common one.
            self.families.add(ordinal, coded.codes[Field::Team as usize], marks)?;
        } else {
            self.doubled.insert(plan.twin);
            self.doubles += 1;
        }
        Ok(())
    }

    /// How many there are.
    pub fn plans(&self) -> u64 {
        self.points.len() as u64
    }

    /// The statistics of all of them.
    ///
    /// # Errors
    /// [`RunError`] where what was put aside cannot be read back.
    pub fn finish(self, names: &Names, rules: &[Rule], report: &Report) -> Result<Statistics, RunError> {
        let least = report.min_group.max(1);
        let families = self.families.finish(names, &self.tallies[Field::Team as usize], least, self.all.known)?;
        let fields = groups::fields(&self.points, &self.tallies, names, &families, least);
        let scores: Vec<f64> = self.points.iter().filter(|p| !p.score.is_nan()).map(|p| f64::from(p.score)).collect();
        Ok(Statistics {
            plans: self.points.len() as u64,
            scores: Distribution::of(scores),
            judged: self.all.judged,
            good: self.all.good,
            undecided: self.all.undecided,
            criteria: criteria(&self.all),
            rules: styles::totals(&self.all, rules),
            whole: styles::whole(&self.all, rules),
            styles: styles::styles(&self.tallies, &self.all, names, rules, least),
            trend: trend::trend(&self.points, least),
            quantum: self.help.finish(names, least),
            fields,
            families,
            copied_plans: self.doubles,
            near_copies: self.sketches.finish()?,
            doubled: self.doubled,
            risks: self.risks.finish(names),
            sample: self.samples.finish(names, report.sample, report.seed),
        })
    }
}

/// What an archive comes to.
#[derive(Debug, Serialize)]
pub struct Statistics {
    /// Plans.
    pub plans: u64,
    /// Their scores.
    pub scores: Option<Distribution>,
    /// Statements judged.
    pub judged: u64,
    /// Of these, good.
    pub good: u64,
    /// Of these, close calls.
    pub undecided: u64,
    /// Each criterion over all plans.
    pub criteria: Vec<CriterionShare>,
    /// Each rule over all plans, the commonest first.
    pub rules: Vec<styles::RuleTotal>,
    /// Each rule about whole plans, the one of most plans first.
    pub whole: Vec<styles::WholeTotal>,
    /// Groups by each field of the metadata.
    pub fields: Vec<FieldStatistics>,
    /// Month by month.
    pub trend: Option<Trend>,
    /// What wording a group has more of than the others.
    pub styles: Vec<Style>,
    /// How much of a named help is promised.
    pub quantum: Vec<Quantum>,
    /// Wordings that recur.
    pub families: Families,
    /// Plans whose statements are all those of an earlier plan.
    pub copied_plans: u64,
    /// Plans of which most statements are those of an earlier plan, copies in all not counted.
    pub near_copies: NearCopies,
    /// Keys of plans that have copies.
    #[serde(skip)]
    doubled: HashSet<u64>,
    /// The plans to look at first.
    pub risks: Vec<Risk>,
    /// Plans drawn for moderation.
    pub sample: Vec<Sampled>,
}

impl Statistics {
    /// The share of a plan's wordings that other plans have as well; `None` where none is long enough.
    pub fn boilerplate_share(&self, marks: &[Marks]) -> Option<f64> {
        let known = marks.iter().filter(|marks| marks.exact != 0);
        let (all, common) = known
            .fold((0, 0), |(all, common), marks| (all + 1, common + usize::from(self.families.holds(marks.exact))));
        (all > 0).then(|| common as f64 / f64::from(all))
    }

    /// True for a plan that has copies, or is one.
    pub fn has_copies(&self, plan: &Plan) -> bool {
        plan.statements >= TWIN && self.doubled.contains(&plan.twin)
    }
}

/// How values are spread.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Distribution {
    /// How many.
    pub count: usize,
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation.
    pub sd: f64,
    /// Least, lower quartile, median, upper quartile, greatest.
    pub quartiles: [f64; 5],
    /// Values in each of ten bands of ten points; 100 is in the last.
    pub bands: [u64; 10],
}

impl Distribution {
    fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        let (mean, sd) = math::mean_sd(values.iter().copied())?;
        let mut bands = [0; 10];
        for value in &values {
            bands[((value / 10.0) as usize).min(9)] += 1;
        }
        let at = |share| math::quantile(&values, share).unwrap_or(0.0);
        Some(Self { count: values.len(), mean, sd, quartiles: [at(0.0), at(0.25), at(0.5), at(0.75), at(1.0)], bands })
    }
}

/// A criterion over many statements.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CriterionShare {
    /// Which.
    pub criterion: &'static str,
    /// Statements that meet it.
    pub met: u64,
    /// Statements that lack it.
    pub missing: u64,
    /// The share that meet it.
    pub share: Option<f64>,
}

fn criteria(tally: &Tally) -> Vec<CriterionShare> {
    let of = |(at, criterion): (usize, &crate::assess::Criterion)| {
        let (met, missing) = (tally.met[at], tally.missing[at]);
        let share = (met + missing > 0).then(|| met as f64 / (met + missing) as f64);
        CriterionShare { criterion: criterion.name(), met, missing, share }
    };
    CRITERIA.iter().enumerate().map(of).collect()
}
