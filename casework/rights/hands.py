"""Who had a hand in what is checked, by name and by post: they have no hand in the check.

`RECORDS` says of each record of a case that names a person whether it is a hand in the rectification or in its
acceptance. A test compares it with the models, so that a new record can't be forgotten.
"""

from collections.abc import Collection, Iterable
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import F, Model, Q

from casework.caching.read_once import read_once
from casework.models.assignment import Assignment
from casework.models.case import Case
from casework.models.closure import Closure
from casework.models.evidence import Evidence, EvidenceKind
from casework.models.extension import Extension
from casework.models.measure import Plan, Submission
from casework.models.pause import Pause
from casework.models.post import Term
from casework.models.review import Review
from casework.stages import DESK_ROLES, RESPONSIBLE_ROLES
from casework.working_time.deadlines import local_day


class Part(StrEnum):
    RECTIFIED = "rectified"
    REVIEWED = "reviewed"
    CLOSED = "closed"
    GAVE_TIME = "gave_time"


ALL = frozenset(Part)
RECTIFIED = frozenset({Part.RECTIFIED})

# What was undone before anybody acted on it was no part in the case.
STANDS: dict[str, Any] = {"undone": None}

RECORDS: tuple[tuple[type[Model], str, Part, dict[str, Any]], ...] = (
    (Plan, "by", Part.RECTIFIED, {}),
    (Submission, "by", Part.RECTIFIED, {}),
    (
        Evidence,
        "uploaded_by",
        Part.RECTIFIED,
        {"kind__in": (EvidenceKind.AFTER, EvidenceKind.SIGNED_SHEET, EvidenceKind.DOCUMENT)},
    ),
    (Extension, "asked_by", Part.RECTIFIED, {}),
    (Extension, "decided_by", Part.GAVE_TIME, {}),
    (Pause, "by", Part.GAVE_TIME, {}),
    (Pause, "resumed_by", Part.GAVE_TIME, {}),
    (Review, "by", Part.REVIEWED, STANDS),
    (Closure, "by", Part.CLOSED, {}),
)
# Whoever gave the one-time code by which somebody then planned, proved or submitted could have done it themselves: it is
# their hand as well, as if they had entered it from paper. The record, who did it there, and when.
BY_A_GIVEN_CODE: tuple[tuple[type[Model], str, str], ...] = (
    (Plan, "by", "at"),
    (Submission, "by", "at"),
    (Evidence, "uploaded_by", "uploaded_at"),
)
# The units that rectified, reviewed or struck off; a village is looked at also where a department rectifies for it.
UNITS: tuple[tuple[type[Model], str, str, Part, dict[str, Any]], ...] = (
    (Case, "pk", "responsible", Part.RECTIFIED, {}),
    (Assignment, "case", "post__unit", Part.RECTIFIED, STANDS),
    (Case, "pk", "village", Part.REVIEWED, {}),
    (Review, "case", "by_unit", Part.REVIEWED, STANDS),
    (Closure, "case", "by_unit", Part.CLOSED, {}),
)


def hands_of(cases: Iterable[int], *, on: date, parts: Collection[Part] = ALL) -> dict[int, set[int]]:
    """By case: everybody who did one of these parts in any round, and everybody who has held a desk at a unit that did
    it since the case was assigned. Four queries, however many cases they are.
    """
    cases = list(cases)
    found: dict[int, set[int]] = {case: set() for case in cases}
    for case, person in _people(cases, parts):
        found[case].add(person)
    since = {
        pk: local_day(assigned_at)
        for pk, assigned_at in Case.objects.filter(pk__in=cases).values_list("pk", "assigned_at")
        if assigned_at is not None
    }
    units: dict[int, list[int]] = {}
    for case, unit in _units(cases, parts):
        if case in since:
            units.setdefault(unit, []).append(case)
    roles = RESPONSIBLE_ROLES if set(parts) == {Part.RECTIFIED} else DESK_ROLES
    terms = Term.objects.filter(post__unit__in=units, post__role__in=roles)
    for unit, person, first, last in terms.values_list("post__unit", "person", "valid_from", "valid_until"):
        for case in units[unit]:
            if (first is None or first <= on) and (last is None or last >= since[case]):
                found[case].add(person)
    return found


