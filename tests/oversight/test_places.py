"""Coordinates of units: taken, refused with what to do, imported by name; the outline of a city."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from casework.errors import Invalid, NotAllowed, Refusal
from casework.models import Unit
from casework.tables.parsing import read_table
from oversight.models import CityOutline, UnitPlace
from oversight.places.inside import is_inside
from oversight.places.locating import PLACE_COLUMNS, draw_outline, import_places, locate_unit
from oversight.places.queries import newest_places
from tests.cast import Cast
from tests.walk import NOW

RING = [[113.5, 33.0], [114.5, 33.0], [114.5, 34.0], [113.5, 34.0], [113.5, 33.0]]


def geojson(rings: Any = None, **said: Any) -> SimpleUploadedFile:
    shape = {"type": "Polygon", "coordinates": [RING] if rings is None else rings, **said}
    whole = {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": shape}]}
    return SimpleUploadedFile("city.geojson", json.dumps(whole).encode())


@pytest.fixture
def outline(cast: Cast) -> CityOutline:
    return draw_outline(city=cast.city, file=geojson(), by=cast.city_supervisor, at=NOW)


def code_of(cast: Cast, latitude: float | None, longitude: float | None) -> str:
    with pytest.raises(Invalid) as refused:
        locate_unit(unit=cast.willow, latitude=latitude, longitude=longitude, by=cast.town_reviewer, at=NOW)
    return refused.value.code


def test_the_newest_counts_and_the_older_stays(cast: Cast, outline: CityOutline) -> None:
    for east in (114.1, 114.2):
        locate_unit(unit=cast.willow, latitude=33.5, longitude=east, by=cast.town_reviewer, at=NOW)
    assert newest_places(Unit.objects.all()) == {cast.willow.pk: (33.5, 114.2)}
    assert UnitPlace.objects.count() == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        UnitPlace.objects.update(latitude=33.6)


def test_what_is_no_place_of_the_city_is_refused(cast: Cast, outline: CityOutline) -> None:
    assert code_of(cast, 0.0, 0.0) == "no_place"
    assert code_of(cast, 33.5, None) == "half_a_position"
    assert code_of(cast, 114.0, 33.5) == "no_place"
    assert code_of(cast, 39.9, 116.4) == "outside_the_city"
    assert code_of(cast, 33.5, 114.6) == "outside_the_city"
    assert code_of(cast, float("nan"), 114.0) == "no_place"
    assert not UnitPlace.objects.exists()


def test_swapped_numbers_are_told_apart(cast: Cast, outline: CityOutline) -> None:
    """Where both are degrees that exist: 45 north and 80 east."""
    assert code_of(cast, 80.0, 45.0) == "swapped"


def test_at_the_edge_is_inside_for_a_kilometre() -> None:
    assert is_inside([RING], 33.5, 114.5 + 0.009)
    assert not is_inside([RING], 33.5, 114.5 + 0.02)
    assert is_inside([RING], 33.9999, 113.6)


def test_without_an_outline_the_middle_of_what_is_known_decides(cast: Cast) -> None:
    rows = "".join(f"柳河镇,上柳村,33.5,{114 + number / 1000}\n" for number in range(10))
    table = read_table(f"乡镇,村,纬度,经度\n{rows}榆林镇,榆钱村,39.9,116.4\n".encode(), PLACE_COLUMNS)
    outcome = import_places(table, by=cast.city_supervisor, at=NOW)
    assert [row.number for row, _reason in outcome.refused][-1] == 12
    assert "澄川市" in outcome.refused[-1][1]


def test_a_table_is_taken_by_names_and_each_refused_row_says_why(cast: Cast, outline: CityOutline) -> None:
    lines = [
        "县区,乡镇,村,纬度,经度",
        "青禾区,柳河镇,上柳村,33.51,114.01",
        "青禾区,柳河镇,杨树村,33.52°,东经114.02",
        "青禾区,柳河镇,无此村,33.5,114.0",
        "青禾区,榆林镇,榆钱村,0,0",
        "青禾区,柳河镇,上柳村,33.53,114.03",
        "云溪县,苇塘镇,芦苇村,33.5,114.0",
        "青禾区,榆林镇,榆钱村,三十三度,114",
        "青禾区,,,33.4,114.1",
    ]
    table = read_table("\n".join(lines).encode(), PLACE_COLUMNS)
    outcome = import_places(table, by=cast.county_supervisor, at=NOW)
    assert (outcome.added, [row.number for row, _reason in outcome.refused]) == (3, [4, 5, 6, 7, 8])
    known = newest_places(Unit.objects.all())
    assert known == {
        cast.willow.pk: (33.51, 114.01),
        cast.poplar.pk: (33.52, 114.02),
        cast.county.pk: (33.4, 114.1),
    }
    again = import_places(table, by=cast.county_supervisor, at=NOW)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 3)


def test_who_stands_below_or_beside_enters_nothing(cast: Cast, outline: CityOutline) -> None:
    for person in (cast.willow_head, cast.outsider_town, cast.outsider_county, cast.inspector):
        with pytest.raises(NotAllowed):
            locate_unit(unit=cast.willow, latitude=33.5, longitude=114.0, by=person, at=NOW)
    with pytest.raises(NotAllowed):
        draw_outline(city=cast.city, file=geojson(), by=cast.county_supervisor, at=NOW)


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (SimpleUploadedFile("x.geojson", b"{"), "no_geojson"),
        (SimpleUploadedFile("x.geojson", b"[1]"), "no_geojson"),
        (SimpleUploadedFile("x.geojson", b'{"type": "FeatureCollection"}'), "no_geojson"),
        (SimpleUploadedFile("x.geojson", b"[" * 100_000), "no_geojson"),
        (geojson([[[114.0, 33.0], ["x", 2], [3, 4], [5, 6]]]), "no_geojson"),
        (geojson(type="LineString"), "no_area"),
        (geojson([]), "no_area"),
        (geojson([[[12_700_000.0, 3_900_000.0]] * 5]), "not_in_degrees"),
        (geojson([[[33.0, 113.5], [34.0, 113.5], [34.0, 114.5], [33.0, 113.5]]]), "not_in_degrees"),
    ],
)
def test_what_is_no_outline_is_refused(file: SimpleUploadedFile, code: str, cast: Cast) -> None:
    file.seek(0)
    with pytest.raises(Refusal) as refused:
        draw_outline(city=cast.city, file=file, by=cast.city_supervisor, at=NOW)
    assert refused.value.code == code
    assert not CityOutline.objects.exists()


def test_a_fine_outline_is_thinned(cast: Cast) -> None:
    side = [[113.5 + number / 20_000, 33.0] for number in range(20_000)]
    made = draw_outline(city=cast.city, file=geojson([[*side, *RING[2:]]]), by=cast.city_supervisor, at=NOW)
    assert 50 < len(made.rings[0]) <= 6_000
    assert is_inside(made.rings, 33.5, 113.6)
