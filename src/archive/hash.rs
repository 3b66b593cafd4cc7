//! This is how names and wordings are told apart in eight bytes, and contents in thirty-two.

/// A name in eight bytes. Two of a million different names share one with a probability of 1 in 37 million.
pub fn key(name: &str) -> u64 {
    twox_hash::XxHash64::oneshot(0, name.as_bytes())
}

/// The hash of some content.
pub type Content = [u8; 32];

/// The hash of parts, each with its length, so that no two lists of parts run together.
pub fn content(parts: &[&[u8]]) -> Content {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    *hasher.finalize().as_bytes()
}

/// A hash as outputs write it.
pub fn hex(hash: &[u8]) -> String {
    use std::fmt::Write;
    hash.iter().fold(String::with_capacity(hash.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
