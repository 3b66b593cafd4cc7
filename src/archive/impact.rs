//! This is what new or changed rules would do to an archive: what they would flag, and how much of that nobody had seen.
//!
//! Every statement is read by the rules before and after; only where that makes a difference, or a rule in question
//! speaks, is it judged as a whole, with the model where there is one. Pure: documents in, counts out.

use super::hash::key;
use super::privacy;
use super::score::Quotes;
use crate::assess::{Assessment, Criterion};
use crate::document::{Document, Kind, Statement};
use crate::engine::{self, Engine};
use crate::rules::Finding;
use crate::segment::{Framework, segment};
use crate::span::Span;
use rayon::prelude::*;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A change of rules, and what is to be kept of the words.
#[derive(Clone, Copy)]
pub struct Change<'e> {
    /// Judges as it is now.
    pub before: &'e Engine,
    /// Judges with the rules in question.
    pub after: &'e Engine,
    /// Ids of the rules in question.
    pub rules: &'e BTreeSet<String>,
    /// Which words may be quoted.
    pub quotes: Quotes,
    /// What the drawing begins with: the same number draws the same statements.
    pub seed: u64,
    /// Statements to draw for each rule.
    pub sample: usize,
}

/// What the change does to some plans. Those of several parts of an archive add up, in any order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Impact {
    /// Plans read.
    pub plans: u64,
    /// Outcomes judged.
    pub outcomes: u64,
    /// Provision judged.
    pub provision: u64,
    /// What each rule in question does, by its id.
    pub rules: BTreeMap<String, Effect>,
    /// Statements in which other rules speak that did not before, and the other way round, by id: a list of words may have
    /// changed, or a rule in question says why where none did.
    pub others: BTreeMap<String, (u64, u64)>,
}

/// What one rule does.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Effect {
    /// Statements that it flags.
    pub statements: u64,
    /// Plans that these stand in.
    pub plans: u64,
    /// Of the statements those that no rule and no model had flagged before.
    pub first: u64,
    /// Statements that it flagged before the change.
    pub before: u64,
    /// Of these the ones that it does not flag any more.
    pub fewer: u64,
    /// Flagged statements whose verdict turns from good to vague.
    pub turned_vague: u64,
    /// Statements, flagged before or after, whose verdict turns from vague to good.
    pub turned_good: u64,
    /// Drawn statements by a number that the seed gives their words: of the same words one stands for all.
    pub drawn: BTreeMap<u64, Drawn>,
}

/// A flagged statement to look at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Drawn {
    /// The plan.
    pub plan: String,
    /// The statement in it: `F.3`.
    pub statement: String,
    /// Its words, the flagged ones between « and »; `None` where they may not be quoted.
    pub text: Option<String>,
}

impl Impact {
    /// Adds what was found in other plans. `sample` is [`Change::sample`].
    pub fn join(&mut self, other: Self, sample: usize) {
        self.plans += other.plans;
        self.outcomes += other.outcomes;
        self.provision += other.provision;
        for (rule, effect) in other.rules {
            self.rules.entry(rule).or_default().join(effect, sample);
        }
        for (rule, (more, fewer)) in other.others {
            let sum = self.others.entry(rule).or_default();
            *sum = (sum.0 + more, sum.1 + fewer);
        }
    }
}

impl Effect {
    fn join(&mut self, other: Self, sample: usize) {
        self.statements += other.statements;
        self.plans += other.plans;
        self.first += other.first;
        self.before += other.before;
        self.fewer += other.fewer;
        self.turned_vague += other.turned_vague;
        self.turned_good += other.turned_good;
        for (key, drawn) in other.drawn {
            self.draw(key, drawn, sample);
        }
    }

    fn draw(&mut self, key: u64, drawn: Drawn, sample: usize) {
        // The least of those with the same words, so that the order of the plans does not matter.
        let kept = self.drawn.entry(key).or_insert_with(|| drawn.clone());
        if drawn < *kept {
            *kept = drawn;
        }
        while self.drawn.len() > sample {
            self.drawn.pop_last();
        }
    }
}

/// A statement that the change may matter to.
struct Touched {
    id: String,
    statement: Statement,
}

