//! This is how many single faults in plans are found, and how often a clean plan is faulted: a committed table.

#[path = "../corpora/mutations/generator/mod.rs"]
mod generator;

use clearplan::compare::{Class, Way, compare};
use clearplan::document::Document;
use clearplan::plan::PlanFinding;
use clearplan::{Engine, Review, readers};
use fastrand::Rng;
use generator::Plan;
use generator::mutation::{DILUTIONS, KINDS};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// Clean plans, and tries of each sort of fault in each.
const PLANS: usize = 30;
const TRIES: u64 = 2;
/// The seed: its misses have been read, as those of smaller ones.
const SEED: u64 = 100;

fn document(plan: &Plan) -> Document {
    let (name, text) = plan.file();
    readers::read(name, text.as_bytes()).expect("a plan can be read").remove(0)
}

fn review(engine: &Engine, plan: &Plan) -> Review {
    engine.review(&document(plan))
}

/// The elements that a plan says less of than the advice, each with how many statements it is lost from.
fn lost(engine: &Engine, advice: &Plan, plan: &Plan) -> BTreeMap<&'static str, usize> {
    let comparison = compare(engine, &[document(advice)], &document(plan), Way::Draft);
    let mut out = BTreeMap::new();
    for entry in comparison.entries.iter().filter(|entry| entry.class == Class::Diluted) {
        entry.lost.iter().for_each(|change| *out.entry(change.element.name()).or_default() += 1);
    }
    out
}

/// How often each rule and message stands in a review: a finding is new where there are more of it.
fn counts(findings: &[PlanFinding], rules: Option<&[&str]>) -> BTreeMap<(String, String), usize> {
    let mut out = BTreeMap::new();
    for finding in findings.iter().filter(|finding| rules.is_none_or(|rules| rules.contains(&finding.rule.as_str()))) {
        let words: Vec<&str> = finding.places.iter().map(|place| place.text.as_str()).collect();
        *out.entry((finding.rule.clone(), format!("{} {}", finding.message, words.join("|")))).or_default() += 1;
    }
    out
}

#[derive(Default, Clone)]
struct Tally {
    made: usize,
    found: usize,
}

impl Tally {
    fn share(&self) -> f64 {
        self.found as f64 / self.made.max(1) as f64
    }
}

#[test]
fn faults_are_found_and_clean_plans_left_alone() {
    measure();
}

