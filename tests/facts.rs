//! Every form of `fixtures/facts.tsv` is found with its value, every near miss is not, and the layer keeps its promises on
//! any text.

use clearplan::facts::{Bound, Fact, Measure, Naming, Period, Value, find};
use clearplan::span::Span;
use clearplan::words::Words;
use proptest::prelude::*;
use std::collections::BTreeMap;

const FIXTURES: &str = include_str!("fixtures/facts.tsv");

fn facts(text: &str) -> Vec<Fact> {
    find(&Words::new(text))
}

/// The text without its marks, and the marked span.
fn unmarked(marked: &str) -> (String, Span) {
    let start = marked.find('«').expect(marked);
    let end = marked.find('»').expect(marked) - '«'.len_utf8();
    (marked.replace(['«', '»'], ""), Span::new(start, end))
}

fn period(period: Period) -> &'static str {
    match period {
        Period::Hour => "hour",
        Period::Lesson => "lesson",
        Period::Day => "day",
        Period::Week => "week",
        Period::Fortnight => "fortnight",
        Period::Month => "month",
        Period::HalfTerm => "half_term",
        Period::Term => "term",
        Period::Quarter => "quarter",
        Period::Year => "year",
        Period::Event => "event",
    }
}

/// A number with at most three decimals and no idle zeros.
fn short(number: f64) -> String {
    let text = format!("{number:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn compact(value: &Value) -> String {
    match value {
        Value::Frequency { times, per } => format!("freq {}/{}", times.map_or("?".into(), short), period(*per)),
        Value::Duration { minutes } => format!("dur {}", short(*minutes)),
        Value::Total { minutes, sessions, per } => {
            let minutes = minutes.map(|m| format!("{}min", short(m)));
            let sessions = sessions.map(|s| format!("{}s", short(s)));
            let per = per.map_or(String::new(), |p| format!("/{}", period(p)));
            let amount: Vec<String> = minutes.into_iter().chain(sessions).collect();
            format!("total {}{per}", amount.join(" "))
        }
        Value::Course { weeks } => format!("course {}", short((weeks * 100.0).round() / 100.0)),
        Value::Group { adults, children, cap } => {
            let size = children.map_or("-".into(), short);
            let adults = adults.map_or(String::new(), |a| format!("{}:", short(a)));
            format!("group {adults}{size}{}", if *cap { " cap" } else { "" })
        }
        Value::Role { naming, qualification } => {
            let naming = match naming {
                Naming::Unnamed => "unnamed",
                Naming::Post => "post",
                Naming::Expert => "expert",
            };
            format!("role {naming}{}", if qualification.is_some() { " q" } else { "" })
        }
        Value::Deadline => "deadline".into(),
        Value::Measure { measure, .. } => match measure {
            Measure::OutOf => "outof",
            Measure::Percent => "percent",
            Measure::Count => "count",
            Measure::Rate => "rate",
            Measure::Score => "score",
            Measure::ErrorCeiling => "errors",
            Measure::Independence => "alone",
            Measure::ClosedList => "closed",
        }
        .into(),
        Value::Bound { bound } => match bound {
            Bound::Floor => "floor",
            Bound::Ceiling => "ceiling",
            Bound::Range => "range",
            Bound::About => "about",
        }
        .into(),
        Value::Trigger => "trigger".into(),
        Value::Clock { minutes } => format!("clock {}", short(*minutes)),
        Value::Setting => "setting".into(),
        Value::Review => "review".into(),
    }
}

/// The first word of a fact's type, by which near misses name it.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Frequency { .. } => "freq",
        Value::Duration { .. } => "dur",
        Value::Total { .. } => "total",
        Value::Course { .. } => "course",
        Value::Group { .. } => "group",
        Value::Role { .. } => "role",
        Value::Deadline => "deadline",
        Value::Measure { .. } => "measure",
        Value::Bound { .. } => "bound",
        Value::Trigger => "trigger",
        Value::Clock { .. } => "clock",
        Value::Setting => "setting",
        Value::Review => "review",
    }
}

struct Row {
    marked: &'static str,
    expected: &'static str,
}

fn rows() -> Vec<Row> {
    FIXTURES
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| {
            let (marked, expected) = line.split_once('\t').expect(line);
            Row { marked, expected }
        })
        .collect()
}

