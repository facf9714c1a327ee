"""The clock of the reports: opens the next period when it begins, and reminds units whose report is late, once."""

from datetime import datetime

from django.db.models import Q

from casework.clocks.resting import each
from casework.models.resting_row import ClockName
from oversight.reporting.next_period import due_periods, open_next
from oversight.reporting.records import ExpectedReport
from oversight.reporting.report_records import ReportReminder
from oversight.reporting.telling import tell_late_units


def keep_periods(*, at: datetime) -> int:
    """Do what is due for each period; gives for how many that was. One that can't be done rests, the others go on."""
    due = {one.last.pk: one for one in due_periods(at)}
    late = late_units(at)

    def work(period: int) -> None:
        if period in due:
            open_next(due[period], at=at)
        remind(late.get(period, []), at=at)

    return each(ClockName.REPORTING, sorted({*due, *late}), work, at=at, key=lambda period: period)


def late_units(at: datetime) -> dict[int, list[ExpectedReport]]:
    """By period whose limit has passed without a report, while their form is still open, and who was not reminded."""
    is_open = Q(period__closes_at__gte=at) | Q(exceptions__until__gte=at)
    late = ExpectedReport.objects.filter(
        is_open, period__on_time_until__lt=at, report=None, reminder=None, unit__is_active=True
    )
    found: dict[int, list[ExpectedReport]] = {}
    for expected in late.select_related("period").order_by("pk").distinct():
        found.setdefault(expected.period_id, []).append(expected)
    return found


def remind(late: list[ExpectedReport], *, at: datetime) -> None:
    # The key of a reminder is its report's: of two workers one reminds.
    ReportReminder.objects.bulk_create(ReportReminder(expected=one, at=at) for one in late)
    tell_late_units(late, at=at)
