"""The pages of the counties' mechanisms: what is missing is named, nothing that was typed is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from casework.models import Person
from oversight.mechanisms.meetings import Held, log_meeting
from oversight.models import Meeting, MeetingKind
from tests.cast import Cast
from tests.oversight.desk import Desk, make_desk
from tests.oversight.draws import drawn
from tests.walk import NOW, TODAY, photo
from tests.web.test_queries import EVERY_PAGE, queries_of

SignedIn = Callable[[Person], Client]
SPAN = f"first={TODAY}&last={TODAY}"


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return make_desk(cast)


@pytest.fixture
def entry(cast: Cast, desk: Desk) -> Meeting:
    held = Held(kind=MeetingKind.SUMMARY, held_on=TODAY, minutes="小结一季度")
    return log_meeting(unit=cast.county, held=held, by=cast.county_supervisor, at=NOW)


def words(**changed: Any) -> dict[str, Any]:
    return {"kind": "summary", "held_on": str(TODAY), "minutes": "小结明白墙整改", "present": "县委办", **changed}


def test_the_lead_office_sees_each_county_and_names_what_is_missing(
    cast: Cast, desk: Desk, entry: Meeting, signed_in: SignedIn
) -> None:
    drawn(cast)
    page = signed_in(desk.officer).get(f"/mechanisms?{SPAN}").content.decode()
    row = page[page.index("青禾区") : page.index("云溪县")]
    assert f"/mechanisms/{cast.county.code}?first=2026-03-02&amp;last=2026-03-02#summary" in row
    assert row.count('class="missing"') == 2 + 1  # and the line's own word
    assert page[page.index("云溪县") :].count('class="missing"') == 4 + 1


def test_a_county_goes_straight_to_its_own_log(cast: Cast, desk: Desk, signed_in: SignedIn) -> None:
    for person in (cast.county_supervisor, desk.county_reporter):
        assert signed_in(person).get("/mechanisms")["Location"] == f"/mechanisms/{cast.county.code}"
    for person in (cast.willow_head, cast.town_reviewer, desk.department_reporter):
        assert signed_in(person).get("/mechanisms").status_code == 403


def test_another_county_is_not_even_denied(cast: Cast, desk: Desk, entry: Meeting, signed_in: SignedIn) -> None:
    client = signed_in(cast.outsider_county)
    for address in (f"/mechanisms/{cast.county.code}", f"/mechanisms/entries/{entry.pk}", "/mechanisms/nowhere"):
        assert client.get(address).status_code == 404


def test_what_is_entered_stands_in_its_period_with_its_file(cast: Cast, desk: Desk, signed_in: SignedIn) -> None:
    client = signed_in(desk.county_reporter)
    sent = client.post(f"/mechanisms/{cast.county.code}", words(uploads=[photo(9)]), follow=True)
    assert sent.status_code == 200 and "小结明白墙整改" in sent.content.decode()
    made = Meeting.objects.get()
    assert (made.by, made.present, len(made.files)) == (desk.county_reporter, "县委办", 1)
    assert client.get(f"/mechanisms/entries/{made.pk}/files/1").status_code == 200
    assert client.get(f"/mechanisms/entries/{made.pk}/files/2").status_code == 404


@pytest.mark.parametrize(
    "odd",
    [
        {"minutes": ""},
        {"held_on": "2026-03-03"},
        {"held_on": "1999-01-01"},
        {"held_on": "2026-02-30"},
        {"kind": "party"},
        {"kind": ""},
        {"minutes": "长" * 4001},
        {"document_number": "长" * 61},
    ],
)
def test_what_is_refused_loses_neither_words_nor_files(
    odd: dict[str, Any], cast: Cast, desk: Desk, signed_in: SignedIn
) -> None:
    client = signed_in(cast.county_supervisor)
    given = words(**odd)
    if given["minutes"]:
        given["uploads"] = [photo(9)]
    sent = client.post(f"/mechanisms/{cast.county.code}", given)
    page = sent.content.decode()
    assert sent.status_code == 422 and 'class="errorlist"' in page
    assert "县委办" in page
    assert ('name="kept"' in page) == ("uploads" in given)
    assert not Meeting.objects.exists()


def test_a_broken_file_is_named_and_the_rest_stays(cast: Cast, desk: Desk, signed_in: SignedIn) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    broken = SimpleUploadedFile("纪要.pdf", b"<html>")
    sent = signed_in(cast.county_supervisor).post(f"/mechanisms/{cast.county.code}", words(uploads=[broken]))
    assert sent.status_code == 422 and "纪要.pdf" in sent.content.decode() and "小结明白墙整改" in sent.content.decode()


def test_an_entry_is_corrected_and_both_lead_to_each_other(
    cast: Cast, desk: Desk, entry: Meeting, signed_in: SignedIn
) -> None:
    client = signed_in(cast.county_supervisor)
    address = f"/mechanisms/entries/{entry.pk}"
    assert "小结一季度" in client.get(address).content.decode()
    assert client.post(address, words()).status_code == 422
    sent = client.post(address, words(reason="人员写漏"))
    later = Meeting.objects.get(replaces=entry)
    assert sent["Location"] == f"/mechanisms/entries/{later.pk}"
    assert f"entries/{later.pk}" in client.get(address).content.decode()
    assert "人员写漏" in client.get(sent["Location"]).content.decode()
    assert client.post(address, words(reason="再改")).status_code == 409


def test_an_entry_is_taken_back_with_a_reason(cast: Cast, desk: Desk, entry: Meeting, signed_in: SignedIn) -> None:
    client = signed_in(cast.county_supervisor)
    address = f"/mechanisms/entries/{entry.pk}/withdrawal"
    assert client.post(address, {"reason": " "}).status_code == 422
    assert client.post(address, {"reason": "未召开"}).status_code == 302
    page = client.get(f"/mechanisms/{cast.county.code}?{SPAN}").content.decode()
    assert "未召开" in page
    assert client.post(address, {"reason": "再来"}).status_code == 409
    assert signed_in(desk.officer).post(address, {"reason": "x"}).status_code == 403


@pytest.mark.parametrize(
    "odd",
    ["first=x&last=y", "first=2026-03-02", "first=2026-03-02&last=2026-03-01", "first=0001-01-01&last=9999-12-31"],
)
def test_odd_days_are_said_and_the_newest_period_is_shown(
    odd: str, cast: Cast, desk: Desk, signed_in: SignedIn
) -> None:
    for person, address in ((desk.officer, "/mechanisms"), (cast.county_supervisor, f"/mechanisms/{cast.county.code}")):
        answer = signed_in(person).get(f"{address}?{odd}")
        assert answer.status_code == 200 and "message error" in answer.content.decode()


def test_the_pages_take_as_many_queries_for_many_entries(
    cast: Cast, desk: Desk, entry: Meeting, signed_in: SignedIn
) -> None:
    client, leading = signed_in(cast.county_supervisor), signed_in(desk.officer)
    own = f"/mechanisms/{cast.county.code}"
    few = len(queries_of(client, own)), len(queries_of(leading, "/mechanisms"))
    for kind in MeetingKind:
        for words_ in ("一", "二", "三"):
            held = Held(kind=kind, held_on=TODAY, minutes=words_)
            log_meeting(unit=cast.county, held=held, by=cast.county_supervisor, at=NOW)
    assert (len(queries_of(client, own)), len(queries_of(leading, "/mechanisms"))) == few
    assert few[0] - EVERY_PAGE <= 14 and few[1] - EVERY_PAGE <= 7, few
