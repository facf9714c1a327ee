"""Where the demo's villages lie: an invented city's outline, coordinates of all villages but two, none of a real place."""

import math
from collections import defaultdict
from datetime import datetime

from casework.models import Unit
from casework.models.unit import UnitLevel
from casework.stages import Role
from oversight.demo.members import CITY_CODE
from oversight.demo.people import Desk, first_holders
from oversight.places.records import CityOutline, UnitPlace

# The middle of the drawing and how far the counties lie from it, in degrees north and east.
NORTH, EAST = 33.6, 114.0
COUNTY_AWAY = (0.24, 0.31)
OUTLINE_AWAY = (0.40, 0.50)
# Half a turn of the golden angle after another: villages lie beside each other and never in rows.
TURN = 2.399963
UNPLACED = 2


def seed(desk: Desk, *, now: datetime) -> None:
    city = Unit.objects.filter(code=CITY_CODE).first()
    officer = first_holders([city], (Role.CITY_SUPERVISOR,)).get(city.pk) if city else None
    if city is None or officer is None:
        return
    counties = list(Unit.objects.filter(city.subtree(), level=UnitLevel.COUNTY).order_by("path"))
    villages: dict[str, list[Unit]] = defaultdict(list)
    for one in Unit.objects.filter(city.subtree(), level=UnitLevel.VILLAGE, is_active=True).order_by("path"):
        villages[one.path[: len(city.path) + Unit.PATH_STEP]].append(one)
    rows = []
    counties = [one for one in counties if villages[one.path]]
    for number, county in enumerate(counties):
        angle = 2 * math.pi * number / len(counties)
        away = 0.0 if number == 0 and len(counties) > 4 else 1.0
        north = NORTH + away * COUNTY_AWAY[0] * math.sin(angle)
        east = EAST + away * COUNTY_AWAY[1] * math.cos(angle)
        for place, village in enumerate(villages[county.path]):
            distance = 0.10 * math.sqrt((place + 0.5) / len(villages[county.path]))
            rows.append(
                UnitPlace(
                    unit=village,
                    latitude=round(north + distance * math.sin(TURN * place), 5),
                    longitude=round(east + 1.2 * distance * math.cos(TURN * place), 5),
                    from_file=True,
                    by=officer,
                    at=now,
                )
            )
    UnitPlace.objects.bulk_create(rows[:-UNPLACED])
    CityOutline.objects.create(city=city, file_name="澄川市界.geojson", rings=[_outline()], by=officer, at=now)


def _outline() -> list[list[float]]:
    ring = []
    for step in range(73):
        angle = 2 * math.pi * (step % 72) / 72
        swell = 1 + 0.06 * math.sin(3 * angle) + 0.04 * math.sin(7 * angle + 1)
        north = NORTH + OUTLINE_AWAY[0] * swell * math.sin(angle)
        ring.append([round(EAST + OUTLINE_AWAY[1] * swell * math.cos(angle), 5), round(north, 5)])
    return ring
