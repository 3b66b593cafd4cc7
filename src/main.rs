//! This is the command line: arguments → read → assess → write.

#![forbid(unsafe_code)]

mod cli;
mod server;

use clap::Parser;
use std::process::ExitCode;

/// A plan is thousands of short lists and strings, and threads hand them to each other.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match cli::Arguments::parse().run() {
        Ok(exit) => exit.into(),
        Err(error) => {
            anstream::eprintln!("clearplan: {error}");
            cli::Exit::from(&error).into()
        }
    }
}
