//! This is a zip container (docx, odt) of which a few parts are rewritten: every other entry is copied as it is packed.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Bytes that one part may unpack to; the reader has the same limit.
const MAX_PART: u64 = 64 << 20;

/// Why a document could not be written into. Messages hold no plan text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The container cannot be rewritten without loss.
    #[error("{0}; open the file in its word processor, save it again and try once more")]
    Damaged(String),
    /// The review was made from other bytes.
    #[error("the review is not one of this document; review it again and try once more")]
    OtherDocument,
    /// Nothing in it can carry a mark.
    #[error("the document holds no words that can be marked; check that it is the plan itself and not pictures of it")]
    NothingToMark,
}

/// A document that was written into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The new file.
    pub bytes: Vec<u8>,
    /// Statements with a comment at their words.
    pub comments: usize,
    /// Statements with a proposal.
    pub proposals: usize,
    /// Statements that could not be marked, by their names in the review.
    pub unmarked: Vec<String>,
}

/// What becomes of parts: new text, or nothing where the part is dropped.
pub type Changes = BTreeMap<String, Option<String>>;

/// An open container.
pub struct Container<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
}

impl<'b> Container<'b> {
    /// Opens the container in `bytes`.
    ///
    /// # Errors
    /// [`WriteError::Damaged`] where its directory cannot be read.
    pub fn open(bytes: &'b [u8]) -> Result<Self, WriteError> {
        let archive = ZipArchive::new(Cursor::new(bytes))
            .map_err(|_| WriteError::Damaged("the directory of the file is missing".into()))?;
        Ok(Self { archive })
    }

    /// True where there is an entry of that path.
    pub fn has(&self, path: &str) -> bool {
        self.archive.index_for_name_raw(path.as_bytes()).is_some()
    }

    /// The text of a part; `None` where there is no such entry.
    ///
    /// # Errors
    /// [`WriteError::Damaged`] where it cannot be unpacked whole, or is not UTF-8.
    pub fn text(&mut self, path: &str) -> Result<Option<String>, WriteError> {
        let damaged = || WriteError::Damaged(format!("{path} is damaged"));
        let Some(index) = self.archive.index_for_name_raw(path.as_bytes()) else { return Ok(None) };
        let file = self.archive.by_index(index).map_err(|_| damaged())?;
        let mut bytes = Vec::new();
        file.take(MAX_PART + 1).read_to_end(&mut bytes).map_err(|_| damaged())?;
        if bytes.len() as u64 > MAX_PART {
            return Err(WriteError::Damaged(format!("{path} is larger than any plan")));
        }
        String::from_utf8(bytes).map(Some).map_err(|_| WriteError::Damaged(format!("{path} is not UTF-8")))
    }

    /// The container with those changes; parts that are not in it yet come last. Times are those of the original, so
    /// that the result depends on nothing else.
    ///
    /// # Errors
    /// [`WriteError::Damaged`] where an entry cannot be copied.
    pub fn save(&mut self, changes: &Changes) -> Result<Vec<u8>, WriteError> {
        self.rewrite(changes).map_err(|_| WriteError::Damaged("an entry of the file cannot be copied".into()))
    }

    fn rewrite(&mut self, changes: &Changes) -> zip::result::ZipResult<Vec<u8>> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        writer.set_raw_comment(self.archive.comment().into())?;
        let mut time = None;
        let mut written = Vec::new();
        for index in 0..self.archive.len() {
            let file = self.archive.by_index_raw(index)?;
            let path = String::from_utf8_lossy(file.name_raw()).into_owned();
            time = time.or(file.last_modified().filter(zip::DateTime::is_valid));
            match changes.get(&path) {
                None => writer.raw_copy_file(file)?,
                Some(None) => written.push(path),
                Some(Some(text)) => {
                    writer.start_file(&*path, file.options())?;
                    writer.write_all(text.as_bytes())?;
                    written.push(path);
                }
            }
        }
        for (path, text) in changes.iter().filter(|(path, _)| !written.contains(path)) {
            let Some(text) = text else { continue };
            let time = time.unwrap_or_else(zip::DateTime::default_for_write);
            let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
            writer.start_file(path.as_str(), options.last_modified_time(time))?;
            writer.write_all(text.as_bytes())?;
        }
        Ok(writer.finish()?.into_inner())
    }
}

/// Words as markup: references for what markup means otherwise; characters that XML has no place for are left out.
pub fn escaped(text: &str) -> String {
    let allowed = |c: &char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..) && *c != '\u{7f}';
    let text: String = text.chars().filter(allowed).collect();
    quick_xml::escape::escape(text.as_str()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (path, text) in parts {
            writer.start_file(*path, SimpleFileOptions::default()).unwrap();
            writer.write_all(text.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn only_what_changes_is_written_anew() {
        let bytes = packed(&[("a.xml", "<a/>"), ("b.xml", "<b/>"), ("c.xml", "<c/>")]);
        let changes: Changes = [
            ("b.xml".to_owned(), Some("<b>é</b>".to_owned())),
            ("c.xml".to_owned(), None),
            ("d.xml".to_owned(), Some("<d/>".to_owned())),
        ]
        .into();
        let new = Container::open(&bytes).unwrap().save(&changes).unwrap();
        let mut container = Container::open(&new).unwrap();
        let mut text = |path: &str| container.text(path).unwrap();
        assert_eq!(text("a.xml").as_deref(), Some("<a/>"));
        assert_eq!(text("b.xml").as_deref(), Some("<b>é</b>"));
        assert_eq!(text("c.xml"), None);
        assert_eq!(text("d.xml").as_deref(), Some("<d/>"));
        assert_eq!(Container::open(&bytes).unwrap().save(&Changes::new()).unwrap().len(), bytes.len());
    }

    #[test]
    fn what_xml_cannot_hold_is_left_out() {
        assert_eq!(escaped("a <b> & \"c\"\u{1}\u{b}\u{fffe}é🦊"), "a &lt;b&gt; &amp; &quot;c&quot;é🦊");
    }

    #[test]
    fn what_is_no_container_is_refused() {
        assert!(matches!(Container::open(b"PK\x03\x04"), Err(WriteError::Damaged(_))));
    }
}
