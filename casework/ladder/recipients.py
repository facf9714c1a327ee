"""Who a step of the ladder is for, as posts: the units of the case and the roles that count there."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from casework.ladder.rungs import Step
from casework.models import Case
from casework.models.escalation_policy import Recipient
from casework.rights.turns import turn_of
from casework.stages import RESPONSIBLE_ROLES, Level, Role, Stage

ROLES_AT: dict[Level, tuple[Role, ...]] = {
    Level.TOWN: (Role.TOWN_REVIEWER,),
    Level.COUNTY: (Role.COUNTY_SUPERVISOR,),
    Level.CITY: (Role.CITY_SUPERVISOR,),
}
ABOVE = {Level.VILLAGE: Level.TOWN, Level.TOWN: Level.COUNTY, Level.COUNTY: Level.CITY, Level.CITY: Level.CITY}
LEVELS_UP: dict[str, int] = {Recipient.ABOVE: 1, Recipient.TWO_ABOVE: 2}
HELPERS = (*RESPONSIBLE_ROLES, Role.TOWN_REVIEWER)
HEADS = (Role.COMMITTEE_HEAD, Role.DEPARTMENT_MEMBER)


class Seat(NamedTuple):
    """Everybody who holds a post of one of these roles at this unit."""

    unit: int
    roles: tuple[str, ...]


def level_of(case: Case, unit: int | None) -> Level:
    """The level of one of a case's units: a department's counts as a town's, the county stands above it."""
    if unit == case.city_id:
        return Level.CITY
    if unit == case.county_id:
        return Level.COUNTY
    return Level.VILLAGE if unit == case.village_id else Level.TOWN


def seats(codes: Iterable[str], case: Case, *, helper: int | None = None, unit: int | None = None) -> list[Seat]:
    """The seats behind the recipients of a step; who stands there twice is told once.

    `unit` is the one whose level those above are counted from: without it, that of whose turn it is.
    """
    found = []
    for code in codes:
        if code in LEVELS_UP:
            seat = _at(_up(level_of(case, unit or case.waits_at_id), LEVELS_UP[code]), case)
        else:
            seat = _FINDERS[code](case, helper)
        if seat is not None and seat not in found:
            found.append(seat)
    return found


def seats_of(
    step: Step, case: Case, *, helper: int | None = None, unit: int | None = None
) -> tuple[list[Seat], list[Seat]]:
    """(to, copies); whoever is written to gets no copy."""
    to = seats(step.to, case, helper=helper, unit=unit)
    return to, [seat for seat in seats(step.copies, case, helper=helper, unit=unit) if seat not in to]


def with_helpers(to: list[Seat], copies: list[Seat], helping: Iterable[int]) -> list[Seat]:
    """The copies, and one for each helper unit that is not told yet."""
    told = {seat.unit for seat in (*to, *copies)}
    return [*copies, *(Seat(unit, (Role.DEPARTMENT_MEMBER,)) for unit in helping if unit not in told)]


def as_rows(seated: list[Seat]) -> list[list[Any]]:
    """As they are stored: [[unit, [roles]], …]."""
    return [[seat.unit, list(seat.roles)] for seat in seated]


def _turn(case: Case, _helper: int | None) -> Seat | None:
    if case.waits_at_id is None:
        return None
    return Seat(case.waits_at_id, turn_of(case, Stage(case.stage)).roles)


def _responsible(case: Case, helper: int | None) -> Seat | None:
    # Before the assignment nobody is responsible, and the village does not know of the case yet.
    return Seat(case.responsible_id, RESPONSIBLE_ROLES) if case.responsible_id else _turn(case, helper)


def _head(case: Case, helper: int | None) -> Seat | None:
    return Seat(case.responsible_id, HEADS) if case.responsible_id else _turn(case, helper)


def _county(case: Case, _helper: int | None) -> Seat | None:
    return _at(Level.COUNTY, case)


def _city(case: Case, _helper: int | None) -> Seat | None:
    return _at(Level.CITY, case)


def _paired_helper(_case: Case, helper: int | None) -> Seat | None:
    return Seat(helper, HELPERS) if helper else None


def _support(case: Case, _helper: int | None) -> Seat | None:
    return Seat(case.support_id, (Role.DEPARTMENT_MEMBER,)) if case.support_id else None


def _up(level: Level, steps: int) -> Level:
    for _step in range(steps):
        level = ABOVE[level]
    return level


def _at(level: Level, case: Case) -> Seat | None:
    unit = {Level.TOWN: case.town_id, Level.COUNTY: case.county_id, Level.CITY: case.city_id}[level]
    return Seat(unit, ROLES_AT[level]) if unit else None


_FINDERS: dict[str, Callable[[Case, int | None], Seat | None]] = {
    Recipient.TURN: _turn,
    Recipient.RESPONSIBLE: _responsible,
    Recipient.HEAD: _head,
    Recipient.COUNTY: _county,
    Recipient.CITY: _city,
    Recipient.HELPER: _paired_helper,
    Recipient.SUPPORT: _support,
}
