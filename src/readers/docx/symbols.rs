//! This is what the letters of symbol fonts look like, as Unicode: Word keeps ticks, boxes and bullets as letters of
//! Wingdings, Symbol or Webdings.

/// The character that letter `code` of `font` looks like. Letters of ordinary fonts are themselves; a symbol that is
/// not in the tables is U+FFFD.
pub(crate) fn symbol(code: char, font: &str) -> char {
    // Word moves the letters of symbol fonts to U+F000–U+F0FF, and leaves them unmoved at times.
    let letter = match u32::from(code) {
        moved @ 0xF020..=0xF0FF => moved - 0xF000,
        plain => plain,
    };
    let moved = letter != u32::from(code);
    let font = font.to_ascii_lowercase();
    let known = if font.starts_with("wingdings 2") {
        wingdings_2(letter)
    } else if font.starts_with("wingdings") {
        wingdings(letter)
    } else if font.starts_with("webdings") {
        webdings(letter)
    } else if font.starts_with("symbol") {
        greek(letter)
    } else if moved {
        // The font is not named: the letters that plans really use.
        wingdings(letter).or_else(|| greek(letter))
    } else {
        return code;
    };
    known.unwrap_or(if moved { char::REPLACEMENT_CHARACTER } else { code })
}

fn wingdings(letter: u32) -> Option<char> {
    Some(match letter {
        0x20 => ' ',
        0x4A => '☺',
        0x4C => '☹',
        0x6C => '●',
        0x6E => '■',
        0x6F | 0x71 | 0x72 | 0xA8 => '☐',
        0x75 => '◆',
        0x76 => '❖',
        0x77 => '⬥',
        0x9F | 0xB7 => '•',
        0xA1 => '○',
        0xA7 => '▪',
        0xAB => '★',
        0xD8 => '➢',
        0xDF => '←',
        0xE0 | 0xE8 => '→',
        0xF0 => '⇨',
        0xFB => '✗',
        0xFC => '✓',
        0xFD => '☒',
        0xFE => '☑',
        _ => return None,
    })
}

fn wingdings_2(letter: u32) -> Option<char> {
    Some(match letter {
        0x4F => '✗',
        0x50 => '✓',
        0x51 | 0x53 => '☒',
        0x52 => '☑',
        0xA3 | 0x2A => '☐',
        0x97 | 0x98 => '•',
        _ => return None,
    })
}

fn webdings(letter: u32) -> Option<char> {
    Some(match letter {
        0x61 => '✓',
        0x63 => '☐',
        0x67 => '■',
        0x72 => '✗',
        _ => return None,
    })
}

fn greek(letter: u32) -> Option<char> {
    Some(match letter {
        0x20..=0x21 | 0x23 | 0x25..=0x26 | 0x28..=0x29 | 0x2B..=0x2C | 0x2E..=0x3F => char::from_u32(letter)?,
        0x2D => '−',
        0x61 => 'α',
        0x62 => 'β',
        0x67 => 'γ',
        0x64 => 'δ',
        0x6D => 'μ',
        0x70 => 'π',
        0x73 => 'σ',
        0xA3 => '≤',
        0xA8 => '♦',
        0xAE => '→',
        0xB0 => '°',
        0xB1 => '±',
        0xB3 => '≥',
        0xB4 => '×',
        0xB7 => '•',
        0xB8 => '÷',
        0xB9 => '≠',
        0xBB => '≈',
        0xD6 => '√',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_and_bullets() {
        assert_eq!(symbol('\u{f0fc}', "Wingdings"), '✓');
        assert_eq!(symbol('\u{f0b7}', "Symbol"), '•');
        assert_eq!(symbol('\u{f0a7}', "Wingdings"), '▪');
        assert_eq!(symbol('P', "Wingdings 2"), '✓');
        assert_eq!(symbol('\u{f0b7}', ""), '•');
    }

    #[test]
    fn ordinary_letters_stay() {
        assert_eq!(symbol('o', "Courier New"), 'o');
        assert_eq!(symbol('–', "Arial"), '–');
        assert_eq!(symbol('\u{f001}', "Arial"), '\u{f001}');
        assert_eq!(symbol('\u{f023}', "Wingdings"), char::REPLACEMENT_CHARACTER);
    }
}
