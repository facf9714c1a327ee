"""An office reminds whoever's turn it is: once a day, and nothing of the case changes by it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from casework.errors import Conflict, Invalid, NotAllowed
from casework.lifecycle.pausing import pause_case
from casework.lifecycle.planning import submit_plan
from casework.lifecycle.reminding import LONGEST, remind_turn
from casework.models import Case, CaseEvent, Person
from casework.proofs.verification import verify_history
from casework.stages import Stage
from flows import steps
from flows.submitted import Form
from notifications.announcing import announce
from notifications.models import Message
from tests.cast import Cast
from tests.walk import NOW, case_at, closed, drafts

DAY = timedelta(days=1)


@pytest.fixture
def case(cast: Cast) -> Case:
    return case_at(Stage.PLANNING, cast)


def remind(case: Case, by: Person, *, words: str = "", at: object = NOW) -> Case:
    return steps.take(remind_turn, case=case, words=words, by=by, at=at)


def reminders(case: Case) -> int:
    return CaseEvent.objects.filter(case=case, kind="urged").count()


def test_those_whose_turn_it_is_are_told_at_once(cast: Cast, case: Case) -> None:
    announce(at=NOW)
    Message.objects.all().delete()
    remind(case, cast.county_supervisor, words=" 周五前请报方案 ")
    announce(at=NOW)
    assert set(Message.objects.values_list("person__username", flat=True)) == {"willow_head", "willow_member"}
    assert not Message.objects.exclude(digest=None).exists()
    event = CaseEvent.objects.get(kind="urged")
    assert (event.by, event.words, event.by_role) == (cast.county_supervisor, "周五前请报方案", "county_supervisor")


def test_nothing_of_the_case_changes(cast: Cast, case: Case) -> None:
    before = Case.objects.values().get(pk=case.pk)
    form = Form(uuid4(), case.version)
    remind(case, cast.county_supervisor)
    assert Case.objects.values().get(pk=case.pk) == before
    assert [flaw for flaw in verify_history() if flaw] == []
    # The plan that the village was writing meanwhile is taken.
    case = steps.take(submit_plan, form, case=case, by=cast.willow_head, at=NOW, measures=drafts())
    assert case.stage == Stage.RECTIFICATION


def test_once_a_day_whoever_does_it(cast: Cast, case: Case) -> None:
    remind(case, cast.county_supervisor)
    for by in (cast.county_supervisor, cast.city_supervisor):
        with pytest.raises(Conflict) as refusal:
            remind(case, by, at=NOW + timedelta(hours=13, minutes=59))  # 23:59 of the same day
        assert refusal.value.code == "reminded_today"
        assert "county_supervisor" in str(refusal.value)
    remind(case, cast.city_supervisor, at=NOW + timedelta(hours=14))  # midnight
    assert reminders(case) == 2


@pytest.mark.parametrize(
    "who", ["inspector", "willow_head", "town_reviewer", "department_member", "administrator", "outsider_county"]
)
def test_only_an_office_of_the_case_may(who: str, cast: Cast, case: Case) -> None:
    with pytest.raises(NotAllowed):
        remind(case, getattr(cast, who))
    assert reminders(case) == 0


def test_nobody_reminds_the_own_desk(cast: Cast) -> None:
    case = case_at(Stage.SECOND_REVIEW, cast)
    with pytest.raises(Conflict) as refusal:
        remind(case, cast.county_supervisor)
    assert refusal.value.code == "own_desk"
    remind(case, cast.city_supervisor)
    assert reminders(case) == 1


def test_neither_a_paused_nor_an_ended_case_is_reminded_of(cast: Cast, case: Case) -> None:
    ended = closed(cast, case_at(Stage.STRIKE_OFF, cast))
    paused = steps.take(pause_case, case=case, reason="等待鉴定", by=cast.county_supervisor, at=NOW)
    for one, code in ((ended, "wrong_stage"), (paused, "paused")):
        with pytest.raises(Conflict) as refusal:
            remind(one, cast.county_supervisor)
        assert refusal.value.code == code


def test_too_many_words_are_refused(cast: Cast, case: Case) -> None:
    with pytest.raises(Invalid):
        remind(case, cast.county_supervisor, words="好" * (LONGEST + 1))
    remind(case, cast.county_supervisor, words="好" * LONGEST)
