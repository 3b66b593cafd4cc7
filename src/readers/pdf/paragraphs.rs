//! This is how lines on a page join into paragraphs, and paragraphs across pages.
//!
//! The strongest sign is geometry: a writer's program breaks a line only where the next word has no room, so a line on
//! which that word would have fitted ends its paragraph.

use super::lines::Line;
use crate::document::{Block, Paragraph, Place, Role};
use crate::readers::build::Builder;
use crate::readers::marker::{Kind, Marker, marker};
use crate::readers::text::is_dot_leader;
use std::collections::HashSet;

/// What is the same all through a document.
#[derive(Debug, Clone, Default)]
pub(super) struct Habits {
    /// Distance of lines within a paragraph, in font sizes.
    pub(super) leading: f32,
    /// Size of running text, in points.
    pub(super) body: f32,
    /// Sizes of headings, largest first.
    pub(super) headings: Vec<f32>,
    /// Words of the document that hold a hyphen or were not cut at one, small letters only.
    pub(super) vocabulary: HashSet<String>,
}

/// A paragraph with what is needed to join it to the next one.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) lines: Vec<Line>,
    pub(super) mark: Option<(Marker, u8)>,
    pub(super) furniture: bool,
}

impl Habits {
    /// Learns from all lines of a document.
    pub(super) fn of<'l>(lines: impl Iterator<Item = &'l Line> + Clone) -> Self {
        let mut leadings: Vec<f32> = Vec::new();
        let mut sizes: Vec<(i32, usize)> = Vec::new();
        let mut vocabulary = HashSet::new();
        let mut before: Option<&Line> = None;
        for line in lines.clone() {
            let letters: usize = line.words.iter().map(|word| word.text.len()).sum();
            let tenths = (line.size * 10.0).round() as i32;
            let room = sizes.len() < 200;
            match sizes.iter_mut().find(|(size, _)| (*size - tenths).abs() <= 2) {
                Some((_, count)) => *count += letters,
                None if room => sizes.push((tenths, letters)),
                None => {}
            }
            let last = line.words.len().saturating_sub(1);
            for (at, word) in line.words.iter().enumerate() {
                if at < last || !word.text.ends_with('-') {
                    vocabulary.insert(bare(&word.text));
                }
            }
            if let Some(before) = before
                && before.page == line.page
                && is_sure(before, line)
            {
                leadings.push((line.base - before.base) / line.size);
            }
            before = Some(line);
        }
        leadings.sort_by(f32::total_cmp);
        let leading = leadings.get(leadings.len() / 2).copied().unwrap_or(1.2);
        let body = sizes.iter().max_by_key(|(_, count)| *count).map_or(11.0, |(size, _)| *size as f32 / 10.0);
        let mut headings: Vec<f32> =
            sizes.iter().map(|(size, _)| *size as f32 / 10.0).filter(|size| *size >= body * 1.12).collect();
        headings.sort_by(|a, b| b.total_cmp(a));
        headings.dedup_by(|b, a| *a - *b < 0.04 * *a);
        Self { leading, body, headings, vocabulary }
    }
}

/// True where `next` certainly goes on the sentence of `line`.
fn is_sure(line: &Line, next: &Line) -> bool {
    let distance = next.base - line.base;
    (line.size - next.size).abs() < 0.6
        && distance > 0.0
        && distance < 2.6 * line.size
        && !fits(line, next)
        && starts_small(next)
        && !ends_sentence(line)
}

/// True where the first word of `next` would have had room on `line`.
fn fits(line: &Line, next: &Line) -> bool {
    let Some(word) = next.words.first() else { return true };
    let blank = 0.25 * line.size;
    line.right() + blank + (word.right - word.left) < line.edge - 0.3 * line.size
}

fn starts_small(line: &Line) -> bool {
    line.words
        .first()
        .and_then(|word| word.text.chars().next())
        .is_some_and(|c| c.is_lowercase() || c == '(' || c == '&')
}

fn ends_sentence(line: &Line) -> bool {
    line.words.last().is_none_or(|word| {
        word.text.trim_end_matches(['"', '\'', '”', '’', ')', ']']).ends_with(['.', '!', '?', ':', ';'])
    })
}

