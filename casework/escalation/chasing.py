"""Clocks beside the ladder's own: letters that nobody signs for, cases whose post nobody holds."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from casework.clocks.cursors import keep_mark
from casework.clocks.resting import Rest, in_batches
from casework.database.bulk_sql import insert
from casework.events import EVENT_OF, event_of
from casework.ladder import rungs
from casework.ladder.recipients import as_rows, seats_of
from casework.ladder.rungs import Step
from casework.models import Case, ClockMark, Escalation, Letter, StepKind, Term, Unit
from casework.models.resting_row import ClockName
from casework.models.unit import on_day
from casework.stages import DESK_ROLES, OPEN
from casework.working_time.deadlines import local_day

BATCH = 500


class Asked(NamedTuple):
    """A step to take; `unit` is the one whose level those above are counted from."""

    case: Case
    kind: StepKind
    code: str
    words: str = ""
    unit: int | None = None


def chase_letters(*, at: datetime) -> int:
    """Tell the level above of every letter that was not signed for in time, once."""
    due = (
        Letter.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(chase_at__lte=at)
        .select_related("case")
        .order_by("chase_at", "id")
    )
    return in_batches(ClockName.LETTERS, due, lambda letters: _chase(letters, at), at=at, size=BATCH)


def _chase(letters: Sequence[Letter], at: datetime) -> None:
    open_ones = [letter for letter in letters if letter.case.stage in OPEN]
    # Whoever heard of the case in this very sweep isn't told of its letter as well.
    heard = Escalation.objects.filter(case__in=[one.case_id for one in open_ones], at=at).exclude(event=None)
    _escalate(
        [
            Asked(letter.case, StepKind.UNSIGNED, f"unsigned-{letter.pk}", letter.number, letter.addressee_id)
            for letter in open_ones
        ],
        at,
        heard=set(heard.values_list("case", flat=True)),
    )
    Letter.objects.filter(pk__in=[letter.pk for letter in letters]).update(chase_at=None)


def find_vacancies(*, at: datetime) -> int:
    """Once a day: open cases that wait for a unit at which nobody holds a desk. Told once in a silence."""
    on = local_day(at)
    mark = ClockMark.objects.filter(name="vacancies").first()
    if mark is not None and local_day(mark.at) >= on:
        return 0
    found = 0
    # Asked of the units, not of the cases: a few thousand looks into two indexes, however many cases are open.
    waiting = Case.objects.filter(waits_at=OuterRef("pk"), stage__in=OPEN)
    holders = Term.objects.filter(
        on_day(on),
        post__unit=OuterRef("pk"),
        post__unit__is_active=True,
        post__role__in=DESK_ROLES,
        person__is_active=True,
    )
    vacant = list(Unit.objects.filter(Exists(waiting), ~Exists(holders)).order_by("pk").values_list("pk", flat=True))
    resting = Rest(ClockName.VACANCIES, at=at)
    for unit in vacant:
        found += _tell_vacancy(unit, resting, at)
    resting.end()
    keep_mark("vacancies", at=at)
    return found


def _tell_vacancy(unit: int, resting: Rest, at: datetime) -> int:
    told = Escalation.objects.filter(case=OuterRef("pk"), step=StepKind.VACANCY, round=OuterRef("version"))
    cases = Case.objects.select_for_update(skip_locked=True).filter(~Exists(told), waits_at=unit, stage__in=OPEN)

    def tell(found: Sequence[Case]) -> None:
        _escalate([Asked(case, StepKind.VACANCY, StepKind.VACANCY.value) for case in found], at)

    # By the key: where the ladder has no such step, a case stays among those that nobody was told of.
    return in_batches(ClockName.VACANCIES, cases, tell, at=at, size=BATCH, by_key=True, resting=resting)


def _escalate(asked: list[Asked], at: datetime, *, heard: Collection[int] = frozenset()) -> None:
    """A row for each, and an event for each case that is not among the `heard` ones, nor twice in this batch."""
    on, ladder = local_day(at), rungs.current()
    events, escalations, silent = [], [], set(heard)
    for case, kind, code, words, unit in asked:
        policy = ladder.policy_on(case.city_id, on)
        steps: list[Step] = policy.of_kind(kind, case.severity, case.kind) if policy else []
        if policy is None or not steps:
            continue
        to, copies = seats_of(steps[0], case, unit=unit)
        event = None if case.pk in silent else event_of(case, EVENT_OF[kind], at=at, words=words)
        silent.add(case.pk)
        if event is not None:
            events.append(event)
        escalations.append(
            Escalation(
                case=case,
                step=code,
                kind=kind,
                round=case.version,
                policy_version=policy.version,
                due_on=on,
                at=at,
                light=case.light,
                deadline=case.due_on,
                to=as_rows(to),
                copies=as_rows(copies),
                event=event,
            )
        )
    insert(events)
    for escalation in escalations:
        escalation.event_id = escalation.event.pk if escalation.event else None
    insert(escalations)
