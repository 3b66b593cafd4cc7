//! This is what an editor shows of a judged text: marks, the help that opens over them, and what could be written instead.

use super::judged::{Said, Text};
use super::place::Encoding;
use clearplan::rules::{Rule, RuleSet, Severity};
use clearplan::span::Span;
use clearplan::writers::remark::missing;
use lsp_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, CodeDescription, Diagnostic, DiagnosticSeverity,
    Hover, HoverContents, MarkupContent, MarkupKind, NumberOrString, Position, Range, TextEdit, Uri, WorkspaceEdit,
};
use std::collections::HashMap;

/// A mark for every finding that is not waived, for every one about the plan as a whole, and for every comment that was to
/// waive one and does not.
pub fn diagnostics(text: &Text, encoding: Encoding, rules: &RuleSet) -> Vec<Diagnostic> {
    let range = |place: Span| text.lines.range(place, encoding);
    let whole = text
        .whole
        .iter()
        .map(|(finding, place)| mark(&finding.rule, finding.severity, finding.message.clone(), range(*place), rules));
    let refused = text.refused.iter().map(|(place, why)| Diagnostic {
        range: range(*place),
        severity: Some(DiagnosticSeverity::INFORMATION),
        code: Some(NumberOrString::String("waiver".into())),
        source: Some("clearplan".into()),
        message: format!("This comment {why}."),
        ..Diagnostic::default()
    });
    text.said.iter().flat_map(|said| marks(text, said, encoding, rules)).chain(whole).chain(refused).collect()
}

fn marks(text: &Text, said: &Said, encoding: Encoding, rules: &RuleSet) -> Vec<Diagnostic> {
    let marks = said.assessment.findings.iter().zip(&said.places).map(|(finding, place)| {
        mark(&finding.rule, finding.severity, finding.message.clone(), text.lines.range(*place, encoding), rules)
    });
    marks.collect()
}

fn mark(id: &str, severity: Severity, message: String, range: Range, rules: &RuleSet) -> Diagnostic {
    Diagnostic {
        range,
        severity: Some(match severity {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
            Severity::Note => DiagnosticSeverity::INFORMATION,
        }),
        code: Some(NumberOrString::String(id.to_owned())),
        code_description: rules
            .get(id)
            .and_then(|rule| rule.source.url.parse::<Uri>().ok())
            .map(|href| CodeDescription { href }),
        source: Some("clearplan".into()),
        message,
        ..Diagnostic::default()
    }
}

/// Help on the words at a position: every finding there, why it matters, the law, an example, and what to write.
pub fn hover(text: &Text, at: Position, encoding: Encoding, rules: &RuleSet) -> Option<Hover> {
    let byte = text.lines.byte(at, encoding);
    let over = |span: &Span| span.start <= byte && byte <= span.end;
    let said = text.said.iter().find(|said| over(&said.whole));
    let mut pieces = Vec::new();
    let mut range: Option<Span> = None;
    let explain = |message: &str, id: &str| {
        let mut piece = format!("**{}**", plain(message));
        if let Some(rule) = rules.get(id) {
            piece.push_str(&format!("\n\n{}", explained(rule)));
        }
        piece
    };
    // The mark is the smallest of what is explained.
    let smaller = |range: Option<Span>, place: Span| Some(range.filter(|r| r.len() <= place.len()).unwrap_or(place));
    let of_statement = said.into_iter().flat_map(|said| said.assessment.findings.iter().zip(&said.places));
    for (finding, place) in of_statement.filter(|(_, place)| over(place)) {
        range = smaller(range, *place);
        pieces.push(explain(&finding.message, &finding.rule));
    }
    let stands = !pieces.is_empty();
    let waived = said.into_iter().flat_map(|said| &said.waived);
    for (waived, place) in waived.filter(|(_, place)| over(place)) {
        range = smaller(range, *place);
        let (message, reason) = (plain(&waived.finding.message), plain(&waived.reason));
        pieces.push(format!("*Waived* ({}): {message}\n\n*Reason:* {reason}", plain(&waived.decided())));
    }
    // Over words whose findings are all waived there is nothing to mend.
    let said = said.filter(|_| stands);
    pieces.extend(said.and_then(|said| missing(&said.assessment)).map(|missing| format!("**{missing}**")));
    let suggestion = said.and_then(|said| said.assessment.suggestion.as_deref());
    if let Some(suggestion) = suggestion.filter(|text| !text.is_empty()) {
        pieces.push(format!("**You could write:** {}", plain(suggestion)));
    }
    for (finding, place) in text.whole.iter().filter(|(_, place)| over(place) && !place.is_empty()) {
        range = smaller(range, *place);
        pieces.push(explain(&finding.message, &finding.rule));
    }
    let range = range?;
    let value = pieces.join("\n\n---\n\n");
    Some(Hover {
        contents: HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value }),
        range: Some(text.lines.range(range, encoding)),
    })
}

