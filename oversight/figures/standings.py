"""Where open cases stand, counted for a month: of the running one as they are, of one that has passed by their history."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from casework.stages import BEFORE_ASSIGNMENT, OPEN, Light
from casework.working_time.deadlines import ONE_DAY, local_day, midnight
from oversight.figures.records import ClosingTime, MonthStanding

# How many months the page looks back, the running one among them.
MONTHS_SHOWN = 13

_LIGHTS = {"on_time": Light.NONE, "blue": Light.BLUE, "yellow": Light.YELLOW, "red": Light.RED}
_OPEN = "(" + ", ".join(f"'{stage}'" for stage in OPEN) + ")"
_BEFORE = "(" + ", ".join(f"'{stage}'" for stage in BEFORE_ASSIGNMENT) + ")"
_UNITS = ", ".join(f"COALESCE(s.{level}_id, 0)" for level in ("city", "county", "town", "village"))
_COUNTS = ", ".join(
    [
        f"SUM(CASE WHEN s.stage IN {_BEFORE} THEN 1 ELSE 0 END)",
        *(
            f"SUM(CASE WHEN s.stage NOT IN {_BEFORE} AND s.light = '{light}' THEN 1 ELSE 0 END)"
            for light in _LIGHTS.values()
        ),
        f"SUM(CASE WHEN s.stage NOT IN {_BEFORE} AND s.due_on < %s AND s.paused_on IS NULL THEN 1 ELSE 0 END)",
    ]
)
_INTO = (
    "INSERT INTO oversight_monthstanding "
    "(month, city, county, town, village, unassigned, on_time, blue, yellow, red, overdue) "
)
# The newest row of a case's history before the end; what has ended since was touched since.
_THEN = """
FROM casework_case c JOIN casework_historicalcase s ON s.history_id = (
    SELECT h.history_id FROM casework_historicalcase h WHERE h.id = c.id AND h.history_date < %s
    ORDER BY h.history_date DESC, h.history_id DESC LIMIT 1)
WHERE c.reported_at < %s AND (c.stage IN {open} OR c.touched_at >= %s)
"""


def month_of(day: date) -> date:
    return day.replace(day=1)


def end_of(month: date) -> date:
    """The last day of a month."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def months_back(month: date, count: int) -> date:
    number = month.year * 12 + month.month - 1 - count
    return date(number // 12, number % 12 + 1, 1)


def months_until(month: date, count: int) -> list[date]:
    """So many months with this one as the last."""
    return [months_back(month, before) for before in range(count - 1, -1, -1)]


@transaction.atomic
def count_today(on: date) -> None:
    """Count the running month anew, from the cases as they are."""
    month = month_of(on)
    MonthStanding.objects.filter(month=month).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_INTO} SELECT %s, {_UNITS}, {_COUNTS} FROM casework_case s WHERE s.stage IN {_OPEN} GROUP BY {_UNITS}",
            [_day(month), _day(on)],
        )


@transaction.atomic
def count_month(month: date, *, until: datetime | None = None) -> None:
    """Count a month anew from the cases' history, as they stood when it ended or at a moment before."""
    ended = until or midnight(end_of(month) + ONE_DAY)
    on = local_day(ended - timedelta(microseconds=1))
    MonthStanding.objects.filter(month=month).delete()
    moment = connection.ops.adapt_datetimefield_value(ended)
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_INTO} SELECT %s, {_UNITS}, {_COUNTS} {_THEN.format(open=_OPEN)} AND s.stage IN {_OPEN} "
            f"GROUP BY {_UNITS}",
            [_day(month), _day(on), moment, moment, moment],
        )


def count_past(on: date) -> None:
    """Count the months before this one that the page shows: once, where nothing has been counted yet."""
    for month in months_until(month_of(on), MONTHS_SHOWN)[:-1]:
        count_month(month)


@transaction.atomic
def count_closing_times(months: Sequence[date]) -> None:
    """How long the strike-offs of these months took, in days from the finding."""
    is_postgres = connection.vendor == "postgresql"
    took = "closed_on - found_on" if is_postgres else "CAST(julianday(closed_on) - julianday(found_on) AS integer)"
    # Who wrote a later day of the finding into a file has closed it on that day.
    took = f"CASE WHEN {took} < 0 THEN 0 ELSE {took} END"
    units = "COALESCE(city_id, 0), COALESCE(county_id, 0), COALESCE(town_id, 0)"
    ClosingTime.objects.filter(month__in=months).delete()
    with connection.cursor() as cursor:
        for month in months:
            cursor.execute(
                f"INSERT INTO oversight_closingtime (month, city, county, town, days, count) "
                f"SELECT %s, {units}, {took}, COUNT(*) FROM casework_case "
                f"WHERE stage = 'closed' AND closed_on >= %s AND closed_on <= %s GROUP BY {units}, {took}",
                [_day(month), _day(month), _day(end_of(month))],
            )


def _day(day: date) -> Any:
    return connection.ops.adapt_datefield_value(day)
