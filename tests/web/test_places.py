"""The pages of coordinates, and the map with its table."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from casework.escalation.sweeping import sweep
from casework.models import Person
from casework.stages import Stage
from oversight.models import CityOutline, UnitPlace
from oversight.places.locating import locate_unit
from tests.cast import Cast
from tests.oversight.test_places import RING, geojson
from tests.walk import NOW, case_at, reported
from tests.web.test_queries import queries_of

SignedIn = Callable[[Person], Client]


@pytest.fixture(autouse=True)
def _in_english(settings: Any) -> None:
    """Sentences are read as they stand in the code."""
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def cases(cast: Cast) -> None:
    case_at(Stage.RECTIFICATION, cast)
    reported(cast, village=cast.poplar)
    sweep(at=NOW)


def test_a_place_is_entered_and_what_is_refused_stays_in_the_form(cast: Cast, signed_in: SignedIn) -> None:
    client, address = signed_in(cast.town_reviewer), f"/places/{cast.willow.code}"
    refused = client.post(address, {"latitude": "0", "longitude": "0"})
    assert refused.status_code == 422 and "Look up the village" in refused.content.decode()
    for odd in ({"latitude": "x", "longitude": "114"}, {"latitude": "", "longitude": "114.5"}, {}, {"latitude": "91"}):
        assert client.post(address, odd).status_code == 422
    kept = client.post(address, {"latitude": "39.9", "longitude": "200"}).content.decode()
    assert 'value="39.9"' in kept
    assert client.post(address, {"latitude": "33.5", "longitude": "114.0"}).status_code == 302
    assert UnitPlace.objects.get().unit_id == cast.willow.pk
    assert "holds now" in client.get(address).content.decode()


def test_others_find_no_such_page(cast: Cast, signed_in: SignedIn) -> None:
    assert signed_in(cast.outsider_town).get(f"/places/{cast.willow.code}").status_code == 404
    for address in ("/places", "/places/import", "/places/outline"):
        assert signed_in(cast.willow_head).get(address).status_code == 403
    assert signed_in(cast.county_supervisor).get("/places/outline").status_code == 403


def test_a_table_comes_back_with_its_reasons(cast: Cast, signed_in: SignedIn) -> None:
    words = "乡镇,村,纬度,经度\n柳河镇,上柳村,33.5,114\n柳河镇,杨树村,,114\n".encode()
    page = signed_in(cast.county_supervisor).post("/places/import", {"file": SimpleUploadedFile("a.csv", words)})
    assert page.context["outcome"].added == 1
    assert "Give both latitude and longitude." in page.content.decode()
    bad = signed_in(cast.county_supervisor).post("/places/import", {"file": SimpleUploadedFile("a.csv", b"a,b\n1,2")})
    assert bad.status_code == 422


def test_the_city_uploads_its_outline_and_the_map_draws_it(cast: Cast, cases: None, signed_in: SignedIn) -> None:
    client = signed_in(cast.city_supervisor)
    assert client.post("/places/outline", {"file": SimpleUploadedFile("a.json", b"{")}).status_code == 422
    assert client.post("/places/outline", {"file": geojson()})["Location"] == f"/figures/{cast.city.code}/map"
    assert CityOutline.objects.get().city_id == cast.city.pk
    page = client.get(f"/figures/{cast.city.code}/map").content.decode()
    assert json.dumps([RING]) in page


def test_the_map_says_where_it_is_open_and_its_table_the_same(cast: Cast, cases: None, signed_in: SignedIn) -> None:
    locate_unit(unit=cast.willow, latitude=33.5, longitude=114.0, by=cast.town_reviewer, at=NOW)
    drawn = signed_in(cast.county_supervisor).get(f"/figures/{cast.county.code}/map")
    spots = {one.unit.pk: one for one in drawn.context["map"].spots}
    assert spots[cast.willow.pk].place == (33.5, 114.0)
    assert spots[cast.willow.pk].standing.open == spots[cast.poplar.pk].standing.open == 1
    page = drawn.content.decode()
    assert page.count("data-latitude") == 1 and "not on the map" in page


def test_a_town_stands_in_the_middle_of_its_villages(cast: Cast, cases: None, signed_in: SignedIn) -> None:
    for unit, north in ((cast.willow, 33.4), (cast.poplar, 33.6)):
        locate_unit(unit=unit, latitude=north, longitude=114.0, by=cast.town_reviewer, at=NOW)
    drawn = signed_in(cast.county_supervisor).get("/figures").context["map"]
    town = next(one for one in drawn.spots if one.unit.pk == cast.town.pk)
    assert town.place == (pytest.approx(33.5), 114.0) and town.is_middle
    assert (town.villages, town.placed, drawn.without) == (2, 2, 1)
    locate_unit(unit=cast.town, latitude=33.3, longitude=114.1, by=cast.county_supervisor, at=NOW)
    drawn = signed_in(cast.county_supervisor).get("/figures").context["map"]
    assert next(one for one in drawn.spots if one.unit.pk == cast.town.pk).place == (33.3, 114.1)


def test_only_ones_own_area_is_on_the_map(cast: Cast, cases: None, signed_in: SignedIn) -> None:
    assert signed_in(cast.outsider_county).get(f"/figures/{cast.county.code}/map").status_code == 404


def test_more_villages_cost_no_more_queries(cast: Cast, cases: None, signed_in: SignedIn) -> None:
    client = signed_in(cast.county_supervisor)
    address = f"/figures/{cast.county.code}/map"
    client.get(address)
    few = len(queries_of(client, address))
    for unit in (cast.willow, cast.poplar, cast.elm):
        locate_unit(unit=unit, latitude=33.5, longitude=114.0, by=cast.county_supervisor, at=NOW)
    assert len(queries_of(client, address)) == few
