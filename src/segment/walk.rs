//! This is the walk through a plan: paragraph by paragraph it knows which section it is in, what a line inherits, and
//! what kind of statement stands here.

use super::framework::{Framework, Means};
use super::heading::{Look, Opening, opening};
use super::line::{self, trimmed};
use super::outline::{Outline, look};
use super::under::Labelled;
use super::wording::has_time;
use crate::document::{Block, Context, ContextRole, Document, Kind, Paragraph, Role, Section, Setting, Table};
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
    pub home: Option<(usize, String, u8)>,
    /// True where one heading names outcomes and provision together.
    pub both: bool,
    /// The kind of a table column, which goes before the section's.
    pub column: Option<Kind>,
    /// What the last sub-heading of that rank means for the kind.
    pub mode: Option<(Means, u8)>,
    /// Headings that carry a time, by rank.
    pub heads: Vec<(u8, Context)>,
    /// Lead-ins in force: the list level they stand at (-1 for running text) and whether anything has used them.
    pub leads: Vec<Lead>,
    /// True inside a table cell that holds data.
    pub cell: bool,
    /// Inherited from the column and the neighbouring cells.
    pub row: Vec<Context>,
    /// Where the statements begin that a following "By when: …" line belongs to: output section and index.
    pub since: (usize, usize),
    /// How many such lines have come; after one the next statement begins anew.
    pub lined: u8,
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
pub(super) struct Lead {
    pub level: i16,
    pub text: String,
    pub used: bool,
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
pub(super) enum Next {
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

/// Ranks of headings that have no level of their own.
const STRONG: u8 = 20;
pub(super) const PLAIN: u8 = 30;
pub(super) const LABEL: u8 = 40;

/// How many "By when: …" lines one group of statements inherits, and how many words of neighbours one statement: far
/// more than any plan has, so that a hostile one cannot make the work grow with the square of its length.
pub(super) const MOST_LINES: u8 = 12;
pub(super) const MOST_INHERITED: usize = 24;

fn rank(paragraph: &Paragraph, look: Look) -> u8 {
    match (&paragraph.role, look) {
        (Role::Heading(level), Look::Heading) => *level,
        (_, Look::Heading | Look::Strong) => STRONG,
        _ => PLAIN,
    }
}
