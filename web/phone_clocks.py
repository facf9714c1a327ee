"""What the clock of a phone said that entered a finding, where it was wrong."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, IntegerField, OuterRef, Subquery, When

from casework.models import PhoneEntry
from casework.models.case_event import EventKind
from casework.phones.clocks import MARKED_FROM


def clock_off_of_report() -> Case:
    """For a query of events: by how much the phone's clock was ahead from which the case was reported."""
    entries = PhoneEntry.objects.filter(case=OuterRef("case"), addition=None).values("clock_off")
    return Case(When(kind=EventKind.REPORTED, then=Subquery(entries[:1])), default=None, output_field=IntegerField())


def phone_clock(event: Any) -> datetime | None:
    """The moment that the phone's clock said then; None where it was right, or no phone reported it."""
    try:
        off = timedelta(seconds=getattr(event, "clock_off", None) or 0)
        return event.at + off if abs(off) >= MARKED_FROM else None
    except OverflowError:
        return None
