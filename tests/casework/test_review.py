"""Reviews and the strike-off."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from casework.errors import Invalid, NotAllowed, SeveralRefusals
from casework.lifecycle.closure import close_case, decline_strike_off
from casework.lifecycle.review import Verdict, review_case
from casework.models import Case, Closure, Evidence, Review
from casework.models.evidence import EvidenceKind
from casework.queries import current_measures
from casework.stages import Stage, Watch
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


@pytest.mark.parametrize("kind", [EvidenceKind.AFTER, EvidenceKind.DOCUMENT, EvidenceKind.BEFORE])
def test_no_other_file_counts_as_the_signed_sheet(kind: str, cast: Cast) -> None:
    """The sheet must be one: a photo or a document in its place does not pass, whatever is ticked."""
    case = case_at(Stage.RECTIFICATION, cast)
    Case.objects.filter(pk=case.pk).update(stage=Stage.FIRST_REVIEW)
    case = Case.objects.get(pk=case.pk)
    Evidence.objects.create(
        case=case,
        number=50,
        kind=kind,
        round=1,
        size=1,
        uploaded_by=cast.willow_head,
        uploaded_at=NOW,
        **dict.fromkeys(("name", "media_type", "sha256", "stored_as", "chain_before", "chain"), "x"),
    )
    with pytest.raises(Invalid) as refusal:
        review_case(case=case, verdicts=verdicts(case), signature_visible=True, by=cast.town_reviewer, at=NOW)
    assert refusal.value.code == "signed_sheet_missing"


@pytest.mark.parametrize("stage", [Stage.PLAN_APPROVAL, Stage.FIRST_REVIEW, Stage.SECOND_REVIEW, Stage.STRIKE_OFF])
def test_a_return_is_marked_with_its_moment(stage: Stage, cast: Cast) -> None:
    case = case_at(stage, cast)
    assert case.returned_at is None
    if stage == Stage.STRIKE_OFF:
        case = steps.take(decline_strike_off, case=case, by=cast.county_supervisor, at=NOW, reason="根源没有消除")
    else:
        by = cast.county_supervisor if stage == Stage.SECOND_REVIEW else cast.town_reviewer
        case = reviewed(case, by, returned=(1,))
    assert case.returned_at == NOW


@pytest.mark.parametrize("returned", [(), (1,)])
def test_the_reviewers_opinion_stands_in_the_timeline(returned: tuple[int, ...], cast: Cast) -> None:
    case = case_at(Stage.FIRST_REVIEW, cast)
    case = steps.take(
        review_case,
        case=case,
        by=cast.town_reviewer,
        at=NOW,
        verdicts=verdicts(case, returned=returned),
        words="到村看过,雨棚牢固",
        signature_visible=True,
    )
    event = case.events.order_by("id").last()
    assert "到村看过,雨棚牢固" in event.words
    assert ("照片看不清公示内容" in event.words) == bool(returned)


def test_a_strike_off_names_the_approvers_unit_and_begins_the_watching(cast: Cast) -> None:
    case = closed(cast, case_at(Stage.STRIKE_OFF, cast))
    record = case.closures.get()
    assert (record.by, record.by_unit, case.watch) == (cast.county_supervisor, cast.county, Watch.WATCHED)
    assert all(one.by_unit == cast.town for one in case.reviews.filter(stage=Stage.FIRST_REVIEW))
