//! This is the gate: who may ask, and what every answer says to the browser that gets it.
//!
//! A page of somebody else's, open in the same browser, can send requests to this machine, and by giving its own name a
//! new address (DNS rebinding) even read the answers. So a request must name a host that we go by, and where the browser
//! says which page it comes from, that page must be ours.

use super::Server;
use super::refusal::Refusal;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::IpAddr;
use std::sync::Arc;

/// What a page may load, if it says nothing stricter itself: nothing.
const NOTHING: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const HEADERS: [(&str, &str); 8] = [
    ("cache-control", "no-store"),
    ("content-security-policy", NOTHING),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
];

/// The names that this server goes by.
pub struct Names(Vec<String>);

impl Names {
    /// This machine's own, the address listened on, and those that were given.
    pub fn new(listening: IpAddr, given: &[String]) -> Self {
        let mut names: Vec<String> = ["localhost", "127.0.0.1", "[::1]"].map(str::to_owned).into();
        // Listening on every address says nothing about which of them people use.
        if !listening.is_unspecified() {
            names.push(match listening {
                IpAddr::V4(address) => address.to_string(),
                IpAddr::V6(address) => format!("[{address}]"),
            });
        }
        names.extend(given.iter().map(|name| name.to_ascii_lowercase()));
        Self(names)
    }

    fn has(&self, authority: &str) -> bool {
        let name = match authority.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
            _ => authority,
        };
        self.0.iter().any(|ours| ours.eq_ignore_ascii_case(name))
    }
}

/// Lets a request in or turns it away, and dresses the answer.
pub async fn keep(State(server): State<Arc<Server>>, request: Request, next: Next) -> Response {
    let mut response = match admit(&server.names, request.method(), request.headers(), request.uri().authority()) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    };
    for (name, value) in HEADERS {
        let name = HeaderName::from_static(name);
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

fn admit(
    names: &Names,
    method: &Method,
    headers: &HeaderMap,
    target: Option<&axum::http::uri::Authority>,
) -> Result<(), Refusal> {
    let hosts: Vec<&HeaderValue> = headers.get_all(header::HOST).iter().collect();
    let host = match hosts.as_slice() {
        [host] => host.to_str().unwrap_or_default(),
        _ => return Err(Refusal::malformed("the request does not say which host it is for")),
    };
    if !names.has(host) || target.is_some_and(|target| !names.has(target.as_str())) {
        let message = "this server does not go by that name; open it by the address that it printed, or start it with \
                       --host and the name that people use";
        return Err(Refusal::new(StatusCode::MISDIRECTED_REQUEST, message));
    }
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let foreign = |origin: &str| origin.split_once("://").is_none_or(|(_, rest)| !rest.eq_ignore_ascii_case(host));
    let elsewhere = text(header::ORIGIN).is_some_and(foreign)
        || (*method == Method::POST
            && text(HeaderName::from_static("sec-fetch-site")).is_some_and(|site| site != "same-origin"));
    if elsewhere {
        let message = "the request comes from another page; only clearplan's own page may ask";
        return Err(Refusal::new(StatusCode::FORBIDDEN, message));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admitted(method: Method, fields: &[(&'static str, &str)]) -> Result<(), u16> {
        let names = Names::new("10.1.2.3".parse().expect("an address"), &["Plans.Council.Example".into()]);
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(HeaderName::from_static(name), value.parse().expect("a value"));
        }
        admit(&names, &method, &headers, None).map_err(|refusal| refusal.status.as_u16())
    }

    #[test]
    fn only_our_names_and_our_page() {
        for host in
            ["localhost:8137", "LOCALHOST", "127.0.0.1:1", "[::1]:8137", "[::1]", "10.1.2.3", "plans.council.example"]
        {
            assert_eq!(admitted(Method::GET, &[("host", host)]), Ok(()), "{host}");
        }
        for host in
            ["evil.example", "localhost.evil.example", "127.0.0.1.nip.example:8137", "", "evil.example:127.0.0.1"]
        {
            assert_eq!(admitted(Method::GET, &[("host", host)]), Err(421), "{host}");
        }
        assert_eq!(admitted(Method::GET, &[]), Err(400));
        assert_eq!(admitted(Method::GET, &[("host", "localhost"), ("host", "evil.example")]), Err(400));
        let from = |origin| admitted(Method::POST, &[("host", "localhost:8137"), ("origin", origin)]);
        assert_eq!(from("http://localhost:8137"), Ok(()));
        for origin in ["http://localhost:9999", "http://evil.example", "null", "https://localhost.evil.example:8137"] {
            assert_eq!(from(origin), Err(403), "{origin}");
        }
        let site = |site| admitted(Method::POST, &[("host", "localhost"), ("sec-fetch-site", site)]);
        assert_eq!(site("same-origin"), Ok(()));
        assert_eq!(site("cross-site"), Err(403));
        // A link on another page may lead here.
        assert_eq!(admitted(Method::GET, &[("host", "localhost"), ("sec-fetch-site", "cross-site")]), Ok(()));
    }
}
