"""The sweep over the ladder: what is due is claimed by the batch, and every step is taken once.

A row of `Escalation` under its unique constraint, the light, its history and the event are one transaction, so a worker
that is killed leaves either all of a batch or nothing of it. Cost grows with what is due: the claim rides the index
on `next_step_at`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings

from casework.clocks.resting import in_batches
from casework.database.bulk_sql import insert
from casework.escalation.issuing import issue_letters
from casework.events import EVENT_OF, event_of
from casework.ladder import rungs
from casework.ladder.recipients import Seat, as_rows, seats_of, with_helpers
from casework.ladder.rungs import BY_DEADLINE, Due, standing_of
from casework.models import Assignment, Case, CaseEvent, Escalation, StepKind
from casework.models.escalation_policy import Recipient
from casework.models.history import record_changed, stamped
from casework.models.resting_row import ClockName
from casework.rights.pairings import helpers_of
from casework.stages import OPEN, Light
from casework.working_time.deadlines import local_day, midnight


@dataclass
class Batch:
    """What one transaction of the sweep writes."""

    at: datetime
    events: list[CaseEvent] = field(default_factory=list)
    escalations: list[Escalation] = field(default_factory=list)
    with_document: list[tuple[Case, Due, Escalation, list[Seat]]] = field(default_factory=list)
    clocks: dict[tuple[str, datetime | None], list[int]] = field(default_factory=dict)
    turned: list[Case] = field(default_factory=list)


def sweep_ladder(*, at: datetime, batch: int | None = None) -> int:
    """Take every step that is due at this moment; gives the number of cases looked at. A second run finds nothing."""
    # A case that a verb or another sweep holds at this moment is left to it; what is still due comes next time.
    due = (
        Case.objects.select_for_update(skip_locked=True)
        .filter(next_step_at__lte=at, stage__in=OPEN)
        .order_by("next_step_at", "id")
    )
    size = batch or settings.SWEEP_BATCH
    return in_batches(ClockName.LADDER, due, lambda cases: climb(cases, at=at), at=at, size=size)


def is_much_due(*, at: datetime) -> bool:
    """Whether more is due than one batch takes, so that a second worker is worth waking."""
    due = Case.objects.filter(next_step_at__lte=at, stage__in=OPEN).order_by("next_step_at", "id")
    return due[settings.SWEEP_BATCH :].exists()


def climb(cases: list[Case], *, at: datetime) -> None:
    """Take the due steps of cases that are locked, set their lights and clocks. Belongs inside a transaction."""
    on, ladder = local_day(at), rungs.current()
    done = _steps_done(cases)
    proposed = _referrals_proposed([case.pk for case in cases if case.ladder_refers])
    helpers = _helpers(cases) if _asks_helpers(cases, ladder, on) else {}
    paired = helpers_of(cases, on)
    batch = Batch(at)
    for case in cases:
        standing = standing_of(case)
        due = [
            one
            for one in ladder.due(standing, on)
            if (case.pk, _round_of(case, one), one.step.code) not in done
            and not (one.step.kind == StepKind.REFERRAL and case.pk in proposed)
        ]
        light = ladder.light(standing, on)
        if due:
            policy = ladder.policy_on(case.city_id, on)
            version = policy.version if policy else 0
            helping = paired.get(case.pk, []) if case.assigned_at else []
            _take(case, due, light, batch, version=version, helper=helpers.get(case.pk), helping=helping)
        tick = ladder.next_tick(standing, on)
        next_step_at = midnight(tick) if tick else None
        batch.clocks.setdefault((light, next_step_at), []).append(case.pk)
        if light != case.light:
            case.light = light
            batch.turned.append(case)
    _write(batch)


def _steps_done(cases: list[Case]) -> set[tuple[int, int, str]]:
    taken = Escalation.objects.filter(case__in=[case.pk for case in cases]).order_by()
    return set(taken.values_list("case_id", "round", "step"))


def _referrals_proposed(cases: list[int]) -> set[int]:
    """Of cases whose referral is proposed at once those where it was: once, whatever rounds of the ladder follow."""
    if not cases:
        return set()
    return set(Escalation.objects.filter(case__in=cases, kind=StepKind.REFERRAL).values_list("case", flat=True))


def _asks_helpers(cases: Iterable[Case], ladder: rungs.Ladder, on: date) -> bool:
    policies = {ladder.policy_on(city, on) for city in {case.city_id for case in cases}}
    return any(Recipient.HELPER in (*step.to, *step.copies) for one in policies if one for step in one.steps)


def _helpers(cases: list[Case]) -> dict[int, int]:
    open_ones = Assignment.objects.filter(case__in=[case.pk for case in cases], ended_at=None, helper__isnull=False)
    return dict(open_ones.values_list("case_id", "helper_id"))


def _round_of(case: Case, due: Due) -> int:
    return case.ladder_round if due.step.kind in BY_DEADLINE else case.version


def _take(
    case: Case, due: list[Due], light: Light, batch: Batch, *, version: int, helper: int | None, helping: list[int]
) -> None:
    """A row for each step in the order of the days; the last one speaks for those that nobody was told in time. Units
    that help the village or with the case hear of each step too.
    """
    event = None
    for number, one in enumerate(due, start=1):
        to, copies = seats_of(one.step, case, helper=helper or next(iter(helping), None))
        copies = with_helpers(to, copies, helping)
        if number == len(due):
            event = event_of(case, EVENT_OF[one.step.kind], at=batch.at)
            batch.events.append(event)
        escalation = Escalation(
            case=case,
            step=one.step.code,
            kind=one.step.kind,
            round=_round_of(case, one),
            policy_version=version,
            due_on=one.day,
            at=batch.at,
            light=light,
            deadline=case.due_on,
            to=as_rows(to),
            copies=as_rows(copies),
            event=event,
        )
        batch.escalations.append(escalation)
        if event is not None and one.step.has_document and to:
            batch.with_document.append((case, one, escalation, to))


def _write(batch: Batch) -> None:
    insert(batch.events)
    for escalation in batch.escalations:
        escalation.event_id = escalation.event.pk if escalation.event else None
    insert(batch.escalations)
    for (light, next_step_at), pks in batch.clocks.items():
        Case.objects.filter(pk__in=pks).update(light=light, next_step_at=next_step_at)
    with stamped(step="turn_lights", by=None, at=batch.at):
        record_changed(batch.turned)
    # Last, because whoever takes a running number holds up the other sweeps of that office until the commit.
    issue_letters(batch.with_document, at=batch.at)
