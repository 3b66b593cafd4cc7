"""Annotates every example plan and looks at the result with python-docx and LibreOffice.

annotated.py CLEARPLAN FOLDER
"""

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
from docx.oxml.ns import qn

PLANS = Path("corpora/plans")
# LibreOffice 7.4 drops words before a comment that stands in a block or cell content control, whoever wrote it.
CONTROLS = {"messy", "hostile"}


def flat(text):
    return " ".join(text.split())


def ranges(document):
    """The visible words between the marks of each comment, by number."""
    hidden = {qn("w:del"), qn("w:moveFrom"), qn("w:txbxContent"), qn("w:pPr"), qn("w:rPr")}
    open_, done = {}, {}

    def walk(element):
        for child in element:
            if child.tag == qn("w:commentRangeStart"):
                open_[child.get(qn("w:id"))] = ""
            elif child.tag == qn("w:commentRangeEnd"):
                done[child.get(qn("w:id"))] = open_.pop(child.get(qn("w:id")))
            elif child.tag in hidden:
                continue
            elif child.tag in (qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:noBreakHyphen")):
                words = {qn("w:t"): child.text or "", qn("w:noBreakHyphen"): "\u2011"}.get(child.tag, " ")
                for key in open_:
                    open_[key] += words
            else:
                walk(child)

    walk(document.element.body)
    assert not open_, "a range without an end"
    return done


def expected(clearplan, plan):
    """The faulted words of each statement, from the JSON of `check`: from the first to the last."""
    out = subprocess.run([clearplan, "check", plan, "--format", "json", "--fail-on", "never"], capture_output=True, check=True)
    words = {}
    plan = json.loads(out.stdout)
    # What is wrong with the plan as a whole stands at the statement where it is first.
    first = [f["places"][0] for f in plan["whole"]["findings"] if f["places"] and f["places"][0]["statement"]]
    for section in plan["sections"]:
        for statement in section["statements"]:
            findings = statement.get("findings") or []
            text = statement["text"]
            core = len(text.strip(".,;:!?()[]“”\"' "))
            spans = [(f["start"], f["end"]) for f in findings]
            parts = [s for s in spans if len(text[s[0]:s[1]].strip(".,;:!?()[]“”\"' ")) < core]
            of_plan = [(place["start"], place["end"]) for place in first if place["statement"] == statement["id"]]
            if spans or of_plan:
                spans = parts + [span for span in of_plan if span != (0, len(text))] or [(0, len(text))]
                words[statement["id"]] = text[min(s[0] for s in spans):max(s[1] for s in spans)]
    return words


def convert(soffice, to, path):
    subprocess.run([soffice, "--headless", "--convert-to", to, "--outdir", path.parent, path], capture_output=True, check=True)
    made = path.with_suffix("." + to.split(":")[0])
    assert made.stat().st_size > 0, f"{path}: LibreOffice made nothing of it"
    return made


def text(document, comments=frozenset()):
    """The words of each paragraph in the body, as an XML parser reads them, without the marks of those comments."""
    body = document.element.body
    marks = {qn("w:commentRangeStart"), qn("w:commentRangeEnd"), qn("w:commentReference")}
    for mark in [e for e in body.iter(*marks) if e.get(qn("w:id")) in comments]:
        run = mark.getparent()
        run.remove(mark)
    words = (qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:noBreakHyphen"), qn("w:delText"))
    return ["".join((e.text or "") if e.tag == words[0] else f"<{e.tag}>" + (e.text or "") for e in p.iter(*words)) for p in body.iter(qn("w:p"))]


def hostile(path):
    """Split runs, tracked changes, all kinds of content control, nested and merged tables, a text box, notes, a comment."""
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    part = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    types = {"document": f"{part}.document.main+xml"} | {n: f"{part}.{n}+xml" for n in ("comments", "footnotes", "header")}
    files = {"document": "document", "comments": "comments", "footnotes": "footnotes", "header": "header1"}
    said = "".join(f'<Override PartName="/word/{files[n]}.xml" ContentType="{t}"/>' for n, t in types.items())
    related = "".join(f'<Relationship Id="rId{i}" Type="{kinds}/{n}" Target="{files[n]}.xml"/>' for i, n in ((7, "comments"), (8, "footnotes"), (9, "header")))
    paragraph = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>{said}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{kinds}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": Path("tests/fixtures/hostile.xml").read_text(encoding="utf-8"),
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}/relationships">{related}</Relationships>',
        "word/comments.xml": f'<w:comments xmlns:w="{word}"><w:comment w:id="0" w:author="Jo" w:initials="J">{paragraph.format("Who is that?")}</w:comment></w:comments>',
        "word/footnotes.xml": f'<w:footnotes xmlns:w="{word}"><w:footnote w:id="1">{paragraph.format("A note with regular words.")}</w:footnote></w:footnotes>',
        "word/header1.xml": f'<w:hdr xmlns:w="{word}">{paragraph.format("Confidential")}</w:hdr>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in parts.items():
            out.writestr(name, content)


def plans(folder):
    """Every document to look at, by name: the examples, the hostile one, and the government's template where it was filled."""
    for plan in sorted(PLANS.glob("*/plan.docx")):
        shutil.copy(plan, folder / f"{plan.parent.name}.docx")
        yield plan.parent.name
    hostile(folder / "hostile.docx")
    yield "hostile"
    # Written by tests/template.rs, which has the template and what it is filled with.
    if (folder / "template.docx").exists():
        yield "template"
    else:
        print("skipped: the government's template is not in ../shared/templates")


def main(clearplan, folder):
    soffice = shutil.which("soffice")
    for name in plans(folder):
        before, after = folder / f"{name}.docx", folder / f"{name}-annotated.docx"
        subprocess.run([clearplan, "annotate", before, "--date", "2026-11-27"], check=True, capture_output=True)
        old, new = zipfile.ZipFile(before), zipfile.ZipFile(after)
        may = {"[Content_Types].xml", "word/document.xml", "word/comments.xml", "word/_rels/document.xml.rels"}
        assert all(n in may or old.read(n) == new.read(n) for n in old.namelist()), f"{name}: another part has changed"

        document = docx.Document(after)
        marked = ranges(document)
        ours = [c for c in document.comments if c.author == "clearplan"]
        theirs = [c for c in docx.Document(before).comments]
        assert len(list(document.comments)) == len(ours) + len(theirs), f"{name}: a comment is lost"
        assert all(c.initials == "cp" and f"{c.timestamp:%Y-%m-%d}" == "2026-11-27" for c in ours)
        words = expected(clearplan, before)
        found = {c.text.split(" · ")[0]: marked[str(c.comment_id)] for c in ours if " · " in c.text.split("\n")[0]}
        assert found.keys() == words.keys(), f"{name}: {sorted(found.keys() ^ words.keys())}"
        # Around a control a comment is wider than its words, in a text box it is empty.
        exact = sum(flat(found[i]) == flat(words[i]) for i in words)
        assert exact >= (0.75 if name == "hostile" else 0.9) * len(words), f"{name}: {exact} of {len(words)} comments are on their very words"
        print(f"{name}: {len(ours)} comments, {exact} of {len(words)} on exactly the words of check --format json")
        numbers = {str(c.comment_id) for c in ours}
        assert text(document, numbers) == text(docx.Document(before)), f"{name}: the words without our marks are others"
        plain = folder / f"{name}-plain.docx"
        subprocess.run([clearplan, "annotate", after, "--remove", "-o", plain], check=True, capture_output=True)
        back = zipfile.ZipFile(plain)
        assert all(old.read(n) == back.read(n) for n in old.namelist()), f"{name}: --remove does not give the original back"
        for mode in (["--tracked-changes"], ["--working-document", "--party", "parent"]):
            out = folder / f"{name}{mode[0]}.docx"
            subprocess.run([clearplan, "annotate", before, "-o", out, *mode], check=True, capture_output=True)
            docx.Document(out)
            if soffice:
                convert(soffice, "pdf", out)
        if soffice:
            convert(soffice, "pdf", after)
            one, two = (convert(soffice, "txt:Text", p).read_text() for p in (before, after))
            same = one == two
            print(f"{name}: LibreOffice reads {'the same words' if same else 'other words'}")
            assert same or name in CONTROLS, f"{name}: LibreOffice reads other words"
    for plan in sorted(PLANS.glob("*/plan.odt")):
        name = plan.parent.name
        before, after = folder / f"{name}.odt", folder / f"{name}-annotated.odt"
        shutil.copy(plan, before)
        subprocess.run([clearplan, "annotate", before], check=True, capture_output=True)
        if soffice:
            convert(soffice, "pdf", after)
            one, two = (convert(soffice, "txt:Text", p).read_text() for p in (before, after))
            assert one == two, f"{name}.odt: LibreOffice reads other words"
            # Saved by it, the annotations are still there, and ours come out again.
            saved = convert(soffice, "docx", after)
            listed = [c for c in docx.Document(saved).comments if c.author == "clearplan"]
            assert len(listed) > 5, f"{name}.odt: LibreOffice lists {len(listed)} comments"
            print(f"{name}.odt: LibreOffice lists {len(listed)} comments and reads the same words")


main(sys.argv[1], Path(sys.argv[2]))
