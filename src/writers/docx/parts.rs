//! This is what is said about the parts of a Word document elsewhere in it: types, relationships and lists that get an
//! entry more, and give it back.

use crate::readers::markup::{Element, Markup, Token};
use crate::span::Span;
use crate::writers::container::escaped;

/// Markup with one more child, the last, of its root element; `None` where it has no root. `child` is given the
/// prefix of the root's name with its colon.
pub(super) fn with(text: &str, child: impl FnOnce(&str) -> String) -> Option<String> {
    let (root, _) = children(text, |_| false)?;
    let tag = root.open.of(text);
    let name = name(tag);
    let prefix = name.find(':').and_then(|at| name.get(..=at)).unwrap_or("");
    let child = child(prefix);
    Some(if let Some(start) = tag.strip_suffix("/>") {
        // The blank says that the root closed itself.
        let (before, after) = (text.get(..root.open.start)?, text.get(root.open.end..)?);
        format!("{before}{start}>{child}</{name} >{after}")
    } else {
        let (before, after) = (text.get(..root.close.start)?, text.get(root.close.start..)?);
        format!("{before}{child}{after}")
    })
}

/// Markup without those children of its root that `ours` picks, and how many children are left; `None` where the markup
/// is damaged.
pub(super) fn without(text: &str, ours: impl Fn(&Element<'_>) -> bool) -> Option<(String, usize)> {
    let (root, found) = children(text, ours)?;
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for child in found.iter().filter(|child| child.1) {
        out.push_str(text.get(done..child.0.start)?);
        done = child.0.end;
    }
    out.push_str(text.get(done..)?);
    let left = found.iter().filter(|child| !child.1).count();
    let closed = root.close.of(text).ends_with(" >");
    let empty =
        text.get(root.open.end..root.close.start)?.len() == found.iter().map(|child| child.0.len()).sum::<usize>();
    if done > 0 && left == 0 && closed && empty {
        let (before, after) = (text.get(..root.open.end - 1)?, text.get(root.close.end..)?);
        out = format!("{before}/>{after}");
    }
    Some((out, left))
}

struct Root {
    open: Span,
    close: Span,
}

type Children = Vec<(Span, bool)>;

fn children(text: &str, ours: impl Fn(&Element<'_>) -> bool) -> Option<(Root, Children)> {
    let mut markup = Markup::new(text, super::WORD);
    let mut depth = 0_usize;
    let mut root: Option<Root> = None;
    let mut found: Children = Vec::new();
    loop {
        match markup.next().ok()? {
            Some(Token::Open(element)) => {
                match depth {
                    0 => root = Some(Root { open: element.span, close: element.span }),
                    1 => found.push((element.span, ours(&element))),
                    _ => {}
                }
                depth += 1;
            }
            Some(Token::Close) => {
                depth = depth.checked_sub(1)?;
                let end = markup.position();
                match depth {
                    0 => {
                        let root = root.as_mut()?;
                        let itself = root.open.end == end && root.open.of(text).ends_with("/>");
                        let start = if itself { end } else { text.get(..end)?.rfind("</")? };
                        root.close = Span::new(start, end);
                    }
                    1 => found.last_mut()?.0.end = end,
                    _ => {}
                }
            }
            Some(Token::Text(..) | Token::Char(..)) => {}
            None => return root.map(|root| (root, found)),
        }
    }
}

fn name(tag: &str) -> &str {
    let tag = tag.trim_start_matches('<');
    tag.split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next().unwrap_or_default()
}

/// The id of the relationship to a part of comments that we add.
pub(super) const RELATION: &str = "clearplan-comments";

/// An entry that says where the comments are. `target` is relative to the main part.
pub(super) fn relationship(prefix: &str, target: &str, strict: bool) -> String {
    let kind = if strict {
        "http://purl.oclc.org/ooxml/officeDocument/relationships/comments"
    } else {
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
    };
    format!("<{prefix}Relationship Id=\"{RELATION}\" Type=\"{kind}\" Target=\"{}\"/>", escaped(target))
}

/// A relationship part that holds nothing yet.
pub(super) const NO_RELATIONS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
    <Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"/>";

/// An entry that says what the part of comments is.
pub(super) fn content_type(prefix: &str, path: &str) -> String {
    format!(
        "<{prefix}Override PartName=\"/{}\" \
         ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml\"/>",
        escaped(path)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_added_comes_out_again() {
        let ours = |element: &Element<'_>| element.attr("Id").is_some_and(|id| id == RELATION);
        for text in [
            "<R xmlns='u'><Relationship Id='a'/></R>",
            "<?xml version='1.0'?>\r\n<p:R xmlns:p='u'>\n <p:Relationship Id='a' />\n</p:R>\n",
            "<R xmlns='u'/>",
            "<R xmlns='u' />\n",
            "<R></R>",
            NO_RELATIONS,
        ] {
            let more = with(text, |prefix| relationship(prefix, "comments.xml", false)).expect("it has a root");
            assert!(more.contains(RELATION) && more.len() > text.len(), "{more}");
            let (less, left) = without(&more, ours).expect("it is whole");
            assert_eq!(less, text);
            assert_eq!(left, usize::from(text.contains("'a'")));
        }
        assert!(with("", |_| String::new()).is_none() && with("<a>", |_| String::new()).is_none());
    }
}
