//! This is what the elements of a Word document say of themselves: paragraph, run, table and control properties.

use super::super::fields::Fields;
use super::super::numbering::Numbering;
use super::super::styles::{Styles, level, outline, toggle};
use super::{Open, Walker};
use crate::document::Role;
use crate::readers::flow::{Draft, MAX_COLUMNS, Merge};
use crate::readers::markup::Element;

/// What a paragraph says of itself.
#[derive(Debug, Default)]
pub(super) struct Props {
    pub style: Option<String>,
    pub number: Option<i64>,
    pub level: Option<u8>,
    pub outline: Option<i64>,
    /// Its end was deleted under tracked changes, so the next paragraph goes on in it.
    pub joins: bool,
    /// Its end is hidden.
    pub hidden: bool,
}

/// What a run says of itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Run {
    pub bold: Option<bool>,
    pub hidden: Option<bool>,
    pub style: Option<String>,
    pub font: String,
    /// Bold and hidden, worked out at its first character.
    pub look: Option<(bool, bool)>,
}

impl Walker<'_> {
    pub(super) fn paragraph_property(&mut self, element: &Element<'_>) -> Option<Open> {
        let top = self.open.last();
        let props = &mut self.builder.draft().props;
        match (top, element.key()) {
            (Some(Open::ParagraphProps), ("w", "pStyle")) => {
                props.style = element.attr("val").map(|id| id.into_owned())
            }
            (Some(Open::ParagraphProps), ("w", "outlineLvl")) => props.outline = element.number("val"),
            (Some(Open::ParagraphProps), ("w", "numPr")) => return Some(Open::NumberProps),
            (Some(Open::ParagraphProps), ("w", "rPr")) => return Some(Open::MarkProps),
            (Some(Open::ParagraphProps), ("w", "sectPr")) => return Some(Open::Other),
            (Some(Open::NumberProps), ("w", "numId")) => props.number = element.number("val"),
            (Some(Open::NumberProps), ("w", "ilvl")) => props.level = level(element),
            (Some(Open::MarkProps), ("w", "del" | "moveFrom")) => props.joins = true,
            (Some(Open::MarkProps), ("w", "vanish")) => props.hidden = toggle(element),
            _ => return None,
        }
        Some(Open::Other)
    }

    pub(super) fn run_property(&mut self, element: &Element<'_>) -> Option<Open> {
        match element.key() {
            ("w", "rStyle") => self.run.style = element.attr("val").map(|id| id.into_owned()),
            ("w", "b") => self.run.bold = Some(toggle(element)),
            ("w", "vanish") => self.run.hidden = Some(toggle(element)),
            ("w", "rFonts") => self.run.font = element.attr("ascii").unwrap_or_default().into_owned(),
            _ => return None,
        }
        Some(Open::Other)
    }

    pub(super) fn table_property(&mut self, element: &Element<'_>) -> Option<Open> {
        let above = self.open.len().checked_sub(2).and_then(|i| self.open.get_mut(i));
        match (above, element.key()) {
            (Some(Open::Row { heading, .. }), ("w", "tblHeader")) => *heading = toggle(element),
            (Some(Open::Row { deleted, .. }), ("w", "del")) => *deleted = true,
            (Some(Open::Row { .. }), ("w", "gridBefore")) => {
                self.builder.pass_columns(element.number("val").map_or(0, |n| n.clamp(0, MAX_COLUMNS as i64) as usize));
            }
            (Some(Open::Cell { shape, .. }), ("w", "gridSpan")) => shape.columns = element.count("val", MAX_COLUMNS),
            (Some(Open::Cell { shape, .. }), ("w", "vMerge")) => {
                let starts = element.attr("val").is_some_and(|value| value == "restart");
                shape.merge = if starts { Merge::Starts } else { Merge::Above };
            }
            (Some(Open::Cell { shape, .. }), ("w", "hMerge")) => {
                if element.attr("val").is_none_or(|value| value == "continue") {
                    shape.merge = Merge::Left;
                }
            }
            (Some(Open::Cell { deleted, .. }), ("w", "cellDel")) => *deleted = true,
            _ => return None,
        }
        Some(Open::Other)
    }

    pub(super) fn control_property(&mut self, element: &Element<'_>) -> Option<Open> {
        let around = self.open.iter_mut().rev().take(3).find_map(|open| match open {
            Open::Control { prompt, contents } => Some((prompt, contents)),
            _ => None,
        });
        let (prompt, contents) = around?;
        match element.key() {
            ("w", "showingPlcHdr") => *prompt = toggle(element),
            ("w", "docPartObj") => return Some(Open::ControlProps),
            ("w", "docPartGallery") => {
                if !*contents && element.attr("val").is_some_and(|gallery| gallery == "Table of Contents") {
                    *contents = true;
                    self.contents += 1;
                }
            }
            _ => return None,
        }
        Some(Open::Other)
    }
}

/// What a paragraph is; counts on its list. `generated` is true inside a control that holds a table of contents.
pub(super) fn role(
    draft: &mut Draft<Props>,
    styles: &Styles,
    numbering: &mut Numbering,
    fields: &mut Fields,
    generated: bool,
) -> Role {
    let style = styles.paragraph(draft.props.style.as_deref());
    let heading = draft.props.outline.map_or(style.heading, outline);
    let number = draft.props.number.or(style.number).filter(|&id| id != 0);
    let empty = draft.text.is_empty() && draft.props.hidden;
    let item = number.filter(|_| !empty).and_then(|id| {
        let of_style = || draft.props.style.as_deref().and_then(|style| numbering.level_of(id, style));
        let level = draft.props.level.or_else(of_style).or(style.level).unwrap_or(0);
        numbering.next(id, level).map(|marker| (level, marker))
    });
    if style.contents || generated || (draft.is_contents() && heading.is_none()) {
        return Role::Furniture;
    }
    match (heading, item) {
        (Some(level), item) => {
            // A table of contents that was never ended stops at the first heading.
            fields.forget_contents();
            if let Some((_, marker)) = item {
                draft.prefix(&format!("{marker} "));
            }
            Role::Heading(level)
        }
        (None, Some((level, marker))) => Role::Item { level, marker },
        (None, None) => Role::Body,
    }
}
