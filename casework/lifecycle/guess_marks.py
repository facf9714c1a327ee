"""The mark of a guessed category in the remarks of a ledger: written there, and read back in.

It names the category that was taken. Where somebody has put another one into the category's own column since, the mark
speaks of something else and says nothing.
"""

from collections.abc import Mapping
from typing import Any

from casework.tables.cells import as_text

# The ledger's own column. Offices have columns of this name too, even two of them, and say what else theirs hold: so it is
# none of those that a file is read for, and is looked into for the mark alone.
REMARKS = "备注"
TAKEN = "类别由系统识别，待核对："
WORDS, END = "（原词：", "）"


def mark_of_guess(category: str, words: str) -> str:
    """The category as its column says it, and the words that it was read from, if any came."""
    return f"{TAKEN}{category}" + (f"{WORDS}{words}{END}" if words else "")


def remarks_of(cells: Mapping[str, Any]) -> dict[str, str]:
    """Of a row, by the file's own names, the remarks that hold a mark; nothing of any others."""
    remarks = as_text(cells.get(REMARKS))
    return {"remarks": remarks} if TAKEN in remarks else {}


def words_of_guess(remarks: str, category: str) -> str | None:
    """The words from which the category of this row was read; None where the remarks don't say that it was."""
    _before, mark, said = remarks.partition(TAKEN)
    if not mark or not category or not said.startswith(category):
        return None
    rest = said.removeprefix(category).strip()
    if not rest:
        return ""
    return rest.removeprefix(WORDS).removesuffix(END) if rest.startswith(WORDS) and rest.endswith(END) else None
