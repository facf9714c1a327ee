"""Until when a report can be handed in, and by whom: what the form and the verbs ask alike."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, NotAllowed, Refusal
from casework.models import Person
from casework.values.days_in_words import exact_day
from casework.working_time.deadlines import LOCAL, local_day, midnight
from oversight.members.rights import reports_for
from oversight.reporting.records import ExpectedReport
from oversight.reporting.report_records import ReportState


def closes_at(expected: ExpectedReport) -> datetime:
    """When the form closes for this unit: with the period, or with the newest exception to it."""
    last = expected.exceptions.order_by("-pk").first()
    return last.until if last is not None else expected.period.closes_at


def require_reporter(expected: ExpectedReport, by: Person, at: datetime) -> None:
    if not reports_for(by, expected.unit_id, local_day(at)):
        raise NotAllowed(
            "not_your_unit",
            _("Only whoever reports for %(unit)s writes this report.") % {"unit": expected.unit_name},
        )


def why_closed(expected: ExpectedReport, at: datetime) -> Refusal | None:
    """Why nothing can be written into this report now, or None."""
    period, report = expected.period, getattr(expected, "report", None)
    if at < midnight(period.first_day):
        return Conflict("period_ahead", _("This period begins on %(day)s.") % {"day": exact_day(period.first_day)})
    if report is not None and report.state == ReportState.ACCEPTED:
        return Conflict(
            "accepted", _("This report is accepted. If something in it is wrong, ask the lead office to return it.")
        )
    closed = closes_at(expected)
    if at > closed:
        local = closed.astimezone(LOCAL)
        return Conflict(
            "closed",
            _(
                "The form closed on %(day)s at %(clock)s. Ask the lead office for an exception; what you typed is kept here."
            )
            % {"day": exact_day(local.date()), "clock": f"{local:%H:%M}"},
        )
    return None


def require_open(expected: ExpectedReport, at: datetime) -> None:
    reason = why_closed(expected, at)
    if reason is not None:
        raise reason
