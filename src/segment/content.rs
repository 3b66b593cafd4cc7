//! This is the making of statements: a line of running text or a list item is cut into sentences, and each takes along
//! what it inherits.

use super::framework::Means;
use super::line::without_codes;
use super::list::{self, is_lead};
use super::sentence::sentences;
use super::walk::{Lead, MOST_LINES, Next, Walk};
use super::wording::{continues, is_help, is_strength, is_wish};
use crate::document::{Context, ContextRole, Kind, Paragraph, Section, Setting, Statement};
use crate::span::Span;

impl Walk<'_> {
    /// Running text or a list item: its sentences become statements.
    pub(super) fn content(&mut self, paragraph: &Paragraph, span: Span, level: Option<u8>, next: Next) {
        let depth = level.map_or(-1, i16::from);
        let text = paragraph.text.as_str();
        let words = span.of(text);
        if level.is_some() {
            self.here.leads.retain(|lead| lead.level < depth);
        } else {
            let goes_on = words.starts_with(char::is_lowercase)
                || (!words.contains(" will ") && !words.contains(" is ") && !words.contains(". "));
            self.here.leads.retain(|lead| {
                lead.level < 0 && if lead.used { words.starts_with(char::is_lowercase) } else { goes_on }
            });
        }
        let before_list = match next {
            Next::Item(below) => level.is_none_or(|own| below > own),
            _ => false,
        };
        let follows = !matches!(next, Next::Nothing) || self.here.cell;
        let mut found = Found::default();
        match list::inline(text, span) {
            None => self.sentences(text, span, &[], &mut found),
            Some(inline) => {
                let mut inherited = None;
                if !inline.lead.is_empty() {
                    let mut before = Found::default();
                    self.sentences(text, inline.lead, &[], &mut before);
                    if let Some(last) = before.pieces.pop() {
                        inherited = Some(Context { role: ContextRole::LeadIn, text: last.span.of(text).to_owned() });
                    }
                    found.pieces.append(&mut before.pieces);
                }
                let inherited: Vec<Context> = inherited.into_iter().collect();
                for item in inline.items {
                    found.whole = true;
                    self.sentences(text, item, &inherited, &mut found);
                }
            }
        }
        // The last sentence may only introduce what follows.
        let lead = found.pieces.last().filter(|_| !found.whole).map(|piece| piece.span).filter(|last| {
            let sentence = last.of(text);
            follows
                && is_lead(sentence, before_list)
                && (before_list || sentence.trim_end().trim_end_matches(['-', '–', '—', ' ']).ends_with(':'))
        });
        if lead.is_some() {
            found.pieces.pop();
        }
        for piece in found.pieces {
            self.emit(paragraph, piece);
        }
        if let Some(lead) = lead {
            let level = if before_list || level.is_none() { depth } else { depth - 1 };
            // An item that introduces items of its own level stands beside the lead-in of the list.
            let nested = before_list || level < depth;
            self.here.leads.retain(|known| known.level < level || (nested && known.level == level && level < depth));
            self.here.leads.truncate(MOST_LINES.into());
            self.here.leads.push(Lead { level, text: lead.of(text).to_owned(), used: false });
        }
    }

    /// The sentences of a stretch, with those that only go on about the one before joined to it.
    fn sentences(&self, text: &str, span: Span, inherited: &[Context], found: &mut Found) {
        let kind = self.here.column.or(self.kind_here()).unwrap_or(Kind::Other);
        let words = span.of(text);
        let mut first = true;
        for piece in sentences(words) {
            let piece = without_codes(self.framework, text, piece.shifted(span.start));
            let sentence = piece.of(text);
            if !sentence.chars().any(char::is_alphabetic) {
                continue;
            }
            match found.pieces.last_mut() {
                Some(last) if !first && continues(sentence, kind) && !is_lead(sentence, false) => {
                    last.span.end = piece.end
                }
                _ => found.pieces.push(Piece { span: piece, inherited: inherited.to_vec() }),
            }
            first = false;
        }
    }

    /// One statement.
    fn emit(&mut self, paragraph: &Paragraph, piece: Piece) {
        let words = piece.span.of(&paragraph.text);
        // Half of a source code that the source broke in two ("(A," at a line's end) is no statement either.
        let scrap = words.contains(['(', ')']) && !words.chars().any(char::is_lowercase) && words.len() < 12;
        if self.framework.begins_boilerplate(words) || words.len() < 3 || scrap {
            return;
        }
        let base = self.here.column.or(self.kind_here());
        let prose = words.ends_with(['.', '!', '?', '”', '"']) && words.split_whitespace().nth(3).is_some();
        if matches!(base, None | Some(Kind::Other)) && self.here.column.is_none() && !prose {
            return;
        }
        let base = base.unwrap_or(Kind::Other);
        let mut section = self.here.section;
        let mode = self.here.mode.map(|(means, _)| means);
        let wishes = |leads: &[Lead]| is_wish(words) || leads.iter().any(|lead| is_wish(&lead.text));
        let mut kind = match (base, mode) {
            (Kind::Aspiration, Some(Means::Aspirations)) => Kind::Aspiration,
            (Kind::Aspiration, _) => {
                if wishes(&self.here.leads) {
                    Kind::Aspiration
                } else {
                    Kind::Other
                }
            }
            (_, Some(Means::Strengths | Means::Other)) => Kind::Other,
            (Kind::Outcome | Kind::Provision, _) if self.here.column.is_none() && words.starts_with("These are ") => {
                Kind::Other
            }
            (Kind::Need, _) if is_strength(words) => Kind::Other,
            (base, _) => base,
        };
        if self.here.column.is_none()
            && kind == Kind::Outcome
            && (self.outline.mixed || self.here.both)
            && is_help(words)
        {
            section = self.framework.beside(section, Kind::Provision);
            kind = Kind::Provision;
        }
        let mut context: Vec<Context> = self.here.heads.iter().map(|(_, c)| c.clone()).collect();
        context.extend(self.here.row.iter().cloned());
        for lead in &mut self.here.leads {
            lead.used = true;
            context.push(Context { role: ContextRole::LeadIn, text: lead.text.clone() });
        }
        context.extend(piece.inherited);
        let target = self.target(section);
        if self.here.lined > 0 {
            self.here.lined = 0;
            self.here.since = (target, self.out.get(target).map_or(0, |s| s.statements.len()));
        }
        let id = section.and_then(|s| self.framework.sections.get(s)).map_or(String::new(), |s| s.id.clone());
        if let Some(out) = self.out.get_mut(target) {
            out.statements.push(Statement {
                text: words.to_owned(),
                kind,
                section: id,
                context,
                place: paragraph.place,
                span: piece.span,
                setting: Setting::default(),
            });
        }
    }

    /// The output section for statements of `section`; begun now where there is none yet.
    fn target(&mut self, section: Option<usize>) -> usize {
        let id = section.and_then(|s| self.framework.sections.get(s)).map_or("", |s| s.id.as_str());
        let fits = |i: &usize| self.out.get(*i).is_some_and(|s| s.section == id);
        if let Some(target) = self.here.target.filter(fits) {
            return target;
        }
        let heading = self.here.heading.clone();
        self.out.push(Section { section: id.to_owned(), heading, statements: Vec::new() });
        let target = self.out.len() - 1;
        self.here.target = Some(target);
        self.here.since = (target, 0);
        target
    }
}

#[derive(Default)]
struct Found {
    pieces: Vec<Piece>,
    /// True where the pieces are items of a list within the line, none of which introduces anything.
    whole: bool,
}

struct Piece {
    span: Span,
    inherited: Vec<Context>,
}
