"""What became of a file's rows, and the file of refused rows that nothing is lost with."""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import IO, Any

from casework.tables.columns import REASONS
from casework.tables.parsing import Row, Table

# Signs with which a spreadsheet begins a formula: written as text, with an apostrophe in front.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
NUMBER = re.compile(r"^[+-]?\d+(\.\d+)?$")


@dataclass
class Outcome:
    """The sum of an import."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[tuple[Row, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def refuse(self, row: Row, reason: Any) -> None:
        self.refused.append((row, str(reason)))

    def summary(self) -> str:
        """The last line of every import."""
        return f"{self.added} added, {self.changed} changed, {self.unchanged} unchanged, {len(self.refused)} refused"

    def as_dict(self) -> dict[str, Any]:
        return {
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "refused": [{"row": row.number, "reason": reason} for row, reason in self.refused],
            "notes": self.notes,
        }


def refused_csv(table: Table, refused: Iterable[tuple[Row, str]]) -> bytes:
    """The refused rows as they came, with a reason: to be mended and imported again."""
    out = io.BytesIO()
    file = RefusedRows(table, out)
    for row, reason in refused:
        file.add(row, reason)
    file.flush()
    return out.getvalue()


class RefusedRows:
    """The CSV of refused rows, written row by row. With a BOM, so that Excel reads the Chinese."""

    def __init__(self, table: Table, file: IO[bytes]) -> None:
        self.columns = [column for column in table.columns if column not in REASONS]
        self.count = 0
        self._text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="", write_through=True)
        self._writer = csv.writer(self._text)
        # In the language of the other columns, which is that of whoever mends them.
        reason = REASONS[1] if "".join(self.columns).isascii() else REASONS[0]
        self._writer.writerow([*map(harmless, self.columns), reason])

    def add(self, row: Row, reason: str) -> None:
        cells = (row.cells.get(column) for column in self.columns)
        # What stood beyond the last column goes behind the reason: it is in nobody's way there, and not lost.
        self._writer.writerow([*map(harmless, cells), harmless(reason), *map(harmless, row.surplus)])
        self.count += 1

    def flush(self) -> None:
        """Leave the file open for whoever has given it."""
        self._text.detach()


def harmless(cell: Any) -> str:
    """The words of a cell for a CSV: never a formula. `cells.as_text` takes the apostrophe off again."""
    words = "" if cell is None else str(cell)
    if isinstance(cell, float) and cell.is_integer():
        words = str(int(cell))
    return f"'{words}" if words.startswith(FORMULA) and not NUMBER.match(words) else words
