//! This is the fit of a rubric to grades that people gave: weights of the sections and the scores at which grades begin,
//! with agreement measured on plans that were not fitted.
//!
//! The weights are those with which the plan's score goes most closely with the grades (Pearson's correlation), held near
//! the built-in ones where the grades say little; the cuts are those with the least squared distance of grades. Agreement
//! is Cohen's kappa with quadratic weights (Cohen, "Weighted kappa", Psychological Bulletin 70, 1968) over five folds,
//! with a 95 % interval of the bootstrap. Draws are seeded: the same grades give the same fit.

use super::{Points, Rubric};
use std::collections::BTreeMap;

/// Fewer graded plans than this are refused.
pub const LEAST: usize = 50;
/// A grade that fewer plans have is not to be trusted.
const RARE: usize = 10;
/// A section that fewer plans have keeps its built-in weight.
const SEEN: usize = 20;
const FOLDS: usize = 5;
const RESAMPLES: usize = 2_000;
const SEED: u64 = 20_261_127;
/// How strongly a weight is held near the built-in one.
const HELD: f64 = 0.002;

/// A plan and the grade that somebody gave it.
#[derive(Debug, Clone, PartialEq)]
pub struct Graded {
    /// The score of each section id, 0–100.
    pub sections: BTreeMap<String, f64>,
    /// The grade, by its place among the names, best first.
    pub grade: usize,
}

/// Why nothing was fitted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Too few plans.
    #[error(
        "{0} graded plans are too few to fit a rubric: a fit to them would follow chance; grade at least {LEAST}, and use a \
         built-in rubric until then"
    )]
    Few(usize),
    /// All plans have the same grade, or nearly.
    #[error(
        "only one grade was given to five plans or more: nothing tells what the others stand for; grade plans of every sort"
    )]
    OneGrade,
    /// All plans have the same scores.
    #[error("all plans have the same scores, so that no weights could tell their grades apart; grade other plans")]
    Flat,
}

/// A rubric fitted to grades, and how far to trust it.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted {
    /// The weight of each section id, together 100.
    pub weights: BTreeMap<String, f64>,
    /// The lowest score of each grade, best first; the last is 0.
    pub cuts: Vec<f64>,
    /// How many plans.
    pub plans: usize,
    /// Agreement on plans that were not fitted; `None` where it cannot be told.
    pub kappa: Option<f64>,
    /// Its 95 % interval.
    pub interval: Option<(f64, f64)>,
    /// The same with the built-in weights and fitted cuts.
    pub builtin: Option<f64>,
    /// For each grade: plans that people gave it, and of these those that the fit gave it too, not having seen them.
    pub grades: Vec<(usize, usize)>,
    /// Where it should not be trusted, in sentences.
    pub doubts: Vec<String>,
}

/// Fits weights and cuts to grades. `names` are the grades, best first.
///
/// # Errors
/// [`Refusal`] where the grades are too few or too alike for a fit to mean anything.
pub fn fit(plans: &[Graded], names: &[String]) -> Result<Fitted, Refusal> {
    let plans: Vec<&Graded> = plans.iter().filter(|plan| !plan.sections.is_empty()).collect();
    if plans.len() < LEAST {
        return Err(Refusal::Few(plans.len()));
    }
    let given = |grade: usize| plans.iter().filter(|plan| plan.grade == grade).count();
    if (0..names.len()).filter(|&grade| given(grade) >= 5).count() < 2 {
        return Err(Refusal::OneGrade);
    }
    let start = start(&plans);
    let scores: Vec<f64> = plans.iter().map(|plan| score(plan, &start)).collect();
    if scores.iter().all(|score| (score - scores[0]).abs() < 0.5) {
        return Err(Refusal::Flat);
    }
    let weights = weights(&plans, &start);
    let cuts = cuts(&plans, &weights, names.len());

    let pairs = held_out(&plans, names.len(), |part| self::weights(part, &start));
    let plain = held_out(&plans, names.len(), |_| start.clone());
    let kappa = kappa(&pairs, names.len());
    let interval = interval(&pairs, names.len());
    let grades: Vec<(usize, usize)> = (0..names.len())
        .map(|grade| (given(grade), pairs.iter().filter(|pair| **pair == (grade, grade)).count()))
        .collect();
    let mut fitted = Fitted {
        weights,
        cuts,
        plans: plans.len(),
        kappa,
        interval,
        builtin: self::kappa(&plain, names.len()),
        grades,
        doubts: Vec::new(),
    };
    fitted.doubts = doubts(&fitted, &plans, &pairs, &plain, names);
    Ok(fitted)
}

