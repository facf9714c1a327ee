"""Help in plain words: it opens for everybody, begins with the reader's own role, and each screen leads to its part."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from casework.models import Person
from casework.stages import Stage
from tests.cast import Cast
from tests.walk import case_at
from web.pages.help import OF_ROUTE, TOPICS
from web.urls import urlpatterns

SignedIn = Callable[[Person], Client]


def test_it_opens_before_the_sign_in_and_the_sign_in_leads_there(db: None, client: Client) -> None:
    assert 'href="/help#sign-in"' in client.get(reverse("sign_in")).content.decode()
    page = client.get(reverse("help")).content.decode()
    assert all(f'id="{topic.anchor}"' in page for topic in TOPICS)
    assert "<details open>" not in page


@pytest.mark.parametrize(
    ("who", "begins"), [("willow_member", 0), ("inspector", 1), ("town_reviewer", 2), ("county_supervisor", 3)]
)
def test_the_first_steps_of_ones_own_role_stand_open(cast: Cast, signed_in: SignedIn, who: str, begins: int) -> None:
    page = signed_in(getattr(cast, who)).get(reverse("help")).content.decode()
    parts = page.split("<details")[1:5]
    assert [part.startswith(" open>") for part in parts] == [n == begins for n in range(4)]


def test_a_screen_leads_to_its_own_part(cast: Cast, signed_in: SignedIn) -> None:
    case = case_at(Stage.STRIKE_OFF, cast)
    client = signed_in(cast.county_supervisor)
    for address, anchor in (
        (reverse("strike_off", args=[case.number]), "strike-off"),
        (reverse("letters"), "letters"),
        (reverse("case", args=[case.number]), "first-steps"),
    ):
        assert f'href="/help#{anchor}"' in client.get(address).content.decode(), address


def test_every_screen_that_is_explained_is_one() -> None:
    names = {pattern.name for pattern in urlpatterns}
    assert set(OF_ROUTE) <= names, set(OF_ROUTE) - names
