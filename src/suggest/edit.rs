//! This is how faulted words are cut or replaced: a table of phrases, each with what stands in its place.

use super::Source;
use super::blank::Blank;
use super::draft::Piece;
use crate::facts::Value;
use crate::rules::is_number_word;
use crate::span::Span;
use crate::words::WordKind;
use std::sync::LazyLock;

/// What happens to a phrase.
#[derive(Debug, Clone, Copy)]
enum Act {
    Cut,
    /// Cut with the rest of the clause.
    CutClause,
    Put(&'static str),
    Ask(Blank),
}
use Act::*;

/// Phrases of provision; `a|b` is either, a closing `?` optional, `#` a number. The longest at a place counts.
const PHRASES: &[(&str, Act)] = &[
    // No commitment.
    ("would|will|could|may|might|should|can greatly|also|really|probably|likely? benefit from|by", Put("will have")),
    ("benefits|benefit from", Put("will have")),
    (
        "it is|was recommended|expected|suggested|hoped|advised|anticipated|felt|proposed|intended|envisaged|important that",
        Cut,
    ),
    ("we|they|i recommend|suggest that?", Cut),
    (
        "will|should|can|may|could|might|to|is|are|would be? made? considered|explored|investigated|discussed|available|recommended|suggested|advised",
        Put("will be provided"),
    ),
    ("will|should|can|may|could|might|to be? looked into|at", Put("will be provided")),
    ("will|should|may|might|could|can|would|is|are also? be? offered", Put("will have")),
    ("may|might|could|should|can|would also|then|ideally?", Put("will")),
    ("aims|aim|hopes|hope|tries|try|seeks|seek|strives|intends|intend|endeavours|endeavour|wishes to", Put("will")),
    ("will|should|must aim|hope|try|seek|strive|endeavour to", Put("will")),
    ("is|are encouraged|invited|expected|advised|asked|welcome|free to", Put("will")),
    ("will|should|to be encouraged|invited|expected|advised|asked|welcome|free to", Put("will be helped to")),
    ("ideally|hopefully|preferably", Cut),
    ("available", Cut),
    // Ways out.
    (
        "where|if|when|whenever|wherever|as and? when|where? possible|practicable|feasible|appropriate|necessary|required|needed",
        Cut,
    ),
    ("as and when required|needed|necessary|appropriate?", Cut),
    ("as far as is? possible|practicable", Cut),
    ("subject to", CutClause),
    ("provided that?", CutClause),
    ("depending|dependent on|upon", CutClause),
    // Opportunity.
    ("will|should|to have|has|having|given|be|receive given? regular|ongoing|frequent? access to", Put("will have")),
    ("has|have|needs|requires regular|ongoing|frequent? access to", Put("will have")),
    ("regular|ongoing|frequent|full|daily? access to|into", Cut),
    (
        "have|has|given|be|with|regular|frequent|daily|plenty|more|many given|offered|of|plenty|regular|frequent|many|the|an? regular|frequent|many|more|planned? opportunities|opportunity|chances|chance to",
        Cut,
    ),
    (
        "have|has|with|regular|frequent|plenty|more of|regular|frequent|planned? opportunities|opportunity|chances|chance for",
        Put("have"),
    ),
    ("opportunities|opportunity|chances|chance|exposure|signposting for|to|of", Cut),
    ("access", Put("have")),
    // Open lists.
    ("including but not limited to", Put("namely")),
    ("such as", Put("namely")),
    ("for example|instance", Put("namely")),
    ("a|an wide|broad|whole? range|variety|menu|selection|choice|mix|number of", Cut),
    ("some|any form|kind|sort|type of", Cut),
    ("etc", Cut),
    ("and so on", Cut),
    ("or equivalent|similar", Cut),
    ("various|several|varied", Cut),
    // Empty words.
    (
        "a|an|the? high|higher|increased|enhanced|significant|good|appropriate|certain|additional|greater? level|levels|amount|degree of",
        Cut,
    ),
    ("tailored|bespoke|individualised|personalised|targeted|appropriate", Cut),
    // Needs.
    ("needs|need|requires|require to", Put("will")),
    ("needs|need|requires|require", Put("will have")),
    ("is|are in need of", Put("will have")),
    // Amounts.
    ("up to", Put("at least")),
    ("no|not more than", Put("at least")),
    ("not exceeding", Put("at least")),
    ("a maximum of", Put("at least")),
    ("at most", Put("at least")),
    ("maximum|max of?", Put("at least")),
    ("or less|fewer|so", Cut),
    ("approximately|approx|about|around|roughly|circa", Put("at least")),
    ("a few", Ask(Blank::Number)),
    ("some|several|many|numerous|extra|additional", Ask(Blank::Number)),
];

struct Phrase {
    slots: Vec<(Vec<&'static str>, bool)>,
    act: Act,
}

static TABLE: LazyLock<Vec<Phrase>> = LazyLock::new(|| {
    let slot = |word: &'static str| {
        let optional = word.ends_with('?');
        (word.trim_end_matches('?').split('|').collect(), optional)
    };
    PHRASES.iter().map(|&(text, act)| Phrase { slots: text.split(' ').map(slot).collect(), act }).collect()
});

/// The statement's words with the faulted ones cut or replaced.
pub(super) fn edited(source: &Source<'_>) -> Vec<Piece> {
    let words = source.words;
    let mut out = Vec::with_capacity(words.len());
    let mut i = 0;
    while i < words.len() {
        let Some((end, act)) = range(source, i).or_else(|| phrase(source, i)).or_else(|| found(source, i)) else {
            out.push(Piece::Word(i));
            i += 1;
            continue;
        };
        match act {
            Cut => {}
            CutClause => {}
            Put(text) => out.push(Piece::Fixed(text)),
            Ask(blank) => out.push(Piece::Blank(blank)),
        }
        i = end.max(i + 1);
    }
    out
}

/// "20-45 minutes", "between two and five hours": at least the lower.
fn range(source: &Source<'_>, i: usize) -> Option<(usize, Act)> {
    let words = source.words;
    let number =
        |i: usize| words.list().get(i).is_some_and(|w| w.kind == WordKind::Digits) || is_number_word(words.lower(i));
    if !faulty(source, "range", i) {
        return None;
    }
    if matches!(words.lower(i), "between" | "from")
        && number(i + 1)
        && matches!(words.lower(i + 2), "and" | "to")
        && number(i + 3)
    {
        return Some((i + 1, Put("at least")));
    }
    // "One or two visits": the noun is plural, so the number is asked for.
    if matches!(words.lower(i), "one" | "1") && matches!(words.lower(i + 1), "or" | "to" | "-") && number(i + 2) {
        return Some((i + 3, Ask(Blank::Number)));
    }
    // The upper end goes; what is put before the lower end stands there already or comes from the table.
    let joins = matches!(words.lower(i), "-" | "to" | "or" | "and");
    if joins && i > 0 && number(i - 1) && number(i + 1) {
        return Some((i + 2, Cut));
    }
    None
}

/// True where a grave finding of that provision rule covers the word.
fn faulty(source: &Source<'_>, rule: &str, i: usize) -> bool {
    let Some(word) = source.words.list().get(i) else { return false };
    source.grave().any(|f| f.rule.strip_prefix("provision/") == Some(rule) && f.span.contains(word.span))
}

fn phrase(source: &Source<'_>, i: usize) -> Option<(usize, Act)> {
    let words = source.words;
    let mut best: Option<(usize, Act)> = None;
    for phrase in TABLE.iter() {
        let Some(end) = matched(source, &phrase.slots, i) else { continue };
        if best.is_none_or(|(longest, _)| end > longest) && source.faulted(words.span(i, end)) {
            best = Some((end, phrase.act));
        }
    }
    best.map(|(end, act)| match act {
        CutClause => (clause_end(source, end), Cut),
        // "Several breaks" asks how many; "several" before nothing countable just goes.
        Ask(Blank::Number) if !words.lower(end).ends_with('s') => (end, Cut),
        _ => (end, act),
    })
}

/// The word after the phrase's last, where it stands at word `i`: optional words are taken where they fit.
fn matched(source: &Source<'_>, slots: &[(Vec<&'static str>, bool)], i: usize) -> Option<usize> {
    let Some(((words, optional), rest)) = slots.split_first() else { return Some(i) };
    let here = source.words.lower(i);
    let taken = !here.is_empty() && words.contains(&here);
    let with = if taken { matched(source, rest, i + 1) } else { None };
    if with.is_some() || !optional { with } else { matched(source, rest, i) }
}

