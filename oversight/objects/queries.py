"""Walls with the day of their last update, and which were not updated for a quarter."""

import calendar
from datetime import date

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Substr

from casework.models import Unit
from casework.models.unit import UnitLevel
from oversight.objects.records import Wall, WallState, WallUpdate

QUARTER = 3  # months


def quarter_before(on: date) -> date:
    """The same day three months earlier, or the last one of that month."""
    year, month = (on.year, on.month - QUARTER) if on.month > QUARTER else (on.year - 1, on.month + 12 - QUARTER)
    return date(year, month, min(on.day, calendar.monthrange(year, month)[1]))


def walls_in(villages: QuerySet[Unit]) -> QuerySet[Wall]:
    """The walls of these villages, each with `updated_on`, the day of its last update. One query."""
    last = WallUpdate.objects.filter(wall=OuterRef("pk")).order_by("-day").values("day")[:1]
    return (
        Wall.objects.filter(village__in=villages)
        .select_related("object", "village__parent__parent")
        .annotate(updated_on=Subquery(last))
        .order_by("village__path", "id")
    )


def standing(walls: QuerySet[Wall]) -> QuerySet[Wall]:
    """Without those that were taken down."""
    return walls.exclude(state=WallState.REMOVED)


def not_updated(walls: QuerySet[Wall], *, on: date) -> QuerySet[Wall]:
    """Those of the standing walls of which no update of the last three months is entered."""
    since = WallUpdate.objects.filter(wall=OuterRef("pk"), day__gte=quarter_before(on))
    return standing(walls).filter(~Exists(since))


def is_out_of_date(wall: Wall, updated_on: date | None, *, on: date) -> bool:
    """Whether the wall is one of `not_updated`."""
    return wall.state != WallState.REMOVED and (updated_on is None or updated_on < quarter_before(on))


def walls_below(unit: Unit, villages: QuerySet[Unit], *, on: date) -> list[tuple[Unit, int, int]]:
    """Of each unit right below one: how many walls stand there, and how many were not updated. Three queries."""
    below = list(Unit.objects.filter(parent=unit, is_active=True).exclude(level=UnitLevel.DEPARTMENT).order_by("path"))
    length = len(unit.path) + Unit.PATH_STEP
    of_area = Wall.objects.filter(village__in=villages).order_by()
    all_of, late_of = (
        dict(found.annotate(area=Substr("village__path", 1, length)).values_list("area").annotate(count=Count("pk")))
        for found in (standing(of_area), not_updated(of_area, on=on))
    )
    return [(one, all_of[one.path], late_of.get(one.path, 0)) for one in below if one.path in all_of]
