"""Eligibility lists: what the city office publishes, and which list holds on a day."""

from collections.abc import Sequence
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
from oversight.eligibility.records import EligibilityItem, EligibilityKind, EligibilityList
from oversight.mechanisms.corrections import EARLIEST

LONGEST_ITEM, MOST_ITEMS, FURTHEST_DAYS = 200, 60, 366


@dataclass(frozen=True)
class ItemDraft:
    """An item as it is entered; `department` is the key of the unit that answers it."""

    kind: str
    words: str
    department: int | None


def may_publish_list(person: Person, city: Unit, on: date) -> bool:
    return city.level == UnitLevel.CITY and any(
        held.unit_id == city.pk for held in posts_for(person, OfficeAction.PUBLISH_ELIGIBILITY_LIST, on)
    )


def departments_of(city: Unit) -> QuerySet[Unit]:
    """The departments that can be named: those in use in this city."""
    return Unit.objects.filter(city.subtree(), level=UnitLevel.DEPARTMENT, is_active=True)


def list_on(path: str, day: date) -> EligibilityList | None:
    """The list that holds on this day for a unit with this path: its city's that began last."""
    above = Unit.paths_down_to(path)
    return EligibilityList.objects.filter(city__path__in=above, valid_from__lte=day).first()


@transaction.atomic
def publish_list(
    *, city: Unit, valid_from: date | None, items: Sequence[ItemDraft], basis: str = "", by: Person, at: datetime
) -> EligibilityList:
    """Publish a list that holds from a day on. Refuses other people, a list without a day, and one that bars nothing.
    Who was nominated before keeps the list of then.
    """
    if not may_publish_list(by, city, local_day(at)):
        sentence = _("Eligibility lists are published by the office of %(city)s.") % {"city": city.name}
        raise NotAllowed("not_your_list", sentence)
    departments = {one.pk: one for one in departments_of(city)}
    refuse(_refusals(valid_from, items, departments, on=local_day(at)))
    assert valid_from is not None
    made = EligibilityList.objects.create(city=city, valid_from=valid_from, basis=basis.strip()[:120], by=by, at=at)
    EligibilityItem.objects.bulk_create(
        EligibilityItem(
            list=made,
            kind=item.kind,
            order=number,
            words=item.words.strip(),
            department=departments[item.department or 0],
            department_name=departments[item.department or 0].name,
        )
        for number, item in enumerate(items, start=1)
    )
    return made


def _refusals(
    valid_from: date | None, items: Sequence[ItemDraft], departments: dict[int, Unit], *, on: date
) -> list[Refusal]:
    found: list[Refusal] = []
    if valid_from is None:
        found.append(Invalid("no_day", _("Say from which day on the list holds."), field="valid_from"))
    elif valid_from < EARLIEST:
        found.append(Invalid("day_too_early", _("Please look at the day: it lies before 2015."), field="valid_from"))
    elif (valid_from - on).days > FURTHEST_DAYS:
        found.append(Invalid("day_too_late", _("Publish a list at most a year ahead."), field="valid_from"))
    if not items:
        found.append(Invalid("no_items", _("Write at least one item, with the department that answers it.")))
    if len(items) > MOST_ITEMS:
        found.append(Invalid("too_many_items", _("A list has at most %(most)d items.") % {"most": MOST_ITEMS}))
    for item in items:
        found += _item_refusals(item, departments)
    if len({item.words.strip() for item in items}) < len(items):
        found.append(Invalid("item_twice", _("The same item stands in the list twice. Take one of them out.")))
    return found


def _item_refusals(item: ItemDraft, departments: dict[int, Unit]) -> list[Refusal]:
    words = item.words.strip()
    named = {"item": words[:30]}
    if not words:
        return [Invalid("item_empty", _("An item names a department and says nothing. Write it, or clear the line."))]
    if len(words) > LONGEST_ITEM:
        sentence = _("The item “%(item)s…” is longer than %(most)d characters. Please shorten it.")
        return [Invalid("item_long", sentence % {**named, "most": LONGEST_ITEM})]
    if item.kind not in EligibilityKind.values:
        return [Invalid("kind_unknown", _("Say of “%(item)s” whether it bars or only warns.") % named)]
    if item.department not in departments:
        return [Invalid("no_department", _("Choose the department that answers “%(item)s”.") % named)]
    return []
