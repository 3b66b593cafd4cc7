//! This is people's names, told by the words around them: a title before, a label before, a verb after.

use super::Kind;
use crate::document::{Paragraph, Role};
use crate::fx::BuildFx;
use crate::span::Span;
use aho_corasick::AhoCorasick;
use regex::Regex;
use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

static TITLED: LazyLock<Regex> = LazyLock::new(|| {
    new(
        r"(?-u:\b)(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Rev|Sir)(?:\.? (?:and|&) (?:Mr|Mrs|Ms|Miss|Dr))?\.? ((?:\p{Lu}\. ?)?\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+)?)",
    )
});
static LABELLED: LazyLock<Regex> = LazyLock::new(|| {
    new(&format!(
        r"(?-u:\b)(?i:{LABELS})(?:'s)?(?: [Nn]ame)?(?: ?[:–] ?|, | is | called | \()(\p{{Lu}}[\p{{Ll}}'’-]+(?: \p{{Lu}}[\p{{L}}'’-]+){{1,2}})"
    ))
});
/// What titles and labels begin with: without one no title and no label can be there.
static TITLES: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let words = ["Mr", "Ms", "Miss", "Mx", "Dr", "Prof", "Rev", "Sir"];
    AhoCorasick::new(words).unwrap_or_else(|error| panic!("{error}"))
});
static SIGNS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let words = LABELS.split('|');
    AhoCorasick::builder().ascii_case_insensitive(true).build(words).unwrap_or_else(|error| panic!("{error}"))
});

const LABELS: &str = "name|surname|mother|father|mum|dad|brother|sister|parent|parents|carer|carers|guardian|grandmother|grandfather|social worker|caseworker|keyworker|key worker|author|signed|written by|completed by|known as|teacher|psychologist|therapist";

fn new(pattern: &str) -> Regex {
    // Fixed patterns, compiled by the tests.
    Regex::new(pattern).unwrap_or_else(|error| panic!("{error}"))
}

pub(super) fn find(text: &str, hit: &mut impl FnMut(Kind, Span)) {
    let titled = TITLES.is_match(text).then_some(&*TITLED);
    let labelled = SIGNS.is_match(text).then_some(&*LABELLED);
    for pattern in [titled, labelled].into_iter().flatten() {
        for name in pattern.captures_iter(text).filter_map(|found| found.get(1)) {
            let words: Vec<&str> = name.as_str().split(' ').collect();
            if words.first().is_some_and(|word| NO_NAMES.contains(word)) {
                continue;
            }
            // "Mrs Larkspur Will": what follows a surname may only begin a sentence.
            let kept =
                words.iter().take_while(|word| !NO_NAMES.contains(word)).map(|word| word.len() + 1).sum::<usize>();
            let end = name.start() + kept.saturating_sub(1);
            if pattern.as_str() == LABELLED.as_str() && words.len() > 1 && kept <= words[0].len() + 1 {
                continue;
            }
            let bare = Span::new(name.start(), end).of(text);
            let bare = bare.strip_suffix("'s").or_else(|| bare.strip_suffix("’s")).unwrap_or(bare);
            hit(Kind::Name, Span::new(name.start(), name.start() + bare.len()));
        }
    }
}

/// The words of a name that name by themselves.
pub(super) fn own_words(name: &str) -> impl Iterator<Item = &str> {
    name.split(' ').filter(|word| word.chars().count() > 2)
}

