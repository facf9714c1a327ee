"""A village that was drawn is excused with a reason; the next ticket takes its place, and both stay to be seen."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid
from casework.models import Person
from oversight.spot_checks.frozen_list import Rule, read_list
from oversight.spot_checks.planning import require_drawer, require_not_drawn
from oversight.spot_checks.records import DrawnVillage, ExcusedVillage, PlannedDraw
from oversight.spot_checks.seeding import drawn_row, village_keys
from oversight.spot_checks.tickets import Drawn, draw_from, inspector_of_replacement
from oversight.spot_checks.visiting import call_off_excused, plan_drawn

MOST_REASON = 500


@transaction.atomic
def excuse_village(*, drawn: DrawnVillage, reason: str, by: Person, at: datetime) -> ExcusedVillage:
    """Excuse a village, call its visit off, and draw the next one where one is left. Refuses without a reason, a second time, and
    whoever can be drawn by it.
    """
    draw = PlannedDraw.objects.select_for_update(no_key=True, of=("self",)).select_related("area").get(pk=drawn.draw_id)
    require_drawer(by, draw.area, at)
    if not reason.strip():
        raise Invalid("words_missing", _("Say why the village is excused; it stays to be read."), field="reason")
    if len(reason) > MOST_REASON:
        raise Invalid("words_too_long", _("At most %(most)d characters.") % {"most": MOST_REASON}, field="reason")
    if ExcusedVillage.objects.filter(drawn=drawn).exists():
        raise Conflict("excused_already", _("This village is excused already."))
    listed = read_list(draw.text)
    require_not_drawn(by, draw, [one.key for one in listed.inspectors])
    made = ExcusedVillage.objects.create(drawn=drawn, reason=reason.strip(), by=by, at=at)
    call_off_excused(drawn, reason=reason, by=by, at=at)
    seed = draw.seed.value
    reserve = draw_from(listed, seed).reserve
    taken = DrawnVillage.objects.filter(draw=draw)
    keys = village_keys(code for code, _ticket in reserve)
    visited = set(taken.values_list("village", flat=True))
    # A unit's code may have been changed since; such a village is passed over as one that is gone.
    following = next(((code, one) for code, one in reserve if keys.get(code) not in (None, *visited)), None)
    if following is not None:
        code, ticket = following
        inspector, value = inspector_of_replacement(listed, seed, code, drawn.inspector_id)
        rank = (taken.aggregate(last=Max("rank"))["last"] or 0) + 1
        row = drawn_row(draw, listed, Drawn(rank, code, ticket, Rule.LOT, inspector, value), keys[code], at=at)
        row.replaces = drawn
        row.save(force_insert=True)
        plan_drawn(draw, [row], by=by, at=at)
    return made
