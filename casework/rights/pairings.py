"""Which villages and cases a person's unit helps on a day, and who helps with a case."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet

from casework.models.case import Case
from casework.models.pairing import Pairing
from casework.models.person import Person
from casework.models.unit import on_day
from casework.rights.held_posts import posts_held
from casework.stages import Role

# Who sees what the unit helps with, and hears of it: to read, and to enter visits.
HELPER_ROLE = Role.DEPARTMENT_MEMBER


class Helped(NamedTuple):
    villages: frozenset[int]
    cases: frozenset[int]

    def has(self, case: Case) -> bool:
        """A helper hears of a case when its village does."""
        return case.assigned_at is not None and (case.village_id in self.villages or case.pk in self.cases)

    def condition(self) -> Q:
        """The same as a condition over `Case`."""
        return Q(assigned_at__isnull=False) & (Q(village__in=self.villages) | Q(pk__in=self.cases))


def helped_by(person: Person, on: date) -> Helped:
    """What this person's departments help with on this day. One query per person object and day, none for others."""
    known: dict[date, Helped] = person.__dict__.setdefault("_helped", {})
    if on not in known:
        units = {
            held.unit_id
            for held in posts_held(person, on)
            if held.role == HELPER_ROLE and not held.is_discipline_office
        }
        rows = Pairing.objects.filter(on_day(on), helper__in=units).values_list("village", "case") if units else ()
        pairs = list(rows)
        known[on] = Helped(
            frozenset(village for village, _case in pairs if village), frozenset(case for _v, case in pairs if case)
        )
    return known[on]


def pairings_of(cases: Iterable[Case], on: date) -> QuerySet[Pairing]:
    """The pairings that hold on this day for one of these cases."""
    cases = list(cases)
    of_them = Q(village__in={case.village_id for case in cases}) | Q(case__in=[case.pk for case in cases])
    return Pairing.objects.filter(on_day(on), of_them)


def helpers_of(cases: Iterable[Case], on: date) -> dict[int, list[int]]:
    """The helper units of each case by its key, those that were paired first before. One query."""
    cases = list(cases)
    by_village: dict[int, list[int]] = {}
    by_case: dict[int, list[int]] = {}
    rows = pairings_of(cases, on).filter(helper__is_active=True).order_by("id")
    for helper, village, case in rows.values_list("helper", "village", "case"):
        if village is not None:
            by_village.setdefault(village, []).append(helper)
        elif case is not None:
            by_case.setdefault(case, []).append(helper)
    found = {one.pk: [*by_case.get(one.pk, ()), *by_village.get(one.village_id, ())] for one in cases}
    return {pk: list(dict.fromkeys(helpers)) for pk, helpers in found.items() if helpers}
