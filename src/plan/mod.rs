//! This is the whole plan: what can be said of it only when its sections are read together.
//!
//! A plan can be fluent sentence by sentence and still fail: a need with no provision, an outcome that nothing works towards.
//! [`whole`] reads the judged sections of a plan, with its [`Document`] for what stands around them, and gives a [`Whole`]:
//! [`PlanFinding`]s, each of a rule and with the words that are its evidence, and the [`Thread`] that links needs, outcomes and
//! provision, and the [`Sums`] of its amounts. It is pure, never fails, and takes time in proportion to the plan.
//!
//! What each word of a plan is by itself is found once (`glossary`). Checks read the statements (`child`, `place`), the amounts (`sums`, `amounts`), the days (`when`, `dates`), and line by line what is no
//! statement: the cover page (`lines`, `cover`) and the headings (`minimum`).
//!
//! A rule has two halves. What it says, why, how bad it is where, on what authority, and small plans as examples are data:
//! `rules/*.toml`, loaded and listed with the rules about statements, and replaced by a council's own in the same way
//! (`plan/*.toml` in its folder). Where it applies is one function, in the table `CHECKS`.

mod adults;
mod amounts;
mod check;
mod child;
mod cover;
mod dates;
mod finding;
mod glossary;
mod layout;
mod lines;
mod minimum;
mod place;
mod sums;
pub mod thread;
mod when;

pub use finding::{Case, Level, PlanFinding, PlanPlace};
pub(crate) use sums::in_a_week;
pub use sums::{Sums, Total};
pub use thread::Thread;

pub(crate) use check::{Found, Reading};

use crate::assess::Read;
use crate::document::Document;
use crate::review::ReviewedSection;
use crate::rules::RuleSet;
use crate::segment::Framework;
use serde::Serialize;

/// What looks for the faults of one rule.
type Check = fn(&Reading<'_>, &mut Vec<Found>);

/// Every rule about whole plans and what looks for it, ordered by id. A rule has its file in `rules/` and its line here.
const CHECKS: &[(&str, Check)] = &[
    ("plan/amount-without-period", amounts::amount_without_period),
    ("plan/another-age", child::another_age),
    ("plan/another-gender", child::another_gender),
    ("plan/another-name", child::another_name),
    ("plan/another-school", child::another_school),
    ("plan/another-year", child::another_year),
    ("plan/aspiration-without-outcome", thread::orphans::aspiration_without_outcome),
    ("plan/deadline-beyond-phase", dates::deadline_beyond_phase),
    ("plan/deadline-past", dates::deadline_past),
    ("plan/direct-payment-without-section-j", minimum::direct_payment_without_section_j),
    ("plan/educates-outside-f", place::educates_outside_f),
    ("plan/heading-letter-off", minimum::heading_letter_off),
    ("plan/need-without-outcome", thread::orphans::need_without_outcome),
    ("plan/need-without-provision", thread::orphans::need_without_provision),
    ("plan/no-preparation-for-adulthood", minimum::no_preparation_for_adulthood),
    ("plan/no-review-date", dates::no_review_date),
    ("plan/one-slot-two-ratios", amounts::one_slot_two_ratios),
    ("plan/outcome-of-left-phase", dates::outcome_of_left_phase),
    ("plan/outcome-without-provision", thread::orphans::outcome_without_provision),
    ("plan/pasted-provision", thread::orphans::pasted_provision),
    ("plan/placeholder", place::placeholder),
    ("plan/pronoun-changes", child::pronoun_changes),
    ("plan/provision-without-need", thread::orphans::provision_without_need),
    ("plan/review-past", dates::review_past),
    ("plan/section-empty", minimum::section_empty),
    ("plan/section-missing", minimum::section_missing),
    ("plan/section-not-separate", minimum::section_not_separate),
    ("plan/total-does-not-add-up", amounts::total_that_does_not_add_up),
    ("plan/two-amounts", amounts::two_amounts),
    ("plan/wrong-section", place::wrong_section),
];

/// True for the id of a rule about whole plans.
pub fn is_plan_rule(id: &str) -> bool {
    CHECKS.iter().any(|(known, _)| *known == id)
}

/// The ids of the rules about whole plans.
pub(crate) fn ids() -> impl Iterator<Item = &'static str> {
    CHECKS.iter().map(|(id, _)| *id)
}

/// What is said of a plan as a whole.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Whole {
    /// What is wrong with it, ordered by place and rule.
    pub findings: Vec<PlanFinding>,
    /// What belongs together in it.
    pub thread: Thread,
    /// What its amounts come to.
    pub sums: Sums,
}

/// Reads a plan as a whole. Pure; never fails.
///
/// The rules rest on the law of England, so that for plans of another `framework` only the thread is given.
pub fn whole(document: &Document, sections: &[ReviewedSection], framework: &Framework, rules: &RuleSet) -> Whole {
    whole_of(document, sections, Vec::new(), true, framework, rules)
}

/// The same, with what has been read of each statement already; what is not given is read. The evidence of links is left out
/// unless it is to be `shown`.
pub(crate) fn whole_of(
    document: &Document,
    sections: &[ReviewedSection],
    reads: Vec<Option<Read>>,
    shown: bool,
    framework: &Framework,
    rules: &RuleSet,
) -> Whole {
    let reading = Reading::new(document, sections, reads, shown);
    let mut findings = Vec::new();
    if framework.id == Framework::ehcp().id {
        let mut found = Vec::new();
        for (id, check) in CHECKS {
            let Some(rule) = rules.get(id) else { continue };
            check(&reading, &mut found);
            findings.extend(found.drain(..).filter_map(|found| PlanFinding::new(rule, found, &reading)));
        }
        findings.sort_by(|a, b| (a.first(), &a.rule).cmp(&(b.first(), &b.rule)));
    }
    let Reading { thread, sums, .. } = reading;
    Whole { findings, thread, sums }
}
