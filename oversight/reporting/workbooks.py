"""A report as a workbook that reads back in: what a unit fills in without a line, and sends in later.

Its first rows say whose report it is and of which period; they are compared before anything is taken.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import xlsxwriter
from django.core.files.base import File
from django.utils import translation
from django.utils.translation import gettext as _

from casework.errors import Invalid
from casework.tables.cells import as_text
from casework.tables.columns import Wanted, cells_of, columns_of
from casework.tables.days import as_day
from casework.tables.reading import read_small
from casework.values.days_in_words import exact_day
from oversight.reporting.answers import BLANK, NOT_APPLICABLE, Answers, Said
from oversight.reporting.records import ExpectedReport
from oversight.reporting.report_records import FigureName, SectionKind

COLUMNS: Mapping[str, Sequence[str]] = {
    "code": ("代号",),
    "asked": ("项目",),
    "answer": ("填写",),
    "without": ("不填数字",),
    "reason": ("原因",),
}
WANTED = Wanted(COLUMNS, ("code", "answer"))
UNIT, FIRST_DAY, LAST_DAY, STATED_ON = "unit", "first_day", "last_day", "stated_on"
# How the workbook writes an answer that is no number.
WITHOUT = {"不适用": NOT_APPLICABLE, "未填": BLANK, "does not apply": NOT_APPLICABLE, "stays blank": BLANK}
SHOWN_WITHOUT = {NOT_APPLICABLE: "不适用", BLANK: "未填"}
WIDTHS = (16, 26, 70, 14, 30)


@dataclass(frozen=True)
class Imported:
    """What a workbook says, with the day that it states; None where it states none."""

    answers: Answers
    stated_on: date | None


def write_workbook(expected: ExpectedReport, answers: Answers, *, stated_on: date | None = None) -> bytes:
    """The report as XLSX, in Chinese, each line with its code: the form to fill in, or what was filled in."""
    period, file = expected.period, io.BytesIO()
    with translation.override("zh-hans"):
        lines: list[tuple[str, str, str, str, str]] = [
            (UNIT, "单位代码", expected.unit.code, "", expected.unit_name),
            (FIRST_DAY, "期次首日", period.first_day.isoformat(), "", ""),
            (LAST_DAY, "期次末日", period.last_day.isoformat(), "", ""),
            (STATED_ON, "落款日期", stated_on.isoformat() if stated_on else "", "", ""),
        ]
        for kind in SectionKind:
            said = answers.section(kind)
            lines.append((kind, str(kind.label), said.words, "", said.reason))
        for name in FigureName:
            said = answers.figure(name)
            lines.append((name, str(name.label), said.words, SHOWN_WITHOUT.get(said.without, ""), said.reason))
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("报送")
        head = book.add_format({"bold": True, "bg_color": "#F3EEE2", "border": 1})
        cell = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        for place, (names, width) in enumerate(zip(COLUMNS.values(), WIDTHS, strict=True)):
            sheet.write_string(0, place, names[0], head)
            sheet.set_column(place, place, width, cell)
        for row, line in enumerate(lines, start=1):
            for place, words in enumerate(line):
                # As text in any case: no report becomes a formula.
                sheet.write_string(row, place, words, cell)
        sheet.data_validation(
            5 + len(SectionKind), 3, len(lines), 3, {"validate": "list", "source": list(SHOWN_WITHOUT.values())}
        )
        sheet.freeze_panes(1, 2)
    return file.getvalue()


def read_workbook(file: File, expected: ExpectedReport) -> Imported:
    """What a workbook answers. Refuses one of another unit or period, and one in which this can't be read."""
    table = read_small(file, WANTED)
    columns, _unknown = columns_of(table, COLUMNS, needed=WANTED.needed)
    said: dict[str, dict[str, Any]] = {}
    for row in table.rows:
        row.require_whole()
        cells = cells_of(row.cells, columns)
        code = as_text(cells["code"]).strip().lower()
        if code in said:
            sentence = _("“%(code)s” stands in the file twice. Keep one of them.")
            raise Invalid("code_twice", sentence % {"code": code}, field="file")
        said[code] = cells
    _require_same(said, expected)
    stated = said.get(STATED_ON, {}).get("answer")
    return Imported(
        Answers(
            {kind: _words(said.get(kind, {})) for kind in SectionKind},
            {name: _number(said.get(name, {})) for name in FigureName},
        ),
        as_day(stated),
    )


def _require_same(said: dict[str, dict[str, Any]], expected: ExpectedReport) -> None:
    unit = as_text(said.get(UNIT, {}).get("answer"))
    first, last = (as_day(said.get(name, {}).get("answer")) for name in (FIRST_DAY, LAST_DAY))
    if not unit or first is None or last is None:
        sentence = _(
            "The file does not say whose report it is and of which period. Take the empty form from this page."
        )
        raise Invalid("file_unknown", sentence, field="file")
    if unit != expected.unit.code:
        raise Invalid(
            "other_unit",
            _(
                "This is the report of the unit %(code)s, not of %(unit)s. Choose the right file; nothing was taken over."
            )
            % {"code": unit[:40], "unit": expected.unit_name},
            field="file",
        )
    if (first, last) != (expected.period.first_day, expected.period.last_day):
        raise Invalid(
            "other_period",
            _(
                "This is the report of another period, from %(first)s to %(last)s. Open that one; nothing was taken over."
            )
            % {"first": exact_day(first), "last": exact_day(last)},
            field="file",
        )


def _words(cells: Mapping[str, Any]) -> Said:
    return Said(as_text(cells.get("answer")), "", as_text(cells.get("reason")))


def _number(cells: Mapping[str, Any]) -> Said:
    without = as_text(cells.get("without"))
    return Said(as_text(cells.get("answer")), WITHOUT.get(without, ""), as_text(cells.get("reason")))
