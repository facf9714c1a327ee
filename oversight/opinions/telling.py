"""Who is told of a requirement: the unit that it came to, and once more the unit with which it stays."""

from collections.abc import Sequence
from datetime import datetime

from casework.models import Person
from casework.models.office_event import OfficeEventKind
from casework.office_events import record_office_events
from oversight.opinions.records import Opinion, Requirement


def tell_issued(rows: Sequence[Requirement], opinion: Opinion, *, by: Person, at: datetime) -> None:
    """One statement for as many units as there are."""
    told = [(row.unit_id, row.pk, opinion.requirement) for row in rows]
    record_office_events(kind=OfficeEventKind.REQUIREMENT_ISSUED, told=told, by=by, at=at)


def tell_unanswered(rows: Sequence[Requirement], *, at: datetime) -> None:
    """Those that neither signed nor passed on. A unit that is no longer in use can't be told: then whoever passed it
    on hears that it stays there.
    """
    told = [
        (row.unit_id, row.pk, row.opinion.requirement)
        if row.unit.is_active or row.parent is None
        else (row.parent.unit_id, row.parent.pk, row.opinion.requirement)
        for row in rows
    ]
    record_office_events(kind=OfficeEventKind.REQUIREMENT_LATE, told=dict.fromkeys(told), by=None, at=at)
