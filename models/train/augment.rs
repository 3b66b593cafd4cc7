//! This is augmentation: what may change in a statement and leave its labels as they are. It happens while training, never in
//! the corpus.

use clearplan::document::Statement;
use std::ops::Range;

/// First names that may stand for each other; one a line, from many backgrounds.
const NAMES: &str = include_str!("names.txt");

/// Pseudo-random numbers from a seed.
pub struct Random(fastrand::Rng);

impl Random {
    /// The same numbers for the same seed.
    pub fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    /// True in that share of the calls.
    pub fn chance(&mut self, share: f64) -> bool {
        self.0.f64() < share
    }

    /// A number below `n`, which must not be 0.
    pub fn below(&mut self, n: usize) -> usize {
        self.0.usize(..n)
    }

    /// Puts a list into random order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        self.0.shuffle(list);
    }
}

/// The statement with other names, another start or another end, and where its faulted words now stand.
pub fn augment(
    statement: &Statement,
    faults: &[Range<usize>],
    random: &mut Random,
) -> (Vec<String>, String, Vec<Range<usize>>) {
    let names: Vec<&str> = NAMES.lines().collect();
    let mut context: Vec<String> = statement.context.iter().map(|context| context.text.clone()).collect();
    let mut edits = Edits { text: statement.text.clone(), faults: faults.to_vec() };
    if random.chance(0.5) {
        let name = names[random.below(names.len())];
        let name = if random.chance(0.1) {
            ["X", "the child", "the young person", "the pupil"][random.below(4)]
        } else {
            name
        };
        edits.rename(&names, name);
        for context in &mut context {
            let mut inherited = Edits { text: std::mem::take(context), faults: Vec::new() };
            inherited.rename(&names, name);
            *context = inherited.text;
        }
    }
    if random.chance(0.1) {
        edits.drop_subject(&names);
    }
    if random.chance(0.15) {
        edits.number(random);
    }
    if random.chance(0.3) {
        edits.rate(random);
    }
    if random.chance(0.2) {
        edits.drop_stop();
    }
    if random.chance(0.1) {
        edits.lower_first();
    }
    if random.chance(0.05) {
        let marker = ["- ", "• ", "1. ", "a) ", "* "][random.below(5)];
        edits.replace(0..0, marker);
    }
    (context, edits.text, edits.faults)
}