fn explained(rule: &Rule) -> String {
    let mut out = format!("{}\n\n{}", plain(&rule.why), plain(&rule.advice));
    let example = rule.bad.iter().find(|bad| bad.better.is_some()).or(rule.bad.first());
    if let Some(bad) = example {
        let faulted = plain(&bad.text).replace(['«', '»'], "**");
        out.push_str(&format!("\n\n*Instead of:* {faulted}"));
        if let Some(better) = &bad.better {
            out.push_str(&format!("\n\n*write:* {}", plain(better)));
        }
    }
    let (title, url) = (plain(&rule.source.title), &rule.source.url);
    out.push_str(&format!("\n\n*Law and guidance:* [{title}](<{url}>) · `{}`", rule.id));
    out
}

/// Words with everything escaped that Markdown would read as a mark.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~') {
            out.push('\\');
        }
        out.push(if c == '\n' { ' ' } else { c });
    }
    out
}

/// The suggestions for the statements in a range.
pub fn actions(
    text: &Text,
    uri: &Uri,
    params: &CodeActionParams,
    encoding: Encoding,
    rules: &RuleSet,
) -> Vec<CodeActionOrCommand> {
    let wanted = params
        .context
        .only
        .as_ref()
        .is_none_or(|only| only.iter().any(|kind| kind.as_str().is_empty() || *kind == CodeActionKind::QUICKFIX));
    if !wanted {
        return Vec::new();
    }
    let asked = Span::new(text.lines.byte(params.range.start, encoding), text.lines.byte(params.range.end, encoding));
    let here = text.said.iter().filter(|said| said.whole.start <= asked.end && asked.start <= said.whole.end);
    // Where all findings are waived there is nothing to mend.
    let open = |said: &&Said| !said.assessment.findings.is_empty() || said.waived.is_empty();
    here.filter(open)
        .filter_map(|said| {
            let suggestion = said.assessment.suggestion.as_ref().filter(|text| !text.is_empty())?;
            let range = text.lines.range(said.whole, encoding);
            let edit = TextEdit { range, new_text: text.instead(said, suggestion) };
            #[expect(clippy::mutable_key_type, reason = "the protocol's own type; addresses are not changed")]
            let changes = HashMap::from([(uri.clone(), vec![edit])]);
            Some(CodeActionOrCommand::CodeAction(CodeAction {
                title: format!("Write: {}", short(suggestion)),
                kind: Some(CodeActionKind::QUICKFIX),
                diagnostics: Some(marks(text, said, encoding, rules)),
                edit: Some(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }),
                is_preferred: Some(true),
                ..CodeAction::default()
            }))
        })
        .collect()
}

/// As much as a menu shows.
fn short(text: &str) -> String {
    const MOST: usize = 80;
    match text.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or(text).trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_no_markdown() {
        assert_eq!(plain("a *b* [c](d) <e>\n# f_g"), "a \\*b\\* \\[c\\](d) \\<e\\> \\# f\\_g");
    }

    #[test]
    fn a_menu_is_short() {
        assert_eq!(short("né"), "né");
        assert_eq!(short(&"é".repeat(90)), format!("{}…", "é".repeat(80)));
    }
}
