"""Who runs a mechanism, who reports for a member, and who reads what is reported: predicates and querysets side by side."""

from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed
from casework.models import Person
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from casework.working_time.deadlines import local_day
from oversight.members.records import Mechanism
from oversight.reporting.records import ExpectedReport


def mechanism_run_by(person: Person, on: date) -> Mechanism | None:
    """The mechanism that this person's lead office runs; the first one of somebody who sits in two."""
    units = [held.unit_id for held in posts_for(person, OfficeAction.RUN_MECHANISM, on)]
    return Mechanism.objects.select_related("lead").filter(lead__in=units).order_by("pk").first() if units else None


def runs(person: Person, mechanism: Mechanism, on: date) -> bool:
    return any(held.unit_id == mechanism.lead_id for held in posts_for(person, OfficeAction.RUN_MECHANISM, on))


def require_lead(person: Person, mechanism: Mechanism, at: datetime) -> None:
    if not runs(person, mechanism, local_day(at)):
        raise NotAllowed("not_the_lead_office", _("Only the lead office of this mechanism does that."))


def units_reported_for(person: Person, on: date) -> list[int]:
    """The units for which this person hands in reports today."""
    return [held.unit_id for held in posts_for(person, OfficeAction.REPORT_FOR_UNIT, on)]


def reports_for(person: Person, unit_id: int, on: date) -> bool:
    return unit_id in units_reported_for(person, on)


def reports_seen_by(person: Person, on: date) -> QuerySet[ExpectedReport]:
    """The reports, there or not, that this person may read: all of a mechanism whose lead office sees it, and those of
    the units that one reports for or whose county office one sits in.
    """
    seeing = [held.unit_id for held in posts_for(person, OfficeAction.SEE_MECHANISM, on)]
    own = [*seeing, *units_reported_for(person, on)]
    seen = Q(period__mechanism__lead__in=seeing) | Q(unit__in=own)
    return ExpectedReport.objects.filter(seen)
