//! What holds for any statement and any plan, over generated statements and all rows of our own corpora.

use clearplan::assess::{Assessment, Criterion, State, assess};
use clearplan::document::{Block, Context, ContextRole, Document, Format, Kind, Paragraph, Role, Statement};
use clearplan::engine::Engine;
use clearplan::rules::{RuleSet, Severity};
use clearplan::span::Span;
use clearplan::words::{WordKind, Words};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use rayon::prelude::*;
use std::collections::HashSet;
use std::path::Path;

/// How many statements are composed and judged by the rules alone.
const GENERATED: u32 = 12_000;
/// How many are judged by the model as well, which takes some hundred times as long.
const BY_MODEL: u32 = 400;
/// Of the written statements every so many-th is judged by the model as well.
const EVERY: usize = 7;

const WHO: &[&str] = &[
    "",
    "Staff should",
    "The school will",
    "Sam will",
    "Iqra would benefit from",
    "A maths TA could",
    "An HCPC-registered speech and language therapist will",
    "By the end of Year 6, Tom will",
    "By July 2027,",
    "To",
    "The class TA may",
    "Regular",
    "Access to",
    "Opportunities for",
    "Encourage Reuben to",
    "He wants to",
    "Amira finds it hard to",
    "It is recommended that",
    "Up to",
    "Khadija’s key adult will",
    "Given three prompts, Jo will",
    "•",
    "One-to-one",
];
const WHAT: &[&str] = &[
    "speech and language therapy",
    "improve play skills",
    "deliver a phonics programme",
    "have access to a quiet space",
    "feel more confident in maths",
    "read 20 words",
    "put on his coat",
    "support",
    "10 hours of TA support",
    "sensory equipment such as ear defenders",
    "movement breaks",
    "Lego Therapy",
    "sit with Iqra in two or three lessons",
    "a range of strategies",
    "go swimming",
    "develop her literacy skills",
    "“zones of regulation”",
    "be happy",
    "physiotherapy stretches – hips, knees & ankles",
    "use a café menu",
    "a sloping desk",
    "attend a group",
];
const AMOUNT: &[&str] = &[
    "",
    "as required",
    "twice a week",
    "for 30 minutes daily",
    "up to 10 hours a week",
    "20–45 minutes",
    "once a term",
    "weekly",
    "where possible",
    "1:1",
    "in a small group",
    "in a group of four",
    "on 4 out of 5 occasions",
    "without help",
    "with 80% accuracy",
    "3 x 20 minutes",
    "subject to staffing",
    "half an hour every morning",
    "in every lesson",
    "when staffing allows",
    "regularly",
    "½ day a fortnight",
];
const TAIL: &[&str] = &[
    "",
    ".",
    " by Easter.",
    " so that she can go to parties.",
    " from a qualified teacher of the deaf.",
    ", as agreed with the setting.",
    " (to be decided).",
    " etc.",
    ", by an ELSA",
    " with staff.",
    " so she may join in with two friends;",
    " :",
    " in the sensory room, supervised by a trained TA.",
];
const CONTEXT: &[&str] = &[
    "By the end of Key Stage 2, Mo will be able to:",
    "By whom: class TA",
    "Frequency: twice weekly, 20 minutes",
    "By July 2028",
    "Outcomes",
];

fn composed() -> impl Strategy<Value = Statement> {
    let parts = (select(WHO), select(WHAT), select(AMOUNT), select(AMOUNT), select(TAIL));
    let kind = select(&[Kind::Outcome, Kind::Provision][..]);
    (kind, parts, subsequence(CONTEXT, 0..=2)).prop_map(|(kind, (who, what, much, more, tail), context)| {
        let words: Vec<&str> = [who, what, much, more].into_iter().filter(|w| !w.is_empty()).collect();
        let role = [ContextRole::LeadIn, ContextRole::Cell];
        let inherited = |(i, text): (usize, &str)| Context { role: role[i % 2], text: text.to_owned() };
        let context = context.into_iter().enumerate().map(inherited).collect();
        Statement { context, ..Statement::new(kind, words.join(" ") + tail) }
    })
}

