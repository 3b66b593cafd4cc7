//! This is what the page's script asks: judge a text, a statement, a file; write into a file; what are the rules.

use super::Server;
use super::body::{self, Upload};
use super::judge::{Work, review, reword, typed};
use super::refusal::Refusal;
use crate::cli::annotate::{self, Copy};
use crate::cli::day::today;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use clearplan::document::{Context, ContextRole, Document, Kind, Setting, Statement};
use clearplan::readers;
use clearplan::review::Review;
use clearplan::rules::Severity;
use clearplan::waivers;
use clearplan::writers::docx::{Mode, Options};
use clearplan::writers::live;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

type Answer = Result<Response, Refusal>;

/// A text as it is typed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    text: String,
    /// What a text without sections is: E or F.
    section: Option<Part>,
    setting: Option<Setting>,
    /// Whether suggestions that take long may be left out.
    #[serde(default)]
    soon: bool,
}

#[derive(Debug, Clone, Copy, Deserialize)]
enum Part {
    E,
    F,
}

impl Part {
    fn letter(self) -> &'static str {
        match self {
            Self::E => "E",
            Self::F => "F",
        }
    }
}

/// `POST /api/text`: what `check --format json` says of a text, and where its words stand in it. With `soon`, a suggestion that takes
/// long may be left out; the answer says so by `unfinished`.
pub async fn text(State(server): State<Arc<Server>>, request: Request) -> Answer {
    let Text { text, section, setting, soon } = body::json(request).await?;
    if text.len() > body::MOST_TEXT {
        return Err(Refusal::too_large("the text", body::MOST_TEXT));
    }
    let setting = setting.or(server.setting);
    let about = server.bench.about(Work::Text);
    let judged = server.bench.judge(Work::Text, move |engine| {
        let document = readers::read_text("text", &text);
        let review = typed(engine, document.clone(), section.map(Part::letter), setting, soon);
        live::plans(&[review], &about, engine.rubric(), Some((&text, &document)))
    });
    Ok(json(judged.await?))
}

/// A statement on its own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct One {
    kind: Kind,
    text: String,
    #[serde(default)]
    context: Vec<Inherited>,
    setting: Option<Setting>,
}

#[derive(Deserialize)]
struct Inherited {
    role: ContextRole,
    text: String,
}

/// `POST /api/statement`: one wording, such as a suggestion whose blanks are being filled.
pub async fn statement(State(server): State<Arc<Server>>, request: Request) -> Answer {
    let One { kind, text, context, setting } = body::json(request).await?;
    let size = context.iter().map(|context| context.text.len()).sum::<usize>() + text.len();
    if size > body::MOST_TEXT {
        return Err(Refusal::too_large("the statement", body::MOST_TEXT));
    }
    let mut statement = Statement::new(kind, text);
    statement.context = context.into_iter().map(|Inherited { role, text }| Context { role, text }).collect();
    statement.setting = setting.or(server.setting).unwrap_or_default();
    let judged = server.bench.judge(Work::Text, move |engine| {
        let assessment = engine.assess_all(&[&statement]).pop().flatten()?;
        Some(live::statement(&statement, &assessment))
    });
    let none = || Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "only outcomes and provision are judged");
    Ok(json(judged.await?.ok_or_else(none)?))
}

/// `POST /api/plan`: what `check --format json` says of a file, and would say with other wordings in it.
pub async fn plan(State(server): State<Arc<Server>>, request: Request) -> Answer {
    let (upload, setting) = sent(&server, request).await?;
    let instead: BTreeMap<String, String> = match &upload.instead {
        Some(text) => {
            serde_json::from_str(text).map_err(|_| Refusal::malformed("the other wordings cannot be read"))?
        }
        None => BTreeMap::new(),
    };
    let work = if upload.glance { Work::Glance } else { Work::File };
    let about = server.bench.about(work);
    let judged = server.bench.judge(work, move |engine| {
        let documents = readers::read(&upload.name, &upload.bytes).map_err(|error| unread(&error.to_string()))?;
        let mut reviews: Vec<_> = documents.into_iter().map(|document| review(engine, document, setting)).collect();
        reviews.iter_mut().for_each(|review| reword(engine, review, &instead));
        Ok(live::plans(&reviews, &about, engine.rubric(), None))
    });
    Ok(json(judged.await??))
}

/// `POST /api/annotate`: the file with comments in it, or a marked page of it, as `annotate` writes them.
pub async fn annotate(State(server): State<Arc<Server>>, request: Request) -> Answer {
    let (upload, setting) = sent(&server, request).await?;
    let made = server.bench.judge(Work::File, move |engine| {
        let date = today();
        let waive = |reviews: &mut [Review], documents: &[Document]| {
            for (review, document) in reviews.iter_mut().zip(documents) {
                waivers::by_comments(review, &document.comments, engine.rules(), &date);
            }
        };
        let options = Options { date: &date, least: Severity::Note, mode: Mode::Comments };
        let copy = Copy::of(&upload.name, &upload.bytes, engine, setting, waive, options);
        copy.map(|copy| (annotate::copied(&upload.name, copy.ending), copy)).map_err(|error| unread(&error))
    });
    let (name, copy) = made.await??;
    let kind = match copy.ending {
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "odt" => "application/vnd.oasis.opendocument.text",
        // A page made of somebody's plan is never shown under our own address.
        _ => "application/octet-stream",
    };
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_. ".contains(c) { c } else { '_' }).collect();
    let disposition = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", encoded(&name));
    Ok(([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)], copy.bytes)
        .into_response())
}

/// `GET /api/rules`: what `rules --format json` prints.
pub async fn rules(State(server): State<Arc<Server>>) -> Answer {
    serde_json::to_string(server.bench.engine.rules().rules()).map(json).map_err(|_| Refusal::fault())
}

async fn sent(server: &Server, request: Request) -> Result<(Upload, Option<Setting>), Refusal> {
    // Of many that send at once, some wait: what is sent stands in memory.
    let room = tokio::time::timeout(super::WAIT, server.uploads.acquire()).await;
    let _room = room.map_err(|_| Refusal::busy())?.map_err(|_| Refusal::busy())?;
    let upload = body::upload(request).await?;
    let setting = match upload.setting.as_deref() {
        None => server.setting,
        Some("mainstream") => Some(Setting::Mainstream),
        Some("special") => Some(Setting::Special),
        Some(_) => return Err(Refusal::malformed("the setting is neither mainstream nor special")),
    };
    Ok((upload, setting))
}

/// A file that could not be read, or not be written into.
fn unread(why: &str) -> Refusal {
    Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, why)
}

fn json(body: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// A name as headers carry it: every byte but letters and digits as %XX.
fn encoded(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
