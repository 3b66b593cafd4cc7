//! This is the rubric: how verdicts on statements become the scores and grades of sections and of the plan.
//!
//! Its numbers stand in `rubric.toml`, each with its reason. A statement that gets better never lowers a score, and
//! where nothing was judged there is no score.
//!
//! Rubrics are data: the built-in one, readings of the usual shapes of councils' own ([`Rubric::named`]), and any other
//! file of that form. A rubric with a checklist scores the share of its questions that are answered yes; questions of a
//! published instrument that no wording answers are named, and never scored.

mod checklist;
pub mod fit;

pub use checklist::{Answer, Item, Undecidable};

use crate::assess::{Assessment, Confidence, State};
use crate::review::{ReviewedSection, Score, Scores, SectionScore};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Points, weights and grades.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rubric {
    #[serde(default)]
    name: String,
    points: Points,
    weights: BTreeMap<String, f64>,
    grades: Vec<Grade>,
    #[serde(default)]
    items: Vec<Item>,
    #[serde(default)]
    undecidable: Vec<Undecidable>,
}

/// A band of scores.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grade {
    /// What the grade is called, as [`Score::grade`] gives it.
    pub name: String,
    /// The lowest score, 0–100, that still has this grade.
    pub from: f64,
    /// What it means, in a sentence for a reader who knows nothing of the rubric.
    pub meaning: String,
}

/// A rubric that does not load.
#[derive(Debug, thiserror::Error)]
pub enum RubricError {
    /// Not TOML, or not of the rubric's form.
    #[error("the rubric is not of the right form: {0}")]
    Form(#[from] toml::de::Error),
    /// A number or name that makes no sense.
    #[error("the rubric's {place}: {what}")]
    Value {
        /// Where: `points.good`.
        place: String,
        /// What is wrong, and what would be right.
        what: &'static str,
    },
}

/// What one statement earns.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Points {
    good: f64,
    criteria: f64,
    undecided: f64,
    vague: f64,
}

/// The key of [`Rubric::weights`] for section ids that have none of their own.
const OTHER: &str = "other";

