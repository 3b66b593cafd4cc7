//! This is the same need with different amounts: minutes a week of a named help, by need and phase.

use crate::archive::metadata::{Coded, Field, Names};
use crate::archive::plan::Plan;
use crate::archive::quantum;
use serde::Serialize;
use std::collections::BTreeMap;

/// The spread of a help for a need and a phase.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Quantum {
    /// The primary need; missing where plans do not say it.
    pub need: Option<String>,
    /// The age phase.
    pub phase: Option<String>,
    /// The help: `speech_and_language`.
    pub help: &'static str,
    /// Plans that promise an amount of it.
    pub plans: u64,
    /// Hours a week: the tenth, 25th, 50th, 75th and 90th percentile.
    pub hours: [f64; 5],
    /// The 75th percentile over the 25th: how many times as much one child gets as another, a few odd amounts left aside.
    pub ratio: Option<f64>,
}

/// Plans by need, phase, help and minutes a week.
#[derive(Default)]
pub(super) struct Help(BTreeMap<(u16, u16, u8), BTreeMap<u16, u64>>);

impl Help {
    pub fn add(&mut self, plan: &Plan, coded: Coded) {
        let mut sums: BTreeMap<u8, f32> = BTreeMap::new();
        for (help, minutes) in &plan.help {
            *sums.entry(*help).or_default() += minutes;
        }
        let (need, phase) = (coded.codes[Field::Need as usize], coded.codes[Field::Phase as usize]);
        for (help, minutes) in sums {
            // Several statements may speak of the same hours: no plan promises more of a help than a school week holds. Whole
            // minutes are fine enough, and keep the count of different values small.
            let minutes = minutes.round().clamp(1.0, quantum::WEEK as f32) as u16;
            *self.0.entry((need, phase, help)).or_default().entry(minutes).or_default() += 1;
        }
    }

    pub fn finish(self, names: &Names, least: usize) -> Vec<Quantum> {
        let helps: Vec<&str> = quantum::names().collect();
        let mut out: Vec<Quantum> = self
            .0
            .into_iter()
            .filter_map(|((need, phase, help), minutes)| {
                let plans = minutes.values().sum();
                if plans < least as u64 {
                    return None;
                }
                let at = |share: f64| {
                    let rank = ((share * plans as f64).ceil() as u64).clamp(1, plans);
                    let mut below = 0;
                    let found = minutes.iter().find(|(_, count)| {
                        below += **count;
                        below >= rank
                    });
                    found.map_or(0.0, |(minutes, _)| f64::from(*minutes) / 60.0)
                };
                let hours = [at(0.1), at(0.25), at(0.5), at(0.75), at(0.9)];
                Some(Quantum {
                    need: names.name(Field::Need, need).map(str::to_owned),
                    phase: names.name(Field::Phase, phase).map(str::to_owned),
                    help: helps.get(usize::from(help)).copied()?,
                    plans,
                    hours,
                    ratio: (hours[1] > 0.0).then(|| hours[3] / hours[1]),
                })
            })
            .collect();
        // The widest spread first; by name where it is the same.
        out.sort_by(|a, b| {
            b.ratio
                .unwrap_or(0.0)
                .total_cmp(&a.ratio.unwrap_or(0.0))
                .then_with(|| (a.help, &a.need, &a.phase).cmp(&(b.help, &b.need, &b.phase)))
        });
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_promises_no_more_than_a_week_and_odd_amounts_move_nothing() {
        let mut help = Help::default();
        let mut add = |minutes: &[f32]| {
            let help_of_plan = minutes.iter().map(|minutes| (0, *minutes)).collect();
            help.add(&Plan { help: help_of_plan, ..Plan::default() }, Coded::default());
        };
        (0..10).for_each(|_| add(&[60.0]));
        (0..10).for_each(|_| add(&[60.0, 60.0]));
        add(&[0.2]);
        add(&[1_900.0, 1_900.0, 1_900.0]);
        let all = help.finish(&Names::default(), 10);
        let [only] = all.as_slice() else { panic!("{all:?}") };
        assert_eq!((only.plans, only.hours, only.ratio), (22, [1.0, 1.0, 1.0, 2.0, 2.0], Some(2.0)));
        let mut help = Help::default();
        for _ in 0..10 {
            help.add(&Plan { help: vec![(0, 1_900.0), (0, 1_900.0)], ..Plan::default() }, Coded::default());
        }
        assert_eq!(help.finish(&Names::default(), 10)[0].hours, [32.5; 5]);
    }
}