/// Capitalised words that begin no name.
const NO_NAMES: &[&str] = &[
    "The",
    "This",
    "That",
    "These",
    "A",
    "An",
    "And",
    "In",
    "On",
    "At",
    "To",
    "For",
    "If",
    "When",
    "Will",
    "Is",
    "Has",
    "He",
    "She",
    "They",
    "It",
    "All",
    "No",
    "Not",
    "Yes",
    "Support",
    "Education",
    "Special",
    "Health",
    "Care",
    "Social",
    "Speech",
    "Language",
    "Occupational",
    "Physical",
    "Learning",
    "Teaching",
    "Individual",
    "Small",
    "Group",
    "School",
    "Section",
    "Year",
    "Key",
    "Primary",
    "Secondary",
    "English",
    "Maths",
    "Literacy",
    "Local",
    "Council",
    "Service",
    "Team",
    "Psychology",
    "Therapy",
    "Therapist",
    "Annual",
    "Termly",
    "Weekly",
    "Daily",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Each",
    "Every",
    "Staff",
    "Class",
    "Zones",
    "Social-emotional",
    "Provision",
    "Outcome",
    "Outcomes",
    "Needs",
    "Mr",
    "Mrs",
    "Ms",
    "Dr",
    "By",
    "With",
    "From",
    "Of",
    "As",
    "Early",
    "Years",
    "Advice",
    "Plan",
    "Final",
    "Draft",
    "Date",
    "Number",
    "Reception",
    "Lego",
    "Makaton",
    "Communication",
    "Child",
];

/// The first name that a plan calls its child by: of the capitalised words that stand before a verb of the third person
/// ("will", "has", "avoids") or have a genitive at the beginning of at least two sentences, the one that stands most often anywhere.
pub fn first_name<'d>(paragraphs: &[&'d Paragraph]) -> Option<&'d str> {
    const VERBS: &[&str] = &["will", "is", "has", "can", "cannot", "would", "should", "does", "may", "must", "rarely"];
    let verb = |word: &str| {
        VERBS.contains(&word) || (word.len() > 3 && word.ends_with('s') && word.chars().all(char::is_lowercase))
    };
    // As a subject, and anywhere.
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for paragraph in paragraphs.iter().filter(|p| !matches!(p.role, Role::Heading(_) | Role::Furniture)) {
        let mut starts = true;
        let mut words = paragraph.text.split([' ', '\n']).peekable();
        while let Some(word) = words.next() {
            let inner = word.trim_end_matches(|c: char| !c.is_alphanumeric());
            let bare = inner.strip_suffix("'s").or_else(|| inner.strip_suffix("’s"));
            let name = bare.unwrap_or(inner);
            if is_name(name) {
                let subject = starts && (bare.is_some() || words.peek().is_some_and(|next| verb(next)));
                let count = counts.entry(name).or_default();
                count.0 += usize::from(subject);
                // Any word begins a sentence with a capital; in the middle it takes a name.
                count.1 += usize::from(subject || !starts);
            }
            starts = word.ends_with(['.', ':', '!', '?', ')']);
        }
    }
    // Of equals the first in the alphabet, so that the answer is always one.
    let known = counts.into_iter().filter(|(_, (subject, _))| *subject >= 2);
    known.max_by(|a, b| a.1.1.cmp(&b.1.1).then(b.0.cmp(a.0))).map(|(name, _)| name)
}

fn is_name(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(char::is_uppercase)
        && word.chars().count() > 1
        && chars.all(|c| c.is_lowercase() || c == '-')
        && !COMMON.contains(word)
}

/// All of these, looked up for every capitalised word.
static COMMON: LazyLock<HashSet<&str, BuildFx>> = LazyLock::new(|| NO_NAMES.iter().chain(PRONOUNS).copied().collect());

const PRONOUNS: &[&str] = &[
    "What",
    "Who",
    "There",
    "Which",
    "You",
    "We",
    "Adults",
    "Adult",
    "Pupil",
    "Student",
    "Everyone",
    "Parents",
    "Help",
    "Progress",
    "Attendance",
    "Reading",
    "Writing",
    "Speech",
    "Work",
    "Today",
    "Children",
    "Pupils",
    "Young",
    "Nobody",
    "Someone",
    "Time",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_childs_first_name() {
        let paragraph = |text: &str| Paragraph { text: text.into(), ..Paragraph::default() };
        let all =
            [paragraph("Zoë will read. The school will help. The school has a plan."), paragraph("Zoë’s bag is red.")];
        assert_eq!(first_name(&all.iter().collect::<Vec<_>>()), Some("Zoë"));
        let none = [paragraph("She will read. She will write. Staff will help. Staff will read.")];
        assert_eq!(first_name(&none.iter().collect::<Vec<_>>()), None);
    }
}
