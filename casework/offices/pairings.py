"""A department is set at a village's side, or at one case's, from a day on; it ends with a day."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.errors import Conflict, Invalid, NotAllowed, Refusal, refuse
from casework.models import Case, Pairing, Person, Unit
from casework.models.unit import UnitLevel
from casework.rights.office_table import OfficeAction
from casework.rights.roles import may_view
from casework.rights.territories import villages_of
from casework.stages import ENDS
from casework.working_time.deadlines import ONE_DAY, local_day

EARLIEST = date(2015, 1, 1)


@transaction.atomic
def pair_unit(
    *, helper: Unit, by: Person, at: datetime, day: date, village: Unit | None = None, case: Case | None = None
) -> Pairing:
    """Let a department help a village, or with a case, from a day on: it sees those cases and hears of their reminders.

    Refuses what is no department of the same city, a case that has ended or that its village does not know of yet, and a
    pairing that holds already.
    """
    place = case.village if case is not None else village
    if place is None:
        raise Invalid("nothing_to_help", _("Choose the village, or name the case."), field="village")
    require_pairer(by, place, at)
    found = _helper_refusals(helper, place)
    if day < EARLIEST:
        found.append(Invalid("day_too_early", _("Please look at the day: it lies before 2015."), field="day"))
    if case is not None and (not may_view(by, case, local_day(at)) or case.stage in ENDS or case.assigned_at is None):
        sentence = _("Only an open case that is assigned can be helped with. Look at its number.")
        found.append(Invalid("case_not_open", sentence, field="case"))
    same = {"case": case} if case is not None else {"village": village}
    if Pairing.objects.filter(helper=helper, valid_until=None, **same).exists():
        found.append(Invalid("paired_already", _("This unit helps there already."), field="helper"))
    refuse(found)
    return Pairing.objects.create(helper=helper, valid_from=day, by=by, at=at, **same)


@transaction.atomic
def end_pairing(*, pairing: Pairing, day: date, by: Person, at: datetime) -> Pairing:
    """Say which day was the last. The pairing and its visits stay."""
    locked = Pairing.objects.select_for_update(no_key=True, of=("self",)).select_related("case").get(pk=pairing.pk)
    place = locked.case.village if locked.case is not None else locked.village
    assert place is not None
    require_pairer(by, place, at)
    if locked.valid_until is not None:
        raise Conflict("ended_already", _("This pairing has ended already."))
    if day < locked.valid_from:
        raise Invalid("before_it_began", _("It began later than this day. Look at the day."), field="day")
    locked.valid_until = day
    locked.save(update_fields=["valid_until"])
    return locked


def require_pairer(person: Person, village: Unit, at: datetime) -> None:
    """Refuse whose office pairs nobody with this village."""
    own = villages_of(person, OfficeAction.PAIR_UNITS, on=local_day(at))
    if not own.filter(pk=village.pk).exists():
        raise NotAllowed("not_your_village", _("Helper units are named by the offices of the county and the city."))


def helpers_for(village: Unit) -> list[Unit]:
    """The departments that can help a village: those of its town, county and city, without the discipline offices."""
    above = Unit.objects.filter(path__in=village.ancestor_paths()[1:])
    return list(
        Unit.objects.filter(
            parent__in=above, level=UnitLevel.DEPARTMENT, is_active=True, is_discipline_office=False
        ).order_by("path")
    )


def move_pairings(*, unit: Unit, successor: Unit, by: Person, at: datetime) -> int:
    """The pairings of a unit that is merged end with this day and go on with its successor."""
    on = local_day(at)
    open_ones = Pairing.objects.select_for_update().filter(valid_until=None)
    moved = [*open_ones.filter(village=unit), *open_ones.filter(helper=unit)]
    for one in moved:
        one.valid_until = max(on, one.valid_from)
        one.save(update_fields=["valid_until"])
        helper = successor if one.helper_id == unit.pk else one.helper
        place = (
            {"case": one.case} if one.case_id else {"village": successor if one.village_id == unit.pk else one.village}
        )
        if not Pairing.objects.filter(helper=helper, valid_until=None, **place).exists():
            Pairing.objects.create(helper=helper, valid_from=one.valid_until + ONE_DAY, by=by, at=at, **place)
    return len(moved)


def _helper_refusals(helper: Unit, village: Unit) -> list[Refusal]:
    if helper.pk in {one.pk for one in helpers_for(village)}:
        return []
    return [Invalid("no_helper", _("Choose a department of the same city, county or town."), field="helper")]
