"""The sheet on paper and as a table: DOCX, PDF and XLSX, in Chinese, from the same figures as the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import xlsxwriter
from django.template.loader import render_to_string
from django.utils import translation
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from casework.official_paper.docx import (
    BODY_FACE,
    ITEM_FACE,
    TITLE_FACE,
    add_line,
    lay_out,
    line_of,
    off_the_grid,
    put_on_grid,
    write,
)
from casework.official_paper.pdf import set_as_pdf
from casework.values.days_in_words import chinese_day
from casework.values.plain_text import clean_text
from casework.working_time.deadlines import local_day
from oversight.figures.charts import charts_of
from oversight.figures.drawing import Drawing, png_of
from oversight.figures.sheet import Sheet

HEAD = ("指标", "数值", "分母", "区间", "比上期")
MONTHS_HEAD = ("月份", "未办结", "未交办", "期限内", "蓝灯", "黄灯", "红灯", "已超期", "已销号", "用时中位（天）")
BELOW_HEAD = ("单位", "未办结", "已超期", "超期占比", "已销号", "一年内反弹", "反弹率区间")
CELL, PITCH = Pt(11), Pt(17)


@dataclass(frozen=True)
class Paper:
    """The sheet as rows of words."""

    title: str
    sentences: tuple[str, ...]
    figures: tuple[tuple[str, ...], ...]
    months: tuple[tuple[str, ...], ...]
    below: tuple[tuple[str, ...], ...]
    stated: str


def paper_of(sheet: Sheet) -> Paper:
    with translation.override("zh-hans"):
        return Paper(
            title=f"{sheet.unit.name}问题整改情况（{months_in_words(sheet)}）",
            sentences=tuple(one for one in (sheet.sentence, sheet.change_sentence) if one),
            figures=tuple(
                (str(one.label), one.shown, one.denominator, one.interval, one.change) for one in sheet.figures
            ),
            months=tuple(_month_row(sheet, row) for row in sheet.rows),
            below=tuple(_below_row(row) for row in sheet.below),
            stated=f"数据截至{chinese_day(min(local_day(sheet.at), sheet.months.last_day))}。比率区间为95%置信区间。",
        )


def months_in_words(sheet: Sheet) -> str:
    first, last = sheet.months.first, sheet.months.last
    if first == last:
        return f"{last.year}年{last.month}月"
    until = f"{last.month}月" if first.year == last.year else f"{last.year}年{last.month}月"
    return f"{first.year}年{first.month}月至{until}"


def _month_row(sheet: Sheet, row: Any) -> tuple[str, ...]:
    stood = row.standing
    unassigned = str(stood.unassigned) if sheet.knows_unassigned else "–"
    numbers = (stood.on_time, stood.blue, stood.yellow, stood.red, stood.overdue, row.flow.closed)
    took = "–" if row.took.middle is None else str(row.took.middle)
    return (f"{row.month:%Y-%m}", str(stood.open), unassigned, *(str(one) for one in numbers), took)


def _below_row(row: Any) -> tuple[str, ...]:
    def share(value: float | None) -> str:
        return "–" if value is None else f"{100 * value:.1f}%"

    back = row.back
    interval = "–" if back.share is None else f"{share(back.low)}–{share(back.high)}"
    return (
        row.unit.name,
        str(row.standing.open),
        str(row.standing.overdue),
        share(row.overdue.share),
        str(row.flow.closed),
        f"{back.part}/{back.whole}",
        interval,
    )


def write_docx(sheet: Sheet) -> bytes:
    paper, document = paper_of(sheet), Document()
    lay_out(document)
    document.core_properties.title = clean_text(paper.title)
    title = add_line(document, centred=True, pitch=Pt(32))
    title.paragraph_format.space_after = Pt(10)
    write(off_the_grid(title), paper.title, face=TITLE_FACE, size=Pt(20))
    for sentence in paper.sentences:
        write(add_line(document, indented=True), sentence)
    _table(document, HEAD, paper.figures, (52, 26, 30, 26, 22))
    _draw(document, charts_of(sheet))
    if paper.below:
        write(add_line(document), "所属单位（按行政区划排列，不排名次）", face=ITEM_FACE)
        _table(document, BELOW_HEAD, paper.below, (36, 18, 18, 20, 18, 22, 24))
    stated = add_line(document)
    stated.paragraph_format.space_before = Pt(6)
    write(off_the_grid(stated), paper.stated, size=CELL)
    put_on_grid(document)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _draw(document: Any, drawings: Sequence[Drawing]) -> None:
    """Each with its words below; where the server has no Chinese face the tables alone say it."""
    for drawing in drawings:
        picture = png_of(drawing)
        if picture is None:
            return
        drawn = add_line(document, centred=True, pitch=None)
        drawn.paragraph_format.space_before = Pt(8)
        drawn.paragraph_format.keep_with_next = True
        drawn.add_run().add_picture(BytesIO(picture), width=Mm(155))
        for properties in drawn._p.iter(qn("wp:docPr")):
            properties.set("descr", drawing.told)
        write(off_the_grid(add_line(document, centred=True, pitch=PITCH)), drawing.told, size=Pt(10.5))


def _table(document: Any, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
    table = document.add_table(rows=0, cols=len(head))
    table.style, table.autofit = "Table Grid", False
    for face, cells in ((ITEM_FACE, head), *((BODY_FACE, row) for row in rows)):
        for place, (cell, words) in enumerate(zip(table.add_row().cells, cells, strict=True)):
            cell.width = Mm(widths[place])
            paragraph = line_of(cell.paragraphs[0], centred=place > 0, pitch=PITCH)
            write(off_the_grid(paragraph), words, face=face, size=CELL)


def write_pdf(sheet: Sheet) -> bytes:
    """Refuses where the server lacks the library that sets the type."""
    paper = paper_of(sheet)
    return set_as_pdf(
        render_to_string(
            "documents/figures.html",
            {"paper": paper, "head": HEAD, "below_head": BELOW_HEAD, "drawings": charts_of(sheet)},
        )
    )


def write_workbook(sheet: Sheet) -> bytes:
    """A sheet for the figures, one for the months, one for the units below. Nothing a cell says is ever a formula."""
    paper, file = paper_of(sheet), BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    parts = [("指标", HEAD, paper.figures), ("逐月", MONTHS_HEAD, paper.months)]
    if paper.below:
        parts.append(("所属单位", BELOW_HEAD, paper.below))
    with xlsxwriter.Workbook(file, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        for name, head, rows in parts:
            page = book.add_worksheet(name)
            page.freeze_panes(1, 1)
            page.set_column(0, 0, 30)
            page.set_column(1, len(head) - 1, 16)
            for place, words in enumerate(head):
                page.write_string(0, place, words, bold)
            for line, row in enumerate(rows, start=1):
                for place, words in enumerate(row):
                    if place and words.isdecimal():
                        page.write_number(line, place, int(words))
                    else:
                        page.write_string(line, place, words)
    return file.getvalue()
