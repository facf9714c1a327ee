"""A plan of a spot check is made, and put right until the list of its first draw is frozen."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, Refusal, refuse
from casework.models import Person, Unit
from casework.models.history import stamped
from casework.models.unit import UnitLevel
from casework.rights.office_table import OfficeAction
from casework.watch.prevention import require_no_seat_in, require_office_over
from casework.working_time.deadlines import local_day
from oversight.documents.queries import documents_seen_by
from oversight.documents.records import BaseDocument
from oversight.spot_checks.inspectors import county_path, inspectors_of
from oversight.spot_checks.records import PlannedDraw, SpotCheckPlan

AREAS = (UnitLevel.CITY, UnitLevel.COUNTY, UnitLevel.TOWN)
MOST_LOT, MOST_YEARLY = 50, 500
LONGEST, MOST_WORDS, MOST_REASON = 366, 2000, 500
ALL = 100


@dataclass(frozen=True)
class Planned:
    """What a plan says; `inspectors` are the keys of the people who can be drawn."""

    purpose: str
    area: Unit
    first_day: date
    last_day: date
    lot: int
    yearly: int = 0
    key_share: int = ALL
    key_reason: str = ""
    inspectors: Sequence[int] = field(default=())
    basis: BaseDocument | None = None
    checklist_version: int | None = None
    is_announced: bool = False
    is_in_yearly_plan: bool = True
    unplanned_reason: str = ""


@transaction.atomic
def make_plan(*, planned: Planned, by: Person, at: datetime) -> SpotCheckPlan:
    """Plan a spot check. Refuses who holds no office over the area or sits in it, numbers out of range, an end before the
    beginning or in the past, people who can't be drawn there, and what needs a reason without one.
    """
    require_drawer(by, planned.area, at)
    refuse(_refusals(planned, by=by, on=local_day(at)))
    plan = SpotCheckPlan(by=by, at=at, **_columns(planned))
    with stamped(step="make_plan", by=by, at=at):
        plan.save()
    return plan


@transaction.atomic
def change_plan(*, plan: SpotCheckPlan, planned: Planned, by: Person, at: datetime) -> SpotCheckPlan:
    """Put a plan right. Refuses as above, and once a list was frozen by it."""
    require_drawer(by, plan.area, at)
    require_drawer(by, planned.area, at)
    locked = SpotCheckPlan.objects.select_for_update().get(pk=plan.pk)
    if locked.frozen_at is not None:
        raise frozen_already()
    refuse(_refusals(planned, by=by, on=local_day(at)))
    for name, value in _columns(planned).items():
        setattr(locked, name, value)
    with stamped(step="change_plan", by=by, at=at):
        locked.save()
    return locked


def frozen_already() -> Conflict:
    return Conflict("plan_frozen", _("A list was frozen by this plan, so it stays as it is. Make a new plan."))


def require_drawer(by: Person, area: Unit, at: datetime) -> None:
    """Refuse who holds no office over the area, and who sits in a village or town of its county."""
    require_office_over(by, area, OfficeAction.DRAW_SPOT_CHECK, at)
    if county_path(area) != area.path and area.parent is not None:
        require_no_seat_in(by, area.parent, local_day(at))


def may_draw(person: Person, area: Unit, at: datetime) -> bool:
    """The predicate of `require_drawer`."""
    try:
        require_drawer(person, area, at)
    except Refusal:
        return False
    return True


def require_not_drawn(by: Person, draw: PlannedDraw, inspectors: Sequence[int]) -> None:
    """Refuse whoever can be drawn by this draw: nobody has a hand in the lot that falls on them."""
    if by.pk in inspectors:
        raise Conflict(
            "among_the_drawn", _("You are among those who can be drawn. Ask a colleague who is not to do it.")
        )


def _refusals(planned: Planned, *, by: Person, on: date) -> list[Refusal]:
    found: list[Refusal] = []

    def add(code: str, sentence: Any, field: str) -> None:
        found.append(Invalid(code, sentence, field=field))

    if not planned.purpose.strip():
        add("words_missing", _("Say what the check is for."), "purpose")
    if len(planned.purpose) > MOST_WORDS:
        add("words_too_long", _("At most %(most)d characters.") % {"most": MOST_WORDS}, "purpose")
    if planned.area.level not in AREAS:
        add("area_unfit", _("Choose a city, a county or a town."), "area")
    if planned.last_day < planned.first_day:
        add("ends_before_it_began", _("The last day lies before the first day."), "last_day")
    elif planned.last_day < on:
        add("long_over", _("The last day has passed already."), "last_day")
    elif planned.last_day - planned.first_day > timedelta(LONGEST) or planned.last_day > on + timedelta(2 * LONGEST):
        add("too_long", _("A plan covers a year at most, and ends within two years."), "last_day")
    if not 1 <= planned.lot <= MOST_LOT:
        add("number_unfit", _("Draw between one and fifty villages by lot."), "lot")
    if not 0 <= planned.yearly <= MOST_YEARLY:
        add("number_unfit", _("Between none and %(most)d villages.") % {"most": MOST_YEARLY}, "yearly")
    if not 0 <= planned.key_share <= ALL:
        add("number_unfit", _("A share lies between 0 and 100."), "key_share")
    elif planned.key_share < ALL and not planned.key_reason.strip():
        add("reason_missing", _("Key villages are visited always. Say why not all of them this time."), "key_reason")
    if not planned.is_in_yearly_plan and not planned.unplanned_reason.strip():
        sentence = _("Say why this check is not in the yearly plan: villages are not checked without need.")
        add("reason_missing", sentence, "unplanned_reason")
    for name in ("key_reason", "unplanned_reason"):
        if len(getattr(planned, name)) > MOST_REASON:
            add("words_too_long", _("At most %(most)d characters.") % {"most": MOST_REASON}, name)
    if by.pk in planned.inspectors:
        add("draws_oneself", _("Whoever makes the plan is not drawn by it: leave yourself out."), "inspectors")
    elif set(planned.inspectors) - set(inspectors_of(planned.area, on)):
        sentence = _("Somebody among them can't be drawn to go there: no inspector of this area, or with a seat in it.")
        add("inspector_unfit", sentence, "inspectors")
    if planned.basis is not None and not documents_seen_by(by, on).filter(pk=planned.basis.pk).exists():
        add("basis_unknown", _("This basis document can't be chosen."), "basis")
    return found


def _columns(planned: Planned) -> dict[str, Any]:
    return {
        "purpose": planned.purpose.strip(),
        "basis": planned.basis,
        "area": planned.area,
        "first_day": planned.first_day,
        "last_day": planned.last_day,
        "lot": planned.lot,
        "yearly": planned.yearly,
        "key_share": planned.key_share,
        "key_reason": planned.key_reason.strip() if planned.key_share < ALL else "",
        "inspectors": sorted(set(planned.inspectors)),
        "checklist_version": planned.checklist_version,
        "is_announced": planned.is_announced,
        "is_in_yearly_plan": planned.is_in_yearly_plan,
        "unplanned_reason": "" if planned.is_in_yearly_plan else planned.unplanned_reason.strip(),
    }
