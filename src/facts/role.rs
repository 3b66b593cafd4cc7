//! This is the reading of who: roles with their qualification or training, named adults, "staff".
//!
//! A service or a therapy ("CAMHS", "OT", "the school") is a role only where it acts: before a verb of doing, or after
//! "by". "50 minutes of OT" names help, "at school" a place.

use super::lexicon::{
    ACT, LEAD, LEXICON, PREP, QUALIFIER, ROLE, ROLEMOD, RoleClass, SUBJECT, TITLE, TOLERANT, same_noun,
};
use super::scan::Scan;
use super::{Naming, Value};

/// A role found at a place.
struct Found {
    from: usize,
    end: usize,
    naming: Naming,
}

impl Scan<'_, '_> {
    /// A role whose name begins at word `i`.
    pub(super) fn role(&mut self, i: usize) -> Option<usize> {
        let found = if self.has(i, TITLE) { self.titled(i) } else { self.named(i) }?;
        let Found { mut from, mut end, mut naming } = found;
        // "consultant paediatrician", "teacher (HLTA)", "Mrs Odu (HLTA)", "TA/LSA"
        loop {
            let next = if matches!(self.at(end), "(") { end + 1 } else { end };
            let Some(more) = self.longest_role(next).filter(|_| end < from + 12) else { break };
            let RoleClass::Named(class) = more.1 else { break };
            naming = naming.max(class);
            if self.has(from, TITLE) {
                naming = Naming::Expert;
            }
            end = if next > end && self.at(more.0) == ")" { more.0 + 1 } else { more.0 };
        }
        let mut qualification = None;
        // Modifiers to the left: "a qualified, experienced specialist teacher".
        while from > 0 {
            let at = from - 1;
            let joined = self.at(at) == "-" && from >= 2 && self.letters(at - 1) && self.glued(at);
            let modifies = self.has(at, ROLEMOD | SUBJECT)
                && !self.claimed(at)
                && !self.any(at, &["home", "same", "one", "play", "snack", "whole", "learning"]);
            if self.has(at, QUALIFIER) || self.at(at) == "licensed" {
                let tolerant = self.back_has(at, 1, TOLERANT);
                let start = if joined_before(self, at) {
                    at - 2
                } else if tolerant {
                    at - 1
                } else {
                    at
                };
                let start = self.level_before(start);
                if !tolerant {
                    qualification = Some(self.span(start, at + 1));
                    naming = if naming == Naming::Unnamed && start == at { Naming::Post } else { Naming::Expert };
                }
                from = start;
            } else if modifies {
                if self.any(at, &["specialist", "advisory", "clinical", "paediatric", "outreach"])
                    && naming == Naming::Post
                {
                    naming = Naming::Expert;
                }
                from = at;
            } else if joined {
                from = at;
            } else {
                break;
            }
            if end > from + 14 {
                break;
            }
        }
        if self.at(from) == "-" {
            from += 1;
        }
        if let Some((start, after, sure)) = self.training_after(end) {
            qualification = Some(self.span(start, after));
            naming = if sure || naming == Naming::Post { Naming::Expert } else { naming.max(Naming::Post) };
            end = after;
        }
        self.push(from, end, Value::Role { naming, qualification });
        Some(end)
    }

    /// "Miss Bell", "Mr O'Neill".
    fn titled(&self, i: usize) -> Option<Found> {
        let name = if self.at(i + 1) == "." { i + 2 } else { i + 1 };
        if !(self.capital(i) && self.letters(name) && self.capital(name)) {
            return None;
        }
        let end = if self.at(name + 1) == "-" && self.capital(name + 2) { name + 3 } else { name + 1 };
        Some(Found { from: i, end, naming: if self.at(i) == "dr" { Naming::Expert } else { Naming::Post } })
    }

    fn named(&self, i: usize) -> Option<Found> {
        let (end, class) = self.longest_role(i)?;
        // The word after the first may begin a longer name of its own ("support worker" in "family support worker").
        if i > 0 && self.claimed(i) && self.back_has(i, 1, ROLEMOD) && self.at(i) == "adult" {
            return None;
        }
        let naming = match class {
            RoleClass::Named(naming) => naming,
            RoleClass::Service if self.acts(i, end) => Naming::Expert,
            RoleClass::Body if self.acts(i, end) => Naming::Unnamed,
            _ => return None,
        };
        Some(Found { from: i, end, naming })
    }

    /// End and class of the longest role name at word `i`; hyphens inside it do not count.
    pub(super) fn longest_role(&self, i: usize) -> Option<(usize, RoleClass)> {
        let tag = self.tag(i);
        if tag.classes & ROLE == 0 {
            return None;
        }
        let first = self.at(i);
        LEXICON.roles(tag).iter().find_map(|name| {
            let mut at = i + 1;
            for (k, word) in name.rest().iter().enumerate() {
                at = self.past_hyphen(at);
                let last = k + 1 == name.rest().len();
                if !(self.at(at) == &**word || last && same_noun(self.at(at), word)) {
                    return None;
                }
                at += 1;
            }
            let alone = name.rest().is_empty();
            if alone && self.is_other_word(i, first) {
                return None;
            }
            Some((at, name.class))
        })
    }

