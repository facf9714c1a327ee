"""What an office does so that a problem does not come back: a wider self-check, a key village."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, NotAllowed
from casework.models import Case, CatalogueItem, Person, Source, Unit, WiderCheck
from casework.models.history import stamped
from casework.models.unit import UnitLevel
from casework.queries import spread_of
from casework.rights.held_posts import posts_held
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from casework.rights.territories import villages_of
from casework.stages import COMMITTEE, Role
from casework.working_time.deadlines import local_day, working_day_from

# So long do the villages have to look for it by themselves.
DAYS_TO_CHECK = 30
LONGEST = 120
# Whose own villages a wider check, a draw or a mark is about.
CHECKED = (*COMMITTEE, Role.TOWN_REVIEWER)


def require_office_over(person: Person, county: Unit, action: OfficeAction, at: datetime) -> None:
    """Refuse a person who holds no office of this county or of the city above it, and one who sits in a committee or a
    town's office below it: what is checked there is their own.
    """
    on = local_day(at)
    if not any(county.path.startswith(held.unit_path) for held in posts_for(person, action, on)):
        raise NotAllowed("not_your_county", _("This is decided by the office of the county or of the city."))
    require_no_seat_in(person, county, on)


def require_no_seat_in(person: Person, unit: Unit, on: date) -> None:
    """Refuse whoever sits in a committee or a town's office of this unit or below it."""
    if any(held.role in CHECKED and held.unit_path.startswith(unit.path) for held in posts_held(person, on)):
        raise NotAllowed(
            "own_villages", _("You hold a post in a village or town that this is about. Ask a colleague to do it.")
        )


@transaction.atomic
def start_wider_check(
    *, county: Unit, item: CatalogueItem, reason: str, by: Person, at: datetime, until: date | None = None
) -> WiderCheck:
    """Ask the villages of a county to look for one problem by themselves. One at a time for an item and a county."""
    require_office_over(by, county, OfficeAction.START_WIDER_CHECK, at)
    on = local_day(at)
    until = until or on + timedelta(days=DAYS_TO_CHECK)
    if not reason.strip():
        raise Invalid("words_missing", _("Say why; the villages read it."), field="reason")
    if county.level != UnitLevel.COUNTY:
        raise Invalid("not_a_county", _("Choose a county."), field="county")
    if not on <= until <= on + timedelta(days=LONGEST):
        raise Invalid("until_unfit", _("Choose a day within the next four months."), field="until")
    # Two offices at once: the second waits here and then finds the first one's check. The database holds it as well.
    Unit.objects.select_for_update(no_key=True).get(pk=county.pk)
    if running_check(county.pk, item.pk, on) is not None:
        raise Conflict("already_running", _("The villages of this county are looking for this problem already."))
    until = working_day_from(until)
    villages = next((one.villages for one in spread_of([county.pk], on) if one.item == item.pk), 0)
    return WiderCheck.objects.create(
        county=county, item=item, villages=villages, until=until, reason=reason.strip(), by=by, at=at
    )


def running_check(county: int, item: int, on: date) -> WiderCheck | None:
    return WiderCheck.objects.filter(county=county, item=item, until__gte=on).order_by("-until").first()


def eased_severity(case: Case, *, on: date) -> int | None:
    """Half the severity, rounded up, for what a village reports of itself while its county looks for it."""
    if case.severity is None or case.source != Source.SELF_CHECK or case.item_id is None or case.county_id is None:
        return case.severity
    if running_check(case.county_id, case.item_id, on) is None:
        return case.severity
    return (case.severity + 1) // 2


@transaction.atomic
def mark_key_village(*, village: Unit, is_key: bool, reason: str, by: Person, at: datetime) -> Unit:
    """Make a village a key village, always drawn and approved by the city from now on, or let it be one no longer."""
    on = local_day(at)
    if not villages_of(by, OfficeAction.MARK_KEY_VILLAGE, on=on).filter(pk=village.pk).exists():
        raise NotAllowed("not_your_village", _("Your posts do not cover this village."))
    require_no_seat_in(by, village, on)
    if not reason.strip():
        raise Invalid("words_missing", _("Say why; the village reads it."), field="reason")
    locked = Unit.objects.select_for_update().get(pk=village.pk)
    if locked.is_key_village == is_key:
        raise Conflict("already_so", _("Somebody was faster: the village is marked so already."))
    locked.is_key_village = is_key
    with stamped(step="mark_key_village", by=by, at=at, reason=reason.strip()):
        locked.save()
    return locked
