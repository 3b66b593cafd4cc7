#!/usr/bin/env python3
"""Writes the plans of this folder as text files, with their structure and without, and expected.json, which says what belongs together.

    python3 corpora/thread/make.py

plans/*.toml are the plans of the test, fresh/*.toml plans written after the last change to the method, calibration/*.toml those that
thresholds were chosen on.
"""
import json
import re
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
TITLES = {
    "A": "Section A: Views, interests and aspirations",
    "B": "Section B: Special educational needs",
    "C": "Section C: Health needs related to special educational needs",
    "D": "Section D: Social care needs related to special educational needs",
    "E": "Section E: Outcomes",
    "F": "Section F: Special educational provision",
    "G": "Section G: Health provision",
    "H1": "Section H1: Social care provision",
}
REFERENCE = re.compile(r"^(?:To meet|For) outcome \d, (.)")


def statements(plan):
    """Key and text of every statement."""
    for section in TITLES:
        texts = plan.get(section, [])
        for number, text in enumerate(texts, 1):
            yield section, f"{section}{number}" if section != "H1" or len(texts) > 1 else "H1", text


def bare(text):
    """The statement without what its layout adds: area, number, codes."""
    text = re.sub(r"^[^:.]*(?:interaction|learning|health|physical): ", "", text)
    text = REFERENCE.sub(lambda match: match[1].upper(), text)
    return re.sub(r" \((?:[A-H]\d,? ?)+\)$", "", text)


def plain(plan, layout="paragraphs"):
    """Section after section, a paragraph or an item a statement."""
    out, last = [], None
    for section, _, text in statements(plan):
        if section != last:
            out += ["", TITLES[section], ""]
            if layout == "bullets":
                out += {"A": ["I want:", ""], "E": ["By July 2027, with this support, the child will:", ""]}.get(section, [])
            last = section
        text = bare(text)
        out += [f"- {text}"] if layout == "bullets" else [text, ""]
    return "\n".join(out).strip() + "\n"


def sections(plan, of, line):
    out, last = [], None
    for section, key, text in statements(plan):
        if section in of:
            if section != last:
                out += ["", TITLES[section], ""]
                last = section
            out += line(key, text)
    return out


def structured(plan):
    layout = plan["layout"]
    texts = {key: bare(text) for _, key, text in statements(plan)}
    if layout == "numbered":
        def line(key, text):
            return [f"Outcome {key[1:]}: {text}" if key[0] == "E" else text, ""]
        out = sections(plan, list(TITLES), line)
    elif layout == "codes":
        out = sections(plan, list(TITLES), lambda key, text: [f"{key}. {text}" if key[0] != "A" else text, ""])
    elif layout == "areas":
        seen = {"last": None}

        def line(key, text):
            found = re.match(r"^([^:.]*(?:interaction|learning|health|physical)): ", text)
            head = (key[0], found[1]) if found else None
            fresh = head and head != seen["last"]
            seen["last"] = head
            return ([f"**{found[1]}**", ""] if fresh else []) + [bare(text), ""]
        out = sections(plan, list(TITLES), line)
    else:
        rows = [[cell.split() for cell in row.split("|")] for row in plan["rows"]]
        cell = lambda keys: "<br>".join(texts[key] for key in keys if key in texts)
        first = sections(plan, ["A"], lambda _, text: [text, ""])
        last = sections(plan, ["C", "D", "G", "H1"], lambda _, text: [text, ""])
        middle = []
        if layout == "rows":
            middle = ["", "Sections B, F and E", "", "| Section B: Special educational needs | Section F: Special educational provision | Section E: Outcomes |", "|---|---|---|"]
            middle += ["| " + " | ".join(cell(keys) for keys in row) + " |" for row in rows]
        elif layout == "tables":
            for number, row in enumerate(rows, 1):
                middle += ["", f"### Outcome {number}", "", "| | |", "|---|---|"]
                titles = ("Section B: Special educational needs", "Section F: Special educational provision", "Section E: Outcomes")
                middle += [f"| {title} | {cell(keys)} |" for title, keys in zip(titles, row)]
        elif layout == "needs":
            for number, (needs, provision, outcomes) in enumerate(rows, 1):
                middle += ["", f"## Need {number}", ""]
                for title, keys in (("Section B: Special educational needs", needs), ("Section E: Outcomes", outcomes), ("Section F: Special educational provision", provision)):
                    middle += ["", f"### {title}", ""] + [line for key in keys for line in (texts[key], "")]
        out = first + middle + last
    return "\n".join(out).strip() + "\n"


def main():
    for folder in ("plans", "fresh", "calibration"):
        expected = []
        for file in sorted((HERE / folder).glob("*.toml")):
            plan = tomllib.loads(file.read_text())
            without = plan["layout"] in ("paragraphs", "bullets")
            entry = {
                "plan": file.stem,
                "layout": plan["layout"],
                "statements": {key: bare(text) for _, key, text in statements(plan)},
                "links": [link.split("-") for link in plan["links"].split()],
            }
            if not without:
                (HERE / folder / f"{file.stem}.md").write_text(structured(plan))
                entry["structured"] = f"{file.stem}.md"
            (HERE / folder / f"{file.stem}.plain.txt").write_text(plain(plan, plan["layout"] if without else "paragraphs"))
            entry["plain"] = f"{file.stem}.plain.txt"
            expected.append(entry)
        if expected:
            text = json.dumps(expected, indent=1, ensure_ascii=False)
            (HERE / folder / "expected.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
