//! This is the reading of plans of other frameworks: each example's sections are found, its statements stand where its law
//! puts them, they are judged like any other, and no finding is worse than that law lets it be.

use clearplan::rules::Severity;
use clearplan::segment::Framework;
use clearplan::{Engine, Kind, Review, readers};

fn engine(id: &str) -> Engine {
    Engine::new().without_suggestions().with_framework(Framework::named(id).expect("it is there"))
}

fn review(id: &str) -> Review {
    let path = format!("{}/corpora/sisters/{id}.txt", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let document = readers::read(id, &bytes).expect("text can be read").remove(0);
    engine(id).review(&document)
}

/// Section, kind, whether it is good, and the first words of each statement that is judged, a need or a wish.
fn told(review: &Review) -> Vec<(String, Kind, Option<bool>, String)> {
    let statements = review.sections.iter().flat_map(|section| &section.statements);
    statements
        .filter(|judged| judged.statement.kind != Kind::Other)
        .map(|judged| {
            let statement = &judged.statement;
            let words: Vec<&str> = statement.text.split(' ').take(4).collect();
            let good = judged.assessment.as_ref().map(|assessment| assessment.verdict.is_good());
            (statement.section.clone(), statement.kind, good, words.join(" "))
        })
        .collect()
}

fn row(section: &str, kind: Kind, good: Option<bool>, words: &str) -> (String, Kind, Option<bool>, String) {
    (section.to_owned(), kind, good, words.to_owned())
}

/// The sections in the order in which they begin, each once.
fn sections(review: &Review) -> Vec<&str> {
    let mut ids: Vec<&str> = Vec::new();
    for section in &review.sections {
        if !section.section.is_empty() && !ids.contains(&section.section.as_str()) {
            ids.push(&section.section);
        }
    }
    ids
}

/// Rule and severity of every finding in statements of that section, rule by rule.
fn findings(review: &Review, section: &str) -> Vec<(String, Severity)> {
    let statements = review.sections.iter().flat_map(|section| &section.statements);
    let assessments = statements.filter(|j| j.statement.section == section).filter_map(|j| j.assessment.as_ref());
    assessments.flat_map(|a| &a.findings).map(|f| (f.rule.clone(), f.severity)).collect()
}

fn worst(review: &Review, section: &str) -> Option<Severity> {
    findings(review, section).into_iter().map(|(_, severity)| severity).max()
}

#[test]
fn iep() {
    let review = review("iep");
    assert_eq!(sections(&review), ["levels", "goals", "services", "setting"]);
    assert_eq!(
        told(&review),
        [
            row("levels", Kind::Need, None, "Rosa reads 38 words"),
            row("levels", Kind::Need, None, "Her specific learning disability"),
            row("goals", Kind::Outcome, Some(true), "By May 2027, given"),
            row("goals", Kind::Outcome, Some(false), "Rosa will improve her"),
            row("services", Kind::Provision, Some(true), "A special education teacher"),
            row("services", Kind::Provision, Some(false), "Rosa will receive speech"),
        ]
    );
}

/// The three rules of an IEP's goals: a level to start from, a condition, a mark. Only in an IEP, only as notes.
#[test]
fn what_a_goal_leaves_out() {
    let goals = [
        ("Given a Grade 3 passage, Rosa will read 90 words per minute on 4 of 5 probes, up from 38.", &[][..]),
        ("Given a Grade 3 passage, Rosa will read 90 words per minute on 4 of 5 probes.", &["baseline"]),
        ("Rosa will count coins to one dollar with 90% accuracy, up from 40%.", &["condition"]),
        ("During lunch, Rosa will open her milk without help; at present she opens none.", &["criterion"]),
        ("Rosa will improve her reading.", &["baseline", "condition"]),
    ];
    for (text, missing) in goals {
        let goal = clearplan::Statement::new(Kind::Outcome, text);
        let own = |engine: &Engine| -> Vec<(String, Severity)> {
            let findings = engine.assess(&goal).expect("outcomes are judged").findings;
            let named =
                |f: clearplan::rules::Finding| Some((f.rule.strip_prefix("outcome/iep-no-")?.to_owned(), f.severity));
            findings.into_iter().filter_map(named).collect()
        };
        let wanted: Vec<(String, Severity)> = missing.iter().map(|m| ((*m).to_owned(), Severity::Note)).collect();
        assert_eq!(own(&engine("iep").without_model()), wanted, "{text}");
        for other in ["ehcp", "idp", "csp", "ni", "isp"] {
            assert_eq!(own(&engine(other).without_model()), [], "{other}: {text}");
        }
    }
}

#[test]
fn idp() {
    let review = review("idp");
    assert_eq!(sections(&review), ["1", "2A", "2B.2", "2B.1", "2B.3-2B.7", "2C", "2D", "3"]);
    assert_eq!(
        told(&review),
        [
            row("1", Kind::Aspiration, None, "Carys wants to become"),
            row("2A", Kind::Need, None, "Carys has a developmental"),
            row("2A", Kind::Need, None, "She finds it hard"),
            row("2B.1", Kind::Outcome, Some(true), "By July 2027, Carys"),
            row("2B.2", Kind::Provision, Some(true), "A speech and language"),
            row("2B.2", Kind::Provision, Some(false), "Carys will have access"),
            row("2C", Kind::Provision, Some(false), "Some input from the"),
        ]
    );
    assert_eq!(worst(&review, "2B.2"), Some(Severity::Error));
    assert_eq!(worst(&review, "2C"), Some(Severity::Warning));
}

#[test]
fn csp() {
    let review = review("csp");
    let found = sections(&review);
    assert_eq!(found, ["profile", "factors", "objectives", "support", "school", "contacts", "views", "review"]);
    assert_eq!(
        told(&review),
        [
            row("factors", Kind::Need, None, "Isla has cerebral palsy."),
            row("factors", Kind::Need, None, "She finds it hard"),
            row("objectives", Kind::Outcome, Some(true), "Isla will write a"),
            row("objectives", Kind::Outcome, Some(false), "Isla will improve her"),
            row("support", Kind::Provision, Some(true), "An occupational therapist will"),
            row("support", Kind::Provision, Some(false), "Support will be offered"),
            row("views", Kind::Aspiration, None, "Isla hopes to write"),
        ]
    );
    assert_eq!(worst(&review, "support"), Some(Severity::Warning));
    assert!(
        findings(&review, "objectives").iter().all(|(rule, s)| rule != "outcome/no-deadline" || *s == Severity::Note)
    );
}

#[test]
fn ni() {
    let review = review("ni");
    assert_eq!(sections(&review), ["1", "2", "3", "3-objectives", "4", "5", "6"]);
    assert_eq!(
        told(&review),
        [
            row("2", Kind::Need, None, "Declan has a moderate"),
            row("2", Kind::Need, None, "He misses what is"),
            row("3-objectives", Kind::Outcome, Some(true), "By June 2027, Declan"),
            row("3-objectives", Kind::Outcome, Some(false), "To develop his language."),
            row("3", Kind::Provision, Some(true), "A qualified teacher of"),
            row("3", Kind::Provision, Some(false), "Declan will have access"),
            row("5", Kind::Need, None, "Declan needs his hearing"),
            row("6", Kind::Provision, Some(true), "An audiologist will check"),
            row("6", Kind::Provision, Some(false), "Help with transport where"),
        ]
    );
    assert_eq!(worst(&review, "3"), Some(Severity::Error));
    assert_eq!(worst(&review, "6"), Some(Severity::Warning));
}

#[test]
fn isp() {
    let review = review("isp");
    assert_eq!(sections(&review), ["about", "needs", "outcomes", "support", "review"]);
    assert_eq!(
        told(&review),
        [
            row("about", Kind::Aspiration, None, "Nadia wants to be"),
            row("needs", Kind::Need, None, "Nadia has dyslexia."),
            row("needs", Kind::Need, None, "She finds it hard"),
            row("outcomes", Kind::Outcome, Some(true), "By July 2027, Nadia"),
            row("outcomes", Kind::Outcome, Some(false), "Nadia will be happier"),
            row("support", Kind::Provision, Some(true), "A teaching assistant trained"),
            row("support", Kind::Provision, Some(false), "Regular help in lessons."),
        ]
    );
    for section in ["outcomes", "support"] {
        assert_eq!(worst(&review, section), Some(Severity::Warning), "{section}");
    }
    let notes: Vec<&str> = review.notes.iter().map(|note| note.message.as_str()).collect();
    assert!(notes.len() == 1 && notes[0].contains("not law") && notes[0].contains("assumed"), "{notes:?}");
    assert!(review_of_england().notes.is_empty(), "only what is assumed is said");
}

fn review_of_england() -> Review {
    let document = readers::read("x", b"Section E: Outcomes\n\nSam will read.\n").expect("text can be read").remove(0);
    Engine::new().without_model().review(&document)
}

/// A plan judged for England has the same verdicts, and as many findings, and each as bad or worse.
#[test]
fn a_law_changes_no_verdict() {
    for id in ["idp", "csp", "ni", "isp"] {
        let review = review(id);
        for judged in review.sections.iter().flat_map(|section| &section.statements) {
            let Some(here) = &judged.assessment else { continue };
            let there = Engine::new().without_suggestions().assess(&judged.statement).expect("it was judged");
            assert_eq!(
                (here.verdict, here.findings.len()),
                (there.verdict, there.findings.len()),
                "{id}: {}",
                judged.id
            );
            let softer =
                here.findings.iter().zip(&there.findings).all(|(a, b)| a.rule == b.rule && a.severity <= b.severity);
            assert!(softer, "{id}: {}", judged.id);
            if !here.verdict.is_good() {
                assert!(here.findings.iter().any(|f| f.severity >= Severity::Warning), "{id}: {}", judged.id);
            }
        }
    }
}

/// What the law asks for has a source that says where and when it was read.
#[test]
fn every_law_has_its_source() {
    for id in &Framework::NAMES[1..] {
        let framework = Framework::named(id).expect("it is there");
        assert!(!framework.laws.is_empty(), "{id}");
        for law in &framework.laws {
            assert!(
                law.source.url.starts_with("http") && law.source.read.starts_with("2026-11-"),
                "{id}: {}",
                law.says
            );
            assert!(law.says.ends_with('.'), "{id}: {}", law.says);
        }
    }
}

#[test]
fn what_is_none_is_none() {
    assert!(Framework::named("unheard of").is_none());
    let wrong = "id = \"x\"\ntitle = \"X\"\nlike = \"y\"\nsection = []";
    assert!(Framework::from_toml(wrong).is_err_and(|error| error.to_string().contains("like y")));
}

/// The page about them names every section, and says what each law says.
#[test]
fn the_page_is_current() {
    let page = include_str!("../docs/frameworks.md");
    for id in &Framework::NAMES[1..] {
        let framework = Framework::named(id).expect("it is there");
        let (_, part) = page.split_once(&format!("## `{id}`: {}", framework.title)).unwrap_or_else(|| panic!("{id}"));
        let part = part.split("\n## ").next().unwrap_or(part);
        for (section, _) in framework.sections() {
            assert!(part.contains(&format!("\n| {section} | ")), "{id}: {section}");
        }
        for law in &framework.laws {
            assert!(part.contains(&law.says) && part.contains(&law.source.title), "{id}: {}", law.says);
        }
        assert!(framework.status.as_ref().is_none_or(|status| part.contains(status)), "{id}");
    }
}
