"""Who hears of an event: the posts that the row of its kind names, and the people who hold them today. Whoever did it
is not told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from casework.ladder.recipients import ROLES_AT, seats
from casework.models import Case, CaseEvent, CaseMove, Escalation, LookBack, Term
from casework.models.case_event import EventKind
from casework.models.escalation_policy import Recipient
from casework.models.look_back import LookBackState
from casework.models.unit import on_day
from casework.rights.office_table import OFFICE_RIGHTS, OfficeAction
from casework.rights.roles import decides_extension
from casework.stages import DESK_ROLES, ENDS, RESPONSIBLE_ROLES, Level, Role, Stage
from notifications.events import Who, telling_of
from notifications.talk import talk_of

# The desks that know of a case before it is assigned.
OFFICE_ROLES = tuple(role for role in DESK_ROLES if role not in RESPONSIBLE_ROLES)


@dataclass(frozen=True)
class Listener:
    """Somebody who hears of an event, and by which unit's post. `is_follower`: only because they follow the case, so it
    can wait for the digest; `is_mentioned`: named in a comment, so it can't.
    """

    person: int
    unit: int | None
    is_copy: bool = False
    is_mentioned: bool = False
    is_follower: bool = False


class Seating(NamedTuple):
    unit: int
    roles: tuple[str, ...]
    is_copy: bool = False
    is_mentioned: bool = False


def listeners(events: Iterable[CaseEvent], *, on: date) -> dict[int, list[Listener]]:
    """The people of each event, by its key. The events come with their cases; three queries, however many they are, and
    four more where one is about a comment.
    """
    events = list(events)
    steps = {row.event_id: row for row in Escalation.objects.filter(event__in=[event.pk for event in events])}
    left = _left(events)
    talked = talk_of(events, on)
    seatings = {
        event.pk: [
            *_seatings(event, steps.get(event.pk)),
            *left.get(event.pk, []),
            *(Seating(*seat, is_mentioned=True) for seat in talked[event.pk].posts),
        ]
        for event in events
    }
    holders = _holders({seating.unit for found in seatings.values() for seating in found}, on)
    reporters = _reporters({event.case.reported_by_id for event in events if event.case.reported_by_id}, on)
    inspectors = _inspectors(events)
    heard: dict[int, list[Listener]] = {}
    for event in events:
        people: dict[int, Listener] = {}
        for seating in seatings[event.pk]:
            for role, person in holders.get(seating.unit, ()):
                if role in seating.roles:
                    heard_so = people.setdefault(person, Listener(person, seating.unit, seating.is_copy))
                    if seating.is_mentioned:
                        people[person] = replace(heard_so, is_mentioned=True)
        reporter = event.case.reported_by_id
        if Who.REPORTER in telling_of(event).audience and reporter in reporters and event.case.stage != Stage.REFERRED:
            people.setdefault(reporter, Listener(reporter, None))
        if Who.INSPECTOR in telling_of(event).audience:
            people |= {person: Listener(person, None) for person in inspectors.get(event.case_id, ())}
        for person in talked[event.pk].followers:
            # Of a step a follower hears as of a copy: it asks nothing of them.
            is_copy = not telling_of(event).comment
            people.setdefault(person, Listener(person, None, is_copy, is_follower=True))
        for person in talked[event.pk].mentioned:
            people[person] = replace(people.get(person, Listener(person, None)), is_mentioned=True)
        people.pop(event.by_id or 0, None)
        heard[event.pk] = list(people.values())
    return heard


def _inspectors(events: Sequence[CaseEvent]) -> dict[int, list[int]]:
    """Who was drawn for the look-backs that are open now; nothing is asked where no event is about one."""
    cases = {event.case_id for event in events if Who.INSPECTOR in telling_of(event).audience}
    found: dict[int, list[int]] = {}
    if cases:
        drawn = LookBack.objects.filter(case__in=cases, state=LookBackState.OPEN, inspector__is_active=True)
        for case, person in drawn.values_list("case", "inspector"):
            found.setdefault(case, []).append(person)
    return found


def _left(events: Sequence[CaseEvent]) -> dict[int, list[Seating]]:
    """The desks from which a case went to another unit at the moment of its event; nothing is asked without one."""
    told = {(event.case_id, event.at): event for event in events if Who.LEFT in telling_of(event).audience}
    found: dict[int, list[Seating]] = {}
    if told:
        for move in CaseMove.objects.filter(case__in={case for case, _at in told}).order_by("id"):
            event = told.get((move.case_id, move.at))
            if event is not None and event.case.stage != Stage.REFERRED:
                # A case that is not assigned yet its village does not know of, nor the one it belonged to.
                roles = OFFICE_ROLES if event.case.assigned_at is None else DESK_ROLES
                found.setdefault(event.pk, []).append(Seating(move.from_unit_id, roles))
    return found


def _seatings(event: CaseEvent, step: Escalation | None) -> list[Seating]:
    case = event.case
    if case.stage == Stage.REFERRED:
        # From now on the discipline office alone hears of it, also of what was still to be told.
        return [Seating(case.referral.to_id, (Role.DEPARTMENT_MEMBER,))] if event.kind == EventKind.REFERRED else []
    found: list[Seating] = []
    for who in telling_of(event).audience:
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
    if who == Who.TOWN and case.town_id is not None:
        return [(case.town_id, ROLES_AT[Level.TOWN])]
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
    terms = Term.objects.filter(
        on_day(on), person__in=people, post__role__in=OFFICE_RIGHTS[OfficeAction.REPORT], person__is_active=True
    )
    return set(terms.values_list("person", flat=True))
