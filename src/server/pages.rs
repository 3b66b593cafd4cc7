//! This is the pages: the one to write on, and one of each rule, rendered from the rules as `explain` prints them.

use super::Server;
use super::body::{MOST_FILE, MOST_TEXT};
use super::refusal::Refusal;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use clearplan::rules::{Rule, RuleSet};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, context};
use serde::Serialize;
use std::sync::Arc;

/// Templates by name; the ending of a name turns escaping on.
const TEMPLATES: [(&str, &str); 5] = [
    ("frame.html", include_str!("pages/frame.html")),
    ("write.html", include_str!("pages/write.html")),
    ("rules.html", include_str!("pages/rules.html")),
    ("rule.html", include_str!("pages/rule.html")),
    ("missing.html", include_str!("pages/missing.html")),
];

/// `GET /`.
pub async fn write() -> Result<Response, Refusal> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|_| Refusal::fault())?;
    // The editor makes a sheet of styles for itself; the browser takes it because it carries this number.
    let nonce: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    let styles = format!("'self' 'nonce-{nonce}'");
    let values = context! { nonce, most_text => MOST_TEXT, most_file => MOST_FILE, here => "write", title => "Is the plan clear?" };
    Ok(html(StatusCode::OK, "write.html", values, &styles))
}

/// `GET /rules`.
pub async fn rules(State(server): State<Arc<Server>>) -> Response {
    let all = server.bench.engine.rules().rules();
    let part =
        |kind: &str| -> Vec<&Rule> { all.iter().filter(|rule| rule.id.split('/').next() == Some(kind)).collect() };
    let other: Vec<&Rule> = all
        .iter()
        .filter(|rule| !matches!(rule.id.split('/').next(), Some("outcome" | "provision" | "plan")))
        .collect();
    let groups = [
        ("Outcomes", part("outcome")),
        ("Provision", part("provision")),
        ("The plan as a whole", part("plan")),
        ("More rules", other),
    ];
    let groups: Vec<_> = groups.into_iter().filter(|(_, rules)| !rules.is_empty()).collect();
    html(
        StatusCode::OK,
        "rules.html",
        context! { groups => Serde(groups), here => "rules", title => "Rules" },
        "'self'",
    )
}

/// `GET /rules/ID`.
pub async fn rule(State(server): State<Arc<Server>>, Path(id): Path<String>) -> Response {
    let Some(rule) = found(server.bench.engine.rules(), &id) else { return missing() };
    html(
        StatusCode::OK,
        "rule.html",
        context! { rule => Serde(Help::new(rule)), here => "rules", title => &rule.summary },
        "'self'",
    )
}

/// Where nothing is.
pub fn missing() -> Response {
    html(StatusCode::NOT_FOUND, "missing.html", context! { title => "Nothing here" }, "'self'")
}

/// The rule with that id, or the only one whose id ends so.
fn found<'r>(rules: &'r RuleSet, id: &str) -> Option<&'r Rule> {
    let ending = format!("/{id}");
    let mut ends = rules.rules().iter().filter(|rule| rule.id.ends_with(&ending));
    rules.get(id).or_else(|| ends.next().filter(|_| ends.next().is_none()))
}

#[derive(Serialize)]
struct Help<'r> {
    #[serde(flatten)]
    rule: &'r Rule,
    /// Only web addresses become links.
    link: Option<&'r str>,
    examples: Vec<Example<'r>>,
}

#[derive(Serialize)]
struct Example<'r> {
    /// `true` for the faulted words.
    pieces: Vec<(bool, &'r str)>,
    better: Option<&'r str>,
}

impl<'r> Help<'r> {
    fn new(rule: &'r Rule) -> Self {
        let url = rule.source.url.as_str();
        let link = (url.starts_with("https://") || url.starts_with("http://")).then_some(url);
        let examples = rule.bad.iter().map(|bad| {
            // An example opens and closes its marks in turn.
            let pieces = bad.text.split(['«', '»']).enumerate().map(|(i, piece)| (i % 2 == 1, piece));
            Example { pieces: pieces.filter(|(_, piece)| !piece.is_empty()).collect(), better: bad.better.as_deref() }
        });
        Self { rule, link, examples: examples.collect() }
    }
}

fn html(status: StatusCode, name: &str, values: minijinja::Value, styles: &str) -> Response {
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src {styles}; img-src 'self'; connect-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'"
    );
    match rendered(name, values) {
        Ok(page) => {
            let fields = [
                (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
                (header::CONTENT_SECURITY_POLICY, policy),
            ];
            (status, fields, page).into_response()
        }
        Err(_) => Refusal::fault().into_response(),
    }
}

fn rendered(name: &str, values: minijinja::Value) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    for (name, text) in TEMPLATES {
        environment.add_template(name, text)?;
    }
    environment.add_global("version", env!("CARGO_PKG_VERSION"));
    let main = environment.get_template(name)?.render(&values)?;
    // What the inner template wrote is escaped already.
    environment.get_template("frame.html")?.render(context! { main, ..values })
}
