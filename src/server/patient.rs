//! This is patience with slow clients, and its end: a request must arrive, and an answer be taken, within a time, so that
//! no client can hold a connection by doing nothing.
//!
//! HTTP's own library knows when a request is late, but only hangs up; whoever is just on a bad line deserves to read why.
//! So the socket itself keeps the time and says 408 before it closes. How long a *body* may take is the handler's to say.

use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep};

/// For how long a connection is kept that asks nothing.
const IDLE: Duration = Duration::from_secs(75);
/// From the first byte of a request to the end of its head.
const HEAD: Duration = Duration::from_secs(10);
/// For how long a client may take nothing of an answer.
const STALLED: Duration = Duration::from_secs(30);

const LATE: &[u8] = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-type: text/plain; charset=utf-8\r\n\
    content-length: 58\r\n\r\nThe request took too long to arrive; load the page again.\n";

/// What the socket and the service that answers on it both know: odd while a request is being answered.
#[derive(Clone, Default)]
pub struct Phase(Arc<AtomicUsize>);

impl Phase {
    /// A request has arrived, or its answer is ready.
    pub fn turn(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// A socket that keeps the time.
pub struct Patient {
    stream: TcpStream,
    phase: Phase,
    /// The phase at the last look.
    seen: usize,
    /// True from the first byte of a request to the end of its head.
    begun: bool,
    waiting: Pin<Box<Sleep>>,
    stalled: Option<Pin<Box<Sleep>>>,
}

impl Patient {
    pub fn new(stream: TcpStream, phase: Phase) -> Self {
        let waiting = Box::pin(sleep(IDLE));
        Self { stream, phase, seen: 0, begun: false, waiting, stalled: None }
    }

    /// True where the client is to send a head; false while it is being answered.
    fn head(&mut self) -> bool {
        let now = self.phase.0.load(Ordering::Relaxed);
        if now != self.seen {
            self.seen = now;
            self.begun = false;
            self.waiting.as_mut().reset(Instant::now() + IDLE);
        }
        now.is_multiple_of(2)
    }

    fn late(&mut self, cx: &mut Context<'_>) -> bool {
        if !self.head() || self.waiting.as_mut().poll(cx).is_pending() {
            return false;
        }
        if self.begun {
            // As much as goes at once; nothing else can be done for this client.
            let _ = Pin::new(&mut self.stream).poll_write(cx, LATE);
        }
        true
    }
}

impl AsyncRead for Patient {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buf);
        if self.head() && !self.begun && buf.filled().len() > before {
            self.begun = true;
            self.waiting.as_mut().reset(Instant::now() + HEAD);
        }
        if self.late(cx) {
            // The end of the stream, to whoever reads.
            buf.set_filled(before);
            return Poll::Ready(Ok(()));
        }
        read
    }
}

impl AsyncWrite for Patient {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(STALLED)));
        match stalled.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(Err(ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_late_answer_says_its_length() {
        let text = String::from_utf8_lossy(LATE);
        let (head, body) = text.split_once("\r\n\r\n").expect("a head and a body");
        assert!(head.ends_with(&format!("content-length: {}", body.len())), "{head}: {}", body.len());
    }
}
