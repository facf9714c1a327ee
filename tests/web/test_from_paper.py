"""The town's clerk enters plan and rectification from the village's paper; the case says so."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from casework.models import Case, Evidence, Person
from casework.queries import measures_to_report
from casework.stages import Role, Stage
from tests.cast import Cast
from tests.factories import holder
from tests.walk import TODAY, case_at, photo

SignedIn = Callable[[Person], Client]
MARK = "entered by the town from paper"


@pytest.fixture(autouse=True)
def _in_english(settings: Any) -> None:
    """Sentences are read as they stand in the code."""
    settings.LANGUAGE_CODE = "en"


def carried(case: Case) -> dict[str, Any]:
    return {"key": str(uuid4()), "seen_version": Case.objects.get(pk=case.pk).version}


def plan_words(case: Case) -> dict[str, Any]:
    measure = {
        "kind": "corrective",
        "what": "在西侧明白墙加装雨棚",
        "who": "柳大山",
        "due_on": str(TODAY + timedelta(days=7)),
    }
    return {**carried(case), "rows": 1, **{f"measures-0-{name}": value for name, value in measure.items()}}


def test_a_plan_without_its_paper_is_refused_beside_the_field_and_the_words_stay(
    cast: Cast, signed_in: SignedIn
) -> None:
    case = case_at(Stage.PLANNING, cast)
    answer = signed_in(cast.town_reviewer).post(reverse("plan_from_paper", args=[case.number]), plan_words(case))
    page = answer.content.decode()
    assert (answer.status_code, "Add a photo or scan of the signed plan" in page) == (422, True)
    assert "在西侧明白墙加装雨棚" in page


def test_a_refused_plan_keeps_the_paper_and_the_next_try_needs_it_no_more(cast: Cast, signed_in: SignedIn) -> None:
    case = case_at(Stage.PLANNING, cast)
    client, address = signed_in(cast.town_reviewer), reverse("plan_from_paper", args=[case.number])
    words = {**plan_words(case), "measures-0-who": ""}
    assert client.post(address, {**words, "paper": photo(5)}).status_code == 422
    assert Evidence.objects.get(case=case).kind == "document"
    assert client.post(address, plan_words(case)).status_code == 302
    case.refresh_from_db()
    assert case.stage == Stage.RECTIFICATION
    page = signed_in(cast.county_supervisor).get(reverse("case", args=[case.number])).content.decode()
    assert page.count(MARK) == 2


def test_the_rectification_from_paper_goes_to_a_colleague(cast: Cast, signed_in: SignedIn) -> None:
    case = case_at(Stage.RECTIFICATION, cast)
    words: dict[str, Any] = {"signed_sheet": photo(9), "signed_by": "柳大山"}
    for measure in measures_to_report(case):
        place = f"reports-{measure.pk}-"
        words |= {f"{place}words": "已加装", f"{place}done_on": str(TODAY), f"{place}evidence": photo(measure.pk)}
    client, address = signed_in(cast.town_reviewer), reverse("rectification_from_paper", args=[case.number])
    assert client.post(address, {**carried(case), **words}).status_code == 302
    case.refresh_from_db()
    assert case.stage == Stage.FIRST_REVIEW
    assert client.get(reverse("first_review", args=[case.number])).status_code == 403
    colleague = signed_in(holder(Role.TOWN_REVIEWER, cast.town, "colleague"))
    assert colleague.get(reverse("first_review", args=[case.number])).status_code == 200


def test_the_clerk_is_told_who_reviews_it_then_and_when_nobody_could(cast: Cast, signed_in: SignedIn) -> None:
    case = case_at(Stage.PLANNING, cast)
    client, address = signed_in(cast.town_reviewer), reverse("plan_from_paper", args=[case.number])
    assert "Nobody else holds a reviewer" in client.get(address).content.decode()
    holder(Role.TOWN_REVIEWER, cast.town, "colleague")
    page = client.get(address).content.decode()
    assert "a colleague does" in page
    assert "Nobody else holds a reviewer" not in page
