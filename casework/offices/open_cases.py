"""Open cases go along with their units: a village comes under another town, a unit is merged into another.

Desk, sight, notices, extensions and letters follow from that day on, because all of them ask the units of the case; its
history keeps the old ones, and both towns and the office are told. What was struck off stays where it was struck off.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from casework.events import event_of
from casework.models import Case, CaseEvent, CaseMove, Person, Unit
from casework.models.case_event import EventKind
from casework.models.history import record_changed
from casework.rights.territories import lines_above
from casework.rights.turns import unit_whose_turn
from casework.stages import OPEN, Stage
from casework.working_time.deadlines import local_day

SHOWN = 5
BATCH = 500
RANGES = 100
LEVELS = ("town", "county", "city")
# Every column of an open case that names a unit.
UNITS = ("village", *LEVELS, "responsible", "support")
Change = Callable[[Case], dict[str, Unit]]


class Found(NamedTuple):
    """An open case below one of the units that were asked about."""

    pk: int
    number: str
    village: int
    below: int


def open_below(units: Sequence[Unit]) -> list[Found]:
    """The open cases of the villages under some units: one query for a hundred units."""
    found = []
    for start in range(0, len(units), RANGES):
        some = {unit.path: unit.pk for unit in units[start : start + RANGES]}
        inside = Q(pk__in=())
        for path in some:
            inside |= Q(village__path__gte=path, village__path__lt=Unit.path_after(path))
        rows = Case.objects.filter(inside, stage__in=OPEN).order_by("id")
        for pk, number, village, path in rows.values_list("pk", "number", "village", "village__path"):
            found += [
                Found(pk, number, village, some[above]) for above in Unit(path=path).ancestor_paths() if above in some
            ]
    return found


def refused_moves(moves: Sequence[tuple[Unit, Unit]]) -> dict[int, Invalid]:
    """The question that stands before the moves of units under other parents, by the unit: its open cases by their
    numbers. Nothing for a unit without any.
    """
    numbers: dict[int, list[str]] = {}
    for one in open_below([unit for unit, _parent in moves]):
        numbers.setdefault(one.below, []).append(one.number)
    return {
        unit.pk: Invalid(
            "moves_open_cases",
            _(
                "%(unit)s would come under %(parent)s with %(count)d open cases: %(numbers)s. "
                "Say that they go along (--move-cases), or wait until they are struck off."
            )
            % {
                "unit": unit.name,
                "parent": parent.name,
                "count": len(numbers[unit.pk]),
                "numbers": some_of(numbers[unit.pk]),
            },
        )
        for unit, parent in moves
        if unit.pk in numbers
    }


def some_of(numbers: Sequence[str]) -> str:
    """The first numbers, for a sentence."""
    return "、".join(numbers[:SHOWN]) + (" …" if len(numbers) > SHOWN else "")


class OpenCasesBelow:
    """The open cases of units that are about to move: asked before, so that it is known what stood above them then."""

    def __init__(self, units: Sequence[Unit], *, on: date) -> None:
        found = open_below(units)
        self.cases = {one.pk for one in found}
        self.villages = {one.village for one in found}
        self.before = lines_above(Unit.objects.filter(pk__in=self.villages), on=on)

    def follow(self, *, by: Person | None, at: datetime) -> int:
        """After the move: put every case under what stands above its village now. A level that an office had changed
        by hand (a transfer to another county) stays as it is.
        """
        after = lines_above(Unit.objects.filter(pk__in=self.villages), on=local_day(at))

        def change(case: Case) -> dict[str, Unit]:
            was, now = self.before[case.village_id], after[case.village_id]
            return {
                level: there
                for level in LEVELS
                if (there := getattr(now, level)) is not None and getattr(was, level) == getattr(case, level)
            }

        return move_cases(self.cases, change, by=by, at=at)


def move_cases(cases: Iterable[int], change: Change, *, by: Person | None, at: datetime) -> int:
    """Give open cases other units: `change` says which columns of a case get which unit. Belongs inside `stamped()`
    and a transaction; a fixed number of queries for each batch.
    """
    keys, count = sorted(cases), 0
    for start in range(0, len(keys), BATCH):
        locked = Case.objects.select_for_update(of=("self",)).filter(pk__in=keys[start : start + BATCH], stage__in=OPEN)
        count += _move_batch(list(locked.select_related(*UNITS).order_by("pk")), change, by=by, at=at)
    return count


def _move_batch(cases: list[Case], change: Change, *, by: Person | None, at: datetime) -> int:
    moved, moves, events = [], [], []
    for case in cases:
        changes = {column: unit for column, unit in change(case).items() if getattr(case, column) not in (None, unit)}
        if not changes:
            continue
        pairs = {}
        for column, unit in changes.items():
            was = getattr(case, column)
            pairs[was.pk, unit.pk] = f"{was} → {unit}"
            setattr(case, column, unit)
        case.waits_at = unit_whose_turn(case, Stage(case.stage))
        moved.append(case)
        moves += [CaseMove(case=case, from_unit_id=was, to_unit_id=now, by=by, at=at) for was, now in pairs]
        events.append(_event(case, "、".join(pairs.values()), by=by, at=at))
    Case.objects.bulk_update(moved, [*UNITS, "object", "waits_at"], batch_size=200)
    record_changed(moved)
    CaseMove.objects.bulk_create(moves)
    CaseEvent.objects.bulk_create(events)
    return len(moved)


def _event(case: Case, words: str, *, by: Person | None, at: datetime) -> CaseEvent:
    event = event_of(case, EventKind.MOVED, at=at, words=words)
    event.by = by
    return event
