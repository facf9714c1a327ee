"""Strangers' tables are read in a child process with limits; what comes back is small, or a file of rows to stream."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from casework.limited_process import LimitExceeded, run_limited
from casework.tables.columns import Wanted
from casework.tables.parsing import LARGEST, Row, Table, open_table

# What a page reads whole into its memory (a calendar year); findings are streamed.
MOST_ROWS_AT_ONCE = 1000
MOST_FINDINGS = 200_000

Read = TypeVar("Read")


@dataclass(frozen=True)
class Contents:
    """A table without its rows, and their number."""

    table: Table
    count: int


def look_at(file: File, wanted: Wanted, *, most_rows: int = MOST_FINDINGS) -> Contents:
    """What a file holds: read to its end, and refused with a sentence where it can't be."""
    with _on_disk(file) as folder:
        return _limited(partial(_count, folder / "table", wanted, most_rows))


def read_small(file: File, wanted: Wanted | None = None, *, most_rows: int = MOST_ROWS_AT_ONCE) -> Table:
    """A small table with its rows."""
    with _on_disk(file) as folder:
        return _limited(partial(_whole, folder / "table", wanted, most_rows))


def look_at_heads(file: File, wanted: Wanted, *, rows: int) -> Table:
    """The column names of a file and its first rows, also where needed columns are missing."""
    with _on_disk(file) as folder:
        return _limited(partial(_heads, folder / "table", wanted, rows))


@contextmanager
def read_rows(file: File, wanted: Wanted, *, most_rows: int = MOST_FINDINGS) -> Iterator[tuple[Table, Iterator[Row]]]:
    """A table and its rows, one by one from the disk."""
    with _on_disk(file) as folder:
        table = _limited(partial(_spool, folder / "table", folder / "rows", wanted, most_rows)).table
        with (folder / "rows").open(encoding="utf-8", errors="surrogatepass") as lines:
            yield table, (_row(json.loads(line), table) for line in lines)


@contextmanager
def _on_disk(file: File) -> Iterator[Path]:
    """A folder of its own with a copy of the file, piece by piece: the child opens it by name."""
    if (file.size or 0) > LARGEST:
        raise Invalid("file_too_large", _("The file has more than 100 MB. Split it."))
    with TemporaryDirectory(prefix="table-") as name:
        folder = Path(name)
        with (folder / "table").open("wb") as copy:
            for piece in file.chunks():
                copy.write(piece)
        yield folder


def _limited(read: Callable[[], Read]) -> Read:
    try:
        return run_limited(read)
    except LimitExceeded as limit:
        raise Invalid(
            "table_too_large",
            _(
                "This file takes too much memory or time to read: at most %(rows)d rows and 500 columns can be read. Delete "
                "what stands far below or beside the table, or copy the table into a new file."
            )
            % {"rows": MOST_FINDINGS},
        ) from limit


def _count(path: Path, wanted: Wanted, most_rows: int) -> Contents:
    table, rows = open_table(path, wanted, most_rows=most_rows)
    return Contents(table, sum(1 for _row in rows))


def _heads(path: Path, wanted: Wanted, count: int) -> Table:
    table, rows = open_table(path, wanted, may_miss=True)
    table.rows = list(islice(rows, count))
    return table


def _whole(path: Path, wanted: Wanted | None, most_rows: int) -> Table:
    table, rows = open_table(path, wanted, most_rows=most_rows)
    table.rows = list(rows)
    return table


def _spool(path: Path, target: Path, wanted: Wanted, most_rows: int) -> Contents:
    table, rows = open_table(path, wanted, most_rows=most_rows)
    count = 0
    with target.open("w", encoding="utf-8", errors="surrogatepass") as lines:
        for row in rows:
            said = [row.number, [row.cells.get(name, "") for name in table.columns], row.surplus]
            lines.write(json.dumps(said, ensure_ascii=False, default=_as_json) + "\n")
            count += 1
    return Contents(table, count)


def _as_json(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return {"moment": cell.isoformat()}
    if isinstance(cell, date):
        return {"day": cell.isoformat()}
    return str(cell)


def _row(said: list[Any], table: Table) -> Row:
    number, cells, surplus = said
    values = [_cell(cell) for cell in cells]
    return Row(number, dict(zip(table.columns, values, strict=True)), tuple(map(_cell, surplus)))


def _cell(said: Any) -> Any:
    if isinstance(said, dict):
        return datetime.fromisoformat(said["moment"]) if "moment" in said else date.fromisoformat(said["day"])
    return said
