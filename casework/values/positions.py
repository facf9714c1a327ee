"""Places on the earth: what counts as one, and how far two are apart."""

import math

METRES_PER_DEGREE = 111_320
# A tenth of a centimetre; what is finer is noise, and -0.0 and 1e-320 would not come back from a database as they went.
PLACES = 7


def real_position(latitude: float | None, longitude: float | None) -> tuple[float, float] | None:
    """Degrees north and east, rounded; None for what is no place: a part missing, outside the earth, not a number, or
    0, 0, which phones write that have not found theirs.
    """
    if latitude is None or longitude is None or not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return None
    place = rounded(latitude), rounded(longitude)
    return place if any(place) else None


def rounded(degrees: float) -> float:
    """A latitude or longitude as it is stored and sealed: every database gives back what it was given."""
    return round(degrees, PLACES) + 0.0


def metres_between(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """On a plane through both places: good to a few metres within a county."""
    north = (latitude - other_latitude) * METRES_PER_DEGREE
    east = (longitude - other_longitude) * METRES_PER_DEGREE * math.cos(math.radians((latitude + other_latitude) / 2))
    return math.hypot(north, east)
