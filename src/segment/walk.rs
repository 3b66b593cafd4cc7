//! This is the walk through a plan: paragraph by paragraph it knows which section it is in, what a line inherits, and
//! what kind of statement stands here.

use super::framework::{Framework, Means, fold};
use super::heading::{Look, Opening, opening};
use super::line::{self, trimmed, without_codes};
use super::list::{self, is_lead};
use super::outline::{Outline, look};
use super::sentence::sentences;
use super::wording::{continues, has_time, is_help, is_strength, is_wish};
use crate::document::{
    Block, Context, ContextRole, Document, Kind, Paragraph, Role, Section, Setting, Statement, Table,
};
use crate::span::Span;

/// The walk and what it has found so far.
pub(super) struct Walk<'d> {
    pub(super) framework: &'d Framework,
    pub(super) outline: Outline,
    pub(super) out: Vec<Section>,
    pub(super) here: Here,
    setting: Option<Setting>,
    /// The table, by address, and row of titles whose first section the text above them has begun.
    pub(super) begun: Option<(usize, usize)>,
}

/// Where the walk is. Cloned for a table cell and put back after it.
#[derive(Debug, Clone, Default)]
pub(super) struct Here {
    /// Index into the framework's sections; `None` before the first.
    pub section: Option<usize>,
    /// Index of the output section that statements go to, once there is one.
    pub target: Option<usize>,
    /// The heading of the section, for output sections that are begun later.
    pub heading: String,
    /// Rank of the heading that opened the section.
    rank: u8,
    /// The section to go back to when a sub-heading such as "What support I will get" ends, and that heading's rank.
    home: Option<(usize, String, u8)>,
    /// True where one heading names outcomes and provision together.
    pub both: bool,
    /// The kind of a table column, which goes before the section's.
    pub column: Option<Kind>,
    /// What the last sub-heading of that rank means for the kind.
    pub mode: Option<(Means, u8)>,
    /// Headings that carry a time, by rank.
    heads: Vec<(u8, Context)>,
    /// Lead-ins in force: the list level they stand at (-1 for running text) and whether anything has used them.
    leads: Vec<Lead>,
    /// True inside a table cell that holds data.
    pub cell: bool,
    /// Inherited from the column and the neighbouring cells.
    pub row: Vec<Context>,
    /// Where the statements begin that a following "By when: …" line belongs to: output section and index.
    since: (usize, usize),
    /// How many such lines have come; after one the next statement begins anew.
    lined: u8,
}

impl Here {
    /// After a cell: lead-ins that it inherited count as used.
    pub fn mark_leads(&mut self, inside: &Self) {
        for lead in &mut self.leads {
            lead.used |= inside.leads.iter().any(|l| l.used && l.level == lead.level && l.text == lead.text);
        }
    }
}

#[derive(Debug, Clone)]
struct Lead {
    level: i16,
    text: String,
    used: bool,
}

/// A piece of the stream that a walk goes through.
pub(super) enum Unit<'d> {
    /// A paragraph; true where it fills its table row.
    Paragraph(&'d Paragraph, bool),
    /// A table that is more than a frame.
    Table(&'d Table),
}

/// What stands after a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Nothing,
    Item(u8),
    /// Running text; true where it is a full sentence or a lead-in.
    Text(bool),
    Heading,
    Table,
}

impl<'d> Walk<'d> {
    pub fn new(framework: &'d Framework, document: &'d Document) -> Self {
        Self {
            framework,
            outline: Outline::new(framework, document),
            out: Vec::new(),
            here: Here::default(),
            setting: None,
            begun: None,
        }
    }

    /// Walks the whole document.
    pub fn run(mut self, document: &'d Document) -> Vec<Section> {
        let units = self.units(&document.blocks, 0);
        self.units_through(&units, units.len(), 0);
        let setting = document.setting.or(self.setting).unwrap_or_default();
        for statement in self.out.iter_mut().flat_map(|section| &mut section.statements) {
            statement.setting = setting;
        }
        self.out.retain(|section| !section.section.is_empty() || !section.statements.is_empty());
        self.out
    }

