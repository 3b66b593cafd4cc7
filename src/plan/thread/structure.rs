//! This is what a plan's own structure says of what belongs together: rows, tables, headings, and numbers that are referred to.

use super::lexicon::Areas;
use super::reference::{Reference, label, references};
use super::terms::Terms;
use super::{By, Link, MOST_EVIDENCE, Pair, Shared, may_link, of_kind};
use crate::document::{ContextRole, Kind, Paragraph};
use crate::plan::layout::Layout;
use crate::review::Judged;
use crate::span::Span;
use crate::words::Words;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Statements of two kinds in one place that are all linked, at most: beyond it, meaning tells which of them belong together.
const ALL_OF: usize = 4;
/// Of one statement and several beside it, so many.
const ALL_OF_ONE: usize = 6;
/// Pairs in one place that are compared, at most; beyond it, meaning finds them as elsewhere, with support of the place.
const COMPARED: usize = 96;
/// How alike two of a crowded place have to be.
const ALIKE: f32 = 0.06;

/// The structure of a plan, as far as it tells what belongs together.
pub(super) struct Structure {
    groups: Vec<Group>,
    /// The groups of each node.
    of: Vec<Vec<usize>>,
    /// Areas of the heading that each node stands under.
    areas: Vec<Areas>,
    /// The key of that heading.
    keys: Vec<u64>,
    /// Nodes by kind and number.
    labels: HashMap<(Kind, u32), Vec<usize>>,
    /// True where the numbers of a kind are written as such ("Outcome 2"), not only those of a list.
    labelled: BTreeSet<Kind>,
    /// True for each node that stands in a row of a table that links, or has a label or a numbered heading.
    placed: Vec<bool>,
    /// References of each node.
    references: Vec<Vec<Reference>>,
}

struct Group {
    by: By,
    members: Vec<usize>,
}

impl Structure {
    /// Reads the structure around the chosen statements.
    pub fn of(chosen: &[(usize, &Judged)], paragraphs: &[&Paragraph], layout: &Layout, terms: &Terms) -> Self {
        let count = chosen.len();
        let mut structure = Self {
            groups: Vec::new(),
            of: vec![Vec::new(); count],
            areas: vec![Areas::default(); count],
            keys: vec![0; count],
            labels: HashMap::new(),
            labelled: BTreeSet::new(),
            placed: vec![false; count],
            references: terms.each.iter().map(|own| own.references.clone()).collect(),
        };
        let mut rows: BTreeMap<(u32, u32), Vec<usize>> = BTreeMap::new();
        let mut tables: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        let mut heads: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        let mut items: Vec<Option<u32>> = vec![None; count];
        for (node, (_, judged)) in chosen.iter().enumerate() {
            let statement = &judged.statement;
            let spot = layout.spot(statement.place.paragraph);
            if let Some((table, first, last)) = spot.row {
                (first..=last).for_each(|row| rows.entry((table, row)).or_default().push(node));
            }
            if let Some(table) = spot.table {
                tables.entry(table).or_default().push(node);
            }
            let mut own = own_label(judged, paragraphs);
            if let Some(head) = spot.head
                && let Some(found) = layout.head(head)
            {
                heads.entry(head).or_default().push(node);
                structure.areas[node] = found.areas;
                structure.keys[node] = found.key;
                match label(&found.text) {
                    Some((kind, number)) if kind == statement.kind => own = own.or(Some(number)),
                    Some((kind, number)) => {
                        let reference = Reference { kind, letter: None, number, span: Span::new(0, 0) };
                        structure.references[node].push(reference);
                    }
                    None => {}
                }
            }
            if let Some(number) = own {
                structure.labels.entry((statement.kind, number)).or_default().push(node);
                structure.placed[node] = true;
                structure.labelled.insert(statement.kind);
            }
            structure.references[node].extend(codes_after(judged, paragraphs));
            items[node] = spot.item.filter(|_| spot.row.is_none());
        }
        structure.number_items(chosen, &items);
        structure.group(chosen, rows, tables, heads, layout);
        structure
    }

    /// Where no outcome or need is labelled, the numbers of their list are what a reference means; else their order.
    fn number_items(&mut self, chosen: &[(usize, &Judged)], items: &[Option<u32>]) {
        for kind in [Kind::Outcome, Kind::Need] {
            if self.labelled.contains(&kind) {
                continue;
            }
            let nodes = of_kind(chosen, kind);
            let numbers: Vec<u32> = nodes.iter().filter_map(|node| items[*node]).collect();
            let distinct: BTreeSet<u32> = numbers.iter().copied().collect();
            let listed = numbers.len() * 2 > nodes.len() && distinct.len() == numbers.len();
            let section = |node: usize| chosen[node].1.statement.section.as_str();
            let mut count: HashMap<&str, u32> = HashMap::new();
            for node in nodes {
                let counted = count.entry(section(node)).or_default();
                *counted += 1;
                let number = if listed { items[node] } else { Some(*counted) };
                if let Some(number) = number {
                    self.labels.entry((kind, number)).or_default().push(node);
                }
            }
        }
    }

