"""The office enters a year's working days as announced; deadlines that cross into the year follow."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid, NotAllowed
from casework.ladder import rungs
from casework.ladder.rungs import standing_of
from casework.lifecycle.recording import event_of
from casework.models import Assignment, CalendarDay, CalendarYear, Case, CaseEvent, Pause, Person
from casework.models.case_event import EventKind
from casework.models.history import record_changed, record_many, stamped
from casework.models.resting_row import ClockName
from casework.resting import Rest, in_batches
from casework.roles import rules_city
from casework.stages import OPEN
from casework.working_time import calendar
from casework.working_time.deadlines import counted_deadline, local_day, midnight
from casework.working_time.workdays import FIRST, LAST

BATCH = 500
SHOWN = 5


class Day(NamedTuple):
    day: date
    is_working: bool
    name: str = ""


def check_year(year: int, days: Sequence[Day]) -> None:
    """Refuse a calendar that is not exactly one year: a foreign day, a day twice, a gap."""
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


def _some(days: Sequence[date]) -> str:
    words = "、".join(day.isoformat() for day in days[:SHOWN])
    return f"{words} … ({len(days)})" if len(days) > SHOWN else words


def set_year(*, year: int, days: Sequence[Day], source: str = "", by: Person, at: datetime) -> int:
    """Enter a whole year, new or corrected; gives how many days changed. Deadlines follow with the next sweep."""
    if rules_city(by, local_day(at)) is None:
        raise NotAllowed("not_your_rules", _("Only the city office sets the working-day calendar."))
    check_year(year, days)
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
            row.source, row.changed_at, row.applied_at = source.strip() or row.source, at, None
            row.save()
    calendar.cached_rules.forget()
    return len(new) + len(changed)


def recompute_deadlines(*, at: datetime) -> int:
    """Move the deadlines that were counted over a calendar that has changed; gives how many moved.

    Only open cases whose deadline lies ahead and in such a year or beyond it; a day that an office chose stays.
    """
    years = list(CalendarYear.objects.filter(applied_at=None).values_list("year", flat=True))
    resting = Rest(ClockName.DEADLINES, at=at)
    if not years and not resting.to_retry:
        return 0
    calendar.cached_rules.forget()
    moved: list[int] = []
    concerned = Q(pk__in=resting.to_retry)
    if years:
        concerned |= Q(due_on__gte=max(local_day(at), date(min(years), 1, 1)))
    cases = Case.objects.select_for_update(of=("self",)).filter(concerned, stage__in=OPEN)
    in_batches(
        ClockName.DEADLINES,
        cases,
        lambda batch: moved.append(_move(batch, at=at)),
        at=at,
        size=BATCH,
        by_key=True,
        resting=resting,
    )
    resting.end()
    CalendarYear.objects.filter(year__in=years, applied_at=None).update(applied_at=at)
    return sum(moved)


def _move(cases: list[Case], *, at: datetime) -> int:
    pks = [case.pk for case in cases]
    counted = Assignment.objects.filter(case__in=pks, ended_at=None).values_list("case_id", "counted_from", "days")
    rules = {case: (counted_from, days) for case, counted_from, days in counted if counted_from and days}
    pauses: dict[int, list[tuple[date, date]]] = {}
    for pause in Pause.objects.filter(case__in=pks).order_by("begins_on"):
        if pause.ends_on is not None:
            pauses.setdefault(pause.case_id, []).append((pause.begins_on, pause.ends_on))
    extended = set(Case.objects.filter(pk__in=pks, extensions__granted=True).values_list("pk", flat=True))
    moved, events, on = [], [], local_day(at)
    for case in cases:
        rule = rules.get(case.pk)
        if rule is None or case.pk in extended:
            continue
        due_on = counted_deadline(*rule, pauses.get(case.pk, ()))
        if due_on == case.due_on:
            continue
        words = f"{case.due_on} → {due_on}"
        case.due_on = due_on
        _set_clock(case, on=on)
        moved.append(case)
        events.append(event_of(case, EventKind.DEADLINE_MOVED, at=at, words=words))
    Case.objects.bulk_update(moved, ["due_on", "light", "next_step_at"], batch_size=200)
    CaseEvent.objects.bulk_create(events)
    with stamped(step="recompute_deadlines", by=None, at=at):
        record_changed(moved)
    return len(moved)


def _set_clock(case: Case, *, on: date) -> None:
    if case.paused_on is not None:
        return
    standing, ladder = standing_of(case), rungs.current()
    case.light = ladder.light(standing, on)
    tick = ladder.next_tick(standing, on)
    case.next_step_at = midnight(tick) if tick else None
