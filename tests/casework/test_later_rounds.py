"""In a later round only what was returned is reported, and only what was reported anew is decided on."""

import pytest

from casework.errors import Invalid
from casework.lifecycle.closure import decline_strike_off
from casework.lifecycle.review import Verdict, review_case
from casework.models import Case, MeasureVerdict
from casework.queries import current_measures, measures_to_decide, measures_to_report
from casework.stages import Stage
from flows import steps
from tests.cast import Cast
from tests.walk import NOW, case_at, rectified, reviewed


def decide(case: Case, cast: Cast, verdicts: dict[int, Verdict], *, who: str = "town_reviewer") -> Case:
    return steps.take(review_case, case=case, by=getattr(cast, who), at=NOW, verdicts=verdicts, signature_visible=True)


@pytest.fixture
def second_round(cast: Cast) -> Case:
    """The town passed measure 1 and returned measure 2, which was reported again."""
    return rectified(cast, reviewed(case_at(Stage.FIRST_REVIEW, cast), cast.town_reviewer, returned=(2,)))


def numbers(case: Case) -> list[int]:
    return [one.number for one in measures_to_decide(case, current_measures(case))]


def test_the_town_decides_on_what_came_back_alone(cast: Cast, second_round: Case) -> None:
    first, second = current_measures(second_round)
    assert numbers(second_round) == [2]
    case = decide(second_round, cast, {second.pk: Verdict(True)})
    assert case.stage == Stage.SECOND_REVIEW
    assert MeasureVerdict.objects.filter(review__case=case, measure=first).count() == 1


def test_what_came_back_must_be_decided_on(cast: Cast, second_round: Case) -> None:
    first, _second = current_measures(second_round)
    with pytest.raises(Invalid) as refusal:
        decide(second_round, cast, {first.pk: Verdict(True)})
    assert refusal.value.code == "verdict_missing"


def test_what_passed_before_may_be_returned_after_all(cast: Cast, second_round: Case) -> None:
    first, second = current_measures(second_round)
    case = decide(second_round, cast, {first.pk: Verdict(False, "又坏了"), second.pk: Verdict(True)})
    assert (case.stage, case.round) == (Stage.RECTIFICATION, 3)
    assert [one.number for one in measures_to_report(case)] == [1]


def test_another_office_decides_on_all_that_it_has_not_passed_itself(cast: Cast, second_round: Case) -> None:
    case = reviewed(second_round, cast.town_reviewer)
    assert numbers(case) == [1, 2]
    case = rectified(cast, reviewed(case, cast.county_supervisor, returned=(1,)))
    assert numbers(case) == [1]  # the town
    case = reviewed(case, cast.town_reviewer)
    assert numbers(case) == [1]  # the county passed measure 2 in the round before


def test_a_return_at_the_strike_off_asks_for_all_anew(cast: Cast) -> None:
    case = case_at(Stage.STRIKE_OFF, cast)
    case = steps.take(decline_strike_off, case=case, by=cast.county_supervisor, at=NOW, reason="根源没有消除")
    assert numbers(rectified(cast, case)) == [1, 2]