/// Every statement that we wrote down: corpora/statements and the example plans.
fn written() -> Vec<Statement> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora");
    let read = |path: &Path| std::fs::read_to_string(path).expect("a corpus file reads");
    let kind = |row: &serde_json::Value| match row["kind"].as_str() {
        Some("outcome") => Some(Kind::Outcome),
        Some("provision") => Some(Kind::Provision),
        _ => None,
    };
    let statement = |row: &serde_json::Value| {
        let text = row["text"].as_str().expect("a text");
        let context = row["context"].as_array().into_iter().flatten().filter_map(|c| c.as_str());
        let context = context.map(|c| Context { role: ContextRole::Cell, text: c.to_owned() }).collect();
        Some(Statement { context, ..Statement::new(kind(row)?, text) })
    };
    let rows = read(&root.join("statements/statements.jsonl"));
    let mut out: Vec<Statement> =
        rows.lines().filter_map(|l| statement(&serde_json::from_str(l).expect("a row is JSON"))).collect();
    for plan in std::fs::read_dir(root.join("plans")).expect("the plans list").flatten() {
        let file = plan.path().join("expected.json");
        if file.is_file() {
            let value: serde_json::Value = serde_json::from_str(&read(&file)).expect("expected.json is JSON");
            out.extend(value["statements"].as_array().into_iter().flatten().filter_map(statement));
        }
    }
    out
}

/// Number words and words of frequency that say a number.
fn says_number(word: &str) -> bool {
    const SAYS: &str = " one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen \
        seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand half quarter dozen \
        once twice thrice daily weekly fortnightly monthly termly yearly annually hourly first second third single double ";
    SAYS.contains(&format!(" {word} "))
}

/// Words of a suggestion that say a number and stand neither in the statement nor in its context.
fn invented(statement: &Statement, suggestion: &str) -> Vec<String> {
    let texts = std::iter::once(statement.text.as_str()).chain(statement.context.iter().map(|c| c.text.as_str()));
    let mut known = HashSet::new();
    for text in texts {
        let words = Words::new(text);
        known.extend((0..words.len()).map(|i| words.lower(i).to_owned()));
    }
    let words = Words::new(suggestion);
    let says = |i: &usize| {
        words.list()[*i].kind == WordKind::Digits
            || words.raw(*i).chars().any(char::is_numeric)
            || says_number(words.lower(*i))
    };
    (0..words.len()).filter(says).map(|i| words.lower(i).to_owned()).filter(|w| !known.contains(w)).collect()
}

fn slice(text: &str, span: Span) -> Option<&str> {
    text.get(span.start..span.end)
}

/// What must hold of one statement; the first breach in words.
fn breach(statement: &Statement, a: &Assessment) -> Option<String> {
    let text = &statement.text;
    for f in &a.findings {
        let Some(words) = slice(text, f.span) else { return Some(format!("{}: span out of bounds", f.rule)) };
        if words.is_empty() && !text.trim().is_empty() {
            return Some(format!("{}: empty span", f.rule));
        }
    }
    let criteria: Vec<Criterion> = a.criteria.iter().map(|c| c.criterion).collect();
    if criteria != Criterion::of(statement.kind) {
        return Some("criteria not complete or not in order".into());
    }
    for c in &a.criteria {
        for e in &c.evidence {
            let of = match e.context {
                None => Some(text),
                Some(i) => statement.context.get(i).map(|c| &c.text),
            };
            if of.and_then(|t| slice(t, e.span)).is_none_or(str::is_empty) {
                return Some(format!("{:?}: evidence out of bounds", c.criterion));
            }
        }
        if (c.state == State::Met) == c.evidence.is_empty() {
            return Some(format!("{:?}: {:?} with {} pieces of evidence", c.criterion, c.state, c.evidence.len()));
        }
    }
    if !(0.0..=1.0).contains(&a.probability) {
        return Some("probability out of bounds".into());
    }
    let met = |criterion| a.criteria.iter().any(|c| c.criterion == criterion && c.state == State::Met);
    if a.verdict.is_good() {
        let shown = if statement.kind == Kind::Outcome {
            met(Criterion::Specific) && met(Criterion::Measurable)
        } else {
            met(Criterion::What)
        };
        if !shown {
            return Some("good without evidence".into());
        }
        if a.findings.iter().any(|f| f.severity == Severity::Error) {
            return Some("good with an error".into());
        }
        return a.suggestion.is_some().then(|| "good with a suggestion".into());
    }
    if !a.findings.iter().any(|f| f.severity >= Severity::Warning) {
        return Some("vague without a finding".into());
    }
    let Some(suggestion) = &a.suggestion else { return Some("vague without a suggestion".into()) };
    if suggestion.trim().is_empty() || suggestion == text {
        return Some("the suggestion says nothing new".into());
    }
    let invented = invented(statement, suggestion);
    if !invented.is_empty() {
        return Some(format!("invents {invented:?}: {suggestion}"));
    }
    let ragged = suggestion.contains("  ") || suggestion.contains(" ,") && !text.contains(" ,");
    ragged.then(|| format!("ragged: {suggestion}"))
}

