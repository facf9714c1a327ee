"""A handover as DOCX and as PDF, on the paper of official documents (GB/T 9704-2012)."""

from io import BytesIO
from typing import Any

from django.template.loader import render_to_string
from docx import Document
from docx.shared import Mm, Pt

from casework.official_paper.docx import (
    BODY_FACE,
    ITEM_FACE,
    PITCH,
    TITLE_FACE,
    add_line,
    lay_out,
    line_of,
    off_the_grid,
    put_on_grid,
    write,
)
from casework.official_paper.numerals import numeral
from casework.official_paper.pdf import set_as_pdf
from casework.values.plain_text import clean_text
from oversight.handover.content import HandoverContent

CELL, CELL_PITCH = Pt(11), Pt(16)
LINE_HEAD, LINE_WIDTHS = ("编号", "内容", "期限"), (Mm(42), Mm(78), Mm(36))
ITEM_HEAD, ITEM_WIDTHS = ("类别", "内容", "已移交", "备注"), (Mm(30), Mm(62), Mm(18), Mm(46))
NONE = "无。"


def write_docx(content: HandoverContent) -> bytes:
    """The document, with the faces named and not embedded."""
    document = Document()
    lay_out(document)
    document.core_properties.title = clean_text(f"{content.unit}{content.title}")
    document.core_properties.author = clean_text(content.unit)
    title = add_line(document, centred=True, pitch=Pt(32))
    title.paragraph_format.space_after = PITCH
    write(off_the_grid(title), content.title, face=TITLE_FACE, size=Pt(22))
    write(add_line(document, indented=True), content.opening)
    for number, (heading, rows) in enumerate(content.tables, start=1):
        _heading(document, number, heading)
        _table(document, LINE_HEAD, LINE_WIDTHS, rows)
    _heading(document, len(content.tables) + 1, "印章、台账、合同、债权债务及物品")
    _table(document, ITEM_HEAD, ITEM_WIDTHS, content.items)
    for side, words in content.signatures:
        line = add_line(document)
        line.paragraph_format.space_before = PITCH
        line.paragraph_format.keep_with_next = side != content.signatures[-1][0]
        write(line, f"{side}：", face=ITEM_FACE)
        write(line, words or "　　　　　　　　　　年　　月　　日")
    put_on_grid(document)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _heading(document: Any, number: int, words: str) -> None:
    heading = add_line(document, indented=True)
    heading.paragraph_format.keep_with_next = True
    write(heading, f"{numeral(number)}、{words}", face=ITEM_FACE)


def _table(document: Any, head: tuple[str, ...], widths: tuple[Any, ...], rows: Any) -> None:
    if not rows:
        write(add_line(document, indented=True), NONE)
        return
    table = document.add_table(rows=0, cols=len(head))
    table.style, table.autofit = "Table Grid", False
    for number, cells in enumerate((head, *rows)):
        for cell, words, width in zip(table.add_row().cells, cells, widths, strict=True):
            cell.width = width
            line = line_of(cell.paragraphs[0], pitch=CELL_PITCH)
            write(off_the_grid(line), words, face=BODY_FACE if number else ITEM_FACE, size=CELL)


def write_pdf(content: HandoverContent) -> bytes:
    """The document. Refuses where the server lacks the library that sets the type."""
    return set_as_pdf(html_of(content))


def html_of(content: HandoverContent) -> str:
    tables = [(numeral(number), heading, rows) for number, (heading, rows) in enumerate(content.tables, start=1)]
    return render_to_string(
        "documents/handover.html",
        {"letter": content, "tables": tables, "items_number": numeral(len(tables) + 1), "none": NONE},
    )
