"""The pages of supervision stations and of paired assistance."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from casework.lifecycle.reporting import screen_case
from casework.models import Case, Pairing, Person
from casework.offices.pairings import pair_unit
from casework.stages import Stage
from flows import steps
from oversight.models import HelperVisit, Station, StationReport
from oversight.stations.keeping import add_volunteer, open_station
from tests.cast import Cast
from tests.walk import NOW, TODAY, case_at, photo
from tests.web.test_queries import queries_of

SignedIn = Callable[[Person], Client]


@pytest.fixture(autouse=True)
def _in_english(settings: Any) -> None:
    """Sentences are read as they stand in the code."""
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def station(cast: Cast) -> Station:
    by = {"by": cast.county_supervisor, "at": NOW}
    made = open_station(unit=cast.town, name="柳河监督站", day=TODAY, **by)
    add_volunteer(station=made, name="祝望舒", phone="13900001111", day=TODAY, **by)
    return made


def words(cast: Cast, **changed: Any) -> dict[str, Any]:
    said = {"volunteer": "1", "village": cast.willow.code, "description": "二组明白墙没有更新", "found_on": str(TODAY)}
    return {**said, **changed}


def test_an_office_opens_a_station_and_enters_volunteers(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.county_supervisor)
    for odd in ({"unit": "没有"}, {"unit": "", "name": ""}, {"unit": "村"}, {"unit": cast.reed.code}, {"day": "x"}):
        given = {"unit": "柳河镇", "name": "监督站", "day": str(TODAY), **odd}
        assert client.post("/stations", given).status_code == 422, odd
    sent = client.post("/stations", {"unit": "柳河镇", "name": "监督站", "day": str(TODAY)})
    address = sent["Location"]
    assert address == f"/stations/{Station.objects.get().pk}/volunteers"
    assert client.post(address, {"act": "add", "name": "", "day": str(TODAY)}).status_code == 422
    assert client.post(address, {"act": "add", "name": "邢立本", "day": str(TODAY)}).status_code == 302
    assert client.post(address, {"act": "end", "number": "9", "day": str(TODAY)}).status_code == 404
    assert client.post(address, {"act": "end", "number": "1", "day": "2014-01-01"}).status_code == 422
    assert "邢立本" in client.get(address).content.decode()
    assert client.post(address, {"act": "end", "number": "1", "day": str(TODAY)}).status_code == 302
    assert "邢立本" not in client.get(address).content.decode()
    assert client.post(address, {"act": "close", "day": str(TODAY)}).status_code == 302


def test_the_name_stands_on_no_other_page(cast: Cast, station: Station, signed_in: SignedIn) -> None:
    assert "祝望舒" in signed_in(cast.county_supervisor).get(f"/stations/{station.pk}/volunteers").content.decode()
    for person in (cast.county_supervisor, cast.town_reviewer, cast.volunteer):
        for address in ("/stations", f"/stations/{station.pk}", f"/stations/{station.pk}/report"):
            page = signed_in(person).get(address, follow=True).content.decode()
            assert "祝望舒" not in page and "13900001111" not in page
    assert signed_in(cast.volunteer).get(f"/stations/{station.pk}/volunteers").status_code == 403


def test_a_volunteer_hands_in_and_reads_what_became_of_it(cast: Cast, station: Station, signed_in: SignedIn) -> None:
    client, address = signed_in(cast.volunteer), f"/stations/{station.pk}/report"
    assert client.get("/stations")["Location"] == f"/stations/{station.pk}"
    for odd in ({"volunteer": "2"}, {"description": " "}, {"village": cast.elm.code}, {"found_on": "x"}):
        assert client.post(address, words(cast, **odd)).status_code == 422, odd
    sent = client.post(address, words(cast, photos=[photo(9)], key="0d5f0a3e-5a44-4c43-9d1b-7f5f6d8a1c11"))
    assert sent["Location"] == f"/stations/{station.pk}"
    client.post(address, words(cast, photos=[photo(9)], key="0d5f0a3e-5a44-4c43-9d1b-7f5f6d8a1c11"))
    report = StationReport.objects.get()
    assert (report.case.source, report.case.stage) == ("station", Stage.SCREENING)
    assert "waits for screening" in client.get(f"/stations/{station.pk}").content.decode()
    given = {"case": report.case, "by": cast.county_supervisor, "at": NOW}
    steps.take(screen_case, **given, outcome="refused", reason="已经更新")
    page = client.get(f"/stations/{station.pk}").content.decode()
    assert "not taken up" in page and "已经更新" in page and "volunteer No. 1" in page


def test_the_case_names_nobody_who_reported_it(cast: Cast, station: Station, signed_in: SignedIn) -> None:
    Person.objects.filter(pk=cast.volunteer.pk).update(name="祝春和")
    signed_in(cast.volunteer).post(f"/stations/{station.pk}/report", words(cast))
    number = Case.objects.get().number
    client = signed_in(cast.county_supervisor)
    for address in (f"/cases/{number}", f"/cases/{number}/history"):
        page = client.get(address).content.decode()
        assert "祝春和" not in page, address
    assert "Supervision station" in client.get(f"/cases/{number}").content.decode()


def test_a_village_is_helped_and_the_helper_enters_a_visit(cast: Cast, signed_in: SignedIn) -> None:
    office, helper = signed_in(cast.county_supervisor), signed_in(cast.department_member)
    given = {"helper": str(cast.department.pk), "village": "上柳村", "day": str(TODAY)}
    for odd in (
        {"helper": ""},
        {"helper": str(cast.discipline_unit.pk)},
        {"village": "没有"},
        {"village": ""},
        {"case": "没有"},
        {"day": "x"},
    ):
        assert office.post("/pairings", {**given, **odd}).status_code == 422, odd
    assert office.post("/pairings", given).status_code == 302
    made = Pairing.objects.get()
    assert office.post("/pairings", given).status_code == 422
    address = f"/pairings/{made.pk}"
    case = case_at(Stage.RECTIFICATION, cast)
    assert case.number in helper.get(address).content.decode()
    assert helper.get(f"/cases/{case.number}").status_code == 200
    for odd in ({"people": ""}, {"words": ""}, {"day": str(TODAY + timedelta(days=1))}):
        kept = helper.post(address, {"day": str(TODAY), "people": "甲", "words": "核对票据", **odd})
        assert kept.status_code == 422
    sent = {"day": str(TODAY), "people": "甲", "words": "核对票据", "uploads": [photo(9)]}
    assert helper.post(address, sent).status_code == 302
    visit = HelperVisit.objects.get()
    assert helper.get(f"/pairings/visits/{visit.pk}/files/1").status_code == 200
    assert signed_in(cast.outsider_county).get(f"/pairings/visits/{visit.pk}/files/1").status_code == 404
    assert helper.post(address, {"act": "end", "day": str(TODAY)}).status_code == 403
    assert office.post(address, sent).status_code == 403
    assert office.post(address, {"act": "end", "day": "2020-01-01"}).status_code == 422
    assert office.post(address, {"act": "end", "day": str(TODAY)}).status_code == 302


def test_lists_take_no_more_queries_for_more_rows(cast: Cast, station: Station, signed_in: SignedIn) -> None:
    client = signed_in(cast.county_supervisor)
    signed_in(cast.town_reviewer).post(f"/stations/{station.pk}/report", words(cast))
    few = [len(queries_of(client, address)) for address in ("/stations", "/pairings", f"/stations/{station.pk}")]
    for unit in (cast.willow, cast.poplar, cast.elm):
        open_station(unit=unit, name="站", day=TODAY, by=cast.county_supervisor, at=NOW)
        pair_unit(helper=cast.department, village=unit, day=TODAY, by=cast.county_supervisor, at=NOW)
        signed_in(cast.town_reviewer).post(f"/stations/{station.pk}/report", words(cast))
    many = [len(queries_of(client, address)) for address in ("/stations", "/pairings", f"/stations/{station.pk}")]
    assert many == few
