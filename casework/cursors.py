"""How far a clock has come along a table that grows at its end: the key it reached, kept with its mark."""

from datetime import datetime

from casework.models import ClockMark


def reached(name: str) -> int:
    """The key that this clock reached last; 0 before its first run."""
    return ClockMark.objects.filter(name=name).values_list("reached", flat=True).first() or 0


def reach(name: str, key: int, *, at: datetime) -> None:
    """Keep how far it has come."""
    ClockMark.objects.update_or_create(name=name, defaults={"reached": key, "at": at})
