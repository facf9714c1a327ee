"""How far a clock has come along a table that grows at its end: the key it reached, kept with its mark."""

from datetime import datetime
from typing import Any

from casework.models import ClockMark


def reached(name: str) -> int:
    """The key that this clock reached last; 0 before its first run."""
    return ClockMark.objects.filter(name=name).values_list("reached", flat=True).first() or 0


def reach(name: str, key: int, *, at: datetime) -> None:
    """Keep how far it has come."""
    _keep(name, reached=key, at=at)


def keep_mark(name: str, *, at: datetime) -> None:
    """Keep that it ran."""
    _keep(name, at=at)


def _keep(name: str, **values: Any) -> None:
    # The row is there but for the very first run: changed by one statement and not looked up and locked before.
    if not ClockMark.objects.filter(name=name).update(**values):
        ClockMark.objects.update_or_create(name=name, defaults=values)