/// The built-in weights of the sections that occur, together 100.
fn start(plans: &[&Graded]) -> BTreeMap<String, f64> {
    let ids = plans.iter().flat_map(|plan| plan.sections.keys());
    let mut weights: BTreeMap<String, f64> = ids.map(|id| (id.clone(), Rubric::builtin().weight(id))).collect();
    scale(&mut weights);
    weights
}

fn scale(weights: &mut BTreeMap<String, f64>) {
    let sum: f64 = weights.values().sum();
    weights.values_mut().for_each(|weight| *weight *= 100.0 / sum);
}

/// The score of a plan as [`Rubric::scores`] makes it.
fn score(plan: &Graded, weights: &BTreeMap<String, f64>) -> f64 {
    let (mut sum, mut all) = (0.0, 0.0);
    for (id, score) in &plan.sections {
        let weight = weights.get(id).copied().unwrap_or(0.0);
        sum += weight * score;
        all += weight;
    }
    if all > 0.0 { (sum / all).round() } else { 0.0 }
}

/// The weights with which scores go most closely with grades, by steps along each section in turn.
fn weights(plans: &[&Graded], start: &BTreeMap<String, f64>) -> BTreeMap<String, f64> {
    let held = |weights: &BTreeMap<String, f64>| -> f64 {
        weights.iter().map(|(id, weight)| (weight / start[id]).ln().powi(2)).sum()
    };
    let worth = |weights: &BTreeMap<String, f64>| {
        let mut scaled = weights.clone();
        scale(&mut scaled);
        correlation(plans, &scaled) - HELD * held(&scaled)
    };
    let ids: Vec<&String> = start
        .keys()
        .filter(|id| plans.iter().filter(|plan| plan.sections.contains_key(*id)).count() >= SEEN.min(plans.len() / 2))
        .collect();
    let mut best = start.clone();
    let mut reached = worth(&best);
    for step in [2.0, 1.4, 1.15, 1.05] {
        for _ in 0..30 {
            let before = reached;
            for id in &ids {
                for factor in [step, 1.0 / step] {
                    let mut tried = best.clone();
                    if let Some(weight) = tried.get_mut(*id) {
                        *weight = (*weight * factor).clamp(0.1, 1_000.0);
                    }
                    let found = worth(&tried);
                    if found > reached + 1e-9 {
                        (best, reached) = (tried, found);
                    }
                }
            }
            if reached <= before + 1e-9 {
                break;
            }
        }
    }
    scale(&mut best);
    best
}

/// Pearson's correlation of scores and grades, a better grade being a higher one; 0 where one of them does not vary.
fn correlation(plans: &[&Graded], weights: &BTreeMap<String, f64>) -> f64 {
    let n = plans.len() as f64;
    let xs: Vec<f64> = plans.iter().map(|plan| score(plan, weights)).collect();
    let ys: Vec<f64> = plans.iter().map(|plan| -(plan.grade as f64)).collect();
    let (mx, my) = (xs.iter().sum::<f64>() / n, ys.iter().sum::<f64>() / n);
    let (mut xy, mut xx, mut yy) = (0.0, 0.0, 0.0);
    for (x, y) in xs.iter().zip(&ys) {
        xy += (x - mx) * (y - my);
        xx += (x - mx).powi(2);
        yy += (y - my).powi(2);
    }
    if xx > 0.0 && yy > 0.0 { xy / (xx * yy).sqrt() } else { 0.0 }
}

