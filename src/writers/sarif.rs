//! This is the SARIF 2.1.0 rendering, for viewers and pipelines that collect findings of many tools.
//!
//! Office files and PDFs have no lines, so a result says where it is in three ways: the plan's file (with the line,
//! where the format has lines), the logical location (section, statement), and the exact words. For these each plan
//! has a second artifact nested in it, which holds the text of its statements; `charOffset` and `charLength` of the
//! related location count Unicode code points in that text (`columnKind` says so).

use super::json::rounded;
use super::words;
use crate::assess::Verdict;
use crate::document::{Kind, NoteKind};
use crate::plan::{PlanFinding, PlanPlace};
use crate::review::{Judged, Review};
use crate::rules::{Finding, Rule, Severity};
use crate::span::CodePoints;
use crate::waivers::{By, Waived};
use serde::Serialize;
use std::collections::HashMap;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The findings of the reviews, the waived ones as suppressed, as one SARIF run, with `rules` as the tool's rules. `new` marks every result as not in
/// the baseline, where the caller compared with one.
pub fn write(reviews: &[Review], rules: &[Rule], new: bool) -> String {
    let mut run = Run {
        tool: Tool {
            driver: Driver {
                name: "clearplan",
                version: env!("CARGO_PKG_VERSION"),
                semantic_version: env!("CARGO_PKG_VERSION"),
                rules: rules.iter().map(Descriptor::new).collect(),
            },
        },
        invocations: vec![Invocation { execution_successful: true, notifications: Vec::new() }],
        artifacts: Vec::new(),
        logical_locations: Vec::new(),
        results: Vec::new(),
        column_kind: "unicodeCodePoints",
    };
    let mut names = Names::default();
    let indices = rules.iter().enumerate().map(|(i, rule)| (rule.id.as_str(), i)).collect();
    let statements = || reviews.iter().flat_map(|review| &review.sections).flat_map(|section| &section.statements);
    let marks = Marks { new, waived: statements().any(|judged| !judged.waived.is_empty()) };
    for review in reviews {
        run.add(review, &indices, &mut names, marks);
    }
    let log = Log { schema: SCHEMA, version: "2.1.0", runs: [run] };
    // Strings, numbers and maps with string keys always serialise.
    let mut out = serde_json::to_string_pretty(&log).unwrap_or_default();
    out.push('\n');
    out
}

/// What has an index already: SARIF wants artifacts and logical locations to be unique, and a section may recur, a
/// file be named twice.
#[derive(Default)]
struct Names {
    files: HashMap<String, usize>,
    places: HashMap<String, usize>,
}

/// What is said of every result once it is said of one.
#[derive(Clone, Copy)]
struct Marks {
    /// There was a baseline.
    new: bool,
    /// There are waivers.
    waived: bool,
}