    fn group(
        &mut self,
        chosen: &[(usize, &Judged)],
        rows: BTreeMap<(u32, u32), Vec<usize>>,
        tables: BTreeMap<u32, Vec<usize>>,
        heads: BTreeMap<u32, Vec<usize>>,
        layout: &Layout,
    ) {
        let kinds = |members: &[usize]| -> BTreeSet<Kind> {
            members.iter().map(|node| chosen[*node].1.statement.kind).collect()
        };
        let mut in_rows: BTreeSet<u32> = BTreeSet::new();
        for ((table, _), members) in rows {
            if kinds(&members).len() > 1 {
                in_rows.insert(table);
                self.groups.push(Group { by: By::Row, members });
            }
        }
        for (table, members) in tables {
            // One table for all of a section links nothing; one for each need or outcome does.
            if !in_rows.contains(&table) && kinds(&members).len() > 1 {
                self.groups.push(Group { by: By::Table, members });
            }
        }
        for (node, (_, judged)) in chosen.iter().enumerate() {
            let spot = layout.spot(judged.statement.place.paragraph);
            // Also in a row whose other cells are empty.
            let in_row = spot.table.is_some_and(|table| in_rows.contains(&table));
            let numbered = spot.head.and_then(|head| layout.head(head)).is_some_and(|head| label(&head.text).is_some());
            self.placed[node] |= in_row || numbered || !self.references[node].is_empty();
        }
        for (head, members) in heads {
            let numbered = layout.head(head).is_some_and(|head| label(&head.text).is_some());
            let kinds = kinds(&members);
            if kinds.len() > 1 && (numbered || members.len() <= ALL_OF) {
                self.groups.push(Group { by: By::Heading, members });
            }
        }
        for (at, group) in self.groups.iter().enumerate() {
            group.members.iter().for_each(|node| self.of[*node].push(at));
        }
    }

    /// Adds the links that the structure gives.
    pub fn links(&self, chosen: &[(usize, &Judged)], terms: &Terms, found: &mut BTreeMap<(usize, usize), Link>) {
        for group in &self.groups {
            for pair in Pair::ALL {
                group.links(pair, chosen, terms, found);
            }
        }
        for (node, references) in self.references.iter().enumerate() {
            for reference in references {
                self.refer(node, *reference, chosen, found);
            }
        }
        self.parallel(chosen, terms, found);
    }

    /// The links of a node that refers to a number.
    fn refer(
        &self,
        node: usize,
        reference: Reference,
        chosen: &[(usize, &Judged)],
        found: &mut BTreeMap<(usize, usize), Link>,
    ) {
        let Some(meant) = self.labels.get(&(reference.kind, reference.number)) else { return };
        let own = chosen[node].1.statement.kind;
        for &other in meant.iter().take(ALL_OF) {
            let section = chosen[other].1.statement.section.as_str();
            let letter = section.bytes().next().map(|byte| byte.to_ascii_lowercase());
            if other == node || reference.letter.is_some_and(|wanted| letter.is_some_and(|letter| letter != wanted)) {
                continue;
            }
            let (from, to, pair) = match (Pair::of(own, reference.kind), Pair::of(reference.kind, own)) {
                (Some(pair), _) => (node, other, pair),
                (None, Some(pair)) => (other, node, pair),
                (None, None) => continue,
            };
            let nowhere = Span::new(0, 0);
            let shared = if from == node {
                Shared { from: reference.span, to: nowhere }
            } else {
                Shared { from: nowhere, to: reference.span }
            };
            let evidence = if reference.span.is_empty() { Vec::new() } else { vec![shared] };
            let confidence = if self.labelled.contains(&reference.kind) { 0.95 } else { 0.85 };
            add(found, Link { from, to, pair, by: By::Number, confidence, evidence });
        }
    }

    /// "Need 1" and "Provision 1" belong together where most that have the same number are about the same.
    fn parallel(&self, chosen: &[(usize, &Judged)], terms: &Terms, found: &mut BTreeMap<(usize, usize), Link>) {
        for pair in Pair::ALL {
            let (from, to) = pair.kinds();
            if !(self.labelled.contains(&from) && self.labelled.contains(&to)) {
                continue;
            }
            let mut numbers: Vec<u32> =
                self.labels.keys().filter(|(kind, _)| *kind == from).map(|(_, number)| *number).collect();
            numbers.sort_unstable();
            let mut all = Vec::new();
            let mut alike = 0;
            for number in numbers {
                let (Some(ones), Some(others)) = (self.labels.get(&(from, number)), self.labels.get(&(to, number)))
                else {
                    continue;
                };
                for &one in ones.iter().take(ALL_OF) {
                    for &other in others.iter().take(ALL_OF) {
                        let sections = (&chosen[one].1.statement.section, &chosen[other].1.statement.section);
                        if may_link(pair, sections.0, sections.1) {
                            alike += usize::from(terms.alike(one, other) >= ALIKE);
                            all.push((one, other));
                        }
                    }
                }
            }
            if all.len() >= 2 && alike * 5 >= all.len() * 4 {
                for (from, to) in all {
                    let evidence = terms.evidence(from, to, MOST_EVIDENCE);
                    add(found, Link { from, to, pair, by: By::Number, confidence: 0.8, evidence });
                }
            }
        }
    }

