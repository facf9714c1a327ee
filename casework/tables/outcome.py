"""What became of a file's rows, and the file of refused rows that nothing is lost with."""

import csv
import io
import re
from dataclasses import dataclass, field
from typing import Any

from casework.tables.reading import Row, Table

# Signs with which a spreadsheet begins a formula: written as text, with an apostrophe in front.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
NUMBER = re.compile(r"^[+-]?\d+(\.\d+)?$")
REASON = "reason"


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


def refused_csv(table: Table, refused: list[tuple[Row, str]]) -> bytes:
    """The refused rows as they came, with a reason: to be mended and imported again. With a BOM, so that Excel reads
    the Chinese.
    """
    columns = [column for column in table.columns if column != REASON]
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([*map(harmless, columns), REASON])
    for row, reason in refused:
        cells = (row.cells.get(column) for column in columns)
        # What stood beyond the last column goes behind the reason: it is in nobody's way there, and not lost.
        writer.writerow([*map(harmless, cells), harmless(reason), *map(harmless, row.surplus)])
    return out.getvalue().encode("utf-8-sig")


def harmless(cell: Any) -> str:
    """The words of a cell for a CSV: never a formula. `cells.as_text` takes the apostrophe off again."""
    words = "" if cell is None else str(cell)
    if isinstance(cell, float) and cell.is_integer():
        words = str(int(cell))
    return f"'{words}" if words.startswith(FORMULA) and not NUMBER.match(words) else words