/// What a change does to these plans. Runs on rayon's pool; the model reads the statements of all of them together.
pub fn measure(change: Change<'_>, documents: &[Document]) -> Impact {
    let read: Vec<(u64, u64, Vec<Touched>)> = documents.par_iter().map(|document| touched(change, document)).collect();
    let all: Vec<&Statement> = read.iter().flat_map(|(.., touched)| touched).map(|one| &one.statement).collect();
    let (mut before, mut after) =
        (change.before.assess_all(&all).into_iter(), change.after.assess_all(&all).into_iter());
    let judged: Vec<Vec<Option<(Assessment, Assessment)>>> = read
        .iter()
        .map(|(.., touched)| touched.iter().map(|_| before.next().flatten().zip(after.next().flatten())).collect())
        .collect();
    let parts: Vec<Impact> = (documents.par_iter().zip(&read).zip(&judged))
        .map(|((document, (outcomes, provision, touched)), judged)| {
            let mut part = Impact { plans: 1, outcomes: *outcomes, provision: *provision, ..Impact::default() };
            part.plan(change, document, touched, judged);
            part
        })
        .collect();
    let mut whole = Impact::default();
    parts.into_iter().for_each(|part| whole.join(part, change.sample));
    whole
}

/// How many outcomes and provision a plan has, and the statements of them that may matter.
fn touched(change: Change<'_>, document: &Document) -> (u64, u64, Vec<Touched>) {
    let (before, after) = (change.before.rules(), change.after.rules());
    // What speaks where nothing else does is known only when all is judged.
    let last = change.rules.iter().any(|id| before.speaks_last(id) || after.speaks_last(id));
    let mut counts = HashMap::new();
    let (mut outcomes, mut provision, mut out) = (0, 0, Vec::new());
    for section in segment(document, Framework::ehcp()) {
        for statement in section.statements {
            let id = engine::name(&mut counts, &section.section);
            if Criterion::of(statement.kind).is_empty() {
                continue;
            }
            if statement.kind == Kind::Outcome {
                outcomes += 1
            } else {
                provision += 1
            }
            let found = after.read(&statement).findings;
            let matters = last
                || found.iter().any(|finding| change.rules.contains(&finding.rule))
                || found != before.read(&statement).findings;
            if matters {
                out.push(Touched { id, statement });
            }
        }
    }
    (outcomes, provision, out)
}

impl Impact {
    fn plan(
        &mut self,
        change: Change<'_>,
        document: &Document,
        touched: &[Touched],
        judged: &[Option<(Assessment, Assessment)>],
    ) {
        let mut words = None;
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for (one, (before, after)) in touched.iter().zip(judged).filter_map(|(one, both)| Some((one, both.as_ref()?))) {
            let (had, has) = (ids(&before.findings), ids(&after.findings));
            for &id in had.symmetric_difference(&has).filter(|id| !change.rules.contains(**id)) {
                let (more, fewer) = self.others.entry(id.to_owned()).or_default();
                if has.contains(id) { *more += 1 } else { *fewer += 1 }
            }
            for id in change.rules {
                let (was, is) = (had.contains(id.as_str()), has.contains(id.as_str()));
                if !(was || is) {
                    continue;
                }
                let effect = self.rules.entry(id.clone()).or_default();
                effect.before += u64::from(was);
                effect.fewer += u64::from(was && !is);
                effect.turned_good += u64::from(!before.verdict.is_good() && after.verdict.is_good());
                if !is {
                    continue;
                }
                effect.statements += 1;
                effect.plans += u64::from(seen.insert(id));
                effect.first += u64::from(before.findings.is_empty());
                effect.turned_vague += u64::from(before.verdict.is_good() && !after.verdict.is_good());
                let words = words.get_or_insert_with(|| Quoting::new(document, change.quotes));
                let spans = after.findings.iter().filter(|f| f.rule == *id).map(|f| f.span).collect::<Vec<_>>();
                let drawn = Drawn {
                    plan: document.name.clone(),
                    statement: one.id.clone(),
                    text: words.quote(&one.statement, &spans),
                };
                effect.draw(key(&format!("{}/{}", change.seed, one.statement.text)), drawn, change.sample);
            }
        }
    }
}

fn ids(findings: &[Finding]) -> BTreeSet<&str> {
    findings.iter().map(|finding| finding.rule.as_str()).collect()
}

/// What may be quoted of a plan.
struct Quoting {
    quoted: bool,
    /// Personal data: paragraph and place.
    hidden: Vec<(usize, Span)>,
}

impl Quoting {
    fn new(document: &Document, quotes: Quotes) -> Self {
        let hits = if quotes == Quotes::None { Vec::new() } else { privacy::find(document) };
        match quotes {
            Quotes::None => Self { quoted: false, hidden: Vec::new() },
            Quotes::Gated => Self { quoted: hits.is_empty(), hidden: Vec::new() },
            Quotes::Redacted => Self { quoted: true, hidden: privacy::everywhere(document, &hits) },
        }
    }

