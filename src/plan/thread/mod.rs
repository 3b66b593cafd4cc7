//! This is the golden thread: which need, outcome and provision of a plan belong together, and by what one can tell.
//!
//! Links come from the plan's own structure first: statements in one row of a table, under one numbered heading, with a number
//! that another refers to ("to meet outcome 2"). What that leaves open is settled by meaning: vectors of words, trained on plans
//! whose links are known, and beside them words without their endings and narrow topics of need (`lexicon.txt`), each weighted by how
//! rare it is in the plan; a programme named in both counts by its rarity. A heading for an area of need that both stand under is
//! support, no link of its own.
//!
//! It is linear in the plan: statements are looked up by their terms, a term that many statements share is not looked up, vectors are
//! held against those of some hundreds about the same place, and of each statement only a few best candidates are kept. The network is
//! not asked: where plans are scored as a cascade, most statements never come before it.

pub(crate) mod lexicon;
mod meaning;
pub(super) mod orphans;
pub(crate) mod reference;
mod sense;
mod structure;
mod terms;

use super::glossary::Glossary;
use super::layout::Layout;
use super::sums::Sums;
use crate::document::{Kind, Paragraph};
use crate::review::Judged;
use crate::span::Span;
use crate::words::Words;
use aho_corasick::AhoCorasick;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What belongs together in a plan.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Thread {
    /// The aspirations, needs, outcomes and provision, in reading order.
    pub nodes: Vec<Node>,
    /// What belongs together, ordered by the two ends; each pair once.
    pub links: Vec<Link>,
    /// The pairs of kinds that the plan's own structure links.
    pub structured: Vec<Pair>,
    /// Of each node, whether its words say enough to miss a link by.
    #[serde(skip)]
    pub(super) informative: Vec<bool>,
    /// Of each node, whether it stands in the plan's own structure.
    #[serde(skip)]
    pub(super) placed: Vec<bool>,
    /// Of each node, whether it is only an account of other provision.
    #[serde(skip)]
    pub(super) account: Vec<bool>,
    /// The links of each node.
    #[serde(skip)]
    of: Vec<Vec<usize>>,
}

/// A statement that may be linked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Node {
    /// The statement's id, `B.3`.
    pub id: String,
    /// The section's id.
    pub section: String,
    /// What the plan puts here.
    pub kind: Kind,
    /// Its words.
    pub text: String,
    /// Its number in reading order among all statements of the plan.
    #[serde(skip)]
    pub(super) statement: usize,
}

/// Two kinds of statement between which a thread runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Pair {
    /// From a wish to an outcome: A to E.
    AspirationOutcome,
    /// From a need to an outcome: B, C and D to E.
    NeedOutcome,
    /// From a need to provision: B to F, C to G, D to H1 and H2.
    NeedProvision,
    /// From an outcome to provision: E to F, G, H1 and H2.
    OutcomeProvision,
}

impl Pair {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::AspirationOutcome, Self::NeedOutcome, Self::NeedProvision, Self::OutcomeProvision];

    /// The kinds that it runs between.
    pub fn kinds(self) -> (Kind, Kind) {
        match self {
            Self::AspirationOutcome => (Kind::Aspiration, Kind::Outcome),
            Self::NeedOutcome => (Kind::Need, Kind::Outcome),
            Self::NeedProvision => (Kind::Need, Kind::Provision),
            Self::OutcomeProvision => (Kind::Outcome, Kind::Provision),
        }
    }

    /// The pair of two kinds.
    fn of(from: Kind, to: Kind) -> Option<Self> {
        Self::ALL.into_iter().find(|pair| pair.kinds() == (from, to))
    }
}

/// Two statements that belong together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Link {
    /// The one: index into [`Thread::nodes`].
    pub from: usize,
    /// The other.
    pub to: usize,
    /// Which pair of kinds they are.
    pub pair: Pair,
    /// By what one can tell.
    pub by: By,
    /// How sure it is, 0–1.
    pub confidence: f64,
    /// Words in the one and in the other that they share, the rarest first; for [`By::Number`] the reference. Where nobody reads it there
    /// is only the reference: see [`crate::Engine::without_suggestions`].
    pub evidence: Vec<Shared>,
}

/// By what two statements are linked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// They stand in one row of a table.
    Row,
    /// The one refers to the other's number.
    Number,
    /// They stand in one table, which is for one need or outcome.
    Table,
    /// They stand under one heading.
    Heading,
    /// Their words are about the same.
    Meaning,
}

impl By {
    /// In the words of a sentence: "in the same row".
    pub fn words(self) -> &'static str {
        match self {
            Self::Row => "same row",
            Self::Number => "by number",
            Self::Table => "same table",
            Self::Heading => "same heading",
            Self::Meaning => "by meaning",
        }
    }
}

/// Words that two linked statements have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Shared {
    /// Where they stand in the first statement's text.
    pub from: Span,
    /// Where they stand in the other's.
    pub to: Span,
}

/// Words of evidence that are kept of a link.
const MOST_EVIDENCE: usize = 4;

