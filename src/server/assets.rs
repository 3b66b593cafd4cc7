//! This is what the page is made of beside its words: script, styles and icon, built from `web/` and compiled in.

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Name, type, bytes.
const ASSETS: [(&str, &str, &[u8]); 4] = [
    ("page.js", "text/javascript; charset=utf-8", include_bytes!("../../web/built/page.js")),
    ("page.css", "text/css; charset=utf-8", include_bytes!("../../web/built/page.css")),
    ("icon.svg", "image/svg+xml", include_bytes!("../../web/built/icon.svg")),
    ("notices.txt", "text/plain; charset=utf-8", include_bytes!("../../web/built/notices.txt")),
];

/// `GET /assets/NAME`.
pub async fn get(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some((_, kind, bytes)) = ASSETS.iter().find(|(known, ..)| *known == name) else {
        return super::pages::missing();
    };
    let tag = tag(bytes);
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == tag.as_bytes());
    // Browsers keep it, but ask each time whether it is still the same: a new version of clearplan may have started.
    let fields = [(header::CONTENT_TYPE, *kind), (header::CACHE_CONTROL, "no-cache"), (header::ETAG, &tag)];
    match known {
        true => (StatusCode::NOT_MODIFIED, fields).into_response(),
        false => (fields, *bytes).into_response(),
    }
}

fn tag(bytes: &[u8]) -> String {
    use clearplan::archive::hash::{content, hex};
    format!("\"{}\"", hex(&content(&[bytes])[..8]))
}
