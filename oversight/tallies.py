"""The tallies, kept up to date by the day: whatever happens to a strike-off, the whole day of it is counted anew.

So keeping them up to date and making them from scratch are the same statements, and a day counted twice is right.
Villages are many and have few strike-offs each: theirs are counted by the month, with its first day as the key.
"""

from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from casework.clocks.cursors import reach, reached
from casework.clocks.resting import Rest, work_off
from casework.events import COUNTED_KINDS
from casework.models import Case, CaseEvent, ClockMark
from casework.models.case_event import EventKind
from casework.models.resting_row import ClockName
from casework.stages import Stage
from casework.working_time.deadlines import local_day
from oversight.figures.standings import count_closing_times, count_past, count_today, month_of
from oversight.figures.standings import count_month as count_standing
from oversight.models import ClosingTime, Dimension, RelapseAge, Tally

# Events may be committed in another order than they were numbered.
OVERLAP = 2000
BATCH = 60  # days
MONTHS = 2  # of villages, at a time
# A village whose head changed within so many days after a strike-off: was it handed over?
DAYS_OF_CHANGE = 180

KEYS: dict[Dimension, str] = {
    Dimension.COUNTY: "CAST(c.county_id AS varchar(20))",
    Dimension.TOWN: "CAST(c.town_id AS varchar(20))",
    Dimension.VILLAGE: "CAST(c.village_id AS varchar(20))",
    Dimension.ASPECT: "CAST(i.aspect_id AS varchar(20))",
    Dimension.KIND: "c.kind",
    Dimension.APPROVER: "CAST(k.by_id AS varchar(20))",
    Dimension.TERM: "CASE WHEN t.changed IS NULL THEN 'same' ELSE 'changed' END",
}
CLOSED = f"""
FROM casework_case c
LEFT JOIN casework_catalogueitem i ON i.id = c.item_id
LEFT JOIN casework_closure k ON k.case_id = c.id AND k.round = c.round
LEFT JOIN (
    SELECT r.relapse_of_id AS id, MIN(COALESCE(r.fact_on, r.found_on)) AS back_on FROM casework_case r
    WHERE r.relapse_of_id IN (SELECT id FROM casework_case WHERE stage = '{Stage.CLOSED}' AND closed_on IN ({{days}}))
    GROUP BY r.relapse_of_id
) b ON b.id = c.id
{{term}}
WHERE c.stage = '{Stage.CLOSED}' AND c.closed_on IN ({{days}}) AND c.county_id IS NOT NULL
"""
# One change of the committee's head between the strike-off and half a year later.
TERM_JOIN = """
LEFT JOIN (
    SELECT DISTINCT c2.id, 1 AS changed FROM casework_case c2
    JOIN casework_post p ON p.unit_id = c2.village_id AND p.role = 'committee_head'
    JOIN casework_term m ON m.post_id = p.id AND m.valid_from > c2.closed_on AND m.valid_from <= {later}
    WHERE c2.stage = 'closed' AND c2.closed_on IN ({days})
) t ON t.id = c.id
"""


def refresh(*, at: datetime) -> int:
    """Count anew every day that something happened to since the last time; gives how many days."""
    mark, _is_new = ClockMark.objects.get_or_create(name="tallies", defaults={"at": at})
    last = reached("tallies")
    newest = CaseEvent.objects.aggregate(last=Max("id"))["last"] or 0
    refresh_standings(newest, at=at)
    resting = Rest(ClockName.FIGURES, at=at)
    if newest == last and local_day(mark.at) == local_day(at) and not resting.to_retry:
        return 0
    # Once a day the last half year, whose villages may have changed hands.
    days = (
        set() if local_day(mark.at) == local_day(at) else closing_days(since=local_day(at) - timedelta(DAYS_OF_CHANGE))
    )
    events = CaseEvent.objects.filter(id__gt=max(0, last - OVERLAP), kind__in=COUNTED_KINDS)
    for found_on, closed_on, earlier_on in events.values_list(
        "case__found_on", "case__closed_on", "case__relapse_of__closed_on"
    ).distinct():
        days |= {day for day in (found_on, closed_on, earlier_on) if day is not None}
    # A verdict that was taken back names its earlier case in no column any more.
    judged = events.filter(kind=EventKind.VERDICT_GIVEN).values_list("case__candidates__earlier__closed_on", flat=True)
    days |= {day for day in judged.distinct() if day is not None}
    days |= {date.fromordinal(key) for key in resting.to_retry}
    days -= {date.fromordinal(key) for key in resting.untouched}
    count_days(sorted(days), resting=resting)
    resting.end()
    reach("tallies", newest, at=at)
    return len(days)


def refresh_standings(newest: int, *, at: datetime) -> bool:
    """Count anew where the open cases stand this month, where something happened or a day began; says whether it did.

    Once at the beginning of a month the one before is counted as it ended, and at the very first time all that is shown.
    """
    on, name = local_day(at), "standings"
    mark = ClockMark.objects.filter(name=name).first()
    counted_on = local_day(mark.at) if mark else None
    if mark is not None and mark.reached == newest and counted_on == on:
        return False
    if counted_on is None:
        count_past(on)
    elif month_of(counted_on) != month_of(on):
        count_standing(month_of(counted_on))
    count_today(on)
    reach(name, newest, at=at)
    return True


def closing_days(*, since: date) -> set[date]:
    closed = Case.objects.filter(stage=Stage.CLOSED, closed_on__gte=since)
    return {day for day in closed.order_by().values_list("closed_on", flat=True).distinct() if day is not None}


