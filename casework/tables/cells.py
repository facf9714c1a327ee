"""What a cell means: full-width digits, spaces, five ways to write a day, Excel's serial dates."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from casework.working_time.deadlines import LONGEST_DAYS

DAY = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$")
COMPACT_DAY = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
SERIAL = re.compile(r"^\d{5}(\.\d+)?$")
SCIENTIFIC = re.compile(r"^\d(\.\d+)?[eE]\+?\d+$")
EXCEL_BEGINS = date(1899, 12, 30)


def as_text(cell: Any) -> str:
    """The words of a cell as they are, without the space around them."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    words = str(cell).replace("\u00a0", " ").replace("\ufeff", "").replace("\x00", "").strip()
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


def as_day(cell: Any) -> date | None:
    """A day, or None for an empty cell. Refuses what is no day of the calendar."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    words = unicodedata.normalize("NFKC", as_text(cell)).partition("T")[0].strip()
    words = re.sub(r"\s+\d{1,2}:\d{2}(:\d{2})?$", "", words)
    if not words:
        return None
    found = DAY.match(words) or COMPACT_DAY.match(words)
    try:
        if found:
            return date(*(int(part) for part in found.groups()))
        if SERIAL.match(words):
            return EXCEL_BEGINS + timedelta(days=int(float(words)))
    except (ValueError, OverflowError):
        pass
    raise Invalid("not_a_day", _("“%(words)s” is not a day. Write it like 2021-08-06.") % {"words": words})


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
