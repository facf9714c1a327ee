"""Reviews and the strike-off."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from casework.errors import Invalid, NotAllowed, SeveralRefusals
from casework.lifecycle.closure import close_case
from casework.lifecycle.review import Verdict, review_case
from casework.models import Case, Closure, Review
from casework.queries import current_measures
from casework.stages import Stage
from flows import steps
from tests.casework.test_verbs import FIVE
from tests.cast import Cast
from tests.walk import (
    NOW,
    TODAY,
    case_at,
    closed,
    reviewed,
    verdicts,
)


class TestReview:
    def test_committee_cannot_review_its_own_work(self, cast: Cast) -> None:
        from tests.factories import appoint

        case = case_at(Stage.FIRST_REVIEW, cast)
        appoint(cast.willow_head, "town_reviewer", cast.town)  # holds both posts, and handed the work in
        appoint(cast.willow_member, "town_reviewer", cast.town)  # holds both posts
        for person in (cast.willow_head, cast.willow_member):
            with pytest.raises(NotAllowed) as refusal:
                reviewed(case, type(person).objects.get(pk=person.pk))
            assert refusal.value.code == "own_work"

    def test_who_left_the_committee_still_cannot_review_what_they_handed_in(self, cast: Cast) -> None:
        from casework.models import Term
        from tests.factories import appoint

        case = case_at(Stage.FIRST_REVIEW, cast)
        Term.objects.filter(person=cast.willow_head).update(valid_until=TODAY - timedelta(days=1))
        appoint(cast.willow_head, "town_reviewer", cast.town)
        with pytest.raises(NotAllowed) as refusal:
            reviewed(case, type(cast.willow_head).objects.get(pk=cast.willow_head.pk))
        assert refusal.value.code == "own_work"

    @pytest.mark.parametrize("visible", [True, False])
    def test_a_stamp_alone_does_not_pass(self, visible: bool, cast: Cast) -> None:
        case = case_at(Stage.FIRST_REVIEW, cast)
        words = {"verdicts": verdicts(case), "signature_visible": visible}
        if visible:
            assert steps.take(review_case, case=case, by=cast.town_reviewer, at=NOW, **words).stage == "second_review"
        else:
            with pytest.raises(Invalid) as refusal:
                steps.take(review_case, case=case, by=cast.town_reviewer, at=NOW, **words)
            assert refusal.value.field == "signature_visible"

    def test_each_measure_needs_its_verdict_and_a_return_its_reason(self, cast: Cast) -> None:
        case = case_at(Stage.FIRST_REVIEW, cast)
        first, second = current_measures(case)
        with pytest.raises(SeveralRefusals) as refusal:
            steps.take(
                review_case,
                case=case,
                by=cast.town_reviewer,
                at=NOW,
                verdicts={first.pk: Verdict(False, " ")},
                signature_visible=True,
            )
        assert [one.field for one in refusal.value.refusals] == [
            f"verdicts-{first.pk}-reason",
            f"verdicts-{second.pk}-passed",
        ]
        assert not Review.objects.filter(stage=Stage.FIRST_REVIEW).exists()

    @pytest.mark.parametrize(
        "make_serious",
        [
            lambda case: setattr(case, "severity", 4),
            lambda case: setattr(case, "is_key_village", True),
        ],
        ids=["severity 4", "key village"],
    )
    def test_the_city_reviews_what_is_serious(self, make_serious: Callable[[Case], None], cast: Cast) -> None:
        case = case_at(Stage.SECOND_REVIEW, cast)
        make_serious(case)
        case.save()
        case = reviewed(case, cast.county_supervisor)
        assert case.stage == Stage.CITY_REVIEW
        case = reviewed(case, cast.city_supervisor)
        with pytest.raises(NotAllowed):
            closed(cast, case, by=cast.county_supervisor)
        assert closed(cast, case, by=cast.city_supervisor).stage == Stage.CLOSED


class TestClosure:
    @pytest.mark.parametrize("missing", Closure.TESTS)
    def test_each_of_the_five_tests_is_needed(self, missing: str, cast: Cast) -> None:
        case = case_at(Stage.STRIKE_OFF, cast)
        with pytest.raises(Invalid) as refusal:
            steps.take(close_case, case=case, by=cast.county_supervisor, at=NOW, tests={**FIVE, missing: False})
        assert refusal.value.field == missing
        assert not Closure.objects.exists()

    def test_closing_numbers_run_by_office_and_year(self, cast: Cast) -> None:
        numbers = [closed(cast, case_at(Stage.STRIKE_OFF, cast)).closing_number for _ in range(2)]
        assert numbers == ["QH销〔2026〕1号", "QH销〔2026〕2号"]
