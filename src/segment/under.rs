//! This is what stands between sections and statements: sub-headings, and lines such as "By when: July 2026".

use super::framework::{Means, fold};
use super::heading::Look;
use super::line;
use super::list;
use super::walk::{LABEL, MOST_LINES, Next, PLAIN, Walk};
use super::wording::has_time;
use crate::document::{Context, ContextRole, Kind};

impl Walk<'_> {
    /// What a line means as a sub-heading, if it is one.
    pub(super) fn sub_heading(&self, words: &str, look: Look, level: Option<u8>, next: Next) -> Option<Means> {
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
    pub(super) fn labelled(&mut self, words: &str) -> Option<Labelled> {
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
}

pub(super) enum Labelled {
    /// The line has been dealt with.
    Done,
    /// A label was taken off; the statement begins here.
    From(usize),
}
