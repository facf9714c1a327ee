"""Who hears of an event: its kind → the posts, and the people who hold them today.

Whoever did it is not told. An unknown kind raises: a new event without an audience is a slip, not a secret.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from casework.ladder.recipients import seats
from casework.models import Case, CaseEvent, Escalation, LookBack, Term
from casework.models.case_event import EventKind
from casework.models.escalation_policy import Recipient
from casework.models.look_back import LookBackState
from casework.models.unit import on_day
from casework.rights import REPORTERS
from casework.roles import decides_extension
from casework.stages import ENDS, Role, Stage


class Who(StrEnum):
    TURN = "turn"
    RESPONSIBLE = "responsible"
    SUPPORT = "support"
    REPORTER = "reporter"
    DECIDER = "decider"
    ISSUER = "issuer"
    CITY = "city"
    INSPECTOR = "inspector"  # who was drawn for the look-back
    DISCIPLINE = "discipline"
    STEP = "step"  # whom the ladder names


AUDIENCE: dict[EventKind, tuple[Who, ...]] = {
    EventKind.REPORTED: (Who.TURN,),
    EventKind.IMPORTED: (),  # by the thousand, and by the office itself
    EventKind.CLASSIFIED: (),
    EventKind.ACCEPTED: (Who.REPORTER,),
    EventKind.REFUSED: (Who.REPORTER,),
    EventKind.DUPLICATE: (Who.REPORTER,),
    EventKind.ASSIGNED: (Who.TURN, Who.SUPPORT),
    EventKind.REASSIGNED: (Who.TURN,),
    EventKind.TRANSFERRED: (Who.TURN,),
    EventKind.PLANNED: (Who.TURN,),
    EventKind.PLAN_APPROVED: (Who.TURN,),
    EventKind.PLAN_RETURNED: (Who.TURN,),
    EventKind.SUBMITTED: (Who.TURN,),
    EventKind.PASSED: (Who.TURN, Who.RESPONSIBLE),
    EventKind.RETURNED: (Who.RESPONSIBLE,),
    EventKind.CLOSED: (Who.RESPONSIBLE, Who.REPORTER),
    EventKind.EXTENSION_ASKED: (Who.DECIDER,),
    EventKind.EXTENSION_GRANTED: (Who.RESPONSIBLE,),
    EventKind.EXTENSION_REFUSED: (Who.RESPONSIBLE,),
    EventKind.PAUSED: (Who.RESPONSIBLE,),
    EventKind.RESUMED: (Who.RESPONSIBLE,),
    EventKind.WITHDRAWN: (Who.RESPONSIBLE, Who.REPORTER),
    EventKind.REFERRED: (Who.DISCIPLINE,),
    EventKind.EVIDENCE_ADDED: (),  # told with the submission
    EventKind.EVIDENCE_TAKEN_BACK: (),
    EventKind.INTERVIEWED: (Who.RESPONSIBLE,),
    EventKind.REFERRAL_DECLINED: (),
    EventKind.LETTER_SIGNED: (Who.ISSUER,),
    EventKind.LETTER_ANSWERED: (Who.ISSUER,),
    EventKind.LETTER_JUDGED: (Who.RESPONSIBLE,),
    EventKind.LOOK_BACK_DRAWN: (Who.INSPECTOR,),
    EventKind.LOOK_BACK_NEAR: (Who.INSPECTOR,),
    EventKind.LOOK_BACK_LATE: (Who.INSPECTOR, Who.ISSUER),
    EventKind.LOOK_BACK_OVERDUE: (Who.ISSUER, Who.CITY),
    EventKind.LOOK_BACK_VACANT: (Who.ISSUER,),
    EventKind.LOOK_BACK_DONE: (Who.RESPONSIBLE, Who.ISSUER),
    EventKind.LOOK_BACK_GIVEN_BACK: (),
    EventKind.VERDICT_GIVEN: (Who.TURN, Who.RESPONSIBLE, Who.REPORTER),
    EventKind.CAME_BACK: (),  # told with the case that it came back as
    EventKind.WATCHED_AGAIN: (),
    EventKind.VERDICT_APPEALED: (Who.CITY,),
    EventKind.REMINDED: (Who.STEP,),
    EventKind.NOTICE_ISSUED: (Who.STEP,),
    EventKind.LETTER_ISSUED: (Who.STEP,),
    EventKind.INTERVIEW_DUE: (Who.STEP,),
    EventKind.REFERRAL_PROPOSED: (Who.STEP,),
    EventKind.STALLED: (Who.STEP,),
    EventKind.LETTER_UNSIGNED: (Who.STEP,),
    EventKind.VACANT: (Who.STEP,),
    EventKind.DEADLINE_MOVED: (Who.RESPONSIBLE,),
}
# What waits for the day's digest unless the person wants it at once. Letters and what asks for a step go at once.
FOR_THE_DIGEST = frozenset(
    {
        EventKind.REMINDED,
        EventKind.STALLED,
        EventKind.ACCEPTED,
        EventKind.DUPLICATE,
        EventKind.PLAN_APPROVED,
        EventKind.PASSED,
        EventKind.CLOSED,
        EventKind.RESUMED,
        EventKind.INTERVIEWED,
        EventKind.LETTER_SIGNED,
        EventKind.LETTER_JUDGED,
        EventKind.DEADLINE_MOVED,
        EventKind.VACANT,
        EventKind.LOOK_BACK_DRAWN,
        EventKind.LOOK_BACK_NEAR,
        EventKind.LOOK_BACK_DONE,
        EventKind.LOOK_BACK_VACANT,
    }
)
# What a unit's robot or webhook hears.
FOR_UNITS = frozenset(
    {
        EventKind.NOTICE_ISSUED,
        EventKind.LETTER_ISSUED,
        EventKind.INTERVIEW_DUE,
        EventKind.LETTER_UNSIGNED,
        EventKind.STALLED,
    }
)


class UnknownEvent(Exception):
    """An event kind that nobody has given an audience."""


@dataclass(frozen=True)
class Listener:
    """Somebody who hears of an event, and by which unit's post."""

    person: int
    unit: int | None
    is_copy: bool = False


