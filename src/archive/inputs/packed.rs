//! This is the reading of zip and tar archives, member by member, in their order.

use super::{Budget, Event, Form, LARGEST, Sink, ignored, lines, plan, too_large, unreadable};
use crate::archive::input::{Reason, Rejected};
use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::ops::ControlFlow;
use std::path::{Component, Path};
use std::sync::atomic::Ordering;
use zip::result::ZipError;

/// Members that one archive may have.
const MEMBERS: usize = 2_000_000;

/// Reads a zip archive of that size.
pub(super) fn zip(file: File, size: u64, name: &str, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let budget = Budget::default();
    // Members are read from anywhere: what counts is the archive's whole size.
    budget.packed.store(size.max(1), Ordering::Relaxed);
    let mut reader = BufReader::new(file);
    let again = reader.get_ref().try_clone();
    let mut archive = match zip::ZipArchive::new(&mut reader) {
        Ok(archive) => archive,
        Err(_) => {
            // The list of members stands at the end: without it they are looked for from the beginning.
            if let Ok(mut file) = again
                && file.rewind().is_ok()
            {
                streamed(&mut BufReader::new(file), name, &budget, sink)?;
            }
            return sink(Event::Rejected(Rejected::new(
                name,
                Reason::Damaged,
                "the end of this zip archive is missing; copy it again. What could be found in it was read",
            )));
        }
    };
    if archive.len() > MEMBERS {
        return sink(Event::Rejected(Rejected::new(
            name,
            Reason::TooLarge,
            format!("it has more than {MEMBERS} members; split it"),
        )));
    }
    for at in 0..archive.len() {
        let called = archive.name_for_index(at).and_then(Result::ok).map(|name| name.into_owned()).unwrap_or_default();
        match archive.by_index(at) {
            Ok(file) if file.is_dir() => {}
            Ok(file) => {
                let (size, link) = (file.size(), file.is_symlink());
                one(file, size, link, name, &called, &budget, sink)?;
            }
            Err(error) => {
                let place = format!("{name}/{called}");
                let (reason, why) = match error {
                    ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
                        (Reason::Encrypted, "it is protected by a password; unpack it and give what is inside")
                    }
                    ZipError::UnsupportedArchive(_) => {
                        (Reason::Unsupported, "it is packed in a way that is not read; pack it as ordinary zip")
                    }
                    _ => (Reason::Damaged, "this member is damaged; copy the archive again"),
                };
                sink(Event::Rejected(Rejected::new(place, reason, why)))?;
            }
        }
        if !budget.spend(0) {
            return sink(Budget::exceeded(name));
        }
    }
    ControlFlow::Continue(())
}

/// The members of a zip archive without its list.
fn streamed(reader: &mut impl Read, name: &str, budget: &Budget, sink: &mut Sink<'_>) -> ControlFlow<()> {
    while let Ok(Some(mut file)) = zip::read::read_zipfile_from_stream(reader) {
        if file.is_dir() {
            continue;
        }
        let member = file.name().map(|name| name.into_owned()).unwrap_or_default();
        let mut bytes = Vec::new();
        // The member that the archive breaks off in is not whole: half a plan is not judged as one.
        if file.by_ref().take(LARGEST + 1).read_to_end(&mut bytes).is_err() {
            break;
        }
        let size = bytes.len() as u64;
        one(bytes.as_slice(), size, false, name, &member, budget, sink)?;
        if !budget.spend(0) {
            return sink(Budget::exceeded(name));
        }
    }
    ControlFlow::Continue(())
}

/// Reads a tar archive.
pub(super) fn tar(reader: impl Read, name: &str, budget: &Budget, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let mut archive = ::tar::Archive::new(Spent { reader, budget });
    let entries = match archive.entries() {
        Ok(entries) => entries,
        Err(error) => return sink(unreadable(name, &error)),
    };
    for entry in entries {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) if error.kind() == std::io::ErrorKind::FileTooLarge => return sink(Budget::exceeded(name)),
            Err(error) => return sink(unreadable(name, &error)),
        };
        let member = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let kind = entry.header().entry_type();
        if kind.is_dir() || kind.is_pax_global_extensions() {
            continue;
        }
        if !(kind.is_file() || kind.is_contiguous() || kind.is_gnu_sparse() || kind.is_symlink() || kind.is_hard_link())
        {
            sink(super::not_a_file(&format!("{name}/{member}")))?;
            continue;
        }
        let size = entry.size();
        // Bytes are counted where the archive is read, once.
        let counted = Budget::default();
        counted.packed.store(u64::MAX, Ordering::Relaxed);
        one(entry, size, kind.is_symlink() || kind.is_hard_link(), name, &member, &counted, sink)?;
        if !budget.spend(0) {
            return sink(Budget::exceeded(name));
        }
    }
    ControlFlow::Continue(())
}

/// Counts what is unpacked and ends where it is too much, also while a member is only skipped.
struct Spent<'b, R> {
    reader: R,
    budget: &'b Budget,
}

impl<R: Read> Read for Spent<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.reader.read(buffer)?;
        if self.budget.spend(count as u64) { Ok(count) } else { Err(std::io::ErrorKind::FileTooLarge.into()) }
    }
}

