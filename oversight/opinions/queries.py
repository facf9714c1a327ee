"""Opinions and requirements for those who read them: progress, what waits for a person, who may see which."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from casework.models import Person, Unit
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from casework.stages import OPEN, Stage
from oversight.members.records import Mechanism
from oversight.opinions.below import NEXT_LEVEL, goes_on
from oversight.opinions.records import LEVELS_DOWN, Opinion, OpinionCase, Requirement


@dataclass(frozen=True)
class Progress:
    """The line of an opinion: its cases struck off, open, and ended otherwise; receipts of those expected."""

    closed: int = 0
    open: int = 0
    ended: int = 0
    receipts: int = 0
    expected: int = 0


def opinions_of(bulletin_key: int) -> QuerySet[Opinion]:
    """The opinions that stand in a bulletin, in their order there."""
    return Opinion.objects.filter(bulletin_key=bulletin_key).order_by("number")


def opinions_in_no_bulletin(mechanism: Mechanism) -> QuerySet[Opinion]:
    """Those that a bulletin can still take in, in the order in which they were issued (`issuing.put_into_bulletin`)."""
    return Opinion.objects.filter(mechanism=mechanism, bulletin_key=None).order_by("number")


def opinion_progress(opinions: Iterable[Opinion | int]) -> dict[int, Progress]:
    """The progress of each, by its key. Two queries, however many. What went to a successor is not expected twice."""
    keys = [one.pk if isinstance(one, Opinion) else one for one in opinions]
    cases = OpinionCase.objects.filter(opinion__in=keys).order_by().values_list("opinion")
    counted = {
        key: (closed, still, number - closed - still)
        for key, number, closed, still in cases.annotate(
            number=Count("pk"),
            closed=Count("pk", filter=Q(case__stage=Stage.CLOSED)),
            still=Count("pk", filter=Q(case__stage__in=OPEN)),
        )
    }
    rows = Requirement.objects.filter(opinion__in=keys, move=None).order_by().values_list("opinion")
    signed = {
        key: (receipts, expected)
        for key, receipts, expected in rows.annotate(receipts=Count("receipt"), expected=Count("pk"))
    }
    return {key: Progress(*counted.get(key, (0, 0, 0)), *signed.get(key, (0, 0))) for key in keys}


def signing_units(person: Person, on: date) -> list[int]:
    """The units for which this person signs and passes on."""
    return [held.unit_id for held in posts_for(person, OfficeAction.PASS_ON, on)]


def to_act_on(person: Person, on: date) -> QuerySet[Requirement]:
    """What waits for this person: to be signed for, or to be passed on. The nearest deadline first."""
    return open_rows(Requirement.objects.filter(unit__in=signing_units(person, on))).order_by("opinion__deadline", "id")


def open_rows(rows: QuerySet[Requirement]) -> QuerySet[Requirement]:
    """Those of which the unit still has to sign, or to pass on what goes further down."""
    has_units_below = Exists(Unit.objects.filter(parent=OuterRef("unit"), is_active=True))
    return unsettled_rows(rows).filter(Q(receipt=None) | has_units_below)


def unsettled_rows(rows: QuerySet[Requirement]) -> QuerySet[Requirement]:
    """The same, also where nobody is left below: of a unit that ends, its units have gone before it."""
    going_on = Q(pk__in=())
    for level in NEXT_LEVEL:
        further = [reaches for reaches in LEVELS_DOWN if goes_on(level, reaches)]
        going_on |= Q(unit__level=level, opinion__reaches__in=further)
    passed_on = Exists(Requirement.objects.filter(parent=OuterRef("pk")))
    return rows.filter(Q(receipt=None) | going_on & ~passed_on, move=None)


def of_person(person: Person, on: date) -> QuerySet[Requirement]:
    """All requirements of the units for which this person signs, the newest first."""
    return Requirement.objects.filter(unit__in=signing_units(person, on)).order_by("-id")


def requirements_visible_to(person: Person, on: date) -> Q:
    """The requirements that this person may read: those of the own units and of what lies below them, and all of them
    for whoever oversees the mechanism there.
    """
    condition = Q(pk__in=())
    for action in (OfficeAction.PASS_ON, OfficeAction.SEE_MECHANISM):
        for held in posts_for(person, action, on):
            path = held.unit_path
            condition |= Q(unit__path__gte=path, unit__path__lt=Unit.path_after(path))
    return condition
