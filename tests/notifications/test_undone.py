"""What may still be undone is told to nobody, and what was undone never is."""

from datetime import datetime, timedelta

import pytest

from casework.events import UNDO_FOR, UNDOABLE_KINDS
from casework.lifecycle.assignment import assign_case
from casework.lifecycle.undoing import undo_step
from casework.models import Case, CaseEvent
from casework.models.case_event import EventKind
from casework.stages import Stage
from flows import steps
from notifications import announcing
from notifications.announcing import announce
from notifications.burden import burdens
from notifications.models import Message
from tests.cast import Cast
from tests.walk import NOW, TODAY, case_at, head_post, reviewed

DONE_AT = NOW + timedelta(minutes=1)  # the report was accepted before


@pytest.fixture(autouse=True)
def _waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announcing, "UNDO_FOR", UNDO_FOR)


def told_at(at: datetime) -> set[str]:
    announce(at=at)
    return set(Message.objects.values_list("event__kind", flat=True))


def undo(case: Case, cast: Cast) -> None:
    event = CaseEvent.objects.filter(case=case).latest("id")
    steps.take(undo_step, case=case, event=event, by=cast.county_supervisor, at=NOW + timedelta(minutes=5))


@pytest.fixture
def case(cast: Cast) -> Case:
    case = case_at(Stage.ASSIGNMENT, cast)
    CaseEvent.objects.update(announced_at=NOW)
    return assign(cast, case)


def assign(cast: Cast, case: Case) -> Case:
    words = {"post": head_post(cast.willow), "due_on": TODAY + timedelta(days=14)}
    return steps.take(assign_case, case=case, by=cast.county_supervisor, at=DONE_AT, **words)


def test_these_kinds_wait() -> None:
    assert set(UNDOABLE_KINDS) == {"accepted", "assigned", "plan_approved", "passed"}


def test_an_assignment_is_told_when_it_can_be_undone_no_longer(case: Case) -> None:
    assert told_at(DONE_AT + UNDO_FOR - timedelta(seconds=1)) == set()
    assert told_at(DONE_AT + UNDO_FOR) == {"assigned"}


def test_what_asks_for_no_patience_is_told_at_once(cast: Cast) -> None:
    reviewed(case_at(Stage.FIRST_REVIEW, cast), cast.town_reviewer, returned=(1,))
    assert EventKind.RETURNED in told_at(NOW)


def test_neither_the_undone_step_nor_its_undoing_is_ever_told(case: Case, cast: Cast) -> None:
    undo(case, cast)
    for later in (timedelta(minutes=6), UNDO_FOR, timedelta(days=30)):
        assert told_at(NOW + later) == set()
    assert not CaseEvent.objects.filter(announced_at=None).exists()


def test_the_step_that_is_taken_again_is_told(case: Case, cast: Cast) -> None:
    undo(case, cast)
    assign(cast, Case.objects.get(pk=case.pk))
    assert told_at(DONE_AT + UNDO_FOR) == {"assigned"}
    assert set(Message.objects.values_list("person__username", flat=True)) == {"willow_head", "willow_member"}


def test_an_undone_assignment_asked_the_village_for_nothing(case: Case, cast: Cast) -> None:
    assert burdens([cast.willow], month=TODAY)[0].forms == 1
    undo(case, cast)
    assert burdens([cast.willow], month=TODAY)[0].forms == 0
