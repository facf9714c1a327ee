"""A row of a findings file as it was understood, for the page of its import."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import translation

from casework.errors import Invalid
from casework.models import Case, CatalogueItem
from casework.models.category import local_name
from casework.rights.territories import Line
from casework.tables.cells import as_text
from casework.tables.days import as_day
from flows.sorted_rows import Sorted

# So many refused rows are kept to be corrected on the page; of more the file of refused rows is the better way. What is
# longer than this is mended there as well.
MOST_TO_MEND = 40
LONGEST_TO_MEND = 4000
PREVIEW_COLUMNS = ("finding_no", "category", "severity", "description")


def previewed(each: Sorted, case: Case | None, above: Line | None) -> dict[str, Any]:
    line: dict[str, Any] = {name: as_text(each.cells.get(name))[:200] for name in PREVIEW_COLUMNS}
    finding = each.finding
    line |= {
        "row": each.row.number,
        "village": each.village.name if each.village else village_as_written(each.cells),
        "town": above.town.name if above and above.town else "",
        "found_on": day_as_written(each.cells.get("found_on")),
        "found_on_written": as_text(each.cells.get("found_on"))[:60],
        "result": "refused" if each.refusal else "unchanged" if each.is_known else "added",
        "case": case.number if case else "",
        "likely": each.case.number if finding and each.case else "",
        "is_unclassified": finding is not None and finding.is_unclassified,
        "closed_on": finding.closed_on.isoformat() if finding and finding.closed_on else "",
    }
    line["guessed"] = _by_language(finding.item) if finding and finding.is_item_guessed else {}
    line["reasons"] = reasons_of(each)
    return line


def to_mend(each: Sorted) -> dict[str, Any]:
    """A refused row for the page on which it is corrected: its cells as they are written, and why it was refused."""
    cells = {name: as_written(cell) for name, cell in each.cells.items()}
    long = [name for name, words in cells.items() if len(words) > LONGEST_TO_MEND]
    return {
        "row": each.row.number,
        "cells": {name: words for name, words in cells.items() if name not in long},
        "reasons": reasons_of(each),
        "surplus": bool(each.row.surplus),
        "long": long,
    }


def as_written(cell: Any) -> str:
    """The words of a cell as somebody would type them: a day without the midnight that a workbook gives it."""
    return cell.date().isoformat() if isinstance(cell, datetime) else as_text(cell)


def reasons_of(each: Sorted) -> dict[str, str]:
    """Why a row is refused, in each language; nothing for one that isn't."""
    reasons: dict[str, str] = {}
    if each.refusal is not None:
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                reasons[language] = each.refusal()
    return reasons


def _by_language(item: CatalogueItem | None) -> dict[str, str]:
    names: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            names[language] = local_name(item)
    return names


def village_as_written(cells: Mapping[str, Any]) -> str:
    names = [as_text(cells.get(name)) for name in ("town", "village")]
    return (as_text(cells.get("village_code")) or "".join(names))[:100]


def day_as_written(cell: Any) -> str:
    """The day that was understood, or nothing."""
    try:
        day: date | None = as_day(cell)
    except Invalid:
        day = None
    return day.isoformat() if day else ""
