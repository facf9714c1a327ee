"""Who runs an election, nominates, signs and decides; and who sees a nominee."""

from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from casework.errors import NotAllowed
from casework.models import Person, Unit
from casework.models.unit import UnitLevel
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from casework.rights.territories import villages_of
from casework.working_time.deadlines import local_day
from oversight.eligibility.election_records import Election
from oversight.eligibility.records import EligibilityAnswer, EligibilityItem, Nominee


def election_units(person: Person, on: date) -> QuerySet[Unit]:
    """The counties and cities whose elections this person runs: the own unit, and the counties below it."""
    found = Unit.objects.none()
    for held in posts_for(person, OfficeAction.RUN_ELECTION, on):
        found |= Unit.objects.filter(path__gte=held.unit_path, path__lt=Unit.path_after(held.unit_path))
    return found.filter(level__in=(UnitLevel.COUNTY, UnitLevel.CITY), is_active=True).order_by("path")


def may_run(person: Person, unit: Unit, on: date) -> bool:
    """Whether the unit is one of `election_units`."""
    return unit.level in (UnitLevel.COUNTY, UnitLevel.CITY) and any(
        unit.path.startswith(held.unit_path) for held in posts_for(person, OfficeAction.RUN_ELECTION, on)
    )


def require_runner(person: Person, unit: Unit, at: datetime) -> None:
    if not may_run(person, unit, local_day(at)):
        raise NotAllowed("not_your_election", _("The election is run by the office of %(unit)s.") % {"unit": unit.name})


def elections_seen_by(person: Person, on: date) -> QuerySet[Election]:
    """Those of the own unit, of what lies above it, and, for an office, of what lies below it."""
    seen = Q(pk__in=())
    for held in posts_for(person, OfficeAction.SEE_ELECTIONS, on):
        seen |= Q(unit__path__in=Unit.paths_down_to(held.unit_path))
        seen |= Q(unit__path__gte=held.unit_path, unit__path__lt=Unit.path_after(held.unit_path))
    return Election.objects.filter(seen).select_related("unit")


def villages_nominated_for(person: Person, on: date) -> QuerySet[Unit]:
    """The villages for which this person enters nominees and who was elected."""
    return villages_of(person, OfficeAction.NOMINATE, on=on)


def may_nominate(person: Person, village: Unit, on: date) -> bool:
    """Whether the village is one of `villages_nominated_for`."""
    return villages_nominated_for(person, on).filter(pk=village.pk).exists()


def may_decide(person: Person, nominee: Nominee, on: date) -> bool:
    """Whether this person decides on nominees of this village: for its county, or for the city above."""
    return villages_of(person, OfficeAction.RUN_ELECTION, on=on).filter(pk=nominee.village_id).exists()


def signing_departments(person: Person, on: date) -> list[int]:
    """The departments for which this person signs."""
    held = posts_for(person, OfficeAction.SIGN_ELIGIBILITY, on)
    return sorted({one.unit_id for one in held if one.unit_level == UnitLevel.DEPARTMENT})


def nominees_asked_of(person: Person, on: date) -> QuerySet[Nominee]:
    """The nominees whose list has an item of a department of this person's."""
    departments = signing_departments(person, on)
    if not departments:
        return Nominee.objects.none()
    asked = EligibilityItem.objects.filter(department__in=departments).values("list")
    return Nominee.objects.filter(list__in=asked)


def nominees_seen_by(person: Person, on: date) -> QuerySet[Nominee]:
    """Those of the own villages, for a town and the offices above it; for a department those whom it is asked about."""
    seen = Q(list__in=EligibilityItem.objects.filter(department__in=signing_departments(person, on)).values("list"))
    seen |= Q(village__in=villages_nominated_for(person, on).order_by().values("pk"))
    return Nominee.objects.filter(seen)


def answers_seen_by(person: Person, nominee: Nominee, on: date) -> QuerySet[EligibilityAnswer]:
    """What departments said: all of it for who decides, its own for a department, nothing for a town."""
    answers = EligibilityAnswer.objects.filter(opinion__nominee=nominee)
    if may_decide(person, nominee, on):
        return answers
    return answers.filter(opinion__department__in=signing_departments(person, on))


def is_themself(person: Person, nominee: Nominee) -> bool:
    """Whether the nominee has this person's name. A namesake leaves it to a colleague: nothing else tells them apart."""
    return _plain(person.name) == _plain(nominee.name)


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()


def require_other(person: Person, nominee: Nominee) -> None:
    if is_themself(person, nominee):
        sentence = _(
            "You have the nominee's name, and nobody signs or decides about themself. Leave it to a colleague."
        )
        raise NotAllowed("own_check", sentence)
