"""What a village wants to add while its rectification is being checked: said in the case, and the page says so."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from casework.models import Comment, Person
from casework.stages import Stage
from notifications.announcing import announce
from notifications.models import Message
from tests.cast import Cast
from tests.walk import NOW, case_at

SignedIn = Callable[[Person], Client]
CHECKED = (Stage.FIRST_REVIEW, Stage.SECOND_REVIEW, Stage.STRIKE_OFF)


@pytest.fixture(autouse=True)
def _in_english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"


@pytest.mark.parametrize("stage", CHECKED)
def test_the_page_of_the_step_says_where_it_can_be_said(stage: Stage, cast: Cast, signed_in: SignedIn) -> None:
    case = case_at(stage, cast)
    client = signed_in(cast.willow_member)
    answer = client.get(f"/cases/{case.number}/rectification")
    page = answer.content.decode()
    assert answer.status_code == 409 and "is being checked" in page
    assert f'href="/cases/{case.number}#talk"' in page
    assert "Something to add?" in client.get(f"/cases/{case.number}").content.decode()


def test_a_form_that_was_open_meanwhile_keeps_its_words_and_says_it_too(cast: Cast, signed_in: SignedIn) -> None:
    case = case_at(Stage.FIRST_REVIEW, cast)
    answer = signed_in(cast.willow_member).post(
        f"/cases/{case.number}/rectification", {"report": "雨棚也装好了。", "key": str(uuid4()), "seen_version": "1"}
    )
    page = answer.content.decode()
    assert answer.status_code == 409 and "雨棚也装好了。" in page
    assert f'href="/cases/{case.number}#talk"' in page


def test_it_is_said_there_and_whoever_checks_is_told(cast: Cast, signed_in: SignedIn) -> None:
    case = case_at(Stage.FIRST_REVIEW, cast)
    announce(at=NOW)
    before = set(Message.objects.filter(person=cast.town_reviewer).values_list("pk", flat=True))
    answer = signed_in(cast.willow_member).post(
        f"/cases/{case.number}/comments", {"words": "雨棚也装好了。", "key": str(uuid4())}
    )
    assert answer.status_code in (200, 302)
    assert Comment.objects.get().by == cast.willow_member
    announce(at=NOW)
    told = Message.objects.filter(person=cast.town_reviewer).exclude(pk__in=before).get()
    assert told.event is not None and told.event.kind == "commented"
    case.refresh_from_db()
    assert case.stage == Stage.FIRST_REVIEW


def test_before_and_elsewhere_nothing_of_it_is_said(cast: Cast, signed_in: SignedIn) -> None:
    case = case_at(Stage.RECTIFICATION, cast)
    client = signed_in(cast.willow_member)
    assert "Something to add?" not in client.get(f"/cases/{case.number}").content.decode()
    assert "is being checked" not in client.get(f"/cases/{case.number}/plan").content.decode()
    case = case_at(Stage.FIRST_REVIEW, cast)
    page = signed_in(cast.county_supervisor).get(f"/cases/{case.number}").content.decode()
    assert "Something to add?" not in page
