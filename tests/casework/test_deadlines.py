"""Working days, lights, pauses: properties over years."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from casework.working_time.deadlines import (
    add_working_days,
    after_pause,
    counted_deadline,
    is_provisional,
    is_working_day,
    working_days_between,
)

days = some.dates(date(2020, 1, 1), date(2029, 12, 31))


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


@given(days, some.lists(some.tuples(some.integers(0, 40), some.integers(1, 30)), max_size=4))
def test_a_counted_deadline_never_falls_before_the_one_without_pauses(day: date, drawn: list[tuple[int, int]]) -> None:
    pauses, begins = [], day
    for distance, length in drawn:
        begins += timedelta(days=distance)
        pauses.append((begins, begins + timedelta(days=length)))
        begins = pauses[-1][1]
    assert counted_deadline(day, 10, pauses) >= counted_deadline(day, 10, ())


def test_ten_years_of_adding_and_counting_back_agree() -> None:
    day = date(2020, 1, 1)
    while day.year < 2030:
        for count in (1, 3, 5, 30):
            assert working_days_between(day, add_working_days(day, count)) == count
            assert working_days_between(add_working_days(day, -count), day) == count - (not is_working_day(day))
        day += timedelta(days=1)
