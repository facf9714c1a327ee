"""Which units lie one level below another, for what goes down level by level."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet

from casework.models import Responsibility, Unit
from casework.models.unit import UnitLevel, on_day
from oversight.opinions.records import LEVELS_DOWN

NEXT_LEVEL = {UnitLevel.COUNTY: UnitLevel.TOWN, UnitLevel.TOWN: UnitLevel.VILLAGE}


def goes_on(level: str, reaches: str) -> bool:
    """Whether a unit of this level passes on what is to reach that level. A department has nobody below it."""
    order = [str(one) for one in LEVELS_DOWN]
    return level in NEXT_LEVEL and order.index(level) < order.index(reaches)


def units_below(unit: Unit, on: date) -> QuerySet[Unit]:
    """The units in use one level below: by the tree, and where another county answers for one of them, that county's."""
    if unit.level not in NEXT_LEVEL:
        return Unit.objects.none()
    elsewhere = answered_elsewhere(on)
    condition = Q(parent=unit, level=NEXT_LEVEL[UnitLevel(unit.level)])
    condition &= ~Q(pk__in=[key for key, one in elsewhere.items() if one.above == unit.pk])
    condition |= Q(pk__in=[key for key, one in elsewhere.items() if one.answers == unit.pk])
    return Unit.objects.filter(condition, is_active=True).order_by("path")


def count_below(units: Iterable[int], elsewhere: Mapping[int, "Elsewhere"]) -> dict[int, int]:
    """How many units `units_below` finds for each of these, by their keys. One query."""
    units = set(units)
    next_level = Q(pk__in=())
    for level, below in NEXT_LEVEL.items():
        next_level |= Q(parent__level=level, level=below)
    counted = Unit.objects.filter(next_level, parent__in=units, is_active=True).order_by().values_list("parent")
    found = dict(counted.annotate(number=Count("pk")))
    for one in elsewhere.values():
        for unit, change in ((one.above, -1), (one.answers, 1)):
            if unit in units:
                found[unit] = found.get(unit, 0) + change
    return found


class Elsewhere(NamedTuple):
    """The unit above a town or village by the tree, and the county that answers for it instead."""

    above: int | None
    answers: int


def answered_elsewhere(on: date) -> dict[int, Elsewhere]:
    """The towns and villages in use for which another county answers than the one above them: a few in a city."""
    found = Responsibility.objects.filter(
        on_day(on),
        responsible__level=UnitLevel.COUNTY,
        territory__level__in=(UnitLevel.TOWN, UnitLevel.VILLAGE),
        territory__is_active=True,
    ).select_related("territory", "responsible")
    return {
        one.territory_id: Elsewhere(one.territory.parent_id, one.responsible_id)
        for one in found
        if not one.territory.path.startswith(one.responsible.path)
    }