def rebuild() -> None:
    """Make all of it from the cases alone."""
    Tally.objects.all().delete()
    RelapseAge.objects.all().delete()
    ClosingTime.objects.all().delete()
    found = Case.objects.order_by().values_list("found_on", flat=True).distinct()
    count_days(sorted(set(found) | closing_days(since=date.min)))


def count_days(days: Sequence[date], *, resting: Rest | None = None) -> None:
    """Count these days anew, and the villages' months they lie in, all or nothing of each batch. A day that can't be
    counted is added to the `resting` ones, and the others are counted all the same; without them it raises.
    """
    by_day = [dimension for dimension in KEYS if dimension != Dimension.VILLAGE]
    for start in range(0, len(days), BATCH):
        _count_all(days[start : start + BATCH], lambda part: _count(part, by_day), resting)
    months = sorted({day.replace(day=1) for day in days})
    for start in range(0, len(months), MONTHS):
        _count_all(months[start : start + MONTHS], _count_villages, resting)
        _count_all(months[start : start + MONTHS], count_closing_times, resting)


def _count_all(days: Sequence[date], count: Callable[[Sequence[date]], None], resting: Rest | None) -> None:
    if resting is None:
        count(days)
        return
    for day, error in work_off(days, count):
        resting.add(day.toordinal(), error)


def _count_villages(months: Sequence[date]) -> None:
    _count([day for month in months for day in days_of_month(month)], [Dimension.VILLAGE])


def days_of_month(first: date) -> list[date]:
    return [first.replace(day=number + 1) for number in range(monthrange(first.year, first.month)[1])]


@transaction.atomic
def _count(days: Sequence[date], dimensions: Sequence[Dimension]) -> None:
    Tally.objects.filter(day__in=days, dimension__in=dimensions).delete()
    RelapseAge.objects.filter(day__in=days, dimension__in=dimensions).delete()
    with connection.cursor() as cursor:
        for dimension in dimensions:
            _closed(cursor, dimension, days)
            if dimension not in (Dimension.APPROVER, Dimension.TERM):
                _opened(cursor, dimension, days)


def _stands_on(dimension: Dimension, column: str) -> str:
    """The day under which a row is kept."""
    if dimension != Dimension.VILLAGE:
        return column
    is_postgres = connection.vendor == "postgresql"
    return f"CAST(date_trunc('month', {column}) AS date)" if is_postgres else f"date({column}, 'start of month')"


def _closed(cursor: Any, dimension: Dimension, days: Sequence[date]) -> None:
    key, day = KEYS[dimension], _stands_on(dimension, "c.closed_on")
    marks = ", ".join(["%s"] * len(days))
    is_postgres = connection.vendor == "postgresql"
    later = f"c2.closed_on + {DAYS_OF_CHANGE}" if is_postgres else f"date(c2.closed_on, '+{DAYS_OF_CHANGE} days')"
    term = TERM_JOIN.format(days=marks, later=later) if dimension == Dimension.TERM else ""
    source = CLOSED.format(days=marks, term=term)
    values = _days(days) * (3 if term else 2)
    paper = "EXISTS (SELECT 1 FROM casework_lookback l WHERE l.case_id = c.id AND l.is_paper_only)"
    cursor.execute(
        f"INSERT INTO oversight_tally (county, dimension, key, day, opened, closed, back, paper_only, again) "
        f"SELECT c.county_id, '{dimension}', {key}, {day}, 0, COUNT(*), COUNT(b.back_on), "
        f"SUM(CASE WHEN {paper} THEN 1 ELSE 0 END), SUM(CASE WHEN c.round > 1 THEN 1 ELSE 0 END) {source} AND {key} IS NOT NULL GROUP BY c.county_id, {key}, {day}",
        values,
    )
    if dimension == Dimension.VILLAGE:
        return
    age = "b.back_on - c.closed_on" if is_postgres else "CAST(julianday(b.back_on) - julianday(c.closed_on) AS integer)"
    cursor.execute(
        f"INSERT INTO oversight_relapseage (county, dimension, key, day, age, count) "
        f"SELECT c.county_id, '{dimension}', {key}, {day}, {age}, COUNT(*) {source} "
        f"AND b.back_on IS NOT NULL AND {key} IS NOT NULL GROUP BY c.county_id, {key}, {day}, {age}",
        values,
    )


def _opened(cursor: Any, dimension: Dimension, days: Sequence[date]) -> None:
    key, day = KEYS[dimension], _stands_on(dimension, "c.found_on")
    marks = ", ".join(["%s"] * len(days))
    cursor.execute(
        f"INSERT INTO oversight_tally (county, dimension, key, day, opened, closed, back, paper_only, again) "
        f"SELECT c.county_id, '{dimension}', {key}, {day}, COUNT(*), 0, 0, 0, 0 "
        f"FROM casework_case c LEFT JOIN casework_catalogueitem i ON i.id = c.item_id "
        f"WHERE c.found_on IN ({marks}) AND c.county_id IS NOT NULL AND {key} IS NOT NULL "
        f"AND c.stage <> '{Stage.REFERRED}' "
        f"GROUP BY c.county_id, {key}, {day} "
        f"ON CONFLICT (dimension, day, county, key) DO UPDATE SET opened = EXCLUDED.opened",
        _days(days),
    )


def _days(days: Sequence[date]) -> list[Any]:
    return [connection.ops.adapt_datefield_value(day) for day in days]
