"""Which counties have a mechanism in name only, and where people went: for the pages and for the bulletin."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Min, Q, QuerySet, Value

from casework.models import SpotCheckDraw, Unit
from casework.working_time.deadlines import ONE_DAY, local_day, midnight
from oversight.mechanisms.records import FieldVisit, Meeting, MeetingKind
from oversight.members.records import Mechanism, MemberGroup, Membership
from oversight.opinions.queries import Progress, opinion_progress
from oversight.reporting.records import Period, Rhythm
from oversight.spot_checks.queries import draws_made

# What the bulletin asks this room for, of opinions as well.
__all__ = ["CountyStanding", "Progress", "in_name_only", "opinion_progress", "visits_between"]

COUNTIES = (MemberGroup.COUNTY, MemberGroup.ZONE)


@dataclass(frozen=True)
class Span:
    """Days, both ends included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class CountyStanding:
    """What a county's mechanism did not show; `member_on` are the days of the span on which it belonged."""

    unit: Unit
    missing: tuple[MeetingKind, ...]
    shown: tuple[tuple[MeetingKind, int], ...]
    member_on: Span

    def count_of(self, kind: MeetingKind) -> int:
        return dict(self.shown)[kind]

    @property
    def is_in_name_only(self) -> bool:
        return bool(self.missing)


def mechanism_above(path: str) -> Mechanism | None:
    """The mechanism that a unit with this path belongs under: that of its city."""
    return Mechanism.objects.filter(lead__path__in=Unit.paths_down_to(path)).select_related("lead").first()


def in_name_only(mechanism: Mechanism, first: date, last: date) -> list[CountyStanding]:
    """The member counties that did not show all of the four between two days, in the order of the members. Three
    queries, however many they are.
    """
    return [one for one in standings(mechanism, first, last) if one.is_in_name_only]


def standings(mechanism: Mechanism, first: date, last: date) -> list[CountyStanding]:
    """Every county that was a member on one of these days. Nothing is expected of a day on which it was none."""
    span = Span(first, last)
    members = list(members_between(mechanism, span).filter(group__in=COUNTIES))
    days = held_on([one.unit_id for one in members], span)
    return [_standing(one, span, days) for one in members]


def _standing(member: Membership, span: Span, days: "Days") -> CountyStanding:
    belonged = Span(max(span.first, member.valid_from), min(span.last, member.valid_until or span.last))
    shown = tuple((kind, sum(day in belonged for day in days[member.unit_id, kind])) for kind in MeetingKind)
    missing = tuple(kind for kind, count in shown if not count)
    return CountyStanding(member.unit, missing, shown, belonged)


def of_county(mechanism: Mechanism, unit: Unit, spans: Sequence[Span]) -> list[tuple[Span, CountyStanding | None]]:
    """What a county showed in each of these spans; None where it was no member. Three queries, however many spans."""
    if not spans:
        return []
    days = held_on([unit.pk], Span(min(one.first for one in spans), max(one.last for one in spans)))
    belonged = list(mechanism.memberships.filter(unit=unit, group__in=COUNTIES).select_related("unit"))
    found = []
    for span in spans:
        held = [one for one in belonged if one.valid_from <= span.last and (one.valid_until or span.last) >= span.first]
        found.append((span, _standing(held[0], span, days) if held else None))
    return found


def spans_of(mechanism: Mechanism, on: date, *, most: int = 6) -> list[Span]:
    """The newest periods that have begun. Where no period holds today, or none did so long ago, two months at a time,
    back to the day on which the first member joined.
    """
    periods = Period.objects.filter(mechanism=mechanism, first_day__lte=on).exclude(rhythm=Rhythm.DAILY)
    days = periods.order_by("-first_day", "-last_day").values_list("first_day", "last_day").distinct()
    found = [Span(first, last) for first, last in days[:most]]
    if not found or found[0].last < on:
        running = two_months_of(on)
        found.insert(0, running if not found else Span(max(running.first, found[0].last + ONE_DAY), running.last))
    begun: date = mechanism.memberships.aggregate(begun=Min("valid_from"))["begun"] or on
    while len(found) < most and begun < found[-1].first:
        before = found[-1].first - ONE_DAY
        found.append(Span(two_months_of(before).first, before))
    return found[:most]


