"""The ladder, climbed by the days: which step is due when, which light a case shows. Pure but for the policy's rows.

The days of a deadline's steps hang on five values that thousands of cases share, so they are computed once for each.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import Max

from casework.caching.rules import RefreshingCache
from casework.models.case import Case
from casework.models.escalation_policy import EscalationPolicy, EscalationStep, StepKind
from casework.stages import Light
from casework.working_time import calendar
from casework.working_time.deadlines import local_day
from casework.working_time.workdays import Workdays

BY_DEADLINE = (StepKind.REMINDER, StepKind.NOTICE, StepKind.LETTER, StepKind.INTERVIEW, StepKind.REFERRAL)
BY_RANK = (Light.NONE, Light.BLUE, Light.YELLOW, Light.RED)
LIGHTS: dict[str, int] = {light: rank for rank, light in enumerate(BY_RANK)}
ONE_DAY = timedelta(days=1)
FOREVER = date.max


class Start(NamedTuple):
    """Where a case's ladder begins: `raised` rungs higher; `refers` when a referral is proposed at once."""

    raised: int = 0
    refers: bool = False


FROM_THE_BOTTOM = Start()


@dataclass(frozen=True)
class Step:
    code: str
    kind: StepKind
    moment: int
    light: Light
    severities: frozenset[int]
    kinds: frozenset[str]
    to: tuple[str, ...]
    copies: tuple[str, ...]
    has_document: bool
    words: str

    def is_for(self, severity: int | None, kind: str) -> bool:
        """A case whose severity is still to be found is treated as the mildest."""
        return (severity or 1) in self.severities and kind in self.kinds


@dataclass(frozen=True)
class Policy:
    """A version of the ladder and the days on which it holds, both included."""

    version: int
    first: date
    last: date
    steps: tuple[Step, ...]
    reds_in_a_row: int
    relapses: int

    def of_kind(self, kind: StepKind, severity: int | None, rectification: str) -> list[Step]:
        return [step for step in self.steps if step.kind == kind and step.is_for(severity, rectification)]


class Due(NamedTuple):
    """A step and the day on which it is due."""

    day: date
    step: Step


class Standing(NamedTuple):
    """What the ladder asks of a case."""

    city: int | None
    severity: int | None
    kind: str
    due_on: date | None
    since: date | None  # the day on which the present deadline was given
    touched_on: date
    start: Start = FROM_THE_BOTTOM
    held: int = 0  # working days that the clock of the overdue case stood still
    floor: str = Light.NONE


def standing_of(case: Case) -> Standing:
    return Standing(
        city=case.city_id,
        severity=case.severity,
        kind=case.kind,
        due_on=case.due_on,
        since=case.ladder_since,
        touched_on=local_day(case.touched_at),
        start=Start(case.ladder_raised, case.ladder_refers),
        held=case.ladder_held,
        floor=case.light_floor,
    )


class Policies:
    """Every version of every city, in the order of their days."""

    def __init__(self, rows: Iterable[EscalationPolicy], steps: Iterable[EscalationStep]) -> None:
        steps_of: dict[int, list[Step]] = {}
        for row in steps:
            steps_of.setdefault(row.policy_id, []).append(step_of(row))
        versions: dict[int | None, list[EscalationPolicy]] = {}
        for policy in sorted(rows, key=lambda one: (one.valid_from, one.version)):
            versions.setdefault(policy.city_id, []).append(policy)
        defaults = versions.get(None, [])
        self._of: dict[int | None, tuple[Policy, ...]] = {}
        for city in {None, *versions}:
            own = versions.get(city, []) if city is not None else []
            # Until a city's first version holds, the default does.
            line = [one for one in defaults if not own or one.valid_from < own[0].valid_from] + own
            lasts = [one.valid_from - timedelta(days=1) for one in line[1:]] + [FOREVER]
            self._of[city] = tuple(
                Policy(
                    version=one.version,
                    first=one.valid_from,
                    last=last,
                    steps=tuple(steps_of.get(one.pk, ())),
                    reds_in_a_row=one.reds_in_a_row,
                    relapses=one.relapses,
                )
                for one, last in zip(line, lasts, strict=True)
            )

    def of(self, city: int | None) -> tuple[Policy, ...]:
        return self._of.get(city) or self._of.get(None, ())


def step_of(row: EscalationStep) -> Step:
    return Step(
        code=row.code,
        kind=StepKind(row.kind),
        moment=row.moment,
        light=Light(row.light),
        severities=frozenset(row.severities),
        kinds=frozenset(row.kinds),
        to=tuple(row.to),
        copies=tuple(row.copies),
        has_document=row.has_document,
        words=row.words,
    )


def _stamp() -> Any:
    return EscalationPolicy.objects.aggregate(Max("id"), Max("at"))


def _load() -> Policies:
    return Policies(EscalationPolicy.objects.all(), EscalationStep.objects.order_by("id"))


cached_rules = RefreshingCache(stamp=_stamp, load=_load)


