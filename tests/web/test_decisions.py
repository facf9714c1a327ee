"""The pages of decisions in six steps."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from casework.models import Case, Person
from oversight.decisions.deciding import Taken, open_decision, take_step
from oversight.duty.minutes import Held, enter_minutes
from oversight.models import Decision, DecisionStep, MinutesKind
from tests.cast import Cast
from tests.walk import NOW, TODAY, photo
from tests.web.test_queries import EVERY_PAGE, queries_of

SignedIn = Callable[[Person], Client]
DAY = date(2026, 2, 3)


@pytest.fixture
def decision(cast: Cast) -> Decision:
    return open_decision(village=cast.willow, matter="鱼塘承包", by=cast.willow_head, at=NOW)


def take(cast: Cast, decision: Decision, kind: int, day: date = DAY, **counts: Any) -> DecisionStep:
    taken = Taken(kind=kind, held_on=day, words="同意", **counts)
    return take_step(decision=decision, taken=taken, by=cast.willow_head, at=NOW)


def votes(**changed: Any) -> dict[str, Any]:
    return {"held_on": str(DAY), "due": "30", "present": "20", "in_favour": "15", "words": "票决通过", **changed}


def test_a_village_enters_a_matter_and_its_steps(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.willow_head)
    assert client.get("/decisions")["Location"] == f"/decisions/villages/{cast.willow.code}"
    sent = client.post(f"/decisions/villages/{cast.willow.code}", {"matter": "道路硬化", "words": "东西两条"})
    made = Decision.objects.get()
    assert sent["Location"] == f"/decisions/{made.pk}"
    sent = client.post(f"/decisions/{made.pk}/steps/3", votes(uploads=[photo(9)]))
    assert sent.status_code == 302
    step = made.steps.get()
    assert (step.due, step.present, step.in_favour) == (30, 20, 15)
    assert client.get(f"/decisions/steps/{step.pk}/files/1").status_code == 200
    assert signed_in(cast.poplar_head).get(f"/decisions/steps/{step.pk}/files/1").status_code == 404
    assert signed_in(cast.county_supervisor).post(f"/decisions/{made.pk}/steps/1", {}).status_code == 403


@pytest.mark.parametrize(
    "odd",
    [
        {"present": "31"},
        {"in_favour": "21"},
        {"due": ""},
        {"due": "9" * 30},
        {"due": "-1"},
        {"held_on": "2026-03-03"},
        {"held_on": ""},
        {"words": "长" * 4001},
    ],
)
def test_what_is_refused_loses_nothing(
    odd: dict[str, Any], cast: Cast, decision: Decision, signed_in: SignedIn
) -> None:
    sent = signed_in(cast.willow_head).post(f"/decisions/{decision.pk}/steps/3", votes(uploads=[photo(9)], **odd))
    page = sent.content.decode()
    assert sent.status_code == 422 and 'name="kept"' in page and 'class="alert"' in page
    assert odd.get("words", "票决通过") in page
    assert not DecisionStep.objects.exists()


def test_minutes_that_are_there_serve_and_nothing_is_asked_again(
    cast: Cast, decision: Decision, signed_in: SignedIn
) -> None:
    held = Held(MinutesKind.MAJOR_MATTER, DAY, [cast.willow_head.pk], "鱼塘承包", "表决")
    minutes = enter_minutes(village=cast.willow, held=held, by=cast.willow_head, at=NOW)
    client = signed_in(cast.willow_head)
    given = {"minutes": str(minutes.pk), "due": "30", "present": "25", "in_favour": "20"}
    assert client.post(f"/decisions/{decision.pk}/steps/3", given).status_code == 302
    step = DecisionStep.objects.get()
    assert (step.minutes, step.held_on) == (minutes, DAY)
    assert f"/duty/minutes/{minutes.pk}" in client.get(f"/decisions/{decision.pk}").content.decode()
    assert "鱼塘承包" in client.get(f"/duty/minutes/{minutes.pk}").content.decode()
    assert client.post(f"/decisions/{decision.pk}/steps/1", {"minutes": "999"}).status_code == 422


def test_a_step_too_early_is_shown_and_becomes_a_case(cast: Cast, decision: Decision, signed_in: SignedIn) -> None:
    take(cast, decision, 1)
    take(cast, decision, 2, date(2026, 2, 1))
    client = signed_in(cast.town_reviewer)
    page = client.get(f"/decisions/{decision.pk}").content.decode()
    assert "faulty" in page
    address = f"/gaps/step_early~{cast.willow.code}~2026-02-01~d{decision.pk}s2"
    assert address in client.get("/gaps").content.decode()
    assert client.post(f"{address}/case", {"description": "两委商议早于支部提议。"}).status_code == 302
    assert Case.objects.get().item.code == "decision-step-skipped"


def test_a_step_is_corrected_and_taken_back(cast: Cast, decision: Decision, signed_in: SignedIn) -> None:
    take(cast, decision, 1)
    client, address = signed_in(cast.willow_head), f"/decisions/{decision.pk}/steps/1"
    assert client.post(address, {"held_on": str(DAY), "words": "改"}).status_code == 422
    assert client.post(address, {"held_on": str(DAY), "words": "改", "reason": "写错"}).status_code == 302
    assert "写错" in client.get(f"/decisions/{decision.pk}").content.decode()
    assert client.post(f"{address}/withdrawal", {"reason": ""}).status_code == 422
    assert client.post(f"{address}/withdrawal", {"reason": "未开会"}).status_code == 302
    assert client.post(f"{address}/withdrawal", {"reason": "再来"}).status_code == 404
    assert client.get(f"/decisions/{decision.pk}/steps/9").status_code == 404


def test_the_list_takes_as_many_queries_for_many(cast: Cast, decision: Decision, signed_in: SignedIn) -> None:
    client = signed_in(cast.county_supervisor)
    take(cast, decision, 1)
    few = len(queries_of(client, "/decisions"))
    for number in range(4):
        other = open_decision(village=cast.poplar, matter=f"事项{number}", by=cast.poplar_head, at=NOW)
        take_step(decision=other, taken=Taken(kind=2, held_on=TODAY, words="x"), by=cast.poplar_head, at=NOW)
    assert len(queries_of(client, "/decisions")) == few <= EVERY_PAGE + 8
