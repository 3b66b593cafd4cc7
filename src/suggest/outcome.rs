//! This is the suggestion for an outcome: by when, who will do what, and how one would see it.

use super::blank::Blank;
use super::draft::{Draft, Piece};
use super::{Source, pieces};
use crate::document::ContextRole;
use crate::facts::{self, Value};
use crate::rules::Severity;
use crate::words::{WordKind, Words};

/// Drafts, the one that keeps most of the writer's words first.
pub(super) fn drafts(source: &Source<'_>) -> Vec<Draft> {
    let typed = source.grave().any(|f| {
        f.severity == Severity::Error && source.judge.rules.get(&f.rule).is_some_and(|rule| rule.wording.is_some())
    });
    let mut out = Vec::new();
    if !typed {
        if !source.grave().any(|f| f.severity == Severity::Error) {
            out.extend(completed(source));
        }
        if let Some((from, to)) = topic(source) {
            out.push(frame(source, Some((from, to))));
        }
    }
    out.push(frame(source, None));
    let bare = [
        Piece::Fixed("by"),
        Piece::Blank(Blank::Deadline),
        Piece::Blank(Blank::Name),
        Piece::Fixed("will"),
        Piece::Blank(Blank::Act),
        Piece::Blank(Blank::Measure),
    ];
    out.push(Draft(bare.to_vec()));
    let mut spoken = bare.to_vec();
    spoken.push(Piece::Fixed("."));
    out.push(Draft(spoken));
    out
}

/// The writer's sentence with the words that set no standard cut, a deadline before it and a measure after it.
fn completed(source: &Source<'_>) -> Option<Draft> {
    let words = source.words;
    let mut draft = Draft::default();
    for i in 0..words.len() {
        let span = words.span(i, i + 1);
        let cut = is_qualifier(words.lower(i))
            && (source.faulted(span) || is_qualifier(words.lower(i + 1)) && source.faulted(words.span(i + 1, i + 2)));
        if !cut {
            draft.0.push(Piece::Word(i));
        }
    }
    draft.tidy(words);
    let full = matches!(draft.0.last(), Some(Piece::Word(i)) if words.lower(*i) == ".");
    if full {
        draft.0.pop();
    }
    let modal = matches!(words.lower(0), "to") || (0..words.len().min(16)).any(|i| is_modal(words.lower(i)));
    let measured = source.facts.iter().any(|f| matches!(f.value, Value::Measure { weak: false, .. }));
    if !measured {
        draft.0.push(Piece::Blank(Blank::Measure));
    }
    if !has_deadline(source) {
        let mut opening = vec![Piece::Fixed("by"), Piece::Blank(Blank::Deadline), Piece::Fixed(",")];
        if matches!(draft.0.first(), Some(Piece::Word(i)) if words.lower(*i) == "to") {
            draft.0.remove(0);
            opening.extend([Piece::Blank(Blank::Name), Piece::Fixed("will")]);
        } else if matches!(draft.0.first(), Some(Piece::Word(i)) if is_modal(words.lower(*i))) {
            opening.push(Piece::Blank(Blank::Name));
        } else if !modal {
            return None;
        }
        draft.0.splice(0..0, opening);
    }
    if full {
        draft.0.push(Piece::Fixed("."));
    }
    Some(draft)
}

/// "By then, the child will do what (in that field), how well", each as the statement has it or a blank.
fn frame(source: &Source<'_>, topic: Option<(usize, usize)>) -> Draft {
    let words = source.words;
    let mut draft = Draft::default();
    let deadline = source.facts.iter().find(|f| matches!(f.value, Value::Deadline)).map(|f| source.range(f.span));
    match deadline {
        Some((from, to)) => {
            if !is_preposition(words.lower(from)) {
                draft.0.push(Piece::Fixed("by"));
            }
            draft.0.extend(pieces(from, to));
            draft.0.push(Piece::Fixed(","));
        }
        None if has_deadline(source) => {}
        None => draft.0.extend([Piece::Fixed("by"), Piece::Blank(Blank::Deadline), Piece::Fixed(",")]),
    }
    let led = source.statement.context.iter().any(|c| {
        c.role == ContextRole::LeadIn
            && Words::new(&c.text).list().len() < 60
            && c.text.to_lowercase().contains(" will")
    });
    if !(led && draft.0.is_empty()) {
        draft.0.push(source.name().map_or(Piece::Blank(Blank::Name), Piece::Word));
        draft.0.push(Piece::Fixed("will"));
    }
    draft.0.push(Piece::Blank(Blank::Act));
    if let Some((from, to)) = topic {
        let joins = from > 0 && matches!(words.lower(from - 1), "with" | "at" | "on" | "towards");
        draft.0.push(if joins { Piece::Word(from - 1) } else { Piece::Fixed("in") });
        draft.0.extend(pieces(from, to));
    }
    draft.0.push(Piece::Blank(Blank::Measure));
    draft.0.push(Piece::Fixed("."));
    draft
}

