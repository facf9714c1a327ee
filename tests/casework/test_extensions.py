"""More time: which day holds when the clock stands still, what is late, which days can't be asked for."""

from datetime import date, datetime, timedelta

import pytest

from casework.errors import Conflict, Invalid
from casework.lifecycle.assignment import assign_case
from casework.lifecycle.extension import ask_extension, decide_extension
from casework.lifecycle.interviews import record_interview
from casework.lifecycle.pausing import deadline_if_resumed, pause_case, resume_case
from casework.lifecycle.planning import Draft, submit_plan
from casework.lifecycle.rescheduling import recompute_deadlines
from casework.models import Case
from casework.offices.working_calendar import set_year
from casework.stages import Light, Stage
from casework.working_time.deadlines import LONGEST_DAYS, add_working_days, midnight
from flows import steps
from tests.casework.test_working_calendar import NOTICE, days
from tests.cast import Cast
from tests.walk import NOW, TODAY, assigned, case_at, head_post, reported, screened

WORDS = {"reason": "连阴雨", "progress": "已备料"}


def nine(day: date) -> datetime:
    return midnight(day) + timedelta(hours=9)


@pytest.fixture
def case(cast: Cast) -> Case:
    """Due on Monday, 16 March."""
    return assigned(cast, screened(cast, reported(cast)), due_on=date(2026, 3, 16))


def paused(case: Case, cast: Cast, on: date) -> Case:
    return steps.take(pause_case, case=case, by=cast.county_supervisor, at=nine(on), reason="汛期")


def resumed(case: Case, cast: Cast, on: date) -> Case:
    return steps.take(resume_case, case=case, by=cast.county_supervisor, at=nine(on))


def extended(case: Case, cast: Cast, on: date, until: date) -> Case:
    at = nine(on) + timedelta(hours=1)
    case = steps.take(ask_extension, case=case, by=cast.willow_head, at=at, due_on=until, **WORDS)
    return steps.take(decide_extension, case=case, by=cast.town_reviewer, at=at, grant=True)


def test_granted_in_a_pause_the_day_holds_but_for_the_rest_of_the_pause(case: Case, cast: Cast) -> None:
    paused(case, cast, date(2026, 3, 4))
    case = extended(case, cast, date(2026, 3, 9), date(2026, 3, 30))
    assert case.due_on == date(2026, 3, 30)
    assert deadline_if_resumed(case, on=date(2026, 3, 9)) == date(2026, 3, 30)
    assert deadline_if_resumed(case, on=date(2026, 3, 12)) == date(2026, 4, 1)  # the 10th and the 11th
    case = resumed(case, cast, date(2026, 3, 12))
    assert case.due_on == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("granted", "due_on"),
    [
        (date(2026, 3, 3), date(2026, 4, 3)),  # before the pause of four working days
        (date(2026, 3, 5), date(2026, 4, 2)),  # on its first day: the 6th, the 9th and the 10th
        (date(2026, 3, 10), date(2026, 3, 30)),  # on its last day
        (date(2026, 3, 11), date(2026, 3, 30)),  # on the day on which it ended
    ],
)
def test_the_edges_of_a_pause(granted: date, due_on: date, case: Case, cast: Cast) -> None:
    begins, ends, until = date(2026, 3, 5), date(2026, 3, 11), date(2026, 3, 30)
    if granted < begins:
        case = extended(case, cast, granted, until)
    case = paused(case, cast, begins)
    if begins <= granted < ends:
        case = extended(case, cast, granted, until)
    case = resumed(case, cast, ends)
    if granted >= ends:
        case = extended(case, cast, granted, until)
    assert case.due_on == due_on


def test_asked_for_before_the_pause_and_granted_in_it_the_grant_counts(case: Case, cast: Cast) -> None:
    until = date(2026, 3, 30)
    steps.take(ask_extension, case=case, by=cast.willow_head, at=NOW, due_on=until, **WORDS)
    paused(case, cast, date(2026, 3, 4))
    at = nine(date(2026, 3, 10))
    steps.take(decide_extension, case=case, by=cast.town_reviewer, at=at, grant=True)
    assert resumed(case, cast, date(2026, 3, 11)).due_on == until


def test_the_calendar_moves_only_what_the_pause_after_the_grant_added(cast: Cast) -> None:
    case = assigned(cast, screened(cast, reported(cast)), due_on=date(2026, 12, 15))
    paused(case, cast, date(2026, 11, 27))
    case = extended(case, cast, date(2026, 12, 4), date(2026, 12, 29))
    case = resumed(case, cast, date(2026, 12, 11))
    assert case.due_on == date(2027, 1, 4)
    set_year(year=2027, days=days(off=(date(2027, 1, 1),)), source=NOTICE, by=cast.city_supervisor, at=NOW)
    assert recompute_deadlines(at=nine(date(2026, 12, 12))) == 1
    assert Case.objects.get(pk=case.pk).due_on == date(2027, 1, 5)


def test_a_day_that_turns_out_to_be_off_moves_to_the_next_working_day(cast: Cast) -> None:
    chosen = assigned(cast, screened(cast, reported(cast)), due_on=date(2027, 1, 4))
    off = tuple(date(2027, 1, n) for n in (1, 4, 5))
    set_year(year=2027, days=days(off=off), source=NOTICE, by=cast.city_supervisor, at=NOW)
    assert recompute_deadlines(at=NOW) == 1
    assert Case.objects.get(pk=chosen.pk).due_on == date(2027, 1, 6)


