"""What is added on a phone to a case that it took along: said once; where others went on with the case, both texts stand
and one decides (promise 22).
"""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client

from casework.models import Case, CaseEvent, Comment, Person, PhoneAddition, PhoneEntry
from casework.stages import Stage
from casework.talk.commenting import write_comment
from tests.cast import Cast, make_cast
from tests.walk import NOW, assigned, case_at, photo, reported, screened
from tests.web.phones import entry, posted, sent

SignedIn = Callable[[Person], Client]
MINE, THEIRS = "雨棚已经搭好一半,公示内容还是去年的。", "施工队说下周完工。"


@pytest.fixture(autouse=True)
def _in_english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def case(cast: Cast) -> Case:
    return case_at(Stage.RECTIFICATION, cast)


def taken_along(client: Client, case: Case) -> dict[str, Any]:
    """How the case stood when the phone took it along."""
    area = client.get("/phone/area").json()
    found = next(one for one in area["cases"] if one["number"] == case.number)
    return {name: found[name] for name in ("number", "version", "event")}


def added(cast: Cast, stood: dict[str, Any], words: str = MINE, photos: Any = ()) -> dict[str, Any]:
    return entry(cast, photos, description=words, addition=stood)


def decided(client: Client, said: dict[str, Any], decision: str) -> Any:
    return client.post(f"/phone/additions/{said['key']}", {"decision": decision})


def words_in(case: Case) -> list[str]:
    return list(Comment.objects.filter(case=case).order_by("pk").values_list("words", flat=True))


def test_an_addition_is_said_in_its_case_with_its_photos(cast: Cast, case: Case, signed_in: SignedIn) -> None:
    client, pictures = signed_in(cast.inspector), [photo(1), photo(2)]
    said = added(cast, taken_along(client, case), photos=pictures)
    assert posted(client, said).json()["complete"] is False
    assert words_in(case) == []  # it waits for its photos
    for one, picture in zip(said["files"], pictures, strict=True):
        sent(client, one["key"], picture.read())
    answer = posted(client, said).json()
    assert (answer["complete"], answer["asks"], answer["number"]) == (True, "", case.number)
    comment = Comment.objects.get()
    assert (comment.words, comment.by, comment.case) == (MINE, cast.inspector, case)
    assert [one["sha256"] for one in comment.files] == [one["sha256"] for one in said["files"]]
    assert Case.objects.count() == 1


def test_an_addition_sent_again_changes_nothing(cast: Cast, case: Case, signed_in: SignedIn) -> None:
    client = signed_in(cast.inspector)
    said = added(cast, taken_along(client, case))
    assert [posted(client, said).status_code for _n in range(3)] == [200] * 3
    assert words_in(case) == [MINE]
    other = {**said, "values": {**said["values"], "description": "别的话"}}
    assert posted(client, other).json()["code"] == "entry_used"


def test_nobodys_words_are_overwritten_when_the_case_moved(cast: Cast, case: Case, signed_in: SignedIn) -> None:
    client = signed_in(cast.inspector)
    said = added(cast, taken_along(client, case))
    write_comment(case=case, words=THEIRS, by=cast.county_supervisor, at=NOW)
    answer = posted(client, said).json()
    assert (answer["complete"], answer["asks"]) == (True, f"/phone/additions/{said['key']}")
    assert words_in(case) == [THEIRS]
    page = client.get(answer["asks"]).content.decode()
    assert THEIRS in page and MINE in page and "neither text is lost" in page
    assert decided(client, said, "keep").status_code == 302
    assert words_in(case) == [THEIRS, MINE]
    assert posted(client, said).json()["asks"] == ""


def test_what_is_left_out_is_kept_and_so_is_the_other_text(cast: Cast, case: Case, signed_in: SignedIn) -> None:
    client = signed_in(cast.inspector)
    said = added(cast, taken_along(client, case), photos=(picture := [photo(1)]))
    write_comment(case=case, words=THEIRS, by=cast.county_supervisor, at=NOW)
    posted(client, said)
    sent(client, said["files"][0]["key"], picture[0].read())
    page = client.post(f"/phone/additions/{said['key']}", {"decision": "leave_out"}, follow=True).content.decode()
    assert MINE in page and THEIRS in page and said["files"][0]["name"] in page
    assert words_in(case) == [THEIRS]
    again = decided(client, said, "keep")
    assert (again.status_code, "decided already" in again.content.decode()) == (409, True)
    assert decided(client, said, "leave_out").status_code == 302
    assert decided(client, said, "").status_code == 422
    assert PhoneEntry.objects.get().manifest["values"]["description"] == MINE


def test_a_step_of_somebody_else_is_a_move_too_and_own_words_are_none(cast: Cast, signed_in: SignedIn) -> None:
    case = screened(cast, reported(cast))
    client = signed_in(cast.inspector)
    stood = taken_along(client, case)
    posted(client, added(cast, stood, "第一句。"))
    posted(client, added(cast, stood, "第二句。"))
    assert words_in(case) == ["第一句。", "第二句。"]
    assigned(cast, case)
    assert posted(client, added(cast, stood, "第三句。")).json()["asks"]
    assert words_in(case) == ["第一句。", "第二句。"]


def test_a_clocks_line_is_no_move(cast: Cast, case: Case, signed_in: SignedIn) -> None:
    client = signed_in(cast.inspector)
    said = added(cast, taken_along(client, case))
    line = CaseEvent.objects.filter(case=case).last()
    assert line is not None
    line.pk, line.by = None, None
    line.save()
    assert posted(client, said).json()["asks"] == ""
    assert words_in(case) == [MINE]


