//! This is the runner of the rules' examples: every rule, built-in or a council's own, must find the words that its
//! examples mark, and leave the others alone.

use crate::document::Statement;
use crate::engine::Engine;
use crate::plan::PlanFinding;
use crate::readers;
use crate::rules::{Finding, Rule, Severity};

/// One example of a rule.
#[derive(Debug, Clone, Copy)]
pub struct Example<'r> {
    /// The rule.
    pub rule: &'r Rule,
    /// What is expected of it.
    pub sort: Sort,
    /// Which of its sort, counted from 1.
    pub number: usize,
    /// The statement, or the small plan where the rule is about whole plans; the faulted words of `bad` and `todo` stand between « and ».
    pub text: &'r str,
}

/// What is expected of an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// The rule finds the marked words and no others, with its own severity.
    Bad,
    /// The whole judgement is good.
    Better,
    /// The rule finds nothing worse than a note.
    Good,
    /// The rule misses it, and it is known to.
    Todo,
}

impl Sort {
    /// The name in rule files and tests: `bad`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bad => "bad",
            Self::Better => "better",
            Self::Good => "good",
            Self::Todo => "todo",
        }
    }
}

/// Every example of a rule.
pub fn of(rule: &Rule) -> Vec<Example<'_>> {
    let mut all = Vec::new();
    let mut add = |sort, number, text| all.push(Example { rule, sort, number, text });
    for (bad, number) in rule.bad.iter().zip(1..) {
        add(Sort::Bad, number, bad.text.as_str());
        if let Some(better) = &bad.better {
            add(Sort::Better, number, better.as_str());
        }
    }
    rule.good.iter().zip(1..).for_each(|(good, number)| add(Sort::Good, number, good.text.as_str()));
    rule.todo.iter().zip(1..).for_each(|(todo, number)| add(Sort::Todo, number, todo.text.as_str()));
    all
}

impl Example<'_> {
    /// A name of its own: `provision/open-frequency/bad/1`.
    pub fn name(&self) -> String {
        format!("{}/{}/{}", self.rule.id, self.sort.name(), self.number)
    }

    /// Runs it with the rules and the model of `engine`.
    ///
    /// # Errors
    /// What was expected and what was found.
    pub fn run(&self, engine: &Engine) -> Result<(), String> {
        if self.rule.is_of_plan() {
            return match (self.sort, self.in_plan(engine)) {
                (Sort::Todo, Ok(())) => Err("it passes now: move it to [[bad]]".into()),
                (Sort::Todo, Err(_)) => Ok(()),
                (_, said) => said,
            };
        }
        match self.sort {
            Sort::Bad => self.is_found(engine),
            Sort::Better => self.is_good(engine),
            Sort::Good => self.is_left_alone(engine),
            Sort::Todo => match self.is_found(engine) {
                Ok(()) => Err("it passes now: move it to [[bad]]".into()),
                Err(_) => Ok(()),
            },
        }
    }

    /// In a small plan the rule finds the words that are marked, and no others.
    fn in_plan(&self, engine: &Engine) -> Result<(), String> {
        let text = self.text.replace(['«', '»'], "");
        let wanted: Vec<&str> = self.text.split('«').skip(1).filter_map(|rest| rest.split('»').next()).collect();
        let documents = readers::read("example.txt", text.as_bytes()).map_err(|error| error.to_string())?;
        let reviews = engine.review_all(&documents);
        let findings: Vec<&PlanFinding> = reviews
            .iter()
            .flat_map(|review| &review.whole.findings)
            .filter(|finding| finding.rule == self.rule.id)
            .collect();
        let found: Vec<&str> =
            findings.iter().flat_map(|finding| &finding.places).map(|place| place.text.as_str()).collect();
        match found == wanted {
            true => Ok(()),
            false => Err(format!("marked {wanted:?}, found {found:?}")),
        }
    }

    fn is_found(&self, engine: &Engine) -> Result<(), String> {
        let text = self.text.replace(['«', '»'], "");
        if engine.rules().is_the_models(&self.rule.id) {
            return self.model_speaks(engine, &text);
        }
        let wanted: Vec<&str> = self.text.split('«').skip(1).filter_map(|rest| rest.split('»').next()).collect();
        let findings = self.findings(engine, &text);
        let found: Vec<&str> = findings.iter().map(|finding| finding.span.of(&text)).collect();
        if found != wanted {
            return Err(format!("marked {wanted:?}, found {found:?}"));
        }
        match findings.iter().find(|finding| finding.severity != self.rule.severity) {
            Some(finding) => {
                Err(format!("severity {} instead of {}", finding.severity.name(), self.rule.severity.name()))
            }
            None => Ok(()),
        }
    }

    /// A rule that stands for the model's own judgement marks what weighed most, which is a matter of training: only that
    /// it speaks is asked of it.
    fn model_speaks(&self, engine: &Engine, text: &str) -> Result<(), String> {
        let said = engine.assess(&self.statement(text)).ok_or("statements of this kind are not judged")?;
        match said.findings.iter().any(|finding| finding.rule == self.rule.id) {
            true => Ok(()),
            false => Err(format!("judged {} at {:.2}, and no such finding", said.verdict.name(), said.probability)),
        }
    }

    fn is_left_alone(&self, engine: &Engine) -> Result<(), String> {
        if engine.rules().is_the_models(&self.rule.id) {
            return self.is_good(engine);
        }
        let findings = self.findings(engine, self.text);
        match findings.iter().find(|finding| finding.severity > Severity::Note) {
            Some(finding) => Err(format!("found “{}”", finding.span.of(self.text))),
            None => Ok(()),
        }
    }

    fn is_good(&self, engine: &Engine) -> Result<(), String> {
        let said = engine.assess(&self.statement(self.text)).ok_or("statements of this kind are not judged")?;
        match said.verdict.is_good() {
            true => Ok(()),
            false => Err(format!("judged vague at {:.2}", said.probability)),
        }
    }

    /// Findings of the rule in a statement of its kind.
    fn findings(&self, engine: &Engine, text: &str) -> Vec<Finding> {
        let statement = self.statement(text);
        let all = match self.rule.frameworks.first() {
            Some(framework) => engine.rules().read_for(framework, &statement),
            None => engine.rules().read(&statement).findings,
        };
        all.into_iter().filter(|finding| finding.rule == self.rule.id).collect()
    }

    fn statement(&self, text: &str) -> Statement {
        // A rule file stands in outcome/ or provision/, which gives it its kind.
        let kind = self.rule.kinds.first().copied().unwrap_or(crate::document::Kind::Other);
        Statement::new(kind, text)
    }
}