    /// Single words that are often something else: verbs after "will", adjectives before a noun, parts of other words.
    fn is_other_word(&self, i: usize, word: &str) -> bool {
        let verb = matches!(self.back(i, 1), "will" | "to" | "should" | "can" | "must" | "may");
        let next_noun = self.letters(i + 1)
            && !self.has(i + 1, PREP | LEAD | QUALIFIER | ROLE)
            && !matches!(
                self.at(i + 1),
                "and"
                    | "or"
                    | "who"
                    | "will"
                    | "should"
                    | "can"
                    | "is"
                    | "are"
                    | "to"
                    | "has"
                    | "once"
                    | "twice"
                    | "each"
                    | "every"
                    | "weekly"
                    | "daily"
                    | "using"
                    | "teaches"
                    | "delivers"
                    | "trains"
                    | "visits"
                    | "works"
                    | "may"
                    | "must"
                    | "per"
                    | "when"
                    | "where"
                    | "so"
            );
        match word {
            "coach" | "mentor" | "tutor" | "escort" | "aide" | "supervisor" => {
                verb || word == "coach" && matches!(self.back(i, 1), "the" | "by") && self.at(i + 1) == "to"
            }
            "specialist" | "consultant" | "professional" | "doctor" => next_noun,
            "adult" | "adults" => {
                matches!(self.back(i, 1), "young")
                    || self.at(i) == "adult"
                        && self.any(
                            i + 1,
                            &["social", "life", "services", "hood", "world", "education", "learning", "care"],
                        )
            }
            "pa" | "ta" | "ep" | "gp" | "sta" | "ot" | "slt" | "lsp" | "csw" | "tod" => {
                self.glued(i) && i > 0 && self.back(i, 1) != "(" && self.back(i, 1) != "/" && self.back(i, 1) != "-"
                    || word == "pa" && !self.words.raw(i).chars().all(char::is_uppercase)
            }
            "salt" => self.words.raw(i).chars().all(char::is_lowercase),
            "they" => !self.any(i + 1, &["will", "should", "must", "shall"]),
            "worker" | "practitioner" | "trainer" | "teacher" => {
                self.at(i + 1) == "-" && self.glued(i + 1) && !self.any(i + 2, &["led", "directed"])
            }
            _ => false,
        }
    }

    /// True where the service or body over `i..end` does something.
    fn acts(&self, i: usize, end: usize) -> bool {
        let after = matches!(
            self.at(end),
            "will"
                | "should"
                | "shall"
                | "must"
                | "may"
                | "can"
                | "could"
                | "would"
                | "to"
                | "provides"
                | "delivers"
                | "visits"
                | "trains"
                | "reviews"
                | "offers"
                | "is"
                | "are"
                | "has"
                | "teaches"
                | "writes"
                | "assesses"
        );
        let therapy = matches!(
            self.at(i),
            "ot" | "ots" | "slt" | "slts" | "salt" | "salts" | "camhs" | "physio" | "physios" | "mhst"
        );
        let modal = after && (therapy || !self.any(end, &["to", "is", "are", "has"]));
        let before = |n: usize| self.back(i, n);
        let articled = matches!(before(1), "the" | "an" | "a" | "his" | "her" | "their");
        let place = articled
            && matches!(
                before(2),
                "at" | "in" | "to" | "from" | "around" | "within" | "of" | "into" | "outside" | "across"
            );
        let first = (0..5)
            .map_while(|n| i.checked_sub(n + 1))
            .find(|&at| !self.has(at, ROLEMOD | LEAD) && !self.any(at, &["the", "his", "her"]));
        // "The setting to ensure …" opens its sentence; "at the setting to help" does not.
        let told = self.at(end) == "to" && articled && i > 0 && self.opens_sentence(i - 1);
        let by = first.is_some_and(|at| self.at(at) == "by") && self.at(end) != "-";
        let person = self.at(end) != "-"
            && matches!(self.at(i), "ot" | "slt" | "physio" | "salt")
            && articled
            && matches!(before(2), "with" | "from" | "by" | "")
            && end == i + 1;
        let plural = matches!(self.at(i), "ots" | "slts" | "physios" | "salts");
        let led = self.any(end, &["-"])
            && self.any(end + 1, &["led", "delivered", "trained"])
            && self.at(end + 1) != "trained";
        modal && !place && !matches!(before(1), "at" | "in" | "to" | "of" | "from")
            || told
            || by
            || person
            || plural
            || led
    }

