"""What waits of a village's paper, and to which case each sheet belongs by the codes that were read on it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from django.db.models import QuerySet

from casework.models import Case, Person, Unit
from casework.queries import visible
from casework.stages import OPEN
from casework.values.short_codes import case_of
from oversight.paper.records import PaperSheet


class Found(StrEnum):
    """What the codes of a sheet say."""

    ONE = "one"
    SEVERAL = "several"
    NOTHING = "nothing"
    OTHER_VILLAGE = "other_village"


@dataclass(frozen=True)
class Proposal:
    """The cases of the sheet's village that its codes name; a person decides."""

    found: Found
    cases: list[Case] = field(default_factory=list)


def sheets_of(village: Unit) -> QuerySet[PaperSheet]:
    return PaperSheet.objects.filter(village=village).select_related("by", "decided_by", "evidence__case")


def proposals(sheets: Sequence[PaperSheet], *, by: Person, on: date) -> dict[int, Proposal]:
    """By sheet: what its codes name among the cases that the reader sees. One query for all of them."""
    named = {code: case_of(code) for sheet in sheets for code in sheet.codes}
    cases = {
        case.pk: case
        for case in visible(by, on).filter(pk__in=named.values()).select_related("item", "village")
    }  # fmt: skip
    return {sheet.pk: _proposal(sheet, [cases.get(named[code]) for code in sheet.codes]) for sheet in sheets}


def _proposal(sheet: PaperSheet, named: list[Case | None]) -> Proposal:
    here = [case for case in named if case is not None and case.village_id == sheet.village_id]
    if not named:
        return Proposal(Found.NOTHING)
    if not here:
        return Proposal(Found.OTHER_VILLAGE)
    return Proposal(Found.ONE if len(here) == len(named) == 1 else Found.SEVERAL, here)


def on_the_wall(village: Unit, *, by: Person, on: date) -> QuerySet[Case]:
    """What hangs out in a village: its open problems that it has heard of, as far as the reader sees them."""
    told = visible(by, on).filter(village=village, stage__in=OPEN, assigned_at__isnull=False)
    return told.select_related("item__aspect", "responsible").order_by("due_on", "id")
