"""What became of a file's rows, and the file of refused rows that nothing is lost with."""

import csv
import io
from dataclasses import dataclass, field
from typing import Any

from casework.imports.tables import Row, Table

# Signs with which a spreadsheet begins a formula: written as text, with an apostrophe in front.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
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
    writer.writerow([*columns, REASON])
    for row, reason in refused:
        writer.writerow([*(_harmless(row.cells.get(column)) for column in columns), _harmless(reason)])
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: Any) -> str:
    words = "" if cell is None else str(cell)
    return f"'{words}" if words.startswith(FORMULA) and not _is_number(words) else words


def _is_number(words: str) -> bool:
    try:
        float(words)
    except ValueError:
        return False
    return True
