//! This is the fence around code of others: a panic in it becomes an error, a hang ends, deep recursion has room, and
//! nothing is printed.
//!
//! A panic's message may quote the text it happened on, and that is a child's plan. The panic hook prints the message
//! before any `catch_unwind` sees it, and a hook is global, so this cannot be done without touching the global one. What
//! is done is the least that works: once in the life of the process the hook is replaced by one which calls the hook
//! that was there before, except on a thread that is inside [`run`]. Other threads and other code keep their hook and
//! its output; a hook that a program sets later stands in front of this one and is the program's own choice.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

/// Room for parsers that recurse; only what is used is ever taken from the machine.
const STACK: usize = 64 << 20;

/// Why guarded work gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stopped {
    /// It panicked.
    Panicked,
    /// It did not end in time; its thread is left to itself.
    Late,
    /// The machine gave no thread.
    NoThread,
}

impl Stopped {
    /// The reason in words, for an error.
    pub(super) fn why(self) -> &'static str {
        match self {
            Self::Panicked => "the reader met a structure that it cannot handle",
            Self::Late => "it took too long",
            Self::NoThread => "the machine has no room for another thread",
        }
    }
}

/// Runs `work` here; `None` where it panicked. Nothing is printed.
pub(crate) fn quietly<T>(work: impl FnOnce() -> T) -> Option<T> {
    hush();
    let before = QUIET.replace(true);
    let answer = catch_unwind(AssertUnwindSafe(work));
    QUIET.set(before);
    answer.ok()
}

/// Runs `work` on a thread of its own and waits for at most `limit`. `work` gets the moment at which it should stop by
/// itself, which is half of the limit.
pub(super) fn run<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce(Instant) -> T + Send + 'static,
) -> Result<T, Stopped> {
    hush();
    let (sender, receiver) = sync_channel(1);
    let stop = Instant::now() + limit / 2;
    let thread = std::thread::Builder::new().name("clearplan-reader".to_owned()).stack_size(STACK).spawn(move || {
        QUIET.set(true);
        let answer = catch_unwind(AssertUnwindSafe(|| work(stop)));
        // A receiver that no longer waits has reported `Late`.
        let _ = sender.send(answer.map_err(|_| Stopped::Panicked));
    });
    if thread.is_err() {
        return Err(Stopped::NoThread);
    }
    match receiver.recv_timeout(limit) {
        Ok(answer) => answer,
        Err(RecvTimeoutError::Timeout) => Err(Stopped::Late),
        Err(RecvTimeoutError::Disconnected) => Err(Stopped::Panicked),
    }
}

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

fn hush() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Setting a hook on a panicking thread would abort; then the old hook stays.
        if std::thread::panicking() {
            return;
        }
        let before = take_hook();
        set_hook(Box::new(move |info| {
            if !QUIET.try_with(Cell::get).unwrap_or(false) {
                before(info);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_answer() {
        assert_eq!(run(Duration::from_secs(10), |_| -> u8 { panic!("held back") }), Err(Stopped::Panicked));
        assert_eq!(run(Duration::from_secs(10), |_| 7_u8), Ok(7));
    }

    #[test]
    fn a_hang_ends() {
        let slow = run(Duration::from_millis(50), |_| std::thread::sleep(Duration::from_secs(2)));
        assert_eq!(slow, Err(Stopped::Late));
    }

    #[test]
    fn deep_recursion_has_room() {
        fn deep(left: u32) -> u32 {
            let here = std::hint::black_box([left; 64]);
            if left == 0 { here[0] } else { deep(left - 1).max(here[1]) }
        }
        assert_eq!(run(Duration::from_secs(10), |_| deep(60_000)), Ok(60_000));
    }
}
