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
CONTROLS = {"messy"}


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
    for section in json.loads(out.stdout)["sections"]:
        for statement in section["statements"]:
            findings = statement.get("findings") or []
            text = statement["text"]
            core = len(text.strip(".,;:!?()[]“”\"' "))
            spans = [(f["start"], f["end"]) for f in findings]
            parts = [s for s in spans if len(text[s[0]:s[1]].strip(".,;:!?()[]“”\"' ")) < core]
            if spans:
                spans = parts or [(0, len(text))]
                words[statement["id"]] = text[min(s[0] for s in spans):max(s[1] for s in spans)]
    return words


def convert(soffice, to, path):
    subprocess.run([soffice, "--headless", "--convert-to", to, "--outdir", path.parent, path], capture_output=True, check=True)
    made = path.with_suffix("." + to.split(":")[0])
    assert made.stat().st_size > 0, f"{path}: LibreOffice made nothing of it"
    return made


def main(clearplan, folder):
    soffice = shutil.which("soffice")
    for plan in sorted(PLANS.glob("*/plan.docx")):
        name = plan.parent.name
        before, after = folder / f"{name}.docx", folder / f"{name}-annotated.docx"
        shutil.copy(plan, before)
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
        assert exact >= 0.9 * len(words), f"{name}: {exact} of {len(words)} comments are on their very words"
        print(f"{name}: {len(ours)} comments, {exact} of {len(words)} on exactly the words of check --format json")
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
