"""Counting over a calendar at its edges: each day of the week, the first and the last day covered, the hour of China."""

from datetime import UTC, date, datetime

import pytest

from casework.working_time.deadlines import after_pause, counted_deadline, due_date, local_day, midnight
from casework.working_time.workdays import FIRST, LAST, Workdays, is_weekday

BY_WEEKENDS = Workdays({})


@pytest.mark.parametrize(
    ("day", "is_working"),
    [(date(2031, 10, number), number < 11) for number in range(6, 13)],
    ids=["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
)
def test_in_a_year_that_is_not_announced_monday_to_friday_are_worked(day: date, is_working: bool) -> None:
    assert BY_WEEKENDS.is_working(day) == is_working
    assert is_weekday(day) == is_working


def test_the_calendar_covers_eighty_years_to_the_day() -> None:
    assert (date(2000, 1, 1), date(2079, 12, 31)) == (FIRST, LAST)
    assert not BY_WEEKENDS.is_working(FIRST)  # a Saturday
    assert not BY_WEEKENDS.is_working(LAST)  # a Sunday
    assert BY_WEEKENDS.add(date(2079, 12, 27), 2) == date(2079, 12, 29)
    assert BY_WEEKENDS.between(FIRST, date(2000, 1, 3)) == 1
    assert Workdays({LAST: True}).is_working(LAST)


def test_the_first_working_day_is_reached_and_nothing_before_it() -> None:
    assert BY_WEEKENDS.add(date(2000, 1, 4), -1) == date(2000, 1, 3)
    with pytest.raises(OverflowError):
        BY_WEEKENDS.add(date(2000, 1, 3), -1)


def test_only_years_with_a_day_of_their_own_are_announced() -> None:
    announced = Workdays({date(2027, 1, 1): False})
    assert not announced.is_provisional(date(2027, 12, 31))
    assert announced.is_provisional(date(2028, 1, 1))


def test_counting_from_a_day_off_begins_with_the_next_working_day() -> None:
    saturday = date(2031, 10, 11)
    assert BY_WEEKENDS.add(saturday, 0) == saturday
    assert BY_WEEKENDS.add(saturday, 1) == date(2031, 10, 13)
    assert BY_WEEKENDS.add(saturday, -1) == date(2031, 10, 10)
    assert BY_WEEKENDS.on_or_after(saturday) == date(2031, 10, 13)
    assert BY_WEEKENDS.on_or_after(date(2031, 10, 10)) == date(2031, 10, 10)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 3, 1, 15, 59, 59, tzinfo=UTC), date(2026, 3, 1)),
        (datetime(2026, 3, 1, 16, tzinfo=UTC), date(2026, 3, 2)),  # midnight in China
        (datetime(2026, 3, 1, 23, 59, tzinfo=UTC), date(2026, 3, 2)),
    ],
)
def test_the_day_is_that_of_china(at: datetime, day: date) -> None:
    assert local_day(at) == day
    assert midnight(date(2026, 3, 2)) == datetime(2026, 3, 1, 16, tzinfo=UTC)


MONDAY, WEDNESDAY, FRIDAY = date(2026, 3, 9), date(2026, 3, 11), date(2026, 3, 13)


def test_a_pause_of_two_working_days_moves_the_deadline_by_two() -> None:
    assert after_pause(FRIDAY, MONDAY, WEDNESDAY) == date(2026, 3, 17)
    assert after_pause(MONDAY, MONDAY, WEDNESDAY) == WEDNESDAY  # due on the very day on which the clock stopped
    assert after_pause(FRIDAY, MONDAY, MONDAY) == FRIDAY
    assert after_pause(FRIDAY, date(2026, 3, 7), MONDAY) == FRIDAY  # a weekend


def test_what_was_overdue_when_the_clock_stopped_stays_overdue() -> None:
    assert after_pause(date(2026, 3, 6), MONDAY, WEDNESDAY) == date(2026, 3, 6)


def test_a_deadline_is_counted_from_the_day_after_and_each_pause_is_taken_out_once() -> None:
    assert due_date(MONDAY, 4) == FRIDAY
    assert counted_deadline(MONDAY, 4, [(MONDAY, WEDNESDAY), (date(2026, 3, 16), date(2026, 3, 17))]) == date(
        2026, 3, 18
    )
