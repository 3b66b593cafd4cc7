//! These are single faults, each made in a copy of a clean plan, and the rules that should say so; and single dilutions of its
//! provision, which should be seen beside the clean plan, taken for the advice.

use super::{BOYS, GIRLS, Item, OTHERS, Plan, Section, Sort, TA, day, number, one};
use fastrand::Rng;

/// A sort of fault.
pub struct Kind {
    /// What the table calls it.
    pub name: &'static str,
    /// The rules of which one should find it.
    pub rules: &'static [&'static str],
    /// Makes it; `None` where the plan has nothing to make it in.
    pub make: fn(&mut Rng, &Plan) -> Option<Plan>,
}

/// All sorts.
pub const KINDS: &[Kind] = &[
    Kind { name: "name of another child", rules: &["plan/another-name"], make: name },
    Kind { name: "pronoun of the other sex", rules: &["plan/pronoun-changes"], make: pronoun },
    Kind {
        name: "“girl” for “boy”, “son” for “daughter”", rules: &["plan/another-gender"], make: gender
    },
    Kind { name: "school of another child", rules: &["plan/another-school"], make: school },
    Kind { name: "age of another child", rules: &["plan/another-age"], make: age },
    Kind { name: "year group of another child", rules: &["plan/another-year"], make: year },
    Kind {
        name: "provision of a need taken out",
        rules: &["plan/need-without-provision", "plan/outcome-without-provision"],
        make: no_provision,
    },
    Kind {
        name: "outcome of a need taken out",
        rules: &["plan/need-without-outcome", "plan/provision-without-need"],
        make: no_outcome,
    },
    Kind { name: "need of a provision taken out", rules: &["plan/provision-without-need"], make: no_need },
    Kind { name: "provision pasted under another need", rules: &["plan/pasted-provision"], make: pasted },
    Kind { name: "total of hours wrong", rules: &["plan/total-does-not-add-up"], make: total },
    Kind { name: "one amount changed, not the total", rules: &["plan/total-does-not-add-up"], make: part },
    Kind { name: "hours named elsewhere changed", rules: &["plan/two-amounts"], make: hours_elsewhere },
    Kind { name: "“full time” beside the hours", rules: &["plan/two-amounts"], make: full_time },
    Kind { name: "period of an amount left out", rules: &["plan/amount-without-period"], make: no_period },
    Kind { name: "1:1 and a group for one slot", rules: &["plan/one-slot-two-ratios"], make: ratios },
    Kind { name: "deadline moved to before the plan", rules: &["plan/deadline-past"], make: past },
    Kind { name: "deadline of a phase that is over", rules: &["plan/outcome-of-left-phase"], make: left },
    Kind { name: "deadline beyond the phase", rules: &["plan/deadline-beyond-phase"], make: beyond },
    Kind { name: "review before the plan", rules: &["plan/review-past"], make: review_past },
    Kind { name: "review date taken out", rules: &["plan/no-review-date"], make: no_review },
    Kind { name: "need moved to F", rules: &["plan/wrong-section"], make: need_to_f },
    Kind { name: "need moved to E", rules: &["plan/wrong-section"], make: need_to_e },
    Kind { name: "outcome moved to F", rules: &["plan/wrong-section"], make: outcome_to_f },
    Kind { name: "outcome moved to B", rules: &["plan/wrong-section"], make: outcome_to_b },
    Kind { name: "provision moved to B", rules: &["plan/wrong-section"], make: provision_to_b },
    Kind { name: "provision moved to E", rules: &["plan/wrong-section"], make: provision_to_e },
    Kind { name: "aspiration moved to E", rules: &["plan/wrong-section"], make: hope_to_e },
    Kind {
        name: "teaching moved to G",
        rules: &["plan/educates-outside-f", "plan/wrong-section"],
        make: teaching_to_g,
    },
    Kind { name: "letter of a heading off", rules: &["plan/heading-letter-off", "plan/section-missing"], make: letter },
    Kind { name: "section taken out", rules: &["plan/section-missing"], make: no_section },
    Kind { name: "two sections under one heading", rules: &["plan/section-not-separate"], make: merged },
    Kind { name: "empty section with no “none”", rules: &["plan/section-empty"], make: emptied },
    Kind { name: "placeholder left in", rules: &["plan/placeholder"], make: placeholder },
    Kind {
        name: "preparation for adulthood taken out",
        rules: &["plan/no-preparation-for-adulthood"],
        make: no_adulthood,
    },
    Kind {
        name: "section J emptied, with a direct payment",
        rules: &["plan/direct-payment-without-section-j"],
        make: no_j,
    },
];

