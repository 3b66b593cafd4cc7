//! This is what a request brings: a small JSON object, or a file with a few fields; within limits of size and time.

use super::refusal::Refusal;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::multipart::{Multipart, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use std::time::Duration;
use tokio::time::timeout;

/// Bytes of a typed text: some 80,000 words.
pub const MOST_TEXT: usize = 512 << 10;
/// Bytes of a file; the largest plans, with pictures, have a tenth of it.
pub const MOST_FILE: usize = 32 << 20;
/// For how long a text may take to arrive.
const TEXT_TIME: Duration = Duration::from_secs(20);
/// For how long a file may.
const FILE_TIME: Duration = Duration::from_secs(120);
/// Bytes that are thrown away after a request that is too large, so that its sender gets to read the answer.
const THROWN: usize = 64 << 20;
/// For how long.
const THROWING: Duration = Duration::from_secs(5);

/// The JSON object of a request.
pub async fn json<T: DeserializeOwned>(request: Request) -> Result<T, Refusal> {
    if !is(request.headers(), "application/json") {
        return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "this address takes application/json"));
    }
    // Escapes can make JSON six times as long as what it says.
    let most = MOST_TEXT * 2;
    if length(request.headers()) > most {
        throw(request.into_body()).await;
        return Err(Refusal::too_large("the text", MOST_TEXT));
    }
    let bytes = timeout(TEXT_TIME, whole(request.into_body(), most)).await.map_err(|_| Refusal::too_slow())??;
    // The reason would quote the text.
    serde_json::from_slice(&bytes).map_err(|error| {
        let place = format!("the JSON cannot be read (line {}, column {})", error.line(), error.column());
        Refusal::malformed(&place)
    })
}

async fn whole(body: Body, most: usize) -> Result<Bytes, Refusal> {
    to_bytes(body, most).await.map_err(|error| {
        let mut source = Some(&error as &dyn std::error::Error);
        while let Some(reason) = source {
            if reason.to_string().contains("length limit") {
                return Refusal::too_large("the text", MOST_TEXT);
            }
            source = reason.source();
        }
        Refusal::malformed("the request broke off")
    })
}

/// A file that was sent, and the fields beside it.
#[derive(Debug, Default)]
pub struct Upload {
    pub name: String,
    pub bytes: Bytes,
    pub setting: Option<String>,
    /// JSON: other wordings of statements, by id.
    pub instead: Option<String>,
    /// By rules alone.
    pub glance: bool,
}

/// The file of a form.
pub async fn upload(request: Request) -> Result<Upload, Refusal> {
    if !is(request.headers(), "multipart/form-data") {
        return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "this address takes a form with a file in it"));
    }
    // A form around the file.
    let most = MOST_FILE + (64 << 10);
    if length(request.headers()) > most {
        throw(request.into_body()).await;
        return Err(Refusal::too_large("the file", MOST_FILE));
    }
    timeout(FILE_TIME, fields(request, most)).await.map_err(|_| Refusal::too_slow())?
}

async fn fields(request: Request, most: usize) -> Result<Upload, Refusal> {
    let mut request = request;
    DefaultBodyLimit::apply(DefaultBodyLimit::max(most), &mut request);
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|_| Refusal::malformed("the form does not say where its parts end"))?;
    let wrong = |error: MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::too_large("the file", MOST_FILE),
        _ => Refusal::malformed("the form is damaged or broke off"),
    };
    let mut found = None;
    let mut setting = None;
    let mut instead = None;
    let mut glance = false;
    while let Some(field) = form.next_field().await.map_err(wrong)? {
        match field.name() {
            Some("file") if found.is_none() => {
                let name = shown(field.file_name().unwrap_or_default());
                found = Some((name, field.bytes().await.map_err(wrong)?));
            }
            Some("setting") => setting = Some(field.text().await.map_err(wrong)?).filter(|text| !text.is_empty()),
            Some("instead") => instead = Some(field.text().await.map_err(wrong)?),
            Some("glance") => glance = field.bytes().await.map_err(wrong)?.as_ref() == b"yes",
            _ => return Err(Refusal::malformed("the form has a part that clearplan does not know")),
        }
    }
    let (name, bytes) = found.ok_or_else(|| Refusal::malformed("the form has no file in it"))?;
    Ok(Upload { name, bytes, setting, instead, glance })
}

/// The last part of a file's name without what could be taken for a path, a header or a line break.
fn shown(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter(|c| !c.is_control() && !matches!(c, '"' | '<' | '>')).take(120).collect();
    if plain.trim_matches('.').trim().is_empty() { "plan".to_owned() } else { plain }
}

fn is(headers: &HeaderMap, kind: &str) -> bool {
    let said = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    said.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(kind)
}

fn length(headers: &HeaderMap) -> usize {
    let said = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    said.and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// Reads on for a little without keeping anything.
async fn throw(body: Body) {
    use axum::body::HttpBody;
    let mut body = std::pin::pin!(body);
    let mut left = THROWN;
    let reading = std::future::poll_fn(|cx| {
        loop {
            match std::task::ready!(body.as_mut().poll_frame(cx)) {
                Some(Ok(frame)) if left > 0 => left = left.saturating_sub(frame.data_ref().map_or(0, Bytes::len)),
                _ => return std::task::Poll::Ready(()),
            }
        }
    });
    // Too slow is as good as the end.
    let _ = timeout(THROWING, reading).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_only_names() {
        assert_eq!(shown("C:\\Plans\\Zoë plan.docx"), "Zoë plan.docx");
        assert_eq!(shown("../../etc/passwd"), "passwd");
        assert_eq!(shown("a\r\nset-cookie: b\".docx"), "aset-cookie: b.docx");
        for empty in ["", "..", "/", ". ."] {
            assert!(!shown(empty).contains('/') && !shown(empty).is_empty(), "{empty}");
        }
        assert_eq!(shown(".."), "plan");
        assert_eq!(shown(&"é".repeat(500)).chars().count(), 120);
    }
}
