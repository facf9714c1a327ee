"""Clues of other platforms: a key in the header, each taken once, every refusal JSON with a sentence."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from casework.errors import Conflict, NotAllowed
from casework.lifecycle.reporting import screen_case
from casework.models import Case, Clue, ClueKey, CluePlatform
from casework.offices import clue_platforms
from casework.offices.clue_platforms import change_key, give_key, withdraw_key
from casework.rights.territories import line_above
from flows import steps
from oversight.public_page import limits
from oversight.visits.positions import FEWEST
from tests.cast import Cast, make_cast
from tests.walk import NOW, TODAY, reported
from tests.web.fuzzing import ODD
from web.pages.clues import ClueForm

NAME = "澄川12345热线"


def given(cast: Cast) -> tuple[CluePlatform, str]:
    return give_key(unit=cast.county, name=NAME, by=cast.county_supervisor, at=NOW)


def clue(cast: Cast, **values: Any) -> dict[str, Any]:
    words = "来电反映：上柳村公开栏半年没有更新。"
    return {"id": "12345-0001", "village": cast.willow.code, "description": words, "found_on": "2026-02-27", **values}


def sent(key: str, said: Any, **headers: str) -> Any:
    body = said if isinstance(said, (bytes, str)) else json.dumps(said)
    return Client().post(
        "/clues", body, content_type="application/json", headers={"Authorization": f"Bearer {key}", **headers}
    )


def test_a_clue_becomes_a_candidate_finding_with_its_source(cast: Cast) -> None:
    platform, key = given(cast)
    answer = sent(key, clue(cast, severity=2, object_name="公开栏", source="petition", latitude=30.1, longitude=104.5))
    case = Case.objects.get()
    assert (answer.status_code, answer.json()["number"], answer.json()["state"]) == (201, case.number, "screening")
    assert (case.stage, case.source, case.source_words) == ("screening", "petition", NAME)
    assert (case.village, case.reported_by, case.severity, case.latitude) == (cast.willow, None, 2, 30.1)
    event = case.events.get()
    assert (event.kind, event.by, event.words) == ("reported", None, NAME)
    kept = Clue.objects.get()
    assert (kept.platform, kept.case, kept.said["id"]) == (platform, case, "12345-0001")


def test_the_office_screens_it_and_the_sender_reads_what_became_of_it(cast: Cast) -> None:
    _platform, key = given(cast)
    sent(key, clue(cast))
    steps.take(
        screen_case, case=Case.objects.get(), by=cast.county_supervisor, at=NOW, outcome="refused", reason="不属村务"
    )
    again = sent(key, clue(cast))
    assert (again.status_code, again.json()["state"], again.json()["state_words"]) == (200, "refused", "未受理")


def test_sent_again_it_is_the_same_case(cast: Cast) -> None:
    _platform, key = given(cast)
    answers = [sent(key, clue(cast)) for _n in range(3)]
    assert [one.status_code for one in answers] == [201, 200, 200]
    assert {one.json()["number"] for one in answers} == {Case.objects.get().number}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_clue_sent_twenty_times_at_once_is_one_case() -> None:
    cast = make_cast()
    _platform, key = given(cast)

    def once(_n: int) -> Any:
        try:
            return sent(key, clue(cast))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(once, range(20)))
    assert sorted(one.status_code for one in answers) == [200] * 19 + [201]
    assert {one.json()["number"] for one in answers} == {Case.objects.get().number}
    assert Clue.objects.count() == 1


def test_a_used_id_with_other_content_is_a_conflict(cast: Cast) -> None:
    _platform, key = given(cast)
    sent(key, clue(cast))
    answer = sent(key, clue(cast, description="另外一件事，在村口。"))
    assert (answer.status_code, answer.json()["code"]) == (409, "id_used")
    assert Case.objects.get().number in answer.json()["sentence"]


def test_the_same_id_of_another_platform_is_another_clue(cast: Cast) -> None:
    _platform, key = given(cast)
    _other, other_key = give_key(unit=cast.city, name="网格平台", by=cast.city_supervisor, at=NOW)
    assert {sent(one, clue(cast)).status_code for one in (key, other_key)} == {201}
    assert Case.objects.count() == 2


@pytest.mark.parametrize("number", [None, "", "  ", True, 1.5, [], "x" * 101])
def test_a_clue_without_an_id_is_refused(number: Any, cast: Cast) -> None:
    _platform, key = given(cast)
    answer = sent(key, clue(cast, id=number))
    assert (answer.status_code, answer.json()["code"], list(answer.json()["fields"])) == (400, "id_missing", ["id"])
    assert not Case.objects.exists()


@pytest.mark.parametrize("key", ["", "clue-x", "clue-" + "é" * 20, "x" * 5000])
def test_a_key_that_is_none_is_refused(key: str, cast: Cast) -> None:
    given(cast)
    answer = sent(key, clue(cast))
    assert (answer.status_code, answer.json()["code"], answer.headers["WWW-Authenticate"]) == (401, "no_key", "Bearer")
    assert not Case.objects.exists()


def test_a_signed_in_reader_needs_the_key_as_well(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.county_supervisor)
    assert client.post("/clues", json.dumps(clue(cast)), content_type="application/json").status_code == 401


def test_a_withdrawn_and_a_changed_key_open_nothing_and_the_new_one_knows_what_was_sent(cast: Cast) -> None:
    platform, key = given(cast)
    sent(key, clue(cast))
    new = change_key(platform=platform, by=cast.county_supervisor, at=NOW)
    assert (sent(key, clue(cast)).status_code, sent(new, clue(cast)).status_code) == (401, 200)
    withdraw_key(platform=platform, by=cast.county_supervisor, at=NOW)
    assert sent(new, clue(cast)).status_code == 401
    with pytest.raises(Conflict):
        withdraw_key(platform=platform, by=cast.county_supervisor, at=NOW)


def test_the_key_stands_nowhere(cast: Cast) -> None:
    _platform, key = given(cast)
    row = ClueKey.objects.values().get()
    assert key not in str(row) and key.removeprefix(clue_platforms.BEGINS) not in str(row)


def test_only_the_office_itself_gives_its_keys(cast: Cast) -> None:
    platform, _key = given(cast)
    for by in (cast.outsider_county, cast.town_reviewer, cast.administrator, cast.inspector):
        with pytest.raises(NotAllowed):
            give_key(unit=cast.county, name="网格平台", by=by, at=NOW)
        with pytest.raises(NotAllowed):
            change_key(platform=platform, by=by, at=NOW)
        with pytest.raises(NotAllowed):
            withdraw_key(platform=platform, by=by, at=NOW)
    with pytest.raises(Conflict):
        give_key(unit=cast.county, name=f" {NAME} ", by=cast.county_supervisor, at=NOW)


def test_a_village_of_another_county_is_refused(cast: Cast) -> None:
    _platform, key = give_key(unit=line_above(cast.reed, on=TODAY).county, name=NAME, by=cast.outsider_county, at=NOW)
    answer = sent(key, clue(cast))
    assert (answer.status_code, list(answer.json()["fields"])) == (403, ["village"])
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"village": "999"}, "village"),
        ({"village": ""}, "village"),
        ({"description": " "}, "description"),
        ({"description": "x" * 5001}, "description"),
        ({"found_on": "27.2.2026"}, "found_on"),
        ({"found_on": "2027-03-01"}, "found_on"),
        ({"fact_on": "2026-02-28"}, "fact_on"),
        ({"severity": 9}, "severity"),
        ({"source": "self_check"}, "source"),
        ({"item": "none"}, "item"),
        ({"latitude": 91}, "latitude"),
        ({"photo": "x"}, "photo"),
        ({"place": ["x"]}, "place"),
    ],
)
def test_what_can_not_be_taken_is_said_with_its_field(values: dict[str, Any], field: str, cast: Cast) -> None:
    _platform, key = given(cast)
    answer = sent(key, clue(cast, **values))
    assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])
    assert answer.json()["fields"][field]
    assert not Case.objects.exists()


@pytest.mark.parametrize("field", [*sorted(ClueForm.base_fields), "id"])
def test_no_odd_value_is_a_fault_of_ours(field: str, cast: Cast) -> None:
    _platform, key = given(cast)
    for n, odd in enumerate((*ODD[::5], 0, -1, 2**63, 1e308, None, True, [], {}, [[]])):
        answer = sent(key, {**clue(cast, id=str(n)), field: odd})
        assert answer.status_code in (200, 201, 400, 409, 413, 422, 429), (field, odd)
        assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff\xfe", b'"x"', b'{"id": NaN}', b"[" * 5000])
def test_what_is_no_object_is_refused(body: bytes, cast: Cast) -> None:
    _platform, key = given(cast)
    answer = sent(key, body)
    assert (answer.status_code, answer.json()["code"]) == (400, "unreadable")


def test_a_body_larger_than_any_clue_is_refused_in_json(cast: Cast) -> None:
    _platform, key = given(cast)
    answer = sent(key, clue(cast, description="x" * 70_000))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_long")
    assert answer.json()["sentence"]


def test_only_post(cast: Cast) -> None:
    answer = Client().get("/clues")
    assert (answer.status_code, answer.headers["Allow"], answer.json()["code"]) == (405, "POST", "post_only")


def test_a_position_that_can_not_be_is_kept_and_never_measured_from(cast: Cast) -> None:
    _platform, key = given(cast)
    for n in range(FEWEST):
        reported(cast, latitude=30.1 + n / 1000, longitude=104.5)
    for number, place in (("a", (0, 0)), ("b", (52.5, 13.4))):
        sent(key, clue(cast, id=number, latitude=place[0], longitude=place[1]))
        kept = Clue.objects.select_related("case").get(sender_id=number)
        assert (kept.case.latitude, kept.case.longitude, kept.said["latitude"]) == (None, None, place[0])


def test_too_many_within_the_hour_are_refused_and_say_when_to_go_on(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_CLUES", 2)
    _platform, key = given(cast)
    answers = [sent(key, clue(cast, id=str(n))) for n in range(3)]
    assert [one.status_code for one in answers] == [201, 201, 429]
    assert answers[-1].json()["code"] == "too_often" and 0 < int(answers[-1].headers["Retry-After"]) <= 3600
    assert Case.objects.count() == 2


def test_keys_are_not_guessed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_WRONG_KEYS", 2)
    assert [sent("clue-x", clue(cast)).status_code for _n in range(3)] == [401, 401, 429]


def test_the_page_shows_a_key_once(cast: Cast, signed_in: Any) -> None:
    client = signed_in(cast.county_supervisor)
    page = client.post("/clue-platforms", {"unit": cast.county.pk, "name": NAME})
    key = page.context["key"]
    assert page.status_code == 200 and key in page.content.decode() and "no-store" in page.headers["Cache-Control"]
    assert key not in client.get("/clue-platforms").content.decode()
    assert sent(key, clue(cast)).status_code == 201
    platform = CluePlatform.objects.get()
    changed = client.post(f"/clue-platforms/{platform.pk}", {"act": "change"})
    assert changed.context["key"] != key
    assert client.post(f"/clue-platforms/{platform.pk}", {"act": "withdraw"}).status_code == 302
    assert sent(changed.context["key"], clue(cast)).status_code == 401
    assert client.post("/clue-platforms", {"unit": cast.county.pk, "name": NAME}).status_code == 409


def test_another_countys_platform_is_not_there(cast: Cast, signed_in: Any) -> None:
    platform, _key = given(cast)
    answer = signed_in(cast.outsider_county).post(f"/clue-platforms/{platform.pk}", {"act": "withdraw"})
    assert answer.status_code == 404 and ClueKey.objects.get().withdrawn_at is None


def test_the_case_names_the_platform(cast: Cast, signed_in: Any) -> None:
    _platform, key = given(cast)
    number = sent(key, clue(cast)).json()["number"]
    page = signed_in(cast.county_supervisor).get(f"/cases/{number}").content.decode()
    assert page.count(NAME) >= 2  # the source, and the timeline
