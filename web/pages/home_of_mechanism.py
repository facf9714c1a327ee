"""What of the coordination mechanism waits for whoever opens home: for its lead office, and for a member's reporter."""

from typing import Any

from oversight.bulletins.queries import to_sign
from oversight.bulletins.records import Bulletin, BulletinState
from oversight.members.queries import duty_sheets_of_units, without_all_contacts
from oversight.members.records import Mechanism
from oversight.members.rights import mechanism_run_by, units_reported_for
from oversight.reporting.queries import next_reports, period_rows, rates_of
from oversight.reporting.records import Period
from oversight.reporting.report_records import ReportState, UnitReport
from web.requests import Request


def at_the_mechanism(request: Request, most: int) -> dict[str, Any]:
    """The lists of both, `most` rows of each and one more where there are more. Nothing is asked for anybody else."""
    person, on = request.user, request.on
    mechanism = mechanism_run_by(person, on)
    units = units_reported_for(person, on)
    return {
        **(for_the_lead_office(request, mechanism, most) if mechanism else {}),
        "bulletins_to_sign": list(to_sign(person, on)[: most + 1]) if units else [],
        "duties": duty_sheets_of_units(units, on) if units else [],
        "unit_reports": next_reports(units, at=request.at)[:most] if units else [],
    }


def for_the_lead_office(request: Request, mechanism: Mechanism, most: int) -> dict[str, Any]:
    """What it decides on, and how the period stands that runs."""
    running = Period.objects.filter(mechanism=mechanism, campaign="", closes_at__gt=request.at).order_by("first_day")
    periods = list(running[:most])
    rows = period_rows(periods) if periods else []
    handed_in = UnitReport.objects.filter(expected__period__mechanism=mechanism, state=ReportState.SUBMITTED)
    submitted = Bulletin.objects.filter(mechanism=mechanism, state=BulletinState.SUBMITTED)
    return {
        "running_periods": [
            (period, rates_of(row for row in rows if row.expected.period_id == period.pk)) for period in periods
        ],
        "reports_to_decide": list(
            handed_in.select_related("expected__period").order_by("-expected__period__first_day", "expected__order")[
                : most + 1
            ]
        ),
        "bulletins_to_approve": list(submitted.exclude(author=request.user).order_by("pk")[: most + 1]),
        "without_contacts": without_all_contacts(mechanism, request.on)[: most + 1],
    }
