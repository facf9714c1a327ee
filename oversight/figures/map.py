"""Units where they lie, with what is open and overdue there: for the map and the table beside it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from casework.models import Unit
from casework.models.unit import UnitLevel
from oversight.figures.below import UnitRow
from oversight.figures.counting import STANDS, Standing
from oversight.figures.records import MonthStanding
from oversight.places.geojson import Ring
from oversight.places.queries import middle_of, newest_places, outline_above, with_places
from oversight.rates import Rate, rate


@dataclass(frozen=True)
class Spot:
    """A unit on the map. Without coordinates of its own it stands in the middle of its villages, or only in the table."""

    unit: Unit
    standing: Standing
    overdue: Rate
    place: tuple[float, float] | None
    is_middle: bool = False
    villages: int = 0
    placed: int = 0

    @property
    def shown(self) -> str:
        """Latitude and longitude as they are read."""
        return f"{self.place[0]:.4f}, {self.place[1]:.4f}" if self.place else ""


@dataclass(frozen=True)
class Map:
    spots: tuple[Spot, ...]
    rings: Sequence[Ring]

    @property
    def placed(self) -> int:
        return sum(one.place is not None for one in self.spots)

    @property
    def without(self) -> int:
        """Of the villages, or of the units shown where these are villages."""
        villages = sum(one.villages - one.placed for one in self.spots)
        return villages if any(one.villages for one in self.spots) else len(self.spots) - self.placed


def map_below(unit: Unit, rows: Sequence[UnitRow]) -> Map:
    """The units one level below. Two queries."""
    inside_of = with_places(Unit.objects.filter(unit.subtree(), is_active=True)).order_by()
    length = len(unit.path) + Unit.PATH_STEP
    places: dict[int, tuple[float, float]] = {}
    counted: Counter[str] = Counter()
    known: dict[str, list[tuple[float, float]]] = {}
    for pk, path, level, latitude, longitude in inside_of.values_list("pk", "path", "level", "latitude", "longitude"):
        counted[path[:length]] += level == UnitLevel.VILLAGE
        if latitude is not None:
            places[pk] = (latitude, longitude)
            if level == UnitLevel.VILLAGE:
                known.setdefault(path[:length], []).append((latitude, longitude))
    spots = []
    for row in rows:
        is_village = row.unit.level == UnitLevel.VILLAGE
        own, inside = places.get(row.unit.pk), known.get(row.unit.path, [])
        spots.append(
            Spot(
                unit=row.unit,
                standing=row.standing,
                overdue=row.overdue,
                place=own or middle_of(inside),
                is_middle=own is None and not is_village,
                villages=0 if is_village else counted[row.unit.path],
                placed=0 if is_village else len(inside),
            )
        )
    return Map(tuple(spots), _rings(unit))


def map_of_villages(unit: Unit, month: date, *, knows_unassigned: bool) -> Map:
    """All villages of a unit. Four queries, however many."""
    villages = Unit.objects.filter(unit.subtree(), level=UnitLevel.VILLAGE, is_active=True)
    places = newest_places(villages)
    rows = MonthStanding.objects.filter(month=month, village__in=villages.order_by().values("pk"))
    stood = {
        key: Standing(*counts)
        for key, *counts in rows.order_by().values_list("village").annotate(*(Sum(name) for name in STANDS))
    }
    spots = []
    for one in villages.order_by("path"):
        standing = stood.get(one.pk, Standing())
        if not knows_unassigned:
            standing = standing.without_unassigned
        share = rate(standing.overdue, standing.assigned)
        spots.append(Spot(unit=one, standing=standing, overdue=share, place=places.get(one.pk)))
    return Map(tuple(spots), _rings(unit))


def _rings(unit: Unit) -> Sequence[Ring]:
    outline = outline_above(unit)
    return outline.rings if outline else ()