class Ladder:
    """Policies and a calendar, asked for one case at a time. `current()` gives today's."""

    def __init__(self, policies: Policies, workdays: Workdays) -> None:
        self.policies, self.workdays = policies, workdays
        # What a deadline or a silence brings is the same for every case with these values.
        self._by_deadline = lru_cache(maxsize=50_000)(self._compute_by_deadline)
        self._by_silence = lru_cache(maxsize=50_000)(self._compute_by_silence)

    def policy_on(self, city: int | None, day: date) -> Policy | None:
        return next((one for one in self.policies.of(city) if one.first <= day <= one.last), None)

    def due(self, case: Standing, on: date) -> list[Due]:
        """Every step that has become due up to and including `on`, whether done or not: those of a silence first, then
        the deadline's in the order of their days, so that the last one is what there is to tell.
        """
        return [one for one in self._all(case) if one.day <= on]

    def next_tick(self, case: Standing, after: date) -> date | None:
        """The first later day on which a step is due or the light may turn; None when nothing comes any more."""
        days = [one.day for one in self._all(case) if one.day > after]
        if case.due_on is not None and case.due_on >= after:
            days.append(case.due_on + ONE_DAY)
        return min(days, default=None)

    def light(self, case: Standing, on: date) -> Light:
        """The light of a running case: that of the last step reached, yellow at least once the deadline has passed
        (practice.md, ladder). The floor is what a late extension left behind.
        """
        rank = LIGHTS[case.floor]
        if case.due_on is not None and on > case.due_on:
            rank = max(rank, LIGHTS[Light.YELLOW])
        for due in self._all(case):
            if due.day <= on:
                rank = max(rank, LIGHTS[due.step.light])
        return BY_RANK[rank]

    def by_deadline(self, case: Standing) -> tuple[Due, ...]:
        """The steps that the deadline brings, in the order of their days."""
        if case.due_on is None or case.since is None:
            return ()
        return self._by_deadline(case.city, case.severity, case.kind, case.due_on, case.since, case.start, case.held)

    def _all(self, case: Standing) -> tuple[Due, ...]:
        return self._by_silence(case.city, case.severity, case.kind, case.touched_on) + self.by_deadline(case)

    def _compute_by_silence(
        self, city: int | None, severity: int | None, kind: str, touched_on: date
    ) -> tuple[Due, ...]:
        found = []
        for policy in self.policies.of(city):
            for step in policy.of_kind(StepKind.STALL, severity, kind):
                # Nobody is reminded on a holiday of what nobody could have entered.
                day = self.workdays.on_or_after(touched_on + timedelta(days=step.moment))
                if policy.first <= day <= policy.last:
                    found.append(Due(day, step))
        return tuple(found)

    def _compute_by_deadline(
        self, city: int | None, severity: int | None, kind: str, due_on: date, since: date, start: Start, held: int
    ) -> tuple[Due, ...]:
        found: list[Due] = []
        for policy in self.policies.of(city):
            for day, step in self._rungs(policy, severity, kind, due_on, since, start, held):
                if step.moment <= 0 and due_on >= since:
                    # Whoever gets fewer days than the reminder's lead is reminded on the day on which they get them.
                    day = max(day, since)
                elif day <= since and step.kind != StepKind.REFERRAL:
                    # A late step of before this round: a case that was overdue when the ladder was installed.
                    continue
                if policy.first <= day <= policy.last:
                    found.append(Due(day, step))
        found.sort(key=lambda one: one.day)
        return tuple(found)

    def _rungs(
        self, policy: Policy, severity: int | None, kind: str, due_on: date, since: date, start: Start, held: int
    ) -> Iterable[Due]:
        steps = [step for step in policy.steps if step.kind in BY_DEADLINE and step.is_for(severity, kind)]
        early = [step for step in steps if step.moment <= 0]
        late = sorted((step for step in steps if step.moment > 0), key=lambda step: step.moment)
        for step in early:
            yield Due(self.workdays.add(due_on, step.moment), step)
        refers_at_once = start.refers and any(step.kind == StepKind.REFERRAL for step in late)
        for number, place in enumerate(late):
            # Started higher, a case meets each step at the moment of the one below it; the light keeps its moment.
            step = late[min(number + start.raised, len(late) - 1)]
            if number + start.raised > len(late) - 1 or (refers_at_once and step.kind == StepKind.REFERRAL):
                continue
            yield Due(self.workdays.add(due_on, place.moment + held), _with_light(step, place.light))
        if refers_at_once:
            yield Due(since, next(step for step in late if step.kind == StepKind.REFERRAL))


def _with_light(step: Step, light: Light) -> Step:
    return step if step.light == light else replace(step, light=light)


@lru_cache(maxsize=2)
def _ladder(policies: Policies, workdays: Workdays) -> Ladder:
    return Ladder(policies, workdays)


def current() -> Ladder:
    """The ladder by the policies and the calendar as their tables have them."""
    return _ladder(cached_rules.get(), calendar.current())
