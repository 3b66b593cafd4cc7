//! This is the writer into Word documents: findings as comments at the very words, or suggestions as proposals, in the
//! same file, of which everything else keeps its bytes.
//!
//! The plan's own reader says where words stand. The markup there is not parsed into a model and written out again, which
//! is how other programs lose what they do not know: marks are put between its bytes. Runs are cut only where a comment
//! begins or ends. In an inline content control, an equation or the like the marks go around it. Text boxes take no comment
//! in Word, so there the comment stands right after the box; headers, footers and notes take none at all, and the first
//! comment says what could not be marked.
//!
//! LibreOffice 7.4 loses the words before a comment in a block or cell content control when it reads such a file; that
//! happens whoever wrote the comment. Word is what plans are written in, so the marks stay at the words.

mod body;
mod comments;
mod parts;
mod propose;
mod remove;
mod splice;

use self::body::{Body, Cut, Side, Spot};
use self::propose::Proposal;
use self::splice::{Order, Splice, Strike};
use super::container::{Changes, Container, WriteError, Written};
use super::remark::{self, Line, Remark};
use crate::document::{Document, Format, Paragraph};
use crate::readers::docx::{WORD, main_part, relations};
use crate::readers::package::Package;
use crate::review::Review;
use crate::rules::{Rule, Severity};
use crate::span::Span;
use std::collections::{BTreeMap, HashSet};

/// Who comments.
pub const AUTHOR: &str = "clearplan";
/// The same in short.
const INITIALS: &str = "cp";
/// Comments beyond this are left out: Word opens no file with more than 32,767.
pub const MOST: usize = 30_000;

/// How to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options<'o> {
    /// The day of comments and proposals, as `2026-11-27`.
    pub date: &'o str,
    /// Findings below this are left out.
    pub least: Severity,
    /// What is written.
    pub mode: Mode,
}

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// A comment at the words of each statement with findings.
    Comments,
    /// Each suggestion as tracked deletions and insertions.
    Tracked,
    /// Each suggestion in the tribunal's typographic key, as that side's proposal.
    Working(Party),
}

/// Whose proposals a working document shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Party {
    /// Bold, and bold struck through.
    Parent,
    /// Italic, and italic struck through.
    Authority,
    /// Underlined, and underlined struck through.
    Agreed,
}

/// Writes what `review` says of the document in `bytes` into it. `rules` are those in force. What clearplan wrote into it
/// before is not taken out: see [`remove`].
///
/// # Errors
/// [`WriteError`] where the file is damaged, is not the one that was reviewed, or holds no words.
pub fn annotate(bytes: &[u8], review: &Review, rules: &[Rule], options: Options<'_>) -> Result<Written, WriteError> {
    let remarks = remark::remarks(review, rules, options.least);
    let how = how(options.mode);
    put(bytes, &review.document, &remarks, |unmarked| remark::summary(review, options.least, unmarked, &how), options)
}

