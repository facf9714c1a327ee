"""The ladder as a table: one number in place, what it would have done beside it, and the next version."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from casework.models import EscalationPolicy
from casework.working_time.deadlines import add_working_days
from tests.cast import Cast
from tests.walk import TODAY, assigned, reported, screened
from tests.web.test_queries import SignedIn


@pytest.fixture(autouse=True)
def _in_english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def city(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.city_supervisor)


def filled(client: Client, **changed: object) -> dict[str, object]:
    form = client.get("/ladder/days").context["form"]
    return {**{name: form[name].value() for name in form.fields if form[name].value() is not None}, **changed}


def test_only_one_number_of_the_next_version_is_another(cast: Cast, city: Client) -> None:
    before = EscalationPolicy.objects.get()
    form = city.get("/ladder/days").context["form"]
    name = next(each for each in form.fields if each.endswith("-moment") and form[each].value() > 5)
    answer = city.post("/ladder/days", filled(city, **{name: form[name].value() + 1, "note": "试行"}))
    assert answer.headers["Location"] == "/ladder"
    after = EscalationPolicy.objects.latest("id")
    assert (after.city_id, after.note, after.reds_in_a_row) == (cast.city.pk, "试行", before.reds_in_a_row)
    old, new = (list(each.steps.order_by("id").values()) for each in (before, after))
    changed = [
        (key, one[key], other[key])
        for one, other in zip(old, new, strict=True)
        for key in one
        if key not in ("id", "policy_id") and one[key] != other[key]
    ]
    assert changed == [("moment", form[name].value(), form[name].value() + 1)]


def test_what_it_would_have_done_stands_beside_it_and_nothing_is_kept(cast: Cast, city: Client) -> None:
    case = assigned(cast, screened(cast, reported(cast)))
    type(case).objects.filter(pk=case.pk).update(
        due_on=add_working_days(TODAY, -3), ladder_since=TODAY - timedelta(days=60)
    )
    rows = city.get("/ladder/days").context["rows"]
    row = next(one for one in rows if one["count"] and one["step"].moment == 1)
    assert (row["count"]["now"], row["count"]["then"]) == (1, 1)
    looked = city.post("/ladder/days", filled(city, look="1", **{row["field"].name: 4}))
    assert looked.status_code == 200
    there = next(one for one in looked.context["rows"] if one["index"] == row["index"])
    assert (there["count"]["now"], there["count"]["then"]) == (1, 0)
    assert EscalationPolicy.objects.count() == 1


def test_what_runs_backwards_stands_beside_its_number(city: Client) -> None:
    form = city.get("/ladder/days").context["form"]
    name = max((each for each in form.fields if each.endswith("-moment")), key=lambda each: form[each].value())
    answer = city.post("/ladder/days", filled(city, **{name: -1}))
    assert answer.status_code == 422
    assert name in answer.context["form"].errors
    for odd in ("", "x", "9" * 30):
        assert city.post("/ladder/days", filled(city, **{name: odd})).status_code == 422
    assert EscalationPolicy.objects.count() == 1


def test_no_change_and_an_older_ladder_are_refused(city: Client) -> None:
    assert "No number is another one" in city.post("/ladder/days", filled(city)).content.decode()
    stale = city.post("/ladder/days", filled(city, policy=0))
    assert stale.status_code == 422
    assert "Another version" in stale.content.decode()


def test_others_read_the_ladder_and_change_nothing(cast: Cast, signed_in: SignedIn) -> None:
    for person in (cast.county_supervisor, cast.administrator, cast.willow_head):
        assert signed_in(person).get("/ladder/days").status_code == 403
    assert "/ladder/days" not in signed_in(cast.county_supervisor).get("/ladder").content.decode()
