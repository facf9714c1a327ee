"""The pages of clarity walls, and the report that they lead to."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from casework.models import Case, Person
from oversight.models import Wall
from oversight.objects.walls import Described, register_wall
from tests.cast import Cast
from tests.walk import NOW, TODAY, photo
from tests.web.test_queries import queries_of

SignedIn = Callable[[Person], Client]


@pytest.fixture(autouse=True)
def _in_english(settings: Any) -> None:
    """Sentences are read as they stand in the code."""
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def wall(cast: Cast) -> Wall:
    described = Described("一组明白墙", "村口老槐树下", "一组")
    return register_wall(village=cast.willow, described=described, by=cast.willow_head, at=NOW)


def words(**changed: Any) -> dict[str, Any]:
    return {"name": "二组明白墙", "group": "二组", "place": "晒场东侧", "state": "in_use", **changed}


def test_a_village_registers_a_wall_and_its_own_page_shows_it(cast: Cast, signed_in: SignedIn) -> None:
    client, address = signed_in(cast.willow_head), f"/walls/villages/{cast.willow.code}"
    assert client.get("/walls")["Location"] == address
    sent = client.post(address, words(updated_on=str(TODAY), uploads=[photo(9)]))
    made = Wall.objects.get()
    assert sent["Location"] == f"/walls/{made.pk}"
    assert client.get(f"/walls/{made.pk}/files/1").status_code == 200
    assert "二组明白墙" in signed_in(cast.county_supervisor).get(f"/villages/{cast.willow.code}").content.decode()


@pytest.mark.parametrize(
    "odd",
    [
        {"name": ""},
        {"place": ""},
        {"state": "x"},
        {"updated_on": str(TODAY + timedelta(days=1))},
        {"updated_on": "x"},
        {"group": "长" * 41},
        {"name": "一组明白墙"},
    ],
)
def test_what_is_refused_loses_nothing(odd: dict[str, Any], cast: Cast, wall: Wall, signed_in: SignedIn) -> None:
    given = {**words(), **odd, "uploads": [photo(9)]}
    sent = signed_in(cast.willow_head).post(f"/walls/villages/{cast.willow.code}", given)
    page = sent.content.decode()
    assert sent.status_code == 422 and 'class="alert"' in page and 'name="kept"' in page
    assert ("晒场东侧" in page) == ("place" not in odd)
    assert Wall.objects.count() == 1


def test_an_update_is_entered_and_another_village_finds_no_wall(cast: Cast, wall: Wall, signed_in: SignedIn) -> None:
    said = {"day": str(TODAY), "words": "低保名单"}
    assert signed_in(cast.poplar_head).post(f"/walls/{wall.pk}", said).status_code == 404
    assert signed_in(cast.county_supervisor).post(f"/walls/{wall.pk}", said).status_code == 403
    assert signed_in(cast.town_reviewer).post(f"/walls/{wall.pk}", {**said, "uploads": [photo(9)]}).status_code == 302
    update = wall.updates.get()
    assert (update.day, update.words, update.from_paper) == (TODAY, "低保名单", True)
    client = signed_in(cast.willow_head)
    assert "低保名单" in client.get(f"/walls/{wall.pk}").content.decode()
    assert client.get(f"/walls/updates/{update.pk}/files/1").status_code == 200


def test_an_update_of_a_day_to_come_is_refused_with_what_was_typed(cast: Cast, wall: Wall, signed_in: SignedIn) -> None:
    said = {"day": str(TODAY + timedelta(days=1)), "words": "低保名单"}
    sent = signed_in(cast.willow_head).post(f"/walls/{wall.pk}", said)
    assert sent.status_code == 422 and "低保名单" in sent.content.decode()
    assert not wall.updates.exists()


def test_the_area_lists_what_waits_and_takes_no_query_a_wall(cast: Cast, wall: Wall, signed_in: SignedIn) -> None:
    client = signed_in(cast.county_supervisor)
    page = client.get("/walls").content.decode()
    assert "一组明白墙" in page and "柳河镇" in page and f"?under={cast.town.code}" in page
    few = queries_of(client, "/walls")
    for number in range(5):
        described = Described(f"{number}组", "x")
        register_wall(village=cast.poplar, described=described, by=cast.poplar_head, at=NOW)
    assert len(queries_of(client, "/walls")) == len(few)
    assert "一组明白墙" not in signed_in(cast.outsider_county).get("/walls?show=all").content.decode()


@pytest.mark.parametrize(
    ("code", "required"),
    [
        ("openness-badly-placed", "Move the wall"),
        ("openness-not-weatherproof", "Fit a roof"),
        ("openness-idle", "Put up"),
    ],
)
def test_a_defect_opens_the_report_filled_in(
    code: str, required: str, cast: Cast, wall: Wall, signed_in: SignedIn
) -> None:
    client = signed_in(cast.inspector)
    link = f"/cases/new?wall={wall.pk}&amp;item={code}"
    assert link in client.get(f"/walls/{wall.pk}").content.decode()
    form = client.get(link.replace("&amp;", "&")).context["form"]
    values = {name: form[name].value() for name in form.fields}
    assert form.village_objects() == ["一组明白墙"]
    assert values["village_code"] == cast.willow.code and values["object_name"] == "一组明白墙"
    assert values["required_action"].startswith(required) and values["place"] == "村口老槐树下"
    given = {name: value for name, value in values.items() if value not in (None, "", [])}
    assert client.post("/cases/new", {**given, "description": "墙面朝着背路的一侧"}).status_code == 302
    case = Case.objects.get()
    assert (case.item and case.item.code, case.object, case.village) == (code, wall.object, cast.willow)
    assert case.required_action.startswith(required)
    assert case.number in client.get(f"/walls/{wall.pk}").content.decode()


def test_a_wall_of_another_village_is_refused_in_a_report(cast: Cast, wall: Wall, signed_in: SignedIn) -> None:
    said = {
        "key": "0d3a9a1e-3f0c-4a55-9a87-7b8f6a2f8f11",
        "wall": str(wall.pk),
        "object_name": "一组明白墙",
        "village": cast.poplar.name,
        "village_code": cast.poplar.code,
        "description": "墙面空着",
        "found_on": str(TODAY),
        "source": "spot_check",
    }
    sent = signed_in(cast.inspector).post("/cases/new", said)
    page = sent.content.decode()
    assert sent.status_code == 422 and "is a wall of 上柳村" in page and "墙面空着" in page
    assert not Case.objects.exists()
    assert signed_in(cast.inspector).post("/cases/new", {**said, "object_name": "另一面"}).status_code == 302


def test_what_is_said_of_a_wall_is_put_right_by_its_village_alone(cast: Cast, wall: Wall, signed_in: SignedIn) -> None:
    address, said = (
        f"/walls/{wall.pk}/entry",
        words(name="一组明白墙", state="damaged", has_roof="on", reason="顶棚掀了"),
    )
    assert signed_in(cast.county_supervisor).post(address, said).status_code == 403
    for missing in ("place", "reason"):
        assert signed_in(cast.willow_head).post(address, {**said, missing: ""}).status_code == 422
    assert signed_in(cast.willow_head).post(address, said).status_code == 302
    changed = Wall.objects.get()
    assert (changed.state, changed.has_roof, changed.place) == ("damaged", True, "晒场东侧")
    page = signed_in(cast.county_supervisor).get(f"/walls/{wall.pk}").content.decode()
    assert "corrected once" in page and "顶棚掀了" in page and "in use" in page
