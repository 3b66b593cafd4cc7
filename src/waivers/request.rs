//! This is what a comment asks for: `clearplan: ignore RULE until DAY because REASON`.

/// A comment that asks for a finding to be ignored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Request {
    /// The rule as it is called there.
    pub rule: String,
    /// The last day that it holds, as `2027-03-31`.
    pub until: Option<String>,
    /// Empty where there is none.
    pub reason: String,
}

impl Request {
    /// Reads a comment that begins with our name.
    ///
    /// # Errors
    /// What it does instead of asking, and what to write.
    pub fn read(text: &str) -> Result<Self, String> {
        const FORM: &str = "write: clearplan: ignore RULE because REASON";
        let mut words = text.split_whitespace().peekable();
        let said = |word: Option<&str>, is: &str| {
            word.is_some_and(|word| word.trim_matches([':', ',', '.', ';']).eq_ignore_ascii_case(is))
        };
        words.next();
        // Word may have set the colon apart.
        if words.peek() == Some(&":") {
            words.next();
        }
        if !said(words.next(), "ignore") {
            return Err(format!("asks for nothing that is known; {FORM}"));
        }
        let rule =
            words.next().unwrap_or_default().trim_matches([':', ',', '.', ';', '“', '”', '"', '\'']).to_lowercase();
        if rule.is_empty() || said(Some(&rule), "because") {
            return Err(format!("names no rule; {FORM}"));
        }
        let mut until = None;
        if said(words.peek().copied(), "until") {
            words.next();
            let day = words.next().unwrap_or_default().trim_matches([',', ';', '.']);
            let day: jiff::civil::Date = day
                .parse()
                .map_err(|_| "names a day that is none, so that nothing is waived; a day looks like 2027-03-31")?;
            until = Some(day.to_string());
        }
        if said(words.peek().copied(), "because") {
            words.next();
        }
        let reason = words.collect::<Vec<_>>().join(" ");
        let reason = reason.trim_start_matches([':', '–', '—', '-', ' ']).trim_matches(['…', ' ']).to_owned();
        Ok(Self { rule, until, reason })
    }
}