    /// Goes through the first `own` of `units`; the others are only looked ahead at.
    pub(super) fn units_through(&mut self, units: &[Unit<'d>], own: usize, depth: usize) {
        for (i, unit) in units.iter().enumerate().take(own) {
            match unit {
                Unit::Paragraph(paragraph, _) if paragraph.text.trim().is_empty() => {}
                Unit::Paragraph(paragraph, alone) => {
                    // Looking ahead passes over empty paragraphs only.
                    let rest = units.get(i + 1..).unwrap_or(&[]);
                    let next = rest.iter().map(|u| self.what(u)).find(Option::is_some).flatten();
                    self.paragraph(paragraph, *alone, next.unwrap_or(Next::Nothing));
                }
                Unit::Table(table) => self.table(table, depth),
            }
        }
    }

    fn what(&self, unit: &Unit<'_>) -> Option<Next> {
        let Unit::Paragraph(p, alone) = unit else { return Some(Next::Table) };
        let text = p.text.trim();
        if text.is_empty() || matches!(p.role, Role::Furniture | Role::Footnote) {
            return None;
        }
        Some(match p.role {
            Role::Heading(_) => Next::Heading,
            Role::Item { level, .. } => Next::Item(level),
            _ if line::marker(text).is_some() => Next::Item(0),
            _ if opening(self.framework, text, look(p, *alone)).is_some() => Next::Heading,
            _ => Next::Text(text.ends_with(['.', '!', '?', ':', ')'])),
        })
    }

    /// One paragraph, line by line.
    fn paragraph(&mut self, paragraph: &Paragraph, alone: bool, next: Next) {
        if matches!(paragraph.role, Role::Furniture | Role::Footnote) || self.outline.skips(paragraph) {
            return;
        }
        self.note_setting(&paragraph.text);
        if !paragraph.text.contains('\n') {
            return self.line(paragraph, Span::new(0, paragraph.text.len()), look(paragraph, alone), next);
        }
        let lines: Vec<Span> = line::lines(&paragraph.text)
            .into_iter()
            .map(|span| trimmed(&paragraph.text, span))
            .filter(|span| !span.is_empty())
            .collect();
        for (i, span) in lines.iter().enumerate() {
            let after = lines.get(i + 1).map(|s| {
                let text = s.of(&paragraph.text);
                if line::marker(text).is_some() {
                    Next::Item(0)
                } else {
                    Next::Text(text.ends_with(['.', '!', '?', ':']))
                }
            });
            // Only the first line of a styled paragraph is its heading.
            let look = if i == 0 { look(paragraph, false) } else { look(paragraph, false).min(Look::Strong) };
            self.line(paragraph, *span, look, after.unwrap_or(next));
        }
    }

    fn line(&mut self, paragraph: &Paragraph, span: Span, look: Look, next: Next) {
        let text = paragraph.text.as_str();
        let mut span = trimmed(text, span);
        let words = span.of(text);
        if words.is_empty() || line::is_furniture(words) {
            return;
        }
        let rank = rank(paragraph, look);
        if !self.here.cell
            && let Some(found) = opening(self.framework, words, look)
            && self.open(found, words, rank, next)
        {
            return;
        }
        if self.framework.is_boilerplate(words) || line::is_only_codes(self.framework, words) {
            return;
        }
        let mut level = match paragraph.role {
            Role::Item { level, .. } => Some(level),
            _ => None,
        };
        if let Some(length) = line::marker(words) {
            // A numbered paragraph ("2.1 Sam reads") is no list item, a typed bullet is.
            let outline = words.get(..length).is_some_and(|m| m.trim_end().trim_end_matches('.').contains('.'));
            if level.is_none() && !outline {
                level = Some(0);
            }
            span.start += length;
            span = trimmed(text, span);
        }
        let words = span.of(text);
        if self.framework.says_nothing(words) {
            return;
        }
        if let Some(means) = self.sub_heading(words, look, level, next) {
            return self.under(means, rank, words);
        }
        if let Some(start) = self.labelled(words) {
            match start {
                Labelled::Done => return,
                Labelled::From(at) => span = trimmed(text, Span::new(span.start + at, span.end)),
            }
        }
        if !span.is_empty() {
            self.content(paragraph, span, level, next);
        }
    }

    /// Opens a section; false where the heading is only a sub-heading here.
    fn open(&mut self, found: Opening, words: &str, rank: u8, next: Next) -> bool {
        let Some(spec) = self.framework.sections.get(found.section) else { return false };
        let kind_here = self.kind_here();
        if found.lettered {
            if found.numbered && self.here.section == Some(found.section) {
                self.under(Means::Area, rank, words);
                return true;
            }
            // In a list of advice "A. Parents" names an appendix.
            let listed = matches!(kind_here, Some(Kind::Other)) && self.outline.uses_letters() && rank >= PLAIN;
            if listed
                && !words.to_ascii_lowercase().contains("section")
                && !words.to_ascii_lowercase().starts_with("part")
                && found.section < self.here.section.unwrap_or(0)
            {
                return false;
            }
        } else {
            if self.outline.is_lettered(found.section)
                || (self.outline.uses_letters() && !matches!(spec.kind, Kind::Outcome | Kind::Provision))
            {
                return false;
            }
            let home = self.here.home.as_ref().map_or(self.here.section, |h| Some(h.0));
            let home_kind = home.and_then(|h| self.framework.sections.get(h)).map(|s| s.kind);
            let switch = matches!((home_kind, spec.kind), (Some(Kind::Outcome), Kind::Provision))
                && self.outline.mixed
                && self.framework.beside(home, Kind::Provision) == Some(found.section);
            if switch || (self.here.section.is_some() && self.here.home.is_none() && rank > self.here.rank) {
                return false;
            }
            if rank == PLAIN && next == Next::Nothing {
                return false;
            }
        }
        self.begin(found.section, words, rank);
        self.here.both =
            found.second.is_some_and(|s| self.framework.sections.get(s).is_some_and(|s| s.kind == Kind::Provision))
                && spec.kind == Kind::Outcome;
        true
    }

    /// Begins a section and its entry in the output.
    pub(super) fn begin(&mut self, section: usize, heading: &str, rank: u8) {
        let heading = heading.trim().to_owned();
        let row = std::mem::take(&mut self.here.row);
        self.here = Here { section: Some(section), heading: heading.clone(), rank, row, ..Here::default() };
        if has_time(&heading) {
            self.here.heads.push((0, Context { role: ContextRole::Heading, text: heading.clone() }));
        }
        self.here.target = Some(self.push(section, heading));
        self.here.since = (self.out.len() - 1, 0);
    }

    pub(super) fn push(&mut self, section: usize, heading: String) -> usize {
        let id = self.framework.sections.get(section).map_or(String::new(), |s| s.id.clone());
        self.out.push(Section { section: id, heading, statements: Vec::new() });
        self.out.len() - 1
    }

    pub(super) fn kind_here(&self) -> Option<Kind> {
        self.here.section.and_then(|i| self.framework.sections.get(i)).map(|s| s.kind)
    }

    /// What a line means as a sub-heading, if it is one.
    fn sub_heading(&self, words: &str, look: Look, level: Option<u8>, next: Next) -> Option<Means> {
        // Only short lines are looked at closely.
        if words.len() > 200 && look != Look::Heading {
            return None;
        }
        let count = words.split_whitespace().count();
        if count > 16
            || (words.ends_with(['.', '!', '?', ',']) && look != Look::Heading)
            || (level.is_some() && look == Look::Item)
        {
            return None;
        }
        let colon = words.ends_with(':');
        let folded = fold(words);
        let known = self.framework.headings.get(&folded).or_else(|| {
            let ignored = self.framework.ignored.get(&folded).or_else(|| self.framework.contents.get(&folded));
            ignored.map(|()| Means::Area)
        });
        if colon && known.is_none() && (list::is_lead(words, true) && count > 2) && look != Look::Heading {
            return None;
        }
        if colon && (words.contains(" will") || words.trim_end_matches([':', ' ']).ends_with(" to")) {
            return None;
        }
        let finite = known.is_none() && (words.contains(" will ") || words.contains(" should "));
        let last = matches!(next, Next::Nothing);
        match look {
            Look::Heading => (!finite || !words.ends_with('.')).then_some(known.unwrap_or(Means::Area)),
            Look::Strong if !(finite || level.is_some() || self.here.cell && last) => {
                Some(known.unwrap_or(Means::Area))
            }
            Look::Plain | Look::Item | Look::Strong => {
                if self.here.cell && last || finite || level.is_some() {
                    return None;
                }
                let digits = words.bytes().any(|b| b.is_ascii_digit());
                if let Some(means) = known {
                    // "Physical help with dressing" begins like a heading; a heading is short.
                    let fits = count <= if means == Means::Area { 6 } else { 9 };
                    return (fits && (!digits || has_time(words) || means != Means::Area)).then_some(means);
                }
                if has_time(words)
                    && count <= 10
                    && words.to_lowercase().starts_with("by ")
                    && !last
                    && !words.contains(':')
                {
                    return Some(Means::Area);
                }
                let follows = matches!(next, Next::Item(_) | Next::Text(true) | Next::Table | Next::Heading);
                let title = words.starts_with(char::is_uppercase)
                    && count <= 8
                    && !digits
                    && !colon
                    && !words.contains(['.', ';']);
                let place = self.here.section.is_some() && (!self.here.cell || next == Next::Table);
                (follows && title && place).then_some(Means::Area)
            }
        }
    }

    /// Goes under a sub-heading.
    pub(super) fn under(&mut self, means: Means, rank: u8, words: &str) {
        self.back_home(means, rank);
        if let (Some(kind @ (Kind::Need | Kind::Outcome | Kind::Provision)), Some(here), false) =
            (means.kind(), self.kind_here(), self.here.cell)
        {
            let switches = kind != here && matches!(here, Kind::Need | Kind::Outcome | Kind::Provision);
            // In a need's section "Provision" may only tell of the past where F stands by itself.
            let home = self.here.home.as_ref().map_or(self.here.section, |h| Some(h.0));
            let section = self.framework.beside(home, kind);
            let told_apart = here == Kind::Need && section.is_some_and(|s| self.outline.is_lettered(s));
            if let (true, false, Some(section)) = (switches, told_apart, section) {
                let home =
                    self.here.home.take().or_else(|| self.here.section.map(|s| (s, self.here.heading.clone(), rank)));
                self.here.home = home.map(|(s, heading, _)| (s, heading, rank));
                self.here.section = Some(section);
                self.here.heading = words.trim().to_owned();
                self.here.target = None;
            }
        }
        let keeps = self.here.mode.is_some_and(|(mode, at)| rank > at && means == Means::Area && mode != Means::Needs);
        if !keeps {
            self.here.mode = match means {
                Means::Area if self.here.mode.is_some_and(|(_, at)| rank > at) => self.here.mode,
                Means::Area => None,
                other => Some((other, rank)),
            };
        }
        self.here.heads.retain(|(known, _)| *known < rank);
        if has_time(words) {
            self.here.heads.push((rank, Context { role: ContextRole::Heading, text: words.trim().to_owned() }));
        }
        // A lead-in that stands before the headings of its list goes on; one that has done its work does not.
        self.here.leads.retain(|lead| lead.level < 0 && !lead.used);
        self.start_anew();
    }

    /// After the statements of a kind that a sub-heading brought, the next heading leads back to the section.
    fn back_home(&mut self, means: Means, rank: u8) {
        let Some((section, heading, at)) = self.here.home.clone() else { return };
        let returns = !matches!(means.kind(), Some(Kind::Outcome | Kind::Provision | Kind::Need))
            && (rank <= at || means == Means::Area && rank == PLAIN);
        let same = means.kind().is_some() && means.kind() == self.framework.sections.get(section).map(|s| s.kind);
        if returns || same {
            self.here.section = Some(section);
            self.here.heading = heading;
            self.here.target = None;
            self.here.home = None;
        }
    }

    fn start_anew(&mut self) {
        let target = self.here.target.unwrap_or(self.out.len());
        self.here.since = (target, self.out.get(target).map_or(0, |s| s.statements.len()));
        self.here.lined = 0;
    }

    /// "By when: July 2026", "Outcome 1: …", "Date of birth: …".
    fn labelled(&mut self, words: &str) -> Option<Labelled> {
        let (label, at) = line::label(words)?;
        let folded = fold(label);
        let value = words.get(at..).unwrap_or("").trim();
        if let Some(means) = self.framework.lines.get(&folded)
            && self.kind_here().is_some_and(|k| k != Kind::Other && k != Kind::Aspiration)
        {
            self.attach(means, label, value);
            return Some(Labelled::Done);
        }
        let judged = self.kind_here().is_some_and(|kind| kind != Kind::Other);
        if !judged && self.framework.fields.get(&folded).is_some() {
            return Some(Labelled::Done);
        }
        if value.is_empty() {
            return None;
        }
        let means = self.framework.headings.get(&folded).filter(|m| m.kind().is_some() && *m != Means::Aspirations)?;
        if means.kind() == Some(Kind::Other) && self.kind_here() == Some(Kind::Aspiration) {
            return None;
        }
        self.under(means, LABEL, label);
        Some(Labelled::From(at))
    }

    /// Lets the statements before (or, where there are none, after) inherit a "By when: …" line.
    pub(super) fn attach(&mut self, means: Means, label: &str, value: &str) {
        let value = value.trim();
        if !means.is_context()
            || value.is_empty()
            || value.ends_with(':')
            || self.framework.is_boilerplate(value)
            || self.framework.says_nothing(value)
        {
            return;
        }
        let context = Context {
            role: ContextRole::Cell,
            text: format!("{}: {value}", label.trim().trim_end_matches(':').trim_end()),
        };
        if self.here.lined >= MOST_LINES || self.here.heads.len() >= MOST_LINES.into() {
            return;
        }
        let (target, from) = self.here.since;
        let mut any = false;
        if self.here.target == Some(target) {
            for statement in self.out.get_mut(target).and_then(|s| s.statements.get_mut(from..)).unwrap_or(&mut []) {
                if matches!(statement.kind, Kind::Outcome | Kind::Provision | Kind::Need) {
                    statement.context.push(context.clone());
                    any = true;
                }
            }
        }
        if any {
            self.here.lined += 1;
        } else {
            self.here.heads.push((LABEL, context));
        }
    }

    /// Running text or a list item: its sentences become statements.
    fn content(&mut self, paragraph: &Paragraph, span: Span, level: Option<u8>, next: Next) {
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
        let prose = words.ends_with(['.', '!', '?', '”', '"']) && words.split_whitespace().count() >= 4;
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

    /// Remembers what the placement section says of the school.
    pub(super) fn note_setting(&mut self, text: &str) {
        let names = self.here.section.and_then(|i| self.framework.sections.get(i)).is_some_and(|s| s.names_setting);
        if !names || text.len() > 2000 {
            return;
        }
        let lower = text.to_lowercase();
        if lower.contains("mainstream") {
            self.setting = Some(Setting::Mainstream);
        } else if self.setting.is_none()
            && [
                "special school",
                "specialist school",
                "special academy",
                "specialist college",
                "special free school",
                "specialist setting",
                "specialist provision",
            ]
            .iter()
            .any(|name| lower.contains(name))
        {
            self.setting = Some(Setting::Special);
        }
    }

    /// The blocks as a stream; tables of one column are only frames around theirs.
    pub(super) fn units(&self, blocks: &'d [Block], depth: usize) -> Vec<Unit<'d>> {
        let mut units = Vec::new();
        for block in blocks {
            match block {
                Block::Paragraph(paragraph) => units.push(Unit::Paragraph(paragraph, false)),
                Block::Table(table) if self.outline.skips_table(table) || depth > super::outline::DEEPEST => {}
                Block::Table(table) if table.rows.iter().all(|row| row.cells.len() <= 1) => {
                    for cell in table.rows.iter().flat_map(|row| &row.cells) {
                        let alone = is_alone(&cell.blocks);
                        for unit in self.units(&cell.blocks, depth + 1) {
                            units.push(match unit {
                                Unit::Paragraph(p, _) if alone => Unit::Paragraph(p, true),
                                other => other,
                            });
                        }
                    }
                }
                Block::Table(table) => units.push(Unit::Table(table)),
            }
        }
        units
    }
}

/// True where a cell holds one paragraph that is not empty.
pub(super) fn is_alone(blocks: &[Block]) -> bool {
    let full = blocks.iter().filter(|b| !matches!(b, Block::Paragraph(p) if p.text.trim().is_empty()));
    full.take(2).count() == 1
}

enum Labelled {
    /// The line has been dealt with.
    Done,
    /// A label was taken off; the statement begins here.
    From(usize),
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

/// Ranks of headings that have no level of their own.
const STRONG: u8 = 20;
const PLAIN: u8 = 30;
const LABEL: u8 = 40;

/// How many "By when: …" lines one group of statements inherits, and how many words of neighbours one statement: far
/// more than any plan has, so that a hostile one cannot make the work grow with the square of its length.
const MOST_LINES: u8 = 12;
pub(super) const MOST_INHERITED: usize = 24;

fn rank(paragraph: &Paragraph, look: Look) -> u8 {
    match (&paragraph.role, look) {
        (Role::Heading(level), Look::Heading) => *level,
        (_, Look::Heading | Look::Strong) => STRONG,
        _ => PLAIN,
    }
}