/// The paragraphs of some lines in reading order.
pub(super) fn drafts(lines: Vec<Line>, habits: &Habits) -> Vec<Draft> {
    let mut out: Vec<Draft> = Vec::new();
    let mut levels: Vec<f32> = Vec::new();
    let mut order: Option<u32> = None;
    for line in lines {
        let goes_on = out.last().is_some_and(|open| open.takes(&line, habits));
        let mark = line_mark(&line).filter(|found| begins_item(found, &line, out.last(), goes_on, order));
        if let Some(found) = mark {
            let left = line.left();
            while levels.last().is_some_and(|level| left < level - 4.0) {
                levels.pop();
            }
            if levels.last().is_none_or(|level| left > level + 4.0) {
                levels.push(left);
            }
            let level = u8::try_from(levels.len() - 1).unwrap_or(u8::MAX);
            order = if let Kind::Number(order) = found.kind { Some(order) } else { None };
            out.push(Draft { lines: vec![line], mark: Some((found, level)), furniture: false });
            continue;
        }
        match out.last_mut() {
            Some(open) if goes_on => open.lines.push(line),
            _ => {
                // A paragraph further left than the list's marks ends the list.
                if levels.first().is_some_and(|level| line.left() <= level + 2.0) {
                    levels.clear();
                    order = None;
                }
                out.push(Draft { lines: vec![line], mark: None, furniture: false });
            }
        }
    }
    for draft in &mut out {
        draft.furniture = draft.lines.last().is_some_and(|line| is_dot_leader(&line.text()));
    }
    out
}

/// The list mark that a line begins with; a letter o needs the room of a mark after it.
fn line_mark(line: &Line) -> Option<Marker> {
    let (first, second) = (line.words.first()?, line.words.get(1));
    if first.text == "o" {
        let gap = second?.left - first.right;
        let kind = Kind::Dash;
        return (gap > 0.45 * line.size).then(|| Marker { text: "o".to_owned(), rest: 1, kind });
    }
    marker(&line.text())
}

fn begins_item(found: &Marker, line: &Line, open: Option<&Draft>, goes_on: bool, order: Option<u32>) -> bool {
    if found.kind == Kind::Bullet || !goes_on {
        return true;
    }
    let tabbed = match (line.words.first(), line.words.get(1)) {
        (Some(first), Some(second)) => second.left - first.right > 0.45 * line.size,
        _ => false,
    };
    let follows = match found.kind {
        Kind::Number(now) => order.is_some_and(|before| now == before.saturating_add(1)),
        Kind::Bullet | Kind::Dash => open.is_some_and(|open| {
            open.mark.as_ref().is_some_and(|(mark, _)| mark.text == found.text)
                && open.lines.first().is_some_and(|first| (first.left() - line.left()).abs() < 3.0)
        }),
    };
    tabbed || follows
}

impl Draft {
    /// Whether `next` belongs to this paragraph.
    fn takes(&self, next: &Line, habits: &Habits) -> bool {
        let Some(last) = self.lines.last() else { return false };
        if last.page != next.page || is_dot_leader(&last.text()) {
            return false;
        }
        let distance = (next.base - last.base) / last.size.max(1.0);
        let unfinished = !ends_sentence(last);
        let small = starts_small(next);
        if distance <= 0.0 {
            // On to the next column: as on to the next page.
            return self.goes_over(next);
        }
        if !self.alike(next) {
            return false;
        }
        let slack = if unfinished && small { 1.6 } else { 1.22 };
        if distance > habits.leading.max(1.0) * slack + 0.05 {
            return false;
        }
        if !self.aligned(next) {
            return false;
        }
        if !fits(last, next) {
            return true;
        }
        // Narrow words may have been kept together, and an edge may have been guessed too far out.
        unfinished && small && last.right() - last.left() > 0.5 * (last.edge - last.left())
    }

    /// Same size, and as bold.
    fn alike(&self, next: &Line) -> bool {
        let Some(last) = self.lines.last() else { return false };
        if (last.size - next.size).abs() > 0.08 * last.size.max(next.size) {
            // A raised figure makes a line look larger or smaller than it is; a heading differs more.
            return false;
        }
        let (before, after) = (self.lines.iter().all(Line::bold), next.bold());
        match (before, after) {
            (true, true) | (false, false) => true,
            // A bold beginning that runs over the line's end.
            (true, false) => {
                next.words.first().is_some_and(|word| word.bold) || (starts_small(next) && !ends_sentence(last))
            }
            (false, true) => {
                last.words.last().is_some_and(|word| word.bold) || (starts_small(next) && !ends_sentence(last))
            }
        }
    }

    /// Begins where the lines of this paragraph begin.
    fn aligned(&self, next: &Line) -> bool {
        let (Some(first), Some(last)) = (self.lines.first(), self.lines.last()) else { return false };
        let left = next.left();
        let near = 0.7 * next.size;
        if self.mark.is_some() && self.lines.len() == 1 {
            // Under the item's words, or under its mark.
            let words = first.words.get(1).map_or(first.left(), |word| word.left);
            return left >= first.left() - near && left <= words.max(first.left()) + 2.5 * next.size;
        }
        if self.lines.len() == 1 {
            // The first line may be indented, or hang.
            return (last.left() - left).abs() <= 4.0 * next.size;
        }
        (last.left() - left).abs() <= near
    }