    fn quote(&self, statement: &Statement, spans: &[Span]) -> Option<String> {
        if !self.quoted {
            return None;
        }
        let here = self.hidden.iter().filter(|(paragraph, _)| *paragraph == statement.place.paragraph);
        let hidden: Vec<Span> = here.map(|(_, span)| *span).collect();
        let mut out = String::with_capacity(statement.text.len() + 8);
        for (at, c) in statement.text.char_indices() {
            spans.iter().filter(|span| span.end == at).for_each(|_| out.push('»'));
            spans.iter().filter(|span| span.start == at).for_each(|_| out.push('«'));
            let place = at + statement.span.start;
            let masked = c.is_alphanumeric() && hidden.iter().any(|span| span.start <= place && place < span.end);
            out.push(if masked { '█' } else { c });
        }
        spans.iter().filter(|span| span.end == statement.text.len()).for_each(|_| out.push('»'));
        Some(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readers;
    use crate::rules::RuleSource;

    const RULE: &str = r#"
summary = "A programme that the council has given up"
why = "It is not taught here any more."
advice = "Name the programme that replaced it."
message = "“{words}” is not taught here any more."
severity = "warning"
[source]
title = "Our own guide"
url = "https://example.org/guide"
read = "2026-11-27"
[match]
phrases = ["blue room programme"]
[[bad]]
text = "A «Blue Room programme» twice a week for 20 minutes."
[[good]]
text = "A reading programme twice a week for 20 minutes."
"#;

    fn document(name: &str, text: &str) -> Document {
        let mut document = readers::read("plan.txt", text.as_bytes()).expect("text").remove(0);
        document.name = name.to_owned();
        document
    }

    fn plans() -> Vec<Document> {
        let good = "A speech and language therapist will teach the Blue Room programme 1:1 for 20 minutes, three times a week.";
        let vague = "There will be regular access to the Blue Room programme.";
        vec![
            document("a", &format!("Section F\n\n{good}\n\n{vague}\n\nA nurse will weigh him weekly.\n")),
            document("b", &format!("Section F\n\n{vague}\n")),
            document("c", "Section E\n\nHe will read 60 words a minute by July, unprompted.\n"),
            document("d", &format!("Section F\n\n{vague} Call 01632 960 123.\n\n{good} Mrs Larkspur knows.\n")),
        ]
    }

    fn impact(quotes: Quotes, documents: &[Document]) -> Impact {
        let source = RuleSource { path: "provision/blue-room.toml".into(), text: RULE.into() };
        let before = Engine::new().without_model();
        let after = Engine::with_rules(&[source]).expect("it loads").without_model();
        let rules = BTreeSet::from(["provision/blue-room".to_owned()]);
        let change = Change { before: &before, after: &after, rules: &rules, quotes, seed: 1, sample: 20 };
        measure(change, documents)
    }

    #[test]
    fn counted_by_hand() {
        let whole = impact(Quotes::Gated, &plans());
        assert_eq!((whole.plans, whole.outcomes), (4, 1));
        let effect = &whole.rules["provision/blue-room"];
        assert_eq!((effect.statements, effect.plans, effect.before, effect.fewer), (5, 3, 0, 0));
        // The good statement had no finding, the vague one has "regular" and "access to".
        assert_eq!(effect.first, 2);
        let drawn: Vec<_> = effect.drawn.values().collect();
        assert_eq!(drawn.len(), 2, "the same words are drawn once: {drawn:?}");
        assert!(
            drawn
                .iter()
                .any(|one| one.text.as_deref() == Some("There will be regular access to the «Blue Room programme»."))
        );
    }

    #[test]
    fn parts_add_up_in_any_order() {
        let plans = plans();
        let mut joined = Impact::default();
        for plan in plans.iter().rev() {
            joined.join(impact(Quotes::Gated, std::slice::from_ref(plan)), 20);
        }
        assert_eq!(joined, impact(Quotes::Gated, &plans));
    }

    #[test]
    fn words_of_a_plan_with_personal_data_stay_there() {
        let plan = &plans()[3..];
        let texts = |quotes| -> Vec<Option<String>> {
            impact(quotes, plan).rules["provision/blue-room"].drawn.values().map(|one| one.text.clone()).collect()
        };
        assert_eq!(texts(Quotes::Gated), [None, None]);
        assert_eq!(texts(Quotes::None), [None, None]);
        let masked = texts(Quotes::Redacted);
        assert!(
            masked.iter().flatten().all(|text| text.contains("«Blue Room programme»") && !text.contains("Larkspur"))
        );
    }
}
