//! This is the suggestion for provision: who will give what help, to how many, for how long and how often.

use super::blank::Blank;
use super::draft::{Draft, Piece, lower};
use super::{Source, edit, pieces};
use crate::facts::{Naming, Value};
use crate::signals::Signal;
use crate::words::WordKind;

/// Drafts, the one that keeps most of the writer's words first.
pub(super) fn drafts(source: &Source<'_>) -> Vec<Draft> {
    let mut out = Vec::new();
    let kept = edit::edited(source);
    out.extend(completed(source, kept.clone(), false));
    out.extend(completed(source, kept, true));
    out.extend(core(source).map(|(from, to)| frame(source, pieces(from, to).collect(), true)));
    out.push(frame(source, vec![Piece::Blank(Blank::Help)], true));
    out.push(frame(source, vec![Piece::Blank(Blank::Help)], false));
    out.push(Draft(vec![
        Piece::Fixed("what will be done:"),
        Piece::Blank(Blank::Help),
        Piece::Fixed("from"),
        Piece::Blank(Blank::Role),
        Piece::Fixed("for"),
        Piece::Blank(Blank::Length),
        Piece::Blank(Blank::Times),
    ]));
    out
}

/// The edited words as a sentence, with a blank for each thing that it still does not say; `all`: even for what its kind
/// mostly does without.
fn completed(source: &Source<'_>, kept: Vec<Piece>, all: bool) -> Option<Draft> {
    let words = source.words;
    let mut draft = Draft(kept);
    draft.tidy(words);
    let full = matches!(draft.0.last(), Some(Piece::Word(i)) if words.lower(*i) == ".");
    if full {
        draft.0.pop();
    }
    let filled = source.filled(&draft);
    let reading = source.judge.rules.read(&filled);
    let has = |signal: Signal| reading.signals.has(signal);
    let named = has(Signal::Named) || has(Signal::Equipment) || has(Signal::Training);
    let promise = draft.0.iter().take(16).position(|p| is_promise(lower(*p, words)));
    let thing = has(Signal::Equipment) || has(Signal::Fixed);
    let who = has(Signal::Role);
    let first = draft.0.first().copied().map_or("", |p| lower(p, words)).to_owned();
    let mut opening: Vec<Piece> = Vec::new();
    let mut tail: Vec<Piece> = Vec::new();
    if promise.is_none() {
        if is_verb(&first) {
            opening.extend([Piece::Blank(Blank::Role), Piece::Fixed("will")]);
        } else if first == "to" {
            opening.push(Piece::Blank(Blank::Role));
            if let Some(piece) = draft.0.first_mut() {
                *piece = Piece::Fixed("will");
            }
        } else if !who && !thing {
            opening.extend([Piece::Blank(Blank::Role), Piece::Fixed("will deliver")]);
        }
    } else if !who && (all || !thing) {
        tail.extend([Piece::Fixed("from"), Piece::Blank(Blank::Role)]);
    }
    if all && !named {
        tail.splice(0..0, [Piece::Fixed(":"), Piece::Blank(Blank::Help), Piece::Fixed(",")]);
    }
    let bound = has(Signal::Trigger) || has(Signal::Fixed);
    if thing && !all && !has(Signal::Duration) {
        if !has(Signal::Setting) || !has(Signal::Frequency) {
            tail.push(Piece::Blank(Blank::Use));
        }
    } else if all || !bound || !who {
        if !has(Signal::Group) && !thing && !all {
            tail.push(Piece::Blank(Blank::Group));
        }
        if !has(Signal::Duration) {
            tail.extend([Piece::Fixed("for"), Piece::Blank(Blank::Length)]);
        }
        if !has(Signal::Frequency) {
            tail.push(Piece::Blank(Blank::Times));
        }
    }
    let at = draft
        .0
        .windows(2)
        .position(|pair| {
            matches!((lower(pair[0], words), lower(pair[1], words)), ("so", "that" | "he" | "she") | ("in", "order"))
        })
        .unwrap_or(draft.0.len());
    draft.0.splice(at..at, tail);
    draft.0.splice(0..0, opening);
    draft.tidy(words);
    if full {
        draft.0.push(Piece::Fixed("."));
    }
    Some(draft)
}

