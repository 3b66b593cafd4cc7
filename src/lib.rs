//! clearplan reads Education, Health and Care plans and says, at the very words, which outcomes are vague and which
//! provision is not specific.
//!
//! # One statement
//! ```
//! use clearplan::{Engine, Kind, Statement, Verdict};
//!
//! let engine = Engine::new();
//! let statement = Statement::new(Kind::Provision, "Sam will have regular speech and language therapy.");
//! let assessment = engine.assess(&statement).expect("provision is judged");
//! assert_eq!(assessment.verdict, Verdict::Vague);
//!
//! let finding = assessment.findings.iter().find(|f| f.rule == "provision/open-frequency").expect("it is found");
//! assert_eq!(finding.span.of(&statement.text), "regular");
//! assert_eq!(finding.message, "“regular” does not say how often: give the number of times and the length.");
//! ```
//!
//! # One plan
//! ```
//! use clearplan::{Engine, Verdict, readers, writers::text};
//!
//! let plan = "\
//! Section E: Outcomes
//!
//! By the end of Year 6, Sam will:
//!
//! - be more confident
//! - travel to school by bus on his own
//!
//! Section F: Provision
//!
//! A speech and language therapist will teach Sam to sign 20 new words, 1:1, for 30 minutes every week.
//! ";
//! let documents = readers::read("plan.txt", plan.as_bytes())?;
//! let review = Engine::new().review(&documents[0]);
//! let found: Vec<(&str, Verdict)> = review
//!     .sections
//!     .iter()
//!     .flat_map(|section| &section.statements)
//!     .filter_map(|judged| Some((judged.id.as_str(), judged.assessment.as_ref()?.verdict)))
//!     .collect();
//! assert_eq!(found, [("E.1", Verdict::Vague), ("E.2", Verdict::Smart), ("F.1", Verdict::Specific)]);
//!
//! let page = text::write(&[review], text::Options::default());
//! assert!(page.contains("Introduced by: By the end of Year 6, Sam will:"), "{page}");
//! # Ok::<(), clearplan::readers::ReadError>(())
//! ```
//!
//! # The nouns
//! | noun | is |
//! |---|---|
//! | [`Document`] | a plan as it was read: paragraphs and tables, each with its place in the source |
//! | [`Section`] | a lettered part, A–K, H1, H2; one letter may recur |
//! | [`Statement`] | one thing the plan says, with what it inherits: the unit that is judged |
//! | [`Fact`] | a typed amount in it: frequency, length, group, role, deadline, measure … |
//! | [`Rule`], [`Finding`] | a named reason with its source; a rule at a place |
//! | [`Prediction`](model::Prediction) | what the trained model says of a statement, and at which words |
//! | [`Assessment`] | verdict, criteria with their evidence, findings and suggestion of one statement |
//! | [`Whole`](plan::Whole) | what is said of the plan as a whole: which need, outcome and provision belong together, and what is missing |
//! | [`Review`] | all that for a plan, with its scores |
//!
//! # The way
//! ```text
//! bytes ─ readers ─▶ Document ─ segment ─▶ Section ▶ Statement ─┬ facts, rules ─▶ Finding    ┐
//!                                                               └ model ────────▶ Prediction ┴ assess
//!       ─▶ Assessment, of all statements ─ plan ─▶ Whole ▶ Review ─ writers ─▶ text
//! ```
//! Reading can fail ([`readers::ReadError`]), and so can loading rules of one's own ([`rules::RuleError`]). What lies
//! between reading and writing cannot: it is pure, uses no file, clock, network or environment, and gives the same for
//! the same input on any number of threads. Offsets are bytes ([`Span`]); the JSON writers turn them into Unicode code
//! points. Unsafe code stands in one file, the encoder's kernels.
//!
//! # Features
//! None is on by default, and none is needed.
//!
//! | feature | adds |
//! |---|---|
//! | `rust-bert` | `model::libtorch`: the model on libtorch, for training it and for judging on a GPU; needs libtorch 2.4 |
//!
//! A judgement is about wording, made by hand-written rules and a model that was trained on synthetic statements. No
//! decision about a child should rest on it.

#![deny(unsafe_code)]
#![warn(missing_docs)]

pub mod archive;
pub mod assess;
mod cache;
pub mod compare;
pub mod document;
pub mod engine;
pub mod examples;
pub mod facts;
mod fx;
pub mod model;
pub mod plan;
pub mod readers;
pub mod review;
pub mod rubric;
pub mod rules;
pub mod scoring;
pub mod segment;
pub mod signals;
pub mod span;
pub mod suggest;
pub mod waivers;
pub mod words;
pub mod writers;

pub use assess::{Assessment, Criterion, Verdict};
pub use document::{Document, Kind, Section, Setting, Statement};
pub use engine::Engine;
pub use facts::Fact;
pub use review::Review;
pub use rules::{Finding, Rule, Severity};
pub use span::Span;