/// The lowest score of each grade with which the squared distances of grades are least: over the plans by falling score,
/// the grades in order, each for a run of plans that may be empty.
fn cuts(plans: &[&Graded], weights: &BTreeMap<String, f64>, grades: usize) -> Vec<f64> {
    // Plans of one score have one grade: they are counted together.
    let mut by_score: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for plan in plans {
        by_score.entry(score(plan, weights) as i64).or_default().push(plan.grade);
    }
    let groups: Vec<(i64, Vec<usize>)> = by_score.into_iter().rev().collect();
    let cost =
        |group: &[usize], grade: usize| -> usize { group.iter().map(|given| given.abs_diff(grade).pow(2)).sum() };
    // best[i]: the least cost of the first i groups in the grades so far; from[g][i]: where grade g begins then.
    let mut best: Vec<usize> = vec![usize::MAX; groups.len() + 1];
    best[0] = 0;
    let mut from: Vec<Vec<usize>> = Vec::new();
    for grade in 0..grades {
        let mut begins: Vec<usize> = (0..=groups.len()).collect();
        let mut next = best.clone();
        for i in 1..=groups.len() {
            // Either grade `grade` takes group i - 1 too, or it takes nothing up to i.
            let more = next[i - 1].saturating_add(cost(&groups[i - 1].1, grade));
            if more < next[i] {
                next[i] = more;
                begins[i] = begins[i - 1];
            }
        }
        best = next;
        from.push(begins);
    }
    let mut ends = vec![0; grades];
    let mut end = groups.len();
    for grade in (0..grades).rev() {
        ends[grade] = end;
        end = from[grade][end];
    }
    let mut cuts = Vec::with_capacity(grades);
    let mut above = 101.0;
    for (grade, end) in ends.iter().enumerate() {
        let lowest = end.checked_sub(1).and_then(|last| groups.get(last)).map_or(101.0, |(score, _)| *score as f64);
        // A grade that no plan has stands between two whole numbers; the last begins at 0.
        let least = (grades - 1 - grade) as f64 * 0.01;
        let cut =
            if grade + 1 == grades { 0.0 } else { lowest.min(above - 0.01).clamp(least, 100.0 - grade as f64 * 0.01) };
        cuts.push(cut);
        above = cut;
    }
    cuts
}

fn grade(cuts: &[f64], score: f64) -> usize {
    cuts.iter().position(|cut| score >= *cut).unwrap_or(cuts.len().saturating_sub(1))
}

/// The grade given and the grade said for each plan, by a fit to the other folds. Plans of one grade are spread evenly.
fn held_out(
    plans: &[&Graded],
    grades: usize,
    fit: impl Fn(&[&Graded]) -> BTreeMap<String, f64>,
) -> Vec<(usize, usize)> {
    let mut order: Vec<usize> = (0..plans.len()).collect();
    fastrand::Rng::with_seed(SEED).shuffle(&mut order);
    order.sort_by_key(|&i| plans[i].grade);
    let mut fold = vec![0; plans.len()];
    order.iter().enumerate().for_each(|(place, &i)| fold[i] = place % FOLDS);
    let mut said = vec![(0, 0); plans.len()];
    for out in 0..FOLDS {
        let part: Vec<&Graded> = plans.iter().zip(&fold).filter(|(_, fold)| **fold != out).map(|(p, _)| *p).collect();
        let weights = fit(&part);
        let cuts = cuts(&part, &weights, grades);
        for (i, plan) in plans.iter().enumerate().filter(|(i, _)| fold[*i] == out) {
            said[i] = (plan.grade, grade(&cuts, score(plan, &weights)));
        }
    }
    said
}

/// Cohen's kappa with quadratic weights of pairs of grades; `None` where chance alone would agree.
pub fn kappa(pairs: &[(usize, usize)], grades: usize) -> Option<f64> {
    let n = pairs.len() as f64;
    let (mut first, mut second) = (vec![0.0; grades], vec![0.0; grades]);
    let mut seen = 0.0;
    for &(a, b) in pairs {
        seen += (a.abs_diff(b).pow(2)) as f64;
        *first.get_mut(a)? += 1.0;
        *second.get_mut(b)? += 1.0;
    }
    let mut chance = 0.0;
    for (a, x) in first.iter().enumerate() {
        for (b, y) in second.iter().enumerate() {
            chance += (a.abs_diff(b).pow(2)) as f64 * x * y / n;
        }
    }
    (chance > 0.0).then(|| 1.0 - seen / chance)
}

fn interval(pairs: &[(usize, usize)], grades: usize) -> Option<(f64, f64)> {
    resampled(pairs.len(), |drawn| kappa(&drawn.iter().map(|&i| pairs[i]).collect::<Vec<_>>(), grades))
}