def two_months_of(on: date) -> Span:
    """January and February, March and April, and so on: as bulletins go out."""
    first = date(on.year, on.month - (on.month + 1) % 2, 1)
    after = date(on.year + (first.month == 11), (first.month + 1) % 12 + 1, 1)
    return Span(first, after - ONE_DAY)


def members_between(mechanism: Mechanism, span: Span) -> QuerySet[Membership]:
    """The memberships that held on one of these days, in their order."""
    lasted = Q(valid_until=None) | Q(valid_until__gte=span.first)
    return (
        mechanism.memberships.filter(lasted, valid_from__lte=span.last).select_related("unit").order_by("order", "id")
    )


Days = dict[tuple[int, MeetingKind], list[date]]


def held_on(units: Iterable[int], span: Span) -> Days:
    """The days on which counties did one of the four, by county and kind. A spot check is an inspection by itself."""
    units, found = list(units), defaultdict(list)
    entries = meetings_between(units, span).order_by().values_list("unit", "kind", "held_on")
    for unit, kind, day in entries:
        found[unit, MeetingKind(kind)].append(day)
    for unit, at, _draw, _is_planned in draws_between(units, span):
        found[unit, MeetingKind.INSPECTION].append(local_day(at))
    return found


def meetings_between(units: Iterable[int], span: Span) -> QuerySet[Meeting]:
    """The entries that count: neither corrected by a later one nor taken back."""
    return Meeting.objects.filter(
        unit__in=units, held_on__range=(span.first, span.last), replaced_by=None, is_withdrawn=False
    )


def draws_between(units: Iterable[int], span: Span) -> list[tuple[int, datetime, int, bool]]:
    """The draws of these counties' villages that were drawn on these days, the last first: county, moment, key, and
    whether it has two steps. One query for both kinds.
    """
    units = list(units)
    one_step = SpotCheckDraw.objects.filter(
        county__in=units, at__gte=midnight(span.first), at__lt=midnight(span.last + ONE_DAY)
    ).order_by()
    planned = draws_made(span.first, span.last).filter(draw__county__in=units).order_by()
    rows = one_step.values_list("county", "at", "pk", Value(False)).union(
        planned.values_list("draw__county", "at", "draw", Value(True)), all=True
    )
    return sorted(((unit, at, key, bool(is_planned)) for unit, at, key, is_planned in rows), key=_moment, reverse=True)


def _moment(row: tuple[int, datetime, int, bool]) -> datetime:
    return row[1]


def visits_between(mechanism: Mechanism, first: date, last: date) -> QuerySet[FieldVisit]:
    """The visits of the lead office and of the units that were members on their day, the newest first."""
    units = [
        mechanism.lead_id,
        *members_between(mechanism, Span(first, last)).order_by().values_list("unit", flat=True),
    ]
    return (
        FieldVisit.objects.filter(unit__in=units, day__range=(first, last), replaced_by=None, is_withdrawn=False)
        .select_related("unit", "by")
        .prefetch_related("places__unit", "findings__case")
    )


def without_visit(mechanism: Mechanism, first: date, last: date) -> list[Membership]:
    """The members that went nowhere on the days on which they belonged. Two queries."""
    span = Span(first, last)
    members = list(members_between(mechanism, span))
    went = defaultdict(list)
    visits = FieldVisit.objects.filter(
        unit__in=[one.unit_id for one in members], day__range=(first, last), replaced_by=None, is_withdrawn=False
    )
    for unit, day in visits.order_by().values_list("unit", "day"):
        went[unit].append(day)
    return [
        one
        for one in members
        if not any(one.valid_from <= day <= (one.valid_until or last) for day in went[one.unit_id])
    ]
