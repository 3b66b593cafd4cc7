#!/usr/bin/env python3
"""Makes the example plans: content/<name>.xml -> <name>/plan.{docx,html,txt,pdf,odt} and expected.json.

A content file is a plan in a small XML vocabulary (see README.md) in which the sentences that are
statements are marked: <good>, <bad> (outcomes and provision), <hope>, <need>, <other>. From it come
    Docx   the Word file: real styles, numbering, tables, tracked changes, controls, footnotes, text box
    html   the page
    text   the plain text file
    odt, pdf   converted from the Word file by LibreOffice
and expected.json, the list of statements. The output is the same, byte for byte, on every run.
Usage: make.py [name ...]
"""
import copy
import datetime
import html as htmllib
import itertools
import json
import re
import subprocess
import sys
import tempfile
import textwrap
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

HERE = Path(__file__).resolve().parent
AUTHOR, DATE = 'SEND casework', '2025-11-20T09:00:00Z'

BLOCKS = {'section', 'h1', 'h2', 'h3', 'h4', 'p', 'ul', 'ol', 'li', 'table', 'tr', 'td', 'textbox', 'contents', 'pagebreak'}
GONE = {'del', 'from', 'note'}  # not part of the text that a reader of the final version sees
VERDICTS = {'good': 'good', 'bad': 'bad', 'hope': None, 'need': None, 'other': None}


# ---------------------------------------------------------------- the plan

def load(name):
    """The plan's element, with spaces collapsed and quotation marks as the plan has them."""
    plan = ET.parse(HERE / 'content' / f'{name}.xml').getroot()
    plan.set('name', name)
    for holder in plan.iter():
        nodes = list(text_nodes(holder)) if holder.tag in BLOCKS | {'control', 'plan'} and is_block(holder) else []
        after_space, opening = True, True
        for el, which in nodes:
            text = re.sub(r'\s+', ' ', getattr(el, which) or '')
            text = text.lstrip() if after_space else text
            if plan.get('quotes') == 'curly':
                text = text.replace("'", '’')
                while '"' in text:
                    text, opening = text.replace('"', '“' if opening else '”', 1), not opening
            setattr(el, which, text)
            after_space = text.endswith(' ') if text else after_space
        for el, which in reversed(nodes):  # no space at the end
            setattr(el, which, getattr(el, which).rstrip())
            if getattr(el, which):
                break
    return plan


def is_block(el):
    """Blocks hold paragraphs or are one; a control is a block when it holds blocks."""
    return el.tag in BLOCKS or (el.tag == 'control' and any(child.tag in BLOCKS for child in el))


def text_nodes(el):
    """(element, 'text' or 'tail') for the text of a paragraph, in order, nested blocks left out."""
    yield el, 'text'
    for child in el:
        if not is_block(child):
            yield from text_nodes(child)
        yield child, 'tail'


def visible(el):
    """The text of a paragraph or of a statement, without nested blocks, deletions and footnotes."""
    text = el.text or ''
    for child in el:
        if not is_block(child) and child.tag not in GONE:
            text += visible(child)
        text += child.tail or ''
    return re.sub(r'\s+', ' ', text)


def cells(table):
    """(row, column, cell) of a table, with the places that a tall or wide cell covers left out."""
    taken = set()
    for r, tr in enumerate(table.findall('tr')):
        c = 0
        for td in tr.findall('td'):
            while (r, c) in taken:
                c += 1
            tall, wide = int(td.get('rows', 1)), int(td.get('cols', 1))
            taken |= set(itertools.product(range(r, r + tall), range(c, c + wide)))
            yield r, c, td
            c += wide


# ---------------------------------------------------------------- what is expected

def kind(section, tag):
    if tag == 'other':
        return 'other'
    return {'A': 'aspiration', 'B': 'need', 'C': 'need', 'D': 'need', 'E': 'outcome'}.get(section, 'provision')


