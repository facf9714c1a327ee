"""The office enters a year's working days as announced; deadlines that cross into the year follow."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid, NotAllowed
from casework.lifecycle.recording import event_of, set_clock, wake
from casework.models import Assignment, CalendarDay, CalendarYear, Case, CaseEvent, Extension, LookBack, Pause, Person
from casework.models.case_event import EventKind
from casework.models.history import record_changed, record_many, stamped
from casework.models.look_back import LookBackState
from casework.models.resting_row import ClockName
from casework.resting import Rest, in_batches
from casework.roles import rules_city
from casework.stages import OPEN
from casework.working_time import calendar
from casework.working_time.deadlines import Pausing, deadline_after, due_date, local_day, working_day_from
from casework.working_time.workdays import FIRST, LAST

BATCH = 500
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
    words = "、".join(day.isoformat() for day in days[:SHOWN])
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


def recompute_deadlines(*, at: datetime) -> int:
    """Move the deadlines that were counted over a calendar that has changed; gives how many moved.

    Only open cases whose deadline lies ahead (of a paused one, of the day on which its clock stopped) and in such a
    year or beyond it. A day that an office chose or granted stays, unless it turns out to be a day off; what the pauses
    since then have added is counted anew. None moves into the past.
    """
    years = list(CalendarYear.objects.filter(applied_at=None).values_list("year", flat=True))
    resting = Rest(ClockName.DEADLINES, at=at)
    if not years and not resting.to_retry:
        return 0
    calendar.cached_rules.forget()
    moved: list[int] = []
    concerned = Q(pk__in=resting.to_retry)
    if years:
        begins = date(min(years), 1, 1)
        ahead = Q(due_on__gte=local_day(at)) | Q(due_on__gte=F("paused_on"))
        concerned |= ahead & Q(due_on__gte=begins)
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
    if years:
        _move_look_backs(begins, at=at)
    CalendarYear.objects.filter(year__in=years, applied_at=None).update(applied_at=at)
    return sum(moved)


def _move(cases: list[Case], *, at: datetime) -> int:
    given = _deadlines_given([case.pk for case in cases])
    pauses: dict[int, list[Pausing]] = {}
    for pause in Pause.objects.filter(case__in=cases, ends_on__isnull=False).order_by("begins_on", "at"):
        assert pause.ends_on is not None
        pauses.setdefault(pause.case_id, []).append(Pausing(pause.at, pause.begins_on, pause.ends_on))
    moved, events, on = [], [], local_day(at)
    for case in cases:
        if case.pk not in given or case.due_on is None:
            continue
        due_on = deadline_after(*given[case.pk], pauses.get(case.pk, ()))
        due_on = max(due_on, min(case.due_on, working_day_from(case.paused_on or on)))
        if due_on == case.due_on:
            continue
        words = f"{case.due_on} → {due_on}"
        case.due_on = due_on
        wake(case, at=at)
        set_clock(case, at=at)
        moved.append(case)
        events.append(event_of(case, EventKind.DEADLINE_MOVED, at=at, words=words))
    Case.objects.bulk_update(moved, ["due_on", "light", "next_step_at"], batch_size=200)
    CaseEvent.objects.bulk_create(events)
    with stamped(step="recompute_deadlines", by=None, at=at):
        record_changed(moved)
    return len(moved)


@transaction.atomic
def _move_look_backs(begins: date, *, at: datetime) -> None:
    """Give those whose last day has turned out to be a day off the next working day."""
    off = CalendarDay.objects.filter(day__gte=begins, is_working=False).values("day")
    waiting = LookBack.objects.select_for_update().filter(state__in=(LookBackState.PLANNED, LookBackState.OPEN))
    moved = list(waiting.filter(due_on__in=off).order_by("pk"))
    for row in moved:
        row.due_on = working_day_from(row.due_on)
    LookBack.objects.bulk_update(moved, ["due_on"], batch_size=400)
    with stamped(step="recompute_deadlines", by=None, at=at):
        record_changed(moved)


def _deadlines_given(cases: list[int]) -> dict[int, tuple[date, datetime]]:
    """The deadline of each case as it was given last, by today's calendar, and the moment at which it was given."""
    given: dict[int, tuple[date, datetime]] = {}
    # Of several assignments the first one gave the deadline: a reassignment leaves it as it is.
    for one in Assignment.objects.filter(case__in=cases).order_by("-assigned_at", "-id"):
        due_on = due_date(one.counted_from, one.days) if one.counted_from and one.days else one.due_on
        given[one.case_id] = (due_on, one.assigned_at)
    granted = Extension.objects.filter(case__in=cases, granted=True, decided_at__isnull=False).order_by("decided_at")
    for extension in granted:
        assert extension.decided_at is not None
        given[extension.case_id] = (extension.due_on, extension.decided_at)
    return given
