//! This is the reading of JSON Lines: one record a line, of which none can be longer than memory allows.

use super::{Budget, Event, LONGEST, Sink, too_large, unreadable};
use crate::archive::input::{Body, Raw};
use std::io::{self, BufRead, BufReader, Read};
use std::ops::ControlFlow;

/// Reads every line. A line beyond [`LONGEST`] is skipped without being held.
pub(super) fn read(reader: impl Read, name: &str, budget: &Budget, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let mut reader = BufReader::with_capacity(1 << 20, reader);
    let mut number = 0;
    loop {
        number += 1;
        let (line, consumed, failed) = match next(&mut reader) {
            Ok(None) => return ControlFlow::Continue(()),
            Ok(Some((line, consumed))) => (line, consumed, None),
            Err(error) => (Some(Vec::new()), 0, Some(error)),
        };
        if let Some(error) = failed {
            return sink(unreadable(name, &error));
        }
        match line {
            None => sink(too_large(&format!("{name}:{number}"), LONGEST as u64))?,
            Some(mut line) => {
                if number == 1 && line.starts_with(b"\xEF\xBB\xBF") {
                    line.drain(..3);
                }
                if !line.iter().all(u8::is_ascii_whitespace) {
                    sink(Event::Input(Raw { source: name.to_owned(), line: Some(number), body: Body::Record(line) }))?;
                }
            }
        }
        if !budget.spend(consumed) {
            return sink(Budget::exceeded(name));
        }
    }
}

/// The next line without its break and how many bytes it took; no line where it is too long.
fn next(reader: &mut impl BufRead) -> io::Result<Option<(Option<Vec<u8>>, u64)>> {
    let mut line = Some(Vec::new());
    let mut consumed = 0;
    loop {
        let buffer = match reader.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            other => other?,
        };
        if buffer.is_empty() {
            return Ok((consumed > 0).then_some((line, consumed)));
        }
        let end = memchr::memchr(b'\n', buffer);
        let piece = &buffer[..end.unwrap_or(buffer.len())];
        match &mut line {
            Some(held) if held.len() + piece.len() <= LONGEST => held.extend_from_slice(piece),
            _ => line = None,
        }
        let used = piece.len() + usize::from(end.is_some());
        reader.consume(used);
        consumed += used as u64;
        if end.is_some() {
            return Ok(Some((line, consumed)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(input: impl Read) -> Vec<(String, usize)> {
        let mut seen = Vec::new();
        let _ = read(input, "a.jsonl", &Budget::default(), &mut |event| {
            seen.push(match event {
                Event::Input(raw) => (format!("{}", raw.line.unwrap_or(0)), raw.body.bytes().len()),
                Event::Rejected(rejected) => (rejected.input + " " + rejected.reason.name(), 0),
            });
            ControlFlow::Continue(())
        });
        seen
    }

    #[test]
    fn lines_and_one_of_a_gigabyte() {
        let huge = io::repeat(b'x').take(1 << 30);
        let input = (&b"\xEF\xBB\xBF{\"a\":1}\r\n\n"[..]).chain(huge).chain(&b"\n{}"[..]);
        // Not packed: its size is what is read.
        let budget = Budget::default();
        let mut seen = Vec::new();
        let _ = read(budget.counted(input), "a.jsonl", &budget, &mut |event| {
            seen.push(match event {
                Event::Input(raw) => format!("{:?} {}", raw.line, raw.body.bytes().len()),
                Event::Rejected(rejected) => format!("{} {}", rejected.input, rejected.reason.name()),
            });
            ControlFlow::Continue(())
        });
        assert_eq!(seen, ["Some(1) 8", "a.jsonl:3 too_large", "Some(4) 2"]);
    }

    #[test]
    fn a_stream_that_unpacks_without_end_is_left() {
        let line = "{\"text\":\"".to_owned() + &" ".repeat(1 << 20) + "\"}\n";
        let mut packed = zstd::stream::Encoder::new(Vec::new(), 3).expect("an encoder");
        for _ in 0..200 {
            io::Write::write_all(&mut packed, line.as_bytes()).expect("memory");
        }
        let packed = packed.finish().expect("memory");
        let budget = Budget::default();
        let reader = zstd::stream::read::Decoder::new(budget.counted(packed.as_slice())).expect("a decoder");
        let mut last = String::new();
        let mut count = 0;
        let _ = read(reader, "a", &budget, &mut |event| {
            count += 1;
            if let Event::Rejected(rejected) = event {
                last = rejected.reason.name().to_owned();
            }
            ControlFlow::Continue(())
        });
        assert_eq!(last, "too_large");
        assert!((64..80).contains(&count), "{count}");
    }

    #[test]
    fn a_broken_stream_is_told_after_what_was_read() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        for i in 0..5_000 {
            io::Write::write_all(
                &mut packed,
                format!("{{\"id\":{i},\"text\":\"{}\"}}\n", i * 7919 % 10_007).as_bytes(),
            )
            .expect("memory");
        }
        let packed = packed.finish().expect("memory");
        let cut = &packed[..packed.len() / 2];
        let seen = all(flate2::read::MultiGzDecoder::new(cut));
        assert!(seen.len() > 1_000);
        assert_eq!(seen.last().map(|last| last.0.as_str()), Some("a.jsonl damaged"));
    }
}
