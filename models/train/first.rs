//! This is how the first stage of the cascade is fitted: it learns to foretell the verdict of rules and network together, and is
//! trusted only as far as it foretold author styles that were left out.

use super::corpus::Example;
use clearplan::document::Kind;
use clearplan::engine::Engine;
use clearplan::model::first::{BUCKETS, Sparse, Stage, clamped};
use clearplan::model::{Combination, FirstStage, Model};
use clearplan::rules::Severity;
use clearplan::scoring::{Features, Scoring, logistic};
use std::collections::BTreeMap;

/// Passes over the rows.
const PASSES: usize = 30;
/// Learning rate of AdaGrad.
const RATE: f64 = 0.1;
/// Shrinks every weight that a row uses, at each step.
const PENALTY: f64 = 1e-4;
/// Parts that whole styles are dealt into; each is foretold by a stage that has not seen it.
const PARTS: usize = 5;
/// Of all left-out statements so many may be decided against rules and network, for each kind. Less than the cascade promises: other
/// styles are other styles, and the second stage has its share.
const AGAINST: f64 = 0.003;

/// A statement as the stage sees it.
struct Row {
    /// Its place among the examples.
    at: usize,
    sparse: Sparse,
    rules: f64,
    /// Probability that it is good, by rules and network.
    wanted: f64,
    /// Whether a rule has words to show, should it be vague.
    shown: bool,
    part: usize,
}

/// What the choice of the margins came to, for the model's metrics.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Held {
    statements: usize,
    /// Share of left-out statements that the stage decides.
    decided: f64,
    /// Share of all left-out statements that it decides against rules and network.
    against: f64,
}

impl Held {
    /// Of statements that were foretold (log-odds, the verdict of rules and network, words to show), under these margins.
    pub fn of(foretold: &[(f64, bool, bool)], vague: f64, good: f64) -> Self {
        let decided = |&&(odds, _, shown): &&(f64, bool, bool)| odds >= good || (odds <= vague && shown);
        let against = foretold.iter().filter(decided).filter(|(odds, wanted, _)| (*odds > 0.0) != *wanted).count();
        let share = |count: usize| count as f64 / foretold.len().max(1) as f64;
        let decided = share(foretold.iter().filter(decided).count());
        Self { statements: foretold.len(), decided, against: share(against) }
    }
}

/// What a fit comes to.
pub struct Fitted {
    /// The stage, fitted to all examples.
    pub stage: FirstStage,
    /// How the margins came out, for each kind.
    pub held: BTreeMap<&'static str, Held>,
    /// For each example the log-odds of a stage that has not seen its style.
    pub left_out: Vec<f64>,
}

/// Fits the stage for both kinds to examples, whole styles of which are left out in turn to choose when it is sure.
pub fn fit(model: &Model, combination: &Combination, examples: &[&Example], seed: u64) -> Fitted {
    let engine = Engine::new().without_model();
    let mut styles: Vec<&str> = examples.iter().map(|example| example.style.as_str()).collect();
    styles.sort_unstable();
    styles.dedup();
    let statements: Vec<_> = examples.iter().map(|example| &example.statement).collect();
    let mut rows: BTreeMap<Kind, Vec<Row>> = BTreeMap::new();
    for (at, (example, said)) in examples.iter().zip(model.predict(&statements)).enumerate() {
        let statement = &example.statement;
        let reading = engine.rules().read(statement);
        let features = Features::of(statement.kind, engine.rules(), &reading.signals, &reading.findings);
        let rules = Scoring::builtin().log_odds(&features);
        rows.entry(statement.kind).or_default().push(Row {
            at,
            sparse: Sparse::of(statement, &reading, &features),
            rules: clamped(rules),
            wanted: logistic(combination.verdict(statement.kind, rules, &said)),
            shown: reading.findings.iter().any(|finding| finding.severity >= Severity::Warning),
            part: styles.binary_search(&example.style.as_str()).unwrap_or(0) % PARTS,
        });
    }
    let mut held = BTreeMap::new();
    let mut left_out = vec![0.0; examples.len()];
    let mut stage = |kind: Kind, name: &'static str| {
        let rows = rows.remove(&kind).unwrap_or_default();
        let mut foretold: Vec<(f64, bool, bool)> = Vec::with_capacity(rows.len());
        for part in 0..PARTS {
            let (out, rest): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| row.part == part);
            let stage = trained(&rest, seed);
            for row in out {
                let log_odds = stage.log_odds(row.rules, &row.sparse);
                left_out[row.at] = log_odds;
                foretold.push((log_odds, row.wanted >= 0.5, row.shown));
            }
        }
        let (vague, good) = margins(&foretold, AGAINST * foretold.len() as f64 / 2.0, made);
        held.insert(name, Held::of(&foretold, vague, good));
        Stage { vague: vague as f32, good: good as f32, ..trained(&rows.iter().collect::<Vec<_>>(), seed) }
    };
    let outcome = stage(Kind::Outcome, "outcome");
    let provision = stage(Kind::Provision, "provision");
    Fitted { stage: FirstStage::new(outcome, provision), held, left_out }
}

