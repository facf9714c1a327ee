"""Which plans and draws somebody reads, where an inspector has to go, and what visits are planned from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import CharField, Exists, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from casework.models import Person, SpotCheckDraw, Unit
from casework.rights.held_posts import holds
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from casework.stages import Role
from casework.working_time.deadlines import ONE_DAY, midnight
from oversight.spot_checks.one_step import DAYS_SHOWN, one_step_visits
from oversight.spot_checks.records import DrawnVillage, DrawSeed, PlannedDraw, SpotCheckPlan
from oversight.spot_checks.visiting import KEY
from oversight.visits.records import VillageVisit


def area_seen_by(person: Person, on: date) -> Q:
    """The areas whose plans and draws this person reads: those of an office and of an inspector, at the own unit and
    below. Villages and towns are visited unannounced.
    """
    below = Q(pk__in=())
    for held in posts_for(person, OfficeAction.SEE_SPOT_CHECKS, on):
        below |= Q(area__path__gte=held.unit_path, area__path__lt=Unit.path_after(held.unit_path))
    return below


def plans_seen_by(person: Person, on: date) -> QuerySet[SpotCheckPlan]:
    """The newest first, each with its draws in their order."""
    draws = PlannedDraw.objects.select_related("seed").defer("text").order_by("id")
    plans = SpotCheckPlan.objects.filter(area_seen_by(person, on)).select_related("area", "by")
    return plans.prefetch_related(Prefetch("draws", draws)).order_by("-id")


def draws_seen_by(person: Person, on: date) -> QuerySet[PlannedDraw]:
    """The newest first."""
    return PlannedDraw.objects.filter(area_seen_by(person, on)).order_by("-id")


def draws_made(first: date, last: date) -> QuerySet[DrawSeed]:
    """The draws that were drawn on these days: whose seed came, the first of them first."""
    made = DrawSeed.objects.filter(at__gte=midnight(first), at__lt=midnight(last + ONE_DAY))
    return made.select_related("draw").defer("draw__text").order_by("at", "pk")


@dataclass(frozen=True)
class VillageToVisit:
    """A village that was drawn and not excused: what a visit is planned from."""

    drawn: DrawnVillage
    village: Unit
    inspector: Person | None
    rank: int
    due_by: date


def drawn_villages(draw: PlannedDraw) -> list[VillageToVisit]:
    """The villages of a draw that are visited, replacements with them and excused ones without, by rank. Empty while the
    seed is missing. One query.
    """
    rows = DrawnVillage.objects.filter(draw=draw, excuse=None).select_related("village__parent", "inspector")
    return [VillageToVisit(one, one.village, one.inspector, one.rank, one.due_by) for one in rows.order_by("rank")]


@dataclass(frozen=True)
class VisitToMake:
    """A village to which an inspector was drawn, by the draw `draw`, or by `one_step` of before they had two steps."""

    village: Unit
    at: datetime
    draw: PlannedDraw | None = None
    one_step: SpotCheckDraw | None = None


def its_visit() -> QuerySet[VillageVisit]:
    """The visit of a drawn village, for a subquery over DrawnVillage."""
    key = Concat(Value(KEY), Cast(OuterRef("draw_id"), CharField()))
    return VillageVisit.objects.filter(draw_key=key, village=OuterRef("village_id"))


def visits_of(person: Person, on: date) -> list[VisitToMake]:
    """The villages for which this inspector was drawn within the last days or until a day that is still to come and to
    which no visit is planned, each by its newest draw. Visits stand on the desk by themselves (oversight/visits/).
    """
    if not holds(person, [Role.INSPECTOR], on):
        return []
    rows = DrawnVillage.objects.filter(
        Q(due_by__gte=on) | Q(at__gte=midnight(on - timedelta(DAYS_SHOWN))), inspector=person, excuse=None
    ).exclude(Exists(its_visit()))
    newest: dict[int, VisitToMake] = {}
    for row in rows.select_related("draw", "village__parent").defer("draw__text").order_by("-at", "rank"):
        newest.setdefault(row.village_id, VisitToMake(row.village, row.at, draw=row.draw))
    for draw, village in one_step_visits(person, on):
        newest.setdefault(village.pk, VisitToMake(village, draw.at, one_step=draw))
    return list(newest.values())


def waiting_for_seed(draws: QuerySet[PlannedDraw]) -> QuerySet[PlannedDraw]:
    """Those that are frozen, and neither drawn nor frozen anew."""
    anew = PlannedDraw.objects.filter(plan=OuterRef("plan"), pk__gt=OuterRef("pk"))
    return draws.filter(~Exists(anew), seed=None)


def people_of(keys: Iterable[int]) -> dict[int, Person]:
    return Person.objects.in_bulk(list(keys))