/// Writes any remarks on the document in `bytes`, which is called `name`, into it, and before them a summary, which is told
/// what could not be marked.
///
/// # Errors
/// As [`annotate`].
pub fn put(
    bytes: &[u8],
    name: &str,
    remarks: &[Remark<'_>],
    summary: impl FnOnce(&[&str]) -> Vec<Line>,
    options: Options<'_>,
) -> Result<Written, WriteError> {
    let mut file = File::open(bytes)?;
    let document = crate::readers::docx::read(name, bytes)
        .map_err(|_| WriteError::Damaged("the text of the file cannot be read".into()))?;
    let paragraphs = document.paragraphs();
    let body = Body::read(&file.text).ok_or_else(|| WriteError::Damaged(format!("{} is damaged", file.main)))?;
    let head = head(&paragraphs, &body).ok_or(WriteError::NothingToMark)?;

    let (mut used, _) = file.comments.as_ref().map(|(_, part)| comments::numbers(part)).unwrap_or_default();
    used.extend(&body.ids);
    let mut numbers = Numbers::new(used);
    let mut writing = Writing {
        body: &body,
        splice: Splice::default(),
        comments: Vec::new(),
        proposals: 0,
        proposed: BTreeMap::new(),
        room: MOST.saturating_sub(body.ranges + 1),
        options,
    };
    // The first comment has the first number.
    let first = numbers.next();
    let mut unmarked = Vec::new();
    for remark in remarks {
        let paragraph = paragraphs.get(remark.paragraph).copied();
        let paragraph = paragraph.filter(|p| remark.statement.of(&p.text) == remark.text);
        let paragraph = paragraph.ok_or(WriteError::OtherDocument)?;
        if !writing.remark(paragraph, remark, &mut numbers) {
            unmarked.push(remark.id);
        }
    }
    writing.comment(head, first, summary(&unmarked));

    let Writing { splice, mut comments, proposals, .. } = writing;
    // Word shows them by place; a list reads better so too.
    comments.sort_by_key(|(id, _)| *id);
    let styled = |props: &str| propose::struck(options.mode, props, &body.prefix);
    let strike = if let Mode::Working(_) = options.mode { Strike::Styled(&styled) } else { Strike::Tracked };
    let text = splice.apply(&body, &strike);
    let strict = body.strict;
    let count = comments.len() - 1;
    let date = format!("{}T00:00:00Z", options.date);
    let lists: Vec<(i64, &[Line])> = comments.iter().map(|(id, lines)| (*id, lines.as_slice())).collect();
    let mut changes = file.comments(&lists, &date, strict)?;
    changes.insert(file.main.clone(), Some(text));
    let bytes = file.container.save(&changes)?;
    let unmarked = unmarked.into_iter().map(str::to_owned).collect();
    Ok(Written { bytes, comments: count, proposals, unmarked })
}

/// Takes the comments and the tracked proposals of clearplan out of a document. If nothing but [`annotate`] wrote into it,
/// every part is the original's byte for byte; if a word processor has saved it since, its words are. `None` where the
/// document holds nothing of ours.
///
/// # Errors
/// [`WriteError::Damaged`] where the file is.
pub fn remove(bytes: &[u8]) -> Result<Option<Vec<u8>>, WriteError> {
    let mut file = File::open(bytes)?;
    let (_, own) = file.comments.as_ref().map(|(_, part)| comments::numbers(part)).unwrap_or_default();
    let text =
        remove::without(&file.text, &own).ok_or_else(|| WriteError::Damaged(format!("{} is damaged", file.main)))?;
    if own.is_empty() && text == file.text {
        return Ok(None);
    }
    let mut changes = file.uncommented()?;
    changes.insert(file.main.clone(), Some(text));
    file.container.save(&changes).map(Some)
}

/// What the first comment says of the way that findings are shown.
fn how(mode: Mode) -> Vec<&'static str> {
    let shown = match mode {
        Mode::Comments => remark::AT_WORDS,
        Mode::Tracked => {
            "Each suggestion is a tracked change: accept it and fill its [blanks], which nobody but you can, or reject it. \
             Where a change could not be tracked, a comment says what to write."
        }
        Mode::Working(party) => return working(party),
    };
    vec![shown, remark::UNDO]
}

fn working(party: Party) -> Vec<&'static str> {
    let key = "Key of a working document: plain, the original; underlined, an addition that is agreed, and underlined and \
               struck through, a deletion that is; bold and bold struck through, the parents' proposals; italic and italic \
               struck through, the local authority's.";
    let whose = match party {
        Party::Parent => "Suggestions are shown as the parents' proposals.",
        Party::Authority => "Suggestions are shown as the local authority's proposals.",
        Party::Agreed => "Suggestions are shown as agreed.",
    };
    vec![
        key,
        whose,
        "[Blanks] show what is missing: nobody but you can fill them. Keep the original file: this cannot be undone.",
    ]
}

/// The first words of the plan that can carry a comment.
fn head(paragraphs: &[&Paragraph], body: &Body<'_>) -> Option<(Spot, Spot)> {
    paragraphs.iter().find_map(|paragraph| {
        let (start, end) = ends(paragraph, Span::new(0, paragraph.text.len()), body)?;
        (!start.boxed).then_some((start, end))
    })
}

