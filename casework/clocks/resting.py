"""One bad row stops nothing else: a batch that fails is halved down to the row, which rests while the others go on.

Every clock works its batches off through this file. A row that rests is tried again after an hour, then after two,
four and eight; once it can be computed, or is due no longer, it leaves the list.
"""

import logging
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError, models, transaction
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from casework.models import Case, RestingRow

log = logging.getLogger(__name__)

Item = TypeVar("Item")
Row = TypeVar("Row", bound=models.Model)

FIRST_REST = timedelta(hours=1)
LONGEST_REST = timedelta(hours=8)
THE_CLOCK = 0  # the key under which a whole clock is listed
# Of the database and not of a row: what waits is tried as a whole when the database is back.
NOT_THE_ROW = (OperationalError, InterfaceError)


# During a sweep: the clocks of which some row rests.
_with_rows: ContextVar[set[str] | None] = ContextVar("clocks_with_resting_rows", default=None)


@contextmanager
def resting_rows_known() -> Iterator[set[str]]:
    """Ask once for a whole sweep of which clocks rows rest, which are nearly always none: the others do not ask again.
    Gives the clocks that failed as a whole.

    A row that another worker lets rest meanwhile is tried once too often, which harms nobody.
    """
    is_whole = ExpressionWrapper(Q(row=THE_CLOCK), output_field=BooleanField())
    marks = set(RestingRow.objects.order_by().values_list("clock", is_whole).distinct())
    token = _with_rows.set({clock for clock, is_whole in marks if not is_whole})
    try:
        yield {clock for clock, is_whole in marks if is_whole}
    finally:
        _with_rows.reset(token)


class Rest:
    """What rests of one clock, during one run of it."""

    def __init__(self, clock: str, *, at: datetime) -> None:
        self.clock, self.at = clock, at
        known = _with_rows.get()
        rows = RestingRow.objects.filter(clock=clock).exclude(row=THE_CLOCK) if known is None or clock in known else ()
        self.rows = {row.row: row for row in rows}
        self.failed: set[int] = set()

    @property
    def untouched(self) -> list[int]:
        """The keys that are left alone in this run."""
        return [key for key, row in self.rows.items() if row.next_try > self.at or key in self.failed]

    @property
    def to_retry(self) -> list[int]:
        """The keys whose rest is over: for a clock that has gone past them meanwhile."""
        return [key for key, row in self.rows.items() if row.next_try <= self.at and key not in self.failed]

    def add(self, key: int, error: Exception, *, case: int | None = None) -> None:
        self.failed.add(key)
        self.rows[key] = rest(self.clock, key, error, at=self.at, case=case, known=self.rows.get(key))

    def end(self) -> None:
        """Take from the list whatever was tried in this run and did not fail, or is due no longer."""
        leave(self.clock, self.to_retry)


def rest(
    clock: str, key: int, error: Exception, *, at: datetime, case: int | None = None, known: RestingRow | None = None
) -> RestingRow:
    """Let a row rest, longer with every try; said once in the log, by the case's number and the kind of error."""
    row = known or RestingRow.objects.filter(clock=clock, row=key).first()
    if row is None:
        row = RestingRow(clock=clock, row=key, case_id=case, since=at, tries=0)
    kind = place_of(error)
    if row.error != kind:
        number = Case.objects.filter(pk=case).values_list("number", flat=True).first() if case else ""
        log.error("%s: %s %s can't be computed and rests: %s", clock, key or "the whole clock", number or "", kind)
    row.error, row.tries = kind, row.tries + 1
    row.next_try = at + min(FIRST_REST * 2 ** min(row.tries - 1, 10), LONGEST_REST)
    if (with_rows := _with_rows.get()) is not None:
        with_rows.add(clock)
    # Another worker may have met the same row.
    written, _is_new = RestingRow.objects.update_or_create(
        clock=clock,
        row=key,
        defaults={"error": row.error, "tries": row.tries, "next_try": row.next_try},
        create_defaults={
            "case_id": row.case_id,
            "error": row.error,
            "since": row.since,
            "tries": row.tries,
            "next_try": row.next_try,
        },
    )
    return written