    /// True where a node stands in the plan's own structure, so that a link that is not there is missing.
    pub fn is_placed(&self, node: usize) -> bool {
        self.placed[node]
    }

    /// How much the places of two nodes speak for a link, or against it.
    pub fn support(&self, from: usize, to: usize) -> f32 {
        if self.of[from].iter().any(|group| self.of[to].contains(group)) {
            return 0.10;
        }
        let (one, other) = (self.areas[from], self.areas[to]);
        if self.keys[from] != 0 && self.keys[from] == self.keys[to] || one.meet(other) {
            0.05
        } else if !one.is_empty() && !other.is_empty() {
            -0.05
        } else {
            0.0
        }
    }
}

impl Group {
    fn links(
        &self,
        pair: Pair,
        chosen: &[(usize, &Judged)],
        terms: &Terms,
        found: &mut BTreeMap<(usize, usize), Link>,
    ) {
        let of_kind = |kind: Kind| -> Vec<usize> {
            self.members.iter().copied().filter(|node| chosen[*node].1.statement.kind == kind).collect()
        };
        let (ones, others) = (of_kind(pair.kinds().0), of_kind(pair.kinds().1));
        let pairs = ones.len() * others.len();
        if pairs == 0 || pairs > COMPARED {
            return;
        }
        let all = pairs <= ALL_OF || (ones.len().min(others.len()) == 1 && pairs <= ALL_OF_ONE);
        let mut add_link = |from: usize, to: usize, confidence: f64| {
            let sections = (&chosen[from].1.statement.section, &chosen[to].1.statement.section);
            if may_link(pair, sections.0, sections.1) {
                let evidence = terms.evidence(from, to, MOST_EVIDENCE);
                add(found, Link { from, to, pair, by: self.by, confidence, evidence });
            }
        };
        if all {
            for &from in &ones {
                others.iter().for_each(|&to| add_link(from, to, if pairs <= 2 { 0.95 } else { 0.85 }));
            }
            return;
        }
        // A crowded place: those that are alike, and for each at least the one that is most so.
        for &from in &ones {
            let best = most(&others, |to| terms.alike(from, to));
            for &to in &others {
                let alike = terms.alike(from, to);
                if alike >= ALIKE && alike * 2.0 >= best.1 {
                    add_link(from, to, 0.8);
                }
            }
            if best.1 > 0.0 {
                add_link(from, best.0, 0.6);
            }
        }
        for &to in &others {
            let best = most(&ones, |from| terms.alike(from, to));
            if best.1 > 0.0 {
                add_link(best.0, to, 0.6);
            }
        }
    }
}

/// The one with the greatest value, the first of several.
fn most(nodes: &[usize], value: impl Fn(usize) -> f32) -> (usize, f32) {
    let mut best = (nodes.first().copied().unwrap_or_default(), 0.0);
    for &node in nodes {
        let own = value(node);
        if own > best.1 {
            best = (node, own);
        }
    }
    best
}

/// Adds a link, or leaves the one that is surer.
fn add(found: &mut BTreeMap<(usize, usize), Link>, link: Link) {
    let known = found.get(&(link.from, link.to));
    if known.is_none_or(|known| known.confidence < link.confidence) {
        found.insert((link.from, link.to), link);
    }
}

/// The codes in brackets that follow a statement: "(B1, E2)".
fn codes_after(judged: &Judged, paragraphs: &[&Paragraph]) -> Vec<Reference> {
    let statement = &judged.statement;
    let rest = paragraphs.get(statement.place.paragraph).and_then(|p| p.text.get(statement.span.end..));
    let rest = rest.unwrap_or("").trim_start_matches(['.', ' ']);
    let inside = rest.strip_prefix(['(', '[']).and_then(|rest| rest.split([')', ']']).next());
    let mut found = Vec::new();
    if let Some(inside) = inside {
        references(&Words::new(inside), &mut found);
    }
    // What is not in the statement has no place there.
    found.iter_mut().for_each(|reference| reference.span = Span::new(0, 0));
    found
}

/// The number that a statement's own label gives it.
fn own_label(judged: &Judged, paragraphs: &[&Paragraph]) -> Option<u32> {
    let statement = &judged.statement;
    let before = paragraphs.get(statement.place.paragraph).and_then(|p| p.text.get(..statement.span.start));
    let fits = |found: Option<(Kind, u32)>| found.filter(|(kind, _)| *kind == statement.kind).map(|(_, number)| number);
    let cells = statement.context.iter().filter(|context| context.role == ContextRole::Cell);
    fits(label(before.unwrap_or("").trim()))
        .or_else(|| fits(label(&statement.text)))
        .or_else(|| cells.map(|context| fits(label(&context.text))).find_map(|number| number))
}