#[test]
fn every_form_is_found_and_no_near_miss() {
    let mut wrong = Vec::new();
    for Row { marked, expected } in rows() {
        let (text, span) = unmarked(marked);
        let found = facts(&text);
        let right = match expected.strip_prefix('!') {
            Some(miss) => {
                !found.iter().any(|f| (kind(&f.value) == miss || compact(&f.value) == miss) && f.span.overlaps(span))
            }
            None => found.iter().any(|f| f.span == span && compact(&f.value) == expected),
        };
        if !right {
            let found: Vec<String> =
                found.iter().map(|f| format!("«{}» {}", f.span.of(&text), compact(&f.value))).collect();
            wrong.push(format!("{marked}\n    expected {expected}, found {}", found.join("; ")));
        }
    }
    assert!(wrong.is_empty(), "{} rows are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_table_is_wide_enough() {
    let mut forms: BTreeMap<String, usize> = BTreeMap::new();
    let mut misses = 0;
    let rows = rows();
    for row in &rows {
        match row.expected.strip_prefix('!') {
            Some(_) => misses += 1,
            None => *forms.entry(row.expected.split(' ').next().unwrap_or_default().to_owned()).or_default() += 1,
        }
    }
    assert!(rows.len() - misses >= 300, "{} forms", rows.len() - misses);
    assert!(misses >= 80, "{misses} near misses");
    let bounds: usize = ["floor", "ceiling", "range", "about"].iter().map(|b| forms.remove(*b).unwrap_or(0)).sum();
    assert!(bounds >= 15, "{bounds} bounds");
    assert_eq!(forms.len(), 11 + 8, "types of fact other than bounds and measures, and kinds of measure: {forms:?}");
    for (kind, count) in forms {
        assert!(count >= 15, "{kind}: {count}");
    }
    let marked: std::collections::BTreeSet<_> = rows.iter().map(|r| (r.marked, r.expected)).collect();
    assert_eq!(marked.len(), rows.len(), "a row stands twice");
}

#[test]
fn weak_measures_are_told_apart() {
    let weak = |text: &str| {
        facts(text)
            .iter()
            .find_map(|f| if let Value::Measure { weak, .. } = f.value { Some(weak) } else { None })
            .expect(text)
    };
    assert!(weak("Sam will spell words with 80%."));
    assert!(!weak("Sam will spell words with 80% accuracy."));
    assert!(weak("He is currently working at Step 3."));
    assert!(!weak("He will reach Step 3."));
    assert!(weak("A teaching assistant will read with him for ten minutes daily."));
    assert!(!weak("He will read for ten minutes."));
    assert!(weak("He will work more independently."));
    assert!(!weak("He will work independently."));
}

#[test]
fn a_qualification_is_placed() {
    let text = "An HCPC-registered physiotherapist trained in hydrotherapy leads it.";
    let qualification = facts(text)
        .iter()
        .find_map(|f| if let Value::Role { qualification, .. } = f.value { qualification } else { None })
        .map(|span| span.of(text));
    assert_eq!(qualification, Some("trained in hydrotherapy"));
}

/// Texts in the words of the grammar, which find far more facts than random letters do.
fn plan_text() -> impl Strategy<Value = String> {
    let words: Vec<&'static str> = FIXTURES
        .lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|l| l.split_once('\t').map(|(t, _)| t))
        .flat_map(|t| t.split([' ', '«', '»']))
        .filter(|w| !w.is_empty())
        .collect();
    prop::collection::vec(prop::sample::select(words), 0..40).prop_map(|words| words.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn spans_lie_in_the_text(text in prop_oneof![plan_text(), any::<String>(), "[0-9 :/.%½£-]{0,40}"]) {
        for fact in facts(&text) {
            prop_assert!(!fact.span.is_empty() && fact.span.end <= text.len());
            prop_assert!(text.is_char_boundary(fact.span.start) && text.is_char_boundary(fact.span.end));
            if let Value::Role { qualification: Some(q), .. } = fact.value {
                prop_assert!(fact.span.contains(q));
            }
            if let Value::Duration { minutes } = fact.value {
                prop_assert!(minutes.is_finite() && minutes >= 0.0);
            }
        }
    }

    #[test]
    fn a_sentence_before_only_moves_facts(text in plan_text(), lead in prop::sample::select(vec!["Note. ", "Ça va. ", "As before! "])) {
        let moved: Vec<Span> = facts(&format!("{lead}{text}")).iter().map(|f| f.span).collect();
        let expected: Vec<Span> = facts(&text).iter().map(|f| f.span.shifted(lead.len())).collect();
        let own = facts(lead).len();
        prop_assert_eq!(own, 0);
        prop_assert_eq!(moved, expected);
    }
}

#[test]
fn time_grows_with_the_text_only() {
    // A text ten times as long may take at most forty times as long (a busy machine); a quadratic scan would take a
    // hundred times.
    let unit = "By the end of Year 6 Sam will read 35 words per minute, red, blue, green, on 4 out of 5 days with a trained TA, alone, reviewed weekly, 1:1, 20 minutes daily when he asks, ";
    let time = |n: usize| {
        let text = unit.repeat(n);
        let words = Words::new(&text);
        (0..5)
            .map(|_| {
                let start = std::time::Instant::now();
                assert!(find(&words).len() >= n);
                start.elapsed()
            })
            .min()
            .expect("five runs")
    };
    let (short, long) = (time(200), time(2000));
    assert!(long < short * 40, "{short:?} for 200 repeats, {long:?} for 2000");
}
