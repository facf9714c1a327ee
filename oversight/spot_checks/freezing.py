"""The first step of a draw: the list is written down and hashed, before anybody can know the seed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid
from casework.models import Person, Unit
from casework.models.history import stamped
from casework.models.unit import UnitLevel
from casework.values.days_in_words import exact_day
from casework.working_time.deadlines import local_day, midnight
from oversight.spot_checks.frozen_list import (
    CODE,
    MOST_VILLAGES,
    MOST_WEIGHTS,
    FrozenList,
    ListedVillage,
    SeedKind,
    sha256_of,
)
from oversight.spot_checks.inspectors import county_path, listed_inspectors
from oversight.spot_checks.planning import require_drawer
from oversight.spot_checks.records import PlannedDraw, SpotCheckPlan
from oversight.spot_checks.weights import listed_villages

# A second draw within so many days says why.
DAYS_STANDING = 30
MOST_REASON = 500
# A round that comes out later than this is named again when it is nearer.
BEACON_DAYS = 31


@dataclass(frozen=True)
class Beacon:
    """A public source of chance, the round of it that counts, and the moment at which that comes out."""

    name: str
    round: str
    comes_out_at: datetime | None


@transaction.atomic
def freeze_draw(
    *, plan: SpotCheckPlan, by: Person, at: datetime, beacon: Beacon | None = None, reason: str = ""
) -> PlannedDraw:
    """Freeze the list of a plan: its hash stands on the page from now on, and the seed can be rolled. Refuses a plan that
    is over, an area without villages, a beacon's round that is out already, and a second draw of the same villages within
    a month without a reason.
    """
    require_drawer(by, plan.area, at)
    on = local_day(at)
    # Two offices at once: the second waits here and then has to say why it draws again. A city and its counties as well.
    list(Unit.objects.select_for_update(no_key=True).filter(path=city_path(plan.area)).order_by("pk"))
    locked = SpotCheckPlan.objects.select_for_update().select_related("area").get(pk=plan.pk)
    if locked.last_day < on:
        raise Conflict("plan_over", _("The last day of this plan has passed. Make a new plan."))
    beacon = _tidy_beacon(beacon, at) if beacon is not None else None
    earlier = standing_draw(locked.area, on)
    if earlier is not None and not reason.strip():
        raise Invalid(
            "drawn_already",
            _("Villages of %(area)s were drawn on %(day)s already. Say why they are drawn again; both draws stay.")
            % {"area": earlier.area.name, "day": exact_day(local_day(earlier.at))},
            field="reason",
            values={"earlier": earlier},
        )
    if len(reason) > MOST_REASON:
        raise Invalid("words_too_long", _("At most %(most)d characters.") % {"most": MOST_REASON}, field="reason")
    listed = list_of(locked, on=on, by=by, beacon=beacon)
    _require_drawable(locked.area, listed.villages)
    text = listed.as_text()
    sha256 = sha256_of(text)
    if PlannedDraw.objects.filter(sha256=sha256).exists():
        raise Conflict("frozen_already", _("This very list is frozen already. Roll the dice for it, on its page."))
    if locked.frozen_at is None:
        locked.frozen_at = at
        with stamped(step="freeze_draw", by=by, at=at):
            locked.save()
    return PlannedDraw.objects.create(
        plan=locked,
        area=locked.area,
        county=county_of(locked.area),
        text=text,
        sha256=sha256,
        earlier=earlier,
        reason=reason.strip() if earlier is not None else "",
        by=by,
        at=at,
        **_beacon_columns(beacon),
    )


def list_of(plan: SpotCheckPlan, *, on: date, by: Person, beacon: Beacon | None = None) -> FrozenList:
    """What would be frozen today: also what the plan's page shows beforehand."""
    keys = [key for key in plan.inspectors if key != by.pk]
    return FrozenList(
        plan=plan.pk,
        area=plan.area.code,
        listed_on=on,
        first_day=plan.first_day,
        last_day=plan.last_day,
        lot=plan.lot,
        yearly=plan.yearly,
        key_share=plan.key_share,
        seed_kind=SeedKind.DICE if beacon is None else SeedKind.BEACON,
        beacon=beacon.name if beacon else "",
        beacon_round=beacon.round if beacon else "",
        villages=tuple(listed_villages(plan.area, on)),
        inspectors=tuple(listed_inspectors(plan.area, keys, on)),
    )


def standing_draw(area: Unit, on: date) -> PlannedDraw | None:
    """The last draw within a month of this area, of one above it or of one below: some villages were in both."""
    lately = PlannedDraw.objects.filter(
        Q(area__path__in=area.ancestor_paths())
        | Q(area__path__gte=area.path, area__path__lt=Unit.path_after(area.path)),
        at__gte=midnight(on - timedelta(DAYS_STANDING)),
    )
    return lately.select_related("area").order_by("-at", "-pk").first()


def county_of(area: Unit) -> Unit | None:
    """The county that the area is or lies in; None of a city."""
    if area.level == UnitLevel.COUNTY:
        return area
    return Unit.objects.filter(path=county_path(area)).first() if area.level == UnitLevel.TOWN else None


def city_path(area: Unit) -> str:
    county = county_path(area)
    return county if area.level == UnitLevel.CITY else county[: -Unit.PATH_STEP]


def _tidy_beacon(beacon: Beacon, at: datetime) -> Beacon:
    tidy = Beacon(" ".join(beacon.name.split()), " ".join(beacon.round.split()), beacon.comes_out_at)
    if not tidy.name:
        raise Invalid("beacon_unnamed", _("Name the beacon."), field="beacon")
    if not tidy.round:
        raise Invalid("round_unnamed", _("Name the round whose value will count, before it comes out."), field="round")
    if max(len(tidy.name), len(tidy.round)) > 60:
        raise Invalid("name_too_long", _("A name has at most %(most)d characters.") % {"most": 60}, field="beacon")
    if tidy.comes_out_at is None or not at < tidy.comes_out_at <= at + timedelta(BEACON_DAYS):
        sentence = _("Choose a moment within the next month: a round that is out already could be known.")
        raise Invalid("round_is_out", sentence, field="comes_out_at")
    return tidy


def _beacon_columns(beacon: Beacon | None) -> dict[str, Any]:
    if beacon is None:
        return {}
    return {"beacon": beacon.name, "beacon_round": beacon.round, "beacon_at": beacon.comes_out_at}


def _require_drawable(area: Unit, villages: tuple[ListedVillage, ...]) -> None:
    if not villages:
        raise Invalid("no_villages", _("%(area)s has no villages to draw from.") % {"area": area.name}, field="area")
    if len(villages) > MOST_VILLAGES or sum(one.weight for one in villages) > MOST_WEIGHTS:
        raise Invalid("area_too_large", _("These are too many villages for one draw. Draw county by county."))
    unfit = next((one.code for one in villages if not (CODE.fullmatch(one.code) and CODE.fullmatch(one.town))), None)
    if unfit is not None:
        sentence = _("The code “%(code)s” has blanks or “|” in it. Ask the administrator to put it right.")
        raise Invalid("code_unfit", sentence % {"code": unfit})
