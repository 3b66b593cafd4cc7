//! This is where bytes leave: standard output, a file, or an input read from standard input.

use super::Failure;
use anstream::{AutoStream, ColorChoice};
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;

/// Writes to standard output. A reader that has gone (`| head`) is no error.
pub fn print(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    settled(out.write_all(bytes).and_then(|()| out.flush()), "standard output")
}

/// Writes to a file, all or nothing.
pub fn save(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    std::fs::write(path, bytes).map_err(|error| Failure::Output { to: path.display().to_string(), error })
}

/// Makes a broken pipe a success: whoever asked has read enough.
pub fn settled(result: io::Result<()>, to: &str) -> Result<(), Failure> {
    match result {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::Output { to: to.to_owned(), error }),
        _ => Ok(()),
    }
}

/// True where standard output should have colours: as asked, else on a terminal and by NO_COLOR and its kin.
pub fn coloured(asked: clap::ColorChoice) -> bool {
    let choice = match asked {
        clap::ColorChoice::Always => ColorChoice::Always,
        clap::ColorChoice::Never => ColorChoice::Never,
        clap::ColorChoice::Auto => AutoStream::choice(&io::stdout()),
    };
    choice != ColorChoice::Never
}

/// The terminal's columns; 100 where there is no terminal, so that output to files does not depend on one.
pub fn width() -> usize {
    terminal_size::terminal_size_of(io::stdout()).map_or(100, |(width, _)| usize::from(width.0).min(120))
}

/// An input's bytes; `-` is standard input.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes)?;
        Ok(bytes)
    } else {
        std::fs::read(path)
    }
}

/// What to call an input in output.
pub fn name(path: &Path) -> String {
    if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() }
}

/// Why a file could not be opened, and what to do.
pub fn unreadable(name: &str, error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => format!("{name}: there is no such file; check the name"),
        ErrorKind::PermissionDenied => format!("{name}: this file may not be read by you; check who may open it"),
        ErrorKind::IsADirectory => format!("{name}: this is a folder; name the plans in it"),
        _ => format!("{name}: could not be read ({error})"),
    }
}
