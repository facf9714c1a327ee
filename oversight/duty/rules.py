"""What a county asks of its villages: a rule begins on a day, and the rule of a day decides about that day for ever."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from casework.errors import Invalid, NotAllowed, Refusal, refuse
from casework.models import Person, Unit
from casework.models.unit import UnitLevel
from casework.rights.office_table import OfficeAction
from casework.rights.roles import posts_for
from casework.working_time.deadlines import local_day
from oversight.duty.records import DutyEvery, DutyRule
from oversight.mechanisms.corrections import EARLIEST

# A rule is set some months ahead, and no decade.
FURTHEST_DAYS = 366


@dataclass(frozen=True)
class Asked:
    """What a rule asks for, and from which day on."""

    valid_from: date | None
    duty_every: str
    meets_monthly: bool
    no_absences: bool
    basis: str = ""


def may_set_rule(person: Person, county: Unit, on: date) -> bool:
    """Whether this person sets the duty rule of this county: at the county itself, or at the city above it."""
    return county.level == UnitLevel.COUNTY and any(
        county.path.startswith(held.unit_path) for held in posts_for(person, OfficeAction.SET_DUTY_RULES, on)
    )


def counties_ruled_by(person: Person, on: date) -> QuerySet[Unit]:
    """The counties of `may_set_rule`."""
    paths = [held.unit_path for held in posts_for(person, OfficeAction.SET_DUTY_RULES, on)]
    found = Unit.objects.none()
    for path in paths:
        found |= Unit.objects.filter(path__gte=path, path__lt=Unit.path_after(path))
    return found.filter(level=UnitLevel.COUNTY, is_active=True).order_by("path")


@transaction.atomic
def set_rule(*, county: Unit, asked: Asked, by: Person, at: datetime) -> DutyRule:
    """Set what a county asks of its villages from a day on. Refuses other people, a rule without a day, and one that
    asks for nothing known. What an earlier rule asked for before that day stays asked.
    """
    if not may_set_rule(by, county, local_day(at)):
        sentence = _("The duty rule of %(county)s is set by its own office, or by the city.") % {"county": county.name}
        raise NotAllowed("not_your_rule", sentence)
    refuse(_refusals(asked, on=local_day(at)))
    assert asked.valid_from is not None
    return DutyRule.objects.create(
        county=county,
        valid_from=asked.valid_from,
        duty_every=asked.duty_every,
        meets_monthly=asked.meets_monthly,
        no_absences=asked.no_absences,
        basis=asked.basis.strip()[:120],
        by=by,
        at=at,
    )


def _refusals(asked: Asked, *, on: date) -> list[Refusal]:
    found: list[Refusal] = []
    if asked.valid_from is None:
        found.append(Invalid("no_day", _("Say from which day on the rule holds."), field="valid_from"))
    elif asked.valid_from < EARLIEST:
        found.append(Invalid("day_too_early", _("Please look at the day: it lies before 2015."), field="valid_from"))
    elif (asked.valid_from - on).days > FURTHEST_DAYS:
        found.append(Invalid("day_too_late", _("Set a rule at most a year ahead."), field="valid_from"))
    if asked.duty_every not in DutyEvery.values:
        found.append(Invalid("duty_unknown", _("Choose how often there is a duty day."), field="duty_every"))
    return found


class Rules:
    """The rules of some counties, asked by day. One query."""

    def __init__(self, counties: Iterable[int]) -> None:
        self._of: dict[int, list[DutyRule]] = defaultdict(list)
        for rule in DutyRule.objects.filter(county__in=set(counties)).order_by("county", "valid_from", "id"):
            self._of[rule.county_id].append(rule)

    def on(self, county: int | None, day: date) -> DutyRule | None:
        """The rule of that county and that day: the one that began last; of two of one day the later entry."""
        rules = self._of.get(county or 0, [])
        place = bisect_right(rules, day, key=lambda rule: rule.valid_from)
        return rules[place - 1] if place else None
