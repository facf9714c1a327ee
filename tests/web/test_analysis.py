"""The analysis page: what it says, what leads on, and that it asks little."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client

from casework.escalation.sweeping import sweep
from casework.models import Case, Person, Unit
from casework.stages import Stage
from tests.cast import Cast
from tests.walk import NOW, TODAY, case_at, closed, relapsed

SignedIn = Callable[[Person], Client]


def story(cast: Cast) -> None:
    cases = [closed(cast, case_at(Stage.STRIKE_OFF, cast)) for _ in range(11)]
    Case.objects.filter(pk__in=[case.pk for case in cases]).update(closed_on=TODAY - timedelta(days=50))
    for case in cases[:3]:
        relapsed(cast, Case.objects.get(pk=case.pk))
    sweep(at=NOW)


def test_shares_carry_their_interval_and_lead_to_the_cases(cast: Cast, signed_in: SignedIn) -> None:
    story(cast)
    client = signed_in(cast.county_supervisor)
    page = client.get("/analysis?by=aspect").content.decode()
    assert "27 %" in page  # 3 of 11
    assert "9.7 %–57 %" in page
    assert "Kaplan–Meier" in page
    link = page.split('<a href="/cases?')[1].split('"')[0].replace("&amp;", "&")
    cases = client.get(f"/cases?{link}").context["rows"]
    assert len(cases) == 3


def test_every_split_is_drawn_with_few_questions(
    cast: Cast, signed_in: SignedIn, django_assert_max_num_queries: Any
) -> None:
    story(cast)
    for by in ("county", "town", "aspect", "kind", "approver", "term"):
        client = signed_in(cast.city_supervisor)
        with django_assert_max_num_queries(25):
            assert client.get(f"/analysis?by={by}").status_code == 200


def test_a_village_is_made_a_key_village_from_here(cast: Cast, signed_in: SignedIn) -> None:
    answer = signed_in(cast.county_supervisor).post(
        f"/villages/{cast.willow.code}/key", {"is_key": "1", "reason": "三次反弹"}, follow=True
    )
    assert answer.status_code == 200
    assert Unit.objects.get(pk=cast.willow.pk).is_key_village


def test_without_a_strike_off_it_says_what_will_stand_here(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.county_supervisor).get("/analysis").content.decode()
    assert 'class="blank"' in page