fn by_rules(statement: &Statement) -> Assessment {
    assess(RuleSet::builtin(), statement).expect("outcomes and provision are judged")
}

fn judged(statement: &Statement) -> Assessment {
    Engine::new().assess(statement).expect("outcomes and provision are judged")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: BY_MODEL, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn composed_statements_keep_every_promise_with_the_model(statement in composed()) {
        let assessment = judged(&statement);
        prop_assert_eq!(breach(&statement, &assessment), None, "{}", statement.text);
    }

    #[test]
    fn any_text_at_all_keeps_every_promise_with_the_model(text in "\\PC{0,80}", provision in any::<bool>()) {
        let statement = Statement::new(if provision { Kind::Provision } else { Kind::Outcome }, text);
        prop_assert_eq!(breach(&statement, &judged(&statement)), None);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: GENERATED, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn composed_statements_keep_every_promise(statement in composed()) {
        let assessment = by_rules(&statement);
        prop_assert_eq!(breach(&statement, &assessment), None, "{}", statement.text);
        prop_assert_eq!(by_rules(&statement), assessment);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_at_all_keeps_every_promise(text in "\\PC{0,80}", provision in any::<bool>()) {
        let statement = Statement::new(if provision { Kind::Provision } else { Kind::Outcome }, text);
        prop_assert_eq!(breach(&statement, &by_rules(&statement)), None);
    }

    #[test]
    fn review_never_panics(lines in proptest::collection::vec("(Section [A-K]|SECTION F:|E|Outcomes|[ -~]{0,60}|\\PC{0,40})", 0..12)) {
        let review = Engine::new().without_model().review(&document(&lines));
        for judged in review.sections.iter().flat_map(|s| &s.statements) {
            let s = &judged.statement;
            let source = &lines[s.place.paragraph];
            prop_assert_eq!(slice(source, s.span), Some(s.text.as_str()));
        }
    }

    #[test]
    fn moving_a_statement_moves_its_findings(
        outcome in any::<bool>(),
        i in 0usize..5,
        first in select(&["The clock in the hall is blue. ", "Mrs Larkspur came on Monday — it rained. ", "A café is near. "][..]),
    ) {
        let (section, rows) = if outcome { ("Section E: Outcomes", MOVED_OUTCOMES) } else { ("Section F: Special educational provision", MOVED_PROVISION) };
        let text = rows[i];
        let alone = last(&[section.to_owned(), text.to_owned()]);
        let moved = last(&[section.to_owned(), format!("{first}{text}")]);
        prop_assert_eq!(&alone.0.text, &moved.0.text);
        prop_assert_eq!(moved.0.span.start, alone.0.span.start + first.len());
        prop_assert_eq!(moved.0.span.end, alone.0.span.end + first.len());
        prop_assert_eq!(alone.1, moved.1);
    }
}

const MOVED_OUTCOMES: &[&str] = &[
    "By Easter, Sam will improve his play skills.",
    "Iqra will feel more confident in maths lessons.",
    "Tom wants to have many friends.",
    "By July 2027, Ana will put on her coat without help on 4 of 5 days.",
    "Jo will have access to six sessions of play therapy.",
];
const MOVED_PROVISION: &[&str] = &[
    "Sam should have regular access to speech and language therapy as required.",
    "A maths TA could sit with Iqra in two or three lessons.",
    "A speech and language therapist will teach Tom signs for 30 minutes every week.",
    "Staff will support Ana where possible.",
    "Jo will have up to 10 hours of help each week.",
];

fn document(lines: &[String]) -> Document {
    let mut document = Document::new("plan", Format::Text);
    for (i, line) in lines.iter().enumerate() {
        let mut paragraph = Paragraph { text: line.clone(), role: Role::Body, ..Paragraph::default() };
        paragraph.place.paragraph = i;
        document.blocks.push(Block::Paragraph(paragraph));
    }
    document
}

/// The last statement of a plan with its assessment.
fn last(lines: &[String]) -> (Statement, Option<Assessment>) {
    let review = Engine::new().without_model().review(&document(lines));
    let judged = review.sections.into_iter().flat_map(|s| s.statements).last().expect("a statement is found");
    (judged.statement, judged.assessment)
}

#[test]
fn written_statements_keep_every_promise() {
    let rows = written();
    assert!(rows.len() > 480, "{} rows", rows.len());
    let by_model = rows.iter().step_by(EVERY).map(|s| (s, judged as fn(&Statement) -> Assessment));
    let breaches: Vec<String> = rows
        .iter()
        .map(|s| (s, by_rules as fn(&Statement) -> Assessment))
        .chain(by_model)
        .filter_map(|(s, judge)| breach(s, &judge(s)).map(|b| format!("{}: {b}", s.text)))
        .collect();
    assert!(breaches.is_empty(), "{} breaches\n{}", breaches.len(), breaches.join("\n"));
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let rows = written();
    let some: Vec<&Statement> = rows.iter().step_by(EVERY * 2).collect();
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        let all: Vec<Assessment> = pool.install(|| rows.par_iter().map(by_rules).collect());
        let more = pool.install(|| Engine::new().assess_all(&some));
        serde_json::to_string(&(all, more)).expect("assessments are JSON")
    };
    let once = run(1);
    for threads in [2, 5] {
        assert!(run(threads) == once, "another answer with {threads} threads");
    }
}

/// Vague statements of both kinds, each of which passes when the blanks of its suggestion are filled.
const VAGUE: &str = include_str!("fixtures/vague.tsv");

#[test]
fn a_filled_suggestion_passes() {
    let mut asked = 0;
    let mut fails = Vec::new();
    for line in VAGUE.lines().filter(|l| !l.is_empty()) {
        let (kind, text) = line.split_once('\t').expect("kind, tab, text");
        let kind = if kind == "outcome" { Kind::Outcome } else { Kind::Provision };
        let assessment = judged(&Statement::new(kind, text));
        // The verdict on a row is the rules' business; here only what is told of a vague one is.
        let Some(suggestion) = assessment.suggestion else { continue };
        asked += 1;
        let filled = clearplan::suggest::fill(&suggestion);
        if !judged(&Statement::new(kind, filled.as_str())).verdict.is_good() {
            fails.push(format!("{text}\n  {suggestion}\n  {filled}"));
        }
    }
    assert!(asked >= 40, "only {asked} statements were vague");
    assert!(fails.len() * 10 <= asked, "{} of {asked} do not pass\n{}", fails.len(), fails.join("\n"));
}

#[test]
fn blanks_say_no_number() {
    for blank in clearplan::suggest::Blank::ALL {
        let nothing = Statement::new(Kind::Provision, "");
        assert_eq!(invented(&nothing, blank.text()), Vec::<String>::new(), "{}", blank.text());
    }
}
