"""The second step of a draw: the seed comes, once, and with it the villages and the inspectors."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, refuse
from casework.models import Person, Unit
from casework.values.days_in_words import exact_day
from casework.working_time.deadlines import local_day
from oversight.spot_checks.frozen_list import FrozenList, read_list
from oversight.spot_checks.planning import require_drawer, require_not_drawn
from oversight.spot_checks.records import DrawnVillage, DrawSeed, PlannedDraw
from oversight.spot_checks.seeds import Rolled, dice_refusals, seed_of_beacon, seed_of_dice, tidy_dice
from oversight.spot_checks.tickets import Drawn, draw_from
from oversight.spot_checks.visiting import plan_drawn

# A record says moments in whole seconds, and the seed's must be the later one.
LEAST_BETWEEN = timedelta(seconds=1)


@transaction.atomic
def enter_dice(*, draw: PlannedDraw, dice: Sequence[Rolled], by: Person, at: datetime) -> DrawSeed:
    """Write down what several people rolled, and draw. Refuses too few dice, a draw whose seed is a beacon's, one that has
    its seed or was frozen anew, and whoever can be drawn.
    """
    listed = _require_open(draw, by=by, at=at)
    if draw.beacon:
        raise Conflict(
            "beacon_was_named", _("The beacon %(name)s was named for this draw; no dice count.") % {"name": draw.beacon}
        )
    dice = tidy_dice(dice)
    refuse(dice_refusals(dice))
    return _draw(draw, listed, seed_of_dice(dice), dice=dice, by=by, at=at)


@transaction.atomic
def enter_beacon(*, draw: PlannedDraw, round: str, value: str, by: Person, at: datetime) -> DrawSeed:
    """Write down what the named round of the beacon said, and draw. Refuses another round and a moment at which the round
    is not out yet, and as above.
    """
    listed = _require_open(draw, by=by, at=at)
    if not draw.beacon or draw.beacon_at is None:
        raise Conflict("dice_were_named", _("Dice were named for this draw; no beacon counts."))
    if " ".join(round.split()) != draw.beacon_round:
        sentence = _("The list was frozen for round %(round)s, and no other round counts.")
        raise Invalid("other_round", sentence % {"round": draw.beacon_round}, field="round")
    if at < draw.beacon_at:
        sentence = _("Round %(round)s is not out yet; it comes on %(day)s.")
        values = {"round": draw.beacon_round, "day": exact_day(local_day(draw.beacon_at))}
        raise Invalid("round_not_out", sentence % values, field="round")
    return _draw(draw, listed, seed_of_beacon(value), dice=[], by=by, at=at)


def _require_open(draw: PlannedDraw, *, by: Person, at: datetime) -> FrozenList:
    require_drawer(by, draw.area, at)
    # Two people at once: the second waits here and finds the first one's seed.
    PlannedDraw.objects.select_for_update(no_key=True).get(pk=draw.pk)
    if DrawSeed.objects.filter(draw=draw).exists():
        raise Conflict("seeded_already", _("This draw has its seed already; it is not drawn a second time."))
    if is_frozen_anew(draw):
        raise Conflict("frozen_anew", _("The list was frozen anew after this one, so this one is not drawn any more."))
    if at < draw.at + LEAST_BETWEEN:
        raise Conflict("seed_too_old", _("A seed comes after the hash was published."))
    listed = read_list(draw.text)
    if listed.last_day < local_day(at):
        raise Conflict("plan_over", _("The last day of this plan has passed. Make a new plan."))
    require_not_drawn(by, draw, [one.key for one in listed.inspectors])
    return listed


def is_frozen_anew(draw: PlannedDraw) -> bool:
    """Whether the list of the same plan was frozen again after this one."""
    return PlannedDraw.objects.filter(plan=draw.plan_id, pk__gt=draw.pk).exists()


def _draw(
    draw: PlannedDraw, listed: FrozenList, seed: str, *, dice: Sequence[Rolled], by: Person, at: datetime
) -> DrawSeed:
    made = DrawSeed.objects.create(draw=draw, value=seed, dice=[one.as_row() for one in dice], by=by, at=at)
    drawn = draw_from(listed, seed).drawn
    keys = village_keys(one.code for one in drawn)
    rows = DrawnVillage.objects.bulk_create([drawn_row(draw, listed, one, keys[one.code], at=at) for one in drawn])
    plan_drawn(draw, rows, by=by, at=at)
    return made


def village_keys(codes: Iterable[str]) -> dict[str, int]:
    return dict(Unit.objects.filter(code__in=list(codes)).values_list("code", "pk"))


def drawn_row(draw: PlannedDraw, listed: FrozenList, one: Drawn, village: int, *, at: datetime) -> DrawnVillage:
    return DrawnVillage(
        draw=draw,
        village_id=village,
        rank=one.rank,
        rule=one.rule,
        ticket=one.ticket.value,
        ticket_number=one.ticket.number,
        inspector_id=one.inspector,
        inspector_ticket=one.inspector_ticket,
        due_by=listed.last_day,
        at=at,
    )
