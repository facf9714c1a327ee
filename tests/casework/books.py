"""Workbooks for tests, as offices make them."""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

NAMES = ["编号", "村代码", "发现日期", "问题类别", "严重程度", "问题描述"]
ROW = ["K-6", "990102001001", "2026-09-01", "公开不及时", "一般", "第三季度收支未公开"]


def book(
    *sheets: Sequence[Sequence[Any]], names: Sequence[str] = (), hidden: Sequence[str] = (), **options: Any
) -> bytes:
    """A workbook with these sheets; a cell that is a tuple (words, rows down, columns right) is merged."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"default_date_format": "yyyy-mm-dd", **options}) as made:
        for place, rows in enumerate(sheets):
            sheet = made.add_worksheet(names[place] if names else None)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, tuple):
                        words, down, right = cell
                        sheet.merge_range(number, column, number + down, column + right, words)
                    elif cell is not None:
                        sheet.write(number, column, cell)
        visible = [sheet for sheet in made.worksheets() if sheet.get_name() not in hidden]
        visible[0].activate()
        visible[0].set_first_sheet()
        for sheet in made.worksheets():
            if sheet.get_name() in hidden:
                sheet.hide()
    return content.getvalue()
