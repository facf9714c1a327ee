"""XLSX as lines of cells: which sheet, where cells are merged, and from which day it counts its days."""

import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from casework.errors import Invalid
from casework.tables.days import EPOCH_1900, EPOCH_1904
from casework.tables.headers import WITHIN

# A small file can unfold to gigabytes; what a workbook of the allowed rows needs stays below this.
LARGEST_UNFOLDED = 150 * 1024 * 1024
MOST_SHEETS = 200
BOOK = "xl/workbook.xml"


@dataclass
class Merges:
    """A sheet's merged cells, by the row in which they begin: (first column, last row, last column)."""

    at_row: dict[int, list[tuple[int, int, int]]] = field(default_factory=dict)

    @classmethod
    def of(cls, sheet: CalamineSheet) -> "Merges":
        merges = cls()
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
            merges.at_row.setdefault(top, []).append((left, bottom, right))
        return merges

    def filled_down(self, lines: Iterator[list[Any]]) -> Iterator[list[Any]]:
        """What stands in a merged cell is said of each of its rows, in its first column."""
        running: dict[int, tuple[int, Any]] = {}
        for row, line in enumerate(lines):
            for column, (bottom, value) in list(running.items()):
                if row > bottom:
                    del running[column]
                elif column < len(line) and line[column] in ("", None):
                    line[column] = value
            for left, bottom, _right in self.at_row.get(row, ()):
                if bottom > row and left < len(line) and line[left] not in ("", None):
                    running[left] = (bottom, line[left])
            yield line

    def filled_right(self, lines: list[list[Any]]) -> list[list[Any]]:
        """The first lines of a sheet, with the name of a group over each of its columns."""
        filled = [list(line) for line in lines]
        for top, ranges in self.at_row.items():
            for left, bottom, right in ranges if top < len(filled) else ():
                for row in range(top, min(bottom + 1, len(filled))):
                    line = filled[row]
                    if left < len(line):
                        line[left : right + 1] = [filled[top][left]] * (min(right + 1, len(line)) - left)
        return filled


@dataclass
class Sheet:
    """One sheet of a workbook, opened; its lines come with the empty ones at the top, so that rows keep Excel's numbers."""

    name: str
    is_hidden: bool
    sheet: CalamineSheet
    left: int
    height: int
    width: int

    def lines(self) -> Iterator[list[Any]]:
        # The library gives the empty rows above a table, and leaves out the empty columns beside it.
        pad = [""] * self.left
        return self.merges.filled_down([*pad, *line] for line in self.sheet.iter_rows())

    @property
    def merges(self) -> Merges:
        return Merges.of(self.sheet)

    def first_lines(self, most_columns: int) -> tuple[list[list[Any]], list[list[Any]]]:
        """The lines in which the column names are looked for: as they are, and with groups filled to the right."""
        lines = [line[:most_columns] for line in islice(self.lines(), WITHIN + 1)]
        return lines, self.merges.filled_right(lines)


class Workbook:
    """A workbook of the disk. Raises Invalid with a sentence where it can't be read."""

    def __init__(self, path: Path) -> None:
        try:
            with zipfile.ZipFile(path) as archive:
                if sum(part.file_size for part in archive.infolist()) > LARGEST_UNFOLDED:
                    raise Invalid("file_too_large", _("Unpacked, this workbook has more than 150 MB. Split it."))
                with archive.open(BOOK) as book:
                    self.epoch = _epoch(book)
            self.book = CalamineWorkbook.from_path(str(path))
        except (CalamineError, zipfile.BadZipFile, KeyError, ElementTree.ParseError, *UNREADABLE) as error:
            raise broken() from error

    def sheets(self) -> Iterator[Sheet]:
        """The sheets that hold cells, the visible ones first; each is loaded when it is asked for."""
        metadata = self.book.sheets_metadata[:MOST_SHEETS]
        for is_hidden in (False, True):
            for place, each in enumerate(metadata):
                if each.typ == SheetTypeEnum.WorkSheet and (each.visible != SheetVisibleEnum.Visible) is is_hidden:
                    try:
                        sheet = self.book.get_sheet_by_index(place)
                    except (CalamineError, *UNREADABLE) as error:
                        raise broken() from error
                    if sheet.start is not None and sheet.end is not None:
                        (_top, left), (bottom, right) = sheet.start, sheet.end
                        yield Sheet(each.name, is_hidden, sheet, left, bottom + 1, right + 1)


UNREADABLE = (IndexError, OSError, NotImplementedError, RuntimeError)


def _epoch(book: IO[bytes]) -> date:
    """Macs counted from 1904, and copies of their files still do."""
    for _event, element in ElementTree.iterparse(book):
        if element.tag.rpartition("}")[2] == "workbookPr":
            return EPOCH_1904 if element.get("date1904", "").strip() in ("1", "true", "on") else EPOCH_1900
    return EPOCH_1900


def broken() -> Invalid:
    return Invalid("workbook_broken", _("This workbook cannot be read. Save it anew as XLSX or CSV."))