impl Rubric {
    /// The built-in rubric.
    pub fn builtin() -> &'static Self {
        static BUILTIN: LazyLock<Rubric> = LazyLock::new(|| {
            // Compiled in and loaded by a test: no input here can fail.
            Rubric::from_toml(include_str!("rubric.toml")).unwrap_or_else(|error| panic!("rubric.toml: {error}"))
        });
        &BUILTIN
    }

    /// The rubrics that are compiled in, by name; the first is the built-in one.
    pub const NAMES: [&'static str; 7] =
        ["clearplan", "four-grades", "ten-points", "traffic-lights", "checklist", "r-gori", "goal-functionality"];

    /// The file of a rubric that is compiled in; `None` where there is none of that name.
    pub fn file(name: &str) -> Option<&'static str> {
        Some(match name {
            "clearplan" => include_str!("rubric.toml"),
            "four-grades" => include_str!("rubrics/four-grades.toml"),
            "ten-points" => include_str!("rubrics/ten-points.toml"),
            "traffic-lights" => include_str!("rubrics/traffic-lights.toml"),
            "checklist" => include_str!("rubrics/checklist.toml"),
            "r-gori" => include_str!("rubrics/r-gori.toml"),
            "goal-functionality" => include_str!("rubrics/goal-functionality.toml"),
            _ => return None,
        })
    }

    /// A rubric that is compiled in; `None` where there is none of that name.
    pub fn named(name: &str) -> Option<Self> {
        // Every file is loaded by a test.
        Self::file(name).and_then(|text| Self::from_toml(text).ok())
    }

    /// Reads a rubric of the form of `rubric.toml`.
    ///
    /// # Errors
    /// [`RubricError`] where the text is not of that form, or a number would let a better statement lower a score, lie
    /// outside 0–100, or leave a section without a weight or a score without a grade.
    pub fn from_toml(text: &str) -> Result<Self, RubricError> {
        let rubric: Self = toml::from_str(text)?;
        rubric.points.validate()?;
        for (id, weight) in &rubric.weights {
            if !(weight.is_finite() && *weight > 0.0 && *weight <= 1000.0) {
                return Err(error(format!("weights.{id}"), "a weight is above 0 and at most 1000"));
            }
        }
        if !rubric.weights.contains_key(OTHER) {
            return Err(error("weights", "other is missing: the weight of every section without its own"));
        }
        validate_grades(&rubric.grades)?;
        rubric.items.iter().enumerate().try_for_each(|(at, item)| item.validate(at))?;
        rubric.undecidable.iter().enumerate().try_for_each(|(at, item)| item.validate(at))?;
        Ok(rubric)
    }

    /// What it is called; empty where its file does not say.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The answers to its checklist; none where it has no checklist.
    pub fn answers(&self, sections: &[ReviewedSection]) -> Vec<Answer<'_>> {
        self.items.iter().map(|item| item.answer(sections)).collect()
    }

    /// The questions of its instrument that no wording answers.
    pub fn undecidable(&self) -> &[Undecidable] {
        &self.undecidable
    }

    /// The grades, from the best to the worst.
    pub fn grades(&self) -> &[Grade] {
        &self.grades
    }

    /// The grade of a score; a score below 0 has the worst.
    pub fn grade(&self, score: f64) -> Option<&Grade> {
        self.grades.iter().find(|grade| score >= grade.from).or(self.grades.last())
    }

    /// The points of one assessment, 0–100.
    pub fn points(&self, assessment: &Assessment) -> f64 {
        if assessment.confidence == Confidence::Low {
            return self.points.undecided;
        }
        let base = if assessment.verdict.is_good() { self.points.good } else { self.points.vague };
        base + self.points.criteria * met_share(assessment)
    }

    /// The scores of a plan and of each section id in it. Pure; never fails.
    pub fn scores(&self, sections: &[ReviewedSection]) -> Scores {
        let mut tallies: Vec<(&str, Tally)> = Vec::new();
        for section in sections {
            for assessment in section.statements.iter().filter_map(|judged| judged.assessment.as_ref()) {
                let at = tallies.iter().position(|(id, _)| *id == section.section).unwrap_or_else(|| {
                    tallies.push((&section.section, Tally::default()));
                    tallies.len() - 1
                });
                tallies[at].1.add(assessment, self.points(assessment));
            }
        }
        let mut plan = Tally::default();
        let (mut sum, mut weights) = (0.0, 0.0);
        for (id, tally) in &tallies {
            plan.join(tally);
            let weight = self.weight(id);
            sum += weight * tally.mean();
            weights += weight;
        }
        let answers: Vec<bool> = self.answers(sections).iter().filter_map(|answer| answer.yes).collect();
        let yes = answers.iter().filter(|yes| **yes).count();
        let plan = match answers.len() {
            0 if self.items.is_empty() => self.score(&plan, sum / weights),
            // Statements were judged, but none that a question is about: there is nothing to grade.
            0 => Score { score: None, grade: None, ..self.score(&plan, 0.0) },
            n => self.score(&plan, 100.0 * yes as f64 / n as f64),
        };
        Scores {
            plan,
            sections: tallies
                .iter()
                .map(|(id, tally)| SectionScore { section: (*id).to_owned(), score: self.score(tally, tally.mean()) })
                .collect(),
        }
    }

    fn points_of(&self) -> Points {
        self.points
    }

    fn weight(&self, id: &str) -> f64 {
        self.weights.get(id).or_else(|| self.weights.get(OTHER)).copied().unwrap_or(1.0)
    }

    fn score(&self, tally: &Tally, mean: f64) -> Score {
        // Rounded first and graded then, so that the grade fits the number that is shown.
        let score = (tally.judged > 0).then(|| mean.round().clamp(0.0, 100.0));
        Score {
            score,
            grade: score.and_then(|score| self.grade(score)).map(|grade| grade.name.clone()),
            judged: tally.judged,
            good: tally.good,
            undecided: tally.undecided,
        }
    }
}

impl Points {
    fn validate(self) -> Result<(), RubricError> {
        let Self { good, criteria, undecided, vague } = self;
        for (name, value) in [("good", good), ("criteria", criteria), ("undecided", undecided), ("vague", vague)] {
            if !(0.0..=100.0).contains(&value) {
                return Err(error(format!("points.{name}"), "points lie between 0 and 100"));
            }
        }
        if good + criteria > 100.0 {
            return Err(error("points", "good and criteria together are more than 100; lower one"));
        }
        if vague + criteria > undecided || undecided > good {
            return Err(error(
                "points",
                "a better statement could lower the score; keep vague + criteria ≤ undecided ≤ good",
            ));
        }
        Ok(())
    }
}

/// Statements counted and their points added.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    judged: usize,
    good: usize,
    undecided: usize,
    points: f64,
}

impl Tally {
    fn add(&mut self, assessment: &Assessment, points: f64) {
        self.judged += 1;
        self.good += usize::from(assessment.verdict.is_good());
        self.undecided += usize::from(assessment.confidence == Confidence::Low);
        self.points += points;
    }