impl<'r> Run<'r> {
    fn add(&mut self, review: &'r Review, rules: &HashMap<&str, usize>, names: &mut Names, marks: Marks) {
        let uri = uri(&review.document);
        let plan = match names.files.get(&uri) {
            Some(plan) => *plan,
            None => {
                self.artifacts.push(Artifact::file(uri.clone()));
                names.files.insert(uri.clone(), self.artifacts.len() - 1);
                self.artifacts.len() - 1
            }
        };
        // Taken now, filled at the end: results point to it.
        let statements = self.artifacts.len();
        self.artifacts.push(Artifact::statements(plan, statements));
        let mut text = String::new();
        let mut points = 0;
        for note in &review.notes {
            if let Some(invocation) = self.invocations.first_mut() {
                invocation.execution_successful &= note.kind != NoteKind::NeedsOcr;
                invocation.notifications.push(Notification {
                    level: if note.kind == NoteKind::NeedsOcr { "error" } else { "warning" },
                    message: Message { text: &note.message },
                    locations: [Location::of_file(plan, &uri, None)],
                });
            }
        }
        let plan_location = self.logical(names, &review.document, review.document.clone(), "plan", None);
        for section in &review.sections {
            let title = words::section(&section.section);
            let name = format!("{}/{title}", review.document);
            let parent = self.logical(names, &title, name, "section", Some(plan_location));
            for judged in &section.statements {
                let Some(assessment) = &judged.assessment else { continue };
                let waived = judged.waived.iter().map(|waived| (&waived.finding, Some(waived)));
                let findings: Vec<_> = assessment.findings.iter().map(|f| (f, None)).chain(waived).collect();
                if findings.is_empty() {
                    continue;
                }
                let name = format!("{}/{title}/{}", review.document, judged.id);
                let logical = self.logical(names, &judged.id, name.clone(), "statement", Some(parent));
                let own = CodePoints::new(&judged.statement.text);
                for (finding, waived) in findings {
                    let place = own.span(finding.span);
                    let related = Location::of_words(statements, points + place.start, place.len(), judged, finding);
                    let mut location = Location::of_file(plan, &uri, judged.statement.place.line);
                    location.logical_locations = vec![LogicalReference { index: logical, name: name.clone() }];
                    self.results.push(Outcome {
                        rule_id: &finding.rule,
                        rule_index: rules.get(finding.rule.as_str()).copied(),
                        level: finding.severity,
                        message: Message { text: &finding.message },
                        locations: [location],
                        related_locations: vec![related],
                        partial_fingerprints: Fingerprint { statement: fingerprint(judged, finding) },
                        baseline_state: marks.new.then_some("new"),
                        suppressions: marks.waived.then(|| waived.into_iter().map(Suppression::new).collect()),
                        properties: Properties::Statement {
                            statement: &judged.id,
                            section: &judged.statement.section,
                            kind: judged.statement.kind,
                            verdict: assessment.verdict,
                            probability: rounded(assessment.probability),
                            start: place.start,
                            end: place.end,
                            page: judged.statement.place.page,
                            suggestion: assessment.suggestion.as_deref(),
                        },
                    });
                }
                points += own.at(usize::MAX) + 1;
                text.push_str(&judged.statement.text);
                text.push('\n');
            }
        }
        for finding in &review.whole.findings {
            let first = finding.places.first();
            let mut location = Location::of_file(plan, &uri, first.and_then(|place| place.line));
            location.logical_locations = match first.and_then(|place| Some((place, place.statement.as_ref()?))) {
                Some((place, id)) => {
                    let title = words::section(&place.section);
                    let section = format!("{}/{title}", review.document);
                    let parent = self.logical(names, &title, section.clone(), "section", Some(plan_location));
                    let name = format!("{section}/{id}");
                    let index = self.logical(names, id, name.clone(), "statement", Some(parent));
                    vec![LogicalReference { index, name }]
                }
                None => vec![LogicalReference { index: plan_location, name: review.document.clone() }],
            };
            self.results.push(Outcome {
                rule_id: &finding.rule,
                rule_index: rules.get(finding.rule.as_str()).copied(),
                level: finding.severity,
                message: Message { text: &finding.message },
                locations: [location],
                related_locations: Vec::new(),
                partial_fingerprints: Fingerprint { statement: plan_fingerprint(finding) },
                baseline_state: marks.new.then_some("new"),
                suppressions: marks.waived.then(Vec::new),
                properties: Properties::Plan { missing: finding.missing.as_deref(), places: &finding.places },
            });
        }
        if let Some(artifact) = self.artifacts.get_mut(statements) {
            artifact.contents = Some(Contents { text });
        }
    }

    fn logical(
        &mut self,
        names: &mut Names,
        name: &str,
        full: String,
        kind: &'static str,
        parent: Option<usize>,
    ) -> usize {
        if let Some(index) = names.places.get(&full) {
            return *index;
        }
        names.places.insert(full.clone(), self.logical_locations.len());
        let name = name.to_owned();
        self.logical_locations.push(Logical { name, full, kind, parent_index: parent });
        self.logical_locations.len() - 1
    }
}

