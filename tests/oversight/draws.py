"""Plans and draws of the cast's villages, by their verbs."""

from datetime import datetime, timedelta
from typing import Any

from casework.models import Person, SpotCheckDraw, Unit
from oversight.models import DrawSeed, PlannedDraw, SpotCheckPlan
from oversight.spot_checks.freezing import Beacon, freeze_draw
from oversight.spot_checks.inspectors import inspectors_of
from oversight.spot_checks.one_step import by_lot, inspector_of
from oversight.spot_checks.planning import Planned, make_plan
from oversight.spot_checks.seeding import enter_dice
from oversight.spot_checks.seeds import Rolled
from tests.cast import Cast
from tests.walk import NOW, TODAY

DICE = (Rolled("柳一", "4163524163"), Rolled("杨二", "5215364213"))
SEED = "4163524163-5215364213"
MINUTES = timedelta(minutes=5)


def planned(cast: Cast, **values: Any) -> Planned:
    return Planned(
        **{
            "purpose": "村务公开情况抽查",
            "area": cast.county,
            "first_day": TODAY,
            "last_day": TODAY + timedelta(days=60),
            "lot": 1,
            "inspectors": inspectors_of(values.get("area", cast.county), TODAY),
            **values,
        }
    )


def plan_of(cast: Cast, *, by: Person | None = None, at: datetime = NOW, **values: Any) -> SpotCheckPlan:
    by = by or cast.county_supervisor
    said = planned(cast, **values)
    others = [key for key in said.inspectors if key != by.pk]
    return make_plan(planned=planned(cast, **{**values, "inspectors": others}), by=by, at=at)


def frozen(
    cast: Cast,
    *,
    by: Person | None = None,
    at: datetime = NOW,
    beacon: Beacon | None = None,
    reason: str = "",
    **values: Any,
) -> PlannedDraw:
    by = by or cast.county_supervisor
    return freeze_draw(plan=plan_of(cast, by=by, at=at, **values), by=by, at=at, beacon=beacon, reason=reason)


def drawn(cast: Cast, *, at: datetime = NOW, by: Person | None = None, **values: Any) -> PlannedDraw:
    made = frozen(cast, at=at, by=by, **values)
    seeded(made, by=by or cast.county_supervisor, at=at + MINUTES)
    return made


def seeded(draw: PlannedDraw, *, by: Person, at: datetime = NOW + MINUTES) -> DrawSeed:
    return enter_dice(draw=draw, dice=DICE, by=by, at=at)


def villages_of(draw: PlannedDraw) -> list[Unit]:
    return [one.village for one in draw.villages.select_related("village").order_by("rank")]


def make_key(*villages: Unit) -> None:
    Unit.objects.filter(pk__in=[one.pk for one in villages]).update(is_key_village=True)


def one_step(cast: Cast, **values: Any) -> SpotCheckDraw:
    """A draw of before lists were frozen, as its rows stand in the database."""
    population = {cast.poplar.pk: 0.1, cast.elm.pk: 0.3}
    villages = [cast.willow.pk, *by_lot(population, "a seed", 1)]
    return SpotCheckDraw.objects.create(
        **{
            "county": cast.county,
            "number": 1,
            "seed": "a seed",
            "key_villages": [cast.willow.pk],
            "population": [[key, weight] for key, weight in population.items()],
            "inspectors": [cast.inspector.pk],
            "visits": [[village, inspector_of(village, [cast.inspector.pk], "a seed")] for village in villages],
            "by": cast.county_supervisor,
            "at": NOW,
            **values,
        }
    )
