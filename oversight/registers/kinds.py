"""The kinds of entries that are put right one by one: which of their columns, by whom, and what is refused. A wall has a
page of its own for it, and of a document the next version is published.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from casework.errors import Refusal
from casework.models import Person
from casework.rights.office_table import OfficeAction
from casework.rights.territories import villages_seen_by
from oversight.objects.records import WallUpdate
from oversight.objects.walls import update_refusals
from oversight.pairings.helping import helps_by, pairings_seen_by, visit_refusals
from oversight.pairings.records import HelperVisit
from oversight.practices.queries import practices_seen_by
from oversight.practices.records import Practice, PracticeAdoption
from oversight.practices.spreading import adoption_refusals, may_at, practice_refusals
from oversight.rights import may_enter_for
from oversight.stations.keeping import station_refusals
from oversight.stations.records import Station
from oversight.stations.rights import keeps, stations_seen_by

Said = Mapping[str, Any]


@dataclass(frozen=True)
class Register:
    """`columns` are what may be put right; texts are tidied before `refusals` sees them."""

    title: str | Promise
    model: type[Model]
    columns: tuple[str, ...]
    seen_by: Callable[[Person, date], QuerySet[Any]]
    may_correct: Callable[[Person, Any, date], bool]
    refusals: Callable[[Any, Said, datetime], list[Refusal]]


def _updates(person: Person, on: date) -> QuerySet[WallUpdate]:
    seen = WallUpdate.objects.filter(wall__village__in=villages_seen_by(person, on=on))
    return seen.select_related("wall__object", "wall__village", "by")


def _adoptions(person: Person, on: date) -> QuerySet[PracticeAdoption]:
    seen = PracticeAdoption.objects.filter(practice__in=practices_seen_by(person, on))
    return seen.select_related("practice", "county", "by")


def _visits(person: Person, on: date) -> QuerySet[HelperVisit]:
    seen = HelperVisit.objects.filter(pairing__in=pairings_seen_by(person, on).order_by().values("pk"))
    return seen.select_related("pairing__helper", "by")


REGISTERS = {
    "wall-update": Register(
        _("Update of a clarity wall"),
        WallUpdate,
        ("day", "words"),
        _updates,
        lambda by, one, on: may_enter_for(by, one.wall.village, on),
        lambda one, said, at: update_refusals(one.wall, **said, at=at, own=one),
    ),
    "practice": Register(
        _("Good practice"),
        Practice,
        ("title", "day", "words"),
        practices_seen_by,
        lambda by, one, on: may_at(by, one.unit, OfficeAction.DESCRIBE_PRACTICE, on),
        lambda one, said, at: practice_refusals(one.unit, **said, at=at, own=one),
    ),
    "adoption": Register(
        _("Adoption of a good practice"),
        PracticeAdoption,
        ("day", "words"),
        _adoptions,
        lambda by, one, on: may_at(by, one.county, OfficeAction.ADOPT_PRACTICE, on),
        lambda one, said, at: adoption_refusals(one.practice, **said, at=at),
    ),
    "help": Register(
        _("Visit of a helper unit"),
        HelperVisit,
        ("day", "people", "words"),
        _visits,
        lambda by, one, on: helps_by(by, one.pairing, on),
        lambda one, said, at: visit_refusals(one.pairing, **said, at=at),
    ),
    "station": Register(
        _("Supervision station"),
        Station,
        ("name", "opened_on"),
        stations_seen_by,
        lambda by, one, on: keeps(by, one.unit, on),
        lambda one, said, at: station_refusals(one.unit, name=said["name"], day=said["opened_on"], at=at, own=one),
    ),
}
