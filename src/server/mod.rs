//! This is the writers' page as a server: it listens, lets in whom it may, judges what is sent, and keeps none of it.
//!
//! It belongs to the binary. It opens no connection, sets no cookie, writes no file and no log; a text stands in memory
//! while it is judged, and judged statements in a bounded cache until the server stops.

mod api;
mod assets;
mod body;
mod gate;
mod judge;
mod pages;
mod patient;
mod refusal;

pub use judge::Bench;

use self::gate::Names;
use self::patient::{Patient, Phase};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use clearplan::document::Setting;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// Open connections; more wait to be let in.
const CONNECTIONS: usize = 2048;
/// Files that are sent or held at once.
const UPLOADS: usize = 16;
/// For how long a file waits to be let in.
const WAIT: Duration = Duration::from_secs(20);
/// How long those who are being answered may take once the server is to stop.
const LAST: Duration = Duration::from_secs(10);
/// After an error of the system, such as too many open files.
const BREATH: Duration = Duration::from_millis(100);

/// What all requests share.
pub struct Server {
    bench: Bench,
    names: Names,
    /// Where the child is educated, if the request does not say.
    setting: Option<Setting>,
    uploads: Semaphore,
}

impl Server {
    /// `address` is what is listened on, `hosts` are the further names that people reach it by.
    pub fn new(bench: Bench, address: IpAddr, hosts: &[String], setting: Option<Setting>) -> Self {
        Self { bench, names: Names::new(address, hosts), setting, uploads: Semaphore::new(UPLOADS) }
    }

    /// Answers on `listener` until `stop` comes; then lets those finish who are being answered.
    pub async fn run(self, listener: TcpListener, stop: impl Future<Output = ()>) {
        let service = TowerToHyperService::new(router(Arc::new(self)));
        let connections = Arc::new(Semaphore::new(CONNECTIONS));
        let graceful = GracefulShutdown::new();
        let mut stop = std::pin::pin!(stop);
        loop {
            let next = async {
                let place = Arc::clone(&connections).acquire_owned().await;
                (listener.accept().await, place)
            };
            let (accepted, place) = tokio::select! {
                () = &mut stop => break,
                next = next => next,
            };
            let (Ok((stream, _)), Ok(place)) = (accepted, place) else {
                tokio::time::sleep(BREATH).await;
                continue;
            };
            // Small answers go out at once.
            let _ = stream.set_nodelay(true);
            let phase = Phase::default();
            let socket = TokioIo::new(Patient::new(stream, phase.clone()));
            let service = service.clone();
            let answer = service_fn(move |request: hyper::Request<Incoming>| {
                let (service, phase) = (service.clone(), phase.clone());
                async move {
                    phase.turn();
                    let answer = service.call(request).await;
                    phase.turn();
                    answer as Result<_, Infallible>
                }
            });
            let serving =
                http1::Builder::new().timer(TokioTimer::new()).max_buf_size(64 << 10).serve_connection(socket, answer);
            let serving = graceful.watch(serving);
            tokio::spawn(async move {
                // Whatever ends it has been told to the client, or cannot be.
                let _ = serving.await;
                drop(place);
            });
        }
        drop(listener);
        let _ = timeout(LAST, graceful.shutdown()).await;
    }
}

fn router(server: Arc<Server>) -> Router {
    Router::new()
        .route("/", get(pages::write))
        .route("/rules", get(pages::rules))
        .route("/rules/{*id}", get(pages::rule))
        .route("/assets/{name}", get(assets::get))
        .route("/api/rules", get(api::rules))
        .route("/api/text", post(api::text))
        .route("/api/statement", post(api::statement))
        .route("/api/plan", post(api::plan))
        .route("/api/annotate", post(api::annotate))
        .fallback(|| async { pages::missing() })
        .layer(DefaultBodyLimit::max(body::MOST_FILE))
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&server), gate::keep))
        .with_state(server)
}