/// Applies `change` to one item that it fits; `None` where there is none.
fn one_item(
    rng: &mut Rng,
    plan: &Plan,
    sections: &[&str],
    mut change: impl FnMut(&mut Rng, &mut Item) -> bool,
) -> Option<Plan> {
    let mut places: Vec<(usize, usize)> = Vec::new();
    for (s, section) in plan.sections.iter().enumerate().filter(|(_, section)| sections.contains(&section.id.as_str()))
    {
        places.extend((0..section.items.len()).map(|i| (s, i)));
    }
    rng.shuffle(&mut places);
    places.into_iter().find_map(|(s, i)| {
        let mut copy = plan.clone();
        let before = copy.sections[s].items[i].text.clone();
        let item = &mut copy.sections[s].items[i];
        (change(rng, item) && item.text != before).then_some(copy)
    })
}

/// Changes the words of an item wherever it holds them.
fn reword(item: &mut Item, from: &str, to: &str) -> bool {
    let fits = item.text.contains(from);
    item.text = item.text.replace(from, to);
    if let Some(row) = &mut item.row {
        for cell in row {
            *cell = cell.replace(from, to);
        }
    }
    fits
}

/// Changes the first place where a word stands by itself.
fn first_word(item: &mut Item, from: &str, to: &str) -> bool {
    let at = item.text.match_indices(from).map(|(at, _)| at).find(|at| {
        let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        !letter(item.text[..*at].chars().next_back()) && !letter(item.text[at + from.len()..].chars().next())
    });
    let Some(at) = at else { return false };
    let sentence = item.text.clone();
    item.text.replace_range(at..at + from.len(), to);
    if let Some(row) = &mut item.row {
        // The row holds the same words in the same order.
        for cell in row.iter_mut() {
            if let Some(at) = cell.find(from) {
                cell.replace_range(at..at + from.len(), to);
                break;
            }
        }
    }
    sentence != item.text
}

/// Names of other children: of the generator's own, and some that are in no list.
const MORE: [&str; 14] = [
    "Thomas", "Keziah", "Tendai", "Bartosz", "Wren", "Olivia", "Jayden", "Rhianwen", "Kofi", "Saffi", "Benedikt",
    "Hettie", "Zuberi", "Lachlan",
];

fn name(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    let own = plan.child.first;
    let all: Vec<&str> = MORE.iter().chain(&BOYS).chain(&GIRLS).copied().filter(|name| *name != own).collect();
    let other = *one(rng, &all);
    one_item(rng, plan, &["B", "C", "D", "E", "F", "G", "H1"], |_, item| first_word(item, own, other))
}

fn pronoun(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    let mut pairs =
        [("he", "she"), ("his", "her"), ("him", "her"), ("himself", "herself"), ("He", "She"), ("His", "Her")];
    rng.shuffle(&mut pairs);
    let girl = plan.child.girl;
    one_item(rng, plan, &["B", "C", "D", "E", "F", "G", "H1"], |_, item| {
        pairs.iter().any(|(he, she)| match (girl, *she) {
            (false, _) => first_word(item, he, she),
            // "her" is "him" where nothing of hers follows.
            (true, "her") => {
                let object = [
                    "her,",
                    "her.",
                    "her to ",
                    "her at ",
                    "her in ",
                    "her and ",
                    "her a ",
                    "her for ",
                    "her with ",
                    "her on ",
                    "her about ",
                ];
                let at = item.text.find(" her");
                let own = at.is_some_and(|at| !object.iter().any(|words| item.text[at + 1..].starts_with(words)));
                first_word(item, she, if own { "his" } else { "him" })
            }
            (true, _) => first_word(item, she, he),
        })
    })
}

