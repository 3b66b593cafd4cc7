#!/usr/bin/env python3
"""Checks that every expected statement occurs, in order, in every file of its plan.

Reads the files on its own, not through make.py. Texts are compared without spaces and hyphens. In docx, odt, html and txt
the statements must come in the order of expected.json. In a pdf the order of table cells is the converter's, so there each
must be found whole in the text as laid out or in the order it was written, or else in two parts at the end and the start of
two successive pages (reported as "broken").
"""
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

HERE = Path(__file__).resolve().parent


def squash(text):
    return re.sub(r'[\s\u00ad-]', '', text)


def docx(path):
    """The text as it is when all tracked changes are accepted; of two copies of a text box, the first."""
    def walk(el):
        tag = el.tag.split('}')[-1]
        if tag in ('del', 'moveFrom', 'Fallback'):
            return ''
        return (el.text or '' if tag == 't' else '') + ''.join(map(walk, el))
    return walk(ET.fromstring(zipfile.ZipFile(path).read('word/document.xml')))


def odt(path):
    return ''.join(ET.fromstring(zipfile.ZipFile(path).read('content.xml')).itertext())


def html(path):
    parts = []
    parser = HTMLParser()
    parser.handle_data = parts.append
    parser.feed(path.read_text(encoding='utf-8'))
    return ''.join(parts)


def txt(path):
    return path.read_text(encoding='utf-8-sig')


def pdf_pages(path, mode, furniture):
    text = subprocess.run(['pdftotext', mode, str(path), '-'], check=True, capture_output=True, text=True).stdout
    lines = [[line for line in page.splitlines() if not furniture.fullmatch(line.strip())] for page in text.split('\f')]
    return [squash('\n'.join(page)) for page in lines]


def pdf(path, statements, plan):
    parts = [re.sub(r'\\\{pages?\\\}', r'\\d+', re.escape(plan.get(key, '-'))) for key in ('header', 'footer')]
    furniture = re.compile('|'.join(part.replace(r'\ ', r'\s+') for part in parts))
    laid, written = (pdf_pages(path, mode, furniture) for mode in ('-layout', '-raw'))
    found, missing = Counter(), []
    for text in statements:
        words = [squash(word) for word in text.split()]
        whole = ''.join(words)
        halves = [(''.join(words[:i]), ''.join(words[i:])) for i in range(1, len(words))]
        if whole in ''.join(laid):
            found['whole'] += 1
        elif whole in ''.join(written):
            found['in a cell'] += 1
        elif any(a in here and b in there for a, b in halves for here, there in zip(written, written[1:])):
            found['broken'] += 1
            print('      broken over a page:', text[:70])
        else:
            missing.append(text)
    return found, missing


def main():
    failed = False
    for folder in sorted(path.parent for path in HERE.glob('*/expected.json')):
        plan = ET.parse(HERE / 'content' / f'{folder.name}.xml').getroot()
        statements = json.loads((folder / 'expected.json').read_text(encoding='utf-8'))['statements']
        texts = [s['text'] for s in statements]
        print(folder.name, len(txt_words(folder)), 'words,', len(texts), 'statements,',
              dict(Counter(f"{s['kind']} {s['verdict'] or ''}".strip() for s in statements)))
        for path in sorted(folder.glob('plan.*')):
            if path.suffix == '.pdf':
                found, missing = pdf(path, texts, plan)
                print('   pdf', dict(found))
            else:
                whole, at, missing = squash(globals()[path.suffix[1:]](path)), 0, []
                for text in texts + [c for s in statements for c in s['context']]:
                    if squash(text) not in whole:
                        missing.append(text)
                for text in texts:
                    at = whole.find(squash(text), at)
                    if at < 0:
                        missing.append('out of order: ' + text)
                        break
                print('  ', path.suffix[1:], 'all found in order' if not missing else '')
            if path.stat().st_size > 300_000:
                missing.append('too large')
            for text in missing:
                failed = True
                print('      MISSING', text)
    sys.exit(failed)


def txt_words(folder):
    """The words of the plan, counted in the content file."""
    root = ET.parse(HERE / 'content' / f'{folder.name}.xml').getroot()
    return ' '.join(root.itertext()).split()


if __name__ == '__main__':
    main()
