"""The one door: lock, policy, verb, advance; and what a form carries through it."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.errors import Conflict, Invalid, NotAllowed
from casework.lifecycle.assignment import assign_case
from casework.lifecycle.pausing import pause_case
from casework.lifecycle.planning import submit_plan
from casework.lifecycle.rectification import submit_rectification
from casework.lifecycle.reporting import screen_case
from casework.models import Case, CaseEvent, Plan
from casework.models.exit import ScreeningOutcome
from casework.stages import OPEN, Stage
from flows import steps
from flows.models import CaseTask
from flows.submitted import Form, was_submitted
from tests.casework.test_verbs import words_of
from tests.cast import Cast
from tests.walk import (
    DOOR,
    NOW,
    case_at,
    closed,
    drafts,
    finding,
    head_post,
    planned,
    proved,
    rectified,
    reported,
    reviewed,
)
from web.diagram import diagram_of

BUDGET = 25


def open_tasks(case: Case) -> list[str]:
    return [
        task.flow_task.name
        for task in CaseTask.objects.filter(process_id=case.process_id, status="NEW", flow_task_type="HUMAN")
    ]


@pytest.mark.parametrize("stage", OPEN)
def test_case_and_flow_stand_at_the_same_step(stage: Stage, cast: Cast) -> None:
    case = case_at(stage, cast)
    assert open_tasks(case) == [case.stage] == [stage]


def test_an_end_leaves_no_task_open(cast: Cast) -> None:
    case = closed(cast, case_at(Stage.STRIKE_OFF, cast))
    assert open_tasks(case) == []
    assert not CaseTask.objects.filter(process_id=case.process_id).exclude(status="DONE").exists()


def test_a_task_of_another_node_is_refused_by_the_node(cast: Cast) -> None:
    """Viewflow's own address let the holder of one task post it to another node; this door knows no addresses, and the
    node itself refuses.
    """
    from flows.rectification import RectificationFlow

    case = case_at(Stage.RECTIFICATION, cast)
    task = CaseTask.objects.get(process_id=case.process_id, status="NEW", flow_task_type="HUMAN")
    review = RectificationFlow.instance.node("first_review")
    activation = review.activation_class(task)
    with pytest.raises(Conflict):
        review.check(activation, by=cast.town_reviewer, at=NOW)


def test_the_policy_is_asked_again_at_the_door(cast: Cast) -> None:
    from datetime import timedelta

    from casework.models import Person, Term
    from tests.walk import TODAY

    case = case_at(Stage.PLANNING, cast)
    Term.objects.filter(person=cast.willow_head).update(valid_until=TODAY - timedelta(days=1))
    with pytest.raises(NotAllowed):
        planned(cast, case, by=Person.objects.get(pk=cast.willow_head.pk))
    assert not Plan.objects.exists()


class TestForms:
    def test_the_same_key_and_words_change_nothing_twice(self, cast: Cast) -> None:
        case = case_at(Stage.PLANNING, cast)
        form = Form(uuid4(), case.version)
        for _ in range(2):
            case = steps.take(submit_plan, form, case=case, by=cast.willow_head, at=NOW, measures=drafts())
        assert Plan.objects.count() == 1
        assert CaseEvent.objects.filter(kind="planned").count() == 1

    def test_the_same_key_with_other_words_is_a_conflict(self, cast: Cast) -> None:
        case = case_at(Stage.PLANNING, cast)
        form = Form(uuid4(), case.version)
        steps.take(submit_plan, form, case=case, by=cast.willow_head, at=NOW, measures=drafts())
        with pytest.raises(Conflict) as refusal:
            steps.take(submit_plan, form, case=case, by=cast.willow_head, at=NOW, measures=drafts()[:1])
        assert refusal.value.code == "form_used"

    def test_what_was_handed_in_is_known_by_its_key_and_its_step(self, cast: Cast) -> None:
        case = case_at(Stage.PLANNING, cast)
        form = steps.Form(uuid4(), case.version)
        steps.take(submit_plan, form, case=case, by=cast.willow_head, at=NOW, measures=drafts())
        assert was_submitted(str(form.key), "submit_plan")
        assert not was_submitted(str(form.key), "pause_case")
        assert not was_submitted(str(uuid4()), "submit_plan")

    @pytest.mark.parametrize("key", ["", "nothing", "1234"])
    def test_a_key_that_nobody_gave_out_was_never_handed_in(self, key: str, cast: Cast) -> None:
        assert was_submitted(key, "submit_plan") is False

    def test_a_report_handed_in_twice_is_one_case(self, cast: Cast) -> None:
        form = Form(uuid4())
        cases = [steps.report(finding=finding(cast.willow), by=cast.inspector, at=NOW, form=form) for _ in range(2)]
        assert cases[0] == cases[1]
        assert Case.objects.count() == 1

    def test_a_form_from_an_older_state_is_a_conflict_that_tells_what_happened(self, cast: Cast) -> None:
        case = case_at(Stage.PLANNING, cast)
        seen = case.version
        steps.take(pause_case, case=case, by=cast.county_supervisor, at=NOW, reason="等待鉴定")
        with pytest.raises(Conflict) as refusal:
            steps.take(
                submit_plan,
                Form(uuid4(), seen),
                case=case,
                by=cast.willow_head,
                at=NOW,
                measures=drafts(),
            )
        assert [event.kind for event in refusal.value.values["events"]] == ["paused"]
        assert not Plan.objects.exists()

    def test_new_evidence_does_not_make_a_form_old(self, cast: Cast) -> None:
        from tests.walk import done

        case = case_at(Stage.RECTIFICATION, cast)
        seen = case.version
        proved(cast, case)
        case = steps.take(
            submit_rectification,
            Form(uuid4(), seen),
            case=case,
            by=cast.willow_head,
            at=NOW,
            reports=done(case),
        )
        assert case.stage == Stage.FIRST_REVIEW

    def test_somebody_was_faster_says_who(self, cast: Cast) -> None:
        case = case_at(Stage.FIRST_REVIEW, cast)
        reviewed(case, cast.town_reviewer)
        with pytest.raises(Conflict) as refusal:
            reviewed(case, cast.town_reviewer)
        assert "town_reviewer" in str(refusal.value)


STAGE_OF = {
    "screen_case": Stage.SCREENING,
    "assign_case": Stage.ASSIGNMENT,
    "submit_plan": Stage.PLANNING,
    "submit_rectification": Stage.RECTIFICATION,
    "review_case": Stage.FIRST_REVIEW,
    "close_case": Stage.STRIKE_OFF,
    "decline_strike_off": Stage.STRIKE_OFF,
    "ask_extension": Stage.RECTIFICATION,
    "pause_case": Stage.RECTIFICATION,
    "transfer_case": Stage.RECTIFICATION,
    "withdraw_case": Stage.RECTIFICATION,
}
BY = {
    "submit_plan": "willow_head",
    "submit_rectification": "willow_head",
    "ask_extension": "willow_head",
    "review_case": "town_reviewer",
}


@pytest.mark.parametrize("step", STAGE_OF)
def test_a_step_takes_at_most_25_queries(step: str, cast: Cast) -> None:
    from casework.models import Person

    closed(cast, case_at(Stage.STRIKE_OFF, cast))  # the year's counters have begun
    case = case_at(STAGE_OF[step], cast)
    if step == "submit_rectification":
        proved(cast, case)
    words: dict[str, Any] = words_of(step, case, cast)
    by = Person.objects.get(username=BY.get(step, "county_supervisor"))
    case = Case.objects.get(pk=case.pk)
    with CaptureQueriesContext(connection) as captured:
        steps.take(DOOR[step], Form(uuid4(), case.version), case=case, by=by, at=NOW, **words)
    asked = [query["sql"] for query in captured.captured_queries if "SAVEPOINT" not in query["sql"]]
    assert len(asked) <= BUDGET, "\n".join(words[:110] for words in asked)


class TestDiagram:
    def test_the_current_step_is_marked_also_after_a_return(self, cast: Cast) -> None:
        case = reviewed(case_at(Stage.FIRST_REVIEW, cast), cast.town_reviewer, returned=(1,))
        drawn = diagram_of(case, case.events.all())
        states = {step.name: step.state for step in drawn.steps}
        assert states["rectification"] == "current"
        assert states["first_review"] == "ahead"
        assert states["planning"] == "done"
        assert states["plan_approval"] == states["city_review"] == "left_out"
        assert [back.times for back in drawn.returns] == [1]
        case = rectified(cast, case)
        states = {step.name: step.state for step in diagram_of(case, case.events.all()).steps}
        assert (states["rectification"], states["first_review"]) == ("done", "current")

    def test_a_struck_off_case_has_no_current_step(self, cast: Cast) -> None:
        case = closed(cast, case_at(Stage.STRIKE_OFF, cast))
        states = [step.state for step in diagram_of(case, case.events.all()).steps]
        assert set(states) == {"done", "left_out"}

    def test_the_drawing_has_one_node_a_step(self, cast: Cast) -> None:
        assert len(diagram_of(reported(cast), []).steps) == 9


def test_several_verbs_are_one_step_or_none(cast: Cast) -> None:
    case = case_at(Stage.SCREENING, cast)
    accepted = (screen_case, {"outcome": ScreeningOutcome.ACCEPTED})
    elsewhere = (assign_case, {"post": head_post(cast.poplar)})
    with pytest.raises(Invalid):
        steps.take_in_order([accepted, elsewhere], step="x", case=case, by=cast.county_supervisor, at=NOW)
    case.refresh_from_db()
    assert (case.stage, case.events.count()) == (Stage.SCREENING, 1)
    here = (assign_case, {"post": head_post(cast.willow)})
    form = Form(uuid4(), case.version)
    for _ in range(2):
        now = steps.take_in_order([accepted, here], form, step="x", case=case, by=cast.county_supervisor, at=NOW)
        assert (now.stage, now.events.count()) == (Stage.PLANNING, 3)
    with pytest.raises(Conflict):
        steps.take_in_order([accepted, here], step="x", case=case, by=cast.county_supervisor, at=NOW)
