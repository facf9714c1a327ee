"""Whether coordinates lie in the city: by its outline, and without one by what is known of the city so far."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid
from casework.models import Case, Unit
from casework.values.positions import METRES_PER_DEGREE, metres_between, real_position
from oversight.places.geojson import Ring, is_in_china
from oversight.places.queries import newest_places, outline_of

# An outline is drawn coarser than villages lie: so many metres outside are still the edge.
EDGE = 1_000
# Without an outline: the middle of what is known, when that are so many places, and how far from it a city reaches.
FEWEST, CASES, FARTHEST = 10, 500, 100_000

Position = tuple[float, float]


@dataclass(frozen=True)
class CityArea:
    """What is known of where a city lies."""

    city: str
    rings: Sequence[Ring]
    middle: Position | None

    def placed(self, latitude: float | None, longitude: float | None) -> Position:
        """The coordinates, rounded. Refuses with the sentence that says what to do."""
        if latitude is None or longitude is None:
            raise _refusal("half_a_position", _("Give both latitude and longitude."))
        place = real_position(latitude, longitude)
        if place is None:
            raise _refusal(
                "no_place", _("0, 0 and what lies outside the earth is no place. Look up the village's own.")
            )
        if not is_in_china(*place) and is_in_china(longitude, latitude):
            raise _refusal("swapped", _("Latitude and longitude are the wrong way round. Swap the two."))
        if not self._holds(*place):
            sentence = _(
                "This place lies outside %(city)s. Look at both numbers, in degrees: latitude is the smaller one."
            )
            raise _refusal("outside_the_city", sentence % {"city": self.city})
        return place

    def _holds(self, latitude: float, longitude: float) -> bool:
        if not is_in_china(latitude, longitude):
            return False
        if self.rings:
            return is_inside(self.rings, latitude, longitude)
        return self.middle is None or metres_between(latitude, longitude, *self.middle) <= FARTHEST


def city_area(city: Unit, also: Sequence[Position] = ()) -> CityArea:
    """What is known: the outline, else the places of its units, its last cases and `also`, the rows of a file. Three
    queries.
    """
    outline = outline_of(city)
    if outline is not None:
        return CityArea(city.name, outline.rings, None)
    known = list(newest_places(Unit.objects.filter(city.subtree())).values())
    last = Case.objects.filter(city=city).order_by("-id").values_list("latitude", "longitude")[:CASES]
    known += [place for one in last if (place := real_position(*one)) is not None]
    known += [place for one in also if (place := real_position(*one)) is not None and is_in_china(*place)]
    if len(known) < FEWEST:
        return CityArea(city.name, (), None)
    return CityArea(city.name, (), (median(north for north, _e in known), median(east for _n, east in known)))


def is_inside(rings: Sequence[Ring], latitude: float, longitude: float) -> bool:
    """Within one of the rings (a file may draw a city and its counties over one another), or near an edge."""
    return any(_is_crossed(ring, latitude, longitude) for ring in rings) or any(
        _edge_is_near(ring, latitude, longitude) for ring in rings
    )


def _is_crossed(ring: Ring, latitude: float, longitude: float) -> bool:
    """Whether a line from the place to the east crosses the ring an odd number of times."""
    odd = False
    for (east, north), (other_east, other_north) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (north > latitude) != (other_north > latitude):
            at = east + (latitude - north) / (other_north - north) * (other_east - east)
            odd ^= longitude < at
    return odd


def _edge_is_near(ring: Ring, latitude: float, longitude: float) -> bool:
    wide = METRES_PER_DEGREE * math.cos(math.radians(latitude))
    points = [((east - longitude) * wide, (north - latitude) * METRES_PER_DEGREE) for east, north in ring]
    return any(_distance(one, other) <= EDGE for one, other in zip(points, [*points[1:], points[0]], strict=True))


def _distance(one: Position, other: Position) -> float:
    """Of 0, 0 from the line between two points."""
    along_x, along_y = other[0] - one[0], other[1] - one[1]
    length = along_x**2 + along_y**2
    part = 0.0 if not length else min(1.0, max(0.0, -(one[0] * along_x + one[1] * along_y) / length))
    return math.hypot(one[0] + part * along_x, one[1] + part * along_y)


def _refusal(code: str, sentence: object) -> Invalid:
    return Invalid(code, sentence, field="latitude")