fn gender(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    let mut pairs = [("boy", "girl"), ("son", "daughter")];
    if plan.child.girl {
        pairs = pairs.map(|(a, b)| (b, a));
    }
    one_item(rng, plan, &["A"], |_, item| pairs.iter().any(|(from, to)| first_word(item, from, to)))
}

fn school(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    let own = plan.child.school.clone();
    let others = ["Larkfield Primary School", "Ashgrove Academy", "St Bede's School", "Willow Bank College"];
    let other = *one(rng, &others);
    one_item(rng, plan, &["A", "I"], |_, item| reword(item, &own, other))
}

fn age(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    let own = plan.child.age;
    let by = *one(rng, &[-4, -3, 2, 3, 4]);
    let other = if own + by < 4 || own + by > 19 { own - by } else { own + by };
    one_item(rng, plan, &["A"], |_, item| {
        first_word(item, &format!("{own} years"), &format!("{other} years"))
            || first_word(item, number(own), number(other))
    })
}

fn year(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    let own = plan.child.year;
    let other = (1..=13).filter(|year| *year != own).nth(rng.usize(0..12))?;
    one_item(rng, plan, &["A"], |_, item| first_word(item, &format!("Year {own}"), &format!("Year {other}")))
}

/// A strand that has a statement that `fits` in one of these sections, and the plan without that statement.
fn without(rng: &mut Rng, plan: &Plan, sections: &[&str], fits: impl Fn(&Item) -> bool) -> Option<Plan> {
    let mut copy = plan.clone();
    let section = copy
        .sections
        .iter_mut()
        .filter(|s| sections.contains(&s.id.as_str()) && s.items.iter().filter(|i| i.strand.is_some()).count() > 1);
    let mut all: Vec<&mut Section> = section.collect();
    if all.is_empty() {
        return None;
    }
    let at = rng.usize(0..all.len());
    let section = &mut all[at];
    // What goes into a total would be missed there as well.
    let mut places: Vec<usize> = (0..section.items.len())
        .filter(|i| section.items[*i].strand.is_some() && section.items[*i].ta.is_none() && fits(&section.items[*i]))
        .collect();
    rng.shuffle(&mut places);
    section.items.remove(*places.first()?);
    Some(copy)
}

fn no_provision(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    without(rng, plan, &["F"], |_| true)
}

fn no_outcome(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    // Only special educational needs have to have an outcome; needs of C and D may have provision alone.
    let needs = plan.sections.iter().filter(|section| section.id == "B").flat_map(|section| &section.items);
    let strands: Vec<_> = needs.filter_map(|item| item.strand).collect();
    without(rng, plan, &["E"], |item| item.strand.is_some_and(|strand| strands.contains(&strand)))
}

fn no_need(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    without(rng, plan, &["B"], |_| true)
}

fn pasted(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    let mut copy = plan.clone();
    let section = copy.section("F")?;
    let mut places: Vec<usize> = (0..section.items.len())
        .filter(|i| section.items[*i].strand.is_some() && section.items[*i].ta.is_none())
        .collect();
    rng.shuffle(&mut places);
    let [from, to, ..] = places[..] else { return None };
    let (text, row) = (section.items[from].text.clone(), section.items[from].row.clone());
    section.items[to].text = text;
    section.items[to].row = row;
    Some(copy)
}

/// Another amount of hours and minutes than `words` begins with.
fn other_hours(rng: &mut Rng, words: &str) -> Option<(String, String)> {
    let end = words.find(" a week")?;
    let start = words[..end].rfind(|c: char| !(c.is_alphanumeric() || c == ' ' || c == '.'))?;
    let head = &words[start + 1..end];
    let at = head.find(|c: char| c.is_ascii_digit())?;
    let old = head[at..].to_owned();
    let first: String = old.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    let value: f64 = first.parse().ok()?;
    let by = *one(rng, &[-2.0, -1.0, 1.0, 2.0, 3.0, 5.0]);
    let new = if value + by < 1.0 { value + 2.0 } else { value + by };
    Some((old.clone(), old.replacen(&first, &new.to_string(), 1).replace("1 hours", "1 hour")))
}