def test_photos_that_never_come_do_not_hold_the_words(cast: Cast, case: Case, signed_in: SignedIn) -> None:
    client, pictures = signed_in(cast.inspector), [photo(1), photo(2)]
    said = added(cast, taken_along(client, case), photos=pictures)
    posted(client, said)
    sent(client, said["files"][0]["key"], pictures[0].read())
    page = client.get(f"/phone/additions/{said['key']}").content.decode()
    assert "Not all photos are here yet" in page
    decided(client, said, "keep")
    assert [len(one.files) for one in Comment.objects.all()] == [1]
    sent(client, said["files"][1]["key"], pictures[1].read())  # too late: its receipt says so
    states = [one["state"] for one in posted(client, said).json()["files"]]
    assert states == ["kept", "refused"]


@pytest.mark.parametrize(
    ("values", "status", "code"),
    [
        ({"addition": {"number": "none", "version": 1, "event": 1}}, 403, "no_such_case"),
        ({"addition": "x"}, 403, "no_such_case"),
        ({"description": " "}, 422, "words_missing"),
        ({"description": "长" * 2001}, 422, "too_long"),
        ({"description": "@柳树村没有的人 请看"}, 422, None),
    ],
)
def test_what_can_not_be_said_is_refused_and_leaves_nothing(
    values: dict[str, Any], status: int, code: str | None, cast: Cast, case: Case, signed_in: SignedIn
) -> None:
    client = signed_in(cast.inspector)
    said = added(cast, taken_along(client, case))
    said["values"] |= values
    answer = posted(client, said)
    assert answer.status_code == status and answer.json()["sentence"]
    assert code in (None, answer.json()["code"])
    assert not PhoneEntry.objects.exists() and not Comment.objects.exists()


def test_six_photos_are_too_many_for_an_addition(cast: Cast, case: Case, signed_in: SignedIn) -> None:
    client = signed_in(cast.inspector)
    said = added(cast, taken_along(client, case), photos=[photo(n) for n in range(6)])
    assert posted(client, said).json()["code"] == "too_many_files"


def test_an_addition_is_nobody_elses_to_read_or_decide(cast: Cast, case: Case, signed_in: SignedIn) -> None:
    said = added(cast, taken_along(signed_in(cast.inspector), case))
    posted(signed_in(cast.inspector), said)
    other = signed_in(cast.county_supervisor)
    assert other.get(f"/phone/additions/{said['key']}").status_code == 403
    assert decided(other, said, "leave_out").status_code == 403


def test_home_leads_to_what_waits_for_a_decision(cast: Cast, case: Case, signed_in: SignedIn) -> None:
    client = signed_in(cast.inspector)
    said = added(cast, taken_along(client, case))
    write_comment(case=case, words=THEIRS, by=cast.county_supervisor, at=NOW)
    posted(client, said)
    address = f"/phone/additions/{said['key']}"
    assert address in client.get("/").content.decode()
    decided(client, said, "leave_out")
    assert address not in client.get("/").content.decode()


def in_parallel(calls: list[tuple[Person, dict[str, Any]]]) -> list[Any]:
    def once(call: tuple[Person, dict[str, Any]]) -> Any:
        client = Client()
        client.force_login(call[0])
        try:
            return posted(client, call[1])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(once, calls))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_addition_sent_twenty_times_at_once_is_said_once() -> None:
    cast = make_cast()
    case = case_at(Stage.RECTIFICATION, cast)
    client = Client()
    client.force_login(cast.inspector)
    said = added(cast, taken_along(client, case))
    answers = in_parallel([(cast.inspector, said)] * 20)
    assert {one.status_code for one in answers} == {200}
    assert (words_in(case), PhoneAddition.objects.count()) == ([MINE], 1)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_phones_at_once_for_one_case_give_one_that_asks_and_both_texts() -> None:
    cast = make_cast()
    case = case_at(Stage.RECTIFICATION, cast)
    client = Client()
    client.force_login(cast.inspector)
    stood = taken_along(client, case)
    both = [(cast.inspector, added(cast, stood, MINE)), (cast.county_supervisor, added(cast, stood, THEIRS))]
    answers = in_parallel(both * 5)
    assert {one.status_code for one in answers} == {200}
    waiting = PhoneAddition.objects.get(decided_at=None)
    assert len(words_in(case)) == 1
    assert {waiting.words, *words_in(case)} == {MINE, THEIRS}
    client.force_login(waiting.entry.person)
    page = client.get(f"/phone/additions/{waiting.pk}").content.decode()
    assert MINE in page and THEIRS in page
    client.post(f"/phone/additions/{waiting.pk}", {"decision": "keep"})
    assert sorted(words_in(case)) == sorted([MINE, THEIRS])


def test_an_addition_comes_in_by_an_emergency_file_too(cast: Cast, case: Case, signed_in: SignedIn) -> None:
    said = added(cast, taken_along(signed_in(cast.inspector), case))
    file = {"format": "rectification-phone-1", "person": cast.inspector.pk, "entries": [{**said, "photos": []}]}
    office = signed_in(cast.city_supervisor)
    for _n in range(2):
        office.post("/phones/emergency", {"file": SimpleUploadedFile("phone.json", json.dumps(file).encode())})
    assert words_in(case) == [MINE]
    assert posted(signed_in(cast.inspector), said).json()["number"] == case.number
