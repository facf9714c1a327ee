"""A row of a findings file, understood: normalised, matched with the catalogue, or refused with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from casework.lifecycle.category_words import Matcher, plain
from casework.lifecycle.finding_rules import finding_refusals
from casework.lifecycle.guess_marks import words_of_guess
from casework.models import CatalogueItem, Source, Unit
from casework.offices.villages import Villages
from casework.tables.cells import as_count, as_text
from casework.tables.columns import FINDINGS, name_of
from casework.tables.days import as_day

# What the columns of a case hold; the description and the required action are kept at any length.
MOST_CHARACTERS = {"finding_no": 60, "category": 200, "severity": 60, "source": 100, "object": 100, "inspector": 100}
YES = {"是", "已销号", "已", "yes", "y", "true", "1"}
NO = {"否", "未销号", "未", "no", "n", "false", "0"}


@dataclass(frozen=True)
class ImportedFinding:
    """What a row says. `item` and `severity` are None where its words matched nothing: to be classified.
    `is_item_guessed` says that the words name no item, and were sure enough to be taken for one (`sure_items.py`): now, or,
    where a ledger's remarks say so, when they came in (`guess_marks.py`).
    """

    village: Unit
    finding_no: str
    found_on: date
    fact_on: date | None
    description: str
    item: CatalogueItem | None
    category_words: str
    severity: int | None
    severity_words: str
    required_action: str
    days: int | None
    source: str
    source_words: str
    object_name: str
    inspector_name: str
    closed_on: date | None
    is_item_guessed: bool = False

    @property
    def is_unclassified(self) -> bool:
        return self.item is None or self.severity is None


def understand(cells: Mapping[str, Any], *, villages: Villages, matcher: Matcher, on: date) -> ImportedFinding:
    """Refuses with Invalid what can't be a case."""
    village = villages.of(cells)
    description = as_text(cells.get("description"))
    found_on, closed_on, fact_on = (as_day(cells.get(name)) for name in ("found_on", "closed_on", "fact_on"))
    if not description:
        raise Invalid("description_missing", _("The description is empty."))
    if found_on is None:
        raise Invalid("found_on_missing", _("The day of finding is missing."))
    refusals = finding_refusals(description=description, found_on=found_on, fact_on=fact_on, closed_on=closed_on, on=on)
    if refusals:
        raise refusals[0]
    _require_one_state(cells, closed_on, matcher)
    words = {name: _short(cells.get(name), column=name) for name in MOST_CHARACTERS}
    severity_words, source_words = words["severity"], words["source"]
    source = matcher.source(source_words) if source_words else Source.SPOT_CHECK
    item = matcher.item(words["category"], village.path)
    read_from = words_of_guess(as_text(cells.get("remarks")), words["category"])
    category_words = words["category"] if read_from is None else _short(read_from, column="category")
    severity = matcher.severity(severity_words) if severity_words else (item.severity if item else None)
    return ImportedFinding(
        village=village,
        finding_no=_number(cells.get("finding_no"), words["finding_no"]),
        found_on=found_on,
        fact_on=fact_on,
        description=description,
        item=item,
        category_words=category_words,
        severity=severity,
        severity_words=severity_words,
        required_action=as_text(cells.get("required_action")),
        days=as_count(cells.get("due_days")),
        source=source or Source.OTHER,
        source_words=source_words,
        object_name=words["object"],
        inspector_name=words["inspector"],
        closed_on=closed_on,
        is_item_guessed=item is not None and read_from is not None,
    )


def _number(cell: Any, words: str) -> str:
    """An office's own number. A spreadsheet makes a day of 2025-3 unless the column is formatted as text."""
    if isinstance(cell, date):
        raise Invalid(
            "number_became_day",
            _(
                "The spreadsheet has turned this number into a day. Format the column as text and enter the number anew."
            ),
        )
    return words


def _require_one_state(cells: Mapping[str, Any], closed_on: date | None, matcher: Matcher) -> None:
    """What a ledger says of the end of a case must agree, and only what is open or struck off becomes a case."""
    said, progress = plain(as_text(cells.get("is_closed"))), plain(as_text(cells.get("progress")))
    if (said in YES and closed_on is None) or (said in NO and closed_on is not None):
        raise Invalid(
            "closing_contradicts",
            _("Whether it was struck off and the day of the strike-off do not agree. Check both."),
        )
    if closed_on is None and progress in matcher.ended:
        raise Invalid(
            "ended_otherwise",
            _("This case ended without a strike-off: %(progress)s. Only open and struck-off cases are imported.")
            % {"progress": as_text(cells.get("progress"))},
        )


def _short(cell: Any, *, column: str) -> str:
    """The words of a cell on one line. Too many are refused, never cut off."""
    words, most = " ".join(as_text(cell).split()), MOST_CHARACTERS[column]
    if len(words) > most:
        raise Invalid(
            "too_long",
            _("The column %(column)s takes %(most)d characters, and here it has %(count)d. Shorten it.")
            % {"column": name_of(column, FINDINGS), "most": most, "count": len(words)},
        )
    return words