    /// Whether a line at the top of the next page or column goes on this paragraph.
    pub(super) fn goes_over(&self, next: &Line) -> bool {
        let Some(last) = self.lines.last() else { return false };
        if self.furniture || ends_sentence(last) || !self.alike(next) || fits(last, next) {
            return false;
        }
        line_mark(next).is_none() && (starts_small(next) || self.lines.len() > 1 || !last.bold())
    }

    /// True where its first letter is small.
    pub(super) fn begins_small(&self) -> bool {
        self.lines.first().is_some_and(starts_small)
    }

    /// True where it is longer than a name or a time.
    pub(super) fn is_long(&self) -> bool {
        self.lines.iter().flat_map(|line| &line.words).map(|word| word.text.len() + 1).sum::<usize>() > 80
    }

    /// Takes in the whole of a paragraph that goes on this one.
    pub(super) fn absorb(&mut self, next: Draft) {
        self.lines.extend(next.lines);
    }

    /// Its text, joined at line ends.
    pub(super) fn paragraph(&self, habits: &Habits) -> Option<Paragraph> {
        let mut builder = Builder::default();
        for (index, line) in self.lines.iter().enumerate() {
            let mut words = line.words.iter().map(|word| (word.text.as_str(), word.bold, word.left, word.right));
            if index == 0
                && let Some((mark, _)) = &self.mark
                && let Some((first, bold, ..)) = words.next()
            {
                // A mark that is drawn close to its word is one word with it.
                builder.push(first.get(mark.rest..).unwrap_or(""), bold);
            } else if index > 0 {
                let next = line.words.first().map_or("", |word| word.text.as_str());
                let torn = index
                    .checked_sub(1)
                    .and_then(|before| self.lines.get(before))
                    .is_some_and(|before| is_torn(before, line, habits));
                if torn {
                    // One word in two pieces.
                } else if !joins_directly(builder.text(), next) {
                    builder.space();
                } else if drops_hyphen(builder.text(), next, &habits.vocabulary) {
                    builder.drop_last('-');
                }
            }
            let mut right: Option<f32> = None;
            for (text, bold, left, end) in words {
                match right {
                    Some(right) if left - right > 1.6 * line.size => builder.tab(),
                    _ if right.is_some() || index == 0 => builder.space(),
                    _ => {}
                }
                builder.push(text, bold);
                right = Some(end);
            }
        }
        let page = self.lines.first().map(|line| line.page);
        builder.finish(self.role(habits), Place { page, ..Place::default() })
    }

    fn role(&self, habits: &Habits) -> Role {
        if self.furniture {
            return Role::Furniture;
        }
        if let Some((mark, level)) = &self.mark {
            return Role::Item { level: *level, marker: mark.text.clone() };
        }
        let size = self.lines.iter().map(|line| line.size).fold(0.0, f32::max);
        let letters: usize = self.lines.iter().flat_map(|line| &line.words).map(|word| word.text.len()).sum();
        if size >= habits.body * 1.12 && self.lines.len() <= 3 && letters <= 200 {
            let level =
                habits.headings.iter().position(|heading| size > heading * 0.97).unwrap_or(habits.headings.len());
            return Role::Heading(u8::try_from(level + 1).unwrap_or(9).min(9));
        }
        Role::Body
    }

    /// As a block of the document.
    pub(super) fn block(&self, habits: &Habits) -> Option<Block> {
        self.paragraph(habits).map(Block::Paragraph)
    }
}

/// True where a column was too narrow for a word, which was then torn without a hyphen; the document has it whole
/// elsewhere.
fn is_torn(line: &Line, next: &Line, habits: &Habits) -> bool {
    let ([word], Some(rest)) = (line.words.as_slice(), next.words.first()) else { return false };
    line.edge - word.right < 0.7 * line.size
        && starts_small(next)
        && word.text.ends_with(char::is_alphabetic)
        && habits.vocabulary.contains(&bare(&format!("{}{}", word.text, rest.text)))
}

/// True where nothing stands between a line's end and the next line's start.
fn joins_directly(text: &str, next: &str) -> bool {
    let mut end = text.chars().rev();
    match (end.next(), end.next()) {
        (Some('-' | '/' | '\u{2010}'), Some(before)) => {
            before.is_alphanumeric() && next.starts_with(|c: char| c.is_alphanumeric())
        }
        _ => false,
    }
}

/// A hyphen at a line's end belongs to the word, except where the document writes that word without it elsewhere.
fn drops_hyphen(text: &str, next: &str, vocabulary: &HashSet<String>) -> bool {
    let Some(start) = text.strip_suffix('-') else { return false };
    let start = start.rsplit(char::is_whitespace).next().unwrap_or("");
    let joined = bare(&format!("{start}{next}"));
    let hyphenated = bare(&format!("{start}-{next}"));
    vocabulary.contains(&joined) && !vocabulary.contains(&hyphenated)
}

fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}
