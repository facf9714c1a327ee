"""Whoever gets a case with fewer days than the reminder's lead is reminded at once; nothing is skipped, nothing twice."""

from datetime import timedelta

import pytest

from casework.escalation.escalation import sweep_ladder
from casework.lifecycle.assignment import assign_case, reassign_case
from casework.lifecycle.extension import ask_extension, decide_extension
from casework.lifecycle.pausing import pause_case, resume_case
from casework.lifecycle.review import review_case
from casework.models import Case, Escalation, Post
from casework.stages import Light, Stage
from casework.working_time.deadlines import add_working_days, midnight
from flows import steps
from tests.cast import Cast
from tests.walk import NOW, TODAY, assigned, case_at, head_post, relapsed, reported, screened, verdicts


def reminders(case: Case) -> int:
    return Escalation.objects.filter(case=case, step="reminder").count()


@pytest.fixture
def short(cast: Cast) -> Case:
    """Two working days from today."""
    return assigned(cast, screened(cast, reported(cast)), due_on=add_working_days(TODAY, 2))


@pytest.mark.parametrize("days", [0, 1, 2, 3])
def test_assigned_inside_the_window_it_is_blue_and_reminded_with_the_next_sweep(days: int, cast: Cast) -> None:
    case = assigned(cast, screened(cast, reported(cast)), due_on=add_working_days(TODAY, days))
    assert case.light == Light.BLUE
    for minutes in (1, 2, 60 * 24):
        sweep_ladder(at=NOW + timedelta(minutes=minutes))
        assert reminders(case) == 1


def test_assigned_outside_the_window_it_waits_for_its_day(cast: Cast) -> None:
    case = assigned(cast, screened(cast, reported(cast)), due_on=add_working_days(TODAY, 4))
    assert case.light == Light.NONE
    assert sweep_ladder(at=NOW + timedelta(minutes=1)) == 0
    sweep_ladder(at=NOW + timedelta(days=1))
    assert reminders(case) == 1


def test_assigned_between_midnight_and_eight_the_day_is_chinas(cast: Cast) -> None:
    at = midnight(TODAY) + timedelta(minutes=30)
    case = steps.take(
        assign_case,
        case=screened(cast, reported(cast)),
        by=cast.county_supervisor,
        at=at,
        post=head_post(cast.willow),
        due_on=TODAY,
    )
    assert (case.due_on, case.ladder_since, case.light) == (TODAY, TODAY, Light.BLUE)


def test_whoever_gets_it_by_a_reassignment_is_reminded_as_well(short: Case, cast: Cast) -> None:
    sweep_ladder(at=NOW)
    member = Post.objects.get(unit=cast.willow, role="committee_member")
    later = NOW + timedelta(hours=1)
    steps.take(reassign_case, case=short, by=cast.county_supervisor, at=later, post=member, reason="换人")
    sweep_ladder(at=later)
    assert reminders(short) == 2


def test_a_late_case_that_is_reassigned_keeps_its_light_and_its_steps(short: Case, cast: Cast) -> None:
    late = midnight(add_working_days(TODAY, 8)) + timedelta(hours=9)
    sweep_ladder(at=late)
    taken = Escalation.objects.filter(case=short).count()
    member = Post.objects.get(unit=cast.willow, role="committee_member")
    case = Case.objects.get(pk=short.pk)
    case = steps.take(reassign_case, case=case, by=cast.county_supervisor, at=late, post=member, reason="换人")
    sweep_ladder(at=late + timedelta(minutes=1))
    assert case.light == Light.RED
    assert Escalation.objects.filter(case=short).count() == taken


def test_a_case_that_is_returned_inside_the_window_is_reminded_again(cast: Cast) -> None:
    case = case_at(Stage.FIRST_REVIEW, cast)
    at = midnight(add_working_days(case.due_on, -2)) + timedelta(hours=9)
    sweep_ladder(at=at)
    Case.objects.filter(pk=case.pk).update(touched_at=at)
    assert reminders(case) == 1
    steps.take(
        review_case, case=case, by=cast.town_reviewer, at=at, verdicts=verdicts(case, returned=(1,)), on_site=True
    )
    sweep_ladder(at=at + timedelta(minutes=1))
    assert reminders(case) == 2
    assert Case.objects.get(pk=case.pk).light == Light.BLUE


def test_resumed_on_the_day_of_its_reminder_it_is_reminded(cast: Cast) -> None:
    case = assigned(cast, screened(cast, reported(cast)), due_on=add_working_days(TODAY, 5))
    paused_at = midnight(add_working_days(TODAY, 2)) + timedelta(minutes=5)  # before any sweep of that day
    steps.take(pause_case, case=case, by=cast.county_supervisor, at=paused_at, reason="汛期")
    resumed_at = midnight(add_working_days(TODAY, 12)) + timedelta(hours=9)
    case = steps.take(resume_case, case=case, by=cast.county_supervisor, at=resumed_at)
    assert case.light == Light.BLUE
    sweep_ladder(at=resumed_at + timedelta(minutes=1))
    assert reminders(case) == 1


def test_a_short_extension_is_reminded_in_its_own_round(short: Case, cast: Cast) -> None:
    sweep_ladder(at=NOW)
    asked = {"due_on": add_working_days(TODAY, 3), "reason": "下雨", "progress": "已备料"}
    steps.take(ask_extension, case=short, by=cast.willow_head, at=NOW, **asked)
    case = steps.take(decide_extension, case=short, by=cast.town_reviewer, at=NOW, grant=True)
    sweep_ladder(at=NOW + timedelta(minutes=1))
    assert (reminders(short), case.light) == (2, Light.BLUE)


def test_a_referral_that_is_proposed_at_once_is_proposed_once_whatever_rounds_follow(cast: Cast) -> None:
    first = case_at(Stage.CLOSED, cast)
    second = assigned(cast, relapsed(cast, first))
    Case.objects.filter(pk=second.pk).update(stage=Stage.CLOSED, waits_at=None, closed_on=TODAY)
    third = assigned(cast, relapsed(cast, Case.objects.get(pk=second.pk)))
    sweep_ladder(at=NOW)
    asked = {"due_on": add_working_days(TODAY, 20), "reason": "下雨", "progress": "已备料"}
    third = steps.take(ask_extension, case=third, by=cast.willow_head, at=NOW, **asked)
    steps.take(decide_extension, case=third, by=cast.town_reviewer, at=NOW, grant=True)
    sweep_ladder(at=NOW + timedelta(minutes=1))
    assert Escalation.objects.filter(case=third, kind="referral").count() == 1
