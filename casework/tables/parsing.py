"""CSV and XLSX read as one kind of table: rows of named cells, with the names as the file says them.

Everything here reads strangers' files and may ask for a lot of memory: web pages and workers call it through
`reading.py`, in a child process.
"""

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from io import StringIO
from itertools import chain, islice, repeat
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from casework.tables.columns import Matched, Wanted, require_columns
from casework.tables.days import EPOCH_1900, SERIAL, day_of_serial
from casework.tables.headers import WITHIN, Header, find_header, is_no_row
from casework.tables.workbooks import Sheet, Workbook

LARGEST = 100 * 1024 * 1024
csv.field_size_limit(LARGEST)  # long texts are kept whole; the module's own limit is 128 kB a cell
# A workbook is read as a whole; a CSV of the whole country (665,276 rows) is fine.
MOST_ROWS = {"xlsx": 200_000, "csv": 2_000_000}
MOST_COLUMNS = 500
# What the cells of one table hold together: a long text can be repeated by every cell of a small file.
MOST_CHARACTERS = 150 * 1024 * 1024
SEPARATORS = ",;\t"


@dataclass(frozen=True)
class Row:
    """A row by the file's own counting, as Excel shows it, its cells by the file's own column names.

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


@dataclass
class Table:
    """`rows` is empty where the rows are read one by one. `passed_over` are the rows that are none: sums, signatures.

    `sheet` was read; `other_sheets` hold the same columns and were not.
    """

    columns: list[str]
    rows: list[Row] = field(default_factory=list)
    header_row: int = 1
    sheet: str = ""
    other_sheets: list[str] = field(default_factory=list)
    passed_over: list[int] = field(default_factory=list)


def read_file(path: str | Path, wanted: Wanted | None = None) -> Table:
    """Read a file of the disk. Raises Invalid with a sentence for whoever named it."""
    try:
        table, rows = open_table(Path(path), wanted)
        table.rows = list(rows)
    except OSError as error:
        raise Invalid(
            "file_unreadable", _("%(path)s cannot be read: %(why)s.") % {"path": path, "why": error.strerror}
        ) from error
    return table


def read_table(content: bytes, wanted: Wanted | None = None, *, most_rows: int | None = None) -> Table:
    """Read a whole small file from memory."""
    with NamedTemporaryFile(suffix=".table") as file:
        file.write(content)
        file.flush()
        table, rows = open_table(Path(file.name), wanted, most_rows=most_rows)
        table.rows = list(rows)
    return table


def open_table(
    path: Path, wanted: Wanted | None, *, most_rows: int | None = None, may_miss: bool = False
) -> tuple[Table, Iterator[Row]]:
    """A file's table and its rows, one by one: of an XLSX the first visible sheet that holds the columns, or a CSV in
    UTF-8, UTF-16 with its mark, or GB18030. `passed_over` is complete when the last row was read. With `may_miss` needed
    columns may be missing: the table is the one that comes closest.
    """
    if path.stat().st_size > LARGEST:
        raise Invalid("file_too_large", _("The file has more than 100 MB. Split it."))
    with path.open("rb") as file:
        is_workbook = file.read(4) == b"PK\x03\x04"
    most = most_rows or MOST_ROWS["xlsx" if is_workbook else "csv"]
    if is_workbook:
        return _open_workbook(path, wanted, most, may_miss)
    return _open_csv(path, wanted, most, may_miss)


def _open_workbook(path: Path, wanted: Wanted | None, most: int, may_miss: bool) -> tuple[Table, Iterator[Row]]:
    book = Workbook(path)
    chosen: tuple[Sheet, Header] | None = None
    closest: tuple[Sheet, Header] | None = None
    others = []
    for sheet in book.sheets():
        if sheet.is_hidden and chosen:
            break
        header = find_header(*sheet.first_lines(MOST_COLUMNS), wanted)
        if header is None:
            continue
        if wanted is not None and header.matched.misses(wanted.needed):
            if closest is None or len(header.matched.places) > len(closest[1].matched.places):
                closest = closest if closest and sheet.is_hidden else (sheet, header)
        elif sheet.is_hidden:
            raise Invalid(
                "sheet_hidden",
                _("The table stands in the hidden sheet “%(sheet)s”. Unhide it if it is to be read.")
                % {"sheet": sheet.name},
            )
        elif chosen:
            others.append(sheet.name)
        else:
            chosen = (sheet, header)
            if wanted is None:
                break
    found = chosen or closest
    if found is None:
        raise _empty()
    sheet, header = found
    _require_measures(sheet, most)
    table = _table(header, wanted, may_miss, sheet=sheet.name, other_sheets=others)
    return table, _rows(table, sheet.lines(), header, wanted, most=most, epoch=book.epoch)


def _require_measures(sheet: Sheet, most: int) -> None:
    _require_width(sheet.width)
    if sheet.height > most + WITHIN:
        raise Invalid(
            "too_many_rows",
            _(
                "The sheet “%(sheet)s” reaches down to row %(row)d; %(most)d rows can be read. Delete what stands far below "
                "the table, or split it."
            )
            % {"sheet": sheet.name, "row": sheet.height, "most": most},
        )


def _require_width(columns: int) -> None:
    if columns > MOST_COLUMNS:
        raise Invalid(
            "too_many_columns",
            _("The table has %(count)d columns; %(most)d can be read. Delete what stands far beside it.")
            % {"count": columns, "most": MOST_COLUMNS},
        )


def _open_csv(path: Path, wanted: Wanted | None, most: int, may_miss: bool) -> tuple[Table, Iterator[Row]]:
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        separator = _separator(file.read(64 * 1024), wanted)
    lines = _csv_lines(path, encoding, separator)
    first = list(islice(lines, WITHIN + 1))
    _require_width(max(map(len, first), default=0))
    header = find_header(first, first, wanted)
    if header is None:
        raise _empty()
    table = _table(header, wanted, may_miss)
    return table, _rows(table, chain(first, lines), header, wanted, most=most, epoch=EPOCH_1900)


def _csv_lines(path: Path, encoding: str, separator: str) -> Iterator[list[Any]]:
    with path.open(encoding=encoding, newline="") as file:
        # Strict: a quotation mark that is never closed would swallow the rest of the file into one cell.
        reader = csv.reader(file, delimiter=separator, strict=True)
        try:
            yield from reader
        except csv.Error as error:
            raise Invalid(
                "csv_broken",
                _(
                    "This file cannot be read as CSV: look at the quotation marks up to line %(line)d, or save it as XLSX."
                )
                % {"line": reader.line_num},
            ) from error


def _separator(head: str, wanted: Wanted | None) -> str:
    """The sign with which the beginning of a file shows most of the columns; titles above them may hold none."""

    def shown(separator: str) -> tuple[int, int]:
        lines: list[list[str]] = []
        with suppress(csv.Error):
            lines.extend(islice(csv.reader(StringIO(head, newline=""), delimiter=separator), WITHIN))
        header = find_header([line[: MOST_COLUMNS + 1] for line in lines], lines, wanted)
        return (len(header.matched.places), len(header.names)) if header else (0, 0)

    return max(SEPARATORS, key=shown)


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        mark = file.read(2)
    encodings = ("utf-16",) if mark in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        with suppress(UnicodeError), path.open(encoding=encoding, newline="") as file:
            if not any("\x00" in piece for piece in iter(partial(file.read, 1024 * 1024), "")):
                return encoding
    raise Invalid("not_text", _("This file is neither CSV nor XLSX. Save it as one of these."))


def _empty() -> Invalid:
    return Invalid("file_empty", _("The file is empty, or its first row holds no column names."))


def _table(header: Header, wanted: Wanted | None, may_miss: bool, **where: Any) -> Table:
    """The table under a header. Refuses one without a needed column, and one whose column names nobody can tell apart."""
    if wanted is not None:
        wanted = replace(wanted, needed=()) if may_miss else wanted
        require_columns(header.matched, header.names, wanted, row=header.last + 1)
    elif twice := [name for name, count in Counter(header.names).items() if name and count > 1]:
        require_columns(Matched(twice=twice), header.names, Wanted({}, ()), row=header.last + 1)
    header.names[:] = _told_apart(header.names)
    return Table([name for name in header.names if name], header_row=header.last + 1, **where)


def _told_apart(names: list[str]) -> list[str]:
    """Columns that we don't read may have one name between them: the second is “备注 (2)”."""
    seen: Counter[str] = Counter()
    unique = []
    for name in names:
        seen[name] += 1
        unique.append(f"{name} ({seen[name]})" if name and seen[name] > 1 else name)
    return unique


