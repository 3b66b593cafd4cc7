//! This is `clearplan serve`: the writers' page, on this machine.

use super::{Exit, Failure, Judging, output};
use crate::server::{Bench, Server};
use clearplan::Statement;
use clearplan::document::Kind;
use std::net::SocketAddr;
use tokio::net::TcpListener;

/// Statements that are not judged again: some 64 MiB where there are so many different ones.
const REMEMBERED: usize = 1 << 15;

/// The writers' page: type, paste or drop a plan in the browser, and see what is vague while you write
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  clearplan serve                                         then open http://127.0.0.1:8137 in a browser
  clearplan serve --listen 127.0.0.1:9000                 on another port
  clearplan serve --listen 10.1.2.3:8137 --host plans.council.example
                                                          for a whole team, behind a proxy that encrypts

Nothing is stored and nothing connects outward. Ctrl+C stops it.")]
pub struct Serve {
    /// Where to listen; port 0 takes any that is free
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8137")]
    listen: SocketAddr,
    /// A further name that people open it by, such as the proxy's; requests for other names are refused
    #[arg(long, value_name = "NAME")]
    host: Vec<String>,
    #[command(flatten)]
    judging: Judging,
}

impl Serve {
    /// Serves until it is told to stop.
    pub fn run(self) -> Result<Exit, Failure> {
        let engine = self.judging.engine()?.with_cache(REMEMBERED);
        let about = self.judging.about(&engine)?;
        let bench = Bench::new(engine, self.judging.rules_alone()?, about, self.judging.pool()?, self.judging.pool()?);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Failure::Usage(format!("the server could not be started ({error}); try again")))?;
        // What is said of a panic by default may quote the plan that it happened on.
        std::panic::set_hook(Box::new(|panic| {
            let place = panic.location().map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
            anstream::eprintln!("clearplan: a fault of the program{place}; the server goes on. Please report it");
        }));
        runtime.block_on(self.serve(bench))
    }

    async fn serve(self, bench: Bench) -> Result<Exit, Failure> {
        let busy = |error: std::io::Error| {
            Failure::Usage(format!(
                "{} cannot be listened on ({error}); is clearplan running already? --listen 127.0.0.1:0 takes any free port",
                self.listen
            ))
        };
        let listener = TcpListener::bind(self.listen).await.map_err(busy)?;
        let address = listener.local_addr().map_err(busy)?;
        let stop = stop().map_err(|error| Failure::Usage(format!("the server could not be started ({error})")))?;
        output::print(
            format!("clearplan listens on http://{address}\nOpen that in a browser. Ctrl+C stops it.\n").as_bytes(),
        )?;
        if !address.ip().is_loopback() {
            anstream::eprintln!(
                "clearplan: whoever reaches {address} can use this page, and what they send is not encrypted; put a proxy with \
                 HTTPS before it"
            );
        }
        // The first to write shall not wait until the model is unpacked.
        let engine = std::sync::Arc::clone(&bench.engine);
        tokio::task::spawn_blocking(move || {
            engine.assess(&Statement::new(Kind::Outcome, "Sam will read a timetable."))
        });
        Server::new(bench, address.ip(), &self.host, self.judging.setting()).run(listener, stop).await;
        Ok(Exit::Clean)
    }
}

/// Comes when the server is to stop: Ctrl+C, or what a service manager sends.
#[cfg(unix)]
fn stop() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Comes when the server is to stop: Ctrl+C.
#[cfg(not(unix))]
fn stop() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
