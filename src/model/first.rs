//! This is the first stage of the cascade: a logistic regression over hashed words and over what the rules found, which takes
//! microseconds where the network takes a millisecond. It foretells the verdict of rules and network together, and decides only
//! where it is sure; how sure is chosen on author styles that it has not seen (`models/train/first.rs`).
//!
//! # The format of `first.safetensors`
//! For `outcome` and for `provision`: `KIND.codes`, I8, one weight for each of [`BUCKETS`], and `KIND.numbers`, F32, five numbers:
//! the step of the codes, the weight of the rules' log-odds, the bias, and the log-odds up to which it is sure of `vague` and from
//! which on of the good verdict.

use super::ModelError;
use super::early::is_sure;
use crate::document::{Kind, Statement};
use crate::rules::{Finding, Reading};
use crate::scoring::Features;
use crate::words::{WordKind, Words};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

/// Weights of a kind. Words that share one by chance share its weight.
pub const BUCKETS: usize = 1 << 15;

/// The stage for both kinds.
#[derive(Debug, Clone, PartialEq)]
pub struct FirstStage {
    outcome: Stage,
    provision: Stage,
}

/// The stage for one kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// One for each bucket; times `step` it is log-odds.
    pub codes: Vec<i8>,
    /// What a code counts.
    pub step: f32,
    /// What the rules' own log-odds count.
    pub rules: f32,
    /// Added to all.
    pub bias: f32,
    /// Up to these log-odds it is sure that the statement is vague.
    pub vague: f32,
    /// From these on it is sure that it is good.
    pub good: f32,
}

/// What the stage sees of a statement: buckets, each with how much it counts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sparse(pub Vec<(u32, f32)>);

impl Sparse {
    /// Of a statement that the rules have read, and whose evidence has been weighed.
    pub fn of(statement: &Statement, reading: &Reading<'_>, features: &Features) -> Self {
        let mut all = Vec::with_capacity(3 * reading.words.len() + reading.findings.len() + features.values().len());
        let named = features.values().iter().filter(|(_, value)| *value != 0.0);
        all.extend(named.map(|(name, value)| (bucket("evidence", name, ""), *value as f32)));
        all.extend(reading.findings.iter().map(|finding| (bucket("rule", &finding.rule, ""), 1.0)));
        let first = all.len();
        grams(&reading.words, "", &mut all);
        for context in &statement.context {
            grams(&Words::new(&context.text), "inherited", &mut all);
        }
        // A long statement says no more by being long.
        let share = 1.0 / ((all.len() - first).max(1) as f32).sqrt();
        all[first..].iter_mut().for_each(|(_, value)| *value = share);
        Self(all)
    }
}

/// Words, pairs of words, and pairs with one word between; all digits are one.
fn grams(words: &Words<'_>, place: &str, all: &mut Vec<(u32, f32)>) {
    let word = |at: usize| match words.list().get(at).map(|word| word.kind) {
        None => "",
        Some(WordKind::Digits) => "0",
        Some(_) => words.lower(at),
    };
    for at in 0..words.len() {
        all.push((bucket(place, word(at), ""), 1.0));
        all.push((bucket(place, word(at), word(at + 1)), 1.0));
        if at + 2 < words.len() {
            all.push((bucket(place, word(at), word(at + 2)) ^ 1, 1.0));
        }
    }
}

/// Where some words' weight stands (FNV-1a, which is fixed for ever).
fn bucket(place: &str, first: &str, second: &str) -> u32 {
    let bytes = [place, first, second].into_iter().flat_map(|part| part.bytes().chain([0xff]));
    let hash = bytes
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    ((hash ^ (hash >> 32)) % BUCKETS as u64) as u32
}

impl Stage {
    /// Log-odds that the statement is good.
    pub fn log_odds(&self, rules: f64, sparse: &Sparse) -> f64 {
        let sum: f32 = sparse.0.iter().map(|(at, value)| f32::from(self.codes[*at as usize]) * value).sum();
        f64::from(self.bias) + f64::from(self.rules) * clamped(rules) + f64::from(sum * self.step)
    }

    /// True where it is sure of a verdict, and there are words to show for it.
    fn is_sure(&self, log_odds: f64, findings: &[Finding]) -> bool {
        is_sure(log_odds, f64::from(self.vague), f64::from(self.good), findings)
    }
}

/// The rules' log-odds as the stage weighs them: beyond this they say no more.
pub fn clamped(rules: f64) -> f64 {
    rules.clamp(-8.0, 8.0)
}

impl FirstStage {
    /// The stage for both kinds; each with [`BUCKETS`] codes.
    pub fn new(outcome: Stage, provision: Stage) -> Self {
        Self { outcome, provision }
    }

    /// The stage for a kind.
    pub fn of(&self, kind: Kind) -> &Stage {
        if kind == Kind::Outcome { &self.outcome } else { &self.provision }
    }