/// By when, in the statement or in what it inherits.
fn has_deadline(source: &Source<'_>) -> bool {
    let deadline = |list: &[facts::Fact]| list.iter().any(|f| matches!(f.value, Value::Deadline));
    deadline(source.facts) || source.statement.context.iter().any(|c| deadline(&facts::find(&Words::new(&c.text))))
}

/// What a vague verb is about: "improve play skills" is about "play skills".
fn topic(source: &Source<'_>) -> Option<(usize, usize)> {
    let words = source.words;
    let finding = source
        .grave()
        .find(|f| f.severity == Severity::Error && !source.whole(f))
        .or_else(|| source.grave().find(|f| f.rule == "outcome/vague-verb" || f.rule == "outcome/taking-part"))?;
    let (first, end) = source.range(finding.span);
    let verb = (first..end.max(first + 1)).rev().find(|&i| is_vague(words.lower(i)))?;
    let opens = |i: usize| {
        words.lower(i).ends_with("ly")
            || matches!(
                words.lower(i),
                "in" | "with"
                    | "of"
                    | "to"
                    | "a"
                    | "an"
                    | "the"
                    | "more"
                    | "better"
                    | "on"
                    | "at"
                    | "about"
                    | "towards"
                    | "further"
            )
    };
    let from = (verb + 1..words.len()).find(|&i| !opens(i))?;
    let ends = |i: usize| {
        let fact = words.list().get(i).is_some_and(|w| {
            source.facts.iter().any(|f| f.span.start == w.span.start && !matches!(f.value, Value::Setting))
        });
        fact || words.list().get(i).is_some_and(|w| w.kind == WordKind::Mark && words.lower(i) != "-")
            || matches!(
                words.lower(i),
                "so" | "by" | "and" | "through" | "which" | "that" | "when" | "using" | "to" | "for" | "from" | "until"
            )
            || words.lower(i).ends_with("ly")
            || is_vague(words.lower(i))
    };
    let to = (from..words.len()).find(|&i| ends(i)).unwrap_or(words.len());
    let content = (from..to).any(|i| !source.judge.rules.is_stop(words.lower(i)) && words.raw(i).len() > 2);
    (content && to - from <= 8).then_some((from, to))
}

fn is_modal(word: &str) -> bool {
    matches!(word, "will" | "should" | "can" | "must" | "shall")
}

fn is_preposition(word: &str) -> bool {
    matches!(
        word,
        "by" | "before" | "within" | "in" | "at" | "on" | "from" | "during" | "until" | "when" | "after" | "over"
    )
}

/// Verbs and nouns of change, feeling and taking part that need something seen beside them.
fn is_vague(word: &str) -> bool {
    const STEMS: [&str; 40] = [
        "improv",
        "develop",
        "increas",
        "enhanc",
        "build",
        "built",
        "strengthen",
        "extend",
        "broaden",
        "widen",
        "expand",
        "boost",
        "grow",
        "decreas",
        "reduc",
        "progress",
        "understand",
        "understood",
        "confiden",
        "aware",
        "engag",
        "participat",
        "access",
        "cope",
        "interact",
        "socialis",
        "contribut",
        "integrat",
        "concentrat",
        "focus",
        "regulat",
        "manag",
        "better",
        "maintain",
        "learn",
        "gain",
        "increasingly",
        "comfortable",
        "enjoy",
        "know",
    ];
    STEMS.iter().any(|stem| word.starts_with(stem))
}

/// Words that leave the standard to the reader and can go without loss.
fn is_qualifier(word: &str) -> bool {
    matches!(
        word,
        "appropriately"
            | "effectively"
            | "successfully"
            | "properly"
            | "adequately"
            | "sufficiently"
            | "suitably"
            | "positively"
            | "consistently"
            | "regularly"
            | "frequently"
            | "often"
            | "sometimes"
            | "usually"
            | "generally"
            | "productively"
            | "meaningfully"
            | "sensibly"
            | "reasonably"
            | "appropriate"
            | "effective"
            | "better"
            | "more"
            | "fully"
            | "increasingly"
    )
}
