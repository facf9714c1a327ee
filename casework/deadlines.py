"""Working-day arithmetic: due dates, lights, stalls. Pure: the day is passed in, nothing is read or written.

Working days follow the State Council's yearly calendar with its make-up workdays (调休), taken from chinesecalendar. A
year that is not announced yet is computed from the weekend rule; `is_provisional` says so.
"""

from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import chinese_calendar
from chinese_calendar import constants

from casework.stages import Light

LOCAL = ZoneInfo("Asia/Shanghai")
ANNOUNCED_UNTIL = max(constants.holidays).year
ANNOUNCED_FROM = min(constants.holidays).year
BLUE_DAYS = 3  # practice.md, ladder: reminder 3 working days before the deadline
RED_DAYS = 5  # practice.md, ladder: letter at 5 working days overdue


def local_day(at: datetime) -> date:
    """The day in China on which this moment falls."""
    return at.astimezone(LOCAL).date()


def is_provisional(day: date) -> bool:
    """Whether the State Council's calendar for this year is not known."""
    return not ANNOUNCED_FROM <= day.year <= ANNOUNCED_UNTIL


@cache
def is_working_day(day: date) -> bool:
    if is_provisional(day):
        return day.weekday() < 5
    return bool(chinese_calendar.is_workday(day))


def add_working_days(day: date, count: int) -> date:
    """The `count`-th working day after `day` (before it when negative); 0 gives the day itself, working or not."""
    step = timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= is_working_day(day)
    return day


def working_days_between(first: date, last: date) -> int:
    """How many working days lie after `first` up to and including `last`; negative when `last` is the earlier one."""
    if last < first:
        return -working_days_between(last, first)
    return sum(is_working_day(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))


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


def light_on(day: date, *, due_on: date | None, is_paused: bool = False, floor: Light = Light.NONE) -> Light:
    """The light of an open case: blue from 3 working days before the deadline, yellow when it is passed, red from 5
    working days overdue (practice.md, ladder). A paused clock shows no light. `floor` is the light that a late
    extension left behind: yellow or red stays at least so.
    """
    if due_on is None or is_paused:
        return Light.NONE
    if day > due_on:
        late = working_days_between(due_on, day)
        return Light.RED if late >= RED_DAYS or floor == Light.RED else Light.YELLOW
    if floor != Light.NONE:
        return floor
    return Light.BLUE if working_days_between(day, due_on) <= BLUE_DAYS else Light.NONE


def light_limits(day: date) -> tuple[date, date, date]:
    """(blue, yellow, red): on `day`, a deadline up to `blue` is due soon, up to `yellow` passed, up to `red` long so.

    The set-based form of `light_on`, for one UPDATE over all cases.
    """
    blue = add_working_days(day, BLUE_DAYS)
    while not is_working_day(blue + timedelta(days=1)):
        blue += timedelta(days=1)
    red = day - timedelta(days=1)
    while working_days_between(red, day) < RED_DAYS:
        red -= timedelta(days=1)
    return blue, day - timedelta(days=1), red
