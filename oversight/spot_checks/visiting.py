"""From a draw to its visits: each drawn village is visited by the inspector whom the lot chose."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from casework.errors import Refusal
from casework.models import Person, Unit
from oversight.spot_checks.records import DrawnVillage, PlannedDraw
from oversight.visits.planning import call_off_visit, plan_visits
from oversight.visits.records import VillageVisit, VillageVisitKind, VisitState

KEY = "draw "


def draw_key(draw: PlannedDraw) -> str:
    """By which a visit names the draw that it comes from."""
    return f"{KEY}{draw.pk}"


def plan_drawn(draw: PlannedDraw, drawn: Sequence[DrawnVillage], *, by: Person, at: datetime) -> None:
    """Plan a visit to each of these villages that has an inspector. A draw stands whatever becomes of its visits: where
    one can't be planned (the inspector has left meanwhile, the village has gone), the village stays on the draw's own page
    and on the desk of whoever was drawn.
    """
    _call_off_earlier(draw, drawn, by=by, at=at)
    villages = Unit.objects.in_bulk([one.village_id for one in drawn])
    people = Person.objects.in_bulk([one.inspector_id for one in drawn if one.inspector_id])
    places = [(villages[one.village_id], people[one.inspector_id]) for one in drawn if one.inspector_id in people]
    if not places or _plan(draw, drawn, places, by=by, at=at):
        return
    for place in places:
        _plan(draw, drawn, [place], by=by, at=at)


def _plan(
    draw: PlannedDraw,
    drawn: Sequence[DrawnVillage],
    places: Sequence[tuple[Unit, Person]],
    *,
    by: Person,
    at: datetime,
) -> bool:
    try:
        with transaction.atomic():
            plan_visits(
                places=places,
                due_by=drawn[0].due_by,
                kind=VillageVisitKind.SPOT_CHECK,
                by=by,
                at=at,
                draw_key=draw_key(draw),
            )
    except Refusal:
        return False
    return True


def _call_off_earlier(draw: PlannedDraw, drawn: Sequence[DrawnVillage], *, by: Person, at: datetime) -> None:
    """A village that is drawn again is visited once: by the newest draw."""
    waiting = VillageVisit.objects.filter(village__in=[one.village_id for one in drawn], state=VisitState.PLANNED)
    for visit in waiting.filter(draw_key__startswith=KEY).exclude(draw_key=draw_key(draw)):
        with suppress(Refusal):
            call_off_visit(visit=visit, reason=gettext("Drawn again: %(draw)s") % {"draw": draw}, by=by, at=at)


def call_off_excused(drawn: DrawnVillage, *, reason: str, by: Person, at: datetime) -> None:
    """Nobody goes to an excused village, unless somebody has arrived there already."""
    visits = VillageVisit.objects.filter(draw_key=draw_key(drawn.draw), village=drawn.village_id)
    for visit in visits.filter(state=VisitState.PLANNED):
        call_off_visit(visit=visit, reason=reason, by=by, at=at)
