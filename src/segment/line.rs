//! This is what a line is, before anybody asks what it says: its marker, its label, page numbers, source codes.

use super::framework::Framework;
use crate::span::Span;

/// The lines of a paragraph: a line break ends one only where the next line begins anew, since wrapped text breaks
/// lines too.
pub(super) fn lines(text: &str) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    let mut at = 0;
    for piece in text.split('\n') {
        let span = Span::new(at, at + piece.len());
        at = span.end + 1;
        match out.last_mut() {
            Some(last) if goes_on(last.of(text), piece) => last.end = span.end,
            _ => out.push(span),
        }
    }
    out
}

fn goes_on(before: &str, next: &str) -> bool {
    let before = before.trim_end();
    let next = next.trim_start();
    if before.is_empty() || next.is_empty() || marker(next).is_some() {
        return false;
    }
    // Short lines are titles or items; a wrapped line is long.
    let ended = before.ends_with(['.', '!', '?', ':', ';']);
    let last_line = before.rsplit('\n').next().unwrap_or(before).trim();
    let lower = next.starts_with(|c: char| c.is_lowercase());
    if ended { lower && last_line.len() >= 60 } else { lower || last_line.len() >= 50 }
}

/// Byte length of a typed list marker and the space after it: "- ", "• ", "1. ", "a) ", "(ii) ", "2.1 ".
pub(super) fn marker(line: &str) -> Option<usize> {
    let (token, _) = line.split_once(|c: char| c.is_whitespace())?;
    let bullet = matches!(token, "-" | "–" | "•" | "*" | "o" | "·" | "▪" | "‣" | "◦" | "§" | "Ø" | "➢" | "✓" | "►");
    let rest = line.get(token.len()..)?.trim_start();
    let numbered = || {
        let inner = token.trim_start_matches('(');
        let core = inner.trim_end_matches([')', '.']);
        if core.is_empty() {
            return false;
        }
        let closed = core.len() < inner.len();
        let digits = core.bytes().all(|b| b.is_ascii_digit()) && core.len() <= 2;
        let roman = core.len() <= 4 && core.bytes().all(|b| matches!(b, b'i' | b'v' | b'x'));
        let letter = core.len() == 1 && core.bytes().all(|b| b.is_ascii_lowercase());
        let outline = core.contains('.')
            && core.split('.').all(|p| (1..=2).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()));
        // "12.5 hours" is an amount, "2.1 Sam reads" a numbered paragraph.
        (closed && (digits || roman || letter)) || (outline && rest.starts_with(|c: char| c.is_uppercase()))
    };
    (bullet || (token.len() <= 7 && numbered())).then(|| line.len() - rest.len())
}

