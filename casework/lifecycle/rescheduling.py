"""A calendar that has changed moves the deadlines that were counted over it."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q

from casework.clocks.resting import Rest, in_batches
from casework.events import event_of
from casework.lifecycle.recording import set_clock, wake
from casework.models import Assignment, CalendarDay, CalendarYear, Case, CaseEvent, Extension, LookBack, Pause
from casework.models.case_event import EventKind
from casework.models.history import record_changed, stamped
from casework.models.look_back import LookBackState
from casework.models.resting_row import ClockName
from casework.stages import OPEN
from casework.working_time import calendar
from casework.working_time.deadlines import Pausing, deadline_after, due_date, local_day, working_day_from

BATCH = 500


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
    for one in Assignment.objects.filter(case__in=cases, undone=None).order_by("-assigned_at", "-id"):
        due_on = due_date(one.counted_from, one.days) if one.counted_from and one.days else one.due_on
        given[one.case_id] = (due_on, one.assigned_at)
    granted = Extension.objects.filter(case__in=cases, granted=True, decided_at__isnull=False).order_by("decided_at")
    for extension in granted:
        assert extension.decided_at is not None
        given[extension.case_id] = (extension.due_on, extension.decided_at)
    return given
