"""Stations are opened and closed, volunteers come and go; who they are is read by the office alone."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, Refusal, refuse
from casework.models import Person, Unit
from casework.models.history import stamped
from casework.models.unit import UnitLevel
from casework.values.plain_text import clean_text
from oversight.mechanisms.corrections import day_refusals
from oversight.stations.records import Station, StationVolunteer
from oversight.stations.rights import require_keeper

LEVELS = (UnitLevel.TOWN, UnitLevel.VILLAGE)
LONGEST_NAME, LONGEST_PERSON, LONGEST_PHONE = 60, 40, 30


@dataclass(frozen=True)
class WhoItIs:
    """For the office alone."""

    number: int
    name: str
    phone: str


@transaction.atomic
def open_station(*, unit: Unit, name: str, day: date, by: Person, at: datetime) -> Station:
    """Open a station of a village or a town. Refuses a second one of the same name there."""
    require_keeper(by, unit, at)
    name = " ".join(clean_text(name).split())
    found = station_refusals(unit, name=name, day=day, at=at)
    if unit.level not in LEVELS or not unit.is_active:
        found.append(Invalid("no_station_unit", _("A station belongs to a village or a town."), field="unit"))
    refuse(found)
    with stamped(step="open_station", by=by, at=at):
        return Station.objects.create(unit=unit, name=name, opened_on=day, by=by, at=at)


def station_refusals(unit: Unit, *, name: str, day: date, at: datetime, own: Station | None = None) -> list[Refusal]:
    """What can't be said of a station; `own` is the one that is put right."""
    found = day_refusals(day, at=at, field="day")
    if not name or len(name) > LONGEST_NAME:
        found.append(Invalid("name_missing", _("Give the station a name of at most 60 characters."), field="name"))
    if (own is None or own.closed_on is None) and Station.objects.filter(unit=unit, name=name, closed_on=None).exclude(
        pk=own.pk if own else 0
    ).exists():
        sentence = _("“%(name)s” is open there already. Give this one another name.")
        found.append(Invalid("name_taken", sentence % {"name": name}, field="name"))
    return found


@transaction.atomic
def close_station(*, station: Station, day: date, by: Person, at: datetime) -> Station:
    """Close it: its volunteers leave with that day, its reports stay."""
    require_keeper(by, station.unit, at)
    locked = Station.objects.select_for_update(no_key=True).get(pk=station.pk)
    if locked.closed_on is not None:
        raise Conflict("closed_already", _("This station is closed already."))
    found = day_refusals(day, at=at, field="day")
    if day < locked.opened_on:
        found.append(Invalid("before_it_opened", _("It opened later than this day. Look at the day."), field="day"))
    refuse(found)
    locked.closed_on = day
    with stamped(step="close_station", by=by, at=at):
        locked.save(update_fields=["closed_on"])
    locked.volunteers.filter(until=None).update(until=day)
    locked.volunteers.update(name="", phone="")
    return locked


@transaction.atomic
def add_volunteer(*, station: Station, name: str, phone: str, day: date, by: Person, at: datetime) -> StationVolunteer:
    """Enter a volunteer under the station's next number. The name and phone stand with the office alone."""
    require_keeper(by, station.unit, at)
    locked = Station.objects.select_for_update(no_key=True).get(pk=station.pk)
    if locked.closed_on is not None:
        raise Conflict("station_closed", _("This station is closed. Open a new one for its volunteers."))
    name, phone = clean_text(name).strip(), clean_text(phone).strip()
    found = day_refusals(day, at=at, field="day")
    if not name or len(name) > LONGEST_PERSON:
        found.append(Invalid("name_missing", _("Give the volunteer's name; only the office reads it."), field="name"))
    if len(phone) > LONGEST_PHONE:
        found.append(Invalid("too_long", _("A phone number has at most 30 characters."), field="phone"))
    refuse(found)
    last = locked.volunteers.aggregate(last=Max("number"))["last"] or 0
    return StationVolunteer.objects.create(
        station=locked, number=last + 1, name=name, phone=phone, since=day, by=by, at=at
    )


@transaction.atomic
def end_volunteer(*, volunteer: StationVolunteer, day: date, by: Person, at: datetime) -> StationVolunteer:
    """A volunteer leaves: the number stays with what was reported under it, the name and phone go."""
    require_keeper(by, volunteer.station.unit, at)
    locked = StationVolunteer.objects.select_for_update(no_key=True).get(pk=volunteer.pk)
    if locked.until is not None:
        raise Conflict("left_already", _("This volunteer has left already."))
    found = day_refusals(day, at=at, field="day")
    if day < locked.since:
        found.append(Invalid("before_it_began", _("The volunteer came later than this day."), field="day"))
    refuse(found)
    locked.until, locked.name, locked.phone = day, "", ""
    locked.save(update_fields=["until", "name", "phone"])
    return locked


def who_it_is(*, station: Station, by: Person, at: datetime) -> list[WhoItIs]:
    """The names and phones of the volunteers of today. Refuses who does not keep the station."""
    require_keeper(by, station.unit, at)
    rows = station.volunteers.filter(until=None).order_by("number")
    return [WhoItIs(*row) for row in rows.values_list("number", "name", "phone")]


def move_stations(*, unit: Unit, successor: Unit, by: Person, at: datetime) -> int:
    """The stations of a unit that is merged go along with it."""
    taken = set(Station.objects.filter(unit=successor, closed_on=None).values_list("name", flat=True))
    stations = list(Station.objects.select_for_update().filter(unit=unit, closed_on=None))
    for one in stations:
        if one.name in taken:
            one.name = f"{unit.name} {one.name}"[:LONGEST_NAME]
        one.unit = successor
        with stamped(step="retire_unit", by=by, at=at):
            one.save(update_fields=["unit", "name"])
    return len(stations)
