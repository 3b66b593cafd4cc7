//! This is how lists of an OpenDocument text open, go on and give their markers.

use super::super::styles::{Counts, LEVELS};
use super::{Open, Walker};
use crate::readers::markup::Element;
use std::borrow::Cow;

/// A list that is open.
pub(super) struct List<'a> {
    pub style: Option<Cow<'a, str>>,
    pub counts: usize,
    /// The open item waits for its first paragraph, which bears the marker; with the number it asks for.
    pub waits: Option<Option<u32>>,
}

impl<'a> Walker<'_, 'a> {
    /// The marker of a paragraph with style `name` in the innermost open list, if it is the first of its item.
    pub(super) fn item(&mut self, name: &str) -> Option<(u8, String)> {
        let level = (self.lists.len() - 1).min(LEVELS - 1);
        let named = self.lists.iter().rev().find_map(|list| list.style.clone());
        let list = self.lists.last_mut()?;
        let begin = list.waits.take()?;
        let style = named.as_deref().or_else(|| self.styles.list_of(name))?;
        let marker = self.styles.list(style)?.next(self.counts.get_mut(list.counts)?, level, begin)?;
        Some((level as u8, marker))
    }

    /// A list begins: it counts by itself, or goes on where another stopped.
    pub(super) fn list(&mut self, element: &Element<'a>) -> Open<'a> {
        self.finish_paragraph();
        let style = element.attr("style-name").filter(|name| !name.is_empty());
        let goes_on = element.attr("continue-numbering").is_some_and(|value| value == "true");
        let counts = if let Some(around) = self.lists.last() {
            let (counts, level) = (around.counts, self.lists.len());
            if let Some(counts) = self.counts.get_mut(counts).filter(|_| !goes_on) {
                counts.iter_mut().skip(level).for_each(|count| *count = None);
            }
            counts
        } else {
            let by_id = element.attr("continue-list").and_then(|id| self.by_id.get(&id).copied());
            let by_style = || style.as_ref().filter(|_| goes_on).and_then(|style| self.by_style.get(style).copied());
            by_id.or_else(by_style).unwrap_or_else(|| {
                self.counts.push(Counts::default());
                self.counts.len() - 1
            })
        };
        if let Some(id) = element.attr("id") {
            self.by_id.insert(id, counts);
        }
        if let Some(style) = &style {
            self.by_style.insert(style.clone(), counts);
        }
        self.lists.push(List { style, counts, waits: None });
        Open::List
    }
}
