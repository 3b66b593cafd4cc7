//! The cascade: it says nearly always what rules and network say, and neither its cache nor repetition changes a result.

use clearplan::document::{Context, ContextRole, Kind, Statement};
use clearplan::engine::{Engine, Tally};
use clearplan::model::Model;
use clearplan::rules::Severity;
use clearplan::scoring::Scoring;
use clearplan::{Assessment, Verdict};
use serde::Deserialize;

#[derive(Deserialize)]
struct Row {
    split: String,
    kind: Kind,
    context: Vec<String>,
    text: String,
}

/// The statements, with labels and without, of author styles on which nothing was fitted or chosen.
fn unseen() -> Vec<Statement> {
    rows(|split| split == "test")
}

/// The statements, with labels and without, of some splits.
fn rows(of: impl Fn(&str) -> bool) -> Vec<Statement> {
    let labelled = include_str!("../corpora/statements/statements.jsonl").lines();
    labelled
        .chain(include_str!("../corpora/statements/unlabelled.jsonl").lines())
        .map(|line| serde_json::from_str(line).expect("each line is a row"))
        .filter(|row: &Row| of(&row.split))
        .map(|row| {
            let context = row.context.into_iter().map(|text| Context { role: ContextRole::LeadIn, text }).collect();
            Statement { context, ..Statement::new(row.kind, row.text) }
        })
        .collect()
}

fn judged(engine: &Engine, statements: &[Statement]) -> (Vec<Assessment>, Tally) {
    let (all, tally) = engine.assess_tallied(&statements.iter().collect::<Vec<_>>());
    (all.into_iter().map(|assessment| assessment.expect("outcomes and provision are judged")).collect(), tally)
}

#[test]
fn it_agrees_with_rules_and_network_on_unseen_styles() {
    let statements = unseen();
    let (full, all) = judged(&Engine::new().without_suggestions(), &statements);
    assert_eq!((all.judged, all.network, all.first), (statements.len(), statements.len() - all.repeated, 0));
    let (quick, tally) = judged(&Engine::new().without_suggestions().with_cascade(), &statements);
    let agree = full.iter().zip(&quick).filter(|(full, quick)| full.verdict == quick.verdict).count();
    let share = |count: usize| count as f64 / statements.len() as f64;
    println!("agreement {:.4}; decided by the first stage {:.4}", share(agree), share(tally.first));
    assert!(share(agree) >= 0.995, "the same verdict on {agree} of {}", statements.len());
    assert!(share(tally.first) >= 0.75, "the first stage decides {} of {}", tally.first, statements.len());
    assert_eq!(tally.first + tally.network + tally.repeated, tally.judged);
    for assessment in quick {
        match assessment.verdict {
            Verdict::Vague => assert!(!assessment.findings.is_empty(), "vague without a finding"),
            _ => assert!(assessment.criteria.iter().any(|state| !state.evidence.is_empty()), "good without evidence"),
        }
    }
}

#[test]
fn where_no_rule_says_why_the_first_stage_shows_the_words() {
    let statements = rows(|_| true);
    let (engine, first) = (Engine::new().with_cascade(), Model::builtin().first().expect("there is one"));
    let mut shown = 0;
    for statement in &statements {
        let reading = engine.rules().read(statement);
        let rules = Scoring::builtin().of_reading(statement.kind, engine.rules(), &reading);
        let Some(foretold) = first.foretell(statement, &reading.words, rules) else { continue };
        let said = reading.findings.iter().any(|finding| finding.severity >= Severity::Warning);
        if foretold.log_odds >= 0.0 || said {
            continue;
        }
        let assessment = engine.assess(statement).expect("outcomes and provision are judged");
        assert_eq!(assessment.verdict, Verdict::Vague, "{}", statement.text);
        let own = assessment.findings.iter().find(|finding| finding.rule.ends_with("/reads-as-vague"));
        let span = own.map(|finding| finding.span);
        assert_eq!(span, foretold.said.faulted(&reading.words), "{}: {:?}", statement.text, assessment.findings);
        shown += 1;
    }
    assert!(shown >= 60, "the first stage shows the words of {shown} statements");
}

#[test]
fn repetition_and_the_cache_change_nothing() {
    let mut statements: Vec<Statement> = unseen().into_iter().take(60).collect();
    statements.extend(statements.clone().into_iter().rev().step_by(2));
    statements.push(Statement::new(Kind::Need, "Sam finds it hard to wait."));
    let each = |engine: &Engine| -> Vec<Option<Assessment>> { statements.iter().map(|s| engine.assess(s)).collect() };
    for plain in [Engine::new, || Engine::new().with_cascade(), || Engine::new().without_model()] {
        let right = each(&plain());
        // A cache so small that it forgets, and one that does not.
        for size in [4, 1000] {
            let engine = plain().with_cache(size);
            let refs: Vec<&Statement> = statements.iter().collect();
            let (first, before) = engine.assess_tallied(&refs);
            let (again, after) = engine.assess_tallied(&refs);
            assert_eq!(first, right);
            assert_eq!(again, right);
            assert_eq!((before.judged, before.repeated), (90, 30));
            assert!(size == 4 || after.repeated == 90, "{after:?}");
        }
    }
}

#[test]
fn another_way_of_judging_forgets_what_was_judged() {
    let statement = Statement::new(Kind::Outcome, "Sam will be more confident.");
    let engine = Engine::new().without_model().with_cache(10);
    let with = engine.assess_all(&[&statement]).pop().flatten().expect("it is judged");
    let without = engine.without_suggestions().assess_all(&[&statement]).pop().flatten().expect("it is judged");
    assert!(with.suggestion.is_some() && without.suggestion.is_none());
}
