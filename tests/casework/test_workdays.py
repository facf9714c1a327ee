"""Counting over a calendar at its edges: each day of the week, the first and the last day covered, the hour of China."""

from datetime import UTC, date, datetime, timedelta

import pytest

from casework.working_time.deadlines import Pausing, after_pause, deadline_after, due_date, local_day, midnight
from casework.working_time.workdays import FIRST, LAST, OutsideCalendar, Workdays

BY_WEEKENDS = Workdays({})


@pytest.mark.parametrize(
    ("day", "is_working"),
    [(date(2031, 10, number), number < 11) for number in range(6, 13)],
    ids=["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
)
def test_in_a_year_that_is_not_announced_monday_to_friday_are_worked(day: date, is_working: bool) -> None:
    assert BY_WEEKENDS.is_working(day) == is_working


def test_the_calendar_covers_eighty_years_to_the_day() -> None:
    assert (date(2000, 1, 1), date(2079, 12, 31)) == (FIRST, LAST)
    assert not BY_WEEKENDS.is_working(FIRST)  # a Saturday
    assert not BY_WEEKENDS.is_working(LAST)  # a Sunday
    assert BY_WEEKENDS.add(date(2079, 12, 27), 2) == date(2079, 12, 29)
    assert BY_WEEKENDS.between(FIRST, date(2000, 1, 3)) == 1
    assert Workdays({LAST: True}).is_working(LAST)


def test_the_first_and_the_last_working_day_are_reached_and_nothing_beyond() -> None:
    first, last = date(2000, 1, 3), date(2079, 12, 29)
    assert BY_WEEKENDS.add(date(2000, 1, 4), -1) == first
    assert BY_WEEKENDS.add(date(2079, 12, 28), 1) == last
    for day, count in ((first, -1), (last, 1), (FIRST - timedelta(days=1), 1), (LAST + timedelta(days=1), -1)):
        with pytest.raises(OutsideCalendar):
            BY_WEEKENDS.add(day, count)


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
    pauses = [pause(MONDAY, WEDNESDAY), pause(date(2026, 3, 16), date(2026, 3, 17))]
    assert deadline_after(FRIDAY, midnight(MONDAY), pauses) == date(2026, 3, 18)
    assert deadline_after(date(2026, 3, 14), midnight(MONDAY), []) == date(2026, 3, 16)  # a Saturday


def pause(begins_on: date, ends_on: date) -> Pausing:
    return Pausing(at=midnight(begins_on), begins_on=begins_on, ends_on=ends_on)


def test_of_a_pause_only_what_follows_the_giving_of_the_deadline_counts() -> None:
    stopped = pause(MONDAY, FRIDAY)
    assert stopped.working_days == 4
    at_once = midnight(MONDAY)
    assert stopped.after(at_once) == stopped
    assert stopped.after(at_once + timedelta(seconds=1)).begins_on == date(2026, 3, 10)
    assert stopped.after(at_once - timedelta(days=3)) == stopped
    assert stopped.after(midnight(WEDNESDAY) + timedelta(hours=9)).begins_on == date(2026, 3, 12)
    assert stopped.after(midnight(date(2026, 3, 20))).working_days == 0
