//! This is a wording without its child: the words of a statement with the child's name and pronouns taken out, so that
//! what is pasted from plan to plan is known again.

use crate::rules::is_number_word;
use std::fmt::Write;

/// A wording shorter than that many words is not called pasted: "To be confident." is nobody's property.
pub const SHORTEST: usize = 6;

/// Marks of a wording, so that the same words and nearly the same ones are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marks {
    /// The same for the same words, whatever the child's name; 0 for fewer than [`SHORTEST`] words.
    pub exact: u64,
    /// Keys that texts with most of their words in common are likely to share, whatever their numbers: [`BANDS`] of them.
    pub bands: [u32; BANDS],
}

/// How many keys a wording has.
pub const BANDS: usize = 4;
/// Least values that make a key. A pair of texts with a share s of common word pairs has a key in common with a
/// probability of 1 − (1 − s³)⁴: 0.26 for one half, 0.94 for four fifths, 0.995 for nine tenths (Leskovec, Rajaraman
/// and Ullman, *Mining of Massive Datasets*, 3rd ed., 3.4.2).
const ROWS: usize = 3;
const BINS: usize = BANDS * ROWS;

/// The marks of a text in a plan that calls its child by `name`.
pub fn marks(text: &str, name: Option<&str>, plain: &mut String) -> Marks {
    let words = strip(text, name, plain);
    if words < SHORTEST {
        return Marks { exact: 0, bands: [0; BANDS] };
    }
    let exact = twox_hash::XxHash64::oneshot(1, plain.as_bytes()).max(1);
    Marks { exact, bands: bands(plain) }
}

/// Writes the words to `plain`, lower-cased, one space between, names as `#` and pronouns as `~`; gives how many.
pub fn strip(text: &str, name: Option<&str>, plain: &mut String) -> usize {
    plain.clear();
    let mut count = 0;
    if text.is_ascii() {
        text.as_bytes().split(|byte| !(byte.is_ascii_alphanumeric() || *byte == b'\'')).for_each(|word| {
            // Cut where ASCII stands, it is text again.
            word_of(std::str::from_utf8(word).unwrap_or(""), name, plain, &mut count);
        });
    } else {
        text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '’' | '█')))
            .for_each(|word| word_of(word, name, plain, &mut count));
    }
    count
}

fn word_of(word: &str, name: Option<&str>, plain: &mut String, count: &mut usize) {
    if word.is_empty() {
        return;
    }
    let bare = word.trim_matches(['\'', '’']);
    let bare = bare.strip_suffix("'s").or_else(|| bare.strip_suffix("’s")).unwrap_or(bare);
    if bare.is_empty() {
        return;
    }
    if *count > 0 {
        plain.push(' ');
    }
    *count += 1;
    if name == Some(bare) {
        plain.push('#');
        return;
    }
    let from = plain.len();
    if bare.is_ascii() {
        plain.push_str(bare);
        plain[from..].make_ascii_lowercase();
    } else if bare.contains('█') {
        plain.push('#');
        return;
    } else {
        plain.extend(bare.chars().flat_map(char::to_lowercase));
    }
    let pronoun = matches!(
        &plain[from..],
        "he" | "she" | "they" | "him" | "her" | "them" | "his" | "hers" | "their" | "theirs" | "himself" | "herself"
    );
    if pronoun {
        plain.truncate(from);
        plain.push('~');
    }
}

/// The keys of the pairs of neighbouring words, where any number is as good as another.
fn bands(plain: &str) -> [u32; BANDS] {
    let mut before = 0_u64;
    let pairs = plain.split(' ').filter_map(|word| {
        let word = if word.starts_with(|c: char| c.is_ascii_digit()) || is_number_word(word) { "0" } else { word };
        let now = word
            .bytes()
            .fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3));
        let pair = (before != 0).then(|| mix(before.rotate_left(17) ^ now));
        before = now;
        pair
    });
    let least: [u64; BINS] = sketch(pairs);
    std::array::from_fn(|band| {
        let rows = &least[band * ROWS..(band + 1) * ROWS];
        let mixed = rows.iter().fold(band as u64, |hash, value| mix(hash ^ value));
        (mixed >> 32) as u32
    })
}

/// One permutation hashing (Li, Owen and Zhang, 2012): every value, which must be a hash, falls into one of the bins, and the
/// least of each bin stands for it. An empty bin takes the value of the next one (Shrivastava and Li, 2014).
pub fn sketch<const BINS: usize>(values: impl Iterator<Item = u64>) -> [u64; BINS] {
    let mut least = [u64::MAX; BINS];
    for value in values {
        let bin = (value >> 32) as usize % BINS;
        least[bin] = least[bin].min(value);
    }
    std::array::from_fn(|bin| {
        let step = (0..BINS).find(|step| least[(bin + step) % BINS] != u64::MAX).unwrap_or(0);
        least[(bin + step) % BINS].wrapping_add(step as u64)
    })
}

/// Mixes the bits of a number: each depends on all.
pub fn mix(mut x: u64) -> u64 {
    // The finaliser of SplitMix64 (Steele, Lea and Flood, 2014).
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// The share of pairs of neighbouring words that two plain wordings have in common (Jaccard).
pub fn alike(a: &str, b: &str) -> f64 {
    let pairs = |text: &str| -> std::collections::BTreeSet<String> {
        let words: Vec<&str> = text.split(' ').collect();
        words
            .windows(2)
            .map(|pair| {
                let mut both = String::new();
                let _ = write!(both, "{} {}", pair[0], pair[1]);
                both
            })
            .collect()
    };
    let (a, b) = (pairs(a), pairs(b));
    let common = a.intersection(&b).count();
    let all = a.len() + b.len() - common;
    if all == 0 { 0.0 } else { common as f64 / all as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, name: &str) -> Marks {
        marks(text, Some(name), &mut String::new())
    }

    #[test]
    fn the_child_does_not_count_and_numbers_do() {
        let sam = of("Sam’s key worker will check that he has his books.", "Sam");
        let zoe = of("Zoë's key worker will check that she has her books", "Zoë");
        assert_eq!(sam, zoe);
        assert_ne!(sam.exact, of("Sam’s key worker will check that he has 2 books.", "Sam").exact);
        assert_eq!(of("Sam will be happy.", "Sam").exact, 0);
    }

    #[test]
    fn nearly_the_same_words_share_a_key() {
        let text = |last: &str| {
            format!(
                "A visual timetable will be used throughout the school day to support transitions between lessons and {last}"
            )
        };
        let (one, two) = (text("breaks"), text("activities"));
        let (a, b) = (of(&one, "Sam"), of(&two, "Sam"));
        assert_ne!(a.exact, b.exact);
        assert!(a.bands.iter().any(|key| b.bands.contains(key)));
        assert!(alike(&one, &two) > 0.85);
        let few = of("Sam will read for 10 minutes with two adults each day", "Sam");
        let many = of("Sam will read for 25 minutes with four adults each day", "Sam");
        assert!(few.exact != many.exact && few.bands == many.bands);
        let other = of("He will travel to college by bus on his own on four days out of five by July", "Sam");
        assert!(!a.bands.iter().any(|key| other.bands.contains(key)));
    }
}
