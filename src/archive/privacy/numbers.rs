//! This is the check of numbers that carry their own check digit.

/// True for an NHS number: ten digits of which the last is 11 minus the weighted sum of the others modulo 11
/// (NHS Data Dictionary, *NHS Number*).
pub fn is_nhs(digits: &[u8]) -> bool {
    let [head @ .., last] = digits else { return false };
    if head.len() != 9 || digits.iter().all(|d| d == last) {
        return false;
    }
    let sum: u32 = head.iter().zip((2..=10).rev()).map(|(digit, weight)| u32::from(*digit) * weight).sum();
    match 11 - sum % 11 {
        11 => *last == 0,
        10 => false,
        check => u32::from(*last) == check,
    }
}

/// True for a unique pupil number: a check letter before twelve digits, or eleven and a letter for a temporary one
/// (Department for Education, *Unique pupil numbers: guide*).
pub fn is_upn(text: &str) -> bool {
    const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRTUVWXYZ";
    let [check, rest @ ..] = text.as_bytes() else { return false };
    if rest.len() != 12 {
        return false;
    }
    let value = |byte: &u8| match byte {
        b'0'..=b'9' => Some(usize::from(byte - b'0')),
        letter => LETTERS.iter().position(|l| l == letter),
    };
    let sum: Option<usize> = rest.iter().zip(2..).map(|(byte, weight)| Some(value(byte)? * weight)).sum();
    sum.is_some_and(|sum| LETTERS.get(sum % 23) == Some(check))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> Vec<u8> {
        text.bytes().filter(u8::is_ascii_digit).map(|b| b - b'0').collect()
    }

    #[test]
    fn check_digits() {
        assert!(is_nhs(&digits("943 476 5919")));
        assert!(!is_nhs(&digits("943 476 5918")) && !is_nhs(&digits("0000000000")) && !is_nhs(&digits("12345")));
        let right =
            |digits: &str| "ABCDEFGHJKLMNPQRTUVWXYZ".chars().filter(|c| is_upn(&format!("{c}{digits}"))).count();
        assert_eq!(right("823432113001"), 1);
        assert!(is_upn("J823432113001"));
    }
}