/// Reads a member.
fn one(
    reader: impl Read,
    size: u64,
    link: bool,
    archive: &str,
    member: &str,
    budget: &Budget,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let plain = member.replace('\\', "/");
    let place = format!("{archive}/{plain}");
    if !inside(&plain) {
        return sink(Event::Rejected(Rejected::new(
            place,
            Reason::UnsafeName,
            "its name leads out of the archive; whoever made this archive meant no good or used a faulty program",
        )));
    }
    if plain.split('/').any(ignored) {
        return ControlFlow::Continue(());
    }
    if link {
        return sink(Event::Rejected(Rejected::new(
            place,
            Reason::Link,
            "it is a link, not a file; pack the file itself",
        )));
    }
    match Form::of(&plain) {
        Form::Records(packing) => match packing.unpack(reader) {
            Ok(reader) => lines::read(reader, &place, budget, sink),
            Err(error) => sink(unreadable(&place, &error)),
        },
        form if form.is_packed() => sink(Event::Rejected(Rejected::new(
            place,
            Reason::Unsupported,
            "it is an archive or a table inside an archive; unpack the outer one and give what is inside",
        ))),
        _ if size > LARGEST => sink(too_large(&place, LARGEST)),
        _ => {
            budget.spend(size);
            plan(reader, size, &place, sink)
        }
    }
}

/// True for a name that stays below the archive.
fn inside(name: &str) -> bool {
    let drive = name.as_bytes().get(1) == Some(&b':');
    let mut parts = Path::new(name).components().peekable();
    parts.peek().is_some()
        && !drive
        && !name.contains('\0')
        && parts.all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Write};
    use zip::write::SimpleFileOptions;

    fn seen(read: impl FnOnce(&mut Sink<'_>) -> ControlFlow<()>) -> Vec<String> {
        let mut seen = Vec::new();
        let _ = read(&mut |event| {
            seen.push(match event {
                Event::Input(raw) => format!("{} {}", raw.source, raw.body.bytes().len()),
                Event::Rejected(rejected) => format!("{} {}", rejected.input, rejected.reason.name()),
            });
            ControlFlow::Continue(())
        });
        seen
    }

    fn tarred(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut builder = ::tar::Builder::new(Vec::new());
        for (name, bytes) in members {
            let mut header = ::tar::Header::new_old();
            header.set_size(bytes.len() as u64);
            let field = &mut header.as_old_mut().name;
            field[..name.len()].copy_from_slice(name.as_bytes());
            header.set_cksum();
            builder.append(&header, *bytes).expect("memory");
        }
        builder.into_inner().expect("memory")
    }

    #[test]
    fn members_of_a_tar() {
        let bytes = tarred(&[
            ("a/p1.txt", b"one"),
            ("../p2.txt", b"two"),
            ("/etc/p3.txt", b"three"),
            ("C:\\p4.txt", b"four"),
            ("._p5.txt", b"five"),
            ("r.jsonl", b"{}\n{}\n"),
            ("in.zip", b"PK"),
        ]);
        let budget = Budget::default();
        let found = seen(|sink| tar(bytes.as_slice(), "x.tar", &budget, sink));
        assert_eq!(
            found,
            [
                "x.tar/a/p1.txt 3",
                "x.tar/../p2.txt unsafe_name",
                "x.tar//etc/p3.txt unsafe_name",
                "x.tar/C:/p4.txt unsafe_name",
                "x.tar/r.jsonl 2",
                "x.tar/r.jsonl 2",
                "x.tar/in.zip unsupported",
            ]
        );
        let cut = seen(|sink| tar(&bytes[..700], "x.tar", &budget, sink));
        assert_eq!(cut.first().map(String::as_str), Some("x.tar/a/p1.txt 3"));
        assert!(cut.last().is_some_and(|last| last.ends_with("damaged")), "{cut:?}");
    }

    fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in members {
            writer.start_file(*name, SimpleFileOptions::default()).expect("memory");
            writer.write_all(bytes).expect("memory");
        }
        writer.finish().expect("memory").into_inner()
    }

    fn from_file(name: &str, bytes: &[u8]) -> Vec<String> {
        let path = std::env::temp_dir().join(format!("clearplan-packed-{}-{name}", std::process::id()));
        std::fs::write(&path, bytes).expect("a temporary file");
        let found = seen(|sink| zip(File::open(&path).expect("it is there"), bytes.len() as u64, "x.zip", sink));
        let _ = std::fs::remove_file(&path);
        found
    }

    #[test]
    fn members_of_a_zip() {
        let bytes = zipped(&[("a/p1.txt", b"one"), ("../p2.txt", b"two"), ("r.jsonl", b"{}\n")]);
        assert_eq!(from_file("a", &bytes), ["x.zip/a/p1.txt 3", "x.zip/../p2.txt unsafe_name", "x.zip/r.jsonl 2"]);
        let found = from_file("b", &bytes[..bytes.len() - 30]);
        assert_eq!(found, ["x.zip/a/p1.txt 3", "x.zip/../p2.txt unsafe_name", "x.zip/r.jsonl 2", "x.zip damaged"]);
    }

    #[test]
    fn a_bomb_is_left() {
        let zeros = vec![b' '; 40 << 20];
        let bytes = zipped(&[("a.txt", &zeros), ("b.txt", &zeros), ("c.txt", &zeros)]);
        assert_eq!(
            from_file("c", &bytes),
            [&format!("x.zip/a.txt {}", 40 << 20), &format!("x.zip/b.txt {}", 40 << 20), "x.zip too_large"]
        );
        let large = vec![b' '; LARGEST as usize + 1];
        assert_eq!(from_file("d", &zipped(&[("a.txt", &large)])), ["x.zip/a.txt too_large"]);
    }
}