/// Where a comment on those words begins and ends.
fn ends(paragraph: &Paragraph, span: Span, body: &Body<'_>) -> Option<(Spot, Spot)> {
    let source = paragraph.source(span)?;
    Some((body.spot(source.start, Side::Start)?, body.spot(source.end, Side::End)?))
}

/// Numbers for annotations that no other has.
struct Numbers {
    used: HashSet<i64>,
    next: i64,
}

impl Numbers {
    fn new(used: HashSet<i64>) -> Self {
        // Word reads numbers as 32 bits.
        let after = used.iter().max().map_or(0, |most| most.saturating_add(1));
        let next = if (0..1 << 30).contains(&after) { after } else { 0 };
        Self { used, next }
    }

    fn next(&mut self) -> i64 {
        while self.used.contains(&self.next) {
            self.next += 1;
        }
        self.next += 1;
        self.next - 1
    }
}

/// What is being put into a main part.
struct Writing<'w> {
    body: &'w Body<'w>,
    splice: Splice,
    comments: Vec<(i64, Vec<Line>)>,
    proposals: usize,
    /// Where proposals stand in the main part, by their first byte: no two may overlap.
    proposed: BTreeMap<usize, usize>,
    /// Comments that there is room for.
    room: usize,
    options: Options<'w>,
}

impl Writing<'_> {
    /// Shows a remark; false where that is not possible.
    fn remark(&mut self, paragraph: &Paragraph, remark: &Remark<'_>, numbers: &mut Numbers) -> bool {
        if self.options.mode != Mode::Comments {
            let Some(suggestion) = remark.suggestion else { return self.at_words(paragraph, remark, numbers) };
            if self.is_free(paragraph, remark.statement)
                && let Some(proposal) = Proposal::new(paragraph, remark.statement, suggestion, self.body)
            {
                proposal.put(self.body, &mut self.splice, self.options, || numbers.next());
                self.proposals += 1;
                return true;
            }
        }
        self.at_words(paragraph, remark, numbers)
    }

    /// Takes the words for a proposal; false where another has some of them.
    fn is_free(&mut self, paragraph: &Paragraph, statement: Span) -> bool {
        let Some(source) = paragraph.source(statement) else { return false };
        let free = self.proposed.range(..source.end).next_back().is_none_or(|(_, end)| *end <= source.start);
        if free {
            self.proposed.insert(source.start, source.end);
        }
        free
    }

    fn at_words(&mut self, paragraph: &Paragraph, remark: &Remark<'_>, numbers: &mut Numbers) -> bool {
        let Some(ends) = ends(paragraph, remark.span, self.body).filter(|_| self.room > 0) else { return false };
        self.room -= 1;
        let mut lines = remark.lines.clone();
        if ends.1.boxed {
            lines.insert(1, Line::plain(format!("In the text box: “{}”", remark.span.of(&paragraph.text))));
        }
        self.comment(ends, numbers.next(), lines);
        true
    }

    fn comment(&mut self, (start, end): (Spot, Spot), id: i64, lines: Vec<Line>) {
        let Body { prefix: w, declares, .. } = self.body;
        let from = format!("<{w}commentRangeStart{declares} {w}id=\"{id}\"/>");
        let to = format!(
            "<{w}commentRangeEnd{declares} {w}id=\"{id}\"/><{w}r{declares}><{w}commentReference {w}id=\"{id}\"/></{w}r>"
        );
        if start.at >= end.at {
            let spot = Spot { cut: Cut::Edge, ..end };
            self.splice.put(if end.boxed { spot } else { end }, Order::Point, format!("{from}{to}"));
        } else {
            self.splice.put(start, Order::Start, from);
            self.splice.put(end, Order::End, to);
        }
        self.comments.push((id, lines));
    }
}

/// The parts of a document that marks go into.
struct File<'b> {
    container: Container<'b>,
    /// Path of the main part.
    main: String,
    text: String,
    /// Path and text of the part of comments, where there is one.
    comments: Option<(String, String)>,
}

/// Where a package says what its parts are.
const TYPES: &str = "[Content_Types].xml";

