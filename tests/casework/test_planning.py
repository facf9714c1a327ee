"""The plan of measures, and what is reported of them."""

from datetime import timedelta

import pytest

from casework.errors import Invalid, SeveralRefusals
from casework.lifecycle.closure import decline_strike_off
from casework.lifecycle.pausing import pause_case
from casework.lifecycle.planning import Draft, is_empty_phrase, submit_plan
from casework.lifecycle.rectification import submit_rectification
from casework.queries import measures_to_report
from casework.stages import Stage
from flows import steps
from tests.cast import Cast
from tests.walk import (
    NOW,
    TODAY,
    case_at,
    done,
    planned,
    proved,
    rectified,
    reviewed,
)


class TestPlanning:
    @pytest.mark.parametrize(
        "words", ["加强管理", "进一步提高思想认识", "切实落实责任,规范制度", "严格监督到位", "improve management"]
    )
    def test_words_that_any_plan_can_hold_are_no_measure(self, words: str) -> None:
        assert is_empty_phrase(words)

    @pytest.mark.parametrize("words", ["更换明白墙", "补签鱼塘承包合同", "退还多收的水费", "Repair the board"])
    def test_words_that_name_an_object_are_a_measure(self, words: str) -> None:
        assert not is_empty_phrase(words)

    def test_every_missing_word_is_named_at_once(self, cast: Cast) -> None:
        case = case_at(Stage.PLANNING, cast)
        with pytest.raises(SeveralRefusals) as refusal:
            steps.take(
                submit_plan,
                case=case,
                by=cast.willow_head,
                at=NOW,
                measures=[Draft("加强管理", " ", None), Draft("", "李", TODAY - timedelta(days=1))],
            )
        assert {(one.code, one.field) for one in refusal.value.refusals} == {
            ("empty_measure", "measures-0-what"),
            ("who_missing", "measures-0-who"),
            ("by_when_missing", "measures-0-due_on"),
            ("what_missing", "measures-1-what"),
            ("by_when_past", "measures-1-due_on"),
        }

    def test_a_corrective_measure_ends_before_the_deadline(self, cast: Cast) -> None:
        case = case_at(Stage.PLANNING, cast)
        late = [Draft("更换明白墙", "柳大山", case.due_on + timedelta(days=1))]
        with pytest.raises(Invalid) as refusal:
            steps.take(submit_plan, case=case, by=cast.willow_head, at=NOW, measures=late)
        assert refusal.value.code == "by_when_after_deadline"

    @pytest.mark.parametrize(("severity", "stage"), [(2, Stage.RECTIFICATION), (3, Stage.PLAN_APPROVAL)])
    def test_from_severity_3_on_the_town_approves(self, severity: int, stage: Stage, cast: Cast) -> None:
        case = case_at(Stage.PLANNING, cast, severity=severity)
        assert planned(cast, case).stage == stage

    def test_a_returned_plan_stays_as_it_was(self, cast: Cast) -> None:
        case = case_at(Stage.PLAN_APPROVAL, cast)
        case = reviewed(case, cast.town_reviewer, returned=(1,))
        assert (case.stage, case.round) == (Stage.PLANNING, 1)
        case = planned(cast, case)
        assert [plan.number for plan in case.plans.all()] == [1, 2]
        assert [plan.measures.count() for plan in case.plans.all()] == [2, 2]


class TestRectification:
    def test_each_measure_needs_words_day_and_proof_and_the_case_a_signed_sheet(self, cast: Cast) -> None:
        case = case_at(Stage.RECTIFICATION, cast)
        with pytest.raises(SeveralRefusals) as refusal:
            steps.take(submit_rectification, case=case, by=cast.willow_head, at=NOW, reports={})
        codes = [one.code for one in refusal.value.refusals]
        assert codes.count("report_missing") == codes.count("done_on_missing") == codes.count("proof_missing") == 2
        assert codes.count("signed_sheet_missing") == 1

    def test_a_paused_case_is_not_submitted(self, cast: Cast) -> None:
        case = proved(cast, case_at(Stage.RECTIFICATION, cast))
        steps.take(pause_case, case=case, by=cast.county_supervisor, at=NOW, reason="等待鉴定")
        with pytest.raises(Invalid) as refusal:
            steps.take(submit_rectification, case=case, by=cast.willow_head, at=NOW, reports=done(case))
        assert refusal.value.code == "paused"

    def test_only_what_was_returned_is_reported_again_and_the_old_round_stays(self, cast: Cast) -> None:
        case = reviewed(case_at(Stage.FIRST_REVIEW, cast), cast.town_reviewer, returned=(2,))
        assert [measure.number for measure in measures_to_report(case)] == [2]
        case = rectified(cast, case)
        rounds = {submission.round: submission.reports.count() for submission in case.submissions.all()}
        assert rounds == {1: 2, 2: 1}

    def test_a_return_at_the_strike_off_asks_for_all_again(self, cast: Cast) -> None:
        case = case_at(Stage.STRIKE_OFF, cast)
        case = steps.take(decline_strike_off, case=case, by=cast.county_supervisor, at=NOW, reason="根源没有消除")
        assert (case.stage, case.round) == (Stage.RECTIFICATION, 2)
        assert len(measures_to_report(case)) == 2