/// What a finding that begins at word `i` asks for, by its rule.
fn found(source: &Source<'_>, i: usize) -> Option<(usize, Act)> {
    let word = source.words.list().get(i)?;
    // Who comes first: "Staff to encourage" is nobody in particular before it is an aim.
    let finding = source
        .grave()
        .filter(|f| f.span.start == word.span.start && !source.whole(f))
        .max_by_key(|f| (f.rule == "provision/unnamed-actor", f.span.end))?;
    let (_, end) = source.range(finding.span);
    match finding.rule.strip_prefix("provision/")? {
        "open-frequency" => Some((end, Cut)),
        "escape-clause" | "decision-delegated" => Some((clause_end(source, end), Cut)),
        "unnamed-actor" => Some((actor_end(source, i, end)?, Ask(Blank::Role))),
        "universal-offer" => Some((end, Ask(Blank::Help))),
        _ => None,
    }
}

/// The end of the words for nobody in particular: the fact's, for a rule may take in the verb as well.
fn actor_end(source: &Source<'_>, i: usize, end: usize) -> Option<usize> {
    let span: Span = source.words.span(i, end);
    let role = source.facts.iter().filter(|f| matches!(f.value, Value::Role { .. }));
    let fact =
        role.filter(|f| f.span.start < span.end && span.start < f.span.end).map(|f| source.range(f.span).1).max();
    let verb = (i..end).find(|&i| matches!(source.words.lower(i), "will" | "should" | "to" | "must" | "may" | "could"));
    verb.or(fact).or(Some(end)).filter(|&to| to > i)
}

/// The end of the clause that goes on at word `i`: the next comma, semicolon, stop or closing bracket.
fn clause_end(source: &Source<'_>, i: usize) -> usize {
    let words = source.words;
    (i..words.len()).find(|&i| matches!(words.lower(i), "," | ";" | "." | ")" | ":")).unwrap_or(words.len())
}
