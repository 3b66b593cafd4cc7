//! This is the reading of what a deadline may hang on besides a date: a term, a review, a placement, a move to the next
//! school.

use super::lexicon::{LEAD, MONTH, NUM, ORDINAL, PREP, ROLEMOD, SEASON, SESSION, SPAN};
use super::scan::Scan;

impl Scan<'_, '_> {
    /// Terms, reviews, birthdays, placements: "(the) summer term 2027", "next annual review", "16th birthday".
    pub(super) fn stretch_point(&self, i: usize) -> Option<usize> {
        for at in i..i + 6 {
            if self.any(
                at,
                &[
                    "review",
                    "birthday",
                    "meeting",
                    "placement",
                    "term",
                    "half",
                    "holidays",
                    "holiday",
                    "transition",
                    "transfer",
                    "semester",
                    "sats",
                    "exams",
                    "gcses",
                    "interview",
                    "visit",
                    "trip",
                    "prom",
                    "marking",
                    "placement",
                    "christmas",
                ],
            ) {
                return match self.at(at) {
                    "half" => {
                        let term = self.past_hyphen(at + 1);
                        let end =
                            if self.digits(term + 1) && self.at(term + 1).len() == 1 { term + 2 } else { term + 1 };
                        (self.at(term) == "term").then(|| self.past_year(end))
                    }
                    "term" | "semester" => {
                        let end = if self.digits(at + 1) && self.at(at + 1).len() == 1 { at + 2 } else { at + 1 };
                        Some(self.past_year(end))
                    }
                    "marking" if self.at(at + 1) == "period" => Some(at + 2),
                    "marking" => None,
                    "transition" | "transfer" => {
                        // "his transition to secondary school"
                        let to = self
                            .any(at + 1, &["to", "into"])
                            .then(|| self.phase(self.past_determiner(at + 2), false))
                            .flatten();
                        to.or((at > i || self.back(i, 1) != "by").then_some(at + 1)).filter(|_| at > 0)
                    }
                    "meeting" | "visit" | "trip" if at == i => None,
                    _ => Some(self.past_year(at + 1)),
                };
            }
            if self.ends(at)
                || !(self.letters(at) || self.digits(at) || self.any(at, &["-", "'"]))
                || self.has(at, PREP) && at > i
                || self.any(at, &["and", "or", "will"])
            {
                return None;
            }
            let helps = self.has(at, ORDINAL | SEASON | MONTH | NUM | LEAD | ROLEMOD)
                || self.any(
                    at,
                    &[
                        "secondary",
                        "primary",
                        "college",
                        "school",
                        "next",
                        "annual",
                        "interim",
                        "year",
                        "end",
                        "of",
                        "st",
                        "nd",
                        "rd",
                        "th",
                        "six",
                        "month",
                        "spring",
                        "ehcp",
                        "ehc",
                        "plan",
                        "y",
                        "ks",
                        "stage",
                        "key",
                        "'",
                        "-",
                        "current",
                        "this",
                        "that",
                        "transition",
                        "work",
                        "following",
                        "same",
                        "statutory",
                        "early",
                        "first",
                        "class",
                        "residential",
                        "half",
                        "summer",
                        "phase",
                        "idp",
                        "iep",
                        "the",
                        "parents",
                        "mid",
                        "coming",
                    ],
                );
            if !helps {
                return None;
            }
        }
        None
    }

    /// What may end: "the placement", "the programme", "the session", "his final year", "the academic year".
    pub(super) fn stretch(&self, i: usize) -> Option<usize> {
        let start = self.past_determiner(i);
        if matches!(self.at(i), "each" | "every") || self.any(i, &["every"]) {
            return None;
        }
        for at in start..start + 5 {
            if self.has(at, SPAN | SESSION | SEASON)
                || self.any(
                    at,
                    &[
                        "placement",
                        "programme",
                        "program",
                        "course",
                        "intervention",
                        "visit",
                        "shift",
                        "plan",
                        "block",
                        "school",
                        "college",
                        "nursery",
                        "primary",
                        "secondary",
                        "phase",
                        "project",
                        "apprenticeship",
                        "internship",
                        "unit",
                        "cycle",
                        "season",
                        "holidays",
                        "afternoon",
                        "schooling",
                        "education",
                        "stage",
                        "6",
                    ],
                )
            {
                let next_is_noun = self.has(at + 1, SPAN | SESSION)
                    || self.any(
                        at + 1,
                        &[
                            "placement",
                            "programme",
                            "course",
                            "school",
                            "block",
                            "plan",
                            "phase",
                            "education",
                            "stage",
                            "holidays",
                        ],
                    );
                if !next_is_noun {
                    let end = if self.digits(at + 1) && self.at(at + 1).len() <= 2 { at + 2 } else { at + 1 };
                    return Some(self.past_year(end));
                }
                continue;
            }
            if !(self.letters(at) || self.digits(at) || self.at(at) == "-")
                || self.has(at, PREP)
                || self.any(at, &["and", "or", "will"])
            {
                return None;
            }
        }
        None
    }

    /// "by the time he leaves school": to the end of the clause, at most nine words on.
    pub(super) fn clause_end(&self, i: usize) -> Option<usize> {
        let end = (i..i + 10).find(|&at| self.ends(at) || self.any(at, &[",", ":", ")", "will", "-"]) && at > i + 1)?;
        // "by the time she leaves, Ana will": but not "by the time Ana will".
        (end > i + 1).then_some(end)
    }

    /// "by leaving school", "by when he moves to Year 2", "by which he is 16".
    pub(super) fn by_when(&self, i: usize) -> Option<usize> {
        if self.any(i, &["leaving", "school"])
            && self.any(i + 1, &["school", "college", "reception", "nursery", "leaving"])
        {
            return Some(i + 2);
        }
        if self.seq(i, &["when"]) {
            return self.milestone(i + 1);
        }
        None
    }

    /// "she leaves Reception", "he moves to Year 2", "she is 16", "Ali turns 12".
    pub(super) fn milestone(&self, i: usize) -> Option<usize> {
        if self.any(i, &["i'm", "he's", "she's"]) && self.digits(i + 1) {
            return Some(i + 2);
        }
        let verb = (i + 1..i + 4).find(|&at| {
            self.any(
                at,
                &[
                    "leaves",
                    "leave",
                    "moves",
                    "move",
                    "starts",
                    "start",
                    "turns",
                    "turn",
                    "transfers",
                    "transfer",
                    "finishes",
                    "finish",
                    "begins",
                    "enters",
                    "goes",
                    "reaches",
                    "joins",
                    "is",
                    "completes",
                    "moving",
                    "starting",
                    "leaving",
                ],
            )
        });
        let (verb, mut at) = match verb {
            Some(verb) if self.letters(i) && !self.has(i, PREP | LEAD) => (verb, verb + 1),
            _ if self.any(
                i,
                &["moving", "starting", "leaving", "transferring", "joining", "entering", "turning", "finishing"],
            ) =>
            {
                (i, i + 1)
            }
            _ => return None,
        };
        while self.any(at, &["to", "into", "up", "on", "in", "his", "her", "their", "the", "at"]) && at < verb + 4 {
            at += 1;
        }
        if matches!(self.at(verb), "is" | "turns" | "turn" | "turning" | "reaches") && self.digits(at) {
            return Some(at + 1);
        }
        self.phase(at, false)
    }
}
