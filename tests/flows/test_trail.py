"""What one form adds to the trail of a process: the same visits that the engine writes one by one, written at once."""

from typing import Any
from uuid import uuid4

import pytest

from casework.errors import Conflict
from casework.lifecycle.assignment import assign_case
from casework.lifecycle.planning import submit_plan
from casework.lifecycle.reporting import screen_case
from casework.models import Case, Plan, Post, Unit
from casework.models.exit import ScreeningOutcome
from casework.stages import Stage
from flows import steps
from flows.models import CaseTask
from flows.submitted import Form, fingerprint
from flows.trail import Trail
from tests.cast import Cast
from tests.walk import NOW, case_at, closed, drafts, head_post, reviewed


def visits(case: Case) -> list[tuple[Any, ...]]:
    tasks = CaseTask.objects.filter(process_id=case.process_id).order_by("pk")
    return [
        (
            task.flow_task.name,
            task.status,
            task.owner and task.owner.username,
            [before.flow_task.name for before in task.previous.all()],
        )
        for task in tasks
    ]


def test_two_steps_of_one_form_are_two_visits_one_after_the_other(cast: Cast) -> None:
    case = case_at(Stage.SCREENING, cast)
    acts: list[tuple[steps.Verb, dict[str, Any]]] = [
        (screen_case, {"outcome": ScreeningOutcome.ACCEPTED}),
        (assign_case, {"post": head_post(cast.willow)}),
    ]
    case = steps.take_in_order(acts, step="x", case=case, by=cast.county_supervisor, at=NOW)
    assert visits(case)[2:] == [
        ("screening", "DONE", "county_supervisor", ["who_reported"]),
        ("screened", "DONE", None, ["screening"]),
        ("assignment", "DONE", "county_supervisor", ["screened"]),
        ("planning", "NEW", None, ["assignment"]),
    ]


def test_the_last_step_passes_its_gateway_and_ends_the_process(cast: Cast) -> None:
    case = closed(cast, case_at(Stage.STRIKE_OFF, cast))
    assert visits(case)[-3:] == [
        ("strike_off", "DONE", "county_supervisor", ["second_reviewed"]),
        ("approved", "DONE", None, ["strike_off"]),
        ("closed", "DONE", None, ["approved"]),
    ]
    assert case.process is not None
    case.process.refresh_from_db()
    assert case.process.status == "DONE"
    assert case.process.finished is not None
    ended = CaseTask.objects.filter(process_id=case.process_id)
    assert not ended.filter(finished=None).exists()
    assert all(task.started for task in ended.exclude(flow_task_type="SWITCH"))
    assert {task.flow_task_type for task in ended} == {"START", "SWITCH", "HUMAN", "END"}


def test_a_step_whose_case_and_flow_would_part_is_not_taken(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    case = case_at(Stage.PLANNING, cast)
    reached = Trail.reach

    def elsewhere(self: Trail, task: CaseTask, before: CaseTask) -> None:
        reached(self, task, before)
        if task.flow_task.name == "rectification":
            task.flow_task = type(task.flow_task.flow_class.instance).instance.node("first_review")

    monkeypatch.setattr(Trail, "reach", elsewhere)
    with pytest.raises(RuntimeError, match="the flow at"):
        steps.take(submit_plan, case=case, by=cast.willow_head, at=NOW, measures=drafts())
    case.refresh_from_db()
    assert case.stage == Stage.PLANNING
    assert not Plan.objects.exists()


def test_two_open_steps_of_one_process_are_no_agreement(cast: Cast) -> None:
    """Somebody else's hand in the engine's tables: nothing goes on before it is looked into."""
    case = case_at(Stage.FIRST_REVIEW, cast)
    task = CaseTask.objects.get(process_id=case.process_id, status="NEW", flow_task_type="HUMAN")
    CaseTask.objects.create(process_id=case.process_id, flow_task=task.flow_task, flow_task_type="HUMAN")
    with pytest.raises(RuntimeError):
        reviewed(case, cast.town_reviewer)


def test_what_was_written_is_read_anew(cast: Cast) -> None:
    case = case_at(Stage.PLANNING, cast)
    assert case.process is not None
    trail = Trail(case.process)
    assert [task.flow_task.name for task in trail.open_steps] == ["planning"]
    trail.write()
    CaseTask.objects.filter(process_id=case.process_id, status="NEW").update(status="CANCELED")
    assert trail.open_steps == []


def test_what_has_no_process_stands_at_no_step() -> None:
    assert Trail(None).open_steps == []


class TestOnce:
    def test_a_form_that_the_verb_refuses_is_not_remembered(self, cast: Cast) -> None:
        case = case_at(Stage.FIRST_REVIEW, cast)
        key = uuid4()
        form = Form(key, case.version)
        with pytest.raises(Conflict):
            steps.take(submit_plan, form, case=case, by=cast.willow_head, at=NOW, measures=drafts())
        assert not steps.SubmittedForm.objects.filter(key=key).exists()

    def test_a_form_handed_in_again_is_not_asked_for_its_version(self, cast: Cast) -> None:
        case = case_at(Stage.PLANNING, cast)
        form = Form(uuid4(), case.version)
        first = steps.take(submit_plan, form, case=case, by=cast.willow_head, at=NOW, measures=drafts())
        again = steps.take(submit_plan, form, case=case, by=cast.willow_head, at=NOW, measures=drafts())
        assert (again.pk, again.stage, again.version) == (first.pk, first.stage, first.version)


def test_records_of_the_same_name_are_two_contents() -> None:
    one, other = Unit(pk=1, name="柳"), Unit(pk=2, name="柳")
    assert fingerprint({"unit": one}) == fingerprint({"unit": Unit(pk=1, name="杨")}) != fingerprint({"unit": other})


def test_a_fingerprint_asks_nothing(django_assert_num_queries: Any, db: None) -> None:
    with django_assert_num_queries(0):
        fingerprint([("assign_case", {"post": Post(pk=1, unit_id=2)})])
