"""The clock of the look-backs: opens what is due, draws its inspector, and tells of what is late.

As the ladder's sweep it claims a batch, writes it set-based in one transaction, and costs nothing where nothing is due.
"""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.conf import settings

from casework.clocks.resting import in_batches
from casework.database.bulk_sql import insert, update
from casework.events import event_of
from casework.models import CaseEvent, LookBack, Term
from casework.models.case_event import EventKind
from casework.models.history import record_changed, stamped
from casework.models.look_back import LookBackState
from casework.models.resting_row import ClockName
from casework.models.unit import on_day
from casework.rights.hands import hands_of
from casework.rights.table import RIGHTS, Action
from casework.stages import Light
from casework.watch.consolidation import DAYS_TO_CHECK
from casework.working_time.deadlines import add_working_days, local_day, midnight, working_day_from

Start = Callable[[list[LookBack]], None]

# In working days after the deadline: what is told, and the light from then on.
STEPS: tuple[tuple[int, EventKind, Light], ...] = (
    (-3, EventKind.LOOK_BACK_NEAR, Light.BLUE),
    (1, EventKind.LOOK_BACK_LATE, Light.YELLOW),
    (5, EventKind.LOOK_BACK_OVERDUE, Light.RED),
)


@dataclass
class Batch:
    at: datetime
    on: date
    opened: list[LookBack] = field(default_factory=list)
    events: list[CaseEvent] = field(default_factory=list)


def sweep_look_backs(*, at: datetime, start: Start) -> int:
    """Take every look-back that is due at this moment; gives how many. `start` gives those that open their process."""
    due = (
        LookBack.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(next_step_at__lte=at)
        .select_related("case")
        .order_by("next_step_at", "id")
    )
    return in_batches(
        ClockName.LOOK_BACKS, due, lambda rows: _sweep_batch(rows, at=at, start=start), at=at, size=settings.SWEEP_BATCH
    )


def _sweep_batch(rows: Sequence[LookBack], *, at: datetime, start: Start) -> None:
    batch = Batch(at, local_day(at))
    draw = Draw(rows, on=batch.on, at=at)
    for row in rows:
        if row.state == LookBackState.PLANNED:
            _open(row, batch)
        if row.inspector_id is None or row.inspector_id not in draw.pool(row):
            _draw(row, draw, batch)
        else:
            _tell(row, batch)
    start(batch.opened)
    update(rows, CHANGED)
    with stamped(step="sweep_look_backs", by=None, at=at):
        record_changed(rows)
    insert(batch.events)


CHANGED = (
    "state",
    "process",
    "due_on",
    "light",
    "next_step_at",
    "reminders_sent",
    "inspector",
    "drawn_at",
    "drawn_from",
    "seed",
    "passed_by",
)


def _open(row: LookBack, batch: Batch) -> None:
    row.state = LookBackState.OPEN
    row.due_on = working_day_from(max(row.due_on, add_working_days(batch.on, DAYS_TO_CHECK)))
    batch.opened.append(row)


class Draw:
    """Who may be drawn for the look-backs of a batch: five queries, however many they are."""

    def __init__(self, rows: Sequence[LookBack], *, on: date, at: datetime) -> None:
        self.at, self.seed = at, secrets.token_hex(16)
        roles = {role for role, _level in RIGHTS[Action.LOOK_BACK]}
        units = {unit for row in rows for unit in (row.case.county_id, row.case.city_id) if unit}
        terms = Term.objects.filter(
            on_day(on), post__role__in=roles, post__unit__in=units, post__unit__is_active=True, person__is_active=True
        )
        self.inspectors: dict[int, set[int]] = {}
        for unit, person in terms.values_list("post__unit", "person"):
            self.inspectors.setdefault(unit, set()).add(person)
        self.hands = hands_of({row.case_id for row in rows}, on=on)

    def pool(self, row: LookBack) -> set[int]:
        """The inspectors of the case's county and city, without whoever had a hand in it, gave it back or was taken off."""
        inspectors = self.inspectors.get(row.case.county_id or 0, set()) | self.inspectors.get(
            row.case.city_id or 0, set()
        )
        return inspectors - self.hands[row.case_id] - set(row.passed_by)

    def choose(self, row: LookBack) -> int | None:
        """By the hash of the batch's seed and the look-back's key, so that the draw can be repeated from what is kept."""
        pool = sorted(self.pool(row))
        row.drawn_from, row.seed, row.drawn_at = pool, self.seed, self.at
        return drawn(pool, self.seed, row.pk)


def drawn(pool: Sequence[int], seed: str, key: int) -> int | None:
    """The one of the pool on whom the lot falls; None of an empty pool."""
    if not pool:
        return None
    lot = int.from_bytes(hashlib.sha256(f"{seed} {key}".encode()).digest()[:8])
    return pool[lot % len(pool)]


def _draw(row: LookBack, draw: Draw, batch: Batch) -> None:
    was_vacant = row.inspector_id is None and row.reminders_sent == 0 and bool(row.seed)
    if row.inspector_id is not None:  # whose post ended, or who has a hand in it by now
        row.passed_by = [*row.passed_by, row.inspector_id]
    row.inspector_id = draw.choose(row)
    if row.inspector_id is None:
        row.next_step_at = midnight(batch.on + timedelta(days=1))
        if not was_vacant:
            batch.events.append(event_of(row.case, EventKind.LOOK_BACK_VACANT, at=batch.at))
        return
    batch.events.append(event_of(row.case, EventKind.LOOK_BACK_DRAWN, at=batch.at, words=row.due_on.isoformat()))
    row.light, row.reminders_sent = Light.NONE, 0
    for place, (days, _kind, light) in enumerate(STEPS, start=1):
        if _day(row, days) <= batch.on:
            row.light, row.reminders_sent = light, place
    row.next_step_at = _next(row)


def _tell(row: LookBack, batch: Batch) -> None:
    """The latest step that has come; it speaks for those that a sleeping clock has missed."""
    come = [place for place, (days, _kind, _light) in enumerate(STEPS, start=1) if _day(row, days) <= batch.on]
    if come and come[-1] > row.reminders_sent:
        row.reminders_sent = come[-1]
        _days, kind, row.light = STEPS[row.reminders_sent - 1]
        batch.events.append(event_of(row.case, kind, at=batch.at, words=row.due_on.isoformat()))
    row.next_step_at = _next(row)


def _day(row: LookBack, days: int) -> date:
    return add_working_days(row.due_on, days)


def _next(row: LookBack) -> datetime | None:
    return midnight(_day(row, STEPS[row.reminders_sent][0])) if row.reminders_sent < len(STEPS) else None