fn total(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    one_item(rng, plan, &["F"], |rng, item| {
        if item.sort != Sort::Total {
            return false;
        }
        let words = format!(":{}", item.text);
        other_hours(rng, &words).is_some_and(|(from, to)| reword(item, &from, &to))
    })
}

fn part(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    plan.sections.iter().find(|s| s.id == "F")?.items.iter().find(|item| item.sort == Sort::Total)?;
    one_item(rng, plan, &["F"], |rng, item| {
        let Some(ta) = item.ta.clone() else { return false };
        let own = TA.iter().find(|(words, _)| *words == ta).map_or(0, |(_, n)| *n);
        let others: Vec<&str> = TA.iter().filter(|(_, n)| n.abs_diff(own) >= 30).map(|(words, _)| *words).collect();
        reword(item, &ta, one::<&str>(rng, &others))
    })
}

fn hours_elsewhere(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    one_item(rng, plan, &["I"], |rng, item| {
        let words = item.text.replace("the ", ":");
        item.text.contains(" a week") && other_hours(rng, &words).is_some_and(|(from, to)| reword(item, &from, &to))
    })
}

fn full_time(_: &mut Rng, plan: &Plan) -> Option<Plan> {
    let mut copy = plan.clone();
    let name = plan.child.first;
    let total = copy.section("F")?.items.iter().position(|item| item.sort == Sort::Total)?;
    if plan.layout >= 3 {
        return None;
    }
    let item = Item {
        strand: None,
        area: String::new(),
        sort: Sort::Other,
        text: format!("A teaching assistant will support {name} full time."),
        row: None,
        deadline: None,
        ta: None,
    };
    // The hours stay as what the adult gives in all.
    let section = copy.section("F")?;
    let words = section.items[total].text.clone();
    let hours = words
        .find(|c: char| c.is_ascii_digit())
        .map(|at| words[at..].split(" a week").next().unwrap_or("").to_owned())?;
    section.items.retain(|item| item.ta.is_none() && item.sort != Sort::Total);
    section.items.push(Item {
        text: format!("{name} will have {hours} a week of support from a teaching assistant."),
        area: "learning".into(),
        ..item.clone()
    });
    section.items.push(Item { area: "semh".into(), ..item });
    let n: f64 = hours.split(' ').next()?.parse().ok()?;
    if n < 3.0 || !hours.contains("hour") {
        return None; // An hour or two may be part of the whole.
    }
    copy.section("I")?.items.truncate(1);
    Some(copy)
}

fn no_period(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    one_item(rng, plan, &["F"], |_, item| {
        item.sort == Sort::Provision
            && [("2 hours a week", "2 hours"), ("3 hours a week", "3 hours"), ("4 hours each week", "4 hours")]
                .iter()
                .any(|(from, to)| reword(item, from, to))
    })
}

fn ratios(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    one_item(rng, plan, &["F"], |_, item| {
        item.sort == Sort::Provision
            && [
                ("1:1,", "1:1, in a group of four,"),
                ("in a group of three,", "in a group of three, 1:1,"),
                ("in a group of two,", "1:1, in a group of two,"),
                ("in a group of four,", "1:1, in a group of four,"),
                (", 1:1", ", in a group of five, 1:1"),
            ]
            .iter()
            .any(|(from, to)| reword(item, from, to))
    })
}

fn deadline(rng: &mut Rng, plan: &Plan, new: &str) -> Option<Plan> {
    one_item(rng, plan, &["E"], |_, item| item.deadline.clone().is_some_and(|old| reword(item, &old, new)))
}

fn past(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    let year = plan.dated.0 - rng.i32(1..=3);
    let new = [
        format!("July {year}"),
        format!("Easter {year}"),
        format!("the end of the summer term {year}"),
        format!("31/07/{year}"),
        format!("15 December {}", year - 1),
    ];
    let new = one(rng, &new).clone();
    deadline(rng, plan, &new)
}