/// A relative reference for a file name: separators are `/`, everything but RFC 3986's unreserved characters is
/// percent-encoded.
fn uri(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            b'\\' => out.push('/'),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// The same wherever the statement moves to: FNV-1a (64 bit) of its words, white space aside, the rule, and the
/// faulted words.
fn fingerprint(judged: &Judged, finding: &Finding) -> String {
    let words = judged.statement.text.split_whitespace();
    fnv(words.chain([finding.rule.as_str(), finding.span.of(&judged.statement.text)]))
}

/// The same for a finding about the plan as a whole: the rule, and the words of all its places.
fn plan_fingerprint(finding: &PlanFinding) -> String {
    let words = finding.places.iter().flat_map(|place| place.text.split_whitespace());
    fnv(words.chain([finding.rule.as_str()]))
}

fn fnv<'t>(parts: impl Iterator<Item = &'t str>) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in parts.flat_map(|part| part.bytes().chain([0])) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{hash:016x}")
}

#[derive(Serialize)]
struct Log<'r> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'r>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'r> {
    tool: Tool<'r>,
    invocations: Vec<Invocation<'r>>,
    artifacts: Vec<Artifact>,
    logical_locations: Vec<Logical>,
    results: Vec<Outcome<'r>>,
    column_kind: &'static str,
}

#[derive(Serialize)]
struct Tool<'r> {
    driver: Driver<'r>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver<'r> {
    name: &'static str,
    version: &'static str,
    semantic_version: &'static str,
    rules: Vec<Descriptor<'r>>,
}

/// A rule as SARIF describes it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor<'r> {
    id: &'r str,
    short_description: Message<'r>,
    full_description: Message<'r>,
    help: Help,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<&'r str>,
    default_configuration: Configuration,
    properties: RuleProperties<'r>,
}

impl<'r> Descriptor<'r> {
    fn new(rule: &'r Rule) -> Self {
        let mut text = format!("{}\n\n{}", rule.why, rule.advice);
        let mut markdown = text.clone();
        for example in &rule.bad {
            text.push_str(&format!("\n\nInstead of: {}", example.text));
            markdown.push_str(&format!("\n\nInstead of: {}", markdown_text(&example.text)));
            if let Some(better) = &example.better {
                text.push_str(&format!("\nwrite: {better}"));
                markdown.push_str(&format!("  \nwrite: {}", markdown_text(better)));
            }
        }
        text.push_str(&format!("\n\nSource: {} (read {})", rule.source.title, rule.source.read));
        markdown.push_str(&format!("\n\nSource: {} (read {})", markdown_text(&rule.source.title), rule.source.read));
        let known = ["https://", "http://"].iter().any(|scheme| rule.source.url.starts_with(scheme));
        Self {
            id: &rule.id,
            short_description: Message { text: &rule.summary },
            full_description: Message { text: &rule.why },
            help: Help { text, markdown },
            help_uri: known.then_some(rule.source.url.as_str()),
            default_configuration: Configuration { level: rule.severity },
            properties: RuleProperties {
                criterion: rule.criterion,
                kinds: &rule.kinds,
                tags: rule.kinds.iter().map(|kind| kind.name()).collect(),
            },
        }
    }
}

/// Plain words in Markdown: its marks are escaped.
fn markdown_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[derive(Serialize)]
struct RuleProperties<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    criterion: Option<crate::assess::Criterion>,
    kinds: &'r [Kind],
    tags: Vec<&'static str>,
}

#[derive(Serialize)]
struct Configuration {
    level: Severity,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct Message<'r> {
    text: &'r str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation<'r> {
    execution_successful: bool,
    #[serde(rename = "toolExecutionNotifications")]
    notifications: Vec<Notification<'r>>,
}

#[derive(Serialize)]
struct Notification<'r> {
    level: &'static str,
    message: Message<'r>,
    locations: [Location<'r>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Artifact {
    location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_index: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mime_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contents: Option<Contents>,
}

impl Artifact {
    fn file(uri: String) -> Self {
        let location = ArtifactLocation { uri: Some(uri), index: None };
        Self { location, parent_index: None, mime_type: None, contents: None }
    }

