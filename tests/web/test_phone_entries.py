"""Entries of phones: taken once, refused in JSON, whole only when each photo is there by its hash (promises 17, 18)."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client

from casework.models import Case, Evidence, Person, PhoneEntry, PhoneFile
from oversight.visits.positions import FARTHEST, FEWEST
from tests.cast import Cast, make_cast
from tests.walk import NOW, TODAY, photo, reported
from tests.web.phones import entry, posted, sent

SignedIn = Callable[[Person], Client]


def test_an_entry_becomes_a_case_in_the_words_of_the_phone(cast: Cast, signed_in: SignedIn) -> None:
    said = entry(cast)
    said["values"]["position"] = {"latitude": 30.1234567, "longitude": 104.5, "accuracy": 12}
    answer = posted(signed_in(cast.inspector), said)
    case = Case.objects.get()
    assert (answer.status_code, answer.json()["number"], answer.json()["complete"]) == (200, case.number, True)
    assert (case.village, case.description, case.found_on) == (cast.willow, said["values"]["description"], TODAY)
    assert (case.latitude, case.longitude, case.reported_by) == (30.1234567, 104.5, cast.inspector)
    assert PhoneEntry.objects.get().manifest["values"]["position"]["accuracy"] == 12


def test_an_entry_sent_again_changes_nothing(cast: Cast, signed_in: SignedIn) -> None:
    said = entry(cast, [photo(1)])
    client = signed_in(cast.inspector)
    answers = [posted(client, {**said, "sent_at": f"2026-03-02T10:00:0{n}+08:00"}).json() for n in range(3)]
    assert {one["number"] for one in answers} == {Case.objects.get().number}
    assert PhoneFile.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_entry_sent_twenty_times_at_once_is_one_case() -> None:
    cast = make_cast()
    said = entry(cast, [photo(1)], found_on="2026-03-01")

    def once(_n: int) -> Any:
        client = Client()
        client.force_login(cast.inspector)
        try:
            return posted(client, said)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(once, range(20)))
    assert {(one.status_code, one.json()["number"]) for one in answers} == {(200, Case.objects.get().number)}
    assert (PhoneEntry.objects.count(), PhoneFile.objects.count()) == (1, 1)


@pytest.mark.parametrize("key", [None, "", 7, "1234", "g" * 36])
def test_an_entry_without_a_number_is_refused(key: Any, cast: Cast, signed_in: SignedIn) -> None:
    answer = posted(signed_in(cast.inspector), {**entry(cast), "key": key})
    assert (answer.status_code, answer.json()["code"]) == (400, "key_missing")
    assert not Case.objects.exists()


def test_a_used_number_with_other_content_is_a_conflict(cast: Cast, signed_in: SignedIn) -> None:
    client, said = signed_in(cast.inspector), entry(cast)
    posted(client, said)
    other = {**said, "values": {**said["values"], "description": "另外一件事,在村口。"}}
    answer = posted(client, other)
    assert (answer.status_code, answer.json()["code"]) == (409, "entry_used")
    assert Case.objects.get().description == said["values"]["description"]


def test_somebody_elses_number_is_a_conflict_and_names_no_case(cast: Cast, signed_in: SignedIn) -> None:
    said = entry(cast)
    posted(signed_in(cast.inspector), said)
    answer = posted(signed_in(cast.county_supervisor), said)
    assert answer.status_code == 409
    assert Case.objects.get().number not in answer.json()["sentence"]


def test_the_report_doors_refusals_come_with_their_fields(cast: Cast, signed_in: SignedIn) -> None:
    said = entry(cast, village=cast.reed.code)
    answer = posted(signed_in(cast.town_reviewer), said)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["village"])
    said = entry(cast, found_on="2027-03-01")
    answer = posted(signed_in(cast.inspector), said)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["found_on"])
    assert not Case.objects.exists()


def test_a_position_at_zero_is_kept_as_it_was_said_and_measured_from_by_nobody(cast: Cast, signed_in: SignedIn) -> None:
    said = entry(cast)
    said["values"]["position"] = {"latitude": 0, "longitude": 0, "accuracy": 9}
    assert posted(signed_in(cast.inspector), said).status_code == 200
    assert (Case.objects.get().latitude, Case.objects.get().longitude) == (None, None)
    assert PhoneEntry.objects.get().manifest["values"]["position"]["latitude"] == 0


def test_a_clock_that_is_a_year_off_is_marked(cast: Cast, signed_in: SignedIn) -> None:
    answer = posted(signed_in(cast.inspector), {**entry(cast), "sent_at": "2027-03-02T10:00:00+08:00"})
    assert answer.json()["clock_off"] == PhoneEntry.objects.get().clock_off == 365 * 24 * 3600


def test_a_wrong_clock_stands_in_the_cases_timeline(cast: Cast, signed_in: SignedIn, settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"
    client = signed_in(cast.inspector)
    for sent_at, is_marked in (("2027-03-02T10:00:00+08:00", True), ("2026-03-02T10:20:00+08:00", False)):
        number = posted(client, {**entry(cast), "sent_at": sent_at}).json()["number"]
        page = client.get(f"/cases/{number}").content.decode()
        assert ("clock was wrong" in page) is is_marked


@pytest.mark.parametrize("year", [2025, 2027])
def test_a_day_that_a_wrong_clock_gave_is_put_right(year: int, cast: Cast, signed_in: SignedIn) -> None:
    client, clock = signed_in(cast.inspector), {"sent_at": f"{year}-03-02T10:00:00+08:00"}
    said = {**entry(cast, found_on=f"{year}-03-02"), "entered_at": f"{year}-03-02T01:00:00Z", **clock}
    posted(client, said)
    assert Case.objects.get().found_on == TODAY
    assert PhoneEntry.objects.get().manifest["values"]["found_on"] == f"{year}-03-02"
    chosen = {**entry(cast, found_on="2024-12-30"), "entered_at": f"{year}-03-02T01:00:00Z", **clock}
    posted(client, chosen)
    assert Case.objects.filter(found_on="2024-12-30").count() == 1


def test_a_clock_that_went_wrong_after_the_entry_moves_no_day_ahead(cast: Cast, signed_in: SignedIn) -> None:
    said = {**entry(cast), "entered_at": "2026-03-02T01:00:00Z", "sent_at": "2025-03-02T10:00:00+08:00"}
    answer = posted(signed_in(cast.inspector), said)
    assert (answer.status_code, answer.json()["clock_off"]) == (200, -365 * 24 * 3600)
    assert Case.objects.get().found_on == TODAY


def test_a_position_far_from_the_city_is_kept_and_measured_from_by_nobody(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.inspector)
    for n in range(FEWEST):
        reported(cast, latitude=30.1 + n / 1000, longitude=104.5)
    places = {"near": (30.2, 104.6), "far": (22.5, 114.0), "abroad": (52.5, 13.4)}
    for name, (latitude, longitude) in places.items():
        said = entry(cast, description=f"{name}:公开栏空着。")
        said["values"]["position"] = {"latitude": latitude, "longitude": longitude, "accuracy": 9, "confirmed": True}
        assert posted(client, said).status_code == 200
    measured = Case.objects.filter(phone_entries__isnull=False).order_by("pk").values_list("latitude", flat=True)
    assert list(measured) == [30.2, None, None]
    kept = [one.manifest["values"]["position"]["latitude"] for one in PhoneEntry.objects.order_by("case")]
    assert kept == [30.2, 22.5, 52.5]


def test_the_phone_is_told_where_its_city_lies(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.inspector)
    assert client.get("/phone/area").json()["middle"] is None
    for n in range(FEWEST):
        reported(cast, latitude=30.1, longitude=104.5 + n / 1000)
    assert client.get("/phone/area").json()["middle"] == {
        "latitude": 30.1,
        "longitude": 104.505,
        "farthest": FARTHEST,
    }


def test_a_photo_too_large_costs_only_itself(cast: Cast, signed_in: SignedIn) -> None:
    said = entry(cast, [photo(1), photo(2)])
    said["files"][0]["size"] = 60 * 1024 * 1024
    client = signed_in(cast.inspector)
    answer = posted(client, said).json()
    assert [one["state"] for one in answer["files"]] == ["refused", "arriving"]
    assert answer["files"][0]["code"] == "file_too_large"
    assert Case.objects.count() == 1


def test_an_entry_is_complete_when_each_photo_is_evidence_by_its_hash(cast: Cast, signed_in: SignedIn) -> None:
    pictures = [photo(1), photo(2)]
    client, said = signed_in(cast.inspector), entry(cast, pictures)
    assert posted(client, said).json()["complete"] is False
    sent(client, said["files"][0]["key"], pictures[0].read())
    assert client.get(f"/phone/entries/{said['key']}").json()["complete"] is False
    sent(client, said["files"][1]["key"], pictures[1].read())
    answer = client.get(f"/phone/entries/{said['key']}").json()
    assert (answer["complete"], [one["state"] for one in answer["files"]]) == (True, ["kept", "kept"])
    assert [one["sha256"] for one in answer["files"]] == [one["sha256"] for one in said["files"]]
    assert Evidence.objects.filter(case=Case.objects.get(), kind="before").count() == 2


def test_whoever_is_signed_out_is_told_in_json(cast: Cast) -> None:
    answer = posted(Client(), entry(cast))
    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")


def test_an_entry_of_somebody_else_is_not_there(cast: Cast, signed_in: SignedIn) -> None:
    said = entry(cast)
    posted(signed_in(cast.inspector), said)
    assert signed_in(cast.county_supervisor).get(f"/phone/entries/{said['key']}").status_code == 403


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b'{"key": 1e999}', b'{"a": NaN}', b"\xff\xfe", b"[" * 100_000, b'{"key": "\\ud800"}', b"null"],
)
def test_what_can_not_be_read_is_refused(body: bytes, cast: Cast, signed_in: SignedIn) -> None:
    answer = signed_in(cast.inspector).post("/phone/entries", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["sentence"]


def test_a_form_is_no_entry(cast: Cast, signed_in: SignedIn) -> None:
    for address in ("/phone/entries", "/phone/queue"):
        answer = signed_in(cast.inspector).post(address, {"key": str(uuid4())})
        assert (answer.status_code, answer.json()["code"]) == (400, "unreadable")


@pytest.mark.parametrize(
    "more",
    [
        {"values": []},
        {"files": {}},
        {"files": [7]},
        {"files": [{"key": str(uuid4()), "size": "9", "sha256": "0" * 64}]},
        {"files": [{"key": str(uuid4()), "size": -1, "sha256": "0" * 64}]},
    ],
)
def test_wrong_shapes_are_refused(more: dict[str, Any], cast: Cast, signed_in: SignedIn) -> None:
    assert posted(signed_in(cast.inspector), {**entry(cast), **more}).status_code == 400
    assert not Case.objects.exists()


def test_a_photo_of_another_entry_is_refused(cast: Cast, signed_in: SignedIn) -> None:
    client, first, second = signed_in(cast.inspector), entry(cast, [photo(1)]), entry(cast)
    posted(client, first)
    answer = posted(client, {**second, "files": first["files"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "file_used")
    assert Case.objects.count() == 1


def test_what_the_phone_says_is_kept_without_what_no_database_holds(cast: Cast, signed_in: SignedIn) -> None:
    said = entry(cast, description="墙\x00脏了,字\ud800看不清")
    body = json.dumps(said)
    answer = signed_in(cast.inspector).post("/phone/entries", body, content_type="application/json")
    assert answer.status_code == 200
    assert Case.objects.get().description == "墙脏了,字看不清"


class TestWhatTravelsAlong:
    def test_villages_categories_and_open_cases_of_the_person(self, cast: Cast, signed_in: SignedIn) -> None:
        posted(signed_in(cast.inspector), entry(cast))
        found = signed_in(cast.inspector).get("/phone/area").json()
        assert [cast.willow.code, "上柳村", "柳河镇", "青禾区"] in found["villages"]
        assert [(one["number"], one["village"]) for one in found["cases"]] == [
            (Case.objects.get().number, cast.willow.code)
        ]
        assert found["has_more_cases"] is False

    def test_a_town_takes_its_own_villages_alone(self, cast: Cast, signed_in: SignedIn) -> None:
        found = signed_in(cast.town_reviewer).get("/phone/area").json()
        assert {one[1] for one in found["villages"]} == {"上柳村", "杨树村"}

    def test_there_is_a_cap_and_it_is_said(self, cast: Cast, signed_in: SignedIn, settings: Any) -> None:
        settings.PHONE_MOST_CASES = 1
        client = signed_in(cast.inspector)
        for _ in range(2):
            posted(client, entry(cast))
        found = client.get("/phone/area").json()
        assert (len(found["cases"]), found["has_more_cases"]) == (1, True)

    def test_it_costs_the_same_for_many_cases(
        self, cast: Cast, signed_in: SignedIn, django_assert_max_num_queries: Any
    ) -> None:
        client = signed_in(cast.inspector)
        for _ in range(3):
            posted(client, entry(cast))
        with django_assert_max_num_queries(12):
            client.get("/phone/area")


def test_the_state_says_who_is_signed_in_and_gives_the_token(cast: Cast, signed_in: SignedIn) -> None:
    answer = signed_in(cast.inspector).get("/phone/state")
    assert (answer.json()["person"], answer.json()["at"]) == (cast.inspector.pk, NOW.astimezone(UTC).isoformat())
    assert "csrftoken" in answer.cookies


def test_an_entry_needs_the_token(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.inspector)
    assert posted(client, entry(cast)).status_code == 403
    assert not Case.objects.exists()
