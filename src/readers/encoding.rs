//! This is how bytes become characters: by mark, by form, and only then by guess.

use crate::document::{Note, NoteKind};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Text with what had to be guessed to get it.
pub(super) struct Decoded {
    /// The characters, without a byte-order mark.
    pub(super) text: String,
    /// A [`NoteKind::Guessed`] where the encoding is not certain, or some bytes are not of it.
    pub(super) note: Option<Note>,
}

/// Decodes a whole file.
pub(super) fn decode(bytes: &[u8]) -> Decoded {
    let (encoding, certain) = encoding_of(bytes);
    let (text, used, broken) = encoding.decode(bytes);
    let message = if broken {
        Some(format!(
            "Some bytes are not {}: those characters are shown as \u{fffd}; save the file as UTF-8 to be sure.",
            used.name()
        ))
    } else if certain {
        None
    } else {
        Some(format!(
            "The file does not say its encoding; it was read as {}. Save it as UTF-8 if letters look wrong.",
            used.name()
        ))
    };
    Decoded {
        text: text.into_owned(),
        note: message.map(|message| Note { kind: NoteKind::Guessed, message, page: None }),
    }
}

/// The first `limit` bytes as text, for looking at only.
pub(super) fn sample(bytes: &[u8], limit: usize) -> String {
    let part = bytes.get(..limit).unwrap_or(bytes);
    let (encoding, _) = encoding_of(part);
    let (text, ..) = encoding.decode(part);
    let mut text = text.into_owned();
    if part.len() < bytes.len() && text.ends_with('\u{fffd}') {
        text.pop();
    }
    text
}

/// True where the characters are such as people write: hardly any control characters or undecodable bytes.
pub(super) fn is_readable(text: &str) -> bool {
    let (mut all, mut odd) = (0_usize, 0_usize);
    for c in text.chars() {
        all += 1;
        let control = c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{b}' | '\u{1a}' | '\u{85}');
        if control || c == '\u{fffd}' {
            odd += 1;
        }
    }
    odd * 50 <= all
}

/// The encoding, and whether that is certain.
fn encoding_of(bytes: &[u8]) -> (&'static Encoding, bool) {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return (encoding, true);
    }
    if let Some(encoding) = unmarked_utf16(bytes) {
        return (encoding, true);
    }
    match std::str::from_utf8(bytes) {
        Ok(_) => return (UTF_8, true),
        // Cut in the middle of a character: still UTF-8.
        Err(error) if error.error_len().is_none() && error.valid_up_to() > 0 => return (UTF_8, true),
        Err(_) => {}
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    (detector.guess(Some(b"uk"), Utf8Detection::Deny), false)
}

/// English in UTF-16 has a zero in every other byte.
fn unmarked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let part = bytes.get(..4096).unwrap_or(bytes);
    let pairs = part.len() / 2;
    if pairs < 2 {
        return None;
    }
    let zeros = |offset: usize| part.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let (first, second) = (zeros(0), zeros(1));
    if second * 10 >= pairs * 7 && first * 20 <= pairs {
        Some(UTF_16LE)
    } else if first * 10 >= pairs * 7 && second * 20 <= pairs {
        Some(UTF_16BE)
    } else {
        None
    }
}
