"""A bulletin as DOCX in the layout of GB/T 9704-2012, with its annex and its imprint on the last even page."""

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from casework.official_paper.docx import (
    BODY,
    BODY_FACE,
    ITEM_FACE,
    LABEL,
    PITCH,
    SECOND_FACE,
    TITLE_FACE,
    add_line,
    lay_out,
    line_of,
    measure,
    off_the_grid,
    put_on_grid,
    red_rule,
    write,
)
from casework.values.days_in_words import chinese_day
from casework.values.plain_text import clean_text
from oversight.bulletins.chart import chart_of, png_of
from oversight.bulletins.content import ANNEX_COLUMNS, BulletinContent

NOT_NUMBERED = "（送审稿）"
CELL, CELL_PITCH = Pt(11), Pt(15)
# 0.35 and 0.25 mm, in eighths of a point.
THICK, THIN = "8", "6"


def write_docx(content: BulletinContent) -> bytes:
    """The document, with the faces named and not embedded."""
    document = Document()
    lay_out(document)
    document.core_properties.title = clean_text(content.full_title)
    document.core_properties.author = clean_text(content.issuer)
    _head(document, content)
    _body(document, content)
    _close(document, content)
    _annex(document, content)
    _imprint(document, content)
    put_on_grid(document)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _head(document: Any, content: BulletinContent) -> None:
    head = add_line(document, centred=True, pitch=None)
    head.paragraph_format.space_before = Mm(35)
    write(off_the_grid(head), content.issuer, face=TITLE_FACE, size=Pt(content.head_points), red=True)
    number = add_line(document, centred=True)
    number.paragraph_format.space_before = PITCH * 2
    write(number, content.number or NOT_NUMBERED)
    red_rule(number)
    title = add_line(document, centred=True, pitch=Pt(32))
    title.paragraph_format.space_before = PITCH * 2
    write(off_the_grid(title), content.full_title, face=TITLE_FACE, size=Pt(22))
    if content.issue_words:
        write(add_line(document, centred=True), f"（{content.issue_words}）", face=SECOND_FACE)
    addressee = add_line(document)
    addressee.paragraph_format.space_before = PITCH
    write(addressee, f"{content.addressed_to}：")


def _body(document: Any, content: BulletinContent) -> None:
    faces = {1: ITEM_FACE, 2: SECOND_FACE}
    for line in content.lines:
        paragraph = add_line(document, indented=True)
        paragraph.paragraph_format.keep_with_next = line.leads_on or None
        if line.lead:
            write(paragraph, line.lead, face=faces[line.level])
        if line.words:
            write(paragraph, line.words)


def _close(document: Any, content: BulletinContent) -> None:
    """The annex is announced; then one blank line, the office two characters from the right, the date below it.

    The signature never stands on a page without text: the last paragraph of the body goes along.
    """
    last = document.paragraphs[-1]
    annex = add_line(document, indented=True)
    annex.paragraph_format.space_before = PITCH
    write(annex, f"附件：{content.annex_title}")
    for kept in (last, annex, add_line(document)):
        kept.paragraph_format.keep_with_next = kept.paragraph_format.keep_together = True
    signed = [content.issuer, chinese_day(content.issued_on) if content.issued_on else "    年  月  日"]
    for place, words in enumerate(signed):
        closing = add_line(document)
        closing.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        closing.paragraph_format.right_indent = BODY * 2
        closing.paragraph_format.keep_with_next = place == 0
        write(closing, words)


def _annex(document: Any, content: BulletinContent) -> None:
    """On an even page, so that the imprint at its foot closes the last leaf."""
    measure(document.add_section(WD_SECTION.EVEN_PAGE))
    write(add_line(document), "附件", face=ITEM_FACE)
    title = add_line(document, centred=True)
    title.paragraph_format.space_after = Pt(6)
    write(off_the_grid(title), content.annex_title, face=TITLE_FACE, size=Pt(18))
    table = document.add_table(rows=0, cols=1 + sum(len(names) for _group, names in ANNEX_COLUMNS))
    table.style, table.autofit = "Table Grid", False
    for place, column in enumerate(table.columns):
        column.width = _width(place)
    _annex_head(table)
    for row in content.annex:
        _row(table, (row.unit, *row.cells), BODY_FACE)
    chart = chart_of(content)
    picture = png_of(chart) if chart else None
    if chart and picture:
        drawn = add_line(document, centred=True, pitch=None)
        drawn.paragraph_format.space_before = Pt(8)
        drawn.add_run().add_picture(BytesIO(picture), width=Mm(125))
        _describe(drawn, chart.caption)
        caption = off_the_grid(add_line(document, centred=True, pitch=Pt(18)))
        write(caption, chart.caption, face=SECOND_FACE, size=Pt(10.5))


