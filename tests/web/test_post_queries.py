"""How many queries it takes to hand a step in: the request, the form, the door and the verb together."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casework.models import Case, Closure, Person
from casework.queries import current_measures
from casework.stages import Stage
from tests.cast import Cast
from tests.factories import item
from tests.walk import TODAY, case_at, head_post, proved
from tests.web.test_forms import hidden, plan_words

SignedIn = Callable[[Person], Client]
DUE = (TODAY + timedelta(days=14)).isoformat()
# Neither reads nor writes: of a transaction its beginning and its end.
NO_QUERY = ("SAVEPOINT", "RELEASE SAVEPOINT", "BEGIN", "COMMIT")


def handed_in(client: Client, address: str, words: dict[str, Any]) -> list[str]:
    said = {**hidden(client, address), **words}
    with CaptureQueriesContext(connection) as captured:
        answer = client.post(address, said)
    assert answer.status_code == 302, answer.content.decode()
    asked = [query["sql"] for query in captured.captured_queries]
    return [sql for sql in asked if not sql.startswith(NO_QUERY)]


def passing(case: Case) -> dict[str, str]:
    return {f"verdicts-{measure.pk}-passed": "pass" for measure in current_measures(case)} | {"signature_visible": "on"}


def returning(case: Case) -> dict[str, str]:
    first, *_others = current_measures(case)
    return {**passing(case), f"verdicts-{first.pk}-passed": "return", f"verdicts-{first.pk}-reason": "照片看不清"}


def reporting(case: Case) -> dict[str, str]:
    said: dict[str, str] = {}
    for measure in current_measures(case):
        said |= {f"reports-{measure.pk}-words": "已经加装并验收", f"reports-{measure.pk}-done_on": TODAY.isoformat()}
    return said


def assigning(case: Case) -> dict[str, Any]:
    assert case.item is not None
    return {"item": case.item.pk, "severity": "2", "post": head_post(case.village).pk, "due_on": DUE}


# The stage, who hands in which page with which words, and how many queries that takes at most.
STEPS: dict[str, tuple[Stage, str, str, Callable[[Case], dict[str, Any]], int]] = {
    "accept": (Stage.SCREENING, "county_supervisor", "screening", lambda case: {"outcome": "accepted"}, 17),
    "accept and assign": (
        Stage.SCREENING,
        "county_supervisor",
        "screening",
        lambda case: {"outcome": "assigned", **assigning(case)},
        25,
    ),
    "assign": (Stage.ASSIGNMENT, "county_supervisor", "assignment", assigning, 21),
    "plan": (Stage.PLANNING, "willow_head", "plan", lambda case: plan_words(), 19),
    "approve the plan": (Stage.PLAN_APPROVAL, "town_reviewer", "plan-approval", passing, 21),
    "rectify": (Stage.RECTIFICATION, "willow_head", "rectification", reporting, 20),
    "review": (Stage.FIRST_REVIEW, "town_reviewer", "first-review", passing, 22),
    "return": (Stage.FIRST_REVIEW, "town_reviewer", "first-review", returning, 21),
    "review one level up": (Stage.SECOND_REVIEW, "county_supervisor", "second-review", passing, 24),
    "review in the city": (Stage.CITY_REVIEW, "city_supervisor", "city-review", passing, 24),
    "strike off": (
        Stage.STRIKE_OFF,
        "county_supervisor",
        "closure",
        lambda case: dict.fromkeys(Closure.TESTS, "on"),
        24,
    ),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_step_takes_few_queries(step: str, cast: Cast, signed_in: SignedIn) -> None:
    stage, who, page, words, most = STEPS[step]
    case = case_at(stage, cast)
    if stage == Stage.RECTIFICATION:
        case = proved(cast, case)
    queries = handed_in(signed_in(getattr(cast, who)), f"/cases/{case.number}/{page}", words(case))
    assert Case.objects.get(pk=case.pk).stage != stage
    assert len(queries) <= most, "\n".join(queries)


def test_a_report_takes_few_queries(cast: Cast, signed_in: SignedIn) -> None:
    """The second of a year: the first one begins the running numbers and reads the catalogue."""
    said = {
        "village": cast.willow.name,
        "village_code": cast.willow.code,
        "item": item(2).pk,
        "severity": "2",
        "description": "村委会西侧明白墙无遮雨设施,公开被雨水冲刷。",
        "found_on": TODAY.isoformat(),
        "source": "spot_check",
    }
    client = signed_in(cast.inspector)
    handed_in(client, "/cases/new", said)
    queries = handed_in(client, "/cases/new", {**said, "village_code": cast.elm.code, "village": cast.elm.name})
    assert Case.objects.count() == 2
    assert len(queries) <= 25, "\n".join(queries)