def leave(clock: str, keys: Iterable[int]) -> None:
    """These rows rest no longer."""
    keys = list(keys)
    if keys:
        RestingRow.objects.filter(clock=clock, row__in=keys).delete()


def place_of(error: Exception) -> str:
    """The kind of an error and its place in the code; its words may quote what a row says, and are left out."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}{place}"[:200]


def work_off(items: Sequence[Item], work: Callable[[Sequence[Item]], object]) -> list[tuple[Item, Exception]]:
    """Do the work for all of them in one transaction; where that fails, for each half, down to the single one.

    Gives those that failed, each with its error. An error of the database itself is none of theirs, and is raised.
    """
    if not items:
        return []
    try:
        with transaction.atomic():
            work(items)
    except NOT_THE_ROW:
        raise
    except Exception as error:
        if len(items) == 1:
            return [(items[0], error)]
        middle = len(items) // 2
        return [*work_off(items[:middle], work), *work_off(items[middle:], work)]
    return []


def each(
    clock: str, items: Sequence[Item], work: Callable[[Item], object], *, at: datetime, key: Callable[[Item], int]
) -> int:
    """Do the work for each of these by itself, without those that rest; gives how many went well."""
    resting, done = Rest(clock, at=at), 0
    untouched = set(resting.untouched)
    for item in items:
        if key(item) in untouched:
            continue
        for _item, error in work_off([item], lambda alone: work(alone[0])):
            resting.add(key(item), error, case=_case_of(item))
        done += key(item) not in resting.failed
    resting.end()
    return done


def in_batches(
    clock: str,
    due: QuerySet[Row],
    work: Callable[[list[Row]], object],
    *,
    at: datetime,
    size: int,
    by_key: bool = False,
    resting: Rest | None = None,
) -> int:
    """Take what is due by the batch, each in a transaction of its own; gives how many rows were worked off.

    `due` is ordered and locks what it reads (`select_for_update(skip_locked=True)`). Worked off, a row is due no
    longer; where it stays in the queryset, `by_key` goes through it once in the order of its keys. Who gives `resting`
    ends it.
    """
    own = resting is None
    resting = resting or Rest(clock, at=at)
    done, last = 0, 0
    seen: set[int] = set()
    while True:
        rows = due.exclude(pk__in=resting.untouched) if resting.untouched else due
        if by_key:
            rows = rows.order_by("pk").filter(pk__gt=last)
        keys = _batch(resting, rows, work, size)
        if not keys:
            break
        done += len(keys) - len(resting.failed.intersection(keys))
        last = keys[-1]
        if len(keys) < size or seen.issuperset(keys):
            break
        seen.update(keys)
    if own:
        resting.end()
    return done


def _batch(resting: Rest, rows: QuerySet[Row], work: Callable[[list[Row]], object], size: int) -> list[int]:
    """The keys of one batch, worked off or resting by now."""
    found: list[Row] = []
    try:
        with transaction.atomic():
            found = list(rows[:size])
            if found:
                work(found)
            return [row.pk for row in found]
    except NOT_THE_ROW:
        raise
    except Exception:
        # Also a row that can't even be read: then its key alone is asked for.
        keys = [row.pk for row in found] or _keys(rows, size)

    def again(part: Sequence[int]) -> None:
        left = list(rows.filter(pk__in=part))
        if left:
            work(left)

    for key, error in work_off(keys, again):
        resting.add(key, error, case=_case_by_key(rows.model, key))
    return keys


def _keys(rows: QuerySet[Any], size: int) -> list[int]:
    with transaction.atomic():
        return [row.pk for row in rows.select_related(None).only("pk")[:size]]


def _case_of(item: object) -> int | None:
    return item.pk if isinstance(item, Case) else getattr(item, "case_id", None)


def _case_by_key(model: type[models.Model], key: int) -> int | None:
    if model is Case:
        return key
    if any(field.name == "case" for field in model._meta.concrete_fields):
        case: int | None = model._default_manager.filter(pk=key).values_list("case_id", flat=True).first()
        return case
    return None