fn left(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    let year = plan.child.year;
    let mut all = Vec::new();
    if year > 1 {
        all.push(format!("the end of Year {}", rng.i32(1..year)));
        all.push("the end of Reception".into());
    }
    for (stage, last) in [(1, 2), (2, 6), (3, 9), (4, 11)] {
        if last < year {
            all.push(format!("the end of Key Stage {stage}"));
        }
    }
    if all.is_empty() {
        return None;
    }
    let new = one(rng, &all).clone();
    deadline(rng, plan, &new)
}

fn beyond(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    let all: Vec<String> = match plan.child.year {
        1..=5 => {
            vec!["the end of Key Stage 3".into(), "the end of Year 9".into(), format!("July {}", plan.dated.0 + 9)]
        }
        6 => vec!["the end of Year 11".into(), "the end of Key Stage 4".into()],
        7..=10 => vec!["the end of Year 13".into(), format!("July {}", plan.dated.0 + 8)],
        _ => return None,
    };
    let new = one(rng, &all).clone();
    deadline(rng, plan, &new)
}

fn cover(plan: &Plan, label: &str, change: impl Fn(&mut Vec<(String, String)>, usize)) -> Option<Plan> {
    let mut copy = plan.clone();
    let at = copy.cover.iter().position(|(known, _)| known == label)?;
    change(&mut copy.cover, at);
    Some(copy)
}

fn review_past(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    let (year, month, of) = plan.dated;
    let back = rng.i32(1..=2);
    cover(plan, "Review date", |cover, at| cover[at].1 = day((year - back, month, of)))
}

fn no_review(_: &mut Rng, plan: &Plan) -> Option<Plan> {
    cover(plan, "Review date", |cover, at| {
        cover.remove(at);
    })
}

/// Moves one statement from one section to another.
fn moved(rng: &mut Rng, plan: &Plan, from: &str, to: &str, fits: impl Fn(&Item) -> bool) -> Option<Plan> {
    let mut copy = plan.clone();
    let section = copy.section(from)?;
    let mut places: Vec<usize> =
        (0..section.items.len()).filter(|i| section.items[*i].strand.is_some() && fits(&section.items[*i])).collect();
    rng.shuffle(&mut places);
    let mut item = section.items.remove(*places.first()?);
    item.row = None;
    let target = copy.section(to)?;
    target.none = None;
    target.items.push(item);
    Some(copy)
}

fn need_to_f(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    moved(rng, plan, "B", "F", |_| true)
}

fn need_to_e(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    moved(rng, plan, "B", "E", |_| true)
}

fn outcome_to_f(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    moved(rng, plan, "E", "F", |item| !matches!(item.area.as_str(), "health" | "social"))
}

fn outcome_to_b(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    moved(rng, plan, "E", "B", |item| !matches!(item.area.as_str(), "health" | "social"))
}

fn provision_to_b(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    moved(rng, plan, "F", "B", |_| true)
}

fn provision_to_e(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    moved(rng, plan, "F", "E", |_| true)
}

fn hope_to_e(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    moved(rng, plan, "A", "E", |item| item.sort == Sort::Hope)
}

fn teaching_to_g(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    if plan.layout == 3 {
        return None; // A row of another area's table has no column for it.
    }
    moved(rng, plan, "F", "G", |item| item.text.contains("teach ") || item.area == "learning")
}

fn letter(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    let mut copy = plan.clone();
    let at = rng.usize(0..copy.sections.len());
    let letters = ["A", "B", "C", "D", "E", "F", "G", "H1", "H2", "I", "J", "K", "L"];
    let others: Vec<&str> = letters.iter().copied().filter(|letter| *letter != copy.sections[at].letter).collect();
    copy.sections[at].letter = (*one(rng, &others)).into();
    Some(copy)
}

fn no_section(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    let mut copy = plan.clone();
    let at = rng.usize(0..copy.sections.len());
    copy.sections.remove(at);
    Some(copy)
}

