"""Who can be drawn to go to the villages of an area, and to which towns each of them does not go."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Q

from casework.models import Term, Unit
from casework.models.unit import UnitLevel, on_day
from casework.stages import Role
from casework.watch.prevention import CHECKED
from oversight.spot_checks.frozen_list import ListedInspector

# So long a town stays somebody's own after the last post there.
OWN_FOR = timedelta(days=3 * 365)


def inspectors_of(area: Unit, on: date) -> list[int]:
    """The inspectors of an area and of the units above it, without those who sit in a village or town of its county."""
    around = county_path(area)
    seated = Term.objects.filter(
        on_day(on),
        post__unit__path__gte=around,
        post__unit__path__lt=Unit.path_after(around),
        post__role__in=CHECKED,
    )
    held = Term.objects.exclude(person__in=seated.values("person")).filter(
        on_day(on),
        post__role=Role.INSPECTOR,
        post__unit__path__in=area.ancestor_paths(),
        post__unit__is_active=True,
        person__is_active=True,
    )
    return sorted(set(held.values_list("person", flat=True)))


def county_path(area: Unit) -> str:
    """The path of the county in which a town lies; a county's and a city's own."""
    return area.path[: -Unit.PATH_STEP] if area.level == UnitLevel.TOWN else area.path


def listed_inspectors(area: Unit, keys: Iterable[int], on: date) -> list[ListedInspector]:
    """Those of these people who can be drawn today, each with the own towns. Three queries."""
    able = sorted(set(inspectors_of(area, on)) & set(keys))
    towns = own_towns(able, on)
    return [ListedInspector(key, tuple(sorted(towns[key]))) for key in able]


def own_towns(people: Iterable[int], on: date) -> dict[int, set[str]]:
    """The codes of the towns in which somebody holds a post, in the town or a village of it, or held one within the last
    three years.
    """
    terms = Term.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=on - OWN_FOR),
        Q(valid_from=None) | Q(valid_from__lte=on),
        person__in=list(people),
        post__unit__level__in=(UnitLevel.TOWN, UnitLevel.VILLAGE),
    ).select_related("post__unit__parent")
    found: dict[int, set[str]] = defaultdict(set)
    for term in terms:
        unit = term.post.unit
        town = unit if unit.level == UnitLevel.TOWN else unit.parent
        if town is not None:
            found[term.person_id].add(town.code)
    return found