/// The 95 % interval of a figure over resamples of `n` plans.
fn resampled(n: usize, figure: impl Fn(&[usize]) -> Option<f64>) -> Option<(f64, f64)> {
    let mut draws = fastrand::Rng::with_seed(SEED);
    let mut figures: Vec<f64> = (0..RESAMPLES)
        .filter_map(|_| {
            let drawn: Vec<usize> = (0..n).map(|_| draws.usize(..n)).collect();
            figure(&drawn)
        })
        .collect();
    if figures.len() * 2 <= RESAMPLES {
        return None;
    }
    figures.sort_by(f64::total_cmp);
    let rank = |part: usize| figures.get((figures.len() * part).div_ceil(1_000).saturating_sub(1)).copied();
    Some((rank(25)?, rank(975)?))
}

fn doubts(
    fitted: &Fitted,
    plans: &[&Graded],
    pairs: &[(usize, usize)],
    plain: &[(usize, usize)],
    names: &[String],
) -> Vec<String> {
    let mut out = Vec::new();
    match fitted.interval {
        None => out.push("How far it agrees cannot be told from these grades.".to_owned()),
        Some((low, _)) if low < 0.4 => out.push(format!(
            "Agreement may be as low as {low:.2}: use it for many plans together, never for a single one."
        )),
        Some(_) => {}
    }
    let of = |list: &[(usize, usize)], drawn: &[usize]| {
        kappa(&drawn.iter().map(|&i| list[i]).collect::<Vec<_>>(), names.len())
    };
    let gain = resampled(pairs.len(), |drawn| Some(of(pairs, drawn)? - of(plain, drawn)?));
    if gain.is_none_or(|(low, _)| low <= 0.0) {
        out.push(
            "The fitted weights do not clearly agree better than the built-in ones with fitted cuts: the weights may be \
             chance."
                .to_owned(),
        );
    }
    for (name, (given, said)) in names.iter().zip(&fitted.grades) {
        if *given < RARE {
            out.push(format!("“{name}” was given to {given} plans only: where it begins is a guess."));
        } else if said * 2 < *given {
            out.push(format!("“{name}”: of {given} plans that people gave it, only {said} were given it here."));
        }
    }
    for id in fitted.weights.keys() {
        let seen = plans.iter().filter(|plan| plan.sections.contains_key(id)).count();
        if seen < SEEN {
            let name = if id.is_empty() { "no section" } else { id };
            out.push(format!(
                "The weight of {name} is the built-in one: only {seen} plans have anything judged there."
            ));
        }
    }
    out.push(
        "The grades were fitted by what wording shows. Where people also graded the child's needs, the law or the \
         handwriting, it cannot follow them."
            .to_owned(),
    );
    out
}

impl Fitted {
    /// The rubric as a file of the form of `rubric.toml`. `names` are the grades, best first.
    pub fn to_toml(&self, name: &str, names: &[String]) -> String {
        use std::fmt::Write as _;
        let Points { good, criteria, undecided, vague } = Rubric::builtin().points_of();
        let kappa = self.kappa.map_or("unknown".to_owned(), |kappa| format!("{kappa:.2}"));
        let interval =
            self.interval.map_or(String::new(), |(low, high)| format!(" (95% interval {low:.2} to {high:.2})"));
        let mut out = format!(
            "# Fitted to {} plans that people graded. Agreement with them on plans that were not fitted: weighted kappa {kappa}{interval}.\n",
            self.plans
        );
        for doubt in &self.doubts {
            let _ = writeln!(out, "# {doubt}");
        }
        let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
        let _ = writeln!(
            out,
            "\nname = {}\n\n[points]\ngood = {good}\ncriteria = {criteria}\nundecided = {undecided}\nvague = {vague}\n\n[weights]",
            quoted(name)
        );
        for (id, weight) in self.weights.iter().filter(|(id, _)| !id.is_empty()) {
            let _ = writeln!(out, "{} = {weight:.1}", quoted(id));
        }
        let other = self.weights.get("").copied().unwrap_or_else(|| Rubric::builtin().weight(""));
        if !self.weights.contains_key("other") {
            let _ = writeln!(out, "other = {other:.1}");
        }
        for (name, from) in names.iter().zip(&self.cuts) {
            let meaning = format!("What people called “{name}”.");
            let _ =
                writeln!(out, "\n[[grades]]\nname = {}\nfrom = {from}\nmeaning = {}", quoted(name), quoted(&meaning));
        }
        out
    }
}

#[cfg(test)]
mod tests;
