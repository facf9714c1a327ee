"""The sheet of a draw as DOCX."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from docx import Document
from docx.shared import Mm, Pt

from casework.official_paper.docx import (
    BODY_FACE,
    ITEM_FACE,
    NUMBER_FACE,
    TITLE_FACE,
    add_line,
    lay_out,
    line_of,
    off_the_grid,
    write,
)
from casework.values.plain_text import clean_text
from oversight.spot_checks.sheet import COLUMNS, Sheet

CELL, CELL_PITCH, SMALL = Pt(11), Pt(16), Pt(9)
FACTS, DICE, SIGNED = (Mm(38), Mm(118)), (Mm(50), Mm(106)), (Mm(52), Mm(52), Mm(52))
VILLAGES = (Mm(9), Mm(30), Mm(26), Mm(24), Mm(12), Mm(36), Mm(19))


def write_docx(sheet: Sheet) -> bytes:
    """The document, with the faces named and not embedded."""
    document = Document()
    lay_out(document)
    document.core_properties.title = clean_text(sheet.title)
    write(off_the_grid(add_line(document, centred=True, pitch=Pt(32))), sheet.title, face=TITLE_FACE, size=Pt(20))
    _table(document, sheet.facts, FACTS)
    if sheet.dice or sheet.is_waiting_for_dice:
        _heading(document, "掷骰子")
        _table(document, [("掷骰子人", "依次掷出的点数"), *(sheet.dice or [("", "")] * 4)], DICE, has_head=True)
    if sheet.rows:
        _heading(document, "抽中的村和检查人")
        _table(document, [COLUMNS, *sheet.rows], VILLAGES, has_head=True)
    for note in sheet.notes:
        write(off_the_grid(add_line(document, pitch=CELL_PITCH)), note, size=CELL)
    _heading(document, "在场人签名")
    signed = [("姓名", "签名", "日期"), *((name, "", "") for name in (*sheet.signers, "监督人"))]
    _table(document, signed, SIGNED, has_head=True, height=Mm(11))
    _heading(document, "重演用文本（名单固定时的内容及其后各行）")
    for line in sheet.record:
        write(off_the_grid(add_line(document, pitch=Pt(12))), line, face=NUMBER_FACE, size=SMALL)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _heading(document: Any, words: str) -> None:
    paragraph = off_the_grid(add_line(document, pitch=Pt(24)))
    paragraph.paragraph_format.space_before = Pt(10)
    paragraph.paragraph_format.keep_with_next = True
    write(paragraph, words, face=ITEM_FACE, size=Pt(13))


def _table(
    document: Any,
    rows: Sequence[tuple[str, ...]],
    widths: tuple[Any, ...],
    *,
    has_head: bool = False,
    height: Any = None,
) -> None:
    table = document.add_table(rows=0, cols=len(widths))
    table.style, table.autofit = "Table Grid", False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for number, words in enumerate(rows):
        row = table.add_row()
        if height is not None:
            row.height = height
        for place, (cell, said, width) in enumerate(zip(row.cells, words, widths, strict=True)):
            cell.width = width
            is_head = (has_head and number == 0) or (not has_head and place == 0)
            paragraph = off_the_grid(line_of(cell.paragraphs[0], pitch=CELL_PITCH))
            write(paragraph, said, face=ITEM_FACE if is_head else BODY_FACE, size=CELL)
