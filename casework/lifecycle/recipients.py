"""Who a step of the ladder is for, as posts: the units of the case and the roles that count there."""

from typing import Any, NamedTuple

from casework.ladder import Step
from casework.models import Case
from casework.models.escalation_policy import Recipient
from casework.stages import CITY_STRIKE_OFF, RESPONSIBLE_ROLES, TURNS, Level, Role, Stage

ROLES_AT: dict[Level, tuple[Role, ...]] = {
    Level.TOWN: (Role.TOWN_REVIEWER,),
    Level.COUNTY: (Role.COUNTY_SUPERVISOR,),
    Level.CITY: (Role.CITY_SUPERVISOR,),
}
ABOVE = {Level.VILLAGE: Level.TOWN, Level.TOWN: Level.COUNTY, Level.COUNTY: Level.CITY, Level.CITY: Level.CITY}
HEADS = (Role.COMMITTEE_HEAD, Role.DEPARTMENT_MEMBER)


class Seat(NamedTuple):
    """Everybody who holds a post of one of these roles at this unit."""

    unit: int
    roles: tuple[str, ...]


def level_of_turn(case: Case) -> Level:
    """The level at which the case waits: a department's turn counts as a town's, the county stands above it."""
    if case.waits_at_id == case.city_id:
        return Level.CITY
    if case.waits_at_id == case.county_id:
        return Level.COUNTY
    return Level.VILLAGE if case.waits_at_id == case.village_id else Level.TOWN


def seats(codes: tuple[str, ...], case: Case, *, helper: int | None = None) -> list[Seat]:
    """The seats behind the recipients of a step; who stands there twice is told once."""
    found = dict.fromkeys(seat for code in codes if (seat := _seat(Recipient(code), case, helper)) is not None)
    return list(found)


def seats_of(step: Step, case: Case, *, helper: int | None = None) -> tuple[list[Seat], list[Seat]]:
    """(to, copies); whoever is written to gets no copy."""
    to = seats(step.to, case, helper=helper)
    return to, [seat for seat in seats(step.copies, case, helper=helper) if seat not in to]


def as_rows(seated: list[Seat]) -> list[list[Any]]:
    """As they are stored: [[unit, [roles]], …]."""
    return [[seat.unit, list(seat.roles)] for seat in seated]


def _seat(code: Recipient, case: Case, helper: int | None) -> Seat | None:
    if code == Recipient.TURN:
        return _seat_of_turn(case)
    if code in (Recipient.RESPONSIBLE, Recipient.HEAD):
        # Before the assignment nobody is responsible, and the village does not know of the case yet.
        roles = RESPONSIBLE_ROLES if code == Recipient.RESPONSIBLE else HEADS
        return Seat(case.responsible_id, tuple(roles)) if case.responsible_id else _seat_of_turn(case)
    if code == Recipient.HELPER:
        return Seat(helper, (*RESPONSIBLE_ROLES, Role.TOWN_REVIEWER)) if helper else None
    if code == Recipient.SUPPORT:
        return Seat(case.support_id, (Role.DEPARTMENT_MEMBER,)) if case.support_id else None
    if code in (Recipient.ABOVE, Recipient.TWO_ABOVE):
        level = ABOVE[level_of_turn(case)]
        return _at(ABOVE[level] if code == Recipient.TWO_ABOVE else level, case)
    return _at(Level(code), case)


def _at(level: Level, case: Case) -> Seat | None:
    unit = getattr(case, f"{level}_id")
    return Seat(unit, ROLES_AT[level]) if unit else None


def _seat_of_turn(case: Case) -> Seat | None:
    if case.waits_at_id is None:
        return None
    turn = CITY_STRIKE_OFF if case.stage == Stage.STRIKE_OFF and case.needs_city_review else TURNS[Stage(case.stage)]
    return Seat(case.waits_at_id, tuple(turn.roles))