    /// The text of the plan's statements, nested in the plan; the number keeps those of one file apart.
    fn statements(plan: usize, number: usize) -> Self {
        Self {
            location: ArtifactLocation { uri: Some(format!("/statements-{number}.txt")), index: None },
            parent_index: Some(plan),
            mime_type: Some("text/plain"),
            contents: None,
        }
    }
}

#[derive(Serialize)]
struct Contents {
    text: String,
}

#[derive(Serialize)]
struct ArtifactLocation {
    #[serde(skip_serializing_if = "Option::is_none")]
    uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<usize>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logical {
    name: String,
    #[serde(rename = "fullyQualifiedName")]
    full: String,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_index: Option<usize>,
}

/// One finding; SARIF calls it a result.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome<'r> {
    rule_id: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: Severity,
    message: Message<'r>,
    locations: [Location<'r>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location<'r>>,
    partial_fingerprints: Fingerprint,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline_state: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressions: Option<Vec<Suppression<'r>>>,
    properties: Properties<'r>,
}

/// A waiver.
#[derive(Serialize)]
struct Suppression<'r> {
    kind: &'static str,
    status: &'static str,
    justification: &'r str,
    properties: Decision<'r>,
}

#[derive(Serialize)]
struct Decision<'r> {
    owner: Option<&'r str>,
    expires: Option<&'r str>,
}

impl<'r> Suppression<'r> {
    fn new(waived: &'r Waived) -> Self {
        let kind = match waived.by {
            By::Comment => "inSource",
            By::File => "external",
        };
        let properties = Decision { owner: waived.owner.as_deref(), expires: waived.expires.as_deref() };
        Self { kind, status: "accepted", justification: &waived.reason, properties }
    }
}

#[derive(Serialize)]
struct Fingerprint {
    #[serde(rename = "clearplanStatement/v1")]
    statement: String,
}

/// What our own formats say beyond SARIF; `start` and `end` count code points in the statement.
#[derive(Serialize)]
#[serde(untagged)]
enum Properties<'r> {
    Statement {
        statement: &'r str,
        section: &'r str,
        kind: Kind,
        verdict: Verdict,
        probability: f64,
        start: usize,
        end: usize,
        #[serde(skip_serializing_if = "Option::is_none")]
        page: Option<u32>,
        #[serde(skip_serializing_if = "Option::is_none")]
        suggestion: Option<&'r str>,
    },
    /// Of a finding about the plan as a whole.
    Plan { missing: Option<&'r str>, places: &'r [PlanPlace] },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'r> {
    physical_location: Physical<'r>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<LogicalReference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message<'r>>,
}

impl<'r> Location<'r> {
    fn of_file(artifact: usize, uri: &str, line: Option<u32>) -> Self {
        let region = line.map(|line| Region { start_line: Some(line), ..Region::default() });
        let artifact_location = ArtifactLocation { uri: Some(uri.to_owned()), index: Some(artifact) };
        Self { physical_location: Physical { artifact_location, region }, logical_locations: Vec::new(), message: None }
    }

    fn of_words(artifact: usize, offset: usize, length: usize, judged: &'r Judged, finding: &Finding) -> Self {
        let region = Region {
            start_line: None,
            char_offset: Some(offset),
            char_length: Some(length),
            snippet: Some(Message { text: finding.span.of(&judged.statement.text) }),
        };
        Self {
            physical_location: Physical {
                artifact_location: ArtifactLocation { uri: None, index: Some(artifact) },
                region: Some(region),
            },
            logical_locations: Vec::new(),
            message: Some(Message { text: "The words, in the text of the plan's statements." }),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical<'r> {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region<'r>>,
}

#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct Region<'r> {
    #[serde(skip_serializing_if = "Option::is_none")]
    start_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    char_offset: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    char_length: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<Message<'r>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalReference {
    index: usize,
    #[serde(rename = "fullyQualifiedName")]
    name: String,
}