def had_a_hand(person: Any, case: Case, *, on: date, parts: Collection[Part] = ALL) -> bool:
    """`hands_of` one case, in one query and once for a version: the door, the verb and each button of a page ask."""
    return person.pk in read_once(case, ("hands", on, frozenset(parts)), lambda: _hands_in(case, on, parts))


# What stands in the statement of `_statement` for the case, today and the day of its assignment.
A_CASE, TODAY, ASSIGNED_ON = -1, date(1, 1, 1), date(1, 1, 2)


def _hands_in(case: Case, on: date, parts: Collection[Part]) -> set[int]:
    as_day = connection.ops.adapt_datefield_value
    values: dict[Any, Any] = {A_CASE: case.pk, as_day(TODAY): as_day(on)}
    if case.assigned_at is not None:
        values[as_day(ASSIGNED_ON)] = as_day(local_day(case.assigned_at))
    sql, places = _statement(frozenset(parts), case.assigned_at is not None)
    with connection.cursor() as cursor:
        cursor.execute(sql, [values.get(place, place) for place in places])
        return {person for (person,) in cursor.fetchall()}


@cache
def _statement(parts: frozenset[Part], is_assigned: bool) -> tuple[str, tuple[Any, ...]]:
    """The statement over all records, made once: for Django to put its ten parts together costs several times what
    the answer does, and each verb asks.
    """
    people = [
        model._base_manager.filter(case=A_CASE, **condition).exclude(**{field: None}).order_by().values_list(field)
        for model, field, part, condition in RECORDS
        if part in parts
    ]
    people += [rows.values_list(giver) for rows, giver in _gave_the_code(parts, case=A_CASE)]
    if is_assigned:
        units = Q(pk__in=())
        for model, key, unit, part, condition in UNITS:
            if part in parts:
                found = model._base_manager.filter(**{key: A_CASE}, **condition)
                units |= Q(post__unit__in=found.order_by().values(unit))
        people.append(
            Term.objects.filter(
                units,
                Q(valid_from=None) | Q(valid_from__lte=TODAY),
                Q(valid_until=None) | Q(valid_until__gte=ASSIGNED_ON),
                post__role__in=RESPONSIBLE_ROLES if set(parts) == {Part.RECTIFIED} else DESK_ROLES,
            )
            .order_by()
            .values_list("person")
        )
    sql, places = people[0].union(*people[1:]).query.sql_with_params()
    return sql, tuple(places)


def _gave_the_code(parts: Collection[Part], **cases: Any) -> Iterable[tuple[Any, str]]:
    """What was planned, proved or submitted after signing in by a given code, with the field that says who gave it."""
    for model, field, moment in BY_A_GIVEN_CODE if Part.RECTIFIED in parts else ():
        code = f"{field}__sign_in_codes__"
        made = {
            f"{code}given_by__isnull": False,
            f"{code}used_at__lte": F(moment),
            f"{code}lasts_until__gte": F(moment),
        }
        yield model._base_manager.filter(**cases, **made).order_by(), f"{code}given_by"


def _people(cases: list[int], parts: Collection[Part]) -> Iterable[tuple[int, int]]:
    named = [
        model._base_manager.filter(case__in=cases, **condition)
        .exclude(**{field: None})
        .order_by()
        .values_list("case_id", F(field))
        for model, field, part, condition in RECORDS
        if part in parts
    ]
    named += [rows.values_list("case_id", giver) for rows, giver in _gave_the_code(parts, case__in=cases)]
    return named[0].union(*named[1:]) if named else ()


def _units(cases: list[int], parts: Collection[Part]) -> Iterable[tuple[int, int]]:
    named = [
        model._base_manager.filter(**{f"{case}__in": cases}, **condition)
        .exclude(**{unit: None})
        .order_by()
        .values_list(case, unit)
        for model, case, unit, part, condition in UNITS
        if part in parts
    ]
    return named[0].union(*named[1:]) if named else ()
