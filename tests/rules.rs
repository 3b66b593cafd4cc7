//! Every example of every rule, each a test of its own name: `provision/open-frequency/bad/1`.

use clearplan::document::Statement;
use clearplan::engine::Engine;
use clearplan::rules::{Finding, Rule, RuleSet, Severity};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let rules = RuleSet::builtin();
    let mut trials = Vec::new();
    for rule in rules.rules() {
        for (i, bad) in rule.bad.iter().enumerate() {
            trials.push(Trial::test(format!("{}/bad/{}", rule.id, i + 1), move || finds(rule, &bad.text)));
            if let Some(better) = &bad.better {
                trials.push(Trial::test(format!("{}/better/{}", rule.id, i + 1), move || is_good(rule, better)));
            }
        }
        for (i, good) in rule.good.iter().enumerate() {
            trials.push(Trial::test(format!("{}/good/{}", rule.id, i + 1), move || leaves_alone(rule, &good.text)));
        }
        for (i, todo) in rule.todo.iter().enumerate() {
            trials.push(Trial::test(format!("{}/todo/{}", rule.id, i + 1), move || match finds(rule, &todo.text) {
                Ok(()) => Err("it passes now: move it to [[bad]]".into()),
                Err(_) => Ok(()),
            }));
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// Findings of the rule in a statement of its kind.
fn findings(rule: &Rule, text: &str) -> Vec<Finding> {
    let statement = Statement::new(rule.kinds[0], text);
    let all = RuleSet::builtin().read(&statement).findings;
    all.into_iter().filter(|finding| finding.rule == rule.id).collect()
}

fn finds(rule: &Rule, marked: &str) -> Result<(), Failed> {
    let text = marked.replace(['«', '»'], "");
    if RuleSet::builtin().is_the_models(&rule.id) {
        return model_finds(rule, &text);
    }
    let wanted: Vec<&str> = marked.split('«').skip(1).filter_map(|rest| rest.split('»').next()).collect();
    let findings = findings(rule, &text);
    let found: Vec<&str> = findings.iter().map(|finding| finding.span.of(&text)).collect();
    if found != wanted {
        return Err(format!("marked {wanted:?}, found {found:?}").into());
    }
    match findings.iter().find(|finding| finding.severity != rule.severity) {
        Some(finding) => Err(format!("severity {:?} instead of {:?}", finding.severity, rule.severity).into()),
        None => Ok(()),
    }
}

/// A rule that stands for the model's own judgement marks what weighed most, which is a matter of training: only that it
/// speaks is asked of it.
fn model_finds(rule: &Rule, text: &str) -> Result<(), Failed> {
    let statement = Statement::new(rule.kinds[0], text);
    let assessment = Engine::new().assess(&statement).expect("outcomes and provision are judged");
    match assessment.findings.iter().any(|finding| finding.rule == rule.id) {
        true => Ok(()),
        false => Err(format!("{:?} at {:.2}, and no such finding", assessment.verdict, assessment.probability).into()),
    }
}

fn leaves_alone(rule: &Rule, text: &str) -> Result<(), Failed> {
    if RuleSet::builtin().is_the_models(&rule.id) {
        return is_good(rule, text);
    }
    let findings = findings(rule, text);
    match findings.iter().find(|finding| finding.severity > Severity::Note) {
        Some(finding) => Err(format!("found “{}”", finding.span.of(text)).into()),
        None => Ok(()),
    }
}

fn is_good(rule: &Rule, better: &str) -> Result<(), Failed> {
    let statement = Statement::new(rule.kinds[0], better);
    let assessment = Engine::new().assess(&statement).expect("outcomes and provision are judged");
    match assessment.verdict.is_good() {
        true => Ok(()),
        false => Err(format!("judged vague at {:.2}", assessment.probability).into()),
    }
}
