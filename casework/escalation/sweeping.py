"""The clocks that follow one another, at one moment, each by itself. Which they are stands in `config/clocks.py`."""

from collections.abc import Collection, Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from casework.clocks.cursors import keep_mark
from casework.clocks.resting import THE_CLOCK, rest, resting_rows_known
from casework.models import ClockMark, RestingRow
from casework.models.resting_row import ClockName

SILENCE_ALLOWED = timedelta(minutes=15)


class Run(Protocol):
    """Does what is due at this moment and gives how much that was."""

    def __call__(self, *, at: datetime) -> int: ...


class Clock(NamedTuple):
    """`does` is what `manage.py sweep` prints before the count."""

    name: ClockName
    does: str
    run: Run


def clocks() -> Sequence[Clock]:
    found: Sequence[Clock] = import_string(settings.CLOCKS)
    return found


def sweep(*, at: datetime, only: Collection[ClockName] | None = None) -> dict[str, int]:
    """Run them all, or only some; gives what each has done. Run twice at the same moment it does nothing the second time.

    One that fails is said once in the log and shown to whoever watches, until it runs again; the later ones run.
    """
    with resting_rows_known() as failed:
        return _run([clock for clock in clocks() if only is None or clock.name in only], failed, at=at)


def _run(chosen: Sequence[Clock], failed: Collection[str], *, at: datetime) -> dict[str, int]:
    done: dict[str, int] = {}
    recovered = []
    for clock in chosen:
        try:
            # Inside a transaction (a dry run) an error of the database must not end that too.
            with transaction.atomic() if connection.in_atomic_block else nullcontext():
                done[clock.does] = clock.run(at=at)
        except Exception as error:
            done[clock.does] = 0
            rest(clock.name, THE_CLOCK, error, at=at)
        else:
            recovered += [clock.name] if clock.name in failed else []
    if recovered:
        RestingRow.objects.filter(row=THE_CLOCK, clock__in=recovered).delete()
    keep_mark("sweep", at=at)
    return done


def silent_since(*, at: datetime) -> datetime | None:
    """When the clocks ran last, if that is too long ago: then nothing is reminded, escalated or worked off."""
    mark = ClockMark.objects.filter(name="sweep").first()
    return mark.at if mark is not None and at - mark.at > SILENCE_ALLOWED else None
