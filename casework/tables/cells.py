"""What a cell means: its text, a code, a number of days. Days of the calendar have a file of their own (days.py)."""

import re
import unicodedata
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from casework.values.plain_text import clean_text
from casework.working_time.deadlines import LONGEST_DAYS

SCIENTIFIC = re.compile(r"^\d(\.\d+)?[eE]\+?\d+$")


def as_text(cell: Any) -> str:
    """The words of a cell as they are, without the space around them and what no document can hold."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    words = clean_text(str(cell)).replace("\u00a0", " ").strip()
    # The apostrophe with which a file of refused rows keeps a formula from running (outcome.harmless).
    return words[1:] if words.startswith(("'=", "'+", "'-", "'@")) else words


def as_plain(cell: Any) -> str:
    """A code, number or name in its plain form: full-width letters and digits made half-width, no space inside."""
    return "".join(unicodedata.normalize("NFKC", as_text(cell)).split())


def as_code(cell: Any) -> str:
    """A division code. Refuses what a spreadsheet has turned into 4.1112E+11: digits are lost there."""
    code = as_plain(cell)
    if SCIENTIFIC.match(code) and "e" in code.lower():
        raise Invalid(
            "code_scientific",
            _("“%(code)s” is a code that the spreadsheet has shortened. Format the column as text and enter it anew.")
            % {"code": code},
        )
    return code.removesuffix(".0")


def as_count(cell: Any) -> int | None:
    """A whole number from 1 to LONGEST_DAYS, or None for an empty cell."""
    words = as_plain(cell).removesuffix("天").removesuffix("个工作日").removesuffix(".0")
    if not words:
        return None
    if not words.isdecimal() or len(words) > 5 or not 1 <= int(words) <= LONGEST_DAYS:
        raise Invalid(
            "not_a_count",
            _("“%(words)s” is not a number of days from 1 to %(most)d.") % {"words": words, "most": LONGEST_DAYS},
        )
    return int(words)
