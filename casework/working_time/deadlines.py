"""Deadlines and lights in working days. `now` is passed in; the calendar is the table's (`casework/working_time/calendar.py`).

Working days follow the State Council's yearly calendar with its make-up workdays (调休). A year that is not announced
yet is computed from the weekend rule; `is_provisional` says so, and its deadlines follow when it is announced.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from casework.working_time import calendar

LOCAL = ZoneInfo("Asia/Shanghai")


def local_day(at: datetime) -> date:
    """The day in China on which this moment falls."""
    return at.astimezone(LOCAL).date()


def midnight(day: date) -> datetime:
    """The moment at which this day begins in China."""
    return datetime.combine(day, time(), LOCAL)


def is_provisional(day: date) -> bool:
    """Whether the State Council's calendar for this year is not known."""
    return calendar.current().is_provisional(day)


def is_working_day(day: date) -> bool:
    return calendar.current().is_working(day)


def add_working_days(day: date, count: int) -> date:
    """The `count`-th working day after `day` (before it when negative); 0 gives the day itself, working or not."""
    return calendar.current().add(day, count)


def working_days_between(first: date, last: date) -> int:
    """How many working days lie after `first` up to and including `last`; negative when `last` is the earlier one."""
    return calendar.current().between(first, last)


def due_date(assigned_on: date, days: int) -> date:
    """The deadline of a case that gets `days` working days from the day of its assignment."""
    return add_working_days(assigned_on, days)


def after_pause(due_on: date, begins_on: date, ends_on: date) -> date:
    """The deadline after a pause from `begins_on` until the day before `ends_on`: never earlier than it was.

    What was left of the working days when the clock stopped is left again when it runs on. A case that was overdue
    when it was paused stays overdue.
    """
    if due_on < begins_on:
        return due_on
    paused = working_days_between(begins_on - timedelta(days=1), ends_on - timedelta(days=1))
    return add_working_days(due_on, paused) if paused else due_on


def counted_deadline(counted_from: date, days: int, pauses: Iterable[tuple[date, date]]) -> date:
    """The deadline of `days` working days with every finished pause (first day, day after the last) taken out."""
    due_on = due_date(counted_from, days)
    for begins_on, ends_on in pauses:
        due_on = after_pause(due_on, begins_on, ends_on)
    return due_on
