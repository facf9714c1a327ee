"""What a village's records do not show: found by the rule of its county and of those days, over many villages at once.

A gap is read and never written, so what is entered later closes it, and a rule that is set later judges its own days
alone. What a person made of it is written (`verdicts.py`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from django.db.models import QuerySet

from casework.models import Person, Unit
from casework.rights.territories import lines_above
from casework.working_time.deadlines import ONE_DAY
from oversight.duty.records import DutyEvery, GapKind, GapVerdict, Minutes, MinutesAttendance, MinutesKind
from oversight.duty.rosters import next_month
from oversight.duty.rules import Rules
from oversight.mechanisms.queries import Span

# A week or month is looked at when it has been over for some days: paper takes its time.
GRACE = timedelta(days=3)


@dataclass(frozen=True)
class Gap:
    """`about` tells gaps of one kind and day apart: the minutes and the person, or the decision and the step. `matter`
    is what it was about, in the village's words; `entered_by` who entered what it is read from.
    """

    village: Unit
    kind: GapKind
    first_day: date
    last_day: date
    about: str = ""
    person: Person | None = None
    matter: str = ""
    step: str = ""
    minutes: int | None = None
    decision: int | None = None
    entered_by: frozenset[int] = frozenset()
    verdict: GapVerdict | None = None

    @property
    def key(self) -> str:
        return "~".join((self.kind, self.village.code, str(self.first_day), self.about))

    @property
    def identity(self) -> tuple[int, str, date, str]:
        return self.village.pk, self.kind, self.first_day, self.about


def duty_gaps(villages: QuerySet[Unit], span: Span, *, on: date) -> list[Gap]:
    """Weeks and months of these villages without a duty day or minutes, and absences at major matters, by village and
    day. Seven queries, however many villages and days.
    """
    expected = list(villages.filter(has_committee=True).select_related("parent").order_by("path"))
    if not expected:
        return []
    lines = lines_above(expected, on=on)
    county_of = {pk: line.county.pk if line.county else None for pk, line in lines.items()}
    rules = Rules({pk for pk in county_of.values() if pk is not None})
    held = _days_held(villages, span)
    found = [gap for one in expected for gap in _without_entry(one, county_of[one.pk], rules, held, span, on=on)]
    found += _absences({one.pk: one for one in expected}, county_of, rules, villages, span)
    return sorted(found, key=lambda gap: (gap.village.path, gap.first_day, gap.kind, gap.about))


def weeks_of(span: Span, *, on: date) -> Iterator[Span]:
    """The weeks, Monday to Sunday, that begin in these days and have been over for long enough."""
    first = span.first + timedelta(days=-span.first.weekday() % 7)
    while first <= span.last and first + timedelta(days=6) + GRACE < on:
        yield Span(first, first + timedelta(days=6))
        first += timedelta(days=7)


def months_of(span: Span, *, on: date) -> Iterator[Span]:
    """The months that begin in these days and have been over for long enough."""
    first = span.first if span.first.day == 1 else next_month(span.first.replace(day=1))
    while first <= span.last and next_month(first) - ONE_DAY + GRACE < on:
        yield Span(first, next_month(first) - ONE_DAY)
        first = next_month(first)


Days = dict[tuple[int, str], set[date]]


def _days_held(villages: QuerySet[Unit], span: Span) -> Days:
    """The days with an entry that counts, by village and kind. One query."""
    found: Days = {}
    entries = Minutes.objects.filter(
        kind__in=(MinutesKind.DUTY, MinutesKind.MEETING),
        # The last week or month of the span ends after it.
        held_on__range=(span.first, next_month(span.last)),
        village__in=villages.order_by().values("pk"),
        replaced_by=None,
        is_withdrawn=False,
    )
    for village, kind, day in entries.order_by().values_list("village", "kind", "held_on"):
        found.setdefault((village, kind), set()).add(day)
    return found


def _without_entry(
    village: Unit, county: int | None, rules: Rules, held: Days, span: Span, *, on: date
) -> Iterator[Gap]:
    """A week and a month are judged by the rule that held on their first day and still on their last."""
    duty, meetings = held.get((village.pk, MinutesKind.DUTY), ()), held.get((village.pk, MinutesKind.MEETING), ())
    for week in weeks_of(span, on=on):
        if _asks_duty(rules, county, week, DutyEvery.WEEK) and not any(day in week for day in duty):
            yield Gap(village, GapKind.NO_DUTY, week.first, week.last)
    for month in months_of(span, on=on):
        if _asks_duty(rules, county, month, DutyEvery.MONTH) and not any(day in month for day in duty):
            yield Gap(village, GapKind.NO_DUTY, month.first, month.last)
        asked = [rules.on(county, day) for day in (month.first, month.last)]
        if all(rule is not None and rule.meets_monthly for rule in asked) and not any(d in month for d in meetings):
            yield Gap(village, GapKind.NO_MEETING, month.first, month.last)


def _asks_duty(rules: Rules, county: int | None, span: Span, every: DutyEvery) -> bool:
    asked = [rules.on(county, day) for day in (span.first, span.last)]
    return all(rule is not None and rule.duty_every == every for rule in asked)


def _absences(
    units: dict[int, Unit],
    county_of: dict[int, int | None],
    rules: Rules,
    villages: QuerySet[Unit],
    span: Span,
) -> Iterator[Gap]:
    absent = MinutesAttendance.objects.filter(
        was_present=False,
        minutes__kind=MinutesKind.MAJOR_MATTER,
        minutes__held_on__range=(span.first, span.last),
        minutes__village__in=villages.order_by().values("pk"),
        minutes__replaced_by=None,
        minutes__is_withdrawn=False,
    )
    for one in absent.select_related("minutes", "person"):
        minutes = one.minutes
        rule = rules.on(county_of.get(minutes.village_id), minutes.held_on)
        if rule is None or not rule.no_absences or minutes.village_id not in units:
            continue
        yield Gap(
            units[minutes.village_id],
            GapKind.ABSENT,
            minutes.held_on,
            minutes.held_on,
            about=f"{one.person_id}-{_print_of(minutes.subject)}",
            person=one.person,
            matter=minutes.subject,
            minutes=minutes.pk,
            entered_by=frozenset({minutes.by_id}),
        )


def _print_of(subject: str) -> str:
    """A correction of the minutes has another key and is about the same matter."""
    return sha256(subject.encode()).hexdigest()[:12]


def with_verdicts(gaps: Sequence[Gap]) -> list[Gap]:
    """Each gap with what a person made of it. One query."""
    if not gaps:
        return []
    verdicts: dict[Any, GapVerdict] = {}
    days = [gap.first_day for gap in gaps]
    asked = GapVerdict.objects.filter(first_day__range=(min(days), max(days)), village__in={g.village.pk for g in gaps})
    for one in asked.select_related("case", "by"):
        verdicts[one.village_id, one.kind, one.first_day, one.about] = one
    return [replace(gap, verdict=verdicts.get(gap.identity)) for gap in gaps]
