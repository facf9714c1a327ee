"""The pages of the trainings."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from casework.models import Person
from casework.stages import Role
from oversight.models import Attendance, PublicityMaterial, TrainingSession
from oversight.training.attending import tick_attendance
from oversight.training.holding import Planned, hold_session
from tests.cast import Cast
from tests.factories import holder
from tests.walk import NOW, TODAY, photo
from tests.web.test_queries import EVERY_PAGE, queries_of

SignedIn = Callable[[Person], Client]


@pytest.fixture
def session(cast: Cast) -> TrainingSession:
    hour = timedelta(hours=1)
    planned = Planned("台账怎么记", ["committee_head", "committee_member"], 2, "党校", NOW - hour, NOW + hour)
    return hold_session(unit=cast.county, planned=planned, by=cast.county_supervisor, at=NOW)


def words(**changed: Any) -> dict[str, Any]:
    return {
        "topic": "台账怎么记",
        "roles": ["committee_head"],
        "day": str(TODAY),
        "begins": "09:00",
        "ends": "11:30",
        "hours": "2.5",
        "place": "县委党校",
        "programme": "上午讲课",
        **changed,
    }


def test_an_office_enters_one_with_its_materials(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.county_supervisor)
    sent = client.post("/trainings/new", words(unit=str(cast.county.pk), uploads=[photo(9)]))
    made = TrainingSession.objects.get()
    assert sent["Location"] == f"/trainings/{made.pk}"
    assert (made.hours, made.day, made.roles) == (2.5, TODAY, ["committee_head"])
    assert client.get(f"/trainings/{made.pk}/files/1").status_code == 200
    assert signed_in(cast.willow_head).get(f"/trainings/{made.pk}/files/1").status_code == 200
    assert signed_in(cast.outsider_head).get(f"/trainings/{made.pk}/files/1").status_code == 404


@pytest.mark.parametrize(
    "odd",
    [
        {"topic": ""},
        {"roles": []},
        {"roles": ["x"]},
        {"day": "x"},
        {"ends": "08:00"},
        {"begins": "25:00"},
        {"hours": "nan"},
        {"hours": "9" * 400},
        {"place": "长" * 121},
        {"unit": "x"},
    ],
)
def test_what_is_refused_loses_nothing(odd: dict[str, Any], cast: Cast, signed_in: SignedIn) -> None:
    given = {"unit": str(cast.county.pk), **words(), **odd, "uploads": [photo(9)]}
    sent = signed_in(cast.county_supervisor).post("/trainings/new", given)
    assert sent.status_code == 422
    page = sent.content.decode()
    assert "上午讲课" in page and 'name="kept"' in page and 'class="alert"' in page
    assert not TrainingSession.objects.exists()


def test_one_missing_stands_with_the_village_one_click_away(
    cast: Cast, session: TrainingSession, signed_in: SignedIn
) -> None:
    tick_attendance(session=session, people=[cast.willow_head.pk], by=cast.county_supervisor, at=NOW)
    client = signed_in(cast.town_reviewer)
    page = client.get("/trainings").content.decode()
    link = "/trainings/missing?who=heads&amp;half=2026-1"
    assert "50 %" in page and link in page
    listed = client.get(link.replace("&amp;", "&")).content.decode()
    assert "poplar_head" in listed and "杨树村" in listed and "willow_head" not in listed
    assert signed_in(cast.willow_head).get("/trainings/missing?who=heads").content.decode().count("<tbody") == 0


def test_a_list_is_ticked_and_a_stranger_refused_with_the_ticks_kept(
    cast: Cast, session: TrainingSession, signed_in: SignedIn
) -> None:
    client, address = signed_in(cast.county_supervisor), f"/trainings/{session.pk}/attendance"
    sent = client.post(address, {"people": [str(cast.willow_head.pk), str(cast.outsider_head.pk)]})
    assert sent.status_code == 422
    assert f'value="{cast.willow_head.pk}" checked' in sent.content.decode()
    assert client.post(address, {"people": ["x", "9" * 30]}).status_code == 422
    assert client.post(address, {"people": [str(cast.willow_head.pk)]}).status_code == 302
    assert "willow_head" not in client.get(address).content.decode()
    assert "willow_head" in client.get(f"/trainings/{session.pk}").content.decode()


def test_a_table_is_taken_and_who_is_unknown_named(cast: Cast, session: TrainingSession, signed_in: SignedIn) -> None:
    table = io.BytesIO("姓名,村\nwillow_head,上柳村\n路人甲,上柳村\n".encode())
    upload = SimpleUploadedFile("签到.csv", table.getvalue(), "text/csv")
    client = signed_in(cast.county_supervisor)
    page = client.post(f"/trainings/{session.pk}/import", {"file": upload}).content.decode()
    assert "路人甲" in page and '<th scope="row">3</th>' in page
    assert Attendance.objects.get().person == cast.willow_head
    bad = SimpleUploadedFile("x.xlsx", b"PK\x03\x04nothing", "application/zip")
    assert client.post(f"/trainings/{session.pk}/import", {"file": bad}).status_code == 422


class TestCode:
    def test_it_hangs_on_the_wall_and_who_scans_it_is_there(
        self, cast: Cast, session: TrainingSession, signed_in: SignedIn
    ) -> None:
        page = signed_in(cast.county_supervisor).get(f"/trainings/{session.pk}/wall").content.decode()
        assert "<svg" in page and session.code in page
        client = signed_in(cast.willow_head)
        assert client.get(f"/trainings/code?code={session.code.lower()}")["Location"] == (
            f"/trainings/codes/{session.code}"
        )
        assert client.post(f"/trainings/codes/{session.code}").status_code == 302
        assert client.post(f"/trainings/codes/{session.code}").status_code == 409
        assert Attendance.objects.get().person == cast.willow_head

    def test_one_that_is_over_is_said(self, cast: Cast, session: TrainingSession, signed_in: SignedIn) -> None:
        hour = timedelta(hours=1)
        planned = Planned("昨天", ["committee_head"], 2, "党校", NOW - 26 * hour, NOW - 24 * hour)
        past = hold_session(unit=cast.county, planned=planned, by=cast.county_supervisor, at=NOW)
        sent = signed_in(cast.willow_head).post(f"/trainings/codes/{past.code}")
        assert sent.status_code == 409 and 'class="alert"' in sent.content.decode()
        assert not Attendance.objects.exists()

    def test_an_unknown_one_is_said(self, cast: Cast, signed_in: SignedIn) -> None:
        client = signed_in(cast.willow_head)
        assert client.get("/trainings/codes/ZZZZZZ").status_code == 404
        assert client.get("/trainings/code?code=<x>")["Location"] == "/trainings"


def test_an_attendance_is_taken_back_with_a_reason(cast: Cast, session: TrainingSession, signed_in: SignedIn) -> None:
    there = tick_attendance(session=session, people=[cast.willow_head.pk], by=cast.county_supervisor, at=NOW)[0]
    client, address = signed_in(cast.county_supervisor), f"/trainings/attendances/{there.pk}/taking-back"
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "代签"}).status_code == 302
    there.refresh_from_db()
    assert (there.taken_back_by, there.taken_back_reason) == (cast.county_supervisor, "代签")


def test_publicity_is_kept_apart(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.county_supervisor)
    given = {"unit": str(cast.county.pk), "title": "明白纸", "day": str(TODAY), "copies": "800", "words": "每户一张"}
    assert client.post("/trainings/publicity", {**given, "day": "2030-01-01"}).status_code == 422
    assert client.post("/trainings/publicity", {**given, "uploads": [photo(9)]}).status_code == 302
    kept = PublicityMaterial.objects.get()
    page = signed_in(cast.willow_head).get("/trainings/publicity").content.decode()
    assert "明白纸" in page and f"/trainings/publicity/{kept.pk}/files/1" in page
    assert signed_in(cast.willow_head).post("/trainings/publicity", given).status_code == 403


@pytest.mark.parametrize("query", ["half=x", "half=2026-9", "half=99999-1", "page=x", "page=0", "under=%00"])
def test_an_odd_address_is_no_fault(query: str, cast: Cast, signed_in: SignedIn) -> None:
    assert signed_in(cast.county_supervisor).get(f"/trainings?{query}").status_code in (200, 404, 400)


def test_the_page_takes_as_many_queries_for_many(cast: Cast, session: TrainingSession, signed_in: SignedIn) -> None:
    client = signed_in(cast.county_supervisor)
    tick_attendance(session=session, people=[cast.willow_head.pk], by=cast.county_supervisor, at=NOW)
    few = len(queries_of(client, "/trainings"))
    listed = len(queries_of(client, "/trainings/missing?who=members"))
    for number in range(5):
        holder(Role.COMMITTEE_MEMBER, cast.elm, f"many{number}")
    tick_attendance(session=session, people=[cast.poplar_head.pk], by=cast.county_supervisor, at=NOW)
    assert len(queries_of(client, "/trainings")) == few <= EVERY_PAGE + 24
    assert len(queries_of(client, "/trainings/missing?who=members")) == listed <= EVERY_PAGE + 8
