//! This is how a list counts: a number in the style that the list asks for.

/// A style of counting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Numeral {
    /// 1, 2, 3
    #[default]
    Decimal,
    /// 01, 02, 03
    Padded,
    /// a, b … z, aa, bb
    Letters,
    /// A, B … Z, AA, BB
    Capitals,
    /// i, ii, iii
    Roman,
    /// I, II, III
    RomanCapitals,
    /// 1st, 2nd, 3rd
    Ordinal,
    /// No number at all.
    Nothing,
}

impl Numeral {
    /// `n` in this style. Numbers that the style cannot write (0, very large ones) come in digits.
    pub fn write(self, n: u32) -> String {
        match self {
            Self::Padded => format!("{n:02}"),
            Self::Letters => letters(n).unwrap_or_else(|| n.to_string()),
            Self::Capitals => letters(n).map_or_else(|| n.to_string(), |s| s.to_ascii_uppercase()),
            Self::Roman => roman(n).unwrap_or_else(|| n.to_string()),
            Self::RomanCapitals => roman(n).map_or_else(|| n.to_string(), |s| s.to_ascii_uppercase()),
            Self::Ordinal => {
                let ending = match (n % 10, n % 100) {
                    (_, 11..=13) => "th",
                    (1, _) => "st",
                    (2, _) => "nd",
                    (3, _) => "rd",
                    _ => "th",
                };
                format!("{n}{ending}")
            }
            Self::Nothing => String::new(),
            Self::Decimal => n.to_string(),
        }
    }
}

fn letters(n: u32) -> Option<String> {
    let index = n.checked_sub(1)?;
    let letter = char::from(b'a' + u8::try_from(index % 26).ok()?);
    // The letter doubles after z: aa, bb. Ten of them are more than any list has.
    let times = index / 26 + 1;
    (times <= 10).then(|| std::iter::repeat_n(letter, times as usize).collect())
}

fn roman(n: u32) -> Option<String> {
    const PARTS: [(u32, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    let mut rest = (1..4000).contains(&n).then_some(n)?;
    let mut out = String::new();
    for (value, letters) in PARTS {
        while rest >= value {
            out.push_str(letters);
            rest -= value;
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_style_counts() {
        let row = |style: Numeral| [1, 4, 19, 26, 28].map(|n| style.write(n));
        assert_eq!(row(Numeral::Decimal), ["1", "4", "19", "26", "28"]);
        assert_eq!(row(Numeral::Padded), ["01", "04", "19", "26", "28"]);
        assert_eq!(row(Numeral::Letters), ["a", "d", "s", "z", "bb"]);
        assert_eq!(row(Numeral::Capitals), ["A", "D", "S", "Z", "BB"]);
        assert_eq!(row(Numeral::Roman), ["i", "iv", "xix", "xxvi", "xxviii"]);
        assert_eq!(row(Numeral::RomanCapitals), ["I", "IV", "XIX", "XXVI", "XXVIII"]);
        assert_eq!([1, 2, 3, 11, 22].map(|n| Numeral::Ordinal.write(n)), ["1st", "2nd", "3rd", "11th", "22nd"]);
    }

    #[test]
    fn what_a_style_cannot_write_comes_in_digits() {
        assert_eq!(Numeral::Roman.write(u32::MAX), u32::MAX.to_string());
        assert_eq!(Numeral::Letters.write(0), "0");
        assert_eq!(Numeral::Letters.write(u32::MAX), u32::MAX.to_string());
    }
}