def test_a_calendar_that_comes_late_moves_no_deadline_into_the_past(cast: Cast) -> None:
    case = screened(cast, reported(cast, days=220))
    case = steps.take(assign_case, case=case, by=cast.county_supervisor, at=NOW, post=head_post(case.village))
    worked = tuple(date(2027, 1, n) for n in (2, 3, 9, 10))
    set_year(year=2027, days=days(on=worked), source=NOTICE, by=cast.city_supervisor, at=NOW)
    recompute_deadlines(at=nine(case.due_on))
    assert Case.objects.get(pk=case.pk).due_on == case.due_on


class TestLate:
    def test_on_the_last_day_it_is_not_late_also_at_half_past_midnight(self, case: Case, cast: Cast) -> None:
        at = midnight(case.due_on) + timedelta(hours=23, minutes=59)
        case = steps.take(ask_extension, case=case, by=cast.willow_head, at=at, due_on=date(2026, 3, 30), **WORDS)
        assert not case.extensions.get().asked_late

    def test_half_an_hour_into_the_next_day_it_is_late(self, case: Case, cast: Cast) -> None:
        at = midnight(case.due_on + timedelta(days=1)) + timedelta(minutes=30)
        case = steps.take(ask_extension, case=case, by=cast.willow_head, at=at, due_on=date(2026, 3, 30), **WORDS)
        assert case.extensions.get().asked_late
        case = steps.take(decide_extension, case=case, by=cast.town_reviewer, at=at, grant=True)
        assert case.light == Light.YELLOW

    def test_while_the_clock_stands_still_no_deadline_passes(self, case: Case, cast: Cast) -> None:
        paused(case, cast, date(2026, 3, 12))
        case = extended(case, cast, date(2026, 3, 20), date(2026, 4, 20))
        assert not case.extensions.get().asked_late
        assert resumed(case, cast, date(2026, 3, 23)).light == Light.NONE

    def test_late_in_a_pause_the_light_is_that_of_the_day_on_which_the_clock_stopped(
        self, case: Case, cast: Cast
    ) -> None:
        paused(case, cast, date(2026, 3, 18))
        case = extended(case, cast, date(2026, 4, 2), date(2026, 4, 20))
        assert case.light_floor == Light.YELLOW


class TestBounds:
    def test_a_day_off_means_the_next_working_day(self, case: Case, cast: Cast) -> None:
        case = extended(case, cast, TODAY, date(2026, 3, 21))
        assert case.due_on == date(2026, 3, 23)

    def test_at_most_about_a_year(self, case: Case, cast: Cast) -> None:
        last = add_working_days(TODAY, LONGEST_DAYS)
        for day in (last + timedelta(days=1), date(2085, 1, 1), date(9999, 12, 31)):
            with pytest.raises(Invalid) as refused:
                steps.take(ask_extension, case=case, by=cast.willow_head, at=NOW, due_on=day, **WORDS)
            assert (refused.value.code, refused.value.field) == ("deadline_too_far", "due_on")
        case = extended(case, cast, TODAY, last)
        assert case.due_on == last

    def test_a_day_that_has_passed_meanwhile_is_not_granted(self, case: Case, cast: Cast) -> None:
        case = steps.take(ask_extension, case=case, by=cast.willow_head, at=NOW, due_on=date(2026, 3, 18), **WORDS)
        with pytest.raises(Conflict) as refused:
            steps.take(decide_extension, case=case, by=cast.town_reviewer, at=nine(date(2026, 3, 19)), grant=True)
        assert refused.value.code == "extension_passed"
        case = steps.take(
            decide_extension,
            case=case,
            by=cast.town_reviewer,
            at=nine(date(2026, 3, 19)),
            grant=False,
            reason="已过期",
        )
        assert case.due_on == date(2026, 3, 16)

    @pytest.mark.parametrize("due_on", [date(2026, 3, 14), date(2026, 3, 15)])
    def test_an_assignments_day_off_means_the_next_working_day(self, due_on: date, cast: Cast) -> None:
        case = assigned(cast, screened(cast, reported(cast)), due_on=due_on)
        assert case.due_on == case.assignments.get().due_on == date(2026, 3, 16)

    def test_a_measure_is_done_within_about_a_year(self, cast: Cast) -> None:
        case = case_at(Stage.PLANNING, cast)
        drafts = [
            Draft("在西侧明白墙加装雨棚", "柳大山", TODAY),
            Draft("每月拍照检查明白墙", "李小琴", date(2127, 3, 1), "preventive"),
        ]
        with pytest.raises(Invalid) as refused:
            steps.take(submit_plan, case=case, by=cast.willow_head, at=NOW, measures=drafts)
        assert refused.value.field == "measures-1-due_on"

    @pytest.mark.parametrize("name", ["found_on", "fact_on"])
    def test_nothing_was_found_before_the_year_2000(self, name: str, cast: Cast) -> None:
        with pytest.raises(Invalid) as refused:
            reported(cast, **{name: date(1, 1, 1)})
        assert (refused.value.code, refused.value.field) == ("day_too_early", name)
        reported(cast, **{name: date(2000, 1, 1)})

    def test_no_interview_was_held_before_the_year_2000(self, case: Case, cast: Cast) -> None:
        words = {"people": "柳大山", "result": "承诺"}
        for held_on, code in ((date(1999, 12, 31), "day_too_early"), (TODAY + timedelta(days=1), "interview_ahead")):
            with pytest.raises(Invalid) as refused:
                steps.take(record_interview, case=case, by=cast.county_supervisor, at=NOW, held_on=held_on, **words)
            assert refused.value.code == code