def _width(place: int) -> Any:
    return Mm(39) if place == 0 else Mm(13)


def _annex_head(table: Any) -> None:
    """Two rows, the groups above their columns; both stand on each page again."""
    groups, names = ["单位"], [""]
    for group, columns in ANNEX_COLUMNS:
        groups += [group] + [""] * (len(columns) - 1)
        names += columns
    for cells in (groups, names):
        _row(table, tuple(cells), ITEM_FACE)
        _repeat_on_each_page(table.rows[-1])
    first, place = table.rows[0].cells, 1
    for _group, columns in ANNEX_COLUMNS:
        _merge(first[place], first[place + len(columns) - 1])
        place += len(columns)
    _merge(first[0], table.rows[1].cells[0])


def _merge(first: Any, last: Any) -> None:
    """One cell of several, without the empty lines of the others."""
    merged = first.merge(last)
    for paragraph in merged.paragraphs[1:]:
        paragraph._p.getparent().remove(paragraph._p)
    merged.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER


def _row(table: Any, cells: tuple[str, ...], face: str) -> None:
    row = table.add_row()
    row.height, row.height_rule = CELL_PITCH + Pt(2), WD_ROW_HEIGHT_RULE.AT_LEAST
    for place, (cell, words) in enumerate(zip(row.cells, cells, strict=True)):
        cell.width = _width(place)
        paragraph = line_of(cell.paragraphs[0], centred=place > 0, pitch=CELL_PITCH)
        write(off_the_grid(paragraph), words, face=face, size=CELL)


def _repeat_on_each_page(row: Any) -> None:
    row._tr.get_or_add_trPr().append(_element("tblHeader", val="true"))


def _describe(paragraph: Any, words: str) -> None:
    """What a picture shows, for those who don't see it."""
    for properties in paragraph._p.iter(qn("wp:docPr")):
        properties.set("descr", words)


def _imprint(document: Any, content: BulletinContent) -> None:
    """版记: at the foot of the text area of the last page, between lines of 0.35, 0.25 and 0.35 mm."""
    table = document.add_table(rows=0, cols=2)
    table.autofit = False
    _to_the_foot(table)
    widths = Mm(96), Mm(60)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    if content.copied_to:
        cells = table.add_row().cells
        paragraph = line_of(cells[0].merge(cells[1]).paragraphs[0], pitch=Pt(24))
        # The second line stands below the first one's words.
        paragraph.paragraph_format.left_indent, paragraph.paragraph_format.first_line_indent = LABEL * 4, -LABEL * 3
        paragraph.paragraph_format.right_indent = LABEL
        write(off_the_grid(paragraph), f"抄送：{content.copied_to}。", size=LABEL)
    issued = chinese_day(content.issued_on) if content.issued_on else "    年  月  日"
    for place, (cell, words) in enumerate(zip(table.add_row().cells, (content.issuer, f"{issued}印发"), strict=True)):
        cell.width = widths[place]
        paragraph = line_of(cell.paragraphs[0], pitch=Pt(24))
        if place == 0:
            paragraph.paragraph_format.left_indent = LABEL
        else:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            paragraph.paragraph_format.right_indent = LABEL
        write(off_the_grid(paragraph), words, size=LABEL)
    # What the table is anchored to; of no height, so that it never begins a page.
    write(off_the_grid(add_line(document, pitch=Pt(1))), "", size=Pt(1))


def _to_the_foot(table: Any) -> None:
    """Where the table stands on its page, its lines, and cells without a margin of their own."""
    place = _element("tblpPr", vertAnchor="margin", horzAnchor="margin", tblpXSpec="center", tblpYSpec="bottom")
    borders = OxmlElement("w:tblBorders")
    for edge, size in (("top", THICK), ("bottom", THICK), ("insideH", THIN)):
        borders.append(_element(edge, val="single", sz=size, space="0", color="000000"))
    margins = OxmlElement("w:tblCellMar")
    for edge in ("left", "right"):
        margins.append(_element(edge, w="0", type="dxa"))
    # As the schema orders them: place, width, borders, layout, margins.
    properties = table._tbl.tblPr
    properties.find(qn("w:tblW")).addprevious(place)
    properties.find(qn("w:tblW")).addnext(borders)
    properties.find(qn("w:tblLayout")).addnext(margins)


def _element(name: str, **attributes: str) -> Any:
    element = OxmlElement(f"w:{name}")
    for attribute, value in attributes.items():
        element.set(qn(f"w:{attribute}"), value)
    return element
