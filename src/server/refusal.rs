//! This is the answer to a request that cannot be met: what, where and what to do, and no word of what was sent.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Why a request is not met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub status: StatusCode,
    pub message: String,
}

impl Refusal {
    pub fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    /// More bytes than are taken.
    pub fn too_large(what: &str, most: usize) -> Self {
        let most = if most >= 1 << 20 { format!("{} MB", most >> 20) } else { format!("{} kB", most >> 10) };
        let message = format!("{what} is larger than {most}, and no plan is; check that it is the plan, or split it");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, message)
    }

    /// Did not arrive in time.
    pub fn too_slow() -> Self {
        let message = "what was sent took too long to arrive; try again, or on a better line";
        Self::new(StatusCode::REQUEST_TIMEOUT, message)
    }

    /// Nobody is free to judge.
    pub fn busy() -> Self {
        let message = "clearplan is busy with other plans; try again in a minute";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, message)
    }

    /// A fault of ours.
    pub fn fault() -> Self {
        let message =
            "clearplan failed on this text; the other parts go on. Please report it, with the file if you may";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, message)
    }

    /// Not what the page sends.
    pub fn malformed(what: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, format!("{what}; load the page again and send it once more"))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = serde_json::json!({ "error": self.message }).to_string();
        let mut response = (self.status, [(header::CONTENT_TYPE, "application/json")], body).into_response();
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from_static("5"));
        }
        response
    }
}
