"""What a volunteer saw becomes a report that the office screens; the station is told what becomes of it."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, NotAllowed
from casework.models import Case, Person, Unit
from casework.models.case import Source
from casework.models.office_event import OfficeEventKind
from casework.models.unit import UnitLevel
from casework.office_events import record_office_events
from casework.stages import OPEN, Stage
from casework.working_time.deadlines import local_day
from oversight.stations.records import Station, StationNews, StationReport, StationVolunteer
from oversight.stations.rights import reports_for

# What a station hears of a report: that it was taken up, and how it ended. Of a referral nobody hears: to the station
# such a case is taken up and goes on.
TAKEN_UP = "taken_up"
STATES: dict[str, Any] = {
    Stage.SCREENING: _("waits for screening"),
    TAKEN_UP: _("taken up, and being dealt with"),
    Stage.CLOSED: _("put right and struck off"),
    Stage.REFUSED: _("not taken up"),
    Stage.DUPLICATE: _("known already, goes on under an earlier case"),
    Stage.WITHDRAWN: _("withdrawn by the office"),
}
ENDS_TOLD = (Stage.CLOSED, Stage.REFUSED, Stage.DUPLICATE, Stage.WITHDRAWN)
IN_HAND = tuple(stage for stage in OPEN if stage != Stage.SCREENING)
BATCH = 500


def villages_of(station: Station) -> QuerySet[Unit]:
    """What a station may report about: its village, or the villages of its town."""
    return Unit.objects.filter(station.unit.subtree(), level=UnitLevel.VILLAGE, is_active=True).order_by("path")


def volunteers_of(station: Station, on: date) -> QuerySet[StationVolunteer]:
    """Who reports today, by number alone: nobody is named, not even to this program's pages."""
    rows = station.volunteers.filter(since__lte=on, until=None).order_by("number")
    return rows.only("id", "number", "station_id", "since", "until")


def require_reporter(*, station: Station, volunteer: StationVolunteer | None, by: Person, at: datetime) -> None:
    """Refuse who does not report for the station, and a volunteer who is none of its own today."""
    if station.closed_on is not None:
        raise Conflict("station_closed", _("This station is closed and reports nothing any more."))
    if not reports_for(by, station, local_day(at)):
        raise NotAllowed(
            "not_your_station", _("Reports of a station are handed in by its volunteers, or by its town for them.")
        )
    if volunteer is None or not volunteers_of(station, local_day(at)).filter(pk=volunteer.pk).exists():
        raise Invalid("volunteer_unknown", _("Choose the number of the volunteer who saw it."), field="volunteer")


@transaction.atomic
def link_report(
    *, station: Station, volunteer: StationVolunteer, case: Case, by: Person, at: datetime
) -> StationReport:
    """Say that a case was reported by a volunteer of the station. The same case again changes nothing."""
    require_reporter(station=station, volunteer=volunteer, by=by, at=at)
    known = StationReport.objects.filter(case=case).first()
    if known is not None:
        return known
    if (
        case.reported_by_id != by.pk
        or case.source != Source.STATION
        or not case.village.path.startswith(station.unit.path)
    ):
        raise Invalid("not_its_report", _("This case is no report of the station."))
    return StationReport.objects.create(station=station, volunteer=volunteer, case=case, by=by, at=at)


def tell_stations(*, at: datetime) -> int:
    """Tell each station what became of its reports since: once a state, to those who hold the station's post. Gives how
    many were told; a second run tells nothing.
    """
    told = StationNews.objects.filter(report=OuterRef("pk"))
    ended = Q(case__stage__in=ENDS_TOLD) & ~Exists(told.filter(state=OuterRef("case__stage")))
    taken_up = Q(case__stage__in=IN_HAND) & ~Exists(told)
    due = StationReport.objects.filter(ended | taken_up).select_related("station__unit", "case").order_by("id")[:BATCH]
    count = 0
    for report in due:
        with transaction.atomic():
            state = state_of(report.case)
            _news, is_new = StationNews.objects.get_or_create(report=report, state=state, defaults={"at": at})
            if is_new:
                count += 1
                told_of = (report.station.unit, report.station_id, report.case.number)
                record_office_events(kind=OfficeEventKind.STATION_NEWS, told=[told_of], by=None, at=at)
    return count


def state_of(case: Case) -> str:
    """One of `STATES`."""
    return case.stage if case.stage in STATES else TAKEN_UP


def reports_of(station: Station) -> QuerySet[StationReport]:
    """The newest first, each with its case and the number of who saw it, and nothing else of them."""
    return (
        StationReport.objects.filter(station=station)
        .select_related("case__village", "case__item")
        .annotate(number=F("volunteer__number"))
        .order_by("-id")
    )
