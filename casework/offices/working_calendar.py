"""The office enters a year's working days as announced; deadlines that cross into the year follow."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid, NotAllowed
from casework.models import CalendarDay, CalendarYear, Person
from casework.models.history import record_many, stamped
from casework.rights.roles import rules_city
from casework.values.days_in_words import exact_day
from casework.working_time import calendar
from casework.working_time.deadlines import local_day
from casework.working_time.workdays import FIRST, LAST

SHOWN = 5
# 242 to 252 were announced for each year so far; whatever lies far outside was filled in wrongly.
FEWEST_WORKING, MOST_WORKING = 200, 300


class Day(NamedTuple):
    day: date
    is_working: bool
    name: str = ""


def check_year(year: int, days: Sequence[Day]) -> None:
    """Refuse a calendar that is not exactly one year (a foreign day, a day twice, a gap), and one that can't be what
    was announced: too few or too many working days, or no holiday at all.
    """
    if not FIRST.year <= year <= LAST.year:
        raise Invalid(
            "year_out_of_range",
            _("The calendar covers %(first)d to %(last)d.") % {"first": FIRST.year, "last": LAST.year},
            field="year",
        )
    foreign = [one.day for one in days if one.day.year != year]
    if foreign:
        raise Invalid(
            "day_of_other_year",
            _("%(days)s: not in %(year)d. Give each year a file of its own.") % {"days": _some(foreign), "year": year},
            field="file",
        )
    twice = sorted(day for day, count in Counter(one.day for one in days).items() if count > 1)
    if twice:
        raise Invalid("day_twice", _("%(days)s: entered twice.") % {"days": _some(twice)}, field="file")
    there = {one.day for one in days}
    first = date(year, 1, 1)
    missing = [
        day for n in range((date(year + 1, 1, 1) - first).days) if (day := first + timedelta(days=n)) not in there
    ]
    if missing:
        raise Invalid(
            "day_missing",
            _("%(days)s: missing. A calendar names each day of its year.") % {"days": _some(missing)},
            field="file",
        )
    worked = sum(one.is_working for one in days)
    if not FEWEST_WORKING <= worked <= MOST_WORKING:
        raise Invalid(
            "year_implausible",
            _(
                "%(year)d would have %(count)d working days. A year has between %(fewest)d and %(most)d: "
                "tick each day that is worked, and only those."
            )
            % {"year": year, "count": worked, "fewest": FEWEST_WORKING, "most": MOST_WORKING},
            field="file",
        )
    if all(one.is_working for one in days if one.day.weekday() < 5):
        raise Invalid(
            "no_holiday",
            _(
                "Not one weekday of %(year)d is marked as a day off. Mark the holidays as they were announced, "
                "then save the year."
            )
            % {"year": year},
            field="file",
        )


def _some(days: Sequence[date]) -> str:
    words = "、".join(exact_day(day) for day in days[:SHOWN])
    return f"{words} … ({len(days)})" if len(days) > SHOWN else words


def set_year(*, year: int, days: Sequence[Day], source: str = "", by: Person, at: datetime) -> int:
    """Enter a whole year, new or corrected, with the notice that it follows; gives how many days changed. Deadlines
    follow with the next sweep. A year that is corrected keeps its source unless another is given.
    """
    if rules_city(by, local_day(at)) is None:
        raise NotAllowed("not_your_rules", _("Only the city office sets the working-day calendar."))
    check_year(year, days)
    source = source.strip()
    if not source and not CalendarYear.objects.filter(year=year).exclude(source="").exists():
        raise Invalid(
            "source_missing",
            _("Name the notice by which these days were announced, with its number."),
            field="source",
        )
    with transaction.atomic(), stamped(step="set_year", by=by, at=at, reason=source):
        row, is_new = CalendarYear.objects.select_for_update().get_or_create(year=year, defaults={"changed_at": at})
        known = {one.day: one for one in CalendarDay.objects.filter(year=row)}
        new = [
            CalendarDay(day=d.day, year=row, is_working=d.is_working, name=d.name) for d in days if d.day not in known
        ]
        changed = []
        for given in days:
            there = known.get(given.day)
            if there is not None and (there.is_working, there.name) != (given.is_working, given.name):
                there.is_working, there.name = given.is_working, given.name
                changed.append(there)
        CalendarDay.objects.bulk_create(new)
        CalendarDay.objects.bulk_update(changed, ["is_working", "name"], batch_size=400)
        record_many(new, change="+")
        record_many(changed, change="~")
        if is_new or changed:
            row.source, row.changed_at, row.applied_at = source or row.source, at, None
            row.save()
    calendar.cached_rules.forget()
    return len(new) + len(changed)
