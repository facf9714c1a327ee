"""Whether a phone can be where it says: 0, 0 and a place far from all that was found in the city are asked about."""

from django.db.models import QuerySet

from casework.models import Case, Unit
from casework.values.positions import metres_between, real_position

# The positions of the last cases say where the city lies; with fewer than so many, only what is not in China is odd.
CASES, FEWEST = 1000, 10
FARTHEST = 150_000  # metres from their middle: no city of three counties reaches so far
CHINA_NORTH, CHINA_EAST = (3.0, 54.0), (73.0, 136.0)


def is_odd(city: Unit, latitude: float, longitude: float) -> bool:
    """Whether the inspector is asked. A single wrong position in the city's cases moves their middle by nothing."""
    if real_position(latitude, longitude) is None:
        return True
    if not (CHINA_NORTH[0] <= latitude <= CHINA_NORTH[1] and CHINA_EAST[0] <= longitude <= CHINA_EAST[1]):
        return True
    middle = middle_of(Case.objects.filter(city=city))
    return middle is not None and metres_between(latitude, longitude, *middle) > FARTHEST


def middle_of(cases: QuerySet[Case]) -> tuple[float, float] | None:
    """Where a city lies, by the last of its cases; None while there are too few that say so. One query."""
    last = cases.order_by("-id").values_list("latitude", "longitude")[:CASES]
    known = [place for one in last if (place := real_position(*one)) is not None]
    if len(known) < FEWEST:
        return None
    norths, easts = sorted(north for north, _east in known), sorted(east for _north, east in known)
    return norths[len(norths) // 2], easts[len(easts) // 2]