/// Log-odds up to which and from which on a stage may decide: as many statements as possible, with at most `most` mistakes at each
/// end. `wrong` says what a statement counts, by its log-odds towards that end and whether they are right.
pub fn margins(foretold: &[(f64, bool, bool)], most: f64, wrong: impl Fn(f64, bool) -> f64) -> (f64, f64) {
    // From the sure end inwards, as far as the mistakes allow; only log-odds on that end's own side count.
    let end = |mut list: Vec<(f64, bool)>| {
        list.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut mistakes = 0.0;
        let mut sure = f64::INFINITY;
        for (odds, right) in list.into_iter().take_while(|(odds, _)| *odds > 0.0) {
            mistakes += wrong(odds, right);
            if mistakes > most {
                break;
            }
            sure = odds;
        }
        sure
    };
    let good = end(foretold.iter().map(|&(odds, wanted, _)| (odds, wanted)).collect());
    let vague = -end(foretold.iter().filter(|(.., shown)| *shown).map(|&(odds, wanted, _)| (-odds, !wanted)).collect());
    (vague, good)
}

/// Each mistake that was made counts.
fn made(_: f64, right: bool) -> f64 {
    f64::from(!right)
}

/// Logistic regression by AdaGrad, row by row in an order that follows from the seed.
fn trained(rows: &[&Row], seed: u64) -> Stage {
    let mut random = fastrand::Rng::with_seed(seed);
    // The last two are the rules' weight and the bias.
    let mut weights = vec![0.0_f64; BUCKETS + 2];
    let mut squares = vec![1e-3_f64; BUCKETS + 2];
    let mut order: Vec<&Row> = rows.to_vec();
    for _ in 0..PASSES {
        random.shuffle(&mut order);
        for row in &order {
            let own = [(BUCKETS, row.rules / 4.0), (BUCKETS + 1, 1.0)];
            let values = row.sparse.0.iter().map(|(at, value)| (*at as usize, f64::from(*value))).chain(own);
            let odds: f64 = values.clone().map(|(at, value)| weights[at] * value).sum();
            let error = logistic(odds) - row.wanted;
            for (at, value) in values {
                let slope = error * value + PENALTY * weights[at];
                squares[at] += slope * slope;
                weights[at] -= RATE * slope / squares[at].sqrt();
            }
        }
    }
    let most = weights[..BUCKETS].iter().fold(0.0_f64, |most, weight| most.max(weight.abs()));
    let step = if most > 0.0 { most / 127.0 } else { 1.0 };
    Stage {
        codes: weights[..BUCKETS].iter().map(|weight| (weight / step).round() as i8).collect(),
        step: step as f32,
        rules: (weights[BUCKETS] / 4.0) as f32,
        bias: weights[BUCKETS + 1] as f32,
        vague: f32::NEG_INFINITY,
        good: f32::INFINITY,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_margins_let_through_as_many_mistakes_as_allowed() {
        // A hundred from −50 to 49; wrong at 45, 20, −10.
        let wrong = [45.0, 20.0, -10.0];
        let foretold: Vec<(f64, bool, bool)> =
            (-50..50).map(f64::from).map(|odds| (odds, (odds > 0.0) != wrong.contains(&odds), true)).collect();
        assert_eq!(margins(&foretold, 0.0, made), (-11.0, 46.0));
        assert_eq!(margins(&foretold, 0.02 * 100.0 / 2.0, made), (-1.0, 21.0));
        let hidden: Vec<_> = foretold.iter().map(|&(odds, wanted, _)| (odds, wanted, false)).collect();
        assert_eq!(margins(&hidden, 0.0, made).0, f64::NEG_INFINITY, "without words to show it is never sure of vague");
    }

    #[test]
    fn a_word_that_tells_gets_a_weight() {
        let row = |at: u32, wanted: f64| Row {
            at: 0,
            sparse: Sparse(vec![(at, 1.0)]),
            rules: 0.0,
            wanted,
            shown: true,
            part: 0,
        };
        let rows: Vec<Row> = (0..200).map(|i| row(i % 2, f64::from(i % 2))).collect();
        let stage = trained(&rows.iter().collect::<Vec<_>>(), 1);
        assert!(stage.log_odds(0.0, &Sparse(vec![(1, 1.0)])) > 2.0);
        assert!(stage.log_odds(0.0, &Sparse(vec![(0, 1.0)])) < -2.0);
    }
}
