"""Which units answer for a village, and which villages are whose: by the tree, and by what other counties answer for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from casework.models import Person, Responsibility, Unit
from casework.models.unit import UnitLevel, on_day
from casework.rights import roles
from casework.rights.held_posts import Held
from casework.rights.office_table import OfficeAction


@dataclass(frozen=True)
class Line:
    """The units above a village: those that answer for a case found there."""

    town: Unit | None
    county: Unit | None
    city: Unit | None


def line_above(village: Unit, *, on: date) -> Line:
    """Town and city by the tree, the county by the responsibility of the day (nearest first), else by the tree."""
    return _lines([village], _responsibilities(village, on))[village.pk]


def lines_above(villages: Iterable[Unit], *, on: date) -> dict[int, Line]:
    """`line_above` of many villages by their keys: two queries."""
    villages = list(villages)
    return _lines(villages, _responsibilities_at({path for one in villages for path in one.ancestor_paths()}, on))


def _lines(villages: Iterable[Unit], responsibilities: Iterable[Responsibility]) -> dict[int, Line]:
    paths_of = {village.pk: village.ancestor_paths() for village in villages}
    paths = {path for paths in paths_of.values() for path in paths}
    units = {unit.path: unit for unit in Unit.objects.filter(path__in=paths)}
    responsible = {one.territory.path: one.responsible for one in responsibilities}
    return {pk: _line(above, units, responsible) for pk, above in paths_of.items()}


def _responsibilities_at(paths: Iterable[str], on: date) -> list[Responsibility]:
    return list(
        Responsibility.objects.filter(
            on_day(on), territory__path__in=paths, responsible__level=UnitLevel.COUNTY
        ).select_related("territory", "responsible")
    )


def _responsibilities(village: Unit, on: date) -> list[Responsibility]:
    """Which counties answer for the village's own line, by one query for a village object and day: a report asks
    whether its reporter may, as whom, and for the line itself.
    """
    known: dict[date, list[Responsibility]] = village.__dict__.setdefault("_responsibilities", {})
    if on not in known:
        known[on] = _responsibilities_at(village.ancestor_paths(), on)
    return known[on]


def _line(paths: list[str], units: dict[str, Unit], responsible: dict[str, Unit]) -> Line:
    by_level = {units[path].level: units[path] for path in paths if path in units}
    nearest = next((responsible[path] for path in reversed(paths) if path in responsible), None)
    return Line(
        town=by_level.get(UnitLevel.TOWN),
        county=nearest or by_level.get(UnitLevel.COUNTY),
        city=by_level.get(UnitLevel.CITY),
    )


def villages_under(paths_and_ids: list[tuple[str, int]], *, on: date) -> QuerySet[Unit]:
    """The villages that belong to some units today: their subtrees, without what another county answers for, and with
    what they answer for elsewhere.
    """
    now = Responsibility.objects.filter(on_day(on), responsible__level=UnitLevel.COUNTY)
    condition = Q(pk__in=())
    for path, unit_id in paths_and_ids:
        inside = Q(path__gte=path, path__lt=Unit.path_after(path))
        if unit_id and Unit.objects.filter(pk=unit_id, level=UnitLevel.COUNTY).exists():
            for territory_path in (
                now.filter(territory__path__startswith=path)
                .exclude(responsible=unit_id)
                .values_list("territory__path", flat=True)
            ):
                inside &= ~Q(path__gte=territory_path, path__lt=Unit.path_after(territory_path))
            for territory_path in now.filter(responsible=unit_id).values_list("territory__path", flat=True):
                inside |= Q(path__gte=territory_path, path__lt=Unit.path_after(territory_path))
        condition |= inside
    return Unit.objects.filter(condition, level=UnitLevel.VILLAGE, is_active=True)


def villages_of(person: Person, action: OfficeAction, *, on: date) -> QuerySet[Unit]:
    """The villages for which this person may do this: those under the posts that `roles.posts_for` finds, for a post of
    a department those under the unit that it belongs to.
    """
    held = {_place_of(post) for post in roles.posts_for(person, action, on)}
    return villages_under(sorted(held), on=on)


def _place_of(post: Held) -> tuple[str, int]:
    """The path, and the county whose place it is; 0 for any other unit, which answers for its own subtree alone."""
    if post.unit_level != UnitLevel.DEPARTMENT:
        return post.unit_path, post.unit_id if post.unit_level == UnitLevel.COUNTY else 0
    return post.unit_path[: -Unit.PATH_STEP], 0  # a department stands below no county that answers elsewhere


def villages_reportable_by(person: Person, *, on: date) -> QuerySet[Unit]:
    """The villages for which this person may report a problem."""
    return villages_of(person, OfficeAction.REPORT, on=on)


def reports_only_itself(person: Person, village: Unit, *, on: date) -> bool:
    """Whether this person reports for the village as its own committee and by no other post."""
    return not covers(person, OfficeAction.FIND, village, on=on)


def may_report_for(person: Person, village: Unit, *, on: date) -> bool:
    """Whether the village is one of `villages_reportable_by`."""
    return covers(person, OfficeAction.REPORT, village, on=on)


def covers(person: Person, action: OfficeAction, village: Unit, *, on: date) -> bool:
    """Whether the village is one of `villages_of`: the predicate beside the query."""
    if village.level != UnitLevel.VILLAGE or not village.is_active:
        return False
    places = [_place_of(post) for post in roles.posts_for(person, action, on)]
    return any(_belongs(village, path, county, on) for path, county in places)


def _belongs(village: Unit, path: str, county: int, on: date) -> bool:
    """Whether the village is one of `villages_under` this one place."""
    inside = village.path.startswith(path)
    if not county:
        return inside
    answering = _responsibilities(village, on)
    if any(one.responsible_id == county for one in answering):
        return True
    return inside and not any(one.territory.path.startswith(path) for one in answering)


def villages_seen_by(person: Person, *, on: date) -> QuerySet[Unit]:
    """The villages whose page this person may open."""
    return villages_of(person, OfficeAction.SEE_VILLAGES, on=on)