pub fn measure() {
    let engine = Engine::new().without_model().without_suggestions();
    let seed = std::env::var("CLEARPLAN_FROM").ok().and_then(|seed| seed.parse().ok()).unwrap_or(SEED);
    let show = std::env::var("CLEARPLAN_SHOW").unwrap_or_default();
    let plans: Vec<Plan> = (0..PLANS).map(|n| generator::plan(seed, n)).collect();
    let clean: Vec<Review> = plans.par_iter().map(|plan| review(&engine, plan)).collect();
    let mut alarms: BTreeMap<String, usize> = BTreeMap::new();
    let mut loud = 0;
    for (plan, review) in plans.iter().zip(&clean) {
        for finding in &review.whole.findings {
            *alarms.entry(finding.rule.clone()).or_default() += 1;
            if show == "clean" || show == "all" || show == finding.rule {
                println!(
                    "clean, layout {}: {} {} {:?}",
                    plan.layout,
                    finding.rule,
                    finding.message,
                    finding.places.iter().map(|p| &p.text).collect::<Vec<_>>()
                );
            }
        }
        loud += review.whole.findings.iter().filter(|finding| finding.severity > clearplan::Severity::Note).count();
    }
    let tries = std::env::var("CLEARPLAN_TRIES").ok().and_then(|tries| tries.parse().ok()).unwrap_or(TRIES);
    let jobs: Vec<(usize, usize, u64)> = (0..KINDS.len())
        .flat_map(|kind| (0..PLANS).flat_map(move |plan| (0..tries).map(move |n| (kind, plan, n))))
        .collect();
    let tallies: Vec<(usize, Option<bool>)> = jobs
        .par_iter()
        .map(|&(at, n, attempt)| {
            let kind = &KINDS[at];
            let mut rng = Rng::with_seed(seed ^ (at as u64) << 32 ^ (n as u64) << 8 ^ attempt);
            let Some(plan) = (kind.make)(&mut rng, &plans[n]) else { return (at, None) };
            if plan.file() == plans[n].file() {
                return (at, None); // What was changed is not written down in this layout.
            }
            let before = counts(&clean[n].whole.findings, Some(kind.rules));
            let after = counts(&review(&engine, &plan).whole.findings, Some(kind.rules));
            let found = after.iter().any(|(finding, n)| before.get(finding).is_none_or(|known| n > known));
            if !found && (show == kind.name || show == "all") {
                let lines = changed(&plans[n], &plan);
                println!("missed {}, plan {n}, layout {}: {}", kind.name, plan.layout, lines.join(" / "));
                let moved = plan
                    .sections
                    .iter()
                    .filter_map(|section| section.items.last())
                    .filter(|item| item.strand.is_some());
                lines.is_empty().then(|| moved.for_each(|item| println!("    {}", item.text)));
            }
            (at, Some(found))
        })
        .collect();
    let mut kinds = vec![Tally::default(); KINDS.len()];
    for (at, found) in tallies {
        if let Some(found) = found {
            kinds[at].made += 1;
            kinds[at].found += usize::from(found);
        }
    }
    let advice = dilutions(&engine, &plans, seed, tries, &show);
    let all = sum(&[kinds.as_slice(), advice.as_slice()].concat());
    let diluted: usize = plans.par_iter().map(|plan| lost(&engine, plan, plan).len()).sum();
    let false_alarms: usize = alarms.values().sum();
    let page = page(&kinds, &advice, diluted, &all, &alarms, false_alarms, loud);
    println!("{page}");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/mutations.md");
    if std::env::var_os("CLEARPLAN_RENEW").is_some() {
        std::fs::write(&path, &page).expect("the page can be written");
    }
    if seed == SEED {
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == page,
            "read the difference, then run this test with CLEARPLAN_RENEW=1 to renew docs/mutations.md"
        );
    }
    // The golden thread is the weak part, which the page says: it must not fall further.
    let (thread, rest) = parts(&kinds);
    assert!(all.share() >= 0.95, "{:.3} of the faults are found", all.share());
    assert!(rest.share() >= 0.95, "{:.3} of the faults that are not of the thread are found", rest.share());
    assert!(thread.share() >= 0.75, "{:.3} of the faults of the thread are found", thread.share());
    let share = sum(&advice).share();
    assert!(share >= 0.9, "{share:.3} of the dilutions are found");
    assert_eq!(diluted, 0, "a clean plan is diluted beside itself");
    assert!(false_alarms as f64 <= 0.2 * PLANS as f64, "{false_alarms} findings in {PLANS} clean plans");
}

/// The lines of a plan that another does not have.
fn changed(old: &Plan, new: &Plan) -> Vec<String> {
    let (old, new) = (old.file().1, new.file().1);
    new.split(['\n', '<']).filter(|line| !old.contains(line)).map(str::to_owned).collect()
}

/// How many dilutions of each sort are found where the clean plan is the advice.
fn dilutions(engine: &Engine, plans: &[Plan], seed: u64, tries: u64, show: &str) -> Vec<Tally> {
    let tally = |at: usize| {
        let kind = &DILUTIONS[at];
        let mut tally = Tally::default();
        for (n, advice) in plans.iter().enumerate() {
            for attempt in 0..tries {
                let mut rng = Rng::with_seed(seed ^ (at as u64 + 1_000) << 32 ^ (n as u64) << 8 ^ attempt);
                let Some(plan) = (kind.make)(&mut rng, advice).filter(|plan| plan.file() != advice.file()) else {
                    continue; // Nothing to make it in, or what was changed is not written down in this layout.
                };
                let said = lost(engine, advice, &plan);
                let found = said.contains_key(kind.element);
                if !found && (show == kind.name || show == "all") {
                    let lines = changed(advice, &plan);
                    println!("missed {}, plan {n}, layout {}: {said:?} {}", kind.name, plan.layout, lines.join(" / "));
                }
                tally.made += 1;
                tally.found += usize::from(found);
            }
        }
        tally
    };
    (0..DILUTIONS.len()).into_par_iter().map(tally).collect()
}

