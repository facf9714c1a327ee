"""A forgotten password: the office above is told once a day, and nobody learns which names are known."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from casework.models import OfficeEvent, Person, Term, Unit
from casework.models.office_event import OfficeEventKind
from casework.offices.forgotten import ask_for_password
from casework.stages import Role
from notifications.announcing import announce_office
from notifications.models import Message
from notifications.office_news import page_of_office
from tests.cast import Cast
from tests.factories import holder
from tests.walk import NOW, TODAY
from tests.web.test_queries import SignedIn


@pytest.fixture(autouse=True)
def _in_english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"


def ask(name: str, client: Client | None = None) -> Any:
    return (client or Client()).post("/forgotten", {"username": name})


def told() -> list[tuple[Unit, int]]:
    kind = OfficeEventKind.PASSWORD_ASKED
    return [(event.unit, event.subject) for event in OfficeEvent.objects.filter(kind=kind).order_by("id")]


def test_known_and_unknown_names_get_the_same_answer(cast: Cast) -> None:
    Person.objects.filter(pk=cast.poplar_head.pk).update(is_active=False)
    names = ("willow_head", "nobody_of_this_name", "poplar_head", "administrator")
    answers = {re.sub(r'csrfmiddlewaretoken" value="\w+"', "", ask(name).content.decode()) for name in names}
    assert len(answers) == 1
    assert told() == [(cast.city, cast.willow_head.pk)]


def test_the_administrator_is_told_and_led_to_the_account(cast: Cast, signed_in: SignedIn) -> None:
    ask("willow_head")
    assert announce_office(at=NOW + timedelta(days=400)) == 1
    message = Message.objects.get()
    assert message.person == cast.administrator and message.office_event is not None
    page = page_of_office(message.office_event)
    assert page == f"/people/{cast.willow_head.pk}"
    assert signed_in(cast.administrator).get(page).status_code == 200


def test_the_password_still_holds(cast: Cast) -> None:
    cast.willow_head.set_password("old-password-7")
    cast.willow_head.save()
    ask("willow_head")
    assert Client().login(username="willow_head", password="old-password-7")


def test_the_nearest_administrator_is_told_and_never_about_oneself(cast: Cast) -> None:
    near = holder(Role.ADMINISTRATOR, cast.county, "near_administrator")
    ask_for_password(person=cast.willow_head, at=NOW)
    ask_for_password(person=near, at=NOW)
    ask_for_password(person=cast.administrator, at=NOW)
    assert told() == [(cast.county, cast.willow_head.pk), (cast.city, near.pk)]


def test_whoever_holds_no_post_today_has_no_office_to_ask(cast: Cast) -> None:
    Term.objects.filter(person=cast.willow_head).update(valid_until=TODAY - timedelta(days=1))
    ask_for_password(person=cast.willow_head, at=NOW)
    assert told() == []


def test_asked_twice_within_a_day_the_office_is_told_once(cast: Cast) -> None:
    for hours in (0, 23, 25):
        ask_for_password(person=cast.willow_head, at=NOW + timedelta(hours=hours))
    assert len(told()) == 2


def test_one_line_asks_ten_times_an_hour(cast: Cast) -> None:
    for number in range(10):
        assert ask(f"name{number}").status_code == 200
    refused = ask("willow_head")
    assert refused.status_code == 429
    assert "call your office" in refused.content.decode()
    assert told() == []


def test_the_sign_in_leads_here_and_says_whom_to_call(cast: Cast, settings: Any, signed_in: SignedIn) -> None:
    settings.SIGN_IN_CONTACT = "整治办 0000-1234567"
    for address in ("/sign-in", "/forgotten"):
        assert "整治办 0000-1234567" in Client().get(address).content.decode()
    assert 'href="/forgotten"' in Client().get("/sign-in").content.decode()
    assert signed_in(cast.willow_head).get("/forgotten").status_code == 302
    assert ask("").status_code == 422
    assert ask("x" * 151).status_code == 422