fn merged(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    if plan.layout >= 3 {
        return None;
    }
    let mut copy = plan.clone();
    let (first, second) = *one(rng, &[("E", "F"), ("C", "D"), ("H1", "H2")]);
    let taken = copy.sections.iter().position(|section| section.id == second)?;
    let section = copy.sections.remove(taken);
    let target = copy.section(first)?;
    target.letter = format!("{first} and {second}");
    target.title = format!("{} and {}", target.title, section.title.to_lowercase());
    target.items.extend(section.items);
    Some(copy)
}

fn emptied(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    let mut copy = plan.clone();
    let mut all: Vec<&mut Section> = copy.sections.iter_mut().filter(|section| section.none.is_some()).collect();
    if all.is_empty() {
        return None;
    }
    let at = rng.usize(0..all.len());
    all[at].none = None;
    Some(copy)
}

fn placeholder(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    let own = plan.child.first;
    let marks = ["[name]", "XXX", "[child's name]", "[Insert name]", "______", "{{name}}"];
    let mark = *one(rng, &marks);
    let whole = rng.u8(0..3);
    one_item(rng, plan, &["A", "B", "E", "F", "I"], |rng, item| match whole {
        0 => first_word(item, own, mark),
        1 => {
            let all = [
                "TBC",
                "To be confirmed.",
                "Delete as appropriate.",
                "[insert provision here]",
                "Click or tap here to enter text.",
            ];
            item.text = format!("{} {}", item.text, one(rng, &all));
            true
        }
        _ => [("he", "he/she"), ("she", "he/she"), ("his", "his/her"), ("her", "his/her")]
            .iter()
            .any(|(from, to)| first_word(item, from, to)),
    })
}

fn no_adulthood(_: &mut Rng, plan: &Plan) -> Option<Plan> {
    if plan.child.year < 9 {
        return None;
    }
    let mut copy = plan.clone();
    for section in &mut copy.sections {
        section.items.retain(|item| item.area != "adulthood");
    }
    Some(copy)
}

fn no_j(_: &mut Rng, plan: &Plan) -> Option<Plan> {
    let named =
        plan.sections.iter().any(|s| s.id == "H1" && s.items.iter().any(|item| item.text.contains("direct payment")));
    if !named {
        return None;
    }
    let mut copy = plan.clone();
    let section = copy.section("J")?;
    section.items.clear();
    section.none = Some("None.".into());
    Some(copy)
}

/// A way in which a plan may say less than the advice that it is written from.
pub struct Dilution {
    /// What the table calls it.
    pub name: &'static str,
    /// The element that is lost, by the name of its criterion.
    pub element: &'static str,
    /// Makes it; `None` where the plan has nothing to make it in.
    pub make: fn(&mut Rng, &Plan) -> Option<Plan>,
}

/// All of them.
pub const DILUTIONS: &[Dilution] = &[
    Dilution { name: "advice diluted: how often", element: "frequency", make: less_often },
    Dilution { name: "advice diluted: how long", element: "duration", make: less_long },
    Dilution { name: "advice diluted: who", element: "who", make: by_anybody },
    Dilution { name: "advice diluted: 1:1 or the size of the group", element: "group", make: in_any_group },
    Dilution { name: "advice diluted: “will”", element: "commitment", make: may },
    Dilution { name: "advice diluted: what is done", element: "what", make: anything },
    Dilution { name: "advice diluted: “access to … as required”", element: "frequency", make: as_required },
];

/// Applies `change` to a provision that is about a strand.
fn provision(rng: &mut Rng, plan: &Plan, mut change: impl FnMut(&mut Rng, &mut Item) -> bool) -> Option<Plan> {
    one_item(rng, plan, &["F"], |rng, item| item.sort == Sort::Provision && item.strand.is_some() && change(rng, item))
}