class Seating(NamedTuple):
    unit: int
    roles: tuple[str, ...]
    is_copy: bool = False


def listeners(events: Iterable[CaseEvent], *, on: date) -> dict[int, list[Listener]]:
    """The people of each event, by its key. The events come with their cases; three queries, however many they are."""
    events = list(events)
    steps = {row.event_id: row for row in Escalation.objects.filter(event__in=[event.pk for event in events])}
    seatings = {event.pk: _seatings(event, steps.get(event.pk)) for event in events}
    holders = _holders({seating.unit for found in seatings.values() for seating in found}, on)
    reporters = _reporters({event.case.reported_by_id for event in events if event.case.reported_by_id}, on)
    inspectors = _inspectors(events)
    heard: dict[int, list[Listener]] = {}
    for event in events:
        people: dict[int, Listener] = {}
        for seating in seatings[event.pk]:
            for role, person in holders.get(seating.unit, ()):
                if role in seating.roles:
                    people.setdefault(person, Listener(person, seating.unit, seating.is_copy))
        reporter = event.case.reported_by_id
        if Who.REPORTER in audience_of(event) and reporter in reporters and event.case.stage != Stage.REFERRED:
            people.setdefault(reporter, Listener(reporter, None))
        if Who.INSPECTOR in audience_of(event):
            people |= {person: Listener(person, None) for person in inspectors.get(event.case_id, ())}
        people.pop(event.by_id or 0, None)
        heard[event.pk] = list(people.values())
    return heard


def _inspectors(events: Sequence[CaseEvent]) -> dict[int, list[int]]:
    """Who was drawn for the look-backs that are open now; nothing is asked where no event is about one."""
    cases = {event.case_id for event in events if Who.INSPECTOR in audience_of(event)}
    found: dict[int, list[int]] = {}
    if cases:
        drawn = LookBack.objects.filter(case__in=cases, state=LookBackState.OPEN, inspector__is_active=True)
        for case, person in drawn.values_list("case", "inspector"):
            found.setdefault(case, []).append(person)
    return found


def audience_of(event: CaseEvent) -> tuple[Who, ...]:
    try:
        return AUDIENCE[EventKind(event.kind)]
    except (KeyError, ValueError):
        raise UnknownEvent(event.kind)


def _seatings(event: CaseEvent, step: Escalation | None) -> list[Seating]:
    case = event.case
    if case.stage == Stage.REFERRED:
        # From now on the discipline office alone hears of it, also of what was still to be told.
        return [Seating(case.referral.to_id, (Role.DEPARTMENT_MEMBER,))] if event.kind == EventKind.REFERRED else []
    found: list[Seating] = []
    for who in audience_of(event):
        if who == Who.STEP and step is not None:
            found += [Seating(unit, tuple(roles)) for unit, roles in step.to]
            found += [Seating(unit, tuple(roles), True) for unit, roles in step.copies]
        else:
            found += [Seating(*seat) for seat in _seats(who, event, case)]
    # What the village does not know of yet it isn't told by a message either.
    return [one for one in found if case.assigned_at is not None or one.unit not in (case.village_id, case.support_id)]


def _seats(who: Who, event: CaseEvent, case: Case) -> Iterable[tuple[int, tuple[str, ...]]]:
    if who == Who.TURN and case.stage not in ENDS:
        # Only while it is still the turn that the event made: whoever was passed meanwhile has nothing to do.
        return seats((Recipient.TURN,), case) if case.stage == event.stage_after else ()
    if who == Who.RESPONSIBLE and case.responsible_id is not None:
        return seats((Recipient.RESPONSIBLE,), case)
    if who == Who.SUPPORT:
        return seats((Recipient.SUPPORT,), case)
    if who == Who.DECIDER:
        role, level = decides_extension(case)
        return [(getattr(case, f"{level}_id"), (role,))] if getattr(case, f"{level}_id") else ()
    if who == Who.ISSUER:
        return seats((Recipient.COUNTY,), case)
    if who == Who.CITY:
        return seats((Recipient.CITY,), case)
    return ()


def _holders(units: set[int], on: date) -> dict[int, list[tuple[str, int]]]:
    found: dict[int, list[tuple[str, int]]] = {}
    terms = Term.objects.filter(on_day(on), post__unit__in=units, post__unit__is_active=True, person__is_active=True)
    for unit, role, person in terms.order_by("id").values_list("post__unit", "post__role", "person"):
        found.setdefault(unit, []).append((role, person))
    return found


def _reporters(people: set[int], on: date) -> set[int]:
    """Those who still hold a reporting post: whoever left it sees the case no longer."""
    terms = Term.objects.filter(on_day(on), person__in=people, post__role__in=REPORTERS, person__is_active=True)
    return set(terms.values_list("person", flat=True))