def statements(el, section=None, context=()):
    """Every marked statement below `el`, in reading order, with what it inherits."""
    section = el.get('s') or (el.get('id') if el.tag == 'section' else section)
    if el.tag in VERDICTS:
        yield {'section': section, 'kind': kind(section, el.tag), 'text': visible(el).strip(),
               'context': list(context), 'verdict': VERDICTS[el.tag]}
        return
    if el.tag == 'table':
        yield from table_statements(el, section, context)
        return
    lead = visible(el).strip() if el.tag == 'li' and el.text else None
    for child in el:
        inherits = lead and child.tag in ('ul', 'ol', 'table')
        yield from statements(child, section, (*context, lead) if inherits else context)
        lead = visible(child).strip() if child.get('lead') else lead if el.tag == 'li' else None


def table_statements(table, section, context):
    """A cell marked ctx="F" is inherited by the F statements of the rows it covers, a title="E" by the whole table."""
    def rows(r, td):
        return set(range(r, r + int(td.get('rows', 1))))
    placed = [(rows(r, td), td) for r, _, td in cells(table)]
    for covered, td in placed:
        own = td.get('s', section)
        neighbours = [visible(other).strip() for theirs, other in placed
                      if other.get('title') == own or (other.get('ctx') == own and theirs & covered)]
        yield from statements(td, section, (*context, *neighbours))


# ---------------------------------------------------------------- plain text

def text(plan):
    """The plan as plain text: headings on their own line, "- " bullets, tables as lines."""
    width = int(plan.get('wrap', 0))
    lines = []

    def put(string, indent='', blank=True):
        if blank and lines and lines[-1]:
            lines.append('')
        hanging = ' ' * len(re.match(r'\s*(- |\d+\. )?', string).group())
        lines.extend(textwrap.wrap(string, width, subsequent_indent=hanging, break_on_hyphens=False) if width else [string])

    def items(el, depth):
        for i, li in enumerate(el.findall('li')):
            mark = '- ' if el.tag == 'ul' else f'{i + 1}. '
            put('  ' * depth + mark + visible(li).strip(), blank=i == 0 and depth == 0)
            for inner in li:
                if inner.tag in ('ul', 'ol'):
                    items(inner, depth + 1)

    def walk(el):
        if el.tag in ('ul', 'ol'):
            items(el, 0)
        elif el.tag == 'table':
            for i, tr in enumerate(el.findall('tr')[1 if el.get('head') else 0:]):
                row = [visible(td) for td in tr]
                put((': ' if len(row) == 2 else ', ').join(row), blank=i == 0)
        elif el.tag == 'contents':
            for i, h in enumerate(plan.iter('h2')):
                title = textwrap.wrap(visible(h), width - 8)
                title[-1] = title[-1] + ' ' + '.' * (width - 5 - len(title[-1])) + ' ' + h.get('page', '')
                lines.extend([''] * (i == 0) + title)
        elif el.tag in ('plan', 'section'):
            for child in el:
                walk(child)
        elif visible(el):
            put(' '.join(filter(None, [el.get('n'), visible(el)])))

    walk(plan)
    return '\n'.join(lines) + '\n'


# ---------------------------------------------------------------- html

def html(plan):
    """The plan as a page: h1..h3, p, ul, ol, table."""
    def inline(el):
        out = htmllib.escape(el.text or '', quote=False)
        for child in el:
            if not is_block(child):
                tag = {'b': 'strong', 'i': 'em'}.get(child.tag)
                out += f'<{tag}>{inline(child)}</{tag}>' if tag else inline(child)
            out += htmllib.escape(child.tail or '', quote=False)
        return out

    def inside(el):
        return inline(el) + ''.join(block(child) for child in el if is_block(child))

    def table(el):
        repeat = int(el.get('repeat', el.get('head', 0)))
        rows = {}
        for r, _, td in cells(el):
            span = ''.join(f' {name}span="{td.get(key)}"' for name, key in (('col', 'cols'), ('row', 'rows')) if td.get(key))
            tag = 'th' if r < repeat and not td.get('s') else 'td'
            rows.setdefault(r, []).append(f'<{tag}{span}>{inside(td)}</{tag}>')
        return '<table>\n' + ''.join('<tr>' + '\n    '.join(row) + '</tr>\n' for row in rows.values()) + '</table>\n'

    def block(el):
        if el.tag == 'table':
            return table(el)
        if el.tag in ('ul', 'ol'):
            return f'<{el.tag}>\n' + ''.join(f'<li>{inside(li)}</li>\n' for li in el) + f'</{el.tag}>\n'
        if el.tag == 'section':
            return ''.join(map(block, el))
        if el.tag == 'p' and not visible(el):
            return ''
        if el.tag == 'h4' or el.get('as') == 'bold':
            return f'<p><strong>{inline(el)}</strong></p>\n'
        return f'<{el.tag}>{inline(el)}</{el.tag}>\n'

    title = htmllib.escape(visible(plan.find('h1')))
    return ('<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
            f'<title>{title}</title>\n<style>\n'
            f'body {{ font-family: {plan.get("font")}, sans-serif; max-width: 60em; margin: 2em auto; }}\n'
            f'h1, h2, h3 {{ color: #{plan.get("colour")}; }}\n'
            'table { border-collapse: collapse; margin: 1em 0; } td, th { border: 1px solid #888; padding: 4px 8px; vertical-align: top; text-align: left; }\n'
            '</style>\n</head>\n<body>\n' + ''.join(map(block, plan)) + '</body>\n</html>\n')


