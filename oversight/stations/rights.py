"""Whose stations they are: the offices that keep them, and those who report for one."""

from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed
from casework.models import Person, Unit
from casework.rights.office_table import OfficeAction
from casework.rights.roles import any_of, posts_for
from casework.working_time.deadlines import local_day
from oversight.stations.records import Station


def stations_seen_by(person: Person, on: date) -> QuerySet[Station]:
    """Those at the units of one's posts and below; whoever reports for a village's own station has a post at the village."""
    held = posts_for(person, OfficeAction.SEE_STATIONS, on)
    below = any_of(_below(one.unit_path) for one in held)
    return Station.objects.filter(below).select_related("unit__parent")


def keeps(person: Person, unit: Unit, on: date) -> bool:
    """Whether this person's office keeps the stations of a unit, and knows who the volunteers are."""
    return any(unit.path.startswith(one.unit_path) for one in posts_for(person, OfficeAction.KEEP_STATIONS, on))


def reports_for(person: Person, station: Station, on: date) -> bool:
    """Whether this person hands in what the station's volunteers saw: a volunteer's post there, or the town."""
    held = posts_for(person, OfficeAction.REPORT_FOR_STATION, on)
    return station.closed_on is None and any(station.unit.path.startswith(one.unit_path) for one in held)


def require_keeper(person: Person, unit: Unit, at: datetime) -> None:
    if not keeps(person, unit, local_day(at)):
        raise NotAllowed("not_your_station", _("Stations are kept by the offices of the county and the city."))


def _below(path: str) -> Q:
    return Q(unit__path__gte=path, unit__path__lt=Unit.path_after(path))