/// The amount that an item holds, as how long and how often.
fn amount(item: &Item) -> Option<(&'static str, &'static str)> {
    const OFTEN: [&str; 15] = [
        " every school day",
        " a day",
        " three times a week",
        " twice a week",
        " a week",
        " every Tuesday and Friday",
        " each day",
        " every morning",
        " on Mondays and Thursdays",
        " four times a week",
        " each week",
        " every fortnight",
        " every week",
        " once a week",
        " every Wednesday",
    ];
    let all = TA.iter().map(|(words, _)| *words).chain(OTHERS);
    let amount = all.filter(|words| item.text.contains(words)).max_by_key(|words| words.len())?;
    let often = OFTEN.iter().filter(|often| amount.ends_with(*often)).max_by_key(|often| often.len())?;
    Some((amount.strip_suffix(often)?, often))
}

fn less_often(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    provision(rng, plan, |rng, item| {
        let Some((long, often)) = amount(item) else { return false };
        let vague = *one(rng, &["", " regularly", " when needed", " at times", " as appropriate"]);
        reword(item, &format!("{long}{often}"), &format!("{long}{vague}"))
    })
}

fn less_long(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    provision(rng, plan, |_, item| {
        let Some((long, often)) = amount(item) else { return false };
        let plain = match often {
            " a day" => "every day",
            " a week" => "every week",
            often => often.trim_start(),
        };
        reword(item, &format!("for {long}{often}"), plain) || reword(item, &format!("{long}{often}"), plain)
    })
}

fn by_anybody(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    provision(rng, plan, |rng, item| {
        let Some((who, rest)) = item.text.split_once(" will ") else { return false };
        let article = who.split(' ').next().is_some_and(|word| matches!(word, "A" | "An" | "The"));
        if !article || who.split(' ').count() > 9 || rest.contains("therapist") || rest.contains("teacher") {
            return false; // Somebody else is named as well.
        }
        let anybody = *one(rng, &["Staff", "Adults", "The school", "Somebody"]);
        item.text = format!("{anybody} will {rest}");
        if let Some(row) = &mut item.row {
            row[1] = anybody.to_owned();
        }
        true
    })
}

fn in_any_group(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    provision(rng, plan, |_, item| {
        [", 1:1", ", in a group of two", ", in a group of three", ", in a group of four", ", in a pair"]
            .iter()
            .any(|words| reword(item, words, ""))
    })
}

fn may(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    provision(rng, plan, |rng, item| {
        let vague = *one(rng, &[" may ", " should ", " could ", " will aim to ", " will try to ", " might "]);
        if item.text.matches(" will ").count() != 1 || item.text.contains(" will be ") {
            return false;
        }
        reword(item, " will ", vague)
    })
}

fn anything(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    let name = plan.child.first;
    provision(rng, plan, |rng, item| {
        let Some((who, rest)) = item.text.split_once(" will ") else { return false };
        let Some(at) = [", 1:1", ", in a group", ", in a pair"].iter().find_map(|words| rest.find(words)) else {
            return false;
        };
        if who.contains(name) {
            return false;
        }
        let vague = *one(rng, &["support", "help", "work with"]);
        item.text = format!("{who} will {vague} {name}{}", &rest[at..]);
        if let Some(row) = &mut item.row {
            let ratio = row[0].find(',').map(|at| row[0][at..].to_owned()).unwrap_or_default();
            row[0] = format!("Support{ratio}");
        }
        true
    })
}

fn as_required(rng: &mut Rng, plan: &Plan) -> Option<Plan> {
    let name = plan.child.first;
    provision(rng, plan, |rng, item| {
        let Some((who, rest)) = item.text.split_once(" will ") else { return false };
        let (Some((_, _)), true) = (amount(item), who.starts_with("A ")) else { return false };
        let at = [", 1:1", ", in a group", ", in a pair", " for "].iter().filter_map(|words| rest.find(words)).min();
        let what = rest[..at.unwrap_or(rest.len())].to_owned();
        let open = *one(rng, &["as required", "as and when needed", "where appropriate"]);
        item.text = format!("{name} will have access to {} to {what} {open}.", who.replacen("A ", "a ", 1));
        if let Some(row) = &mut item.row {
            row[2] = open.to_owned();
        }
        true
    })
}