    /// Log-odds that the statement is good, and whether the stage is sure.
    pub fn decide(&self, statement: &Statement, reading: &Reading<'_>, features: &Features, rules: f64) -> (f64, bool) {
        let stage = self.of(statement.kind);
        let log_odds = stage.log_odds(rules, &Sparse::of(statement, reading, features));
        (log_odds, stage.is_sure(log_odds, &reading.findings))
    }

    /// Reads `first.safetensors`.
    ///
    /// # Errors
    /// Names the tensor that is missing or of the wrong shape.
    pub fn read(file: &[u8]) -> Result<Self, ModelError> {
        let tensors = SafeTensors::deserialize(file).map_err(|error| ModelError::first(error.to_string()))?;
        let stage = |kind: &str| -> Result<Stage, ModelError> {
            let tensor = |part: &str, dtype: Dtype, count: usize| {
                let name = format!("{kind}.{part}");
                let view = tensors.tensor(&name).map_err(|_| ModelError::first(format!("tensor {name} is missing")))?;
                if view.dtype() != dtype || view.shape() != [count] {
                    let is = format!("{:?} {:?}", view.dtype(), view.shape());
                    return Err(ModelError::first(format!("tensor {name} is {is} instead of {dtype:?} [{count}]")));
                }
                Ok(view.data().to_vec())
            };
            let codes = tensor("codes", Dtype::I8, BUCKETS)?.into_iter().map(u8::cast_signed).collect();
            let numbers = super::encoder::layout::values(&tensor("numbers", Dtype::F32, 5)?);
            match numbers[..] {
                [step, rules, bias, vague, good] if numbers.iter().all(|number| !number.is_nan()) && vague < good => {
                    Ok(Stage { codes, step, rules, bias, vague, good })
                }
                _ => Err(ModelError::first(format!("tensor {kind}.numbers holds {numbers:?}, which is no stage"))),
            }
        };
        Ok(Self { outcome: stage("outcome")?, provision: stage("provision")? })
    }

    /// As `first.safetensors` holds it.
    ///
    /// # Errors
    /// Where a stage has not [`BUCKETS`] codes.
    pub fn to_file(&self) -> Result<Vec<u8>, ModelError> {
        let parts = [("outcome", &self.outcome), ("provision", &self.provision)].map(|(kind, stage)| {
            let codes: Vec<u8> = stage.codes.iter().map(|code| code.cast_unsigned()).collect();
            let numbers = [stage.step, stage.rules, stage.bias, stage.vague, stage.good].map(f32::to_le_bytes).concat();
            [(format!("{kind}.codes"), Dtype::I8, BUCKETS, codes), (format!("{kind}.numbers"), Dtype::F32, 5, numbers)]
        });
        let views: Result<Vec<_>, _> = parts
            .as_flattened()
            .iter()
            .map(|(name, dtype, count, data)| Ok((name.as_str(), TensorView::new(*dtype, vec![*count], data)?)))
            .collect();
        let file = views.and_then(|views| safetensors::serialize(views, None));
        file.map_err(|error| ModelError::first(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RuleSet;

    fn stage(weights: &[(&str, i8)], vague: f32, good: f32) -> Stage {
        let mut codes = vec![0; BUCKETS];
        weights.iter().for_each(|(word, code)| codes[bucket("", word, "") as usize] = *code);
        Stage { codes, step: 0.5, rules: 0.0, bias: 0.0, vague, good }
    }

    fn decide(first: &FirstStage, text: &str) -> Option<f64> {
        let statement = Statement::new(Kind::Provision, text);
        let rules = RuleSet::builtin();
        let reading = rules.read(&statement);
        let features = Features::of(statement.kind, rules, &reading.signals, &reading.findings);
        let (log_odds, sure) = first.decide(&statement, &reading, &features, 0.0);
        sure.then_some(log_odds)
    }

    #[test]
    fn it_decides_where_it_is_sure_and_nowhere_else() {
        let sure = stage(&[("weekly", 100), ("regular", -100), ("chair", -100)], -3.0, 3.0);
        let first = FirstStage::new(sure.clone(), sure);
        assert!(decide(&first, "Physiotherapy weekly").is_some_and(|log_odds| log_odds > 3.0));
        assert!(decide(&first, "Regular physiotherapy").is_some_and(|log_odds| log_odds < -3.0));
        assert_eq!(decide(&first, "Physiotherapy in water"), None);
        // Sure of `vague`, but without a word to show for it.
        assert_eq!(decide(&first, "A chair with arms, fitted in every classroom by the physiotherapist"), None);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let first = FirstStage::new(stage(&[("a", 3)], -1.0, 1.0), stage(&[("b", -128)], f32::NEG_INFINITY, 2.5));
        let file = first.to_file().expect("two whole stages");
        assert_eq!(FirstStage::read(&file).expect("the same"), first);
        let error = FirstStage::read(&file[..file.len() - 8]).expect_err("a file that is cut off");
        assert!(error.to_string().starts_with("first.safetensors of the model: "), "{error}");
        let crossed = FirstStage::new(stage(&[], 1.0, -1.0), stage(&[], 1.0, -1.0));
        assert!(FirstStage::read(&crossed.to_file().expect("whole")).is_err());
    }
}
