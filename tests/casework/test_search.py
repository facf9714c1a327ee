"""Finding a case by its number, its village or Chinese words; and links that keep their filters."""

from datetime import date

import pytest
from django.http import QueryDict

from casework.filters import CaseFilters
from casework.models import Case
from casework.queries import visible
from casework.stages import Stage
from tests.cast import Cast
from tests.walk import TODAY, case_at, closed, reported


def found(cast: Cast, query: str) -> list[int]:
    filters = CaseFilters.from_query(QueryDict(query).dict())
    cases = filters.apply(visible(cast.county_supervisor, TODAY), cast.county_supervisor, TODAY)
    return sorted(cases.values_list("pk", flat=True))


@pytest.fixture
def cases(cast: Cast) -> list[Case]:
    return [
        reported(cast, description="鱼塘承包合同未公开", village=cast.willow),
        reported(cast, description="低保名单未张贴,群众反映", village=cast.poplar),
        reported(cast, description="路灯损坏", village=cast.willow, required_action="更换灯具并公开费用"),
    ]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("合同", [0]),
        ("公开", [0, 2]),
        ("承包合同", [0]),
        ("灯具", [2]),
        ("杨树", [1]),
        ("上柳 公开", [0, 2]),
        ("低保 上柳", []),
        ("灯", [2]),
        ("同合", []),
        ("%", []),
        ("'; DROP TABLE", []),
    ],
)
def test_words_are_found_in_texts_and_village_names(
    words: str, expected: list[int], cast: Cast, cases: list[Case]
) -> None:
    query = QueryDict(mutable=True)
    query["words"] = words
    assert found(cast, query.urlencode()) == [cases[index].pk for index in expected]


def test_a_number_finds_its_case(cast: Cast, cases: list[Case]) -> None:
    assert found(cast, f"words={cases[1].number}") == [cases[1].pk]
    assert found(cast, f"words={cases[1].number.lower()}") == [cases[1].pk]


def test_nobody_finds_what_they_may_not_see(cast: Cast, cases: list[Case]) -> None:
    filters = CaseFilters.from_query({"words": "公开"})
    for outsider in (cast.outsider_county, cast.willow_head, cast.volunteer):
        assert not filters.apply(visible(outsider, TODAY), outsider, TODAY).exists()


def test_filters_narrow_by_what_they_say(cast: Cast) -> None:
    ended, review = closed(cast, case_at(Stage.STRIKE_OFF, cast)), case_at(Stage.FIRST_REVIEW, cast)
    grave = reported(cast, severity=4)
    assert found(cast, "") == sorted([review.pk, grave.pk])
    assert found(cast, "state=closed") == [ended.pk]
    assert found(cast, "state=all") == sorted([ended.pk, review.pk, grave.pk])
    assert found(cast, "stage=first_review") == [review.pk]
    assert found(cast, "severity=4") == [grave.pk]
    assert found(cast, "waiting=1") == [grave.pk]
    assert found(cast, f"village={cast.poplar.code}") == []


@pytest.mark.parametrize(
    "filters",
    [
        CaseFilters(),
        CaseFilters(words="明白墙", state="all", sort="new"),
        CaseFilters(stage="first_review", light="red", severity=3, found_from=date(2026, 1, 1)),
        CaseFilters(came_back=True, waiting=True, overdue=True, county="990101", sort="-due"),
    ],
)
def test_a_saved_link_leads_back_to_its_filters(filters: CaseFilters) -> None:
    assert CaseFilters.from_query(filters.as_query()) == filters


def test_what_is_no_filter_is_left_out() -> None:
    query = {"stage": "nowhere", "severity": "9", "found_from": "soon", "sort": "price", "light": "green"}
    assert CaseFilters.from_query(query) == CaseFilters()
