"""Who is in a village's committee on a day, and what its records of a span hold."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, QuerySet

from casework.models import Person, Term, Unit
from casework.models.unit import on_day
from casework.stages import COMMITTEE
from oversight.duty.records import DutyTurn, Minutes, MinutesKind, Roster


def members_on(village: Unit, day: date) -> list[Person]:
    """The committee of a village on a day, its head first, each person once."""
    terms = Term.objects.filter(on_day(day), post__unit=village, post__role__in=COMMITTEE, person__is_active=True)
    people: dict[int, Person] = {}
    for term in terms.select_related("person", "post").order_by("post__role", "post__number", "id"):
        people.setdefault(term.person_id, term.person)
    return list(people.values())


def minutes_of(village: Unit) -> QuerySet[Minutes]:
    """The entries of a village that count, the newest first."""
    return (
        Minutes.objects.filter(village=village, replaced_by=None, is_withdrawn=False)
        .select_related("by")
        .prefetch_related("attendances__person")
    )


def last_days(villages: Iterable[int]) -> dict[tuple[int, str], date]:
    """The last day of each kind of entry by village. One query."""
    found = Minutes.objects.filter(village__in=list(villages), replaced_by=None, is_withdrawn=False)
    rows = found.order_by().values_list("village", "kind").annotate(last=Max("held_on"))
    return {(village, kind): last for village, kind, last in rows}


@dataclass(frozen=True)
class VillageWork:
    """What the villages of an area entered of some days: a report says it without asking them again."""

    duty_days: int
    meetings: int
    major_matters: int


def village_work(villages: QuerySet[Unit], first: date, last: date) -> VillageWork:
    """One query."""
    found = Minutes.objects.filter(
        village__in=villages.order_by().values("pk"),
        held_on__range=(first, last),
        replaced_by=None,
        is_withdrawn=False,
    )
    counts = dict(found.order_by().values_list("kind").annotate(n=Count("id")))
    return VillageWork(*(counts.get(kind.value, 0) for kind in MinutesKind))


def roster_of(village: Unit, month: date) -> Roster | None:
    """The roster that counts: the newest that was saved for this month."""
    return Roster.objects.filter(village=village, month=month).select_related("by").order_by("-id").first()


def turns_of(roster: Roster) -> list[DutyTurn]:
    return list(roster.turns.select_related("person").order_by("day", "id"))
