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


STEPS: tuple[tuple[str, Stage, str, str, Callable[[Case], dict[str, Any]], int], ...] = (
    ("accept", Stage.SCREENING, "county_supervisor", "screening", lambda case: {"outcome": "accepted"}, 99),
    (
        "accept and assign",
        Stage.SCREENING,
        "county_supervisor",
        "screening",
        lambda case: {"outcome": "accepted", "post": head_post(case.village).pk, "due_on": DUE},
        99,
    ),
    (
        "assign",
        Stage.ASSIGNMENT,
        "county_supervisor",
        "assignment",
        lambda case: {"post": head_post(case.village).pk, "due_on": DUE},
        99,
    ),
    ("plan", Stage.PLANNING, "willow_head", "plan", lambda case: plan_words(), 99),
    ("approve the plan", Stage.PLAN_APPROVAL, "town_reviewer", "plan-approval", passing, 99),
    ("rectify", Stage.RECTIFICATION, "willow_head", "rectification", reporting, 99),
    ("review", Stage.FIRST_REVIEW, "town_reviewer", "first-review", passing, 99),
    ("return", Stage.FIRST_REVIEW, "town_reviewer", "first-review", returning, 99),
    ("review again", Stage.SECOND_REVIEW, "county_supervisor", "second-review", passing, 99),
    ("review in the city", Stage.CITY_REVIEW, "city_supervisor", "city-review", passing, 99),
    (
        "strike off",
        Stage.STRIKE_OFF,
        "county_supervisor",
        "closure",
        lambda case: dict.fromkeys(Closure.TESTS, "on"),
        99,
    ),
)


@pytest.mark.parametrize(
    ("stage", "who", "page", "words", "most"), [row[1:] for row in STEPS], ids=[r[0] for r in STEPS]
)
def test_a_step_takes_few_queries(
    stage: Stage,
    who: str,
    page: str,
    words: Callable[[Case], dict[str, Any]],
    most: int,
    cast: Cast,
    signed_in: SignedIn,
) -> None:
    case = case_at(stage, cast)
    if stage == Stage.RECTIFICATION:
        case = proved(cast, case)
    queries = handed_in(signed_in(getattr(cast, who)), f"/cases/{case.number}/{page}", words(case))
    print("\nCOUNT", page, len(queries), *[q[:330] for q in queries], sep="\n  ")
    assert Case.objects.get(pk=case.pk).stage != stage
    assert len(queries) <= most, "\n".join(queries)


def test_a_report_takes_few_queries(cast: Cast, signed_in: SignedIn) -> None:
    said = {
        "village": "柳",
        "village_code": cast.willow.code,
        "item": item().pk,
        "severity": "2",
        "description": "村委会西侧明白墙无遮雨设施,公开被雨水冲刷。",
        "found_on": TODAY.isoformat(),
        "source": "spot_check",
    }
    queries = handed_in(signed_in(cast.inspector), "/cases/new", said)
    print("\nCOUNT report", len(queries), *[q[:330] for q in queries], sep="\n  ")
    assert Case.objects.get().stage == Stage.SCREENING
