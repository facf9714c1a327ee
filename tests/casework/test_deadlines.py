"""Working days, lights, pauses: properties over years."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from casework.working_time.deadlines import (
    Pausing,
    add_working_days,
    after_pause,
    deadline_after,
    due_date,
    is_provisional,
    is_working_day,
    local_day,
    midnight,
    working_day_from,
    working_days_between,
)
from casework.working_time.workdays import FIRST, LAST, OutsideCalendar, Workdays

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


# Saturdays and Sundays that are worked, by the State Council's notices for each year.
MAKE_UP_DAYS = {
    2024: ["02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12"],
    2025: ["01-26", "02-08", "04-27", "09-28", "10-11"],
    2026: ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
}


@pytest.mark.parametrize("year", MAKE_UP_DAYS)
def test_these_weekend_days_are_worked_and_no_others(year: int) -> None:
    weekends = [day for n in range(366) if (day := date(year, 1, 1) + timedelta(days=n)).weekday() >= 5]
    worked = [f"{day:%m-%d}" for day in weekends if day.year == year and is_working_day(day)]
    assert worked == MAKE_UP_DAYS[year]


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


def noon(day: date) -> datetime:
    return midnight(day) + timedelta(hours=12)


@given(days, some.lists(some.tuples(some.integers(0, 40), some.integers(1, 30)), max_size=4))
def test_a_deadline_never_falls_before_the_one_without_pauses(day: date, drawn: list[tuple[int, int]]) -> None:
    pauses, begins = [], day
    for distance, length in drawn:
        begins += timedelta(days=distance)
        pauses.append(Pausing(noon(begins), begins, begins + timedelta(days=length)))
        begins = pauses[-1].ends_on
    given_on = due_date(day, 10)
    after = deadline_after(given_on, midnight(day), pauses)
    assert after >= given_on
    assert is_working_day(after)


PAUSE = Pausing(noon(date(2026, 11, 27)), date(2026, 11, 27), date(2026, 12, 11))
GRANTED = date(2026, 12, 29)


@pytest.mark.parametrize(
    ("given_at", "due_on"),
    [
        (noon(date(2026, 11, 26)), date(2027, 1, 12)),  # before the pause: all ten working days
        (noon(date(2026, 11, 27)) - timedelta(minutes=1), date(2027, 1, 12)),  # on its first day, before it began
        (noon(date(2026, 11, 27)) + timedelta(minutes=1), date(2027, 1, 11)),  # on its first day, in it
        (noon(date(2026, 12, 4)), date(2027, 1, 4)),  # 7 to 10 December are left of it
        (noon(date(2026, 12, 10)), GRANTED),  # on its last day
        (noon(date(2026, 12, 11)), GRANTED),  # when it was over
        (noon(date(2026, 12, 20)), GRANTED),
        # Half past midnight in China is the day before in UTC.
        (midnight(date(2026, 12, 4)) + timedelta(minutes=30), date(2027, 1, 4)),
    ],
)
def test_of_a_pause_only_what_follows_the_grant_moves_the_granted_day(given_at: datetime, due_on: date) -> None:
    assert deadline_after(GRANTED, given_at, [PAUSE]) == due_on


def test_of_two_pauses_the_one_before_the_grant_counts_for_nothing() -> None:
    later = Pausing(noon(date(2026, 12, 14)), date(2026, 12, 14), date(2026, 12, 16))
    assert deadline_after(GRANTED, noon(date(2026, 12, 11)), [PAUSE, later]) == date(2026, 12, 31)


def test_a_pause_on_the_very_day_of_the_deadline_leaves_that_day() -> None:
    due_on = date(2026, 3, 12)
    assert after_pause(due_on, due_on, date(2026, 3, 16)) == date(2026, 3, 16)
    assert after_pause(due_on, date(2026, 3, 13), date(2026, 3, 16)) == due_on


def test_the_day_is_chinas_and_not_greenwichs() -> None:
    for hour, day in ((16, date(2026, 3, 3)), (15, date(2026, 3, 2)), (23, date(2026, 3, 3))):
        assert local_day(datetime(2026, 3, 2, hour, 30, tzinfo=UTC)) == day


def test_a_deadline_on_a_day_off_falls_on_the_next_working_day() -> None:
    assert working_day_from(date(2026, 2, 14)) == date(2026, 2, 14)  # a Saturday that is worked
    assert working_day_from(date(2026, 2, 15)) == date(2026, 2, 24)  # the Spring Festival


@pytest.mark.parametrize(
    "ask",
    [
        lambda days: days.add(date(2079, 12, 29), 10),
        lambda days: days.add(date(2000, 1, 4), -10),
        lambda days: days.add(date(2080, 1, 1), 1),
        lambda days: days.between(date(1999, 12, 31), date(2026, 3, 2)),
        lambda days: days.between(date(2026, 3, 2), date(9999, 12, 31)),
        lambda days: days.is_working(date(1999, 12, 31)),
        lambda days: days.on_or_after(date(2080, 1, 1)),
    ],
)
def test_beyond_both_ends_of_the_calendar_one_error_names_the_day(ask: Callable[[Workdays], object]) -> None:
    with pytest.raises(OutsideCalendar) as refused:
        ask(Workdays({}))
    assert "2000" in str(refused.value)


def test_at_both_ends_of_the_calendar_the_last_days_count() -> None:
    known = Workdays({})
    assert known.is_working(FIRST) == (FIRST.weekday() < 5)
    assert known.add(date(2079, 12, 28), 1) == date(2079, 12, 29)
    assert known.between(FIRST, LAST) > 20_000


def test_ten_years_of_adding_and_counting_back_agree() -> None:
    day = date(2020, 1, 1)
    while day.year < 2030:
        for count in (1, 3, 5, 30):
            assert working_days_between(day, add_working_days(day, count)) == count
            assert working_days_between(add_working_days(day, -count), day) == count - (not is_working_day(day))
        day += timedelta(days=1)
