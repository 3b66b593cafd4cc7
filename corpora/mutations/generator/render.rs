//! This is how a plan is written down: five layouts, three of text and two of tables.

use super::{Item, Plan, Section, Sort};
use std::fmt::Write as _;

pub fn file(plan: &Plan) -> (&'static str, String) {
    match plan.layout {
        0 => ("plan.txt", listed(plan)),
        1 => ("plan.txt", capitals(plan)),
        2 => ("plan.txt", prose(plan)),
        3 => ("plan.html", rows_of_needs(plan)),
        _ => ("plan.html", table_of_provision(plan)),
    }
}

fn area(area: &str) -> &'static str {
    match area {
        "communication" => "Communication and interaction",
        "learning" => "Cognition and learning",
        "semh" => "Social, emotional and mental health",
        "physical" => "Sensory and/or physical",
        "adulthood" => "Preparing for adulthood",
        "health" => "Health",
        "social" => "Social care",
        _ => "",
    }
}

/// The items of a section by area, in order.
fn by_area(section: &Section) -> Vec<(&str, Vec<&Item>)> {
    let mut out: Vec<(&str, Vec<&Item>)> = Vec::new();
    for item in &section.items {
        match out.iter_mut().find(|(name, _)| *name == item.area) {
            Some((_, items)) => items.push(item),
            None => out.push((&item.area, vec![item])),
        }
    }
    // The total stands at the end, after all that it sums up.
    out.sort_by_key(|(_, items)| items.iter().any(|item| item.sort == Sort::Total));
    out
}

/// "Section F: Special educational provision", areas as sub-headings, statements as a list.
fn listed(plan: &Plan) -> String {
    let mut out = String::from("Education, Health and Care Plan\n\nMarrowshire County Council\n\n");
    for (label, value) in &plan.cover {
        let _ = writeln!(out, "{label}: {value}");
    }
    for section in &plan.sections {
        let _ = write!(out, "\nSection {}: {}\n\n", section.letter, section.title);
        let areas = matches!(section.id.as_str(), "B" | "E" | "F");
        for (name, items) in by_area(section) {
            if areas && !area(name).is_empty() {
                let _ = write!(out, "{}\n\n", area(name));
            }
            let list = areas && items.iter().all(|item| item.sort != Sort::Total);
            for item in items {
                let _ = if list { writeln!(out, "- {}", item.text) } else { write!(out, "{}\n\n", item.text) };
            }
            out.push('\n');
        }
        if let Some(none) = &section.none {
            let _ = writeln!(out, "{none}");
        }
    }
    out
}

/// "SECTION F" and a title below it, statements as paragraphs, outcomes numbered.
fn capitals(plan: &Plan) -> String {
    let mut out = format!("Education, Health and Care Plan for {} {}\n\n", plan.child.first, plan.child.last);
    for (label, value) in plan.cover.iter().skip(1) {
        let _ = writeln!(out, "{label}: {value}");
    }
    for section in &plan.sections {
        let _ = write!(out, "\nSECTION {} - {}\n\n", section.letter, section.title.to_uppercase());
        let mut n = 0;
        for (_, items) in by_area(section) {
            for item in items {
                if section.id == "E" {
                    n += 1;
                    let _ = writeln!(out, "{n}. {}", item.text);
                } else {
                    let _ = write!(out, "{}\n\n", item.text);
                }
            }
        }
        if let Some(none) = &section.none {
            let _ = writeln!(out, "{none}");
        }
    }
    out
}

/// "6. Section F: …" and numbered paragraphs of several sentences, wrapped.
fn prose(plan: &Plan) -> String {
    let mut out = String::from("EDUCATION, HEALTH AND CARE PLAN\n\n");
    let facts: Vec<String> = plan.cover.iter().map(|(label, value)| format!("{label}: {value}.")).collect();
    wrap(&mut out, &facts.join(" "));
    for (n, section) in plan.sections.iter().enumerate() {
        let _ = write!(out, "\n{}. Section {}: {}\n\n", n + 1, section.letter, section.title);
        for (m, (_, items)) in by_area(section).into_iter().enumerate() {
            let words: Vec<&str> = items.iter().map(|item| item.text.as_str()).collect();
            wrap(&mut out, &format!("{}.{} {}", n + 1, m + 1, words.join(" ")));
            out.push('\n');
        }
        if let Some(none) = &section.none {
            let _ = writeln!(out, "{none}");
        }
    }
    out
}

fn wrap(out: &mut String, text: &str) {
    let mut width = 0;
    for word in text.split(' ') {
        if width > 0 && width + word.len() > 78 {
            out.push('\n');
            width = 0;
        }
        if width > 0 {
            out.push(' ');
            width += 1;
        }
        out.push_str(word);
        width += word.len();
    }
    out.push('\n');
}

