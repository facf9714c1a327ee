"""Visits that were made on a phone without a network: taken along with their checklists, and taken in once."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client

from casework.lifecycle.evidence import add_evidence
from casework.models import Case, Evidence, Person
from casework.rights.territories import line_above
from flows import steps
from oversight.models import FoundCase, HeadSignature, ItemAnswer, VillageVisit
from oversight.visits.queries import lines_of
from tests.cast import Cast, make_cast
from tests.oversight.visiting import STROKES, planned_visit
from tests.walk import NOW, TODAY, photo, reported
from tests.web.phones import entry, posted

SignedIn = Callable[[Person], Client]
SIGNED = {"outcome": "signed", "name": "柳大山", "strokes": json.dumps(STROKES), "is_ticked": False, "reason": ""}
REFUSED = {"outcome": "refused", "name": "", "strokes": "", "is_ticked": False, "reason": "不认可第三项。"}


def made(visit: VillageVisit, end: dict[str, Any] = SIGNED, **values: Any) -> dict[str, Any]:
    answers = {str(line.pk): "in_order" for line in lines_of(visit)}
    return {
        "key": str(uuid4()),
        "entered_at": "2026-03-02T01:00:00Z",
        "values": {"visit": visit.pk, "answers": answers, "end": end, **values},
        "files": [],
    }


def handed_in(client: Client, said: dict[str, Any]) -> Any:
    return client.post("/phone/visit", json.dumps(said), content_type="application/json")


def test_planned_visits_travel_along_with_their_checklists(cast: Cast, signed_in: SignedIn, settings: Any) -> None:
    visit = planned_visit(cast)
    planned_visit(cast, village=cast.poplar)
    found = signed_in(cast.inspector).get("/phone/visits").json()
    assert [one["name"] for one in found["visits"]] == ["上柳村", "杨树村"] and not found["has_more_visits"]
    assert [item[0] for item in found["visits"][0]["items"]] == [line.pk for line in lines_of(visit)]
    settings.PHONE_MOST_VISITS = 1
    found = signed_in(cast.inspector).get("/phone/visits").json()
    assert (len(found["visits"]), found["has_more_visits"]) == (1, True)
    assert signed_in(cast.county_supervisor).get("/phone/visits").json()["visits"] == []


def test_it_costs_the_same_for_many_visits(cast: Cast, signed_in: SignedIn, django_assert_max_num_queries: Any) -> None:
    client = signed_in(cast.inspector)
    for village in (cast.willow, cast.poplar, cast.elm, cast.reed):
        planned_visit(cast, village=village, by=cast.city_supervisor)
    with django_assert_max_num_queries(11):
        assert len(client.get("/phone/visits").json()["visits"]) == 4


def test_objects_and_last_photos_of_the_village_travel_along_within_the_cap(
    cast: Cast, signed_in: SignedIn, settings: Any
) -> None:
    for village, name in ((cast.willow, "村口公开栏"), (cast.poplar, "合同台账"), (cast.reed, "外村的栏")):
        case = reported(cast, village=village, object_name=name, by=cast.city_supervisor)
        for n in range(3 if village == cast.willow else 1):
            steps.take(add_evidence, case=case, kind="before", upload=photo(n), by=cast.city_supervisor, at=NOW)
    planned_visit(cast)
    planned_visit(cast, village=cast.poplar)
    client = signed_in(cast.inspector)
    willow, poplar = client.get("/phone/visits").json()["visits"]
    assert (willow["objects"], poplar["objects"]) == (["村口公开栏"], ["合同台账"])
    newest = Evidence.objects.filter(case__village=cast.willow).order_by("-pk")
    assert [one["address"] for one in willow["photos"]] == [f"/evidence/{one.pk}/preview/320" for one in newest]
    assert client.get(willow["photos"][0]["address"]).headers["Content-Type"] == "image/webp"
    assert willow["photos"][0]["words"].startswith(newest[0].case.number) and len(poplar["photos"]) == 1
    settings.PHONE_MOST_PHOTOS = 2
    assert [len(one["photos"]) for one in client.get("/phone/visits").json()["visits"]] == [2, 0]


def test_no_photo_travels_along_of_a_case_that_is_not_seen(cast: Cast, signed_in: SignedIn) -> None:
    case = reported(cast, by=cast.city_supervisor)
    steps.take(add_evidence, case=case, kind="before", upload=photo(1), by=cast.city_supervisor, at=NOW)
    planned_visit(cast)
    Case.objects.update(county=line_above(cast.reed, on=TODAY).county, city=None)
    assert signed_in(cast.inspector).get("/phone/visits").json()["visits"][0]["photos"] == []


def test_the_moments_stand_as_the_phone_states_them_beside_the_servers(
    cast: Cast, signed_in: SignedIn, settings: Any
) -> None:
    settings.LANGUAGE_CODE = "en"
    visit, client = planned_visit(cast), signed_in(cast.inspector)
    said = made(visit, arrived_at="2026-03-01T23:30:00Z")
    assert handed_in(client, {**said, "sent_at": NOW.isoformat()}).status_code == 200
    visit.refresh_from_db()
    stated = [datetime(2026, 3, 1, 23, 30, tzinfo=UTC), datetime(2026, 3, 2, 1, tzinfo=UTC)]
    assert [visit.arrived_stated_at, visit.done_stated_at] == stated
    assert (visit.arrived_at, visit.done_at, visit.clock_off, visit.taken_in_by) == (NOW, NOW, 0, None)
    page = client.get(f"/visits/{visit.pk}").content.decode()
    assert page.count("by the phone's clock") == 2 and "phone's clock was wrong" not in page


def test_a_phone_whose_clock_is_a_year_off_is_marked_on_its_visit(
    cast: Cast, signed_in: SignedIn, settings: Any
) -> None:
    settings.LANGUAGE_CODE = "en"
    visit, client = planned_visit(cast), signed_in(cast.inspector)
    handed_in(client, {**made(visit), "sent_at": "2027-03-02T10:00:00+08:00"})
    visit.refresh_from_db()
    assert (visit.clock_off, visit.arrived_stated_at) == (365 * 24 * 3600, None)
    assert "phone's clock was wrong" in client.get(f"/visits/{visit.pk}").content.decode()


@pytest.mark.parametrize(
    "moment", ["x", None, 7, "2026-03-02", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", []]
)
def test_a_moment_that_no_clock_says_is_left_out(moment: Any, cast: Cast, signed_in: SignedIn) -> None:
    visit = planned_visit(cast)
    said = {**made(visit, arrived_at=moment), "entered_at": moment}
    assert handed_in(signed_in(cast.inspector), said).status_code == 200
    visit.refresh_from_db()
    assert (visit.arrived_stated_at, visit.done_stated_at) == (None, None)


@pytest.mark.parametrize("end", [SIGNED, REFUSED])
def test_a_visit_made_on_the_phone_is_done_once(end: dict[str, Any], cast: Cast, signed_in: SignedIn) -> None:
    visit, client = planned_visit(cast), signed_in(cast.inspector)
    said = made(visit, end)
    for _n in range(3):
        answer = handed_in(client, said)
        assert (answer.status_code, answer.json()["complete"]) == (200, True)
    visit.refresh_from_db()
    assert (visit.state, visit.wrong) == ("done", 0)
    signature = HeadSignature.objects.get()
    assert (signature.outcome, signature.reason) == (end["outcome"], end["reason"])
    assert signature.strokes == (STROKES if end is SIGNED else [])


def test_a_finding_of_the_phone_stands_with_its_visit(cast: Cast, signed_in: SignedIn) -> None:
    visit, client = planned_visit(cast), signed_in(cast.inspector)
    line = lines_of(visit)[2]
    said = made(visit)
    said["values"]["answers"][str(line.pk)] = "finding"
    assert handed_in(client, said).status_code == 422  # its finding is not here yet
    visit.refresh_from_db()
    assert visit.state == "planned" and not ItemAnswer.objects.exists()  # all of it or nothing
    finding = entry(cast, on_visit={"visit": visit.pk, "line": line.pk}, item=line.item.code)
    for _n in range(2):
        posted(client, finding)
    assert FoundCase.objects.get().answer.line == line
    along = client.get("/phone/visits").json()["visits"][0]
    assert along["has_arrived"]
    assert (along["given"], along["reported"]) == ({str(line.pk): "finding"}, [line.pk])
    assert handed_in(client, said).status_code == 200
    visit.refresh_from_db()
    assert (visit.state, visit.wrong, visit.found) == ("done", 1, 1)


def test_a_finding_after_the_end_of_the_visit_is_a_case_by_itself(cast: Cast, signed_in: SignedIn) -> None:
    visit, client = planned_visit(cast), signed_in(cast.inspector)
    handed_in(client, made(visit))
    posted(client, entry(cast, on_visit={"visit": visit.pk, "line": lines_of(visit)[0].pk}))
    assert Case.objects.count() == 1 and not FoundCase.objects.exists()


def test_a_number_that_was_used_for_other_answers_is_a_conflict(cast: Cast, signed_in: SignedIn) -> None:
    visit, client = planned_visit(cast), signed_in(cast.inspector)
    said = made(visit)
    handed_in(client, said)
    said["values"]["answers"][str(lines_of(visit)[0].pk)] = "not_applicable"
    assert handed_in(client, said).status_code == 409
    assert handed_in(client, made(visit)).status_code == 409  # done already, under another number


@pytest.mark.parametrize("place", [{"latitude": 0, "longitude": 0}, {"latitude": 52.5, "longitude": 13.4}])
def test_a_place_that_can_not_be_is_no_hindrance(place: dict[str, Any], cast: Cast, signed_in: SignedIn) -> None:
    visit = planned_visit(cast)
    assert handed_in(signed_in(cast.inspector), made(visit, position=place)).status_code == 200
    visit.refresh_from_db()
    assert visit.is_position_odd is bool(place["latitude"])  # 0, 0 is no place at all


@pytest.mark.parametrize(
    "values",
    [
        {"visit": "x"},
        {"visit": True},
        {"visit": 2**70},
        {"answers": []},
        {"answers": {"x": "in_order"}},
        {"answers": {"1": "odd"}},
        {"end": None},
        {"end": {"outcome": "signed", "name": "柳", "strokes": "[[["}},
        {"end": {**SIGNED, "strokes": 7}},
        {"end": {**REFUSED, "reason": ""}},
    ],
)
def test_what_can_not_be_is_refused_in_a_sentence(values: dict[str, Any], cast: Cast, signed_in: SignedIn) -> None:
    visit = planned_visit(cast)
    said = made(visit)
    said["values"] |= values
    answer = handed_in(signed_in(cast.inspector), said)
    assert 400 <= answer.status_code < 500 and answer.json()["sentence"]
    visit.refresh_from_db()
    assert visit.state == "planned"


def test_a_visit_of_somebody_else_is_refused(cast: Cast, signed_in: SignedIn) -> None:
    assert handed_in(signed_in(cast.county_supervisor), made(planned_visit(cast))).status_code == 403
    assert handed_in(signed_in(cast.outsider_county), made(planned_visit(cast, village=cast.poplar))).status_code == 403


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_visit_sent_twenty_times_at_once_is_done_once() -> None:
    cast = make_cast()
    said = made(planned_visit(cast))

    def once(_n: int) -> int:
        client = Client()
        client.force_login(cast.inspector)
        try:
            return int(handed_in(client, said).status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as pool:
        assert set(pool.map(once, range(20))) == {200}
    assert HeadSignature.objects.count() == 1