    /// "Level 3" before "trained", "Level 5 SpLD".
    fn level_before(&self, i: usize) -> usize {
        if i >= 2 && self.digits(i - 1) && self.any(i - 2, &["level", "stage"]) {
            if i >= 3 && self.capital(i - 3) && self.letters(i - 3) && !self.has(i - 3, PREP | LEAD) {
                i - 3
            } else {
                i - 2
            }
        } else {
            i
        }
    }

    /// Training after the role: "trained in Team Teach", "with Elklan training", "holding a Level 5 award", "(Level 3
    /// trained)", "who has been trained by …". Gives the start, the end, and whether it says in what.
    fn training_after(&self, i: usize) -> Option<(usize, usize, bool)> {
        let mut at = i;
        while self.any(
            at,
            &[
                "(",
                ",",
                "who",
                "is",
                "are",
                "has",
                "have",
                "been",
                "that",
                "fully",
                "both",
                "already",
                "specifically",
                "specially",
            ],
        ) && at < i + 5
        {
            at += 1;
        }
        let start = at;
        // Past "Level 3", "Makaton", "physio -", "PECS Level 1" to the word of training.
        let named = (at..at + 7).find(|&n| {
            self.has(n, QUALIFIER)
                || self.any(n, &["experienced"])
                || self.ends(n)
                || self.has(n, PREP | LEAD)
                || self.any(n, &[")", "will", "and"])
                || self.at(n) == "," && self.at(i) != "("
        });
        if let Some(word) = named.filter(|&n| {
            self.has(n, QUALIFIER)
                && (n == start || i + 1 < n && self.at(i) == "(" || self.back(n, 1) == "-" && self.at(i) != "-")
        }) {
            return if word > start {
                Some((start, if self.at(word + 1) == ")" { word + 2 } else { word + 1 }, true))
            } else if matches!(
                self.at(word + 1),
                "in" | "by" | "to" | "for" | "as" | "with" | "each" | "every" | "on" | "at"
            ) {
                Some((start, self.phrase_end(word + 2), true))
            } else {
                None
            };
        }
        let level = |n: usize| (n..n + 10).take_while(|&at| !self.ends(at) && !self.any(at, &[",", "will", "who"]));
        match self.at(at) {
            "with" => {
                let word = level(at + 1).find(|&n| {
                    self.any(
                        n,
                        &[
                            "training",
                            "qualification",
                            "qualifications",
                            "award",
                            "certificate",
                            "accreditation",
                            "experience",
                            "expertise",
                            "diploma",
                            "qts",
                            "registration",
                        ],
                    )
                })?;
                let some = self.any(at + 1, &["some", "suitable", "appropriate", "relevant", "any"]);
                let content = word > at + 1 || self.any(word + 1, &["in", "of", "with", "working"]);
                let end = if self.any(word + 1, &["in", "of", "with", "working"]) {
                    self.phrase_end(word + 2)
                } else {
                    word + 1
                };
                (content && !some).then_some((at, end, true))
            }
            "holding" | "holds" | "hold" => {
                const AWARDS: [&str; 12] = [
                    "qualification",
                    "award",
                    "certificate",
                    "diploma",
                    "degree",
                    "accreditation",
                    "apc",
                    "registration",
                    "qts",
                    "licence",
                    "mandatory",
                    "nvq",
                ];
                let word = level(at + 1)
                    .find(|&n| self.any(n, &AWARDS))
                    .or_else(|| level(at + 1).find(|&n| self.at(n) == "level"))?;
                let end = if self.at(word) == "level" { self.phrase_end(word + 1) } else { word + 1 };
                Some((at, end, true))
            }
            _ => None,
        }
    }

    /// The end of a noun phrase that begins at word `i`: four words at most, up to a mark, a preposition, a modal or a verb
    /// ("trained in Team Teach *walks*", "trained in moving and handling *hoist* her").
    fn phrase_end(&self, i: usize) -> usize {
        (i + 1..i + 5)
            .find(|&at| {
                let part = self.letters(at) || self.digits(at) || self.any(at, &["-", "'"]);
                let stops = [
                    "will", "who", "to", "each", "once", "twice", "daily", "weekly", "for", "sits", "works", "delivers",
                ];
                let name_over = self.capital(at - 1) && self.letters(at) && !self.capital(at) && self.at(at) != "and";
                let object =
                    self.any(at + 1, &["her", "him", "them", "the", "his", "a", "their", "it"]) || self.capital(at + 1);
                let verb = (self.has(at, ACT) || self.any(at, &["hoist", "support", "help", "leads", "lead"]))
                    && (object || self.at(at).ends_with('s'));
                !part || self.has(at, PREP) || self.any(at, &stops) || name_over || verb && self.back(at, 1) != "and"
            })
            .unwrap_or(i + 5)
            .min(self.len())
    }
}

fn joined_before(scan: &Scan<'_, '_>, at: usize) -> bool {
    at >= 2 && scan.at(at - 1) == "-" && scan.glued(at) && (scan.letters(at - 2) || scan.digits(at - 2))
}
