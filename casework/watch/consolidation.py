"""A strike-off begins a time of watching: which look-backs follow it, and when the case may be archived."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db.models import F, Max

from casework.clocks.resting import in_batches
from casework.database.bulk_sql import insert, update
from casework.models import Case, Closure, ConsolidationRule, LookBack
from casework.models.history import record_many, stamped
from casework.models.look_back import LookBackKind, LookBackState, Outcome
from casework.models.resting_row import ClockName
from casework.stages import Stage, Watch
from casework.working_time.deadlines import add_working_days, is_working_day, local_day, midnight

# practice.md, Relapse: 30 and 90 days after the closure unless an office says otherwise.
DEFAULT_DAYS = (30, 90)
# Working days that an inspector has from the draw on.
DAYS_TO_CHECK = 10
# A duty's next period is over with the month after the strike-off; what belongs to it is published by the tenth.
DAY_OF_PUBLICATION = 10
# Two look-backs within so many days are one.
CLOSE_DAYS = 7
LONGEST_WATCH = 720
MOST_CYCLES = 20


def watch_closures(*, at: datetime, batch: int = 500) -> int:
    """Plan the look-backs of strike-offs that have none yet; gives how many strike-offs that were.

    A clock and not a part of the strike-off, so that the verb stays short and nothing is forgotten: also those of
    before look-backs were known are watched from now on, without what should have been looked at by now.
    """
    rules = list(ConsolidationRule.objects.all())
    due = (
        Closure.objects.select_for_update(skip_locked=True, of=("case",))
        .filter(
            case__stage=Stage.CLOSED,
            case__watch__in=(Watch.NONE, Watch.WATCHED),
            case__watched_until=None,
            case__is_imported_history=False,
            round=F("case__round"),
        )
        .select_related("case__item", "case__relapse_of")
        .order_by("case")
    )
    return in_batches(ClockName.STRIKE_OFFS, due, lambda found: _watch(found, rules, at=at), at=at, size=batch)


def _watch(closures: Sequence[Closure], rules: Sequence[ConsolidationRule], *, at: datetime) -> None:
    cases = [closure.case_id for closure in closures]
    there = LookBack.objects.filter(case__in=cases).values_list("case").annotate(last=Max("number"))
    last = dict(there.order_by())
    rows = [
        row
        for closure in closures
        for row in _planned_for(closure, rules, on=local_day(at), after=last.get(closure.case_id, 0))
    ]
    with stamped(step="watch_closures", by=None, at=at):
        insert(rows)
        record_many(rows, change="+")
        _mark([closure.case for closure in closures], rows, on=local_day(at))


def _planned_for(closure: Closure, rules: Sequence[ConsolidationRule], *, on: date, after: int = 0) -> list[LookBack]:
    case, closed_on = closure.case, closure.closed_on
    days = [(closed_on + timedelta(days=count), LookBackKind.SCHEDULED) for count in days_of(case, rules, on=closed_on)]
    if case.item is not None and case.item.is_recurring_duty:
        after_period = end_of_next_period(closed_on)
        if all(abs((after_period - day).days) > CLOSE_DAYS for day, _kind in days):
            days.append((after_period, LookBackKind.PERIOD))
    to_come = sorted(one for one in days if one[0] >= on)
    return [
        planned(case, closure, kind, day=day, number=after + place)
        for place, (day, kind) in enumerate(to_come, start=1)
    ]


def _mark(cases: Sequence[Case], rows: Sequence[LookBack], *, on: date) -> None:
    """Until when each is watched. One that changes its standing keeps a history of it; the day is derived."""
    last = {row.case_id: row.opens_on for row in sorted(rows, key=lambda row: row.opens_on)}
    changed = []
    for case in cases:
        before, case.watched_until = case.watch, last.get(case.pk, on)
        case.watch = Watch.WATCHED if case.pk in last else Watch.ARCHIVED
        if case.watch != before:
            changed.append(case)
    update(cases, ["watch", "watched_until"])
    record_many(changed, change="~")


def days_of(case: Case, rules: Iterable[ConsolidationRule], *, on: date) -> list[int]:
    """After how many days of a strike-off on `on` the case is looked at again; every relapse before it doubles them."""
    holding = [
        rule
        for rule in rules
        if rule.valid_from <= on and rule.item_id in (None, case.item_id) and rule.severity in (None, case.severity)
    ]
    best = max(
        holding,
        key=lambda rule: (rule.item_id is not None, rule.severity is not None, rule.valid_from, rule.pk),
        default=None,
    )
    factor = 2 ** cycles_before(case)
    return sorted({min(int(day) * factor, LONGEST_WATCH) for day in (best.days if best else DEFAULT_DAYS)})


def cycles_before(case: Case) -> int:
    """How often this problem has come back: the length of the chain of earlier cases."""
    count, earlier = 0, case.relapse_of
    while earlier is not None and count < MOST_CYCLES:
        count, earlier = count + 1, earlier.relapse_of
    return count


def planned(case: Case, closure: Closure | None, kind: LookBackKind, *, day: date, number: int) -> LookBack:
    """A look-back that opens on this day, or on the first working day after it."""
    opens_on = day if is_working_day(day) else add_working_days(day, 1)
    return LookBack(
        case=case,
        closure=closure,
        kind=kind,
        number=number,
        opens_on=opens_on,
        due_on=add_working_days(opens_on, DAYS_TO_CHECK),
        next_step_at=midnight(opens_on),
    )


def end_of_next_period(on: date) -> date:
    """The day on which what belongs to the month after `on` must have been done."""
    month = on.year * 12 + on.month + 1  # the month after next, counted from 0 in January of year 0
    return date(month // 12, month % 12 + 1, DAY_OF_PUBLICATION)


def end_consolidation(case: Case, *, watch: Watch) -> None:
    """Archive a case whose look-backs have passed, or end the watching of one that failed; what was planned is dropped.

    The caller saves the case.
    """
    case.watch, case.watched_until = watch, case.watched_until or case.closed_on
    if watch == Watch.FAILED:
        rows = list(case.look_backs.filter(state=LookBackState.PLANNED))
        for row in rows:
            row.state, row.next_step_at = LookBackState.DROPPED, None
            row.save()


def watch_again(case: Case) -> None:
    """A strike-off that was said to have failed holds after all: what is still to come of its look-backs is planned
    anew by the clock. The caller saves the case.
    """
    failed = case.look_backs.filter(outcome=Outcome.BACK).exists()
    if case.watch == Watch.FAILED and not failed:
        case.watch, case.watched_until = Watch.WATCHED, None
