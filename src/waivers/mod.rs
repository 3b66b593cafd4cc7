//! This is the waiving of findings: somebody who may decide it says that a finding is to be left, and why.
//!
//! A waived finding is not judged away. The verdict, the criteria and the scores stay as the wording gives them: a waiver is a
//! decision about what to do, no evidence of what is written, and a plan that is enforced is read without its waivers. The
//! finding moves to a list of its own that every output shows with its reason, and no longer counts as something to look
//! at. A waiver that gives no reason, has run out or fits nothing waives nothing, and is told as a note.

mod file;
mod request;

pub use file::{WaiverError, Waivers};

use crate::document::{Comment, Note, NoteKind};
use crate::review::{Judged, Review};
use crate::rules::{Finding, RuleSet};
use request::Request;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A finding that was waived, with the decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waived {
    /// The finding.
    pub finding: Finding,
    /// Why it is left.
    pub reason: String,
    /// Who decided it.
    pub owner: Option<String>,
    /// The last day that it holds, as `2027-03-31`.
    pub expires: Option<String>,
    /// Where the waiver stands.
    pub by: By,
}

impl Waived {
    /// Who decided it, until when, and where that stands: "Ms Okafor, until 2027-03-31, in a comment".
    pub fn decided(&self) -> String {
        let until = self.expires.as_ref().map(|day| format!("until {day}"));
        let place = match self.by {
            By::Comment => "in a comment",
            By::File => "in the file of waivers",
        };
        let by: Vec<String> = self.owner.clone().into_iter().chain(until).chain([place.to_owned()]).collect();
        by.join(", ")
    }
}

/// Where a waiver stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// In a comment at the words, in the plan itself.
    Comment,
    /// In a file of waivers.
    File,
}

impl By {
    /// The name in files: `comment`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Comment => "comment",
            Self::File => "file",
        }
    }
}

/// What a waiver says beside its place.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Decision {
    reason: String,
    owner: Option<String>,
    expires: Option<String>,
    by: By,
}

/// Does what the comments of a plan ask for. `today`, as `2026-11-27`, is the day by which they run out. Comments that waive
/// nothing become notes.
pub fn by_comments(review: &mut Review, comments: &[Comment], rules: &RuleSet, today: &str) {
    let told = |(at, what): (usize, String)| {
        let which = match comments.get(at).and_then(|comment| comment.stands) {
            Some((line, _)) => format!("in line {line}"),
            None => format!("no. {}", at + 1),
        };
        note(format!("The comment {which} that speaks to clearplan {what}"))
    };
    let notes: Vec<Note> = refused(review, comments, rules, today).into_iter().map(told).collect();
    review.notes.extend(notes);
}

/// The same, with the ordinals of the comments that waive nothing, and why, instead of notes.
pub fn refused(review: &mut Review, comments: &[Comment], rules: &RuleSet, today: &str) -> Vec<(usize, String)> {
    // Where the statements of each paragraph are, so that many comments on a long plan are no trouble.
    let mut paragraphs: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
    for (section, of) in review.sections.iter().enumerate() {
        for (at, judged) in of.statements.iter().enumerate() {
            paragraphs.entry(judged.statement.place.paragraph).or_default().push((section, at));
        }
    }
    let mut refused = Vec::new();
    for (at, comment) in comments.iter().enumerate() {
        if let Err(what) = by_comment(review, &paragraphs, comment, rules, today) {
            refused.push((at, what));
        }
    }
    refused
}

fn by_comment(
    review: &mut Review,
    paragraphs: &BTreeMap<usize, Vec<(usize, usize)>>,
    comment: &Comment,
    rules: &RuleSet,
    today: &str,
) -> Result<(), String> {
    let Request { rule, until, reason } = Request::read(&comment.text)?;
    let rule = named(rules, &rule)?;
    if reason.is_empty() {
        return Err(format!(
            "gives no reason to ignore {rule}, so that the finding stands; add “because” and the reason"
        ));
    }
    if until.as_deref().is_some_and(|until| until < today) {
        return Err(format!(
            "has run out, so that what {rule} finds counts again; reword the plan or give a later day"
        ));
    }
    let owner = (!comment.author.is_empty()).then(|| comment.author.clone());
    let decision = Decision { reason, owner, expires: until, by: By::Comment };
    let mut waived = 0;
    for (paragraph, place) in &comment.places {
        for (section, at) in paragraphs.get(paragraph).into_iter().flatten() {
            let of = review.sections.get_mut(*section);
            let Some(judged) = of.and_then(|section| section.statements.get_mut(*at)) else { continue };
            let whole = judged.statement.span;
            // A comment at no words in particular is about the statement around it.
            let at = |finding: &Finding| match place.is_empty() {
                true => whole.start <= place.start && place.start <= whole.end,
                false => finding.span.shifted(whole.start).overlaps(*place),
            };
            waived += take(judged, &rule, &decision, at);
        }
    }
    match waived {
        0 => Err(format!(
            "asks to ignore {rule}, which finds nothing at its words; put it on the faulted words or delete it"
        )),
        _ => Ok(()),
    }
}

/// The id of the rule that is called so.
fn named(rules: &RuleSet, name: &str) -> Result<String, String> {
    match rules.called(name) {
        Some(rule) => Ok(rule.id.clone()),
        None => Err(format!(
            "names the rule {name}, which there is not, so that nothing is waived; clearplan rules lists them"
        )),
    }
}

/// Moves findings of a rule to the waived ones; gives how many.
fn take(judged: &mut Judged, rule: &str, decision: &Decision, at: impl Fn(&Finding) -> bool) -> usize {
    let Some(assessment) = &mut judged.assessment else { return 0 };
    let before = assessment.findings.len();
    let waived = &mut judged.waived;
    assessment.findings.retain(|finding| {
        let leaves = finding.rule == rule && at(finding);
        if leaves {
            let Decision { reason, owner, expires, by } = decision.clone();
            waived.push(Waived { finding: finding.clone(), reason, owner, expires, by });
        }
        !leaves
    });
    waived.sort_by(|a, b| (a.finding.span, &a.finding.rule).cmp(&(b.finding.span, &b.finding.rule)));
    before - assessment.findings.len()
}

fn note(message: String) -> Note {
    Note { kind: NoteKind::Waiver, message: format!("{message}."), page: None }
}

/// Sixteen hexadecimal digits for the words of a statement, white space aside: what `statement` in a file of waivers names.
pub fn hash(text: &str) -> String {
    use crate::archive::hash::{content, hex};
    let words: Vec<&str> = text.split_whitespace().collect();
    hex(&content(&[words.join(" ").as_bytes()])[..8])
}

#[cfg(test)]
mod tests;
