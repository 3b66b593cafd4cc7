//! This is RTF cut into its tokens.

/// A token of RTF.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'b> {
    /// `{`
    Open,
    /// `}`
    Close,
    /// `\*`: the group may be passed over by whoever does not know it.
    Optional,
    /// `\word` with its number.
    Word(&'b str, Option<i32>),
    /// `\` with a sign.
    Symbol(u8),
    /// `\'hh`
    Hex(u8),
    /// A byte of text.
    Byte(u8),
}

/// Goes through the tokens of some bytes.
pub(super) struct Lexer<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Lexer<'b> {
    /// At the beginning of `bytes`.
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn after_backslash(&mut self) -> Option<Token<'b>> {
        let first = self.peek()?;
        if !first.is_ascii_alphabetic() {
            self.at += 1;
            return Some(match first {
                b'*' => Token::Optional,
                b'\'' => {
                    let digits =
                        self.bytes.get(self.at..self.at + 2).and_then(|digits| std::str::from_utf8(digits).ok());
                    match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
                        Some(byte) => {
                            self.at += 2;
                            Token::Hex(byte)
                        }
                        None => Token::Symbol(b'\''),
                    }
                }
                other => Token::Symbol(other),
            });
        }
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_alphabetic()) {
            self.at += 1;
        }
        let word = self.bytes.get(start..self.at).and_then(|word| std::str::from_utf8(word).ok()).unwrap_or("");
        let number_start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) && self.at - number_start < 11 {
            self.at += 1;
        }
        let number = self.bytes.get(number_start..self.at).and_then(|number| std::str::from_utf8(number).ok());
        let value = number
            .and_then(|number| number.parse::<i64>().ok())
            .map(|value| i32::try_from(value.clamp(i64::from(i32::MIN), i64::from(i32::MAX))).unwrap_or(0));
        if value.is_none() {
            self.at = number_start;
        }
        if self.peek() == Some(b' ') {
            self.at += 1;
        }
        if word == "bin" {
            // So many bytes that are no RTF.
            self.at = self.at.saturating_add(usize::try_from(value.unwrap_or(0)).unwrap_or(0)).min(self.bytes.len());
        }
        Some(Token::Word(word, value))
    }
}

impl<'b> Iterator for Lexer<'b> {
    type Item = Token<'b>;

    fn next(&mut self) -> Option<Token<'b>> {
        loop {
            let byte = self.peek()?;
            self.at += 1;
            return match byte {
                b'{' => Some(Token::Open),
                b'}' => Some(Token::Close),
                b'\\' => self.after_backslash(),
                b'\r' | b'\n' | 0 => continue,
                b'\t' => Some(Token::Word("tab", None)),
                byte => Some(Token::Byte(byte)),
            };
        }
    }
}
