"""The way of a requirement as a tree: who has it, who signed, and where it stopped (业务棚架)."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from django.db.models import Q

from casework.models import Unit
from casework.models.unit import UnitLevel
from casework.working_time.deadlines import local_day
from oversight.opinions.below import answered_elsewhere, count_below, goes_on
from oversight.opinions.records import Opinion, Requirement


class Standing(StrEnum):
    """How it stands with one unit."""

    UNSIGNED = "unsigned"
    STUCK = "stuck"  # signed for, and not passed on
    PARTLY = "partly"  # passed on, and not to all units below
    DONE = "done"
    ENDED = "ended"  # its unit is no longer in use, and nobody took it over
    MOVED = "moved"  # the successor of its unit has it


STOPPED = (Standing.UNSIGNED, Standing.STUCK, Standing.ENDED)


class Row(NamedTuple):
    """A requirement as the tree reads it."""

    key: int
    parent: int | None
    at: datetime
    reminded_at: datetime | None
    unit: int
    unit_name: str
    level: str
    above: int | None
    is_active: bool
    signed_by: str | None
    signed_at: datetime | None
    moved_to: str | None


@dataclass
class Branch:
    """A unit with what it passed on. `left` are the units below it that have not got it; `days` is for how long it has
    been waiting there, 0 where it is done.
    """

    row: Row
    standing: Standing
    days: int
    left: int
    below: list["Branch"] = field(default_factory=list)

    @property
    def is_stopped(self) -> bool:
        return self.standing in STOPPED

    def everyone(self) -> Iterator["Branch"]:
        """This branch and all that hang on it, from the top."""
        yield self
        for branch in self.below:
            yield from branch.everyone()

    @property
    def towns_below(self) -> list["Branch"]:
        """What is shown as a branch of its own: everything but villages."""
        return [one for one in self.below if one.row.level != UnitLevel.VILLAGE]

    @property
    def leaves_waiting(self) -> list["Branch"]:
        """The villages below that have not signed: those that have are many, and their number says enough."""
        return [one for one in self.below if one.row.level == UnitLevel.VILLAGE and one.is_stopped]

    @property
    def expected(self) -> int:
        return sum(one.standing != Standing.MOVED for one in self.everyone())

    @property
    def receipts(self) -> int:
        return sum(one.row.signed_at is not None and one.standing != Standing.MOVED for one in self.everyone())

    @property
    def stopped(self) -> list["Branch"]:
        """Where it stopped, from the top."""
        return [one for one in self.everyone() if one.is_stopped]

    @property
    def unreached(self) -> int:
        """How many units below those that stopped know nothing of it, one level down."""
        return sum(one.left for one in self.everyone() if one.is_stopped)


def tree_of(opinion: Opinion, *, on: date, under: Unit | None = None) -> list[Branch]:
    """The branches of an opinion, or those at and under one unit: three queries for a city of 1,300 villages."""
    rows = _rows(opinion, under)
    passing = [row.unit for row in rows if goes_on(row.level, opinion.reaches)]
    elsewhere = answered_elsewhere(on) if passing else {}
    below = count_below(passing, elsewhere) if passing else {}
    # By the unit that answers for it today: a village may have come under another town since it got it.
    has_it = Counter(
        elsewhere[row.unit].answers if row.unit in elsewhere else row.above
        for row in rows
        if row.is_active and row.moved_to is None
    )
    passed_on = {row.parent for row in rows}
    branches = {}
    for row in rows:
        passes_on = goes_on(row.level, opinion.reaches)
        left = max(0, below.get(row.unit, 0) - has_it[row.unit]) if passes_on else 0
        standing = _standing(row, left, is_stuck=left > 0 and row.key not in passed_on)
        branches[row.key] = Branch(row, standing, _days(row, standing, on), left)
    tops: list[Branch] = []
    for row in rows:
        above = branches.get(row.parent) if row.parent is not None else None
        (above.below if above is not None else tops).append(branches[row.key])
    return tops


def _rows(opinion: Opinion, under: Unit | None) -> list[Row]:
    inside = Q()
    if under is not None:
        # With what an area passed on to units that stand elsewhere in the tree.
        until = Unit.path_after(under.path)
        inside = Q(unit__path__gte=under.path, unit__path__lt=until)
        inside |= Q(parent__unit__path__gte=under.path, parent__unit__path__lt=until)
    rows = Requirement.objects.filter(inside, opinion=opinion).order_by("unit__path", "pk")
    columns = ("pk", "parent", "at", "reminded_at", "unit", "unit__name", "unit__level", "unit__parent")
    more = ("unit__is_active", "receipt__name", "receipt__at", "move__to__unit__name")
    return [Row._make(values) for values in rows.values_list(*columns, *more)]


def _standing(row: Row, left: int, *, is_stuck: bool) -> Standing:
    if row.moved_to is not None:
        return Standing.MOVED
    if row.signed_at is None or is_stuck:
        if not row.is_active:
            return Standing.ENDED
        return Standing.UNSIGNED if row.signed_at is None else Standing.STUCK
    return Standing.PARTLY if left else Standing.DONE


def _days(row: Row, standing: Standing, on: date) -> int:
    if standing not in STOPPED:
        return 0
    return max(0, (on - local_day(row.signed_at or row.at)).days)
