//! This is the part that holds a Word document's comments, and what one of ours looks like in it.

use super::body::namespace;
use super::parts;
use super::{AUTHOR, INITIALS};
use crate::readers::markup::{Element, Markup, Token};
use crate::writers::container::escaped;
use crate::writers::remark::Line;
use std::collections::HashSet;

/// A part that holds no comment yet.
pub(super) fn empty(strict: bool) -> String {
    let space = namespace(strict);
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:comments xmlns:w=\"{space}\"></w:comments>"
    )
}

/// The part with more comments, each with its number; `None` where it is damaged.
pub(super) fn with(part: &str, comments: &[(i64, &[Line])], date: &str, strict: bool) -> Option<String> {
    let root = part.find("comments").and_then(|at| part.get(at..)).unwrap_or(part);
    let tag = root.split('>').next().unwrap_or_default();
    parts::with(part, |prefix| {
        let bound = !prefix.is_empty() && tag.contains(&format!("xmlns:{}=", prefix.trim_end_matches(':')));
        let prefix = if bound { prefix } else { "w:" };
        let declares = if bound { String::new() } else { format!(" xmlns:w=\"{}\"", namespace(strict)) };
        comments.iter().map(|(id, lines)| comment(prefix, &declares, *id, date, lines)).collect()
    })
}

fn comment(w: &str, declares: &str, id: i64, date: &str, lines: &[Line]) -> String {
    let mut out = format!(
        "<{w}comment{declares} {w}id=\"{id}\" {w}author=\"{AUTHOR}\" {w}date=\"{date}\" {w}initials=\"{INITIALS}\">"
    );
    for (i, line) in lines.iter().enumerate() {
        out.push_str(&format!("<{w}p>"));
        if i == 0 {
            out.push_str(&format!("<{w}r><{w}annotationRef/></{w}r>"));
        }
        let bold = if line.strong { format!("<{w}b/>") } else { String::new() };
        // Ten points, whatever size the plan's own text has.
        let run = |look: &str, text: &str| {
            format!(
                "<{w}r><{w}rPr>{bold}{look}<{w}sz {w}val=\"20\"/></{w}rPr><{w}t xml:space=\"preserve\">{}</{w}t></{w}r>",
                escaped(text)
            )
        };
        let (words, link) = line.parts();
        out.push_str(&run("", words));
        if let Some(link) = link {
            // A field needs no entry in any other part, as a hyperlink element would.
            let field = |kind: &str| format!("<{w}r><{w}fldChar {w}fldCharType=\"{kind}\"/></{w}r>");
            let address = escaped(link);
            out.push_str(&field("begin"));
            out.push_str(&format!("<{w}r><{w}instrText>HYPERLINK &quot;{address}&quot;</{w}instrText></{w}r>"));
            out.push_str(&field("separate"));
            out.push_str(&run(&format!("<{w}color {w}val=\"0563C1\"/>"), link));
            out.push_str(&field("end"));
        }
        out.push_str(&format!("</{w}p>"));
    }
    out.push_str(&format!("</{w}comment>"));
    out
}

/// True for a comment of ours.
pub(super) fn is_ours(element: &Element<'_>) -> bool {
    element.key() == ("w", "comment") && element.attr("author").is_some_and(|author| author == AUTHOR)
}

/// The numbers of all comments, and of ours.
pub(super) fn numbers(part: &str) -> (HashSet<i64>, HashSet<i64>) {
    let (mut all, mut own) = (HashSet::new(), HashSet::new());
    let mut markup = Markup::new(part, super::WORD);
    while let Ok(Some(token)) = markup.next() {
        let Token::Open(element) = token else { continue };
        if element.key() == ("w", "comment")
            && let Some(id) = element.number("id")
        {
            all.insert(id);
            if is_ours(&element) {
                own.insert(id);
            }
        }
    }
    (all, own)
}