impl Thread {
    /// Finds what belongs together; `words` and `glossary` are those of the statements, `sums` the plan's amounts;
    /// `shown` asks for the evidence of each link.
    pub(super) fn of(
        statements: &[&Judged],
        words: &[Words<'_>],
        glossary: &Glossary,
        paragraphs: &[&Paragraph],
        layout: &Layout,
        sums: &Sums,
        shown: bool,
    ) -> Self {
        let chosen: Vec<(usize, &Judged)> = statements
            .iter()
            .enumerate()
            .filter(|(_, judged)| is_node(judged))
            .map(|(at, judged)| (at, *judged))
            .collect();
        let terms = terms::Terms::of(&chosen, words, glossary, shown);
        let structure = structure::Structure::of(&chosen, paragraphs, layout, &terms);
        let mut found: BTreeMap<(usize, usize), Link> = BTreeMap::new();
        structure.links(&chosen, &terms, &mut found);
        let mut structured: Vec<Pair> = Vec::new();
        for pair in Pair::ALL {
            // One cell beside another may be chance; a plan that is built so shows it often.
            let own = found.values().filter(|link| link.pair == pair).count();
            let fewer = [pair.kinds().0, pair.kinds().1]
                .map(|kind| chosen.iter().filter(|c| c.1.statement.kind == kind).count());
            if own > 0 && own * 2 >= fewer[0].min(fewer[1]) {
                structured.push(pair);
            }
        }
        let account: Vec<bool> = chosen.iter().map(|(at, judged)| is_account(sums, *at, judged)).collect();
        let senses = sense::Senses::of(&chosen, glossary);
        meaning::links(&chosen, &terms, &senses, &structure, &mut found);
        // Two topics, or three words that few others have.
        let informative =
            terms.each.iter().map(|own| own.topics >= 2 || own.topics == 1 && own.list.len() >= 5).collect();
        let nodes: Vec<Node> = chosen.into_iter().map(|(at, judged)| Node::new(at, judged)).collect();
        let links: Vec<Link> = found.into_values().collect();
        let mut of = vec![Vec::new(); terms.each.len()];
        for (at, link) in links.iter().enumerate() {
            of[link.from].push(at);
            of[link.to].push(at);
        }
        let placed = (0..nodes.len()).map(|node| structure.is_placed(node)).collect();
        Self { nodes, links, structured, informative, placed, account, of }
    }

    /// The statements of a kind, with their indices.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = (usize, &Node)> {
        self.nodes.iter().enumerate().filter(move |(_, node)| node.kind == kind)
    }

    /// The links of a pair of kinds that begin or end at a statement.
    pub fn at(&self, node: usize, pair: Pair) -> impl Iterator<Item = &Link> {
        let own = self.of.get(node).into_iter().flatten().filter_map(|at| self.links.get(*at));
        own.filter(move |link| link.pair == pair)
    }
}

impl Node {
    fn new(statement: usize, judged: &Judged) -> Self {
        Self {
            id: judged.id.clone(),
            section: judged.statement.section.clone(),
            kind: judged.statement.kind,
            text: judged.statement.text.clone(),
            statement,
        }
    }
}

/// True for what a thread may run through: not what every plan says.
fn is_node(judged: &Judged) -> bool {
    let said = judged.assessment.as_ref().map(|assessment| assessment.wording);
    let whole = |text: &str| {
        text.len() < 16 && reference::label(text).is_some_and(|(_, _)| text.split_whitespace().count() <= 2)
    };
    judged.statement.kind != Kind::Other
        && !whole(&judged.statement.text)
        && said != Some(crate::assess::Wording::Boilerplate)
}

/// True for a sum of other provision, for how it is paid for and for who looks after it: these are for no need of their own.
fn is_account(sums: &Sums, statement: usize, judged: &Judged) -> bool {
    static OF_OTHERS: LazyLock<AhoCorasick> = LazyLock::new(|| {
        let words = [
            "direct payment",
            "personal budget",
            " check this ",
            " review this ",
            " review them ",
            " review it ",
            " check them ",
        ];
        AhoCorasick::new(words).unwrap_or_else(|error| panic!("{error}"))
    });
    let own = &judged.statement;
    sums.is_total(statement) || own.kind == Kind::Provision && OF_OTHERS.is_match(&own.text)
}

/// The statements of a kind among the chosen.
fn of_kind(chosen: &[(usize, &Judged)], kind: Kind) -> Vec<usize> {
    (0..chosen.len()).filter(|node| chosen[*node].1.statement.kind == kind).collect()
}

/// True where a thread may run from the one to the other: health needs are met in G, social care needs in H1 and H2, and what
/// trains or educates stands in F whatever it is for.
fn may_link(pair: Pair, from: &str, to: &str) -> bool {
    match (pair, from, to) {
        (_, "", _) | (_, _, "") => true,
        (Pair::NeedProvision, "B", to) => to == "F",
        (Pair::NeedProvision, "C", to) => matches!(to, "G" | "F"),
        (Pair::NeedProvision, "D", to) => matches!(to, "H1" | "H2" | "H" | "F"),
        _ => true,
    }
}
