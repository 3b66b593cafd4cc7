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
use crate::span::Span;
use request::Request;
use serde::{Deserialize, Serialize};

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

/// Does what the comments of a plan ask for. `today`, as `2026-11-27`, is the day by which they run out.
pub fn by_comments(review: &mut Review, comments: &[Comment], rules: &RuleSet, today: &str) {
    let mut notes = Vec::new();
    for (comment, number) in comments.iter().zip(1..) {
        if let Err(what) = by_comment(review, comment, rules, today) {
            notes.push(note(format!("The comment no. {number} that speaks to clearplan {what}")));
        }
    }
    review.notes.extend(notes);
}

fn by_comment(review: &mut Review, comment: &Comment, rules: &RuleSet, today: &str) -> Result<(), String> {
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
    for judged in review.sections.iter_mut().flat_map(|section| &mut section.statements) {
        let (paragraph, whole) = (judged.statement.place.paragraph, judged.statement.span);
        let here: Vec<Span> = comment.places.iter().filter(|place| place.0 == paragraph).map(|place| place.1).collect();
        let at = |finding: &Finding| {
            let words = finding.span.shifted(whole.start);
            // A comment at no words in particular is about the statement around it.
            here.iter().any(|place| match place.is_empty() {
                true => whole.start <= place.start && place.start <= whole.end,
                false => words.overlaps(*place),
            })
        };
        waived += take(judged, &rule, &decision, at);
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
