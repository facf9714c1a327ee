"""CSV and XLSX read as one kind of table: rows of named cells, with the names as the file says them."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, CalamineWorkbook

from casework.errors import Invalid

LARGEST = 100 * 1024 * 1024
# A small file can unfold to gigabytes; what a workbook of the allowed rows needs stays below this.
LARGEST_UNFOLDED = 150 * 1024 * 1024
csv.field_size_limit(LARGEST)  # long texts are kept whole; the module's own limit is 128 kB a cell
# A workbook is read as a whole; a CSV of the whole country (665,276 rows) is fine.
MOST_ROWS = {"xlsx": 200_000, "csv": 2_000_000}


@dataclass(frozen=True)
class Row:
    """A row by the file's own counting (the header is row 1), its cells by the file's own column names.

    `surplus` are cells without a column: a comma in a text that was not quoted has pushed the others aside.
    """

    number: int
    cells: dict[str, Any]
    surplus: tuple[Any, ...] = ()

    def require_whole(self) -> None:
        """Refuse a row whose cells may stand under the wrong names."""
        if self.surplus:
            raise Invalid(
                "too_many_cells",
                _("The row has more cells than the file has columns. Put texts that hold commas in quotation marks."),
            )


@dataclass(frozen=True)
class Table:
    columns: list[str]
    rows: list[Row]


def read_file(path: str | Path) -> Table:
    """Read a file of the disk. Raises Invalid with a sentence for whoever named it."""
    try:
        return read_table(Path(path).read_bytes())
    except OSError as error:
        raise Invalid(
            "file_unreadable", _("%(path)s cannot be read: %(why)s.") % {"path": path, "why": error.strerror}
        ) from error


def read_table(content: bytes) -> Table:
    """Read the first sheet of an XLSX, or a CSV in UTF-8 (with or without BOM) or GB18030."""
    if len(content) > LARGEST:
        raise Invalid("file_too_large", _("The file has more than 100 MB. Split it."))
    is_workbook = content.startswith(b"PK\x03\x04")
    lines = _workbook_lines(content) if is_workbook else _csv_lines(content)
    header = next(lines, None)
    if header is None or not any(str(name).strip() for name in header):
        raise Invalid("file_empty", _("The file is empty, or its first row holds no column names."))
    columns = [" ".join(str(name).split()) for name in header]
    _require_different(columns)
    most = MOST_ROWS["xlsx" if is_workbook else "csv"]
    rows = []
    for number, line in enumerate(lines, start=2):
        cells = dict(zip(columns, [*line, *[""] * len(columns)], strict=False))
        if any(str(cell).strip() for cell in cells.values()):
            surplus = tuple(cell for cell in line[len(columns) :] if str(cell).strip())
            rows.append(Row(number, cells, surplus))
        if len(rows) > most:
            raise Invalid("too_many_rows", _("The file has more than %(most)d rows. Split it.") % {"most": most})
    return Table([column for column in columns if column], rows)


def _require_different(columns: list[str]) -> None:
    twice = sorted({column for column in columns if column and columns.count(column) > 1})
    if twice:
        raise Invalid(
            "column_twice",
            _("These columns stand in the file twice: %(columns)s. Keep one of each.") % {"columns": ", ".join(twice)},
        )


def _workbook_lines(content: bytes) -> Iterator[list[Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unfolded = sum(part.file_size for part in archive.infolist())
        if unfolded > LARGEST_UNFOLDED:
            raise Invalid("file_too_large", _("Unpacked, this workbook has more than 150 MB. Split it."))
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        # With the empty rows at the top, so that a row keeps the number that its reader sees in Excel.
        yield from workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, zipfile.BadZipFile, IndexError, OSError) as error:
        raise Invalid("workbook_broken", _("This workbook cannot be read. Save it anew as XLSX or CSV.")) from error


def _csv_lines(content: bytes) -> Iterator[list[str]]:
    text = _decode(content)
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    try:
        # Strict: a quotation mark that is never closed would swallow the rest of the file into one cell.
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        yield from reader
    except csv.Error as error:
        raise Invalid(
            "csv_broken",
            _("This file cannot be read as CSV: look at the quotation marks up to line %(line)d, or save it as XLSX.")
            % {"line": reader.line_num},
        ) from error


def _decode(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Invalid("not_text", _("This file is neither CSV nor XLSX. Save it as one of these."))
