//! This is the manifest: a line for each shard that is whole, with what it was made from.

use crate::archive::hash::{Content, hex};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// What judged: a shard of another one is not used again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judge {
    /// Version of the program, and of the form of its shards.
    pub engine: String,
    /// Hash of the model, or how else it was judged.
    pub model: String,
    /// Hash of the rules.
    pub rules: String,
    /// The options that change what is in a shard.
    pub options: String,
}

/// A line of the manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The shard's name.
    pub shard: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Plans in it.
    pub plans: usize,
    /// Inputs that gave none.
    pub rejected: usize,
    /// Rows of statements and of findings.
    pub rows: [usize; 2],
    /// Id and content hash of each input.
    pub inputs: Vec<(String, String)>,
    /// What judged.
    #[serde(flatten)]
    pub judge: Judge,
}

/// The shards that are there, by name.
#[derive(Debug)]
pub struct Manifest {
    file: File,
    done: HashMap<[u8; 16], u64>,
}

impl Manifest {
    /// Opens a manifest, or begins one. A line that was cut short by a kill is dropped; its shard is made again.
    ///
    /// # Errors
    /// The system's.
    pub fn open(path: &Path) -> io::Result<Self> {
        let text = match std::fs::read(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(error),
        };
        let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let mut done = HashMap::new();
        for line in text[..whole].split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            if let Ok(Short { shard, bytes }) = serde_json::from_slice(line)
                && let Some(name) = name(&shard)
            {
                done.insert(name, bytes);
            }
        }
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
        file.set_len(whole as u64)?;
        drop(file);
        Ok(Self { file: OpenOptions::new().append(true).open(path)?, done })
    }

    /// The size of a shard, if it is listed.
    pub fn bytes(&self, key: &Content) -> Option<u64> {
        self.done.get(&key[..16]).copied()
    }

    /// Enters shards that are whole, and makes that durable.
    ///
    /// # Errors
    /// The system's.
    pub fn enter(&mut self, entries: &[Entry]) -> io::Result<()> {
        let mut lines = Vec::new();
        for entry in entries {
            serde_json::to_writer(&mut lines, entry)?;
            lines.push(b'\n');
        }
        let whole = self.file.metadata()?.len();
        if let Err(error) = self.file.write_all(&lines).and_then(|()| self.file.sync_data()) {
            // Half a line would spoil the one that another batch may still add.
            let _ = self.file.set_len(whole);
            return Err(error);
        }
        for entry in entries {
            if let Some(name) = name(&entry.shard) {
                self.done.insert(name, entry.bytes);
            }
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Short {
    shard: String,
    bytes: u64,
}

/// The name of a shard.
pub fn shard_name(key: &Content) -> String {
    hex(&key[..16])
}

fn name(text: &str) -> Option<[u8; 16]> {
    let mut out = [0; 16];
    if text.len() != 32 || !text.is_ascii() {
        return None;
    }
    for (byte, digits) in out.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(out)
}
