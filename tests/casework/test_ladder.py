"""The ladder by the days: which step when, which light. No case and no database."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as some

from casework.ladder.rungs import LIGHTS, Ladder, Policies, Standing, Start, current
from casework.models import EscalationPolicy, EscalationStep
from casework.stages import Light
from casework.working_time import calendar
from casework.working_time.deadlines import add_working_days

DUE = date(2026, 3, 12)  # a Thursday
CASE = Standing(city=1, severity=2, kind="time_limited", due_on=DUE, since=date(2026, 2, 26), touched_on=DUE)


def steps(case: Standing, on: date) -> list[tuple[str, str]]:
    return [(due.step.code, due.day.isoformat()) for due in current().due(case, on)]


def test_each_step_comes_on_its_working_day() -> None:
    assert steps(CASE, date(2026, 5, 1)) == [
        ("stall", "2026-03-27"),
        ("reminder", "2026-03-09"),
        ("notice", "2026-03-13"),
        ("letter", "2026-03-19"),
        ("interview", "2026-04-02"),
        ("referral", "2026-04-24"),
    ]


def test_whoever_gets_fewer_days_than_the_reminders_lead_is_reminded_on_that_day() -> None:
    for since in (date(2026, 3, 9), date(2026, 3, 10), DUE):
        case = CASE._replace(since=since)
        assert steps(case, DUE) == [("reminder", since.isoformat())]
        assert current().light(case, since) == Light.BLUE


def test_a_case_that_was_late_when_its_round_began_is_not_reminded_nor_made_up_for() -> None:
    case = CASE._replace(since=date(2026, 3, 19), touched_on=date(2026, 4, 30))
    assert steps(case, date(2026, 4, 2)) == [("interview", "2026-04-02")]


def test_an_unknown_severity_counts_as_the_mildest() -> None:
    policy = current().policy_on(None, DUE)
    assert policy is not None
    mild = replace(policy.steps[0], severities=frozenset({1}))
    assert mild.is_for(None, "time_limited")
    assert not replace(mild, severities=frozenset({2, 3, 4})).is_for(None, "time_limited")


def test_a_version_of_the_ladder_holds_on_its_last_day() -> None:
    row = {
        "kind": "reminder",
        "light": "blue",
        "severities": [2],
        "kinds": ["time_limited"],
        "to": ["turn"],
        "copies": [],
    }
    first = EscalationPolicy(pk=1, version=1, valid_from=date(2026, 1, 1))
    second = EscalationPolicy(pk=2, version=2, valid_from=date(2026, 3, 10))
    older = [EscalationStep(policy_id=1, code="old", moment=-3, **row)]
    ladder = Ladder(Policies([first, second], older), calendar.current())
    assert [due.day for due in ladder.by_deadline(CASE)] == [date(2026, 3, 9)]  # the last day of the first version
    assert ladder.by_deadline(CASE._replace(due_on=date(2026, 3, 13))) == ()


def test_a_case_without_a_deadline_only_stalls() -> None:
    silent = CASE._replace(due_on=None, since=None, touched_on=date(2026, 4, 18))
    assert steps(silent, date(2026, 5, 31)) == [("stall", "2026-05-06")]  # fifteen days later is a holiday


def test_a_raised_case_meets_each_step_at_the_moment_of_the_one_below() -> None:
    raised = CASE._replace(start=Start(raised=1), touched_on=date(2026, 4, 30))
    assert steps(raised, date(2026, 5, 1)) == [
        ("reminder", "2026-03-09"),
        ("letter", "2026-03-13"),
        ("interview", "2026-03-19"),
        ("referral", "2026-04-02"),
    ]
    assert current().light(raised, date(2026, 3, 13)) == Light.YELLOW  # the light keeps its day


def test_a_second_relapse_proposes_the_referral_at_once() -> None:
    refers = CASE._replace(start=Start(raised=1, refers=True))
    assert steps(refers, date(2026, 2, 26)) == [("referral", "2026-02-26")]
    assert [code for code, _day in steps(refers, date(2026, 5, 1))].count("referral") == 1


def test_days_that_the_clock_stood_still_after_the_deadline_hold_the_later_steps_back() -> None:
    held = CASE._replace(held=10, touched_on=date(2026, 5, 1))
    assert ("letter", add_working_days(DUE, 15).isoformat()) in steps(held, date(2026, 5, 1))


def test_the_lights_turn_blue_yellow_red() -> None:
    lights = [current().light(CASE, date(2026, 3, day)) for day in (6, 9, 12, 13, 18, 19)]
    assert lights == [Light.NONE, Light.BLUE, Light.BLUE, Light.YELLOW, Light.YELLOW, Light.RED]


def test_a_passed_deadline_is_yellow_on_the_weekend_before_its_notice() -> None:
    friday = CASE._replace(due_on=date(2026, 3, 13))
    assert current().light(friday, date(2026, 3, 14)) == Light.YELLOW
    assert current().next_tick(friday, date(2026, 3, 13)) == date(2026, 3, 14)
    assert current().next_tick(friday, date(2026, 3, 14)) == date(2026, 3, 16)


days = some.dates(date(2020, 1, 1), date(2029, 12, 31))


@given(days, some.integers(-30, 30), some.integers(0, 40))
def test_walking_from_tick_to_tick_misses_no_step_and_no_light(day: date, distance: int, silence: int) -> None:
    case = Standing(
        city=1,
        severity=3,
        kind="time_limited",
        due_on=day + timedelta(days=distance),
        since=day - timedelta(days=60),
        touched_on=day - timedelta(days=silence),
    )
    end = day + timedelta(days=90)
    rungs, seen, on, light = current(), set(current().due(case, day)), day, current().light(case, day)
    while (tick := rungs.next_tick(case, on)) is not None and tick <= end:
        for quiet in range((tick - on).days):
            assert rungs.light(case, on + timedelta(days=quiet)) == light
        on = tick
        seen |= set(rungs.due(case, on))
        assert LIGHTS[rungs.light(case, on)] >= LIGHTS[light]
        light = rungs.light(case, on)
    assert seen == set(rungs.due(case, end))