/// "Label: words" cut at the colon: the label, and where the words begin.
pub(super) fn label(line: &str) -> Option<(&str, usize)> {
    let head = line.get(..line.floor_char_boundary(70)).unwrap_or(line);
    let colon = head.find(':')?;
    let label = head.get(..colon)?.trim();
    let words = label.split_whitespace().count();
    // A colon within a time or a ratio is no label.
    let ratio = line.get(colon + 1..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        && label.ends_with(|c: char| c.is_ascii_digit());
    let fits = (1..=8).contains(&words) && !ratio && !label.contains(['.', ';']) && !label.starts_with(['(', '[']);
    fits.then(|| {
        let rest = line.get(colon + 1..).unwrap_or("");
        (label, line.len() - rest.trim_start().len())
    })
}

/// Page numbers, rules of dots and dashes, lines of a contents list.
pub(super) fn is_furniture(line: &str) -> bool {
    if line.len() > 400 {
        return false;
    }
    if !line.chars().any(char::is_alphabetic) {
        let digits = line.bytes().filter(u8::is_ascii_digit).count();
        return digits <= 4;
    }
    if line.contains(".....") || line.contains("……") || line.contains("_____") {
        return true;
    }
    if let Some((title, page)) = line.rsplit_once('\t')
        && !page.is_empty()
        && page.len() <= 4
        && page.bytes().all(|b| b.is_ascii_digit())
    {
        return !title.trim().is_empty();
    }
    let mut words = line.split(|c: char| c.is_whitespace() || c == '/').filter(|w| !w.is_empty());
    let is_page = words.next().is_some_and(|w| w.eq_ignore_ascii_case("page"));
    is_page && words.all(|w| w.eq_ignore_ascii_case("of") || w.trim_matches('.').bytes().all(|b| b.is_ascii_digit()))
}

/// `span` without source codes at its ends: "(A, PR)", "[EP]".
pub(super) fn without_codes(framework: &Framework, text: &str, span: Span) -> Span {
    let mut span = trimmed(text, span);
    // In front: the code of the sentence before.
    while let Some(end) = span.of(text).strip_prefix(['(', '[']).and_then(|rest| rest.find([')', ']'])) {
        let inner = span.of(text).get(1..=end).unwrap_or("");
        if !is_code(framework, inner, true) {
            break;
        }
        span = trimmed(text, Span::new(span.start + end + 2, span.end));
        let rest = span.of(text);
        if rest.starts_with(['.', ',', ';']) {
            span = trimmed(text, Span::new(span.start + 1, span.end));
        }
    }
    loop {
        let words = span.of(text);
        let bare = words.trim_end_matches(['.', ',', ';', ' ']);
        let Some(closed) = bare.strip_suffix([')', ']']) else { break };
        let Some(open) = closed.rfind(['(', '[']) else { break };
        let inner = closed.get(open + 1..).unwrap_or("");
        let ended = closed.get(..open).is_some_and(|head| head.trim_end().ends_with(['.', '!', '?']));
        if !is_code(framework, inner, ended) || open == 0 {
            break;
        }
        span = trimmed(text, Span::new(span.start, span.start + open));
    }
    span
}

/// True for a paragraph that is nothing but source codes.
pub(super) fn is_only_codes(framework: &Framework, line: &str) -> bool {
    line.strip_prefix(['(', '['])
        .and_then(|rest| rest.trim_end_matches('.').strip_suffix([')', ']']))
        .is_some_and(|inner| is_code(framework, inner, true))
}

/// True for "A, PR", "K3", "Appendix C", "SALT report"; `sure` where the place alone speaks for a code.
fn is_code(framework: &Framework, inner: &str, sure: bool) -> bool {
    if inner.is_empty() || inner.len() > 60 {
        return false;
    }
    let mut parts = 0;
    let mut short = true;
    for part in inner.split([',', ';', '/', '&', '+']).flat_map(|p| p.split(" and ")) {
        let part = part.trim();
        parts += 1;
        let letters = part.trim_end_matches(|c: char| c.is_ascii_digit());
        let plan_word = matches!(
            letters,
            "KS" | "Y" | "TA" | "LSA" | "HLTA" | "ELSA" | "NQT" | "PE" | "ICT" | "GCSE" | "SEN" | "EHCP"
        );
        let capitals = !letters.is_empty() && letters.len() <= 5 && letters.bytes().all(|b| b.is_ascii_uppercase());
        let lower = part.to_lowercase();
        let appendix = lower.starts_with("appendix ") && part.len() <= 12;
        let known = framework
            .sources
            .iter()
            .any(|s| *s == lower || lower.strip_prefix(s.as_str()).is_some_and(|r| r == " report" || r == " advice"));
        if plan_word || !(capitals || appendix || known) {
            return false;
        }
        short &= appendix || letters.len() == 1 || letters == "PR";
    }
    // "(OT)" may say who gives the help: only several codes together, a letter or an appendix are cut for certain.
    sure || short || parts > 1
}

/// `span` without white space at its ends.
pub(super) fn trimmed(text: &str, span: Span) -> Span {
    let words = span.of(text);
    let start = span.start + (words.len() - words.trim_start().len());
    Span::new(start, start + words.trim().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks() {
        let cut = |text: &str| lines(text).iter().map(|s| s.of(text).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            cut("Communication and interaction\n\nChildren may have difficulty."),
            ["Communication and interaction", "", "Children may have difficulty."]
        );
        assert_eq!(cut("Sam will have therapy for\nforty minutes."), ["Sam will have therapy for\nforty minutes."]);
        assert_eq!(cut("Reading daily\nWriting weekly"), ["Reading daily", "Writing weekly"]);
        assert_eq!(cut("- read\n- write"), ["- read", "- write"]);
        assert_eq!(cut("He goes to the school that is nearest to home, St.\nMary's, by bus.").len(), 2);
        assert_eq!(cut("He has been seen by the educational psychologist and by\nDr Finch.").len(), 1);
    }

    #[test]
    fn markers() {
        for (line, rest) in [
            ("- read", "read"),
            ("• read", "read"),
            ("1. Read", "Read"),
            ("a) read", "read"),
            ("(ii) read", "read"),
            ("2.1 Sam reads", "Sam reads"),
            ("12) read", "read"),
        ] {
            assert_eq!(marker(line).and_then(|n| line.get(n..)), Some(rest), "{line}");
        }
        for line in [
            "12.5 hours a week",
            "1:1 support",
            "30 minutes",
            "A teacher",
            "I read",
            "a teacher",
            "-",
            "2 hours. Daily",
        ] {
            assert_eq!(marker(line), None, "{line}");
        }
    }

    #[test]
    fn labels() {
        assert_eq!(label("By when: July 2026").map(|(l, _)| l), Some("By when"));
        assert_eq!(label("1:1 support"), None);
        assert_eq!(label("No label here"), None);
    }

    #[test]
    fn furniture() {
        for line in
            ["Page 3 of 10", "3", "- 4 -", "Page 3", "Section B: Needs ........ 4", "Section B\t4", "________", "…"]
        {
            assert!(is_furniture(line), "{line}");
        }
        for line in ["Pages of a book", "Sam reads.", "Page 3 shows it", "2027-2028"] {
            assert!(!is_furniture(line), "{line}");
        }
    }

    #[test]
    fn codes_are_cut() {
        let framework = Framework::ehcp();
        for (text, kept) in [
            ("Sam reads. (A, PR)", "Sam reads."),
            ("Sam reads (A, PR).", "Sam reads"),
            ("Sam reads (A).", "Sam reads"),
            ("(A) Sam reads.", "Sam reads."),
            ("(B, SCH) Sam reads. (OT)", "Sam reads."),
            ("Sam reads [K1, K2]", "Sam reads"),
            ("Sam reads. (Appendix C)", "Sam reads."),
            ("Sam reads. (EP report)", "Sam reads."),
            ("Therapy weekly (OT).", "Therapy weekly (OT)."),
            ("Help from an adult (TA)", "Help from an adult (TA)"),
            ("Reads at Level 2 (KS1)", "Reads at Level 2 (KS1)"),
            ("Help (10 hours)", "Help (10 hours)"),
            ("Help (A level)", "Help (A level)"),
            ("(see report) Sam reads.", "(see report) Sam reads."),
        ] {
            assert_eq!(without_codes(framework, text, Span::new(0, text.len())).of(text), kept, "{text}");
        }
        assert!(is_only_codes(framework, "(A, PR)"));
        assert!(!is_only_codes(framework, "(see report)"));
    }
}