/// The numbers that rates are made of, in words.
const NUMBERS: [&str; 13] =
    ["nought", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

fn number(word: &str) -> Option<usize> {
    let value = word.parse().ok().or_else(|| NUMBERS.iter().position(|name| *name == word))?;
    (value < NUMBERS.len()).then_some(value)
}

struct Edits {
    text: String,
    faults: Vec<Range<usize>>,
}

impl Edits {
    /// Replaces a range; faults that it overlaps keep what is left of them, later ones move.
    fn replace(&mut self, range: Range<usize>, with: &str) {
        let shift = |at: usize| {
            if at >= range.end {
                at + with.len() - (range.end - range.start)
            } else if at > range.start {
                range.start + with.len()
            } else {
                at
            }
        };
        for fault in &mut self.faults {
            *fault = shift(fault.start)..shift(fault.end);
        }
        self.faults.retain(|fault| !fault.is_empty());
        self.text.replace_range(range, with);
    }

    /// The words of the text: runs of letters and digits with apostrophes.
    fn words(&self) -> Vec<Range<usize>> {
        let mut words = Vec::new();
        let mut start = None;
        for (at, c) in self.text.char_indices().chain([(self.text.len(), ' ')]) {
            match (c.is_alphanumeric(), start) {
                (true, None) => start = Some(at),
                (false, Some(from)) => {
                    words.push(from..at);
                    start = None;
                }
                _ => {}
            }
        }
        words
    }

    fn rename(&mut self, names: &[&str], name: &str) {
        for word in self.words().into_iter().rev() {
            if names.binary_search(&&self.text[word.clone()]).is_ok() {
                let capital = word.start == 0 && !name.is_empty();
                let mut name = name.to_owned();
                if capital {
                    name.replace_range(..1, &name[..1].to_uppercase());
                }
                self.replace(word, &name);
            }
        }
    }

    /// "Sam will …" becomes "will …", as lists under a lead-in have it.
    fn drop_subject(&mut self, names: &[&str]) {
        let words = self.words();
        if let [first, second, ..] = words.as_slice()
            && names.binary_search(&&self.text[first.clone()]).is_ok()
            && matches!(&self.text[second.clone()], "will" | "to")
        {
            self.replace(0..second.start, "");
        }
    }

    /// One plain number of 5–60 becomes another. Times, ratios, dates, years and shares of one another stay.
    fn number(&mut self, random: &mut Random) {
        let bytes = self.text.as_bytes();
        let plain = |word: &Range<usize>| {
            let value = self.text[word.clone()].parse::<u32>();
            let before = word.start.checked_sub(1).map_or(b' ', |at| bytes[at]);
            let after = bytes.get(word.end).copied().unwrap_or(b' ');
            let earlier = self.text[..word.start].trim_end().rsplit(' ').next().unwrap_or_default().to_lowercase();
            let later = self.text[word.end..].trim_start().split(' ').next().unwrap_or_default().to_lowercase();
            let calendar =
                ["year", "stage", "ks", "term", "age", "aged", "of", "out", "in", "level", "band", "phase", "june"];
            value.is_ok_and(|value| (5..=60).contains(&value))
                && before == b' '
                && after == b' '
                && !calendar.contains(&earlier.as_str())
                && ![
                    "of",
                    "out",
                    "in",
                    "or",
                    "january",
                    "february",
                    "march",
                    "april",
                    "may",
                    "june",
                    "july",
                    "september",
                    "october",
                    "november",
                    "december",
                ]
                .contains(&later.as_str())
        };
        if let Some(word) = self.words().into_iter().find(plain) {
            let other = (5 + random.below(56)).to_string();
            self.replace(word, &other);
        }
    }

    /// "4 out of 5 times" becomes "4/5 times", "four of five times" and so on.
    fn rate(&mut self, random: &mut Random) {
        let words = self.words();
        let Some((range, part, whole)) = words.iter().enumerate().find_map(|(i, first)| {
            let part = number(&self.text[first.clone()])?;
            let next = words.get(i + 1)?;
            let between = &self.text[first.end..next.start];
            let (last, after) = match (between, &self.text[next.clone()]) {
                ("/", _) => (next, words.get(i + 2)?),
                (" ", "of") => (words.get(i + 2)?, words.get(i + 3)?),
                (" ", "out") if words.get(i + 2).is_some_and(|word| &self.text[word.clone()] == "of") => {
                    (words.get(i + 3)?, words.get(i + 4)?)
                }
                _ => return None,
            };
            let whole = number(&self.text[last.clone()])?;
            // What is counted comes next, in the plural: no date, no fraction, no "one of two adults".
            let counted = self.text[after.clone()].ends_with('s') && &self.text[last.end..after.start] == " ";
            let before = self.text[..first.start].chars().next_back();
            (counted && part > 1 && part <= whole && before.is_none_or(|c| c == ' ' || c == '(')).then_some((
                first.start..last.end,
                part,
                whole,
            ))
        }) else {
            return;
        };
        let rate = match random.below(5) {
            0 => format!("{part}/{whole}"),
            1 => format!("{part} of {whole}"),
            2 => format!("{part} out of {whole}"),
            3 => format!("{} of {}", NUMBERS[part], NUMBERS[whole]),
            _ => format!("{} out of {}", NUMBERS[part], NUMBERS[whole]),
        };
        self.replace(range, &rate);
    }

    fn drop_stop(&mut self) {
        if self.text.ends_with('.') {
            self.replace(self.text.len() - 1..self.text.len(), "");
        }
    }

    fn lower_first(&mut self) {
        let lower: Option<String> = self.text.chars().next().map(|first| first.to_lowercase().collect());
        if let (Some(lower), Some(first)) = (lower, self.text.chars().next()) {
            self.replace(0..first.len_utf8(), &lower);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edits(text: &str, fault: &str) -> Edits {
        let at = text.find(fault).expect("the fault is there");
        let faults = std::iter::once(at..at + fault.len()).collect();
        Edits { text: text.into(), faults }
    }

    fn fault(edits: &Edits) -> &str {
        &edits.text[edits.faults[0].clone()]
    }

    #[test]
    fn names_are_sorted_for_the_search() {
        let names: Vec<&str> = NAMES.lines().collect();
        assert!(names.len() > 100 && names.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn faults_move_with_their_words() {
        let names = ["Amir", "Sam"];
        let mut e = edits("Sam and Sam's aide have regular help.", "regular");
        e.rename(&names, "Magdalena");
        assert_eq!((e.text.as_str(), fault(&e)), ("Magdalena and Magdalena's aide have regular help.", "regular"));
        let mut e = edits("Sam will be better.", "better");
        e.drop_subject(&names);
        e.drop_stop();
        assert_eq!((e.text.as_str(), fault(&e)), ("will be better", "better"));
        let mut e = edits("É is regular.", "regular");
        e.lower_first();
        e.replace(0..0, "• ");
        assert_eq!((e.text.as_str(), fault(&e)), ("• é is regular.", "regular"));
    }

    #[test]
    fn rates_are_written_otherwise_and_nothing_else_is() {
        let mut seen = std::collections::BTreeSet::new();
        for seed in 0..60 {
            let mut e = edits("Sits well on four out of 5 days", "well");
            e.rate(&mut Random::new(seed));
            assert_eq!(fault(&e), "well");
            seen.insert(e.text);
        }
        let forms = ["4/5", "4 of 5", "4 out of 5", "four of five", "four out of five"];
        assert_eq!(seen, forms.iter().map(|rate| format!("Sits well on {rate} days")).collect());
        for text in ["by 4/5/2026 times", "3/4 of the words", "one of two adults", "on 4/5 at noon", "6 of 5 goes"] {
            let mut e = Edits { text: text.into(), faults: Vec::new() };
            e.rate(&mut Random::new(1));
            assert_eq!(e.text, text);
        }
    }

    #[test]
    fn dates_ratios_and_shares_keep_their_numbers() {
        for text in ["4 out of 10 times", "Year 10 maths", "1:12 ratio", "on 7 July", "9 of 12", "2026 plan"] {
            let mut e = Edits { text: text.into(), faults: Vec::new() };
            e.number(&mut Random::new(1));
            assert_eq!(e.text, text);
        }
        let mut e = Edits { text: "for 30 minutes".into(), faults: Vec::new() };
        e.number(&mut Random::new(1));
        assert_ne!(e.text, "for 30 minutes");
    }
}