fn head(out: &mut String, plan: &Plan) {
    out.push_str("<html><body><h1>Education, Health and Care Plan</h1><table>");
    for (label, value) in &plan.cover {
        let _ = write!(out, "<tr><td>{label}</td><td>{value}</td></tr>");
    }
    out.push_str("</table>");
}

fn plain(out: &mut String, section: &Section) {
    let _ = write!(out, "<h2>Section {}: {}</h2>", section.letter, section.title);
    for item in &section.items {
        let _ = write!(out, "<p>{}</p>", item.text);
    }
    if let Some(none) = &section.none {
        let _ = write!(out, "<p>{none}</p>");
    }
}

/// The government's form: for each area a table of needs, provision and outcomes, a row a strand.
fn rows_of_needs(plan: &Plan) -> String {
    let mut out = String::new();
    head(&mut out, plan);
    let find = |id: &str| plan.sections.iter().find(|section| section.id == id);
    for section in plan.sections.iter().filter(|section| section.id == "A") {
        plain(&mut out, section);
    }
    for ids in [&["B", "F", "E"][..], &["C", "G", "E"], &["D", "H1", "H2", "E"]] {
        let group = |name: &str| match ids[0] {
            "C" => name == "health",
            "D" => name == "social",
            _ => !matches!(name, "health" | "social"),
        };
        let mut names: Vec<&str> = Vec::new();
        let mut strands: Vec<(Option<usize>, &str)> = Vec::new();
        for section in ids.iter().filter_map(|id| find(id)) {
            for item in
                section.items.iter().filter(|item| group(&item.area) || section.id != "E" && !item.area.is_empty())
            {
                if !names.contains(&item.area.as_str()) {
                    names.push(&item.area);
                }
                if !strands.contains(&(item.strand, &item.area)) {
                    strands.push((item.strand, &item.area));
                }
            }
        }
        if names.is_empty() {
            names.push("");
        }
        let last = names.last().copied();
        for name in names {
            if !name.is_empty() {
                let _ = write!(out, "<h3>{}</h3>", area(name));
            }
            out.push_str("<table><tr>");
            for section in ids.iter().filter_map(|id| find(id)) {
                let _ = write!(out, "<th>{} – {}</th>", section.letter, section.title);
            }
            out.push_str("</tr>");
            let mut rows: Vec<Option<usize>> =
                strands.iter().filter(|(_, of)| *of == name).map(|(strand, _)| *strand).collect();
            if rows.is_empty() {
                rows.push(None);
            }
            for strand in rows {
                out.push_str("<tr>");
                for section in ids.iter().filter_map(|id| find(id)) {
                    out.push_str("<td>");
                    for item in section
                        .items
                        .iter()
                        .filter(|item| item.strand == strand && item.area == name && strand.is_some())
                    {
                        let _ = write!(out, "<p>{}</p>", item.text);
                    }
                    if let Some(none) =
                        section.none.as_ref().filter(|_| !section.items.iter().any(|item| item.area == name))
                    {
                        let _ = write!(out, "<p>{none}</p>");
                    }
                    out.push_str("</td>");
                }
                out.push_str("</tr>");
            }
            let sums = find("F").into_iter().flat_map(|section| &section.items).filter(|item| item.sort == Sort::Total);
            for item in sums.filter(|_| ids[0] == "B" && Some(name) == last) {
                out.push_str("<tr>");
                for id in ids.iter().filter(|id| find(id).is_some()) {
                    let _ = write!(out, "<td>{}</td>", if *id == "F" { item.text.as_str() } else { "" });
                }
                out.push_str("</tr>");
            }
            out.push_str("</table>");
        }
    }
    for section in plan.sections.iter().filter(|section| matches!(section.id.as_str(), "I" | "J" | "K")) {
        plain(&mut out, section);
    }
    out.push_str("</body></html>");
    out
}

/// Headings and paragraphs, with the provision of section F in a table.
fn table_of_provision(plan: &Plan) -> String {
    let mut out = String::new();
    head(&mut out, plan);
    for section in &plan.sections {
        if section.id != "F" || section.items.is_empty() {
            plain(&mut out, section);
            continue;
        }
        let _ = write!(out, "<h2>Section {}: {}</h2>", section.letter, section.title);
        out.push_str("<table><tr><th>Provision</th><th>By whom</th><th>How often</th></tr>");
        for item in &section.items {
            let _ = match (&item.row, item.sort) {
                (Some([what, who, how]), _) => write!(out, "<tr><td>{what}</td><td>{who}</td><td>{how}</td></tr>"),
                (None, Sort::Total) => {
                    write!(out, "<tr><td>Total teaching assistant time</td><td></td><td>{}</td></tr>", item.text)
                }
                (None, _) => write!(out, "<tr><td>{}</td><td></td><td></td></tr>", item.text),
            };
        }
        out.push_str("</table>");
    }
    out.push_str("</body></html>");
    out
}
