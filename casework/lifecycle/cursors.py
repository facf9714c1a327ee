"""How far a clock has come along a table that grows at its end: the key it reached, kept with its mark."""

from datetime import datetime

from casework.models import ClockMark


def reached(name: str) -> int:
    """The key that this clock reached last; 0 before its first run."""
    known = ClockMark.objects.filter(name__startswith=f"{name} to ").values_list("name", flat=True).first()
    return int(known.rpartition(" ")[2]) if known else 0


def reach(name: str, key: int, *, at: datetime) -> None:
    """Keep how far it has come. Belongs inside a transaction."""
    ClockMark.objects.filter(name__startswith=f"{name} to ").delete()
    ClockMark.objects.create(name=f"{name} to {key}", at=at)
