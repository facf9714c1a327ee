"""The newest coordinates of units, and the outline of a city."""

from collections.abc import Iterable
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from casework.models import Unit
from oversight.places.records import CityOutline, UnitPlace


def with_places(units: QuerySet[Unit]) -> QuerySet[Any]:
    """Each with `latitude` and `longitude`, or None."""
    newest = UnitPlace.objects.filter(unit=OuterRef("pk")).order_by("-id")
    return units.annotate(
        latitude=Subquery(newest.values("latitude")[:1]), longitude=Subquery(newest.values("longitude")[:1])
    )


def newest_places(units: QuerySet[Unit]) -> dict[int, tuple[float, float]]:
    """Latitude and longitude by the unit's key, of those that have them. One query."""
    found: dict[int, tuple[float, float]] = {}
    rows = UnitPlace.objects.filter(unit__in=units.order_by()).order_by("id")
    for unit, latitude, longitude in rows.values_list("unit", "latitude", "longitude"):
        found[unit] = (latitude, longitude)
    return found


def outline_of(city: Unit) -> CityOutline | None:
    return CityOutline.objects.filter(city=city).order_by("-id").first()


def outline_above(unit: Unit) -> CityOutline | None:
    """That of the city in which a unit lies."""
    return CityOutline.objects.filter(city__path__in=unit.ancestor_paths()).order_by("-id").first()


def middle_of(places: Iterable[tuple[float, float]]) -> tuple[float, float] | None:
    """The mean of several places; None of none."""
    known = list(places)
    if not known:
        return None
    return sum(north for north, _e in known) / len(known), sum(east for _n, east in known) / len(known)