    fn join(&mut self, other: &Self) {
        self.judged += other.judged;
        self.good += other.good;
        self.undecided += other.undecided;
    }

    fn mean(&self) -> f64 {
        self.points / self.judged as f64
    }
}

/// The share of the criteria that are met, of those that wording can decide and this statement needs.
fn met_share(assessment: &Assessment) -> f64 {
    let count = |state: State| assessment.criteria.iter().filter(|c| c.state == state).count();
    let (met, missing) = (count(State::Met), count(State::Missing));
    if met == 0 { 0.0 } else { met as f64 / (met + missing) as f64 }
}

fn validate_grades(grades: &[Grade]) -> Result<(), RubricError> {
    for (i, grade) in grades.iter().enumerate() {
        let at = |field: &str| format!("grades[{i}].{field}");
        if grade.name.trim().is_empty() || grades[..i].iter().any(|other| other.name == grade.name) {
            return Err(error(at("name"), "a grade needs a name that no other has"));
        }
        if grade.meaning.trim().is_empty() {
            return Err(error(at("meaning"), "a grade needs a sentence that says what it means"));
        }
        if !(0.0..=100.0).contains(&grade.from) || grades[..i].iter().any(|other| other.from <= grade.from) {
            return Err(error(at("from"), "grades go from the best to the worst, within 0 and 100"));
        }
    }
    match grades.last() {
        Some(last) if last.from == 0.0 => Ok(()),
        _ => Err(error("grades", "the last grade begins at 0, so that every score has one")),
    }
}

