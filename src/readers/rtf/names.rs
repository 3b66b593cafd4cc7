//! This is what RTF's names stand for: groups by their first word, encodings by their numbers.

use super::Target;
use encoding_rs::{Encoding, WINDOWS_1252};

/// Groups that are something other than the text around them.
pub(super) fn target(word: &str) -> Option<Target> {
    Some(match word {
        "fonttbl" => Target::Fonts,
        "stylesheet" => Target::Styles,
        "listtext" | "pntext" => Target::Mark,
        "header" | "headerl" | "headerr" | "headerf" | "footer" | "footerl" | "footerr" | "footerf" => {
            Target::Furniture
        }
        "footnote" => Target::Footnote,
        "fldrslt" | "shptxt" | "result" => Target::Text,
        "colortbl" | "info" | "pict" | "objdata" | "objclass" | "fldinst" | "sp" | "xe" | "tc" | "rxe"
        | "nonshppict" | "nonesttables" | "listtable" | "listoverridetable" | "revtbl" | "rsidtbl" | "generator"
        | "themedata" | "colorschememapping" | "datastore" | "latentstyles" | "annotation" | "atnid" | "atnauthor"
        | "bkmkstart" | "bkmkend" | "filetbl" | "ftnsep" | "ftnsepc" | "aftnsep" | "aftnsepc" | "pnseclvl" | "do"
        | "template" => Target::Skipped,
        _ => return None,
    })
}

/// The encoding of a Windows code page.
pub(super) fn code_page(number: i32) -> Option<&'static Encoding> {
    let label = match number {
        437 | 850 | 858 => return Some(WINDOWS_1252),
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        65001 => "utf-8".to_owned(),
        874 | 1250..=1258 => format!("windows-{number}"),
        10000 => "macintosh".to_owned(),
        _ => return None,
    };
    Encoding::for_label(label.as_bytes())
}

/// The encoding of a font's character set, where that is not the file's own.
pub(super) fn of_charset(charset: u8) -> Option<&'static Encoding> {
    code_page(match charset {
        77 => 10000,
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        _ => return None,
    })
}