# ---------------------------------------------------------------- Word

def element(tag, *children, **attributes):
    el = OxmlElement(tag)
    for key, value in attributes.items():
        el.set(qn('w:' + key), str(value))
    el.extend(children)
    return el


class Docx:
    """Writes a plan as a Word file."""

    def __init__(self, plan):
        self.plan = plan
        self.doc = Document()
        self.ids = itertools.count(100)
        self.chunks = itertools.cycle((4, 9, 2, 13, 6))
        self.notes = []
        self.inserted = False  # inside an inserted row or paragraph
        self.styles()
        self.page()
        for child in plan:
            self.block(child, self.doc)
        if self.notes:
            self.footnotes()

    def styles(self):
        for name in ('Normal', 'Heading 1', 'Heading 2', 'Heading 3'):
            style = self.doc.styles[name]
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for key in [key for key in fonts.attrib if key.endswith('Theme')]:
                del fonts.attrib[key]
            style.font.name = self.plan.get('font')
            if name != 'Normal':
                style.font.color.rgb = RGBColor.from_string(self.plan.get('colour'))
        size = float(self.plan.get('size'))
        for name, extra in (('Normal', 0), ('Heading 1', 7), ('Heading 2', 3), ('Heading 3', 1)):
            self.doc.styles[name].font.size = Pt(size + extra)
        self.doc.styles['Normal'].paragraph_format.space_after = Pt(5)
        if self.plan.find('contents') is not None:
            toc = self.doc.styles.add_style('toc 1', WD_STYLE_TYPE.PARAGRAPH)
            toc.base_style = self.doc.styles['Normal']
            toc.paragraph_format.tab_stops.add_tab_stop(Cm(16), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)

    def page(self):
        core = self.doc.core_properties
        core.author = core.last_modified_by = 'The clearplan project (fictional example)'
        core.title, core.comments = visible(self.plan.find('h1')), ''
        core.created = core.modified = datetime.datetime.fromisoformat(DATE[:-1])
        section = self.doc.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        if self.plan.get('landscape'):
            section.orientation = WD_ORIENT.LANDSCAPE
            section.page_width, section.page_height = Cm(29.7), Cm(21)
        section.left_margin = section.right_margin = Cm(2.3)
        section.top_margin = section.bottom_margin = Cm(2.2)
        if self.plan.get('header'):
            section.header.paragraphs[0].add_run(self.plan.get('header'))
        paragraph = section.footer.paragraphs[0]
        for part in re.split(r'(\{\w+\})', self.plan.get('footer')):
            if part in ('{page}', '{pages}'):
                field = {'{page}': 'PAGE', '{pages}': 'NUMPAGES'}[part]
                paragraph._p.append(element('w:fldSimple', self.run('1'), instr=field))
            else:
                paragraph.add_run(part)

    def block(self, el, container):
        if el.tag == 'section':
            for child in el:
                self.block(child, container)
        elif el.tag in ('ul', 'ol'):
            self.list(el, container)
        elif el.tag == 'table':
            self.table(el, container)
        elif el.tag == 'control':
            self.block_control(el, container)
        elif el.tag == 'textbox':
            self.textbox(el, container)
        elif el.tag == 'contents':
            self.contents(container)
        elif el.tag == 'pagebreak':
            container.add_page_break()
        elif el.tag in ('h1', 'h2', 'h3') and not el.get('as'):
            self.fill(container.add_paragraph(style='Heading ' + el.tag[1]), el)
        elif el.tag != 'p':  # a heading that is only bold
            paragraph = container.add_paragraph()
            paragraph.paragraph_format.space_before = Pt(10)
            paragraph.paragraph_format.keep_with_next = True
            self.fill(paragraph, el, bold=True, size={'h1': 16, 'h2': 13}.get(el.tag))
        else:
            paragraph = container.add_paragraph()
            if el.get('n'):
                paragraph.add_run(el.get('n') + '\t')
                paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(1.2))
            self.fill(paragraph, el)

    def list(self, el, container, depth=0):
        style = {'ul': 'List Bullet', 'ol': 'List Number'}[el.tag] + (' 2' if depth else '')
        number = self.restarted(style) if el.tag == 'ol' else None
        for li in el:
            paragraph = container.add_paragraph(style=style)
            if number:
                pr = paragraph._p.get_or_add_pPr().get_or_add_numPr()
                pr.get_or_add_ilvl().val, pr.get_or_add_numId().val = 0, number
            self.fill(paragraph, li)
            for child in li:
                if child.tag in ('ul', 'ol'):
                    self.list(child, container, depth + 1)

    def restarted(self, style):
        """The id of a new numbered list that begins again at 1."""
        numbering = self.doc.part.numbering_part.element
        used = self.doc.styles[style].element.pPr.numPr.numId.val
        abstract = next(n for n in numbering.num_lst if n.numId == used).abstractNumId.val
        num = numbering.add_num(abstract)
        num.add_lvlOverride(ilvl=0).add_startOverride(1)
        return num.numId

    def table(self, el, container):
        widths = [float(w) for w in el.get('widths').split()]
        rows = el.findall('tr')
        table = (self.doc.add_table(len(rows), len(widths)) if container is self.doc
                 else container.add_table(len(rows), len(widths)))
        table.style = 'Table Grid'
        table.autofit = False
        for row in table.rows:
            for cell, width in zip(row.cells, widths):
                cell.width = Cm(width)
        for column, width in zip(table.columns, widths):
            column.width = Cm(width)
        boxed = []
        for r, c, td in cells(el):
            cell = table.cell(r, c)
            tall, wide = int(td.get('rows', 1)), int(td.get('cols', 1))
            if tall * wide > 1:
                cell = cell.merge(table.cell(r + tall - 1, c + wide - 1))
            if td.get('shade') or (el.get('head') and r == 0):
                cell._tc.get_or_add_tcPr().append(element('w:shd', val='clear', color='auto', fill='E7E6E6'))
            self.inserted = bool(rows[r].get('ins'))
            self.cell(td, cell, bold=bool(el.get('head') and r == 0))
            self.inserted = False
            if td.get('control'):
                boxed.append((cell._tc, td))
        for r, tr in enumerate(rows):
            pr = table.rows[r]._tr.get_or_add_trPr()
            if r < int(el.get('head', 0)):
                pr.append(element('w:tblHeader'))
            for change in ('ins', 'del'):
                if tr.get(change):
                    pr.append(self.change(change))
        for tc, td in boxed:
            self.wrap([tc], td)

    def cell(self, td, cell, bold):
        first = cell.paragraphs[0]
        inner = [child for child in td if is_block(child)]
        if not inner:
            first.paragraph_format.space_after = Pt(2)
            self.fill(first, td, bold=bold)
            return
        for child in inner:
            self.block(child, cell)
        first._p.getparent().remove(first._p)  # the empty paragraph that a new cell begins with

    def contents(self, container):
        """A contents list: a field with its last result, as Word keeps it."""
        headings = list(self.plan.iter('h2'))
        for i, heading in enumerate(headings):
            paragraph = container.add_paragraph(style='toc 1')
            if i == 0:
                self.field(paragraph, 'begin', r' TOC \o "2-2" \h \z \u ', 'separate')
            paragraph.add_run(visible(heading) + '\t' + heading.get('page', ''))
            if heading is headings[-1]:
                self.field(paragraph, 'end')

    def field(self, paragraph, *parts):
        for part in parts:
            child = element('w:fldChar', fldCharType=part) if part.isalpha() else element('w:instrText')
            if not part.isalpha():
                child.text = part
            paragraph._p.append(element('w:r', child))

    def block_control(self, el, container):
        """Paragraphs wrapped in a content control."""
        body = self.doc.element.body
        before = set(body)
        for child in el:
            self.block(child, container)
        self.wrap([child for child in body if child not in before], el)

    def wrap(self, elements, el):
        properties = element('w:sdtPr', element('w:id', val=next(self.ids)))
        if el.get('placeholder'):
            properties.append(element('w:showingPlcHdr'))
        parent = elements[0].getparent()
        at = parent.index(elements[0])
        parent.insert(at, element('w:sdt', properties, element('w:sdtContent', *elements)))

    def textbox(self, el, container):
        """A floating text box (textbox.xml), as Word writes it: a drawing, and the same text again for old readers."""
        paragraphs = []
        for child in el:
            paragraph = container.add_paragraph()
            self.fill(paragraph, child)
            paragraphs.append(paragraph._p)
        anchor = container.add_paragraph()
        box = parse_xml((HERE / 'textbox.xml').read_text().replace('{id}', str(next(self.ids))))
        for content, copies in zip(box.iter(qn('w:txbxContent')), ([copy.deepcopy(p) for p in paragraphs], paragraphs)):
            content.extend(copies)
        anchor._p.append(box)

    def fill(self, paragraph, el, bold=False, size=None):
        target = paragraph._p
        for change in ('ins', 'del'):
            if el.get(change) or (change == 'ins' and self.inserted):
                mark = element('w:rPr', self.change(change))
                target.get_or_add_pPr().append(mark)
                if change == 'ins':
                    target = self.nest(target, self.change('ins'))
        self.inline(el, target, {'bold': bold, 'size': size})

    def inline(self, el, target, look):
        """The runs of a paragraph, nested in insertions, deletions and controls as they are marked."""
        self.runs(el.text, target, look)
        for child in el:
            if child.tag == 'note':
                self.note(child, target)
            elif not is_block(child):
                inner, changed = target, dict(look)
                if child.tag in ('from', 'to'):
                    inner = self.move(child.tag, target)
                elif child.tag in ('ins', 'del'):
                    inner = self.nest(target, self.change(child.tag))
                    changed['gone'] = child.tag == 'del'
                elif child.tag == 'control':
                    properties = element('w:sdtPr', element('w:id', val=next(self.ids)))
                    if child.get('placeholder'):
                        properties.append(element('w:showingPlcHdr'))
                    inner = element('w:sdtContent')
                    target.append(element('w:sdt', properties, inner))
                elif child.tag in ('b', 'i'):
                    changed[{'b': 'bold', 'i': 'italic'}[child.tag]] = True
                self.inline(child, inner, changed)
            self.runs(child.tail, target, look)

    def nest(self, parent, child):
        parent.append(child)
        return child

    def change(self, tag):
        return element('w:' + tag, id=next(self.ids), author=AUTHOR, date=DATE)

    def move(self, tag, target):
        """One end of a tracked move; all moves in a plan carry one name, so a plan has at most one."""
        name = {'from': 'moveFrom', 'to': 'moveTo'}[tag]
        start, number = self.change(name + 'RangeStart'), next(self.ids)
        start.set(qn('w:id'), str(number))
        start.set(qn('w:name'), 'move1')
        moved = self.change(name)
        target.extend([start, moved, element(f'w:{name}RangeEnd', id=number)])
        return moved

    def runs(self, string, target, look):
        while string:
            size = next(self.chunks) if self.plan.get('split') else len(string)
            target.append(self.run(string[:size], **look))
            string = string[size:]

    def run(self, string, bold=False, italic=False, size=None, gone=False):
        properties = element('w:rPr')
        if bold:
            properties.append(element('w:b'))
        if italic:
            properties.append(element('w:i'))
        if size:
            properties.append(element('w:sz', val=2 * size))
        content = element('w:delText' if gone else 'w:t')
        content.text = string
        content.set(qn('xml:space'), 'preserve')
        return element('w:r', *([properties] if len(properties) else []), content)

    def note(self, el, target):
        self.notes.append(visible(el))
        raised = element('w:rPr', element('w:vertAlign', val='superscript'))
        target.append(element('w:r', raised, element('w:footnoteReference', id=len(self.notes))))

    def footnotes(self):
        separators = ''.join(f'<w:footnote w:type="{kind}" w:id="{i}"><w:p><w:r><w:{tag}/></w:r></w:p></w:footnote>'
                             for i, kind, tag in ((-1, 'separator', 'separator'),
                                                  (0, 'continuationSeparator', 'continuationSeparator')))
        raised = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
        notes = ''.join(f'<w:footnote w:id="{i}"><w:p><w:r>{raised}<w:footnoteRef/></w:r>'
                        f'<w:r><w:t xml:space="preserve"> {htmllib.escape(note)}</w:t></w:r></w:p></w:footnote>'
                        for i, note in enumerate(self.notes, 1))
        blob = ('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
                f'<w:footnotes {nsdecls("w")}>{separators}{notes}</w:footnotes>').encode()
        part = Part(PackURI('/word/footnotes.xml'),
                    'application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml', blob, self.doc.part.package)
        self.doc.part.relate_to(part, 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes')


# ---------------------------------------------------------------- files

def repack(path):
    """Writes a zip file again with nothing in it that depends on when it was made."""
    with zipfile.ZipFile(path) as old:
        entries = [(name, old.read(name)) for name in old.namelist() if not name.startswith('Thumbnails/')]
    with zipfile.ZipFile(path, 'w') as new:
        for name, data in entries:
            if name == 'meta.xml':
                data = re.sub(rb'(<(meta:creation-date|dc:date)>)[^<]*', rb'\g<1>' + DATE[:-1].encode(), data)
                data = re.sub(rb'<meta:editing-duration>[^<]*</meta:editing-duration>', b'', data)
            if name == 'META-INF/manifest.xml':
                data = re.sub(rb'\s*<manifest:file-entry [^>]*"Thumbnails/[^>]*/>', b'', data)
            if name == 'settings.xml':
                data = re.sub(rb'("Rsid(Root)?" config:type="int">)\d+', rb'\g<1>0', data)
            if name == 'content.xml':
                ids = {}
                data = re.sub(rb'"list\d{6,}"', lambda m: ids.setdefault(m.group(), b'"list%d"' % (len(ids) + 1)), data)
            info = zipfile.ZipInfo(name, (2025, 11, 20, 9, 0, 0))
            info.compress_type = zipfile.ZIP_STORED if name == 'mimetype' else zipfile.ZIP_DEFLATED
            new.writestr(info, data)


def convert(source, target, profile):
    """Converts a Word file by LibreOffice."""
    subprocess.run(['soffice', '--headless', f'-env:UserInstallation=file://{profile}', '--convert-to', target.suffix[1:],
                    '--outdir', str(target.parent), str(source)], check=True, capture_output=True)
    if target.suffix == '.odt':
        repack(target)
    else:
        data = target.read_bytes()
        data = re.sub(rb'/CreationDate\(D:\d{14}', b'/CreationDate(D:20251120090000', data)
        data = re.sub(rb'<[0-9A-F]{32}>', b'<' + b'0' * 32 + b'>', data)
        data = re.sub(rb'/DocChecksum /[0-9A-F]{32}', b'/DocChecksum /' + b'0' * 32, data)
        target.write_bytes(data)


def make(name, profile):
    plan = load(name)
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    formats = plan.get('formats').split()
    word = folder / 'plan.docx'
    Docx(plan).doc.save(word)
    repack(word)
    if 'html' in formats:
        (folder / 'plan.html').write_text(html(plan), encoding='utf-8')
    if 'txt' in formats:
        crlf = plan.get('txt') == 'windows'  # as Word saves plain text
        (folder / 'plan.txt').write_text(text(plan), encoding='utf-8-sig' if crlf else 'utf-8', newline='\r\n' if crlf else '\n')
    for extension in {'pdf', 'odt'} & set(formats):
        convert(word, folder / f'plan.{extension}', profile)
    expected = {'plan': name, 'statements': list(statements(plan))}
    (folder / 'expected.json').write_text(json.dumps(expected, indent=1, ensure_ascii=False) + '\n', encoding='utf-8')


if __name__ == '__main__':
    with tempfile.TemporaryDirectory() as profile:
        for name in sys.argv[1:] or sorted(path.stem for path in (HERE / 'content').glob('*.xml')):
            make(name, profile)
            print(name)
