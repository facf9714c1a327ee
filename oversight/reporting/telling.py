"""Who hears of a report: its unit, or the lead office."""

from collections.abc import Sequence
from datetime import datetime

from casework.models import Person
from casework.models.office_event import OfficeEventKind
from casework.office_events import record_office_event, record_office_events
from oversight.reporting.records import ExpectedReport


def about(expected: ExpectedReport) -> str:
    """The unit and the days, in words of the record: ISO days are put into the reader's where they are shown."""
    return f"{expected.unit_name} {expected.period.first_day} – {expected.period.last_day}"


def tell_unit(kind: OfficeEventKind, expected: ExpectedReport, *, by: Person | None, at: datetime) -> None:
    record_office_event(kind=kind, unit=expected.unit_id, subject=expected.pk, about=about(expected), by=by, at=at)


def tell_lead_office(kind: OfficeEventKind, expected: ExpectedReport, *, by: Person, at: datetime) -> None:
    lead = expected.period.mechanism.lead_id
    record_office_event(kind=kind, unit=lead, subject=expected.pk, about=about(expected), by=by, at=at)


def tell_late_units(late: Sequence[ExpectedReport], *, at: datetime) -> None:
    told = [(expected.unit_id, expected.pk, about(expected)) for expected in late]
    record_office_events(kind=OfficeEventKind.REPORT_LATE, told=told, by=None, at=at)
