"""A unit's coordinates are entered, one by one or from a table; the city's office uploads its outline."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid, NotAllowed, Refusal
from casework.limited_process import LimitExceeded, run_limited
from casework.models import Person, Unit
from casework.models.unit import UnitLevel
from casework.offices.units_meant import UnitsMeant
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from casework.tables.cells import as_plain
from casework.tables.columns import Wanted, cells_of, columns_of
from casework.tables.outcome import Outcome
from casework.tables.parsing import Table
from casework.working_time.deadlines import local_day
from oversight.places.geojson import LARGEST, rings_of
from oversight.places.inside import city_area
from oversight.places.queries import newest_places
from oversight.places.records import CityOutline, UnitPlace

PLACES: Mapping[str, tuple[str, ...]] = {
    "unit_code": ("单位代码", "村代码", "区划代码", "代码", "unit code", "code"),
    "county": ("县区", "县（区）", "县（市、区）", "县市区", "区县"),
    "town": ("乡镇", "乡镇（街道）", "乡（镇）", "镇街", "街道", "所属乡镇"),
    "village": ("村", "村名", "村名称", "村（社区）", "村社区", "行政村", "所属村"),
    "latitude": ("纬度", "北纬", "lat"),
    "longitude": ("经度", "东经", "lng", "lon"),
}
PLACE_COLUMNS = Wanted(PLACES, ("latitude", "longitude", ("unit_code", "village", "town", "county")))
LEVELS = (UnitLevel.CITY, UnitLevel.COUNTY, UnitLevel.TOWN, UnitLevel.VILLAGE)
LONGEST_CELL = 40


@transaction.atomic
def locate_unit(*, unit: Unit, latitude: float | None, longitude: float | None, by: Person, at: datetime) -> UnitPlace:
    """Say where a unit lies. Refuses what lies outside its city; what was said before stays."""
    _require_locator(by, unit, at)
    place = city_area(_city_of(unit)).placed(latitude, longitude)
    return UnitPlace.objects.create(unit=unit, latitude=place[0], longitude=place[1], by=by, at=at)


@transaction.atomic
def import_places(table: Table, *, by: Person, at: datetime) -> Outcome:
    """Take the coordinates of a table's units. The good rows are taken, each other one comes back with its reason; a
    unit whose coordinates stand there already is left as it is.
    """
    columns, unknown = columns_of(table, PLACES, needed=("latitude", "longitude"))
    outcome = Outcome(notes=[f"column not read: {name}" for name in unknown])
    rows = [(row, cells_of(row.cells, columns)) for row in table.rows]
    meant = UnitsMeant([cells for _row, cells in rows], on=local_day(at))
    known = newest_places(Unit.objects.filter(pk__in=meant.keys()))
    held = posts_for(by, OfficeAction.LOCATE_UNITS, local_day(at))
    cities = _Cities([place for _row, cells in rows if (place := _said_well(cells)) is not None])
    taken: list[UnitPlace] = []
    seen: set[int] = set()
    for row, cells in rows:
        try:
            row.require_whole()
            unit = meant.of(cells)
            if unit.level not in LEVELS or not any(unit.path.startswith(one.unit_path) for one in held):
                raise _not_yours()
            place = cities.of(unit).placed(*_said(cells))
            if unit.pk in seen:
                raise Invalid(
                    "unit_twice", _("%(unit)s stands in this file twice. Keep one row.") % {"unit": unit.name}
                )
        except Refusal as refusal:
            outcome.refuse(row, refusal)
            continue
        seen.add(unit.pk)
        if known.get(unit.pk) == place:
            outcome.unchanged += 1
            continue
        if unit.pk in known:
            outcome.changed += 1
        else:
            outcome.added += 1
        taken.append(UnitPlace(unit=unit, latitude=place[0], longitude=place[1], from_file=True, by=by, at=at))
    UnitPlace.objects.bulk_create(taken, batch_size=400)
    return outcome


class _Cities:
    """What is known of the cities of a file's units, each asked for once."""

    def __init__(self, also: list[tuple[float, float]]) -> None:
        self.also = also
        self.areas: dict[str, Any] = {}

    def of(self, unit: Unit) -> Any:
        path = unit.path[: 2 * Unit.PATH_STEP]
        if path not in self.areas:
            self.areas[path] = city_area(_city_of(unit), self.also)
        return self.areas[path]


@transaction.atomic
def draw_outline(*, city: Unit, file: File, by: Person, at: datetime) -> CityOutline:
    """Take a city's outline from a GeoJSON file. From then on what lies outside of it is refused."""
    if not any(held.unit_id == city.pk for held in posts_for(by, OfficeAction.DRAW_OUTLINE, local_day(at))):
        raise NotAllowed("not_the_city_office", _("The city's office uploads the outline."))
    if (file.size or 0) > LARGEST:
        raise Invalid("file_too_large", _("The file has more than 10 MB. Simplify the outline first."), field="file")
    with TemporaryDirectory(prefix="outline-") as folder:
        path = Path(folder) / "outline"
        with path.open("wb") as copy:
            for piece in file.chunks():
                copy.write(piece)
        try:
            rings = run_limited(rings_of, path)
        except LimitExceeded as limit:
            sentence = _("This file takes too long to read. Simplify the outline first.")
            raise Invalid("outline_too_fine", sentence, field="file") from limit
    return CityOutline.objects.create(city=city, file_name=(file.name or "")[-120:], rings=rings, by=by, at=at)


def _require_locator(by: Person, unit: Unit, at: datetime) -> None:
    held = posts_for(by, OfficeAction.LOCATE_UNITS, local_day(at))
    if unit.level not in LEVELS or not any(unit.path.startswith(one.unit_path) for one in held):
        raise _not_yours()


def _not_yours() -> NotAllowed:
    return NotAllowed(
        "not_your_unit", _("Coordinates are entered by the offices above the unit: town, county or city.")
    )


def _city_of(unit: Unit) -> Unit:
    found = Unit.objects.filter(path__in=unit.ancestor_paths(), level=UnitLevel.CITY).first()
    if found is None:
        raise Invalid("no_city", _("This unit lies in no city. Ask the administrator to complete the units."))
    return found


def _said(cells: Mapping[str, Any]) -> tuple[float | None, float | None]:
    return _degrees(cells.get("latitude")), _degrees(cells.get("longitude"))


def _said_well(cells: Mapping[str, Any]) -> tuple[float, float] | None:
    with suppress(Invalid):
        latitude, longitude = _said(cells)
        if latitude is not None and longitude is not None:
            return latitude, longitude
    return None


def _degrees(cell: Any) -> float | None:
    """33.58, 33.58° or 33.58°N as a number; None for an empty cell."""
    words = as_plain(cell)[:LONGEST_CELL].strip()
    plain = words.strip("NSEWnsew北东纬经度° ")
    if not words:
        return None
    try:
        return float(plain)
    except ValueError as error:
        sentence = _("“%(words)s” is no coordinate. Write degrees with decimals, such as 33.5812.")
        raise Invalid("no_degrees", sentence % {"words": words}, field="latitude") from error
