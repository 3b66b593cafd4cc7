//! This is the reading of reviews: "reviewed termly", "evaluated every six weeks", "at the annual review".

use super::scan::Scan;
use super::{Fact, Value};
use crate::span::Span;

impl Scan<'_, '_> {
    /// A review that begins with the word of reviewing at `i`. A passive one ("reviewed termly") takes its frequency and
    /// deadline with it: they say when the help is looked at, not how often it is given.
    pub(super) fn review(&mut self, i: usize, passive: &mut Vec<Span>) -> Option<usize> {
        let word = self.at(i);
        if matches!(word, "review" | "reviews")
            && let Some(end) = self.named_review(i)
        {
            let from = self.review_start(i);
            self.push(from, end, Value::Review);
            if from < i {
                passive.push(self.span(from, end));
            }
            return Some(end);
        }
        let end = (i + 1..i + 12)
            .take_while(|&at| !(self.ends(at) || matches!(self.at(at), "(" | ")") || self.at(at) == "," && at > i + 1))
            .find_map(|at| {
                self.per(at)
                    .map(|per| per.end)
                    .or_else(|| self.once_per(at))
                    .or_else(|| self.at_review(at))
                    .or_else(|| self.any(at, &["by", "on", "in", "at"]).then(|| self.date(at + 1)).flatten())
                    .or_else(|| self.date(at).filter(|&end| end > at + 1 || self.capital(at)))
                    .or_else(|| self.after_weeks(at))
            })?;
        self.push(i, end, Value::Review);
        let done_to = word.ends_with("ed");
        let of_help =
            matches!(self.back(i, 1), "be" | "and" | "," | "is" | "are" | "(" | ")" | "." | "-" | ";" | "then" | "")
                || done_to;
        if done_to && of_help && !matches!(word, "refreshed" | "updated")
            || matches!(word, "review" | "reviews") && matches!(self.at(i + 1), "date" | ":" | "every")
        {
            passive.push(self.span(i, end));
        }
        Some(end)
    }

    /// "annual review", "termly reviews", "review meeting each term": the word with what is said of it.
    fn named_review(&self, i: usize) -> Option<usize> {
        let before = self.back(i, 1);
        let timed = matches!(
            before,
            "annual" | "termly" | "interim" | "monthly" | "weekly" | "yearly" | "fortnightly" | "statutory" | "early"
        ) || matches!(
            (self.back(i, 2), before),
            ("-" | "half", "termly") | ("month" | "monthly" | "week" | "weekly", _)
        );
        timed.then_some(if self.any(i + 1, &["meeting", "meetings"]) { i + 2 } else { i + 1 })
    }

    fn review_start(&self, i: usize) -> usize {
        let mut from = i;
        while from > 0
            && from + 6 > i
            && self.any(
                from - 1,
                &[
                    "annual",
                    "termly",
                    "interim",
                    "monthly",
                    "weekly",
                    "yearly",
                    "fortnightly",
                    "statutory",
                    "half",
                    "-",
                    "month",
                    "six",
                    "the",
                    "at",
                    "each",
                    "his",
                    "her",
                    "next",
                    "their",
                ],
            )
        {
            from -= 1;
        }
        from
    }

    fn once_per(&self, i: usize) -> Option<usize> {
        if !self.any(i, &["once", "twice", "three", "two"]) {
            return None;
        }
        let at = if self.at(i + 1) == "times" { i + 2 } else { i + 1 };
        self.per(at).map(|per| per.end)
    }

    fn at_review(&self, i: usize) -> Option<usize> {
        if !self.any(i, &["at", "in", "through", "during"]) {
            return None;
        }
        let review = (i + 1..i + 6)
            .find(|&at| self.any(at, &["review", "reviews", "meeting", "meetings", "end"]) || !self.letters(at))?;
        self.letters(review).then(|| {
            if self.at(review) == "end" {
                (review + 1..review + 6).find(|&at| self.ends(at) || !self.letters(at)).unwrap_or(review + 1)
            } else {
                review + 1
            }
        })
    }

    /// "after six weeks"
    fn after_weeks(&self, i: usize) -> Option<usize> {
        if self.at(i) != "after" {
            return None;
        }
        let number = self.number(i + 1)?;
        self.has(number.end, super::lexicon::SPAN).then_some(number.end + 1)
    }
}

/// Takes the frequencies and deadlines of passive reviews out.
pub(super) fn drop_inside(facts: &mut Vec<Fact>, reviews: &[Span]) {
    if !reviews.is_empty() {
        facts.retain(|fact| {
            !matches!(
                fact.value,
                Value::Frequency { .. } | Value::Deadline | Value::Course { .. } | Value::Total { .. }
            ) || !inside(reviews, fact.span)
        });
    }
}

/// True where one of `spans`, which are ordered by start, holds `span`. Only the last few that begin before it are asked:
/// spans of one kind overlap little, and a long text has thousands of them.
pub(super) fn inside(spans: &[Span], span: Span) -> bool {
    let begun = spans.partition_point(|s| s.start <= span.start);
    spans.iter().take(begun).rev().take(4).any(|s| s.contains(span))
}