def _rows(
    table: Table, lines: Iterator[list[Any]], header: Header, wanted: Wanted | None, *, most: int, epoch: date
) -> Iterator[Row]:
    names = header.names
    days = [header.matched.places[name] for name in wanted.days if name in header.matched.places] if wanted else []
    characters, count = 0, 0
    for place, line in enumerate(lines):
        if place <= header.last or not any(str(cell).strip() for cell in line):
            continue
        if wanted is not None and is_no_row(line, header, wanted, is_first=place == header.last + 1):
            table.passed_over.append(place + 1)
            continue
        for day in days if epoch != EPOCH_1900 else ():
            if day < len(line):
                line[day] = _by_epoch(line[day], epoch)
        characters += sum(len(cell) for cell in line if isinstance(cell, str))
        count += 1
        if count > most:
            raise Invalid("too_many_rows", _("The file has more than %(most)d rows. Split it.") % {"most": most})
        if characters > MOST_CHARACTERS:
            raise Invalid("file_too_large", _("Unpacked, this table has more than 150 MB. Split it."))
        cells = {name: cell for name, cell in zip(names, chain(line, repeat("")), strict=False) if name}
        surplus = tuple(cell for cell in line[len(names) :] if str(cell).strip())
        yield Row(place + 1, cells, surplus)


def _by_epoch(cell: Any, epoch: date) -> Any:
    """A bare number in a column of days is a day by the workbook's own counting; as text it is read later."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return day_of_serial(cell, epoch=epoch) or cell
    if isinstance(cell, str) and SERIAL.fullmatch(cell.strip()):
        return day_of_serial(float(cell), epoch=epoch) or cell
    return cell