fn sum(tallies: &[Tally]) -> Tally {
    let mut all = Tally::default();
    for tally in tallies {
        all.made += tally.made;
        all.found += tally.found;
    }
    all
}

/// The rules of the golden thread.
const THREAD: [&str; 6] = [
    "plan/aspiration-without-outcome",
    "plan/need-without-outcome",
    "plan/need-without-provision",
    "plan/outcome-without-provision",
    "plan/pasted-provision",
    "plan/provision-without-need",
];

/// The faults that the golden thread should find, and all others.
fn parts(kinds: &[Tally]) -> (Tally, Tally) {
    let of_thread = |at: &usize| KINDS[*at].rules.iter().all(|rule| THREAD.contains(rule));
    let (thread, rest): (Vec<usize>, Vec<usize>) = (0..KINDS.len()).partition(of_thread);
    let sum_of = |places: Vec<usize>| sum(&places.into_iter().map(|at| kinds[at].clone()).collect::<Vec<_>>());
    (sum_of(thread), sum_of(rest))
}

fn page(
    kinds: &[Tally],
    advice: &[Tally],
    diluted: usize,
    all: &Tally,
    alarms: &BTreeMap<String, usize>,
    false_alarms: usize,
    loud: usize,
) -> String {
    let mut out = format!(
        "# How many faults of a plan as a whole are found\n\nSingle faults, each made in a copy of one of {PLANS} generated clean plans in five layouts (`corpora/mutations`), judged by rules alone. \
         The material, the generator and the checks are by one hand, so that real plans will be harder. What this seed \
         missed was read when topics of the golden thread were added, and what it missed of the dilutions when `compare` learned \
         them; of seven seeds whose misses nobody had read (200, 300, 400, 1000, 1100, 1200, 1300), 0.955 to 0.971 were found when the \
         thread had learned its vectors, with 0.03 to 0.10 findings a clean plan (`CLEARPLAN_FROM=200` tries another). A fault counts as found where a rule that is meant for it says something that it did not say of the clean \
         plan; of a dilution the clean plan is the advice, and it counts as found where `compare` says that the element is lost. A test \
         keeps this page current.\n\n| fault | made | found | share |\n|---|---|---|---|\n"
    );
    let names = KINDS.iter().map(|kind| kind.name).chain(DILUTIONS.iter().map(|kind| kind.name));
    let named: Vec<(&str, &Tally)> = names.zip(kinds.iter().chain(advice)).collect();
    for (name, tally) in &named {
        let _ = writeln!(out, "| {name} | {} | {} | {:.2} |", tally.made, tally.found, tally.share());
    }
    let (thread, rest) = parts(kinds);
    let advice = sum(advice);
    for (name, tally) in [
        ("**all**", all),
        ("of these, for the golden thread to find", &thread),
        ("of these, all others", &rest),
        ("of these, dilutions for `compare` to find", &advice),
    ] {
        let _ = writeln!(out, "| {name} | {} | {} | {:.3} |", tally.made, tally.found, tally.share());
    }
    let missed: Vec<&str> = named.iter().filter(|(_, tally)| tally.share() < 0.95).map(|(name, _)| *name).collect();
    if !missed.is_empty() {
        let _ = writeln!(out, "\nFound in less than 95 of 100: {}.", missed.join("; "));
    }
    let _ = writeln!(
        out,
        "\nFindings in clean plans: {false_alarms} in {PLANS}, {:.2} a plan, of which {loud} are more than a note. \
         Elements that `compare` misses in a clean plan beside itself: {diluted}.",
        false_alarms as f64 / PLANS as f64
    );
    let of_thread: usize = THREAD.iter().filter_map(|rule| alarms.get(*rule)).sum();
    let _ = writeln!(out, "Of them {of_thread} are of the golden thread.");
    if !alarms.is_empty() {
        out += "\n| rule | findings in clean plans | a plan |\n|---|---|---|\n";
        for (rule, n) in alarms {
            let _ = writeln!(out, "| `{rule}` | {n} | {:.2} |", *n as f64 / PLANS as f64);
        }
    }
    out
}