impl<'b> File<'b> {
    fn open(bytes: &'b [u8]) -> Result<Self, WriteError> {
        let damaged = |what: &str| WriteError::Damaged(format!("{what} is missing"));
        let mut package =
            Package::open("", "Word document", bytes).map_err(|_| damaged("the directory of the file"))?;
        let main = main_part(&mut package, &mut Document::new("", Format::Docx))
            .map_err(|_| damaged("the word on where its text is"))?;
        let mut container = Container::open(bytes)?;
        let text = container.text(&main)?.ok_or_else(|| damaged(&main))?;
        let mut file = Self { container, main, text, comments: None };
        if let Some(list) = file.container.text(&file.relations())?
            && let Some(path) = relations(&list, file.folder()).by_kind.remove("comments")
            && let Some(part) = file.container.text(&path)?
        {
            file.comments = Some((path, part));
        }
        Ok(file)
    }

    fn folder(&self) -> &str {
        self.main.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The path of `name` beside the main part.
    fn beside(&self, name: &str) -> String {
        if self.folder().is_empty() { name.to_owned() } else { format!("{}/{name}", self.folder()) }
    }

    fn relations(&self) -> String {
        let file = self.main.rsplit('/').next().unwrap_or_default();
        self.beside(&format!("_rels/{file}.rels"))
    }

    /// The parts that change with those comments more.
    fn comments(&mut self, list: &[(i64, &[Line])], date: &str, strict: bool) -> Result<Changes, WriteError> {
        let damaged = |path: &str| WriteError::Damaged(format!("{path} is damaged"));
        let mut changes = Changes::new();
        let (path, part) = match &self.comments {
            Some((path, part)) => (path.clone(), part.clone()),
            None => {
                let names = (0..).map(|n| if n == 0 { "comments.xml".to_owned() } else { format!("comments{n}.xml") });
                let name = names.into_iter().find(|name| !self.container.has(&self.beside(name))).unwrap_or_default();
                let path = self.beside(&name);
                let types = self.container.text(TYPES)?.ok_or_else(|| damaged(TYPES))?;
                let types = parts::with(&types, |prefix| parts::content_type(prefix, &path));
                changes.insert(TYPES.to_owned(), Some(types.ok_or_else(|| damaged(TYPES))?));
                let relations = self.relations();
                let known = self.container.text(&relations)?.unwrap_or_else(|| parts::NO_RELATIONS.to_owned());
                let known = parts::with(&known, |prefix| parts::relationship(prefix, &name, strict));
                changes.insert(relations.clone(), Some(known.ok_or_else(|| damaged(&relations))?));
                (path, comments::empty(strict))
            }
        };
        let part = comments::with(&part, list, date, strict).ok_or_else(|| damaged(&path))?;
        changes.insert(path, Some(part));
        Ok(changes)
    }

    /// The parts that change without our comments.
    fn uncommented(&mut self) -> Result<Changes, WriteError> {
        let damaged = |path: &str| WriteError::Damaged(format!("{path} is damaged"));
        let mut changes = Changes::new();
        let Some((path, part)) = self.comments.clone() else { return Ok(changes) };
        let (part, left) = parts::without(&part, comments::is_ours).ok_or_else(|| damaged(&path))?;
        let relations = self.relations();
        let known = self.container.text(&relations)?.unwrap_or_default();
        let own = |element: &crate::readers::markup::Element<'_>| {
            element.name == "Relationship" && element.attr("Id").is_some_and(|id| id == parts::RELATION)
        };
        let (known, others) = parts::without(&known, own).ok_or_else(|| damaged(&relations))?;
        // The part was added by us, and nobody has commented in it since.
        let added = left == 0 && self.container.text(&relations)?.is_some_and(|before| before != known);
        if !added {
            changes.insert(path, Some(part));
            return Ok(changes);
        }
        let types = self.container.text(TYPES)?.ok_or_else(|| damaged(TYPES))?;
        let name = format!("/{path}");
        let (types, _) = parts::without(&types, |element| element.attr("PartName").is_some_and(|part| part == name))
            .ok_or_else(|| damaged(TYPES))?;
        changes.insert(TYPES.to_owned(), Some(types));
        let made = others == 0 && known == parts::NO_RELATIONS;
        changes.insert(relations, (!made).then_some(known));
        changes.insert(path, None);
        Ok(changes)
    }
}
