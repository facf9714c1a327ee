"""Working days, lights, pauses: properties over years."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from casework.deadlines import (
    add_working_days,
    after_pause,
    is_provisional,
    is_working_day,
    light_limits,
    light_on,
    working_days_between,
)
from casework.stages import Light

days = some.dates(date(2020, 1, 1), date(2029, 12, 31))
ORDER = [Light.NONE, Light.BLUE, Light.YELLOW, Light.RED]


@pytest.mark.parametrize(
    ("day", "is_working"),
    [
        (date(2024, 2, 18), True),  # a Sunday, worked for the Spring Festival
        (date(2024, 2, 12), False),
        (date(2025, 10, 1), False),
        (date(2025, 10, 11), True),  # a Saturday, worked for the National Day
        (date(2026, 2, 14), True),
        (date(2026, 2, 17), False),
    ],
)
def test_make_up_workdays_are_as_announced(day: date, is_working: bool) -> None:
    assert is_working_day(day) == is_working
    assert not is_provisional(day)


def test_a_year_that_is_not_announced_follows_the_weekend() -> None:
    assert is_provisional(date(2031, 10, 1))
    assert is_working_day(date(2031, 10, 1))  # a Wednesday


@given(days, some.integers(1, 120))
def test_adding_working_days_and_counting_them_agree(day: date, count: int) -> None:
    due = add_working_days(day, count)
    assert is_working_day(due)
    assert working_days_between(day, due) == count
    assert working_days_between(due, day) == -count


@given(days, some.integers(0, 90), some.integers(0, 90))
def test_a_pause_never_shortens_a_deadline(begins_on: date, left: int, paused: int) -> None:
    due_on = add_working_days(begins_on, left)
    ends_on = begins_on + timedelta(days=paused)
    after = after_pause(due_on, begins_on, ends_on)
    assert after >= due_on
    if paused and left:
        day_before = begins_on - timedelta(days=1)
        assert working_days_between(ends_on - timedelta(days=1), after) == working_days_between(day_before, due_on)


@given(days, some.integers(-60, 60))
@settings(max_examples=300)
def test_the_set_based_light_is_the_light_of_each_case(day: date, distance: int) -> None:
    due_on = day + timedelta(days=distance)
    blue, yellow, red = light_limits(day)
    by_limits = (
        Light.RED
        if due_on <= red
        else Light.YELLOW
        if due_on <= yellow
        else Light.BLUE
        if due_on <= blue
        else Light.NONE
    )
    assert by_limits == light_on(day, due_on=due_on)


@given(days, some.integers(-30, 30), some.integers(1, 30))
def test_a_light_never_turns_back_by_itself(day: date, distance: int, later: int) -> None:
    due_on = day + timedelta(days=distance)
    now, then = light_on(day, due_on=due_on), light_on(day + timedelta(days=later), due_on=due_on)
    assert ORDER.index(then) >= ORDER.index(now)