/// "Role will deliver this to the child, in that group, for so long, so often", each as the statement has it or a blank.
fn frame(source: &Source<'_>, what: Vec<Piece>, keep: bool) -> Draft {
    let words = source.words;
    let take = |wanted: &dyn Fn(&Value) -> bool| {
        let found = if keep { source.fact(wanted) } else { None };
        found.map(|(from, to)| pieces(from, to).collect::<Vec<_>>())
    };
    let or = |found: Option<Vec<Piece>>, blank: Blank| found.unwrap_or_else(|| vec![Piece::Blank(blank)]);
    let mut draft = Draft::default();
    let role = take(&|v| matches!(v, Value::Role { naming: Naming::Post | Naming::Expert, .. }));
    if let Some(&[Piece::Word(first), ..]) = role.as_deref()
        && first > 0
        && matches!(words.lower(first - 1), "a" | "an" | "the" | "his" | "her" | "their")
    {
        draft.0.push(Piece::Word(first - 1));
    }
    draft.0.extend(or(role, Blank::Role));
    draft.0.push(Piece::Fixed("will deliver"));
    draft.0.extend(what);
    if let Some(name) = source.name() {
        draft.0.extend([Piece::Fixed("to"), Piece::Word(name)]);
    }
    draft.0.extend(or(take(&|v| matches!(v, Value::Group { children: Some(_), .. })), Blank::Group));
    match take(&|v| matches!(v, Value::Total { per: Some(_), .. })) {
        Some(total) => {
            draft.0.push(Piece::Fixed("for"));
            draft.0.extend(total);
        }
        None => {
            let length = take(&|v| matches!(v, Value::Duration { .. }));
            if !matches!(length.as_deref(), Some(&[Piece::Word(i), ..]) if matches!(words.lower(i), "for" | "from" | "throughout" | "all"))
            {
                draft.0.push(Piece::Fixed("for"));
            }
            draft.0.extend(or(length, Blank::Length));
            let often = take(&|v| matches!(v, Value::Frequency { .. }));
            if often.as_ref().is_none_or(|often| !draft.0.ends_with(often)) {
                draft.0.extend(or(often, Blank::Times));
            }
        }
    }
    draft.0.extend(take(&|v| matches!(v, Value::Deadline)).unwrap_or_default());
    draft.0.push(Piece::Fixed("."));
    draft
}

/// The longest run of words that name something: "speech and language therapy".
fn core(source: &Source<'_>) -> Option<(usize, usize)> {
    let words = source.words;
    let content = |i: usize| {
        words.list().get(i).is_some_and(|w| {
            w.kind == WordKind::Letters
                && !source.judge.rules.is_stop(words.lower(i))
                && !is_verb(words.lower(i))
                && !source.facts.iter().any(|f| f.span.contains(w.span))
                && Some(i) != source.name()
        })
    };
    let named = |from: usize, to: usize| {
        let said = (from..to).filter(|&i| !source.judge.rules.is_generic(words.lower(i))).count();
        if (from..to).any(|i| is_help(words.lower(i))) { said } else { 0 }
    };
    let mut best: Option<(usize, usize)> = None;
    let mut from = 0;
    while from < words.len() {
        if !content(from) || source.faulted(words.span(from, from + 1)) {
            from += 1;
            continue;
        }
        let mut to = from + 1;
        loop {
            let joined = matches!(words.lower(to), "and" | "of" | "&" | "-") && content(to + 1);
            let next = if joined { to + 1 } else { to };
            if !content(next) || source.faulted(words.span(next, next + 1)) {
                break;
            }
            to = next + 1;
        }
        if named(from, to) > best.map_or(0, |(a, b)| named(a, b)) {
            best = Some((from, to));
        }
        from = to;
    }
    best
}

/// Nouns of help that can be delivered.
fn is_help(text: &str) -> bool {
    const ENDS: [&str; 22] = [
        "therapy",
        "teaching",
        "tuition",
        "programme",
        "training",
        "breaks",
        "exercises",
        "circuit",
        "circuits",
        "instruction",
        "coaching",
        "counselling",
        "phonics",
        "mentoring",
        "stories",
        "lessons",
        "cbt",
        "massage",
        "stretches",
        "talk",
        "club",
        "skills",
    ];
    ENDS.iter().any(|end| text.ends_with(end))
}

fn is_promise(text: &str) -> bool {
    matches!(
        text,
        "will" | "must" | "shall" | "is" | "are" | "has" | "will have" | "will be provided" | "will be helped to"
    )
}

/// Verbs that open an instruction.
fn is_verb(text: &str) -> bool {
    matches!(
        text,
        "encourage"
            | "provide"
            | "ensure"
            | "help"
            | "give"
            | "make"
            | "use"
            | "teach"
            | "offer"
            | "promote"
            | "deliver"
            | "allow"
            | "enable"
            | "remind"
            | "prompt"
            | "arrange"
            | "monitor"
            | "develop"
            | "work"
            | "build"
            | "reduce"
            | "facilitate"
            | "continue"
            | "set"
            | "let"
            | "check"
            | "read"
            | "practise"
            | "support"
            | "liaise"
            | "model"
            | "maintain"
            | "keep"
    )
}