fn error(place: impl Into<String>, what: &'static str) -> RubricError {
    RubricError::Value { place: place.into(), what }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::{Criterion, CriterionState, Verdict, Wording};
    use crate::document::{Kind, Statement};
    use crate::review::Judged;
    use proptest::prelude::*;

    const BUILTIN: &str = include_str!("rubric.toml");

    fn assessment(verdict: Verdict, confidence: Confidence, states: &[State]) -> Assessment {
        let criteria = Criterion::of(Kind::Provision)
            .iter()
            .zip(states)
            .map(|(&criterion, &state)| CriterionState { criterion, state, evidence: Vec::new() })
            .collect();
        Assessment {
            verdict,
            probability: 0.5,
            confidence,
            wording: Wording::Provision,
            criteria,
            findings: Vec::new(),
            suggestion: None,
        }
    }

    fn section(id: &str, assessments: Vec<Option<Assessment>>) -> ReviewedSection {
        let judged = |assessment| Judged {
            id: String::new(),
            statement: Statement::new(Kind::Provision, "words"),
            assessment,
            waived: Vec::new(),
        };
        ReviewedSection {
            section: id.into(),
            heading: String::new(),
            statements: assessments.into_iter().map(judged).collect(),
        }
    }

    fn good() -> Option<Assessment> {
        Some(assessment(Verdict::Specific, Confidence::Normal, &[State::Met; 7]))
    }

    fn vague() -> Option<Assessment> {
        Some(assessment(Verdict::Vague, Confidence::Normal, &[State::Missing; 7]))
    }

    fn unsure(verdict: Verdict) -> Option<Assessment> {
        Some(assessment(verdict, Confidence::Low, &[State::Met; 7]))
    }

    fn plan(sections: &[ReviewedSection]) -> Option<f64> {
        Rubric::builtin().scores(sections).plan.score
    }

    #[test]
    fn nothing_judged_has_no_score() {
        for sections in [vec![], vec![section("A", vec![None, None])], vec![section("F", vec![])]] {
            assert_eq!(Rubric::builtin().scores(&sections), Scores::default());
        }
    }

    #[test]
    fn from_end_to_end() {
        assert_eq!(plan(&[section("E", vec![vague(); 3]), section("F", vec![vague()])]), Some(0.0));
        assert_eq!(plan(&[section("E", vec![good(); 3]), section("F", vec![good(), None])]), Some(100.0));
        for verdict in [Verdict::Specific, Verdict::Vague] {
            assert_eq!(plan(&[section("F", vec![unsure(verdict)])]), Some(50.0), "counted half");
        }
    }

    #[test]
    fn recurrences_add_up_and_sections_are_weighted() {
        let sections = [
            section("F", vec![good(), vague()]),
            section("G", vec![good()]),
            section("F", vec![vague(), unsure(Verdict::Specific), None]),
        ];
        let scores = Rubric::builtin().scores(&sections);
        let ids: Vec<&str> = scores.sections.iter().map(|s| s.section.as_str()).collect();
        assert_eq!(ids, ["F", "G"]);
        let f = &scores.sections[0].score;
        assert_eq!((f.score, f.judged, f.good, f.undecided), (Some(38.0), 4, 2, 1));
        assert_eq!(f.grade.as_deref(), Some("needs work"));
        // (40 × 37.5 + 10 × 100) / 50, not of the rounded 38.
        assert_eq!((scores.plan.score, scores.plan.judged), (Some(50.0), 5));
    }

    #[test]
    fn the_grade_is_that_of_the_number_shown() {
        let rubric = Rubric::builtin();
        for (score, grade) in
            [(100.0, "clear"), (80.0, "clear"), (79.0, "mostly clear"), (34.0, "unclear"), (0.0, "unclear")]
        {
            assert_eq!(rubric.grade(score).map(|g| g.name.as_str()), Some(grade), "{score}");
        }
        // 79.5 is shown as 80.
        let tally = Tally { judged: 1, ..Tally::default() };
        let score = rubric.score(&tally, 79.5);
        assert_eq!((score.score, score.grade.as_deref()), (Some(80.0), Some("clear")));
    }

    #[test]
    fn mistakes_are_named() {
        for (from, to, message) in [
            ("good = 80", "good = 81", "more than 100"),
            ("good = 80", "good = 45", "could lower the score"),
            ("undecided = 50", "undecided = 10", "could lower the score"),
            ("vague = 0", "vague = -1", "points.vague: points lie"),
            ("criteria = 20", "criteria = nan", "points.criteria: points lie"),
            ("E = 40", "E = 0", "weights.E"),
            ("other = 5", "I = 5", "other is missing"),
            ("from = 0\n", "from = 5\n", "begins at 0"),
            ("from = 60", "from = 80", "from the best to the worst"),
            ("name = \"unclear\"", "name = \"clear\"", "no other has"),
            ("[points]", "[points]\nperfect = 100", "perfect"),
        ] {
            assert!(BUILTIN.contains(from), "{from}");
            let error = Rubric::from_toml(&BUILTIN.replacen(from, to, 1)).expect_err(to).to_string();
            assert!(error.contains(message), "{to}: {error}");
        }
        assert!(Rubric::from_toml("points = 3").is_err());
    }

    #[test]
    fn one_review_under_every_rubric() {
        let sections = [section("E", vec![]), section("F", vec![good(), good(), good(), vague()])];
        let said: Vec<(String, Option<f64>, Option<String>)> = Rubric::NAMES
            .iter()
            .map(|name| {
                let rubric = Rubric::named(name).unwrap_or_else(|| panic!("{name} loads"));
                let score = rubric.scores(&sections).plan;
                (rubric.name().to_owned(), score.score, score.grade)
            })
            .collect();
        let of = |name: &str, score: f64, grade: &str| (name.to_owned(), Some(score), Some(grade.to_owned()));
        // There is no outcome, and these two ask of nothing else.
        let nothing = |name: &str| (name.to_owned(), None, None);
        assert_eq!(
            said,
            [
                of("clearplan", 75.0, "mostly clear"),
                of("four grades", 75.0, "good"),
                of("ten points", 75.0, "8"),
                of("traffic lights", 75.0, "amber"),
                // Three in four are no nine in ten.
                of("checklist", 0.0, "mostly no"),
                nothing("R-GORI (what wording decides)"),
                nothing("Goal Functionality Scale III (what wording decides)"),
            ]
        );
        assert_eq!(Rubric::named("unheard of"), None);
    }

    #[test]
    fn a_checklist_is_answered_from_the_statements_that_bear_on_it() {
        let rubric = Rubric::named("checklist").expect("it loads");
        let all_good = [section("F", vec![good(); 3])];
        let answers = rubric.answers(&all_good);
        assert_eq!(answers.len(), 9);
        assert!(answers.iter().all(|answer| answer.yes == (answer.of > 0).then_some(true)), "{answers:?}");
        assert!(answers.iter().any(|answer| answer.yes.is_none()), "nothing is said of outcomes");
        let score = rubric.scores(&all_good).plan;
        assert_eq!((score.score, score.grade.as_deref()), (Some(100.0), Some("all yes")));
        let file = Rubric::file("checklist").expect("it is there");
        for (from, to, message) in [
            ("at_least = 0.95", "at_least = 0.0", "items[7].at_least"),
            ("criterion = \"time_bound\"", "criterion = \"who\"", "items[1].criterion"),
            ("kind = \"outcome\"", "kind = \"need\"", "items[0].kind"),
        ] {
            assert!(file.contains(from), "{from}");
            let error = Rubric::from_toml(&file.replacen(from, to, 1)).expect_err(to).to_string();
            assert!(error.contains(message), "{to}: {error}");
        }
    }

    #[test]
    fn what_no_wording_decides_is_named_and_not_scored() {
        let goal = |state: State| {
            let states = Criterion::of(Kind::Outcome).iter().map(|&criterion| {
                let state = if criterion == Criterion::Measurable { state } else { State::Met };
                CriterionState { criterion, state, evidence: Vec::new() }
            });
            let statement = Statement::new(Kind::Outcome, "words");
            let assessment =
                Assessment { criteria: states.collect(), ..assessment(Verdict::Smart, Confidence::Normal, &[]) };
            Judged { id: String::new(), statement, assessment: Some(assessment), waived: Vec::new() }
        };
        let plan = |state| ReviewedSection {
            section: "goals".into(),
            heading: String::new(),
            statements: vec![goal(State::Met), goal(state)],
        };
        for (name, decided, undecided) in [("r-gori", 2, 6), ("goal-functionality", 2, 5)] {
            let rubric = Rubric::named(name).unwrap_or_else(|| panic!("{name} loads"));
            assert_eq!((rubric.items.len(), rubric.undecidable().len()), (decided, undecided), "{name}");
            assert_eq!(rubric.scores(&[plan(State::Met)]).plan.score, Some(100.0), "{name}");
            assert_eq!(rubric.scores(&[plan(State::Missing)]).plan.score, Some(50.0), "{name}");
        }
        let file = Rubric::file("r-gori").expect("it is there").replacen("why = \"", "why = \"\" # ", 1);
        assert!(Rubric::from_toml(&file).is_err_and(|error| error.to_string().contains("undecidable[0].why")));
    }

    fn any_assessment() -> impl Strategy<Value = Assessment> {
        let state = prop::sample::select(vec![State::Met, State::Missing, State::Undecidable, State::NotNeeded]);
        let verdict = prop::sample::select(vec![Verdict::Specific, Verdict::Vague]);
        let confidence = prop::sample::select(vec![Confidence::Normal, Confidence::Low]);
        (verdict, confidence, prop::collection::vec(state, 0..8)).prop_map(|(v, c, states)| assessment(v, c, &states))
    }

    fn any_plan() -> impl Strategy<Value = Vec<ReviewedSection>> {
        let id = prop::sample::select(vec!["E", "F", "G", "H1", "H2", "Z", ""]);
        let statements = prop::collection::vec(prop::option::of(any_assessment()), 0..6);
        prop::collection::vec((id, statements).prop_map(|(id, list)| section(id, list)), 0..6)
    }

    proptest! {
        #[test]
        fn within_bounds_and_counted(sections in any_plan()) {
            let scores = Rubric::builtin().scores(&sections);
            let judged = sections.iter().flat_map(|s| &s.statements).filter(|j| j.assessment.is_some()).count();
            prop_assert_eq!(scores.plan.judged, judged);
            prop_assert_eq!(scores.sections.iter().map(|s| s.score.judged).sum::<usize>(), judged);
            for score in std::iter::once(&scores.plan).chain(scores.sections.iter().map(|s| &s.score)) {
                prop_assert_eq!(score.score.is_some(), score.judged > 0);
                prop_assert_eq!(score.grade.is_some(), score.judged > 0);
                prop_assert!(score.score.is_none_or(|score| (0.0..=100.0).contains(&score)));
            }
        }

        #[test]
        fn a_vague_statement_turned_good_never_lowers_a_score(
            sections in any_plan(), at in any::<prop::sample::Index>(), better in any_assessment(),
        ) {
            let places: Vec<(usize, usize)> = sections
                .iter()
                .enumerate()
                .flat_map(|(s, section)| (0..section.statements.len()).map(move |n| (s, n)))
                .filter(|&(s, n)| sections[s].statements[n].assessment.as_ref().is_some_and(|a| !a.verdict.is_good()))
                .collect();
            prop_assume!(!places.is_empty());
            let (s, n) = places[at.index(places.len())];
            let before = Rubric::builtin().scores(&sections);
            let mut after = sections.clone();
            after[s].statements[n].assessment = Some(Assessment { verdict: Verdict::Specific, ..better });
            let after = Rubric::builtin().scores(&after);
            prop_assert!(after.plan.score >= before.plan.score);
            for (a, b) in after.sections.iter().zip(&before.sections) {
                prop_assert!(a.score.score >= b.score.score, "section {}", a.section);
            }
        }
    }
}
