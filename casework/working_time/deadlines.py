"""Deadlines and lights in working days. `now` is passed in; the calendar is the table's (`casework/working_time/calendar.py`).

Working days follow the State Council's yearly calendar with its make-up workdays (调休). A year that is not announced
yet is computed from the weekend rule; `is_provisional` says so, and its deadlines follow when it is announced.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from casework.working_time import calendar

LOCAL = ZoneInfo("Asia/Shanghai")
ONE_DAY = timedelta(days=1)
# About a year of working days: whatever lies further ahead is a slip of the finger.
LONGEST_DAYS = 250


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


def working_day_from(day: date) -> date:
    """The day itself, or the first working day after a day off: a term that ends on a holiday ends with the next
    working day (Civil Code, article 203). So does every deadline here, whoever chose it.
    """
    return calendar.current().on_or_after(day)


def add_working_days(day: date, count: int) -> date:
    """The `count`-th working day after `day` (before it when negative); 0 gives the day itself, working or not."""
    return calendar.current().add(day, count)


def working_days_between(first: date, last: date) -> int:
    """How many working days lie after `first` up to and including `last`; negative when `last` is the earlier one."""
    return calendar.current().between(first, last)


def due_date(assigned_on: date, days: int) -> date:
    """The deadline of a case that gets `days` working days from the day of its assignment."""
    return add_working_days(assigned_on, days)


class Pausing(NamedTuple):
    """A pause that is over: the moment at which the clock stopped, its first day, and the day on which it ran again."""

    at: datetime
    begins_on: date
    ends_on: date

    def after(self, given_at: datetime) -> "Pausing":
        """What of it may move a deadline that was given at this moment.

        Whoever gives a deadline while the clock stands still means that day: of such a pause only what follows the day
        of giving counts, and of one that was over before, nothing.
        """
        if self.at >= given_at:
            return self
        begins_on = min(max(self.begins_on, local_day(given_at) + ONE_DAY), self.ends_on)
        return self._replace(begins_on=begins_on)

    @property
    def working_days(self) -> int:
        return working_days_between(self.begins_on - ONE_DAY, self.ends_on - ONE_DAY)


def after_pause(due_on: date, begins_on: date, ends_on: date) -> date:
    """The deadline after a pause from `begins_on` until the day before `ends_on`: never earlier than it was.

    What was left of the working days when the clock stopped is left again when it runs on. A case that was overdue
    when it was paused stays overdue.
    """
    if due_on < begins_on:
        return due_on
    paused = working_days_between(begins_on - ONE_DAY, ends_on - ONE_DAY)
    return add_working_days(due_on, paused) if paused else due_on


def deadline_after(due_on: date, given_at: datetime, pauses: Iterable[Pausing]) -> date:
    """A deadline that was given at a moment, with the pauses since then, in their order, taken out."""
    due_on = working_day_from(due_on)
    for pause in pauses:
        rest = pause.after(given_at)
        due_on = after_pause(due_on, rest.begins_on, rest.ends_on)
    return due_on
